package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"policybot/corpus"
)

// Query asks for passages or articles.
type Query struct {
	Text    string
	Lang    string      // "en", "es" or "": detect
	From    corpus.Date // passages of this time come first; zero: any
	To      corpus.Date
	Latest  bool // the newest come first among those that fit
	Limit   int  // 0: 10
	Explain bool // fill Signals

	// Lost, if not nil, is told why the question could not be embedded: an endpoint is down, say. The search
	// goes on by words alone. It is called from the goroutine that searches, before the search returns.
	Lost func(err error)
}

// Signal is one part of a hit's score.
type Signal struct {
	Name  string
	Rank  int // from 1 among all that the part found; 0: not found by it
	Score float64
}

// Hit is a passage found.
type Hit struct {
	Chunk corpus.Chunk
	Score float64
	// Coverage is the share of the question's words, by their rarity, that stand in the passage or its
	// title: 1 when all do. Words that the library does not know count as missing.
	Coverage float64
	Signals  []Signal
}

// ArticleHit is an article found.
type ArticleHit struct {
	Article *corpus.Article
	Score   float64
	Signals []Signal
}

// list is the postings of one word of a question: those of its only form, or of several merged.
type list struct {
	docs []uint32
	freq []uint8   // effective frequencies in halves, of a single form
	tf   []float32 // effective frequencies, of several; nil when freq tells
	n    []uint8   // positions of each posting
	pos  []uint16
	idf  float64
}

// clause is a word of a question ready to score.
type clause struct {
	list
	terms   []uint32
	weights []float64 // of terms
	weight  float64
	at      int  // number of the word in the question
	main    bool // the word itself, not its synonyms
	kin     int  // of synonyms: the clause of their word, or -1
	prev    int  // of a main clause: the main clause before it, or -1
}

// scratchpad is memory that searches reuse.
type scratchpad struct {
	acc    [4][]float32 // by doc
	weight []float32    // by term, all zero between uses
	tf     []float32    // likewise
}

func (s *snapshot) borrow() *scratchpad {
	if p, ok := s.scratch.Get().(*scratchpad); ok {
		return p
	}
	p := &scratchpad{weight: make([]float32, len(s.vocab.terms)), tf: make([]float32, len(s.vocab.terms))}
	for i := range p.acc {
		p.acc[i] = make([]float32, len(s.docs))
	}
	return p
}

// prepare computes what depends on the settings.
func (p *postings) prepare(s Settings) {
	p.norm = make([]float32, len(p.words))
	for i, n := range p.words {
		p.norm[i] = float32(s.K1 * (1 - s.B + s.B*float64(n)/math.Max(float64(p.avg), 1)))
	}
	p.idf = make([]float32, len(p.chunks))
	for t := range p.idf {
		p.idf[t] = float32(idf(int(p.start[t+1]-p.start[t]), len(p.words)))
	}
	// What an occurrence in the title and in the context counts, in halves.
	title, context := int(2*s.Title+0.5), int(2*s.Context+0.5)
	p.freq = make([]uint8, len(p.tf))
	for i, n := range p.tf {
		if side := int(p.side[i]); side == 0 {
			p.freq[i] = uint8(min(2*int(n), 255))
		} else {
			t, c := side&15, side>>4
			p.freq[i] = uint8(min(2*(int(n)-t-c)+t*title+c*context, 255))
		}
	}
}

// of returns the postings of one term.
func (s *snapshot) of(id uint32) list {
	p := s.post
	lo, hi := p.start[id], p.start[id+1]
	return list{docs: p.docs[lo:hi], freq: p.freq[lo:hi], n: p.tf[lo:hi], pos: p.pos[p.pstart[id]:p.pstart[id+1]], idf: float64(p.idf[id])}
}

