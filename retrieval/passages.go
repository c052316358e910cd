package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"policybot/corpus"
)

// candidate is a passage that may be shown.
type candidate struct {
	doc, chunk int
	terms      []uint32 // distinct, sorted
	score      float64
	coverage   float64
	parts      [parts]float64
}

// The parts of a passage's score.
const (
	partArticle = iota
	partWords
	partDense
	partTime
	parts
)

var partNames = [parts]string{"article", "words", "dense", "time"}

// Search returns the passages that fit a question best, best first: passages of the articles that fit
// best, by their own words, by the article they stand in, and by the embedder. Passages that say nearly
// the same in nearly the same words count once: the one of the closest source is kept. Ties go by id.
func (ix *Index) Search(ctx context.Context, q Query) ([]Hit, error) {
	if q.Limit <= 0 {
		q.Limit = 10
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("retrieval: search: %w", err)
	}
	s := ix.snap.Load()
	wait := s.nearby(ctx, q)
	words := s.question(q.Text, q.Lang)
	list, err := s.passages(ctx, q, words, wait)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, q.Limit)
	var ranks [][parts]int
	if q.Explain {
		ranks = rankParts(list)
	}
	for _, i := range s.diverse(list, q.Limit) {
		c := list[i]
		h := Hit{Chunk: s.docs[c.doc].chunks[c.chunk].Chunk, Score: c.score, Coverage: c.coverage}
		if q.Explain {
			for p, name := range partNames {
				h.Signals = append(h.Signals, Signal{name, ranks[i][p], c.parts[p]})
			}
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// rankParts gives each candidate its rank by every part alone; 0 where the part has nothing for it.
func rankParts(list []candidate) [][parts]int {
	ranks := make([][parts]int, len(list))
	order := make([]int, len(list))
	for p := range parts {
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(list[b].parts[p], list[a].parts[p]) })
		for r, i := range order {
			if list[i].parts[p] > 0 {
				ranks[i][p] = r + 1
			}
		}
	}
	return ranks
}

// passages scores the passages of the best articles, best first.
func (s *snapshot) passages(ctx context.Context, q Query, words []Word, wait waiting) ([]candidate, error) {
	st := s.settings
	pad := s.borrow()
	defer s.scratch.Put(pad)
	cs := s.clauses(pad, words)
	f, err := s.rank(ctx, cs, wait, pad, st.PassageArticles)
	if err != nil {
		return nil, err
	}
	var list []candidate
	top := 0.0
	for _, a := range f.top {
		top = math.Max(top, a.score)
		for k := range s.docs[a.doc].chunks {
			c := candidate{doc: int(a.doc), chunk: k}
			c.parts[partArticle] = a.score
			list = append(list, c)
		}
	}
	for i := range list {
		list[i].parts[partArticle] /= top
	}
	s.scoreWords(pad, cs, words, list)
	if f.question != nil {
		ids := make([]string, len(list))
		for i, c := range list {
			ids[i] = s.docs[c.doc].chunks[c.chunk].vector
		}
		sims, err := s.vectors.Scores(ctx, f.question, ids)
		if err != nil {
			return nil, fmt.Errorf("retrieval: compare vectors: %w", err)
		}
		for i, x := range sims {
			list[i].parts[partDense] = math.Max(float64(x), 0)
		}
	}
	s.scoreTime(q, list)
	most := [parts]float64{partArticle: 1, partTime: 1}
	for _, c := range list {
		most[partWords] = math.Max(most[partWords], c.parts[partWords])
		most[partDense] = math.Max(most[partDense], c.parts[partDense])
	}
	weights := [parts]float64{partArticle: st.PassageArticle, partWords: 1, partDense: st.PassageDense, partTime: st.Time}
	for i := range list {
		c := &list[i]
		for p := range parts {
			if most[p] > 0 {
				c.parts[p] /= most[p]
			}
			c.score += weights[p] * c.parts[p]
		}
		c.score = quantum(c.score)
	}
	slices.SortFunc(list, func(a, b candidate) int {
		if a.score != b.score {
			return cmp.Compare(b.score, a.score)
		}
		if a.doc != b.doc {
			return cmp.Compare(a.doc, b.doc) // docs are in the order of their ids
		}
		return cmp.Compare(a.chunk, b.chunk)
	})
	return list, nil
}

// quantum rounds a score so that what differs only by the rounding of sums is equal.
func quantum(x float64) float64 { return math.Round(x*1e7) / 1e7 }

