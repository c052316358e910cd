package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"policybot/answer"
	"policybot/corpus"
	"policybot/internal/discordtest"
	"policybot/internal/openaitest"
	"policybot/internal/store"
	"policybot/retrieval"
)

const fareQuestion = "What is the ferry fare in Port Alder?"

// fareArticle is what another process adds.
func fareArticle(dollars int) string {
	return fmt.Sprintf("---\ntitle: Ferry fare goes up in Port Alder\npublisher: Bay Times\npublished: 2021-03-04\nlang: en\n---\n\n"+
		"The council of Port Alder raised the ferry fare to %d dollars on 4 March 2021.\n", dollars)
}

// article writes a file with an article and returns its name.
func (h *embedHome) article(id, text string) string {
	h.t.Helper()
	file := filepath.Join(h.dir, id+".md")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		h.t.Fatal(err)
	}
	return file
}

// newHome is a data directory with settings that say nothing else.
func newHome(t *testing.T) *embedHome {
	t.Helper()
	h := &embedHome{t: t, dir: t.TempDir()}
	h.config = filepath.Join(h.dir, "config.yaml")
	if err := os.WriteFile(h.config, fmt.Appendf(nil, "data_dir: %q\n", h.dir), 0o666); err != nil {
		t.Fatal(err)
	}
	return h
}

// env returns what a subcommand run with the settings would work with.
func (h *embedHome) env(now func() time.Time) *env {
	h.t.Helper()
	e := &env{World: World{Getenv: func(name string) string { return map[string]string{"EMBEDDINGS_API_KEY": embedKey}[name] },
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: h.t.Output(), Now: now}, configFile: h.config}
	if err := e.loadConfig(); err != nil {
		h.t.Fatal(err)
	}
	return e
}

// watch is a library that somebody has open while others change it. Its clock is moved by hand.
type watch struct {
	*follower
	h     *embedHome
	clock time.Time
}

func (h *embedHome) watch(embeds bool) *watch {
	h.t.Helper()
	w := &watch{h: h, clock: scriptDay()}
	e := h.env(func() time.Time { return w.clock })
	l, err := e.openLibrary(h.t.Context(), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := l.Close(); err != nil {
			h.t.Error(err)
		}
	})
	w.follower = e.newFollower(l, embeds)
	return w
}

// sees checks that a look at the record finds just these changes and analyses nothing else.
func (w *watch) sees(want changes) {
	w.h.t.Helper()
	before, snapshot := w.l.index.Analysed(), w.l.index.Version()
	done, err := w.check(w.h.t.Context())
	if err != nil || done != want {
		w.h.t.Errorf("saw %+v, want %+v; %v", done, want, err)
	}
	if n := w.l.index.Analysed() - before; n != want.added+want.replaced {
		w.h.t.Errorf("%d articles were analysed, want %d", n, want.added+want.replaced)
	}
	if (w.l.index.Version() != snapshot) != (want != changes{}) {
		w.h.t.Error("the library's version does not say whether it has changed")
	}
}

// fresh checks that the library is the one that a start would find now.
func (w *watch) fresh() {
	w.h.t.Helper()
	l, err := w.h.env(scriptDay).openLibrary(w.h.t.Context(), nil)
	if err != nil {
		w.h.t.Fatal(err)
	}
	defer l.Close()
	is := func(ix *retrieval.Index) string {
		return fmt.Sprintf("%d articles with %d passages, version %s, searched with %s", len(ix.Articles()), ix.Chunks(), ix.Version(), ix.Embedder().Model())
	}
	if have, want := is(w.l.index), is(l.index); have != want {
		w.h.t.Errorf("the library has %s; a start finds %s", have, want)
	}
}

func (w *watch) has(id string, want bool) {
	w.h.t.Helper()
	if (w.l.index.Article(id) != nil) != want {
		w.h.t.Errorf("%s is in the library: %v, want %v", id, !want, want)
	}
}

func (w *watch) ask(question string) answer.Answer {
	w.h.t.Helper()
	a, err := w.l.offline(w.e).Ask(w.h.t.Context(), answer.Question{Text: question})
	if err != nil {
		w.h.t.Fatal(err)
	}
	return a
}

