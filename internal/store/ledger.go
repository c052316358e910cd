package store

import (
	"context"
	"database/sql"
	"strings"
	"time"
	"unicode/utf8"

	"policybot/answer"
)

// Ledger is the part of a store that remembers what models cost; it implements answer.Ledger.
type Ledger struct{ s *Store }

var _ answer.Ledger = (*Ledger)(nil)

// Ledger returns the part of the store that remembers what models cost.
func (s *Store) Ledger() *Ledger { return &Ledger{s} }

// detailDays is for how long each request is kept with its time and person. Then Bot.Expire puts those of
// a day (UTC), server, model and purpose together.
const detailDays = 31

// Spent implements answer.Ledger; with both a person and a server, it is what the person spent there.
// Since a time more than 31 days ago, whole days may be counted or left out, and no persons told apart. What
// it cost to embed (purpose "embed") is left out: limits are on drafting, and embedding a library once would
// use them up. Costs has it.
func (l *Ledger) Spent(ctx context.Context, since time.Time, person, guild string) (answer.Spend, error) {
	where, args := []string{"spent_at >= $1", "purpose <> 'embed'"}, []any{since.UnixMilli()}
	switch {
	case person != "" && guild != "":
		where, args = append(where, "person = $2 AND person <> '' AND guild = $3"), append(args, person, guild)
	case person != "":
		where, args = append(where, "person = $2 AND person <> ''"), append(args, person)
	case guild != "":
		where, args = append(where, "guild = $2"), append(args, guild)
	}
	var sum answer.Spend
	err := l.s.r.QueryRowContext(ctx, `SELECT coalesce(sum(prompt), 0), coalesce(sum(completion), 0), coalesce(sum(micros), 0), coalesce(sum(calls), 0)
		FROM spend WHERE `+strings.Join(where, " AND "), args...).Scan(&sum.Prompt, &sum.Completion, &sum.Micros, &sum.Calls)
	return sum, l.s.fail("read costs", "", err)
}

// Record implements answer.Ledger. A zero At is now.
func (l *Ledger) Record(ctx context.Context, e answer.SpendEntry) error {
	const op = "record cost"
	for _, t := range [...]string{e.Person, e.Guild, e.Model, e.Purpose} {
		if len(t) > maxText || !utf8.ValidString(t) {
			return invalid(op, "", "a name that is longer than %d bytes or not valid UTF-8", maxText)
		}
	}
	if e.Usage.Prompt < 0 || e.Usage.Completion < 0 || e.Micros < 0 {
		return invalid(op, e.Model, "%d and %d tokens, %d millionths", e.Usage.Prompt, e.Usage.Completion, e.Micros)
	}
	if e.At.IsZero() {
		e.At = l.s.now()
	}
	if e.At.UnixMilli() < 0 {
		return invalid(op, e.Model, "spent in %d", e.At.Year())
	}
	return l.s.fail(op, e.Model, l.s.write(ctx, func(p *putter) error {
		_, err := p.exec(`INSERT INTO spend (spent_at, form, person, guild, model, purpose, calls, prompt, completion, micros)
			VALUES ($1, 'call', $2, $3, $4, $5, 1, $6, $7, $8)`,
			e.At.UnixMilli(), e.Person, e.Guild, e.Model, e.Purpose, e.Usage.Prompt, e.Usage.Completion, e.Micros)
		return err
	}))
}

// Cost is what one model cost on one day.
type Cost struct {
	Day   time.Time // its start, UTC
	Model string
	answer.Spend
}

// Costs lists what was spent by day and model, from the day on that since is in, in the order of days and
// then of names. None is no error.
func (l *Ledger) Costs(ctx context.Context, since time.Time) ([]Cost, error) {
	const op = "read costs"
	rows, err := l.s.r.QueryContext(ctx, `SELECT spent_at / $1 AS day, model, sum(prompt), sum(completion), sum(micros), sum(calls)
		FROM spend WHERE spent_at >= $2 GROUP BY day, model ORDER BY day, model`, day.Milliseconds(), startOfDay(since).UnixMilli())
	if err != nil {
		return nil, l.s.fail(op, "", err)
	}
	defer rows.Close()
	var list []Cost
	for rows.Next() {
		var c Cost
		var n int64
		if err := rows.Scan(&n, &c.Model, &c.Prompt, &c.Completion, &c.Micros, &c.Calls); err != nil {
			return nil, l.s.fail(op, "", err)
		}
		c.Day = time.UnixMilli(n * day.Milliseconds()).UTC()
		list = append(list, c)
	}
	return list, l.s.fail(op, "", rows.Err())
}

// startOfDay returns when the day in UTC began; not before 1970, so that dividing rounds down.
func startOfDay(t time.Time) time.Time {
	if t.Before(time.UnixMilli(0)) {
		return time.UnixMilli(0).UTC()
	}
	return t.UTC().Truncate(day)
}

// sumUp puts the requests of each day of more than detailDays before now together.
func (s *Store) sumUp(ctx context.Context, now time.Time) error {
	end := startOfDay(now.Add(-detailDays * day))
	for {
		var first sql.Null[int64]
		err := s.r.QueryRowContext(ctx, `SELECT min(spent_at) FROM spend WHERE form = 'call' AND spent_at < $1`, end.UnixMilli()).Scan(&first)
		if err != nil || !first.Valid {
			return err
		}
		from := startOfDay(time.UnixMilli(first.V)).UnixMilli()
		to := from + day.Milliseconds()
		err = s.write(ctx, func(p *putter) error {
			_, err := p.exec(`INSERT INTO spend (spent_at, form, person, guild, model, purpose, calls, prompt, completion, micros)
				SELECT $1, 'day', '', guild, model, purpose, sum(calls), sum(prompt), sum(completion), sum(micros)
				FROM spend WHERE form = 'call' AND spent_at >= $1 AND spent_at < $2 GROUP BY guild, model, purpose ORDER BY guild, model, purpose`, from, to)
			if err == nil {
				_, err = p.exec(`DELETE FROM spend WHERE form = 'call' AND spent_at >= $1 AND spent_at < $2`, from, to)
			}
			if err == nil {
				err = p.wipeLater()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
}
