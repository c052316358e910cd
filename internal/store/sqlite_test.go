package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestOpenRefuses: each with its reason, the place and what to do; and the file stays as it is.
func TestOpenRefuses(t *testing.T) {
	good := filepath.Join(t.TempDir(), fileName)
	s, err := Open(t.Context(), filepath.Dir(good), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		put(t, s, "m", made(fmt.Sprint("a", i), 0, 3, dim))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	alter := func(query string) []byte { // the good database after a query
		name := filepath.Join(t.TempDir(), "altered.db")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", name)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec("PRAGMA journal_mode = DELETE;" + query); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tests := []struct {
		name string
		data []byte
		kind error
		want string
	}{
		{"text", []byte(strings.Repeat("This is no database.\n", 500)), ErrCorrupt, "not a database"},
		{"short text", []byte("hello"), ErrCorrupt, "not a database"},
		{"zeros", make([]byte, 8192), ErrCorrupt, "not a database"},
		{"half a page", data[:4000], ErrCorrupt, "damaged"},
		{"one page", data[:8192], ErrCorrupt, "malformed"},
		{"half", data[:len(data)/2/8192*8192], ErrCorrupt, "malformed"},
		{"half and a bit", data[:len(data)/2/8192*8192+100], ErrCorrupt, "malformed"},
		{"page lost", slices.Concat(data[:3*8192], make([]byte, 8192), data[4*8192:]), ErrCorrupt, "damaged"},
		{"newer", alter("INSERT INTO migrations VALUES (99, '0099_future', 0)"), ErrNewer, "schema is number 99, this program knows"},
		{"foreign", alter("PRAGMA application_id = 0"), ErrInvalid, "some other program"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, fileName)
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{}, {ReadOnly: true}} {
				s, err := Open(t.Context(), dir, o)
				if err == nil && o.ReadOnly && tt.kind == ErrCorrupt {
					// Read-only there is no look through the whole file: reading finds it.
					_, err = s.Load(t.Context(), "m", nil)
					if r, e := s.Check(t.Context()); e == nil && r.Err() == nil {
						t.Error("Check finds nothing")
					}
					s.Close()
					if err == nil {
						continue // what is lost is not what Load reads
					}
				}
				var e *Error
				if !errors.Is(err, tt.kind) || !errors.As(err, &e) || !strings.Contains(err.Error(), tt.want) || e.Hint == "" {
					t.Errorf("read-only %v: %v (%+v)", o.ReadOnly, err, e)
				} else if !strings.Contains(err.Error(), path) && e.Op == "open" {
					t.Errorf("%v does not name %s", err, path)
				}
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, tt.data) {
				t.Errorf("the file was changed (%d bytes, %d before), %v", len(now), len(tt.data), err)
			}
		})
	}
}

// TestDamage turns over bytes all over a database: what is read is what was stored, or ErrCorrupt.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var items []Item
	for i := range 30 {
		items = append(items, made(fmt.Sprint("a", i), 0, 1+i%3, dim))
	}
	put(t, s, "m", items...)
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Article.ID, b.Article.ID) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fileName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rounds := 200
	if testing.Short() {
		rounds = 40
	}
	r := rand.New(rand.NewPCG(1, 2))
	var refused, found, remade, harmless int
	for range rounds {
		bad := bytes.Clone(data)
		at, mask := r.IntN(len(bad)), byte(1+r.IntN(255))
		bad[at] ^= mask
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, suffix := range []string{"-wal", "-shm"} {
			os.Remove(path + suffix)
		}
		s, err := Open(t.Context(), dir, Options{ReadOnly: true})
		if err != nil {
			refused++ // whatever the header now claims: newer, foreign, damaged
			continue
		}
		l, err := s.Load(t.Context(), "m", nil)
		switch {
		case errors.Is(err, ErrCorrupt):
			found++
		case err != nil:
			t.Errorf("byte %d ^ %#x: %v", at, mask, err)
		default:
			if l.Damaged > 0 {
				remade++
			} else {
				harmless++
			}
			if len(l.Entries) != len(items) {
				t.Errorf("byte %d ^ %#x: %d articles", at, mask, len(l.Entries))
				break
			}
			missing := 0
			for i, e := range l.Entries {
				for j, v := range e.Vectors {
					if v == nil {
						e.Vectors[j] = items[i].Vectors[j]
						missing++
					}
				}
				if d := same(e, items[i]); d != "" {
					t.Errorf("byte %d ^ %#x: %s", at, mask, d)
				}
			}
			if missing != l.Missing {
				t.Errorf("byte %d ^ %#x: %d vectors missing, told %d", at, mask, missing, l.Missing)
			}
		}
		s.Close()
	}
	t.Logf("%d refused at opening, %d found while loading, %d vectors to make again, %d without effect on loading", refused, found, remade, harmless)
	if found == 0 || harmless == 0 {
		t.Error("the bytes turned over were not all over the file")
	}
}

