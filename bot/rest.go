package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// What callers of REST tell apart with errors.Is. An *APIError has the details.
var (
	// ErrAcknowledged says that somebody else, such as another replica, has acknowledged the interaction.
	ErrAcknowledged = errors.New("interaction is acknowledged already")
	// ErrExpired says that the interaction can no longer be answered: its 3 seconds or 15 minutes are over.
	ErrExpired = errors.New("interaction has expired")
	// ErrUnauthorized says that Discord does not accept the bot's token: it was reset or is mistyped.
	ErrUnauthorized = errors.New("discord does not accept the bot token")
	// ErrForbidden says that the bot lacks a permission where it wanted to act.
	ErrForbidden = errors.New("the bot may not do that here")
	// ErrRateLimited says that Discord asks to wait for longer than the context allows.
	ErrRateLimited = errors.New("rate limited by discord")
)

// Codes of Discord's JSON errors, https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
const (
	codeUnknownMessage     = 10008
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeAcknowledged       = 40060
	codeNoAccess           = 50001
	codeNoPermission       = 50013
	codeInvalidToken       = 50027
)

// APIError is a refusal by Discord. Its text never holds a token.
type APIError struct {
	Route   string // method and path, without ids and tokens
	Status  int    // of HTTP
	Code    int    // of Discord, 0 when it gave none
	Message string // Discord's words, shortened
	Fields  string // of code 50035: which part of the body was refused, and why
	kind    error  // one of the Err… above, or nil
}

func (e *APIError) Error() string {
	s := fmt.Sprintf("discord: %s: status %d", e.Route, e.Status)
	if e.Code != 0 {
		s += ", code " + strconv.Itoa(e.Code)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Fields != "" {
		s += " (" + e.Fields + ")"
	}
	return s
}

func (e *APIError) Unwrap() error { return e.kind }

// UserAgent is what Discord asks clients to call themselves,
// https://discord.com/developers/docs/reference#user-agent.
const UserAgent = "DiscordBot (policybot, 1)"

// REST speaks to Discord's HTTP interface. It exists beside discordgo's because that one serialises all
// edits of interactions in one bucket, keeps a bucket for every interaction for ever, ignores contexts
// while it waits, and repeats a 429 without end.
//
// Every call honours its context at every moment. A 429 is waited for when the wait ends before the
// context does; answers 5xx and network errors are tried again a few times, with back-off. A call whose
// context has no deadline gets one of 30 seconds. Safe for concurrent use; what it remembers is bounded.
type REST struct {
	base   *url.URL
	client *http.Client
	token  string
	log    *slog.Logger
	m      *Metrics

	posts  *rate.Limiter                              // requests with the bot's token; Discord allows 50/s
	now    func() time.Time                           // a field for tests, as are the next two
	sleep  func(context.Context, time.Duration) error // returns early with the context's error
	random func() float64                             // in [0,1)

	refused atomic.Bool // the token, when it was last used

	mu     sync.Mutex
	until  time.Time            // no request with the bot's token before
	halt   time.Time            // no request at all before: the address is blocked
	denied time.Time            // the token is not tried again before
	routes map[string]time.Time // exhausted routes, by name and channel, until when
}

const (
	maxAttempts  = 4                // of a request that fails by 5xx or the network
	maxLimited   = 5                // 429s of one request
	maxRoutes    = 4096             // exhausted routes remembered
	maxReply     = 4 << 20          // bytes read of a reply
	deniedFor    = time.Minute      // after a 401: ten thousand of them have Discord block the address
	restTimeout  = 30 * time.Second // of a call whose context has no deadline
	tryTimeout   = 10 * time.Second // of one attempt
	ackTimeout   = 3 * time.Second  // Discord's patience
	ackTry       = 1300 * time.Millisecond
	botPerSecond = 40
)

// NewREST returns a client of the interface at base, such as https://discord.com/api/v10. The token is
// the bot's, without "Bot "; it is sent to base only, and redirects are not followed.
func NewREST(base *url.URL, client *http.Client, token string, log *slog.Logger, m *Metrics) *REST {
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &REST{
		base: base, client: &c, token: token, log: log, m: m,
		posts:  rate.NewLimiter(botPerSecond, botPerSecond/4),
		now:    time.Now,
		sleep:  sleep,
		random: rand.Float64,
		routes: make(map[string]time.Time),
	}
}

// NewHTTPClient returns a client fit for NewREST under load: it keeps as many connections to Discord as
// 200 interactions in a second need.
func NewHTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          512,
		MaxIdleConnsPerHost:   512,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 15 * time.Second,
	}}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Callback sends the acknowledgement of an interaction. It takes no longer than the 3 seconds that Discord
