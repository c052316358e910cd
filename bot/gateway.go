package bot

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Intents that let the bot be asked outside of commands,
// https://discord.com/developers/docs/events/gateway#gateway-intents. Neither is privileged.
const (
	IntentGuildMessages  = 1 << 9  // a mention in a channel
	IntentDirectMessages = 1 << 12 // a question in a direct message
)

// privileged are the intents that Discord has to grant: members, presences, content of messages.
const privileged = 1<<1 | 1<<8 | 1<<15

// GatewayOptions are what a Gateway needs.
type GatewayOptions struct {
	Token string
	REST  *REST // asks where the gateway is, and how many IDENTIFYs are left
	// ShardCount 0 means automatic: as many shards as Discord recommends, all in this process. Otherwise
	// this process is shard ShardID of ShardCount.
	ShardID, ShardCount int
	Intents             int // none of the privileged; interactions need no intent at all
	Log                 *slog.Logger
	Metrics             *Metrics
	// OnInteraction and OnMessage are called from goroutines of a bounded pool. Their context outlives
	// the one of Run.
	OnInteraction func(context.Context, *Interaction)
	OnMessage     func(context.Context, *Message) // nil when Intents ask for no messages
	// OnSelf is told the bot's own user id before any message that comes after it; nil for nobody.
	OnSelf func(id string)

	Dial func(ctx context.Context, network, address string) (net.Conn, error) // nil means a net.Dialer
	TLS  *tls.Config                                                          // nil means Go's defaults
	Idle time.Duration                                                        // silence that ends a connection; 0 means 90 s, two heartbeats
	Open time.Duration                                                        // from dialling to READY; 0 means 20 s
}

const (
	ackWorkers, ackQueue         = 256, 1024
	messageWorkers, messageQueue = 32, 256

	identifyEvery   = 5 * time.Second  // and bucket of max_concurrency
	longestBackoff  = 2 * time.Minute  // between attempts to connect
	settled         = time.Minute      // a connection that lived for it starts the back-off anew
	maxResumes      = 3                // in a row that do not settle, before a new session
	maxRefused      = 10               // IDENTIFYs in a row without a READY
	maxAbandoned    = 8                // sessions that hang inside discordgo
	hangAfter       = 5 * time.Second  // of not reading while connecting; nothing that is done then takes so long
	hangGrace       = 3 * time.Second  // for discordgo to notice that its connection is cut; its Close takes one
	gatewayDrain    = 5 * time.Second  // for acknowledgements in hand at the end
	identifyReserve = 50               // of the day's IDENTIFYs, one in so many is never used
	reserveRecheck  = 30 * time.Minute // while none is left
)

// Gateway holds the connections over which Discord tells what happens, one for each shard.
//
// The websocket, its protocol and its heartbeats are discordgo's. The Gateway supervises it: discordgo
// hangs for ever when it is told to reconnect while it connects, waits for ever for a silent gateway, does
// not know which errors are final, and repairs itself in ways that use up the day's sessions. So each
// connection is a discordgo.Session of its own (see conduit); it resumes the one before where Discord
// allows it; every attempt has a time limit, and what hangs nevertheless is left behind, a bounded number
// of times. Nothing of discordgo's
// REST client is used, and its logging, which is global and can print tokens, is off.
type Gateway struct {
	o        GatewayOptions
	acks     *pool
	messages *pool
	now      func() time.Time // a field for tests, as are the next four
	sleep    func(context.Context, time.Duration) error
	random   func() float64 // in [0,1)
	hang     time.Duration  // hangAfter and
	grace    time.Duration  // hangGrace

	abandoned atomic.Int32
	mu        sync.Mutex
	shards    []*shard
	buckets   map[int]*bucket
}

// bucket paces the IDENTIFYs of the shards that Discord counts together.
type bucket struct {
	turn chan struct{} // holds a token while a shard connects
	next time.Time     // of whoever holds the token
}

