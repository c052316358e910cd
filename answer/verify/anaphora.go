package verify

import (
	"slices"
	"strings"

	"policybot/corpus"
	"policybot/lang"
)

// A quotation out of running news calls what was named before it "the city", "the department", "it": a claim that
// stands by itself has to name it. These are the nouns that may stand so for a place, by its rank.
var placeNouns = func() map[string]rank {
	m := map[string]rank{}
	for r, words := range map[rank]string{
		rankTown: `city town village municipality ciudad pueblo municipio localidad alcaldia ayuntamiento urbe municipal municipales citywide`,
		rankState: `state province county island region estado entidad provincia condado isla estatal estatales statewide
			statehouse`,
		rankCountry: `country nation pais nacion nationwide federal federales`,
	} {
		for _, w := range strings.Fields(words) {
			m[w] = r
		}
	}
	return m
}()

// placeAdjectives are those of placeNouns that need no article before them.
var placeAdjectives = lang.SetOf(`municipal municipales citywide estatal estatales statewide statehouse nationwide federal federales`)

// bodyNouns may stand for an organization; those of one number for one another.
var bodyNouns = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`department departamento
ministry ministerio secretariat secretaria dependencia cancilleria
agency agencia organismo body entity
company firm business railway railroad airline carrier manufacturer maker retailer developer operator empresa compania firma ferrocarril
corporation corporacion aerolinea fabricante
union guild sindicato gremio
court tribunal corte juzgado
council consejo concejo
commission comision
committee comite panel
bureau office oficina
institute institution instituto institucion center centre centro
group organization organisation charity nonprofit grupo organizacion colectivo
association alliance coalition league federation chamber asociacion alianza coalicion liga federacion camara
university college school universidad colegio escuela
hospital clinic clinica
authority autoridad
party partido
government administration gobierno administracion
consulate embassy consulado embajada
board junta
foundation fund fundacion fondo
church diocese iglesia diocesis parish parroquia shelter albergue
bank banco
newspaper paper daily magazine periodico diario revista
port puerto
district distrito
police policia
army navy ejercito marina`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// pointing stand before a noun for what has been named before.
var pointing = lang.SetOf(`the this that its their our el la este esta ese esa dicho dicha aquel aquella su del al nuestro nuestra nuestros
	nuestras`)

// pointsBack reports whether the noun at token i of a source stands for something named before: "the city", "esa
// ciudad", "the border town", but not "the city of Laredo".
func (s *statement) pointsBack(i int) bool {
	if s.toks[i].Upper && !lang.Opens(s.text, s.toks[i].Start) || s.words[i].name > 0 && s.names[s.words[i].name-1].named {
		return false
	}
	if k := i + 1; k < len(s.toks) && s.gap(k) == " " {
		if s.toks[k].Fold == "of" || s.toks[k].Fold == "de" {
			k++
		}
		if k < len(s.toks) && s.words[k].name > 0 && s.toks[k].Upper {
			return false
		}
	}
	if placeAdjectives.Has(s.toks[i].Fold) {
		return true
	}
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		switch {
		case pointing.Has(s.toks[k].Fold):
			return true
		case s.gap(k+1) != " " || s.toks[k].Upper || lang.Stop(s.toks[k].Fold, s.lang):
			return false
		}
	}
	return false
}

// meantBefore reports whether a name of the claim is that of what a noun or pronoun of the source stands for, and that
// the article named before. The claim must have all other names of that type that the source has: a name in place of
// another is not borne out.
func (e *evidence) meantBefore(m mention) bool {
	if e.displaces(m) {
		return false
	}
	s := e.source
	for i, t := range s.toks {
		r, ok := placeNouns[t.Fold]
		n := bodyNouns[t.Fold]
		if ok && s.pointsBack(i) && e.claim.ranks(m, r) && e.antecedent(m, r) || n > 0 && s.pointsBack(i) && e.bodyBefore(m, n) {
			e.stands(m, i)
			return true
		}
		switch t.Fold {
		case "we", "our", "nosotros", "nuestro", "nuestra", "nuestros", "nuestras":
			if e.claim.ranks(m, rankCountry) && e.antecedent(m, rankCountry) {
				return true
			}
		case "it", "its", "they", "their":
			if s.opens(i) && e.antecedent(m, noRank) {
				e.stands(m, i)
				return true
			}
		}
	}
	return e.whichOne(m) && e.antecedent(m, anyRank) || e.homeland(m)
}

// homeland reports whether a name of the claim is an adjective of the country that the article is about, before a noun of the
// source, which names no place: "Guatemalan prisons" for "four prisons".
func (e *evidence) homeland(m mention) bool {
	c := e.claim
	if c.lang != lang.English || m.first != m.last || !endsIn(c.toks[m.first].Fold, "n", "ese", "ish", "i") || !c.ranks(m, rankCountry) ||
		m.last+1 >= len(c.toks) || c.gap(m.last+1) != " " || len(e.links.direct[m.last+1]) == 0 {
		return false
	}
	return !slices.ContainsFunc(e.source.names, func(o mention) bool { return o.named && e.lib.ConceptType(o.id) == "place" }) &&
		e.antecedent(m, rankCountry)
}

