package answer

import (
	"slices"
	"strings"

	"policybot/lang"
)

// ---- polarity

// checkPolarity compares what claim and source deny, and looks for antonyms.
func (e *evidence) checkPolarity(v *Verdict) {
	c, s := e.claim, e.source
	denies := s.has(cueNot | cueDeny | cueNone)
	// What the claim denies must be denied there, or be the antonym of what stands there.
	for i := range c.words {
		w := &c.words[i]
		if w.cue&(cueNot|cueDeny) == 0 || w.cue&cueNot != 0 && i+1 < len(c.words) && (c.words[i+1].cue&cueOnly != 0 || c.toks[i+1].Fold == "just") {
			continue
		}
		if w.cue&cueNot == 0 && lacks[c.toks[i].Fold] || c.toks[i].Fold == "jamas" && c.has(cueTop|cueOver) {
			continue
		}
		if !denies && !e.opposed(i) {
			if w.cue&cueNot == 0 && len(e.links.to[i]) > 0 {
				continue // the same word there
			}
			v.fail("polarity", e.claim.show(i, i)+", which the source does not say")
			return
		}
		if w.cue&cueNot == 0 {
			continue
		}
		if bad := e.wronglyDenied(i); bad >= 0 {
			v.fail("polarity", "the source does not deny "+c.show(bad, bad))
			return
		}
	}
	// What the source denies must not be affirmed.
	for i := range c.words {
		w := &c.words[i]
		if !w.content || w.not > 0 || w.deny > 0 || w.under != 0 || w.cue&(cueNot|cueDeny) != 0 || len(e.links.to[i]) == 0 {
			continue
		}
		negated, plain := 0, 0
		for _, j := range e.links.to[i] {
			u := &s.words[j]
			switch {
			case u.not > 0 && u.not <= 2 || u.deny > 0 && u.deny <= 3:
				negated++
			default:
				plain++
			}
		}
		if negated == 0 || plain > 0 || c.deniesIn(w.sentence) || e.reversed(i) {
			continue
		}
		v.fail("polarity", "the source denies "+c.show(i, i))
		return
	}
	e.checkAntonyms(v)
}

// lacks are words of want, which others say without a negation: "ran out of money".
var lacks = set(`lack lacks lacked lacking absent absence unable falta faltan faltaba falto ausente ausencia excluded exempt exempted excluidos exentos
	ban bans banned exclude excludes avoid avoids avoided evitar`)

// deniesIn reports whether a sentence has a negation.
func (s *statement) deniesIn(sentence int) bool {
	for i := range s.words {
		if s.words[i].sentence == sentence && s.words[i].cue&(cueNot|cueDeny|cueNone) != 0 {
			return true
		}
	}
	return false
}

// opposed reports whether a word just after token i is the antonym of one in the source.
func (e *evidence) opposed(i int) bool {
	c := e.claim
	for k := i + 1; k < len(c.words) && k <= i+6; k++ {
		for _, p := range c.words[k].pairs {
			for j := range e.source.words {
				if slices.Contains(e.source.words[j].pairs, -p) {
					return true
				}
			}
		}
	}
	return false
}

// reversed reports whether the claim says the antonym of the word that the source denies.
func (e *evidence) reversed(i int) bool {
	for _, p := range e.claim.words[i].pairs {
		for _, j := range e.links.to[i] {
			if slices.Contains(e.source.words[j].pairs, -p) {
				return true
			}
		}
	}
	return false
}

// wronglyDenied returns a word that the negation at token i covers and that the source affirms, or -1.
func (e *evidence) wronglyDenied(i int) int {
	c, s := e.claim, e.source
	seen, bad := 0, -1
	for k := i + 1; k < len(c.words) && c.words[k].sentence == c.words[i].sentence && seen < 3; k++ {
		w := &c.words[k]
		if !w.content && w.name == 0 || w.inside || w.not == 0 || slight[c.toks[k].Fold] {
			continue
		}
		seen++
		for _, j := range e.links.to[k] {
			u := &s.words[j]
			if u.not > 0 || u.deny > 0 || u.cue&(cueDeny|cueNone|cueNot) != 0 {
				return -1
			}
		}
		if bad < 0 && (len(e.links.direct[k]) > 0 || c.lang != s.lang && len(e.links.to[k]) > 0) {
			bad = k
		}
	}
	if bad >= 0 && e.opposed(i) && len(e.links.direct[bad]) == 0 {
		return -1
	}
	return bad
}

