package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"policybot/answer"
	"policybot/corpus"
	"policybot/retrieval"
)

// keyed is a model whose errors give its secrets away, as those of a careless client would.
type keyed struct {
	key   string
	reply func(n int, line func(string) error) error
	n     int
}

func (k *keyed) Name() string { return "keyed-1" }

func (k *keyed) Stream(_ context.Context, _ answer.ModelRequest, line func(string) error) (answer.Usage, error) {
	k.n++
	if err := k.reply(k.n, line); err != nil {
		return answer.Usage{Prompt: 9, Completion: 1}, fmt.Errorf("POST https://host.example/v1?key=%s, Authorization: Bearer %s: %w", k.key, k.key, err)
	}
	return answer.Usage{Prompt: 90, Completion: 10, Cached: 30}, nil
}

func streamed(t *testing.T, m answer.Model, r answer.ModelRequest) ([]string, answer.Usage, error) {
	t.Helper()
	var got []string
	u, err := m.Stream(t.Context(), r, func(s string) error {
		got = append(got, s)
		return nil
	})
	return got, u, err
}

// TestReplay: what was recorded comes again as it was, failures too, and there is no key in it.
func TestReplay(t *testing.T) {
	t.Parallel()
	const key = "sk-test-0123456789abcdef"
	m := &keyed{key: key, reply: func(n int, line func(string) error) error {
		if err := line(fmt.Sprintf(`{"text":"<%d>"}`, n)); err != nil {
			return err
		}
		switch n {
		case 3:
			return errors.New("cut off")
		case 4:
			return context.DeadlineExceeded
		}
		return line("")
	}}
	var file strings.Builder
	rec := NewRecorder(m, &file)
	requests := []answer.ModelRequest{
		{System: "s", Messages: []answer.Message{{Role: "user", Text: "one"}}, MaxTokens: 5},
		{System: "s", Messages: []answer.Message{{Role: "user", Text: "one"}}, MaxTokens: 5},
		{System: "s", Messages: []answer.Message{{Role: "user", Text: "two"}}, JSON: true},
		{System: "s", Messages: []answer.Message{{Role: "user", Text: "three"}}},
	}
	type outcome struct {
		lines []string
		usage answer.Usage
		err   error
	}
	var want []outcome
	for _, r := range requests {
		lines, u, err := streamed(t, rec, r)
		want = append(want, outcome{lines, u, err})
	}
	if err := rec.Err(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{key, "Bearer", "Authorization", "host.example", "sk-"} {
		if strings.Contains(file.String(), secret) {
			t.Errorf("the recording holds %q:\n%s", secret, file.String())
		}
	}
	replay, err := LoadReplay(strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	if replay.Name() != m.Name() {
		t.Errorf("name %q", replay.Name())
	}
	for i, r := range requests {
		lines, u, err := streamed(t, replay, r)
		if !slices.Equal(lines, want[i].lines) || u != want[i].usage || (err == nil) != (want[i].err == nil) ||
			errors.Is(err, context.DeadlineExceeded) != errors.Is(want[i].err, context.DeadlineExceeded) {
			t.Errorf("%d: %q %+v %v, recorded %+v", i, lines, u, err, want[i])
		}
	}
	if lines, _, _ := streamed(t, replay, requests[0]); !slices.Equal(lines, want[1].lines) {
		t.Errorf("a third time: %q, want the last recorded", lines)
	}
	other := requests[0]
	other.MaxTokens++
	if _, _, err := streamed(t, replay, other); !errors.Is(err, ErrNotRecorded) {
		t.Errorf("a request that was not recorded: %v", err)
	}
	if left, missed := replay.Unused(); len(left) != 0 || len(missed) != 1 {
		t.Errorf("unused %q, missed %q", left, missed)
	}
}

// TestReplayAnswer: an engine gives the same answers from a recording as with the model.
func TestReplayAnswer(t *testing.T) {
	t.Parallel()
	const quote = "The harbour bridge opened on 3 May 2021 after four years of work."
	art := &corpus.Article{ID: "bridge", Title: "The harbour bridge", Publisher: "Harbour Herald", Lang: "en", Kind: corpus.News, Published: corpus.Date{Year: 2021, Month: 5, Day: 4}, Text: quote}
	an := retrieval.NewAnalyzer(&corpus.Lexicon{})
	ix := retrieval.New(retrieval.Options{Analyzer: an})
	if err := ix.Update(t.Context(), []retrieval.Entry{{Article: art, Chunks: corpus.Chunks(art)}}, nil); err != nil {
		t.Fatal(err)
	}
	m := &keyed{key: "sk-x", reply: func(_ int, line func(string) error) error {
		for range 3 {
			if err := line(`{"text":"The harbour bridge opened on 3 May 2021.","cites":[{"p":1,"quote":"` + quote + `"}]}`); err != nil {
				return err
			}
		}
		return nil
	}}
	var file strings.Builder
	options := answer.Options{Model: NewRecorder(m, &file), Now: func() time.Time { return time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC) }, CacheSize: -1}
	ask := func(o answer.Options) string {
		e := answer.NewEngine(ix, o)
		defer e.Close()
		a, err := e.Ask(t.Context(), answer.Question{Text: "When did the harbour bridge open?"})
		if err != nil {
			t.Fatal(err)
		}
		if a.Drafter != "model:keyed-1" {
			t.Errorf("answered by %s: %v", a.Drafter, a.Notes)
		}
		a.Took = 0
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := ask(options)
	replay, err := LoadReplay(strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	options.Model = replay
	if got := ask(options); got != want {
		t.Errorf("replayed:\n%s\nrecorded:\n%s", got, want)
	}
}

func TestLoadReplayRefuses(t *testing.T) {
	t.Parallel()
	const good = `{"model":"a","digest":"d","turns":[],"lines":["x"],"usage":{"prompt":1,"completion":1}}`
	for name, in := range map[string]string{
		"empty":      "\n\n",
		"no JSON":    "hello",
		"no model":   `{"digest":"d"}`,
		"two models": good + "\n" + strings.Replace(good, `"a"`, `"b"`, 1),
	} {
		if r, err := LoadReplay(strings.NewReader(in)); err == nil {
			t.Errorf("%s: loaded %v", name, r.Name())
		}
	}
	if _, err := LoadReplay(strings.NewReader(good + "\n\n" + good + "\n")); err != nil {
		t.Error(err)
	}
}
