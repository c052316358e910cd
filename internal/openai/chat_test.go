package openai

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"policybot/answer"
	"policybot/internal/openaitest"
)

func TestStream(t *testing.T) {
	t.Parallel()
	three := []string{`{"claim":"uno"}`, "", `{"claim":"Áñ€🙂 «dos»"}`}
	for _, c := range []struct {
		name   string
		behave openaitest.Behavior
		want   []string
	}{
		{"lines", openaitest.Lines(three...), three},
		{"one piece, no last line end", openaitest.Text("a\r\nb\n\nc"), []string{"a", "b", "", "c"}},
		{"line ends alone", openaitest.Text("\n\n"), []string{"", ""}},
		{"nothing", openaitest.Text(""), nil},
		{"no [DONE]", openaitest.NoDone(three...), three},
		{"stream left open after the end", openaitest.HangAfterFinish(three...), three},
		{"keep-alives", openaitest.KeepAlives(2000, three...), three},
		{"ten thousand", openaitest.Many(10_000, func(i int) string { return fmt.Sprintf("line %d", i) }), func() (l []string) {
			for i := range 10_000 {
				l = append(l, fmt.Sprintf("line %d", i))
			}
			return l
		}()},
		{"without blank lines, with other fields and a mark of order", func(x *openaitest.Exchange) {
			x.Raw("\ufeffid: 1\nretry: 5\nevent: message\n")
			x.Raw(`data:{"choices":[{"index":0,"delta":{"role":"assistant","content":"a\n"}}]}` + "\r\n\r\n")
			x.Raw(`data:   {"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],"error":null}` + "\n")
			x.Raw("data: [DONE]") // no line end
		}, []string{"a", "b"}},
		{"prompt filter first, as Azure", func(x *openaitest.Exchange) {
			x.Data(`{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}`)
			x.Lines("a")
			x.Finish("stop")
			x.Done()
		}, []string{"a"}},
		{"other choices", func(x *openaitest.Exchange) {
			x.Data(`{"choices":[{"index":1,"delta":{"content":"no"},"finish_reason":null},` +
				`{"index":0,"delta":{"content":"yes"},"finish_reason":null}]}`)
			x.Data(`{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}`)
			x.Finish("stop")
		}, []string{"yes"}},
		{"thoughts beside the answer", func(x *openaitest.Exchange) {
			x.Data(`{"choices":[{"index":0,"delta":{"reasoning_content":"hm\nhm\n"},"finish_reason":null}]}`)
			x.Lines("a")
			x.Finish("stop")
		}, []string{"a"}},
		{"thoughts before the answer", openaitest.Text("\n<think>\nhm\n{\"claim\":1}\n</think>\n\na\n<think>\nb"),
			[]string{"", "", "a", "<think>", "b"}},
		{"thoughts on a line", openaitest.Text("<think>hm</think> a\nb"), []string{"a", "b"}},
		{"nothing but thoughts", openaitest.Text("<think>\nhm"), nil},
		{"text after the end", func(x *openaitest.Exchange) {
			x.Lines("a")
			x.Finish("stop")
			x.Lines("b")
			x.Done()
		}, []string{"a"}},
		{"an event over two lines", func(x *openaitest.Exchange) {
			x.Raw("data: {\ndata: \"choices\":[{\"index\":0,\"delta\":{\"content\":\"a  b\"},\"finish_reason\":\"stop\"}]}\n\n")
		}, []string{"a  b"}},
		{"one byte at a time", openaitest.ByteByByte(time.Second, "abc", "de"), []string{"abc", "de"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, c.behave, func(t *testing.T, s *openaitest.Server, o Options) {
				m := newChat(t, o, "llama3")
				lines, u, err := collect(t.Context(), m, question())
				if err != nil {
					t.Fatal(err)
				}
				if m.Name() != "llama3" || !reflect.DeepEqual(lines, c.want) {
					t.Errorf("lines %.200q, want %.200q", lines, c.want)
				}
				if u.Prompt <= 0 || len(c.want) > 0 && u.Completion <= 0 {
					t.Errorf("usage %+v", u)
				}
				if n := len(s.Requests()); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		})
	}
}

// Lines are handed on as they come, not when the stream is over.
func TestLinesAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, openaitest.HangAfter("one", "two"), func(t *testing.T, s *openaitest.Server, o Options) {
		m := newChat(t, o, "m")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		lines := make(chan string)
		done := make(chan error)
		go func() {
			_, err := m.Stream(ctx, question(), func(l string) error {
				lines <- l
				return nil
			})
			done <- err
		}()
		if a, b := <-lines, <-lines; a != "one" || b != "two" {
			t.Errorf("lines %q, %q", a, b)
		}
		s.AwaitHang(1)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) || KindOf(err) != Canceled {
			t.Errorf("error %v", err)
		}
	})
}

