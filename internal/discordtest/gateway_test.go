package discordtest

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// client is a gateway client that does what a test tells it, and nothing of its own.
type client struct {
	t  *testing.T
	ws *websocket.Conn
}

type event struct {
	Op int
	T  string
	S  int64
	D  json.RawMessage
}

func dial(t *testing.T, s *Server) *client {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(s.gw.url+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close() })
	_ = ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	return &client{t: t, ws: ws}
}

func (c *client) send(op int, d any) {
	c.t.Helper()
	if err := c.ws.WriteJSON(map[string]any{"op": op, "d": d}); err != nil {
		c.t.Fatal(err)
	}
}

// next reads an event, or the code that the server closed with.
func (c *client) next() (e event, code int) {
	c.t.Helper()
	err := c.ws.ReadJSON(&e)
	if err != nil {
		return e, codeOf(err)
	}
	return e, 0
}

// want reads an event and says if it is another; "READY" or "op 7" or "close 4014".
func (c *client) want(what string) event {
	c.t.Helper()
	e, code := c.next()
	got := e.T
	if code != 0 {
		got = fmt.Sprintf("close %d", code)
	} else if e.Op != 0 {
		got = fmt.Sprintf("op %d", e.Op)
	}
	if got != what {
		c.t.Fatalf("got %s (%s), want %s", got, e.D, what)
	}
	return e
}

func identity(s *Server, shard, shards, intents int) map[string]any {
	return map[string]any{"token": s.Token, "intents": intents, "shard": []int{shard, shards},
		"properties": map[string]string{"os": "linux", "browser": "test", "device": "test"}}
}

func TestGatewayCodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op   int
		d    func(*Server) any
		want string
	}{
		"usual":               {2, func(s *Server) any { return identity(s, 0, 2, 1) }, "READY"},
		"wrong token":         {2, func(s *Server) any { return map[string]any{"token": "x", "intents": 0} }, "close 4004"},
		"shard out of bounds": {2, func(s *Server) any { return identity(s, 2, 2, 0) }, "close 4010"},
		"too few shards":      {2, func(s *Server) any { return identity(s, 0, 1, 0) }, "close 4011"},
		"unknown intent":      {2, func(s *Server) any { return identity(s, 0, 2, 1<<18) }, "close 4013"},
		"no intents":          {2, func(s *Server) any { return map[string]any{"token": s.Token, "shard": []int{0, 2}} }, "close 4013"},
		"privileged intent":   {2, func(s *Server) any { return identity(s, 0, 2, intentContent) }, "close 4014"},
		"granted intent":      {2, func(s *Server) any { return identity(s, 0, 2, intentMembers) }, "READY"},
		"resume of nothing":   {6, func(s *Server) any { return map[string]any{"token": s.Token, "session_id": "x", "seq": 1} }, "op 9"},
		"presence too early":  {3, func(*Server) any { return map[string]any{} }, "close 4003"},
		"heartbeat":           {1, func(*Server) any { return nil }, "op 11"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewServer(t, Options{MinShards: 2, Privileged: intentMembers})
			c := dial(t, s)
			if e := c.want("op 10"); !strings.Contains(string(e.D), `"heartbeat_interval":41250`) {
				t.Errorf("HELLO %s", e.D)
			}
			c.send(test.op, test.d(s))
			c.want(test.want)
		})
	}
}

// TestGatewayMisuse: what a client must not send is a problem too.
func TestGatewayMisuse(t *testing.T) {
	t.Parallel()
	s := strange(t, Options{})
	for want, raw := range map[string]string{"close 4001": `{"op":99}`, "close 4002": strings.Repeat("x", 5000)} {
		c := dial(t, s)
		c.want("op 10")
		if err := c.ws.WriteMessage(websocket.TextMessage, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		c.want(want)
	}
	c := dial(t, s)
	c.want("op 10")
	for range 121 {
		c.send(1, nil)
	}
	for range 120 {
		c.want("op 11")
	}
	for code := 0; code != 4008; {
		if _, code = c.next(); code != 0 && code != 4008 {
			t.Fatalf("closed with %d", code)
		}
	}
	if b := s.Gateway().Breaches; len(b) != 1 || !strings.Contains(b[0], "120 events") {
		t.Errorf("breaches %q", b)
	}
	if p := s.Problems(); len(p) != 2 {
		t.Errorf("problems %q", p)
	}
}

// TestShards: a guild's events go to its shard, direct messages to shard 0.
func TestShards(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{MaxConcurrency: 2, IdentifyEvery: time.Hour})
	alice := s.User("alice")
	clients := make([]*client, 3)
	for n := range clients {
		clients[n] = dial(t, s)
		clients[n].want("op 10")
		clients[n].send(2, identity(s, n, len(clients), intentDirectMessages))
		clients[n].want("READY")
	}
	s.WaitReady(3)
	var first *Guild
	for n := range 6 {
		g := s.Guild(fmt.Sprintf("g%d", n))
		if n == 0 {
			first = g
		}
		shard := g.Shard(3)
		if want := (first.Shard(3) + n) % 3; shard != want {
			t.Errorf("guild %d lies on shard %d, want %d", n, shard, want)
		}
		i := alice.In(g.Channel("c")).Slash("ask")
		if e := clients[shard].want("INTERACTION_CREATE"); !strings.Contains(string(e.D), i.ID) {
			t.Errorf("guild %d: got %s", n, e.D)
		}
	}
	// A second connection of a shard gets the same events; one of the two answers.
	second := dial(t, s)
	second.want("op 10")
	second.send(2, identity(s, first.Shard(3), 3, 0))
	second.want("READY")
	both := alice.In(first.Channel("d")).Slash("ask")
	clients[first.Shard(3)].want("INTERACTION_CREATE")
	second.want("INTERACTION_CREATE")
	for n, want := range []int{204, 400} {
		if a := do(t, s, "POST", both.callbackPath(), `{"type":5}`); a.status != want {
			t.Errorf("acknowledgement %d: %d", n, a.status)
		}
	}

	alice.DM("hello")
	clients[0].want("MESSAGE_CREATE")
	alice.InDirect().Slash("ask")
	clients[0].want("INTERACTION_CREATE")
	if b := s.Gateway().Breaches; len(b) != 2 || !strings.Contains(b[0], "IDENTIFY of shard 2") {
		t.Errorf("IDENTIFYs of one bucket: %q", b)
	}
}

