package bot

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
)

// A gate is a gateway for one test: each connection is played by the next of its scenes, and one that
// comes when all have been played fails the test.
type gate struct {
	t      *testing.T
	g      *Gateway
	scenes []func(*scene)
	info   string       // the reply to GET /gateway/bot, with %s for the address
	status int          // of that reply, if not 200
	denied atomic.Int32 // so many are answered 403 first
	log    *logbook

	conns        atomic.Int32
	interactions chan *Interaction
	messages     chan *Message
	result       chan error
	stop         context.CancelFunc
}

// scene is one connection seen from the server.
type scene struct {
	t    *testing.T
	n    int // 1 for the first connection
	conn *websocket.Conn
	at   *http.Request
	code int // with which the client closed, once next has failed
}

type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

func newGate(t *testing.T, o GatewayOptions, scenes ...func(*scene)) *gate {
	t.Helper()
	gt := &gate{t: t, scenes: scenes, interactions: make(chan *Interaction, 16), messages: make(chan *Message, 16), result: make(chan error, 1),
		info: `{"url":"%s","shards":1,"session_start_limit":{"total":1000,"remaining":999,"reset_after":3600000,"max_concurrency":1}}`,
		log:  &logbook{t: t}}
	upgrader := websocket.Upgrader{}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			t.Errorf("upgrade: %v", err)
			return
		}
		defer conn.Close()
		n := int(gt.conns.Add(1))
		if n > len(gt.scenes) {
			t.Errorf("connection %d is one too many", n)
			return
		}
		gt.scenes[n-1](&scene{t: t, n: n, conn: conn, at: r})
	})
	secure := o.TLS != nil
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	if secure {
		srv.StartTLS()
		o.TLS = srv.Client().Transport.(*http.Transport).TLSClientConfig
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	api := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.String() != "http://api.test/v10/gateway/bot" || r.Header.Get("Authorization") != "Bot the-token" {
			return nil, errors.New("not for this server: " + r.URL.Path)
		}
		if gt.denied.Add(-1) >= 0 {
			return jsonResponse(403, `{}`), nil
		}
		return jsonResponse(max(gt.status, 200), fmt.Sprintf(gt.info, "ws"+strings.TrimPrefix(srv.URL, "http"))), nil
	})
	o.Token, o.Log, o.Metrics = "the-token", slog.New(gt.log.handler()), NewMetrics(prometheus.NewPedanticRegistry())
	o.REST = NewREST(&url.URL{Scheme: "http", Host: "api.test", Path: "/v10"}, &http.Client{Transport: api}, o.Token, o.Log, o.Metrics)
	if o.OnInteraction == nil {
		o.OnInteraction = func(_ context.Context, i *Interaction) { gt.interactions <- i }
	}
	o.OnMessage = func(_ context.Context, m *Message) { gt.messages <- m }
	if o.Open == 0 {
		o.Open = 30 * time.Second // more than any busy machine takes
	}
	gt.g = NewGateway(o)
	gt.g.hang = time.Hour
	gt.g.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() } // time passes when it is asked to
	return gt
}

// run starts the gateway and ends it with the test.
func (gt *gate) run() {
	ctx, cancel := context.WithCancel(context.Background())
	gt.stop = cancel
	done := make(chan struct{})
	go func() {
		defer close(done)
		gt.result <- gt.g.Run(ctx)
	}()
	gt.t.Cleanup(func() { cancel(); <-done })
}

// end stops the gateway and checks that it ends without an error.
func (gt *gate) end() {
	gt.t.Helper()
	gt.stop()
	if err := <-gt.result; err != nil {
		gt.t.Errorf("Run: %v", err)
	}
}

// next returns the next frame of the client that is no heartbeat, and ok false when it has closed.
func (s *scene) next() (f frame, ok bool) {
	for {
		_, text, err := s.conn.ReadMessage()
		if closed := (*websocket.CloseError)(nil); errors.As(err, &closed) {
			s.code = closed.Code
		}
		if err != nil {
			return f, false
		}
		if err := json.Unmarshal(text, &f); err != nil {
			s.t.Errorf("client sent %q", text)
			return f, false
		}
		if f.Op != 1 {
			return f, true
		}
		s.send(`{"op":11}`)
	}
}

func (s *scene) send(text string) { _ = s.conn.WriteMessage(websocket.TextMessage, []byte(text)) }

