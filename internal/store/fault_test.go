package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"policybot/bot"
)

func openTemp(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func mustExec(t *testing.T, q querier, query string, args ...any) {
	t.Helper()
	if _, err := q.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// TestBotLocked: what cannot be written since others write is ErrBusy after a while, whether they are of
// this process or of another; reading goes on, and so does writing once they are through.
func TestBotLocked(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"other process", "import"} {
		t.Run(who, func(t *testing.T) {
			s := openTemp(t)
			ctx := t.Context()
			no := keep(t, s.Bot(), record(1, "r", "1", "11", time.Time{}))
			var release func()
			if who == "import" {
				tx, err := s.w.BeginTx(ctx, nil)
				if err != nil {
					t.Fatal(err)
				}
				s.wait = 20 * time.Millisecond
				release = func() { tx.Rollback() }
			} else {
				db, err := open(s.path, "_txlock=immediate")
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				tx, err := db.Begin()
				if err != nil {
					t.Fatal(err)
				}
				mustExec(t, s.w, `PRAGMA busy_timeout = 20`)
				release = func() { tx.Rollback() }
			}
			for name, f := range botWrites(ctx, s) {
				if name == "expire" {
					continue // has nothing to write yet, and looks for it first
				}
				var e *Error
				if err := f(); !errors.Is(err, ErrBusy) || !errors.As(err, &e) || e.Hint == "" {
					t.Errorf("%s: %v", name, err)
				}
			}
			if r, err := s.Bot().AnswerRecord(ctx, no); err != nil || r.Person != "r" {
				t.Error(r, err)
			}
			if turns, err := s.Bot().Conversation(ctx, "r", "11", time.Time{}, 5); err != nil || len(turns) != 1 {
				t.Error(turns, err)
			}
			if _, err := s.Bot().Settings(ctx, "1"); err != nil {
				t.Error(err)
			}
			if err := s.Ping(ctx); err != nil {
				t.Error(err)
			}
			release()
			s.wait = busyTimeout
			for name, f := range botWrites(ctx, s) {
				if err := f(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			healthy(t, s)
		})
	}
}

// TestBotFull: a full disk stops what is being kept and harms nothing that was; forgetting makes room.
func TestBotFull(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	b, ctx := s.Bot(), t.Context()
	var pages int
	if err := s.w.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	mustExec(t, s.w, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+8))
	var kept []int64
	for i := 0; ; i++ {
		no, err := b.KeepAnswer(ctx, record(i, fmt.Sprint("p", i%2), "1", "11", time.Time{}))
		if err != nil {
			var e *Error
			if !errors.Is(err, ErrFull) || !errors.As(err, &e) || e.Hint == "" {
				t.Fatalf("%v (%+v)", err, e)
			}
			break
		}
		kept = append(kept, no)
	}
	if len(kept) < 5 {
		t.Fatalf("%d answers fitted in", len(kept))
	}
	for _, no := range kept {
		if _, err := b.AnswerRecord(ctx, no); err != nil {
			t.Error(err)
		}
	}
	healthy(t, s)
	if n, err := b.Forget(ctx, "p0"); err != nil || n < len(kept)/2 {
		t.Errorf("%d forgotten, %v", n, err)
	}
	if bytes.Contains(files(t, s), []byte("case 0 of p0")) {
		t.Error("a forgotten question is in the files")
	}
	keep(t, b, record(1, "p1", "1", "11", time.Time{}))
	healthy(t, s)
}

// TestBotDamage: a row that is not what was written is never taken for an answer.
func TestBotDamage(t *testing.T) {
	t.Parallel()
	for _, damage := range []string{
		`UPDATE answers SET body = replace(body, 'granted', 'refused') WHERE no = 1`, `UPDATE answers SET question = 'Else?' WHERE no = 1`,
		`UPDATE answers SET body = '{' WHERE no = 1`, `UPDATE answers SET asked_at = asked_at + 1 WHERE no = 1`, `UPDATE answers SET sum = 0 WHERE no = 1`,
		`UPDATE answers SET guild = '7' WHERE no = 1`,
	} {
		s := openTemp(t)
		b, ctx := s.Bot(), t.Context()
		for i := range 2 {
			keep(t, b, record(i, "p", "1", "11", time.Time{}))
		}
		mustExec(t, s.w, damage)
		if _, err := b.AnswerRecord(ctx, 1); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", damage, err)
		}
		if _, err := b.AnswerRecord(ctx, 2); err != nil {
			t.Errorf("%s: %v", damage, err)
		}
		sound := record(1, "p", "", "", time.Time{}).Answer.Question
		if turns, err := b.Conversation(ctx, "p", "11", time.Time{}, 9); err != nil || len(turns) != 1 || turns[0].Q != sound {
			t.Errorf("%s: %+v, %v", damage, turns, err)
		}
		if _, err := s.Answers(ctx, AnswerFilter{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", damage, err)
		}
		r, err := s.Check(ctx)
		if err != nil || len(r.Problems) != 1 || !errors.Is(r.Err(), ErrCorrupt) || !strings.Contains(fmt.Sprint(r.Err()), "answer 1") {
			t.Errorf("%s: %v, %v", damage, r.Err(), err)
		}
		if n, err := b.Forget(ctx, "p"); err != nil || n != 2 { // which must work nevertheless
			t.Errorf("%s: %d, %v", damage, n, err)
		}
		healthy(t, s)
	}
	for _, text := range []string{`{`, `[]`, `{"retention_days": 0}`, `{"lang": "xx"}`, ``} {
		s := openTemp(t)
		mustExec(t, s.w, `INSERT INTO guilds (id, settings, retention_days) VALUES ('1', $1, 90)`, text)
		if _, err := s.Bot().Settings(t.Context(), "1"); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", text, err)
		}
		if r, err := s.Check(t.Context()); err != nil || !errors.Is(r.Err(), ErrCorrupt) || !strings.Contains(fmt.Sprint(r.Err()), "guilds") {
			t.Errorf("%s: %v, %v", text, r.Err(), err)
		}
		if err := s.Bot().SetSettings(t.Context(), "1", bot.DefaultSettings(), bot.AuditEntry{Person: "p", Action: "settings"}); err != nil {
			t.Error(err)
		}
		healthy(t, s)
	}
	// Settings that an older version stored without those it did not know are the defaults there.
	s := openTemp(t)
	mustExec(t, s.w, `INSERT INTO guilds (id, settings, retention_days) VALUES ('1', '{"private": true, "later": 1}', 90)`)
	want := bot.DefaultSettings()
	want.Private = true
	if got, err := s.Bot().Settings(t.Context(), "1"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestPingFinds what makes an open store useless.
func TestPingFinds(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	mustExec(t, s.w, `INSERT INTO migrations VALUES (99, '0099_future', 0)`)
	if err := s.Ping(t.Context()); !errors.Is(err, ErrNewer) {
		t.Error(err)
	}
	mustExec(t, s.w, `DELETE FROM migrations WHERE number = 99`)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if err := os.Rename(s.Path(), s.Path()+".away"); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(s.Path(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a closed store answers")
	}
	if err := s.Bot().SetValue(t.Context(), "k", "v"); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

// TestWipeLater: while somebody reads an older state the log cannot be emptied. Forgetting succeeds all
// the same, and the next Expire wipes.
func TestWipeLater(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	b, ctx := s.Bot(), t.Context()
	keep(t, b, record(1, "p", "1", "11", time.Time{}))
	reader, err := open(s.path, "", "query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	tx, err := reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM answers`).Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	mustExec(t, s.w, `PRAGMA busy_timeout = 1000`)
	if n, err := b.Forget(ctx, "p"); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	var timeout int
	if err := s.w.QueryRow(`PRAGMA busy_timeout`).Scan(&timeout); err != nil || timeout != 1000 {
		t.Errorf("the busy timeout became %d, %v", timeout, err)
	}
	question := []byte(record(1, "p", "", "", time.Time{}).Answer.Question)
	if _, due, err := s.Setting(ctx, wipeDue); err != nil || !due || !bytes.Contains(files(t, s), question) {
		t.Fatalf("due %v, %v", due, err)
	}
	tx.Rollback()
	if n, err := b.Expire(ctx, time.Now()); n != 0 || err != nil {
		t.Error(n, err)
	}
	if _, due, err := s.Setting(ctx, wipeDue); err != nil || due || bytes.Contains(files(t, s), question) {
		t.Errorf("due %v, %v", due, err)
	}
	healthy(t, s)
}

// TestWipe moves rows about until their copies lie in the gaps of pages; wiping takes out all of them and
// changes no row.
func TestWipe(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	ctx := t.Context()
	mustExec(t, s.w, `CREATE TABLE x (p TEXT, no INTEGER, PRIMARY KEY (p, no)) WITHOUT ROWID;
		CREATE TABLE y (no INTEGER PRIMARY KEY, p TEXT); CREATE INDEX yp ON y (p)`)
	r := rand.New(rand.NewPCG(1, 2))
	if err := s.tx(ctx, func(tx *sql.Tx) error {
		for i := range 4000 {
			p := fmt.Sprintf("PERSON%05d-%0*d-%x", r.IntN(500), 1+r.IntN(700), 0, r.Uint64())
			mustExec(t, tx, `INSERT INTO x VALUES ($1, $2)`, p, i)
			mustExec(t, tx, `INSERT INTO y VALUES ($1, $2)`, r.Uint32(), p)
			if i%3 == 0 {
				mustExec(t, tx, `DELETE FROM x WHERE (p, no) = (SELECT p, no FROM x WHERE p > $1 ORDER BY p LIMIT 1)`, fmt.Sprintf("PERSON%05d", r.IntN(500)))
				mustExec(t, tx, `DELETE FROM y WHERE no = (SELECT no FROM y WHERE no > $1 ORDER BY no LIMIT 1)`, r.Uint32())
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	pages, err := s.unwiped(ctx)
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages to wipe, %v: nothing is shown", len(pages), err)
	}
	if err := s.wipe(ctx); err != nil { // nobody has asked for it
		t.Fatal(err)
	}
	if again, err := s.unwiped(ctx); err != nil || len(again) != len(pages) {
		t.Fatal(len(again), err)
	}
	before := dump(t, s)
	if err := s.write(ctx, (*putter).wipeLater); err != nil {
		t.Fatal(err)
	}
	if err := s.wipe(ctx); err != nil {
		t.Fatal(err)
	}
	// Taking back the note leaves the pointer to its cell, in the table and in the index of the settings.
	if pages, err := s.unwiped(ctx); err != nil || len(pages) > 2 {
		t.Errorf("%v are left, %v", pages, err)
	}
	if dump(t, s) != before {
		t.Error("wiping changed rows")
	}
	healthy(t, s)
	mustExec(t, s.w, `DELETE FROM x; DELETE FROM y`)
	if err := s.write(ctx, (*putter).wipeLater); err != nil {
		t.Fatal(err)
	}
	if err := s.wipe(ctx); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(files(t, s), []byte("PERSON")); n != 0 {
		t.Errorf("%d names are left", n)
	}
	healthy(t, s)
}

// FuzzGap: whatever a page holds, its gap is within it, and clearing it leaves the gap where it was.
func FuzzGap(f *testing.F) {
	page := make([]byte, 512)
	copy(page, []byte{13, 0, 0, 0, 2, 1, 144, 0})
	f.Add(2, page)
	f.Add(1, page)
	f.Add(3, []byte{5, 0, 0, 255, 255, 0, 0})
	f.Fuzz(func(t *testing.T, no int, page []byte) {
		g := gap(no, page)
		if g == nil {
			return
		}
		before := bytes.Clone(page)
		clear(g)
		again := gap(no, page)
		if len(again) != len(g) || len(g) > 0 && &again[0] != &g[0] {
			t.Fatal("the gap moved")
		}
		for i := range page {
			if inside := len(g) > 0 && i >= cap(page)-cap(g) && i < cap(page)-cap(g)+len(g); !inside && page[i] != before[i] {
				t.Fatalf("byte %d was changed", i)
			}
		}
	})
}

// TestMigrateAnswers: answers of the first schema, with what they cited, are there in the newest one.
func TestMigrateAnswers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	ms, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	old := &Store{path: filepath.Join(dir, fileName), now: time.Now}
	if old.w, err = open(old.path, "_txlock=immediate", "foreign_keys(1)", "page_size(8192)"); err != nil {
		t.Fatal(err)
	}
	old.w.SetMaxOpenConns(1)
	if err := old.migrate(ctx, ms[:1]); err != nil {
		t.Fatal(err)
	}
	mustExec(t, old.w, `INSERT INTO answers (no, asked_at, hash, question, lang, status, drafter, took_us, library, body) VALUES
		(3, 1000, $1, 'First?', 'en', 'answered', 'extractive', 5, 'v1', '{"text":"x"}'),
		(7, 2000, 'h', 'Second?', 'es', 'not_covered', '', 0, '', '{}')`, QuestionHash("First?"))
	mustExec(t, old.w, `INSERT INTO citations VALUES (3, 0, 1, 'a', 'd', 5, 9, 'some'), (3, 1, 2, 'b', '', 0, 1, 'y')`)
	if err := old.w.Close(); err != nil {
		t.Fatal(err)
	}
	// One that may not write must not open it, and does not change it.
	if _, err := Open(ctx, dir, Options{ReadOnly: true}); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want := []Answer{
		{No: 7, Asked: time.UnixMilli(2000).UTC(), Question: "Second?", Lang: "es", Status: "not_covered", Body: []byte(`{}`)},
		{No: 3, Asked: time.UnixMilli(1000).UTC(), Question: "First?", Lang: "en", Status: "answered", Drafter: "extractive",
			Took: 5 * time.Microsecond, Library: "v1",
			Body: []byte(`{"text":"x"}`), Citations: []Citation{{1, "a", "d", 5, 9, "some"}, {2, "b", "", 0, 1, "y"}}},
	}
	if got, err := s.Answers(ctx, AnswerFilter{}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v\n%v", got, want, err)
	}
	if got, err := s.Answers(ctx, AnswerFilter{Question: "first?", Article: "b"}); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
	healthy(t, s)
	for _, no := range []int64{3, 7} {
		if _, err := s.Bot().AnswerRecord(ctx, no); !errors.Is(err, bot.ErrNotFound) {
			t.Error(err)
		}
	}
	if n, err := s.Bot().Expire(ctx, time.Now()); n != 0 || err != nil {
		t.Error(n, err)
	}
	if n, err := s.PruneAnswers(ctx, time.Now().Add(time.Hour)); n != 2 || err != nil {
		t.Error(n, err)
	}
	if no := keep(t, s.Bot(), record(1, "p", "1", "11", time.Time{})); no != 8 {
		t.Errorf("the next answer is number %d, want 8", no)
	}
	var cited int
	if err := s.r.QueryRow(`SELECT count(*) FROM citations`).Scan(&cited); err != nil || cited != 2 {
		t.Errorf("%d citations, %v", cited, err)
	}
	healthy(t, s)
}

// A transaction that ends with the caller's context would take others' writes with it.
func TestWriteOutlivesContext(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := s.write(ctx, func(p *putter) error { cancel(); return p.set("k", "v") }); err != nil {
		t.Error(err)
	}
	if v, _, err := s.Setting(t.Context(), "k"); v != "v" || err != nil {
		t.Error(v, err)
	}
}
