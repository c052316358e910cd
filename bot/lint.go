package bot

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
)

// Discord's limits (https://discord.com/developers/docs/resources/message), in UTF-16 units.
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedTotal  = 6000 // of all embeds of a message
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxEmbedURL    = 2048
	maxRows        = 5
	maxButtons     = 5 // in a row
	maxLabel       = 80
	maxCustomID    = 100
	maxButtonURL   = 512
	maxOptions     = 25
	maxOption      = 100 // label, value and description of an option
	maxPlaceholder = 150
	maxNonce       = 25
	maxFileBytes   = 10 << 20

	maxModalTitle       = 45
	maxInputLabel       = 45
	maxInputPlaceholder = 100
	maxInputValue       = 4000
)

// margin is what fit leaves free of a limit, should Discord count a few characters in another way.
const margin = 20

// faults collects what is wrong.
type faults []error

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Errorf(format, args...)) }

func (f *faults) length(what, s string, least, most int) {
	if n := width(s); n < least || n > most {
		f.add("%s has %d characters, %d to %d are allowed", what, n, least, most)
	}
	if !utf8.ValidString(s) {
		f.add("%s is not UTF-8", what)
	}
}

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return fmt.Errorf("bot: message: %w", errors.Join(f...))
}

// Lint reports everything for which Discord would refuse the message, and what this bot never sends: a
// live mention, a link that is neither http nor https, characters that cannot be seen, a code fence that
// is not closed. Discord's published schema leaves most of that unsaid. Errors name the part and never
// quote its text.
func Lint(m Outgoing) error {
	var f faults
	f.message(m)
	return f.err()
}

func (f *faults) message(m Outgoing) {
	f.length("content", m.Content, 0, maxContent)
	f.markdown("content", m.Content)
	if strings.TrimSpace(m.Content) == "" && len(m.Embeds) == 0 && m.Attachment == nil {
		f.add("nothing to show")
	}
	if m.Ephemeral && m.ReplyTo != "" {
		f.add("a reply in a channel cannot be ephemeral")
	}
	if m.ReplyTo != "" && !snowflake(m.ReplyTo) {
		f.add("the message replied to is no id")
	}
	f.length("nonce", m.Nonce, 0, maxNonce)
	f.file(m.Attachment)
	f.embeds(m.Embeds)
	f.rows(m.Rows)
}

func (f *faults) file(a *File) {
	if a == nil {
		return
	}
	f.length("name of the file", a.Name, 1, 100)
	if strings.ContainsAny(a.Name, "/\\\x00\n\r\"") || len(a.Body) == 0 || len(a.Body) > maxFileBytes {
		f.add("the file has an unsafe name, or is empty or larger than %d bytes", maxFileBytes)
	}
}

func (f *faults) embeds(embeds []*discordgo.MessageEmbed) {
	if len(embeds) > maxEmbeds {
		f.add("%d embeds, %d are allowed", len(embeds), maxEmbeds)
	}
	total := 0
	urls := map[string]bool{}
	for i, e := range embeds {
		at := fmt.Sprintf("embed %d", i+1)
		if e == nil {
			f.add("%s is missing", at)
			continue
		}
		total += embedText(e)
		f.length(at+" title", e.Title, 0, maxTitle)
		f.length(at+" description", e.Description, 0, maxDescription)
		f.markdown(at, e.Description)
		f.address(at, e.URL, maxEmbedURL)
		if e.URL != "" && urls[e.URL] {
			f.add("%s has the URL of another: only the first would be shown", at)
		}
		urls[e.URL] = true
		if embedText(e) == 0 {
			f.add("%s is empty", at)
		}
		if len(e.Fields) > maxFields {
			f.add("%s has %d fields, %d are allowed", at, len(e.Fields), maxFields)
		}
		for j, field := range e.Fields {
			at := fmt.Sprintf("%s field %d", at, j+1)
			if field == nil {
				f.add("%s is missing", at)
				continue
			}
			f.length(at+" name", strings.TrimSpace(field.Name), 1, maxFieldName)
			f.length(at+" value", strings.TrimSpace(field.Value), 1, maxFieldValue)
			f.markdown(at, field.Value)
		}
		if e.Footer != nil {
			f.length(at+" footer", e.Footer.Text, 1, maxFooter)
		}
		if e.Author != nil {
			f.length(at+" author", e.Author.Name, 1, maxFieldName)
			f.address(at+" author", e.Author.URL, maxEmbedURL)
		}
	}
	if total > maxEmbedTotal {
		f.add("the embeds have %d characters together, %d are allowed", total, maxEmbedTotal)
	}
}

