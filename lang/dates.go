package lang

import "strings"

// When is a date named in a text: a day, a month, a year, or a month and day without a year (Year 0).
type When struct {
	Start, End       int
	Year, Month, Day int
	Fiscal           bool // the year is a US fiscal year ("FY2023")
}

// Read-only after initialisation.
var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
	"november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
	"nov": 11, "dec": 12,
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "setiembre": 9,
	"octubre": 10, "noviembre": 11, "diciembre": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}

// scaled reports whether the four digits at token i count millions and name no year: "2000 millones", but not "en 2021
// millones de personas".
func scaled(text string, toks []Token, i int) bool {
	if i+1 >= len(toks) || text[toks[i].End:toks[i+1].Start] != " " {
		return false
	}
	switch toks[i+1].Fold {
	case "million", "billion", "trillion", "millones", "billones":
	default:
		return false
	}
	if strings.HasSuffix(toks[i].Fold, "00") || i == 0 {
		return true
	}
	switch toks[i-1].Fold {
	case "in", "since", "en", "desde", "durante":
		return false
	}
	return true
}

// Month returns 1–12 for the folded name of a month in either language, else 0.
func Month(fold string) int { return months[fold] }

// days are the folded names of the days of the week in both languages.
var days = map[string]int{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
	"domingo": 0, "lunes": 1, "martes": 2, "miercoles": 3, "jueves": 4, "viernes": 5, "sabado": 6,
}

// Weekday returns 0 (Sunday) to 6 for the folded name of a day in either language, else -1.
func Weekday(fold string) int {
	if len(fold) > 4 { // none is shorter
		if d, ok := days[fold]; ok {
			return d
		}
	}
	return -1
}

// Dates returns the dates of a text in order: "5 December 2018", "December 5", "mayo de 2023",
// "2018-12-05", "in 2020", "FY2023". Lower-case "may" and "mar" alone are words, not months, and the number of "2000
// millones" is no year.
func Dates(text string) []When { return DatesOf(text, Tokens(text)) }

// DatesOf is Dates for a text whose tokens are at hand.
func DatesOf(text string, toks []Token) []When {
	num := func(i, lo, hi, digits int) int {
		if i < 0 || i >= len(toks) || !toks[i].Digit || len(toks[i].Fold) > digits {
			return 0
		}
		n := 0
		for _, c := range toks[i].Fold {
			if c < '0' || c > '9' {
				return 0
			}
			n = n*10 + int(c-'0')
		}
		if n < lo || n > hi {
			return 0
		}
		return n
	}
	year := func(i int) int {
		if i < len(toks) && i >= 0 && toks[i].Digit && len(toks[i].Fold) == 4 && toks[i].End-toks[i].Start == 4 && !scaled(text, toks, i) {
			return num(i, 1800, 2199, 4)
		}
		return 0
	}
	gap := func(i, j int) string { return text[toks[i].End:toks[j].Start] }
	var out []When
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if y := year(i); y > 0 {
			w := When{Start: t.Start, End: t.End, Year: y}
			if i+2 < len(toks) && gap(i, i+1) == "-" && gap(i+1, i+2) == "-" { // 2018-12-05
				if m, d := num(i+1, 1, 12, 2), num(i+2, 1, 31, 2); m > 0 && d > 0 {
					w.Month, w.Day, w.End = m, d, toks[i+2].End
					i += 2
				}
			}
			out = append(out, w)
			continue
		}
		if y := year(i + 1); t.Fold == "fy" && y > 0 && toks[i+1].Start-t.End <= 1 {
			i++
			out = append(out, When{Start: t.Start, End: toks[i].End, Year: y, Fiscal: true})
			continue
		}
		m := months[t.Fold]
		if m == 0 {
			continue
		}
		w := When{Start: t.Start, End: t.End, Month: m}
		// The day before: "5 December", "5 de diciembre".
		if d := num(i-1, 1, 31, 2); d > 0 && gap(i-1, i) == " " {
			w.Day, w.Start = d, toks[i-1].Start
		} else if i >= 2 && toks[i-1].Fold == "de" {
			if d := num(i-2, 1, 31, 2); d > 0 {
				w.Day, w.Start = d, toks[i-2].Start
			}
		}
		j := i + 1
		if d := num(j, 1, 31, 2); d > 0 && w.Day == 0 && (gap(i, j) == " " || gap(i, j) == ". ") { // "December 5", "Dec. 5"
			w.Day, w.End = d, toks[j].End
			j++
		}
		if j < len(toks) && (toks[j].Fold == "de" || toks[j].Fold == "del" || toks[j].Fold == "of") {
			j++
		}
		if y := year(j); y > 0 && toks[j].Start-w.End <= 6 {
			w.Year, w.End = y, toks[j].End
			i = j
		}
		if w.Year == 0 && w.Day == 0 && (t.Fold == "may" || t.Fold == "mar" || t.Fold == "march" || t.Fold == "ago") && (!t.Upper || i == 0) {
			continue
		}
		out = append(out, w)
	}
	return out
}

func atoi4(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
