package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// turn is what a scripted Discord does with one request.
type turn func(*http.Request) (*http.Response, error)

func replies(status int, body string, headers ...string) turn {
	return func(*http.Request) (*http.Response, error) { return jsonResponse(status, body, headers...), nil }
}

func fails(err error) turn { return func(*http.Request) (*http.Response, error) { return nil, err } }

// stalls does not answer before the request is given up.
func stalls(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// asked is a request as it came.
type asked struct {
	line, auth, kind, body string
	at                     time.Duration // since the start
}

// script is a Discord that answers each request with the next of its turns, and with the last for ever.
type script struct {
	mu    sync.Mutex
	turns []turn
	got   []asked
	start time.Time
	log   *logbook
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.got = append(s.got, asked{r.Method + " " + r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(body), time.Since(s.start)})
	next := s.turns[0]
	if len(s.turns) > 1 {
		s.turns = s.turns[1:]
	}
	s.mu.Unlock()
	return next(r)
}

func newScript(t *testing.T, turns ...turn) (*REST, *script) {
	s := &script{turns: turns, start: time.Now(), log: &logbook{t: t}}
	r := NewREST(&url.URL{Scheme: "https", Host: "discord.test", Path: "/api/v10"}, &http.Client{Transport: s}, "the-bot-token",
		slog.New(s.log.handler()), nil)
	r.random = func() float64 { return 0 }
	return r, s
}

var someone = &Interaction{ID: "1001", ApplicationID: "77", Token: "aW50ZXJhY3Rpb24_secret"}

func TestRESTRequests(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	message := `{"id":"5","channel_id":"6","content":"hello"}`
	tests := map[string]struct {
		do         func(*REST) (any, error)
		reply      turn
		line, auth string
		body       string
		want       string
	}{
		"callback": {func(r *REST) (any, error) { return nil, r.Callback(ctx, someone, Ack{Type: ackDeferMessage}) }, replies(204, ""),
			"POST /api/v10/interactions/1001/aW50ZXJhY3Rpb24_secret/callback", "", `{"type":5}`, "null"},
		"edit": {func(r *REST) (any, error) {
			m, err := r.EditOriginal(ctx, someone, Outgoing{Content: "x"})
			return m.ID, err
		}, replies(200, message),
			"PATCH /api/v10/webhooks/77/aW50ZXJhY3Rpb24_secret/messages/@original", "",
			`{"content":"x","embeds":[],"components":[],"allowed_mentions":{"parse":[],"replied_user":false}}`, `"5"`},
		"follow up": {func(r *REST) (any, error) {
			m, err := r.FollowUp(ctx, someone, Outgoing{Content: "x", Ephemeral: true})
			return m.ID, err
		}, replies(200, message),
			"POST /api/v10/webhooks/77/aW50ZXJhY3Rpb24_secret", "",
			`{"content":"x","embeds":[],"components":[],"flags":64,"allowed_mentions":{"parse":[],"replied_user":false}}`, `"5"`},
		"original": {func(r *REST) (any, error) { m, err := r.GetOriginal(ctx, someone); return m.ID, err }, replies(200, message),
			"GET /api/v10/webhooks/77/aW50ZXJhY3Rpb24_secret/messages/@original", "", "", `"5"`},
		"delete": {func(r *REST) (any, error) { return nil, r.DeleteOriginal(ctx, someone) }, replies(204, ""),
			"DELETE /api/v10/webhooks/77/aW50ZXJhY3Rpb24_secret/messages/@original", "", "", "null"},
		"send": {func(r *REST) (any, error) {
			m, err := r.Send(ctx, "6", Outgoing{Content: "x", Nonce: "n", ReplyTo: "4"})
			return m.ID, err
		}, replies(200, message),
			"POST /api/v10/channels/6/messages", "Bot the-bot-token",
			`{"content":"x","embeds":[],"components":[],"allowed_mentions":{"parse":[],"replied_user":false},"message_reference":{"message_id":"4","fail_if_not_exists":false},"nonce":"n","enforce_nonce":true}`, `"5"`},
		"message of a new shape": {func(r *REST) (any, error) { m, err := r.Send(ctx, "6", Outgoing{Nonce: "n"}); return m.ID, err },
			replies(200, `{"id":"5","channel_id":"6","mentions":"none"}`),
			"POST /api/v10/channels/6/messages", "Bot the-bot-token",
			`{"content":"","embeds":[],"components":[],"allowed_mentions":{"parse":[],"replied_user":false},"nonce":"n","enforce_nonce":true}`, `"5"`},
		"typing": {func(r *REST) (any, error) { return nil, r.Typing(ctx, "6") }, replies(204, ""),
			"POST /api/v10/channels/6/typing", "Bot the-bot-token", "", "null"},
		"gateway": {func(r *REST) (any, error) { return r.Gateway(ctx) },
			replies(200, `{"url":"wss://gw","shards":2,"session_start_limit":{"total":1000,"remaining":7,"reset_after":1500,"max_concurrency":1}}`),
			"GET /api/v10/gateway/bot", "Bot the-bot-token", "",
			`{"URL":"wss://gw","Shards":2,"Total":1000,"Remaining":7,"ResetAfter":1500000000,"MaxConcurrency":1}`},
		"application": {func(r *REST) (any, error) { a, err := r.Application(ctx); return a.ID + a.VerifyKey, err },
			replies(200, `{"id":"77","verify_key":"ab","flags":0,"interactions_endpoint_url":null}`),
			"GET /api/v10/applications/@me", "Bot the-bot-token", "", `"77ab"`},
		"me": {func(r *REST) (any, error) { u, err := r.Me(ctx); return u.ID, err }, replies(200, `{"id":"42"}`),
			"GET /api/v10/users/@me", "Bot the-bot-token", "", `"42"`},
		"commands": {func(r *REST) (any, error) { return r.Commands(ctx, "77") }, replies(200, `[{"id":"1","type":1,"name":"ask","version":"3"}]`),
			"GET /api/v10/applications/77/commands", "Bot the-bot-token", "", `[{"id":"1","type":1,"name":"ask","version":"3"}]`},
		"no commands": {func(r *REST) (any, error) { return nil, r.PutCommands(ctx, "77", nil) }, replies(200, `[]`),
			"PUT /api/v10/applications/77/commands", "Bot the-bot-token", "[]", "null"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, s := newScript(t, test.reply)
			got, err := test.do(r)
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := json.Marshal(got); string(text) != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
			if len(s.got) != 1 {
				t.Fatalf("%d requests", len(s.got))
			}
			a := s.got[0]
			if a.line != test.line || a.auth != test.auth || a.body != test.body {
				t.Errorf("sent %+v\nwant %s, authorization %q, body %s", a, test.line, test.auth, test.body)
			}
		})
	}
}

