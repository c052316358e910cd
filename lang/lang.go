// Package lang says what a word is in English and Spanish: tokens with their places, stems, function
// words, the language of a text, and the numbers and dates that stand in it. Everything above it
// (segmenting, indexing, answering, verifying) cuts text with the same knife.
package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The two languages of the product, as they stand in Article.Lang and Question.Lang.
const (
	English = "en"
	Spanish = "es"
)

// maxFold bounds the bytes of a folded token; a longer run of letters is no word of ours.
const maxFold = 64

// Token is one word or number of a text.
type Token struct {
	Start, End int    // byte offsets
	Fold       string // lower case, no diacritics, no possessive 's: what is compared and stemmed
	Upper      bool   // the first letter is upper case
	Caps       bool   // two letters or more, all upper case
	Digit      bool   // begins with a digit
}

// Tokens cuts text into words and numbers, in order. Hyphenated words are cut apart, except after "co"
// and in designations ("H-2A" folds to "h2a"); "U.S." and, in text that is not all capitals, "US" fold
// to "u.s", which keeps them apart from the pronoun. Thousands separators go: "1,600" folds to "1600".
// Any bytes are accepted; invalid UTF-8 separates words.
func Tokens(text string) []Token {
	return AppendTokens(make([]Token, 0, len(text)/6+1), text)
}

// AppendTokens appends the tokens of text to toks: for callers with many texts, who use one slice for all.
func AppendTokens(toks []Token, text string) []Token {
	mixed := -1 // whether text has lower-case letters: unknown, no, yes
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case isDigit(r):
			t := number(text, i)
			toks = append(toks, t)
			i = t.End
		case isLetter(r):
			t := word(text, i, r, n)
			if len(t.Fold) == 6 && t.End-t.Start == 6 && t.Fold[:2] == "fy" && atoi4(t.Fold[2:]) > 0 { // "FY2023"
				t.End, t.Fold = i+2, "fy"
			}
			if t.Caps && (t.Fold == "us" || t.Fold == "un") {
				if mixed < 0 {
					mixed = 0
					if strings.IndexFunc(text, unicode.IsLower) >= 0 {
						mixed = 1
					}
				}
				if mixed == 1 {
					t.Fold = t.Fold[:1] + "." + t.Fold[1:]
				}
			}
			if t.Fold != "" {
				toks = append(toks, t)
			}
			i = t.End
		default:
			i += n
		}
	}
	return toks
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.IsDigit(r))
}

// number reads the number at i, with its separators, and an ordinal or decade ending ("20th", "1990s").
func number(text string, i int) Token {
	j := i
	var groups, seps []byte // lengths of the digit runs, and what stands between them
	for {
		k := j
		for j < len(text) && isDigit(rune(text[j])) {
			j++
		}
		groups = append(groups, byte(min(j-k, 255)))
		if j+1 < len(text) && (text[j] == ',' || text[j] == '.') && isDigit(rune(text[j+1])) && len(seps) < 8 {
			seps = append(seps, text[j])
			j++
			continue
		}
		break
	}
	fold := text[i:j]
	if len(seps) > 0 {
		fold = plainNumber(fold, groups, seps)
	}
	for _, end := range [...]string{"th", "st", "nd", "rd", "s", "º", "ª"} {
		if strings.HasPrefix(text[j:], end) {
			if r, _ := utf8.DecodeRuneInString(text[j+len(end):]); !isLetter(r) {
				if end == "s" {
					fold += end
				}
				j += len(end)
				break
			}
		}
	}
	if len(fold) > maxFold {
		fold = fold[:maxFold]
	}
	return Token{Start: i, End: j, Fold: fold, Digit: true}
}

// plainNumber drops grouping separators and turns a decimal comma into a point. A single point before
// three digits stays as it is: "2.046 million" and "1.600 km" cannot be told apart here.
func plainNumber(s string, groups, seps []byte) string {
	grouped := func(sep byte) bool {
		for k, c := range seps {
			if c != sep || groups[k+1] != 3 {
				return false
			}
		}
		return groups[0] <= 3
	}
	switch {
	case grouped(','):
		return strings.ReplaceAll(s, ",", "")
	case grouped('.') && len(seps) > 1:
		return strings.ReplaceAll(s, ".", "")
	case len(seps) == 1 && seps[0] == ',':
		return strings.Replace(s, ",", ".", 1)
	case len(seps) > 1 && seps[len(seps)-1] != seps[0]: // 1,234.5 or 1.234,5
		cut := strings.LastIndexByte(s, seps[len(seps)-1])
		head := strings.NewReplacer(",", "", ".", "").Replace(s[:cut])
		return head + "." + s[cut+1:]
	}
	return s
}

// inner are the marks inside a word that folding drops.
var inner = strings.NewReplacer("'", "", "’", "", "-", "")

