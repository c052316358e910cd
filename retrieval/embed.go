package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Purpose says what a text is embedded for. Some models want the two told apart by a prefix.
type Purpose int

// A passage is stored and found; a question is asked and thrown away.
const (
	Passage Purpose = iota
	Question
)

// Embedder turns texts into vectors whose dot product says how alike the texts are. Hash is the one that
// works offline; an endpoint's model is another. CheckEmbedder tests what is promised here:
//
//   - Model names everything that decides the vectors (model, version, dimension, vocabulary): two
//     embedders of one name give one text the same vector, so stored vectors may be kept under it. It is
//     not empty and does not change during the embedder's life; nor does Dim, which is positive.
//   - Embed returns one vector per text, in the order of texts, each of Dim finite components and of unit
//     length (to a part in a thousand). It never returns fewer: it is all vectors or an error.
//   - Any text has a vector: empty, only function words, very long, invalid UTF-8. What a model cannot
//     take the embedder cuts or replaces. No texts give no vectors and no error.
//   - A text's vector does not depend on the texts it is embedded with.
//   - The vectors returned belong to the caller.
//   - A context that is done gives an error that wraps ctx.Err(), and no vectors.
//   - All methods may be called from several goroutines at once.
//
// Embed batches as its model likes; callers pass as many texts as they have.
type Embedder interface {
	Model() string
	Dim() int
	Embed(ctx context.Context, p Purpose, texts []string) ([][]float32, error)
}

// CheckEmbedder embeds a handful of short texts and returns an error that joins every promise of
// Embedder it saw broken, or nil. Tests of implementations run it, and so may an operator's self-check:
// with an endpoint it costs about a dozen small requests.
func CheckEmbedder(ctx context.Context, e Embedder) error {
	var broken []error
	complain := func(format string, args ...any) {
		broken = append(broken, fmt.Errorf("embedder %q: "+format, append([]any{e.Model()}, args...)...))
	}
	model, dim := e.Model(), e.Dim()
	if model == "" {
		complain("Model is empty")
	}
	if dim <= 0 {
		complain("Dim is %d", dim)
		return errors.Join(broken...)
	}
	embed := func(p Purpose, texts ...string) [][]float32 {
		vecs, err := e.Embed(ctx, p, texts)
		if err != nil {
			complain("Embed of %d texts: %w", len(texts), err)
			return nil
		}
		if len(vecs) != len(texts) {
			complain("Embed of %d texts gave %d vectors", len(texts), len(vecs))
			return nil
		}
		for i, v := range vecs {
			if err := checkUnit(v, dim); err != nil {
				complain("vector of text %d (%.20q): %w", i, texts[i], err)
				return nil
			}
		}
		return vecs
	}
	if vecs, err := e.Embed(ctx, Passage, nil); err != nil || len(vecs) != 0 {
		complain("Embed of no texts gave %d vectors and error %v", len(vecs), err)
	}

	texts := []string{
		"The river floods the lower town every spring.",
		"Los precios del maíz subieron otra vez.",
		"", " \t\n", "the of and", "\xff\xfe\x00", "?!", "1,600",
		"Une troisième langue, 第四种语言.",
	}
	for _, p := range []Purpose{Passage, Question} {
		together := embed(p, texts...)
		if together == nil {
			continue
		}
		kept := make([][]float32, len(together))
		for i, v := range together {
			kept[i] = slices.Clone(v)
			for j := range v {
				v[j] = 0 // it is ours
			}
		}
		for i, text := range texts {
			alone := embed(p, text)
			if alone == nil {
				continue
			}
			if d := dot(alone[0], kept[i]); d < 0.999 {
				complain("text %d (%.20q) embedded alone and in a batch differ: cosine %.4f", i, text, d)
			}
		}
		if d := dot(kept[0], kept[1]); d > 0.999 {
			complain("two different sentences have the same vector")
		}
	}

	done, cancel := context.WithCancel(ctx)
	cancel()
	if vecs, err := e.Embed(done, Passage, texts); !errors.Is(err, done.Err()) || len(vecs) != 0 {
		complain("Embed with a cancelled context gave %d vectors and error %v", len(vecs), err)
	}

	type result struct {
		vecs [][]float32
		err  error
	}
	results := make(chan result)
	for range 2 {
		go func() {
			vecs, err := e.Embed(ctx, Passage, texts[:2])
			results <- result{vecs, err}
		}()
	}
	a, b := <-results, <-results
	switch {
	case a.err != nil || b.err != nil:
		complain("two calls at once: %w", errors.Join(a.err, b.err))
	case len(a.vecs) != 2 || len(b.vecs) != 2 || len(a.vecs[0]) != dim || len(b.vecs[0]) != dim || dot(a.vecs[0], b.vecs[0]) < 0.999:
		complain("two calls at once disagree")
	}
	if e.Model() != model || e.Dim() != dim {
		complain("Model or Dim changed to %q, %d", e.Model(), e.Dim())
	}
	return errors.Join(broken...)
}

// checkUnit reports why v is no unit vector of dim components.
func checkUnit(v []float32, dim int) error {
	n, err := norm(v, dim)
	if err == nil && math.Abs(n-1) > 1e-3 {
		err = fmt.Errorf("length is %.4f, not 1", n)
	}
	return err
}

// norm returns the Euclidean length of v, or an error if v is not a usable direction of dim components:
// of another dimension, not finite, or zero.
func norm(v []float32, dim int) (float64, error) {
	if len(v) != dim {
		return 0, fmt.Errorf("vector has %d components, not %d", len(v), dim)
	}
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) { // finite float32 cannot make it so
		for i, x := range v {
			if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
				return 0, fmt.Errorf("component %d is %v", i, x)
			}
		}
	}
	if sum == 0 {
		return 0, errors.New("vector is zero")
	}
	return math.Sqrt(sum), nil
}

// dot returns the dot product of two vectors of one length. The order of summation is fixed, so that
// equal vectors have equal scores on every path; the conversions keep it from being fused on other
// processors.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for len(a) >= 8 && len(b) >= 8 {
		s0 += float32(a[0] * b[0])
		s1 += float32(a[1] * b[1])
		s2 += float32(a[2] * b[2])
		s3 += float32(a[3] * b[3])
		s4 += float32(a[4] * b[4])
		s5 += float32(a[5] * b[5])
		s6 += float32(a[6] * b[6])
		s7 += float32(a[7] * b[7])
		a, b = a[8:], b[8:]
	}
	for i := range a {
		s0 += float32(a[i] * b[i])
	}
	return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
}
