package retrieval

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

// article returns an English article of plain text.
func article(id, title, text string) *corpus.Article {
	return &corpus.Article{ID: id, Title: title, Text: text, Lang: lang.English, Kind: corpus.News}
}

// entry returns an article with its chunks.
func entry(a *corpus.Article) Entry { return Entry{Article: a, Chunks: corpus.Chunks(a)} }

// lexicalOnly are settings with nothing but BM25.
func lexicalOnly() *Settings {
	return &Settings{K1: 1.2, B: 0.75, Title: 3, Context: 0.5, Frame: 1, PassageArticles: 50, PassageB: 0.5, WindowSize: 8}
}

func indexOf(t testing.TB, o Options, articles ...*corpus.Article) *Index {
	t.Helper()
	ix := New(o)
	entries := make([]Entry, len(articles))
	for i, a := range articles {
		entries[i] = entry(a)
	}
	if err := ix.Update(context.Background(), entries, nil); err != nil {
		t.Fatal(err)
	}
	return ix
}

// invented words that the stemmer leaves alone and that are no function words
var invented = strings.Fields("zorba quilt marfo blint tofeg kurdo vanka drop8 pilmo wexor gragu hinto lumpo fendo")

func randomArticles(r *rand.Rand, n int) []*corpus.Article {
	var out []*corpus.Article
	for i := range n {
		words := make([]string, 3+r.IntN(30))
		for k := range words {
			words[k] = invented[min(r.IntN(len(invented)), r.IntN(len(invented)))]
			if r.IntN(4) == 0 {
				words[k] = "the" // a function word: counts as a place, not as a word
			}
		}
		title := ""
		if r.IntN(2) == 0 {
			title = invented[r.IntN(len(invented))] + " " + invented[r.IntN(len(invented))]
		}
		out = append(out, article(fmt.Sprintf("a%03d", i), title, strings.Join(words, " ")+"."))
	}
	return out
}

// content returns the places of the content words of a text.
func content(text string) (words []string, places []int) {
	for i, w := range strings.Fields(strings.TrimRight(text, ".")) {
		if w != "the" {
			words = append(words, w)
			places = append(places, i)
		}
	}
	return
}

