package verify

import (
	"slices"

	"policybot/lang"
)

// item is a figure or an ordinal, and the part of the sentence that has it.
type item struct {
	figure
	first, last int // tokens
	rank        int // of an ordinal
	words       []int
	before      []int // the last of the words before it
}

// ranks are the ordinals that put things in an order.
var ranks = map[string]int{"first": 1, "primero": 1, "primera": 1, "primer": 1, "second": 2, "segundo": 2, "segunda": 2, "third": 3, "tercero": 3,
	"tercera": 3, "tercer": 3, "fourth": 4, "cuarto": 4, "cuarta": 4, "fifth": 5, "quinto": 5, "quinta": 5}

// items returns the figures and ordinals of a statement with the words of the parts that they stand in. A part ends with
// the sentence, at a semicolon and, between two of them, at "and", "while" and the like.
func (s *statement) items() []item {
	var out []item
	for _, f := range s.figures() {
		if !f.Year && spans[f.unit].n == 0 && !s.wholeOf(f) {
			out = append(out, item{figure: f, first: f.first, last: f.last})
		}
	}
	for i := range s.toks {
		if r := ranks[s.toks[i].Fold]; r > 0 {
			out = append(out, item{rank: r, first: i, last: i})
		}
	}
	slices.SortFunc(out, func(a, b item) int { return a.first - b.first })
	for n := range out {
		start, end := 0, len(s.toks)
		if n > 0 {
			start = out[n-1].last + 1
		}
		if n+1 < len(out) {
			end = out[n+1].first
		}
		from, to := out[n].first, out[n].last+1
		for from > start && !s.turnsAt(from) {
			from--
		}
		for to < end && !s.turnsAt(to) {
			to++
		}
		if n > 0 && !s.turnsAt(from) || to == end && n+1 < len(out) {
			continue // nothing parts it from another
		}
		reach := 8
		if out[n].rank > 0 {
			reach = 2
		}
		out[n].before = s.near(out[n].first-1, from-1, -1, 1)
		out[n].words = append(s.near(out[n].first-1, from-1, -1, reach), s.near(out[n].last+1, to, 1, reach)...)
	}
	return out
}

// wholeOf reports whether a figure is only that of which others are parts: "of the 640 houses, 410".
func (s *statement) wholeOf(f figure) bool {
	k := f.first - 1
	for k > 0 && determinate.Has(s.toks[k].Fold) {
		k--
	}
	return k >= 0 && k < f.first-1 && prepositions[s.toks[k].Fold] == "of"
}

// near returns the words of substance from token k on, up to the token end, step by step, at most reach of them.
func (s *statement) near(k, end, step, reach int) []int {
	var out []int
	for ; k != end && len(out) < reach; k += step {
		w := &s.words[k]
		if (w.content || w.name > 0) && !w.inside && !slight.Has(s.toks[k].Fold) && moreUnits[s.toks[k].Fold] == "" {
			out = append(out, k)
		}
	}
	return out
}

// turnsAt reports whether another part of what is said begins at token k.
func (s *statement) turnsAt(k int) bool {
	return turns.Has(s.toks[k].Fold) || k > 0 && s.words[k].sentence != s.words[k-1].sentence
}

// is reports whether two items are the same figure or the same ordinal.
func (a *item) is(b *item) bool {
	if a.rank > 0 || b.rank > 0 {
		return a.rank == b.rank
	}
	return a.same(b.figure)
}

// checkSegments looks for two figures or ordinals of which each stands in the claim in the part of a sentence where the
// source has the other: "the guild asks for 20 percent and the mill offers 30" for "the mill offers 20 percent. The guild
// asks for 30."
func (e *evidence) checkSegments(v *Verdict) {
	mine := e.claim.items()
	if len(mine) < 2 {
		return
	}
	theirs := e.source.items()
	only := func(x *item) *item {
		var found *item
		for i := range theirs {
			if x.is(&theirs[i]) {
				if found != nil {
					return nil
				}
				found = &theirs[i]
			}
		}
		return found
	}
	for x := range mine {
		p := only(&mine[x])
		if p == nil || len(p.words) == 0 {
			continue
		}
		for y := x + 1; y < len(mine); y++ {
			q := only(&mine[y])
			if q == nil || len(q.words) == 0 || p == q {
				continue
			}
			a, b := &mine[x], &mine[y]
			if e.favours(a.words, p.words, q.words) < 0 && e.favours(b.words, q.words, p.words) < 0 ||
				e.favours(a.before, p.before, q.before) < 0 && e.favours(b.before, q.before, p.before) < 0 {
				v.fail("roles", e.claim.show(mine[x].first, mine[x].last)+" stands here for what "+
					e.claim.show(mine[y].first, mine[y].last)+" does there")
				return
			}
		}
	}
}

