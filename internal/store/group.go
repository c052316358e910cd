package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"
)

// group gathers small writes that come at the same time into one transaction, so that a disk which takes
// its time for each synced commit does not bound how many there are in a second.
type group struct {
	mu      sync.Mutex
	queue   []*write
	running bool           // a goroutine is working on the queue
	closed  bool           // nothing more is taken in
	wg      sync.WaitGroup // of that goroutine

	ahead ahead
}

// write is one caller's part of a transaction. f may run more than once, each time on a state without its
// effects, and must not depend on what an earlier run of it left in variables.
type write struct {
	f    func(*putter) error
	done chan error // of capacity 1
}

// maxGroup bounds how many writes share a transaction, and so how long one of them waits for the others.
const maxGroup = 64

var errClosed = errors.New("the store is closed")

// write runs f in a transaction that it may share with others' writes, and returns once that is on disk.
// Each of them is stored or not by itself: where one fails, the others are stored without it. When ctx ends
// before the transaction has begun, f does not run.
func (s *Store) write(ctx context.Context, f func(*putter) error) error {
	if err := s.writable(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &write{f, make(chan error, 1)}
	g := &s.group
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return errClosed
	}
	g.queue = append(g.queue, w)
	if !g.running {
		g.running = true
		g.wg.Go(s.writeQueued)
	}
	g.mu.Unlock()
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
	}
	g.mu.Lock()
	i := slices.Index(g.queue, w)
	if i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
	}
	g.mu.Unlock()
	if i >= 0 {
		return ctx.Err()
	}
	return <-w.done // being written: what became of it is known at once
}

// take removes up to n writes from the queue.
func (g *group) take(n int) []*write {
	g.mu.Lock()
	defer g.mu.Unlock()
	n = min(n, len(g.queue))
	ws := slices.Clone(g.queue[:n])
	g.queue = slices.Delete(g.queue, 0, n)
	return ws
}

// idle ends the work on the queue if it is empty.
func (g *group) idle() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running = len(g.queue) > 0
	return !g.running
}

// writeQueued works until the queue is empty.
func (s *Store) writeQueued() {
	for !s.group.idle() {
		ws, begun, err := s.writeTogether(nil)
		for _, w := range ws {
			if err == nil || !begun || len(ws) == 1 {
				w.done <- err
				continue
			}
			var one error
			if _, begun, one = s.writeTogether([]*write{w}); !begun {
				err = one // and the others would not fare better
			}
			w.done <- one
		}
	}
}

// begin begins a transaction with the write lock. It waits no longer than s.wait for it, whether others of
// this process or other processes have it. The caller calls end when the transaction is over.
func (s *Store) begin() (tx *sql.Tx, end context.CancelFunc, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(s.wait, cancel)
	tx, err = s.w.BeginTx(ctx, nil)
	if timer.Stop() && err == nil {
		return tx, cancel, nil
	}
	cancel() // which rolls back
	if errors.Is(err, context.Canceled) || err == nil {
		err = &Error{Op: "write", What: s.path, Kind: ErrBusy, Err: fmt.Errorf("others have been writing for %v", s.wait), Hint: hint(ErrBusy, s.path)}
	}
	return nil, nil, err
}

// writeTogether stores all of ws or nothing; begun is false if it did not get the write lock. Where ws is
// nil it takes them from the queue once it has the lock, and not before, so that who gives up meanwhile can
// leave the queue.
func (s *Store) writeTogether(ws []*write) (_ []*write, begun bool, _ error) {
	s.group.ahead.prepare(s.w)
	tx, end, err := s.begin()
	if err != nil {
		if ws == nil {
			ws = s.group.take(math.MaxInt) // none of those waiting would fare better
		}
		return ws, false, err
	}
	defer end()
	defer tx.Rollback() // does nothing after Commit
	if ws == nil {
		ws = s.group.take(maxGroup)
	}
	p := s.newPutter(context.Background(), tx, "")
	p.ahead = &s.group.ahead
	defer p.close()
	for _, w := range ws {
		if err := w.f(p); err != nil {
			return ws, true, err
		}
	}
	return ws, true, tx.Commit()
}

// close waits for what is queued, and takes in nothing more.
func (g *group) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.wg.Wait()
}

// ahead holds statements that stay prepared from one small transaction to the next: to prepare them takes a
// fifth of the time that a small write takes.
type ahead struct {
	mu     sync.Mutex
	stmts  map[string]*sql.Stmt // of the one connection that writes
	wanted []string
}

// mostAhead bounds them; small writes have fewer texts.
const mostAhead = 64

// prepare prepares what the last transaction wanted. It must not be called within one: there is only one
// connection. Where another transaction has that for long, what is wanted waits for the next time.
func (a *ahead) prepare(db *sql.DB) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.wanted) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	for len(a.wanted) > 0 {
		query := a.wanted[0]
		if a.stmts[query] == nil {
			st, err := db.PrepareContext(ctx, query)
			if err != nil {
				return
			}
			if a.stmts == nil {
				a.stmts = make(map[string]*sql.Stmt)
			}
			a.stmts[query] = st
		}
		a.wanted = a.wanted[1:]
	}
}

// stmt returns the statement within tx, or nil and has it prepared for the next one.
func (a *ahead) stmt(ctx context.Context, tx *sql.Tx, query string) *sql.Stmt {
	a.mu.Lock()
	st := a.stmts[query]
	if st == nil && len(a.stmts)+len(a.wanted) < mostAhead {
		a.wanted = append(a.wanted, query)
	}
	a.mu.Unlock()
	if st == nil {
		return nil
	}
	return tx.StmtContext(ctx, st)
}

func (a *ahead) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, st := range a.stmts {
		st.Close()
	}
	a.stmts, a.wanted = nil, nil
}
