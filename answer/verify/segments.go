package verify

import (
	"slices"
)

// item is a figure or an ordinal, and the part of the sentence that has it.
type item struct {
	figure
	first, last int // tokens
	rank        int // of an ordinal
	words       []int
}

// ranks are the ordinals that put things in an order.
var ranks = map[string]int{"first": 1, "primero": 1, "primera": 1, "primer": 1, "second": 2, "segundo": 2, "segunda": 2, "third": 3, "tercero": 3,
	"tercera": 3, "tercer": 3, "fourth": 4, "cuarto": 4, "cuarta": 4, "fifth": 5, "quinto": 5, "quinta": 5}

// items returns the figures and ordinals of a statement with the words of the parts that they stand in. A part ends with
// the sentence, at a semicolon and, between two of them, at "and", "while" and the like.
func (s *statement) items() []item {
	var out []item
	for _, f := range s.figures() {
		if !f.Year && spans[f.unit].n == 0 {
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
		out[n].words = append(s.near(out[n].first-1, from-1, -1, reach), s.near(out[n].last+1, to, 1, reach)...)
	}
	return out
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
			if e.favours(mine[x].words, p.words, q.words) < 0 && e.favours(mine[y].words, q.words, p.words) < 0 {
				v.fail("roles", e.claim.show(mine[x].first, mine[x].last)+" stands here for what "+
					e.claim.show(mine[y].first, mine[y].last)+" does there")
				return
			}
		}
	}
}
