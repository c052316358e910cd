package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// deniedHead returns the word that the denial which covers token j is of: the verb after "not" or "denied that", or an adverb
// of degree before it; -1 where it is of the thing itself, "no boats", "rejected an offer".
func (s *statement) deniedHead(j int) int {
	d := j - 1
	for ; d >= 0 && s.words[d].sentence == s.words[j].sentence; d-- {
		if u := &s.words[d]; !u.inside && u.cue&(cueNot|cueDeny) != 0 {
			break
		}
		if s.forestalled(d) {
			return -1
		}
	}
	if d < 0 || s.words[d].sentence != s.words[j].sentence {
		return -1
	}
	that := d + 1
	if deems.Has(s.words[that].means.stem) {
		that++
	}
	said := that < len(s.toks) && (s.toks[that].Fold == "that" || s.toks[that].Fold == "que")
	for k := that + 1; said && k < len(s.words) && k <= that+8 && s.words[k].sentence == s.words[j].sentence; k++ {
		if s.verblike(k) && !auxiliaries.Has(s.toks[k].Fold) {
			return k // "denied that the bridge would close"
		}
	}
	thing := s.words[d].cue&cueNot == 0 || s.toks[d+1].Fold != "longer" && determiners.Has(s.toks[d].Fold) && (s.toks[d].Fold != "no" || s.lang != lang.Spanish)
	for k := d + 1; k < j; k++ {
		u := &s.words[k]
		switch f := s.toks[k].Fold; {
		case degrees.Has(f):
			return k
		case !u.content || u.inside || endsIn(f, "ly", "mente") || lets.Has(u.means.stem) || able.Has(f) || beginsWith(f, "pod", "pud"):
		case s.verblike(k), !thing:
			return k
		}
	}
	return -1
}

// degrees are adverbs that a denial before them is of: what is "not seriously hurt" may be hurt.
var degrees = lang.SetOf(`seriously severely badly gravely fully entirely completely wholly totally solely necessarily directly immediately always
	gravemente seriamente plenamente totalmente completamente enteramente necesariamente directamente inmediatamente siempre`)

// since reports whether the negation at token i holds from some time on: "not seen since 2016".
func (s *statement) since(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+6 && s.words[k].sentence == s.words[i].sentence; k++ {
		if f := s.toks[k].Fold; f == "since" || f == "desde" {
			return true
		}
	}
	return false
}

// lift takes what the negation at token i covers for affirmed.
func (s *statement) lift(i int) {
	for k := i + 1; k < len(s.words) && s.words[k].sentence == s.words[i].sentence && s.words[k].clause == s.words[i].clause; k++ {
		s.words[k].not = 0
	}
}

// figureAfter reports whether the negation at token i is of a number: "not even a third", "en lugar de 600".
func (s *statement) figureAfter(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+4 && s.gap(k) == " "; k++ {
		if s.toks[k].Digit || s.words[k].means.number || s.words[k].cue&(cueHalf|cueThird|cueFourth) != 0 {
			return true
		}
		if s.words[k].content && s.toks[k].Fold != "even" && s.toks[k].Fold != "siquiera" {
			return false
		}
	}
	return false
}

// notEven reports whether the negation at token i says that a figure is not reached: "not even a third", "no llega al 1 %".
func (s *statement) notEven(i int) bool {
	short := false
	for k := i + 1; k < len(s.toks) && k <= i+4 && s.gap(k) == " "; k++ {
		f := s.toks[k].Fold
		switch {
		case s.toks[k].Digit || s.words[k].means.number || s.words[k].cue&(cueHalf|cueThird|cueFourth) != 0:
			return short
		case f == "even" || f == "siquiera" || f == "quite" || beginsWith(f, "lleg", "reach", "alcan", "exce", "super"):
			short = true
		case !articles.Has(f):
			return false
		}
	}
	return false
}

// articles may stand before a figure, "al" with the preposition that is in it.
var articles = lang.SetOf(`a an the un una el la al`)

// noLonger reports whether the negation at token i is of what was so before: "no longer", "ya no".
func (s *statement) noLonger(i int) bool {
	return i+1 < len(s.toks) && (s.toks[i].Fold == "no" && s.toks[i+1].Fold == "longer" || s.toks[i].Fold == "ya" && s.toks[i+1].Fold == "no") ||
		i > 0 && s.toks[i].Fold == "no" && s.toks[i-1].Fold == "ya"
}

