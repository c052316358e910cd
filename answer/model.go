package answer

import "context"

// Model is a language model that writes text. It drafts and is never believed: what it writes reaches an
// Answer only through Verify. Implementations are safe for concurrent use.
type Model interface {
	// Name identifies the model; it is part of cache keys and of what is recorded about cost.
	Name() string
	// Stream sends a conversation and calls line for each complete line of text as it arrives, without
	// its line ending; text after the last line ending is a line of its own. Calls of line do not
	// overlap, and none happens after Stream has returned. Stream stops when ctx is done or line returns
	// an error, and then returns that error. A stream that breaks off before the model has finished is
	// an error, however much came. Usage is what the request cost as far as known, also beside an error.
	Stream(ctx context.Context, r ModelRequest, line func(string) error) (Usage, error)
}

// ModelRequest is one conversation to be continued.
type ModelRequest struct {
	System      string
	Messages    []Message
	MaxTokens   int // bound on what the model may write; 0 leaves it to the endpoint
	Temperature float32
	// JSON says that the whole reply is one JSON object, which an endpoint may enforce ("json_object").
	// Drafts, which are one object per line, leave it unset.
	JSON bool
}

// Message is one turn of a conversation; Role is "user" or "assistant".
type Message struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// Usage counts the tokens of a request.
type Usage struct {
	Prompt     int  `json:"prompt"`
	Completion int  `json:"completion"`
	Cached     int  `json:"cached,omitempty"`    // of Prompt, those that the endpoint had cached
	Estimated  bool `json:"estimated,omitempty"` // counted by us, since the endpoint did not say
}
