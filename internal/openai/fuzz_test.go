package openai

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSplitter: however a text is cut into pieces, the lines are those of the text, in order and valid
// UTF-8; what stands after the last line end comes with flush alone.
func FuzzSplitter(f *testing.F) {
	for _, s := range []string{"", "a", "a\nb", "a\r\nb\r\n", "\n\n", "é\xff\n\x80",
		"<think>\nx\n</think>y\nz", "<think>", "</think>\n", "   \n<think>a</think>\nb\n"} {
		f.Add(s, 1)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, piece int) {
		split := func(n int) (lines []string) {
			s := splitter{max: len(text) + 1, line: func(l string) error { lines = append(lines, l); return nil }}
			for rest := text; rest != ""; {
				k := min(max(n, 1), len(rest))
				if err := s.write(rest[:k]); err != nil {
					t.Fatal(err)
				}
				rest = rest[k:]
			}
			before := len(lines)
			if err := s.flush(); err != nil {
				t.Fatal(err)
			}
			if len(lines) > before+1 || strings.HasSuffix(text, "\n") && len(lines) != before {
				t.Fatalf("flush gave %q", lines[before:])
			}
			return lines
		}
		got, whole := split(piece), split(len(text))
		if !slices.Equal(got, whole) {
			t.Fatalf("%q in pieces of %d is %q, whole %q", text, piece, got, whole)
		}
		for _, l := range got {
			if !utf8.ValidString(l) || strings.Contains(l, "\n") {
				t.Fatalf("line %q", l)
			}
		}
		if !strings.Contains(text, "<think>") {
			want := strings.Split(strings.ToValidUTF8(text, "\uFFFD"), "\n")
			if want[len(want)-1] == "" {
				want = want[:len(want)-1]
			}
			if len(want) != len(got) {
				t.Fatalf("%q has the lines %q, want %q", text, got, want)
			}
		}
	})
}

// FuzzRedact: nothing that is shown holds the key, or sixteen letters and digits in a row of what people
// and articles said.
func FuzzRedact(f *testing.F) {
	for _, s := range [][2]string{{"", ""}, {"overloaded", "why?"}, {"key " + testKey, "x"},
		{"bad input: how many visas in all of 2021", "How many visas, in all, of 2021?"},
		{"h\\u00f3w many visas in 2021", "hów many visas in 2021"}, {"\x00\xff\u202e", "\xff"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, words, text string) {
		if strings.Contains(text, testKey) {
			t.Skip("the contract forbids it")
		}
		request, err := json.Marshal(map[string]any{"model": "m", "messages": []any{map[string]string{"role": "user", "content": text}}})
		if err != nil {
			t.Fatal(err)
		}
		got := redact(words, testKey, request)
		if strings.Contains(got, testKey) || len(got) > 250 || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r\x00\x1b") {
			t.Fatalf("redact(%q) = %q", words, got)
		}
		shown, said := letters(got), letters(text)
		for i := 0; i+16 <= len(shown); i++ {
			if strings.Contains(said, shown[i:i+16]) {
				t.Fatalf("redact(%q) = %q repeats %q of %q", words, got, shown[i:i+16], text)
			}
		}
		if p, ok := parseProblem([]byte(words)); ok {
			e := streamError(p)
			e.redact(testKey, request)
			if strings.Contains(e.Error(), testKey) {
				t.Fatalf("error %v", e)
			}
			var as *Error
			if !errors.As(error(e), &as) || as.Kind == 0 {
				t.Fatalf("error %v has no kind", e)
			}
		}
	})
}