// dismissesAs reports whether something is called by a bad name at token i: "dismissed it as a pretext".
func (s *statement) dismissesAs(i int) bool {
	if !beginsWith(s.toks[i].Fold, "dismiss", "reject", "desestim", "rechaz", "descart") {
		return false
	}
	for k := i + 1; k < len(s.toks) && k <= i+7 && s.words[k].sentence == s.words[i].sentence; k++ {
		if f := s.toks[k].Fold; f == "as" || f == "como" || f == "por" {
			return true
		}
	}
	return false
}

// wanting are stems of words that say without a negation that something is not there, or not known, or not yet done: "pending" is
// what is not settled, who speaks "on condition of anonymity" is not named.
var wanting = lang.SetOf(`pend await anonym confidenti secret vacant empti idl intact untouch miss bare unpaid unmet unsold alon orphan
	anonimat anonim secret vacant vaci desiert huerfan pendient ocios intact desocup`)

// notUntil reports whether the negation at token i ends at some time: "did not open until it was paid".
func (s *statement) notUntil(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+9 && s.words[k].sentence == s.words[i].sentence && !s.comma(k); k++ {
		if f := s.toks[k].Fold; f == "until" || f == "till" || f == "hasta" {
			return true
		}
	}
	return false
}

// deniesAll reports whether a word for all is denied in the text: "not all of them".
func (s *statement) deniesAll() bool {
	for i := range s.words {
		if s.notAll(i) {
			return true
		}
	}
	return false
}

// nothingBut reports whether the negation at token i means only: "nothing beyond that", "nada más que".
func (s *statement) nothingBut(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+2; k++ {
		switch s.toks[k].Fold {
		case "beyond", "but", "except", "besides", "salvo", "excepto", "sino", "mas":
			return true
		}
	}
	return false
}

// saysNo reports whether the negation at token i is what somebody votes or answers: "voted no", "said no to the
// plan".
func (s *statement) saysNo(i int) bool {
	return i > 0 && s.toks[i].Fold == "no" && (i+1 == len(s.toks) || s.gap(i+1) != " " || prepositions[s.toks[i+1].Fold] != "") &&
		beginsWith(s.toks[i-1].Fold, "vot", "answer", "respond", "said", "say", "dij", "dic")
}

// partOfTime reports whether token i only tells the part of a month or year: "at the beginning of June", "a fines de 2019".
func (s *statement) partOfTime(i int) bool {
	if !edges.Has(s.toks[i].Fold) {
		return false
	}
	for k := i + 1; k < len(s.toks) && k <= i+3; k++ {
		if s.words[k].date || spans[moreUnits[s.toks[k].Fold]].n > 0 {
			return true
		}
		if s.words[k].content {
			return false
		}
	}
	return false
}

// edges are nouns for the beginning and the end.
var edges = lang.SetOf(`beginning start end close principio principios comienzo comienzos inicio inicios final finales fin fines`)

// lone reports whether no other word of substance stands in the clause of token i: "the ports, which it runs, are closed".
func (s *statement) lone(i int) bool {
	for k := max(0, i-9); k < len(s.words) && k <= i+9; k++ {
		if k != i && s.words[k].sentence == s.words[i].sentence && s.words[k].clause == s.words[i].clause &&
			(s.words[k].content || s.words[k].name > 0 || s.words[k].date) {
			return false
		}
	}
	return true
}

// adjunct reports whether token j stands in a phrase of where or when: "in the fire", "durante la huelga".
func (s *statement) adjunct(j int) bool {
	for k := j - 1; k > 0 && k >= j-2 && !s.verblike(j); k-- {
		switch s.toks[k].Fold {
		case "in", "at", "during", "since", "near", "through", "via", "en", "durante", "desde", "mediante":
			return true
		}
	}
	return false
}

// soMany follow the "never" of a record.
var soMany = lang.SetOf(`so tantos tantas tanto tanta many higher more`)

// lasted reports whether a number of years or months stands in the text.
func (s *statement) lasted() bool {
	return slices.ContainsFunc(s.figures(), func(f figure) bool { return spans[f.unit].base == "month" })
}

