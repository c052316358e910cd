package app

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"policybot/answer"
)

func TestCleanQuestion(t *testing.T) {
	for _, tt := range []struct{ name, in, want, err string }{
		{"as it is", "¿Qué dijo López Obrador?", "¿Qué dijo López Obrador?", ""},
		{"spaces", "  who \t said\r\nthat?\u00a0 ", "who said that?", ""},
		{"terminal codes", "who\x1b[31m said\x00 it\x7f?", "who[31m said it?", ""},
		{"C1 control", "who\u009b31m?", "who31m?", ""},
		{"reordering", "who \u202Esaid\u202C \u2066it\u2069?", "who said it?", ""},
		{"invisible", "w\u200bh\u00ado\ufeff \U000E0041said?", "who said?", ""},
		{"empty", "", "", "the question is empty"},
		{"blank", " \u00a0\u200b\x00\n", "", "the question is empty"},
		{"not UTF-8", "who\xff?", "", "the question is not valid UTF-8"},
		{"longest", strings.Repeat("a", answer.MaxQuestion), strings.Repeat("a", answer.MaxQuestion), ""},
		{"10 MB", strings.Repeat("a", 10<<20), "", "the question is 10485760 bytes long; the limit is 8192"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cleanQuestion(tt.in)
			if got != tt.want || err == nil && tt.err != "" || err != nil && err.Error() != tt.err {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestParseQuestion(t *testing.T) {
	for _, tt := range []struct{ in, err string }{
		{`{"id":"1","question":"Who?","lang":"es","history":[{"q":"What?","a":"That."}],"type":"factoid"}`, ""},
		{`{"id":"1"}`, "the question is empty"},
		{`"Who?"`, "not a JSON object with a question"},
		{`{"question":"Who?"`, "not a JSON object with a question"},
		{`{"question":"Who?"} trailing`, "not a JSON object with a question"},
		{"{\"question\":\"\xff\"}", "not valid UTF-8"},
		{`{"question":"Qui?","lang":"fr"}`, `lang "fr" is neither en nor es`},
		{`{"question":"Who?","history":[{"q":"What?"},{"q":" "}]}`, "history 2: the question is empty"},
		{`{"question":7}`, "not a JSON object with a question"},
	} {
		q, err := parseQuestion([]byte(tt.in))
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: error %v", tt.in, err)
			}
		case err != nil:
			t.Errorf("%s: %v", tt.in, err)
		case q.ID != "1" || q.Text != "Who?" || q.Lang != "es" || len(q.History) != 1 || q.History[0].A != "That.":
			t.Errorf("%s: %+v", tt.in, q)
		}
	}
}

func TestReadLines(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"a", []string{"a"}},
		{"a\n", []string{"a"}},
		{"\uFEFFa\r\n\nb", []string{"a", "", "b"}},
		{"a\n" + long + "\nb\n", []string{"a", "too long", "b"}},
		{long, []string{"too long"}},
		{strings.Repeat("y", 100) + "\n", []string{strings.Repeat("y", 100)}},
		{strings.Repeat("y", 5000) + "\r\n", []string{"too long"}},
	} {
		var got []string
		n := 0
		for l := range readLines(t.Context(), iotest.OneByteReader(strings.NewReader(tt.in)), 100) {
			if n++; l.number != n {
				t.Errorf("line %d is numbered %d", n, l.number)
			}
			switch l.err {
			case nil:
				got = append(got, string(l.text))
			case errTooLong:
				got = append(got, "too long")
			case io.EOF:
			default:
				t.Error(l.err)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%.20q: got %.50q, want %.50q", tt.in, got, tt.want)
		}
	}
}

func TestReadLinesFails(t *testing.T) {
	boom := errors.New("boom")
	var last error
	for l := range readLines(t.Context(), io.MultiReader(strings.NewReader("a\n"), iotest.ErrReader(boom)), 100) {
		last = l.err
	}
	if last != boom {
		t.Errorf("the last error is %v", last)
	}
}
