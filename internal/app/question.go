package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"policybot/answer"
)

// maxLine bounds a line of an -in file, which may carry a history.
const maxLine = 1 << 20

// cleanQuestion returns the question as the engine reads it, or why there is none.
func cleanQuestion(s string) (string, error) {
	if len(s) > answer.MaxQuestion {
		return "", fmt.Errorf("the question is %d bytes long; the limit is %d", len(s), answer.MaxQuestion)
	}
	if !utf8.ValidString(s) {
		return "", errors.New("the question is not valid UTF-8")
	}
	if s = answer.Clean(s); s == "" {
		return "", errors.New("the question is empty")
	}
	return s, nil
}

// parseQuestion reads a line of an -in file. Keys that it does not know are left alone, so that a file
// of evaluation cases will do.
func parseQuestion(line []byte) (answer.Question, error) {
	var in struct {
		ID       string        `json:"id"`
		Question string        `json:"question"`
		Lang     string        `json:"lang"`
		History  []answer.Turn `json:"history"`
	}
	if !utf8.Valid(line) {
		return answer.Question{}, errors.New("not valid UTF-8")
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return answer.Question{}, fmt.Errorf("not a JSON object with a question: %w", err)
	}
	text, err := cleanQuestion(in.Question)
	if err != nil {
		return answer.Question{}, err
	}
	if in.Lang != "" {
		if err := checkLang(in.Lang); err != nil {
			return answer.Question{}, err
		}
	}
	q := answer.Question{ID: in.ID, Text: text, Lang: in.Lang}
	for i, t := range in.History {
		if t.Q, err = cleanQuestion(t.Q); err != nil {
			return answer.Question{}, fmt.Errorf("history %d: %w", i+1, err)
		}
		q.History = append(q.History, t)
	}
	return q, nil
}

func checkLang(s string) error {
	if s != "en" && s != "es" {
		return fmt.Errorf("lang %q is neither en nor es", s)
	}
	return nil
}

// line is one line of a stream: its number, its text without the line end, or why there is no more.
type line struct {
	number int
	text   []byte
	err    error // io.EOF at the end; errTooLong, after which the next line follows
}

var errTooLong = errors.New("too long")

// readLines sends the lines of r until one cannot be read or the context ends. It reads in a goroutine
// of its own, so that a signal ends the program though the stream is silent; that goroutine may stay
// blocked in a read when the context has ended.
func readLines(ctx context.Context, r io.Reader, limit int) <-chan line {
	out := make(chan line)
	go func() {
		defer close(out)
		br := bufio.NewReader(r)
		for n := 1; ; n++ {
			text, err := readLine(br, limit)
			if n == 1 {
				text = bytes.TrimPrefix(text, []byte("\uFEFF"))
			}
			if err == io.EOF && len(text) > 0 {
				err = nil // the last line has no end; the next read says EOF
			}
			select {
			case out <- line{n, text, err}:
			case <-ctx.Done():
				return
			}
			if err != nil && err != errTooLong {
				return
			}
		}
	}()
	return out
}

// readLine reads up to the next line end. A line longer than limit is read to its end and dropped, with
// errTooLong, in constant memory.
func readLine(br *bufio.Reader, limit int) ([]byte, error) {
	var text []byte
	long := false
	for {
		part, err := br.ReadSlice('\n')
		if !long {
			text = append(text, part...)
		}
		if len(text) > limit+2 {
			text, long = nil, true
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if long && (err == nil || err == io.EOF) {
			return nil, errTooLong
		}
		return bytes.TrimRight(text, "\r\n"), err
	}
}
