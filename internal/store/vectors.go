package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"policybot/corpus"
)

// vectorWriter adds vectors of one model within a putter's transaction.
type vectorWriter struct {
	p     *putter
	model string
	no    int64 // of the model, 0 until its first vector
	dim   int
	buf   []byte
}

// put stores the vectors that are not nil under their keys.
func (w *vectorWriter) put(keys [][16]byte, vectors [][]float32) error {
	for i, v := range vectors {
		if v == nil {
			continue
		}
		if err := w.register(len(v)); err != nil {
			return err
		}
		if len(v) != w.dim {
			return invalid("put", w.model, "a vector has %d numbers, those of this model have %d", len(v), w.dim)
		}
		if !finite(v) {
			return invalid("put", w.model, "a vector holds a number that is infinite or none")
		}
		w.buf = appendVector(w.buf[:0], v)
		key := keys[i][:]
		// What is there and differs is damaged, or made by a model that is not quite deterministic.
		if _, err := w.p.exec(`INSERT INTO vectors (model_no, hash, vector, sum) VALUES ($1, $2, $3, $4)
			ON CONFLICT (model_no, hash) DO UPDATE SET vector = excluded.vector, sum = excluded.sum
			WHERE vectors.vector <> excluded.vector OR vectors.sum <> excluded.sum`,
			w.no, key, w.buf, sumVector(key, w.buf)); err != nil {
			return err
		}
	}
	return nil
}

// register finds the model's number, and gives it one at its first vector.
func (w *vectorWriter) register(dim int) error {
	if w.no != 0 {
		return nil
	}
	if w.model == "" {
		return invalid("put", "", "vectors of a model without a name")
	}
	if dim == 0 {
		return invalid("put", w.model, "a vector without numbers")
	}
	err := w.p.row(`SELECT no, dim FROM models WHERE name = $1`, []any{w.model}, &w.no, &w.dim)
	if errors.Is(err, sql.ErrNoRows) {
		w.dim = dim
		err = w.p.row(`INSERT INTO models (name, dim) VALUES ($1, $2) RETURNING no`, []any{w.model, dim}, &w.no)
	}
	return err
}

// PutVectors stores vectors made by the embedder called model for chunks of stored articles, in one
// transaction: those a Library lacks after another embedder was chosen, or an import was stopped between
// storing and embedding. A chunk that is no longer in the library is passed over.
func (s *Store) PutVectors(ctx context.Context, model string, chunks []corpus.Chunk, vectors [][]float32) error {
	if len(chunks) != len(vectors) {
		return invalid("put vectors", model, "%d vectors for %d chunks", len(vectors), len(chunks))
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		p := s.newPutter(ctx, tx, model)
		defer p.close()
		for i, c := range chunks {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			key := Key(c)
			var there int
			if err := p.row(`SELECT count(*) FROM (SELECT 1 FROM chunks WHERE hash = $1 LIMIT 1) AS c`, []any{key[:]}, &there); err != nil {
				return err
			}
			if there == 0 {
				continue
			}
			if err := p.vectors.put([][16]byte{key}, vectors[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	})
	return s.fail("put vectors", model, err)
}

// MissingVectors counts the chunks of the library that have no vector of the model.
func (s *Store) MissingVectors(ctx context.Context, model string) (n int, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT count(*) FROM chunks WHERE NOT EXISTS (SELECT 1 FROM vectors
		WHERE vectors.hash = chunks.hash AND vectors.model_no = (SELECT no FROM models WHERE name = $1))`, model).Scan(&n)
	return n, s.fail("count vectors", model, err)
}

// Model is an embedder that has vectors in the store.
type Model struct {
	Name    string
	Dim     int // numbers per vector
	Vectors int
}

// Models lists the embedders that have made vectors, by name.
func (s *Store) Models(ctx context.Context) ([]Model, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT name, dim, (SELECT count(*) FROM vectors WHERE model_no = models.no) FROM models ORDER BY name`)
	if err != nil {
		return nil, s.fail("list models", "", err)
	}
	defer rows.Close()
	var list []Model
	for rows.Next() {
		var m Model
		if err := rows.Scan(&m.Name, &m.Dim, &m.Vectors); err != nil {
			return nil, s.fail("list models", "", err)
		}
		list = append(list, m)
	}
	return list, s.fail("list models", "", rows.Err())
}

// DropModel deletes the vectors of an embedder that is no longer used. They are kept until then, since
// making them anew may cost money. An unknown model is no error.
func (s *Store) DropModel(ctx context.Context, model string) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{`DELETE FROM vectors WHERE model_no = (SELECT no FROM models WHERE name = $1)`, `DELETE FROM models WHERE name = $1`} {
			if _, err := tx.ExecContext(ctx, q, model); err != nil {
				return fmt.Errorf("drop model: %w", err)
			}
		}
		return nil
	})
	return s.fail("drop model", model, err)
}
