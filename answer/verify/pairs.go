package verify

import (
	"slices"
	"strconv"
	"strings"

	"policybot/lang"
)

// pairing is a name with the figure, hour or date that a statement gives it.
type pairing struct {
	value float64
	name  string
	kind  pairKind
	tight bool // nothing stands between them
}

// pairKind is what a name is paired with.
type pairKind int

const (
	pairCount pairKind = iota // "300 Peruvians", "two in Vera"
	pairClock                 // "Vera at 6:00"
	pairMonth                 // "opened in Vera in June 2023"
	pairDated                 // "300 in June"
)

// checkPairs looks for a figure, hour or month that the claim gives to one name and the source, which has that name
// with another one, to others of its kind: "300 in Vera and 200 in Rio" for "200 in Vera and 300 in Rio".
func (e *evidence) checkPairs(v *Verdict) {
	mine := e.pairings(e.claim)
	if len(mine) == 0 {
		return
	}
	theirs := e.pairings(e.source)
	for _, p := range mine {
		own, another, others := false, false, false
		for _, q := range theirs {
			if p.kind != q.kind {
				continue
			}
			switch same := p.name == q.name || akinPlaces(p.name, q.name); {
			case same && p.value == q.value:
				own = true
			case same:
				another = true
			case p.value == q.value:
				another = another || p.tight && q.tight && e.namedIn(p.name) && e.source.once(p.value)
				others = others || e.lib.ConceptType(p.name) == e.lib.ConceptType(q.name)
			}
		}
		if another && others && !own {
			v.fail("roles", "what is of "+strings.TrimPrefix(p.name, conceptMark)+" is another's there")
			return
		}
	}
}

// pairings returns the names of a statement with what stands beside them.
func (e *evidence) pairings(s *statement) []pairing {
	out := s.tallies()
	out = append(out, e.clocks(s)...)
	out = append(out, s.monthly()...)
	return append(out, e.months(s)...)
}

// monthly pairs a figure with the month just after it: "300 in June".
func (s *statement) monthly() []pairing {
	var out []pairing
	for _, d := range s.dates() {
		if d.Month == 0 {
			continue
		}
		for _, f := range s.figures() {
			if f.Year || s.toks[f.last].End > d.Start || f.last+2 >= len(s.toks) || s.toks[f.last+2].Start < d.Start {
				continue
			}
			if prep := s.toks[f.last+1].Fold; prep == "in" || prep == "en" || prep == "for" {
				out = append(out, pairing{f.Value, "month " + strconv.Itoa(d.Month), pairDated, false})
			}
		}
	}
	return out
}

// tallies pairs a figure with the name just after it, with no more than "of them" and "in" between: "two in Vera".
func (s *statement) tallies() []pairing {
	var out []pairing
	for i := range s.toks {
		value, ok := s.small(i)
		if !ok {
			continue
		}
		for k := i + 1; k < len(s.toks) && k <= i+4 && !s.comma(k); k++ {
			if n := s.words[k].name; n > 0 {
				if s.names[n-1].named {
					out = append(out, pairing{value, s.names[n-1].id, pairCount, k == i+1})
				}
				break
			}
			if !partitive.Has(s.toks[k].Fold) {
				break
			}
		}
		if n := s.labelled(i); n >= 0 {
			out = append(out, pairing{value, s.names[n].id, pairCount, true})
		}
	}
	return out
}

// labelled returns the name that the figure at token i is given to in brackets or after "with", or -1: "Vera (300) and
// Rio, with 200,".
func (s *statement) labelled(i int) int {
	if i == 0 {
		return -1
	}
	k := i - 1
	if f := s.toks[k].Fold; (f == "with" || f == "con") && k > 0 && s.comma(k) {
		k--
	} else if strings.TrimSpace(s.gap(i)) != "(" {
		return -1
	}
	if n := s.words[k].name; n > 0 && s.names[n-1].named {
		return n - 1
	}
	return -1
}

// once reports whether a value stands only once in a statement.
func (s *statement) once(value float64) bool {
	n := 0
	for i := range s.toks {
		if x, ok := s.small(i); ok && x == value {
			n++
		}
	}
	return n == 1
}

// partitive may stand between a figure and the name that it is of.
var partitive = lang.SetOf(`of them de ellos ellas in en at for para the el la los las`)

// small returns the value of a number up to ten in a word, "one" included, or of digits, at token i.
func (s *statement) small(i int) (float64, bool) {
	if n := smallNumbers[s.toks[i].Fold]; n > 0 {
		return n, true
	}
	if !s.toks[i].Digit && !s.words[i].means.number {
		return 0, false
	}
	for _, f := range s.figures() {
		if f.last == i && !f.Year && f.unit == "" {
			return f.Value, true
		}
	}
	return 0, false
}

