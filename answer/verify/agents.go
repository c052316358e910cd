package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// agents returns the names of those who do what the verb at token i says, none when that is not plain: the nearest
// before it, and those joined to it ("Vera and Lima asked"), the name after "by" of a passive, whom another has do it
// ("wanted Vera to pay"), and the person last named for "he" or "she".
func (s *statement) agents(i int) []int { return s.agentsWithin(i, 3) }

// agentsWithin is agents, at most depth verbs away.
func (s *statement) agentsWithin(i, depth int) []int {
	if depth == 0 {
		return nil
	}
	if s.passive(i) {
		return s.byWhom(i)
	}
	k := i - 1
	for k >= 0 && s.words[k].sentence == s.words[i].sentence && s.words[k].name == 0 && !s.comma(k+1) && s.helps(k) {
		k--
	}
	if k < 0 || s.words[k].sentence != s.words[i].sentence {
		return nil
	}
	f := s.toks[k].Fold
	if n := s.words[k].name; n > 0 && s.names[n-1].named && strings.HasSuffix(s.toks[i].Fold, "ing") && !s.comma(k+1) {
		if s.placeOf(s.names[n-1].first, s.names[n-1].last).prep != "to" {
			return []int{n - 1} // "seen as Vera pressing Lima"
		}
		for d := s.names[n-1].first - 1; d >= 0 && s.words[d].sentence == s.words[i].sentence && !s.comma(d+1); d-- {
			if s.acting(d) {
				return s.agentsWithin(d, depth-1) // "Vera sent a letter to Lima asking for boats"
			}
		}
		return nil
	}
	switch {
	case s.comma(k + 1):
		return s.beforeAside(k + 1)
	case f == "he" || f == "she":
		return s.lastPerson(k)
	case f == "who" || f == "quien" || f == "quienes":
		if k == 0 || s.words[k-1].name == 0 {
			return nil
		}
		out := s.joinedTo(s.words[k-1].name - 1)
		if s.comma(k) { // "Vera, head of Rio, who asked"
			out = append(out, s.beforeAside(k)...)
		}
		return out
	case f == "to":
		return s.controller(k, depth)
	case f == "and" || f == "y" || f == "e":
		for d := k - 1; d >= 0 && s.words[d].sentence == s.words[i].sentence; d-- {
			if s.acting(d) {
				return s.agentsWithin(d, depth-1)
			}
		}
		return nil
	}
	return s.holders(k)
}

// helps reports whether the word at token k may stand between a verb and who does it: "has also not".
func (s *statement) helps(k int) bool {
	f := s.toks[k].Fold
	return auxiliaries.Has(f) || modals.Has(f) || adverbs.Has(f) || strings.HasSuffix(f, "ly") && len(f) > 4 || strings.HasSuffix(f, "mente") && len(f) > 7
}

// adverbs and small words may stand between a name and its verb: "Vera has still not said".
var adverbs = lang.SetOf(`not no also already again then later still only once never had has have been le les lo la los se nos ya tambien luego
	despues aun todavia solo would`)

// byWhom returns the names after the "by" that follows a passive at token i.
func (s *statement) byWhom(i int) []int {
	for k := i + 1; k < len(s.toks) && k <= i+6 && s.words[k].sentence == s.words[i].sentence && !s.comma(k); k++ {
		if f := s.toks[k].Fold; f != "by" && f != "por" {
			continue
		}
		for d := k + 1; d < len(s.toks) && d <= k+3; d++ {
			if s.words[d].name > 0 {
				return s.joinedTo(s.words[d].name - 1)
			}
			if !determinate.Has(s.toks[d].Fold) && !titles.Has(s.toks[d].Fold) {
				return nil
			}
		}
	}
	return nil
}

// beforeAside returns the names before an aside that ends before token k: "Vera, the port of the north, asked".
func (s *statement) beforeAside(k int) []int {
	for d := k - 1; d > 0 && d >= k-12 && s.words[d].sentence == s.words[k].sentence; d-- {
		if s.comma(d) {
			if n := s.words[d-1].name; n > 0 && s.placeOf(s.names[n-1].first, s.names[n-1].last).prep == "" {
				return s.joinedTo(n - 1)
			}
			return nil
		}
	}
	return nil
}

