package corpus

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markdown cuts the Markdown text raw into blocks of plain text: paragraphs, headings and list items,
// with emphasis, links, images, code marks, tags, comments and reference definitions taken away. It reads
// CommonMark's usual parts and never fails; what it does not know stays as it is written. A list item
// that begins with a date in brackets is dated, and so are the paragraphs and items inside it. A date
// that does not exist is reported to bad, with its offset.
func markdown(raw string, bad func(at int, err error)) []block {
	p := mdParser{raw: raw, bad: bad}
	for start := 0; start < len(raw); {
		end := strings.IndexByte(raw[start:], '\n')
		if end < 0 {
			end = len(raw)
		} else {
			end += start
		}
		p.line(start, end)
		start = end + 1
	}
	p.flush()
	return p.blocks
}

// mdParser holds the open block while lines are read.
type mdParser struct {
	raw    string
	bad    func(at int, err error)
	blocks []block

	lines   []Span // content of the open paragraph
	heading bool
	fence   string // the open code fence, or ""
	comment bool
	items   []mdItem // the list items the next line can belong to, outermost first
	blank   bool     // the line before was blank
}

// mdItem is an open list item: the column its content starts at, and its date.
type mdItem struct {
	indent int
	asOf   Period
	id     int // index of its first block, plus one, when dated
}

// line reads raw[start:end].
func (p *mdParser) line(start, end int) {
	raw := p.raw
	if end > start && raw[end-1] == '\r' {
		end--
	}
	if p.comment {
		i := strings.Index(raw[start:end], "-->")
		if i < 0 {
			return
		}
		p.comment = false
		start += i + len("-->")
	}
	indent := 0
	for start < end && (raw[start] == ' ' || raw[start] == '\t') {
		if raw[start] == '\t' {
			indent += 4 - indent%4
		} else {
			indent++
		}
		start++
	}
	for start < end && raw[start] == '>' { // block quotes are text
		start++
		for start < end && raw[start] == ' ' {
			start++
		}
		indent = 0
	}
	for end > start && (raw[end-1] == ' ' || raw[end-1] == '\t') {
		end--
	}
	text := raw[start:end]
	if p.fence != "" {
		if strings.HasPrefix(text, p.fence) && strings.Trim(text, p.fence[:1]) == "" {
			p.fence = ""
			p.flush()
		} else if text != "" {
			p.lines = append(p.lines, Span{start, end})
		}
		return
	}
	switch {
	case text == "":
		p.flush()
		p.blank = true
		return
	case strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~"):
		p.flush()
		n := len(text) - len(strings.TrimLeft(text, text[:1]))
		p.fence = text[:n]
		return
	case strings.HasPrefix(text, "<!--"):
		p.flush()
		i := strings.Index(text, "-->")
		if i < 0 {
			p.comment = true
			return
		}
		p.line(start+i+len("-->"), end)
		return
	}
	if len(p.lines) > 0 && !p.blank && setext(text) { // underlined heading, unless a list stands above
		p.heading = true
		p.flush()
		return
	}
	if rule(text) {
		p.flush()
		p.items = nil
		return
	}
	if n := atx(text); n > 0 {
		p.flush()
		p.items = nil
		for n < len(text) && text[n] == ' ' {
			n++
		}
		body := strings.TrimRight(text[n:], " ")
		if t := strings.TrimRight(body, "#"); t == "" || strings.HasSuffix(t, " ") {
			body = strings.TrimRight(t, " ")
		}
		if body != "" {
			p.heading = true
			p.lines = append(p.lines, Span{start + n, start + n + len(body)})
			p.flush()
		}
		return
	}
	if strings.HasPrefix(text, "|") && strings.Trim(text, "|:- ") == "" {
		return // the line under a table's head
	}
	if definition(text) {
		p.flush()
		return
	}
	// A line less indented than an item's content ends the item, unless it goes on lazily.
	if p.blank {
		for len(p.items) > 0 && indent < p.items[len(p.items)-1].indent && marker(text) == 0 {
			p.items = p.items[:len(p.items)-1]
		}
	}
	if n := marker(text); n > 0 && (len(p.lines) == 0 || len(p.items) > 0 || text[0] < '0' || text[0] > '9' || text[:2] == "1." || text[:2] == "1)") {
		p.flush()
		for len(p.items) > 0 && indent < p.items[len(p.items)-1].indent {
			p.items = p.items[:len(p.items)-1]
		}
		item := mdItem{indent: indent + n}
		if len(p.items) > 0 {
			item.asOf, item.id = p.items[len(p.items)-1].asOf, p.items[len(p.items)-1].id
		}
		body := start + n
		for body < end && raw[body] == ' ' {
			body++
		}
		if when, length, err := datedItem(raw[body:end]); err != nil {
			p.bad(body, err)
		} else if length > 0 {
			item.asOf = when
			item.id = len(p.blocks) + 1
			body += length
			for body < end && raw[body] == ' ' {
				body++
			}
		}
		p.items = append(p.items, item)
		p.blank = false
		if body < end {
			p.lines = append(p.lines, Span{body, end})
		}
		return
	}
	p.blank = false
	if strings.HasPrefix(text, "|") {
		p.flush() // each row of a table is a block
	}
	p.lines = append(p.lines, Span{start, end})
}

