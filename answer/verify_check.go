package answer

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// checker checks claims in one language for one question.
type checker struct {
	lib      Library
	question string
	language string
}

// evidence is what one claim is checked against.
type evidence struct {
	lib      Library
	cites    []Citation
	claim    *statement
	source   *statement // the quotes, one after the other
	links    *links
	articles []*corpus.Article
	asOf     []corpus.Period
	quotes   []string
	question string
}

// desk is the space in which one claim is checked, used again for others.
type desk struct {
	e             evidence
	claim, source statement
	links         links
}

var desks = sync.Pool{New: func() any { return new(desk) }}

// check checks a text against the citations taken together.
func (c *checker) check(text string, cites []Citation) Verdict {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	e := &d.e
	*e = evidence{lib: c.lib, cites: cites, question: c.question, articles: e.articles[:0], asOf: e.asOf[:0], quotes: e.quotes[:0], claim: &d.claim, source: &d.source, links: &d.links}
	for _, ct := range cites {
		a := c.lib.Article(ct.Article)
		e.articles = append(e.articles, a)
		e.asOf = append(e.asOf, a.AsOf(corpus.Span{Start: ct.Start, End: ct.End}))
		e.quotes = append(e.quotes, ct.Quote)
	}
	quotes := e.quotes[0]
	if len(e.quotes) > 1 {
		quotes = strings.Join(e.quotes, "\n")
	}
	e.claim.read(c.lib, text, c.language)
	e.source.read(c.lib, quotes, e.articles[0].Lang)
	e.links.link(c.lib, e.claim, e.source)
	var v Verdict
	e.checkNumbers(&v)
	e.checkTimes(&v)
	e.checkDates(&v)
	e.checkNames(&v)
	e.checkPolarity(&v)
	e.checkHedges(&v)
	e.checkAttribution(&v)
	e.checkQuantities(&v)
	e.checkRoles(&v)
	e.checkSupport(&v)
	return v
}

// show returns the words of tokens i to j of a claim.
func (s *statement) show(i, j int) string { return s.text[s.toks[i].Start:s.toks[j].End] }

// ---- dates