// FatalError ends a Gateway for good: trying again would fail alike, or use up Discord's patience.
type FatalError struct {
	Code   int    // with which Discord closed the connection, 0 when the cause is another
	Reason string // what is wrong
	Hint   string // what to do
}

func (e *FatalError) Error() string {
	if e.Code != 0 {
		return fmt.Sprintf("discord gateway: %s (close code %d)", e.Reason, e.Code)
	}
	return "discord gateway: " + e.Reason
}

// fatal returns the error of a close code after which Discord asks not to reconnect,
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes,
// and nil for another.
func fatal(code int) *FatalError {
	switch code {
	case 4004:
		return &FatalError{code, "discord does not accept the bot token", "copy the token again from the Bot page of the developer portal, or reset it there, and set DISCORD_TOKEN"}
	case 4010:
		return &FatalError{code, "the shard number is not valid", "shard_id has to be less than shard_count"}
	case 4011:
		return &FatalError{code, "the bot is in too many servers for this number of shards", "raise shard_count, or remove it to use as many as discord recommends"}
	case 4012:
		return &FatalError{code, "discord no longer speaks this version of the gateway", "update policybot"}
	case 4013:
		return &FatalError{code, "the intents are not valid", "report this: policybot asks for intents that discord does not know"}
	case 4014:
		return &FatalError{code, "the application may not have the intents it asks for", "policybot needs no privileged intent: check that DISCORD_TOKEN is of the right application"}
	}
	return nil
}

// NewGateway returns a gateway that is not connected yet.
func NewGateway(o GatewayOptions) *Gateway {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	if o.Idle == 0 {
		o.Idle = 90 * time.Second
	}
	if o.Open == 0 {
		o.Open = 20 * time.Second
	}
	g := &Gateway{
		o: o, now: time.Now, sleep: sleep, random: rand.Float64, hang: hangAfter, grace: hangGrace, buckets: make(map[int]*bucket),
		acks:     newPool(ackWorkers, ackQueue, o.Log, o.Metrics),
		messages: newPool(messageWorkers, messageQueue, o.Log, o.Metrics),
	}
	g.acks.name, g.messages.name = "acks", "messages"
	return g
}

// Run connects and stays connected until ctx is done; then it closes the connections, waits a bounded time
// for what its handlers have in hand, and returns nil. It returns early only with a *FatalError. It is
// called once.
func (g *Gateway) Run(ctx context.Context) error {
	err := g.run(ctx)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), gatewayDrain)
	defer cancel()
	for _, p := range []*pool{g.acks, g.messages} {
		if err := p.Drain(drain); err != nil {
			g.o.Log.Warn("gateway stops with work in hand", "error", err)
		}
	}
	return err
}

