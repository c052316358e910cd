package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"policybot/answer"
	"policybot/corpus"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, c := range []struct {
		name    string
		who     who
		server  bool // private by default
		broken  bool // the settings cannot be read
		private *bool
		want    bool // private
	}{
		{"public by default", ana, false, false, nil, false},
		{"private on request", ana, false, false, &yes, true},
		{"private by the server", ana, true, false, nil, true},
		{"public in spite of the server", ana, true, false, &no, false},
		{"private when nobody can say", ana, false, true, nil, true},
		{"direct message", dora, false, false, nil, false},
		{"private in a direct message", dora, false, false, &yes, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			s := DefaultSettings()
			s.Private = c.server
			d.state.settings["500"] = s
			if c.broken {
				d.state.failing(failAll("Settings"))
			}
			var options []any
			if c.private != nil {
				options = append(options, opt(optPrivate, *c.private))
			}
			o := d.do(d.ask(c.who, "How high is the wall?", options...))
			if o.ack.Type != ackDeferMessage || o.private != c.want {
				t.Errorf("acknowledged by type %d, private %v; want type %d, private %v", o.ack.Type, o.private, ackDeferMessage, c.want)
			}
			if len(o.sent) != 1 || o.sent[0].kind != "edit" {
				t.Fatalf("sent %v, want one edit", o.sent)
			}
			if !strings.Contains(o.edit.Content, "raised by two metres") || !strings.Contains(o.edit.Content, "[1]") || !strings.Contains(o.edit.Content, "Bay Post") {
				t.Errorf("the answer lacks claim, number or source: %s", o.edit.Content)
			}
			records := d.state.records()
			if len(records) != 1 {
				t.Fatalf("%d records", len(records))
			}
			r := records[0]
			if r.Public == c.want || r.Guild != c.who.guild || r.Channel != c.who.channel || r.Person == "" || r.Person == c.who.id || r.Answer.Hits != nil || r.Library != "bay-1" {
				t.Errorf("record %+v", r)
			}
			wantShare := c.want && c.who.guild != ""
			if got := strings.Contains(o.edit.verbs(), verbShare); got != wantShare {
				t.Errorf("share button %v, want %v", got, wantShare)
			}
		})
	}
}

func TestAskQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		who     who
		lang    string // of the server
		text    string
		options []any
		want    answer.Question
	}{
		{"plain", ana, "", "  How high  is the wall? ", nil, answer.Question{Text: "How high is the wall?"}},
		{"bounds", ana, "", "How high is the wall?", []any{opt(optFrom, "2018"), opt(optTo, " 2023-12-27 ")},
			answer.Question{Text: "How high is the wall?", From: corpus.Date{Year: 2018}, To: corpus.Date{Year: 2023, Month: 12, Day: 27}}},
		{"language of the server", ana, "es", "How high is the wall?", nil, answer.Question{Text: "How high is the wall?", Lang: "es"}},
		{"Spanish is told by the engine", bruno, "", "¿Qué altura tiene el muro?", nil, answer.Question{Text: "¿Qué altura tiene el muro?"}},
		{"the client decides what the words do not", bruno, "", "Saltby 2021", nil, answer.Question{Text: "Saltby 2021", Lang: "es"}},
		{"invisible characters go", ana, "", "How high\u200b is\u202e the wall?", nil, answer.Question{Text: "How high is the wall?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			s := DefaultSettings()
			s.Lang = c.lang
			d.state.settings["500"] = s
			d.do(d.ask(c.who, c.text, c.options...))
			got := d.engine.questions()
			if len(got) != 1 || got[0].Text != c.want.Text || got[0].Lang != c.want.Lang || got[0].From != c.want.From || got[0].To != c.want.To || len(got[0].History) > 0 {
				t.Errorf("asked %+v\nwant  %+v", got, c.want)
			}
		})
	}
}

func TestAskRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		who      who
		text     string
		options  []any
		settings Settings
		want     string
	}{
		{"empty", ana, " \u200b ", nil, DefaultSettings(), words.empty.en},
		{"only signs", ana, "?!…", nil, DefaultSettings(), words.empty.en},
		{"empty in Spanish", bruno, "", nil, DefaultSettings(), words.empty.es},
		{"too long", ana, strings.Repeat("wall ", 1200), nil, DefaultSettings(), "1000"},
		{"no date", ana, "wall?", []any{opt(optFrom, "last year")}, DefaultSettings(), "“last year” is not a date"},
		{"no date in Spanish", bruno, "muro?", []any{opt(optTo, "2023-02-30")}, DefaultSettings(), "No puedo leer «2023-02-30»"},
		{"hostile date", ana, "wall?", []any{opt(optTo, "@everyone")}, DefaultSettings(), "is not a date"},
		{"backwards", ana, "wall?", []any{opt(optFrom, "2023"), opt(optTo, "2022-12")}, DefaultSettings(), words.badRange.en},
		{"elsewhere", ana, "wall?", nil, Settings{Channels: []string{"601", "602"}, PersonPerHour: 1, ServerPerHour: 1, RetentionDays: 1}, "<#601>, <#602>"},
		{"the server's language over the client's", ana, "", nil, Settings{Lang: "es", PersonPerHour: 1, ServerPerHour: 1, RetentionDays: 1}, words.empty.es},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.state.settings["500"] = c.settings
			o := d.do(d.ask(c.who, c.text, c.options...))
			if o.ack.Type != ackMessage || !o.private || !strings.Contains(o.notice, c.want) {
				t.Errorf("acknowledged by type %d, private %v: %q, want it to hold %q", o.ack.Type, o.private, o.notice, c.want)
			}
			if len(o.sent) > 0 || len(d.engine.questions()) > 0 {
				t.Errorf("sent %v, asked %v", o.sent, d.engine.questions())
			}
		})
	}
}

// An option that is neither yes nor no publishes nothing.
func TestAskPrivateUnclear(t *testing.T) {
	t.Parallel()
	for value, want := range map[any]bool{"true": true, "no": true, 1: true, 0: true, true: true, false: false} {
		d := newDesk(t)
		if o := d.do(d.ask(ana, "How high is the wall?", opt(optPrivate, value))); o.private != want {
			t.Errorf("%v: private %v", value, o.private)
		}
	}
}

// brittle is a library that breaks when it is told to.
type brittle struct {
	listed
	broken *bool
}

func (b brittle) Version() string {
	if *b.broken {
		panic("no library")
	}
	return b.listed.Version()
}

func TestHandlePanics(t *testing.T) {
	t.Parallel()
	broken := false
	d := newDesk(t, func(o *Options) { o.Library = brittle{listed{bay, "1"}, &broken} })
	broken = true
	i := d.slash(bruno, cmdSources)
	if o := d.do(i); o.ack.Type != ackMessage || !o.private || !strings.Contains(o.notice, "Algo falló") || !strings.Contains(o.notice, reference(i.ID)) {
		t.Errorf("type %d: %q", o.ack.Type, o.notice)
	}
	focused := opt(optQuery, "wall")
	focused["focused"] = true
	i = d.slash(bruno, cmdSources, focused)
	i.Type = typeAutocomplete
	if o := d.do(i); o.ack.Type != ackChoices {
		t.Errorf("type %d", o.ack.Type)
	}
}

func FuzzHandle(f *testing.F) {
	for _, seed := range []string{
		`{"id":"5","type":1}`,
		`{"id":"5","type":2,"token":"tok","guild_id":"500","channel_id":"600","member":{"user":{"id":"3"},"permissions":"32"},"data":{"name":"ask","type":1,"options":[{"name":"question","type":3,"value":"How high is the wall?"},{"name":"private","type":5,"value":true},{"name":"from","type":3,"value":"2018"}]}}`,
		`{"id":"5","type":2,"token":"tok","user":{"id":"3"},"locale":"es-ES","data":{"name":"Check against the sources","type":3,"target_id":"8","resolved":{"messages":{"8":{"id":"8","content":"The wall is high."}}}}}`,
		`{"id":"5","type":2,"token":"tok","guild_id":"500","member":{"user":{"id":"3"},"permissions":"32"},"data":{"name":"settings","type":1,"options":[{"name":"set","type":1,"options":[{"name":"retention","type":4,"value":3}]}]}}`,
		`{"id":"5","type":3,"token":"tok","user":{"id":"3"},"message":{"id":"8","flags":64},"data":{"custom_id":"v1:src:1:0","component_type":2}}`,
		`{"id":"5","type":4,"token":"tok","data":{"name":"sources","type":1,"options":[{"name":"query","type":3,"value":"wa","focused":true}]}}`,
		`{"id":"5","type":5,"token":"tok","user":{"id":"3"},"data":{"custom_id":"v1:ask:1:private","components":[{"type":18,"component":{"type":4,"custom_id":"question","value":"And now?"}}]}}`,
	} {
		f.Add([]byte(seed))
	}
	d := newDesk(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		i, err := decodeInteraction(raw)
		if err != nil {
			return
		}
		ack, later := d.bot.Handle(t.Context(), i)
		if err := LintAck(ack); err != nil {
			t.Errorf("acknowledgement: %v", err)
		}
		if (ack.Type == ackDeferMessage || ack.Type == ackDeferUpdate) != (later != nil) {
			t.Errorf("type %d is followed by work: %v", ack.Type, later != nil)
		}
		if later != nil && snowflake(i.ApplicationID) {
			later(t.Context())
		}
		if strings.Contains(d.log.String(), "panic") {
			t.Errorf("panic: %s", d.log.String())
		}
	})
}

