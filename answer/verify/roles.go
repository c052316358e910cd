package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// place is where a name or number stands: the words before and after it, up to the next one.
type place struct {
	before, after []int // tokens
	prep          string
}

// actors returns the names of a statement with their places, passives turned round.
func (s *statement) actors() []actor {
	if s.cast == nil {
		s.cast = s.findActors()
	}
	return s.cast
}

// findActors finds what actors returns. A name joined to the one before it has its preposition: "to Cuba, Honduras and
// Panama".
func (s *statement) findActors() []actor {
	out := []actor{}
	for i, m := range s.names {
		if !m.actor {
			continue
		}
		out = append(out, actor{i, m.id, s.placeOf(m.first, m.last)})
	}
	slices.SortFunc(out, func(a, b actor) int { return s.names[a.name].first - s.names[b.name].first })
	for i := 1; i < len(out); i++ { // "to El Salvador, Honduras and Guatemala"
		if at := &out[i].at; at.prep == "" && out[i-1].at.prep != "" &&
			s.joined(out[i-1].name, out[i].name) != "" && !s.acts(s.names[out[i].name].last+1) {
			at.prep = out[i-1].at.prep
		}
	}
	return out
}

// actor is a name of those who can do something, and where it stands.
type actor struct {
	name int
	id   string
	at   place
}

// contextReach is how many words on each side of a name are its place.
const contextReach = 5

// placeOf returns where the tokens first to last stand: the words of substance on each side, up to contextReach of them and
// to the next actor, and the preposition before: "in" for "in the state of Texas".
func (s *statement) placeOf(first, last int) place {
	var p place
	sentence := s.words[first].sentence
	take := func(k int) bool {
		w := &s.words[k]
		return w.content || w.cue&(attributed|unreal|cueDone|cueDeny) != 0 && !w.inside
	}
	for k, n := first-1, 0; k >= 0 && n < contextReach && s.words[k].sentence == sentence; k-- {
		if w := s.words[k].name; w > 0 && s.names[w-1].actor {
			break
		}
		if take(k) {
			p.before = append(p.before, k)
			n++
		}
	}
	for k, n := last+1, 0; k < len(s.words) && n < contextReach && s.words[k].sentence == sentence; k++ {
		if w := s.words[k].name; w > 0 && s.names[w-1].actor {
			break
		}
		if take(k) {
			p.after = append(p.after, k)
			n++
		}
	}
	for k := first - 1; k >= 0 && k >= first-3; k-- {
		f := s.toks[k].Fold
		if strings.ContainsAny(s.gap(k+1), ",;:") {
			break
		}
		if k > 0 && s.toks[k-1].Fold == "according" {
			break
		}
		if clausal.Has(f) && s.acts(last+1) {
			break // "after Sheinbaum had promised"
		}
		if relatives.Has(f) {
			break // "under which Vera screens"
		}
		if q := prepositions[f]; q != "" && (f != "a" || s.lang == lang.Spanish) {
			if q == "of" && k > 0 && bodies.Has(s.toks[k-1].Fold) {
				continue // "the state of Texas"
			}
			p.prep = q
			break
		}
		if bodies.Has(f) {
			continue
		}
		if !lang.Stop(f, s.lang) && s.words[k].name == 0 || s.words[k].name > 0 && !s.names[s.words[k].name-1].actor && k < first-1 {
			break
		}
	}
	return p
}

// clausal are prepositions that may begin a clause.
var clausal = lang.SetOf(`after before as than`)

// relatives begin a clause of which a preposition before them is part.
var relatives = lang.SetOf(`which whom whose where cual cuales donde quien quienes
	cuyo cuya cuyos cuyas`)

// bodies act under the name of a place after them.
var bodies = lang.SetOf(`state government city republic estado gobierno ciudad republica`)

// prepositions that give what they stand before a part in what happens, or take it out of it.
var prepositions = map[string]string{
	"from": "from", "desde": "from", "to": "to", "into": "to", "toward": "to", "towards": "to", "hacia": "to", "a": "to", "al": "to",
	"by": "by", "por": "by", "against": "against", "contra": "against", "of": "of", "de": "of", "del": "of",
	"in": "in", "en": "in", "on": "in", "at": "in", "over": "in", "through": "in", "along": "in", "near": "in", "under": "in",
	"about": "in", "sobre": "in", "including": "in", "via": "in", "before": "in", "after": "in", "within": "in",
	"for": "for", "para": "for", "with": "with", "con": "with", "between": "with", "entre": "with", "among": "with", "than": "than",
	"as": "as", "como": "as",
}

