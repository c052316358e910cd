package answer

import (
	"slices"
	"strings"
)

// An item is something that a statement says one thing of while it says another of others of its kind: a
// name, a number, one of two opposites.
type item struct {
	first, last int
	around      []int // the words about it: up to the next of its kind, to either side
}

// about returns the words of substance around tokens first to last, at most reach on either side, up to a
// token of which stop says that it belongs to another of the kind, and within the sentence.
func (s *statement) about(first, last, reach int, stop func(k int) bool) []int {
	var out []int
	take := func(k int) (more bool) {
		w := &s.words[k]
		if w.sentence != s.words[first].sentence || stop(k) || turns[s.toks[k].Fold] && s.toks[k].Fold != "and" && s.toks[k].Fold != "y" && s.toks[k].Fold != "e" {
			return false
		}
		if (w.content || w.pairs != nil || w.cue&(attributed|unreal|cueDone|cueDeny) != 0 || s.toks[k].Digit || w.name > 0) && !w.inside && !slight[s.toks[k].Fold] {
			out = append(out, k)
		}
		return true
	}
	for k := first - 1; k >= 0 && len(out) < reach && take(k); k-- {
	}
	n := len(out)
	for k := last + 1; k < len(s.toks) && len(out) < n+reach && take(k); k++ {
	}
	return out
}

// says reports whether token i of the claim says what token j of the source says: they are linked, they are
// equal figures, or on one side of a pair of opposites.
func (e *evidence) says(i, j int) bool {
	a, b := &e.claim.words[i], &e.source.words[j]
	switch {
	case has(e.links.to[i], j):
		return true
	case e.claim.toks[i].Digit:
		return e.claim.toks[i].Fold == e.source.toks[j].Fold
	case a.name > 0 && b.name > 0:
		return e.claim.names[a.name-1].id == e.source.names[b.name-1].id
	}
	for _, p := range a.pairs {
		if slices.Contains(b.pairs, p) {
			return true
		}
	}
	return false
}

// favours counts the words of mine that one of theirs says and none of others, less those of which the
// reverse is true.
func (e *evidence) favours(mine, theirs, others []int) int {
	n := 0
	for _, i := range mine {
		in := func(list []int) bool { return slices.ContainsFunc(list, func(j int) bool { return e.says(i, j) }) }
		a, b := in(theirs), in(others)
		switch {
		case a && !b:
			n++
		case b && !a:
			n--
		}
	}
	return n
}

// checkCrossedNames looks for two names of which the claim says what the source says of the other.
func (e *evidence) checkCrossedNames(v *Verdict) {
	c, s := e.claim, e.source
	around := func(st *statement, id, other string) (out []int) {
		for _, m := range st.names {
			if m.id == id && m.actor {
				out = append(out, st.about(m.first, m.last, 6, func(k int) bool {
					w := st.words[k].name
					return w > 0 && st.names[w-1].id == other
				})...)
			}
		}
		return out
	}
	var ids []string
	for _, m := range c.names {
		if m.actor && !slices.Contains(ids, m.id) && e.namedIn(m.id) {
			ids = append(ids, m.id)
		}
	}
	if len(ids) < 2 {
		return
	}
	for x, a := range ids {
		for _, b := range ids[x+1:] {
			if akinPlaces(a, b) || strings.HasPrefix(a, conceptMark) != strings.HasPrefix(b, conceptMark) || c.beside(a, b) || s.beside(a, b) {
				continue
			}
			ca, cb, sa, sb := around(c, a, b), around(c, b, a), around(s, a, b), around(s, b, a)
			fa, fb := e.favours(ca, sa, sb), e.favours(cb, sb, sa)
			if fa < 0 && fb < 0 && fa+fb <= -3 {
				v.fail("roles", a+" and "+b+" have changed places")
				return
			}
		}
	}
}

