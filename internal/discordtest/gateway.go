package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Intents, https://discord.com/developers/docs/events/gateway#list-of-intents.
const (
	intentGuilds         = 1 << 0
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentContent        = 1 << 15

	intentsPrivileged = intentMembers | intentPresences | intentContent
	intentsKnown      = (1<<26 - 1) &^ (1<<17 | 1<<18 | 1<<19 | 1<<22 | 1<<23)
)

// gateway is the state of the fake's gateway; it is guarded by the server's lock.
type gateway struct {
	url        string
	sessions   map[string]*session
	conns      []*conn
	serial     int
	next       []Opening
	refuse     int // resumes to be refused
	identifies []Identify
	resumes    int
	resumed    int
	heartbeats int
	closes     []int // codes with which the client closed; 1006 without one
	breaches   []string
}

func (g *gateway) all() []*conn { return slices.Clone(g.conns) }

// session outlives its connections.
type session struct {
	id      string
	shard   [2]int
	intents int
	seq     int64
	log     []frame // to replay
	conn    *conn   // nil while nobody is connected
}

type frame struct {
	seq  int64
	name string
	raw  []byte
}

// replayed is how many events a session keeps for a resume.
const replayed = 1000

// Opening is what happens to a connection when it is made, instead of the usual.
type Opening struct {
	silent    bool
	op        int // 7 or 9, in place of READY or RESUMED
	resumable bool
	code      int
	cut       bool
	stall     bool
}

// OpenSilent is a gateway that takes the connection and says nothing, no HELLO either.
func OpenSilent() Opening { return Opening{silent: true} }

// OpenStalled is a gateway that says HELLO and nothing after IDENTIFY.
func OpenStalled() Opening { return Opening{stall: true} }

// OpenReconnect is op 7 in place of READY or RESUMED.
func OpenReconnect() Opening { return Opening{op: 7} }

// OpenInvalid is op 9 in place of READY or RESUMED.
func OpenInvalid(resumable bool) Opening { return Opening{op: 9, resumable: resumable} }

// OpenClosed closes with a code in place of READY or RESUMED.
func OpenClosed(code int) Opening { return Opening{code: code} }

// OpenCut ends the TCP connection in place of READY or RESUMED.
func OpenCut() Opening { return Opening{cut: true} }

// OpenUsual is what happens without an Opening, to stand between others.
func OpenUsual() Opening { return Opening{} }

// NextOpenings says what the next connections meet, one after another; later ones meet the usual.
func (s *Server) NextOpenings(o ...Opening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gw.next = append(s.gw.next, o...)
}

// RefuseResumes answers the next n RESUMEs with op 9, not resumable.
func (s *Server) RefuseResumes(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gw.refuse = n
}

// Identify is one IDENTIFY that was accepted.
type Identify struct {
	Shard, Shards, Intents int
	Compress               bool
	At                     time.Time // real
}

// GatewayState is what the gateway has seen so far.
type GatewayState struct {
	Live       int // connections that are READY or RESUMED now
	Open       int // connections, those that are not yet ready too
	Identifies []Identify
	Resumes    int // RESUMEs received
	Resumed    int // and granted
	Heartbeats int
	Closes     []int    // codes with which the client closed, 1006 for a connection that just ended
	Breaches   []string // of max_concurrency and of 120 events a minute
}

// Gateway returns what the gateway has seen so far.
func (s *Server) Gateway() GatewayState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gatewayState()
}

func (s *Server) gatewayState() GatewayState {
	g := &s.gw
	st := GatewayState{Open: len(g.conns), Identifies: slices.Clone(g.identifies), Resumes: g.resumes, Resumed: g.resumed,
		Heartbeats: g.heartbeats, Closes: slices.Clone(g.closes), Breaches: slices.Clone(g.breaches)}
	for _, ses := range g.sessions {
		if ses.conn != nil {
			st.Live++
		}
	}
	return st
}

