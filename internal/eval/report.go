package eval

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Report is the outcome of a run.
type Report struct {
	Articles int      `json:"articles"` // in the library
	Problems []string `json:"problems"` // faults of the cases: gold that the library does not hold
	Total    Totals   `json:"total"`
	Groups   []Group  `json:"groups"` // by language, then by type
	Rows     []Row    `json:"rows"`
	Model    *Use     `json:"model,omitempty"`   // of a run with a language model
	Drafted  int      `json:"drafted,omitempty"` // answers that a model drafted
}

// Group is the totals of the cases that have one language or type.
type Group struct {
	By   string `json:"by"` // "lang" or "type"
	Name string `json:"name"`
	Totals
}

// Totals are the counts over some cases. Answerable cases are Right, Silent or wrong; the others are
// Declined (corrections included) or answered.
type Totals struct {
	Cases      int `json:"cases"`
	Answerable int `json:"answerable"`
	Right      int `json:"right"`
	Silent     int `json:"wrongly_declined"`
	Not        int `json:"not_answerable"`
	Declined   int `json:"declined"`
	// Hit1, Hit5 and Hit10 count the answerable cases with a gold passage among the first hits;
	// Found5, Found10 and Slots the passages needed; RR adds up the reciprocal ranks.
	Hit1    int     `json:"gold_in_1"`
	Hit5    int     `json:"gold_in_5"`
	Hit10   int     `json:"gold_in_10"`
	Found5  int     `json:"slots_in_5"`
	Found10 int     `json:"slots_in_10"`
	Slots   int     `json:"slots"`
	RR      float64 `json:"rr_sum"`
	// Cited and CitedGold count the citations of answered answerable cases.
	Cited     int `json:"cited"`
	CitedGold int `json:"cited_gold"`
	// Lengths of the answered texts, in characters: their median and the greatest.
	LengthMedian int `json:"length_median"`
	LengthMax    int `json:"length_max"`
	Broken       int `json:"broken_promises"`
	Junk         int `json:"junk_cited"`
}

func (r *Report) summarise() {
	r.Total = total(r.Rows)
	for _, by := range []struct {
		name string
		key  func(Row) string
	}{{"lang", func(r Row) string { return r.Lang }}, {"type", func(r Row) string { return r.Type }}} {
		rows := make(map[string][]Row)
		for _, row := range r.Rows {
			rows[by.key(row)] = append(rows[by.key(row)], row)
		}
		for name, of := range rows {
			r.Groups = append(r.Groups, Group{by.name, name, total(of)})
		}
	}
	slices.SortFunc(r.Groups, func(a, b Group) int { return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Name, b.Name)) })
}

func total(rows []Row) Totals {
	t := Totals{Cases: len(rows)}
	var lengths []int
	for _, r := range rows {
		t.Broken += len(r.Broken)
		t.Junk += len(r.Junk)
		if r.Status == "answered" {
			lengths = append(lengths, r.Length)
		}
		if !r.Answerable {
			t.Not++
			if r.Verdict.Good() {
				t.Declined++
			}
			continue
		}
		t.Answerable++
		switch r.Verdict {
		case Right:
			t.Right++
		case WronglySilent:
			t.Silent++
		}
		t.Slots += r.Slots
		t.Found5 += r.Found5
		t.Found10 += r.Found10
		t.Cited += r.Cited
		t.CitedGold += r.CitedGold
		if r.Rank > 0 {
			t.RR += 1 / float64(r.Rank)
			for _, k := range []struct {
				n   int
				hit *int
			}{{1, &t.Hit1}, {5, &t.Hit5}, {10, &t.Hit10}} {
				if r.Rank <= k.n {
					*k.hit++
				}
			}
		}
	}
	if len(lengths) > 0 {
		slices.Sort(lengths)
		t.LengthMedian, t.LengthMax = lengths[len(lengths)/2], lengths[len(lengths)-1]
	}
	return t
}

// wilson returns the 95 % confidence interval of a proportion k of n (Wilson 1927), 0 to 1.
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-half), min(1, mid+half)
}

