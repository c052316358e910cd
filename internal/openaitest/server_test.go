package openaitest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// post sends a body the way a client would and returns the answer's status, header and body.
func post(t *testing.T, s *Server, path, body string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer secret-key")
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

const (
	goodChat  = `{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}`
	goodEmbed = `{"model":"m","input":["a","b"],"encoding_format":"float"}`
)

// The server is honest: what its good behaviours send is what the description says an endpoint sends.
func TestAnswersConform(t *testing.T) {
	t.Parallel()
	if SpecPath() == "" {
		t.Skip("no OpenAI description beside the repository")
	}
	s := NewServer(t, Both(Lines("one", "two"), Vectors(8)))
	status, _, stream := post(t, s, "/v1/chat/completions", goodChat)
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	chunks, text := 0, ""
	sc := bufio.NewScanner(strings.NewReader(stream))
	for sc.Scan() {
		data, ok := strings.CutPrefix(sc.Text(), "data: ")
		if !ok || data == "[DONE]" {
			continue
		}
		chunks++
		if err := conform(schemaChunk, []byte(data)); err != nil {
			t.Errorf("%v: %s", err, data)
		}
		var c struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		if err := json.Unmarshal([]byte(data), &c); err != nil {
			t.Fatal(err)
		}
		for _, c := range c.Choices {
			text += c.Delta.Content
		}
	}
	if text != "one\ntwo\n" || chunks != 4 || !strings.HasSuffix(stream, "data: [DONE]\n\n") {
		t.Errorf("text %q in %d chunks: %s", text, chunks, stream)
	}
	status, _, body := post(t, s, "/v1/embeddings", goodEmbed)
	if err := conform(schemaEmbedded, []byte(body)); status != http.StatusOK || err != nil {
		t.Errorf("embeddings: status %d, %v", status, err)
	}
	for _, status := range []int{400, 401, 404, 429, 500, 503} {
		e := NewServer(t, RetryAfter(status, "7"))
		got, h, body := post(t, e, "/v1/chat/completions", goodChat)
		if err := conform(schemaErrorAnswer, []byte(body)); got != status || h.Get("Retry-After") != "7" || err != nil {
			t.Errorf("status %d as %d, Retry-After %q, %v", status, got, h.Get("Retry-After"), err)
		}
	}
	res, err := s.Client().Get(s.BaseURL() + "/models")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	list, _ := io.ReadAll(res.Body)
	if err := conform(schemaModels, list); err != nil {
		t.Error(err)
	}
}

// Every rule of the contract catches what it is there for.
func TestContract(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3_000)
	many := func(n int, text string) string {
		b, _ := json.Marshal(map[string]any{"model": "m", "encoding_format": "float", "input": slices.Repeat([]string{text}, n)})
		return string(b)
	}
	for _, c := range []struct {
		name, path, body string
		want             string // of the first complaint; "" is none
		spec             bool   // found by the description alone
	}{
		{"good chat", "/v1/chat/completions", goodChat, "", false},
		{"good embedding", "/v1/embeddings", goodEmbed, "", false},
		{"azure", "/openai/deployments/d/chat/completions?api-version=2024-10-21", goodChat, "", false},
		{"azure without version", "/openai/deployments/d/chat/completions", goodChat, "without api-version", false},
		{"no such path", "/v1/completions", goodChat, "no operation", false},
		{"path without v1", "/chat/completions", goodChat, "no operation", false},
		{"not JSON", "/v1/chat/completions", "{", "not a JSON object", false},
		{"not UTF-8", "/v1/chat/completions", strings.Replace(goodChat, "hi", "\xff", 1), "not valid UTF-8", false},
		{"no model", "/v1/chat/completions", strings.Replace(goodChat, `"m"`, `""`, 1), "no model", false},
		{"the key", "/v1/chat/completions", strings.Replace(goodChat, "hi", "secret-key", 1), "holds the key", false},
		{"a key", "/v1/embeddings", strings.Replace(goodEmbed, `"a"`, `"sk-abcdefghijklmnop1234"`, 1), "looks like a key", false},
		{"unknown field", "/v1/chat/completions", strings.Replace(goodChat, `"stream":`, `"n":1,"stream":`, 1), `field "n"`, false},
		{"no stream", "/v1/chat/completions", strings.Replace(goodChat, `"stream":true`, `"stream":false`, 1), "does not stream", false},
		{"no turn", "/v1/chat/completions", `{"model":"m","stream":true,"messages":[{"role":"system","content":"x"}]}`, "no turn to answer", false},
		{"empty turn", "/v1/chat/completions", strings.Replace(goodChat, "hi", "", 1), "message 0 is empty", false},
		{"unknown role", "/v1/chat/completions", strings.Replace(goodChat, `"user"`, `"tool"`, 1), `role "tool"`, false},
		{"late system", "/v1/chat/completions", `{"model":"m","stream":true,"messages":[{"role":"user","content":"x"},` +
			`{"role":"system","content":"y"}]}`,
			"speaks first", false},
		{"two limits", "/v1/chat/completions", strings.Replace(goodChat, `"stream":`, `"max_tokens":5,"max_completion_tokens":5,"stream":`, 1),
			"both", false},
		{"limit of nothing", "/v1/chat/completions", strings.Replace(goodChat, `"stream":`, `"max_tokens":0,"stream":`, 1), "limit of 0", false},
		{"warm reasoning", "/v1/chat/completions",
			strings.Replace(strings.Replace(goodChat, `"m"`, `"o3-mini"`, 1), `"stream":`, `"temperature":1,"stream":`, 1),
			"temperature", false},
		{"old limit", "/v1/chat/completions",
			strings.Replace(strings.Replace(goodChat, `"m"`, `"gpt-5.4"`, 1), `"stream":`, `"max_tokens":9,"stream":`, 1),
			"max_tokens", false},
		{"hot", "/v1/chat/completions", strings.Replace(goodChat, `"stream":`, `"temperature":3,"stream":`, 1), "maximum", true},
		{"content as number", "/v1/chat/completions", strings.Replace(goodChat, `"hi"`, `7`, 1), "", true},
		{"base64", "/v1/embeddings", strings.Replace(goodEmbed, "float", "base64", 1), `"base64"`, false},
		{"other encoding", "/v1/embeddings", strings.Replace(goodEmbed, "float", "int8", 1), "int8", false},
		{"blank input", "/v1/embeddings", strings.Replace(goodEmbed, `"a"`, `" "`, 1), "input 0 is empty", false},
		{"no input", "/v1/embeddings", strings.Replace(goodEmbed, `["a","b"]`, `[]`, 1), "0 inputs", false},
		{"too many inputs", "/v1/embeddings", many(2049, "a"), "2049 inputs", false},
		{"too many tokens", "/v1/embeddings", many(600, long), "tokens in one request", false},
		{"negative dimension", "/v1/embeddings", strings.Replace(goodEmbed, `"model"`, `"dimensions":-1,"model"`, 1), "minimum", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.spec && SpecPath() == "" {
				t.Skip("no OpenAI description beside the repository")
			}
			s := NewServer(t, nil)
			s.Tolerate()
			post(t, s, c.path, c.body)
			got := strings.Join(s.Violations(), "\n")
			if (c.want == "" && !c.spec) != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("violations %q, want %q", got, c.want)
			}
		})
	}
}

