package verify

import (
	"slices"
	"strings"
	"unicode/utf8"

	"policybot/lang"
	"policybot/retrieval"
)

// checkNames holds every name of the claim to the source, the question and who published it.
func (e *evidence) checkNames(v *Verdict) {
	var more []lang.Token // of what else may hold a name: publisher, author, question
	var concepts []string // of those, and of names inside longer names of the source
	know := func(text string) {
		text = possessives.Replace(text)
		n := len(more)
		more = lang.AppendTokens(more, text)
		for _, o := range conceptsOf(e.lib, text, more[n:]) {
			concepts = append(concepts, o.Term)
		}
	}
	known := func(concept string) bool {
		return slices.Contains(e.source.concepts, concept) || slices.Contains(concepts, concept)
	}
	beside := false
	press := func() { // what else may hold a name
		if beside {
			return
		}
		beside = true
		for i := range e.quotes {
			for _, s := range []string{e.articles[i].Publisher, e.articles[i].Author} {
				if s != "" {
					know(s)
				}
			}
		}
		if e.question != "" {
			know(e.question)
		}
	}
	inner := false
	nested := func() {
		if inner {
			return
		}
		inner = true
		for i, m := range e.source.names {
			if m.last > m.first {
				for k := m.first; k <= m.last; k++ {
					if t := e.source.toks[k]; t.Upper && e.source.words[k].name == i+1 {
						know(e.source.text[t.Start:t.End])
					}
				}
			}
		}
	}
	stands := func(t lang.Token) bool {
		if lang.Stop(t.Fold, lang.English) || lang.Stop(t.Fold, lang.Spanish) || e.courtesy(t) {
			return true
		}
		like := func(u lang.Token) bool { // "Paso" is no form of "Pass"
			return u.Fold == t.Fold || u.Fold[0] == t.Fold[0] && (!t.Upper || len(t.Fold) > 4 && len(u.Fold) > 4) && akin(u.Fold, t.Fold) &&
				!(t.Upper && u.Upper && e.claim.surnames(t.Fold, u.Fold))
		}
		if slices.ContainsFunc(e.source.toks, like) {
			return true
		}
		press()
		return slices.ContainsFunc(more, like)
	}
	for _, m := range e.claim.names {
		if !m.named && m.last > m.first && !known(m.id) { // "autoridades mexicanas" are not any authorities
			for k := m.first; k <= m.last; k++ {
				if t := e.claim.toks[k]; !t.Upper && e.otherPlace(t, known) {
					v.fail("name", e.claim.show(m.first, m.last))
					break
				}
			}
		}
		if !m.named || known(m.id) {
			continue
		}
		if press(); known(m.id) {
			continue
		}
		concept := strings.HasPrefix(m.id, conceptMark)
		missing := -1
		for k := m.first; k <= m.last; k++ {
			t := e.claim.toks[k]
			if stands(t) {
				continue
			}
			if !t.Upper && m.last > m.first || len(e.links.to[k]) > 0 && !t.Upper {
				if e.otherPlace(t, known) {
					missing = k
					break
				}
				continue
			}
			if !concept && e.claim.lang != e.source.lang && len(e.links.to[k]) > len(e.links.direct[k]) && e.translatable(k) {
				continue // a word that is translated
			}
			nested()
			own := false
			for _, o := range conceptsIn(e.lib, e.claim.text[t.Start:t.End]) {
				own = own || known(o.Term)
			}
			if !own {
				missing = k
				break
			}
		}
		if missing < 0 && m.namesake {
			missing = m.last // its words stand there, but not in one name
		}
		if missing < 0 {
			continue
		}
		nested()
		if known(m.id) || e.impliedBy(m, known) && !e.seated(m) || e.officeThere(m) || e.countryFor(m) ||
			e.initials(e.claim.toks[missing]) || e.abbreviated(m) || e.pronounFor(m) || e.matterFor(m, known) ||
			e.nationThere(m) || e.fullName(m) || e.meantBefore(m) {
			continue
		}
		v.fail("name", e.claim.show(m.first, m.last))
	}
	if i, other := e.otherOffice(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has "+other)
	}
	if i, other := e.otherCompass(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has "+other)
	}
	if n := e.movedPlace(); n >= 0 {
		m := e.claim.names[n]
		v.fail("name", e.claim.show(m.first, m.last)+" is elsewhere there")
	}
	if i := e.otherCompound(); i >= 0 {
		v.fail("name", e.claim.show(i, i+1)+" is another there")
	}
	if i, other := e.otherPeople(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has "+other)
	}
	if i, other := e.otherScope(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has "+other)
	}
	if i := e.otherVenue(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has another place")
	}
	if i := e.notBetween(); i >= 0 {
		v.fail("name", e.claim.show(max(i-2, 0), i)+", where the source has between")
	}
	// A word that only begins a sentence may be a name too.
	for i, t := range e.claim.toks {
		if !t.Upper || e.claim.words[i].name > 0 || e.claim.words[i].date ||
			!e.claim.opens(i) || len(e.links.to[i]) > 0 || stands(t) || e.claim.shortTitle(i) {
			continue
		}
		m := mention{first: i, last: i, id: t.Fold}
		if nations[t.Fold] > 0 && t.Fold != "polish" && !e.nationThere(m) ||
			e.claim.words[i].content && e.claim.words[i].cue == 0 &&
				(e.claim.acts(i+1) || strings.HasPrefix(e.claim.text[t.End:], ":")) && (e.unknown(t.Fold) || e.namedAround(m)) {
			if !e.pronounFor(m) && !e.meantBefore(m) {
				v.fail("name", e.claim.show(i, i))
			}
		}
	}
}

