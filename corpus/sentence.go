package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"policybot/lang"
)

// maxSentence bounds the bytes of a sentence. What has no full stop for longer than this (tables, word
// lists, text stripped of its punctuation) is cut at a semicolon, a comma or a space. The longest real
// sentences of news and statutes stay below it.
const maxSentence = 1200

// Sentences cuts text into sentences and returns their spans in order, without overlap and without the
// white space around them. Every byte that is not white space lies in exactly one span; a line break
// always ends a sentence. The language ("en", "es", or "" for unknown) decides between readings where
// the two differ.
//
// A full stop ends a sentence unless it belongs to an abbreviation, an initial, an acronym or a number,
// or the text goes on in lower case: that joins `“Why?” he asked.` and mends stray stops inside a
// sentence. Closing quotation marks and brackets belong to the sentence they close. After an acronym
// such as "U.S." the next word decides: a word that can only begin a sentence there ("The", "But") cuts,
// a name does not. Text without capitals is cut at every stop.
//
// The rules are our own instead of Unicode's (UAX #29), which cut after "Dr." and inside "U.S. Army" and
// never at a stop without capitals.
func Sentences(text, language string) []Span {
	spans := make([]Span, 0, len(text)/110+1)
	s := segmenter{text: text, spanish: language == lang.Spanish, caseless: caseless(text)}
	for start := 0; start < len(text); {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += start
		}
		spans = s.line(spans, start, end)
		start = end + 1
	}
	return spans
}

// caseless reports whether the text is written in lower case throughout, judged by its first letters.
func caseless(text string) bool {
	upper, lower := 0, 0
	for i := 0; i < len(text) && i < 2000; i++ {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z':
			lower++
		case 'A' <= c && c <= 'Z':
			upper++
		}
	}
	return lower >= 100 && upper*200 <= lower
}

type segmenter struct {
	text              string
	spanish, caseless bool
	lineStart         int
}

// line appends the sentences of text[start:end], which holds no line break.
func (s *segmenter) line(spans []Span, start, end int) []Span {
	text := s.text
	s.lineStart = start
	first := start
	for i := start; i < end; {
		c := text[i]
		if c != '.' && c != '!' && c != '?' && c < utf8.RuneSelf {
			i++
			continue
		}
		stop, n := terminator(text[i:end])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(text[i:end])
			i += n
			continue
		}
		at := i
		hard := stop != '.' && stop != '…'
		dots := 1
		for i += n; i < end; {
			// A run of terminators, with spaces between full stops (". . .").
			j := i
			for dots > 0 && j < end && text[j] == ' ' {
				j++
			}
			r, m := terminator(text[j:end])
			if m == 0 || j > i && (r != '.' || j-i > 1 || !spacedDots(text, at, end)) {
				break
			}
			hard = hard || r == '!' || r == '?'
			dots++
			i = j + m
		}
		quoted := false
		for i < end {
			r, m := utf8.DecodeRuneInString(text[i:end])
			if !closer(r) {
				break
			}
			quoted = quoted || r != ')' && r != ']' && r != '}'
			i += m
		}
		for n := footnote(text[i:end]); n > 0; n = footnote(text[i:end]) {
			i += n
		}
		if s.ends(first, at, i, end, stop, hard, dots, quoted) {
			spans = s.emit(spans, first, i)
			first = i
		}
	}
	return s.emit(spans, first, end)
}

// spacedDots reports whether text[at:] is an ellipsis written ". . .".
func spacedDots(text string, at, end int) bool {
	return strings.HasPrefix(text[at:end], ". . .")
}

// terminator decodes the sentence terminator at the head of s; its length is 0 when there is none.
func terminator(s string) (rune, int) {
	if s == "" {
		return 0, 0
	}
	switch c := s[0]; {
	case c == '.' || c == '!' || c == '?':
		return rune(c), 1
	case c < utf8.RuneSelf:
		return 0, 0
	}
	switch r, n := utf8.DecodeRuneInString(s); r {
	case '…', '‽', '⁇', '⁈', '⁉', '。', '！', '？', '؟':
		return r, n
	}
	return 0, 0
}

// footnote returns the length of the footnote mark at the head of s ("[3]", "[citation needed]"), or 0.
func footnote(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), 24)], ']')
	if end < 2 || end+1 < len(s) && s[end+1] != ' ' && s[end+1] != '[' {
		return 0
	}
	return end + 1
}