// An error of the callback ends the stream, and the server is told.
func TestCallbackError(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		x.Lines("one", "two", "three")
		<-x.Gone()
		close(gone)
	})
	m := newChat(t, Options{BaseURL: s.BaseURL(), HTTP: s.Client()}, "m")
	enough := errors.New("enough")
	n := 0
	u, err := m.Stream(t.Context(), question(), func(string) error {
		if n++; n == 2 {
			return enough
		}
		return nil
	})
	if err != enough || n != 2 { // it is to be this very error
		t.Errorf("after %d lines: %v", n, err)
	}
	if !u.Estimated || u.Prompt == 0 || u.Completion == 0 {
		t.Errorf("usage %+v", u)
	}
	<-gone
}

// Everything an endpoint can do wrong with a chat is an error of the right kind, in bounded time, with the
// complete lines that came before and never a piece of one.
func TestStreamFaults(t *testing.T) {
	t.Parallel()
	type fault struct {
		name     string
		behave   openaitest.Behavior
		kind     Kind
		lines    []string
		requests int
		within   time.Duration // of the bubble's time
	}
	cases := []fault{
		{"400", openaitest.Status(400), BadRequest, nil, 2, 0}, // once more without stream_options
		{"401", openaitest.Status(401), Unauthorized, nil, 1, 0},
		{"403", openaitest.Status(403), Unauthorized, nil, 1, 0},
		{"404", openaitest.Status(404), NotFound, nil, 1, 0},
		{"402", openaitest.Status(402), OutOfQuota, nil, 1, 0},
		{"413", openaitest.Status(413), TooLarge, nil, 1, 0},
		{"408", openaitest.Status(408), Timeout, nil, 3, time.Second},
		{"429", openaitest.Status(429), RateLimited, nil, 3, time.Second},
		{"429 for want of credit", openaitest.Fails(429, openaitest.Problem{Message: "You exceeded your current quota", Type: "insufficient_quota",
			Code: "insufficient_quota"}), OutOfQuota, nil, 1, 0},
		{"429, seconds", openaitest.RetryAfter(429, "3"), RateLimited, nil, 3, 7 * time.Second},
		{"429, too long", openaitest.RetryAfter(429, "600"), RateLimited, nil, 1, 0},
		{"429, date", openaitest.RetryAfter(429, "Sat, 01 Jan 2000 00:00:04 GMT"), RateLimited, nil, 3, 9 * time.Second},
		{"500", openaitest.Status(500), Unavailable, nil, 3, time.Second},
		{"501", openaitest.Status(501), Unavailable, nil, 1, 0},
		{"503", openaitest.Status(503), Unavailable, nil, 3, time.Second},
		{"503, seconds", openaitest.RetryAfter(503, "2"), Unavailable, nil, 3, 5 * time.Second},
		{"500, not to be retried", func(x *openaitest.Exchange) {
			x.Set("X-Should-Retry", "false")
			x.Error(500, openaitest.Problem{Message: "no", Type: "server_error"})
		}, Unavailable, nil, 1, 0},
		{"context too long", openaitest.Fails(400, openaitest.Problem{Message: "This model's maximum context length is 8192 tokens.",
			Type: "invalid_request_error", Code: "context_length_exceeded"}), TooLarge, nil, 1, 0},
		{"context too long, llama.cpp", openaitest.Fails(400, openaitest.Problem{Message: "the request exceeds the available context size",
			Type: "exceed_context_size_error", Code: 400}), TooLarge, nil, 1, 0},
		{"prompt filtered", openaitest.Fails(400, openaitest.Problem{Message: "filtered", Code: "content_filter"}), Filtered, nil, 1, 0},
		{"error that is a page", func(x *openaitest.Exchange) { x.Reply("text/html", 502, []byte("<html>bad gateway</html>")) },
			Unavailable, nil, 3, time.Second},
		{"hang before headers", openaitest.HangBeforeHeaders(), Timeout, nil, 1, 30 * time.Second},
		{"hang after headers", openaitest.HangAfter(), Timeout, nil, 1, 15 * time.Second},
		{"hang after a line", openaitest.HangAfter("one"), Timeout, []string{"one"}, 1, 15 * time.Second},
		{"cut before headers", openaitest.CutBeforeHeaders(), Unavailable, nil, 3, time.Second},
		{"cut before lines", openaitest.CutAfter(""), Cut, nil, 2, time.Second},
		{"cut within the first line", openaitest.CutAfter("on"), Cut, nil, 2, time.Second},
		{"cut after a line", openaitest.CutAfter("tw", "one"), Cut, []string{"one"}, 1, 0},
		{"ended before lines", openaitest.EndAfter(""), Cut, nil, 2, time.Second},
		{"ended after a line", openaitest.EndAfter("tw", "one"), Cut, []string{"one"}, 1, 0},
		{"ended within an event", func(x *openaitest.Exchange) { x.Lines("one"); x.Raw(`data: {"choices":[{"ind`) }, Cut, []string{"one"}, 1, 0},
		{"[DONE] without a reason", openaitest.NoFinish("one"), Cut, []string{"one"}, 1, 0},
		{"only [DONE]", openaitest.NoFinish(), Cut, nil, 2, time.Second},
		{"empty choices", openaitest.EmptyChoices(3), Cut, nil, 2, time.Second},
		{"length", openaitest.Finishing("length", "tw", "one"), Length, []string{"one"}, 1, 0},
		{"content filter", openaitest.Finishing("content_filter", "tw", "one"), Filtered, []string{"one"}, 1, 0},
		{"refusal", func(x *openaitest.Exchange) {
			x.Data(`{"choices":[{"index":0,"delta":{"refusal":"I cannot"},"finish_reason":null}]}`)
			x.Finish("stop")
			x.Done()
		}, Filtered, nil, 1, 0},
		{"tool call", openaitest.Finishing("tool_calls", "tw", "one"), BadResponse, []string{"one"}, 1, 0},
		{"unknown reason", openaitest.Finishing("because\x1b[31m", "tw", "one"), BadResponse, []string{"one"}, 1, 0},
		{"not JSON", func(x *openaitest.Exchange) { x.Lines("one"); x.Data("{broken}"); x.Lines("two"); x.Finish("stop") },
			BadResponse, []string{"one"}, 1, 0},
		{"not JSON at all", func(x *openaitest.Exchange) { x.Lines("one"); x.Data("oops"); x.Lines("two"); x.Finish("stop") },
			BadResponse, []string{"one"}, 1, 0},
		{"choices of another shape", func(x *openaitest.Exchange) { x.Data(`{"choices":"none"}`) }, BadResponse, nil, 1, 0},
		{"content of another shape", func(x *openaitest.Exchange) { x.Data(`{"choices":[{"index":0,"delta":{"content":{"a":1}}}]}`) },
			BadResponse, nil, 1, 0},
		{"a page", openaitest.NotAStream(), BadResponse, nil, 1, 0},
		{"no stream", openaitest.Whole("one\ntwo\n"), BadResponse, nil, 1, 0},
		{"an error instead of a stream", func(x *openaitest.Exchange) {
			x.Error(200, openaitest.Problem{Message: "overloaded", Type: "server_error"})
		}, Unavailable, nil, 3, time.Second},
		{"comments without end", openaitest.Flood(": keep-alive\n\n", 1<<40), BadResponse, nil, 1, 0},
		{"blank lines without end", openaitest.Flood("\n", 1<<40), BadResponse, nil, 1, 0},
		{"empty chunks without end", openaitest.Flood(`data: {"choices":[]}`+"\n\n", 1<<40), BadResponse, nil, 1, 0},
		{"empty text without end", openaitest.Flood(`data: {"choices":[{"index":0,"delta":{"content":""}}]}`+"\n\n", 1<<40),
			BadResponse, nil, 1, 0},
		{"an event without end", openaitest.Flood("data: {{{{{{{{", 1<<40), BadResponse, nil, 1, 0},
		{"megabytes in a line", openaitest.Megabytes(64 << 20), BadResponse, nil, 1, 0},
		{"one byte of an event per second", openaitest.Dribble(time.Second), Timeout, nil, 1, 2 * time.Minute},
		{"one byte of text per second", openaitest.ByteByByte(time.Second, "one", strings.Repeat("x", 1000)),
			Timeout, []string{"one"}, 1, 2 * time.Minute},
	}
	for shape, raw := range openaitest.StreamErrors() {
		cases = append(cases,
			fault{"error in the stream: " + shape, openaitest.StreamError(raw, "one"), Unavailable, []string{"one"}, 1, 0},
			fault{"error at first: " + shape, openaitest.StreamError(raw), Unavailable, nil, 2, time.Second})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, c.behave, func(t *testing.T, s *openaitest.Server, o Options) {
				var j journal
				o.Log = j.logger()
				o.Now = time.Now
				m := newChat(t, o, "test-model")
				began := time.Now()
				lines, u, err := collect(t.Context(), m, question())
				took := time.Since(began)
				e := asError(t, err)
				if e.Kind != c.kind {
					t.Errorf("kind %q (%v), want %q", e.Kind, err, c.kind)
				}
				if !reflect.DeepEqual(lines, c.lines) {
					t.Errorf("lines %.100q, want %q", lines, c.lines)
				}
				if n := len(s.Requests()); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
				if took > c.within {
					t.Errorf("it took %v, want at most %v", took, c.within)
				}
				if len(lines) > 0 && (u.Prompt == 0 || u.Completion == 0) {
					t.Errorf("usage %+v", u)
				}
				if len(err.Error()) > 400 || strings.ContainsAny(err.Error(), "\n\x1b") {
					t.Errorf("an error that is not fit to be shown: %q", err)
				}
				if e.Model != "test-model" || e.Op != "chat" {
					t.Errorf("error of %q with %q", e.Op, e.Model)
				}
				mustNotLeak(t, "error", err.Error()+e.Hint+e.Detail+e.Code)
				mustNotLeak(t, "log", j.String())
			})
		})
	}
}

