package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Request is one request that the REST interface got.
type Request struct {
	Method   string
	Template string // "/interactions/{interaction_id}/{interaction_token}/callback"
	Body     string // JSON, of a multipart body its payload_json
	Status   int    // answered; 0 if the connection was cut
	Code     int    // Discord's error code, 0 for none
	Auth     bool   // an Authorization header was sent
	Fault    bool   // injected
}

// call is a request on its way through a handler.
type call struct {
	r      *http.Request
	route  *route
	params []string
	body   []byte // JSON
	json   map[string]any
	files  []file
}

// file is an attachment.
type file struct {
	name, kind string
	body       []byte
}

// response is what a handler answers; a nil body is no body.
type response struct {
	status int
	code   int
	body   any
	header http.Header
}

func fail(status, code int, message string) response {
	return response{status: status, code: code, body: map[string]any{"message": message, "code": code}}
}

func ok(body any) response { return response{status: 200, body: body} }

var (
	noContent          = response{status: 204}
	unknownInteraction = fail(404, 10062, "Unknown interaction")
	unknownWebhook     = fail(404, 10015, "Unknown Webhook")
	unknownMessage     = fail(404, 10008, "Unknown Message")
	unknownChannel     = fail(404, 10003, "Unknown Channel")
	unauthorized       = response{status: 401, body: map[string]any{"message": "401: Unauthorized", "code": 0}}
)

// route is one method and path of the REST interface.
type route struct {
	method   string
	template string
	parts    []string
	auth     bool // needs the bot's token
	major    int  // the first so many parameters make the rate limit's bucket, besides the route
	handle   func(*Server, *call) response
}

// routes are those that the fake knows; every other request is a violation.
var routes = makeRoutes()

func makeRoutes() []*route {
	const (
		hook = "/webhooks/{application_id}/{interaction_token}"
		cmds = "/applications/{application_id}/commands"
		gcmd = "/applications/{application_id}/guilds/{guild_id}/commands"
	)
	all := []*route{
		{method: "POST", template: "/interactions/{interaction_id}/{interaction_token}/callback", major: 2, handle: (*Server).callback},
		{method: "POST", template: hook, major: 2, handle: (*Server).followUp},
		{method: "GET", template: hook + "/messages/{message_id}", major: 2, handle: (*Server).getHook},
		{method: "PATCH", template: hook + "/messages/{message_id}", major: 2, handle: (*Server).patchHook},
		{method: "DELETE", template: hook + "/messages/{message_id}", major: 2, handle: (*Server).deleteHook},
		{method: "POST", template: "/channels/{channel_id}/messages", auth: true, major: 1, handle: (*Server).postMessage},
		{method: "GET", template: "/channels/{channel_id}/messages", auth: true, major: 1, handle: (*Server).getMessages},
		{method: "GET", template: "/channels/{channel_id}/messages/{message_id}", auth: true, major: 1, handle: (*Server).getMessage},
		{method: "PATCH", template: "/channels/{channel_id}/messages/{message_id}", auth: true, major: 1, handle: (*Server).patchMessage},
		{method: "DELETE", template: "/channels/{channel_id}/messages/{message_id}", auth: true, major: 1, handle: (*Server).deleteMessage},
		{method: "POST", template: "/channels/{channel_id}/typing", auth: true, major: 1, handle: (*Server).typing},
		{method: "GET", template: "/channels/{channel_id}", auth: true, major: 1, handle: (*Server).getChannel},
		{method: "POST", template: "/users/@me/channels", auth: true, handle: (*Server).openDirect},
		{method: "GET", template: cmds, auth: true, major: 1, handle: (*Server).getCommands},
		{method: "PUT", template: cmds, auth: true, major: 1, handle: (*Server).putCommands},
		{method: "GET", template: gcmd, auth: true, major: 2, handle: (*Server).getCommands},
		{method: "PUT", template: gcmd, auth: true, major: 2, handle: (*Server).putCommands},
		{method: "GET", template: "/applications/@me", auth: true, handle: (*Server).getApplication},
		{method: "GET", template: "/oauth2/applications/@me", auth: true, handle: (*Server).getApplication},
		{method: "GET", template: "/users/@me", auth: true, handle: (*Server).getMe},
		{method: "GET", template: "/users/@me/guilds", auth: true, handle: (*Server).getGuilds},
		{method: "GET", template: "/gateway", handle: (*Server).getGateway},
		{method: "GET", template: "/gateway/bot", auth: true, handle: (*Server).getGatewayBot},
	}
	for _, r := range all {
		r.parts = strings.Split(r.template, "/")
	}
	return all
}

