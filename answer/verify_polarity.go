package answer

import (
	"slices"
	"strings"

	"policybot/lang"
)

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
		if w.cue&cueNot == 0 && lacks[c.toks[i].Fold] || c.toks[i].Fold == "jamas" && (c.has(cueTop|cueOver) || c.hasWord("mas", "menos")) {
			continue
		}
		if w.cue&cueNot != 0 && c.conditional(i) && s.hasWord("unless", "menos", "salvo") {
			continue // "if … not", "unless"
		}
		if w.cue&cueNot != 0 && c.rulesOut(i) || w.cue&cueDeny != 0 && i > 0 && c.words[i-1].cue&cueNot != 0 && c.rulesOut(i-1) {
			continue // "did not rule out" leaves open
		}
		if !denies && !e.opposedAfter(i) {
			if w.cue&cueNot == 0 && len(e.links.to[i]) > 0 {
				continue // the same word there
			}
			v.fail("polarity", e.claim.show(i, i)+", which the source does not say")
			return
		}
		if w.cue&cueNot == 0 {
			if e.deniesAlone(i) {
				v.fail("polarity", "the source does not deny what "+c.show(i, i)+" does")
				return
			}
			continue
		}
		if f := c.toks[i].Fold; f == "ni" || f == "nor" {
			continue // goes on with a negation before it
		}
		if bad := e.wronglyDenied(i); bad >= 0 {
			v.fail("polarity", "the source does not deny "+c.show(bad, bad))
			return
		}
	}
	// What the source denies must not be affirmed.
	for i := range c.words {
		w := &c.words[i]
		if w.cue&cueDeny != 0 && w.cue&cueNot == 0 && w.not == 0 && len(e.links.direct[i]) > 0 {
			if !slices.ContainsFunc(e.links.direct[i], func(j int) bool { return s.words[j].not == 0 }) {
				v.fail("polarity", "the source denies "+c.show(i, i))
				return
			}
		}
		if !w.content || w.not > 0 || w.deny > 0 || w.cue&(cueNot|cueDeny) != 0 || len(e.links.to[i]) == 0 || slight[c.toks[i].Fold] {
			continue
		}
		negated, plain := 0, 0
		to := e.links.to[i]
		if len(e.links.direct[i]) > 0 {
			to = e.links.direct[i]
		}
		for _, j := range to {
			u := &s.words[j]
			switch {
			case u.contrast && w.under != 0: // "a proposal, not a decision"
				plain++
			case u.not > 0 && u.not <= 2 || u.deny > 0 && u.deny <= 3:
				negated++
			default:
				plain++
			}
		}
		if negated == 0 || plain > 0 || c.deniesNear(i) || e.reversed(i) {
			continue
		}
		v.fail("polarity", "the source denies "+c.show(i, i))
		return
	}
	e.checkAntonyms(v)
	for _, i := range e.unborne() {
		if c.words[i].not == 0 && c.words[i].deny == 0 && !light[c.words[i].base] && e.contradicted(i) {
			v.fail("polarity", c.show(i, i)+", where the source says the contrary")
			return
		}
	}
}

// deniesAlone reports whether a verb of denying in the claim has words after it that the source has, and
// says without any denial.
func (e *evidence) deniesAlone(i int) bool {
	c, s := e.claim, e.source
	if c.words[i].inside || !c.verbal(i) || len(e.links.to[i]) > 0 || lacks[c.toks[i].Fold] {
		return false
	}
	n := 0
	for k := i + 1; k < len(c.words) && c.words[k].sentence == c.words[i].sentence && k <= i+8; k++ {
		if !c.words[k].content && c.words[k].name == 0 {
			continue
		}
		for _, j := range e.links.to[k] {
			n++
			if s.words[j].negative() {
				return false
			}
			for d := max(0, j-8); d < min(len(s.words), j+8); d++ {
				if s.words[d].sentence == s.words[j].sentence && s.words[d].cue&(cueNot|cueDeny|cueNone) != 0 && !s.words[d].inside {
					return false
				}
				for _, p := range c.words[i].pairs {
					if slices.Contains(s.words[d].pairs, p) {
						return false
					}
				}
			}
		}
	}
	return n > 1
}

