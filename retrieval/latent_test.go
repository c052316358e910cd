package retrieval

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"policybot/corpus"
)

func TestOrthonormal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for _, size := range []struct{ rows, dim int }{{40, 8}, {700, 24}, {5, 5}} {
		a := make([]float32, size.rows*size.dim)
		for i := range a {
			a[i] = float32(r.NormFloat64())
		}
		orthonormal(a, size.dim)
		for i := range size.dim {
			for j := range i + 1 {
				sum := 0.0
				for k := range size.rows {
					sum += float64(a[k*size.dim+i]) * float64(a[k*size.dim+j])
				}
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(sum-want) > 1e-3 {
					t.Fatalf("%dx%d: columns %d and %d have product %v", size.rows, size.dim, i, j, sum)
				}
			}
		}
	}
	zero := make([]float32, 6*3)
	orthonormal(zero, 3)
	for _, x := range zero {
		if x != x {
			t.Fatal("NaN from a zero matrix")
		}
	}
}

// TestLatentSpace: words that never meet in an article but keep the same company lie near each other.
func TestLatentSpace(t *testing.T) {
	var arts []*corpus.Article
	subjects := [][]string{{"skipper", "captain", "deck", "sail", "anchor", "mast"}, {"oven", "baker", "flour", "yeast", "crust", "loaf"}}
	r := rand.New(rand.NewPCG(2, 2))
	for i := range 60 {
		s := slices.Clone(subjects[i%2])
		if i%4 < 2 { // skipper or captain, oven or baker: never both
			s = append(s[:1], s[2:]...)
		} else {
			s = s[1:]
		}
		r.Shuffle(len(s), func(a, b int) { s[a], s[b] = s[b], s[a] })
		arts = append(arts, article(fmt.Sprintf("a%02d", i), "", fmt.Sprintf("%s %s %s %s item%d.", s[0], s[1], s[2], s[3], i)))
	}
	settings := Defaults()
	settings.LatentDim = 2
	s := indexOf(t, Options{Settings: &settings}, arts...).snap.Load()
	place := func(term string) []float32 {
		v := slices.Clone(s.latent.term(s.vocab.ids[term]))
		unit(v)
		return v
	}
	if near, far := dotf(place("skipper"), place("captain")), dotf(place("skipper"), place("baker")); near < far+0.2 {
		t.Errorf("skipper is %.2f like captain and %.2f like baker", near, far)
	}
}

// TestLatentSample: articles outside the sample come and go without learning again.
func TestLatentSample(t *testing.T) {
	var entries []Entry
	for i := range latentSample + 400 {
		a := article(fmt.Sprintf("a%05d", i), "", fmt.Sprintf("zorba word%d quilt word%d word%d.", i%50, i%7, i%31))
		entries = append(entries, Entry{Article: a})
	}
	ix := New(Options{})
	ctx := context.Background()
	if err := ix.Update(ctx, entries, nil); err != nil {
		t.Fatal(err)
	}
	before := ix.snap.Load()
	in := map[string]bool{}
	for _, d := range before.latent.sample {
		in[d.article.ID] = true
	}
	if len(in) != latentSample {
		t.Fatalf("sample of %d", len(in))
	}
	outside := slices.IndexFunc(entries, func(e Entry) bool { return !in[e.Article.ID] })
	inside := slices.IndexFunc(entries, func(e Entry) bool { return in[e.Article.ID] })
	if err := ix.Update(ctx, nil, []string{entries[outside].Article.ID}); err != nil {
		t.Fatal(err)
	}
	if l := ix.snap.Load().latent; &l.basis[0] != &before.latent.basis[0] || len(l.docs) != (len(entries)-1)*l.dim {
		t.Error("an article outside the sample left and the space was learned again")
	}
	if err := ix.Update(ctx, nil, []string{entries[inside].Article.ID}); err != nil {
		t.Fatal(err)
	}
	if l := ix.snap.Load().latent; &l.basis[0] == &before.latent.basis[0] {
		t.Error("an article of the sample left and the space stayed")
	}
}
