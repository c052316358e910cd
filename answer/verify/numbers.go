package verify

import (
	"math"
	"slices"
	"strings"

	"policybot/lang"
)

// figure is a number of a text with what bounds it.
type figure struct {
	lang.Number
	first, last int // tokens
	unit        string
	bound       cue
	loose       bool // its unit stands earlier: "about 80 of them"
	aged        bool // an age without its unit: "under 16"
	end         int8 // of a range: -1 its lower end, 1 its upper
	part        bool // a part of a whole in words, in percent: "three quarters", "nine in ten"
}

// moreUnits are units beyond those of lang.Number, by folded word.
var moreUnits = map[string]string{
	"euro": "euro", "euros": "euro", "peso": "peso", "pesos": "peso", "pound": "pound", "pounds": "pound", "libras": "pound",
	"minute": "minute", "minutes": "minute", "minuto": "minute", "minutos": "minute", "second": "",
	"ton": "ton", "tons": "ton", "tonnes": "ton", "toneladas": "ton", "acre": "acre", "acres": "acre",
	"hectare": "hectare", "hectares": "hectare", "hectareas": "hectare",
	"meter": "m", "meters": "m", "metre": "m", "metres": "m", "metro": "m", "metros": "m", "foot": "foot", "feet": "foot", "pies": "foot",
	"point": "point", "points": "point", "puntos": "point", "quetzal": "quetzal", "quetzales": "quetzal", "yen": "yen",
	"kg": "kg", "kilos": "kg", "fortnight": "fortnight", "quincena": "fortnight", "trimestre": "quarter",
	"cents": "cent", "centavos": "cent", "kilometer": "km", "km": "km", "kilometers": "km", "kilometres": "km", "kilometros": "km",
	"mi": "mile", "mile": "mile", "miles": "mile", "millas": "mile", "milla": "mile",
	"day": "day", "days": "day", "dia": "day", "dias": "day", "week": "week", "weeks": "week", "semana": "week", "semanas": "week",
	"month": "month", "months": "month", "mes": "month", "meses": "month", "year": "year", "years": "year", "ano": "year", "anos": "year",
	"hour": "hour", "hours": "hour", "hora": "hour", "horas": "hour",
	"decade": "decade", "decades": "decade", "decada": "decade", "decadas": "decade",
	"dollar": "$", "dollars": "$", "dolar": "$", "dolares": "$", "usd": "$", "percent": "%", "percentage": "%",
}

// lengths are units of length and area in metres and square metres; the latter are negative, so that they never meet.
var lengths = map[string]float64{"m": 1, "km": 1000, "mile": 1609.344, "foot": 0.3048, "acre": -4046.856, "hectare": -10000}

// spans are units of time as multiples of smaller ones.
var spans = map[string]struct {
	base string
	n    float64
}{
	"week": {"day", 7}, "day": {"day", 1}, "fortnight": {"day", 14}, "hour": {"hour", 1},
	"month": {"month", 1}, "year": {"month", 12}, "decade": {"month", 120},
}

// figures returns the numbers of a statement that are no part of a date.
func (s *statement) figures() []figure {
	if !s.counted {
		s.numbers, s.counted = s.count(), true
		s.ranges()
	}
	return s.numbers
}

// ranges marks the ends of ranges: "80–120", "between 40 and 50", "from 40 to 50".
func (s *statement) ranges() {
	for i := range s.numbers {
		for j := range s.numbers {
			a, b := &s.numbers[i], &s.numbers[j]
			if a.Value >= b.Value || b.first <= a.last || b.first > a.last+2 || a.Year {
				continue
			}
			switch gap := strings.TrimSpace(s.text[a.End:b.Start]); {
			case gap == "–" || gap == "-", gap == "to" || gap == "a", gap == "and" || gap == "y":
				if f := s.toks[max(a.first-1, 0)].Fold; len(gap) == 3 && gap != "–" && f != "between" || gap == "y" && f != "entre" {
					continue
				}
				a.end, b.end = -1, 1
			}
		}
	}
}

