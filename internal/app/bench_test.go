package app

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"policybot/answer"
	"policybot/internal/eval"
	"policybot/retrieval"
)

// BenchmarkLibrary measures the whole program by size of the library: docs/benchmarks.md explains the
// columns. It is meant to run once: go test ./internal/app -run '^$' -bench Library -benchtime 1x
func BenchmarkLibrary(b *testing.B) {
	shared := filepath.Join("..", "..", "..", "shared")
	for _, size := range []struct {
		name     string
		articles func(testing.TB) (dir string, questions []string)
	}{
		{"shipped", func(testing.TB) (string, []string) { return "", nil }},
		{"articles=5", func(t testing.TB) (string, []string) {
			dir := filepath.Join(shared, "articles")
			if _, err := os.Stat(dir); err != nil {
				t.Skip("no ../shared")
			}
			f, err := os.Open(filepath.Join(shared, "eval", "dev.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			cases, err := eval.Load("dev.jsonl", f)
			if err != nil {
				t.Fatal(err)
			}
			return dir, questionsOf(cases)
		}},
		{"articles=10k", func(t testing.TB) (string, []string) { return abstracts(t, shared, 10_000) }},
		{"articles=62k", func(t testing.TB) (string, []string) { return abstracts(t, shared, 62_148) }},
	} {
		b.Run(size.name, func(b *testing.B) {
			dir, questions := size.articles(b)
			for range b.N {
				benchmarkLibrary(b, dir, questions)
			}
		})
	}
}

func benchmarkLibrary(b *testing.B, dir string, questions []string) {
	data := b.TempDir()
	config := filepath.Join(data, "config.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "data_dir: %q\nlibrary:\n  shipped: %t\n", data, dir == ""), 0o666); err != nil {
		b.Fatal(err)
	}
	w := World{Getenv: os.Getenv, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: b.Output(), Now: time.Now}
	if dir != "" {
		w.Args = []string{"sources", "add", "-config", config, dir}
		start := time.Now()
		if code := Main(b.Context(), w); code != 0 {
			b.Fatalf("sources add: exit status %d", code)
		}
		took := time.Since(start)
		defer func(n int) { b.ReportMetric(float64(n)/took.Seconds(), "imported/s") }(countFiles(b, dir))
	} else {
		cases, err := eval.Shipped()
		if err != nil {
			b.Fatal(err)
		}
		questions = questionsOf(cases)
		w.Args = []string{"ask", "-config", config, "the first start brings the shipped library in"}
		if code := Main(b.Context(), w); code != 0 {
			b.Fatalf("ask: exit status %d", code)
		}
	}

	// A process of its own: from exec to exit with one answer, and the most memory it had.
	var wall []time.Duration
	var rss int64
	for range 5 {
		cmd := exec.CommandContext(b.Context(), os.Args[0], "ask", "-config", config, "-json", questions[0])
		cmd.Args[0] = "policybot" // see TestMain
		start := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		wall = append(wall, time.Since(start))
		if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			rss = max(rss, u.Maxrss)
		}
	}
	slices.Sort(wall)
	b.ReportMetric(ms(wall[len(wall)/2]), "process-ms")
	b.ReportMetric(float64(rss)/1024, "process-MiB")

	// Start: from the data directory to the first question.
	e := &env{World: w}
	e.configFile = config
	if err := e.loadConfig(); err != nil {
		b.Fatal(err)
	}
	var starts []time.Duration
	var l *library
	for range 5 {
		start := time.Now()
		var err error
		if l, err = e.openLibrary(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		starts = append(starts, time.Since(start))
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(starts)
	b.ReportMetric(ms(starts[len(starts)/2]), "start-ms")

	engine := l.offline(e)
	report := func(name string, ask func(question string) error) {
		var took []time.Duration
		for range max(1, 1000/len(questions)) {
			for _, q := range questions {
				start := time.Now()
				if err := ask(q); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
		}
		slices.Sort(took)
		b.ReportMetric(ms(took[len(took)/2]), name+"-p50-ms")
		b.ReportMetric(ms(took[len(took)*99/100]), name+"-p99-ms")
	}
	report("search", func(q string) error {
		_, err := l.index.Search(b.Context(), retrieval.Query{Text: q, Limit: 10})
		return err
	})
	report("answer", func(q string) error {
		_, err := engine.Ask(b.Context(), answer.Question{Text: q})
		return err
	})
	b.ReportMetric(0, "ns/op") // says nothing here
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func questionsOf(cases []eval.Case) (questions []string) {
	for _, c := range cases {
		questions = append(questions, c.Question)
	}
	return questions
}

func countFiles(t testing.TB, dir string) (n int) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range entries {
		if !strings.HasSuffix(d.Name(), ".yaml") {
			n++
		}
	}
	return n
}

// abstracts writes the first n abstracts of the arXiv collection as article files, and asks about every
// n/250th by its title.
func abstracts(t testing.TB, shared string, n int) (dir string, questions []string) {
	f, err := os.Open(filepath.Join(shared, "ir", "arxiv-scale.jsonl.gz"))
	if err != nil {
		t.Skip("no ../shared")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<20)
	for i := 0; i < n && sc.Scan(); i++ {
		var d struct {
			ID       string `json:"_id"`
			Title    string `json:"title"`
			Text     string `json:"text"`
			Metadata struct {
				Date string `json:"date"`
			} `json:"metadata"`
		}
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		title, err := json.Marshal(d.Title)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("---\ntitle: %s\npublisher: arXiv\npublished: %s\nlang: en\nkind: primary\n---\n\n%s\n", title, d.Metadata.Date, d.Text)
		name := strings.ReplaceAll(d.ID, "/", "_") + ".md"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if i%(n/250) == 0 {
			questions = append(questions, "What is known about "+strings.ToLower(d.Title)+"?")
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return dir, questions
}
