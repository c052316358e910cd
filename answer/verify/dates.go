package verify

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"policybot/corpus"
	"policybot/lang"
)

// checkDates holds every date and weekday of the claim to those of the source and its own date.
func (e *evidence) checkDates(v *Verdict) {
	e.checkSeasons(v)
	if i := e.otherTurn(); i >= 0 {
		v.fail("date", e.claim.show(max(i-1, 0), i))
	}
	if i := e.otherFeast(); i >= 0 {
		v.fail("date", e.claim.show(i, i))
	}
	claimed := slices.Concat(e.claim.dates(), holidays(e.claim.toks))
	var days []int
	for i, t := range e.claim.toks {
		if weekday(t.Fold) >= 0 {
			days = append(days, i)
		}
	}
	if len(claimed) == 0 && len(days) == 0 {
		return
	}
	known := e.dates()
	agree := func(a, b int) bool { return a == 0 || a == b }
	for _, d := range claimed {
		ok := false
		for _, h := range known {
			ok = ok || agree(d.Year, h.Year) && agree(d.Month, h.Month) && agree(d.Day, h.Day)
		}
		if !ok {
			v.fail("date", e.claim.text[d.Start:d.End])
			continue
		}
		if part, ok := e.claim.partOfMonth(d); ok && d.Month > 0 && d.Day == 0 {
			fits := false
			for _, h := range known {
				if agree(d.Year, h.Year) && d.Month == h.Month && h.Day > 0 {
					fits = fits || part == "early" && h.Day <= 12 || part == "mid" && 9 <= h.Day && h.Day <= 21 || part == "late" && h.Day >= 19
				}
			}
			fits = fits || e.source.tellsPart(part, d.Month)
			if !fits {
				v.fail("date", part+" "+e.claim.text[d.Start:d.End])
			}
		}
	}
	if d, ok := e.otherStart(claimed); ok {
		v.fail("date", "the start of "+e.claim.text[d.Start:d.End])
	}
	for _, i := range days {
		w := weekday(e.claim.toks[i].Fold)
		ok := false
		for _, t := range e.source.toks {
			ok = ok || weekday(t.Fold) == w
		}
		for _, h := range known {
			ok = ok || h.Day > 0 && h.Month > 0 && h.Year > 0 && dayOf(h) == w
		}
		for _, d := range claimed {
			if d.Year > 0 && d.Month > 0 && d.Day > 0 && d.Start-e.claim.toks[i].End >= 0 && d.Start-e.claim.toks[i].End < 6 {
				ok = ok && dayOf(d) == w
			}
		}
		if !ok && !e.eve(i) {
			v.fail("date", e.claim.show(i, i))
		}
	}
	e.checkDated(v)
}

// weekday returns the day of the week that a word is for, also of several: "on Sundays", "los domingos"; -1 when it is none.
func weekday(fold string) int {
	if d := lang.Weekday(fold); d >= 0 {
		return d
	}
	return lang.Weekday(strings.TrimSuffix(fold, "s"))
}

// tellsPart reports whether a text has the "early", "mid" or "late" of a month, and not only of other months.
func (s *statement) tellsPart(part string, month int) bool {
	for j, t := range s.toks {
		if s.endOfMonth(j) == part || part == "late" && endsIn(t.Fold, "termine", "acabe", "concluya", "finalice", "ends") {
			return true // "antes de que termine agosto"
		}
		if partsOfMonth[t.Fold] != part {
			continue
		}
		i := slices.IndexFunc(s.dates(), func(d lang.When) bool { return d.Month > 0 && d.Start >= t.End && d.Start-t.End < 6 })
		if i < 0 || s.dates()[i].Month == month {
			return true
		}
	}
	return false
}

// otherStart returns a year whose start, middle or end the claim tells of, when the source has that year only by itself
// and such a part of another, "since early 2014" for "since 1 January 2004; others say 2014", or has other parts of it.
func (e *evidence) otherStart(claimed []lang.When) (lang.When, bool) {
	for _, d := range claimed {
		part, ok := e.claim.partOfYear(d)
		if !ok || slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return partsOfMonth[t.Fold] == part }) {
			continue
		}
		own, bare, unlike, other := false, false, false, false
		for _, h := range e.source.dates() {
			fits := part == "early" && h.Month <= 4 || part == "mid" && 4 <= h.Month && h.Month <= 9 || part == "late" && h.Month >= 8
			_, told := e.source.partOfYear(h)
			switch mine := h.Year == d.Year; {
			case h.Year == 0, mine && h.Month > 0 && fits:
				own = true
			case mine && (told || h.Month > 0):
				unlike = true // "late 2022" for "mid-2022" or "March 2022"
			case mine:
				bare = true
			case h.Month > 0 && fits:
				other = true
			}
		}
		if !own && (other && bare || unlike && !bare) {
			return d, true
		}
	}
	return lang.When{}, false
}

// partOfYear returns the "early", "mid" or "late" that stands before a year: "the start of 2014", "early 2014".
func (s *statement) partOfYear(d lang.When) (string, bool) {
	if d.Year == 0 || d.Month > 0 {
		return "", false
	}
	return s.partOfMonth(d)
}

