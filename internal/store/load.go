package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"policybot/corpus"
)

// Entry is a stored article ready for an index.
type Entry struct {
	Article *corpus.Article // without Raw and Removed; Get has those
	Chunks  []corpus.Chunk
	Vectors [][]float32 // one per chunk; nil for a chunk that has none under the model asked for
	Mark
}

// Library is the whole of what is current.
type Library struct {
	Entries []Entry // ordered by article id
	// Missing counts the vectors that are nil. To complete the library: embed those chunks, PutVectors.
	Missing int
	// Damaged counts the stored vectors that failed their checksum; they are among the missing.
	Damaged int
}

// Load reads every current article with its chunks and the vectors that the embedder called model made
// for them. The strings and vectors are the caller's; the vectors share larger blocks of memory, so one
// that is kept may keep its neighbours. progress, if not nil, is told how many articles of how many are
// read, now and then, from the calling goroutine.
//
// What it returns is one state of the library, whatever is written meanwhile.
func (s *Store) Load(ctx context.Context, model string, progress func(done, total int)) (*Library, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.fail("load", "", err)
	}
	defer tx.Rollback()
	var total, chunks int
	if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(chunks), 0) FROM articles`).Scan(&total, &chunks); err != nil {
		return nil, s.fail("load", "", err)
	}
	// The vectors come through a second connection at the same time. Should it see a later state of the
	// database, some vectors may be gone, and are reported missing; none can be wrong, since a key names
	// its text.
	type result struct {
		v   *vectorSet
		err error
	}
	done := make(chan result, 1)
	go func() {
		v, err := s.loadVectors(ctx, model)
		done <- result{v, err}
	}()
	l, keys, err := s.loadArticles(ctx, tx, total, chunks, progress)
	if err != nil {
		cancel()
	}
	vectors := <-done
	if err != nil {
		return nil, s.fail("load", "", err)
	}
	if vectors.err != nil {
		return nil, s.fail("load", "", vectors.err)
	}
	all := make([][]float32, len(keys))
	for i, k := range keys {
		if n, ok := vectors.v.at[k]; ok {
			all[i] = vectors.v.vector(n)
		} else {
			l.Missing++
		}
	}
	l.Damaged = vectors.v.damaged
	for i := range l.Entries {
		n := len(l.Entries[i].Chunks)
		l.Entries[i].Vectors, all = all[:n:n], all[n:]
	}
	slices.SortFunc(l.Entries, func(a, b Entry) int { return strings.Compare(a.Article.ID, b.Article.ID) })
	return l, nil
}

// loadArticles reads articles and chunks side by side in the order of their numbers, and returns them
// with the keys of all chunks in that order.
func (s *Store) loadArticles(ctx context.Context, tx *sql.Tx, total, chunks int, progress func(done, total int)) (*Library, [][16]byte, error) {
	// Both queries run at once on one connection, in one transaction.
	crows, err := tx.QueryContext(ctx, `SELECT article_no, start_at, end_at, hash FROM chunks ORDER BY article_no, ord`)
	if err != nil {
		return nil, nil, err
	}
	defer crows.Close()
	rows, err := tx.QueryContext(ctx, `SELECT no, chunks, chunk_sum, `+articleColumns+` FROM articles ORDER BY no`)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()

	total, chunks = max(0, total), max(0, min(chunks, 1<<24))
	l := &Library{Entries: make([]Entry, 0, total)}
	keys := make([][16]byte, 0, chunks)
	all := make([]corpus.Chunk, 0, chunks) // cut up into Entry.Chunks
	var (
		no, cno  int64 // numbers of the article read and of the chunk read ahead
		span     corpus.Span
		hash     sql.RawBytes
		pending  bool
		same     = interner{}
		count    int
		chunkSum uint32
	)
	next := func() error {
		if pending = crows.Next(); !pending {
			return crows.Err()
		}
		return crows.Scan(&cno, &span.Start, &span.End, &hash)
	}
	if err := next(); err != nil {
		return nil, nil, err
	}
	articles := make([]corpus.Article, 0, min(total, 1024)) // allocated by the block
	for rows.Next() {
		if len(articles) == cap(articles) {
			articles = make([]corpus.Article, 0, 1024)
		}
		articles = articles[:len(articles)+1]
		a := &articles[len(articles)-1]
		var r articleRow
		var origin string
		var stored int64
		var publisher, lang, kind, tags string
		if err := rows.Scan(&no, &count, &chunkSum, &a.ID, &origin, &r.digest, &stored, &a.Title, &publisher, &a.Author, &r.published, &r.updated,
			&a.URL, &lang, &kind, &tags, &r.statements, &a.Text, &r.sum); err != nil {
			return nil, nil, err
		}
		a.Publisher, a.Lang, a.Kind, r.tags = same.string(publisher), same.string(lang), corpus.Kind(same.string(kind)), tags
		if err := r.decode(a, origin); err != nil {
			return nil, nil, s.corrupt("load", a.ID, "%w", err)
		}
		first := len(all)
		var sum uint32
		for pending && cno == no {
			if !within(span, a.Text) || len(hash) != 16 {
				return nil, nil, s.corrupt("load", a.ID, "chunk [%d, %d) in a text of %d bytes", span.Start, span.End, len(a.Text))
			}
			sum = sumChunk(sum, span, hash)
			all = append(all, corpus.Chunk{Article: a, Span: span})
			keys = append(keys, [16]byte(hash))
			if err := next(); err != nil {
				return nil, nil, err
			}
		}
		if n := len(all) - first; n != count || sum != chunkSum {
			return nil, nil, s.corrupt("load", a.ID, "its %d chunks are not the %d recorded", n, count)
		}
		l.Entries = append(l.Entries, Entry{Article: a, Chunks: all[first:len(all):len(all)],
			Mark: Mark{Origin(same.string(origin)), r.digest, chunkSum}})
		if len(l.Entries)%1024 == 0 {
			if progress != nil {
				progress(len(l.Entries), total)
			}
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	if pending {
		return nil, nil, s.corrupt("load", s.path, "chunks of an article number %d that is not there", cno)
	}
	if progress != nil {
		progress(len(l.Entries), total)
	}
	return l, keys, nil
}

// interner gives equal strings one memory: there are few publishers and many articles.
type interner map[string]string

func (in interner) string(s string) string {
	if t, ok := in[s]; ok {
		return t
	}
	in[s] = s
	return s
}

// vectorSet holds the vectors of one model in blocks.
type vectorSet struct {
	dim     int
	at      map[[16]byte]int
	blocks  [][]float32
	damaged int
}

const vectorsPerBlock = 1024

func (v *vectorSet) vector(n int) []float32 {
	b := v.blocks[n/vectorsPerBlock]
	i := n % vectorsPerBlock * v.dim
	return b[i : i+v.dim : i+v.dim]
}

func (s *Store) loadVectors(ctx context.Context, model string) (*vectorSet, error) {
	v := &vectorSet{at: map[[16]byte]int{}}
	if model == "" {
		return v, nil
	}
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	var no int64
	err = tx.QueryRowContext(ctx, `SELECT no, dim FROM models WHERE name = $1`, model).Scan(&no, &v.dim)
	if errors.Is(err, sql.ErrNoRows) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	if v.dim < 1 || v.dim > 1<<20 {
		return nil, s.corrupt("load", model, "its vectors would have %d numbers", v.dim)
	}
	// The plus keeps the database from going through the index: table order is disk order.
	rows, err := tx.QueryContext(ctx, `SELECT hash, vector, sum FROM vectors WHERE +model_no = $1 ORDER BY no`, no)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var hash, vector sql.RawBytes
	var sum uint32
	n := 0
	for rows.Next() {
		if err := rows.Scan(&hash, &vector, &sum); err != nil {
			return nil, err
		}
		if len(hash) != 16 || len(vector) != 4*v.dim || sumVector(hash, vector) != sum {
			v.damaged++
			continue
		}
		if n%vectorsPerBlock == 0 {
			v.blocks = append(v.blocks, make([]float32, vectorsPerBlock*v.dim))
		}
		decodeVector(v.vector(n), vector)
		v.at[[16]byte(hash)] = n
		n++
	}
	return v, rows.Err()
}
