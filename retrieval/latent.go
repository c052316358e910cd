package retrieval

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
)

// latent is a space of few dimensions in which articles that use words of one kind lie near one another,
// learned from the library itself: latent semantic analysis (Deerwester et al. 1990), the space found by
// randomised subspace iteration (Halko, Martinsson and Tropp 2011).
//
// It is learned from a sample: the articles whose ids hash lowest, which makes the space depend on which
// articles there are and on nothing else, and lets an article outside the sample come and go without
// learning again. Every article then has its place in it.
type latent struct {
	dim    int
	sample []*doc
	rows   []int32 // by term: its row in basis, or -1
	basis  []float32
	idf    []float32 // by row, within the sample
	norm   float32   // BM25's K1 times this and that over the sample's mean length
	places map[*doc][]float32
	docs   []float32 // rows of dim, unit length or zero, by doc number
}

const (
	latentRounds = 3    // of subspace iteration
	latentSample = 4096 // articles
)

// sparse is a row of the sample's matrix: BM25 weights by term, of unit length.
type sparse struct {
	rows    []int32
	weights []float32
}

// sampled returns the docs that the space is learned from, in the order of their ids.
func sampled(docs []*doc) []*doc {
	if len(docs) <= latentSample {
		return docs
	}
	type hashed struct {
		h uint64
		i int
	}
	list := make([]hashed, len(docs))
	for i, d := range docs {
		h := fnv.New64a()
		h.Write([]byte(d.article.ID))
		list[i] = hashed{h.Sum64() * 0x9E3779B97F4A7C15, i}
	}
	slices.SortFunc(list, func(a, b hashed) int {
		if a.h != b.h {
			return cmp.Compare(a.h, b.h)
		}
		return cmp.Compare(a.i, b.i)
	})
	list = list[:latentSample]
	slices.SortFunc(list, func(a, b hashed) int { return cmp.Compare(a.i, b.i) })
	out := make([]*doc, len(list))
	for k, x := range list {
		out[k] = docs[x.i]
	}
	return out
}

// newLatent returns the space for docs: the old one's, with places for new docs, if it was learned from the
// same sample, else one learned anew. It is nil for libraries too small to have one.
func newLatent(old *latent, docs []*doc, terms []string, s Settings) *latent {
	if s.LatentDim <= 0 || len(docs) < 8 {
		return nil
	}
	l := &latent{dim: min(s.LatentDim, len(docs)/2), sample: sampled(docs)}
	if old != nil && old.dim == l.dim && slices.Equal(old.sample, l.sample) {
		l.rows, l.basis, l.idf, l.norm = old.rows, old.basis, old.idf, old.norm
	} else {
		old = nil
		l.learn(terms, s)
	}
	l.place(old, docs, s)
	return l
}

// learn finds the space of the sample.
func (l *latent) learn(terms []string, s Settings) {
	df := make([]int32, len(terms))
	seen := make([]int32, len(terms))
	words := 0
	for i, d := range l.sample {
		words += d.words
		for _, t := range d.terms[:d.text] {
			if seen[t] != int32(i)+1 {
				seen[t] = int32(i) + 1
				df[t]++
			}
		}
	}
	l.norm = float32(1 / math.Max(float64(words)/float64(len(l.sample)), 1))
	least := int32(2)
	if len(l.sample) == latentSample {
		least = 3
	}
	var used []uint32
	for t, n := range df {
		if n >= least && int(n) <= len(l.sample)/2 {
			used = append(used, uint32(t))
		}
	}
	// Numbers of terms depend on the library's history; their order by name does not.
	slices.SortFunc(used, func(a, b uint32) int { return cmp.Compare(terms[a], terms[b]) })
	l.rows = make([]int32, len(terms))
	for t := range l.rows {
		l.rows[t] = -1
	}
	l.idf = make([]float32, len(used))
	for r, t := range used {
		l.rows[t] = int32(r)
		l.idf[r] = float32(idf(int(df[t]), len(l.sample)))
	}

	workers := runtime.GOMAXPROCS(0)
	x := make([]sparse, len(l.sample))
	parallel(workers, func(w int) {
		tf := make([]float32, len(l.rows))
		for i := w; i < len(x); i += workers {
			x[i] = l.row(l.sample[i], tf, s)
		}
	})
	dim := l.dim
	l.basis = make([]float32, len(used)*dim)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range l.basis {
		l.basis[i] = float32(rng.NormFloat64())
	}
	y := make([]float32, len(x)*dim)
	for range latentRounds {
		clear(y)
		parallel(workers, func(w int) {
			for i := w; i < len(x); i += workers {
				l.project(x[i], y[i*dim:i*dim+dim])
			}
		})
		orthonormal(y, dim)
		// The sum over articles goes to every term in the same order however many workers there are: each
		// has its own share of the dimensions.
		clear(l.basis)
		parallel(workers, func(w int) {
			lo, hi := w*dim/workers, (w+1)*dim/workers
			for i := range x {
				row := y[i*dim+lo : i*dim+hi]
				for k, r := range x[i].rows {
					at := int(r) * dim
					axpy(l.basis[at+lo:at+hi], row, x[i].weights[k])
				}
			}
		})
	}
	orthonormal(l.basis, dim)
}

