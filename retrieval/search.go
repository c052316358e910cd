package retrieval

import (
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
	tf   []float32 // effective frequency
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
}

// of returns the postings of one term.
func (s *snapshot) of(id uint32) list {
	p := s.post
	lo, hi := p.start[id], p.start[id+1]
	l := list{docs: p.docs[lo:hi], n: p.tf[lo:hi], pos: p.pos[p.pstart[id]:p.pstart[id+1]], tf: make([]float32, hi-lo)}
	t, c := float32(s.settings.Title), float32(s.settings.Context)
	for i := range l.tf {
		side := p.side[lo+uint32(i)]
		title, ctx := float32(side&15), float32(side>>4)
		l.tf[i] = float32(l.n[i]) + (t-1)*title + (c-1)*ctx
	}
	l.idf = idf(len(l.docs), len(s.docs))
	return l
}

// merge returns the postings of several forms as if they were one term (Pirkola's structured query): its
// frequency in an article is the weighted sum of the forms', a place where two forms stand counting once.
func (s *snapshot) merge(ids []uint32, weights []float64) list {
	if len(ids) == 1 {
		l := s.of(ids[0])
		l.docs = slices.Clone(l.docs) // the caller may shorten it
		if w := float32(weights[0]); w != 1 {
			for i := range l.tf {
				l.tf[i] *= w
			}
		}
		return l
	}
	parts := make([]list, len(ids))
	at := make([]int, len(ids))  // posting
	pat := make([]int, len(ids)) // its first position
	size := 0
	for i, id := range ids {
		parts[i] = s.of(id)
		size += len(parts[i].docs)
	}
	out := list{docs: make([]uint32, 0, size), tf: make([]float32, 0, size), n: make([]uint8, 0, size)}
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
		tf, most := float32(0), 0.0
		for i := range parts {
			p := &parts[i]
			if at[i] >= len(p.docs) || p.docs[at[i]] != d {
				continue
			}
			k := at[i]
			n := int(p.n[k])
			share := p.tf[k] * float32(weights[i]) / float32(n) // of each place
			for _, x := range p.pos[pat[i] : pat[i]+n] {
				if !slices.Contains(out.pos[first:], x) {
					out.pos = append(out.pos, x)
					tf += share
				}
			}
			most = math.Max(most, weights[i])
			at[i]++
			pat[i] += n
		}
		slices.Sort(out.pos[first:])
		if len(out.pos)-first > 255 {
			out.pos = out.pos[:first+255]
		}
		out.docs = append(out.docs, d)
		out.tf = append(out.tf, tf)
		out.n = append(out.n, uint8(len(out.pos)-first))
		df += most
	}
	out.idf = idf(int(math.Ceil(df)), len(s.docs))
	return out
}

