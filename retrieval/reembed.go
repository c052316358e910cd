package retrieval

import (
	"context"
	"fmt"

	"policybot/corpus"
)

// Embedder returns the embedder of searches from now on, nil when there is none.
func (ix *Index) Embedder() Embedder { return ix.snap.Load().embedder }

// Reembed makes the index use another embedder. vector gives the stored vectors, made by that embedder
// from PassageText; where it returns nil the passage is embedded. A search compares vectors of one embedder
// with each other, the one of before or the new one, never of both; until all of the new ones are there it
// is the one of before, and no search waits. When Reembed returns an error the index is as it was. Updates
// wait for it, and it for them.
func (ix *Index) Reembed(ctx context.Context, e Embedder, vector func(corpus.Chunk) []float32) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	now := ix.snap.Load()
	vectors := NewVectors(e.Model(), e.Dim())
	var ids, texts []string
	var vecs [][]float32
	var missing []int // places in vecs
	for i, d := range now.docs {
		if i%interval == 0 && ctx.Err() != nil {
			return fmt.Errorf("retrieval: reembed: %w", ctx.Err())
		}
		for _, c := range d.chunks {
			v := vector(c.Chunk)
			if v == nil {
				missing = append(missing, len(vecs))
				texts = append(texts, PassageText(c.Chunk))
			}
			ids, vecs = append(ids, c.vector), append(vecs, v)
		}
	}
	if len(texts) > 0 {
		made, err := e.Embed(ctx, Passage, texts)
		if err == nil && len(made) != len(texts) {
			err = fmt.Errorf("the embedder gave %d vectors", len(made))
		}
		if err != nil {
			return fmt.Errorf("retrieval: reembed %d chunks: %w", len(texts), err)
		}
		for j, at := range missing {
			vecs[at] = made[j]
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
