package retrieval

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"policybot/corpus"
	"policybot/lang"
)

// benchEntries returns n articles of real text (arXiv titles and abstracts), or of words that follow
// Zipf's law where those are not at hand.
func benchEntries(b *testing.B, n int) []Entry {
	b.Helper()
	var out []Entry
	put := func(id, title, text, date string) {
		a := article(id, title, text)
		a.Published, _ = corpus.ParseDate(date)
		out = append(out, entry(a))
	}
	f, err := os.Open("../../shared/ir/arxiv-scale.jsonl.gz")
	if err != nil {
		for i := range n {
			var t strings.Builder
			x := uint32(i)*2654435761 + 1
			for k := range 120 {
				x ^= x << 13
				x ^= x >> 17
				x ^= x << 5
				fmt.Fprintf(&t, "w%d ", int(20000/(1+x%20000)))
				if k%15 == 14 {
					t.WriteString("end. ")
				}
			}
			put(fmt.Sprintf("made%06d", i), fmt.Sprintf("w%d w%d", i%97, i%1009), t.String(), "2020-01-01")
		}
		return out
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() && len(out) < n {
		var d struct {
			ID          string `json:"_id"`
			Title, Text string
			Metadata    struct{ Date string }
		}
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			b.Fatal(err)
		}
		put(strings.ReplaceAll(d.ID, "/", "-"), d.Title, d.Text, d.Metadata.Date)
	}
	return out
}

var benchSizes = []int{1_000, 10_000, 62_148}

// BenchmarkBuild measures Update of an empty index with articles whose vectors are at hand.
func BenchmarkBuild(b *testing.B) {
	for _, n := range benchSizes {
		for _, dense := range []bool{false, true} {
			b.Run(fmt.Sprintf("articles=%d/dense=%v", n, dense), func(b *testing.B) {
				o, entries := benchOptions(b, n, dense)
				b.ReportAllocs()
				for b.Loop() {
					if err := New(o).Update(context.Background(), entries, nil); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
			})
		}
	}
}

func benchOptions(b *testing.B, n int, dense bool) (Options, []Entry) {
	b.Helper()
	lex, err := corpus.DefaultLexicon()
	if err != nil {
		b.Fatal(err)
	}
	o := Options{Analyzer: NewAnalyzer(lex)}
	entries := benchEntries(b, n)
	if dense {
		h := NewHash(o.Analyzer)
		o.Embedder = h
		for i := range entries {
			texts := make([]string, len(entries[i].Chunks))
			for k, c := range entries[i].Chunks {
				texts[k] = PassageText(c)
			}
			if entries[i].Vectors, err = h.Embed(context.Background(), Passage, texts); err != nil {
				b.Fatal(err)
			}
		}
	}
	return o, entries
}

// BenchmarkUpdateOne measures putting one article into an index that has many.
func BenchmarkUpdateOne(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprintf("articles=%d", n), func(b *testing.B) {
			o, entries := benchOptions(b, n, false)
			ix := New(o)
			if err := ix.Update(context.Background(), entries, nil); err != nil {
				b.Fatal(err)
			}
			i := 0
			for b.Loop() {
				i++
				a := article("one more", "A new article", fmt.Sprintf("This one was changed %d times.", i))
				if err := ix.Update(context.Background(), []Entry{entry(a)}, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSearch measures questions made of titles; p50 and p99 are of single questions.
func BenchmarkSearch(b *testing.B) {
	for _, n := range benchSizes {
		for _, dense := range []bool{false, true} {
			o, entries := benchOptions(b, n, dense)
			ix := New(o)
			if err := ix.Update(context.Background(), entries, nil); err != nil {
				b.Fatal(err)
			}
			var questions []string
			for i := 0; i < len(entries); i += max(1, len(entries)/500) {
				questions = append(questions, entries[i].Article.Title)
			}
			entries = nil
			b.Run(fmt.Sprintf("articles=%d/dense=%v", n, dense), func(b *testing.B) {
				var took []time.Duration
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					t := time.Now()
					if _, err := ix.Search(context.Background(), Query{Text: questions[i%len(questions)], Lang: lang.English}); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(t))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
