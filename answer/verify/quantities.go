package verify

import (
	"math"
	"slices"
	"strings"

	"policybot/lang"
)

// quantityNames are the cues of a claim that checkQuantities holds to the source.
var quantityNames = []struct {
	c    cue
	also cue // what in the source bears it out as well
}{
	{cueAll, cueAll | cueNone}, {cueNone, cueNone | cueNot | cueDeny}, {cueMost, cueMost}, {cueSome, 0},
	{cueFew, cueFew | cueOnly | cueSome}, {cueOnly, cueOnly | cueFew}, {cueFirst, cueFirst}, {cueLast, cueLast}, {cueOrder, cueOrder},
	{cueTop, cueTop | cueMost}, {cueLow, cueLow}, {cueDouble, cueDouble | cueHalf}, {cueTriple, cueTriple | cueThird},
	{cueHalf, cueHalf | cueDouble}, {cueThird, cueThird | cueTriple}, {cueFourth, cueFourth}, {cueExact, cueExact},
}

// checkQuantities holds quantifiers, superlatives, ordinals and multiples to the source: "most owners" for "some
// owners".
func (e *evidence) checkQuantities(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		if w.cue&(quantities|cueExact) == 0 || w.inside || w.cue&attributed != 0 && w.cue&(cueTop|cueThird) == 0 {
			continue
		}
		if w.name > 0 || c.partAround(i) && w.cue&cueAll != 0 || e.allowedQuantity(i) { // the "every" of "82 of every 100"
			continue
		}
		ok := e.amountThere(i)
		if w.cue&(cueAll|cueMost) != 0 && !(w.cue&cueMost != 0 && s.excepts()) && e.near(i, cueOnly|cueFew, nil) &&
			!e.hasBeside(i, cueAll|cueMost) {
			v.fail("quantifier", c.show(i, min(i+1, len(c.toks)-1))+", where there are only some")
			return
		}
		if w.cue&cueOnly != 0 {
			for j := range s.words {
				ok = ok || s.words[j].contrast // "a pledge, not money spent"
			}
			if i > 0 && c.words[i-1].cue&cueNot != 0 && s.cued(cueOnly) && !s.cued(cueNot) {
				v.fail("quantifier", c.show(i-1, i))
				return
			}
		}
		if w.cue&(cueHalf|cueThird|cueFourth|cueOrder) != 0 && fractions[strings.TrimSuffix(c.toks[i].Fold, "s")] > 0 &&
			slices.ContainsFunc(c.toks[i+1:min(i+4, len(c.toks))], func(t lang.Token) bool { return lone[t.Fold] > 0 }) {
			continue // "half a million", "a quarter of a million"
		}
		if w.cue&(cueHalf|cueThird|cueFourth|cueOrder) != 0 && slices.ContainsFunc(c.figures(), func(f figure) bool {
			return f.part && f.first <= i && i <= f.last
		}) {
			continue // a number
		}
		if w.cue&cueHalf != 0 && e.shareThere(i) {
			continue
		}
		if w.cue&(cueDouble|cueHalf) != 0 && e.turned(i) {
			v.fail("quantifier", c.show(i, i)+" of the other")
			return
		}
		if w.cue&cueDouble != 0 && e.implied(i, cueDouble) || w.cue&cueTriple != 0 && e.implied(i, cueTriple) {
			continue
		}
		if w.cue&(cueHalf|cueThird|cueFourth|cueDouble|cueTriple) != 0 && !e.boundsAgree(i) {
			v.fail("quantifier", "the bound of "+c.show(i, i))
			return
		}
		if w.cue&bounds&^cueExact != 0 && w.cue&quantities == 0 {
			ok = true
		}
		if w.cue&cueTop != 0 && (i == 0 || ordinals[c.toks[i-1].Fold] == 0) && e.onlyRanked() {
			v.fail("quantifier", c.show(i, i)+", where the source has a lower rank")
			return
		}
		if !ok && !slices.ContainsFunc(e.links.direct[i], func(j int) bool {
			return (j == 0 || !s.words[j].inside || !almost.Has(s.toks[j-1].Fold)) && (!s.almostAll(j) || c.almostAll(i))
		}) {
			v.fail("quantifier", c.show(i, min(i+1, len(c.toks)-1)))
			return
		}
	}
	for _, other := range otherAmounts {
		if k := other.find(e); k >= 0 {
			v.fail("quantifier", c.show(k, k)+other.why)
			return
		}
	}
}

// amountThere reports whether the source has an amount that token i of the claim may stand for.
func (e *evidence) amountThere(i int) bool {
	c, s := e.claim, e.source
	w := &c.words[i]
	ok := false
	for _, q := range quantityNames {
		if w.cue&q.c == 0 {
			continue
		}
		if q.c == cueSome {
			ok = ok || !e.near(i, cueAll|cueMost|cueNone, universal) || s.hasQuantity(cueSome) || s.hasQuantity(cueAbout)
			continue
		}
		if q.c == cueMost && almost.Has(c.toks[i].Fold) { // "nearly all" are more than most
			ok = ok || e.overPercent(80) || e.shareOver(0.8) || s.excepts() ||
				slices.ContainsFunc(s.toks, func(t lang.Token) bool { return almost.Has(t.Fold) })
			continue
		}
		if q.c == cueAll {
			ok = ok || e.hasBeside(i, q.also) || c.almostAll(i) && e.source.excepts()
			continue
		}
		if q.c == cueHalf && !ok {
			ok = s.twoEqual()
		}
		if q.c == cueOrder {
			n := ordinals[c.toks[i].Fold]
			ok = ok || slices.ContainsFunc(s.toks, func(t lang.Token) bool { return ordinals[t.Fold] == n }) || e.counted(i, n) ||
				s.timesThere(float64(n)) || e.everyNth(i, n)
			continue
		}
		ok = ok || s.hasQuantity(q.also) && (q.c != cueOnly || s.hasOnly()) || e.implied(i, q.c)
	}
	return ok
}

// otherAmounts find a word of the claim for another amount than the source has.
var otherAmounts = []struct {
	find func(*evidence) int // its token, or -1
	why  string
}{
	{(*evidence).otherTimes, ", where it was another number of times"},
	{(*evidence).otherMultiple, ", where it is another multiple"},
	{(*evidence).otherQuantifier, ", where it is another part of them"},
	{(*evidence).otherFrequency, ", where it is so more or less often"},
	{(*evidence).otherShare, ", where it is a smaller part of them"},
	{(*evidence).partForFull, ", where it is in full"},
	{(*evidence).oneForBoth, " of them, where it is both"},
	{(*evidence).withoutExcept, ", where some are excepted"},
	{(*evidence).again, ", where it is the first time"},
}

// onlyRanked reports whether the source has superlatives, but only after an ordinal: "the second-largest donor".
func (e *evidence) onlyRanked() bool {
	ranked := false
	for j := range e.source.words {
		if e.source.words[j].cue&cueTop == 0 {
			continue
		}
		if j == 0 || ordinals[e.source.toks[j-1].Fold] == 0 {
			return false
		}
		ranked = true
	}
	return ranked
}

