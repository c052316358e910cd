package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"policybot/corpus"
)

// TestSQLite runs the conformance suite on SQLite.
func TestSQLite(t *testing.T) {
	testStore(t, func(t *testing.T) func(Options) (*Store, error) {
		dir := t.TempDir()
		return func(o Options) (*Store, error) { return Open(t.Context(), dir, o) }
	})
}

// conformance is one test of the suite; open opens the store of its place once more.
type conformance struct {
	name string
	f    func(t *testing.T, open func(Options) *Store)
}

// testStore is what every implementation must pass. place gives a new empty place for a store, as a
// function that opens the store there.
func testStore(t *testing.T, place func(t *testing.T) func(Options) (*Store, error)) {
	tests := append([]conformance{
		{"PutGetLoad", testPutGetLoad}, {"Raw", testRaw}, {"Changes", testChanges}, {"Batch", testBatch}, {"Invalid", testInvalid},
		{"Vectors", testVectors}, {"Collect", testCollect}, {"Remove", testRemove}, {"Followed", testFollowed}, {"Shipped", testShipped}, {"ShippedConcurrent", testShippedConcurrent},
		{"Settings", testSettings}, {"Answers", testAnswers}, {"Canceled", testCanceled}, {"Concurrent", testConcurrent}, {"Empty", testEmpty},
	}, botTests...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := place(t)
			tt.f(t, func(o Options) *Store {
				t.Helper()
				s, err := p(o)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
				return s
			})
		})
	}
}

const dim = 8

func put(t *testing.T, s *Store, model string, items ...Item) []Change {
	t.Helper()
	changes, err := s.Put(t.Context(), model, items...)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func load(t *testing.T, s *Store, model string) *Library {
	t.Helper()
	l, err := s.Load(t.Context(), model, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// healthy checks the whole store.
func healthy(t *testing.T, s *Store) {
	t.Helper()
	r, err := s.Check(t.Context())
	if err == nil {
		err = r.Err()
	}
	if err != nil {
		t.Error(err)
	}
}

// same reports how an entry differs from the item it was stored as; "" if it does not.
func same(e Entry, it Item) string {
	want := *it.Article
	want.Raw, want.Removed = "", nil
	if !reflect.DeepEqual(*e.Article, want) {
		return fmt.Sprintf("article\n%+v\nwant\n%+v", *e.Article, want)
	}
	if len(e.Chunks) != len(it.Chunks) {
		return fmt.Sprintf("%d chunks, want %d", len(e.Chunks), len(it.Chunks))
	}
	for i, c := range e.Chunks {
		if c.Article != e.Article || c.Span != it.Chunks[i].Span {
			return fmt.Sprintf("chunk %d is %v of %p, want %v of %p", i, c.Span, c.Article, it.Chunks[i].Span, e.Article)
		}
	}
	vectors := it.Vectors
	if vectors == nil {
		vectors = make([][]float32, len(it.Chunks))
	}
	if !slices.EqualFunc(e.Vectors, vectors, slices.Equal) {
		return "vectors differ"
	}
	return ""
}

func checkLibrary(t *testing.T, l *Library, items ...Item) {
	t.Helper()
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Article.ID, b.Article.ID) })
	if len(l.Entries) != len(items) {
		t.Fatalf("%d articles, want %d", len(l.Entries), len(items))
	}
	for i, e := range l.Entries {
		if d := same(e, items[i]); d != "" {
			t.Errorf("%s: %s", items[i].Article.ID, d)
		}
	}
}

