package answer

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

func sample(quote, title, address string) Answer {
	return Answer{Question: "q", Lang: "en", Status: Answered, Text: quote + " [1]", AsOf: "2021-05-04", Took: time.Millisecond,
		Claims:  []Claim{{Text: quote, AsOf: "2021-05-03", Citations: []Citation{{N: 1, Article: "a", End: len(quote), Quote: quote}}}},
		Sources: []Source{{N: 1, Article: "a", Title: title, Publisher: "Harbour Herald", Published: "2021-05-04", URL: address, Lang: "en", Brief: true}},
		Notes:   []string{"a note"}}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := Terminal(&b, sample("The strike cost $2 million.", "Ferry strike", "https://herald.example/a"), TermOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	want := `The strike cost $2 million. [1]

! a note

Sources
[1] Harbour Herald (our brief), 4 May 2021, Ferry strike <https://herald.example/a>
    “The strike cost $2 million.” (3 May 2021)

As of 4 May 2021
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := Terminal(&b, sample("x", "Ferry strike", "https://herald.example/a"), TermOptions{Color: true, Links: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b]8;;https://herald.example/a\x1b\\Ferry strike\x1b]8;;\x1b\\") {
		t.Errorf("no hyperlink in %q", b.String())
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := Markdown(sample("The *strike* cost [much](https://evil.example) @everyone <@12>.", "Ferry | strike", "https://herald.example/a(b)"))
	for _, bad := range []string{"[much](", "@everyone", "<@12>", "*strike*"} {
		if strings.Contains(got, bad) && !strings.Contains(got, `\`+bad) {
			t.Errorf("%q stands in\n%s", bad, got)
		}
	}
	for _, good := range []string{"[1]", "[Ferry \\| strike](<https://herald.example/a%28b%29>)", "*As of 4 May 2021*"} {
		if !strings.Contains(got, good) {
			t.Errorf("%q does not stand in\n%s", good, got)
		}
	}
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.example/x":        "https://a.example/x",
		"javascript:alert(1)":        "",
		"https://user:pw@a.example/": "",
		"https://a.example/\x1b]8;;": "",
		"https://a.example/a b":      "https://a.example/a%20b",
		"https://a.example/" + "<b>": "https://a.example/%3Cb%3E",
		"//a.example":                "",
		"":                           "",
		"https://a.example/?q=(1)":   "https://a.example/?q=%281%29",
		"ftp://a.example/":           "",
		"https://a.example/x)](https://evil.example": "https://a.example/x%29]%28https://evil.example",
	} {
		if got := safeURL(in); got != want {
			t.Errorf("safeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

var escapes = regexp.MustCompile(`\x1b\[[0-9]*m|\x1b\]8;;[^\x1b]*\x1b\\`)

// FuzzRender: whatever an article holds, the terminal gets no control character but our own, and
// Markdown no link but the source's and no mention.
func FuzzRender(f *testing.F) {
	f.Add("quote \x1b[2J", "title\n# h", "https://x.example/")
	f.Add("[a](https://evil.example) @here `code", "](x)", "javascript:1")
	f.Add("[1](https://evil.example) [2][3]", "\u202etitle", "https://x.example/)(")
	f.Add("quote", "title", "https://x.example/?@everyone")
	f.Fuzz(func(t *testing.T, quote, title, address string) {
		a := sample(quote, title, address)
		var b strings.Builder
		if err := Terminal(&b, a, TermOptions{Color: true, Links: true, Width: 30}); err != nil {
			t.Fatal(err)
		}
		for _, r := range escapes.ReplaceAllString(b.String(), "") {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Fatalf("control %U in %q", r, b.String())
			}
		}
		md := Markdown(a)
		for _, m := range regexp.MustCompile(`(^|[^\\])@[a-z]`).FindAllString(md, -1) {
			t.Fatalf("mention %q in %q", m, md)
		}
		links := regexp.MustCompile(`(^|[^\\])\]\(`).FindAllStringIndex(md, -1)
		if len(links) > 1 || len(links) == 1 && safeURL(address) == "" {
			t.Fatalf("%d links in %q", len(links), md)
		}
	})
}
