package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// SQLite overwrites with zeros what is deleted (secure_delete), but not the copies that it leaves behind
// when it moves rows from a full page to its neighbours. They lie in the gap between the array of cell
// pointers and the first cell, which nothing reads (https://www.sqlite.org/fileformat2.html#b_tree_pages).
// Wiping fills these gaps with zeros and folds the log, which has older states of pages, into the file.

// wipeDue is the setting that holds, while there is something to wipe, a text unlike any before.
const wipeDue = "wipe.due"

// wipeLater notes that the transaction deletes what must not be left in the files.
func (p *putter) wipeLater() error { return p.set(wipeDue, rand.Text()) }

// wipeBatch is how many pages are wiped in one transaction, so that others can write in between.
const wipeBatch = 64

// wipe does what wipeLater has noted, if anything. Where another process reads an older state for long,
// it remains noted.
func (s *Store) wipe(ctx context.Context) error {
	due, ok, err := s.Setting(ctx, wipeDue)
	if err != nil || !ok {
		return err
	}
	pages, err := s.unwiped(ctx)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(pages, wipeBatch) {
		err := s.write(ctx, func(p *putter) error {
			for _, no := range batch {
				var page []byte
				if err := p.row(`SELECT data FROM sqlite_dbpage WHERE pgno = $1`, []any{no}, &page); err != nil {
					return err
				}
				clear(gap(no, page))
				if _, err := p.exec(`UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2`, page, no); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if done, err := s.foldLog(ctx); err != nil || !done {
		return err
	}
	return s.write(ctx, func(p *putter) error {
		_, err := p.exec(`DELETE FROM settings WHERE key = $1 AND value = $2`, wipeDue, due)
		return err
	})
}

// unwiped lists the pages whose gaps hold something.
func (s *Store) unwiped(ctx context.Context) (pages []int, err error) {
	rows, err := s.r.QueryContext(ctx, `SELECT pgno, data FROM sqlite_dbpage`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var no int
		var page []byte
		if err := rows.Scan(&no, &page); err != nil {
			return nil, err
		}
		if no >= 1<<25 {
			// From here on the number that overflow and free pages begin with could look like the type of a b-tree page.
			return nil, errors.New("a file of 256 GiB is too large to be wiped")
		}
		if slices.ContainsFunc(gap(no, page), func(b byte) bool { return b != 0 }) {
			pages = append(pages, no)
		}
	}
	return pages, rows.Err()
}

// gap returns the part of a b-tree page that holds nothing, and nil for a page of another kind or one
// that is not as it should be.
func gap(no int, page []byte) []byte {
	header := 0
	if no == 1 {
		header = 100 // after that of the file
	}
	if len(page) < header+12 {
		return nil
	}
	size := 8
	switch page[header] {
	case 2, 5: // interior
		size = 12
	case 10, 13: // leaf
	default:
		return nil
	}
	from := header + size + 2*int(binary.BigEndian.Uint16(page[header+3:]))
	to := int(binary.BigEndian.Uint16(page[header+5:]))
	if to == 0 {
		to = 1 << 16
	}
	if from > to || to > len(page) {
		return nil
	}
	return page[from:to]
}

// foldTimeout is how long folding the log, during which nobody writes, waits for those who read an older
// state, in milliseconds.
const foldTimeout = 500

// foldLog folds the log into the file and makes it empty, and says whether that could be done.
func (s *Store) foldLog(ctx context.Context) (done bool, err error) {
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	var before, busy, ignored int
	if err := conn.QueryRowContext(ctx, `PRAGMA busy_timeout`).Scan(&before); err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, min(before, foldTimeout))); err != nil {
		return false, err
	}
	err = conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &ignored, &ignored)
	if kindOf(err) == ErrBusy {
		busy, err = 1, nil
	}
	_, back := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout = %d`, before))
	return busy == 0, errors.Join(err, back)
}
