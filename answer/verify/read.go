package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// statement is a text as the checks see it: its words with what they say about one another.
type statement struct {
	text, lang string
	lib        Library
	toks       []lang.Token
	words      []word // one for each token
	names      []mention
	concepts   []string // terms of all concepts, names or not
	numbers    []figure // of figures, once asked for
	counted    bool
	whens      []lang.When // of dates, once asked for
	dated      bool
	cast       []actor // of actors, once asked for
	deeds      [][]int // of doing, once asked for
	whole      bool    // all words are known
}

// word is what the checks know of a token.
type word struct {
	cue      cue     // of the phrase that begins here
	inside   bool    // a later word of a phrase that is a cue
	pairs    []int16 // sides of antonyms
	means    *meanings
	base     string   // the folded word, or the base of an irregular form
	kin      []uint16 // groups of words for one another
	verb     int8     // whether it has the look of a verb: 0 not yet asked, 1 it has, -1 it has not
	content  bool     // carries substance: neither a function word nor a number, date, name or cue
	name     int      // 1 + index of the mention it belongs to, or 0
	sentence int
	clause   int
	not      int8 // how many words of substance after a negation it stands, counted from 1; 0: none covers it
	deny     int8 // the same for verbs of denying and failing
	under    cue  // the cues of what is not or not yet so that cover it
	pledge   bool // it is under what was agreed to be done
	un       bool // it denies by its prefix: "unregistered"
	elliptic bool // the negation that covers it comes after it
	instead  bool // it stands after "instead of"
	contrast bool // the negation that covers it sets something off: "a plan, not a fact"
	date     bool // part of a date, or a number
}

// mention is a name of a person, organisation or place, or a concept of the lexicon.
type mention struct {
	first, last int    // tokens
	id          string // the concept, else the folded name
	named       bool   // a proper name, which has to stand in the source
	namesake    bool   // it is no name of the source, but shares words with one
	actor       bool   // a person, organisation, place or people: who can do something to another
}

// conceptMark begins the names of concepts of the lexicon.
const conceptMark = "concept:"

// read analyses a text. An unknown language is taken for English.
func read(lib Library, text, language string) *statement {
	r := &statement{}
	r.read(lib, text, language)
	return r
}

// read makes r the analysis of a text, in the space of the one it was before.
func (r *statement) read(lib Library, text, language string) {
	if language != lang.Spanish {
		language = lang.English
	}
	if strings.ContainsAny(text, "'’") {
		text = possessives.Replace(text)
	}
	*r = statement{text: text, lang: language, lib: lib, toks: lang.AppendTokens(r.toks[:0], text),
		words: slices.Grow(r.words[:0], len(r.toks)+8),
		names: r.names[:0], concepts: r.concepts[:0]}
	r.words = slices.Grow(r.words, len(r.toks))[:len(r.toks)]
	clear(r.words)
	vocab := verifyWords()
	for i := range r.toks {
		w := &r.words[i]
		w.means = vocab.find(r.toks[i].Fold, language)
		w.base, w.un = w.means.base, w.means.un
	}
	sentence, clause := 0, 0
	for i, t := range r.toks {
		if i > 0 {
			gap := text[r.toks[i-1].End:t.Start]
			switch {
			case gap == " ":
				if breaks.Has(t.Fold) && !(t.Fold == "que" && comparatives.Has(r.toks[i-1].Fold)) {
					clause++
				}
			case strings.ContainsAny(gap, ".!?\n") && t.Upper && !beforeStop.Has(r.toks[i-1].Fold) || strings.ContainsAny(gap, ";"):
				sentence++
				clause++
			case strings.ContainsAny(gap, ",:()[]—–"):
				clause++
			case breaks.Has(t.Fold) && !(t.Fold == "que" && comparatives.Has(r.toks[i-1].Fold)):
				clause++
			}
		}
		w := &r.words[i]
		w.sentence, w.clause = sentence, clause
		w.date = t.Digit || w.means.month && (t.Upper || language == lang.Spanish) || w.means.day
		found := w.means
		bound := comparatives.Has(t.Fold) && r.bounding(i)
		w.kin = found.kin[:len(found.kin):len(found.kin)]
		if !bound && !(w.inside && comparatives.Has(t.Fold)) {
			w.pairs = found.pairs[:len(found.pairs):len(found.pairs)]
		}
		if (t.Fold == "earlier" || t.Fold == "later") && i+1 < len(r.toks) && r.text[t.End:r.toks[i+1].Start] == " " &&
			!lang.Stop(r.toks[i+1].Fold, language) && !r.toks[i+1].Digit {
			w.pairs = nil // "earlier measures" come before now, not before something else
		}
		longest := 1 // words of the phrases that give the cue
		if !w.inside && !(t.Fold == "may" && t.Upper && i > 0) {
			w.cue |= found.cue
		}
		displaced := false
		for k := range found.phrases {
			e := &found.phrases[k]
			if i+1 >= len(r.toks) || e.rest[0][0] != r.toks[i+1].Fold[0] || !e.stands(r, i) {
				continue
			}
			n := 1 + len(e.rest)
			if e.stem && !displaced { // "called off" is not called; words and phrases of no scale come first and stay
				displaced = true
				w.kin = append(slices.Clip(found.kin[:found.plainKin]), w.kin[len(found.kin):]...)
				if len(w.pairs) >= len(found.pairs) {
					w.pairs = append(slices.Clip(found.pairs[:found.plainPairs]), w.pairs[len(found.pairs):]...)
				}
			}
			if e.kin != 0 {
				w.kin = append(w.kin, e.kin)
			}
			if e.pair != 0 && !bound {
				w.pairs = append(w.pairs, e.pair)
			}
			if e.cue == cueEven && n == 2 && i+2 < len(r.toks) && (r.toks[i+2].Fold == "of" || r.toks[i+2].Digit) {
				continue // "in all of 2022"
			}
			if e.cue == 0 || w.inside || e.cue == cueAsk && i+n < len(r.toks) && n == 2 && strings.HasPrefix(t.Fold, "call") && r.dateAt(i+n) {
				continue // "a call on 3 May"
			}
			if n > longest {
				longest, w.cue = n, 0
			}
			if n == longest {
				w.cue |= e.cue
			}
		}
		r.phrasal(i, w)
		if (w.base == "keep" || t.Fold == "keeping" || t.Fold == "keeps") && r.keepsFrom(i) {
			m := vocab.find("prevent", lang.English)
			w.pairs, w.kin = m.pairs[:len(m.pairs):len(m.pairs)], m.kin[:len(m.kin):len(m.kin)]
		}
		if w.cue&cueDeny != 0 && r.deniesNot(i) {
			w.cue &^= cueDeny
		}
		if t.Fold == "put" || t.Fold == "puts" {
			w.cue |= r.puts(i)
		}
		if p, ok := compared[t.Fold]; ok && i > 0 &&
			(r.toks[i-1].Digit || r.toks[i-1].Fold == "ciento" || i+1 < len(r.toks) && r.toks[i+1].Fold == "que") {
			w.cue, w.pairs = 0, []int16{p * vocab.grown} // "1,2 % mayores que"
		}
		if longest > 1 && w.cue&(cueTop|cueLow) != 0 {
			w.pairs = nil // "el más numeroso"
		}
		if language == lang.Spanish {
			if c := spanishTense(text[t.Start:t.End], t.Fold); c != 0 && !might.Has(t.Fold) {
				w.cue = w.cue&^cueDone | c
			}
			if beginsWith(t.Fold, "espera", "piensa", "pensaba") && i+1 < len(r.toks) && len(r.toks[i+1].Fold) > 3 &&
				endsIn(r.toks[i+1].Fold, "ar", "er", "ir", "arse", "erse", "irse") {
				w.cue |= cueWill // "espera abrir", "piensan vender"
			}
		}
		for k := 1; k < longest; k++ {
			r.words[i+k].inside = true
		}
	}
	r.mentions(lib)
	for i := range r.toks {
		if r.words[i].cue&cueWish != 0 && r.sought(i) {
			r.words[i].cue &^= cueWish // who seeks asylum does so
		}
	}
	for i, t := range r.toks {
		if r.words[i].name > 0 && t.Upper && r.names[r.words[i].name-1].named {
			r.words[i].cue, r.words[i].pairs = 0, nil // the Associated Press asks for nothing
		}
	}
	for i, t := range r.toks {
		w := &r.words[i]
		w.content = !w.date && w.name == 0 && len(t.Fold) > 1 && !w.means.stop && !w.means.number
	}
	r.whole = true
	for i := range r.words {
		if r.words[i].un {
			r.words[i].not = 1
		}
	}
	r.scopes()
	r.elliptical()
}

