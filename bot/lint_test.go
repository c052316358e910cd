package bot

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// rowOf is a row of buttons with these custom ids.
func rowOf(ids ...string) Row {
	var r Row
	for _, id := range ids {
		r = append(r, Component{Type: kindButton, Style: styleSecondary, Label: "Sources", CustomID: id})
	}
	return r
}

func embed(description string) *discordgo.MessageEmbed {
	return &discordgo.MessageEmbed{Description: description}
}

func times(n int, s string) string { return strings.Repeat(s, n) }

// badMessages are messages that Discord would refuse, or that this bot never sends, with what Lint says.
var badMessages = []struct {
	name string
	m    Outgoing
	want string
}{
	{"nothing", Outgoing{}, "nothing to show"},
	{"blank", Outgoing{Content: " \n"}, "nothing to show"},
	{"only buttons", Outgoing{Rows: []Row{rowOf("v1:src:1")}}, "nothing to show"},
	{"long content", Outgoing{Content: times(2001, "x")}, "content has 2001"},
	{"long in UTF-16", Outgoing{Content: times(1001, "😀")}, "content has 2002"},
	{"not UTF-8", Outgoing{Content: "a\xff"}, "not UTF-8"},
	{"everyone", Outgoing{Content: "hello @everyone"}, "a mention"},
	{"a person", Outgoing{Content: "hello <@12>"}, "a mention"},
	{"a role", Outgoing{Content: "hello <@&12>"}, "a mention"},
	{"a timestamp", Outgoing{Content: "on <t:1:D>"}, "a mention"},
	{"a command", Outgoing{Content: "use </ask:12>"}, "a mention"},
	{"a foreign emoji", Outgoing{Content: "<:e:12>"}, "a mention"},
	{"a link that unfurls", Outgoing{Content: "[a](https://news.example)"}, "a link that is not ours"},
	{"a script", Outgoing{Content: "[a](<javascript:x>)"}, "a link that is not ours"},
	{"a scheme", Outgoing{Content: "steam://run"}, "neither http nor https"},
	{"an open fence", Outgoing{Content: "```go\nx"}, "a code fence"},
	{"bidi", Outgoing{Content: "a\u202eb"}, "invisible character U+202E"},
	{"eleven embeds", Outgoing{Embeds: func() (e []*discordgo.MessageEmbed) {
		for range 11 {
			e = append(e, embed("x"))
		}
		return e
	}()}, "11 embeds"},
	{"no embed", Outgoing{Content: "x", Embeds: []*discordgo.MessageEmbed{nil}}, "embed 1 is missing"},
	{"empty embed", Outgoing{Content: "x", Embeds: []*discordgo.MessageEmbed{{}}}, "embed 1 is empty"},
	{"long title", Outgoing{Embeds: []*discordgo.MessageEmbed{{Title: times(257, "x")}}}, "title has 257"},
	{"long description", Outgoing{Embeds: []*discordgo.MessageEmbed{embed(times(4097, "x"))}}, "description has 4097"},
	{"6001 in all", Outgoing{Embeds: []*discordgo.MessageEmbed{embed(times(3000, "x")), embed(times(3001, "x"))}}, "6001 characters together"},
	{"26 fields", Outgoing{Embeds: []*discordgo.MessageEmbed{{Fields: func() (f []*discordgo.MessageEmbedField) {
		for range 26 {
			f = append(f, &discordgo.MessageEmbedField{Name: "n", Value: "v"})
		}
		return f
	}()}}}, "26 fields"},
	{"field without value", Outgoing{Embeds: []*discordgo.MessageEmbed{{Fields: []*discordgo.MessageEmbedField{{Name: "n", Value: " "}}}}}, "value has 0"},
	{"long field", Outgoing{Embeds: []*discordgo.MessageEmbed{{Fields: []*discordgo.MessageEmbedField{{Name: "n", Value: times(1025, "x")}}}}}, "value has 1025"},
	{"missing field", Outgoing{Embeds: []*discordgo.MessageEmbed{{Title: "x", Fields: []*discordgo.MessageEmbedField{nil}}}}, "field 1 is missing"},
	{"long footer", Outgoing{Embeds: []*discordgo.MessageEmbed{{Footer: &discordgo.MessageEmbedFooter{Text: times(2049, "x")}}}}, "footer has 2049"},
	{"long author", Outgoing{Embeds: []*discordgo.MessageEmbed{{Author: &discordgo.MessageEmbedAuthor{Name: times(257, "x")}}}}, "author has 257"},
	{"embed to a script", Outgoing{Embeds: []*discordgo.MessageEmbed{{Title: "x", URL: "javascript:x"}}}, "not http or https"},
	{"one URL twice", Outgoing{Embeds: []*discordgo.MessageEmbed{{Title: "x", URL: "https://a.example/"}, {Title: "y", URL: "https://a.example/"}}}, "URL of another"},
	{"six rows", Outgoing{Content: "x", Rows: []Row{rowOf("v1:src:1"), rowOf("v1:src:2"), rowOf("v1:src:3"), rowOf("v1:src:4"), rowOf("v1:src:5"), rowOf("v1:src:6")}}, "6 rows"},
	{"empty row", Outgoing{Content: "x", Rows: []Row{{}}}, "row 1 is empty"},
	{"six buttons", Outgoing{Content: "x", Rows: []Row{rowOf("v1:src:1", "v1:src:2", "v1:src:3", "v1:src:4", "v1:src:5", "v1:src:6")}}, "6 components"},
	{"one id twice", Outgoing{Content: "x", Rows: []Row{rowOf("v1:src:1"), rowOf("v1:src:1")}}, "stands twice"},
	{"no id", Outgoing{Content: "x", Rows: []Row{rowOf("")}}, "custom id has 0"},
	{"an id of somebody's words", Outgoing{Content: "x", Rows: []Row{rowOf("what did they pledge?")}}, "none of ours"},
	{"long id", Outgoing{Content: "x", Rows: []Row{rowOf("v1:src:1:" + times(100, "1"))}}, "custom id has 109"},
	{"long label", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: 2, Label: times(81, "x"), CustomID: "v1:src:1"}}}}, "label has 81"},
	{"no label", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: 2, CustomID: "v1:src:1"}}}}, "neither label nor emoji"},
	{"style", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: 9, Label: "x", CustomID: "v1:src:1"}}}}, "style 9"},
	{"link without address", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: styleLink, Label: "x"}}}}, "a link has an address"},
	{"link with id", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: styleLink, Label: "x", URL: "https://a.example/", CustomID: "v1:src:1"}}}}, "a link has an address"},
	{"link to a script", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: styleLink, Label: "x", URL: "javascript:x"}}}}, "not http or https"},
	{"address on a button", Outgoing{Content: "x", Rows: []Row{{{Type: kindButton, Style: 2, Label: "x", URL: "https://a.example/", CustomID: "v1:src:1"}}}}, "only a link"},
	{"select beside a button", Outgoing{Content: "x", Rows: []Row{append(rowOf("v1:src:1"), Component{Type: kindSelect, CustomID: "v1:why:1", Options: []SelectOption{{Label: "a", Value: "a"}}})}}, "stands alone"},
	{"select without options", Outgoing{Content: "x", Rows: []Row{{{Type: kindSelect, CustomID: "v1:why:1"}}}}, "0 options"},
	{"one value twice", Outgoing{Content: "x", Rows: []Row{{{Type: kindSelect, CustomID: "v1:why:1", Options: []SelectOption{{Label: "a", Value: "a"}, {Label: "b", Value: "a"}}}}}}, "value stands twice"},
	{"long option", Outgoing{Content: "x", Rows: []Row{{{Type: kindSelect, CustomID: "v1:why:1", Options: []SelectOption{{Label: times(101, "a"), Value: "a"}}}}}}, "option label has 101"},
	{"long placeholder", Outgoing{Content: "x", Rows: []Row{{{Type: kindSelect, CustomID: "v1:why:1", Placeholder: times(151, "a"), Options: []SelectOption{{Label: "a", Value: "a"}}}}}}, "placeholder has 151"},
	{"input in a message", Outgoing{Content: "x", Rows: []Row{{{Type: kindInput, CustomID: "v1:ask:1"}}}}, "does not belong in a message"},
	{"long nonce", Outgoing{Content: "x", Nonce: times(26, "1")}, "nonce has 26"},
	{"reply to no id", Outgoing{Content: "x", ReplyTo: "abc"}, "no id"},
	{"ephemeral reply", Outgoing{Content: "x", ReplyTo: "1", Ephemeral: true}, "cannot be ephemeral"},
	{"path in a file's name", Outgoing{Content: "x", Attachment: &File{Name: "../a", Body: []byte("x")}}, "unsafe name"},
	{"empty file", Outgoing{Content: "x", Attachment: &File{Name: "a.md"}}, "unsafe name, or is empty"},
}

