package answer

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Bounds of what is read of a model's reply. Prompt, schema (prompt/claim.schema.json) and this parser
// change together.
const (
	maxReply   = 64 << 10 // bytes of a reply, after which the model is stopped
	maxLines   = 400      // lines of a reply
	maxValue   = 8 << 10  // bytes of one JSON value
	maxDepth   = 4        // nesting of one JSON value
	maxDrafts  = 24       // claims of a reply that are looked at
	maxCites   = 3        // quotes of a claim
	maxRejects = 6        // rejected claims that are worth a repair
)

// errTooMuch stops a model that does not stop by itself.
var errTooMuch = errors.New("the model writes without end")

// drafted is a claim as a model wrote it. Nothing of it is to be believed.
type drafted struct {
	Text  string  `json:"text"`
	Cites []cited `json:"cites"`
}

type cited struct {
	P     looseInt `json:"p"` // number of a passage, from 1
	Quote string   `json:"quote"`
}

// looseInt is a JSON number that some models write as a string.
type looseInt int

func (n *looseInt) UnmarshalJSON(b []byte) error {
	var i int
	if err := json.Unmarshal(bytes.Trim(b, `"`), &i); err != nil {
		return err
	}
	*n = looseInt(i)
	return nil
}

// draftReader takes the lines of a reply and gives the claims in them. One JSON object per line is what
// was asked for; it also reads what models make of that: code fences, blank lines and prose between, an
// array of objects, an object broken over lines or wrapped as {"claims":[…]}. What is no claim is passed
// over. The zero value is ready.
type draftReader struct {
	bytes, lines, claims int
	none                 bool // the model said that the passages do not answer
	open                 []byte
}

// line takes the next line and returns the claims that it completes. The error is errTooMuch.
func (r *draftReader) line(s string) ([]drafted, error) {
	r.bytes += len(s) + 1
	r.lines++
	if r.bytes > maxReply || r.lines > maxLines || r.claims >= maxDrafts {
		return nil, errTooMuch
	}
	s = strings.Trim(s, " \t\r\n\ufeff")
	if s == "" || strings.HasPrefix(s, "```") {
		return nil, nil
	}
	if len(r.open) > 0 && s[0] == '{' && closed(s) && (strings.Contains(s, `"text"`) || strings.Contains(s, `"none"`)) {
		r.open = nil // what came before was cut off
	}
	if len(r.open) == 0 {
		if i := strings.IndexByte(s, '{'); i > 0 && strings.Trim(s[:i], " [-*•\t0123456789.") == "" {
			s = s[i:]
		}
		if s[0] != '{' {
			return nil, nil
		}
	} else {
		r.open = append(r.open, ' ')
	}
	r.open = append(r.open, s...)
	if len(r.open) > maxValue {
		r.open = nil
		return nil, nil
	}
	var out []drafted
	for len(r.open) > 0 {
		n, state := scan(r.open)
		if state == unfinished {
			return r.count(out), nil
		}
		if state == broken {
			r.open = nil
			return r.count(out), nil
		}
		out = append(out, r.value(r.open[:n])...)
		rest := bytes.TrimLeft(r.open[n:], " \t,]")
		if len(rest) == 0 || rest[0] != '{' {
			rest = nil
		}
		r.open = rest
	}
	return r.count(out), nil
}

func (r *draftReader) count(out []drafted) []drafted {
	out = out[:min(len(out), maxDrafts-r.claims)]
	r.claims += len(out)
	return out
}

// value reads one whole JSON object.
func (r *draftReader) value(b []byte) []drafted {
	var v struct {
		drafted
		None   bool      `json:"none"`
		Claims []drafted `json:"claims"`
	}
	if json.Unmarshal(b, &v) != nil {
		return nil
	}
	if v.Text == "" && len(v.Claims) == 0 {
		r.none = r.none || v.None
		return nil
	}
	if v.Text != "" {
		v.Claims = append([]drafted{v.drafted}, v.Claims...)
	}
	return v.Claims
}

type scanned int

const (
	complete scanned = iota
	unfinished
	broken
)

// scan finds the end of the JSON object at the beginning of b, without recursion. It is broken when it
// nests too deep or closes what it did not open.
func scan(b []byte) (int, scanned) {
	var stack [maxDepth + 1]byte
	depth, quoted, escaped := 0, false, false
	for i, c := range b {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			if depth > maxDepth {
				return 0, broken
			}
			stack[depth] = c + 2 // the bracket that closes it, in ASCII
			depth++
		case c == '}' || c == ']':
			depth--
			if depth < 0 || stack[depth] != c {
				return 0, broken
			}
			if depth == 0 {
				return i + 1, complete
			}
		}
	}
	return 0, unfinished
}

func closed(s string) bool {
	_, state := scan([]byte(s))
	return state == complete
}

// reply gathers a reply that is one JSON object, and reads it into v.
type reply struct {
	b []byte
}

func (r *reply) line(s string) error {
	if len(r.b)+len(s) > maxValue {
		return errTooMuch
	}
	r.b = append(append(r.b, s...), ' ')
	return nil
}

// read reads the object, whatever stands around it.
func (r *reply) read(v any) error {
	i := bytes.IndexByte(r.b, '{')
	if i < 0 {
		return errors.New("the model's reply holds no JSON object")
	}
	n, state := scan(r.b[i:])
	if state != complete {
		return errors.New("the model's reply is no whole JSON object")
	}
	return json.Unmarshal(r.b[i:i+n], v)
}