// clauses makes the words of a question ready to score. Words that occur nowhere are left out.
func (s *snapshot) clauses(words []Word) []clause {
	var out []clause
	seen := map[string]int{}
	var put func(w Word, weight float64)
	put = func(w Word, weight float64) {
		if len(w.Parts) > 0 {
			if s.settings.Concept > 0 {
				s.clause(&out, seen, w, s.settings.Concept*weight)
			}
			for _, p := range w.Parts {
				put(p, weight)
			}
			return
		}
		s.clause(&out, seen, w, weight)
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

func (s *snapshot) clause(out *[]clause, seen map[string]int, w Word, weight float64) {
	own := -1 // the clause of the word itself
	for _, main := range []bool{true, false} {
		var ids []uint32
		var weights []float64
		key := ""
		for _, f := range w.Forms {
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
			cw *= s.settings.Related
			key = "~" + key
		}
		if k, ok := seen[key]; ok {
			(*out)[k].weight += cw
			own = k
			continue
		}
		seen[key] = len(*out)
		c := clause{list: s.merge(ids, weights), terms: ids, weights: weights, weight: cw, at: w.at, main: main && len(w.Parts) == 0, kin: -1, prev: -1}
		if main {
			own = len(*out)
		} else if own >= 0 {
			// What is akin to a word stands in for it where it is absent, and is worth no more than it.
			c.kin = own
			c.without((*out)[own].docs)
			c.idf = math.Min(c.idf, (*out)[own].idf)
		}
		*out = append(*out, c)
	}
}

// without takes the given articles, in order, off the list. Its positions are no longer kept.
func (l *list) without(docs []uint32) {
	k, j := 0, 0
	for i, d := range l.docs {
		for j < len(docs) && docs[j] < d {
			j++
		}
		if j < len(docs) && docs[j] == d {
			continue
		}
		l.docs[k], l.tf[k] = d, l.tf[i]
		k++
	}
	l.docs, l.tf, l.n, l.pos = l.docs[:k], l.tf[:k], nil, nil
}

// bm25 adds the score of a list to every article on it.
func (s *snapshot) bm25(acc []float32, l *list, weight float64) {
	w := float32(weight * l.idf * (s.settings.K1 + 1))
	norm := s.post.norm
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
	heap := make([]scored, 0, k)
	worse := func(a, b scored) bool { return a.score < b.score || a.score == b.score && a.doc > b.doc }
	least := float32(0)
	for d, v := range acc {
		if v <= least && (v <= 0 || len(heap) == k) {
			continue
		}
		x := scored{uint32(d), float64(v)}
		if len(heap) < k {
			heap = append(heap, x)
			for i := len(heap) - 1; i > 0; {
				p := (i - 1) / 2
				if !worse(heap[i], heap[p]) {
					break
				}
				heap[i], heap[p] = heap[p], heap[i]
				i = p
			}
		} else {
			heap[0] = x
			for i := 0; ; {
				c := 2*i + 1
				if c >= k {
					break
				}
				if c+1 < k && worse(heap[c+1], heap[c]) {
					c++
				}
				if !worse(heap[c], heap[i]) {
					break
				}
				heap[i], heap[c] = heap[c], heap[i]
				i = c
			}
		}
		if len(heap) == k {
			least = float32(heap[0].score)
		}
	}
	sort.Slice(heap, func(i, j int) bool { return worse(heap[j], heap[i]) })
	return heap
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
		df := int(s.post.start[t+1] - s.post.start[t])
		weights[i] = float32(idf(df, len(s.docs))) * tf / (tf + norm)
	}
	return terms, weights
}

// smooth mixes into each of the best articles the scores of those most like it.
func (s *snapshot) smooth(pad *scratchpad, top []scored) []scored {
	st := s.settings
	n := min(len(top), st.SmoothDocs)
	if n < 2 {
		return top
	}
	type vec struct {
		terms   []uint32
		weights []float32
	}
	vecs := make([]vec, n)
	for i := range n {
		t, w := s.vector(pad, top[i].doc)
		sum := float32(0)
		for _, x := range w {
			sum += x * x
		}
		l := float32(math.Sqrt(math.Max(float64(sum), 1e-9)))
		for k := range w {
			w[k] /= l
		}
		vecs[i] = vec{t, w}
	}
	alpha := st.Smooth
	{
		m := min(n, 10)
		r := 0.0
		for _, x := range top[1:m] { r += x.score/top[0].score }
		alpha *= math.Pow(r/float64(m-1), st.SmoothSharp)
	}
	sim := make([]float32, n*n)
	if st.SmoothLatent > 0 && s.latent != nil {
		l := s.latent
		for i := range n {
			for j := i+1; j < n; j++ {
				d := max(dotf(l.docs[int(top[i].doc)*l.dim:int(top[i].doc)*l.dim+l.dim], l.docs[int(top[j].doc)*l.dim:int(top[j].doc)*l.dim+l.dim]),0)
				sim[i*n+j], sim[j*n+i] = d, d
			}
		}
	} else {
	for i := range n {
		for k, t := range vecs[i].terms {
			pad.weight[t] = vecs[i].weights[k]
		}
		for j := i + 1; j < n; j++ {
			dot := float32(0)
			for k, t := range vecs[j].terms {
				dot += vecs[j].weights[k] * pad.weight[t]
			}
			sim[i*n+j], sim[j*n+i] = dot, dot
		}
		for _, t := range vecs[i].terms {
			pad.weight[t] = 0
		}
	}
	}
	out := slices.Clone(top)
	order := make([]int, 0, n)
	for i := range n {
		order = order[:0]
		for j := range n {
			if j != i {
				order = append(order, j)
			}
		}
		row := sim[i*n : i*n+n]
		sort.SliceStable(order, func(a, b int) bool { return row[order[a]] > row[order[b]] })
		if len(order) > st.SmoothNear {
			order = order[:st.SmoothNear]
		}
		num, den := 0.0, 0.0
		for _, j := range order {
			w := math.Pow(float64(row[j]), st.SmoothPower)
			num += w * top[j].score
			den += w
		}
		if den > 0 {
			out[i].score = (1-alpha)*top[i].score + alpha*num/den
		} else {
			out[i].score = (1 - alpha) * top[i].score
		}
	}
	for i := n; i < len(out); i++ {
		out[i].score *= 1 - alpha
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].score > out[j].score })
	return out
}

