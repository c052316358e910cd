package openai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Why a request of ours was given up, as the cause of its context.
var (
	errConnect   = errors.New("no connection")
	errFirstByte = errors.New("no answer")
	errIdle      = errors.New("the answer stopped coming")
	errTotal     = errors.New("the whole took too long")
)

const detailConnect = "no connection in time"

// transport carries go-openai's requests. It gives every stage a deadline, tries again what may pass,
// reads Retry-After, bounds what it reads, rests after failures, and makes of each failure an *Error.
// A response it returns is always a success; the body of one that streams holds only lines of data.
type transport struct {
	base     http.RoundTripper
	limits   Limits
	key      string
	host     string
	now      func() time.Time
	log      *slog.Logger
	breakers [2]*breaker // chats, and everything else: one may be out of order and the other not
}

func newTransport(o Options, host string) *transport {
	t := &transport{limits: o.Limits, key: o.APIKey, host: host, now: o.Now, log: o.Log}
	if o.HTTP != nil && o.HTTP.Transport != nil {
		t.base = o.HTTP.Transport
	} else {
		t.base = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: o.Limits.Connect, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   o.Limits.Connect,
			ForceAttemptHTTP2:     true,
			MaxIdleConnsPerHost:   64,
			IdleConnTimeout:       90 * time.Second,
			ExpectContinueTimeout: time.Second,
		}
	}
	for i, name := range [...]string{"chat", "other"} {
		t.breakers[i] = newBreaker(name, o)
	}
	return t
}

func (t *transport) ready() bool {
	return t.breakers[0].State() != gobreaker.StateOpen && t.breakers[1].State() != gobreaker.StateOpen
}

// breaker lets nothing through for a while after failures in a row, then one call to see.
type breaker struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]
	pause  time.Duration
	opened atomic.Int64 // UnixNano
}

// errNeutral tells a breaker of a call that says nothing about the endpoint.
var errNeutral = errors.New("neither success nor failure")

func newBreaker(name string, o Options) *breaker {
	b := &breaker{pause: o.Limits.Pause}
	b.TwoStepCircuitBreaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        name,
		Timeout:     o.Limits.Pause,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= o.Limits.Failures },
		IsExcluded:  func(err error) bool { return errors.Is(err, errNeutral) },
		OnStateChange: func(name string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				b.opened.Store(time.Now().UnixNano())
			}
			o.Log.Warn("breaker changed", "breaker", name, "state", to.String())
		},
	})
	return b
}

// left is how long an open breaker stays so.
func (b *breaker) left() time.Duration {
	return max(time.Until(time.Unix(0, b.opened.Load()).Add(b.pause)), 0)
}

// verdict is what a failure says about the endpoint: an error counts against it, errNeutral does not, and
// nil is a sign of life.
func verdict(e *Error) error {
	switch e.Kind {
	case Unavailable, Timeout, Cut, BadResponse:
		return e
	case Canceled:
		return errNeutral
	}
	return nil // it answers, if only to refuse
}

// Do implements go-openai's HTTPDoer.
func (t *transport) Do(req *http.Request) (*http.Response, error) {
	stream := req.Header.Get("Accept") == "text/event-stream"
	var body []byte
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		_ = req.Body.Close() // it is a buffer
		if err != nil {
			return nil, &Error{Kind: BadRequest, Detail: "the request cannot be read", Err: err}
		}
		body = exactZero(b)
	}
	br := t.breakers[1]
	if stream {
		br = t.breakers[0]
	}
	done, err := br.Allow()
	if err != nil {
		return nil, &Error{Kind: Open, RetryAfter: br.left(), Detail: "not asked, since it failed several times in a row"}
	}
	var once sync.Once
	report := func(e *Error) {
		once.Do(func() {
			if e == nil {
				done(nil)
				return
			}
			done(verdict(e))
		})
	}

	// The total limit holds until the body is closed, so the context outlives this call on success.
	ctx, cancel := withLimit(req.Context(), t.limits.Total, errTotal)
	res, e := t.attempts(ctx, req, body, stream, report)
	if e != nil {
		cancel()
		report(e)
		return nil, e
	}
	res.Body.(closer).onClose(cancel)
	return res, nil
}

// withLimit is context.WithTimeoutCause that knows noLimit.
func withLimit(ctx context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	if d == noLimit {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, d, cause)
}