// sought reports whether what is sought or wanted at token i is asylum, which one does by asking for it.
func (s *statement) sought(i int) bool {
	for k := i - 1; k <= i+3; k++ {
		if k < 0 || k == i || k >= len(s.toks) {
			continue
		}
		switch s.toks[k].Fold {
		case "asylum", "asilo", "refuge", "refugio":
			return true
		}
	}
	return false
}

// beforeStop stand before a full stop that ends no sentence.
var beforeStop = lang.SetOf(`ee mr mrs ms dr dra sr sra srta st gen sen rep gov lic ing art num nro vs jr prof col capt lt sgt`)

// bounding reports whether the comparative at token i bounds a number rather than compares.
func (s *statement) bounding(i int) bool {
	if i+1 >= len(s.toks) {
		return false
	}
	next := s.toks[i+1]
	if next.Digit {
		return true
	}
	if next.Fold != "than" && next.Fold != "de" || i+2 >= len(s.toks) {
		return false
	}
	after := s.toks[i+2]
	return (after.Digit || lang.IsNumber(after.Fold) || after.Fold == "half" || after.Fold == "a") && !s.ago(i+3)
}

// keepsFrom reports whether the "keep" at token i prevents: "keep migrants from moving on".
func (s *statement) keepsFrom(i int) bool {
	for k := i + 2; k+1 < len(s.toks) && k <= i+7; k++ {
		if s.toks[k].Fold == "from" {
			return strings.HasSuffix(s.toks[k+1].Fold, "ing")
		}
	}
	return false
}

// deniesNot reports whether the word at token i, which may deny, is a noun or adjective that does not: "the opposition
// said", "a decline in sales", "spare parts".
func (s *statement) deniesNot(i int) bool {
	to := i+1 < len(s.toks) && s.toks[i+1].Fold == "to"
	switch s.toks[i].Fold {
	case "opposition":
		return !to
	case "spare":
		to = i+1 == len(s.toks) || s.gap(i+1) != " " || lang.Stop(s.toks[i+1].Fold, s.lang)
		fallthrough
	case "decline", "declines":
		return !to && i > 0 && !beforeVerb.Has(s.toks[i-1].Fold) && s.toks[i-1].Fold != "to" && s.words[i-1].cue&cueNot == 0
	}
	return false
}

// puts returns the cue of what the "put" at token i and words apart from it say together: "put the cost at $200 million",
// "put the delay down to fog", "put the rule into force".
func (r *statement) puts(i int) cue {
	for k := i + 2; k+1 < len(r.toks) && k < i+20; k++ {
		switch next := r.toks[k+1]; r.toks[k].Fold {
		case "at":
			if next.Digit || lang.IsNumber(next.Fold) || r.words[k+1].cue&bounds != 0 || verifyWords().bounds(r, k+1) {
				return cueSay
			}
		case "down":
			if next.Fold == "to" && k < i+9 {
				return cueClaim
			}
		case "into":
			if (next.Fold == "force" || next.Fold == "effect" || next.Fold == "practice") && k < i+9 {
				return cueDone
			}
		}
	}
	return 0
}

// dateAt reports whether token i is a number, a month or a day of the week.
func (r *statement) dateAt(i int) bool {
	f := r.toks[i].Fold
	return r.toks[i].Digit || lang.Month(f) > 0 || lang.Weekday(f) >= 0
}

// ago reports whether a time at token i is counted back from another: "two decades before".
func (r *statement) ago(i int) bool {
	if i+1 >= len(r.toks) || spans[moreUnits[r.toks[i].Fold]].n == 0 {
		return false
	}
	switch r.toks[i+1].Fold {
	case "before", "earlier", "ago", "antes", "atras":
		return true
	}
	return false
}

// compared compare after a number; otherwise "mayores" are the largest, or grown-ups.
var compared = map[string]int16{
	"mayor": 1, "mayores": 1, "superior": 1, "superiores": 1, "menor": -1, "menores": -1, "inferior": -1, "inferiores": -1,
}

// phrasal gives the verb at token i the cues and pairs of a phrase whose second word stands apart from it:
// "left the wall out".
func (r *statement) phrasal(i int, w *word) {
	if i+1 < len(r.toks) && len(r.gap(i+1)) > 1 {
		return // "the rule's summary sets out"
	}
	for _, e := range w.means.phrasal {
		if e.rest[0] == "for" && w.means.stem != "call" { // "called again in July for"
			continue
		}
		for k := i + 1; k < len(r.toks) && k <= i+7; k++ {
			if k == i+1 && e.rest[0] != "for" {
				continue
			}
			if gap := r.gap(k); strings.ContainsAny(gap, ".,;:()") {
				break
			}
			if r.toks[k].Fold != e.rest[0] && r.words[k].means.stem != e.rest[0] {
				if e.rest[0] == "for" && !r.toks[k].Digit && lang.Month(r.toks[k].Fold) == 0 &&
					!lang.Stop(r.toks[k].Fold, r.lang) && r.toks[k].Fold != "again" {
					break
				}
				continue
			}
			if e.rest[0] != "for" && k+1 < len(r.toks) && r.gap(k+1) == " " &&
				!afterParticle.Has(r.toks[k+1].Fold) && !r.toks[k+1].Digit {
				break
			}
			if e.kin != 0 {
				w.kin = append(w.kin, e.kin)
			}
			if e.pair != 0 {
				w.pairs = append(w.pairs, e.pair)
			} else if e.cue&cueDeny != 0 {
				w.pairs = nil // "kept them out" keeps nothing
			}
			w.cue |= e.cue
			break
		}
	}
}

