package eval

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"policybot/answer"
	"policybot/corpus"
)

const (
	textA = "Mexico opened 3 offices in Tapachula. The minister, Ana Ruiz, said the plan would cost $40 million. Nobody was named."
	textB = "On 4 May 2020 the office closed. A spokesman denied it."
)

func testLibrary() *library {
	return newLibrary([]*corpus.Article{{ID: "a", Text: textA}, {ID: "b", Text: textB}})
}

// cite builds a citation of the first place where quote stands.
func cite(n int, id, quote string) answer.Citation {
	text := textA
	if id == "b" {
		text = textB
	}
	at := strings.Index(text, quote)
	return answer.Citation{N: n, Article: id, Start: at, End: at + len(quote), Quote: quote}
}

// good is an answer that keeps every promise; tests break it one at a time.
func good() answer.Answer {
	q1, q2 := "Mexico opened 3 offices in Tapachula.", "On 4 May 2020 the office closed."
	return answer.Answer{
		Status: answer.Answered,
		Text:   q1 + " [1] " + q2 + " [2]",
		AsOf:   "2020-05-04",
		Claims: []answer.Claim{
			{Text: q1, Citations: []answer.Citation{cite(1, "a", q1)}},
			{Text: q2, Citations: []answer.Citation{cite(2, "b", q2)}},
		},
		Sources: []answer.Source{{N: 1, Article: "a"}, {N: 2, Article: "b"}},
		Hits: []answer.Hit{
			{Article: "b", Start: 33, End: len(textB)},
			{Article: "a", Start: 0, End: 37},
			{Article: "b", Start: 0, End: 32},
		},
	}
}

func TestCheck(t *testing.T) {
	c := Case{ID: "c", Question: "How many offices did Mexico open?"}
	lib := testLibrary()
	if got := lib.check(c, good()); got != nil {
		t.Fatalf("good answer: %v", got)
	}
	for _, tt := range []struct {
		name  string
		spoil func(*answer.Answer)
		want  string
	}{
		{"uncited", func(a *answer.Answer) {
			a.Claims[1].Citations = nil
			a.Sources = a.Sources[:1]
			a.Text = strings.TrimSuffix(a.Text, " [2]")
		}, "claim 2 is not cited"},
		{"altered quote", func(a *answer.Answer) { a.Claims[0].Citations[0].Quote = "Mexico opened 4 offices in Tapachula." }, "quotes a otherwise"},
		{"shifted span", func(a *answer.Answer) { a.Claims[0].Citations[0].Start++ }, "quotes a otherwise"},
		{"span outside", func(a *answer.Answer) { a.Claims[0].Citations[0].End = 1000 }, "which is 117 long"},
		{"empty span", func(a *answer.Answer) { a.Claims[0].Citations[0].End = 0 }, "cites [0, 0)"},
		{"no such article", func(a *answer.Answer) { a.Claims[0].Citations[0].Article = "z"; a.Sources[0].Article = "z" }, "which is no article"},
		{"numbers swapped", func(a *answer.Answer) { a.Claims[0].Citations[0].N = 2; a.Claims[1].Citations[0].N = 1 }, "numbers a 2"},
		{"list short", func(a *answer.Answer) { a.Sources = a.Sources[:1] }, "the list of sources"},
		{"list renumbered", func(a *answer.Answer) { a.Sources[1].N = 3 }, "source 2 of the list is numbered 3"},
		{"marker missing", func(a *answer.Answer) { a.Text = strings.TrimSuffix(a.Text, " [2]") }, "the text marks 1 sources, 2 are cited"},
		{"markers out of order", func(a *answer.Answer) {
			a.Text = strings.NewReplacer("[1]", "[2]", "[2]", "[1]").Replace(a.Text)
		}, "markers of the text come in the order [2 1]"},
		{"number of its own", func(a *answer.Answer) {
			a.Claims[0].Text = "Mexico opened 33 offices."
			a.Text = a.Claims[0].Text + " [1] x [2]"
		}, `"33" stands neither`},
		{"name of its own", func(a *answer.Answer) { a.Claims[0].Text = "Mexico opened 3 offices in Oaxaca." }, `"Oaxaca" stands neither`},
		{"month of its own", func(a *answer.Answer) { a.Claims[1].Text = "On 4 June 2020 the office closed." }, `"June" stands neither`},
		{"claim left out of the text", func(a *answer.Answer) { a.Text = "Something [1] else [2]" }, "claim 1 is not in the text"},
		{"no claim", func(a *answer.Answer) { a.Claims, a.Sources, a.Text = nil, nil, "Yes." }, "answered without a claim"},
		{"no text", func(a *answer.Answer) { *a = answer.Answer{Status: answer.NotCovered} }, "no text"},
		{"no date", func(a *answer.Answer) { a.AsOf = "" }, "no date"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := good()
			tt.spoil(&a)
			if got := lib.check(c, a); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, tt.want) }) {
				t.Errorf("broken = %q, want one with %q", got, tt.want)
			}
		})
	}
}