// checkAntonyms looks for words of the claim whose antonym stands in the source while they themselves do not.
func (e *evidence) checkAntonyms(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		for _, p := range w.pairs {
			if len(e.links.direct[i]) > 0 {
				continue
			}
			same, other := false, false
			for j := range s.words {
				u := &s.words[j]
				denied := u.not > 0 && u.not <= 2 || u.deny > 0 && u.deny <= 2
				for _, q := range u.pairs {
					if (q == p || q == -p) && (!e.together(i, j) || q == -p && e.taken(i, j)) {
						continue
					}
					switch {
					case q == p:
						same = same || !denied
						other = other || denied
					case q == -p:
						other = other || !denied
						same = same || denied
					}
				}
			}
			mine := w.not > 0 && w.not <= 2 || w.deny > 0 && w.deny <= 2
			if other && !same && !mine {
				v.fail("polarity", c.show(i, i)+", where the source says the contrary")
				return
			}
		}
	}
}

// taken reports whether another word of the claim than token i stands for token j of the source.
func (e *evidence) taken(i, j int) bool {
	for k := range e.links.direct {
		if k != i && slices.Contains(e.links.direct[k], j) {
			return true
		}
	}
	return false
}

// together reports whether token i of the claim and token j of the source speak of the same: words near
// the one are linked with words near the other, or a number stands beside both.
func (e *evidence) together(i, j int) bool {
	c, s := e.claim, e.source
	near := func(st *statement, at, k int) bool {
		d := k - at
		return d != 0 && st.words[k].sentence == st.words[at].sentence && (-2 <= d && d <= 2 || -9 <= d && d <= 9 && st.words[k].clause == st.words[at].clause)
	}
	for k := max(0, i-9); k < len(c.words) && k <= i+9; k++ {
		if !near(c, i, k) {
			continue
		}
		if c.toks[k].Digit {
			for m := max(0, j-9); m < len(s.words) && m <= j+9; m++ {
				if s.toks[m].Digit && s.toks[m].Fold == c.toks[k].Fold && near(s, j, m) {
					return true
				}
			}
			continue
		}
		for _, m := range e.links.to[k] {
			if near(s, j, m) && (c.words[k].content || c.words[k].name > 0) {
				return true
			}
		}
	}
	return false
}

// ---- hedges

// checkHedges compares what is settled with what is proposed, planned, wanted, asked for or possible.
func (e *evidence) checkHedges(v *Verdict) {
	c, s := e.claim, e.source
	hedged, there := c.has(unreal) || c.hasWord("scheduled", "programo", "programado"), s.has(unreal)
	if hedged && !there && !s.has(cueClaim) {
		for i := range c.words {
			if c.words[i].cue&unreal != 0 && len(e.links.to[i]) == 0 && !(c.words[i].cue&cueAsk != 0 && s.hasWord("told", "tell", "pidio")) {
				v.fail("hedge", c.show(i, i)+", which the source does not say")
				return
			}
		}
	}
	if !there {
		return
	}
	for i := range c.words {
		w := &c.words[i]
		if w.cue&cueDone == 0 || w.inside || len(e.links.to[i]) > 0 || w.not > 0 || w.cue&unreal != 0 {
			continue
		}
		if w.under&unreal == 0 && !s.has(cueDone) && e.putForward(i) {
			v.fail("hedge", c.show(i, i)+", which the source only puts forward")
			return
		}
	}
	// Words that stand there only under something unreal must be so here.
	under, settled := 0, 0
	first := -1
	for i := range c.words {
		w := &c.words[i]
		if !w.content || w.inside || w.cue&(attributed|unreal) != 0 || len(e.links.to[i]) == 0 || slight[c.toks[i].Fold] {
			continue
		}
		free := false
		for _, j := range e.links.to[i] {
			free = free || s.words[j].under == 0
		}
		switch {
		case free:
			settled++
		case w.under == 0:
			under++
			if first < 0 {
				first = i
			}
		default:
			settled++
		}
	}
	if !hedged && under >= 2 && under > settled {
		v.fail("hedge", c.show(first, first)+" as a fact, which the source only puts forward")
	}
}

