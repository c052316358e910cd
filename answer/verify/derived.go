package verify

import (
	"math"
	"slices"
	"strings"
	"time"

	"policybot/lang"
)

// shareOf reports whether a number is what a percentage of the source makes of another number there: 1,000 for a fifth
// of 5,000.
func (e *evidence) shareOf(f figure) bool {
	for _, p := range e.source.figures() {
		for _, g := range e.source.figures() {
			near := 0.0005
			if f.bound != 0 && p.bound != 0 {
				near = 0.05 // "some 3,000" for nearly a third of 9,300
			}
			if p.unit == "%" && (g.unit == f.unit || f.unit == "") && g.unit != "%" && g.Value >= 10 && !g.Year && math.Abs(g.Value*p.Value/100-f.Value) <= near*f.Value {
				return true
			}
		}
	}
	return false
}

// ratio reports whether two figures of the source stand to one another as a part says: "three quarters" of 240 are 180,
// "half of a three-year sentence" 18 months; or by how much one is more or less than the other, "fell by a third".
func (e *evidence) ratio(f figure) bool {
	list := e.source.figures()
	for _, a := range list {
		for _, b := range list {
			x, y := a.size(), b.size()
			if !a.comparable(b) && (spans[a.unit].n == 0 || spans[a.unit].base != spans[b.unit].base) || a.unit == "%" || a.Year || b.Year ||
				x >= y || a.Value < 10 && !e.source.ofThe(a, b) {
				continue
			}
			change := 0.0
			switch e.changed(f) {
			case 1:
				change = 100 * (y - x) / x
			case -1:
				change = 100 * (y - x) / y
			}
			for _, percent := range [...]float64{100 * x / y, change} {
				g := figure{Number: lang.Number{Value: percent}, unit: "%", part: true}
				if f.value(g, f.bound != 0) && fits(f, g) {
					return true
				}
			}
		}
	}
	return false
}

// size returns the value of a number, of a time in its base unit.
func (f figure) size() float64 {
	if n := spans[f.unit].n; n > 0 {
		return f.Value * n
	}
	return f.Value
}

// changed tells whether a part of the claim is by how much something has become more (1) or less (-1): "fell by a third"; 0
// when it is neither.
func (e *evidence) changed(f figure) int {
	grown := verifyWords().grown
	if f.first > 0 && (e.claim.toks[f.first-1].Fold == "to" || e.claim.toks[f.first-1].Fold == "a") {
		return 0
	}
	for k := max(0, f.first-5); k < min(len(e.claim.toks), f.last+5); k++ {
		switch w := &e.claim.words[k]; {
		case w.clause != e.claim.words[min(f.first, len(e.claim.words)-1)].clause || w.cue&bounds != 0:
		case slices.Contains(w.pairs, grown):
			return 1
		case slices.Contains(w.pairs, -grown):
			return -1
		}
	}
	return 0
}

// spelledOut reports whether the source gives a number as a count of things rather than in figures:
// "three" of a list of three, "half a dozen".
func (e *evidence) spelledOut(f figure) bool {
	if f.last+1 < len(e.claim.toks) && (e.claim.toks[f.last+1].Fold == "of" || e.claim.toks[f.last+1].Fold == "de") {
		return false
	}
	if f.unit != "" || f.Value != math.Trunc(f.Value) || f.Value < 2 || f.Value > 7 || e.claim.toks[f.first].Digit {
		return false
	}
	// A number of its own before the same thing goes before what is listed.
	for k := f.last + 1; k < len(e.claim.toks) && k <= f.last+3 && e.claim.words[k].name == 0; k++ {
		for _, j := range e.links.to[k] {
			for _, g := range e.source.figures() {
				if g.last < j && j <= g.last+3 {
					return false
				}
			}
		}
	}
	// The members of an enumeration: commas and an "and" within one sentence.
	n, short, last := 1, 1, 0 // short: of members of a few words
	for i := 1; i < len(e.source.toks); i++ {
		gap := e.source.gap(i)
		fold := e.source.toks[i].Fold
		and := fold == "and" || fold == "y" || fold == "e" || fold == "or" || fold == "nor"
		switch {
		case strings.ContainsAny(gap, ".:;()"):
			n = 1
		case and:
			if i-last > 4 {
				short = 1
			}
			if n, short = n+1, short+1; float64(n) == f.Value || float64(short) == f.Value {
				return true
			}
			n, short = 1, 1
		case strings.ContainsAny(gap, ","):
			if i-last > 4 {
				short = 1
			}
			n, short, last = n+1, short+1, i
		}
	}
	return false
}

