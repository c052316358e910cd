package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// stages are the cues of words that say how far something has come, each with those of which one must be said of the
// same thing there: what may be might be under discussion or only wished for, but what is promised is more than asked.
var stages = []struct{ is, also cue }{
	{cueMay, cueMay | cueWeigh | cueOffer | cueWish | cueAsk},
	{cueWeigh, cueWeigh | cueMay | cueOffer},
	{cueAsk, cueAsk | cueWish | cueOffer},
	{cueVow, cueVow | cueWill | cueOffer},
	{cueWill, unreal &^ (cueMay | cueWeigh)},
}

// might are the modal verbs that leave open whether something is so; "could" and "can" rather tell who is able or allowed.
var might = lang.SetOf(`may might perhaps possibly possibility podria podrian quiza quizas posibilidad`)

// allowing say that somebody may.
var allowing = lang.SetOf(`allow allows allowed allowing permit permits permitted permission let lets can eligible entitled authorized
		authorised permite permiten permitido`)

// requiring ask without a word of asking.
var requiring = lang.SetOf(`told tell tells require requires required need needs needed should must pidio`)

// stageOf returns those of the stages at which the word at token i, a verb, puts what follows, 0 for any other word.
func (e *evidence) stageOf(i int) cue {
	c, s := e.claim, e.source
	w, f := &c.words[i], c.toks[i].Fold
	if w.inside || w.not > 0 || w.deny > 0 || w.cue&(attributed|cueDone) != 0 && !c.future(i) {
		return 0
	}
	has := func(words *lang.Set) bool {
		return slices.ContainsFunc(s.toks, func(t lang.Token) bool { return words.Has(t.Fold) })
	}
	switch is := w.cue & (cueMay | cueWeigh | cueAsk | cueVow | cueWill); {
	case is == 0, i+1 < len(c.words) && c.words[i+1].cue&cueNot != 0:
		return 0
	case is&cueMay != 0:
		if !might.Has(f) || f == "may" && has(allowing) {
			return 0
		}
		return cueMay
	case is == cueWill && (f == "will" || f == "shall" || c.future(i)):
		return is
	case is == cueWeigh && i+1 < len(c.toks) && asking.Has(c.toks[i+1].Fold):
		return is // "offered to consider whether"
	case is == cueWill, !c.verbal(i), is == cueAsk && (has(requiring) || strings.HasPrefix(f, "solicit") || e.needed(i)),
		strings.HasSuffix(f, "s") && i > 0 && c.words[i-1].content:
		return 0 // among others "the number of asylum requests"
	default:
		return is
	}
}

// needed reports whether the verb at token i is said of a thing, which asks for nothing: "the licence demands two forms".
func (e *evidence) needed(i int) bool {
	c := e.claim
	f, k := c.toks[i].Fold, c.headNoun(i)
	if f != "exige" && f != "exigen" && f != "demands" && f != "demand" || k < 0 || people.Has(c.toks[k].Fold) || groups[c.toks[k].Fold] > 0 {
		return false
	}
	if n := c.words[k].name; n > 0 {
		kind := e.lib.ConceptType(c.names[n-1].id)
		return kind == "visa" || kind == "program"
	}
	return c.words[k].content
}

// asking begin what is not settled.
var asking = lang.SetOf(`whether if si`)

// future reports whether the word at token i is a Spanish verb in the future: "abrirá".
func (s *statement) future(i int) bool {
	return s.lang == lang.Spanish && endsIn(s.text[s.toks[i].Start:s.toks[i].End], "rá", "rán")
}

