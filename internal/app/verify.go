package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"

	"policybot/answer/verify"
	"policybot/corpus"
	"policybot/retrieval"
)

const verifyUsage = `policybot verify checks claims against the passages that they cite, as every claim of an answer is checked.

usage: policybot verify [options] -in FILE.jsonl   ("-" is standard input)

  -articles PATH   the claims are about exactly these files, a directory or one file; may be repeated;
                   without it, about the shipped library; the data directory is not read
  -in FILE.jsonl   the claims

A line has "article" (an id), "quote", "claim" and may have "id" and "lang". It gives one line of JSON, in
order: {"id":"","kept":true,"failed":[],"why":""}. The quote must stand in the article word for word, up to
white space, quotation marks and dashes. "failed" names the checks that the claim did not pass, "why" says
what in it they found wanting. A line that cannot be read is reported with its number; the others are
checked, and the exit status is 1. That a claim is not kept is a result, not a failure.
`

// verdict is a line that verify prints.
type verdict struct {
	ID     string   `json:"id"`
	Kept   bool     `json:"kept"`
	Failed []string `json:"failed"`
	Why    string   `json:"why"`
}

// quotedClaim is a line that verify reads.
type quotedClaim struct {
	ID      string `json:"id"`
	Article string `json:"article"`
	Quote   string `json:"quote"`
	Claim   string `json:"claim"`
	Lang    string `json:"lang"`
}

func parseClaim(text []byte) (quotedClaim, error) {
	var c quotedClaim
	if !utf8.Valid(text) {
		return c, errors.New("not valid UTF-8")
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("not a JSON object with a claim: %w", err)
	}
	switch {
	case strings.TrimSpace(c.Claim) == "":
		return c, errors.New(`no "claim"`)
	case c.Article == "":
		return c, errors.New(`no "article"`)
	case c.Lang != "" && checkLang(c.Lang) != nil:
		return c, checkLang(c.Lang)
	}
	return c, nil
}

func verifyClaims(ctx context.Context, e *env, args []string) error {
	var (
		in       string
		articles list
	)
	fs := e.flags("verify")
	fs.StringVar(&in, "in", "", "")
	fs.Var(&articles, "articles", "")
	rest, err := e.parse(fs, args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return usagef("verify takes no argument %q", rest[0])
	case in == "":
		return &usageError{"no claims given", "policybot verify -in FILE.jsonl checks the claims of a file; - is standard input"}
	}
	name, r := in, e.Stdin
	if in == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(in)
		if err != nil {
			return err
		}
		defer f.Close()
		r = f
	}
	l, err := e.claimLibrary(ctx, articles)
	if err != nil {
		return err
	}
	return e.verifyEach(ctx, l, name, r)
}

// claimLibrary returns the library in memory that claims are about. Unlike one to answer from it keeps
// the copies of a text: a claim may cite any of them.
func (e *env) claimLibrary(ctx context.Context, paths []string) (*library, error) {
	l, err := e.newLibrary()
	if err != nil {
		return nil, err
	}
	var articles []*corpus.Article
	if len(paths) == 0 {
		if articles, err = corpus.Load(ctx, corpus.Briefs(), corpus.Options{}); err != nil {
			return nil, err
		}
	} else {
		var refused error
		articles, refused = e.readFiles(ctx, paths)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if refused != nil {
			report(e.Stderr, refused)
			l.failed = true
		}
		if len(articles) == 0 && refused != nil {
			return nil, errReported
		}
	}
	entries := make([]retrieval.Entry, len(articles))
	for i, a := range articles {
		entries[i] = retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)}
	}
	l.index = retrieval.New(retrieval.Options{Analyzer: l.analyzer}) // no vectors: nothing is searched for
	return l, l.index.Update(ctx, entries, nil)
}

// checked is what came of a line: a verdict, none for a blank one, or why it could not be read.
type checked struct {
	number  int
	verdict *verdict
	err     error
}

// verifyEach checks the claim on each line of a stream as it comes, on all processors, and writes the
// results in order; blank lines are skipped. A line that cannot be read is reported and the rest checked.
func (e *env) verifyEach(ctx context.Context, l *library, name string, r io.Reader) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	queue := make(chan chan checked, runtime.GOMAXPROCS(0)) // in the order of the lines
	go func() {
		defer close(queue)
		for next := range readLines(ctx, r, maxLine) {
			result := make(chan checked, 1)
			select {
			case queue <- result:
			case <-ctx.Done():
				return
			}
			go func() { result <- l.verifyLine(next) }()
		}
	}()
	bad := false
	for {
		var c checked
		select {
		case result, ok := <-queue:
			if !ok { // only after the end was told, or when ctx is done
				return ctx.Err()
			}
			c = <-result
		case <-ctx.Done():
			return ctx.Err()
		}
		var unread *readError
		switch {
		case c.err == io.EOF:
			if bad {
				return errReported
			}
			return l.err()
		case errors.As(c.err, &unread):
			return fmt.Errorf("%s:%d: %w", name, c.number, unread.error)
		case c.err != nil:
			report(e.Stderr, fmt.Errorf("%s:%d: %w", name, c.number, c.err))
			bad = true
		case c.verdict != nil:
			if err := writeJSON(e.Stdout, c.verdict); err != nil {
				return fmt.Errorf("write the result: %w", err)
			}
		}
	}
}

// readError is a failure of the stream, after which no line comes.
type readError struct{ error }

// verifyLine checks the claim of a line.
func (l *library) verifyLine(next line) checked {
	c := checked{number: next.number, err: next.err}
	switch {
	case next.err == errTooLong:
		c.err = fmt.Errorf("longer than %d bytes", maxLine)
		return c
	case next.err != nil && next.err != io.EOF:
		c.err = &readError{next.err}
		return c
	case next.err != nil || len(bytes.TrimSpace(next.text)) == 0:
		return c
	}
	claim, err := parseClaim(next.text)
	if err != nil {
		c.err = err
		return c
	}
	v := l.verdict(claim)
	c.verdict = &v
	return c
}

// verdict checks one claim.
func (l *library) verdict(c quotedClaim) verdict {
	out := verdict{ID: c.ID, Failed: []string{}}
	a := l.index.Article(c.Article)
	if a == nil {
		out.Failed, out.Why = []string{"citation"}, fmt.Sprintf("there is no article %q", c.Article)
		return out
	}
	span, ok := verify.FindQuote(a.Text, c.Quote)
	if !ok {
		out.Failed, out.Why = []string{"quote"}, fmt.Sprintf("the quote does not stand in article %q", c.Article)
		return out
	}
	v := verify.Check(l.index, verify.Claim{
		Text:      c.Claim,
		Citations: []verify.Citation{{Article: a.ID, Start: span.Start, End: span.End, Quote: a.Quote(span)}},
		AsOf:      a.AsOf(span).String(),
	}, "", c.Lang)
	out.Kept, out.Failed, out.Why = len(v.Failed) == 0, append(out.Failed, v.Failed...), strings.Join(v.Why, "; ")
	return out
}