// particles end a phrasal verb; afterParticle may come next.
var (
	particles     = lang.SetOf(`out off down up away back on fuera for togeth apart`)
	afterParticle = lang.SetOf(`of on in at for from by to de en a because since after before until when while and but as if with`)
)

// comparatives may compare, or bound a number.
var comparatives = lang.SetOf(`more less fewer mas menos above below`)

// given stand before what a statement takes as given.
var given = lang.SetOf(`for after under despite with in por tras bajo con`)

// turns begin another statement after a comma.
var turns = lang.SetOf(`and but while whereas although y pero mientras aunque e`)

// possessives blanks what would hide that "AMLO's" is an abbreviation; the length stays.
var possessives = strings.NewReplacer("'s ", "   ", "’s ", "     ")

// dates returns the dates that the text names.
func (s *statement) dates() []lang.When {
	if !s.dated {
		s.whens, s.dated = lang.DatesOf(s.text, s.toks), true
	}
	return s.whens
}

// breaks begin a clause without a comma.
var breaks = lang.SetOf(`but although though while whereas because since if unless when where which who whom whose that until so
	pero sino aunque mientras porque si cuando donde que quien quienes cual cuales pues hasta`)

// spanishTense returns the cue of a conditional ("otorgaría") or a future ("otorgará").
func spanishTense(word, fold string) cue {
	if len(fold) < 4 {
		return 0
	}
	for _, end := range [...]struct {
		suffix string
		c      cue
	}{{"ría", cueWill}, {"rían", cueWill}, {"rá", cueWill}, {"rán", cueWill}} {
		if stem, ok := strings.CutSuffix(word, end.suffix); ok && len(stem) > 1 &&
			strings.ContainsRune("aeidbr", rune(stem[len(stem)-1])) && !nounsInRia.Has(fold) {
			return end.c
		}
	}
	return 0
}

// nounsInRia are nouns with the ending of a conditional: "minería" is no verb.
var nounsInRia = lang.SetOf(`jardineria cafeteria joyeria pesqueria hosteleria hoteleria carpinteria albanileria fontaneria zapateria peluqueria
	cerrajeria lavanderia mensajeria consultoria defensoria tesoreria porteria griferia cristaleria papeleria veeduria contraloria contaduria
	procuraduria mayoria correduria fumigaduria bisuteria perfumeria relojeria sastreria taqueria tortilleria ferreteria bateria armeria
	caballeria cancilleria ingenieria tuberia secretaria guarderia mercaderia galeria panaderia libreria artilleria infanteria
	categoria penitenciaria asesoria auditoria ganaderia mineria refineria loteria averia`)

// mentions finds the names: concepts of the lexicon, and runs of capitalised words that are none.
func (r *statement) mentions(lib Library) {
	i := 0 // token
	for _, o := range conceptsOf(lib, r.text, r.toks) {
		r.concepts = append(r.concepts, o.Term)
		for i < len(r.toks) && r.toks[i].Start < o.Start {
			i++
		}
		last := i
		for last+1 < len(r.toks) && r.toks[last+1].End <= o.End {
			last++
		}
		if i >= len(r.toks) || lang.Month(r.toks[i].Fold) > 0 && last == i {
			continue
		}
		kind := lib.ConceptType(o.Term)
		named := kind == "person" || kind == "organization" || kind == "place"
		m := mention{first: i, last: last, id: o.Term, named: named || kind == "program" || kind == "visa",
			actor: named || people.Has(r.toks[last].Fold)}
		upper := false
		for k := i; k <= last; k++ {
			upper = upper || r.toks[k].Upper
		}
		if !upper && (r.lang != lang.Spanish || kind != "place") {
			m.named = false
		}
		switch {
		case m.named, m.actor:
			if r.lang == lang.Spanish && !r.toks[i].Upper && kind == "place" && !r.noun(i) {
				m.actor = false // an adjective
			}
		default:
			continue // a matter, not a name
		}
		r.add(m)
	}
	for i := 0; i < len(r.toks); i++ {
		t := r.toks[i]
		if r.words[i].name > 0 {
			continue
		}
		if i > 0 && t.Upper && r.lang == lang.English && r.toks[i-1].Upper && placeArticles.Has(r.toks[i-1].Fold) && r.gap(i) == " " {
			r.add(mention{first: i, last: i, id: t.Fold, named: true, actor: true}) // "La Unión" is no union
			continue
		}
		if people.Has(t.Fold) && !(t.Fold == "official" && i+1 < len(r.toks) && r.text[t.End:r.toks[i+1].Start] == " " &&
			!lang.Stop(r.toks[i+1].Fold, r.lang) && !r.verbal(i+1)) {
			r.add(mention{first: i, last: i, id: t.Fold, actor: true})
			continue
		}
		if !t.Upper || r.words[i].date || lang.Stop(t.Fold, lang.English) || lang.Stop(t.Fold, lang.Spanish) || r.shortTitle(i) {
			continue
		}
		last := i
		for last+1 < len(r.toks) && r.toks[last+1].Upper && r.words[last+1].name == 0 &&
			(r.gap(last+1) == " " || r.gap(last+1) == ". " && r.toks[last].Fold == "st") {
			last++
		}
		if r.opens(i) && last == i && !t.Caps {
			continue // a capital that only begins a sentence
		}
		r.add(mention{first: i, last: last, id: t.Fold, named: true, actor: true})
		i = last
	}
}

// placeArticles begin names of places in Spanish: "El Progreso".
var placeArticles = lang.SetOf(`el la los las`)

// shortTitle reports whether the word at token i is a title cut short before a name: "Dr. Ana Ruiz".
func (s *statement) shortTitle(i int) bool {
	return s.toks[i].Fold != "st" && beforeStop.Has(s.toks[i].Fold) && i+1 < len(s.toks) && s.toks[i+1].Upper && s.gap(i+1) == ". "
}

// opens reports whether a sentence or quotation begins at token i: not after the full stop of "Dr. Ruiz".
func (s *statement) opens(i int) bool {
	return lang.Opens(s.text, s.toks[i].Start) && !(i > 0 && s.gap(i) == ". " && beforeStop.Has(s.toks[i-1].Fold) && s.toks[i-1].Upper)
}

// noun reports whether the word for those of a place at token i is a noun rather than an adjective, which in Spanish
// follows one: "los hondureños", "visas para hondureños".
func (s *statement) noun(i int) bool {
	if i == 0 || !strings.HasSuffix(s.toks[i].Fold, "s") {
		return false
	}
	switch s.toks[i-1].Fold {
	case "los", "las", "a", "para", "unos", "otros", "muchos", "entre", "contra", "son", "eran":
		return true
	}
	return s.toks[i-1].Digit
}

