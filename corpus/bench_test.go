package corpus

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// abstracts returns up to n texts of the scale collection.
func abstracts(b *testing.B, n int) (texts []string, bytes int) {
	b.Helper()
	f, err := os.Open(filepath.Join(shared, "ir/arxiv-scale.jsonl.gz"))
	if err != nil {
		b.Skip("the collection is not here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for len(texts) < n && lines.Scan() {
		var d struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			b.Fatal(err)
		}
		texts = append(texts, d.Text)
		bytes += len(d.Text)
	}
	return texts, bytes
}

func BenchmarkBriefs(b *testing.B) {
	for b.Loop() {
		if _, err := Load(context.Background(), Briefs(), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLexicon(b *testing.B) {
	for b.Loop() {
		if _, err := DefaultLexicon(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParse cleans abstracts, each with its language to be found.
func BenchmarkParse(b *testing.B) {
	texts, n := abstracts(b, 2000)
	data := make([][]byte, len(texts))
	for i, t := range texts {
		data[i] = []byte(t)
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		for _, d := range data {
			if _, err := Parse("x.txt", d, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkChunks(b *testing.B) {
	texts, n := abstracts(b, 2000)
	b.SetBytes(int64(n))
	for b.Loop() {
		for _, t := range texts {
			Chunks(&Article{Text: t, Lang: "en"})
		}
	}
}

func BenchmarkSentences(b *testing.B) {
	texts, n := abstracts(b, 2000)
	b.SetBytes(int64(n))
	for b.Loop() {
		for _, t := range texts {
			Sentences(t, "en")
		}
	}
}

// BenchmarkPage cleans the pages of testdata, which are mostly furniture.
func BenchmarkPage(b *testing.B) {
	files, err := filepath.Glob("testdata/clean/*.txt")
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	var pages [][]byte
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		pages = append(pages, data)
		n += len(data)
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		for _, p := range pages {
			if _, err := Parse("x.txt", p, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	page := []byte(testPage)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		if _, err := Parse("x.html", page, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDuplicates(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			texts, bytes := abstracts(b, n)
			articles := make([]*Article, len(texts))
			for i, t := range texts {
				articles[i] = &Article{ID: fmt.Sprintf("%06d", i), Text: t, Kind: News}
			}
			b.SetBytes(int64(bytes))
			for b.Loop() {
				Duplicates(articles)
			}
		})
	}
}

// BenchmarkHostile cleans a megabyte that is one paragraph, or very many, of what rules look for.
func BenchmarkHostile(b *testing.B) {
	for name, unit := range map[string]string{
		"stops": "a. ", "marks": "“?!”) ", "lines": "READ MORE:\n", "headlines": "A headline here\n", "widgets": "TrumpDonald MORE ", "brackets": "(Photo by ((",
		"colons": "It ended. READ MORE: x ", "ellipses": "One two three four five six seven...\n", "emphasis": "**a _b [c](", "ticks": "a `` b ``` ", "tags": "<b <!-- ",
		"lists": "- [2018] a\n  - b\n", "equal": "One two three four five six.\n", "spaces": " \u00a0", "hidden": "a\u202e\u200b",
	} {
		data := []byte(strings.Repeat(unit, 1<<20/len(unit)))
		for _, ext := range []string{".txt", ".md"} {
			b.Run(name+ext, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					a, err := Parse("x"+ext, data, nil)
					if err == nil {
						Chunks(a)
					}
				}
			})
		}
	}
}
