package discordtest

import (
	"bufio"
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
	fmt.Fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"+
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
			fmt.Fprintf(p.out, `<div class=%q><div class="name">%s</div><div class="text">%s</div></div>`, class, field.inline(f.Name, 0), field.block(f.Value))
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
		fmt.Fprintf(p.out, `<label>%s%s</label><div class=%q>%s</div>`, html.EscapeString(in.Label), must, class, html.EscapeString(orElse(in.Value, in.Placeholder)))
	}
	p.out.WriteString(`<div class="row end"><span class="button secondary">Cancel</span><span class="button primary">Submit</span></div></div>` + "\n")
}

// pageStyle has colours, sizes and spaces near those of Discord's client of 2025.
const pageStyle = `
*{box-sizing:border-box}
body{margin:0;padding:16px;display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;background:#808691;
 font:16px/1.375 "gg sans","Helvetica Neue","Liberation Sans","DejaVu Sans",sans-serif}
main{--bg:#323339;--text:#dfe0e2;--strong:#fbfbfb;--dim:#94959c;--embed:#393a41;--line:#46474e;--bar:#4b4c53;--code:#2b2c31;--link:#74a7f7;
 --button:#46474e;--private:#5865f21a;--mention:#5865f24d;--mentiontext:#c9cdfb;--popup:#2a2b30;
 background:var(--bg);color:var(--text);padding:0 0 16px;overflow:hidden;border-radius:8px}
main.light{--bg:#fbfbfb;--text:#323339;--strong:#060607;--dim:#67686f;--embed:#f5f5f6;--line:#dcdde0;--bar:#cfd0d4;--code:#eeeef0;--link:#0a62d6;
 --button:#e4e4e7;--private:#5865f214;--mention:#5865f226;--mentiontext:#3d49c4;--popup:#f2f2f4}
header{padding:12px 16px;font-weight:600;color:var(--strong);border-bottom:1px solid var(--line);margin-bottom:8px}
.act{margin:14px 16px 4px;font-size:13px;font-style:italic;color:var(--dim);text-align:center;overflow-wrap:anywhere}
.message{display:grid;grid-template-columns:40px minmax(0,1fr);column-gap:16px;padding:8px 16px;margin-top:6px}
.phone .message{column-gap:12px;padding:8px 12px}
.private{background:var(--private)}
.above{grid-column:2;font-size:14px;color:var(--dim);margin-bottom:4px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.above b{color:var(--text);font-weight:500}.command{color:var(--link)}
.dot{display:inline-block;width:16px;height:16px;border-radius:50%;background:#7d8087;color:#fff;font-size:10px;line-height:16px;text-align:center;margin-right:4px}
.avatar{width:40px;height:40px;border-radius:50%;background:#7d8087;color:#fff;line-height:40px;text-align:center;font-weight:600;grid-column:1}
.avatar.bot{background:#5865f2}.main{grid-column:2;min-width:0}
.head b{color:var(--strong);font-weight:500}.head time{font-size:12px;color:var(--dim);margin-left:8px}
.app{background:#5865f2;color:#fff;font-size:10px;font-weight:600;border-radius:4px;padding:1px 5px;margin-left:5px;vertical-align:1px}
.text{overflow-wrap:anywhere}.text h1,.text h2,.text h3{margin:10px 0 4px;line-height:1.3;color:var(--strong)}
.text h1{font-size:24px}.text h2{font-size:20px}.text h3{font-size:16px}
.text .small{font-size:13px;color:var(--dim);line-height:1.4}.gap{height:11px}
.item{display:flex;gap:8px;padding-left:6px}.item.deeper{padding-left:26px}.mark{flex:none}
blockquote{margin:2px 0;padding-left:12px;border-left:4px solid var(--bar)}
code{background:var(--code);border-radius:4px;padding:1px 4px;font:14px/1.2 "DejaVu Sans Mono",Menlo,Consolas,monospace}
pre{background:var(--code);border:1px solid var(--line);border-radius:4px;padding:8px;margin:6px 0;white-space:pre-wrap;font:14px/1.3 "DejaVu Sans Mono",Menlo,Consolas,monospace}
a{color:var(--link);text-decoration:none}.mention{background:var(--mention);color:var(--mentiontext);border-radius:3px;padding:0 2px;font-weight:500}
.spoiler{background:var(--bar);border-radius:3px}.thinking{color:var(--dim);font-style:italic}.edited{font-size:10px;color:var(--dim);margin-left:4px}
.embed{background:var(--embed);border:1px solid var(--line);border-left:4px solid var(--bar);border-radius:4px;padding:10px 14px 12px;margin-top:6px;max-width:520px;font-size:14px}
.embed .title{font-size:16px;font-weight:600;color:var(--strong);margin:4px 0}.embed .author{font-weight:600;color:var(--strong)}
.embed .text .small{font-size:12px}.embed .text h1{font-size:21px}.embed .text h2{font-size:18px}.embed .text h3{font-size:15px}
.fields{display:grid;grid-template-columns:repeat(12,1fr);gap:8px;margin-top:8px}.field{grid-column:span 12;min-width:0}.field .name{font-weight:600;color:var(--strong);overflow-wrap:anywhere}
.desktop .field.inline{grid-column:span 4}.embed .footer{font-size:12px;margin-top:8px;color:var(--text)}
.row{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}.row.end{justify-content:flex-end}
.button{display:inline-flex;align-items:center;min-height:32px;padding:2px 15px;border-radius:8px;font-size:14px;font-weight:500;background:var(--button);color:var(--strong);gap:6px}
.button.primary{background:#5865f2;color:#fff}.button.success{background:#00863a;color:#fff}.button.danger{background:#d22d39;color:#fff}.button.off{opacity:.5}.out{font-size:12px;opacity:.8}
.phone .button{min-height:36px}
.select{width:400px;max-width:100%;border:1px solid var(--line);border-radius:8px;background:var(--popup);font-size:15px}
.select>div{padding:9px 12px;display:flex;flex-direction:column}.select>div:first-child{flex-direction:row;justify-content:space-between;color:var(--dim)}
.select .option{border-top:1px solid var(--line)}.select small{color:var(--dim)}
.only{margin-top:6px;font-size:12px;color:var(--dim)}.file{margin-top:6px;padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--embed);max-width:432px}
.popup{margin:6px 16px;border:1px solid var(--line);border-radius:8px;background:var(--popup);overflow:hidden}.popup div{padding:8px 12px}
.form{margin:8px auto;max-width:440px;width:calc(100% - 24px);border:1px solid var(--line);border-radius:12px;background:var(--embed);padding:16px}
.form h2{margin:0 0 12px;font-size:20px;color:var(--strong)}.form label{display:block;font-size:14px;font-weight:500;margin:8px 0 6px}.must{color:#d22d39}
.input{min-height:40px;border:1px solid var(--line);border-radius:8px;background:var(--popup);padding:9px 12px;overflow-wrap:anywhere}.input.tall{min-height:96px}.input.empty{color:var(--dim)}
`
