package discordtest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options configure a Server; the zero value is a good fake for a test.
type Options struct {
	// AppID, BotID and BotName are those of the application under test. The ids differ by default, as those
	// of old applications do, so that a program that mixes them up fails.
	AppID, BotID, BotName string

	// Now is the server's clock, for the 3 seconds and the 15 minutes of an interaction. By default it stands
	// still at the moment the server was made, and Advance moves it: a slow machine expires nothing.
	Now func() time.Time

	// Report is told of every violation: a body against Discord's schema, its limits or the house rules, an
	// unknown route, a callback that Discord would refuse. NewServer reports to the test.
	Report func(problem string)

	// Hosts are the hosts to which messages may link. Nil allows any; an empty list allows none.
	Hosts []string

	// Lint is asked about every body besides the checks of this package, with the method and template of the
	// route ("POST /webhooks/{application_id}/{interaction_token}").
	Lint func(route string, body []byte) error

	// Spec is the file of Discord's OpenAPI description. By default shared/specs/discord-openapi.json is
	// looked for upward from the working directory; without it only the checks of this package are made.
	Spec string

	// Heartbeat is the interval that HELLO asks for, 41.25 s by default.
	Heartbeat time.Duration
	// IdentifyEvery is the time between two IDENTIFYs of one bucket below which a violation of
	// max_concurrency is recorded, 5 s by default, measured in real time.
	IdentifyEvery time.Duration
	// MaxConcurrency and Shards are what /gateway/bot answers, 1 and 1 by default.
	MaxConcurrency, Shards int
	// MinShards closes an IDENTIFY with fewer shards with 4011.
	MinShards int
	// Privileged are the privileged intents that the application was granted, none by default.
	Privileged int

	// Patience is how long a Wait method waits at most, a minute by default, in real time.
	Patience time.Duration

	// Addr is where the server listens, a free port of the loopback interface by default.
	Addr string

	// Scale, if set, is for load: nothing is recorded, memory is bounded.
	Scale *Scale
}

// Scale is the configuration of a server under load.
type Scale struct {
	// Keep is how many interactions are remembered, 20,000 by default: later requests for older ones are
	// answered as expired.
	Keep int
	// SampleEvery checks the schema of one body in so many, 1 by default. The limits and the house rules are
	// always checked.
	SampleEvery int
	// OnAck is called once for an interaction, with the time from its delivery to its acknowledgement.
	OnAck func(i *Interaction, took time.Duration)
	// OnFinal is called once for an interaction, with the time from its delivery to what the person was
	// waiting for: the first edit of a deferred message, or an acknowledgement that is not a deferral.
	OnFinal func(i *Interaction, took time.Duration)
	// OnExtra is called for every acknowledgement that was refused as second (40060) and every edit after
	// the final one.
	OnExtra func(i *Interaction, what string)
	// OnRefused is called for every request that was answered with a status from 400 on.
	OnRefused func(method, template string, status, code int)
}

// Server is a fake Discord: the REST interface and the gateway on one port.
type Server struct {
	URL   string // "http://127.0.0.1:port"; the REST interface is below /api/v10, or any /api/vN
	API   string // URL + "/api/v10"
	Token string // of the bot, without "Bot "
	AppID string
	BotID string

	// PublicKey is the application's, with which it verifies what comes to its interactions endpoint.
	PublicKey ed25519.PublicKey

	opt  Options
	key  ed25519.PrivateKey
	bot  *User
	tb   testing.TB // nil outside tests
	http *http.Server
	out  *http.Client   // to the interactions endpoint
	work sync.WaitGroup // deliveries and connections
	done chan struct{}
	once sync.Once

	start time.Time
	check checker

	mu       sync.Mutex
	notice   notice
	offset   time.Duration
	serial   int64 // the id given last
	closed   bool
	revoked  bool
	tokens   []string // of the bot, those before too
	problems []string

	users    map[string]*User // by name
	people   map[string]*User // by id
	guilds   []*Guild
	channels map[string]*Channel
	messages map[string]*message // none under load

	interactions map[string]*Interaction
	ring         []string // ids, oldest first
	story        []*entry
	endpoint     string

	requests []Request
	counts   map[string]int
	invalid  int
	faults   []*Injected
	limits   map[string]*limit
	buckets  map[string]*bucket
	commands map[string][]map[string]any // by guild, "" global
	creates  int

	gw gateway
}