// otherStage returns a verb of the claim that puts what follows at another stage than everything there that it is
// linked with: "may sign" for "will sign", "promised to pay" for "was asked to pay". It returns -1 when there is none.
func (e *evidence) otherStage() int {
	c, s := e.claim, e.source
	for i := range c.words {
		is := e.stageOf(i)
		if is == 0 {
			continue
		}
		also := cue(0)
		if strings.HasPrefix(c.toks[i].Fold, "call") {
			also = cueWill // what a text calls for, it provides for
		}
		for _, st := range stages {
			if is&st.is != 0 {
				also |= st.also
			}
		}
		if is == cueWill && c.estimated(i) {
			continue
		}
		if is != cueWill && slices.ContainsFunc(e.links.to[i], func(j int) bool { return s.words[j].cue&also != 0 }) {
			continue
		}
		if is == cueWill && e.onlyOpen(i) {
			return i
		}
		wrong, first := 0, i+1
		if is == cueWill && c.future(i) {
			first = i
		}
		for k := first; k < len(c.words) && k <= i+8 && c.words[k].sentence == c.words[i].sentence; k++ {
			if c.words[k].clause > c.words[i].clause+1 || c.words[k].cue&unreal != 0 && !c.words[k].inside && is != cueWeigh && k > i &&
				!(is == cueMay && c.words[k].cue&unreal == cueWill) { // "perhaps will"
				break
			}
			if !c.words[k].content || slight.Has(c.toks[k].Fold) || len(e.links.to[k]) == 0 {
				continue
			}
			if slices.ContainsFunc(e.links.to[k], func(j int) bool { return s.reached(j)&also != 0 && (is != cueWill || !s.open(j)) }) {
				wrong = 0
				break
			}
			if is == cueWill && !slices.ContainsFunc(e.links.to[k], func(j int) bool { return s.reached(j) != 0 || s.verbal(j) }) {
				continue // "takes effect in May"
			}
			wrong++
		}
		if is == cueMay && e.possible(i) {
			continue
		}
		if wrong > 1 || wrong > 0 && (is == cueMay || is == cueWill) && !s.cued(is) {
			return i
		}
	}
	return -1
}

// estimated reports whether what the verb at token i tells is an estimate of what is to come: "calcula que entrarán".
func (s *statement) estimated(i int) bool {
	for k := i - 1; k >= 0 && k >= i-8 && s.words[k].sentence == s.words[i].sentence; k-- {
		if beginsWith(s.toks[k].Fold, "calcul", "estim", "reckon", "forecast", "predict", "predi", "pronostic", "projec", "proyect") {
			return true
		}
	}
	return false
}

// keptOpen reports whether the verb at token d rules something out and is denied: "did not rule out moving the camp".
func (s *statement) keptOpen(d int) bool {
	f := s.toks[d].Fold
	return (beginsWith(f, "descart", "exclu") || beginsWith(f, "rule", "ruling") && d+1 < len(s.toks) && s.toks[d+1].Fold == "out") &&
		(s.words[d].not > 0 || d > 0 && s.words[d-1].cue&cueNot != 0)
}

// possible reports whether something may be in the sentence of the source that what follows token i of the claim is linked
// with: "a ramp (the third) could be what they need".
func (e *evidence) possible(i int) bool {
	c, s := e.claim, e.source
	for d, t := range s.toks {
		if (!might.Has(t.Fold) && t.Fold != "could" || s.words[d].cue&cueMay == 0) && !s.keptOpen(d) {
			continue
		}
		for k := i + 1; k < len(c.words) && c.words[k].sentence == c.words[i].sentence; k++ {
			if c.words[k].content && slices.ContainsFunc(e.links.to[k], func(j int) bool {
				return s.words[j].sentence == s.words[d].sentence && s.words[j].clause <= s.words[d].clause
			}) {
				return true
			}
		}
	}
	return false
}

// undone returns a word of the claim by which something is only planned, wanted or proposed that the source tells as
// done, or -1: "planned to build" for "built".
func (e *evidence) undone() int {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		if w.cue&(cueWill|cueWish|cueOffer|cueWeigh|cueThreat) == 0 || w.cue&(attributed|cueDone) != 0 || w.inside || w.not > 0 || w.deny > 0 ||
			able.Has(c.toks[i].Fold) || i > 0 && determinate.Has(c.toks[i-1].Fold) {
			continue
		}
		for k := i + 1; k < len(c.words) && k <= i+3; k++ {
			if !c.words[k].content || c.words[k].inside {
				continue
			}
			f := c.toks[k].Fold
			infinitive := c.toks[k-1].Fold == "to" ||
				c.lang == lang.Spanish && endsIn(f, "ar", "er", "ir")
			to := slices.DeleteFunc(slices.Clone(e.links.to[k]), func(j int) bool { return !s.verblike(j) })
			if !infinitive && c.verbal(i) && slices.ContainsFunc(e.links.to[k], s.concluded) {
				return i
			}
			if infinitive && len(to) > 0 && !e.intended(i) && !slices.ContainsFunc(to, func(j int) bool {
				return s.words[j].under != 0 || c.words[k].cue&unreal == 0 && s.reached(j) != 0 || s.purpose(j) // "plans to propose"
			}) {
				return i
			}
			break
		}
	}
	return -1
}