// merge returns the postings of several forms as if they were one term (Pirkola's structured query): its
// frequency in an article is the weighted sum of the forms', a place where two forms stand counting once.
func (s *snapshot) merge(ids []uint32, weights []float64) list {
	if len(ids) == 1 && weights[0] == 1 {
		return s.of(ids[0])
	}
	parts := make([]list, len(ids))
	at := make([]int, len(ids))  // posting
	pat := make([]int, len(ids)) // its first position
	size := 0
	for i, id := range ids {
		parts[i] = s.of(id)
		size += len(parts[i].docs)
	}
	out := list{docs: make([]uint32, 0, size), tf: make([]float32, 0, size), n: make([]uint8, 0, size), pos: make([]uint16, 0, size)}
	df := 0.0
	for {
		d := uint32(math.MaxUint32)
		for i := range parts {
			if at[i] < len(parts[i].docs) {
				d = min(d, parts[i].docs[at[i]])
			}
		}
		if d == math.MaxUint32 {
			break
		}
		first := len(out.pos)
		tf, most, forms := float32(0), 0.0, 0
		for i := range parts {
			p := &parts[i]
			if at[i] >= len(p.docs) || p.docs[at[i]] != d {
				continue
			}
			k := at[i]
			at[i]++
			w := float32(p.freq[k]) / 2 * float32(weights[i])
			most = max(most, weights[i])
			n := int(p.n[k])
			forms++
			if forms == 1 {
				out.pos = append(out.pos, p.pos[pat[i]:pat[i]+n]...)
				tf += w
			} else {
				for _, x := range p.pos[pat[i] : pat[i]+n] {
					if !slices.Contains(out.pos[first:], x) {
						out.pos = append(out.pos, x)
						tf += w / float32(n)
					}
				}
			}
			pat[i] += n
		}
		if forms > 1 {
			slices.Sort(out.pos[first:])
		}
		out.pos = out.pos[:min(len(out.pos), first+255)]
		out.n = append(out.n, uint8(len(out.pos)-first))
		out.docs = append(out.docs, d)
		out.tf = append(out.tf, tf)
		df += most
	}
	out.idf = idf(int(math.Ceil(df)), len(s.docs))
	return out
}

// akin returns the postings of what is akin to a word, in articles that the word itself is not in: it
// stands in for the word there, and is worth no more than it. The list has no order and no positions. sum,
// by article, is zero, and left so.
func (s *snapshot) akin(sum []float32, ids []uint32, weights []float64, own *list) list {
	const here, counted = -1, -2 // the word is in the article; … and so is something akin to it
	if own != nil {
		for _, d := range own.docs {
			sum[d] = here
		}
	}
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	// The first form met in an article is its surest, which is how much the article counts in df.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	var out list
	df := 0.0
	for _, i := range order {
		p, w := s.of(ids[i]), float32(weights[i])/2
		for k, d := range p.docs {
			switch v := sum[d]; {
			case v > 0:
				sum[d] = v + w*float32(p.freq[k])
			case v == 0:
				sum[d] = w * float32(p.freq[k])
				out.docs = append(out.docs, d)
				df += weights[i]
			case v == here:
				sum[d] = counted
				df += weights[i]
			}
		}
	}
	out.tf = make([]float32, len(out.docs))
	for k, d := range out.docs {
		out.tf[k] = sum[d]
		sum[d] = 0
	}
	out.idf = idf(int(math.Ceil(df)), len(s.docs))
	if own != nil {
		for _, d := range own.docs {
			sum[d] = 0
		}
		out.idf = min(out.idf, own.idf)
	}
	return out
}

// clauses makes the words of a question ready to score. Words that occur nowhere are left out.
func (s *snapshot) clauses(pad *scratchpad, words []Word) []clause {
	clear(pad.acc[3])
	var out []clause
	seen := map[string]int{}
	var put func(w Word, weight float64)
	put = func(w Word, weight float64) {
		if len(w.Parts) > 0 {
			if s.settings.Concept > 0 {
				s.clause(pad, &out, seen, w, s.settings.Concept*weight)
			}
			for _, p := range w.Parts {
				put(p, weight)
			}
			return
		}
		s.clause(pad, &out, seen, w, weight*w.share)
	}
	for _, w := range words {
		put(w, 1)
	}
	last := -1
	for i := range out {
		if out[i].main {
			out[i].prev = last
			last = i
		}
	}
	return out
}

