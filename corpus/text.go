package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraphs cuts plain text into paragraphs: at blank lines, and at every line break unless the text is
// wrapped by hand, where the lines of a paragraph are joined.
func paragraphs(raw string) []block {
	lines := cutLines(raw)
	if wrapped(raw, lines) {
		return unwrap(raw, lines)
	}
	blocks := make([]block, 0, len(lines))
	for _, l := range lines {
		if l.Start < l.End {
			blocks = append(blocks, block{mapped: mapped{text: raw[l.Start:l.End], base: l.Start}, span: l})
		}
	}
	return blocks
}

// cutLines returns the lines of s without the white space around them; blank lines are empty spans. Every
// kind of line, page or paragraph break ends a line.
func cutLines(s string) []Span {
	lines := make([]Span, 0, strings.Count(s, "\n")+1)
	start := 0
	for i := 0; i < len(s); i++ {
		n := 0
		switch c := s[i]; {
		case c == '\n' || c == '\v' || c == '\f':
			n = 1
		case c == '\r':
			n = 1
			if i+1 < len(s) && s[i+1] == '\n' {
				n = 2
			}
		case c == 0xC2 && strings.HasPrefix(s[i:], "\u0085"):
			n = 2
		case c == 0xE2 && (strings.HasPrefix(s[i:], "\u2028") || strings.HasPrefix(s[i:], "\u2029")):
			n = 3
		}
		if n == 0 {
			continue
		}
		a, b := trimSpan(s, start, i)
		lines = append(lines, Span{a, b})
		start = i + n
		i += n - 1
	}
	a, b := trimSpan(s, start, len(s))
	return append(lines, Span{a, b})
}

// wrapped reports whether the lines are of about one width and break inside sentences.
func wrapped(s string, lines []Span) bool {
	pairs, broken := 0, 0
	for i := 0; i+1 < len(lines) && i < 2000; i++ {
		a, b := lines[i], lines[i+1]
		if a.Start == a.End || b.Start == b.End {
			continue
		}
		if a.End-a.Start > 160 {
			return false
		}
		pairs++
		r, _ := utf8.DecodeRuneInString(s[b.Start:b.End])
		if a.End-a.Start >= 30 && unicode.IsLower(r) && !endsSentence(s[a.Start:a.End]) {
			broken++
		}
	}
	return broken >= 2 && broken*10 >= pairs*3
}

// unwrap joins the lines of each paragraph. A short line that ends a sentence ends its paragraph, too.
func unwrap(s string, lines []Span) []block {
	width := 0
	words := map[string]bool{}
	for _, l := range lines {
		width = max(width, l.End-l.Start)
		for w := range strings.FieldsSeq(s[l.Start:l.End]) {
			words[strings.ToLower(strings.Trim(w, ".,;:!?()\"'“”’"))] = true
		}
	}
	var blocks []block
	var b builder
	var span Span
	flush := func() {
		if len(b.buf) > 0 {
			blocks = append(blocks, block{mapped: b.mapped(), span: span})
		}
		b = builder{}
	}
	for i, l := range lines {
		if l.Start == l.End {
			flush()
			continue
		}
		if len(b.buf) == 0 {
			span.Start = l.Start
		}
		span.End = l.End
		m := mapped{text: s[l.Start:l.End], base: l.Start}
		b.add(&m, 0, len(m.text))
		if i+1 == len(lines) || lines[i+1].Start == lines[i+1].End {
			flush()
			continue
		}
		next := s[lines[i+1].Start:lines[i+1].End]
		if l.End-l.Start < width*6/10 && endsSentence(m.text) {
			flush()
			continue
		}
		if joined, ok := hyphenated(m.text, next); ok {
			// A word broken at the line's end: joined without the hyphen unless it is a compound.
			if !words[joined] {
				left := lastField(m.text)
				right, _, _ := strings.Cut(next, " ")
				if words[strings.ToLower(strings.Trim(left+right, ".,;:!?()\"'“”’"))] {
					continue
				}
			}
			b.buf, b.at = b.buf[:len(b.buf)-1], b.at[:len(b.at)-1]
			continue
		}
		b.byte(' ', l.End)
	}
	flush()
	return blocks
}

// hyphenated reports whether a line ends with a hyphen inside a word that next goes on with, and returns
// the word without the hyphen.
func hyphenated(line, next string) (string, bool) {
	if !strings.HasSuffix(line, "-") || strings.HasSuffix(line, "--") {
		return "", false
	}
	left := lastWord(line[:len(line)-1])
	r, _ := utf8.DecodeRuneInString(next)
	if left == "" || !unicode.IsLower(r) {
		return "", false
	}
	right, _, _ := strings.Cut(next, " ")
	return strings.ToLower(strings.Trim(left+right, ".,;:!?()\"'“”’")), true
}