// people are common nouns of those who act.
var people = lang.SetOf(`firm firms worker employer employee company lawmaker senator citizen resident student smuggler soldier union unions
	judge judges sindicato sindicatos empleador empleado trabajador empresa legislador senador ciudadano juez jueces lider migrants migrant
	agents agent officials official police soldiers troops workers employers lawmakers governments authorities senators republicans democrats
	companies smugglers families children leaders leader rangers residents citizens students owners lideres dirigentes residentes ciudadanos
	migrantes migrante agentes funcionarios funcionario policia soldados trabajadores empleadores legisladores gobiernos autoridades
	senadores republicanos democratas empresas traficantes familias menores`)

// add adds a name, to which those of its words belong that belong to no name yet. A border does nothing to anybody.
func (r *statement) add(m mention) {
	if f := r.toks[m.last].Fold; f == "border" || f == "frontera" || f == "borders" || f == "fronteras" {
		m.actor = false
	}
	r.names = append(r.names, m)
	for i := m.first; i <= m.last; i++ {
		if r.words[i].name == 0 {
			r.words[i].name = len(r.names)
		}
	}
}

// Reach of what covers the words after it, in words of substance.
const (
	reachNot  = 4
	reachDeny = 8
)

// scopes marks the words that negations, denials and cues of the unreal cover.
func (r *statement) scopes() {
	for i := range r.words {
		c := r.words[i].cue
		agreed := c&cueDone != 0 && c&unreal == 0 && r.undertakes(i)
		if agreed {
			c |= cueVow // "agreed to meet again" is no meeting yet
		}
		if r.forestalled(i) {
			c |= cueNot
		}
		if c&unreal != 0 && (r.toks[i].Fold == "would" && i+1 < len(r.toks) && r.words[i+1].cue&cueNot != 0 || // "would not confirm"
			i > 0 && r.toks[i-1].Fold == "no" && r.lang != lang.Spanish) { // "made no attempt to"
			c &^= unreal
		}
		if c&cueDeny != 0 && i > 0 && (r.rulesOut(i-1) && r.words[i-1].cue&cueNot != 0 ||
			i > 1 && r.rulesOut(i-2) && r.words[i-2].cue&cueNot != 0) {
			c &^= cueDeny // what is not ruled out is not denied
		}
		if c&(cueNot|cueDeny|unreal) == 0 {
			continue
		}
		if c&cueNot != 0 && i+1 < len(r.toks) && (r.words[i+1].cue&cueOnly != 0 || r.toks[i+1].Fold == "just") {
			continue // "not only"
		}
		if f := r.toks[i].Fold; c&cueNot != 0 && (f == "not" || f == "no") && r.orNot(i) {
			r.words[i].cue &^= cueNot
			continue // "whether or not"
		}
		if f := r.toks[i].Fold; (f == "none" || f == "nobody" || f == "nadie" || f == "ninguno" || f == "ninguna") && r.comma(i+1) {
			continue // "where there had been none, he found"
		}
		if f := r.toks[i].Fold; strings.HasPrefix(f, "disput") && i+1 < len(r.toks) && (prepositions[r.toks[i+1].Fold] != "") {
			continue // "the dispute over ending the programme"
		}
		if f := r.toks[i].Fold; f == "pending" && i > 0 && r.words[i-1].cue&cuePassive != 0 {
			continue // "while the appeal was pending the rule stayed"
		}
		if vague.Has(r.toks[i].Fold) || r.eitherWay(i) || c&cueNot != 0 && r.twice(i) {
			continue
		}
		if c&(cueNot|unreal) == 0 && strings.HasPrefix(r.toks[i].Fold, "fail") && (i+1 == len(r.toks) || r.toks[i+1].Fold != "to") {
			continue // "failed with 43 votes"
		}
		if c&unreal == cueAsk && i > 0 && r.toks[i-1].Digit && !r.verbal(i) {
			continue // "had 40 requests for berths" has them
		}
		reach, clauses := int8(reachNot), 1
		if f := r.toks[i].Fold; f == "instead" || f == "lugar" || f == "vez" || f == "en" {
			reach, clauses = 10, 3
		}
		if c&cueMay != 0 && i > 1 && (r.toks[i-1].Fold == "it" && strings.HasPrefix(r.toks[i-2].Fold, "ma") ||
			r.toks[i-1].Fold == "it" && r.toks[i-2].Fold == "before") {
			continue // "made it possible", "before it could"
		}
		wide := 2
		for k := i + 1; k < len(r.toks) && k < i+14; k++ {
			if gap := r.gap(k); strings.Contains(gap, ":") && c&unreal != 0 {
				wide = 99 // "listed four requests: …, and …"
			} else if strings.ContainsAny(gap, ",;.") {
				break
			}
		}
		if c&unreal != 0 && !r.verbal(i) && i+1 < len(r.toks) &&
			strings.HasPrefix(r.text[r.toks[i].End:], ",") && c&(cueVow|cueOffer|cueAsk|cueThreat) != 0 {
			wide = 0 // "after its pledge, …"
		}
		for d := i - 1; c&unreal == cueVow && !r.verbal(i) && d >= 0 && d >= i-4; d-- {
			if given.Has(r.toks[d].Fold) {
				wide = 0 // "in exchange for its commitments, …"
			}
		}
		if c&unreal != 0 && c&unreal&^(cueOffer|cueWill|cueVow) == 0 && i > 1 && !r.verbal(i) &&
			determinate.Has(r.toks[i-1].Fold) && inside.Has(r.toks[i-2].Fold) {
			continue // "in his proposal of 5 December he coupled"
		}
		if f := r.toks[i].Fold; f == "outside" || f == "fuera" || f == "non" || r.prefixed(i) {
			reach, clauses = 1, 0
			if f == "outside" || f == "fuera" {
				reach = 2
			}
			k := i + 1
			for k < len(r.toks) && k <= i+2 && (r.toks[k].Fold == "de" || determinate.Has(r.toks[k].Fold)) {
				k++
			}
			if k >= len(r.toks) || !r.words[k].content {
				continue // "imposed from outside"
			}
		}
		if c&(cueVow|cueOffer) != 0 && i > 0 && (!r.verbal(i) || r.plural(i)) && r.words[i-1].content &&
			r.gap(i) == " " && r.lang != lang.Spanish {
			r.words[i-1].under |= c & unreal // "investment pledges"
		}
		if f := r.toks[i].Fold; c&cueNot != 0 && i > 0 && r.gap(i) == " " && r.words[i-1].content && r.words[i-1].not == 0 &&
			(afterVerb.Has(f) || f == "no" && i+1 < len(r.words) && r.toks[i+1].Fold != "longer" &&
				r.lang != lang.Spanish && r.words[i-1].cue&attributed == 0) { // not of "said no boat had come"
			r.words[i-1].not = 1 // "find no workers"
		}
		if c&unreal != 0 && c&cueDone == 0 && i > 0 && r.words[i-1].cue&cuePassive != 0 && r.verbal(i) {
			for j := i - 1; j >= 0 && j > i-7 && r.words[j].clause == r.words[i].clause && (j == i-1 || !r.verbal(j)); j-- {
				r.words[j].under |= c & unreal // "a vote is expected"
			}
		}
		n := int8(0)
		last, through := 0, false
		for j := i + 1; j < len(r.words) && r.words[j].sentence == r.words[i].sentence; j++ {
			w := &r.words[j]
			if c&unreal != 0 && wide < 99 && turns.Has(r.toks[j].Fold) && strings.Contains(r.gap(j), ",") {
				break // "…, and Mexico agreed"
			}
			if c&unreal != 0 && r.toks[j].Fold == "and" && j+1 < len(r.toks) && strings.HasSuffix(r.toks[j+1].Fold, "ing") &&
				(strings.HasSuffix(r.toks[i].Fold, "ing") || beforeVerb.Has(r.toks[i].Fold)) {
				break // "pledging not to yield and calling the plan wrong"
			}
			if c&unreal != 0 && c&cueMay == 0 && r.perfect(j) > 0 {
				break // "warned that it had cost"
			}
			if c&unreal != 0 && j > i+1 && (r.reason(j) || r.saysToo(j) || r.andThat(i, j)) {
				break // "dropped its plan because of storms", "would open and said why"
			}
			if c&unreal != 0 && w.cue&cueDeny != 0 && w.cue&unreal == 0 && j > i+1 && r.toks[j].Fold[0] != 'n' && r.verbal(j) {
				break // "the attempt to advance the bill failed with 43 votes"
			}
			if c&unreal != 0 && w.clause-r.words[i].clause <= wide {
				w.pledge = agreed && (w.under == 0 || w.pledge)
				w.under |= c & unreal
			}
			if c&unreal == 0 && (j > i+1 || r.comma(j)) && (leaves.Has(r.toks[j].Fold) || r.toks[j].Fold == "with" && c&cueDeny != 0) {
				break // "did not reply when asked"
			}
			if c&unreal == 0 && n > 0 && r.comma(j) && tellers.Has(r.toks[j].Fold) {
				break // "denied it through his lawyer, who said"
			}
			if c&cueNot != 0 && n == 1 && r.rulesOut(i) && r.words[j-1].cue&cueDeny != 0 {
				break // "did not rule out closing"
			}
			if f := r.toks[i].Fold; (f == "without" || f == "sin") && r.comma(j) {
				break // "sin dinero, el instituto volvió a"
			}
			if c&unreal == 0 && (r.toks[j].Fold == "and" || r.toks[j].Fold == "y") &&
				j+1 < len(r.toks) && (r.verbal(j+1) || finite.Has(r.toks[j+1].Fold)) && (j > i+1 || c&cueDeny != 0) {
				break // "took no position and said", "disputes the figure and has promised"
			}
			if c&unreal == 0 && j > i+1 && strings.ContainsAny(r.gap(j), "\"”»") && strings.HasSuffix(r.gap(j), " ") {
				break // "I have no boats," he said
			}
			if !w.content && w.name == 0 || w.inside || w.name > 0 && w.name == last {
				if w.pairs != nil && n < reach && w.clause-r.words[i].clause <= clauses { // a phrase that begins with a small word
					if c&cueNot != 0 && w.not == 0 {
						w.not = n + 1
					} else if c&cueDeny != 0 && w.deny == 0 {
						w.deny = n + 1
					}
				}
				continue
			}
			if through = n == 0 && c&cueNot != 0 && lets.Has(w.means.stem) || through && w.name > 0; !through &&
				!(n == 0 && c&cueNot != 0 && deems.Has(w.means.stem)) {
				n++ // "would not let Ruiz decide" denies that he decides, "do not think it fair" that it is fair
			}
			last = w.name
			if c&cueNot != 0 && n <= reach && w.clause-r.words[i].clause <= clauses && (w.not == 0 || n < w.not) {
				w.not = max(n, 1)
				w.instead = reach == 10
				w.contrast = i > 0 && (strings.ContainsAny(r.gap(i), ",;(") ||
					r.toks[i].Fold == "rather" || r.toks[i].Fold == "instead")
			}
			if c&cueDeny != 0 && n <= max(reachDeny*min(reach-1, 1), 1) && w.clause-r.words[i].clause <= 1 && w.deny == 0 {
				w.deny = n
			}
		}
	}
}

