package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// about returns the words of substance around tokens first to last, at most reach on either side, up to a
// token of which stop says that it belongs to another of the kind, and within the sentence.
func (s *statement) about(first, last, reach int, stop func(k int) bool) []int {
	var out []int
	take := func(k int) (more bool) {
		w := &s.words[k]
		if w.sentence != s.words[first].sentence || stop(k) ||
			turns.Has(s.toks[k].Fold) && s.toks[k].Fold != "and" && s.toks[k].Fold != "y" && s.toks[k].Fold != "e" {
			return false
		}
		if (w.content || w.pairs != nil || w.cue&(attributed|unreal|cueDone|cueDeny) != 0 || s.toks[k].Digit || w.name > 0) &&
			!w.inside && !slight.Has(s.toks[k].Fold) {
			out = append(out, k)
		}
		return true
	}
	and := func(k int) bool { f := s.toks[k].Fold; return f == "and" || f == "y" || f == "e" }
	for k := first - 1; k >= 0 && len(out) < reach && !and(k) && take(k); k-- {
	}
	n := len(out)
	said := false // something has been said of it, so that "and" may begin another
	for k := last + 1; k < len(s.toks) && len(out) < n+reach; k++ {
		if said && and(k) && k+2 < len(s.toks) && (s.words[k+1].name > 0 || s.words[k+2].name > 0) || !take(k) {
			break
		}
		said = said || s.verbal(k) || s.toks[k].Digit
	}
	return out
}

// says reports whether token i of the claim says what token j of the source says: they are linked, they are
// equal figures, or on one side of a pair of opposites.
func (e *evidence) says(i, j int) bool {
	a, b := &e.claim.words[i], &e.source.words[j]
	switch {
	case has(e.links.to[i], j):
		return true
	case e.claim.toks[i].Digit:
		return e.claim.toks[i].Fold == e.source.toks[j].Fold
	case a.name > 0 && b.name > 0:
		return e.claim.names[a.name-1].id == e.source.names[b.name-1].id
	}
	for _, p := range a.pairs {
		if slices.Contains(b.pairs, p) {
			return true
		}
	}
	return false
}

// favours counts the words of mine that one of theirs says and none of others, numbers three times, less
// those of which the reverse is true.
func (e *evidence) favours(mine, theirs, others []int) int {
	n := 0
	for _, i := range mine {
		in := func(list []int) bool { return slices.ContainsFunc(list, func(j int) bool { return e.says(i, j) }) }
		a, b := in(theirs), in(others)
		weight := 1
		if t := e.claim.toks[i]; t.Digit && t.Fold != "00" && len(t.Fold) != 4 {
			weight = 3
		}
		switch {
		case a && !b:
			n += weight
		case b && !a:
			n -= weight
		}
	}
	return n
}

// checkCrossedNames looks for two names of which the claim says what the source says of the other: "Vera raised its
// fares and Rio cut them" for "Rio raised its fares and Vera cut them".
func (e *evidence) checkCrossedNames(v *Verdict) {
	c, s := e.claim, e.source
	around := func(st *statement, id, other string) (out []int) {
		for _, m := range st.names {
			if m.id == id && m.actor {
				out = append(out, st.about(m.first, m.last, 6, func(k int) bool {
					w := st.words[k].name
					return w > 0 && st.names[w-1].id == other
				})...)
			}
		}
		return out
	}
	var ids []string
	for _, m := range c.names {
		if m.actor && !slices.Contains(ids, m.id) && e.namedIn(m.id) && !c.tail(m) {
			ids = append(ids, m.id)
		}
	}
	if len(ids) < 2 {
		return
	}
	mine, theirs := c.actors(), s.actors()
	mineDo, theirsDo := c.doing(mine), s.doing(theirs)
	for x, a := range ids {
		for _, b := range ids[x+1:] {
			if akinPlaces(a, b) || strings.HasPrefix(a, conceptMark) != strings.HasPrefix(b, conceptMark) ||
				e.unlike(a, b) || c.synonyms(a, b) || c.beside(a, b) || s.beside(a, b) ||
				c.memberOf(a, b) || c.memberOf(b, a) {
				continue
			}
			if c.listed(a, b) || s.listed(a, b) || e.placed(a) || e.placed(b) {
				continue
			}
			if e.located(a, b) || e.located(b, a) || e.sameDoing(a, mine, mineDo, theirs, theirsDo) ||
				e.sameDoing(b, mine, mineDo, theirs, theirsDo) {
				continue
			}
			ca, cb, sa, sb := around(c, a, b), around(c, b, a), around(s, a, b), around(s, b, a)
			fa, fb := e.favours(ca, sa, sb), e.favours(cb, sb, sa)
			if fa < 0 && fb < 0 && fa+fb <= -3 || fa < 0 && fb < 0 && e.claim.common(a) && e.claim.common(b) {
				v.fail("roles", a+" and "+b+" have changed places")
				return
			}
		}
	}
}