// flush ends the open block.
func (p *mdParser) flush() {
	lines, heading := p.lines, p.heading
	p.lines, p.heading = nil, false
	if len(lines) == 0 {
		return
	}
	m := mapped{text: p.raw[lines[0].Start:lines[0].End], base: lines[0].Start}
	if len(lines) > 1 {
		var b builder
		for i, l := range lines {
			if i > 0 {
				b.byte(' ', l.Start)
			}
			m := mapped{text: p.raw[l.Start:l.End], base: l.Start}
			if strings.HasSuffix(m.text, `\`) && i+1 < len(lines) { // hard line break
				m.text = m.text[:len(m.text)-1]
			}
			b.add(&m, 0, len(m.text))
		}
		m = b.mapped()
	}
	m = inline(m)
	if strings.HasPrefix(m.text, "|") { // a row of a table
		m = m.slice(1, max(1, len(strings.TrimRight(m.text, " |"))))
	}
	if m.text == "" {
		return
	}
	bl := block{mapped: m, span: Span{lines[0].Start, lines[len(lines)-1].End}, heading: heading}
	if len(p.items) > 0 {
		top := p.items[len(p.items)-1]
		bl.asOf, bl.item = top.asOf, top.id
	}
	p.blocks = append(p.blocks, bl)
}

// setext reports whether the line underlines a heading.
func setext(s string) bool {
	return len(s) >= 2 && (strings.Trim(s, "=") == "" || strings.Trim(s, "-") == "")
}

// rule reports whether the line is a thematic break.
func rule(s string) bool {
	t := strings.ReplaceAll(s, " ", "")
	return len(t) >= 3 && (strings.Trim(t, "-") == "" || strings.Trim(t, "*") == "" || strings.Trim(t, "_") == "")
}

// atx returns the number of #s that open a heading, or 0.
func atx(s string) int {
	n := len(s) - len(strings.TrimLeft(s, "#"))
	if n == 0 || n > 6 || n < len(s) && s[n] != ' ' {
		return 0
	}
	return n
}

// marker returns the length of the list marker, with one space, at the head of s, or 0.
func marker(s string) int {
	i := 0
	switch s[0] {
	case '-', '*', '+':
		i = 1
	default:
		for i < len(s) && i < 9 && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		if i == 0 || i == len(s) || s[i] != '.' && s[i] != ')' {
			return 0
		}
		i++
	}
	if i < len(s) && s[i] != ' ' && s[i] != '\t' {
		return 0
	}
	return min(i+1, len(s))
}

// definition reports whether the line defines a link reference: "[name]: address".
func definition(s string) bool {
	if s[0] != '[' || strings.HasPrefix(s, "[^") {
		return false
	}
	i := strings.Index(s, "]:")
	if i < 2 || strings.ContainsAny(s[1:i], "[]") {
		return false
	}
	rest := strings.TrimSpace(s[i+2:])
	addr, _, _ := strings.Cut(rest, " ")
	return strings.Contains(addr, "://") || strings.HasPrefix(addr, "/") || strings.HasPrefix(addr, "#") || strings.HasPrefix(addr, "<") || strings.HasPrefix(addr, "mailto:")
}

// datedItem reads the date in brackets at the head of a list item and returns the bytes it takes, 0 when
// there is none. What looks like a date and is none is an error.
func datedItem(s string) (Period, int, error) {
	if !strings.HasPrefix(s, "[") {
		return Period{}, 0, nil
	}
	end := strings.IndexByte(s, ']')
	if end < len("[2018") || end > len("[2018-12-05 / 2018-12-05") || end+1 < len(s) && strings.IndexByte("([:", s[end+1]) >= 0 {
		return Period{}, 0, nil
	}
	inside := s[1:end]
	if strings.Trim(inside, "0123456789-/ ") != "" || strings.Trim(inside[:4], "0123456789") != "" {
		return Period{}, 0, nil
	}
	if strings.IndexByte("0123456789", inside[len(inside)-1]) < 0 {
		return Period{}, 0, nil
	}
	when, err := ParsePeriod(inside)
	if err != nil {
		return Period{}, 0, err
	}
	return when, end + 1, nil
}

// inline renders the inline marks of a block: what a reader sees remains.
func inline(m mapped) mapped {
	if !strings.ContainsAny(m.text, "*_`[]<&\\~|!") {
		return m
	}
	r := mdInline{m: &m}
	r.run(0, len(m.text), 0)
	r.emphasis()
	return r.out()
}

// mdInline renders one block. Drop marks bytes of the source that do not show.
type mdInline struct {
	m    *mapped
	drop []bool
	runs []delimiter
	repl []replacement
}

type delimiter struct {
	at, n       int
	c           byte
	open, close bool
}

// replacement stands for text[from:to].
type replacement struct {
	from, to int
	text     string
}

func (r *mdInline) hide(i, j int) {
	if r.drop == nil {
		r.drop = make([]bool, len(r.m.text))
	}
	for ; i < j; i++ {
		r.drop[i] = true
	}
}

// maxInline bounds how far a code span, tag or comment can reach inside a block, which keeps hostile text
// from costing quadratic time.
const maxInline = 4 << 10

// run reads text[i:end].
func (r *mdInline) run(i, end, depth int) {
	s := r.m.text
	for i < end {
		switch c := s[i]; c {
		case '\\':
			if i+1 < end && s[i+1] < utf8.RuneSelf && unicode.IsPunct(rune(s[i+1])) || i+1 < end && strings.IndexByte("$+<=>^`|~", s[i+1]) >= 0 {
				r.hide(i, i+1)
				i++
			}
			i++
		case '`':
			n := runLength(s[i:end], '`')
			if k := closingTicks(s[i+n:min(end, i+n+maxInline)], n); k >= 0 {
				r.hide(i, i+n)
				r.hide(i+n+k, i+n+k+n)
				i += n + k + n
			} else {
				i += n
			}
		case '<':
			i += r.tag(i, end)
		case '&':
			i += r.entity(i, end)
		case '!':
			if i+1 < end && s[i+1] == '[' {
				if label, stop := linkAt(s[:end], i+1); stop > 0 && label >= 0 {
					r.hide(i, stop) // a picture is no text
					i = stop
					continue
				}
			}
			i++
		case '[':
			if strings.HasPrefix(s[i:end], "[^") {
				if k := strings.IndexByte(s[i:end], ']'); k > 2 && k < 20 && strings.IndexByte(s[i:i+k], ' ') < 0 {
					r.hide(i, i+k+1) // a footnote's mark
					i += k + 1
					if i < end && s[i] == ':' {
						r.hide(i, i+1)
						i++
					}
					continue
				}
			}
			if label, stop := linkAt(s[:end], i); stop > 0 && depth < 8 {
				r.hide(i, i+1)
				r.run(i+1, label, depth+1)
				r.hide(label, stop)
				i = stop
				continue
			}
			i++
		case '*', '_', '~':
			n := runLength(s[i:end], c)
			if c != '~' || n == 2 {
				r.runs = append(r.runs, flanking(s, i, n))
			}
			i += n
		default:
			i++
		}
	}
}

func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

// closingTicks returns where a run of exactly n backquotes begins in s, or -1.
func closingTicks(s string, n int) int {
	for i := 0; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		k := runLength(s[i:], '`')
		if k == n {
			return i
		}
		i += k
	}
	return -1
}

// linkAt reads the link whose label opens at s[i]: it returns the place of the label's "]" and the end of
// the whole link, 0 when there is none.
func linkAt(s string, i int) (label, stop int) {
	depth := 0
	j := i
	for ; j < len(s) && j-i < 2000; j++ {
		switch s[j] {
		case '\\':
			j++
			continue
		case '[':
			depth++
		case ']':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if j >= len(s) || s[j] != ']' || j+1 >= len(s) {
		return 0, 0
	}
	switch s[j+1] {
	case '(':
		depth = 0
		for k := j + 1; k < len(s) && k-j < 3000; k++ {
			switch s[k] {
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					return j, k + 1
				}
			}
		}
	case '[':
		if k := strings.IndexByte(s[j+1:], ']'); k >= 0 && k < 200 {
			return j, j + 1 + k + 1
		}
	}
	return 0, 0
}

// tag hides the HTML tag or comment at s[i] and returns the bytes to go on by; an address in angle
// brackets keeps its text.
func (r *mdInline) tag(i, end int) int {
	s := r.m.text[i:min(end, i+maxInline)]
	if strings.HasPrefix(s, "<!--") {
		if k := strings.Index(s, "-->"); k >= 0 {
			r.hide(i, i+k+3)
			return k + 3
		}
		return 1
	}
	k := strings.IndexByte(s, '>')
	if k < 2 {
		return 1
	}
	inside := s[1:k]
	if strings.Contains(inside, "://") && !strings.ContainsAny(inside, " \"") || strings.Contains(inside, "@") && !strings.ContainsAny(inside, " <\"") {
		r.hide(i, i+1)
		r.hide(i+k, i+k+1)
		return k + 1
	}
	c := inside[0]
	if c == '/' && len(inside) > 1 {
		c = inside[1]
	}
	if c|0x20 < 'a' || c|0x20 > 'z' {
		return 1
	}
	name := strings.TrimLeft(inside, "/")
	if e := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }); e >= 0 {
		name = name[:e]
	}
	if low := strings.ToLower(name); low == "br" || low == "p" || low == "div" || low == "li" || low == "td" {
		r.repl = append(r.repl, replacement{i, i + k + 1, " "})
	}
	r.hide(i, i+k+1)
	return k + 1
}