// count finds the figures of a statement: the numbers and parts of a whole that belong to no date.
func (s *statement) count() []figure {
	dates := s.dates()
	out := s.parts()
	take := func(n lang.Number) {
		f := figure{Number: n, first: -1, unit: n.Unit}
		for i, t := range s.toks {
			if t.Start >= n.Start && f.first < 0 {
				f.first = i
			}
			if t.Start < n.End {
				f.last = i
			}
		}
		if f.first < 0 {
			return
		}
		for _, g := range out {
			if g.Start < n.End && n.Start < g.End {
				return
			}
		}
		if strings.HasPrefix(s.text[n.End:], "€") || n.Start >= 3 && strings.HasSuffix(s.text[:n.Start], "€") {
			f.unit = "euro"
		}
		// "five calendar days", "28 straight days"
		for k := f.last + 1; f.unit == "" && k < len(s.toks) && k <= f.last+2; k++ {
			if strings.ContainsAny(s.gap(k), ",;:.()") || s.toks[k].Digit || ones.Has(s.toks[k].Fold) {
				break
			}
			f.unit = moreUnits[s.toks[k].Fold]
		}
		if next := s.toks[min(f.last+1, len(s.toks)-1)].Fold; f.last+1 < len(s.toks) && (next == "pm" || next == "p" ||
			s.afternoon(f.last+1)) && f.Value < 12 {
			f.Value += 12
		}
		if s.lang == lang.Spanish && f.Alt != 0 {
			f.Value, f.Alt = f.Alt, f.Value // "11.000" are thousands
		}
		if half := s.andHalf(f.last + 1); half > 0 { // "two and a half years"
			f.Value += 0.5
			if k := f.last + half + 1; f.unit == "" && k < len(s.toks) {
				f.unit = moreUnits[s.toks[k].Fold]
			}
		} else if f.unit != "" && s.andHalf(f.last+2) > 0 { // "dos años y medio"
			f.Value += 0.5
		}
		f.bound = s.boundAt(f.first, f.last)
		f.loose = f.unit == "" && f.last+2 < len(s.toks) &&
			(s.toks[f.last+1].Fold == "of" || s.toks[f.last+1].Fold == "de") && ofWhich.Has(s.toks[f.last+2].Fold)
		if before := s.toks[max(f.first-1, 0)].Fold; f.unit == "" && f.Value < 100 && (before == "under" || before == "over" ||
			before == "aged" || before == "age") {
			f.aged = true
		}
		out = append(out, f)
	}
	nums := lang.NumbersOf(s.text, s.toks)
	for _, n := range nums {
		skip := false
		for _, d := range dates {
			skip = skip || d.Start <= n.Start && n.End <= d.End
		}
		if n.Value == 1 && n.Unit == "" && strings.EqualFold(s.text[n.Start:n.End], "one") {
			skip = true // hardly ever a count
		}
		if tail := strings.TrimSpace(s.text[n.End:]); n.Value == 2 && (strings.HasPrefix(tail, "halves") || strings.HasPrefix(tail, "mitades")) {
			skip = true
		}
		if n.Value == 0.5 && n.Unit == "" {
			skip = true // a quantifier
		}
		if !skip {
			take(n)
		}
	}
	for i, t := range s.toks { // "a pair of", "una treintena de"
		if n := collective[t.Fold]; n > 0 && i > 0 && i+1 < len(s.toks) && ones.Has(s.toks[i-1].Fold) && (s.toks[i+1].Fold == "of" ||
			s.toks[i+1].Fold == "de") {
			take(lang.Number{Start: t.Start, End: t.End, Value: n})
		}
	}
	for i, t := range s.toks { // "more than a year", "a year and a half"
		if i == 0 || spans[moreUnits[t.Fold]].n == 0 || !ones.Has(s.toks[i-1].Fold) || s.toks[i-1].Fold == "per" {
			continue
		}
		n := lang.Number{Start: s.toks[i-1].Start, End: s.toks[i-1].End, Value: 1, Unit: moreUnits[t.Fold]}
		if half := s.andHalf(i + 1); half > 0 {
			n.Value, n.End = 1.5, s.toks[i+half].End
			take(n)
		} else if f := s.toks[i-1].Fold; (f == "a" || f == "an" || f == "un" || f == "una") && s.boundAt(i-1, i)&(cueOver|cueUnder) != 0 {
			take(n)
		}
	}
	for i, t := range s.toks { // numbers that begin with a power: "a million", "mil millones", "un millón", "a hundred"
		p, ok := lone[t.Fold]
		if !ok || i > 0 && (s.toks[i-1].Digit || lang.IsNumber(s.toks[i-1].Fold)) {
			continue
		}
		n := lang.Number{Start: t.Start, End: t.End, Value: p}
		if i+1 < len(s.toks) && t.Fold == "mil" && (s.toks[i+1].Fold == "millones") {
			n.Value, n.End = 1e9, s.toks[i+1].End
		}
		if i > 0 && (s.toks[i-1].Fold == "media" || s.toks[i-1].Fold == "half") || i > 1 && s.toks[i-2].Fold == "half" {
			n.Value /= 2
		}
		if k, percent := s.partBefore(i); k >= 0 {
			n.Start, n.Value = s.toks[k].Start, n.Value*percent/100
		}
		take(n)
	}
	return out
}

