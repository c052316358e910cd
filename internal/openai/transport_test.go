package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"policybot/answer"
	"policybot/internal/openaitest"
	"policybot/retrieval"
)

// No connection is an error that says why, on a real network as far as a machine has one to itself.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	quick := Limits{Backoff: time.Nanosecond}
	plain := openaitest.NewServer(t, nil)
	for _, c := range []struct {
		name     string
		o        Options
		code     string
		attempts int
	}{
		{"refused", Options{BaseURL: openaitest.Refusing(t), Limits: quick}, "refused", 3},
		{"no such host", Options{BaseURL: "http://no-such-host.invalid/v1", HTTP: openaitest.NoSuchHost(), Limits: quick}, "dns", 1},
		{"untrusted certificate", Options{BaseURL: openaitest.Untrusted(t), Limits: quick}, "tls", 1},
		{"no TLS there", Options{BaseURL: strings.Replace(plain.BaseURL(), "http:", "https:", 1), Limits: quick}, "tls", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.APIKey = testKey
			lines, u, err := collect(t.Context(), newChat(t, c.o, "m"), question())
			e := asError(t, err)
			if e.Kind != Unavailable || e.Code != c.code || e.Hint == "" || e.Attempts != c.attempts || len(lines) != 0 || u != (answer.Usage{}) {
				t.Errorf("error %v, code %q, hint %q, %d attempts", err, e.Code, e.Hint, e.Attempts)
			}
			mustNotLeak(t, c.name, err.Error())
		})
	}
	if n := len(plain.Requests()); n != 0 {
		t.Errorf("%d requests without TLS", n)
	}
}

// A connection that is never made is given up in time and tried again; one that is made late is used.
func TestConnectLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dead := &http.Client{Transport: &http.Transport{DialContext: openaitest.Stuck}}
		began := time.Now()
		_, _, err := collect(t.Context(), newChat(t, Options{BaseURL: "http://openai.test/v1", HTTP: dead}, "m"), question())
		e := asError(t, err)
		if took := time.Since(began); e.Kind != Timeout || e.Attempts != 3 || took < 15*time.Second || took > 16*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
		dead.CloseIdleConnections()
	})
}

// An endpoint that fails is left alone after a few calls, and asked again later: one that is back after an
// hour answers the first call then.
func TestBreaker(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]openaitest.Behavior{
		"500": openaitest.Status(500), "closes": openaitest.CutBeforeHeaders(), "hangs": openaitest.HangBeforeHeaders(),
		"cuts":                openaitest.CutAfter(""),
		"hangs in the middle": openaitest.HangAfter("one"), "error in the stream": openaitest.StreamError(openaitest.StreamErrors()["flat"], "one"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				s := openaitest.NewMemory(t, func(x *openaitest.Exchange) {
					if x.Chat != nil && time.Since(began) < time.Hour {
						down(x)
						return
					}
					openaitest.Good()(x)
				})
				var j journal
				c := newClient(t, Options{BaseURL: s.BaseURL(), HTTP: s.Client(), Log: j.logger()})
				m, err := c.Chat(ChatOptions{Model: "m"})
				if err != nil {
					t.Fatal(err)
				}
				calls := 0
				for c.Ready() {
					if calls++; calls > 5 {
						t.Fatal("the breaker never opens")
					}
					if _, _, err := collect(t.Context(), m, question()); err == nil || KindOf(err) == Open {
						t.Fatalf("call %d: %v", calls, err)
					}
				}
				// Open: nothing is sent, and that costs no time.
				sent, at := len(s.Requests()), time.Now()
				_, u, err := collect(t.Context(), m, question())
				e := asError(t, err)
				if e.Kind != Open || e.RetryAfter <= 0 || e.RetryAfter > 30*time.Second ||
					len(s.Requests()) != sent || time.Since(at) != 0 || u.Prompt != 0 {
					t.Errorf("error %v with %d requests after %v", err, len(s.Requests())-sent, time.Since(at))
				}
				// Embeddings have a breaker of their own.
				v, err := c.Embedder(t.Context(), EmbedOptions{Model: "m", Dim: 64})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := v.Embed(t.Context(), retrieval.Question, []string{"a"}); err != nil {
					t.Errorf("embedding meanwhile: %v", err)
				}
				// After its pause it tries one call, and opens again when that fails.
				time.Sleep(31 * time.Second)
				sent = len(s.Requests())
				if _, _, err := collect(t.Context(), m, question()); KindOf(err) == Open {
					t.Errorf("the breaker does not try: %v", err)
				}
				if _, _, err := collect(t.Context(), m, question()); KindOf(err) != Open || len(s.Requests()) == sent {
					t.Errorf("after a failed try: %v", err)
				}
				time.Sleep(time.Hour)
				if lines, _, err := collect(t.Context(), m, question()); err != nil || len(lines) != 1 {
					t.Errorf("after an hour: %q, %v", lines, err)
				}
				if !c.Ready() {
					t.Error("the breaker stays open")
				}
				mustNotLeak(t, "log", j.String())
				if !strings.Contains(j.String(), "breaker changed") {
					t.Error("the log is silent about the breaker")
				}
			})
		})
	}
}