// seasons have the first of the three months that a season is at its height in.
var seasons = map[string]int{"spring": 3, "primavera": 3, "summer": 6, "verano": 6, "autumn": 9, "otono": 9, "winter": 12, "invierno": 12}

// season returns the first month of the season at token i, or 0. A "fall" is one after "in the", "last" and the like, or
// before "of" and a year.
func season(toks []lang.Token, i int) int {
	if toks[i].Fold != "fall" {
		return seasons[toks[i].Fold]
	}
	after := i + 1
	if after < len(toks) && toks[after].Fold == "of" {
		after++
	}
	if after < len(toks) && toks[after].Digit && len(toks[after].Fold) == 4 {
		return 9
	}
	if i > 0 && after == i+1 && (turnsOfYear.Has(toks[i-1].Fold) || toks[i-1].Fold == "the" && i > 1 && spells.Has(toks[i-2].Fold)) {
		return 9
	}
	return 0
}

// turnsOfYear stand before a season of a year near the present one, and spells before "the" and a season.
var (
	turnsOfYear = lang.SetOf(`last next this every each early late previous following past`)
	spells      = lang.SetOf(`in during since until by through over for`)
)

// seasonYear returns the year of a season that a text written on ref calls the last, this or the next one, or 0: said in
// October 2023, "next spring" is that of 2024.
func seasonYear(toks []lang.Token, i int, ref corpus.Date) int {
	first := season(toks, i)
	if first == 0 || ref.Year == 0 || ref.Month == 0 {
		return 0
	}
	word := func(k int) string {
		if k < 0 || k >= len(toks) {
			return ""
		}
		return toks[k].Fold
	}
	switch before, after := word(i-1), word(i+1); {
	case before == "next" || before == "coming" || strings.HasPrefix(before, "proxim") || strings.HasPrefix(after, "proxim"):
		if ref.Month >= first {
			return ref.Year + 1
		}
	case before == "last" || before == "past" || strings.HasPrefix(before, "pasad") || strings.HasPrefix(after, "pasad"):
		if ref.Month < first+3 {
			return ref.Year - 1
		}
	case before != "this" && before != "este" && before != "esta":
		return 0
	}
	return ref.Year
}

// checkSeasons holds a season to the seasons of the source, or to the months that it names: June, in part July too, may
// be told as summer.
func (e *evidence) checkSeasons(v *Verdict) {
	for i, t := range e.claim.toks {
		first := season(e.claim.toks, i)
		if first == 0 || t.Upper && i > 0 || e.claim.words[i].name > 0 {
			continue
		}
		same, other := false, false
		for j := range e.source.toks {
			if m := season(e.source.toks, j); m > 0 {
				same, other = same || m == first, true
			}
		}
		if !other {
			for _, d := range e.source.dates() {
				if d.Month > 0 {
					same, other = same || (d.Month-first+13)%12 <= 4, true // a month on either side
				}
			}
		}
		if other && !same {
			v.fail("date", e.claim.show(i, i))
		}
	}
}

// turnOf returns the unit of time at token i, whether the text speaks of its end, "the end of the year", and whether it is this
// one, the next or the last: "next year".
func (s *statement) turnOf(i int) (unit string, end bool, turn string) {
	unit = moreUnits[s.toks[i].Fold]
	if spans[unit].n < 1 || unit == "day" || unit == "hour" {
		return "", false, ""
	}
	for k := i - 1; k >= 0 && k >= i-4 && !end; k-- {
		f := s.toks[k].Fold
		if end = f == "end" || f == "fin" || f == "fines" || f == "finales"; !end && !leadsTurn.Has(f) {
			break
		}
	}
	before, after := "", ""
	if i > 0 {
		before = s.toks[i-1].Fold
	}
	if i+1 < len(s.toks) && s.gap(i+1) == " " {
		after = s.toks[i+1].Fold
	}
	switch {
	case before == "next" || before == "following" || beginsWith(before, "proxim") ||
		beginsWith(after, "proxim", "siguiente", "entrante") || after == "que" && i+2 < len(s.toks) && s.toks[i+2].Fold == "viene":
		turn = "next"
	case before == "this" || before == "current" || before == "este" || before == "esta":
		turn = "this"
	case (before == "last" || before == "previous") && (i < 2 || s.toks[i-2].Fold != "the") || beginsWith(after, "pasad", "anterior"):
		turn = "last"
	}
	return unit, end, turn
}

// leadsTurn may stand between "end" and the unit of time that ends.
var leadsTurn = lang.SetOf(`of de the del la el this este esta next following proximo current`)

// otherTurn returns a unit of time of the claim of which it says otherwise than the source, or -1: "the end of the year" for "the
// end of the month", "next year" for "this year".
func (e *evidence) otherTurn() int {
	for i := range e.claim.toks {
		unit, end, turn := e.claim.turnOf(i)
		if unit == "" || !end && turn == "" {
			continue
		}
		sameUnit, otherEnd, sameTurn, otherTurn, otherUnit := false, false, false, false, false
		for j := range e.source.toks {
			switch u, ends, t := e.source.turnOf(j); {
			case u == unit:
				sameUnit = true
				sameTurn, otherTurn = sameTurn || t == turn || t == "", otherTurn || t != turn && t != ""
			case u != "":
				otherEnd, otherUnit = otherEnd || ends, otherUnit || t == turn && ends == end
			}
		}
		if end && otherEnd && !sameUnit || turn != "" && (otherTurn && !sameTurn || otherUnit && !sameUnit) {
			return i
		}
	}
	return -1
}

