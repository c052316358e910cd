package discordtest

import (
	"fmt"
	"regexp"
	"strings"
)

// entry is one act of a person and everything that came of it.
type entry struct {
	person  *User
	channel *Channel
	action  string
	header  string   // the command, for the picture
	about   *message // that the act was on
	said    *message
	silent  bool
	steps   []step
}

// step is something that appeared because of an act.
type step struct {
	m       *message
	how     string  // "", "edit", "delete", "choices", "modal"
	seen    message // as it was then
	choices []Choice
	modal   *Modal
}

// tell adds what has appeared to the story. The caller holds the lock.
func (s *Server) tell(i *Interaction, m *message, how string) {
	if s.opt.Scale != nil {
		return
	}
	var e *entry
	switch {
	case i != nil:
		e = i.entry
	case m != nil && m.entry != nil:
		e = m.entry
	case m != nil && m.replyTo != nil && m.replyTo.entry != nil:
		e = m.replyTo.entry
	case m != nil:
		// Belongs to what was last said in the channel.
		for _, x := range s.story {
			if x.said != nil && x.channel == m.channel {
				e = x
			}
		}
	}
	if e == nil {
		e = &entry{channel: m.channel}
		s.story = append(s.story, e)
	}
	st := step{m: m, how: how}
	if m != nil {
		st.seen = *m
		if m.entry == nil {
			m.entry = e
		}
	}
	if i != nil {
		st.choices, st.modal = i.choices, i.modal
	}
	e.steps = append(e.steps, st)
}

// Transcript returns everything that happened as a conversation that a person can read: who did what where,
// what appeared, and who can see it. What came of an act stands with it, whatever happened meanwhile, and ids
// are replaced by names and numbers, so that it can be a golden file.
func (s *Server) Transcript() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &teller{s: s, numbers: make(map[*message]int)}
	// Messages are numbered in the order in which they stand in the text.
	for _, e := range s.story {
		if e.silent {
			continue
		}
		if e.said != nil {
			t.number(e.said)
		}
		for _, st := range e.steps {
			if st.m != nil {
				t.number(st.m)
			}
		}
	}
	for _, e := range s.story {
		if !e.silent {
			t.entry(e)
		}
	}
	return strings.TrimLeft(t.b.String(), "\n")
}

type teller struct {
	s       *Server
	b       strings.Builder
	numbers map[*message]int
	place   string
}

func (t *teller) number(m *message) int {
	if t.numbers[m] == 0 {
		t.numbers[m] = len(t.numbers) + 1
	}
	return t.numbers[m]
}

func (t *teller) entry(e *entry) {
	place := e.channel.label()
	if e.channel.guild != nil {
		place += " of " + e.channel.guild.Name
	}
	if place != t.place {
		t.place = place
		fmt.Fprintf(&t.b, "\n══ %s ══\n", place)
	}
	t.b.WriteByte('\n')
	switch {
	case e.said != nil:
		fmt.Fprintf(&t.b, "%s says (%d)", t.who(e.person), t.number(e.said))
		if e.said.replyTo != nil {
			fmt.Fprintf(&t.b, " in reply to (%d)", t.number(e.said.replyTo))
		}
		t.b.WriteString(":\n")
		t.lines("  ", e.said.content)
	case e.person != nil:
		fmt.Fprintf(&t.b, "%s %s", t.who(e.person), t.plain(e.action))
		if e.about != nil {
			fmt.Fprintf(&t.b, " (%d)", t.number(e.about))
		}
		t.b.WriteByte('\n')
	}
	for _, st := range e.steps {
		t.step(e, st)
	}
}

func (t *teller) who(u *User) string {
	if u.locale != "" && u.locale != "en-US" {
		return u.Name + " [" + u.locale + "]"
	}
	return u.Name
}

