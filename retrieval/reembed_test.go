package retrieval

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"policybot/corpus"
)

// letterEmbedder gives a text a vector by its first letters, in as many dimensions as wanted.
type letterEmbedder struct {
	name string
	dim  int
	fail error // of every question
	none bool  // gives no vectors for a question
}

func (e *letterEmbedder) Model() string { return e.name }
func (e *letterEmbedder) Dim() int      { return e.dim }

func (e *letterEmbedder) Embed(ctx context.Context, p Purpose, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p == Question && e.fail != nil {
		return nil, e.fail
	}
	if p == Question && e.none {
		return nil, nil
	}
	out := make([][]float32, len(texts))
	for i, t := range texts {
		out[i] = make([]float32, e.dim)
		for _, r := range strings.ToLower(t) {
			out[i][int(r)%e.dim]++
		}
		out[i][0]++
		if err := normalize(out[i], slices.Clone(out[i]), e.dim); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A question that cannot be embedded is answered by words alone, as by an index without an embedder.
func TestSearchWithoutQuestion(t *testing.T) {
	articles := []*corpus.Article{
		article("ferry", "New ferry for the northern islands", "The council ordered a ferry for the northern islands. It will carry cars and goods twice a day."),
		article("budget", "Council passes budget", "The council passed its budget after a long debate. The mayor called it prudent."),
	}
	lexical := indexOf(t, Options{}, articles...)
	q := Query{Text: "When will the islands get a ferry?", Lang: "en"}
	want, err := lexical.Search(t.Context(), q)
	if err != nil || len(want) == 0 {
		t.Fatalf("%d hits, %v", len(want), err)
	}
	broken := errors.New("endpoint down")
	for name, e := range map[string]*letterEmbedder{"error": {name: "a", dim: 8, fail: broken}, "no vector": {name: "a", dim: 8, none: true}} {
		t.Run(name, func(t *testing.T) {
			ix := indexOf(t, Options{Embedder: e}, articles...)
			var lost []error
			q.Lost = func(err error) { lost = append(lost, err) }
			got, err := ix.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if len(lost) != 1 || e.fail != nil && !errors.Is(lost[0], broken) {
				t.Errorf("told of %v", lost)
			}
			if len(got) != len(want) {
				t.Fatalf("%v, want %v", ids(got), ids(want))
			}
			for i := range got {
				if got[i].Chunk.ID() != want[i].Chunk.ID() || got[i].Score != want[i].Score {
					t.Errorf("hit %d is %s with %v, want %s with %v", i, got[i].Chunk.ID(), got[i].Score, want[i].Chunk.ID(), want[i].Score)
				}
			}
			q.Lost = nil // nobody need listen
			if hits, err := ix.SearchArticles(t.Context(), q); err != nil || len(hits) == 0 {
				t.Errorf("%d articles, %v", len(hits), err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := ix.Search(ctx, q); !errors.Is(err, context.Canceled) {
				t.Errorf("a cancelled search: %v", err)
			}
		})
	}
}

// After Reembed an index answers, saves and updates as one that never had another embedder; searches
// meanwhile see one of the two.
func TestReembed(t *testing.T) {
	articles := []*corpus.Article{
		article("ferry", "New ferry for the northern islands", "The council ordered a ferry for the northern islands. It will carry cars and goods twice a day."),
		article("budget", "Council passes budget", "The council passed its budget after a long debate. The mayor called it prudent."),
		article("storm", "Storm closes the harbour", "A storm closed the harbour for three days. Insurance will pay for the quay."),
	}
	first, second := &letterEmbedder{name: "first", dim: 8}, &letterEmbedder{name: "second", dim: 13}
	q := Query{Text: "council harbour islands mayor", Lang: "en"}
	search := func(ix *Index) []Hit {
		hits, err := ix.Search(t.Context(), q)
		if err != nil {
			t.Error(err)
		}
		return hits
	}
	same := func(a, b []Hit) bool {
		return slices.EqualFunc(a, b, func(x, y Hit) bool { return x.Chunk.ID() == y.Chunk.ID() && x.Score == y.Score })
	}
	before, after := indexOf(t, Options{Embedder: first}, articles...), indexOf(t, Options{Embedder: second}, articles...)
	if same(search(before), search(after)) {
		t.Fatal("the embedders do not differ")
	}
	ix := indexOf(t, Options{Embedder: first}, articles...)
	version := ix.Version()

	// What fails leaves everything as it was: a missing vector, a wrong one, a cancelled context.
	if err := ix.Reembed(t.Context(), second, func(corpus.Chunk) []float32 { return nil }); err == nil {
		t.Error("passages without vectors were taken")
	}
	stop, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ix.Reembed(stop, second, func(corpus.Chunk) []float32 { return make([]float32, 13) }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := ix.Reembed(t.Context(), second, func(corpus.Chunk) []float32 { return make([]float32, 8) }); err == nil {
		t.Error("vectors of another dimension were taken")
	}
	if !same(search(ix), search(before)) || ix.Embedder() != first {
		t.Error("a failure has changed the index")
	}

	var wg sync.WaitGroup
	done := make(chan struct{})
	wants := [2][]Hit{search(before), search(after)}
	for range 2 {
		wg.Go(func() {
			for {
				if got := search(ix); !same(got, wants[0]) && !same(got, wants[1]) {
					t.Errorf("half of each: %v", ids(got))
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	stored := 0
	err := ix.Reembed(t.Context(), second, func(c corpus.Chunk) []float32 {
		stored++
		v, _ := second.Embed(t.Context(), Passage, []string{PassageText(c)})
		return v[0]
	})
	close(done)
	wg.Wait()
	if err != nil || stored == 0 {
		t.Fatalf("%d stored vectors asked for, %v", stored, err)
	}
	if !same(search(ix), search(after)) || ix.Version() != version || ix.Embedder() != second {
		t.Error("not as an index made with the second embedder")
	}
	var a, b bytes.Buffer
	if err := errors.Join(ix.Save(&a, "tag"), after.Save(&b, "tag")); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("saved otherwise, %v", err)
	}
	if err := ix.Update(t.Context(), nil, []string{"budget", "ferry", "storm"}); err != nil || ix.vectors.Len() != 0 {
		t.Errorf("%d vectors left, %v", ix.vectors.Len(), err)
	}
}
