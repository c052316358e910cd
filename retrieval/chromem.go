package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/philippgille/chromem-go"
)

// Near is a vector near the one asked for. Score is the dot product of the two unit vectors, −1 to 1.
type Near struct {
	ID    string
	Score float32
}

// Vectors holds the unit vectors of one embedder model, by id, in a chromem-go collection in memory. It
// is the only user of chromem-go, and keeps that library's traps from its callers: what it promises is
// tested trap by trap in chromem_test.go.
//
// Up to exhaustive vectors, Nearest is chromem-go's own query. Beyond, it reads a sketch of every vector
// and compares exactly those that look near enough (see sketcher); the vectors compared are the ones
// chromem-go holds.
//
// Vectors is one shared, changing set and may be used from several goroutines at once: a call sees each
// Put or Delete wholly or not at all. A caller that searches immutable snapshots shares one Vectors
// between them: it Puts the new vectors before it publishes a snapshot, Deletes the old ones after, asks
// for a few more neighbours than it needs and skips ids its snapshot does not have. That needs ids that
// change with their text (a chunk's id with the digest of its article, say): replacing the vector of an
// id is seen by older snapshots too.
type Vectors struct {
	model    string
	dim      int
	sketcher *sketcher
	scratch  sync.Pool // *scratch

	// chromem-go reads its map in Delete without its own lock, so ours guards every call (C12).
	mu       sync.RWMutex
	col      *chromem.Collection
	slots    map[string]int32 // chromem-go has no listing (C19)
	ids      []string         // by slot; "" is free
	sketches []sketch         // by slot
	free     []int32
	slabs    [][]float32 // slabVectors vectors each: the memory of the slots, shared with chromem-go
}

const (
	// exhaustive is the number of vectors up to which chromem-go's scan of all of them is used: it takes
	// about a third of a millisecond there and grows in proportion.
	exhaustive = 1000

	slabVectors = 256

	// interval is how many vectors are compared between two looks at the context.
	interval = 4096
)

// NewVectors returns an empty set for vectors of dim components made by the named model.
func NewVectors(model string, dim int) *Vectors {
	if dim <= 0 {
		panic(fmt.Sprintf("retrieval: NewVectors: dimension %d", dim))
	}
	// With no function of ours chromem-go would install OpenAI's and read its key from the environment
	// (C16). This one is never called: we always give the vector.
	refuse := func(context.Context, string) ([]float32, error) {
		return nil, errors.New("retrieval: chromem-go may not embed")
	}
	col, err := chromem.NewDB().CreateCollection("model "+model, nil, refuse)
	if err != nil {
		panic(err) // unreachable: the name is not empty
	}
	return &Vectors{
		model:    model,
		dim:      dim,
		sketcher: newSketcher(dim),
		scratch:  sync.Pool{New: func() any { return new(scratch) }},
		col:      col,
		slots:    map[string]int32{},
	}
}

// Model returns the name of the model whose vectors these are.
func (v *Vectors) Model() string { return v.model }

// Dim returns the number of components of each vector.
func (v *Vectors) Dim() int { return v.dim }

// Len returns the number of vectors.
func (v *Vectors) Len() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return len(v.slots)
}

// Has reports whether there is a vector with the id.
func (v *Vectors) Has(id string) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	_, ok := v.slots[id]
	return ok
}

// Put adds vectors under their ids, replacing those of ids it has. Vectors are copied and scaled to unit
// length. It is all or nothing: an empty or repeated id, or a vector that has another dimension, is zero
// or not finite, refuses the batch and names the id.
func (v *Vectors) Put(ctx context.Context, ids []string, vecs [][]float32) error {
	return v.put(ctx, ids, vecs, nil)
}

