package lang

import (
	"math"
	"strconv"
	"strings"
)

// Number is a number as a text gives it, in digits or in words, with the power it is multiplied by and
// the unit that tells apart numbers that look alike.
type Number struct {
	Start, End int
	Value      float64
	Alt        float64 // the other reading of a lone point ("1.600": 1.6 or 1600); 0 when there is none
	Unit       string  // "%", "$", a duration or length ("day", "year", "km", …), or ""
	Year       bool    // four digits that name a year
}

// Same reports whether two numbers agree in value under some reading, and in unit where both have one.
func (n Number) Same(m Number) bool {
	if n.Unit != "" && m.Unit != "" && n.Unit != m.Unit {
		return false
	}
	eq := func(a, b float64) bool { return a == b || a != 0 && b != 0 && abs(a-b) < 1e-9*abs(a+b) }
	return eq(n.Value, m.Value) || n.Alt != 0 && (eq(n.Alt, m.Value) || m.Alt != 0 && eq(n.Alt, m.Alt)) ||
		m.Alt != 0 && eq(n.Value, m.Alt)
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

// Read-only after initialisation.
var (
	cardinals = map[string]float64{
		"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
		"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
		"cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
		"once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18,
		"diecinueve": 19, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
		"noventa": 90, "veintiun": 21, "veintiuno": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24,
		"veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
		"cien": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300, "trescientas": 300, "cuatrocientos": 400,
		"cuatrocientas": 400, "quinientos": 500, "quinientas": 500, "seiscientos": 600, "seiscientas": 600, "setecientos": 700,
		"setecientas": 700, "ochocientos": 800, "ochocientas": 800, "novecientos": 900, "novecientas": 900,
		"half": 0.5, "medio": 0.5, "media": 0.5,
		"dozen": 12, "docena": 12,
	}
	powers = map[string]float64{
		"hundred": 100, "thousand": 1e3, "mil": 1e3, "million": 1e6, "millions": 1e6, "millon": 1e6, "millones": 1e6,
		"billion": 1e9, "billions": 1e9, "bn": 1e9, "trillion": 1e12, "m": 1e6, "k": 1e3, "dozen": 12, "docena": 12, "docenas": 12,
	}
	units = map[string]string{
		"percent": "%", "percentage": "%", "day": "day", "days": "day", "dia": "day", "dias": "day",
		"week": "week", "weeks": "week", "semana": "week", "semanas": "week", "month": "month", "months": "month", "mes": "month",
		"meses": "month", "year": "year", "years": "year", "ano": "year", "anos": "year", "decade": "decade", "decades": "decade",
		"decada": "decade", "decadas": "decade", "hour": "hour", "hours": "hour", "hora": "hour", "horas": "hour",
		"km": "km", "kilometer": "km", "kilometers": "km", "kilometre": "km", "kilometres": "km", "kilometro": "km",
		"kilometros": "km", "mile": "mile", "miles": "mile", "milla": "mile", "millas": "mile",
		"dollar": "$", "dollars": "$", "dolar": "$", "dolares": "$", "usd": "$",
	}
)

// IsNumber reports whether a folded word is a cardinal number or a power of ten in words.
func IsNumber(fold string) bool {
	_, ok := cardinals[fold]
	return ok || len(fold) > 1 && powers[fold] > 0
}

// grouped returns the last of the tokens from i on that spaces group into one number, "302 203", with its value; i
// itself when there is no such group.
func grouped(text string, toks []Token, i int) (last int, value float64) {
	digits := func(k int) string {
		if t := toks[k]; t.Digit && strings.Trim(text[t.Start:t.End], "0123456789") == "" {
			return t.Fold
		}
		return ""
	}
	all := digits(i)
	if all == "" || len(all) > 3 || all[0] == '0' || i > 0 && Month(toks[i-1].Fold) > 0 {
		return i, 0
	}
	for last = i; last+1 < len(toks) && len(digits(last+1)) == 3; last++ {
		switch text[toks[last].End:toks[last+1].Start] {
		case " ", "\u00a0", "\u2009", "\u202f":
		default:
			value, _ = strconv.ParseFloat(all, 64)
			return last, value
		}
		all += digits(last + 1)
	}
	value, _ = strconv.ParseFloat(all, 64)
	return last, value
}

// rest returns what is left of a number in the Mexican manner after the power at token j, with its last token: 500 for
// "3 mil 500", 200,000 for "2 millones 200 mil"; 0 when nothing is.
func rest(text string, toks []Token, j int) (value float64, last int) {
	k := j + 1
	if k >= len(toks) || !toks[k].Digit || len(toks[k].Fold) > 3 || text[toks[j].End:toks[k].Start] != " " {
		return 0, j
	}
	v, err := strconv.ParseFloat(toks[k].Fold, 64)
	switch {
	case err != nil:
	case toks[j].Fold == "mil":
		return v, k
	case strings.HasPrefix(toks[j].Fold, "millon") && k+1 < len(toks) && toks[k+1].Fold == "mil":
		more, last := rest(text, toks, k+1)
		return 1000*v + more, last
	}
	return 0, j
}

// inWords returns the number that the word at token i begins with. "once" is eleven only before what shows it to be
// Spanish, and "ciento" a hundred only before another word for a number.
func inWords(toks []Token, i int) (float64, bool) {
	next := ""
	if i+1 < len(toks) {
		next = toks[i+1].Fold
	}
	v, ok := cardinals[toks[i].Fold]
	switch toks[i].Fold {
	case "once":
		return v, powers[next] > 0 || units[next] != "" && next != "day"
	case "media", "medio":
		return v, powers[next] > 0
	case "ciento":
		return 100, cardinals[next] > 0 && (i == 0 || toks[i-1].Fold != "por")
	}
	return v, ok
}

// Numbers returns the numbers of a text in order. "half a million", "500 mil", "$2 billion", "302 203", "3 mil 500",
// "treinta y cinco", "11 percent" and "2.000 millones" are one number each.
func Numbers(text string) []Number { return NumbersOf(text, Tokens(text)) }

// NumbersOf is Numbers for a text whose tokens are at hand.
func NumbersOf(text string, toks []Token) []Number {
	var out []Number
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		n := Number{Start: t.Start, End: t.End}
		word, ok := inWords(toks, i)
		j := i + 1
		switch {
		case t.Digit:
			f := strings.TrimSuffix(t.Fold, "s")
			v, err := strconv.ParseFloat(f, 64)
			if err != nil {
				continue
			}
			n.Value = v
			if p := strings.IndexByte(f, '.'); p > 0 && len(f)-p == 4 && p <= 3 && strings.IndexByte(text[t.Start:t.End], '.') >= 0 {
				n.Alt = v * 1000
			}
			n.Year = len(t.Fold) == 4 && text[t.Start:t.End] == t.Fold && v >= 1900 && v < 2100 && !scaled(text, toks, i)
			if last, v := grouped(text, toks, i); last > i {
				n.Value, n.End, j = v, toks[last].End, last+1
			}
		case ok:
			n.Value = word
		default:
			continue
		}
		for ; j < len(toks); j++ {
			f, gap := toks[j].Fold, text[toks[j-1].End:toks[j].Start]
			if strings.Trim(gap, " \u00a0-") != "" {
				break
			}
			if n.Value == 0.5 && (f == "a" || f == "de") && j+1 < len(toks) && powers[toks[j+1].Fold] > 0 {
				continue
			}
			p, isPower := powers[f]
			if isPower && (len(f) > 1 || gap == "" && t.Digit) && !n.Year {
				n.Value, n.Alt, n.End = n.Value*p, n.Alt*p, toks[j].End
				if more, last := rest(text, toks, j); last > j {
					n.Value, n.Alt, n.End, j = n.Value+more, 0, toks[last].End, last
				}
				continue
			}
			if t.Digit {
				break
			}
			k := j
			if (f == "and" && n.Value >= 100 || f == "y" && word >= 30) && j+1 < len(toks) {
				k++ // "one hundred and five", "treinta y cinco"
			}
			w := cardinals[toks[k].Fold]
			if unit := toks[k].Fold; k > j && f == "y" && (unit == "un" || unit == "uno" || unit == "una") {
				w = 1
			}
			hundreds := n.Value >= 100 && n.Value < 1000 && math.Mod(n.Value, 100) == 0
			if w >= 1 && (word >= 20 && word < 100 && w < 10 || hundreds && w < 100) { // "twenty-five"
				n.Value, n.End, word, j = n.Value+w, toks[k].End, w, k
				continue
			}
			break
		}
		if n.End > t.End {
			n.Year = false
		}
		rest := strings.TrimLeft(text[n.End:], " \u00a0")
		switch {
		case strings.HasPrefix(rest, "%"):
			n.Unit = "%"
		case t.Start > 0 && (text[t.Start-1] == '$'):
			n.Unit = "$"
		case j+1 < len(toks) && (toks[j].Fold == "per" || toks[j].Fold == "por") && (toks[j+1].Fold == "cent" || toks[j+1].Fold == "ciento"):
			n.Unit = "%"
		case j < len(toks) && strings.Trim(text[n.End:toks[j].Start], " \u00a0-") == "":
			n.Unit = units[toks[j].Fold]
			if n.Unit == "" && toks[j].Fold == "de" && j+1 < len(toks) {
				n.Unit = units[toks[j+1].Fold] // "millones de dólares"
			}
		}
		if n.Unit != "" {
			n.Year = false
		}
		out = append(out, n)
		i = j - 1
	}
	return out
}