// share writes k of n as a percentage with its interval.
func share(k, n int) string {
	if n == 0 {
		return "-"
	}
	low, high := wilson(k, n)
	return fmt.Sprintf("%5.1f %%  %d/%d (95 %%: %.0f–%.0f)", 100*float64(k)/float64(n), k, n, 100*low, 100*high)
}

func percent(k, n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", 100*float64(k)/float64(n))
}

func mean(sum float64, n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", sum/float64(n))
}

// WriteText writes the report: totals, a table by language and type, a line per case. The same rows
// give the same bytes; nothing in it depends on the time or the machine.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	t := r.Total
	fmt.Fprintf(&b, "%d cases (%d answerable) over %d articles\n\n", t.Cases, t.Answerable, r.Articles)
	for _, l := range []struct{ name, value string }{
		{"right", share(t.Right, t.Answerable)},
		{"wrongly declined", share(t.Silent, t.Answerable)},
		{"not answerable, declined", share(t.Declined, t.Not)},
		{"gold in first hit", share(t.Hit1, t.Answerable)},
		{"gold in first 5 hits", share(t.Hit5, t.Answerable)},
		{"gold in first 10 hits", share(t.Hit10, t.Answerable)},
		{"passages needed in 5 hits", share(t.Found5, t.Slots)},
		{"passages needed in 10 hits", share(t.Found10, t.Slots)},
		{"mean reciprocal rank", mean(t.RR, t.Answerable)},
		{"citations that are gold", share(t.CitedGold, t.Cited)},
		{"length, characters", fmt.Sprintf("median %d, longest %d", t.LengthMedian, t.LengthMax)},
		{"broken promises", fmt.Sprint(t.Broken)},
		{"junk cited", fmt.Sprint(t.Junk)},
	} {
		fmt.Fprintf(&b, "%-28s %s\n", l.name, l.value)
	}
	if m := r.Model; m != nil {
		fmt.Fprintf(&b, "%-28s %s: %d requests, %d tokens in, %d out, cost %.4f\n", "model", m.Name, m.Requests, m.Prompt, m.Completion, m.Cost)
		fmt.Fprintf(&b, "%-28s %d of %d answered\n", "drafted by it", r.Drafted, t.Cases)
	}
	fmt.Fprintf(&b, "\n%-20s %6s %8s %8s %9s %8s %8s %8s\n", "by", "cases", "right %", "silent %", "declined%", "gold@5 %", "MRR", "cite %")
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "%-20s %6d %8s %8s %9s %8s %8s %8s\n", g.By+" "+g.Name, g.Cases, percent(g.Right, g.Answerable), percent(g.Silent, g.Answerable),
			percent(g.Declined, g.Not), percent(g.Hit5, g.Answerable), mean(g.RR, g.Answerable), percent(g.CitedGold, g.Cited))
	}
	if len(r.Problems) > 0 {
		fmt.Fprintf(&b, "\nproblems of the cases\n")
		for _, p := range r.Problems {
			fmt.Fprintf(&b, "  %s\n", p)
		}
	}
	b.WriteString("\n     id        verdict   type          lang rank  cited  chars  what is amiss\n")
	for _, row := range r.Rows {
		mark := "    "
		if !row.Verdict.Good() {
			mark = "  ✗ "
		}
		rank := "-"
		if row.Rank > 0 {
			rank = fmt.Sprint(row.Rank)
		}
		line := fmt.Sprintf("%s %-9s %-9s %-13s %-4s %4s %6s %6d  %s", mark, row.ID, row.Verdict, row.Type, row.Lang, rank,
			fmt.Sprintf("%d/%d", row.CitedGold, row.Cited), row.Length, row.amiss())
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// amiss says what keeps a row from being right, and what is wrong beside that.
func (r *Row) amiss() string {
	var s []string
	if r.Verdict == Wrong && r.SlotsCited < r.Slots {
		s = append(s, fmt.Sprintf("gold cited %d of %d", r.SlotsCited, r.Slots))
	}
	for _, m := range r.Missing {
		s = append(s, "lacks "+m)
	}
	for _, m := range r.Forbidden {
		s = append(s, "has "+m)
	}
	for _, m := range r.Junk {
		s = append(s, "junk: "+m)
	}
	for _, m := range r.Broken {
		s = append(s, "BROKEN: "+m)
	}
	return strings.Join(s, "; ")
}
