// Package openaitest is an OpenAI-compatible endpoint for tests, named like net/http/httptest: it answers
// chat completions, embeddings and the list of models as a [Behavior] says, well or in any of the ways an
// endpoint can misbehave.
//
//	s := openaitest.NewServer(t, openaitest.Lines(`{"claim":"…"}`))
//	client, err := openai.New(openai.Options{BaseURL: s.BaseURL(), HTTP: s.Client()})
//
// Every request is checked: against the OpenAI description where it lies beside the repository
// (../shared/specs/openai-openapi.json), and always against rules of our own ([Server.Check]). A request
// that breaks one fails the test. So every test that talks to this server is a test of the contract.
//
// Nothing here sleeps for timing. What hangs does so until the client gives up or the test ends. With
// [NewMemory] there are no sockets either, and a server works inside a testing/synctest bubble, where an
// hour passes in no time.
package openaitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is the endpoint. Its methods may be called from several goroutines at once.
type Server struct {
	t         testing.TB
	root      string
	client    *http.Client
	closing   chan struct{} // closed when the test ends: lets go of what hangs
	tolerant  bool
	behave    Behavior
	mu        sync.Mutex
	requests  []Request
	hanging   int
	changed   chan struct{} // closed and renewed with every arrival and every hang
	violation []string
}

// NewServer starts a server on a port of the loopback interface, to be closed when the test ends. Chat and
// embedding requests are answered by behave; nil is Good().
func NewServer(t testing.TB, behave Behavior) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("openaitest: listen: %v", err)
	}
	return start(t, behave, l, "http://"+l.Addr().String(), nil)
}

// NewMemory is NewServer without a socket: only Client reaches it. Called inside a synctest bubble, server
// and client belong to the bubble and live by its clock.
func NewMemory(t testing.TB, behave Behavior) *Server {
	t.Helper()
	l := &memory{conns: make(chan net.Conn), closed: make(chan struct{})}
	return start(t, behave, l, "http://openai.test", l.dial)
}

func start(t testing.TB, behave Behavior, l net.Listener, root string, dial func(context.Context, string, string) (net.Conn, error)) *Server {
	if behave == nil {
		behave = Good()
	}
	tr := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 64}
	s := &Server{t: t, root: root, client: &http.Client{Transport: tr}, closing: make(chan struct{}), behave: behave, changed: make(chan struct{})}
	srv := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(l)
	}()
	t.Cleanup(func() {
		close(s.closing)
		tr.CloseIdleConnections()
		// Handlers end soon, since what hangs is let go of. A client that leaves a stream open is not waited for.
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if srv.Shutdown(ctx) != nil {
			_ = srv.Close()
		}
		<-served
	})
	return s
}

// URL is where the server stands, without a path: what a test maps "api.openai.com" to.
func (s *Server) URL() string { return s.root }

// BaseURL is what an operator would configure.
func (s *Server) BaseURL() string { return s.root + "/v1" }

// Client reaches the server; for one made by NewMemory it is the only one that does.
func (s *Server) Client() *http.Client { return s.client }

// Tolerate keeps violations of the contract from failing the test; Violations has them. For tests of the
// checks themselves.
func (s *Server) Tolerate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tolerant = true
}

// Violations are the breaches of the contract so far.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violation)
}

// Requests are the requests so far, in order of arrival.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Await waits until n requests in all have arrived and returns the n-th. It fails the test when the test's
// context ends first.
func (s *Server) Await(n int) Request {
	s.t.Helper()
	s.await(func() bool { return len(s.requests) >= n })
	return s.Requests()[n-1]
}

// AwaitHang waits until n handlers in all have begun to hang: everything before the hang has been sent.
func (s *Server) AwaitHang(n int) {
	s.t.Helper()
	s.await(func() bool { return s.hanging >= n })
}

func (s *Server) await(ok func() bool) {
	s.t.Helper()
	for {
		s.mu.Lock()
		done, changed := ok(), s.changed
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-s.t.Context().Done():
			s.t.Fatal("openaitest: the test ended before the requests it waits for came")
		}
	}
}