func TestUnprovenReadsTheQuestion(t *testing.T) {
	if got := unproven("It was said of Puebla in 1999.", "Puebla 1999"); got != nil {
		t.Errorf("unproven = %v", got)
	}
	// A capital that only opens a sentence or a quotation is no name.
	if got := unproven("Offices opened. “Nothing closed,” she said. ¿Cuándo?", "she said nothing of offices"); got != nil {
		t.Errorf("unproven = %v", got)
	}
}

func TestScore(t *testing.T) {
	gold := []Passage{{"a", "opened 3 offices"}}
	both := Case{Answerable: true, AllRequired: true, Gold: []Passage{{"a", "opened 3 offices"}, {"b", "denied it"}},
		GoldAlt: []Alternate{{1, Passage{"b", "On 4 May 2020 the office closed."}}}}
	declined := answer.Answer{Status: answer.NotCovered, Text: "The library does not say."}
	corrected := good()
	corrected.Status = answer.NotCovered
	for _, tt := range []struct {
		name string
		c    Case
		a    answer.Answer
		want Verdict
		row  Row // Rank, Found5, SlotsCited, Cited, CitedGold
	}{
		{"right", Case{Answerable: true, Gold: gold, MustInclude: [][]string{{"TAPACHULA", "x"}}}, good(), Right,
			Row{Rank: 2, Found5: 1, SlotsCited: 1, Cited: 2, CitedGold: 1}},
		{"an alternative slot", both, good(), Right, Row{Rank: 1, Found5: 2, SlotsCited: 2, Cited: 2, CitedGold: 2}},
		{"a slot not cited", Case{Answerable: true, AllRequired: true, Gold: both.Gold}, good(), Wrong,
			Row{Rank: 1, Found5: 2, SlotsCited: 1, Cited: 2, CitedGold: 1}},
		{"other passage cited", Case{Answerable: true, Gold: []Passage{{"a", "Nobody was named"}}}, good(), Wrong, Row{Cited: 2}},
		{"something missing", Case{Answerable: true, Gold: gold, MustInclude: [][]string{{"offices"}, {"Oaxaca", "Puebla"}}}, good(), Wrong,
			Row{Rank: 2, Found5: 1, SlotsCited: 1, Cited: 2, CitedGold: 1}},
		{"something forbidden", Case{Answerable: true, Gold: gold, MustNotInclude: []string{"closed"}}, good(), Wrong,
			Row{Rank: 2, Found5: 1, SlotsCited: 1, Cited: 2, CitedGold: 1}},
		{"silent", Case{Answerable: true, Gold: gold, MustInclude: [][]string{{"offices"}}}, declined, WronglySilent, Row{}},
		{"declined", Case{}, declined, Declined, Row{}},
		{"answered all the same", Case{}, good(), WronglySaid, Row{Cited: 2}},
		{"premise corrected", Case{PremiseCorrection: true}, corrected, Corrected, Row{Cited: 2}},
		{"declined, yet disclosed", Case{MustNotInclude: []string{"library"}}, declined, Disclosed, Row{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row, problems := testLibrary().score(tt.c, tt.a)
			if row.Verdict != tt.want || problems != nil {
				t.Errorf("verdict %s, want %s; problems %v", row.Verdict, tt.want, problems)
			}
			got := Row{Rank: row.Rank, Found5: row.Found5, SlotsCited: row.SlotsCited, Cited: row.Cited, CitedGold: row.CitedGold}
			if got.Rank != tt.row.Rank || got.Found5 != tt.row.Found5 || got.SlotsCited != tt.row.SlotsCited || got.Cited != tt.row.Cited || got.CitedGold != tt.row.CitedGold {
				t.Errorf("row %+v, want %+v", got, tt.row)
			}
		})
	}
	t.Run("junk", func(t *testing.T) {
		row, _ := testLibrary().score(Case{Junk: []Passage{{"", "the office closed"}}}, good())
		if len(row.Junk) != 1 {
			t.Errorf("junk = %v", row.Junk)
		}
	})
	t.Run("gold that is not there", func(t *testing.T) {
		_, problems := testLibrary().score(Case{ID: "x", Answerable: true, Gold: []Passage{{"a", "Nothing of the kind"}}}, good())
		if len(problems) != 1 {
			t.Errorf("problems = %v", problems)
		}
	})
}

