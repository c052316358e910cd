package app

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"policybot/corpus"
	"policybot/internal/discordtest"
	"policybot/internal/store"
)

// clinic is a running bot to which something is done, with a server, a channel and somebody who asks.
type clinic struct {
	*running
	guild *discordtest.Guild
	help  *discordtest.Channel
	alice *discordtest.User
}

// asked is what people ask while things go wrong; nothing of it may stand in a log.
const asked = "What did López Obrador propose about work visas?"

// The routes that answers go over.
const (
	routeAck  = "/interactions/{id}/{token}/callback"
	routeEdit = "/webhooks/{app}/{token}/messages/@original"
	routeSend = "/channels/{channel}/messages"
)

// newClinic makes a Discord, lets prepare set up what goes wrong there, and starts the bot. At the end it
// holds the bot to what no fault excuses: no word of a question, no person and no secret is in its log or
// its figures, and nothing has panicked.
func newClinic(t *testing.T, o discordtest.Options, settings string, prepare ...func(*clinic)) *clinic {
	t.Helper()
	articles, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if u, err := url.Parse(a.URL); err == nil && u.Host != "" {
			o.Hosts = append(o.Hosts, u.Host)
		}
	}
	o.Now = botDay
	o.Patience = 3 * time.Minute // the machine may be busy
	c := &clinic{running: &running{Server: discordtest.NewServer(t, o), t: t, dir: t.TempDir(), log: &lockedBuffer{}}}
	c.guild = c.Guild("Clinic")
	c.help = c.guild.Channel("help")
	c.alice = c.User("alice")
	for _, f := range prepare {
		f(c)
	}
	t.Cleanup(func() {
		if c.stop != nil {
			c.end(0)
		}
		c.silent()
	})
	if c.stop == nil && settings != "later" {
		c.start(settings)
	}
	return c
}

// silent checks that the log tells nothing of questions, people and secrets.
func (c *clinic) silent() {
	c.t.Helper()
	log := c.log.String()
	for _, word := range []string{"López", "Obrador", "visas", c.alice.ID, "alice"} {
		if strings.Contains(log, word) {
			c.t.Errorf("%q is in the log:\n%s", word, log)
		}
	}
	if found := c.Leaked(log); len(found) > 0 {
		c.t.Errorf("secrets in the log: %q", found)
	}
}

// ask has somebody ask with /ask.
func (c *clinic) ask(who string, args ...discordtest.Arg) *discordtest.Interaction {
	c.t.Helper()
	return c.User(who).In(c.help).Slash("ask", append([]discordtest.Arg{discordtest.Opt("question", asked)}, args...)...)
}

// answered waits for the answer and checks that it is one, with its proof and all buttons.
func (c *clinic) answered(i *discordtest.Interaction) *discordtest.Message {
	c.t.Helper()
	m := i.WaitReply()
	if !strings.Contains(m.Text(), "[1]") {
		c.t.Errorf("not an answer: %q", m.Text())
	}
	if _, ok := m.Find("Sources"); !ok {
		c.t.Errorf("no buttons: %q", m.Labels())
	}
	return m
}

// waitLog waits until a text stands in the log so many times.
func (r *running) waitLog(text string, n int) {
	r.t.Helper()
	for strings.Count(r.log.String(), text) < n {
		select {
		case <-r.log.written():
		case code := <-r.exit:
			r.t.Fatalf("exit status %d before %q was logged %d times:\n%s", code, text, n, r.log)
		}
	}
}