func testPutGetLoad(t *testing.T, open func(Options) *Store) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	s := open(Options{Now: func() time.Time { return now }})
	b, a := made("b", 1, 3, dim), made("a", 0, 1, dim)
	none := made("c", 0, 0, 0) // no chunk, no text
	none.Article.Text, none.Article.Raw, none.Article.Removed = "", "", nil
	if got := put(t, s, "m", b, a, none); !slices.Equal(got, []Change{Added, Added, Added}) {
		t.Errorf("changes %v", got)
	}
	again := open(Options{})
	for _, s := range []*Store{s, again, open(Options{ReadOnly: true})} {
		l := load(t, s, "m")
		if l.Missing != 0 || l.Damaged != 0 {
			t.Errorf("%d vectors missing, %d damaged", l.Missing, l.Damaged)
		}
		checkLibrary(t, l, a, b, none)
		for _, it := range []Item{a, b, none} {
			got, chunks, err := s.Get(t.Context(), it.Article.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, it.Article) || len(chunks) != len(it.Chunks) {
				t.Errorf("got %+v\nwant %+v", got, it.Article)
			}
			for i, c := range chunks {
				if c.Article != got || c.Span != it.Chunks[i].Span {
					t.Errorf("chunk %d is %+v", i, c.Span)
				}
			}
		}
	}
	list, err := s.List(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	want := Info{ID: "b", Title: b.Article.Title, Publisher: b.Article.Publisher, URL: b.Article.URL, Lang: "en", Published: b.Article.Published,
		Updated: b.Article.Updated, Kind: corpus.News, Origin: User, Digest: b.Article.Digest(), Stored: now, Bytes: len(b.Article.Text), Chunks: 3}
	if list[1] != want {
		t.Errorf("got  %+v\nwant %+v", list[1], want)
	}
	var calls []int
	if _, err := s.Load(t.Context(), "m", func(done, total int) { calls = append(calls, done, total) }); err != nil || !slices.Equal(calls, []int{3, 3}) {
		t.Errorf("progress %v, %v", calls, err)
	}
	healthy(t, s)
}

func testRaw(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	for i, raw := range []string{"", "equal", "short but different", strings.Repeat("long and repetitive ", 500),
		"zero \x00 and broken \xff\xfe UTF-8", strings.Repeat("\xff\x00x", 300)} {
		it := made(fmt.Sprint("raw", i), 0, 2, dim)
		it.Article.Raw, it.Article.Removed = raw, nil
		if raw == "equal" {
			it.Article.Raw = it.Article.Text
		}
		if len(raw) > 20 {
			it.Article.Removed = []corpus.Removal{{Span: corpus.Span{Start: 3, End: 12}, Reason: "widget"}, {Span: corpus.Span{Start: 12, End: 20}, Reason: "credit"}}
		}
		put(t, s, "m", it)
		got, _, err := s.Get(t.Context(), it.Article.ID)
		if err != nil || !reflect.DeepEqual(got, it.Article) {
			t.Errorf("raw %.20q: got %.20q, %v, %v", raw, got.Raw, got.Removed, err)
		}
	}
	healthy(t, s)
}

