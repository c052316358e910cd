package bot

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
)

// fit makes any message one that Lint passes. What is too long is shortened where it hurts least: in the
// content, whole paragraphs go from the end of the text, and with them the lines of sources that nothing
// cites any more, so that the list stays the set of what is cited; a line then says that it was
// shortened. A paragraph that must be cut keeps its citation markers, and the cut never falls inside a
// marker, a link or an escape. A message that fits is returned as it is.
func fit(m Outgoing) Outgoing {
	if Lint(m) == nil {
		return m
	}
	m.Content = fitContent(m.Content, m.lang)
	m.Embeds = fitEmbeds(m.Embeds)
	m.Rows = fitRows(m.Rows)
	if m.Ephemeral || !snowflake(m.ReplyTo) {
		m.ReplyTo = ""
	}
	if width(m.Nonce) > maxNonce || !utf8.ValidString(m.Nonce) {
		m.Nonce = ""
	}
	var f faults
	if f.file(m.Attachment); len(f) > 0 {
		m.Attachment = nil
	}
	if strings.TrimSpace(m.Content) == "" && len(m.Embeds) == 0 && m.Attachment == nil {
		m.Content = say(m.lang, words.noText)
	}
	return m
}

// Marks at the beginning of a line.
const (
	small   = "-# " // Discord's small text
	warning = "⚠️ "
	quoting = "> "
)

// sourceLine begins a line of the list of sources.
var sourceLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-# \[(\d{1,4})\] `) })

func fitContent(content, language string) string {
	const limit = maxContent - margin
	content = inert(content)
	if width(content) <= limit {
		return content
	}
	body, tail := parts(content)
	body, tail = roughly(body, limit), roughly(tail, limit)
	note := small + "✂️ " + say(language, words.shortened)
	compose := func() string {
		text := strings.TrimRight(strings.Join(body, "\n"), "\n ")
		lines := append([]string{text, "", note}, cited(text, tail)...)
		return strings.Trim(strings.Join(lines, "\n"), "\n")
	}
	for width(compose()) > limit {
		last := lastLine(body)
		if last < 0 {
			break
		}
		if !lone(body, last) {
			body = body[:last] // a whole paragraph
			continue
		}
		// The only one left: cut it as far as needed.
		line := body[last]
		marks := strings.TrimLeft(markersOf(line), " ")
		room := width(line) - (width(compose()) - limit) - width(marks) - 1
		if room < 80 { // too much stands below; without addresses it is shorter
			if shorter, ok := withoutLinks(tail); ok {
				tail = shorter
				continue
			}
			if len(tail) > 0 {
				tail = tail[:len(tail)-1]
				continue
			}
		}
		if room < 1 {
			break
		}
		body[last] = strings.TrimRight(cutMarkdown(line, room)+" "+marks, " ")
		break
	}
	if s := compose(); width(s) <= limit {
		return s
	}
	return cutMarkdown(content, limit)
}

// roughly drops the last lines as long as those before them fill the limit already, so that hardly more
// is looked at than can be shown.
func roughly(lines []string, limit int) []string {
	n := 0
	for i, l := range lines {
		if n > limit {
			return lines[:i:i]
		}
		n += width(l) + 1
	}
	return lines
}

// parts cuts a content into its text and what stands below it: warnings, the date, the sources.
func parts(content string) (body, tail []string) {
	lines := strings.Split(content, "\n")
	cut := len(lines)
	for cut > 0 && (lines[cut-1] == "" || strings.HasPrefix(lines[cut-1], small) || strings.HasPrefix(lines[cut-1], warning)) {
		cut--
	}
	return lines[:cut:cut], lines[cut:]
}

// cited returns the lines of tail without the sources that the text does not cite. With no sources in
// the text, none is listed.
func cited(text string, tail []string) []string {
	has := map[string]bool{}
	for _, a := range atoms(text) {
		if isMarker(a) {
			has[a[1:len(a)-1]] = true
		}
	}
	var out []string
	for _, l := range tail {
		if m := sourceLine().FindStringSubmatch(l); m != nil && !has[m[1]] || l == "" {
			continue
		}
		out = append(out, l)
	}
	return out
}

// lastLine returns the index of the last line that is not blank, -1 without one.
func lastLine(body []string) int {
	for i := len(body) - 1; i >= 0; i-- {
		if strings.TrimSpace(body[i]) != "" {
			return i
		}
	}
	return -1
}