func TestLocate(t *testing.T) {
	lib := newLibrary([]*corpus.Article{{ID: "a", Text: "“First,” he said. The caf\u00e9 is open\u00a0today, he said. The end came."}})
	for _, tt := range []struct {
		name, quote string
		want        []string
	}{
		{"verbatim", "The caf\u00e9 is", []string{"The caf\u00e9 is"}},
		{"decomposed, other spaces and quotes", "\"first\" HE said", []string{"First,” he said"}},
		{"no-break space", "cafe\u0301 is open today", []string{"caf\u00e9 is open\u00a0today"}},
		{"twice", "he said", []string{"he said", "he said"}},
		{"cut through", "Advertisement the caf\u00e9 is open", []string{"The caf\u00e9 is open"}},
		{"too little left", "Advertisement one two three the caf\u00e9", nil},
		{"absent", "nothing here at all", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, w := range lib.locate(Passage{"a", tt.quote}) {
				got = append(got, lib.articles["a"].Text[w.Start:w.End])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("located %q, want %q", got, tt.want)
			}
		})
	}
	if lib.locate(Passage{"b", "the end"}) != nil {
		t.Error("located in an article that is not there")
	}
}

func TestCovers(t *testing.T) {
	w := where{"a", corpus.Span{Start: 10, End: 20}}
	for _, tt := range []struct {
		article    string
		start, end int
		want       bool
	}{
		{"a", 10, 20, true}, {"a", 0, 100, true}, {"a", 12, 14, true}, {"a", 15, 25, true},
		{"a", 16, 26, false}, {"a", 20, 30, false}, {"a", 0, 10, false}, {"b", 10, 20, false},
	} {
		if got := w.covers(tt.article, tt.start, tt.end); got != tt.want {
			t.Errorf("covers(%s, %d, %d) = %t", tt.article, tt.start, tt.end, got)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		k, n      int
		low, high string
	}{{0, 0, "0.000", "1.000"}, {0, 10, "0.000", "0.278"}, {5, 10, "0.237", "0.763"}, {10, 10, "0.722", "1.000"}, {111, 130, "0.783", "0.904"}} {
		low, high := wilson(tt.k, tt.n)
		if f := format(low) + format(high); f != tt.low+tt.high {
			t.Errorf("wilson(%d, %d) = %s %s, want %s %s", tt.k, tt.n, format(low), format(high), tt.low, tt.high)
		}
	}
}

func format(x float64) string { return fmt.Sprintf("%.3f", x) }