// lastPerson returns the person that stands last before token k, when it is the only one there.
func (s *statement) lastPerson(k int) []int {
	last := -1
	for n, m := range s.names {
		if m.named && m.last < k && s.personal(n) {
			if last >= 0 && s.names[last].id != m.id {
				return nil
			}
			last = n
		}
	}
	if last < 0 {
		return nil
	}
	return []int{last}
}

// personal reports whether a name has the title or the first name of a person, or the lexicon knows it for one.
func (s *statement) personal(n int) bool {
	m := s.names[n]
	return s.lib.ConceptType(m.id) == "person" || m.first > 0 && titles.Has(s.toks[m.first-1].Fold)
}

// controller returns who does the infinitive after the "to" at token k: whom another verb has do it ("urged Vera to
// pay"), or who does that verb ("Vera promised to pay").
func (s *statement) controller(k, depth int) []int {
	if k == 0 {
		return nil
	}
	if d := k - 1; s.words[d].date { // "wanted Vera in April 2021 to pay"
		for d > 1 && s.words[d].date {
			d--
		}
		if f := s.toks[d].Fold; f == "in" || f == "on" || f == "by" {
			k = d
		}
	}
	if n := s.words[k-1].name; n > 0 {
		v := s.names[n-1].first - 1
		for v >= 0 && (determinate.Has(s.toks[v].Fold) || titles.Has(s.toks[v].Fold)) {
			v--
		}
		if v >= 0 && s.verbal(v) && s.words[v].cue&cueVow == 0 {
			return []int{n - 1}
		}
		return nil
	}
	if s.words[k-1].content && !s.verbal(k-1) { // "Vera made no attempt to stop it"
		for d := k - 2; d >= 0 && d >= k-4 && !s.comma(d+1) && s.words[d].name == 0; d-- {
			if s.verbal(d) && !auxiliaries.Has(s.toks[d].Fold) && !s.passive(d) {
				return s.agentsWithin(d, depth-1)
			}
		}
		return nil
	}
	if s.verbal(k-1) && !auxiliaries.Has(s.toks[k-1].Fold) && !s.passive(k-1) {
		return s.agentsWithin(k-1, depth-1)
	}
	return nil
}

// holders returns the names of the phrase that ends at token k: the name there, or of whom what stands there is:
// "Vera's city council".
func (s *statement) holders(k int) []int {
	for d := k; d >= 0 && d >= k-3 && s.words[d].sentence == s.words[k].sentence; d-- {
		if n := s.words[d].name; n > 0 && (s.names[n-1].named || d == k && s.names[n-1].actor) {
			m := s.names[n-1]
			if !m.named && m.first > 0 && s.words[m.first-1].name > 0 && !s.comma(m.first) { // "US officials"
				n = s.words[m.first-1].name
				m = s.names[n-1]
			}
			p := s.placeOf(m.first, m.last).prep
			if s.objective(m.first) {
				return nil
			}
			if (p == "" || p == "of" && s.lang == lang.Spanish) && !s.withPronoun(m.first) {
				return s.joinedTo(n - 1)
			}
			return nil
		}
		if f := s.toks[d].Fold; d == k && !people.Has(f) && !bodies.Has(f) && !offices.Has(f) || s.verbal(d) || s.comma(d) {
			return nil
		}
	}
	return nil
}

// withPronoun reports whether the name that begins at token k is joined to a pronoun, who may be anybody: "she and Vera".
func (s *statement) withPronoun(k int) bool {
	return k > 1 && (s.toks[k-1].Fold == "and" || s.toks[k-1].Fold == "y") && anybody.Has(s.toks[k-2].Fold)
}

// anybody are pronouns that may stand for anyone.
var anybody = lang.SetOf(`he she they it el ella ellos ellas`)

