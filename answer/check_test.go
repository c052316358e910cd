package answer

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
	"policybot/retrieval"
)

// shippedEngine answers from the shipped library.
func shippedEngine(t testing.TB) *Engine {
	t.Helper()
	articles, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := corpus.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	an := retrieval.NewAnalyzer(lex)
	ix := retrieval.New(retrieval.Options{Analyzer: an, Embedder: retrieval.NewHash(an)})
	var entries []retrieval.Entry
	for _, a := range articles {
		entries = append(entries, retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)})
	}
	if err := ix.Update(t.Context(), entries, nil); err != nil {
		t.Fatal(err)
	}
	return NewEngine(ix, Options{})
}

// TestCheckShipped measures Check on marked statements about the shipped library. Those of the set "tune"
// were looked at when the bounds were chosen, those held out were not. What must not happen is that a
// statement is called supported that is not, or the reverse of what it is.
func TestCheckShipped(t *testing.T) {
	t.Parallel()
	e := shippedEngine(t)
	f, err := os.Open("testdata/check.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	right, total := map[string]int{}, map[string]int{}
	for in := bufio.NewScanner(f); in.Scan(); {
		var c struct{ Set, Want, Lang, Text string }
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		got, err := e.Check(t.Context(), c.Text, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 {
			t.Errorf("%q gives %d findings", c.Text, len(got))
			continue
		}
		proven(t, e, got)
		total[c.Set]++
		if string(got[0].Standing) == c.Want {
			right[c.Set]++
			continue
		}
		quote := ""
		for _, ct := range got[0].Citations {
			quote = ct.Quote
		}
		t.Logf("%s: %q is %s, found %s %s: %s", c.Set, c.Text, c.Want, got[0].Standing, got[0].Why, quote)
	}
	for _, set := range []string{"tune", "held out"} {
		t.Logf("%s: %d of %d", set, right[set], total[set])
	}
}

// proven holds that findings carry their proof: a verbatim citation that is listed, or none.
func proven(t *testing.T, e *Engine, findings []Finding) {
	t.Helper()
	for _, f := range findings {
		if (f.Standing == NotHeld) != (len(f.Citations) == 0) || len(f.Sources) != len(f.Citations) || (f.Standing == Contradicted) != (len(f.Why) > 0) {
			t.Errorf("%q: %+v", f.Sentence, f)
		}
		for i, c := range f.Citations {
			a := e.index.Article(c.Article)
			if a == nil || a.Text[c.Start:c.End] != c.Quote || f.Sources[i].N != c.N || f.Sources[i].Article != c.Article {
				t.Errorf("%q: citation %+v", f.Sentence, c)
			}
		}
	}
}

var _ = context.Background
var _ = fmt.Sprint
var _ = slices.Sort[[]int]
var _ = strings.TrimSpace