// embedText is what of an embed counts towards the limit for all.
func embedText(e *discordgo.MessageEmbed) int {
	n := width(e.Title) + width(e.Description)
	for _, field := range e.Fields {
		if field != nil {
			n += width(field.Name) + width(field.Value)
		}
	}
	if e.Footer != nil {
		n += width(e.Footer.Text)
	}
	if e.Author != nil {
		n += width(e.Author.Name)
	}
	return n
}

func (f *faults) address(at, s string, most int) {
	if s == "" {
		return
	}
	if safeLink(s) == "" {
		f.add("%s: the address is not http or https", at)
	}
	f.length(at+" address", s, 1, most)
}

func (f *faults) rows(rows []Row) {
	if len(rows) > maxRows {
		f.add("%d rows, %d are allowed", len(rows), maxRows)
	}
	seen := map[string]bool{}
	for i, row := range rows {
		at := fmt.Sprintf("row %d", i+1)
		if len(row) == 0 {
			f.add("%s is empty", at)
		}
		if len(row) > maxButtons {
			f.add("%s has %d components, %d are allowed", at, len(row), maxButtons)
		}
		for j, c := range row {
			at := fmt.Sprintf("%s component %d", at, j+1)
			switch c.Type {
			case kindButton:
				f.button(at, c)
			case kindSelect:
				if len(row) > 1 {
					f.add("%s: a select stands alone in its row", at)
				}
				f.sel(at, c)
			default:
				f.add("%s: type %d does not belong in a message", at, c.Type)
			}
			if c.CustomID == "" {
				continue
			}
			if _, ok := parseCustomID(c.CustomID); !ok {
				f.add("%s: its custom id is none of ours", at)
			}
			if seen[c.CustomID] {
				f.add("%s: its custom id stands twice", at)
			}
			seen[c.CustomID] = true
		}
	}
}

func (f *faults) button(at string, c Component) {
	f.length(at+" label", c.Label, 0, maxLabel)
	if strings.TrimSpace(c.Label) == "" && c.Emoji == nil {
		f.add("%s has neither label nor emoji", at)
	}
	if c.Style == styleLink {
		if c.URL == "" || c.CustomID != "" {
			f.add("%s: a link has an address and no custom id", at)
		}
		f.address(at, c.URL, maxButtonURL)
		return
	}
	if c.Style < stylePrimary || c.Style > styleLink {
		f.add("%s: style %d", at, c.Style)
	}
	if c.URL != "" {
		f.add("%s: only a link has an address", at)
	}
	f.length(at+" custom id", c.CustomID, 1, maxCustomID)
}

func (f *faults) sel(at string, c Component) {
	f.length(at+" custom id", c.CustomID, 1, maxCustomID)
	f.length(at+" placeholder", c.Placeholder, 0, maxPlaceholder)
	if n := len(c.Options); n < 1 || n > maxOptions {
		f.add("%s has %d options, 1 to %d are allowed", at, n, maxOptions)
	}
	values := map[string]bool{}
	for _, o := range c.Options {
		f.length(at+" option label", strings.TrimSpace(o.Label), 1, maxOption)
		f.length(at+" option value", o.Value, 1, maxOption)
		f.length(at+" option description", o.Description, 0, maxOption)
		if values[o.Value] {
			f.add("%s: an option's value stands twice", at)
		}
		values[o.Value] = true
	}
}

// LintAck is Lint for a first response.
func LintAck(a Ack) error {
	var f faults
	switch a.Type {
	case ackPong, ackDeferMessage, ackDeferUpdate:
	case ackMessage, ackUpdate:
		if a.Message == nil {
			f.add("the response has no message")
			break
		}
		f.message(*a.Message)
		if a.Message.ReplyTo != "" || a.Message.Nonce != "" {
			f.add("reply and nonce are for messages in a channel")
		}
	case ackChoices:
		if len(a.Choices) > maxChoices {
			f.add("%d choices, %d are allowed", len(a.Choices), maxChoices)
		}
		for i, c := range a.Choices {
			f.length(fmt.Sprintf("choice %d name", i+1), strings.TrimSpace(c.Name), 1, maxChoice)
			f.length(fmt.Sprintf("choice %d value", i+1), c.Value, 1, maxChoice)
		}
	case ackModal:
		if a.Modal == nil {
			f.add("the response has no form")
			break
		}
		f.modal(*a.Modal)
	default:
		f.add("response of type %d", a.Type)
	}
	return f.err()
}

