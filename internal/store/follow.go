package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// A program that has the library in memory learns in three steps what other processes change in it: Revision
// says cheaply whether anything has changed, Marks what, and LoadSome reads that alone.

// Mark tells one state of an article and its chunks from another: they are the same where their marks are.
type Mark struct {
	Origin Origin
	Digest string // of the article
	Chunks uint32 // checksum of where its chunks begin and end, and of what they hold
}

// revisionSetting is where the number of the library's current state is kept.
const revisionSetting = "library.revision"

// Revision names the current state of the library. Whatever adds, replaces, rechunks or removes an article
// changes it, in whichever process, with the very transaction that does so; nothing else does. Asking for it
// reads one row.
func (s *Store) Revision(ctx context.Context) (string, error) {
	revision, _, err := s.Setting(ctx, revisionSetting)
	return revision, err
}

// revise gives the library another revision, once in a transaction.
func (p *putter) revise() error {
	if p.revised {
		return nil
	}
	p.revised = true
	_, err := p.exec(`INSERT INTO settings (key, value) VALUES ($1, '1')
		ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(settings.value AS INTEGER) + 1 AS TEXT)`, revisionSetting)
	return err
}

// Marks returns the marks of the current articles by their ids, and the revision that they are of.
func (s *Store) Marks(ctx context.Context) (marks map[string]Mark, revision string, err error) {
	marks, revision, err = s.marks(ctx)
	return marks, revision, s.fail("list", "", err)
}

func (s *Store) marks(ctx context.Context) (map[string]Mark, string, error) {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state for both queries
	if err != nil {
		return nil, "", err
	}
	defer tx.Rollback()
	var revision string
	err = tx.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, revisionSetting).Scan(&revision)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, "", err
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, origin, digest, chunk_sum FROM articles`)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	marks := make(map[string]Mark)
	for rows.Next() {
		var id string
		var m Mark
		if err := rows.Scan(&id, &m.Origin, &m.Digest, &m.Chunks); err != nil {
			return nil, "", err
		}
		marks[id] = m
	}
	return marks, revision, rows.Err()
}

// LoadSome is Load for the articles of these ids. Those that are no longer there are left out, and of two
// equal ids one; what it returns is one state of the library.
func (s *Store) LoadSome(ctx context.Context, model string, ids []string) (*Library, error) {
	l, err := s.loadSome(ctx, model, slices.Compact(slices.Sorted(slices.Values(ids))))
	return l, s.fail("load", "", err)
}

func (s *Store) loadSome(ctx context.Context, model string, ids []string) (*Library, error) {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	marks, err := tx.PrepareContext(ctx, `SELECT origin, digest, chunk_sum FROM articles WHERE id = $1`)
	if err != nil {
		return nil, err
	}
	defer marks.Close()
	vectors, err := s.vectorReader(ctx, tx, model)
	if err != nil {
		return nil, err
	}
	defer vectors.close()
	l := &Library{Entries: make([]Entry, 0, len(ids))}
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var e Entry
		err := marks.QueryRowContext(ctx, id).Scan(&e.Mark.Origin, &e.Mark.Digest, &e.Mark.Chunks)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if e.Article, e.Chunks, err = s.get(ctx, tx, id); err != nil {
			return nil, err
		}
		e.Article.Raw, e.Article.Removed = "", nil
		e.Vectors = make([][]float32, len(e.Chunks))
		for i, c := range e.Chunks {
			var damaged bool
			if e.Vectors[i], damaged, err = vectors.read(ctx, Key(c)); err != nil {
				return nil, err
			}
			if e.Vectors[i] == nil {
				l.Missing++
			}
			if damaged {
				l.Damaged++
			}
		}
		l.Entries = append(l.Entries, e)
	}
	return l, nil
}

// vectorReader reads vectors of one model one by one within a transaction.
type vectorReader struct {
	stmt *sql.Stmt // nil where the model has none
	no   int64
	dim  int
}

func (s *Store) vectorReader(ctx context.Context, tx *sql.Tx, model string) (*vectorReader, error) {
	r := &vectorReader{}
	err := tx.QueryRowContext(ctx, `SELECT no, dim FROM models WHERE name = $1`, model).Scan(&r.no, &r.dim)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	if err == nil && (r.dim < 1 || r.dim > 1<<20) {
		err = s.corrupt("load", model, "its vectors would have %d numbers", r.dim)
	}
	if err == nil {
		r.stmt, err = tx.PrepareContext(ctx, `SELECT vector, sum FROM vectors WHERE model_no = $1 AND hash = $2`)
	}
	return r, err
}

func (r *vectorReader) close() {
	if r.stmt != nil {
		r.stmt.Close()
	}
}

// read returns the vector under a key, nil if there is none or it is damaged.
func (r *vectorReader) read(ctx context.Context, key [16]byte) (v []float32, damaged bool, err error) {
	if r.stmt == nil {
		return nil, false, nil
	}
	var b []byte
	var sum uint32
	err = r.stmt.QueryRowContext(ctx, r.no, key[:]).Scan(&b, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if len(b) != 4*r.dim || sumVector(key[:], b) != sum {
		return nil, true, nil
	}
	v = make([]float32, r.dim)
	decodeVector(v, b)
	return v, false, nil
}