// A vector that fails its checksum is reported missing and can be made again.
func TestDamagedVector(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a := made("a", 0, 3, dim)
	put(t, s, "m", a)
	for _, damage := range []string{`UPDATE vectors SET vector = substr(vector, 1, 8) WHERE no = 2`, `UPDATE vectors SET vector = zeroblob(32) WHERE no = 2`, `UPDATE vectors SET sum = 5 WHERE no = 2`} {
		if _, err := s.w.Exec(damage); err != nil {
			t.Fatal(err)
		}
		l := load(t, s, "m")
		if l.Damaged != 1 || l.Missing != 1 || l.Entries[0].Vectors[1] != nil {
			t.Errorf("%d damaged, %d missing", l.Damaged, l.Missing)
		}
		if r, err := s.Check(t.Context()); err != nil || !errors.Is(r.Err(), ErrCorrupt) || len(r.Problems) != 1 {
			t.Errorf("check: %+v, %v", r, err)
		}
		if err := s.PutVectors(t.Context(), "m", a.Chunks[1:2], a.Vectors[1:2]); err != nil {
			t.Fatal(err)
		}
		checkLibrary(t, load(t, s, "m"), a)
		healthy(t, s)
	}
}

// Check finds what is wrong with rows although the file is sound.
func TestCheckFinds(t *testing.T) {
	for _, tt := range []struct{ damage, want string }{
		{`UPDATE articles SET text = text || '.'`, "checksum"},
		{`UPDATE articles SET published = '2018-13-x'`, "checksum"},
		{`UPDATE raws SET raw = zeroblob(5)`, "raw text"},
		{`UPDATE raws SET bytes = bytes + 1`, "raw text"},
		{`DELETE FROM raws`, "raw text"},
		{`DELETE FROM chunks WHERE ord = 1`, "chunks"},
		{`UPDATE chunks SET start_at = start_at + 1`, "chunks"},
		{`UPDATE versions SET title = 'x'`, "version 1"},
		{`PRAGMA foreign_keys = OFF; DELETE FROM articles`, "belong to nothing"},
	} {
		s, err := Open(t.Context(), t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, "m", made("a", 0, 3, dim))
		put(t, s, "m", made("a", 1, 3, dim))
		healthy(t, s)
		if _, err := s.w.Exec(tt.damage); err != nil {
			t.Fatal(err)
		}
		r, err := s.Check(t.Context())
		if err != nil || !errors.Is(r.Err(), ErrCorrupt) || !strings.Contains(fmt.Sprint(r.Err()), tt.want) {
			t.Errorf("%s: %v, %v", tt.damage, r.Err(), err)
		}
		s.Close()
	}
}

