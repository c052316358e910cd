package answer

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		price Price
		usage Usage
		want  int64
	}{
		{Price{Input: 2.5, Output: 10}, Usage{Prompt: 1000, Completion: 100}, 3500},
		{Price{Input: 2.5, Output: 10, Cached: 1.25}, Usage{Prompt: 1000, Completion: 100, Cached: 800}, 500 + 1000 + 1000},
		{Price{Input: 2.5, Output: 10}, Usage{Prompt: 1000, Cached: 800}, 2500},
		{Price{Input: 0.15, Output: 0.6}, Usage{Prompt: 1, Completion: 1}, 1}, // rounded up
		{Price{Input: 0.1}, Usage{Prompt: 30}, 3},                             // and not beyond what it is
		{Price{Input: 1, Cached: 0.5}, Usage{Prompt: 10, Cached: 99}, 5},
		{Price{Input: 1, Output: 1}, Usage{Prompt: -5, Completion: -5, Cached: -5}, 0},
		{Price{}, Usage{Prompt: 1 << 30}, 0},
	} {
		if got := c.price.Micros(c.usage); got != c.want {
			t.Errorf("%+v of %+v: %d, want %d", c.price, c.usage, got, c.want)
		}
	}
}

// brokenLedger fails as told.
type brokenLedger struct {
	MemoryLedger
	spent, record error
}

func (l *brokenLedger) Spent(ctx context.Context, since time.Time, person, guild string) (Spend, error) {
	if l.spent != nil {
		return Spend{}, l.spent
	}
	return l.MemoryLedger.Spent(ctx, since, person, guild)
}

func (l *brokenLedger) Record(ctx context.Context, s SpendEntry) error {
	if l.record != nil {
		return l.record
	}
	return l.MemoryLedger.Record(ctx, s)
}

// TestBudget: each limit stops the model for whom it is over, says so in a note, and frees it a day later.
func TestBudget(t *testing.T) {
	t.Parallel()
	day := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	spent := func(person, guild string, tokens int, ago time.Duration) SpendEntry {
		return SpendEntry{At: day.Add(-ago), Person: person, Guild: guild, Model: "script-1", Usage: Usage{Prompt: tokens}, Micros: int64(tokens)}
	}
	q := Question{Text: costQ, Person: "ana", Guild: "harbour"}
	for _, c := range []struct {
		name   string
		limits Limits
		past   []SpendEntry
		priced bool
		model  bool // it is asked
	}{
		{"no limits", Limits{}, []SpendEntry{spent("ana", "harbour", 1e6, time.Hour)}, false, true},
		{"person within", Limits{Person: Limit{Tokens: 20000}}, []SpendEntry{spent("ana", "harbour", 1000, time.Hour)}, false, true},
		{"person over", Limits{Person: Limit{Tokens: 20000}}, []SpendEntry{spent("ana", "harbour", 19990, time.Hour)}, false, false},
		{"another person's", Limits{Person: Limit{Tokens: 20000}}, []SpendEntry{spent("bea", "harbour", 1e6, time.Hour)}, false, true},
		{"a day ago", Limits{Person: Limit{Tokens: 20000}}, []SpendEntry{spent("ana", "harbour", 19990, 24*time.Hour+time.Second)}, false, true},
		{"server over", Limits{Guild: Limit{Tokens: 20000}}, []SpendEntry{spent("bea", "harbour", 19990, time.Hour)}, false, false},
		{"another server's", Limits{Guild: Limit{Tokens: 20000}}, []SpendEntry{spent("ana", "", 19990, time.Hour)}, false, true},
		{"all over", Limits{Day: Limit{Tokens: 20000}}, []SpendEntry{spent("bea", "x", 10000, time.Hour), spent("eva", "", 9990, time.Hour)}, false, false},
		{"money over", Limits{Day: Limit{Micros: 20000}}, []SpendEntry{spent("bea", "x", 19990, time.Hour)}, true, false},
		{"money within", Limits{Day: Limit{Micros: 2000000}}, []SpendEntry{spent("bea", "x", 19990, time.Hour)}, true, true},
		{"money without a price", Limits{Day: Limit{Micros: 2000000}}, nil, false, false},
		{"smaller than one question", Limits{Day: Limit{Tokens: 10}}, nil, false, false},
	} {
		ledger := new(MemoryLedger)
		for _, s := range c.past {
			_ = ledger.Record(t.Context(), s)
		}
		m := writes(lines(claimLine(costText, costQuote)))
		e := withModel(t, m, func(o *Options) {
			o.Ledger, o.Limits = ledger, c.limits
			if c.priced {
				o.Prices = map[string]Price{"script-1": {Input: 1, Output: 2}}
			}
		})
		a := ask(t, e, q)
		if asked := len(m.asked()) > 0; asked != c.model || asked != (a.Drafter != extractive) {
			t.Errorf("%s: asked %v, by %s %v", c.name, asked, a.Drafter, a.Notes)
		}
		note := say("en", overBudget)
		if strings.HasSuffix(c.name, "price") {
			note = say("en", modelFailed)
		}
		if told := strings.Contains(strings.Join(a.Notes, " "), note); told == c.model || a.Status != Answered {
			t.Errorf("%s: %s %v", c.name, a.Status, a.Notes)
		}
		if !c.model {
			continue
		}
		e.Close()
		s, err := ledger.Spent(t.Context(), day.Add(-time.Minute), "ana", "harbour")
		if err != nil || s.Calls != 1 || s.Prompt != 1000 || s.Completion != 50 || c.priced && s.Micros != 1100 {
			t.Errorf("%s: recorded %+v, %v", c.name, s, err)
		}
	}
}