// namedAround reports whether a word that begins a sentence of the claim is a name elsewhere in the articles.
func (e *evidence) namedAround(m mention) bool {
	for k := range e.articles {
		s := e.story(k)
		if slices.ContainsFunc(s.names, func(o mention) bool { return o.named && s.toks[o.last].Fold == m.id && !s.opens(o.last) }) {
			return true
		}
	}
	return false
}

// translatable reports whether the word at token i of the claim is one of the vocabulary, rather than only of a name.
func (e *evidence) translatable(i int) bool {
	return !e.unknown(e.claim.toks[i].Fold) || len(e.claim.words[i].kin) > 0
}

// courtesies stand before a name and say nothing; shortTitles are short for a word that the source has to have.
var (
	courtesies  = lang.SetOf(`mr mrs ms miss sr sra srta don dona`)
	shortTitles = map[string]string{"ceo": "executive director ejecutivo gerente", "cfo": "finance financial finanzas",
		"sister": "sor hermana monja", "sor": "sister nun", "brother": "hermano fray", "father": "padre sacerdote cura",
		"padre": "father priest", "bishop": "obispo", "obispo": "bishop", "archbishop": "arzobispo", "arzobispo": "archbishop",
		"gov": "governor gobernador gobernadora",
		"sen": "senator senador senadora", "rep": "representative congressman congresswoman diputado diputada congresista",
		"dr": "doctor doctora physician medico medica", "prof": "professor profesor profesora", "gen": "general",
		"col": "colonel coronel", "capt": "captain capitan capitana", "lt": "lieutenant teniente", "sgt": "sergeant sargento"}
)

// courtesy reports whether a word of a name is only a title, that the source has in full if it is an office.
func (e *evidence) courtesy(t lang.Token) bool {
	if courtesies.Has(t.Fold) {
		return true
	}
	long, ok := shortTitles[t.Fold]
	return ok && slices.ContainsFunc(e.source.toks, func(u lang.Token) bool { return slices.Contains(strings.Fields(long), u.Fold) })
}

// portfolios are the fields of ministries and departments, each in one line in both languages.
var portfolios = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`foreign exterior exteriores cancilleria canciller
interior gobernacion
defence defense defensa
economy economic economia
labour labor trabajo
finance treasury hacienda finanzas
health salud sanidad
agriculture agricultura
education educacion
justice justicia
energy energia
transport transportation transporte transportes
tourism turismo
environment ambiente
navy marina
housing vivienda
culture cultura`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// ministries stand beside the field that they are for.
var ministries = lang.SetOf(`ministry ministries minister ministers secretary secretariat department secretaria secretario ministerio
	ministro ministra departamento`)

// portfolio returns the field of the office at token i: "ministry of labour", "interior secretary".
func (s *statement) portfolio(i int) (at, field int) {
	if f := portfolios[s.toks[i].Fold]; f == 1 && s.toks[i].Fold[0] == 'c' { // "canciller"
		return i, f
	}
	if !ministries.Has(s.toks[i].Fold) {
		return -1, 0
	}
	if i > 0 && portfolios[s.toks[i-1].Fold] > 0 {
		return i - 1, portfolios[s.toks[i-1].Fold]
	}
	for k := i + 1; k < len(s.toks) && k <= i+3; k++ {
		if f := portfolios[s.toks[k].Fold]; f > 0 {
			return k, f
		}
		if !lang.Stop(s.toks[k].Fold, s.lang) {
			break
		}
	}
	return -1, 0
}

// otherOffice returns the field of a ministry of the claim when the source has ministries, but only of other fields, or
// -1: the "defence ministry" is not the foreign ministry.
func (e *evidence) otherOffice() (int, string) {
	for i := range e.claim.toks {
		at, field := e.claim.portfolio(i)
		if at < 0 || e.claim.words[at].name > 0 && slices.Contains(e.source.concepts, e.claim.names[e.claim.words[at].name-1].id) {
			continue
		}
		other := -1
		for j, t := range e.source.toks {
			if portfolios[t.Fold] == field {
				other = -1
				break
			}
			if k, _ := e.source.portfolio(j); k >= 0 {
				other = k
			}
		}
		if other >= 0 {
			return at, e.source.show(other, other)
		}
	}
	return -1, ""
}

