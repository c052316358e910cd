package verify

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/retrieval"
)

// shelf is a Library of a few articles.
type shelf map[string]*corpus.Article

func (s shelf) Article(id string) *corpus.Article { return s[id] }

func (s shelf) Occurrences(text, language string) []retrieval.Occurrence {
	return testAnalyzer.Occurrences(text, language)
}

func (s shelf) ConceptType(term string) string { return testIndex.ConceptType(term) }

func (s shelf) Senses(fold, language string) (synonyms, translations []string) {
	return testIndex.Senses(fold, language)
}

var testIndex = retrieval.New(retrieval.Options{Analyzer: testAnalyzer})

var testAnalyzer = retrieval.NewAnalyzer(&corpus.Lexicon{Concepts: []corpus.Concept{
	{ID: "lopez-obrador", Type: "person", Any: []string{"Andrés Manuel López Obrador", "López Obrador", "AMLO"}},
	{ID: "mpp", Type: "program", Any: []string{"MPP"}, EN: []string{"Remain in Mexico"}, ES: []string{"Quédate en México"}},
	{ID: "guatemala", Type: "place", Any: []string{"Guatemala"}, EN: []string{"Guatemalan"}},
}})

const bridgeText = "The ferry “Isla Verde” carried 1,200 passengers on 3 May 2021. Captain Ana Ruiz said the strike cost $2 million."

func bridge() shelf {
	return shelf{"ferry": {ID: "ferry", Lang: "en", Text: bridgeText, Published: corpus.Date{Year: 2021, Month: 5, Day: 4}}}
}

func cite(lib shelf, id, quote string) Citation {
	i := strings.Index(lib[id].Text, quote)
	if i < 0 {
		panic("no such quote: " + quote)
	}
	return Citation{Article: id, Start: i, End: i + len(quote), Quote: quote}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	lib := bridge()
	first := cite(lib, "ferry", "The ferry “Isla Verde” carried 1,200 passengers on 3 May 2021.")
	second := cite(lib, "ferry", "Captain Ana Ruiz said the strike cost $2 million.")
	moved := first
	moved.Start++
	beyond := first
	beyond.End = len(bridgeText) + 1
	cutRune := Citation{Article: "ferry", Start: strings.Index(bridgeText, "“") + 1, End: strings.Index(bridgeText, "Verde")}
	cutRune.Quote = bridgeText[cutRune.Start:cutRune.End]
	for _, c := range []struct {
		name, text string
		cites      []Citation
		question   string
		want       string
	}{
		{"verbatim", first.Quote, []Citation{first}, "", ""},
		{"paraphrase", "The ferry carried 1.200 passengers.", []Citation{first}, "", ""},
		{"no citation", "The ferry sailed.", nil, "", "citation"},
		{"unknown article", "x", []Citation{{Article: "nope", End: 1, Quote: "x"}}, "", "citation"},
		{"span moved", "x", []Citation{moved}, "", "citation"},
		{"span beyond the text", "x", []Citation{beyond}, "", "citation"},
		{"span inside a character", "x", []Citation{cutRune}, "", "citation"},
		{"blank text", "  ", []Citation{first}, "", "citation"},
		{"number in words", "The strike cost two million dollars.", []Citation{second}, "", ""},
		{"other number", "The ferry carried 1,300 passengers.", []Citation{first}, "", "number"},
		{"other unit", "The strike cost 2 million km.", []Citation{second}, "", "number"},
		{"number of the question", "Not 50 but 1,200 passengers: the ferry carried them.", []Citation{first},
			"Did the ferry not carry 50?", "polarity"},
		{"same day otherwise", "On May 3, 2021 it carried passengers.", []Citation{first}, "", ""},
		{"other day", "On 4 June 2021 it carried passengers.", []Citation{first}, "", "date"},
		{"date of the article", "In May 2021 the strike cost $2 million.", []Citation{second}, "", ""},
		{"other year", "In 2020 the strike cost $2 million.", []Citation{second}, "", "date"},
		{"invented name", "Captain Ana Ruiz and Luis Paredes said so.", []Citation{second}, "", "name"},
		{"name of the question", "Ana Ruiz, asked about by Paredes, said the strike cost $2 million.", []Citation{second},
			"Did Paredes say so?", "hedge"},
		{"sentence case is no name", "Strikers cost the ferry money.", []Citation{second}, "", ""},
		{"known place at the start", "Guatemala said the strike cost $2 million.", []Citation{second}, "", "name attribution"},
		{"alias", "Captain Ana Ruiz said to AMLO that the strike cost $2 million.", []Citation{second}, "What did López Obrador hear?", ""},
		{"alias of another", "The strike of Remain in Mexico cost $2 million.", []Citation{second}, "What did López Obrador ask?", "name"},
	} {
		got := strings.Join(Check(lib, Claim{Text: c.text, Citations: c.cites}, c.question, "").Failed, " ")
		if got != c.want {
			t.Errorf("%s: failed %q, want %q", c.name, got, c.want)
		}
	}
}

