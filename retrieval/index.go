package retrieval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"policybot/corpus"
)

// Index finds passages and articles. Searches read an immutable snapshot, so that a search sees the
// library before an Update or after it, never between; searches never wait for updates. An embedder that
// fails a question costs a search its share of the ranking and nothing else (see Query.Lost).
type Index struct {
	options Options
	snap    atomic.Pointer[snapshot]

	write   sync.Mutex // held by Update
	vectors *Vectors   // of options.Embedder, nil without one
	saved   *Saved     // until the first Update
	made    int        // articles analysed by Updates
}

// Options are what an Index is made of.
type Options struct {
	Analyzer *Analyzer // nil: one without a lexicon
	Embedder Embedder  // nil: lexical only
	Settings *Settings // nil: Defaults()
}

// Entry is an article with its passages.
type Entry struct {
	Article *corpus.Article
	Chunks  []corpus.Chunk
	Vectors [][]float32 // of the embedder, one per chunk, made from PassageText; nil: Update embeds
}

// PassageText is the text that an embedder gets for a chunk: its words with the title they stand under.
func PassageText(c corpus.Chunk) string {
	if c.Article.Title == "" {
		return c.Text()
	}
	return c.Article.Title + "\n" + c.Text()
}

// snapshot is the library at one moment. Nothing in it changes once it is published.
type snapshot struct {
	analyzer *Analyzer
	settings Settings
	embedder Embedder
	vectors  *Vectors
	vocab    *vocabulary
	docs     []*doc // by article id
	post     *postings
	latent   *latent
	version  string
	scratch  *sync.Pool // *scratchpad
	recent   *recent
}

// New returns an empty index.
func New(o Options) *Index {
	if o.Analyzer == nil {
		o.Analyzer = NewAnalyzer(nil)
	}
	if o.Settings == nil {
		d := Defaults()
		o.Settings = &d
	}
	ix := &Index{options: o}
	if o.Embedder != nil {
		ix.vectors = NewVectors(o.Embedder.Model(), o.Embedder.Dim())
	}
	ix.snap.Store(ix.snapshot(nil, newVocabulary(), nil))
	return ix
}

// Resume gives an empty index what another one has worked out, for its first Update to use. The index owns
// it from now on; nil is nothing.
func (ix *Index) Resume(s *Saved) {
	ix.write.Lock()
	defer ix.write.Unlock()
	if len(ix.snap.Load().docs) == 0 {
		ix.saved = s
	}
}

// snapshot makes the snapshot of docs, in the order of their ids. What old has is used again.
func (ix *Index) snapshot(docs []*doc, v *vocabulary, old *latent) *snapshot {
	s := &snapshot{
		analyzer: ix.options.Analyzer,
		settings: *ix.options.Settings,
		embedder: ix.options.Embedder,
		vectors:  ix.vectors,
		vocab:    v,
		docs:     docs,
		post:     invert(docs, len(v.terms)),
		scratch:  &sync.Pool{},
		recent:   &recent{},
	}
	s.post.prepare(s.settings)
	s.latent = newLatent(old, docs, v.terms, s.settings)
	h := sha256.New()
	for _, d := range docs {
		fmt.Fprintf(h, "%s\x00%s\x00", d.article.ID, d.digest)
	}
	s.version = hex.EncodeToString(h.Sum(nil))[:16]
	return s
}

// Update puts articles into the index, replacing those of the same id, and takes others out; ids that
// are not there are nothing to remove. When it returns an error the index is as it was. Of two entries
// with one id the last counts. Updates wait for one another.
func (ix *Index) Update(ctx context.Context, put []Entry, remove []string) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	old := ix.snap.Load()

	last := make(map[string]int, len(put))
	for i, e := range put {
		if e.Article == nil {
			return fmt.Errorf("retrieval: entry %d has no article", i)
		}
		if e.Vectors != nil && len(e.Vectors) != len(e.Chunks) {
			return fmt.Errorf("retrieval: article %s has %d chunks but %d vectors", e.Article.ID, len(e.Chunks), len(e.Vectors))
		}
		for _, c := range e.Chunks {
			if c.Article != e.Article || c.Start < 0 || c.End < c.Start || c.End > len(e.Article.Text) {
				return fmt.Errorf("retrieval: article %s: chunk %d-%d is not of its text", e.Article.ID, c.Start, c.End)
			}
		}
		last[e.Article.ID] = i
	}
	if len(last) < len(put) {
		once := make([]Entry, 0, len(last))
		for i, e := range put {
			if last[e.Article.ID] == i {
				once = append(once, e)
			}
		}
		put = once
	}
	gone := make(map[string]bool, len(remove))
	for _, id := range remove {
		if _, again := last[id]; !again {
			gone[id] = true
		}
	}

	vocab, space := old.vocab, old.latent
	known, sketches := ix.saved.take(put)
	if known != nil {
		vocab, space = ix.saved.vocab, ix.saved.latent
	}
	ix.saved = nil
	docs, vocab, made := analyse(ix.options.Analyzer, vocab, put, known)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("retrieval: update: %w", err)
	}
	added, err := ix.embed(ctx, put, docs, sketches)
	if err != nil {
		return fmt.Errorf("retrieval: update: %w", err)
	}

	fresh := make(map[string]*doc, len(docs))
	for _, d := range docs {
		fresh[d.article.ID] = d
	}
	var dropped []*doc
	for _, d := range old.docs {
		if gone[d.article.ID] {
			dropped = append(dropped, d)
			continue
		}
		if n := fresh[d.article.ID]; n != nil {
			dropped = append(dropped, d)
			continue
		}
		docs = append(docs, d)
	}
	slices.SortFunc(docs, func(a, b *doc) int { return strings.Compare(a.article.ID, b.article.ID) })
	next := ix.snapshot(docs, vocab, space)
	if err := ctx.Err(); err != nil {
		// The vectors put meanwhile belong to no snapshot; take them out again.
		if ix.vectors != nil && len(added) > 0 {
			err = errors.Join(err, ix.vectors.Delete(context.WithoutCancel(ctx), added))
		}
		return fmt.Errorf("retrieval: update: %w", err)
	}
	ix.snap.Store(next)
	ix.made += made
	if ix.vectors != nil && len(dropped) > 0 {
		var ids []string
		for _, d := range dropped {
			var kept map[string]bool // by the same article in other chunks, some of which may be the same
			if n := fresh[d.article.ID]; n != nil && n.digest == d.digest {
				kept = make(map[string]bool, len(n.chunks))
				for _, c := range n.chunks {
					kept[c.vector] = true
				}
			}
			for _, c := range d.chunks {
				if !kept[c.vector] && ix.vectors.Has(c.vector) {
					ids = append(ids, c.vector)
				}
			}
		}
		if err := ix.vectors.Delete(context.WithoutCancel(ctx), ids); err != nil {
			return fmt.Errorf("retrieval: update: forget old vectors: %w", err)
		}
	}
	return nil
}