// notify tells those who wait; the caller holds s.mu.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// ServeHTTP lets a test mount the server elsewhere.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return // the client went away in the middle of its request
	}
	q := Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: body}
	kind := operation(r.Method, r.URL.Path)
	switch kind {
	case chat:
		q.Chat = new(Chat)
		err = json.Unmarshal(body, q.Chat)
		q.Model = q.Chat.Model
	case embeddings:
		q.Embedding = new(Embedding)
		err = json.Unmarshal(body, q.Embedding)
		q.Model = q.Embedding.Model
	}
	broken := s.Check(q)
	s.mu.Lock()
	q.N = len(s.requests)
	s.requests = append(s.requests, q)
	s.violation = append(s.violation, broken...)
	tolerant := s.tolerant
	s.notify()
	s.mu.Unlock()
	if !tolerant {
		for _, b := range broken {
			s.t.Errorf("openaitest: request %d breaks the contract: %s", q.N, b)
		}
	}
	x := &Exchange{Request: q, w: w, r: r, s: s}
	switch {
	case kind == "":
		x.Error(http.StatusNotFound, Problem{Message: "no such path", Type: "invalid_request_error"})
	case kind == models:
		x.JSON(http.StatusOK, map[string]any{"object": "list", "data": []any{
			map[string]any{"id": "test-chat", "object": "model", "created": 1700000000, "owned_by": "test"},
			map[string]any{"id": "test-embed", "object": "model", "created": 1700000000, "owned_by": "test"},
		}})
	case err != nil:
		x.Error(http.StatusBadRequest, Problem{Message: "the body is not what it should be", Type: "invalid_request_error"})
	default:
		s.behave(x)
	}
}

// Operations, as the contract's paths name them.
const (
	chat       = "/chat/completions"
	embeddings = "/embeddings"
	models     = "/models"
)

// operation is what a request asks for, on OpenAI's paths or on Azure's; "" when it asks for nothing known.
func operation(method, path string) string {
	rest, ok := strings.CutPrefix(path, "/v1")
	if azure, found := strings.CutPrefix(path, "/openai"); found {
		rest, ok = azure, true
		if deployment, found := strings.CutPrefix(azure, "/deployments/"); found {
			_, after, _ := strings.Cut(deployment, "/")
			rest = "/" + after
		}
	}
	switch {
	case !ok:
	case method == http.MethodPost && (rest == chat || rest == embeddings):
		return rest
	case method == http.MethodGet && rest == models:
		return rest
	}
	return ""
}

// Request is a request as it came. Chat or Embedding is set for those two operations.
type Request struct {
	N           int // 0 for the first
	Method      string
	Path, Query string
	Header      http.Header
	Body        []byte
	Model       string
	Chat        *Chat
	Embedding   *Embedding
}

// Chat is what the server reads of a chat request. Absent numbers are nil.
type Chat struct {
	Model               string            `json:"model"`
	Messages            []Message         `json:"messages"`
	Stream              bool              `json:"stream"`
	StreamOptions       *StreamOptions    `json:"stream_options"`
	Temperature         *float64          `json:"temperature"`
	MaxTokens           *int              `json:"max_tokens"`
	MaxCompletionTokens *int              `json:"max_completion_tokens"`
	ReasoningEffort     string            `json:"reasoning_effort"`
	ResponseFormat      map[string]any    `json:"response_format"`
	Metadata            map[string]string `json:"metadata"`
}

// Message is one turn.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// StreamOptions says whether the client wants to know what the stream cost.
type StreamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

// Embedding is what the server reads of an embedding request.
type Embedding struct {
	Model          string   `json:"model"`
	Input          []string `json:"input"`
	Dimensions     int      `json:"dimensions"`
	EncodingFormat string   `json:"encoding_format"`
}

// Text is all that the conversation says.
func (c *Chat) Text() string {
	var b strings.Builder
	for _, m := range c.Messages {
		b.WriteString(m.Content)
		b.WriteByte('\n')
	}
	return b.String()
}

// Untrusted starts a TLS server whose certificate nobody trusts and returns its base URL: for what happens
// when TLS fails.
func Untrusted(t testing.TB) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL + "/v1"
}

// Refusing returns the base URL of a port that refuses connections.
func Refusing(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("openaitest: listen: %v", err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/v1"
}

// NoSuchHost is a client whose every name fails to resolve.
func NoSuchHost() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(_ context.Context, network, addr string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(addr)
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}}}
}