// What says nothing against the endpoint does not open the breaker.
func TestBreakerStays(t *testing.T) {
	t.Parallel()
	for name, behave := range map[string]openaitest.Behavior{
		"400": openaitest.Fails(400, openaitest.Problem{Message: "no", Code: "invalid_prompt"}),
		"401": openaitest.Status(401), "404": openaitest.Status(404),
		"429": openaitest.RetryAfter(429, "100"), "length": openaitest.Finishing("length", "", "one"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, behave, func(t *testing.T, s *openaitest.Server, o Options) {
				c := newClient(t, o)
				m, err := c.Chat(ChatOptions{Model: "m"})
				if err != nil {
					t.Fatal(err)
				}
				for range 12 {
					if _, _, err := collect(t.Context(), m, question()); err == nil || KindOf(err) == Open {
						t.Fatalf("error %v", err)
					}
				}
				if !c.Ready() {
					t.Error("the breaker opened")
				}
			})
		})
	}
	// Neither does a caller who gives up, nor one whose own function fails.
	bubble(t, openaitest.HangAfter("one"), func(t *testing.T, s *openaitest.Server, o Options) {
		c := newClient(t, o)
		m, err := c.Chat(ChatOptions{Model: "m"})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 12 {
			ctx, cancel := context.WithCancel(t.Context())
			enough := errors.New("enough")
			_, err := m.Stream(ctx, question(), func(string) error {
				if i%2 == 0 {
					return enough
				}
				cancel()
				return nil
			})
			if i%2 == 0 && err != enough || i%2 == 1 && KindOf(err) != Canceled { // it is to be this very error
				t.Errorf("call %d: %v", i, err)
			}
			cancel()
		}
		if !c.Ready() {
			t.Error("the breaker opened")
		}
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		key, value string
		want       time.Duration
	}{
		{"Retry-After", "3", 3 * time.Second},
		{"Retry-After", " 0.5 ", 500 * time.Millisecond},
		{"Retry-After", "0", 0},
		{"Retry-After", "-4", 0},
		{"Retry-After", "NaN", 0},
		{"Retry-After", "Inf", 0},
		{"Retry-After", "1e300", 0},
		{"Retry-After", "soon", 0},
		{"Retry-After", "Fri, 01 Mar 2024 12:01:30 GMT", 90 * time.Second},
		{"Retry-After", "Friday, 01-Mar-24 12:01:30 GMT", 90 * time.Second},
		{"Retry-After", "Fri Mar  1 12:01:30 2024", 90 * time.Second},
		{"Retry-After", "Fri, 01 Mar 2024 11:00:00 GMT", 0},
		{"Retry-After", "Fri, 01 Mar 2047 12:00:00 GMT", 24 * time.Hour},
		{"Retry-After-Ms", "1500", 1500 * time.Millisecond},
		{"Retry-After-Ms", "x", 0},
	} {
		h := http.Header{}
		h.Set(c.key, c.value)
		if got := retryAfter(h, now); got != c.want {
			t.Errorf("%s: %s is %v, want %v", c.key, c.value, got, c.want)
		}
	}
	// What the endpoint asks for is waited for, as a date by the client's clock.
	bubble(t, openaitest.Sequence(openaitest.RetryAfter(429, "Fri, 01 Mar 2024 12:00:05 GMT"), openaitest.Lines("one")),
		func(t *testing.T, _ *openaitest.Server, o Options) {
			o.Now = func() time.Time { return now }
			began := time.Now()
			if _, _, err := collect(t.Context(), newChat(t, o, "m"), question()); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took < 5*time.Second || took > 6*time.Second {
				t.Errorf("it waited %v", took)
			}
		})
}