// partBefore returns the token and the percentage of a part that ends before the power at token i: "three
// quarters of a million". The token is -1 when there is none.
func (s *statement) partBefore(i int) (at int, percent float64) {
	k := i - 1
	if k > 0 && (s.toks[k].Fold == "a" || s.toks[k].Fold == "un") {
		k--
	}
	if k < 1 || s.toks[k].Fold != "of" && s.toks[k].Fold != "de" {
		return -1, 0
	}
	k--
	percent = fractions[strings.TrimSuffix(s.toks[k].Fold, "s")]
	if percent == 0 {
		return -1, 0
	}
	if k > 0 {
		if n := lang.Numbers(s.text[s.toks[k-1].Start:s.toks[k-1].End]); len(n) == 1 && n[0].Value > 1 && n[0].Value < 10 {
			return k - 1, percent * n[0].Value
		}
	}
	return k, percent
}

// collective are words for a number of things.
var collective = map[string]float64{"pair": 2, "par": 2, "trio": 3, "quartet": 4, "cuarteto": 4, "decena": 10, "veintena": 20,
	"treintena": 30, "cincuentena": 50, "centenar": 100,
	"score": 20}

// andHalf returns the number of words of the "and a half" or "y medio" that begins at token i, or 0.
func (s *statement) andHalf(i int) int {
	is := func(k int, fold string) bool { return i >= 0 && i+k < len(s.toks) && s.toks[i+k].Fold == fold }
	switch {
	case is(0, "and") && is(1, "a") && is(2, "half"):
		return 3
	case is(0, "y") && (is(1, "medio") || is(1, "media")):
		return 2
	}
	return 0
}

// afternoon reports whether "in the evening" or "de la tarde" begins at token i.
func (s *statement) afternoon(i int) bool {
	if i+2 >= len(s.toks) {
		return false
	}
	switch a, b := s.toks[i].Fold+" "+s.toks[i+1].Fold, s.toks[i+2].Fold; a {
	case "in the":
		return b == "evening" || b == "afternoon"
	case "de la":
		return b == "tarde" || b == "noche"
	}
	return false
}

// parts returns the parts of a whole that the words of a text give, but for halves: "three quarters", "a third
// of", "nine in ten", "uno de cada cinco".
func (s *statement) parts() []figure {
	var out []figure
	for i := range s.toks {
		first, percent := s.partAt(i)
		if first < 0 {
			continue
		}
		n := lang.Number{Start: s.toks[first].Start, End: s.toks[i].End, Value: percent, Unit: "%"}
		out = append(out, figure{Number: n, first: first, last: i, unit: "%", bound: s.boundAt(first, i), part: true})
	}
	return out
}

