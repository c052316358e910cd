package bot

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestSettingsRights(t *testing.T) {
	t.Parallel()
	set := sub(subSet, opt(optPrivate, true))
	group := map[string]any{"name": subChannels, "type": optionGroup, "options": []any{sub(subAdd, map[string]any{"name": optChannel, "type": optionChannel, "value": "601"})}}
	for _, c := range []struct {
		name string
		who  who
		sub  any
		want string // refusal; "" is allowed
	}{
		{"manager", chief, set, ""},
		{"administrator", who{id: "1", guild: "500", channel: "600", permissions: "8"}, set, ""},
		{"manager among other rights", who{id: "1", guild: "500", channel: "600", permissions: "2147483680"}, group, ""},
		{"member changes", ana, set, words.notAllowed.en},
		{"member changes channels", ana, group, words.notAllowed.en},
		{"member looks", bruno, sub(subShow), words.notAllowed.es},
		{"no permissions", who{id: "1", guild: "500", channel: "600", permissions: "0"}, set, words.notAllowed.en},
		{"negative permissions", who{id: "1", guild: "500", channel: "600", permissions: "-1"}, set, words.notAllowed.en},
		{"nobody", who{guild: "500", channel: "600"}, set, words.notAllowed.en},
		{"direct message", dora, set, words.guildOnly.es},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			o := d.do(d.slash(c.who, cmdSettings, c.sub))
			changed := d.state.called("SetSettings") > 0
			if c.want == "" {
				if o.ack.Type != ackDeferMessage || !o.private || !changed {
					t.Errorf("type %d, private %v, changed %v: %s", o.ack.Type, o.private, changed, o.notice)
				}
				return
			}
			if o.ack.Type != ackMessage || o.notice != c.want || changed || d.state.called("Audit") > 0 {
				t.Errorf("type %d, changed %v: %q, want %q", o.ack.Type, changed, o.notice, c.want)
			}
		})
	}
}

func TestSettingsChange(t *testing.T) {
	t.Parallel()
	channel := func(id string) any { return map[string]any{"name": optChannel, "type": optionChannel, "value": id} }
	group := func(name, id string) any {
		return map[string]any{"name": subChannels, "type": optionGroup, "options": []any{sub(name, channel(id))}}
	}
	fifty := DefaultSettings()
	for n := range maxChannels {
		fifty.Channels = append(fifty.Channels, strconv.Itoa(7000+n))
	}
	listed := DefaultSettings()
	listed.Channels = []string{"601"}
	for _, c := range []struct {
		name   string
		before Settings
		sub    any
		check  func(Settings) bool
		detail string // of the audit log; "" when nothing changed
		shown  string
	}{
		{"private", DefaultSettings(), sub(subSet, opt(optPrivate, true)), func(s Settings) bool { return s.Private }, "Private answers by default: no → yes", "no → yes"},
		{"language", DefaultSettings(), sub(subSet, opt(optLanguage, "es")), func(s Settings) bool { return s.Lang == "es" }, "the asker's → Spanish", "Language: Spanish"},
		{"language unknown", DefaultSettings(), sub(subSet, opt(optLanguage, "tlh")), func(s Settings) bool { return s.Lang == "" }, "", words.settingsSame.en},
		{"several", DefaultSettings(), sub(subSet, opt(optPerPerson, 5), opt(optPerServer, 50), opt(optRetention, 7)),
			func(s Settings) bool { return s.PersonPerHour == 5 && s.ServerPerHour == 50 && s.RetentionDays == 7 }, "30 per hour → 5 per hour", "7 days"},
		{"nothing new", DefaultSettings(), sub(subSet, opt(optPerPerson, 30)), func(s Settings) bool { return s.PersonPerHour == 30 }, "", words.settingsSame.en},
		{"nothing at all", DefaultSettings(), sub(subSet), func(s Settings) bool { return !s.Private }, "", words.settingsSame.en},
		{"too small", DefaultSettings(), sub(subSet, opt(optPrivate, true), opt(optPerPerson, 0)), func(s Settings) bool { return !s.Private && s.PersonPerHour == 30 }, "", "between 1 and 1000"},
		{"too large", DefaultSettings(), sub(subSet, opt(optRetention, 100000)), func(s Settings) bool { return s.RetentionDays == 90 }, "", "between 1 and 730"},
		{"no number", DefaultSettings(), sub(subSet, opt(optPerServer, "many")), func(s Settings) bool { return s.ServerPerHour == 600 }, "", "between 1 and 100000"},
		{"add a channel", DefaultSettings(), group(subAdd, "601"), func(s Settings) bool { return len(s.Channels) == 1 && s.Channels[0] == "601" }, "all channels → 601", "<#601>"},
		{"add a second", listed, group(subAdd, "602"), func(s Settings) bool { return len(s.Channels) == 2 }, "601 → 601, 602", "<#601>, <#602>"},
		{"add one again", listed, group(subAdd, "601"), func(s Settings) bool { return len(s.Channels) == 1 }, "", words.settingsSame.en},
		{"remove a channel", listed, group(subRemove, "601"), func(s Settings) bool { return len(s.Channels) == 0 }, "601 → all channels", "all channels"},
		{"remove what is not there", listed, group(subRemove, "605"), func(s Settings) bool { return len(s.Channels) == 1 }, "", words.badChannel.en},
		{"no channel", listed, group(subAdd, "general"), func(s Settings) bool { return len(s.Channels) == 1 }, "", words.badChannel.en},
		{"too many", fifty, group(subAdd, "601"), func(s Settings) bool { return len(s.Channels) == maxChannels }, "", "50 channels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.state.settings["500"] = c.before
			o := d.do(d.slash(chief, cmdSettings, c.sub))
			if len(o.sent) != 1 || !strings.Contains(o.edit.Content, c.shown) {
				t.Errorf("shown %v, want %q", o.sent, c.shown)
			}
			if got := d.state.settings["500"]; !c.check(got) {
				t.Errorf("settings %+v", got)
			}
			audit := d.state.audit["500"]
			switch {
			case c.detail == "" && len(audit) > 0:
				t.Errorf("audit %+v for no change", audit)
			case c.detail != "" && (len(audit) != 1 || !strings.Contains(audit[0].Detail, c.detail) || audit[0].Person != d.bot.persons.name(chief.id) ||
				audit[0].Action != "settings" || !audit[0].At.Equal(d.clock.now())):
				t.Errorf("audit %+v, want %q", audit, c.detail)
			}
		})
	}
}

