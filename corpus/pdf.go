package corpus

import (
	"bytes"
	"fmt"
	"math"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

// The bounds of a PDF.
const (
	maxPages  = 2000
	maxGlyphs = 20 << 20
)

// readPDF reads the text of a PDF page by page, in the order in which it is drawn. Lines and the gaps
// between words are found by the places of the glyphs.
func readPDF(data []byte) (page, *lineError) {
	if !bytes.HasPrefix(bytes.TrimLeft(data[:min(len(data), 1024)], "\x00\t\n\f\r \ufeff"), []byte("%PDF-")) {
		return page{}, &lineError{0, "is no PDF", "Check the file's ending."}
	}
	return guarded("PDF", maxReading, func() (page, *lineError) { return extractPDF(data) })
}

func extractPDF(data []byte) (page, *lineError) {
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if strings.Contains(err.Error(), "encrypted") || strings.Contains(err.Error(), "password") {
			return page{}, &lineError{0, "the PDF is encrypted", "Save it without a password."}
		}
		return page{}, &lineError{0, "the PDF cannot be read: it is damaged", "Save its text as .txt or .md."}
	}
	n := r.NumPage()
	if n > maxPages {
		return page{}, atLine(0, "the PDF has %d pages, the limit is %d", n, maxPages)
	}
	d := pdfReader{deadline: time.Now().Add(maxReading * 9 / 10)}
	var pages [][]pdfLine
	damaged := 0
	for i := 1; i <= n; i++ {
		lines, err := d.page(r.Page(i))
		if err != nil && len(lines) == 0 {
			damaged++
		}
		if d.stopped() {
			return page{}, &lineError{0, "the PDF has more text than can be read", "Save its text as .txt or .md."}
		}
		pages = append(pages, lines)
	}
	dropRunningHeads(pages)
	text := strings.TrimSpace(joinPages(pages))
	if text == "" {
		reason := "there is no text in the PDF"
		if damaged > 0 {
			reason = "the PDF cannot be read: it is damaged"
		}
		return page{}, &lineError{0, reason, "If its pages are pictures, recognise their text first and save it as .txt or .md."}
	}
	p := page{text: text}
	info := r.Trailer().Key("Info")
	if t := oneLine(info.Key("Title").Text()); title(t) {
		p.meta.Title = t
	}
	if a := oneLine(info.Key("Author").Text()); utf8.ValidString(a) && len(a) <= 200 && strings.Contains(a, " ") {
		p.meta.Author = a
	}
	return p, nil
}

// title reports whether the title that a PDF gives itself is meant for readers.
func title(t string) bool {
	low := strings.ToLower(t)
	for _, s := range [...]string{".doc", ".indd", ".pdf", ".qxd", ".pages", "microsoft word", "untitled", "print"} {
		if strings.Contains(low, s) {
			return false
		}
	}
	return utf8.ValidString(t) && len(t) <= 300 && strings.Contains(t, " ")
}

// pdfLine is one line of a page.
type pdfLine struct {
	text string
	x, y float64 // where it begins
	end  float64 // where it ends
	size float64 // of its type
}

// pdfReader reads pages within bounds that hold for the whole document.
type pdfReader struct {
	deadline time.Time
	glyphs   int
	ops      int
	over     bool
}

func (d *pdfReader) stopped() bool { return d.over }

// errStop leaves the interpreter of a page.
type errStop struct{}

// matrix is an affine transformation [a b c d e f] as PDF writes it.
type matrix [6]float64

func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// pdfState is the part of the graphics state that places text.
type pdfState struct {
	ctm                                 matrix
	font                                *pdfFont
	size, spacing, wordSpacing, leading float64
	scale, rise                         float64
}

// pdfFont decodes the strings of a font and knows the widths of its glyphs.
type pdfFont struct {
	enc     pdf.TextEncoding
	wide    bool              // codes of two bytes
	widths  map[int]float64   // by code
	normal  float64           // the width of a code not in widths
	decoded map[string]string // code → text
}

