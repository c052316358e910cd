package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"policybot/answer"
	"policybot/corpus"
	"policybot/internal/store"
)

const askUsage = `policybot ask answers a question from the library, each claim with its proof.

usage: policybot ask [options] QUESTION
       policybot ask [options]                  converse; or, not on a terminal, answer each line of standard input
       policybot ask [options] -in FILE.jsonl   answer every question of a file ("-" is standard input)

  -articles PATH   answer from exactly these files, a directory or one file; may be repeated;
                   nothing is read from or written to the data directory
  -lang LANG       en or es: the language of the question (default: detected)
  -from DATE       cite nothing older; 2018, 2018-12 or 2018-12-05
  -to DATE         cite nothing newer
  -explain         list the passages found and what speaks for each
  -json            print one JSON object per question
  -md              print Markdown
  -plain           neither colour nor links nor wrapped lines
  -no-color        no colour (as does the environment variable NO_COLOR)

A line of FILE.jsonl has a "question", and may have "id", "lang" and "history" (earlier questions, oldest
first, each {"q": "…", "a": "…"}). It gives one line of JSON, in order. A line that cannot be read is
reported with its number; the others are answered, and the exit status is 1.
`

// asker answers the questions of one ask command.
type asker struct {
	*env
	json, md, plain, noColor, explain bool
	in                                string
	articles                          list
	lang                              string
	from, to                          corpus.Date

	library *library
	engine  *answer.Engine
	unkept  bool // keeping an answer has failed, which was reported
}

// dateFlag is a flag that holds a date.
type dateFlag struct{ *corpus.Date }

func (d dateFlag) String() string { return "" }

func (d dateFlag) Set(s string) error {
	date, err := corpus.ParseDate(s)
	if err != nil {
		return errors.New("a date is written 2018, 2018-12 or 2018-12-05")
	}
	*d.Date = date
	return nil
}

func ask(ctx context.Context, e *env, args []string) error {
	k := &asker{env: e}
	fs := e.flags("ask")
	fs.BoolVar(&k.json, "json", false, "")
	fs.BoolVar(&k.md, "md", false, "")
	fs.BoolVar(&k.plain, "plain", false, "")
	fs.BoolVar(&k.noColor, "no-color", false, "")
	fs.BoolVar(&k.explain, "explain", false, "")
	fs.StringVar(&k.in, "in", "", "")
	fs.StringVar(&k.lang, "lang", "", "")
	fs.Var(&k.articles, "articles", "")
	fs.Var(dateFlag{&k.from}, "from", "")
	fs.Var(dateFlag{&k.to}, "to", "")
	words, err := e.parse(fs, args)
	if err != nil {
		return err
	}
	if k.lang == "" && e.config.Ask.Lang != "auto" {
		k.lang = e.config.Ask.Lang
	}
	if err := k.check(fs, words); err != nil {
		return err
	}
	switch {
	case k.in != "":
		return k.file(ctx)
	case len(words) > 0:
		// Several words are one question whose quotation marks were forgotten.
		text, err := cleanQuestion(strings.Join(words, " "))
		if err != nil {
			return &usageError{err.Error(), `try: policybot ask "What did López Obrador propose about work visas?"`}
		}
		if err := k.open(ctx); err != nil {
			return err
		}
		defer k.library.Close()
		if _, err := k.answer(ctx, answer.Question{Text: text}); err != nil {
			return err
		}
		return k.library.err()
	case isTerminal(e.Stdin):
		return k.converse(ctx)
	default:
		return k.stream(ctx)
	}
}

// check refuses options that contradict each other.
func (k *asker) check(fs *flag.FlagSet, words []string) error {
	switch {
	case k.json && k.md:
		return usagef("-json and -md exclude each other")
	case k.in != "" && len(words) > 0:
		return usagef("-in and a question exclude each other")
	case k.in != "" && k.md:
		return usagef("-in prints JSON; -md does not go with it")
	case k.lang != "" && checkLang(k.lang) != nil:
		return usagef("-lang: %v", checkLang(k.lang))
	case !k.from.IsZero() && !k.to.IsZero() && k.to.Last().Before(k.from.First()):
		return usagef("-from %s is after -to %s", k.from, k.to)
	}
	return nil
}

func (k *asker) open(ctx context.Context) (err error) {
	if k.library, err = k.openLibrary(ctx, k.articles); err != nil {
		return err
	}
	k.engine, err = k.library.engine(k.env, k.explain, nil, nil)
	return err
}