// embed stores the vectors of the entries' chunks and returns the ids of those that were not there. The
// sketches of some may be known.
func (ix *Index) embed(ctx context.Context, put []Entry, docs []*doc, sketches map[*doc][]sketch) ([]string, error) {
	if ix.vectors == nil {
		return nil, nil
	}
	var ids, texts []string
	var vecs [][]float32
	var missing []int // places in vecs
	var known []sketch
	for i, e := range put {
		have := sketches[docs[i]]
		for k, c := range docs[i].chunks {
			if ix.vectors.Has(c.vector) {
				continue
			}
			ids = append(ids, c.vector)
			if have != nil && e.Vectors != nil {
				known = append(known, have[k])
			} else {
				known = append(known, sketch{})
			}
			if e.Vectors != nil {
				vecs = append(vecs, e.Vectors[k])
				continue
			}
			missing = append(missing, len(vecs))
			vecs = append(vecs, nil)
			texts = append(texts, PassageText(c.Chunk))
		}
	}
	if len(texts) > 0 {
		made, err := ix.options.Embedder.Embed(ctx, Passage, texts)
		if err != nil {
			return nil, fmt.Errorf("embed %d chunks: %w", len(texts), err)
		}
		if len(made) != len(texts) {
			return nil, fmt.Errorf("embed %d chunks: the embedder gave %d vectors", len(texts), len(made))
		}
		for j, at := range missing {
			vecs[at] = made[j]
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if err := ix.vectors.put(ctx, ids, vecs, known); err != nil {
		return nil, fmt.Errorf("store %d vectors: %w", len(ids), err)
	}
	return ids, nil
}

// Analysed returns how many articles the index has analysed itself, those of Saved not among them.
func (ix *Index) Analysed() int {
	ix.write.Lock()
	defer ix.write.Unlock()
	return ix.made
}

// Articles returns the articles by id. The slice is the caller's.
func (ix *Index) Articles() []*corpus.Article {
	s := ix.snap.Load()
	out := make([]*corpus.Article, len(s.docs))
	for i, d := range s.docs {
		out[i] = d.article
	}
	return out
}

// Article returns the article of that id, or nil.
func (ix *Index) Article(id string) *corpus.Article {
	s := ix.snap.Load()
	if i, ok := s.find(id); ok {
		return s.docs[i].article
	}
	return nil
}

func (s *snapshot) find(id string) (int, bool) {
	return sort.Find(len(s.docs), func(i int) int { return strings.Compare(id, s.docs[i].article.ID) })
}

// Version names the library as it is now: equal for equal articles, in whatever order they came.
func (ix *Index) Version() string { return ix.snap.Load().version }

// Chunks returns how many passages the index holds.
func (ix *Index) Chunks() int { return ix.snap.Load().post.nchunk }

// Occurrences analyses a text, a sentence say, as the index analyses its articles.
func (ix *Index) Occurrences(text, language string) []Occurrence {
	return ix.options.Analyzer.Occurrences(text, language)
}

// DF returns in how many of the index's n passages a term occurs.
func (ix *Index) DF(term string) (df, n int) {
	s := ix.snap.Load()
	return s.df(term), s.post.nchunk
}

// Tune changes the settings from now on, without analysing anything again: for measuring what they do.
func (ix *Index) Tune(settings Settings) {
	ix.write.Lock()
	defer ix.write.Unlock()
	ix.options.Settings = &settings
	next := *ix.snap.Load()
	next.settings = settings
	post := *next.post
	post.prepare(settings)
	next.post = &post
	next.scratch = &sync.Pool{}
	next.recent = &recent{}
	ix.snap.Store(&next)
}
