// Package app is the policybot program: its settings, its wiring and its subcommands.
//
// Everything the program takes from outside itself is one World, so a test can run all of it. What a
// subcommand prints on standard output is its result and nothing else; warnings, errors, prompts and
// progress go to standard error. The exit status is 0 when all went well, 1 when something failed or
// was refused (what could be done is done all the same), 2 when the command was used wrongly.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"policybot/corpus"
	"policybot/internal/store"
)

// World is what the program takes from outside itself, apart from the file system.
type World struct {
	Args           []string // without the program's name
	Getenv         func(string) string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
}

// OS returns the World of this process.
func OS() World {
	return World{os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr, time.Now}
}

const usage = `policybot answers questions about a collection of articles and shows the proof of every claim.

usage: policybot COMMAND [options]

  ask [QUESTION]   answer a question; without one, converse (terminal) or answer each line of standard input
  serve            run the Discord bot
  sources          list, show, add and remove the articles that answers come from
  verify           check claims of any origin against the passages that they cite
  eval             measure the answers, or the search, on questions whose answers are known
  usage            show what the language model has cost
  config           show the settings in force
  doctor           check that everything works, and say what to do where it does not

Every command explains itself with -h. These options belong to all of them:

  -config FILE     settings file (default: $POLICYBOT_CONFIG, else policybot/config.yaml
                   under $XDG_CONFIG_HOME or ~/.config, if there)
  -data DIR        data directory (default: data_dir of the settings)
`

// command is a subcommand: it has its flags, its own usage text and the function that does it.
type command struct {
	name  string
	usage string
	run   func(context.Context, *env, []string) error
}

func commands() []command {
	return []command{
		{"ask", askUsage, ask},
		{"serve", serveUsage, serve},
		{"sources", sourcesUsage, sources},
		{"verify", verifyUsage, verifyClaims},
		{"eval", evalUsage, evaluate},
		{"usage", usageUsage, usageCommand},
		{"config", configUsage, showConfig},
		{"doctor", doctorUsage, doctor},
	}
}

// env is what a running subcommand works with: the world, and what the command line and the settings
// said about it.
type env struct {
	World
	usage      string // of the subcommand
	configFile string // -config
	dataDir    string // -data
	config     Config
}

// Main runs the program and returns its exit status.
func Main(ctx context.Context, w World) int {
	err := run(ctx, w)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if err != errReported {
		report(w.Stderr, err)
	}
	var u *usageError
	if errors.As(err, &u) {
		return 2
	}
	return 1
}

func run(ctx context.Context, w World) error {
	if len(w.Args) == 0 {
		return &usageError{msg: "no command given", hint: `try: policybot ask "What did López Obrador propose about work visas?"`}
	}
	name, args := w.Args[0], w.Args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		if len(args) > 0 && name == "help" {
			name, args = args[0], []string{"-h"}
			break
		}
		_, err := io.WriteString(w.Stdout, usage)
		return err
	}
	var names []string
	for _, c := range commands() {
		if c.name == name {
			err := c.run(ctx, &env{World: w, usage: c.usage}, args)
			if errors.Is(err, errHelp) {
				_, err = io.WriteString(w.Stdout, c.usage)
			}
			return err
		}
		names = append(names, c.name)
	}
	return &usageError{msg: fmt.Sprintf("there is no command %q", name), hint: "commands: " + strings.Join(names, ", ")}
}

// usageError says that the command line was wrong: exit status 2.
type usageError struct{ msg, hint string }

func (e *usageError) Error() string { return e.msg }
func (e *usageError) Hint() string  { return e.hint }

func usagef(format string, args ...any) error {
	return &usageError{msg: fmt.Sprintf(format, args...)}
}

// hinted is an error with a word on what to do about it.
type hinted struct {
	error
	hint string
}

func (e *hinted) Hint() string  { return e.hint }
func (e *hinted) Unwrap() error { return e.error }

// errReported is returned when everything that went wrong is on standard error already.
var errReported = errors.New("reported")

// report prints err as lines "policybot: …", each followed by "hint: …" if it has one. The parts of a
// joined error are reported one by one.
func report(w io.Writer, err error) {
	if parts := joined(err); parts != nil {
		for _, e := range parts {
			report(w, e)
		}
		return
	}
	fmt.Fprintf(w, "policybot: %s\n", printable(err.Error()))
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(w, "hint: %s\n", printable(hint))
	}
}

// joined returns the parts of an error made by errors.Join: those whose messages it is made of. An error
// that merely wraps several has a message of its own.
func joined(err error) []error {
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var lines []string
	for _, e := range many.Unwrap() {
		lines = append(lines, e.Error())
	}
	if err.Error() != strings.Join(lines, "\n") {
		return nil
	}
	return many.Unwrap()
}

// hintOf returns what to do about err, as far as it says so.
func hintOf(err error) string {
	var (
		own     interface{ Hint() string }
		stored  *store.Error
		refused *corpus.Refused
	)
	switch {
	case errors.As(err, &own):
		return own.Hint()
	case errors.As(err, &stored):
		return stored.Hint
	case errors.As(err, &refused):
		return refused.Hint
	}
	return ""
}

// printable makes text that came from files or the command line safe to show on a terminal and keeps
// it on its lines: characters that control a terminal or the direction of text appear as escapes.
func printable(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString("\n  ")
		case r == '\t':
			b.WriteByte(' ')
		case r == '\uFFFD' && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < ' ' || 0x7F <= r && r < 0xA0 || bidi(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// bidi reports whether r is one of the invisible characters that reorder the text around them.
func bidi(r rune) bool {
	return r == 0x61C || 0x200E <= r && r <= 0x200F || 0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069
}

// isTerminal reports whether a stream of the World is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
