package answer

import (
	"context"
	"time"
)

// Ledger remembers what the model cost. It is safe for concurrent use, and what Record has returned nil
// for outlives the process.
type Ledger interface {
	// Spent returns what was spent since a time by a person, by a server, or by all ("" and "").
	Spent(ctx context.Context, since time.Time, person, guild string) (Spend, error)
	Record(ctx context.Context, s SpendEntry) error
}

// Spend is a sum of what was spent.
type Spend struct {
	Prompt, Completion int64 // tokens
	Micros             int64 // millionths of the currency of the price table
	Calls              int64
}

// SpendEntry is what one request to the model cost.
type SpendEntry struct {
	At      time.Time
	Person  string // keyed hash or id; "" in a terminal
	Guild   string // server; "" outside of one
	Model   string
	Purpose string // "draft", "repair", "judge", "rewrite"
	Usage   Usage
	Micros  int64
}