// word reads the word at i, whose first rune is r of n bytes.
func word(text string, i int, r rune, n int) Token {
	j := i + n
	letters, ascii, upper := 1, r < utf8.RuneSelf, unicode.IsUpper(r)
	first := upper
	caps := upper
	apostrophe := -1
	plain := true // Fold is text[i:j] lower-cased, nothing taken out
	for j < len(text) {
		c := text[j]
		if c < utf8.RuneSelf {
			if isLetter(rune(c)) || isDigit(rune(c)) {
				if 'a' <= c && c <= 'z' {
					caps = false
				} else {
					upper = upper || 'A' <= c && c <= 'Z'
				}
				letters++
				j++
				continue
			}
			if c == '\'' && letterAt(text, j+1) {
				apostrophe, plain = j, false
				j++
				continue
			}
			// U.S., U.N., D.C.: single letters with points between.
			if c == '.' && letters == 1 && j == i+n {
				if end := acronym(text, i); end > 0 {
					return acronymToken(text, i, end, first)
				}
			}
			// H-2A, F-16, MS-13: one or two letters, a hyphen, digits, one letter at most.
			if c == '-' && letters <= 2 && (letters == 1 || caps) && j+1 < len(text) && isDigit(rune(text[j+1])) {
				k := j + 1
				for k < len(text) && isDigit(rune(text[k])) && k-j < 6 {
					k++
				}
				if letterAt(text, k) {
					k++
				}
				if k == len(text) || !letterAt(text, k) && !isDigit(rune(text[k])) {
					f := strings.ToLower(text[i:j] + text[j+1:k])
					return Token{Start: i, End: k, Fold: Fold(f), Upper: first, Caps: caps}
				}
			}
			if c == '-' && letters == 2 && strings.EqualFold(text[i:j], "co") && letterAt(text, j+1) {
				plain = false
				j++
				continue
			}
			break
		}
		q, m := utf8.DecodeRuneInString(text[j:])
		if q == '’' && letterAt(text, j+m) {
			apostrophe, plain, ascii = j, false, false
			j += m
			continue
		}
		if !isLetter(q) {
			break
		}
		ascii = false
		if unicode.IsLower(q) {
			caps = false
		} else if unicode.IsUpper(q) {
			upper = true
		}
		letters++
		j += m
	}
	t := Token{Start: i, End: j, Upper: first, Caps: caps && letters > 1}
	s := text[i:j]
	if apostrophe >= 0 {
		tail := strings.TrimLeft(text[apostrophe:j], "'’")
		if tail == "s" || tail == "S" {
			s = text[i:apostrophe]
		}
	}
	if len(s) > maxFold {
		cut := maxFold
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	switch {
	case plain && ascii && !upper:
		t.Fold = s
	case plain && ascii:
		t.Fold = strings.ToLower(s)
	default:
		t.Fold = inner.Replace(Fold(s))
	}
	return t
}

func letterAt(text string, j int) bool {
	if j >= len(text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[j:])
	return isLetter(r)
}

// acronym returns the end of the dotted single letters at i ("U.S.", "D.C"), or 0.
func acronym(text string, i int) int {
	j, letters := i, 0
	for j < len(text) {
		c := text[j]
		if c|0x20 < 'a' || c|0x20 > 'z' {
			break
		}
		if letterAt(text, j+1) || j+1 < len(text) && isDigit(rune(text[j+1])) {
			return 0 // the last "letter" is the start of a word
		}
		letters++
		j++
		if j < len(text) && text[j] == '.' && letterAt(text, j+1) {
			j++
			continue
		}
		if j < len(text) && text[j] == '.' {
			j++
		}
		break
	}
	if letters < 2 {
		return 0
	}
	return j
}

func acronymToken(text string, i, end int, upper bool) Token {
	f := strings.ToLower(strings.ReplaceAll(text[i:end], ".", ""))
	switch f {
	case "us", "un":
		f = f[:1] + "." + f[1:]
	}
	return Token{Start: i, End: end, Fold: f, Upper: upper, Caps: upper}
}

// Fold returns s in lower case without diacritics.
func Fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if r == utf8.RuneError || unicode.Is(unicode.Mn, r) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Opens reports whether a sentence or quotation begins at byte i of text: "The" of "… he said. The ferry …".
func Opens(text string, i int) bool {
	head := strings.TrimRight(text[:i], " \u00a0\n\t“\"'‘«¿¡([—–-")
	if head == "" {
		return true
	}
	if strings.ContainsAny(text[len(head):i], "“‘«") || strings.HasSuffix(text[:i], "\"") { // before a space it ends a quotation
		return true
	}
	switch head[len(head)-1] {
	case '.', '!', '?', ':', ';':
		return true
	}
	return false
}
