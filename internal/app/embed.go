package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"policybot/answer"
	"policybot/corpus"
	"policybot/internal/openai"
	"policybot/internal/store"
	"policybot/retrieval"
)

// embedModel is an embedder as the settings name it: everything that decides its vectors, and where it is.
type embedModel struct {
	Model          string `json:"model"`
	BaseURL        string `json:"base_url"`
	APIType        string `json:"api_type"`
	APIVersion     string `json:"api_version"`
	Dimensions     int64  `json:"dimensions"`
	QuestionPrefix string `json:"question_prefix"`
	PassagePrefix  string `json:"passage_prefix"`
}

// wanted is the embedder of the settings; its Model is "" when that is the offline one.
func (e *env) wanted() embedModel {
	c := &e.config.Embeddings
	return embedModel{c.Model, c.BaseURL, c.APIType, c.APIVersion, c.Dimensions, c.QuestionPrefix, c.PassagePrefix}
}

// sameEndpoint reports whether two are reached in one way. A key is for one endpoint and sent to no other.
func (m embedModel) sameEndpoint(o embedModel) bool {
	return m.BaseURL == o.BaseURL && m.APIType == o.APIType && m.APIVersion == o.APIVersion
}

// remote is an embedder of an endpoint. Passages are embedded by one client, which is patient; questions by
// another, which is not: somebody waits, and the search can do without. Each has a breaker of its own.
type remote struct {
	of                  embedModel
	host                string
	passages, questions *openai.Embedder
	guessed             bool // how long its vectors are is not known: it can estimate, not embed
}

var _ retrieval.Embedder = (*remote)(nil)

func (r *remote) Model() string { return r.passages.Model() }
func (r *remote) Dim() int      { return r.passages.Dim() }

func (r *remote) Embed(ctx context.Context, p retrieval.Purpose, texts []string) ([][]float32, error) {
	if p == retrieval.Question {
		return r.questions.Embed(ctx, p, texts)
	}
	return r.passages.Embed(ctx, p, texts)
}

const (
	// questionTime is how long a question waits for its vector, all attempts together.
	questionTime = 2500 * time.Millisecond
	// questionPause is for how long, after one that got none, none is asked for.
	questionPause = 15 * time.Second

	// A request has at most so many passages, and so many tokens by our estimate. What it gives is stored
	// before the next one: more would be lost at once, fewer take longer.
	embedTexts    = 64
	embedTokens   = 16_000
	embedParallel = 2

	// embedGrace is for how long an interrupted run waits for requests under way, which are paid for.
	embedGrace = 5 * time.Second
)

var (
	questionLimits = openai.Limits{Connect: questionTime, FirstByte: questionTime, Idle: questionTime, Total: questionTime,
		Retries: 1, Backoff: 100 * time.Millisecond, MaxWait: 500 * time.Millisecond, Failures: 1, Pause: questionPause}
	passageLimits = openai.Limits{Total: 5 * time.Minute, Retries: 4, MaxWait: time.Minute}
)