// offices act for those whose they are: "the Vera delegation".
var offices = lang.SetOf(`officers members forces troops guards envoys negotiators diplomats lawmakers efectivos miembros fuerzas delegation
	ministry council administration agency department team congress parliament army police side office embassy president
	minister secretary governor mayor leader chancellery institute commission guard senate delegacion ministerio
	secretaria consejo administracion agencia departamento equipo congreso parlamento ejercito policia oficina embajada
	presidente presidenta ministro ministra secretario gobernador alcalde lider cancilleria instituto comision senado`)

// objective reports whether the name that begins at token k is what a verb before it takes: "Vera had 200 Lima officers
// deployed". After a verb of saying it may begin a clause.
func (s *statement) objective(k int) bool {
	for d := k - 1; d >= 0 && d >= k-7 && s.words[d].sentence == s.words[k].sentence && !s.comma(d+1); d-- {
		switch f := s.toks[d].Fold; {
		case f == "had" || f == "has" || f == "have":
			return true
		case s.verbal(d):
			return s.words[d].cue&attributed == 0 && !auxiliaries.Has(f)
		case !s.words[d].date && !determinate.Has(f) && !titles.Has(f) && s.words[d].cue&bounds == 0 && !s.words[d].inside:
			return false
		}
	}
	return false
}

// joinedTo returns a name with those before it that "and" joins to it.
func (s *statement) joinedTo(n int) []int {
	out := []int{n}
	and := false
	for x := n - 1; x >= 0; x-- {
		by := s.joined(x, out[len(out)-1])
		if by == "" || by == "," && !and {
			break
		}
		and = and || by == "and"
		out = append(out, x)
	}
	return out
}

// acting reports whether the word at token i is a verb in any of its forms that has one who does it: a finite one, an
// infinitive ("wanted Vera to pay"), a participle ("as Vera pressing Lima"), the present ("Vera screens"), the Spanish
// subjunctive ("que Vera pagara").
func (s *statement) acting(i int) bool {
	f := s.toks[i].Fold
	switch {
	case auxiliaries.Has(f) || s.words[i].inside:
		return false
	case s.verbal(i):
		return i == 0 || s.toks[i-1].Fold != "as" && s.toks[i-1].Fold != "como" // "listed as closed"
	case i == 0 || s.words[i].name > 0 || s.words[i].date || !s.words[i].content && s.words[i].cue&acts == 0 || s.comma(i):
		return false
	}
	before := s.words[i-1].name
	if and := s.toks[i-1].Fold; (and == "and" || and == "y") && i > 2 && s.words[i-2].name == 0 && !s.verbal(i-2) && s.acting(i-2) {
		return f[len(f)-1] == s.toks[i-2].Fold[len(s.toks[i-2].Fold)-1]
	}
	if s.lang == lang.Spanish {
		if infinite.Has(s.toks[i-1].Fold) && len(f) > 4 && endsIn(f, "ar", "er", "ir") {
			return true
		}
		return !noVerbs.Has(f) && before > 0 &&
			(s.subjunctive(i) || strings.ContainsRune("aen", rune(f[len(f)-1])) && i+1 < len(s.toks) && s.takesObject(i))
	}
	if s.toks[i-1].Fold == "to" {
		return true
	}
	if before == 0 || !s.names[before-1].named {
		return false
	}
	return strings.HasSuffix(f, "ing") && len(f) > 5 ||
		strings.HasSuffix(f, "s") && !strings.HasSuffix(f, "ss") && i+1 < len(s.toks) && s.takesObject(i)
}

// infinite may stand before a Spanish infinitive: "un intento de empujar".
var infinite = lang.SetOf(`de a para por`)

// subjunctive reports whether the word at token i has an ending of the Spanish past subjunctive.
func (s *statement) subjunctive(i int) bool {
	f := s.toks[i].Fold
	return slices.ContainsFunc(subjunctives[:], func(end string) bool { return strings.HasSuffix(f, end) && len(f) > len(end)+1 })
}

// subjunctives are endings of the Spanish past subjunctive: "pagara", "pagase".
var subjunctives = [...]string{"ara", "aran", "iera", "ieran", "ase", "asen", "iese", "iesen", "jera", "jeran"}

