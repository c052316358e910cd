package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"policybot/answer"
	"policybot/retrieval"
)

// HeldOut reports whether a question belongs to the third of a collection that no weight is fitted to.
func HeldOut(id string) bool { return crc32.ChecksumIEEE([]byte(id))%3 == 0 }

// AbstainReport says how well the decision to answer tells questions that a library answers from ones
// that it does not, beside a threshold on the score of BM25.
type AbstainReport struct {
	Documents int         `json:"documents"`
	HeldOut   AbstainPart `json:"held_out"` // the third that no weight was fitted to: the figures that count
	All       AbstainPart `json:"all"`
}

// AbstainPart is the outcome over some of the questions.
type AbstainPart struct {
	Answerable int `json:"answerable"`
	Answered   int `json:"answered"` // of these, by the engine as it is
	// Right counts the answered ones whose citations hold the answer that the collection gives, in a
	// relevant document. Keyed is how many of the answered ones the collection gives an answer for.
	Right  int     `json:"right"`
	Keyed  int     `json:"keyed"`
	Curves []Curve `json:"curves"` // against "unanswerable", against "taken_away"
}

// Curve is the trade-off between answering the answerable and declining the others.
type Curve struct {
	// Against says which others: "unanswerable" are the collection's own questions without an answer,
	// on the subject of a document; "taken_away" are the answerable ones, asked as if the library did
	// not hold their documents.
	Against  string `json:"against"`
	Others   int    `json:"others"`
	Declined int    `json:"declined"` // of these, by the engine as it is
	Area     Scores `json:"auc"`
	Gains    []Gain `json:"gains"` // of the engine's area over those of both thresholds on BM25
	// Points are the curve at round shares answered; Used is at the share that the engine answers.
	Points []Point `json:"points"`
	Used   Point   `json:"used"`
}

// Scores are a figure for each way to decide: 0 to 1, nil where it cannot be had.
//
// Areas are those under the curve: the probability that an answerable question scores above one of the
// others, ties counting half. Those of a point are the share of the others declined by the highest
// threshold that answers as many of the answerable, nil when no threshold does.
type Scores struct {
	Engine  *float64 `json:"policybot"`     // the score of its decision, and the rules that decline whatever the score
	Score   *float64 `json:"score_alone"`   // without the rules
	BM25    *float64 `json:"bm25"`          // the score of the best document
	PerWord *float64 `json:"bm25_per_word"` // that divided by the content words of the question
}

// Point is a place of the curves. In Used, Engine is the engine as it is.
type Point struct {
	Answered float64 `json:"answered"` // at least this share of the answerable, 0 to 1
	Scores   `json:"declined"`
}

// Gain is a difference of two areas with its standard error.
type Gain struct {
	Over  string  `json:"over"` // "bm25" or "bm25_per_word"
	Area  float64 `json:"auc"`
	Error float64 `json:"error"`
}

// shares are the places at which curves are reported.
var shares = []float64{0.5, 0.6, 0.7, 0.8, 0.9, 0.95}

// trial is one question asked, with what the engine and BM25 made of it.
type trial struct {
	id       string
	answered bool
	score    float64 // log-odds of the decision; -Inf when there was nothing to decide on
	bm25     float64 // of the best document; -Inf when none has a word of the question
	words    int     // content words of the question
}

// ruled returns the trial's score, -Inf if a rule declined it although its score is at least cut.
func (t trial) ruled(cut float64) float64 {
	if !t.answered && t.score >= cut {
		return math.Inf(-1)
	}
	return t.score
}

// asked is an answerable question: as it is and with its documents taken away.
type asked struct {
	held, away   trial
	keyed, right bool
}

type keyedQuery struct {
	ID       string `json:"_id"`
	Text     string `json:"text"`
	Metadata struct {
		Answers []string `json:"answers"`
	} `json:"metadata"`
}

func loadKeyed(path string) ([]keyedQuery, error) {
	var out []keyedQuery
	err := eachLine(path, func(line []byte) error {
		var q keyedQuery
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.ID == "" {
			return errors.New("query without _id")
		}
		out = append(out, q)
		return nil
	})
	return out, err
}