// find returns the route of a request and the values of its template.
func findRoute(method, path string) (*route, []string) {
	parts := strings.Split(path, "/")
next:
	for _, r := range routes {
		if r.method != method || len(r.parts) != len(parts) {
			continue
		}
		var params []string
		for n, p := range r.parts {
			if strings.HasPrefix(p, "{") {
				if parts[n] == "" || parts[n] == "@me" {
					continue next
				}
				params = append(params, parts[n])
			} else if p != parts[n] {
				continue next
			}
		}
		return r, params
	}
	return nil, nil
}

// maxBody is the most that Discord takes (https://discord.com/developers/docs/reference#uploading-files).
const maxBody = 25 << 20

// ServeHTTP answers as Discord does: any /api/vN prefix, or none.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api")
	if rest, ok := strings.CutPrefix(path, "/v"); ok {
		if n, tail, _ := strings.Cut(rest, "/"); n != "" && strings.Trim(n, "0123456789") == "" {
			path = "/" + tail
		}
	}
	if path == "/gw" || strings.HasPrefix(path, "/gw/") {
		s.serveGateway(w, r)
		return
	}
	c := &call{r: r}
	c.route, c.params = findRoute(r.Method, path)
	if c.route == nil {
		s.problem("%s %s: no such route", r.Method, maskPath(path))
		s.write(w, c, "", response{status: 404, body: map[string]any{"message": "404: Not Found", "code": 0}}, false)
		return
	}
	name := c.route.method + " " + c.route.template
	if !strings.HasPrefix(r.UserAgent(), "DiscordBot (") {
		s.problem("%s: User-Agent %q is not of the form \"DiscordBot (url, version)\", which Discord asks for", name, r.UserAgent())
	}
	// The body is read before anything is answered or cut, as otherwise a client could see its own write fail.
	refused, whole := s.readBody(w, c)

	f := s.fault(c.route)
	if f != nil {
		if f.Hang != nil && !f.After {
			s.hang(r, f.Hang)
		}
		if !f.After && (f.Cut || f.Status != 0) {
			if f.Cut {
				s.record(c, 0, 0, true)
				cut(w)
				return
			}
			s.write(w, c, "", f.response(), true)
			return
		}
	}
	var res response
	bucket, limited := s.spend(c)
	switch {
	case !whole:
		res = refused
	case c.route.auth && !s.authorized(r):
		res = unauthorized
	case limited != nil:
		res = *limited
	default:
		if res = s.inspect(name, c); res.status == 0 {
			res = c.route.handle(s, c)
		}
	}
	if f != nil && f.After {
		if f.Hang != nil {
			s.hang(r, f.Hang)
		}
		if f.Cut {
			s.record(c, 0, 0, true)
			cut(w)
			return
		}
		if f.Status != 0 {
			res = f.response()
		}
	}
	s.write(w, c, bucket, res, f != nil)
}

// maskPath hides what looks like a token of an interaction.
func maskPath(path string) string {
	parts := strings.Split(path, "/")
	for n, p := range parts {
		if len(p) > 40 {
			parts[n] = "…"
		}
	}
	return strings.Join(parts, "/")
}

func (s *Server) hang(r *http.Request, release <-chan struct{}) {
	select {
	case <-release:
	case <-s.done:
	case <-r.Context().Done():
	}
}

func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func (s *Server) authorized(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.revoked && r.Header.Get("Authorization") == "Bot "+s.Token
}

// readBody reads the JSON and the files; whole is false when the response says what is wrong with them.
func (s *Server) readBody(w http.ResponseWriter, c *call) (refused response, whole bool) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody))
	if err != nil {
		return fail(413, 40005, "Request entity too large"), false
	}
	if len(raw) == 0 {
		return response{}, true
	}
	name := c.route.method + " " + c.route.template
	kind, args, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		c.body = raw
	case "multipart/form-data":
		parts := multipart.NewReader(bytes.NewReader(raw), args["boundary"])
		for {
			p, err := parts.NextPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				s.problem("%s: multipart body cannot be read: %v", name, err)
				return fail(400, 50109, "The request body contains invalid JSON."), false
			}
			body, _ := io.ReadAll(p)
			if p.FormName() == "payload_json" {
				c.body = body
				continue
			}
			if !strings.HasPrefix(p.FormName(), "file") || p.FileName() == "" {
				s.problem("%s: multipart part %q is neither payload_json nor a file with a name", name, p.FormName())
			}
			c.files = append(c.files, file{name: p.FileName(), kind: p.Header.Get("Content-Type"), body: body})
		}
	default:
		s.problem("%s: Content-Type %q", name, c.r.Header.Get("Content-Type"))
		return fail(400, 50035, "Invalid Form Body"), false
	}
	if len(c.body) > 0 {
		var v any
		if err := json.Unmarshal(c.body, &v); err != nil {
			s.problem("%s: body is not JSON: %v", name, err)
			return fail(400, 50109, "The request body contains invalid JSON."), false
		}
		c.json, _ = v.(map[string]any)
	}
	return response{}, true
}