// officeThere reports whether a name of the claim is the field of a ministry that the source names in other words:
// "Gobernación" for the interior secretary.
func (e *evidence) officeThere(m mention) bool {
	if e.claim.lang == e.source.lang {
		return false
	}
	for k := max(0, m.first-3); k <= m.last; k++ {
		if at, field := e.claim.portfolio(k); at >= m.first && at <= m.last {
			return slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return portfolios[t.Fold] == field })
		}
	}
	return false
}

// compass has the direction of words for one, opposites negative.
var compass = map[string]int{"north": 1, "northern": 1, "northward": 1, "northwards": 1, "northbound": 1, "norte": 1,
	"south": -1, "southern": -1, "southward": -1, "southwards": -1, "southbound": -1, "sur": -1,
	"east": 2, "eastern": 2, "eastward": 2, "eastbound": 2, "este": 0, "oriente": 2, "oriental": 2,
	"west": -2, "western": -2, "westward": -2, "westbound": -2, "oeste": -2, "occidente": -2, "occidental": -2}

// headOf returns the token that an adjective of direction at token i belongs to, "the northern bridge", "el puente del
// norte", or -1 for a way that something goes, "northbound", "al sur".
func (s *statement) headOf(i int) int {
	switch {
	case i+1 < len(s.toks) && (strings.HasSuffix(s.toks[i].Fold, "ern") || s.words[i].name > 0):
		return i + 1
	case i > 1 && s.toks[i-1].Fold == "del":
		return i - 2
	case i > 0 && i+2 < len(s.toks) && (s.toks[i-1].Fold == "the" || s.toks[i-1].Fold == "el") &&
		(s.toks[i+1].Fold == "of" || s.toks[i+1].Fold == "de") && s.toks[i+2].Upper: // "the north of Mexico"
		return i + 2
	}
	return -1
}

// otherCompass returns a direction of the claim for which the source has the opposite, of the same thing, and nowhere
// the same; or -1: "the northern ramp" for "the southern ramp".
func (e *evidence) otherCompass() (int, string) {
	for i, t := range e.claim.toks {
		d := compass[t.Fold]
		if d == 0 || e.claim.words[i].name > 0 {
			continue
		}
		other, head := -1, e.claim.headOf(i)
		for j, u := range e.source.toks {
			if n := e.source.words[j].name; n > 0 && !e.source.compassName(j) && head >= 0 && !has(e.links.to[head], e.source.names[n-1].last) {
				continue // "North Lund" says nothing of the north of Vera
			}
			if c := compass[u.Fold]; c == d || strings.HasPrefix(u.Fold, "south") && d == -1 || strings.HasPrefix(u.Fold, "north") && d == 1 {
				other = -1
				break
			} else if k := e.source.headOf(j); c == -d && e.source.compassName(j) && (head < 0 && k < 0 || head >= 0 && k >= 0 &&
				has(e.links.to[head], k)) {
				other = j
			}
		}
		if other >= 0 {
			return i, e.source.show(other, other)
		}
	}
	return -1, ""
}

// compassName reports whether the direction at token i is no part of a name, or only says which part of a place: "South
// Mexico", but not "North Korea".
func (s *statement) compassName(i int) bool {
	n := s.words[i].name
	return n == 0 || i+1 < len(s.toks) && s.words[i+1].name > 0 && s.words[i+1].name != n && countries.Has(s.names[s.words[i+1].name-1].id)
}

// compounds are participles that end a compound, whose first word says what by, for or from.
var compounds = lang.SetOf(`based born owned led run backed funded financed bound built made driven related sponsored`)

// otherCompound returns the first word of a compound of the claim that the source has with another first word, or -1:
// "employment-based" for "family-based".
func (e *evidence) otherCompound() int {
	joined := func(s *statement, i int) bool {
		return i+1 < len(s.toks) && s.gap(i+1) == "-"
	}
	c, s := e.claim, e.source
	for i := range c.toks {
		if !joined(c, i) || !compounds.Has(c.toks[i+1].Fold) || !c.words[i].content || c.words[i].cue != 0 || len(e.links.to[i]) > 0 {
			continue
		}
		for j := range s.toks {
			if joined(s, j) && s.toks[j+1].Fold == c.toks[i+1].Fold && s.words[j].content &&
				!slices.ContainsFunc(e.links.to, func(to []int) bool { return has(to, j) }) {
				return i
			}
		}
	}
	return -1
}