// lone reports whether above line i there is nothing but blank lines and the question, which stands as a
// quotation.
func lone(body []string, i int) bool {
	for _, l := range body[:i] {
		if strings.TrimSpace(l) != "" && !strings.HasPrefix(l, quoting) {
			return false
		}
	}
	return true
}

var maskedLink = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[([^\]\n]*)\]\(<[^>\n]*>\)`) })

// withoutLinks replaces the links of lines by their texts; ok is false when there are none.
func withoutLinks(lines []string) (out []string, ok bool) {
	for _, l := range lines {
		s := maskedLink().ReplaceAllString(l, "$1")
		ok = ok || s != l
		out = append(out, s)
	}
	return out, ok
}

// markersOf returns the citation markers of a line, each once, in order: " [1] [2]".
func markersOf(line string) string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, a := range atoms(line) {
		if isMarker(a) && !seen[a] {
			seen[a] = true
			b.WriteString(" " + a)
		}
	}
	return b.String()
}

// isMarker reports whether an atom is a citation marker such as [12].
func isMarker(atom string) bool {
	if len(atom) < 3 || len(atom) > 6 || atom[0] != '[' || atom[len(atom)-1] != ']' {
		return false
	}
	_, err := strconv.ParseUint(atom[1:len(atom)-1], 10, 16)
	return err == nil
}

// atoms cuts markdown of our making into pieces that are whole or not there: a character with the marks on
// it, an escape, a citation marker, a masked link, a delimiter.
func atoms(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		n := atomLen(s[i:])
		for i+n < len(s) && joins(s[i+n:]) {
			_, k := utf8.DecodeRuneInString(s[i+n:])
			n += k
		}
		out = append(out, s[i:i+n])
		i += n
	}
	return out
}

// maxAtom is longer than any link of ours, so that text full of brackets takes no longer to read.
const maxAtom = 4*maxLinkText + maxURL + 512

func atomLen(s string) int {
	s = s[:min(len(s), maxAtom)]
	switch {
	case s[0] == '\\' && len(s) > 1:
		_, n := utf8.DecodeRuneInString(s[1:])
		return 1 + n
	case s[0] == '[':
		if end := strings.IndexByte(s, ']'); end > 0 {
			if isMarker(s[:end+1]) && !strings.HasPrefix(s[end+1:], "(") {
				return end + 1
			}
			if strings.HasPrefix(s[end:], "](<") {
				if stop := strings.Index(s[end:], ">)"); stop > 0 && !strings.ContainsRune(s[:end+stop], '\n') {
					return end + stop + 2
				}
			}
		}
	case strings.HasPrefix(s, "```"):
		return 3
	case strings.HasPrefix(s, "**"):
		return 2
	case s[0] == '<':
		if end := strings.IndexAny(s, "> \n"); end > 0 && s[end] == '>' {
			return end + 1
		}
	}
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// cutMarkdown shortens markdown of our making to at most limit units, at a word where one is near, and
// closes what the cut leaves open.
func cutMarkdown(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	type state struct {
		end  int
		open []string
	}
	closing := func(open []string) string {
		var b strings.Builder
		for i := len(open) - 1; i >= 0; i-- {
			if open[i] == "```" {
				b.WriteByte('\n')
			}
			b.WriteString(open[i])
		}
		return b.String()
	}
	var now, word state
	used, wordUsed := 0, 0
	for _, a := range atoms(s) {
		open := now.open
		switch a {
		case "```", "**", "`":
			if k := len(open); k > 0 && open[k-1] == a {
				open = open[: k-1 : k-1]
			} else if !(k > 0 && open[k-1] != "**") { // inside code nothing else opens
				open = append(open[:k:k], a)
			}
		}
		if a == " " || a == "\n" {
			word, wordUsed = now, used
		}
		if used+width(a)+1+width(closing(open)) > limit {
			break
		}
		used += width(a)
		now = state{now.end + len(a), open}
	}
	if wordUsed > used/2 {
		now = word
	}
	if now.end == 0 {
		if limit < 1 {
			return ""
		}
		return "…"
	}
	return strings.TrimRight(s[:now.end], " \n") + "…" + closing(now.open)
}