// entity replaces the character reference at s[i] and returns the bytes to go on by.
func (r *mdInline) entity(i, end int) int {
	s := r.m.text[i:end]
	k := strings.IndexByte(s[:min(len(s), 34)], ';')
	if k < 2 {
		return 1
	}
	if t := html.UnescapeString(s[:k+1]); t != s[:k+1] {
		if strings.IndexByte(t, 0) < 0 {
			r.repl = append(r.repl, replacement{i, i + k + 1, t})
		}
		r.hide(i, i+k+1)
		return k + 1
	}
	return 1
}

// flanking describes the run of n delimiters at s[i], by CommonMark's rule.
func flanking(s string, i, n int) delimiter {
	before, after := ' ', ' '
	if i > 0 {
		before, _ = utf8.DecodeLastRuneInString(s[:i])
	}
	if i+n < len(s) {
		after, _ = utf8.DecodeRuneInString(s[i+n:])
	}
	punct := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
	left := !unicode.IsSpace(after) && (!punct(after) || unicode.IsSpace(before) || punct(before))
	right := !unicode.IsSpace(before) && (!punct(before) || unicode.IsSpace(after) || punct(after))
	d := delimiter{at: i, n: n, c: s[i], open: left, close: right}
	if d.c == '_' {
		d.open = left && (!right || punct(before))
		d.close = right && (!left || punct(after))
	}
	return d
}

