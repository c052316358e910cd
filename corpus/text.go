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
	all := make([]string, len(lines))
	for i, l := range lines {
		width = max(width, l.End-l.Start)
		all[i] = s[l.Start:l.End]
	}
	words := vocabulary(all)
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
		if cut, space := joint(words, m.text, next); cut {
			b.buf, b.at = b.buf[:len(b.buf)-1], b.at[:len(b.at)-1]
		} else if space {
			b.byte(' ', l.End)
		}
	}
	flush()
	return blocks
}

// joint says how a line and the next are joined: by a space, or, where a word is broken by a hyphen, with
// nothing; cut says that the hyphen goes, too. It stays when the text has the word with the hyphen, but
// not without it, elsewhere.
func joint(words map[string]bool, line, next string) (cut, space bool) {
	joined, ok := hyphenated(line, next)
	if !ok {
		return false, true
	}
	right, _, _ := strings.Cut(next, " ")
	return words[joined] || !words[bareWord(lastField(line)+right)], false
}

// vocabulary returns the words of all lines.
func vocabulary(lines []string) map[string]bool {
	words := map[string]bool{}
	for _, l := range lines {
		for w := range strings.FieldsSeq(l) {
			words[bareWord(w)] = true
		}
	}
	return words
}

// bareWord returns w in lower case, without the marks around it.
func bareWord(w string) string { return strings.ToLower(strings.Trim(w, ".,;:!?()\"'“”’")) }

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
	return bareWord(left + right), true
}