// listed reports whether two names stand in one list, whose order says nothing: "Vera, Rio and Lima".
func (s *statement) listed(a, b string) bool {
	for x := range s.names {
		if s.names[x].id != a && s.names[x].id != b {
			continue
		}
		for at, y := x, x+1; y < len(s.names); y++ {
			if s.names[y].first <= s.names[at].last {
				continue
			}
			if s.joined(at, y) == "" {
				break
			}
			at = y
			if s.names[y].id != s.names[x].id && (s.names[y].id == a || s.names[y].id == b) {
				return true
			}
		}
	}
	return false
}

// placed reports whether a name stands beside the same noun in both: "Vera courts" and "the courts of Vera".
func (e *evidence) placed(id string) bool {
	for _, m := range e.claim.names {
		if m.id != id {
			continue
		}
		for _, n := range e.source.names {
			if n.id != id {
				continue
			}
			for _, i := range e.claim.nounsBeside(m) {
				if slices.ContainsFunc(e.source.nounsBeside(n), func(j int) bool { return has(e.links.to[i], j) }) {
					return true
				}
			}
		}
	}
	return false
}

// nounsBeside returns the words of which a name tells whose they are: the courts of "Vera courts" and "courts of Vera".
func (s *statement) nounsBeside(m mention) []int {
	var out []int
	if k := m.last + 1; k < len(s.toks) && s.words[k].content && !s.verbal(k) && !s.comma(k) {
		out = append(out, k)
	}
	k := m.first - 1
	for k > 0 && !s.comma(k+1) && (determinate.Has(s.toks[k].Fold) || prepositions[s.toks[k].Fold] == "of") {
		k--
	}
	if k >= 0 && (k == m.first-1 && s.lang == lang.Spanish || k < m.first-1 && prepositions[s.toks[k+1].Fold] == "of") &&
		s.words[k].content && !s.verbal(k) && !s.comma(k+1) {
		out = append(out, k)
	}
	return out
}

// synonyms reports whether two names, of nobody in particular, are words for one another and no opposites: "firms" and
// "companies".
func (s *statement) synonyms(a, b string) bool {
	if !s.common(a) || !s.common(b) {
		return false
	}
	for _, m := range s.names {
		for _, n := range s.names {
			x, y := &s.words[m.last], &s.words[n.last]
			if m.id == a && n.id == b && slices.ContainsFunc(x.kin, func(k uint16) bool { return slices.Contains(y.kin, k) }) &&
				!slices.ContainsFunc(x.pairs, func(p int16) bool { return slices.Contains(y.pairs, -p) }) {
				return true
			}
		}
	}
	return false
}

// unlike reports whether one of two names is of people who are only described and the other of no person: "workers"
// and "Vera" do not change places.
func (e *evidence) unlike(a, b string) bool {
	if e.claim.common(b) {
		a, b = b, a
	}
	p, q := e.lib.ConceptType(a), e.lib.ConceptType(b)
	return e.claim.common(a) && !e.claim.common(b) && q != "person" || p == "person" && q == "place" || p == "place" && q == "person"
}

