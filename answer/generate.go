package answer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"policybot/answer/verify"
	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// How a model drafts.
//
//	question ── extractive answer, at once ──────────────────────────────────────────────┐
//	   └─ cache? ─ flight (one per equal question) ─ budget ─ passages ─ Stream            │ when nothing is left,
//	        each line: parse → find the quotes → form, Verify, support → accepted ─ OnClaim │ or the deadline comes
//	        rejected: one repair of all of them ─ judge (may only reject) ──────────────────┘
//
// The extractive answer is made first and is what is given when the model fails in any way. A model is
// never waited for beyond the deadline, even one that does not listen to its context.

// Defaults of the Options that are for a model.
const (
	DefaultDeadline     = 20 * time.Second
	DefaultPromptTokens = 4000
	DefaultReplyTokens  = 1200
	DefaultCacheSize    = 512
	DefaultCacheTTL     = time.Hour
	DefaultCalls        = 128
)

const (
	margin     = 500 * time.Millisecond // before the deadline, at which the model is left and the answer made
	maxQueries = 3                      // other queries for one question
	settleWait = 2 * time.Second        // for a model that was stopped to say what it cost
	recordTime = 5 * time.Second        // for the ledger
	askTime    = 5 * time.Second        // at most for other queries, and at most a quarter of the time left
	repairTime = 2 * time.Second        // of the time left, below which no repair or judgement is begun
)

// Words of the product's own about the model.
var (
	modelFailed = phrase{"The language model gave no usable answer in time; this one is made of the sources' own words.", "El modelo de lenguaje no dio a tiempo una respuesta utilizable; esta se compone de las propias palabras de las fuentes."}
	overBudget  = phrase{"The budget for the language model is used up for now; this answer is made of the sources' own words.", "El presupuesto del modelo de lenguaje está agotado por ahora; esta respuesta se compone de las propias palabras de las fuentes."}
)

// generator drafts with a model. It is safe for concurrent use.
type generator struct {
	model   Model
	judge   bool
	reach   bool // ask the model also when the library seems not to hold the answer
	rewrite bool
	// deadline is for the whole answer.
	deadline     time.Duration
	promptTokens int
	replyTokens  int
	prompts      prompts
	budget       budget
	answers      *cache[[]Claim]
	queries      *cache[[]string]
	flights      flights
	slots        chan struct{} // requests in flight, those walked away from included
	settling     sync.WaitGroup
	meter        Meter
	log          *slog.Logger
	now          func() time.Time
}

func newGenerator(o Options) *generator {
	if o.Model == nil {
		return nil
	}
	price, priced := o.Prices[o.Model.Name()]
	g := &generator{
		model: o.Model, judge: o.Judge, reach: o.Reach, rewrite: o.Rewrite,
		deadline: o.Deadline, promptTokens: o.PromptTokens, replyTokens: o.ReplyTokens,
		prompts: newPrompts(),
		budget:  budget{ledger: o.Ledger, limits: o.Limits, price: price, priced: priced, now: o.Now},
		meter:   o.Meter, log: o.Log, now: o.Now,
	}
	if g.deadline <= 0 {
		g.deadline = DefaultDeadline
	}
	if g.promptTokens <= 0 {
		g.promptTokens = DefaultPromptTokens
	}
	if g.replyTokens <= 0 {
		g.replyTokens = DefaultReplyTokens
	}
	size, ttl, calls := o.CacheSize, o.CacheTTL, o.Calls
	if size == 0 {
		size = DefaultCacheSize
	}
	if ttl <= 0 {
		ttl = DefaultCacheTTL
	}
	if calls <= 0 {
		calls = DefaultCalls
	}
	g.answers, g.queries = newCache[[]Claim](size, ttl, o.Now), newCache[[]string](size, ttl, o.Now)
	g.slots = make(chan struct{}, calls)
	if g.budget.ledger == nil && o.Limits != (Limits{}) {
		g.budget.ledger = new(MemoryLedger)
	}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if g.meter == nil {
		g.meter = unmetered{}
	}
	return g
}