func TestRESTAttachment(t *testing.T) {
	t.Parallel()
	r, s := newScript(t, replies(200, `{"id":"5"}`))
	if _, err := r.FollowUp(context.Background(), someone, Outgoing{Content: "see", Attachment: &File{Name: `a"b.md`, Body: []byte("long")}}); err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(s.got[0].kind)
	if err != nil {
		t.Fatal(err)
	}
	form, err := multipart.NewReader(strings.NewReader(s.got[0].body), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	if p := form.Value["payload_json"]; len(p) != 1 || !strings.Contains(p[0], `"content":"see"`) || !strings.Contains(p[0], `"parse":[]`) {
		t.Errorf("payload_json %q", p)
	}
	files := form.File["files[0]"]
	if len(files) != 1 || files[0].Filename != `a"b.md` || files[0].Size != 4 {
		t.Errorf("files %+v", files)
	}
}

// Ids and tokens come from outside and become part of a path.
func TestRESTPaths(t *testing.T) {
	t.Parallel()
	r, s := newScript(t, replies(204, ""))
	for _, i := range []Interaction{
		{ID: "1/../2", ApplicationID: "../users", Token: "x"}, {ID: "", Token: "x"}, {ID: "1", ApplicationID: "2"},
		{ID: "1", ApplicationID: "2", Token: ".."}, {ID: "1", ApplicationID: "2", Token: "secret/../../x"},
		{ID: "1", ApplicationID: "2", Token: "secret?x"}, {ID: "1", ApplicationID: "2", Token: "secret\r\nX"}, {ID: "1", ApplicationID: "2", Token: "secret%2f"},
	} {
		err := r.Callback(context.Background(), &i, Ack{Type: ackDeferUpdate})
		_, err2 := r.FollowUp(context.Background(), &i, Outgoing{})
		if err == nil || err2 == nil {
			t.Errorf("%+v is sent", i)
		}
		if strings.Contains(fmt.Sprint(err, err2), "secret") {
			t.Errorf("the errors hold the token: %v, %v", err, err2)
		}
	}
	if _, err := r.Send(context.Background(), "6/../7", Outgoing{}); err == nil {
		t.Error("a channel of no id is sent to")
	}
	if err := r.Typing(context.Background(), "@me"); err == nil {
		t.Error("a channel of no id is typed in")
	}
	if _, err := r.Commands(context.Background(), "@me"); err == nil {
		t.Error("an application of no id is asked about")
	}
	if err := r.PutCommands(context.Background(), "", nil); err == nil {
		t.Error("an application of no id gets commands")
	}
	if len(s.got) != 0 {
		t.Errorf("%d requests", len(s.got))
	}
}

// What Discord answers, how often it is asked, how long that takes, and what comes of it.
func TestRESTRepeats(t *testing.T) {
	t.Parallel()
	cut := errors.New("connection reset by peer")
	callback := func(ctx context.Context, r *REST) error {
		return r.Callback(ctx, someone, Ack{Type: ackDeferMessage})
	}
	edit := func(ctx context.Context, r *REST) error {
		_, err := r.EditOriginal(ctx, someone, Outgoing{})
		return err
	}
	send := func(ctx context.Context, r *REST) error {
		_, err := r.Send(ctx, "6", Outgoing{})
		return err
	}
	ok, message := replies(204, ""), replies(200, `{"id":"5"}`)
	code := func(status, code int) turn { return replies(status, fmt.Sprintf(`{"code":%d,"message":"no"}`, code)) }
	limited := func(s string, headers ...string) turn {
		return replies(429, `{"message":"You are being rate limited.","retry_after":`+s+`,"global":false}`, headers...)
	}
	tests := map[string]struct {
		do      func(context.Context, *REST) error
		turns   []turn
		timeout time.Duration // of the caller, 0 for none
		times   int
		took    time.Duration
		want    error // with errors.Is; nil for success
	}{
		"ack at once":                  {callback, []turn{ok}, 0, 1, 0, nil},
		"ack after a cut":              {callback, []turn{fails(cut), ok}, 0, 2, 125 * time.Millisecond, nil},
		"ack after a stall":            {callback, []turn{stalls, ok}, 0, 2, ackTry + 125*time.Millisecond, nil},
		"ack never":                    {callback, []turn{stalls}, 0, 3, ackTimeout, context.DeadlineExceeded},
		"ack by another":               {callback, []turn{code(400, 40060)}, 0, 1, 0, ErrAcknowledged},
		"ack by ourselves, cut":        {callback, []turn{fails(cut), code(400, 40060)}, 0, 2, 125 * time.Millisecond, nil},
		"ack by ourselves, 502":        {callback, []turn{replies(502, "bad gateway"), code(400, 40060)}, 0, 2, 125 * time.Millisecond, nil},
		"ack by another, limited":      {callback, []turn{limited("0.5"), code(400, 40060)}, 0, 2, 500 * time.Millisecond, ErrAcknowledged},
		"ack too late":                 {callback, []turn{code(404, 10062)}, 0, 1, 0, ErrExpired},
		"ack limited for too long":     {callback, []turn{limited("4")}, 0, 1, 0, ErrRateLimited},
		"edit, message unknown yet":    {edit, []turn{code(404, 10015), code(404, 10015), message}, 0, 3, 750 * time.Millisecond, nil},
		"edit, token over":             {edit, []turn{code(404, 10015)}, 0, 4, 1750 * time.Millisecond, ErrExpired},
		"edit, token wrong":            {edit, []turn{code(401, 50027)}, 0, 1, 0, ErrExpired},
		"edit, 500 then well":          {edit, []turn{replies(500, ""), replies(503, ""), replies(504, ""), message}, 0, 4, 875 * time.Millisecond, nil},
		"edit, 503 says when":          {edit, []turn{replies(503, "", "Retry-After", "3"), message}, 0, 2, 3 * time.Second, nil},
		"edit, 500 always":             {edit, []turn{replies(500, "")}, 0, maxAttempts, 875 * time.Millisecond, errAny},
		"edit, cut always":             {edit, []turn{fails(cut)}, 0, maxAttempts, 875 * time.Millisecond, cut},
		"edit, limited":                {edit, []turn{limited("0.3"), limited("0.2"), message}, 0, 3, 500 * time.Millisecond, nil},
		"edit, limited always":         {edit, []turn{limited("0")}, 0, maxLimited, 4 * time.Second, ErrRateLimited},
		"edit, limited by header":      {edit, []turn{replies(429, "{}", "Retry-After", "2"), message}, 0, 2, 2 * time.Second, nil},
		"edit, limited, exact header":  {edit, []turn{replies(429, "{}", "Retry-After", "2", "X-RateLimit-Reset-After", "1.25"), message}, 0, 2, 1250 * time.Millisecond, nil},
		"edit, limited, shared":        {edit, []turn{limited("1", "X-RateLimit-Scope", "shared"), message}, 0, 2, time.Second, nil},
		"edit, limited, nonsense":      {edit, []turn{replies(429, `{"retry_after":-3}`, "Retry-After", "soon"), message}, 0, 2, time.Second, nil},
		"edit, wait beyond deadline":   {edit, []turn{limited("2"), message}, time.Second, 1, 0, ErrRateLimited},
		"edit, backoff and deadline":   {edit, []turn{replies(500, "")}, 200 * time.Millisecond, 2, 125 * time.Millisecond, errAny},
		"edit, stalls":                 {edit, []turn{stalls, message}, 0, 2, tryTimeout + 125*time.Millisecond, nil},
		"edit, stalls beyond deadline": {edit, []turn{stalls}, time.Second, 1, time.Second, context.DeadlineExceeded},
		"edit, no deadline is 30 s":    {edit, []turn{limited("31")}, 0, 1, 0, ErrRateLimited},
		"edit, refused":                {edit, []turn{code(400, 50035)}, 0, 1, 0, errAny},
		"edit, redirected":             {edit, []turn{replies(307, "", "Location", "https://elsewhere.test/")}, 0, 1, 0, errAny},
		"send, no token any more":      {send, []turn{replies(401, `{"message":"401: Unauthorized","code":0}`)}, 0, 1, 0, ErrUnauthorized},
		"send, no permission":          {send, []turn{code(403, 50013)}, 0, 1, 0, ErrForbidden},
		"send, global limit":           {send, []turn{replies(429, `{"retry_after":0.7,"global":true}`, "X-RateLimit-Global", "true"), message}, 0, 2, 700 * time.Millisecond, nil},
		"send, unknown channel":        {send, []turn{code(404, 10003)}, 0, 1, 0, errAny},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.Background(), context.CancelFunc(func() {})
				if test.timeout > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
				}
				defer cancel()
				r, s := newScript(t, test.turns...)
				err := test.do(ctx, r)
				switch {
				case test.want == errAny && err == nil, test.want == nil && err != nil, test.want != nil && test.want != errAny && !errors.Is(err, test.want):
					t.Errorf("error %v, want %v", err, test.want)
				}
				if len(s.got) != test.times {
					t.Errorf("%d requests, want %d", len(s.got), test.times)
				}
				if took := time.Since(s.start); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				for _, text := range []string{fmt.Sprint(err), s.log.String()} {
					if strings.Contains(text, "secret") || strings.Contains(text, "the-bot-token") {
						t.Errorf("holds a token: %s", text)
					}
				}
				// A message is the same one each time it is sent.
				for _, a := range s.got {
					if a.body != s.got[0].body {
						t.Errorf("sent %s and then %s", s.got[0].body, a.body)
					}
				}
			})
		})
	}
}