// emphasis matches the delimiter runs and hides those that form pairs.
func (r *mdInline) emphasis() {
	var open []int // indexes of runs that may open, innermost last
	for k := range r.runs {
		d := &r.runs[k]
		if d.close {
			for d.n > 0 {
				o := len(open) - 1
				for o >= 0 && r.runs[open[o]].c != d.c {
					o--
				}
				if o < 0 {
					break
				}
				from := &r.runs[open[o]]
				n := min(from.n, d.n)
				if n > 2 {
					n = 2
				}
				from.n -= n
				r.hide(from.at+from.n, from.at+from.n+n)
				r.hide(d.at, d.at+n)
				d.at += n
				d.n -= n
				open = open[:o+1]
				if from.n == 0 {
					open = open[:o]
				}
			}
		}
		if d.open && d.n > 0 && len(open) < 64 {
			open = append(open, k)
		}
	}
}

// out assembles what shows.
func (r *mdInline) out() mapped {
	if r.drop == nil {
		return *r.m
	}
	var b builder
	next := 0
	for i := 0; i < len(r.m.text); i++ {
		for next < len(r.repl) && r.repl[next].from == i {
			span := r.m.raw(i, r.repl[next].to)
			b.bytes(r.repl[next].text, span.Start, span.End)
			next++
		}
		if !r.drop[i] {
			b.add(r.m, i, i+1)
		}
	}
	if n := len(r.m.text); n > 0 {
		b.end = max(b.end, r.m.raw(n, n).Start)
	}
	return b.mapped()
}
