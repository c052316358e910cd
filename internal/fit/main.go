// Command fit learns the weights in answer/weights.go from questions whose answers are marked, so that
// no weight is set by hand on the project's own cases.
//
//	go run ./internal/fit DIR...
//
// Each DIR is a BEIR collection (corpus.jsonl, queries.jsonl, qrels.tsv) whose queries carry the answer
// in metadata.answers, such as the SQuAD 2.0 and XQuAD ones; unanswerable.jsonl beside them, when there,
// trains the decision to answer. It prints the weights and how well they do on questions held out.
//
// Sentences are ranked by a conditional logit over the candidates of a question, the decision is a
// logistic regression; both by gradient descent with an L2 penalty, deterministic.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"policybot/answer"
	"policybot/corpus"
	"policybot/retrieval"
)

type query struct {
	ID       string `json:"_id"`
	Text     string `json:"text"`
	Metadata struct {
		Answers   []string `json:"answers"`
		Paragraph string   `json:"paragraph"`
	} `json:"metadata"`
}

// example is one question: its candidates and which of them hold the answer, and the decision.
type example struct {
	id         string
	answerable bool
	rows       [][]float64
	good       []bool
	decision   []float64
	retrieval  float64 // score of the best passage, the plain threshold to beat
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run(dirs []string) error {
	if len(dirs) == 0 {
		return errors.New("name at least one collection folder")
	}
	var all []example
	for _, dir := range dirs {
		ex, err := examples(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		report(filepath.Base(dir), ex)
		all = append(all, ex...)
	}
	var train, held []example
	for i, x := range all {
		if i%3 == 0 {
			held = append(held, x)
		} else {
			train = append(train, x)
		}
	}
	ws := fitSentences(train, len(answer.SentenceNames))
	fmt.Printf("sentences: first is right, train %.4f, held out %.4f\n", first(train, ws), first(held, ws))
	for i, n := range answer.SentenceNames {
		fmt.Printf("\t%-9s %7.3f\n", n, ws[i])
	}
	wd := fitDecision(train, len(answer.DecisionNames))
	fmt.Printf("decision: AUC train %.4f, held out %.4f; by passage score alone %.4f\n",
		auc(train, func(x example) float64 { return dot(wd, x.decision) }), auc(held, func(x example) float64 { return dot(wd, x.decision) }),
		auc(held, func(x example) float64 { return x.retrieval }))
	for i, n := range answer.DecisionNames {
		fmt.Printf("\t%-9s %7.3f\n", n, wd[i])
	}
	return nil
}

func lines(path string, each func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		if len(strings.TrimSpace(sc.Text())) > 0 {
			if err := each(sc.Bytes()); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return sc.Err()
}

func examples(dir string) ([]example, error) {
	ctx := context.Background()
	var entries []retrieval.Entry
	err := lines(filepath.Join(dir, "corpus.jsonl"), func(b []byte) error {
		var d struct {
			ID    string `json:"_id"`
			Title string `json:"title"`
			Text  string `json:"text"`
		}
		if err := json.Unmarshal(b, &d); err != nil {
			return err
		}
		a := &corpus.Article{ID: d.ID, Title: d.Title, Text: d.Text, Lang: "en"}
		entries = append(entries, retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	lex, err := corpus.DefaultLexicon()
	if err != nil {
		return nil, err
	}
	an := retrieval.NewAnalyzer(lex)
	ix := retrieval.New(retrieval.Options{Analyzer: an, Embedder: retrieval.NewHash(an)})
	if err := ix.Update(ctx, entries, nil); err != nil {
		return nil, err
	}
	e := answer.NewEngine(ix, answer.Options{})
	gold := map[string]string{}
	if err := lines(filepath.Join(dir, "qrels.tsv"), func(b []byte) error {
		f := strings.Split(string(b), "\t")
		if len(f) >= 2 {
			gold[f[0]] = f[1]
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var out []example
	add := func(answerable bool) func([]byte) error {
		return func(b []byte) error {
			var q query
			if err := json.Unmarshal(b, &q); err != nil {
				return err
			}
			t, err := e.Trace(ctx, answer.Question{Text: q.Text})
			if err != nil {
				return err
			}
			x := example{id: q.ID, answerable: answerable, decision: t.Decision}
			hits, err := ix.Search(ctx, retrieval.Query{Text: q.Text, Limit: 1})
			if err != nil {
				return err
			}
			if len(hits) > 0 {
				x.retrieval = hits[0].Score
			}
			for _, s := range t.Sentences {
				good := false
				for _, a := range q.Metadata.Answers {
					good = good || s.Article == gold[q.ID] && strings.Contains(strings.ToLower(s.Text), strings.ToLower(a))
				}
				x.rows, x.good = append(x.rows, s.Features), append(x.good, good)
			}
			if x.decision == nil {
				x.decision = make([]float64, len(answer.DecisionNames))
				x.decision[0] = 1
			}
			out = append(out, x)
			return nil
		}
	}
	if err := lines(filepath.Join(dir, "queries.jsonl"), add(true)); err != nil {
		return nil, err
	}
	if err := lines(filepath.Join(dir, "unanswerable.jsonl"), add(false)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].id < out[j].id })
	return out, nil
}

func report(name string, xs []example) {
	n, reach, now := 0, 0, 0
	for _, x := range xs {
		if !x.answerable {
			continue
		}
		n++
		for _, g := range x.good {
			if g {
				reach++
				break
			}
		}
		if len(x.good) > 0 && x.good[0] {
			now++
		}
	}
	fmt.Printf("%s: %d answerable, %d not; right sentence among the candidates %.4f, first now %.4f\n",
		name, n, len(xs)-n, float64(reach)/float64(n), float64(now)/float64(n))
}

func dot(w, x []float64) float64 {
	s := 0.0
	for i := range x {
		s += w[i] * x[i]
	}
	return s
}

// fitSentences maximises the log-probability that the softmax over a question's candidates puts on the
// right ones.
func fitSentences(xs []example, n int) []float64 {
	w := make([]float64, n)
	m, v := make([]float64, n), make([]float64, n) // Adam, https://arxiv.org/abs/1412.6980
	for step := 1; step <= 400; step++ {
		g := make([]float64, n)
		used := 0
		for _, x := range xs {
			if !x.answerable {
				continue
			}
			hi := math.Inf(-1)
			s := make([]float64, len(x.rows))
			any := false
			for i, r := range x.rows {
				s[i] = dot(w, r)
				hi = math.Max(hi, s[i])
				any = any || x.good[i]
			}
			if !any {
				continue
			}
			used++
			all, right := 0.0, 0.0
			for i := range s {
				s[i] = math.Exp(s[i] - hi)
				all += s[i]
				if x.good[i] {
					right += s[i]
				}
			}
			for i, r := range x.rows {
				k := -s[i] / all
				if x.good[i] {
					k += s[i] / right
				}
				for j := range r {
					g[j] += k * r[j]
				}
			}
		}
		for j := range w {
			gj := g[j]/float64(used) - 0.002*w[j]
			m[j], v[j] = 0.9*m[j]+0.1*gj, 0.999*v[j]+0.001*gj*gj
			w[j] += 0.05 * (m[j] / (1 - math.Pow(0.9, float64(step)))) / (math.Sqrt(v[j]/(1-math.Pow(0.999, float64(step)))) + 1e-8)
		}
	}
	return w
}

func first(xs []example, w []float64) float64 {
	n, ok := 0, 0
	for _, x := range xs {
		if !x.answerable {
			continue
		}
		n++
		best, hi := -1, math.Inf(-1)
		for i, r := range x.rows {
			if s := dot(w, r); s > hi {
				best, hi = i, s
			}
		}
		if best >= 0 && x.good[best] {
			ok++
		}
	}
	return float64(ok) / float64(n)
}

func fitDecision(xs []example, n int) []float64 {
	w := make([]float64, n)
	m, v := make([]float64, n), make([]float64, n)
	for step := 1; step <= 600; step++ {
		g := make([]float64, n)
		for _, x := range xs {
			y := 0.0
			if x.answerable {
				y = 1
			}
			k := y - 1/(1+math.Exp(-dot(w, x.decision)))
			for j := range g {
				g[j] += k * x.decision[j]
			}
		}
		for j := range w {
			gj := g[j]/float64(len(xs)) - 0.001*w[j]
			m[j], v[j] = 0.9*m[j]+0.1*gj, 0.999*v[j]+0.001*gj*gj
			w[j] += 0.05 * (m[j] / (1 - math.Pow(0.9, float64(step)))) / (math.Sqrt(v[j]/(1-math.Pow(0.999, float64(step)))) + 1e-8)
		}
	}
	return w
}

// auc is the probability that an answerable question scores above one that is not.
func auc(xs []example, f func(example) float64) float64 {
	type p struct {
		s float64
		y bool
	}
	var ps []p
	for _, x := range xs {
		ps = append(ps, p{f(x), x.answerable})
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i].s < ps[j].s })
	pos, neg, sum := 0, 0, 0.0
	for i := 0; i < len(ps); {
		j, py, ny := i, 0, 0
		for ; j < len(ps) && ps[j].s == ps[i].s; j++ {
			if ps[j].y {
				py++
			} else {
				ny++
			}
		}
		sum += float64(py) * (float64(neg) + float64(ny)/2)
		pos, neg, i = pos+py, neg+ny, j
	}
	if pos == 0 || neg == 0 {
		return math.NaN()
	}
	return sum / float64(pos) / float64(neg)
}
