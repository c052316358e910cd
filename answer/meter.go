package answer

import "time"

// Meter is told what is asked of the model and what comes of it, as it happens. Its methods are called at the
// same time from several goroutines and have to be quick. What it is told are constants of this package and
// numbers, never anybody's words.
type Meter interface {
	// Called counts a request: "draft", "repair", "judge" or "rewrite", how it ended, and how long it took.
	Called(purpose string, how Outcome, took time.Duration)
	// Spent counts what a request has cost, in tokens and in millionths of the currency of the prices. It may
	// come some seconds after Called, and does not when the request cost nothing.
	Spent(purpose string, u Usage, micros int64)
	// Answered counts a question that was for the model, by what answered it.
	Answered(by By)
}

// Outcome is how a request to the model ended.
type Outcome string

// The outcomes.
const (
	Finished     Outcome = "finished"    // the model had said all that it wanted, or all that an answer takes
	Failed       Outcome = "failed"      // the endpoint did not do what it should, or wrote what cannot be read
	Left         Outcome = "left"        // the time was over, or nobody waited any more
	Busy         Outcome = "busy"        // not made: there were too many at once
	Unaffordable Outcome = "over_budget" // not made: the budget does not allow it
)

// By is what a question that was for the model was answered by.
type By string

// What answers.
const (
	ByModel    By = "model"
	ByCache    By = "cache"    // of what the model had answered before
	BySources  By = "sources"  // the model said that the passages do not answer
	ByFallback By = "fallback" // the model failed
	OverBudget By = "over_budget"
)

// unmetered hears nothing.
type unmetered struct{}

func (unmetered) Called(string, Outcome, time.Duration) {}
func (unmetered) Spent(string, Usage, int64)            {}
func (unmetered) Answered(By)                           {}