func (s *scene) close(code int) {
	_ = s.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, "as the test says"))
}

// hello greets, with heartbeats every so many milliseconds, and returns what the client wants.
func (s *scene) hello(every, want int) frame {
	s.send(fmt.Sprintf(`{"op":10,"d":{"heartbeat_interval":%d}}`, every))
	f, ok := s.next()
	if !ok || f.Op != want {
		s.t.Errorf("connection %d: client sent op %d (open: %v), want op %d", s.n, f.Op, ok, want)
	}
	return f
}

// begin does what a healthy gateway does first.
func (s *scene) begin() {
	s.hello(41250, 2)
	s.ready()
}

func (s *scene) ready() {
	s.send(`{"op":0,"s":1,"t":"READY","d":{"v":9,"session_id":"the-session","user":{"id":"42"},"guilds":[],"application":{"id":"77"}}}`)
}

func (s *scene) resume() {
	f := s.hello(41250, 6)
	var d struct {
		Token string `json:"token"`
		ID    string `json:"session_id"`
		Seq   int    `json:"seq"`
	}
	if err := json.Unmarshal(f.Data, &d); err != nil || d.Token != "Bot the-token" || d.ID != "the-session" || d.Seq < 1 {
		s.t.Errorf("connection %d: resumes with %s", s.n, f.Data)
	}
	s.send(`{"op":0,"s":8,"t":"RESUMED","d":{}}`)
}

// rest stays until the client closes, which it has to do with that code.
func (s *scene) rest(code int) {
	if f, ok := s.next(); ok {
		s.t.Errorf("connection %d: client sent op %d", s.n, f.Op)
	}
	if s.code != code {
		s.t.Errorf("connection %d: client closed with %d, want %d", s.n, s.code, code)
	}
}

func (s *scene) interaction(id string) {
	s.send(`{"op":0,"s":5,"t":"INTERACTION_CREATE","d":{"id":"` + id + `","type":2,"token":"secret-` + id + `","application_id":"77"}}`)
}

func (gt *gate) interaction(id string) {
	gt.t.Helper()
	if i := <-gt.interactions; i.ID != id {
		gt.t.Errorf("got interaction %s, want %s", i.ID, id)
	}
}

func TestGatewayDelivers(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(map[bool]string{false: "ws", true: "wss"}[secure], func(t *testing.T) {
			t.Parallel()
			o := GatewayOptions{Intents: IntentGuildMessages | IntentDirectMessages}
			if secure {
				o.TLS = new(tls.Config)
			}
			gt := newGate(t, o, func(s *scene) {
				f := s.hello(41250, 2)
				var d struct {
					Token    string
					Intents  int
					Compress bool
				}
				if json.Unmarshal(f.Data, &d) != nil || d.Token != "Bot the-token" || d.Intents != 1<<9|1<<12 || d.Compress {
					t.Errorf("identifies with %+v", d)
				}
				s.ready()
				s.send(`{"op":0,"s":2,"t":"A_NEW_KIND","d":[]}`)
				s.send(`{"op":99,"d":"a new operation"}`)
				s.send(`this is not JSON`)
				s.send(`{"op":1,"d":null}`) // asks for a heartbeat
				s.send(`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"id":"1","guild_id":"5","author":{"id":"9"},"content":"for nobody"}}`)
				s.send(`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"id":"2","content":"of nobody"}}`)
				s.send(`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":null}`)
				s.send(`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"id":"3","author":{"id":"9"},"content":"direct","components":[{"type":250}]}}`)
				s.send(`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"id":"4","guild_id":"5","author":{"id":"9"},"mentions":[{"id":"42"}]}}`)
				// Components that discordgo does not know: a menu on such a message, a label in a form.
				s.send(`{"op":0,"s":4,"t":"INTERACTION_CREATE","d":{"id":"10","type":2,"token":"x","data":{"type":3,"target_id":"6",
					"resolved":{"messages":{"6":{"id":"6","content":"text","components":[{"type":250,"components":[{"type":251}]}]}}}}}}`)
				s.send(`{"op":0,"s":5,"t":"INTERACTION_CREATE","d":{"id":"11","type":5,"token":"x","data":{"custom_id":"f",
					"components":[{"type":18,"component":{"type":4,"custom_id":"q","value":"why?"}}]}}}`)
				s.send(`{"op":0,"s":6,"t":"INTERACTION_CREATE","d":{"id":"12","type":3,"token":"x","data":"of another shape"}}`)
				s.send(`{"op":0,"s":7,"t":"INTERACTION_CREATE","d":{"type":3}}`)
				s.send(`{"op":0,"s":8,"t":"INTERACTION_CREATE","d":{"id":"13","type":2,"token":"x"}}`)
				s.rest(closeGone)
			})
			gt.run()
			got := map[string]*Interaction{}
			for range 4 {
				i := <-gt.interactions
				got[i.ID] = i
			}
			if m := got["10"].Data.Resolved.Messages["6"]; m == nil || m.Content != "text" {
				t.Error("the target of the menu is lost")
			}
			if q := got["11"].Data.Inputs()["q"]; q != "why?" {
				t.Errorf("the form says %q", q)
			}
			if got["12"] == nil || got["13"] == nil {
				t.Error("an interaction is lost")
			}
			ids := map[string]bool{(<-gt.messages).ID: true, (<-gt.messages).ID: true}
			if !ids["3"] || !ids["4"] {
				t.Errorf("messages %v, want 3 and 4", ids)
			}
			if !gt.g.Healthy() {
				t.Error("not healthy while connected")
			}
			gt.end()
			if gt.g.Healthy() {
				t.Error("healthy after the end")
			}
			if len(gt.messages) > 0 {
				t.Error("a message too many")
			}
		})
	}
}