// A failure that passes is not seen by the caller.
func TestStreamRecovers(t *testing.T) {
	t.Parallel()
	good := openaitest.Lines("one")
	for name, first := range map[string]openaitest.Behavior{
		"429": openaitest.RetryAfter(429, "2"), "500": openaitest.Status(500), "503": openaitest.Status(503),
		"cut before headers": openaitest.CutBeforeHeaders(),
		"cut before lines":   openaitest.CutAfter("o"), "ended": openaitest.EndAfter(""),
		"error at first": openaitest.StreamError(openaitest.StreamErrors()["object"]),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, openaitest.Sequence(first, good), func(t *testing.T, s *openaitest.Server, o Options) {
				lines, _, err := collect(t.Context(), newChat(t, o, "m"), question())
				if err != nil || len(lines) != 1 || lines[0] != "one" {
					t.Errorf("lines %q, %v", lines, err)
				}
			})
		})
	}
}

// Broken UTF-8 becomes valid before anybody sees it.
func TestBrokenUTF8(t *testing.T) {
	t.Parallel()
	bubble(t, openaitest.BrokenUTF8(), func(t *testing.T, _ *openaitest.Server, o Options) {
		lines, _, err := collect(t.Context(), newChat(t, o, "m"), question())
		if err != nil || len(lines) != 5 || lines[4] != "end" {
			t.Fatalf("lines %q, %v", lines, err)
		}
		for _, l := range lines {
			if !utf8.ValidString(l) {
				t.Errorf("line %q is not valid UTF-8", l)
			}
		}
	})
	bubble(t, openaitest.Lines("x"), func(t *testing.T, _ *openaitest.Server, o Options) {
		r := question()
		r.System, r.Messages[0].Text = "a\xffb", "\xc3" // the contract wants valid UTF-8
		if _, _, err := collect(t.Context(), newChat(t, o, "m"), r); err != nil {
			t.Error(err)
		}
	})
}

