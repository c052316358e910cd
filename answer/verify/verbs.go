package verify

import (
	"strings"

	"policybot/lang"
)

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
var noVerbs = lang.SetOf(`hundred riverbed seabed roadbed flowerbed lakebed speed indeed united unprecedented sacred hatred embed estado estados mercado partido pasado sentido delegado
	abogado grado lado ganado senado soldado jurado contenido apellido resultado tratado significado flujo lujo`)

// modals stand before the base of a verb: "might ask".
var modals = lang.SetOf(`will would could might must shall should cannot`)

// looksVerbal reports whether the word at token i has the form of a verb that is conjugated, or of a participle: "paid",
// "closed", "pagaron"; nouns of the same form, as in noVerbs, have not.
func (s *statement) looksVerbal(i int) bool {
	f := s.toks[i].Fold
	if s.words[i].name > 0 || s.words[i].date || len(f) < 3 {
		return false
	}
	if _, ok := irregular[f]; ok {
		return true
	}
	if s.lang != lang.Spanish {
		if i > 0 && modals.Has(s.toks[i-1].Fold) && !lang.Stop(f, s.lang) {
			return true
		}
		return !noVerbs.Has(f) && len(f) > 4 &&
			(strings.HasSuffix(f, "ed") || strings.HasSuffix(f, "ing") && i > 0 && (auxiliaries.Has(s.toks[i-1].Fold) ||
				i > 1 && adverbs.Has(s.toks[i-1].Fold) && auxiliaries.Has(s.toks[i-2].Fold))) ||
			s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish|cueVow|cueDone) != 0 &&
				strings.HasSuffix(f, "s") && !s.nounInS(i) && !s.done(i+1) ||
			shortVerbs.Has(f) || s.presentOf(i)
	}
	w := s.text[s.toks[i].Start:s.toks[i].End]
	for _, end := range [...]string{"ó", "aron", "ieron", "eron", "aba", "aban", "ía", "ían", "ará", "arán", "erá", "irá",
		"aría", "ería", "iría", "ujo", "dijo", "trajo", "puso", "tuvo", "hizo", "quiso", "vino", "ado", "ido"} {
		if strings.HasSuffix(w, end) && (len(w) > len(end)+1 || w == end) {
			return !nounsInRia.Has(f) && !noVerbs.Has(f)
		}
	}
	return s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish|cueVow|cueDone) != 0 && endsIn(f, "a", "e", "o")
}

// presentOf reports whether the word at token i is a verb of saying or wanting in the present after a plural: "miners want
// the pier closed".
func (s *statement) presentOf(i int) bool {
	if i == 0 || i+1 >= len(s.toks) || s.words[i].cue&(cueSay|cueClaim|cueAsk|cueWish) == 0 || s.gap(i) != " " || s.gap(i+1) != " " {
		return false
	}
	before, next := s.toks[i-1], s.toks[i+1].Fold
	return strings.HasSuffix(before.Fold, "s") && len(before.Fold) > 3 && !before.Upper && !s.verbal(i-1) && !lang.Stop(before.Fold, s.lang) &&
		(determinate.Has(next) || next == "to" || next == "that" || next == "it" || next == "they")
}

// shortVerbs are verbs in the past whose form alone does not tell it.
var shortVerbs = lang.SetOf(`put shut let cut sued died lied owed tied beat`)

// nounInS reports whether a word in -s at token i is rather a noun: after a number, an article or another noun, as in
// "asylum claims".
func (s *statement) nounInS(i int) bool {
	if i == 0 {
		return false
	}
	w, t := &s.words[i-1], s.toks[i-1]
	if i+1 < len(s.toks) && s.gap(i+1) == " " && (determinate.Has(s.toks[i+1].Fold) || s.words[i+1].name > 0) && !t.Digit && !determinate.Has(t.Fold) {
		return false // "the harbour office wants Vera to pay"
	}
	return t.Digit || determinate.Has(t.Fold) || w.content && w.name == 0 && !strings.HasSuffix(t.Fold, "ly") && s.words[i].cue&cueSay == 0
}

// giving are verbs of which the subject says the figure that it gives: "the 300 that Vera gave".
var giving = lang.SetOf(`gave gives put puts set sets quoted recorded counted tallied listed logged registered estimated calculated dio da daba
	cifra cifro conto registro contabilizo calculo estimo`)

// done reports whether the word at token i is what was done to the noun before it: "claims made in Vera".
func (s *statement) done(i int) bool {
	return i < len(s.toks) && !s.comma(i) && (s.toks[i].Fold == "made" || s.toks[i].Fold == "filed" || s.words[i].cue&cuePassive != 0)
}