// timesAt returns how many times something happened when a word for it ends at token i: "twice", "three times", "dos
// veces"; but not multiples, "three times as many".
func (s *statement) timesAt(i int) float64 {
	if i+1 < len(s.toks) {
		switch s.toks[i+1].Fold {
		case "as", "more", "mas", "the", "that", "la", "el", "lo", "higher", "larger", "mayor":
			return 0
		}
	}
	switch s.toks[i].Fold {
	case "twice":
		return 2
	case "thrice":
		return 3
	case "times", "veces", "occasions", "ocasiones", "oportunidades":
		return s.smallNumber(i - 1)
	}
	return 0
}

// otherTimes returns a word of the claim for how many times something happened when it happened another number of
// times in the source, or -1: "twice" for "three times".
func (e *evidence) otherTimes() int {
	for i := range e.claim.toks {
		n := e.claim.timesAt(i)
		if n == 0 {
			continue
		}
		other := false
		for j := range e.source.toks {
			if m := e.source.timesAt(j); m == n {
				return -1
			} else if m > 0 {
				other = true
			}
		}
		if other {
			return i
		}
	}
	return -1
}

// otherMultiple returns a word of the claim for how many times as much something is when the source has another such word and
// neither it nor numbers that are as many times one another, or -1: "tripled" for "quadrupled".
func (e *evidence) otherMultiple() int {
	for i, t := range e.claim.toks {
		n := multiple(t.Fold)
		if n == 0 || e.claim.words[i].cue&(cueDouble|cueTriple) == 0 {
			continue
		}
		other := false
		for _, u := range e.source.toks {
			m := multiple(u.Fold)
			if m == n {
				return -1
			}
			other = other || m > 0
		}
		if other && !e.multiplies(n, e.claim.boundAt(i, i)) {
			return i
		}
	}
	return -1
}

// again returns a word for something that has been before when the source tells of its first time, or -1: "once more"
// for "for the first time".
func (e *evidence) again() int {
	first := false
	for j := 0; j+1 < len(e.source.toks); j++ {
		a, b := e.source.toks[j].Fold, e.source.toks[j+1].Fold
		first = first || a == "first" && (b == "time" || b == "ever") || a == "primera" && b == "vez"
	}
	if !first || e.claim.cued(cueFirst) {
		return -1
	}
	for i, t := range e.claim.toks {
		if w := e.source.hasWord(t.Fold); w {
			continue
		}
		switch prev := e.claim.toks[max(0, i-1)].Fold; {
		case t.Fold == "again", t.Fold == "nuevamente", t.Fold == "more" && prev == "once", t.Fold == "vez" && (prev == "otra" || prev == "una"),
			t.Fold == "nuevo" && prev == "de":
			return i
		}
	}
	return -1
}

// quantifiers are words for how many of some are meant; those of one number may stand for one another.
var quantifiers = quantifierKinds(`all every each todos todas`, `most majority mayoria`, `many muchos muchas numerous numerosos numerosas`,
	`some several certain algunos algunas varios varias`, `few pocos pocas`, `half mitad`)

// quantifierKinds numbers lists of words from 1.
func quantifierKinds(lists ...string) map[string]int {
	m := map[string]int{}
	for n, list := range lists {
		for _, w := range strings.Fields(list) {
			m[w] = n + 1
		}
	}
	return m
}

// quantifierOf returns the kind of the quantifier that stands before the noun at token i, with nothing but small words
// between, and its token; 0 when none does. "A few" are some, and "nearly all" are most.
func (s *statement) quantifierOf(i int) (kind, at int) {
	for k := i - 1; k >= 0 && k >= i-4 && s.words[k].clause == s.words[i].clause; k-- {
		f := s.toks[k].Fold
		kind = quantifiers[f]
		switch prev := s.toks[max(k-1, 0)].Fold; {
		case kind == 0 && (s.words[k].content || s.words[k].name > 0) && k+1 < len(s.toks) && len(s.gap(k+1)) > 2:
			continue // "half the town's wells"
		case kind == 0 && (s.words[k].content || s.words[k].name > 0 || s.toks[k].Digit || s.words[k].means.number):
			return 0, -1
		case kind == 0:
			continue
		case s.partAround(k) || s.words[k].not > 0 || k > 0 && s.words[k-1].cue&cueNot != 0 || s.words[k].cue&quantities == 0 && kind != 3:
			return 0, -1
		case kind == 1 && (almost.Has(prev) || s.almostAll(k)):
			return 2, k
		case kind == 5 && (prev == "a" || strings.HasPrefix(prev, "un")):
			return 4, k
		case kind == 6 && k > 0 && (s.words[k-1].cue&(cueOver|cueFirst|cueOrder|cueLast) != 0 || s.boundAt(k, k)&cueOver != 0):
			return 0, -1
		}
		return kind, k
	}
	return 0, -1
}

// otherQuantifier returns a quantifier of the claim when the same noun stands in the source only under others, or -1: "most
// farmers" for "some farmers", "many" for "few".
func (e *evidence) otherQuantifier() int {
	if !slices.ContainsFunc(e.claim.toks, func(t lang.Token) bool { return quantifiers[t.Fold] != 0 }) {
		return -1
	}
	for i := range e.claim.words {
		if !e.claim.words[i].content && e.claim.words[i].name == 0 {
			continue
		}
		mine, at := e.claim.quantifierOf(i)
		if mine == 0 || e.allowedQuantity(at) {
			continue
		}
		other := false
		for _, j := range e.links.to[i] {
			theirs, _ := e.source.quantifierOf(j)
			if theirs == mine {
				other = false
				break
			}
			other = other || theirs != 0
		}
		if other && (mine != 2 || !e.majority()) {
			return at
		}
	}
	return -1
}

// otherShare returns a "most" of the claim when the source has at most half of the same things, or -1: "most of the customers
// come by boat" for "four in ten of the customers".
func (e *evidence) otherShare() int {
	c, s := e.claim, e.source
	for i := range c.words {
		if c.words[i].cue&cueMost == 0 || adverbsOfMost.Has(c.toks[i].Fold) || c.partAround(i) {
			continue
		}
		less, more := false, false
		for k := i + 1; k < min(i+7, len(c.toks)) && c.words[k].clause == c.words[i].clause; k++ {
			if !c.words[k].content {
				continue
			}
			for _, j := range e.links.direct[k] {
				for d := max(0, j-6); d < j; d++ {
					more = more || s.words[d].cue&cueMost != 0 && s.words[d].clause == s.words[j].clause
				}
				for _, g := range s.figures() {
					if g.unit == "%" && g.last < j && g.last+6 >= j && s.words[g.last].clause == s.words[j].clause &&
						(s.toks[g.last+1].Fold == "of" || s.toks[g.last+1].Fold == "de") {
						less, more = less || g.Value <= 50 && g.bound&cueOver == 0, more || g.Value > 50
					}
				}
			}
		}
		if less && !more {
			return i
		}
	}
	return -1
}