// takesObject reports whether a word like a present verb at token i is followed by what a verb may have after it and a
// noun hardly: an article, a figure or another such verb ("screens and registers recruiters").
func (s *statement) takesObject(i int) bool {
	next := s.toks[i+1]
	if (next.Fold == "and" || next.Fold == "y") && i+2 < len(s.toks) {
		f, g := s.toks[i].Fold, s.toks[i+2].Fold
		return f[len(f)-1] == g[len(g)-1] && s.words[i+2].name == 0
	}
	return determinate.Has(next.Fold) || next.Digit || next.Fold == "que"
}

// patients returns the names of those to whom the verb at token i is done, none when that is not plain: the first just
// after it ("urged US lawmakers", "stood up to Vera"), or the subject of a passive.
func (s *statement) patients(i int) []int {
	if s.passive(i) {
		k := i - 1
		for k > 0 && !s.comma(k+1) && s.helps(k) {
			k--
		}
		if s.words[max(k, 0)].name == 0 {
			return nil
		}
		return s.holders(k)
	}
	if s.words[i].cue&attributed != 0 && s.words[i].cue&(acts&^cueOffer) == 0 && !informs(s.words[i].base) {
		return nil // "…, said Vera"
	}
	// In Spanish "a" stands before those to whom it is done.
	to := s.lang != lang.Spanish || s.toks[i].Fold == "sobre" || s.toks[i].Fold == "contra"
	for k := i + 1; k < len(s.toks) && k <= i+5 && s.words[k].sentence == s.words[i].sentence && !s.comma(k); k++ {
		f := s.toks[k].Fold
		to = to || f == "a" || f == "al"
		if n := s.words[k].name; n > 0 {
			if !to {
				return nil // "que propuso Vera"
			}
			out := []int{n - 1}
			// "US lawmakers"
			for k = s.names[n-1].last + 1; k < len(s.toks) && s.words[k].name > 0 && !s.comma(k); k = s.names[s.words[k].name-1].last + 1 {
				out = append(out, s.words[k].name-1)
			}
			return s.withJoined(out)
		}
		if !determinate.Has(f) && !titles.Has(f) && !particles.Has(f) && f != "a" && f != "al" && f != "to" {
			return nil
		}
	}
	return nil
}

// goal returns the names after the first "to" that follows the verb at token i: "sent the boats to Vera".
func (s *statement) goal(i int) []int {
	for k := i + 1; k+1 < len(s.toks) && k <= i+6 && s.words[k].sentence == s.words[i].sentence && !s.comma(k) && !s.acting(k); k++ {
		if f := s.toks[k].Fold; f != "to" && f != "a" && f != "al" || s.lang != lang.Spanish && f != "to" {
			continue
		}
		for d := k + 1; d < len(s.toks) && d <= k+2; d++ {
			if n := s.words[d].name; n > 0 {
				return []int{n - 1}
			}
			if !determinate.Has(s.toks[d].Fold) {
				return nil
			}
		}
	}
	return nil
}

// takes reports whether an object stands just after the verb at token i.
func (s *statement) takes(i int) bool {
	if i+1 >= len(s.toks) || s.comma(i+1) {
		return false
	}
	f := s.toks[i+1].Fold
	if particles.Has(f) {
		return s.takes(i + 1)
	}
	return determinate.Has(f) || s.toks[i+1].Digit && !s.words[i+1].date || s.words[i+1].name > 0 || s.words[i+1].content && !s.verbal(i+1)
}

// informs reports whether the base of a verb is one of telling somebody: "Vera notified Rio".
func informs(base string) bool {
	return base == "tell" || base == "told" || beginsWith(base, "notif", "inform", "warn", "assur")
}

// nominal returns the names of those whose promise, request, offer or threat the noun at token i is: "the US promise".
func (s *statement) nominal(i int) []int {
	if s.words[i].cue&(cueVow|cueAsk|cueOffer|cueThreat) == 0 || i == 0 || s.comma(i) || s.lang == lang.Spanish {
		return nil
	}
	if n := s.words[i-1].name; n > 0 && s.names[n-1].named {
		return []int{n - 1}
	}
	return nil
}