// The limit for the whole holds over everything that is sent on account of one call, and is not the
// caller's.
func TestStreamTotal(t *testing.T) {
	t.Parallel()
	slowly := func(then openaitest.Behavior) openaitest.Behavior {
		return func(x *openaitest.Exchange) {
			if x.Pause(20 * time.Second) {
				then(x)
			}
		}
	}
	for name, then := range map[string]openaitest.Behavior{
		"refusals": openaitest.Fails(400, openaitest.Problem{Message: "temperature stream_options max_tokens"}),
		"failures": openaitest.Status(500), "cuts": openaitest.CutAfter(""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, slowly(then), func(t *testing.T, s *openaitest.Server, o Options) {
				o.Limits.Total = 30 * time.Second
				began := time.Now()
				_, _, err := collect(t.Context(), newChat(t, o, "m"), question())
				if took := time.Since(began); took != 30*time.Second || KindOf(err) != Timeout || errors.Is(err, context.DeadlineExceeded) ||
					!strings.Contains(err.Error(), "not done within 30s") || len(s.Requests()) != 2 {
					t.Errorf("after %v and %d requests: %v", took, len(s.Requests()), err)
				}
			})
		})
	}
}

// The caller's deadline holds whatever the endpoint does, and no wait is begun that would outlast it.
func TestStreamDeadline(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		behave openaitest.Behavior
		took   time.Duration
		kind   Kind
	}{
		"hang before headers": {openaitest.HangBeforeHeaders(), 10 * time.Second, Timeout},
		"hang after a line":   {openaitest.HangAfter("one"), 10 * time.Second, Timeout},
		"slow":                {openaitest.ByteByByte(time.Second, strings.Repeat("x", 1000)), 10 * time.Second, Timeout},
		"long Retry-After":    {openaitest.RetryAfter(429, "10"), 0, RateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, c.behave, func(t *testing.T, s *openaitest.Server, o Options) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				began := time.Now()
				_, _, err := collect(ctx, newChat(t, o, "m"), question())
				if took := time.Since(began); took != c.took || KindOf(err) != c.kind {
					t.Errorf("after %v: %v", took, err)
				}
				if c.kind == Timeout && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error %v does not wrap the context's", err)
				}
			})
		})
	}
	bubble(t, nil, func(t *testing.T, s *openaitest.Server, o Options) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := collect(ctx, newChat(t, o, "m"), question()); !errors.Is(err, context.Canceled) || KindOf(err) != Canceled {
			t.Errorf("with a context that is done: %v", err)
		}
	})
}