// wholly and partly are words for something done in full and in part; they may follow "in" or "en".
var (
	wholly = lang.SetOf(`full fully wholly entirely completely totally entirety
		totalidad totalmente completamente enteramente integramente plenamente`)
	partly = lang.SetOf(`partly partially parcialmente`)
)

// partForFull returns a word of the claim for what is done in part when the source has it done in full, or -1.
func (e *evidence) partForFull() int {
	part := func(s *statement, i int) bool {
		f := s.toks[i].Fold
		return partly.Has(f) || i > 0 && (f == "part" && s.toks[i-1].Fold == "in" || f == "parte" && s.toks[i-1].Fold == "en")
	}
	c, s := e.claim, e.source
	full := false
	for j := range s.toks {
		if part(s, j) {
			return -1
		}
		full = full || wholly.Has(s.toks[j].Fold) && !s.negatedNear(j)
	}
	for i := range c.toks {
		if full && part(c, i) && (i+1 == len(c.toks) || c.toks[i+1].Fold != "of" && c.toks[i+1].Fold != "because") {
			return i
		}
	}
	return -1
}

// oneForBoth returns the "one" of the claim's "one of the countries" when the source speaks of both of them, or -1.
func (e *evidence) oneForBoth() int {
	c, s := e.claim, e.source
	for i := 0; i+2 < len(c.toks); i++ {
		f, next := c.toks[i].Fold, c.toks[i+1].Fold
		if f != "either" && (f != "one" && f != "uno" && f != "una" || next != "of" && next != "de") || s.oneOf() ||
			i > 0 && almost.Has(c.toks[i-1].Fold) { // "all but one of the schools"
			continue
		}
		for k := i + 1; k < min(i+5, len(c.toks)); k++ {
			for _, j := range e.links.to[k] {
				for d := max(0, j-5); d < j && c.words[k].content; d++ {
					if g := s.toks[d].Fold; (g == "both" || g == "ambos" || g == "ambas") && s.words[d].clause == s.words[j].clause {
						return i
					}
				}
			}
		}
	}
	return -1
}

// withoutExcept returns an "any" or "all" of the claim when the source excepts some of the same things and the claim does not, or
// -1: "more than any other state" for "more than any other state except California".
func (e *evidence) withoutExcept() int {
	c, s := e.claim, e.source
	whole := func(st *statement, i int) bool {
		return st.words[i].cue&(cueAll|cueNone) != 0 || universal.Has(st.toks[i].Fold)
	}
	for i := range c.words {
		if !whole(c, i) || c.almostAll(i) || i > 0 && almost.Has(c.toks[i-1].Fold) {
			continue
		}
		for j := range s.words {
			if !whole(s, j) || !s.almostAll(j) {
				continue
			}
			for k := i + 1; k < min(i+4, len(c.toks)); k++ {
				near := func(m int) bool { return m > j && m <= j+4 }
				if c.words[k].content && slices.ContainsFunc(e.links.direct[k], near) && !e.exceptionNamed(j) {
					return i
				}
			}
		}
	}
	return -1
}

// exceptionNamed reports whether the claim has a name that the source excepts after token j.
func (e *evidence) exceptionNamed(j int) bool {
	return slices.ContainsFunc(e.source.names, func(o mention) bool {
		return o.first > j && slices.ContainsFunc(e.claim.names, func(m mention) bool { return m.id == o.id })
	})
}

// frequencies are words for how often something is so, from never to always.
var frequencies = quantifierKinds(`never nunca jamas`, `rarely seldom infrequently rara raramente`, `sometimes occasionally ocasionalmente`,
	`usually normally generally typically often frequently ordinarily habitualmente normalmente generalmente tipicamente menudo
	frecuentemente suele suelen solia solian`, `always invariably siempre invariablemente`)

// otherFrequency returns a word of the claim for how often something is so when the source has words for that too, but
// none of as often, or -1: "never" for "usually not", "rarely" for "often".
func (e *evidence) otherFrequency() int {
	at, mine := -1, 0
	for i, t := range e.claim.toks {
		n := frequencies[t.Fold]
		if n == 5 && i > 0 && almost.Has(e.claim.toks[i-1].Fold) {
			n = 4
		}
		switch {
		case n == 0 || n == mine:
		case mine != 0:
			return -1 // it says more than one
		default:
			at, mine = i, n
		}
	}
	other := false
	for _, t := range e.source.toks {
		if at < 0 {
			break
		}
		switch n := frequencies[t.Fold]; {
		case n == mine, mine == 2 && n == 4 && e.source.cued(cueNot), mine == 4 && n == 2 && e.claim.cued(cueNot):
			return -1
		case n != 0:
			other = true
		}
	}
	if !other {
		return -1
	}
	return at
}

// ordinals are the ordinals from the second to the tenth in words.
var ordinals = map[string]int{
	"second": 2, "segundo": 2, "segunda": 2, "third": 3, "tercer": 3, "tercero": 3, "tercera": 3, "fourth": 4, "cuarto": 4, "cuarta": 4,
	"fifth": 5, "quinto": 5, "quinta": 5, "sixth": 6, "sexto": 6, "sexta": 6, "seventh": 7, "septimo": 7, "septima": 7,
	"eighth": 8, "octavo": 8, "octava": 8, "ninth": 9, "noveno": 9, "novena": 9, "tenth": 10, "decimo": 10, "decima": 10,
}

// limiting are words that say "only" in other ways: "restricted to members", "the sole owner".
var limiting = lang.SetOf(`second except excepto salvo sole exclusive exclusiva exclusivo limited restricted confined ration rationed capped limit limits restrict reserved still
	limitado limitada limitados limitadas restringido reservado todavia aun`)

// turned reports whether a double of the claim is a half there, or the reverse, though the same year is compared with
// the same: "in 2021 double the number of 2022" for "in 2021 half as many as in 2022".
func (e *evidence) turned(i int) bool {
	year := func(s *statement, k int) int {
		if d, ok := s.dateBefore(k); ok {
			return d.Year
		}
		return 0
	}
	w := e.claim.words[i].cue & (cueDouble | cueHalf)
	if e.source.cued(w) || w == cueDouble|cueHalf || year(e.claim, i) == 0 {
		return false
	}
	for j := range e.source.words {
		if e.source.words[j].cue&(cueDouble|cueHalf) != 0 && year(e.source, j) == year(e.claim, i) {
			return true
		}
	}
	return false
}

// counted reports whether an ordinal is that of the last of as many as the claim and the source count: "three
// bridges, the third at the mouth".
func (e *evidence) counted(i, n int) bool {
	is := func(f figure) bool { return f.unit == "" && f.Value == float64(n) }
	return slices.ContainsFunc(e.claim.figures(), func(f figure) bool { return is(f) && f.last < i }) &&
		slices.ContainsFunc(e.source.figures(), is)
}