// venues are buildings and grounds where something takes place, those of one number for one another.
var venues = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`embassy embassies embajada embajadas
consulate consulates consulado consulados
palace palacio
hotel hotels hoteles
airport airports airfield airstrip aeropuerto aeropuertos
stadium arena estadio
courthouse juzgado juzgados
museum museo
church churches chapel cathedral parish iglesia iglesias capilla catedral parroquia
university universities universidad universidades
school schools escuela escuelas colegio
fairground fairgrounds feria recinto
warehouse warehouses bodega bodegas almacen
gym gymnasium gimnasio
barracks cuartel cuarteles
factory factories fabrica fabricas
prison prisons jail jails carcel carceles prision penal
library libraries biblioteca
theater theatre teatro
racetrack racecourse hipodromo autodromo
convent monastery convento monasterio
cemetery graveyard cementerio panteon
hospital hospitals hospitales`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// otherVenue returns a building of the claim, in which or at which something takes place, that stands nowhere in the
// source, which has it elsewhere; or -1: "dinner at the embassy" for "dinner at the White House".
func (e *evidence) otherVenue() int {
	c := e.claim
	for i, t := range c.toks {
		kind := venues[t.Fold]
		if kind == 0 || c.words[i].name > 0 && c.names[c.words[i].name-1].named || len(e.links.direct[i]) > 0 {
			continue
		}
		same, other := false, c.located(i) && slices.Contains(e.source.concepts, "concept:white-house")
		for _, u := range e.source.toks {
			same, other = same || venues[u.Fold] == kind, other || venues[u.Fold] > 0
		}
		if other && !same {
			return i
		}
	}
	return -1
}

// tongues are languages and peoples that the lexicon need not know, those of one number for one another.
var tongues = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`nahuatl nahua nahuas
mixtec mixtecs mixteco mixteca mixtecos mixtecas
zapotec zapotecs zapoteco zapoteca zapotecos zapotecas
maya mayan mayans mayas
kiche quiche k'iche
mam mames
qeqchi kekchi q'eqchi
kaqchikel cakchiquel
garifuna garifunas
miskito miskitos misquito misquitos
lenca lencas
tzotzil tzotziles
tzeltal tzeltales
otomi otomies
purepecha purepechas tarascan
mazatec mazateco mazateca
tarahumara raramuri
yaqui yaquis
quechua quechuas
aymara aimara aymaras aimaras
guarani guaranies
creole criollo kreyol
arabic arabe arabes
english ingles
spanish espanol castellano`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// peopleOf returns the people or language that a word is for, or 0: "zapoteco", "franceses".
func peopleOf(fold string) int {
	if n := tongues[fold]; n > 0 {
		return -n
	}
	return nations[fold]
}

// otherPeople returns a people or language of the claim, in a word without a capital, when the source has another that the claim
// has not, and not that one; or -1: "apoyo en zapoteco" for "support in Mixtec".
func (e *evidence) otherPeople() (int, string) {
	c, s := e.claim, e.source
	has := func(st *statement, n int) bool {
		return slices.ContainsFunc(st.toks, func(t lang.Token) bool { return peopleOf(t.Fold) == n })
	}
	if c.lang != lang.Spanish {
		return -1, ""
	}
	for i, t := range c.toks {
		n := peopleOf(t.Fold)
		if n == 0 || t.Upper || c.words[i].name > 0 || has(s, n) || len(e.links.direct[i]) > 0 {
			continue
		}
		for j, u := range s.toks {
			if m := peopleOf(u.Fold); m != 0 && (u.Upper || s.lang == lang.Spanish) && !has(c, m) {
				return i, s.show(j, j)
			}
		}
	}
	return -1, ""
}

// scopeNouns are the nouns for how far something reaches, by their rank.
var scopeNouns = map[string]rank{"country": rankCountry, "nation": rankCountry, "pais": rankCountry, "nacion": rankCountry,
	"state": rankState, "estado": rankState, "province": rankState, "provincia": rankState, "county": rankState, "region": rankState,
	"city": rankTown, "town": rankTown, "ciudad": rankTown, "municipio": rankTown, "pueblo": rankTown,
	"continent": anyRank, "continente": anyRank, "world": noRank, "mundo": noRank}

// scopeAt returns the rank of the noun at token i that tells how far something reaches: "in the state", "del país".
func (s *statement) scopeAt(i int) (rank, bool) {
	r, ok := scopeNouns[s.toks[i].Fold]
	if !ok || s.toks[i].Upper || i == 0 {
		return r, false
	}
	switch f := s.toks[i-1].Fold; {
	case endsIn(s.toks[i-1].Fold, "del"):
		return r, true
	case f == "the" || f == "el" || f == "la" || f == "this" || f == "este" || f == "esta":
		return r, i > 1 && (s.toks[i-2].Fold == "in" || s.toks[i-2].Fold == "of" || s.toks[i-2].Fold == "en" || s.toks[i-2].Fold == "de")
	}
	return r, false
}