// RunAbstain asks the questions of the BEIR collection in dir, and those of unanswerable.jsonl beside
// them (_id, text), which its documents do not answer. Where queries.jsonl has metadata.answers, cited
// passages are searched for them. progress, if not nil, is called after each question.
func RunAbstain(ctx context.Context, dir string, ro retrieval.Options, ao answer.Options, progress func(done, total int)) (*AbstainReport, error) {
	c, err := LoadBEIR(dir)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	queries, err := loadKeyed(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	queries = slices.DeleteFunc(queries, func(q keyedQuery) bool { return len(c.Judged[q.ID]) == 0 })
	none, err := loadKeyed(filepath.Join(dir, "unanswerable.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	ix, err := c.Index(ctx, ro)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	plain, err := c.Index(ctx, retrieval.Options{Settings: &retrieval.Settings{K1: 1.2, B: 0.75, Title: 1}})
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	engine := answer.NewEngine(ix, ao)

	yes, no := make([]asked, len(queries)), make([]trial, len(none))
	err = inParallel(len(yes)+len(no), progress, func(i int) (err error) {
		if i >= len(yes) {
			q := none[i-len(yes)]
			no[i-len(yes)], _, err = try(ctx, engine, plain, q)
			return err
		}
		q := queries[i]
		var a answer.Answer
		if yes[i].held, a, err = try(ctx, engine, plain, q); err != nil {
			return err
		}
		yes[i].keyed = len(q.Metadata.Answers) > 0
		yes[i].right = cites(a, c.Judged[q.ID], q.Metadata.Answers)
		yes[i].away, err = tryWithout(ctx, engine, plain, q, c.Judged[q.ID])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}

	all := slices.Clone(no)
	for _, a := range yes {
		all = append(all, a.held, a.away)
	}
	cut := boundary(all)
	r := &AbstainReport{Documents: len(c.Articles), All: abstainPart(yes, no, cut)}
	r.HeldOut = abstainPart(
		slices.DeleteFunc(slices.Clone(yes), func(a asked) bool { return !HeldOut(a.held.id) }),
		slices.DeleteFunc(slices.Clone(no), func(t trial) bool { return !HeldOut(t.id) }), cut)
	return r, nil
}

// try asks a question.
func try(ctx context.Context, engine *answer.Engine, plain *retrieval.Index, q keyedQuery) (trial, answer.Answer, error) {
	a, err := engine.Ask(ctx, answer.Question{ID: q.ID, Text: q.Text})
	if err != nil {
		return trial{}, a, err
	}
	t, err := tryWithout(ctx, engine, plain, q, nil)
	t.answered = a.Status == answer.Answered
	return t, a, err
}

// tryWithout weighs a question as if the library did not hold the documents of without.
func tryWithout(ctx context.Context, engine *answer.Engine, plain *retrieval.Index, q keyedQuery, without map[string]float64) (trial, error) {
	t := trial{id: q.ID, score: math.Inf(-1), bm25: math.Inf(-1)}
	ids := make([]string, 0, len(without))
	for id := range without {
		ids = append(ids, id)
	}
	trace, err := engine.Trace(ctx, answer.Question{ID: q.ID, Text: q.Text}, ids...)
	if err != nil {
		return t, err
	}
	if trace.Decision != nil {
		t.answered, t.score = trace.Covered, trace.Score
	}
	t.words = len(plain.Words(q.Text, ""))
	hits, err := plain.BM25(ctx, retrieval.Query{Text: q.Text, Limit: len(without) + 1})
	if err != nil {
		return t, err
	}
	for _, h := range hits {
		if _, gone := without[h.Article.ID]; !gone {
			t.bm25 = h.Score
			break
		}
	}
	return t, nil
}

// cites reports whether the answer cites a passage of a relevant document with one of the strings in it.
func cites(a answer.Answer, relevant map[string]float64, answers []string) bool {
	for _, claim := range a.Claims {
		for _, c := range claim.Citations {
			if relevant[c.Article] <= 0 {
				continue
			}
			for _, want := range answers {
				if strings.Contains(strings.ToLower(c.Quote), strings.ToLower(want)) {
					return true
				}
			}
		}
	}
	return false
}

// inParallel calls f(0) to f(n-1), as many at a time as there are processors, and returns the error of
// the lowest number.
func inParallel(n int, progress func(done, total int), f func(i int) error) error {
	errs := make([]error, n)
	finished := make(chan struct{})
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		go func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				errs[i] = f(int(i))
				finished <- struct{}{}
			}
		}()
	}
	for i := range n {
		<-finished
		if progress != nil {
			progress(i+1, n)
		}
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// boundary finds the score that best parts what was answered from what was declined: the least one from
// which on fewest trials are on the wrong side. A declined trial above it was declined by a rule.
func boundary(trials []trial) float64 {
	sorted := slices.Clone(trials)
	slices.SortFunc(sorted, func(a, b trial) int { // descending; no score is NaN
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	cut, best, sum := math.Inf(1), 0, 0
	for i, t := range sorted {
		if t.answered {
			sum++
		} else {
			sum--
		}
		if last := i+1 == len(sorted) || sorted[i+1].score < t.score; last && sum > 0 && sum >= best {
			cut, best = t.score, sum
		}
	}
	return cut
}

func abstainPart(yes []asked, no []trial, cut float64) AbstainPart {
	p := AbstainPart{Answerable: len(yes), Curves: []Curve{}}
	var held, away []trial
	for _, a := range yes {
		held, away = append(held, a.held), append(away, a.away)
		if a.held.answered {
			p.Answered++
			if a.keyed {
				p.Keyed++
			}
			if a.right {
				p.Right++
			}
		}
	}
	for _, o := range []struct {
		name   string
		trials []trial
	}{{"unanswerable", no}, {"taken_away", away}} {
		if len(held) > 0 && len(o.trials) > 0 {
			p.Curves = append(p.Curves, curve(o.name, held, o.trials, cut))
		}
	}
	return p
}

// curve compares the scores of answerable questions with those of others; neither may be empty.
func curve(name string, yes, no []trial, cut float64) Curve {
	c := Curve{Against: name, Others: len(no)}
	answered := 0
	for _, t := range yes {
		if t.answered {
			answered++
		}
	}
	for _, t := range no {
		if !t.answered {
			c.Declined++
		}
	}
	by := func(score func(trial) float64) (of side) {
		for _, t := range yes {
			of.yes = append(of.yes, score(t))
		}
		for _, t := range no {
			of.no = append(of.no, score(t))
		}
		return of
	}
	engine := by(func(t trial) float64 { return t.ruled(cut) })
	score := by(func(t trial) float64 { return t.score })
	bm25 := by(func(t trial) float64 { return t.bm25 })
	perWord := by(func(t trial) float64 { return t.bm25 / float64(max(t.words, 1)) })

	placed := engine.placements()
	area := placed.area()
	scoreArea := score.placements().area()
	c.Area = Scores{Engine: &area, Score: &scoreArea}
	for _, o := range []struct {
		name string
		side side
		area **float64
	}{{"bm25", bm25, &c.Area.BM25}, {"bm25_per_word", perWord, &c.Area.PerWord}} {
		p := o.side.placements()
		a := p.area()
		*o.area = &a
		c.Gains = append(c.Gains, Gain{o.name, area - a, placed.differs(p)})
	}
	at := func(share float64) Point {
		return Point{share, Scores{engine.declinedAt(share), score.declinedAt(share), bm25.declinedAt(share), perWord.declinedAt(share)}}
	}
	for _, s := range shares {
		c.Points = append(c.Points, at(s))
	}
	c.Used = at(float64(answered) / float64(len(yes)))
	used := float64(c.Declined) / float64(len(no))
	c.Used.Engine = &used
	return c
}

// side holds one figure for every answerable question and every other: a score, or a placement.
type side struct{ yes, no []float64 }

// declinedAt returns the share of no that lies below the highest threshold at or above which lies at
// least that share of yes; nil when only -Inf, which declines nothing, would do.
func (x side) declinedAt(share float64) *float64 {
	sorted := slices.Clone(x.yes)
	slices.Sort(sorted)
	k := int(math.Ceil(share*float64(len(sorted)) - 1e-9)) // a share k/n may come out above k
	declined := 1.0
	if k > 0 {
		t := sorted[len(sorted)-k]
		if math.IsInf(t, -1) {
			return nil
		}
		n := 0
		for _, s := range x.no {
			if s < t {
				n++
			}
		}
		declined = float64(n) / float64(len(x.no))
	}
	return &declined
}

// placements returns for every question the share of the other side that its score stands on the right
// side of (DeLong, DeLong and Clarke-Pearson 1988, https://doi.org/10.2307/2531595). Their mean is the
// area under the curve.
func (x side) placements() side {
	p := side{yes: make([]float64, len(x.yes)), no: make([]float64, len(x.no))}
	for i, y := range x.yes {
		for j, n := range x.no {
			v := 0.0
			if y > n {
				v = 1
			} else if y == n {
				v = 0.5
			}
			p.yes[i] += v
			p.no[j] += v
		}
	}
	for i := range p.yes {
		p.yes[i] /= float64(len(p.no))
	}
	for j := range p.no {
		p.no[j] /= float64(len(p.yes))
	}
	return p
}

// area is the area under the curve of placements.
func (x side) area() float64 {
	sum := 0.0
	for _, v := range x.yes {
		sum += v
	}
	return sum / float64(len(x.yes))
}

// differs returns the standard error of the difference of two areas, from the placements of the same
// questions. It takes both sides for independent; where the one is made of the other it is on the careful
// side, since a question hard to answer tends to be hard to decline.
func (x side) differs(o side) float64 {
	return math.Sqrt(errorOfMean(x.yes, o.yes) + errorOfMean(x.no, o.no))
}

// errorOfMean returns the squared standard error of the mean of a-b; 0 for fewer than two.
func errorOfMean(a, b []float64) float64 {
	n := float64(len(a))
	if n < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for i := range a {
		mean += (a[i] - b[i]) / n
	}
	for i := range a {
		sum += (a[i] - b[i] - mean) * (a[i] - b[i] - mean)
	}
	return sum / (n - 1) / n
}

// WriteText writes the report as tables.
func (r *AbstainReport) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d documents\n", r.Documents)
	for _, part := range []struct {
		name string
		of   AbstainPart
	}{{"held out: the third of the questions that no weight was fitted to", r.HeldOut}, {"all questions", r.All}} {
		p := part.of
		fmt.Fprintf(&b, "\n%s\n", part.name)
		fmt.Fprintf(&b, "  answerable, answered       %s\n", share(p.Answered, p.Answerable))
		if p.Keyed > 0 {
			fmt.Fprintf(&b, "  answered, cites the answer %s\n", share(p.Right, p.Keyed))
		}
		for _, c := range p.Curves {
			what := "unanswerable questions"
			if c.Against == "taken_away" {
				what = "answerable questions whose document is taken away"
			}
			fmt.Fprintf(&b, "\n  %s\n  declined                   %s\n\n", what, share(c.Declined, c.Others))
			row := func(name string, s Scores, f func(float64) string) {
				fmt.Fprintf(&b, "  %-24s", name)
				for _, v := range []*float64{s.Engine, s.Score, s.BM25, s.PerWord} {
					cell := "-"
					if v != nil {
						cell = f(*v)
					}
					fmt.Fprintf(&b, " %13s", cell)
				}
				b.WriteByte('\n')
			}
			percent := func(v float64) string { return fmt.Sprintf("%.1f", 100*v) }
			fmt.Fprintf(&b, "  %-24s %13s %13s %13s %13s\n", "% declined at % answered", "policybot", "score alone", "BM25", "BM25 per word")
			for _, at := range c.Points {
				row(fmt.Sprintf("%.0f", 100*at.Answered), at.Scores, percent)
			}
			row(percent(c.Used.Answered)+", as it is", c.Used.Scores, percent)
			row("area under the curve", c.Area, func(v float64) string { return fmt.Sprintf("%.3f", v) })
			for i, name := range []string{"gain over BM25", "gain over BM25 per word"} {
				g := c.Gains[i]
				fmt.Fprintf(&b, "  %-24s %+13.3f (95 %%: %+.3f to %+.3f)\n", name, g.Area, g.Area-1.96*g.Error, g.Area+1.96*g.Error)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