// drafting is what came of asking a model: verified claims, or why there are none.
type drafting struct {
	claims []Claim
	err    error // nil: the model has finished; claims may be there beside an error
}

// found is what the extractive drafter knows of a question when it has answered it.
type found struct {
	answer   Answer
	hits     []retrieval.Hit
	query    query
	chosen   []candidate
	corrects bool // it corrects what the question takes for granted
	another  bool // it names by number, such as Title 42, what the library holds only others of
	lexical  bool // the question could not be embedded: the hits were found by their words alone
}

// drafts reports whether the model is asked to draft. It never is for what is out of scope or asks for
// advice, nor where a premise was corrected or a name or figure asked about is foreign to the library.
func (g *generator) drafts(f found) bool {
	switch {
	case g == nil || len(f.hits) == 0 || f.corrects || f.another:
		return false
	case f.answer.Status == Answered:
		return true
	}
	return f.answer.Status == NotCovered && g.reach && !strange(f.query)
}

// generate answers with the model's claims, or as the extractive drafter did.
func (e *Engine) generate(ctx context.Context, p plan, q Question, f found, deadline time.Time) (Answer, error) {
	g := e.generator
	key := g.key(e.index, p, q)
	if f.lexical {
		key += " by words" // is not kept for when there is more to be found
	}
	shown := 0
	show := func(claims []Claim) {
		for _, c := range claims {
			shown++
			if q.OnClaim != nil {
				q.OnClaim(copied(c))
			}
		}
	}
	if claims, ok := g.answers.get(key); ok {
		if a, ok := e.assembled(p, f, claims); ok {
			show(a.Claims)
			g.meter.Answered(ByCache)
			return a, nil
		}
	}
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		deadline = end
	}
	left := time.Until(deadline)
	fl := g.flights.join(ctx, key, deadline.Add(-min(margin, left/20)), func(ctx context.Context, show func(Claim)) (d drafting) {
		defer func() {
			if r := recover(); r != nil {
				g.log.Error("drafting panicked", "panic", r)
				d.err = errors.New("answer: drafting panicked")
			}
		}()
		d = e.draft(ctx, p, q, f, show)
		if d.err == nil && len(d.claims) > 0 {
			g.answers.put(key, d.claims)
		}
		return d
	})
	defer g.flights.leave(key, fl)
	timer := time.NewTimer(left)
	defer timer.Stop()
	var claims []Claim
	var failed error
	for done := false; !done; {
		var fresh []Claim
		var news <-chan struct{}
		fresh, done, news = fl.after(shown)
		show(fresh)
		claims = append(claims, fresh...)
		if done {
			failed = fl.result.err
			break
		}
		if len(fresh) > 0 {
			continue
		}
		select {
		case <-news:
		case <-timer.C:
			failed, done = context.DeadlineExceeded, true
		case <-ctx.Done():
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return Answer{}, fmt.Errorf("answer: %w", ctx.Err())
			}
			failed, done = ctx.Err(), true // whoever asked has no more time: what there is has to do
		}
	}
	if a, ok := e.assembled(p, f, claims); ok {
		g.meter.Answered(ByModel)
		return a, nil
	}
	a := f.answer
	switch {
	case failed == nil:
		g.meter.Answered(BySources)
	case errors.Is(failed, errOverBudget):
		g.meter.Answered(OverBudget)
		a.Notes = append(slices.Clip(a.Notes), say(p.lang, overBudget))
	default:
		g.meter.Answered(ByFallback)
		a.Notes = append(slices.Clip(a.Notes), say(p.lang, modelFailed))
	}
	return a, nil
}

