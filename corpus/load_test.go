package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1]), Mode: 0o644}
	}
	return m
}

// refusals returns the refusals joined in err, as text, with their hints in brackets.
func refusals(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v is not joined refusals", err)
	}
	var out []string
	for _, e := range joined.Unwrap() {
		r, ok := e.(*Refused)
		if !ok {
			t.Fatalf("%v is not a *Refused", e)
		}
		out = append(out, r.Error())
	}
	return out
}

func ids(articles []*Article) []string {
	var out []string
	for _, a := range articles {
		out = append(out, a.ID)
	}
	return out
}

func TestLoad(t *testing.T) {
	fsys := files(
		"b.md", "---\ntitle: \"The rule: what it says\"\npublisher: Ministry\nauthor: Ana Lind\npublished: 2018-12-05\nupdated: 2019-01\nurl: https://example.org/b\nlang: en\nkind: primary\ntags: [rules, work visas]\n---\n\n# The rule\n\nIt says *little*.\n\n- [2018-12-05] It was signed on Wednesday.\n- [2018/2019-02] It applied for a while.\n- Not dated.\n",
		"a.txt", "First line of all.\r\nSecond line.\r\n",
		"sub/c.TXT", "El puerto reabrió ayer. Nadie sabe por qué cerró.",
		"articles.yaml", "- file: a.txt\n  title: Two lines\n  publisher: Reuters\n  published: 2020\n",
		"README", "not an article",
		"data.csv", "1,2",
		".hidden.md", "# Hidden",
		".git/x.md", "# Hidden",
	)
	var steps []string
	articles, err := Load(context.Background(), fsys, Options{Progress: func(done, total int) { steps = append(steps, fmt.Sprint(done, "/", total)) }})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(articles); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Fatalf("got articles %v", got)
	}
	if !slices.Equal(steps, []string{"1/3", "2/3", "3/3"}) {
		t.Errorf("progress was %v", steps)
	}
	a, b, c := articles[0], articles[1], articles[2]
	if a.Title != "Two lines" || a.Publisher != "Reuters" || a.Published != (Date{Year: 2020}) || a.Kind != Wire || a.Lang != "en" || a.Text != "First line of all.\n\nSecond line." {
		t.Errorf("a.txt: %+v", a)
	}
	if a.Raw != "First line of all.\r\nSecond line." {
		t.Errorf("a.txt: raw %q", a.Raw)
	}
	if b.Title != "The rule: what it says" || b.Publisher != "Ministry" || b.Author != "Ana Lind" || b.Published != (Date{2018, 12, 5}) || b.Updated != (Date{2019, 1, 0}) ||
		b.URL != "https://example.org/b" || b.Kind != Primary || !slices.Equal(b.Tags, []string{"rules", "work visas"}) || b.Brief() {
		t.Errorf("b.md: %+v", b)
	}
	if want := "The rule\n\nIt says little.\n\nIt was signed on Wednesday.\n\nIt applied for a while.\n\nNot dated."; b.Text != want {
		t.Errorf("b.md: text %q", b.Text)
	}
	var dated []string
	for _, s := range b.Statements {
		dated = append(dated, s.AsOf.String()+" "+b.Quote(s.Span))
	}
	if !slices.Equal(dated, []string{"2018-12-05 It was signed on Wednesday.", "2018/2019-02 It applied for a while."}) {
		t.Errorf("b.md: statements %q", dated)
	}
	if got := b.AsOf(Span{strings.Index(b.Text, "applied"), strings.Index(b.Text, "applied") + 7}); got.String() != "2018/2019-02" {
		t.Errorf("as of %v", got)
	}
	if got := b.AsOf(Span{0, 3}); got.String() != "2018-12-05" {
		t.Errorf("as of %v", got)
	}
	if c.Lang != "es" || c.Kind != News || c.Title != "c" {
		t.Errorf("c.TXT: %+v", c)
	}
	for _, x := range articles {
		checkArticle(t, x)
	}
}

