package retrieval

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

// brokenEmbedder is Hash with one promise broken by spoil.
type brokenEmbedder struct {
	*Hash
	dim   int
	spoil func(ctx context.Context, texts []string, vecs [][]float32) ([][]float32, error)
}

func (b brokenEmbedder) Dim() int {
	if b.dim != 0 {
		return b.dim
	}
	return b.Hash.Dim()
}

func (b brokenEmbedder) Embed(ctx context.Context, p Purpose, texts []string) ([][]float32, error) {
	vecs, err := b.Hash.Embed(ctx, p, texts)
	if err != nil || b.spoil == nil {
		return vecs, err
	}
	return b.spoil(ctx, texts, vecs)
}

func TestCheckEmbedderSeesBrokenPromises(t *testing.T) {
	hash := NewHash(NewAnalyzer(nil))
	constant, _ := hash.Embed(t.Context(), Passage, []string{"constant"})
	tests := []struct {
		name string
		e    Embedder
		want string
	}{
		{"dimension", brokenEmbedder{hash, hashDim + 1, nil}, "components, not"},
		{"no dimension", brokenEmbedder{hash, -1, nil}, "Dim is -1"},
		{"one vector short", brokenEmbedder{hash, 0, func(_ context.Context, _ []string, v [][]float32) ([][]float32, error) {
			return v[:max(0, len(v)-1)], nil
		}}, "gave 8 vectors"},
		{"not a number", brokenEmbedder{hash, 0, func(_ context.Context, _ []string, v [][]float32) ([][]float32, error) {
			for _, x := range v {
				x[3] = float32(math.NaN())
			}
			return v, nil
		}}, "component 3 is NaN"},
		{"zero", brokenEmbedder{hash, 0, func(_ context.Context, texts []string, v [][]float32) ([][]float32, error) {
			for i, x := range v {
				if strings.TrimSpace(texts[i]) == "" {
					clear(x)
				}
			}
			return v, nil
		}}, "vector is zero"},
		{"length", brokenEmbedder{hash, 0, func(_ context.Context, _ []string, v [][]float32) ([][]float32, error) {
			for _, x := range v {
				for i := range x {
					x[i] *= 2
				}
			}
			return v, nil
		}}, "length is 2.0000"},
		{"order", brokenEmbedder{hash, 0, func(_ context.Context, _ []string, v [][]float32) ([][]float32, error) {
			if len(v) > 2 {
				v[0], v[1] = v[1], v[0]
			}
			return v, nil
		}}, "alone and in a batch differ"},
		{"refuses empty text", brokenEmbedder{hash, 0, func(_ context.Context, texts []string, v [][]float32) ([][]float32, error) {
			for _, s := range texts {
				if s == "" {
					return nil, errors.New("input is empty")
				}
			}
			return v, nil
		}}, "input is empty"},
		{"keeps what it returned", brokenEmbedder{hash, 0, func(_ context.Context, _ []string, v [][]float32) ([][]float32, error) {
			for i := range v {
				v[i] = constant[0]
			}
			return v, nil
		}}, "vector is zero"},
		{"one vector for all", brokenEmbedder{hash, 0, func(_ context.Context, _ []string, v [][]float32) ([][]float32, error) {
			for i := range v {
				v[i] = make([]float32, hashDim)
				v[i][0] = 1
			}
			return v, nil
		}}, "two different sentences"},
		{"deaf to the context", deaf{hash}, "cancelled context"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := CheckEmbedder(t.Context(), test.e)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

type deaf struct{ *Hash }

func (d deaf) Embed(ctx context.Context, p Purpose, texts []string) ([][]float32, error) {
	return d.Hash.Embed(context.WithoutCancel(ctx), p, texts)
}

func TestDot(t *testing.T) {
	for n := range 40 {
		a, b := make([]float32, n), make([]float32, n)
		want := float32(0)
		for i := range n {
			a[i], b[i] = float32(i+1), float32(2*i-5)
			want += a[i] * b[i]
		}
		if got := dot(a, b); got != want { // small integers: exact in any order
			t.Errorf("n=%d: got %v, want %v", n, got, want)
		}
	}
}
