package answer

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"time"
)

// Ledger remembers what the model cost. It is safe for concurrent use, and what Record has returned nil
// for outlives the process.
type Ledger interface {
	// Spent returns what was spent since a time by a person, by a server, or by all ("" and "").
	Spent(ctx context.Context, since time.Time, person, guild string) (Spend, error)
	Record(ctx context.Context, s SpendEntry) error
}

// Spend is a sum of what was spent.
type Spend struct {
	Prompt, Completion int64 // tokens
	Micros             int64 // millionths of the currency of the price table
	Calls              int64
}

// SpendEntry is what one request to the model cost.
type SpendEntry struct {
	At      time.Time
	Person  string // keyed hash or id; "" in a terminal
	Guild   string // server; "" outside of one
	Model   string
	Purpose string // "draft", "repair", "judge", "rewrite"
	Usage   Usage
	Micros  int64
}

// Limits bound what the model may cost within any 24 hours. A zero limit is none.
type Limits struct {
	Person Limit // of each person
	Guild  Limit // of each server
	Day    Limit // of all together
}

// Limit bounds tokens (of prompts and replies together) and money.
type Limit struct {
	Tokens int64
	Micros int64 // millionths of the currency of the price table
}

// Price is what a model costs, in the currency per million tokens.
type Price struct {
	Input  float64
	Output float64
	Cached float64 // of input that the endpoint had cached; 0 is the price of Input
}

// Micros returns what a request costs, in millionths of the currency, rounded up. A price per million
// tokens is one in millionths per token.
func (p Price) Micros(u Usage) int64 {
	cached := min(max(u.Cached, 0), max(u.Prompt, 0))
	price := p.Cached
	if price == 0 {
		price = p.Input
	}
	return int64(math.Ceil(float64(max(u.Prompt, 0)-cached)*p.Input + float64(cached)*price + float64(max(u.Completion, 0))*p.Output - 1e-9))
}

// window24 is how far back a limit reaches. It moves with the clock, so that midnight frees nobody to
// spend twice the limit in an hour.
const window24 = 24 * time.Hour

// Why a request to the model was not made.
var (
	errOverBudget = errors.New("answer: over budget")
	errNoPrice    = errors.New("answer: the model has no price, so its limit of money cannot be kept")
)

// budget decides whether a request may be made, and keeps the account. What a request may cost at most is
// reserved while it is in flight, so requests at the same time cannot overshoot a limit together. It is
// safe for concurrent use.
type budget struct {
	ledger Ledger // nil: nothing is kept
	limits Limits
	price  Price
	priced bool
	now    func() time.Time

	mu       sync.Mutex
	reserved map[*reservation]struct{}
}

// reservation is what a request in flight may cost, or what one did cost that could not be recorded.
type reservation struct {
	at            time.Time
	person, guild string
	tokens        int64
	micros        int64
}

// payer is who is charged for a request.
type payer struct{ person, guild string }

// reserve sets aside what a request may cost at most, or says why it must not be made.
func (b *budget) reserve(ctx context.Context, who payer, most Usage) (*reservation, error) {
	r := &reservation{at: b.now(), person: who.person, guild: who.guild, tokens: int64(most.Prompt + most.Completion), micros: b.price.Micros(most)}
	l := b.limits
	if l == (Limits{}) {
		return r, nil
	}
	if !b.priced && (l.Person.Micros > 0 || l.Guild.Micros > 0 || l.Day.Micros > 0) {
		return nil, errNoPrice
	}
	b.mu.Lock()
	if b.reserved == nil {
		b.reserved = map[*reservation]struct{}{}
	}
	b.reserved[r] = struct{}{}
	b.mu.Unlock()
	for _, scope := range []struct {
		limit         Limit
		person, guild string
		applies       bool
	}{
		{l.Person, who.person, "", who.person != ""},
		{l.Guild, "", who.guild, who.guild != ""},
		{l.Day, "", "", true},
	} {
		if !scope.applies || scope.limit == (Limit{}) {
			continue
		}
		// In this order: a request that is settled in between counts twice for a moment, never not at all.
		tokens, micros := b.held(scope.person, scope.guild)
		spent, err := b.ledger.Spent(ctx, b.now().Add(-window24), scope.person, scope.guild)
		if err == nil && (over(scope.limit.Tokens, spent.Prompt+spent.Completion+tokens) || over(scope.limit.Micros, spent.Micros+micros)) {
			err = errOverBudget
		}
		if err != nil {
			b.release(r)
			return nil, err
		}
	}
	return r, nil
}

func over(limit, n int64) bool { return limit > 0 && n > limit }

// held sums the reservations of a person, of a server, or of all ("" and "").
func (b *budget) held(person, guild string) (tokens, micros int64) {
	since := b.now().Add(-window24)
	b.mu.Lock()
	defer b.mu.Unlock()
	for r := range b.reserved {
		if r.at.Before(since) {
			delete(b.reserved, r)
			continue
		}
		if (person == "" || r.person == person) && (guild == "" || r.guild == guild) {
			tokens += r.tokens
			micros += r.micros
		}
	}
	return tokens, micros
}

func (b *budget) release(r *reservation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.reserved, r)
}

// settle records what a request did cost and frees its reservation. If it cannot be recorded, the
// reservation stays in place of the record, at the true cost.
func (b *budget) settle(ctx context.Context, r *reservation, model, purpose string, u Usage) error {
	if b.ledger == nil || u.Prompt == 0 && u.Completion == 0 {
		b.release(r)
		return nil
	}
	cost := b.price.Micros(u)
	err := b.ledger.Record(ctx, SpendEntry{At: r.at, Person: r.person, Guild: r.guild, Model: model, Purpose: purpose, Usage: u, Micros: cost})
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		r.tokens, r.micros = int64(u.Prompt+u.Completion), cost
		return err
	}
	b.release(r)
	return nil
}

// MemoryLedger is a Ledger that lasts as long as the process. The zero value is ready.
type MemoryLedger struct {
	mu      sync.Mutex
	entries []SpendEntry
}

// Spent sums what was recorded since a time.
func (l *MemoryLedger) Spent(_ context.Context, since time.Time, person, guild string) (Spend, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var s Spend
	for _, e := range l.entries {
		if e.At.Before(since) || person != "" && e.Person != person || guild != "" && e.Guild != guild {
			continue
		}
		s.Prompt += int64(e.Usage.Prompt)
		s.Completion += int64(e.Usage.Completion)
		s.Micros += e.Micros
		s.Calls++
	}
	return s, nil
}

// Record keeps an entry, and forgets what is older by more than two days.
func (l *MemoryLedger) Record(_ context.Context, s SpendEntry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) > 0 && len(l.entries)%1024 == 0 {
		l.entries = slices.DeleteFunc(l.entries, func(e SpendEntry) bool { return e.At.Before(s.At.Add(-2 * window24)) })
	}
	l.entries = append(l.entries, s)
	return nil
}

// tokens estimates the tokens of a text: three bytes each, which for English and Spanish is more than
// the usual tokenizers count.
func tokens(s string) int { return (len(s) + 2) / 3 }

// estimate is the most that a request can cost, as far as can be known before it is made.
func estimate(r ModelRequest) Usage {
	n := tokens(r.System) + 8
	for _, m := range r.Messages {
		n += tokens(m.Text) + 8
	}
	return Usage{Prompt: n, Completion: r.MaxTokens, Estimated: true}
}