// Each bad file is refused with its place and reason, and the good one beside it is loaded.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		want             []string
	}{
		{"broken YAML", "x.md", "---\ntitle: a: b: c\n---\nText.", []string{"x.md:2: the YAML is broken: mapping value is not allowed in this context"}},
		{"tab in YAML", "x.md", "---\ntags:\n\t- a\n---\nText.", []string{"x.md:3: the YAML is broken: found character"}},
		{"unknown key", "x.md", "---\ntitle: a\nauthors: b\n---\nText.", []string{`x.md:3: unknown key "authors"`}},
		{"key of the list", "x.md", "---\nfile: a\n---\nText.", []string{`x.md:2: unknown key "file"`}},
		{"key twice", "x.md", "---\ntitle: a\nlang: en\ntitle: b\n---\nText.", []string{`x.md:4: key "title" is given twice, first on line 2`}},
		{"a list for a value", "x.md", "---\ntitle: [a]\n---\nText.", []string{"x.md:2: a plain value is expected, not a list"}},
		{"impossible date", "x.md", "---\ntitle: a\npublished: 2018-02-30\n---\nText.", []string{`x.md:3: published: "2018-02-30" is not a date`}},
		{"impossible month", "x.md", "---\nupdated: 2018-13\n---\nText.", []string{`x.md:2: updated: "2018-13" is not a date`}},
		{"date in words", "x.md", "---\npublished: yesterday\n---\nText.", []string{`x.md:2: published: "yesterday" is not a date`}},
		{"unknown kind", "x.md", "---\nkind: gossip\n---\nText.", []string{`x.md:2: unknown kind "gossip"`}},
		{"unknown language", "x.md", "---\nlang: fr\n---\nText.", []string{`x.md:2: unknown language "fr"`}},
		{"address", "x.md", "---\nurl: \"javascript:alert(1)\"\n---\nText.", []string{`x.md:2: "javascript:alert(1)" is no web address`}},
		{"address with a password", "x.md", "---\nurl: https://a:b@example.org\n---\nText.", []string{`x.md:2: "https://a:b@example.org" is no web address`}},
		{"front matter not closed", "x.md", "---\ntitle: a\n\nText.", []string{"x.md:1: the front matter is not closed"}},
		{"front matter too long", "x.md", "---\n# " + strings.Repeat("x", maxFront) + "\n---\nText.", []string{"x.md:1: the front matter is over 64 KiB"}},
		{"impossible date of a statement", "x.md", "---\ntitle: a\n---\n# A\n\n- [2018-02-30] Text.", []string{`x.md:6: "2018-02-30" is not a date`}},
		{"period the wrong way round", "x.md", "- [2019/2018] Text.", []string{`x.md:1: "2019/2018" ends before it begins`}},
		{"empty", "x.md", "", []string{"x.md: there is no text in it"}},
		{"nothing but white space", "x.txt", " \n\t\u00a0\r\n\u200b", []string{"x.txt: there is no text in it"}},
		{"nothing but front matter", "x.md", "---\ntitle: a\n---\n", []string{"x.md: there is no text in it"}},
		{"not UTF-8", "x.txt", "One.\nCaf\xe9.", []string{"x.txt:2: is not valid UTF-8"}},
		{"UTF-16", "x.txt", "\xff\xfeT\x00e\x00", []string{"x.txt: is UTF-16, not UTF-8"}},
		{"NUL", "x.txt", "One.\n\nTwo\x00.", []string{"x.txt:3: holds a NUL byte: this is no text file"}},
		{"binary", "x.txt", strings.Repeat("\x01\x02ab", 40), []string{"x.txt: is full of control characters: this is no text file"}},
		{"PDF renamed", "x.txt", "%PDF-1.4\n", []string{"x.txt: is a PDF with another file ending"}},
		{"text renamed to PDF", "x.pdf", "Hello.", []string{"x.pdf: is no PDF"}},
		{"damaged PDF", "x.pdf", "%PDF-1.4\n%%EOF\n", []string{"x.pdf: the PDF cannot be read: it is damaged"}},
		{"empty page", "x.html", "<html><body></body></html>", []string{"x.html: there is no text in it"}},
		{"page with NUL", "x.html", "<p>a\x00b</p>", []string{"x.html: holds a NUL byte: this is no web page"}},
		{"page nested too deep", "x.html", strings.Repeat("<div>", 600) + "a", []string{"x.html: its elements are nested more than 500 deep"}},
		{"hidden character in the name", "x\u202e.md", "Text.", []string{"x\u202e.md: the file's name cannot be an article's id"}},
		{"too large", "x.txt", strings.Repeat("Text. ", 20_000), []string{"x.txt: has 120000 bytes, the limit is 100000 bytes"}},

		{"list: broken", "articles.yaml", "- file: ok.md\n  title: [", []string{"articles.yaml:2: the YAML is broken: sequence end token ']' not found"}},
		{"list: no list", "articles.yaml", "file: ok.md", []string{"articles.yaml:1: a list is expected, not a mapping"}},
		{"list: entry is no mapping", "articles.yaml", "- ok.md", []string{"articles.yaml:1: an entry with the key file is expected, not a plain value"}},
		{"list: no file", "articles.yaml", "- title: a", []string{"articles.yaml:1: entry 1 has no file"}},
		{"list: file missing", "articles.yaml", "- file: ok.md\n- file: gone.txt\n", []string{`articles.yaml:2: lists "gone.txt", which is not there`}},
		{"list: no article file", "articles.yaml", "- file: a.docx\n", []string{`articles.yaml:1: lists "a.docx", which is no article file`}},
		{"list: file in a folder", "articles.yaml", "- file: ../ok.md\n", []string{`articles.yaml:1: file "../ok.md" is not beside this list`}},
		{"list: file twice", "articles.yaml", "- file: ok.md\n- file: ok.md\n", []string{`articles.yaml:2: file "ok.md" is listed twice, first on line 1`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			articles, err := Load(context.Background(), files("ok.md", "It is fine.", c.file, c.data), Options{MaxBytes: 100_000})
			got := refusals(t, err)
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], c.want[i]) {
					t.Errorf("got %q, want %q", got[i], c.want[i])
				}
			}
			if got := ids(articles); !slices.Equal(got, []string{"ok"}) {
				t.Errorf("articles %v, want the good one", got)
			}
		})
	}
}