// key is what two questions have to share for one draft to serve both.
func (g *generator) key(ix Index, p plan, q Question) string {
	h := sha256.New()
	put := func(parts ...string) {
		for _, s := range parts {
			fmt.Fprintf(h, "%d:%s", len(s), s)
		}
	}
	put(ix.Version(), g.model.Name(), g.prompts.version, p.lang, p.bounds.From.String(), p.bounds.To.String(), g.now().UTC().Format(time.DateOnly))
	put(normalised(p.text))
	for _, t := range q.History {
		put(normalised(Clean(t.Q)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// normalised makes questions equal that differ in case, space and the marks around them.
func normalised(s string) string {
	return strings.Trim(strings.ToLower(s), " ?¿!¡.,;:\"'“”«»")
}

// copied returns a claim that shares no memory with another's numbering.
func copied(c Claim) Claim {
	c.Citations = slices.Clone(c.Citations)
	return c
}

// assembled makes the answer of verified claims. It fails when an article has gone meanwhile, or there
// are no claims.
func (e *Engine) assembled(p plan, f found, claims []Claim) (Answer, bool) {
	a, lib := f.answer, pin(e.index)
	a.Claims, a.Related = nil, nil
	for _, c := range claims {
		if verify.CitationsHold(lib, c) {
			a.Claims = append(a.Claims, copied(c))
		}
	}
	if len(a.Claims) == 0 {
		return a, false
	}
	a.Status, a.Drafter = Answered, modelDrafter+e.generator.model.Name()
	number(&a, lib)
	a.Text = compose(lib, a, p)
	var cited []candidate
	for _, c := range a.Claims {
		art := lib.Article(c.Citations[0].Article)
		dates := lang.Dates(c.Text)
		cited = append(cited, candidate{article: art, asOf: periodOf(lib, c.Citations),
			numbers: slices.DeleteFunc(lang.Numbers(c.Text), func(n lang.Number) bool { return !n.Year && inDate(dates, n) })})
	}
	a.Notes = e.notes(p, f.query, a, cited)
	return a, true
}

// pinned is a library whose articles, once looked up, stay as they were, though they may be replaced or
// removed meanwhile. It is for one goroutine.
type pinned struct {
	Index
	seen map[string]*corpus.Article
}

func pin(ix Index) *pinned { return &pinned{ix, map[string]*corpus.Article{}} }

// Article returns the article of that id as it was when first looked up, or nil.
func (p *pinned) Article(id string) *corpus.Article {
	a, ok := p.seen[id]
	if !ok {
		a = p.Index.Article(id)
		p.seen[id] = a
	}
	return a
}

// modelDrafter begins the Drafter of answers whose claims a model has written.
const modelDrafter = "model:"

// periodOf spans the dates of what is cited.
func periodOf(lib verify.Library, cites []Citation) corpus.Period {
	var out corpus.Period
	for _, c := range cites {
		p := lib.Article(c.Article).AsOf(corpus.Span{Start: c.Start, End: c.End})
		if p.To.IsZero() {
			p.To = p.From
		}
		if p.IsZero() {
			continue
		}
		if out.IsZero() {
			out = p
			continue
		}
		if p.From.First().Before(out.From.First()) {
			out.From = p.From
		}
		if p.To.Last().After(out.To.Last()) {
			out.To = p.To
		}
	}
	return out
}

// draft asks the model, repairs once, and lets it judge. It calls show for each claim that may be shown.
func (e *Engine) draft(ctx context.Context, p plan, q Question, f found, show func(Claim)) drafting {
	g := e.generator
	hits, err := e.more(ctx, p, q, f)
	if err != nil {
		return drafting{err: err}
	}
	passages := passagesFor(f.chosen, hits, p.bounds, g.promptTokens)
	if len(passages) == 0 {
		return drafting{}
	}
	s := &sifter{prompts: g.prompts, lib: pin(e.index), p: p, q: f.query, covered: f.answer.Status == Answered, passages: passages, show: show}
	for _, ps := range passages {
		s.lib.seen[ps.article.ID] = ps.article
	}
	if g.judge {
		s.show = func(Claim) {}
	}
	r := g.prompts.draftRequest(p, q, s.passages, g.now())
	r.MaxTokens = g.replyTokens
	who := payer{q.Person, q.Guild}
	err = g.call(ctx, who, "draft", r, s.line)
	if err == nil && len(s.rejected) > 0 && !s.full() && timeLeft(ctx, repairTime) {
		r.Messages = append(slices.Clip(r.Messages), s.repair()...)
		s.again()
		if again := g.call(ctx, who, "repair", r, s.line); again != nil {
			g.log.Info("no repair", "err", again)
		}
	}
	if err != nil && !errors.Is(err, errOverBudget) {
		g.log.Warn("the model failed", "model", g.model.Name(), "claims", len(s.accepted), "err", err)
	}
	if err == nil && s.drafted == 0 && !s.reader.none {
		err = errors.New("answer: the model wrote no claim")
	}
	if g.judge && len(s.accepted) > 0 {
		s.accepted = g.judged(ctx, who, s.accepted)
		s.number() // a source that only rejected claims cite has no number
		for _, c := range s.accepted {
			show(copied(c))
		}
	}
	if err == nil && len(s.accepted) == 0 && s.drafted > 0 {
		err = errUnproven
	}
	return drafting{claims: s.accepted, err: err}
}

var errUnproven = errors.New("answer: no claim of the model could be proven")

// timeLeft reports whether a context leaves at least that long.
func timeLeft(ctx context.Context, d time.Duration) bool {
	end, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(end) >= d)
}

// errEnough stops a model that has written as much as an answer takes.
var errEnough = errors.New("enough claims")

// sifter takes a model's lines and keeps the claims that may be shown.
type sifter struct {
	prompts  prompts
	lib      *pinned // with the articles as the model sees them
	p        plan
	q        query
	covered  bool // the extractive drafter found an answer too
	passages []passage
	show     func(Claim)

	reader   draftReader
	accepted []Claim
	rejected []rejection
	drafted  int  // claims read
	second   bool // in the repair: what is rejected now is dropped
	ended    bool // the answer is as long as it may be
}

// rejection is a claim that may not be shown, and the checks that it failed, each with what it found
// wanting where that is known.
type rejection struct {
	drafted
	failed []fault
}

type fault struct{ check, why string }

// full reports whether no further claim can be taken.
func (s *sifter) full() bool { return s.ended || len(s.accepted) >= maxClaims }

// again readies the sifter for the repair.
func (s *sifter) again() {
	s.second, s.rejected = true, nil
	s.reader = draftReader{none: s.reader.none}
}

func (s *sifter) line(text string) error {
	drafts, err := s.reader.line(text)
	for _, d := range drafts {
		s.take(d)
		if s.full() {
			return errEnough
		}
	}
	return err
}

// take verifies one claim, and shows or rejects it.
func (s *sifter) take(d drafted) {
	s.drafted++
	c, failed := s.prove(d)
	if len(failed) > 0 {
		if !s.second && len(s.rejected) < maxRejects {
			s.rejected = append(s.rejected, rejection{d, failed})
		}
		return
	}
	if slices.ContainsFunc(s.accepted, func(o Claim) bool { return sameClaim(o, c) }) {
		return
	}
	if next := append(slices.Clip(s.accepted), c); len(s.accepted) > 0 && s.length(next) > maxAnswer {
		s.ended = true
		return
	}
	s.accepted = append(s.accepted, c)
	s.number()
	s.show(copied(s.accepted[len(s.accepted)-1]))
}

// length is that of the answer of these claims, in characters.
func (s *sifter) length(claims []Claim) int {
	a := Answer{Lang: s.p.lang, Drafter: modelDrafter}
	for _, c := range claims {
		a.Claims = append(a.Claims, copied(c))
	}
	number(&a, s.lib)
	return utf8.RuneCountInString(compose(s.lib, a, s.p))
}

// number numbers the sources of the claims taken, in order of first use; a number once given stays.
func (s *sifter) number() {
	a := Answer{Claims: s.accepted}
	number(&a, s.lib)
}

// prove makes a claim of a draft, or says which checks it fails.
func (s *sifter) prove(d drafted) (Claim, []fault) {
	c := Claim{Text: tidied(d.Text)}
	if !formed(c.Text) {
		return Claim{}, []fault{{check: "form"}}
	}
	if len(d.Cites) == 0 || len(d.Cites) > maxCites {
		return Claim{}, []fault{{check: "citation"}}
	}
	var from []*passage
	for _, cite := range d.Cites {
		if cite.P < 1 || int(cite.P) > len(s.passages) {
			return Claim{}, []fault{{check: "citation"}}
		}
		found, failed := s.passages[cite.P-1].locate(cite.Quote)
		if failed != "" {
			return Claim{}, []fault{{check: failed}}
		}
		from = append(from, &s.passages[cite.P-1])
		if !slices.Contains(c.Citations, found) {
			c.Citations = append(c.Citations, found)
		}
	}
	if linked(c.Text, from) {
		return Claim{}, []fault{{check: "form"}}
	}
	c.Citations = joined(c.Citations)
	c.AsOf = periodOf(s.lib, c.Citations).String()
	var failed []fault
	fails := func(check string) { failed = append(failed, fault{check: check}) }
	if l := lang.Detect(c.Text); l != "" && l != s.p.lang {
		fails("language")
	}
	if s.prompts.repeats(c.Text, c.Citations) {
		fails("prompt")
	}
	if instructs(c.Text) {
		fails("instruction")
	}
	v := verify.Check(s.lib, c, s.evidence(c), s.p.lang)
	for i, check := range v.Failed {
		failed = append(failed, fault{check, v.Why[i]})
	}
	if len(failed) == 0 && support(s.lib, c, s.p.lang) < minSupport {
		fails("support")
	}
	if len(failed) == 0 && (!touches(s.lib, c, s.q) || !s.covered && !holdsNames(s.lib, from, s.q)) {
		fails("question")
	}
	return c, failed
}

// evidence is what a claim may draw on besides its quotes: the words of the asker, and the names of those
// who published what it cites, since a claim is asked to say who says it.
func (s *sifter) evidence(c Claim) string {
	out := s.p.text
	for _, ct := range c.Citations {
		if name := s.lib.Article(ct.Article).Publisher; name != "" && !strings.Contains(out, name) {
			out += " (" + name + ")"
		}
	}
	return out
}

// Bounds of a quote.
const (
	minQuote = 8    // bytes
	maxQuote = 1200 // bytes of the sentences that it stands in
)

// locate finds a quote in the passage, up to space, quotation marks and dashes, and cites the whole
// sentences that it stands in: what a sentence denies must not be quotable without the denial.
func (p *passage) locate(quote string) (c Citation, failed string) {
	if len(quote) > maxQuote {
		return c, "quote"
	}
	quote = strings.Trim(Clean(quote), " \"'“”‘’«»")
	text := p.article.Text[p.span.Start:p.span.End]
	sp, ok := verify.FindQuote(text, quote)
	if !ok {
		quote = strings.TrimRight(strings.TrimSuffix(quote, "..."), "… ") // shortened at its end only
		if sp, ok = verify.FindQuote(text, quote); !ok {
			sp, ok = verify.FindQuote(text, strings.NewReplacer("‹", "<", "›", ">").Replace(quote))
		}
	}
	if !ok || len(quote) < minQuote && len(quote) < len(strings.TrimSpace(text)) {
		return c, "quote"
	}
	sp.Start, sp.End = sp.Start+p.span.Start, sp.End+p.span.Start
	for _, w := range p.withheld {
		if w.Start < sp.End && sp.Start < w.End {
			return c, "instruction"
		}
	}
	out := corpus.Span{Start: -1}
	for _, s := range p.sentences {
		if s.Start < sp.End && sp.Start < s.End {
			if out.Start < 0 {
				out.Start = s.Start
			}
			out.End = s.End
		}
	}
	if out.Start < 0 || out.End-out.Start > maxQuote {
		return c, "quote"
	}
	return Citation{Article: p.article.ID, Start: out.Start, End: out.End, Quote: p.article.Text[out.Start:out.End]}, ""
}

// joined drops citations that lie within another of the same article.
func joined(cites []Citation) []Citation {
	var out []Citation
	for i, c := range cites {
		inside := false
		for j, o := range cites {
			inside = inside || i != j && o.Article == c.Article && o.Start <= c.Start && c.End <= o.End && (o != c || j < i)
		}
		if !inside {
			out = append(out, c)
		}
	}
	return out
}

// sameClaim reports whether two claims say one thing in nearly the same words, from the same article.
func sameClaim(a, b Claim) bool {
	aw, bw := words(a.Text), words(b.Text)
	if slices.Equal(aw, bw) {
		return true
	}
	if a.Citations[0].Article != b.Citations[0].Article {
		return false
	}
	in := map[string]bool{}
	for _, w := range aw {
		in[w] = true
	}
	both, only := 0, map[string]bool{}
	for _, w := range bw {
		if in[w] {
			both++
			delete(in, w)
		} else if !slices.Contains(aw, w) {
			only[w] = true
		}
	}
	// One says nothing that the other does not, or they differ by hardly a word and by no figure.
	if len(only) == 0 || len(in) == 0 {
		return true
	}
	for w := range only {
		in[w] = true
	}
	for w := range in {
		if w[0] >= '0' && w[0] <= '9' || lang.IsNumber(w) || modifierClass[w] != 0 {
			return false
		}
	}
	return float64(both) >= 0.85*float64(both+len(in))
}

// reasons say to the model what a failed check means.
var reasons = map[string]string{
	"form":        "the text is not one plain sentence, or holds an address, a mention, markup or a reference number, or is too long",
	"citation":    "it cites no passage, too many, or one that was not given",
	"quote":       "the quote does not stand in the passage it names, letter by letter, or is too short or too long",
	"language":    "the text is not in the language of the question",
	"prompt":      "the text is not about the passages",
	"instruction": "it is an instruction and not a statement",
	"support":     "the quote does not say what the text says",
	"question":    "it does not answer the question",
	"number":      "a number or unit of the text does not stand in the quotes",
	"date":        "a date of the text agrees with none in the quotes or of the passage",
	"name":        "a name of the text does not stand in the quotes",
	"polarity":    "the text affirms what the quotes deny, or the reverse",
	"hedge":       "the quotes tell of a plan, proposal or possibility, and the text of a fact",
	"attribution": "the quotes say who claims it, and the text does not, or says another",
	"roles":       "the text swaps who did what to whom, or which number belongs to whom",
	"merged":      "the text joins what its quotes say apart; make a claim of each",
	"quantifier":  "the text says all, none, only, first or most where the quotes do not",
}

// repair writes the turns that ask for the rejected claims again: what the model wrote, as we read it,
// and why it was not taken.
func (s *sifter) repair() []Message {
	type line struct {
		Line    string
		Reasons []string
	}
	var lines []line
	var wrote strings.Builder
	for _, r := range s.rejected {
		l := line{Line: asJSON(r.drafted)}
		for _, f := range r.failed {
			reason := cmp.Or(reasons[f.check], "the check of its "+f.check+" failed")
			if why := strings.TrimPrefix(f.why, f.check+": "); why != "" {
				reason += " (" + clip(asData(why), 120) + ")"
			}
			l.Reasons = append(l.Reasons, reason)
		}
		lines = append(lines, l)
		wrote.WriteString(l.Line + "\n")
	}
	return []Message{{Role: "assistant", Text: wrote.String()}, {Role: "user", Text: s.prompts.write("repair.txt", struct{ Rejected []line }{lines})}}
}
