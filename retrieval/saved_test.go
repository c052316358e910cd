package retrieval

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"policybot/corpus"
)

// savedLibrary returns entries with their vectors, as a store would give them, and options to index them.
func savedLibrary(t testing.TB, n int) (Options, []Entry) {
	lex, err := corpus.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	a := NewAnalyzer(lex)
	o := Options{Analyzer: a, Embedder: NewHash(a)}
	var entries []Entry
	for _, art := range randomArticles(rand.New(rand.NewPCG(3, 4)), n) {
		e := entry(art)
		texts := make([]string, len(e.Chunks))
		for i, c := range e.Chunks {
			texts[i] = PassageText(c)
		}
		if e.Vectors, err = o.Embedder.Embed(t.Context(), Passage, texts); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return o, entries
}

func save(t testing.TB, ix *Index, tag string) []byte {
	var b bytes.Buffer
	if err := ix.Save(&b, tag); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func update(t testing.TB, ix *Index, put []Entry, remove ...string) *Index {
	if err := ix.Update(t.Context(), put, remove); err != nil {
		t.Fatal(err)
	}
	return ix
}

func resume(t testing.TB, o Options, file []byte) *Index {
	s, err := ReadSaved(bytes.NewReader(file), int64(len(file)), "tag")
	if err != nil {
		t.Fatal(err)
	}
	ix := New(o)
	ix.Resume(s)
	return ix
}

// answers are the hits of some questions, with their scores.
func answers(t testing.TB, ix *Index, entries []Entry) (out []string) {
	for i := 0; i < len(entries); i += 7 {
		words := entries[i].Article.Text
		hits, err := ix.Search(t.Context(), Query{Text: words[:min(40, len(words))], Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			out = append(out, fmt.Sprintf("%s %d-%d %.6f", h.Chunk.Article.ID, h.Chunk.Start, h.Chunk.End, h.Score))
		}
	}
	return out
}

// TestSavedIsTheSame: an index that resumes finds what one finds that analysed everything, whatever has
// changed in the library meanwhile.
func TestSavedIsTheSame(t *testing.T) {
	o, entries := savedLibrary(t, 1200)
	first := update(t, New(o), entries[:1100])
	file := save(t, first, "tag")

	changed := slices.Clone(entries)
	for i := 5; i < 40; i += 5 {
		a := *changed[i].Article
		a.Text = "A wholly new text about harbours. " + a.Text
		changed[i] = entry(&a)
	}
	for _, c := range []struct {
		name string
		put  []Entry
		made int
	}{
		{"unchanged", entries[:1100], 0},
		{"more", entries, 100},
		{"fewer", entries[:1000], 0},
		{"changed", changed[:1100], 7},
		{"mostly gone", entries[:300], 300},
		{"none", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			fresh := update(t, New(o), c.put)
			resumed := update(t, resume(t, o, file), c.put)
			if n := resumed.Analysed(); n != c.made {
				t.Errorf("analysed %d articles anew, want %d", n, c.made)
			}
			if resumed.Version() != fresh.Version() {
				t.Error("another version of the library")
			}
			if got, want := answers(t, resumed, c.put), answers(t, fresh, c.put); !slices.Equal(got, want) {
				t.Errorf("other hits than an index made from nothing:\n%v\n%v", got, want)
			}
		})
	}

	t.Run("again", func(t *testing.T) {
		if again := save(t, update(t, resume(t, o, file), entries[:1100]), "tag"); !bytes.Equal(again, file) {
			t.Error("what is saved after resuming differs from what was read")
		}
	})
	t.Run("later updates", func(t *testing.T) {
		resumed := update(t, resume(t, o, file), entries[:1100])
		update(t, resumed, entries[1100:], entries[3].Article.ID)
		fresh := update(t, New(o), slices.Concat(entries[:3], entries[4:]))
		if got, want := answers(t, resumed, entries), answers(t, fresh, entries); !slices.Equal(got, want) {
			t.Error("other hits than an index made from nothing")
		}
	})
}

func TestSavedStale(t *testing.T) {
	o, entries := savedLibrary(t, 40)
	file := save(t, update(t, New(o), entries), "tag")
	read := func(b []byte, tag string) error {
		_, err := ReadSaved(bytes.NewReader(b), int64(len(b)), tag)
		return err
	}
	if err := read(file, "tag"); err != nil {
		t.Fatal(err)
	}
	if err := read(file, "another tag"); !errors.Is(err, ErrStale) {
		t.Errorf("another tag: %v", err)
	}
	for i := 0; i < len(file); i += 5 {
		bad := slices.Clone(file)
		bad[i] ^= 0x10
		if err := read(bad, "tag"); !errors.Is(err, ErrStale) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	for _, n := range []int{0, 1, 10, len(file) / 3, len(file) / 2, len(file) - 1} {
		if err := read(file[:n], "tag"); !errors.Is(err, ErrStale) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	if err := read(append(slices.Clone(file), 0), "tag"); !errors.Is(err, ErrStale) {
		t.Errorf("a byte too many: %v", err)
	}
}

// FuzzReadSaved: whatever the file, reading ends, takes no more memory than the file could ask for, and
// what is accepted can be used.
func FuzzReadSaved(f *testing.F) {
	o, entries := savedLibrary(f, 9)
	file := save(f, update(f, New(o), entries), "tag")
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte(savedMagic + "\x03tag\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadSaved(bytes.NewReader(b), int64(len(b)), "tag")
		if err != nil {
			return
		}
		ix := New(o)
		ix.Resume(s)
		answers(t, update(t, ix, entries), entries)
	})
}