func TestGatewayResumes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		idle time.Duration
		end  func(*scene) // of the first connection
	}{
		"told to reconnect": {end: func(s *scene) { s.send(`{"op":7,"d":null}`); s.rest(closeResume) }},
		"server closes":     {end: func(s *scene) { s.close(4000); s.rest(closeResume) }},
		"connection cut":    {end: func(s *scene) { s.conn.NetConn().Close() }},
		"zombie":            {idle: 300 * time.Millisecond, end: func(s *scene) { s.rest(closeResume) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gt := newGate(t, GatewayOptions{Idle: test.idle},
				func(s *scene) { s.begin(); s.interaction("1"); test.end(s) },
				func(s *scene) {
					s.resume()
					s.interaction("2")
					if test.idle == 0 {
						s.rest(closeGone)
						return
					}
					// A connection that says something now and then lives.
					for tick := time.Tick(test.idle / 6); ; <-tick {
						if s.conn.WriteMessage(websocket.TextMessage, []byte(`{"op":11}`)) != nil {
							return
						}
					}
				})
			gt.run()
			gt.interaction("1")
			gt.interaction("2")
			gt.end()
		})
	}
}

func TestGatewayStartsAnew(t *testing.T) {
	t.Parallel()
	second := func(s *scene) { s.begin(); s.interaction("2"); s.rest(closeGone) }
	tests := map[string]struct {
		open   time.Duration // 0 is long
		scenes []func(*scene)
	}{
		"silent after the dial":    {time.Second, []func(*scene){func(s *scene) { s.next() }, second}},
		"silent after IDENTIFY":    {time.Second, []func(*scene){func(s *scene) { s.hello(41250, 2); s.next() }, second}},
		"no READY":                 {time.Second, []func(*scene){func(s *scene) { s.hello(41250, 2); s.send(`{"op":0,"s":1,"t":"X","d":{}}`); s.next() }, second}},
		"reconnect for READY":      {time.Hour, []func(*scene){func(s *scene) { s.hello(41250, 2); s.send(`{"op":7,"d":null}`); s.next() }, second}},
		"acknowledged for READY":   {time.Hour, []func(*scene){func(s *scene) { s.hello(41250, 2); s.send(`{"op":11}`); s.next() }, second}},
		"closed for READY":         {0, []func(*scene){func(s *scene) { s.hello(41250, 2); s.close(4000) }, second}},
		"something else for HELLO": {0, []func(*scene){func(s *scene) { s.send(`{"op":0,"s":1,"t":"X","d":{}}`) }, second}},
		"invalid for READY":        {0, []func(*scene){func(s *scene) { s.hello(41250, 2); s.send(`{"op":9,"d":false}`); s.next() }, second}},
		"invalid later":            {0, []func(*scene){func(s *scene) { s.begin(); s.send(`{"op":9,"d":false}`); s.next() }, second}},
		"invalid for RESUMED": {0, []func(*scene){func(s *scene) { s.begin(); s.close(4000) },
			func(s *scene) { s.hello(41250, 6); s.send(`{"op":9,"d":false}`); s.next() }, second}},
		"resumes that do not last": {0, []func(*scene){func(s *scene) { s.begin(); s.close(4000) },
			func(s *scene) { s.hello(41250, 6); s.close(4000) }, func(s *scene) { s.hello(41250, 6); s.close(4000) },
			func(s *scene) { s.hello(41250, 6); s.close(4000) }, second}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gt := newGate(t, GatewayOptions{Open: test.open}, test.scenes...)
			gt.g.grace = 2 * time.Second
			if test.open == time.Hour {
				gt.g.hang = time.Second // is to be noticed before that hour
			}
			gt.run()
			gt.interaction("2")
			gt.end()
			if n := int(gt.conns.Load()); n != len(test.scenes) {
				t.Errorf("%d connections, want %d", n, len(test.scenes))
			}
		})
	}
}

