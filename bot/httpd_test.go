package bot

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// testKey is a key pair made from a fixed seed.
func testKey() (ed25519.PublicKey, ed25519.PrivateKey) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	return private.Public().(ed25519.PublicKey), private
}

var endpointTime = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// signed returns a request as Discord makes it.
func signed(at time.Time, body string) *http.Request {
	_, private := testKey()
	stamp := strconv.FormatInt(at.Unix(), 10)
	r := httptest.NewRequest(http.MethodPost, "/interactions", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte(stamp+body))))
	return r
}

func newTestEndpoint(t *testing.T, dispatch func(context.Context, *Interaction) error) http.Handler {
	t.Helper()
	key, _ := testKey()
	h, err := NewEndpoint(key, EndpointOptions{Now: func() time.Time { return endpointTime }, Dispatch: dispatch,
		Log: slog.New((&logbook{t: t}).handler()), Metrics: NewMetrics(prometheus.NewPedanticRegistry())})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const ask = `{"id":"1001","application_id":"77","type":2,"token":"secret","data":{"name":"ask","type":1}}`

func TestEndpoint(t *testing.T) {
	t.Parallel()
	with := func(r *http.Request, f func(*http.Request)) *http.Request { f(r); return r }
	_, private := testKey()
	now := endpointTime
	tests := map[string]struct {
		request    *http.Request
		status     int
		body       string // of the reply, when it is 200 or 202
		dispatched bool
	}{
		"ping":                {signed(now, `{"id":"1","type":1,"application_id":"77","version":1}`), 200, `{"type":1}`, false},
		"command":             {signed(now, ask), 202, "", true},
		"autocomplete":        {signed(now, `{"id":"2","type":4,"token":"x","data":{"name":"sources","options":[{"name":"query","type":3,"value":"mex","focused":true}]}}`), 202, "", true},
		"unknown components":  {signed(now, `{"id":"3","type":3,"token":"x","message":{"id":"4","components":[{"type":250}]},"data":{"custom_id":"v1:src:1"}}`), 202, "", true},
		"data of a new shape": {signed(now, `{"id":"3","type":2,"token":"x","data":[]}`), 202, "", true},
		"4 minutes late":      {signed(now.Add(-4*time.Minute), ask), 202, "", true},
		"4 minutes early":     {signed(now.Add(4*time.Minute), ask), 202, "", true},
		"5 minutes late":      {signed(now.Add(-301*time.Second), ask), 401, "", false},
		"5 minutes early":     {signed(now.Add(301*time.Second), ask), 401, "", false},
		"another body":        {with(signed(now, ask), func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(ask + " ")) }), 401, "", false},
		"another time":        {with(signed(now, ask), func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(now.Unix()+1, 10)) }), 401, "", false},
		"time moved into the body": {with(signed(now, ask), func(r *http.Request) {
			stamp := strconv.FormatInt(now.Unix(), 10)
			r.Header.Set("X-Signature-Timestamp", stamp[:len(stamp)-1])
			r.Body = io.NopCloser(strings.NewReader(stamp[len(stamp)-1:] + ask))
		}), 401, "", false},
		"no signature":       {with(signed(now, ask), func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }), 401, "", false},
		"signature cut":      {with(signed(now, ask), func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "abcd") }), 401, "", false},
		"signature not hex":  {with(signed(now, ask), func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("zz", 64)) }), 401, "", false},
		"signature of zeros": {with(signed(now, ask), func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("00", 64)) }), 401, "", false},
		"no time": {with(signed(now, ask), func(r *http.Request) {
			r.Header.Del("X-Signature-Timestamp")
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte(ask))))
		}), 401, "", false},
		"time not a number": {with(signed(now, ask), func(r *http.Request) {
			r.Header.Set("X-Signature-Timestamp", "now")
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte("now"+ask))))
		}), 401, "", false},
		"largest":   {signed(now, ask+strings.Repeat(" ", maxInteraction-len(ask))), 202, "", true},
		"too large": {signed(now, ask+strings.Repeat(" ", maxInteraction-len(ask)+1)), 413, "", false},
		"GET":       {httptest.NewRequest(http.MethodGet, "/interactions", nil), 405, "", false},
		"a form":    {with(signed(now, ask), func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }), 415, "", false},
		"charset":   {with(signed(now, ask), func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }), 202, "", true},
		"not JSON":  {signed(now, `hello`), 400, "", false},
		"no id":     {signed(now, `{"type":2,"token":"x"}`), 400, "", false},
		"empty":     {signed(now, ``), 400, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var dispatched atomic.Int32
			h := newTestEndpoint(t, func(context.Context, *Interaction) error { dispatched.Add(1); return nil })
			w := httptest.NewRecorder()
			h.ServeHTTP(w, test.request)
			if w.Code != test.status || w.Code < 300 && w.Body.String() != test.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body, test.status, test.body)
			}
			if got := dispatched.Load() == 1; got != test.dispatched {
				t.Errorf("dispatched %d times", dispatched.Load())
			}
			if w.Code == 200 && w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("content type %q", w.Header().Get("Content-Type"))
			}
		})
	}
}

