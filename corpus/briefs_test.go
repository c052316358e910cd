package corpus

import (
	"context"
	"io/fs"
	"strings"
	"testing"
)

// The shipped library loads without a fault, each statement dated, and nothing in it is taken for furniture.
func TestBriefs(t *testing.T) {
	articles, err := Load(context.Background(), Briefs(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(Briefs(), "*.md")
	if err != nil || len(articles) != len(names) || len(articles) < 100 {
		t.Fatalf("%d articles of %d files, %v", len(articles), len(names), err)
	}
	kinds := map[Kind]int{}
	for _, a := range articles {
		checkArticle(t, a)
		kinds[a.Kind]++
		if !a.Brief() || a.Title == "" || a.Publisher == "" || len(a.Statements) == 0 {
			t.Errorf("%s: a tag, title, publisher or statement is missing", a.ID)
		}
		if len(a.Removed) > 0 {
			t.Errorf("%s: %v was removed", a.ID, a.Removed)
		}
		for _, s := range a.Statements {
			if q := a.Quote(s.Span); !endsSentence(q) || wordCount(q) < 6 {
				t.Errorf("%s: %q is no statement", a.ID, q)
			}
		}
	}
	if kinds[Primary] == 0 || kinds[Wire] == 0 || kinds[News] == 0 {
		t.Errorf("kinds: %v", kinds)
	}
	if got := Duplicates(articles); len(got) != 0 {
		t.Errorf("copies: %v", got)
	}
}

// Their front matter is read by the fast reader, and as the YAML decoder reads it.
func TestBriefsFrontMatter(t *testing.T) {
	names, err := fs.Glob(Briefs(), "*.md")
	if err != nil {
		t.Fatal(err)
	}
	slowly := 0
	for _, name := range names {
		data, err := fs.ReadFile(Briefs(), name)
		if err != nil {
			t.Fatal(err)
		}
		front, _, e := splitFront(string(data))
		if e != nil {
			t.Fatalf("%s: %v", name, e)
		}
		var flat, slow fields
		if !flat.flat(front) {
			slowly++
			continue
		}
		if err := decodeYAML([]byte("\n"+front), &slow); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !sameFields(&flat, &slow) {
			t.Errorf("%s: two readings:\n%+v\n%+v", name, flat, slow)
		}
	}
	if slowly > len(names)/20 {
		t.Errorf("%d of %d briefs need the YAML decoder, which slows every start", slowly, len(names))
	}
}

func TestBriefsDigest(t *testing.T) {
	if d := BriefsDigest(); len(d) != 64 || strings.Trim(d, "0123456789abcdef") != "" || d != BriefsDigest() {
		t.Errorf("digest %q", d)
	}
}