// WaitGateway waits until what the gateway has seen satisfies a condition, which must not call the server.
func (s *Server) WaitGateway(what string, ok func(GatewayState) bool) {
	if s.tb != nil {
		s.tb.Helper()
	}
	ctx, cancel := s.patience()
	defer cancel()
	if err := s.await(ctx, &s.notice, func() bool { return ok(s.gatewayState()) }); err != nil {
		s.fatal(fmt.Errorf("waiting for %s: %w; the gateway saw %+v", what, err, s.Gateway()))
	}
}

// WaitReady waits until n shards, 1 for 0, are connected and have got READY or RESUMED.
func (s *Server) WaitReady(n int) {
	if s.tb != nil {
		s.tb.Helper()
	}
	n = max(n, 1)
	s.WaitGateway(fmt.Sprintf("%d shards to be ready", n), func(st GatewayState) bool { return st.Live >= n })
}

// each does something with the connections of a shard, of all for -1.
func (s *Server) each(shard int, do func(*conn)) {
	s.mu.Lock()
	var conns []*conn
	for _, c := range s.gw.conns {
		if c.session != nil && (shard < 0 || c.session.shard[0] == shard) {
			conns = append(conns, c)
		}
	}
	s.mu.Unlock()
	for _, c := range conns {
		do(c)
	}
}

// Reconnect sends op 7 to the connections of a shard, of all for -1.
func (s *Server) Reconnect(shard int) {
	s.each(shard, func(c *conn) { c.send([]byte(`{"op":7,"d":null,"s":null,"t":null}`)) })
}

// InvalidateSession sends op 9; a session that is not resumable is forgotten.
func (s *Server) InvalidateSession(shard int, resumable bool) {
	s.each(shard, func(c *conn) {
		s.mu.Lock()
		if !resumable {
			s.end(c)
		}
		s.mu.Unlock()
		c.send(fmt.Appendf(nil, `{"op":9,"d":%t,"s":null,"t":null}`, resumable))
	})
}

// RequestHeartbeat sends op 1: the client has to answer at once.
func (s *Server) RequestHeartbeat(shard int) {
	s.each(shard, func(c *conn) { c.send([]byte(`{"op":1,"d":null,"s":null,"t":null}`)) })
}

// CloseGateway closes the connections of a shard with a code. After 4004, 4007, 4009 and 4010 to 4014 the
// session cannot be resumed.
func (s *Server) CloseGateway(shard, code int) {
	s.each(shard, func(c *conn) {
		if code >= 4010 || code == 4004 || code == 4007 || code == 4009 {
			s.mu.Lock()
			s.end(c)
			s.mu.Unlock()
		}
		c.close(code, "closed by the test")
	})
}

// CutGateway ends the TCP connections of a shard without a word; the session can be resumed.
func (s *Server) CutGateway(shard int) { s.each(shard, (*conn).cut) }

// Zombie makes the connections of a shard go on existing without sending or acknowledging anything.
func (s *Server) Zombie(shard int) {
	s.each(shard, func(c *conn) {
		c.mu.Lock()
		c.zombie = true
		c.mu.Unlock()
	})
}

// end forgets the session of a connection. The caller holds the server's lock.
func (s *Server) end(c *conn) {
	if c.session != nil {
		delete(s.gw.sessions, c.session.id)
		c.session.conn, c.session = nil, nil
	}
}

// conn is one connection of a client.
type conn struct {
	s       *Server
	ws      *websocket.Conn
	session *session // guarded by the server's lock
	opening Opening
	sent    []time.Time // events of the client in the last minute

	mu     sync.Mutex
	queue  [][]byte
	wake   chan struct{}
	zombie bool
	closed bool
	code   int
	reason string
	gone   chan struct{}
}

func (c *conn) send(raw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.zombie || c.closed {
		return
	}
	c.queue = append(c.queue, raw)
	c.nudge()
}

// close sends what is queued, then the code.
func (c *conn) close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed, c.code, c.reason = true, code, reason
		c.nudge()
	}
}

func (c *conn) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) cut() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	_ = c.ws.NetConn().Close()
}