// details returns a word that tells of something in particular, "said how many", and one that says that it is not told,
// "without a number"; -1 for none.
func (s *statement) details() (told, untold int) {
	told, untold = -1, -1
	for i := range s.toks {
		f := s.toks[i].Fold
		switch {
		case strings.HasPrefix(f, "unspecified") || strings.HasPrefix(f, "undisclosed"):
			untold = i
			continue
		case f == "without" || f == "sin" || f == "no" && s.lang != lang.Spanish:
			if s.asks(i, 3) && (f != "no" || i > 0 && reveals.Has(s.words[i-1].means.stem)) {
				untold = i
			}
			continue
		case !reveals.Has(s.words[i].means.stem) && !reveals.Has(s.words[i].base):
			continue
		}
		if !s.asks(i, 4) && !(spellsOut.Has(s.words[i].means.stem) && (s.verblike(i) || strings.HasSuffix(s.toks[i].Fold, "ing"))) {
			continue
		}
		denied := s.words[i].not > 0 && s.words[i].not <= 2
		for k := i - 1; k >= 0 && k >= i-3; k-- {
			g := s.toks[k].Fold
			denied = denied || g == "without" || g == "sin" || s.words[k].cue&cueNot != 0
		}
		denied = denied || i+1 < len(s.toks) && s.words[i+1].cue&cueNot != 0 // "named neither"
		if denied {
			untold = i
		} else {
			told = i
		}
	}
	return told, untold
}

// asks reports whether one of the n words after token i, within its clause, is a question word or a word for details.
func (s *statement) asks(i, n int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+n; k++ {
		if strings.ContainsAny(s.gap(k), ".,;:") {
			return false
		}
		switch f := s.toks[k].Fold; {
		case particulars.Has(f), f == "que" && s.text[s.toks[k].Start:s.toks[k].End] == "qué":
			return true
		case f == "without", f == "sin", turns.Has(f), k > i+1 && reveals.Has(s.words[k].means.stem):
			return false
		}
	}
	return false
}

// shuns reports whether a negation before token k makes an affirmation of it: it denies, leaves out or escapes.
func (s *statement) shuns(k int) bool {
	w := &s.words[k]
	f := s.toks[k].Fold
	return w.cue&cueDeny != 0 && w.cue&cueNot == 0 && !vague.Has(f) || lacks.Has(f) || escapes.Has(w.means.stem) ||
		(f == "sin" || f == "without") && s.words[k-1].cue&cueNot == 0 && s.gap(k) == " " &&
			s.hasWord("quedado", "quedo", "quedaron", "left", "gone", "went") ||
		w.base == "turn" && k+1 < len(s.toks) && s.hasWord("away")
}

// deniesTwice reports whether a word that denies or leaves out stands under a negation somewhere.
func (s *statement) deniesTwice() bool {
	for k := 1; k < len(s.words); k++ {
		if s.words[k].negative() && s.shuns(k) {
			return true
		}
		if f := s.toks[k].Fold; (f == "without" || f == "sin") && s.justDenied(k) {
			return true
		}
	}
	return false
}

// escapes are stems of getting away from something, which a negation makes its contrary.
var escapes = lang.SetOf(`escap librars libr salv salvars spare elud zaf`)

// notOf returns the word that the source denies of just those it counts, "40 of them not sailors", or -1.
func (s *statement) notOf(f figure) int {
	for k := f.last + 1; k+1 < len(s.toks) && k <= f.last+4 && !strings.ContainsAny(s.gap(k), ",;."); k++ {
		if s.words[k].cue&cueNot != 0 && s.gap(k+1) == " " {
			if s.words[k+1].content || s.words[k+1].name > 0 {
				return k + 1
			}
			return -1
		}
	}
	return -1
}

