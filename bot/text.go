package bot

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"policybot/answer"
)

// zwsp stands after a character that would begin a mention or a link, so that it does not: Discord shows
// nothing for it.
const zwsp = "\u200b"

// variation asks for the coloured form of a sign such as the warning triangle; it stands in words of the
// bot's own.
const variation = '\ufe0f'

// Escape makes any text inert in Discord's markdown: one line that shows what the text says, without
// markup, mention, timestamp, emoji of a server, invitation or link, wherever in a message it is put.
// What cannot be seen (control, bidirectional and zero-width characters) is taken out.
//
// The rules are those of Discord's reference (https://discord.com/developers/docs/reference#message-formatting):
// a backslash before a character of markup; a zero-width space where a backslash does not help, because
// the server or another pass reads mentions and addresses.
func Escape(s string) string {
	s = plain(s)
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for i, r := range s {
		switch r {
		case '\\', '*', '_', '~', '|', '`', '>', '[', ']', '(', ')':
			b.WriteByte('\\')
		case '#', '-', '+':
			if i == 0 { // a heading, small text or a list
				b.WriteByte('\\')
			}
		case '.':
			if i > 0 && strings.Trim(s[:i], "0123456789") == "" { // "1. " begins a list
				b.WriteByte('\\')
			}
			if endsDiscord(s[:i]) { // an invitation shows as a card even without a scheme
				b.WriteString("." + zwsp)
				continue
			}
		case '<', '@':
			b.WriteRune(r)
			b.WriteString(zwsp)
			continue
		case ':':
			if strings.HasPrefix(s[i:], "://") {
				b.WriteString(":" + zwsp)
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

func endsDiscord(head string) bool {
	const word, longer = "discord", "discordapp"
	return len(head) >= len(word) && strings.EqualFold(head[len(head)-len(word):], word) ||
		len(head) >= len(longer) && strings.EqualFold(head[len(head)-len(longer):], longer)
}

// maxMarks is how many combining marks may stand on one character: no language of the library needs more,
// and a pile of them covers the lines around.
const maxMarks = 3

// plain makes any text one line of visible characters: where Discord knows no markup (labels of buttons,
// choices, placeholders) that is enough.
func plain(s string) string {
	s = answer.Clean(s)
	var b strings.Builder
	marks := 0
	for _, r := range s {
		switch {
		case invisible(r):
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		b.WriteRune(r)
	}
	// Taking out may have brought two spaces together.
	return strings.Join(strings.Fields(b.String()), " ")
}

// invisible reports whether a character shows nothing though its category says otherwise: fillers and
// selectors that hide text from readers and filters (Unicode's Default_Ignorable_Code_Point, and the
// blank pattern of Braille).
func invisible(r rune) bool {
	return r == 0x2800 || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Cf, unicode.Cc)
}

// width is the length that Discord's limits are held against: UTF-16 units, which are never fewer than
// the characters that Discord may count instead.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// label makes plain text of at most limit units for a place that knows no markup, cut at a word where it
// is longer.
func label(s string, limit int) string {
	s = plain(s)
	if width(s) <= limit {
		return s
	}
	n, end, space := 0, 0, -1
	for i, r := range s {
		if n += max(1, utf16.RuneLen(r)); n > limit-1 {
			break
		}
		if r == ' ' {
			space = i
		}
		end = i + utf8.RuneLen(r)
	}
	for end > 0 && end < len(s) && joins(s[end:]) { // not between a letter and its accent
		_, k := utf8.DecodeLastRuneInString(s[:end])
		end -= k
	}
	if space > end*2/3 {
		end = space
	}
	return strings.TrimRight(s[:end], " ,;:.–—-") + "…"
}

// joins reports whether s begins with a character that is shown on the one before it.
func joins(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.Mn, unicode.Me) || string(r) == zwsp // among them the variation selectors
}

// maxLinkText is the longest text of a link: one line on a phone, or a little more.
const maxLinkText = 80

// linkText makes plain text that can stand between the brackets of a masked link. Clients show a
// backslash there as it is, and give the link up for anything like an address, so what is markup goes.
func linkText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("[]()\\*_~|`<>", r):
			return -1
		case r == '@', r == '#': // "@here", "#channel"
			return -1
		case unicode.In(r, unicode.So, unicode.Sk) || r >= 0x1F000: // an emoji breaks the link on some clients
			return -1
		}
		return r
	}, plain(s))
	s = strings.ReplaceAll(s, "://", " ")
	s = dotted().ReplaceAllString(s, "$1 $2")
	return label(s, maxLinkText)
}

// dotted finds a point between letters: what a client may take for the name of a host.
var dotted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\pL{2,})\.(\pL{2,})`) })

// maxURL is the longest address that is linked.
const maxURL = 512

// safeURL returns an http or https address of the library's register in a form that cannot end a link
// early, or "" if it is none. Addresses of questions, articles' texts and models never come here.
func safeURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsAny(u.Host, "<>()[]\"\\ ") {
		return ""
	}
	s = encodeRest(u.String())
	if len(s) > maxURL {
		return ""
	}
	return s
}

// encodeRest percent-encodes what is not plain in an address or would end a link.
func encodeRest(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("()<>\"\\|`[]{}^*", c) >= 0 {
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// masked writes a masked link whose address is not unfurled into a card, or the text alone when there is
// no address.
func masked(text, address string) string {
	text = linkText(text)
	address = safeLink(address)
	if address == "" || text == "" {
		return Escape(text)
	}
	return "[" + text + "](<" + address + ">)"
}

// safeLink is safeURL for an address that may have got a text fragment.
func safeLink(s string) string {
	base, fragment, found := strings.Cut(s, "#:~:")
	if !found {
		base, fragment, found = strings.Cut(s, ":~:")
	}
	base = safeURL(base)
	if base == "" || !found {
		return base
	}
	if !strings.Contains(base, "#") {
		base += "#"
	}
	return base + ":~:" + encodeRest(fragment)
}

// fragmentURL returns the address of a passage within a page: with it browsers scroll to the quoted text
// and mark it (WICG Text Fragments, https://wicg.github.io/scroll-to-text-fragment/). A long quote is
// named by its first and last words, which also survives what cleaning took out between them. A page
// that is no HTML keeps its plain address.
func fragmentURL(address, quote string) string {
	address = safeURL(address)
	if address == "" {
		return ""
	}
	if u, err := url.Parse(address); err != nil || strings.HasSuffix(strings.ToLower(u.Path), ".pdf") {
		return address
	}
	words := strings.Fields(quote)
	if len(words) == 0 {
		return address
	}
	const most = 5 // words at either end
	text := fragmentPart(words)
	if len(words) > 2*most {
		text = fragmentPart(words[:most]) + "," + fragmentPart(words[len(words)-most:])
	}
	if len(text) > 300 {
		return address
	}
	if !strings.Contains(address, "#") {
		address += "#"
	}
	return address + ":~:text=" + text
}

// fragmentPart percent-encodes words; "-", "," and "&" have a meaning in a text fragment.
func fragmentPart(words []string) string {
	s := url.QueryEscape(strings.Join(words, " "))
	return strings.NewReplacer("+", "%20", "-", "%2D", ",", "%2C", "&", "%26", "~", "%7E", "_", "%5F").Replace(s)
}
