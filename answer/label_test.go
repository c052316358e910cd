package answer

import (
	"slices"
	"strings"
	"testing"

	"policybot/lang"
)

func TestNumberLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Title 42 ended and Title 8 applies.", "title 42, title 8"},
		{"under title 43", "title 43"},
		{"El Título 42 y el artículo 3º de la ley", "title 42, article 3"},
		{"Art. 3 and Arts. 101, 102 and 104–106", "article 3, article 101, article 102, article 104, article 105, article 106"},
		{"los artículos 3 a 5", "article 3, article 4, article 5"},
		{"sections 1 to 900000", "section 1, section 900000"},
		{"HR 1603, H.R. 1608 and SB4 or SB 4", "hr 1603, hr 1608, sb 4, sb 4"},
		{"Executive Order No. 14010", "order 14010"},
		{"H-2A, H-2B and TN visas, the I-130 form", "h 2a, h 2b, i 130"},
		{"the Apollo 11 crew", "apollo 11"},
		{"In 2019 about 300 people, on May 5 and Monday 6, paid $40", ""},
		{"Mexico 2018 and Section 40% of it", ""},
		{"Who orders 500 tents?", "order 500"},
		{"the title. 42 people", ""},
		{"Title of 42 people; section: 5", ""},
		{"article 3,", "article 3"},
		{"articles 3 and", "article 3"},
		{"", ""},
	} {
		var got []string
		for _, l := range labels(c.text, lang.Tokens(c.text)) {
			got = append(got, l.kind+" "+l.id)
			if l.start < 0 || l.end > len(c.text) || l.start >= l.end {
				t.Errorf("%q: %+v lies outside", c.text, l)
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q: %q, want %q", c.text, s, c.want)
		}
	}
}

func FuzzNumberLabels(f *testing.F) {
	for _, s := range []string{"Title 42", "artículos 3 a 7, 9 y 11", "H-2A", "sections 1–", "Art. \xff 3", "HR-1603 no. 5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		toks := lang.Tokens(s)
		ls := labels(s, toks)
		if len(ls) > len(toks)*maxRange {
			t.Fatalf("%d labels of %d words", len(ls), len(toks))
		}
		for _, l := range ls {
			if l.start < 0 || l.end > len(s) || l.start >= l.end || l.kind == "" || l.id == "" {
				t.Fatalf("%+v of %q", l, s)
			}
			if !slices.ContainsFunc(toks, func(t lang.Token) bool { return t.End == l.end }) {
				t.Fatalf("%+v ends inside a word of %q", l, s)
			}
		}
	})
}
