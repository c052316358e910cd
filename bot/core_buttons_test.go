package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"policybot/answer"
)

// asked has somebody ask and returns the number of the answer.
func (d *desk) asked(w who, private bool) int64 {
	d.Helper()
	d.do(d.ask(w, "How high is the wall?", opt(optPrivate, private)))
	records := d.state.records()
	return records[len(records)-1].No
}

func TestSources(t *testing.T) {
	t.Parallel()
	on := func(w who) who { w.private = true; return w }
	for _, c := range []struct {
		name    string
		private bool
		who     who
		arg     string
		turn    bool // of the page: changes the message pressed
		want    string
	}{
		{"public, by the asker", false, ana, "", false, harbourQuote},
		{"public, by another", false, bruno, "", false, harbourQuote},
		{"private, by the asker", true, on(ana), "", false, harbourQuote},
		{"private, by another", true, bruno, "", false, words.notYours.es},
		{"public, from another channel", false, who{id: "5", guild: "500", channel: "999"}, "", false, words.notYours.en},
		{"public, from another server", false, who{id: "5", guild: "501", channel: "600"}, "", false, words.notYours.en},
		{"a page further", false, on(ana), "1", true, harbourQuote},
		{"a page back", false, on(ana), "0", true, harbourQuote},
		{"a page of nobody's message", false, ana, "1", false, harbourQuote},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			no := d.asked(ana, c.private)
			o := d.do(d.pressed(c.who, button(verbSources, no, c.arg)))
			if wantType := map[bool]int{true: ackDeferUpdate, false: ackDeferMessage}[c.turn]; o.ack.Type != wantType {
				t.Errorf("type %d, want %d", o.ack.Type, wantType)
			}
			if !c.turn && !o.private {
				t.Error("shown to all")
			}
			if len(o.sent) != 1 || o.sent[0].kind != "edit" || !strings.Contains(o.edit.Content, strings.TrimSuffix(c.want, ".")) {
				t.Errorf("sent %v, want %q", o.sent, c.want)
			}
		})
	}
	t.Run("turning a page of what is gone", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		o := d.do(d.pressed(on(ana), button(verbSources, 7, "1")))
		if len(o.sent) != 1 || o.sent[0].kind != "follow" || o.sent[0].message.Content != words.expired.en || o.sent[0].message.Flags != flagEphemeral {
			t.Errorf("sent %v", o.sent)
		}
	})
	t.Run("state fails", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		no := d.asked(ana, false)
		d.state.failing(failAll("AnswerRecord"))
		if o := d.do(d.pressed(bruno, button(verbSources, no, ""))); !o.private || !strings.Contains(o.edit.Content, "Algo falló") {
			t.Errorf("sent %v", o.sent)
		}
	})
}

// Buttons outlive what they speak of.
func TestExpiredButtons(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{verbSources, verbShare, verbUp, verbReason, verbNear} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			o := d.do(d.pressed(bruno, button(verb, 99, "")))
			if len(o.sent) != 1 || o.sent[0].message.Content != words.expired.es {
				t.Errorf("sent %v", o.sent)
			}
		})
	}
	t.Run("follow up", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		if o := d.do(d.filled(ana, button(verbFollow, 99, ""), "And in 2023?")); !strings.Contains(o.edit.Content, "raised") {
			t.Errorf("a question needs no answer before it: %v", o.sent)
		}
	})
	for _, id := range []string{"", "v1", "v0:src:1", "v2:src:1", "v1:dance:1", "v1:src:-1", "v1:src:1:../etc", "v1:src:99999999999999999999", strings.Repeat("x", 200)} {
		t.Run("custom id "+id, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			for _, i := range []*Interaction{d.pressed(ana, id), d.filled(ana, id, "And in 2023?")} {
				if o := d.do(i); o.ack.Type != ackMessage || o.notice != words.expired.en || len(o.sent) > 0 {
					t.Errorf("type %d: %q", o.ack.Type, o.notice)
				}
			}
		})
	}
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		private   bool // the answer followed
		server    bool // private by default
		wantPress bool
	}{
		{"of a public answer", false, false, false},
		{"of a private answer", true, false, true},
		{"of a public answer in a private server", false, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, withEngine(t))
			s := DefaultSettings()
			s.Private = c.server
			d.state.settings["500"] = s
			d.do(d.ask(ana, "How many crowns did the council of Saltby pay in 2021?", opt(optPrivate, c.private)))
			presser := ana
			presser.private = c.private
			o := d.do(d.pressed(presser, button(verbFollow, 1, "")))
			if o.ack.Type != ackModal || len(o.sent) > 0 {
				t.Fatalf("type %d, sent %v", o.ack.Type, o.sent)
			}
			o = d.do(d.filled(presser, o.ack.Modal.CustomID, "and in 2023?"))
			if o.ack.Type != ackDeferMessage || o.private != c.wantPress {
				t.Errorf("type %d, private %v", o.ack.Type, o.private)
			}
			if !strings.Contains(o.edit.Content, "3 million") || strings.Contains(o.edit.Content, "12 million") {
				t.Errorf("answered: %s", o.edit.Content)
			}
		})
	}
}

