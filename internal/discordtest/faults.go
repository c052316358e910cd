package discordtest

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is what goes wrong with requests to a route instead of, or after, their being handled.
type Fault struct {
	Status  int    // answered, such as 429, 500 or 503; 0 leaves the answer as it is
	Code    int    // Discord's error code in the body
	Message string // in the body
	Body    string // instead of a JSON body, such as the HTML page of a proxy

	// RetryAfter is in the body and the headers of a 429. The body has it to the millisecond; the header
	// Retry-After is in whole seconds, rounded up, as Discord writes it.
	RetryAfter time.Duration
	Scope      string // of a 429: "user" (the default), "shared" or "global"

	Cut  bool            // close the connection without an answer
	Hang <-chan struct{} // wait until this is closed

	// After applies the fault after the request was handled: what it asked for has happened.
	After bool

	Skip  int // so many requests pass before
	Times int // how many requests are hit: 0 means 1, and a negative number all
}

// Injected is a fault at work.
type Injected struct {
	Fault
	s                *Server
	method, template string
	seen, hits       int
	removed          bool
}

// Fault makes requests to a route fail; an empty method or template stands for any. The names in the
// template's braces do not matter: "/interactions/{id}/{token}/callback".
func (s *Server) Fault(method, template string, f Fault) *Injected {
	if f.Times == 0 {
		f.Times = 1
	}
	i := &Injected{Fault: f, s: s, method: method, template: template}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := template == ""
	for _, r := range routes {
		known = known || (method == "" || r.method == method) && sameTemplate(r.template, template)
	}
	if !known {
		panic(fmt.Sprintf("discordtest: no route %s %s", method, template))
	}
	s.faults = append(s.faults, i)
	return i
}

// Hits returns how many requests the fault has hit.
func (i *Injected) Hits() int {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.hits
}

// WaitHits waits until the fault has hit n requests.
func (i *Injected) WaitHits(n int) {
	if i.s.tb != nil {
		i.s.tb.Helper()
	}
	ctx, cancel := i.s.patience()
	defer cancel()
	if err := i.s.await(ctx, &i.s.notice, func() bool { return i.hits >= n }); err != nil {
		i.s.fatal(fmt.Errorf("waiting for the fault at %s %s to hit %d times, hit %d: %w", i.method, i.template, n, i.Hits(), err))
	}
}

// Remove ends the fault.
func (i *Injected) Remove() {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.removed = true
}

// fault returns the fault that hits a request to the route, nil for none.
func (s *Server) fault(r *route) *Injected {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.removed || f.method != "" && f.method != r.method || f.template != "" && !sameTemplate(r.template, f.template) {
			continue
		}
		if f.seen++; f.seen <= f.Skip || f.Times > 0 && f.hits >= f.Times {
			continue
		}
		f.hits++
		s.wake()
		return f
	}
	return nil
}

func (i *Injected) response() response {
	if i.Status == http.StatusTooManyRequests && i.Body == "" {
		return tooMany(i.RetryAfter, orElse(i.Scope, "user"))
	}
	r := fail(i.Status, i.Code, orElse(i.Message, strconv.Itoa(i.Status)+": "+http.StatusText(i.Status)))
	if i.Body != "" {
		r.body = i.Body
	}
	return r
}

// tooMany is a 429, https://discord.com/developers/docs/topics/rate-limits.
func tooMany(after time.Duration, scope string) response {
	h := http.Header{}
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	h.Set("X-RateLimit-Scope", scope)
	if scope == "global" {
		h.Set("X-RateLimit-Global", "true")
	} else {
		h.Set("X-RateLimit-Reset-After", seconds(after))
		h.Set("X-RateLimit-Remaining", "0")
	}
	return response{status: 429, header: h, body: map[string]any{
		"message": "You are being rate limited.", "retry_after": after.Seconds(), "global": scope == "global"}}
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// limit is the configured limit of a route.
type limit struct {
	requests int
	window   time.Duration
	scope    string
}

// bucket is what one bucket has spent of its window.
type bucket struct {
	limit *limit
	ends  time.Time
	spent int
	over  int // refused
}

// Limit lets so many requests through to a route in a window of real time, and answers 429 to the rest. Each
// channel, or interaction, has a bucket of its own; scope "shared" makes one of all.
func (s *Server) Limit(method, template string, requests int, window time.Duration, scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range routes {
		if r.method == method && sameTemplate(r.template, template) {
			s.limits[r.method+" "+r.template] = &limit{requests, window, orElse(scope, "user")}
			return
		}
	}
	panic(fmt.Sprintf("discordtest: no route %s %s", method, template))
}

// LimitGlobal lets so many requests that need the token through in a window of real time, over all routes.
func (s *Server) LimitGlobal(requests int, window time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits[""] = &limit{requests, window, "global"}
}

// spend takes a request from its bucket; it returns the bucket's name, and the 429 if it was empty.
func (s *Server) spend(c *call) (name string, refused *response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	take := func(l *limit, key string) *response {
		b := s.buckets[key]
		if b == nil || now.After(b.ends) {
			if len(s.buckets) >= 10000 { // those of interactions long gone
				maps.DeleteFunc(s.buckets, func(_ string, b *bucket) bool { return now.After(b.ends) })
			}
			b = &bucket{limit: l, ends: now.Add(l.window)}
			s.buckets[key] = b
		}
		if b.spent >= l.requests {
			b.over++
			r := tooMany(b.ends.Sub(now), l.scope)
			return &r
		}
		b.spent++
		return nil
	}
	if l := s.limits[""]; l != nil && c.route.auth {
		if r := take(l, ""); r != nil {
			return "", r
		}
	}
	name = c.route.method + " " + c.route.template
	l := s.limits[name]
	if l == nil {
		return name, nil
	}
	if l.scope != "shared" {
		name += " " + strings.Join(c.params[:c.route.major], " ")
	}
	return name, take(l, name)
}

// limitHeaders writes the X-RateLimit headers of a bucket; an unlimited one looks nearly unused.
func (s *Server) limitHeaders(h http.Header, name string) {
	if name == "" || h.Get("X-RateLimit-Scope") == "global" {
		return
	}
	s.mu.Lock()
	b := s.buckets[name]
	requests, left, after := 50, 49, time.Second
	if b != nil {
		requests, left, after = b.limit.requests, max(b.limit.requests-b.spent, 0), max(time.Until(b.ends), 0)
	}
	s.mu.Unlock()
	route, _, _ := strings.Cut(strings.TrimPrefix(name, " "), " /")
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(route + name))
	h.Set("X-RateLimit-Bucket", fmt.Sprintf("%016x", sum.Sum64()))
	h.Set("X-RateLimit-Limit", strconv.Itoa(requests))
	if h.Get("X-RateLimit-Remaining") == "" {
		h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
		h.Set("X-RateLimit-Reset-After", seconds(after))
	}
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(time.Now().Add(after).UnixMilli())/1000, 'f', 3, 64))
}