// feasts are days of the year that have a name, those of one number for one another.
var feasts = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`christmas navidad
easter pascua holy_week semana_santa
thanksgiving accion_de_gracias
day_of_the_dead dia_de_muertos dia_de_los_muertos all_saints todos_los_santos
halloween
new_year ano_nuevo nochevieja
independence_day dia_de_la_independencia fourth_of_july fiestas_patrias
labor_day labour_day dia_del_trabajo may_day
carnival carnaval
ramadan
lent cuaresma
epiphany three_kings dia_de_reyes
mother_s_day mothers_day dia_de_la_madre dia_de_las_madres
memorial_day
valentine san_valentin`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// feastsBegin has the first words of feasts.
var feastsBegin = func() map[string]bool {
	m := map[string]bool{}
	for name := range feasts {
		first, _, _ := strings.Cut(name, "_")
		m[first] = true
	}
	return m
}()

// feastAt returns the number in feasts of the one whose name begins at token i, or 0.
func (s *statement) feastAt(i int) int {
	name := s.toks[i].Fold
	if !feastsBegin[name] {
		return 0
	}
	for k := i; k < len(s.toks) && k < i+4; k++ {
		if k > i {
			name += "_" + s.toks[k].Fold
		}
		if n := feasts[name]; n > 0 {
			return n
		}
	}
	return 0
}

// otherFeast returns a holiday of the claim when the source has another and not that, or -1: "until Christmas" for "until Easter".
func (e *evidence) otherFeast() int {
	for i := range e.claim.toks {
		n := e.claim.feastAt(i)
		if n == 0 {
			continue
		}
		same, other := false, false
		for j := range e.source.toks {
			m := e.source.feastAt(j)
			same, other = same || m == n, other || m > 0
		}
		if other && !same {
			return i
		}
	}
	return -1
}

// eve reports whether the weekday at token i of the claim is the one from which a night leads into a day of the
// source: "the night from Friday to Saturday".
func (e *evidence) eve(i int) bool {
	c := e.claim
	if i+2 >= len(c.toks) || !ranges.Has(c.toks[i+1].Fold) || !c.hasWord("night", "midnight", "overnight", "noche", "medianoche", "madrugada") {
		return false
	}
	next := weekday(c.toks[i+2].Fold)
	return next >= 0 && next == (weekday(c.toks[i].Fold)+1)%7 &&
		slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return weekday(t.Fold) == next })
}

// checkDated holds the year or month that follows a number at once to the one that follows it in the source: "9
// percent in 2012" is not 9 percent in 2019.
func (e *evidence) checkDated(v *Verdict) {
	for _, f := range e.claim.figures() {
		mine, ok := e.claim.datedFigure(f)
		if !ok {
			mine, ok = e.claim.yearBefore(f)
		}
		if !ok || f.Year {
			continue
		}
		found, agrees := false, false
		for _, g := range e.source.figures() {
			if !f.value(g, f.bound != 0) {
				continue
			}
			theirs, ok := e.source.datedFigure(g)
			if !ok {
				found = false
				break
			}
			found = true
			agrees = agrees || mine.Year == theirs.Year || mine.Year == 0 || theirs.Year == 0
		}
		if found && !agrees {
			v.fail("date", e.claim.text[f.Start:mine.End])
			return
		}
	}
}

// yearBefore returns the year before the last one that the text names, where a number is said to be of it: 2021 for "4,820 in
// 2022, up from 3,095 the year before".
func (s *statement) yearBefore(f figure) (lang.When, bool) {
	for k := f.last + 1; k < len(s.toks) && k <= f.last+4; k++ {
		if moreUnits[s.toks[k].Fold] != "year" {
			continue
		}
		d, ok := s.dateBefore(f.first)
		if n, sign := stepAt(s.text, s.toks, k); !ok || n != 1 || sign != -1 || d.Year == 0 {
			break
		}
		return lang.When{Start: d.Start, End: s.toks[k].End, Year: d.Year - 1}, true
	}
	return lang.When{}, false
}

// dating stand between a number and its date.
var dating = lang.SetOf(`in en of de for the el ano fiscal fy`)

// datedFigure returns the date that follows a number with nothing but small words between: 2012 of "9 percent in
// 2012".
func (s *statement) datedFigure(f figure) (lang.When, bool) {
	for _, d := range s.dates() {
		if d.Start < f.End {
			continue
		}
		for k := f.last + 1; k < len(s.toks) && k <= f.last+5; k++ {
			t := s.toks[k]
			if t.Start >= d.Start {
				return d, true
			}
			if strings.ContainsAny(s.text[s.toks[k-1].End:t.Start], ",;:.()") || !dating.Has(t.Fold) && moreUnits[t.Fold] == "" {
				break
			}
		}
		break
	}
	return lang.When{}, false
}