// orNot reports whether the negation at token i only says that it may be otherwise: "whether or not it rains", "with a permit or
// not"; "late or not at all" denies.
func (s *statement) orNot(i int) bool {
	if i == 0 || s.toks[i-1].Fold != "or" && s.toks[i-1].Fold != "o" {
		return false
	}
	if s.comma(i+1) || i+1 == len(s.toks) {
		return true
	}
	for k := i - 2; k >= 0 && s.words[k].sentence == s.words[i].sentence; k-- {
		if f := s.toks[k].Fold; f == "whether" || f == "if" || f == "si" {
			return true
		}
	}
	return false
}

// lets are stems of verbs that hand the negation before them on to the verb after them.
var lets = lang.SetOf(`allow let permit dej`)

// deems are stems of verbs of holding for true, the denial of which is of what is held.
var deems = lang.SetOf(`think believ consid deem regard cre piens pensab consider`)

// finite are auxiliaries that begin a statement of their own after "and".
var finite = lang.SetOf(`is are was were has have had will would ha han habia habian es son era eran fue fueron`)

// reason reports whether a reason begins at token j, which holds for what is only planned too: "because of a storm".
func (s *statement) reason(j int) bool {
	switch s.toks[j].Fold {
	case "because", "porque", "debido":
		return true
	case "due":
		return j+1 < len(s.toks) && s.toks[j+1].Fold == "to" && s.words[j].cue&cueWill == 0
	}
	return false
}

// andThat reports whether token j begins another clause of what is said, which the word at token i, with no such clause of
// its own, has no part in: "said it would open and that it had paid".
func (s *statement) andThat(i, j int) bool {
	that := func(k int) bool { return k < len(s.toks) && (s.toks[k].Fold == "that" || s.toks[k].Fold == "que") }
	return (s.toks[j].Fold == "and" || s.toks[j].Fold == "y") && that(j+1) && !slices.ContainsFunc([]int{i + 1, i + 2, i + 3, i + 4}, that)
}

// saysToo reports whether token j joins a verb of saying to what comes before it: "and said", "but said", or ", saying".
func (s *statement) saysToo(j int) bool {
	if s.comma(j) && s.words[j].cue&attributed != 0 && s.words[j].cue&unreal == 0 && endsIn(s.toks[j].Fold, "ing", "ando", "iendo") {
		return true
	}
	f := s.toks[j].Fold
	return (f == "and" || f == "y" || f == "but" || f == "pero") && j+1 < len(s.toks) &&
		s.words[j+1].cue&attributed != 0 && (s.words[j+1].cue&unreal == 0 || s.words[j+1].cue&cueClaim != 0) && s.verbal(j+1)
}

