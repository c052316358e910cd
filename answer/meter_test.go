package answer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"
)

// tally is a Meter that adds up.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
	tokens int
	micros int64
}

func (m *tally) add(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counts == nil {
		m.counts = map[string]int{}
	}
	m.counts[key]++
}

func (m *tally) Called(purpose string, how Outcome, _ time.Duration) {
	m.add(purpose + " " + string(how))
}
func (m *tally) Answered(by By) { m.add("by " + string(by)) }

func (m *tally) Spent(_ string, u Usage, micros int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens += u.Prompt + u.Completion
	m.micros += micros
}

// TestMeter: what is asked of the model and what comes of it is told, once each.
func TestMeter(t *testing.T) {
	t.Parallel()
	fails := &script{replies: func(context.Context, int, ModelRequest, func(string) error) (Usage, error) {
		return Usage{}, errors.New("overloaded")
	}}
	panics := &script{replies: func(context.Context, int, ModelRequest, func(string) error) (Usage, error) { panic("broken") }}
	for _, c := range []struct {
		name  string
		model *script
		times int
		limit int64 // tokens a day
		want  map[string]int
	}{
		{"model, then cache", says(costClaim), 2, 0, map[string]int{"draft finished": 1, "by model": 1, "by cache": 1}},
		{"repaired in vain", says(`{"text":"The strike cost the town $3 million.","cites":[{"p":1,"quote":"` + costQuote + `"}]}`), 1, 0,
			map[string]int{"draft finished": 1, "repair finished": 1, "by fallback": 1}},
		{"none", says(`{"none":true}`), 1, 0, map[string]int{"draft finished": 1, "by sources": 1}},
		{"over budget", says(costClaim), 2, 1, map[string]int{"draft over_budget": 2, "by over_budget": 2}},
		{"fails", fails, 1, 0, map[string]int{"draft failed": 1, "by fallback": 1}},
		{"panics", panics, 1, 0, map[string]int{"draft failed": 1, "by fallback": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := new(tally)
			ledger := new(MemoryLedger)
			e := withModel(t, c.model, func(o *Options) {
				o.Meter, o.Ledger, o.Limits.Day.Tokens = m, ledger, c.limit
				o.Prices = map[string]Price{c.model.Name(): {Input: 2, Output: 8}}
			})
			for range c.times {
				ask(t, e, Question{Text: costQ})
			}
			e.Close()
			if !maps.Equal(m.counts, c.want) {
				t.Errorf("told %v, want %v", m.counts, c.want)
			}
			spent, err := ledger.Spent(t.Context(), time.Time{}, "", "")
			if err != nil || int64(m.tokens) != spent.Prompt+spent.Completion || m.micros != spent.Micros {
				t.Errorf("told of %d tokens and %d micros; recorded %+v, %v", m.tokens, m.micros, spent, err)
			}
		})
	}
}

// TestCloseAfterLeaving: what was asked of the model by somebody who did not wait for it is recorded when Close
// returns.
func TestCloseAfterLeaving(t *testing.T) {
	t.Parallel()
	for i := range 20 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			ctx, leave := context.WithCancel(t.Context())
			m := &script{replies: func(ctx context.Context, _ int, _ ModelRequest, _ func(string) error) (Usage, error) {
				leave()
				<-ctx.Done()
				return Usage{Prompt: 70, Completion: 7}, ctx.Err()
			}}
			ledger := new(MemoryLedger)
			e := withModel(t, m, func(o *Options) { o.Ledger = ledger })
			if _, err := e.Ask(ctx, Question{Text: costQ}); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			e.Close()
			if s, _ := ledger.Spent(t.Context(), time.Time{}, "", ""); s.Prompt != 70 || s.Completion != 7 {
				t.Errorf("recorded %+v", s)
			}
		})
	}
}
