package corpus

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// ParseDate reads a day, month or year of the Gregorian calendar in ISO 8601 form: "2018-12-05",
// "2018-12", "2018". A day that does not exist is an error. A time of day after the date
// ("2018-12-05T17:45:00Z") is dropped.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	day, rest := s, ""
	if i := strings.IndexAny(s, "Tt "); i == len("2006-01-02") {
		day, rest = s[:i], s[i+1:]
	}
	if rest != "" && !clock(rest) {
		return Date{}, dateError(s)
	}
	var d Date
	switch len(day) {
	case len("2006-01-02"):
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return Date{}, dateError(s)
		}
		d = Date{t.Year(), int(t.Month()), t.Day()}
	case len("2006-01"):
		t, err := time.Parse("2006-01", day)
		if err != nil {
			return Date{}, dateError(s)
		}
		d = Date{t.Year(), int(t.Month()), 0}
	case len("2006"):
		t, err := time.Parse("2006", day)
		if err != nil {
			return Date{}, dateError(s)
		}
		d = Date{Year: t.Year()}
	}
	if d.Year == 0 {
		return Date{}, dateError(s)
	}
	return d, nil
}

// clock reports whether s looks like a time of day, with or without a zone.
func clock(s string) bool {
	return len(s) >= len("15:04") && strings.Trim(s[:5], "0123456789") == ":" && strings.Trim(s, "0123456789:.+- TZtz") == ""
}

func dateError(s string) error {
	return fmt.Errorf("%s is not a date", shown(s))
}

// ParsePeriod reads a date, or two with "/" between them, the first not after the second.
func ParsePeriod(s string) (Period, error) {
	from, to, ranged := strings.Cut(s, "/")
	var p Period
	var err error
	if p.From, err = ParseDate(from); err != nil {
		return Period{}, err
	}
	p.To = p.From
	if ranged {
		if p.To, err = ParseDate(to); err != nil {
			return Period{}, err
		}
		if p.To.Last().Before(p.From.First()) {
			return Period{}, fmt.Errorf("%s ends before it begins", shown(s))
		}
	}
	return p, nil
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// Compare orders dates by their first day; of two that begin together the less precise comes first,
// and an unknown date before all others.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// First returns the start of the first day the date can mean, in UTC. For an unknown date it is the
// zero time.
func (d Date) First() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// Last returns the start of the last day the date can mean, in UTC. For an unknown date it is the
// zero time.
func (d Date) Last() time.Time {
	switch {
	case d.IsZero():
		return time.Time{}
	case d.Month == 0:
		return time.Date(d.Year, time.December, 31, 0, 0, 0, 0, time.UTC)
	case d.Day == 0:
		return time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC)
	}
	return d.First()
}

// Overlaps reports whether the two periods have a day in common. An unknown period has none.
func (p Period) Overlaps(q Period) bool {
	if p.IsZero() || q.IsZero() {
		return false
	}
	return !p.last().Before(q.From.First()) && !q.last().Before(p.From.First())
}

func (p Period) last() time.Time {
	if p.To.IsZero() {
		return p.From.Last()
	}
	return p.To.Last()
}
