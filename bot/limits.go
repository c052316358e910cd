package bot

import (
	"container/list"
	"sync"
	"time"
)

// limiter holds token buckets by key: a bucket of n takes n at once and fills up again within an hour.
// It keeps one instant per key and nothing for a bucket that is full, so what it remembers of anybody is
// gone an hour after the last question; and never more than a fixed number of keys, the idlest going
// first. The zero limiter is not ready; newLimiter makes one.
//
// It is the generic cell rate algorithm (ITU-T I.371, annex A): full is when the bucket would be full
// again, and each token moves it an n-th of an hour further.
type limiter struct {
	mu    sync.Mutex
	most  int
	cells map[string]*list.Element
	order *list.List // of *cell; the one touched last in front
}

type cell struct {
	key  string
	full time.Time
	told bool // that there is none left, since a token was last taken
}

// limitPeriod is what the limits of a server's settings are counted over.
const limitPeriod = time.Hour

// maxCells bounds a limiter's memory, at some 200 bytes a cell.
const maxCells = 1 << 16

func newLimiter(most int) *limiter {
	return &limiter{most: most, cells: make(map[string]*list.Element), order: list.New()}
}

// rateKey names a bucket and its size; a size of zero or less has no limit.
type rateKey struct {
	key     string
	perHour int
}

// take takes one token of each bucket, or none when one of them is empty; then retry is when it would not
// be, which keys[which] it was, and first is true once until a token can be taken again.
func (l *limiter) take(now time.Time, keys ...rateKey) (ok bool, retry time.Time, which int, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prune(now)
	for i, k := range keys {
		if k.perHour <= 0 {
			continue
		}
		step := limitPeriod / time.Duration(k.perHour)
		e := l.cells[k.key]
		if e == nil {
			continue
		}
		c := e.Value.(*cell)
		// The bucket may have been made smaller since: then it is empty, not in debt.
		if worst := now.Add(limitPeriod); c.full.After(worst) {
			c.full = worst
		}
		if at := c.full.Add(step - limitPeriod); at.After(now) {
			first, c.told = !c.told, true
			l.order.MoveToFront(e)
			return false, at, i, first
		}
	}
	for _, k := range keys {
		if k.perHour <= 0 {
			continue
		}
		step := limitPeriod / time.Duration(k.perHour)
		e := l.cells[k.key]
		if e == nil {
			e = l.order.PushFront(&cell{key: k.key, full: now})
			l.cells[k.key] = e
		}
		c := e.Value.(*cell)
		if c.full.Before(now) {
			c.full = now
		}
		c.full, c.told = c.full.Add(step), false
		l.order.MoveToFront(e)
	}
	for len(l.cells) > l.most {
		l.drop(l.order.Back())
	}
	return true, time.Time{}, 0, false
}

// prune drops, from the idle end, the buckets that are full again. A bucket is full at the latest a
// period after it was touched, so one that is not full hides others for no longer than that.
func (l *limiter) prune(now time.Time) {
	for e := l.order.Back(); e != nil && !e.Value.(*cell).full.After(now); e = l.order.Back() {
		l.drop(e)
	}
}

func (l *limiter) drop(e *list.Element) {
	l.order.Remove(e)
	delete(l.cells, e.Value.(*cell).key)
}

// forget drops the buckets whose key a function picks.
func (l *limiter) forget(of func(key string) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, e := range l.cells {
		if of(key) {
			l.drop(e)
		}
	}
}

// size returns how many buckets are not full, or were not when last looked at.
func (l *limiter) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.cells)
}
