package eval

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"policybot/corpus"
	"policybot/retrieval"
)

// TestScoreRun counts by hand: gains 3 and 1 at ranks 2 and 3 of which a third relevant document is missing,
// a tie that goes to the greater id, a query without results, and one without relevant documents.
func TestScoreRun(t *testing.T) {
	judged := map[string]map[string]float64{
		"q1": {"a": 3, "b": 1, "c": 1},
		"q2": {"x": 1},
		"q3": {"y": 1},
		"q4": {"z": 0},
	}
	run := map[string][]Ranked{
		"q1": {{"n", 9}, {"a", 8}, {"b", 7}},
		"q2": {{"w", 1}, {"x", 1}}, // x outranks w
		"q4": {{"z", 1}},
	}
	log := math.Log2
	got := ScoreRun(judged, run)
	ndcg := (3/log(3) + 1/log(4)) / (3/log(2) + 1/log(3) + 1/log(4))
	want := IRMetrics{NDCG10: (ndcg + 1 + 0) / 3, MRR10: (0.5 + 1 + 0) / 3, Recall10: (2.0/3 + 1) / 3, Recall100: (2.0/3 + 1) / 3, Queries: 3}
	if math.Abs(got.NDCG10-want.NDCG10) > 1e-12 || math.Abs(got.MRR10-want.MRR10) > 1e-12 ||
		math.Abs(got.Recall10-want.Recall10) > 1e-12 || math.Abs(got.Recall100-want.Recall100) > 1e-12 || got.Queries != want.Queries {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	// Ranks 11 and 101 are beyond the measures at 10 and 100; a document listed twice counts once.
	var long []Ranked
	for i := range 101 {
		long = append(long, Ranked{ID: "d" + strings.Repeat("i", i), Score: float64(200 - i)})
	}
	judged = map[string]map[string]float64{"q": {long[10].ID: 1, long[100].ID: 1}}
	got = ScoreRun(judged, map[string][]Ranked{"q": append(long, Ranked{long[10].ID, 1})})
	if got.NDCG10 != 0 || got.MRR10 != 0 || got.Recall10 != 0 || got.Recall100 != 0.5 {
		t.Errorf("beyond the cut: %+v", got)
	}
}

func TestRankedHits(t *testing.T) {
	hit := func(id string, score float64) retrieval.ArticleHit {
		return retrieval.ArticleHit{Article: &corpus.Article{ID: id}, Score: score}
	}
	// Equal scores, and scores equal at six decimals, must not let a scorer reorder the ranking.
	ranked := rankedHits([]retrieval.ArticleHit{hit("a", 1), hit("b", 1), hit("c", 1-1e-9), hit("d", 0.5)})
	for i := 1; i < len(ranked); i++ {
		if ranked[i].Score > ranked[i-1].Score-5e-7 {
			t.Errorf("scores do not fall: %+v", ranked)
		}
	}
	var b strings.Builder
	if err := WriteRun(&b, []IRQuery{{ID: "q"}, {ID: "none"}}, map[string][]Ranked{"q": ranked}); err != nil {
		t.Fatal(err)
	}
	if want := "q\ta\t1.000000\nq\tb\t0.999999\nq\tc\t0.999998\nq\td\t0.500000\n"; b.String() != want {
		t.Errorf("run:\n%s\nwant:\n%s", b.String(), want)
	}
}

func beir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	beirCorpus = `{"_id": "d1", "title": "Ferries", "text": "The ferry to the island sails at noon.", "metadata": {"date": "1963-03-01"}}
{"_id": "d2", "title": "", "text": "Bread is baked before dawn."}

{"_id": "d3", "text": "El pan se hornea antes del alba."}
`
	beirQueries = `{"_id": "q1", "text": "When does the ferry sail?"}
{"_id": "q2", "text": "baking bread"}
`
	beirQrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\nq2\td3\t0\n"
)

func TestRunIR(t *testing.T) {
	for _, qrels := range []string{"qrels.tsv", "qrels/test.tsv"} {
		dir := beir(t, map[string]string{"corpus.jsonl": beirCorpus, "queries.jsonl": beirQueries, qrels: beirQrels})
		r, err := RunIR(context.Background(), dir, retrieval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.NDCG10 != 1 || r.MRR10 != 1 || r.Recall10 != 1 || r.Recall100 != 1 || r.Queries != 2 || r.Documents != 3 {
			t.Errorf("%s: %+v", qrels, r)
		}
		var b strings.Builder
		if err := r.WriteRun(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), "q1\td1\t") || !strings.Contains(b.String(), "\nq2\td2\t") {
			t.Errorf("run:\n%s", b.String())
		}
	}
	dir := beir(t, map[string]string{"corpus.jsonl": beirCorpus, "queries.jsonl": beirQueries, "qrels.tsv": beirQrels})
	c, err := LoadBEIR(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a := c.Articles[0]; a.Published != (corpus.Date{Year: 1963, Month: 3, Day: 1}) || a.Lang != "en" || c.Articles[2].Lang != "es" {
		t.Errorf("articles %+v, %+v", a, c.Articles[2])
	}
}

func TestLoadBEIRErrors(t *testing.T) {
	good := map[string]string{"corpus.jsonl": beirCorpus, "queries.jsonl": beirQueries, "qrels.tsv": beirQrels}
	for _, test := range []struct{ file, text, want string }{
		{"corpus.jsonl", beirCorpus + "{broken\n", "corpus.jsonl:5: invalid character"},
		{"corpus.jsonl", beirCorpus + `{"_id": "d1", "text": "again"}`, `corpus.jsonl:5: document "d1" occurs twice`},
		{"corpus.jsonl", `{"text": "x"}`, "corpus.jsonl:1: document without _id"},
		{"queries.jsonl", `{"text": "x"}`, "queries.jsonl:1: query without _id"},
		{"queries.jsonl", `[]`, "queries.jsonl:1:"},
		{"qrels.tsv", "q1\td1\n", "qrels.tsv:1: want query, document and gain"},
		{"qrels.tsv", beirQrels + "q1\td1\tmuch\n", `qrels.tsv:5: gain "much" is no number`},
		{"qrels.tsv", "q1\td1\t0\n", "no query has a relevant document"},
	} {
		files := map[string]string{}
		for k, v := range good {
			files[k] = v
		}
		files[test.file] = test.text
		_, err := RunIR(context.Background(), beir(t, files), retrieval.Options{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %q: error %v, want %q", test.file, test.text, err, test.want)
		}
	}
	if _, err := RunIR(context.Background(), t.TempDir(), retrieval.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("empty directory: %v", err)
	}
}

// TestIRTargets holds the ranking to what the project promises on collections that do not come with it.
func TestIRTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of queries")
	}
	lex, err := corpus.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	a := retrieval.NewAnalyzer(lex)
	for name, least := range map[string]float64{
		"time": 0.77, "cranfield": 0.57, "nfcorpus-reduced": 0.36, "squad2-dev-half": 0.91, "xquad-es-query-en-docs": 0.84,
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("../../../shared/ir", name)
			if _, err := os.Stat(dir); err != nil {
				t.Skip("the collection is not at hand")
			}
			r, err := RunIR(context.Background(), dir, retrieval.Options{Analyzer: a, Embedder: retrieval.NewHash(a)})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("nDCG@10 %.4f, MRR@10 %.4f, recall@10 %.4f, recall@100 %.4f over %d queries", r.NDCG10, r.MRR10, r.Recall10, r.Recall100, r.Queries)
			if r.NDCG10 < least {
				t.Errorf("nDCG@10 is %.4f, below %.2f", r.NDCG10, least)
			}
		})
	}
}