// plural reports whether what may be a verb in the present at token i is rather a noun: "investment pledges by the agency".
func (s *statement) plural(i int) bool {
	return strings.HasSuffix(s.toks[i].Fold, "s") &&
		(i+1 == len(s.toks) || s.gap(i+1) != " " || ofNoun.Has(s.toks[i+1].Fold))
}

// ofNoun come after a noun rather than after a verb.
var ofNoun = lang.SetOf(`of by for from in on at and or were are worth made`)

// perfect returns the participle of the verb in the perfect, which tells what has happened, that begins at token i, or 0:
// "had cost", "ha pagado".
func (s *statement) perfect(i int) int {
	switch s.toks[i].Fold {
	case "has", "had", "have", "ha", "han", "habia", "habian":
	default:
		return 0
	}
	if i == 0 {
		return 0
	}
	if f := s.toks[i-1].Fold; auxiliaries.Has(f) || able.Has(f) || f == "to" || f == "may" || f == "if" || tellers.Has(f) {
		return 0 // "who have paid" tells of them, not of what was asked for
	}
	for k := i + 1; k < len(s.toks) && k <= i+3; k++ {
		f := s.toks[k].Fold
		if unchanged.Has(f) ||
			s.verbal(k) && (strings.HasSuffix(f, "ed") || s.words[k].base != f || strings.HasSuffix(f, "ado") || strings.HasSuffix(f, "ido")) {
			return k
		}
		if s.words[k].content && !strings.HasSuffix(f, "ly") {
			return 0
		}
	}
	return 0
}

// unchanged are participles that are like the present of their verbs.
var unchanged = lang.SetOf(`cost put cut set let shut hit hurt spread come become run`)

// tellers begin a clause that tells more of who or what was just named.
var tellers = lang.SetOf(`who which that whom que quien quienes cual cuales`)

// forestalled reports whether the "before" at token i tells of what then did not happen: "shelved before it took
// effect".
func (s *statement) forestalled(i int) bool {
	if f := s.toks[i].Fold; f != "before" && f != "antes" {
		return false
	}
	if s.words[i].cue&cueNot != 0 {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if beginsWith(s.toks[k].Fold, "shelv", "cancel", "abandon", "scrap", "dropped", "withdr", "suspend", "halted", "froze", "archiv",
			"retir", "anul", "descart", "aside", "hold", "delay", "postpon", "aplaz", "pospu", "lifted") {
			return true
		}
	}
	return false
}

// eitherWay reports whether a "whether or", which leaves nothing open, begins at token i.
func (s *statement) eitherWay(i int) bool {
	return s.toks[i].Fold == "whether" && i+1 < len(s.toks) && s.toks[i+1].Fold == "or"
}

// prefixed reports whether the "no" at token i belongs to the noun or adjective after it: "cruces no esenciales".
func (s *statement) prefixed(i int) bool {
	return s.lang == lang.Spanish && s.toks[i].Fold == "no" && i > 0 && i+1 < len(s.toks) && s.words[i+1].content && !s.verbal(i+1) &&
		!conjugated.Has(s.toks[i+1].Fold) &&
		s.words[i-1].content && !s.verbal(i-1) && s.gap(i) == " "
}

// conjugated are forms of irregular Spanish verbs, which "no" denies rather than belongs to.
var conjugated = lang.SetOf(`tuvo tuvieron tiene tienen tenia tenian hubo hay pudo pudieron puede pueden puso pusieron pone ponen quiso quisieron
	quiere quieren hizo hicieron hace hacen vino vinieron viene vienen supo supieron sabe saben estuvo estuvieron esta estan dio dieron da dan vio
	vieron ve ven va van sale salen sigue siguen dice dicen cree creen debe deben existe existen cumple cumplen acepta aceptan llega llegan
	logra logran paga pagan recibe reciben necesita necesitan requiere requieren permite permiten incluye incluyen afecta afectan`)

// unOnly begin with "un" and deny nothing.
var unOnly = lang.SetOf(`united unprecedented unspecified undisclosed unidentified uninterrupted unveiled unfolded unloaded unleashed unlocked
	unearthed uncovered unrelated`)

// afterVerb deny the verb before them: "said nothing".
var afterVerb = lang.SetOf(`ningun ninguna nothing nobody nada nadie none`)

// elliptical marks as denied what stands before a negation that nothing follows: "permanent residents do not".
func (s *statement) elliptical() {
	for i := 1; i < len(s.toks); i++ {
		f := s.toks[i].Fold
		if f != "not" && f != "no" && f != "tampoco" && f != "cannot" && !strings.HasSuffix(f, "nt") || s.words[i].cue&cueNot == 0 {
			continue
		}
		if i+1 < len(s.toks) && !strings.ContainsAny(s.gap(i+1), ",;.") {
			continue
		}
		if f == "no" && s.lang != lang.Spanish {
			continue
		}
		for k := i - 1; k >= 0 && k >= i-8 && s.words[k].sentence == s.words[i].sentence && s.words[k].clause == s.words[i].clause; k-- {
			if (s.words[k].content && !s.verbal(k) || s.described(k)) && s.words[k].not == 0 {
				s.words[k].not, s.words[k].elliptic = 1, true
			}
		}
	}
}

// twice reports whether the negation at token i is one of two that cancel each other: "not possible without".
func (s *statement) twice(i int) bool {
	with := func(k int) bool { f := s.toks[k].Fold; return f == "without" || f == "sin" }
	for k := max(0, i-6); k <= i+6 && k < len(s.toks); k++ {
		if k != i && s.words[k].sentence == s.words[i].sentence && s.words[k].cue&cueNot != 0 &&
			with(k) != with(i) && s.hasWord("possible", "posible") {
			return true
		}
	}
	return false
}

// undertakes reports whether the word at token i, of agreeing or deciding, has something to do after it: "agreed to
// meet".
func (r *statement) undertakes(i int) bool {
	if i+2 >= len(r.toks) || r.words[i].inside {
		return false
	}
	f, next, after := r.toks[i].Fold, r.toks[i+1].Fold, r.toks[i+2].Fold
	if r.lang != lang.Spanish {
		return (strings.HasPrefix(f, "agree") || strings.HasPrefix(f, "decid") || f == "voted") && f != "agreement" &&
			next == "to" && !determinate.Has(after) && !r.toks[i+2].Upper
	}
	return (strings.HasPrefix(f, "acord") || strings.HasPrefix(f, "decid")) && len(next) > 3 &&
		endsIn(next, "ar", "er", "ir", "se")
}

// inside stand before what something takes place in or under: "in his proposal".
var inside = lang.SetOf(`in under en bajo`)

// leaves begin what a negation before them leaves alone.
var leaves = lang.SetOf(`if whether si when because since while although though whereas but cuando porque pues mientras aunque pero according segun`)

// vague are adjectives that deny nothing of what they stand before.
var vague = lang.SetOf(`unspecified undisclosed unnamed unclear unknown uncertain`)

// cued reports whether a cue stands anywhere in the text.
func (r *statement) cued(c cue) bool {
	for i := range r.words {
		if r.words[i].cue&c != 0 {
			return true
		}
	}
	return false
}