// Whatever another process does to the library, an open one comes to be as a start would find it, and what has
// not changed is left alone.
func TestFollow(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	w := h.watch(false)
	w.sees(changes{})
	h.ok("sources", "list")
	w.sees(changes{})
	if a := w.ask(fareQuestion); a.Status == answer.Answered {
		t.Errorf("answered %q before there was an article", a.Text)
	}

	h.ok("sources", "add", h.article("ferry", fareArticle(3)))
	w.sees(changes{added: 1})
	w.fresh()
	if a := w.ask(fareQuestion); !strings.Contains(a.Text, "3 dollars") {
		t.Errorf("answered %q", a.Text)
	}
	w.sees(changes{})
	h.ok("sources", "add", h.article("ferry", fareArticle(3)))
	w.sees(changes{})

	h.ok("sources", "add", h.article("ferry", fareArticle(4)))
	w.sees(changes{replaced: 1})
	w.fresh()
	if a := w.ask(fareQuestion); !strings.Contains(a.Text, "4 dollars") {
		t.Errorf("answered %q", a.Text)
	}

	// A shipped article goes and comes back.
	const shipped = "article-1-reuters-2018-12-05"
	h.ok("sources", "remove", "ferry", shipped)
	w.sees(changes{removed: 2})
	w.fresh()
	w.has(shipped, false)
	if a := w.ask(fareQuestion); a.Status == answer.Answered {
		t.Errorf("answered %q after the article was removed", a.Text)
	}
	h.ok("sources", "restore", shipped)
	w.sees(changes{added: 1})
	w.has(shipped, true)
	w.fresh()

	// Of copies one answers, the other one in its place when it goes.
	bridge := func(kind, publisher string) string {
		return fmt.Sprintf("---\ntitle: Bridge of Aliso open again\npublisher: %s\npublished: 2022-09-15\nkind: %s\n---\n\n"+
			"The bridge of Aliso was opened to traffic again on 15 September 2022 after eight months of work. Mayor Ana Ruiz said that "+
			"the work had cost 12 million pesos, two million more than planned, because the piers were found to be cracked below "+
			"the water line.\n", publisher, kind)
	}
	h.ok("sources", "add", h.article("mirrored", bridge("mirror", "Aliso Today")))
	w.sees(changes{added: 1})
	h.ok("sources", "add", h.article("original", bridge("wire", "Estuary News Agency")))
	w.sees(changes{added: 1, removed: 1})
	w.has("mirrored", false)
	w.fresh()
	h.ok("sources", "remove", "original")
	w.sees(changes{added: 1, removed: 1})
	w.has("mirrored", true)
	w.fresh()
}

