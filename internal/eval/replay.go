package eval

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"policybot/answer"
)

// Exchange is one request to a model and what came back: a line of a recording. It holds what was said and
// nothing of how the endpoint was reached, so no key, address or header can be in it.
type Exchange struct {
	Model   string           `json:"model"`
	Digest  string           `json:"digest"` // of the request, by which it is found again
	System  string           `json:"system,omitempty"`
	Turns   []answer.Message `json:"turns"`
	Max     int              `json:"max_tokens,omitempty"`
	Warmth  float32          `json:"temperature,omitempty"`
	JSON    bool             `json:"json,omitempty"`
	Lines   []string         `json:"lines"`
	Usage   answer.Usage     `json:"usage"`
	Failure string           `json:"failure,omitempty"` // "failed", "timeout" or "cancelled"; never the error's own words
}

// digest names a request by its content and the model it is for.
func digest(model string, r answer.ModelRequest) string {
	data, err := json.Marshal(struct {
		Model string
		R     answer.ModelRequest
	}{model, r})
	if err != nil {
		panic(err) // unreachable: strings and numbers
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

// Recorder is a Model that writes each exchange of another to a file, one JSON object per line, as soon as
// it is over. It is safe for concurrent use.
type Recorder struct {
	model answer.Model

	mu  sync.Mutex
	out *json.Encoder
	err error
}

// NewRecorder returns a model that does what m does and records it.
func NewRecorder(m answer.Model, w io.Writer) *Recorder {
	r := &Recorder{model: m, out: json.NewEncoder(w)}
	r.out.SetEscapeHTML(false)
	return r
}

// Name is that of the model recorded.
func (r *Recorder) Name() string { return r.model.Name() }

// Stream asks the model and records what it says.
func (r *Recorder) Stream(ctx context.Context, req answer.ModelRequest, line func(string) error) (answer.Usage, error) {
	x := Exchange{Model: r.Name(), Digest: digest(r.Name(), req), System: req.System, Turns: req.Messages, Max: req.MaxTokens, Warmth: req.Temperature, JSON: req.JSON, Lines: []string{}}
	var enough error // the drafter's own, for having read enough: the recording is whole as far as it was read
	usage, err := r.model.Stream(ctx, req, func(s string) error {
		x.Lines = append(x.Lines, s)
		enough = line(s)
		return enough
	})
	x.Usage = usage
	switch {
	case err == nil || enough != nil && errors.Is(err, enough):
	case errors.Is(err, context.DeadlineExceeded):
		x.Failure = "timeout"
	case errors.Is(err, context.Canceled):
		x.Failure = "cancelled"
	default:
		x.Failure = "failed"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if werr := r.out.Encode(x); werr != nil {
		r.err = errors.Join(r.err, werr)
	}
	return usage, err
}

// Err returns what went wrong in writing, nil when the recording is whole.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return fmt.Errorf("eval: record: %w", r.err)
	}
	return nil
}

// ErrNotRecorded is what a Replay answers a request with that its recording does not hold.
var ErrNotRecorded = errors.New("eval: the recording does not hold this request: prompt, library, question or date differ from those recorded")

// Replay is a Model that says again what was recorded, without a network. The same request gets its
// exchanges in the order recorded, and the last of them again and again. It is safe for concurrent use.
type Replay struct {
	name string

	mu   sync.Mutex
	next map[string][]Exchange
	used map[string]bool
}

// LoadReplay reads a recording. All of it has to be of one model.
func LoadReplay(in io.Reader) (*Replay, error) {
	r := &Replay{next: map[string][]Exchange{}, used: map[string]bool{}}
	s := bufio.NewScanner(in)
	s.Buffer(nil, 16<<20)
	for n := 1; s.Scan(); n++ {
		if len(s.Bytes()) == 0 {
			continue
		}
		var x Exchange
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			return nil, fmt.Errorf("eval: replay: line %d: %w", n, err)
		}
		if x.Model == "" || x.Digest == "" {
			return nil, fmt.Errorf("eval: replay: line %d is no exchange with a model", n)
		}
		if r.name != "" && x.Model != r.name {
			return nil, fmt.Errorf("eval: replay: line %d is of the model %q, those before of %q", n, x.Model, r.name)
		}
		r.name = x.Model
		r.next[x.Digest] = append(r.next[x.Digest], x)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("eval: replay: %w", err)
	}
	if r.name == "" {
		return nil, errors.New("eval: replay: the recording is empty")
	}
	return r, nil
}

// Name is that of the model recorded.
func (r *Replay) Name() string { return r.name }

// Stream says what was recorded for the request.
func (r *Replay) Stream(ctx context.Context, req answer.ModelRequest, line func(string) error) (answer.Usage, error) {
	d := digest(r.name, req)
	r.mu.Lock()
	left := r.next[d]
	if len(left) > 1 {
		r.next[d] = left[1:]
	}
	r.used[d] = true
	r.mu.Unlock()
	if len(left) == 0 {
		return answer.Usage{}, ErrNotRecorded
	}
	x := left[0]
	for _, s := range x.Lines {
		if err := ctx.Err(); err != nil {
			return x.Usage, err
		}
		if err := line(s); err != nil {
			return x.Usage, err
		}
	}
	switch x.Failure {
	case "":
		return x.Usage, nil
	case "timeout":
		return x.Usage, context.DeadlineExceeded
	case "cancelled":
		return x.Usage, context.Canceled
	}
	return x.Usage, errors.New("eval: the model failed when this was recorded")
}

// Unused returns the digests of the recorded requests that nobody made, and of those made that were not
// recorded, each sorted: a recording that no longer fits has both.
func (r *Replay) Unused() (recorded, missed []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for d := range r.next {
		if !r.used[d] {
			recorded = append(recorded, d)
		}
	}
	for d := range r.used {
		if len(r.next[d]) == 0 {
			missed = append(missed, d)
		}
	}
	slices.Sort(recorded)
	slices.Sort(missed)
	return recorded, missed
}
