package retrieval

import (
	"context"
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

func harbourLexicon() *corpus.Lexicon {
	return &corpus.Lexicon{
		Concepts: []corpus.Concept{
			{ID: "harbour-board", Type: "agency", Any: []string{"HB"}, EN: []string{"Harbour Board", "Board of the Harbour"}, ES: []string{"Junta del Puerto"}},
			{ID: "ice", Type: "agency", Any: []string{"ICE"}},
			{ID: "who", Type: "agency", Any: []string{"WHO"}},
			{ID: "miller", Type: "person", Any: []string{"Anna Miller", "Miller"}},
		},
		Related: []corpus.Relation{{From: []string{"Harbour Board", "dock"}, To: []string{"quay", "Anna Miller"}}},
		Synonyms: map[string][][]string{
			"en": {{"quick", "fast"}, {"give up", "surrender"}},
			"es": {{"barco", "nave"}},
		},
		Words: map[string][]string{
			"barco": {"ship", "boat"}, "puerto": {"harbour", "port"}, "sin embargo": {"however"}, "tasa de interés": {"interest rate"}, "línea": {"line"},
		},
	}
}

func TestOccurrences(t *testing.T) {
	a := NewAnalyzer(harbourLexicon())
	text := "The Harbour Board met Miller; ICE melts, and ice does not."
	var got []string
	for _, o := range a.Occurrences(text, "en") {
		got = append(got, text[o.Start:o.End]+"="+o.Term)
		if o.Start < 0 || o.End > len(text) || o.Start >= o.End {
			t.Errorf("%+v lies outside the text", o)
		}
	}
	want := []string{
		"Harbour Board=concept:harbour-board", "Harbour=harbour", "Board=board", "met=met", "Miller=concept:miller", "Miller=miller",
		"ICE=concept:ice", "ICE=ice", "melts=melt", "ice=ice",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	o := a.Occurrences("The red and the black.", "en")
	if len(o) != 2 || o[0].Pos != 1 || o[1].Pos != 4 {
		t.Errorf("function words do not count in Pos: %+v", o)
	}
	if got := NewAnalyzer(nil).Occurrences("Harbour Board", "en"); len(got) != 2 {
		t.Errorf("without a lexicon: %+v", got)
	}
}

// TestIndexedAsAnalysed: an article's terms in the index are those that Occurrences gives.
func TestIndexedAsAnalysed(t *testing.T) {
	a := NewAnalyzer(harbourLexicon())
	text := "The Harbour Board met Anna Miller. ICE was there! Ships of the U.S. Navy left 1,600 crates; las naves no."
	ix := indexOf(t, Options{Analyzer: a}, article("x", "", text))
	s := ix.snap.Load()
	d := s.docs[0]
	var got, want []string
	for _, id := range d.terms[d.title:d.text] {
		got = append(got, s.vocab.terms[id])
	}
	for _, o := range a.Occurrences(text, "en") {
		want = append(want, o.Term)
	}
	if !slices.Equal(got, want) {
		t.Errorf("indexed  %q\nanalysed %q", got, want)
	}
}

func TestWords(t *testing.T) {
	a := NewAnalyzer(harbourLexicon())
	en := indexOf(t, Options{Analyzer: a},
		article("a", "Harbour news", "The Harbour Board bought a fast ship in 2019. Anna Miller signed. The immigration office of the nation stood by the quay, in line."),
		article("b", "", "A naval commission surrendered the documents about philosophy. Nothing was quick there. Miller spoke of interest rates, and Miller left."))
	es := indexOf(t, Options{Analyzer: a},
		&corpus.Article{ID: "c", Lang: lang.Spanish, Text: "La Junta del Puerto compró un barco rápido. La comisión aprobó la inmigración."})
	tests := []struct {
		name, text, lang string
		ix               *Index
		word             int
		want             string // form/why, the first of each kind
	}{
		{"own stem", "ships?", "en", en, 0, "ship/stem"},
		{"language detected", "where are the ships", "", en, 0, "ship/stem"},
		{"translation", "el barco", "es", en, 0, "barc/stem ship/translation"},
		{"translation back", "the ship", "en", es, 0, "ship/stem barc/translation"},
		{"phrase", "la tasa de interés", "es", en, 1, "rate/translation"},
		{"cognate by ending", "la nación", "es", en, 0, "nation/cognate"},
		{"cognate with double letter", "inmigración", "es", en, 0, "immigr/cognate"},
		{"cognate by letters", "filosofía", "es", en, 0, "philosophi/cognate"},
		{"English name in Spanish", "¿Quién es Miller?", "es", en, 0, "concept:miller/concept"},
		{"misspelt", "imigration", "en", en, 0, "immigr/spelling"},
		{"two slips", "pilosophhy", "en", en, 0, "philosophi/spelling"},
		{"a word the lexicon knows is not misspelt", "boat", "en", en, 0, "boat/stem"},
		{"known word is not respelt", "quick", "en", en, 0, "quick/stem fast/synonym"},
		{"synonym of a phrase", "never give up", "en", en, 1, "surrend/synonym"},
		{"related", "dock", "en", en, 0, "quay/related concept:miller/related"},
		{"number", "in 2019", "en", en, 0, "2019/stem"},
		{"concept of several words", "the Board of the Harbour", "en", en, 0, "concept:harbour-board/concept"},
		{"concept across languages", "Junta del Puerto", "es", en, 0, "concept:harbour-board/concept"},
		{"abbreviation in lower case", "hb", "en", en, 0, "concept:harbour-board/concept"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			words := test.ix.Words(test.text, test.lang)
			if test.word >= len(words) {
				t.Fatalf("only %d words: %+v", len(words), words)
			}
			w := words[test.word]
			if test.text[w.Start:w.End] != w.Text {
				t.Errorf("word %q at %d-%d is %q", w.Text, w.Start, w.End, test.text[w.Start:w.End])
			}
			var got []string
			for _, f := range w.Forms {
				got = append(got, f.Term+"/"+f.Why)
				if f.Weight <= 0 || f.Weight > 1 {
					t.Errorf("weight of %+v", f)
				}
			}
			for _, want := range strings.Fields(test.want) {
				if !slices.Contains(got, want) {
					t.Errorf("forms %q lack %q", got, want)
				}
			}
			if test.name == "a word the lexicon knows is not misspelt" && len(got) > 1 {
				t.Errorf("forms %q", got)
			}
		})
	}

	w := en.Words("Did Miller or the zzgrob buy 1,600 ships?", "en")
	type flags struct{ known, name, number bool }
	want := map[string]flags{"Miller": {true, true, false}, "zzgrob": {}, "buy": {}, "1,600": {false, false, true}, "ships": {true, false, false}}
	for _, x := range w {
		if got := (flags{x.Known, x.Name, x.Number}); got != want[x.Text] {
			t.Errorf("%q: known, name, number are %v, want %v", x.Text, got, want[x.Text])
		}
	}
	if got := en.Words("who was miller", "en"); len(got) != 1 || !got[0].Name {
		t.Errorf("a name in lower case: %+v", got)
	}
	if got := en.Words("the who", "en"); len(got) != 0 {
		t.Errorf("a question word taken for an abbreviation: %+v", got)
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "xabc", 1},
		{"imigration", "immigration", 1}, {"wether", "weather", 1}, {"abcdef", "badcfe", 3}, {"abcd", "wxyz", 3}, {strings.Repeat("a", 80), "a", 3},
	} {
		if got := distance(test.a, test.b, 2); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
		if got := distance(test.b, test.a, 2); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.b, test.a, got, test.want)
		}
	}
}