// fractions are words for parts of a whole, in percent.
var fractions = map[string]float64{
	"half": 50, "mitad": 50, "medio": 50, "media": 50, "third": 100. / 3, "tercio": 100. / 3, "tercera": 100. / 3,
	"quarter": 25, "cuarto": 25, "cuarta": 25, "fifth": 20, "quinto": 20, "quinta": 20, "tenth": 10, "decimo": 10, "decima": 10,
	"twentieth": 5,
}

// halved reports whether 50 percent stand in the source as a half.
func (e *evidence) halved(f figure) bool {
	return f.unit == "%" && math.Abs(f.Value-50) < 0.5 && e.source.cued(cueHalf)
}

// others reports whether a number counts "the other two" of three.
func (e *evidence) others(f figure) bool {
	if f.first == 0 || f.unit != "" {
		return false
	}
	rest := func(k int) bool {
		if k >= len(e.claim.toks) {
			return false
		}
		w := e.claim.toks[k].Fold
		return w == "other" || w == "others" || w == "otros" || w == "otras" || k > f.last && w == "mas"
	}
	if !rest(f.first-1) && !rest(f.last+1) {
		return false
	}
	return slices.ContainsFunc(e.source.figures(), func(g figure) bool { return g.Value == f.Value+1 })
}

// elliptic reports whether a number of what has been counted before leaves its power and unit to that: "10,500 million
// dollars, 4,700 of them new".
func (e *evidence) elliptic(f figure) bool {
	for _, o := range e.claim.figures() {
		digits := lang.Numbers(e.claim.text[e.claim.toks[o.first].Start:e.claim.toks[o.first].End])
		if o.first >= f.first || len(digits) != 1 || digits[0].Value == 0 {
			continue
		}
		for _, v := range []float64{digits[0].Value, digits[0].Alt} {
			power := o.Value / max(v, 1)
			if power < 1000 || power != math.Trunc(power) {
				continue
			}
			full := f
			full.Value, full.Alt, full.unit = f.Value*power, 0, o.unit
			if slices.ContainsFunc(e.source.figures(), func(g figure) bool { return full.same(g) }) {
				return true
			}
		}
	}
	return false
}

// sum reports whether a number of some size is what two numbers of one sentence of the source come to: "twenty
// chiefs" for ten of one country and ten of the other.
func (e *evidence) sum(f figure) bool {
	clock := func(s *statement, g figure) bool { return strings.HasPrefix(s.text[g.End:], ":") }
	if f.Value < 10 || clock(e.claim, f) || e.claim.apiece(f) || e.claim.rated(f) != "" {
		return false
	}
	list := e.source.figures()
	told := func(a figure) bool { return slices.ContainsFunc(e.claim.figures(), a.same) }
	for i, a := range list {
		for _, b := range list[i+1:] {
			if b.first > a.last+1 && a.unit == "" && b.unit == "" && !a.aged && !b.aged && !a.Year && !b.Year && !clock(e.source, a) && !clock(e.source, b) &&
				a.Value+b.Value == f.Value && (a.Value == b.Value || !told(a) && !told(b)) &&
				e.source.words[a.first].sentence == e.source.words[b.first].sentence {
				return true
			}
		}
	}
	return false
}