// get asks the bot's own server.
func (r *running) get(path string) (status int, body string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, "http://"+r.address()+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

var longNumber = regexp.MustCompile(`[0-9]{6,}`)

// metrics reads /metrics, checks that no label holds anything of anybody, and returns the sum of the series
// of that name whose labels have all these values.
func (c *clinic) metrics(name string, labels ...string) float64 {
	c.t.Helper()
	_, text := c.get("/metrics")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		c.t.Fatalf("/metrics: %v", err)
	}
	if found := c.Leaked(text); len(found) > 0 {
		c.t.Errorf("secrets in /metrics: %q", found)
	}
	if families[name] == nil {
		c.t.Errorf("there is no metric %s", name)
	}
	sum := 0.0
	for n, f := range families {
		for _, m := range f.GetMetric() {
			left := len(labels)
			for _, l := range m.GetLabel() {
				v := l.GetValue()
				if longNumber.MatchString(v) || len(v) > 60 || strings.Contains(v, "López") || strings.Contains(v, "alice") {
					c.t.Errorf("%s has the label %s=%q", n, l.GetName(), v)
				}
				for _, want := range labels {
					if v == want {
						left--
					}
				}
			}
			if n == name && left == 0 {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

// calm checks that nothing panicked.
func (c *clinic) calm() {
	c.t.Helper()
	if n := c.metrics("policybot_discord_panics_total"); n != 0 {
		c.t.Errorf("%v panics:\n%s", n, c.log)
	}
}

// shardGuilds returns a server on each of n shards, with a channel.
func (c *clinic) shardGuilds(n int) []*discordtest.Channel {
	out := make([]*discordtest.Channel, n)
	for left := n; left > 0; {
		g := c.Guild("Branch")
		if k := g.Shard(n); out[k] == nil {
			out[k] = g.Channel("help")
			left--
		}
	}
	return out
}

// TestFaultsOpening: whatever meets a shard while it connects, it is connected in the end, without the others
// being disturbed, and /readyz says so only then.
func TestFaultsOpening(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits 20 seconds for a gateway that says nothing")
	}
	openings := []struct {
		name string
		discordtest.Opening
		logged string
	}{
		{"op 7", discordtest.OpenReconnect(), "told to reconnect while connecting"},
		{"op 9, resumable", discordtest.OpenInvalid(true), "discord has invalidated the session"},
		{"op 9", discordtest.OpenInvalid(false), "discord has invalidated the session"},
		{"closed", discordtest.OpenClosed(4000), "closed with code 4000"},
		{"cut", discordtest.OpenCut(), "closed with code 1006"},
		{"silent", discordtest.OpenSilent(), "no session within 20s"},
		{"stalled", discordtest.OpenStalled(), "no session within 20s"},
	}
	n := len(openings)
	c := newClinic(t, discordtest.Options{Shards: n, MaxConcurrency: n}, "", func(c *clinic) {
		for _, o := range openings {
			c.NextOpenings(o.Opening)
		}
	})
	if status, body := c.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "not connected") {
		t.Errorf("/readyz while connecting: %d %s", status, body)
	}
	c.WaitReady(n)
	for _, channel := range c.shardGuilds(n) {
		c.answered(c.alice.In(channel).Slash("ask", discordtest.Opt("question", asked)))
	}
	if status, body := c.get("/readyz"); status != http.StatusOK {
		t.Errorf("/readyz: %d %s", status, body)
	}
	log := c.log.String()
	for _, o := range openings {
		if !strings.Contains(log, o.logged) {
			t.Errorf("%s: %q is not in the log:\n%s", o.name, o.logged, log)
		}
	}
	if st := c.Gateway(); len(st.Breaches) > 0 {
		t.Errorf("%q", st.Breaches)
	}
	c.calm()
}

// TestFaultsSession: each way of losing a session, on a shard of its own. Where Discord keeps the session it
// is resumed, and what was asked meanwhile is answered; what Discord then sends again is answered once.
func TestFaultsSession(t *testing.T) {
	t.Parallel()
	faults := []struct {
		name    string
		do      func(s *discordtest.Server, shard int)
		resumed bool
	}{
		{"op 7", (*discordtest.Server).Reconnect, true},
		{"cut", (*discordtest.Server).CutGateway, true},
		{"zombie", (*discordtest.Server).Zombie, true},
		{"closed with 4000", func(s *discordtest.Server, shard int) { s.CloseGateway(shard, 4000) }, true},
		{"op 9, resumable", func(s *discordtest.Server, shard int) { s.InvalidateSession(shard, true) }, false},
		{"op 9", func(s *discordtest.Server, shard int) { s.InvalidateSession(shard, false) }, false},
		{"closed with 4009", func(s *discordtest.Server, shard int) { s.CloseGateway(shard, 4009) }, false},
	}
	n := len(faults)
	c := newClinic(t, discordtest.Options{Shards: n, MaxConcurrency: n, Heartbeat: time.Second}, "")
	c.WaitReady(n)
	rooms := c.shardGuilds(n)
	ask := func(k int) *discordtest.Interaction {
		return c.alice.In(rooms[k]).Slash("ask", discordtest.Opt("question", asked))
	}
	var waiting []*discordtest.Interaction
	for k := range faults { // each shard has got an event, whose number a RESUME names
		waiting = append(waiting, ask(k))
	}
	for _, i := range waiting {
		c.answered(i)
	}
	for k, f := range faults {
		f.do(c.Server, k)
		waiting[k] = nil
		if f.resumed {
			waiting[k] = ask(k)
		}
	}
	for k, f := range faults {
		want := 1
		if !f.resumed {
			want = 2
			c.WaitGateway(f.name+": a new session", func(st discordtest.GatewayState) bool { return identified(st, k) >= 2 })
			waiting[k] = ask(k)
		}
		m := c.answered(waiting[k])
		if got := identified(c.Gateway(), k); got != want {
			t.Errorf("%s: %d sessions, want %d:\n%s", f.name, got, want, c.log)
		}
		acks := c.Count("POST", routeAck)
		waiting[k].Redeliver()
		c.WaitCount("POST", routeAck, acks+1)
		c.waitLog("acknowledged elsewhere", k+1)
		if now := waiting[k].WaitReply(); now.Edits != m.Edits || now.Edits != 1 {
			t.Errorf("%s: answered %d times", f.name, now.Edits)
		}
	}
	if st := c.Gateway(); len(st.Breaches) > 0 || st.Resumed < 4 {
		t.Errorf("%+v", st)
	}
	if got := c.metrics("policybot_discord_gateway_up"); got != float64(n) {
		t.Errorf("%v shards are up, want %d", got, n)
	}
	if got := c.metrics("policybot_discord_gateway_reconnects_total"); got < float64(n) {
		t.Errorf("%v reconnects, want %d", got, n)
	}
	c.calm()
}

func identified(st discordtest.GatewayState, shard int) (n int) {
	for _, i := range st.Identifies {
		if i.Shard == shard {
			n++
		}
	}
	return n
}

// TestFaultsReady: /readyz is 503 as long as there is no connection and 200 again when there is; /healthz is
// not moved by that.
func TestFaultsReady(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "")
	c.WaitReady(1)
	c.answered(c.ask("alice"))
	c.answered(c.ask("alice"))
	if got := c.metrics("policybot_discord_questions_total", "ask", "answered"); got != 2 {
		t.Errorf("%v questions counted, want 2", got)
	}
	back := make(chan struct{})
	c.Fault("GET", "/gateway/bot", discordtest.Fault{Hang: back, Times: -1})
	c.InvalidateSession(0, false)
	c.waitLog("not connected to discord", 1)
	if status, body := c.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "not connected") {
		t.Errorf("/readyz without a connection: %d %s", status, body)
	}
	if status, _ := c.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz without a connection: %d", status)
	}
	if got := c.metrics("policybot_discord_gateway_up"); got != 0 {
		t.Errorf("gateway_up is %v", got)
	}
	close(back)
	c.waitLog("connected to discord\" shard=0 resumed=false", 2)
	if status, body := c.get("/readyz"); status != http.StatusOK {
		t.Errorf("/readyz: %d %s", status, body)
	}
	c.answered(c.ask("alice"))
	c.calm()
}