// rulesOut reports whether the negation at token i is of ruling something out.
func (s *statement) rulesOut(i int) bool {
	if i+1 >= len(s.toks) {
		return false
	}
	f := s.toks[i+1].Fold
	return strings.HasPrefix(f, "descart") || i+2 < len(s.toks) && (strings.HasPrefix(f, "rul") && s.toks[i+2].Fold == "out" || strings.HasPrefix(s.toks[i+2].Fold, "descart"))
}

// conditional reports whether "if" stands shortly before token i.
func (s *statement) conditional(i int) bool {
	for k := i - 1; k >= 0 && k >= i-8 && s.words[k].sentence == s.words[i].sentence; k-- {
		if s.toks[k].Fold == "if" || s.toks[k].Fold == "si" {
			return true
		}
	}
	return false
}

// lacks are words of want, which others say without a negation: "ran out of money".
var lacks = set(`outside fuera lack lacks lacked lacking absent absence unable falta faltan faltaba falto ausente ausencia excluded exempt exempted excluidos exentos
	ban bans banned exclude excludes avoid avoids avoided evitar`)

// deniesIn reports whether a sentence has a negation.
func (s *statement) deniesIn(sentence int) bool {
	for i := range s.words {
		if s.words[i].sentence == sentence && s.words[i].cue&(cueNot|cueDeny|cueNone) != 0 && !(s.lang == lang.Spanish && s.toks[i].Fold == "no" && i+1 < len(s.toks) && participle(s.toks[i+1].Fold)) {
			return true
		}
	}
	return false
}

// deniesNear reports whether a sentence has a negation that may be about token i: none that another verb, joined by
// "and", stands between.
func (s *statement) deniesNear(i int) bool {
	if !s.deniesIn(s.words[i].sentence) {
		return false
	}
	for k := range s.words {
		if s.words[k].sentence != s.words[i].sentence || s.words[k].cue&(cueNot|cueDeny|cueNone) == 0 {
			continue
		}
		apart := false
		for d := min(i, k) + 1; d <= max(i, k); d++ {
			f := s.toks[d].Fold
			apart = apart || (f == "and" || f == "y" || f == "but" || f == "pero") && d+1 < len(s.toks) && (s.words[d+1].cue&attributed != 0 && s.verbal(d+1))
		}
		if !apart {
			return true
		}
	}
	return false
}

// participle reports whether a folded Spanish word ends as participles do: "no acompañados".
func participle(fold string) bool {
	f := strings.TrimSuffix(fold, "s")
	return len(f) > 5 && (strings.HasSuffix(f, "ado") || strings.HasSuffix(f, "ada") || strings.HasSuffix(f, "ido") || strings.HasSuffix(f, "ida"))
}

// opposedAfter reports whether a word just after token i is the antonym of one in the source.
func (e *evidence) opposedAfter(i int) bool {
	for k := i + 1; k < len(e.claim.words) && k <= i+6; k++ {
		if e.opposed(k) {
			return true
		}
	}
	return false
}