// doing returns what each name of a statement does, by the simplest of grammar: the verb close after a
// name that no preposition makes something else of, and verbs joined to it by "and"; after "by" the verb
// before the name.
func (s *statement) doing(list []actor) [][]int {
	if s.deeds == nil {
		s.deeds = s.findDoing(list)
	}
	return s.deeds
}

// findDoing finds what doing returns.
func (s *statement) findDoing(list []actor) [][]int {
	out := make([][]int, len(list))
	subject := -1
	next := 0
	give := func(at, k int) { // to the name, and to those joined to it: "Mexico, Cuba and the United States announced"
		out[at] = append(out[at], k)
		and := false
		for ; at > 0; at-- {
			switch s.joined(list[at-1].name, list[at].name) {
			case "and":
				and = true
			case ",":
				if !and || list[at-1].at.prep != "" {
					return
				}
			case "title": // "and Salvadoran President Bukele"
				continue
			default:
				return
			}
			out[at-1] = append(out[at-1], k)
		}
	}
	for k := range s.toks {
		for next < len(list) && s.names[list[next].name].last < k {
			next++
		}
		if k > 0 && s.words[k].sentence != s.words[k-1].sentence {
			subject = -1
		}
		if !s.verbal(k) || auxiliaries.Has(s.toks[k].Fold) {
			continue
		}
		if k > 0 && (s.toks[k-1].Fold == "and" || s.toks[k-1].Fold == "y" || s.toks[k-1].Fold == "e") {
			if subject >= 0 {
				give(subject, k)
			}
			continue
		}
		// The nearest name before the verb, unless something makes it no subject.
		at := next - 1
		if at < 0 || s.words[s.names[list[at].name].first].sentence != s.words[k].sentence {
			continue
		}
		if k > 1 && ((list[at].at.prep != "" || s.names[list[at].name].last < k-2 ||
			s.credited(s.names[list[at].name].first)) && (s.comma(k-1) || s.comma(k)) || s.comma(k) && s.appositive(list, at)) {
			// "Ruiz, who took over from Cruz, has asked"
			for d := at - 1; d >= 0 && s.words[s.names[list[d].name].first].sentence == s.words[k].sentence; d-- {
				if last := s.names[list[d].name].last; list[d].at.prep == "" && s.comma(last+1) {
					give(d, k)
					subject = d
					break
				}
			}
			continue
		}
		m := s.names[list[at].name]
		if !m.named && m.first > 0 && s.words[m.first-1].content && strings.HasSuffix(s.toks[m.first-1].Fold, "ing") {
			continue // "keeps accepting migrants sent back"
		}
		n := 0
		for d := m.last + 1; d < k; d++ {
			if s.words[d].content {
				n++
			}
			if s.words[d].clause != s.words[m.last].clause && s.toks[d].Fold != "that" {
				n += 2
			}
		}
		if n > 2 || list[at].at.prep != "" || s.passive(k) || s.reduced(k) || s.withPronoun(m.first) {
			continue
		}
		if m.last+1 < k && s.words[m.last+1].content && !s.verbal(m.last+1) {
			continue // "the Mexico City meeting"
		}
		give(at, k)
		subject = at
	}
	for x, a := range list {
		if a.at.prep != "by" {
			continue
		}
		m := s.names[a.name]
		for k := m.first - 1; k >= 0 && k >= m.first-4; k-- {
			if s.verbal(k) {
				out[x] = append(out[x], k)
				break
			}
		}
	}
	return out
}

// credited reports whether "according to" stands before token k.
func (s *statement) credited(k int) bool {
	return k > 1 && s.toks[k-1].Fold == "to" && s.toks[k-2].Fold == "according" || k > 0 && s.toks[k-1].Fold == "segun"
}

// creditedTo reports whether something is said "according to" a name with the id.
func (s *statement) creditedTo(id string) bool {
	for i := range s.toks {
		if f := s.toks[i].Fold; (f == "according" || f == "segun") &&
			slices.ContainsFunc(s.speakersOf(i), func(n int) bool { return s.names[n].id == id }) {
			return true
		}
	}
	return false
}