// totals reports whether a number is given as the total of all numbers of the source that have its unit. Where the
// source gives a total itself, "took the total to 5.2 billion", that is the one.
func (e *evidence) totals(f figure) bool {
	if e.source.hasWord("total", "altogether", "overall", "cumulative", "acumulado") {
		return false
	}
	sum, n := 0.0, 0
	for _, g := range e.source.figures() {
		if g.comparable(f) && !g.Year {
			sum, n = sum+g.Value, n+1
		}
	}
	return n > 1 && f.Value >= 10 && math.Abs(sum-f.Value) <= 1e-6*sum &&
		e.claim.hasWord("total", "together", "combined", "altogether", "overall", "all", "juntos", "juntas", "conjunto", "sum", "suma", "suman")
}

// difference reports whether a number of points, or of more or fewer, is that between two numbers of the source: "5
// points more" for 30 and 35 percent.
func (e *evidence) difference(f figure) bool {
	unit := f.unit
	if unit == "point" {
		unit = "%"
	} else if (f.Value < 10 && f.unit == "") || (e.changed(f) == 0 || spans[f.unit].n > 0) &&
		!slices.ContainsFunc(e.claim.toks[f.last+1:min(f.last+4, len(e.claim.toks))],
			func(t lang.Token) bool { return comparatives.Has(t.Fold) || differing.Has(t.Fold) }) {
		return false
	}
	list := e.source.figures()
	for _, a := range list {
		for _, b := range list {
			if (a.unit == unit || a.unit == "") && (b.unit == unit || b.unit == "") && !a.Year && !b.Year &&
				math.Abs(a.Value-b.Value-f.Value) < 1e-6*a.Value {
				return true
			}
		}
	}
	return false
}

// offset reports whether a number is another of the source and so many more or fewer as it says: 38 for "34 officers, four
// fewer than in 2021".
func (e *evidence) offset(f figure) bool {
	s := e.source
	list := s.figures()
	for _, b := range list {
		k := b.last + 1
		if b.unit != "" && b.unit == moreUnits[s.toks[min(k, len(s.toks)-1)].Fold] {
			k++
		}
		if k+1 >= len(s.toks) || !comparatives.Has(s.toks[k].Fold) && !differing.Has(s.toks[k].Fold) || b.unit == "%" ||
			s.toks[k+1].Fold != "than" && s.toks[k+1].Fold != "que" {
			continue
		}
		for _, a := range list {
			if a.first == b.first || a.Year || s.words[a.first].sentence != s.words[b.first].sentence || a.unit != f.unit && f.unit != "" {
				continue
			}
			if d := math.Abs(a.Value - f.Value); math.Abs(d-b.Value) <= 1e-9*a.Value {
				return true
			}
		}
	}
	return false
}

// scaled reports whether a number is another of the source as many times as a word there says of it: 300 for "100 million. Farmers
// had asked for three times as much", 17 for "34 killings, twice the number in 2019", or each of several together: 40 for "eight
// boats at 5 million each".
func (e *evidence) scaled(f figure) bool {
	s := e.source
	is := func(g figure, value float64) bool {
		h := g
		h.Value, h.Alt = value, 0
		return !g.Year && g.unit != "%" && (f.unit == g.unit || f.unit == "") && (g.Value >= 10 || g.unit != "") &&
			(f.bound^g.bound)&(cueOver|cueUnder) == 0 && f.same(h)
	}
	for i := range s.words {
		n := multiple(s.toks[i].Fold)
		switch c := s.words[i].cue; {
		case c&cueHalf != 0:
			n = 0.5
		case n == 0 && c&cueDouble != 0:
			n = 2
		case n == 0 && c&cueTriple != 0:
			n = 3
		}
		if n == 0 || s.boundAt(i, i)&(cueOver|cueUnder) != 0 {
			continue
		}
		for _, g := range s.figures() {
			n := n
			if g.first < i && s.words[g.first].sentence == s.words[i].sentence {
				n = 1 / n
			}
			if is(g, g.Value*n) {
				return true
			}
		}
	}
	for _, g := range s.figures() {
		for _, n := range s.figures() {
			if g.unit != "" && n.unit == "" && !n.Year && s.apiece(g) && is(g, g.Value*n.Value) {
				return true
			}
		}
	}
	return false
}

// differing tell how far one number is from another: "90,000 tons smaller".
var differing = lang.SetOf(`higher lower larger smaller bigger longer shorter cheaper dearer fewer heavier lighter mayor menor mayores menores
	superior inferior barato barata caro cara`)