// write sends what is queued until the connection is gone.
func (c *conn) write() {
	for {
		c.mu.Lock()
		queue, closing, code, reason := c.queue, c.closed, c.code, c.reason
		c.queue = nil
		c.mu.Unlock()
		for _, raw := range queue {
			if c.ws.WriteMessage(websocket.TextMessage, raw) != nil {
				_ = c.ws.Close()
				return
			}
		}
		if closing {
			if code != 0 {
				_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
				_ = c.ws.NetConn().SetReadDeadline(time.Now().Add(time.Second)) // a client need not answer the close
			}
			return
		}
		select {
		case <-c.wake:
		case <-c.gone:
			return
		}
	}
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	// Openings are given in the order in which the connections are asked for.
	s.mu.Lock()
	var opening Opening
	if len(s.gw.next) > 0 {
		opening, s.gw.next = s.gw.next[0], s.gw.next[1:]
	}
	s.mu.Unlock()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{s: s, ws: ws, opening: opening, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		_ = ws.Close()
		return
	}
	s.gw.conns = append(s.gw.conns, c)
	s.wake()
	s.work.Add(1)
	s.mu.Unlock()
	defer s.work.Done()

	var writer sync.WaitGroup
	writer.Go(c.write)
	code := c.run(r)

	c.mu.Lock()
	ours := c.closed
	c.mu.Unlock()
	s.mu.Lock()
	if c.session != nil {
		if !ours && (code == 1000 || code == 1001) {
			s.end(c) // a client that says goodbye has no session to come back to
		} else {
			c.session.conn = nil
		}
	}
	s.gw.conns = slices.DeleteFunc(s.gw.conns, func(x *conn) bool { return x == c })
	s.gw.closes = append(s.gw.closes, code)
	if len(s.gw.closes) > 10000 {
		s.gw.closes = s.gw.closes[5000:]
	}
	s.wake()
	s.mu.Unlock()
	close(c.gone)
	_ = ws.Close()
	writer.Wait()
}