// everyNth reports whether an ordinal tells how often something is, and the source says as much: "every third day" for "cada
// tres días".
func (e *evidence) everyNth(i, n int) bool {
	c := e.claim
	if i == 0 || i+1 == len(c.toks) || c.toks[i-1].Fold != "every" {
		return false
	}
	unit := moreUnits[c.toks[i+1].Fold]
	return slices.ContainsFunc(e.source.figures(), func(f figure) bool { return f.Value == float64(n) && f.unit == unit })
}

// twoEqual reports whether a figure stands twice in the text: two halves.
func (s *statement) twoEqual() bool {
	list := s.figures()
	for i := range list {
		for j := i + 1; j < len(list); j++ {
			if list[i].Value == list[j].Value && list[i].Value > 1 {
				return true
			}
		}
	}
	return false
}

// implied reports whether the source bears out a quantity without a word for it: "most of them" and "double" by its
// numbers, "only" by what is limited, "the third" by three, "the first in seventy years" by what has not been for as long.
func (e *evidence) implied(i int, c cue) bool {
	switch c {
	case cueMost:
		c := e.claim
		return adverbsOfMost.Has(e.claim.toks[i].Fold) && e.stressed() || e.majority() || i+2 < len(c.toks) && (c.toks[i+1].Fold == "of" || c.toks[i+1].Fold == "de") && ofWhich.Has(c.toks[i+2].Fold) &&
			e.times(1, 2)
	case cueDouble:
		if e.sameTimes(i) {
			return true
		}
		switch b := e.claim.boundAt(i, i); {
		case b&cueOver != 0:
			return e.times(2, 3)
		case b&cueUnder != 0:
			return e.times(1.7, 2)
		case b&cueAbout != 0:
			return e.times(1.8, 2.2)
		}
		return e.times(1.95, 2.05)
	case cueOnly:
		if e.smallShare(i) || e.condition(i) || e.onlyPart(i) || e.source.excepts() || e.lastLeft(i) || e.onlySo(i) {
			return true
		}
		return !e.source.cued(cueSome) && slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return limiting.Has(t.Fold) })
	case cueNone:
		return e.source.hasWord("hardly", "scarcely", "barely", "apenas")
	case cueTriple:
		n := multiple(e.claim.toks[i].Fold)
		if n < 3 {
			n = 3
		}
		return e.sameTimes(i) || e.multiplies(n, e.claim.boundAt(i, i))
	case cueLow:
		return lowest.Has(e.claim.toks[i].Fold) && e.source.bounded(cueOver) // "the minimum wage" for "at least 19 dollars"
	case cueTop:
		if utmost.Has(e.claim.toks[i].Fold) && e.source.bounded(cueUnder) {
			return true
		}
		return e.source.beaten() || strings.Contains(e.source.text, "to a head") || // "tensions came to a head" is their highest point
			e.source.hasWord("main", "leading", "top", "principal", "foremost", "chief", "climax")
	case cueLast:
		return e.source.hasWord("recent", "recently", "past", "reciente", "recientes", "pasado", "pasada", "final")
	case cueFirst:
		if f := e.claim.toks[i].Fold; strings.HasPrefix(f, "primer") && e.source.hasWord("top", "leading", "main", "largest", "biggest") {
			return true // "primer socio comercial"
		}
		if e.opensSeries(i) || e.begun(i) || e.neverBefore(i) {
			return true
		}
		for _, f := range e.claim.figures() {
			if !e.claim.cued(cueNot) && f.first > i && f.unit == "year" && e.source.cued(cueNot|cueNone) &&
				slices.ContainsFunc(e.source.figures(), f.same) {
				return true
			}
		}
	}
	return false
}

// adverbsOfMost say where the weight of something lies, and not of how many it is so.
var adverbsOfMost = lang.SetOf(`chiefly mainly mostly largely primarily predominantly principalmente mayormente`)

// stressed reports whether the text lays the weight on something: "above all", "especially", "sobre todo".
func (e *evidence) stressed() bool {
	s := e.source
	if s.hasWord("especially", "particularly", "notably", "principally", "foremost", "especialmente", "particularmente", "fundamentalmente",
		"main", "chief", "principal", "principales") {
		return true
	}
	for i := 0; i+1 < len(s.toks); i++ {
		switch s.toks[i].Fold + " " + s.toks[i+1].Fold {
		case "above all", "in particular", "sobre todo", "ante todo", "en especial", "en particular":
			return true
		}
	}
	return false
}

// sameTimes reports whether the word at token i of the claim tells how often something happened, and the source says as
// much or counts as far: "twice" on two occasions, "three times" at the third.
func (e *evidence) sameTimes(i int) bool {
	n := e.claim.timesAt(i) + e.claim.timesAt(min(i+1, len(e.claim.toks)-1))
	return n > 0 && (e.source.timesThere(n) || slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return float64(ordinals[t.Fold]) == n }))
}

// timesThere reports whether the text says that something was so a number of times.
func (s *statement) timesThere(n float64) bool {
	for j := range s.toks {
		if s.timesAt(j) == n {
			return true
		}
	}
	return false
}

// bounded reports whether a number of the text has a bound.
func (s *statement) bounded(c cue) bool {
	return slices.ContainsFunc(s.figures(), func(g figure) bool { return g.bound&c != 0 && g.bound&cueAbout == 0 })
}

// condition reports whether the "only" at token i of the claim stands before a condition that the source makes too: "can
// open only with more staff" for "more staff is needed before it can open".
func (e *evidence) condition(i int) bool {
	if i+1 >= len(e.claim.toks) || !means.Has(e.claim.toks[i+1].Fold) {
		return false
	}
	return e.source.hasWord("needed", "need", "needs", "required", "requires", "require", "requiring", "unless", "until", "must", "condition",
		"conditional", "depends", "necessary", "necesita", "necesitan", "necesario", "necesaria", "requiere", "requieren", "requisito", "condicion",
		"depende", "debe", "deben", "hasta", "salvo", "mientras")
}

// neverBefore reports whether the "first" at token i of the claim is the first time of something, and the source says that it
// has never been: "for the first time" for "had never before".
func (e *evidence) neverBefore(i int) bool {
	if next := e.claim.toks[min(i+1, len(e.claim.toks)-1)].Fold; next != "time" && next != "vez" && next != "ever" {
		return false
	}
	return e.source.hasWord("never", "nunca", "jamas", "unprecedented")
}

// lastLeft reports whether the "only" at token i of the claim is what is left, and the source calls it the last: "the only
// remaining clinic" for "the last clinic".
func (e *evidence) lastLeft(i int) bool {
	c := e.claim
	return i+1 < len(c.toks) && e.source.cued(cueLast) && beginsWith(c.toks[i+1].Fold, "remain", "surviv", "left", "restant", "que")
}