func (t *teller) step(e *entry, st step) {
	name := t.s.bot.Name
	switch st.how {
	case "choices":
		t.b.WriteString("  suggestions:\n")
		for _, c := range st.choices {
			t.b.WriteString("    · " + t.plain(c.Label) + "\n")
		}
		if len(st.choices) == 0 {
			t.b.WriteString("    (none)\n")
		}
		return
	case "modal":
		fmt.Fprintf(&t.b, "  a form opens: “%s”\n", t.plain(st.modal.Title))
		for _, in := range st.modal.Inputs() {
			fmt.Fprintf(&t.b, "    %s: [%s]", t.plain(in.Label), t.plain(orElse(in.Value, in.Placeholder)))
			if !in.Required {
				t.b.WriteString(" (may stay empty)")
			}
			t.b.WriteByte('\n')
		}
		return
	case "delete":
		fmt.Fprintf(&t.b, "  (%d) is deleted\n", t.number(st.m))
		return
	}
	m := &st.seen
	fmt.Fprintf(&t.b, "  %s (%d)", name, t.number(st.m))
	switch {
	case st.how == "edit" && st.m.flags&flagLoading == 0 && m.version == 2 && st.m.original && m.by.ack == 5:
		t.b.WriteString(" answers")
	case st.how == "edit":
		t.b.WriteString(" now reads")
	case m.flags&flagLoading != 0:
		t.b.WriteString(" is thinking…")
	case m.replyTo != nil && m.by == nil:
		fmt.Fprintf(&t.b, " replies to (%d)", t.number(m.replyTo))
	}
	if m.onlyFor != nil {
		fmt.Fprintf(&t.b, ", only %s sees this", m.onlyFor.Name)
	}
	if m.flags&flagLoading != 0 {
		t.b.WriteByte('\n')
		return
	}
	t.b.WriteString(":\n")
	t.message("    ", m)
}

// message writes what can be seen of a message.
func (t *teller) message(in string, m *message) {
	if m.content != "" {
		t.lines(in, m.content)
	}
	for _, e := range readEmbeds(m.embeds) {
		bar := in + "│ "
		if e.Author != "" {
			t.lines(bar, e.Author)
		}
		if e.Title != "" {
			t.lines(bar, "**"+e.Title+"**")
		}
		if e.URL != "" {
			t.lines(bar, "→ "+e.URL)
		}
		if e.Description != "" {
			t.lines(bar, e.Description)
		}
		for _, f := range e.Fields {
			t.lines(bar, "▪ "+f.Name)
			t.lines(bar+"  ", f.Value)
		}
		if e.Footer != "" {
			t.lines(bar, "— "+e.Footer)
		}
	}
	for _, f := range m.files {
		fmt.Fprintf(&t.b, "%s📎 %s\n", in, f.name)
		if strings.HasPrefix(f.kind, "text/") {
			t.lines(in+"  ", strings.TrimRight(string(f.body), "\n"))
		}
	}
	for _, row := range readRows(m.parts) {
		t.row(in, row)
	}
}

func (t *teller) row(in string, row []Component) {
	t.b.WriteString(in)
	for n, c := range row {
		if n > 0 {
			t.b.WriteByte(' ')
		}
		label := t.plain(strings.TrimSpace(c.Emoji + " " + c.Label))
		switch {
		case c.Type == 2 && c.URL != "":
			fmt.Fprintf(&t.b, "[%s ↗ %s]", label, c.URL)
		case c.Type == 2 && c.Disabled:
			fmt.Fprintf(&t.b, "[%s, greyed out]", label)
		case c.Type == 2:
			fmt.Fprintf(&t.b, "[%s]", label)
		case c.Type == 3:
			fmt.Fprintf(&t.b, "[%s ▾]", t.plain(orElse(c.Placeholder, "Make a selection")))
			for _, o := range c.Options {
				t.b.WriteString("\n" + in + "  · " + t.plain(o.Label))
				if o.Description != "" {
					t.b.WriteString(" — " + t.plain(o.Description))
				}
			}
		default:
			fmt.Fprintf(&t.b, "[component of type %d]", c.Type)
		}
	}
	t.b.WriteByte('\n')
}

func (t *teller) lines(in, text string) {
	for line := range strings.Lines(t.plain(text)) {
		t.b.WriteString(strings.TrimRight(in+strings.TrimRight(line, "\n"), " ") + "\n")
	}
}

var longNumber = regexp.MustCompile(`<[@#][!&]?[0-9]{15,20}>|\b[0-9]{17,20}\b`)

// plain replaces ids by names, and makes what cannot be seen visible.
func (t *teller) plain(text string) string {
	text = longNumber.ReplaceAllStringFunc(text, func(id string) string {
		bare := strings.Trim(id, "<@#!&>")
		if u := t.s.people[bare]; u != nil {
			return "@" + u.Name
		}
		if c := t.s.channels[bare]; c != nil {
			return "#" + c.Name
		}
		if m := t.s.messages[bare]; m != nil && t.numbers[m] > 0 {
			return fmt.Sprintf("(%d)", t.numbers[m])
		}
		for _, g := range t.s.guilds {
			if g.ID == bare {
				return "(guild " + g.Name + ")"
			}
		}
		return id
	})
	return strings.NewReplacer("\u200b", "⟨200B⟩", "\u200c", "⟨200C⟩", "\u2060", "⟨2060⟩", "\ufeff", "⟨FEFF⟩",
		"\u202e", "⟨202E⟩", "\u00a0", "⟨00A0⟩").Replace(text)
}
