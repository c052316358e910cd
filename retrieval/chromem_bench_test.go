package retrieval

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// synthetic writes n texts of 40 to 160 words each: a third function words, a third pseudo-words drawn
// from a vocabulary shared by all, with the frequencies of natural language (Zipf), a third from one of
// the topics. Same in every run.
func synthetic(n int) []string {
	r := rand.New(rand.NewPCG(11, 12))
	syllables := strings.Fields("ba ce di fo gu la me ni po ru sa te vi zo bra cle dro fla gre pli tro sta ment ing ter ard")
	function := strings.Fields("the of and to in is that for it was on with as by at from this")
	vocabulary := make([]string, 20000)
	for i := range vocabulary {
		var w strings.Builder
		for range 2 + r.IntN(3) {
			w.WriteString(syllables[r.IntN(len(syllables))])
		}
		vocabulary[i] = w.String()
	}
	common := rand.NewZipf(r, 1.1, 3, uint64(len(vocabulary)-1))
	topical := rand.NewZipf(r, 1.3, 2, 199)
	texts := make([]string, n)
	for i := range texts {
		topic := r.IntN(max(2, n/50)) * 97 % (len(vocabulary) - 200)
		words := make([]string, 40+r.IntN(120))
		for j := range words {
			switch r.IntN(3) {
			case 0:
				words[j] = function[r.IntN(len(function))]
			case 1:
				words[j] = vocabulary[common.Uint64()]
			case 2:
				words[j] = vocabulary[topic+int(topical.Uint64())]
			}
		}
		texts[i] = strings.Join(words, " ")
	}
	return texts
}

// arxiv reads titles with abstracts of 62,148 papers where they lie beside the repository.
func arxiv(tb testing.TB) []string {
	f, err := os.Open("../../shared/ir/arxiv-scale.jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skip("arxiv-scale.jsonl.gz is not here")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var texts []string
	for lines := bufio.NewScanner(z); lines.Scan(); {
		var d struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, d.Title+". "+d.Text)
	}
	return texts
}

// questions takes a run of up to 12 words from every step-th text.
func questions(texts []string, n int) []string {
	r := rand.New(rand.NewPCG(13, 14))
	qs := make([]string, n)
	for i := range qs {
		words := strings.Fields(texts[i*len(texts)/n])
		from := r.IntN(max(1, len(words)-12))
		qs[i] = strings.Join(words[from:min(len(words), from+4+r.IntN(9))], " ")
	}
	return qs
}

type hashed struct {
	*Vectors
	ids       []string
	vecs      [][]float32
	questions [][]float32
}

func hashTexts(tb testing.TB, texts []string, asked int) hashed {
	tb.Helper()
	h := NewHash(NewAnalyzer(nil))
	s := hashed{Vectors: NewVectors(h.Model(), h.Dim()), ids: make([]string, len(texts))}
	for i := range s.ids {
		s.ids[i] = fmt.Sprintf("text-%06d#0-%d", i, len(texts[i]))
	}
	var err error
	if s.vecs, err = h.Embed(tb.Context(), Passage, texts); err != nil {
		tb.Fatal(err)
	}
	if s.questions, err = h.Embed(tb.Context(), Question, questions(texts, asked)); err != nil {
		tb.Fatal(err)
	}
	if err := s.Put(tb.Context(), s.ids, s.vecs); err != nil {
		tb.Fatal(err)
	}
	return s
}

// recall is the part of the k exactly nearest that Nearest finds, over the questions, for each k.
func (s hashed) recall(tb testing.TB, ks ...int) []float64 {
	found := make([]float64, len(ks))
	for _, q := range s.questions {
		want := exact(s.ids, s.vecs, q, slices.Max(ks))
		for i, k := range ks {
			got, err := s.Nearest(tb.Context(), q, k)
			if err != nil {
				tb.Fatal(err)
			}
			for _, w := range want[:k] {
				if slices.Contains(got, w) {
					found[i] += 1 / float64(k*len(s.questions))
				}
			}
		}
	}
	return found
}

