// Package store keeps what must survive: articles and their versions, chunks, vectors, settings, answers
// and what they cited; what the Discord bot must remember ([Bot]); what models cost ([Ledger]).
//
//	DIR/policybot.db        SQLite, the record
//	DIR/policybot.db-wal    committed but not yet folded in: part of the record
//	DIR/policybot.db-shm    shared by the processes that have it open; may be lost
//
// What a method has returned nil for is on disk: commits are synced, so neither kill -9 nor a power cut
// takes them back. An article is stored with its chunks and vectors in one transaction or not at all.
// Any number of processes may have one directory open; one writes at a time, readers never wait, and a
// writer waits for another for a while before it fails with [ErrBusy].
//
// A process that holds the library in memory can follow what others change in it: [Store.Revision].
//
// Vectors are keyed by the embedder's model name and by the text it saw ([Key]), so a text is embedded
// once however often it is imported. Rows carry checksums: a vector that fails its own counts as missing
// (it can be made again), an article that fails its own is [ErrCorrupt].
//
// Deleted content is overwritten with zeros, and what a person had asked is gone from the files as well
// once [Bot.Forget] has returned, unless another process was reading then (see there).
//
// Errors say what was done to what and why; an [*Error] adds what to do about it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // driver "sqlite"
)

const (
	fileName    = "policybot.db"
	busyTimeout = 15 * time.Second
	// quickCheckLimit is the size up to which Open has SQLite look through the whole file; that takes
	// some 10 ms. Beyond it damage is found by the checksums of the rows read, and by Check.
	quickCheckLimit = 8 << 20
)

// Options say how to open a store. The zero value is the usual way.
type Options struct {
	// ReadOnly opens an existing database without changing anything, even in a directory that cannot be
	// written. Every method that writes then fails with ErrReadOnly.
	ReadOnly bool
	// Now is the clock for the times recorded; nil is time.Now.
	Now func() time.Time
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	path string  // of the database file
	w    *sql.DB // one connection, the only one of this process that writes; nil if read-only
	r    *sql.DB // connections that only read
	now  func() time.Time
	temp string // directory to delete at Close, if a copy had to be made

	file   fs.FileInfo // of path, as it was opened
	schema int         // number of the newest migration that this program knows

	group group         // of small writes
	wait  time.Duration // how long they wait for the write lock
}

// querier is what *sql.DB, *sql.Conn and *sql.Tx have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

var (
	errForeign      = errors.New("the file is a SQLite database of some other program")
	errReadOnlyMode = errors.New("opened read-only")
)

// Open opens the database of the data directory dir. Unless read-only, it creates both where they are
// missing (readable by their owner alone) and brings an older schema up to date. It refuses, without
// touching it, a file that is damaged, belongs to another program or has a newer schema.
//
// With Options.ReadOnly and no database in dir, the error is fs.ErrNotExist.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if dir == "" {
		return nil, &Error{Op: "open", Kind: ErrInvalid, Err: errors.New("no data directory given")}
	}
	s := &Store{path: filepath.Join(dir, fileName), now: o.Now, wait: busyTimeout}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if o.ReadOnly {
		err = s.openReadOnly(ctx)
	} else {
		err = s.openReadWrite(ctx, dir)
	}
	if err != nil {
		s.Close()
		if errors.Is(err, errForeign) {
			return nil, &Error{Op: "open", What: s.path, Kind: ErrInvalid, Err: errForeign, Hint: "name another data directory"}
		}
		return nil, s.fail("open", "", err)
	}
	return s, nil
}

func (s *Store) openReadWrite(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// Opening the file ourselves tells early and plainly that it cannot be written, where SQLite would
	// fall back to reading; and it is created for its owner alone, which SQLite's own files then copy.
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	f.Close()
	if err != nil {
		return err
	}
	s.file = info
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: not a regular file", fs.ErrPermission)
	}
	ms, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	s.schema = len(ms)
	pragmas := []string{"foreign_keys(1)", "synchronous(FULL)", "secure_delete(1)", "journal_size_limit(67108864)"}
	if s.w, err = open(s.path, "_txlock=immediate", append(pragmas, "page_size(8192)", "cache_size(-16384)")...); err != nil {
		return err
	}
	s.w.SetMaxOpenConns(1)
	// What cannot be ours is refused before anything is changed.
	have, err := schemaVersion(ctx, s.w)
	if err != nil {
		return err
	}
	if have > len(ms) {
		return s.checkVersion(have, len(ms))
	}
	if info.Size() <= quickCheckLimit {
		if err := s.quickCheck(ctx, s.w); err != nil {
			return err
		}
	}
	if err := s.enterWAL(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx, ms); err != nil {
		return err
	}
	s.r, err = open(s.path, "", "query_only(1)", "cache_size(-8192)")
	return err
}

