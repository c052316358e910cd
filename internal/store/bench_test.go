package store

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// benchArticles is how many articles the benchmarks store: 62,000 unless STORE_BENCH_ARTICLES says otherwise.
func benchArticles(b *testing.B) int {
	if n, err := strconv.Atoi(os.Getenv("STORE_BENCH_ARTICLES")); err == nil {
		return n
	}
	return 62_000
}

func fill(b *testing.B, s *Store, n int) {
	b.Helper()
	batch := make([]Item, 0, BatchSize)
	for i := range n {
		batch = append(batch, made(fmt.Sprintf("article-%06d", i), 0, 1+i%2, 384))
		if len(batch) == cap(batch) || i == n-1 {
			b.StartTimer()
			if _, err := s.Put(b.Context(), "bench", batch...); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			batch = batch[:0]
		}
	}
}

// BenchmarkImport stores articles of 1.2 kB per chunk, three chunks per two articles, with vectors of 384.
func BenchmarkImport(b *testing.B) {
	n := benchArticles(b)
	for b.Loop() {
		b.StopTimer()
		s, err := Open(b.Context(), b.TempDir(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		fill(b, s, n)
		info, err := os.Stat(s.Path())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/(1<<20), "MiB")
		s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkLoad(b *testing.B) {
	n := benchArticles(b)
	dir := b.TempDir()
	s, err := Open(b.Context(), dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s, n)
	s.Close()
	b.StartTimer()
	b.ReportAllocs()
	for b.Loop() {
		s, err := Open(b.Context(), dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		l, err := s.Load(b.Context(), "bench", nil)
		if err != nil || len(l.Entries) != n || l.Missing != 0 {
			b.Fatal(err, len(l.Entries), l.Missing)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkOpen opens and loads a library of the shipped one's size.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s, err := Open(b.Context(), dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s, 120)
	s.Close()
	b.StartTimer()
	for b.Loop() {
		s, err := Open(b.Context(), dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Load(b.Context(), "bench", nil); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSaveAnswer is one small synced commit.
func BenchmarkSaveAnswer(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	a := Answer{Question: "Who?", Status: "answered", Body: make([]byte, 2000), Citations: make([]Citation, 2)}
	for i := range a.Body {
		a.Body[i] = '1'
	}
	for b.Loop() {
		if _, err := s.SaveAnswer(b.Context(), a); err != nil {
			b.Fatal(err)
		}
	}
}