// TestArticleScores compares the index with BM25 and pairs counted by hand, over random libraries.
func TestArticleScores(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for round := range 40 {
		arts := randomArticles(r, 1+r.IntN(60))
		st := lexicalOnly()
		st.Pairs, st.Window = 0.3, 0.2
		ix := indexOf(t, Options{Settings: st}, arts...)
		var q []string
		for range 1 + r.IntN(4) {
			if w := invented[r.IntN(len(invented))]; !slices.Contains(q, w) {
				q = append(q, w)
			}
		}
		hits, err := ix.SearchArticles(context.Background(), Query{Text: strings.Join(q, " "), Lang: "en", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for _, h := range hits {
			got[h.Article.ID] = h.Score
		}

		n := len(arts)
		length := make([]float64, n)
		total := 0.0
		tf := make([]map[string]float64, n)
		for i, a := range arts {
			tf[i] = map[string]float64{}
			title, _ := content(a.Title)
			text, _ := content(a.Text)
			length[i] = float64(len(title) + len(text))
			total += length[i]
			for _, w := range title {
				tf[i][w] += st.Title
			}
			for _, w := range text {
				tf[i][w]++
			}
			for k, u := range q[:len(q)-1] {
				v := q[k+1]
				for _, field := range []string{a.Title, a.Text} {
					words, places := content(field)
					for x := range words {
						if words[x] != u {
							continue
						}
						near, next := false, false
						for y := range words {
							if d := places[y] - places[x]; words[y] == v && d > -st.WindowSize && d < st.WindowSize {
								near, next = true, next || d == 1
							}
						}
						if next {
							tf[i][u+">"+v]++
						}
						if near {
							tf[i][u+"~"+v]++
						}
					}
				}
			}
		}
		score := func(i int, key string) float64 {
			df := 0
			for k := range arts {
				if tf[k][key] > 0 {
					df++
				}
			}
			f := tf[i][key]
			idf := math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
			return idf * f * (st.K1 + 1) / (f + st.K1*(1-st.B+st.B*length[i]/(total/float64(n))))
		}
		want := make([]float64, n)
		most := 0.0
		for i := range arts {
			for k, u := range q {
				want[i] += score(i, u)
				if k > 0 {
					want[i] += st.Pairs*score(i, q[k-1]+">"+u) + st.Window*score(i, q[k-1]+"~"+u)
				}
			}
			most = math.Max(most, want[i])
		}
		for i, a := range arts {
			w := 0.0
			if most > 0 {
				w = want[i] / most
			}
			if math.Abs(got[a.ID]-w) > 1e-5 {
				t.Fatalf("round %d, question %q, article %s %q %q: score %.6f, want %.6f", round, q, a.ID, a.Title, a.Text, got[a.ID], w)
			}
		}
	}
}

// TestIncremental: whatever the order of updates, the index ranks as one built at once from what is left.
func TestIncremental(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	an := NewAnalyzer(nil)
	ctx := context.Background()
	for range 10 {
		arts := randomArticles(r, 40)
		other := randomArticles(r, 40)
		ix := New(Options{Analyzer: an, Embedder: NewHash(an)})
		for i := 0; i < 40; i += 8 {
			var put []Entry
			for k := range 8 {
				put = append(put, entry(other[i+k]))
			}
			if err := ix.Update(ctx, put, nil); err != nil {
				t.Fatal(err)
			}
		}
		var gone []string
		var left []*corpus.Article
		for i, a := range arts {
			if i%5 == 0 {
				gone = append(gone, a.ID)
				continue
			}
			left = append(left, a)
			if err := ix.Update(ctx, []Entry{entry(a)}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := ix.Update(ctx, nil, append(gone, "never there")); err != nil {
			t.Fatal(err)
		}
		whole := indexOf(t, Options{Analyzer: an, Embedder: NewHash(an)}, left...)
		if ix.Version() != whole.Version() {
			t.Errorf("versions %s and %s of one library differ", ix.Version(), whole.Version())
		}
		if got, want := ix.vectors.Len(), whole.vectors.Len(); got != want {
			t.Errorf("%d vectors after updates, %d in a new index", got, want)
		}
		for range 10 {
			q := Query{Text: invented[r.IntN(len(invented))] + " " + invented[r.IntN(len(invented))], Limit: 20}
			a, err := ix.Search(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			b, err := whole.Search(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(a) != len(b) {
				t.Fatalf("%q: %d hits and %d", q.Text, len(a), len(b))
			}
			for i := range a {
				if math.Abs(a[i].Score-b[i].Score) > 1e-4 {
					t.Fatalf("%q: hit %d scores %v after updates, %v in a new index", q.Text, i, a[i].Score, b[i].Score)
				}
			}
		}
	}
}

func TestBest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		acc := make([]float32, r.IntN(300))
		for i := range acc {
			switch r.IntN(3) {
			case 0:
				acc[i] = float32(r.IntN(4)) // ties and zeros
			case 1:
				acc[i] = r.Float32() * 4
			}
		}
		var want []scored
		for i, v := range acc {
			if v > 0 {
				want = append(want, scored{uint32(i), float64(v)})
			}
		}
		sort.SliceStable(want, func(i, j int) bool { return want[i].score > want[j].score })
		k := r.IntN(40)
		want = want[:min(k, len(want))]
		if got := best(acc, k); !slices.Equal(got, want) {
			t.Fatalf("best %d of %v: %v, want %v", k, acc, got, want)
		}
	}
}

// TestMerge: the postings of several forms are those of one word that replaces them all.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	arts := randomArticles(r, 50)
	var same []*corpus.Article
	unite := strings.NewReplacer("quilt", "zorba", "marfo", "zorba")
	for _, a := range arts {
		same = append(same, article(a.ID, unite.Replace(a.Title), unite.Replace(a.Text)))
	}
	a := indexOf(t, Options{Settings: lexicalOnly()}, arts...).snap.Load()
	b := indexOf(t, Options{Settings: lexicalOnly()}, same...).snap.Load()
	ids := []uint32{a.vocab.ids["zorba"], a.vocab.ids["quilt"], a.vocab.ids["marfo"]}
	got := a.merge(ids, []float64{1, 1, 1})
	want := b.of(b.vocab.ids["zorba"])
	if !slices.Equal(got.docs, want.docs) || math.Abs(got.idf-want.idf) > 1e-6 {
		t.Fatalf("merged articles %v idf %v, want %v idf %v", got.docs, got.idf, want.docs, want.idf)
	}
	for i := range got.tf {
		if math.Abs(float64(got.tf[i])-float64(want.freq[i])/2) > 1e-4 {
			t.Errorf("article %d: frequency %v, want %v", got.docs[i], got.tf[i], float64(want.freq[i])/2)
		}
	}
	if !slices.Equal(got.pos, want.pos) || !slices.Equal(got.n, want.n) {
		t.Errorf("positions differ")
	}

	// What is akin counts where the word is not.
	sum := make([]float32, len(arts))
	own := a.of(a.vocab.ids["blint"])
	lone := a.akin(sum, ids, []float64{1, 1, 1}, nil)
	rest := a.akin(sum, ids, []float64{1, 1, 1}, &own)
	frequency := map[uint32]float64{}
	for i, d := range want.docs {
		frequency[d] = float64(want.freq[i]) / 2
	}
	check := func(name string, l list, n int) {
		if len(l.docs) != n {
			t.Errorf("%s: %d articles, want %d", name, len(l.docs), n)
		}
		for i, d := range l.docs {
			if math.Abs(float64(l.tf[i])-frequency[d]) > 1e-4 {
				t.Errorf("%s: article %d: frequency %v, want %v", name, d, l.tf[i], frequency[d])
			}
		}
	}
	check("akin", lone, len(want.docs))
	outside := 0
	for _, d := range want.docs {
		if !slices.Contains(own.docs, d) {
			outside++
		}
	}
	check("akin beside the word", rest, outside)
	if outside == 0 || outside == len(want.docs) || slices.ContainsFunc(rest.docs, func(d uint32) bool { return slices.Contains(own.docs, d) }) {
		t.Errorf("%d of %d articles outside; the list has %v", outside, len(want.docs), rest.docs)
	}
	if rest.idf > own.idf || math.Abs(lone.idf-want.idf) > 1e-6 {
		t.Errorf("idf %v and %v, of the word %v, of the united word %v", lone.idf, rest.idf, own.idf, want.idf)
	}
	if slices.ContainsFunc(sum, func(x float32) bool { return x != 0 }) {
		t.Error("sum is not left zero")
	}
}

// TestManyOccurrences: frequencies beyond what a posting holds saturate; nothing shifts.
func TestManyOccurrences(t *testing.T) {
	long := strings.Repeat("zorba quilt ", 70_000) // beyond 255 occurrences and 65,535 places
	ix := indexOf(t, Options{}, article("long", strings.Repeat("zorba ", 40), long+"marfo blint."), article("short", "", "Marfo blint once."))
	for _, q := range []string{"zorba quilt", "marfo blint", "quilt marfo"} {
		hits, err := ix.SearchArticles(context.Background(), Query{Text: q, Lang: "en"})
		if err != nil || len(hits) == 0 {
			t.Fatalf("%q: %d hits, %v", q, len(hits), err)
		}
	}
	hits, err := ix.Search(context.Background(), Query{Text: "marfo blint", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if hits[0].Chunk.Article.ID != "short" {
		t.Errorf("first is %s, want the short article", hits[0].Chunk.ID())
	}
}
