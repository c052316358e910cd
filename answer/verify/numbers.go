package verify

import (
	"math"
	"slices"
	"strings"

	"policybot/lang"
)

// same reports whether a figure of a claim is a figure of its source, with the same unit.
func (f figure) same(g figure) bool { return f.value(g, false) }

// value reports whether f of a claim has the value of g of its source, in a unit that may stand for its own: "30 days" for
// a month. With round it may be rounded: 520,000 for 520,085.
func (f figure) value(g figure, round bool) bool {
	eq := func(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-9*math.Abs(a+b) }
	a, b := f.Number, g.Number
	a.Unit, b.Unit = "", ""
	if f.unit == "%" && g.unit == "%" && (f.part || g.part) {
		return f.nearPart(g.Value-f.Value, round)
	}
	switch {
	case f.unit == g.unit, f.unit == "$" && g.unit == "", f.unit == "" && g.unit != "%", f.unit == "point" && g.unit == "%":
	case g.aged && (f.unit == "year" || f.unit == ""): // "under 16" are years
	case g.loose && f.unit != "%" && f.unit != "$":
	case f.unit != "" && g.unit == "" && g.borrowed == f.unit, f.unit == "" && f.borrowed == g.unit:
	case f.unit == "month" && g.unit == "day":
		return f.Value <= 12 && eq(30*f.Value, g.Value)
	case f.unit == "day" && g.unit == "month":
		return g.Value <= 12 && eq(30*g.Value, f.Value)
	case f.unit == "day" && g.unit == "hour":
		return eq(24*f.Value, g.Value)
	case f.unit == "hour" && g.unit == "day":
		return eq(24*g.Value, f.Value)
	default:
		if r := converted(g.unit, f.unit); r > 0 {
			near := 0.005
			if round {
				near = 0.03
			}
			return math.Abs(g.Value*r/f.Value-1) <= near
		}
		x, ok1 := spans[f.unit]
		y, ok2 := spans[g.unit]
		if !ok1 || !ok2 || x.base != y.base {
			return false
		}
		return eq(f.Value*x.n, g.Value*y.n) || round && f.nearTime(f.Value*x.n/(g.Value*y.n))
	}
	if a.Same(b) {
		return true
	}
	if !round || f.Value == 0 || g.Value == 0 || f.Year || g.Year {
		return false
	}
	// 520,085 may be told as "about 520,000": the same when rounded to the digits that the claim gives.
	for _, w := range []float64{g.Value, g.Alt} {
		if w > 0 && math.Abs(f.Value-w) <= 0.03*w {
			step := math.Pow(10, math.Floor(math.Log10(w))-1)
			for ; step >= 1e-3 && math.Mod(f.Value+step*1e-6, step) > step*1e-3; step /= 10 {
			}
			if f.rounder(w) && math.Abs(f.Value-w) < step && (step >= 0.0099*w || math.Abs(f.Value-w) <= step/2) {
				return true
			}
		}
	}
	return false
}

// in returns a size in another unit of its kind.
func (f figure) in(unit string) figure {
	f.Value, f.Alt, f.unit = f.Value*converted(f.unit, unit), 0, unit
	return f
}

// roundOf reports whether a bounded number is the next round one on its side of another: "more than 2,000" for 2,300, "under
// 2,500".
func (f figure) roundOf(g figure) bool {
	if f.bound&cueAbout != 0 || g.Year || g.bound&(cueOver|cueUnder) != 0 || g.Value < 10 || f.Value < 0.75*g.Value || f.Value > 1.25*g.Value {
		return false
	}
	lead := math.Pow(10, math.Floor(math.Log10(g.Value)))
	for _, step := range []float64{lead, lead / 2, lead / 10} {
		down := math.Floor(g.Value/step) * step
		if g.Value == down {
			continue
		}
		if f.bound&cueOver != 0 && f.Value == down || f.bound&cueUnder != 0 && f.Value == down+step {
			return true
		}
	}
	return false
}

// rounder reports whether a number has no more digits that count than another value: 450,000 may round 450,085, but 450,001
// does not round 450,000.
func (f figure) rounder(w float64) bool {
	for step := 10.; step <= w; step *= 10 {
		if math.Mod(w, step) == 0 && math.Mod(f.Value, step) != 0 {
			return false
		}
	}
	return true
}

