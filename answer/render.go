package answer

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TermOptions says what the terminal can do.
type TermOptions struct {
	Color bool // ANSI colour
	Links bool // OSC 8 hyperlinks
	Width int  // columns to wrap at; 0 does not wrap
	Hits  bool // list the passages found, with what speaks for each
	Shown bool // the claims are on the screen already; see TerminalClaim
}

// Terminal writes an answer for reading in a terminal: the claims, the dated sources with the exact
// quotes, the notes. Text from articles cannot move the cursor or colour anything: control characters
// are taken out.
func Terminal(w io.Writer, a Answer, o TermOptions) error {
	t := term{o: o, lang: a.Lang}
	t.answer(a)
	_, err := io.WriteString(w, t.b.String())
	return err
}

// TerminalClaim writes one claim, as it comes (see Question.OnClaim), in the manner of Terminal.
func TerminalClaim(w io.Writer, c Claim, o TermOptions) error {
	t := term{o: o}
	t.wrap("", "", plain(c.Text)+markers(c), "")
	_, err := io.WriteString(w, t.b.String())
	return err
}

type term struct {
	b    strings.Builder
	o    TermOptions
	lang string
}

func (t *term) style(code, s string) string {
	if !t.o.Color || s == "" || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *term) link(address, s string) string {
	if !t.o.Links || safeURL(address) == "" {
		return s
	}
	return "\x1b]8;;" + safeURL(address) + "\x1b\\" + s + "\x1b]8;;\x1b\\"
}

func (t *term) answer(a Answer) {
	if !t.o.Shown {
		t.wrap("", "", plain(a.Text), "")
	}
	for _, n := range a.Notes {
		t.b.WriteByte('\n')
		t.wrap("! ", "  ", plain(n), "33")
	}
	if len(a.Sources) > 0 {
		t.b.WriteString("\n" + t.style("1", say(t.lang, sourceLabel)) + "\n")
	}
	for _, s := range a.Sources {
		t.b.WriteString(t.style("36", fmt.Sprintf("[%d]", s.N)) + " " + t.sourceLine(s) + "\n")
		for _, c := range a.Claims {
			for _, ct := range c.Citations {
				if ct.N != s.N {
					continue
				}
				mark := ""
				if c.AsOf != "" && c.AsOf != s.Published {
					mark = " (" + longDate(t.lang, c.AsOf) + ")"
				}
				t.wrap("    ", "    ", quoted(s.Lang, plain(ct.Quote))+mark, "2")
			}
		}
	}
	if a.AsOf != "" {
		t.b.WriteString("\n" + t.style("2", say(t.lang, asOfLabel, longDate(t.lang, a.AsOf))) + "\n")
	}
	if len(a.Related) > 0 {
		t.b.WriteString(say(t.lang, nearLabel) + "\n")
		for _, r := range a.Related {
			t.wrap("  - ", "    ", plain(r), "")
		}
	}
	if t.o.Hits {
		t.b.WriteByte('\n')
		for i, h := range a.Hits {
			t.wrap(fmt.Sprintf("%2d. ", i+1), "    ", fmt.Sprintf("%.3f %s [%d:%d] %s — %s", h.Score, plain(h.Article), h.Start, h.End, plain(h.Why), clip(plain(h.Quote), 120)), "")
		}
	}
}

func (t *term) sourceLine(s Source) string {
	parts := []string{}
	if s.Publisher != "" {
		p := plain(s.Publisher)
		if s.Brief {
			p += " (" + say(t.lang, briefLabel) + ")"
		}
		parts = append(parts, p)
	}
	parts = append(parts, longDate(t.lang, s.Published))
	if s.Title != "" {
		parts = append(parts, t.link(s.URL, plain(s.Title)))
	}
	line := strings.Join(parts, ", ")
	if s.URL != "" && !t.o.Links && safeURL(s.URL) != "" {
		line += " <" + safeURL(s.URL) + ">"
	}
	return line
}