func TestGatewayGivesUp(t *testing.T) {
	t.Parallel()
	refuse := func(code int) func(*scene) { return func(s *scene) { s.hello(41250, 2); s.close(code) } }
	many := func(n int, scene func(*scene)) (list []func(*scene)) {
		for range n {
			list = append(list, scene)
		}
		return list
	}
	tests := map[string]struct {
		options GatewayOptions
		scenes  []func(*scene)
		status  int
		code    int
		words   string
	}{
		"token":          {scenes: many(1, refuse(4004)), code: 4004, words: "bot token"},
		"intents":        {scenes: many(1, refuse(4014)), code: 4014, words: "intents"},
		"sharding":       {scenes: many(1, refuse(4011)), code: 4011, words: "servers"},
		"token revoked":  {scenes: []func(*scene){func(s *scene) { s.begin(); s.close(4004) }, func(s *scene) { s.hello(41250, 6); s.close(4004) }}, code: 4004, words: "bot token"},
		"token for REST": {status: 401, code: 4004, words: "bot token"},
		"shard number":   {options: GatewayOptions{ShardID: 3, ShardCount: 3}, code: 4010, words: "shard"},
		"privileged":     {options: GatewayOptions{Intents: 1 << 15}, words: "privileged"},
		"refused always": {scenes: many(maxRefused, refuse(4000)), words: "10 times"},
		"invalid always": {scenes: many(maxRefused, func(s *scene) { s.hello(41250, 2); s.send(`{"op":9,"d":false}`); s.next() }), words: "10 times"},
		"hangs always": {options: GatewayOptions{Open: 200 * time.Millisecond}, words: "hung",
			scenes: many(40, func(s *scene) {
				s.send(`{"op":10,"d":{"heartbeat_interval":41250}}`)
				s.send(`{"op":7,"d":null}`)
				s.next()
				s.next()
			})},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gt := newGate(t, test.options, test.scenes...)
			gt.status = test.status
			gt.g.grace = 200 * time.Millisecond
			gt.run()
			err := <-gt.result
			fatal := (*FatalError)(nil)
			if !errors.As(err, &fatal) || fatal.Code != test.code || !strings.Contains(fatal.Reason, test.words) || fatal.Hint == "" {
				t.Errorf("Run: %v, want a fatal error with code %d about %q", err, test.code, test.words)
			}
			if err != nil && strings.Contains(err.Error(), "the-token") {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}

// An identify is only sent while Discord says that some are left.
func TestGatewayKeepsIdentifies(t *testing.T) {
	t.Parallel()
	gt := newGate(t, GatewayOptions{})
	gt.info = `{"url":"%s","shards":1,"session_start_limit":{"total":1000,"remaining":20,"reset_after":120000,"max_concurrency":1}}`
	waits := make(chan time.Duration, 1)
	gt.g.sleep = func(ctx context.Context, d time.Duration) error {
		waits <- d
		<-ctx.Done()
		return ctx.Err()
	}
	gt.run()
	if d := <-waits; d != 121*time.Second {
		t.Errorf("waits %v", d)
	}
	gt.end()
	if gt.conns.Load() != 0 {
		t.Error("connected nevertheless")
	}
}

func TestGatewayShards(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	shards := map[string]bool{}
	var waits []time.Duration
	up := make(chan struct{}, 3)
	play := func(s *scene) {
		f := s.hello(41250, 2)
		var d struct{ Shard json.RawMessage }
		_ = json.Unmarshal(f.Data, &d)
		mu.Lock()
		shards[string(d.Shard)] = true
		mu.Unlock()
		s.ready()
		up <- struct{}{}
		s.rest(closeGone)
	}
	gt := newGate(t, GatewayOptions{}, play, play, play)
	gt.info = `{"url":"%s","shards":3,"session_start_limit":{"total":1000,"remaining":1000,"reset_after":0,"max_concurrency":2}}`
	start := time.Now()
	gt.g.now = func() time.Time { return start }
	gt.g.sleep = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		waits = append(waits, d)
		return ctx.Err()
	}
	gt.run()
	for range 3 {
		<-up
	}
	gt.end()
	if len(shards) != 3 || !shards["[0,3]"] || !shards["[1,3]"] || !shards["[2,3]"] {
		t.Errorf("shards %v", shards)
	}
	// Shards 0 and 2 share a bucket: the second of them waits, and nobody else.
	if len(waits) != 1 || waits[0] != identifyEvery {
		t.Errorf("waits %v, want one of %v", waits, identifyEvery)
	}
}

// A panic in a handler costs one interaction, and its text does not reach the log.
func TestGatewayHandlerPanics(t *testing.T) {
	t.Parallel()
	got := make(chan string, 2)
	gt := newGate(t, GatewayOptions{OnInteraction: func(_ context.Context, i *Interaction) {
		if i.ID == "1" {
			defer func() { got <- i.ID }()
			panic("what somebody asked")
		}
		got <- i.ID
	}}, func(s *scene) { s.begin(); s.interaction("1"); s.interaction("2"); s.rest(closeGone) })
	gt.run()
	ids := map[string]bool{<-got: true, <-got: true}
	if !ids["1"] || !ids["2"] {
		t.Errorf("got %v", ids)
	}
	gt.end()
	text := gt.log.String()
	if !strings.Contains(text, "panic") || strings.Contains(text, "somebody asked") {
		t.Errorf("log: %s", text)
	}
}

// What is being acknowledged when the program is told to stop gets its time.
func TestGatewayFinishesAcks(t *testing.T) {
	t.Parallel()
	began, finish, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	gt := newGate(t, GatewayOptions{OnInteraction: func(ctx context.Context, _ *Interaction) {
		close(began)
		<-finish
		ended <- ctx.Err()
	}}, func(s *scene) { s.begin(); s.interaction("1"); s.rest(closeGone); close(finish) })
	gt.run()
	<-began
	gt.end()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("its context: %v", err)
		}
	default:
		t.Error("Run returned before the handler")
	}
}

