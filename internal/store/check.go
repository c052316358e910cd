package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Report is what Check found.
type Report struct {
	Articles, Versions, Chunks, Vectors, Answers int
	Bytes                                        int64   // size of the database, without its log
	Problems                                     []error // in the order found, no more than maxProblems
}

// Err joins the problems; nil if there are none.
func (r *Report) Err() error { return errors.Join(r.Problems...) }

// maxProblems is where Check stops: a list longer than a screen helps nobody.
const maxProblems = 20

// Check reads everything: SQLite's own integrity check, references between tables, every article, former
// version, answer and vector against its checksum. It takes about as long as reading the file. The
// error is for what kept it from looking; what it found is in the report.
func (s *Store) Check(ctx context.Context) (*Report, error) {
	r := &Report{}
	err := s.check(ctx, r)
	return r, s.fail("check", "", err)
}

func (s *Store) check(ctx context.Context, r *Report) error {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	found := func(err error) (more bool) {
		r.Problems = append(r.Problems, err)
		return len(r.Problems) < maxProblems
	}

	var result string
	problems, err := column[string](ctx, tx, fmt.Sprintf(`PRAGMA integrity_check(%d)`, maxProblems))
	if err != nil && kindOf(err) == ErrCorrupt {
		problems, err = []string{err.Error()}, nil
	}
	if err != nil {
		return err
	}
	for _, result = range problems {
		if result != "ok" {
			found(s.corrupt("check", s.path, "%s", result))
		}
	}
	if len(r.Problems) > 0 {
		return nil // nothing read from here on would mean much
	}
	tables, err := column[string](ctx, tx, `SELECT DISTINCT "table" FROM pragma_foreign_key_check`)
	if err != nil {
		return err
	}
	for _, t := range tables {
		found(s.corrupt("check", t, "rows that belong to nothing"))
	}
	for _, c := range []struct {
		n     *int
		query string
	}{
		{&r.Articles, `SELECT count(*) FROM articles`}, {&r.Versions, `SELECT count(*) FROM versions`}, {&r.Chunks, `SELECT count(*) FROM chunks`},
		{&r.Vectors, `SELECT count(*) FROM vectors`}, {&r.Answers, `SELECT count(*) FROM answers`},
	} {
		if err := tx.QueryRowContext(ctx, c.query).Scan(c.n); err != nil {
			return err
		}
	}
	if err := tx.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&r.Bytes); err != nil {
		return err
	}

	ids, err := column[string](ctx, tx, `SELECT id FROM articles ORDER BY id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, _, err := s.get(ctx, tx, id); err != nil && !reportable(err, found) {
			return unreported(err)
		}
	}
	versions, err := column[int64](ctx, tx, `SELECT no FROM versions ORDER BY no`)
	if err != nil {
		return err
	}
	for _, no := range versions {
		_, err := s.scanWhole("check", fmt.Sprintf("version %d", no), tx.QueryRowContext(ctx,
			`SELECT `+articleColumns+`, raw_sum, form, raw, raw_bytes, removed FROM versions WHERE no = $1`, no))
		if err != nil && !reportable(err, found) {
			return unreported(err)
		}
	}
	more, err := s.checkAnswers(ctx, tx, found)
	if err != nil || !more {
		return err
	}
	guilds, err := column[string](ctx, tx, `SELECT settings FROM guilds ORDER BY id`)
	if err != nil {
		return err
	}
	for _, text := range guilds {
		if _, err := decodeSettings(text); err != nil && !found(s.corrupt("check", "guilds", "settings %s: %w", text, err)) {
			return nil
		}
	}
	models, err := column[string](ctx, tx, `SELECT name FROM models ORDER BY name`)
	if err != nil {
		return err
	}
	for _, m := range models {
		damaged, err := s.checkVectors(ctx, tx, m)
		if err != nil {
			return err
		}
		if damaged > 0 && !found(&Error{Op: "check", What: m, Kind: ErrCorrupt, Err: fmt.Errorf("%d of its vectors", damaged),
			Hint: "they are made again when the library is next loaded"}) {
			return nil
		}
	}
	return nil
}

// checkAnswers compares the answers with their checksums, and says whether to go on.
func (s *Store) checkAnswers(ctx context.Context, tx *sql.Tx, found func(error) bool) (more bool, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+answerColumns+` FROM answers ORDER BY no`)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAnswer(rows)
		if err != nil {
			return false, err
		}
		if err := a.verify(); err != nil && !found(s.corrupt("check", fmt.Sprintf("answer %d", a.No), "%w", err)) {
			return false, nil
		}
	}
	return true, rows.Err()
}

// reportable passes damage on to found and says whether to go on.
func reportable(err error, found func(error) bool) bool {
	return errors.Is(err, ErrCorrupt) && found(err)
}

// unreported is nil for damage, which the report holds already.
func unreported(err error) error {
	if errors.Is(err, ErrCorrupt) {
		return nil
	}
	return err
}

func (s *Store) checkVectors(ctx context.Context, tx *sql.Tx, model string) (damaged int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT hash, vector, vectors.sum, dim FROM vectors JOIN models ON models.no = model_no WHERE name = $1`, model)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var hash, vector sql.RawBytes
		var sum uint32
		var dim int
		if err := rows.Scan(&hash, &vector, &sum, &dim); err != nil {
			return 0, err
		}
		if len(hash) != 16 || len(vector) != 4*dim || sumVector(hash, vector) != sum {
			damaged++
		}
	}
	return damaged, rows.Err()
}

// column reads a query of one column.
func column[T any](ctx context.Context, q querier, query string, args ...any) (list []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