// appositive reports whether the name list[at] stands in an apposition to one before it.
func (s *statement) appositive(list []actor, at int) bool {
	for d := at - 1; d >= 0 && d >= at-3; d-- {
		if s.apposed(list[d].name, list[at].name) {
			return true
		}
	}
	return false
}

// apposed reports whether name b stands in an apposition to name a: "Ruiz, Mexico's future minister,".
func (s *statement) apposed(a, b int) bool {
	last, first := s.names[a].last, s.names[b].first
	if last >= first || first-last > 6 || !s.comma(last+1) {
		return false
	}
	for k := last + 1; k < first; k++ {
		if k > last+1 && s.comma(k) || s.toks[k].Fold == "and" || s.toks[k].Fold == "y" || s.verbal(k) {
			return false
		}
	}
	return true
}

// comma reports whether a comma stands before token k.
func (s *statement) comma(k int) bool {
	return k > 0 && k < len(s.toks) && strings.Contains(s.gap(k), ",")
}

// titles may stand before a name.
var titles = lang.SetOf(`governor governors mayor judge general justice congressman congresswoman representative deputy alcalde juez senador
	senadora diputado president presidents minister secretary ambassador senator presidente presidenta ministro ministra secretario
	secretaria gobernador sister sor brother fray father padre bishop obispo archbishop arzobispo`)

// joined returns what joins two names, "and" or ",", when nothing else stands between them.
func (s *statement) joined(a, b int) string {
	by := ""
	if last := s.names[a].last; s.words[last].name > 0 && last+2 == s.names[b].first &&
		titles.Has(s.toks[last+1].Fold) && !s.comma(last+1) && !s.comma(last+2) {
		return "title"
	}
	for k := s.names[a].last + 1; k < s.names[b].first; k++ {
		switch s.toks[k].Fold {
		case "and", "y", "e":
			by = "and"
		case "the", "el", "la", "los":
		default:
			if !titles.Has(s.toks[k].Fold) && !s.toks[k].Digit {
				return ""
			}
		}
	}
	if by == "" && s.names[a].last < s.names[b].first &&
		strings.Contains(s.text[s.toks[s.names[a].last].End:s.toks[s.names[b].first].Start], ",") {
		by = ","
	}
	return by
}

// passive reports whether the word at token k is a participle after a form of "to be".
func (s *statement) passive(k int) bool {
	for d := k - 1; d >= 0 && d >= k-2; d-- {
		if s.words[d].cue&cuePassive != 0 {
			f := s.toks[k].Fold
			return endsIn(f, "ed", "en", "ado", "ados", "ada", "adas", "ido", "idos") || irregular[f] != ""
		}
	}
	return false
}

// alike reports whether two names, of nobody in particular, are words for one another.
func (s *statement) alike(a, b int) bool {
	x, y := s.words[s.names[a].last].kin, s.words[s.names[b].last].kin
	return slices.ContainsFunc(x, func(k uint16) bool { return slices.Contains(y, k) })
}