func TestAskInThread(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := DefaultSettings()
	s.Channels = []string{"601"}
	d.state.settings["500"] = s
	i := d.ask(who{id: "1", guild: "500", channel: "9000"}, "How high is the wall?")
	i.Channel = &Channel{ID: "9000", ParentID: "601"}
	if o := d.do(i); o.ack.Type != ackDeferMessage {
		t.Errorf("not answered in a thread of a channel on the list: %s", o.notice)
	}
}

// A question is answered once, though it comes twice to one replica or once to each of two that Discord
// lets both acknowledge.
func TestAskOnce(t *testing.T) {
	t.Parallel()
	for _, lax := range []bool{false, true} {
		t.Run(fmt.Sprintf("lax %v", lax), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.discord.lax = lax
			other, err := New(t.Context(), Options{Engine: d.engine, Library: listed{bay, "bay-1"}, State: d.state, REST: d.discord.rest(d.bot.log), Now: d.clock.now})
			if err != nil {
				t.Fatal(err)
			}
			i := d.ask(ana, "How high is the wall?")
			for _, b := range []*Bot{d.bot, other, d.bot} {
				if err := b.Dispatch(t.Context(), i); err != nil {
					t.Fatal(err)
				}
			}
			for _, b := range []*Bot{d.bot, other} {
				if err := b.pool.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := len(d.discord.all("edit")); got != 1 {
				t.Errorf("%d answers", got)
			}
			if got := len(d.state.records()); got != 1 {
				t.Errorf("%d records", got)
			}
		})
	}
}

type secretPanic struct{ text string }

func TestAskFails(t *testing.T) {
	t.Parallel()
	const secret = "did Gundula overstay?"
	for _, c := range []struct {
		name string
		ask  func(context.Context, answer.Question) (answer.Answer, error)
	}{
		{"error", func(context.Context, answer.Question) (answer.Answer, error) {
			return answer.Answer{}, errors.New("search broke")
		}},
		{"panic", func(_ context.Context, q answer.Question) (answer.Answer, error) { panic(secretPanic{q.Text}) }},
		{"runtime panic", func(context.Context, answer.Question) (answer.Answer, error) {
			var claims []answer.Claim
			return answer.Answer{Claims: claims[:1]}, nil
		}},
		{"too slow", func(ctx context.Context, _ answer.Question) (answer.Answer, error) {
			<-ctx.Done()
			return answer.Answer{}, ctx.Err()
		}},
	} {
		for _, w := range []who{ana, bruno, {id: "1007", locale: "fr", guild: "500", channel: "600"}} {
			t.Run(c.name+" "+w.locale, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t, func(o *Options) {
					if c.name == "too slow" {
						o.Deadline = 10 * time.Millisecond
					}
				})
				d.engine.ask = c.ask
				i := d.ask(w, secret)
				o := d.do(i)
				want := "Something went wrong"
				if w.locale == "es-419" {
					want = "Algo falló"
				}
				if len(o.sent) != 1 || !strings.Contains(o.edit.Content, want) || !strings.Contains(o.edit.Content, reference(i.ID)) {
					t.Errorf("sent %v, want %q with reference %s", o.sent, want, reference(i.ID))
				}
				log := d.log.String()
				if !strings.Contains(log, reference(i.ID)) {
					t.Errorf("the reference is not in the log: %s", log)
				}
				for _, no := range []string{"Gundula", "overstay", i.Token, w.id + " ", "bot-token", d.bot.persons.name(w.id)} {
					if strings.Contains(log, no) {
						t.Errorf("the log holds %q: %s", no, log)
					}
				}
			})
		}
	}
}

func TestStateFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		methods []string
		verbs   string
		private bool
	}{
		{"everything", nil, "", true},
		{"records", []string{"KeepAnswer"}, "", false},
		{"claims", []string{"Once"}, "src ask up down", false},
		{"settings", []string{"Settings"}, "src ask share up down", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.state.failing(failAll(c.methods...))
			o := d.do(d.ask(ana, "How high is the wall?"))
			if len(o.sent) != 1 || !strings.Contains(o.edit.Content, "raised by two metres") || o.private != c.private {
				t.Fatalf("private %v, sent %v", o.private, o.sent)
			}
			if got := o.edit.verbs(); got != c.verbs {
				t.Errorf("buttons %q, want %q", got, c.verbs)
			}
			if c.name != "settings" && !strings.Contains(d.log.String(), "database is locked") {
				t.Errorf("not logged: %s", d.log.String())
			}
			if strings.Contains(d.log.String(), "How high") {
				t.Error("the log holds the question")
			}
		})
	}
	// Mentions too are answered.
	d := newDesk(t)
	d.state.failing(failAll("KeepAnswer", "Once", "Conversation"))
	d.hear(mention(ana, "<@42> how high is the wall?"))
	if got := d.discord.all("send"); len(got) != 1 || !strings.Contains(got[0].message.Content, "raised by two metres") {
		t.Errorf("sent %v", got)
	}
}

// A panic of the state itself is no silence either.
func TestStatePanics(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.state.failing(func(m string) error {
		if m == "KeepAnswer" || m == "Settings" {
			panic("corrupt page")
		}
		return nil
	})
	if o := d.do(d.ask(ana, "How high is the wall?")); !strings.Contains(o.edit.Content, "Something went wrong") {
		t.Errorf("sent %v", o.sent)
	}
}

func TestDiscordFails(t *testing.T) {
	t.Parallel()
	t.Run("expired", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.discord.refusing(func(kind string) (int, string) {
			if kind == "edit" {
				return 401, `{"code":50027,"message":"Invalid Webhook Token"}`
			}
			return 0, ""
		})
		i := d.ask(ana, "How high is the wall?")
		if o := d.do(i); len(o.sent) > 0 {
			t.Errorf("sent %v", o.sent)
		}
		if log := d.log.String(); strings.Contains(log, i.Token) {
			t.Errorf("the log holds the token: %s", log)
		}
	})
	t.Run("answer refused, notice taken", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		first := true
		d.discord.refusing(func(string) (int, string) {
			if first {
				first = false
				return 400, `{"code":50035,"message":"Invalid Form Body"}`
			}
			return 0, ""
		})
		if o := d.do(d.ask(ana, "How high is the wall?")); !strings.Contains(o.edit.Content, "Something went wrong") {
			t.Errorf("sent %v", o.sent)
		}
	})
	t.Run("acknowledgement refused", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.discord.refusing(func(string) (int, string) { return 404, `{"code":10062,"message":"Unknown interaction"}` })
		if err := d.bot.Dispatch(t.Context(), d.ask(ana, "How high is the wall?")); !errors.Is(err, ErrExpired) {
			t.Errorf("got %v", err)
		}
		if err := d.bot.pool.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(d.engine.questions()) > 0 {
			t.Error("asked all the same")
		}
	})
}

func TestPing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ack, later := d.bot.Handle(t.Context(), &Interaction{ID: "1", Type: typePing})
	if raw, _ := json.Marshal(ack); string(raw) != `{"type":1}` || later != nil {
		t.Errorf("%s, %v", raw, later != nil)
	}
	if d.state.called("Settings") > 0 {
		t.Error("a ping reads settings")
	}
}