// TestFaultsSelf: a mention is answered though Discord does not say who the bot is when asked: the gateway has told it.
func TestFaultsSelf(t *testing.T) {
	t.Parallel()
	back := make(chan struct{})
	defer close(back)
	c := newClinic(t, discordtest.Options{}, "", func(c *clinic) {
		c.Fault("GET", "/users/@me", discordtest.Fault{Hang: back, Times: -1})
	})
	c.WaitReady(1)
	if m := c.alice.In(c.help).Mention(asked).WaitAnswer(); !strings.Contains(m.Text(), "work visas") {
		t.Errorf("answered %q", m.Text())
	}
}

// TestFaultsFatal: after what cannot get better the program ends with status 1 and says why and what to do.
func TestFaultsFatal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		prepare, later func(*clinic)
		options        discordtest.Options
		reason, hint   string
	}{
		{"token not accepted at start", func(c *clinic) { c.Revoke() }, nil, discordtest.Options{},
			"discord does not accept the bot token", "set DISCORD_TOKEN"},
		{"token revoked mid-run", nil, func(c *clinic) { c.Revoke() }, discordtest.Options{},
			"discord does not accept the bot token (close code 4004)", "set DISCORD_TOKEN"},
		{"disallowed intents", func(c *clinic) { c.NextOpenings(discordtest.OpenClosed(4014)) }, nil, discordtest.Options{},
			"the application may not have the intents it asks for (close code 4014)", "no privileged intent"},
		{"more shards needed", nil, nil, discordtest.Options{MinShards: 2},
			"the bot is in too many servers for this number of shards (close code 4011)", "raise shard_count"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClinic(t, tt.options, "", func(c *clinic) {
				if tt.prepare != nil {
					tt.prepare(c)
				}
			})
			var before *discordtest.Interaction
			if tt.later != nil {
				c.WaitReady(1)
				before = c.ask("alice")
				before.WaitAck() // in hand: it is finished, for which the token is not needed
				tt.later(c)
			}
			c.exited(1)
			log := c.log.String()
			for _, want := range []string{"\npolicybot: discord gateway: " + tt.reason, "\nhint: ", tt.hint} {
				if !strings.Contains(log, want) {
					t.Errorf("%q is not in the log:\n%s", want, log)
				}
			}
			if before != nil {
				c.answered(before)
			}
		})
	}
}

// TestFaultsREST: what goes wrong with a request to Discord is tried again, and nobody is answered twice.
func TestFaultsREST(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "")
	c.WaitReady(1)
	c.waitLog("commands registered", 1)
	const page = "<html><title>Bad gateway</title></html>"
	wait := 20 * time.Millisecond
	faults := []struct {
		name string
		discordtest.Fault
	}{
		{"429", discordtest.Fault{Status: 429, RetryAfter: wait, Times: 2}},
		{"429 shared", discordtest.Fault{Status: 429, RetryAfter: wait, Scope: "shared", Times: 3}},
		{"429 global", discordtest.Fault{Status: 429, RetryAfter: wait, Scope: "global"}},
		{"500", discordtest.Fault{Status: 500}},
		{"500 after it was done", discordtest.Fault{Status: 500, After: true}},
		{"502 page", discordtest.Fault{Status: 502, Body: page}},
		{"503", discordtest.Fault{Status: 503, Times: 2}},
		{"cut", discordtest.Fault{Cut: true, Times: 2}},
		{"cut after it was done", discordtest.Fault{Cut: true, After: true}},
	}
	person := 0
	for _, route := range []struct{ name, method, template string }{
		{"callback", "POST", routeAck}, {"edit", "PATCH", routeEdit}, {"message", "POST", routeSend},
	} {
		for _, f := range faults {
			person++
			who := fmt.Sprint("person", person)
			fault := c.Fault(route.method, route.template, f.Fault)
			want := max(f.Times, 1)
			if route.name == "message" {
				post := c.User(who).In(c.help).Mention(asked)
				if m := post.WaitAnswer(); !strings.Contains(m.Text(), "[1]") {
					t.Errorf("%s, %s: %q", route.name, f.name, m.Text())
				}
				fault.WaitHits(want)
				if got := post.Answers(); len(got) != 1 {
					t.Errorf("%s, %s: %d answers", route.name, f.name, len(got))
				}
			} else {
				i := c.ask(who)
				c.answered(i)
				fault.WaitHits(want)
				if got := i.FollowUps(); len(got) != 0 {
					t.Errorf("%s, %s: %d messages beside the answer", route.name, f.name, len(got))
				}
			}
			if got := fault.Hits(); got != want {
				t.Errorf("%s, %s: hit %d times, want %d", route.name, f.name, got, want)
			}
		}
	}
	if got := c.metrics("policybot_discord_rate_limited_total"); got != 3*6 {
		t.Errorf("%v answers 429 counted, want 18", got)
	}

	// A crowd in one channel, whose limit is small, and then one for all of the bot.
	c.Limit("POST", routeSend, 2, 100*time.Millisecond, "")
	crowd := func() {
		var posts []*discordtest.Post
		for range 8 {
			person++
			posts = append(posts, c.User(fmt.Sprint("person", person)).In(c.help).Mention(asked))
		}
		for _, p := range posts {
			if m := p.WaitAnswer(); !strings.Contains(m.Text(), "[1]") {
				t.Errorf("in a crowd: %q", m.Text())
			}
		}
	}
	crowd()
	c.Limit("POST", routeSend, 1000, time.Second, "")
	c.LimitGlobal(3, 100*time.Millisecond)
	crowd()
	c.calm()
}