// waits. ErrAcknowledged means that another has answered, and the caller has to leave it at that; when
// that answer may be this call's own first attempt, whose reply was lost, Callback returns nil.
func (r *REST) Callback(ctx context.Context, i *Interaction, a Ack) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	var file *File
	if a.Message != nil {
		file = a.Message.Attachment
	}
	path, err := interactionPath("interactions", i.ID, i.Token, "callback")
	if err != nil {
		return err
	}
	return r.do(ctx, request{route: "POST /interactions/{id}/{token}/callback", path: path, body: a, file: file, try: ackTry, ack: true}, nil)
}

// EditOriginal replaces the message that answers an interaction, or the "thinking…" of a deferred answer.
// Right after the acknowledgement Discord may not know the message yet; that is waited for.
func (r *REST) EditOriginal(ctx context.Context, i *Interaction, m Outgoing) (*Message, error) {
	return r.webhook(ctx, "PATCH /webhooks/{app}/{token}/messages/@original", i, &m, "messages", "@original")
}

// FollowUp sends one more message to an interaction that was acknowledged. Discord has no nonce for it:
// when the reply is lost and the message is sent again, it can appear twice.
func (r *REST) FollowUp(ctx context.Context, i *Interaction, m Outgoing) (*Message, error) {
	return r.webhook(ctx, "POST /webhooks/{app}/{token}", i, &m)
}

// GetOriginal returns the message that answers an interaction.
func (r *REST) GetOriginal(ctx context.Context, i *Interaction) (*Message, error) {
	return r.webhook(ctx, "GET /webhooks/{app}/{token}/messages/@original", i, nil, "messages", "@original")
}

// DeleteOriginal removes the message that answers an interaction.
func (r *REST) DeleteOriginal(ctx context.Context, i *Interaction) error {
	_, err := r.webhook(ctx, "DELETE /webhooks/{app}/{token}/messages/@original", i, nil, "messages", "@original")
	return err
}

func (r *REST) webhook(ctx context.Context, route string, i *Interaction, m *Outgoing, rest ...string) (*Message, error) {
	path, err := interactionPath("webhooks", i.ApplicationID, i.Token, rest...)
	if err != nil {
		return nil, err
	}
	c := request{route: route, path: path, early: true}
	if m != nil {
		c.body, c.file = m, m.Attachment
	}
	var got message
	if err := r.do(ctx, c, &got); err != nil {
		return nil, err
	}
	return (*Message)(&got), nil
}

// Send posts a message in a channel. It is sent once, however often the network fails: a message without
// a nonce gets one.
func (r *REST) Send(ctx context.Context, channel string, m Outgoing) (*Message, error) {
	if !snowflake(channel) {
		return nil, errors.New("discord: send: the channel has no valid id")
	}
	if m.Nonce == "" {
		m.Nonce = strconv.FormatUint(rand.Uint64(), 36) // at most 13 of 25 characters
	}
	var got message
	err := r.do(ctx, request{route: "POST /channels/{channel}/messages", path: "/channels/" + channel + "/messages", key: channel,
		body: &m, file: m.Attachment, bot: true}, &got)
	if err != nil {
		return nil, err
	}
	return (*Message)(&got), nil
}

// Typing shows for about ten seconds that the bot is at work in a channel.
func (r *REST) Typing(ctx context.Context, channel string) error {
	if !snowflake(channel) {
		return errors.New("discord: typing: the channel has no valid id")
	}
	return r.do(ctx, request{route: "POST /channels/{channel}/typing", path: "/channels/" + channel + "/typing", key: channel, bot: true}, nil)
}