// smallNumbers are the numbers to ten in words.
var smallNumbers = map[string]float64{"one": 1, "uno": 1, "una": 1, "two": 2, "dos": 2, "three": 3, "tres": 3, "four": 4, "cuatro": 4,
	"five": 5, "cinco": 5, "six": 6, "seis": 6, "seven": 7, "siete": 7, "eight": 8, "ocho": 8, "nine": 9, "nueve": 9, "ten": 10, "diez": 10}

// clocks pairs the hours of a statement with the names before them, back to the hour before: "Vera and Rio at 6:00".
func (e *evidence) clocks(s *statement) []pairing {
	var out []pairing
	from := 0
	for i := range s.toks {
		hour, ok := s.hour(i)
		if !ok {
			continue
		}
		for _, m := range s.names {
			if m.named && m.first >= from && m.last < i && s.words[m.first].sentence == s.words[i].sentence {
				out = append(out, pairing{hour, m.id, pairClock, false})
			}
		}
		from = i
	}
	return out
}

// hour returns the hour that token i tells: "6:00", "at six", "a las 10".
func (s *statement) hour(i int) (float64, bool) {
	value, ok := s.small(i)
	if !ok || i < 1 {
		return 0, false
	}
	if i+1 < len(s.toks) && s.toks[i+1].Digit && len(s.toks[i+1].Fold) == 2 && s.gap(i+1) == ":" {
		return value, true
	}
	f := s.toks[i-1].Fold
	return value, !s.toks[i].Digit && (f == "at" || (f == "las" || f == "la") && i > 1 && s.toks[i-2].Fold == "a")
}

// months pairs the months of a statement with the names of places before them, back to the one before or to a verb's
// beginning of a clause, as long as no month begins a clause: "opened in Vera in May 2023, and Rio followed in June".
func (e *evidence) months(s *statement) []pairing {
	var out []pairing
	from := 0
	for _, d := range s.dates() {
		at := 0
		for at < len(s.toks) && s.toks[at].Start < d.Start {
			at++
		}
		if at >= len(s.toks) || d.Month == 0 {
			continue
		}
		if at < 2 || s.comma(at) || s.comma(at-1) || s.words[at-1].sentence != s.words[max(0, at-2)].sentence {
			return nil // it begins what it dates
		}
		for _, m := range s.names {
			if m.named && m.first >= from && m.last < at && s.words[m.first].sentence == s.words[at].sentence &&
				e.lib.ConceptType(m.id) == "place" {
				out = append(out, pairing{float64(d.Year*12 + d.Month), m.id, pairMonth, false})
			}
		}
		from = at
	}
	return out
}

// checkAlternate looks for two figures and two names of one type, each figure next to its name, that have changed places:
// "300 under Ruiz and 20 under Paredes".
func (e *evidence) checkAlternate(v *Verdict) {
	for _, kind := range [...]string{"person", "place", "organization"} {
		mine := e.alternate(e.claim, kind)
		if len(mine) < 2 {
			continue
		}
		theirs := e.alternate(e.source, kind)
		for _, p := range mine {
			for _, q := range mine {
				if p.name != q.name && p.value != q.value && slices.Contains(theirs, pairing{value: p.value, name: q.name}) &&
					slices.Contains(theirs, pairing{value: q.value, name: p.name}) {
					v.fail("roles", "what is of "+strings.TrimPrefix(p.name, conceptMark)+" is another's there")
					return
				}
			}
		}
	}
}

// possesses reports whether something is a name's: "Vera's police".
func (s *statement) possesses(m mention) bool {
	end := s.toks[m.last].End // possessives are blanked
	return strings.HasPrefix(s.text[end:], "  ") && m.last+1 < len(s.toks)
}

// alternate returns the pairs of figures and names of a type where they take turns in a sentence: "300 Peruvians and
// 200 Cubans".
func (e *evidence) alternate(s *statement, kind string) []pairing {
	type item struct {
		at, sentence int
		value        float64
		name         string
	}
	var list []item
	for _, f := range s.figures() {
		if !f.Year && spans[f.unit].n == 0 {
			list = append(list, item{f.first, s.words[f.first].sentence, f.Value, ""})
		}
	}
	for n, m := range s.names {
		if m.named && e.lib.ConceptType(m.id) == kind && !s.modifies(n) && (kind == "person" || !s.possesses(m)) {
			list = append(list, item{m.first, s.words[m.first].sentence, 0, m.id})
		}
	}
	slices.SortFunc(list, func(a, b item) int { return a.at - b.at })
	var out []pairing
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].sentence == list[0].sentence {
			n++
		}
		turn := list[:n]
		list = list[n:]
		ok := n%2 == 0 && n >= 4
		for i := range turn {
			ok = ok && (i == 0 || (turn[i].name == "") != (turn[i-1].name == ""))
		}
		for i := 0; ok && i < n; i += 2 {
			a, b := turn[i], turn[i+1]
			if a.name == "" {
				a, b = b, a
			}
			out = append(out, pairing{value: b.value, name: a.name})
		}
	}
	return out
}

