package openai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	api "github.com/sashabaranov/go-openai"

	"policybot/retrieval"
)

// EmbedOptions choose the model that embeds. The zero value of everything but Model is what is known of
// the model, or what is safe.
type EmbedOptions struct {
	Model string // as the endpoint names it; on Azure the deployment

	// Dimensions asks the endpoint for vectors of that length, which only some models can shorten theirs to.
	Dimensions int
	// Dim is the length the model's vectors are known to have, from vectors stored earlier. With it, or
	// Dimensions, or a model that is in our table, nothing has to be asked at start.
	Dim int

	// Prefixes put before every text. Nil is what the model's family wants, a pointer to "" is none.
	QuestionPrefix, PassagePrefix *string

	// Version tells vectors apart that have the same model's name and are not alike: another quantisation,
	// another server. It becomes part of Model().
	Version string

	Batch       int // most texts in a request (96)
	BatchTokens int // most tokens in a request, estimated (16,000)
	MaxTokens   int // most tokens of a text, beyond which it is cut, estimated (the model's, or 2,000)
	Parallel    int // requests at once (2)

	// Used is told what each request cost, estimated when the endpoint did not say. It may be called from
	// several goroutines.
	Used func(tokens int, estimated bool)
}

// Limits of OpenAI's endpoint, which other servers are at or above; below them they say so.
const (
	maxBatch       = 2048
	maxBatchTokens = 250_000 // of 300,000, since ours are estimates
)

const (
	defaultBatch       = 96
	defaultBatchTokens = 16_000
	defaultMaxTokens   = 2_000
	defaultParallel    = 2
)

// Embedder is a model of the endpoint as a retrieval.Embedder.
//
// Vectors are placed by the index that the endpoint gives each, checked for number, length, and being
// numbers and not all zero, and brought to length one. A batch that is refused as too large is halved, a
// single text that is, cut. What cannot be used is an error and no vectors: a text that has no vector is
// better than one that has a wrong one.
type Embedder struct {
	c     *Client
	o     EmbedOptions
	model string
	dim   int
	pre   [2]string    // by retrieval.Purpose
	batch atomic.Int64 // texts that a request may have; less than o.Batch once the endpoint has refused that
}

var _ retrieval.Embedder = (*Embedder)(nil)

// Embedder returns the embedding model. When neither the options nor what is known of the model say how
// long its vectors are, it embeds a word to see: an error then is the endpoint's.
func (c *Client) Embedder(ctx context.Context, o EmbedOptions) (*Embedder, error) {
	if err := c.checkModel("configure", o.Model); err != nil {
		return nil, err
	}
	known := traitsOf(o.Model)
	for _, n := range []int{o.Dimensions, o.Dim, o.Batch, o.BatchTokens, o.MaxTokens, o.Parallel} {
		if n < 0 {
			return nil, &Error{Kind: Misconfigured, Op: "configure", Model: o.Model, Detail: "a setting of the embedder is negative"}
		}
	}
	def := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	def(&o.Batch, defaultBatch)
	def(&o.BatchTokens, defaultBatchTokens)
	def(&o.MaxTokens, known.tokens)
	def(&o.MaxTokens, defaultMaxTokens)
	def(&o.Parallel, defaultParallel)
	o.Batch, o.BatchTokens = min(o.Batch, maxBatch), min(o.BatchTokens, maxBatchTokens)
	e := &Embedder{c: c, o: o, pre: [2]string{retrieval.Passage: known.passage, retrieval.Question: known.question}}
	if o.PassagePrefix != nil {
		e.pre[retrieval.Passage] = *o.PassagePrefix
	}
	if o.QuestionPrefix != nil {
		e.pre[retrieval.Question] = *o.QuestionPrefix
	}
	e.batch.Store(int64(o.Batch))
	switch {
	case o.Dimensions > 0:
		e.dim = o.Dimensions
	case o.Dim > 0:
		e.dim = o.Dim
	case known.dim > 0:
		e.dim = known.dim
	default:
		vecs, err := e.request(ctx, []string{e.text(retrieval.Passage, "length")})
		if err != nil {
			return nil, err
		}
		e.dim = len(vecs[0])
	}
	e.model = e.name()
	return e, nil
}

