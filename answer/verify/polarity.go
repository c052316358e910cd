package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// checkPolarity compares what claim and source deny, and looks for antonyms.
func (e *evidence) checkPolarity(v *Verdict) {
	c, s := e.claim, e.source
	denies := s.cued(cueNot|cueDeny|cueNone) || slices.ContainsFunc(s.words, func(w word) bool { return w.un || wanting.Has(w.means.stem) })
	for i := range c.words {
		if why := e.wrongDenial(i, denies); why != "" {
			v.fail("polarity", why)
			return
		}
	}
	for i := range c.words {
		if why := e.wrongAffirmation(i); why != "" {
			v.fail("polarity", why)
			return
		}
	}
	e.checkAntonyms(v)
	e.checkUntold(v)
	e.checkSilence(v)
	e.checkTwiceDenied(v)
	e.checkNotLacking(v)
	e.checkDeniedFigures(v)
	e.checkChanges(v)
	e.checkOpposed(v)
	for _, i := range e.unborne() {
		if c.words[i].not == 0 && c.words[i].deny == 0 && !c.words[i].light() && (i+1 == len(c.words) || c.words[i+1].cue&cueNot == 0) {
			if j := e.contradicted(i); j >= 0 {
				v.fail("polarity", c.show(i, i)+", where the source says "+s.show(j, j))
				return
			}
		}
	}
}

// wrongDenial says what is wrong with the denial at token i of the claim: what the claim denies must be denied in the source,
// or be the antonym of what stands there; "" when nothing is, or none begins there.
func (e *evidence) wrongDenial(i int, denies bool) string {
	c, s := e.claim, e.source
	w := &c.words[i]
	if w.cue&(cueNot|cueDeny) == 0 ||
		w.cue&cueNot != 0 && i+1 < len(c.words) && (c.words[i+1].cue&cueOnly != 0 || c.toks[i+1].Fold == "just") {
		return ""
	}
	if w.cue&cueNot == 0 && lacks.Has(c.toks[i].Fold) || c.toks[i].Fold == "jamas" && (c.cued(cueTop|cueOver) || c.hasWord("mas", "menos")) {
		return ""
	}
	if w.cue&cueNot != 0 && c.conditional(i) && s.hasWord("unless", "menos", "salvo") {
		return "" // "if … not", "unless"
	}
	if w.cue&cueNot != 0 && c.rulesOut(i) && e.refused() {
		return c.show(i, i+1) + ", which the source does"
	}
	if w.cue&cueNot != 0 && c.rulesOut(i) || w.cue&cueDeny != 0 && i > 0 && c.words[i-1].cue&cueNot != 0 && c.rulesOut(i-1) {
		return "" // "did not rule out" leaves open
	}
	if w.cue&cueNot != 0 && s.cued(cueTop) &&
		slices.ContainsFunc(c.toks[i:min(i+5, len(c.toks))], func(t lang.Token) bool { return soMany.Has(t.Fold) }) {
		return "" // "never had there been so many": a record
	}
	if w.cue&cueNot != 0 && s.cued(cueFirst) &&
		slices.ContainsFunc(c.toks[i+1:min(i+3, len(c.toks))], func(t lang.Token) bool {
			return t.Fold == "other" || t.Fold == "otro" || t.Fold == "otra"
		}) {
		return "" // "no other country had done so": the first
	}
	if w.cue&cueNot != 0 && s.cued(cueFirst) && (c.lasted() && s.lasted() || c.since(i) && s.hasWord("since", "desde")) {
		c.lift(i)
		return "" // "had had no such president for seventy years" for "the first in seventy years"
	}
	if w.cue&cueNot != 0 && (setsOff.Has(c.toks[i].Fold) && c.figureAfter(i) || s.cued(cueUnder|cueOver) && c.notEven(i)) ||
		c.dismissesAs(i) || c.noLonger(i) && s.stops() {
		return "" // "1,000 instead of 600" for "from 600 to 1,000"; "not even a third" for "less than a third"; "no longer" for "stopped"
	}
	if w.cue&cueNot != 0 && (c.notUntil(i) && s.hasWord("after", "once", "until", "since", "tras", "hasta", "cuando", "when") ||
		c.notAll(min(i+1, len(c.words)-1)) && s.deniesAll()) {
		return "" // "did not open until it was paid" for "opened only after it was paid"; "not all"
	}
	if w.cue&cueNot != 0 && (c.nothingBut(i) && s.cued(cueOnly) || c.saysNo(i)) {
		return ""
	}
	if !denies && !e.opposedAfter(i) {
		if w.cue&cueNot == 0 && (len(e.links.to[i]) > 0 || s.stops()) {
			return "" // the same there, without a word of denying
		}
		return e.claim.show(i, i) + ", which the source does not say"
	}
	if w.cue&cueNot == 0 {
		if e.deniesAlone(i) {
			return "the source does not deny what " + c.show(i, i) + " does"
		}
		return ""
	}
	if f := c.toks[i].Fold; f == "ni" || f == "nor" || f == "tampoco" || f == "neither" && denies {
		return "" // goes on with a negation before it
	}
	if _, untold := c.details(); untold >= i && untold <= i+3 {
		if _, there := s.details(); there >= 0 {
			return "" // neither tells
		}
	}
	if bad := e.wronglyDenied(i); bad >= 0 && (len(e.links.to[bad]) > 0 || s.cued(cueNot|cueDeny|cueNone)) {
		return "the source does not deny " + c.show(bad, bad)
	}
	return ""
}

