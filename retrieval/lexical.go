package retrieval

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"policybot/corpus"
	"policybot/lang"
)

// The lexical side of a snapshot, in three layers that each follow from the one before:
//
//	vocabulary   term ↔ number, and the spellings seen for each term
//	doc          one article as a run of term numbers: title, text, then its dates, publisher and author
//	postings     term → articles with frequencies and positions, flat slices
//
// Vocabulary and docs carry over from snapshot to snapshot; postings are built anew.

// vocabulary numbers the terms. A published one is never changed: extend makes another.
type vocabulary struct {
	ids      map[string]uint32
	terms    []string
	surfaces []surface // sorted by fold
}

// surface is a spelling of a term in the articles, before stemming.
type surface struct {
	fold string
	id   uint32
	mask uint32 // letters that occur, to rule out spellings too far away
}

// newID marks a term number that counts in an analysis's own list of new terms.
const newID = 1 << 31

// upper marks an occurrence that begins with a capital, in doc.gaps.
const upper = 128

// Gaps between the fields of a doc, so that no pair of words stretches over two of them.
const fieldGap = 64 // below 127, where gaps saturate

// doc is an article as the index sees it. It is immutable once published.
type doc struct {
	article *corpus.Article
	terms   []uint32 // occurrences in order; a concept before the first word of its name
	gaps    []uint8  // distance in words from the occurrence before, at most 127; upper in the top bit
	mixed   bool     // the text has lower case, so capitals mean something
	title   int      // terms[:title] are the title's
	text    int      // terms[title:text] are the text's, the rest the context's
	words   int      // content words of title and text, concepts not counted
	chunks  []chunk
	digest  string
}

// chunk is a passage and its occurrences doc.terms[lo:hi].
type chunk struct {
	corpus.Chunk
	lo, hi int32
	words  int32
	vector string // id of its vector: changes with the article
}

// analysis turns articles into docs with numbers from a vocabulary that it may not change. One goroutine
// uses it.
type analysis struct {
	a     *Analyzer
	base  *vocabulary
	cache map[string]*lexemes // by language
	ids   map[string]uint32   // of new terms, with newID set
	terms []string            // new terms
	forms []surface           // new spellings
	arena []uint32
	bytes []uint8
	text  []byte

	toks   []lang.Token
	starts []int32
}

type cached struct {
	id    uint32
	stop  bool
	names bool
}

func newAnalysis(a *Analyzer, base *vocabulary) *analysis {
	return &analysis{
		a: a, base: base,
		cache: map[string]*lexemes{},
		ids:   map[string]uint32{},
	}
}

func (an *analysis) id(term string) uint32 {
	if id, ok := an.base.ids[term]; ok {
		return id
	}
	if id, ok := an.ids[term]; ok {
		return id
	}
	id := newID | uint32(len(an.terms))
	term = strings.Clone(term)
	an.ids[term] = id
	an.terms = append(an.terms, term)
	return id
}

// lexemes are the words an analysis has met in one language. Most words of a text are few, so a small
// table of recent ones stands before the map.
type lexemes struct {
	recent [1 << recentBits]struct {
		head, more uint64 // the first sixteen bytes: most words need no look at the rest
		fold       string
		cached
	}
	all map[string]cached
}

const recentBits = 14

// known returns the words met in a language.
func (an *analysis) known(language string) *lexemes {
	m := an.cache[language]
	if m == nil {
		m = &lexemes{all: map[string]cached{}}
		an.cache[language] = m
	}
	return m
}

func (an *analysis) lookup(m *lexemes, fold, language string) cached {
	head, more := uint64(0), uint64(0)
	if len(fold) >= 8 {
		head = binary.LittleEndian.Uint64([]byte(fold[:8]))
		for i := 8; i < min(len(fold), 16); i++ {
			more |= uint64(fold[i]) << (8 * (i - 8))
		}
	} else {
		for i := range len(fold) {
			head |= uint64(fold[i]) << (8 * i)
		}
	}
	h := (head ^ bits.RotateLeft64(more, 29) ^ uint64(len(fold))<<59) * 0x9E3779B97F4A7C15 >> (64 - recentBits)
	front := &m.recent[h]
	if front.head == head && front.more == more && len(front.fold) == len(fold) && (len(fold) <= 16 || front.fold[16:] == fold[16:]) {
		return front.cached
	}
	c, ok := m.all[fold]
	if !ok {
		fold = strings.Clone(fold)
		c.names = len(an.a.names[fold]) > 0
		c.stop = lang.Stop(fold, language)
		if !c.stop {
			c.id = an.id(lang.Stem(fold, language))
			an.forms = append(an.forms, surface{fold, c.id, letters(fold)})
		}
		m.all[fold] = c
	}
	front.head, front.more, front.fold, front.cached = head, more, fold, c
	return c
}

