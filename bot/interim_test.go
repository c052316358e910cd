package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"policybot/answer"
)

// What is proven of an answer that takes long is shown once, whole with its sources, and then the answer.
func TestInterim(t *testing.T) {
	t.Parallel()
	const second = "Divers counted 40,000 mussels on the new reef off Saltby."
	whole := func(q answer.Question) answer.Answer {
		a := harbourAnswer(q)
		a.Claims = append(a.Claims, answer.Claim{Text: second, AsOf: "2023-08-01",
			Citations: []answer.Citation{{N: 2, Article: "mussels", Start: 70, End: 70 + len(second), Quote: second}}})
		a.Sources = append(a.Sources, answer.Source{N: 2, Article: "mussels", Title: "Mussels return", Publisher: "The Bay Post", Published: "2023-08-01",
			URL: "https://bay.example/mussels", Lang: "en"})
		return a
	}
	for _, c := range []struct {
		name    string
		who     who
		private bool
		waits   time.Duration // before an interim edit
		claims  int           // made before the answer
		fails   bool          // the engine
		refuses bool          // Discord, the first edit
		want    int           // edits
	}{
		{"slow", ana, false, 1, 1, false, false, 2},
		{"slow and private", ana, true, 1, 1, false, false, 2},
		{"Spanish", bruno, false, 1, 1, false, false, 2},
		{"fast", ana, false, time.Hour, 2, false, false, 1},
		{"no claim of a model", ana, false, 1, 0, false, false, 1},
		{"then the engine fails", ana, false, 1, 1, true, false, 2},
		{"Discord refuses it", ana, false, 1, 1, false, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.bot.interim = c.waits
			d.discord.heard = make(chan sent, 8)
			refused := make(chan struct{})
			if c.refuses {
				n := 0
				d.discord.refusing(func(string) (int, string) {
					if n++; n > 1 {
						return 0, ""
					}
					close(refused)
					return 400, `{"code":50035}`
				})
			}
			d.engine.ask = func(_ context.Context, q answer.Question) (answer.Answer, error) {
				a := whole(q)
				for i := range c.claims {
					q.OnClaim(a.Claims[i])
				}
				if c.waits == 1 && c.claims > 0 { // until it is shown
					select {
					case <-d.discord.heard:
					case <-refused:
					}
				}
				if c.fails {
					return answer.Answer{}, errors.New("the search broke")
				}
				return a, nil
			}
			o := d.do(d.ask(c.who, "How high is the wall?", opt(optPrivate, c.private)))
			if len(o.sent) != c.want {
				t.Fatalf("%d edits, want %d: %v", len(o.sent), c.want, o.sent)
			}
			if c.want == 2 {
				first, more := o.sent[0].message, words.more.en
				if !strings.Contains(first.Content, "raised by two metres") || !strings.Contains(first.Content, "-# [1] ") || !strings.Contains(first.Content, more) ||
					strings.Contains(first.Content, "mussels") || strings.Contains(first.Content, "[2]") || first.verbs() != "" {
					t.Errorf("first shown: %s %q", first.Content, first.verbs())
				}
			}
			last := o.sent[len(o.sent)-1].message
			if strings.Contains(last.Content, words.more.en) || strings.Contains(last.Content, words.more.es) || strings.Contains(last.Content, "mussels") == c.fails {
				t.Errorf("shown in the end: %s", last.Content)
			}
		})
	}
}

// Whoever asks is charged by her keyed name, and with her the server.
func TestPayer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(d.ask(ana, "How high is the wall?"))
	d.do(d.ask(dora, "How high is the wall?"))
	got := d.engine.questions()
	if len(got) != 2 || got[0].Person != d.bot.persons.name(ana.id) || got[0].Guild != ana.guild || got[1].Person != d.bot.persons.name(dora.id) || got[1].Guild != "" {
		t.Errorf("asked %+v", got)
	}
}
