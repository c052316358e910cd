package corpus

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"policybot/lang"
)

// page is what a file in another format gives.
type page struct {
	meta Meta
	text string
}

// The bounds of what is read from a web page or PDF, whose readers recurse and allocate by their input.
const (
	maxDepth    = 500              // nested elements of a page
	maxRendered = 20 << 20         // bytes of text
	maxReading  = 20 * time.Second // for one file
)

// guarded runs read, which may panic or not come back on hostile input, for at most the time limit. What
// still runs then is left behind.
func guarded(what string, limit time.Duration, read func() (page, *lineError)) (page, *lineError) {
	type result struct {
		page page
		err  *lineError
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- result{err: &lineError{0, fmt.Sprintf("the %s cannot be read: it is damaged", what), "Save its text as .txt or .md."}}
			}
		}()
		p, err := read()
		done <- result{p, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.page, r.err
	case <-timer.C:
		return page{}, &lineError{0, fmt.Sprintf("the %s takes over %v to read", what, limit), "Save its text as .txt or .md."}
	}
}

// readHTML finds the article in a web page: its text, one paragraph a line, and its title, author, date,
// site and address. Address is where the page is from, if known.
func readHTML(data []byte, address string) (page, *lineError) {
	if i := bytes.IndexByte(data, 0); i >= 0 && !bytes.HasPrefix(data, []byte("\xff\xfe")) && !bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return page{}, &lineError{0, "holds a NUL byte: this is no web page", "Save the page as HTML."}
	}
	text, err := decodePage(data)
	if err != nil {
		return page{}, err
	}
	if tooDeep(text) {
		return page{}, &lineError{0, fmt.Sprintf("its elements are nested more than %d deep", maxDepth), "Save its text as .txt or .md."}
	}
	return guarded("web page", maxReading, func() (page, *lineError) { return extract(text, address) })
}

// decodePage returns the page in UTF-8, by its byte order mark or declaration.
func decodePage(data []byte) (string, *lineError) {
	if utf8.Valid(data) {
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	}
	enc, _, _ := charset.DetermineEncoding(data[:min(len(data), 1024)], "text/html")
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil || !utf8.Valid(out) || bytes.IndexByte(out, 0) >= 0 {
		return "", &lineError{0, "is in no encoding that can be read", "Convert the file to UTF-8."}
	}
	return strings.TrimPrefix(string(out), "\ufeff"), nil
}

// tooDeep reports whether the page nests its elements deeper than any honest page, which would exhaust
// the stack of recursive readers. Elements that need no end tag do not count.
func tooDeep(text string) bool {
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(4 << 20)
	depth := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken:
			name, _ := z.TagName()
			if !optionalEnd(atom.Lookup(name)) {
				if depth++; depth > maxDepth {
					return true
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if depth > 0 && !optionalEnd(atom.Lookup(name)) {
				depth--
			}
		}
	}
}

// optionalEnd reports whether the element is void, or ends without a tag where another begins.
func optionalEnd(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param,
		atom.Source, atom.Track, atom.Wbr, atom.P, atom.Li, atom.Dt, atom.Dd, atom.Option, atom.Optgroup, atom.Tr, atom.Td, atom.Th,
		atom.Thead, atom.Tbody, atom.Tfoot, atom.Colgroup, atom.Rp, atom.Rt, atom.Html, atom.Head, atom.Body:
		return true
	}
	return false
}

// extract reads the page with trafilatura, and by its paragraphs alone where that finds nothing.
func extract(text, address string) (page, *lineError) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return page{}, &lineError{0, "the web page cannot be read: " + firstLine(err.Error()), ""}
	}
	var p page
	var plain strings.Builder
	renderText(&plain, doc, true) // before the extractor takes the tree apart
	spaceBreaks(doc)
	opts := trafilatura.Options{EnableFallback: true, ExcludeComments: true, Focus: trafilatura.Balanced}
	if u, err := url.Parse(address); err == nil && u.IsAbs() {
		opts.OriginalURL = u
	}
	if r, err := trafilatura.ExtractDocument(doc, opts); err == nil && r != nil {
		var b strings.Builder
		renderText(&b, r.ContentNode, false)
		p.text = strings.TrimSpace(b.String())
		p.meta = pageMeta(&r.Metadata)
		if !dated(p.meta.Published, text, plain.String()) {
			p.meta.Published = Date{}
		}
	}
	if p.text == "" {
		p.text = strings.TrimSpace(plain.String())
	}
	if p.text == "" {
		return page{}, &lineError{0, "there is no text in it", ""}
	}
	return p, nil
}