// One interaction is dispatched once, however often and at whatever moment it comes.
func TestEndpointReplay(t *testing.T) {
	t.Parallel()
	var dispatched atomic.Int32
	h := newTestEndpoint(t, func(context.Context, *Interaction) error { dispatched.Add(1); return nil })
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, signed(endpointTime, ask))
			if w.Code != http.StatusAccepted {
				t.Errorf("status %d", w.Code)
			}
		})
	}
	wg.Wait()
	if n := dispatched.Load(); n != 1 {
		t.Errorf("dispatched %d times", n)
	}
}

func TestEndpointDispatchFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		dispatch func() error
		status   int
		again    bool // it may come again
	}{
		"acknowledged elsewhere": {func() error { return fmt.Errorf("acknowledge: %w", ErrAcknowledged) }, 202, false},
		"not acknowledged":       {func() error { return errors.New("discord is down") }, 500, true},
		"panic":                  {func() error { panic("what somebody asked") }, 500, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			times := 0
			h := newTestEndpoint(t, func(context.Context, *Interaction) error { times++; return test.dispatch() })
			for range 2 {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, signed(endpointTime, ask))
				if w.Code != test.status || strings.Contains(w.Body.String(), "asked") {
					t.Errorf("got %d %q, want %d", w.Code, w.Body, test.status)
				}
			}
			if again := times == 2; again != test.again {
				t.Errorf("dispatched %d times", times)
			}
		})
	}
}

// What is begun goes on when Discord hangs up.
func TestEndpointOutlivesRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	h := newTestEndpoint(t, func(ctx context.Context, _ *Interaction) error { cancel(); return ctx.Err() })
	w := httptest.NewRecorder()
	h.ServeHTTP(w, signed(endpointTime, ask).WithContext(ctx))
	if w.Code != http.StatusAccepted {
		t.Errorf("status %d", w.Code)
	}
}

// More requests than the memory is meant for are turned away, and the places become free again.
func TestEndpointFull(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan struct{}), make(chan struct{})
	h := newTestEndpoint(t, func(context.Context, *Interaction) error { inside <- struct{}{}; <-leave; return nil })
	var wg sync.WaitGroup
	request := func(n int) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, signed(endpointTime, fmt.Sprintf(`{"id":"%d","type":2,"token":"x"}`, n)))
		return w.Code
	}
	for n := range maxRequests {
		wg.Go(func() { request(n) })
	}
	for range maxRequests {
		<-inside
	}
	if code := request(maxRequests); code != http.StatusServiceUnavailable {
		t.Errorf("status %d when full", code)
	}
	close(leave)
	wg.Wait()
	go func() { <-inside }()
	if code := request(maxRequests + 1); code != http.StatusAccepted {
		t.Errorf("status %d afterwards", code)
	}
}

