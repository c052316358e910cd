package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mapped is text with the place in Raw that each byte of it comes from.
type mapped struct {
	text string
	// at holds len(text)+1 offsets, rising; nil says that byte i comes from byte base+i.
	at   []int
	base int
}

// raw returns the range of Raw that text[i:j] comes from.
func (m *mapped) raw(i, j int) Span {
	if m.at == nil {
		return Span{m.base + i, m.base + j}
	}
	return Span{m.at[i], m.at[j]}
}

// slice returns text[i:j] with its places.
func (m *mapped) slice(i, j int) mapped {
	if m.at == nil {
		return mapped{text: m.text[i:j], base: m.base + i}
	}
	return mapped{text: m.text[i:j], at: m.at[i : j+1]}
}

// without returns the text with [i,j) cut out. A space is left where the cut would glue two words.
func (m *mapped) without(i, j int) mapped {
	out := builder{}
	out.add(m, 0, i)
	if i > 0 && j < len(m.text) && m.text[i-1] != ' ' && m.text[j] != ' ' && !strings.ContainsRune(",.;:!?)’'", rune(m.text[j])) {
		out.byte(' ', m.raw(i, i).Start)
	}
	out.add(m, j, len(m.text))
	return normalize(out.mapped(), nil)
}

// builder assembles mapped text.
type builder struct {
	buf []byte
	at  []int
	end int // place in Raw after the last byte
}

func (b *builder) byte(c byte, at int) {
	b.buf = append(b.buf, c)
	b.at = append(b.at, at)
	b.end = max(at, b.end)
}

// bytes appends s, all of it standing for Raw[from:to].
func (b *builder) bytes(s string, from, to int) {
	for i := range len(s) {
		b.byte(s[i], from)
	}
	b.end = max(to, b.end)
}

// add appends m.text[i:j].
func (b *builder) add(m *mapped, i, j int) {
	for k := i; k < j; k++ {
		b.byte(m.text[k], m.raw(k, k).Start)
	}
	if j > i {
		b.end = max(m.raw(j, j).Start, b.end)
	}
}

func (b *builder) mapped() mapped {
	return mapped{text: string(b.buf), at: append(b.at, b.end)}
}

// normalize brings one line to its normal form: NFC, every kind of space a plain single one and none at
// the ends, no control, format or other invisible character. Dropped is told the places of dropped
// characters that could hide something from a reader; it may be nil.
func normalize(m mapped, dropped func(Span)) mapped {
	if isNormal(m.text) {
		return m
	}
	var b builder
	text := m.text
	space := false
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case isSpace(r):
			space = len(b.buf) > 0
		case r == utf8.RuneError && n == 1:
			// Parse refuses invalid UTF-8; a cut never makes any.
		case invisible(r):
			if dropped != nil && !harmless(r) {
				dropped(m.raw(i, i+n))
			}
		default:
			if space {
				b.byte(' ', m.raw(i, i).Start)
				space = false
			}
			b.add(&m, i, i+n)
		}
		i += n
	}
	out := b.mapped()
	if !norm.NFC.IsNormalString(out.text) {
		out = compose(out)
	}
	return out
}

// isNormal reports whether normalize has nothing to do.
func isNormal(s string) bool {
	prev := byte(' ')
	ascii := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f || c == ' ' && prev == ' ' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
		prev = c
	}
	if prev == ' ' && s != "" {
		return false
	}
	if ascii {
		return true
	}
	for _, r := range s {
		if r >= utf8.RuneSelf && (isSpace(r) || r == utf8.RuneError || invisible(r)) {
			return false
		}
	}
	return norm.NFC.IsNormalString(s)
}

// compose applies NFC; all bytes of a composed segment stand for the whole of what they were.
func compose(m mapped) mapped {
	var b builder
	var it norm.Iter
	it.InitString(norm.NFC, m.text)
	for pos := 0; !it.Done(); {
		seg := it.Next()
		next := it.Pos()
		if pos+len(seg) == next && m.text[pos:next] == string(seg) {
			b.add(&m, pos, next)
		} else {
			span := m.raw(pos, next)
			b.bytes(string(seg), span.Start, span.End)
		}
		pos = next
	}
	return b.mapped()
}

// isSpace reports whether r separates words on a line.
func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' || r >= 0x80 && unicode.IsSpace(r)
}

// invisible reports whether r is a control or format character (bidirectional controls, zero-width
// characters, soft hyphen, byte order mark, tags), a variation selector that hides data, or no character.
func invisible(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r < 0xa0:
		return true
	case r < 0xad:
		return false
	case 0xE0000 <= r && r <= 0xE0FFF, 0xFDD0 <= r && r <= 0xFDEF, r&0xFFFE == 0xFFFE, r == 0xFFFC,
		r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, 0x180B <= r && r <= 0x180F:
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cs, r)
}

// harmless reports whether the invisible character is typesetting that hides nothing.
func harmless(r rune) bool {
	return r == 0xad || 0x200b <= r && r <= 0x200d || r == 0x2060 || r == 0xfeff || r == 0x85
}

// plainKey is the form of a text by which repeated paragraphs and fixed phrases are recognised: lower
// case, words only, one space between them.
func plainKey(s string) string {
	b := make([]byte, 0, len(s))
	gap := false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'A' <= c && c <= 'Z':
				c |= 0x20
			case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			case c == '\'': // it's = it’s = its
				continue
			default:
				gap = len(b) > 0
				continue
			}
			if gap {
				b = append(b, ' ')
				gap = false
			}
			b = append(b, c)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r == '’' || r == '‘' {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			gap = len(b) > 0
			continue
		}
		if gap {
			b = append(b, ' ')
			gap = false
		}
		b = utf8.AppendRune(b, unicode.ToLower(r))
	}
	return string(b)
}