// TestLint holds that each fault is found, and that fit mends each.
func TestLint(t *testing.T) {
	t.Parallel()
	for _, c := range badMessages {
		err := Lint(c.m)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: Lint says %v, want %q", c.name, err, c.want)
		}
		if fitted := fit(c.m); Lint(fitted) != nil {
			t.Errorf("%s: after fit %v", c.name, Lint(fitted))
		}
	}
}

// TestLintPasses holds that what is at the limit passes and is left alone.
func TestLintPasses(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Outgoing{
		"full content":    {Content: times(2000, "x")},
		"full embeds":     {Embeds: []*discordgo.MessageEmbed{embed(times(4096, "x")), {Title: times(256, "x"), Description: times(1648, "x")}}},
		"our link":        {Content: "[a](<https://news.example/a#:~:text=b%2Dc,d>)"},
		"escaped bracket": {Content: `\[a\]\(b\) and \](c)`},
		"a channel":       {Content: "in <#12>"},
		"a closed fence":  {Content: "```\nx\n```"},
		"five by five": {Content: "x", Rows: []Row{rowOf("v1:src:1", "v1:src:2", "v1:src:3", "v1:src:4", "v1:src:5"), rowOf("v1:up:1", "v1:up:2", "v1:up:3", "v1:up:4", "v1:up:5"),
			rowOf("v1:down:1"), rowOf("v1:down:2"), rowOf("v1:down:3")}},
		"link button": {Content: "x", Rows: []Row{{{Type: kindButton, Style: styleLink, Label: "x", URL: "https://a.example/"}}}},
		"a file":      {Attachment: &File{Name: "a.md", Body: []byte("x")}},
		"a reply":     {Content: "x", ReplyTo: "12", Nonce: times(25, "1")},
	} {
		if err := Lint(m); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := drawn(fit(m)); got != drawn(m) {
			t.Errorf("%s: fit makes %s", name, got)
		}
	}
}