// otherScope returns a noun of the claim for how far something reaches when the source has only another, and no place of that
// rank; or -1: "the first school in the country" for "in the state".
func (e *evidence) otherScope() (int, string) {
	c, s := e.claim, e.source
	for i := range c.toks {
		r, ok := c.scopeAt(i)
		if !ok || slices.ContainsFunc(s.toks, func(t lang.Token) bool { q, ok := scopeNouns[t.Fold]; return ok && q == r }) ||
			slices.ContainsFunc(s.names, func(m mention) bool { return e.placeOfRank(s, m, r) }) {
			continue
		}
		for j := range s.toks {
			q, ok := s.scopeAt(j)
			if ok && q != r && !slices.ContainsFunc(c.toks, func(t lang.Token) bool { p, ok := scopeNouns[t.Fold]; return ok && p == q }) &&
				!slices.ContainsFunc(c.names, func(m mention) bool { return e.placeOfRank(c, m, q) }) {
				return i, s.show(j, j)
			}
		}
	}
	return -1, ""
}

// placeOfRank reports whether a name is known to be that of a place of a rank.
func (e *evidence) placeOfRank(s *statement, m mention, r rank) bool {
	last := s.toks[m.last].Fold
	return m.named && s.toks[m.first].Upper && s.ranks(m, r) &&
		(e.lib.ConceptType(m.id) == "place" || states.Has(last) || nations[last] > 0)
}

// located reports whether the noun at token i says where: "at the Dutch embassy".
func (s *statement) located(i int) bool {
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		switch s.toks[k].Fold {
		case "at", "in", "en":
			return true
		}
	}
	return false
}

// notBetween returns a word of the claim that stands after "at" or "in" where the source has it after "between", or -1:
// crossings "at the ports of entry" are not those between ports of entry.
func (e *evidence) notBetween() int {
	c, s := e.claim, e.source
	if c.hasWord("between", "entre") {
		return -1
	}
	for i := range c.toks {
		k := i - 1
		if k > 0 && determinate.Has(c.toks[k].Fold) {
			k--
		}
		if k < 0 || c.toks[k].Fold != "at" && c.toks[k].Fold != "in" && c.toks[k].Fold != "en" {
			continue
		}
		for _, j := range e.links.to[i] {
			if j == 0 || j+1 >= len(s.toks) || s.toks[j-1].Fold != "between" || s.toks[j+1].Fold == "and" {
				continue
			}
			if !slices.ContainsFunc(e.links.to[i], func(o int) bool { return o != j && o+1 < len(s.toks) && s.toks[o+1].Fold == s.toks[j+1].Fold }) {
				return i
			}
		}
	}
	return -1
}

// placeOf returns the name of the place that name n of s is said to lie in, or -1: "Lukeville, Arizona", "Lukeville in
// Arizona".
func (e *evidence) placeOf(s *statement, n int) int {
	k := s.names[n].last + 1
	if k < len(s.toks) && (s.toks[k].Fold == "in" || s.toks[k].Fold == "en") {
		k++
	} else if k < len(s.toks) && !strings.HasPrefix(s.text[s.toks[k-1].End:], ", ") && !strings.HasPrefix(s.text[s.toks[k-1].End:], " (") {
		return -1
	}
	if k >= len(s.toks) || s.words[k].name == 0 || s.enumerated(n, s.words[k].name-1) {
		return -1
	}
	if m := s.words[k].name - 1; m != n && e.lib.ConceptType(s.names[m].id) == "place" && e.lib.ConceptType(s.names[n].id) == "place" {
		return m
	}
	return -1
}

// enumerated reports whether two names, one after the other, belong to a list: "Vera, Lund and Tarn", "in Vera, Lund, Tarn".
func (s *statement) enumerated(n, m int) bool {
	if !s.comma(s.names[m].first) {
		return false
	}
	if k := s.names[m].last + 1; k+1 < len(s.toks) && (s.words[k].name > 0 || ands.Has(s.toks[k].Fold) && !s.comma(k)) {
		return true
	}
	first := s.names[n].first
	return first > 0 && s.comma(first) && s.words[first-1].name > 0
}

// ands join the last of a list.
var ands = lang.SetOf(`and or y e o u`)

// seated reports whether a name says where something was, rather than who did it, and the source tells of another
// town: "the meeting in Washington" was not in the country that Washington governs.
func (e *evidence) seated(m mention) bool {
	if m.first == 0 || e.lib.ConceptType(m.id) != "place" {
		return false
	}
	f := e.claim.toks[m.first-1].Fold
	if m.id == "concept:mexico-city" {
		return seatedBy.Has(f) || e.claim.comma(m.first) || f == "to" || f == "from" || f == "a"
	}
	return (f == "in" || f == "en") && m.id == "concept:washington" && !slices.Contains(e.source.concepts, "concept:white-house")
}

// nation stand for a country that has been named before.
var nation = lang.SetOf(`country nation pais nacion`)

// matterFor reports whether a name of the claim is in what the lexicon calls a law or another matter that the source has
// under another name: "T-MEC" for the USMCA.
func (e *evidence) matterFor(m mention, known func(concept string) bool) bool {
	c := e.claim
	return slices.ContainsFunc(conceptsOf(e.lib, c.text, c.toks), func(o retrieval.Occurrence) bool {
		return o.Start <= c.toks[m.first].Start && c.toks[m.last].End <= o.End && known(o.Term)
	})
}