// wrongAffirmation says what is wrong with affirming token i of the claim: what the source denies must not be affirmed; "" when
// nothing is.
func (e *evidence) wrongAffirmation(i int) string {
	c, s := e.claim, e.source
	w := &c.words[i]
	if direct := e.links.direct[i]; w.un && len(direct) > 0 &&
		!slices.ContainsFunc(direct, func(j int) bool { return s.words[j].un || s.words[j].negative() }) {
		return c.show(i, i) + ", where the source says " + s.show(direct[0], direct[0])
	}
	if w.cue&cueDeny != 0 && w.cue&cueNot == 0 && w.not == 0 && len(e.links.direct[i]) > 0 {
		if !slices.ContainsFunc(e.links.direct[i], func(j int) bool { return s.words[j].not == 0 }) {
			return "the source denies " + c.show(i, i)
		}
	}
	if !w.content && !c.described(i) || w.not > 0 || w.deny > 0 || w.cue&(cueNot|cueDeny) != 0 ||
		len(e.links.to[i]) == 0 || slight.Has(c.toks[i].Fold) || deems.Has(w.means.stem) {
		return ""
	}
	negated, plain := 0, 0
	to := e.links.to[i]
	if len(e.links.direct[i]) > 0 {
		to = e.links.direct[i]
	}
	for _, j := range to {
		u := &s.words[j]
		if len(e.links.direct[i]) == 0 && (e.takenAsIs(i, j) || w.cue&attributed != 0 && !answers.Has(s.words[j].means.stem)) {
			plain++ // another word of the claim stands for it
			continue
		}
		if u.un && !slices.Contains(e.links.direct[i], j) {
			plain++ // "illegal" for "unauthorised"
			continue
		}
		switch {
		case u.not != 1 && u.deny != 1 && !u.instead && s.adjunct(j), // "nobody was hurt in the fire" denies no fire
			u.contrast && !u.instead && w.under != 0, // "a proposal, not a decision"
			u.instead && c.hasWord("whereas", "compared", "versus", "frente", "mientras", "now", "ahora", "current", "actual"):
			plain++
		case u.not > 0 && (u.not <= 2 || u.instead) || u.deny > 0 && u.deny <= 3:
			if e.headUnsaid(j) || e.likewise(i, j) {
				plain++ // what is denied of it is not said of it
				continue
			}
			negated++
		default:
			plain++
		}
	}
	if negated == 0 || plain > 0 || c.deniesNear(i) || e.reversed(i) || w.cue&(unreal|attributed) != 0 && e.handedOn(i) {
		return ""
	}
	return "the source denies " + c.show(i, i)
}

// headUnsaid reports whether what the denial over token j of the source is of is another word than j, and one that the claim
// does not say: "would not raise tariffs" denies no tariffs, and "not seriously hurt" no injuries.
func (e *evidence) headUnsaid(j int) bool {
	if u := &e.source.words[j]; u.elliptic || u.contrast {
		return false
	}
	h := e.source.deniedHead(j)
	return h >= 0 && h != j && !e.affirms(h)
}

// likewise reports whether the source has another word for token j under the cues that cover token i of the claim, and denies
// it not: "recommended raising it" for "would not raise it, although an increase was recommended".
func (e *evidence) likewise(i, j int) bool {
	under := e.claim.words[i].under
	return under != 0 && slices.ContainsFunc(e.source.words, func(u word) bool {
		return u.under&under != 0 && !u.negative() && u.content &&
			slices.ContainsFunc(e.source.words[j].kin, func(k uint16) bool { return slices.Contains(u.kin, k) })
	})
}

// affirms reports whether a word of the claim that no denial covers says token j of the source.
func (e *evidence) affirms(j int) bool {
	for k := range e.links.to {
		if has(e.links.to[k], j) && !e.claim.words[k].negative() && !e.likewise(k, j) {
			return true
		}
	}
	return false
}

// declinesAlike reports whether token i declines or fails to do what the source denies was done: "declined to confirm" for
// "would not confirm".
func (e *evidence) declinesAlike(i int) bool {
	c := e.claim
	if c.words[i].cue&cueDeny == 0 || c.words[i].not > 0 {
		return false
	}
	for k := i + 1; k < len(c.words) && k <= i+3 && c.words[k].sentence == c.words[i].sentence; k++ {
		if c.verblike(k) {
			return slices.ContainsFunc(e.links.to[k], func(j int) bool { return e.source.words[j].negative() })
		}
	}
	return false
}

