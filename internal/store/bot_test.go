package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"policybot/answer"
	"policybot/bot"
)

// botTests are the part of the conformance suite that is about Bot and Ledger.
var botTests = []conformance{
	{"Once", testOnce}, {"OnceConcurrent", testOnceConcurrent}, {"GuildSettings", testGuildSettings}, {"KeepAnswer", testKeepAnswer},
	{"Conversation", testConversation}, {"Votes", testVotes}, {"Forget", testForget}, {"Expire", testExpire}, {"Values", testValues},
	{"Ledger", testLedger}, {"LedgerSums", testLedgerSums}, {"Ping", testPing}, {"Together", testTogether}, {"GiveUp", testGiveUp},
	{"BotReadOnly", testBotReadOnly}, {"BotInvalid", testBotInvalid},
}

// record returns an answer as the bot keeps it, made from its number and asker.
func record(n int, person, guild, channel string, at time.Time) bot.AnswerRecord {
	question := fmt.Sprintf("How many permits were granted in case %d of %s?", n, person)
	quote := fmt.Sprintf("In case %d the council granted %d permits.", n, 100+n)
	return bot.AnswerRecord{At: at, Person: person, Guild: guild, Channel: channel, Lang: "en", Library: "v1", Public: n%2 == 0, Answer: answer.Answer{
		ID: fmt.Sprint("q", n), Question: question, Lang: "es", Status: answer.Answered, Text: quote + " [1]", AsOf: "2019-03",
		Claims: []answer.Claim{{Text: quote, AsOf: "2019-03", Citations: []answer.Citation{
			{N: 1, Article: "a", Start: 5, End: 5 + len(quote), Quote: quote}, {N: 2, Article: "b", Start: 0, End: 1, Quote: "ñ"}}}},
		Sources: []answer.Source{{N: 1, Article: "a", Title: "Permits", Publisher: "Gazette", Published: "2019-03-02", URL: "https://example.org/a"}},
		Notes:   []string{"old"}, Hits: []answer.Hit{{Article: "a", Start: 5, End: 9, Score: 1.5, Quote: "case"}},
		Drafter: "extractive", Took: 1234 * time.Microsecond}}
}