// countryFor reports whether a name of the claim is that of a country that the source only calls "the country", "our
// country" or "back home", and that was named just before.
func (e *evidence) countryFor(m mention) bool {
	s := e.source
	if e.lib.ConceptType(m.id) != "place" {
		return false
	}
	for i, t := range s.toks {
		if home := t.Fold == "home" && i > 0 && s.toks[i-1].Fold == "back"; !home && (i == 0 || t.Upper || !nation.Has(t.Fold) ||
			!(determinate.Has(s.toks[i-1].Fold) || s.toks[i-1].Fold == "our" || s.toks[i-1].Fold == "nuestro") || s.toks[i-1].Fold == "a") {
			continue
		}
		for k := range e.articles {
			same := func(o mention) bool { return o.id == m.id }
			if slices.ContainsFunc(e.before(k).names, same) ||
				slices.ContainsFunc(read(e.lib, e.articles[k].Title, e.articles[k].Lang).names, same) {
				return true
			}
		}
	}
	return false
}

// before returns what stands before a citation, up to a few sentences.
func (e *evidence) before(i int) *statement {
	a, ct := e.articles[i], e.cites[i]
	return read(e.lib, stretch(a.Text, ct.Start-reachName, ct.Start), a.Lang)
}

// story returns the title of an article that is cited and what stands around the citation, which is all of most: however
// long an article is, a claim is checked in bounded time.
func (e *evidence) story(i int) *statement {
	for len(e.stories) <= i {
		e.stories = append(e.stories, nil)
	}
	if e.stories[i] == nil {
		a, ct := e.articles[i], e.cites[i]
		e.stories[i] = read(e.lib, a.Title+".\n"+stretch(a.Text, ct.Start-reachStory, ct.End+reachStory), a.Lang)
	}
	return e.stories[i]
}

// reachStory is how many bytes before and after a citation are read for whom and what the article names.
const reachStory = 6 << 10

// stretch returns the whole characters of a text between two bytes, which may lie outside it.
func stretch(text string, start, end int) string {
	start, end = max(start, 0), min(end, len(text))
	for start < end && !utf8.RuneStart(text[start]) {
		start++
	}
	for end > start && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[start:end]
}

// otherPlace reports whether a word without a capital is of a place that stands nowhere in the source.
func (e *evidence) otherPlace(t lang.Token, known func(concept string) bool) bool {
	if e.claim.lang != lang.Spanish {
		return false
	}
	for _, o := range conceptsIn(e.lib, e.claim.text[t.Start:t.End]) {
		if e.lib.ConceptType(o.Term) == "place" && !known(o.Term) && !e.impliedBy(mention{id: o.Term}, known) {
			return true
		}
	}
	return false
}

// inPerson stand for a person: pronouns, and what somebody is.
var (
	inPerson    = lang.SetOf(`he she his her him hers himself herself`)
	firstPerson = lang.SetOf(`i we my our`) // of whoever is quoted
	byOffice    = lang.SetOf(`leader leaders president presidents minister secretary senator governor mayor ambassador official spokesman
		spokeswoman chief presidente presidenta
		mandatario mandataria ministro ministra secretario secretaria canciller`)
)

// reachName is how many bytes before a quote the person is looked for whom a pronoun of it may mean.
const reachName = 600

// pronounFor reports whether a name of the claim is that of the person whom a pronoun of the source may mean, before
// which the source names nobody: of the last person named before the quote, or of one in the title. A Spanish quote
// that names nobody needs no pronoun to leave its subject out.
func (e *evidence) pronounFor(m mention) bool {
	s := e.source
	at := len(s.toks)
	for i, t := range s.toks {
		if inPerson.Has(t.Fold) || firstPerson.Has(t.Fold) && lang.Opens(s.text, t.Start) || byOffice.Has(t.Fold) && !s.titled(i) && !s.indefinite(i) {
			at = i
			break
		}
	}
	pronoun := at < len(s.toks) || s.lang == lang.Spanish
	after := at < len(s.toks) && s.afterQuotation(at)
	for _, n := range s.names {
		if n.named && n.first < at && !s.pair(at) && !after && (e.lib.ConceptType(n.id) == "person" || s.personName(n)) {
			pronoun = false
		}
	}
	if kind := e.lib.ConceptType(m.id); !pronoun || kind != "person" && (kind != "" || strings.HasPrefix(m.id, conceptMark)) {
		return false
	}
	for i, a := range e.articles {
		before := e.before(i)
		last, other, subject, sentence := "", "", "", -1 // the last one named, and the first one of the last sentence that names any
		e.surnamesOf(before, i)
		for _, o := range before.inOrder() {
			if slices.ContainsFunc(s.names, func(n mention) bool { return n.id == o.id }) {
				continue // somebody else than the pronoun means
			}
			if o.named && e.lib.ConceptType(o.id) == "person" ||
				o.named && e.lib.ConceptType(o.id) == "" && !strings.HasPrefix(o.id, conceptMark) &&
					(before.acts(o.last+1) || before.personName(o)) {
				id := o.id
				if e.samePerson(m, before, o) {
					id = m.id
				} else if id == m.id {
					id = lang.Fold(before.show(o.first, o.last)) // "Ana Rubio" is not Ana Ruiz
				}
				if id != last {
					other = last
				}
				if last = id; before.words[o.first].sentence != sentence {
					subject, sentence = id, before.words[o.first].sentence
				}
			}
		}
		if last != "" && (last == m.id || subject == m.id || other == m.id && s.pair(at) || last == e.claim.toks[m.last].Fold) {
			return true
		}
		title := read(e.lib, a.Title, a.Lang)
		persons, own := 0, false
		for _, o := range title.names {
			if o.named && e.lib.ConceptType(o.id) == "person" {
				persons++
				own = own || o.id == m.id
			}
		}
		if own && persons == 1 {
			return true
		}
	}
	return false
}

