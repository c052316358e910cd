package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"policybot/answer"
)

// mention returns a message of somebody as the gateway tells of it.
func mention(w who, content string) *Message {
	return &Message{ID: "7" + fmt.Sprintf("%05d", len(content)) + w.id, ChannelID: w.channel, GuildID: w.guild, Author: &User{ID: w.id}, Content: content}
}

// hear has the bot do what a message gives; it reports whether it is for the bot.
func (d *desk) hear(m *Message) bool {
	d.Helper()
	later := d.bot.HandleMessage(d.Context(), m)
	if later != nil {
		later(d.Context())
	}
	return later != nil
}

func TestMessageIgnored(t *testing.T) {
	t.Parallel()
	with := func(change func(*Message)) *Message {
		m := mention(ana, "<@42> how high is the wall?")
		change(m)
		return m
	}
	for _, c := range []struct {
		name string
		m    *Message
	}{
		{"nothing", nil},
		{"no author", with(func(m *Message) { m.Author = nil })},
		{"author without id", with(func(m *Message) { m.Author = &User{} })},
		{"a bot", with(func(m *Message) { m.Author.Bot = true })},
		{"a webhook", with(func(m *Message) { m.WebhookID = "3" })},
		{"itself", with(func(m *Message) { m.Author.ID = "42" })},
		{"a pin", with(func(m *Message) { m.Type = 6 })},
		{"no id", with(func(m *Message) { m.ID = "" })},
		{"no channel", with(func(m *Message) { m.ChannelID = "x" })},
		{"not mentioned", mention(ana, "how high is the wall?")},
		{"somebody else mentioned", mention(ana, "<@421> how high is the wall?")},
		{"everybody mentioned", mention(ana, "@everyone how high is the wall?")},
		{"a role mentioned", mention(ana, "<@&42> how high is the wall?")},
		{"only notified by a reply", with(func(m *Message) {
			m.Content, m.Type, m.Mentions = "how high is that?", messageReply, []*User{{ID: "42"}}
		})},
		{"only mentioned", mention(ana, " <@42> ")},
		{"only mentioned twice", mention(ana, "<@42><@!42> ?")},
		{"empty direct message", mention(dora, "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if d := newDesk(t); d.hear(c.m) || len(d.discord.all()) > 0 {
				t.Errorf("answered: %v", d.discord.all())
			}
		})
	}
	t.Run("before it knows itself", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.bot.self.Store(nil)
		if d.hear(mention(ana, "<@42> how high is the wall?")) {
			t.Error("answered")
		}
		if !d.hear(mention(dora, "how high is the wall?")) {
			t.Error("a direct message needs no mention")
		}
	})
}

func TestMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, lang string
		m          *Message
		asked      string
		want       string
	}{
		{"mention", "", mention(ana, "<@42> how high is the wall?"), "how high is the wall?", "raised by two metres"},
		{"mention in the middle", "", mention(ana, "how high, <@!42>, is the wall?"), "how high, , is the wall?", "raised"},
		{"reply with a mention", "", &Message{ID: "71", Type: messageReply, ChannelID: "600", GuildID: "500", Author: &User{ID: "1"}, Content: "<@42> how high is the wall?"}, "how high is the wall?", "raised"},
		{"direct message", "", mention(dora, "how high is the wall?"), "how high is the wall?", "raised"},
		{"direct message with a mention", "", mention(dora, "<@42> how high is the wall?"), "how high is the wall?", "raised"},
		{"too long", "", mention(ana, "<@42> "+strings.Repeat("wall ", 300)), "", "1000 characters"},
		{"too long in Spanish", "", mention(ana, "<@42> "+strings.Repeat("el muro de la bahía ", 70)), "", "1000 caracteres"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			if !d.hear(c.m) {
				t.Fatal("not heard")
			}
			got := d.discord.all()
			if len(got) != 1 || got[0].kind != "send" || got[0].to != c.m.ChannelID || !strings.Contains(got[0].message.Content, c.want) {
				t.Fatalf("sent %v", got)
			}
			if m := got[0].message; m.Reference.MessageID != c.m.ID || m.Nonce != "m"+c.m.ID || !m.Enforce || m.Flags != 0 {
				t.Errorf("not a reply to the message, or not sent once: %+v", m)
			}
			q := d.engine.questions()
			if c.asked == "" && len(q) == 0 {
				return
			}
			if len(q) != 1 || q[0].Text != c.asked {
				t.Errorf("asked %+v, want %q", q, c.asked)
			}
			if r := d.state.records(); len(r) != 1 || !r[0].Public || r[0].Channel != c.m.ChannelID || r[0].Guild != c.m.GuildID {
				t.Errorf("records %+v", r)
			}
		})
	}
}

func TestMessageOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other, err := New(t.Context(), Options{Engine: d.engine, Library: listed{bay, "bay-1"}, State: d.state, REST: d.discord.rest(d.bot.log), Now: d.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	other.SetSelf("42")
	m := mention(ana, "<@42> how high is the wall?")
	for _, b := range []*Bot{d.bot, other, d.bot} {
		if later := b.HandleMessage(t.Context(), m); later != nil {
			later(t.Context())
		}
	}
	if got := d.discord.all("send"); len(got) != 1 {
		t.Errorf("%d answers", len(got))
	}
}

// A server's settings hold for mentions too, and a bot that may not speak in a channel says nothing there.
func TestMessageSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Settings)
		want   string // "" for silence
	}{
		{"elsewhere", func(s *Settings) { s.Channels = []string{"601"} }, ""},
		{"here", func(s *Settings) { s.Channels = []string{"600"} }, "raised by two metres"},
		{"private", func(s *Settings) { s.Private = true }, "`/ask`"},
		{"private and Spanish", func(s *Settings) { s.Private, s.Lang = true, "es" }, "las respuestas son privadas"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			s := DefaultSettings()
			c.change(&s)
			d.state.settings["500"] = s
			d.hear(mention(ana, "<@42> how high is the wall?"))
			got := d.discord.all()
			if c.want == "" {
				if len(got) > 0 {
					t.Errorf("sent %v", got)
				}
				return
			}
			if len(got) != 1 || !strings.Contains(got[0].message.Content, c.want) {
				t.Errorf("sent %v, want %q", got, c.want)
			}
			if asked := len(d.engine.questions()); s.Private && asked > 0 {
				t.Error("asked what cannot be shown")
			}
		})
	}
	t.Run("in a thread", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		s := DefaultSettings()
		s.Channels = []string{"601"}
		d.state.settings["500"] = s
		d.hear(mention(who{id: "1", guild: "500", channel: "9000"}, "<@42> how high is the wall?"))
		d.hear(mention(who{id: "1", guild: "500", channel: "9001"}, "<@42> how high is the wall?"))
		if got := d.discord.all(); len(got) != 1 || got[0].to != "9000" {
			t.Errorf("sent %v", got)
		}
		for n := range 2 * maxThreads {
			d.bot.threads.known[strconv.Itoa(n)] = thread{}
			if n%maxThreads == 0 {
				d.bot.threads.parent(t.Context(), "9001")
			}
		}
		d.clock.move(threadFresh)
		d.bot.threads.parent(t.Context(), "9001")
		if n := len(d.bot.threads.known); n > maxThreads {
			t.Errorf("%d threads in memory", n)
		}
	})
	t.Run("settings cannot be read", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.state.failing(failAll("Settings"))
		d.hear(mention(ana, "<@42> how high is the wall?"))
		if got := d.discord.all(); len(got) != 1 || !strings.Contains(got[0].message.Content, "`/ask`") {
			t.Errorf("sent %v", got)
		}
	})
}

// Who goes on asking beyond the limit is told once, not each time.
func TestMessageLimit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := DefaultSettings()
	s.PersonPerHour = 1
	d.state.settings["500"] = s
	for i := range 5 {
		d.hear(mention(ana, "<@42> how high is the wall"+strings.Repeat("?", i)))
	}
	got := d.discord.all()
	if len(got) != 2 || !strings.Contains(got[1].message.Content, "1 questions per hour") && !strings.Contains(got[1].message.Content, "limit") {
		t.Errorf("sent %v", got)
	}
	d.clock.move(time.Hour)
	d.hear(mention(ana, "<@42> and how long is the wall?"))
	d.hear(mention(ana, "<@42> and how broad is the wall??"))
	if got := d.discord.all(); len(got) != 4 {
		t.Errorf("%d messages; the next refusal is told once again", len(got))
	}
}

func TestMessageFails(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.engine.ask = func(context.Context, answer.Question) (answer.Answer, error) { panic("oops") }
	d.hear(mention(ana, "<@42> ¿qué altura tiene el muro de la bahía?"))
	if got := d.discord.all("send"); len(got) != 1 || !strings.Contains(got[0].message.Content, "Algo falló") {
		t.Errorf("sent %v", got)
	}
}

// An answer that takes its time is announced.
func TestMessageTyping(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.bot.typing = 0
	d.discord.typed = make(chan string)
	d.engine.ask = func(ctx context.Context, q answer.Question) (answer.Answer, error) {
		select {
		case in := <-d.discord.typed:
			if in != dora.channel {
				t.Errorf("typing in %s", in)
			}
		case <-ctx.Done():
			t.Error("nothing shows that an answer is being worked on")
		}
		return harbourAnswer(q), nil
	}
	d.hear(mention(dora, "how high is the wall?"))
	if got := d.discord.all("send"); len(got) != 1 {
		t.Errorf("sent %v", got)
	}
}

// In a direct message a question leans on the one before.
func TestMessageConversation(t *testing.T) {
	t.Parallel()
	d := newDesk(t, withEngine(t))
	d.hear(mention(dora, "How many crowns did the council of Saltby pay in 2021?"))
	d.hear(mention(dora, "and in 2023?"))
	got := d.discord.all("send")
	if len(got) != 2 || !strings.Contains(got[0].message.Content, "12 million") || !strings.Contains(got[1].message.Content, "3 million") {
		t.Errorf("sent %v", got)
	}
}