// What a follow-up leans on is the answer it stands below, then the person's own conversation.
func TestFollowUpHistory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	history := func() string {
		q := d.engine.questions()
		var turns []string
		for _, h := range q[len(q)-1].History {
			turns = append(turns, h.Q)
		}
		return strings.Join(turns, "; ")
	}
	d.do(d.ask(ana, "one?"))   // 1
	d.do(d.ask(ana, "two?"))   // 2
	d.do(d.ask(bruno, "tres")) // 3
	for _, c := range []struct {
		who   who
		under int64
		want  string
	}{
		{ana, 2, "one?; two?"},
		{ana, 1, "two?; four?; one?"},
		{bruno, 1, "tres; one?"},
		{who{id: "8", guild: "500", channel: "600"}, 3, "tres"},
		{who{id: "9", guild: "500", channel: "601"}, 3, ""}, // forged: the answer is not to be seen there
	} {
		d.do(d.filled(c.who, button(verbFollow, c.under, ""), "four?"))
		if got := history(); got != c.want {
			t.Errorf("below %d %s leans on %q, want %q", c.under, c.who.id, got, c.want)
		}
		d.clock.move(time.Second)
	}
	d.state.failing(failAll("AnswerRecord", "Conversation"))
	if o := d.do(d.filled(ana, button(verbFollow, 2, ""), "five?")); !strings.Contains(o.edit.Content, "raised") || history() != "" {
		t.Errorf("a failing state keeps from answering: %v", o.sent)
	}
	if o := d.do(d.filled(ana, button(verbFollow, 2, ""), " ")); o.notice != words.empty.en {
		t.Errorf("empty: %q", o.notice)
	}
	var turns []answer.Turn
	for n := range 30 {
		turns = append(turns, answer.Turn{Q: fmt.Sprint(n)})
	}
	if got := leaning(turns, answer.Turn{Q: "x"}); len(got) != maxTurns || got[maxTurns-1].Q != "x" || got[0].Q != "21" {
		t.Errorf("leaning on %v", got)
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	mine := ana
	mine.private = true
	press := func(d *desk, w who) outcome { d.Helper(); return d.do(d.pressed(w, button(verbShare, 1, ""))) }
	t.Run("by the asker, once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, true)
		o := press(d, mine)
		if o.ack.Type != ackDeferUpdate || len(o.sent) != 2 || o.sent[0].kind != "follow" || o.sent[1].kind != "edit" {
			t.Fatalf("type %d, sent %v", o.ack.Type, o.sent)
		}
		if m := o.sent[0].message; m.Flags != 0 || !strings.Contains(m.Content, "raised by two metres") || m.verbs() != "src ask up down" {
			t.Errorf("shared: %+v", m)
		}
		if m := o.sent[1].message; !strings.Contains(m.Content, "raised by two metres") || strings.Contains(m.verbs(), verbShare) {
			t.Errorf("the private message still offers to share: %+v", m)
		}
		if !d.state.records()[0].Public {
			t.Error("not marked as public")
		}
		o = press(d, mine)
		if len(o.sent) != 1 || o.sent[0].message.Content != words.alreadyShared.en || o.sent[0].message.Flags != flagEphemeral {
			t.Errorf("shared again: %v", o.sent)
		}
		// Now all may look at its sources.
		if o := d.do(d.pressed(bruno, button(verbSources, 1, ""))); !strings.Contains(o.edit.Content, "raised by two metres") {
			t.Errorf("sources of what was shared: %v", o.sent)
		}
	})
	t.Run("by another", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, true)
		o := press(d, bruno)
		if len(o.sent) != 1 || o.sent[0].message.Content != words.notYours.es || o.sent[0].message.Flags != flagEphemeral || d.state.records()[0].Public {
			t.Errorf("sent %v", o.sent)
		}
	})
	t.Run("public answer of another", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, false)
		if o := press(d, bruno); len(o.sent) != 1 || o.sent[0].message.Content != words.notYours.es {
			t.Errorf("sent %v", o.sent)
		}
	})
	t.Run("where the bot may not speak", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, true)
		d.bot.settings.changed("500", Settings{Channels: []string{"601"}, PersonPerHour: 1, ServerPerHour: 1, RetentionDays: 1})
		if o := press(d, mine); o.ack.Type != ackMessage || !strings.Contains(o.notice, "<#601>") || len(o.sent) > 0 {
			t.Errorf("%q, sent %v", o.notice, o.sent)
		}
	})
	t.Run("two presses at once", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, true)
		for range 4 {
			if err := d.bot.Dispatch(t.Context(), d.pressed(mine, button(verbShare, 1, ""))); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.bot.pool.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		public := 0
		for _, s := range d.discord.all("follow") {
			if s.message.Flags == 0 {
				public++
			}
		}
		if public != 1 {
			t.Errorf("shared %d times", public)
		}
	})
	t.Run("sending fails", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, true)
		d.discord.refusing(func(kind string) (int, string) {
			if kind == "follow" {
				return 400, `{"code":50035,"message":"Invalid Form Body"}`
			}
			return 0, ""
		})
		press(d, mine)
		d.discord.refusing(nil)
		if d.state.records()[0].Public {
			t.Error("marked as public though nobody saw it")
		}
		d.clock.move(3 * time.Minute)
		if o := press(d, mine); len(o.sent) != 2 {
			t.Errorf("cannot be tried again: %v", o.sent)
		}
	})
	t.Run("state fails", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.asked(ana, true)
		d.state.failing(failAll("Publish"))
		if o := press(d, mine); len(o.sent) != 2 {
			t.Errorf("sent %v", o.sent)
		}
		d.state.failing(failAll("Once", "AnswerRecord"))
		if o := press(d, mine); len(o.sent) != 1 || o.sent[0].kind != "follow" || !strings.Contains(o.sent[0].message.Content, "went wrong") || o.sent[0].message.Flags != flagEphemeral {
			t.Errorf("sent %v", o.sent)
		}
	})
}