// Interactions are expired by the clock: Discord gives 3 seconds to the first response, and 15 minutes to
// the rest (https://discord.com/developers/docs/interactions/receiving-and-responding).
const (
	ackTime   = 3 * time.Second
	tokenTime = 15 * time.Minute
)

// epoch is the first millisecond of Discord's ids.
const epoch = 1420070400000

// New starts a server for a program that is not a test, such as a load generator. Problems collects the
// violations. Its Wait methods' context-taking forms are to be used: the others report to nobody.
func New(o Options) (*Server, error) {
	o.AppID = orElse(o.AppID, "1100000000000000077")
	o.BotID = orElse(o.BotID, "1100000000000000042")
	o.BotName = orElse(o.BotName, "policybot")
	o.Addr = orElse(o.Addr, "127.0.0.1:0")
	o.Heartbeat = orElse(o.Heartbeat, 41250*time.Millisecond)
	o.IdentifyEvery = orElse(o.IdentifyEvery, 5*time.Second)
	o.MaxConcurrency = orElse(o.MaxConcurrency, 1)
	o.Shards = orElse(o.Shards, 1)
	o.Patience = orElse(o.Patience, time.Minute)
	if o.Scale != nil {
		sc := *o.Scale
		sc.Keep = orElse(sc.Keep, 20000)
		sc.SampleEvery = orElse(sc.SampleEvery, 1)
		o.Scale = &sc
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("discordtest: make the application's key: %w", err)
	}
	s := &Server{
		AppID: o.AppID, BotID: o.BotID, PublicKey: pub, opt: o, key: key, done: make(chan struct{}), start: time.Now(),
		users: make(map[string]*User), people: make(map[string]*User), channels: make(map[string]*Channel),
		messages: make(map[string]*message), interactions: make(map[string]*Interaction),
		counts: make(map[string]int), limits: make(map[string]*limit), buckets: make(map[string]*bucket),
		commands: make(map[string][]map[string]any),
	}
	if s.opt.Now == nil {
		s.opt.Now = func() time.Time { return s.start }
		if o.Scale != nil {
			s.opt.Now = time.Now
		}
	} else {
		s.start = o.Now()
	}
	s.Token = s.newBotToken()
	s.tokens = []string{s.Token}
	s.bot = &User{s: s, ID: s.BotID, Name: o.BotName, bot: true}
	s.people[s.BotID] = s.bot
	if s.check.spec, err = openSpec(o.Spec); err != nil {
		return nil, err
	}
	s.check.hosts = o.Hosts

	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("discordtest: %w", err)
	}
	s.URL = "http://" + l.Addr().String()
	s.API = s.URL + "/api/v10"
	s.gw.url = "ws" + strings.TrimPrefix(s.URL, "http") + "/gw"
	s.gw.sessions = make(map[string]*session)
	s.out = &http.Client{
		Transport:     &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 512, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // Discord follows none
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.work.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

// NewServer starts a server that lives as long as the test and fails it at every violation. A bot under test
// is to be stopped before the test ends, or by a Cleanup registered after this call.
func NewServer(t testing.TB, o Options) *Server {
	t.Helper()
	report := o.Report
	o.Report = func(problem string) {
		if report != nil {
			report(problem)
		}
		t.Errorf("discord: %s", problem)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.tb = t
	t.Cleanup(s.Close)
	return s
}

// Close ends every connection and waits for what is being handled.
func (s *Server) Close() {
	s.once.Do(func() {
		s.mu.Lock()
		s.closed = true
		close(s.done)
		conns := s.gw.all()
		s.wake()
		s.mu.Unlock()
		for _, c := range conns {
			c.cut()
		}
		_ = s.http.Close()
	})
	s.work.Wait()
	s.out.CloseIdleConnections()
}

// Now returns the time of the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return s.opt.Now().Add(s.offset) }

// Advance moves the server's clock.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.wake()
}

// Problems returns every violation so far.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.problems...)
}