// What each family of models is sent, as the fake's contract and the models want it.
func TestParameters(t *testing.T) {
	t.Parallel()
	num := func(f *float64) string {
		if f == nil {
			return "-"
		}
		return fmt.Sprint(*f)
	}
	integer := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	for _, c := range []struct {
		model string
		temp  float32
		limit int
		want  string // temperature, max_tokens, max_completion_tokens, effort
	}{
		{"gpt-4o-mini", 0, 500, "0 500 - "},
		{"gpt-4.1", 0.5, 500, "0.5 500 - "},
		{"gpt-3.5-turbo", 0, 0, "0 - - "},
		{"llama3.1:8b", 0, 500, "0 500 - "},
		{"Qwen/Qwen3-8B", -1, 500, "0 500 - "},
		{"gpt-oss:20b", 0.25, 500, "0.25 500 - "},
		{"o1", 0, 500, "- - 4596 low"},
		{"o3-mini", 0.7, 500, "- - 4596 low"},
		{"o4-mini", 0, 0, "- - - low"},
		{"o9-nano", 0, 500, "- - 4596 low"},
		{"gpt-5", 0, 500, "- - 4596 low"},
		{"gpt-5.4-mini", 1, 500, "- - 4596 low"},
		{"gpt-5-chat-latest", 0.3, 500, "- - 4596 low"},
		{"gpt-6-sol", 0, 500, "- - 4596 low"},
		{"gpt-6.1-sol", 0.2, 500, "- - 4596 low"},
		{"gpt-17", 0.2, 500, "- - 4596 low"},
		{"openai/gpt-5", 0, 500, "- - 4596 low"},
	} {
		bubble(t, openaitest.Lines("x"), func(t *testing.T, s *openaitest.Server, o Options) {
			r := question()
			r.Temperature, r.MaxTokens, r.JSON = c.temp, c.limit, true
			if _, _, err := collect(t.Context(), newChat(t, o, c.model), r); err != nil {
				t.Errorf("%s: %v", c.model, err)
				return
			}
			q := s.Requests()[0].Chat
			got := fmt.Sprint(num(q.Temperature), " ", integer(q.MaxTokens), " ", integer(q.MaxCompletionTokens), " ", q.ReasoningEffort)
			if got != c.want || q.StreamOptions == nil || !q.StreamOptions.IncludeUsage || q.ResponseFormat != nil {
				t.Errorf("%s was sent %q, want %q (%s)", c.model, got, c.want, s.Requests()[0].Body)
			}
		})
	}
	// A family we do not know: OpenAI itself takes the new limit with every model, others rather the old.
	if p := paramsFor("nova-1", true, false); p.temperature || !p.newLimit {
		t.Errorf("an unknown model of OpenAI's: %+v", p)
	}
	if p := paramsFor("nova-1", false, true); p.temperature || !p.newLimit {
		t.Errorf("an unknown deployment: %+v", p)
	}
	if p := paramsFor("nova-1", false, false); !p.temperature || p.newLimit {
		t.Errorf("an unknown model of somebody's: %+v", p)
	}
}