func TestVotes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	no := d.asked(ana, false)
	if o := d.do(d.pressed(bruno, button(verbUp, no, ""))); !o.private || o.edit.Content != words.thanks.es {
		t.Errorf("up: %v", o.sent)
	}
	o := d.do(d.pressed(bruno, button(verbDown, no, "")))
	if o.ack.Type != ackMessage || !o.private || len(o.sent) > 0 || len(o.ack.Message.Rows) != 1 {
		t.Fatalf("down: type %d, %v", o.ack.Type, o.sent)
	}
	menu := o.ack.Message.Rows[0][0]
	var offered []string
	for _, choice := range menu.Options {
		offered = append(offered, choice.Value)
	}
	if want := []string{"outdated", "wrong_source", "quote", "biased", "other"}; !slices.Equal(offered, want) {
		t.Errorf("offered %v", offered)
	}
	his := bruno
	his.private = true
	for _, c := range []struct{ chosen, want string }{{"outdated", "outdated"}, {"wrong_source", "wrong_source"}, {"quote", "quote"}, {"biased", "biased"},
		{"other", "other"}, {"'; DROP TABLE votes", "other"}} {
		o := d.do(d.pressed(his, menu.CustomID, c.chosen))
		if o.ack.Type != ackDeferUpdate || o.edit.Content != words.thanksReason.es || len(o.edit.Rows) > 0 {
			t.Errorf("%s: type %d, %v", c.chosen, o.ack.Type, o.sent)
		}
		votes := d.state.allVotes()
		if len(votes) != 1 || votes[0].Up || votes[0].Reason != c.want || votes[0].Answer != no || votes[0].Person != d.bot.persons.name(bruno.id) || !votes[0].At.Equal(d.clock.now()) {
			t.Errorf("%s: %+v", c.chosen, votes)
		}
	}
	// A private answer is not another's to judge.
	no = d.asked(ana, true)
	if o := d.do(d.pressed(bruno, button(verbUp, no, ""))); o.edit.Content != words.notYours.es || len(d.state.allVotes()) != 1 {
		t.Errorf("%v, %v", o.sent, d.state.allVotes())
	}
	d.state.failing(failAll("Vote"))
	if o := d.do(d.pressed(ana, button(verbUp, no, ""))); !strings.Contains(o.edit.Content, "went wrong") {
		t.Errorf("a vote that is lost is thanked for: %v", o.sent)
	}
	d.state.failing(func(m string) error {
		if m == "Vote" {
			return fmt.Errorf("answers: %w", ErrNotFound)
		}
		return nil
	})
	if o := d.do(d.pressed(ana, button(verbUp, no, ""))); o.edit.Content != words.expired.en {
		t.Errorf("%v", o.sent)
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	first := func(d *desk, private bool) outcome {
		d.Helper()
		d.engine.ask = func(_ context.Context, q answer.Question) (answer.Answer, error) { return uncovered(q), nil }
		return d.do(d.ask(ana, "Who painted the ceiling?", opt(optPrivate, private)))
	}
	t.Run("answered", func(t *testing.T) {
		t.Parallel()
		for _, private := range []bool{false, true} {
			d := newDesk(t)
			o := first(d, private)
			if got := o.edit.verbs(); !strings.HasPrefix(got, "near near ask") {
				t.Fatalf("buttons %q", got)
			}
			d.engine.ask = nil
			presser := ana
			presser.private = private
			o = d.do(d.pressed(presser, o.edit.buttons()[1]))
			q := d.engine.questions()
			if len(q) != 2 || q[1].Text != "Mussels return" || q[1].Lang != "en" {
				t.Errorf("asked %+v", q)
			}
			if o.private != private || !strings.Contains(o.edit.Content, "raised by two metres") || len(d.state.records()) != 2 {
				t.Errorf("private %v, sent %v", o.private, o.sent)
			}
		}
	})
	t.Run("not answered", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		o := first(d, false)
		o = d.do(d.pressed(ana, o.edit.buttons()[1]))
		if !strings.Contains(o.edit.Content, "Mussels return") || !strings.Contains(o.edit.Content, "Bay Post") || len(d.state.records()) != 1 {
			t.Errorf("sent %v", o.sent)
		}
	})
	t.Run("beyond the last", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		first(d, false)
		if o := d.do(d.pressed(ana, button(verbNear, 1, "2"))); o.edit.Content != words.expired.en {
			t.Errorf("sent %v", o.sent)
		}
	})
	t.Run("fails", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		o := first(d, false)
		d.engine.ask = func(context.Context, answer.Question) (answer.Answer, error) {
			return answer.Answer{}, errors.New("broken")
		}
		if o = d.do(d.pressed(ana, o.edit.buttons()[0])); !strings.Contains(o.edit.Content, "went wrong") {
			t.Errorf("sent %v", o.sent)
		}
	})
}