// errAny stands for any error in a table.
var errAny = errors.New("any error")

// While somebody waits, leaving ends the waiting.
func TestRESTCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, s := newScript(t, replies(429, `{"retry_after":20}`))
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		_, err := r.EditOriginal(ctx, someone, Outgoing{})
		if took := time.Since(s.start); err == nil || took != time.Second {
			t.Errorf("returned %v after %v", err, took)
		}
	})
}

// A limit that Discord told of is kept by others, before they ask: the global one by all requests with the
// token, the one of a route in its channel, and a block of our address by all.
func TestRESTLimitsAreShared(t *testing.T) {
	t.Parallel()
	send := func(r *REST, channel string) error {
		_, err := r.Send(context.Background(), channel, Outgoing{})
		return err
	}
	edit := func(r *REST) error { _, err := r.EditOriginal(context.Background(), someone, Outgoing{}); return err }
	message := replies(200, `{"id":"5"}`)
	tests := map[string]struct {
		first                        turn
		times                        int // that the first request needs
		same, other, me, interaction time.Duration
	}{
		"global":  {replies(429, `{"retry_after":2,"global":true}`), 2, 2, 2, 2, 0},
		"route":   {replies(429, `{"retry_after":2,"global":false}`, "X-RateLimit-Bucket", "b", "X-RateLimit-Scope", "user"), 2, 2, 0, 0, 0},
		"used up": {replies(200, `{"id":"5"}`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "2"), 1, 2, 0, 0, 0},
		"left":    {replies(200, `{"id":"5"}`, "X-RateLimit-Remaining", "1", "X-RateLimit-Reset-After", "2"), 1, 0, 0, 0, 0},
		"blocked": {replies(429, `<html>error 1015</html>`, "Retry-After", "2"), 2, 2, 2, 2, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, s := newScript(t, test.first, message)
				var wg sync.WaitGroup
				wg.Go(func() {
					if err := send(r, "6"); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait() // the first has its answer
				check := func(what string, do func() error, want time.Duration) {
					wg.Go(func() {
						if err := do(); err != nil {
							t.Errorf("%s: %v", what, err)
						}
						if took := time.Since(s.start); took != want*time.Second {
							t.Errorf("%s: took %v, want %v", what, took, want*time.Second)
						}
					})
				}
				check("same channel", func() error { return send(r, "6") }, test.same)
				check("other channel", func() error { return send(r, "7") }, test.other)
				check("other route", func() error { _, err := r.Me(context.Background()); return err }, test.me)
				check("interaction", func() error { return edit(r) }, test.interaction)
				wg.Wait()
				if len(s.got) != 4+test.times {
					t.Errorf("%d requests, want %d", len(s.got), 4+test.times)
				}
			})
		})
	}
}