// TestFaultsExpired: an interaction that can no longer be answered is let go, with a line in the log.
func TestFaultsExpired(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "")
	c.WaitReady(1)
	// held makes the next request to a route fail once, but not before something was done.
	held := func(method, template string, do func(*discordtest.Interaction)) *discordtest.Interaction {
		release := make(chan struct{})
		f := c.Fault(method, template, discordtest.Fault{Hang: release, Status: 503})
		i := c.ask("alice")
		f.WaitHits(1)
		do(i)
		close(release)
		return i
	}

	edits := c.Count("PATCH", routeEdit)
	late := held("POST", routeAck, (*discordtest.Interaction).ExpireAck)
	c.waitLog("could not be acknowledged", 1)
	if got := late.Acknowledged(); got != 0 {
		t.Errorf("acknowledged with %d after its time", got)
	}
	if got := c.Count("PATCH", routeEdit); got != edits {
		t.Errorf("%d edits for an interaction that was never acknowledged", got-edits)
	}
	c.waitLog("code 10062", 1)

	gone := held("PATCH", routeEdit, (*discordtest.Interaction).ExpireToken)
	c.waitLog("cannot reply there any more", 1)
	refused := held("PATCH", routeEdit, (*discordtest.Interaction).ExpireTokenUnauthorized)
	c.waitLog("cannot reply there any more", 2)
	for _, i := range []*discordtest.Interaction{gone, refused} {
		if got := len(i.FollowUps()); got != 0 {
			t.Errorf("%d messages after the token's time", got)
		}
	}
	c.answered(c.ask("alice")) // 401 of an interaction is not the bot's token
	c.calm()
}

// TestFaultsPayloads: what Discord may come to send, and what it should not: unknown components, types and
// commands, parts that are missing or of another kind. Each interaction is acknowledged, none panics.
func TestFaultsPayloads(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "")
	c.WaitReady(1)
	here := c.alice.In(c.help)
	ask := func(args ...discordtest.Arg) *discordtest.Interaction { return c.ask("alice", args...) }
	reply := c.answered(ask())

	strange := []any{
		map[string]any{"type": 18, "id": 1, "label": "L", "component": map[string]any{"type": 4, "id": 2, "custom_id": "x", "value": "y"}},
		map[string]any{"type": 20, "id": 3, "custom_id": []any{1, "two"}},
		map[string]any{"type": 99, "id": "not a number", "components": "none"},
		map[string]any{"type": 17, "id": 4, "components": []any{map[string]any{"type": 10, "id": 5,
			"content": "López Obrador proposed work visas for people who plant trees."}}},
	}
	bob := c.User("bob").In(c.help)
	post := bob.Say("", discordtest.With("components", strange), discordtest.With("flags", 1<<15))
	const menu = "Check against the sources"
	if m := here.MessageMenu(menu, post.Message).WaitReply(); !m.Ephemeral || m.OnlyFor != "alice" {
		t.Errorf("seen by %q: %q", m.OnlyFor, m.Text())
	}
	unreadable := bob.Say("", discordtest.With("components", strange[:3]))
	if m := here.MessageMenu(menu, unreadable.Message).WaitReply(); !strings.Contains(m.Text(), "cannot be read") {
		t.Errorf("a message of unknown parts: %q", m.Text())
	}

	form := here.Press(reply, "Follow up").WaitModal()
	next := map[string]string{"question": asked}
	c.answered(here.SubmitModal(form, next))
	c.answered(here.SubmitModal(form, next, discordtest.AsLabels()))
	c.answered(here.SubmitModal(form, next, discordtest.AsLabels(), discordtest.Mutate(func(p map[string]any) {
		data := p["data"].(map[string]any)
		data["components"] = append(append([]any{}, strange...), data["components"].([]any)...)
	})))
	for _, components := range []any{nil, "none", []any{}, []any{1, "two", nil}, strange} {
		here.SubmitModal(form, next, discordtest.With("data.components", components)).WaitReply()
	}

	// Without whom it comes from it is answered, but nothing is kept for anybody.
	for _, args := range [][]discordtest.Arg{
		{discordtest.Without("member")}, {discordtest.Without("member.user")}, {discordtest.With("member.user", map[string]any{})},
		{discordtest.Without("channel")}, {discordtest.Without("guild"), discordtest.Without("guild_locale"), discordtest.Without("locale")},
		{discordtest.With("member", nil), discordtest.With("user", nil)}, {discordtest.With("entitlements", nil)},
	} {
		if m := ask(args...).WaitReply(); !strings.Contains(m.Text(), "[1]") {
			t.Errorf("%q", m.Text())
		}
	}
	for _, args := range [][]discordtest.Arg{
		{discordtest.Without("data")}, {discordtest.With("data", nil)}, {discordtest.With("data", map[string]any{})},
		{discordtest.Without("data.options")}, {discordtest.With("data.options", nil)}, {discordtest.With("data.options", []any{nil})},
		{discordtest.With("data.name", "later")}, {discordtest.With("data.type", 99)}, {discordtest.With("type", 99)},
		{discordtest.With("data.options", []any{map[string]any{"name": "question", "type": 4, "value": 7}})},
		{discordtest.With("data.options", []any{map[string]any{"name": "question", "type": 3, "value": map[string]any{"a": 1}}})},
	} {
		ask(args...).WaitAck()
	}
	for _, args := range [][]discordtest.Arg{
		{discordtest.Without("message")}, {discordtest.Without("message.author")}, {discordtest.With("message.components", strange)},
		{discordtest.With("data.custom_id", "v1:sources:999999999")}, {discordtest.With("data.custom_id", "v1:sources:-1")},
		{discordtest.With("data.custom_id", "v9:later:1")}, {discordtest.With("data.custom_id", "")}, {discordtest.Without("data")},
		{discordtest.Without("member")}, {discordtest.With("data.component_type", 20)},
	} {
		here.Press(reply, "Sources", args...).WaitAck()
	}
	here.MessageMenu(menu, post.Message, discordtest.Without("data.resolved")).WaitAck()
	here.MessageMenu(menu, post.Message, discordtest.With("data.target_id", "1")).WaitAck()
	here.MessageMenu(menu, post.Message, discordtest.With("data.resolved.messages", map[string]any{post.ID: nil})).WaitAck()
	here.Autocomplete("sources", "query", "vis", discordtest.Without("data.options"), discordtest.Force()).WaitAck()

	// Messages without an author, and of a type that people do not write, are nobody's question.
	var nobodys []*discordtest.Post
	for _, args := range [][]discordtest.Arg{
		{discordtest.Without("author")}, {discordtest.With("author", nil)}, {discordtest.With("author", map[string]any{})},
		{discordtest.With("type", 6)}, {discordtest.With("webhook_id", "5")}, {discordtest.Without("id")}, {discordtest.With("channel_id", "x/../y")},
	} {
		nobodys = append(nobodys, here.Mention(asked, args...), c.alice.DM(asked, args...))
	}
	here.Mention(asked).WaitAnswer() // events come in order
	for _, post := range nobodys {
		for _, m := range append(c.help.Messages(), c.alice.Direct().Messages()...) {
			if m.ReplyTo == post.ID {
				t.Errorf("an answer to a message of nobody: %q", m.Text())
			}
		}
	}
	c.calm()
}