// dayOf returns the weekday of a full date, 0 for Sunday.
func dayOf(w lang.When) int {
	return int(time.Date(w.Year, time.Month(w.Month), w.Day, 0, 0, 0, 0, time.UTC).Weekday())
}

// partsOfMonth lead words that stand before a month or year to its early, middle or late part: "a finales de mayo".
var partsOfMonth = map[string]string{
	"early": "early", "beginning": "early", "start": "early", "principios": "early", "comienzos": "early", "inicios": "early",
	"mid": "mid", "middle": "mid", "mediados": "mid", "late": "late", "end": "late", "finales": "late", "fines": "late",
}

// endOfMonth returns the part of a month that a word at token i tells in days or weeks: "the first week of the month".
func (s *statement) endOfMonth(i int) string {
	if i == 0 || moreUnits[s.toks[i].Fold] != "week" && moreUnits[s.toks[i].Fold] != "day" {
		return ""
	}
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		switch c := s.words[k].cue; {
		case c&cueFirst != 0:
			return "early"
		case c&cueLast != 0:
			return "late"
		case c&cueOrder != 0 && moreUnits[s.toks[i].Fold] == "week" && (ordinals[s.toks[k].Fold] == 2 || ordinals[s.toks[k].Fold] == 3):
			return "mid"
		}
	}
	return ""
}

// holidays returns the days of a text that have a name, without their year: "Christmas Eve" is 24 December.
func holidays(toks []lang.Token) []lang.When {
	var out []lang.When
	for i, t := range toks {
		if !holidayWords.Has(t.Fold) {
			continue
		}
		first, name := i, t.Fold
		for k := i - 1; k >= 0 && k >= i-2 && (name == "eve" || name == "day" || name == "nuevo" || name == "navidad"); k-- {
			first, name = k, toks[k].Fold+" "+name
			if d, ok := holidayDates[name]; ok {
				out = append(out, lang.When{Start: toks[first].Start, End: t.End, Month: d[0], Day: d[1]})
				break
			}
		}
		if d, ok := holidayDates[name]; ok && first == i {
			out = append(out, lang.When{Start: t.Start, End: t.End, Month: d[0], Day: d[1]})
		}
	}
	return out
}

// holidayDates have the month and day of what ends in one of holidayWords.
var (
	holidayWords = lang.SetOf(`eve day nochebuena nochevieja navidad nuevo`)
	holidayDates = map[string][2]int{"christmas eve": {12, 24}, "christmas day": {12, 25}, "new year eve": {12, 31}, "new year day": {1, 1},
		"nochebuena": {12, 24}, "nochevieja": {12, 31}, "dia de navidad": {12, 25}, "ano nuevo": {1, 1}}
)

// partOfMonth returns the "early", "mid" or "late" that stands before a date.
func (s *statement) partOfMonth(d lang.When) (string, bool) {
	for i, t := range s.toks {
		if t.Start >= d.Start {
			for k := i - 1; k >= 0 && k >= i-2; k-- {
				if f := s.toks[k].Fold; (f == "start" || f == "end") && k+1 < len(s.toks) && s.toks[k+1].Fold == "in" {
					continue // "work would start in October"
				}
				if p, ok := partsOfMonth[s.toks[k].Fold]; ok {
					return p, true
				}
			}
			break
		}
	}
	return "", false
}

// dates returns the dates of the source: those it names, those its weekdays and relative words mean, and
// its own date as far as it names none as precise.
func (e *evidence) dates() []lang.When {
	var out []lang.When
	day, year := false, false
	for qi, q := range e.quotes {
		ref := e.asOf[qi].To
		if ref.IsZero() {
			ref = e.asOf[qi].From
		}
		if len(e.quotes) == 1 {
			out = append(out, resolve(e.source.text, e.source.toks, e.source.dates(), ref, &day, &year)...)
			continue
		}
		toks := lang.Tokens(q)
		out = append(out, resolve(q, toks, lang.DatesOf(q, toks), ref, &day, &year)...)
	}
	if e.question != "" {
		out = append(out, lang.Dates(e.question)...)
	}
	for _, p := range e.asOf {
		for _, d := range []corpus.Date{p.From, p.To} {
			w := lang.When{Year: d.Year, Month: d.Month, Day: d.Day}
			if year {
				if !slices.ContainsFunc(out, func(h lang.When) bool { return h.Year == w.Year }) {
					continue
				}
			}
			if day {
				w.Day = 0
			}
			out = append(out, w)
		}
	}
	return out
}

// stepAt returns how many of the unit of time at token i lie between a date that the text names and another, and
// whether after (1) or before it (-1): "the previous year", "two days later", "al día siguiente". It is 0 when none do.
func stepAt(text string, toks []lang.Token, i int) (n, sign int) {
	n = 1
	if m := lang.Numbers(text[toks[i-1].Start:toks[i-1].End]); len(m) == 1 && m[0].Value == math.Trunc(m[0].Value) && m[0].Value < 100 {
		n = int(m[0].Value)
	}
	for k := i - 1; k <= i+2 && k < len(toks); k++ {
		switch toks[k].Fold {
		case "previous", "preceding", "earlier", "before", "prior", "previo", "anterior", "antes":
			return n, -1
		case "next", "following", "later", "after", "afterwards", "siguiente", "despues", "tarde":
			return n, 1
		}
	}
	return 0, 0
}

