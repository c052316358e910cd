package openai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"policybot/answer"
	"policybot/corpus"
	"policybot/internal/openaitest"
	"policybot/retrieval"
)

// TestAnswerFaults asks questions of an engine whose endpoint misbehaves in every way that the fake knows:
// an answer comes within the deadline, by the model where it gave a claim that is proven, else from the
// sources themselves, and nothing else is shown.
func TestAnswerFaults(t *testing.T) {
	t.Parallel()
	const quote = "The harbour bridge opened on 3 May 2021 after four years of work."
	const text = "The harbour bridge opened on 3 May 2021, after four years of work."
	line, err := json.Marshal(map[string]any{"text": text, "cites": []any{map[string]any{"p": 1, "quote": quote}}})
	if err != nil {
		t.Fatal(err)
	}
	claim := string(line)
	art := &corpus.Article{ID: "bridge", Title: "The harbour bridge", Publisher: "Harbour Herald", Lang: "en", Kind: corpus.News,
		Published: corpus.Date{Year: 2021, Month: 5, Day: 4}, Text: quote}
	an := retrieval.NewAnalyzer(&corpus.Lexicon{})
	ix := retrieval.New(retrieval.Options{Analyzer: an})
	if err := ix.Update(t.Context(), []retrieval.Entry{{Article: art, Chunks: corpus.Chunks(art)}}, nil); err != nil {
		t.Fatal(err)
	}
	type fault struct {
		behave openaitest.Behavior
		model  bool // the model's claim is what is answered
	}
	spanish := strings.Replace(claim, "The harbour bridge opened on 3 May 2021, after four years of work",
		"El puente del puerto se abrió el 3 de mayo de 2021, tras cuatro años de obras", 1)
	wrong := func(i int) string { return strings.Replace(claim, "2021", fmt.Sprint(2022+i), 1) }
	cases := map[string]fault{
		"good":                    {openaitest.Lines(claim), true},
		"no [DONE]":               {openaitest.NoDone(claim), true},
		"no usage":                {openaitest.NoUsage(claim), true},
		"keep-alives":             {openaitest.KeepAlives(500, claim), true},
		"left open after the end": {openaitest.HangAfterFinish(claim), true},
		"hangs before headers":    {openaitest.HangBeforeHeaders(), false},
		"hangs after a claim":     {openaitest.HangAfter(claim), true},
		"hangs after nonsense":    {openaitest.HangAfter("well"), false},
		"cut before headers":      {openaitest.CutBeforeHeaders(), false},
		"cut after a claim":       {openaitest.CutAfter("", claim), true},
		"cut before a claim":      {openaitest.CutAfter(claim[:20]), false},
		"no finish":               {openaitest.NoFinish(claim), true},
		"empty choices":           {openaitest.EmptyChoices(3), false},
		"not a stream":            {openaitest.NotAStream(), false},
		"a byte each second":      {openaitest.ByteByByte(time.Second, claim), false},
		"dribble":                 {openaitest.Dribble(time.Second), false},
		"megabytes":               {openaitest.Megabytes(8), false},
		"broken UTF-8":            {openaitest.BrokenUTF8(), false},
		"10,000 wrong claims":     {openaitest.Many(10_000, wrong), false},
		"10,000 right claims":     {openaitest.Many(10_000, func(int) string { return claim }), true},
		"nested JSON":             {openaitest.Lines(strings.Repeat(`{"claims":[`, 2000)), false},
		"an address":              {openaitest.Lines(strings.Replace(claim, "after four", "see https://evil.example, after four", 1)), false},
		"a ping":                  {openaitest.Lines(strings.Replace(claim, "The harbour", "@everyone the harbour", 1)), false},
		"a passage not given":     {openaitest.Lines(strings.Replace(claim, `"p":1`, `"p":7`, 1)), false},
		"prompt leaked":           {openaitest.Say(func(c *openaitest.Chat) []string { return strings.Split(c.Text(), "\n") }), false},
		"another language":        {openaitest.Lines(spanish), false},
		"keep-alives without end": {openaitest.Flood(": keep-alive\n\n", 64<<20), false},
		"an answer in one piece":  {openaitest.Whole(claim + "\n"), false},
		"400":                     {openaitest.Status(400), false},
		"401":                     {openaitest.Status(401), false},
		"404":                     {openaitest.Status(404), false},
		"429":                     {openaitest.Status(429), false},
		"429 for two seconds":     {openaitest.Sequence(openaitest.RetryAfter(429, "2"), openaitest.Lines(claim)), true},
		"429 for an hour":         {openaitest.RetryAfter(429, "3600"), false},
		"500":                     {openaitest.Status(500), false},
		"503":                     {openaitest.Status(503), false},
		"503 twice, then well":    {openaitest.Sequence(openaitest.Status(503), openaitest.Status(503), openaitest.Lines(claim)), true},
	}
	for name, raw := range openaitest.StreamErrors() {
		cases["an error at once: "+name] = fault{openaitest.StreamError(raw), false}
		cases["an error after a claim: "+name] = fault{openaitest.StreamError(raw, claim), true}
	}
	// Without an endpoint: the sockets are real, though the clock is not.
	network := map[string]func(*Options){
		"refused":        func(o *Options) { o.BaseURL, o.HTTP = openaitest.Refusing(t), nil },
		"no such host":   func(o *Options) { o.BaseURL, o.HTTP = "http://no-such-host.invalid/v1", openaitest.NoSuchHost() },
		"never connects": func(o *Options) { o.HTTP = &http.Client{Transport: &http.Transport{DialContext: openaitest.Stuck}} },
	}
	for name := range network {
		cases[name] = fault{openaitest.Lines(claim), false}
	}
	untrusted := openaitest.Untrusted(t)
	network["untrusted certificate"] = func(o *Options) { o.BaseURL, o.HTTP = untrusted, nil }
	cases["untrusted certificate"] = fault{openaitest.Lines(claim), false}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openaitest.NewMemory(t, c.behave)
				o := Options{BaseURL: s.BaseURL(), HTTP: s.Client(), APIKey: "sk-test-1234567890"}
				if change := network[name]; change != nil {
					change(&o)
				}
				client, err := New(o)
				if err != nil {
					t.Fatal(err)
				}
				model, err := client.Chat(ChatOptions{Model: "test-model"})
				if err != nil {
					t.Fatal(err)
				}
				e := answer.NewEngine(ix, answer.Options{Model: model})
				start := time.Now()
				var shown []string
				a, err := e.Ask(t.Context(), answer.Question{Text: "When did the harbour bridge open?",
					OnClaim: func(c answer.Claim) { shown = append(shown, c.Text) }})
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took > answer.DefaultDeadline {
					t.Errorf("an answer after %v", took)
				}
				want, drafter := quote, "extractive"
				if c.model {
					want, drafter = text, "model:test-model"
				}
				if a.Status != answer.Answered || a.Drafter != drafter || !strings.Contains(a.Text, want) || (len(shown) > 0) != c.model {
					t.Errorf("%s by %s: %q %v, shown %q", a.Status, a.Drafter, a.Text, a.Notes, shown)
				}
				for _, claim := range shown {
					if claim != text {
						t.Errorf("shown: %q", claim)
					}
				}
				e.Close()
				if o.HTTP != nil {
					o.HTTP.CloseIdleConnections() // and those that are still being made
				}
			})
		})
	}
}
