package corpus

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
)

func sameFields(a, b *fields) bool {
	x, y := *a, *b
	x.Tags.line, y.Tags.line = 0, 0
	return reflect.DeepEqual(normalFields(x), normalFields(y))
}

func normalFields(f fields) fields {
	if len(f.Tags.values) == 0 {
		f.Tags.values = nil
	}
	return f
}

// sameLexicon compares two readings but for the lines of lists.
func sameLexicon(a, b *lexiconFile) string {
	if a.Version != b.Version {
		return fmt.Sprintf("version %v, %v", a.Version, b.Version)
	}
	if len(a.Concepts) != len(b.Concepts) || len(a.Related) != len(b.Related) || len(a.Words.keys) != len(b.Words.keys) ||
		len(a.Synonyms.EN) != len(b.Synonyms.EN) || len(a.Synonyms.ES) != len(b.Synonyms.ES) {
		return "other numbers of entries"
	}
	list := func(what string, x, y strList) string {
		if !slices.Equal(x.values, y.values) {
			return fmt.Sprintf("%s: %q, %q", what, x.values, y.values)
		}
		return ""
	}
	for i := range a.Concepts {
		x, y := a.Concepts[i], b.Concepts[i]
		if x.ID != y.ID || x.Type != y.Type {
			return fmt.Sprintf("concept %v, %v", x, y)
		}
		for _, d := range []string{list(x.ID.value, x.Any, y.Any), list(x.ID.value, x.EN, y.EN), list(x.ID.value, x.ES, y.ES)} {
			if d != "" {
				return d
			}
		}
	}
	for i := range a.Related {
		if d := list("from", a.Related[i].From, b.Related[i].From) + list("to", a.Related[i].To, b.Related[i].To); d != "" {
			return d
		}
	}
	for i := range a.Words.keys {
		if a.Words.keys[i] != b.Words.keys[i] {
			return fmt.Sprintf("word %v, %v", a.Words.keys[i], b.Words.keys[i])
		}
		if d := list(a.Words.keys[i].value, a.Words.values[i], b.Words.values[i]); d != "" {
			return d
		}
	}
	for i := range a.Synonyms.EN {
		if d := list("en", a.Synonyms.EN[i], b.Synonyms.EN[i]); d != "" {
			return d
		}
	}
	for i := range a.Synonyms.ES {
		if d := list("es", a.Synonyms.ES[i], b.Synonyms.ES[i]); d != "" {
			return d
		}
	}
	return ""
}

// The shipped lexicon is read by the fast reader, and as the YAML decoder reads it.
func TestShippedLexicon(t *testing.T) {
	var flat, slow lexiconFile
	if !flat.flat(lexicon) {
		t.Fatal("the fast reader does not take the shipped lexicon: is each entry on a line of its own?")
	}
	if err := decodeYAML([]byte(lexicon), &slow); err != nil {
		t.Fatalf("line %d: %s", err.line, err.reason)
	}
	if d := sameLexicon(&flat, &slow); d != "" {
		t.Fatal("the two readers differ:", d)
	}
	lex, err := DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	if len(lex.Concepts) < 300 || len(lex.Words) < 1000 || len(lex.Synonyms["en"]) == 0 || len(lex.Synonyms["es"]) == 0 || len(lex.Related) == 0 {
		t.Errorf("a section is empty or cut short: %d concepts, %d words", len(lex.Concepts), len(lex.Words))
	}
	i := slices.IndexFunc(lex.Concepts, func(c Concept) bool { return slices.Contains(c.Any, "AMLO") })
	if i < 0 || !slices.Contains(lex.Concepts[i].Any, "López Obrador") {
		t.Error("AMLO is not López Obrador")
	}
}

