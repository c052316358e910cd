package discordtest

import (
	"bufio"
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"
	"time"
)

// Look is how a picture is made: a theme of Discord's client and a width in pixels.
type Look struct {
	Theme string // "dark" or "light"
	Width int    // 390 is a phone; from 600 on it is laid out as on a desktop
}

// Looks are the themes on a phone and on a desktop.
func Looks() []Look {
	return []Look{{"dark", 390}, {"light", 390}, {"dark", 900}, {"light", 900}}
}

// HTML writes what happened as a page that looks as Discord's client does, so that a person can look at what
// people see: names, cards with their bar, buttons, menus, forms, and who sees what. Each look is a frame of
// its own, side by side; without any there are all of Looks. The page asks for nothing over the network, and is
// the same each time: clock times count from noon.
func (s *Server) HTML(w io.Writer, looks ...Look) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(looks) == 0 {
		looks = Looks()
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"+
		"<meta name=\"viewport\" content=\"width=device-width\">"+
		"<title>%s</title><style>%s</style></head><body>\n", html.EscapeString(s.opt.BotName), pageStyle)
	for _, l := range looks {
		shape := "phone"
		if l.Width >= 600 {
			shape = "desktop"
		}
		theme := "dark"
		if l.Theme == "light" {
			theme = "light"
		}
		fmt.Fprintf(out, "<main class=\"%s %s\" style=\"width:%dpx\">\n", theme, shape, l.Width)
		p := &painter{s: s, out: out}
		for _, e := range s.story {
			if !e.silent {
				p.entry(e)
			}
		}
		out.WriteString("</main>\n")
	}
	out.WriteString("</body></html>\n")
	return out.Flush()
}

type painter struct {
	s     *Server
	out   *bufio.Writer
	place string
}

func (p *painter) name(kind byte, id string) string {
	if kind == '@' {
		if u := p.s.people[id]; u != nil {
			return "@" + u.Name
		}
		return "@unknown-user"
	}
	if c := p.s.channels[id]; c != nil {
		return "#" + c.Name
	}
	return "#unknown"
}

func (p *painter) md() markup { return markup{name: p.name} }

func (p *painter) entry(e *entry) {
	place := e.channel.label()
	if e.channel.guild != nil {
		place += " · " + e.channel.guild.Name
	}
	if place != p.place {
		p.place = place
		fmt.Fprintf(p.out, "<header>%s</header>\n", html.EscapeString(place))
	}
	if e.said != nil {
		p.open(e.said, "")
		fmt.Fprintf(p.out, `<div class="text">%s</div>`, p.md().block(e.said.content))
		p.close(e.said)
	} else if e.person != nil {
		fmt.Fprintf(p.out, "<p class=\"act\">%s %s</p>\n", html.EscapeString(e.person.Name), html.EscapeString(e.action))
	}
	for n, st := range e.steps {
		switch st.how {
		case "choices":
			p.out.WriteString(`<div class="popup">`)
			for _, c := range st.choices {
				fmt.Fprintf(p.out, "<div>%s</div>", html.EscapeString(c.Label))
			}
			if len(st.choices) == 0 {
				p.out.WriteString("<div><i>No options match your search.</i></div>")
			}
			p.out.WriteString("</div>\n")
		case "modal":
			p.form(st.modal)
		case "delete":
		default:
			m := &st.seen
			if m.flags&flagLoading != 0 && n+1 < len(e.steps) {
				continue // its content comes
			}
			p.open(m, e.header)
			p.body(m)
			p.close(m)
		}
	}
}

// open begins a message with what stands above its text.
func (p *painter) open(m *message, command string) {
	class := "message"
	if m.onlyFor != nil {
		class += " private"
	}
	fmt.Fprintf(p.out, "<article class=%q>", class)
	switch {
	case m.by != nil && m.original && m.by.kind == kindCommand && command != "":
		fmt.Fprintf(p.out, `<div class="above"><span class="dot">%s</span><b>%s</b> used <span class="command">%s</span></div>`,
			initial(m.by.person.Name), html.EscapeString(m.by.person.Name), html.EscapeString(command))
	case m.replyTo != nil:
		words := strings.Join(strings.Fields(orElse(m.replyTo.content, "Click to see attachment")), " ")
		if r := []rune(words); len(r) > 70 {
			words = string(r[:70]) + "…"
		}
		fmt.Fprintf(p.out, `<div class="above"><span class="dot">%s</span><b>%s</b> %s</div>`, initial(m.replyTo.author.Name),
			html.EscapeString(m.replyTo.author.Name), p.md().inline(words, 0))
	}
	class, app := "avatar", ""
	if m.author.bot {
		class, app = "avatar bot", `<span class="app">✓ APP</span>`
	}
	noon := time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC).Add(m.made.Sub(p.s.start))
	fmt.Fprintf(p.out, `<div class=%q>%s</div><div class="main"><div class="head"><b>%s</b>%s<time>%s</time></div>`,
		class, initial(m.author.Name), html.EscapeString(m.author.Name), app, noon.Format("15:04"))
}