// checkWholes looks for a figure that is part of another there, and the whole of it here: "80 boats, 300 of them new" for
// "300 boats, 80 of them new".
func (e *evidence) checkWholes(v *Verdict) {
	mine := e.claim.wholes()
	if len(mine) == 0 {
		return
	}
	theirs := e.source.wholes()
	for _, m := range mine {
		if slices.ContainsFunc(theirs, func(t [2]figure) bool { return m[0].same(t[1]) && m[1].same(t[0]) && !m[0].same(m[1]) }) {
			v.fail("roles", e.claim.show(m[1].first, m[1].last)+" is the whole there")
			return
		}
	}
}

// wholes returns each figure with the one before it that it is a part of: "300 boats, 80 of them new".
func (s *statement) wholes() [][2]figure {
	var out [][2]figure
	list := s.figures()
	for _, f := range list {
		k := f.last + 1
		if k+1 >= len(s.toks) || f.Year || f.unit == "%" {
			continue
		}
		if !s.toks[k+1].Digit && s.words[k].content { // "80 miles of it"
			k++
		}
		if k+1 >= len(s.toks) || s.toks[k].Fold != "of" && s.toks[k].Fold != "de" || !partsOf.Has(s.toks[k+1].Fold) {
			continue
		}
		whole := -1
		for n, g := range list {
			if !g.Year && g.unit != "%" && g.last < f.first && s.words[g.first].sentence == s.words[f.first].sentence &&
				(whole < 0 || g.first > list[whole].first) {
				whole = n
			}
		}
		if whole >= 0 {
			out = append(out, [2]figure{list[whole], f})
		}
	}
	return out
}

// partsOf are pronouns after "of" for the whole: "80 of them".
var partsOf = lang.SetOf(`them it those these which whom ellos ellas estos estas esos esas`)

// checkYears looks for two figures of which each is of the year that the other is of there: "300 in 2021 and 200 in 2022"
// for "200 in 2021 and 300 in 2022".
func (e *evidence) checkYears(v *Verdict) {
	mine := e.claim.yearly()
	if len(mine) < 2 {
		return
	}
	theirs := e.source.yearly()
	of := func(f figure) string {
		year := ""
		for _, t := range theirs {
			if t.same(f) {
				if year != "" && year != t.year {
					return ""
				}
				year = t.year
			}
		}
		return year
	}
	for x, m := range mine {
		for _, n := range mine[x+1:] {
			if m.year != n.year && !m.same(n.figure) && of(m.figure) == n.year && of(n.figure) == m.year {
				v.fail("roles", e.claim.show(m.first, m.last)+" is of "+n.year+" there")
				return
			}
		}
	}
}

// dated is a figure with the year that it is of.
type dated struct {
	figure
	year string
}

// yearly returns the figures of a statement with their years: the one that stands after the figure before another figure,
// or else the last before it in the sentence.
func (s *statement) yearly() []dated {
	var out []dated
	list := s.figures()
	for _, f := range list {
		if f.Year || spans[f.unit].n > 0 || f.unit == "%" {
			continue
		}
		another := func(k int) bool {
			return slices.ContainsFunc(list, func(g figure) bool {
				return !g.Year && g.unit != "%" && spans[g.unit].n == 0 && g.first <= k && k <= g.last
			})
		}
		year := ""
		for k := f.last + 1; k < len(s.toks) && s.words[k].sentence == s.words[f.first].sentence && !another(k) && year == ""; k++ {
			year = s.yearAt(k)
		}
		for k := f.first - 1; k >= 0 && s.words[k].sentence == s.words[f.first].sentence && year == ""; k-- {
			year = s.yearAt(k)
		}
		if year != "" {
			out = append(out, dated{f, year})
		}
	}
	return out
}

// yearAt returns the year that token k is, or "".
func (s *statement) yearAt(k int) string {
	if f := s.toks[k].Fold; len(f) == 4 && s.toks[k].Digit && (f[:2] == "19" || f[:2] == "20") {
		return f
	}
	return ""
}