// sameDoing reports whether a name does something in the claim that it does in the source too.
func (e *evidence) sameDoing(id string, mine []actor, mineDo [][]int, theirs []actor, theirsDo [][]int) bool {
	for x := range mine {
		if mine[x].id != id {
			continue
		}
		for z := range theirs {
			if theirs[z].id == id && e.overlap(mineDo[x], theirsDo[z]) > 0 {
				return true
			}
			if theirs[z].id == id && slices.ContainsFunc(mineDo[x], func(i int) bool {
				return slices.ContainsFunc(theirsDo[z], func(j int) bool { return e.claim.words[i].cue&e.source.words[j].cue&attributed != 0 })
			}) {
				return true
			}
		}
	}
	return false
}

// located reports whether a is a place that the claim only says where something is, and b is none: they cannot
// have changed places. "In Vera" and "the Vera crossings" do so.
func (e *evidence) located(a, b string) bool {
	if e.lib.ConceptType(a) != "place" || e.lib.ConceptType(b) == "place" {
		return false
	}
	for _, x := range e.claim.actors() {
		if x.id == a && x.at.prep != "in" && !e.claim.modifies(x.name) {
			return false
		}
	}
	return true
}

// tail reports whether a name stands at the end after a comma: ", the institute found".
func (s *statement) tail(m mention) bool {
	k := m.first
	if k > 1 && !s.comma(k) {
		k--
	}
	return s.comma(k) && m.last+3 > len(s.toks) && m.last+1 < len(s.toks) && s.verbal(len(s.toks)-1)
}

// common reports whether a name is no proper name: "workers".
func (s *statement) common(id string) bool {
	return slices.ContainsFunc(s.names, func(m mention) bool { return m.id == id && !m.named })
}

// beside reports whether two names stand next to one another: the one may be part of what the other is, as in "the
// Vera office of Rio".
func (s *statement) beside(a, b string) bool {
	for _, m := range s.names {
		for _, n := range s.names {
			if m.id != a || n.id != b {
				continue
			}
			if m.first <= n.last+2 && n.first <= m.last+2 || s.phrase(m, n) || s.phrase(n, m) {
				return true
			}
		}
	}
	return false
}

// memberOf reports whether a name is told to be of another: "Ana Vera, of the port of Rio, asked".
func (s *statement) memberOf(a, b string) bool {
	for _, m := range s.names {
		for _, n := range s.names {
			if m.id != a || n.id != b || n.first <= m.last+1 || n.first > m.last+8 || !s.comma(m.last+1) ||
				prepositions[s.toks[m.last+1].Fold] != "of" {
				continue
			}
			plain := true
			for k := m.last + 2; k < n.first && plain; k++ {
				plain = !s.comma(k) && !s.verbal(k)
			}
			if plain {
				return true
			}
		}
	}
	return false
}

// phrase reports whether two names stand in one phrase, as in "Mexico's defence secretary Luis Ruiz".
func (s *statement) phrase(m, n mention) bool {
	if n.first <= m.last || n.first > m.last+5 {
		return false
	}
	for k := m.last + 1; k <= n.first; k++ {
		if s.comma(k) || k < n.first && (s.verbal(k) || prepositions[s.toks[k].Fold] != "" || s.toks[k].Fold == "and" || s.toks[k].Fold == "y") {
			return false
		}
	}
	return true
}

// checkCrossedSides looks for one of two opposites of which the claim says what the source says of the
// other: "in favour" for "against", where the source has both.
func (e *evidence) checkCrossedSides(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		for _, p := range c.words[i].pairs {
			if max(p, -p) >= verifyWords().scales || c.words[i].not > 0 {
				continue
			}
			around := func(st *statement, side int16) (out []int) {
				for k := range st.words {
					if slices.Contains(st.words[k].pairs, side) && !st.undone(k, side) {
						out = append(out, st.about(k, k, 3, func(d int) bool {
							return slices.Contains(st.words[d].pairs, p) || slices.Contains(st.words[d].pairs, -p) ||
								strings.ContainsAny(st.text[st.toks[min(d, k)].End:st.toks[max(d, k)].Start], ";:(")
						})...)
					}
				}
				return out
			}
			there, contrary := around(s, p), around(s, -p)
			if len(there) == 0 || len(contrary) == 0 {
				continue
			}
			mine, other := e.favours(around(c, p), there, contrary), 0
			opposites := around(c, -p)
			if len(opposites) > 0 {
				other = e.favours(opposites, contrary, there)
			}
			if mine < 0 && mine+other <= -2 && other <= 0 || mine <= -3 && other <= 1 {
				v.fail("roles", c.show(i, i)+" is said here of what the source says the contrary of ("+verifyWords().about(p)+")")
				return
			}
		}
	}
}