// TestResume: what was missed is replayed, unless the client said goodbye or the session is gone.
func TestResume(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	help := s.Guild("Clinic").Channel("help")
	alice := s.User("alice")
	c := dial(t, s)
	c.want("op 10")
	c.send(2, identity(s, 0, 1, 0))
	var ready struct {
		Session string `json:"session_id"`
		Resume  string `json:"resume_gateway_url"`
		User    struct{ ID string }
		App     struct{ ID string } `json:"application"`
	}
	e := c.want("READY")
	if err := json.Unmarshal(e.D, &ready); err != nil || ready.User.ID != s.BotID || ready.App.ID != s.AppID || !strings.HasPrefix(ready.Resume, "ws://") {
		t.Fatalf("READY %s: %v", e.D, err)
	}
	alice.In(help).Slash("ask")
	got := c.want("INTERACTION_CREATE")
	s.CutGateway(0)
	c.want("close 1006")
	s.WaitGateway("the connection to end", func(st GatewayState) bool { return st.Open == 0 })
	missed := alice.In(help).Slash("ask")

	c = dial(t, s)
	c.want("op 10")
	resume := map[string]any{"token": s.Token, "session_id": ready.Session, "seq": got.S}
	c.send(6, resume)
	if e := c.want("INTERACTION_CREATE"); !strings.Contains(string(e.D), missed.ID) || e.S != got.S+1 {
		t.Errorf("replayed %d %s", e.S, e.D)
	}
	c.want("RESUMED")
	missed.Redeliver()
	if e := c.want("INTERACTION_CREATE"); !strings.Contains(string(e.D), missed.ID) {
		t.Errorf("redelivered %s", e.D)
	}
	s.Zombie(0)
	c.send(1, nil)
	s.CloseGateway(0, 4000)
	c.want("close 4000") // and no op 11 before it
	s.WaitGateway("the connection to end", func(st GatewayState) bool { return st.Open == 0 })

	s.NextOpenings(OpenUsual(), OpenClosed(4013))
	c = dial(t, s)
	c.want("op 10")
	c.send(6, resume)
	c.want("INTERACTION_CREATE")
	c.want("INTERACTION_CREATE") // redelivered; the RESUMED between them belongs to the first connection
	c.want("RESUMED")
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
	c.want("close 1000")
	s.WaitGateway("the goodbye", func(st GatewayState) bool { return st.Open == 0 })
	c = dial(t, s)
	c.want("op 10")
	c.send(6, resume)
	if e := c.want("op 9"); string(e.D) != "false" {
		t.Errorf("op 9 %s", e.D)
	}
	c.send(2, identity(s, 0, 1, 0))
	c.want("close 4013")
}

// TestOpenings are the ways in which a connection can go wrong before READY.
func TestOpenings(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	for _, test := range []struct {
		opening Opening
		want    []string
	}{
		{OpenReconnect(), []string{"op 10", "op 7"}},
		{OpenInvalid(true), []string{"op 10", "op 9"}},
		{OpenClosed(4014), []string{"op 10", "close 4014"}},
		{OpenCut(), []string{"op 10", "close 1006"}},
		{OpenUsual(), []string{"op 10", "READY"}},
	} {
		s.NextOpenings(test.opening)
		c := dial(t, s)
		for n, want := range test.want {
			if n == 1 {
				c.send(2, identity(s, 0, 1, 0))
			}
			c.want(want)
		}
	}
	// Silence is proved by what comes after it: the end of the connection.
	s.NextOpenings(OpenSilent(), OpenStalled())
	silent, stalled := dial(t, s), dial(t, s)
	stalled.want("op 10")
	stalled.send(2, identity(s, 0, 1, 0))
	stalled.send(1, nil)
	stalled.want("op 11") // and no READY before it
	silent.send(1, nil)
	s.Close()
	silent.want("close 1006")
}