// Waits double, are never longer than allowed, and differ.
func TestBackoff(t *testing.T) {
	t.Parallel()
	tr := &transport{limits: Limits{Backoff: 100 * time.Millisecond, MaxWait: time.Second}.withDefaults()}
	seen := map[time.Duration]bool{}
	for n, most := range []time.Duration{1: 100, 2: 200, 3: 400, 4: 800, 5: 1000, 60: 1000} {
		if most == 0 {
			continue
		}
		most *= time.Millisecond
		for range 50 {
			d := tr.wait(n, 0)
			if d > most || d < most/2 {
				t.Errorf("wait %d is %v, want %v at most", n, d, most)
			}
			seen[d] = true
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d different waits of 300", len(seen))
	}
	if d := tr.wait(1, 7*time.Second); d < 7*time.Second {
		t.Errorf("a wait of %v where 7 s were asked for", d)
	}
	for _, d := range []time.Duration{0, 1, 2, noLimit} {
		tr := &transport{limits: Limits{Backoff: d, MaxWait: d}}
		if got := tr.wait(3, 0); got < 0 || got > d {
			t.Errorf("a backoff of %v waits %v", d, got)
		}
	}
}

// An endpoint's words are shown where they help, and never where they repeat the key or the request.
func TestRedaction(t *testing.T) {
	t.Parallel()
	body := []byte(`{"messages":[{"role":"user","content":"¿Cuántas visas dio el huerto de Zacatl\u00e1n en mil novecientos?"},` +
		`{"role":"user","content":"AMLO?"}],"model":"m"}`)
	for words, want := range map[string]string{
		"The engine is overloaded":                          "The engine is overloaded",
		"Incorrect API key provided: " + testKey + ".":      "Incorrect API key provided: [key].",
		"Incorrect key sk-proj-abc***xyz":                   "Incorrect key [key]",
		"got Bearer abcdef":                                 "got [key]",
		"two\nlines\x1b[0m \u202e here":                     "two lines [0m here",
		"invalid: visas dio el huerto de Zacatlán":          "",
		`invalid: "visas dio el huerto de Zacatl\u00e1n"`:   "",
		"invalid: VISAS   DIO, EL\nHUERTO (DE) ZACATLÁN EN": "",
		"cannot answer: amlo":                               "",
		"unknown model m":                                   "unknown model m",
		"":                                                  "",
	} {
		if got := redact(words, testKey, body); got != want {
			t.Errorf("redact(%q) = %q, want %q", words, got, want)
		}
	}
	if got := redact(strings.Repeat("é", 500), "", nil); len(got) > 250 || !strings.HasSuffix(got, "é…") {
		t.Errorf("long words become %d bytes, …%q", len(got), got[max(0, len(got)-6):])
	}
	// Through everything: a server that repeats all it was sent, in every kind of answer.
	repeat := func(x *openaitest.Exchange) string {
		return fmt.Sprintf("no: %s %s %s", x.Header.Get("Authorization"), x.Header.Get("Api-Key"), x.Body)
	}
	for name, behave := range map[string]openaitest.Behavior{
		"400": func(x *openaitest.Exchange) {
			x.Error(400, openaitest.Problem{Message: repeat(x), Type: repeat(x), Code: repeat(x)})
		},
		"500, no JSON": func(x *openaitest.Exchange) { x.Reply("text/plain", 500, []byte(repeat(x))) },
		"422, as vLLM": func(x *openaitest.Exchange) {
			x.JSON(422, map[string]any{"detail": []any{map[string]any{"msg": "bad", "input": repeat(x)}}})
		},
		"in the stream": func(x *openaitest.Exchange) { x.Data(fmt.Sprintf(`{"error":{"message":%q}}`, repeat(x))) },
		"not JSON":      func(x *openaitest.Exchange) { x.Data("oops " + strings.ReplaceAll(repeat(x), "\n", " ")) },
		"broken chunk":  func(x *openaitest.Exchange) { x.Data(fmt.Sprintf(`{"choices":%q}`, repeat(x))) },
		"reason":        func(x *openaitest.Exchange) { x.Finish(x.Header.Get("Authorization") + string(x.Body)) },
		"redirect": func(x *openaitest.Exchange) {
			x.Set("Location", "https://elsewhere.test/?k="+strings.TrimPrefix(x.Header.Get("Authorization"), "Bearer "))
			x.Reply("text/html", 302, nil)
		},
		"content type": func(x *openaitest.Exchange) { x.Reply("a/"+x.Header.Get("Authorization"), 200, []byte("x")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, behave, func(t *testing.T, _ *openaitest.Server, o Options) {
				var j journal
				o.Log = j.logger()
				_, _, err := collect(t.Context(), newChat(t, o, "m"), question())
				e := asError(t, err)
				mustNotLeak(t, "error", err.Error()+e.Hint+e.Code+e.Detail+fmt.Sprintf("%v %+v %s", err, err, errors.Unwrap(e)))
				mustNotLeak(t, "log", j.String())
			})
		})
	}
}