// The promise of Nearest on embeddings of Hash, on a set small enough for every run of the tests.
func TestNearestFindsHashedTexts(t *testing.T) {
	ks := []int{1, 10, 300}
	for i, r := range hashTexts(t, synthetic(2000), 50).recall(t, ks...) {
		if r < 0.99 && ks[i] <= surest || r < 0.97 {
			t.Errorf("recall@%d is %.4f", ks[i], r)
		}
	}
}

// BenchmarkNearest compares Nearest with chromem-go's own query of the same vectors in the same run:
// time per question, its percentiles, and the recall of Nearest against the exact scan.
func BenchmarkNearest(b *testing.B) {
	corpora := []struct {
		name  string
		texts func() []string
	}{
		{"arxiv62k", func() []string { return arxiv(b) }},
		{"synthetic1k", func() []string { return synthetic(1000) }},
		{"synthetic20k", func() []string { return synthetic(20000) }},
	}
	for _, c := range corpora {
		b.Run(c.name, func(b *testing.B) {
			s := hashTexts(b, c.texts(), 300)
			ks := []int{10, 300}
			recall := s.recall(b, ks...)
			s.vecs = nil
			for i, k := range ks {
				b.Run(fmt.Sprintf("filter/k=%d", k), func(b *testing.B) {
					percentiles(b, func(i int) {
						if _, err := s.Nearest(b.Context(), s.questions[i%len(s.questions)], k); err != nil {
							b.Fatal(err)
						}
					})
					b.ReportMetric(recall[i], "recall")
				})
			}
			b.Run("chromem/k=10", func(b *testing.B) {
				percentiles(b, func(i int) {
					if _, err := s.col.QueryEmbedding(b.Context(), s.questions[i%len(s.questions)], 10, nil, nil); err != nil {
						b.Fatal(err)
					}
				})
			})
			// What rescoring through chromem-go's own lookup, which copies, would cost beside reading
			// the memory that it shares with us.
			few := s.ids[:min(len(s.ids), 1000)]
			b.Run("rescore1000/shared", func(b *testing.B) {
				for i := range b.N {
					if _, err := s.Scores(b.Context(), s.questions[i%len(s.questions)], few); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("rescore1000/GetByID", func(b *testing.B) {
				var sum float32
				for i := range b.N {
					for _, id := range few {
						d, err := s.col.GetByID(b.Context(), id)
						if err != nil {
							b.Fatal(err)
						}
						sum += dot(s.questions[i%len(s.questions)], d.Embedding)
					}
				}
				_ = sum
			})
		})
	}
}

func percentiles(b *testing.B, ask func(i int)) {
	took := make([]time.Duration, b.N)
	b.ReportAllocs()
	for i := range b.N {
		start := time.Now()
		ask(i)
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	ms := func(part float64) float64 { return took[int(float64(b.N-1)*part)].Seconds() * 1000 }
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

// BenchmarkPut fills a set with 20,000 vectors, and reports the memory that each costs.
func BenchmarkPut(b *testing.B) {
	const n = 20000
	ids, vecs := random(n, hashDim)
	var before, after runtime.MemStats
	for range b.N {
		runtime.GC()
		runtime.ReadMemStats(&before)
		v := NewVectors("bench", hashDim)
		for i := 0; i < n; i += 500 {
			if err := v.Put(b.Context(), ids[i:i+500], vecs[i:i+500]); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/n, "B/vector")
		runtime.KeepAlive(v)
		b.StartTimer()
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "vectors/s")
}

// BenchmarkHash embeds passages of about 100 words.
func BenchmarkHash(b *testing.B) {
	texts := synthetic(5000)
	words := 0
	for _, t := range texts {
		words += len(strings.Fields(t))
	}
	h := NewHash(NewAnalyzer(nil))
	for range b.N {
		if _, err := h.Embed(b.Context(), Passage, texts); err != nil {
			b.Fatal(err)
		}
	}
	perSecond := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond*float64(len(texts)), "texts/s")
	b.ReportMetric(math.Round(perSecond*float64(words)), "words/s")
}