// pageMeta takes over what the page says about itself, as far as it is well-formed.
func pageMeta(m *trafilatura.Metadata) Meta {
	short := func(s string) string {
		if s = oneLine(s); len(s) > maxField || !utf8.ValidString(s) {
			return ""
		}
		return s
	}
	out := Meta{Title: short(m.Title), Publisher: short(m.Sitename), Author: short(m.Author)}
	if webAddress(m.URL) && len(m.URL) <= maxField {
		out.URL = m.URL
	}
	if y := m.Date.Year(); !m.Date.IsZero() && y > 1500 {
		out.Published = DateOf(m.Date)
	}
	return out
}

// dated reports whether the page itself says that it is of that day: in its markup, or in a line of its
// text that is nothing but a time. The extractor also takes a day that the article speaks of.
func dated(d Date, source, plain string) bool {
	if d.IsZero() {
		return false
	}
	for _, form := range [...]string{"%04d-%02d-%02d", "%04d/%02d/%02d", "%04d%02d%02d", "%04d/%d/%d"} {
		if strings.Contains(source, fmt.Sprintf(form, d.Year, d.Month, d.Day)) {
			return true
		}
	}
	for line := range strings.Lines(plain) {
		if line = oneLine(line); timestamp(line) {
			for _, w := range lang.Dates(line) {
				if w.Year == d.Year && w.Month == d.Month && w.Day == d.Day {
					return true
				}
			}
		}
	}
	return false
}

// renderText writes the text of a tree, each block element on a line of its own. Whole says that the tree
// is a page, of which only the parts that can be an article count.
func renderText(b *strings.Builder, n *html.Node, whole bool) {
	if n == nil || b.Len() > maxRendered {
		return
	}
	switch n.Type {
	case html.TextNode:
		space := false
		for _, r := range n.Data {
			if isSpace(r) {
				space = true
				continue
			}
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
		if space {
			b.WriteByte(' ')
		}
		return
	case html.CommentNode, html.DoctypeNode:
		return
	case html.ElementNode:
		switch n.DataAtom {
		case atom.Br:
			breakLine(b, n)
			return
		case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Svg, atom.Object, atom.Select, atom.Button, atom.Textarea:
			return
		case atom.Nav, atom.Header, atom.Footer, atom.Aside, atom.Form, atom.Head:
			if whole {
				return
			}
		}
	}
	block := n.Type == html.ElementNode && !inlineElement(n.DataAtom)
	if block {
		b.WriteByte('\n')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		renderText(b, c, whole)
	}
	if block {
		b.WriteByte('\n')
	}
}

// spaceBreaks puts a space before each br element, so that dropping the element does not join two words.
func spaceBreaks(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.DataAtom == atom.Br {
			n.InsertBefore(&html.Node{Type: html.TextNode, Data: " "}, c)
		}
		spaceBreaks(c)
	}
}

// breakLine writes what stands for a br element: a line break, but a space inside a sentence.
func breakLine(b *strings.Builder, br *html.Node) {
	s := b.String()
	if !endsSentence(strings.TrimSpace(s[max(0, len(s)-40):])) {
		for n := br.NextSibling; n != nil; n = n.NextSibling {
			text := strings.TrimSpace(n.Data)
			if n.Type == html.TextNode && text == "" {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(text); n.Type == html.TextNode && unicode.IsLower(r) {
				b.WriteByte(' ')
				return
			}
			break
		}
	}
	b.WriteByte('\n')
}

// inlineElement reports whether the element stands within a line of text.
func inlineElement(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I, atom.Ins,
		atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Time,
		atom.U, atom.Var, atom.Big, atom.Tt, atom.Strike, atom.Acronym:
		return true
	}
	return false
}