func TestParseLexiconErrors(t *testing.T) {
	for _, c := range []struct {
		name, text, reason string
		line               int
	}{
		{"no version", "concepts:\n  - {id: a, any: [b]}\n", "the version is missing", 0},
		{"other version", "version: 2\n", `the lexicon has version "2", this program reads version 1`, 1},
		{"unknown section", "version: 1\nthings:\n  - a\n", `unknown key "things"`, 2},
		{"unknown key", "version: 1\nconcepts:\n  - {id: a, any: [b], fr: [c]}\n", `unknown key "fr"`, 3},
		{"two concepts of one id", "version: 1\nconcepts:\n  - {id: a, any: [b]}\n  - {id: a, any: [c]}\n", `concept "a" is given twice, first on line 3`, 4},
		{"a concept without id", "version: 1\nconcepts:\n  - {type: t, any: [b]}\n", "a concept has no id", 3},
		{"a concept without names", "version: 1\nconcepts:\n  - {id: a, type: t}\n", "concept a has no names", 3},
		{"an empty name", "version: 1\nconcepts:\n  - {id: a, any: [b, \"\"]}\n", "concept a: a name is empty", 3},
		{"a name of two concepts", "version: 1\nconcepts:\n  - {id: a, any: [Río]}\n  - {id: b, es: [rio]}\n", `concept b: the name "rio" belongs to concept a already`, 4},
		{"half a relation", "version: 1\nrelated:\n  - {from: [a]}\n", "a relation needs both from and to", 3},
		{"a lone synonym", "version: 1\nsynonyms:\n  en:\n    - [a]\n", "a group of synonyms needs two words or more", 4},
		{"no equivalent", "version: 1\nwords:\n  a: []\n", `words: "a" has no equivalent`, 3},
		{"a word twice", "version: 1\nwords:\n  a: [b]\n  a: [c]\n", `key "a" is given twice, first on line 3`, 4},
		{"a mapping for a list", "version: 1\nwords:\n  a: {b: c}\n", "a plain value is expected, not a mapping", 3},
		{"broken", "version: 1\nwords: [\n", "the YAML is broken: ", 0},
		{"not text", "version: 1\x00", "holds a NUL byte: this is no text file", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			lex, err := ParseLexicon("mine.yaml", []byte(c.text))
			r, ok := errors.AsType[*Refused](err)
			if !ok || lex != nil {
				t.Fatalf("got %v, %v", lex, err)
			}
			if r.File != "mine.yaml" || len(r.Reason) < len(c.reason) || r.Reason[:len(c.reason)] != c.reason || c.line > 0 && r.Line != c.line {
				t.Errorf("got %v, want line %d: %s", r, c.line, c.reason)
			}
		})
	}
}

// A lexicon in a form that only the YAML decoder reads means the same.
func TestParseLexiconForms(t *testing.T) {
	a, err := ParseLexicon("a", []byte("version: 1\nconcepts:\n  - {id: tn, type: visa, any: [TN, TN visa], es: [visa TN]}\nwords:\n  a menudo: [often]\n"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseLexicon("b", []byte("# mine\nversion: 1\nconcepts:\n- id: tn\n  type: visa\n  any:\n  - TN\n  - 'TN visa'\n  es: visa TN\nwords: {a menudo: [often]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("got %+v, want %+v", b, a)
	}
}

func TestExtend(t *testing.T) {
	parse := func(s string) *Lexicon {
		t.Helper()
		lex, err := ParseLexicon("x", []byte("version: 1\n"+s))
		if err != nil {
			t.Fatal(err)
		}
		return lex
	}
	base := parse("concepts:\n  - {id: a, type: t, any: [Alpha, Shared], en: [one]}\n  - {id: b, any: [Beta]}\n" +
		"synonyms:\n  en:\n    - [x, y]\nwords:\n  casa: [house]\n  tren: [train]\n")
	mine := parse("concepts:\n  - {id: a, es: [uno]}\n  - {id: c, any: [shared]}\nrelated:\n  - {from: [p], to: [q]}\nwords:\n  casa: [home, house]\n")
	got := base.Extend(mine)
	want := parse("concepts:\n  - {id: a, type: t, any: [Alpha], en: [one], es: [uno]}\n  - {id: b, any: [Beta]}\n  - {id: c, any: [shared]}\n" +
		"related:\n  - {from: [p], to: [q]}\nsynonyms:\n  en:\n    - [x, y]\nwords:\n  casa: [home, house]\n  tren: [train]\n")
	if fmt.Sprint(*got) != fmt.Sprint(*want) {
		t.Errorf("got\n%v\nwant\n%v", *got, *want)
	}
	if len(base.Concepts) != 2 || !slices.Equal(base.Words["casa"], []string{"house"}) {
		t.Error("Extend changed its receiver")
	}
}