// leftOut reports whether what the negation at token i keeps from something is excluded, barred or spared in the source: "does
// not apply in the parks" for "excludes the parks".
func (e *evidence) leftOut(i int) bool {
	c, s := e.claim, e.source
	for k := i + 1; k < len(c.words) && k <= i+8 && c.words[k].sentence == c.words[i].sentence && c.words[k].clause == c.words[i].clause; k++ {
		if !c.words[k].content && c.words[k].name == 0 {
			continue
		}
		for _, j := range e.links.to[k] {
			for d := j - 1; s.words[j].deny > 0 && s.words[j].deny <= 3 && d >= 0 && d >= j-6; d-- {
				if s.words[d].cue&cueDeny != 0 && s.words[d].not == 0 &&
					beginsWith(s.toks[d].Fold, "exclu", "exempt", "exent", "eximi", "bar", "spar") {
					return true
				}
			}
		}
	}
	return false
}

// handedOn reports whether what token i says to be expected or said is the contrary of something that the source denies:
// "expected to miss the summit" for "not expected to attend the summit".
func (e *evidence) handedOn(i int) bool {
	c := e.claim
	for k := i + 1; k < len(c.words) && k <= i+4 && c.words[k].clause == c.words[i].clause; k++ {
		for _, p := range c.words[k].pairs {
			if slices.ContainsFunc(e.source.words, func(u word) bool { return u.not > 0 && slices.Contains(u.pairs, -p) }) {
				return true
			}
		}
	}
	return false
}

// checkUntold looks for details that the claim says are given and the source says are not: "and said when" for
// "without saying when".
func (e *evidence) checkUntold(v *Verdict) {
	mine, _ := e.claim.details()
	if mine < 0 {
		return
	}
	if told, untold := e.source.details(); untold >= 0 && told < 0 {
		v.fail("polarity", e.claim.show(mine, mine)+", which the source says is not told")
	}
}

// reveals are stems of verbs of telling; particulars are what they tell.
var (
	reveals = lang.SetOf(`say said tell told give gave specifi detail explain state name provid reveal disclos mention announc indic clear
		clarif elucid divulg
		dec dijo dijeron dijera diciendo dic dar dio precis especific detall explic revel mencion anunci concret aclar desvel divulg facilit`)
	spellsOut   = lang.SetOf(`specifi detall precis especific`) // whatever comes after them
	particulars = lang.SetOf(`if si when where what which who how why whether details detail number numbers figure figures date dates baseline
		specifics particulars names cuando cuanto cuanta cuantos cuantas donde cual cuales como quien quienes detalle detalles cifra cifras
		fecha fechas numero numeros plazo plazos`)
)

// checkSilence looks for an answer in the claim where the source says that there was none: "the mayor confirmed it" for "the
// mayor did not reply".
func (e *evidence) checkSilence(v *Verdict) {
	c, s := e.claim, e.source
	silent := slices.IndexFunc(s.words, func(u word) bool { return answers.Has(u.means.stem) && u.negative() && u.name == 0 })
	if silent < 0 {
		return
	}
	for i := range c.words {
		if w := &c.words[i]; settles.Has(w.means.stem) && c.verbal(i) && w.not == 0 && w.deny == 0 && len(e.links.direct[i]) == 0 &&
			!slices.ContainsFunc(e.links.to[i], func(j int) bool { return s.verbal(j) && !s.words[j].negative() }) {
			v.fail("polarity", c.show(i, i)+", where the source has no "+s.show(silent, silent))
			return
		}
	}
}

// answers are stems of what one does who answers; settles those of what an answer is that says yes or no.
var (
	answers = lang.SetOf(`repli respond answer comment respons contest coment`)
	settles = lang.SetOf(`confirm deni admit acknowledg answer repli respond agre contest neg neg confirm admit reconoc desmint desment`)
)

// checkTwiceDenied looks for what the claim denies to be denied, and the source denies: "voted not to turn the boats away" for
// "voted not to land the boats".
func (e *evidence) checkTwiceDenied(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		if w.cue&cueNot == 0 || w.inside || c.rulesOut(i) {
			continue
		}
		again := -1
		for k := i + 1; k < len(c.words) && k <= i+9 && c.words[k].sentence == w.sentence && c.words[k].clause == w.clause && again < 0; k++ {
			if turns.Has(c.toks[k].Fold) {
				break
			}
			if c.shuns(k) {
				again = k
			}
		}
		if again < 0 || s.deniesTwice() {
			continue
		}
		said, denied := -1, false
		for k := i + 1; k < len(c.words) && c.words[k].sentence == w.sentence && c.words[k].clause == w.clause; k++ {
			if !c.words[k].content && c.words[k].name == 0 || k == again || slight.Has(c.toks[k].Fold) {
				continue
			}
			for _, j := range e.links.to[k] {
				u := &s.words[j]
				denied = denied || u.not > 0 && !u.contrast && !u.elliptic || u.deny > 0 && u.deny <= 2
			}
			if said < 0 && len(e.links.to[k]) > 0 {
				said = k
			}
		}
		if denied {
			v.fail("polarity", "the source denies "+c.show(said, said))
			return
		}
	}
}