// nearMiss reports whether the source has a number of the same kind that is nearly but not quite that of the claim, which then is
// not one that follows from others: 456 miles is no rounding of 737 km where the source has 458.
func (f figure) nearMiss(known []figure) bool {
	return slices.ContainsFunc(known, func(g figure) bool {
		return f.comparable(g) && !g.Year && f.Value != g.Value && math.Abs(f.Value-g.Value) <= 0.12*g.Value
	})
}

// otherSpan reports whether the source has the same number of another unit of time, and not of this one: "seven weeks" is no
// rounding of 45 days where it says "seven months".
func (f figure) otherSpan(known []figure) bool {
	other := false
	for _, g := range known {
		if g.Value != f.Value || f.Value < 2 || spans[f.unit].n == 0 || spans[g.unit].n == 0 {
			continue
		}
		if g.unit == f.unit {
			return false
		}
		other = true
	}
	return other
}

// boundAlike reports whether another number is bounded on the same side.
func (f figure) boundAlike(g figure) bool {
	return f.bound&g.bound&(cueOver|cueUnder) != 0 && f.comparable(g)
}

// nearSize reports whether a size in one unit is that in another, as near as whole numbers tell: 4 km for 2.5 miles.
func (f figure) nearSize(g figure) bool {
	return f.unit != g.unit && math.Abs(g.Value*converted(g.unit, f.unit)/f.Value-1) <= 0.0125
}

// nearTime reports whether a time told in a longer or shorter unit is as near to another, of which it is the given
// multiple, as its bound says: "almost two years" for 20 months.
func (f figure) nearTime(multiple float64) bool {
	switch {
	case f.bound&cueOver != 0: // "more than a year" for 15 months, but not for two years
		return multiple < 1 && multiple > f.Value/(f.Value+1)
	case f.bound&cueUnder != 0 && f.bound&cueAbout == 0 && f.Value == 1: // "less than a year" for seven months
		return multiple > 1 && multiple <= 2
	case f.bound&cueUnder != 0:
		return multiple > 1 && multiple <= 1.2
	}
	return f.bound&cueAbout != 0 && math.Abs(multiple-1) <= 0.1
}

// nearPart reports whether a part told in words may stand for a percentage that is off by d: by less than half a
// point, or on the side of it that the words say, "just under a quarter" for 22 percent.
func (f figure) nearPart(d float64, round bool) bool {
	switch {
	case math.Abs(d) < 0.5:
		return true
	case !round:
		return false
	case f.bound&cueOver != 0:
		return d > 0 && d <= 6 || f.Value == 50 && d > 0 && d <= 12
	case f.bound&cueUnder != 0:
		return d < 0 && (d >= -4 || f.bound&cueAbout == 0 && (d >= -6 || f.Value == 50 && d >= -12))
	}
	return f.bound&cueAbout != 0 && math.Abs(d) <= min(2.5, 0.09*f.Value)
}

// comparable reports whether two numbers count the same kind of thing, as far as their units tell; great sums of money
// may leave it out, "1.8 of the 3.2 billion dollars".
func (f figure) comparable(g figure) bool {
	money := (f.unit == "$" || f.unit == "") && (g.unit == "$" || g.unit == "") && f.Value >= 1e5 && g.Value >= 1e5
	return f.unit == g.unit || money
}

// ofThe reports whether one number counts some of what the other counts: "three of the six", "of the six ports, three".
func (s *statement) ofThe(a, b figure) bool {
	if a.Value > 1 && a.first > b.last && a.first <= b.last+4 && b.first > 1 && s.words[a.first].sentence == s.words[b.first].sentence {
		f := s.toks[b.first-2].Fold
		return (f == "of" || f == "de") && determinate.Has(s.toks[b.first-1].Fold)
	}
	return a.Value > 1 && b.first > a.last+1 && b.first <= a.last+5 && (s.toks[a.last+1].Fold == "of" || s.toks[a.last+1].Fold == "de") &&
		(b.first <= a.last+3 || determinate.Has(s.toks[a.last+2].Fold) && s.words[a.last].clause == s.words[b.first].clause)
}

