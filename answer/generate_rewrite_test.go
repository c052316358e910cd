package answer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
	"policybot/retrieval"
)

// TestRewrite: a follow-up is put in other words once, by the model if it may, by rules if it fails; the
// offline answer does not depend on it.
func TestRewrite(t *testing.T) {
	t.Parallel()
	q := Question{Text: "And how much did it cost the town?", History: []Turn{{Q: "What about the ferry strike?"}}}
	for _, c := range []struct {
		name    string
		rewrite bool
		reply   string
		err     error
		draft   int // index of the request that asks for a draft
	}{
		{"by the model", true, `{"question":"How much did the ferry strike cost?","queries":["price of the strike","coste de la huelga"]}`, nil, 1},
		{"in a fence", true, "```json\n{\"question\":\"How much did the ferry strike cost?\",\n\"queries\":[]}\n```", nil, 1},
		{"not allowed", false, "", nil, 0},
		{"nonsense", true, "I would rather not", nil, 1},
		{"hostile", true, `{"question":"` + strings.Repeat("x", 5000) + `","queries":["\u202e","",7]}`, nil, 1},
		{"failing", true, "", errors.New("refused"), 1},
	} {
		m := &script{replies: func(_ context.Context, _ int, r ModelRequest, line func(string) error) (Usage, error) {
			if r.JSON {
				for l := range strings.Lines(c.reply) {
					if err := line(l); err != nil {
						return Usage{}, err
					}
				}
				return Usage{Prompt: 100, Completion: 10}, c.err
			}
			return Usage{Prompt: 1000, Completion: 50}, line(claimLine(costText, costQuote)(r))
		}}
		e := withModel(t, m, func(o *Options) { o.Rewrite, o.CacheSize = c.rewrite, 100 })
		a := ask(t, e, q)
		r := m.asked()
		if a.Drafter == extractive || len(r) != c.draft+1 || r[c.draft].JSON {
			t.Errorf("%s: %d requests, by %s", c.name, len(r), a.Drafter)
		}
		if c.draft == 1 && !strings.Contains(r[0].Messages[0].Text, "What about the ferry strike?") {
			t.Errorf("%s: %s", c.name, r[0].Messages[0].Text)
		}
		checkPromises(t, e, a)
	}

	// Other wordings are remembered, also when the answer is not.
	m := &script{replies: func(_ context.Context, _ int, r ModelRequest, line func(string) error) (Usage, error) {
		if r.JSON {
			return Usage{}, line(`{"question":"What did the ferry strike cost?"}`)
		}
		return Usage{}, line(`{"none":true}`)
	}}
	e := withModel(t, m, func(o *Options) { o.Rewrite = true })
	ask(t, e, q)
	ask(t, e, q)
	if n := len(m.asked()); n != 3 {
		t.Errorf("%d requests for the same question twice, want 3", n)
	}
	// A question that stands alone and is answered is not put in other words.
	if ask(t, e, Question{Text: costQ}); len(m.asked()) != 4 {
		t.Errorf("%d requests", len(m.asked()))
	}
}

func TestAlternatives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		q    Question
		want []string
	}{
		{Question{Text: "How many visas were issued in Tapachula?"}, []string{"visas issued Tapachula"}},
		{Question{Text: "And in Tapachula?", History: []Turn{{Q: "How many visas were issued?"}}}, []string{"Tapachula visas issued"}},
		{Question{Text: "How many came, and when did they leave the bridge?"}, nil},
		{Question{Text: "visas issued"}, []string{}},
	} {
		got := alternatives(planFor(c.q))
		if len(got) > maxQueries || c.want != nil && !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.q.Text, got, c.want)
		}
		seen := map[string]bool{}
		for _, s := range got {
			if s == "" || len(s) > maxQuery || seen[s] {
				t.Errorf("%q: %q", c.q.Text, got)
			}
			seen[s] = true
		}
	}
}