// The words of an error that does no harm reach the operator, with what to do.
func TestErrorText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		behave openaitest.Behavior
		want   string
		hint   string
	}{
		{openaitest.Status(401), "openai: chat with m: key refused (status 401, invalid_api_key): Incorrect API key provided: [key].",
			"OPENAI_API_KEY"},
		{openaitest.Status(404),
			"openai: chat with m: not found (status 404, model_not_found): The model `m` does not exist or you do not have access to it.", "model's name"},
		{openaitest.RetryAfter(429, "90"),
			"openai: chat with m: rate limited (status 429, rate_limit_exceeded, retry after 1m30s): Rate limit reached for requests", "limits"},
		{openaitest.Status(503),
			"openai: chat with m: unavailable (status 503, server_error, 3 attempts): The server had an error while processing your request.", "base_url"},
		{openaitest.HangBeforeHeaders(), "openai: chat with m: timed out: no answer within 30s", "slow"},
		{openaitest.HangAfter("x"), "openai: chat with m: timed out: nothing more came for 15s", "slow"},
		{openaitest.NotAStream(), "openai: chat with m: bad answer: not a stream of events but text/html; charset=utf-8", "base_url"},
		{openaitest.Finishing("length", ""), "openai: chat with m: answer too long", "limit of tokens"},
	} {
		bubble(t, c.behave, func(t *testing.T, _ *openaitest.Server, o Options) {
			_, _, err := collect(t.Context(), newChat(t, o, "m"), question())
			if err == nil || err.Error() != c.want || !strings.Contains(HintOf(err), c.hint) {
				t.Errorf("error %q, want %q; hint %q", err, c.want, HintOf(err))
			}
		})
	}
	if KindOf(io.EOF) != 0 || HintOf(nil) != "" || Kind(0).String() != "failed" || Kind(99).String() != "failed" {
		t.Error("an error that is not ours")
	}
	for k := Misconfigured; k <= Canceled; k++ {
		if k.String() == "" || k.String() == "failed" {
			t.Errorf("kind %d has no name", int(k))
		}
	}
}