// moved returns a date that lies some units of time from another: a month after December 2021 is January 2022.
func moved(d lang.When, unit string, n int) (lang.When, bool) {
	if d.Year == 0 || n < -100 || n > 100 {
		return d, false
	}
	switch {
	case unit == "year":
		return lang.When{Year: d.Year + n, Month: d.Month}, true
	case unit == "month" && d.Month > 0:
		months := d.Year*12 + d.Month - 1 + n
		return lang.When{Year: months / 12, Month: months%12 + 1}, true
	case (unit == "day" || unit == "week") && d.Day > 0:
		t := time.Date(d.Year, time.Month(d.Month), d.Day+n*int(spans[unit].n), 0, 0, 0, 0, time.UTC)
		return lang.When{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, true
	}
	return d, false
}

// resolve returns the dates of a text, and those that its weekdays and relative words mean when it was said on ref.
func resolve(text string, toks []lang.Token, dates []lang.When, ref corpus.Date, day, year *bool) []lang.When {
	out := slices.Concat(dates, holidays(toks))
	for i := range out {
		*day = *day || out[i].Day > 0
		*year = *year || out[i].Year > 0
		if out[i].Year == 0 && ref.Year > 0 {
			w := out[i]
			w.Year = ref.Year
			for _, o := range out {
				if o.Year > 0 && o.Year != ref.Year {
					also := w
					also.Year = o.Year
					out = append(out, also)
				}
			}
			if ref.Month > 0 && w.Month > ref.Month+6 {
				w.Year--
			}
			out = append(out, w)
		}
	}
	for i, t := range toks { // "than the year before", "two days later"
		unit := moreUnits[t.Fold]
		if spans[unit].n == 0 || i == 0 {
			continue
		}
		n, sign := stepAt(text, toks, i)
		if n == 0 {
			continue
		}
		for _, o := range slices.Clone(out) { // "in August, and in the same month a year earlier"
			if w, ok := moved(o, unit, n*sign); ok {
				*day = *day || w.Day > 0
				out = append(out, w)
			}
		}
	}
	for i, t := range toks { // "the last day of May 2019"
		if i == 0 || moreUnits[t.Fold] != "day" {
			continue
		}
		last := toks[i-1].Fold == "last" || toks[i-1].Fold == "final" || toks[i-1].Fold == "ultimo"
		for _, d := range dates {
			if d.Start < t.End || d.Start-t.End > 8 || d.Month == 0 || d.Year == 0 || d.Day > 0 {
				continue
			}
			if w := (lang.When{Year: d.Year, Month: d.Month, Day: 1}); last {
				w.Day = time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
				out = append(out, w)
			} else if toks[i-1].Fold == "first" || toks[i-1].Fold == "primer" {
				out = append(out, w)
			}
		}
	}
	for i, t := range toks { // "the first of May", "the end of the month"
		if i == 0 || ref.Year == 0 {
			continue
		}
		if f := t.Fold; f == "first" || f == "primero" {
			for _, d := range slices.Clone(out) {
				if d.Start >= t.End && d.Start-t.End <= 4 && d.Month > 0 && d.Day == 0 {
					out = append(out, lang.When{Year: d.Year, Month: d.Month, Day: 1})
				}
			}
		}
		unit := moreUnits[t.Fold]
		if ref.Month == 0 || unit != "month" && unit != "year" || !ended.Has(toks[max(i-3, 0)].Fold) && !ended.Has(toks[max(i-2, 0)].Fold) {
			continue
		}
		last := time.Date(ref.Year, 12, 31, 0, 0, 0, 0, time.UTC)
		if unit == "month" {
			last = time.Date(ref.Year, time.Month(ref.Month)+1, 0, 0, 0, 0, 0, time.UTC)
		}
		out = append(out, lang.When{Year: last.Year(), Month: int(last.Month()), Day: last.Day()})
	}
	for i, t := range toks { // "by the end of May 2019"
		if t.Fold != "end" && t.Fold != "finales" && t.Fold != "fines" || i == 0 {
			continue
		}
		if !until.Has(toks[i-1].Fold) && (i == 1 || !until.Has(toks[i-2].Fold)) {
			continue
		}
		for _, d := range dates {
			if d.Start >= t.End && d.Start-t.End <= 4 && d.Month > 0 && d.Year > 0 && d.Day == 0 {
				w := lang.When{Year: d.Year, Month: d.Month}
				w.Day = time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
				out = append(out, w)
			}
		}
	}
	for i := range toks {
		if w, ok := nthWeekday(toks, i, dates, ref); ok {
			*day = true
			out = append(out, w)
		}
	}
	for _, t := range toks { // "on the 20th"
		raw := text[t.Start:t.End]
		if !t.Digit || len(t.Fold) > 2 || len(raw) < 3 || raw[len(raw)-1] < 'a' {
			continue
		}
		n := 0
		for _, c := range t.Fold {
			n = n*10 + int(c-'0')
		}
		for _, o := range out {
			if o.Month > 0 && o.Day == 0 && n > 0 && n < 32 {
				out = append(out, lang.When{Year: o.Year, Month: o.Month, Day: n})
			}
		}
	}
	for i, t := range toks { // "the first 11 months of 2023"
		if moreUnits[t.Fold] != "month" || i < 2 || i+2 >= len(toks) {
			continue
		}
		f, m := toks[i-2].Fold, toks[i-1]
		if f != "first" && f != "primeros" {
			if f, m = toks[i-1].Fold, toks[i-2]; f != "first" && f != "primeros" {
				continue
			}
		}
		n := lang.Numbers(text[m.Start:m.End])
		y := toks[i+2]
		if len(n) == 1 && n[0].Value >= 1 && n[0].Value <= 12 && y.Digit && len(y.Fold) == 4 {
			year, _ := strconv.Atoi(y.Fold)
			out = append(out, lang.When{Year: year, Month: 1}, lang.When{Year: year, Month: int(n[0].Value)})
		}
	}
	for i := range toks {
		if y := seasonYear(toks, i, ref); y > 0 {
			out = append(out, lang.When{Year: y})
		}
		if first, last := partOfYearAt(toks, i); first > 0 {
			y := ref.Year
			for _, d := range dates {
				if d.Start >= toks[i].End && d.Start-toks[i].End < 9 && d.Year > 0 {
					y = d.Year
				}
			}
			for m := first; m <= last; m++ {
				out = append(out, lang.When{Year: y, Month: m})
			}
		}
	}
	if ref.Year == 0 {
		return out
	}
	at := ref.First()
	add := func(t time.Time, precision int) {
		w := lang.When{Year: t.Year()}
		if precision > 1 && ref.Month > 0 {
			w.Month = int(t.Month())
		}
		if precision > 2 && ref.Day > 0 {
			w.Day = t.Day()
			*day = true
		}
		out = append(out, w)
	}
	word := func(i int) string {
		if i < 0 || i >= len(toks) {
			return ""
		}
		return toks[i].Fold
	}
	for i, t := range toks {
		if w := weekday(t.Fold); w >= 0 && ref.Day > 0 {
			if slices.ContainsFunc(dates, func(d lang.When) bool { return d.Day > 0 && d.Start >= t.End && d.Start-t.End < 6 }) {
				continue // "Thursday 11 May"
			}
			back := (int(at.Weekday()) - w + 7) % 7
			add(at.AddDate(0, 0, -back), 3)
			if back == 0 {
				add(at.AddDate(0, 0, -7), 3)
			}
			add(at.AddDate(0, 0, 7-back), 3)
			continue
		}
		past := word(i-1) == "last" || word(i-1) == "past" || word(i-1) == "previous" ||
			word(i+1) == "pasado" || word(i+1) == "pasada" || word(i+1) == "anterior"
		next := word(i-1) == "next" || word(i+1) == "proximo" || word(i+1) == "proxima" || word(i-1) == "proximo" || word(i-1) == "proxima" ||
			word(i+1) == "que" && word(i+2) == "viene" || word(i+1) == "entrante"
		if f := word(i - 1); (f == "this" || f == "este") && (t.Fold == "year" || t.Fold == "ano") {
			add(at, 1)
		}
		step := 0
		if past {
			step = -1
		} else if next {
			step = 1
		}
		switch t.Fold {
		case "yesterday", "ayer":
			add(at.AddDate(0, 0, -1), 3)
		case "today", "hoy", "tonight":
			add(at, 3)
		case "tomorrow", "manana":
			add(at.AddDate(0, 0, 1), 3)
		case "month", "mes":
			if step != 0 {
				add(at.AddDate(0, step, 1-at.Day()), 2)
			}
		case "year", "ano":
			if step != 0 {
				add(at.AddDate(step, 0, 0), 1)
			}
		case "week", "semana":
			if step != 0 {
				add(at.AddDate(0, 0, 7*step), 2)
			}
		}
	}
	return out
}

// nthWeekday returns the date of a weekday at token i that is counted in a month: "the first Monday of June".
func nthWeekday(toks []lang.Token, i int, dates []lang.When, ref corpus.Date) (lang.When, bool) {
	w := weekday(toks[i].Fold)
	if w < 0 || i == 0 || ordinalOf[toks[i-1].Fold] == 0 {
		return lang.When{}, false
	}
	for _, d := range dates {
		if d.Start < toks[i].End || d.Start-toks[i].End > 5 || d.Month == 0 || d.Day > 0 {
			continue
		}
		if d.Year == 0 {
			d.Year = ref.Year
		}
		first := time.Date(d.Year, time.Month(d.Month), 1, 0, 0, 0, 0, time.UTC)
		n := (w-int(first.Weekday())+7)%7 + 7*(ordinalOf[toks[i-1].Fold]-1)
		return lang.When{Year: d.Year, Month: d.Month, Day: 1 + n}, d.Year > 0
	}
	return lang.When{}, false
}

// partOfYearAt returns the first and last month of the half or quarter of a year that token i ends, or 0: "the second
// quarter", "el primer semestre".
func partOfYearAt(toks []lang.Token, i int) (first, last int) {
	n := yearParts[toks[i].Fold]
	if n == 0 || i == 0 {
		return 0, 0
	}
	if f := toks[i].Fold; f == "half" || f == "mitad" { // "of the year", "of 2023"
		k := i + 1
		for k < len(toks) && k <= i+2 && (toks[k].Fold == "of" || toks[k].Fold == "the" || toks[k].Fold == "del") {
			k++
		}
		if k >= len(toks) || toks[k].Fold != "year" && toks[k].Fold != "ano" && !(toks[k].Digit && len(toks[k].Fold) == 4) {
			return 0, 0
		}
	}
	which := ordinalOf[toks[i-1].Fold]
	if which == 0 || which*n > 12 {
		return 0, 0
	}
	return which*n - n + 1, which * n
}

// yearParts have how many months a part of a year is long, and ordinalOf which one it is.
var (
	yearParts = map[string]int{"half": 6, "mitad": 6, "semester": 6, "semestre": 6, "quarter": 3, "trimestre": 3, "trimester": 3}
	ordinalOf = map[string]int{"first": 1, "primer": 1, "primera": 1, "second": 2, "segundo": 2, "segunda": 2, "third": 3, "tercer": 3,
		"fourth": 4, "cuarto": 4}
)

// ended stand before a time of which the end is meant.
var ended = lang.SetOf(`end fin fines finales`)

// until stand before the last day of a time.
var until = lang.SetOf(`by until till through to hasta`)

// often are words for how often something is counted.
var often = map[string]string{
	"daily": "day", "diario": "day", "diaria": "day", "diarios": "day", "diarias": "day", "diariamente": "day",
	"weekly": "week", "semanal": "week", "semanales": "week", "semanalmente": "week",
	"monthly": "month", "mensual": "month", "mensuales": "month", "mensualmente": "month",
	"yearly": "year", "annual": "year", "annually": "year", "anual": "year", "anuales": "year", "anualmente": "year", "hourly": "hour",
}

// checkTimes holds times without a number to the source: "a week later", "1,450 a day", "daily".
func (e *evidence) checkTimes(v *Verdict) {
	c := e.claim
	for i, t := range c.toks {
		unit, one := often[t.Fold], false
		if unit == "" && i > 0 && (ones.Has(c.toks[i-1].Fold) || i > 1 && c.toks[i-1].Fold == "la" && c.toks[i-2].Fold == "a") {
			unit, one = moreUnits[t.Fold], true
			if i > 1 && (c.toks[i-2].Fold == "half" || c.toks[i-2].Fold == "media" || c.toks[i-2].Fold == "medio") ||
				t.Fold == "mes" && c.toks[i-1].Fold == "al" && i > 1 && weekday(c.toks[i-2].Fold) >= 0 {
				continue
			}
		}
		if unit == "" && i > 0 && c.words[i-1].cue&(cueFirst|cueLast) != 0 && singular.Has(t.Fold) {
			if e.otherUnit(moreUnits[t.Fold]) {
				unit, one = moreUnits[t.Fold], true // "his first year"
			} else if e.source.otherFirst(moreUnits[t.Fold]) {
				v.fail("number", c.show(i-1, i))
				return
			}
		}
		if c.andHalf(i+1) > 0 || i+2 < len(c.toks) && c.toks[i+2].Fold == "otro" && spans[unit].n > 0 {
			continue // a number; "de un día para otro"
		}
		if spans[unit].n == 0 || unit == "decade" || unit == "minute" || c.words[i].name > 0 || one && c.hasFigure(i-1, unit) {
			continue
		}
		if e.source.timed(unit) || e.question != "" && strings.Contains(e.question, t.Fold) ||
			e.timeThere(unit, one && i+1 < len(c.toks) && apart.Has(c.toks[i+1].Fold) || one && i > 1 && c.toks[i-2].Fold == "within", i) {
			continue
		}
		v.fail("number", c.show(max(i-1, 0), i))
		return
	}
}

// singular are units of time of which the first or last is one; "the first days" are only early.
var singular = lang.SetOf(`year month week ano mes semana`)

// otherFirst reports whether a text tells of the first or last of some units of time, but never of this one: "the first
// week of the month".
func (s *statement) otherFirst(unit string) bool {
	other := false
	for i := 1; i < len(s.toks); i++ {
		u := moreUnits[s.toks[i].Fold]
		if spans[u].n == 0 || s.words[i-1].cue&(cueFirst|cueLast) == 0 {
			continue
		}
		if u == unit {
			return false
		}
		other = true
	}
	return other
}

// otherUnit reports whether the source speaks of times, but of none of this unit nor of a date that may be one: "a
// week" where the source has only months.
func (e *evidence) otherUnit(unit string) bool {
	other := false
	for _, t := range e.source.toks {
		switch u := moreUnits[t.Fold]; {
		case u == unit, often[t.Fold] == unit:
			return false
		case spans[u].n > 0:
			other = true
		}
	}
	return other
}

// ones stand before a unit for one of it, or for each.
var ones = lang.SetOf(`a an one un una per each every al por cada`)

// timeThere reports whether the source has a time in other units that comes to one of a unit, or that the
// claim rounds to it.
func (e *evidence) timeThere(unit string, later bool, i int) bool {
	u := spans[unit]
	within := i > 1 && (e.claim.toks[i-2].Fold == "within" || e.claim.words[i-2].cue&(cueAbout|cueUnder) != 0)
	for _, g := range e.source.figures() {
		if w, ok := spans[g.unit]; ok && w.base == u.base && (g.Value*w.n == u.n || within && g.Value*w.n >= u.n*0.75 && g.Value*w.n <= u.n) {
			return true
		}
	}
	for _, t := range e.source.toks {
		if often[t.Fold] == unit {
			return true
		}
	}
	if !later || e.source.otherApart(unit) {
		return false
	}
	if at, ok := e.claim.dateBefore(i); ok && at.Year > 0 && (unit == "year" || unit == "month" && at.Month > 0) {
		return e.dated(at, int(u.n))
	}
	switch dates := e.dates(); unit {
	case "year":
		for _, a := range dates {
			for _, b := range dates {
				if a.Year > 0 && b.Year == a.Year+1 {
					return true
				}
			}
		}
	case "month":
		for _, a := range dates {
			for _, b := range dates {
				if a.Month > 0 && b.Month == a.Month%12+1 {
					return true
				}
			}
		}
	case "day", "week":
		for _, a := range dates {
			for _, b := range dates {
				if a.Day > 0 && a.Month == b.Month && b.Day-a.Day == int(u.n) {
					return true
				}
			}
		}
	}
	return false
}

// otherApart reports whether a text itself tells that one of another unit of time lies between two events: "a week after".
func (s *statement) otherApart(unit string) bool {
	for i := 1; i+1 < len(s.toks); i++ {
		u := moreUnits[s.toks[i].Fold]
		if spans[u].n > 0 && u != unit && ones.Has(s.toks[i-1].Fold) && apart.Has(s.toks[i+1].Fold) {
			return true
		}
	}
	return false
}

// dateBefore returns the last date that a sentence names before token i.
func (s *statement) dateBefore(i int) (lang.When, bool) {
	for _, d := range slices.Backward(s.dates()) {
		if d.End <= s.toks[i].Start && !strings.ContainsAny(s.text[d.End:s.toks[i].Start], ".;") {
			return d, true
		}
	}
	return lang.When{}, false
}

// dated reports whether the source has a date that lies a number of months from another, on either side.
func (e *evidence) dated(from lang.When, months int) bool {
	for _, d := range e.dates() {
		apart := 12 * (d.Year - from.Year)
		if d.Month > 0 && from.Month > 0 {
			apart += d.Month - from.Month
		}
		if d.Year > 0 && (apart == months || apart == -months) {
			return true
		}
	}
	return false
}

// dayOrStretch reports whether a number is the first day of a range ("from 20 to 23 September"), or counts
// the months between two dates of the source.
func (e *evidence) dayOrStretch(f figure) bool {
	if f.unit == "month" {
		var months []int
		for _, d := range e.source.dates() {
			if d.Month > 0 {
				months = append(months, d.Month)
			}
		}
		for i := range months {
			for j := i + 1; j < len(months); j++ {
				if n := float64(months[j] - months[i]); n+1 == f.Value ||
					f.last+2 < len(e.claim.toks) && apart.Has(e.claim.toks[f.last+2].Fold) && math.Mod(n+12, 12) == f.Value {
					return true
				}
			}
		}
		return false
	}
	if f.unit == "" && f.first > 0 && e.claim.toks[f.first].Digit && (weekday(e.claim.toks[f.first-1].Fold) >= 0 ||
		e.claim.toks[f.first-1].Fold == "dia") { // "el sábado 23", "el día 12"
		return slices.ContainsFunc(e.dates(), func(h lang.When) bool { return float64(h.Day) == f.Value })
	}
	if f.unit != "" || f.last+1 >= len(e.claim.toks) || f.Value > 31 || f.bound != 0 {
		return false
	}
	next := e.claim.toks[f.last+1]
	dates := e.claim.dates()
	for _, d := range dates {
		if d.Day == 0 || d.Start < f.End || d.Start-f.End > 6 || !(ranges.Has(next.Fold) || next.Start == d.Start) {
			continue
		}
		for _, h := range e.dates() {
			if float64(h.Day) == f.Value && (h.Month == d.Month || h.Month == 0) {
				return true
			}
		}
	}
	return false
}

// apart follow the time between two events.
var apart = lang.SetOf(`later after before earlier afterwards despues antes mas tarde anterior previo siguiente`)

// ranges join the ends of a range: "from 20 to 23", "20 al 23".
var ranges = lang.SetOf(`al to and y a or until hasta through`)

// timedAs reports whether a time stands in the text as one of a longer or shorter unit: "a decade" for ten years.
func (s *statement) timedAs(f figure) bool {
	for unit, u := range spans {
		if u.base == spans[f.unit].base && u.n == f.Value*spans[f.unit].n && s.timed(unit) {
			return true
		}
	}
	return false
}

// timed reports whether a unit of time stands in the text without a number: "a year's warning".
func (s *statement) timed(unit string) bool {
	for i, t := range s.toks {
		if moreUnits[t.Fold] == unit && (i == 0 || !s.toks[i-1].Digit && !lang.IsNumber(s.toks[i-1].Fold) || s.toks[i-1].Fold == "one") ||
			often[t.Fold] == unit {
			return true
		}
	}
	return false
}