// memory is a listener whose connections are pipes.
type memory struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (m *memory) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case m.conns <- server:
		return client, nil
	case <-m.closed:
		return nil, errors.New("openaitest: the server is closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

func (m *memory) Addr() net.Addr { return memoryAddr{} }

type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return "openai.test:80" }

// Exchange is one request being answered. Its methods are for behaviours; they are called from the one
// goroutine that the behaviour runs in.
type Exchange struct {
	Request
	w       http.ResponseWriter
	r       *http.Request
	s       *Server
	started bool
	written int // bytes of text sent
}

// JSON answers with a JSON document.
func (x *Exchange) JSON(status int, v any) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		x.s.t.Errorf("openaitest: answer: %v", err)
		return
	}
	x.Reply("application/json", status, buf.Bytes())
}

// Reply answers with any body, of any type.
func (x *Exchange) Reply(contentType string, status int, body []byte) {
	x.w.Header().Set("Content-Type", contentType)
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

// Set sets a header of the answer, before anything is sent.
func (x *Exchange) Set(key, value string) { x.w.Header().Set(key, value) }

// Problem is the body of an error as OpenAI sends it.
type Problem struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    any     `json:"code"`
}

// Error answers with an error.
func (x *Exchange) Error(status int, p Problem) {
	x.JSON(status, map[string]any{"error": p})
}

// Raw sends bytes of a stream as they are, and flushes them.
func (x *Exchange) Raw(s string) {
	if !x.started {
		x.started = true
		x.w.Header().Set("Content-Type", "text/event-stream")
		x.w.WriteHeader(http.StatusOK)
	}
	_, _ = io.WriteString(x.w, s)
	if f, ok := x.w.(http.Flusher); ok {
		f.Flush()
	}
}

// Data sends one event.
func (x *Exchange) Data(data string) { x.Raw("data: " + data + "\n\n") }

// Text sends a piece of the answer's text.
func (x *Exchange) Text(text string) {
	x.written += len(text)
	x.Data(x.chunk([]any{map[string]any{"index": 0, "delta": map[string]any{"content": text}, "finish_reason": nil}}, nil))
}

// Finish sends the reason why the answer ends.
func (x *Exchange) Finish(reason string) {
	x.Data(x.chunk([]any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": reason}}, nil))
}

// Usage sends what the stream cost, when the client asked for it: a token per four bytes.
func (x *Exchange) Usage() {
	if x.Chat != nil && x.Chat.StreamOptions != nil && x.Chat.StreamOptions.IncludeUsage {
		in, out := (len(x.Chat.Text())+3)/4, (x.written+3)/4
		x.Data(x.chunk([]any{}, map[string]any{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out,
			"prompt_tokens_details": map[string]any{"cached_tokens": in / 2}}))
	}
}

// Done sends the mark that ends a stream.
func (x *Exchange) Done() { x.Data("[DONE]") }

// Lines sends whole lines of text in small pieces, the way tokens come.
func (x *Exchange) Lines(lines ...string) {
	for _, line := range lines {
		for line += "\n"; line != ""; {
			n := min(len(line), 24)
			for n < len(line) && line[n]&0xC0 == 0x80 {
				n++ // never within a rune
			}
			x.Text(line[:n])
			line = line[n:]
		}
	}
}

// Hang does nothing more until the client has gone or the test ends.
func (x *Exchange) Hang() {
	x.s.mu.Lock()
	x.s.hanging++
	x.s.notify()
	x.s.mu.Unlock()
	select {
	case <-x.r.Context().Done():
	case <-x.s.closing:
	}
	panic(http.ErrAbortHandler)
}

// Cut breaks the connection off.
func (x *Exchange) Cut() { panic(http.ErrAbortHandler) }

// Gone is closed when the client has gone.
func (x *Exchange) Gone() <-chan struct{} { return x.r.Context().Done() }

// Closing is closed when the test ends.
func (x *Exchange) Closing() <-chan struct{} { return x.s.closing }

func (x *Exchange) chunk(choices []any, usage any) string {
	m := map[string]any{"id": "chatcmpl-test", "object": "chat.completion.chunk", "created": 1700000000, "model": x.Model, "choices": choices}
	if usage != nil {
		m["usage"] = usage
	}
	b, err := json.Marshal(m)
	if err != nil {
		x.s.t.Errorf("openaitest: chunk: %v", err)
	}
	return string(b)
}

// Stuck is a DialContext that never connects.
func Stuck(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