// A change holds at once where it was made, and soon where it was not.
func TestSettingsTakeEffect(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other, err := New(t.Context(), Options{Engine: d.engine, Library: d.bot.library, State: d.state, REST: d.bot.rest, Now: d.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	private := func(b *Bot) bool {
		ack, _ := b.Handle(t.Context(), d.ask(ana, "How high is the wall?"))
		return ack.Message.Ephemeral
	}
	if private(d.bot) || private(other) {
		t.Fatal("private by default")
	}
	d.do(d.slash(chief, cmdSettings, sub(subSet, opt(optPrivate, true))))
	if !private(d.bot) {
		t.Error("not in force where it was made")
	}
	d.clock.move(settingsFresh)
	if !private(other) {
		t.Error("not in force elsewhere")
	}
}

func TestSettingsCache(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := &d.bot.settings
	for range 100 {
		c.of(t.Context(), "500")
		c.of(t.Context(), "")
	}
	if n := d.state.called("Settings"); n != 1 {
		t.Errorf("read %d times", n)
	}
	// A failing state is not asked each time, and what it said last is kept, but private.
	d.clock.move(settingsFresh)
	d.state.settings["500"] = Settings{Lang: "es", PersonPerHour: 3, ServerPerHour: 4, RetentionDays: 5}
	c.of(t.Context(), "500")
	d.clock.move(settingsFresh)
	d.state.failing(failAll("Settings"))
	for range 100 {
		if s := c.of(t.Context(), "500"); s.PersonPerHour != 3 || s.Lang != "es" || !s.Private {
			t.Fatalf("settings %+v", s)
		}
	}
	if n := d.state.called("Settings"); n != 3 {
		t.Errorf("read %d times", n)
	}
	d.state.failing(nil)
	d.clock.move(settingsRetry)
	if s := c.of(t.Context(), "500"); s.Private {
		t.Error("still private though the state is back")
	}
	for n := range 2 * maxGuilds {
		c.of(t.Context(), strconv.Itoa(n))
	}
	if n := len(c.guilds); n > maxGuilds {
		t.Errorf("%d servers in memory", n)
	}
}

// A state that hangs delays an acknowledgement by no more than the cache allows it.
func TestSettingsHang(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	release := make(chan struct{})
	d.state.failing(func(m string) error {
		if m == "Settings" {
			<-release
		}
		return nil
	})
	ack, _ := d.bot.Handle(t.Context(), d.ask(ana, "How high is the wall?"))
	if ack.Type != ackDeferMessage || !ack.Message.Ephemeral {
		t.Errorf("type %d", ack.Type)
	}
	close(release)
}

func TestSettingsStateFails(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.state.failing(failAll("SetSettings"))
	if o := d.do(d.slash(chief, cmdSettings, sub(subSet, opt(optPrivate, true)))); !strings.Contains(o.edit.Content, "went wrong") {
		t.Errorf("a change that is lost is passed off as made: %v", o.sent)
	}
	d.state.failing(failAll("Audit"))
	if o := d.do(d.slash(chief, cmdSettings, sub(subShow))); !strings.Contains(o.edit.Content, words.settingsTitle.en) {
		t.Errorf("%v", o.sent)
	}
}

func TestSettingsShow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(d.slash(chief, cmdSettings, sub(subSet, opt(optPrivate, true))))
	d.clock.move(24 * time.Hour)
	spanish := chief
	spanish.locale = "es-419"
	if o := d.do(d.slash(spanish, cmdSettings, sub(subSet, opt(optRetention, 30)))); !strings.Contains(o.edit.Content, "**Guardado**\n- Se guarda durante: 90 días → 30 días") {
		t.Errorf("%s", o.edit.Content)
	}
	boss := chief
	boss.locale = "es-ES"
	o := d.do(d.slash(boss, cmdSettings, sub(subShow)))
	for _, want := range []string{words.settingsTitle.es, "30 por hora", "600 por hora", "30 días", "no → sí", "1 de marzo de 2024"} {
		if !strings.Contains(o.edit.Content, want) {
			t.Errorf("no %q in %s", want, o.edit.Content)
		}
	}
}

func TestSourceList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		who   who
		query string
		want  []string
		not   []string
	}{
		{"all", ana, "", []string{"A higher wall", "Mussels return", "Reabren el faro", "Sources in the library: 4"}, nil},
		{"all in Spanish", bruno, "", []string{"Fuentes en la biblioteca: 4"}, nil},
		{"publisher", ana, "bay post", []string{"A higher wall", "Mussels return"}, []string{"faro"}},
		{"title without accents", ana, "reabren faro", []string{"Reabren el faro", "El Muelle", "Spanish"}, []string{"wall"}},
		{"half a word", ana, "muss", []string{"Mussels return"}, []string{"wall"}},
		{"topic", ana, "harbour-works", []string{"A higher wall", "harbour works"}, []string{"Mussels"}},
		{"topic in Spanish", bruno, "visas trabajo", []string{"Mussels return"}, []string{"wall"}},
		{"suggestion", ana, "article:faro", []string{"Reabren el faro"}, []string{"wall"}},
		{"suggestion that is gone", ana, "article:gone", []string{"No source matches"}, nil},
		{"nothing", bruno, "cráteres", []string{"Ninguna fuente"}, nil},
		{"hostile", ana, "@everyone <@&7> [x](https://evil.example)", []string{"No source matches"}, nil},
		{"hostile title", ana, "article:spite", []string{"Ω"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			var options []any
			if c.query != "" {
				options = append(options, opt(optQuery, c.query))
			}
			o := d.do(d.slash(c.who, cmdSources, options...))
			if o.ack.Type != ackMessage || !o.private || len(o.sent) > 0 {
				t.Errorf("type %d, private %v", o.ack.Type, o.private)
			}
			for _, s := range c.want {
				if !strings.Contains(o.notice, s) {
					t.Errorf("no %q in %s", s, o.notice)
				}
			}
			for _, s := range c.not {
				if strings.Contains(o.notice, s) {
					t.Errorf("%q in %s", s, o.notice)
				}
			}
		})
	}
	t.Run("pages", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, func(o *Options) { o.Library = many(25) })
		o := d.do(d.slash(ana, cmdSources))
		mine := ana
		mine.private = true
		if len(o.ack.Message.Rows) != 1 {
			t.Fatalf("no button for more: %s", o.notice)
		}
		o = d.do(d.pressed(mine, o.ack.Message.Rows[0][0].CustomID))
		if o.ack.Type != ackUpdate || !strings.Contains(o.notice, "Page 2 of 3") || len(o.sent) > 0 {
			t.Errorf("type %d: %s", o.ack.Type, o.notice)
		}
	})
}

// The audit log is kept in English and read in either language.
func TestChangeInSpanish(t *testing.T) {
	t.Parallel()
	all := []Settings{
		DefaultSettings(), {Private: true, Lang: "en", PersonPerHour: 1, ServerPerHour: 100000, RetentionDays: 730},
		{Channels: []string{"1100000000000000011", "1100000000000000012"}, Lang: "es", PersonPerHour: 30, ServerPerHour: 2, RetentionDays: 1},
	}
	for _, before := range all {
		for _, after := range all {
			kept := strings.Join(differences(before, after, "en"), "; ")
			if got, want := change(kept, "es"), strings.Join(differences(before, after, "es"), "; "); got != want {
				t.Errorf("%q reads %q, want %q", kept, got, want)
			}
			if got := change(kept, "en"); got != kept {
				t.Errorf("%q reads %q in English", kept, got)
			}
		}
	}
	for _, other := range []string{"", "→", "Fonts: a → b", "Language: the asker's"} {
		if got := change(other, "es"); got != other {
			t.Errorf("%q reads %q", other, got)
		}
	}
}
