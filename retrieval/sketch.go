package retrieval

import (
	"math"
	"math/bits"
)

// sketchBits is the number of bits of a sketch. More bits need fewer exact comparisons but more reading.
// At 62,148 embeddings of Hash and ten neighbours, 256, 512 and 1024 bits needed about 4,000, 650 and 180
// comparisons; 512 took the least time.
const (
	sketchBits  = 512
	sketchWords = sketchBits / 64
)

// A sketch is the signs of a randomly rotated vector, one bit a coordinate, in 64 bytes. It is compared
// with a question by counting bits. Nearest reads all sketches, and only the few vectors that look near
// enough are compared exactly.
//
//	vector v ──rotate──▸ v' ──signs──▸ s ∈ {−1,+1}^n      stored, n bits
//	question q ──rotate──▸ q' ──4 bits──▸ u ∈ {−7…7}^n    as four bit planes
//	⟨q,v⟩ ≈ ⟨u,s⟩ · Δ / c      Δ the step of u, c = E⟨v',s⟩
//
// The question keeps its magnitudes, so the error is that of the stored signs alone; see sigma. The estimate is that of Gao and Long, "RaBitQ:
// Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate Nearest Neighbor
// Search" (SIGMOD 2024), without its per-vector factor, which hardly varies at these sizes; the rotation
// is a Walsh–Hadamard transform of the vector with pseudo-random signs, as in Ailon and Chazelle (2009).
type sketch [sketchWords]uint64

// sketcher makes sketches of vectors of one dimension.
type sketcher struct {
	pad    int      // the dimension rounded up to a power of two: the size of one rotation
	rounds int      // rotations, each with its own signs
	signs  []uint64 // one bit a coordinate

	// sigma is the standard deviation of an estimate's error for a vector at right angles to the
	// question (less for others), when rotation makes directions look random: √((π/2 − f)/n), where f is
	// the part of one rotation's coordinates that the sketch keeps.
	sigma float64
}

func newSketcher(dim int) *sketcher {
	pad := 64
	for pad < dim {
		pad *= 2
	}
	s := &sketcher{pad: pad, rounds: max(1, sketchBits/pad)}
	kept := min(1, float64(sketchBits)/float64(pad))
	s.sigma = math.Sqrt((math.Pi/2 - kept) / sketchBits)
	s.signs = make([]uint64, s.rounds*pad/64)
	x := uint64(0) // any fixed seed: sketches live in memory only
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

// sketch returns the sketch of v. buf is memory to work in, returned for the next call; it may be nil.
func (s *sketcher) sketch(v, buf []float32) (sketch, []float32) {
	buf = s.rotate(v, buf)
	var sk sketch
	for w := range sk {
		for j, x := range buf[w*64 : w*64+64] {
			sk[w] |= uint64(^math.Float32bits(x)>>31) << j
		}
	}
	return sk, buf
}

const (
	planes  = 4
	maxUnit = 1<<(planes-1) - 1
)

// planar is a question ready to be compared with sketches.
type planar struct {
	bits  [planes]sketch // u in two's complement, one plane a bit
	sum   int            // Σ u
	low   int            // Σ of the negative u: the least ⟨u,bits⟩
	bins  int            // scores run from 0 to bins−1
	scale float64        // see estimate
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
			p.bits[b][i/64] |= uint64(u>>b&1) << (i % 64)
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

// score writes Σ u·b − low, an integer from 0 to bins−1, for the bits b of each sketch.
func (p *planar) score(sketches []sketch, scores []uint16) {
	if wide && len(sketches) > 0 {
		scores = scores[:len(sketches)]
		scoreWide(&p.bits, &sketches[0], len(sketches), p.low, &scores[0])
		return
	}
	p.scoreNarrow(sketches, scores)
}

// scoreNarrow is score in plain Go.
func (p *planar) scoreNarrow(sketches []sketch, scores []uint16) {
	q0, q1, q2, q3 := &p.bits[0], &p.bits[1], &p.bits[2], &p.bits[3]
	scores = scores[:len(sketches)]
	for i := range sketches {
		x := &sketches[i]
		// Written out: a loop takes a third longer.
		n0 := bits.OnesCount64(x[0]&q0[0]) + bits.OnesCount64(x[1]&q0[1]) +
			bits.OnesCount64(x[2]&q0[2]) + bits.OnesCount64(x[3]&q0[3]) +
			bits.OnesCount64(x[4]&q0[4]) + bits.OnesCount64(x[5]&q0[5]) +
			bits.OnesCount64(x[6]&q0[6]) + bits.OnesCount64(x[7]&q0[7])
		n1 := bits.OnesCount64(x[0]&q1[0]) + bits.OnesCount64(x[1]&q1[1]) +
			bits.OnesCount64(x[2]&q1[2]) + bits.OnesCount64(x[3]&q1[3]) +
			bits.OnesCount64(x[4]&q1[4]) + bits.OnesCount64(x[5]&q1[5]) +
			bits.OnesCount64(x[6]&q1[6]) + bits.OnesCount64(x[7]&q1[7])
		n2 := bits.OnesCount64(x[0]&q2[0]) + bits.OnesCount64(x[1]&q2[1]) +
			bits.OnesCount64(x[2]&q2[2]) + bits.OnesCount64(x[3]&q2[3]) +
			bits.OnesCount64(x[4]&q2[4]) + bits.OnesCount64(x[5]&q2[5]) +
			bits.OnesCount64(x[6]&q2[6]) + bits.OnesCount64(x[7]&q2[7])
		n3 := bits.OnesCount64(x[0]&q3[0]) + bits.OnesCount64(x[1]&q3[1]) +
			bits.OnesCount64(x[2]&q3[2]) + bits.OnesCount64(x[3]&q3[3]) +
			bits.OnesCount64(x[4]&q3[4]) + bits.OnesCount64(x[5]&q3[5]) +
			bits.OnesCount64(x[6]&q3[6]) + bits.OnesCount64(x[7]&q3[7])
		scores[i] = uint16(n0 + 2*n1 + 4*n2 - 8*n3 - p.low)
	}
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