// checkRoles compares who does what, and which number belongs to what: "Vera sold the barge to Rio" for "Rio sold the
// barge to Vera".
func (e *evidence) checkRoles(v *Verdict) {
	c, s := e.claim, e.source
	mine, theirs := c.actors(), s.actors()
	mineDo, theirsDo := c.doing(mine), s.doing(theirs)
	for x := range mine {
		for y := range mine {
			a, b := mine[x], mine[y]
			if x == y || a.id == b.id {
				continue
			}
			// a does here what there only b does, and b does not.
			doing := mineDo[x]
			if s.creditedTo(a.id) { // "according to Vera" for "Vera says"
				doing = slices.DeleteFunc(slices.Clone(doing), func(i int) bool { return c.words[i].cue&attributed != 0 })
			}
			if c.common(a.id) && c.common(b.id) && c.alike(a.name, b.name) {
				continue // "firms" and "companies"
			}
			if len(doing) == 0 || share(doing, mineDo[y]) || s.speaksFor(b.id, a.id) || s.isCalled(a.id, b.id) ||
				c.isCalled(a.id, b.id) || c.common(a.id) && c.beside(a.id, b.id) {
				continue
			}
			own, other := 0, 0
			ownThere, otherThere := false, false
			for z, t := range theirs {
				if t.id != a.id && t.id != b.id {
					continue
				}
				n := e.overlap(doing, theirsDo[z])
				if t.id == a.id {
					ownThere = true
					own = max(own, n)
				} else {
					otherThere = true
					other = max(other, n)
				}
			}
			if ownThere && otherThere && other > 0 && own == 0 {
				one, two := c.names[a.name], c.names[b.name]
				v.fail("roles", c.show(one.first, one.last)+" does here what "+c.show(two.first, two.last)+" does there")
				return
			}
		}
	}
	e.checkAgents(v)
	e.checkFromTo(v, mine, theirs)
	e.checkModifiers(v)
	e.checkShares(v)
	e.checkSegments(v)
	e.checkWholes(v)
	e.checkYears(v)
	e.checkOwners(v)
	e.checkPairs(v)
	e.checkAlternate(v)
	e.checkContrast(v)
	e.checkOwned(v)
	e.checkNot(v)
	e.checkCrossedNames(v)
	e.checkCrossedSides(v)
	e.checkArrows(v)
	e.checkDeeds(v)
	e.checkTurned(v)
	e.checkHalves(v)
	e.checkWays(v)
	e.checkReplaced(v)
	e.checkOrder(v)
	e.checkCompared(v)
}

// share reports whether two lists have a token in common: "Ruiz and Paredes signed".
func share(a, b []int) bool {
	return slices.ContainsFunc(a, func(i int) bool { return has(b, i) })
}

// speaksFor reports whether name a stands with name b before it for whose office it holds: "Mexican President
// Sheinbaum" acts for Mexico.
func (s *statement) speaksFor(a, b string) bool {
	for i, m := range s.names {
		for k, n := range s.names {
			if m.id == a && n.id == b && (s.joined(k, i) == "title" || n.last+1 == m.first && !s.comma(m.first)) {
				return true
			}
		}
	}
	return false
}

// isCalled reports whether the one of two names follows the other, after a comma, as its apposition: "the harbour
// minister, Ana Vera, said".
func (s *statement) isCalled(a, b string) bool {
	for x := range s.names {
		for y := range s.names {
			m, n := &s.names[x], &s.names[y]
			if (m.id == a && n.id == b || m.id == b && n.id == a) && m.named != n.named && (n.first == m.last+1 && s.comma(n.first) ||
				s.apposed(x, y) && s.comma(n.last+1)) {
				return true
			}
		}
	}
	return false
}

// akinPlaces reports whether two names may stand for one another: a government and its country.
func akinPlaces(a, b string) bool {
	for _, s := range seats {
		if a == s[0] && b == s[1] || a == s[1] && b == s[0] {
			return true
		}
	}
	return false
}

// checkFromTo looks for two names whose prepositions are exchanged: "from Vera to Rio" for "from Rio to Vera".
func (e *evidence) checkFromTo(v *Verdict, mine, theirs []actor) {
	preps := func(list []actor, id string) map[string]bool {
		m := map[string]bool{}
		for _, a := range list {
			if a.id == id {
				m[a.at.prep] = true
			}
		}
		return m
	}
	for _, a := range mine {
		for _, b := range mine {
			if a.id == b.id || !directions[a.at.prep] || a.at.prep == b.at.prep {
				continue
			}
			if k := e.claim.names[a.name].first; a.at.prep == "to" && k > 1 && e.claim.words[k-2].cue&cueAsk != 0 {
				continue // "pidió a Vera" is "asked Vera"
			}
			pa, pb := preps(theirs, a.id), preps(theirs, b.id)
			if pb[a.at.prep] && !pa[a.at.prep] && pa[b.at.prep] && !pb[b.at.prep] {
				v.fail("roles", a.at.prep+" "+e.claim.show(e.claim.names[a.name].first, e.claim.names[a.name].last))
				return
			}
		}
	}
}