// inspect checks a body. What Discord would refuse is refused; every finding is a problem.
func (s *Server) inspect(name string, c *call) response {
	if len(c.body) == 0 {
		if c.route.method == "POST" || c.route.method == "PATCH" || c.route.method == "PUT" {
			if !strings.HasSuffix(c.route.template, "/typing") {
				s.problem("%s: no body", name)
				return fail(400, 50109, "The request body contains invalid JSON.")
			}
		}
		return response{}
	}
	hard, soft := s.examine(c)
	for _, p := range slices.Concat(hard, soft) {
		s.problem("%s: %s", name, p)
	}
	if len(hard) > 0 {
		r := fail(400, 50035, "Invalid Form Body")
		r.body.(map[string]any)["errors"] = map[string]any{"_errors": []any{map[string]any{"code": "INVALID", "message": hard[0]}}}
		return r
	}
	return response{}
}

// write answers, with the headers of the rate limit.
func (s *Server) write(w http.ResponseWriter, c *call, bucket string, res response, fault bool) {
	s.record(c, res.status, res.code, fault)
	h := w.Header()
	for k, v := range res.header {
		h[k] = v
	}
	s.limitHeaders(h, bucket)
	if res.body == nil {
		w.WriteHeader(res.status)
		return
	}
	if raw, ok := res.body.(string); ok {
		h.Set("Content-Type", "text/html")
		w.WriteHeader(res.status)
		_, _ = io.WriteString(w, raw)
		return
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(res.status)
	_ = json.NewEncoder(w).Encode(res.body)
}

func (s *Server) record(c *call, status, code int, fault bool) {
	s.mu.Lock()
	if c.route != nil && status >= 400 && s.opt.Scale != nil && s.opt.Scale.OnRefused != nil {
		defer s.opt.Scale.OnRefused(c.route.method, c.route.template, status, code) // after the lock is released
	}
	defer s.mu.Unlock()
	if status == 401 || status == 403 || status == 429 {
		s.invalid++
	}
	if c.route == nil {
		return
	}
	s.counts[c.route.method+" "+c.route.template]++
	if s.opt.Scale == nil {
		s.requests = append(s.requests, Request{c.route.method, c.route.template, string(c.body), status, code,
			c.r.Header.Get("Authorization") != "", fault})
		s.wake()
	}
}

// Requests returns the requests so far, in the order in which they were answered; none under load.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Count returns how many requests there were to a route, refused ones included. The names in a template's
// braces do not matter.
func (s *Server) Count(method, template string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count(method, template)
}

func (s *Server) count(method, template string) int {
	n := 0
	for _, r := range routes {
		if r.method == method && sameTemplate(r.template, template) {
			n += s.counts[r.method+" "+r.template]
		}
	}
	return n
}

// WaitCount waits until a route has got at least n requests.
func (s *Server) WaitCount(method, template string, n int) {
	if s.tb != nil {
		s.tb.Helper()
	}
	ctx, cancel := s.patience()
	defer cancel()
	got := 0
	if err := s.await(ctx, &s.notice, func() bool { got = s.count(method, template); return got >= n }); err != nil {
		s.fatal(fmt.Errorf("waiting for %d requests %s %s, got %d: %w", n, method, template, got, err))
	}
}

// Invalid returns how many requests were answered 401, 403 or 429; Discord blocks an address that has
// 10,000 of them in 10 minutes.
func (s *Server) Invalid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.invalid
}

// sameTemplate compares two templates without the names in their braces; "@original" is a message id.
func sameTemplate(a, b string) bool {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	if len(x) != len(y) {
		return false
	}
	for n := range x {
		open := strings.HasPrefix(x[n], "{") && (strings.HasPrefix(y[n], "{") || y[n] == "@original")
		if !open && x[n] != y[n] {
			return false
		}
	}
	return true
}