// attempts sends the request until it succeeds, fails for good, or time or patience is used up.
func (t *transport) attempts(ctx context.Context, req *http.Request, body []byte, stream bool, report func(*Error)) (*http.Response, *Error) {
	for n := 1; ; n++ {
		began := time.Now()
		res, e := t.attempt(ctx, req, body, stream, report)
		if e == nil {
			t.log.Debug("request answered", "host", t.host, "path", req.URL.Path, "attempt", n, "took", time.Since(began))
			return res, nil
		}
		e.Attempts = n
		e.redact(t.key, body)
		t.log.Info("request failed", "host", t.host, "path", req.URL.Path, "attempt", n, "kind", e.Kind.String(), "status", e.Status,
			"code", e.Code, "took", time.Since(began))
		if n > t.limits.Retries || !e.passing() || ctx.Err() != nil {
			return nil, e
		}
		wait := t.wait(n, e.RetryAfter)
		if wait > t.limits.MaxWait {
			return nil, e // it asks for more patience than we have
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait {
			return nil, e // nothing would be left to be answered in
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, t.ended(ctx, req.Context(), n)
		}
	}
}

// wait is how long to wait before the n-th retry: what the endpoint asks for and no less, else the backoff
// with up to half of it taken off at random, so that those who failed together do not come back together.
func (t *transport) wait(n int, asked time.Duration) time.Duration {
	d := t.limits.Backoff
	for range n - 1 {
		if d > t.limits.MaxWait/2 {
			d = t.limits.MaxWait
			break
		}
		d *= 2
	}
	if d > 1 {
		d -= rand.N(d / 2) // timing alone depends on it
	}
	if asked > 0 {
		// A little over what was asked, for the same reason.
		return asked + min(d, asked/10)
	}
	return min(d, t.limits.MaxWait)
}

// ended is the error of a context that is done.
func (t *transport) ended(ctx, callers context.Context, attempts int) *Error {
	e := &Error{Attempts: attempts}
	if err := callers.Err(); err != nil && !errors.Is(context.Cause(callers), errTotal) {
		e.Kind, e.Err = stopped(err), err
		return e
	}
	cause := context.Cause(ctx)
	e.Kind = Timeout
	switch {
	case errors.Is(cause, errConnect):
		e.Detail = detailConnect
	case errors.Is(cause, errFirstByte):
		e.Detail = fmt.Sprintf("no answer within %v", t.limits.FirstByte)
	case errors.Is(cause, errIdle):
		e.Detail = fmt.Sprintf("nothing more came for %v", t.limits.Idle)
	default:
		e.Detail = fmt.Sprintf("not done within %v", t.limits.Total)
	}
	return e
}

// attempt sends the request once.
func (t *transport) attempt(parent context.Context, req *http.Request, body []byte, stream bool, report func(*Error)) (*http.Response, *Error) {
	ctx, cancel := context.WithCancelCause(parent)
	connect := newAlarm(t.limits.Connect, func() { cancel(errConnect) })
	first := newAlarm(t.limits.FirstByte, func() { cancel(errFirstByte) })
	connect.stop()
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { connect.start() },
		GotConn: func(httptrace.GotConnInfo) { connect.stop() },
	})
	r := req.Clone(traced)
	if body != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.ContentLength = int64(len(body))
	}
	r.Header.Del("Connection") // go-openai asks to keep the connection alive, which HTTP/2 forbids to ask
	res, err := t.base.RoundTrip(r)
	connect.stop()
	first.stop()
	if err != nil {
		defer cancel(nil)
		if ctx.Err() != nil {
			return nil, t.ended(ctx, req.Context(), 0)
		}
		return nil, connectError(err)
	}
	limit := t.limits.MaxBytes
	if limit <= 0 {
		limit = defaultMaxBytes
		if stream {
			limit = defaultMaxStream
		}
	}
	g := &guarded{t: t, ctx: ctx, callers: req.Context(), cancel: cancel, body: res.Body, left: limit, limit: limit, report: report}
	g.idle = newAlarm(t.limits.Idle, func() { cancel(errIdle) })
	g.idle.stop()

	if res.StatusCode < 200 || res.StatusCode > 299 {
		const most = 16 << 10
		said, _ := io.ReadAll(io.LimitReader(g, most)) // what came of it before it broke off is as good
		g.abandon()
		e := errorFor(res.StatusCode, res.Header, said, t.now())
		if res.Header.Get("X-Should-Retry") == "false" {
			e.final = true
		}
		return nil, e
	}
	if stream {
		if ct := res.Header.Get("Content-Type"); !streams(ct) {
			said, _ := io.ReadAll(io.LimitReader(g, 16<<10))
			g.abandon()
			if p, ok := parseProblem(said); ok {
				return nil, streamError(p)
			}
			return nil, &Error{Kind: BadResponse, Detail: "not a stream of events but " + clean(strings.ToLower(ct), 60)}
		}
		res.Body = newEvents(g, body)
		if grip, ok := parent.Value(gripKey{}).(*grip); ok {
			grip.body = g
		}
		return res, nil
	}
	whole, err := io.ReadAll(g)
	if err != nil {
		g.abandon()
		var e *Error
		if !errors.As(err, &e) {
			e = &Error{Kind: Cut}
		}
		return nil, e
	}
	_ = g.Close() // all of it is read
	if bytes.HasPrefix(bytes.TrimSpace(whole), []byte("<")) {
		return nil, &Error{Kind: BadResponse, Detail: "a web page came instead of an answer"}
	}
	if p, ok := parseProblem(whole); ok && !bytes.Contains(whole, []byte(`"data"`)) {
		return nil, streamError(p)
	}
	if strings.HasSuffix(req.URL.Path, "/embeddings") && holdsNaN(whole) {
		return nil, &Error{Kind: BadResponse, Detail: "a vector holds what is not a number"}
	}
	report(nil)
	res.Body = &held{Reader: bytes.NewReader(whole)}
	res.ContentLength = int64(len(whole))
	return res, nil
}