// scoreWords gives each passage BM25 over passages for the words of the question, and for neighbours of
// the question that are neighbours in it. Title and surroundings count a little, as context.
func (s *snapshot) scoreWords(pad *scratchpad, cs []clause, words []Word, list []candidate) {
	st := s.settings
	// Which clauses a term belongs to.
	type use struct {
		clause int
		weight float32
	}
	uses := map[uint32][]use{}
	for i, c := range cs {
		for k, t := range c.terms {
			uses[t] = append(uses[t], use{i, float32(c.weights[k])})
			pad.tf[t] = 1 // a mark: worth a look in the map
		}
	}
	defer func() {
		for t := range uses {
			pad.tf[t] = 0
		}
	}()
	weights := make([]float64, len(cs))
	next := make([]int, len(cs)) // the main clause after this one
	last := -1
	for i := range cs {
		df := 0.0
		most := uint32(0)
		for k, t := range cs[i].terms {
			df += cs[i].weights[k] * float64(s.post.chunks[t])
			most = max(most, s.post.chunks[t])
		}
		if n := float64(s.post.nchunk); df > n {
			df = n
		}
		weights[i] = cs[i].weight * idf(int(math.Ceil(df)), s.post.nchunk)
		next[i] = -1
		if cs[i].main {
			if last >= 0 {
				next[last] = i
			}
			last = i
		}
		if !cs[i].main && cs[i].kin >= 0 {
			weights[i] = math.Min(weights[i], weights[cs[i].kin]*cs[i].weight)
		}
	}
	tf := make([]float32, len(cs))
	context := make([]bool, len(cs))
	pairs := make([]float32, len(cs)) // followed by the next clause
	near := make([]float32, len(cs))  // within the window of it
	lastPos := make([]int, len(cs))
	prevDoc := -1
	for i := range list {
		c := &list[i]
		d := s.docs[c.doc]
		ch := d.chunks[c.chunk]
		if c.doc != prevDoc {
			prevDoc = c.doc
			clear(context)
			for _, side := range [][]uint32{d.terms[:d.title], d.terms[d.text:]} {
				for _, t := range side {
					if pad.tf[t] != 0 {
						for _, u := range uses[t] {
							context[u.clause] = true
						}
					}
				}
			}
		}
		clear(tf)
		clear(pairs)
		clear(near)
		for k := range lastPos {
			lastPos[k] = -1000
		}
		pos := 0
		for k := ch.lo; k < ch.hi; k++ {
			pos += int(d.gaps[k] &^ upper)
			t := d.terms[k]
			if pad.tf[t] == 0 {
				continue
			}
			for _, u := range uses[t] {
				if lastPos[u.clause] != pos {
					tf[u.clause] += u.weight
				}
				lastPos[u.clause] = pos
			}
			for _, u := range uses[t] {
				if p := cs[u.clause].prev; p >= 0 {
					if pos-lastPos[p] == 1 {
						pairs[p]++
					}
					if d := pos - lastPos[p]; d > 0 && d < st.WindowSize {
						near[p]++
					}
				}
				if n := next[u.clause]; n >= 0 {
					if d := pos - lastPos[n]; d > 0 && d < st.WindowSize {
						near[u.clause]++
					}
				}
			}
		}
		norm := st.K1 * (1 - st.PassageB + st.PassageB*float64(ch.words)/math.Max(float64(s.post.avgc), 1))
		score := 0.0
		for k := range cs {
			f := float64(tf[k])
			if !cs[k].main && cs[k].kin >= 0 && tf[cs[k].kin] > 0 {
				continue // its word is there
			}
			if context[k] {
				f += st.PassageContext
			}
			if f > 0 {
				score += weights[k] * f * (st.K1 + 1) / (f + norm)
			}
			if n := float64(pairs[k]); n > 0 {
				score += st.PassagePairs * math.Min(weights[k], weights[next[k]]) * n * (st.K1 + 1) / (n + norm)
			}
			if n := float64(near[k]); n > 0 {
				score += st.PassageWindow * math.Min(weights[k], weights[next[k]]) * n * (st.K1 + 1) / (n + norm)
			}
		}
		c.parts[partWords] = score
		found, all := 0.0, 0.0
		for k := range cs {
			if cs[k].main {
				all += weights[k]
				if tf[k] > 0 || context[k] {
					found += weights[k]
				}
			}
		}
		for _, w := range words {
			if !w.Known {
				all += w.IDF
			}
		}
		if all > 0 {
			c.coverage = found / all
		}
	}
}

