// Package eval measures answers, and the search beneath them, on questions whose answers are known.
//
//	cases.jsonl → Load → Run (ask each, Score each) → Report: totals by type and language, a row per case
//
// What counts as right is decided by a passage of a source, the gold: an answer is right when it says
// what every must_include group asks, nothing of must_not_include, and cites a gold passage. Beside
// that, Check holds each answer to the product's promises with its own eyes: it shares no code with the
// verifier that the answer has passed.
//
// The report of the shipped cases over the shipped library is a golden file, so that a change to any
// part shows in review which questions it helped and which it hurt.
package eval

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"policybot/answer"
)

// Case is one question whose answer is known: a line of a cases file.
type Case struct {
	ID         string        `json:"id"`
	Question   string        `json:"question"`
	Lang       string        `json:"lang"` // "en" or "es"; "" leaves it to be detected
	Type       string        `json:"type"` // free word; totals are given by it
	Answerable bool          `json:"answerable"`
	History    []answer.Turn `json:"history,omitempty"`
	// Gold are the passages that answer. One suffices, unless AllRequired: then each is a slot to be
	// filled, by itself or by an equivalent of GoldAlt.
	Gold        []Passage   `json:"gold"`
	GoldAlt     []Alternate `json:"gold_alt,omitempty"`
	AllRequired bool        `json:"all_required,omitempty"`
	// MustInclude are groups of alternatives; of each group one must stand in the answer.
	MustInclude    [][]string `json:"must_include"`
	MustNotInclude []string   `json:"must_not_include,omitempty"`
	// PremiseCorrection says that the question assumes what is not so. Saying that counts as declining.
	PremiseCorrection bool      `json:"premise_correction,omitempty"`
	Junk              []Passage `json:"junk,omitempty"` // must never be cited
	Notes             string    `json:"notes,omitempty"`
}

// Passage is a stretch of a source. An empty Source means any.
type Passage struct {
	Source string `json:"source"`
	Quote  string `json:"quote"`
}

// UnmarshalJSON also reads a bare string: a passage of any source.
func (p *Passage) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &p.Quote)
	}
	type plain Passage
	return json.Unmarshal(data, (*plain)(p))
}

// Alternate is a passage that fills a slot of Gold as well as the one listed there.
type Alternate struct {
	Slot int `json:"slot"`
	Passage
}

// UnmarshalJSON keeps the embedded Passage from reading the slot away.
func (a *Alternate) UnmarshalJSON(data []byte) error {
	var slot struct {
		Slot int `json:"slot"`
	}
	if err := json.Unmarshal(data, &slot); err != nil {
		return err
	}
	a.Slot = slot.Slot
	return a.Passage.UnmarshalJSON(data)
}

// slots returns, for each thing that an answer has to cite, the passages any of which will do.
func (c *Case) slots() [][]Passage {
	if len(c.Gold) == 0 {
		return nil
	}
	var slots [][]Passage
	if c.AllRequired {
		for _, g := range c.Gold {
			slots = append(slots, []Passage{g})
		}
	} else {
		slots = [][]Passage{slices.Clone(c.Gold)}
	}
	for _, a := range c.GoldAlt {
		i := 0
		if c.AllRequired {
			i = a.Slot
		}
		slots[i] = append(slots[i], a.Passage)
	}
	return slots
}

// maxCase bounds a line of a cases file.
const maxCase = 1 << 20

// Load reads cases, one JSON object a line; blank lines are skipped. It returns every good case, and
// an error that joins one error for each bad line, with the name and the line number.
func Load(name string, r io.Reader) ([]Case, error) {
	var (
		cases []Case
		errs  []error
		seen  = make(map[string]int)
	)
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxCase)
	line := 0
	for sc.Scan() {
		line++
		data := bytes.TrimSpace(bytes.TrimPrefix(sc.Bytes(), []byte("\uFEFF")))
		if len(data) == 0 {
			continue
		}
		c, err := parseCase(data)
		if first := seen[c.ID]; err == nil && first > 0 {
			err = fmt.Errorf("id %q is that of line %d", c.ID, first)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, line, err))
			continue
		}
		seen[c.ID] = line
		cases = append(cases, c)
	}
	if err := sc.Err(); err != nil {
		errs = append(errs, fmt.Errorf("%s:%d: %w", name, line+1, err))
	}
	return cases, errors.Join(errs...)
}

func parseCase(data []byte) (Case, error) {
	var c Case
	if !utf8.Valid(data) {
		return c, errors.New("not UTF-8")
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("not a case: %w", err)
	}
	switch {
	case c.ID == "":
		return c, errors.New("no id")
	case strings.TrimSpace(c.Question) == "":
		return c, errors.New("no question")
	case c.Lang != "" && c.Lang != "en" && c.Lang != "es":
		return c, fmt.Errorf("lang %q is neither en nor es", c.Lang)
	case c.Answerable && len(c.Gold) == 0:
		return c, errors.New("answerable, but no gold passage")
	}
	for _, a := range c.GoldAlt {
		if a.Slot < 0 || a.Slot >= len(c.Gold) {
			return c, fmt.Errorf("gold_alt names slot %d; there are %d", a.Slot, len(c.Gold))
		}
	}
	for _, p := range slices.Concat(c.Gold, c.Junk) {
		if len(words(p.Quote)) == 0 {
			return c, errors.New("a gold or junk passage without a word")
		}
	}
	for _, group := range c.MustInclude {
		if len(group) == 0 {
			return c, errors.New("an empty group in must_include")
		}
	}
	return c, nil
}

//go:embed testdata/cases-*.jsonl
var shipped embed.FS

// Shipped returns the cases that come with the program, over the shipped library.
func Shipped() ([]Case, error) {
	names, err := fs.Glob(shipped, "testdata/*.jsonl")
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, name := range names {
		f, err := shipped.Open(name)
		if err != nil {
			return nil, err
		}
		cases, err := Load(name, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}