// remote makes the embedder m. How long its vectors are is known from those stored, from the settings, or
// from the model's name; else the endpoint is asked, or, without ask, the embedder is one to estimate with.
// log, which may be nil, gets what the clients have to say.
func (e *env) remote(ctx context.Context, s *store.Store, m embedModel, ask bool, log *slog.Logger) (*remote, error) {
	client := func(l openai.Limits) (*openai.Client, error) {
		return openai.New(openai.Options{BaseURL: m.BaseURL, APIKey: e.embeddingsKey(), APIType: m.APIType, APIVersion: m.APIVersion,
			Limits: l, Now: e.Now, Log: log})
	}
	fail := func(err error) (*remote, error) {
		return nil, &hinted{fmt.Errorf("embeddings: %w", err), e.embedHint(err)}
	}
	patient, err := client(passageLimits)
	if err != nil {
		return fail(err)
	}
	quick, err := client(questionLimits)
	if err != nil {
		return fail(err)
	}
	o := openai.EmbedOptions{Model: m.Model, Dimensions: int(m.Dimensions),
		QuestionPrefix: prefix(m.QuestionPrefix), PassagePrefix: prefix(m.PassagePrefix),
		Batch: embedTexts, BatchTokens: embedTokens, Parallel: embedParallel, Used: e.spender(ctx, s, m.Model, log)}
	r := &remote{of: m, host: patient.Host()}

	stored, err := s.Models(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(stored, func(a, b store.Model) int { return cmp.Compare(b.Vectors, a.Vectors) })
	for _, have := range stored {
		o.Dim = have.Dim
		if r.passages, err = patient.Embedder(ctx, o); err != nil {
			return fail(err)
		}
		if r.passages.Model() == have.Name {
			r.questions, err = quick.Embedder(ctx, o)
			return r, err
		}
	}
	o.Dim = 0
	first := ctx
	if !ask {
		// An embedder whose length is known asks nothing; another fails here before it does.
		var cancel context.CancelFunc
		first, cancel = context.WithCancel(ctx)
		cancel()
	}
	r.passages, err = patient.Embedder(first, o)
	if err != nil && !ask && ctx.Err() == nil && openai.KindOf(err) == openai.Canceled {
		r.guessed, o.Dim = true, 1
		r.passages, err = patient.Embedder(ctx, o)
	}
	if err != nil {
		return fail(err)
	}
	o.Dim = r.passages.Dim()
	r.questions, err = quick.Embedder(ctx, o)
	return r, err
}

// prefix is what a setting says of a prefix: nil is what is known of the model.
func prefix(s string) *string {
	if s == "auto" {
		return nil
	}
	return &s
}

// spender returns what records the tokens of each request in the ledger, where there is one.
func (e *env) spender(ctx context.Context, s *store.Store, model string, log *slog.Logger) func(int, bool) {
	if s == nil || s.ReadOnly() {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // it is spent, whoever has gone
	var once sync.Once
	return func(tokens int, estimated bool) {
		err := s.Ledger().Record(ctx, answer.SpendEntry{At: e.Now(), Model: model, Purpose: "embed",
			Usage: answer.Usage{Prompt: tokens}, Micros: e.embedCost(tokens)})
		if err != nil && log != nil {
			once.Do(func() { log.Warn("what embedding costs is not recorded", "err", err) })
		}
	}
}

// embedCost is what so many tokens cost, in millionths.
func (e *env) embedCost(tokens int) int64 {
	return int64(math.Round(float64(tokens) * e.config.Embeddings.Price)) // which is of a million tokens
}

// lastSetting is where the store keeps which embedder of an endpoint last had all passages.
const lastSetting = "embeddings.last"

// last returns that embedder, if there was one.
func last(ctx context.Context, s *store.Store) (m embedModel, ok bool) {
	value, ok, err := s.Setting(ctx, lastSetting)
	if err != nil || !ok || json.Unmarshal([]byte(value), &m) != nil {
		return embedModel{}, false // it spares work, no more
	}
	return m, m.Model != ""
}

// setLast remembers that an embedder has all passages.
func setLast(ctx context.Context, s *store.Store, m embedModel) error {
	if before, ok := last(ctx, s); ok && before == m || s.ReadOnly() {
		return nil
	}
	value, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.SetSetting(ctx, lastSetting, string(value))
}

// fillRemote fills the index with vectors of the settings' embedder if all are there, or else of the last
// one of the same endpoint that had all. It embeds nothing. It reports whether it could; if not, the offline
// embedder has to do. What of this is not as the settings want it, l.notice says.
func (e *env) fillRemote(ctx context.Context, l *library) (filled bool, err error) {
	wanted := e.wanted()
	choices := []embedModel{wanted}
	if before, ok := last(ctx, l.store); ok && before != wanted && before.sameEndpoint(wanted) {
		choices = append(choices, before)
	}
	missing := 0
	for i, m := range choices {
		r, err := e.remote(ctx, l.store, m, false, l.log)
		switch {
		case err != nil && i == 0 && openai.KindOf(err) != 0:
			l.notice = &hinted{fmt.Errorf("%w; the offline embedder searches meanwhile", err), hintOf(err)}
			return false, nil
		case err != nil && i == 0:
			return false, err
		case err != nil:
			continue // it was good once; the offline embedder always is
		}
		if some, err := hasVectors(ctx, l.store, r); err != nil {
			return false, err
		} else if !some {
			if i == 0 {
				if missing, err = l.store.MissingVectors(ctx, r.Model()); err != nil {
					return false, err
				}
			}
			continue
		}
		l.embedder = r
		saved := make(chan *retrieval.Saved, 1)
		go func() { saved <- e.readSaved(l) }()
		stored, err := e.load(ctx, l.store, r.Model())
		resume := <-saved
		if err != nil {
			return false, err
		}
		entries, err := e.answering(ctx, l.store, stored.Entries)
		if err != nil {
			return false, err
		}
		if n := lacking(entries); n > 0 {
			if i == 0 {
				missing = n
			}
			continue
		}
		l.index = retrieval.New(retrieval.Options{Analyzer: l.analyzer, Embedder: r})
		l.embedded = i == 0
		if i > 0 {
			l.notice = notEmbedded(missing, wanted.Model, m.Model)
		}
		return true, errors.Join(e.put(ctx, l, entries, resume), setLast(ctx, l.store, m))
	}
	l.embedder = l.hash
	if missing > 0 {
		l.notice = notEmbedded(missing, wanted.Model, "the offline embedder")
	}
	return false, nil
}

func notEmbedded(n int, model, instead string) error {
	are := "passages are"
	if n == 1 {
		are = "passage is"
	}
	return &hinted{fmt.Errorf("%d %s not embedded by %s yet; %s searches meanwhile", n, are, model, instead),
		"policybot sources embed does it; with -dry-run it says what that costs"}
}

// hasVectors reports whether anything is stored under the model of r.
func hasVectors(ctx context.Context, s *store.Store, r *remote) (bool, error) {
	models, err := s.Models(ctx)
	return !r.guessed && slices.ContainsFunc(models, func(m store.Model) bool { return m.Name == r.Model() && m.Vectors > 0 }), err
}

// lacking counts the passages without a vector.
func lacking(entries []store.Entry) (n int) {
	for _, e := range entries {
		for _, v := range e.Vectors {
			if v == nil {
				n++
			}
		}
	}
	return n
}

// embedding is what an endpoint has still to embed.
type embedding struct {
	r        *remote
	s        *store.Store
	texts    []string         // each once
	of       [][]corpus.Chunk // the passages of each text
	passages int              // in all, embedded or not
	left     int              // those of texts
	tokens   int              // of texts, estimated
	price    float64
}

// unembedded finds what r has not embedded yet, of the articles that answer and that only allows.
func (e *env) unembedded(ctx context.Context, s *store.Store, r *remote, only func(id string) bool) (*embedding, error) {
	stored, err := e.load(ctx, s, r.Model())
	if err != nil {
		return nil, err
	}
	entries, err := e.answering(ctx, s, stored.Entries)
	if err != nil {
		return nil, err
	}
	j := &embedding{r: r, s: s, price: e.config.Embeddings.Price}
	at := make(map[string]int)
	for _, entry := range entries {
		if only != nil && !only(entry.Article.ID) {
			continue
		}
		j.passages += len(entry.Chunks)
		for k, v := range entry.Vectors {
			if v != nil {
				continue
			}
			j.left++
			text := retrieval.PassageText(entry.Chunks[k])
			n, again := at[text]
			if !again {
				n = len(j.texts)
				at[text] = n
				j.texts, j.of = append(j.texts, text), append(j.of, nil)
			}
			j.of[n] = append(j.of[n], entry.Chunks[k])
		}
	}
	j.tokens = r.passages.Tokens(retrieval.Passage, j.texts)
	return j, nil
}

// String says what is to be done and what it will cost, for people to see before it is begun.
func (j *embedding) String() string {
	who := fmt.Sprintf("by %s at %s", j.r.of.Model, j.r.host)
	if j.left == 0 {
		return fmt.Sprintf("all %d passages are embedded %s", j.passages, who)
	}
	cost := "embeddings.price is not set, so what they cost is not known"
	if j.price > 0 {
		cost = fmt.Sprintf("about %.4f at %g per million", float64(j.tokens)*j.price/1e6, j.price)
	}
	return fmt.Sprintf("%d of %d passages are to be embedded %s: about %d tokens, %s", j.left, j.passages, who, j.tokens, cost)
}

// run embeds, and stores what each request gives before the next. When ctx ends, it waits a moment for the
// requests under way, so that what is paid for is kept; the next run does what is left. progress is told
// how many passages are done.
func (j *embedding) run(ctx context.Context, progress func(done, total int)) error {
	outlasting, cancel := outlast(ctx, embedGrace)
	defer cancel()
	going, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	batches := make(chan [2]int)
	go func() {
		defer close(batches)
		for _, b := range j.batches() {
			select {
			case batches <- b:
			case <-going.Done():
				return
			}
		}
	}()
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range embedParallel {
		wg.Go(func() {
			for b := range batches {
				if going.Err() != nil {
					return
				}
				n, err := j.batch(outlasting, b)
				if err != nil {
					fail(err)
					return
				}
				mu.Lock()
				done += n
				progress(done, j.left)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	err := context.Cause(going)
	if err == nil || done == j.left {
		return nil
	}
	return &hinted{fmt.Errorf("after %d of %d passages, which are stored: %w", done, j.left, err), ""}
}

// batch embeds a range of texts, stores what comes, and returns how many passages that was.
func (j *embedding) batch(ctx context.Context, b [2]int) (int, error) {
	vecs, err := j.r.Embed(ctx, retrieval.Passage, j.texts[b[0]:b[1]])
	if err != nil {
		return 0, err
	}
	var chunks []corpus.Chunk
	var vectors [][]float32
	for i, v := range vecs {
		for _, c := range j.of[b[0]+i] {
			chunks, vectors = append(chunks, c), append(vectors, v)
		}
	}
	return len(chunks), j.s.PutVectors(ctx, j.r.Model(), chunks, vectors)
}

// batches are ranges of texts, each of which the embedder sends as one request.
func (j *embedding) batches() (out [][2]int) {
	from, tokens := 0, 0
	for i := range j.texts {
		n := j.r.passages.Tokens(retrieval.Passage, j.texts[i:i+1])
		if i > from && (i-from == embedTexts || tokens+n > embedTokens) {
			out = append(out, [2]int{from, i})
			from, tokens = i, 0
		}
		tokens += n
	}
	if from < len(j.texts) {
		out = append(out, [2]int{from, len(j.texts)})
	}
	return out
}

// outlast returns a context that ends so long after ctx.
func outlast(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return out, func() { stop(); cancel() }
}

// embedAll embeds with the settings' embedder what only allows (nil: everything). before sees what that will
// be, and what it will cost, before the endpoint is asked for anything; false is to leave it at that.
func (e *env) embedAll(ctx context.Context, s *store.Store, log *slog.Logger, only func(id string) bool, before func(*embedding) bool,
	progress func(done, total int)) error {
	r, err := e.remote(ctx, s, e.wanted(), false, log)
	if err != nil {
		return err
	}
	j, err := e.unembedded(ctx, s, r, only)
	if err != nil {
		return err
	}
	if !before(j) || j.left == 0 {
		return nil
	}
	if r.guessed {
		// Nothing is stored under a model whose length is not known, so all that was counted remains.
		if j.r, err = e.remote(ctx, s, e.wanted(), true, log); err != nil {
			return err
		}
	}
	if err := j.run(ctx, progress); err != nil {
		return &hinted{err, cmp.Or(e.embedHint(err), "policybot sources embed goes on where it stopped")}
	}
	return nil
}

// embedHint says what to do about an error of the endpoint, and which key it is about.
func (e *env) embedHint(err error) string {
	hint := openai.HintOf(err)
	if openai.KindOf(err) == openai.Unauthorized && (e.Getenv("EMBEDDINGS_API_KEY") != "" || e.embeddingsKey() == "") {
		hint = strings.ReplaceAll(hint, "OPENAI_API_KEY", "EMBEDDINGS_API_KEY")
	}
	return hint
}

// embed is policybot sources embed.
func (c *sourcesCommand) embed(ctx context.Context) error {
	if c.wanted().Model == "" {
		return &hinted{errors.New("embeddings.model is not set: the offline embedder has embedded everything already"),
			"config.example.yaml shows how to name one"}
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	if l.store.ReadOnly() && !c.dryRun {
		return fmt.Errorf("%s cannot be written: vectors are kept there", c.config.DataDir)
	}
	bar := c.progress("embedding passages")
	defer bar.done()
	if c.anew && !c.dryRun {
		r, err := c.remote(ctx, l.store, c.wanted(), false, nil)
		if err == nil && !r.guessed {
			err = l.store.DropModel(ctx, r.Model())
		}
		if err != nil {
			return err
		}
	}
	left := 0
	err = c.embedAll(ctx, l.store, nil, nil, func(j *embedding) bool {
		left = j.left
		fmt.Fprintln(c.Stdout, printable(j.String()))
		return !c.dryRun
	}, bar.set)
	bar.done()
	if err != nil || c.dryRun {
		return err
	}
	if left > 0 {
		if _, err := fmt.Fprintf(c.Stdout, "embedded %d passages\n", left); err != nil {
			return err
		}
	}
	return setLast(ctx, l.store, c.wanted())
}

// embedAdded embeds the articles that were added, if the settings name an embedder for it.
func (c *sourcesCommand) embedAdded(ctx context.Context, s *store.Store, articles []*corpus.Article) error {
	if c.wanted().Model == "" {
		return nil
	}
	added := make(map[string]bool, len(articles))
	for _, a := range articles {
		added[a.ID] = true
	}
	bar := c.progress("embedding passages")
	defer bar.done()
	err := c.embedAll(ctx, s, nil, func(id string) bool { return added[id] }, func(j *embedding) bool {
		if j.left > 0 {
			fmt.Fprintf(c.Stderr, "policybot: %s\n", printable(j.String()))
		}
		return true
	}, bar.set)
	if err != nil {
		return &hinted{fmt.Errorf("the articles are stored, but not all of their passages embedded: %w", err),
			cmp.Or(hintOf(err), "policybot sources embed goes on where it stopped")}
	}
	return nil
}

// Waits between two attempts of embedBeside, each of which has been patient already.
const (
	embedAgain     = 2 * time.Second
	embedAgainMost = 10 * time.Minute
)

// embedBeside embeds what the settings' embedder has not embedded yet, while the index serves with what it
// has; when all is there, the index changes to it, between two searches. It tries again and again. stop ends
// it and waits until it has ended.
func (e *env) embedBeside(ctx context.Context, l *library, log *slog.Logger) (stop func()) {
	if e.wanted().Model == "" || l.embedded || l.store == nil || l.store.ReadOnly() {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for wait := embedAgain; ; wait = min(2*wait, embedAgainMost) {
			err := e.changeEmbedder(ctx, l, log)
			if err == nil || ctx.Err() != nil {
				return
			}
			pause := wait
			if asked := new(openai.Error); errors.As(err, &asked) {
				pause = max(pause, min(asked.RetryAfter, time.Hour))
			}
			log.Warn("not all passages are embedded", "err", err, "hint", hintOf(err), "again_in", pause)
			timer := time.NewTimer(pause)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// changeEmbedder embeds what is left and makes the index change to the settings' embedder.
func (e *env) changeEmbedder(ctx context.Context, l *library, log *slog.Logger) error {
	tenth := 0
	err := e.embedAll(ctx, l.store, log, nil, func(j *embedding) bool {
		log.Info("embedding passages", "passages", j.left, "of", j.passages, "model", j.r.of.Model, "host", j.r.host, "tokens", j.tokens,
			"cost", float64(e.embedCost(j.tokens))/1e6)
		return true
	}, func(done, total int) {
		if n := 10 * done / total; n > tenth {
			tenth = n
			log.Info("embedding passages", "done", done, "of", total)
		}
	})
	if err != nil {
		return err
	}
	r, err := e.remote(ctx, l.store, e.wanted(), true, log)
	if err != nil {
		return err
	}
	l.embedding.Lock()
	defer l.embedding.Unlock()
	stored, err := l.store.Load(ctx, r.Model(), nil)
	if err != nil {
		return err
	}
	vectors := make(map[[16]byte][]float32)
	for _, entry := range stored.Entries {
		for k, v := range entry.Vectors {
			if v != nil {
				vectors[store.Key(entry.Chunks[k])] = v
			}
		}
	}
	if err := l.index.Reembed(ctx, r, func(c corpus.Chunk) []float32 { return vectors[store.Key(c)] }); err != nil {
		return err
	}
	l.changed(r)
	log.Info("searches use another embedder now", "model", r.Model())
	return setLast(ctx, l.store, r.of)
}

// embedded says for each embedder how many passages have its vectors.
func (x *examination) embedded(ctx context.Context, l *library) {
	models, err := l.store.Models(ctx)
	if err != nil {
		x.fail("embeddings", err, "")
		return
	}
	infos, err := l.store.List(ctx)
	if err != nil {
		x.fail("embeddings", err, "")
		return
	}
	total := 0
	for _, i := range infos {
		total += i.Chunks
	}
	for _, m := range models {
		missing, err := l.store.MissingVectors(ctx, m.Name)
		if err != nil {
			x.fail("embeddings", err, "")
			return
		}
		use := ""
		if m.Name == l.embedder.Model() {
			use = ", in use"
		}
		x.ok("passages", "%d of %d embedded by %s%s", total-missing, total, m.Name, use)
	}
	if l.notice != nil {
		x.ok("passages", "%v", l.notice)
	}
}