// links says which words of the evidence each word of a claim stands for.
type links struct {
	claim, source *statement
	to            [][]int // by token of the claim: tokens of the source that say the same
	direct        [][]int // those of them that are the same word, or a form of it
	list          []int   // space of both
}

// link aligns a claim with a source by the same words, by names of one concept, and by the synonyms and
// translations of the lexicon.
func (l *links) link(lib Library, claim, source *statement) {
	n := len(claim.toks)
	*l = links{claim, source, slices.Grow(l.to[:0], n)[:n], slices.Grow(l.direct[:0], n)[:n], l.list[:0]}
	clear(l.to)
	clear(l.direct)
	claim.opensWith(source)
	source.opensAs(claim)
	for n := range claim.names {
		claim.nameAs(n, source)
	}
	for i := range claim.toks {
		from := len(l.list)
		l.token(lib, i)
		if len(l.list) > from {
			l.to[i] = l.list[from:len(l.list):len(l.list)]
		}
	}
	if claim.lang != source.lang {
		l.back(lib)
	}
	for n := range claim.names { // "the employers" is the employer of the source
		m := &claim.names[n]
		if m.named || !m.actor || strings.HasPrefix(m.id, conceptMark) {
			continue
		}
		for _, j := range l.to[m.first] {
			if k := source.words[j].name; k > 0 && !source.names[k-1].named && source.names[k-1].actor {
				m.id = source.names[k-1].id
				break
			}
		}
	}
}

// token puts on the list what token i of the claim stands for.
func (l *links) token(lib Library, i int) {
	claim, source := l.claim, l.source
	t, w := &claim.toks[i], &claim.words[i]
	if w.date || !w.content && w.name == 0 && w.cue == 0 && w.pairs == nil {
		return
	}
	from := len(l.list)
	first := t.Fold[0]
	for j := range source.toks {
		u := &source.toks[j]
		if u.Fold[0] != first && source.words[j].base[0] != w.base[0] {
			continue
		}
		if v := &source.words[j]; !v.date && (v.content || v.name > 0 || v.cue != 0 || v.pairs != nil || u.Fold == t.Fold) &&
			(u.Fold == t.Fold || (u.Fold[0] == first || v.un || w.un) && akinBase(w.base, v.base)) {
			l.list = append(l.list, j)
		}
	}
	if len(l.list) > from {
		l.direct[i] = l.list[from:len(l.list):len(l.list)]
		return
	}
	if w.name > 0 {
		id := claim.names[w.name-1].id
		for _, m := range source.names {
			if m.id == id {
				l.list = append(l.list, m.first)
			}
		}
	}
	if len(l.list) > from || lang.Stop(t.Fold, claim.lang) {
		return
	}
	same, other := lib.Senses(t.Fold, claim.lang)
	if claim.lang == source.lang {
		for _, p := range same {
			l.phrase(p)
		}
		if len(l.list) == from {
			l.kin(i)
		}
		return
	}
	for _, p := range other {
		l.phrase(p)
	}
	if len(l.list) > from {
		return
	}
	for _, p := range other {
		if strings.Contains(p, " ") {
			continue
		}
		again, _ := lib.Senses(p, source.lang)
		for _, q := range again {
			l.phrase(q)
		}
	}
	if len(l.list) == from {
		l.kin(i)
	}
}

// kin puts on the list the words of the source that are of one group with token i of the claim.
func (l *links) kin(i int) {
	mine := l.claim.words[i].kin
	if len(mine) == 0 {
		return
	}
	for j := range l.source.words {
		w := &l.source.words[j]
		if !w.date && (w.content || w.cue != 0 ||
			w.name > 0 && (!l.source.toks[j].Upper || l.claim.toks[i].Upper && l.claim.lang != l.source.lang)) &&
			slices.ContainsFunc(mine, func(k uint16) bool { return slices.Contains(w.kin, k) }) {
			l.list = append(l.list, j)
		}
	}
}

// opensWith takes a word that only begins a sentence for a name when it is one in the source: "Vera" of "Vera said".
func (s *statement) opensWith(source *statement) {
	for i, t := range s.toks {
		if !t.Upper || s.words[i].name > 0 || s.words[i].date || !s.opens(i) {
			continue
		}
		for _, m := range source.names {
			if m.named && m.first == m.last && source.toks[m.first].Fold == t.Fold &&
				source.toks[m.first].Upper && !source.opens(m.first) {
				s.add(mention{first: i, last: i, id: m.id, named: true, actor: m.actor})
				s.words[i].content = false
				break
			}
		}
	}
}

// opensAs takes a word of a source that only begins a sentence for a name when it ends one of the claim: "Ruiz" of "Ruiz
// said" for "Ana Ruiz".
func (s *statement) opensAs(claim *statement) {
	for i, t := range s.toks {
		if !t.Upper || s.words[i].name > 0 || s.words[i].date || !s.opens(i) || !s.acts(i+1) {
			continue
		}
		for _, m := range claim.names {
			if m.named && m.last > m.first && claim.toks[m.last].Fold == t.Fold && !strings.HasPrefix(m.id, conceptMark) {
				s.add(mention{first: i, last: i, id: m.id, named: true, actor: m.actor})
				s.words[i].content = false
				break
			}
		}
	}
}

// nameAs gives a name that is no concept the id of the name of the source that shares a word with it: "Ruiz" for "Ana
// Ruiz".
func (s *statement) nameAs(n int, source *statement) {
	m := &s.names[n]
	if !m.named || strings.HasPrefix(m.id, conceptMark) {
		return
	}
	for _, o := range source.names {
		if !o.named || s.lang == source.lang && s.apartFrom(m, source, &o) {
			continue
		}
		if s.namesakes(m, source, &o) {
			if m.namesake = true; m.id == o.id {
				m.id = lang.Fold(s.show(m.first, m.last))
			}
			continue
		}
		for i := m.first; i <= m.last; i++ {
			for j := o.first; j <= o.last; j++ {
				if s.toks[i].Fold == source.toks[j].Fold && len(s.toks[i].Fold) > 2 && (!titles.Has(s.toks[i].Fold) || m.first == m.last) {
					m.id, m.namesake = o.id, false
					return
				}
			}
		}
	}
}

// apartFrom reports whether two names that share a word have each another that the other has not: "Congressional
// Black Caucus" and "Congressional Hispanic Caucus".
func (s *statement) apartFrom(m *mention, source *statement, o *mention) bool {
	lacks := func(a *statement, m *mention, b *statement, o *mention) bool {
		for _, t := range a.toks[m.first : m.last+1] {
			if t.Upper && !t.Caps && !titles.Has(t.Fold) &&
				!slices.ContainsFunc(b.toks[o.first:o.last+1], func(u lang.Token) bool { return akin(t.Fold, u.Fold) }) {
				return true
			}
		}
		return false
	}
	return m.last > m.first+1 && o.last > o.first+1 && lacks(s, m, source, o) && lacks(source, o, s, m)
}