func (s *snapshot) clause(pad *scratchpad, out *[]clause, seen map[string]int, w Word, weight float64) {
	own := -1 // the clause of the word itself
	for _, main := range []bool{true, false} {
		var ids []uint32
		var weights []float64
		key := ""
		forms := w.Forms
		if main && len(w.Like) > 0 {
			forms = slices.Concat(w.Forms, w.Like)
		}
		for _, f := range forms {
			if f.same() != main {
				continue
			}
			id, ok := s.vocab.ids[f.Term]
			if !ok || s.post.start[id] == s.post.start[id+1] {
				continue
			}
			ids = append(ids, id)
			weights = append(weights, f.Weight)
			key += f.Term + " "
		}
		if len(ids) == 0 || !main && s.settings.Related == 0 {
			continue
		}
		cw := weight
		if !main {
			key = "~" + key
			if own >= 0 {
				cw *= s.settings.Related
			} else {
				// Nothing else is known of the word, so this counts for more.
				cw *= math.Sqrt(s.settings.Related)
				for k := range weights {
					weights[k] = math.Sqrt(weights[k])
				}
			}
		}
		if k, ok := seen[key]; ok {
			(*out)[k].weight += cw
			own = k
			continue
		}
		seen[key] = len(*out)
		c := clause{terms: ids, weights: weights, weight: cw, at: w.at, main: main && len(w.Parts) == 0, kin: -1, prev: -1}
		switch {
		case main:
			c.list = s.merge(ids, weights)
			own = len(*out)
		case own >= 0:
			c.kin = own
			c.list = s.akin(pad.acc[3], ids, weights, &(*out)[own].list)
		default:
			c.list = s.akin(pad.acc[3], ids, weights, nil)
		}
		*out = append(*out, c)
	}
}

// bm25 adds the score of a list to every article on it.
func (s *snapshot) bm25(acc []float32, l *list, weight float64) {
	w := float32(weight * l.idf * (s.settings.K1 + 1))
	norm := s.post.norm
	if l.tf == nil {
		freq := l.freq[:len(l.docs)]
		for i, d := range l.docs {
			tf := float32(freq[i]) * 0.5
			acc[d] += w * tf / (tf + norm[d])
		}
		return
	}
	for i, d := range l.docs {
		tf := l.tf[i]
		acc[d] += w * tf / (tf + norm[d])
	}
}

// pairs adds the score of two words of the question that stand together in an article as they do in the
// question, and of the two within a window.
func (s *snapshot) pairs(acc []float32, a, b *clause) {
	st := s.settings
	var docs []uint32
	var near, both []float32
	i, j, pi, pj := 0, 0, 0, 0
	within := st.WindowSize
	for i < len(a.docs) && j < len(b.docs) {
		switch {
		case a.docs[i] < b.docs[j]:
			pi += int(a.n[i])
			i++
		case a.docs[i] > b.docs[j]:
			pj += int(b.n[j])
			j++
		default:
			x, y := a.pos[pi:pi+int(a.n[i])], b.pos[pj:pj+int(b.n[j])]
			o, u := adjacent(x, y, within)
			if o > 0 || u > 0 {
				docs = append(docs, a.docs[i])
				near = append(near, float32(o))
				both = append(both, float32(u))
			}
			pi += int(a.n[i])
			pj += int(b.n[j])
			i++
			j++
		}
	}
	weight := math.Min(a.weight, b.weight)
	if st.Pairs > 0 {
		s.counted(acc, docs, near, st.Pairs*weight)
	}
	if st.Window > 0 {
		s.counted(acc, docs, both, st.Window*weight)
	}
}

// counted scores articles by frequencies as BM25 does, zeros left out.
func (s *snapshot) counted(acc []float32, docs []uint32, tf []float32, weight float64) {
	df := 0
	for _, f := range tf {
		if f > 0 {
			df++
		}
	}
	w := float32(weight * idf(df, len(s.docs)) * (s.settings.K1 + 1))
	for i, d := range docs {
		if tf[i] > 0 {
			acc[d] += w * tf[i] / (tf[i] + s.post.norm[d])
		}
	}
}