// row returns an article's terms that the space knows. tf is zero by term, and left so.
func (l *latent) row(d *doc, tf []float32, s Settings) sparse {
	var terms []uint32
	for k, t := range d.terms[:d.text] {
		if int(t) >= len(l.rows) || l.rows[t] < 0 {
			continue
		}
		if tf[t] == 0 {
			terms = append(terms, t)
		}
		if k < d.title {
			tf[t] += float32(s.Title)
		} else {
			tf[t]++
		}
	}
	norm := float32(s.K1) * (1 - float32(s.B) + float32(s.B)*float32(d.words)*l.norm)
	v := sparse{make([]int32, len(terms)), make([]float32, len(terms))}
	for k, t := range terms {
		v.rows[k] = l.rows[t]
		v.weights[k] = l.idf[l.rows[t]] * tf[t] / (tf[t] + norm)
		tf[t] = 0
	}
	unit(v.weights)
	return v
}

// project adds a row's place to y.
func (l *latent) project(v sparse, y []float32) {
	for k, r := range v.rows {
		at := int(r) * l.dim
		axpy(y, l.basis[at:at+l.dim], v.weights[k])
	}
}

// place gives every doc its place, those that old has from there.
func (l *latent) place(old *latent, docs []*doc, s Settings) {
	l.docs = make([]float32, len(docs)*l.dim)
	l.places = make(map[*doc][]float32, len(docs))
	workers := runtime.GOMAXPROCS(0)
	if len(docs) < 256 {
		workers = 1
	}
	parallel(workers, func(w int) {
		tf := make([]float32, len(l.rows))
		for i := w * len(docs) / workers; i < (w+1)*len(docs)/workers; i++ {
			y := l.docs[i*l.dim : i*l.dim+l.dim]
			if old != nil {
				if p, ok := old.places[docs[i]]; ok {
					copy(y, p)
					continue
				}
			}
			l.project(l.row(docs[i], tf, s), y)
			unit(y)
		}
	})
	for i, d := range docs {
		l.places[d] = l.docs[i*l.dim : i*l.dim+l.dim]
	}
}

// doc returns an article's place.
func (l *latent) doc(i uint32) []float32 { return l.docs[int(i)*l.dim : int(i)*l.dim+l.dim] }

// term returns a term's place, or nil.
func (l *latent) term(t uint32) []float32 {
	if int(t) >= len(l.rows) || l.rows[t] < 0 {
		return nil
	}
	at := int(l.rows[t]) * l.dim
	return l.basis[at : at+l.dim]
}

// axpy adds a times x to y.
func axpy(y, x []float32, a float32) {
	x = x[:len(y)]
	for len(y) >= 8 {
		y8, x8 := y[:8:8], x[:8:8]
		y8[0] += a * x8[0]
		y8[1] += a * x8[1]
		y8[2] += a * x8[2]
		y8[3] += a * x8[3]
		y8[4] += a * x8[4]
		y8[5] += a * x8[5]
		y8[6] += a * x8[6]
		y8[7] += a * x8[7]
		y, x = y[8:], x[8:]
	}
	for i := range y {
		y[i] += a * x[i]
	}
}

// unit makes v of length 1; a zero vector stays.
func unit(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum <= 0 {
		return
	}
	f := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= f
	}
}

// dotf is the dot product of two vectors of one length.
func dotf(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// orthonormal makes the columns of a matrix, given as rows of dim, orthonormal: it divides by the Cholesky
// factor of the Gram matrix. Columns that depend on others become small or arbitrary, not NaN.
func orthonormal(a []float32, dim int) {
	rows := len(a) / dim
	workers := runtime.GOMAXPROCS(0)
	if rows < 256 {
		workers = 1
	}
	// Each worker sums some rows of the Gram matrix over all of a, so that sums do not depend on how
	// many workers there are.
	g := make([]float64, dim*dim)
	parallel(workers, func(w int) {
		for r := range rows {
			row := a[r*dim : r*dim+dim]
			for i := w; i < dim; i += workers {
				x := float64(row[i])
				if x == 0 {
					continue
				}
				q := g[i*dim : i*dim+i+1]
				for j := range q {
					q[j] += x * float64(row[j])
				}
			}
		}
	})
	trace := 0.0
	for i := range dim {
		trace += g[i*dim+i]
	}
	least := 1e-9*trace/float64(dim) + 1e-30
	for i := range dim {
		for j := range i + 1 {
			sum := g[i*dim+j]
			for k := range j {
				sum -= g[i*dim+k] * g[j*dim+k]
			}
			if i == j {
				g[i*dim+i] = math.Sqrt(math.Max(sum, least))
			} else {
				g[i*dim+j] = sum / g[j*dim+j]
			}
		}
	}
	parallel(workers, func(w int) {
		for r := w; r < rows; r += workers {
			row := a[r*dim : r*dim+dim]
			for i := range dim {
				sum := float64(row[i])
				for k, l := range g[i*dim : i*dim+i] {
					sum -= float64(row[k]) * l
				}
				row[i] = float32(sum / g[i*dim+i])
			}
		}
	})
}
