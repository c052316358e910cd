package retrieval

import (
	"context"
	"errors"
	"math"
	"testing"
)

// TestBM25 counts by hand: three articles of four words each, so that length plays no part.
func TestBM25(t *testing.T) {
	s := Defaults()
	s.Title = 1
	ix := indexOf(t, Options{Settings: &s},
		article("a", "", "Zorba quilt marfo marfo."),
		article("b", "", "Zorba blint tofeg kurdo."),
		article("c", "", "Vanka pilmo wexor gragu."))
	k := s.K1 + 1
	rare, common := idf(1, 3), idf(2, 3)
	one := 1 * k / (1 + s.K1)
	two := 2 * k / (2 + s.K1)
	for _, test := range []struct {
		question string
		want     map[string]float64
		first    string
	}{
		{"Where is the marfo?", map[string]float64{"a": rare * two}, "a"},
		{"zorba quilt", map[string]float64{"a": (common + rare) * one, "b": common * one}, "a"},
		{"zorba", map[string]float64{"a": common * one, "b": common * one}, "a"}, // a tie goes by id
		{"zorbq", nil, ""},     // nothing is akin to a word that no article holds
		{"the of it", nil, ""}, // function words are no words
	} {
		hits, err := ix.BM25(context.Background(), Query{Text: test.question, Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) != len(test.want) {
			t.Errorf("%q: %d hits, want %d", test.question, len(hits), len(test.want))
			continue
		}
		for i, h := range hits {
			if math.Abs(h.Score-test.want[h.Article.ID]) > 1e-5 {
				t.Errorf("%q: %s scores %.5f, want %.5f", test.question, h.Article.ID, h.Score, test.want[h.Article.ID])
			}
			if i == 0 && h.Article.ID != test.first {
				t.Errorf("%q: %s is first, want %s", test.question, h.Article.ID, test.first)
			}
		}
	}
	if hits, err := ix.BM25(context.Background(), Query{Text: "zorba", Lang: "en", Limit: 1}); err != nil || len(hits) != 1 {
		t.Errorf("limit 1: %d hits, %v", len(hits), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ix.BM25(ctx, Query{Text: "zorba"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