// partAt returns the first token and the percentage of the part of a whole that ends at token i, or -1: "three
// quarters", "nine in ten".
func (s *statement) partAt(i int) (first int, percent float64) {
	fold := s.toks[i].Fold
	if whole := s.smallNumber(i); whole > 1 { // "nine in ten"
		k := i - 1
		for k > 0 && k > i-4 && outOf.Has(s.toks[k].Fold) {
			k--
		}
		if n := s.smallNumber(k); n > 0 && n < whole && s.counts(k+1, i) {
			return k, 100 * n / whole
		}
		return -1, 0
	}
	share := fractions[strings.TrimSuffix(fold, "s")]
	if fold == "parte" || fold == "partes" { // "la quinta parte"
		i--
		if i < 1 {
			return -1, 0
		}
		share = fractions[strings.TrimSuffix(s.toks[i].Fold, "s")]
	}
	if share == 0 || share == 50 || i == 0 || s.powerFollows(i) {
		return -1, 0
	}
	switch n, before := s.smallNumber(i-1), s.toks[i-1].Fold; {
	case n > 1 && n*share < 100:
		return i - 1, n * share
	case before == "one" || before == "un" || fold == "parte" || before == "a" && s.ends(i):
		return i - 1, share
	}
	return -1, 0
}

// ends reports whether no word of substance follows token i, so that "a third" is no third person.
func (s *statement) ends(i int) bool {
	return i+1 == len(s.toks) || strings.ContainsAny(s.gap(i+1), ",;:.()") || lang.Stop(s.toks[i+1].Fold, s.lang)
}

// outOf stand between the two numbers of a part: "nine out of every ten", "nueve de cada diez".
var outOf = lang.SetOf(`in out of every de cada`)

// counts reports whether the words between two numbers make a part of them; "two of three" may be any two.
func (s *statement) counts(from, to int) bool {
	for k := from; k < to; k++ {
		switch s.toks[k].Fold {
		case "in":
			return to == from+1 && (to+1 == len(s.toks) || moreUnits[s.toks[to+1].Fold] == "" && lang.Month(s.toks[to+1].Fold) == 0)
		case "out", "every", "cada":
			return true
		}
	}
	return false
}

// smallNumber returns the number in words or digits up to a hundred at token i, or 0: 7 for "seven".
func (s *statement) smallNumber(i int) float64 {
	if i < 0 {
		return 0
	}
	t := s.toks[i]
	if t.Fold == "uno" || t.Fold == "una" {
		return 1
	}
	if !t.Digit && !s.words[i].means.number {
		return 0
	}
	if n := lang.Numbers(s.text[t.Start:t.End]); len(n) == 1 && n[0].Value <= 100 && n[0].Value == math.Trunc(n[0].Value) {
		return n[0].Value
	}
	return 0
}

// powerFollows reports whether the part at token i is one of a power: "a quarter of a million".
func (s *statement) powerFollows(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+3; k++ {
		if lone[s.toks[k].Fold] > 0 {
			return true
		}
	}
	return false
}

// ofWhich stand, after "of", for what has been counted before.
var ofWhich = lang.SetOf(`them these those which whom ellos ellas estos estas esos esas los las`)

// lone are powers that are numbers by themselves.
var lone = map[string]float64{
	"million": 1e6, "millon": 1e6, "billion": 1e9, "mil": 1000, "hundred": 100, "thousand": 1000, "dozen": 12, "docena": 12,
}