// checkModifiers looks for a thing that is of one place or body here and of another there: "Mexican
// agents" for "US agents".
func (e *evidence) checkModifiers(v *Verdict) {
	c, s := e.claim, e.source
	head := func(st *statement, m mention) int {
		if st.lang == lang.Spanish {
			if !st.toks[m.first].Upper && m.first > 0 && (st.words[m.first-1].content || people.Has(st.toks[m.first-1].Fold)) {
				return m.first - 1
			}
			return -1
		}
		k := m.last + 1
		if k < len(st.toks) && (st.words[k].content && !st.verbal(k) ||
			st.words[k].name > 0 && !st.names[st.words[k].name-1].actor || people.Has(st.toks[k].Fold)) &&
			strings.Trim(st.text[st.toks[m.last].End:st.toks[k].Start], " ’'s-") == "" {
			return k
		}
		return -1
	}
	type pair struct {
		id   string
		noun int
	}
	var theirs []pair
	for _, m := range s.names {
		if m.named {
			k := head(s, m)
			for d := m.last + 1; k < 0 && s.toks[m.first].Upper && d < len(s.toks) && d <= m.last+5; d++ { // "Mexican and Canadian professionals"
				if n := s.words[d].name; n > 0 && s.names[n-1].named || s.toks[d].Fold == "and" || s.toks[d].Fold == "y" {
					continue
				}
				if s.words[d].content {
					k = d
				}
				break
			}
			if k >= 0 {
				theirs = append(theirs, pair{m.id, k})
				if s.lang != lang.Spanish && k+1 < len(s.toks) && people.Has(s.toks[k+1].Fold) && s.gap(k+1) == " " {
					theirs = append(theirs, pair{m.id, k + 1}) // "US border authorities"
				}
			}
		}
	}
	for _, m := range c.names {
		k := -1
		if m.named && strings.HasPrefix(m.id, conceptMark) {
			k = head(c, m)
		}
		if k < 0 {
			continue
		}
		own, other := false, false
		for _, j := range e.links.to[k] {
			own = own || e.besideName(j, m.id, func(n mention) int { return head(s, n) })
		}
		for _, t := range theirs {
			if has(e.links.to[k], t.noun) {
				own = own || t.id == m.id
				other = other || t.id != m.id && !akinPlaces(t.id, m.id) && !e.source.hyphened(t.noun) &&
					e.lib.ConceptType(t.id) == e.lib.ConceptType(m.id)
			}
		}
		if other && !own {
			v.fail("roles", c.show(m.first, m.last)+" "+c.show(k, k))
			return
		}
	}
}

// hyphened reports whether the names before token k are joined: "US–Mexican declaration".
func (s *statement) hyphened(k int) bool {
	return k > 1 && strings.ContainsAny(s.gap(k-1), "-–—/")
}

// besideName reports whether a name with the id stands within a few words of token k of the source, and is not
// itself what another noun is of, as head tells.
func (e *evidence) besideName(k int, id string, head func(mention) int) bool {
	for _, m := range e.source.names {
		if m.id != id || m.last < k-5 || m.first > k+5 || e.source.parted(m, k) {
			continue
		}
		if h := head(m); h < 0 || h == k || h == k-1 {
			return true
		}
	}
	return false
}

// parted reports whether a verb stands between a name and token k: "Vera's agents fired into Rio" has no agents of Rio.
func (s *statement) parted(m mention, k int) bool {
	from, to := m.last+1, k
	if m.first > k {
		from, to = k+1, m.first
	}
	for ; from < to; from++ {
		if f := s.toks[from].Fold; s.verbal(from) || modals.Has(f) || auxiliaries.Has(f) {
			return true
		}
	}
	return false
}

// namedIn reports whether the source has a name with the id.
func (e *evidence) namedIn(id string) bool {
	for _, m := range e.source.names {
		if m.id == id {
			return true
		}
	}
	return false
}

// directions are the prepositions that cannot be exchanged between two names.
var directions = map[string]bool{"from": true, "to": true, "by": true, "against": true}

