package verify

import (
	"math"
	"slices"
	"strings"
	"time"

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

// Words for the greatest and the least that may be, and verbs of coming to as many.
var (
	utmost   = lang.SetOf(`cap caps capping capped limit limited ceiling maximum quota allotment allowance tope limite limita limitar limito limitado topar topada topado maximo maxima techo cupo cuota`)
	lowest   = lang.SetOf(`floor minimum threshold minimo minima piso umbral`)
	reaching = lang.SetOf(`reach reaches reached reaching hit hits peak peaks peaked peaking topping llego llegar llegaron llegan llega llegado
		alcanzo alcanzaron alcanzar alcanzan alcanza alcanzado`)
)

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
