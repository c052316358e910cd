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
	loose       bool   // its unit stands earlier: "about 80 of them"
	aged        bool   // an age without its unit: "under 16", "Ana Ruiz, 34, waited"
	borrowed    string // the unit of the number before it, when it has none itself: "10 years, and at most 20"
	end         int8   // of a range: -1 its lower end, 1 its upper
	part        bool   // a part of a whole in words, in percent: "three quarters", "nine in ten"
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
	"lempira": "lempira", "lempiras": "lempira", "colones": "colon", "cordobas": "cordoba", "balboas": "balboa", "soles": "sol",
	"bolivares": "bolivar", "quetzals": "quetzal", "reais": "reais", "rupees": "rupee", "rupias": "rupee", "yuan": "yuan", "yuanes": "yuan",
	"yenes": "yen", "rubles": "ruble", "roubles": "ruble", "rublos": "ruble", "francs": "franc", "francos": "franc", "coronas": "crown",
	"gallon": "gallon", "gallons": "gallon", "galon": "gallon", "galones": "gallon", "bushel": "bushel", "bushels": "bushel",
	"fanegas": "bushel", "barrel": "barrel", "barrels": "barrel", "barril": "barrel", "barriles": "barrel",
	"liter": "liter", "liters": "liter", "litre": "liter", "litres": "liter", "litro": "liter", "litros": "liter",
	"quintal": "quintal", "quintales": "quintal",
	"ounce": "ounce", "ounces": "ounce", "onza": "ounce", "onzas": "ounce", "gram": "gram", "grams": "gram", "gramos": "gram",
	"kilogram": "kg", "kilograms": "kg", "kilogramos": "kg", "kilo": "kg", "inch": "inch", "inches": "inch", "pulgada": "inch", "pulgadas": "inch",
	"yards": "yard", "yardas": "yard", "megawatt": "mw", "megawatts": "mw", "megavatios": "mw", "gigawatts": "gw", "gigavatios": "gw",
	"degrees": "degree", "grados": "degree",
	"cents": "cent", "centavos": "cent", "kilometer": "km", "km": "km", "kilometers": "km", "kilometres": "km", "kilometros": "km",
	"mi": "mile", "mile": "mile", "miles": "mile", "millas": "mile", "milla": "mile",
	"day": "day", "days": "day", "dia": "day", "dias": "day", "week": "week", "weeks": "week", "semana": "week", "semanas": "week",
	"month": "month", "months": "month", "mes": "month", "meses": "month", "year": "year", "years": "year", "ano": "year", "anos": "year",
	"hour": "hour", "hours": "hour", "hora": "hour", "horas": "hour",
	"decade": "decade", "decades": "decade", "decada": "decade", "decadas": "decade",
	"dollar": "$", "dollars": "$", "dolar": "$", "dolares": "$", "usd": "$", "percent": "%", "percentage": "%",
}

// sizes are units of length, area, weight and volume, each as a multiple of one of its kind.
var sizes = map[string]struct {
	kind string
	n    float64
}{
	"m": {"length", 1}, "km": {"length", 1000}, "mile": {"length", 1609.344}, "foot": {"length", 0.3048}, "inch": {"length", 0.0254},
	"yard": {"length", 0.9144}, "acre": {"area", 4046.856}, "hectare": {"area", 1e4}, "m2": {"area", 1}, "km2": {"area", 1e6},
	"mile2": {"area", 2589988}, "foot2": {"area", 0.092903}, "kg": {"weight", 1}, "pound": {"weight", 0.45359}, "ounce": {"weight", 0.028350},
	"gram": {"weight", 0.001}, "quintal": {"weight", 100}, "ton": {"weight", 1000}, "liter": {"volume", 1}, "gallon": {"volume", 3.78541},
	"barrel": {"volume", 158.987}, "bushel": {"volume", 35.2391},
}

// converted returns how many of one unit of size a unit of another is; 0 when they are of different kinds.
func converted(from, to string) float64 {
	a, b := sizes[from], sizes[to]
	if a.kind != b.kind || b.n == 0 {
		return 0
	}
	return a.n / b.n
}