func keep(t *testing.T, b *Bot, r bot.AnswerRecord) int64 {
	t.Helper()
	no, err := b.KeepAnswer(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return no
}

// tick is a clock that tests set.
type tick struct{ ms atomic.Int64 }

func newTick() *tick {
	c := &tick{}
	c.ms.Store(time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *tick) now() time.Time      { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *tick) add(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func testOnce(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	a, b := open(Options{Now: clock.now}).Bot(), open(Options{Now: clock.now}).Bot()
	claim := func(b *Bot, key string, want bool) {
		t.Helper()
		if first, err := b.Once(t.Context(), key, time.Minute); first != want || err != nil {
			t.Errorf("%s: %v, %v", key, first, err)
		}
	}
	claim(a, "x", true)
	claim(a, "x", false)
	claim(b, "x", false)
	claim(b, "y", true)
	clock.add(time.Minute - time.Millisecond)
	claim(b, "x", false)
	claim(a, "z", true)
	clock.add(time.Millisecond) // x and y have run out
	claim(b, "x", true)
	claim(a, "x", false)
	claim(a, "z", false)
	// What has run out does not gather.
	for i := range 100 {
		clock.add(time.Minute)
		claim(a, fmt.Sprint("many", i), true)
	}
	var left int
	if err := a.s.r.QueryRow(`SELECT count(*) FROM claims`).Scan(&left); err != nil || left > 3 {
		t.Errorf("%d claims are left, %v", left, err)
	}
}

// Of many callers in several stores, exactly one is first.
func testOnceConcurrent(t *testing.T, open func(Options) *Store) {
	const stores, callers, keys = 3, 4, 30
	var firsts [keys]atomic.Int32
	var wg sync.WaitGroup
	for range stores {
		b := open(Options{}).Bot()
		for range callers {
			wg.Go(func() {
				for k := range keys {
					first, err := b.Once(t.Context(), fmt.Sprint("event", k), time.Hour)
					if err != nil {
						t.Error(err)
					}
					if first {
						firsts[k].Add(1)
					}
				}
			})
		}
	}
	wg.Wait()
	for k := range firsts {
		if n := firsts[k].Load(); n != 1 {
			t.Errorf("%d callers were first with event %d", n, k)
		}
	}
}

func testGuildSettings(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	b := open(Options{Now: clock.now}).Bot()
	ctx := t.Context()
	if s, err := b.Settings(ctx, "1"); err != nil || !reflect.DeepEqual(s, bot.DefaultSettings()) {
		t.Errorf("%+v, %v", s, err)
	}
	want := bot.Settings{Channels: []string{"12", "7"}, Private: true, Lang: "es", PersonPerHour: 5, ServerPerHour: 50, RetentionDays: 7}
	first := bot.AuditEntry{At: clock.now().Add(-time.Hour), Person: "p", Action: "settings", Detail: "private: no → yes"}
	if err := b.SetSettings(ctx, "1", want, first); err != nil {
		t.Fatal(err)
	}
	if s, err := open(Options{}).Bot().Settings(ctx, "1"); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, %v", s, err)
	}
	second := bot.AuditEntry{Person: "r", Action: "settings"}
	if err := b.SetSettings(ctx, "1", bot.DefaultSettings(), second); err != nil {
		t.Fatal(err)
	}
	second.At = clock.now()
	for limit, want := range [][]bot.AuditEntry{nil, {second}, {second, first}, {second, first}} {
		if got, err := b.Audit(ctx, "1", limit); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d: %+v, %v", limit, got, err)
		}
	}
	if got, err := b.Audit(ctx, "2", 9); err != nil || got != nil {
		t.Error(got, err)
	}
	// What is refused leaves neither settings nor a line.
	for name, change := range map[string]func(*bot.Settings, *bot.AuditEntry){
		"no retention":       func(s *bot.Settings, _ *bot.AuditEntry) { s.RetentionDays = 0 },
		"long retention":     func(s *bot.Settings, _ *bot.AuditEntry) { s.RetentionDays = 731 },
		"no questions":       func(s *bot.Settings, _ *bot.AuditEntry) { s.PersonPerHour = -1 },
		"too many questions": func(s *bot.Settings, _ *bot.AuditEntry) { s.ServerPerHour = 1 << 40 },
		"language":           func(s *bot.Settings, _ *bot.AuditEntry) { s.Lang = "fr" },
		"channel":            func(s *bot.Settings, _ *bot.AuditEntry) { s.Channels = []string{"general"} },
		"channel twice":      func(s *bot.Settings, _ *bot.AuditEntry) { s.Channels = []string{"1", "1"} },
		"channels":           func(s *bot.Settings, _ *bot.AuditEntry) { s.Channels = make([]string, 51) },
		"nobody":             func(_ *bot.Settings, e *bot.AuditEntry) { e.Person = "" },
		"no action":          func(_ *bot.Settings, e *bot.AuditEntry) { e.Action = "" },
		"not text":           func(_ *bot.Settings, e *bot.AuditEntry) { e.Detail = "\xff" },
	} {
		s, e := want, first
		change(&s, &e)
		if err := b.SetSettings(ctx, "3", s, e); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.SetSettings(ctx, "", want, first); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if s, err := b.Settings(ctx, "3"); err != nil || !reflect.DeepEqual(s, bot.DefaultSettings()) {
		t.Errorf("%+v, %v", s, err)
	}
	if got, err := b.Audit(ctx, "3", 9); err != nil || got != nil {
		t.Error(got, err)
	}
	healthy(t, b.s)
}

func testKeepAnswer(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	s := open(Options{Now: clock.now})
	b, ctx := s.Bot(), t.Context()
	a := made("a", 0, 1, dim)
	put(t, s, "m", a)
	terminal, err := s.SaveAnswer(ctx, Answer{Question: "q", Body: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.AnswerRecord{record(1, "p", "1", "11", clock.now().Add(-time.Hour)), record(2, "p", "", "12", time.Time{}),
		{Person: "r", At: clock.now(), Answer: answer.Answer{Question: "¿Qué\x00?", Status: answer.NotCovered, Related: []string{"x"}}}}
	for i := range want {
		want[i].No = keep(t, b, want[i])
	}
	want[1].At = clock.now()
	for range 2 {
		for _, w := range want {
			if got, err := open(Options{}).Bot().AnswerRecord(ctx, w.No); err != nil || !reflect.DeepEqual(got, w) {
				t.Errorf("got\n%+v\nwant\n%+v\n%v", got, w, err)
			}
		}
		for i := range want { // which the second round sees
			if err := b.Publish(ctx, want[i].No); err != nil {
				t.Error(err)
			}
			want[i].Public = true
		}
	}
	for _, no := range []int64{0, -1, terminal, want[2].No + 1} {
		if _, err := b.AnswerRecord(ctx, no); !errors.Is(err, bot.ErrNotFound) || !errors.Is(err, ErrNotFound) {
			t.Errorf("%d: %v", no, err)
		}
		if err := b.Publish(ctx, no); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%d: %v", no, err)
		}
	}
	// They are among all answers, and what they cited leads to them.
	list, err := s.Answers(ctx, AnswerFilter{Article: "a"})
	if err != nil || len(list) != 2 || list[1].No != want[0].No || list[1].Library != "v1" || list[1].Question != want[0].Answer.Question {
		t.Fatalf("%+v, %v", list, err)
	}
	c := want[0].Answer.Claims[0].Citations[0]
	if got := list[1].Citations[0]; got != (Citation{N: 1, Article: "a", Digest: a.Article.Digest(), Start: c.Start, End: c.End, Quote: c.Quote}) {
		t.Errorf("%+v", got)
	}
	var whole answer.Answer
	if err := json.Unmarshal(list[1].Body, &whole); err != nil || !reflect.DeepEqual(whole, want[0].Answer) {
		t.Errorf("%+v, %v", whole, err)
	}
	// A number is never given twice, however the last answers went.
	last := want[2].No
	for range 3 {
		if _, err := b.Forget(ctx, "r"); err != nil {
			t.Fatal(err)
		}
		no := keep(t, b, record(9, "r", "1", "1", clock.now()))
		if no <= last {
			t.Errorf("number %d after %d", no, last)
		}
		last = no
	}
	healthy(t, s)
}

func testConversation(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	b := open(Options{Now: clock.now}).Bot()
	start := clock.now()
	var turns []answer.Turn
	for i := range 6 {
		r := record(i, "p", "1", "11", start.Add(time.Duration(i/2)*time.Minute)) // pairs at one time keep their order
		keep(t, b, r)
		keep(t, b, record(i, "p", "1", "12", start))
		keep(t, b, record(i, "r", "1", "11", start))
		turns = append(turns, answer.Turn{Q: r.Answer.Question, A: r.Answer.Text})
	}
	for _, tt := range []struct {
		name, person, channel string
		since                 time.Time
		limit                 int
		want                  []answer.Turn
	}{
		{"all", "p", "11", start, 10, turns},
		{"latest", "p", "11", start, 3, turns[3:]},
		{"since", "p", "11", start.Add(time.Minute), 10, turns[2:]},
		{"none so late", "p", "11", start.Add(time.Hour), 10, nil},
		{"no limit is none", "p", "11", start, 0, nil},
		{"negative limit is none", "p", "11", start, -1, nil},
		{"stranger", "s", "11", start, 10, nil},
		{"nobody", "", "11", start, 10, nil},
		{"elsewhere", "p", "13", start, 10, nil},
	} {
		if got, err := b.Conversation(t.Context(), tt.person, tt.channel, tt.since, tt.limit); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}

func testVotes(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	b := open(Options{Now: clock.now}).Bot()
	ctx := t.Context()
	no := keep(t, b, record(1, "p", "1", "11", clock.now()))
	votes := func(want ...bot.Vote) {
		t.Helper()
		rows, err := b.s.r.Query(`SELECT answer_no, person, up, reason, voted_at FROM votes ORDER BY answer_no, person`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var got []bot.Vote
		for rows.Next() {
			var v bot.Vote
			var at int64
			if err := rows.Scan(&v.Answer, &v.Person, &v.Up, &v.Reason, &at); err != nil {
				t.Fatal(err)
			}
			v.At = time.UnixMilli(at).UTC()
			got = append(got, v)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	vote := func(v bot.Vote, kind error) {
		t.Helper()
		if err := b.Vote(ctx, v); !errors.Is(err, kind) {
			t.Errorf("%+v: %v", v, err)
		}
	}
	up := bot.Vote{Answer: no, Person: "p", Up: true, At: clock.now().Add(time.Minute)}
	down := bot.Vote{Answer: no, Person: "r", Reason: "quote"}
	vote(up, nil)
	vote(down, nil)
	down.At = clock.now()
	votes(up, down)
	up.Up, up.Reason, up.At = false, "outdated", up.At.Add(time.Hour)
	vote(up, nil)
	votes(up, down)
	vote(bot.Vote{Answer: no + 1, Person: "p", Up: true}, bot.ErrNotFound)
	vote(bot.Vote{Answer: no, Up: true}, ErrInvalid)
	vote(bot.Vote{Answer: no, Person: "p", Up: true, Reason: "biased"}, ErrInvalid)
	vote(bot.Vote{Answer: no, Person: "p", Reason: "boring"}, ErrInvalid)
	votes(up, down)
	if n, err := b.Forget(ctx, "r"); n != 1 || err != nil {
		t.Error(n, err)
	}
	votes(up)
	if n, err := b.Forget(ctx, "p"); n != 2 || err != nil { // the answer and the vote
		t.Error(n, err)
	}
	votes()
	vote(up, bot.ErrNotFound)
}

// dump returns every value of every table.
func dump(t *testing.T, s *Store) string {
	t.Helper()
	tables, err := column[string](t.Context(), s.r, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
	if err != nil || len(tables) < 10 {
		t.Fatal(tables, err)
	}
	var b strings.Builder
	for _, table := range tables {
		rows, err := s.r.Query(`SELECT * FROM ` + table)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(string)
			}
			if table == "answers" {
				values[slices.Index(names, "sum")] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(table, err)
			}
			for i, v := range values {
				if text, ok := v.(*string); ok {
					fmt.Fprintf(&b, "%s.%s %s\n", table, names[i], *text)
				}
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// files returns the bytes of the database and its log.
func files(t *testing.T, s *Store) []byte {
	t.Helper()
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(s.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// Nothing is left of whom the bot forgets, in no table and not in the bytes of the files; everything is
// left of the others.
func testForget(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	s := open(Options{Now: clock.now})
	b, ctx := s.Bot(), t.Context()
	const gone, stays = "c0ffee00aa11bb22", "beefbeef33445566"
	words := []string{gone, "wandering quartz heron", "velvet turbine sonata"} // in the hash, the question, the answer
	if _, err := s.SaveAnswer(ctx, Answer{Question: "asked in a terminal", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(8, 9))
	var nos []int64
	for i := range 300 {
		person := stays
		if i%5 == 0 {
			person = gone
		}
		a := record(i, person, "1", fmt.Sprint(i%7), clock.now())
		a.Answer.Text += strings.Repeat(" filler", r.IntN(800)) // from a part of a page to several
		if person == gone {
			a.Answer.Question = words[1] + "?"
			a.Answer.Claims[0].Citations[1].Quote = words[2]
			a.Answer.Text += words[2]
		}
		nos = append(nos, keep(t, b, a))
		voter := fmt.Sprint("voter", i%3)
		if i%4 == 0 {
			voter = gone
		}
		if err := b.Vote(ctx, bot.Vote{Answer: nos[i], Person: voter, Up: true}); err != nil {
			t.Fatal(err)
		}
		cost := answer.SpendEntry{At: clock.now(), Person: person, Guild: "1", Model: "m", Usage: answer.Usage{Prompt: 1}, Micros: 2}
		if err := s.Ledger().Record(ctx, cost); err != nil {
			t.Fatal(err)
		}
		if i%50 == 0 {
			line := bot.AuditEntry{Person: gone, Action: "settings", Detail: fmt.Sprint("change ", i)}
			if err := b.SetSettings(ctx, "1", bot.DefaultSettings(), line); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, w := range words { // or the test would prove nothing
		if !strings.Contains(dump(t, s), w) || !bytes.Contains(files(t, s), []byte(w)) {
			t.Fatalf("%q is not there to begin with", w)
		}
	}
	before := dump(t, s)
	n, err := b.Forget(ctx, gone)
	if err != nil || n != 60+75+60+6 { // answers, votes, costs, audit
		t.Errorf("%d rows, %v", n, err)
	}
	after, raw := dump(t, s), files(t, s)
	for _, w := range words {
		if strings.Contains(after, w) {
			t.Errorf("%q is in a table", w)
		}
		if n := bytes.Count(raw, []byte(w)); n > 0 {
			t.Errorf("%q is %d times in the files", w, n)
		}
	}
	if strings.Contains(after, wipeDue) {
		t.Error("wiping is still due")
	}
	if a, b := strings.Count(before, "person "+stays), strings.Count(after, "person "+stays); a != b || a == 0 {
		t.Errorf("of somebody else %d rows were and %d are", a, b)
	}
	for i, no := range nos {
		_, err := b.AnswerRecord(ctx, no)
		if (i%5 == 0) != errors.Is(err, bot.ErrNotFound) || i%5 != 0 && err != nil {
			t.Errorf("answer %d: %v", i, err)
		}
	}
	if got, err := s.Answers(ctx, AnswerFilter{Question: "asked in a terminal"}); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
	if sum, err := s.Ledger().Spent(ctx, time.Time{}, "", "1"); err != nil || sum != (answer.Spend{Prompt: 300, Micros: 600, Calls: 300}) {
		t.Error(sum, err)
	}
	if list, err := b.Audit(ctx, "1", 100); err != nil || len(list) != 6 || list[0].Person != "" || list[0].Detail != "change 250" {
		t.Error(list, err)
	}
	if n, err := b.Forget(ctx, gone); n != 0 || err != nil {
		t.Error(n, err)
	}
	// The terminal's answers are nobody's to forget.
	if _, err := b.Forget(ctx, ""); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if got, err := s.Answers(ctx, AnswerFilter{}); err != nil || len(got) != 241 {
		t.Error(len(got), err)
	}
	healthy(t, s)
}

func testExpire(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	s := open(Options{Now: clock.now})
	b, ctx := s.Bot(), t.Context()
	now := clock.now()
	days := func(n int) time.Time { return now.Add(-time.Duration(n) * day) }
	short, long := bot.DefaultSettings(), bot.DefaultSettings()
	short.RetentionDays, long.RetentionDays = 2, 400
	for guild, settings := range map[string]bot.Settings{"2": short, "400": long} {
		if err := b.SetSettings(ctx, guild, settings, bot.AuditEntry{At: days(700), Person: "p", Action: "settings"}); err != nil {
			t.Fatal(err)
		}
	}
	type kept struct {
		guild string
		age   int
		stays bool
	}
	var list []kept
	for guild, limit := range map[string]int{"2": 2, "400": 400, "90": 90, "": 90} {
		for _, age := range []int{0, 1, 2, 3, 89, 90, 91, 399, 400, 401} {
			list = append(list, kept{guild, age, age <= limit})
		}
	}
	var nos []int64
	expired := 0
	for i, k := range list {
		r := record(i, "p", k.guild, "11", days(k.age))
		r.Answer.Text = fmt.Sprintf("zephyr-%v", k.stays)
		nos = append(nos, keep(t, b, r))
		if !k.stays {
			expired++
		}
	}
	if _, err := s.SaveAnswer(ctx, Answer{Asked: days(5000), Question: "terminal", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	claims := expireBatch + 5 // more than one transaction
	for i := range claims {
		if _, err := b.Once(ctx, fmt.Sprint("short", i), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Once(ctx, "long", 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	clock.add(time.Hour) // claims are there until then, answers are judged at now
	n, err := b.Expire(ctx, now)
	if err != nil || n != expired {
		t.Errorf("%d rows, want %d; %v", n, expired, err)
	}
	for i, k := range list {
		_, err := b.AnswerRecord(ctx, nos[i])
		if k.stays && err != nil || !k.stays && !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%+v: %v", k, err)
		}
	}
	if raw := files(t, s); bytes.Contains(raw, []byte("zephyr-false")) || !bytes.Contains(raw, []byte("zephyr-true")) {
		t.Error("the wrong answers are in the files")
	}
	if got, err := s.Answers(ctx, AnswerFilter{Question: "terminal"}); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
	// An hour later the claims have run out, and one more answer of each kind of server.
	if n, err := b.Expire(ctx, now.Add(time.Hour)); err != nil || n != claims+4 {
		t.Errorf("%d rows, want %d; %v", n, claims+4, err)
	}
	if first, err := b.Once(ctx, "long", time.Hour); err != nil || first {
		t.Error(first, err)
	}
	if list, err := b.Audit(ctx, "2", 9); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
	healthy(t, s)
}

func testValues(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	b, ctx := s.Bot(), t.Context()
	if v, err := b.Value(ctx, "commands"); v != "" || err != nil {
		t.Error(v, err)
	}
	if err := s.SetSetting(ctx, "commands", "of the library"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"one", "", "dos ñ"} {
		if err := b.SetValue(ctx, "commands", want); err != nil {
			t.Fatal(err)
		}
		if v, err := open(Options{}).Bot().Value(ctx, "commands"); v != want || err != nil {
			t.Error(v, err)
		}
	}
	if v, _, err := s.Setting(ctx, "commands"); v != "of the library" || err != nil {
		t.Error(v, err)
	}
}

func testLedger(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	s := open(Options{Now: clock.now})
	l, ctx := s.Ledger(), t.Context()
	now := clock.now()
	for _, e := range []answer.SpendEntry{
		{At: now.Add(-25 * time.Hour), Person: "p", Guild: "1", Model: "m", Purpose: "draft",
			Usage: answer.Usage{Prompt: 1000, Completion: 100}, Micros: 1_000_000},
		{At: now.Add(-time.Hour), Person: "p", Guild: "1", Model: "m", Purpose: "draft", Usage: answer.Usage{Prompt: 200, Completion: 20}, Micros: 2000},
		{At: now.Add(-time.Minute), Person: "p", Guild: "2", Model: "m", Purpose: "judge", Usage: answer.Usage{Prompt: 30, Completion: 3}, Micros: 300},
		{Person: "r", Guild: "1", Model: "n", Purpose: "draft", Usage: answer.Usage{Prompt: 4, Completion: 4}, Micros: 40},
		{Model: "n", Purpose: "draft", Usage: answer.Usage{Prompt: 5}},
	} {
		if err := l.Record(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name          string
		since         time.Time
		person, guild string
		want          answer.Spend
	}{
		{"all", time.Time{}, "", "", answer.Spend{Prompt: 1239, Completion: 127, Micros: 1_002_340, Calls: 5}},
		{"since", now.Add(-time.Hour), "", "", answer.Spend{Prompt: 239, Completion: 27, Micros: 2340, Calls: 4}},
		{"a millisecond later", now.Add(-time.Hour + time.Millisecond), "", "", answer.Spend{Prompt: 39, Completion: 7, Micros: 340, Calls: 3}},
		{"person", now.Add(-time.Hour), "p", "", answer.Spend{Prompt: 230, Completion: 23, Micros: 2300, Calls: 2}},
		{"server", now.Add(-time.Hour), "", "1", answer.Spend{Prompt: 204, Completion: 24, Micros: 2040, Calls: 2}},
		{"person in a server", now.Add(-time.Hour), "p", "2", answer.Spend{Prompt: 30, Completion: 3, Micros: 300, Calls: 1}},
		{"stranger", time.Time{}, "s", "", answer.Spend{}},
		{"later", now.Add(time.Hour), "", "", answer.Spend{}},
	} {
		if got, err := open(Options{}).Ledger().Spent(ctx, tt.since, tt.person, tt.guild); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
	today := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	want := []Cost{{today.Add(-day), "m", answer.Spend{Prompt: 1000, Completion: 100, Micros: 1_000_000, Calls: 1}},
		{today, "m", answer.Spend{Prompt: 230, Completion: 23, Micros: 2300, Calls: 2}},
		{today, "n", answer.Spend{Prompt: 9, Completion: 4, Micros: 40, Calls: 2}}}
	for since, want := range map[time.Time][]Cost{{}: want, now: want[1:], now.Add(-day): want, now.Add(day): nil} {
		if got, err := l.Costs(ctx, since); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("since %v: %+v, %v", since, got, err)
		}
	}
	for _, bad := range []answer.SpendEntry{{Micros: -1}, {Usage: answer.Usage{Prompt: -1}}, {Usage: answer.Usage{Completion: -1}}, {Model: "\xff"},
		{Purpose: strings.Repeat("x", maxText+1)}, {At: time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		if err := l.Record(ctx, bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Summing up old requests changes no sum, names no person and makes the table small.
func testLedgerSums(t *testing.T, open func(Options) *Store) {
	clock := newTick()
	s := open(Options{Now: clock.now})
	l, ctx := s.Ledger(), t.Context()
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		e := answer.SpendEntry{At: clock.now().Add(-time.Duration(r.Int64N(int64(60 * day)))), Person: fmt.Sprint("person", r.IntN(9)),
			Guild: fmt.Sprint(r.IntN(2)),
			Model: fmt.Sprint("m", r.IntN(2)), Purpose: "draft", Usage: answer.Usage{Prompt: r.IntN(100), Completion: r.IntN(100)}, Micros: r.Int64N(100)}
		if err := l.Record(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	type figures struct {
		all, guild, recent answer.Spend
		costs              []Cost
	}
	read := func() (f figures) {
		var errs [4]error
		f.all, errs[0] = l.Spent(ctx, time.Time{}, "", "")
		f.guild, errs[1] = l.Spent(ctx, time.Time{}, "", "1")
		f.recent, errs[2] = l.Spent(ctx, clock.now().Add(-30*day), "person1", "")
		f.costs, errs[3] = l.Costs(ctx, time.Time{})
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		return f
	}
	before := read()
	for range 2 { // the second time there is nothing to do
		if _, err := s.Bot().Expire(ctx, clock.now()); err != nil {
			t.Fatal(err)
		}
		if after := read(); !reflect.DeepEqual(after, before) {
			t.Errorf("got  %+v\nwant %+v", after, before)
		}
		var named, calls, days int
		err := s.r.QueryRow(`SELECT count(*) FILTER (WHERE person <> '' AND spent_at < $1), count(*) FILTER (WHERE form = 'call' AND spent_at < $1),
			count(*) FILTER (WHERE form = 'day') FROM spend`, startOfDay(clock.now().Add(-detailDays*day)).UnixMilli()).Scan(&named, &calls, &days)
		if err != nil || named != 0 || calls != 0 || days == 0 || days > 30*4 {
			t.Errorf("%d rows name a person, %d are requests, %d are sums; %v", named, calls, days, err)
		}
	}
	healthy(t, s)
}

func testPing(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	for _, s := range []*Store{s, open(Options{ReadOnly: true})} {
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// queued returns once n writes wait for the one that holds the lock.
func queued(s *Store, n int) {
	for {
		s.group.mu.Lock()
		have := len(s.group.queue)
		s.group.mu.Unlock()
		if have >= n {
			return
		}
		runtime.Gosched()
	}
}

// Writes that share a transaction succeed and fail each by itself.
func testTogether(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	ctx := t.Context()
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // keeps the others waiting until all of them are there
		if err := s.write(ctx, func(*putter) error { close(held); <-hold; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-held
	const n = 20
	errOdd := errors.New("odd")
	var runs atomic.Int32
	for i := range n {
		wg.Go(func() {
			err := s.write(ctx, func(p *putter) error {
				runs.Add(1)
				if err := p.set(fmt.Sprint("k", i), "v"); err != nil {
					return err
				}
				if i%2 == 1 {
					return errOdd
				}
				return nil
			})
			if i%2 == 1 && err != errOdd || i%2 == 0 && err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	queued(s, n)
	close(hold)
	wg.Wait()
	for i := range n {
		if _, ok, err := s.Setting(ctx, fmt.Sprint("k", i)); err != nil || ok != (i%2 == 0) {
			t.Errorf("%d: stored %v, %v", i, ok, err)
		}
	}
	if runs.Load() <= n {
		t.Error("they did not share a transaction")
	}
}

// Who gives up waiting for the write lock has nothing stored, and holds up nobody.
func testGiveUp(t *testing.T, open func(Options) *Store) {
	s, other := open(Options{}), open(Options{})
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := other.write(t.Context(), func(*putter) error { close(held); <-hold; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	gaveUp := make(chan error)
	go func() { gaveUp <- s.Bot().SetValue(ctx, "given up", "x") }()
	wg.Go(func() {
		if err := s.Bot().SetValue(t.Context(), "waited", "x"); err != nil {
			t.Error(err)
		}
	})
	queued(s, 2)
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(hold)
	wg.Wait()
	for key, want := range map[string]string{"given up": "", "waited": "x"} {
		if v, err := s.Bot().Value(t.Context(), key); v != want || err != nil {
			t.Errorf("%s: %q, %v", key, v, err)
		}
	}
	if err := s.Bot().SetValue(ctx, "late", "x"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// botWrites are the methods of Bot and Ledger that write.
func botWrites(ctx context.Context, s *Store) map[string]func() error {
	b := s.Bot()
	return map[string]func() error{
		"once": func() error { _, err := b.Once(ctx, "k", time.Hour); return err },
		"settings": func() error {
			return b.SetSettings(ctx, "1", bot.DefaultSettings(), bot.AuditEntry{Person: "p", Action: "settings"})
		},
		"keep":    func() error { _, err := b.KeepAnswer(ctx, record(1, "p", "1", "1", time.Time{})); return err },
		"publish": func() error { return b.Publish(ctx, 1) },
		"vote":    func() error { return b.Vote(ctx, bot.Vote{Answer: 1, Person: "r", Up: true}) },
		"forget":  func() error { _, err := b.Forget(ctx, "p"); return err },
		"expire":  func() error { _, err := b.Expire(ctx, time.Now()); return err },
		"value":   func() error { return b.SetValue(ctx, "k", "v") },
		"cost":    func() error { return s.Ledger().Record(ctx, answer.SpendEntry{Model: "m"}) },
	}
}

func testBotReadOnly(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	no := keep(t, s.Bot(), record(1, "p", "1", "11", time.Time{}))
	ro := open(Options{ReadOnly: true})
	for name, f := range botWrites(t.Context(), ro) {
		if err := f(); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ro.Bot().AnswerRecord(t.Context(), no); err != nil {
		t.Error(err)
	}
	if turns, err := ro.Bot().Conversation(t.Context(), "p", "11", time.Time{}, 5); err != nil || len(turns) != 1 {
		t.Error(turns, err)
	}
}

func testBotInvalid(t *testing.T, open func(Options) *Store) {
	s := open(Options{})
	b, ctx := s.Bot(), t.Context()
	for _, name := range []string{"", "\xff", "a\x00b", strings.Repeat("x", maxText+1)} {
		if _, err := b.Once(ctx, name, time.Hour); !errors.Is(err, ErrInvalid) {
			t.Errorf("claim %.10q: %v", name, err)
		}
		if _, err := b.KeepAnswer(ctx, record(1, name, "1", "1", time.Time{})); !errors.Is(err, ErrInvalid) {
			t.Errorf("keep for %.10q: %v", name, err)
		}
		if _, err := b.Forget(ctx, name); !errors.Is(err, ErrInvalid) {
			t.Errorf("forget %.10q: %v", name, err)
		}
		if err := b.SetValue(ctx, name, "v"); !errors.Is(err, ErrInvalid) {
			t.Errorf("value %.10q: %v", name, err)
		}
	}
	if _, err := b.Once(ctx, "k", 0); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if err := b.SetValue(ctx, "k", "\xff"); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	for name, change := range map[string]func(*bot.AnswerRecord){
		"guild":    func(r *bot.AnswerRecord) { r.Guild = "\xff" },
		"question": func(r *bot.AnswerRecord) { r.Answer.Question = "\xff" },
		"quote":    func(r *bot.AnswerRecord) { r.Answer.Claims[0].Citations[0].Quote = "\xff" },
	} {
		r := record(1, "p", "1", "1", time.Time{})
		change(&r)
		if _, err := b.KeepAnswer(ctx, r); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list, err := s.Answers(ctx, AnswerFilter{}); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	// An error never names a person: it goes to the log.
	if err := b.Vote(ctx, bot.Vote{Answer: 5, Person: "c0ffee", Up: true}); err == nil || strings.Contains(err.Error(), "c0ffee") {
		t.Error(err)
	}
}