// GatewayInfo says where the gateway is and how much of it may be used.
type GatewayInfo struct {
	URL    string // wss://…
	Shards int    // that Discord recommends
	// IDENTIFYs: allowed in a day, left of them, the time until they are counted anew, and how many may
	// be sent in 5 seconds.
	Total, Remaining int
	ResetAfter       time.Duration
	MaxConcurrency   int
}

// Gateway asks for the gateway.
func (r *REST) Gateway(ctx context.Context) (GatewayInfo, error) {
	var got struct {
		URL    string `json:"url"`
		Shards int    `json:"shards"`
		Limit  struct {
			Total          int   `json:"total"`
			Remaining      int   `json:"remaining"`
			ResetAfter     int64 `json:"reset_after"` // ms
			MaxConcurrency int   `json:"max_concurrency"`
		} `json:"session_start_limit"`
	}
	if err := r.do(ctx, request{route: "GET /gateway/bot", path: "/gateway/bot", bot: true}, &got); err != nil {
		return GatewayInfo{}, err
	}
	return GatewayInfo{URL: got.URL, Shards: max(got.Shards, 1), Total: got.Limit.Total, Remaining: got.Limit.Remaining,
		ResetAfter: time.Duration(got.Limit.ResetAfter) * time.Millisecond, MaxConcurrency: max(got.Limit.MaxConcurrency, 1)}, nil
}

// Application is the bot's application, as far as the program and doctor look at it.
type Application struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Flags     int64  `json:"flags"` // bits 12–15, 18 and 19: privileged intents granted
	VerifyKey string `json:"verify_key"`
	// Endpoint is where Discord sends interactions; when it is set, the gateway gets none.
	Endpoint string `json:"interactions_endpoint_url"`
	// Installs has key "0" when servers may install it, "1" when persons may.
	Installs map[string]json.RawMessage `json:"integration_types_config"`
}

// Application returns the application that the token belongs to.
func (r *REST) Application(ctx context.Context) (Application, error) {
	var got Application
	err := r.do(ctx, request{route: "GET /applications/@me", path: "/applications/@me", bot: true}, &got)
	return got, err
}

// Me returns the bot's own user.
func (r *REST) Me(ctx context.Context) (User, error) {
	var got User
	err := r.do(ctx, request{route: "GET /users/@me", path: "/users/@me", bot: true}, &got)
	return got, err
}

