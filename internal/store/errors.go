package store

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"policybot/bot"
)

// What a caller may branch on, with errors.Is. Errors that carry one of them are of type *Error.
var (
	// ErrNewer: the database was written by a later policybot. It is left as it is.
	ErrNewer = errors.New("written by a newer policybot")
	// ErrCorrupt: the database, or one row of it, is not what was written.
	ErrCorrupt = errors.New("database is damaged")
	// ErrReadOnly: the data directory or the database cannot be written. Reading may still work: Open
	// again with Options.ReadOnly.
	ErrReadOnly = errors.New("cannot be written")
	// ErrFull: no room is left. What was acknowledged before is kept.
	ErrFull = errors.New("disk is full")
	// ErrBusy: another process kept the database locked for longer than the store waits.
	ErrBusy = errors.New("in use by another process")
	// ErrNotFound: no article of that id or version, no answer of that number.
	ErrNotFound = bot.ErrNotFound
	// ErrInvalid: what was handed in cannot be stored; nothing of that call was.
	ErrInvalid = errors.New("invalid")
)

// Error is a failure of the store: what was being done, to which file or article, why, and what the
// operator can do about it.
type Error struct {
	Op   string // "open", "put", "load", …
	What string // the path or the article's id
	Kind error  // one of the sentinels, nil for anything else
	Err  error  // the cause; nil when Kind says it all
	Hint string // what to do; may be empty
}

func (e *Error) Error() string {
	s := "store: " + e.Op
	if e.What != "" {
		s += " " + e.What
	}
	if e.Kind != nil {
		s += ": " + e.Kind.Error()
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap lets errors.Is find both the kind and the cause.
func (e *Error) Unwrap() []error {
	var errs []error
	if e.Kind != nil {
		errs = append(errs, e.Kind)
	}
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	return errs
}

// fail makes err an *Error, classified; nil stays nil and an *Error stays what it is.
func (s *Store) fail(op, what string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	if what == "" {
		what = s.path
	}
	e = &Error{Op: op, What: what, Err: err, Kind: kindOf(err)}
	e.Hint = hint(e.Kind, s.path)
	return e
}

func (s *Store) corrupt(op, what, format string, args ...any) error {
	return &Error{Op: op, What: what, Kind: ErrCorrupt, Err: fmt.Errorf(format, args...), Hint: hint(ErrCorrupt, s.path)}
}

func invalid(op, what, format string, args ...any) error {
	return &Error{Op: op, What: what, Kind: ErrInvalid, Err: fmt.Errorf(format, args...)}
}

// kindOf maps what SQLite and the file system report to what a caller may branch on.
func kindOf(err error) error {
	var se *sqlite.Error
	if errors.As(err, &se) {
		switch se.Code() { // extended codes first: their primary code is less telling
		case lib.SQLITE_IOERR_SHMSIZE: // the shared-memory file could not grow
			return ErrFull
		case lib.SQLITE_IOERR_CORRUPTFS:
			return ErrCorrupt
		}
		switch se.Code() & 0xff {
		case lib.SQLITE_FULL:
			return ErrFull
		case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
			return ErrReadOnly
		case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
			return ErrCorrupt
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
			return ErrBusy
		}
		return nil
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return ErrReadOnly
	}
	return nil
}

func hint(kind error, path string) string {
	switch kind {
	case ErrNewer:
		return "update policybot, or give it another data directory"
	case ErrCorrupt:
		return "run policybot doctor; restore " + path + " from a backup, or move it away with its -wal file to start afresh"
	case ErrReadOnly:
		return "give write permission to the data directory, or name another one"
	case ErrFull:
		return "free some space; nothing that was stored before is lost"
	case ErrBusy:
		return "let the other policybot finish, then try again"
	}
	return ""
}