// letters returns the set of letters of a folded word, for ruling out spellings quickly.
func letters(fold string) uint32 {
	var m uint32
	for i := 0; i < len(fold); i++ {
		c := fold[i]
		switch {
		case 'a' <= c && c <= 'z':
			m |= 1 << (c - 'a')
		case '0' <= c && c <= '9':
			m |= 1 << 26
		default:
			m |= 1 << 27
		}
	}
	return m
}

// doc analyses one article.
func (an *analysis) doc(art *corpus.Article, chunks []corpus.Chunk) *doc {
	d := &doc{article: art}
	d.digest, an.text = digest(art, an.text)
	starts := an.starts[:0] // byte offsets of the text's occurrences, to place the chunks
	pos, last := 0, 0
	known := an.known(art.Lang)
	field := func(text string, places bool) {
		an.toks = lang.AppendTokens(an.toks[:0], text)
		toks := an.toks
		mixed := hasLower(text)
		end := 0
		for i, t := range toks {
			c := an.lookup(known, t.Fold, art.Lang)
			if c.names && i >= end {
				if n, k := an.a.match(toks, i, false, mixed); k > 0 {
					an.emit(an.id(n.term), pos+i-last, false)
					last = pos + i
					if places {
						starts = append(starts, int32(t.Start))
					}
					end = i + k
				}
			}
			if c.stop {
				continue
			}
			an.emit(c.id, pos+i-last, t.Upper)
			last = pos + i
			d.words++
			if places {
				starts = append(starts, int32(t.Start))
				d.mixed = mixed
			}
		}
		pos += len(toks) + fieldGap
	}
	an.arena, an.bytes = an.arena[:0], an.bytes[:0]
	field(art.Title, false)
	d.title = len(an.arena)
	field(art.Text, true)
	d.text = len(an.arena)
	words := d.words
	field(surroundings(art), false)
	d.words = words
	d.terms = append([]uint32(nil), an.arena...)
	d.gaps = append([]uint8(nil), an.bytes...)

	an.starts = starts
	d.chunks = make([]chunk, len(chunks))
	for i, c := range chunks {
		lo := sort.Search(len(starts), func(k int) bool { return int(starts[k]) >= c.Start })
		hi := sort.Search(len(starts), func(k int) bool { return int(starts[k]) >= c.End })
		d.chunks[i] = chunk{Chunk: c, lo: int32(d.title + lo), hi: int32(d.title + hi), words: int32(hi - lo), vector: vectorID(c, d.digest)}
	}
	return d
}

// vectorID names the vector of a chunk of an article with that digest.
func vectorID(c corpus.Chunk, digest string) string { return c.ID() + "@" + digest }

// digest names an article's content. It returns buf, grown, for the next.
func digest(a *corpus.Article, buf []byte) (string, []byte) {
	buf = buf[:0]
	for _, s := range []string{a.ID, a.Lang, a.Title, a.Publisher, a.Author, a.Published.String(), a.Updated.String(), a.URL, string(a.Kind), strings.Join(a.Tags, "\x01"), a.Text} {
		buf = append(append(buf, s...), 0)
	}
	for _, s := range a.Statements {
		buf = fmt.Appendf(buf, "%d %d %s\x00", s.Start, s.End, s.AsOf)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:8]), buf
}

// surroundings is what a reader knows of an article beside its title and text, and may ask for.
func surroundings(a *corpus.Article) string {
	return strings.Join([]string{a.Publisher, a.Author, a.Published.String(), strings.Join(a.Tags, " ")}, " . ")
}

func (an *analysis) emit(id uint32, gap int, capital bool) {
	g := uint8(min(gap, 127))
	if capital {
		g |= upper
	}
	an.arena = append(an.arena, id)
	an.bytes = append(an.bytes, g)
}

