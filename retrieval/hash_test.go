package retrieval

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"policybot/corpus"
)

// testLexicon has one of everything that goes into vectors.
func testLexicon() *corpus.Lexicon {
	return &corpus.Lexicon{
		Concepts: []corpus.Concept{{
			ID: "remain-in-mexico", Type: "program",
			Any: []string{"MPP"}, EN: []string{"Remain in Mexico"}, ES: []string{"Quédate en México"},
		}},
		Synonyms: map[string][][]string{"en": {{"rancher", "cattleman"}}},
		Words:    map[string][]string{"huelga": {"strike"}, "ferrocarril": {"railway", "railroad"}},
	}
}

func hashOne(t testing.TB, h *Hash, text string) []float32 {
	t.Helper()
	vecs, err := h.Embed(t.Context(), Question, []string{text})
	if err != nil {
		t.Fatal(err)
	}
	return vecs[0]
}

func TestHashIsAnEmbedder(t *testing.T) {
	for _, lex := range []*corpus.Lexicon{nil, testLexicon()} {
		if err := CheckEmbedder(t.Context(), NewHash(NewAnalyzer(lex))); err != nil {
			t.Error(err)
		}
	}
}

// Each row: the second text is nearer to the first than the third is, by a clear margin.
func TestHashMeets(t *testing.T) {
	h := NewHash(NewAnalyzer(testLexicon()))
	tests := []struct{ name, text, near, far string }{
		{"inflection", "The minister proposed closing the ports", "closed port proposals of ministers", "The winner praised baking the cakes"},
		{"misspelling", "Who is Konstantinopoulos?", "Constantinopoulous resigned", "Papadimitriou resigned"},
		{"compound", "thunderstorms", "a storm with thunder", "a dorm with plunder in it"},
		{"case and accents", "MÉXICO Y PERÚ", "mexico peru", "chile bolivia"},
		{"designation", "H-2A visas", "the h2a visa", "the f1 visa"},
		{"concept, abbreviated", "How many were sent back under MPP?", "Remain in Mexico began in winter", "Sweden in winter began to remain"},
		{"concept, across languages", "Quédate en México", "the Remain in Mexico policy", "el equipo de México"},
		{"synonym", "the cattleman spoke", "a rancher is speaking", "a teacher is speaking"},
		{"translation", "la huelga del ferrocarril", "the railway strike", "the bakery fire"},
		{"translation, inflected", "huelgas en ferrocarriles", "strikes on railroads", "fires in bakeries"},
		{"cognate", "la inmigración y la responsabilidad", "immigration and responsibility", "agriculture and cooking"},
		{"cognate, inflected", "instituciones democráticas", "a democratic institution", "a frozen warehouse"},
		{"only function words", "to be or not to be", "not to be", "above below"},
		{"number", "1,600 soldiers", "1600 soldiers", "1900 soldiers"},
		{"other script", "Москва зимой", "зимой в москве", "летом у моря"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := hashOne(t, h, test.text)
			near, far := dot(v, hashOne(t, h, test.near)), dot(v, hashOne(t, h, test.far))
			if near < far+0.1 {
				t.Errorf("%q: near %.3f, far %.3f", test.text, near, far)
			}
		})
	}
}

// What the lexicon decides is in the model's name, and nothing else is.
func TestHashModelNamesItsVocabulary(t *testing.T) {
	models := map[string]string{}
	for name, change := range map[string]func(*corpus.Lexicon){
		"unchanged":   func(*corpus.Lexicon) {},
		"concept":     func(l *corpus.Lexicon) { l.Concepts[0].EN = append(l.Concepts[0].EN, "stay in Mexico") },
		"concept id":  func(l *corpus.Lexicon) { l.Concepts[0].ID = "x" },
		"translation": func(l *corpus.Lexicon) { l.Words["huelga"] = []string{"walkout"} },
		"synonym":     func(l *corpus.Lexicon) { l.Synonyms["en"][0][0] = "herder" },
		"empty":       func(l *corpus.Lexicon) { *l = corpus.Lexicon{} },
	} {
		l := testLexicon()
		change(l)
		m := NewHash(NewAnalyzer(l)).Model()
		if !strings.HasPrefix(m, "hash-v1-512-") {
			t.Errorf("%s: %q", name, m)
		}
		if other, ok := models[m]; ok {
			t.Errorf("%s and %s have one name, %s", name, other, m)
		}
		models[m] = name
	}
	for range 10 { // maps have no order
		if m := NewHash(NewAnalyzer(testLexicon())).Model(); models[m] != "unchanged" {
			t.Fatalf("the same lexicon gives %s", m)
		}
	}
	l := testLexicon()
	l.Related = []corpus.Relation{{From: []string{"railway"}, To: []string{"train"}}}
	if m := NewHash(NewAnalyzer(l)).Model(); models[m] != "unchanged" {
		t.Errorf("related words are not in vectors but change the name to %s", m)
	}
}