// TestLintQuotesNothing holds that what goes to a log names the part and not somebody's words.
func TestLintQuotesNothing(t *testing.T) {
	t.Parallel()
	err := Lint(Outgoing{Content: "secret @everyone [secret](https://secret.example) " + times(2000, "secret"),
		Embeds: []*discordgo.MessageEmbed{{Title: times(300, "secret"), URL: "javascript:secret"}}, Rows: []Row{rowOf("secret")}})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

func TestLintAck(t *testing.T) {
	t.Parallel()
	ok := Outgoing{Content: "x"}
	form := renderFollowUp(customID{Verb: verbFollow, No: 1}, "en")
	change := func(f func(*Modal)) *Modal {
		m := renderFollowUp(customID{Verb: verbFollow, No: 1}, "en")
		f(&m)
		return &m
	}
	input := func(f func(*Component)) *Modal { return change(func(m *Modal) { f(&m.Rows[0][0]) }) }
	choices := make([]Choice, 26)
	for i := range choices {
		choices[i] = Choice{"x", "x"}
	}
	for _, c := range []struct {
		name string
		a    Ack
		want string // "" passes
	}{
		{"pong", Ack{Type: ackPong}, ""},
		{"deferred", Ack{Type: ackDeferMessage, Message: &Outgoing{Ephemeral: true}}, ""},
		{"message", Ack{Type: ackMessage, Message: &ok}, ""},
		{"update", Ack{Type: ackUpdate, Message: &ok}, ""},
		{"choices", Ack{Type: ackChoices, Choices: choices[:25]}, ""},
		{"no choices", Ack{Type: ackChoices}, ""},
		{"form", Ack{Type: ackModal, Modal: &form}, ""},
		{"unknown", Ack{Type: 12}, "type 12"},
		{"none", Ack{}, "type 0"},
		{"no message", Ack{Type: ackMessage}, "no message"},
		{"bad message", Ack{Type: ackMessage, Message: &Outgoing{}}, "nothing to show"},
		{"nonce", Ack{Type: ackMessage, Message: &Outgoing{Content: "x", Nonce: "1"}}, "in a channel"},
		{"26 choices", Ack{Type: ackChoices, Choices: choices}, "26 choices"},
		{"long choice", Ack{Type: ackChoices, Choices: []Choice{{times(101, "x"), "x"}}}, "name has 101"},
		{"empty choice", Ack{Type: ackChoices, Choices: []Choice{{" ", "x"}}}, "name has 0"},
		{"no form", Ack{Type: ackModal}, "no form"},
		{"foreign id", Ack{Type: ackModal, Modal: change(func(m *Modal) { m.CustomID = "x" })}, "none of ours"},
		{"long title", Ack{Type: ackModal, Modal: change(func(m *Modal) { m.Title = times(46, "x") })}, "title has 46"},
		{"no rows", Ack{Type: ackModal, Modal: change(func(m *Modal) { m.Rows = nil })}, "0 rows"},
		{"six rows", Ack{Type: ackModal, Modal: change(func(m *Modal) {
			for range 5 {
				m.Rows = append(m.Rows, m.Rows[0])
			}
		})}, "6 rows"},
		{"a button in a form", Ack{Type: ackModal, Modal: change(func(m *Modal) { m.Rows[0] = rowOf("v1:src:1") })}, "one text input"},
		{"one input twice", Ack{Type: ackModal, Modal: change(func(m *Modal) { m.Rows = append(m.Rows, m.Rows[0]) })}, "stands twice"},
		{"long label", Ack{Type: ackModal, Modal: input(func(c *Component) { c.Label = times(46, "x") })}, "label has 46"},
		{"long placeholder", Ack{Type: ackModal, Modal: input(func(c *Component) { c.Placeholder = times(101, "x") })}, "placeholder has 101"},
		{"long value", Ack{Type: ackModal, Modal: input(func(c *Component) { c.Value = times(4001, "x") })}, "value has 4001"},
		{"lengths", Ack{Type: ackModal, Modal: input(func(c *Component) { c.MinLength, c.MaxLength = 5, 4 })}, "lengths from 5 to 4"},
		{"style", Ack{Type: ackModal, Modal: input(func(c *Component) { c.Style = 0 })}, "style 0"},
	} {
		err := LintAck(c.a)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if err := LintModal(form); err != nil {
		t.Error(err)
	}
}

// mentions is the pattern, tried only where it can begin.
func TestMentionsIsThePattern(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	parts := []string{"@", "<", ">", "everyone", "here", "!", "&", "#", ":", "/", "t:", "-1", "id:", "a:", "x", "sound:", "\n", " ", "http", "@everyone", "<@1", "</ask:1"}
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		if s := b.String(); mentions(s) != liveMention().MatchString(s) {
			t.Fatalf("%q: %t", s, mentions(s))
		}
	}
}

// schemeAt finds what the pattern finds.
func TestSchemeAtIsThePattern(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	parts := []string{"http", "https", "://", "x", "1", ".", "+", "-", " ", "é", "JavaScript", ":", "/", "a1b"}
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		s := b.String()
		var want, got []string
		for _, m := range bareScheme().FindAllStringSubmatch(s, -1) {
			want = append(want, m[1])
		}
		for rest := s; ; {
			before, after, ok := strings.Cut(rest, "://")
			if !ok {
				break
			}
			if scheme := schemeAt(before); scheme != "" {
				got = append(got, scheme)
			}
			rest = after
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q", s, got, want)
		}
	}
}