// checkShares looks for two numbers of the claim that have changed places: "20 sailors and 30 cooks" for "30 sailors
// and 20 cooks".
func (e *evidence) checkShares(v *Verdict) {
	mine := e.claim.figures()
	if len(mine) < 2 {
		return
	}
	theirs := e.source.figures()
	for x := range mine {
		for y := x + 1; y < len(mine); y++ {
			m, n := one(mine[x], theirs), one(mine[y], theirs)
			if m < 0 || n < 0 || m == n || mine[x].unit != mine[y].unit { // a share is no number
				continue
			}
			if e.partOf(mine[x], mine[y]) {
				continue
			}
			a, b := e.claim.company(mine, x), e.claim.company(mine, y)
			p, q := e.source.company(theirs, m), e.source.company(theirs, n)
			if f, g := e.favours(a, p, q), e.favours(b, q, p); f+g <= -2 && (f <= 0 && g <= 0 || f <= 1 && g <= 1 && f+g <= -3) {
				v.fail("roles", e.claim.show(mine[x].first, mine[x].last)+" and "+e.claim.show(mine[y].first, mine[y].last)+" have changed places")
				return
			}
		}
	}
}

// one returns the only figure with the value of f, or -1.
func one(f figure, list []figure) int {
	at := -1
	for i, g := range list {
		if f.same(g) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// partOf reports whether two figures are "52 of the 458" or "52 of Vera's 458".
func (e *evidence) partOf(f, g figure) bool {
	for k := f.last + 1; k < g.first; k++ {
		switch e.claim.toks[k].Fold {
		case "of", "the", "de", "los", "las", "out":
		default:
			if e.claim.words[k].name == 0 {
				return false
			}
		}
	}
	return g.first > f.last
}

// company returns the words that stand after a figure, up to the next figure or to who says it.
func (s *statement) company(list []figure, i int) []int {
	end := len(s.toks)
	for _, g := range list {
		if g.first <= list[i].last || g.first > end {
			continue
		}
		if spans[g.unit].n > 0 && spans[list[i].unit].n == 0 || s.bracketed(g.first) && !s.bracketed(list[i].first) {
			continue // "172,026 of them (72 percent) in the 111 days before"
		}
		end = g.first
	}
	var out []int
	for k := list[i].last + 1; k < end && len(out) < 6 && s.words[k].sentence == s.words[list[i].first].sentence; k++ {
		if s.words[k].cue&attributed != 0 && !s.words[k].inside ||
			s.comma(k) && (joiners.Has(s.toks[k].Fold) || relatives.Has(s.toks[k].Fold) || s.words[k].name > 0 ||
				k+1 < len(s.words) && s.words[k+1].name > 0) {
			break
		}
		if f := s.toks[k].Fold; (f == "and" || f == "y") && k+2 < end &&
			(s.words[k+1].name > 0 || s.words[k+2].name > 0 || end < len(s.toks) && end-k <= 4) {
			break // "20 percent of it and Vera 30", "20 cooks and lay off 30"
		}
		if (s.words[k].content || s.words[k].pairs != nil) && moreUnits[s.toks[k].Fold] == "" && !slight.Has(s.toks[k].Fold) || s.words[k].name > 0 ||
			s.toks[k].Digit && len(s.toks[k].Fold) == 4 {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return s.countedBy(list, i)
	}
	return out
}

// countedBy returns the words before the verb that a figure follows, back to the figure before: "the requests had reached
// 64 million".
func (s *statement) countedBy(list []figure, i int) []int {
	k := list[i].first - 1
	for k > 0 && (s.words[k].cue&bounds != 0 || s.toks[k].Fold == "a" || s.toks[k].Fold == "to" || s.toks[k].Fold == "at") {
		k--
	}
	if k < 0 || !s.verbal(k) && !auxiliaries.Has(s.toks[k].Fold) {
		return nil
	}
	start := 0
	for _, g := range list {
		if g.last < list[i].first {
			start = max(start, g.last+1)
		}
	}
	var out []int
	for k--; k >= start && len(out) < 8 && s.words[k].sentence == s.words[list[i].first].sentence && !joiners.Has(s.toks[k].Fold); k-- {
		if s.words[k].content && !slight.Has(s.toks[k].Fold) {
			out = append(out, k)
		}
	}
	return out
}

// bracketed reports whether token k stands in parentheses.
func (s *statement) bracketed(k int) bool {
	head := s.text[:s.toks[k].Start]
	return strings.LastIndexByte(head, '(') > strings.LastIndexByte(head, ')')
}

// checkOwners looks for a figure that the claim gives to one name and the source, which has that name with another
// figure, to another of the same type.
func (e *evidence) checkOwners(v *Verdict) {
	mine, theirs := e.claim.figures(), e.source.figures()
	if len(mine) == 0 || len(theirs) < 2 {
		return
	}
	for _, kind := range [...]string{"place", "person", "organization"} {
		var there []string
		for i := range mine {
			if mine[i].Year {
				continue
			}
			k := one(mine[i], theirs)
			if k < 0 {
				continue
			}
			a := e.ownerOf(e.claim, mine, i, kind)
			if a == "" {
				continue
			}
			if there == nil {
				for k := range theirs {
					there = append(there, e.ownerOf(e.source, theirs, k, kind))
				}
			}
			b := there[k]
			if b == "" || a == b || akinPlaces(a, b) {
				continue
			}
			if p, q := e.besides(e.claim, mine[i], a), e.besides(e.source, theirs[k], b); p && q && e.namedIn(a) {
				v.fail("roles", e.claim.show(mine[i].first, mine[i].last)+" is another's there")
				return
			}
			for j, o := range there {
				if o == a && j != k && theirs[j].unit == theirs[k].unit && !theirs[j].Year {
					v.fail("roles", e.claim.show(mine[i].first, mine[i].last)+" is another's there")
					return
				}
			}
		}
	}
}

// besides reports whether a name stands directly after a figure, with no more than "of them" and a preposition of
// place between.
func (e *evidence) besides(s *statement, f figure, id string) bool {
	for _, m := range s.names {
		if m.id != id || m.first <= f.last || m.first > f.last+4 {
			continue
		}
		for k := f.last + 1; k < m.first; k++ {
			switch s.toks[k].Fold {
			case "of", "them", "de", "ellos", "ellas", "the", "el", "la", "los", "las":
			case "in", "en", "for", "para":
				return k == m.first-1 || k == m.first-2
			default:
				return false
			}
		}
	}
	return false
}

// ownerOf returns the name of a type that figure i of a list belongs to: the nearest after it, introduced by a
// preposition, or else the nearest before it, with no other figure between; "" when that is not clear.
func (e *evidence) ownerOf(s *statement, list []figure, i int, kind string) string {
	f := list[i]
	free := func(from, to int) bool {
		for _, g := range list {
			if g.first != f.first && g.first >= from && g.last <= to && spans[g.unit].n == 0 {
				return false
			}
		}
		return true
	}
	if s.bracketed(f.first) {
		for k := f.first - 1; k >= 0 && k >= f.first-2; k-- {
			if n := s.words[k].name; n > 0 && e.lib.ConceptType(s.names[n-1].id) == kind {
				return s.names[n-1].id
			}
		}
		return ""
	}
	for k := f.last + 1; k < len(s.toks) && k <= f.last+12 && s.words[k].sentence == s.words[f.first].sentence; k++ {
		if f := s.toks[k].Fold; f == "and" || f == "y" || s.words[k].cue&attributed != 0 ||
			strings.ContainsAny(s.gap(k), ",;:(") && !strings.Contains(s.gap(k), ")") && !s.bracketed(k) {
			break
		}
		n := s.words[k].name
		if n == 0 || e.lib.ConceptType(s.names[n-1].id) != kind || s.bracketed(k) {
			continue
		}
		m := s.names[n-1]
		if !free(f.last+1, m.first) {
			break
		}
		switch s.placeOf(m.first, m.last).prep {
		case "for", "in", "to", "of":
			return m.id
		}
		break
	}
	for k := f.first - 1; k >= 0 && k >= f.first-6 && s.words[k].sentence == s.words[f.first].sentence; k-- {
		if strings.ContainsAny(s.gap(k+1), ",;:") {
			break
		}
		n := s.words[k].name
		if n == 0 || e.lib.ConceptType(s.names[n-1].id) != kind {
			continue
		}
		m := s.names[n-1]
		if p := s.placeOf(m.first, m.last).prep; free(m.last+1, f.first-1) && p != "from" && p != "than" && p != "with" {
			return m.id
		}
		break
	}
	return ""
}

// overlap counts the words of the claim that are linked with one of those of the source.
func (e *evidence) overlap(mine, theirs []int) int {
	n := 0
	for _, i := range mine {
		for _, j := range theirs {
			if has(e.links.to[i], j) {
				n++
				break
			}
		}
	}
	return n
}

// has reports whether x is in a list.
func has(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
