package eval

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"policybot/answer"
	"policybot/corpus"
	"policybot/retrieval"
)

var update = flag.Bool("update", false, "write testdata/report.golden anew")

// ask runs cases over a library as the program does, on a fixed day.
func ask(t *testing.T, articles []*corpus.Article, cases []Case) *Report {
	t.Helper()
	lexicon, err := corpus.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	analyzer := retrieval.NewAnalyzer(lexicon)
	ix := retrieval.New(retrieval.Options{Analyzer: analyzer, Embedder: retrieval.NewHash(analyzer)})
	entries := make([]retrieval.Entry, len(articles))
	for i, a := range articles {
		entries[i] = retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)}
	}
	if err := ix.Update(t.Context(), entries, nil); err != nil {
		t.Fatal(err)
	}
	engine := answer.NewEngine(ix, answer.Options{Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }})
	r, err := Run(t.Context(), engine, ix.Articles(), cases, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// limits are what a report must reach; shares in percent.
type limits struct {
	right, gold5, declined, citedGold float64 // at least
	silent                            float64 // at most
	length                            int     // at most, of the longest text
}

func (l limits) check(t *testing.T, r *Report) {
	t.Helper()
	share := func(k, n int) float64 { return 100 * float64(k) / float64(max(n, 1)) }
	s := r.Total
	for _, c := range []struct {
		what       string
		got, least float64
	}{
		{"right", share(s.Right, s.Answerable), l.right},
		{"gold in first 5 hits", share(s.Hit5, s.Answerable), l.gold5},
		{"not answerable, declined", share(s.Declined, s.Not), l.declined},
		{"citations that are gold", share(s.CitedGold, s.Cited), l.citedGold},
	} {
		if c.got < c.least {
			t.Errorf("%s: %.1f %%, at least %.1f %% is wanted", c.what, c.got, c.least)
		}
	}
	if got := share(s.Silent, s.Answerable); got > l.silent {
		t.Errorf("wrongly declined: %.1f %%, at most %.1f %% is wanted", got, l.silent)
	}
	if s.LengthMax > l.length {
		t.Errorf("the longest text has %d characters, at most %d is wanted", s.LengthMax, l.length)
	}
	if s.Broken > 0 || s.Junk > 0 {
		t.Errorf("%d promises broken, %d junk passages cited", s.Broken, s.Junk)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
}

// The shipped cases over the shipped library: every change of an answer shows as a change of the golden
// report, and no update of it may go below the limits. A report that is meant to change is written anew
// with go test ./internal/eval -run Shipped -update
func TestShippedReport(t *testing.T) {
	cases, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 150 {
		t.Errorf("%d cases, at least 150 are wanted", len(cases))
	}
	articles, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := ask(t, articles, cases)
	var got bytes.Buffer
	if err := r.WriteText(&got); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "report.golden")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := changedLines(string(want), got.String()); diff != "" {
		t.Errorf("the report has changed (- golden, + now); -update writes it anew:\n%s", diff)
	}
	limits{right: 74, gold5: 92, declined: 58, citedGold: 60, silent: 8, length: 900}.check(t, r)
}

// changedLines lists the lines that stand in one text alone.
func changedLines(want, got string) string {
	var b strings.Builder
	for _, side := range []struct{ sign, text, other string }{{"- ", want, got}, {"+ ", got, want}} {
		other := make(map[string]bool)
		for _, line := range strings.Split(side.other, "\n") {
			other[line] = true
		}
		for _, line := range strings.Split(side.text, "\n") {
			if !other[line] {
				b.WriteString(side.sign + line + "\n")
			}
		}
	}
	if b.Len() == 0 && want != got {
		return "the same lines in another order\n"
	}
	return b.String()
}

// The questions on five real articles, which are not part of the project.
func TestSharedArticles(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared")
	f, err := os.Open(filepath.Join(shared, "eval", "dev.jsonl"))
	if err != nil {
		t.Skip("no ../shared")
	}
	defer f.Close()
	cases, err := Load("dev.jsonl", f)
	if err != nil {
		t.Fatal(err)
	}
	articles, err := corpus.Load(t.Context(), os.DirFS(filepath.Join(shared, "articles")), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := ask(t, articles, cases)
	limits{right: 85, gold5: 97, declined: 80, citedGold: 60, silent: 6, length: 900}.check(t, r)
}