func closer(r rune) bool {
	switch r {
	case '"', '\'', '”', '’', '»', '›', ')', ']', '}', '″', '′':
		return true
	}
	return false
}

func opener(r rune) bool {
	switch r {
	case '"', '\'', '“', '‘', '«', '‹', '(', '[', '{', '¿', '¡', '„':
		return true
	}
	return false
}

// ends decides whether the terminator at text[at], whose closing marks end at i, ends the sentence that
// began at first.
func (s *segmenter) ends(first, at, i, end int, stop rune, hard bool, dots int, quoted bool) bool {
	text := s.text
	j := i
	for j < end && text[j] == ' ' {
		j++
	}
	if j == end {
		return true
	}
	r, n := utf8.DecodeRuneInString(text[j:end])
	if j == i {
		return s.endsUnspaced(first, at, i, end, hard, quoted, r, n)
	}
	// The first letter or digit of what follows, and whether a mark opens it.
	k, opened, paren := j, false, false
	for k < end {
		if !opener(r) && r != '—' && r != '–' && r != '-' && r != '•' && r != ' ' && r != '*' {
			break
		}
		if opener(r) {
			opened = true
			paren = paren || r == '(' || r == '['
		}
		k += n
		r, n = utf8.DecodeRuneInString(text[k:end])
	}
	if k == end { // nothing but marks follows: they belong here
		return false
	}
	next := text[k:end]
	if !hard && dots == 1 && at > first {
		if s.abbreviation(first, at, next, opened && !paren) {
			return false
		}
	}
	switch {
	case unicode.IsLower(r):
		if s.caseless {
			return true
		}
		// Lower case goes on with the sentence; only a quotation may begin with it.
		return opened && !paren && !hard
	case quoted && hard && unicode.IsUpper(r) && !opened:
		return !attribution(next)
	case r == ',' || r == ';' || r == ':':
		return false
	}
	return true
}

// endsUnspaced decides about a terminator with no space after it, before the rune r: "border.He said",
// "gone.”He". Scraped pages lose spaces; names of sites and numbers never had them.
func (s *segmenter) endsUnspaced(first, at, i, end int, hard, quoted bool, r rune, n int) bool {
	text := s.text
	if r == '“' || r == '«' || r == '¿' || r == '¡' {
		return true
	}
	if !unicode.IsUpper(r) {
		return false
	}
	r2, _ := utf8.DecodeRuneInString(text[i+n : end])
	if !unicode.IsLower(r2) && !(r2 == ' ' && (r == 'A' || r == 'I' || r == 'Y' || r == 'O')) {
		return false
	}
	if quoted || hard && i-at == 1 {
		// "Yahoo!Inc" does not occur; `gone!He` does.
		return true
	}
	// Before the stop: three lower-case letters at least; after it: a whole word, not "Node.Js" or "a.Com".
	w := lastWord(text[first:at])
	if utf8.RuneCountInString(w) < 3 || strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLower(r) }) > 0 {
		return false
	}
	after := text[i:end]
	k := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	if k < 0 {
		k = len(after)
	}
	return (k == len(after) || after[k] == ' ' || after[k] == ',') && !strings.ContainsAny(lastField(text[first:at]), "/@")
}