// TestStory: of an article of any length a bounded part is read, in whole characters, around what is cited.
func TestStory(t *testing.T) {
	t.Parallel()
	lib := bridge()
	a := &corpus.Article{ID: "long", Lang: "es", Title: "Título", Text: strings.Repeat("El barco salió de Añil. ", 50000)}
	start := len(a.Text)/2 + 1
	for !strings.HasPrefix(a.Text[start:], "El barco") {
		start++
	}
	for _, sp := range []corpus.Span{{Start: 0, End: 9}, {Start: start, End: start + 9}, {Start: len(a.Text) - 9, End: len(a.Text)}} {
		e := evidence{lib: lib, articles: []*corpus.Article{a}, cites: []Citation{{Article: a.ID, Start: sp.Start, End: sp.End}}}
		s := e.story(0)
		if n := len(s.text); n > 2*reachStory+100 || !utf8.ValidString(s.text) || !strings.Contains(s.text, a.Text[sp.Start:sp.End]) {
			t.Errorf("of %v %d bytes are read", sp, n)
		}
		if e.story(0) != s {
			t.Error("it is read twice")
		}
	}
}

// FuzzVerify: whatever is drafted, a claim that passes has at least one citation, and each is verbatim.
func FuzzVerify(f *testing.F) {
	f.Add("The ferry carried 1,200 passengers.", 0, 20, "ferry", "The ferry “Isla Verde", "how many?")
	f.Add("x", -1, 5, "ferry", "", "")
	f.Add("Captain Ana Ruiz denied that the strike cost $2 million.", 60, 110, "ferry", "", "")
	f.Add("La capitana no dijo que más de la mitad costó 2 millones.", 0, 20, "ferry", "The ferry “Isla Verde", "")
	f.Add("\xff", 10, 12, "ferry", "“", "¿qué?")
	f.Add("!", 0, 23, "ferry", "The ferry “Isla Verde", "0")
	f.Fuzz(func(t *testing.T, text string, start, end int, id, quote, question string) {
		lib := bridge()
		c := Claim{Text: text, Citations: []Citation{{Article: id, Start: start, End: end, Quote: quote}}}
		if len(Check(lib, c, question, "").Failed) > 0 {
			return
		}
		a := lib[id]
		if a == nil || start < 0 || end > len(a.Text) || start >= end || a.Text[start:end] != quote {
			t.Fatalf("kept a claim whose quote does not stand there: %q [%d,%d)", quote, start, end)
		}
		have := quote + " " + question + " " + a.Published.String()
		if sp, ok := FindQuote(a.Text, quote); !ok ||
			a.Quote(sp) != quote && strings.TrimSpace(quote) != strings.TrimSpace(a.Quote(sp)) && sp.Start > start {
			t.Fatalf("kept a claim whose quote %q is not found again", quote)
		}
		if got := Check(lib, c, question, ""); len(got.Failed) > 0 {
			t.Fatalf("the same claim passes and fails: %v", got.Why)
		}
		for _, n := range numberRuns(text) {
			if len(n) > 3 && !strings.Contains(strings.ReplaceAll(have, ",", ""), n) &&
				!strings.Contains(text, ".") && !strings.Contains(text, ",") {
				t.Fatalf("kept %q with number %s, evidence %q", text, n, have)
			}
		}
	})
}

// numberRuns returns the runs of ASCII digits that stand alone between spaces.
func numberRuns(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if strings.Trim(w, "0123456789") == "" && strings.TrimLeft(w, "0") == w {
			out = append(out, w)
		}
	}
	return out
}