// wrap writes s as lines of at most Width columns, the first after head, the others after next.
func (t *term) wrap(head, next, s, code string) {
	line, width := head, t.o.Width
	n := utf8.RuneCountInString(head)
	empty := true
	flush := func() {
		t.b.WriteString(t.style(code, line) + "\n")
	}
	for _, w := range strings.Fields(s) {
		k := utf8.RuneCountInString(w)
		if !empty && width > 0 && n+1+k > width {
			flush()
			line, n, empty = next, utf8.RuneCountInString(next), true
		}
		if !empty {
			line += " "
			n++
		}
		line += w
		n += k
		empty = false
	}
	flush()
}

// plain makes any text one line without control, bidi and zero-width characters.
func plain(s string) string { return Clean(s) }

// clip cuts s to at most n characters, with an ellipsis where it cut.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimRightFunc(string(r[:n-1]), unicode.IsSpace) + "…"
}

// safeURL returns an http(s) address that holds nothing that could end a link early or mention anybody, or "".
func safeURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return strings.NewReplacer("@", "%40", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\"", "%22", "\\", "%5C", "|", "%7C", " ", "%20", "`", "%60").Replace(u.String())
}

// Markdown writes an answer as a document: claims, numbered sources with quotes, notes. Everything from
// articles is escaped, so it can neither make a link nor a heading nor mention anybody.
func Markdown(a Answer) string {
	var b strings.Builder
	b.WriteString(escape(a.Text) + "\n")
	for _, n := range a.Notes {
		b.WriteString("\n> " + escape(n) + "\n")
	}
	if len(a.Sources) > 0 {
		b.WriteString("\n**" + say(a.Lang, sourceLabel) + "**\n\n")
	}
	for _, s := range a.Sources {
		title := escape(s.Title)
		if u := safeURL(s.URL); u != "" && title != "" {
			title = "[" + title + "](<" + u + ">)"
		}
		var parts []string
		if s.Publisher != "" {
			p := escape(s.Publisher)
			if s.Brief {
				p += " (" + say(a.Lang, briefLabel) + ")"
			}
			parts = append(parts, p)
		}
		parts = append(parts, longDate(a.Lang, s.Published))
		if title != "" {
			parts = append(parts, title)
		}
		fmt.Fprintf(&b, "%d. %s\n", s.N, strings.Join(parts, ", "))
		for _, c := range a.Claims {
			for _, ct := range c.Citations {
				if ct.N != s.N {
					continue
				}
				b.WriteString("   > " + quoted(s.Lang, escape(ct.Quote)))
				if c.AsOf != "" && c.AsOf != s.Published {
					b.WriteString(" (" + longDate(a.Lang, c.AsOf) + ")")
				}
				b.WriteString("\n")
			}
		}
	}
	if a.AsOf != "" {
		b.WriteString("\n*" + say(a.Lang, asOfLabel, longDate(a.Lang, a.AsOf)) + "*\n")
	}
	if len(a.Related) > 0 {
		b.WriteString("\n" + say(a.Lang, nearLabel) + "\n\n")
		for _, r := range a.Related {
			b.WriteString("- " + escape(r) + "\n")
		}
	}
	return b.String()
}

// escape makes text inert in Markdown and in chat: one line, no markup, no mention. Citation markers
// like [1] stay readable.
func escape(s string) string {
	s = plain(s)
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '\\', '*', '_', '~', '|', '`', '<', '>', '(', ')':
			b.WriteByte('\\')
		case '[', ']':
			if !marker(s, i) {
				b.WriteByte('\\')
			}
		case '#', '-', '+':
			if i == 0 {
				b.WriteByte('\\')
			}
		case '@':
			b.WriteString("@\u200b")
			continue
		case '.':
			if i > 0 && strings.Trim(s[:i], "0123456789") == "" { // "1. " begins a list
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// marker reports whether the bracket at byte i of s belongs to a citation marker such as [12] that no
// parenthesis follows.
func marker(s string, i int) bool {
	open := i
	if s[i] == ']' {
		open = strings.LastIndexByte(s[:i], '[')
		if open < 0 {
			return false
		}
	}
	end := strings.IndexByte(s[open:], ']')
	if end < 2 || end > 4 || strings.Trim(s[open+1:open+end], "0123456789") != "" {
		return false
	}
	after := s[open+end+1:]
	return !strings.HasPrefix(after, "(") && !strings.HasPrefix(after, "[") && !strings.HasPrefix(after, ":") && (s[i] == '[' || open+end == i)
}