// TestBudgetTogether: requests at the same time cannot overshoot a limit, since each reserves the most it
// may cost.
func TestBudgetTogether(t *testing.T) {
	t.Parallel()
	ledger := new(MemoryLedger)
	b := budget{ledger: ledger, limits: Limits{Day: Limit{Tokens: 1000, Micros: 5000}, Person: Limit{Tokens: 500}}, price: Price{Input: 1, Output: 2}, priced: true, now: time.Now}
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			who := payer{person: []string{"ana", "bea", "eva", ""}[i%4], guild: "x"}
			for range 20 {
				r, err := b.reserve(t.Context(), who, Usage{Prompt: 80, Completion: 20})
				if err != nil {
					if !errors.Is(err, errOverBudget) {
						t.Error(err)
					}
					continue
				}
				if err := b.settle(t.Context(), r, "m", "draft", Usage{Prompt: 60 + i%20, Completion: 20}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	all, _ := ledger.Spent(t.Context(), time.Time{}, "", "")
	ana, _ := ledger.Spent(t.Context(), time.Time{}, "ana", "")
	if n := all.Prompt + all.Completion; n > 1000 || n < 900 || all.Micros > 5000 {
		t.Errorf("spent %+v of 1000 tokens", all)
	}
	if n := ana.Prompt + ana.Completion; n > 500 {
		t.Errorf("ana spent %d of 500 tokens", n)
	}
	if len(b.reserved) > 0 {
		t.Errorf("%d reservations are left", len(b.reserved))
	}
}

// TestBudgetBroken: a ledger that cannot say what was spent stops the model; one that cannot record keeps
// what was spent reserved.
func TestBudgetBroken(t *testing.T) {
	t.Parallel()
	ledger := &brokenLedger{spent: errors.New("disk full")}
	m := writes(lines(claimLine(costText, costQuote)), lines(claimLine(costText, costQuote)))
	e := withModel(t, m, func(o *Options) { o.Ledger, o.Limits = ledger, Limits{Day: Limit{Tokens: 8000}} })
	if a := ask(t, e, Question{Text: costQ}); a.Status != Answered || a.Drafter != extractive || len(m.asked()) > 0 || len(a.Notes) == 0 {
		t.Errorf("%s by %s: %v", a.Status, a.Drafter, a.Notes)
	}
	ledger.spent, ledger.record = nil, errors.New("disk full")
	if a := ask(t, e, Question{Text: costQ}); a.Drafter == extractive {
		t.Errorf("the answer is lost with the record: %v", a.Notes)
	}
	if tokens, _ := e.generator.budget.held("", ""); tokens != 1050 {
		t.Errorf("%d tokens are held, of 1050 that could not be recorded", tokens)
	}
}

// TestCost: what is charged when the endpoint does not say, or the request was left.
func TestCost(t *testing.T) {
	t.Parallel()
	ledger := new(MemoryLedger)
	failing := errors.New("cut off")
	for _, c := range []struct {
		name    string
		usage   Usage
		err     error
		claim   bool
		calls   int64
		guessed bool
	}{
		{"told", Usage{Prompt: 7, Completion: 3}, nil, true, 1, false},
		{"told beside an error", Usage{Prompt: 7, Completion: 3}, failing, false, 1, false},
		{"not told", Usage{}, nil, true, 1, true},
		{"not told, cut off after a claim", Usage{}, failing, true, 1, true},
		{"refused", Usage{}, failing, false, 0, false},
	} {
		*ledger = MemoryLedger{}
		m := &script{replies: func(_ context.Context, n int, r ModelRequest, line func(string) error) (Usage, error) {
			if c.claim {
				if err := line(claimLine(costText, costQuote)(r)); err != nil {
					return c.usage, err
				}
			}
			return c.usage, c.err
		}}
		e := withModel(t, m, func(o *Options) { o.Ledger, o.CacheSize = ledger, -1 })
		ask(t, e, Question{Text: costQ})
		e.Close()
		s, _ := ledger.Spent(t.Context(), time.Time{}, "", "")
		if s.Calls != c.calls {
			t.Fatalf("%s: %d records, want %d", c.name, s.Calls, c.calls)
		}
		if c.calls == 0 {
			continue
		}
		u := ledger.entries[0].Usage
		if u.Estimated != c.guessed || c.guessed && (u.Prompt < 300 || u.Completion < 20) || !c.guessed && u != c.usage {
			t.Errorf("%s: charged %+v", c.name, u)
		}
	}
}

func TestOptionsCheck(t *testing.T) {
	t.Parallel()
	money := Options{Model: says(""), Limits: Limits{Day: Limit{Micros: 5}, Person: Limit{Tokens: -1}}, Prices: map[string]Price{"x": {Input: -1}}}
	err := money.Check()
	if err == nil || !strings.Contains(err.Error(), "script-1") || !strings.Contains(err.Error(), "per person is negative") || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("%v", err)
	}
	money.Prices, money.Limits.Person = map[string]Price{"script-1": {}}, Limit{}
	if err := money.Check(); err != nil {
		t.Error(err)
	}
	if err := (Options{Limits: money.Limits}).Check(); err != nil {
		t.Errorf("without a model: %v", err)
	}
}