// namesakes reports whether two names of two words share one and differ in the other, "Ana Ruiz" and "Eva Ruiz", "Ana
// Ruiz" and "Ana Rubio", or share less than half of their words: "the Harbour Council" and "the National Harbour Forum".
// In another language a word may be a translation: "Puerto Vera" is Port Vera.
func (s *statement) namesakes(m *mention, source *statement, o *mention) bool {
	own := func(st *statement, n *mention) []lang.Token {
		return slices.DeleteFunc(slices.Clone(st.toks[n.first:n.last+1]), func(t lang.Token) bool { return titles.Has(t.Fold) || !t.Upper })
	}
	a, b := own(s, m), own(source, o)
	if len(a) < 2 || len(b) < 2 {
		return false
	}
	if len(a) == 2 && len(b) == 2 {
		first, last := s.sameWord(a[0], source, b[0]), s.sameWord(a[1], source, b[1])
		if first != last && (last || a[0].Fold == b[0].Fold) && !s.sameWord(a[0], source, b[1]) && !s.sameWord(a[1], source, b[0]) {
			return true
		}
	}
	if s.lang != source.lang {
		return false
	}
	shared := 0
	for _, t := range a {
		if slices.ContainsFunc(b, func(u lang.Token) bool { return akin(t.Fold, u.Fold) }) {
			shared++
		}
	}
	return shared > 0 && 2*shared < min(len(a), len(b))
}

// sameWord reports whether a word of a name may be a word of a name of another text: a form of it, its first letter, or
// a translation of it.
func (s *statement) sameWord(t lang.Token, source *statement, u lang.Token) bool {
	if t.Fold == u.Fold || akin(t.Fold, u.Fold) && !s.surnames(t.Fold, u.Fold) ||
		t.Fold[0] == u.Fold[0] && (len(t.Fold) == 1 || len(u.Fold) == 1) {
		return true
	}
	if s.lang == source.lang {
		return false
	}
	_, there := s.lib.Senses(t.Fold, s.lang)
	_, back := s.lib.Senses(u.Fold, source.lang)
	return slices.ContainsFunc(there, func(p string) bool { return akin(lang.Fold(p), u.Fold) }) ||
		slices.ContainsFunc(back, func(p string) bool { return akin(lang.Fold(p), t.Fold) })
}

// surnames reports whether two like words are rather two names, no forms of one word: the lexicon does not have both, and they
// differ by more than the ending of a plural or of a people. "Brandt" is not "Brandes".
func (s *statement) surnames(a, b string) bool {
	short, long := a, b
	if len(a) > len(b) {
		short, long = b, a
	}
	if rest, ok := strings.CutPrefix(long, short); ok && (rest == "s" || rest == "es" || rest == "n" || rest == "an" || rest == "ian") {
		return false
	}
	known := func(fold string) bool {
		en, es := s.lib.Senses(fold, lang.English)
		more, again := s.lib.Senses(fold, lang.Spanish)
		return len(en)+len(es)+len(more)+len(again) > 0
	}
	return !endsIn(long, "eco", "eca", "ecos", "ecas", "eno", "ena", "enos", "enas", "ense", "enses", "ano", "ana", "anos", "anas", "ians",
		"ese", "ish") && (!known(a) || !known(b))
}

// back links what only the words of the source lead to.
func (l *links) back(lib Library) {
	missing := false
	for i := range l.claim.toks {
		missing = missing || l.claim.words[i].content && len(l.to[i]) == 0
	}
	if !missing {
		return
	}
	for j, u := range l.source.toks {
		if !l.source.words[j].content {
			continue
		}
		_, other := lib.Senses(u.Fold, l.source.lang)
		for _, p := range other {
			if strings.Contains(p, " ") {
				continue
			}
			for i, t := range l.claim.toks {
				if l.claim.words[i].content && len(l.to[i]) == 0 && akin(t.Fold, lang.Fold(p)) {
					l.to[i] = append(l.to[i], j)
				}
			}
		}
	}
}

// phrase puts on the list where a word or phrase of the lexicon stands in the source.
func (l *links) phrase(phrase string) {
	first := phrase
	rest := ""
	if k := strings.IndexByte(phrase, ' '); k > 0 {
		first, rest = phrase[:k], phrase[k+1:]
	}
	first = lang.Fold(first)
	for j := range l.source.toks {
		if l.source.toks[j].Fold[0] != first[0] {
			continue
		}
		if v := &l.source.words[j]; v.date || !v.content && v.name == 0 && v.cue == 0 && rest == "" || !akin(first, l.source.toks[j].Fold) {
			continue
		}
		ok, k := true, j
		for more := rest; more != "" && ok; {
			w, tail, _ := strings.Cut(more, " ")
			more = tail
			k++
			ok = k < len(l.source.toks) && akin(lang.Fold(w), l.source.toks[k].Fold)
		}
		if ok {
			l.list = append(l.list, j)
		}
	}
}

// akin reports whether two folded words are forms of one: the same but for an ending of inflection or derivation, of
// either language: "closed" and "closing", "rose" and "rise".
func akin(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) == 0 || len(b) == 0 || a[0] != b[0] {
		return false
	}
	if s, ok := irregular[a]; ok {
		a = s
	}
	if s, ok := irregular[b]; ok {
		b = s
	}
	return akinBase(a, b)
}

// akinBase reports what akin does, of words of which the irregular forms have been led back: "rise" for "rose".
func akinBase(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) < 3 || len(b) < 3 || a[:3] != b[:3] {
		return false
	}
	if strings.HasPrefix(a, "statement") != strings.HasPrefix(b, "statement") {
		return false // of a state or of what is stated
	}
	p := 0
	for p < len(a) && p < len(b) && a[p] == b[p] {
		p++
	}
	x, y := a[p:], b[p:]
	if p < 3 || p == 3 && len(x)+len(y) > 4 {
		return false
	}
	return (varies(x) || x != "" && x[0] == a[p-1] && varies(x[1:])) && (varies(y) || y != "" && y[0] == a[p-1] && varies(y[1:]))
}

// endings are what forms of one word differ in after the letters they share.
var endings = lang.SetOf(`s es ed d ing e er ers or ors r rs ion ions ation ations ition tion tions sion sions sive ption be de al als ally ly y ies ied
	ity ment ments ance ances ence ences ive ives able ible en n nt nts nce nces ncy ful ness ism ist ists ize ized ise ised izing ising ian
	ians an ans ic ics ical ate ates ated ating ator ators ative t te o a os as ar ir ado ada ados adas ido ida idos idas aron ieron io
	aba aban ia ando iendo yendo cion ciones siones miento mientos amiento amientos imiento imientos mente amente ara aran era eran
	on ron ra ran se sen ase iera ieran nte ntes dor dora dores do da dos das mos yo yeron ye yen ria rian dad tad ista
	istas ico ica icos icas ivo iva ivos ivas ito ta to tas tos`)

// varies reports whether a form of a word may end so, after what its forms share, or end there.
func varies(s string) bool { return s == "" || endings.Has(s) }
