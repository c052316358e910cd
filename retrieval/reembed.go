package retrieval

import (
	"context"
	"fmt"

	"policybot/corpus"
)

// Embedder returns the embedder of searches from now on, nil when there is none.
func (ix *Index) Embedder() Embedder { return ix.snap.Load().embedder }

// Reembed makes the index use another embedder. vector gives the vector that it made of a passage's
// PassageText; one that is missing is an error. A search compares vectors of one embedder with each other,
// the one of before or the new one, never of both, and waits for nothing. When Reembed returns an error the
// index is as it was. Updates wait for it, and it for them.
func (ix *Index) Reembed(ctx context.Context, e Embedder, vector func(corpus.Chunk) []float32) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	now := ix.snap.Load()
	vectors := NewVectors(e.Model(), e.Dim())
	var ids []string
	var vecs [][]float32
	for i, d := range now.docs {
		if i%interval == 0 && ctx.Err() != nil {
			return fmt.Errorf("retrieval: reembed: %w", ctx.Err())
		}
		for _, c := range d.chunks {
			v := vector(c.Chunk)
			if v == nil {
				return fmt.Errorf("retrieval: reembed: %s has no vector of %s", c.Chunk.ID(), e.Model())
			}
			ids, vecs = append(ids, c.vector), append(vecs, v)
		}
	}
	if err := vectors.Put(ctx, ids, vecs); err != nil {
		return fmt.Errorf("retrieval: reembed: %w", err)
	}
	next := *now
	next.embedder, next.vectors = e, vectors
	ix.options.Embedder, ix.vectors = e, vectors
	ix.snap.Store(&next)
	return nil
}