// adjacent counts the places of x that are followed by one of y, and those that have one within the window.
func adjacent(x, y []uint16, window int) (ordered, within int) {
	j := 0
	for _, p := range x {
		if p == math.MaxUint16 {
			break
		}
		for j > 0 && (j >= len(y) || int(y[j]) > int(p)-window) {
			j--
		}
		o, u := false, false
		for ; j < len(y) && int(y[j]) < int(p)+window; j++ {
			d := int(y[j]) - int(p)
			if d == 0 || d <= -window {
				continue
			}
			u = true
			if d == 1 {
				o = true
				break
			}
		}
		if o {
			ordered++
		}
		if u {
			within++
		}
	}
	return ordered, within
}

// scored is an article number with its score.
type scored struct {
	doc   uint32
	score float64
}

// best returns the k best of acc, best first, ties by article id. Zero scores are no hits.
func best(acc []float32, k int) []scored {
	if k <= 8 {
		return bestFew(acc, k)
	}
	top := highest(acc)
	if top <= 0 {
		return nil
	}
	// How many scores lie in each slice of the range tells which slices the k best lie in.
	const shares = 2048
	var count [shares + 1]int32
	scale := shares / top
	for _, v := range acc {
		if v > 0 {
			count[int(v*scale)]++
		}
	}
	n, from := 0, shares
	for ; from > 0; from-- {
		if n += int(count[from]); n >= k {
			break
		}
	}
	if from == 0 {
		n += int(count[0])
	}
	out := make([]scored, 0, n)
	for d, v := range acc {
		if v > 0 && int(v*scale) >= from {
			out = append(out, scored{uint32(d), float64(v)})
		}
	}
	slices.SortFunc(out, compareScored)
	return out[:min(k, len(out))]
}

// bestFew is best for a small k.
func bestFew(acc []float32, k int) []scored {
	if k <= 0 {
		return nil
	}
	out := make([]scored, 0, k+1)
	least := float32(0)
	for d, v := range acc {
		if v <= least {
			continue // an equal one that comes later stays behind
		}
		out = append(out, scored{uint32(d), float64(v)})
		for i := len(out) - 1; i > 0 && out[i].score > out[i-1].score; i-- {
			out[i], out[i-1] = out[i-1], out[i]
		}
		if len(out) > k {
			out = out[:k]
		}
		if len(out) == k {
			least = float32(out[k-1].score)
		}
	}
	return out
}

func compareScored(a, b scored) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Compare(a.doc, b.doc) // docs are in the order of their ids
}

// highest returns the greatest of acc, at least 0.
func highest(acc []float32) float32 {
	top := float32(0)
	for _, v := range acc {
		if v > top {
			top = v
		}
	}
	return top
}

// expand returns the words that the best articles add to a question, with their weights.
func (s *snapshot) expand(pad *scratchpad, clauses []clause, top []scored) []clause {
	st := s.settings
	if len(top) == 0 {
		return nil
	}
	inQuestion := map[uint32]bool{}
	total := 0.0
	for _, c := range clauses {
		for _, t := range c.terms {
			inQuestion[t] = true
		}
		if c.main {
			total += c.weight
		}
	}
	var touched []uint32
	sum := 0.0
	for _, d := range top {
		sum += math.Pow(d.score/top[0].score, st.FeedbackSharp)
	}
	for _, d := range top {
		terms, weights := s.vector(pad, d.doc)
		n := 0.0
		for _, w := range weights {
			n += float64(w) * float64(w)
		}
		share := math.Pow(d.score/top[0].score, st.FeedbackSharp) / sum / math.Sqrt(math.Max(n, 1e-9))
		for i, t := range terms {
			if pad.weight[t] == 0 {
				touched = append(touched, t)
			}
			pad.weight[t] += weights[i] * float32(share)
		}
	}
	type term struct {
		id uint32
		w  float32
	}
	list := make([]term, 0, len(touched))
	for _, t := range touched {
		list = append(list, term{t, pad.weight[t]})
		pad.weight[t] = 0
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].w != list[j].w {
			return list[i].w > list[j].w
		}
		return s.vocab.terms[list[i].id] < s.vocab.terms[list[j].id]
	})
	if len(list) > st.FeedbackTerms {
		list = list[:st.FeedbackTerms]
	}
	all := 0.0
	for _, t := range list {
		all += float64(t.w)
	}
	var out []clause
	for _, t := range list {
		l := s.of(t.id)
		out = append(out, clause{list: l, weight: st.FeedbackBeta * total * float64(t.w) / all})
	}
	return out
}

