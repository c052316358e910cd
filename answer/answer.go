// Package answer turns a question and a library into claims that each carry their proof.
//
//	question → Plan → Search → Draft → Verify → number, date, disagreement → Answer → a renderer per surface
//
// The extractive drafter picks sentences of the library, offline. With a Model, that writes claims of its
// own, one JSON object per line (generate.go); the extractive answer is made all the same, and is given
// when the model fails, dawdles, is over its budget (budget.go) or writes nothing that can be proven.
//
// Whatever drafts, nothing is a claim until package verify has seen that every citation is a verbatim span of a
// stored article and that every number, date and name of the claim stands there or in the question. An
// Answer without claims is not an error: it is how the engine says that the library does not hold it.
package answer

import (
	"encoding/json"
	"math"
	"time"

	"policybot/answer/verify"
	"policybot/corpus"
)

// Status says what became of a question.
type Status string

// The outcomes. Only Answered and a corrected premise carry claims.
const (
	Answered   Status = "answered"
	NotCovered Status = "not_covered"  // the library does not say; Related names what it does hold nearby
	OutOfScope Status = "out_of_scope" // nothing of the question touches the library
	NoAdvice   Status = "no_advice"    // asks for advice on a person's own case
)

// Question is what somebody asked, with the earlier turns of the conversation, oldest first.
type Question struct {
	ID      string
	Text    string
	Lang    string // "en" or "es"; "" is detected
	History []Turn
	// From and To bound the dates of what may be cited; zero is open.
	From, To corpus.Date
	// Person and Guild are who is charged for a model's answer: keyed hashes or ids, "" in a terminal.
	Person, Guild string
	// OnClaim is called for each claim that a model has written and that is proven, as soon as it is, in
	// the goroutine that asked. Its sources are numbered, and the answer will hold these claims in this
	// order. It is not called for answers made offline, which come at once, and has to be quick.
	OnClaim func(Claim)
}

// Turn is one earlier exchange; A may be empty.
type Turn struct {
	Q string `json:"q"`
	A string `json:"a,omitempty"`
}

// Claim is one statement of an answer, with its proof.
type Claim = verify.Claim

// Citation is a verbatim span of a stored article.
type Citation = verify.Citation

// Source is an article that an answer cites.
type Source struct {
	N         int    `json:"n"`
	Article   string `json:"article"`
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Published string `json:"published"`
	URL       string `json:"url"`
	Brief     bool   `json:"brief,omitempty"` // the library's own account of the source, not its words
	Lang      string `json:"lang,omitempty"`
}

// Hit is a passage that retrieval found, best first.
type Hit struct {
	Article string  `json:"article"`
	Start   int     `json:"start"`
	End     int     `json:"end"`
	Score   float64 `json:"score"`
	Quote   string  `json:"quote"`
	Why     string  `json:"why,omitempty"` // the legs behind the score, when asked to explain
}

// Answer is the outcome of a question; it marshals to the JSON object that scripts rely on.
type Answer struct {
	ID       string
	Question string
	Lang     string
	Status   Status
	// Text is the whole answer in plain text: each claim followed by its markers.
	Text    string
	Claims  []Claim
	Sources []Source
	AsOf    string   // newest date among the citations
	Notes   []string // warnings: age, disagreement, a corrected premise, translation
	Related []string // when not answered: titles of what the library holds nearby
	Hits    []Hit
	Drafter string
	Took    time.Duration
}

// published is the JSON object that an Answer is: MarshalJSON and UnmarshalJSON change together.
type published struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Lang     string   `json:"lang"`
	Status   Status   `json:"status"`
	Text     string   `json:"text"`
	Claims   []Claim  `json:"claims"`
	Sources  []Source `json:"sources"`
	AsOf     string   `json:"as_of"`
	Notes    []string `json:"notes"`
	Related  []string `json:"related,omitempty"`
	Hits     []Hit    `json:"hits"`
	Drafter  string   `json:"drafter"`
	Took     float64  `json:"took_ms"`
}

// MarshalJSON writes the published form: lists are never null, took_ms is in milliseconds.
func (a Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(published{a.ID, a.Question, a.Lang, a.Status, a.Text, list(a.Claims), list(a.Sources), a.AsOf, list(a.Notes),
		a.Related, list(a.Hits), a.Drafter, float64(a.Took.Microseconds()) / 1000})
}

// UnmarshalJSON reads what MarshalJSON writes. An empty list becomes nil, Took is exact to the
// microsecond, and members that it does not know are passed over: a later version wrote them.
func (a *Answer) UnmarshalJSON(b []byte) error {
	var p published
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*a = Answer{p.ID, p.Question, p.Lang, p.Status, p.Text, some(p.Claims), some(p.Sources), p.AsOf, some(p.Notes), some(p.Related), some(p.Hits),
		p.Drafter, time.Duration(math.Round(p.Took*1000)) * time.Microsecond}
	return nil
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func some[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}