// checkNumbers holds every number of the claim to one of the source or the question.
func (e *evidence) checkNumbers(v *Verdict) {
	mine := e.claim.figures()
	if k := e.otherCounted(); k >= 0 {
		v.fail("number", e.claim.show(k, k)+", which is just what the source does not count")
	}
	if k := e.otherScale(); k >= 0 {
		v.fail("number", e.claim.show(k, k))
	}
	if k := e.otherMeasure(); k >= 0 {
		v.fail("number", e.claim.show(k, k))
	}
	if len(mine) == 0 {
		return
	}
	known := e.source.figures()
	for _, g := range e.source.figures() {
		if sum, ok := e.source.compound(g); ok {
			known = append(slices.Clip(known), sum)
		}
	}
	var asked []figure
	if e.question != "" {
		asked = read(e.lib, e.question, lang.Detect(e.question)).figures()
	}
	anyMoney := false
	for _, g := range known {
		anyMoney = anyMoney || g.unit == "$"
	}
	for _, f := range mine {
		if f.unit == "$" && !anyMoney && len(asked) == 0 {
			v.fail("number", e.claim.show(f.first, f.last)+" "+f.unit)
			continue
		}
		found, held := false, false
		if sum, ok := e.claim.compound(f); ok && slices.ContainsFunc(known, sum.same) {
			continue
		}
		for _, g := range known {
			if f.unit != g.unit && (sizes[f.unit].n > 0 && f.nearMiss(known) || f.otherSpan(known)) {
				continue
			}
			if !f.value(g, f.bound != 0 && f.bound&cueExact == 0) && !f.nearSize(g) &&
				!(f.unit != g.unit && converted(g.unit, f.unit) > 0 && f.roundOf(g.in(f.unit))) &&
				!(f.comparable(g) && f.roundOf(g) && !slices.ContainsFunc(known, f.boundAlike)) {
				continue
			}
			found = true
			held = held || fits(f, g) || e.extreme(f, g) || f.unit != g.unit && sizes[f.unit].n > 0 && f.roundOf(g.in(f.unit))
		}
		for _, g := range asked {
			if f.same(g) {
				found, held = true, true
			}
		}
		derived := !found && !f.nearMiss(known)
		switch {
		case !found && spans[f.unit].n > 0 && e.source.timedAs(f):
		case !found && f.loose && e.elliptic(f):
		case !found && f.unit == "" && e.otherThan(f):
		case derived && f.unit == "" && (e.sum(f) || f.Value >= 10 && e.shareOf(f)):
		case !found && f.unit == "" && (e.repeated(f) || e.reached(f) || e.multiplied(f)):
		case derived && (e.totals(f) || e.difference(f) || f.Value >= 10 && (e.remainder(f) || e.restOfAll(f))):
		case !found && f.Value < 10 && (e.remainder(f) || e.restOfAll(f)):
		case !found && (f.part || f.unit == "%" && e.changed(f) != 0) && e.ratio(f):
		case !found && f.Value == 2 && f.unit == "" && e.source.hasWord("both", "neither", "ambos", "ambas"):
		case !found && (e.offset(f) || derived && e.scaled(f)):
		case !found && (e.bothNamed(f) || e.apartBy(f) || e.dayOnly(f)):
		case !found && (e.spelledOut(f) || e.dayOrStretch(f) || e.halved(f) || e.others(f)):
		case !found:
			v.fail("number", strings.TrimSpace(e.claim.text[f.Start:f.End]+" "+f.unit))
		case held && e.otherPart(f):
			v.fail("number", e.claim.text[f.Start:f.End]+", which is not that part there")
		case held && e.total(f, known):
			v.fail("number", e.claim.text[f.Start:f.End]+" in total")
		case held && e.otherRate(f, known):
			v.fail("number", e.claim.text[f.Start:f.End]+" by another time")
		case held && (e.countedOtherwise(f, known) || e.distinct(f, known)):
			v.fail("number", e.claim.text[f.Start:f.End]+", which counts something else there")
		case !held:
			v.fail("quantifier", "the bound of "+e.claim.text[f.Start:f.End])
		}
	}
}