func TestForgetMe(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.asked(ana, false)
	d.asked(ana, true)
	d.asked(bruno, false)
	d.do(d.pressed(ana, button(verbUp, 3, "")))
	d.do(d.pressed(bruno, button(verbUp, 1, "")))

	o := d.do(d.slash(ana, cmdPrivacy, sub(subForget)))
	if o.ack.Type != ackMessage || !o.private || len(o.ack.Message.Rows) != 1 || d.state.called("Forget") > 0 {
		t.Fatalf("forgotten without being asked twice: type %d", o.ack.Type)
	}
	confirm := o.ack.Message.Rows[0][0].CustomID
	mine := ana
	mine.private = true
	o = d.do(d.pressed(mine, confirm))
	if o.ack.Type != ackDeferUpdate || !strings.Contains(o.edit.Content, "3") || len(o.edit.Rows) > 0 {
		t.Errorf("type %d, %v", o.ack.Type, o.sent)
	}
	name := d.bot.persons.name(ana.id)
	for _, r := range d.state.records() {
		if r.Person == name {
			t.Errorf("still kept: %+v", r)
		}
	}
	for _, v := range d.state.allVotes() {
		if v.Person == name {
			t.Errorf("still kept: %+v", v)
		}
	}
	if r, v := d.state.records(), d.state.allVotes(); len(r) != 1 || len(v) != 1 {
		t.Errorf("others lost something: %v, %v", r, v)
	}
	for _, l := range []*limiter{d.bot.questions, d.bot.presses} {
		for key := range l.cells {
			if strings.Contains(key, name) {
				t.Errorf("memory still holds %s", key)
			}
		}
	}
	if o = d.do(d.pressed(mine, confirm)); o.edit.Content != words.forgottenNone.en {
		t.Errorf("again: %v", o.sent)
	}
	if o = d.do(d.pressed(bruno, confirm)); len(o.sent) != 1 || !strings.Contains(o.sent[0].message.Content, "2") {
		t.Errorf("in Spanish: %v", o.sent)
	}
	d.state.failing(failAll("Forget"))
	if o = d.do(d.pressed(mine, confirm)); len(o.sent) != 1 || !strings.Contains(o.sent[0].message.Content, "went wrong") {
		t.Errorf("a failure is passed off as done: %v", o.sent)
	}
	if o = d.do(d.pressed(who{guild: "500", channel: "600"}, confirm)); len(o.sent) != 1 || !strings.Contains(o.sent[0].message.Content, "went wrong") {
		t.Errorf("nobody: %v", o.sent)
	}
}