// page returns the lines of a page. A fault in its content ends the page where it stands.
func (d *pdfReader) page(p pdf.Page) (lines []pdfLine, err error) {
	w := pdfWriter{}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(errStop); !ok {
				err = fmt.Errorf("pdf: %v", r)
			}
		}
		w.flush()
		lines = w.lines
	}()
	content := p.V.Key("Contents")
	if p.V.IsNull() || content.Kind() == pdf.Null {
		return nil, nil
	}
	fonts := map[string]*pdfFont{}
	one := matrix{1, 0, 0, 1, 0, 0}
	s := pdfState{ctm: one, scale: 1}
	var stack []pdfState
	tm, tlm := one, one
	next := func(tx, ty float64) {
		tlm = matrix{1, 0, 0, 1, tx, ty}.mul(tlm)
		tm = tlm
	}
	show := func(raw string) {
		if s.font == nil {
			return
		}
		step := 1
		if s.font.wide {
			step = 2
		}
		for i := 0; i+step <= len(raw); i += step {
			if d.glyphs++; d.glyphs > maxGlyphs {
				d.over = true
				panic(errStop{})
			}
			code := int(raw[i])
			if step == 2 {
				code = code<<8 | int(raw[i+1])
			}
			text := s.font.decode(raw[i : i+step])
			width := s.font.width(code) / 1000 * s.size
			at := matrix{s.size * s.scale, 0, 0, s.size, 0, s.rise}.mul(tm).mul(s.ctm)
			advance := width + s.spacing
			if step == 1 && raw[i] == ' ' {
				advance += s.wordSpacing
			}
			tm = matrix{1, 0, 0, 1, advance * s.scale, 0}.mul(tm)
			end := tm.mul(s.ctm)
			w.glyph(text, at[4], at[5], end[4]-s.spacing*s.scale*math.Abs(s.ctm[0]), math.Hypot(at[2], at[3]), width > 0)
		}
	}
	pdf.Interpret(content, func(stk *pdf.Stack, op string) {
		d.ops++
		if d.ops%1024 == 0 && time.Now().After(d.deadline) {
			d.over = true
			panic(errStop{})
		}
		args := make([]pdf.Value, stk.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stk.Pop()
		}
		num := func(i int) float64 {
			if i < len(args) {
				return args[i].Float64()
			}
			return 0
		}
		switch op {
		case "q":
			if len(stack) < 1000 {
				stack = append(stack, s)
			}
		case "Q":
			if n := len(stack); n > 0 {
				s, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			s.ctm = matrix{num(0), num(1), num(2), num(3), num(4), num(5)}.mul(s.ctm)
		case "BT":
			tm, tlm = one, one
		case "Tf":
			if len(args) == 2 {
				name := args[0].Name()
				if fonts[name] == nil {
					fonts[name] = newPDFFont(p.Font(name))
				}
				s.font, s.size = fonts[name], num(1)
			}
		case "Tc":
			s.spacing = num(0)
		case "Tw":
			s.wordSpacing = num(0)
		case "Tz":
			s.scale = num(0) / 100
		case "TL":
			s.leading = num(0)
		case "Ts":
			s.rise = num(0)
		case "Td":
			next(num(0), num(1))
		case "TD":
			s.leading = -num(1)
			next(num(0), num(1))
		case "Tm":
			tm = matrix{num(0), num(1), num(2), num(3), num(4), num(5)}
			tlm = tm
		case "T*":
			next(0, -s.leading)
		case "'", "\"":
			if op == "\"" {
				s.wordSpacing, s.spacing = num(0), num(1)
			}
			next(0, -s.leading)
			if n := len(args); n > 0 {
				show(args[n-1].RawString())
			}
		case "Tj":
			if len(args) > 0 {
				show(args[0].RawString())
			}
		case "TJ":
			if len(args) == 0 {
				return
			}
			for i := range args[0].Len() {
				if v := args[0].Index(i); v.Kind() == pdf.String {
					show(v.RawString())
				} else {
					tm = matrix{1, 0, 0, 1, -v.Float64() / 1000 * s.size * s.scale, 0}.mul(tm)
				}
			}
		}
	})
	return nil, nil
}

// newPDFFont prepares a font: what it says of its codes is looked up once.
func newPDFFont(f pdf.Font) *pdfFont {
	out := &pdfFont{enc: f.Encoder(), decoded: map[string]string{}, widths: map[int]float64{}}
	if f.V.Key("Subtype").Name() != "Type0" {
		first := f.FirstChar()
		for i, w := range f.Widths() {
			out.widths[first+i] = w
		}
		return out
	}
	out.wide = true
	below := f.V.Key("DescendantFonts").Index(0)
	out.normal = 1000
	if dw := below.Key("DW"); dw.Kind() == pdf.Integer || dw.Kind() == pdf.Real {
		out.normal = dw.Float64()
	}
	list := below.Key("W")
	for i, n := 0, list.Len(); i+1 < n && len(out.widths) < 1<<16; {
		first := int(list.Index(i).Int64())
		if second := list.Index(i + 1); second.Kind() == pdf.Array {
			for k := range second.Len() {
				out.widths[first+k] = second.Index(k).Float64()
			}
			i += 2
		} else {
			width := list.Index(i + 2).Float64()
			for c := first; c <= int(second.Int64()) && c-first < 1<<16; c++ {
				out.widths[c] = width
			}
			i += 3
		}
	}
	return out
}

// width returns the width of a glyph in thousandths of the type size, 0 if it is unknown.
func (f *pdfFont) width(code int) float64 {
	if w, ok := f.widths[code]; ok {
		return w
	}
	return f.normal
}

// decode returns the text of one code.
func (f *pdfFont) decode(raw string) string {
	t, ok := f.decoded[raw]
	if !ok {
		t = f.enc.Decode(raw)
		f.decoded[raw] = t
	}
	return t
}

// pdfWriter puts glyphs together to lines.
type pdfWriter struct {
	lines []pdfLine
	buf   strings.Builder
	line  pdfLine
	open  bool
	end   float64 // where the last glyph ends
	known bool    // the last glyph's width is known
}