// countedAs reports whether one of the words after a figure of the claim is token x of the source.
func (e *evidence) countedAs(f figure, x int) bool {
	c, s := e.claim, e.source
	for k := f.last + 1; k < len(c.words) && k <= f.last+4; k++ {
		if c.words[k].cue&(cueNot|cueDeny) != 0 {
			return false
		}
		if slices.ContainsFunc(e.links.to[k], func(j int) bool { return j == x || s.words[j].name > 0 && s.words[j].name == s.words[x].name }) ||
			c.words[k].name > 0 && s.words[x].name > 0 && c.names[c.words[k].name-1].id == s.names[s.words[x].name-1].id {
			return true
		}
	}
	return false
}

// checkNotLacking looks for a lack that the claim denies and the source has: "were not away" for "were away", "had not run
// out of money" for "had run out of money".
func (e *evidence) checkNotLacking(v *Verdict) {
	c, s := e.claim, e.source
	without := func(st *statement, i int) bool {
		return lacks.Has(st.toks[i].Fold) || st.toks[i].Fold == "away" ||
			st.words[i].cue&cueDeny != 0 && st.words[i].cue&cueNot == 0 && st.toks[i].Fold == "run"
	}
	for i := range c.words {
		if !without(c, i) || !c.justDenied(i) {
			continue
		}
		same, other := false, false
		for j := range s.words {
			if without(s, j) {
				denied := s.words[j].not > 0 || s.justDenied(j)
				same, other = same || denied, other || !denied
			}
		}
		if other && !same {
			v.fail("polarity", "the source does not deny "+c.show(i, i))
			return
		}
	}
}

// justDenied reports whether one of the three words before token i denies.
func (s *statement) justDenied(i int) bool {
	for k := max(0, i-3); k < i; k++ {
		if s.words[k].cue&cueNot != 0 && !s.words[k].inside {
			return true
		}
	}
	return false
}

// checkDeniedFigures looks for a number of which the source denies that it was reached, in a claim that denies nothing:
// "have covered the 1,000 miles" for "no caravan has ever walked the 1,000 miles".
func (e *evidence) checkDeniedFigures(v *Verdict) {
	c, s := e.claim, e.source
	if c.cued(cueNot | cueDeny | cueNone | cueOnly | cueFew | cueUnder) {
		return
	}
	theirs := s.figures()
	for _, f := range c.figures() {
		k := one(f, theirs)
		if k < 0 || f.Year {
			continue
		}
		if x := s.notOf(theirs[k]); x >= 0 && e.countedAs(f, x) {
			v.fail("polarity", "the source denies "+c.show(f.first, f.last)+" "+s.show(x, x))
			return
		}
		for d := theirs[k].first - 1; d >= 0 && s.words[d].sentence == s.words[theirs[k].first].sentence &&
			s.words[d].clause == s.words[theirs[k].first].clause; d-- {
			if s.words[d].cue&(cueNot|cueNone) != 0 && !s.words[d].inside && s.words[d].cue&(bounds|cueEven) == 0 &&
				s.toks[d].Fold != "without" && s.toks[d].Fold != "sin" {
				v.fail("polarity", "the source denies "+c.show(f.first, f.last))
				return
			}
		}
	}
}

// checkChanges holds a change by a number to the direction that the source gives it: "up 77 percent" for "77 percent
// fewer".
func (e *evidence) checkChanges(v *Verdict) {
	grown := verifyWords().grown
	way := func(s *statement, f figure) int {
		for _, k := range [...]int{f.first - 1, f.first - 2, f.last + 1, f.last + 2, f.last + 3, f.first - 3} {
			if k < 0 || k >= len(s.words) || s.words[k].sentence != s.words[f.first].sentence || s.words[k].cue&bounds != 0 && k < f.first {
				continue
			}
			switch f := s.toks[k].Fold; {
			case slices.Contains(s.words[k].pairs, grown), f == "up":
				return 1
			case slices.Contains(s.words[k].pairs, -grown), f == "down":
				return -1
			}
		}
		return 0
	}
	if i, f, g := e.claim.wrongWay(); i >= 0 {
		v.fail("polarity", e.claim.show(i, i)+" from "+e.claim.show(f.first, f.last)+" to "+e.claim.show(g.first, g.last))
		return
	}
	theirs := e.source.figures()
	for _, f := range e.claim.figures() {
		k := one(f, theirs)
		if k < 0 || f.unit != "%" {
			continue
		}
		if a, b := way(e.claim, f), way(e.source, theirs[k]); a*b < 0 {
			v.fail("polarity", e.claim.show(f.first, f.last)+" in the other direction")
			return
		}
	}
}

