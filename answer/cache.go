package answer

import (
	lru "container/list"
	"context"
	"sync"
	"time"
)

// cache keeps the newest values by key, a bounded number of them for a bounded time. It is safe for
// concurrent use; a nil cache keeps nothing.
type cache[V any] struct {
	size int
	ttl  time.Duration
	now  func() time.Time

	mu    sync.Mutex
	order lru.List // of *kept[V], the one used last in front
	byKey map[string]*lru.Element
}

type kept[V any] struct {
	key   string
	value V
	at    time.Time
}

// newCache returns a cache of that many values, nil when size is not positive.
func newCache[V any](size int, ttl time.Duration, now func() time.Time) *cache[V] {
	if size <= 0 {
		return nil
	}
	return &cache[V]{size: size, ttl: ttl, now: now, byKey: map[string]*lru.Element{}}
}

func (c *cache[V]) get(key string) (v V, ok bool) {
	if c == nil {
		return v, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.byKey[key]
	if el == nil {
		return v, false
	}
	k := el.Value.(*kept[V])
	if age := c.now().Sub(k.at); age >= c.ttl || age < 0 {
		c.drop(el)
		return v, false
	}
	c.order.MoveToFront(el)
	return k.value, true
}

func (c *cache[V]) put(key string, v V) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.byKey[key]; el != nil {
		c.drop(el)
	}
	c.byKey[key] = c.order.PushFront(&kept[V]{key, v, c.now()})
	if c.order.Len() > c.size {
		c.drop(c.order.Back())
	}
}

func (c *cache[V]) drop(el *lru.Element) {
	c.order.Remove(el)
	delete(c.byKey, el.Value.(*kept[V]).key)
}

func (c *cache[V]) len() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len()
}

// flights lets equal questions at the same time share one draft. The zero value is ready.
type flights struct {
	mu      sync.Mutex
	m       map[string]*flight
	running sync.WaitGroup
}

// flight is a draft in the making. It is cancelled when nobody waits for it any more.
type flight struct {
	cancel  context.CancelFunc
	waiting int // who joined and has not left; under the lock of the flights

	mu     sync.Mutex
	claims []Claim       // accepted so far; appended to only
	news   chan struct{} // closed when claims or done change
	done   bool
	result drafting // once done
}

// join returns the flight of a key, starting it when there is none. Who joins must leave. The context of
// a flight carries the values of the one who started it and is bounded by the deadline alone: that one
// may go without the others losing their answer.
func (fs *flights) join(ctx context.Context, key string, deadline time.Time, run func(ctx context.Context, show func(Claim)) drafting) *flight {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f := fs.m[key]; f != nil {
		f.waiting++
		return f
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	f := &flight{cancel: cancel, news: make(chan struct{}), waiting: 1}
	if fs.m == nil {
		fs.m = map[string]*flight{}
	}
	fs.m[key] = f
	fs.running.Go(func() {
		defer cancel()
		result := run(ctx, f.show)
		fs.mu.Lock()
		if fs.m[key] == f {
			delete(fs.m, key)
		}
		fs.mu.Unlock()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.result, f.done = result, true
		close(f.news)
	})
	return f
}

// leave ends somebody's waiting for a flight.
func (fs *flights) leave(key string, f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.waiting--
	if f.waiting == 0 {
		f.cancel()
		if fs.m[key] == f {
			delete(fs.m, key) // who asks from now on starts anew
		}
	}
}

func (f *flight) show(c Claim) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.claims = append(f.claims, c)
	close(f.news)
	f.news = make(chan struct{})
}

// after returns the claims beyond the first n, whether the flight is over, and what tells of more.
func (f *flight) after(n int) (claims []Claim, done bool, news <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.claims[n:len(f.claims):len(f.claims)], f.done, f.news
}
