package answer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// bubble runs a test with time of its own. The library is made outside of it.
func bubble(t *testing.T, f func(t *testing.T, ix Index)) {
	t.Helper()
	t.Parallel()
	ix := testEngine(t).index
	synctest.Test(t, func(t *testing.T) { f(t, ix) })
}

// TestDeadline: an answer comes within the deadline, whatever the model does.
func TestDeadline(t *testing.T) {
	for _, c := range []struct {
		name   string
		stream func(ctx context.Context, stop <-chan struct{}, line func(string) error) (Usage, error)
		claims int // of the model that the answer holds
	}{
		{"hangs before the first line", func(ctx context.Context, _ <-chan struct{}, _ func(string) error) (Usage, error) {
			<-ctx.Done()
			return Usage{}, ctx.Err()
		}, 0},
		{"does not listen to its context", func(_ context.Context, stop <-chan struct{}, _ func(string) error) (Usage, error) {
			<-stop
			return Usage{}, nil
		}, 0},
		{"hangs after a claim", func(_ context.Context, stop <-chan struct{}, line func(string) error) (Usage, error) {
			if err := line(costClaim); err != nil {
				return Usage{}, err
			}
			<-stop
			return Usage{}, nil
		}, 1},
		{"one blank line per second without end", func(_ context.Context, stop <-chan struct{}, line func(string) error) (Usage, error) {
			for {
				select {
				case <-stop:
					return Usage{}, nil
				case <-time.After(time.Second):
					_ = line("") // on and on, whatever it says
				}
			}
		}, 0},
		{"fails at once", func(context.Context, <-chan struct{}, func(string) error) (Usage, error) {
			return Usage{}, errors.New("connection refused")
		}, 0},
		{"fails after a claim", func(_ context.Context, _ <-chan struct{}, line func(string) error) (Usage, error) {
			if err := line(costClaim); err != nil {
				return Usage{}, err
			}
			return Usage{}, errors.New("stream cut off")
		}, 1},
		{"panics", func(context.Context, <-chan struct{}, func(string) error) (Usage, error) { panic("a bug") }, 0},
		{"calls back after it has returned", func(ctx context.Context, _ <-chan struct{}, line func(string) error) (Usage, error) {
			go func() { _ = line(costClaim) }()
			return Usage{}, errors.New("early")
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, ix Index) {
				stop := make(chan struct{})
				m := &script{replies: func(ctx context.Context, _ int, _ ModelRequest, line func(string) error) (Usage, error) {
					return c.stream(ctx, stop, line)
				}}
				e := NewEngine(ix, Options{Model: m, Reach: true, Judge: true, Rewrite: true})
				start := time.Now()
				a, err := e.Ask(t.Context(), Question{Text: costQ})
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took > DefaultDeadline {
					t.Errorf("an answer after %v", took)
				}
				checkPromises(t, e, a)
				n := 0
				if a.Drafter != extractive {
					n = len(a.Claims)
				}
				if a.Status != Answered || n != c.claims {
					t.Errorf("%s by %s, %d claims of the model, want %d: %q", a.Status, a.Drafter, n, c.claims, a.Text)
				}
				if told := strings.Contains(strings.Join(a.Notes, " "), say("en", modelFailed)); told != (n == 0) {
					t.Errorf("notes: %v", a.Notes)
				}
				close(stop)
				e.Close()
			})
		})
	}
}

// costClaim is a line that quotes the first passage found for costQ.
var costClaim = fmt.Sprintf(`{"text":%q,"cites":[{"p":1,"quote":%q}]}`, costText, costQuote)

// TestDeadlineShorter: a context with less time than the deadline shortens it, and what there is answers;
// one that is cancelled ends the question.
func TestDeadlineShorter(t *testing.T) {
	bubble(t, func(t *testing.T, ix Index) {
		m := &script{replies: func(ctx context.Context, _ int, _ ModelRequest, _ func(string) error) (Usage, error) {
			<-ctx.Done()
			return Usage{}, ctx.Err()
		}}
		e := NewEngine(ix, Options{Model: m})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		a, err := e.Ask(ctx, Question{Text: costQ})
		if err != nil || a.Status != Answered || time.Since(start) > 3*time.Second {
			t.Errorf("after %v: %v %s", time.Since(start), err, a.Status)
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := e.Ask(ctx, Question{Text: costQ}); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled question: %v", err)
		}
		e.Close()
	})
}

// TestFlight: equal questions at the same time share one draft, which the going of the first does not end,
// and the going of all does.
func TestFlight(t *testing.T) {
	bubble(t, func(t *testing.T, ix Index) {
		release := make(chan struct{})
		var ended atomic.Bool
		m := &script{replies: func(ctx context.Context, _ int, _ ModelRequest, line func(string) error) (Usage, error) {
			select {
			case <-release:
			case <-ctx.Done():
				ended.Store(true)
				return Usage{}, ctx.Err()
			}
			return Usage{Prompt: 1, Completion: 1}, line(costClaim)
		}}
		e := NewEngine(ix, Options{Model: m})
		first, cancel := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() {
			_, err := e.Ask(first, Question{Text: costQ})
			gone <- err
		}()
		synctest.Wait()
		var wg sync.WaitGroup
		shown := make([]int, 5)
		answers := make([]Answer, 5)
		for i := range answers {
			wg.Go(func() {
				var err error
				text := []string{costQ, "how much did the ferry strike cost the town"}[i%2]
				answers[i], err = e.Ask(t.Context(), Question{ID: fmt.Sprint(i), Text: text, OnClaim: func(Claim) { shown[i]++ }})
				if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("the first: %v", err)
		}
		close(release)
		wg.Wait()
		for i, a := range answers {
			if a.Drafter == extractive || a.ID != fmt.Sprint(i) || shown[i] != 1 || a.Text != costText+" [1]" {
				t.Errorf("%d: id %s by %s, %d shown: %q", i, a.ID, a.Drafter, shown[i], a.Text)
			}
		}
		if n := len(m.asked()); n != 1 {
			t.Errorf("%d requests for one question", n)
		}
		if ended.Load() {
			t.Error("the going of the first ended the draft")
		}

		// All go: the draft is ended, and who asks later starts anew.
		release = make(chan struct{})
		other := Question{Text: "What did the captain say that the strike cost?"}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, err := e.Ask(ctx, other)
			gone <- err
		}()
		synctest.Wait()
		cancel()
		<-gone
		synctest.Wait()
		if !ended.Load() {
			t.Error("a draft goes on though nobody waits for it")
		}
		close(release)
		if a, err := e.Ask(t.Context(), other); err != nil || a.Drafter == extractive {
			t.Errorf("after that: %v, by %s", err, a.Drafter)
		}
		e.Close()
	})
}

// TestSlots: models that do not listen to their context hold a bounded number of requests, and others
// fall back at once.
func TestSlots(t *testing.T) {
	bubble(t, func(t *testing.T, ix Index) {
		stop := make(chan struct{})
		m := &script{replies: func(context.Context, int, ModelRequest, func(string) error) (Usage, error) {
			<-stop
			return Usage{}, nil
		}}
		e := NewEngine(ix, Options{Model: m, Calls: 3})
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				a, err := e.Ask(t.Context(), Question{Text: fmt.Sprintf("%s %s", costQ, strings.Repeat("really ", i))})
				if err != nil || a.Status != Answered {
					t.Errorf("%v %s", err, a.Status)
				}
			})
		}
		wg.Wait()
		if n := len(m.asked()); n != 3 {
			t.Errorf("%d requests at once, want 3", n)
		}
		close(stop)
		e.Close()
	})
}