// TestEndpoint delivers signed requests to an endpoint that verifies them.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	strict, answers := true, map[string]string{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sig, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if strict && !ed25519.Verify(s.PublicKey, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), sig) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		var i struct {
			Type int
			Data struct{ Name string }
		}
		_ = json.Unmarshal(body, &i)
		if i.Type == 1 {
			_, _ = io.WriteString(w, `{"type":1}`)
			return
		}
		if a := answers[i.Data.Name]; a != "" {
			_, _ = io.WriteString(w, a)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer srv.Close()

	answers["ask"] = `{"type":4,"data":{"content":"in the body",` + quiet + `}}`
	ctx := t.Context()
	strict = false
	if err := s.SetEndpoint(ctx, srv.URL); err == nil || !strings.Contains(err.Error(), "wrong signature was answered 200") {
		t.Errorf("an endpoint that does not verify: %v", err)
	}
	strict = true
	if err := s.SetEndpoint(ctx, srv.URL); err != nil {
		t.Fatal(err)
	}
	help := s.Guild("Clinic").Channel("help")
	alice := s.User("alice")
	ask := alice.In(help).Slash("ask")
	if m := ask.WaitReply(); m.Content != "in the body" {
		t.Errorf("reply %+v", m)
	}
	later := alice.In(help).Slash("later")
	if status := later.WaitStatus(1); status != 202 {
		t.Errorf("status %d", status)
	}
	if a := do(t, s, "POST", later.callbackPath(), `{"type":5}`); a.status != 204 {
		t.Errorf("callback over REST: %d", a.status)
	}
	later.Redeliver()
	later.WaitStatus(2)
	for name, how := range map[string]Signing{"forged": Forged(), "unsigned": Unsigned(), "malformed": Malformed(), "old": SignedAt(s.Now().Add(-10 * time.Minute))} {
		req, err := s.Signed(ctx, srv.URL, s.Ping(), how)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		// A true signature of an old time passes here: this endpoint looks at no clock.
		if want := map[bool]int{true: 200, false: 401}[name == "old"]; res.StatusCode != want {
			t.Errorf("%s: %s", name, res.Status)
		}
	}
	srv.Close()
	broken := alice.In(help).Slash("later")
	if status := broken.WaitStatus(1); status != 0 {
		t.Errorf("status %d of an endpoint that is gone", status)
	}
	if _, err := broken.Ack(ctx); err == nil || !strings.Contains(err.Error(), "the endpoint") {
		t.Errorf("waiting for an answer of an endpoint that is gone: %v", err)
	}
}

// TestNobodyListens: waiting ends at once, and says why.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	_, i := asked(t, Options{})
	if _, err := i.Reply(context.Background()); err == nil || !strings.Contains(err.Error(), "nobody listens") {
		t.Errorf("waiting without a bot: %v", err)
	}
}

// TestChangedPayloads: payloads can lack what is usually there, and hold what is not.
func TestChangedPayloads(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	help := s.Guild("Clinic").Channel("help")
	alice := s.User("alice").In(help)
	c := dial(t, s)
	c.want("op 10")
	c.send(2, identity(s, 0, 1, intentGuildMessages))
	c.want("READY")
	read := func(what string) map[string]any {
		t.Helper()
		var v map[string]any
		if err := json.Unmarshal(c.want(what).D, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	alice.Slash("ask", Without("member"), With("data.resolved.odd", 1))
	if v := read("INTERACTION_CREATE"); v["member"] != nil || object(object(object(v["data"])["resolved"]))["odd"] != 1.0 {
		t.Errorf("payload %v", v)
	}
	strangeParts := []any{map[string]any{"type": 20, "x": true}}
	post := alice.Say("look", Without("author"), With("components", strangeParts))
	if v := read("MESSAGE_CREATE"); v["author"] != nil || len(list(v["components"])) != 1 {
		t.Errorf("message %v", v)
	}
	alice.MessageMenu("Check", post.Message)
	if v := read("INTERACTION_CREATE"); !strings.Contains(fmt.Sprint(object(v["data"])["resolved"]), "type:20") {
		t.Errorf("menu %v", v)
	}
	ask := alice.Slash("ask")
	read("INTERACTION_CREATE")
	do(t, s, "POST", ask.callbackPath(), `{"type":9,"data":{"custom_id":"f","title":"F","components":[{"type":1,"components":[{"type":4,"custom_id":"q","label":"Q","style":1}]}]}}`)
	alice.SubmitModal(ask.WaitModal(), map[string]string{"q": "text"}, AsLabels())
	if v := read("INTERACTION_CREATE"); !strings.Contains(fmt.Sprint(object(v["data"])["components"]), "component:map[custom_id:q") {
		t.Errorf("modal %v", v)
	}
}
