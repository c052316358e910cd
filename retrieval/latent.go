package retrieval

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// latent is a space of few dimensions in which articles that use related words lie near one another,
// learned from the library itself: latent semantic analysis (Deerwester et al. 1990), its space found by
// randomised subspace iteration (Halko, Martinsson and Tropp 2011).
type latent struct {
	dim   int
	terms []int32   // term → row of basis, or -1
	basis []float32 // rows of dim
	docs  []float32 // rows of dim, unit length or zero
}

const (
	latentRounds = 3
	latentSample = 6000
)

type sparse struct {
	id []int32
	w  []float32
}

// newLatent learns a space for the docs.
func newLatent(docs []*doc, p *postings, dim int, s Settings) *latent {
	n := len(docs)
	if dim <= 0 || n < 8 {
		return nil
	}
	dim = min(dim, n/2)
	l := &latent{dim: dim, terms: make([]int32, len(p.chunks))}
	rows := int32(0)
	idfs := make([]float32, len(p.chunks))
	for t := range l.terms {
		df := int(p.start[t+1] - p.start[t])
		l.terms[t] = -1
		if df >= 2 && df <= n/2 {
			l.terms[t] = rows
			rows++
			idfs[t] = float32(idf(df, n))
		}
	}
	rowsOf := func(i int, tf []float32, seen []uint32) sparse {
		d := docs[i]
		seen = seen[:0]
		for k, t := range d.terms[:d.text] {
			if l.terms[t] < 0 {
				continue
			}
			if tf[t] == 0 {
				seen = append(seen, t)
			}
			if k < d.title {
				tf[t] += float32(s.Title)
			} else {
				tf[t]++
			}
		}
		v := sparse{make([]int32, len(seen)), make([]float32, len(seen))}
		sum := 0.0
		for k, t := range seen {
			w := idfs[t] * tf[t] / (tf[t] + p.norm[i])
			tf[t] = 0
			v.id[k], v.w[k] = l.terms[t], w
			sum += float64(w) * float64(w)
		}
		if sum > 0 {
			f := float32(1 / math.Sqrt(sum))
			for k := range v.w {
				v.w[k] *= f
			}
		}
		return v
	}
	workers := runtime.GOMAXPROCS(0)
	// Sample by position; a library of ours is in the order of its ids.
	step := 1
	if n > latentSample {
		step = (n + latentSample - 1) / latentSample
	}
	m := (n + step - 1) / step
	x := make([]sparse, m)
	parallel(workers, func(w int) {
		tf := make([]float32, len(l.terms))
		var seen []uint32
		for i := w; i < m; i += workers {
			x[i] = rowsOf(i*step, tf, seen)
		}
	})
	l.basis = make([]float32, int(rows)*dim)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range l.basis {
		l.basis[i] = float32(rng.NormFloat64())
	}
	y := make([]float32, m*dim)
	for range latentRounds {
		l.project(x, y, workers)
		orthonormal(y, m, dim)
		parts := make([][]float32, workers)
		parallel(workers, func(w int) {
			b := l.basis
			if w > 0 {
				b = make([]float32, len(l.basis))
			} else {
				clear(b)
			}
			parts[w] = b
			for i := w * m / workers; i < (w+1)*m/workers; i++ {
				row := y[i*dim : i*dim+dim]
				for k, t := range x[i].id {
					axpy(b[int(t)*dim:int(t)*dim+dim], row, x[i].w[k])
				}
			}
		})
		for _, b := range parts[1:] {
			for i, v := range b {
				l.basis[i] += v
			}
		}
		orthonormal(l.basis, int(rows), dim)
	}
	l.docs = make([]float32, n*dim)
	var mu sync.Mutex
	_ = mu
	parallel(workers, func(w int) {
		tf := make([]float32, len(l.terms))
		var seen []uint32
		for i := w; i < n; i += workers {
			v := rowsOf(i, tf, seen)
			row := l.docs[i*dim : i*dim+dim]
			for k, t := range v.id {
				axpy(row, l.basis[int(t)*dim:int(t)*dim+dim], v.w[k])
			}
			unit(row)
		}
	})
	return l
}

func (l *latent) project(x []sparse, y []float32, workers int) {
	dim := l.dim
	clear(y)
	parallel(workers, func(w int) {
		for i := w; i < len(x); i += workers {
			row := y[i*dim : i*dim+dim]
			for k, t := range x[i].id {
				axpy(row, l.basis[int(t)*dim:int(t)*dim+dim], x[i].w[k])
			}
		}
	})
}

func axpy(y, x []float32, a float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += a * x[i]
	}
}

func unit(v []float32) {
	sum := float32(0)
	for _, x := range v {
		sum += x * x
	}
	if sum <= 0 {
		return
	}
	f := float32(1 / math.Sqrt(float64(sum)))
	for i := range v {
		v[i] *= f
	}
}

// orthonormal makes the columns of a rows×dim matrix orthonormal by the Cholesky factor of its Gram
// matrix, twice.
func orthonormal(a []float32, rows, dim int) {
	for range 2 {
		g := make([]float64, dim*dim)
		workers := runtime.GOMAXPROCS(0)
		parts := make([][]float64, workers)
		parallel(workers, func(w int) {
			p := make([]float64, dim*dim)
			for r := w * rows / workers; r < (w+1)*rows/workers; r++ {
				row := a[r*dim : r*dim+dim]
				for i, x := range row {
					if x == 0 {
						continue
					}
					q := p[i*dim : i*dim+i+1]
					for j := range q {
						q[j] += float64(x) * float64(row[j])
					}
				}
			}
			parts[w] = p
		})
		for _, p := range parts {
			for i, v := range p {
				g[i] += v
			}
		}
		trace := 0.0
		for i := range dim {
			trace += g[i*dim+i]
		}
		// Cholesky, lower.
		for i := range dim {
			for j := 0; j <= i; j++ {
				sum := g[i*dim+j]
				for k := range j {
					sum -= g[i*dim+k] * g[j*dim+k]
				}
				if i == j {
					g[i*dim+i] = math.Sqrt(math.Max(sum, 1e-10*trace/float64(dim)+1e-30))
				} else {
					g[i*dim+j] = sum / g[j*dim+j]
				}
			}
		}
		parallel(workers, func(w int) {
			for r := w * rows / workers; r < (w+1)*rows/workers; r++ {
				row := a[r*dim : r*dim+dim]
				for i := range dim {
					sum := float64(row[i])
					for k := range i {
						sum -= float64(row[k]) * g[i*dim+k]
					}
					row[i] = float32(sum / g[i*dim+i])
				}
			}
		})
	}
}

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