// Forgetting gives no endless allowance.
func TestForgetAndAskOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.bot.forgets = newLimiter(1)
	asked := 0
	mine := who{id: "1", channel: "70", private: true}
	for range forgetsPerHour + 20 {
		for {
			if ok, _, _ := d.bot.allow(venue{person: d.bot.persons.name(mine.id), settings: DefaultSettings()}); !ok {
				break
			}
			asked++
		}
		d.bot.forgetMe(d.bot.persons.name(mine.id))
	}
	if most := (forgetsPerHour + 1) * DefaultSettings().PersonPerHour; asked > most {
		t.Errorf("%d questions in an hour, want at most %d", asked, most)
	}
}

func TestPresses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if o := d.do(d.pressed(ana, button(verbDown, 1, ""))); len(o.ack.Message.Rows) != 1 {
		t.Fatalf("the first press: %q", o.notice)
	}
	for range pressesPerHour - 1 {
		if ok, _, _, _ := d.bot.presses.take(d.clock.now(), rateKey{d.bot.persons.name(ana.id), pressesPerHour}); !ok {
			t.Fatal("too few presses")
		}
	}
	o := d.do(d.pressed(ana, button(verbDown, 1, "")))
	if o.ack.Type != ackMessage || len(o.ack.Message.Rows) > 0 || !strings.Contains(o.notice, "a minute") {
		t.Errorf("a machine may go on pressing: %q", o.notice)
	}
}
