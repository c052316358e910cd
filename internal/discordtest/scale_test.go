package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// echo is a small bot behind an endpoint: it defers and edits, both over REST.
func echo(tb testing.TB, s *Server) *httptest.Server {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	rest := func(method, path, body string) {
		req, err := http.NewRequest(method, s.API+path, strings.NewReader(body))
		if err != nil {
			tb.Error(err)
			return
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
		res, err := client.Do(req)
		if err != nil {
			tb.Error(err)
			return
		}
		_ = res.Body.Close()
		if res.StatusCode >= 300 {
			tb.Errorf("%s: %s", method, res.Status)
		}
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i struct {
			ID, Token string
			Type      int
		}
		_ = json.NewDecoder(r.Body).Decode(&i)
		rest("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", `{"type":5}`)
		rest("PATCH", "/webhooks/"+s.AppID+"/"+i.Token+"/messages/@original", `{"content":"the answer",`+quiet+`}`)
		w.WriteHeader(http.StatusAccepted)
	}))
	tb.Cleanup(func() {
		srv.Close()
		client.CloseIdleConnections()
	})
	return srv
}

// TestScale: under load each interaction is timed once, and what is remembered is bounded.
func TestScale(t *testing.T) {
	t.Parallel()
	const n, keep = 400, 100
	var acks, finals, extras atomic.Int64
	s := strange(t, Options{Scale: &Scale{Keep: keep, SampleEvery: 50,
		OnAck:   func(_ *Interaction, took time.Duration) { acks.Add(1) },
		OnFinal: func(_ *Interaction, took time.Duration) { finals.Add(1) },
		OnExtra: func(*Interaction, string) { extras.Add(1) }}})
	s.endpoint = echo(t, s).URL
	help := s.Guild("Clinic").Channel("help")
	people := []*User{s.User("a"), s.User("b"), s.User("c")}
	var all sync.WaitGroup
	first := people[0].In(help).Slash("ask", Opt("question", "first"))
	if m, err := first.Reply(t.Context()); err != nil || m.Content != "the answer" {
		t.Fatalf("%+v, %v", m, err)
	}
	for w := range 4 {
		all.Go(func() {
			for range n / 4 {
				i := people[w%3].In(help).Slash("ask", Opt("question", "why?"))
				if _, err := i.Reply(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if acks.Load() != n+1 || finals.Load() != n+1 || extras.Load() != 0 {
		t.Errorf("%d acknowledged, %d answered, %d too many", acks.Load(), finals.Load(), extras.Load())
	}
	if len(s.interactions) != keep || len(s.ring) != keep || len(s.Requests()) != 0 || len(s.story) != 0 || len(help.Messages()) != 0 {
		t.Errorf("kept %d interactions, %d requests, %d entries, %d messages", len(s.interactions), len(s.Requests()), len(s.story), len(help.Messages()))
	}
	if got := s.Count("PATCH", "/webhooks/{a}/{t}/messages/@original"); got != n+1 {
		t.Errorf("%d edits", got)
	}
	last := s.interactions[s.ring[keep-1]]
	do(t, s, "PATCH", last.hookPath()+"/messages/@original", `{"content":"again",`+quiet+`}`)
	do(t, s, "POST", last.callbackPath(), `{"type":5}`)
	if extras.Load() != 2 {
		t.Errorf("%d noticed as too many, want 2", extras.Load())
	}
	if a := do(t, s, "PATCH", first.hookPath()+"/messages/@original", `{"content":"again",`+quiet+`}`); a.code != 10015 {
		t.Errorf("one long forgotten: %d", a.code)
	}
	if p := s.Problems(); len(p) > 0 {
		t.Errorf("problems %q", p)
	}
}

// TestNewServer: what fails, fails the test that the server was made for.
func TestNewServer(t *testing.T) {
	t.Parallel()
	rec := &recorder{TB: t}
	s := NewServer(rec, Options{})
	i := s.User("alice").In(s.Guild("Clinic").Channel("help")).Slash("ask")
	do(t, s, "POST", i.callbackPath(), `{"type":4,"data":{"content":"<@1>"}}`)
	if len(rec.errors) != 2 || !strings.Contains(rec.errors[0], "allowed_mentions") && !strings.Contains(rec.errors[1], "allowed_mentions") {
		t.Errorf("errors %q", rec.errors)
	}
	func() {
		defer func() { _ = recover() }()
		s.User("bob").In(i.channel).Press(i.WaitReply(), "Nothing")
		t.Error("the test went on")
	}()
	if !strings.Contains(rec.fatal, "there is none") {
		t.Errorf("fatal %q", rec.fatal)
	}
	s.Close()
}

// recorder is a test that remembers how it failed.
type recorder struct {
	testing.TB
	errors []string
	fatal  string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = fmt.Sprintf(format, args...)
	panic(errors.New("fatal"))
}

// BenchmarkInteraction is what the fake itself costs: one signed delivery, a deferral and an edit.
func BenchmarkInteraction(b *testing.B) {
	s, err := New(Options{Scale: &Scale{SampleEvery: 100}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close) // after the bot's
	s.endpoint = echo(b, s).URL
	place := s.User("alice").In(s.Guild("Clinic").Channel("help"))
	b.ReportAllocs()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := place.Slash("ask", Opt("question", "why?")).Reply(b.Context()); err != nil {
				b.Error(err)
			}
		}
	})
}
