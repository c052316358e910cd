package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// checkSupport looks for words of substance that nothing in the source says, and for parts of the claim
// that are about something else altogether. What the question says supports nothing.
func (e *evidence) checkSupport(v *Verdict) {
	c := e.claim
	limit, runs, few := 0.5, 4, 2
	if c.lang != e.source.lang {
		limit, runs, few = 0.6, 6, 3
	}
	total, missing, run, longest, first, linked := 0, 0, 0, 0, -1, 0
	segment, partTotal, partLinked := 0, 0, 0
	stray := -1 // a word of a part without any link
	part := func() {
		if partTotal > 0 && partLinked == 0 && stray < 0 {
			stray = segment
		}
		partTotal, partLinked = 0, 0
	}
	for i, t := range c.toks {
		w := &c.words[i]
		if i > 0 {
			gap := c.text[c.toks[i-1].End:t.Start]
			if strings.ContainsAny(gap, ".;!?\n") && !beforeStop.Has(c.toks[i-1].Fold) && (!c.toks[i-1].Caps || t.Upper) ||
				strings.Contains(gap, ",") && joiners.Has(t.Fold) {
				part()
				segment = i
			}
		}
		if len(e.links.to[i]) > 0 {
			linked++
		}
		if len(e.links.to[i]) > 0 || t.Digit || lang.IsNumber(t.Fold) || e.antonymThere(i) {
			partLinked++
		}
		if !w.content && !(w.name > 0 && len(e.links.to[i]) == 0 && len(t.Fold) > 1) {
			if len(t.Fold) == 1 && !t.Digit && !lang.Stop(t.Fold, c.lang) {
				partTotal++
			}
			continue
		}
		if slight.Has(t.Fold) || moreUnits[t.Fold] != "" || w.inside || w.cue&(attributed|unreal|quantities|bounds|cueDone|cueNot|cueDeny) != 0 {
			if len(e.links.to[i]) > 0 {
				run = 0
			}
			continue
		}
		partTotal++
		if w.name > 0 || w.opposes() && len(e.links.to[i]) == 0 && !e.antonymThere(i) {
			continue // names have a check of their own, opposites another
		}
		total++
		if len(e.links.to[i]) > 0 || e.antonymThere(i) {
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
	part()
	switch {
	case linked == 0:
		v.fail("support", "nothing there says any of it")
	case missing >= few && float64(missing) > limit*float64(total) || longest >= runs:
		v.fail("support", "nothing there says "+c.show(first, first))
	case stray >= 0:
		v.fail("support", "nothing there says anything of "+c.show(stray, len(c.toks)-1))
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