// enterWAL makes the database use a write-ahead log. Where two processes create it at once, one of them
// is refused at once, whatever the busy timeout; it then asks again until the other is through.
func (s *Store) enterWAL(ctx context.Context) error {
	deadline := time.Now().Add(busyTimeout)
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		var mode string
		err := s.w.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode)
		if err == nil && mode != "wal" {
			return fmt.Errorf("no write-ahead log on this file system (journal mode %s)", mode)
		}
		if err == nil || kindOf(err) != ErrBusy || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// openReadOnly tries, in this order, to read along with whoever has the database open; to read it as a
// file that nobody changes, which needs nothing beside it; and, if there is a log that could not be read
// in place, to read a private copy of both.
func (s *Store) openReadOnly(ctx context.Context) error {
	var err error
	if s.file, err = os.Stat(s.path); err != nil {
		return err
	}
	try := func(path, mode string) (err error) {
		if s.r, err = open(path, mode, "query_only(1)", "cache_size(-8192)"); err != nil {
			return err
		}
		have, err := schemaVersion(ctx, s.r)
		if err == nil {
			var ms []migration
			if ms, err = migrations(migrationFiles); err == nil {
				s.schema = len(ms)
				err = s.checkVersion(have, len(ms))
			}
		}
		if err != nil {
			s.r.Close()
			s.r = nil
		}
		return err
	}
	err = try(s.path, "mode=ro")
	if err == nil || kindOf(err) != ErrReadOnly && kindOf(err) != ErrFull {
		return err
	}
	if info, e := os.Stat(s.path + "-wal"); e != nil || info.Size() == 0 {
		return try(s.path, "mode=ro&immutable=1")
	}
	if s.temp, err = os.MkdirTemp("", "policybot-"); err != nil {
		return err
	}
	private := filepath.Join(s.temp, fileName)
	for _, suffix := range []string{"", "-wal"} {
		if err := copyFile(private+suffix, s.path+suffix); err != nil {
			return err
		}
	}
	return try(private, "mode=rw") // recovering the log writes to the copy
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// open makes a pool of connections to the file at path.
func open(path, params string, pragmas ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // a drive letter
	}
	q := url.Values{"_pragma": append([]string{fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())}, pragmas...)}
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: abs}).String() + "?" + q.Encode()
	if params != "" {
		dsn += "&" + params
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	return db, nil
}

// Close folds the log into the database where it can and closes it. Nothing is lost without it.
func (s *Store) Close() error {
	s.group.close()
	s.group.ahead.close()
	var errs []error
	if s.r != nil {
		errs = append(errs, s.r.Close())
	}
	if s.w != nil { // last, as its closing folds the log in
		errs = append(errs, s.w.Close())
	}
	if s.temp != "" {
		errs = append(errs, os.RemoveAll(s.temp))
	}
	return s.fail("close", "", errors.Join(errs...))
}

// Path returns the name of the database file.
func (s *Store) Path() string { return s.path }

// ReadOnly reports whether the store was opened read-only.
func (s *Store) ReadOnly() bool { return s.w == nil }

// Ping reports whether the store can be read and is still the one that was opened: nobody has moved its
// file away or, with a newer program, changed its schema. It writes nothing and takes no lock that others
// wait for.
func (s *Store) Ping(ctx context.Context) error {
	const op = "ping"
	info, err := os.Stat(s.path)
	if err == nil && !os.SameFile(info, s.file) {
		err = errors.New("another file is in its place: restart policybot")
	}
	if err != nil {
		return s.fail(op, "", err)
	}
	have, err := schemaVersion(ctx, s.r)
	if err == nil {
		err = s.checkVersion(have, s.schema)
	}
	return s.fail(op, "", err)
}

// tx runs f in a transaction that holds the write lock from its start, and commits if f returns nil.
func (s *Store) tx(ctx context.Context, f func(*sql.Tx) error) error {
	if err := s.writable(); err != nil {
		return err
	}
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// writable fails with ErrReadOnly in a store opened read-only.
func (s *Store) writable() error {
	if s.w == nil {
		return &Error{Op: "write", What: s.path, Kind: ErrReadOnly, Err: errReadOnlyMode,
			Hint: "see to it that the data directory can be written and its disk has room, or name another one"}
	}
	return nil
}

// quickCheck has SQLite verify the structure of the file.
func (s *Store) quickCheck(ctx context.Context, q querier) error {
	var result string
	if err := q.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return s.corrupt("open", s.path, "%s", result)
	}
	return nil
}