// callback is POST /interactions/{id}/{token}/callback.
func (s *Server) callback(c *call) response {
	return s.respond(c.params[0], c.params[1], c.json, c.files, c.r.URL.Query().Get("with_response") == "true")
}

// respond takes the first response to an interaction, however it came.
func (s *Server) respond(id, token string, body map[string]any, files []file, withResponse bool) response {
	s.mu.Lock()
	i := s.interactions[id]
	if i == nil || i.token != token {
		s.mu.Unlock()
		return unknownInteraction
	}
	if i.ack != 0 {
		s.mu.Unlock()
		s.extra(i, "second acknowledgement")
		return fail(400, 40060, "Interaction has already been acknowledged.")
	}
	if i.ackOver || i.tokenOver || s.now().Sub(i.made) > ackTime {
		s.mu.Unlock()
		return unknownInteraction
	}
	kind := number(body["type"])
	data := object(body["data"])
	if why := i.refuses(kind, data, files); why != "" {
		s.mu.Unlock()
		s.problem("callback of type %d after %s: %s", kind, i, why)
		return fail(400, 50035, "Invalid Form Body")
	}
	if kind == 7 && number(data["flags"])&flagEphemeral != 0 && i.source.onlyFor == nil {
		defer s.problem("the update after %s asks for ephemeral, but everyone sees the message", i)
	}
	i.ack = kind
	i.acked = time.Now()
	switch kind {
	case 4, 5:
		m := &message{id: s.id(), channel: i.channel, author: s.bot, kind: 20, made: s.now(), by: i, original: true}
		if i.kind == kindCommand && i.target != nil {
			m.kind = 23
		} else if i.kind != kindCommand {
			m.kind = 0
			if i.source != nil {
				m.kind, m.replyTo = 19, i.source
			}
		}
		if number(data["flags"])&flagEphemeral != 0 || i.forcedPrivate() {
			m.flags, m.onlyFor = flagEphemeral, i.person
		}
		if kind == 5 {
			m.flags |= flagLoading
			m.version = 1 // "thinking…"
		} else {
			m.apply(data, files)
		}
		i.original = m
		s.keep(m)
		s.tell(i, m, "")
	case 7:
		i.source.apply(data, files)
		i.source.edited = s.now()
		s.tell(i, i.source, "edit")
	case 8:
		i.choices = nil
		for _, x := range list(data["choices"]) {
			x := object(x)
			i.choices = append(i.choices, Choice{Label: text(x["name"]), Value: fmt.Sprint(x["value"])})
		}
		s.tell(i, nil, "choices")
	case 9:
		i.modal = &Modal{i: i, CustomID: text(data["custom_id"]), Title: text(data["title"]), Rows: readRows(list(data["components"]))}
		s.tell(i, nil, "modal")
	}
	i.notice.wake()
	s.wake()
	var out map[string]any
	if withResponse {
		out = map[string]any{"interaction": map[string]any{"id": i.ID, "type": i.kind}}
		if m := i.answered(); m != nil {
			in := out["interaction"].(map[string]any)
			in["response_message_id"], in["response_message_loading"] = m.id, m.flags&flagLoading != 0
			in["response_message_ephemeral"] = m.onlyFor != nil
			out["resource"] = map[string]any{"type": kind, "message": m.json(s, true)}
		}
	}
	final := kind != 5 && kind != 6
	if final {
		i.finished = i.acked
	}
	took := i.acked.Sub(i.delivered)
	s.mu.Unlock()

	if sc := s.opt.Scale; sc != nil {
		if sc.OnAck != nil {
			sc.OnAck(i, took)
		}
		if final && sc.OnFinal != nil {
			sc.OnFinal(i, took)
		}
	}
	if withResponse {
		return ok(out)
	}
	return noContent
}

// keep stores a message of the bot and announces it to the gateway, as Discord does with a bot's own.
func (s *Server) keep(m *message) {
	if s.opt.Scale != nil {
		return
	}
	s.messages[m.id] = m
	m.channel.log = append(m.channel.log, m)
	if m.onlyFor == nil {
		s.announce("MESSAGE_CREATE", m)
	}
}