// total reports whether the claim gives as a total what the source counts by the year, month, week or day: "10 billion
// in total" for "10 billion a year".
func (e *evidence) total(f figure, known []figure) bool {
	c := e.claim
	sum := false
	for k := f.last + 1; k+1 < len(c.toks) && k <= f.last+5 && c.words[k].clause == c.words[f.last].clause; k++ {
		sum = sum || (c.toks[k].Fold == "in" || c.toks[k].Fold == "en") && (c.toks[k+1].Fold == "total" || c.toks[k+1].Fold == "all" ||
			c.toks[k+1].Fold == "conjunto")
	}
	if !sum {
		return false
	}
	for _, g := range known {
		if f.value(g, f.bound != 0) && e.source.rated(g) == "" && !e.source.apiece(g) {
			return false
		}
	}
	return true
}

// rated returns the time by which a number is counted: "1,450 a day", "10 billion dollars a year"; "" when by none.
func (s *statement) rated(f figure) string {
	for k := f.last + 1; k < len(s.toks) && k <= f.last+6; k++ {
		if strings.ContainsAny(s.gap(k), ",;:.()") {
			break
		}
		u := moreUnits[s.toks[k].Fold]
		if spans[u].n > 0 && soleUnit.Has(s.toks[k-1].Fold) {
			return u
		}
		if k > f.last+4 {
			continue
		}
		if (spans[u].n > 0 || measures.Has(u)) && (ones.Has(s.toks[k-1].Fold) || measures.Has(u) && s.toks[k-1].Fold == "el") && !lasting.Has(s.toks[k-2].Fold) {
			return u
		}
		if u := often[s.toks[k].Fold]; u != "" {
			return u
		}
	}
	return ""
}

// measures are units by which a price is told: "3 dollars a gallon".
var measures = lang.SetOf(`gallon liter barrel bushel kg pound ton ounce hectare acre mile km`)

// soleUnit stand before a unit of time in which all of a number falls: "8,500 in a single day", "en un solo mes".
var soleUnit = lang.SetOf(`single solo sola`)

// lasting stand before how long something lasts: "1,500 for a week" are not 1,500 a week.
var lasting = lang.SetOf(`for in within during over durante en por of`)

// otherRate reports whether the claim counts a number by another time than the source does wherever it has it: "250
// pesos a day" for "250 pesos an hour".
func (e *evidence) otherRate(f figure, known []figure) bool {
	mine := e.claim.rated(f)
	if mine == "" || spans[f.unit].n > 0 {
		return false
	}
	other := false
	for _, g := range known {
		if !f.value(g, f.bound != 0) {
			continue
		}
		theirs := e.source.rated(g)
		if theirs == mine || theirs == "" {
			return false
		}
		other = true
	}
	return other
}

// contrast returns the words of substance just before and after a "rather than" or "and not".
func (s *statement) contrast() (before, after []int) {
	for i := 1; i+2 < len(s.toks); i++ {
		switch s.toks[i].Fold + " " + s.toks[i+1].Fold {
		case "rather than", "instead of", "and not", "y no", "en lugar", "en vez":
		default:
			continue
		}
		for k := max(0, i-5); k < min(i+7, len(s.toks)); k++ {
			switch {
			case !s.words[k].content && s.words[k].name == 0 || s.words[k].sentence != s.words[i].sentence:
			case k < i:
				before = append(before, k)
			case k > i+1 && s.words[k].clause == s.words[i+2].clause:
				after = append(after, k)
			}
		}
		return before, after
	}
	return nil, nil
}

// otherCounted returns a word of the claim that it takes for what is meant where the source takes it for what is not, or
// -1: "a count of persons rather than of entries" for "a count of entries rather than of persons".
func (e *evidence) otherCounted() int {
	is, isNot := e.claim.contrast()
	was, wasNot := e.source.contrast()
	links := func(mine, theirs []int) int {
		for _, i := range mine {
			if slices.ContainsFunc(e.links.to[i], func(j int) bool { return has(theirs, j) }) {
				return i
			}
		}
		return -1
	}
	if i := links(is, wasNot); i >= 0 && links(isNot, was) >= 0 && links(isNot, wasNot) < 0 {
		return i
	}
	return -1
}