func (g *Gateway) run(ctx context.Context) error {
	if g.o.Intents&privileged != 0 {
		return &FatalError{Reason: "privileged intents are asked for", Hint: "policybot needs none"}
	}
	first, count := g.o.ShardID, g.o.ShardCount
	shards := 1
	if count == 0 {
		info, err := g.info(ctx)
		if err != nil {
			return finally(ctx, err)
		}
		first, count, shards = 0, info.Shards, info.Shards
	}
	if first < 0 || first >= count {
		return fatal(4010)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g.mu.Lock()
	for id := first; id < first+shards; id++ {
		g.shards = append(g.shards, &shard{g: g, id: id, count: count, log: g.o.Log.With("shard", id)})
	}
	list := g.shards
	g.mu.Unlock()
	errs := make(chan error, len(list))
	for _, s := range list {
		go func() { errs <- s.run(ctx) }()
	}
	var err error
	for range list {
		if e := <-errs; e != nil && err == nil {
			err = e
			stop() // the others go down with the first
		}
	}
	return err
}

// finally turns an error into nil when the reason is that ctx is done.
func finally(ctx context.Context, err error) error {
	if fatal := (*FatalError)(nil); errors.As(err, &fatal) {
		return fatal
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// info asks for the gateway until there is an answer.
func (g *Gateway) info(ctx context.Context) (GatewayInfo, error) {
	for n := 1; ; n++ {
		info, err := g.o.REST.Gateway(ctx)
		if err == nil {
			info.URL, err = g.address(info.URL)
		}
		switch {
		case err == nil:
			return info, nil
		case errors.Is(err, ErrUnauthorized):
			return info, fatal(4004)
		}
		g.o.Log.Warn("cannot ask where the gateway is", "error", err, "attempt", n)
		if err := g.sleep(ctx, g.backoff(n)); err != nil {
			return info, err
		}
	}
}

// address checks where the token would be sent to: never over an open line, unless REST is spoken so too.
func (g *Gateway) address(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "wss" && (u.Scheme != "ws" || g.o.REST.base.Scheme != "http") {
		return "", errors.New("the address of the gateway is not a wss:// one")
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil // discordgo adds its own query
	return u.String(), nil
}

func (g *Gateway) backoff(n int) time.Duration {
	d := min(time.Second<<min(n-1, 10), longestBackoff)
	return d/2 + time.Duration(g.random()*float64(d/2))
}

// start waits until a shard may IDENTIFY and returns the address of the gateway. The caller has to call
// done when it has connected or failed to: the next of the bucket has its turn five seconds later.
func (g *Gateway) start(ctx context.Context, s *shard) (info GatewayInfo, done func(), err error) {
	for {
		info, err = g.info(ctx)
		if err != nil {
			return info, nil, err
		}
		if info.Total == 0 || info.Remaining > info.Total/identifyReserve {
			break
		}
		wait := min(info.ResetAfter+time.Second, reserveRecheck)
		s.log.Error("the day's gateway sessions are used up: waiting, because discord resets the token of who goes on",
			"left", info.Remaining, "anew_in", info.ResetAfter)
		if err := g.sleep(ctx, wait); err != nil {
			return info, nil, err
		}
	}
	g.mu.Lock()
	key := s.id % info.MaxConcurrency
	b := g.buckets[key]
	if b == nil {
		b = &bucket{turn: make(chan struct{}, 1)}
		g.buckets[key] = b
	}
	g.mu.Unlock()
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return info, nil, context.Cause(ctx)
	}
	if wait := b.next.Sub(g.now()); wait > 0 {
		if err := g.sleep(ctx, wait); err != nil {
			<-b.turn
			return info, nil, err
		}
	}
	return info, func() { b.next = g.now().Add(identifyEvery); <-b.turn }, nil
}

// Healthy reports whether every shard is connected and has been heard of lately. It never blocks.
func (g *Gateway) Healthy() bool {
	status := g.Status()
	for _, s := range status {
		if !s.Up {
			return false
		}
	}
	return len(status) > 0
}

// ShardStatus is the state of one connection.
type ShardStatus struct {
	ID     int
	Up     bool          // connected, and not silent for longer than it may be
	Silent time.Duration // since something was heard; 0 when it is not up
}

// Status returns the state of every shard of this process; there is none before Run knows their number.
func (g *Gateway) Status() []ShardStatus {
	g.mu.Lock()
	list := g.shards
	g.mu.Unlock()
	var status []ShardStatus
	for _, s := range list {
		st := ShardStatus{ID: s.id}
		if l := s.up.Load(); l != nil {
			st.Silent = l.silent()
			st.Up = st.Silent < g.o.Idle+g.o.Idle/2
		}
		status = append(status, st)
	}
	return status
}

// shard keeps one connection.
type shard struct {
	g         *Gateway
	id, count int
	log       *slog.Logger
	up        atomic.Pointer[conduit] // while it is connected
}

// session is a discordgo.Session with what is known of it from outside.
type session struct {
	dg    *discordgo.Session
	link  *conduit
	ready chan struct{}         // READY or RESUMED came
	down  chan struct{}         // discordgo has closed the connection
	begun atomic.Pointer[place] // what RESUME needs, nil before READY; its seq is not kept up to date
	seq   atomic.Int64          // of the last event
}

// place is where a session is to be resumed.
type place struct {
	address string
	id      string
	seq     int64 // of the last event that came
}

// place returns where the session is to be resumed, nil when it cannot.
func (ses *session) place() *place {
	p := ses.begun.Load()
	if p == nil {
		return nil
	}
	return &place{p.address, p.id, ses.seq.Load()}
}

// Why a session ended, besides errInvalidSession and a FatalError.
var (
	errHangs = errors.New("discordgo hangs") // the session cannot be used again
	errLost  = errors.New("connection lost")
)

// run keeps the shard connected until ctx is done. It returns nil then, or a *FatalError.
func (s *shard) run(ctx context.Context) error {
	g := s.g
	g.o.Metrics.shard(s.id, false)
	var at *place // nil asks for a new session
	failures := 0 // connections in a row that did not settle
	resumes := 0  // of them, those that were resumed
	refused := 0  // IDENTIFYs in a row without READY
	for {
		resume := at != nil
		done := func() {}
		if !resume {
			info, d, err := g.start(ctx, s)
			if err != nil {
				return finally(ctx, err)
			}
			at, done = &place{address: info.URL}, d
		}
		ses, err := s.session(ctx, at)
		if err == nil {
			err = s.connect(ctx, ses)
		}
		done()
		if !resume && ses.link.begun.Load() {
			if refused++; err == nil {
				refused = 0
			}
		}
		began := g.now()
		if err == nil {
			s.log.Info("connected to discord", "resumed", resume)
			err = s.watch(ctx, ses)
		}
		s.up.Store(nil)
		g.o.Metrics.shard(s.id, false)
		if ctx.Err() != nil {
			return nil
		}
		if fatal := (*FatalError)(nil); errors.As(err, &fatal) {
			return fatal
		}
		if g.now().Sub(began) >= settled {
			failures, resumes = 0, 0
		}
		if resume {
			resumes++
		}
		wait, cause := time.Duration(g.random()*float64(time.Second)), "lost"
		if failures > 0 {
			wait = g.backoff(failures)
		}
		failures++
		at = ses.place()
		switch {
		case errors.Is(err, errHangs):
			cause = "hang"
			if n := g.abandoned.Add(1); n >= maxAbandoned {
				return &FatalError{Reason: fmt.Sprintf("%d connections hung", n), Hint: "have policybot restarted; check the network between it and discord"}
			}
		case errors.Is(err, errInvalidSession):
			// Discord asks to wait one to five seconds before the next IDENTIFY.
			at, cause, wait = nil, "invalid", max(wait, time.Second+time.Duration(g.random()*4*float64(time.Second)))
		}
		if resumes >= maxResumes || at == nil {
			at, resumes = nil, 0
		}
		if refused >= maxRefused {
			return &FatalError{Reason: fmt.Sprintf("discord did not start a session %d times in a row, at last: %v", refused, err),
				Hint: "see https://discordstatus.com; then have policybot restarted"}
		}
		g.o.Metrics.reconnect(cause)
		s.log.Warn("not connected to discord", "error", redact(err.Error(), g.o.Token), "resume", at != nil, "wait", wait, "attempt", failures)
		if g.sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// session makes a discordgo session for one connection: at is where to resume, or just an address.
func (s *shard) session(ctx context.Context, at *place) (*session, error) {
	g := s.g
	l := &conduit{dial: g.o.Dial, tls: g.o.TLS, idle: g.o.Idle, m: g.o.Metrics}
	l.read.Store(time.Now().UnixNano())
	ses := &session{link: l, ready: make(chan struct{}, 1), down: make(chan struct{}, 1)}
	token := "Bot " + g.o.Token
	if at.id != "" {
		var resume struct {
			Op int `json:"op"`
			D  struct {
				Token   string `json:"token"`
				Session string `json:"session_id"`
				Seq     int64  `json:"seq"`
			} `json:"d"`
		}
		resume.Op, resume.D.Token, resume.D.Session, resume.D.Seq = 6, token, at.id, at.seq
		var err error
		if l.resume, err = json.Marshal(resume); err != nil {
			return ses, err
		}
		ses.begun.Store(at)
		ses.seq.Store(at.seq)
	}
	dg, err := discordgo.New(token)
	if err != nil {
		return ses, err
	}
	ses.dg = dg
	dg.Client = &http.Client{Transport: onlyGateway(at.address)}
	dg.Dialer = &websocket.Dialer{NetDialContext: l.dialPlain, NetDialTLSContext: l.dialTLS, HandshakeTimeout: g.o.Open}
	dg.StateEnabled = false
	dg.Compress = false // the events are few and small
	dg.ShouldReconnectOnError = false
	dg.ShouldRetryOnRateLimit = false
	dg.SyncEvents = true // in order; the handlers hand over and return
	dg.LogLevel = -1     // below even its errors: its logger is global, and Open returns what matters
	dg.ShardID, dg.ShardCount = s.id, s.count
	dg.Identify.Intents = discordgo.Intent(g.o.Intents)
	dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.event(ctx, ses, at, e) })
	dg.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { signal(ses.down) })
	return ses, nil
}

// signal leaves a mark in a channel of capacity 1.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// onlyGateway is the transport of discordgo's REST client. It answers the one request that is needed,
// where the gateway is, from what our own client has learned, and lets nothing else through.
type onlyGateway string

func (address onlyGateway) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet || r.URL.String() != discordgo.EndpointGateway {
		return nil, fmt.Errorf("discordgo is not to request anything of %s", r.URL.Host)
	}
	body, err := json.Marshal(map[string]string{"url": string(address)})
	if err != nil {
		return nil, err
	}
	return &http.Response{Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(body))),
		ContentLength: int64(len(body)), Request: r}, nil
}