// The zero temperature of a request is a zero on the wire, and text that looks like one stays as it is.
func TestTrueZero(t *testing.T) {
	t.Parallel()
	bubble(t, openaitest.Lines("x"), func(t *testing.T, s *openaitest.Server, o Options) {
		r := question()
		r.Messages[0].Text = `what does ,"temperature":1e-45 mean?`
		if _, _, err := collect(t.Context(), newChat(t, o, "m"), r); err != nil {
			t.Fatal(err)
		}
		q := s.Requests()[0]
		if !strings.Contains(string(q.Body), `,"temperature":0,`) || !strings.HasSuffix(q.Chat.Text(), r.Messages[0].Text+"\n") {
			t.Errorf("sent %s", q.Body)
		}
	})
}

// What an endpoint refuses is left out, once for all.
func TestRefusedParameters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		model    string
		refuses  []string
		requests int
	}{
		{"llama3", []string{"stream_options"}, 2},
		{"llama3", []string{"temperature"}, 2},
		{"llama3", []string{"max_tokens"}, 2},
		{"llama3", []string{"temperature", "stream_options", "max_tokens"}, 4},
		{"gpt-5-chat-latest", []string{"reasoning_effort"}, 2},
		{"o3", []string{"max_completion_tokens", "stream_options"}, 3},
	} {
		t.Run(c.model+" "+strings.Join(c.refuses, " "), func(t *testing.T) {
			t.Parallel()
			bubble(t, openaitest.Refuses(openaitest.Lines("one"), c.refuses...), func(t *testing.T, s *openaitest.Server, o Options) {
				m := newChat(t, o, c.model)
				for i := range 2 {
					if lines, _, err := collect(t.Context(), m, question()); err != nil || len(lines) != 1 {
						t.Fatalf("request %d: %q, %v", i, lines, err)
					}
				}
				if n := len(s.Requests()); n != c.requests+1 {
					t.Errorf("%d requests, want %d and one more", n, c.requests)
				}
			})
		})
	}
	t.Run("400 without a reason", func(t *testing.T) {
		t.Parallel()
		bare := openaitest.Fails(400, openaitest.Problem{Message: "bad request"})
		bubble(t, openaitest.Sequence(bare, openaitest.Lines("one")), func(t *testing.T, s *openaitest.Server, o Options) {
			lines, u, err := collect(t.Context(), newChat(t, o, "m"), question())
			if err != nil || len(lines) != 1 || !u.Estimated || s.Requests()[1].Chat.StreamOptions != nil {
				t.Errorf("lines %q, usage %+v, %v", lines, u, err)
			}
		})
	})
}