// checkDates holds every date and weekday of the claim to those of the source and its own date.
func (e *evidence) checkDates(v *Verdict) {
	e.checkSeasons(v)
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
			for j, t := range e.source.toks {
				fits = fits || partsOfMonth[t.Fold] == part || e.source.endOfMonth(j) == part
			}
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

// checkSeasons holds a season to the seasons of the source, or to the months that it names: June, in part July too, may
// be told as summer.
func (e *evidence) checkSeasons(v *Verdict) {
	for i, t := range e.claim.toks {
		first, ok := seasons[t.Fold]
		if !ok || t.Upper && i > 0 || e.claim.words[i].name > 0 {
			continue
		}
		same, other := false, false
		for _, u := range e.source.toks {
			if m, ok := seasons[u.Fold]; ok {
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

// eve reports whether the weekday at token i of the claim is the one from which a night leads into a day of the
// source: "the night from Friday to Saturday".
func (e *evidence) eve(i int) bool {
	c := e.claim
	if i+2 >= len(c.toks) || !ranges[c.toks[i+1].Fold] || !c.hasWord("night", "midnight", "overnight", "noche", "medianoche", "madrugada") {
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

// dating stand between a number and its date.
var dating = set(`in en of de for the el ano fiscal fy`)

// datedFigure returns the date that follows a number with nothing but small words between.
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
			if strings.ContainsAny(s.text[s.toks[k-1].End:t.Start], ",;:.()") || !dating[t.Fold] && moreUnits[t.Fold] == "" {
				break
			}
		}
		break
	}
	return lang.When{}, false
}

func dayOf(w lang.When) int {
	return int(time.Date(w.Year, time.Month(w.Month), w.Day, 0, 0, 0, 0, time.UTC).Weekday())
}

// weekday returns 0 (Sunday) to 6 for the folded name of a day, else -1.
func weekday(fold string) int {
	if !weekdays[fold] {
		return -1
	}
	for i, names := range [7][2]string{{"sunday", "domingo"}, {"monday", "lunes"}, {"tuesday", "martes"}, {"wednesday", "miercoles"},
		{"thursday", "jueves"}, {"friday", "viernes"}, {"saturday", "sabado"}} {
		if fold == names[0] || fold == names[1] {
			return i
		}
	}
	return -1
}

var partsOfMonth = map[string]string{"early": "early", "beginning": "early", "start": "early", "principios": "early", "comienzos": "early", "inicios": "early",
	"mid": "mid", "middle": "mid", "mediados": "mid", "late": "late", "end": "late", "finales": "late", "fines": "late"}

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
		}
	}
	return ""
}

// holidays returns the days of a text that have a name, without their year: "Christmas Eve" is 24 December.
func holidays(toks []lang.Token) []lang.When {
	var out []lang.When
	for i, t := range toks {
		if !holidayWords[t.Fold] {
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
	holidayWords = set(`eve day nochebuena nochevieja navidad nuevo`)
	holidayDates = map[string][2]int{"christmas eve": {12, 24}, "christmas day": {12, 25}, "new year eve": {12, 31}, "new year day": {1, 1},
		"nochebuena": {12, 24}, "nochevieja": {12, 31}, "dia de navidad": {12, 25}, "ano nuevo": {1, 1}}
)

// partOfMonth returns the "early", "mid" or "late" that stands before a date.
func (s *statement) partOfMonth(d lang.When) (string, bool) {
	for i, t := range s.toks {
		if t.Start >= d.Start {
			for k := i - 1; k >= 0 && k >= i-2; k-- {
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

// moved returns a date that lies some units of time from another.
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
		for _, o := range dates {
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
	for i, t := range toks { // "by the end of May 2019"
		if t.Fold != "end" && t.Fold != "finales" && t.Fold != "fines" || i == 0 {
			continue
		}
		if !until[toks[i-1].Fold] && (i == 1 || !until[toks[i-2].Fold]) {
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
		past := word(i-1) == "last" || word(i-1) == "past" || word(i-1) == "previous" || word(i+1) == "pasado" || word(i+1) == "pasada" || word(i+1) == "anterior"
		next := word(i-1) == "next" || word(i+1) == "proximo" || word(i+1) == "proxima" || word(i-1) == "proximo" || word(i-1) == "proxima"
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

// until stand before the last day of a time.
var until = set(`by until till through to hasta`)

// ---- names

// checkNames holds every name of the claim to the source, the question and who published it.
func (e *evidence) checkNames(v *Verdict) {
	var more []lang.Token // of what else may hold a name: publisher, author, question
	var concepts []string // of those, and of names inside longer names of the source
	know := func(text string) {
		text = possessives.Replace(text)
		n := len(more)
		more = lang.AppendTokens(more, text)
		for _, o := range conceptsOf(e.lib, text, more[n:]) {
			concepts = append(concepts, o.Term)
		}
	}
	known := func(concept string) bool {
		return slices.Contains(e.source.concepts, concept) || slices.Contains(concepts, concept)
	}
	beside := false
	press := func() { // what else may hold a name
		if beside {
			return
		}
		beside = true
		for i := range e.quotes {
			for _, s := range []string{e.articles[i].Publisher, e.articles[i].Author} {
				if s != "" {
					know(s)
				}
			}
		}
		if e.question != "" {
			know(e.question)
		}
	}
	inner := false
	nested := func() {
		if inner {
			return
		}
		inner = true
		for i, m := range e.source.names {
			if m.last > m.first {
				for k := m.first; k <= m.last; k++ {
					if t := e.source.toks[k]; t.Upper && e.source.words[k].name == i+1 {
						know(e.source.text[t.Start:t.End])
					}
				}
			}
		}
	}
	stands := func(t lang.Token) bool {
		if lang.Stop(t.Fold, lang.English) || lang.Stop(t.Fold, lang.Spanish) {
			return true
		}
		like := func(u lang.Token) bool { // "Paso" is no form of "Pass"
			return u.Fold == t.Fold || u.Fold[0] == t.Fold[0] && (!t.Upper || len(t.Fold) > 4 && len(u.Fold) > 4) && akin(u.Fold, t.Fold)
		}
		if slices.ContainsFunc(e.source.toks, like) {
			return true
		}
		press()
		return slices.ContainsFunc(more, like)
	}
	for _, m := range e.claim.names {
		if !m.named && m.last > m.first && !known(m.id) { // "autoridades mexicanas" are not any authorities
			for k := m.first; k <= m.last; k++ {
				if t := e.claim.toks[k]; !t.Upper && e.otherPlace(t, known) {
					v.fail("name", e.claim.show(m.first, m.last))
					break
				}
			}
		}
		if !m.named || known(m.id) {
			continue
		}
		if press(); known(m.id) {
			continue
		}
		concept := strings.HasPrefix(m.id, conceptMark)
		missing := -1
		for k := m.first; k <= m.last; k++ {
			t := e.claim.toks[k]
			if stands(t) {
				continue
			}
			if !t.Upper && m.last > m.first || len(e.links.to[k]) > 0 && !t.Upper {
				if e.otherPlace(t, known) {
					missing = k
					break
				}
				continue
			}
			nested()
			own := false
			for _, o := range conceptsIn(e.lib, e.claim.text[t.Start:t.End]) {
				own = own || known(o.Term)
			}
			if !own {
				missing = k
				break
			}
		}
		if missing < 0 {
			continue
		}
		nested()
		if known(m.id) || e.impliedBy(m, known) && !e.seated(m) || e.officeThere(m) || e.countryFor(m) ||
			e.initials(e.claim.toks[missing]) || e.abbreviated(m) || e.pronounFor(m) || e.matterFor(m, known) {
			continue
		}
		if !concept && e.claim.lang != e.source.lang && len(e.links.to[missing]) > 0 {
			continue // a name that is translated
		}
		v.fail("name", e.claim.show(m.first, m.last))
	}
	if i, other := e.otherOffice(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has "+other)
	}
	if i, other := e.otherCompass(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has "+other)
	}
	if n := e.movedPlace(); n >= 0 {
		m := e.claim.names[n]
		v.fail("name", e.claim.show(m.first, m.last)+" is elsewhere there")
	}
	if i := e.otherCompound(); i >= 0 {
		v.fail("name", e.claim.show(i, i+1)+" is another there")
	}
	if i := e.otherVenue(); i >= 0 {
		v.fail("name", e.claim.show(i, i)+", where the source has another place")
	}
	if i := e.notBetween(); i >= 0 {
		v.fail("name", e.claim.show(max(i-2, 0), i)+", where the source has between")
	}
	// A word that only begins a sentence may be a name too.
	for i, t := range e.claim.toks {
		if !t.Upper || e.claim.words[i].name > 0 || e.claim.words[i].date || !initial(e.claim.text, t.Start) || len(e.links.to[i]) > 0 || stands(t) {
			continue
		}
		if e.claim.words[i].content && e.claim.words[i].cue == 0 && e.unknown(t.Fold) &&
			(e.claim.acts(i+1) || strings.HasPrefix(e.claim.text[t.End:], ":")) {
			v.fail("name", e.claim.show(i, i))
		}
	}
}

// portfolios are the fields of ministries and departments, each in one line in both languages.
var portfolios = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`foreign exterior exteriores cancilleria canciller
interior gobernacion
defence defense defensa
economy economic economia
labour labor trabajo
finance treasury hacienda finanzas
health salud sanidad
agriculture agricultura
education educacion
justice justicia
energy energia
transport transportation transporte transportes
tourism turismo
environment ambiente
navy marina
housing vivienda
culture cultura`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// ministries stand beside the field that they are for.
var ministries = set(`ministry ministries minister ministers secretary secretariat department secretaria secretario ministerio
	ministro ministra departamento`)

// portfolio returns the field of the office at token i: "ministry of labour", "interior secretary".
func (s *statement) portfolio(i int) (at, field int) {
	if f := portfolios[s.toks[i].Fold]; f == 1 && s.toks[i].Fold[0] == 'c' { // "canciller"
		return i, f
	}
	if !ministries[s.toks[i].Fold] {
		return -1, 0
	}
	if i > 0 && portfolios[s.toks[i-1].Fold] > 0 {
		return i - 1, portfolios[s.toks[i-1].Fold]
	}
	for k := i + 1; k < len(s.toks) && k <= i+3; k++ {
		if f := portfolios[s.toks[k].Fold]; f > 0 {
			return k, f
		}
		if !lang.Stop(s.toks[k].Fold, s.lang) {
			break
		}
	}
	return -1, 0
}

// otherOffice returns the field of a ministry of the claim when the source has ministries, but only of other fields, or
// -1: the "defence ministry" is not the foreign ministry.
func (e *evidence) otherOffice() (int, string) {
	for i := range e.claim.toks {
		at, field := e.claim.portfolio(i)
		if at < 0 || e.claim.words[at].name > 0 && slices.Contains(e.source.concepts, e.claim.names[e.claim.words[at].name-1].id) {
			continue
		}
		other := -1
		for j, t := range e.source.toks {
			if portfolios[t.Fold] == field {
				other = -1
				break
			}
			if k, _ := e.source.portfolio(j); k >= 0 {
				other = k
			}
		}
		if other >= 0 {
			return at, e.source.show(other, other)
		}
	}
	return -1, ""
}

// officeThere reports whether a name of the claim is the field of a ministry that the source names in other words:
// "Gobernación" for the interior secretary.
func (e *evidence) officeThere(m mention) bool {
	if e.claim.lang == e.source.lang {
		return false
	}
	for k := max(0, m.first-3); k <= m.last; k++ {
		if at, field := e.claim.portfolio(k); at >= m.first && at <= m.last {
			return slices.ContainsFunc(e.source.toks, func(t lang.Token) bool { return portfolios[t.Fold] == field })
		}
	}
	return false
}

// compass has the direction of words for one, opposites negative.
var compass = map[string]int{"north": 1, "northern": 1, "northward": 1, "northwards": 1, "northbound": 1, "norte": 1,
	"south": -1, "southern": -1, "southward": -1, "southwards": -1, "southbound": -1, "sur": -1,
	"east": 2, "eastern": 2, "eastward": 2, "eastbound": 2, "este": 0, "oriente": 2, "oriental": 2,
	"west": -2, "western": -2, "westward": -2, "westbound": -2, "oeste": -2, "occidente": -2, "occidental": -2}

// headOf returns the token that an adjective of direction at token i belongs to, "the northern bridge", "el puente del
// norte", or -1 for a way that something goes, "northbound", "al sur".
func (s *statement) headOf(i int) int {
	switch {
	case strings.HasSuffix(s.toks[i].Fold, "ern") && i+1 < len(s.toks):
		return i + 1
	case i > 1 && s.toks[i-1].Fold == "del":
		return i - 2
	}
	return -1
}

// otherCompass returns a direction of the claim for which the source has the opposite, of the same thing, and nowhere
// the same; or -1.
func (e *evidence) otherCompass() (int, string) {
	for i, t := range e.claim.toks {
		d := compass[t.Fold]
		if d == 0 || e.claim.words[i].name > 0 {
			continue
		}
		other, head := -1, e.claim.headOf(i)
		for j, u := range e.source.toks {
			if c := compass[u.Fold]; c == d || strings.HasPrefix(u.Fold, "south") && d == -1 || strings.HasPrefix(u.Fold, "north") && d == 1 {
				other = -1
				break
			} else if k := e.source.headOf(j); c == -d && e.source.words[j].name == 0 && (head < 0 && k < 0 || head >= 0 && k >= 0 &&
				has(e.links.to[head], k)) {
				other = j
			}
		}
		if other >= 0 {
			return i, e.source.show(other, other)
		}
	}
	return -1, ""
}

// compounds are participles that end a compound, whose first word says what by, for or from.
var compounds = set(`based born owned led run backed funded financed bound built made driven related sponsored`)

// otherCompound returns the first word of a compound of the claim that the source has with another first word, or -1:
// "employment-based" for "family-based".
func (e *evidence) otherCompound() int {
	joined := func(s *statement, i int) bool {
		return i+1 < len(s.toks) && s.text[s.toks[i].End:s.toks[i+1].Start] == "-"
	}
	c, s := e.claim, e.source
	for i := range c.toks {
		if !joined(c, i) || !compounds[c.toks[i+1].Fold] || !c.words[i].content || c.words[i].cue != 0 || len(e.links.to[i]) > 0 {
			continue
		}
		for j := range s.toks {
			if joined(s, j) && s.toks[j+1].Fold == c.toks[i+1].Fold && s.words[j].content &&
				!slices.ContainsFunc(e.links.to, func(to []int) bool { return has(to, j) }) {
				return i
			}
		}
	}
	return -1
}

// venues are buildings where something takes place, each with the word of the other language.
var venues = map[string]int{"embassy": 1, "embassies": 1, "embajada": 1, "embajadas": 1, "consulate": 2, "consulates": 2, "consulado": 2,
	"consulados": 2, "palace": 3, "palacio": 3, "hotel": 4, "hotels": 4, "hoteles": 4, "airport": 5, "airports": 5, "aeropuerto": 5,
	"aeropuertos": 5, "stadium": 6, "estadio": 6, "courthouse": 7, "juzgado": 7, "museum": 8, "museo": 8, "church": 9, "churches": 9,
	"iglesia": 9, "iglesias": 9, "university": 10, "universities": 10, "universidad": 10, "universidades": 10}

// otherVenue returns a building of the claim, in which or at which something takes place, that stands nowhere in the
// source, which has it elsewhere; or -1: "dinner at the embassy" for "dinner at the White House".
func (e *evidence) otherVenue() int {
	c := e.claim
	for i, t := range c.toks {
		kind := venues[t.Fold]
		if kind == 0 || c.words[i].name > 0 && c.names[c.words[i].name-1].named || len(e.links.direct[i]) > 0 {
			continue
		}
		same, other := false, c.located(i) && slices.Contains(e.source.concepts, "concept:white-house")
		for _, u := range e.source.toks {
			same, other = same || venues[u.Fold] == kind, other || venues[u.Fold] > 0
		}
		if other && !same {
			return i
		}
	}
	return -1
}

// located reports whether the noun at token i says where: "at the Dutch embassy".
func (s *statement) located(i int) bool {
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		switch s.toks[k].Fold {
		case "at", "in", "en":
			return true
		}
	}
	return false
}

// notBetween returns a word of the claim that stands after "at" or "in" where the source has it after "between", or -1:
// crossings "at the ports of entry" are not those between ports of entry.
func (e *evidence) notBetween() int {
	c, s := e.claim, e.source
	if c.hasWord("between", "entre") {
		return -1
	}
	for i := range c.toks {
		k := i - 1
		if k > 0 && determinate[c.toks[k].Fold] {
			k--
		}
		if k < 0 || c.toks[k].Fold != "at" && c.toks[k].Fold != "in" && c.toks[k].Fold != "en" {
			continue
		}
		for _, j := range e.links.to[i] {
			if j == 0 || j+1 >= len(s.toks) || s.toks[j-1].Fold != "between" || s.toks[j+1].Fold == "and" {
				continue
			}
			if !slices.ContainsFunc(e.links.to[i], func(o int) bool { return o != j && o+1 < len(s.toks) && s.toks[o+1].Fold == s.toks[j+1].Fold }) {
				return i
			}
		}
	}
	return -1
}

// placeOf returns the name of the place that a name is said to lie in: "Lukeville, Arizona", "Lukeville in Arizona".
func (e *evidence) placeOf(s *statement, n int) int {
	k := s.names[n].last + 1
	if k < len(s.toks) && (s.toks[k].Fold == "in" || s.toks[k].Fold == "en") {
		k++
	} else if k < len(s.toks) && !strings.HasPrefix(s.text[s.toks[k-1].End:], ", ") && !strings.HasPrefix(s.text[s.toks[k-1].End:], " (") {
		return -1
	}
	if k >= len(s.toks) || s.words[k].name == 0 {
		return -1
	}
	if m := s.words[k].name - 1; m != n && e.lib.ConceptType(s.names[m].id) == "place" && e.lib.ConceptType(s.names[n].id) == "place" {
		return m
	}
	return -1
}

// seated reports whether a name says where something was, rather than who did it, and the source tells of another
// town: "the meeting in Washington" was not in the country that Washington governs.
func (e *evidence) seated(m mention) bool {
	if m.first == 0 || e.lib.ConceptType(m.id) != "place" {
		return false
	}
	f := e.claim.toks[m.first-1].Fold
	return (f == "in" || f == "en") && m.id == "concept:washington" && !slices.Contains(e.source.concepts, "concept:white-house")
}

// nation stand for a country that has been named before.
var nation = set(`country nation pais nacion`)

// matterFor reports whether a name of the claim is in what the lexicon calls a law or another matter that the source has
// under another name: "T-MEC" for the USMCA.
func (e *evidence) matterFor(m mention, known func(concept string) bool) bool {
	c := e.claim
	return slices.ContainsFunc(conceptsOf(e.lib, c.text, c.toks), func(o retrieval.Occurrence) bool {
		return o.Start <= c.toks[m.first].Start && c.toks[m.last].End <= o.End && known(o.Term)
	})
}

// countryFor reports whether a name of the claim is that of a country that the source only calls "the country", "our
// country" or "back home", and that was named just before.
func (e *evidence) countryFor(m mention) bool {
	s := e.source
	if e.lib.ConceptType(m.id) != "place" {
		return false
	}
	for i, t := range s.toks {
		if home := t.Fold == "home" && i > 0 && s.toks[i-1].Fold == "back"; !home && (i == 0 || t.Upper || !nation[t.Fold] ||
			!(determinate[s.toks[i-1].Fold] || s.toks[i-1].Fold == "our" || s.toks[i-1].Fold == "nuestro") || s.toks[i-1].Fold == "a") {
			continue
		}
		for k := range e.articles {
			same := func(o mention) bool { return o.id == m.id }
			if slices.ContainsFunc(e.before(k).names, same) || slices.ContainsFunc(read(e.lib, e.articles[k].Title, e.articles[k].Lang).names, same) {
				return true
			}
		}
	}
	return false
}

// before returns what stands before a citation, up to a few sentences.
func (e *evidence) before(i int) *statement {
	a, ct := e.articles[i], e.cites[i]
	start := max(0, ct.Start-reachName)
	for start > 0 && start < ct.Start && !utf8.RuneStart(a.Text[start]) {
		start++
	}
	return read(e.lib, a.Text[start:ct.Start], a.Lang)
}

// otherPlace reports whether a word without a capital is of a place that stands nowhere in the source.
func (e *evidence) otherPlace(t lang.Token, known func(concept string) bool) bool {
	if e.claim.lang != lang.Spanish {
		return false
	}
	for _, o := range conceptsIn(e.lib, e.claim.text[t.Start:t.End]) {
		if e.lib.ConceptType(o.Term) == "place" && !known(o.Term) && !e.impliedBy(mention{id: o.Term}, known) {
			return true
		}
	}
	return false
}

// inPerson stand for a person: pronouns, and what somebody is.
var (
	inPerson    = set(`he she his her him hers himself herself`)
	firstPerson = set(`i we my our`) // of whoever is quoted
	byOffice    = set(`leader leaders president presidents minister secretary senator governor mayor ambassador official spokesman
		spokeswoman chief presidente presidenta
		mandatario mandataria ministro ministra secretario secretaria canciller`)
)

// reachName is how many bytes before a quote the person is looked for whom a pronoun of it may mean.
const reachName = 600

// pronounFor reports whether a name of the claim is that of the person whom a pronoun of the source may mean, before
// which the source names nobody: of the last person named before the quote, or of one in the title. A Spanish quote
// that names nobody needs no pronoun to leave its subject out.
func (e *evidence) pronounFor(m mention) bool {
	s := e.source
	at := len(s.toks)
	for i, t := range s.toks {
		if inPerson[t.Fold] || firstPerson[t.Fold] && initial(s.text, t.Start) || byOffice[t.Fold] && !s.titled(i) && !s.indefinite(i) {
			at = i
			break
		}
	}
	pronoun := at < len(s.toks) || s.lang == lang.Spanish
	after := at < len(s.toks) && s.afterQuotation(at)
	for _, n := range s.names {
		if n.named && n.first < at && !s.pair(at) && !after && e.lib.ConceptType(n.id) == "person" {
			pronoun = false
		}
	}
	if kind := e.lib.ConceptType(m.id); !pronoun || kind != "person" && (kind != "" || strings.HasPrefix(m.id, conceptMark)) {
		return false
	}
	for i, a := range e.articles {
		before := e.before(i)
		last, other, subject, sentence := "", "", "", -1 // the last one named, and the first one of the last sentence that names any
		for _, o := range before.names {
			if slices.ContainsFunc(s.names, func(n mention) bool { return n.id == o.id }) {
				continue // somebody else than the pronoun means
			}
			if o.named && e.lib.ConceptType(o.id) == "person" || o.named && e.lib.ConceptType(o.id) == "" && !strings.HasPrefix(o.id, conceptMark) && before.acts(o.last+1) {
				if o.id != last {
					other = last
				}
				if last = o.id; before.words[o.first].sentence != sentence {
					subject, sentence = o.id, before.words[o.first].sentence
				}
			}
		}
		if last != "" && (last == m.id || subject == m.id || other == m.id && s.pair(at) || last == e.claim.toks[m.last].Fold) {
			return true
		}
		title := read(e.lib, a.Title, a.Lang)
		persons, own := 0, false
		for _, o := range title.names {
			if o.named && e.lib.ConceptType(o.id) == "person" {
				persons++
				own = own || o.id == m.id
			}
		}
		if own && persons == 1 {
			return true
		}
	}
	return false
}

// afterQuotation reports whether what leads up to token i is one quotation, whose words name others than who is
// speaking: “We will ask Trump,” the president added.
func (s *statement) afterQuotation(i int) bool {
	end := strings.LastIndexAny(s.text[:s.toks[i].Start], "”»\"")
	return end > 0 && s.toks[max(i-4, 0)].Start < end && strings.ContainsAny(s.text[:s.toks[0].Start], "“«\"")
}

// indefinite reports whether the noun at token i is of somebody not named before: "a senior US official".
func (s *statement) indefinite(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		switch s.toks[k].Fold {
		case "a", "an", "un", "una", "some", "one", "another", "otro", "otra":
			return true
		case "the", "el", "la", "his", "her", "su":
			return false
		}
	}
	return false
}

// pair reports whether the word at token i is of two persons: "the two leaders", "both presidents".
func (s *statement) pair(i int) bool {
	if i == 0 || i >= len(s.toks) {
		return false
	}
	switch s.toks[i-1].Fold {
	case "two", "both", "dos", "ambos":
		return true
	}
	return false
}

// titled reports whether the word at token i is the title of a name just before or after it.
func (s *statement) titled(i int) bool {
	for k := max(0, i-2); k < len(s.words) && k <= i+2; k++ {
		if n := s.words[k].name; k != i && n > 0 && s.names[n-1].named && (k > i || s.comma(i)) {
			return true
		}
	}
	return false
}

// abbreviated reports whether the source has the letters that a name of the claim begins its words with:
// "USG" for the US government.
func (e *evidence) abbreviated(m mention) bool {
	letters := ""
	for k := m.first; k < len(e.claim.toks) && k <= m.last+1; k++ {
		t := e.claim.toks[k]
		if t.Caps {
			letters += strings.ReplaceAll(t.Fold, ".", "")
		} else {
			letters += t.Fold[:1]
		}
		if len(letters) > 2 && k >= m.last && slices.ContainsFunc(e.source.toks, func(u lang.Token) bool { return u.Caps && u.Fold == letters }) {
			return true
		}
	}
	return false
}

// initials reports whether a word in capitals abbreviates a name of the source by its first letters.
func (e *evidence) initials(t lang.Token) bool {
	if !t.Caps || len(t.Fold) < 3 {
		return false
	}
	var letters strings.Builder
	end := -1
	for _, u := range e.source.toks {
		switch {
		case u.Upper:
			letters.WriteByte(u.Fold[0])
		case end >= 0 && (lang.Stop(u.Fold, lang.English) || lang.Stop(u.Fold, lang.Spanish)):
		default:
			letters.WriteByte(' ')
		}
		end = u.End
	}
	return strings.Contains(letters.String(), t.Fold)
}

// acts reports whether a verb seems to stand at token i.
func (s *statement) acts(i int) bool {
	if i >= len(s.toks) {
		return false
	}
	return s.verbal(i) || auxiliaries[s.toks[i].Fold]
}

var auxiliaries = set(`was were is are has have had will would could may might did does can must should ha han habia fue fueron es era esta sera se no
	estaba estaban habia habian hubo seria serian tenia tenian eran hay estuvo estuvieron`)

// unknown reports whether the lexicon has no word like this one.
func (e *evidence) unknown(fold string) bool {
	syn, tr := e.lib.Senses(fold, e.claim.lang)
	return len(syn) == 0 && len(tr) == 0
}

// stands for one another: the seat of a government and its country.
var seats = [][2]string{{"washington", "concept:united-states"}, {"concept:us-administration", "concept:united-states"},
	{"concept:mexican-government", "concept:mexico"}, {"concept:us-administration", "concept:us-government"}, {"concept:us-government", "concept:united-states"}, {"concept:washington-dc", "concept:united-states"}, {"concept:washington", "concept:united-states"},
	{"concept:white-house", "concept:us-administration"}, {"concept:washington", "concept:white-house"},
	{"concept:washington-dc", "concept:white-house"},
	{"havana", "concept:cuba"}, {"habana", "concept:cuba"}, {"concept:havana", "concept:cuba"},
	{"tegucigalpa", "concept:honduras"}, {"caracas", "concept:venezuela"}, {"managua", "concept:nicaragua"}, {"ottawa", "concept:canada"},
	{"bogota", "concept:colombia"}, {"beijing", "concept:china"}, {"moscow", "concept:russia"}}

// federal are bodies of the United States, whether their names say so or not; "the Senate" may be another country's.
var federal = set(`concept:cbp concept:border-patrol concept:ice concept:dhs concept:uscis concept:state-department`)

func (e *evidence) impliedBy(m mention, known func(concept string) bool) bool {
	for _, s := range seats {
		if m.id == s[0] && known(s[1]) || m.id == s[1] && known(s[0]) {
			return true
		}
	}
	if m.id == "concept:united-states" && slices.ContainsFunc(e.source.concepts, func(o string) bool { return federal[o] }) {
		return true
	}
	if m.id == "concept:central-america" || m.id == "concept:northern-triangle" {
		n := 0
		for _, member := range []string{"guatemala", "honduras", "el-salvador"} {
			if known("concept:" + member) {
				n++
			}
		}
		return n > 1
	}
	return false
}

// movedPlace returns the name of a place of the claim that lies in another one in the source, or -1.
func (e *evidence) movedPlace() int {
	for n := range e.claim.names {
		in := e.placeOf(e.claim, n)
		if in < 0 || demonym(e.claim.toks[e.claim.names[n].last].Fold) {
			continue
		}
		found, agrees := false, false
		for k := range e.source.names {
			if e.source.names[k].id != e.claim.names[n].id {
				continue
			}
			if there := e.placeOf(e.source, k); there >= 0 {
				found, agrees = true, agrees || e.source.names[there].id == e.claim.names[in].id
			}
		}
		if found && !agrees && slices.ContainsFunc(e.source.names, func(o mention) bool { return o.id == e.claim.names[in].id }) {
			return in
		}
	}
	return -1
}

// demonym reports whether a folded word is of the people of a place, by its ending: "hondureños", "Texans".
func demonym(fold string) bool {
	for _, end := range [...]string{"ans", "anos", "anas", "enos", "enas", "eños", "eñas", "ians", "inos"} {
		if strings.HasSuffix(fold, end) {
			return true
		}
	}
	return false
}