// connect opens the session's connection, new or to be resumed, and waits for READY or RESUMED. When it
// returns an error the connection is down, or the error is errHangs.
func (s *shard) connect(ctx context.Context, ses *session) error {
	opened := make(chan error, 1)
	go func() {
		err := errors.New("panic")
		defer func() { opened <- err }()
		defer caught(s.log, s.g.o.Metrics, "connect")
		err = ses.dg.Open()
	}()
	limit := time.NewTimer(s.g.o.Open)
	defer limit.Stop()
	look := time.NewTicker(s.g.hang / 4)
	defer look.Stop()
	open, ready := false, false
	for !open || !ready {
		var why error
		select {
		case err := <-opened:
			if err != nil {
				return s.why(ses, err)
			}
			open = true
		case <-ses.ready:
			ready = true
		case <-ses.down:
			if open {
				return s.why(ses, errLost)
			}
			why = errLost
		case <-limit.C:
			why = fmt.Errorf("no session within %v", s.g.o.Open)
			ses.link.cut()
		case <-look.C:
			if !open && ses.link.unread() > s.g.hang {
				why = errors.New("told to reconnect while connecting")
				ses.link.cut()
			}
		case <-ctx.Done():
			why = context.Cause(ctx)
			ses.link.leave(closeGone)
		}
		if why == nil {
			continue
		}
		if !open {
			// With its connection ended Open returns, unless it waits for a lock that it holds.
			select {
			case err := <-opened:
				if err != nil {
					return s.why(ses, fmt.Errorf("%w: %w", why, err))
				}
			case <-time.After(s.g.grace):
				ses.link.cut()
				return fmt.Errorf("%w: %w", errHangs, why)
			}
		}
		return s.ended(ses, why)
	}
	return nil
}