// putForward reports whether what follows token i of the claim stands in the source only under something unreal.
func (e *evidence) putForward(i int) bool {
	c, s := e.claim, e.source
	for k, n := i+1, 0; k < len(c.words) && n < 4 && c.words[k].sentence == c.words[i].sentence; k++ {
		if !c.words[k].content && c.words[k].name == 0 || len(e.links.to[k]) == 0 {
			continue
		}
		n++
		free := false
		for _, j := range e.links.to[k] {
			free = free || s.words[j].under == 0
		}
		if !free {
			return true
		}
	}
	return false
}

// hasWord reports whether one of the folded words stands in the text.
func (s *statement) hasWord(folds ...string) bool {
	for _, t := range s.toks {
		if slices.Contains(folds, t.Fold) {
			return true
		}
	}
	return false
}

// ---- attribution

// speakers returns, for each word that gives something as somebody's, the names that may be theirs.
func (s *statement) speakers() [][]int {
	var out [][]int
	for i := range s.words {
		c := s.words[i].cue
		if c&attributed == 0 || s.words[i].inside {
			continue
		}
		var who []int
		if fold := s.toks[i].Fold; fold == "according" || fold == "segun" {
			for k := i + 1; k < len(s.words) && k <= i+8 && s.words[k].sentence == s.words[i].sentence; k++ {
				if n := s.words[k].name; n > 0 && s.names[n-1].actor {
					who = append(who, n-1)
				}
				if k > i+2 && s.words[k].clause != s.words[i+1].clause {
					break
				}
			}
		} else {
			if !s.verbal(i) {
				continue
			}
			for k := i - 1; k >= 0 && k >= i-10 && s.words[k].sentence == s.words[i].sentence; k-- {
				if n := s.words[k].name; n > 0 && s.names[n-1].actor {
					who = append(who, n-1)
				}
				if s.verbal(k) && s.words[k].cue&(attributed|unreal|cueDone) != 0 {
					break
				}
			}
			if len(who) == 0 && i+1 < len(s.words) { // "…, said Trump"
				if n := s.words[i+1].name; n > 0 && s.names[n-1].actor {
					who = append(who, n-1)
				}
			}
		}
		if len(who) > 0 {
			out = append(out, who)
		}
	}
	return out
}

// checkAttribution holds what the claim attributes to whom the source does, and keeps what it only reports.
func (e *evidence) checkAttribution(v *Verdict) {
	c, s := e.claim, e.source
	press := map[string]bool{}
	for _, a := range e.articles {
		for _, t := range []string{a.Publisher, a.Author} {
			if t == "" {
				continue
			}
			for _, k := range lang.Tokens(t) {
				press[k.Fold] = true
			}
			for _, o := range e.lib.Occurrences(t, lang.English) {
				press[o.Term] = true
			}
		}
	}
	ids := map[string]bool{}
	others := false // somebody but the publisher speaks there
	for _, who := range s.speakers() {
		for _, n := range who {
			ids[s.names[n].id] = true
			others = others || !press[s.names[n].id] && !press[s.toks[s.names[n].first].Fold]
		}
	}
	for _, who := range c.speakers() {
		ok := false
		for _, n := range who {
			m := c.names[n]
			ok = ok || !m.named || ids[m.id] || press[m.id] || press[c.toks[m.first].Fold] || e.saysThere(m)
		}
		if !ok && others {
			m := c.names[who[0]]
			v.fail("attribution", "it is not "+c.show(m.first, m.last)+" who says it there")
			return
		}
	}
	if c.has(attributed|unreal) || c.has(cueNot|cueDeny) {
		return
	}
	// "claimed", "argued", "estimated" must not become a fact.
	for j := range s.words {
		u := &s.words[j]
		if u.cue&cueClaim == 0 || u.inside || !s.verbal(j) && s.toks[j].Fold != "estimate" {
			continue
		}
		n := 0
		for i := range c.words {
			if c.words[i].content && slices.ContainsFunc(e.links.to[i], func(k int) bool { return k > j && s.words[k].sentence == u.sentence }) {
				n++
			}
		}
		if n >= 2 {
			v.fail("attribution", s.show(j, j)+" there, a fact here")
			return
		}
	}
}

