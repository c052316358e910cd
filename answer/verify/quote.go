package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"policybot/corpus"
)

// FindQuote returns where a quote stands in a text: word for word, up to white space, quotation marks and
// dashes. The kind of a mark does not count, nor whether a quotation mark is there at all; a space beside
// a dash does not either. Everything else does, case and accents too. A quote that begins or ends inside
// a word or number of the text does not stand there. Of several places it returns the first.
//
// What a claim cites is the span, not the quote as it was written: the citation's Quote is text[Start:End].
func FindQuote(text, quote string) (corpus.Span, bool) {
	if q := strings.TrimSpace(quote); q != "" {
		for from := 0; ; {
			i := strings.Index(text[from:], q)
			if i < 0 {
				break
			}
			if s := (corpus.Span{Start: from + i, End: from + i + len(q)}); wholeWords(text, s) {
				return s, true
			}
			_, n := utf8.DecodeRuneInString(text[from+i:])
			from += i + n
		}
	}
	want, _ := bareText(norm.NFC.String(quote))
	if want == "" {
		return corpus.Span{}, false
	}
	have, at := bareText(text)
	for from := 0; ; {
		i := strings.Index(have[from:], want)
		if i < 0 {
			return corpus.Span{}, false
		}
		i += from
		s := corpus.Span{Start: at[i].Start, End: at[i+len(want)-1].End}
		if wholeWords(text, s) {
			return s, true
		}
		from = i + 1
	}
}

// wholeWords reports whether a span of a text neither begins nor ends inside a word or number: not "err" of "ferry".
func wholeWords(text string, s corpus.Span) bool {
	cut := func(i int) bool {
		if i <= 0 || i >= len(text) {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, n := utf8.DecodeRuneInString(text[i:])
		if wordRune(before) && wordRune(after) {
			return true
		}
		// "1,600" and "85.5" are one number each.
		if (before == ',' || before == '.') && unicode.IsDigit(after) {
			prev, _ := utf8.DecodeLastRuneInString(text[:i-1])
			return unicode.IsDigit(prev)
		}
		if unicode.IsDigit(before) && (after == ',' || after == '.') && i+n < len(text) {
			next, _ := utf8.DecodeRuneInString(text[i+n:])
			return unicode.IsDigit(next)
		}
		return false
	}
	return !cut(s.Start) && !cut(s.End)
}

// wordRune reports whether a rune is part of a word: a letter, a digit or an accent that combines.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// bareText returns a text with white space as single spaces, dashes as "-" without spaces beside them, an
// apostrophe as "'" and without quotation marks; and for each byte the bytes of the text that it stands for.
func bareText(text string) (string, []corpus.Span) {
	b := make([]byte, 0, len(text))
	at := make([]corpus.Span, 0, len(text))
	put := func(s string, from, to int) {
		for i := range len(s) {
			b, at = append(b, s[i]), append(at, corpus.Span{Start: from, End: to})
		}
	}
	var last rune // the rune before this one
	for i, r := range text {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(text[i:])
		}
		end := i + n
		switch {
		case unicode.IsSpace(r):
			if len(b) > 0 && b[len(b)-1] != ' ' && b[len(b)-1] != '-' {
				put(" ", i, end)
			}
		case r == 0xAD || r == 0x200B || r == 0x2060 || r == 0xFEFF: // soft hyphen, invisible marks
			continue
		case dash(r):
			for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '-') {
				b, at = b[:len(b)-1], at[:len(at)-1]
			}
			put("-", i, end)
		case quotationMark(r):
			next, _ := utf8.DecodeRuneInString(text[end:])
			if (r == '\'' || r == '’') && wordRune(last) && wordRune(next) {
				put("'", i, end)
			}
		case r == '…':
			put("...", i, end)
		default:
			put(text[i:end], i, end)
		}
		last = r
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b, at = b[:len(b)-1], at[:len(at)-1]
	}
	return string(b), at
}

// dash reports whether a rune is a hyphen, a minus or a dash of any length.
func dash(r rune) bool {
	return r == '-' || 0x2010 <= r && r <= 0x2015 || r == 0x2212 || r == 0x2043 || r == 0xFE58 || r == 0xFE63 || r == 0xFF0D
}

// quotationMark reports whether a rune is a quotation mark, an apostrophe, a prime or an accent used as one.
func quotationMark(r rune) bool {
	switch r {
	case '"', '\'', '`', '´', '«', '»', '‹', '›', 0xFF02, 0xFF07:
		return true
	}
	return 0x2018 <= r && r <= 0x201F || r == 0x2032 || r == 0x2033
}

// CitationsHold reports whether there is a citation, and each is Text[Start:End] of a stored article,
// whole characters and not blank.
func CitationsHold(lib Library, claim Claim) bool {
	if len(claim.Citations) == 0 {
		return false
	}
	for _, c := range claim.Citations {
		a := lib.Article(c.Article)
		if a == nil || c.Start < 0 || c.End > len(a.Text) || c.Start >= c.End {
			return false
		}
		if a.Text[c.Start:c.End] != c.Quote || strings.TrimSpace(c.Quote) == "" {
			return false
		}
		if !utf8.RuneStart(a.Text[c.Start]) || c.End < len(a.Text) && !utf8.RuneStart(a.Text[c.End]) {
			return false
		}
	}
	return true
}