// answer asks the engine, prints what it says and keeps it.
func (k *asker) answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	if q.Lang == "" {
		q.Lang = k.lang
	}
	q.From, q.To = k.from, k.to
	shown := 0
	if !k.json && !k.md && k.in == "" {
		// What a model has written is shown claim by claim, as soon as each is proven.
		q.OnClaim = func(c answer.Claim) {
			if answer.TerminalClaim(k.Stdout, c, k.term()) == nil {
				shown++
			}
		}
	}
	a, err := k.engine.Ask(ctx, q)
	if err != nil {
		return a, err
	}
	if err := k.print(a, shown > 0 && shown == len(a.Claims)); err != nil {
		return a, fmt.Errorf("write the answer: %w", err)
	}
	return a, k.record(ctx, a)
}

// record keeps an answer and what it cited, where there is a record that can be written. The answer has
// been given: that it could not be kept is worth a word, not a failure.
func (k *asker) record(ctx context.Context, a answer.Answer) error {
	s := k.library.store
	if s == nil || s.ReadOnly() || k.unkept {
		return nil
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	kept := store.Answer{Asked: k.Now(), Question: a.Question, Lang: a.Lang, Status: string(a.Status), Drafter: a.Drafter, Took: a.Took,
		Library: k.library.index.Version(), Body: body}
	for _, claim := range a.Claims {
		for _, c := range claim.Citations {
			kept.Citations = append(kept.Citations, store.Citation{N: c.N, Article: c.Article, Start: c.Start, End: c.End, Quote: c.Quote})
		}
	}
	if _, err := s.SaveAnswer(ctx, kept); err != nil {
		k.unkept = true
		report(k.Stderr, fmt.Errorf("answers are not kept: %w", err))
	}
	return nil
}

// print writes an answer; shown says that its claims were written already.
func (k *asker) print(a answer.Answer, shown bool) error {
	switch {
	case k.json || k.in != "":
		return writeJSON(k.Stdout, a)
	case k.md:
		_, err := io.WriteString(k.Stdout, answer.Markdown(a))
		return err
	}
	o := k.term()
	o.Shown = shown
	return answer.Terminal(k.Stdout, a, o)
}

// term says what the terminal can do.
func (k *asker) term() answer.TermOptions {
	o := answer.TermOptions{Hits: k.explain}
	if out, ok := k.Stdout.(*os.File); ok && isTerminal(out) && !k.plain {
		o.Color = !k.noColor && k.Getenv("NO_COLOR") == "" && k.Getenv("TERM") != "dumb"
		o.Links = k.Getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(out.Fd())); err == nil {
			o.Width = min(width, 100) // longer lines are hard to read
		}
	}
	return o
}

// writeJSON writes v as one line, with characters as they are: this is no web page.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// file answers the questions of the -in file.
func (k *asker) file(ctx context.Context) error {
	name, in := k.in, k.Stdin
	if name == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return k.each(ctx, name, in, maxLine, parseQuestion)
}

// stream answers each line of standard input.
func (k *asker) stream(ctx context.Context) error {
	return k.each(ctx, "standard input", k.Stdin, answer.MaxQuestion, func(line []byte) (answer.Question, error) {
		text, err := cleanQuestion(string(line))
		return answer.Question{Text: text}, err
	})
}

// each answers the question on each line of a stream, as it comes; blank lines are skipped. A line that
// cannot be read is reported and the rest answered.
func (k *asker) each(ctx context.Context, name string, r io.Reader, limit int, parse func([]byte) (answer.Question, error)) error {
	asked, bad := 0, false
	defer func() {
		if k.library != nil {
			k.library.Close()
		}
	}()
	lines := readLines(ctx, r, limit)
	for {
		var l line
		select {
		case l = <-lines:
		case <-ctx.Done():
			return ctx.Err()
		}
		switch {
		case l.err == io.EOF:
			if asked == 0 && !bad {
				return &usageError{"no question given", `try: policybot ask "What did López Obrador propose about work visas?"`}
			}
			if bad {
				return errReported
			}
			return k.library.err()
		case l.err == errTooLong:
			l.err = fmt.Errorf("longer than %d bytes", limit)
		case l.err != nil:
			return fmt.Errorf("%s:%d: %w", name, l.number, l.err)
		case len(bytes.TrimSpace(l.text)) == 0:
			continue
		}
		var q answer.Question
		err := l.err
		if err == nil {
			q, err = parse(l.text)
		}
		if err != nil {
			report(k.Stderr, fmt.Errorf("%s:%d: %w", name, l.number, err))
			bad = true
			continue
		}
		if k.library == nil { // not before there is something to answer
			if err := k.open(ctx); err != nil {
				return err
			}
		}
		if asked++; asked > 1 && !k.json && k.in == "" {
			io.WriteString(k.Stdout, "\n")
		}
		if _, err := k.answer(ctx, q); err != nil {
			return err
		}
	}
}
