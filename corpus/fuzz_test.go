package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// seedText adds texts that exercise the rules to a fuzz target.
func seedText(f *testing.F) {
	f.Add("")
	f.Add("One sentence. Another one? “Yes,” he said.\n\nREAD MORE:\nA headline\nAnother")
	f.Add("The U.S. Army met Dr. A. B. Ruiz at 5 p.m. Wednesday . . . and left.[3] EE. UU. ganó. ¿Sí? ¡No!")
	f.Add("PresidentaMoyaCarla Ines MoyaMoya wins again MORE left. MooreMoore Moore MORE MORE")
	f.Add("A\u00a0b\u200b\u202ec\u0301 e\u0301\u0301 \u1100\u1161\u11a8 \r\n\r\u2028x\u0000y\ufeff")
	f.Add("(Reporting by A (in B); Editing by C) (AP Photo/D (Photo by E\n(Photo: \nReuters\nReuters")
	f.Add("Lead one two three four five.\nHeadline here now\nLead one two three four five.\nEnd of it all...\nEnd of it all and more.")
	f.Add("AdvertisementThe end. Sign up here. Advertisement\nShareTweet\nMORE: x | y\nMost read\n\nx\n----\n#")
	files, _ := filepath.Glob("testdata/clean/*.txt")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(string(data))
		}
	}
}

// checkArticle tests what every article promises.
func checkArticle(t *testing.T, a *Article) {
	t.Helper()
	switch {
	case !utf8.ValidString(a.Text), !norm.NFC.IsNormalString(a.Text):
		t.Fatalf("the text is not NFC: %q", a.Text)
	case a.Text == "" || strings.TrimSpace(a.Text) != a.Text || strings.Contains(a.Text, "\n\n\n") || strings.Contains(a.Text, "  "):
		t.Fatalf("the white space is not normal: %q", a.Text)
	case strings.ContainsFunc(a.Text, func(r rune) bool { return r != '\n' && (invisible(r) || isSpace(r) && r != ' ') }):
		t.Fatalf("an odd space or invisible character is left: %q", a.Text)
	case a.ID == "" || a.Title == "" || a.Lang != "en" && a.Lang != "es" || a.Kind == "":
		t.Fatalf("a field is missing: %+v", a)
	}
	for p := range strings.SplitSeq(a.Text, paragraphBreak) {
		if p == "" || strings.TrimSpace(p) != p || strings.Contains(p, "\n") {
			t.Fatalf("paragraph %q in %q", p, a.Text)
		}
	}
	end := 0
	for _, s := range a.Statements {
		if s.Start < end || s.End <= s.Start || s.End > len(a.Text) || s.AsOf.IsZero() {
			t.Fatalf("statement %v of %d bytes", s, len(a.Text))
		}
		end = s.End
	}
	start := 0
	for _, r := range a.Removed {
		if r.Start < start || r.End < r.Start || r.End > len(a.Raw) || r.Reason == "" {
			t.Fatalf("removal %v of %d bytes after %d", r, len(a.Raw), start)
		}
		start = r.Start
	}
	checkChunks(t, a)
}

// checkChunks tests that chunks hold every sentence once, whole and in order.
func checkChunks(t *testing.T, a *Article) {
	t.Helper()
	sentences := checkSentences(t, a.Text, a.Lang)
	next := 0
	for _, c := range Chunks(a) {
		if next == len(sentences) || c.Start != sentences[next].Start {
			t.Fatalf("chunk %v begins inside a sentence", c.Span)
		}
		for next < len(sentences) && sentences[next].End <= c.End {
			next++
		}
		if sentences[next-1].End != c.End {
			t.Fatalf("chunk %v ends inside a sentence", c.Span)
		}
		for _, s := range a.Statements {
			if c.Start < s.End && s.Start < c.End && (c.Start < s.Start || c.End > s.End) {
				t.Fatalf("chunk %v crosses statement %v", c.Span, s.Span)
			}
		}
	}
	if next != len(sentences) {
		t.Fatalf("%d of %d sentences are in chunks", next, len(sentences))
	}
}

// checkSentences tests that sentences are in order, trimmed, on one line, and hold all but white space.
func checkSentences(t *testing.T, text, language string) []Span {
	t.Helper()
	sentences := Sentences(text, language)
	end := 0
	for _, s := range sentences {
		if s.Start < end || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("sentence %v after %d in %q", s, end, text)
		}
		if strings.TrimSpace(text[end:s.Start]) != "" {
			t.Fatalf("%q lies in no sentence of %q", text[end:s.Start], text)
		}
		x := text[s.Start:s.End]
		if strings.TrimSpace(x) != x || strings.Contains(x, "\n") || len(x) > maxSentence {
			t.Fatalf("sentence %q in %q", x, text)
		}
		if utf8.ValidString(text) && !utf8.ValidString(x) {
			t.Fatalf("sentence %q cuts a rune of %q", x, text)
		}
		end = s.End
	}
	if strings.TrimSpace(text[end:]) != "" {
		t.Fatalf("%q lies in no sentence of %q", text[end:], text)
	}
	return sentences
}

