package answer

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"policybot/answer/verify"
	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// Options fits an Engine to its surroundings. The zero value works, and drafts offline.
type Options struct {
	Now     func() time.Time // nil is time.Now
	Explain bool             // hits say which legs found them
	// Parallel bounds how many questions are searched for and weighed at once; 0 does not. It is for servers
	// whose questions are embedded in this process: one that waits for an endpoint would keep others waiting.
	Parallel int

	// Model drafts the answers; nil is the extractive drafter alone. Without it, nothing below counts.
	Model Model
	// Judge has the model read each claim again beside its quotes. It can only reject. Claims are shown
	// after that.
	Judge bool
	// Reach asks the model too where the library seems not to hold the answer, unless the question names
	// somebody or something that it has never seen. What it finds answers only if it is proven.
	Reach bool
	// Rewrite asks the model for other words to search with, where a question leans on earlier ones or
	// nothing was found that answers it. Otherwise rules give them.
	Rewrite bool
	// Deadline is the time within which an answer comes whatever the model does; 0 is DefaultDeadline.
	// A context with less time than that shortens it.
	Deadline time.Duration
	// Ledger keeps what the model costs, and Limits bound it; Prices are by name of the model.
	Ledger Ledger // nil keeps it in memory if there are Limits
	Limits Limits
	Prices map[string]Price
	// PromptTokens bounds the passages of a prompt, ReplyTokens a reply; 0 are the defaults.
	PromptTokens, ReplyTokens int
	CacheSize                 int           // answers of the model that are kept; 0 is DefaultCacheSize, negative keeps none
	CacheTTL                  time.Duration // and for how long; 0 is DefaultCacheTTL
	Calls                     int           // requests to the model at once, more fall back; 0 is DefaultCalls
	Log                       *slog.Logger  // why a model did not answer; never what was asked. nil discards
	Meter                     Meter         // is told what is asked of the model and what comes of it; nil hears nothing
}

// Engine answers questions over one library. It is safe for concurrent use.
type Engine struct {
	index     Index
	readings  readings
	now       func() time.Time
	explain   bool
	generator *generator    // nil: the extractive drafter alone
	turns     chan struct{} // nil: no limit
}

// NewEngine returns an engine over the index.
func NewEngine(ix Index, o Options) *Engine {
	if o.Now == nil {
		o.Now = time.Now
	}
	e := &Engine{index: ix, now: o.Now, explain: o.Explain, generator: newGenerator(o)}
	if o.Parallel > 0 {
		e.turns = make(chan struct{}, o.Parallel)
	}
	return e
}

