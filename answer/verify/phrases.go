package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// deed is a verb with the phrases of who does it and to whom or what it is done: "the port authority", "accused" and
// "the Vera guild". Of a passive without "by" nobody does it.
type deed struct {
	verb     int
	passive  bool
	by, unto []int // tokens
}

// deedsOf returns the deeds of a statement whose phrases are plain: what stands just before the verb and just after it,
// without what prepositions add.
func (s *statement) deedsOf() []deed {
	var out []deed
	for i := range s.toks {
		if s.words[i].inside || auxiliaries.Has(s.toks[i].Fold) || !s.verbal(i) {
			continue
		}
		d := deed{verb: i, passive: s.passive(i), by: s.phraseBefore(i)}
		if d.passive {
			d.by, d.unto = nil, d.by
			for k := i + 1; k < len(s.toks) && k <= i+4 && !s.comma(k); k++ {
				if f := s.toks[k].Fold; f == "by" || f == "por" {
					d.by = s.phraseAfter(k + 1)
					break
				}
			}
		} else {
			d.unto = s.phraseAfter(i + 1)
			if len(d.by) == 0 && s.words[i].cue&attributed != 0 && i > 0 && s.comma(i) {
				d.by, d.unto = d.unto, nil // "the pier is shut, said Vera"
			}
		}
		out = append(out, d)
	}
	return out
}

// checkTurned looks for two verbs of which each is done in the claim by who does the other in the source: "miners sued, and
// Vera paid" for "Vera sued, and miners paid".
func (e *evidence) checkTurned(v *Verdict) {
	mine := e.claim.deedsOf()
	if len(mine) < 2 {
		return
	}
	theirs := e.source.deedsOf()
	by := func(verb int) (out []int, plain bool) {
		for _, b := range theirs {
			if has(e.links.to[verb], b.verb) {
				if out != nil || len(b.by) == 0 {
					return nil, false
				}
				out = b.by
			}
		}
		return out, out != nil
	}
	for x, a := range mine {
		p, ok := by(a.verb)
		if !ok || len(a.by) == 0 {
			continue
		}
		for _, b := range mine[x+1:] {
			q, ok := by(b.verb)
			if ok && len(b.by) > 0 && e.favours(a.by, p, q) < 0 && e.favours(b.by, q, p) < 0 {
				v.fail("roles", e.claim.show(a.verb, a.verb)+" and "+e.claim.show(b.verb, b.verb)+" are done by one another's doers there")
				return
			}
		}
	}
}

// weighty reports whether token k can be the head of a phrase.
func (s *statement) weighty(k int) bool {
	return (s.words[k].content || s.words[k].name > 0) && s.words[k].cue&(quantities|bounds) == 0 && !slight.Has(s.toks[k].Fold) && moreUnits[s.toks[k].Fold] == ""
}

// phraseBefore returns the words of substance of the phrase before the verb at token i: the guild of "the guild in Vera had
// accused".
func (s *statement) phraseBefore(i int) []int {
	k := i - 1
	for k >= 0 && s.helps(k) && !s.comma(k+1) {
		k--
	}
	var out []int
	if s.comma(k + 1) { // "the son, Vera, has asked", "the son, who left Vera, has asked"
		start := k
		for start > 0 && !s.comma(start) && s.words[start].sentence == s.words[i].sentence {
			start--
		}
		if start == 0 || start < k-6 || !s.comma(start) {
			return nil
		}
		for d := start; d <= k && !relatives.Has(s.toks[start].Fold); d++ {
			if s.verbal(d) || turns.Has(s.toks[d].Fold) {
				return nil
			}
			if s.words[d].name > 0 {
				out = append(out, d)
			}
		}
		return append(out, s.phraseBefore(start)...)
	}
	for ; k >= 0 && s.words[k].sentence == s.words[i].sentence && s.words[k].clause == s.words[i].clause && !s.comma(k+1); k-- {
		f := s.toks[k].Fold
		if s.verbal(k) || breaks.Has(f) || turns.Has(f) {
			break
		}
		if prepositions[f] != "" {
			if s.words[k+1].date {
				break // "in May the guild"
			}
			if len(out) > 0 && k == 0 {
				return nil // "In Vera, guilds"
			}
			out = out[:0]
			continue
		}
		if s.weighty(k) {
			out = append(out, k)
		}
	}
	return out
}

// phraseAfter returns the words of substance of the phrase that begins at token k, past the "a" that Spanish has before
// persons.
func (s *statement) phraseAfter(k int) []int {
	var out []int
	for start := k; k < len(s.toks) && k < start+8 && !s.comma(k) && s.words[k].sentence == s.words[start].sentence; k++ {
		f := s.toks[k].Fold
		if (f == "a" || f == "al") && k == start {
			continue
		}
		if prepositions[f] != "" && s.words[k].cue&bounds == 0 || breaks.Has(f) || turns.Has(f) || auxiliaries.Has(f) || modals.Has(f) ||
			s.verbal(k) && !determinate.Has(s.toks[k-1].Fold) { // not "the flooded piers"
			break
		}
		if s.weighty(k) {
			out = append(out, k)
		}
	}
	return out
}