// The server for the endpoint limits every phase of a request in time.
func TestEndpointOverHTTP(t *testing.T) {
	t.Parallel()
	h := newTestEndpoint(t, func(context.Context, *Interaction) error { return nil })
	log := slog.New((&logbook{t: t}).handler())
	server := NewServer("", h, log)
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= ackTimeout || server.IdleTimeout <= 0 || server.MaxHeaderBytes <= 0 {
		t.Errorf("a time limit is missing: %+v", server)
	}
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = server
	srv.Start()
	defer srv.Close()
	r := signed(endpointTime, ask)
	req, err := http.NewRequest(http.MethodPost, srv.URL+"/interactions", r.Body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = r.Header
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusAccepted || len(body) != 0 {
		t.Errorf("got %d %q", res.StatusCode, body)
	}
}

func TestEndpointKey(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 31, 33, 64} {
		if _, err := NewEndpoint(make(ed25519.PublicKey, n), EndpointOptions{}); err == nil {
			t.Errorf("a key of %d bytes is taken", n)
		}
	}
	key, _ := testKey()
	if got, err := ParsePublicKey(hex.EncodeToString(key)); err != nil || !got.Equal(key) {
		t.Errorf("ParsePublicKey: %x, %v", got, err)
	}
	for _, s := range []string{"", "abcd", strings.Repeat("zz", 32), hex.EncodeToString(key) + "00"} {
		if _, err := ParsePublicKey(s); err == nil {
			t.Errorf("ParsePublicKey(%q) succeeds", s)
		}
	}
}

func TestSeen(t *testing.T) {
	t.Parallel()
	at := endpointTime
	s := seen{keep: 10 * time.Minute}
	if !s.claim("a", at) || s.claim("a", at) {
		t.Error("a is not claimed once")
	}
	if s.claim("a", at.Add(10*time.Minute)) {
		t.Error("a is forgotten too early")
	}
	if !s.claim("b", at.Add(19*time.Minute)) || s.claim("b", at.Add(28*time.Minute)) {
		t.Error("b is not claimed once")
	}
	if !s.claim("a", at.Add(30*time.Minute)) {
		t.Error("a is never forgotten")
	}
	if !s.claim("b", at.Add(2*time.Hour)) {
		t.Error("b is not forgotten after a pause")
	}
	s.release("b")
	if !s.claim("b", at.Add(2*time.Hour)) {
		t.Error("b is not released")
	}
	for n := range 5 * maxSeen {
		s.claim(strconv.Itoa(n), at.Add(2*time.Hour))
	}
	if n := len(s.now) + len(s.past); n > 2*maxSeen {
		t.Errorf("%d ids are held", n)
	}
	if s.claim(strconv.Itoa(5*maxSeen-maxSeen), at.Add(2*time.Hour)) {
		t.Error("one of the latest is forgotten")
	}
}

func FuzzEndpoint(f *testing.F) {
	f.Add(ask, "1777636800", strings.Repeat("00", 64), true)
	f.Add(`{"id":"1","type":1}`, "", "", true)
	f.Add(`[]`, "-1", "xx", false)
	key, _ := testKey()
	f.Fuzz(func(t *testing.T, body, stamp, signature string, sign bool) {
		dispatched := false
		h, err := NewEndpoint(key, EndpointOptions{Now: func() time.Time { return endpointTime }, Log: slog.New(slog.DiscardHandler),
			Dispatch: func(_ context.Context, i *Interaction) error {
				dispatched = true
				if i.ID == "" || i.Token == "" && i.Type != typePing {
					t.Errorf("dispatched %+v", i)
				}
				return nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		r := signed(endpointTime, body)
		if !sign {
			r.Header.Set("X-Signature-Timestamp", stamp)
			r.Header.Set("X-Signature-Ed25519", signature)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if !sign && (dispatched || w.Code == 200 || w.Code == 202) {
			t.Errorf("unsigned, yet %d", w.Code)
		}
	})
}