// undone reports whether a word of the other side governs the one at token k: "refused to accept" accepts nothing.
func (s *statement) undone(k int, side int16) bool {
	return k > 1 && (s.toks[k-1].Fold == "to" || s.toks[k-1].Fold == "a") && slices.Contains(s.words[k-2].pairs, -side)
}

// checkArrows looks for two names with a verb between them that stand the other way round in the source: "Vera sued
// Rio" for "Rio sued Vera".
func (e *evidence) checkArrows(v *Verdict) {
	c, s := e.claim, e.source
	mine := c.arrows()
	if len(mine) == 0 {
		return
	}
	theirs := s.arrows()
	for _, a := range mine {
		straight, crossed := false, false
		for _, b := range theirs {
			same := func(x, y string) bool { return x == y || akinPlaces(x, y) }
			if same(a.from, b.from) && same(a.to, b.to) {
				straight = true
			}
			if same(a.from, b.to) && same(a.to, b.from) {
				free := !slices.ContainsFunc(e.links.to[a.verb], func(j int) bool { return s.words[j].name == 0 })
				crossed = crossed || free || has(e.links.to[a.verb], b.verb) || c.words[a.verb].cue&s.words[b.verb].cue&acts != 0
			}
		}
		if crossed && !straight {
			v.fail("roles", c.show(a.verb, a.verb)+" goes the other way there")
			return
		}
	}
}

// acts are the cues of verbs that one does to another.
const acts = unreal&^(cueMay|cueWill) | cueDeny | cueDone

// arrow is a verb that one name does to another.
type arrow struct {
	from, to string
	verb     int
}

// arrows returns the verbs that stand alone between two names of actors: "sued" of "Vera sued Rio".
func (s *statement) arrows() []arrow {
	var out []arrow
	list := s.actors()
	for x := 0; x+1 < len(list); x++ {
		a, b := s.names[list[x].name], s.names[list[x+1].name]
		if b.first-a.last < 2 || b.first-a.last > 7 || a.id == b.id ||
			s.words[a.first].sentence != s.words[b.first].sentence || list[x].at.prep != "" && list[x].at.prep != "as" {
			continue
		}
		verb, by, ok := -1, false, true
		for k := a.last + 1; k < b.first && ok; k++ {
			f := s.toks[k].Fold
			switch {
			case f == "by" || f == "por":
				by = true
			case mutual.Has(f) || s.comma(k):
				ok = false
			case s.verbal(k) && !auxiliaries.Has(f), s.words[k].cue&acts != 0 && !s.words[k].inside && !auxiliaries.Has(f),
				verb < 0 && strings.HasSuffix(f, "ing") && len(f) > 5:
				if verb >= 0 {
					ok = false
				}
				verb = k
			case s.words[k].content && !titles.Has(f):
				ok = false
			}
		}
		if !ok || verb < 0 || s.words[verb].cue&cueSay != 0 {
			continue
		}
		r := arrow{a.id, b.id, verb}
		if x > 0 && !a.named { // "US officials" are the US
			if before := s.names[list[x-1].name]; before.named && before.last+1 == a.first {
				r.from = before.id
			}
		}
		if by {
			r.from, r.to = r.to, r.from
		}
		out = append(out, r)
	}
	return out
}

// mutual are words between two names that let neither do something to the other.
var mutual = lang.SetOf(`and y e or o with con that que who whom quien but pero while mientras in en on at for para as como than`)