// ended waits for discordgo to have closed a connection that is being closed.
func (s *shard) ended(ses *session, why error) error {
	limit := time.NewTimer(s.g.grace + leaveTimeout)
	defer limit.Stop()
	select {
	case <-ses.down:
		return s.why(ses, why)
	case <-limit.C:
		ses.link.cut()
		return fmt.Errorf("%w: %w", errHangs, why)
	}
}

// why says what an error of a session means.
func (s *shard) why(ses *session, err error) error {
	closed := (*websocket.CloseError)(nil)
	switch {
	case ses.link.invalid.Load():
		return errInvalidSession
	case errors.As(err, &closed):
		if f := fatal(closed.Code); f != nil {
			return f
		}
		// The words that come with the code are Discord's.
		return fmt.Errorf("%w: closed with code %d", errLost, closed.Code)
	}
	return err
}

// watch waits for the end of a connection: that it is lost, silent for too long, or ctx is done.
func (s *shard) watch(ctx context.Context, ses *session) error {
	idle := s.g.o.Idle
	tick := time.NewTicker(max(idle/4, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ses.down:
			return s.why(ses, errLost)
		case <-ctx.Done():
			ses.link.leave(closeGone)
			return s.ended(ses, context.Cause(ctx))
		case <-tick.C:
			// Reading fails by itself after idle; this is for when nobody reads any more.
			if ses.link.silent() > idle+idle/2 {
				ses.link.leave(closeResume)
				return s.ended(ses, fmt.Errorf("%w: nothing heard for %v", errLost, idle))
			}
		}
	}
}