// apply puts the content of a body in the place of what the message had; what the body does not name stays.
func (m *message) apply(data map[string]any, files []file) {
	if v, ok := data["content"]; ok {
		m.content = text(v)
	}
	if v, ok := data["embeds"]; ok {
		m.embeds = list(v)
	}
	if v, ok := data["components"]; ok {
		m.parts = numbered(list(v))
	}
	if v, ok := data["attachments"]; ok && len(list(v)) == 0 {
		m.files = nil
	}
	if len(files) > 0 {
		m.files = append(m.files, files...)
	}
	m.flags = m.flags&^(flagLoading|flagSuppress) | number(data["flags"])&(flagSuppress|flagV2)
	m.version++
}

// empty says that nothing could be seen of the message.
func (m *message) empty() bool {
	return m.content == "" && len(m.embeds) == 0 && len(m.parts) == 0 && len(m.files) == 0
}

// hook finds the interaction of a webhook route.
func (s *Server) hook(c *call) (*Interaction, *response) {
	if c.params[0] != s.AppID {
		return nil, &unknownWebhook
	}
	id := interactionOf(c.params[1])
	i := s.interactions[id]
	if i == nil || i.token != c.params[1] || i.ack == 0 {
		return nil, &unknownWebhook
	}
	if i.tokenOver || s.now().Sub(i.made) > tokenTime {
		if i.over401 {
			r := fail(401, 50027, "Invalid Webhook Token")
			return nil, &r
		}
		return nil, &unknownWebhook
	}
	return i, nil
}

// hookMessage finds the message of a webhook route.
func (s *Server) hookMessage(c *call) (*Interaction, *message, *response) {
	i, no := s.hook(c)
	if no != nil {
		return nil, nil, no
	}
	var m *message
	if id := c.params[2]; id == "@original" {
		m = i.answered()
	} else {
		if i.original != nil && i.original.id == id {
			m = i.original
		}
		for _, f := range i.followUps {
			if f.id == id {
				m = f
			}
		}
	}
	if m == nil || m.deleted {
		return nil, nil, &unknownMessage
	}
	return i, m, nil
}

func (s *Server) getHook(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, m, no := s.hookMessage(c)
	if no != nil {
		return *no
	}
	return ok(m.json(s, true))
}

func (s *Server) patchHook(c *call) response {
	s.mu.Lock()
	i, m, no := s.hookMessage(c)
	if no != nil {
		s.mu.Unlock()
		return *no
	}
	return s.edit(i, m, c)
}

// edit replaces a message of an interaction. It is called with the lock held and releases it.
func (s *Server) edit(i *Interaction, m *message, c *call) response {
	if number(c.json["flags"])&flagEphemeral != 0 && m.onlyFor == nil {
		defer s.problem("the edit after %s asks for ephemeral, which was settled otherwise by the acknowledgement: everyone sees it", i)
	}
	was := *m
	m.apply(c.json, c.files)
	if m.empty() {
		*m = was
		s.mu.Unlock()
		s.problem("an edit after %s leaves the message empty", i)
		return fail(400, 50006, "Cannot send an empty message")
	}
	m.edited = s.now()
	again := !i.finished.IsZero()
	if !again {
		i.finished = time.Now()
	}
	took := i.finished.Sub(i.delivered)
	if was.flags&flagLoading != 0 {
		m.edited = time.Time{} // the first content of a deferred message is not shown as an edit
	}
	s.tell(i, m, "edit")
	if m.onlyFor == nil && s.opt.Scale == nil {
		s.announce("MESSAGE_UPDATE", m)
	}
	i.notice.wake()
	s.wake()
	out := m.json(s, true)
	s.mu.Unlock()
	if sc := s.opt.Scale; sc != nil {
		if !again && sc.OnFinal != nil {
			sc.OnFinal(i, took)
		}
		if again {
			s.extra(i, "edit after the final one")
		}
	}
	return ok(out)
}

func (s *Server) extra(i *Interaction, what string) {
	if sc := s.opt.Scale; sc != nil && sc.OnExtra != nil {
		sc.OnExtra(i, what)
	}
}

func (s *Server) deleteHook(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, m, no := s.hookMessage(c)
	if no != nil {
		return *no
	}
	m.deleted = true
	s.tell(i, m, "delete")
	i.notice.wake()
	s.wake()
	return noContent
}

