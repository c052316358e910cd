package verify

import (
	"slices"

	"policybot/lang"
)

// otherPhrase reports whether a comma and a noun without a name stand before the verb at token i, which then is not of
// those named before the comma: "where Vera stopped the trains, the railway told its customers".
func (s *statement) otherPhrase(i int) bool {
	noun := false
	for k := i - 1; k >= 0 && k >= i-5 && s.words[k].sentence == s.words[i].sentence; k-- {
		w := &s.words[k]
		if w.name > 0 && !(s.lang != lang.Spanish && s.modifies(w.name-1)) || s.toks[k].Fold == "who" || titles.Has(s.toks[k].Fold) || s.verbal(k) {
			return false
		}
		noun = noun || w.content && !s.helps(k)
		if s.comma(k) {
			return noun && !turns.Has(s.toks[k].Fold)
		}
	}
	return false
}

// checkAttribution holds what the claim attributes to whom the source does, and keeps what it only reports.
func (e *evidence) checkAttribution(v *Verdict) {
	c, s := e.claim, e.source
	speakers := c.speakers()
	var there [][]int
	if c.cued(attributed | acts) {
		there = s.speakers()
	}
	others := len(there) > 0 // somebody speaks there
	for i := range c.words {
		if c.words[i].inside || c.words[i].cue&(attributed|acts) == 0 {
			continue
		}
		if k := c.group(i); k >= 0 && e.otherGroup(i, k) {
			v.fail("attribution", "it is not "+c.show(k, k)+" there")
			return
		}
		if c.words[i].cue&(attributed|cueDone|cueDeny) == 0 {
			continue
		}
		if k := c.headNoun(i); e.onlooker(k) && (c.verbal(i) || c.words[i].cue&cueClaim != 0) && len(there) == 0 && e.saysOther(i) {
			v.fail("attribution", "no "+c.show(k, k)+" there")
			return
		}
		if k := c.heading(i); len(there) > 0 && e.onlooker(k) && c.verbal(i) && !slices.ContainsFunc(there, func(them []int) bool {
			return slices.ContainsFunc(them, s.nameless)
		}) {
			v.fail("attribution", "no "+c.show(k, k)+" there")
			return
		}
		if c.words[i].cue&attributed == 0 || c.words[i].not > 0 { // "did not say which"
			continue
		}
		who := c.speakersOf(i)
		if n := e.strangeBody(who); n >= 0 {
			v.fail("attribution", "no "+c.show(c.names[n].first, c.names[n].last)+" there")
			return
		}
		if len(who) == 0 || len(there) == 0 {
			continue
		}
		ok := false
		for _, n := range who {
			m := c.names[n]
			ok = ok || !m.named || slices.ContainsFunc(there, func(them []int) bool {
				return slices.ContainsFunc(them, func(k int) bool {
					return akinPlaces(s.names[k].id, m.id) || e.samePerson(m, s, s.names[k])
				})
			}) || e.saysThere(m) && !e.saidByOther(i, m) || e.press(m) && !(judging.Has(c.words[i].base) && e.saidByOther(i, m)) ||
				e.pronounFor(m) && !s.unnamed(there) || e.calledBy(m)
		}
		if !ok && others {
			m := c.names[who[0]]
			v.fail("attribution", "it is not "+c.show(m.first, m.last)+" who says it there")
			return
		}
	}
	if k := e.spokenFor(); k >= 0 {
		v.fail("attribution", "it is not "+c.show(k, k)+" there")
		return
	}
	if k := e.saidBeside(); k >= 0 {
		v.fail("attribution", "another than "+c.show(k, k)+" says it there")
		return
	}
	if n := e.saidElsewhere(); n >= 0 {
		v.fail("attribution", "another than "+c.show(c.names[n].first, c.names[n].last)+" says it there")
		return
	}
	if k := e.otherKind(); k >= 0 {
		v.fail("attribution", "it is not "+c.show(k, k)+" there")
		return
	}
	if k := e.denier(); k >= 0 {
		v.fail("attribution", c.show(k, k)+" denies it there")
		return
	}
	if e.othersFigure(v, speakers) {
		return
	}
	if f := e.toldByOther(); f >= 0 {
		v.fail("attribution", c.show(f, f)+" is told by another there")
		return
	}
	if n := e.othersData(); n >= 0 {
		v.fail("attribution", "the figures are not those of "+c.show(c.names[n].first, c.names[n].last))
		return
	}
	if i := e.turnedRound(); i >= 0 {
		v.fail("roles", "who does to whom what "+c.show(i, i)+" says is the other way round there")
		return
	}
	if i := e.otherSubject(); i >= 0 {
		v.fail("attribution", c.show(i, i)+" is said of another there")
		return
	}
	for i := range c.words {
		if cue := c.words[i].cue; cue&attributed != 0 || cue&(cueNot|cueDeny) != 0 && !e.alsoDenied(i) ||
			cue&unreal&^cueWill != 0 && len(e.links.to[i]) == 0 || cue&cueMay != 0 {
			return
		}
	}
	// "claimed", "argued", "estimated" must not become a fact.
	for j := range s.words {
		u := &s.words[j]
		if u.cue&cueClaim == 0 || u.inside || !s.verbal(j) && s.toks[j].Fold != "estimate" {
			continue
		}
		n := 0
		for i := range c.words {
			if len(e.links.to[i]) == 1 && e.links.to[i][0] == j && c.verbal(i) {
				return
			}
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

// alsoDenied reports whether the word of denying at token i of the claim stands for one of the source.
func (e *evidence) alsoDenied(i int) bool {
	return slices.ContainsFunc(e.links.to[i], func(j int) bool { return e.source.words[j].cue&cueDeny != 0 })
}

// data are words for what somebody counted: "CBP figures", "by AFP's count".
var data = lang.SetOf(`figures data numbers count counts estimate estimates statistics tally cifras datos estimacion estimaciones recuento
	calculo calculos estadisticas conteo`)

// owners returns the names whose figures or counts a text speaks of: Vera of "figures from Vera".
func (s *statement) owners() []int {
	var out []int
	for n, m := range s.names {
		if !m.named || s.toks[m.first].Fold == "fy" || s.toks[m.first].Digit {
			continue
		}
		k := m.last + 1
		if k < len(s.toks) && s.toks[k].Fold == "own" {
			k++
		}
		if k < len(s.toks) && data.Has(s.toks[k].Fold) && !s.comma(k) {
			out = append(out, n)
			continue
		}
		for k = m.first - 1; k >= 0 && k >= m.first-4 && !s.comma(k+1); k-- {
			if data.Has(s.toks[k].Fold) {
				out = append(out, n)
				break
			}
			if f := s.toks[k].Fold; f != "of" && f != "from" && f != "by" && f != "de" && f != "del" && !determinate.Has(f) {
				break
			}
		}
	}
	return out
}

// countedByIt reports whether the name at token k is of one by whom something was counted: "as counted by its office (VMO)".
func (s *statement) countedByIt(k int) bool {
	for d := k - 1; d > 0 && d >= k-6 && s.words[d].sentence == s.words[k].sentence && !s.comma(d+1); d-- {
		if f := s.toks[d].Fold; f == "by" || f == "por" {
			return giving.Has(s.toks[d-1].Fold) || recorded.Has(s.toks[d-1].Fold)
		}
	}
	return false
}

// recorded are participles of keeping figures.
var recorded = lang.SetOf(`compiled collected kept published reported released contados contadas registrados registradas recopilados publicados`)

// othersData returns a name whose figures the claim speaks of while the source gives them as somebody else's, or -1:
// "Vera figures show" for "figures from Rio show".
func (e *evidence) othersData() int {
	c, s := e.claim, e.source
	mine := c.owners()
	if len(mine) == 0 {
		return -1
	}
	theirs := s.owners()
	for _, who := range s.speakers() {
		theirs = append(theirs, who...)
	}
	if len(theirs) == 0 {
		return -1
	}
	for n := range s.names {
		if s.countedByIt(s.names[n].first) {
			theirs = append(theirs, n)
		}
	}
	for _, n := range mine {
		id := c.names[n].id
		if !slices.ContainsFunc(theirs, func(k int) bool {
			return s.names[k].id == id || akinPlaces(s.names[k].id, id) || s.nameless(k)
		}) {
			return n
		}
	}
	return -1
}

// unnamed reports whether all speakers are people of whom nobody has been told before: "a senior official told reporters".
func (s *statement) unnamed(speakers [][]int) bool {
	for _, who := range speakers {
		for _, n := range who {
			k := s.names[n].first - 1
			for k > 0 && s.words[k].content && k > s.names[n].first-3 {
				k--
			}
			if !s.nameless(n) || k < 0 || s.toks[k].Fold != "a" && s.toks[k].Fold != "an" && s.toks[k].Fold != "un" && s.toks[k].Fold != "una" {
				return false
			}
		}
	}
	return true
}

// nameless reports whether a name is of somebody who is only described: "officials".
func (s *statement) nameless(n int) bool { return !s.names[n].named }

// otherSubject returns a verb of saying, asking, promising and the like of the claim whose subject is of one place
// while that of the verb it stands for is of another, or -1: "Cuba asked for a delay" for "Mexico asked for a delay".
func (e *evidence) otherSubject() int {
	c, s := e.claim, e.source
	const acts = attributed | cueAsk | cueOffer | cueVow | cueThreat | cueWish
	for i := range c.words {
		if c.words[i].cue&acts == 0 || c.words[i].inside || !c.verbal(i) {
			continue
		}
		mine := e.subjects(c, i, "place")
		if len(mine) == 0 {
			mine = e.subjects(c, i, "person")
		}
		if len(mine) == 0 {
			continue
		}
		person := e.lib.ConceptType(mine[0]) == "person"
		same, other := false, false
		for j := range s.words {
			if s.words[j].cue&acts == 0 || s.words[j].inside || !s.verbal(j) || !has(e.links.to[i], j) && c.words[i].cue&s.words[j].cue&acts == 0 {
				continue
			}
			theirs := e.subjects(s, j, "place")
			if person {
				theirs = e.subjects(s, j, "person")
			}
			if len(theirs) == 0 {
				same = same || len(s.subject(j)) == 0 && !person
				continue
			}
			if slices.ContainsFunc(mine, func(a string) bool {
				return slices.ContainsFunc(theirs, func(b string) bool { return a == b || akinPlaces(a, b) })
			}) {
				same = true
			} else {
				other = true
			}
		}
		if other && !same {
			return i
		}
	}
	return -1
}

// turnedRound returns a verb of the claim whose subject is only on the receiving end of the verb it stands for, or -1:
// "Vera asked for help" for "Rio asked Vera for help".
func (e *evidence) turnedRound() int {
	c, s := e.claim, e.source
	const acts = attributed | cueAsk | cueOffer | cueVow | cueThreat | cueWish | cueDone | cueDeny
	for i := range c.words {
		if c.words[i].inside || !c.verbal(i) || auxiliaries.Has(c.toks[i].Fold) || c.passive(i) || c.reduced(i) {
			continue
		}
		mine := c.subject(i)
		if len(mine) == 0 {
			continue
		}
		straight, turned := false, false
		for j := range s.words {
			if s.words[j].inside || !s.verbal(j) || s.passive(j) || auxiliaries.Has(s.toks[j].Fold) {
				continue
			}
			if !has(e.links.to[i], j) && (c.words[i].cue&s.words[j].cue&acts == 0 || len(e.links.direct[i]) > 0) {
				continue
			}
			theirs := s.subject(j)
			if len(theirs) == 0 {
				straight = true
				continue
			}
			same := func(a, b int) bool {
				return c.names[a].id == s.names[b].id || akinPlaces(c.names[a].id, s.names[b].id)
			}
			agree := slices.ContainsFunc(mine, func(a int) bool {
				return !c.names[a].named || slices.ContainsFunc(theirs, func(b int) bool { return same(a, b) || !s.names[b].named && len(theirs) == 1 })
			})
			if agree {
				straight = true
				continue
			}
			receives := slices.ContainsFunc(mine, func(a int) bool {
				return slices.ContainsFunc(s.object(j), func(b int) bool { return same(a, b) })
			})
			given := slices.ContainsFunc(theirs, func(b int) bool {
				return slices.ContainsFunc(c.object(i), func(a int) bool { return same(a, b) })
			})
			turned = turned || receives && given
		}
		if turned && !straight {
			return i
		}
	}
	return -1
}

// reduced reports whether the participle at token i stands after its noun and before a preposition, so that it may be
// done to the noun: "workers hired by Vera", "Peruvians enrolled in the school".
func (s *statement) reduced(i int) bool {
	if i+2 >= len(s.toks) || s.comma(i+1) || s.words[i+2].date || i > 0 && auxiliaries.Has(s.toks[i-1].Fold) { // "wanted in May"
		return false
	}
	f := s.toks[i].Fold
	participle := endsIn(f, "ed", "en", "do", "dos")
	switch s.toks[i+1].Fold {
	case "by", "por":
		return participle || irregular[f] != ""
	case "in", "at", "en":
		return participle
	}
	return false
}

// object returns the names after the verb at token i, up to the end of its clause: Rio of "Vera phoned Rio".
func (s *statement) object(i int) []int {
	var out []int
	for k := i + 1; k < len(s.words) && k <= i+9 && s.words[k].sentence == s.words[i].sentence; k++ {
		if s.comma(k) || k > i+1 && s.verbal(k) && s.words[k].name == 0 && len(out) > 0 {
			break
		}
		if n := s.words[k].name; n > 0 && (len(out) == 0 || out[len(out)-1] != n-1) {
			out = append(out, n-1)
		}
	}
	return out
}

// subject returns the names in the phrase before the verb at token i.
func (s *statement) subject(i int) []int {
	var out []int
	if i > 1 && (s.toks[i-1].Fold == "and" || s.toks[i-1].Fold == "y" || s.toks[i-1].Fold == "e") {
		for k := i - 2; k >= 0 && s.words[k].sentence == s.words[i].sentence; k-- {
			if s.verbal(k) && s.words[k].name == 0 {
				return s.subject(k) // "phoned Biden and urged him"
			}
		}
	}
	for k := i - 1; k >= 0 && k >= i-9 && s.words[k].sentence == s.words[i].sentence; k-- {
		if s.comma(k+1) || k < i-1 && s.verbal(k) && s.words[k].name == 0 {
			break
		}
		if n := s.words[k].name; n > 0 && (len(out) == 0 || out[len(out)-1] != n-1) {
			if p := s.placeOf(s.names[n-1].first, s.names[n-1].last).prep; p != "" && p != "of" {
				break
			}
			out = append(out, n-1)
		}
	}
	return out
}

// subjects returns the ids of the names of a type, "person" or "place", in the subject of the verb at token i.
func (e *evidence) subjects(s *statement, i int, kind string) []string {
	var out []string
	for _, n := range s.subject(i) {
		if e.lib.ConceptType(s.names[n].id) == kind {
			out = append(out, s.names[n].id)
		}
	}
	return out
}

// onlookers say what nobody in particular says.
var onlookers = lang.SetOf(`experts expert critics analysts analyst economists economist observers lawyers advocates activists opponents
	supporters scholars researchers auditors academics academic historians commentators pundits watchdogs campaigners ngos
	spokesman spokeswoman spokesperson spokesmen portavoz portavoces vocero vocera voceros
	pollsters specialists investigators consultants think-tanks insiders expertos experto criticos analistas analista
	economistas economista observadores abogados activistas opositores partidarios investigadores academicos auditores
	historiadores comentaristas especialistas consultores detractores encuestadores ong`)

// otherGroup reports whether a group, token k of the claim, stands nowhere in the source and only other groups are the
// subject there of what the verb at token i says.
func (e *evidence) otherGroup(i, k int) bool {
	s := e.source
	mine := groups[e.claim.toks[k].Fold]
	for j := range s.toks {
		if groups[s.toks[j].Fold] == mine {
			return false
		}
	}
	other := false
	for j := range s.words {
		if !s.verbal(j) || !has(e.links.to[i], j) && e.claim.words[i].cue&s.words[j].cue&(attributed|cueAsk|cueVow|cueThreat|cueOffer) == 0 {
			continue
		}
		switch d := s.group(j); {
		case d >= 0:
			other = true
		case has(e.links.to[i], j):
			return false
		}
	}
	return other
}

// saysOther reports whether the word of saying at token i stands in the source only with somebody for its subject who is
// told by a noun, and not one of onlookers, nor of a body that may be theirs: "the city argues".
func (e *evidence) saysOther(i int) bool {
	s := e.source
	if slices.ContainsFunc(s.toks, func(t lang.Token) bool { return onlookers.Has(t.Fold) || alliances.Has(t.Fold) }) {
		return false
	}
	n := 0
	for _, j := range e.links.to[i] {
		if s.words[j].cue&attributed == 0 || !s.verbal(j) {
			return false
		}
		if _, noun := s.teller(j); !noun {
			return false
		}
		n++
	}
	return n > 0
}

// alliances are bodies that onlookers are of.
var alliances = lang.SetOf(`group groups organization organizations organisation organisations association associations coalition coalitions network
	networks union unions ngo ngos alliance institute center centre grupo grupos organizacion organizaciones asociacion asociaciones
	coalicion red redes sindicato sindicatos ong alianza instituto centro colectivo colectivos people many some muchos algunos`)

// saidElsewhere returns a person of the claim who says in it what the source has another say, while this one says
// something else there: "Vera said fog was the cause" for "Vera blamed the pilot, but the crew said fog was the cause".
// Otherwise it returns -1.
func (e *evidence) saidElsewhere() int {
	c, s := e.claim, e.source
	there := s.tellings()
	if there[len(there)-1] == 0 {
		return -1
	}
	here := c.tellings()
	for p := range here[len(here)-1] + 1 {
		if at, teller := e.onlyTeller(here, p); teller >= 0 && e.othersWords(at, teller, here, there) {
			return teller
		}
	}
	return -1
}

// othersWords reports whether what the word of saying at token at has the teller say, in its part of the claim, stands in parts of
// the source that another tells.
func (e *evidence) othersWords(at, teller int, here, there []int) bool {
	c, s := e.claim, e.source
	same := func(n int) bool {
		return akinPlaces(s.names[n].id, c.names[teller].id) || e.samePerson(c.names[teller], s, s.names[n])
	}
	m := c.names[teller]
	if e.press(m) {
		return false // who published it tells all of it
	}
	known := !c.personName(m) && e.lib.ConceptType(m.id) != "person"
	for n := range s.names {
		known = known || same(n)
	}
	for k := m.first; k <= m.last; k++ {
		known = known || len(e.links.to[k]) > 0 || s.hasWord(c.toks[k].Fold)
	}
	mine, other := make([]bool, there[len(there)-1]+1), make([]bool, there[len(there)-1]+1)
	for j := range s.words {
		if s.words[j].cue&attributed == 0 || s.words[j].inside {
			continue
		}
		who, noun := s.teller(j)
		if last := s.lastNamed(j); len(who) == 0 && !noun && s.hasPronoun(j) && (last == c.names[teller].id || last == "" && !known) {
			mine[there[j]] = true
		}
		own := s.surnameBefore(c.toks[m.last].Fold, j) ||
			slices.ContainsFunc(who, func(n int) bool { return there[s.names[n].first] == there[j] && same(n) })
		mine[there[j]] = mine[there[j]] || own
		for p := there[j]; own && p > 0 && s.trails(j); p-- { // "…; it cost 30 dollars, Vera wrote"
			mine[p-1] = true
		}
		says := s.verbal(j) && !s.passive(j) || s.words[j].cue&cueClaim != 0
		other[there[j]] = other[there[j]] || !own && says && (noun || len(who) > 0)
	}
	for j := 1; j < len(s.words); j++ { // "Vera said so, though she gave no reason"
		if p := there[j]; p > there[j-1] && !mine[p] && !other[p] && s.words[j].sentence == s.words[j-1].sentence {
			mine[p], other[p] = mine[p-1], other[p-1]
		}
	}
	if known && !slices.Contains(mine, true) || !slices.Contains(other, true) {
		return false
	}
	in, out := 0, 0
	for i := range c.words {
		if i <= at && c.names[teller].last < at || i == at || here[i] != here[at] || !c.words[i].content && !(c.words[i].name > 0 && c.words[i].name != teller+1) || len(e.links.to[i]) == 0 || slight.Has(c.toks[i].Fold) {
			continue
		}
		if slices.ContainsFunc(e.links.to[i], func(j int) bool { return mine[there[j]] || !other[there[j]] }) {
			in++
		} else {
			out++
		}
	}
	return out > 1 && out > in
}

// otherKind returns the noun for who says something in the claim that nobody of that kind says, or is told of, in the source,
// where one of another kind says it: "according to the embassy" for "the institute said". Otherwise it returns -1.
func (e *evidence) otherKind() int {
	c, s := e.claim, e.source
	for i := range c.words {
		if c.words[i].cue&attributed == 0 && !giving.Has(c.toks[i].Fold) || c.words[i].inside {
			continue
		}
		k := c.kindBy(i)
		if k < 0 || len(e.links.to[k]) > 0 {
			continue
		}
		kind := tellerKinds[c.toks[k].Fold]
		if slices.ContainsFunc(s.toks, func(t lang.Token) bool { return tellerKinds[t.Fold] == kind }) {
			continue
		}
		here := c.tellings()
		for j := range s.words {
			if s.words[j].cue&attributed == 0 && !giving.Has(s.toks[j].Fold) || s.words[j].inside {
				continue
			}
			d := s.kindBy(j)
			if d < 0 || slices.ContainsFunc(c.toks, func(t lang.Token) bool { return tellerKinds[t.Fold] == tellerKinds[s.toks[d].Fold] }) {
				continue
			}
			n, said := 0, 0
			for m := range c.words {
				if here[m] == here[i] && c.words[m].content && len(e.links.to[m]) > 0 && m != i && m != k {
					n++
					if slices.ContainsFunc(e.links.to[m], func(x int) bool { return s.words[x].sentence == s.words[j].sentence }) {
						said++
					}
				}
			}
			if said > 1 && 3*said > 2*n {
				return k
			}
		}
	}
	return -1
}

// lastNamed returns the id of the one with a first and a last name, or known for a person, named last before token j.
func (s *statement) lastNamed(j int) string {
	id := ""
	for n, m := range s.names {
		if m.named && m.last < j && (s.personal(n) || m.last > m.first && s.lib.ConceptType(m.id) == "") {
			id = m.id
		}
	}
	return id
}

// spokenFor returns the word for somebody who is nowhere in the source and says in the claim of a name there what this one
// says of itself: "the union said that Vera pays" for "Vera said it pays". Otherwise it returns -1.
func (e *evidence) spokenFor() int {
	c, s := e.claim, e.source
	for i := range c.words {
		k := c.headNoun(i)
		if c.words[i].cue&attributed == 0 || c.words[i].inside || k < 0 || len(e.links.to[k]) > 0 || c.comma(k+1) ||
			c.words[k].name > 0 && c.names[c.words[k].name-1].named || c.words[k].name == 0 && (!c.words[k].content || len(c.speakersOf(i)) > 0) {
			continue
		}
		if k > 1 && (prepositions[c.toks[k-1].Fold] != "" || prepositions[c.toks[k-2].Fold] != "") {
			continue // "a mother with four children said"
		}
		for _, j := range e.links.to[i] {
			who, _ := s.teller(j)
			if s.words[j].cue&attributed != 0 && slices.ContainsFunc(who, func(n int) bool {
				return slices.ContainsFunc(c.names, func(m mention) bool {
					return m.first > i && m.first < i+5 && m.named && m.id == s.names[n].id && prepositions[c.toks[m.first-1].Fold] == ""
				})
			}) {
				return k
			}
		}
	}
	return -1
}

// saidBeside returns the noun for who says in the claim what another says in the source, in a part of it that has not this
// noun, though another part has: "the regulator says so" for "According to the insurer it is so; the regulator is looking
// into it". Otherwise it returns -1.
func (e *evidence) saidBeside() int {
	c, s := e.claim, e.source
	there := s.tellings()
	at, k := c.onlyNoun()
	if at < 0 || there[len(there)-1] == 0 || len(e.links.to[k]) == 0 || vicarious.Has(c.toks[k].Fold) {
		return -1
	}
	n, here := make([]int, there[len(there)-1]+1), c.tellings()
	for i := range c.words {
		if i == at || i == k || here[i] != here[at] || !c.words[i].content && c.words[i].name == 0 || slight.Has(c.toks[i].Fold) {
			continue
		}
		last := -1
		for _, j := range e.links.to[i] {
			if there[j] != last {
				last = there[j]
				n[last]++
			}
		}
	}
	p := slices.Index(n, slices.Max(n))
	rest := slices.Clone(n)
	rest[p] = 0
	if n[p] < 3 || 2*slices.Max(rest) > n[p] || slices.ContainsFunc(e.links.to[k], func(j int) bool { return there[j] == p }) {
		return -1
	}
	told := false
	for j := range s.words {
		if there[j] != p || s.words[j].inside {
			continue
		}
		if vicarious.Has(s.toks[j].Fold) {
			return -1
		}
		if s.words[j].cue&attributed != 0 {
			who, noun := s.teller(j)
			told = told || noun || len(who) > 0
		}
	}
	if told {
		return k
	}
	return -1
}

// onlyNoun returns the one word of saying of a statement and the noun for who says it, when no name does, or -1 for both.
func (s *statement) onlyNoun() (at, noun int) {
	at, noun = -1, -1
	for i := range s.words {
		if s.words[i].cue&attributed == 0 || s.words[i].inside {
			continue
		}
		k := s.headNoun(i)
		if at >= 0 || s.words[i].not > 0 || !s.verbal(i) || k < 0 || !s.words[k].content || s.comma(k+1) || len(s.speakersOf(i)) > 0 ||
			k > 1 && (prepositions[s.toks[k-1].Fold] != "" || prepositions[s.toks[k-2].Fold] != "") {
			return -1, -1
		}
		at, noun = i, k
	}
	return at, noun
}

// onlyTeller returns the one word of saying in part p of the claim and the person whose words it gives, or -1 for both when there
// are others, or none.
func (e *evidence) onlyTeller(parts []int, p int) (at, teller int) {
	c := e.claim
	at, teller = -1, -1
	for i := range c.words {
		if parts[i] != p || c.words[i].cue&attributed == 0 || c.words[i].inside {
			continue
		}
		who := c.speakersOf(i)
		if at >= 0 || len(who) == 0 || c.words[i].not > 0 {
			return -1, -1
		}
		for _, n := range who {
			if kind := e.lib.ConceptType(c.names[n].id); c.names[n].named && (kind == "person" || kind == "" && c.personal(n)) ||
				c.names[n].named && kind == "" && c.names[n].last > c.names[n].first {
				at, teller = i, n
			}
		}
		if at < 0 {
			return -1, -1
		}
	}
	return at, teller
}

// onlooker reports whether token k of the claim is of onlookers whom nothing in the source stands for.
func (e *evidence) onlooker(k int) bool {
	return k >= 0 && len(e.links.to[k]) == 0 && onlookers.Has(e.claim.toks[k].Fold)
}

// judging are verbs of saying that say what the speaker thinks of it, which one who only reports does not.
var judging = lang.SetOf(`describe described describes describing accuse accused accuses blame blamed blames insist insisted argue argued argues
	boast boasted assure assured claimed contend contended stress stressed stresses describio describia califica acuso
	acusa culpo culpa insistio argumento aseguro sostuvo subrayo califico`)

// saidByOther reports whether the word of saying at token i stands in the source, each time with others than m
// for its speakers.
func (e *evidence) saidByOther(i int, m mention) bool {
	list := e.links.direct[i]
	if len(list) == 0 && judging.Has(e.claim.words[i].base) {
		list = e.links.to[i]
	}
	for _, j := range list {
		who := e.source.speakersOf(j)
		if len(who) == 0 || slices.ContainsFunc(who, func(n int) bool {
			o := e.source.names[n]
			return e.lib.ConceptType(o.id) != "person" || o.id == m.id
		}) {
			return false
		}
	}
	return len(list) > 0
}

// othersFigure fails a number that the claim gives as one speaker's and the source, which has that speaker give
// others, as another's, and reports whether there is one.
func (e *evidence) othersFigure(v *Verdict, speakers [][]int) bool {
	c, s := e.claim, e.source
	if len(speakers) != 1 || s.hasWord("according", "segun") || c.hasWord("whose", "cuyo", "cuya", "cuyos", "cuyas") {
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
	here := c.tellings()
	for _, f := range c.figures() {
		if f.Year || !slices.ContainsFunc(speakers[0], func(n int) bool { return here[c.names[n].first] == here[f.first] }) {
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

// toldByOther returns the token of a figure that one tells in the claim and another in the source, where the first tells
// something else: "Vera counted 300; 200, according to Lima". Otherwise it returns -1. Who published the source tells
// all of it, unless the claim gives their figure to another.
func (e *evidence) toldByOther() int {
	c, s := e.claim, e.source
	if !c.cued(attributed) || len(c.figures()) == 0 || len(s.figures()) == 0 {
		return -1
	}
	there := s.tellings()
	if there[len(there)-1] == 0 {
		return -1
	}
	here := c.tellings()
	mine, theirs := c.tellers(here), s.tellers(there)
	for _, f := range c.figures() {
		who := mine[here[f.first]]
		k := one(f, s.figures())
		if f.Year || len(who) == 0 || k < 0 {
			continue
		}
		at := there[s.figures()[k].first]
		meets := func(p int) bool {
			return slices.ContainsFunc(who, func(n int) bool { return s.tells(theirs[p], c.names[n].id) })
		}
		if len(theirs[at]) == 0 || meets(at) || s.namesIn(there, at, c, who) || c.namesIn(here, here[f.first], s, theirs[at]) {
			continue
		}
		press := slices.ContainsFunc(who, func(n int) bool { return e.press(c.names[n]) })
		for p := range theirs {
			if p != at && (meets(p) || s.bracketedIn(there, p, c, who)) && (!press || e.figureElsewhere(here, there, here[f.first], p)) {
				return f.first
			}
		}
	}
	return -1
}

// bracketedIn reports whether part p of a statement has some names of another in brackets, for who tells it: "1.5 million (Vera)".
func (s *statement) bracketedIn(parts []int, p int, other *statement, names []int) bool {
	return slices.ContainsFunc(s.names, func(m mention) bool { return parts[m.first] == p && s.bracketed(m.first) && other.tells(names, m.id) })
}

// figureElsewhere reports whether a figure of part q of the source stands in another part of the claim than p.
func (e *evidence) figureElsewhere(here, there []int, p, q int) bool {
	for _, f := range e.claim.figures() {
		if k := one(f, e.source.figures()); k >= 0 && !f.Year && here[f.first] != p && there[e.source.figures()[k].first] == q {
			return true
		}
	}
	return false
}

// saysThere reports whether a name of the claim stands in the source as the one who acts nearest before a
// word of saying, or close after one.
func (e *evidence) saysThere(m mention) bool {
	s := e.source
	for _, k := range s.names {
		if k.id != m.id && !akinPlaces(k.id, m.id) {
			continue
		}
		if k.last+1 < len(s.words) && s.verbal(k.last+1) &&
			(s.words[k.last+1].cue&(attributed|unreal|cueDone|cueDeny) != 0 || giving.Has(s.toks[k.last+1].Fold)) &&
			(k.first == 0 || prepositions[s.toks[k.first-1].Fold] == "") {
			return true // the subject of something there
		}
		if s.bracketed(k.first) && k.first == k.last {
			return true // "nearly a million entries (AP)"
		}
		for j := k.last + 1; j < len(s.words) && j <= k.last+6; j++ {
			if (s.words[j].cue&(attributed|cueVow|cueAsk|cueOffer|cueThreat|cueWish) != 0 || giving.Has(s.toks[j].Fold) || s.toks[j].Fold == "given") &&
				!s.words[j].inside && s.words[j].not == 0 {
				return true
			}
			if n := s.words[j].name; n > 0 && s.names[n-1].id != m.id && s.names[n-1].actor && s.names[n-1].first > k.last+1 {
				break // but "Vera's harbour board" is Vera's
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