// analyse makes docs of the entries, on all processors, and the vocabulary that numbers them. Those in
// known, by number of the entry, are used as they are: their terms are numbers of base. It also returns
// how many were not known.
func analyse(a *Analyzer, base *vocabulary, entries []Entry, known []*doc) ([]*doc, *vocabulary, int) {
	docs := make([]*doc, len(entries))
	copy(docs, known)
	old := func(k int) bool { return k < len(known) && known[k] != nil }
	made := len(entries)
	for _, d := range known {
		if d != nil {
			made--
		}
	}
	if made == 0 {
		return docs, base, 0
	}
	const block = 64
	workers := min(runtime.GOMAXPROCS(0), (len(entries)+block-1)/block)
	parts := make([]*analysis, max(workers, 1))
	owner := make([]uint8, len(entries)/block+1)
	var next sync.Mutex
	at := 0
	run := func(w int) {
		an := newAnalysis(a, base)
		parts[w] = an
		for {
			next.Lock()
			i := at
			at += block
			next.Unlock()
			if i >= len(entries) {
				return
			}
			owner[i/block] = uint8(w)
			for k := i; k < min(i+block, len(entries)); k++ {
				if old(k) {
					continue
				}
				docs[k] = an.doc(entries[k].Article, entries[k].Chunks)
			}
		}
	}
	if workers > 1 {
		workers = min(workers, 255)
		parallel(workers, run)
	} else {
		run(0)
	}

	// Number the new terms in the order of the alphabet, whoever saw them first.
	var fresh []string
	for _, an := range parts {
		if an != nil {
			fresh = append(fresh, an.terms...)
		}
	}
	sort.Strings(fresh)
	fresh = compact(fresh)
	v := base.extend(fresh, parts)
	remap := make([][]uint32, len(parts))
	for w, an := range parts {
		if an == nil {
			continue
		}
		remap[w] = make([]uint32, len(an.terms))
		for i, t := range an.terms {
			remap[w][i] = v.ids[t]
		}
	}
	if len(fresh) > 0 {
		for k, d := range docs {
			if old(k) {
				continue
			}
			m := remap[owner[k/block]]
			for i, id := range d.terms {
				if id&newID != 0 {
					d.terms[i] = m[id&^newID]
				}
			}
		}
	}
	return docs, v, made
}

func compact(s []string) []string {
	out := s[:0]
	for i, x := range s {
		if i == 0 || x != s[i-1] {
			out = append(out, x)
		}
	}
	return out
}

// parallel runs f(0) … f(n-1) at once and waits.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

func newVocabulary() *vocabulary { return &vocabulary{ids: map[string]uint32{}} }

// extend returns a vocabulary with the fresh terms (sorted) and the spellings that the analyses saw.
func (v *vocabulary) extend(fresh []string, parts []*analysis) *vocabulary {
	n := &vocabulary{}
	if len(fresh) == 0 {
		n.ids, n.terms = v.ids, v.terms
	} else {
		n.ids = make(map[string]uint32, len(v.ids)+len(fresh))
		for t, id := range v.ids {
			n.ids[t] = id
		}
		n.terms = make([]string, len(v.terms), len(v.terms)+len(fresh))
		copy(n.terms, v.terms)
		for _, t := range fresh {
			n.ids[t] = uint32(len(n.terms))
			n.terms = append(n.terms, t)
		}
	}
	var forms []surface
	for _, an := range parts {
		if an == nil {
			continue
		}
		for _, f := range an.forms {
			if f.id&newID != 0 {
				f.id = n.ids[an.terms[f.id&^newID]]
			}
			forms = append(forms, f)
		}
	}
	slices.SortFunc(forms, compareSurfaces)
	n.surfaces = make([]surface, 0, len(v.surfaces)+len(forms))
	old := v.surfaces
	for len(old) > 0 || len(forms) > 0 {
		var next surface
		if len(forms) == 0 || len(old) > 0 && compareSurfaces(old[0], forms[0]) <= 0 {
			next, old = old[0], old[1:]
		} else {
			next, forms = forms[0], forms[1:]
		}
		if k := len(n.surfaces); k == 0 || compareSurfaces(n.surfaces[k-1], next) != 0 {
			n.surfaces = append(n.surfaces, next)
		}
	}
	return n
}

