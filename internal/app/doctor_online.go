package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"policybot/bot"
	"policybot/internal/openai"
)

// reachIn is how long doctor waits for one answer from elsewhere.
const reachIn = 15 * time.Second

// permissions are what the bot asks for when it is added to a server, all of them for its own messages
// (https://discord.com/developers/docs/topics/permissions): see channels, send messages, in threads too,
// embed links, attach files, read the history that a reply points into.
const permissions = 1<<10 | 1<<11 | 1<<38 | 1<<14 | 1<<15 | 1<<16

// inviteURL is where a server's manager adds the application.
func inviteURL(app string) string {
	return "https://discord.com/oauth2/authorize?" + url.Values{"client_id": {app}, "scope": {"bot applications.commands"},
		"permissions": {fmt.Sprint(permissions)}}.Encode()
}

// discord checks what the bot needs of Discord.
func (x *examination) discord(ctx context.Context, token string) {
	c := &x.config.Discord
	base, err := url.Parse(c.APIURL)
	if err != nil {
		x.fail("discord", err, "mend discord.api_url")
		return
	}
	client := bot.NewHTTPClient()
	rest := bot.NewREST(base, client, token, slog.New(slog.DiscardHandler), nil)
	within := func() (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, reachIn) }

	x.discordClock(ctx, client)
	unreachable := "is " + c.APIURL + " reachable from here? discord.api_url names it"
	wait, cancel := within()
	me, err := rest.Me(wait)
	cancel()
	if errors.Is(err, bot.ErrUnauthorized) {
		x.fail("token", err, "make a new token in the developer portal, under Bot, and set DISCORD_TOKEN to it")
		return
	}
	if err != nil {
		x.fail("discord", err, unreachable)
		return
	}
	x.ok("token", "of the bot user %s", me.ID)

	wait, cancel = within()
	app, err := rest.Application(wait)
	cancel()
	if err != nil {
		x.fail("application", err, unreachable)
		return
	}
	x.ok("application", "%s, %s", app.ID, app.Name)
	key := c.PublicKey
	switch {
	case c.Transport == "gateway" && app.Endpoint != "":
		x.fail("transport", errors.New("the application has an interactions endpoint URL, so the gateway gets no commands"),
			"take the URL away in the developer portal, under General Information, or set discord.transport to http")
	case c.Transport == "http" && app.Endpoint == "":
		x.fail("transport", errors.New("the application has no interactions endpoint URL, so Discord sends nothing"),
			"set it in the developer portal, under General Information, to https://YOUR-HOST/interactions while policybot serve runs")
	case c.Transport == "http" && key != "" && !strings.EqualFold(key, app.VerifyKey):
		x.fail("transport", errors.New("discord.public_key is not the application's public key"), "copy it from the developer portal, or leave it empty")
	case c.Transport == "http":
		x.ok("transport", "http, Discord calls %s", app.Endpoint)
	default:
		x.gateway(ctx, rest, unreachable)
	}
	x.ok("intents", "none privileged is needed%s", granted(app.Flags))
	if app.Installs != nil {
		if _, servers := app.Installs["0"]; !servers {
			x.fail("installation", errors.New("the application cannot be added to servers"), "allow Guild Install in the developer portal, under Installation")
		} else if _, people := app.Installs["1"]; !people {
			x.ok("installation", "to servers; allow User Install in the developer portal to let people take it along")
		} else {
			x.ok("installation", "to servers and to people")
		}
	}

	wait, cancel = within()
	have, err := rest.Commands(wait, app.ID)
	cancel()
	if err != nil {
		x.fail("commands", err, unreachable)
	} else {
		missing := 0
		for _, want := range bot.Commands() {
			if !slices.ContainsFunc(have, func(h bot.RegisteredCommand) bool { return h.Name == want.Name && h.Type == want.Kind }) {
				missing++
			}
		}
		if missing > 0 {
			x.ok("commands", "%d of %d are not registered yet: policybot serve does that when it starts", missing, len(bot.Commands()))
		} else {
			x.ok("commands", "all %d are registered", len(bot.Commands()))
		}
	}
	if lacking := lackingPermissions(app.Installs["0"]); lacking != "" {
		x.fail("permissions", fmt.Errorf("who adds the bot from Discord's own button does not give it: %s", lacking),
			"choose them in the developer portal, under Installation, or add the bot by "+inviteURL(app.ID))
	} else {
		x.ok("permissions", "add the bot with those it needs: %s", inviteURL(app.ID))
	}
}

// lackingPermissions names what the application's own install link does not ask for, "" when it asks for all
// that is needed or there is no such link.
func lackingPermissions(install json.RawMessage) string {
	var c struct {
		Params *struct {
			Permissions string `json:"permissions"`
		} `json:"oauth2_install_params"`
	}
	if len(install) == 0 || json.Unmarshal(install, &c) != nil || c.Params == nil {
		return ""
	}
	given, err := strconv.ParseUint(c.Params.Permissions, 10, 64)
	if err != nil || given&(1<<3) != 0 { // an administrator may do everything
		return ""
	}
	var names []string
	for _, p := range [...]struct {
		bit  uint
		name string
	}{{10, "View Channels"}, {11, "Send Messages"}, {38, "Send Messages in Threads"}, {14, "Embed Links"}, {15, "Attach Files"}, {16, "Read Message History"}} {
		if given&(1<<p.bit) == 0 {
			names = append(names, p.name)
		}
	}
	return strings.Join(names, ", ")
}