// name is everything that decides the vectors: model, version, length, prefixes and where texts are cut.
func (e *Embedder) name() string {
	name := "openai:" + e.o.Model
	if e.o.Version != "" {
		name += "@" + e.o.Version
	}
	name += fmt.Sprintf(":%d", e.dim)
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %d %t", e.pre[retrieval.Passage], e.pre[retrieval.Question], e.o.MaxTokens, e.o.Dimensions > 0))
	return name + "-" + hex.EncodeToString(sum[:4])
}

// Model implements retrieval.Embedder.
func (e *Embedder) Model() string { return e.model }

// Dim implements retrieval.Embedder.
func (e *Embedder) Dim() int { return e.dim }

// Tokens estimates what embedding the texts will cost, prefixes included.
func (e *Embedder) Tokens(p retrieval.Purpose, texts []string) int {
	n := 0
	for _, t := range texts {
		n += Tokens(e.text(p, t))
	}
	return n
}

// Embed implements retrieval.Embedder. Its errors are of type *Error.
func (e *Embedder) Embed(ctx context.Context, p retrieval.Purpose, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, e.c.fail(ctx, "embed", e.o.Model, err)
	}
	if p != retrieval.Question {
		p = retrieval.Passage
	}
	in := make([]string, len(texts))
	for i, t := range texts {
		in[i] = e.text(p, t)
	}
	out := make([][]float32, len(in))
	batches := e.batches(in)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan [2]int)
	var wg sync.WaitGroup
	for range min(e.o.Parallel, len(batches)) {
		wg.Go(func() {
			for b := range next {
				if err := e.fill(ctx, in[b[0]:b[1]], out[b[0]:b[1]]); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for _, b := range batches {
		select {
		case next <- b:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return nil, e.c.fail(ctx, "embed", e.o.Model, context.Cause(ctx))
	}
	return out, nil
}

// text is what is sent for a text. It is never blank, which endpoints refuse, and valid UTF-8.
func (e *Embedder) text(p retrieval.Purpose, text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\x00", " ")
	if strings.TrimSpace(text) == "" {
		text = "-"
	}
	return e.pre[p] + cut(text, e.o.MaxTokens-Tokens(e.pre[p]))
}

// cut is the longest beginning of text that is estimated at no more than so many tokens, at the end of a
// word where there is one.
func cut(text string, tokens int) string {
	if len(text) <= tokens { // a token is at least a byte
		return text
	}
	if Tokens(text) <= tokens {
		return text
	}
	lo, hi := 0, len(text) // Tokens grows with the text
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if Tokens(text[:mid]) <= tokens {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	for lo > 0 && !utf8.RuneStart(text[lo]) {
		lo--
	}
	if i := strings.LastIndexAny(text[:lo], " \n\t"); i > lo*3/4 {
		lo = i
	}
	if lo == 0 {
		_, lo = utf8.DecodeRuneInString(text)
	}
	return text[:lo]
}

// batches cuts the texts into ranges that fit a request.
func (e *Embedder) batches(texts []string) [][2]int {
	var out [][2]int
	most := int(e.batch.Load())
	from, tokens := 0, 0
	for i, t := range texts {
		n := Tokens(t)
		if i > from && (i-from >= most || tokens+n > e.o.BatchTokens) {
			out = append(out, [2]int{from, i})
			from, tokens = i, 0
		}
		tokens += n
	}
	if from < len(texts) {
		out = append(out, [2]int{from, len(texts)})
	}
	return out
}

// fill embeds texts into out, in halves when they are too much at once.
func (e *Embedder) fill(ctx context.Context, texts []string, out [][]float32) error {
	vecs, err := e.request(ctx, texts)
	if err == nil {
		copy(out, vecs)
		return nil
	}
	if !divisible(err) {
		return err
	}
	if half := len(texts) / 2; half > 0 {
		if err := e.fill(ctx, texts[:half], out[:half]); err != nil {
			return err
		}
		if KindOf(err) == TooLarge {
			e.lower(max(half, 1))
		}
		return e.fill(ctx, texts[half:], out[half:])
	}
	// One text that is too long by the model's own count: halve it, a few times.
	text := texts[0]
	for range 4 {
		if KindOf(err) != TooLarge || len(text) < 64 {
			return err
		}
		text = cut(text, max(Tokens(text)/2, 1))
		if vecs, err = e.request(ctx, []string{text}); err == nil {
			out[0] = vecs[0]
			return nil
		}
	}
	return err
}

// lower remembers how many texts at once the endpoint takes.
func (e *Embedder) lower(n int) {
	for {
		have := e.batch.Load()
		if int64(n) >= have || e.batch.CompareAndSwap(have, int64(n)) {
			return
		}
	}
}

// divisible says whether a refusal may be due to the size of a batch: it says so, or gives no other reason.
func divisible(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	silent := e.Code == "" || e.Code == "invalid_request_error"
	return e.Kind == TooLarge || e.Kind == BadRequest && e.Status == http.StatusBadRequest && silent
}

// request embeds a batch and checks what comes back.
func (e *Embedder) request(ctx context.Context, texts []string) ([][]float32, error) {
	res, err := e.c.api.CreateEmbeddings(ctx, api.EmbeddingRequest{
		Input: texts, Model: api.EmbeddingModel(e.o.Model), EncodingFormat: api.EmbeddingEncodingFormatFloat, Dimensions: e.o.Dimensions,
	})
	if err != nil {
		return nil, e.c.fail(ctx, "embed", e.o.Model, err)
	}
	if e.o.Used != nil {
		if n := max(res.Usage.TotalTokens, res.Usage.PromptTokens); n > 0 && n < 10_000_000 {
			e.o.Used(n, false)
		} else {
			n = 0
			for _, t := range texts {
				n += Tokens(t)
			}
			e.o.Used(n, true)
		}
	}
	bad := func(hint, format string, args ...any) ([][]float32, error) {
		return nil, &Error{Kind: BadResponse, Op: "embed", Model: e.o.Model, Detail: fmt.Sprintf(format, args...), Hint: hint}
	}
	if len(res.Data) != len(texts) {
		return bad("set batch: 1 if the server cannot embed several texts at once", "%d vectors came for %d texts", len(res.Data), len(texts))
	}
	out := make([][]float32, len(texts))
	for _, d := range res.Data {
		switch {
		case d.Index < 0 || d.Index >= len(out):
			return bad("", "a vector has index %d of %d texts", d.Index, len(out))
		case out[d.Index] != nil:
			return bad("set batch: 1 if the server does not number its vectors", "two vectors have index %d", d.Index)
		}
		dim := e.dim
		if dim == 0 { // the first answer fixes it
			dim = len(d.Embedding)
		}
		if len(d.Embedding) != dim || dim == 0 {
			hint := "the model behind this name has changed, or cannot shorten its vectors: check model and dimensions"
			return bad(hint, "a vector has %d numbers where %d belong", len(d.Embedding), dim)
		}
		v, err := unit(d.Embedding)
		if err != nil {
			return bad("the server is at fault: another version or quantisation of the model may help", "%v", err)
		}
		out[d.Index] = v
	}
	return out, nil
}

// unit brings a vector to length one, in place.
func unit(v []float32) ([]float32, error) {
	sum := 0.0
	for _, f := range v {
		if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
			return nil, errors.New("a vector holds what is not a number")
		}
		sum += float64(f) * float64(f)
	}
	if sum < 1e-24 {
		return nil, errors.New("a vector is all zeros")
	}
	scale := 1 / math.Sqrt(sum)
	for i, f := range v {
		v[i] = float32(float64(f) * scale)
	}
	return v, nil
}