// checkContrast looks for a figure that the claim has, and another instead of which it has it, that stand the other way
// round in the source: "three pillars instead of four".
func (e *evidence) checkContrast(v *Verdict) {
	mine := e.claim.contrasts()
	if len(mine) == 0 {
		return
	}
	theirs := e.source.contrasts()
	for _, m := range mine {
		if m[0] != m[1] && slices.Contains(theirs, [2]float64{m[1], m[0]}) && !slices.Contains(theirs, m) {
			v.fail("roles", "what there is, and what it is instead of, are exchanged")
			return
		}
	}
}

// contrasts returns the numbers before and after each "instead of", "rather than" and "and not".
func (s *statement) contrasts() [][2]float64 {
	var out [][2]float64
	for i := 1; i+1 < len(s.toks); i++ {
		switch f, next := s.toks[i].Fold, s.toks[i+1].Fold; {
		case f == "instead" && next == "of", f == "rather" && next == "than", f == "lugar" && next == "de", f == "vez" && next == "de":
		case (f == "not" || f == "no") && (s.toks[i-1].Fold == "and" || s.toks[i-1].Fold == "y" || s.comma(i)):
		default:
			continue
		}
		near := func(from, step int) (float64, bool) {
			for k := from; k >= 0 && k < len(s.toks) && k != from+6*step && s.words[k].sentence == s.words[i].sentence; k += step {
				if x, ok := s.small(k); ok {
					return x, true
				}
			}
			return 0, false
		}
		before, a := near(i-1, -1)
		after, b := near(i+1, 1)
		if a && b {
			out = append(out, [2]float64{before, after})
		}
	}
	return out
}

// checkOwned looks for two names of which the one owns or cites the other, exchanged: "Rio Line, owned by Vera Group".
func (e *evidence) checkOwned(v *Verdict) {
	mine := e.claim.owned()
	if len(mine) == 0 {
		return
	}
	theirs := e.source.owned()
	for _, m := range mine {
		if slices.Contains(theirs, [2]string{m[1], m[0]}) && !slices.Contains(theirs, m) {
			v.fail("roles", "who owns or cites whom is the other way round there")
			return
		}
	}
}

// owned returns the owner and the owned of each phrase of owning, who cites and who is cited of each of citing.
func (s *statement) owned() [][2]string {
	var out [][2]string
	for i, t := range s.toks {
		by := false
		switch t.Fold {
		case "citing", "quoting", "citando":
		case "owned", "controlled", "subsidiary", "unit", "propiedad", "filial", "subsidiaria", "controlada", "controlado":
			by = true
		case "owner", "owns", "owning", "parent", "controls", "duena", "dueno", "propietaria", "propietario", "matriz", "controla", "posee":
		default:
			continue
		}
		if by && i > 0 && s.text[s.toks[i-1].End:t.Start] == "-" {
			by = false // "the Vera-owned line"
		}
		before, after := 0, 0 // names, from 1
		for k := i - 1; k >= 0 && k >= i-5 && before == 0; k-- {
			before = s.words[k].name
		}
		for k := i + 1; k < len(s.toks) && k <= i+4 && after == 0 && !s.comma(k); k++ {
			after = s.words[k].name
		}
		if before == 0 || after == 0 || !s.names[before-1].named || !s.names[after-1].named {
			continue
		}
		m, n := s.names[before-1], s.names[after-1]
		if m.id == n.id { // the lexicon knows the one by the other
			m.id, n.id = s.toks[m.first].Fold, s.toks[n.first].Fold
		}
		if by {
			m, n = n, m
		}
		out = append(out, [2]string{m.id, n.id})
	}
	return out
}

// checkNot looks for those of a place of whom the source says that they are not it: "20 of them not Peruvians".
func (e *evidence) checkNot(v *Verdict) {
	c, s := e.claim, e.source
	for _, m := range c.names {
		if !m.named || m.first != m.last || c.words[m.first].not > 0 || c.denied(m.first) {
			continue
		}
		denied, plain := false, false
		for j, t := range s.toks {
			if t.Fold == c.toks[m.first].Fold {
				not := s.denied(j)
				denied, plain = denied || not, plain || !not
			}
		}
		if denied && !plain {
			v.fail("roles", "it is not "+c.show(m.first, m.last)+" there")
			return
		}
	}
}

// denied reports whether "not", "no" or "non" stands just before token k.
func (s *statement) denied(k int) bool {
	if k == 0 || s.comma(k) {
		return false
	}
	f := s.toks[k-1].Fold
	return f == "not" || f == "non" || f == "no" && s.lang == lang.Spanish
}