// streams says whether a content type can be a stream's. Some servers name none, or the wrong one.
func streams(contentType string) bool {
	return contentType == "" || strings.Contains(contentType, "event-stream") || strings.Contains(contentType, "octet-stream") ||
		strings.Contains(contentType, "text/plain")
}

// exactZero makes the temperature of a request that asks for none a true zero. go-openai leaves a zero out
// and so has the server take its default; the smallest number it can be given instead is one that some
// servers divide by. Within a string of the body the quotation marks would be escaped, so the bytes
// replaced can be nothing else.
func exactZero(body []byte) []byte {
	return bytes.Replace(body, []byte(`,"temperature":1e-45`), []byte(`,"temperature":0`), 1)
}

// alarm is a timer that is started and stopped many times, and never for noLimit.
type alarm struct {
	d     time.Duration
	timer *time.Timer
}

// newAlarm returns an alarm that is running.
func newAlarm(d time.Duration, ring func()) alarm {
	if d == noLimit {
		return alarm{}
	}
	return alarm{d: d, timer: time.AfterFunc(d, ring)}
}

func (a alarm) start() {
	if a.timer != nil {
		a.timer.Reset(a.d)
	}
}

func (a alarm) stop() {
	if a.timer != nil {
		a.timer.Stop()
	}
}

// closer is a body that does something more when it is closed.
type closer interface {
	io.ReadCloser
	onClose(func())
}

// held is a body that has been read.
type held struct {
	*bytes.Reader
	then func()
}

func (h *held) Close() error {
	if h.then != nil {
		h.then()
		h.then = nil
	}
	return nil
}

func (h *held) onClose(f func()) { h.then = f }

// guarded is a body that ends in time and within its size, or in an *Error. It tells the breaker how it went.
type guarded struct {
	t       *transport
	ctx     context.Context // this attempt's
	callers context.Context
	cancel  context.CancelCauseFunc
	body    io.ReadCloser
	idle    alarm
	late    *time.Timer
	left    int64
	limit   int64
	report  func(*Error)
	failed  *Error
}

func (g *guarded) Read(p []byte) (int, error) {
	if g.failed != nil {
		return 0, g.failed
	}
	if g.left <= 0 {
		return 0, g.fail(&Error{Kind: BadResponse, Detail: fmt.Sprintf("it is longer than %d bytes", g.limit)})
	}
	if int64(len(p)) > g.left {
		p = p[:g.left]
	}
	g.idle.start()
	n, err := g.body.Read(p)
	g.idle.stop()
	g.left -= int64(n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF):
		return n, io.EOF
	case g.ctx.Err() != nil:
		return n, g.fail(g.t.ended(g.ctx, g.callers, 1))
	}
	return n, g.fail(&Error{Kind: Cut, Detail: "the connection was lost"})
}

func (g *guarded) fail(e *Error) *Error {
	g.failed = e
	g.report(e)
	return e
}

// Close lets go of the connection. A body that was closed without a failure was a success.
func (g *guarded) Close() error {
	g.report(nil)
	return g.abandon()
}

// grip lets the reader of a stream reach the body beneath go-openai's reader. The transport sets the one it
// finds in a request's context.
type grip struct{ body *guarded }

type gripKey struct{}

// lateUsage is how long a stream may go on after the model has finished: its usage comes at once or not at
// all, and some servers forget to close.
const lateUsage = 2 * time.Second

// hurry ends the stream soon. That is no failure: what was asked for has come.
func (g *grip) hurry() {
	if b := g.body; b != nil {
		b.report(nil)
		b.late = time.AfterFunc(lateUsage, func() { b.cancel(errIdle) })
	}
}

// abandon is Close without a word to the breaker.
func (g *guarded) abandon() error {
	g.idle.stop()
	if g.late != nil {
		g.late.Stop()
	}
	g.cancel(nil)
	return g.body.Close()
}