// samePerson reports whether a name of the claim may be that of a person whom another text names: "Ruiz" for "Ana Ruiz", but
// not "Eva Ruiz".
func (e *evidence) samePerson(m mention, s *statement, o mention) bool {
	if strings.HasPrefix(m.id, conceptMark) || strings.HasPrefix(o.id, conceptMark) {
		return m.id == o.id
	}
	a, b := e.claim.toks[m.first:m.last+1], s.toks[o.first:o.last+1]
	short := a
	if len(b) < len(a) {
		short = b
	}
	if len(short) == 1 {
		return a[len(a)-1].Fold == b[len(b)-1].Fold
	}
	return a[len(a)-1].Fold == b[len(b)-1].Fold && a[len(a)-2].Fold == b[len(b)-2].Fold
}

// inOrder returns the names of a text by where they stand.
func (s *statement) inOrder() []mention {
	names := slices.Clone(s.names)
	slices.SortStableFunc(names, func(a, b mention) int { return a.first - b.first })
	return names
}

// surnamesOf takes words that only begin sentences of what stands before a citation for names when they end longer names of
// the article: "Ruiz" of "Ruiz said".
func (e *evidence) surnamesOf(s *statement, cite int) {
	for i, t := range s.toks {
		if !t.Upper || s.words[i].name > 0 || !s.opens(i) || !s.words[i].content || !s.acts(i+1) {
			continue
		}
		all := e.story(cite)
		if slices.ContainsFunc(all.names, func(o mention) bool { return o.named && o.last > o.first && all.toks[o.last].Fold == t.Fold }) {
			s.add(mention{first: i, last: i, id: t.Fold, named: true, actor: true})
		}
	}
}

// personName reports whether an unknown name looks like that of a person: two words or three, none of them a body's, and
// not after "in": "said Ana Ruiz".
func (s *statement) personName(m mention) bool {
	if m.last == m.first || m.last > m.first+2 || m.first > 0 && seatedBy.Has(s.toks[m.first-1].Fold) {
		return false
	}
	return s.lib.ConceptType(m.id) == "" && !slices.ContainsFunc(s.toks[m.first:m.last+1], func(t lang.Token) bool {
		return bodyNouns[t.Fold] > 0 || t.Caps || t.Fold == "st"
	})
}

// afterQuotation reports whether what leads up to token i is one quotation, whose words name others than who is
// speaking: “We will ask Trump,” the president added.
func (s *statement) afterQuotation(i int) bool {
	end := strings.LastIndexAny(s.text[:s.toks[i].Start], "”»\"")
	return end > 0 && s.toks[max(i-4, 0)].Start < end && strings.ContainsAny(s.text[:s.toks[0].Start], "“«\"")
}

// indefinite reports whether the noun at token i is of somebody not named before: "a senior US official".
func (s *statement) indefinite(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		switch s.toks[k].Fold {
		case "a", "an", "un", "una", "some", "one", "another", "otro", "otra":
			return true
		case "the", "el", "la", "his", "her", "su":
			return false
		}
	}
	return false
}

// pair reports whether the word at token i is of two persons: "the two leaders", "both presidents".
func (s *statement) pair(i int) bool {
	if i == 0 || i >= len(s.toks) {
		return false
	}
	switch s.toks[i-1].Fold {
	case "two", "both", "dos", "ambos":
		return true
	}
	return false
}

// titled reports whether the word at token i is the title of a name just before or after it.
func (s *statement) titled(i int) bool {
	for k := max(0, i-2); k < len(s.words) && k <= i+2; k++ {
		if n := s.words[k].name; k != i && n > 0 && s.names[n-1].named && (k > i || s.comma(i)) {
			return true
		}
	}
	return false
}

// abbreviated reports whether the source has the letters that a name of the claim begins its words with:
// "USG" for the US government.
func (e *evidence) abbreviated(m mention) bool {
	letters := ""
	for k := m.first; k < len(e.claim.toks) && k <= m.last+1; k++ {
		t := e.claim.toks[k]
		if t.Caps {
			letters += strings.ReplaceAll(t.Fold, ".", "")
		} else {
			letters += t.Fold[:1]
		}
		if len(letters) > 2 && k >= m.last && slices.ContainsFunc(e.source.toks, func(u lang.Token) bool { return u.Caps && u.Fold == letters }) {
			return true
		}
	}
	return false
}