func testChanges(t *testing.T, open func(Options) *Store) {
	clock := time.UnixMilli(1_700_000_000_000).UTC()
	s := open(Options{Now: func() time.Time { clock = clock.Add(time.Second); return clock }})
	first, second := made("x", 0, 2, dim), made("x", 1, 3, dim)
	second.Why = "refreshed"
	rechunked := second
	rechunked.Chunks, rechunked.Vectors = second.Chunks[:1], second.Vectors[:1]
	rawer := *second.Article
	rawer.Raw += " and more"
	reraw := Item{Article: &rawer, Chunks: []corpus.Chunk{{Article: &rawer, Span: second.Chunks[0].Span}}, Vectors: second.Vectors[:1]}
	for _, step := range []struct {
		it   Item
		want Change
	}{{first, Added}, {first, Unchanged}, {second, Replaced}, {second, Unchanged}, {rechunked, Rechunked}, {rechunked, Unchanged}, {reraw, Rechunked}, {reraw, Unchanged}} {
		if got := put(t, s, "m", step.it); got[0] != step.want {
			t.Errorf("%v, want %v", got[0], step.want)
		}
		l := load(t, s, "m")
		checkLibrary(t, l, step.it)
		if l.Missing != 0 {
			t.Errorf("%d vectors missing", l.Missing)
		}
		if got, _, err := s.Get(t.Context(), "x"); err != nil || !reflect.DeepEqual(got, step.it.Article) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if err := s.Remove(t.Context(), "x", ""); err != nil {
		t.Fatal(err)
	}
	versions, err := s.Versions(t.Context(), "x")
	if err != nil || len(versions) != 2 {
		t.Fatalf("%+v, %v", versions, err)
	}
	latest, former := versions[0], versions[1]
	if latest.Why != "removed" || latest.Digest != second.Article.Digest() || latest.Title != second.Article.Title || latest.Origin != User ||
		former.Why != "refreshed" || former.Digest != first.Article.Digest() || former.Published != first.Article.Published ||
		!former.Stored.Before(former.Ended) || former.Ended.After(latest.Stored) || !latest.Stored.Before(latest.Ended) {
		t.Errorf("%+v", versions)
	}
	put(t, s, "m", second)
	for _, a := range []*corpus.Article{first.Article, second.Article} { // a former one and the current one
		got, err := s.GetVersion(t.Context(), "x", a.Digest())
		if err != nil || !reflect.DeepEqual(got.Text, a.Text) || got.Title != a.Title {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if got, err := s.GetVersion(t.Context(), "x", first.Article.Digest()); err != nil || !reflect.DeepEqual(got, first.Article) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := s.GetVersion(t.Context(), "x", "0"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if v, err := s.Versions(t.Context(), "never"); err != nil || len(v) != 0 {
		t.Error(v, err)
	}
	healthy(t, s)
}

func testBatch(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	kept := made("kept", 0, 1, dim)
	put(t, s, "m", kept)
	bad := made("bad", 0, 1, dim+1) // found out only while storing
	if _, err := s.Put(t.Context(), "m", made("kept", 1, 2, dim), made("good", 0, 1, dim), bad); !errors.Is(err, ErrInvalid) {
		t.Fatal(err)
	}
	checkLibrary(t, load(t, s, "m"), kept)
	if v, err := s.Versions(t.Context(), "kept"); err != nil || len(v) != 0 {
		t.Error(v, err)
	}
	var items []Item
	for i := range 2*BatchSize + 1 {
		items = append(items, made(fmt.Sprintf("many%04d", i), i, i%4, dim))
	}
	put(t, s, "m", items...)
	checkLibrary(t, load(t, s, "m"), append(items, kept)...)
	if got := put(t, s, "m"); len(got) != 0 {
		t.Error(got)
	}
	healthy(t, s)
}

func testInvalid(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	tests := []struct {
		name   string
		change func(a *corpus.Article, it *Item)
	}{
		{"no article", func(a *corpus.Article, it *Item) { it.Article = nil }},
		{"no id", func(a *corpus.Article, it *Item) { a.ID = "" }},
		{"broken title", func(a *corpus.Article, it *Item) { a.Title = "\xff" }},
		{"broken text", func(a *corpus.Article, it *Item) { a.Text = a.Text[:10] + "\xc3" + a.Text[11:] }},
		{"broken tag", func(a *corpus.Article, it *Item) { a.Tags = []string{"\xff"} }},
		{"day without month", func(a *corpus.Article, it *Item) { a.Published = corpus.Date{Year: 2018, Day: 3} }},
		{"negative year", func(a *corpus.Article, it *Item) { a.Updated = corpus.Date{Year: -5} }},
		{"statement outside", func(a *corpus.Article, it *Item) {
			a.Statements = []corpus.Statement{{Span: corpus.Span{Start: 0, End: len(a.Text) + 1}}}
		}},
		{"statement backwards", func(a *corpus.Article, it *Item) {
			a.Statements = []corpus.Statement{{Span: corpus.Span{Start: 9, End: 8}}}
		}},
		{"removal outside", func(a *corpus.Article, it *Item) { a.Removed[0].End = len(a.Raw) + 1 }},
		{"chunk outside", func(a *corpus.Article, it *Item) { it.Chunks[1].End++ }},
		{"chunk before", func(a *corpus.Article, it *Item) { it.Chunks[0].Start = -1 }},
		{"chunk empty", func(a *corpus.Article, it *Item) { it.Chunks[0].End = it.Chunks[0].Start }},
		{"chunk of another", func(a *corpus.Article, it *Item) { it.Chunks[0].Article = made("y", 0, 2, 0).Article }},
		{"too few vectors", func(a *corpus.Article, it *Item) { it.Vectors = it.Vectors[:1] }},
		{"not a number", func(a *corpus.Article, it *Item) { it.Vectors[0][3] = float32(math.NaN()) }},
		{"infinite", func(a *corpus.Article, it *Item) { it.Vectors[1][0] = float32(math.Inf(-1)) }},
		{"longer vector", func(a *corpus.Article, it *Item) { it.Vectors[1] = append(it.Vectors[1], 1) }},
		{"empty vector", func(a *corpus.Article, it *Item) { it.Vectors[0] = []float32{} }},
	}
	for _, tt := range tests {
		it := made("x", 0, 2, dim)
		tt.change(it.Article, &it)
		if _, err := s.Put(t.Context(), "m", it); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := s.Put(t.Context(), "", made("x", 0, 1, dim)); !errors.Is(err, ErrInvalid) {
		t.Errorf("vectors without a model: %v", err)
	}
	checkLibrary(t, load(t, s, "m"))
}

func testVectors(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	ctx := t.Context()
	a, b := made("a", 0, 3, dim), made("b", 0, 2, dim)
	partly := a
	partly.Vectors = slices.Clone(a.Vectors)
	partly.Vectors[1] = nil
	bare := b
	bare.Vectors = nil
	put(t, s, "m", partly, bare)
	l := load(t, s, "m")
	if l.Missing != 3 {
		t.Errorf("%d missing, want 3", l.Missing)
	}
	checkLibrary(t, l, partly, bare)
	if n, err := s.MissingVectors(ctx, "m"); err != nil || n != 3 {
		t.Errorf("%d missing, %v", n, err)
	}

	// What is missing is made and stored; another opening then has nothing to embed.
	var chunks []corpus.Chunk
	for _, e := range l.Entries {
		for i, v := range e.Vectors {
			if v == nil {
				chunks = append(chunks, e.Chunks[i])
			}
		}
	}
	want := [][]float32{a.Vectors[1], b.Vectors[0], b.Vectors[1]}
	gone := made("gone", 0, 1, dim)
	if err := s.PutVectors(ctx, "m", append(chunks, gone.Chunks...), append(want, gone.Vectors...)); err != nil {
		t.Fatal(err)
	}
	again := load(t, open(Options{}), "m")
	if again.Missing != 0 {
		t.Errorf("%d missing after PutVectors", again.Missing)
	}
	checkLibrary(t, again, a, b)

	// Storing the same articles again needs no vectors, and a changed one only those of its new text.
	if got := put(t, s, "m", Item{Article: a.Article, Chunks: a.Chunks}); got[0] != Unchanged {
		t.Error(got)
	}
	if l := load(t, s, "m"); l.Missing != 0 {
		t.Errorf("%d missing after storing without vectors", l.Missing)
	}

	// Another model has its own, of another length.
	if l := load(t, s, "other"); l.Missing != 5 {
		t.Errorf("other model: %d missing, want 5", l.Missing)
	}
	if err := s.PutVectors(ctx, "other", a.Chunks, [][]float32{{1, 2}, {3, 4}, {5, 6}}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutVectors(ctx, "other", b.Chunks, b.Vectors); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "8 numbers") {
		t.Errorf("a vector of the wrong length: %v", err)
	}
	if err := s.PutVectors(ctx, "other", b.Chunks, nil); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if l := load(t, s, "other"); l.Missing != 2 || !slices.Equal(l.Entries[0].Vectors[2], []float32{5, 6}) {
		t.Errorf("%d missing, %v", l.Missing, l.Entries[0].Vectors)
	}
	checkLibrary(t, load(t, s, "m"), a, b)
	models, err := s.Models(ctx)
	if err != nil || !slices.Equal(models, []Model{{"m", dim, 5}, {"other", 2, 3}}) {
		t.Errorf("%v, %v", models, err)
	}
	for range 2 {
		if err := s.DropModel(ctx, "m"); err != nil {
			t.Fatal(err)
		}
	}
	if l := load(t, s, "m"); l.Missing != 5 {
		t.Errorf("%d missing after DropModel", l.Missing)
	}
	if l := load(t, s, ""); l.Missing != 5 {
		t.Errorf("%d missing without a model", l.Missing)
	}
	// The name is free for another length now.
	put(t, s, "m", made("a", 0, 3, 4))
	healthy(t, s)
}

// Copies of one text share its vector, which goes with the last of them.
func testCollect(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	ctx := t.Context()
	original := made("a", 0, 2, dim)
	twin := *original.Article
	twin.ID, twin.URL = "twin", "https://example.net/copy"
	copied := Item{Article: &twin, Chunks: slices.Clone(original.Chunks), Vectors: nil}
	for i := range copied.Chunks {
		copied.Chunks[i].Article = &twin
	}
	put(t, s, "m", original, copied)
	count := func(want int) {
		t.Helper()
		if ms, err := s.Models(ctx); err != nil || ms[0].Vectors != want {
			t.Errorf("%v, want %d vectors; %v", ms, want, err)
		}
	}
	count(2)
	if l := load(t, s, "m"); l.Missing != 0 {
		t.Errorf("the copy lacks %d vectors", l.Missing)
	}
	if err := s.PutVectors(ctx, "other", original.Chunks[:1], original.Vectors[:1]); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ctx, "a", ""); err != nil {
		t.Fatal(err)
	}
	count(2)
	put(t, s, "m", made("twin", 5, 1, dim)) // takes the place of the last copy
	count(1)
	if ms, err := s.Models(ctx); err != nil || ms[1].Vectors != 0 {
		t.Errorf("%v, %v", ms, err)
	}
	if err := s.Remove(ctx, "twin", ""); err != nil {
		t.Fatal(err)
	}
	count(0)
	healthy(t, s)
}

func testRemove(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	a, b := made("a", 0, 2, dim), made("b", 0, 2, dim)
	put(t, s, "m", a, b)
	if err := s.Remove(t.Context(), "a", "outdated"); err != nil {
		t.Fatal(err)
	}
	checkLibrary(t, load(t, s, "m"), b)
	if _, _, err := s.Get(t.Context(), "a"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if err := s.Remove(t.Context(), "a", ""); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if v, err := s.Versions(t.Context(), "a"); err != nil || len(v) != 1 || v[0].Why != "outdated" {
		t.Error(v, err)
	}
	if got := put(t, s, "m", a); got[0] != Added {
		t.Error(got)
	}
	checkLibrary(t, load(t, s, "m"), a, b)
	healthy(t, s)
}

func testShipped(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	ctx := t.Context()
	sync := func(digest string, items ...Item) Synced {
		t.Helper()
		got, err := s.SyncShipped(ctx, digest, func() (string, []Item, error) { return "m", items, nil })
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	expect := func(got, want Synced) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	a, b, c, d := made("a", 0, 1, dim), made("b", 0, 2, dim), made("c", 0, 1, dim), made("d", 0, 1, dim)
	mine := made("d", 9, 2, dim)
	put(t, s, "m", mine)
	expect(sync("1", a, b, c, d), Synced{Added: []string{"a", "b", "c"}, Hidden: []string{"d"}})
	checkLibrary(t, load(t, s, "m"), a, b, c, mine)

	// Nothing is read when the digest is the one stored, by whatever store.
	for _, s := range []*Store{s, open(Options{ReadOnly: true})} {
		got, err := s.SyncShipped(ctx, "1", func() (string, []Item, error) { t.Error("library was read"); return "", nil, nil })
		if err != nil || !got.Current {
			t.Error(got, err)
		}
	}
	if _, err := open(Options{ReadOnly: true}).SyncShipped(ctx, "2", func() (string, []Item, error) { t.Error("library was read"); return "", nil, nil }); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}

	// A removed one stays away, a changed one is replaced, one that is no longer shipped goes.
	if err := s.Remove(ctx, "b", "biased"); err != nil {
		t.Fatal(err)
	}
	a2 := made("a", 2, 2, dim)
	expect(sync("2", a2, b, d), Synced{Replaced: []string{"a"}, Removed: []string{"c"}, Buried: []string{"b"}, Hidden: []string{"d"}})
	checkLibrary(t, load(t, s, "m"), a2, mine)
	if ids, err := s.Removed(ctx); err != nil || !slices.Equal(ids, []string{"b"}) {
		t.Error(ids, err)
	}
	if v, err := s.Versions(ctx, "c"); err != nil || len(v) != 1 || v[0].Why != "no longer shipped" || v[0].Origin != Shipped {
		t.Error(v, err)
	}

	// A failure leaves all as it was, and the digest too.
	broken := made("e", 0, 1, dim)
	broken.Vectors[0] = broken.Vectors[0][1:]
	for _, f := range []func() (string, []Item, error){
		func() (string, []Item, error) { return "", nil, errors.New("no library") },
		func() (string, []Item, error) { return "m", []Item{c, broken}, nil },
		func() (string, []Item, error) { return "m", []Item{c, c}, nil },
		func() (string, []Item, error) { return "m", []Item{{}}, nil },
	} {
		if _, err := s.SyncShipped(ctx, "3", f); err == nil {
			t.Error("no error")
		}
		checkLibrary(t, load(t, s, "m"), a2, mine)
	}
	if _, err := s.SyncShipped(ctx, "", nil); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if got := sync("2"); !got.Current {
		t.Errorf("%+v", got)
	}

	// Restoring brings a buried one back; without the user's own, the shipped one shows again.
	if err := s.Restore(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if err := s.Restore(ctx, "b"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if err := s.Remove(ctx, "d", ""); err != nil {
		t.Fatal(err)
	}
	expect(sync("2", a2, b, d), Synced{Added: []string{"b", "d"}, Unchanged: []string{"a"}})

	// The user's article takes the place of a shipped one, which is kept as a version.
	mine = made("a", 7, 1, dim)
	if got := put(t, s, "m", mine); got[0] != Replaced {
		t.Error(got)
	}
	expect(sync("4", a, b, d), Synced{Unchanged: []string{"b", "d"}, Hidden: []string{"a"}})
	checkLibrary(t, load(t, s, "m"), mine, b, d)
	// Even the very same article becomes the user's when the user adds it.
	put(t, s, "m", b)
	expect(sync("5", d), Synced{Unchanged: []string{"d"}})
	checkLibrary(t, load(t, s, "m"), mine, b, d)
	healthy(t, s)
}

// Processes that start at once synchronise once.
func testShippedConcurrent(t *testing.T, open func(Options) *Store) {
	items := []Item{made("a", 0, 1, dim), made("b", 0, 2, dim)}
	var done [4]Synced
	var wg sync.WaitGroup
	for i := range done {
		s := open(Options{})
		wg.Go(func() {
			var err error
			if done[i], err = s.SyncShipped(t.Context(), "1", func() (string, []Item, error) { return "m", items, nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	added := 0
	for _, d := range done {
		added += len(d.Added)
		if d.Current == (len(d.Added) > 0) {
			t.Errorf("%+v", d)
		}
	}
	if added != len(items) {
		t.Errorf("%d added by all, want %d", added, len(items))
	}
	checkLibrary(t, load(t, open(Options{}), "m"), items...)
}

func testSettings(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	if v, ok, err := s.Setting(t.Context(), "k"); v != "" || ok || err != nil {
		t.Error(v, ok, err)
	}
	for _, want := range []string{"one", "", "dos ñ"} {
		if err := s.SetSetting(t.Context(), "k", want); err != nil {
			t.Fatal(err)
		}
		if v, ok, err := open(Options{}).Setting(t.Context(), "k"); v != want || !ok || err != nil {
			t.Error(v, ok, err)
		}
	}
}

func testAnswers(t *testing.T, open func(Options) *Store) {
	at := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	s := open(Options{Now: func() time.Time { return at.Add(time.Hour) }})
	ctx := t.Context()
	a := made("a", 0, 1, dim)
	put(t, s, "m", a)
	answers := []Answer{
		{Asked: at, Question: "Who  asked?", Lang: "en", Status: "answered", Drafter: "extractive", Took: 1900 * time.Microsecond, Library: "v1", Body: []byte(`{"text":"ñ [1]"}`),
			Citations: []Citation{{N: 1, Article: "a", Start: 0, End: 7, Quote: "Passage"}, {N: 2, Article: "gone", Digest: "d", Start: 5, End: 9, Quote: "¿qué"}, {N: 1, Article: "a", Start: 8, End: 9, Quote: "0"}}},
		{Asked: at.Add(time.Minute), Question: "¿Cuántos?", Lang: "es", Status: "not_covered", Drafter: "extractive", Body: []byte(`{}`)},
		{Question: "who asked?", Lang: "en", Status: "answered", Body: []byte(`{}`), Citations: []Citation{{N: 1, Article: "b", Quote: "q"}}},
	}
	for i := range answers {
		no, err := s.SaveAnswer(ctx, answers[i])
		if err != nil || i > 0 && no <= answers[i-1].No {
			t.Fatal(no, err)
		}
		answers[i].No = no
	}
	answers[0].Citations[0].Digest, answers[0].Citations[2].Digest = a.Article.Digest(), a.Article.Digest()
	answers[2].Asked = at.Add(time.Hour)
	tests := []struct {
		name   string
		filter AnswerFilter
		want   []int
	}{
		{"all", AnswerFilter{}, []int{2, 1, 0}},
		{"latest", AnswerFilter{Limit: 1}, []int{2}},
		{"since", AnswerFilter{Since: at.Add(time.Minute)}, []int{2, 1}},
		{"same question", AnswerFilter{Question: "WHO asked? "}, []int{2, 0}},
		{"status", AnswerFilter{Status: "not_covered"}, []int{1}},
		{"cited", AnswerFilter{Article: "a"}, []int{0}},
		{"one", AnswerFilter{No: answers[1].No}, []int{1}},
		{"both", AnswerFilter{Status: "answered", Since: at.Add(time.Minute), Limit: 5}, []int{2}},
		{"none", AnswerFilter{Article: "never"}, nil},
	}
	for _, tt := range tests {
		got, err := open(Options{}).Answers(ctx, tt.filter)
		if err != nil {
			t.Fatal(err)
		}
		var want []Answer
		for _, i := range tt.want {
			want = append(want, answers[i])
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", tt.name, got, want)
		}
	}
	for _, bad := range []Answer{{Body: []byte("{")}, {}, {Body: []byte("{}"), Question: "\xff"}, {Body: []byte("{}"), Citations: []Citation{{Quote: "\xff"}}}} {
		if _, err := s.SaveAnswer(ctx, bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if n, err := s.PruneAnswers(ctx, at.Add(time.Minute)); n != 1 || err != nil {
		t.Error(n, err)
	}
	if got, err := s.Answers(ctx, AnswerFilter{Article: "a"}); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	if got, err := s.Answers(ctx, AnswerFilter{}); err != nil || len(got) != 2 {
		t.Error(got, err)
	}
	healthy(t, s)
}

func testCanceled(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	a := made("a", 0, 1, dim)
	put(t, s, "m", a)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, "m", made("b", 0, 1, dim)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.Load(ctx, "m", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// In the middle of loading, too.
	var items []Item
	for i := range 1100 {
		items = append(items, made(fmt.Sprint("i", i), 0, 0, 0))
	}
	put(t, s, "m", items...)
	ctx, cancel = context.WithCancel(t.Context())
	if _, err := s.Load(ctx, "m", func(done, total int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	checkLibrary(t, load(t, s, "m"), append(items, a)...)
}

// Readers see whole articles of one state while several stores write at once, and no one is turned away.
func testConcurrent(t *testing.T, open func(Options) *Store) {
	const writers, rounds = 3, 12
	var wg, writing sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		s := open(Options{})
		writing.Add(1)
		wg.Go(func() {
			defer writing.Done()
			for r := range rounds {
				// Both articles of a writer change together.
				if _, err := s.Put(t.Context(), "m", made(fmt.Sprintf("w%d-x", w), r, 1+r%3, dim), made(fmt.Sprintf("w%d-y", w), r, 1+r%2, dim)); err != nil {
					t.Error(err)
				}
				if _, err := s.SaveAnswer(t.Context(), Answer{Question: "q", Body: []byte("{}")}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		s := open(Options{})
		wg.Go(func() {
			for {
				l, err := s.Load(t.Context(), "m", nil)
				if err != nil {
					t.Error(err)
					return
				}
				revs := map[string]int{}
				for _, e := range l.Entries {
					a := e.Article
					var rev int
					if _, err := fmt.Sscanf(a.Title, "Title of "+a.ID+" (%d)", &rev); err != nil {
						t.Error(err)
					}
					n := 1 + rev%3
					if strings.HasSuffix(a.ID, "y") {
						n = 1 + rev%2
					}
					want := made(a.ID, rev, n, dim)
					want.Vectors = e.Vectors // of a state as late or later
					if d := same(e, want); d != "" {
						t.Error(d)
					}
					w, _, _ := strings.Cut(a.ID, "-")
					if old, ok := revs[w]; ok && old != rev {
						t.Errorf("%s is at revision %d, its pair at %d", a.ID, rev, old)
					}
					revs[w] = rev
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(done)
	wg.Wait()
	s := open(Options{})
	var want []Item
	for w := range writers {
		want = append(want, made(fmt.Sprintf("w%d-x", w), rounds-1, 1+(rounds-1)%3, dim), made(fmt.Sprintf("w%d-y", w), rounds-1, 1+(rounds-1)%2, dim))
	}
	checkLibrary(t, load(t, s, "m"), want...)
	if as, err := s.Answers(t.Context(), AnswerFilter{}); err != nil || len(as) != writers*rounds {
		t.Error(len(as), err)
	}
	healthy(t, s)
}

func testEmpty(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	checkLibrary(t, load(t, s, "m"))
	if list, err := s.List(t.Context()); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if n, err := s.MissingVectors(t.Context(), "m"); err != nil || n != 0 {
		t.Error(n, err)
	}
	healthy(t, s)
	ro := open(Options{ReadOnly: true})
	checkLibrary(t, load(t, ro, "m"))
	ctx := t.Context()
	writes := map[string]func() error{
		"put":     func() error { _, err := ro.Put(ctx, "m", made("a", 0, 1, dim)); return err },
		"vectors": func() error { return ro.PutVectors(ctx, "m", nil, nil) },
		"remove":  func() error { return ro.Remove(ctx, "a", "") },
		"restore": func() error { return ro.Restore(ctx, "a") },
		"setting": func() error { return ro.SetSetting(ctx, "k", "v") },
		"answer":  func() error { _, err := ro.SaveAnswer(ctx, Answer{Body: []byte("{}")}); return err },
		"prune":   func() error { _, err := ro.PruneAnswers(ctx, time.Now()); return err },
		"drop":    func() error { return ro.DropModel(ctx, "m") },
	}
	for name, f := range writes {
		if err := f(); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !ro.ReadOnly() || s.ReadOnly() {
		t.Error("which is read-only?")
	}
}