func compareSurfaces(a, b surface) int {
	if c := strings.Compare(a.fold, b.fold); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// postings is the inverted form of the docs.
type postings struct {
	start  []uint32 // by term: where docs[], tf[], side[] begin; one more at the end
	docs   []uint32
	tf     []uint8 // positions of the posting, at most 255
	side   []uint8 // of these, in the title (low half) and in the context (high half), at most 15 each
	pstart []uint32
	pos    []uint16
	chunks []uint32 // by term: chunks that hold it
	names  []uint32 // by term: occurrences in texts with lower case, and of these
	upper  []uint32 // … the ones with a capital
	words  []float32

	// See prepare.
	norm   []float32 // by doc: what BM25 adds to a frequency
	freq   []uint8   // by posting: effective frequency, in halves
	idf    []float32 // by term, over articles
	avg    float32
	nchunk int
	avgc   float32
	langs  map[string]int
}

// invert builds the postings of docs over a vocabulary of terms entries.
func invert(docs []*doc, terms int) *postings {
	p := &postings{
		start:  make([]uint32, terms+1),
		pstart: make([]uint32, terms+1),
		chunks: make([]uint32, terms),
		names:  make([]uint32, terms),
		upper:  make([]uint32, terms),
		words:  make([]float32, len(docs)),
		langs:  map[string]int{},
	}
	total, totalc := 0, 0
	for i, d := range docs {
		p.words[i] = float32(d.words)
		total += d.words
		p.nchunk += len(d.chunks)
		p.langs[d.article.Lang]++
		for _, c := range d.chunks {
			totalc += int(c.words)
		}
	}
	p.avg = float32(total) / float32(max(len(docs), 1))
	p.avgc = float32(totalc) / float32(max(p.nchunk, 1))

	workers := min(runtime.GOMAXPROCS(0), 4, len(docs)/256+1)
	share := (len(docs) + workers - 1) / max(workers, 1)
	type counts struct{ docs, pos, chunks, names, upper []uint32 }
	part := make([]counts, workers)
	parallel(workers, func(w int) {
		var c counts
		for _, s := range []*[]uint32{&c.docs, &c.pos, &c.chunks, &c.names, &c.upper} {
			*s = make([]uint32, terms)
		}
		seen := make([]uint32, terms) // doc number + 1
		n := make([]uint8, terms)
		in := make([]uint32, terms) // chunk serial
		serial := uint32(0)
		for i := w * share; i < min((w+1)*share, len(docs)); i++ {
			for _, t := range docs[i].terms {
				if seen[t] != uint32(i)+1 {
					seen[t] = uint32(i) + 1
					n[t] = 0
					c.docs[t]++
				}
				if n[t] < 255 {
					n[t]++
					c.pos[t]++
				}
			}
			if d := docs[i]; d.mixed {
				for k := d.title; k < d.text; k++ {
					c.names[d.terms[k]]++
					c.upper[d.terms[k]] += uint32(d.gaps[k] >> 7)
				}
			}
			for _, ch := range docs[i].chunks {
				serial++
				for _, t := range docs[i].terms[ch.lo:ch.hi] {
					if in[t] != serial {
						in[t] = serial
						c.chunks[t]++
					}
				}
			}
		}
		part[w] = c
	})
	nd, np := uint32(0), uint32(0)
	for t := range terms {
		p.start[t], p.pstart[t] = nd, np
		for w := range part {
			d, q := part[w].docs[t], part[w].pos[t]
			part[w].docs[t], part[w].pos[t] = nd, np // now: where this worker writes
			nd += d
			np += q
			p.chunks[t] += part[w].chunks[t]
			p.names[t] += part[w].names[t]
			p.upper[t] += part[w].upper[t]
		}
	}
	p.start[terms], p.pstart[terms] = nd, np
	p.docs = make([]uint32, nd)
	p.tf = make([]uint8, nd)
	p.side = make([]uint8, nd)
	p.pos = make([]uint16, np)
	parallel(workers, func(w int) {
		at, pat := part[w].docs, part[w].pos
		seen := make([]uint32, terms)
		for i := w * share; i < min((w+1)*share, len(docs)); i++ {
			d := docs[i]
			pos := 0
			for k, t := range d.terms {
				pos += int(d.gaps[k] &^ upper)
				if seen[t] != uint32(i)+1 {
					seen[t] = uint32(i) + 1
					p.docs[at[t]] = uint32(i)
					at[t]++
				}
				s := at[t] - 1
				if p.tf[s] == 255 {
					continue
				}
				p.tf[s]++
				p.pos[pat[t]] = uint16(min(pos, math.MaxUint16))
				pat[t]++
				switch {
				case k < d.title:
					if p.side[s]&15 < 15 {
						p.side[s]++
					}
				case k >= d.text:
					if p.side[s]>>4 < 15 {
						p.side[s] += 16
					}
				}
			}
		}
	})
	return p
}
