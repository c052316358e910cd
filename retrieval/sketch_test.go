package retrieval

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestHadamardKeepsLengthAndIsItsOwnInverse(t *testing.T) {
	_, vecs := random(3, 256)
	for _, n := range []int{4, 8, 64, 256} {
		x := slices.Clone(vecs[1][:n])
		hadamard(x)
		for i := range n { // by definition, row i
			sum := 0.0
			for j, y := range vecs[1][:n] {
				if parity(i&j) == 1 {
					y = -y
				}
				sum += float64(y)
			}
			if math.Abs(sum-float64(x[i])) > 1e-4 {
				t.Fatalf("n=%d: row %d is %v, want %v", n, i, x[i], sum)
			}
		}
		hadamard(x)
		for i, want := range vecs[1][:n] {
			if math.Abs(float64(x[i])/float64(n)-float64(want)) > 1e-5 {
				t.Fatalf("n=%d: twice gives %v, want %d·%v", n, x[i], n, want)
			}
		}
	}
}

func parity(x int) int {
	p := 0
	for ; x > 0; x &= x - 1 {
		p ^= 1
	}
	return p
}

// The score is what it says, the estimate is right on average, and its error is sigma's.
func TestSketchEstimates(t *testing.T) {
	for _, dim := range []int{64, 256, 384, 1024, 1536} {
		t.Run(fmt.Sprint(dim), func(t *testing.T) {
			s := newSketcher(dim)
			_, vecs := random(400, dim)
			q := vecs[0]
			p := s.prepare(q)
			var sum, square, n float64
			var scores [1]uint16
			for i := 1; i < len(vecs); i++ {
				v := make([]float32, dim)
				for j := range v { // from nearly opposite to nearly equal
					v[j] = vecs[i][j] + float32(i-200)/50*q[j]
				}
				if err := normalize(v, v, dim); err != nil {
					t.Fatal(err)
				}
				sk, _ := s.sketch(v, nil)
				p.score([]sketch{sk}, scores[:])
				want := -p.low
				for b := range sketchBits {
					if sk[b/64]>>(b%64)&1 == 0 {
						continue
					}
					u := 0
					for plane := range planes {
						u |= int(p.bits[plane][b/64]>>(b%64)&1) << plane
					}
					if u > maxUnit {
						u -= 1 << planes
					}
					want += u
				}
				if int(scores[0]) != want || want < 0 || want >= p.bins {
					t.Fatalf("score %d, want %d of %d", scores[0], want, p.bins)
				}
				e := p.estimate(want) - float64(dot(q, v))
				sum += e
				square += e * e
				n++
			}
			mean, sd := sum/n, math.Sqrt(square/n)
			if limit := 1.1 * s.sigma; sd > limit || math.Abs(mean) > 0.01 {
				t.Errorf("error has mean %.4f and deviation %.4f, want at most .01 and %.4f", mean, sd, limit)
			}
		})
	}
}

func TestAtLeastIsTheInverseOfEstimate(t *testing.T) {
	_, vecs := random(20, 96)
	for _, q := range vecs {
		p := newSketcher(96).prepare(q)
		for _, x := range []float64{-2, -1, -0.3, 0, 0.05, 0.3, 1, 2} {
			least := p.atLeast(x)
			if least < p.bins && p.estimate(least) < x-1e-9 || least > 0 && p.estimate(least-1) >= x {
				t.Errorf("%v: least score is %d, estimates %v, %v", x, least, p.estimate(least-1), p.estimate(least))
			}
		}
	}
}

func TestLowest(t *testing.T) {
	counts := []int32{5, 0, 3, 0, 1, 0}
	for want, score := range map[int]int{0: 5, 1: 4, 2: 2, 4: 2, 5: 0, 9: 0, 100: 0} {
		if got := lowest(counts, want); got != score {
			t.Errorf("lowest(%d) = %d, want %d", want, got, score)
		}
	}
}

// TestScoreWide: the processor's wide instructions count what plain Go counts, whatever the sketches.
func TestScoreWide(t *testing.T) {
	if !wide {
		t.Skip("not on this processor")
	}
	_, vecs := random(40, 512)
	s := newSketcher(512)
	var sketches []sketch
	for _, v := range vecs {
		sk, _ := s.sketch(v, nil)
		sketches = append(sketches, sk)
	}
	var all sketch
	for i := range all {
		all[i] = ^uint64(0)
	}
	sketches = append(sketches, all, sketch{}, sketch{0: 1}, sketch{7: 1 << 63})
	for _, q := range vecs {
		p := s.prepare(q)
		for n := range len(sketches) {
			got, want := make([]uint16, n+1), make([]uint16, n+1)
			got[n], want[n] = 9, 9 // not to be written
			p.score(sketches[:n], got[:n])
			p.scoreNarrow(sketches[:n], want[:n])
			if !slices.Equal(got, want) {
				t.Fatalf("%d sketches score %v, want %v", n, got, want)
			}
		}
	}
}