// wrongWay returns a verb of growing or shrinking, and two figures that it joins by "from" and "to", the second of which
// is not greater, or not less.
func (s *statement) wrongWay() (int, figure, figure) {
	grown := verifyWords().grown
	list := s.figures()
	for x := 0; x+1 < len(list); x++ {
		f, g := list[x], list[x+1]
		if f.first == 0 || g.unit != f.unit && f.unit != "" || f.Value == g.Value || f.Year || g.Year {
			continue
		}
		from := s.toks[f.first-1].Fold
		if from != "from" && from != "de" && from != "desde" {
			continue
		}
		to := false
		for k := f.last + 1; k < g.first; k++ {
			t := s.toks[k].Fold
			to = to || t == "to" || t == "a" || t == "hasta"
		}
		if !to || g.first-f.last > 8 {
			continue
		}
		for k := f.first - 2; k >= 0 && k >= f.first-9 && s.words[k].sentence == s.words[f.first].sentence; k-- {
			up, down := slices.Contains(s.words[k].pairs, grown), slices.Contains(s.words[k].pairs, -grown)
			if !s.verbal(k) || up == down || s.words[k].not > 0 {
				continue
			}
			if up && g.Value < f.Value || down && g.Value > f.Value {
				return k, f, g
			}
			break
		}
	}
	return -1, figure{}, figure{}
}

// checkOpposed looks for a denial of the source that nothing of the claim answers, though the claim speaks of what is
// denied: "the rest rolls over too" for "none carry over".
func (e *evidence) checkOpposed(v *Verdict) {
	c, s := e.claim, e.source
	if c.cued(cueNot | cueDeny | cueNone | cueOnly | cueFew) {
		return
	}
	for i := range c.words {
		if f := c.toks[i].Fold; denying(f) || lacks.Has(f) || atLoss.Has(f) || c.takesAway(i) || f == "against" || f == "contra" {
			return
		}
	}
	from := func(j int) int {
		for i := range e.links.to {
			if slices.Contains(e.links.to[i], j) && !slight.Has(c.toks[i].Fold) {
				return i
			}
		}
		return -1
	}
	for j := range s.words {
		if s.words[j].cue&(cueNot|cueNone) == 0 || s.words[j].inside || vague.Has(s.toks[j].Fold) || s.twice(j) {
			continue
		}
		n, said, first := 0, 0, -1
		for k := j + 1; k < len(s.words) && n < 4 && s.words[k].sentence == s.words[j].sentence && s.words[k].clause == s.words[j].clause; k++ {
			u := &s.words[k]
			if u.not == 0 || u.contrast || !u.content && u.name == 0 || u.inside || slight.Has(s.toks[k].Fold) {
				continue
			}
			n++
			i := from(k)
			if i < 0 || e.reversed(i) || e.handedOn(i) {
				continue
			}
			plain := e.headUnsaid(k) || slices.ContainsFunc(e.links.to[i], func(m int) bool { return !s.words[m].negative() })
			if !plain {
				said++
				if first < 0 {
					first = i
				}
			}
		}
		if said >= 2 && 2*said >= n {
			v.fail("polarity", "the source denies "+c.show(first, first))
			return
		}
	}
}

// described reports whether token i is of those who act but are not named: "permanent residents".
func (s *statement) described(i int) bool { n := s.words[i].name; return n > 0 && !s.names[n-1].named }

// deniesAlone reports whether a verb of denying in the claim has words after it that the source has, and
// says without any denial.
func (e *evidence) deniesAlone(i int) bool {
	c, s := e.claim, e.source
	if c.words[i].inside || !c.verbal(i) || len(e.links.to[i]) > 0 || lacks.Has(c.toks[i].Fold) {
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

// refused reports whether the source has a refusal, and nothing that leaves open.
func (e *evidence) refused() bool {
	s := e.source
	found := false
	for i := range s.words {
		if s.words[i].cue&cueNot != 0 && s.rulesOut(i) || s.words[i].cue&cueMay != 0 {
			return false
		}
		found = found || s.words[i].cue&cueDeny != 0 && s.verbal(i) && s.words[i].not == 0
	}
	return found
}

// deniesIn reports whether a sentence has a negation.
func (s *statement) deniesIn(sentence int) bool {
	for i := range s.words {
		if s.words[i].sentence == sentence && s.words[i].cue&(cueNot|cueDeny|cueNone) != 0 && s.toks[i].Fold != "outside" &&
			s.toks[i].Fold != "fuera" && s.toks[i].Fold != "non" && !s.prefixed(i) &&
			!(s.lang == lang.Spanish && s.toks[i].Fold == "no" && i+1 < len(s.toks) && participle(s.toks[i+1].Fold)) {
			return true
		}
	}
	return false
}

// deniesNear reports whether a sentence has a negation that may be about token i: none that another verb, joined by
// "and", stands between.
func (s *statement) deniesNear(i int) bool {
	for k := range s.words {
		f := s.toks[k].Fold
		if s.words[k].sentence == s.words[i].sentence && k != i &&
			(atLoss.Has(f) || k < i && k >= i-6 && s.words[k].clause == s.words[i].clause && (f == "against" || f == "contra" || s.takesAway(k))) {
			return true
		}
	}
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
			apart = apart || f == "but" || f == "pero" ||
				turns.Has(f) && s.comma(d) || (f == "and" || f == "y") && d+1 < len(s.toks) && s.words[d+1].cue&attributed != 0 && s.verbal(d+1)
		}
		if !apart {
			return true
		}
	}
	return false
}

