package answer

import (
	"context"
	"slices"

	"policybot/retrieval"
)

// Trace is how an answer came about: the sentences that were weighed and the decision to answer. It
// serves -explain and the fitting of the weights.
type Trace struct {
	Sentences []Scored  // best first
	Decision  []float64 // features of the decision, in the order of DecisionNames
	Score     float64   // log-odds that the best sentence answers
	Covered   bool      // what came of it, with the rules that decline whatever the score
}

// Scored is a candidate sentence with its features, in the order of SentenceNames.
type Scored struct {
	Article    string
	Start, End int
	Text       string
	Score      float64
	Features   []float64
}

// SentenceNames name the features of a sentence, DecisionNames those of the decision.
var (
	SentenceNames = [nFeatures]string{"cover", "exact", "names", "near", "doc", "pairs", "tight", "want", "passage", "rank", "short", "long", "numbers", "fresh", "common", "top", "focus", "mods", "topic", "rest", "restnear", "lead", "held", "likeness", "years", "nearnum", "reach", "reachheld", "reacharound"}
	DecisionNames = [nDecision]string{"bias", "cover", "exact", "around", "doc", "names", "numbers", "pairs", "want", "common", "passage", "margin", "words", "known", "namesin", "mods", "focus", "top", "miss", "square", "topic", "rest", "years", "count", "countin", "missname", "missword", "speaks", "nearnum", "strange", "lost"}
)

// Trace reads and weighs a question as Ask does and returns what it saw.
// Passages of the articles named in without are passed over, as if the library did not hold them.
func (e *Engine) Trace(ctx context.Context, q Question, without ...string) (Trace, error) {
	p := planFor(q)
	hits, err := e.search(ctx, p, q, nil)
	if err != nil {
		return Trace{}, err
	}
	hits = slices.DeleteFunc(hits, func(h retrieval.Hit) bool { return slices.Contains(without, h.Chunk.Article.ID) })
	query := newQuery(e.index, p)
	cands := answering(p, e.candidates(p, query, hits))
	var t Trace
	for _, c := range cands {
		t.Sentences = append(t.Sentences, Scored{c.article.ID, c.span.Start, c.span.End, c.text, c.score, append([]float64{}, c.features[:]...)})
	}
	if len(cands) > 0 {
		d := decisionFeatures(p, query, cands)
		t.Decision = d[:]
		v := e.judge(p, query, cands)
		t.Score, t.Covered = v.score, v.covered
	}
	return t, nil
}