func TestPlaces(t *testing.T) {
	ctx := t.Context()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := t.TempDir()
	if err := os.Mkdir(filepath.Join(blocked, fileName), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dir string
		o         Options
		kind      error
	}{
		{"a file", file, Options{}, ErrReadOnly},
		{"under a file", filepath.Join(file, "data"), Options{}, ErrReadOnly},
		{"database is a directory", blocked, Options{}, nil},
		{"no name", "", Options{}, ErrInvalid},
		{"nothing to read", t.TempDir(), Options{ReadOnly: true}, fs.ErrNotExist},
		{"no directory to read", filepath.Join(t.TempDir(), "none"), Options{ReadOnly: true}, fs.ErrNotExist},
	} {
		s, err := Open(ctx, tt.dir, tt.o)
		if err == nil {
			s.Close()
			t.Errorf("%s: opened", tt.name)
			continue
		}
		if tt.kind != nil && !errors.Is(err, tt.kind) || !strings.HasPrefix(err.Error(), "store: open") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}

	// Names that mean something in a URI are names here.
	dir := filepath.Join(t.TempDir(), "50% ñ?mode=ro#x &a", "deeper")
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "m", made("a", 0, 1, dim))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{dir: fs.ModeDir | 0o700, filepath.Join(dir, fileName): 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestReadOnlyPlaces reads where SQLite cannot make the file that it shares with other processes. A
// dangling link in that file's place, which it does not follow, is such a place for root too.
func TestReadOnlyPlaces(t *testing.T) {
	ctx := t.Context()
	for _, unfolded := range []bool{false, true} {
		t.Run(fmt.Sprintf("log=%v", unfolded), func(t *testing.T) {
			from, dir := t.TempDir(), t.TempDir()
			s, err := Open(ctx, from, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			a, b := made("a", 0, 2, dim), made("b", 0, 1, dim)
			put(t, s, "m", a)
			if _, err := s.w.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				t.Fatal(err)
			}
			want := []Item{a}
			suffixes := []string{""}
			if unfolded { // b is in the log alone
				put(t, s, "m", b)
				want = append(want, b)
				suffixes = append(suffixes, "-wal")
			}
			for _, suffix := range suffixes {
				if err := copyFile(filepath.Join(dir, fileName+suffix), filepath.Join(from, fileName+suffix)); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink("nowhere", filepath.Join(dir, fileName+"-shm")); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(ctx, dir, Options{}); !errors.Is(err, ErrReadOnly) {
				t.Errorf("opened for writing: %v", err)
			}
			ro, err := Open(ctx, dir, Options{ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			checkLibrary(t, load(t, ro, "m"), want...)
			healthy(t, ro)
			temp := ro.temp
			if (temp != "") != unfolded {
				t.Errorf("copied to %q", temp)
			}
			if _, err := ro.Put(ctx, "m", b); !errors.Is(err, ErrReadOnly) {
				t.Error(err)
			}
			if err := ro.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(temp); temp != "" && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the copy is left in %s", temp)
			}
		})
	}
}

// TestFull: a full disk stops what is being stored and harms nothing that was.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.w.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.w.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+10)); err != nil {
		t.Fatal(err)
	}
	var kept []Item
	for i := 0; ; i++ {
		it := made(fmt.Sprint("a", i), 0, 3, dim)
		_, err := s.Put(t.Context(), "m", it)
		if err != nil {
			var e *Error
			if !errors.Is(err, ErrFull) || !errors.As(err, &e) || e.Hint == "" || !strings.Contains(err.Error(), it.Article.ID) {
				t.Fatalf("%v (%+v)", err, e)
			}
			break
		}
		kept = append(kept, it)
	}
	if len(kept) == 0 {
		t.Fatal("nothing fitted in")
	}
	checkLibrary(t, load(t, s, "m"), kept...)
	healthy(t, s)
	// With room again, storing goes on.
	if _, err := s.w.Exec(`PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	more := made("more", 0, 3, dim)
	put(t, s, "m", more)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	checkLibrary(t, load(t, s, "m"), append(kept, more)...)
}

// TestDurability: the settings that the promises rest on are in force on every connection that writes.
func TestDurability(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "15000", "page_size": "8192"} {
		var got string
		if err := s.w.QueryRow(`PRAGMA ` + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s; %v", pragma, got, want, err)
		}
	}
	if _, err := s.r.Exec(`DELETE FROM settings`); err == nil {
		t.Error("a reading connection writes")
	}
}

func TestMigrations(t *testing.T) {
	if ms, err := migrations(migrationFiles); err != nil || len(ms) == 0 {
		t.Fatal(ms, err)
	}
	for _, names := range [][]string{{"0002_a"}, {"0001_a", "0003_b"}, {"0001_a", "0001_b"}, {"first"}} {
		fsys := fstest.MapFS{}
		for _, n := range names {
			fsys["migrations/"+n+".sql"] = &fstest.MapFile{}
		}
		if _, err := migrations(fsys); err == nil {
			t.Errorf("%v: no error", names)
		}
	}

	// A step that fails leaves no trace, and those before it stay.
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a := made("a", 0, 1, dim)
	put(t, s, "m", a)
	ms, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	n := len(ms)
	ms = append(ms, migration{n + 1, "good", `ALTER TABLE articles ADD COLUMN extra TEXT NOT NULL DEFAULT ''`},
		migration{n + 2, "bad", `CREATE TABLE half (x TEXT); ALTER TABLE nothing ADD COLUMN y TEXT`})
	if err := s.migrate(t.Context(), ms); err == nil || !strings.Contains(err.Error(), "migration bad") {
		t.Error(err)
	}
	if v, err := schemaVersion(t.Context(), s.w); err != nil || v != n+1 {
		t.Errorf("at %d, %v", v, err)
	}
	if _, err := s.w.Exec(`SELECT * FROM half`); err == nil {
		t.Error("the failed step left a table")
	}
	checkLibrary(t, load(t, s, "m"), a)
	// The older program refuses the newer database, also to read.
	for _, o := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(t.Context(), dir, o); !errors.Is(err, ErrNewer) {
			t.Error(err)
		}
	}
	// One that may only read says so when the schema would have to change.
	ro := &Store{path: s.path}
	if err := ro.checkVersion(n, n+1); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}

func FuzzUnpack(f *testing.F) {
	var p packer
	for _, n := range []int{0, 1, 20} {
		it := made("a", n, 1+n/10, 0)
		row := p.pack(it.Article)
		f.Add(row.form, row.raw, row.bytes, row.removed, it.Article.Text)
	}
	f.Add("deflate", []byte{1, 2, 3}, 1<<40, `[{"start":-1}]`, "")
	f.Fuzz(func(t *testing.T, form string, raw []byte, bytes int, removed, text string) {
		row := rawRow{form: form, raw: raw, bytes: bytes, removed: removed}
		got, _, err := row.unpack(text)
		if err == nil && form != "" && len(got) != bytes {
			t.Errorf("%d bytes, recorded %d", len(got), bytes)
		}
	})
}