// inert takes out of a content what Lint would refuse to send: live mentions, links that are not ours,
// what cannot be seen, a fence left open.
func inert(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && string(r) != zwsp && r != variation && invisible(r) {
			return -1
		}
		return r
	}, s)
	s = liveMention().ReplaceAllStringFunc(s, func(m string) string { return m[:1] + zwsp + m[1:] })
	s = bareScheme().ReplaceAllStringFunc(s, func(m string) string {
		if scheme := strings.ToLower(strings.TrimSuffix(m, "://")); scheme == "https" || scheme == "http" {
			return m
		}
		return strings.Replace(m, "://", ":"+zwsp+"//", 1)
	})
	var b strings.Builder
	at := 0
	for _, l := range linkTarget().FindAllStringSubmatchIndex(s, -1) {
		if l[0] > 0 && escaped(s, l[0]) || s[l[2]:l[3]] == "<" && safeLink(s[l[4]:l[5]]) != "" {
			continue
		}
		b.WriteString(s[at:l[0]] + "]" + zwsp + "(")
		at = l[0] + len("](")
	}
	s = b.String() + s[at:]
	if fences(s)%2 != 0 {
		s += "\n```"
	}
	return s
}

func fitEmbeds(embeds []*discordgo.MessageEmbed) []*discordgo.MessageEmbed {
	var out []*discordgo.MessageEmbed
	left := maxEmbedTotal - margin
	urls := map[string]bool{}
	take := func(s string, most int) string {
		s = cutMarkdown(inert(s), min(most, left))
		left -= width(s)
		return s
	}
	for _, e := range embeds {
		if e == nil || len(out) == maxEmbeds {
			continue
		}
		c := *e
		c.Title = take(e.Title, maxTitle)
		if c.URL = safeLink(e.URL); urls[c.URL] || width(c.URL) > maxEmbedURL {
			c.URL = ""
		}
		if c.URL != "" {
			urls[c.URL] = true
		}
		c.Footer, c.Author, c.Fields = nil, nil, nil
		if e.Footer != nil {
			if s := take(e.Footer.Text, maxFooter); s != "" {
				c.Footer = &discordgo.MessageEmbedFooter{Text: s}
			}
		}
		if e.Author != nil {
			if s := take(e.Author.Name, maxFieldName); s != "" {
				c.Author = &discordgo.MessageEmbedAuthor{Name: s}
			}
		}
		c.Description = take(e.Description, maxDescription)
		for _, f := range e.Fields {
			if f == nil || len(c.Fields) == maxFields || left < 2 {
				continue
			}
			name, value := strings.TrimSpace(inert(f.Name)), strings.TrimSpace(inert(f.Value))
			if name == "" || value == "" {
				continue
			}
			name = take(name, maxFieldName)
			if left < 1 {
				left += width(name)
				continue
			}
			c.Fields = append(c.Fields, &discordgo.MessageEmbedField{Name: name, Value: take(value, maxFieldValue), Inline: f.Inline})
		}
		if embedText(&c) > 0 {
			out = append(out, &c)
		}
	}
	return out
}

func fitRows(rows []Row) []Row {
	var out []Row
	seen := map[string]bool{}
	for _, row := range rows {
		if len(out) == maxRows {
			break
		}
		var r Row
		for _, c := range row {
			c.Label, c.Placeholder = label(c.Label, maxLabel), label(c.Placeholder, maxPlaceholder)
			if c.Type == kindSelect {
				c.Options = fitOptions(c.Options)
			}
			var f faults
			f.rows([]Row{{c}})
			alone := c.Type == kindSelect && len(r) > 0 || len(r) > 0 && r[0].Type == kindSelect
			if len(f) > 0 || len(r) == maxButtons || alone || c.CustomID != "" && seen[c.CustomID] {
				continue
			}
			seen[c.CustomID] = true
			r = append(r, c)
		}
		if len(r) > 0 {
			out = append(out, r)
		}
	}
	return out
}

func fitOptions(options []SelectOption) []SelectOption {
	var out []SelectOption
	seen := map[string]bool{}
	for _, o := range options {
		o.Label, o.Description = label(o.Label, maxOption), label(o.Description, maxOption)
		if o.Label == "" || o.Value == "" || width(o.Value) > maxOption ||
			!utf8.ValidString(o.Value) || seen[o.Value] || len(out) == maxOptions {
			continue
		}
		seen[o.Value] = true
		out = append(out, o)
	}
	return out
}
