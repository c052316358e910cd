package corpus

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// shared is where the real articles and test collections lie in a full checkout.
const shared = "../../shared"

// realArticles loads the five articles that the project starts from.
func realArticles(t *testing.T) map[string]*Article {
	t.Helper()
	dir := filepath.Join(shared, "articles")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real articles are not here")
	}
	list, err := Load(context.Background(), os.DirFS(dir), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 5 {
		t.Fatalf("%d articles", len(list))
	}
	byNumber := map[string]*Article{}
	for _, a := range list {
		checkArticle(t, a)
		byNumber[a.ID[:3]] = a
	}
	return byNumber
}

// Every passage that a test case cites stands in the cleaned text, within one chunk.
func TestRealArticlesKeepGold(t *testing.T) {
	articles := realArticles(t)
	data, err := os.ReadFile(filepath.Join(shared, "eval/dev.jsonl"))
	if err != nil {
		t.Skip("the cases are not here")
	}
	type quote struct{ Source, Quote string }
	n := 0
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var c struct {
			ID      string
			Gold    []quote
			GoldAlt []quote `json:"gold_alt"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		for _, g := range append(c.Gold, c.GoldAlt...) {
			a := articles[g.Source[:3]]
			q := norm.NFC.String(strings.ReplaceAll(g.Quote, "\u00a0", " "))
			n++
			whole := 0
			for _, ch := range Chunks(a) {
				whole += strings.Count(ch.Text(), q)
			}
			if whole != 1 || strings.Count(a.Text, q) != 1 {
				t.Errorf("%s: quotation %d stands %d times in %s, %d times in its chunks", c.ID, n, strings.Count(a.Text, q), a.ID, whole)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d quotations checked", n)
	}
}

func TestRealArticlesLoseJunk(t *testing.T) {
	articles := realArticles(t)
	for _, c := range []struct {
		article    string
		gone, kept []string // words that must not, and must, be left
	}{
		{"000", []string{"Reporting by", "Editing by", "Steve Orlofsky", "Peter Cooney"}, []string{"MEXICO CITY (Reuters)", "give more details"}},
		{"001", []string{"READ MORE", "Michigan", "poisoning", "Amazon jungle", "comment", "Sign up", "inbox", "subscribe", "Most read", "Latest Videos",
			"Image:", "Raquel", "\nReuters"}, []string{"broken.”", "725km of barriers", "struck unspecified"}},
		{"002", nil, []string{"Ariel G. Ruiz Soto", "first trip outside Mexico.”"}},
		{"003", []string{"Steele", "Dossier", "Donald John", "Pelosi", "Romney", "Supreme Court", "MORE", "Michael Burke", "contributed", "\u00a0"},
			[]string{`with President Trump is "good" so far`, "7,000 Central American migrants", "according to Reuters."}},
		{"004", []string{"Follow", "https", "apnews", "____"}, []string{"MEXICO CITY — A top", "680,000 migrants", "to asylum and other forms of migration."}},
	} {
		a := articles[c.article]
		for _, s := range c.gone {
			if strings.Contains(a.Text, s) {
				t.Errorf("%s: %q is left", c.article, s)
			}
		}
		for _, s := range c.kept {
			if strings.Count(a.Text, s) != 1 {
				t.Errorf("%s: %q stands %d times", c.article, s, strings.Count(a.Text, s))
			}
		}
		// What was removed and what is left are, together, all there was.
		rest := []byte(a.Raw)
		for i := len(a.Removed) - 1; i >= 0; i-- {
			r := a.Removed[i]
			rest = append(rest[:r.Start:r.Start], rest[r.End:]...)
		}
		if got, want := letters(string(rest)), letters(a.Text); got != want {
			t.Errorf("%s: %d bytes of letters are neither removed nor left", c.article, len(got)-len(want))
		}
	}
	// The headline of 001 leads, and what stood before it comes in its place.
	text := articles["001"].Text
	if !strings.HasPrefix(text, "Mexico hails unspecified") || strings.Index(text, "Former US President Donald Trump") < strings.Index(text, "barbed wire fences") {
		t.Error("001: the repeated paragraphs are not in their place")
	}
	if n := len(Sentences(articles["004"].Text, "en")); n != 30 {
		t.Errorf("004: %d sentences", n)
	}
	for _, s := range Sentences(articles["004"].Text, "en") {
		if q := articles["004"].Quote(s); strings.HasPrefix(q, "to ") || strings.HasPrefix(q, "in the south") || strings.HasPrefix(q, "the border") {
			t.Error("004: a stray stop broke a sentence")
		}
	}
	if got := Duplicates([]*Article{articles["000"], articles["001"], articles["002"], articles["003"], articles["004"]}); len(got) != 0 {
		t.Errorf("copies: %v", got)
	}
}

// letters returns the letters and digits of s.
func letters(s string) string { return strings.ReplaceAll(plainKey(norm.NFC.String(s)), " ", "") }

// In text that has no furniture nothing is found.
func TestCleanTextStays(t *testing.T) {
	f, err := os.Open(filepath.Join(shared, "ir/squad2-dev-half/corpus.jsonl"))
	if err != nil {
		t.Skip("the collection is not here")
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d struct {
			ID   string `json:"_id"`
			Text string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		a, err := Parse("x.txt", []byte(d.Text), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range a.Removed {
			if r.Reason != Invisible {
				t.Errorf("%s: %s: %q", d.ID, r.Reason, a.Raw[r.Start:r.End])
			}
		}
	}
}