// A session is resumed at the address that READY names, unless the token must not go there.
func TestGatewayResumesWhereTold(t *testing.T) {
	t.Parallel()
	for where, want := range map[string]string{"/elsewhere": "/elsewhere/", "": "/"} {
		t.Run("at "+want, func(t *testing.T) {
			t.Parallel()
			gt := newGate(t, GatewayOptions{}, func(s *scene) {
				s.hello(41250, 2)
				address := "https://not-a-gateway.test"
				if where != "" {
					address = "ws://" + s.at.Host + where
				}
				s.send(`{"op":0,"s":1,"t":"READY","d":{"session_id":"the-session","resume_gateway_url":"` + address + `"}}`)
				s.close(4000)
				s.next()
			}, func(s *scene) {
				if s.at.URL.Path != want {
					t.Errorf("resumes at %s, want %s", s.at.URL.Path, want)
				}
				s.resume()
				s.interaction("2")
				s.rest(closeGone)
			})
			gt.run()
			gt.interaction("2")
			gt.end()
		})
	}
}

// Where the gateway is gets asked until there is an answer, less and less often.
func TestGatewayAsksAgain(t *testing.T) {
	t.Parallel()
	gt := newGate(t, GatewayOptions{ShardCount: 1}, func(s *scene) { s.begin(); s.interaction("1"); s.rest(closeGone) })
	gt.denied.Store(9)
	var waits []time.Duration
	gt.g.random = func() float64 { return 0 }
	gt.g.sleep = func(ctx context.Context, d time.Duration) error { waits = append(waits, d); return ctx.Err() }
	gt.run()
	gt.interaction("1")
	gt.end()
	if got, want := fmt.Sprint(waits), "[500ms 1s 2s 4s 8s 16s 32s 1m0s 1m0s]"; got != want {
		t.Errorf("waits %s, want %s", got, want)
	}
}