func TestCognates(t *testing.T) {
	for es, en := range map[string]string{
		"nacion": "nation", "universidad": "university", "rapidamente": "rapidly", "farmacia": "pharmacy", "comercial": "commercial", "economico": "economic", "inmigracion": "immigration", "frecuencia": "frequency",
		"historia": "history", "espacio": "space", "industrial": "industrial", "famoso": "famous", "presidente": "president",
	} {
		if got := cognates(es); !slices.Contains(got, en) {
			t.Errorf("cognates(%q) = %q, without %q", es, got, en)
		}
	}
	for _, short := range []string{"", "a", "ion"} {
		if got := cognates(short); len(got) > 0 {
			t.Errorf("cognates(%q) = %q", short, got)
		}
	}
}

func FuzzQuestion(f *testing.F) {
	for _, s := range []string{
		"", " ", "What did the Harbour Board buy?", "¿Qué compró la Junta del Puerto?", "\xff\xfe\x00", "a\u202eb", strings.Repeat("quay ", 60), "ICE ice WHO who",
		strings.Repeat("x", 100), "1,600 1.600,5 2nd", "ſ K İ ß", "harbour harbour harbour board",
	} {
		f.Add(s)
	}
	a := NewAnalyzer(harbourLexicon())
	ix := indexOf(f, Options{Analyzer: a, Embedder: NewHash(a)},
		article("a", "Harbour news", "The Harbour Board bought a fast ship in 2019. Anna Miller signed. The office stood by the quay."),
		article("b", "", "A naval commission surrendered the documents."))
	f.Fuzz(func(t *testing.T, text string) {
		for _, language := range []string{"", "en", "es"} {
			words := ix.Words(text, language)
			if len(words) > maxQuestionWords {
				t.Fatalf("%d words", len(words))
			}
			last := 0
			for _, w := range words {
				if w.Start < last || w.End <= w.Start || w.End > len(text) || text[w.Start:w.End] != w.Text || len(w.Forms) == 0 {
					t.Fatalf("word %+v of %q", w, text)
				}
				last = w.End
			}
			hits, err := ix.Search(context.Background(), Query{Text: text, Lang: language, Explain: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range hits {
				if h.Coverage < 0 || h.Coverage > 1+1e-9 || h.Score != h.Score || i > 10 {
					t.Fatalf("hit %d of %q: %+v", i, text, h)
				}
			}
		}
	})
}