// onlySo reports whether the "only" at token i of the claim judges a number that the source sets against a much greater one in its
// sentence: "only nine voted no" for "212 to 9".
func (e *evidence) onlySo(i int) bool {
	s := e.source
	return slices.ContainsFunc(e.claim.figures(), func(f figure) bool {
		return f.first == i+1 && f.Value > 1 && !f.Year && slices.ContainsFunc(s.figures(), func(g figure) bool {
			return f.same(g) && g.bound&cueOver == 0 && slices.ContainsFunc(s.figures(), func(h figure) bool {
				return h.comparable(g) && !h.Year && h.Value > 2*g.Value && s.words[h.first].sentence == s.words[g.first].sentence
			})
		})
	})
}

// onlyPart reports whether the "only" at token i of the claim stands before some of a whole, and the source tells of the rest
// of it: "only one of the two" for "one of the two … the other", "only half" for "half … the other half".
func (e *evidence) onlyPart(i int) bool {
	c, s := e.claim, e.source
	for k := i + 1; k < min(i+3, len(c.toks)); k++ {
		switch f := c.toks[k].Fold; {
		case f == "one" || f == "uno" || f == "una":
			return s.oneOf() && s.hasWord("other", "others", "otro", "otra", "otros", "otras", "rest", "resto")
		case c.words[k].cue&(cueHalf|cueThird|cueFourth) != 0, c.toks[k].Digit:
			return s.hasWord("rest", "remainder", "remaining", "resto", "restante", "restantes") || s.hasWord("other", "otra") && s.cued(cueHalf)
		}
	}
	return false
}

// beaten reports whether the text says that what was the highest has been passed: "surpassing the previous high".
func (s *statement) beaten() bool {
	for i := 0; i+1 < len(s.toks); i++ {
		a, b := s.toks[i].Fold, s.toks[i+1].Fold
		if peaks.Has(b) && former.Has(a) || peaks.Has(a) && former.Has(b) {
			return true
		}
	}
	return false
}

// Words for what was the highest, and for what was before.
var (
	peaks  = lang.SetOf(`high peak record best mark maximum maximo marca tope`)
	former = lang.SetOf(`previous earlier prior old former last anterior previo previa`)
)

// means stand before what something is done with or on what condition.
var means = lang.SetOf(`with by through once upon on via provided con mediante bajo una`)

// opensSeries reports whether the "first" at token i of the claim tells apart the earlier of several that the source has:
// "a first memo" for "a memo … and a second memo"; or an "initial" is what changes there: "an initial tariff of 5 percent"
// for one "rising to 10 percent".
func (e *evidence) opensSeries(i int) bool {
	c, s := e.claim, e.source
	if strings.HasPrefix(c.toks[i].Fold, "ini") || strings.HasPrefix(c.toks[i].Fold, "orig") {
		return s.grows() || s.hasWord("now", "ahora", "ya", "principio", "first", "beginning", "then", "later", "subsequently", "eventually", "luego", "despues", "posteriormente")
	}
	for k := i + 1; k < min(i+4, len(c.toks)); k++ {
		before := false // one without an ordinal has been named
		for _, j := range e.links.to[k] {
			if ranked := slices.ContainsFunc(s.toks[max(0, j-2):j], func(t lang.Token) bool { return ordinals[t.Fold] > 0 }); ranked && before {
				return true
			} else if !ranked {
				before = true
			}
		}
	}
	return false
}

// begun reports whether the "first" at token i of the claim says of a verb that it began, and something begins in the
// source: "was first tried in May" for "started in May as a trial".
func (e *evidence) begun(i int) bool {
	c := e.claim
	if c.toks[i].Fold != "first" || i == 0 || i+1 >= len(c.toks) || c.words[i-1].cue&cuePassive == 0 && !endsIn(c.toks[i+1].Fold, "ed") {
		return false
	}
	return slices.ContainsFunc(e.source.toks, func(t lang.Token) bool {
		return beginsWith(t.Fold, "start", "beg", "launch", "introduc", "inaugur", "debut", "pilot", "found", "establish", "creat", "empez", "empiez",
			"comenz", "comienz", "inici", "estren", "arranc", "arranqu", "fund", "lanz", "puso", "principio", "origin")
	})
}

// smallShare reports whether the number that "only" stands before at token i of the claim is set against a greater one
// that the claim and the source have too, of which it falls short: "only 80 of the 450 miles", "only 49 of the 60 votes needed".
func (e *evidence) smallShare(i int) bool {
	list := e.claim.figures()
	for _, f := range list {
		if f.first <= i || f.first > i+2 || f.Year {
			continue
		}
		for _, g := range list {
			if g.first != f.first && !g.Year && g.Value > f.Value && g.Value < 100*f.Value && spans[g.unit].n == 0 &&
				(g.comparable(f) || f.unit == "") &&
				e.claim.words[g.first].sentence == e.claim.words[f.first].sentence && slices.ContainsFunc(e.source.figures(), g.same) {
				return true
			}
		}
	}
	return false
}

// almost stand before "all" where hardly any are left out.
var almost = lang.SetOf(`nearly almost virtually practically casi practicamente except but save salvo excepto hardly few`)

// majority reports whether the source gives more than half of something in numbers: 62 percent, "more than half", "1.8
// billion of 3.2".
func (e *evidence) majority() bool {
	s := e.source
	if e.overPercent(50) {
		return true
	}
	if e.shareOver(0.5) {
		return true
	}
	for j := range s.words {
		if s.words[j].cue&cueHalf != 0 && s.boundAt(j, j)&cueOver != 0 {
			return true
		}
	}
	for j := 1; j < len(s.toks); j++ {
		if f := s.toks[j].Fold; (f == "which" || f == "whom") && s.toks[j-1].Fold == "of" && e.times(1, 2) {
			return true
		}
	}
	return false
}

// shareOver reports whether the source counts more than a share of a whole, but not all: "seven of the nine".
func (e *evidence) shareOver(least float64) bool {
	for _, a := range e.source.figures() {
		for _, b := range e.source.figures() {
			if !a.Year && !b.Year && a.Value < b.Value && a.Value > least*b.Value && a.comparable(b) && e.source.ofThe(a, b) {
				return true
			}
		}
	}
	return false
}

// overPercent reports whether the source has a part of more than so many percent, but not all.
func (e *evidence) overPercent(least float64) bool {
	return slices.ContainsFunc(e.source.figures(), func(g figure) bool { return g.unit == "%" && g.Value > least && g.Value < 100 })
}

// times reports whether two numbers of the source are between low and high times one another.
func (e *evidence) times(low, high float64) bool {
	list := e.source.figures()
	for _, a := range list {
		for _, b := range list {
			if a.comparable(b) && !a.Year && !b.Year && (a.Value >= 10 || a.unit == "%") && b.Value > low*a.Value && b.Value < high*a.Value {
				return true
			}
		}
	}
	return false
}

// hasQuantity reports whether a word of the text has one of the cues, as has does; but "some 6,000" are not some.
func (s *statement) hasQuantity(c cue) bool {
	for i := range s.words {
		if s.words[i].cue&c != 0 && !(s.words[i].cue&c&(cueSome|cueAbout) != 0 && i+1 < len(s.toks) && (s.toks[i+1].Digit ||
			lang.IsNumber(s.toks[i+1].Fold))) {
			return true
		}
	}
	return false
}