// verbal reports whether the word at token i has the look of a finite verb or participle.
func (s *statement) verbal(i int) bool {
	f := s.toks[i].Fold
	if s.words[i].name > 0 || s.words[i].date || len(f) < 3 {
		return false
	}
	if _, ok := irregular[f]; ok {
		return true
	}
	if s.lang != lang.Spanish {
		return len(f) > 4 && (strings.HasSuffix(f, "ed") || strings.HasSuffix(f, "ing") && i > 0 && auxiliaries[s.toks[i-1].Fold]) ||
			s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish|cueVow|cueDone) != 0 && strings.HasSuffix(f, "s") || f == "put" || f == "shut" || f == "let" || f == "cut"
	}
	w := s.text[s.toks[i].Start:s.toks[i].End]
	for _, end := range [...]string{"ó", "aron", "ieron", "eron", "aba", "aban", "ía", "ían", "ará", "arán", "erá", "irá", "aría", "ería", "iría", "jo", "ado", "ido"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+1 {
			return !nounsInRia[f]
		}
	}
	return s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish|cueVow|cueDone) != 0 && (strings.HasSuffix(f, "a") || strings.HasSuffix(f, "e") || strings.HasSuffix(f, "o"))
}

// saysThere reports whether a name of the claim stands in the source as the one who acts nearest before a
// word of saying, or close after one.
func (e *evidence) saysThere(m mention) bool {
	s := e.source
	for _, k := range s.names {
		if k.id != m.id {
			continue
		}
		for j := k.last + 1; j < len(s.words) && j <= k.last+6; j++ {
			if s.words[j].cue&(attributed|unreal|cueDone|cueDeny|cueVow) != 0 && !s.words[j].inside {
				return true
			}
			if n := s.words[j].name; n > 0 && s.names[n-1].id != m.id && s.names[n-1].actor {
				break
			}
		}
		for j := k.first - 1; j >= 0 && j >= k.first-3; j-- {
			if s.words[j].cue&attributed != 0 || s.toks[j].Fold == "to" && j > 0 && s.words[j-1].cue&attributed != 0 {
				return true
			}
		}
	}
	return false
}

// ---- quantities

var quantityNames = []struct {
	c    cue
	also cue // what in the source bears it out as well
}{
	{cueAll, cueAll | cueNone}, {cueNone, cueNone | cueNot | cueDeny}, {cueMost, cueMost}, {cueSome, 0}, {cueFew, cueFew | cueOnly | cueSome},
	{cueOnly, cueOnly | cueFew | cueFirst | cueNot}, {cueFirst, cueFirst}, {cueLast, cueLast}, {cueOrder, cueOrder}, {cueTop, cueTop | cueMost}, {cueLow, cueLow},
	{cueDouble, cueDouble | cueHalf}, {cueTriple, cueTriple | cueThird}, {cueHalf, cueHalf | cueDouble}, {cueThird, cueThird | cueTriple}, {cueFourth, cueFourth},
	{cueExact, cueExact},
}

// checkQuantities holds quantifiers, superlatives, ordinals and multiples to the source.
func (e *evidence) checkQuantities(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		if w.cue&(quantities|cueExact) == 0 || w.inside || w.cue&attributed != 0 && w.cue&(cueTop|cueThird) == 0 {
			continue
		}
		if w.name > 0 || e.allowedQuantity(i) {
			continue
		}
		ok := false
		for _, q := range quantityNames {
			if w.cue&q.c == 0 {
				continue
			}
			if q.c == cueSome {
				ok = ok || !e.near(i, cueAll|cueMost|cueNone) || s.has(cueSome|cueAbout)
				continue
			}
			ok = ok || s.has(q.also)
		}
		if w.cue&bounds&^cueExact != 0 && w.cue&quantities == 0 {
			ok = true
		}
		if !ok && !slices.ContainsFunc(e.links.direct[i], func(j int) bool { return true }) {
			v.fail("quantifier", c.show(i, min(i+1, len(c.toks)-1)))
			return
		}
	}
	// "most" of the source must not be lost to a word of another class beside the same noun: handled above,
	// since that other word is not there.
}