// turn waits until fewer than Options.Parallel questions are being searched for and weighed. That is work
// for the processor alone: when more come than it can do at once, each is done sooner if they take turns,
// and acknowledgements need not wait behind all of them.
func (e *Engine) turn(ctx context.Context) (done func(), err error) {
	if e.turns == nil {
		return func() {}, nil
	}
	select {
	case e.turns <- struct{}{}:
		return func() { <-e.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// How much is looked at and shown.
const (
	passages  = 16  // passages whose sentences are candidates
	shownHits = 10  // hits reported with an answer
	maxClaims = 5   // claims of one answer
	maxText   = 760 // bytes of quoted text, beyond which no claim is added
	maxAnswer = 900 // characters of an answer with its attributions and markers
)

// Ask answers a question. An error means that the search itself failed (a cancelled context, say); that
// the library does not hold the answer is an Answer, and so is what comes when a model fails.
func (e *Engine) Ask(ctx context.Context, q Question) (Answer, error) {
	start := e.now()
	var deadline time.Time
	if e.generator != nil {
		deadline = time.Now().Add(e.generator.deadline)
	}
	p := planFor(q)
	f, err := e.extract(ctx, &p, q)
	if err == nil && e.generator.drafts(f) {
		f.answer, err = e.generate(ctx, p, q, f, deadline)
	}
	if err != nil {
		return Answer{}, err
	}
	if f.lexical {
		f.answer.Notes = append(slices.Clip(f.answer.Notes), say(p.lang, lexicalOnly))
	}
	f.answer.Took = e.now().Sub(start)
	return f.answer, nil
}

// extract answers a question with sentences of the library.
func (e *Engine) extract(ctx context.Context, plan *plan, q Question) (f found, err error) {
	done, err := e.turn(ctx)
	if err != nil {
		return found{}, fmt.Errorf("answer: %w", err)
	}
	defer done()
	p := *plan
	a := Answer{ID: q.ID, Question: q.Text, Lang: p.lang, Drafter: extractive}
	finish := func() (found, error) {
		*plan, f.answer = p, a
		return f, nil
	}
	if len(p.text) > MaxQuestion {
		p.text = strings.ToValidUTF8(p.text[:MaxQuestion], "")
	}
	if len(lang.Tokens(p.text)) == 0 {
		a.Status, a.Text = OutOfScope, say(p.lang, outOfScope)
		return finish()
	}
	query := newQuery(e.index, p)
	hits, err := e.search(ctx, p, q, func(error) { f.lexical = true })
	if err != nil {
		return found{}, fmt.Errorf("answer: search: %w", err)
	}
	f.query, f.hits = query, hits
	if p.advice {
		a.Hits = e.shown(hits, nil)
		a.Status, a.Text, a.Related = NoAdvice, say(p.lang, noAdvice), related(hits)
		return finish()
	}
	cands := answering(p, e.candidates(p, query, hits))
	a.Hits = e.shown(hits, cands)
	cands = labelled(p, query, cands)
	f.another = len(cands) > 0 && cands[0].mislabelled
	v := e.judge(p, query, cands)
	if !v.covered {
		a.Status, a.Text = NotCovered, say(p.lang, notCovered)
		if v.foreign {
			a.Status, a.Text = OutOfScope, say(p.lang, outOfScope)
		} else {
			a.Related = related(hits)
		}
		if v.correction != nil {
			a.Claims = e.verified([]Claim{claimOf(*v.correction)}, p)
		}
		if len(a.Claims) > 0 {
			f.corrects = true
			a.Status = NotCovered
			number(&a, e.index)
			a.Text = say(p.lang, premise) + " " + compose(e.index, a, p)
			a.Notes = append(a.Notes, say(p.lang, premiseNote))
		}
		return finish()
	}
	chosen, err := e.choose(ctx, p, q, query, cands)
	if err != nil {
		return found{}, fmt.Errorf("answer: search: %w", err)
	}
	f.chosen = chosen
	var drafted []Claim
	for _, c := range chosen {
		drafted = append(drafted, claimOf(c))
	}
	a.Claims = e.verified(drafted, p)
	if len(a.Claims) == 0 {
		a.Status, a.Text, a.Related = NotCovered, say(p.lang, notCovered), related(hits)
		return finish()
	}
	a.Status = Answered
	for {
		number(&a, e.index)
		a.Text = compose(e.index, a, p)
		if utf8.RuneCountInString(a.Text) <= maxAnswer || len(a.Claims) == 1 {
			break
		}
		a.Claims = a.Claims[:len(a.Claims)-1]
	}
	a.Notes = e.notes(p, query, a, chosen[:min(len(chosen), len(a.Claims))])
	if len(a.Claims) < len(drafted) && (p.compare || p.versions || len(p.parts()) > 1) {
		a.Notes = append(a.Notes, say(p.lang, shortened))
	}
	return finish()
}

// extractive is the Drafter of answers made of the sources' own sentences.
const extractive = "extractive"

// shown returns the passages found, in the order of their best sentences.
func (e *Engine) shown(hits []retrieval.Hit, cands []candidate) []Hit {
	best := make([]float64, len(hits))
	for i := range best {
		best[i] = math.Inf(-1)
	}
	for _, c := range cands {
		best[c.hit] = max(best[c.hit], c.score)
	}
	order := make([]int, len(hits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(best[j], best[i]) })
	var out []Hit
	for _, i := range order[:min(len(order), shownHits)] {
		h := hits[i]
		hit := Hit{Article: h.Chunk.Article.ID, Start: h.Chunk.Start, End: h.Chunk.End, Score: h.Score, Quote: h.Chunk.Text()}
		if e.explain {
			hit.Why = why(h)
		}
		out = append(out, hit)
	}
	return out
}

// search finds passages; lost, if not nil, is told when they were found by words alone.
func (e *Engine) search(ctx context.Context, p plan, q Question, lost func(error)) ([]retrieval.Hit, error) {
	text := p.focus
	if p.text != p.focus && len(p.text) < 2*len(p.focus)+80 {
		text = p.text
	}
	if p.context != "" {
		text += " " + p.context
	}
	hits, err := e.index.Search(ctx, retrieval.Query{Text: text, Lang: p.lang, From: q.From, To: q.To, Latest: p.latest, Limit: passages, Explain: e.explain, Lost: lost})
	// The search favours what is of the time; what the asker ruled out is ruled out here.
	return slices.DeleteFunc(hits, func(h retrieval.Hit) bool { return !within(p.bounds, h.Chunk.Article.AsOf(h.Chunk.Span)) }), err
}

// within reports whether a time may be cited under bounds that are open where they are zero. What has no
// date lies within open bounds only.
func within(bounds, t corpus.Period) bool {
	if bounds.IsZero() {
		return true
	}
	if t.IsZero() {
		return false
	}
	if bounds.From.IsZero() {
		bounds.From = corpus.Date{Year: 1}
	}
	if bounds.To.IsZero() {
		bounds.To = corpus.Date{Year: 9999}
	}
	return t.Overlaps(bounds)
}

func why(h retrieval.Hit) string {
	var b strings.Builder
	for i, s := range h.Signals {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %.3f", s.Name, s.Score)
		if s.Rank > 0 {
			fmt.Fprintf(&b, " (#%d)", s.Rank)
		}
	}
	return b.String()
}

// claimOf makes a claim of a sentence: its text is the sentence itself.
func claimOf(c candidate) Claim {
	c.span.Start += dateline(c.article.Text[c.span.Start:c.span.End])
	text := c.article.Text[c.span.Start:c.span.End]
	return Claim{
		Text:      strings.Join(strings.Fields(text), " "),
		Citations: []Citation{{Article: c.article.ID, Start: c.span.Start, End: c.span.End, Quote: text}},
		AsOf:      c.asOf.String(),
	}
}

// dateline returns the length of the place and agency that a news story opens with ("MEXICO CITY
// (Reuters) – "), which are no part of what it says.
func dateline(s string) int {
	for _, dash := range []string{" – ", " — ", " - "} {
		i := strings.Index(s, dash)
		if i < 3 || i > 60 {
			continue
		}
		toks := lang.Tokens(s[:i])
		if len(toks) > 0 && toks[0].Caps && toks[0].End-toks[0].Start > 2 && !strings.ContainsAny(s[:i], ".?!:;") {
			return i + len(dash)
		}
	}
	return 0
}

// verified keeps the claims that pass Verify.
func (e *Engine) verified(claims []Claim, p plan) []Claim {
	var out []Claim
	for _, c := range claims {
		if len(verify.Check(e.index, c, p.text, "").Failed) == 0 {
			out = append(out, c)
		}
	}
	return out
}

// number numbers the sources 1..n in order of first use and dates the answer by its newest evidence.
func number(a *Answer, lib verify.Library) {
	n := map[string]int{}
	a.Sources, a.AsOf = nil, ""
	for i := range a.Claims {
		for j := range a.Claims[i].Citations {
			c := &a.Claims[i].Citations[j]
			if n[c.Article] == 0 {
				art := lib.Article(c.Article)
				if art == nil {
					continue // removed since it was verified
				}
				n[c.Article] = len(n) + 1
				a.Sources = append(a.Sources, Source{N: n[c.Article], Article: art.ID, Title: art.Title, Publisher: art.Publisher,
					Published: art.Published.String(), URL: art.URL, Brief: art.Brief(), Lang: art.Lang})
			}
			c.N = n[c.Article]
		}
		if d := newest(a.Claims[i].AsOf); d > a.AsOf {
			a.AsOf = d
		}
	}
}

// newest returns the later end of a period's ISO form.
func newest(asOf string) string {
	if _, to, ok := strings.Cut(asOf, "/"); ok {
		return to
	}
	return asOf
}

// related names what the library holds nearby: titles of the articles found, best first.
func related(hits []retrieval.Hit) []string {
	var out []string
	seen := map[string]bool{}
	for _, h := range hits {
		t := h.Chunk.Article.Title
		if t == "" || seen[t] || len(out) == 3 {
			continue
		}
		seen[t] = true
		out = append(out, t)
	}
	return out
}

// verdict is whether the candidates answer the question.
type verdict struct {
	covered    bool
	foreign    bool // nothing of the question touches the library
	score      float64
	correction *candidate // a sentence that says otherwise than the question takes for granted
}

// Features of the decision to answer, from the best candidate and the question.
const (
	dBias     = iota
	dCover    // coverage by the sentence
	dExact    // by own stems
	dAround   // by the sentence or those around it
	dDoc      // by anything of the article
	dNames    // names held by the sentence, the passage around it, title or date
	dNumbers  // numbers held
	dPairs    // neighbouring words together
	dWant     // holds what is asked for
	dCommon   // share of the question's words other than names held nearby
	dPassage  // margin of the best passage
	dMargin   // margin over the next candidate from elsewhere
	dWords    // few words in the question
	dKnown    // share of the words that the library knows that the sentence holds
	dNamesIn  // names held by the sentence itself
	dMods     // modifiers held
	dFocus    // the noun asked for is held
	dTop      // the rarest known word is held
	dMiss     // the weight of the heaviest known word held nowhere near, as a share
	dSquare   // square of dAround
	dTopic    // held by sentence, surroundings, title or lead
	dRest     // of the words that title and lead do not hold, the share the sentence or its surroundings do
	dYears    // it is of a year that the question names, or the question names none
	dCount    // unweighted share of the words other than names held by the sentence or its surroundings
	dCountIn  // the same by the sentence alone
	dMissName // a name of the question is held nowhere near
	dMissWord // a word other than a name that the library knows is held nowhere near
	dSpeaks   // the heaviest word of the question other than names is held
	dNearNum  // a number stands by the noun that "how many" counts
	dStrange  // share of the words other than names that the library itself never uses
	dLost     // the same of those among them that nothing near stands for
	nDecision // number of features
)

// threshold is the log-odds from which the best sentence counts as an answer. Below even odds: the fit
// saw as many questions without an answer as with one, and people mostly ask what the library is about.
const threshold = -1.1

// judge decides whether the best candidates answer the question, from how much of it they cover.
func (e *Engine) judge(p plan, q query, cands []candidate) verdict {
	if len(cands) == 0 {
		return verdict{foreign: true}
	}
	d := decisionFeatures(p, q, cands)
	v := verdict{}
	for i, w := range decisionWeights {
		v.score += w * d[i]
	}
	c := cands[0]
	v.covered = v.score >= threshold
	if c.mislabelled {
		v.covered = false
	} else if d[dCover] < 0.2 || d[dLost] >= 0.6 && d[dCover] < 0.35 {
		v.covered = false // hardly a word of the question is the library's
	} else if len(p.parts()) > 1 {
		v.covered = v.score >= threshold-1 // no one sentence need hold all parts
	} else if d[dNumbers] < 1 || d[dYears] < 0.5 && len(p.years) == 1 || d[dMissName] > 0 && !p.followUp && !p.compare && !p.versions ||
		p.list && p.want == wantPerson && c.features[fWant] < 1 || (p.want == wantNumber || p.want == wantName) && c.features[fWant] == 0 {
		v.covered = false // what tells this question from one that the library answers is missing
	}
	known, knownNames := 0, 0
	for i := 0; i < q.told; i++ {
		w := q.words[i]
		held := c.match[i] > 0 || c.near[i] > 0 || c.doc[i] > 0
		if i >= q.own {
			v.covered = v.covered && (!w.Name || held || w.Known || dull.Has(lang.Fold(w.Text)))
			continue
		}
		if held && !w.Name && !dull.Has(lang.Fold(w.Text)) {
			known++
		}
		if held && w.Name {
			knownNames++
		}
		if (w.Name || w.Number) && !held && !w.Known && !dull.Has(lang.Fold(w.Text)) {
			v.covered = false // a name or number that the library has never seen
		}
	}
	if known == 0 && d[dCover] < 0.5 && (knownNames == 0 || hasCommon(q)) && p.context == "" {
		v.covered = false
		v.foreign = knownNames == 0
	}
	if !v.covered && !v.foreign {
		v.correction = correction(p, q, cands)
	}
	return v
}

// wantMargin is how far below the best sentence one may score that holds the kind of thing asked for when
// the best does not.
const wantMargin = 2.0

// answering returns the candidates that say something, rather than tell a machine that reads them what to
// do, and puts first the best one that holds the number or name asked for, when there is one not far below
// the best.
func answering(p plan, cands []candidate) []candidate {
	cands = slices.DeleteFunc(cands, func(c candidate) bool { return c.facts.orders })
	if p.want != wantNumber && p.want != wantName && p.want != wantPerson || len(cands) == 0 {
		return cands
	}
	for i := range cands {
		if cands[i].score < cands[0].score-wantMargin {
			break
		}
		if cands[i].features[fWant] >= 1 {
			return append(append([]candidate{cands[i]}, cands[:i]...), cands[i+1:]...)
		}
	}
	return cands
}

// hasCommon reports whether the question has a word of substance that is no name.
func hasCommon(q query) bool {
	for i := 0; i < q.own; i++ {
		if !q.words[i].Name && !q.words[i].Number && !dull.Has(lang.Fold(q.words[i].Text)) {
			return true
		}
	}
	return false
}

// telling reports whether a name tells the question apart: not the names that every other passage of the
// library holds, such as those of the countries it is about.
func telling(w retrieval.Word) bool { return w.IDF > 1.8 && w.Type != "place" }

func decisionFeatures(p plan, q query, cands []candidate) [nDecision]float64 {
	c := cands[0]
	var d [nDecision]float64
	d[dBias] = 1
	d[dCover] = c.features[fCover]
	d[dExact] = c.features[fExact]
	d[dAround] = q.share(func(i int) float64 { return max(c.match[i], c.near[i]) })
	d[dDoc] = q.share(func(i int) float64 { return max(c.match[i], c.near[i], c.doc[i]) })
	names, held, common, commonHeld := 0.0, 0.0, 0.0, 0.0
	for i, w := range q.words {
		if i >= q.own {
			break
		}
		best := max(c.match[i], 0.9*c.near[i], 0.8*c.doc[i])
		if w.Name {
			names += q.weight[i]
			held += q.weight[i] * best
		} else {
			common += q.weight[i]
			commonHeld += q.weight[i] * max(c.match[i], 0.7*c.near[i])
		}
	}
	d[dNames], d[dCommon] = 1, 1
	if names > 0 {
		d[dNames] = held / names
	}
	if common > 0 {
		d[dCommon] = commonHeld / common
	}
	d[dNumbers] = c.features[fNumbers]
	d[dPairs] = c.features[fPairs]
	d[dWant] = c.features[fWant]
	for _, o := range cands[1:] {
		if o.hit != c.hit {
			d[dMargin] = min(1, max(0, c.score-o.score))
			break
		}
	}
	knownW, knownHeld := 0.0, 0.0
	for i := 0; i < q.own; i++ {
		if !q.words[i].Known {
			continue
		}
		knownW += q.weight[i]
		knownHeld += q.weight[i] * c.match[i]
		if max(c.match[i], c.near[i]) == 0 && q.total > 0 {
			d[dMiss] = max(d[dMiss], q.weight[i]/q.total)
		}
	}
	if knownW > 0 {
		d[dKnown] = knownHeld / knownW
	}
	d[dNamesIn], d[dMods], d[dFocus], d[dTop] = c.features[fNames], c.features[fMods], c.features[fFocus], c.features[fTop]
	d[dYears] = c.features[fYears]
	count, held1, held2, heaviest := 0.0, 0.0, 0.0, -1
	for i := 0; i < q.own; i++ {
		w := q.words[i]
		if dull.Has(lang.Fold(w.Text)) {
			continue
		}
		near := max(c.match[i], c.near[i])
		if w.Name {
			if max(near, c.doc[i], c.topic[i]) == 0 && telling(w) {
				d[dMissName] = 1
			}
			continue
		}
		if w.Number {
			continue
		}
		count++
		if q.stranger[i] {
			d[dStrange]++
			if near < 0.4 {
				d[dLost]++
			}
		}
		if c.match[i] >= 0.2 {
			held1++
		}
		if near >= 0.2 {
			held2++
		} else if w.Known {
			d[dMissWord] = 1
		}
		if heaviest < 0 || q.weight[i] > q.weight[heaviest] {
			heaviest = i
		}
	}
	d[dCount], d[dCountIn], d[dSpeaks] = 1, 1, 1
	if count > 0 {
		d[dStrange] /= count
		d[dLost] /= count
		d[dCountIn], d[dCount], d[dSpeaks] = held1/count, held2/count, max(c.match[heaviest], c.near[heaviest])
	}
	d[dNearNum] = c.features[fNearNum]
	d[dTopic] = q.share(func(i int) float64 { return max(c.match[i], c.near[i], c.topic[i]) })
	d[dRest] = min(1, c.features[fRest]+c.features[fRestNear])
	d[dSquare] = d[dAround] * d[dAround]
	d[dPassage] = c.features[fPassage]
	d[dWords] = 1 / float64(1+q.own)
	return d
}

// correction finds a sentence that holds nearly all of the question but another number of the same unit
// or another year than the question takes for granted.
func correction(p plan, q query, cands []candidate) *candidate {
	if len(p.numbers) == 0 && len(p.years) == 0 {
		return nil
	}
	for i := range cands[:min(len(cands), 5)] {
		c := &cands[i]
		if c.mislabelled {
			continue
		}
		rest, held := 0.0, 0.0
		for j := 0; j < q.own; j++ {
			if q.words[j].Number {
				continue
			}
			rest += q.weight[j]
			held += q.weight[j] * max(c.match[j], 0.6*c.near[j], 0.5*c.doc[j])
		}
		if rest == 0 || held/rest < 0.7 {
			continue
		}
		for _, n := range p.numbers {
			if p.inLabel(n) {
				continue
			}
			other := false
			for _, m := range c.numbers {
				if n.Same(m) {
					other = false
					break
				}
				other = other || !m.Year && (m.Unit == n.Unit)
			}
			if other {
				return c
			}
		}
	}
	return nil
}

// choose picks the fewest sentences that answer, in the order in which they are to be read.
func (e *Engine) choose(ctx context.Context, p plan, asked Question, q query, cands []candidate) ([]candidate, error) {
	if parts := p.parts(); len(parts) > 1 {
		out, err := e.perPart(ctx, p, asked, cands, parts)
		if err != nil || len(out) > 1 || len(out) == 1 && !p.compare {
			return out, err
		}
	}
	if p.versions || p.compare {
		if out := versions(q, cands); len(out) > 1 {
			return out, nil
		}
	}
	out := []candidate{e.withSubject(cands[0], q)}
	size := len(cands[0].text)
	covered := make([]float64, len(q.words))
	take := func(c candidate) {
		for i := range covered {
			covered[i] = max(covered[i], c.match[i], 0.5*c.doc[i])
		}
	}
	take(cands[0])
	limit := 2
	if p.summary || p.list {
		limit = 3
	}
	for len(out) < limit {
		best, gain := -1, 0.0
		for i, c := range cands[:min(len(cands), 24)] {
			if c.score < 0.45*cands[0].score || taken(out, c) || size+len(c.text) > maxText {
				continue
			}
			g := q.share(func(i int) float64 { return max(0, c.match[i]-covered[i]) })
			if c.article == cands[0].article && c.hit == cands[0].hit {
				g *= 1.1 // what stands beside the first is likelier to complete it
			}
			if g > gain {
				best, gain = i, g
			}
		}
		need := 0.3
		if p.summary {
			need = 0.1
		}
		if best < 0 || gain < need {
			break
		}
		out = append(out, cands[best])
		size += len(cands[best].text)
		take(cands[best])
	}
	for _, c := range cands[1:min(len(cands), 6)] {
		if len(out) >= 3 || chance(cands, c) < alsoLikely {
			break
		}
		if !taken(out, c) && size+len(c.text) <= maxText {
			out = append(out, c)
			size += len(c.text)
		}
	}
	if p.want == wantNumber && len(out) == 1 {
		if c := rival(q, cands); c != nil && size+len(c.text) <= maxText {
			out = append(out, *c)
		}
	}
	return out, nil
}

// alsoLikely is the probability of being the answer from which a sentence stands beside the best one.
const alsoLikely = 0.16

// chance is the probability that a candidate is the answer, by the model that ranks them: a softmax over
// their scores.
func chance(cands []candidate, c candidate) float64 {
	sum := 0.0
	for _, o := range cands {
		sum += math.Exp(o.score - cands[0].score)
	}
	return math.Exp(c.score-cands[0].score) / sum
}

func taken(out []candidate, c candidate) bool {
	for _, o := range out {
		if o.article == c.article && o.span.Start < c.span.End && c.span.Start < o.span.End {
			return true
		}
	}
	return false
}

// withSubject widens a sentence by the one before it when a name that the question asks about stands
// there and not in the sentence itself, so that the quote shows whom it speaks of.
func (e *Engine) withSubject(c candidate, q query) candidate {
	if c.prev.End == 0 || c.prev.End > c.span.Start || len(c.text)+c.prev.End-c.prev.Start > 480 {
		return c
	}
	r := e.readings.of(e.index, c.article)
	if r.sentence(c.article, c.prev).orders {
		return c
	}
	s := e.read(q, c.article, r, nil, c.prev, true)
	for i := 0; i < q.own; i++ {
		if q.words[i].Name && c.match[i] == 0 && s.match[i] > 0 && c.doc[i] == 0 {
			c.span.Start = c.prev.Start
			c.text = c.article.Text[c.span.Start:c.span.End]
			return c
		}
	}
	return c
}

// rival finds a sentence of another source that covers the question as well as the best one and gives
// another number in the same unit: the sources differ, and both are shown.
func rival(q query, cands []candidate) *candidate {
	top := cands[0]
	for i := range cands[1:min(len(cands), 12)] {
		c := &cands[1+i]
		if c.article.ID == top.article.ID || c.features[fCover] < 0.85*top.features[fCover] || c.score < 0.8*top.score || c.features[fWant] < 1 {
			continue
		}
		for j, w := range q.words {
			if (w.Name || w.Number) && top.match[j] > 0 && max(c.match[j], c.doc[j]) == 0 {
				c = nil
				break
			}
		}
		if c == nil {
			continue
		}
		same, other := false, false
		for _, n := range top.numbers {
			for _, m := range c.numbers {
				if n.Year || m.Year {
					continue
				}
				same = same || n.Same(m)
				other = other || n.Unit == m.Unit
			}
		}
		if other && !same {
			return c
		}
	}
	return nil
}
