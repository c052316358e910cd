package bot

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// errInvalidSession is what discordgo gets when it wants to IDENTIFY on its own.
var errInvalidSession = errors.New("discord has invalidated the session")

// Close codes that we send. Discord forgets the session of a connection that is closed with 1000 or 1001,
// and keeps for some minutes that of any other, so that it can be resumed.
const (
	closeGone   = 1000
	closeResume = 4000
)

const (
	writeTimeout = 10 * time.Second
	leaveTimeout = 2 * time.Second // for Discord to close its side
)

// conduit is what lies below the websocket of a discordgo.Session: it makes the session's one connection,
// and holds discordgo to what it does not do by itself.
//
//   - A read that gets nothing for idle fails. discordgo reads without a deadline, and would wait for ever
//     for a gateway that says nothing.
//   - The time of the last read is kept outside of the session's lock, which a hanging Open holds for ever.
//   - One IDENTIFY passes, in whose place a RESUME is sent when there is a session to resume. discordgo can
//     resume only from the Session that hung or failed, whose goroutines may still close what is opened
//     after them. And it answers each "invalid session" with an IDENTIFY at once, so a gateway that keeps
//     saying so would use up the thousand of a day, after which Discord resets the token.
//   - discordgo closes with 1000 whatever the cause. That is sent as 4000, which leaves the session to be
//     resumed, except at the end.
type conduit struct {
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	tls    *tls.Config
	idle   time.Duration
	resume []byte // the RESUME, nil for an IDENTIFY
	m      *Metrics

	begun   atomic.Bool  // IDENTIFY or RESUME was sent
	invalid atomic.Bool  // another IDENTIFY was wanted
	read    atomic.Int64 // when something was read last, in Unix nanoseconds
	away    atomic.Int64 // since when nobody has been reading, in Unix nanoseconds; 0 while somebody is

	mu   sync.Mutex
	conn *socket
	over bool // no connection is made any more
}

// dialPlain and dialTLS are the dial functions of a websocket.Dialer.
func (l *conduit) dialPlain(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return l.wrap(conn)
}

// dialTLS does the handshake itself, so that the socket lies above the encryption and sees the frames.
func (l *conduit) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{}
	if l.tls != nil {
		config = l.tls.Clone()
	}
	if config.ServerName == "" {
		config.ServerName, _, err = net.SplitHostPort(address)
		if err != nil {
			conn.Close()
			return nil, err
		}
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return l.wrap(secure)
}

func (l *conduit) wrap(conn net.Conn) (net.Conn, error) {
	s := &socket{Conn: conn, link: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		conn.Close()
		return nil, net.ErrClosed
	}
	l.conn = s
	return s, nil
}

// silent returns how long ago something was read last.
func (l *conduit) silent() time.Duration { return time.Since(time.Unix(0, l.read.Load())) }

// unread returns for how long nobody has been reading, though there is a connection.
func (l *conduit) unread() time.Duration {
	if at := l.away.Load(); at != 0 {
		return time.Since(time.Unix(0, at))
	}
	return 0
}

// leave closes the connection with a code; reading from it then ends soon, whatever the other side does.
func (l *conduit) leave(code int) {
	l.mu.Lock()
	s := l.conn
	l.over = true
	l.mu.Unlock()
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.bye(code)
	s.leaving.Store(true)
	_ = s.Conn.SetReadDeadline(time.Now().Add(leaveTimeout))
}

// cut ends the connection at once.
func (l *conduit) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.conn != nil {
		l.conn.Close()
	}
}

// socket is the connection of a conduit.
type socket struct {
	net.Conn
	link    *conduit
	leaving atomic.Bool // it is to end soon

	mu   sync.Mutex // a frame is written whole
	said bool       // the close frame
}

func (s *socket) Read(b []byte) (int, error) {
	if !s.leaving.Load() {
		_ = s.Conn.SetReadDeadline(time.Now().Add(s.link.idle))
		if s.leaving.Load() { // since then: its deadline holds
			_ = s.Conn.SetReadDeadline(time.Now().Add(leaveTimeout))
		}
	}
	s.link.away.Store(0)
	n, err := s.Conn.Read(b)
	now := time.Now().UnixNano()
	s.link.away.Store(now)
	if n > 0 {
		s.link.read.Store(now)
	}
	return n, err
}

// Write sends what gorilla/websocket writes: first its handshake, which is ASCII, then one frame at a time.
func (s *socket) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(b) > 0 && b[0] == 0x88: // a close frame
		return len(b), s.bye(closeResume)
	case isIdentify(b):
		if s.link.begun.Swap(true) {
			s.link.invalid.Store(true)
			s.Conn.Close()
			return 0, errInvalidSession
		}
		if s.link.resume != nil {
			return len(b), s.frame(0x81, s.link.resume)
		}
		s.link.m.identify()
	}
	_ = s.Conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	return s.Conn.Write(b)
}

// bye sends a close frame, once. The caller holds mu.
func (s *socket) bye(code int) error {
	if s.said {
		return nil
	}
	s.said = true
	return s.frame(0x88, binary.BigEndian.AppendUint16(nil, uint16(code)))
}

// frame sends a frame of a client (RFC 6455, section 5.2) of less than 64 KiB; first is its first byte. The
// caller holds mu.
func (s *socket) frame(first byte, payload []byte) error {
	b := []byte{first}
	if len(payload) < 126 {
		b = append(b, 0x80|byte(len(payload)))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(len(payload)))
	}
	var mask [4]byte
	_, _ = rand.Read(mask[:]) // never fails
	b = append(b, mask[:]...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	_ = s.Conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	_, err := s.Conn.Write(b)
	return err
}

// isIdentify reports whether a client's frame (RFC 6455, section 5.2) is a text that begins as discordgo
// writes its IDENTIFY.
func isIdentify(b []byte) bool {
	want := []byte(`{"op":2,`)
	if len(b) < 2 || b[0]&0x0f != 1 || b[0]&0x70 != 0 || b[1]&0x80 == 0 {
		return false
	}
	at := 2
	switch b[1] & 0x7f {
	case 126:
		at += 2
	case 127:
		at += 8
	}
	if len(b) < at+4+len(want) {
		return false
	}
	mask, text := b[at:at+4], bytes.Clone(b[at+4:at+4+len(want)])
	for i := range text {
		text[i] ^= mask[i%4]
	}
	return bytes.Equal(text, want)
}