// A program that is told to stop while it connects does not wait for the connection.
func TestGatewayStopsWhileConnecting(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*scene){
		"silent":  func(s *scene) {},
		"stalled": func(s *scene) { s.hello(41250, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			there := make(chan struct{})
			gt := newGate(t, GatewayOptions{Open: time.Hour}, func(s *scene) { play(s); close(there); s.rest(closeGone) })
			gt.run()
			<-there
			if gt.g.Healthy() {
				t.Error("healthy before READY")
			}
			gt.end()
		})
	}
}

func TestGatewayAddress(t *testing.T) {
	t.Parallel()
	tests := []struct{ api, address, want string }{
		{"https", "wss://gateway.discord.gg", "wss://gateway.discord.gg"},
		{"https", "wss://gateway.discord.gg/?v=6&encoding=etf", "wss://gateway.discord.gg/"},
		{"https", "ws://gateway.discord.gg", ""},
		{"http", "ws://127.0.0.1:80/gw", "ws://127.0.0.1:80/gw"},
		{"http", "https://gateway.discord.gg", ""},
		{"https", "", ""},
		{"https", "wss://", ""},
	}
	for _, test := range tests {
		g := NewGateway(GatewayOptions{REST: &REST{base: &url.URL{Scheme: test.api}}})
		got, err := g.address(test.address)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("address(%q) of an %s API = %q, %v, want %q", test.address, test.api, got, err, test.want)
		}
	}
}

// discordgo's own client reaches nobody.
func TestGatewayTransport(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: onlyGateway("wss://gw.test")}
	res, err := client.Get(discordgo.EndpointGateway)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); string(body) != `{"url":"wss://gw.test"}` {
		t.Errorf("got %s", body)
	}
	for _, address := range []string{discordgo.EndpointGatewayBot, "https://example.org/api/v9/gateway", discordgo.EndpointUser("@me")} {
		if _, err := client.Get(address); err == nil {
			t.Errorf("GET %s gets through", address)
		}
	}
}

// The frames that gorilla/websocket writes for discordgo's packets are told apart as they are on the line.
func TestSocketFrames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want bool
	}{
		{`{"op":2,"d":{"token":"x"}}`, true},
		{`{"op":2,"d":{"token":"` + strings.Repeat("x", 300) + `"}}`, true},
		{`{"op":2,"d":{"token":"` + strings.Repeat("x", 70000) + `"}}`, true},
		{`{"op":6,"d":{}}`, false},
		{`{"op":1,"d":2}`, false},
		{`{"op":21,"d":2}`, false},
		{``, false},
	}
	upgrader := websocket.Upgrader{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
	}))
	defer srv.Close()
	var wrote [][]byte
	dialer := websocket.Dialer{NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return recorder{conn, &wrote}, err
	}}
	conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, test := range tests {
		wrote = nil
		if err := conn.WriteMessage(websocket.TextMessage, []byte(test.text)); err != nil {
			t.Fatal(err)
		}
		if got := isIdentify(wrote[0]); got != test.want {
			t.Errorf("%.20s… (%d bytes): identify %v, want %v", test.text, len(test.text), got, test.want)
		}
	}
	wrote = nil
	_ = conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
	if wrote[0][0] != 0x88 {
		t.Errorf("a close frame begins with %#x", wrote[0][0])
	}
	for _, b := range []string{"", "G", "GET / HTTP/1.1\r\n", "\x81", "\x81\x81", "\x81\xfe", "\x81\x88abcd"} {
		if isIdentify([]byte(b)) {
			t.Errorf("%q is taken for an IDENTIFY", b)
		}
	}
}

type recorder struct {
	net.Conn
	wrote *[][]byte
}

func (r recorder) Write(b []byte) (int, error) {
	*r.wrote = append(*r.wrote, append([]byte(nil), b...))
	return r.Conn.Write(b)
}

// logbook keeps what is logged, and shows it when the test fails.
type logbook struct {
	t  *testing.T
	mu sync.Mutex
	b  strings.Builder
}

func (l *logbook) handler() slog.Handler {
	return slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Write(p)
	return l.t.Output().Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// jsonResponse is a reply of Discord; headers are given as name, value, ….
func jsonResponse(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}