// tens are words for a great number, with the least and the most that they are said of.
var tens = map[string][2]float64{
	"dozens": {12, 999}, "decenas": {10, 999}, "docenas": {12, 999}, "scores": {20, 999}, "hundreds": {100, 99999},
	"cientos": {100, 99999}, "centenares": {100, 99999}, "thousands": {1000, 999999}, "millares": {1000, 999999}, "millions": {1e6, 1e9},
	"billions": {1e9, 1e12},
}

// otherScale returns a word for a great number in the claim when the source has another such word and neither it nor a
// number that it may stand for, or -1: "thousands of boats" for "hundreds of boats".
func (e *evidence) otherScale() int {
	for i, t := range e.claim.toks {
		span, ok := tens[t.Fold]
		if t.Fold == "miles" && e.claim.lang == lang.Spanish {
			span, ok = tens["thousands"], true
			if i+2 < len(e.claim.toks) && e.claim.toks[i+2].Fold == "millones" {
				span = tens["billions"]
			}
		}
		if !ok {
			continue
		}
		same, other := false, false
		for _, u := range e.source.toks {
			if v, ok := tens[u.Fold]; ok {
				same, other = same || v == span || u.Fold == t.Fold || v[0]/span[0] < 1.3 && span[0]/v[0] < 1.3, true
			}
		}
		for k, u := range e.source.toks { // "miles de migrantes"
			if u.Fold == "miles" && e.source.lang == lang.Spanish ||
				u.Fold == "miles" && k+1 < len(e.source.toks) && e.source.toks[k+1].Fold == "de" {
				many := 1000.
				if k+2 < len(e.source.toks) && e.source.toks[k+2].Fold == "millones" {
					many = 1e9
				}
				same, other = same || span[0] == many, true
			}
		}
		for _, g := range e.source.figures() {
			same = same || g.unit == "" && g.Value >= span[0] && g.Value <= span[1]
		}
		if other && !same {
			return i
		}
	}
	return -1
}

// fits reports whether what bounds a number in the claim is true of the number as the source bounds it: "at least 40"
// of "more than 40".
func fits(f, g figure) bool {
	b, h := f.bound, g.bound
	rounded := !f.same(g)
	near := cueUnder | cueAbout // "nearly"
	switch {
	case g.end < 0 && b&cueOver != 0 && !rounded, g.end > 0 && b&cueUnder != 0 && !rounded:
		return true // "at least 40" of 40 to 50
	case (b&h)&cueEven != 0:
		return true // "within five years" and "over five years"
	case (b|h)&cueEven != 0:
		return b&^cueAbout&cueUnder == 0 || h&cueOver == 0
	case b&cueExact != 0:
		return h&^cueExact == 0 && !rounded
	case b&near == near:
		return h == 0 && rounded || h&near != 0 && h&cueOver == 0
	case b&cueOver != 0:
		return h&cueOver != 0 || h&^cueAbout == 0 && rounded && f.Value <= g.Value
	case b&cueUnder != 0:
		return h&cueUnder != 0 || h&^cueAbout == 0 && rounded && f.Value >= g.Value
	case b&cueAbout != 0:
		return true
	}
	return h&cueUnder == 0 || h&cueAbout != 0
}

// countedOtherwise reports whether a number of things stands in the source only as a length of time, and the things
// have another number there: "two pillars" for "two years after … three pillars"; or that it is of families where
// there are none.
func (e *evidence) countedOtherwise(f figure, known []figure) bool {
	k := f.last + 1
	if f.unit != "" || f.loose || k >= len(e.claim.toks) {
		return false
	}
	if households.Has(e.claim.toks[k].Fold) {
		return !slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return households.Has(t.Fold) })
	}
	if !e.claim.words[k].content {
		return false
	}
	for _, g := range known {
		if f.value(g, false) && spans[g.unit].n == 0 {
			return false
		}
	}
	return f.bound == 0 && slices.ContainsFunc(known, func(h figure) bool {
		return h.unit == "" && !h.Year && has(e.links.direct[k], h.last+1)
	})
}