// beside reports whether two names stand next to one another: the one may be part of what the other is.
func (s *statement) beside(a, b string) bool {
	for _, m := range s.names {
		for _, n := range s.names {
			if m.id == a && n.id == b && m.first <= n.last+2 && n.first <= m.last+2 {
				return true
			}
		}
	}
	return false
}

// checkCrossedSides looks for one of two opposites of which the claim says what the source says of the
// other: "in favour" for "against", where the source has both.
func (e *evidence) checkCrossedSides(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		for _, p := range c.words[i].pairs {
			around := func(st *statement, side int8) (out []int) {
				for k := range st.words {
					if slices.Contains(st.words[k].pairs, side) {
						out = append(out, st.about(k, k, 3, func(d int) bool {
							return slices.Contains(st.words[d].pairs, p) || slices.Contains(st.words[d].pairs, -p) ||
								strings.ContainsAny(st.text[st.toks[min(d, k)].End:st.toks[max(d, k)].Start], ";:(")
						})...)
					}
				}
				return out
			}
			there, contrary := around(s, p), around(s, -p)
			if len(there) == 0 || len(contrary) == 0 {
				continue
			}
			mine, other := e.favours(around(c, p), there, contrary), 0
			opposites := around(c, -p)
			if len(opposites) > 0 {
				other = e.favours(opposites, contrary, there)
			}
			if mine < 0 && mine+other <= -2 && other <= 0 {
				v.fail("roles", c.show(i, i)+" is said here of what the source says the contrary of")
				return
			}
		}
	}
}

// checkArrows looks for two names with a verb between them that stand the other way round in the source.
func (e *evidence) checkArrows(v *Verdict) {
	c, s := e.claim, e.source
	mine := c.arrows()
	if len(mine) == 0 {
		return
	}
	theirs := s.arrows()
	for _, a := range mine {
		straight, crossed := false, false
		for _, b := range theirs {
			if a.from == b.from && a.to == b.to {
				straight = true
			}
			if a.from == b.to && a.to == b.from {
				free := len(e.links.to[a.verb]) == 0
				crossed = crossed || free || has(e.links.to[a.verb], b.verb) || c.words[a.verb].cue&s.words[b.verb].cue&acts != 0
			}
		}
		if crossed && !straight {
			v.fail("roles", c.show(a.verb, a.verb)+" goes the other way there")
			return
		}
	}
}

// acts are the cues of verbs that one does to another.
const acts = unreal&^(cueMay|cueWill) | cueDeny | cueDone

// arrow is a verb that one name does to another.
type arrow struct {
	from, to string
	verb     int
}

// arrows returns the verbs that stand alone between two names of actors.
func (s *statement) arrows() []arrow {
	var out []arrow
	list := s.actors()
	for x := 0; x+1 < len(list); x++ {
		a, b := s.names[list[x].name], s.names[list[x+1].name]
		if b.first-a.last > 7 || a.id == b.id || s.words[a.first].sentence != s.words[b.first].sentence || list[x].at.prep != "" {
			continue
		}
		verb, by, ok := -1, false, true
		for k := a.last + 1; k < b.first && ok; k++ {
			f := s.toks[k].Fold
			switch {
			case f == "by" || f == "por":
				by = true
			case mutual[f] || s.comma(k):
				ok = false
			case s.verbal(k) && !auxiliaries[f], verb < 0 && strings.HasSuffix(f, "ing") && len(f) > 5:
				if verb >= 0 {
					ok = false
				}
				verb = k
			case s.words[k].content && !titles[f]:
				ok = false
			}
		}
		if !ok || verb < 0 || s.words[verb].cue&cueSay != 0 {
			continue
		}
		r := arrow{a.id, b.id, verb}
		if by {
			r.from, r.to = r.to, r.from
		}
		out = append(out, r)
	}
	return out
}

// mutual are words between two names that let neither do something to the other.
var mutual = set(`and y e or o with con that que who whom quien but pero while mientras in en on at for para as como than`)