func (p *painter) close(m *message) {
	if m.onlyFor != nil {
		p.out.WriteString(`<div class="only"><span>👁</span> Only you can see this • <a>Dismiss message</a></div>`)
	}
	p.out.WriteString("</div></article>\n")
}

func initial(name string) string {
	for _, r := range name {
		return html.EscapeString(strings.ToUpper(string(r)))
	}
	return ""
}

// body is what a message shows below its head.
func (p *painter) body(m *message) {
	if m.flags&flagLoading != 0 {
		fmt.Fprintf(p.out, `<div class="text thinking">%s is thinking…</div>`, html.EscapeString(m.author.Name))
		return
	}
	if m.content != "" {
		edited := ""
		if !m.edited.IsZero() {
			edited = `<span class="edited">(edited)</span>`
		}
		fmt.Fprintf(p.out, `<div class="text">%s%s</div>`, p.md().block(m.content), edited)
	}
	for _, e := range readEmbeds(m.embeds) {
		p.embed(e)
	}
	for _, f := range m.files {
		fmt.Fprintf(p.out, `<div class="file">📄 <a>%s</a> <small>%d bytes</small></div>`, html.EscapeString(f.name), len(f.body))
	}
	for _, row := range readRows(m.parts) {
		p.row(row)
	}
}

func (p *painter) embed(e Embed) {
	style := ""
	if e.Color != 0 {
		style = fmt.Sprintf(` style="border-left-color:#%06x"`, e.Color&0xffffff)
	}
	fmt.Fprintf(p.out, `<div class="embed"%s>`, style)
	if e.Author != "" {
		fmt.Fprintf(p.out, `<div class="author">%s</div>`, html.EscapeString(e.Author))
	}
	if e.Title != "" {
		title := markup{name: p.name, noMasked: true}.inline(e.Title, 0)
		if e.URL != "" {
			title = anchor(e.URL, title)
		}
		fmt.Fprintf(p.out, `<div class="title">%s</div>`, title)
	}
	if e.Description != "" {
		fmt.Fprintf(p.out, `<div class="text">%s</div>`, p.md().block(e.Description))
	}
	if len(e.Fields) > 0 {
		p.out.WriteString(`<div class="fields">`)
		field := markup{name: p.name, noHeadings: true}
		for _, f := range e.Fields {
			class := "field"
			if f.Inline {
				class = "field inline"
			}
			fmt.Fprintf(p.out, `<div class=%q><div class="name">%s</div><div class="text">%s</div></div>`,
				class, field.inline(f.Name, 0), field.block(f.Value))
		}
		p.out.WriteString("</div>")
	}
	if e.Footer != "" {
		fmt.Fprintf(p.out, `<div class="footer">%s</div>`, html.EscapeString(e.Footer))
	}
	p.out.WriteString("</div>")
}

func (p *painter) row(row []Component) {
	p.out.WriteString(`<div class="row">`)
	for _, c := range row {
		switch c.Type {
		case 2:
			class := [...]string{"secondary", "primary", "secondary", "success", "danger", "secondary"}[max(0, min(c.Style, 5))]
			if c.Disabled {
				class += " off"
			}
			label := html.EscapeString(strings.TrimSpace(c.Emoji + " " + c.Label))
			if c.URL != "" {
				label += ` <span class="out">↗</span>`
			}
			fmt.Fprintf(p.out, `<span class="button %s">%s</span>`, class, label)
		case 3:
			fmt.Fprintf(p.out, `<div class="select"><div>%s<span>⌄</span></div>`, html.EscapeString(orElse(c.Placeholder, "Make a selection")))
			for _, o := range c.Options {
				fmt.Fprintf(p.out, `<div class="option">%s`, html.EscapeString(o.Label))
				if o.Description != "" {
					fmt.Fprintf(p.out, "<small>%s</small>", html.EscapeString(o.Description))
				}
				p.out.WriteString("</div>")
			}
			p.out.WriteString("</div>")
		default:
			fmt.Fprintf(p.out, `<span class="button off">component of type %d</span>`, c.Type)
		}
	}
	p.out.WriteString("</div>")
}

func (p *painter) form(m *Modal) {
	fmt.Fprintf(p.out, `<div class="form"><h2>%s</h2>`, html.EscapeString(m.Title))
	for _, in := range m.Inputs() {
		must := ""
		if in.Required {
			must = ` <span class="must">*</span>`
		}
		class := "input"
		if in.Style == 2 {
			class = "input tall"
		}
		if in.Value == "" {
			class += " empty"
		}
		fmt.Fprintf(p.out, `<label>%s%s</label><div class=%q>%s</div>`,
			html.EscapeString(in.Label), must, class, html.EscapeString(orElse(in.Value, in.Placeholder)))
	}
	p.out.WriteString(`<div class="row end"><span class="button secondary">Cancel</span>` +
		`<span class="button primary">Submit</span></div></div>` + "\n")
}

// pageStyle has colours, sizes and spaces near those of Discord's client of 2025.
//
//go:embed page.css
var pageStyle string