// bothNamed reports whether "the two" stands for two that are named: "the two countries" for Mexico and the United States,
// "the two of them" after two persons.
func (e *evidence) bothNamed(f figure) bool {
	c := e.claim
	if f.Value != 2 || f.unit != "" || f.first == 0 || !determinate.Has(c.toks[f.first-1].Fold) || f.last+1 >= len(c.toks) {
		return false
	}
	kind := pairsOf[c.toks[f.last+1].Fold]
	if kind == "" {
		return false
	}
	first := ""
	for _, m := range e.source.names {
		if e.lib.ConceptType(m.id) != kind || m.id == first {
			continue
		}
		if first != "" {
			return true
		}
		first = m.id
	}
	return false
}

// pairsOf are what two that are named may be called, with the type of their names.
var pairsOf = map[string]string{"of": "person", "leaders": "person", "presidents": "person", "men": "person", "women": "person",
	"politicians": "person", "lideres": "person", "presidentes": "person", "mandatarios": "person", "hombres": "person", "mujeres": "person",
	"countries": "place", "nations": "place", "states": "place", "governments": "place", "sides": "place", "neighbours": "place",
	"neighbors": "place", "paises": "place", "naciones": "place", "gobiernos": "place",
	"vecinos": "place", "cities": "place", "ciudades": "place"}

// apiece reports whether a number is that of each of several: "twenty from each country".
func (s *statement) apiece(f figure) bool {
	for k := f.last + 1; k < len(s.toks) && s.words[k].clause == s.words[f.last].clause; k++ {
		switch s.toks[k].Fold {
		case "each", "every", "apiece", "cada":
			return true
		}
	}
	return false
}

// otherThan reports whether a number counts all but the one that is named before it: "Mexico and the three others" of
// four.
func (e *evidence) otherThan(f figure) bool {
	c := e.claim
	k := f.first - 1
	if k > 0 && determinate.Has(c.toks[k].Fold) {
		k--
	}
	if k < 1 || c.toks[k].Fold != "and" && c.toks[k].Fold != "y" || c.words[k-1].name == 0 {
		return false
	}
	return slices.ContainsFunc(e.source.figures(), func(g figure) bool { return g.unit == "" && g.Value == f.Value+1 })
}

// repeated reports whether a number tells how many times something happened, and the source says as much: "dos veces"
// for "twice".
func (e *evidence) repeated(f figure) bool {
	if f.last+1 >= len(e.claim.toks) || e.claim.timesAt(f.last+1) != f.Value {
		return false
	}
	for j, t := range e.source.toks {
		if e.source.timesAt(j) == f.Value || float64(ordinals[t.Fold]) == f.Value {
			return true
		}
	}
	return false
}

// extreme reports whether a bound of the claim is borne out by what the source calls the number: "none has more than 27"
// where "the largest class had 27", "up to 60" for "a cap of 60", "at least 19 dollars" where "the minimum is 19"; or a
// number reached in the claim is the bound there: "peaked at 60" for "as many as 60".
func (e *evidence) extreme(f, g figure) bool {
	if !f.same(g) {
		return false
	}
	want, limit := cue(0), lowest
	switch f.bound &^ (cueAbout | cueEven) {
	case cueOver:
		want = cueLow
	case cueUnder:
		want, limit = cueTop, utmost
	case 0:
		return g.bound&(cueUnder|cueAbout) == cueUnder && (e.claim.clauseHas(f.first, 0, reaching) || e.claim.clauseHas(f.first, 0, utmost))
	}
	return want != 0 && g.bound&(cueOver|cueUnder) == 0 && e.source.clauseHas(g.first, want, limit)
}

// clauseHas reports whether the clause of token i has a word with a cue, or one of a set.
func (s *statement) clauseHas(i int, c cue, set *lang.Set) bool {
	for k := range s.words {
		if s.words[k].clause == s.words[i].clause && (s.words[k].cue&c != 0 || set.Has(s.toks[k].Fold)) {
			return true
		}
	}
	return false
}