func FuzzSentences(f *testing.F) {
	seedText(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, language := range []string{"en", "es", ""} {
			checkSentences(t, text, language)
		}
	})
}

// FuzzClean also tests that cleaning twice is cleaning once.
func FuzzClean(f *testing.F) {
	seedText(f)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse("x.txt", []byte(text), &Meta{Title: "A headline", Publisher: "Harbour News"})
		if err != nil {
			return
		}
		checkArticle(t, a)
		b, err := Parse("x.txt", []byte(a.Text), &Meta{Title: "A headline", Publisher: "Harbour News", Lang: a.Lang})
		if err != nil {
			t.Fatalf("clean text is refused: %v: %q", err, a.Text)
		}
		if a.Text != b.Text {
			t.Fatalf("cleaned again:\n%q\n%q", a.Text, b.Text)
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	seedText(f)
	f.Add("# T *i* `c` [l](u) ![p](u)\n\n- [2018-12-05] One.\n  two\n\n  three\n- [2018/2019] x\n  - y\n1. z\n> q\n***\n```\nx\n```\n| a | b |\n|--|--|\n[r]: http://x\n<b>b</b> &amp; &#0; \\* _u_ __v__ ~~s~~ [^1]\n[^1]: n\nSet\n===\n<!-- c\n-->d")
	f.Add("- [2018-12-05]\n- [2018-12-05]  \n-\n-  [2019] a **b** c\n\n\tcode\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse("x.md", []byte(text), nil)
		if err != nil {
			return
		}
		checkArticle(t, a)
	})
}

func FuzzFrontMatter(f *testing.F) {
	f.Add("title: A: b")
	f.Add("title: \"A\"\npublisher: B & C\npublished: 2018-12-05\nupdated: 2018\nlang: en\nkind: wire\ntags: [a, \"b c\", it's]\nurl: https://x.org/?a=b#c")
	f.Add("title: 'x'\ntitle: y\n# c\nkind: null\ntags: a\n")
	f.Add("title: |\n  x\n  y\npublished: 2018-02-30")
	f.Add("a: &a [*a]\nb: !!x {}\n? c\n: d\n")
	f.Fuzz(func(t *testing.T, front string) {
		var flat fields
		if utf8.ValidString(front) && flat.flat(front) {
			var slow fields
			if err := decodeYAML([]byte("\n"+front), &slow); err != nil {
				t.Fatalf("only the fast reader takes %q: %v", front, err.reason)
			}
			if !sameFields(&flat, &slow) {
				t.Fatalf("two readings of %q:\n%+v\n%+v", front, flat, slow)
			}
		}
		a, err := Parse("x.md", []byte("---\n"+front+"\n---\nText."), nil)
		if err != nil {
			return
		}
		checkArticle(t, a)
		if a.URL != "" && !webAddress(a.URL) {
			t.Fatalf("address %q", a.URL)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("<html><head><title>T</title></head><body><nav>x</nav><article><h1>T</h1><p>One sentence here.</p><p>Two.</p></article>")
	f.Add("<p>a<p>b<table><tr><td>c<script>d</script><!-- e --></p></div></span>&nbsp;&#8203;&#xe0041;")
	f.Add("<meta charset=latin1><p>caf\xe9 al fondo</p>")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 {
			return // the extractor is slow, and long input finds no more
		}
		a, err := Parse("x.html", []byte(text), nil)
		if err != nil {
			return
		}
		checkArticle(t, a)
	})
}

func FuzzLexicon(f *testing.F) {
	f.Add("version: 1\nconcepts:\n  - {id: a, type: t, any: [A, \"b, c\"], en: [d e]}\nrelated:\n  - {from: [a], to: [b, c]}\nsynonyms:\n  en:\n    - [a, b]\n  es:\n    - [c, d]\nwords:\n  a b: [c, d]\n")
	f.Add("version: 1\nwords:\n  null: [c]\n  \"x\": ['y']\n")
	f.Fuzz(func(t *testing.T, text string) {
		var flat lexiconFile
		if !utf8.ValidString(text) || !flat.flat(text) {
			return
		}
		var slow lexiconFile
		if err := decodeYAML([]byte(text), &slow); err != nil {
			t.Fatalf("only the fast reader takes %q: %v", text, err.reason)
		}
		if err := sameLexicon(&flat, &slow); err != "" {
			t.Fatalf("two readings of %q: %s", text, err)
		}
	})
}