// followUp is POST /webhooks/{application}/{token}. Directly after a deferral Discord takes it as the edit of
// the deferred message (https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages).
func (s *Server) followUp(c *call) response {
	s.mu.Lock()
	i, no := s.hook(c)
	if no != nil {
		s.mu.Unlock()
		return *no
	}
	private := number(c.json["flags"])&flagEphemeral != 0
	if m := i.original; m != nil && m.flags&flagLoading != 0 && !m.deleted {
		if private != (m.onlyFor != nil) {
			defer s.problem("the follow-up after %s comes before the deferred message is filled: "+
				"Discord takes it as its edit, and its ephemeral flag does not count", i)
		}
		if private && m.onlyFor == nil {
			delete(c.json, "flags") // said above
		}
		return s.edit(i, m, c)
	}
	if i.channel.guild != nil && i.channel.guild.away && len(i.followUps) >= 5 {
		s.mu.Unlock()
		return fail(400, 40094, "This interaction has reached the maximum number of follow-up messages.")
	}
	m := &message{id: s.id(), channel: i.channel, author: s.bot, made: s.now(), by: i}
	if i.original != nil && !i.original.deleted {
		m.kind, m.replyTo = 19, i.original
	}
	if private || i.forcedPrivate() {
		m.flags, m.onlyFor = flagEphemeral, i.person
	}
	m.apply(c.json, c.files)
	if m.empty() {
		s.mu.Unlock()
		s.problem("the follow-up after %s is empty", i)
		return fail(400, 50006, "Cannot send an empty message")
	}
	i.followUps = append(i.followUps, m)
	s.keep(m)
	s.tell(i, m, "")
	i.notice.wake()
	s.wake()
	out := m.json(s, true)
	s.mu.Unlock()
	return ok(out)
}

// reach finds a channel that the bot can see and the permissions it has there.
func (s *Server) reach(c *call) (*Channel, *response) {
	ch := s.channels[c.params[0]]
	switch {
	case ch == nil:
		return nil, &unknownChannel
	case ch.private, ch.guild != nil && ch.guild.away, ch.perms&ViewChannel == 0:
		r := fail(403, 50001, "Missing Access")
		return nil, &r
	}
	return ch, nil
}

// nonceTime is how long one nonce makes one message; Discord says "a few minutes".
const nonceTime = 5 * time.Minute

var missingPermissions = fail(403, 50013, "Missing Permissions")

func (s *Server) postMessage(c *call) response {
	s.mu.Lock()
	ch, no := s.reach(c)
	if no != nil {
		s.mu.Unlock()
		return *no
	}
	if ch.perms&SendMessages == 0 {
		s.mu.Unlock()
		if ch.person != nil {
			return fail(403, 50007, "Cannot send messages to this user")
		}
		return missingPermissions
	}
	if len(c.files) > 0 && ch.perms&AttachFiles == 0 {
		s.mu.Unlock()
		return missingPermissions
	}
	nonce := fmt.Sprint(c.json["nonce"])
	enforced := c.json["nonce"] != nil && yes(c.json["enforce_nonce"])
	if m := ch.nonces[nonce]; enforced && m != nil && s.now().Sub(m.made) < nonceTime {
		out := m.json(s, true)
		s.mu.Unlock()
		return ok(out)
	}
	m := &message{id: s.id(), channel: ch, author: s.bot, made: s.now()}
	if ref := object(c.json["message_reference"]); ref != nil {
		to := s.messages[text(ref["message_id"])]
		gone := to == nil || to.deleted || to.channel != ch
		if v, set := ref["fail_if_not_exists"].(bool); gone && (!set || v) {
			s.mu.Unlock()
			r := fail(400, 50035, "Invalid Form Body")
			r.body.(map[string]any)["errors"] = map[string]any{"message_reference": map[string]any{"_errors": []any{
				map[string]any{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}}}}
			return r
		}
		if !gone {
			m.kind, m.replyTo = 19, to
		}
	}
	m.apply(c.json, c.files)
	if ch.perms&EmbedLinks == 0 && len(m.embeds) > 0 {
		m.embeds = nil // Discord drops them without a word
	}
	if m.empty() {
		s.mu.Unlock()
		if ch.perms&EmbedLinks != 0 {
			s.problem("message to %s is empty", ch.label())
		}
		return fail(400, 50006, "Cannot send an empty message")
	}
	if enforced {
		if len(ch.nonces) >= 10000 {
			maps.DeleteFunc(ch.nonces, func(_ string, m *message) bool { return s.now().Sub(m.made) >= nonceTime })
		}
		ch.nonces[nonce] = m
	}
	s.keep(m)
	s.tell(nil, m, "")
	s.wake()
	out := m.json(s, true)
	if c.json["nonce"] != nil {
		out["nonce"] = c.json["nonce"]
	}
	s.mu.Unlock()
	return ok(out)
}

