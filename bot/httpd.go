package bot

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// EndpointOptions are what an endpoint needs.
type EndpointOptions struct {
	Now func() time.Time // nil means time.Now
	// Dispatch acknowledges an interaction by REST and starts the work on it; it returns when it is
	// acknowledged. Its context outlives the request.
	Dispatch func(context.Context, *Interaction) error
	Log      *slog.Logger
	Metrics  *Metrics
}

const (
	maxInteraction = 1 << 20         // bytes of a request
	clockWindow    = 5 * time.Minute // between Discord's clock and ours, either way
	maxSeen        = 1 << 17         // interactions of a window that are remembered
	maxRequests    = 1024            // at a time; each may hold maxInteraction in memory
	readTimeout    = 5 * time.Second // of a request's body
)

// NewEndpoint returns the interactions endpoint of the application with that public key: the handler for
// the URL that is set in Discord's developer portal.
//
// A request that Discord did not sign, or not within five minutes of now, gets 401, as Discord probes for;
// one of more than 1 MiB gets 413. A PING is answered. Anything else is acknowledged through Dispatch and
// answered 202 with no body, so that both transports acknowledge in the same way and no edit can overtake
// its acknowledgement. An interaction that comes again is answered 202 and not dispatched again; for that
// the ids of the last ten minutes are remembered, or the last 131,072 when there are more.
//
// A 500 says that the interaction could not be acknowledged; the same one may then come again.
func NewEndpoint(key ed25519.PublicKey, o EndpointOptions) (http.Handler, error) {
	if len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("discord: the application's public key has %d bytes, want %d: copy it from the developer portal", len(key), ed25519.PublicKeySize)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &endpoint{key: key, o: o, seen: seen{keep: 2 * clockWindow}, slots: make(chan struct{}, maxRequests)}, nil
}

// ParsePublicKey reads an application's public key as the developer portal shows it: 64 hexadecimal digits.
func ParsePublicKey(s string) (ed25519.PublicKey, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("discord: the application's public key has to be %d hexadecimal digits, as the developer portal shows it", 2*ed25519.PublicKeySize)
	}
	return b, nil
}

// NewServer returns a server for an endpoint that faces the internet: every phase of a request has a time
// limit, so slow clients cannot hold it, and headers are small.
func NewServer(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

type endpoint struct {
	key   ed25519.PublicKey
	o     EndpointOptions
	seen  seen
	slots chan struct{}
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := e.serve(w, r)
	e.o.Metrics.served(status)
}

// serve answers a request and returns the status it answered with.
func (e *endpoint) serve(w http.ResponseWriter, r *http.Request) int {
	refuse := func(status int, why string) int {
		http.Error(w, why, status)
		return status
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return refuse(http.StatusMethodNotAllowed, "POST only")
	}
	signature, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	stamp := r.Header.Get("X-Signature-Timestamp")
	if err != nil || len(signature) != ed25519.SignatureSize || !e.fresh(stamp) {
		return refuse(http.StatusUnauthorized, "invalid request signature")
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	default:
		e.o.Metrics.drop("endpoint")
		return refuse(http.StatusServiceUnavailable, "too many requests at a time")
	}
	// Not every ResponseWriter can; NewServer has limits of its own.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInteraction))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, "request of more than 1 MiB")
	} else if err != nil {
		return refuse(http.StatusBadRequest, "request cannot be read")
	}
	if !ed25519.Verify(e.key, append([]byte(stamp), body...), signature) {
		return refuse(http.StatusUnauthorized, "invalid request signature")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "application/json only")
	}
	i, err := decodeInteraction(body)
	if err != nil {
		e.o.Log.Warn("discord sent an interaction that cannot be read", "error", err)
		return refuse(http.StatusBadRequest, "interaction cannot be read")
	}
	if i.Type == typePing {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":1}`)
		return http.StatusOK
	}
	if !e.seen.claim(i.ID, e.o.Now()) {
		e.o.Metrics.drop("replay")
		w.WriteHeader(http.StatusAccepted)
		return http.StatusAccepted
	}
	err = e.dispatch(context.WithoutCancel(r.Context()), i)
	if err != nil && !errors.Is(err, ErrAcknowledged) {
		e.seen.release(i.ID)
		e.o.Log.Warn("interaction could not be acknowledged", "interaction", i.ID, "error", err)
		return refuse(http.StatusInternalServerError, "not acknowledged")
	}
	w.WriteHeader(http.StatusAccepted)
	return http.StatusAccepted
}

// dispatch calls Dispatch; a panic of it becomes an error.
func (e *endpoint) dispatch(ctx context.Context, i *Interaction) (err error) {
	err = errors.New("panic")
	defer caught(e.o.Log, e.o.Metrics, "dispatch")
	return e.o.Dispatch(ctx, i)
}

// fresh reports whether a timestamp of Discord, in seconds since 1970, is of now.
func (e *endpoint) fresh(stamp string) bool {
	s, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || s < 0 || s > 1<<40 {
		return false
	}
	age := e.o.Now().Sub(time.Unix(s, 0))
	return -clockWindow <= age && age <= clockWindow
}

// seen remembers ids for at least keep, unless more than maxSeen come in that time: then at least the
// last maxSeen. It holds two generations and forgets the older one whole.
type seen struct {
	keep      time.Duration
	mu        sync.Mutex
	now, past map[string]struct{}
	since     time.Time // when now began
}

// claim reports whether the id is new, and remembers it.
func (s *seen) claim(id string, at time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := at.Sub(s.since); s.now == nil || len(s.now) >= maxSeen || age >= s.keep {
		s.past, s.now = s.now, make(map[string]struct{})
		if age >= 2*s.keep {
			s.past = nil
		}
		s.since = at
	}
	if _, ok := s.now[id]; ok {
		return false
	}
	if _, ok := s.past[id]; ok {
		return false
	}
	s.now[id] = struct{}{}
	return true
}

// release forgets an id.
func (s *seen) release(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.now, id)
	delete(s.past, id)
}