// TestFaultsLocked: while another process holds the database the bot answers, without what it would have to
// remember; afterwards all is as before.
func TestFaultsLocked(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "")
	c.WaitReady(1)
	c.waitLog("commands registered", 1)
	before := c.answered(c.ask("alice"))

	db, err := sql.Open("sqlite", filepath.Join(c.dir, "policybot.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	asking, mention := c.ask("alice"), c.User("bob").In(c.help).Mention(asked)
	sources := c.User("carol").In(c.help).Press(before, "Sources") // reading goes on
	for _, m := range []*discordtest.Message{asking.WaitReply(), mention.WaitAnswer()} {
		if !strings.Contains(m.Text(), "[1]") || len(m.Labels()) > 0 {
			t.Errorf("%q with the buttons %q", m.Text(), m.Labels())
		}
	}
	if m := sources.WaitReply(); !strings.Contains(m.Text(), "The passage") {
		t.Errorf("%q", m.Text())
	}
	if log := c.log.String(); !strings.Contains(log, "cannot claim an event") || !strings.Contains(log, "cannot record an answer") {
		t.Errorf("not in the log:\n%s", log)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	c.answered(c.ask("alice"))
	c.calm()
}

// TestFaultsPanic: a panic while an answer is worked on becomes a notice with a reference that stands in the
// log, beside the stack and without what the panic says. The clock is what panics, since it is the test's.
func TestFaultsPanic(t *testing.T) {
	t.Parallel()
	var where atomic.Pointer[string]
	c := newClinic(t, discordtest.Options{}, "later")
	c.start("", func(w *World) {
		w.Now = func() time.Time {
			if in := where.Load(); in != nil && calledBy(*in) {
				panic("the clock stands still at " + asked)
			}
			return botDay()
		}
	})
	c.WaitReady(1)
	c.waitLog("commands registered", 1)
	c.answered(c.ask("alice"))
	engine := "policybot/answer.(*Engine)"
	where.Store(&engine)
	asking, mention := c.ask("alice"), c.User("bob").In(c.help).Mention(asked)
	said := regexp.MustCompile(`the reference ([0-9A-Z]{8})\.`)
	for _, m := range []*discordtest.Message{asking.WaitReply(), mention.WaitAnswer()} {
		ref := said.FindStringSubmatch(m.Text())
		if ref == nil {
			t.Errorf("no reference in %q", m.Text())
		} else if log := c.log.String(); !strings.Contains(log, "ref="+ref[1]) {
			t.Errorf("%s is not in the log:\n%s", ref[1], log)
		}
	}
	// Before there is an acknowledgement, on the way to it.
	dispatch := "policybot/bot.(*Bot).Dispatch"
	where.Store(&dispatch)
	lost := c.ask("alice")
	c.waitLog("msg=panic", 1)
	where.Store(nil)
	if lost.Acknowledged() != 0 {
		t.Error("the panic came too late")
	}
	c.answered(c.ask("alice"))
	if got := c.metrics("policybot_discord_panics_total"); got != 3 {
		t.Errorf("%v panics counted, want 3:\n%s", got, c.log)
	}
	if log := c.log.String(); strings.Contains(log, "stands still") || !strings.Contains(log, "serve_test.go") && !strings.Contains(log, "discord_faults_test.go") {
		t.Errorf("log:\n%s", log)
	}
}

// calledBy reports whether a function whose name begins so is among the callers.
func calledBy(name string) bool {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, name) {
			return true
		}
		if !more {
			return false
		}
	}
}

