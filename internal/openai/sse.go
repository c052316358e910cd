package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxEvent bounds one line of a stream: a piece of text is a few bytes, and the largest chunk that means
// anything repeats the whole answer.
const maxEvent = 1 << 20

// maxSilence bounds what comes between two lines of data, in bytes. Servers keep a connection alive with a
// comment now and then; megabytes of them are a flood.
const maxSilence = 256 << 10

// events reduces a stream of server-sent events to its lines of data, which is all go-openai needs:
// comments, blank lines, ids and names of events are left out, however many there are. An error ends the
// stream as an *Error, in whichever shape it comes. A last line that was cut in the middle is left out.
//
// The format is https://html.spec.whatwg.org/multipage/server-sent-events.html, with two liberties that
// servers take: a line of bare JSON counts as data, and llama.cpp has a field named error.
type events struct {
	in      *bufio.Reader
	body    *guarded
	request []byte
	out     []byte // of a line, not yet read
	silence int    // bytes since the last line of data
	event   string // the field event of the current event
	partial []byte // a document that goes on in the next line of data
	err     error
	then    func()
}

func newEvents(g *guarded, request []byte) *events {
	return &events{in: bufio.NewReaderSize(g, 8<<10), body: g, request: request}
}

func (s *events) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.next()
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// next reads one line into out, or sets err.
func (s *events) next() {
	line, err := s.line()
	if err != nil && len(line) == 0 {
		s.err = err
		return
	}
	last := err != nil
	size := len(line)
	line = bytes.TrimRight(line, "\r\n")
	field, value, found := bytes.Cut(line, []byte(":"))
	switch {
	case len(line) == 0:
		s.event = ""
		if len(s.partial) > 0 {
			s.data(nil, true)
		}
	case line[0] == '{':
		s.data(line, last)
	case !found || len(field) == 0: // a comment, or a field without a value
	case string(field) == "data":
		s.data(bytes.TrimSpace(value), last)
	case string(field) == "event":
		s.event = string(bytes.TrimSpace(value))
	case string(field) == "error":
		s.fail(bytes.TrimSpace(value))
	}
	if len(s.out) == 0 && len(s.partial) == 0 {
		s.silence += size
	}
	switch {
	case s.err != nil:
	case last:
		s.err = err
	case s.silence > maxSilence:
		s.err = s.body.fail(&Error{Kind: BadResponse, Detail: "it keeps the connection open and says nothing"})
	}
}

// line reads up to and including a line end, of any length within bounds. The bytes are valid until the
// next call.
func (s *events) line() ([]byte, error) {
	line, err := s.in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	long := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(long) > maxEvent {
			return nil, s.body.fail(&Error{Kind: BadResponse, Detail: fmt.Sprintf("an event is longer than %d bytes", maxEvent)})
		}
		line, err = s.in.ReadSlice('\n')
		long = append(long, line...)
	}
	return long, err
}

// data takes one line of data. Documents are written on one line by every server that does well; one that
// is not whole is kept until the event ends.
func (s *events) data(doc []byte, last bool) {
	if len(s.partial) > 0 {
		s.partial = append(append(s.partial, '\n'), doc...)
		if !json.Valid(s.partial) {
			// Without a line of data the event is over, and never became whole.
			if len(doc) == 0 || len(s.partial) > maxEvent {
				s.bad()
			}
			return
		}
		var one bytes.Buffer
		_ = json.Compact(&one, s.partial) // it is valid
		doc, s.partial = one.Bytes(), nil
	}
	switch {
	case len(doc) == 0:
		return
	case string(doc) == "[DONE]":
		s.emit(doc)
		return
	case s.event == "error":
		s.fail(doc)
		return
	case bytes.Contains(doc, []byte(`"choices"`)) && !bytes.Contains(doc, []byte(`"error"`)):
		// The usual case, which go-openai decodes. One that is broken shows there.
		if last && !json.Valid(doc) {
			return
		}
		s.emit(doc)
		return
	case !json.Valid(doc):
		if doc[0] == '{' && !last {
			s.partial = bytes.Clone(doc)
			return
		}
		if !last {
			s.bad()
		}
		return
	}
	if p, ok := parseProblem(doc); ok {
		s.problem(p)
		return
	}
	s.emit(doc)
}

func (s *events) emit(doc []byte) {
	s.silence = 0
	s.out = append(append(append(s.out[:0:0], "data: "...), doc...), '\n')
}

// fail ends the stream with what is an error by its field or event.
func (s *events) fail(doc []byte) {
	p, ok := parseProblem(doc)
	if !ok {
		var in struct{ Message, Type string }
		if json.Unmarshal(doc, &in) != nil {
			in.Message = string(doc)
		}
		p = problem{message: in.Message, kind: in.Type}
	}
	s.problem(p)
}

func (s *events) problem(p problem) {
	e := streamError(p)
	e.redact(s.body.t.key, s.request)
	if e.Detail == "" {
		e.Detail = "the server failed in the middle"
	}
	s.err = s.body.fail(e)
}

func (s *events) bad() {
	s.err = s.body.fail(&Error{Kind: BadResponse, Detail: "an event is not JSON"})
}

func (s *events) Close() error {
	err := s.body.Close()
	if s.then != nil {
		s.then()
		s.then = nil
	}
	return err
}

func (s *events) onClose(f func()) { s.then = f }

var _ io.ReadCloser = (*events)(nil)