// boundAt returns the bounds that stand just before or after a number: "at least 40", "40 or more".
func (s *statement) boundAt(first, last int) cue {
	if first > 0 && (s.toks[first-1].Fold == "the" || s.toks[first-1].Fold == "los" || s.toks[first-1].Fold == "las") {
		return 0 // "below the 1.39 million of others" compares
	}
	if last+2 < len(s.toks) && spans[moreUnits[s.toks[last+1].Fold]].n > 0 {
		switch s.toks[last+2].Fold {
		case "before", "earlier", "ago", "antes", "atras":
			return 0 // "far fewer than two decades before" compares
		}
	}
	if first > 0 && s.toks[first-1].Fold == "within" && last+1 < len(s.toks) && spans[moreUnits[s.toks[last+1].Fold]].n > 0 {
		return cueUnder | cueEven // "within five days" is at most five
	}
	if first > 1 && s.toks[first-1].Fold == "de" { // "menores de 16 años"
		switch s.toks[first-2].Fold {
		case "menor", "menores":
			return cueUnder
		case "mayor", "mayores":
			return cueOver
		}
	}
	for k := first - 1; k >= 0 && k >= first-4; k-- {
		if c := s.words[k].cue & (bounds | cueEven); c != 0 && !s.words[k].inside {
			if s.toks[k].Fold == "hasta" && s.grows() {
				return 0 // "crecieron hasta 3.000"
			}
			if f := s.toks[k].Fold; (f == "over" || f == "within") && last+1 < len(s.toks) && spans[moreUnits[s.toks[last+1].Fold]].n > 0 {
				return c | cueEven // "over two years" may be in the course of them
			}
			return c
		}
		if !s.words[k].inside && !between.Has(s.toks[k].Fold) {
			break
		}
	}
	for k := last + 1; k < len(s.toks) && k <= last+3; k++ {
		if f := s.toks[k].Fold; (f == "or" || f == "o") && s.words[k].cue&bounds != 0 {
			return s.words[k].cue & bounds
		}
		if f := s.toks[k].Fold; (f == "at" || f == "como" || f == "al") && s.words[k].cue&(cueOver|cueUnder) != 0 && (k+2 == len(s.toks) ||
			!s.toks[k+2].Digit) {
			return s.words[k].cue & bounds // "five days at most"
		}
		if s.words[k].name > 0 || s.toks[k].Digit {
			break
		}
	}
	return 0
}

// grows reports whether the text tells of a change in number: then "hasta" leads to what it came to.
func (s *statement) grows() bool {
	grown := verifyWords().grown
	for i := range s.words {
		if comparatives.Has(s.toks[i].Fold) {
			continue
		}
		if slices.Contains(s.words[i].pairs, grown) || slices.Contains(s.words[i].pairs, -grown) || s.words[i].cue&(cueDouble|cueTriple) != 0 {
			return true
		}
	}
	return false
}

// between may stand between a bound and its number.
var between = lang.SetOf(`a an the los las un una total average just only us`)

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
	case f.unit == "month" && g.unit == "day":
		return f.Value <= 12 && eq(30*f.Value, g.Value)
	case f.unit == "day" && g.unit == "month":
		return g.Value <= 12 && eq(30*g.Value, f.Value)
	case f.unit == "day" && g.unit == "hour":
		return eq(24*f.Value, g.Value)
	case f.unit == "hour" && g.unit == "day":
		return eq(24*g.Value, f.Value)
	default:
		if r := lengths[g.unit] / lengths[f.unit]; r > 0 && !math.IsInf(r, 1) {
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
			if math.Abs(f.Value-w) < step && (step >= 0.0099*w || math.Abs(f.Value-w) <= step/2) {
				return true
			}
		}
	}
	return false
}

// nearTime reports whether a time told in a longer or shorter unit is as near to another, of which it is the given
// multiple, as its bound says: "almost two years" for 20 months.
func (f figure) nearTime(multiple float64) bool {
	switch {
	case f.bound&cueOver != 0:
		return multiple < 1 && multiple >= 0.85
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
		return d < 0 && d >= -4
	}
	return f.bound&cueAbout != 0 && math.Abs(d) <= 2.5
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
	return a.Value > 1 && b.first > a.last+1 && b.first <= a.last+3 && (s.toks[a.last+1].Fold == "of" || s.toks[a.last+1].Fold == "de")
}

// shareOf reports whether a number is what a percentage of the source makes of another number there: 1,000 for a fifth
// of 5,000.
func (e *evidence) shareOf(f figure) bool {
	for _, p := range e.source.figures() {
		for _, g := range e.source.figures() {
			if p.unit == "%" && g.unit == f.unit && g.Value >= 10 && !g.Year && math.Abs(g.Value*p.Value/100-f.Value) <= 0.005*f.Value {
				return true
			}
		}
	}
	return false
}