// TestFaultsQueue: who asks when the queue is full is told so; who was before is answered.
func TestFaultsQueue(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{},
		"discord: {api_url: \"API\"}\nserve: {listen: \"127.0.0.1:0\", workers: 1, queue: 1}\n")
	c.WaitReady(1)
	release := make(chan struct{})
	held := c.Fault("PATCH", routeEdit, discordtest.Fault{Hang: release})
	first := c.ask("alice")
	held.WaitHits(1) // the worker waits for Discord
	second := c.ask("alice")
	second.WaitAck()
	for c.metrics("policybot_discord_queued", "answers") != 1 {
		runtime.Gosched() // acknowledged a moment before it is queued
	}
	third := c.ask("alice").WaitReply()
	if !strings.Contains(third.Text(), "Many questions are being answered right now") {
		t.Errorf("%q", third.Text())
	}
	if mention := c.User("bob").In(c.help).Mention(asked).WaitAnswer(); !strings.Contains(mention.Text(), "Many questions") {
		t.Errorf("%q", mention.Text())
	}
	close(release)
	c.answered(first)
	c.answered(second)
	if got := c.metrics("policybot_discord_dropped_total", "answers"); got != 2 {
		t.Errorf("%v dropped, want 2", got)
	}
	c.answered(c.ask("alice"))
	c.calm()
}

// child is policybot serve in a process of its own: this test's binary under the program's name.
type child struct {
	*exec.Cmd
	t      *testing.T
	exited chan error
}

// spawn starts the program in a process of its own, over the clinic's data directory.
func (c *clinic) spawn(t *testing.T, settings string) *child {
	t.Helper()
	cmd := exec.Command(program(t), "serve", "-config", c.configure(settings))
	return c.run(t, cmd)
}

// program returns the name of a file that is policybot when it is run.
func program(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "policybot")
	if err := os.Symlink(exe, name); err != nil {
		t.Skip(err)
	}
	return name
}

// run starts a process that has the bot's token and logs into the clinic's log.
func (c *clinic) run(t *testing.T, cmd *exec.Cmd) *child {
	t.Helper()
	cmd.Env = append(os.Environ(), "DISCORD_TOKEN="+c.Token)
	cmd.Stdout, cmd.Stderr = c.log, c.log
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	p := &child{cmd, t, make(chan error, 1)}
	go func() { p.exited <- cmd.Wait() }()
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = cmd.Process.Kill()
			<-p.exited
		}
	})
	return p
}

// end sends a signal and returns the exit status, -1 for a process that the signal ended.
func (p *child) end(sig os.Signal) int {
	p.t.Helper()
	if err := p.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
	return p.wait()
}