// households are of several persons, so that their number is not that of persons.
var households = lang.SetOf(`families households couples familias hogares parejas`)

// Words for the greatest and the least that may be, and verbs of coming to as many.
var (
	utmost   = lang.SetOf(`cap caps capping capped limit limited ceiling maximum quota allotment allowance tope limite limita limitar limito limitado topar topada topado maximo maxima techo cupo cuota`)
	lowest   = lang.SetOf(`floor minimum threshold minimo minima piso umbral`)
	reaching = lang.SetOf(`reach reaches reached reaching hit hits peak peaks peaked peaking topping llego llegar llegaron llegan llega llegado
		alcanzo alcanzaron alcanzar alcanzan alcanza alcanzado`)
)

// persons are words for people who are counted.
var persons = lang.SetOf(`people persons individuals migrants men women children travellers travelers personas individuos migrantes gente
	hombres mujeres menores ninos viajeros`)

// apartPersons stand with persons who are counted once each: "different individuals", "personas distintas".
var apartPersons = lang.SetOf(`different distinct unique separate individual distintas distintos diferentes unicas unicos`)

// distinct reports whether a number counts different persons where the source counts what was done, which may befall one
// person more than once: "2 million different individuals" for "2 million expulsions".
func (e *evidence) distinct(f figure, known []figure) bool {
	within := func(s *statement, f figure, set *lang.Set) bool {
		return slices.ContainsFunc(s.toks[f.last+1:min(f.last+5, len(s.toks))], func(t lang.Token) bool { return set.Has(t.Fold) })
	}
	if !within(e.claim, f, apartPersons) || !within(e.claim, f, persons) ||
		slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return apartPersons.Has(t.Fold) }) {
		return false
	}
	return !slices.ContainsFunc(known, func(g figure) bool { return f.value(g, f.bound != 0) && within(e.source, g, persons) })
}

// otherPart reports whether the claim says of a number that it is some of a whole, "six of the 12", and the source has
// another part of that whole but not this one; or it is the whole itself there: "31 of the bodies" for "22 of the 31 bodies".
func (e *evidence) otherPart(f figure) bool {
	list := e.source.figures()
	whole := func(a figure) (figure, bool) {
		for _, b := range list {
			if e.source.ofThe(b, a) {
				return b, true
			}
		}
		return a, false
	}
	for _, b := range e.claim.figures() {
		if !e.claim.ofThe(f, b) || b.first < f.first {
			continue
		}
		other := false
		for _, g := range list {
			if !b.same(g) {
				continue
			}
			for _, a := range list {
				if !e.source.ofThe(a, g) {
					continue
				}
				if f.value(a, f.bound != 0) || math.Abs(f.Value+a.Value-g.Value) < 1e-9*g.Value {
					return false
				}
				other = true
			}
		}
		if other {
			return true
		}
	}
	c := e.claim
	if f.unit != "" || f.last+2 >= len(c.toks) || c.toks[f.last+1].Fold != "of" && c.toks[f.last+1].Fold != "de" ||
		!determinate.Has(c.toks[f.last+2].Fold) || c.toks[f.last+2].Fold == "a" || slices.ContainsFunc(c.figures(), func(b figure) bool {
		return b.first > f.last && b.first <= f.last+6
	}) {
		return false
	}
	is := false
	for _, g := range list {
		if !f.same(g) {
			continue
		}
		if _, ok := whole(g); !ok {
			return false
		}
		is = true
	}
	return is
}

// otherMeasure returns a unit of size that the claim counts by where the source has another of its kind and not this one, or
// -1: "the price of a gallon" for "of a liter".
func (e *evidence) otherMeasure() int {
	c := e.claim
	for i, t := range c.toks {
		u := moreUnits[t.Fold]
		if sizes[u].kind == "" || i == 0 || !ones.Has(c.toks[i-1].Fold) && c.toks[i-1].Fold != "el" && c.toks[i-1].Fold != "la" {
			continue
		}
		other := false
		for _, o := range e.source.toks {
			switch v := moreUnits[o.Fold]; {
			case v == u:
				return -1
			case sizes[v].kind == sizes[u].kind && v != "":
				other = true
			}
		}
		if other {
			return i
		}
	}
	return -1
}