// teller is a test that only notes that it failed.
type teller struct {
	testing.TB
	failed chan string
}

func (c teller) Errorf(format string, args ...any) { c.failed <- fmt.Sprintf(format, args...) }

// A violation fails the test that made it.
func TestViolationFails(t *testing.T) {
	t.Parallel()
	c := teller{t, make(chan string, 1)}
	s := NewServer(c, nil)
	post(t, s, "/v1/chat/completions", strings.Replace(goodChat, `"stream":true`, `"stream":false`, 1))
	select {
	case got := <-c.failed:
		if !strings.Contains(got, "does not stream") {
			t.Errorf("said %q", got)
		}
	default:
		t.Error("the test was not failed")
	}
}

// In a bubble, what hangs costs no time, and a slow stream takes as long as it says.
func TestBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := NewMemory(t, Sequence(HangBeforeHeaders(), ByteByByte(time.Second, strings.Repeat("x", 3599)), HangAfter("one")))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.BaseURL()+"/chat/completions", strings.NewReader(goodChat))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "text/event-stream")
		if _, err := s.Client().Do(req); err == nil || time.Since(began) != time.Hour {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		began = time.Now()
		if _, _, body := post(t, s, "/v1/chat/completions", goodChat); time.Since(began) != time.Hour || !strings.Contains(body, "[DONE]") {
			t.Errorf("after %v: …%s", time.Since(began), body[max(0, len(body)-40):])
		}
		go func() { // nobody ends this one but the end of the test
			req := req.Clone(context.Background())
			req.Body = io.NopCloser(strings.NewReader(goodChat))
			res, err := s.Client().Do(req)
			if err != nil {
				return
			}
			defer res.Body.Close()
			_, _ = io.Copy(io.Discard, res.Body)
		}()
		s.AwaitHang(2)
		if q := s.Await(3); q.N != 2 || q.Chat == nil || q.Chat.Messages[0].Content != "hi" {
			t.Errorf("the third request is %+v", q)
		}
	})
}

// A vector depends on the text alone, has length one, and texts that share words are nearer.
func TestVector(t *testing.T) {
	t.Parallel()
	v := Vector(64, "work visas for farm hands", "visas for farm work", "the price of maize", "")
	dot := func(a, b []float32) (s float64) {
		for i := range a {
			s += float64(a[i]) * float64(b[i])
		}
		return s
	}
	for i := range v {
		if d := dot(v[i], v[i]); d < 0.999 || d > 1.001 {
			t.Errorf("vector %d has length² %v", i, d)
		}
	}
	if near, far := dot(v[0], v[1]), dot(v[0], v[2]); near < far+0.2 {
		t.Errorf("alike %.2f, unlike %.2f", near, far)
	}
	if !slices.Equal(v[1], Vector(64, "visas for farm work")[0]) {
		t.Error("a vector depends on its batch")
	}
}