func (p *child) wait() int {
	p.t.Helper()
	err := <-p.exited
	p.exited <- nil
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

// sound checks the database and returns how many answers and votes are kept.
func (c *clinic) sound() (answers, votes int) {
	c.t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, c.dir, store.Options{})
	if err != nil {
		c.t.Fatal(err)
	}
	defer s.Close()
	report, err := s.Check(ctx)
	if err != nil || report.Err() != nil {
		c.t.Errorf("the database: %v, %v", err, report.Err())
	}
	db, err := sql.Open("sqlite", filepath.Join(c.dir, "policybot.db"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	row := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM votes)`)
	if err := row.Scan(&answers, &votes); err != nil {
		c.t.Fatal(err)
	}
	return answers, votes
}

// TestFaultsTerm: told to stop with fifty answers in hand, the program takes on nothing more, finishes all of
// them, and exits with status 0.
func TestFaultsTerm(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "later")
	p := c.spawn(t, "discord: {api_url: \"API\"}\nserve: {listen: \"\", workers: 25, queue: 100, shutdown: 3m}\n")
	c.WaitReady(1)
	c.waitLog("commands registered", 1)
	release := make(chan struct{})
	held := c.Fault("PATCH", routeEdit, discordtest.Fault{Hang: release, Times: -1})
	var all []*discordtest.Interaction
	for n := range 50 {
		all = append(all, c.ask(fmt.Sprint("person", n)))
	}
	for _, i := range all {
		i.WaitAck()
	}
	held.WaitHits(25) // as many as are worked on at a time; the others wait
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	c.WaitGateway("the connection to end", func(st discordtest.GatewayState) bool { return st.Open == 0 })
	for n, i := range all {
		if i.WaitAck().Message.Content != "" {
			t.Errorf("%d was answered already", n)
		}
	}
	close(release)
	for _, i := range all {
		c.answered(i)
	}
	if got := p.wait(); got != 0 {
		t.Errorf("exit status %d:\n%s", got, c.log)
	}
	if answers, _ := c.sound(); answers != len(all) {
		t.Errorf("%d answers kept, want %d", answers, len(all))
	}
	c.silent()
}

// TestFaultsKill: killed while it answers, the program finds everything sound at the next start. What was
// answered and voted is kept, what was not answered is lost at the most, and nothing is answered twice,
// though Discord sends it again.
func TestFaultsKill(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "later")
	const settings = "discord: {api_url: \"API\"}\nserve: {listen: \"\", workers: 4, queue: 100}\n"
	var kept []*discordtest.Message
	var all []*discordtest.Interaction
	var posts []*discordtest.Post
	const rounds = 2
	for round := range rounds {
		p := c.spawn(t, settings)
		c.WaitGateway("a session", func(st discordtest.GatewayState) bool { return len(st.Identifies) > round && st.Live > 0 })
		who := func(n int) string { return fmt.Sprint("person", n, "of", round) }
		i := c.ask(who(0))
		m := c.answered(i)
		kept, all = append(kept, m), append(all, i)
		vote := c.User(who(0)).In(c.help).Press(m, "👍")
		if got := vote.WaitReply(); !strings.Contains(got.Text(), "Thank you") {
			t.Errorf("%q", got.Text())
		}
		post := c.User(who(1)).In(c.help).Mention(asked)
		post.WaitAnswer()
		posts = append(posts, post)

		release := make(chan struct{})
		var held *discordtest.Injected
		if round == 0 { // once with answers on their way, once in the midst of all
			held = c.Fault("PATCH", routeEdit, discordtest.Fault{Hang: release, Cut: true, Times: -1})
		}
		var batch []*discordtest.Interaction
		for n := range 20 {
			batch = append(batch, c.ask(who(n)))
		}
		for _, i := range batch {
			i.WaitAck()
		}
		if held != nil {
			held.WaitHits(4)
		} else {
			batch[0].WaitReply()
		}
		if got := p.end(os.Kill); got == 0 {
			t.Error("not killed")
		}
		if held != nil {
			held.Remove()
		}
		close(release)
		all = append(all, batch...)
		c.WaitGateway("the connection to end", func(st discordtest.GatewayState) bool { return st.Open == 0 })
		c.sound()
	}

	p := c.spawn(t, settings)
	c.WaitGateway("a session", func(st discordtest.GatewayState) bool { return len(st.Identifies) > rounds && st.Live > 0 })
	acks := c.Count("POST", routeAck)
	for _, i := range all {
		i.Redeliver()
	}
	for n, post := range posts {
		post.Redeliver()
		c.waitLog("done elsewhere", n+1)
	}
	c.WaitCount("POST", routeAck, acks+len(all))
	c.answered(c.ask("alice"))
	lost := 0
	for _, i := range all {
		m := i.WaitAck().Message
		if m.Edits > 1 || len(i.FollowUps()) > 0 {
			t.Errorf("answered %d times, with %d messages beside it", m.Edits, len(i.FollowUps()))
		}
		if m.Edits == 0 {
			lost++
		}
	}
	t.Logf("%d of %d were lost", lost, len(all))
	for _, post := range posts {
		if got := len(post.Answers()); got != 1 {
			t.Errorf("%d answers to one message", got)
		}
	}
	for _, m := range kept {
		if got := c.alice.In(c.help).Press(m, "Sources").WaitReply(); !strings.Contains(got.Text(), "The passage") {
			t.Errorf("%q", got.Text())
		}
	}
	if got := p.end(syscall.SIGTERM); got != 0 {
		t.Errorf("exit status %d:\n%s", got, c.log)
	}
	answers, votes := c.sound()
	if votes != rounds {
		t.Errorf("%d votes kept, want %d", votes, rounds)
	}
	if least, most := len(all)-lost+rounds+1, len(all)+rounds+1; answers < least || answers > most {
		t.Errorf("%d answers kept, want %d to %d", answers, least, most)
	}
	c.silent()
}

// TestFaultsTwoProcesses: two processes over one data directory and one bot share the work: everything is
// answered once, and kept once.
func TestFaultsTwoProcesses(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "later")
	p := c.spawn(t, "")
	c.start("", func(w *World) { w.Now = scriptDay }) // that of the other process
	c.WaitReady(2)
	c.waitLog("commands registered", 1)
	var asks []*discordtest.Interaction
	var posts []*discordtest.Post
	const n = 12
	for k := range n {
		who := fmt.Sprint("person", k)
		asks = append(asks, c.ask(who))
		posts = append(posts, c.User(who).In(c.help).Mention(asked))
	}
	for _, i := range asks {
		m := c.answered(i)
		c.alice.In(c.help).Press(m, "👍").WaitReply()
		if got := c.alice.In(c.help).Press(m, "Sources").WaitReply(); !strings.Contains(got.Text(), "The passage") {
			t.Errorf("%q", got.Text())
		}
	}
	for _, post := range posts {
		post.WaitAnswer()
	}
	if got := p.end(syscall.SIGTERM); got != 0 {
		t.Errorf("exit status %d:\n%s", got, c.log)
	}
	c.end(0)
	for _, i := range asks {
		if got := i.WaitReply(); got.Edits != 1 || len(i.FollowUps()) > 0 {
			t.Errorf("answered %d times, with %d messages beside it", got.Edits, len(i.FollowUps()))
		}
	}
	for _, post := range posts {
		if got := len(post.Answers()); got != 1 {
			t.Errorf("%d answers to one message", got)
		}
	}
	if answers, votes := c.sound(); answers != 2*n || votes != n {
		t.Errorf("%d answers and %d votes kept, want %d and %d", answers, votes, 2*n, n)
	}
}

// behindEndpoint are the settings of a bot that is called over HTTP.
const behindEndpoint = "discord: {transport: http, api_url: \"API\", public_key: \"KEY\"}\nserve: {listen: \"127.0.0.1:0\"}\n"

// endpoint starts the bot behind an endpoint and returns its URL.
func (c *clinic) endpoint() string {
	c.t.Helper()
	c.start(strings.ReplaceAll(behindEndpoint, "KEY", fmt.Sprintf("%x", c.PublicKey)))
	to := "http://" + c.address() + "/interactions"
	if err := c.SetEndpoint(c.t.Context(), to); err != nil {
		c.t.Fatal(err)
	}
	return to
}

// TestFaultsRevokedHTTP: behind an endpoint answers need no token. Without a good one the bot says so, in its
// log, at /readyz and in its figures, and goes on answering.
func TestFaultsRevokedHTTP(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "later")
	c.endpoint()
	c.waitLog("commands registered", 1)
	c.answered(c.ask("alice"))
	if status, body := c.get("/readyz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("/readyz: %d %q", status, body)
	}
	c.Revoke()
	c.answered(c.ask("alice"))
	c.end(0)

	c.log = &lockedBuffer{}
	c.endpoint()
	c.waitLog("cannot register the commands", 1)
	c.waitLog("status 401", 1)
	c.answered(c.ask("alice"))
	if status, body := c.get("/readyz"); status != http.StatusOK || !strings.Contains(body, "Discord does not accept the bot token") {
		t.Errorf("/readyz: %d %q", status, body)
	}
	if got := c.metrics("policybot_discord_token_refused"); got != 1 {
		t.Errorf("token_refused is %v", got)
	}
	c.calm()
	c.end(0)

	// Without the public key in the settings there is no endpoint.
	c.log = &lockedBuffer{}
	c.start(strings.ReplaceAll(behindEndpoint, "KEY", ""))
	c.exited(1)
	if log := c.log.String(); !strings.Contains(log, "status 401") || !strings.Contains(log, "hint: make a new token in the developer portal") {
		t.Errorf("log:\n%s", log)
	}
}

// TestFaultsEndpoint: what the endpoint gets that Discord did not send, or sent before.
func TestFaultsEndpoint(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "later")
	to := c.endpoint()

	// Clients that begin a request and then hold their tongue are let go, and hold up nobody meanwhile.
	address := strings.TrimSuffix(strings.TrimPrefix(to, "http://"), "/interactions")
	slow := func(text string) net.Conn {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_, err = io.WriteString(conn, text)
		}
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	signed, err := c.Signed(t.Context(), to, []byte(`{"type":1`))
	if err != nil {
		t.Fatal(err)
	}
	signed.ContentLength = -1
	var request bytes.Buffer
	fmt.Fprintf(&request, "POST /interactions HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nContent-Length: 500\r\n")
	for k, v := range signed.Header {
		if strings.HasPrefix(k, "X-Signature") {
			fmt.Fprintf(&request, "%s: %s\r\n", k, v[0])
		}
	}
	header := slow("POST /interactions HTTP/1.1\r\nHost: bot\r\nX-Sig")
	body := slow(request.String() + "\r\n{\"type\":1")

	first := c.ask("alice")
	c.answered(first)
	callbacks := c.Count("POST", routeAck)

	post := func(method string, body []byte, change func(*http.Request), how ...discordtest.Signing) int {
		t.Helper()
		req, err := c.Signed(t.Context(), to, body, how...)
		if err != nil {
			t.Fatal(err)
		}
		req.Method = method
		if change != nil {
			change(req)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		if bytes.Contains(text, []byte("Obrador")) {
			t.Errorf("%s", text)
		}
		return res.StatusCode
	}
	payload, ping := first.Payload(), c.Ping()
	now := c.Now()
	for _, tt := range []struct {
		name   string
		method string
		body   []byte
		change func(*http.Request)
		how    []discordtest.Signing
		want   int
	}{
		{"replayed", "POST", payload, nil, nil, 202},
		{"PING", "POST", ping, nil, nil, 200},
		{"GET", "GET", ping, nil, nil, 405},
		{"PUT", "PUT", ping, nil, nil, 405},
		{"no signature", "POST", payload, nil, []discordtest.Signing{discordtest.Unsigned()}, 401},
		{"another's signature", "POST", payload, nil, []discordtest.Signing{discordtest.Forged()}, 401},
		{"no hexadecimal signature", "POST", payload, nil, []discordtest.Signing{discordtest.Malformed()}, 401},
		{"replayed with a new time", "POST", payload, func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(now.Unix()+1, 10)) }, nil, 401},
		{"six minutes old", "POST", payload, nil, []discordtest.Signing{discordtest.SignedAt(now.Add(-6 * time.Minute))}, 401},
		{"six minutes ahead", "POST", payload, nil, []discordtest.Signing{discordtest.SignedAt(now.Add(6 * time.Minute))}, 401},
		{"four minutes old", "POST", payload, nil, []discordtest.Signing{discordtest.SignedAt(now.Add(-4 * time.Minute))}, 202},
		{"four minutes ahead", "POST", ping, nil, []discordtest.Signing{discordtest.SignedAt(now.Add(4 * time.Minute))}, 200},
		{"1 MiB and a byte", "POST", bytes.Repeat([]byte(" "), 1<<20+1), nil, nil, 413},
		{"16 MiB", "POST", bytes.Repeat([]byte("x"), 16<<20), nil, nil, 413},
		{"16 MiB without a signature", "POST", bytes.Repeat([]byte("x"), 16<<20), nil, []discordtest.Signing{discordtest.Unsigned()}, 401},
		{"no JSON", "POST", []byte("hello"), nil, nil, 400},
		{"no interaction", "POST", []byte(`{}`), nil, nil, 400},
		{"nothing", "POST", nil, nil, nil, 400},
		{"a form", "POST", ping, func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, nil, 415},
	} {
		if got := post(tt.method, tt.body, tt.change, tt.how...); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	first.Redeliver()
	if got := first.WaitStatus(2); got != 202 {
		t.Errorf("sent again: %d", got)
	}
	if got := c.Count("POST", routeAck); got != callbacks {
		t.Errorf("%d more acknowledgements", got-callbacks)
	}
	if got := c.answered(first); got.Edits != 1 {
		t.Errorf("answered %d times", got.Edits)
	}
	if got := c.metrics("policybot_discord_endpoint_requests_total", "401"); got < 6 {
		t.Errorf("%v answers 401 counted", got)
	}
	for name, conn := range map[string]net.Conn{"header": header, "body": body} {
		if _, err := io.Copy(io.Discard, conn); err != nil { // until the bot closes it
			t.Logf("slow %s: %v", name, err)
		}
		conn.Close()
	}
	c.answered(c.ask("alice"))
	c.calm()
}
