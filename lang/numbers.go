package lang

import (
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
		"noventa": 90, "cien": 100, "doscientos": 200, "quinientos": 500, "quinientas": 500, "half": 0.5, "medio": 0.5, "media": 0.5,
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

// Numbers returns the numbers of a text in order. "half a million", "500 mil", "$2 billion",
// "11 percent" and "2.000 millones" are one number each.
func Numbers(text string) []Number { return NumbersOf(text, Tokens(text)) }

// NumbersOf is Numbers for a text whose tokens are at hand.
func NumbersOf(text string, toks []Token) []Number {
	var out []Number
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		n := Number{Start: t.Start, End: t.End}
		word, ok := cardinals[t.Fold]
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
			n.Year = len(t.Fold) == 4 && text[t.Start:t.End] == t.Fold && v >= 1900 && v < 2100
		case ok && t.Fold != "once" && t.Fold != "media" && t.Fold != "medio":
			n.Value = word
		case ok && i+1 < len(toks) && powers[toks[i+1].Fold] > 0:
			n.Value = word
		default:
			continue
		}
		j := i + 1
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
				continue
			}
			if w, ok := cardinals[f]; ok && !t.Digit && word >= 20 && w < 10 && w > 0 { // "twenty-five"
				n.Value, n.End = n.Value+w, toks[j].End
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