// hasOnly reports whether something is said to be alone of its kind; "not only" says it is not.
func (s *statement) hasOnly() bool {
	for i := range s.words {
		if s.words[i].cue&(cueOnly|cueFew) != 0 && (i == 0 || s.words[i-1].cue&cueNot == 0) {
			return true
		}
	}
	return false
}

// hasBeside reports whether one of the cues stands in the source beside what is linked with the words
// around token i, or the source has nothing linked there.
func (e *evidence) hasBeside(i int, c cue) bool {
	for j := range e.source.words {
		if (e.source.words[j].cue&c != 0 && !e.source.partAround(j) && !(c&cueAll != 0 && e.source.almostAll(j) && !e.claim.almostAll(i)) || c&cueAll != 0 && universal.Has(e.source.toks[j].Fold)) &&
			!e.source.words[j].inside && (!e.source.notAll(j) || e.claim.negatedNear(i)) &&
			!(c&cueAll != 0 && e.source.nearlyAll(j) && !e.claim.nearlyAll(i)) && (e.together(i, j) || has(e.links.direct[i], j)) &&
			e.source.toks[min(j+1, len(e.source.toks)-1)].Fold != "year" {
			return true
		}
	}
	return c&cueAll != 0 && (e.source.allOfThem() && !e.claim.words[min(i+1, len(e.claim.words)-1)].content || e.claim.allWho(i) &&
		slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return universal.Has(t.Fold) }))
}

// allWho reports whether the word for all at token i is of those who do something: "everyone who", "todo el que".
func (s *statement) allWho(i int) bool {
	return slices.ContainsFunc(s.toks[i+1:min(i+4, len(s.toks))], func(t lang.Token) bool {
		return t.Fold == "who" || t.Fold == "que" || t.Fold == "quien" || t.Fold == "quienes"
	})
}

// almostAll reports whether the word for all at token i leaves some out: "all but two", "every captain except one".
func (s *statement) almostAll(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+8 && s.words[k].sentence == s.words[i].sentence; k++ {
		switch s.toks[k].Fold {
		case "except", "salvo", "excepto":
			return true
		case "but", "save":
			if n := min(k+1, len(s.toks)-1); k == i+1 || s.smallNumber(n) > 0 || s.toks[n].Upper && !s.comma(k) {
				return true
			}
		}
	}
	return false
}

// negatedNear reports whether a word of denial stands in the clause of token i.
func (s *statement) negatedNear(i int) bool {
	return slices.ContainsFunc(s.words, func(w word) bool { return w.clause == s.words[i].clause && w.cue&(cueNot|cueNone) != 0 })
}

// excepts reports whether the text says something of all but some: "all but two", "any state except California".
func (s *statement) excepts() bool {
	for i := range s.words {
		if (s.words[i].cue&(cueAll|cueNone) != 0 || universal.Has(s.toks[i].Fold)) && s.almostAll(i) {
			return true
		}
	}
	return false
}

// nearlyAll reports whether the word for all at token i is not quite all: "almost everything".
func (s *statement) nearlyAll(i int) bool { return i > 0 && almost.Has(s.toks[i-1].Fold) }

// notAll reports whether the word for all at token i is denied: "many, not all".
func (s *statement) notAll(i int) bool {
	return i > 0 && s.words[i-1].cue&cueNot != 0 && s.words[i].cue&cueAll != 0
}

// allOfThem reports whether the text says something of all that it has named before: "all of them", "every one of them",
// "todos ellos".
func (s *statement) allOfThem() bool {
	for i := range s.words {
		if s.words[i].cue&cueAll == 0 {
			continue
		}
		for k := i + 1; k < min(i+4, len(s.toks)); k++ {
			switch s.toks[k].Fold {
			case "them", "whom", "which", "ellos", "ellas":
				return true
			case "of", "one", "de":
				continue
			}
			break
		}
	}
	return false
}

// universal stand for all of a kind without a word for all: "whoever applies".
var universal = lang.SetOf(`whoever whomever anyone anybody anything whatever whichever wherever any cualquier cualquiera quienquiera`)

// partAround reports whether token i belongs to a part of a whole: the "every" of "three in every ten".
func (s *statement) partAround(i int) bool {
	return slices.ContainsFunc(s.figures(), func(f figure) bool { return f.part && f.first <= i && i <= f.last })
}

// shareThere reports whether the half at token i of the claim stands in the source as a percentage or as the ratio
// of two numbers: "just under half" for 48 percent.
func (e *evidence) shareThere(i int) bool {
	f := figure{Number: lang.Number{Value: 50}, first: i, last: i, unit: "%", part: true, bound: e.claim.boundAt(i, i)}
	for _, g := range e.source.figures() {
		if g.unit == "%" && f.value(g, f.bound != 0) && fits(f, g) {
			return true
		}
	}
	return e.ratio(f)
}

// boundsAgree reports whether a half, third, quarter or double is bounded in the same direction as there: "more than
// half" is not "less than half".
func (e *evidence) boundsAgree(i int) bool {
	bound := func(s *statement, k int) cue {
		for d := k - 1; d >= 0 && d >= k-3; d-- {
			if c := s.words[d].cue & (cueOver | cueUnder); c != 0 && !s.words[d].inside && s.words[d].cue&cueAbout == 0 {
				return c
			}
			if !s.words[d].inside && !between.Has(s.toks[d].Fold) {
				break
			}
		}
		return 0
	}
	b := bound(e.claim, i)
	if b == 0 || b == cueOver && e.claim.words[i].cue&cueHalf != 0 && e.source.cued(cueMost) {
		return true
	}
	for j := range e.source.words {
		if e.source.words[j].cue&e.claim.words[i].cue&quantities != 0 && bound(e.source, j) == b {
			return true
		}
	}
	return false
}

// near reports whether a quantity, or a word of a set, stands in the source before a word that follows token i of the claim.
func (e *evidence) near(i int, c cue, set *lang.Set) bool {
	for k := i + 1; k < len(e.claim.words) && k <= i+4; k++ {
		for _, j := range e.links.to[k] {
			for d := max(0, j-3); d < j; d++ {
				if e.source.words[d].cue&c != 0 || set != nil && set.Has(e.source.toks[d].Fold) {
					return true
				}
			}
		}
	}
	return false
}