func (s *Server) getMessages(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, no := s.reach(c)
	if no != nil {
		return *no
	}
	if ch.perms&ReadMessageHistory == 0 {
		return ok([]any{})
	}
	n := 50
	if v, err := strconv.Atoi(c.r.URL.Query().Get("limit")); err == nil {
		if v < 1 || v > 100 {
			return fail(400, 50035, "Invalid Form Body")
		}
		n = v
	}
	before, _ := strconv.ParseUint(c.r.URL.Query().Get("before"), 10, 64)
	out := []any{}
	for _, m := range slices.Backward(ch.log) {
		id, _ := strconv.ParseUint(m.id, 10, 64)
		if len(out) < n && !m.deleted && m.onlyFor == nil && (before == 0 || id < before) {
			out = append(out, m.json(s, false))
		}
	}
	return ok(out)
}

// channelMessage finds a message of a channel that is not ephemeral: those cannot be fetched.
func (s *Server) channelMessage(c *call) (*message, *response) {
	ch, no := s.reach(c)
	if no != nil {
		return nil, no
	}
	m := s.messages[c.params[1]]
	if m == nil || m.deleted || m.channel != ch || m.onlyFor != nil {
		return nil, &unknownMessage
	}
	return m, nil
}

func (s *Server) getMessage(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, no := s.channelMessage(c)
	if no != nil {
		return *no
	}
	if m.channel.perms&ReadMessageHistory == 0 {
		return missingPermissions
	}
	return ok(m.json(s, false))
}

func (s *Server) patchMessage(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, no := s.channelMessage(c)
	if no != nil {
		return *no
	}
	if m.author != s.bot {
		return fail(403, 50005, "Cannot edit a message authored by another user")
	}
	was := *m
	if m.apply(c.json, c.files); m.empty() {
		*m = was
		return fail(400, 50006, "Cannot send an empty message")
	}
	m.edited = s.now()
	s.announce("MESSAGE_UPDATE", m)
	s.tell(nil, m, "edit")
	s.wake()
	return ok(m.json(s, true))
}

func (s *Server) deleteMessage(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, no := s.channelMessage(c)
	if no != nil {
		return *no
	}
	if m.author != s.bot {
		return missingPermissions
	}
	m.deleted = true
	s.tell(nil, m, "delete")
	s.wake()
	return noContent
}

func (s *Server) typing(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, no := s.reach(c)
	if no != nil {
		return *no
	}
	if ch.perms&SendMessages == 0 {
		return missingPermissions
	}
	return noContent
}

func (s *Server) getChannel(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, no := s.reach(c)
	if no != nil {
		return *no
	}
	return ok(ch.json())
}

func (s *Server) openDirect(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.people[text(c.json["recipient_id"])]
	if u == nil || u.bot {
		return fail(400, 50033, "Invalid Recipient(s)")
	}
	return ok(u.direct().json())
}

func (s *Server) getMe(*call) response {
	out := s.bot.json()
	out["verified"], out["mfa_enabled"], out["locale"], out["email"], out["flags"] = true, true, "en-US", nil, 0
	return ok(out)
}

func (s *Server) getGuilds(*call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, g := range s.guilds {
		if !g.away {
			out = append(out, map[string]any{"id": g.ID, "name": g.Name, "icon": nil, "owner": false,
				"permissions": strconv.FormatUint(everyone, 10), "features": []any{}})
		}
	}
	return ok(out)
}

// Flags of an application that say which privileged intents it has (limited: below the review threshold).
const (
	appPresences = 1 << 13
	appMembers   = 1 << 15
	appContent   = 1 << 19
)

func (s *Server) getApplication(*call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	flags := 0
	for intent, flag := range map[int]int{intentPresences: appPresences, intentMembers: appMembers, intentContent: appContent} {
		if s.opt.Privileged&intent != 0 {
			flags |= flag
		}
	}
	var endpoint any
	if s.endpoint != "" {
		endpoint = s.endpoint
	}
	here := 0
	for _, g := range s.guilds {
		if !g.away {
			here++
		}
	}
	return ok(map[string]any{"id": s.AppID, "name": s.opt.BotName, "icon": nil, "description": "", "summary": "", "type": nil,
		"bot": s.bot.json(), "bot_public": true, "bot_require_code_grant": false,
		"verify_key": fmt.Sprintf("%x", []byte(s.PublicKey)), "flags": flags, "hook": true,
		"interactions_endpoint_url": endpoint, "approximate_guild_count": here, "approximate_user_install_count": 0, "redirect_uris": []any{},
		"integration_types_config": map[string]any{"0": map[string]any{}, "1": map[string]any{}}, "team": nil,
		"owner": map[string]any{"id": "1100000000000000001", "username": "owner", "discriminator": "0", "avatar": nil, "global_name": nil,
			"public_flags": 0, "flags": 0}})
}

