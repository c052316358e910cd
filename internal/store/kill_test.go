package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"policybot/answer"
	"policybot/bot"
)

// childEnv makes the test binary a child process of one of its tests: "write DIR FIRST" or "share DIR NAME".
const childEnv = "POLICYBOT_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if args := strings.Split(os.Getenv(childEnv), "\n"); len(args) == 3 {
		var err error
		switch args[0] {
		case "write":
			err = childWrite(args[1], args[2])
		case "share":
			err = childShare(args[1], args[2])
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join(args, "\n"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	return cmd, &stderr
}

// state is what a store must hold after a number of steps. A step is made from its number and the state
// before it, so that the child that takes it and the parent that judges agree without a word.
type state struct {
	articles map[string]recipe // current, by id
	versions int
	answers  int // of the terminal
	setting  string

	given    int64            // the number of the latest answer there ever was
	kept     map[int64]string // who asked, by number
	votes    map[string]bool  // up or down, by number and person
	claims   int
	settings int // changes of them
	costs    int
}

// recipe is what an article is made from beside its id.
type recipe struct{ rev, chunks int }

func (m recipe) item(id string) Item { return made(id, m.rev, m.chunks, dim) }

func newState() state {
	return state{articles: map[string]recipe{}, kept: map[int64]string{}, votes: map[string]bool{}}
}

// step applies step i to the state and returns what does the same to a store.
func (st *state) step(i int) func(context.Context, *Store) error {
	st.articles, st.kept, st.votes = maps.Clone(st.articles), maps.Clone(st.kept), maps.Clone(st.votes)
	r := rand.New(rand.NewPCG(uint64(i), 3))
	replace := func(id string, m recipe) {
		if _, ok := st.articles[id]; ok {
			st.versions++
		}
		st.articles[id] = m
	}
	var users []string
	for id := range st.articles {
		if strings.HasPrefix(id, "user") {
			users = append(users, id)
		}
	}
	slices.Sort(users)
	switch n := r.IntN(20); {
	case n < 3 && len(users) > 0:
		id := users[r.IntN(len(users))]
		delete(st.articles, id)
		st.versions++
		return func(ctx context.Context, s *Store) error { return s.Remove(ctx, id, "") }
	case n < 5:
		var items []Item
		for k := range 1 + r.IntN(5) {
			id, m := fmt.Sprint("shipped", k), recipe{i, 1 + r.IntN(2)}
			replace(id, m)
			items = append(items, m.item(id))
		}
		for k := len(items); k < 5; k++ {
			if id := fmt.Sprint("shipped", k); st.articles[id] != (recipe{}) {
				delete(st.articles, id)
				st.versions++
			}
		}
		return func(ctx context.Context, s *Store) error {
			_, err := s.SyncShipped(ctx, fmt.Sprint(i), func() (string, []Item, error) { return "m", items, nil })
			return err
		}
	case n < 7:
		st.answers++
		st.given++
		return func(ctx context.Context, s *Store) error {
			_, err := s.SaveAnswer(ctx, Answer{Question: fmt.Sprint("q", i), Body: []byte(`{}`), Citations: []Citation{{N: 1, Article: "x", Quote: "y"}, {N: 2, Article: "z"}}})
			return err
		}
	case n < 8:
		st.setting = fmt.Sprint(i)
		return func(ctx context.Context, s *Store) error { return s.SetSetting(ctx, "k", fmt.Sprint(i)) }
	case n < 12:
		return st.botStep(i, r)
	default:
		var items []Item
		for _, k := range r.Perm(20)[:1+r.IntN(6)] {
			id, m := fmt.Sprintf("user%02d", k), recipe{i, 1 + r.IntN(3)}
			replace(id, m)
			items = append(items, m.item(id))
		}
		return func(ctx context.Context, s *Store) error { _, err := s.Put(ctx, "m", items...); return err }
	}
}

// botStep is a step of the bot: it claims an event and keeps an answer, votes, changes settings, records
// a cost or forgets somebody.
func (st *state) botStep(i int, r *rand.Rand) func(context.Context, *Store) error {
	person := fmt.Sprint("person", r.IntN(3))
	switch n := r.IntN(12); {
	case n < 3:
		st.claims++
		return func(ctx context.Context, s *Store) error {
			first, err := s.Bot().Once(ctx, fmt.Sprint("event", i), 1000*time.Hour)
			if err == nil && !first {
				err = errors.New("claimed before")
			}
			return err
		}
	case n < 7:
		st.given++
		no := st.given
		st.kept[no] = person
		return func(ctx context.Context, s *Store) error {
			got, err := s.Bot().KeepAnswer(ctx, record(i, person, "1", "11", time.Time{}))
			if err == nil && got != no {
				err = fmt.Errorf("kept as %d, want %d", got, no)
			}
			return err
		}
	case n < 9 && len(st.kept) > 0:
		no, up := slices.Max(slices.Collect(maps.Keys(st.kept))), r.IntN(2) == 0
		st.votes[fmt.Sprint(no, " ", person)] = up
		return func(ctx context.Context, s *Store) error {
			return s.Bot().Vote(ctx, bot.Vote{Answer: no, Person: person, Up: up})
		}
	case n < 10:
		st.settings++
		return func(ctx context.Context, s *Store) error {
			return s.Bot().SetSettings(ctx, "1", bot.DefaultSettings(), bot.AuditEntry{Person: "manager", Action: "settings"})
		}
	case n < 11:
		st.costs++
		return func(ctx context.Context, s *Store) error {
			return s.Ledger().Record(ctx, answer.SpendEntry{Model: "m"})
		}
	default:
		maps.DeleteFunc(st.kept, func(_ int64, p string) bool { return p == person })
		maps.DeleteFunc(st.votes, func(key string, _ bool) bool {
			var no int64
			var voter string
			fmt.Sscan(key, &no, &voter)
			_, there := st.kept[no]
			return voter == person || !there
		})
		return func(ctx context.Context, s *Store) error { _, err := s.Bot().Forget(ctx, person); return err }
	}
}

// childWrite takes steps from number first on until it is killed, and says so on its standard output
// before and after each.
func childWrite(dir, first string) error {
	n, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	st := newState()
	for i := range n {
		st.step(i)
	}
	ctx := context.Background()
	fmt.Println("open")
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	// Fold the log in often, so that this is interrupted, too.
	if _, err := s.w.Exec(`PRAGMA wal_autocheckpoint = 20`); err != nil {
		return err
	}
	for i := n; ; i++ {
		do := st.step(i)
		fmt.Println("begin", i)
		if err := do(ctx, s); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		fmt.Println("done", i)
	}
}

// TestKill: what a process was told is stored is stored, whole, whenever the process is killed; what it
// was storing at that moment is there whole or not at all.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 200
	if testing.Short() {
		kills = 25
	}
	const perStore = 10 // a new place now and then, as creating is to be interrupted, too
	r := rand.New(rand.NewPCG(5, 6))
	var dir string
	var steps int // that the store holds
	var st state  // after them
	var opening, between, lost, kept int
	for k := range kills {
		// The child speaks of opening first, then twice a step. It is killed some time after one of those lines.
		lines := 1 + r.IntN(14)
		if k%perStore == 0 {
			dir, steps, st = t.TempDir(), 0, newState()
		}
		if k%perStore < 2 {
			lines = 1
		}
		wait := time.Duration(r.Int64N(int64(2 * time.Millisecond)))
		if lines == 1 {
			wait *= 4 // opening takes longer than a step
		}
		cmd, stderr := child(t, "write", dir, strconv.Itoa(steps))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		begun, done, opened := steps, steps, false
		in := bufio.NewScanner(out)
		for n := 0; in.Scan(); {
			if n++; n == lines {
				for start := time.Now(); time.Since(start) < wait; {
				}
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			// What it managed to say before it died counts as said.
			word, number, _ := strings.Cut(in.Text(), " ")
			i, _ := strconv.Atoi(number)
			switch word {
			case "begin":
				begun, opened = i+1, true
			case "done":
				done = i + 1
			}
		}
		err = cmd.Wait()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("kill %d: the child ended by itself: %v\n%s", k, err, stderr)
		}

		after := st
		for ; steps < done; steps++ {
			after.step(steps)
		}
		st = after
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatalf("kill %d: %v", k, err)
		}
		diff := st.compare(t, s)
		switch {
		case !opened:
			opening++
		case begun == done:
			between++
		default:
			if diff == "" {
				lost++
				break
			}
			first := diff
			if st.step(steps); st.compare(t, s) == "" {
				diff = ""
				kept++
				steps++
				break
			}
			diff = fmt.Sprintf("neither without step %d: %s\nnor with it: %s", steps, first, st.compare(t, s))
		}
		if diff != "" {
			t.Errorf("kill %d, after line %d and %v, %d steps acknowledged, %d begun: %s", k, lines, wait, done, begun, diff)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills: %d before the first step, %d between steps, %d in a step that then was not stored, %d in one that was", kills, opening, between, lost, kept)
	if opening == 0 || lost == 0 {
		t.Error("the kills did not hit both opening and storing")
	}
}

// compare reports how the store differs from the state; "" if it does not.
func (st *state) compare(t *testing.T, s *Store) string {
	t.Helper()
	ctx := t.Context()
	l := load(t, s, "m")
	if l.Missing != 0 || l.Damaged != 0 {
		return fmt.Sprintf("%d vectors missing, %d damaged", l.Missing, l.Damaged)
	}
	want := slices.Sorted(maps.Keys(st.articles))
	var got []string
	for _, e := range l.Entries {
		got = append(got, e.Article.ID)
	}
	if !slices.Equal(got, want) {
		return fmt.Sprintf("articles %v, want %v", got, want)
	}
	for i, e := range l.Entries {
		if d := same(e, st.articles[want[i]].item(want[i])); d != "" {
			return want[i] + ": " + d
		}
	}
	list, err := s.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, info := range list {
		if info.ID != want[i] || info.Digest != l.Entries[i].Article.Digest() {
			return fmt.Sprintf("%s is recorded with digest %s, that of %s is %s", info.ID, info.Digest, want[i], l.Entries[i].Article.Digest())
		}
	}
	r, err := s.Check(ctx)
	if err == nil {
		err = r.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	chunks := 0
	for _, m := range st.articles {
		chunks += m.chunks
	}
	setting, _, err := s.Setting(ctx, "k")
	if err != nil {
		t.Fatal(err)
	}
	answers, err := s.Answers(ctx, AnswerFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		if len(a.Citations) != 2 {
			return fmt.Sprintf("an answer has %d citations, want 2", len(a.Citations))
		}
	}
	type counts struct {
		versions, answers, chunks, vectors, claims, settings, costs int
		setting                                                     string
	}
	have := counts{versions: r.Versions, answers: len(answers), chunks: r.Chunks, vectors: r.Vectors, setting: setting}
	if err := s.r.QueryRow(`SELECT (SELECT count(*) FROM claims), (SELECT count(*) FROM audit), (SELECT count(*) FROM spend)`).
		Scan(&have.claims, &have.settings, &have.costs); err != nil {
		t.Fatal(err)
	}
	if want := (counts{st.versions, st.answers + len(st.kept), chunks, chunks, st.claims, st.settings, st.costs, st.setting}); have != want {
		return fmt.Sprintf("%+v, want %+v", have, want)
	}
	for no, person := range st.kept {
		if r, err := s.Bot().AnswerRecord(ctx, no); err != nil || r.Person != person {
			return fmt.Sprintf("answer %d is %s's, want %s; %v", no, r.Person, person, err)
		}
	}
	votes, err := column[string](ctx, s.r, `SELECT answer_no || ' ' || person || ' ' || up FROM votes`)
	if err != nil {
		t.Fatal(err)
	}
	var wantVotes []string
	for key, up := range st.votes {
		wantVotes = append(wantVotes, fmt.Sprint(key, " ", number(up)))
	}
	slices.Sort(votes)
	slices.Sort(wantVotes)
	if !slices.Equal(votes, wantVotes) {
		return fmt.Sprintf("votes %q, want %q", votes, wantVotes)
	}
	return ""
}

// childShare stores, reads and stores again, as one of several processes that do the same.
func childShare(dir, name string) error {
	ctx := context.Background()
	for i := range 5 {
		s, err := Open(ctx, dir, Options{})
		if err != nil {
			return err
		}
		for j := range 4 {
			if _, err := s.Put(ctx, "m", made(fmt.Sprintf("%s-%d", name, j), i, 2, dim)); err != nil {
				return err
			}
			if _, err := s.Load(ctx, "m", nil); err != nil {
				return err
			}
			if _, err := s.SaveAnswer(ctx, Answer{Question: name, Body: []byte("{}")}); err != nil {
				return err
			}
			// All processes are after the same events; who is first keeps the answer.
			first, err := s.Bot().Once(ctx, fmt.Sprint("event", i, "-", j), time.Hour)
			if err != nil {
				return err
			}
			if first {
				if _, err := s.Bot().KeepAnswer(ctx, record(i, name, "1", "11", time.Time{})); err != nil {
					return err
				}
			}
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// TestShared: processes that create, open, write, read and close one store at once all succeed.
func TestShared(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const processes = 4
	var cmds []*exec.Cmd
	var stderrs []*bytes.Buffer
	for i := range processes {
		cmd, stderr := child(t, "share", dir, fmt.Sprint("p", i))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds, stderrs = append(cmds, cmd), append(stderrs, stderr)
	}
	for i, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v\n%s", err, stderrs[i])
		}
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var want []Item
	for i := range processes {
		for j := range 4 {
			want = append(want, made(fmt.Sprintf("p%d-%d", i, j), 4, 2, dim))
		}
	}
	checkLibrary(t, load(t, s, "m"), want...)
	if as, err := s.Answers(t.Context(), AnswerFilter{}); err != nil || len(as) != processes*5*4+5*4 {
		t.Error(len(as), err)
	}
	healthy(t, s)
}
