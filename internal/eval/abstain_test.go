package eval

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"policybot/answer"
	"policybot/retrieval"
)

func TestRunAbstain(t *testing.T) {
	calls, last := 0, 0
	r, err := RunAbstain(t.Context(), filepath.Join("testdata", "abstain"), retrieval.Options{}, answer.Options{}, func(done, total int) {
		calls++
		last = done
		if total != 9 {
			t.Errorf("%d questions, want 9", total)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if calls != 9 || last != 9 {
		t.Errorf("progress was called %d times, last with %d", calls, last)
	}
	// q8 is not judged. q2, q7 and u2 are held out: the CRC-32 of their ids is divisible by three.
	for _, c := range []struct {
		name                string
		p                   AbstainPart
		answerable, no, yes int
	}{{"held out", r.HeldOut, 2, 1, 2}, {"all", r.All, 5, 4, 5}} {
		p := c.p
		if p.Answerable != c.answerable || p.Answered != c.yes || p.Keyed != c.yes || p.Right != c.yes {
			t.Errorf("%s: %+v", c.name, p)
		}
		if len(p.Curves) != 2 || p.Curves[0].Against != "unanswerable" || p.Curves[1].Against != "taken_away" {
			t.Fatalf("%s: curves %+v", c.name, p.Curves)
		}
		for i, n := range []int{c.no, c.answerable} {
			if k := p.Curves[i]; k.Others != n || k.Declined != n || *k.Area.Engine != 1 || *k.Used.Engine != 1 || k.Used.Answered != 1 {
				t.Errorf("%s: against %s: %+v", c.name, k.Against, k)
			}
		}
	}
	if r.Documents != 5 {
		t.Errorf("%d documents", r.Documents)
	}
	j, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"held_out":{"answerable":2,`, `"against":"taken_away","others":5,`, `"auc":{"policybot":1,`, `{"answered":0.5,"declined":{"policybot":1,`} {
		if !strings.Contains(string(j), want) {
			t.Errorf("no %s in\n%s", want, j)
		}
	}
}

func TestRunAbstainErrors(t *testing.T) {
	files := map[string]string{"corpus.jsonl": beirCorpus, "queries.jsonl": beirQueries, "qrels.tsv": beirQrels}
	run := func(ctx context.Context) error {
		_, err := RunAbstain(ctx, beir(t, files), retrieval.Options{}, answer.Options{}, nil)
		return err
	}
	if err := run(t.Context()); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "unanswerable.jsonl") {
		t.Errorf("no unanswerable.jsonl: %v", err)
	}
	for text, want := range map[string]string{
		`{"text":"Who?"}`:                     "unanswerable.jsonl:1: query without _id",
		`{"_id":"u","text":"Who?"}` + "\n[1]": "unanswerable.jsonl:2: json:",
	} {
		files["unanswerable.jsonl"] = text
		if err := run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
	files["unanswerable.jsonl"] = `{"_id":"u","text":"Who painted the lighthouse?"}`
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestCurve counts a curve by hand.
func TestCurve(t *testing.T) {
	low := math.Inf(-1)
	yes := []trial{
		{answered: true, score: 3, bm25: 10, words: 2},
		{answered: true, score: 1, bm25: 4, words: 1},
		{answered: true, score: 0, bm25: 6, words: 3},
		{score: 2, bm25: 8, words: 4}, // declined by a rule
	}
	no := []trial{
		{score: 2.5, bm25: 9, words: 3}, // declined by a rule
		{answered: true, score: 1, bm25: 5, words: 5},
		{score: -4, bm25: 6, words: 6},
		{score: low, bm25: low},
	}
	cut := boundary(slices.Concat(yes, no))
	if cut != 0 {
		t.Fatalf("the boundary is %v, want 0", cut)
	}
	c := curve("others", yes, no, cut)
	if c.Others != 4 || c.Declined != 3 {
		t.Errorf("declined %d of %d", c.Declined, c.Others)
	}
	// Pairs won of 16, ties half. By rule the fourth ties with two of -Inf and loses to two.
	for _, a := range []struct {
		name string
		got  *float64
		want float64
	}{
		{"engine", c.Area.Engine, (4 + 3.5 + 3 + 1) / 16},
		{"score alone", c.Area.Score, (4 + 2.5 + 2 + 3) / 16},
		{"bm25", c.Area.BM25, (4 + 1 + 2.5 + 3) / 16},
		{"bm25 per word", c.Area.PerWord, (4 + 4 + 3.0 + 3) / 16},
		{"gain over bm25", &c.Gains[0].Area, (11.5 - 10.5) / 16},
		{"gain over bm25 per word", &c.Gains[1].Area, (11.5 - 14.0) / 16},
		{"engine as it is", c.Used.Engine, 0.75},
		{"share answered", &c.Used.Answered, 0.75},
		{"bm25 at that share", c.Used.BM25, 0.5}, // at 6 it answers three and lets 9 and 6 through
	} {
		if a.got == nil || math.Abs(*a.got-a.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", a.name, show(a.got), a.want)
		}
	}
	// One in four is declined whatever the score, so no threshold answers 80 %.
	for _, p := range c.Points {
		if (p.Engine == nil) != (p.Answered > 0.75) || p.Score == nil {
			t.Errorf("at %v: %v, %v", p.Answered, p.Engine, p.Score)
		}
	}
	if got := c.Points[0].Engine; got == nil || *got != 0.75 { // at 1, the tie is answered
		t.Errorf("at 50 %%: %v", got)
	}
	// Placements in quarters: of the answerable 4 3.5 3 1 against 4 1 2.5 3, of the others 3.5 1.5 3 3.5
	// against 1 3 2.5 4. The squared error is a quarter of the variance of the differences, of either side.
	want := math.Sqrt(variance(0, 2.5, 0.5, -2)/16/4 + variance(2.5, -1.5, 0.5, -0.5)/16/4)
	if got := c.Gains[0].Error; math.Abs(got-want) > 1e-12 {
		t.Errorf("error of the gain over bm25: %v, want %v", got, want)
	}
}

func show(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

func variance(x ...float64) float64 {
	mean, sum := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x)-1)
}

func TestBoundary(t *testing.T) {
	a, d := func(s float64) trial { return trial{answered: true, score: s} }, func(s float64) trial { return trial{score: s} }
	for _, test := range []struct {
		name   string
		trials []trial
		want   float64
	}{
		{"none", nil, math.Inf(1)},
		{"all declined", []trial{d(1), d(2)}, math.Inf(1)},
		{"all answered", []trial{a(2), a(-1), a(1)}, -1},
		{"a rule among the answered", []trial{a(3), d(2), a(1), a(0), d(-1)}, 0},
		{"an exception below", []trial{a(3), a(1), d(0), d(-1), a(-2), d(-3)}, 1},
		{"both at one score", []trial{a(2), a(1), d(1), a(1)}, 1},
	} {
		if got := boundary(test.trials); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestAbstainText(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	c := Curve{Against: "unanswerable", Others: 10, Declined: 6, Area: Scores{v(0.8), v(0.81), v(0.6), v(0.65)},
		Gains:  []Gain{{"bm25", 0.2, 0.05}, {"bm25_per_word", 0.15, 0.1}},
		Points: []Point{{0.5, Scores{v(0.7), v(0.7), v(0.35), v(0.4)}}, {0.95, Scores{nil, v(0.2), v(0.1), v(0.125)}}},
		Used:   Point{0.9, Scores{v(0.6), v(0.55), v(0.3), v(0.3)}}}
	var b strings.Builder
	r := AbstainReport{Documents: 7, HeldOut: AbstainPart{Answerable: 20, Answered: 18, Right: 9, Keyed: 18, Curves: []Curve{c}}}
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := `7 documents

held out: the third of the questions that no weight was fitted to
  answerable, answered        90.0 %  18/20 (95 %: 70–97)
  answered, cites the answer  50.0 %  9/18 (95 %: 29–71)

  unanswerable questions
  declined                    60.0 %  6/10 (95 %: 31–83)

  % declined at % answered     policybot   score alone          BM25 BM25 per word
  50                                70.0          70.0          35.0          40.0
  95                                   -          20.0          10.0          12.5
  90.0, as it is                    60.0          55.0          30.0          30.0
  area under the curve             0.800         0.810         0.600         0.650
  gain over BM25                  +0.200 (95 %: +0.102 to +0.298)
  gain over BM25 per word         +0.150 (95 %: -0.046 to +0.346)

all questions
  answerable, answered       -
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