func (w *pdfWriter) glyph(text string, x, y, end, size float64, known bool) {
	if text == "" || size == 0 || math.IsNaN(x) || math.IsNaN(y) {
		return
	}
	if w.open && (math.Abs(y-w.line.y) > 0.6*size || x < w.line.x-2*size || x < w.end-4*size) {
		w.flush()
	}
	if !w.open {
		if strings.TrimFunc(text, unicode.IsSpace) == "" {
			return
		}
		w.open = true
		w.line = pdfLine{x: x, y: y, size: size}
	} else if w.known && x-w.end > 0.18*size && !strings.HasPrefix(text, " ") && !strings.HasSuffix(w.buf.String(), " ") {
		w.buf.WriteByte(' ')
	}
	for _, r := range text {
		switch {
		case r == 0xFB00:
			w.buf.WriteString("ff")
		case r == 0xFB01:
			w.buf.WriteString("fi")
		case r == 0xFB02:
			w.buf.WriteString("fl")
		case r == 0xFB03:
			w.buf.WriteString("ffi")
		case r == 0xFB04:
			w.buf.WriteString("ffl")
		case r == utf8.RuneError || r < ' ' || 0xE000 <= r && r <= 0xF8FF:
		default:
			w.buf.WriteRune(r)
		}
	}
	w.end, w.known = end, known
}

func (w *pdfWriter) flush() {
	if !w.open {
		return
	}
	w.open = false
	w.line.text = oneLine(w.buf.String())
	w.line.end = w.end
	w.buf.Reset()
	if w.line.text != "" {
		w.lines = append(w.lines, w.line)
	}
}

// dropRunningHeads takes away page numbers, and the first and last lines of pages that stand on most of
// them.
func dropRunningHeads(pages [][]pdfLine) {
	shape := func(s string) string { return strings.Trim(plainKey(s), "0123456789 ") }
	count := map[string]int{}
	edges := func(lines []pdfLine) []int {
		var at []int
		for i := range lines {
			if i < 2 || i >= len(lines)-2 {
				at = append(at, i)
			}
		}
		return at
	}
	for _, lines := range pages {
		seen := map[string]bool{}
		for _, i := range edges(lines) {
			if s := shape(lines[i].text); !seen[s] {
				seen[s] = true
				count[s]++
			}
		}
	}
	for k, lines := range pages {
		drop := map[int]bool{}
		for _, i := range edges(lines) {
			s := shape(lines[i].text)
			if len(pages) > 1 && (s == "" || s == "page" || s == "página" || s == "page of" || s == "página de") || len(pages) > 2 && count[s] > len(pages)/2 {
				drop[i] = true
			}
		}
		kept := lines[:0]
		for i, l := range lines {
			if !drop[i] {
				kept = append(kept, l)
			}
		}
		pages[k] = kept
	}
}

// joinPages joins the lines of each paragraph. A paragraph ends before a wide gap, a change of type size
// or an indent, and with a line that is not full; but never inside a sentence that goes on in lower case.
func joinPages(pages [][]pdfLine) string {
	var gaps []float64
	var all []string
	for _, lines := range pages {
		for i := range lines {
			all = append(all, lines[i].text)
			if i == 0 {
				continue
			}
			if g := lines[i-1].y - lines[i].y; g > 0.8*lines[i].size {
				gaps = append(gaps, g)
			}
		}
	}
	words := vocabulary(all)
	sort.Float64s(gaps)
	usual := 0.0
	if len(gaps) > 0 {
		usual = gaps[len(gaps)/4]
	}
	var b []byte
	var last *pdfLine
	full := false // the last line reaches its column's margin
	for _, lines := range pages {
		margin := margins(lines)
		for i := range lines {
			l := &lines[i]
			if last != nil {
				gap := last.y - l.y
				r, _ := utf8.DecodeRuneInString(l.text)
				starts := gap > 1.35*usual || math.Abs(l.size-last.size) > 0.15*last.size ||
					gap > 0 && l.x > last.x+0.8*l.size && endsSentence(last.text) || !full
				if starts && !(unicode.IsLower(r) && !endsSentence(last.text) && gap < 4*l.size) {
					b = append(b, paragraphBreak...)
				} else if cut, space := joint(words, last.text, l.text); cut {
					b = b[:len(b)-1]
				} else if space {
					b = append(b, ' ')
				}
			}
			b = append(b, l.text...)
			last = l
			m := margin[column(l)]
			full = m-l.end < 0.2*(m-l.x)
		}
	}
	return string(b)
}

// column is the left edge of a line, in steps wide enough for an indent.
func column(l *pdfLine) int { return int(l.x / (4 * math.Max(l.size, 1))) }

// margins returns the right margin of each column of a page: the furthest end of a line that begins in
// it or next to it.
func margins(lines []pdfLine) map[int]float64 {
	ends := make(map[int]float64)
	for i := range lines {
		c := column(&lines[i])
		for _, k := range [...]int{c - 1, c, c + 1} {
			ends[k] = max(ends[k], lines[i].end)
		}
	}
	return ends
}
