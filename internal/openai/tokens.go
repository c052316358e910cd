package openai

import "unicode/utf8"

// Tokens estimates how many tokens a text is, for bounds and for prices: a count by the tokenizers in use
// differs by some 15 % for English and Spanish prose, and lies mostly below. A word of up to six letters
// is one token and each further four letters another; digits go by threes, marks by ones, and a letter of
// a script without spaces is one. It never allocates.
func Tokens(text string) int {
	n, letters, digits := 0, 0, 0
	flush := func() {
		switch {
		case letters > 0:
			n += 1 + max(letters-3, 0)/4
		case digits > 0:
			n += (digits + 2) / 3
		}
		letters, digits = 0, 0
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c|0x20 && c|0x20 <= 'z':
				if digits > 0 {
					flush()
				}
				letters++
			case '0' <= c && c <= '9':
				if letters > 0 {
					flush()
				}
				digits++
			case c == ' ' || c == '\n' || c == '\t' || c == '\r':
				flush()
			default:
				flush()
				n++
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r < 0x250: // accented Latin
			letters += 2
		case r < 0x2000: // alphabets
			letters += 2
		default:
			flush()
			n++
		}
	}
	flush()
	return n
}