// rulesOut reports whether the negation at token i is of ruling something out.
func (s *statement) rulesOut(i int) bool {
	if i+1 >= len(s.toks) {
		return false
	}
	f := s.toks[i+1].Fold
	return strings.HasPrefix(f, "descart") ||
		i+2 < len(s.toks) && (strings.HasPrefix(f, "rul") && s.toks[i+2].Fold == "out" || strings.HasPrefix(s.toks[i+2].Fold, "descart"))
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
var lacks = lang.SetOf(`outside fuera free spare spares spared sparing lack lacks lacked lacking absent absence unable falta faltan faltaba falto
	ausente ausencia excluded exempt exempted excluidos exentos ban bans banned exclude excludes avoid avoids avoided evitar`)

// madeSo reports whether token i is what something is made or kept, or not: "has not made the audit public".
func (s *statement) madeSo(i int) bool {
	h := s.deniedHead(i)
	return h >= 0 && s.words[h].light()
}

// takesAway reports whether token k says of what comes after it that it is not, or no longer, so: "stopped taking bookings",
// "unless it is paid", "lost their pay".
func (s *statement) takesAway(k int) bool {
	f := s.toks[k].Fold
	return (takers.Has(s.words[k].means.stem) || takers.Has(f)) && (f != "short" || k+1 < len(s.toks) && s.toks[k+1].Fold == "of")
}

// takers are words, or stems of them, of what is no more, or only if nothing else is.
var takers = lang.SetOf(`stop stops stopped stopping halt halted ceas ceased lose loses losing lost depriv prevent bar unless except short dejo dejaron dejar ceso cesaron perd
	perdi pierd priv salvo excepto falta`)

// atLoss are words that deny knowledge, will or ability, or that something has come yet: "unsure how to" for "did not know how to".
var atLoss = lang.SetOf(`earliest unsure unaware uncertain unclear unknown unable unwilling reluctant reluctance ignorant undecided impossible inability
	illegal unlawful invalid ineligible insufficient incapable incomplete unavailable unresolved unanswered remains awaits awaiting missing
	ignora ignoraba ignoran ignoraban desconoce desconocia desconocen desconocian incapaz incapaces reacio reacia reacios reacias pendiente
	pendientes imposible ilegal invalido invalida insuficiente indeciso indecisa inseguro insegura dudaba dudaban duda dudan doubts doubted
	doubt withhold withholds withheld withholding refrained refrains refrain
	hardly barely scarcely seldom rarely apenas`)

// participle reports whether a folded Spanish word ends as participles do: "no acompañados".
func participle(fold string) bool {
	f := strings.TrimSuffix(fold, "s")
	return len(f) > 5 && endsIn(f, "ado", "ada", "ido", "ida")
}

// deniedAfter reports whether a negation follows token j, the subject, in its clause: "the new quota was not published".
func (s *statement) deniedAfter(j int) bool {
	for k := j + 1; k < len(s.words) && k <= j+6 && s.words[k].clause == s.words[j].clause && s.words[k].sentence == s.words[j].sentence; k++ {
		if s.words[k].cue&cueNot != 0 && !s.words[k].inside && !setsOff.Has(s.toks[k].Fold) && !determiners.Has(s.toks[k].Fold) ||
			s.lang == lang.Spanish && s.toks[k].Fold == "no" {
			return true
		}
	}
	return false
}

// stops reports whether something is stopped or kept from happening in the text.
func (s *statement) stops() bool {
	for _, t := range s.toks {
		if beginsWith(t.Fold, "stop", "halt", "block", "suspend", "deten", "detuv", "bloque", "ended", "barr") {
			return true
		}
	}
	return false
}

// denying reports whether a folded word denies by its prefix: "unauthorised", "ineligible", "irregular".
func denying(fold string) bool {
	if len(fold) < 7 {
		return false
	}
	if strings.HasPrefix(fold, "un") && endsIn(fold, "ed", "able", "lawful") {
		return true
	}
	return beginsWith(fold, "illegal", "ilegal", "irregular", "indocumentad", "inelig", "ineleg", "invalid", "insuffic", "insufic", "imposs",
		"imposib", "inconstit", "unconstit", "incomplet", "desconoc", "inadmis")
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
			if s.words[j].content && !slight.Has(s.toks[j].Fold) {
				n++
				free = free && !spoken[j]
			}
		}
		if free {
			return true
		}
	}
	for i := range s.words {
		if !spoken[i] && s.words[i].content && denying(s.toks[i].Fold) {
			return true // "unauthorised", "irregular"
		}
	}
	return false
}

// setsOff begin negations that set something off: "instead of", "en vez de".
var setsOff = lang.SetOf(`instead rather en`)

// determiners deny the noun after them.
var determiners = lang.SetOf(`no none without sin ningun ninguna neither ni`)

// negative reports whether a negation, or a verb of denying, covers the word.
func (w *word) negative() bool { return w.not > 0 || w.deny > 0 }
