package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
)

const testPage = `<!DOCTYPE html>
<html lang="en"><head>
<meta charset="utf-8">
<title>Bridge opens after nine years | Harbour News</title>
<meta property="og:title" content="Bridge opens after nine years">
<meta property="og:site_name" content="Harbour News">
<meta property="article:published_time" content="2018-12-05T10:00:00Z">
<meta name="author" content="Jane Doe">
<link rel="canonical" href="https://example.org/news/bridge">
<script>var x = "not text";</script><style>p { color: red }</style>
</head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<header><div>Harbour News, since 1901</div></header>
<article>
<h1>Bridge opens after nine years</h1>
<p>The bridge over the <b>Salter</b> opened on Wednesday, nine years after the council had promised it to the town.</p>
<p>It cost 12&nbsp;million euros, said the mayor, Ana Lind,<br>who cut the ribbon. &ldquo;It took us long,&rdquo; she said.</p>
<h2>What comes next</h2>
<ul><li>The old ferry stops at the end of the month.</li><li>Its crew will work on the bridge.</li></ul>
<p>Nobody knows who will pay for the repairs that engineers expect in ten years.</p>
<p>(Reporting by Jane Doe; Editing by John Roe)</p>
</article>
<aside><h3>Most read</h3><a href="/x">Ten walks for a wet Sunday</a></aside>
<footer>Copyright 2018 Harbour News</footer>
</body></html>`