// While another process is adding articles, what are copies is not known yet: it is waited for, and where it
// does not come, because that process was killed, what was stored counts after a while.
func TestFollowHalfDone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHome(t)
	w := h.watch(false)
	w.sees(changes{})
	s, err := store.Open(ctx, h.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(id string, dollars int) {
		t.Helper()
		articles, err := w.e.readFiles(ctx, []string{h.article(id, fareArticle(dollars))})
		if err != nil {
			t.Fatal(err)
		}
		items, err := w.e.items(ctx, w.l.hash, articles)
		if err == nil {
			_, err = s.Put(ctx, w.l.hash.Model(), items...)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetSetting(ctx, copiesSetting, ""); err != nil {
		t.Fatal(err)
	}
	put("first", 3)
	w.sees(changes{})
	w.clock = w.clock.Add(settling - time.Second)
	w.sees(changes{})
	put("second", 4) // it goes on
	w.clock = w.clock.Add(time.Second)
	w.sees(changes{})
	w.clock = w.clock.Add(settling)
	w.sees(changes{added: 2})
	w.sees(changes{})

	put("third", 3)
	w.sees(changes{})
	if err := s.SetSetting(ctx, copiesSetting, `{"third":"first"}`); err != nil {
		t.Fatal(err)
	}
	w.sees(changes{})
	w.has("third", false)
	if err := s.SetSetting(ctx, copiesSetting, `{"first":"third"}`); err != nil { // no article has changed
		t.Fatal(err)
	}
	w.sees(changes{added: 1, removed: 1})
	w.fresh()
}

// With an endpoint's embedder an article answers once it has its vectors. Whoever adds it has them made; what
// that process leaves, the bot has made after a while, and nobody else. Nothing is paid for twice.
func TestFollowVectors(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	vectors := openaitest.Vectors(16)
	s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		if down.Load() {
			openaitest.Status(401)(x)
			return
		}
		vectors(x)
	})
	h := newEmbedHome(t, s, "model: meaning-1")
	h.ok("sources", "embed")
	bot, asker := h.watch(true), h.watch(false)
	both := func(want changes) {
		t.Helper()
		bot.sees(want)
		asker.sees(want)
	}
	both(changes{})
	lighthouse := func(name, color string) string {
		return h.article(name, "---\ntitle: The lighthouse of Cabo "+name+"\npublished: 2024-05-02\nlang: en\n---\n\nThe keeper of Cabo "+name+
			" painted the lighthouse "+color+".\n")
	}
	left := func(name, color string) { // what is added while the endpoint is down
		t.Helper()
		down.Store(true)
		if status, out, errs := h.run(t.Context(), "sources", "add", lighthouse(name, color)); status != 1 || !strings.Contains(out, "1 added") {
			t.Fatalf("exit status %d, %q, %q", status, out, errs)
		}
	}
	h.ok("sources", "add", lighthouse("sur", "green in 2024"))
	both(changes{added: 1})
	bot.fresh()

	left("norte", "blue in 2023, after the storm")
	h.ok("sources", "remove", "sur") // goes at once all the same
	refused := len(s.Requests())
	both(changes{removed: 1})
	both(changes{})
	bot.has("norte", false)
	if n := len(s.Requests()); n != refused {
		t.Errorf("%d requests for what another process may be embedding", n-refused)
	}

	var log lockedBuffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	bot.clock, asker.clock = bot.clock.Add(settling), asker.clock.Add(settling)
	asker.sees(changes{})
	if n := len(s.Requests()); n != refused {
		t.Error("who only asks had passages embedded")
	}
	first := bot.step(t.Context(), logger)
	second := bot.step(t.Context(), logger)
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "changes of the library are not seen") ||
		!strings.Contains(text, "hint=") || strings.Contains(text, embedKey) || first <= followEvery || second <= first || second > followMost {
		t.Errorf("waits %v, then %v, and says\n%s", first, second, text)
	}
	down.Store(false)
	bot.clock = bot.clock.Add(settling)
	if wait := bot.step(t.Context(), logger); wait != followEvery {
		t.Errorf("waits %v after all is well", wait)
	}
	if text := log.String(); !strings.Contains(text, "msg=\"library changed\" added=1 replaced=0 removed=0") ||
		!strings.Contains(text, "changes of the library are seen again") {
		t.Errorf("says\n%s", text)
	}
	bot.has("norte", true)
	asker.sees(changes{added: 1}) // the bot has stored its vectors
	bot.fresh()

	left("oeste", "red in 2021, and its door white")
	both(changes{})
	down.Store(false)
	h.ok("sources", "embed")
	requests := len(s.Requests())
	both(changes{added: 1})
	bot.fresh()
	if n := len(s.Requests()); n != requests {
		t.Errorf("%d requests for what was embedded", n-requests)
	}
}

// Articles come and go before, between and after the index changes to the embedder of the settings.
func TestFollowAnotherEmbedder(t *testing.T) {
	t.Parallel()
	s := openaitest.NewServer(t, openaitest.Vectors(16))
	h := newEmbedHome(t, s, "model: meaning-1")
	w := h.watch(true)
	h.ok("sources", "add", h.article("before", fareArticle(3)))
	w.sees(changes{added: 1})
	w.fresh()
	if err := w.e.changeEmbedder(t.Context(), w.l, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	w.sees(changes{})
	w.fresh()
	h.ok("sources", "add", h.article("after", "---\ntitle: Bus to Port Birch\npublished: 2023-02-01\nlang: en\n---\n\n"+
		"The bus from the capital to Port Birch costs 5 dollars since February 2023.\n"))
	w.sees(changes{added: 1})
	w.fresh()
	once(t, s)
	hits, err := w.l.index.Search(t.Context(), retrieval.Query{Text: "What does the bus to Port Birch cost?", Limit: 1})
	if err != nil || len(hits) == 0 || hits[0].Chunk.Article.ID != "after" {
		t.Errorf("found %+v, %v", hits, err)
	}
	h.ok("sources", "remove", "before")
	w.sees(changes{removed: 1})
	w.fresh()
}

// A record that cannot be read leaves the library as it was, is reported once, and is read when it can be.
func TestFollowDamage(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	w := h.watch(true)
	h.ok("sources", "add", h.article("ferry", fareArticle(3)))
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "policybot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	damage := func(by int) {
		t.Helper()
		if _, err := db.Exec(`UPDATE articles SET sum = sum + $1 WHERE id = 'ferry'`, by); err != nil {
			t.Fatal(err)
		}
	}
	damage(1)
	var log lockedBuffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	version := w.l.index.Version()
	for range 10 {
		if wait := w.step(t.Context(), logger); wait <= followEvery || wait > followMost {
			t.Errorf("waits %v", wait)
		}
	}
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "level=WARN") ||
		!strings.Contains(text, "database is damaged") || !strings.Contains(text, "policybot doctor") {
		t.Errorf("says\n%s", text)
	}
	if w.l.index.Version() != version {
		t.Error("the library has changed")
	}
	damage(-1)
	if wait := w.step(t.Context(), logger); wait != followEvery {
		t.Errorf("waits %v", wait)
	}
	w.has("ferry", true)
	w.fresh()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	said := log.String()
	w.known = false
	w.step(ctx, logger)
	if log.String() != said {
		t.Errorf("who is told to stop says %q", strings.TrimPrefix(log.String(), said))
	}
}