// run speaks with the client until the connection ends, and returns the code that it closed with.
func (c *conn) run(r *http.Request) int {
	s := c.s
	q := r.URL.Query()
	if v := q.Get("v"); v != "9" && v != "10" || q.Get("encoding") != "json" {
		s.problem("gateway opened with v=%q and encoding=%q", v, q.Get("encoding"))
		c.close(4012, "Invalid API version.")
		return c.drain()
	}
	if !c.opening.silent {
		c.send(fmt.Appendf(nil, `{"op":10,"d":{"heartbeat_interval":%d,"_trace":["[\"gateway-test\"]"]},"s":null,"t":null}`,
			s.opt.Heartbeat.Milliseconds()))
	}
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			return codeOf(err)
		}
		if c.opening.silent {
			continue
		}
		if len(raw) > 4096 {
			s.problem("gateway event of %d bytes; 4096 are allowed", len(raw))
			c.close(4002, "Decode error.")
			continue
		}
		c.pace()
		var e struct {
			Op int             `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			s.problem("gateway event is not JSON: %v", err)
			c.close(4002, "Decode error.")
			continue
		}
		switch e.Op {
		case 1:
			s.mu.Lock()
			s.gw.heartbeats++
			ahead := c.session != nil && c.session.behind(e.D)
			s.wake()
			s.mu.Unlock()
			if ahead {
				s.problem("heartbeat with sequence %s, which was not sent yet", e.D)
			}
			c.send([]byte(`{"op":11,"d":null,"s":null,"t":null}`))
		case 2:
			c.identify(e.D)
		case 6:
			c.resume(e.D)
		case 3, 4, 8:
			if s.ready(c) == nil {
				c.close(4003, "Not authenticated.")
			}
		default:
			s.problem("gateway event with op %d", e.Op)
			c.close(4001, "Unknown opcode.")
		}
	}
}

// drain reads until the client has gone.
func (c *conn) drain() int {
	for {
		if _, _, err := c.ws.ReadMessage(); err != nil {
			return codeOf(err)
		}
	}
}

func codeOf(err error) int {
	if e, ok := err.(*websocket.CloseError); ok {
		return e.Code
	}
	return websocket.CloseAbnormalClosure
}

func (s *Server) ready(c *conn) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.session
}

// pace counts the client's events: 120 a minute are allowed.
func (c *conn) pace() {
	now := time.Now()
	c.sent = append(slices.DeleteFunc(c.sent, func(t time.Time) bool { return now.Sub(t) > time.Minute }), now)
	if len(c.sent) > 120 {
		c.s.mu.Lock()
		c.s.gw.breaches = append(c.s.gw.breaches, "more than 120 events in a minute")
		c.s.mu.Unlock()
		c.close(4008, "Rate limited.")
	}
}

// opened does what the connection was set up to meet in place of READY; done is false for the usual.
func (c *conn) opened() (done bool) {
	o := c.opening
	c.opening = Opening{}
	switch {
	case o.stall:
	case o.op == 7:
		c.send([]byte(`{"op":7,"d":null,"s":null,"t":null}`))
	case o.op == 9:
		c.send(fmt.Appendf(nil, `{"op":9,"d":%t,"s":null,"t":null}`, o.resumable))
	case o.code != 0:
		c.close(o.code, "closed by the test")
	case o.cut:
		c.cut()
	default:
		return false
	}
	return true
}

func (c *conn) identify(raw json.RawMessage) {
	s := c.s
	var d struct {
		Token      string            `json:"token"`
		Intents    *int              `json:"intents"`
		Shard      *[2]int           `json:"shard"`
		Compress   bool              `json:"compress"`
		Properties map[string]string `json:"properties"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		s.problem("IDENTIFY cannot be read: %v", err)
		c.close(4002, "Decode error.")
		return
	}
	shard := [2]int{0, 1}
	if d.Shard != nil {
		shard = *d.Shard
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.session != nil:
		c.close(4005, "Already authenticated.")
		return
	case s.revoked || d.Token != s.Token && d.Token != "Bot "+s.Token:
		c.close(4004, "Authentication failed.")
		return
	case shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]:
		c.close(4010, "Invalid shard.")
		return
	case shard[1] < s.opt.MinShards:
		c.close(4011, "Sharding required.")
		return
	case d.Intents == nil || *d.Intents < 0 || *d.Intents&^intentsKnown != 0:
		c.close(4013, "Invalid intent(s).")
		return
	case *d.Intents&intentsPrivileged&^s.opt.Privileged != 0:
		c.close(4014, "Disallowed intent(s).")
		return
	}
	now := time.Now()
	key := shard[0] % s.opt.MaxConcurrency
	for _, i := range s.gw.identifies {
		// A little less than the time asked for counts as kept: what is measured here is when they arrive.
		if i.Shard%s.opt.MaxConcurrency == key && now.Sub(i.At) < s.opt.IdentifyEvery*98/100 {
			s.gw.breaches = append(s.gw.breaches, fmt.Sprintf("IDENTIFY of shard %d came %v after that of shard %d; max_concurrency is %d",
				shard[0], now.Sub(i.At).Round(time.Millisecond), i.Shard, s.opt.MaxConcurrency))
			break
		}
	}
	s.gw.identifies = append(s.gw.identifies, Identify{shard[0], shard[1], *d.Intents, d.Compress, now})
	s.wake()
	if c.opened() {
		return
	}
	s.gw.serial++
	ses := &session{id: fmt.Sprintf("%032x", s.gw.serial), shard: shard, intents: *d.Intents, conn: c}
	s.gw.sessions[ses.id] = ses
	c.session = ses
	guilds := []any{}
	for _, g := range s.guilds {
		if !g.away && shardOf(g.ID, shard[1]) == shard[0] {
			guilds = append(guilds, map[string]any{"id": g.ID, "unavailable": true})
		}
	}
	user := s.bot.json()
	user["verified"], user["mfa_enabled"], user["flags"], user["email"] = true, true, 0, nil
	hello, _ := json.Marshal(map[string]any{"v": 10, "user": user, "guilds": guilds, "session_id": ses.id, "resume_gateway_url": s.gw.url,
		"shard": shard[:], "application": map[string]any{"id": s.AppID, "flags": 0}, "session_type": "normal", "private_channels": []any{},
		"relationships": []any{}, "presences": []any{}, "guild_join_requests": []any{}, "user_settings": map[string]any{}})
	ses.event("READY", hello)
	if ses.intents&intentGuilds != 0 {
		for _, g := range s.guilds {
			if !g.away && shardOf(g.ID, shard[1]) == shard[0] {
				raw, _ := json.Marshal(s.guildJSON(g))
				ses.event("GUILD_CREATE", raw)
			}
		}
	}
}