// scoreTime says how well the date of each passage fits the question, 0 to 1.
func (s *snapshot) scoreTime(q Query, list []candidate) {
	if q.From.IsZero() && q.To.IsZero() && !q.Latest {
		return
	}
	window := corpus.Period{From: q.From, To: q.To}
	if window.From.IsZero() {
		window.From = corpus.Date{Year: 1}
	}
	if window.To.IsZero() {
		window.To = corpus.Date{Year: 9999}
	}
	asked := !q.From.IsZero() || !q.To.IsZero()
	var dates []corpus.Date // different ones among the candidates, for Latest
	when := make([]corpus.Date, len(list))
	for i, c := range list {
		ch := s.docs[c.doc].chunks[c.chunk]
		p := ch.Article.AsOf(ch.Span)
		when[i] = p.To
		if when[i].IsZero() {
			when[i] = p.From
		}
		if asked && !p.From.IsZero() && p.Overlaps(window) {
			list[i].parts[partTime] = 1
		}
		if !when[i].IsZero() {
			dates = append(dates, when[i])
		}
	}
	if !q.Latest || len(dates) == 0 {
		return
	}
	slices.SortFunc(dates, corpus.Date.Compare)
	dates = slices.Compact(dates)
	for i := range list {
		if when[i].IsZero() {
			continue
		}
		n, _ := slices.BinarySearchFunc(dates, when[i], corpus.Date.Compare)
		recent := float64(n+1) / float64(len(dates))
		if asked {
			recent = (recent + list[i].parts[partTime]) / 2
		}
		list[i].parts[partTime] = recent
	}
}

// diverse picks n of the candidates, which are in order: a passage of an article that already has one
// stands back a little for each, and one that repeats a passage already picked is left out, or takes its
// place when its source is closer to what it reports.
func (s *snapshot) diverse(list []candidate, n int) []int {
	st := s.settings
	type open struct {
		i     int
		score float64
	}
	var picked []int
	from := map[int]int{}
	used := make([]bool, len(list))
	// Only the head of the list can get in.
	head := min(len(list), 4*n+40)
	for len(picked) < n {
		at := open{-1, math.Inf(-1)}
		for i := range head {
			if used[i] {
				continue
			}
			x := list[i].score
			if k := from[list[i].doc]; k > 0 {
				x -= st.PassageDiversity * float64(k) * list[0].score
			}
			if x > at.score {
				at = open{i, x}
			}
		}
		if at.i < 0 {
			break
		}
		used[at.i] = true
		c := &list[at.i]
		c.terms = s.distinct(c)
		twin := -1
		for k, p := range picked {
			if list[p].doc != c.doc && s.twins(list[p].terms, c.terms) {
				twin = k
				break
			}
		}
		if twin >= 0 {
			if o := picked[twin]; s.closer(c.doc, list[o].doc) {
				// Same place, better source.
				from[list[o].doc]--
				from[c.doc]++
				c.score = math.Max(c.score, list[o].score)
				picked[twin] = at.i
			}
			continue
		}
		from[c.doc]++
		picked = append(picked, at.i)
	}
	return picked
}

// twinShare is the share of words that two passages have in common when one copies the other.
const twinShare = 0.75

func (s *snapshot) distinct(c *candidate) []uint32 {
	ch := s.docs[c.doc].chunks[c.chunk]
	t := slices.Clone(s.docs[c.doc].terms[ch.lo:ch.hi])
	slices.Sort(t)
	return slices.Compact(t)
}

// twins reports whether of two passages, given by their sorted terms, one repeats the other: nearly all
// words are the same, and all numbers. Passages of fewer than five words are too small to tell.
func (s *snapshot) twins(a, b []uint32) bool {
	if min(len(a), len(b)) < 5 {
		return false
	}
	both, lone := 0, false // lone: a number that only one has
	alone := func(t uint32) { lone = lone || strings.ContainsAny(s.vocab.terms[t], "0123456789") }
	i, j := 0, 0
	for (i < len(a) || j < len(b)) && !lone {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			alone(a[i])
			i++
		case i == len(a) || a[i] > b[j]:
			alone(b[j])
			j++
		default:
			both++
			i++
			j++
		}
	}
	return !lone && float64(both) >= twinShare*float64(len(a)+len(b)-both)
}

// closer reports whether article a is to be preferred to its copy b: nearer to the events, then earlier,
// then by id.
func (s *snapshot) closer(a, b int) bool {
	x, y := s.docs[a].article, s.docs[b].article
	if kx, ky := kindOrder(x.Kind), kindOrder(y.Kind); kx != ky {
		return kx < ky
	}
	if x.Published != y.Published && !x.Published.IsZero() && !y.Published.IsZero() {
		return x.Published.Compare(y.Published) < 0
	}
	return strings.Compare(x.ID, y.ID) < 0
}

func kindOrder(k corpus.Kind) int {
	order := []corpus.Kind{corpus.Primary, corpus.Wire, corpus.News, corpus.Analysis, corpus.Reference, corpus.Mirror}
	if i := slices.Index(order, k); i >= 0 {
		return i
	}
	return slices.Index(order, corpus.News)
}