// Discord allows 50 requests in a second; answers to interactions are not counted.
func TestRESTPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, s := newScript(t, replies(200, `{"id":"5"}`))
		var wg sync.WaitGroup
		for n := range 200 {
			wg.Go(func() {
				if _, err := r.Send(context.Background(), fmt.Sprint(n), Outgoing{}); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := r.EditOriginal(context.Background(), someone, Outgoing{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		perSecond := map[int]int{}
		nonces := map[string]bool{}
		for _, a := range s.got {
			if a.auth == "" {
				if a.at != 0 {
					t.Errorf("an interaction waited %v", a.at)
				}
				continue
			}
			perSecond[int(a.at/time.Second)]++
			var m struct{ Nonce string }
			if json.Unmarshal([]byte(a.body), &m) != nil || m.Nonce == "" || len(m.Nonce) > 25 || nonces[m.Nonce] {
				t.Errorf("nonce %q", m.Nonce)
			}
			nonces[m.Nonce] = true
		}
		for second, n := range perSecond {
			if n > 50 {
				t.Errorf("%d requests in second %d", n, second)
			}
		}
		if took := time.Since(s.start); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// A token that was refused is not tried again at once by everybody: that would have the address blocked.
func TestRESTRevoked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, s := newScript(t, replies(401, `{"message":"401: Unauthorized"}`), replies(200, `{"id":"42"}`))
		for range 100 {
			if _, err := r.Me(context.Background()); !errors.Is(err, ErrUnauthorized) {
				t.Fatalf("error %v", err)
			}
		}
		if len(s.got) != 1 {
			t.Errorf("%d requests", len(s.got))
		}
		time.Sleep(deniedFor)
		if _, err := r.Me(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// Whatever the number of channels, what is remembered of them is bounded, and what is over goes.
func TestRESTRemembersLittle(t *testing.T) {
	t.Parallel()
	r, _ := newScript(t, replies(200, "{}"))
	at := time.Unix(1e9, 0)
	r.now = func() time.Time { return at }
	h := http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"5"}}
	for n := range 3 * maxRoutes {
		r.exhausted(request{route: "POST /channels/{channel}/messages", key: fmt.Sprint(n), bot: true}, h)
	}
	if len(r.routes) != maxRoutes {
		t.Errorf("%d routes", len(r.routes))
	}
	for n := range 10000 {
		r.exhausted(request{route: "PATCH /webhooks", key: fmt.Sprint(n)}, h)
	}
	at = at.Add(time.Minute)
	r.exhausted(request{route: "POST /channels/{channel}/messages", key: "x", bot: true}, h)
	if len(r.routes) != 1 {
		t.Errorf("%d routes after they are over", len(r.routes))
	}
}

func TestRESTReplyTooLong(t *testing.T) {
	t.Parallel()
	r, _ := newScript(t, func(*http.Request) (*http.Response, error) {
		res := jsonResponse(200, "")
		res.Body = io.NopCloser(endless{})
		return res, nil
	})
	r.sleep = func(context.Context, time.Duration) error { return nil }
	if _, err := r.Me(context.Background()); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("error %v", err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestAPIErrorText(t *testing.T) {
	t.Parallel()
	body := `{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"what somebody asked"}]}}},
		"content":{"_errors":[{"code":"BASE_TYPE_BAD_LENGTH","message":"Must be 2000 or fewer in length."}]}}}`
	r, _ := newScript(t, replies(400, body))
	_, err := r.EditOriginal(context.Background(), someone, Outgoing{})
	want := "discord: PATCH /webhooks/{app}/{token}/messages/@original: status 400, code 50035: Invalid Form Body " +
		"(content: BASE_TYPE_BAD_LENGTH, embeds.0.title: BASE_TYPE_MAX_LENGTH)"
	if fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	e := (*APIError)(nil)
	if !errors.As(err, &e) || e.Code != 50035 || e.Status != 400 {
		t.Errorf("details %+v", e)
	}
}

// Errors of net/http hold the address; with a real client and server nothing of it must come out.
func TestRESTErrorsHoldNoToken(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }))
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	log := &logbook{t: t}
	client := NewHTTPClient()
	defer client.CloseIdleConnections()
	r := NewREST(base, client, "the-bot-token", slog.New(log.handler()), nil)
	r.sleep = func(context.Context, time.Duration) error { return nil }
	_, cut := r.FollowUp(context.Background(), someone, Outgoing{})
	srv.Close()
	_, refused := r.FollowUp(context.Background(), someone, Outgoing{})
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	_, left := r.FollowUp(gone, someone, Outgoing{})
	for _, err := range []error{cut, refused, left} {
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("error %v", err)
		}
	}
	if !errors.Is(left, context.Canceled) {
		t.Errorf("error %v of a context that is done", left)
	}
	if strings.Contains(log.String(), "secret") {
		t.Error("the log holds the token")
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"", ""},
		{"nothing to hide in interactions", "nothing to hide in interactions"},
		{`Post "https://discord.com/api/v10/interactions/12/aW50/callback": EOF`, `Post "https://discord.com/api/v10/interactions/12/[token]/callback": EOF`},
		{`Patch "https://discord.com/api/webhooks/12/aW50?wait=true": EOF`, `Patch "https://discord.com/api/webhooks/12/[token]?wait=true": EOF`},
		{`/webhooks/12/a.b-c_d/messages/@original and /webhooks/13/efg`, `/webhooks/12/[token]/messages/@original and /webhooks/13/[token]`},
		{`%2Fwebhooks%2F12%2FaW50%2Fmessages`, `%2Fwebhooks%2F12%2F[token]%2Fmessages`},
		{`Authorization: Bot other.token.x`, `Authorization: Bot [token]`},
		{`token the-bot-token is bad`, `token [token] is bad`},
	}
	for _, test := range tests {
		if got := redact(test.text, "the-bot-token"); got != test.want {
			t.Errorf("redact(%q)\n got %q\nwant %q", test.text, got, test.want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("Post \"https://discord.com/api/v10/interactions/12/", "aW50ZXI", "/callback\": EOF")
	f.Add("/webhooks/", "a", "")
	f.Fuzz(func(t *testing.T, before, token, after string) {
		// A token of Discord's alphabet, in its place, does not come through.
		if len(token) < 8 || strings.ContainsFunc(token, func(c rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", c)
		}) {
			return
		}
		for _, text := range []string{before + "/interactions/12/" + token + "/callback" + after, before + "/webhooks/12/" + token + "\"" + after} {
			got := redact(text, "the-bot-token")
			if strings.Contains(got, token) && !strings.Contains(before+after+"interactions/12/callback webhooks [token]", token) {
				t.Errorf("redact(%q) = %q", text, got)
			}
		}
	})
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for s, want := range map[float64]time.Duration{0: 0, -1: 0, 1.5: 1500 * time.Millisecond, 1e300: 24 * time.Hour, math.Inf(1): 24 * time.Hour} {
		if got := seconds(s); got != want {
			t.Errorf("seconds(%v) = %v, want %v", s, got, want)
		}
	}
	if got := seconds(math.NaN()); got != 0 {
		t.Errorf("seconds(NaN) = %v", got)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := retryAfter(http.Header{"Retry-After": {"Thu, 01 Jan 2026 00:00:09 GMT"}}, now); got != 9*time.Second {
		t.Errorf("a date: %v", got)
	}
}