// vector returns the distinct terms of an article, in order of appearance, with their BM25 weights. It
// uses pad.weight and leaves it zero.
func (s *snapshot) vector(pad *scratchpad, d uint32) ([]uint32, []float32) {
	doc := s.docs[d]
	var terms []uint32
	for k, t := range doc.terms[:doc.text] {
		if pad.tf[t] == 0 {
			terms = append(terms, t)
		}
		if k < doc.title {
			pad.tf[t] += float32(s.settings.Title)
		} else {
			pad.tf[t]++
		}
	}
	weights := make([]float32, len(terms))
	norm := s.post.norm[d]
	for i, t := range terms {
		tf := pad.tf[t]
		pad.tf[t] = 0
		weights[i] = s.post.idf[t] * tf / (tf + norm)
	}
	return terms, weights
}

// smooth mixes into each of the best articles the scores of those most like it (Diaz, "Regularizing ad hoc
// retrieval scores", 2005): what stands among good articles is likely good. A question with one clear best
// article needs no such help, and gets less of it the lower the scores fall behind the first.
func (s *snapshot) smooth(pad *scratchpad, top []scored) []scored {
	st := s.settings
	n := min(len(top), st.SmoothDocs)
	if n < 2 || st.SmoothNear <= 0 {
		return top
	}
	behind := 0.0
	m := min(n, 10)
	for _, x := range top[1:m] {
		behind += x.score / top[0].score
	}
	alpha := st.Smooth * behind / float64(m-1)

	type vector struct {
		terms   []uint32
		weights []float32
	}
	vecs := make([]vector, n)
	for i := range n {
		t, w := s.vector(pad, top[i].doc)
		unit(w)
		vecs[i] = vector{t, w}
	}
	sim := make([]float32, n*n)
	for i := range n {
		for k, t := range vecs[i].terms {
			pad.weight[t] = vecs[i].weights[k]
		}
		for j := i + 1; j < n; j++ {
			dot := float32(0)
			w := vecs[j].weights
			for k, t := range vecs[j].terms {
				dot += w[k] * pad.weight[t]
			}
			sim[i*n+j], sim[j*n+i] = dot, dot
		}
		for _, t := range vecs[i].terms {
			pad.weight[t] = 0
		}
	}
	out := slices.Clone(top)
	near := make([]int, 0, st.SmoothNear+1)
	for i := range n {
		row := sim[i*n : i*n+n]
		near = near[:0]
		for j := range n {
			if j == i || len(near) == st.SmoothNear && row[j] <= row[near[len(near)-1]] {
				continue
			}
			near = append(near, j)
			for k := len(near) - 1; k > 0 && row[near[k]] > row[near[k-1]]; k-- {
				near[k], near[k-1] = near[k-1], near[k]
			}
			near = near[:min(len(near), st.SmoothNear)]
		}
		num, den := 0.0, 0.0
		for _, j := range near {
			num += float64(row[j]) * top[j].score
			den += float64(row[j])
		}
		out[i].score = (1 - alpha) * top[i].score
		if den > 0 {
			out[i].score += alpha * num / den
		}
	}
	for i := n; i < len(out); i++ {
		out[i].score *= 1 - alpha
	}
	slices.SortFunc(out, compareScored)
	return out
}

// found is what the ranking of articles hands to the ranking of their passages.
type found struct {
	top      []scored
	question []float32 // vector of the question, nil without an embedder
}

