package eval

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"policybot/answer"
	"policybot/corpus"
)

// Verdict says in a word what became of a case.
type Verdict string

// The verdicts. Right, Declined and Corrected are what one hopes for: the first for an answerable
// case, the others for one that is not.
const (
	Right         Verdict = "right"
	Wrong         Verdict = "wrong"     // answered, but not as it should be
	WronglySilent Verdict = "silent"    // answerable, yet declined
	Declined      Verdict = "declined"  // not answerable, and declined
	Corrected     Verdict = "corrected" // not answerable, and declined with a source that says why
	WronglySaid   Verdict = "answered"  // not answerable, yet answered
	Disclosed     Verdict = "disclosed" // not answerable, declined, yet with words it must not have
)

// Good reports whether the verdict is the one to hope for.
func (v Verdict) Good() bool { return v == Right || v == Declined || v == Corrected }

// Row is what became of one case.
type Row struct {
	ID         string  `json:"id"`
	Type       string  `json:"type"`
	Lang       string  `json:"lang"`
	Question   string  `json:"question"`
	Answerable bool    `json:"answerable"`
	Verdict    Verdict `json:"verdict"`
	Status     string  `json:"status"`
	// Rank of the first hit that shows a gold passage; 0 when none does.
	Rank int `json:"rank"`
	// Slots is the number of passages needed (one, unless all are required); Found5 and Found10 say how
	// many stand among the first five and ten hits, SlotsCited how many the answer cites.
	Slots      int `json:"slots"`
	Found5     int `json:"found_5"`
	Found10    int `json:"found_10"`
	SlotsCited int `json:"slots_cited"`
	// Cited counts the citations, CitedGold those that show a gold passage.
	Cited     int      `json:"cited"`
	CitedGold int      `json:"cited_gold"`
	Length    int      `json:"length"`              // of the answer's text, in characters
	Missing   []string `json:"missing,omitempty"`   // must_include groups that are not met
	Forbidden []string `json:"forbidden,omitempty"` // must_not_include that stand in the answer
	Junk      []string `json:"junk,omitempty"`      // junk passages cited
	Broken    []string `json:"broken,omitempty"`    // promises broken, see Check
}

// Run asks every case and returns the report, rows in the order of the cases. The articles are those
// that the engine answers from. It stops at the first error, which comes from the context or the
// engine. progress, if not nil, is called after each case.
func Run(ctx context.Context, engine *answer.Engine, articles []*corpus.Article, cases []Case, progress func(done, total int)) (*Report, error) {
	lib := newLibrary(articles)
	r := &Report{Articles: len(articles)}
	for i, c := range cases {
		a, err := engine.Ask(ctx, answer.Question{ID: c.ID, Text: c.Question, Lang: c.Lang, History: c.History})
		if err != nil {
			return nil, fmt.Errorf("eval: ask %s: %w", c.ID, err)
		}
		if strings.HasPrefix(a.Drafter, "model:") {
			r.Drafted++
		}
		row, problems := lib.score(c, a)
		r.Rows = append(r.Rows, row)
		r.Problems = append(r.Problems, problems...)
		if progress != nil {
			progress(i+1, len(cases))
		}
	}
	r.summarise()
	return r, nil
}

// score judges one answer. The problems are faults of the case, not of the answer: gold that the
// library does not hold.
func (l *library) score(c Case, a answer.Answer) (row Row, problems []string) {
	row = Row{ID: c.ID, Type: c.Type, Lang: c.Lang, Question: c.Question, Answerable: c.Answerable,
		Status: string(a.Status), Length: utf8.RuneCountInString(a.Text)}
	if row.Lang == "" {
		row.Lang = a.Lang
	}
	var slots [][]where
	for _, passages := range c.slots() {
		var slot []where
		for _, p := range passages {
			at := l.locate(p)
			if len(at) == 0 {
				problems = append(problems, fmt.Sprintf("%s: the library does not hold %q of %s", c.ID, p.Quote, p.Source))
			}
			slot = append(slot, at...)
		}
		slots = append(slots, slot)
	}
	covers := func(slot []where, article string, start, end int) bool {
		for _, w := range slot {
			if w.covers(article, start, end) {
				return true
			}
		}
		return false
	}
	row.Slots = len(slots)
	for _, slot := range slots {
		for i, h := range a.Hits {
			if !covers(slot, h.Article, h.Start, h.End) {
				continue
			}
			if row.Rank == 0 || i+1 < row.Rank {
				row.Rank = i + 1
			}
			if i < 5 {
				row.Found5++
			}
			if i < 10 {
				row.Found10++
			}
			break
		}
	}
	filled := make([]bool, len(slots))
	for _, claim := range a.Claims {
		for _, cite := range claim.Citations {
			row.Cited++
			gold := false
			for i, slot := range slots {
				if covers(slot, cite.Article, cite.Start, cite.End) {
					gold, filled[i] = true, true
				}
			}
			if gold {
				row.CitedGold++
			}
			for _, p := range c.Junk {
				if covers(l.locate(p), cite.Article, cite.Start, cite.End) {
					row.Junk = append(row.Junk, p.Quote)
				}
			}
		}
	}
	for _, ok := range filled {
		if ok {
			row.SlotsCited++
		}
	}

	said := plain(withoutMarkers(a.Text))
	for _, group := range c.MustInclude {
		met := false
		for _, alternative := range group {
			met = met || strings.Contains(said, plain(alternative))
		}
		if !met {
			row.Missing = append(row.Missing, strings.Join(group, "|"))
		}
	}
	for _, word := range c.MustNotInclude {
		if strings.Contains(said, plain(word)) {
			row.Forbidden = append(row.Forbidden, word)
		}
	}
	row.Broken = l.check(c, a)

	answered := a.Status == answer.Answered
	switch {
	case c.Answerable && !answered:
		row.Verdict, row.Missing = WronglySilent, nil
	case c.Answerable && len(row.Missing) == 0 && len(row.Forbidden) == 0 && row.SlotsCited == row.Slots:
		row.Verdict = Right
	case c.Answerable:
		row.Verdict = Wrong
	case answered:
		row.Verdict = WronglySaid
	case len(row.Forbidden) > 0:
		row.Verdict = Disclosed
	case len(a.Claims) > 0:
		row.Verdict = Corrected
	default:
		row.Verdict = Declined
	}
	if !c.Answerable {
		row.Missing = nil
	}
	return row, problems
}