// intended reports whether the source has something as planned or wanted too, in a sentence about what the plan or wish at
// token i of the claim is about: "short of the 90 they wanted to reach" of "had planned for 90, and has reached 60".
func (e *evidence) intended(i int) bool {
	c, s := e.claim, e.source
	for j := range s.words {
		if s.words[j].cue&(cueWill|cueWish) == 0 || c.words[i].cue&(cueWill|cueWish) == 0 || s.words[j].inside {
			continue
		}
		for k := max(0, i-4); k <= i+4 && k < len(c.toks); k++ {
			if k != i && (c.words[k].content || c.toks[k].Digit) && slices.ContainsFunc(e.links.to[k], func(m int) bool {
				return s.words[m].clause == s.words[j].clause
			}) {
				return true
			}
		}
	}
	return false
}

// purpose reports whether the verb at token j tells what for something is done: "to hold down wages", "para reducirlos".
func (s *statement) purpose(j int) bool {
	if j == 0 {
		return false
	}
	f := s.toks[j-1].Fold
	return f == "to" || f == "para" || f == "a"
}

// concluded reports whether the thing at token j is the object of a settled word: "signed a fisheries accord".
func (s *statement) concluded(j int) bool {
	if s.reached(j) != 0 {
		return false
	}
	for k := j - 1; k >= 0 && k >= j-4; k-- {
		if s.words[k].cue&cueDone != 0 && s.settled(k) && s.verbal(k) && s.words[k].not == 0 && s.words[k].deny == 0 {
			return true
		}
		if s.verbal(k) || coordinates.Has(s.toks[k].Fold) {
			return false
		}
	}
	return false
}

// reached returns the stages of all that a word is part of: what covers it, and what comes next in its part of the
// sentence, "visas could be issued".
func (s *statement) reached(j int) cue {
	c := s.words[j].under | s.words[j].cue&unreal
	for k := j + 1; k < len(s.words) && s.words[k].clause == s.words[j].clause && !coordinates.Has(s.toks[k].Fold); k++ {
		c |= s.words[k].cue & unreal
	}
	return c
}

// onlyOpen reports whether the verb in the future at token i, or after the "will" there, is linked, and only with what
// there may be.
func (e *evidence) onlyOpen(i int) bool {
	c, s := e.claim, e.source
	k := i
	for k < len(c.words) && k < i+3 && !c.words[k].content {
		k++
	}
	return k < len(c.words) && c.words[k].content && len(e.links.to[k]) > 0 &&
		!slices.ContainsFunc(e.links.to[k], func(j int) bool { return !s.open(j) }) && e.sharesMost(k)
}

// open reports whether the modal verb that governs token j, the nearest before it, leaves open whether it is so: "which
// might close" in "will build a ramp which might close".
func (s *statement) open(j int) bool {
	for k := j - 1; k >= 0 && k >= j-6 && s.words[k].sentence == s.words[j].sentence; k-- {
		if c := s.words[k].cue & unreal; c != 0 {
			return c&^(cueMay|cueWeigh) == 0
		}
	}
	return false
}

// coordinates join what may have stages of its own: "signed and may build".
var coordinates = lang.SetOf(`and or but y e o pero`)

