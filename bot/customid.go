package bot

import (
	"strconv"
	"strings"
)

// The verbs of components, the second part of a custom id.
const (
	verbSources = "src"    // show the sources of an answer; arg is the page, counted from 0
	verbFollow  = "ask"    // ask a further question: of the button, and of the form that it opens
	verbShare   = "share"  // publish a private answer
	verbUp      = "up"     // the answer helped
	verbDown    = "down"   // it did not
	verbReason  = "why"    // the select of reasons after verbDown
	verbNear    = "near"   // ask about a topic nearby; arg is its place in Answer.Related, from 0
	verbList    = "list"   // a page of the list of all sources; number 0, arg is the page, from 0
	verbForget  = "forget" // remove what is kept of the person who presses; number 0
)

var verbs = map[string]bool{verbSources: true, verbFollow: true, verbShare: true, verbUp: true, verbDown: true,
	verbReason: true, verbNear: true, verbList: true, verbForget: true}

// customID is what a component carries: which action, on which recorded answer. Buttons live as long as
// their message, so the form has a version: "v1:src:42:1". It never holds text that somebody wrote.
type customID struct {
	Verb string
	No   int64  // of the AnswerRecord; 0 where the action has none
	Arg  string // lower-case letters, digits and "-", at most 32; "" for none
}

// button names an action on an answer.
func button(verb string, no int64, arg string) string { return customID{verb, no, arg}.String() }

// String gives the form that parseCustomID reads.
func (c customID) String() string {
	s := "v1:" + c.Verb + ":" + strconv.FormatInt(c.No, 10)
	if c.Arg != "" {
		s += ":" + c.Arg
	}
	return s
}

// Page returns the argument as a page or place, counted from 0; without an argument it is 0.
func (c customID) Page() int {
	n, err := strconv.Atoi(c.Arg)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// parseCustomID reads a custom id; ok is false for anything that String does not write. Discord hands
// back what was sent, but a modified client can send whatever it likes.
func parseCustomID(s string) (id customID, ok bool) {
	if len(s) > 100 {
		return customID{}, false
	}
	parts := strings.Split(s, ":")
	if len(parts) < 3 || len(parts) > 4 || parts[0] != "v1" || !verbs[parts[1]] {
		return customID{}, false
	}
	no, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || no < 0 || strconv.FormatInt(no, 10) != parts[2] {
		return customID{}, false
	}
	id = customID{Verb: parts[1], No: no}
	if len(parts) == 4 {
		id.Arg = parts[3]
		if id.Arg == "" || len(id.Arg) > 32 || strings.Trim(id.Arg, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return customID{}, false
		}
	}
	return id, true
}
