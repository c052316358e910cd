package verify

import (
	"slices"
	"strings"
)

// part is a part of a claim in which something may be said that the source says nothing of: a sentence, or what follows
// "while", "though" and the like; or an aside in it: ", paid for with bonds".
type part struct {
	first   int  // token
	aside   bool // it follows a comma only
	words   int  // of substance, names among them
	missing int  // of substance that nothing in the source says, proper names apart
	linked  int  // words that the source has, proper names and numbers apart
	named   int  // words of proper names that the source has
	numbers int  // numbers, which have a check of their own
}

// stray reports whether nothing in the source says anything of a part. A name that the source has, or a number, is not
// enough when much is said of it, as in "though Vera could still go home"; of an aside much has to be missed.
func (p *part) stray() bool {
	switch {
	case p.linked > 0:
		return false
	case p.numbers > 0:
		return p.missing >= 4
	}
	return p.missing >= 3 || p.named == 0 && p.words > 0 && !p.aside
}

// opensPart reports whether a sentence, or another part that may be about something else, begins at token i.
func (s *statement) opensPart(i int) bool {
	gap, t, before := s.gap(i), s.toks[i], s.toks[i-1]
	return strings.ContainsAny(gap, ".;!?\n") && !beforeStop.Has(before.Fold) && (!before.Caps || t.Upper) ||
		strings.Contains(gap, ",") && joiners.Has(t.Fold)
}

// opensAside reports whether a relative clause or a participle begins after the comma before token i.
func (s *statement) opensAside(i int) bool {
	return relatives.Has(s.toks[i].Fold) || s.verbal(i) && s.words[i].cue&attributed == 0
}

// checkSupport looks for words of substance that nothing in the source says, and for parts of the claim
// that are about something else altogether. What the question says supports nothing.
func (e *evidence) checkSupport(v *Verdict) {
	c := e.claim
	const limit, few = 0.6, 4
	runs := 5
	if c.lang != e.source.lang {
		runs = 6
	}
	total, missing, run, longest, first, linked := 0, 0, 0, 0, -1, 0
	var main, aside part
	stray := -1 // the first word of a part that nothing says anything of
	end := func(p *part) {
		if p.stray() && stray < 0 {
			stray = p.first
		}
	}
	for i := range c.toks {
		w := &c.words[i]
		if i > 0 && c.comma(i) || i > 0 && c.opensPart(i) {
			end(&aside)
			aside = part{}
			if c.opensPart(i) {
				end(&main)
				main = part{first: i}
			} else if c.opensAside(i) {
				aside = part{first: i, aside: true}
			}
		}
		there := len(e.links.to[i]) > 0
		if there {
			linked++
		}
		e.count(&main, i)
		if aside.aside {
			e.count(&aside, i)
		}
		if !e.substance(i) {
			if there {
				run = 0
			}
			continue
		}
		if w.name > 0 || w.opposes() && !there && !e.antonymThere(i) {
			continue // names have a check of their own, opposites another
		}
		total++
		if there || e.antonymThere(i) {
			run = 0
			continue
		}
		missing++
		run++
		longest = max(longest, run)
		if first < 0 {
			first = i
		}
	}
	end(&aside)
	end(&main)
	switch {
	case linked == 0:
		v.fail("support", "nothing there says any of it")
	case missing >= few && float64(missing) > limit*float64(total) || longest >= runs:
		v.fail("support", "nothing there says "+c.show(first, first))
	case stray >= 0:
		v.fail("support", "nothing there says anything of "+c.show(stray, len(c.toks)-1))
	}
}

// substance reports whether the source has to say what token i of the claim says, in its own words.
func (e *evidence) substance(i int) bool {
	t, w := &e.claim.toks[i], &e.claim.words[i]
	const cues = attributed | unreal | quantities | bounds | cueDone | cueNot | cueDeny
	return (w.content || w.name > 0 && len(e.links.to[i]) == 0 && len(t.Fold) > 1) &&
		!slight.Has(t.Fold) && moreUnits[t.Fold] == "" && !w.inside && w.cue&cues == 0
}

// count adds token i of the claim to a part. What is only possible is borne out by what the source calls so.
func (e *evidence) count(p *part, i int) {
	t, w := &e.claim.toks[i], &e.claim.words[i]
	there := len(e.links.to[i]) > 0
	proper := w.name > 0 && e.claim.names[w.name-1].named
	switch {
	case there && proper:
		p.named++
	case t.Digit, w.means.number:
		p.numbers++
	case there, e.antonymThere(i), w.cue&unreal != 0 && e.source.cued(w.cue&unreal):
		p.linked++
	}
	switch {
	case e.substance(i):
		p.words++
		if !there && !proper {
			p.missing++
		}
	case !w.content && w.name == 0 && len(t.Fold) == 1 && !t.Digit && !w.means.stop:
		p.words++
	}
}

// opposes reports whether the word is one of a pair of opposites whose words are opposites in every context.
func (w *word) opposes() bool {
	scales := verifyWords().scales
	return slices.ContainsFunc(w.pairs, func(p int16) bool { return max(p, -p) < scales })
}

// antonymThere reports whether the antonym of token i stands in the source.
func (e *evidence) antonymThere(i int) bool {
	for _, p := range e.claim.words[i].pairs {
		if max(p, -p) >= verifyWords().scales {
			continue
		}
		for j := range e.source.words {
			if slices.Contains(e.source.words[j].pairs, -p) || slices.Contains(e.source.words[j].pairs, p) {
				return true
			}
		}
	}
	return false
}