// Whatever is missing or unknown, there is an acknowledgement, and it is a kind one.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw string }{
		{"unknown type", `{"id":"5","type":77,"token":"tok"}`},
		{"type zero", `{"id":"5","token":"tok"}`},
		{"no data", `{"id":"5","type":2,"token":"tok"}`},
		{"data of another shape", `{"id":"5","type":2,"token":"tok","data":{"name":"ask","options":"none"}}`},
		{"unknown command", `{"id":"5","type":2,"token":"tok","data":{"name":"dance","type":1}}`},
		{"user menu", `{"id":"5","type":2,"token":"tok","data":{"name":"Inspect","type":2,"target_id":"3"}}`},
		{"no subcommand", `{"id":"5","type":2,"token":"tok","guild_id":"500","member":{"permissions":"32","user":{"id":"3"}},"data":{"name":"settings","type":1}}`},
		{"unknown subcommand", `{"id":"5","type":2,"token":"tok","guild_id":"500","member":{"permissions":"32","user":{"id":"3"}},"data":{"name":"settings","type":1,"options":[{"name":"burn","type":1}]}}`},
		{"empty group", `{"id":"5","type":2,"token":"tok","guild_id":"500","member":{"permissions":"32","user":{"id":"3"}},"data":{"name":"settings","type":1,"options":[{"name":"channels","type":2}]}}`},
		{"privacy without", `{"id":"5","type":2,"token":"tok","data":{"name":"privacy","type":1}}`},
		{"no target", `{"id":"5","type":2,"token":"tok","data":{"name":"x","type":3,"target_id":"9"}}`},
		{"component without data", `{"id":"5","type":3,"token":"tok"}`},
		{"modal without data", `{"id":"5","type":5,"token":"tok"}`},
		{"member without user", `{"id":"5","type":2,"token":"tok","guild_id":"500","member":{},"data":{"name":"about","type":1}}`},
		{"bad permissions", `{"id":"5","type":2,"token":"tok","guild_id":"500","member":{"permissions":"many","user":{"id":"3"}},"data":{"name":"settings","type":1,"options":[{"name":"show","type":1}]}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			i, err := decodeInteraction([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if o := d.do(i); o.ack.Type != ackMessage || o.notice == "" || !o.private || strings.Contains(o.notice, "went wrong") {
				t.Errorf("type %d, private %v: %q", o.ack.Type, o.private, o.notice)
			}
		})
	}
	t.Run("autocompletion without data", func(t *testing.T) {
		t.Parallel()
		i, err := decodeInteraction([]byte(`{"id":"5","type":4,"token":"tok"}`))
		if err != nil {
			t.Fatal(err)
		}
		if o := newDesk(t).do(i); o.ack.Type != ackChoices {
			t.Errorf("type %d", o.ack.Type)
		}
	})
	t.Run("nobody asks", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		o := d.do(d.ask(who{guild: "500", channel: "600"}, "How high is the wall?", opt(optPrivate, true)))
		if !strings.Contains(o.edit.Content, "raised by two metres") {
			t.Fatalf("sent %v", o.sent)
		}
		// What nobody asked belongs to nobody.
		nobody := who{guild: "500", channel: "600", private: true}
		for _, verb := range []string{verbSources, verbShare, verbUp} {
			o := d.do(d.pressed(nobody, button(verb, 1, "")))
			if len(o.sent) != 1 || !strings.Contains(o.sent[0].message.Content, words.notYours.en) {
				t.Errorf("%s: %v", verb, o.sent)
			}
		}
		o = d.do(d.filled(nobody, button(verbFollow, 1, argPrivate), "And in 2023?"))
		if q := d.engine.questions(); len(q) != 2 || len(q[1].History) > 0 {
			t.Errorf("nobody has a history: %+v", q)
		}
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := DefaultSettings()
	s.PersonPerHour, s.ServerPerHour = 2, 3
	d.state.settings["500"] = s
	ask := func(w who) outcome { d.Helper(); return d.do(d.ask(w, "How high is the wall?")) }
	for range 2 {
		if o := ask(ana); o.ack.Type != ackDeferMessage {
			t.Fatalf("refused too early: %s", o.notice)
		}
	}
	if o := ask(ana); o.ack.Type != ackMessage || !o.private || !strings.Contains(o.notice, "questions per hour (2)") || !strings.Contains(o.notice, "30 minutes") {
		t.Errorf("third question: %q", o.notice)
	}
	if o := ask(bruno); o.ack.Type != ackDeferMessage {
		t.Errorf("another person is refused: %s", o.notice)
	}
	if o := ask(bruno); !strings.Contains(o.notice, "Este servidor") || !strings.Contains(o.notice, "20 minutos") {
		t.Errorf("beyond the server's limit: %q", o.notice)
	}
	if o := d.do(d.ask(who{id: ana.id, channel: "7"}, "How high is the wall?")); o.ack.Type != ackDeferMessage {
		t.Errorf("a server's limit holds in a direct message: %s", o.notice)
	}
	// What is refused takes nothing, and time gives back.
	d.clock.move(30 * time.Minute)
	if o := ask(ana); o.ack.Type != ackDeferMessage {
		t.Errorf("after half an hour: %s", o.notice)
	}
	if o := ask(ana); o.ack.Type != ackMessage {
		t.Error("after half an hour one more is allowed, not two")
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(o *Options) { o.Workers, o.Queue = 1, 1 })
	d.discord.heard = make(chan sent, 100)
	hold, started := make(chan struct{}), make(chan struct{}, 3)
	d.engine.ask = func(_ context.Context, q answer.Question) (answer.Answer, error) {
		started <- struct{}{}
		<-hold
		return harbourAnswer(q), nil
	}
	if err := d.bot.Dispatch(t.Context(), d.ask(ana, "How high is the wall?")); err != nil {
		t.Fatal(err)
	}
	<-started
	if err := d.bot.Dispatch(t.Context(), d.ask(ana, "How high is the wall?")); err != nil { // waits
		t.Fatal(err)
	}
	turned := d.ask(bruno, "¿Qué altura tiene el muro?")
	if err := d.bot.Dispatch(t.Context(), turned); err != nil {
		t.Fatal(err)
	}
	d.bot.DispatchMessage(t.Context(), mention(ana, "<@42> how high is the wall?"))
	got := map[string]sent{}
	for len(got) < 2 {
		if s := <-d.discord.heard; s.kind == "edit" || s.kind == "send" {
			got[s.kind] = s
		}
	}
	if s := got["edit"]; s.to != turned.Token || s.message.Content != words.busy.es {
		t.Errorf("edit %+v", s)
	}
	if s := got["send"]; s.message.Content != words.busy.en || s.message.Reference.MessageID == "" {
		t.Errorf("send %+v", s)
	}
	// Where the bot may not speak, or has been asked too often, it makes no excuses either.
	d.bot.settings.changed("501", Settings{Channels: []string{"601"}, PersonPerHour: 9, ServerPerHour: 9, RetentionDays: 1})
	d.bot.settings.changed("502", Settings{PersonPerHour: 1, ServerPerHour: 1, RetentionDays: 1})
	d.bot.DispatchMessage(t.Context(), mention(who{id: "1", guild: "501", channel: "600"}, "<@42> how high is the wall?"))
	d.bot.DispatchMessage(t.Context(), mention(who{id: "1", guild: "502", channel: "600"}, "<@42> how high is the wall?"))
	d.bot.DispatchMessage(t.Context(), mention(who{id: "2", guild: "502", channel: "600"}, "<@42> how high is the wall?"))
	if err := d.bot.notices.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.discord.all("send")); n != 2 {
		t.Errorf("%d excuses in channels, want 2", n)
	}
	close(hold)
	if err := d.bot.pool.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.engine.questions()); n != 2 {
		t.Errorf("%d questions answered, want the one at work and the one waiting", n)
	}
}

// Whoever reads an answer is told that not all of the library was looked at.
func TestBounded(t *testing.T) {
	t.Parallel()
	var all corpus.Date
	month, day := corpus.Date{Year: 2018, Month: 12}, corpus.Date{Year: 2023, Month: 12, Day: 27}
	for _, c := range []struct {
		language string
		from, to corpus.Date
		want     string
	}{
		{"en", all, all, ""},
		{"en", month, all, "Only what is dated from December 2018 on was looked at."},
		{"es", month, all, "Solo se buscó en lo fechado a partir de diciembre de 2018."},
		{"en", all, day, "Only what is dated up to 27 December 2023 was looked at."},
		{"es", month, day, "Solo se buscó en lo fechado entre diciembre de 2018 y 27 de diciembre de 2023."},
	} {
		if got := bounded(c.language, c.from, c.to); got != c.want {
			t.Errorf("from %v to %v: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}