// Errors within a stream have the kinds that errors before it have.
func TestStreamErrorKinds(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Kind{
		`{"error":{"message":"x","code":429}}`:                                 RateLimited,
		`{"error":{"message":"x","code":"429"}}`:                               RateLimited,
		`{"error":{"message":"x","code":401}}`:                                 Unauthorized,
		`{"error":{"message":"x","code":502}}`:                                 Unavailable,
		`{"error":{"message":"x","type":"rate_limit_error"}}`:                  RateLimited,
		`{"error":{"message":"x","code":"insufficient_quota"}}`:                OutOfQuota,
		`{"error":{"message":"x","code":"content_filter"}}`:                    Filtered,
		`{"error":{"message":"x","type":"invalid_request_error"}}`:             BadRequest,
		`{"error":{"message":"the prompt is too long for this model"}}`:        TooLarge,
		`{"error":{"message":"x","type":"server_error"}}`:                      Unavailable,
		`{"error":{"message":"x","type":["odd"],"code":{"a":1},"param":null}}`: Unavailable,
		`{"error":["odd"]}`: Unavailable,
	} {
		bubble(t, openaitest.StreamError("data: "+raw+"\n\n", "one"), func(t *testing.T, _ *openaitest.Server, o Options) {
			if _, _, err := collect(t.Context(), newChat(t, o, "m"), question()); KindOf(err) != want {
				t.Errorf("%s: %v, want %q", raw, err, want)
			}
		})
	}
}

// Limits that are negative are none.
func TestNoLimits(t *testing.T) {
	t.Parallel()
	bubble(t, openaitest.ByteByByte(time.Minute, strings.Repeat("x", 60)), func(t *testing.T, _ *openaitest.Server, o Options) {
		o.Limits = Limits{Connect: -1, FirstByte: -1, Idle: -1, Total: -1, Retries: -1}
		if lines, _, err := collect(t.Context(), newChat(t, o, "m"), question()); err != nil || len(lines) != 1 {
			t.Errorf("lines %q, %v", lines, err)
		}
	})
	bubble(t, openaitest.Status(500), func(t *testing.T, s *openaitest.Server, o Options) {
		o.Limits = Limits{Retries: -1}
		if _, _, err := collect(t.Context(), newChat(t, o, "m"), question()); KindOf(err) != Unavailable || len(s.Requests()) != 1 {
			t.Errorf("%d requests, %v", len(s.Requests()), err)
		}
	})
}

// FuzzEvents: whatever comes as a stream, what is handed on are lines of data and nothing that was not sent.
func FuzzEvents(f *testing.F) {
	for _, raw := range openaitest.StreamErrors() {
		f.Add([]byte(raw))
	}
	for _, s := range []string{"", "\n", "data:", "data: [DONE]", ": c\n\ndata: {\"choices\":[]}\r\n\r\n", "data: {\"choices\":\ndata: []}\n\n",
		"{", "data: {\n\n",
		"data: {\ndata: \"a\":1}\n\ndata: null\n", "event: error\ndata: x\n", "error: x\n", "id: 1\nretry\n",
		"\xff\xfe", "data: {\"choices\":[]", "data: {\"detail\":0}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		tr := &transport{limits: Limits{}.withDefaults(), key: testKey}
		ctx, cancel := context.WithCancelCause(t.Context())
		g := &guarded{t: tr, ctx: ctx, callers: t.Context(), cancel: cancel,
			body: io.NopCloser(strings.NewReader(string(raw))), left: 1 << 20, limit: 1 << 20, report: func(*Error) {}}
		s := newEvents(g, nil)
		defer s.Close()
		out, err := io.ReadAll(s)
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("error %v of %T", err, err)
		}
		for line := range strings.Lines(string(out)) {
			data, ok := strings.CutPrefix(line, "data: ")
			if !ok || !strings.HasSuffix(line, "\n") || strings.TrimSpace(data) == "" {
				t.Fatalf("line %q of %q", line, raw)
			}
		}
		if e != nil && strings.ContainsAny(e.Error(), "\n\r\x00\x1b") {
			t.Fatalf("error %q", e)
		}
	})
}