func (c *conn) resume(raw json.RawMessage) {
	s := c.s
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		s.problem("RESUME cannot be read: %v", err)
		c.close(4002, "Decode error.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gw.resumes++
	s.wake()
	if s.revoked || d.Token != s.Token && d.Token != "Bot "+s.Token {
		c.close(4004, "Authentication failed.")
		return
	}
	if c.session != nil {
		c.close(4005, "Already authenticated.")
		return
	}
	ses := s.gw.sessions[d.Session]
	if ses != nil && d.Seq > ses.seq {
		c.close(4007, "Invalid seq.")
		delete(s.gw.sessions, ses.id)
		return
	}
	lost := ses != nil && len(ses.log) > 0 && ses.log[0].seq > d.Seq+1
	if ses == nil || s.gw.refuse > 0 || lost {
		s.gw.refuse = max(0, s.gw.refuse-1)
		if ses != nil {
			delete(s.gw.sessions, ses.id)
		}
		c.send([]byte(`{"op":9,"d":false,"s":null,"t":null}`))
		return
	}
	if c.opened() {
		return
	}
	if old := ses.conn; old != nil && old != c {
		old.session = nil
		old.cut()
	}
	ses.conn, c.session = c, ses
	for _, f := range ses.log {
		if f.seq > d.Seq && f.name != "RESUMED" {
			c.send(f.raw)
		}
	}
	s.gw.resumed++
	ses.event("RESUMED", []byte(`{"_trace":["[\"gateway-test\"]"]}`))
}

// behind says whether a heartbeat names an event that the session has not sent.
func (ses *session) behind(seq json.RawMessage) bool {
	n, err := strconv.ParseInt(string(seq), 10, 64)
	return err == nil && n > ses.seq
}

// event sends an event on a session, and keeps it for a resume. The caller holds the server's lock.
func (ses *session) event(name string, data []byte) {
	ses.seq++
	var b bytes.Buffer
	b.Grow(len(data) + 64)
	b.WriteString(`{"op":0,"t":"` + name + `","s":` + strconv.FormatInt(ses.seq, 10) + `,"d":`)
	b.Write(data)
	b.WriteByte('}')
	f := frame{ses.seq, name, b.Bytes()}
	if len(ses.log) >= 2*replayed {
		ses.log = append(ses.log[:0], ses.log[replayed:]...)
	}
	ses.log = append(ses.log, f)
	if ses.conn != nil {
		ses.conn.send(f.raw)
	}
}

// dispatch sends an event to the sessions of the guild's shard that have the intent, 0 for none needed. It
// returns how many sessions there were, those that could be resumed included.
func (s *Server) dispatch(guild string, intent int, name string, data []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dispatchLocked(guild, intent, name, data)
}

func (s *Server) dispatchLocked(guild string, intent int, name string, data []byte) int {
	n := 0
	for _, ses := range s.gw.sessions {
		if shardOf(guild, ses.shard[1]) == ses.shard[0] && (intent == 0 || ses.intents&intent != 0) {
			ses.event(name, data)
			n++
		}
	}
	return n
}

// announce tells the gateway of a message. The caller holds the lock.
func (s *Server) announce(event string, m *message) int {
	intent := intentGuildMessages
	if m.channel.guild == nil {
		intent = intentDirectMessages
	}
	if m.channel.private || m.channel.guild != nil && m.channel.guild.away {
		return 0
	}
	d := m.json(s, false)
	if g := m.channel.guild; g != nil {
		d["guild_id"] = g.ID
		if !m.author.bot {
			mem := m.author.member(m.channel)
			delete(mem, "user")
			delete(mem, "permissions")
			d["member"] = mem
		}
	}
	if m.alter != nil {
		m.alter(d)
	}
	raw, _ := json.Marshal(d)
	return s.dispatchLocked(m.channel.guildID(), intent, event, raw)
}