// early returns an "already" or "now" of the claim that belongs to what the source has only as something to come, or -1.
func (e *evidence) early() int {
	c, s := e.claim, e.source
	for i, t := range c.toks {
		now := t.Fold == "now" || t.Fold == "ahora"
		if !now && t.Fold != "already" && t.Fold != "ya" || i+1 < len(c.toks) && (c.words[i+1].cue&cueNot != 0 || t.Fold == "ya" && c.toks[i+1].Fold == "que") ||
			i > 1 && tellers.Has(c.toks[i-1].Fold) && (c.words[i-2].content || c.words[i-2].name > 0) && !c.verbal(i-2) && !c.comma(i-1) {
			continue // "ya que" gives a reason, "those who already paid" tells who is meant
		}
		k := c.happened(i)
		for d := i + 1; now && d < len(c.words) && d <= i+6 && (k < 0 || len(e.links.to[k]) == 0); d++ {
			if c.words[d].content && len(e.links.to[d]) > 0 {
				k = d // "they now pay a toll"
			}
		}
		if k < 0 || slices.ContainsFunc(e.links.to[k], func(j int) bool {
			return s.settled(j) && s.words[j].not == 0 && (!c.verbal(k) || s.verblike(j))
		}) || now && (len(e.links.to[k]) == 0 || c.words[i].under != 0) {
			continue
		}
		if s.cued(unreal) && !s.hasWord("already", "ya", "existing", "existente", "existentes", "now") && !s.underWay() {
			return i
		}
	}
	return -1
}

// underWay reports whether the text tells that something has begun.
func (s *statement) underWay() bool {
	for i, t := range s.toks {
		if begun.Has(t.Fold) && s.words[i].under == 0 && s.words[i].not == 0 {
			return true
		}
	}
	return false
}

// begun say that something has begun, at whatever stage the rest is.
var begun = lang.SetOf(`begun began started underway ongoing comenzado comenzo comenzaron empezado empezo empezaron iniciado`)

// lent are participles that tell little without what they are of.
var lent = lang.SetOf(`given made done taken held dado hecho puesto tenido tomado`)

// happened returns the word that the "already" at token i belongs to: the first of substance after it, or, in
// Spanish, the verb before it: "ha pagado ya". It returns -1 when there is none.
func (s *statement) happened(i int) int {
	if i > 0 && s.words[i-1].content && s.verbal(i-1) && !slight.Has(s.toks[i-1].Fold) && s.lang == lang.Spanish {
		return i - 1
	}
	for k := i + 1; k < len(s.words) && k <= i+6 && s.words[k].sentence == s.words[i].sentence; k++ {
		if s.words[k].content && !auxiliaries.Has(s.toks[k].Fold) && !slight.Has(s.toks[k].Fold) && !lent.Has(s.toks[k].Fold) {
			return k
		}
	}
	return -1
}

// judged returns a word by which somebody is convicted, or a court finds something, in a claim whose source has only charges
// or a suit; or -1: "was convicted of fraud" for "was charged with fraud".
func (e *evidence) judged() int {
	c, s := e.claim, e.source
	any := func(set *lang.Set) bool {
		return slices.ContainsFunc(s.toks, func(t lang.Token) bool { return set.Has(t.Fold) })
	}
	if !any(charging) || any(convicting) || any(ruling) {
		return -1
	}
	for i, t := range c.toks {
		if w := &c.words[i]; w.not > 0 || w.deny > 0 || len(e.links.direct[i]) > 0 {
			continue
		}
		if c.words[i].under == 0 && convicting.Has(t.Fold) && (c.verbal(i) ||
			i > 0 && (c.toks[i-1].Fold == "found" || auxiliaries.Has(c.toks[i-1].Fold))) ||
			ruling.Has(t.Fold) && c.byCourt(i) {
			return i
		}
	}
	return -1
}

// byCourt reports whether a court or judge stands before the verb at token i in its sentence.
func (s *statement) byCourt(i int) bool {
	for k := i - 1; k >= 0 && k >= i-8 && s.words[k].sentence == s.words[i].sentence; k-- {
		switch s.toks[k].Fold {
		case "court", "judge", "jury", "tribunal", "juez", "jueza", "jurado", "juzgado", "corte":
			return true
		}
	}
	return false
}

// charging say that somebody is accused before a court, convicting that the court has found them guilty, ruling what it finds.
var (
	charging = lang.SetOf(`charged charges indicted indictment accused prosecuted prosecutors arraigned lawsuit suit sued complaint alleged
		acusado acusada acusados acusadas acuso acusaron acusacion imputado imputada imputados imputo imputaron procesado procesada procesados
		demanda denuncia querella`)
	convicting = lang.SetOf(`convicted convict convicts conviction guilty condemned sentenced condenado condenada condenados condenadas condeno
		condenaron condena sentenciado sentenciada sentenciados sentenciadas sentencio culpable culpables`)
	ruling = lang.SetOf(`found ruled held finding ruling fallo fallaron dictamino determino resolvio hallo sentencio`)
)

