package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Migrations are plain SQL files named NNNN_what.sql, numbered from 1 without gaps. One that has been
// released is never edited: a change is a further file.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the file as ours in SQLite's header ("plcy").
const applicationID = 0x706c6379

type migration struct {
	number int
	name   string
	sql    string
}

// migrations reads the numbered files of fsys in order.
func migrations(fsys fs.FS) ([]migration, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var ms []migration
	for i, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(path.Base(name), ".sql")
		number, _, _ := strings.Cut(base, "_")
		n, err := strconv.Atoi(number)
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: want number %04d", name, i+1)
		}
		ms = append(ms, migration{n, base, string(b)})
	}
	return ms, nil
}

// schemaVersion tells which migration the database has reached: 0 for an empty one.
func schemaVersion(ctx context.Context, q querier) (version int, err error) {
	var tables int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return 0, err
	}
	if tables == 0 {
		return 0, nil
	}
	var app int
	if err := q.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&app); err != nil {
		return 0, err
	}
	if app != applicationID {
		return 0, errForeign
	}
	err = q.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM migrations`).Scan(&version)
	return version, err
}

// migrate brings the database to the newest schema, each step in a transaction of its own. Several
// processes may do so at once: each step is looked at again under the write lock.
func (s *Store) migrate(ctx context.Context, ms []migration) error {
	have, err := schemaVersion(ctx, s.w)
	if err != nil {
		return err
	}
	for have < len(ms) {
		err := s.tx(ctx, func(tx *sql.Tx) error {
			have, err = schemaVersion(ctx, tx)
			if err != nil || have >= len(ms) {
				return err
			}
			m := ms[have]
			if have == 0 {
				if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d;\n%s", applicationID, migrationsTable)); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, m.sql); err != nil {
				return fmt.Errorf("migration %s: %w", m.name, err)
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)`,
				m.number, m.name, s.now().UnixMilli())
			have = m.number
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.checkVersion(have, len(ms))
}

func (s *Store) checkVersion(have, want int) error {
	switch {
	case have > want:
		return &Error{Op: "open", What: s.path, Kind: ErrNewer, Hint: hint(ErrNewer, s.path),
			Err: fmt.Errorf("its schema is number %d, this program knows %d", have, want)}
	case have < want: // only without the right to write
		return &Error{Op: "open", What: s.path, Kind: ErrReadOnly,
			Err:  fmt.Errorf("its schema is number %d and would have to become %d", have, want),
			Hint: "run policybot once with write permission to the data directory"}
	}
	return nil
}

// migrationsTable records which migrations have run.
const migrationsTable = `CREATE TABLE migrations (
	number     INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	applied_at INTEGER NOT NULL
)`