// apartBy reports whether a number of days, weeks or years is what lies between two dates of the source: "five days
// later" for "on the 20th … on the 25th".
func (e *evidence) apartBy(f figure) bool {
	days := map[string]int{"day": 1, "week": 7}[f.unit]
	if days == 0 && f.unit != "year" || f.bound != 0 || !e.claim.betweenTimes(f) {
		return false
	}
	dates := e.source.dayDates(e.dates())
	for _, a := range dates {
		for _, b := range dates {
			switch {
			case a.Year == 0 || b.Year < a.Year:
			case days == 0:
				if float64(b.Year-a.Year) == f.Value && (a.Month == 0 || b.Month == 0 || a.Month == b.Month) {
					return true
				}
			case a.Day > 0 && b.Day > 0 && daysBetween(a, b) == int(f.Value)*days:
				return true
			}
		}
	}
	return false
}

// betweenTimes reports whether a length of time tells how far two events lie apart: "five days later", "after five days",
// "tras cinco días".
func (s *statement) betweenTimes(f figure) bool {
	if f.first > 0 && (s.toks[f.first-1].Fold == "after" || s.toks[f.first-1].Fold == "tras" || s.toks[f.first-1].Fold == "for") {
		return true
	}
	for k := f.last + 1; k < len(s.toks) && k <= f.last+3; k++ {
		if apart.Has(s.toks[k].Fold) || s.toks[k].Fold == "apart" {
			return true
		}
	}
	return false
}

// daysBetween returns how many days b comes after a, both full dates.
func daysBetween(a, b lang.When) int {
	at := func(w lang.When) time.Time {
		return time.Date(w.Year, time.Month(w.Month), w.Day, 0, 0, 0, 0, time.UTC)
	}
	return int(at(b).Sub(at(a)).Hours() / 24)
}

// dayDates adds to dates the days of their months that a text gives alone: "in May 2019, on the 20th".
func (s *statement) dayDates(dates []lang.When) []lang.When {
	out := slices.Clone(dates)
	for i, t := range s.toks {
		if !t.Digit || i == 0 || s.toks[i-1].Fold != "the" && s.toks[i-1].Fold != "el" {
			continue
		}
		n := s.smallNumber(i)
		d, ok := s.dateBefore(i)
		if ok && d.Month > 0 && n >= 1 && n <= 31 {
			d.Day = int(n)
			out = append(out, d)
		}
	}
	return out
}

// dayOnly reports whether a number is the day alone of a date of the source: "the 12th" for 12 May 2023.
func (e *evidence) dayOnly(f figure) bool {
	c := e.claim
	if f.unit != "" || f.first == 0 || f.first != f.last || f.Value < 1 || f.Value > 31 || !c.ends(f.last) {
		return false
	}
	switch tail := c.text[c.toks[f.first].Start:c.toks[f.first].End]; c.toks[f.first-1].Fold {
	case "the":
		if !endsIn(tail, "st", "nd", "rd", "th") && !endsIn(c.toks[f.first].Fold, "st", "nd", "rd", "th") &&
			!beginsWith(c.text[f.End:], "st", "nd", "rd", "th") {
			return false
		}
	case "el", "al", "del":
	default:
		return false
	}
	return slices.ContainsFunc(e.dates(), func(d lang.When) bool { return float64(d.Day) == f.Value })
}