// into reports whether one of some words of the claim says what one of some words of the source says.
func (e *evidence) into(mine, theirs []int) bool {
	return slices.ContainsFunc(mine, func(i int) bool {
		return slices.ContainsFunc(theirs, func(j int) bool { return e.says(i, j) })
	})
}

// checkDeeds looks for a verb of which the claim has done by one what the source has done to it: "the authority accused
// the guild" for "the guild accused the authority", "pickers turned down six farms" for "pickers were turned down by six
// farms".
func (e *evidence) checkDeeds(v *Verdict) {
	mine := e.claim.deedsOf()
	if len(mine) == 0 {
		return
	}
	theirs := e.source.deedsOf()
	for _, a := range mine {
		straight, crossed := false, false
		if len(a.by) == 0 || len(a.unto) == 0 || reciprocal(e.claim.words[a.verb].base) {
			continue
		}
		for _, b := range theirs {
			if !has(e.links.to[a.verb], b.verb) && !has(e.links.direct[a.verb], b.verb) {
				continue
			}
			switch {
			case e.into(a.by, b.by) || e.into(a.unto, b.unto):
				straight = true
			case e.into(a.by, b.unto) && e.into(a.unto, b.by):
				crossed = true
			case e.into(a.by, b.unto) && len(b.by) == 0 && b.passive && !a.passive && !e.source.takes(b.verb) &&
				has(e.links.direct[a.verb], b.verb) && slices.ContainsFunc(a.unto, func(i int) bool { return len(e.links.to[i]) > 0 }):
				crossed = true
			}
		}
		if crossed && !straight {
			v.fail("roles", e.claim.show(a.verb, a.verb)+" is done to who does it here")
			return
		}
	}
}

// reciprocal reports whether the base of a verb is one of what two do to each other: "Vera met Rio".
func reciprocal(base string) bool {
	return beginsWith(base, "meet", "met", "match", "marr", "border", "equal", "resembl", "fac", "join", "accompan", "reun", "cas",
		"limit", "colind", "iguala", "encontr", "acompan", "exchang", "intercambi", "negoti", "negoc")
}

// checkWays looks for a verb of which the claim says that something goes from, or to, one thing, or that one is to do
// something, where the source says so of another that the claim has too: "diverted from the striking ports" for "diverted
// from Vera", "obliges the mills to pay cooks" for "obliges cooks to pay the mills".
func (e *evidence) checkWays(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		if !c.words[i].content || c.words[i].inside {
			continue
		}
		for _, way := range [...]func(*statement, int) []int{(*statement).fromWhere, (*statement).made} {
			mine := way(c, i)
			if len(mine) == 0 {
				continue
			}
			straight, crossed := false, false
			for _, j := range e.links.to[i] {
				theirs := way(s, j)
				switch {
				case len(theirs) == 0:
				case e.into(mine, theirs):
					straight = true
				default:
					crossed = crossed || e.elsewhere(i, mine, theirs)
				}
			}
			if crossed && !straight {
				v.fail("roles", c.show(i, i)+" is said of another there than "+c.show(mine[0], mine[0]))
				return
			}
		}
	}
}

// elsewhere reports whether the claim has what some words of the source say, near the verb at token i but not in the
// words that stand in their place.
func (e *evidence) elsewhere(i int, mine, theirs []int) bool {
	for k := range e.claim.words {
		if k != i && e.claim.words[k].sentence == e.claim.words[i].sentence && e.claim.weighty(k) && !has(mine, k) &&
			slices.ContainsFunc(theirs, func(j int) bool { return has(e.links.direct[k], j) || has(e.links.to[k], j) && len(e.links.to[k]) <= 2 }) {
			return true
		}
	}
	return false
}

// fromWhere returns the words of what the verb at token i is from: the ports of "cargo diverted from the ports".
func (s *statement) fromWhere(i int) []int {
	for k := i + 1; k+1 < len(s.toks) && k <= i+2 && !s.comma(k); k++ {
		if f := s.toks[k].Fold; f == "from" || f == "desde" {
			if strings.HasSuffix(s.toks[k+1].Fold, "ing") || s.words[k+1].date {
				return nil
			}
			return s.phraseAfter(k + 1)
		}
	}
	return nil
}

// made returns the words for who is to do something by the verb at token i: the cooks of "obliges cooks to pay".
func (s *statement) made(i int) []int {
	if s.passive(i) {
		return nil
	}
	out := s.phraseAfter(i + 1)
	if len(out) == 0 {
		return nil
	}
	k := out[len(out)-1] + 1
	if k+1 >= len(s.toks) || s.comma(k) {
		return nil
	}
	if f := s.toks[k].Fold; f == "to" && s.words[k+1].content && !s.toks[k+1].Upper ||
		f == "a" && s.lang == lang.Spanish && endsIn(s.toks[k+1].Fold, "ar", "er", "ir") {
		return out
	}
	return nil
}