// What a stream cost is what the endpoint says, else an estimate; nonsense does not count.
func TestUsage(t *testing.T) {
	t.Parallel()
	say := func(usage string) openaitest.Behavior {
		return func(x *openaitest.Exchange) {
			x.Lines("one two three")
			x.Finish("stop")
			x.Data(`{"choices":[],"usage":` + usage + `}`)
			x.Done()
		}
	}
	for name, c := range map[string]struct {
		behave openaitest.Behavior
		want   answer.Usage // Prompt -1 is an estimate
	}{
		"said": {say(`{"prompt_tokens":120,"completion_tokens":7,"total_tokens":127}`), answer.Usage{Prompt: 120, Completion: 7}},
		"with details": {say(`{"prompt_tokens":120,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":64}}`),
			answer.Usage{Prompt: 120, Completion: 7, Cached: 64}},
		"cached beyond": {say(`{"prompt_tokens":120,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":640}}`),
			answer.Usage{Prompt: 120, Completion: 7, Cached: 120}},
		"null":     {say(`null`), answer.Usage{Prompt: -1}},
		"zero":     {say(`{"prompt_tokens":0,"completion_tokens":0}`), answer.Usage{Prompt: -1}},
		"negative": {say(`{"prompt_tokens":-5,"completion_tokens":7}`), answer.Usage{Prompt: -1}},
		"absurd":   {say(`{"prompt_tokens":5,"completion_tokens":99999999999}`), answer.Usage{Prompt: -1}},
		"never":    {openaitest.NoUsage("one two three"), answer.Usage{Prompt: -1}},
	} {
		bubble(t, c.behave, func(t *testing.T, _ *openaitest.Server, o Options) {
			r := question()
			_, u, err := collect(t.Context(), newChat(t, o, "m"), r)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if c.want.Prompt == -1 {
				c.want = answer.Usage{Prompt: 3 + 4 + Tokens(r.System) + 4 + Tokens(r.Messages[0].Text), Completion: 3, Estimated: true}
			}
			if u != c.want {
				t.Errorf("%s: usage %+v, want %+v", name, u, c.want)
			}
		})
	}
	// A request that nobody answered cost nothing; a stream that was begun twice cost twice.
	steps := openaitest.Sequence(openaitest.Status(401), openaitest.CutAfter("some words"), openaitest.NoUsage("one"))
	bubble(t, steps, func(t *testing.T, _ *openaitest.Server, o Options) {
		m := newChat(t, o, "m")
		if _, u, _ := collect(t.Context(), m, question()); u != (answer.Usage{}) {
			t.Errorf("usage of a refused request: %+v", u)
		}
		_, twice, err := collect(t.Context(), m, question())
		_, once, _ := collect(t.Context(), m, question())
		if err != nil || twice.Prompt != 2*once.Prompt || twice.Completion != 3 {
			t.Errorf("usage %+v, of one request %+v, %v", twice, once, err)
		}
	})
}

// A model may be used by many at once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openaitest.NewMemory(t, openaitest.Refuses(openaitest.Say(func(c *openaitest.Chat) []string {
			return []string{c.Messages[len(c.Messages)-1].Content}
		}), "stream_options"))
		m := newChat(t, Options{BaseURL: s.BaseURL(), HTTP: s.Client()}, "m")
		errs := make(chan error)
		for i := range 64 {
			go func() {
				r := question()
				r.Messages[0].Text = fmt.Sprintf("question %d", i)
				lines, _, err := collect(t.Context(), m, r)
				if err == nil && (len(lines) != 1 || lines[0] != r.Messages[0].Text) {
					err = fmt.Errorf("question %d got %q", i, lines)
				}
				errs <- err
			}()
		}
		for range 64 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}