// Stored vectors outlive the program: this one may not change unless hashVersion does.
func TestHashIsPinned(t *testing.T) {
	v := hashOne(t, NewHash(NewAnalyzer(testLexicon())), "Under Remain in Mexico the 3 ranchers, and ranchers only, paid for a railway.")
	want := map[int]float64{25: 0.484364, 228: -0.363972, 30: -0.210049, 367: -0.210049, 304: -0.191523, 315: -0.189800}
	for i, x := range v {
		if w, ok := want[i]; ok && math.Abs(float64(x)-w) > 1e-5 || !ok && math.Abs(float64(x)) > 0.187 {
			t.Errorf("component %d is %v, was %v: raise hashVersion and pin anew", i, x, w)
		}
	}
}

// Batch size, order and the texts before leave no trace; a large batch is shared out over processors.
func TestHashDependsOnTheTextAlone(t *testing.T) {
	texts := synthetic(300)
	h := NewHash(NewAnalyzer(testLexicon()))
	together, err := h.Embed(t.Context(), Passage, texts)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(texts)
	again, err := h.Embed(t.Context(), Question, texts)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(again)
	for i := range together {
		if !slices.Equal(together[i], again[i]) {
			t.Fatalf("text %d has two vectors", i)
		}
	}
}

func TestHashStopsWithItsContext(t *testing.T) {
	ctx := &endingContext{Context: t.Context(), left: 3}
	vecs, err := NewHash(NewAnalyzer(nil)).Embed(ctx, Passage, synthetic(300))
	if !errors.Is(err, context.Canceled) || vecs != nil {
		t.Errorf("%d vectors, %v", len(vecs), err)
	}
}

func TestCognate(t *testing.T) {
	for from, want := range map[string]string{
		"inmigracion": "inmigration", "instituciones": "institutions", "responsabilidad": "responsability",
		"rapidamente": "rapidaly", "especial": "special", "escuela": "scuel", "democratico": "democratic",
		"famoso": "famous", "sol": "sol", "es": "es", "este": "ste", "": "",
	} {
		if got := cognate(from); got != want {
			t.Errorf("cognate(%q) = %q, want %q", from, got, want)
		}
	}
}

func TestSpelling(t *testing.T) {
	for from, want := range map[string]string{
		"immigration": "imigration", "inmigration": "imigration", "theory": "teori", "photograph": "fotograf",
		"yes": "yes", "llama": "lama", "1100": "1100", "hh": "h", "pph": "f", "": "", "ñ": "ñ",
	} {
		if got := spelling(from); got != want {
			t.Errorf("spelling(%q) = %q, want %q", from, got, want)
		}
	}
}

func FuzzHash(f *testing.F) {
	for _, s := range []string{
		"", " ", "the", "?!", "\xff\xfe", "a\x00b", "U.S. v. 1,600", "¿Qué pasó en México?", "MPP", strings.Repeat("x", 5000),
		strings.Repeat("word ", 3000), "Remain in Mexico", "第四种语言", "e\u0301\u0301\u0301", "😀", "..", "ﬁ ﬂ",
	} {
		f.Add(s)
	}
	h := NewHash(NewAnalyzer(testLexicon()))
	f.Fuzz(func(t *testing.T, text string) {
		v := hashOne(t, h, text)
		if err := checkUnit(v, h.Dim()); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if !utf8.ValidString(text) {
			return
		}
		if w := hashOne(t, h, " "+text+"\n"); !slices.Equal(v, w) {
			t.Errorf("%q: space around it changes the vector", text)
		}
	})
}