// The bot answers from what another process has added, and no longer from what it has removed.
func TestServeFollows(t *testing.T) {
	t.Parallel()
	r := serveBot(t, discordtest.Options{}, "")
	r.WaitReady(1)
	r.address()
	here := r.User("alice", discordtest.Locale("en-US")).In(r.Guild("Clinic").Channel("help"))
	ask := func() *discordtest.Message {
		return here.Slash("ask", discordtest.Opt("question", fareQuestion)).WaitReply()
	}
	shipped, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m := ask(); strings.Contains(m.Text(), "[1]") {
		t.Errorf("answered %q", m.Text())
	}
	h := &embedHome{t: t, dir: r.dir, config: filepath.Join(r.dir, "config.yaml")}
	h.ok("sources", "add", h.article("ferry", fareArticle(3)))
	r.logged(fmt.Sprintf("msg=\"library changed\" added=1 replaced=0 removed=0 articles=%d", len(shipped)+1))
	first := ask()
	if !strings.Contains(first.Text(), "3 dollars") || !strings.Contains(first.Text(), "[1]") {
		t.Errorf("answered %q", first.Text())
	}
	holds(t, r.figures(), fmt.Sprint("policybot_library_articles ", len(shipped)+1))
	h.ok("sources", "add", h.article("ferry", fareArticle(4)))
	r.logged("added=0 replaced=1 removed=0")
	if m := ask(); !strings.Contains(m.Text(), "4 dollars") || strings.Contains(m.Text(), "3 dollars") {
		t.Errorf("answered %q", m.Text())
	}
	h.ok("sources", "remove", "ferry")
	r.logged("added=0 replaced=0 removed=1")
	if m := ask(); strings.Contains(m.Text(), "[1]") || strings.Contains(m.Text(), "dollars") {
		t.Errorf("answered %q", m.Text())
	}
	if m := here.Press(first, "Sources").WaitReply(); !strings.Contains(m.Text(), "This source has left the library since") ||
		!strings.Contains(m.Text(), "3 dollars") {
		t.Errorf("the sources of the first answer are %q", m.Text())
	}
}

// So does a conversation.
func TestConverseFollows(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := &asker{env: h.env(scriptDay), json: true}
	in, typed := io.Pipe()
	said, out := io.Pipe()
	k.Stdin, k.Stdout, k.Stderr = in, out, io.Discard
	ended := make(chan error, 1)
	go func() {
		err := k.converse(t.Context())
		out.CloseWithError(io.ErrUnexpectedEOF)
		ended <- err
	}()
	answers := json.NewDecoder(said)
	ask := func() (a answer.Answer) {
		t.Helper()
		if _, err := io.WriteString(typed, ":new\n"+fareQuestion+"\n"); err != nil {
			t.Fatal(err)
		}
		if err := answers.Decode(&a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := ask(); a.Status == answer.Answered {
		t.Errorf("answered %q", a.Text)
	}
	h.ok("sources", "add", h.article("ferry", fareArticle(3)))
	if a := ask(); !strings.Contains(a.Text, "3 dollars") {
		t.Errorf("answered %q", a.Text)
	}
	h.ok("sources", "remove", "ferry")
	if a := ask(); a.Status == answer.Answered {
		t.Errorf("answered %q", a.Text)
	}
	go io.Copy(io.Discard, said) // the end of the last line
	typed.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