// abbreviation reports whether the single stop at text[at] belongs to the word before it. Next is the
// text that follows, from its first letter or digit on; quote says that a quotation mark opens it.
func (s *segmenter) abbreviation(first, at int, next string, quote bool) bool {
	text := s.text
	if text[at-1] == ' ' { // "slipstream ." is tokenised text: its stops are stops
		return false
	}
	word := lastField(text[first:at])
	word = strings.TrimLeft(word, "(\"'“‘«[¿¡—–-")
	if i := strings.LastIndexAny(word, "—–/"); i >= 0 { // "Biden—Sen."
		_, n := utf8.DecodeRuneInString(word[i:])
		word = word[i+n:]
	}
	if word == "" || len(word) > 24 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(next)
	upper, digit := unicode.IsUpper(r), '0' <= r && r <= '9'
	begins := quote || s.starter(next)

	if dots := strings.IndexByte(word, '.'); dots >= 0 {
		low := strings.ToLower(word)
		switch low {
		case "a.m", "p.m": // "at 5 p.m. Wednesday", "at 5 p.m. EST" go on
			return !upper && !digit && !quote || !quote && afterTime(next)
		case "e.g", "i.e", "p.ej", "v.gr":
			return true
		case "ph.d", "m.d", "b.a", "m.a", "ed.d", "j.d":
			return !begins
		}
		if acronymLike(word) {
			return !begins
		}
		return false
	}
	letters := utf8.RuneCountInString(word)
	c, _ := utf8.DecodeRuneInString(word)
	if letters == 1 && unicode.IsLetter(c) {
		if !unicode.IsUpper(c) {
			return !s.caseless && (c == 'p' || c == 'v' || c == 'c' || c == 'n' || c == 'd') && (digit || upper)
		}
		// An initial stands before a name: "Ariel G. Ruiz Soto", "J. Edgar Hoover", "Plan B. The".
		return upper && !begins
	}
	if isDigits(word) { // "1. The first point" opens a list item
		return letters <= 2 && strings.TrimSpace(text[first:at]) == word
	}
	low := strings.ToLower(word)
	kind := abbreviations[low]
	if kind == abbrNone {
		if letters == 2 && unicode.IsUpper(c) && word[0] == word[1] { // EE. UU., FF. AA.
			if len(next) >= 3 && next[0] == next[1] && upper && next[2] == '.' {
				return true
			}
			before := lastField(strings.TrimRight(text[first:at-len(word)], " "))
			return len(before) == 3 && before[2] == '.' && before[0] == before[1] && !begins
		}
		return false
	}
	if low == word && kind&abbrCapital != 0 {
		return false // "sun." and "gen." in lower case are words or ends
	}
	switch kind &^ abbrCapital {
	case abbrTitle:
		return upper || digit || !quote && !upper
	case abbrNumber:
		return digit || (low == "art" || low == "arts" || low == "núm" || low == "vol") && romanNumeral(next)
	case abbrDate:
		return digit
	}
	return !begins
}

// The ways in which an abbreviation goes on.
const (
	abbrNone   = 0
	abbrTitle  = 1 // before a name: never ends a sentence
	abbrNumber = 2 // before a number only
	abbrDate   = 3 // month or weekday: before a number only
	abbrInner  = 4 // may end a sentence: the next word decides

	abbrCapital = 8 // counts only when written with a capital
)

// abbreviations maps lower-case abbreviations, without their last stop, to the way they go on. It is
// read-only.
var abbreviations = func() map[string]uint8 {
	m := make(map[string]uint8)
	for _, group := range []struct {
		kind  uint8
		words string
	}{
		{abbrTitle, "mr mrs ms messrs dr drs prof profs rev revs hon gov govs sens reps pres amb lt sgt cpl cmdr " +
			"adm supt insp det sra srta srs sras dra dres lic ing arq gral cnel tte mons pbro ud uds vd vds vs " +
			"ft mt ste dña ntra prov avda gob mtro mtra"},
		{abbrTitle | abbrCapital, "gen sen rep col capt maj sr fr st dip fig eq depto atty asst assoc"},
		{abbrNumber, "nos núm núms nro pág págs pp vol vols art arts párr cap tel secs figs nº"},
		{abbrNumber | abbrCapital, "no sec ch par"},
		{abbrDate, "jan feb apr jun jul aug sept sep oct nov dec ene abr ago dic lun jue vie mon tue tues wed thu " +
			"thurs fri"},
		{abbrDate | abbrCapital, "mar sat sun may"},
		{abbrInner, "jr inc corp ltd co bros llc cía cia ltda etc al approx est dept univ assn natl intl govt " +
			"calif ariz fla mass conn colo minn wis okla ore tenn ala ark del kan ky md mich mo mont neb nev vt wyo " +
			"penn ont que aprox máx mín ej cf"},
		{abbrInner | abbrCapital, "tex ill wash va pa ga la miss ind"},
	} {
		for w := range strings.FieldsSeq(group.words) {
			m[w] = group.kind
		}
	}
	return m
}()

