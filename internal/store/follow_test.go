package store

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
)

// testFollowed follows with one store what another one does: exactly what changes an article has another
// revision, and what is read of the articles whose marks have changed is what is read of the whole library.
func testFollowed(t *testing.T, open func(Options) *Store) {
	ctx := t.Context()
	s, follower := open(Options{}), open(Options{})
	a, b := made("a", 0, 2, dim), made("b", 0, 2, dim)
	b2 := made("b", 1, 3, dim)
	b2less := b2
	b2less.Chunks, b2less.Vectors = b2.Chunks[:1], b2.Vectors[:1]
	bare := made("c", 0, 2, 0)

	have := map[string]Mark{} // as the follower knows it
	last := ""
	step := func(name string, f func() error, changed, gone []string) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		revision, err := follower.Revision(ctx)
		if err != nil || (revision != last) != (len(changed)+len(gone) > 0) {
			t.Errorf("%s: revision %q after %q, %v", name, revision, last, err)
		}
		last = revision
		marks, of, err := follower.Marks(ctx)
		if err != nil || of != revision {
			t.Errorf("%s: marks of revision %q, want %q; %v", name, of, revision, err)
		}
		var other, missing []string
		for id, m := range marks {
			if have[id] != m {
				other = append(other, id)
			}
		}
		for id := range have {
			if _, ok := marks[id]; !ok {
				missing = append(missing, id)
			}
		}
		slices.Sort(other)
		if !slices.Equal(other, changed) || !slices.Equal(missing, gone) {
			t.Errorf("%s: changed %q, gone %q, want %q and %q", name, other, missing, changed, gone)
		}
		have = marks

		whole := load(t, s, "m")
		some, err := follower.LoadSome(ctx, "m", append(slices.Sorted(maps.Keys(marks)), "a", "never"))
		if err != nil || !reflect.DeepEqual(some, whole) {
			t.Errorf("%s: some are %+v, want %+v; %v", name, some, whole, err)
		}
		for _, e := range whole.Entries {
			if e.Mark != marks[e.Article.ID] {
				t.Errorf("%s: %s is loaded with the mark %+v, want %+v", name, e.Article.ID, e.Mark, marks[e.Article.ID])
			}
		}
	}
	storing := func(items ...Item) func() error {
		return func() error { _, err := s.Put(ctx, "m", items...); return err }
	}
	shipped := func(digest string, items ...Item) func() error {
		return func() error {
			_, err := s.SyncShipped(ctx, digest, func() (string, []Item, error) { return "m", items, nil })
			return err
		}
	}
	step("nothing", func() error { return nil }, nil, nil)
	step("add", storing(a, b), []string{"a", "b"}, nil)
	step("add again", storing(a, b), nil, nil)
	step("setting", func() error { return s.SetSetting(ctx, "k", "v") }, nil, nil)
	step("answer", func() error { _, err := s.SaveAnswer(ctx, Answer{Question: "?", Body: []byte("{}")}); return err }, nil, nil)
	step("replace", storing(a, b2), []string{"b"}, nil)
	step("rechunk", storing(b2less), []string{"b"}, nil)
	step("without vectors", storing(bare), []string{"c"}, nil)
	step("vectors", func() error { return s.PutVectors(ctx, "m", bare.Chunks, made("c", 0, 2, dim).Vectors) }, nil, nil)
	step("remove", func() error { return s.Remove(ctx, "b", "") }, nil, []string{"b"})
	step("ship", shipped("1", a, made("d", 0, 1, dim)), []string{"d"}, nil)
	step("ship again", shipped("2", a, made("d", 0, 1, dim)), nil, nil)
	step("ship another", shipped("3", made("e", 0, 1, dim)), []string{"e"}, []string{"d"})
	step("bury", func() error { return s.Remove(ctx, "e", "") }, nil, []string{"e"})
	step("restore", func() error { return s.Restore(ctx, "e") }, nil, nil)
	step("ship anew", shipped("3", made("e", 0, 1, dim)), []string{"e"}, nil)
	step("other model", func() error { return s.DropModel(ctx, "m") }, nil, nil)

	// What fails changes nothing.
	if _, err := s.Put(ctx, "m", made("x", 0, 1, dim), made("y", 0, 1, dim+1)); err == nil {
		t.Error("vectors of two lengths were stored")
	}
	step("refused", func() error { return nil }, nil, nil)

	for i := range 3 { // two writers, one after the other, never give one name twice
		w := []*Store{s, follower}[i%2]
		put(t, w, "m", made(fmt.Sprint("w", i), 0, 1, dim))
		revision, err := follower.Revision(ctx)
		if err != nil || revision == last {
			t.Errorf("revision %q after %q, %v", revision, last, err)
		}
		last = revision
	}
	healthy(t, s)
}

// TestLoadSomeDamage: a damaged vector counts as missing and a damaged article is an error, as with Load.
func TestLoadSomeDamage(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, "m", made("a", 0, 2, dim), made("b", 0, 1, dim))
	mustExec(t, s.w, `UPDATE vectors SET sum = sum + 1 WHERE no = 1`)
	l, err := s.LoadSome(t.Context(), "m", []string{"a", "b"})
	if err != nil || l.Missing != 1 || l.Damaged != 1 || l.Entries[0].Vectors[0] != nil || l.Entries[0].Vectors[1] == nil {
		t.Errorf("%+v, %v", l, err)
	}
	mustExec(t, s.w, `UPDATE articles SET title = 'another' WHERE id = 'a'`)
	if _, err := s.LoadSome(t.Context(), "m", []string{"b"}); err != nil {
		t.Error(err)
	}
	if _, err := s.LoadSome(t.Context(), "m", []string{"a", "b"}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("%v, want ErrCorrupt", err)
	}
	if l, err := s.LoadSome(t.Context(), "another", []string{"b"}); err != nil || l.Missing != 1 {
		t.Errorf("%+v, %v", l, err)
	}
	if l, err := s.LoadSome(t.Context(), "m", nil); err != nil || len(l.Entries) != 0 || l.Missing != 0 {
		t.Errorf("%+v, %v", l, err)
	}
}
