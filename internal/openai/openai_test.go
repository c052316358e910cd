package openai

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"policybot/answer"
	"policybot/internal/openaitest"
)

const testKey = "test-key-0123456789abcdef"

// bubble runs f against a fake endpoint in memory, in a bubble where waiting costs no time.
func bubble(t *testing.T, behave openaitest.Behavior, f func(t *testing.T, s *openaitest.Server, o Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := openaitest.NewMemory(t, behave)
		f(t, s, Options{BaseURL: s.BaseURL(), APIKey: testKey, HTTP: s.Client()})
	})
}

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newChat(t *testing.T, o Options, model string) *Chat {
	t.Helper()
	m, err := newClient(t, o).Chat(ChatOptions{Model: model})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// question is a request with words that must turn up nowhere else.
func question() answer.ModelRequest {
	return answer.ModelRequest{System: "You draft claims, one per line.", Messages: []answer.Message{
		{Role: "user", Text: "How many visas were given to the orchard workers of Zacatlán?"}}, MaxTokens: 500}
}

// collect streams and returns the lines handed on.
func collect(ctx context.Context, m answer.Model, r answer.ModelRequest) ([]string, answer.Usage, error) {
	var lines []string
	u, err := m.Stream(ctx, r, func(l string) error {
		lines = append(lines, l)
		return nil
	})
	return lines, u, err
}

// journal is a log that is kept.
type journal struct {
	mu sync.Mutex
	b  strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// secrets are what neither an error nor a log may hold.
var secrets = []string{testKey, "orchard", "Zacatl", "draft claims"}

func mustNotLeak(t *testing.T, what, s string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(s, secret) {
			t.Errorf("%s holds %q: %s", what, secret, s)
		}
	}
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is no *Error", err, err)
	}
	return e
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		o    Options
		want string // in the error; "" is none
	}{
		{"nothing set", Options{}, ""},
		{"local", Options{BaseURL: "http://localhost:11434/v1/"}, ""},
		{"azure", Options{BaseURL: "https://name.openai.azure.com", APIType: TypeAzure, APIKey: "k"}, ""},
		{"azure without resource", Options{APIType: TypeAzure}, "base_url"},
		{"azure as openai", Options{BaseURL: "https://name.openai.azure.com/openai/v1/"}, ""},
		{"azure both ways", Options{BaseURL: "https://name.openai.azure.com/openai/v1", APIType: TypeAzure}, "do not fit"},
		{"no scheme", Options{BaseURL: "localhost:11434/v1"}, "base_url"},
		{"other scheme", Options{BaseURL: "ftp://host/v1"}, "base_url"},
		{"no host", Options{BaseURL: "http:///v1"}, "base_url"},
		{"not a URL", Options{BaseURL: "http://[::1/v1"}, "base_url"},
		{"user in URL", Options{BaseURL: "https://" + testKey + "@host/v1"}, "may hold no user"},
		{"key in URL", Options{BaseURL: "https://host/v1?key=" + testKey}, "may hold no user"},
		{"key with line end", Options{APIKey: testKey + "\n"}, "white space"},
		{"unknown type", Options{APIType: "bedrock"}, "api_type"},
	} {
		_, err := New(c.o)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || KindOf(err) != Misconfigured || HintOf(err) == ""):
			t.Errorf("%s: error %v with hint %q, want %q", c.name, err, HintOf(err), c.want)
		case err != nil:
			mustNotLeak(t, c.name, err.Error()+HintOf(err))
		}
	}
}

func TestModelNames(t *testing.T) {
	t.Parallel()
	plain := newClient(t, Options{})
	azure := newClient(t, Options{BaseURL: "https://name.openai.azure.com", APIType: TypeAzure})
	for _, c := range []struct {
		c    *Client
		name string
		ok   bool
	}{
		{plain, "gpt-4o", true}, {plain, "hf.co/org/Model-GGUF:Q4_K_M", true}, {plain, "", false}, {plain, "a b", false}, {plain, "a\nb", false},
		{plain, strings.Repeat("a", 201), false}, {azure, "my-deployment_1.2", true}, {azure, "../../evil", false}, {azure, "a?b", false},
		{azure, "", false},
	} {
		if _, err := c.c.Chat(ChatOptions{Model: c.name}); (err == nil) != c.ok {
			t.Errorf("model %.20q: %v", c.name, err)
		}
		if _, err := c.c.Embedder(t.Context(), EmbedOptions{Model: c.name, Dim: 3}); (err == nil) != c.ok {
			t.Errorf("embedding model %.20q: %v", c.name, err)
		}
	}
	if _, err := plain.Chat(ChatOptions{Model: "o3", Effort: "extreme"}); KindOf(err) != Misconfigured {
		t.Errorf("an unknown effort: %v", err)
	}
}