// spans are units of time as multiples of smaller ones.
var spans = map[string]struct {
	base string
	n    float64
}{
	"week": {"day", 7}, "day": {"day", 1}, "fortnight": {"day", 14}, "hour": {"hour", 1}, "minute": {"hour", 1. / 60},
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
		s.borrow(&s.numbers[i])
		for j := range s.numbers {
			a, b := &s.numbers[i], &s.numbers[j]
			if b.first > a.last && b.first <= a.last+4 {
				s.shares(a, b)
			}
			if a.Value >= b.Value || b.first <= a.last || b.first > a.last+2 || a.Year {
				continue
			}
			switch gap := strings.Trim(s.text[a.End:b.Start], " %$€"); gap {
			case "or", "o", "to", "a", "and", "y", "–", "-":
				if a.unit == "" && b.unit != "" && a.Value < 1000 {
					a.unit = b.unit // "10 to 15 percent"
				}
				b.aged = b.aged || a.aged && b.unit == "" // "ages 6 and 9"
			}
			switch gap := strings.Trim(s.text[a.End:b.Start], " %$€"); {
			case gap == "–" || gap == "-", gap == "to" || gap == "a", gap == "and" || gap == "y":
				if f := s.toks[max(a.first-1, 0)].Fold; len(gap) == 3 && gap != "–" && f != "between" || gap == "y" && f != "entre" {
					continue
				}
				a.end, b.end = -1, 1
			}
		}
	}
}

// borrow gives a number that no word of substance follows the unit of the one before it in the sentence: "10 years, and
// at most 20".
func (s *statement) borrow(f *figure) {
	if f.unit != "" || f.Year || !s.ends(f.last) {
		return
	}
	last := -1
	for _, g := range s.numbers {
		if g.first < f.first && g.first > last && (s.words[g.first].sentence == s.words[f.first].sentence || spans[g.unit].n > 0) {
			last, f.borrowed = g.first, g.unit
		}
	}
}

// shares gives a number the power that only the one after it has as its other reading: 50 million for "50 of the 86
// million", 2 million for "between 2 and 3 million".
func (s *statement) shares(a, b *figure) {
	if a.Alt != 0 || a.Year || a.Value < 1 || b.Value < 1000 || s.words[a.first].sentence != s.words[b.first].sentence {
		return
	}
	switch gap := s.toks[a.last+1].Fold; {
	case gap == "of", gap == "de", a.last+1 == b.first:
	case b.first == a.last+2 && (gap == "to" || gap == "a" || gap == "and" || gap == "y" || gap == "or" || gap == "o"):
	default:
		return
	}
	digits := lang.Numbers(s.text[s.toks[b.first].Start:s.toks[b.first].End])
	if len(digits) == 1 && digits[0].Value > a.Value && b.Value >= 1000*digits[0].Value {
		a.Alt = a.Value * b.Value / digits[0].Value
	}
}

// afterPower gives a number the power that stands alone before it, in the Mexican manner: "mil 500", "mil 200 millones",
// "un millón 200 mil".
func (s *statement) afterPower(n *lang.Number) {
	for i, t := range s.toks {
		if i == 0 || t.Start != n.Start || !t.Digit || s.gap(i) != " " || n.Year {
			continue
		}
		digits := s.smallNumber(i)
		if d := lang.Numbers(s.text[t.Start:t.End]); digits == 0 && len(d) == 1 && d[0].Value < 1000 {
			digits = d[0].Value
		}
		switch prev := s.toks[i-1].Fold; {
		case digits == 0 || i > 1 && s.toks[i-2].Digit:
		case prev == "mil":
			n.Start, n.Value, n.Alt = s.toks[i-1].Start, n.Value/digits*(1000+digits), 0
		case prev == "millon" && n.Value >= 1000 && n.Value < 1e6:
			n.Start, n.Value, n.Alt = s.toks[i-1].Start, n.Value+1e6, 0
		}
		return
	}
}

