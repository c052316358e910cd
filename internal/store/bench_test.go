package store

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"policybot/answer"
	"policybot/bot"
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

// benchRecord is an answer of usual size: three claims, eight hits, some 5 kB of JSON.
func benchRecord(n int) bot.AnswerRecord {
	r := record(n, fmt.Sprint("person", n%500), fmt.Sprint("guild", n%20), fmt.Sprint("channel", n%60), time.Time{})
	for range 2 {
		r.Answer.Claims = append(r.Answer.Claims, r.Answer.Claims[0])
	}
	for range 8 {
		r.Answer.Hits = append(r.Answer.Hits, answer.Hit{Article: "a", Quote: strings.Repeat("some words of a passage ", 20)})
	}
	return r
}

// cpuTime is the processor time that this process has taken, which says more than the clock where other
// programs are busy.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkInteraction is what the bot does for one question: claim the event, read the conversation and
// the settings, keep the answer; by as many at once as the sub-benchmark says, with a day's answers stored.
func BenchmarkInteraction(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			s, err := Open(b.Context(), b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			x, ctx := s.Bot(), b.Context()
			for i := range 2000 {
				if _, err := x.KeepAnswer(ctx, benchRecord(i)); err != nil {
					b.Fatal(err)
				}
			}
			var n atomic.Int64
			var mu sync.Mutex
			var took []time.Duration
			b.SetParallelism((callers + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
			b.ResetTimer()
			before := cpuTime(b)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := int(n.Add(1))
					start := time.Now()
					r := benchRecord(i)
					if first, err := x.Once(ctx, fmt.Sprint("interaction", i), time.Hour); err != nil || !first {
						b.Error(first, err)
					}
					if _, err := x.Settings(ctx, r.Guild); err != nil {
						b.Error(err)
					}
					if _, err := x.Conversation(ctx, r.Person, r.Channel, start.Add(-time.Hour), 6); err != nil {
						b.Error(err)
					}
					if _, err := x.KeepAnswer(ctx, r); err != nil {
						b.Error(err)
					}
					d := time.Since(start)
					mu.Lock()
					took = append(took, d)
					mu.Unlock()
				}
			})
			b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(len(took)), "cpu-ms/interaction")
			slices.Sort(took)
			b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "interactions/s")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkSpent sums a day of 100,000 requests.
func BenchmarkSpent(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	if _, err := s.w.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO spend (spent_at, form, person, guild, model, purpose, calls, prompt, completion, micros)
		SELECT $1 + i, 'call', 'person' || (i % 500), 'guild' || (i % 20), 'm', 'draft', 1, 1000, 100, 50 FROM n`, now.UnixMilli()); err != nil {
		b.Fatal(err)
	}
	for _, who := range [][2]string{{"", ""}, {"", "guild1"}, {"person1", ""}} {
		b.Run(fmt.Sprintf("person=%s,guild=%s", who[0], who[1]), func(b *testing.B) {
			for b.Loop() {
				if sum, err := s.Ledger().Spent(b.Context(), now, who[0], who[1]); err != nil || sum.Calls == 0 {
					b.Fatal(sum, err)
				}
			}
		})
	}
}

// BenchmarkForget forgets one of 500 persons with some answers each, wiping included.
func BenchmarkForget(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range 10_000 {
		if _, err := s.Bot().KeepAnswer(b.Context(), benchRecord(i)); err != nil {
			b.Fatal(err)
		}
	}
	i := 0
	for b.Loop() {
		if _, err := s.Bot().Forget(b.Context(), fmt.Sprint("person", i%500)); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