func (s *Server) getGateway(*call) response { return ok(map[string]any{"url": s.gw.url}) }

func (s *Server) getGatewayBot(*call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ok(map[string]any{"url": s.gw.url, "shards": s.opt.Shards, "session_start_limit": map[string]any{
		"total": 1000, "remaining": max(0, 1000-len(s.gw.identifies)), "reset_after": 86400000, "max_concurrency": s.opt.MaxConcurrency}})
}

func (s *Server) commandScope(c *call) (guild string, no *response) {
	if c.params[0] != s.AppID {
		r := fail(403, 20012, "You are not authorized to perform this action on this application")
		return "", &r
	}
	if len(c.params) > 1 {
		guild = c.params[1]
		if !slices.ContainsFunc(s.guilds, func(g *Guild) bool { return g.ID == guild && !g.away }) {
			r := fail(403, 50001, "Missing Access")
			return "", &r
		}
	}
	return guild, nil
}

func (s *Server) getCommands(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	guild, no := s.commandScope(c)
	if no != nil {
		return *no
	}
	full := c.r.URL.Query().Get("with_localizations") == "true"
	out := []any{}
	for _, cmd := range s.commands[guild] {
		out = append(out, localised(cmd, full))
	}
	return ok(out)
}

// localised copies a command with or without its localisations, its options' too.
func localised(v map[string]any, full bool) map[string]any {
	out := make(map[string]any, len(v))
	for k, x := range v {
		if !full && (k == "name_localizations" || k == "description_localizations") {
			continue
		}
		if l, ok := x.([]any); ok && (k == "options" || k == "choices") {
			inner := []any{}
			for _, o := range l {
				if m, ok := o.(map[string]any); ok {
					inner = append(inner, localised(m, full))
				}
			}
			x = inner
		}
		out[k] = x
	}
	return out
}

// maxCreates is how many commands that did not exist an application may make a day and scope.
const maxCreates = 200

func (s *Server) putCommands(c *call) response {
	var list []map[string]any
	if err := json.Unmarshal(c.body, &list); err != nil {
		return fail(400, 50035, "Invalid Form Body")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	guild, no := s.commandScope(c)
	if no != nil {
		return *no
	}
	key := func(cmd map[string]any) string {
		return fmt.Sprint(max(number(cmd["type"]), 1), " ", text(cmd["name"]))
	}
	old := make(map[string]map[string]any)
	for _, cmd := range s.commands[guild] {
		old[key(cmd)] = cmd
	}
	fresh := 0
	for _, cmd := range list {
		if old[key(cmd)] == nil {
			fresh++
		}
	}
	if s.creates+fresh > maxCreates {
		return fail(400, 30034, "Max number of daily application command creates has been reached (200)")
	}
	s.creates += fresh
	version := s.id()
	out := []any{}
	for n, cmd := range list {
		given := map[string]any{"id": s.id(), "application_id": s.AppID, "version": version, "type": 1, "description": "", "dm_permission": true,
			"default_member_permissions": nil, "nsfw": false, "integration_types": []any{0.0}, "contexts": nil, "options": []any{},
			"name_localizations": nil, "description_localizations": nil}
		if guild != "" {
			given["guild_id"] = guild
		}
		for k, v := range cmd {
			if v != nil {
				given[k] = v
			}
		}
		if before := old[key(cmd)]; before != nil {
			given["id"] = before["id"]
		}
		list[n] = given
		out = append(out, given)
	}
	s.commands[guild] = list
	s.wake()
	return ok(out)
}

// Commands returns the names of the registered commands of a guild, "" for the global ones, in the order in
// which they were registered.
func (s *Server) Commands(guild string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, cmd := range s.commands[guild] {
		out = append(out, text(cmd["name"]))
	}
	return out
}

// Command returns a registered global command as it was put, nil if there is none of that name.
func (s *Server) Command(name string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.command("", name)
}

func (s *Server) command(guild, name string) map[string]any {
	for _, cmd := range s.commands[guild] {
		if text(cmd["name"]) == name {
			return cmd
		}
	}
	return nil
}

// CommandCreates returns how many commands were made that did not exist, of which Discord allows 200 a day.
func (s *Server) CommandCreates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.creates
}