// begun notes that READY or RESUMED came.
func (s *shard) begun(ses *session) {
	s.up.Store(ses.link)
	s.g.o.Metrics.shard(s.id, true)
	signal(ses.ready)
}

// event takes what Discord sent, in the goroutine that reads, some of it while the session's lock is held:
// it must not wait, and not call the session.
func (s *shard) event(ctx context.Context, ses *session, at *place, e *discordgo.Event) {
	defer caught(s.log, s.g.o.Metrics, "event")
	o := &s.g.o
	if e.Sequence > 0 {
		ses.seq.Store(e.Sequence)
	}
	switch e.Type {
	case "READY":
		var d struct {
			ID      string `json:"session_id"`
			Address string `json:"resume_gateway_url"`
			User    struct {
				ID string `json:"id"`
			} `json:"user"`
		}
		if err := json.Unmarshal(e.RawData, &d); err == nil && d.ID != "" {
			if o.OnSelf != nil {
				o.OnSelf(d.User.ID)
			}
			address, err := s.g.address(d.Address)
			if err != nil {
				address = at.address
			}
			ses.begun.Store(&place{address: address, id: d.ID})
		}
		s.begun(ses)
	case "RESUMED":
		s.begun(ses)
	case "INTERACTION_CREATE":
		i, err := decodeInteraction(e.RawData)
		if err != nil {
			s.log.Warn("discord sent an interaction that cannot be read", "error", err)
			return
		}
		if !s.g.acks.Go(ctx, "interaction", func(ctx context.Context) { o.OnInteraction(ctx, i) }) {
			s.log.Error("interaction dropped: too many to acknowledge", "interaction", i.ID)
		}
	case "MESSAGE_CREATE":
		if o.OnMessage == nil {
			return
		}
		// Nearly all messages are not for the bot; in a server it is only asked by being mentioned.
		var m Message
		if json.Unmarshal(e.RawData, &m) != nil || m.Author == nil || m.GuildID != "" && len(m.Mentions) == 0 {
			return
		}
		if !s.g.messages.Go(ctx, "message", func(ctx context.Context) { o.OnMessage(ctx, &m) }) {
			s.log.Warn("message dropped: too many at a time", "message", m.ID)
		}
	}
}
