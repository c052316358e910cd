package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

func newsIndex(t testing.TB) *Index {
	t.Helper()
	a := NewAnalyzer(harbourLexicon())
	return indexOf(t, Options{Analyzer: a, Embedder: NewHash(a)},
		article("ferry", "New ferry for the northern islands", "The council ordered a ferry for the northern islands. It will carry cars and goods twice a day. Fishermen fear for their nets."),
		article("budget", "Council passes budget", "The council passed its budget after a long debate. Schools get more money, roads get less. The mayor called it prudent."),
		article("storm", "Storm closes the harbour", "A storm closed the harbour for three days. The Harbour Board said that no ship was lost. Insurance will pay for the quay."),
		article("schools", "Teachers on strike", "Teachers went on strike over pay. The schools stayed closed on Monday and the mayor asked for patience."),
	)
}

func ids(hits []Hit) (out []string) {
	for _, h := range hits {
		out = append(out, h.Chunk.Article.ID)
	}
	return
}

func TestSearch(t *testing.T) {
	ix := newsIndex(t)
	for _, test := range []struct{ question, lang, first string }{
		{"Which boat will the islands get?", "en", "ferry"},
		{"What did the mayor say about the budget?", "en", "budget"},
		{"¿Cuánto tiempo estuvo cerrado el puerto?", "es", "storm"},
		{"harbor board", "en", "storm"},
		{"techers strik", "en", "schools"}, // misspelt
		{"¿Qué dijo la Junta del Puerto?", "", "storm"},
	} {
		hits, err := ix.Search(context.Background(), Query{Text: test.question, Lang: test.lang, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].Chunk.Article.ID != test.first {
			t.Errorf("%q: found %v, want %s first", test.question, ids(hits), test.first)
			continue
		}
		if len(hits[0].Signals) != int(parts) {
			t.Errorf("%q: signals %v", test.question, hits[0].Signals)
		}
		for i := 1; i < len(hits); i++ {
			if a, b := hits[i-1], hits[i]; a.Chunk.ID() == b.Chunk.ID() {
				t.Errorf("%q: %s twice", test.question, a.Chunk.ID())
			}
		}
		articles, err := ix.SearchArticles(context.Background(), Query{Text: test.question, Lang: test.lang})
		if err != nil {
			t.Fatal(err)
		}
		if len(articles) == 0 || articles[0].Article.ID != test.first {
			t.Errorf("%q: articles %+v, want %s first", test.question, articles, test.first)
		}
	}
	hits, err := ix.Search(context.Background(), Query{Text: "council mayor harbour", Lang: "en", Limit: 2})
	if err != nil || len(hits) != 2 {
		t.Errorf("limit 2: %d hits, %v", len(hits), err)
	}
}

func TestCoverage(t *testing.T) {
	ix := newsIndex(t)
	coverage := func(q string) float64 {
		hits, err := ix.Search(context.Background(), Query{Text: q, Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 {
			return 0
		}
		return hits[0].Coverage
	}
	full, part, none := coverage("storm closed the harbour"), coverage("storm closed the airport"), coverage("zyzzy blorp")
	if full != 1 || part >= 1 || part <= 0 || none != 0 {
		t.Errorf("coverage full %v, part %v, none %v", full, part, none)
	}
}

func TestHostileQuestions(t *testing.T) {
	ix := newsIndex(t)
	for _, q := range []string{
		"", "   ", "the of and", "\xff\xfe\x00\x00", "\u202e\u2066", "?!", strings.Repeat("harbour storm ", 800_000), strings.Repeat("x", 10<<20),
		strings.Repeat("zz1 ", 100_000), strings.Repeat("á", 1<<20),
	} {
		for _, language := range []string{"", "en", "es", "tlh"} {
			if _, err := ix.Search(context.Background(), Query{Text: q, Lang: language}); err != nil {
				t.Errorf("%.20q: %v", q, err)
			}
			if _, err := ix.SearchArticles(context.Background(), Query{Text: q, Lang: language, Limit: -1}); err != nil {
				t.Errorf("%.20q: %v", q, err)
			}
		}
	}
	empty := New(Options{})
	if hits, err := empty.Search(context.Background(), Query{Text: "harbour"}); err != nil || len(hits) != 0 {
		t.Errorf("empty index: %v, %v", hits, err)
	}
	if w := empty.Words("harbour storm", ""); len(w) != 2 || w[0].Known {
		t.Errorf("empty index: words %+v", w)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if hits, err := ix.Search(cancelled, Query{Text: "harbour"}); !errors.Is(err, context.Canceled) || hits != nil {
		t.Errorf("cancelled: %v, %v", hits, err)
	}
	if hits, err := ix.SearchArticles(cancelled, Query{Text: "harbour"}); !errors.Is(err, context.Canceled) || hits != nil {
		t.Errorf("cancelled: %v, %v", hits, err)
	}
}

func TestTime(t *testing.T) {
	// Four reports in the same words from four years, and one with dated statements.
	var arts []*corpus.Article
	for _, y := range []int{2018, 2019, 2021, 2023} {
		a := article(fmt.Sprint("r", y), "Harvest", fmt.Sprintf("The harvest brought %d00 tons of maize to the valley and the farmers there sold all of it.", y-2000))
		a.Published = corpus.Date{Year: y, Month: 5, Day: 1}
		arts = append(arts, a)
	}
	text := "The harvest of maize failed in the valley and the farmers there had nothing to sell at the market.\n\nThe harvest of maize was the best in the valley for years and the farmers paid their debts."
	half := strings.Index(text, "\n")
	old := &corpus.Article{ID: "history", Title: "Harvest", Text: text, Lang: lang.English, Kind: corpus.Analysis, Published: corpus.Date{Year: 2024},
		Statements: []corpus.Statement{
			{Span: corpus.Span{Start: 0, End: half}, AsOf: corpus.Period{From: corpus.Date{Year: 2011}, To: corpus.Date{Year: 2011}}},
			{Span: corpus.Span{Start: half + 2, End: len(text)}, AsOf: corpus.Period{From: corpus.Date{Year: 2014}, To: corpus.Date{Year: 2014}}},
		}}
	ix := indexOf(t, Options{}, append(arts, old)...)
	for _, test := range []struct {
		name  string
		query Query
		first string
	}{
		{"a year", Query{From: corpus.Date{Year: 2019}, To: corpus.Date{Year: 2019}}, "r2019"},
		{"until", Query{To: corpus.Date{Year: 2012}}, "history"},
		{"since", Query{From: corpus.Date{Year: 2022}}, "r2023"},
		{"date of a statement", Query{From: corpus.Date{Year: 2011}, To: corpus.Date{Year: 2011}}, "history"},
		{"latest", Query{Latest: true}, "r2023"},
		{"latest of a time", Query{Latest: true, From: corpus.Date{Year: 2019}, To: corpus.Date{Year: 2021}}, "r2021"},
	} {
		test.query.Text = "How much maize did the harvest bring to the valley?"
		test.query.Lang = "en"
		hits, err := ix.Search(context.Background(), test.query)
		if err != nil {
			t.Fatal(err)
		}
		if hits[0].Chunk.Article.ID != test.first {
			t.Errorf("%s: found %v, want %s first", test.name, ids(hits), test.first)
		}
		if test.name == "date of a statement" && hits[0].Chunk.Start != 0 {
			t.Errorf("%s: found %s", test.name, hits[0].Chunk.ID())
		}
	}
}

func TestCopies(t *testing.T) {
	text := "The commission approved the bridge over the eastern strait on Tuesday. Work begins in March and costs forty million."
	edited := strings.Replace(text, "on Tuesday", "yesterday", 1)
	mirror, wire, paper := article("a-mirror", "", text), article("b-wire", "", edited), article("c-paper", "", text)
	mirror.Kind, wire.Kind, paper.Kind = corpus.Mirror, corpus.Wire, corpus.News
	other := article("d-other", "", "The commission rejected a tunnel under the strait, which would have cost ninety million, after long talks.")
	ix := indexOf(t, Options{}, mirror, wire, paper, other)
	hits, err := ix.Search(context.Background(), Query{Text: "bridge over the eastern strait commission", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(hits); !slices.Equal(got, []string{"b-wire", "d-other"}) {
		t.Errorf("found %v, want the wire and the other report", got)
	}
}

func TestDiversity(t *testing.T) {
	long := strings.Repeat("Nothing of note was said about any other matter that evening. ", 12)
	one := article("one", "", "The lantern of the tower shone red. "+long+"\n\nThe lantern of the tower shone white. "+long)
	filler := strings.Repeat("Guests talked about weather, cattle, prices and their children until midnight. ", 12)
	two := article("two", "", "The lantern of the tower shone green. "+filler+"Nobody cared for it or for anything else.")
	s := Defaults()
	first := func(weight float64) (out []string) {
		s.PassageDiversity = weight
		ix := indexOf(t, Options{Settings: &s}, one, two)
		hits, err := ix.Search(context.Background(), Query{Text: "lantern tower", Lang: "en", Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		return ids(hits)
	}
	if got := first(0); !slices.Equal(got, []string{"one", "one"}) {
		t.Fatalf("without diversity: %v", got)
	}
	if got := first(0.5); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("with diversity: %v", got)
	}
}

func TestTies(t *testing.T) {
	// Different words, same frequencies everywhere: the same score.
	var arts []*corpus.Article
	for _, id := range []string{"m", "c", "x", "a"} {
		arts = append(arts, article(id, "", fmt.Sprintf("lantern %[1]sone %[1]stwo %[1]sthree %[1]sfour %[1]sfive %[1]ssix.", strings.Repeat(id, 5))))
	}
	ix := indexOf(t, Options{}, arts...)
	hits, err := ix.Search(context.Background(), Query{Text: "lantern", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(hits); !slices.Equal(got, []string{"a", "c", "m", "x"}) {
		t.Errorf("ties are not in the order of ids: %v", got)
	}
}

// TestDeterminism: neither the number of processors nor the order of entries changes a ranking.
func TestDeterminism(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	arts := randomArticles(r, 700)
	an := NewAnalyzer(nil)
	search := func(ix *Index, q string) string {
		hits, err := ix.Search(context.Background(), Query{Text: q, Lang: "en", Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, h := range hits {
			fmt.Fprintln(&b, h.Chunk.ID(), h.Score, h.Signals)
		}
		return b.String()
	}
	first := indexOf(t, Options{Analyzer: an, Embedder: NewHash(an)}, arts...)
	r.Shuffle(len(arts), func(i, j int) { arts[i], arts[j] = arts[j], arts[i] })
	procs := runtime.GOMAXPROCS(1)
	second := indexOf(t, Options{Analyzer: an, Embedder: NewHash(an)}, arts...)
	runtime.GOMAXPROCS(procs)
	for range 20 {
		q := strings.Join([]string{invented[r.IntN(len(invented))], invented[r.IntN(len(invented))], "the", invented[r.IntN(len(invented))]}, " ")
		if a, b := search(first, q), search(second, q); a != b {
			t.Fatalf("%q:\n%s\nand\n%s", q, a, b)
		}
	}
}

// broken is an embedder that fails when told to.
type broken struct {
	*Hash
	fail bool
}

func (b *broken) Embed(ctx context.Context, p Purpose, texts []string) ([][]float32, error) {
	if b.fail {
		return nil, errors.New("no more credit")
	}
	return b.Hash.Embed(ctx, p, texts)
}

func TestUpdateErrors(t *testing.T) {
	an := NewAnalyzer(nil)
	emb := &broken{Hash: NewHash(an)}
	ix := New(Options{Analyzer: an, Embedder: emb})
	ctx := context.Background()
	a, b := article("a", "", "One text about rivers."), article("b", "", "Another text about mountains.")
	if err := ix.Update(ctx, []Entry{entry(a)}, nil); err != nil {
		t.Fatal(err)
	}
	before, vectors := ix.Version(), ix.vectors.Len()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	vecs, err := emb.Embed(ctx, Passage, []string{"x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		ctx  context.Context
		put  []Entry
		fail bool
		want string
	}{
		{"no article", ctx, []Entry{{}}, false, "entry 0 has no article"},
		{"vectors missing", ctx, []Entry{{Article: b, Chunks: entry(b).Chunks, Vectors: [][]float32{}}}, false, "article b has 1 chunks but 0 vectors"},
		{"vector of another dimension", ctx, []Entry{{Article: b, Chunks: entry(b).Chunks, Vectors: [][]float32{{1}}}}, false, "vector"},
		{"chunk of another article", ctx, []Entry{{Article: b, Chunks: entry(a).Chunks}}, false, "is not of its text"},
		{"chunk outside", ctx, []Entry{{Article: b, Chunks: []corpus.Chunk{{Article: b, Span: corpus.Span{Start: 0, End: 1000}}}}}, false, "is not of its text"},
		{"embedder", ctx, []Entry{entry(b)}, true, "embed 1 chunks: no more credit"},
		{"cancelled", cancelled, []Entry{{Article: b, Chunks: entry(b).Chunks, Vectors: vecs}}, false, "context canceled"},
	} {
		emb.fail = test.fail
		err := ix.Update(test.ctx, test.put, []string{"a"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
		if ix.Version() != before || ix.vectors.Len() != vectors || ix.Article("a") == nil {
			t.Errorf("%s: the index changed", test.name)
		}
	}
	emb.fail = true
	lost := ""
	hits, err := ix.Search(ctx, Query{Text: "rivers", Lost: func(err error) { lost = err.Error() }})
	if err != nil || len(hits) != 1 || !strings.Contains(lost, "no more credit") {
		t.Errorf("search with a failing embedder: %d hits, %v, told of %q", len(hits), err, lost)
	}
}

func TestUpdate(t *testing.T) {
	an := NewAnalyzer(nil)
	ix := New(Options{Analyzer: an, Embedder: NewHash(an)})
	ctx := context.Background()
	old, now := article("a", "", "Rivers flow."), article("a", "", "Mountains stand.")
	b := article("b", "", "Rivers and mountains.")
	// Of two with one id the last counts; removing what is put at once means putting it.
	if err := ix.Update(ctx, []Entry{entry(old), entry(b), entry(now)}, []string{"a", "zzz"}); err != nil {
		t.Fatal(err)
	}
	if ix.Article("a") != now || len(ix.Articles()) != 2 || ix.vectors.Len() != 2 {
		t.Errorf("articles %v, %d vectors", ix.Articles(), ix.vectors.Len())
	}
	if df, n := ix.DF("river"); df != 1 || n != 2 {
		t.Errorf("df of river is %d of %d", df, n)
	}
	v := ix.Version()
	if err := ix.Update(ctx, []Entry{entry(now)}, nil); err != nil || ix.Version() != v || ix.vectors.Len() != 2 {
		t.Errorf("the same article again: %v, version %s, %d vectors", err, ix.Version(), ix.vectors.Len())
	}
	if err := ix.Update(ctx, nil, []string{"a", "b"}); err != nil || len(ix.Articles()) != 0 || ix.vectors.Len() != 0 || ix.Article("a") != nil {
		t.Errorf("removed all: %v, %d articles, %d vectors", err, len(ix.Articles()), ix.vectors.Len())
	}
	if df, n := ix.DF("river"); df != 0 || n != 0 {
		t.Errorf("df of river is %d of %d", df, n)
	}
}

// TestUpdateRechunks: of an article that comes back in other chunks no vector is left that no chunk has.
func TestUpdateRechunks(t *testing.T) {
	an := NewAnalyzer(nil)
	ix := New(Options{Analyzer: an, Embedder: NewHash(an)})
	a := article("a", "", "Rivers flow to the sea. Mountains stand. Winds blow.")
	for _, ends := range [][]int{{23, 40, 52}, {23, 52}, {40, 52}, {52}, {23, 40, 52}, {23, 40, 52}} {
		e := Entry{Article: a}
		start := 0
		for _, end := range ends {
			e.Chunks = append(e.Chunks, corpus.Chunk{Article: a, Span: corpus.Span{Start: start, End: end}})
			start = end
		}
		if err := ix.Update(t.Context(), []Entry{e}, nil); err != nil {
			t.Fatal(err)
		}
		if n := ix.vectors.Len(); n != len(ends) || ix.Chunks() != len(ends) {
			t.Errorf("%d vectors and %d passages after cutting at %d", n, ix.Chunks(), ends)
		}
		for _, d := range ix.snap.Load().docs {
			for _, c := range d.chunks {
				if !ix.vectors.Has(c.vector) {
					t.Errorf("%s has no vector after cutting at %d", c.vector, ends)
				}
			}
		}
	}
}

// TestSearchDuringUpdate: a search sees one library or the other. Run it with -race.
func TestSearchDuringUpdate(t *testing.T) {
	an := NewAnalyzer(nil)
	ix := New(Options{Analyzer: an, Embedder: NewHash(an)})
	ctx := context.Background()
	library := func(word string) []Entry {
		var out []Entry
		for i := range 12 {
			out = append(out, entry(article(fmt.Sprintf("doc%02d", i), "Report", fmt.Sprintf("lantern %s number%d in the yard.", word, i))))
		}
		return out
	}
	libraries := [][]Entry{library("copper"), library("silver")}
	if err := ix.Update(ctx, libraries[0], nil); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				hits, err := ix.Search(ctx, Query{Text: "lantern copper silver", Lang: "en", Limit: 12})
				if err != nil {
					t.Error(err)
					return
				}
				seen := map[bool]bool{}
				for _, h := range hits {
					seen[strings.Contains(h.Chunk.Text(), "copper")] = true
				}
				if len(seen) != 1 || len(hits) != 12 {
					t.Errorf("%d hits, from %d libraries", len(hits), len(seen))
					return
				}
				ix.Words("lantern coper", "en")
			}
		}()
	}
	for i := range 30 {
		if err := ix.Update(ctx, libraries[i%2], nil); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

// TestSettingsCount: each weight changes some ranking when it is set to zero. (A weight without effect would
// be reported as harmless when parts are left out one by one.)
func TestSettingsCount(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	arts := randomArticles(r, 300)
	lex := &corpus.Lexicon{
		Concepts: []corpus.Concept{{ID: "c", Type: "term", EN: []string{"zorba quilt", "marfo"}}},
		Synonyms: map[string][][]string{"en": {{"blint", "tofeg"}}},
	}
	an := NewAnalyzer(lex)
	for _, a := range arts {
		a.Publisher = invented[r.IntN(len(invented))]
		a.Published = corpus.Date{Year: 2000 + r.IntN(20)}
	}
	ix := indexOf(t, Options{Analyzer: an, Embedder: NewHash(an)}, arts...)
	run := func(s Settings) string {
		ix.Tune(s)
		var b strings.Builder
		for _, q := range []string{"how many zorba quilt", "blint kurdo wexor", "pilmo gragu hinto fendo", "vanka kurdo", "marfo drop8 lumpo"} {
			hits, err := ix.Search(context.Background(), Query{Text: q, Lang: "en", Limit: 20, From: corpus.Date{Year: 2010}})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				fmt.Fprintln(&b, h.Chunk.ID(), h.Score)
			}
		}
		return b.String()
	}
	want := run(Defaults())
	skip := map[string]bool{"LatentDim": true, "WindowSize": true, "PassageArticles": true, "Frame": true, "PassageDiversity": true}
	v := reflect.ValueOf(Defaults())
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if skip[name] {
			continue
		}
		s := Defaults()
		reflect.ValueOf(&s).Elem().Field(i).SetZero()
		if got := run(s); got == want {
			t.Errorf("%s = 0 changes nothing", name)
		}
	}
	ix.Tune(Defaults())
	if got := run(Defaults()); got != want {
		t.Error("back at the defaults the ranking is another")
	}
}
