package answer

import (
	"math"
	"slices"
	"strings"

	"policybot/lang"
	"policybot/retrieval"
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
		if !w.content || w.not > 0 || w.deny > 0 || w.cue&(cueNot|cueDeny) != 0 || len(e.links.to[i]) == 0 {
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
		if negated == 0 || plain > 0 || c.deniesIn(w.sentence) || e.reversed(i) {
			continue
		}
		v.fail("polarity", "the source denies "+c.show(i, i))
		return
	}
	e.checkAntonyms(v)
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
var lacks = set(`lack lacks lacked lacking absent absence unable falta faltan faltaba falto ausente ausencia excluded exempt exempted excluidos exentos
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
			if s.words[j].content {
				n++
				free = free && !spoken[j]
			}
		}
		if free {
			return true
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
	sooner := verifyWords().sooner
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
					if (q == p || q == -p) && (!e.together(i, j) || (p == sooner || p == -sooner) && !e.follow(i, j) || q == -p && e.taken(i, j)) {
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
	hedged, there := c.has(unreal) || c.hasWord("scheduled", "programo", "programado", "allows", "allow", "permits", "lets", "permite", "permiten", "must", "deben", "debe"), s.has(unreal) || slices.ContainsFunc(s.words, func(w word) bool { return w.under != 0 })
	if hedged && !there && !s.has(cueClaim) {
		for i := range c.words {
			if f := c.toks[i].Fold; f == "could" || f == "can" || f == "puede" || f == "pueden" || f == "would" || c.words[i].cue == cueMay && strings.HasSuffix(f, "ria") || strings.HasSuffix(f, "rian") {
				continue // able to; what was to come
			}
			if c.words[i].cue&unreal != 0 && len(e.links.to[i]) == 0 && !(c.words[i].cue&cueAsk != 0 && s.hasWord("told", "tell", "pidio")) {
				v.fail("hedge", c.show(i, i)+", which the source does not say")
				return
			}
		}
	}
	if !there {
		if s.talks() && !s.has(cueDone) {
			for i := range c.words {
				if w := &c.words[i]; w.cue&cueDone != 0 && !w.inside && w.not == 0 && len(e.links.direct[i]) == 0 && c.verbal(i) {
					v.fail("hedge", c.show(i, i)+", of which the source only has talks")
					return
				}
			}
		}
		return
	}
	for i := range c.words {
		w := &c.words[i]
		if i > 1 && (c.toks[i-1].Fold == "before" || c.toks[i-2].Fold == "before" || c.toks[i-1].Fold == "de" && c.toks[i-2].Fold == "antes") {
			continue
		}
		if w.cue&cueDone == 0 || w.inside || w.not > 0 || w.cue&unreal != 0 || w.under&unreal != 0 {
			continue
		}
		only := len(e.links.to[i]) > 0 // linked, but only with what is put forward
		for _, j := range e.links.to[i] {
			only = only && !s.settled(j) && !s.agreedTo(j)
		}
		if only || len(e.links.direct[i]) == 0 && !s.has(cueDone) && e.putForward(i) {
			v.fail("hedge", c.show(i, i)+", which the source only puts forward")
			return
		}
	}
	if k := e.fulfilled(); k >= 0 {
		v.fail("hedge", "a condition there, "+c.show(k, k)+" here")
		return
	}
	// Words that stand there only under something unreal must be so here.
	under, settled := 0, 0
	first := -1
	for i := range c.words {
		w := &c.words[i]
		if !w.content && !c.toks[i].Digit || w.inside || c.inDate(i) || w.cue&(attributed|unreal) != 0 || slight[c.toks[i].Fold] {
			continue
		}
		free, linked := false, false
		for _, j := range e.links.to[i] {
			free, linked = free || s.settled(j), true
		}
		if c.toks[i].Digit {
			for j := range s.toks {
				if s.toks[j].Fold == c.toks[i].Fold {
					free, linked = free || s.settled(j), true
				}
			}
		}
		if !linked {
			continue
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
	for i := range c.words {
		w := &c.words[i]
		if !c.verbal(i) || auxiliaries[c.toks[i].Fold] || w.under != 0 || w.inside || w.cue&(attributed|unreal) != 0 || w.not > 0 || w.deny > 0 ||
			slight[c.toks[i].Fold] && !transfers[c.toks[i].Fold] {
			continue
		}
		if w.cue&cueDeny != 0 || c.offers(i) {
			continue // turned an offer down, dropped a threat
		}
		bad := len(e.links.to[i]) == 0 && !slight[c.toks[i].Fold] || transfers[c.toks[i].Fold]
		if bad {
			bad = e.putForward(i)
		} else {
			to := e.links.direct[i]
			if len(to) == 0 {
				to = e.links.to[i]
			}
			bad = len(to) > 0
			for _, j := range to {
				bad = bad && !s.settled(j) && !(w.cue&cueDone != 0 && s.agreedTo(j))
			}
			bad = bad && !hedged
		}
		if bad {
			v.fail("hedge", c.show(i, i)+" as a fact, which the source only puts forward")
			return
		}
	}
	if !hedged && under >= 2 && under > settled {
		v.fail("hedge", c.show(first, first)+" as a fact, which the source only puts forward")
	}
}

// fulfilled returns a word of the claim that gives a reason or a time where the source has a condition: "because
// Mexico had helped" for "if Mexico helped". It returns -1 when there is none.
func (e *evidence) fulfilled() int {
	c, s := e.claim, e.source
	if c.hasWord("if", "unless", "si", "whether", "condition", "condicion", "siempre") {
		return -1
	}
	for i := range c.toks {
		if !factual[c.toks[i].Fold] {
			continue
		}
		for j := range s.toks {
			if f := s.toks[j].Fold; f != "if" && f != "unless" && (f != "si" || s.lang != lang.Spanish) {
				continue
			}
			n := 0
			for k := i + 1; k < len(c.toks) && k <= i+6 && c.words[k].sentence == c.words[i].sentence; k++ {
				if (c.words[k].content || c.words[k].name > 0) && slices.ContainsFunc(e.links.to[k], func(m int) bool { return m > j && m <= j+6 }) {
					n++
				}
			}
			if n >= 2 {
				return i
			}
		}
	}
	return -1
}

// factual begin what is so.
var factual = set(`because since after as porque ya pues tras despues`)

// talks reports whether the text speaks of something under discussion.
func (s *statement) talks() bool {
	for _, t := range s.toks {
		for _, p := range [...]string{"talk", "discuss", "negotiat", "debat", "consider", "conversa", "negocia", "discut"} {
			if strings.HasPrefix(t.Fold, p) {
				return true
			}
		}
	}
	return false
}

// offers reports whether one of the words after token i is itself an offer, a plan or a threat.
func (s *statement) offers(i int) bool {
	for k := i + 1; k < len(s.words) && k <= i+4; k++ {
		if s.words[k].cue&unreal != 0 && !s.verbal(k) {
			return true
		}
	}
	return false
}

// agreedTo reports whether a settled word of agreeing stands just before token j: "agreed to accept".
func (s *statement) agreedTo(j int) bool {
	for d := max(0, j-3); d < j; d++ {
		if s.words[d].cue&cueDone != 0 && s.settled(d) {
			return true
		}
	}
	return false
}

// settled reports whether a word stands for a fact: nothing unreal covers it, nor is it itself of that kind.
func (s *statement) settled(j int) bool { return s.words[j].under == 0 && s.words[j].cue&unreal == 0 }

// transfers are verbs of giving and getting, said of what was done.
var transfers = set(`disbursed financed funded invested built delivered desembolso desembolsaron financio financiaron invirtio invirtieron construyo construyeron entrego entregaron
	otorgo otorgaron concedio concedieron levanto gave got given spent spend paid gasto gastaron dio dieron obtuvo recibio recibieron received won granted`)

// putForward reports whether what follows token i of the claim stands in the source only under something unreal.
func (e *evidence) putForward(i int) bool {
	c, s := e.claim, e.source
	n := 0
	for k := i + 1; k < len(c.words) && n < 3 && c.words[k].sentence == c.words[i].sentence; k++ {
		if !c.words[k].content && !c.toks[k].Digit || slight[c.toks[k].Fold] || c.inDate(k) {
			continue
		}
		free, linked := false, false
		for _, j := range e.links.to[k] {
			if s.words[j].cue&unreal == 0 {
				free, linked = free || s.settled(j), true
			}
		}
		for j := range s.toks {
			if c.toks[k].Digit && s.toks[j].Fold == c.toks[k].Fold {
				free, linked = free || s.settled(j), true
			}
		}
		if linked {
			n++
			if free {
				return false
			}
		}
	}
	return n > 0
}

// inDate reports whether token i is part of a date.
func (s *statement) inDate(i int) bool {
	if !s.words[i].date {
		return false
	}
	return slices.ContainsFunc(s.dates(), func(d lang.When) bool { return d.Start <= s.toks[i].Start && s.toks[i].End <= d.End })
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
		if s.words[i].cue&attributed == 0 || s.words[i].inside {
			continue
		}
		if who := s.speakersOf(i); len(who) > 0 {
			out = append(out, who)
		}
	}
	return out
}

// speakersOf returns the names that may be of those who say what the word of saying at token i introduces:
// the nearest before it that no preposition makes something else of, and those joined or apposed to it.
func (s *statement) speakersOf(i int) []int {
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
		return who
	}
	if !s.verbal(i) {
		return nil
	}
	and := false
	for k := i - 1; k >= 0 && k >= i-14 && s.words[k].sentence == s.words[i].sentence; k-- {
		n := s.words[k].name
		if n == 0 || !s.names[n-1].actor || len(who) > 0 && who[len(who)-1] == n-1 {
			continue
		}
		if len(who) > 0 {
			last := s.names[who[len(who)-1]]
			by := s.joined(n-1, who[len(who)-1])
			and = and || by == "and"
			if (by == "" || by == "," && !and) && !s.apposed(n-1, who[len(who)-1]) && (last.first-k > 2 || s.comma(last.first)) && s.placeOf(last.first, last.last).prep == "" {
				break
			}
		}
		who = append(who, n-1)
	}
	if len(who) == 0 && i+1 < len(s.words) { // "…, said Trump"
		if n := s.words[i+1].name; n > 0 && s.names[n-1].actor {
			who = append(who, n-1)
		}
	}
	return who
}

// checkAttribution holds what the claim attributes to whom the source does, and keeps what it only reports.
func (e *evidence) checkAttribution(v *Verdict) {
	c, s := e.claim, e.source
	speakers := c.speakers()
	var there [][]int
	if len(speakers) > 0 {
		there = s.speakers()
	}
	others := len(there) > 0 // somebody speaks there
	for i := range c.words {
		if c.words[i].cue&attributed == 0 || c.words[i].inside || len(there) == 0 {
			continue
		}
		who := c.speakersOf(i)
		if len(who) == 0 {
			continue
		}
		ok := false
		for _, n := range who {
			m := c.names[n]
			ok = ok || !m.named || slices.ContainsFunc(there, func(them []int) bool {
				return slices.ContainsFunc(them, func(k int) bool { return s.names[k].id == m.id })
			}) || e.saysThere(m) && !e.saidByOther(i, m) || e.press(m)
		}
		if !ok && others {
			m := c.names[who[0]]
			v.fail("attribution", "it is not "+c.show(m.first, m.last)+" who says it there")
			return
		}
	}
	if e.othersFigure(v, speakers) {
		return
	}
	if c.has(attributed|unreal&^cueWill) || c.has(cueNot|cueDeny) {
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

// saidByOther reports whether the word of saying at token i stands in the source, each time with others than m
// for its speakers.
func (e *evidence) saidByOther(i int, m mention) bool {
	for _, j := range e.links.direct[i] {
		who := e.source.speakersOf(j)
		if len(who) == 0 || slices.ContainsFunc(who, func(n int) bool {
			o := e.source.names[n]
			return e.lib.ConceptType(o.id) != "person" || o.id == m.id
		}) {
			return false
		}
	}
	return len(e.links.direct[i]) > 0
}

// othersFigure looks for a number that the claim gives as one speaker's and the source, which has that
// speaker give others, as another's.
func (e *evidence) othersFigure(v *Verdict, speakers [][]int) bool {
	c, s := e.claim, e.source
	if len(speakers) != 1 || s.hasWord("according", "segun") {
		return false
	}
	owns := func(n int, figures ...figure) (theirs, mine bool) {
		id := c.names[n].id
		for _, g := range figures {
			verb := -1
			for k := g.first - 1; k >= 0 && s.words[k].sentence == s.words[g.first].sentence; k-- {
				if s.words[k].cue&attributed != 0 && !s.words[k].inside && s.verbal(k) {
					verb = k
					break
				}
			}
			if verb < 0 {
				return false, false
			}
			who := s.speakersOf(verb)
			if len(who) == 0 {
				return false, false
			}
			own := slices.ContainsFunc(who, func(k int) bool { return s.names[k].id == id || akinPlaces(s.names[k].id, id) })
			theirs, mine = theirs || !own, mine || own
		}
		return theirs, mine
	}
	for _, f := range c.figures() {
		if f.Year {
			continue
		}
		var same []figure
		var others []figure
		for _, g := range s.figures() {
			if f.same(g) {
				same = append(same, g)
			} else if !g.Year {
				others = append(others, g)
			}
		}
		if len(same) != 1 {
			continue
		}
		for _, n := range speakers[0] {
			if !c.names[n].named {
				continue
			}
			theirs, mine := owns(n, same...)
			if !theirs || mine {
				continue
			}
			for _, g := range others {
				if _, own := owns(n, g); own {
					v.fail("attribution", c.show(f.first, f.last)+" is another's there")
					return true
				}
			}
		}
	}
	return false
}

// press reports whether a name of the claim is that of who published or wrote what it cites.
func (e *evidence) press(m mention) bool {
	for _, a := range e.articles {
		for _, t := range [...]string{a.Publisher, a.Author} {
			toks := lang.Tokens(t)
			if slices.ContainsFunc(toks, func(u lang.Token) bool { return u.Fold == e.claim.toks[m.first].Fold }) ||
				slices.ContainsFunc(conceptsOf(e.lib, t, toks), func(o retrieval.Occurrence) bool { return o.Term == m.id }) {
				return true
			}
		}
	}
	return false
}

// verbal reports whether the word at token i has the look of a finite verb or participle.
func (s *statement) verbal(i int) bool {
	w := &s.words[i]
	if w.verb == 0 || !s.whole {
		w.verb = -1
		if s.looksVerbal(i) {
			w.verb = 1
		}
	}
	return w.verb > 0
}

// noVerbs have the endings of verbs.
var noVerbs = set(`hundred speed indeed united unprecedented sacred hatred embed estado estados mercado partido pasado sentido delegado abogado grado lado
	ganado senado soldado jurado contenido apellido resultado tratado significado flujo lujo`)

func (s *statement) looksVerbal(i int) bool {
	f := s.toks[i].Fold
	if s.words[i].name > 0 || s.words[i].date || len(f) < 3 {
		return false
	}
	if _, ok := irregular[f]; ok {
		return true
	}
	if s.lang != lang.Spanish {
		return !noVerbs[f] && len(f) > 4 && (strings.HasSuffix(f, "ed") || strings.HasSuffix(f, "ing") && i > 0 && auxiliaries[s.toks[i-1].Fold]) ||
			s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish|cueVow|cueDone) != 0 && strings.HasSuffix(f, "s") || f == "put" || f == "shut" || f == "let" || f == "cut"
	}
	w := s.text[s.toks[i].Start:s.toks[i].End]
	for _, end := range [...]string{"ó", "aron", "ieron", "eron", "aba", "aban", "ía", "ían", "ará", "arán", "erá", "irá", "aría", "ería", "iría", "ujo", "dijo", "trajo", "ado", "ido"} {
		if strings.HasSuffix(w, end) && (len(w) > len(end)+1 || w == end) {
			return !nounsInRia[f] && !noVerbs[f]
		}
	}
	return s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish|cueVow|cueDone) != 0 && (strings.HasSuffix(f, "a") || strings.HasSuffix(f, "e") || strings.HasSuffix(f, "o"))
}

// saysThere reports whether a name of the claim stands in the source as the one who acts nearest before a
// word of saying, or close after one.
func (e *evidence) saysThere(m mention) bool {
	s := e.source
	for _, k := range s.names {
		if k.id != m.id && !akinPlaces(k.id, m.id) {
			continue
		}
		if k.last+1 < len(s.words) && s.verbal(k.last+1) && (k.first == 0 || prepositions[s.toks[k.first-1].Fold] == "") {
			return true // the subject of something there
		}
		for j := k.last + 1; j < len(s.words) && j <= k.last+6; j++ {
			if s.words[j].cue&(attributed|cueVow|cueAsk|cueOffer|cueThreat|cueWish) != 0 && !s.words[j].inside && s.words[j].not == 0 {
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
	{cueOnly, cueOnly | cueFew}, {cueFirst, cueFirst}, {cueLast, cueLast}, {cueOrder, cueOrder}, {cueTop, cueTop | cueMost}, {cueLow, cueLow},
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
			if q.c == cueAll {
				ok = ok || e.hasBeside(i, q.also)
				continue
			}
			if q.c == cueHalf && !ok {
				ok = s.twoEqual()
			}
			if q.c == cueOrder {
				n := ordinals[c.toks[i].Fold]
				ok = ok || slices.ContainsFunc(s.toks, func(t lang.Token) bool { return ordinals[t.Fold] == n })
				continue
			}
			ok = ok || s.has(q.also) && (q.c != cueOnly || s.hasOnly())
		}
		if w.cue&cueOnly != 0 {
			for j := range s.words {
				ok = ok || s.words[j].contrast // "a pledge, not money spent"
			}
			if i > 0 && c.words[i-1].cue&cueNot != 0 && s.has(cueOnly) && !s.has(cueNot) {
				v.fail("quantifier", c.show(i-1, i))
				return
			}
		}
		if w.cue&cueHalf != 0 && i+2 < len(c.toks) && (lone[c.toks[i+1].Fold] > 0 || lone[c.toks[i+2].Fold] > 0) {
			continue // "half a million"
		}
		if w.cue&(cueHalf|cueThird|cueFourth|cueDouble) != 0 && !e.boundsAgree(i) {
			v.fail("quantifier", "the bound of "+c.show(i, i))
			return
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

var ordinals = map[string]int{"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"segundo": 2, "segunda": 2, "tercer": 3, "tercero": 3, "tercera": 3, "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6,
	"septimo": 7, "septima": 7, "octavo": 8, "octava": 8, "noveno": 9, "novena": 9, "decimo": 10, "decima": 10}

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
		if e.source.words[j].cue&c != 0 && !e.source.words[j].inside && (e.together(i, j) || has(e.links.direct[i], j)) && e.source.toks[min(j+1, len(e.source.toks)-1)].Fold != "year" {
			return true
		}
	}
	return false
}

// boundsAgree reports whether a half, third, quarter or double is bounded in the same direction as there.
func (e *evidence) boundsAgree(i int) bool {
	bound := func(s *statement, k int) cue {
		for d := k - 1; d >= 0 && d >= k-3; d-- {
			if c := s.words[d].cue & (cueOver | cueUnder); c != 0 && !s.words[d].inside && s.words[d].cue&cueAbout == 0 {
				return c
			}
			if !s.words[d].inside && !between[s.toks[d].Fold] {
				break
			}
		}
		return 0
	}
	b := bound(e.claim, i)
	if b == 0 {
		return true
	}
	for j := range e.source.words {
		if e.source.words[j].cue&e.claim.words[i].cue&quantities != 0 && bound(e.source, j) == b {
			return true
		}
	}
	return false
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
	case w&(cueFirst|cueLast) != 0 && (next == "weekend" || next == "fin"):
		return true
	case w&cueFew != 0 && moreUnits[next] != "":
		return true // "a few weeks"
	case w&(cueFirst|cueLast) != 0 && (nextDigit || lang.IsNumber(next) || moreUnits[next] != "" || next == "half"):
		return true // "the first ten months"
	case w&cueOnly != 0 && slices.ContainsFunc(c.toks[i+1:min(i+5, len(c.toks))], func(t lang.Token) bool { return conditions[t.Fold] }):
		return true // "could only be lifted after …"
	case w&cueOnly != 0 && (next == "after" || next == "before" || next == "over" || next == "under" || next == "if" || next == "when" || next == "si" || next == "tras"):
		return true
	case w&cueOrder != 0 && (c.toks[i].Fold == "second" || c.toks[i].Fold == "segundo" || c.toks[i].Fold == "segunda") && (next == "half" || next == "mitad"):
		return true
	case w&cueOrder != 0 && fractions[c.toks[i].Fold] > 0 && (next == "of" || next == "de" || next == "parte"): // "a tenth of": 10 percent
		return slices.ContainsFunc(e.source.figures(), func(g figure) bool { return g.unit == "%" && math.Abs(g.Value-fractions[c.toks[i].Fold]) < 0.5 })
	case w&cueSome != 0 && (nextDigit || lang.IsNumber(next)):
		return true // "some 6,000"
	case w&cueMost != 0 && (c.toks[i].Fold == "most") && e.source.has(cueTop):
		return true
	}
	return false
}

// conditions after "only" say when, not what alone.
var conditions = set(`after before if when once unless si cuando tras despues antes`)

// ---- support

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
			if strings.ContainsAny(gap, ".;!?\n") || strings.Contains(gap, ",") && joiners[t.Fold] {
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
		if slight[t.Fold] || moreUnits[t.Fold] != "" || w.inside || w.cue&(attributed|unreal|quantities|bounds|cueDone|cueNot|cueDeny) != 0 {
			if len(e.links.to[i]) > 0 {
				run = 0
			}
			continue
		}
		partTotal++
		if w.name > 0 || w.pairs != nil && len(e.links.to[i]) == 0 && !e.antonymThere(i) {
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