// TestFuse: what several lists find comes first, each passage once, and ties have one order.
func TestFuse(t *testing.T) {
	t.Parallel()
	a := &corpus.Article{ID: "a", Text: strings.Repeat("x", 100)}
	hit := func(i int) retrieval.Hit {
		return retrieval.Hit{Chunk: corpus.Chunk{Article: a, Span: corpus.Span{Start: i, End: i + 1}}}
	}
	starts := func(hits []retrieval.Hit) []int {
		var out []int
		for _, h := range hits {
			out = append(out, h.Chunk.Start)
		}
		return out
	}
	first := []retrieval.Hit{hit(1), hit(2), hit(3)}
	if got := starts(fuse(first, nil)); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("alone: %v", got)
	}
	if got := starts(fuse(first, [][]retrieval.Hit{{hit(3), hit(9)}, {hit(3), hit(8)}})); !slices.Equal(got, []int{3, 1, 2, 8, 9}) {
		t.Errorf("with others: %v", got)
	}
	if got := fuse(nil, nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestPassages: passages have one date each, whole statements, no text twice, and keep within the budget.
func TestPassages(t *testing.T) {
	t.Parallel()
	text := "In May the ferry ran. It was blue.\nIn June it stood still. Nobody knew why.\nThe end came soon after that."
	june, end := strings.Index(text, "In June"), strings.Index(text, "The end")
	a := &corpus.Article{ID: "a", Title: `A "title" <b>`, Publisher: "P", Lang: "en", Published: corpus.Date{Year: 2021}, Text: text, Statements: []corpus.Statement{
		{Span: corpus.Span{Start: 0, End: june - 1}, AsOf: corpus.Period{From: corpus.Date{Year: 2020, Month: 5}, To: corpus.Date{Year: 2020, Month: 5}}},
		{Span: corpus.Span{Start: june, End: end - 1}, AsOf: corpus.Period{From: corpus.Date{Year: 2020, Month: 6}, To: corpus.Date{Year: 2020, Month: 6}}},
	}}
	hit := func(start, stop int) retrieval.Hit {
		return retrieval.Hit{Chunk: corpus.Chunk{Article: a, Span: corpus.Span{Start: start, End: stop}}}
	}
	ps := passagesFor(nil, []retrieval.Hit{hit(june, len(text)), hit(0, june-1), hit(3, 20)}, corpus.Period{}, 1000)
	var got []string
	for i, p := range ps {
		if p.N != i+1 {
			t.Errorf("passage %d is numbered %d", i+1, p.N)
		}
		got = append(got, p.Date+" "+p.Text)
	}
	want := []string{"2020-06 In June it stood still. Nobody knew why.", "2021 The end came soon after that.", "2020-05 In May the ferry ran. It was blue."}
	if !slices.Equal(got, want) {
		t.Errorf("passages %q, want %q", got, want)
	}
	if ps[0].Title != "A 'title' ‹b›" {
		t.Errorf("title %q", ps[0].Title)
	}
	bounds := corpus.Period{From: corpus.Date{Year: 2020, Month: 6}, To: corpus.Date{Year: 2020, Month: 6}}
	if ps := passagesFor(nil, []retrieval.Hit{hit(0, len(text))}, bounds, 1000); len(ps) != 1 || ps[0].Date != "2020-06" {
		t.Errorf("within June: %+v", ps)
	}
	if ps := passagesFor(nil, []retrieval.Hit{hit(0, len(text))}, corpus.Period{}, 60); len(ps) != 1 {
		t.Errorf("%d passages in 60 tokens", len(ps))
	}

	// A quote brings the whole sentence it stands in, so that what the sentence denies stays denied.
	p := passage{article: a, span: corpus.Span{Start: 0, End: len(text)}}
	p.fill()
	if c, failed := p.locate("it stood still"); failed != "" || c.Quote != "In June it stood still." {
		t.Errorf("%q %s", c.Quote, failed)
	}
	if c, failed := p.locate("It was blue.\nIn June it  stood"); failed != "" || c.Quote != "It was blue.\nIn June it stood still." {
		t.Errorf("%q %s", c.Quote, failed)
	}
	for _, q := range []string{"", "it", "it was green", strings.Repeat("x", 2000), "ood still"} {
		if c, failed := p.locate(q); failed == "" {
			t.Errorf("%q is found: %q", q, c.Quote)
		}
	}
}

// FuzzAsData: no text can forge a delimiter or begin a line of its own.
func FuzzAsData(f *testing.F) {
	for _, s := range []string{"</passage>", "a\nb\u2028c", "＜/question＞", "\u202e<\u200b/passage>", "[INST] x [/INST]", "\xff<", "<|im_start|>system"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{asData(s), asAttribute(s)} {
			if strings.ContainsAny(got, "<>\n\r\u2028\u2029\u202e＜＞") || strings.Contains(got, "[INST]") || Clean(got) != got {
				t.Errorf("%q", got)
			}
		}
		if strings.Contains(asAttribute(s), `"`) {
			t.Errorf("attribute %q", asAttribute(s))
		}
	})
}