// put is Put for vectors whose sketches are known: known is nil or as long as ids, and zero for those that
// are not.
func (v *Vectors) put(ctx context.Context, ids []string, vecs [][]float32, known []sketch) error {
	if len(ids) != len(vecs) {
		return fmt.Errorf("retrieval: put %d ids with %d vectors", len(ids), len(vecs))
	}
	seen := make(map[string]bool, len(ids))
	norms := make([]float64, len(ids))
	for i, id := range ids {
		if i%interval == 0 && ctx.Err() != nil {
			return fmt.Errorf("retrieval: put %d vectors: %w", len(ids), ctx.Err())
		}
		switch {
		case id == "":
			return fmt.Errorf("retrieval: put vector %d of %d: empty id", i, len(ids))
		case seen[id]:
			return fmt.Errorf("retrieval: put %q: twice in one batch", id)
		}
		seen[id] = true
		var err error
		if norms[i], err = norm(vecs[i], v.dim); err != nil {
			return fmt.Errorf("retrieval: put %q (model %s): %w", id, v.model, err)
		}
	}
	// Sketching is what takes time, and needs no lock.
	sketches := known
	if sketches == nil {
		sketches = make([]sketch, len(ids))
	}
	workers := min(runtime.GOMAXPROCS(0), len(ids)/interval+1)
	parallel(workers, func(w int) {
		unit := make([]float32, v.dim)
		var buf []float32
		for i := w * len(ids) / workers; i < (w+1)*len(ids)/workers; i++ {
			if i%64 == 0 && ctx.Err() != nil {
				return
			}
			if sketches[i] != (sketch{}) {
				continue
			}
			scale(unit, vecs[i], norms[i])
			sketches[i], buf = v.sketcher.sketch(unit, buf)
		}
	})
	if ctx.Err() != nil {
		return fmt.Errorf("retrieval: put %d vectors: %w", len(ids), ctx.Err())
	}

	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.slots) == 0 && len(ids) > len(v.ids) { // the usual start: all at once
		v.slots = make(map[string]int32, len(ids))
		v.ids = slices.Grow(v.ids, len(ids))
		v.sketches = slices.Grow(v.sketches, len(ids))
	}
	for i, id := range ids {
		slot, ok := v.slots[id]
		if !ok {
			slot = v.take()
		}
		unit := v.vector(slot)
		scale(unit, vecs[i], norms[i])
		// One at a time and out of the reach of the context: AddDocuments stops midway on an error (C13)
		// and on a done context adds nothing and says nothing. AddDocument keeps a vector of unit length
		// as it is, without a copy.
		if err := v.col.AddDocument(context.WithoutCancel(ctx), chromem.Document{ID: id, Embedding: unit}); err != nil {
			return fmt.Errorf("retrieval: put %q: %w", id, err) // unreachable: id and vector are not empty
		}
		v.sketches[slot] = sketches[i]
		v.slots[id] = slot
		v.ids[slot] = id
	}
	return nil
}

// take returns a free slot, making a slab of them when there is none.
func (v *Vectors) take() int32 {
	if n := len(v.free); n > 0 {
		slot := v.free[n-1]
		v.free = v.free[:n-1]
		return slot
	}
	slot := len(v.ids)
	if slot == len(v.slabs)*slabVectors {
		v.slabs = append(v.slabs, make([]float32, slabVectors*v.dim))
	}
	v.ids = append(v.ids, "")
	v.sketches = append(v.sketches, sketch{})
	return int32(slot)
}

// sketchOf returns the sketch of an id's vector, zero if it has none.
func (v *Vectors) sketchOf(id string) sketch {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if slot, ok := v.slots[id]; ok {
		return v.sketches[slot]
	}
	return sketch{}
}

// vector returns the memory of a slot.
func (v *Vectors) vector(slot int32) []float32 {
	i := int(slot) % slabVectors * v.dim
	return v.slabs[slot/slabVectors][i : i+v.dim : i+v.dim]
}

// Delete takes away the vectors of the ids. Ids it does not have are no error, and no ids delete nothing.
func (v *Vectors) Delete(ctx context.Context, ids []string) error {
	if ctx.Err() != nil {
		return fmt.Errorf("retrieval: delete %d vectors: %w", len(ids), ctx.Err())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	known := make([]string, 0, len(ids))
	for _, id := range ids {
		if slot, ok := v.slots[id]; ok {
			delete(v.slots, id) // also keeps a repeated id from being taken twice
			v.ids[slot] = ""
			v.free = append(v.free, slot)
			known = append(known, id)
		}
	}
	if len(known) == 0 {
		return nil
	}
	// Nil maps: with an empty one chromem-go deletes everything (C2), with a filled one it ignores the
	// ids (C3).
	if err := v.col.Delete(context.WithoutCancel(ctx), nil, nil, known...); err != nil {
		return fmt.Errorf("retrieval: delete %d vectors: %w", len(known), err) // unreachable in memory
	}
	return nil
}

// Vector returns a copy of the id's unit vector.
func (v *Vectors) Vector(id string) ([]float32, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	slot, ok := v.slots[id]
	if !ok {
		return nil, false
	}
	return slices.Clone(v.vector(slot)), true
}

// Scores returns the score of vec with each id's vector, and 0 for an id it does not have. vec need not
// be of unit length, but must be finite, not zero, and of the right dimension.
func (v *Vectors) Scores(ctx context.Context, vec []float32, ids []string) ([]float32, error) {
	q := make([]float32, v.dim)
	if err := normalize(q, vec, v.dim); err != nil {
		return nil, fmt.Errorf("retrieval: scores (model %s): %w", v.model, err)
	}
	scores := make([]float32, len(ids))
	v.mu.RLock()
	defer v.mu.RUnlock()
	for i, id := range ids {
		if i%interval == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("retrieval: scores: %w", ctx.Err())
		}
		if slot, ok := v.slots[id]; ok {
			scores[i] = dot(q, v.vector(slot))
		}
	}
	return scores, nil
}

