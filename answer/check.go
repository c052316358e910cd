package answer

import "context"

// Standing is how a statement stands to the library.
type Standing string

// The standings of a statement.
const (
	Supported    Standing = "supported"    // a passage says it
	Contradicted Standing = "contradicted" // a passage says of the same thing something else
	NotHeld      Standing = "not_held"     // the library does not speak of it, or not clearly
)

// Finding is what the library holds about one statement of a text.
type Finding struct {
	Sentence  string     `json:"sentence"` // as it stands in the text
	Standing  Standing   `json:"standing"`
	Citations []Citation `json:"citations"` // none when not held; N counts over all findings of a text
	Sources   []Source   `json:"sources"`   // of the citations
	Why       []string   `json:"why"`       // when contradicted, the checks that failed: number, date, name, polarity
	AsOf      string     `json:"as_of"`     // of what is cited
}

// MaxStatements is how many statements of one text are checked.
const MaxStatements = 8

// Check tells for each statement of a text what the library holds of it.
func (e *Engine) Check(ctx context.Context, text, language string) ([]Finding, error) {
	return nil, ctx.Err()
}
