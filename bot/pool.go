package bot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// pool runs jobs: at most so many at a time, at most so many more waiting, and a panic of one is its
// own. It has no goroutine while it has no job, so it needs no closing.
type pool struct {
	name    string // the label of its metrics
	workers int
	queue   int
	limit   time.Duration
	log     *slog.Logger
	m       *Metrics

	halt    context.Context // done when Drain gives up
	giveUp  context.CancelFunc
	mu      sync.Mutex
	waiting []job // first in, first out; head is waiting[0]
	running int
	closed  bool
	idle    chan struct{} // closed once closed and nothing waits or runs
}

type job struct {
	ctx  context.Context
	name string
	f    func(context.Context)
}

// jobLimit ends a job that its own deadline has not: no interaction can be answered after it.
const jobLimit = 15 * time.Minute

// newPool returns a pool. Jobs should set themselves a deadline; after jobLimit the pool sets one.
func newPool(workers, queue int, log *slog.Logger, m *Metrics) *pool {
	p := &pool{name: "answers", workers: max(workers, 1), queue: max(queue, 0), limit: jobLimit, log: log, m: m, idle: make(chan struct{})}
	p.halt, p.giveUp = context.WithCancel(context.Background())
	return p
}

// Go takes on a job and reports true, or reports false because as many as are allowed wait already or the
// pool is draining; f is then never called. It does not block.
//
// f gets ctx without its cancellation, so that what was begun when the program is told to stop is
// finished. The name is for the log: a constant, without text or ids.
func (p *pool) Go(ctx context.Context, name string, f func(context.Context)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := job{context.WithoutCancel(ctx), name, f}
	switch {
	case p.closed || p.running >= p.workers && len(p.waiting) >= p.queue:
		p.m.drop(p.name)
		return false
	case p.running < p.workers:
		p.running++
		go p.work(j)
	default:
		p.waiting = append(p.waiting, j)
	}
	p.m.pool(p.name, len(p.waiting), p.running)
	return true
}

// work does a job and then those that wait.
func (p *pool) work(j job) {
	for ok := true; ok; j, ok = p.next() {
		p.do(j)
	}
}

// next returns the job that waits longest; without one the worker is gone.
func (p *pool) next() (j job, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 {
		j, ok = p.waiting[0], true
		p.waiting[0] = job{} // let its memory go
		p.waiting = p.waiting[1:]
	} else {
		p.waiting = nil
		p.running--
		p.finish()
	}
	p.m.pool(p.name, len(p.waiting), p.running)
	return j, ok
}

// finish tells Drain when there is nothing left. The caller holds mu.
func (p *pool) finish() {
	if p.closed && p.running == 0 {
		close(p.idle)
	}
}

func (p *pool) do(j job) {
	ctx, cancel := context.WithTimeout(j.ctx, p.limit)
	defer cancel()
	defer context.AfterFunc(p.halt, cancel)()
	defer caught(p.log, p.m, j.name)
	j.f(ctx)
}

// Drain takes on no more jobs and waits for those that wait or run. When ctx is done first, the jobs'
// contexts are cancelled, and the error says how many had not ended. It is called once.
func (p *pool) Drain(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	p.finish()
	p.mu.Unlock()
	select {
	case <-p.idle:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	left := p.running + len(p.waiting)
	p.mu.Unlock()
	p.giveUp()
	if left == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d jobs not finished: %w", p.name, left, context.Cause(ctx))
}

// caught, deferred, ends a panic: it is counted and logged with its stack. Its value may hold the text of
// a question, so only that of a runtime error is logged, and of any other just the type.
func caught(log *slog.Logger, m *Metrics, doing string) {
	v := recover()
	if v == nil {
		return
	}
	m.panicked()
	what := fmt.Sprintf("%T", v)
	if err, ok := v.(runtime.Error); ok {
		what = err.Error()
	}
	log.Error("panic", "doing", doing, "panic", what, "stack", string(debug.Stack()))
}