// problem records a violation. The caller holds no lock.
func (s *Server) problem(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.mu.Lock()
	closed := s.closed
	if len(s.problems) < 1000 {
		s.problems = append(s.problems, text)
	}
	s.mu.Unlock()
	if s.opt.Report != nil && !closed {
		s.opt.Report(text)
	}
}

// fatal ends the test: the script of the test itself cannot go on.
func (s *Server) fatal(err error) {
	if s.tb != nil {
		s.tb.Helper()
		s.tb.Fatalf("discord: %v", err)
	}
	s.problem("%v", err)
}

// Revoke makes the bot's token worthless: every request that needs it is answered 401, and every gateway
// connection is closed with 4004.
func (s *Server) Revoke() {
	s.mu.Lock()
	s.revoked = true
	conns := s.gw.all()
	s.gw.sessions = make(map[string]*session)
	s.mu.Unlock()
	for _, c := range conns {
		c.close(4004, "Authentication failed.")
	}
}

// Leaked returns the secrets of this server that stand in a text, such as a log: the bot's token or a long
// part of it, and tokens of interactions. Each is shortened.
func (s *Server) Leaked(text string) []string {
	var found []string
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, tokenPrefix)
		if !ok {
			break
		}
		n := len(after) - len(strings.TrimLeft(after, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"))
		if n >= 8 {
			found = append(found, "interaction token "+tokenPrefix+after[:8]+"…")
		}
		rest = after
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tokens {
		if secret := t[strings.LastIndex(t, ".")+1:]; strings.Contains(text, t) || strings.Contains(text, secret) {
			found = append(found, "bot token …"+t[len(t)-6:])
		}
	}
	for _, id := range s.ring {
		if s.opt.Scale != nil {
			break // too many to look for each
		}
		if i := s.interactions[id]; i != nil && strings.Contains(text, i.token[len(i.token)-32:]) && !strings.Contains(text, i.token) {
			found = append(found, "end of an interaction token …"+i.token[len(i.token)-6:])
		}
	}
	return found
}

// tokenPrefix begins the token of every interaction: it is base64 of "interaction:".
const tokenPrefix = "aW50ZXJhY3Rpb246"

func newToken(id string) string {
	var b [96]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString([]byte("interaction:" + id + ":" + base64.RawURLEncoding.EncodeToString(b[:])))
}

func (s *Server) newBotToken() string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(s.BotID)) + "." + enc.EncodeToString(b[:4]) + "." + hex.EncodeToString(b[:])
}

// id makes an id: unique, rising, of the server's time. The caller holds the lock.
func (s *Server) id() string {
	s.serial = max(s.serial+1, (s.now().UnixMilli()-epoch)<<22)
	return strconv.FormatInt(s.serial, 10)
}

// notice wakes those who wait for a change. It is guarded by the server's lock.
type notice struct{ ch chan struct{} }

func (n *notice) wake() {
	if n.ch != nil {
		close(n.ch)
		n.ch = nil
	}
}

func (n *notice) next() <-chan struct{} {
	if n.ch == nil {
		n.ch = make(chan struct{})
	}
	return n.ch
}

func (s *Server) wake() { s.notice.wake() }

var errClosed = errors.New("the server is closed")

// await blocks until ok, which is called with the lock held, returns true.
func (s *Server) await(ctx context.Context, n *notice, ok func() bool) error {
	for {
		s.mu.Lock()
		if ok() {
			s.mu.Unlock()
			return nil
		}
		if s.closed {
			s.mu.Unlock()
			return errClosed
		}
		ch := n.next()
		s.mu.Unlock()
		select {
		case <-ch:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// patience is the context of the Wait methods without one.
func (s *Server) patience() (context.Context, context.CancelFunc) {
	end := time.Now().Add(s.opt.Patience)
	if t, ok := s.tb.(interface{ Deadline() (time.Time, bool) }); ok {
		if d, ok := t.Deadline(); ok && d.Add(-time.Second).Before(end) {
			end = d.Add(-time.Second)
		}
	}
	return context.WithDeadline(context.Background(), end)
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