// An entry of articles.yaml that is wrong costs its own file only.
func TestListEntryRefused(t *testing.T) {
	articles, err := Load(context.Background(), files(
		"a.txt", "A.", "b.txt", "B.", "c.txt", "C.",
		"articles.yaml", "- file: a.txt\n  title: First\n- file: b.txt\n  published: 2018-02-30\n- file: c.txt\n  headline: x\n",
	), Options{})
	got := refusals(t, err)
	want := []string{`articles.yaml:4: b.txt: published: "2018-02-30" is not a date`, `articles.yaml:6: c.txt: unknown key "headline"`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := ids(articles); !slices.Equal(got, []string{"a"}) {
		t.Errorf("articles %v", got)
	}
}

func TestOneIDTwice(t *testing.T) {
	articles, err := Load(context.Background(), files("a/x.md", "First.", "b/x.txt", "Second.", "b/y.txt", "Third."), Options{})
	if got := refusals(t, err); !slices.Equal(got, []string{`b/x.txt: has the id "x", which a/x.md has already`}) {
		t.Errorf("got %q", got)
	}
	if len(articles) != 2 || articles[0].Text != "First." || articles[1].ID != "y" {
		t.Errorf("articles %v", ids(articles))
	}
}

// lockedFS refuses to open some names, as a file system does without permission.
type lockedFS struct {
	fstest.MapFS
	locked string
}

func (l lockedFS) Open(name string) (fs.File, error) {
	if name == l.locked {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.MapFS.Open(name)
}

func (l lockedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == l.locked {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.MapFS.ReadDir(name)
}

func (l lockedFS) Stat(name string) (fs.FileInfo, error) { return l.MapFS.Stat(name) }

func TestUnreadable(t *testing.T) {
	m := files("a.md", "A.", "b/c.md", "C.", "d.md", "D.")
	for _, c := range []struct {
		locked, want string
		ids          []string
	}{
		{"a.md", "a.md: cannot be read: permission denied", []string{"c", "d"}},
		{"b", "b: the folder cannot be read: permission denied", []string{"a", "d"}},
		{".", ".: the folder cannot be read: permission denied", nil},
	} {
		articles, err := Load(context.Background(), lockedFS{m, c.locked}, Options{})
		if got := refusals(t, err); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %q", c.locked, got)
		}
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: the cause is lost", c.locked)
		}
		if got := ids(articles); !slices.Equal(got, c.ids) {
			t.Errorf("%s: articles %v", c.locked, got)
		}
	}
	articles, err := Load(context.Background(), os.DirFS(t.TempDir()+"/none"), Options{})
	if !errors.Is(err, fs.ErrNotExist) || len(articles) > 0 {
		t.Errorf("no folder: %v, %v", articles, err)
	}
}

// hugeFile claims a size and must not be read.
type hugeFS struct {
	fstest.MapFS
	t *testing.T
}

func (h hugeFS) Open(name string) (fs.File, error) {
	if name == "huge.txt" {
		h.t.Error("a file over the limit is opened")
	}
	return h.MapFS.Open(name)
}

func TestTooLargeIsNotRead(t *testing.T) {
	m := files("ok.md", "Text.")
	m["huge.txt"] = &fstest.MapFile{Data: bytes.Repeat([]byte("Text. "), 50<<20/6), Mode: 0o644}
	articles, err := Load(context.Background(), hugeFS{m, t}, Options{})
	if got := refusals(t, err); !slices.Equal(got, []string{"huge.txt: has 50.0 MiB, the limit is 20.0 MiB"}) {
		t.Errorf("got %q", got)
	}
	if len(articles) != 1 {
		t.Errorf("articles %v", ids(articles))
	}
}

func TestNotRegular(t *testing.T) {
	m := files("ok.md", "Text.")
	m["pipe.txt"] = &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o644}
	_, err := Load(context.Background(), m, Options{})
	if got := refusals(t, err); !slices.Equal(got, []string{"pipe.txt: is not a regular file"}) {
		t.Errorf("got %q", got)
	}
}

func TestLoadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := files("a.md", "A.", "b.md", "B.", "c.md", "C.")
	articles, err := Load(ctx, m, Options{Progress: func(done, total int) { cancel() }})
	if !errors.Is(err, context.Canceled) || articles != nil {
		t.Errorf("got %v, %v", articles, err)
	}
}

// Every refusal tells what to do, where there is something to do.
func TestHints(t *testing.T) {
	for _, c := range []struct{ file, data, hint string }{
		{"x.md", "---\nauthors: b\n---\nText.", "The keys are title, publisher, author, published, updated, url, lang, kind, tags."},
		{"x.md", "---\nkind: b\n---\nText.", "The kinds are primary, wire, news, analysis, reference and mirror."},
		{"x.md", "---\npublished: 2018-02-30\n---\nText.", "Write a day that exists as 2018-12-05, or a month as 2018-12, or a year."},
		{"x.txt", "\xff", "Convert the file to UTF-8 text."},
	} {
		_, err := Parse(c.file, []byte(c.data), nil)
		r, ok := errors.AsType[*Refused](err)
		if !ok || r.Hint != c.hint {
			t.Errorf("%q: got %v, %+v", c.data, err, r)
		}
	}
}

func TestParseMeta(t *testing.T) {
	// Front matter goes before what is known from elsewhere, and that before what the text gives away.
	a, err := Parse("dir/2018-12-05-some_file.md", []byte("---\ntitle: Own\n---\n# Heading\n\nBy Jane Doe\n\nText of it."), &Meta{Title: "Listed", Publisher: "Harbour News", URL: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	if a.ID != "2018-12-05-some_file" || a.Title != "Own" || a.Publisher != "Harbour News" || a.Author != "Jane Doe" || a.Published != (Date{2018, 12, 5}) {
		t.Errorf("got %+v", a)
	}
	for _, c := range []struct{ name, text, want string }{
		{"x.md", "Some text.\n\n## The heading\n\nMore.", "The heading"},
		{"x.txt", "A first line\nSome text.", "A first line"},
		{"x.txt", "Is this a headline?\nSome text.", "Is this a headline?"},
		{"x.txt", "Some text. More of it.\nAnd more.", "x"},
		{"2018-12-05-some_file.txt", "Some text. More of it.\nAnd more.", "some file"},
		{"2018-12-05.txt", "Some text. More of it.\nAnd more.", "2018-12-05"},
	} {
		a, err := Parse(c.name, []byte(c.text), nil)
		if err != nil || a.Title != c.want {
			t.Errorf("%s: title %q, %v; want %q", c.name, a.Title, err, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ in, want, first, last string }{
		{"2018-12-05", "2018-12-05", "2018-12-05", "2018-12-05"},
		{"2018-02", "2018-02", "2018-02-01", "2018-02-28"},
		{"2020-02", "2020-02", "2020-02-01", "2020-02-29"},
		{"2018", "2018", "2018-01-01", "2018-12-31"},
		{" 2018-12-05T17:45:00-05:00 ", "2018-12-05", "2018-12-05", "2018-12-05"},
		{"2018-12-05 17:45", "2018-12-05", "2018-12-05", "2018-12-05"},
		{"2018-02-29", "", "", ""}, {"2018-00-10", "", "", ""}, {"2018-1-1", "", "", ""}, {"0000", "", "", ""}, {"", "", "", ""},
		{"12/05/2018", "", "", ""}, {"2018-12-05x", "", "", ""}, {"2018-12-05 noon", "", "", ""}, {"+2018", "", "", ""},
	} {
		d, err := ParseDate(c.in)
		if (err == nil) != (c.want != "") || d.String() != c.want {
			t.Errorf("ParseDate(%q) = %v, %v", c.in, d, err)
		}
		if err == nil && (d.First().Format(time.DateOnly) != c.first || d.Last().Format(time.DateOnly) != c.last) {
			t.Errorf("%v lasts from %v to %v", d, d.First(), d.Last())
		}
	}
	a, b := Period{Date{2018, 12, 0}, Date{2018, 12, 0}}, Period{Date{2018, 12, 31}, Date{2019, 1, 0}}
	if !a.Overlaps(b) || !b.Overlaps(a) || a.Overlaps(Period{}) || (Period{Date{Year: 2017}, Date{Year: 2017}}).Overlaps(a) {
		t.Error("Overlaps is wrong")
	}
	dates := []Date{{2018, 12, 5}, {}, {2018, 0, 0}, {2019, 1, 0}, {2018, 12, 0}}
	slices.SortFunc(dates, Date.Compare)
	if fmt.Sprint(dates) != "[ 2018 2018-12 2018-12-05 2019-01]" {
		t.Errorf("sorted: %v", dates)
	}
}

func TestDigest(t *testing.T) {
	make := func() *Article {
		a, err := Parse("x.md", []byte("---\ntitle: T\npublished: 2018\ntags: [a, b]\n---\n- [2018] One.\n- Two.\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	base := make().Digest()
	if base != make().Digest() || len(base) != 64 {
		t.Error("the digest of one article is not one")
	}
	for name, change := range map[string]func(*Article){
		"id": func(a *Article) { a.ID = "y" }, "title": func(a *Article) { a.Title += "x" }, "text": func(a *Article) { a.Text += "x" },
		"date": func(a *Article) { a.Published.Month = 3 }, "updated": func(a *Article) { a.Updated.Year = 3 }, "tags": func(a *Article) { a.Tags = []string{"ab"} },
		"statement": func(a *Article) { a.Statements[0].AsOf.To.Year++ }, "kind": func(a *Article) { a.Kind = Wire }, "url": func(a *Article) { a.URL = "https://x.org" },
	} {
		a := make()
		change(a)
		if a.Digest() == base {
			t.Errorf("the digest does not tell another %s", name)
		}
	}
}