// stands makes the noun or pronoun at token i of the source a mention of what it stands for, for the checks that follow.
func (e *evidence) stands(m mention, i int) {
	if n := e.source.words[i].name; n == 0 {
		e.source.add(mention{first: i, last: i, id: m.id, named: true, actor: true})
	} else if !e.source.names[n-1].named {
		e.source.names[n-1].id = m.id
	}
	for k := m.first; k <= m.last; k++ {
		e.links.to[k] = append(slices.Clip(e.links.to[k]), i)
	}
}

// displaces reports whether the source has a name of the type of a name of the claim, which the claim has not. A person is in
// no body's place, and a people in no town's.
func (e *evidence) displaces(m mention) bool {
	kind := e.lib.ConceptType(m.id)
	for _, o := range e.source.names {
		if !o.named || e.lib.ConceptType(o.id) != kind || e.source.personName(o) && !e.claim.personName(m) ||
			nations[e.source.toks[o.last].Fold] > 0 && nations[e.claim.toks[m.last].Fold] == 0 {
			continue
		}
		if !slices.ContainsFunc(e.claim.names, func(c mention) bool { return c.id == o.id }) &&
			!slices.ContainsFunc(e.claim.toks, func(t lang.Token) bool {
				u := e.source.toks[o.last].Fold
				return t.Fold == u || nations[u] > 0 && nations[t.Fold] == nations[u]
			}) {
			return true
		}
	}
	return false
}

// whichOne reports whether a name of the claim only tells which of a kind is meant, of which the source has a definite
// one: "the Vera plant" or "the plant in Vera" for "the plant".
func (e *evidence) whichOne(m mention) bool {
	c := e.claim
	definite := func(i int) bool {
		return i >= 0 && i < len(c.toks) && c.words[i].content && slices.ContainsFunc(e.links.direct[i], e.source.pointsBack)
	}
	if m.last+1 < len(c.toks) && strings.TrimSpace(c.gap(m.last+1)) == "" && definite(m.last+1) {
		return true
	}
	k := m.first - 1
	return k > 0 && seatedBy.Has(c.toks[k].Fold) && c.gap(k) == " " && definite(k-1)
}

// seatedBy stand before the place of something.
var seatedBy = lang.SetOf(`in at near outside en of de cerca`)

// antecedent reports whether a name of the claim is one that the title or the first sentence of the article has, or the
// last one of its type that is named before the quote. A place of the same rank that the sentence before the quote names
// comes before those of the title; what has no rank is no place.
func (e *evidence) antecedent(m mention, r rank) bool {
	if kind := e.lib.ConceptType(m.id); kind == "person" || r != noRank && kind == "organization" {
		return false
	}
	for k, a := range e.articles {
		before := e.before(k)
		if e.lastNamed(m, before) {
			return true
		}
		if r == noRank || e.otherNear(m, before, r) {
			continue
		}
		if e.namesIt(m, read(e.lib, a.Title, a.Lang)) || e.namesIt(m, read(e.lib, lede(a.Text[:e.cites[k].Start]), a.Lang)) ||
			r == rankCountry && e.namesIt(m, e.story(k)) {
			return true
		}
	}
	return false
}

// otherNear reports whether the last sentence of a text names another place of a rank: "In Vera, the mayor said no."
func (e *evidence) otherNear(m mention, s *statement, r rank) bool {
	return slices.ContainsFunc(s.names, func(o mention) bool {
		return o.named && s.words[o.first].sentence == s.words[len(s.words)-1].sentence && !e.sameName(m, s, o) && s.ranks(o, r) &&
			(e.lib.ConceptType(o.id) == "place" || o.first > 0 && seatedBy.Has(s.toks[o.first-1].Fold) && e.lib.ConceptType(o.id) == "")
	})
}

// lede returns the first sentence of a text, or what there is of it.
func lede(text string) string {
	text = strings.TrimSpace(text)
	if i := strings.Index(text, ". "); i > 60 {
		text = text[:i]
	}
	return stretch(text, 0, 500)
}

// namesIt reports whether a text has a name of the claim; one that begins a sentence may look like any word.
func (e *evidence) namesIt(m mention, s *statement) bool {
	if slices.ContainsFunc(s.names, func(o mention) bool { return o.named && e.sameName(m, s, o) }) {
		return true
	}
	first := e.claim.toks[m.first]
	return m.first == m.last && first.Upper && slices.ContainsFunc(s.toks, func(t lang.Token) bool { return t.Upper && t.Fold == first.Fold })
}