// hasFigure reports whether the word at token i is a number that is looked at as such: the "a" of "more than a year".
func (s *statement) hasFigure(i int, unit string) bool {
	return slices.ContainsFunc(s.figures(), func(f figure) bool { return f.first == i && f.unit == unit })
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
		if sizes[f.unit].kind == "length" && s.squared(f.last+1) {
			f.unit += "2"
		}
		// "five calendar days", "28 straight days"
		for k := f.last + 1; f.unit == "" && k < len(s.toks) && k <= f.last+2; k++ {
			if strings.ContainsAny(s.gap(k), ",;:.()") || s.toks[k].Digit || ones.Has(s.toks[k].Fold) ||
				determinate.Has(s.toks[k].Fold) && s.toks[k].Fold != "other" {
				break
			}
			if f.unit = moreUnits[s.toks[k].Fold]; sizes[f.unit].kind == "length" && s.squared(k) {
				f.unit += "2"
			}
		}
		if next := s.toks[min(f.last+1, len(s.toks)-1)].Fold; f.last+1 < len(s.toks) && (next == "pm" || next == "p" ||
			s.afternoon(f.last+1)) && f.Value < 12 {
			f.Value += 12
		}
		if s.lang == lang.Spanish && f.Alt != 0 {
			f.Value, f.Alt = f.Alt, f.Value // "11.000" are thousands
		}
		if last := s.toks[f.last].Fold; f.last > f.first && beginsWith(last, "mill", "bill") {
			s.settle(&f)
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
		if before := s.toks[max(f.first-1, 0)].Fold; f.unit == "" && f.Value < 110 && (aging.Has(before) || s.inCommas(f)) {
			f.aged = true
		}
		out = append(out, f)
	}
	nums := lang.NumbersOf(s.text, s.toks)
	for _, n := range nums {
		if s.lang == lang.Spanish {
			s.afterPower(&n)
		}
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
	for _, t := range s.toks {
		if t.Fold == "once" && s.lang == lang.Spanish {
			take(lang.Number{Start: t.Start, End: t.End, Value: 11})
		}
	}
	for i, t := range s.toks { // "a pair of", "una treintena de"
		if n := collective[t.Fold]; n > 0 && i > 0 && i+1 < len(s.toks) && ones.Has(s.toks[i-1].Fold) && (s.toks[i+1].Fold == "of" ||
			s.toks[i+1].Fold == "de" || n >= 10 && s.lang == lang.Spanish) {
			take(lang.Number{Start: t.Start, End: t.End, Value: n})
		}
	}
	for i, t := range s.toks { // "more than a year", "a year and a half"
		if i == 0 || spans[moreUnits[t.Fold]].n == 0 {
			continue
		}
		if s.lang == lang.Spanish && s.andHalf(i+1) > 0 && !ones.Has(s.toks[i-1].Fold) && s.smallNumber(i-1) == 0 { // "casi hora y media"
			take(lang.Number{Start: t.Start, End: s.toks[i+2].End, Value: 1.5, Unit: moreUnits[t.Fold]})
		}
		if !ones.Has(s.toks[i-1].Fold) || s.toks[i-1].Fold == "per" {
			continue
		}
		n := lang.Number{Start: s.toks[i-1].Start, End: s.toks[i-1].End, Value: 1, Unit: moreUnits[t.Fold]}
		if half := s.andHalf(i + 1); half > 0 {
			n.Value, n.End = 1.5, s.toks[i+half].End
			take(n)
		} else if f := s.toks[i-1].Fold; (f == "a" || f == "an" || f == "un" || f == "una") &&
			(s.boundAt(i-1, i)&(cueOver|cueUnder) != 0 || s.smallNumber(min(i+2, len(s.toks)-1)) > 0 && s.joins(i+1)) {
			take(n)
		}
	}
	for i := 1; i+1 < len(s.toks); i++ { // "the third visit in as many months"
		a, b := s.toks[i-1].Fold, s.toks[i].Fold
		if (a != "as" || b != "many") && (a != "otros" || b != "tantos") {
			continue
		}
		if unit := moreUnits[s.toks[i+1].Fold]; spans[unit].n > 0 {
			if n := s.numberBefore(i - 1); n > 0 {
				take(lang.Number{Start: s.toks[i-1].Start, End: s.toks[i].End, Value: n, Unit: unit})
			}
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

// settle takes the one reading of a number of millions that the decimal mark of the other numbers of the text leaves: "4.061
// millones" beside "1,9 %" are thousands of millions, and beside "1.9 percent" they are not.
func (s *statement) settle(f *figure) {
	mark := s.decimalMark()
	at := strings.IndexAny(s.text[f.Start:f.End], ",.")
	if mark == 0 || at < 0 {
		return
	}
	if decimal := s.text[f.Start+at] == mark; f.Alt != 0 && decimal {
		f.Value = min(f.Value, f.Alt)
	} else if f.Alt != 0 {
		f.Value = max(f.Value, f.Alt)
	} else if third := f.Start + at + 3; decimal && mark == ',' && s.lang == lang.Spanish && third < f.End && digit(s.text[third]) {
		f.Value /= 1000 // "2,206 millones" beside "1,53 millones"
	}
	f.Alt = 0
}

// digit reports whether a byte is a digit.
func digit(b byte) bool { return '0' <= b && b <= '9' }

// decimalMark returns the mark before the decimals of the numbers of a text, as far as one has it before one or two digits: the
// comma of "1,9 %"; 0 when none has.
func (s *statement) decimalMark() byte {
	is := func(i int) bool { return i < len(s.text) && digit(s.text[i]) }
	for i := 1; i < len(s.text)-1; i++ {
		if c := s.text[i]; (c == '.' || c == ',') && is(i-1) && is(i+1) && !(is(i+2) && is(i+3)) {
			return c
		}
	}
	return 0
}

// numberBefore returns the last small number or ordinal of the sentence before token i, or 0.
func (s *statement) numberBefore(i int) float64 {
	for k := i - 1; k >= 0 && s.words[k].sentence == s.words[i].sentence; k-- {
		if n := ordinals[s.toks[k].Fold]; n > 0 {
			return float64(n)
		}
		if n := s.smallNumber(k); n > 0 {
			return n
		}
	}
	return 0
}

// aging stand before an age.
var aging = lang.SetOf(`under over aged age ages edad edades`)

// inCommas reports whether a number stands alone between commas after a word, as the age of a person does: "Ana Ruiz, 34,
// waited".
func (s *statement) inCommas(f figure) bool {
	if f.first == 0 || f.first != f.last || s.gap(f.first) != ", " || s.toks[f.first-1].Digit || f.Value != math.Trunc(f.Value) {
		return false
	}
	return strings.HasPrefix(s.text[f.End:], ",") && !(f.last+1 < len(s.toks) && (s.toks[f.last+1].Digit || lang.IsNumber(s.toks[f.last+1].Fold)))
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

// squared reports whether the unit at token i is one of area: "square miles", "millas cuadradas".
func (s *statement) squared(i int) bool {
	return i > 0 && s.toks[i-1].Fold == "square" || i+1 < len(s.toks) && strings.HasPrefix(s.toks[i+1].Fold, "cuadrad")
}

// joins reports whether an "and" stands at token i, and a unit of time after the number that follows it: "a year and three
// months".
func (s *statement) joins(i int) bool {
	return i+2 < len(s.toks) && (s.toks[i].Fold == "and" || s.toks[i].Fold == "y") && spans[moreUnits[s.toks[i+2].Fold]].n > 0
}

// compound returns the time that a number and the one after or before it come to together: 15 months for "a year and three
// months"; false when there is none.
func (s *statement) compound(f figure) (figure, bool) {
	for _, g := range s.figures() {
		a, b := f, g
		if g.first < f.first {
			a, b = g, f
		}
		x, y := spans[a.unit], spans[b.unit]
		if x.n <= y.n || y.n == 0 || x.base != y.base || b.first <= a.last || b.first > a.last+3 || !s.joins(b.first-1) {
			continue
		}
		b.Value += a.Value * x.n / y.n
		return b, true
	}
	return f, false
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
	case before == "one" || before == "un" || fold == "parte" || before == "a" && (s.ends(i) || comparatives.Has(s.toks[i+1].Fold)):
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
			if next := s.toks[k+1].Fold; next == "every" || next == "each" || next == "cada" {
				return true
			}
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
		if first > 1 && beginsWith(s.toks[first-2].Fold, "super", "rebas", "exced", "sobrepas", "rond", "roz") {
			return s.negated(first-2, s.words[first-2].cue&bounds) // "superan los 300"
		}
		return 0 // "below the 1.39 million of others" compares
	}
	if last+2 < len(s.toks) && spans[moreUnits[s.toks[last+1].Fold]].n > 0 {
		switch s.toks[last+2].Fold {
		case "before", "antes":
			if last+3 < len(s.toks) && len(s.gap(last+3)) == 1 {
				break // "more than a year before heading north"
			}
			fallthrough
		case "earlier", "ago", "atras":
			return 0 // "far fewer than two decades before" compares
		}
	}
	if first > 1 && s.toks[first-1].Fold == "past" && !determinate.Has(s.toks[first-2].Fold) && !lasting.Has(s.toks[first-2].Fold) {
		return cueOver // "climbed past 200"
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
	if s.short(first, last) {
		return cueUnder
	}
	for k := first - 1; k >= 0 && k >= first-4; k-- {
		if c := s.words[k].cue & (bounds | cueEven); c != 0 && !s.words[k].inside {
			if f := s.toks[k].Fold; (f == "under" || f == "below" || f == "over") && k == first-2 && s.toks[first-1].Fold == "a" &&
				s.toks[first].Digit {
				return 0 // "under a 120 million peso contract"
			}
			if s.toks[k].Fold == "hasta" && s.grows() || s.toks[k].Fold == "short" && k > 0 && s.words[k-1].cue&cuePassive != 0 {
				return 0 // "crecieron hasta 3.000", "is short of 3,000 workers"
			}
			if f := s.toks[k].Fold; (f == "over" || f == "within") && last+1 < len(s.toks) && spans[moreUnits[s.toks[last+1].Fold]].n > 0 {
				return c | cueEven // "over two years" may be in the course of them
			}
			return s.negated(k, c)
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

// short reports whether the text says that something does not come to the number: "no llegan al 1 %", "did not reach 40",
// "not even a third", "ni un tercio".
func (s *statement) short(first, last int) bool {
	k := first - 1
	if k >= 0 && leadsNumber.Has(s.toks[k].Fold) {
		k--
	}
	if k < 0 {
		return false
	}
	switch f := s.toks[k].Fold; {
	case f == "even" || f == "siquiera":
		return k > 0 && (s.words[k-1].cue&cueNot != 0 || s.toks[k-1].Fold == "ni" || s.toks[k-1].Fold == "without")
	case f == "ni":
		return k == first-1 || s.words[first].cue&quantities != 0
	case reaching.Has(f):
		for d := k - 1; d >= 0 && d >= k-3 && s.words[d].clause == s.words[k].clause; d-- {
			if s.words[d].cue&cueNot != 0 || s.toks[d].Fold == "without" || s.toks[d].Fold == "sin" {
				return true
			}
		}
	}
	return false
}

// leadsNumber may stand between a verb of coming to a number and the number.
var leadsNumber = lang.SetOf(`a al los las el`)

// negated returns the bound of the word at token k, turned where it is denied: "none has more than 27" and "did not
// exceed 27" are at most 27.
func (s *statement) negated(k int, c cue) cue {
	for d := k - 1; d >= 0 && d >= k-4 && s.words[d].clause == s.words[k].clause && c&cueAbout == 0 && !s.toks[d].Digit; d-- {
		if s.words[d].cue&(cueNot|cueNone) == 0 || s.words[d].inside {
			continue
		}
		switch c & (cueOver | cueUnder) {
		case cueOver:
			return c&^cueOver | cueUnder
		case cueUnder:
			return c&^cueUnder | cueOver
		}
	}
	return c
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
var between = lang.SetOf(`a an the la el los las un una total average just only us`)