// party is how those who have a part in what a verb of the claim says stand to those who have it in the source.
type party struct {
	same  bool // one may be one of them, or who has the part there is not plain
	other bool // none is
}

// compare adds what a verb of the source has for the part that names of the claim have, and for the opposite part:
// theirs and opposite. Against are the names that have the opposite part in the claim.
func (p *party) compare(e *evidence, mine, against, theirs, opposite []int) {
	switch {
	case len(mine) == 0:
	case len(theirs) > 0 && !e.meets(mine, theirs, against), len(against) > 0 && e.share(mine, opposite) && !e.share(mine, theirs):
		p.other = true
	default:
		p.same = true
	}
}

// checkAgents looks for what the claim has one do, or done to one, whom the source names, and another there: "Vera
// urged Rio to pay" for "Rio urged Vera to pay".
func (e *evidence) checkAgents(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		if c.words[i].inside || slight.Has(c.toks[i].Fold) || !c.words[i].content && c.words[i].cue&(acts|attributed) == 0 {
			continue
		}
		if !c.acting(i) {
			if e.aimed(i) {
				v.fail("roles", c.show(i, i)+" is on another there")
				return
			}
			continue
		}
		agents, patients := e.allThere(c.agents(i)), e.allThere(c.patients(i))
		var does, suffers party
		for j := range s.words {
			switch {
			case !e.alike(i, j):
			case s.acting(j):
				a, b := s.agents(j), s.patients(j)
				if e.addressed(i, j) && !e.share(agents, a) && (e.share(agents, b) || e.share(agents, s.goal(j))) {
					does.other = true
				} else {
					does.compare(e, agents, patients, a, b)
				}
				if e.upended(i, j, patients, a, b) {
					suffers.other = true
				} else {
					suffers.compare(e, patients, agents, b, a)
				}
			default:
				if theirs := s.nominal(j); len(theirs) > 0 {
					does.compare(e, agents, patients, theirs, nil)
				}
			}
		}
		if does.other && !does.same && !s.repeats() {
			v.fail("roles", "another does there what "+c.show(i, i)+" says")
			return
		}
		if suffers.other && !suffers.same {
			v.fail("roles", "it is done to another there what "+c.show(i, i)+" says")
			return
		}
	}
}

// addressed reports whether verbs of the claim and of the source both ask, offer or threaten, which one does to another.
func (e *evidence) addressed(i, j int) bool {
	return e.claim.words[i].cue&e.source.words[j].cue&(cueAsk|cueOffer|cueThreat) != 0 && !e.claim.passive(i) && !e.source.passive(j)
}

// repeats reports whether one does what another does without the verb being said again: "Vera signed, and Lima did so too".
func (s *statement) repeats() bool {
	for i := 1; i < len(s.toks); i++ {
		switch f, before := s.toks[i].Fold, s.toks[i-1].Fold; {
		case before == "did" && (f == "so" || f == "likewise" || i+1 < len(s.toks) && f == "the" && s.toks[i+1].Fold == "same"),
			before == "followed" && f == "suit", before == "lo" && (f == "mismo" || f == "hizo" || f == "hicieron"):
			return true
		}
	}
	return false
}

// upended reports whether those to whom the verb at token i of the claim is done, or to whom it goes, are only those who do
// it to others at token j of the source.
func (e *evidence) upended(i, j int, patients, agents, theirs []int) bool {
	if e.share(patients, agents) && !e.share(patients, theirs) && !e.claim.passive(i) && e.source.takes(j) {
		return true
	}
	goal := e.allThere(e.claim.goal(i))
	return e.share(goal, agents) && !e.share(goal, e.source.goal(j)) && !e.share(e.claim.agents(i), agents)
}