// sameName reports whether a name of the claim is name o of another text: the same concept, word for word, or in another
// language a translation of each of its words.
func (e *evidence) sameName(m mention, s *statement, o mention) bool {
	if strings.HasPrefix(m.id, conceptMark) || strings.HasPrefix(o.id, conceptMark) {
		return m.id == o.id
	}
	a, b := e.claim.toks[m.first:m.last+1], s.toks[o.first:s.runsTo(o)+1]
	if s.lang == e.claim.lang {
		n := o.last + 1 - o.first
		same := func(t, u lang.Token) bool { return t.Fold == u.Fold }
		return len(a) <= n && (slices.EqualFunc(a, b[n-len(a):n], same) || len(a) > 1 && slices.EqualFunc(a, b[:len(a)], same))
	}
	for _, t := range a {
		if t.Upper && !slices.ContainsFunc(b, func(u lang.Token) bool { return u.Upper && e.claim.sameWord(t, s, u) }) {
			return false
		}
	}
	return len(a) > 1 || a[0].Fold == b[0].Fold
}

// runsTo returns the last token of a name with what is joined to it: "Agua" of "Comisión Nacional del Agua".
func (s *statement) runsTo(m mention) int {
	last := m.last
	for k := last + 1; k < len(s.toks) && k <= last+3 && s.gap(k) == " "; k++ {
		switch f := s.toks[k].Fold; {
		case s.toks[k].Upper:
			last = k
		case f == "of" || f == "de" || f == "del" || f == "the" || f == "la" || f == "los" || f == "las" || f == "for" || f == "para":
		default:
			return last
		}
	}
	return last
}

// lastNamed reports whether a name of the claim is the last one of its type that a text names, or the first one of the last
// sentence.
func (e *evidence) lastNamed(m mention, s *statement) bool {
	kind, other := e.lib.ConceptType(m.id), false
	for _, o := range slices.Backward(s.inOrder()) {
		if !o.named {
			continue
		}
		if other && s.words[o.first].sentence != s.words[len(s.words)-1].sentence {
			return false
		}
		if e.sameName(m, s, o) && (!other || s.leads(o)) {
			return true
		}
		other = other || e.lib.ConceptType(o.id) == kind && !s.ending(o) && !(s.personName(o) && !e.claim.personName(m))
	}
	return false
}

// ending reports whether a name is only the end of a longer one: "Agua" of "Comisión Nacional del Agua".
func (s *statement) ending(m mention) bool {
	return slices.ContainsFunc(s.names, func(o mention) bool { return o.last < m.first && m.last <= s.runsTo(o) })
}

// leads reports whether a name is the first of its sentence.
func (s *statement) leads(m mention) bool {
	return !slices.ContainsFunc(s.names, func(o mention) bool {
		return o.named && o.first < m.first && s.words[o.first].sentence == s.words[m.first].sentence
	})
}

// bodyBefore reports whether a name of the claim is a body that the article names before the quote, and that a noun of
// kind n stands for: one with that noun in its name, "the Harbour Department" for "the department", or the last one.
func (e *evidence) bodyBefore(m mention, n int) bool {
	if kind := e.lib.ConceptType(m.id); kind != "" && kind != "organization" {
		return false
	}
	for k := range e.articles {
		if e.lastNamed(m, e.before(k)) {
			return true
		}
		whole := e.story(k)
		if slices.ContainsFunc(whole.names, func(o mention) bool { return o.named && e.sameName(m, whole, o) && whole.calls(o, n) }) {
			return true
		}
	}
	return false
}

// calls reports whether a text says of a name that it is a body of kind n: "the Harbour Company", "the company Vera Lines",
// "Vera Lines, a shipping company".
func (s *statement) calls(m mention, n int) bool {
	for k := max(0, m.first-1); k <= m.last; k++ {
		if bodyNouns[s.toks[k].Fold] == n {
			return true
		}
	}
	if !s.comma(m.last + 1) {
		return false
	}
	for k := m.last + 1; k < len(s.toks) && k <= m.last+5; k++ {
		if k > m.last+1 && s.comma(k) {
			break
		}
		if bodyNouns[s.toks[k].Fold] == n {
			return true
		}
	}
	return false
}

// fullName reports whether a name of the claim is the whole of one that the article has elsewhere, and of which the
// source has only a part: "Ana Ruiz" for "Ruiz".
func (e *evidence) fullName(m mention) bool {
	if m.first == m.last {
		return false
	}
	name := e.claim.show(m.first, m.last)
	if !slices.ContainsFunc(e.articles, func(a *corpus.Article) bool { return strings.Contains(a.Text, name) }) {
		return false
	}
	part := e.claim.toks[m.first : m.last+1]
	for j, t := range e.source.toks {
		if !t.Upper || titles.Has(t.Fold) || !slices.ContainsFunc(part, func(u lang.Token) bool { return u.Fold == t.Fold }) {
			continue
		}
		n := e.source.words[j].name
		if n == 0 || e.source.names[n-1].first == e.source.names[n-1].last || j > 0 && titles.Has(e.source.toks[j-1].Fold) {
			return true
		}
	}
	return false
}