// Nearest returns the k vectors with the highest scores, best first, equal scores by id; all of them
// when it has fewer, none for k ≤ 0. vec is as for Scores. A context that is done gives its error, never
// a short list. Beyond a thousand vectors a true neighbour is missed now and then: of the ten nearest
// embeddings of Hash more than 99 in 100 are found, of hundreds more than 97 (TestNearestFindsHashedTexts),
// and for one set of vectors always the same ones, whatever order they were put in.
func (v *Vectors) Nearest(ctx context.Context, vec []float32, k int) ([]Near, error) {
	q := make([]float32, v.dim)
	if err := normalize(q, vec, v.dim); err != nil {
		return nil, fmt.Errorf("retrieval: nearest (model %s): %w", v.model, err)
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	var found []Near
	err := ctx.Err()
	k = min(k, len(v.slots))
	switch {
	case err != nil || k <= 0:
	case len(v.slots) <= exhaustive:
		found, err = v.query(ctx, q, k)
	default:
		found, err = v.filter(ctx, q, k)
	}
	if err != nil {
		return nil, fmt.Errorf("retrieval: nearest %d: %w", k, err)
	}
	return found, nil
}

// query asks chromem-go for the k nearest of all, 1 ≤ k ≤ v.col.Count().
func (v *Vectors) query(ctx context.Context, q []float32, k int) ([]Near, error) {
	// Which of several equal scores chromem-go returns is chance (C10): ask for more until the last one
	// is clearly below the k-th, so that all equal ones are there to choose from.
	for fetch := min(k+8, len(v.slots)); ; fetch = min(2*fetch, len(v.slots)) {
		res, err := v.col.QueryEmbedding(ctx, q, fetch, nil, nil)
		if err == nil {
			err = ctx.Err() // which chromem-go takes for "nothing found" (A4)
		}
		if err == nil && len(res) != fetch {
			err = fmt.Errorf("chromem-go found %d of %d", len(res), fetch)
		}
		if err != nil {
			return nil, err
		}
		const slack = 1e-5 // more than two orders of summation can differ by
		if fetch < len(v.slots) && res[fetch-1].Similarity > res[k-1].Similarity-slack {
			continue
		}
		best := newTop(k)
		for _, r := range res {
			best.add(r.ID, dot(q, v.vector(v.slots[r.ID])))
		}
		return best.sorted(), nil
	}
}

// scratch is the memory of one filter call.
type scratch struct {
	scores []uint16   // by slot
	halves [2][]int32 // how many have each score, by half of the slots
}

const (
	// firstCandidates is how many of the best estimates are compared exactly at first, for every
	// neighbour wanted. What they find decides how many more are needed.
	firstCandidates = 3
	// mostCandidates bounds the exact comparisons, and so the time, where the estimates tell little.
	mostCandidates = 8192
	// doubt and slightDoubt are how far, in standard deviations of an estimate, a vector's estimate may lie
	// below its score and the vector still be found: one of the surest nearest, or any other of the k. At
	// 62,148 embeddings of Hash a doubt of 1.5 finds .986 of ten neighbours with 140 comparisons, 2 finds
	// .998 with 240, 2.5 finds .9997 with 400. Random vectors, with all neighbours hardly above the
	// rest, need 2.5 for .99. Of 300 neighbours 2.5 would find .998 with 5,200, 1.5 finds .985 with 2,600.
	doubt       = 2.5
	slightDoubt = 1.5
	surest      = 10
)

// halve is how many sketches are worth a second goroutine.
const halve = 20_000

// both does work on [0, n), in halves side by side where there is enough of it. The scan is what a search
// over a large library waits for.
func both(n int, work func(half, from, to int)) {
	if n < halve {
		work(0, 0, n)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { work(1, n/2, n) })
	work(0, 0, n/2)
	wg.Wait()
}

// filter finds the k nearest by sketch, then exactly.
func (v *Vectors) filter(ctx context.Context, q []float32, k int) ([]Near, error) {
	p := v.sketcher.prepare(q)
	s := v.scratch.Get().(*scratch)
	defer v.scratch.Put(s)
	n := len(v.ids)
	s.scores = slices.Grow(s.scores[:0], n)[:n]
	for half := range s.halves {
		s.halves[half] = slices.Grow(s.halves[half][:0], p.bins)[:p.bins]
		clear(s.halves[half])
	}
	both(n, func(half, from, end int) {
		counts := s.halves[half]
		for ; from < end && ctx.Err() == nil; from += interval {
			to := min(from+interval, end)
			p.score(v.sketches[from:to], s.scores[from:to])
			for _, score := range s.scores[from:to] {
				counts[score]++
			}
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	counts := s.halves[0]
	for i, c := range s.halves[1] {
		counts[i] += c
	}
	for _, slot := range v.free {
		counts[s.scores[slot]]--
	}

	// Whole scores at a time, so that vectors with equal sketches, equal vectors among them, are taken or
	// left together, whatever slots they are in.
	best := newTop(k)
	compare := func(least, below int) error {
		found := [2]*top{newTop(k), newTop(k)}
		both(n, func(half, from, to int) {
			done := 0
			for slot := from; slot < to; slot++ {
				score := int(s.scores[slot])
				if score < least || score >= below || v.ids[slot] == "" {
					continue
				}
				if done%interval == 0 && ctx.Err() != nil {
					return
				}
				done++
				found[half].add(v.ids[slot], dot(q, v.vector(int32(slot))))
			}
		})
		for _, t := range found {
			for _, x := range t.heap {
				best.add(x.ID, x.Score)
			}
		}
		return ctx.Err()
	}
	first := lowest(counts, max(64, firstCandidates*k))
	if err := compare(first, p.bins); err != nil {
		return nil, err
	}
	sigma := v.sketcher.sigma
	least := p.atLeast(float64(best.score(min(k, surest))) - doubt*sigma)
	least = min(least, p.atLeast(float64(best.score(k))-slightDoubt*sigma))
	least = max(least, lowest(counts, max(mostCandidates, firstCandidates*k)))
	if least < first {
		if err := compare(least, first); err != nil {
			return nil, err
		}
	}
	return best.sorted(), nil
}

// lowest returns the highest score such that at least want vectors have it or a higher one; 0 if there
// are not so many.
func lowest(counts []int32, want int) int {
	have := 0
	for score := len(counts) - 1; score > 0; score-- {
		if have += int(counts[score]); have >= want {
			return score
		}
	}
	return 0
}

// normalize writes v, scaled to unit length, into unit.
func normalize(unit, v []float32, dim int) error {
	n, err := norm(v, dim)
	if err != nil {
		return err
	}
	scale(unit, v, n)
	return nil
}

// scale writes v, of length n, scaled to unit length, into unit. A vector that chromem-go would take for
// one of unit length keeps its bits, so that a stored vector survives any number of restarts.
func scale(unit, v []float32, n float64) {
	if math.Abs(n-1) < 5e-7 {
		copy(unit, v)
		return
	}
	for i, x := range v {
		unit[i] = float32(float64(x) / n)
	}
}

// top keeps the k best of what is added: a heap with the worst in front.
type top struct {
	k    int
	heap []Near
}

func newTop(k int) *top { return &top{k, make([]Near, 0, k)} }

// compareNear orders by score, best first, then by id.
func compareNear(a, b Near) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
}

// score returns the n-th best score, 1 ≤ n ≤ k, once k were added.
func (t *top) score(n int) float32 {
	if n == t.k {
		return t.heap[0].Score
	}
	scores := make([]float32, len(t.heap))
	for i, x := range t.heap {
		scores[i] = x.Score
	}
	slices.Sort(scores)
	return scores[len(scores)-n]
}

func (t *top) add(id string, score float32) {
	n := Near{id, score}
	if len(t.heap) < t.k {
		t.heap = append(t.heap, n)
		for i := len(t.heap) - 1; i > 0; {
			up := (i - 1) / 2
			if compareNear(t.heap[i], t.heap[up]) <= 0 {
				break
			}
			t.heap[i], t.heap[up] = t.heap[up], t.heap[i]
			i = up
		}
		return
	}
	if score < t.heap[0].Score || compareNear(n, t.heap[0]) >= 0 {
		return
	}
	t.heap[0] = n
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(t.heap) {
			return
		}
		if down+1 < len(t.heap) && compareNear(t.heap[down+1], t.heap[down]) > 0 {
			down++
		}
		if compareNear(t.heap[down], t.heap[i]) <= 0 {
			return
		}
		t.heap[i], t.heap[down] = t.heap[down], t.heap[i]
		i = down
	}
}

func (t *top) sorted() []Near {
	slices.SortFunc(t.heap, compareNear)
	return t.heap
}