// allowedQuantity reports whether the quantity at token i says nothing that has to be borne out: "every day", "the
// first ten months".
func (e *evidence) allowedQuantity(i int) bool {
	c := e.claim
	next := ""
	nextDigit := false
	if i+1 < len(c.toks) {
		next, nextDigit = c.toks[i+1].Fold, c.toks[i+1].Digit
	}
	w := c.words[i].cue
	switch {
	case w&(cueTop|cueLow) != 0 && (strings.HasPrefix(c.toks[i].Fold, "mayor") || strings.HasPrefix(c.toks[i].Fold, "menor")) &&
		(c.lang != lang.Spanish || i == 0 || !determinate.Has(c.toks[i-1].Fold)):
		return true // "mayor cooperación" compares; the mayor of a town
	case w&cueTop != 0 && (strings.HasPrefix(c.toks[i].Fold, "headed") || strings.HasPrefix(c.toks[i].Fold, "encabez") ||
		c.toks[i].Fold == "led" && next == "by"):
		return true // "a delegation headed by", "headed north"
	case w&cueFew != 0 && (c.toks[i].Fold == "small" || strings.HasPrefix(c.toks[i].Fold, "peque")) && !amounts.Has(next):
		return true // "small firms"
	case w&cueAll != 0 && (lang.IsNumber(next) || nextDigit && len(next) < 4) && e.wholeCount(i+1):
		return true // "all four bridges" of the four
	case w&cueHalf != 0 && (c.andHalf(i-2) == 3 || c.andHalf(i-1) == 2):
		return true // "a year and a half" is a number
	case w&cueLast != 0 && c.toks[i].Fold == "last" && lastingFor.Has(next) && (i == 0 || !determinate.Has(c.toks[i-1].Fold)):
		return true // "waits last almost an hour"
	case w&cueHalf != 0 && i > 0 && (ordinals[c.toks[i-1].Fold] > 0 || c.words[i-1].cue&(cueFirst|cueLast) != 0) &&
		e.source.hasWord("semestre", "half", "mitad"):
		return true // "the second half", whose ordinal is looked at
	case w&cueFourth != 0 && i > 0 && (ordinals[c.toks[i-1].Fold] > 0 || c.words[i-1].cue&(cueFirst|cueLast) != 0):
		return true // "the second quarter" is a time, and its ordinal looked at
	case w&(cueFirst|cueOrder) != 0 && e.quarterThere(i, next):
		return true
	case w&(cueFirst|cueLast|cueOrder) != 0 && e.otherEnd(i):
		return false // "the last ten months" for the first ten
	case w&cueOnly != 0 && slices.ContainsFunc(c.toks[max(0, i-6):i], func(t lang.Token) bool { return t.Fold == "whether" }):
		return true // "whether it is merely symbolic or more"
	case w&cueHalf != 0 && strings.HasPrefix(c.toks[i].Fold, "medi") && !e.halfOf(i):
		return true // "el medio ambiente", "social media"
	case c.toks[i].Fold == "led" && slices.ContainsFunc(c.toks[i+1:min(i+8, len(c.toks))], func(t lang.Token) bool { return t.Fold == "to" }):
		return true // "deaths led the railway to stop"
	case w&cueTop != 0 && i > 0 && ordinals[c.toks[i-1].Fold] > 0:
		return true // "the third-largest" is not the largest
	case w&cueSome != 0 && i > 0 && (c.toks[i-1].Fold == "cualquier" || c.toks[i-1].Fold == "por"):
		return true // "en cualquier parte", "por parte de"
	case (c.toks[i].Fold == "both" || strings.HasPrefix(c.toks[i].Fold, "amb") || c.eachOf(i)) && e.source.oneOf():
		return false
	case w&cueAll != 0 && i > 0 && (c.toks[i-1].Fold == "at" && c.ends(i) ||
		c.toks[i-1].Fold == "in" && (i+1 == len(c.toks) || c.gap(i+1) != " ")):
		return true // "at all", "40 in all"
	case w&cueLast != 0 && c.toks[i].Fold == "latest" && i > 1 && c.toks[i-2].Fold == "at":
		return true // "by May at the latest"
	case w&cueAll != 0 && next == "else":
		return true // "everyone else"
	case w&cueSome != 0 && i > 0 && beginsWith(c.toks[i].Fold, "part") && greater.Has(c.toks[i-1].Fold):
		return e.source.cued(cueMost) || e.majority() // "the larger part"
	case w&cueOnly != 0 && c.toks[i].Fold == "alone" && i > 0 && (c.verbal(i-1) || endsIn(c.toks[i-1].Fold, "ing")):
		return true // "men travelling alone" have nobody with them
	case w&cueFirst != 0 && c.toks[i].Fold == "first" && i > 0 && c.toks[i-1].Fold == "at" && c.ends(i):
		return true // "2,000 at first"
	case w&cueAll != 0 && frequencies[c.toks[i].Fold] == 5 && i > 0 && almost.Has(c.toks[i-1].Fold):
		return slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return frequencies[t.Fold] >= 4 }) // "casi siempre"
	case w&cueAll != 0 && (next == "the" || next == "el" || next == "la") && i+2 < len(c.toks) && moreUnits[c.toks[i+2].Fold] != "":
		return !e.someOf(moreUnits[c.toks[i+2].Fold]) // "todo el año"
	case w&cueAll != 0 && moreUnits[next] != "" && e.someOf(moreUnits[next]):
		return false // "every year" for "most years"
	case w&cueAll != 0 && (moreUnits[next] != "" || c.toks[i].Fold == "both" || c.toks[i].Fold == "each" || c.toks[i].Fold == "cada" ||
		strings.HasPrefix(c.toks[i].Fold, "amb")):
		return true // "every day"; "both" of two
	case w&(cueFirst|cueLast) != 0 && (next == "weekend" || next == "fin"):
		return true
	case w&cueAll != 0 && (next == "of" || next == "de" || next == "el" || nextDigit) &&
		slices.ContainsFunc(c.toks[i+1:min(i+4, len(c.toks))], func(t lang.Token) bool { return t.Digit && len(t.Fold) == 4 }):
		return true // "the whole of 2022"
	case w&cueOnly != 0 && i > 0 && c.words[i-1].cue&cueNot != 0 &&
		e.source.hasWord("also", "too", "well", "both", "besides", "tambien", "ademas", "addition"):
		return true // "not only"
	case w&cueFirst != 0 && strings.HasPrefix(c.toks[i].Fold, "primer") && i > 0 &&
		(c.toks[i-1].Fold == "del" || c.toks[i-1].Fold == "al" || c.toks[i-1].Fold == "el") &&
		(i+1 == len(c.toks) || lang.Stop(next, lang.Spanish)):
		return true // "la visita del primero", the former
	case w&cueFew != 0 && moreUnits[next] != "":
		return true // "a few weeks"
	case w&(cueFirst|cueLast) != 0 && (nextDigit || lang.IsNumber(next) || moreUnits[next] != "" || next == "half"):
		return true // "the first ten months"
	case w&cueOnly != 0 && slices.ContainsFunc(c.toks[i+1:min(i+5, len(c.toks))], func(t lang.Token) bool { return conditions.Has(t.Fold) }):
		return true // "could only be lifted after …"
	case w&cueOnly != 0 && (next == "after" || next == "before" || next == "over" || next == "under" ||
		next == "if" || next == "when" || next == "si" || next == "tras"):
		return true
	case w&cueOrder != 0 && (c.toks[i].Fold == "second" || c.toks[i].Fold == "segundo" || c.toks[i].Fold == "segunda") &&
		(next == "half" || next == "mitad"):
		return true
	case w&cueOrder != 0 && fractions[c.toks[i].Fold] > 0 && (next == "of" || next == "de" || next == "parte"): // "a tenth of": 10 percent
		return slices.ContainsFunc(e.source.figures(), func(g figure) bool {
			return g.unit == "%" && math.Abs(g.Value-fractions[c.toks[i].Fold]) < 0.5
		})
	case w&cueNone != 0 && slices.ContainsFunc(c.figures(), func(f figure) bool {
		return f.first > i && f.first <= i+6 && f.bound&cueUnder != 0 && c.words[f.first].clause == c.words[i].clause
	}):
		return true // "none has more than 27" is a bound
	case w&cueSome != 0 && (nextDigit || lang.IsNumber(next)):
		return true // "some 6,000"
	case w&cueMost != 0 && c.toks[i].Fold == "most" && (e.source.cued(cueTop) || e.superlative(i+1)):
		return true
	}
	return false
}