// RegisteredCommand is a command as Discord holds it.
type RegisteredCommand struct {
	ID      string `json:"id"`
	Type    int    `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Commands returns the application's global commands.
func (r *REST) Commands(ctx context.Context, app string) ([]RegisteredCommand, error) {
	if !snowflake(app) {
		return nil, errors.New("discord: commands: the application has no valid id")
	}
	var got []RegisteredCommand
	err := r.do(ctx, request{route: "GET /applications/{app}/commands", path: "/applications/" + app + "/commands", bot: true}, &got)
	return got, err
}

// PutCommands replaces all global commands of the application.
func (r *REST) PutCommands(ctx context.Context, app string, commands []Command) error {
	if !snowflake(app) {
		return errors.New("discord: commands: the application has no valid id")
	}
	return r.do(ctx, request{route: "PUT /applications/{app}/commands", path: "/applications/" + app + "/commands", body: append([]Command{}, commands...), bot: true}, nil)
}

// interactionPath returns the path of a route that carries a token, or an error that does not hold it.
func interactionPath(kind, id, token string, rest ...string) (string, error) {
	if !snowflake(id) {
		return "", fmt.Errorf("discord: %s: the interaction has no valid id", kind)
	}
	if token == "" || strings.Trim(token, ".") == "" || strings.ContainsFunc(token, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-_.~=+:", c))
	}) {
		return "", fmt.Errorf("discord: %s: the interaction has no valid token", kind)
	}
	return "/" + strings.Join(append([]string{kind, id, token}, rest...), "/"), nil
}

// message decodes a message as far as it can be understood; of another shape than documented only the ids.
type message Message

func (m *message) UnmarshalJSON(b []byte) error {
	err := json.Unmarshal(b, (*Message)(m))
	if err == nil {
		return nil
	}
	var ids struct {
		ID        string `json:"id"`
		ChannelID string `json:"channel_id"`
	}
	if json.Unmarshal(b, &ids) != nil {
		return err
	}
	*m = message{ID: ids.ID, ChannelID: ids.ChannelID}
	return nil
}

// request is what is asked of Discord once, however often it has to be sent.
type request struct {
	route string // method and path with its variable parts named: for errors, logs and metrics
	path  string // holds ids and tokens: never shown
	key   string // the major parameter: with the route it names what Discord limits
	body  any    // marshalled as JSON; nil for none
	file  *File
	bot   bool          // with the bot's token, and bound by its limits
	ack   bool          // 40060 after an attempt that may have arrived is success
	early bool          // what is unknown may become known in the first seconds
	try   time.Duration // of one attempt; 0 means tryTimeout
}

// do makes the request and decodes the reply into out, unless that is nil.
func (r *REST) do(ctx context.Context, c request, out any) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, restTimeout)
		defer cancel()
	}
	kind, body, err := encode(c.body, c.file)
	if err != nil {
		return fmt.Errorf("discord: %s: %w", c.route, err)
	}
	var failed, limited, unknown int
	arrived := false // an earlier attempt may have been carried out
	for {
		if err := r.admit(ctx, c); err != nil {
			return err
		}
		res, err := r.send(ctx, c, kind, body)
		var wait time.Duration
		switch {
		case err != nil: // of the network
			r.m.request(c.route, 0)
			arrived = true
			failed++
			err = fmt.Errorf("discord: %s: %w", c.route, r.plain(err))
			if failed >= maxAttempts || ctx.Err() != nil {
				return err
			}
			wait = r.backoff(failed)
		case res.status >= 200 && res.status < 300:
			r.m.request(c.route, res.status)
			r.exhausted(c, res.header)
			if c.bot {
				r.accepted(true)
			}
			if out == nil || len(res.body) == 0 {
				return nil
			}
			if err := json.Unmarshal(res.body, out); err != nil {
				return fmt.Errorf("discord: %s: reply cannot be read: %w", c.route, err)
			}
			return nil
		case res.status == http.StatusTooManyRequests:
			r.m.request(c.route, res.status)
			var scope string
			wait, scope = r.limit(c, res)
			r.m.limited(scope)
			limited++
			err = &APIError{Route: c.route, Status: res.status, Message: fmt.Sprintf("wait %v (%s)", wait.Round(time.Millisecond), scope), kind: ErrRateLimited}
			if limited >= maxLimited {
				return err
			}
		case res.status >= 500:
			r.m.request(c.route, res.status)
			arrived = true
			failed++
			err = r.refusal(c, res)
			if failed >= maxAttempts {
				return err
			}
			wait = max(r.backoff(failed), retryAfter(res.header, r.now()))
		default:
			r.m.request(c.route, res.status)
			r.exhausted(c, res.header)
			refused := r.refusal(c, res)
			if c.ack && arrived && refused.Code == codeAcknowledged {
				return nil
			}
			if !c.early || unknown >= 3 || refused.Code != codeUnknownWebhook && refused.Code != codeUnknownMessage {
				return refused
			}
			err = refused
			wait = 250 * time.Millisecond << unknown
			unknown++
		}
		// No use in waiting for what comes after the caller has left.
		if end, ok := ctx.Deadline(); ok && r.now().Add(wait).After(end) {
			return err
		}
		r.log.Debug("discord request tried again", "route", c.route, "error", err, "wait", wait)
		if r.sleep(ctx, wait) != nil {
			return err
		}
	}
}

// admit waits until the call may be made, as far as is known here.
func (r *REST) admit(ctx context.Context, c request) error {
	for {
		r.mu.Lock()
		now := r.now()
		until, denied := r.halt, c.bot && now.Before(r.denied)
		if c.bot {
			if r.until.After(until) {
				until = r.until
			}
			if t := r.routes[c.route+" "+c.key]; t.After(until) {
				until = t
			}
		}
		r.mu.Unlock()
		if denied {
			return &APIError{Route: c.route, Status: http.StatusUnauthorized, Message: "not sent: the token was refused a moment ago", kind: ErrUnauthorized}
		}
		wait := until.Sub(now)
		if wait <= 0 {
			break
		}
		err := &APIError{Route: c.route, Status: http.StatusTooManyRequests, Message: "not sent: wait " + wait.Round(time.Millisecond).String(), kind: ErrRateLimited}
		if end, ok := ctx.Deadline(); ok && until.After(end) {
			return err
		}
		if r.sleep(ctx, wait) != nil {
			return err
		}
	}
	if !c.bot {
		return ctx.Err()
	}
	// The limiter's own Wait would sleep by the real clock.
	now := r.now()
	turn := r.posts.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait == 0 {
		return ctx.Err()
	}
	if end, ok := ctx.Deadline(); ok && now.Add(wait).After(end) || r.sleep(ctx, wait) != nil {
		turn.CancelAt(now)
		return &APIError{Route: c.route, Status: http.StatusTooManyRequests, Message: "not sent: too many requests of our own", kind: ErrRateLimited}
	}
	return nil
}

type response struct {
	status int
	header http.Header
	body   []byte
}

// send makes one attempt.
func (r *REST) send(ctx context.Context, c request, kind string, body []byte) (*response, error) {
	try := c.try
	if try == 0 {
		try = tryTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, try)
	defer cancel()
	method, _, _ := strings.Cut(c.route, " ")
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.base.String(), "/")+c.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body == nil {
		req.Body, req.ContentLength = http.NoBody, 0
	} else {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("User-Agent", UserAgent)
	if c.bot {
		req.Header.Set("Authorization", "Bot "+r.token)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxReply {
		return nil, fmt.Errorf("reply of more than %d bytes", maxReply)
	}
	return &response{res.StatusCode, res.Header, text}, nil
}

// encode returns the body's content type and bytes: JSON, or a form with the JSON and the file.
func encode(v any, file *File) (kind string, body []byte, err error) {
	if v == nil {
		return "", nil, nil
	}
	text, err := json.Marshal(v)
	if err != nil || file == nil {
		return "application/json", text, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := func(disposition map[string]string, kind string, content []byte) error {
		p, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {mime.FormatMediaType("form-data", disposition)}, "Content-Type": {kind}})
		if err == nil {
			_, err = p.Write(content)
		}
		return err
	}
	err = errors.Join(
		part(map[string]string{"name": "payload_json"}, "application/json", text),
		part(map[string]string{"name": "files[0]", "filename": file.Name}, "application/octet-stream", file.Body),
		w.Close())
	return w.FormDataContentType(), b.Bytes(), err
}

// backoff returns the wait after the nth failure: a quarter of a second that doubles, half of it by chance.
func (r *REST) backoff(n int) time.Duration {
	d := 250 * time.Millisecond << (n - 1)
	return d/2 + time.Duration(r.random()*float64(d/2))
}

// limit reads a 429: how long to wait, and whose limit it is. What binds other calls too is remembered.
func (r *REST) limit(c request, res *response) (wait time.Duration, scope string) {
	var body struct {
		RetryAfter float64 `json:"retry_after"` // s
		Global     bool    `json:"global"`
	}
	known := json.Unmarshal(res.body, &body) == nil
	scope = res.header.Get("X-RateLimit-Scope")
	wait = seconds(body.RetryAfter)
	if wait == 0 {
		if s, err := strconv.ParseFloat(res.header.Get("X-RateLimit-Reset-After"), 64); err == nil {
			wait = seconds(s)
		}
	}
	if wait == 0 {
		wait = retryAfter(res.header, r.now())
	}
	if wait == 0 {
		wait = time.Second
	}
	wait = max(wait, 50*time.Millisecond)
	if body.Global || res.header.Get("X-RateLimit-Global") == "true" {
		scope = "global"
	}
	if scope == "" {
		scope = "user"
		if !known { // a page, not Discord's JSON: the block is before it
			scope = "cloudflare"
		}
	}
	until := r.now().Add(wait)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case scope == "cloudflare":
		if until.After(r.halt) {
			r.halt = until
		}
	case scope == "global" && c.bot:
		if until.After(r.until) {
			r.until = until
		}
	case c.bot:
		r.remember(c, until)
	}
	return wait, scope
}

// exhausted remembers a route that Discord says has no request left.
func (r *REST) exhausted(c request, h http.Header) {
	if !c.bot || h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || seconds(s) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remember(c, r.now().Add(seconds(s)))
}

// remember keeps until when a route is exhausted. Those that are over are forgotten as soon as there are
// many; should all of maxRoutes be in force, one more is not kept, and costs a 429. The caller holds mu.
func (r *REST) remember(c request, until time.Time) {
	if len(r.routes) >= maxRoutes {
		now := r.now()
		for k, t := range r.routes {
			if !t.After(now) {
				delete(r.routes, k)
			}
		}
		if len(r.routes) >= maxRoutes {
			return
		}
	}
	r.routes[c.route+" "+c.key] = until
}

// seconds converts what Discord sends, 0 for nonsense.
func seconds(s float64) time.Duration {
	if !(s > 0) { // also not a number
		return 0
	}
	return time.Duration(min(s, 86400) * float64(time.Second))
}

// retryAfter reads the header of that name: seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return seconds(s)
	}
	if t, err := http.ParseTime(v); err == nil {
		return seconds(t.Sub(now).Seconds())
	}
	return 0
}

// refusal reads an error of Discord.
func (r *REST) refusal(c request, res *response) *APIError {
	var body struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		Errors  json.RawMessage `json:"errors"`
	}
	_ = json.Unmarshal(res.body, &body)
	e := &APIError{Route: c.route, Status: res.status, Code: body.Code, Message: r.redact(short(body.Message, 200)), Fields: short(fields(body.Errors), 300)}
	switch {
	case body.Code == codeAcknowledged:
		e.kind = ErrAcknowledged
	case body.Code == codeUnknownInteraction, body.Code == codeUnknownWebhook, body.Code == codeInvalidToken && !c.bot,
		res.status == http.StatusUnauthorized && !c.bot:
		e.kind = ErrExpired
	case res.status == http.StatusUnauthorized:
		e.kind = ErrUnauthorized
		r.accepted(false)
		r.mu.Lock()
		r.denied = r.now().Add(deniedFor)
		r.mu.Unlock()
	case body.Code == codeNoAccess, body.Code == codeNoPermission, res.status == http.StatusForbidden:
		e.kind = ErrForbidden
	}
	return e
}

// accepted notes what Discord made of the bot's token.
func (r *REST) accepted(yes bool) {
	r.refused.Store(!yes)
	r.m.token(!yes)
}

// TokenRefused reports whether Discord did not accept the bot's token when it was last used. What belongs
// to an interaction needs no token, so a bot behind the interactions endpoint answers all the same.
func (r *REST) TokenRefused() bool { return r.refused.Load() }

// fields lists the places and codes of a 50035, "embeds.0.title: BASE_TYPE_MAX_LENGTH". Its messages are
// left out: they can quote what was sent.
func fields(raw json.RawMessage) string {
	var found []string
	var walk func(raw json.RawMessage, at string, depth int)
	walk = func(raw json.RawMessage, at string, depth int) {
		var node map[string]json.RawMessage
		if depth > 12 || json.Unmarshal(raw, &node) != nil {
			return
		}
		for k, v := range node {
			if k != "_errors" {
				walk(v, strings.TrimPrefix(at+"."+k, "."), depth+1)
				continue
			}
			var list []struct {
				Code string `json:"code"`
			}
			_ = json.Unmarshal(v, &list)
			for _, e := range list {
				found = append(found, at+": "+e.Code)
			}
		}
	}
	walk(raw, "", 0)
	slices.Sort(found)
	return strings.Join(found, ", ")
}

func short(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}

// plain takes the address out of an error of net/http, because it holds the interaction's token.
func (r *REST) plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if clean := r.redact(err.Error()); clean != err.Error() {
		return errors.New(clean)
	}
	return err
}

// redact masks what may be a token in a text of others.
func (r *REST) redact(s string) string {
	return redact(s, r.token)
}