// initials reports whether a word in capitals abbreviates a name of the source by its first letters: "INM" for
// "Instituto Nacional de Migración".
func (e *evidence) initials(t lang.Token) bool {
	if !t.Caps || len(t.Fold) < 3 {
		return false
	}
	var letters strings.Builder
	end := -1
	for _, u := range e.source.toks {
		switch {
		case u.Upper:
			letters.WriteByte(u.Fold[0])
		case end >= 0 && (lang.Stop(u.Fold, lang.English) || lang.Stop(u.Fold, lang.Spanish)):
		default:
			letters.WriteByte(' ')
		}
		end = u.End
	}
	return strings.Contains(letters.String(), t.Fold)
}

// acts reports whether a verb seems to stand at token i.
func (s *statement) acts(i int) bool {
	if i >= len(s.toks) {
		return false
	}
	return s.verbal(i) || auxiliaries.Has(s.toks[i].Fold)
}

// auxiliaries are forms of helping verbs and of "to be": "has closed", "fueron".
var auxiliaries = lang.SetOf(`was were is are has have had will would could may might did does can must should ha han habia fue fueron es era
	esta sera se no estaba estaban habian hubo seria serian tenia tenian eran hay estuvo estuvieron`)

// unknown reports whether the lexicon has no word like this one.
func (e *evidence) unknown(fold string) bool {
	syn, tr := e.lib.Senses(fold, e.claim.lang)
	return len(syn) == 0 && len(tr) == 0
}

// seats are pairs that stand for one another: the seat of a government and its country.
var seats = [][2]string{
	{"washington", "concept:united-states"}, {"concept:us-administration", "concept:united-states"},
	{"concept:us-government", "concept:united-states"}, {"concept:washington-dc", "concept:united-states"},
	{"concept:washington", "concept:united-states"}, {"concept:mexican-government", "concept:mexico"},
	{"concept:us-administration", "concept:us-government"}, {"concept:white-house", "concept:us-administration"},
	{"concept:washington", "concept:white-house"}, {"concept:washington-dc", "concept:white-house"},
	{"havana", "concept:cuba"}, {"habana", "concept:cuba"}, {"concept:havana", "concept:cuba"}, {"tegucigalpa", "concept:honduras"},
	{"caracas", "concept:venezuela"}, {"managua", "concept:nicaragua"}, {"ottawa", "concept:canada"}, {"bogota", "concept:colombia"},
	{"beijing", "concept:china"}, {"moscow", "concept:russia"}, {"concept:mexico-city", "concept:mexico"},
}

// federal are bodies of the United States, whether their names say so or not; "the Senate" may be another country's.
var federal = lang.SetOf(`concept:cbp concept:border-patrol concept:ice concept:dhs concept:uscis concept:state-department`)

// impliedBy reports whether something known stands for a name: its pair in seats, a federal body for the United States,
// or two of the countries of the Northern Triangle for it and for Central America.
func (e *evidence) impliedBy(m mention, known func(concept string) bool) bool {
	for _, s := range seats {
		if m.id == s[0] && known(s[1]) || m.id == s[1] && known(s[0]) {
			return true
		}
	}
	if m.id == "concept:united-states" && slices.ContainsFunc(e.source.concepts, func(o string) bool { return federal.Has(o) }) {
		return true
	}
	if m.id == "concept:central-america" || m.id == "concept:northern-triangle" {
		n := 0
		for _, member := range []string{"guatemala", "honduras", "el-salvador"} {
			if known("concept:" + member) {
				n++
			}
		}
		return n > 1
	}
	return false
}

// movedPlace returns the name of a place of the claim that lies in another one in the source, or -1: "Vera, Texas"
// where the source has Texas and "Vera, Arizona".
func (e *evidence) movedPlace() int {
	for n := range e.claim.names {
		in := e.placeOf(e.claim, n)
		if in < 0 || demonym(e.claim.toks[e.claim.names[n].last].Fold) {
			continue
		}
		found, agrees := false, false
		for k := range e.source.names {
			if e.source.names[k].id != e.claim.names[n].id {
				continue
			}
			if there := e.placeOf(e.source, k); there >= 0 {
				found, agrees = true, agrees || e.source.names[there].id == e.claim.names[in].id
			}
		}
		if found && !agrees && slices.ContainsFunc(e.source.names, func(o mention) bool { return o.id == e.claim.names[in].id }) {
			return in
		}
	}
	return -1
}

// demonym reports whether a folded word is of the people of a place, by its ending: "hondureños", "Texans".
func demonym(fold string) bool {
	return endsIn(fold, "ans", "anos", "anas", "enos", "enas", "eños", "eñas", "ians", "inos")
}