// rank finds the k best articles for the clauses of a question; wait is for what nearby has begun.
func (s *snapshot) rank(ctx context.Context, cs []clause, wait waiting, pad *scratchpad, k int) (found, error) {
	st := s.settings
	var f found
	base := pad.acc[0]
	clear(base)
	for i := range cs {
		s.bm25(base, &cs[i].list, cs[i].weight)
	}
	if st.Pairs > 0 || st.Window > 0 {
		for i := range cs {
			if p := cs[i].prev; p >= 0 {
				s.pairs(base, &cs[p], &cs[i])
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return f, fmt.Errorf("retrieval: search: %w", err)
	}
	total := pad.acc[1]
	clear(total)
	top := best(base, max(st.FeedbackDocs, 1))
	if len(top) > 0 {
		addScaled(total, base, 1/top[0].score)
	}
	if st.Feedback > 0 && len(top) > 0 {
		fb := pad.acc[2]
		clear(fb)
		for i := range cs {
			s.bm25(fb, &cs[i].list, cs[i].weight)
		}
		for _, c := range s.expand(pad, cs, top) {
			s.bm25(fb, &c.list, c.weight)
		}
		if t := highest(fb); t > 0 {
			addScaled(total, fb, st.Feedback/float64(t))
		}
	}
	question, near, err := wait()
	if err != nil {
		return f, err
	}
	f.question = question
	s.dense(near, pad, total)
	want := max(k, st.SmoothDocs)
	if s.latent != nil && (st.Latent > 0 || st.LatentFeedback > 0) {
		f.top = s.latently(cs, total)
		f.top = f.top[:min(want, len(f.top))]
	}
	if len(f.top) < want {
		f.top = best(total, want)
	}
	if st.Smooth > 0 {
		f.top = s.smooth(pad, f.top)
	}
	for i := range f.top {
		f.top[i].score = quantum(f.top[i].score)
	}
	slices.SortFunc(f.top, compareScored)
	f.top = f.top[:min(k, len(f.top))]
	return f, nil
}

func addScaled(acc, x []float32, by float64) {
	f := float32(by)
	for i, v := range x {
		acc[i] += f * v
	}
}

// latently adds to the best articles so far how near they lie in the latent space, to the question and
// to the best of them. It returns these articles in their new order; as nothing is taken off, no other
// comes before them.
func (s *snapshot) latently(cs []clause, total []float32) []scored {
	st := s.settings
	l := s.latent
	near := best(total, st.LatentDocs)
	if len(near) == 0 {
		return nil
	}
	add := func(v []float32, weight float64) {
		sims := make([]float32, len(near))
		most := float32(0)
		for i, c := range near {
			sims[i] = dotf(v, l.doc(c.doc))
			most = max(most, sims[i])
		}
		if most <= 0 {
			return
		}
		by := float32(weight) / most
		for i, c := range near {
			total[c.doc] += by * max(sims[i], 0)
		}
	}
	question := make([]float32, l.dim)
	for _, c := range cs {
		if !c.main {
			continue
		}
		for k, t := range c.terms {
			if r := l.term(t); r != nil {
				axpy(question, r, float32(c.weight*c.weights[k]*c.idf))
			}
		}
	}
	unit(question)
	if st.Latent > 0 {
		add(question, st.Latent)
	}
	if st.LatentFeedback > 0 {
		centre := make([]float32, l.dim)
		for _, c := range near[:min(len(near), st.LatentTop)] {
			axpy(centre, l.doc(c.doc), float32(math.Pow(c.score/near[0].score, st.FeedbackSharp)))
		}
		unit(centre)
		for i := range centre {
			centre[i] = 0.8*centre[i] + 0.2*question[i]
		}
		unit(centre)
		add(centre, st.LatentFeedback)
	}
	for i := range near {
		near[i].score = float64(total[near[i].doc])
	}
	slices.SortFunc(near, compareScored)
	return near
}

// denseNear is how many passages the dense leg finds.
const denseNear = 100

// waiting waits for the question's vector and the passages nearest to it; both are nil when the dense leg
// is off, or the question could not be embedded.
type waiting func() ([]float32, []Near, error)

// nearby begins the dense leg, to run beside the reading of the question and the lexical leg, which take
// as long and share nothing with it.
func (s *snapshot) nearby(ctx context.Context, q Query) waiting {
	st := s.settings
	if s.vectors == nil || s.vectors.Len() == 0 || st.Dense <= 0 && st.PassageDense <= 0 {
		return func() ([]float32, []Near, error) { return nil, nil, nil }
	}
	var question []float32
	var near []Near
	var lost, err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		if question, lost = s.embedQuestion(ctx, cut(q.Text)); lost != nil {
			return
		}
		if st.Dense > 0 {
			if near, err = s.vectors.Nearest(ctx, question, denseNear); err != nil {
				err = fmt.Errorf("retrieval: search vectors: %w", err)
			}
		}
	}()
	return func() ([]float32, []Near, error) {
		<-done
		if lost == nil {
			return question, near, err
		}
		if ctx.Err() != nil {
			return nil, nil, lost
		}
		if q.Lost != nil {
			q.Lost(lost)
		}
		return nil, nil, nil
	}
}

// embedQuestion returns the vector of a question, one that can be compared with those of the passages.
func (s *snapshot) embedQuestion(ctx context.Context, text string) ([]float32, error) {
	vecs, err := s.embedder.Embed(ctx, Question, []string{text})
	if err == nil && len(vecs) != 1 {
		err = fmt.Errorf("the embedder gave %d vectors", len(vecs))
	}
	if err == nil {
		_, err = norm(vecs[0], s.vectors.dim)
	}
	if err != nil {
		return nil, fmt.Errorf("retrieval: embed the question: %w", err)
	}
	return vecs[0], nil
}

// dense adds the similarity of the nearest passages.
func (s *snapshot) dense(near []Near, pad *scratchpad, total []float32) {
	if len(near) == 0 {
		return
	}
	// Every text has some likeness to every other; what counts is by how much these have more of it.
	floor := float32(0)
	if len(near) == denseNear {
		floor = near[len(near)-1].Score
	}
	acc := pad.acc[3]
	clear(acc)
	top := float32(0)
	for _, n := range near {
		if d, _, ok := s.locate(n.ID); ok && n.Score > floor {
			acc[d] = max(acc[d], n.Score-floor)
			top = max(top, acc[d])
		}
	}
	if top > 0 {
		addScaled(total, acc, s.settings.Dense/float64(top))
	}
}

// locate finds the article and the chunk that a vector's id belongs to.
func (s *snapshot) locate(id string) (doc, chunk int, ok bool) {
	at := strings.LastIndexByte(id, '@')
	hash := strings.LastIndexByte(id[:max(at, 0)], '#')
	if hash < 0 {
		return 0, 0, false
	}
	doc, ok = s.find(id[:hash])
	if !ok || s.docs[doc].digest != id[at+1:] {
		return 0, 0, false
	}
	span := id[hash+1 : at]
	dash := strings.IndexByte(span, '-')
	start, err := strconv.Atoi(span[:max(dash, 0)])
	if err != nil {
		return 0, 0, false
	}
	for k, c := range s.docs[doc].chunks {
		if c.Start == start && c.vector == id {
			return doc, k, true
		}
	}
	return 0, 0, false
}

// SearchArticles returns the articles that fit a question best, best first.
func (ix *Index) SearchArticles(ctx context.Context, q Query) ([]ArticleHit, error) {
	if q.Limit <= 0 {
		q.Limit = 10
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("retrieval: search: %w", err)
	}
	s := ix.snap.Load()
	pad := s.borrow()
	defer s.scratch.Put(pad)
	wait := s.nearby(ctx, q)
	f, err := s.rank(ctx, s.clauses(pad, s.question(q.Text, q.Lang)), wait, pad, q.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]ArticleHit, len(f.top))
	for i, t := range f.top {
		out[i] = ArticleHit{Article: s.docs[t.doc].article, Score: t.score}
	}
	return out, nil
}