func TestHTML(t *testing.T) {
	a, err := Parse("bridge.html", []byte(testPage), nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.ID != "bridge" || a.Title != "Bridge opens after nine years" || a.Publisher != "Harbour News" || a.Author != "Jane Doe" ||
		a.Published != (Date{2018, 12, 5}) || a.URL != "https://example.org/news/bridge" || a.Lang != "en" || a.Kind != News {
		t.Errorf("got %+v", a)
	}
	for _, s := range []string{
		"The bridge over the Salter opened on Wednesday, nine years after",
		"It cost 12 million euros, said the mayor, Ana Lind, who cut the ribbon. “It took us long,” she said.",
		"The old ferry stops at the end of the month.\n\nIts crew",
	} {
		if !strings.Contains(a.Text, s) {
			t.Errorf("%q is missing in\n%s", s, a.Text)
		}
	}
	for _, s := range []string{"Home", "since 1901", "not text", "color", "Most read", "Ten walks", "Copyright", "Reporting by"} {
		if strings.Contains(a.Text, s) {
			t.Errorf("%q is left in\n%s", s, a.Text)
		}
	}
	checkArticle(t, a)

	// What is known from elsewhere goes before what the page says.
	a, err = Parse("bridge.htm", []byte(testPage), &Meta{Title: "Listed", Published: Date{2018, 12, 6}})
	if err != nil || a.Title != "Listed" || a.Published != (Date{2018, 12, 6}) || a.Publisher != "Harbour News" {
		t.Errorf("got %+v, %v", a, err)
	}
}

// A date that the article speaks of is not taken for its own.
func TestHTMLDate(t *testing.T) {
	const body = `<p>In 2010 the council planned a bridge over the river near Almara, and nobody paid for it until 2014.</p>
<p>It was opened on 3 May 2015 by the mayor, who has since left the town, people there said.</p>`
	for _, c := range []struct{ name, page string }{
		{"", "<html><body><article>" + body + "</article></body></html>"},
		{"2019-02-01", `<html><head><meta name="date" content="2019-02-01"></head><body><article>` + body + "</article></body></html>"},
		{"2019-02-01", `<html><body><time datetime="2019-02-01T08:00">1 Feb</time><article>` + body + "</article></body></html>"},
		{"2019-02-01", `<html><head><script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2019-02-01"}</script></head><body><article>` + body + "</article></body></html>"},
		{"2019-02-01", `<html><body><article><p>1 de febrero de 2019</p>` + body + "</article></body></html>"},
	} {
		a, err := Parse("x.html", []byte(c.page), nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.Published.String() != c.name {
			t.Errorf("got date %q, want %q, of %s", a.Published, c.name, c.page)
		}
		if !strings.Contains(a.Text, "opened on 3 May 2015") {
			t.Errorf("text %q", a.Text)
		}
	}
}

func TestHTMLEncoding(t *testing.T) {
	const text = "El café de la estación abrió el lunes, según la dueña, que no quiso decir más del asunto."
	latin := strings.NewReplacer("é", "\xe9", "ó", "\xf3", "ú", "\xfa", "ñ", "\xf1", "á", "\xe1").Replace(text)
	a, err := Parse("x.html", []byte(`<html><head><meta charset="iso-8859-1"></head><body><p>`+latin+"</p></body></html>"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Text != text || a.Lang != "es" {
		t.Errorf("got %q in %s", a.Text, a.Lang)
	}
}

// testPDF builds a PDF of pages of lines; each line is "x y size text".
func testPDF(pages ...[]string) []byte {
	var objects []string
	add := func(s string) int {
		objects = append(objects, s)
		return len(objects)
	}
	add("<< /Type /Catalog /Pages 2 0 R >>")
	add("") // pages
	widths := strings.TrimSpace(strings.Repeat("500 ", 256-32))
	font := add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 255 /Widths [" + widths + "] >>")
	var kids []string
	for _, lines := range pages {
		var b strings.Builder
		for _, l := range lines {
			var x, y, size float64
			fmt.Sscan(l, &x, &y, &size)
			text := strings.SplitN(l, " ", 4)[3]
			text = strings.NewReplacer("\\", "\\\\", "(", "\\(", ")", "\\)").Replace(text)
			fmt.Fprintf(&b, "BT /F1 %g Tf %g %g Td (%s) Tj ET\n", size, x, y, text)
		}
		content := add(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", b.Len(), b.String()))
		kids = append(kids, fmt.Sprintf("%d 0 R", add(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 %d 0 R >> >> /Contents %d 0 R >>", font, content))))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	info := add("<< /Title (A report on bridges) /Author (Jane Doe) >>")
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, info, xref)
	return []byte(b.String())
}

func TestPDF(t *testing.T) {
	page := func(n string, lines ...string) []string {
		return append(append([]string{"50 780 9 Harbour Office, report of 2018"}, lines...), "300 20 9 "+n)
	}
	data := testPDF(
		page("1", "50 740 18 Bridges of the bay",
			"50 700 10 The bridges of the bay were built between 1901 and 1950, and most of the",
			"50 688 10 engineers who built them did not expect that they would carry this much traf-",
			"50 676 10 fic. Three were closed.",
			"50 652 10 A long-term plan is missing. The council has asked for one since 2010, in let-",
			"50 640 10 ters that nobody answered, and it says that traffic has doubled since that year"),
		page("2", "50 740 10 without anyone counting it.",
			"62 728 10 An indented paragraph begins here and goes on to the end of the line in the report,",
			"50 716 10 where it ends."),
		page("3", "50 740 10 The (last) page has a word set apart", "230 740 10 ."),
	)
	a, err := Parse("report.pdf", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Bridges of the bay",
		"The bridges of the bay were built between 1901 and 1950, and most of the engineers who built them did not expect that they would carry this much traffic. Three were closed.",
		"A long-term plan is missing. The council has asked for one since 2010, in letters that nobody answered, and it says that traffic has doubled since that year without anyone counting it.",
		"An indented paragraph begins here and goes on to the end of the line in the report, where it ends.",
		"The (last) page has a word set apart.",
	}
	if got := strings.Join(want, paragraphBreak); a.Text != got {
		t.Errorf("got\n%s\nwant\n%s", a.Text, got)
	}
	if a.Title != "A report on bridges" || a.Author != "Jane Doe" || a.ID != "report" {
		t.Errorf("got %+v", a)
	}
	checkArticle(t, a)

	for _, c := range []struct {
		data []byte
		want string
	}{
		{testPDF([]string{}), "there is no text in the PDF"},
		{data[:len(data)/2], "the PDF cannot be read: it is damaged"},
		{[]byte("%PDF-1.7\n" + strings.Repeat("x", 2000)), "the PDF cannot be read: it is damaged"},
	} {
		_, err := Parse("x.pdf", c.data, nil)
		if r, ok := errors.AsType[*Refused](err); !ok || r.Reason != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// Damage anywhere in a PDF is refused or read around, never a crash.
func FuzzPDF(f *testing.F) {
	f.Add(testPDF([]string{"50 700 10 One line of text.", "50 688 10 Another (one)."}))
	f.Add([]byte("%PDF-1.4\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 16<<10 {
			return
		}
		a, err := Parse("x.pdf", data, nil)
		if err != nil {
			return
		}
		checkArticle(t, a)
	})
}

func TestGuarded(t *testing.T) {
	_, err := guarded("page", time.Hour, func() (page, *lineError) { panic("damaged") })
	if err == nil || err.reason != "the page cannot be read: it is damaged" {
		t.Errorf("a panic gives %v", err)
	}
	release := make(chan bool)
	defer close(release)
	_, err = guarded("page", time.Nanosecond, func() (page, *lineError) { <-release; return page{}, nil })
	if err == nil || err.reason != "the page takes over 1ns to read" {
		t.Errorf("an endless read gives %v", err)
	}
	got, err := guarded("page", time.Hour, func() (page, *lineError) { return page{text: "x"}, nil })
	if err != nil || got.text != "x" {
		t.Errorf("got %v, %v", got, err)
	}
}

// A PDF past its deadline, or with too many glyphs, is refused.
func TestPDFBounds(t *testing.T) {
	data := testPDF([]string{"50 700 10 " + strings.Repeat("One line. ", 200)})
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	d := pdfReader{deadline: time.Now().Add(time.Hour), glyphs: maxGlyphs - 100}
	if _, err := d.page(r.Page(1)); err != nil || !d.over {
		t.Errorf("too many glyphs: %v, %v", err, d.over)
	}
	d = pdfReader{ops: 1023}
	if lines, err := d.page(r.Page(1)); err != nil || !d.over || len(lines) > 0 {
		t.Errorf("past the deadline: %v, %v, %v", lines, err, d.over)
	}
}
