package answer

import (
	"fmt"
	"testing"
	"time"

	"policybot/corpus"
)

func TestCache(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	c := newCache[int](3, time.Minute, func() time.Time { return now })
	for i := range 3 {
		c.put(fmt.Sprint(i), i)
	}
	if v, ok := c.get("0"); !ok || v != 0 {
		t.Errorf("0: %d %v", v, ok)
	}
	c.put("3", 3) // 1 was used least recently
	for k, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true} {
		if _, ok := c.get(k); ok != want {
			t.Errorf("%s is kept: %v, want %v", k, ok, want)
		}
	}
	c.put("3", 33)
	if v, _ := c.get("3"); v != 33 || c.len() != 3 {
		t.Errorf("put again: %d, %d kept", v, c.len())
	}
	now = now.Add(time.Minute)
	if _, ok := c.get("0"); ok {
		t.Error("kept beyond its time")
	}
	if _, ok := c.get("0"); ok || c.len() != 2 {
		t.Errorf("%d kept", c.len())
	}
	none := newCache[int](-1, time.Minute, nil)
	none.put("a", 1)
	if _, ok := none.get("a"); ok || none.len() != 0 {
		t.Error("a cache of no size keeps something")
	}
}

// TestAnswerCache: what has to be the same for an answer to be given again, and what is never kept.
func TestAnswerCache(t *testing.T) {
	t.Parallel()
	now := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	reply := lines(claimLine(costText, costQuote))
	m := writes(reply, reply, reply, reply, reply, reply, reply, reply)
	e := withModel(t, m, func(o *Options) { o.Now = func() time.Time { return now } })
	first := Question{ID: "1", Text: costQ}
	want := ask(t, e, first)
	for _, c := range []struct {
		name   string
		q      Question
		before func()
		again  bool // the model is asked again
	}{
		{"the same", first, nil, false},
		{"other case and marks", Question{ID: "2", Text: "  how much did the Ferry strike  cost the town"}, nil, false},
		{"another person", Question{Text: costQ, Person: "ana", Guild: "x"}, nil, false},
		{"bounded", Question{Text: costQ, From: corpus.Date{Year: 2020}}, nil, true},
		{"after another", Question{Text: costQ, History: []Turn{{Q: "What happened?"}}}, nil, true},
		{"in words of another language", Question{Text: costQ, Lang: "es"}, nil, true},
		{"too long ago", first, func() { now = now.Add(2 * time.Hour) }, true},
	} {
		if c.before != nil {
			c.before()
		}
		n := len(m.asked())
		shown := 0
		c.q.OnClaim = func(c Claim) {
			shown++
			c.Citations[0].N = 99 // what is handed out is not what is kept
		}
		a := ask(t, e, c.q)
		if again := len(m.asked()) > n; again != c.again {
			t.Errorf("%s: asked again %v, want %v", c.name, again, c.again)
		}
		if !c.again && (a.Text != want.Text || a.ID != c.q.ID || a.Question != c.q.Text || shown != 1) {
			t.Errorf("%s: %q, %d shown", c.name, a.Text, shown)
		}
		checkPromises(t, e, a)
	}

	// An answer after a failure, or by the extractive drafter, is not kept.
	for name, m := range map[string]*script{
		"none":     says(`{"none":true}`),
		"unproven": writes(lines(claimLine("The strike cost the town $3 million.", costQuote))),
		"empty":    says(""),
	} {
		e := withModel(t, m, nil)
		ask(t, e, first)
		n := len(m.asked())
		ask(t, e, first)
		if len(m.asked()) == n || e.generator.answers.len() > 0 {
			t.Errorf("%s is kept", name)
		}
	}
}