// found is what the ranking of articles hands to the ranking of their passages.
type found struct {
	top      []scored
	question []float32 // vector of the question, nil without an embedder
}

// rank finds the k best articles for the clauses of a question.
func (s *snapshot) rank(ctx context.Context, q Query, cs []clause, pad *scratchpad, k int) (found, error) {
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
		if t := best(fb, 1); len(t) > 0 {
			addScaled(total, fb, st.Feedback/t[0].score)
		}
	}
	if s.vectors != nil && s.vectors.Len() > 0 && (st.Dense > 0 || st.PassageDense > 0) {
		vecs, err := s.embedder.Embed(ctx, Question, []string{cut(q.Text)})
		if err != nil {
			return f, fmt.Errorf("retrieval: embed the question: %w", err)
		}
		if len(vecs) != 1 {
			return f, fmt.Errorf("retrieval: embed the question: the embedder gave %d vectors", len(vecs))
		}
		f.question = vecs[0]
		if st.Dense > 0 {
			if err := s.dense(ctx, f.question, pad, total); err != nil {
				return f, err
			}
		}
	}
	if s.latent != nil && (st.Latent > 0 || st.LatentFeedback > 0) {
		s.latently(cs, total, pad)
	}
	f.top = best(total, max(k, st.SmoothDocs))
	if st.Smooth > 0 {
		f.top = s.smooth(pad, f.top)
	}
	if len(f.top) > k {
		f.top = f.top[:k]
	}
	return f, nil
}

func addScaled(acc, x []float32, by float64) {
	f := float32(by)
	for i, v := range x {
		acc[i] += f * v
	}
}

func (s *snapshot) latently(cs []clause, total []float32, pad *scratchpad) {
	st := s.settings
	l := s.latent
	q := make([]float32, l.dim)
	for _, c := range cs {
		if !c.main { continue }
		for k, t := range c.terms {
			if r := l.terms[t]; r >= 0 {
				axpy(q, l.basis[int(r)*l.dim:int(r)*l.dim+l.dim], float32(c.weight*c.weights[k]*c.idf))
			}
		}
	}
	unit(q)
	cand := best(total, st.LatentDocs)
	if len(cand) == 0 { return }
	add := func(v []float32, w float64) {
		sc := make([]float64, len(cand))
		m := 1e-9
		for i, c := range cand {
			sc[i] = float64(dotf(v, l.docs[int(c.doc)*l.dim:int(c.doc)*l.dim+l.dim]))
			m = math.Max(m, sc[i])
		}
		for i, c := range cand {
			total[c.doc] += float32(w * math.Max(sc[i], 0) / m)
		}
	}
	if st.Latent > 0 { add(q, st.Latent) }
	if st.LatentFeedback > 0 {
		f := make([]float32, l.dim)
		sum := 0.0
		n := min(len(cand), st.LatentTop)
		for _, c := range cand[:n] { sum += math.Pow(c.score/cand[0].score, st.FeedbackSharp) }
		for _, c := range cand[:n] {
			axpy(f, l.docs[int(c.doc)*l.dim:int(c.doc)*l.dim+l.dim], float32(math.Pow(c.score/cand[0].score, st.FeedbackSharp)/sum))
		}
		unit(f)
		for i := range f { f[i] = .8*f[i]+.2*q[i] }
		unit(f)
		add(f, st.LatentFeedback)
	}
}

// dense adds the nearest passages' similarity.
func (s *snapshot) dense(ctx context.Context, question []float32, pad *scratchpad, total []float32) error {
	near, err := s.vectors.Nearest(ctx, question, 300)
	if err != nil {
		return fmt.Errorf("retrieval: search vectors: %w", err)
	}
	acc := pad.acc[3]
	clear(acc)
	if len(near) == 0 {
		return nil
	}
	top := float32(0)
	for _, n := range near {
		d, _, ok := s.locate(n.ID)
		if !ok {
			continue
		}
		acc[d] = max(acc[d], n.Score)
		top = max(top, n.Score)
	}
	if floor := near[len(near)-1].Score; len(near) < 300 {
		floor = 0
	} else if s.settings.DenseFloor > 0 {
		for d, v := range acc {
			if v > 0 {
				acc[d] = max(v-floor, 0)
			}
		}
		top -= floor
	}
	if top > 0 {
		addScaled(total, acc, s.settings.Dense/float64(top))
	}
	return nil
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
	f, err := s.rank(ctx, q, s.clauses(s.question(q.Text, q.Lang)), pad, q.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]ArticleHit, len(f.top))
	for i, t := range f.top {
		out[i] = ArticleHit{Article: s.docs[t.doc].article, Score: t.score}
	}
	return out, nil
}