// alike reports whether token j of the source says what the verb at token i of the claim says: they are linked, or, if
// no form of it is there, both ask, promise, offer or threaten.
func (e *evidence) alike(i, j int) bool {
	if has(e.links.to[i], j) {
		return e.source.words[j].name == 0
	}
	const kinds = cueAsk | cueVow | cueOffer | cueThreat
	a, b := &e.claim.words[i], &e.source.words[j]
	akin := slices.ContainsFunc(a.kin, func(k uint16) bool { return slices.Contains(b.kin, k) })
	if b.inside || b.name > 0 || a.cue&b.cue&kinds == 0 && !akin {
		return false
	}
	return !slices.ContainsFunc(e.links.direct[i], func(k int) bool { return e.source.words[k].name == 0 })
}

// aimed reports whether the noun at token i is aimed at one whom the source names, and there only at another: "pressure
// on Vera" for "pressure on Lima".
func (e *evidence) aimed(i int) bool {
	mine := e.allThere(e.claim.aim(i))
	if len(mine) == 0 {
		return false
	}
	other := false
	all := make([]int, len(e.claim.names))
	for n := range all {
		all[n] = n
	}
	for _, j := range e.links.to[i] {
		theirs := e.source.aim(j)
		if len(theirs) == 0 || e.meets(mine, theirs, all) {
			return false
		}
		other = true
	}
	return other
}

// aim returns the names after an "on" or "against" that follows the word at token i.
func (s *statement) aim(i int) []int {
	if i+2 >= len(s.toks) || s.words[i].name > 0 {
		return nil
	}
	switch s.toks[i+1].Fold {
	case "on", "upon", "against", "sobre", "contra":
		return s.patients(i + 1)
	}
	return nil
}

// withJoined adds to some names those that are joined to the last of them: "sanctions on Vera and Lima".
func (s *statement) withJoined(names []int) []int {
	for n := range s.names {
		if last := names[len(names)-1]; s.names[n].first > s.names[last].last && s.joined(last, n) != "" {
			names = append(names, n)
		}
	}
	return names
}

// share reports whether some names of the claim and some of the source have one in common.
func (e *evidence) share(mine, theirs []int) bool {
	for _, x := range mine {
		for _, y := range theirs {
			if a, b := e.claim.names[x].id, e.source.names[y].id; a == b || akinPlaces(a, b) {
				return true
			}
		}
	}
	return false
}

// allThere returns the proper ones of names of the claim if the source has all of them.
func (e *evidence) allThere(names []int) []int {
	var out []int
	for _, n := range names {
		switch {
		case !e.claim.names[n].named:
		case !e.namedIn(e.claim.names[n].id):
			return nil
		default:
			out = append(out, n)
		}
	}
	return out
}

// meets reports whether one of some names of the claim may be, or speak for, one of some names of the source: who is
// not named there may be anybody; a person may act for a place, but not for the one that the claim has on the other
// end of it; and so may a body, unless the claim names both, or the place is only where something is there.
func (e *evidence) meets(mine, theirs, against []int) bool {
	for _, x := range mine {
		for _, y := range theirs {
			a, b := e.claim.names[x].id, e.source.names[y].id
			switch p, q := e.lib.ConceptType(a), e.lib.ConceptType(b); {
			case a == b || akinPlaces(a, b) || e.source.speaksFor(a, b) || e.source.speaksFor(b, a) || e.claim.speaksFor(a, b):
				return true
			case slices.ContainsFunc(against, func(n int) bool { return e.claim.names[n].id == b }):
			case !e.source.names[y].named:
				return true
			case p == q, actingBodies[p] && actingBodies[q] && (e.claim.hasName(b) || p == "place" && e.source.onlyWhere(a)):
			default:
				return true
			}
		}
	}
	return false
}

// actingBodies are the types of names that act for one another.
var actingBodies = map[string]bool{"place": true, "organization": true}

// hasName reports whether a name with the id stands in the statement.
func (s *statement) hasName(id string) bool {
	return slices.ContainsFunc(s.names, func(m mention) bool { return m.id == id })
}

// onlyWhere reports whether a name is only that of where something is: "in Vera", "at Rio, Vera".
func (s *statement) onlyWhere(id string) bool {
	for _, m := range s.names {
		if m.id == id && s.placeOf(m.first, m.last).prep != "in" && !(s.comma(m.first) && s.words[m.first-1].name > 0) {
			return false
		}
	}
	return true
}