// superlative reports whether the adjective at token i of the claim is linked with one that is the highest of its kind in
// the source: "most famous" for "best-known".
func (e *evidence) superlative(i int) bool {
	if i >= len(e.links.to) {
		return false
	}
	return slices.ContainsFunc(e.links.to[i], func(j int) bool {
		prev := e.source.toks[max(j-1, 0)].Fold
		if endsIn(e.source.toks[j].Fold, "iest") || len(prev) > 5 && endsIn(prev, "est") { // "the strongest opposition"
			return true
		}
		switch prev {
		case "best", "most", "mas", "mejor":
			return true
		}
		return false
	})
}

// quarterThere reports whether the source has the first and the last month of the part of a year whose ordinal stands at
// token i: "the first quarter" for "between January and March".
func (e *evidence) quarterThere(i int, next string) bool {
	months := map[string]int{"quarter": 3, "trimestre": 3, "half": 6, "semestre": 6, "mitad": 6}[next]
	n := ordinals[e.claim.toks[i].Fold]
	if e.claim.words[i].cue&cueFirst != 0 {
		n = 1
	}
	if months == 0 || n == 0 {
		return false
	}
	first, last := false, false
	for _, t := range e.source.toks {
		m := lang.Month(t.Fold)
		first, last = first || m == months*(n-1)+1, last || m == months*n
	}
	return first && last
}

// someOf reports whether the source speaks of some or most of a unit of time.
func (e *evidence) someOf(unit string) bool {
	for j := range e.source.words {
		if e.source.words[j].cue&(cueMost|cueSome|cueFew) != 0 && j+1 < len(e.source.toks) && moreUnits[e.source.toks[j+1].Fold] == unit {
			return true
		}
	}
	return false
}

// halfOf reports whether the "medio" or "media" at token i is a half: "dos años y medio", "media docena".
func (e *evidence) halfOf(i int) bool {
	c := e.claim
	return i > 1 && c.toks[i-1].Fold == "y" && (moreUnits[c.toks[i-2].Fold] != "" || lang.IsNumber(c.toks[i-2].Fold) || c.toks[i-2].Digit) ||
		i+1 < len(c.toks) && (moreUnits[c.toks[i+1].Fold] != "" || lone[c.toks[i+1].Fold] > 0)
}

// amounts follow "small" where it tells how many.
var amounts = lang.SetOf(`number group share part minority fraction proportion percentage amount numero grupo minoria proporcion porcentaje
	parte partes`)

// lastingFor follow "last" where it is a verb.
var lastingFor = lang.SetOf(`almost about around up for until at more less nearly roughly only just longer long well through between over`)

// pronounsOf follow "one of" where that tells more of one, and not that there is no more than one.
var pronounsOf = lang.SetOf(`them whom which these those ellos ellas quienes los`)

// wholeCount reports whether the number at token i of the claim stands in the source, and there are not some of as many:
// "three of the six".
func (e *evidence) wholeCount(i int) bool {
	n := e.claim.smallNumber(i)
	found := false
	for _, g := range e.source.figures() {
		if g.Value != n || g.unit != "" {
			continue
		}
		if slices.ContainsFunc(e.source.figures(), func(a figure) bool { return e.source.ofThe(a, g) }) || g.first > 1 &&
			e.source.toks[g.first-2].Fold == "of" {
			return false
		}
		found = true
	}
	return found
}

// otherEnd reports whether the claim takes the other half or end of a time than the source does: "the second half of
// 2022", "the last ten months".
func (e *evidence) otherEnd(i int) bool {
	c := e.claim
	if i+1 >= len(c.toks) {
		return false
	}
	kind := func(f string) int {
		switch f {
		case "first", "primer", "primera", "primeros", "primeras":
			return 1
		case "second", "latter", "last", "segundo", "segunda", "ultimo", "ultima", "ultimos", "ultimas":
			return 2
		}
		return 0
	}
	mine := kind(c.toks[i].Fold)
	next := c.toks[i+1]
	if mine == 0 || !(next.Digit || next.Fold == "half" || next.Fold == "mitad" || next.Fold == "semestre" || lang.IsNumber(next.Fold) ||
		spans[moreUnits[next.Fold]].n > 0) {
		return false
	}
	same, other := false, false
	for j := 0; j+1 < len(e.source.toks); j++ {
		u := e.source.toks[j+1]
		if k := kind(e.source.toks[j].Fold); k > 0 && (u.Fold == next.Fold || u.Digit || lang.IsNumber(u.Fold) || u.Fold == "half" || u.Fold == "mitad" || u.Fold == "semestre" ||
			spans[moreUnits[u.Fold]].n > 0) {
			same, other = same || k == mine, other || k != mine
		}
	}
	return other && !same
}

// greater stand before "part" where it is most of something.
var greater = lang.SetOf(`larger greater bigger better largest greatest biggest mayor buena`)

// eachOf reports whether "each of", "every one of" or "cada uno de" begins at token i.
func (s *statement) eachOf(i int) bool {
	if f := s.toks[i].Fold; f != "each" && f != "every" && f != "cada" {
		return false
	}
	return slices.ContainsFunc(s.toks[i+1:min(i+3, len(s.toks))], func(t lang.Token) bool { return t.Fold == "of" || t.Fold == "de" })
}

// oneOf reports whether the text speaks of one of two or several.
func (s *statement) oneOf() bool {
	for i := 0; i+1 < len(s.toks); i++ {
		switch s.toks[i].Fold {
		case "one", "uno", "una":
			if f := s.toks[i+1].Fold; (f == "of" || f == "de") && (i+2 == len(s.toks) || !pronounsOf.Has(s.toks[i+2].Fold)) {
				return true
			}
		}
	}
	return false
}

// conditions after "only" say when, not what alone.
var conditions = lang.SetOf(`after before if when once unless si cuando tras despues antes`)
