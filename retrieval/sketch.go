package retrieval

import (
	"math"
	"math/bits"
)

// A sketch is the signs of a randomly rotated vector, one bit a coordinate: 12 to 48 times smaller than
// the vector, and compared with a question by counting bits. Nearest reads all
// sketches, and only the few vectors that look near enough are compared exactly.
//
//	vector v ──rotate──▸ v' ──signs──▸ s ∈ {−1,+1}^n      stored, n bits
//	question q ──rotate──▸ q' ──4 bits──▸ u ∈ {−7…7}^n    as four bit planes
//	⟨q,v⟩ ≈ ⟨u,s⟩ · Δ / c      Δ the step of u, c = E⟨v',s⟩
//
// The question keeps its magnitudes, so the error is that of the stored signs alone: about .755/√n for
// directions that the rotation makes look random. The estimate is that of Gao and Long, "RaBitQ:
// Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate Nearest Neighbor
// Search" (SIGMOD 2024), without its per-vector factor, which hardly varies at these sizes; the rotation
// is a Walsh–Hadamard transform of the vector with pseudo-random signs, as in Ailon and Chazelle (2009).
type sketcher struct {
	dim    int
	pad    int // dim rounded up to a power of two: the size of one rotation
	rounds int // rotations, each with its own signs
	words  int // 64-bit words of a sketch
	signs  []uint64
}

// sketchBits is the number of bits of a sketch. Twice as many halve the candidates that need an exact
// comparison and double the bytes to read; see BenchmarkNearest.
const sketchBits = 1024

func newSketcher(dim int) *sketcher {
	pad := 64
	for pad < dim {
		pad *= 2
	}
	s := &sketcher{dim: dim, pad: pad, rounds: max(1, sketchBits/pad), words: sketchBits / 64}
	s.signs = make([]uint64, s.rounds*pad/64)
	x := uint64(0x9e3779b97f4a7c15) // any fixed seed: sketches live in memory only
	for i := range s.signs {
		x, s.signs[i] = splitmix(x)
	}
	return s
}

// splitmix is the generator of Steele, Lea and Flood (2014): the next state and its output.
func splitmix(x uint64) (state, out uint64) {
	x += 0x9e3779b97f4a7c15
	z := x
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return x, z ^ z>>31
}

// rotate returns the first sketchBits coordinates of v's rotations.
func (s *sketcher) rotate(v, buf []float32) []float32 {
	n := s.rounds * s.pad
	if cap(buf) < n {
		buf = make([]float32, n)
	}
	buf = buf[:n]
	for r := range s.rounds {
		out := buf[r*s.pad : (r+1)*s.pad]
		signs := s.signs[r*s.pad/64:]
		for i, x := range v {
			b := uint32(signs[i>>6]>>(i&63)) << 31
			out[i] = math.Float32frombits(math.Float32bits(x) ^ b)
		}
		clear(out[len(v):])
		hadamard(out)
	}
	return buf[:sketchBits]
}

// hadamard applies the Walsh–Hadamard transform, unscaled, in place. len(x) is a power of two, at least 4.
func hadamard(x []float32) {
	for i := 0; i+4 <= len(x); i += 4 {
		y := x[i : i+4 : i+4]
		a, b, c, d := y[0]+y[1], y[0]-y[1], y[2]+y[3], y[2]-y[3]
		y[0], y[1], y[2], y[3] = a+c, b+d, a-c, b-d
	}
	for h := 4; h < len(x); h *= 2 {
		for i := 0; i < len(x); i += 2 * h {
			lo, hi := x[i:i+h], x[i+h:i+2*h]
			hi = hi[:len(lo)]
			for j, a := range lo {
				b := hi[j]
				lo[j], hi[j] = a+b, a-b
			}
		}
	}
}

// sketch writes the signs of v into out, which has s.words words.
func (s *sketcher) sketch(v []float32, out []uint64, buf []float32) []float32 {
	buf = s.rotate(v, buf)
	for w := range out {
		var word uint64
		for j, x := range buf[w*64 : w*64+64] {
			word |= uint64(math.Float32bits(x)>>31) << j
		}
		out[w] = ^word
	}
	return buf
}

const (
	planes  = 4
	maxUnit = 1<<(planes-1) - 1
)

// planar is a question ready to be compared with sketches.
type planar struct {
	bits  [sketchBits / 64][planes]uint64 // u in two's complement, one plane a bit
	sum   int                             // Σ u
	low   int                             // Σ of the negative u: the least score
	bins  int                             // scores run from 0 to bins−1
	scale float64                         // score·scale estimates a part of the dot product, see estimate
}

func (s *sketcher) prepare(v []float32) *planar {
	q := s.rotate(v, nil)
	sum := 0.0
	for _, x := range q {
		sum += float64(x) * float64(x)
	}
	// Three standard deviations hold nearly all coordinates; the step is a seventh of that.
	delta := 3 * math.Sqrt(sum/float64(len(q))) / maxUnit
	p := &planar{}
	high := 0
	for i, x := range q {
		u := int(math.RoundToEven(float64(x) / delta))
		u = max(-maxUnit, min(maxUnit, u))
		for b := range planes {
			p.bits[i/64][b] |= uint64(u>>b&1) << (i % 64)
		}
		p.sum += u
		if u < 0 {
			p.low += u
		} else {
			high += u
		}
	}
	p.bins = high - p.low + 1
	// Rotation leaves every coordinate of a unit vector with variance 1, so a vector's own sketch gives
	// ⟨v',s⟩ ≈ n·√(2/π), and ⟨q',s⟩ = Δ(2Σ u·b − Σ u) over the bits b.
	c := float64(len(q)) * math.Sqrt(2/math.Pi)
	p.scale = delta / c
	return p
}

// score returns Σ u·b − low for one sketch: an integer from 0 to bins−1.
func (p *planar) score(sk []uint64) int {
	var a, b, c, d int
	for w, x := range sk[:sketchBits/64] {
		q := &p.bits[w]
		a += bits.OnesCount64(x & q[0])
		b += bits.OnesCount64(x & q[1])
		c += bits.OnesCount64(x & q[2])
		d += bits.OnesCount64(x & q[3])
	}
	return a + 2*b + 4*c - 8*d - p.low
}

// estimate returns the dot product that a score stands for.
func (p *planar) estimate(score int) float64 {
	return float64(2*(score+p.low)-p.sum) * p.scale
}

// atLeast returns the least score whose estimate is not below x.
func (p *planar) atLeast(x float64) int {
	f := math.Ceil((x/p.scale+float64(p.sum))/2) - float64(p.low)
	return int(max(0, min(float64(p.bins), f)))
}