// remainder reports whether a number is what is left of one number of the source when another is taken from it, where the
// source tells of a rest, or of some of all: "the other 36 million" for "50 of the 86 million, and Mexico the rest", "three
// were men" for "nine of the 12 were women".
func (e *evidence) remainder(f figure) bool {
	leaves := e.source.leaves(f.Value >= 10)
	values := func(g figure) []float64 { return []float64{g.Value, g.Alt} }
	list := e.source.figures()
	for _, a := range list {
		for _, b := range list {
			if !leaves && !e.source.ofThe(b, a) {
				continue // neither a rest, nor some of all: "nine of the 12"
			}
			if a.Year || b.Year || a.unit != b.unit && (a.unit != "" && b.unit != "" || spans[a.unit].n > 0 || spans[b.unit].n > 0) || f.unit != "" && f.unit != a.unit {
				continue
			}
			for _, x := range values(a) {
				for _, y := range values(b) {
					for _, z := range []float64{f.Value, f.Alt, 1e3 * f.Value, 1e6 * f.Value, 1e9 * f.Value} {
						if z > 0 && y > 0 && math.Abs(x-y-z) <= 1e-9*x {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// leaves reports whether the text tells of what is left of a whole: "the rest", "12 remain", "all but two"; or, where much
// will do, of others or of what is in it.
func (s *statement) leaves(much bool) bool {
	for i, t := range s.toks {
		if resting.Has(t.Fold) || much && alongside.Has(t.Fold) || i > 0 && (t.Fold == "but" || t.Fold == "except" || t.Fold == "save") && s.words[i-1].cue&cueAll != 0 {
			return true
		}
	}
	return false
}

// resting are words for what is left of a whole, alongside for others and for what is in it.
var (
	resting   = lang.SetOf(`rest remaining remain remains remained remainder resto restante restantes demas quedan quedaban salvo excepto`)
	alongside = lang.SetOf(`other others otros otras including include includes included incluidos incluidas incluyendo incluye`)
)

// restOfAll reports whether a percentage is what the others of the source leave of a hundred, where it tells of a rest: "7
// percent had not made up their minds" for 58 and 35 percent "and the rest".
func (e *evidence) restOfAll(f figure) bool {
	sum := 0.0
	for _, g := range e.source.figures() {
		if g.unit == "%" {
			sum += g.Value
		}
	}
	return f.unit == "%" && sum > 0 && math.Abs(100-sum-f.Value) < 0.05 && e.source.leaves(true)
}

// reached reports whether a number of things is what an ordinal of the source brings them to: "three daily flights" for "a
// third daily flight".
func (e *evidence) reached(f figure) bool {
	for k := f.last + 1; k < len(e.claim.toks) && k <= f.last+2; k++ {
		for _, j := range e.links.to[k] {
			for d := max(0, j-2); d < j; d++ {
				if float64(ordinals[e.source.toks[d].Fold]) == f.Value {
					return true
				}
			}
		}
	}
	return false
}

// multiplied reports whether a number is how many times as much something is, and the source says so in a word or by its
// numbers: "over three times the rate" for "more than triple".
func (e *evidence) multiplied(f figure) bool {
	if k := f.last + 1; k >= len(e.claim.toks) || e.claim.toks[k].Fold != "times" && e.claim.toks[k].Fold != "veces" {
		return false
	}
	for j := range e.source.toks {
		if multiple(e.source.toks[j].Fold) == f.Value {
			return e.source.boundAt(j, j)&(cueOver|cueUnder) == f.bound&(cueOver|cueUnder)
		}
	}
	return e.multiplies(f.Value, f.bound)
}

// multiplies reports whether two numbers of the source are so many times one another, as near as a bound says.
func (e *evidence) multiplies(n float64, bound cue) bool {
	switch {
	case bound&cueOver != 0:
		return e.times(n, n+1)
	case bound&cueUnder != 0:
		return e.times(n-0.3, n)
	case bound&cueAbout != 0:
		return e.times(n-0.2, n+0.2)
	}
	return e.times(n-0.1, n+0.1)
}

// multiple returns how many times as much a word says, or 0: 4 for "quadrupled".
func multiple(fold string) float64 {
	for _, m := range multiples {
		if strings.HasPrefix(fold, m.beginning) {
			return m.n
		}
	}
	return 0
}

// multiples are the beginnings of words that multiply.
var multiples = [...]struct {
	beginning string
	n         float64
}{{"doubl", 2}, {"dobl", 2}, {"duplic", 2}, {"twofold", 2}, {"tripl", 3}, {"threefold", 3}, {"quadrupl", 4}, {"cuadrupl", 4}, {"fourfold", 4},
	{"quintupl", 5}, {"fivefold", 5}, {"sextupl", 6}, {"tenfold", 10}, {"decupl", 10}}