// granted names the privileged intents that the application has and does not need.
func granted(flags int64) string {
	var names []string
	for _, i := range [...]struct {
		bits int64
		name string
	}{{1<<12 | 1<<13, "presence"}, {1<<14 | 1<<15, "server members"}, {1<<18 | 1<<19, "message content"}} {
		if flags&i.bits != 0 {
			names = append(names, i.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; these are granted and can be taken away: " + strings.Join(names, ", ")
}

func (x *examination) gateway(ctx context.Context, rest *bot.REST, hint string) {
	wait, cancel := context.WithTimeout(ctx, reachIn)
	defer cancel()
	info, err := rest.Gateway(wait)
	switch {
	case err != nil:
		x.fail("gateway", err, hint)
	case info.Remaining < info.Shards:
		x.fail("gateway", fmt.Errorf("%d of %d connections are left today, and %d are needed", info.Remaining, info.Total, info.Shards),
			fmt.Sprintf("wait %s; something has been connecting again and again", info.ResetAfter.Round(time.Minute)))
	default:
		x.ok("gateway", "%s, %d shards, %d of %d connections left today", info.URL, info.Shards, info.Remaining, info.Total)
	}
}

// mostSkew is how far our clock may be from Discord's: a signed request is good for five minutes.
const mostSkew = time.Minute

// discordClock compares our clock with the date of an answer of Discord, which needs no token.
func (x *examination) discordClock(ctx context.Context, client *http.Client) {
	wait, cancel := context.WithTimeout(ctx, reachIn)
	defer cancel()
	req, err := http.NewRequestWithContext(wait, http.MethodGet, strings.TrimSuffix(x.config.Discord.APIURL, "/")+"/gateway", nil)
	if err != nil {
		return
	}
	req.Header.Set("User-Agent", bot.UserAgent)
	resp, err := client.Do(req)
	if err != nil {
		return // what follows says so
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	theirs, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return
	}
	if skew := x.Now().Sub(theirs); skew.Abs() > mostSkew {
		x.fail("clock", fmt.Errorf("our clock and Discord's differ by %s", skew.Abs().Round(time.Second)), "set the clock, by NTP for example: signed requests are good for five minutes")
	} else {
		x.ok("clock", "agrees with Discord's")
	}
}

// endpoints checks the model and the embeddings of the settings.
func (x *examination) endpoints(ctx context.Context) {
	for _, p := range [...]struct{ what, base, kind, version, model, key string }{
		{"model", x.config.Model.BaseURL, x.config.Model.APIType, x.config.Model.APIVersion, x.config.Model.Name, x.Getenv("OPENAI_API_KEY")},
		{"embeddings", x.config.Embeddings.BaseURL, x.config.Embeddings.APIType, x.config.Embeddings.APIVersion, x.config.Embeddings.Model, x.embeddingsKey()},
	} {
		if p.model == "" {
			continue
		}
		wait, cancel := context.WithTimeout(ctx, reachIn)
		client, err := openai.New(openai.Options{BaseURL: p.base, APIKey: p.key, APIType: p.kind, APIVersion: p.version, Now: x.Now})
		var models []string
		if err == nil {
			models, err = client.Models(wait)
		}
		cancel()
		switch {
		case err != nil:
			x.fail(p.what, err, openai.HintOf(err))
		case p.kind == openai.TypeOpenAI && len(models) > 0 && !slices.ContainsFunc(models, func(m string) bool { return m == p.model || m == p.model+":latest" }):
			x.fail(p.what, fmt.Errorf("%s does not offer %s", client.Host(), p.model), "it offers: "+strings.Join(models[:min(len(models), 12)], ", "))
		default:
			x.ok(p.what, "%s at %s", p.model, client.Host())
		}
	}
}

// embeddingsKey is the key for the endpoint that embeds. That of the model is sent to the model's endpoint
// alone.
func (e *env) embeddingsKey() string {
	if key := e.Getenv("EMBEDDINGS_API_KEY"); key != "" {
		return key
	}
	c := &e.config
	if c.Model.Name == "" || c.Embeddings.BaseURL == c.Model.BaseURL {
		return e.Getenv("OPENAI_API_KEY")
	}
	return ""
}

// serving asks the server that runs here whether it is ready.
func (x *examination) serving(ctx context.Context) error {
	address := x.config.Serve.Listen
	if address == "" {
		return &hinted{errors.New("serve.listen is empty: there is nothing to ask"), "set it to host:port in the settings"}
	}
	wait, cancel := context.WithTimeout(ctx, reachIn)
	defer cancel()
	if host, port, ok := strings.Cut(address, ":"); ok && (host == "" || host == "0.0.0.0") {
		address = "127.0.0.1:" + port
	}
	req, err := http.NewRequestWithContext(wait, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		x.fail("serving", err, "is policybot serve running here?")
		return errReported
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<12))
	if resp.StatusCode != http.StatusOK {
		x.fail("serving", errors.New(strings.TrimSpace(string(body))), "its log says more")
		return errReported
	}
	x.ok("serving", "%s is ready", address)
	return nil
}
