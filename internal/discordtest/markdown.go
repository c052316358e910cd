package discordtest

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// markup turns the markdown that Discord's clients show into HTML, near enough to judge a layout by. Whatever
// the text, the HTML is balanced, and nothing of the text becomes a tag or an attribute other than a link
// to http or https.
type markup struct {
	name func(kind byte, id string) string // of <@id> ('@') and <#id> ('#')
	// What a place shows: an embed's title has no masked links, a field no headings.
	noHeadings, noMasked bool
}

var (
	mdHeading = regexp.MustCompile(`^(#{1,3}) +(\S.*)$`)
	mdSmall   = regexp.MustCompile(`^-# +(\S.*)$`)
	mdItem    = regexp.MustCompile(`^( *)([-*]|[0-9]{1,9}\.) +(\S.*)$`)
	mdMention = regexp.MustCompile(`^<(@[!&]?|#)([0-9]{1,20})>`)
	mdTime    = regexp.MustCompile(`^<t:(-?[0-9]{1,13})(?::([tTdDfFsSR]))?>`)
	mdAngled  = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
	mdBare    = regexp.MustCompile(`^https?://[^\s<>]+`)
	mdTarget  = regexp.MustCompile(`^\(\s*<?(https?://[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\s*\)`)
)

// block renders a text with its headings, lists, quotes and code blocks.
func (md markup) block(text string) string {
	var b strings.Builder
	lines := strings.Split(text, "\n")
	for n := 0; n < len(lines); n++ {
		line := lines[n]
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			rest := strings.Join(lines[n:], "\n")
			open := strings.Index(rest, "```")
			end := strings.Index(rest[open+3:], "```")
			if end < 0 {
				b.WriteString(md.line(line))
				continue
			}
			body := rest[open+3 : open+3+end]
			if first, more, ok := strings.Cut(body, "\n"); ok && !strings.ContainsAny(first, " \t") {
				body = more // the first line names the language
			}
			b.WriteString("<pre>" + html.EscapeString(strings.Trim(body, "\n")) + "</pre>")
			used := strings.Count(rest[:open+3+end], "\n")
			n += used
			if tail := rest[open+3+end+3:]; used > 0 || tail != "" {
				if tail, _, _ = strings.Cut(tail, "\n"); strings.TrimSpace(tail) != "" {
					b.WriteString(md.line(tail))
				}
			}
		case strings.HasPrefix(line, ">>> "):
			b.WriteString("<blockquote>" + md.block(strings.TrimPrefix(strings.Join(lines[n:], "\n"), ">>> ")) + "</blockquote>")
			return b.String()
		case strings.HasPrefix(line, "> "):
			var quoted []string
			for ; n < len(lines) && strings.HasPrefix(lines[n], "> "); n++ {
				quoted = append(quoted, lines[n][2:])
			}
			n--
			b.WriteString("<blockquote>" + md.flat(quoted) + "</blockquote>")
		default:
			b.WriteString(md.line(line))
		}
	}
	return b.String()
}

func (md markup) flat(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(md.line(l))
	}
	return b.String()
}

// line renders one line as a block.
func (md markup) line(line string) string {
	if m := mdHeading.FindStringSubmatch(line); m != nil && !md.noHeadings {
		tag := "h" + strconv.Itoa(len(m[1]))
		return "<" + tag + ">" + md.inline(m[2], 0) + "</" + tag + ">"
	}
	if m := mdSmall.FindStringSubmatch(line); m != nil {
		return `<div class="small">` + md.inline(m[1], 0) + "</div>"
	}
	if m := mdItem.FindStringSubmatch(line); m != nil {
		mark := "•"
		if m[2] != "-" && m[2] != "*" {
			mark = m[2]
		}
		level := "item"
		if len(m[1]) >= 2 {
			level = "item deeper"
		}
		return `<div class="` + level + `"><span class="mark">` + mark + "</span><span>" + md.inline(m[3], 0) + "</span></div>"
	}
	if strings.TrimSpace(line) == "" {
		return `<div class="gap"></div>`
	}
	return "<div>" + md.inline(line, 0) + "</div>"
}

// markers are the marks around a stretch of text, the longer ones first.
var markers = []struct{ mark, open, close string }{
	{"***", "<b><i>", "</i></b>"}, {"**", "<b>", "</b>"}, {"__", "<u>", "</u>"}, {"~~", "<s>", "</s>"},
	{"||", `<span class="spoiler">`, "</span>"}, {"*", "<i>", "</i>"}, {"_", "<i>", "</i>"},
}