// TestVerifyMeaning holds each of the checks beyond numbers, dates and names to one claim it keeps and one it drops.
func TestVerifyMeaning(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	const plan = "The mayor proposed on Friday to close the northern bridge for five days, " +
		"and the ferry union said that more than 400 workers would lose their wages."
	const done = "The council rejected the plan; it was the first time that most members had not followed the mayor, " +
		"who claimed that Ana Ruiz sued the port."
	const rates = "The port went from 20 to 30 boats a day and replaced the old barge with the new crane; " +
		"it counted more passengers than sailors, and 10 percent of the crews are women. " +
		"The ministry left the tax out of its statement, and the union would strike if the ministry raised fares."
	a := &corpus.Article{ID: "a", Lang: "en", Text: plan + " " + done + " " + rates, Published: corpus.Date{Year: 2021, Month: 5, Day: 9}}
	lib := library{ix, a}
	for _, c := range []struct{ quote, text, want string }{
		{plan, "On 7 May 2021 the mayor proposed closing the northern bridge for five days.", ""},
		{plan, "On 8 May 2021 the mayor proposed closing the northern bridge for five days.", "date"},
		{plan, "The mayor proposed closing the northern bridge for five weeks.", "number"},
		{plan, "The mayor did not propose closing the northern bridge.", "polarity"},
		{plan, "The mayor proposed opening the northern bridge for five days.", "polarity"},
		{plan, "The mayor closed the northern bridge for five days.", "hedge"},
		{plan, "According to the ferry union over 400 workers would lose their wages.", ""},
		{plan, "According to the ferry union fewer than 400 workers would lose their wages.", "quantifier"},
		{plan, "El alcalde propuso cerrar cinco días el puente del norte.", ""},
		{plan, "El alcalde no propuso cerrar cinco días el puente del norte.", "polarity"},
		{plan, "The airport was sold to foreign investors.", "support"},
		{done, "The council accepted the plan.", "polarity"},
		{rates, "The port sent 30 boats a week from Vera to Lima.", "number"},
		{rates, "The port sends 30 boats daily, up from 20.", ""},
		{rates, "The port, which sent 30 boats a day, went from 30 to 20.", "roles"},
		{rates, "About a tenth of the crews are women.", ""},
		{rates, "The port replaced the new crane with the old barge.", "roles"},
		{rates, "The port counted more sailors than passengers.", "roles"},
		{rates, "The ministry left the tax out of its statement.", ""},
		{rates, "The union will strike, because the ministry has raised fares.", "hedge"},
		{done, "For the first time most members had not followed the mayor.", ""},
		{done, "All members had not followed the mayor.", "quantifier"},
	} {
		span, ok := FindQuote(a.Text, c.quote)
		if !ok {
			t.Fatalf("no such quote: %s", c.quote)
		}
		v := Check(lib, Claim{Text: c.text, Citations: []Citation{{Article: "a", Start: span.Start, End: span.End, Quote: c.quote}}}, "", "")
		if got := strings.Join(v.Failed, " "); got != c.want && !(c.want != "" && slices.Contains(v.Failed, c.want)) {
			t.Errorf("%s: failed %q, want %q: %v", c.text, got, c.want, v.Why)
		}
	}
}

// library is an index with one more article.
type library struct {
	*retrieval.Index
	article *corpus.Article
}

func (l library) Article(id string) *corpus.Article {
	if id == l.article.ID {
		return l.article
	}
	return l.Index.Article(id)
}

func TestFindQuote(t *testing.T) {
	t.Parallel()
	const text = "He said: “The ferry — all 1,600 tons of it — won't sail.”\nThen «nothing» came."
	for _, c := range []struct{ quote, want string }{
		{"The ferry — all 1,600 tons", "The ferry — all 1,600 tons"},
		{"The ferry - all  1,600 tons of it -- won’t sail.", "The ferry — all 1,600 tons of it — won't sail."},
		{"\"The ferry—all 1,600 tons of it—won't sail.\" Then nothing came",
			"The ferry — all 1,600 tons of it — won't sail.”\nThen «nothing» came"},
		{"the ferry", ""},
		{"ferry all", ""},
		{"600 tons", ""},
		{"erry", ""},
		{"wont sail", ""},
		{" ", ""},
		{"“”", ""},
	} {
		got := ""
		if s, ok := FindQuote(text, c.quote); ok {
			got = text[s.Start:s.End]
		}
		if got != c.want {
			t.Errorf("%q is found as %q, want %q", c.quote, got, c.want)
		}
	}
}