// nearlySo returns a word of the claim for what the source says only nearly came about, or -1: "lost his job" for "nearly
// lost his job".
func (e *evidence) nearlySo() int {
	c, s := e.claim, e.source
	for d := range s.toks {
		j := s.nearly(d)
		if j < 0 || slices.ContainsFunc(c.toks, func(t lang.Token) bool { return nearing.Has(t.Fold) }) || c.cued(cueDeny|cueNot) {
			continue
		}
		object := j + 1
		for object < len(s.words) && !s.words[object].content && !s.comma(object) {
			object++
		}
		if object >= len(s.words) || s.words[object].clause != s.words[j].clause {
			continue
		}
		verb := -1
		for i := range c.words {
			if has(e.links.to[i], j) && c.words[i].under == 0 {
				verb = i
			}
			if verb >= 0 && i > verb && len(e.links.to[i]) == 1 && e.links.to[i][0] == object &&
				c.words[i].sentence == c.words[verb].sentence {
				return verb
			}
		}
	}
	return -1
}

// nearly returns the verb that the "nearly" at token d keeps from being so, or -1: "nearly lost", "casi pierde", but not
// "nearly 300" or "almost all".
func (s *statement) nearly(d int) int {
	f := s.toks[d].Fold
	if f != "nearly" && f != "almost" && f != "casi" || d+1 >= len(s.toks) || s.comma(d+1) {
		return -1
	}
	if s.verblike(d+1) && s.words[d+1].cue&bounds == 0 && s.words[d+1].content {
		return d + 1
	}
	return -1
}

// nearing say that something did not quite come about.
var nearing = lang.SetOf(`nearly almost close verge brink casi punto borde poco`)

// hopedFor returns the verb of a claim by which something will be that the source only has as what somebody hopes for, asks
// for, offers or threatens, or -1: "the crew will arrive" for "she hopes that the crew will arrive".
func (e *evidence) hopedFor() int {
	c, s := e.claim, e.source
	const wishes = cueWish | cueAsk | cueOffer | cueThreat
	for i := range c.words {
		if w := &c.words[i]; w.inside || w.not > 0 || w.under&^cueWill != 0 ||
			c.toks[i].Fold != "will" && c.toks[i].Fold != "shall" && !c.future(i) ||
			c.wishes(w.sentence, wishes|cueMay|cueVow) {
			continue
		}
		k := i
		for k < len(c.words) && k < i+6 && (len(e.links.to[k]) == 0 || !c.words[k].content) {
			k++
		}
		if k == len(c.words) || len(e.links.to[k]) == 0 || !c.words[k].content || c.words[k].sentence != c.words[i].sentence {
			continue
		}
		if !slices.ContainsFunc(e.links.to[k], func(j int) bool {
			g := s.governor(j)
			return g < 0 || s.words[g].cue&wishes == 0 || s.words[g].cue&(cueDone|cueVow|cueWeigh) != 0 ||
				s.words[g].not > 0 || !s.verbal(g)
		}) {
			return i
		}
	}
	return -1
}

// governor returns the nearest word before token j in its sentence that says how it stands, but for "will" and "would", or -1.
func (s *statement) governor(j int) int {
	for k := j - 1; k >= 0 && k >= j-8 && s.words[k].sentence == s.words[j].sentence; k-- {
		if f := s.toks[k].Fold; s.words[k].cue&unreal != 0 && f != "will" && f != "would" && !s.future(k) {
			return k
		}
		if turns.Has(s.toks[k].Fold) && s.comma(k) {
			return -1
		}
	}
	return -1
}

// wishes reports whether a sentence has a verb of some cues.
func (s *statement) wishes(sentence int, c cue) bool {
	for i := range s.words {
		if w := &s.words[i]; w.sentence == sentence && w.cue&c != 0 && (w.cue&c&cueMay != 0 || s.verbal(i)) {
			return true
		}
	}
	return false
}