// LintModal is Lint for a form.
func LintModal(m Modal) error {
	var f faults
	f.modal(m)
	return f.err()
}

func (f *faults) modal(m Modal) {
	if _, ok := parseCustomID(m.CustomID); !ok {
		f.add("the form's custom id is none of ours")
	}
	f.length("form title", strings.TrimSpace(m.Title), 1, maxModalTitle)
	if n := len(m.Rows); n < 1 || n > maxRows {
		f.add("the form has %d rows, 1 to %d are allowed", n, maxRows)
	}
	seen := map[string]bool{}
	for i, row := range m.Rows {
		at := fmt.Sprintf("form row %d", i+1)
		if len(row) != 1 || row[0].Type != kindInput {
			f.add("%s does not hold one text input", at)
			continue
		}
		c := row[0]
		f.length(at+" custom id", c.CustomID, 1, maxCustomID)
		if seen[c.CustomID] {
			f.add("%s: its custom id stands twice", at)
		}
		seen[c.CustomID] = true
		f.length(at+" label", strings.TrimSpace(c.Label), 1, maxInputLabel)
		f.length(at+" placeholder", c.Placeholder, 0, maxInputPlaceholder)
		f.length(at+" value", c.Value, 0, maxInputValue)
		if c.Style != 1 && c.Style != 2 {
			f.add("%s: style %d", at, c.Style)
		}
		if c.MinLength < 0 || c.MaxLength < 0 || c.MinLength > maxInputValue || c.MaxLength > maxInputValue ||
			c.MaxLength > 0 && c.MinLength > c.MaxLength {
			f.add("%s: lengths from %d to %d", at, c.MinLength, c.MaxLength)
		}
	}
}

var (
	liveMention = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`@(?:everyone|here)\b|<(?:@[!&]?\d|/[^>\n]*:\d|t:-?\d|id:|a?:\w+:\d|sound:)`)
	})
	linkTarget = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\]\((<?)([^)>\]\s]*)`) })
	bareScheme = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*)://`) })
)

// schemeAt returns the scheme of an address (RFC 3986, section 3.1) that s ends with, "" if it ends with none.
func schemeAt(s string) string {
	from := len(s)
	for i := len(s) - 1; i >= 0; i-- {
		c := s[i] | 0x20
		if 'a' <= c && c <= 'z' {
			from = i
		} else if c := s[i]; (c < '0' || c > '9') && c != '+' && c != '.' && c != '-' {
			break
		}
	}
	return s[from:]
}

// mentions reports whether a text holds a live mention. Every message is looked at, and most hold nothing
// but links in angle brackets: the pattern is tried only where one can begin.
func mentions(s string) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '@', s[i] == '<' && !strings.HasPrefix(s[i:], "<http"):
			end := len(s)
			if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
				end = i + n
			}
			if l := liveMention().FindStringIndex(s[i:end]); l != nil {
				return true
			}
			return mentions(s[end:])
		}
	}
	return false
}

// markdown looks for what only hostile or broken text would bring in. The mention of a channel is left:
// the settings show channels, and it calls nobody.
func (f *faults) markdown(at, s string) {
	if mentions(s) {
		f.add("%s holds a mention", at)
	}
	for _, l := range linkTarget().FindAllStringSubmatchIndex(s, -1) {
		if l[0] > 0 && escaped(s, l[0]) {
			continue
		}
		if s[l[2]:l[3]] != "<" || safeLink(s[l[4]:l[5]]) == "" {
			f.add("%s holds a link that is not ours", at)
		}
	}
	for rest := s; ; {
		before, after, ok := strings.Cut(rest, "://")
		if !ok {
			break
		}
		if scheme := schemeAt(before); scheme != "" && !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
			f.add("%s holds an address that is neither http nor https", at)
		}
		rest = after
	}
	if fences(s)%2 != 0 {
		f.add("%s holds a code fence that is not closed", at)
	}
	for _, r := range s {
		if r != '\n' && string(r) != zwsp && r != variation && invisible(r) {
			f.add("%s holds the invisible character %U", at, r)
			break
		}
	}
}

// escaped reports whether an odd number of backslashes stands before byte i of s.
func escaped(s string, i int) bool {
	n := 0
	for i-n > 0 && s[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

// fences counts the code fences that are not escaped.
func fences(s string) int {
	n := 0
	for i := 0; i+3 <= len(s); i++ {
		if s[i:i+3] == "```" && !escaped(s, i) {
			n++
			i += 2
		}
	}
	return n
}