// inline renders what stands within a line.
func (md markup) inline(s string, depth int) string {
	if depth > 8 {
		return html.EscapeString(s)
	}
	var b strings.Builder
next:
	for i := 0; i < len(s); {
		rest := s[i:]
		switch c := s[i]; {
		case c == '\\' && len(rest) > 1 && rest[1] < utf8.RuneSelf && (unicode.IsPunct(rune(rest[1])) || unicode.IsSymbol(rune(rest[1]))):
			b.WriteString(html.EscapeString(rest[1:2]))
			i += 2
			continue
		case c == '`':
			ticks := rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
			if end := strings.Index(rest[len(ticks):], ticks); end > 0 {
				b.WriteString("<code>" + html.EscapeString(strings.Trim(rest[len(ticks):len(ticks)+end], " ")) + "</code>")
				i += 2*len(ticks) + end
			} else {
				b.WriteString(ticks)
				i += len(ticks)
			}
			continue
		case c == '<':
			if m := mdMention.FindStringSubmatch(rest); m != nil {
				shown := "@unknown"
				if md.name != nil {
					shown = md.name(m[1][0], m[2])
				}
				b.WriteString(`<span class="mention">` + html.EscapeString(shown) + "</span>")
				i += len(m[0])
				continue
			}
			if m := mdTime.FindStringSubmatch(rest); m != nil {
				unix, _ := strconv.ParseInt(m[1], 10, 64)
				b.WriteString(`<span class="mention">` + time.Unix(unix, 0).UTC().Format("2 January 2006 15:04") + "</span>")
				i += len(m[0])
				continue
			}
			if m := mdAngled.FindStringSubmatch(rest); m != nil {
				b.WriteString(anchor(m[1], html.EscapeString(m[1])))
				i += len(m[0])
				continue
			}
		case c == 'h' && !(i > 0 && isWord(s[i-1])):
			if m := mdBare.FindString(rest); m != "" {
				m = strings.TrimRight(m, ".,;:!?'\"*_~|")
				if !strings.Contains(m, "(") {
					m = strings.TrimRight(m, ")")
				}
				b.WriteString(anchor(m, html.EscapeString(m)))
				i += len(m)
				continue
			}
		case c == '[' && !md.noMasked:
			if label, n := bracketed(rest); n > 0 {
				if m := mdTarget.FindStringSubmatch(rest[n:]); m != nil && !strings.Contains(label, "://") && strings.TrimSpace(label) != "" {
					inner := md
					inner.noMasked = true
					b.WriteString(anchor(m[1], inner.inline(label, depth+1)))
					i += n + len(m[0])
					continue
				}
			}
		}
		for _, m := range markers {
			if !strings.HasPrefix(rest, m.mark) || m.mark == "_" && i > 0 && isWord(s[i-1]) {
				continue
			}
			if end := closing(rest[len(m.mark):], m.mark); end > 0 {
				b.WriteString(m.open + md.inline(rest[len(m.mark):len(m.mark)+end], depth+1) + m.close)
				i += 2*len(m.mark) + end
				continue next
			}
		}
		_, size := utf8.DecodeRuneInString(rest)
		b.WriteString(html.EscapeString(rest[:size]))
		i += size
	}
	return b.String()
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// closing finds the mark that ends a stretch of text, 0 if there is none.
func closing(s, mark string) int {
	if s == "" || s[0] == ' ' && (mark == "*" || mark == "_") {
		return 0
	}
	for i := 0; i+len(mark) <= len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], mark) && i > 0:
			after := s[i+len(mark):]
			if len(mark) == 1 && strings.HasPrefix(after, mark) {
				i++ // part of a longer mark
				continue
			}
			if mark == "_" && after != "" && isWord(after[0]) || mark == "*" && s[i-1] == ' ' {
				continue
			}
			return i
		}
	}
	return 0
}

// bracketed returns the text in the brackets that s begins with, and how long both are with it.
func bracketed(s string) (label string, n int) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return s[1:i], i + 1
			}
		}
	}
	return "", 0
}

func anchor(url, inner string) string {
	return `<a href="` + html.EscapeString(url) + `">` + inner + "</a>"
}