// starter reports whether next begins with a word that, written with a capital in the middle of a text,
// begins a sentence: a function word. Names may follow an acronym or abbreviation, these do not.
func (s *segmenter) starter(next string) bool {
	end := strings.IndexFunc(next, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	if end < 0 {
		end = len(next)
	}
	w := next[:end]
	if w == "" || len(w) > 16 {
		return false
	}
	if i := strings.IndexAny(w, "'’"); i >= 0 {
		w = w[:i]
	}
	r, n := utf8.DecodeRuneInString(w)
	if !unicode.IsUpper(r) || n < len(w) && strings.ToUpper(w) == w || n == len(w) && strings.HasPrefix(next[end:], ".") {
		return false // "IN" in capitals may be anything, and "A." an initial
	}
	f := lang.Fold(w)
	if s.spanish {
		return lang.Stop(f, lang.Spanish) && f != "san" || f == "según"
	}
	switch f {
	case "us", "may", "will", "more", "own", "same", "over", "under", "against", "off", "down", "up", "out":
		return false // names, or parts of them
	}
	return lang.Stop(f, lang.English) || f == "according" || f == "last" || f == "many" || f == "several" || f == "earlier"
}

// afterTime reports whether next goes on with a time of day: a weekday, month, zone or "local".
func afterTime(next string) bool {
	w := next
	if end := strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		w = w[:end]
	}
	switch w {
	case "EST", "EDT", "ET", "CST", "CDT", "CT", "MST", "MDT", "MT", "PST", "PDT", "PT", "GMT", "UTC", "BST", "CET",
		"Eastern", "Central", "Pacific", "Mountain",
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
		"January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
		"Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct", "Nov", "Dec":
		return true
	}
	return false
}

// attribution reports whether next is a speaker and a verb of saying: `“Is it?” López Obrador asked.`
func attribution(next string) bool {
	for range 5 {
		end := strings.IndexByte(next, ' ')
		w := next
		if end >= 0 {
			w = next[:end]
		}
		bare := strings.TrimRight(w, ",.;:")
		switch strings.ToLower(bare) {
		case "said", "says", "asked", "asks", "told", "added", "wrote", "tweeted", "replied", "shouted", "yelled", "quipped", "posted",
			"dijo", "preguntó", "añadió", "agregó", "escribió", "respondió", "cuestionó", "exclamó":
			return true
		}
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) && w != "de" && w != "la" && w != "del" {
			return false
		}
		if end < 0 {
			return false
		}
		next = next[end+1:]
	}
	return false
}

// acronymLike reports whether w is single letters with stops between: "U.S", "a.C", "EE.UU".
func acronymLike(w string) bool {
	for part := range strings.SplitSeq(w, ".") {
		n := utf8.RuneCountInString(part)
		if n == 0 || n > 2 || n == 2 && part[0] != part[1] && !strings.HasPrefix(part, "-") && !(unicode.IsUpper(rune(part[0])) && len(w) <= 6) {
			return false
		}
		for _, r := range part {
			if !unicode.IsLetter(r) && r != '-' {
				return false
			}
		}
	}
	return true
}

func romanNumeral(s string) bool {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(s)
	}
	return end > 0 && strings.Trim(s[:end], "IVXLC") == ""
}

// lastField returns the last run of s that holds no space.
func lastField(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// lastWord returns the letters at the end of s.
func lastWord(s string) string {
	i := len(s)
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !unicode.IsLetter(r) {
			break
		}
		i -= n
	}
	return s[i:]
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// emit appends text[start:end] without the white space around it, cut where it is too long.
func (s *segmenter) emit(spans []Span, start, end int) []Span {
	text := s.text
	start, end = trimSpan(text, start, end)
	for end-start > maxSentence {
		cut := start + cutPoint(text[start:start+maxSentence])
		a, b := trimSpan(text, start, cut)
		if a < b {
			spans = append(spans, Span{a, b})
		}
		start, end = trimSpan(text, cut, end)
	}
	if start < end {
		// Marks alone ("…", "—") belong to the sentence before.
		if n := len(spans); n > 0 && spans[n-1].Start >= s.lineStart && end-spans[n-1].Start <= maxSentence && !hasWord(text[start:end]) {
			spans[n-1].End = end
			return spans
		}
		spans = append(spans, Span{start, end})
	}
	return spans
}

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// cutPoint returns where to cut an overlong sentence: after the last semicolon, else comma, else space
// in the second half of s, else at a rune boundary.
func cutPoint(s string) int {
	for _, mark := range [...]string{"; ", ", ", " "} {
		if i := strings.LastIndex(s, mark); i >= len(s)/2 {
			return i + len(mark)
		}
	}
	i := len(s)
	for i > len(s)-utf8.UTFMax && i > 1 {
		if r, n := utf8.DecodeLastRuneInString(s[:i]); r != utf8.RuneError || n != 1 {
			break
		}
		i--
	}
	return i
}

func trimSpan(text string, start, end int) (int, int) {
	for start < end {
		r, n := utf8.DecodeRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		start += n
	}
	for start < end {
		r, n := utf8.DecodeLastRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		end -= n
	}
	return start, end
}
