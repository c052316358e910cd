package retrieval

import (
	"context"
	"fmt"
)

// BM25 ranks articles by BM25 alone: every content word of the question by its own stem and nothing akin
// to it, with K1, B, Title and Context of the settings. Unlike those of a Search, its scores are as the
// formula gives them, so that they can be compared between questions. It is no part of a Search: it is
// what the ranking and the decision to answer are measured against.
func (ix *Index) BM25(ctx context.Context, q Query) ([]ArticleHit, error) {
	if q.Limit <= 0 {
		q.Limit = 10
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("retrieval: search: %w", err)
	}
	s := ix.snap.Load()
	pad := s.borrow()
	defer s.scratch.Put(pad)
	acc := pad.acc[0]
	clear(acc)
	var add func([]Word)
	add = func(words []Word) {
		for _, w := range words {
			add(w.Parts)
			for _, f := range w.Forms {
				if f.Why != "stem" {
					continue
				}
				if id, ok := s.vocab.ids[f.Term]; ok {
					l := s.of(id)
					s.bm25(acc, &l, 1)
				}
				break // the word's own; what follows is the stem by the other language's rules
			}
		}
	}
	add(s.question(q.Text, q.Lang))
	var out []ArticleHit
	for _, x := range best(acc, q.Limit) {
		out = append(out, ArticleHit{Article: s.docs[x.doc].article, Score: x.score})
	}
	return out, nil
}