// ratio reports whether two figures of the source stand to one another as a part in words says: "three quarters"
// of 240 are 180.
func (e *evidence) ratio(f figure) bool {
	list := e.source.figures()
	for _, a := range list {
		for _, b := range list {
			if !a.comparable(b) || a.unit == "%" || a.Year || b.Year || a.Value >= b.Value || a.Value < 10 && !e.source.ofThe(a, b) {
				continue
			}
			if g := (figure{Number: lang.Number{Value: 100 * a.Value / b.Value}, unit: "%"}); f.value(g, f.bound != 0) && fits(f, g) {
				return true
			}
		}
	}
	return false
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
	if len(mine) == 0 {
		return
	}
	known := e.source.figures()
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
		for _, g := range known {
			if !f.value(g, f.bound != 0 && f.bound&cueExact == 0) {
				continue
			}
			found = true
			held = held || fits(f, g)
		}
		for _, g := range asked {
			if f.same(g) {
				found, held = true, true
			}
		}
		switch {
		case !found && spans[f.unit].n > 0 && e.source.timedAs(f):
		case !found && f.loose && e.elliptic(f):
		case !found && f.unit == "" && (e.sum(f) || e.otherThan(f) || f.Value >= 10 && e.shareOf(f)):
		case !found && f.unit == "" && e.repeated(f):
		case !found && (e.totals(f) || e.difference(f)):
		case !found && f.part && e.ratio(f):
		case !found && e.bothNamed(f):
		case !found && (e.spelledOut(f) || e.dayOrStretch(f) || e.halved(f) || e.others(f)):
		case !found:
			v.fail("number", strings.TrimSpace(e.claim.text[f.Start:f.End]+" "+f.unit))
		case held && e.total(f, known):
			v.fail("number", e.claim.text[f.Start:f.End]+" in total")
		case held && e.otherRate(f, known):
			v.fail("number", e.claim.text[f.Start:f.End]+" by another time")
		case held && e.countedOtherwise(f, known):
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
		if f.value(g, f.bound != 0) && e.source.rated(g) == "" {
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
		if spans[u].n > 0 && ones.Has(s.toks[k-1].Fold) && !lasting.Has(s.toks[k-2].Fold) {
			return u
		}
		if u := often[s.toks[k].Fold]; u != "" {
			return u
		}
	}
	return ""
}

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
	case (b|h)&cueEven != 0:
		return b&^cueAbout&cueUnder == 0 || h&cueOver == 0
	case b&cueExact != 0:
		return h&^cueExact == 0 && !rounded
	case b&near == near:
		return h == 0 && rounded || h&near != 0 && h&cueOver == 0
	case b&cueOver != 0:
		return h&cueOver != 0 || h == 0 && rounded && f.Value <= g.Value
	case b&cueUnder != 0:
		return h&cueUnder != 0 || h == 0 && rounded && f.Value >= g.Value
	case b&cueAbout != 0:
		return true
	}
	return h&cueUnder == 0 || h&cueAbout != 0
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
	if w := e.claim.toks[f.first-1].Fold; w != "other" && w != "otros" && w != "otras" {
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
	if f.Value < 10 || clock(e.claim, f) || e.claim.apiece(f) {
		return false
	}
	list := e.source.figures()
	for i, a := range list {
		for _, b := range list[i+1:] {
			if b.first > a.last+1 && a.unit == "" && b.unit == "" && !a.Year && !b.Year && !clock(e.source, a) && !clock(e.source, b) &&
				a.Value+b.Value == f.Value &&
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
	} else if k := f.last + 1; f.Value < 10 || k >= len(e.claim.toks) || !comparatives.Has(e.claim.toks[k].Fold) {
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
	for j := range e.source.toks {
		if e.source.timesAt(j) == f.Value {
			return true
		}
	}
	return false
}