// near reports whether a quantity stands in the source beside a word that follows token i of the claim.
func (e *evidence) near(i int, c cue) bool {
	for k := i + 1; k < len(e.claim.words) && k <= i+4; k++ {
		for _, j := range e.links.to[k] {
			for d := max(0, j-3); d < j; d++ {
				if e.source.words[d].cue&c != 0 {
					return true
				}
			}
		}
	}
	return false
}

// allowedQuantity reports whether the quantity at token i says nothing that has to be borne out.
func (e *evidence) allowedQuantity(i int) bool {
	c := e.claim
	next := ""
	nextDigit := false
	if i+1 < len(c.toks) {
		next, nextDigit = c.toks[i+1].Fold, c.toks[i+1].Digit
	}
	w := c.words[i].cue
	switch {
	case w&cueAll != 0 && (moreUnits[next] != "" || c.toks[i].Fold == "both" || c.toks[i].Fold == "each" || c.toks[i].Fold == "cada" ||
		strings.HasPrefix(c.toks[i].Fold, "amb")):
		return true // "every day"; "both" of two
	case w&(cueFirst|cueLast) != 0 && (nextDigit || lang.IsNumber(next) || moreUnits[next] != "" || next == "half"):
		return true // "the first ten months"
	case w&cueOnly != 0 && (next == "after" || next == "before" || next == "over" || next == "under" || next == "if" || next == "when" || next == "si" || next == "tras"):
		return true
	case w&cueOrder != 0 && (c.toks[i].Fold == "second" || c.toks[i].Fold == "segundo" || c.toks[i].Fold == "segunda") && (next == "half" || next == "mitad"):
		return true
	case w&cueSome != 0 && (nextDigit || lang.IsNumber(next)):
		return true // "some 6,000"
	case w&cueMost != 0 && (c.toks[i].Fold == "most") && e.source.has(cueTop):
		return true
	}
	return false
}

// ---- support

// checkSupport looks for words of substance that nothing in the source says, and for parts of the claim
// that are about something else altogether. What the question says supports nothing.
func (e *evidence) checkSupport(v *Verdict) {
	c := e.claim
	limit, runs, few := 0.5, 4, 2
	if c.lang != e.source.lang {
		limit, runs, few = 0.55, 5, 3
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
			if strings.ContainsAny(gap, ".;!?\n") || strings.Contains(gap, ",") && joiners[t.Fold] {
				part()
				segment = i
			}
		}
		if len(e.links.to[i]) > 0 {
			linked++
		}
		if len(e.links.to[i]) > 0 || t.Digit || lang.IsNumber(t.Fold) {
			partLinked++
		}
		if !w.content && !(w.name > 0 && len(e.links.to[i]) == 0 && len(t.Fold) > 1) {
			if len(t.Fold) == 1 && !t.Digit && !lang.Stop(t.Fold, c.lang) {
				partTotal++
			}
			continue
		}
		if slight[t.Fold] || moreUnits[t.Fold] != "" || w.inside || w.cue&(attributed|unreal|quantities|bounds|cueDone|cueNot|cueDeny) != 0 {
			if len(e.links.to[i]) > 0 {
				run = 0
			}
			continue
		}
		partTotal++
		if w.name > 0 {
			continue
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

// antonymThere reports whether the antonym of token i stands in the source.
func (e *evidence) antonymThere(i int) bool {
	for _, p := range e.claim.words[i].pairs {
		for j := range e.source.words {
			if slices.Contains(e.source.words[j].pairs, -p) || slices.Contains(e.source.words[j].pairs, p) {
				return true
			}
		}
	}
	return false
}
