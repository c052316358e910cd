package retrieval

import "golang.org/x/sys/cpu"

// wide says that the processor has AVX2. Scores are integers, so both ways give the same.
var wide = cpu.X86.HasAVX2

// scoreWide writes Σ u·b − low for n sketches, as planar.score does, half a sketch at a time.
//
//go:noescape
func scoreWide(q *[planes]sketch, sketches *sketch, n, low int, scores *uint16)
