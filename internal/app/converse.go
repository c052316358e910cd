package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"policybot/answer"
	"policybot/corpus"
)

const converseHelp = `Ask in English or Spanish; a question may lean on the ones before it.
  :sources   list what answers come from
  :new       forget the questions asked so far
  :quit      leave (as does Ctrl-D)
`

// maxTurns is how many earlier questions a conversation keeps.
const maxTurns = 10

// converse answers questions typed on a terminal, each with those before it as its history.
func (k *asker) converse(ctx context.Context) error {
	if err := k.open(ctx); err != nil {
		return err
	}
	defer k.library.Close()
	articles := k.library.index.Articles
	fmt.Fprintf(k.Stderr, "policybot: %d articles. Ask a question; :help explains, :quit leaves.\n", len(articles()))
	update := k.updates()
	p := k.newPrompt()
	defer p.restore()
	var history []answer.Turn
	for {
		text, err := p.read(ctx)
		if err == io.EOF {
			fmt.Fprintln(k.Stderr)
			return k.library.err()
		}
		if err != nil {
			return err
		}
		switch command := strings.TrimSpace(text); command {
		case "":
			// just asks again
		case ":quit", ":q", ":exit":
			return k.library.err()
		case ":help", ":h", "?":
			io.WriteString(k.Stderr, converseHelp)
		case ":new":
			history = nil
		case ":sources":
			update(ctx)
			if err := table(k.Stdout, articles()); err != nil {
				return err
			}
		default:
			if strings.HasPrefix(command, ":") {
				fmt.Fprintf(k.Stderr, "policybot: there is no command %s\nhint: :help lists them\n", printable(command))
				break
			}
			q, err := cleanQuestion(text)
			if err != nil {
				report(k.Stderr, err)
				break
			}
			update(ctx)
			a, err := k.answer(ctx, answer.Question{Text: q, History: history})
			if err != nil {
				return err
			}
			history = append(history, answer.Turn{Q: q, A: a.Text})
			if len(history) > maxTurns {
				history = slices.Clone(history[1:])
			}
		}
	}
}

// updates returns what brings the library up to date where other processes have changed it meanwhile. That it
// cannot is said once: the library answers as it was.
func (k *asker) updates() func(context.Context) {
	if k.library.store == nil {
		return func(context.Context) {}
	}
	f := k.newFollower(k.library, false)
	said := ""
	return func(ctx context.Context) {
		if _, err := f.check(ctx); err != nil && ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			report(k.Stderr, fmt.Errorf("what has changed in the library is not seen: %w", err))
		}
	}
}

// table lists articles for people.
func table(w io.Writer, articles []*corpus.Article) error {
	var b strings.Builder
	for _, a := range articles {
		fmt.Fprintf(&b, "%s  %s\n    %s\n", cell(a.Published.String(), 10), printable(a.Title), printable(a.Publisher))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// prompt reads lines typed on a terminal. Where that is possible, they can be edited and called back
// with the arrow keys.
type prompt struct {
	k      *asker
	lines  <-chan line    // where not
	editor *term.Terminal // where it is
	fd     int
	before *term.State // of the terminal, while a line is edited
}

const promptSign = "? "

// tty is what a line editor reads from and writes to.
type tty struct {
	io.Reader
	io.Writer
}

func (k *asker) newPrompt() *prompt {
	p := &prompt{k: k}
	if in, ok := k.Stdin.(*os.File); ok && isTerminal(k.Stderr) && k.Getenv("TERM") != "dumb" {
		p.fd = int(in.Fd())
		p.editor = term.NewTerminal(tty{k.Stdin, k.Stderr}, promptSign)
	}
	return p
}

// read returns the next line; io.EOF when the user has ended the input or broken it off.
func (p *prompt) read(ctx context.Context) (string, error) {
	if p.editor == nil {
		if p.lines == nil {
			p.lines = readLines(ctx, p.k.Stdin, answer.MaxQuestion)
		}
		io.WriteString(p.k.Stderr, promptSign)
		select {
		case l := <-p.lines:
			if l.err == errTooLong {
				// The question's own check says what is wrong, and the conversation goes on.
				return strings.Repeat("x", answer.MaxQuestion+1), nil
			}
			return string(l.text), l.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	// The terminal is raw only while a line is being edited, so that answers print as they always do.
	var err error
	if p.before, err = term.MakeRaw(p.fd); err != nil {
		return "", fmt.Errorf("prepare the terminal: %w", err)
	}
	defer p.restore()
	if width, height, err := term.GetSize(p.fd); err == nil && width > 0 {
		p.editor.SetSize(width, height)
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := p.editor.ReadLine()
		if err == term.ErrPasteIndicator {
			err = nil
		}
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// restore brings the terminal back to the state it was found in.
func (p *prompt) restore() {
	if p.before != nil {
		term.Restore(p.fd, p.before)
		p.before = nil
	}
}