// A conversation is one person's in one channel, and of the last hour.
func TestMessageHistory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	last := func() string {
		q := d.engine.questions()
		var turns []string
		for _, h := range q[len(q)-1].History {
			turns = append(turns, h.Q)
		}
		return strings.Join(turns, "; ")
	}
	d.hear(mention(dora, "first?"))
	d.hear(mention(dora, "second one?"))
	if got := last(); got != "first?" {
		t.Errorf("history %q", got)
	}
	d.hear(mention(who{id: dora.id, channel: "701"}, "elsewhere?"))
	if got := last(); got != "" {
		t.Errorf("history of another channel: %q", got)
	}
	d.hear(mention(who{id: "1009", channel: dora.channel}, "somebody else?"))
	if got := last(); got != "" {
		t.Errorf("history of another person: %q", got)
	}
	d.clock.move(conversationAge + time.Second)
	d.hear(mention(dora, "the day after that?"))
	if got := last(); got != "" {
		t.Errorf("history of long ago: %q", got)
	}
}

func TestCheckMessage(t *testing.T) {
	t.Parallel()
	const said = "The harbour wall was raised by two metres."
	for _, c := range []struct {
		name    string
		who     who
		message string
		want    string // checked; "" for what cannot be read
	}{
		{"content", ana, `{"content":"` + said + `","author":{"id":"3"}}`, said},
		{"author unknown", ana, `{"content":"` + said + `"}`, said},
		{"embeds", ana, `{"content":"","embeds":[{"title":"News","description":"` + said + `","fields":[{"name":"Where","value":"Saltby"}]}]}`, "News\n\n" + said + "\n\nWhere\n\nSaltby"},
		{"second generation", ana, `{"content":"","flags":32768,"components":[{"type":17,"components":[{"type":9,"components":[{"type":10,"content":"` + said + `"}],"accessory":{"type":2}},{"type":99}]}]}`, said},
		{"forwarded", ana, `{"content":"","message_snapshots":[{"message":{"content":"` + said + `"}}]}`, said},
		{"empty", ana, `{"content":""}`, ""},
		{"empty in Spanish", bruno, `{"content":"","attachments":[{"id":"1"}]}`, ""},
		{"a card without words", ana, `{"content":"","embeds":[{}]}`, ""},
		{"unknown components", ana, `{"content":"","components":[{"type":77,"secret":{}},5,"x"]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			var m map[string]any
			if err := json.Unmarshal([]byte(c.message), &m); err != nil {
				t.Fatal(err)
			}
			o := d.do(d.menu(c.who, m))
			if c.want == "" {
				if o.ack.Type != ackMessage || o.notice != say(language(c.who.locale), words.unreadable) || len(d.engine.texts) > 0 {
					t.Errorf("type %d: %q", o.ack.Type, o.notice)
				}
				return
			}
			if o.ack.Type != ackDeferMessage || !o.private {
				t.Errorf("type %d, private %v", o.ack.Type, o.private)
			}
			if len(d.engine.texts) != 1 || d.engine.texts[0] != c.want {
				t.Errorf("checked %q, want %q", d.engine.texts, c.want)
			}
			if !strings.Contains(o.edit.text(), words.supported.en) || !strings.Contains(o.edit.text(), "Bay Post") {
				t.Errorf("shown: %s", o.edit.text())
			}
		})
	}
	t.Run("unresolved", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		i := d.menu(ana, map[string]any{"content": said})
		i.Data.Resolved.Messages = nil
		if o := d.do(i); o.notice != words.unreadable.en {
			t.Errorf("%q", o.notice)
		}
	})
	t.Run("fails", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.engine.check = func(context.Context, string, string) ([]answer.Finding, error) { panic("oops") }
		if o := d.do(d.menu(ana, map[string]any{"content": said})); !strings.Contains(o.edit.Content, "Something went wrong") {
			t.Errorf("%v", o.sent)
		}
	})
	t.Run("counts as a question", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		s := DefaultSettings()
		s.PersonPerHour = 1
		d.state.settings["500"] = s
		d.do(d.menu(ana, map[string]any{"content": said}))
		if o := d.do(d.menu(ana, map[string]any{"content": said})); o.ack.Type != ackMessage {
			t.Error("not limited")
		}
	})
	t.Run("huge", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var cards []any
		for range 10 {
			cards = append(cards, map[string]any{"description": strings.Repeat(said+" ", 95)})
		}
		d.do(d.menu(ana, map[string]any{"content": said, "embeds": cards}))
		if len(d.engine.texts) != 1 || len(d.engine.texts[0]) > maxChecked+100 {
			t.Errorf("checked %d bytes", len(d.engine.texts[0]))
		}
	})
}