// opposed reports whether token k is the antonym of a word in the source that is said of the same.
func (e *evidence) opposed(k int) bool {
	for _, p := range e.claim.words[k].pairs {
		for j := range e.source.words {
			if slices.Contains(e.source.words[j].pairs, -p) && e.together(k, j) {
				return true
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
	bad, first := -1, -1
	if f := c.toks[i].Fold; i+1 < len(c.toks) && (determiners[f] && (f != "no" || c.lang != lang.Spanish) || c.words[min(i+1, len(c.words)-1)].cue&attributed != 0) {
		for j := range s.toks {
			if vague[s.toks[j].Fold] && s.toks[j].Fold != "unnamed" {
				return -1 // "without specifying them", "unspecified"
			}
		}
	}
	if f := c.toks[i].Fold; (f == "no" || f == "not") && i+1 < len(c.toks) && (strings.HasSuffix(c.toks[i+1].Fold, "ed") ||
		strings.HasSuffix(strings.TrimSuffix(c.toks[i+1].Fold, "s"), "ado") || strings.HasSuffix(strings.TrimSuffix(c.toks[i+1].Fold, "s"), "ada")) {
		for j := range s.toks {
			if f := s.toks[j].Fold; len(f) > 6 && strings.HasPrefix(f, "un") && strings.HasSuffix(f, "ed") {
				return -1 // "menores no acompañados", "unaccompanied"
			}
		}
	}
	for k, seen := i+1, 0; k < len(c.words) && c.words[k].sentence == c.words[i].sentence && seen < 3; k++ {
		w := &c.words[k]
		if w.inside || w.not == 0 || !w.content && w.name == 0 && w.cue&(attributed|cueDone|cueVow) == 0 || slight[c.toks[k].Fold] && w.cue&attributed == 0 {
			continue
		}
		if w.name > 0 {
			for _, j := range e.links.to[k] {
				if s.words[j].negative() {
					return -1
				}
			}
			continue
		}
		seen++
		if first < 0 {
			first = k
		}
		if seen == 1 && c.verbal(k) && len(e.links.direct[k]) == 0 && e.contradicted(k) {
			return -1 // "did not pass" for "failed"
		}
		for _, j := range e.links.direct[k] {
			if s.words[j].negative() {
				return -1
			}
		}
		if class := w.cue & (attributed | cueOffer | cueAsk | cueVow | cueWish | cueDone | cueDeny | cueThreat); class != 0 {
			// Saying, proposing, promising, refusing: one that the source has is as good as another.
			denied, plain := e.classed(k, class)
			if class&cueDeny != 0 && k <= i+2 && !denied {
				return k // "did not deny"
			}
			if plain || class&attributed != 0 && !denied && k == i+1 && !determiners[c.toks[i].Fold] || class&attributed != 0 && c.toks[i].Fold == "no" && k == i+1 && !denied {
				return k
			}
			if denied {
				return -1
			}
		}
		if len(e.links.to[k]) == 0 {
			continue
		}
		for _, j := range e.links.to[k] {
			if s.words[j].negative() {
				return -1
			}
		}
		if len(e.links.direct[k]) == 0 && c.lang == s.lang && e.opposed(k) {
			return -1
		}
		if len(e.links.direct[k]) > 0 || c.lang != s.lang {
			if determiners[c.toks[i].Fold] && (!c.verbal(k) || s.hasWord("none", "ninguno", "ninguna")) {
				bad = k // "no caravan had walked": the verb tells
				continue
			}
			return k
		}
	}
	if determiners[c.toks[i].Fold] && s.hasWord("none", "nobody", "ninguno", "ninguna", "nadie") {
		return -1
	}
	if bad < 0 && first >= 0 && !e.freeNegation() {
		return first
	}
	return bad
}

// freeNegation reports whether the source denies something that no word of the claim speaks of: a negation
// of the claim may then be the same in other words.
func (e *evidence) freeNegation() bool {
	s := e.source
	spoken := make([]bool, len(s.words))
	for i := range e.links.to {
		for _, j := range e.links.to[i] {
			spoken[j] = true
		}
	}
	for i := range s.words {
		if s.words[i].cue&(cueNot|cueDeny) == 0 || s.words[i].inside {
			continue
		}
		n, free := 0, true
		for j := i + 1; j < len(s.words) && n < 2 && s.words[j].sentence == s.words[i].sentence; j++ {
			if s.words[j].content && !slight[s.toks[j].Fold] {
				n++
				free = free && !spoken[j]
			}
		}
		if free {
			return true
		}
	}
	for i := range s.words {
		if f := s.toks[i].Fold; !spoken[i] && s.words[i].content && len(f) > 6 && (strings.HasPrefix(f, "un") && strings.HasSuffix(f, "ed") || strings.HasPrefix(f, "illegal") ||
			strings.HasPrefix(f, "ilegal") || strings.HasPrefix(f, "irregular") || strings.HasPrefix(f, "indocumentad") || strings.HasPrefix(f, "non-")) {
			return true // "unauthorised", "irregular"
		}
	}
	return false
}

// determiners deny the noun after them.
var determiners = set(`no none without sin ningun ninguna neither ni`)

// negative reports whether a negation, or a verb of denying, covers the word.
func (w *word) negative() bool { return w.not > 0 || w.deny > 0 }

// classed reports whether a word with the cues stands in the source, said of the same as token k, under a
// negation, and whether one does without.
func (e *evidence) classed(k int, class cue) (denied, plain bool) {
	for j := range e.source.words {
		u := &e.source.words[j]
		if u.cue&class == 0 || u.inside || !e.together(k, j) || e.source.toks[j].Fold == "according" || e.source.toks[j].Fold == "segun" {
			continue
		}
		if class&cueDeny == 0 && u.negative() || class&cueDeny != 0 && u.not > 0 {
			denied = true
		} else {
			plain = true
		}
	}
	return denied, plain
}

// checkAntonyms looks for words of the claim whose antonym stands in the source while they themselves do not.
func (e *evidence) checkAntonyms(v *Verdict) {
	c, s := e.claim, e.source
	sooner, scales := verifyWords().sooner, verifyWords().scales
	for i := range c.words {
		w := &c.words[i]
		for _, p := range w.pairs {
			if len(e.links.direct[i]) > 0 {
				continue
			}
			if max(p, -p) >= scales && e.borne(i, p) {
				continue
			}
			same, other, against := false, false, false // against: the word itself, which the source denies
			for j := range s.words {
				u := &s.words[j]
				denied := u.not > 0 && u.not <= 2 || u.deny > 0 && u.deny <= 2
				for _, q := range u.pairs {
					if (q == p || q == -p) && (!e.together(i, j) || (p == sooner || p == -sooner) && !e.follow(i, j) || q == -p && e.taken(i, j)) {
						continue
					}
					switch {
					case q == p:
						same = same || !denied
						against = against || denied
					case q == -p:
						other = other || !denied
						same = same || denied
					}
				}
			}
			mine := w.not > 0 && w.not <= 2 || w.deny > 0 && w.deny <= 2
			if against && w.not == 0 && w.deny == 0 {
				other = true
			}
			if other && !same && !mine {
				v.fail("polarity", c.show(i, i)+", where the source says the contrary ("+verifyWords().about(p)+")")
				return
			}
		}
	}
}

// borne reports whether a word of the source that is not on the other side of the pair stands for token i.
func (e *evidence) borne(i int, pair int16) bool {
	return slices.ContainsFunc(e.links.to[i], func(j int) bool {
		u := &e.source.words[j]
		return !slices.Contains(u.pairs, -pair) && !(u.not > 0 && u.not <= 2 || u.deny > 0 && u.deny <= 2)
	})
}

// follow reports whether the words after token i of the claim say one of those after token j of the source.
func (e *evidence) follow(i, j int) bool {
	for k, n := i+1, 0; k < len(e.claim.words) && n < 3 && e.claim.words[k].sentence == e.claim.words[i].sentence; k++ {
		if !e.claim.words[k].content && e.claim.words[k].name == 0 && !e.claim.words[k].date {
			continue
		}
		n++
		for m, o := j+1, 0; m < len(e.source.words) && o < 4 && e.source.words[m].sentence == e.source.words[j].sentence; m++ {
			if !e.source.words[m].content && e.source.words[m].name == 0 && !e.source.words[m].date {
				continue
			}
			o++
			if e.says(k, m) || e.claim.toks[k].Fold == e.source.toks[m].Fold {
				return true
			}
		}
	}
	return false
}

// taken reports whether another word of the claim than token i stands for token j of the source.
func (e *evidence) taken(i, j int) bool {
	for k := range e.links.to {
		if k != i && slices.Contains(e.links.to[k], j) {
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