// checkReplaced looks for what is put in the place of another and changes places with it: "replaced the cards
// with visas", and for what goes from where it goes to in the source.
func (e *evidence) checkReplaced(v *Verdict) {
	c, s := e.claim, e.source
	for i := range c.words {
		if !replacing(c.toks[i].Fold) {
			continue
		}
		from, by := c.replaced(i)
		for j := range s.words {
			if !replacing(s.toks[j].Fold) {
				continue
			}
			was, is := s.replaced(j)
			if f, g := e.favours(from, was, is), e.favours(by, is, was); f <= 0 && g <= 0 && f+g <= -2 {
				v.fail("roles", c.show(i, i)+" the other way round")
				return
			}
		}
	}
	for i := range c.words {
		mine := c.towards(i)
		if mine == "" || c.words[i].name > 0 && i > 0 && c.words[i-1].name == c.words[i].name {
			continue
		}
		straight, crossed := false, false
		for j := range s.words {
			if !e.says(i, j) {
				continue
			}
			switch theirs := s.towards(j); {
			case theirs == mine:
				straight = true
			case theirs != "":
				crossed = true
			default:
				straight = straight || c.words[i].name == 0 && mine == "to"
			}
		}
		if crossed && !straight && (e.moves() || e.movedFrom(i)) {
			v.fail("roles", mine+" "+c.show(i, i))
			return
		}
	}
}

// moves reports whether claim and source both have something go from one to another.
func (e *evidence) moves() bool {
	has := func(s *statement) bool {
		return s.hasWord("from", "desde") && s.hasWord("to", "a", "al", "hacia", "into")
	}
	return has(e.claim) && (has(e.source) || e.source.hasWord("to", "hacia"))
}

// movedFrom reports whether the verb before the "from" of the phrase that ends at token i is one that the source has too:
// "moved the boats from other ports".
func (e *evidence) movedFrom(i int) bool {
	c, from := e.claim, -1
	for k := i - 1; k >= max(0, i-9) && c.words[k].sentence == c.words[i].sentence; k-- {
		switch f := c.toks[k].Fold; {
		case f == "from" || f == "desde":
			from = k
		case from < 0 && k < i-3:
			return false
		case from >= 0 && c.verbal(k):
			return c.words[k].cue&attributed == 0 && slices.ContainsFunc(e.links.to[k], e.source.verbal)
		}
	}
	return false
}

// towards returns "from" or "to" when that preposition stands before the phrase that ends at token i.
func (s *statement) towards(i int) string {
	if !s.words[i].content && s.words[i].name == 0 {
		return ""
	}
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		switch f := s.toks[k].Fold; {
		case f == "from" && strings.HasSuffix(s.toks[k+1].Fold, "ing"):
			return "" // "retreated from closing the pier"
		case f == "from" || f == "desde":
			return "from"
		case f == "to" && k+1 < len(s.toks) && !s.verbal(k+1) || f == "hacia" || f == "into":
			return "to"
		case s.words[k].content || s.words[k].name > 0 || determinate.Has(f):
		default:
			return ""
		}
		if s.comma(k + 1) {
			return ""
		}
	}
	return ""
}

// determinate stand before a noun or an adjective: "the ramp", "sus barcos".
var determinate = lang.SetOf(`the a an other its their his el la los las otros otras su sus`)

// replacing reports whether a folded word is a verb of putting one thing in the place of another.
func replacing(fold string) bool {
	return beginsWith(fold, "replac", "substitut", "swap", "exchang", "sustitu", "reemplaz", "remplaz", "convert", "convirt")
}

// replaced returns the words for what a verb of replacing at token i takes away and for what it puts there: the old
// barge and the new crane of "replaced the old barge with the new crane".
func (s *statement) replaced(i int) (from, by []int) {
	list := &from
	for k := i + 1; k < len(s.words) && k < i+14 && s.words[k].sentence == s.words[i].sentence; k++ {
		switch f := s.toks[k].Fold; {
		case f == "with" || f == "por" || f == "by" || f == "for" || f == "into" || f == "en" || f == "con":
			list = &by
		case s.comma(k):
			return from, by
		case (s.words[k].content || s.words[k].name > 0) && !slight.Has(f):
			*list = append(*list, k)
		}
	}
	return from, by
}

