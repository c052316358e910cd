package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

const shippedDigest = "shipped.digest" // setting: the library that was last synchronised

// Synced tells what SyncShipped did.
type Synced struct {
	Current bool // nothing was to be done, nothing was read
	Added, Replaced, Unchanged,
	Removed []string // ids; Removed are those that are no longer shipped
	Buried []string // left out because the user removed them
	Hidden []string // left out because the user has an article of that id
}

// SyncShipped makes the shipped articles of the store those of the library named by digest, in one
// transaction. If they are already, library is not called. What the user removed stays away and what the
// user added under the same id stays: theirs is the last word.
//
// library gives all shipped articles, and the model that made their vectors, if they have any. digest
// must change with whatever changes what it gives: the files, and the way they are cut into chunks.
func (s *Store) SyncShipped(ctx context.Context, digest string, library func() (model string, items []Item, err error)) (Synced, error) {
	if digest == "" {
		return Synced{}, invalid("sync", "", "the shipped library has no digest")
	}
	if have, _, err := s.Setting(ctx, shippedDigest); err != nil || have == digest {
		return Synced{Current: err == nil}, err
	}
	if err := s.writable(); err != nil {
		return Synced{}, err
	}
	model, items, err := library() // outside the transaction: it takes its time
	if err != nil {
		return Synced{}, &Error{Op: "sync", What: "shipped library", Err: err}
	}
	shipped := make(map[string]bool, len(items))
	for i := range items {
		if err := items[i].check(); err != nil {
			return Synced{}, err
		}
		if id := items[i].Article.ID; shipped[id] {
			return Synced{}, invalid("sync", id, "shipped twice")
		} else {
			shipped[id] = true
		}
	}
	var done Synced
	err = s.tx(ctx, func(tx *sql.Tx) error {
		done = Synced{}
		p := s.newPutter(ctx, tx, model)
		defer p.close()
		var have string
		err = p.row(`SELECT value FROM settings WHERE key = $1`, []any{shippedDigest}, &have)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if have == digest { // another process came first
			done.Current = true
			return nil
		}
		buried, err := column[string](ctx, tx, `SELECT id FROM tombstones ORDER BY id`)
		if err != nil {
			return err
		}
		users, err := column[string](ctx, tx, `SELECT id FROM articles WHERE origin <> 'shipped' ORDER BY id`)
		if err != nil {
			return err
		}
		for i := range items {
			if err := ctx.Err(); err != nil {
				return err
			}
			id := items[i].Article.ID
			if _, ok := slices.BinarySearch(users, id); ok {
				done.Hidden = append(done.Hidden, id)
				continue
			}
			if _, ok := slices.BinarySearch(buried, id); ok {
				done.Buried = append(done.Buried, id)
				continue
			}
			change, err := p.put(&items[i], Shipped)
			if err != nil {
				return s.fail("sync", id, err)
			}
			switch change {
			case Added:
				done.Added = append(done.Added, id)
			case Unchanged:
				done.Unchanged = append(done.Unchanged, id)
			default:
				done.Replaced = append(done.Replaced, id)
			}
		}
		stored, err := column[string](ctx, tx, `SELECT id FROM articles WHERE origin = 'shipped' ORDER BY id`)
		if err != nil {
			return err
		}
		for _, id := range stored {
			if !shipped[id] {
				if _, err := p.remove(id, "no longer shipped"); err != nil {
					return err
				}
				done.Removed = append(done.Removed, id)
			}
		}
		return p.set(shippedDigest, digest)
	})
	if err != nil {
		return Synced{}, s.fail("sync", "", err)
	}
	return done, nil
}

// forgetShipped has the next SyncShipped look at every article.
func (p *putter) forgetShipped() error {
	_, err := p.exec(`DELETE FROM settings WHERE key = $1`, shippedDigest)
	return err
}

// Removed lists the ids of the shipped articles that the user has removed.
func (s *Store) Removed(ctx context.Context) ([]string, error) {
	ids, err := column[string](ctx, s.r, `SELECT id FROM tombstones ORDER BY id`)
	return ids, s.fail("list removed", "", err)
}

// Restore undoes the removal of a shipped article: the next SyncShipped brings it back. If none of that
// id was removed, the error is ErrNotFound.
func (s *Store) Restore(ctx context.Context, id string) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		p := s.newPutter(ctx, tx, "")
		defer p.close()
		res, err := p.exec(`DELETE FROM tombstones WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return &Error{Op: "restore", What: id, Kind: ErrNotFound}
		}
		return p.forgetShipped()
	})
	return s.fail("restore", id, err)
}

// Setting returns the value stored under key, and whether there is one.
func (s *Store) Setting(ctx context.Context, key string) (value string, ok bool, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return value, err == nil, s.fail("read setting", key, err)
}

// SetSetting stores value under key.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	return s.fail("store setting", key, s.tx(ctx, func(tx *sql.Tx) error {
		p := s.newPutter(ctx, tx, "")
		defer p.close()
		return p.set(key, value)
	}))
}

func (p *putter) set(key, value string) error {
	_, err := p.exec(`INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
