package eval

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// Collection is a judged test collection in the form of BEIR (https://github.com/beir-cellar/beir).
type Collection struct {
	Articles []*corpus.Article
	Queries  []IRQuery
	Judged   map[string]map[string]float64 // query → document → gain, positive ones only
}

// IRQuery is one query of a collection.
type IRQuery struct{ ID, Text string }

// maxLine bounds a line of a collection's files.
const maxLine = 64 << 20

// LoadBEIR reads corpus.jsonl (_id, title, text, optional metadata.date), queries.jsonl (_id, text) and
// qrels.tsv (query, document, gain, one header line allowed; qrels/test.tsv is taken too) from dir. The
// language of a document is detected. It reports the file and line of the first thing it cannot read.
func LoadBEIR(dir string) (*Collection, error) {
	c := &Collection{Judged: map[string]map[string]float64{}}
	seen := map[string]bool{}
	err := eachLine(filepath.Join(dir, "corpus.jsonl"), func(line []byte) error {
		var d struct {
			ID       string `json:"_id"`
			Title    string `json:"title"`
			Text     string `json:"text"`
			Metadata struct {
				Date string `json:"date"`
			} `json:"metadata"`
		}
		if err := json.Unmarshal(line, &d); err != nil {
			return err
		}
		if d.ID == "" {
			return errors.New("document without _id")
		}
		if seen[d.ID] {
			return fmt.Errorf("document %q occurs twice", d.ID)
		}
		seen[d.ID] = true
		a := &corpus.Article{ID: d.ID, Title: d.Title, Text: d.Text, Raw: d.Text}
		a.Published, _ = corpus.ParseDate(d.Metadata.Date) // a date of another form is no date
		if a.Lang = lang.Detect(d.Title + "\n" + d.Text); a.Lang == "" {
			a.Lang = lang.English
		}
		c.Articles = append(c.Articles, a)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(dir, "queries.jsonl"), func(line []byte) error {
		var q struct {
			ID   string `json:"_id"`
			Text string `json:"text"`
		}
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.ID == "" {
			return errors.New("query without _id")
		}
		c.Queries = append(c.Queries, IRQuery{q.ID, q.Text})
		return nil
	})
	if err != nil {
		return nil, err
	}
	qrels := filepath.Join(dir, "qrels.tsv")
	if _, err := os.Stat(qrels); errors.Is(err, fs.ErrNotExist) {
		qrels = filepath.Join(dir, "qrels", "test.tsv")
	}
	first := true
	err = eachLine(qrels, func(line []byte) error {
		f := strings.Split(string(line), "\t")
		header := first
		first = false
		if len(f) < 3 {
			return errors.New("want query, document and gain, separated by tabs")
		}
		gain, err := strconv.ParseFloat(strings.TrimSpace(f[2]), 64)
		if err != nil {
			if header {
				return nil
			}
			return fmt.Errorf("gain %q is no number", f[2])
		}
		if gain > 0 {
			if c.Judged[f[0]] == nil {
				c.Judged[f[0]] = map[string]float64{}
			}
			c.Judged[f[0]][f[1]] = gain
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(c.Judged) == 0 {
		return nil, fmt.Errorf("%s: no query has a relevant document", qrels)
	}
	return c, nil
}

// eachLine calls f with every line that is not blank, and puts file and line before its error.
func eachLine(path string, f func(line []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for sc.Scan() {
		n++
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		if err := f(sc.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", path, n+1, err)
	}
	return nil
}

// IRMetrics are means over the queries that have a relevant document, by the conventions of trec_eval:
// gain is the judgment, discounted by log2(rank+1); a query without results counts 0; equal scores rank
// by document id, the greater first.
type IRMetrics struct {
	NDCG10    float64 `json:"ndcg@10"`
	MRR10     float64 `json:"mrr@10"`
	Recall10  float64 `json:"recall@10"`
	Recall100 float64 `json:"recall@100"`
	Queries   int     `json:"queries"`
}

// Ranked is one line of a run.
type Ranked struct {
	ID    string
	Score float64
}

// ScoreRun measures a run (query → documents) against judgments.
func ScoreRun(judged map[string]map[string]float64, run map[string][]Ranked) IRMetrics {
	var m IRMetrics
	queries := make([]string, 0, len(judged))
	for q, docs := range judged {
		for _, gain := range docs {
			if gain > 0 {
				queries = append(queries, q)
				break
			}
		}
	}
	slices.Sort(queries) // sums of floats depend on order
	for _, q := range queries {
		x := scoreQuery(judged[q], run[q])
		m.NDCG10 += x.NDCG10
		m.MRR10 += x.MRR10
		m.Recall10 += x.Recall10
		m.Recall100 += x.Recall100
	}
	if m.Queries = len(queries); m.Queries > 0 {
		n := float64(m.Queries)
		m.NDCG10 /= n
		m.MRR10 /= n
		m.Recall10 /= n
		m.Recall100 /= n
	}
	return m
}

// scoreQuery measures one query.
func scoreQuery(judged map[string]float64, ranked []Ranked) IRMetrics {
	best := map[string]float64{}
	for _, r := range ranked {
		if s, ok := best[r.ID]; !ok || r.Score > s {
			best[r.ID] = r.Score
		}
	}
	list := make([]Ranked, 0, len(best))
	for id, s := range best {
		list = append(list, Ranked{id, s})
	}
	slices.SortFunc(list, func(a, b Ranked) int {
		if a.Score != b.Score {
			return cmp.Compare(b.Score, a.Score)
		}
		return cmp.Compare(b.ID, a.ID)
	})
	gains := make([]float64, 0, len(judged))
	for _, g := range judged {
		if g > 0 {
			gains = append(gains, g)
		}
	}
	slices.SortFunc(gains, func(a, b float64) int { return cmp.Compare(b, a) })
	ideal := 0.0
	for i, g := range gains[:min(10, len(gains))] {
		ideal += g / math.Log2(float64(i+2))
	}
	var m IRMetrics
	for i, r := range list[:min(100, len(list))] {
		g := judged[r.ID]
		if g <= 0 {
			continue
		}
		m.Recall100++
		if i < 10 {
			m.Recall10++
			m.NDCG10 += g / math.Log2(float64(i+2))
			if m.MRR10 == 0 {
				m.MRR10 = 1 / float64(i+1)
			}
		}
	}
	m.NDCG10 /= ideal
	m.Recall10 /= float64(len(gains))
	m.Recall100 /= float64(len(gains))
	m.Queries = 1
	return m
}

// WriteRun writes a run as query, document and score, separated by tabs, queries in the order given.
func WriteRun(w io.Writer, queries []IRQuery, run map[string][]Ranked) error {
	b := bufio.NewWriter(w)
	for _, q := range queries {
		for _, r := range run[q.ID] {
			fmt.Fprintf(b, "%s\t%s\t%.6f\n", q.ID, r.ID, r.Score)
		}
	}
	return b.Flush()
}

// IRReport is what RunIR measured.
type IRReport struct {
	IRMetrics
	Documents int           `json:"documents"`
	Build     time.Duration `json:"-"` // until the first search could run
	Search    time.Duration `json:"-"` // wall time of one query on one processor, mean

	run     map[string][]Ranked
	queries []IRQuery
}

// WriteRun writes the run behind the report, at most 100 documents a query.
func (r *IRReport) WriteRun(w io.Writer) error { return WriteRun(w, r.queries, r.run) }

// irDepth is how many documents of a query count.
const irDepth = 100

// RunIR indexes the BEIR collection in dir with the options and measures the ranking of its documents.
func RunIR(ctx context.Context, dir string, o retrieval.Options) (*IRReport, error) {
	c, err := LoadBEIR(dir)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	start := time.Now()
	ix, err := c.Index(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	r, err := c.Run(ctx, ix)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	r.Build = time.Since(start) - r.Build
	return r, nil
}

// Index returns an index of the collection's documents.
func (c *Collection) Index(ctx context.Context, o retrieval.Options) (*retrieval.Index, error) {
	ix := retrieval.New(o)
	entries := make([]retrieval.Entry, len(c.Articles))
	for i, a := range c.Articles {
		entries[i] = retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)}
	}
	return ix, ix.Update(ctx, entries, nil)
}

// Run ranks the documents of the index for every query of the collection.
func (c *Collection) Run(ctx context.Context, ix *retrieval.Index) (*IRReport, error) {
	r := &IRReport{Documents: len(c.Articles), run: map[string][]Ranked{}, queries: c.Queries}
	ranked := make([][]Ranked, len(c.Queries))
	took := make([]time.Duration, len(c.Queries))
	errs := make([]error, len(c.Queries))
	start := time.Now()
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				t := time.Now()
				hits, err := ix.SearchArticles(ctx, retrieval.Query{Text: c.Queries[i].Text, Limit: irDepth})
				took[i], errs[i] = time.Since(t), err
				ranked[i] = rankedHits(hits)
			}
		}()
	}
	for i := range c.Queries {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	r.Build = time.Since(start)
	for i, q := range c.Queries {
		r.run[q.ID] = ranked[i]
		r.Search += took[i]
	}
	r.Search /= time.Duration(max(len(c.Queries), 1))
	r.IRMetrics = ScoreRun(c.Judged, r.run)
	return r, nil
}

// rankedHits writes hits as run lines whose scores, at the six decimals of a run file, fall strictly: a
// scorer that orders by score sees the ranking as it was.
func rankedHits(hits []retrieval.ArticleHit) []Ranked {
	const step = 1e-6
	out := make([]Ranked, len(hits))
	for i, h := range hits {
		s := math.Round(h.Score/step) * step
		if i > 0 && s > out[i-1].Score-step/2 {
			s = out[i-1].Score - step
		}
		out[i] = Ranked{h.Article.ID, s}
	}
	return out
}