// checkOrder holds "from 1,000 to 1,450" to the order in which the source has the two.
func (e *evidence) checkOrder(v *Verdict) {
	steps := func(s *statement) (out [][2]figure) {
		list := s.figures()
		for x := range list {
			if list[x].first == 0 || list[x].Year {
				continue
			}
			at := list[x].first - 1
			for at > 0 && (s.words[at].cue&bounds != 0 || s.words[at].inside || between.Has(s.toks[at].Fold)) && at > list[x].first-4 {
				at--
			}
			if f := s.toks[at].Fold; f != "from" && f != "de" && f != "desde" {
				continue
			}
			for y := range list {
				if y == x || list[y].first == 0 || list[y].Year || s.words[list[y].first].sentence != s.words[list[x].first].sentence {
					continue
				}
				for k := list[y].first - 1; k >= 0 && k >= list[y].first-3; k-- {
					if f := s.toks[k].Fold; f == "to" || f == "a" || f == "hasta" || f == "until" {
						out = append(out, [2]figure{list[x], list[y]})
						break
					}
				}
			}
		}
		return out
	}
	mine := steps(e.claim)
	if len(mine) == 0 {
		return
	}
	theirs := steps(e.source)
	for _, m := range mine {
		straight, crossed := false, false
		for _, t := range theirs {
			straight = straight || m[0].same(t[0]) && m[1].same(t[1])
			crossed = crossed || m[0].same(t[1]) && m[1].same(t[0])
		}
		if crossed && !straight {
			v.fail("roles", "from "+e.claim.show(m[0].first, m[0].last)+" to "+e.claim.show(m[1].first, m[1].last))
			return
		}
	}
}

// checkCompared looks for "more migrants than criminals" where the source has more criminals than migrants.
func (e *evidence) checkCompared(v *Verdict) {
	for i := range e.claim.words {
		m, a, b := e.claim.compares(i)
		if m == 0 {
			continue
		}
		for j := range e.source.words {
			n, x, y := e.source.compares(j)
			if n == 0 {
				continue
			}
			f, g := e.favours(a, x, y), e.favours(b, y, x)
			if m == n && f <= 0 && g < 0 && (f+g <= -2 || e.into(a, y) && e.into(b, x) && !e.into(b, y)) || m != n && f >= 0 && g > 0 && f+g >= 2 {
				v.fail("roles", e.claim.show(i, i)+" the other way round")
				return
			}
		}
	}
}

// compares returns 1 for a "more" at token i, -1 for a "less", with the words before and after its "than".
func (s *statement) compares(i int) (way int, before, after []int) {
	switch s.toks[i].Fold {
	case "more", "mas", "higher", "greater", "larger", "bigger", "stronger", "faster", "mayor", "mayores", "superior", "superiores":
		way = 1
	case "less", "fewer", "menos", "lower", "smaller", "weaker", "slower", "menor", "menores", "inferior", "inferiores":
		way = -1
	default:
		return 0, nil, nil
	}
	than := -1
	for k := i + 1; k < len(s.toks) && k <= i+8 && s.words[k].sentence == s.words[i].sentence; k++ {
		if f := s.toks[k].Fold; f == "than" || f == "que" && s.lang == lang.Spanish {
			than = k
			break
		}
		if s.words[k].content || s.words[k].name > 0 {
			before = append(before, k)
		}
	}
	if than == i+1 && len(before) == 0 && than+1 < len(s.toks) && !s.words[than+1].date && !s.words[than+1].means.number { // "rents in Vera are higher than in Rio"
		for k := i - 1; k >= 0 && len(before) < 4 && s.words[k].clause == s.words[i].clause; k-- {
			if s.weighty(k) {
				before = append(before, k)
			}
		}
	}
	if than < 0 || len(before) == 0 {
		return 0, nil, nil
	}
	for k := than + 1; k < len(s.toks) && k <= than+6 && len(after) < len(before)+1 &&
		s.words[k].sentence == s.words[i].sentence && !s.comma(k); k++ {
		if s.words[k].content || s.words[k].name > 0 {
			after = append(after, k)
		}
	}
	return way, before, after
}
