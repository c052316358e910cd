package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPoolBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPool(3, 4, slog.New(slog.DiscardHandler), nil)
		var running, most, done atomic.Int32
		free := make(chan struct{})
		var order []int
		var mu sync.Mutex
		taken := 0
		for n := range 20 {
			if p.Go(context.Background(), "job", func(context.Context) {
				most.Store(max(most.Load(), running.Add(1)))
				<-free
				mu.Lock()
				order = append(order, n)
				mu.Unlock()
				running.Add(-1)
				done.Add(1)
			}) {
				taken++
			}
		}
		if taken != 7 {
			t.Errorf("%d jobs are taken, want 3 to run and 4 to wait", taken)
		}
		synctest.Wait()
		if n := running.Load(); n != 3 {
			t.Errorf("%d run", n)
		}
		for range taken { // one at a time, so that the order shows
			free <- struct{}{}
			synctest.Wait()
		}
		if done.Load() != 7 || most.Load() != 3 {
			t.Errorf("%d done, %d at a time", done.Load(), most.Load())
		}
		if got := fmt.Sprint(order[3:]); got != "[3 4 5 6]" {
			t.Errorf("those that waited ran in the order %s", got)
		}
		// A pool that was full is usable again.
		if !p.Go(context.Background(), "job", func(context.Context) {}) {
			t.Error("full for ever")
		}
		if err := p.Drain(context.Background()); err != nil {
			t.Error(err)
		}
		if p.Go(context.Background(), "job", func(context.Context) {}) {
			t.Error("a drained pool takes a job")
		}
	})
}

// A job keeps the values of the caller's context and outlives it, but not the time limit.
func TestPoolContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		p := newPool(1, 0, slog.New(slog.DiscardHandler), nil)
		ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, 7))
		start := time.Now()
		p.Go(ctx, "job", func(ctx context.Context) {
			cancel()
			if ctx.Err() != nil || ctx.Value(key{}) != 7 {
				t.Errorf("context %v with value %v", ctx.Err(), ctx.Value(key{}))
			}
			<-ctx.Done()
			if took := time.Since(start); took != jobLimit {
				t.Errorf("ended after %v", took)
			}
		})
		if err := p.Drain(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestPoolPanics(t *testing.T) {
	t.Parallel()
	log := &logbook{t: t}
	p := newPool(1, 8, slog.New(log.handler()), nil)
	var after atomic.Bool
	var list []int
	p.Go(context.Background(), "first", func(context.Context) { panic("what somebody asked") })
	p.Go(context.Background(), "second", func(context.Context) { panic(errors.New("what another asked")) })
	p.Go(context.Background(), "third", func(context.Context) { _ = list[len(list)+4] })
	p.Go(context.Background(), "fourth", func(context.Context) { after.Store(true) })
	if err := p.Drain(context.Background()); err != nil {
		t.Error(err)
	}
	if !after.Load() {
		t.Error("the worker is gone")
	}
	text := log.String()
	if strings.Contains(text, "asked") {
		t.Error("the log holds the text of a panic")
	}
	for _, want := range []string{"doing=first", "panic=string", "doing=second", "index out of range", "TestPoolPanics"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not hold %q", want)
		}
	}
}

func TestPoolDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPool(2, 8, slog.New(slog.DiscardHandler), nil)
		var done atomic.Int32
		for range 6 {
			p.Go(context.Background(), "job", func(context.Context) { time.Sleep(time.Second); done.Add(1) })
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := p.Drain(ctx); err != nil || done.Load() != 6 {
			t.Errorf("drained with %d done: %v", done.Load(), err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 8, slog.New(slog.DiscardHandler), nil)
		var cancelled atomic.Int32
		for range 3 {
			p.Go(context.Background(), "job", func(ctx context.Context) { <-ctx.Done(); cancelled.Add(1) })
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := p.Drain(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "3 jobs") {
			t.Errorf("error %v", err)
		}
		synctest.Wait()
		if n := cancelled.Load(); n != 3 {
			t.Errorf("%d jobs were told to end", n)
		}
	})
	p := newPool(1, 1, slog.New(slog.DiscardHandler), nil)
	if err := p.Drain(context.Background()); err != nil {
		t.Errorf("an idle pool: %v", err)
	}
}