func TestModels(t *testing.T) {
	t.Parallel()
	bubble(t, nil, func(t *testing.T, _ *openaitest.Server, o Options) {
		c := newClient(t, o)
		if c.Host() != "openai.test" || !c.Ready() {
			t.Errorf("host %q, ready %t", c.Host(), c.Ready())
		}
		names, err := c.Models(t.Context())
		if err != nil || strings.Join(names, " ") != "test-chat test-embed" {
			t.Errorf("models %q, %v", names, err)
		}
	})
}

// On Azure, the deployment is part of the path, the version of the query, and the key has a header of its own.
func TestAzure(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{TypeAzure, TypeAzureAD} {
		synctest.Test(t, func(t *testing.T) {
			s := openaitest.NewMemory(t, openaitest.Both(openaitest.Lines("one"), openaitest.Vectors(8)))
			c := newClient(t, Options{BaseURL: s.URL() + "/openai/", APIKey: testKey, APIType: kind, HTTP: s.Client()})
			m, err := c.Chat(ChatOptions{Model: "my.gpt-4o"})
			if err != nil {
				t.Fatal(err)
			}
			if lines, _, err := collect(t.Context(), m, question()); err != nil || len(lines) != 1 {
				t.Errorf("lines %q, %v", lines, err)
			}
			e, err := c.Embedder(t.Context(), EmbedOptions{Model: "vectors-1"})
			if err != nil {
				t.Fatal(err)
			}
			if e.Dim() != 8 {
				t.Errorf("dimension %d", e.Dim())
			}
			q := s.Requests()
			if want := "/openai/deployments/my.gpt-4o/chat/completions"; q[0].Path != want || q[0].Query != "api-version=2024-10-21" {
				t.Errorf("chat went to %s?%s, want %s", q[0].Path, q[0].Query, want)
			}
			if want := "/openai/deployments/vectors-1/embeddings"; q[1].Path != want {
				t.Errorf("embeddings went to %s, want %s", q[1].Path, want)
			}
			key, bearer := q[0].Header.Get("Api-Key"), q[0].Header.Get("Authorization")
			if kind == TypeAzure && (key != testKey || bearer != "") || kind == TypeAzureAD && (key != "" || bearer != "Bearer "+testKey) {
				t.Errorf("%s sent key %q, bearer %q", kind, key, bearer)
			}
		})
	}
}

// A redirect is not followed: it would carry the key and the question to where nobody meant to send them.
func TestRedirect(t *testing.T) {
	t.Parallel()
	other := openaitest.NewServer(t, nil)
	bubble(t, func(x *openaitest.Exchange) {
		x.Set("Location", other.BaseURL()+"/chat/completions")
		x.Reply("text/plain", 307, nil)
	}, func(t *testing.T, _ *openaitest.Server, o Options) {
		_, _, err := collect(t.Context(), newChat(t, o, "m"), question())
		if e := asError(t, err); e.Kind != BadResponse || !strings.Contains(e.Hint, "base_url") {
			t.Errorf("error %v, hint %q", err, e.Hint)
		}
	})
	if n := len(other.Requests()); n != 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}

// The key goes to a server on the internet without TLS only with a warning.
func TestPlainKey(t *testing.T) {
	t.Parallel()
	for url, warned := range map[string]bool{
		"http://api.example.com/v1": true, "http://203.0.113.7/v1": true, "https://api.example.com/v1": false, "http://localhost:1234/v1": false,
		"http://192.168.1.4:8080/v1": false, "http://ollama:11434/v1": false, "http://box.local/v1": false, "http://[::1]:8080/v1": false,
	} {
		var j journal
		newClient(t, Options{BaseURL: url, APIKey: testKey, Log: j.logger()})
		if got := strings.Contains(j.String(), "unencrypted"); got != warned {
			t.Errorf("%s: warned %t", url, got)
		}
		mustNotLeak(t, "log", j.String())
	}
}