// opposedAfter reports whether a word just after token i is the antonym of one in the source.
func (e *evidence) opposedAfter(i int) bool {
	for k := i + 1; k < len(e.claim.words) && k <= i+6; k++ {
		if len(e.links.direct[k]) == 0 && e.opposed(k) {
			return true
		}
	}
	return false
}

// opposed reports whether token k is the antonym of a word in the source that is said of the same: "fell" where the
// source has "rose".
func (e *evidence) opposed(k int) bool {
	for _, p := range e.claim.words[k].pairs {
		found := false
		for j := range e.source.words {
			if pairs := e.source.words[j].pairs; len(pairs) > 0 && e.together(k, j) {
				if slices.Contains(pairs, p) {
					found = false
					break
				}
				found = found || slices.Contains(pairs, -p)
			}
		}
		if found {
			return true
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

// deniedThere reports whether the source denies what token k says by a word of its own: not by a noun beside a verb that it
// affirms ("wanted it; a wish, not a deal"), nor by "according to".
func (e *evidence) deniedThere(k int) bool {
	s := e.source
	denied, noun, verb := false, false, false
	for _, j := range e.links.direct[k] {
		switch f := s.toks[j].Fold; {
		case f == "according" || f == "segun":
		case !s.words[j].negative():
			verb = verb || s.verbal(j)
		case s.verbal(j):
			denied = true
		default:
			noun = true
		}
	}
	return denied || noun && !(verb && e.claim.verbal(k))
}

// wronglyDenied returns a word that the negation at token i covers and that the source affirms, or -1.
func (e *evidence) wronglyDenied(i int) int {
	c, s := e.claim, e.source
	bad, first, kin := -1, -1, false
	if f := c.toks[i].Fold; i+1 < len(c.toks) &&
		(determiners.Has(f) && (f != "no" || c.lang != lang.Spanish) || c.words[min(i+1, len(c.words)-1)].cue&attributed != 0) {
		for j := range s.toks {
			if vague.Has(s.toks[j].Fold) && s.toks[j].Fold != "unnamed" {
				return -1 // "without specifying them", "unspecified"
			}
		}
	}
	if f := c.toks[i].Fold; (f == "no" || f == "not") && i+1 < len(c.toks) && (strings.HasSuffix(c.toks[i+1].Fold, "ed") ||
		strings.HasSuffix(strings.TrimSuffix(c.toks[i+1].Fold, "s"), "ado") ||
		strings.HasSuffix(strings.TrimSuffix(c.toks[i+1].Fold, "s"), "ada")) {
		for j := range s.toks {
			if f := s.toks[j].Fold; len(f) > 6 && strings.HasPrefix(f, "un") && strings.HasSuffix(f, "ed") {
				return -1 // "menores no acompañados", "unaccompanied"
			}
		}
	}
	if k := e.unsaid(i); k >= 0 {
		return k
	}
	twice := i+1 < len(c.words) && c.words[i+1].cue&cueDeny != 0 // "not exempt"
	for k := i - 1; k >= 0 && !twice && c.words[k].sentence == c.words[i].sentence && c.words[k].clause == c.words[i].clause; k-- {
		if (c.words[k].content || c.described(k)) && slices.ContainsFunc(e.links.to[k], func(j int) bool { return s.words[j].elliptic }) {
			return -1 // "guests may not board" for "guests do not"
		}
	}
	if e.parallel(i) || !twice && (e.leftOut(i) || e.sameDenial(i)) {
		return -1
	}
	for k, seen := i+1, 0; k < len(c.words) && c.words[k].sentence == c.words[i].sentence && seen < 3; k++ {
		w := &c.words[k]
		if w.cue&attributed != 0 && c.comma(k) || w.cue&cueNot != 0 && setsOff.Has(c.toks[k].Fold) {
			break // "will not do, say builders", "no reason to stay instead of going"
		}
		if w.not > 0 && w.cue&attributed == 0 && len(e.links.direct[k]) == 0 && slight.Has(c.toks[k].Fold) &&
			slices.ContainsFunc(e.links.to[k], func(j int) bool { return s.words[j].negative() }) {
			return -1 // "has not made up its mind" for "has yet to decide"
		}
		if w.inside || w.not == 0 || !w.content && w.name == 0 && w.cue&(attributed|cueDone|cueVow) == 0 ||
			slight.Has(c.toks[k].Fold) && w.cue&attributed == 0 {
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
		if seen == 1 && len(e.links.direct[k]) == 0 && (c.verbal(k) && e.failedTo(k) ||
			(len(e.links.to[k]) == 0 || c.verbal(k)) && e.onContrary(k)) {
			return -1 // "did not pass" for "failed"
		}
		if e.deniedThere(k) {
			return -1
		}
		if slices.ContainsFunc(e.links.to[k], func(j int) bool { return s.words[j].negative() }) {
			if c.lang != s.lang || c.verblike(k) || k+1 >= len(c.words) || c.words[k+1].not == 0 || !c.words[k+1].content || seen > 1 {
				return -1
			}
			kin = true // a noun that stands before another, "no repayment clause", tells less than that
			continue
		}
		if slices.ContainsFunc(e.links.to[k], e.unFound) {
			return -1 // "have no right to asylum" for "are ineligible for asylum"
		}
		if w.cue&cueWish != 0 && e.wantedThere(i, k) {
			continue // "did not want to stop" for "would not stop"
		}
		if class := w.cue & (attributed | cueOffer | cueAsk | cueVow | cueWish | cueDone | cueDeny | cueThreat); class != 0 {
			// Saying, proposing, promising, refusing: one that the source has is as good as another.
			denied, plain := e.classed(k, class)
			if class&cueDeny != 0 && k <= i+2 && !denied {
				return k // "did not deny"
			}
			if plain || class&attributed != 0 && !denied && k == i+1 && !determiners.Has(c.toks[i].Fold) ||
				class&attributed != 0 && c.toks[i].Fold == "no" && k == i+1 && !denied {
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
		if len(e.links.direct[k]) > 0 || c.lang != s.lang {
			if determiners.Has(c.toks[i].Fold) && (!c.verbal(k) || s.hasWord("none", "ninguno", "ninguna")) {
				bad = k // "no caravan had walked": the verb tells
				continue
			}
			return k
		}
	}
	if determiners.Has(c.toks[i].Fold) && s.hasWord("none", "nobody", "ninguno", "ninguna", "nadie") {
		return -1
	}
	if bad < 0 && first >= 0 && !kin && !e.freeNegation() {
		return first
	}
	return bad
}

// sameDenial reports whether the verb that the negation at token i is of is in no way in the source, while what it is said of is
// denied something there: "the pumps were not looked after" for "no one maintained the pumps".
func (e *evidence) sameDenial(i int) bool {
	c, s := e.claim, e.source
	verb := -1
	for k := i + 1; k < len(c.words) && k <= i+4 && verb < 0 && c.words[k].clause == c.words[i].clause; k++ {
		if w := &c.words[k]; w.content && !w.inside && !endsIn(c.toks[k].Fold, "ly", "mente") && !auxiliaries.Has(c.toks[k].Fold) {
			verb = k
		}
	}
	if verb < 0 || len(e.links.to[verb]) > 0 || determiners.Has(c.toks[i].Fold) && (c.toks[i].Fold != "no" || c.lang != lang.Spanish) &&
		c.toks[verb].Fold != "longer" {
		return false
	}
	for k := max(0, i-6); k < len(c.words) && k <= i+6; k++ {
		if w := &c.words[k]; w.clause != c.words[i].clause || w.sentence != c.words[i].sentence || !w.content && !c.described(k) ||
			slight.Has(c.toks[k].Fold) {
			continue
		}
		for _, j := range e.links.to[k] {
			if u := &s.words[j]; u.not > 0 && u.not <= 3 && !u.contrast && !u.instead || u.deny == 1 || s.deniedAfter(j) {
				return true
			}
		}
	}
	return false
}

// wantedThere reports whether a verb that the wish at token k is of, which the negation at token i denies, is denied in the source
// too.
func (e *evidence) wantedThere(i, k int) bool {
	c, s := e.claim, e.source
	for n, m := 0, k+1; m < len(c.words) && n < 4 && c.words[m].sentence == c.words[i].sentence; m++ {
		if !c.words[m].content {
			continue
		}
		n++
		if slices.ContainsFunc(e.links.to[m], func(j int) bool { return s.words[j].negative() }) {
			return true
		}
	}
	return false
}

// unsaid returns the word just after the negation at token i when it is one of saying, asking, agreeing and the like, and
// the source has such a word, of the same, that nothing denies: "did not say" where somebody said. Else -1.
func (e *evidence) unsaid(i int) int {
	c := e.claim
	for k := i + 1; k < len(c.words) && k <= i+2; k++ {
		w := &c.words[k]
		class := w.cue & (attributed | cueOffer | cueAsk | cueVow | cueDone | cueThreat)
		if class == 0 || w.inside || w.cue&cueDeny != 0 || !c.verblike(k) && k > i+1 {
			continue
		}
		if denied, plain := e.classed(k, class); plain && !denied {
			return k
		}
		if class&attributed != 0 && k == i+1 && e.source.hasWord("according", "segun") && !e.source.cued(cueNot|cueDeny) {
			return k
		}
		break
	}
	return -1
}

// parallel reports whether the negation at token i follows a verb in the claim as one follows the same verb in the source:
// "frozen and never carried out" for "frozen and never released".
func (e *evidence) parallel(i int) bool {
	c, s := e.claim, e.source
	if i < 2 || c.toks[i-1].Fold != "and" && c.toks[i-1].Fold != "y" && c.toks[i-1].Fold != "but" && c.toks[i-1].Fold != "pero" ||
		!c.verbal(i-2) {
		return false
	}
	for j := 2; j < len(s.words); j++ {
		if s.words[j].cue&cueNot != 0 && turns.Has(s.toks[j-1].Fold) && has(e.links.to[i-2], j-2) {
			return true
		}
	}
	return false
}

// onContrary reports whether the source has an opposite of token k, and nothing on its own side: "keep open" where the claim
// says "not close". The plain opposites are asked before the scales.
func (e *evidence) onContrary(k int) bool {
	return e.contraryOn(k, false) || len(e.links.to[k]) == 0 && e.contraryOn(k, true)
}

// contraryOn is onContrary of the opposites that are scales, or of those that are none.
func (e *evidence) contraryOn(k int, scales bool) bool {
	found := false
	for _, p := range e.claim.words[k].pairs {
		if (max(p, -p) >= verifyWords().scales) != scales {
			continue
		}
		for j := range e.source.words {
			if pairs := e.source.words[j].pairs; slices.Contains(pairs, p) {
				return false
			} else if slices.Contains(pairs, -p) && e.source.words[j].not == 0 && e.together(k, j) {
				found = true
			}
		}
	}
	return found
}

// failedTo reports whether the source has a verb of failing or refusing that is the contrary of the verb at token k:
// "failed" where the claim says "did not pass".
func (e *evidence) failedTo(k int) bool {
	for j := range e.source.words {
		u := &e.source.words[j]
		if u.cue&cueDeny != 0 && u.cue&cueNot == 0 && e.source.verbal(j) &&
			verifyWords().compare(e.claim.words[k].kin, u.kin) < 0 && e.together(k, j) {
			return true
		}
	}
	return false
}

// unFound reports whether close before token j of the source stands a word with a prefix that denies, which no word of
// the claim is a form of.
func (e *evidence) unFound(j int) bool {
	s := e.source
	for d := max(0, j-4); d < j; d++ {
		if s.words[d].sentence == s.words[j].sentence && denying(s.toks[d].Fold) &&
			!slices.ContainsFunc(e.links.to, func(list []int) bool { return slices.Contains(list, d) }) {
			return true
		}
	}
	return false
}

// classed reports whether a word with the cues stands in the source, said of the same as token k, under a
// negation, and whether one does without.
func (e *evidence) classed(k int, class cue) (denied, plain bool) {
	for j := range e.source.words {
		u := &e.source.words[j]
		if u.cue&class == 0 || u.inside || !e.together(k, j) || e.source.toks[j].Fold == "according" || e.source.toks[j].Fold == "segun" {
			continue
		}
		if u.negative() {
			denied = true
		} else {
			plain = true
		}
	}
	return denied, plain
}

// checkAntonyms looks for words of the claim whose antonym stands in the source while they themselves do not: "the
// bridge opened" for "the bridge closed".
func (e *evidence) checkAntonyms(v *Verdict) {
	c, s := e.claim, e.source
	sooner, scales := verifyWords().sooner, verifyWords().scales
	for i := range c.words {
		w := &c.words[i]
		if w.pairs != nil && (e.declinesAlike(i) || c.partOfTime(i) || i > 0 && beginsWith(c.toks[i-1].Fold, "year")) { // "a year-old girl"
			continue
		}
		for _, p := range w.pairs {
			if len(e.links.direct[i]) > 0 {
				continue
			}
			if max(p, -p) >= scales && (w.light() || w.cue&attributed != 0 || e.borne(i, p)) {
				continue
			}
			same, other, against := false, false, false // against: the word itself, which the source denies
			for j := range s.words {
				u := &s.words[j]
				denied := !u.un && (u.not > 0 && u.not <= 2 || u.deny > 0 && u.deny <= 2) && !deems.Has(u.means.stem) && !e.headUnsaid(j)
				for _, q := range u.pairs {
					if (q == p || q == -p) && (!e.together(i, j) ||
						(p == sooner || p == -sooner) && !e.follow(i, j) || q == -p && (e.taken(i, j) || e.heldBy(i, j, q))) {
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
			mine := w.not > 0 && (w.not <= 2 || w.not == 3 && c.madeSo(i)) || w.deny > 0 && w.deny <= 2
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
func (e *evidence) taken(i, j int) bool { return besides(e.links.to, i, j) }

// takenAsIs reports whether token j of the source is the same word as another of the claim than token i.
func (e *evidence) takenAsIs(i, j int) bool { return besides(e.links.direct, i, j) }

// besides reports whether a list other than the one at i has j.
func besides(lists [][]int, i, j int) bool {
	for k, list := range lists {
		if k != i && has(list, j) {
			return true
		}
	}
	return false
}

// heldBy reports whether another word of the claim than token i is on the side of the pair that token j of the source is
// on, and said of the same.
func (e *evidence) heldBy(i, j int, side int16) bool {
	for k := range e.claim.words {
		if k != i && slices.Contains(e.claim.words[k].pairs, side) && e.together(k, j) {
			return true
		}
	}
	return false
}

// together reports whether token i of the claim and token j of the source speak of the same: words near
// the one are linked with words near the other, or a number stands beside both.
func (e *evidence) together(i, j int) bool {
	c, s := e.claim, e.source
	lone := c.lone(i)
	near := func(st *statement, at, k int) bool {
		d := k - at
		return d != 0 && st.words[k].sentence == st.words[at].sentence &&
			(-2 <= d && d <= 2 || -9 <= d && d <= 9 && (st.words[k].clause == st.words[at].clause || lone && st == c))
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
