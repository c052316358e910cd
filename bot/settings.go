package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"policybot/lang"
)

// settingsCache keeps the settings of servers in memory for a short while, so that acknowledging waits
// for no state. Another replica's change is seen within settingsFresh.
type settingsCache struct {
	state State
	now   func() time.Time

	mu     sync.Mutex
	guilds map[string]*cachedSettings
}

type cachedSettings struct {
	Settings
	until   time.Time // when they are to be read again
	loading bool
}

const (
	settingsFresh    = 30 * time.Second
	settingsRetry    = 5 * time.Second // after a failure
	settingsDeadline = 250 * time.Millisecond
	maxGuilds        = 1 << 14 // in memory
)

func (s *settingsCache) init(state State, now func() time.Time) {
	s.state, s.now, s.guilds = state, now, make(map[string]*cachedSettings)
}

// of returns the settings of a server. When they cannot be read in time, the last that were known or the
// default ones are returned with Private set: nothing is published by mistake.
func (s *settingsCache) of(ctx context.Context, guild string) Settings {
	if guild == "" {
		return DefaultSettings()
	}
	now := s.now()
	s.mu.Lock()
	known := s.guilds[guild]
	if known != nil && (now.Before(known.until) || known.loading) {
		defer s.mu.Unlock()
		return known.Settings
	}
	last := DefaultSettings()
	if known != nil {
		known.loading = true // one reads them again, the others go on with what is known
		last = known.Settings
	}
	s.mu.Unlock()

	// What is read late is kept for the next time.
	done := make(chan Settings, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stateDeadline)
		defer cancel()
		read, fresh := last, settingsFresh
		err := guard(func() (err error) {
			read, err = s.state.Settings(ctx, guild)
			return err
		})
		if err != nil {
			read, fresh = last, settingsRetry
			read.Private = true
		}
		s.mu.Lock()
		if s.guilds[guild] == known { // else a change was made meanwhile, or another was quicker
			s.keep(guild, read, now.Add(fresh))
		}
		s.mu.Unlock()
		done <- read
	}()
	timer := time.NewTimer(settingsDeadline)
	defer timer.Stop()
	select {
	case read := <-done:
		return read
	case <-timer.C:
	case <-ctx.Done():
	}
	private := last // the reader may still look at last
	private.Private = true
	return private
}

// changed tells of settings that were just stored.
func (s *settingsCache) changed(guild string, to Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(guild, to, s.now().Add(settingsFresh))
}

// keep remembers settings. The caller holds mu.
func (s *settingsCache) keep(guild string, read Settings, until time.Time) {
	if _, ok := s.guilds[guild]; !ok && len(s.guilds) >= maxGuilds {
		clear(s.guilds) // they are read again as they are needed
	}
	s.guilds[guild] = &cachedSettings{Settings: read, until: until}
}

// manage acknowledges /settings. That the person may is looked at here, whatever Discord lets through.
func (b *Bot) manage(e *event) func(context.Context) {
	e.name = "settings"
	if e.GuildID == "" {
		return e.tell(notice(e.lang, words.guildOnly))
	}
	if !e.ManagesServer() || e.person == "" {
		return e.tell(notice(e.lang, words.notAllowed))
	}
	if len(e.Data.Options) == 0 {
		return e.tell(notice(e.lang, words.unknownCommand))
	}
	sub := e.Data.Options[0]
	var change func(*Settings) *Outgoing // nil only shows
	switch {
	case sub.Name == subShow:
	case sub.Name == subSet:
		change = func(s *Settings) *Outgoing { return set(s, sub.Options, e.lang) }
	case sub.Name == subChannels && len(sub.Options) > 0:
		sub = sub.Options[0]
		if sub.Name != subAdd && sub.Name != subRemove {
			return e.tell(notice(e.lang, words.unknownCommand))
		}
		change = func(s *Settings) *Outgoing { return setChannel(s, sub, e.lang) }
	default:
		return e.tell(notice(e.lang, words.unknownCommand))
	}
	e.deferred(true)
	return b.work(e, change != nil, func(ctx context.Context) error {
		m, err := b.settle(ctx, e, change)
		if err != nil {
			return err
		}
		return b.reply(ctx, e, m)
	})
}

// settle makes a change of a server's settings, if it is one, and shows how they then are.
func (b *Bot) settle(ctx context.Context, e *event, change func(*Settings) *Outgoing) (Outgoing, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*stateDeadline)
	defer cancel()
	before, err := b.state.Settings(ctx, e.GuildID)
	if err != nil {
		return Outgoing{}, fmt.Errorf("read the settings: %w", err)
	}
	after, head := before, ""
	after.Channels = slices.Clone(before.Channels)
	if change != nil {
		if refusal := change(&after); refusal != nil {
			return *refusal, nil
		}
		detail := differences(before, after, lang.English)
		if len(detail) == 0 {
			head = say(e.lang, words.settingsSame)
		} else {
			entry := AuditEntry{At: b.now(), Person: e.person, Action: "settings", Detail: strings.Join(detail, "; ")}
			if err := b.state.SetSettings(ctx, e.GuildID, after, entry); err != nil {
				return Outgoing{}, fmt.Errorf("store the settings: %w", err)
			}
			b.settings.changed(e.GuildID, after)
			b.log.Info("settings changed", "guild", e.GuildID)
			head = "**" + say(e.lang, words.settingsSaved) + "**"
			for _, line := range differences(before, after, e.lang) {
				head += "\n- " + linkChannels(Escape(line))
			}
		}
	}
	audit, err := b.state.Audit(ctx, e.GuildID, 5)
	if err != nil {
		b.log.Error("cannot read the audit log", "err", err)
	}
	return renderSettings(after, audit, head, e.lang), nil
}

// set applies the options of /settings set; refusal says what is out of bounds.
func set(s *Settings, options []Option, language string) (refusal *Outgoing) {
	for _, o := range options {
		n, isNumber := o.Int()
		least, most, field := int64(minPerHour), int64(0), (*int)(nil)
		switch o.Name {
		case optPrivate:
			s.Private = o.Bool()
		case optLanguage:
			switch v := o.String(); v {
			case langEnglish, langSpanish:
				s.Lang = v
			case langAsker:
				s.Lang = ""
			}
		case optPerPerson:
			most, field = maxPerPerson, &s.PersonPerHour
		case optPerServer:
			most, field = maxPerServer, &s.ServerPerHour
		case optRetention:
			least, most, field = minRetention, maxRetention, &s.RetentionDays
		}
		if field == nil {
			continue
		}
		if !isNumber || n < least || n > most {
			m := notice(language, words.badNumber, least, most)
			return &m
		}
		*field = int(n)
	}
	return nil
}

// setChannel adds a channel to those that the bot answers in, or takes one away.
func setChannel(s *Settings, sub Option, language string) (refusal *Outgoing) {
	id := ""
	for _, o := range sub.Options {
		if o.Name == optChannel {
			id = o.String()
		}
	}
	listed := slices.Contains(s.Channels, id)
	switch {
	case !snowflake(id) || sub.Name == subRemove && !listed:
		m := notice(language, words.badChannel)
		return &m
	case sub.Name == subRemove:
		s.Channels = slices.DeleteFunc(s.Channels, func(c string) bool { return c == id })
	case !listed && len(s.Channels) >= maxChannels:
		m := notice(language, words.tooManyChannels, maxChannels)
		return &m
	case !listed:
		s.Channels = append(s.Channels, id)
	}
	return nil
}

// differences says what changed between two settings, a line for each: "Language: the asker's → English".
// The audit log keeps it in English.
func differences(before, after Settings, language string) []string {
	was, is := settingLines(before, language), settingLines(after, language)
	var out []string
	for i := range was {
		if was[i].value != is[i].value {
			out = append(out, was[i].name+": "+was[i].value+" → "+is[i].value)
		}
	}
	return out
}

// change returns a change from the audit log, as differences wrote it in English, in a language. What it
// does not know, from another version, stays as it is.
func change(detail, language string) string {
	if language != lang.Spanish {
		return detail
	}
	en, es := settingLines(DefaultSettings(), lang.English), settingLines(DefaultSettings(), lang.Spanish)
	value := func(s string) string {
		for _, p := range []phrase{words.everywhere, words.yes, words.no, words.asker, words.english, words.spanish} {
			if s == p.en {
				return p.es
			}
		}
		for _, p := range []phrase{words.perHour, words.days} {
			var n int
			if _, err := fmt.Sscanf(s, p.en, &n); err == nil && s == fmt.Sprintf(p.en, n) {
				return fmt.Sprintf(p.es, n)
			}
		}
		return s
	}
	parts := strings.Split(detail, "; ")
	for i, part := range parts {
		for j := range en {
			values, ok := strings.CutPrefix(part, en[j].name+": ")
			if was, is, both := strings.Cut(values, " → "); ok && both {
				parts[i] = es[j].name + ": " + value(was) + " → " + value(is)
			}
		}
	}
	return strings.Join(parts, "; ")
}

type settingLine struct{ name, value string }

// settingLines writes settings in words, each a line, always in the same order.
func settingLines(s Settings, language string) []settingLine {
	channels, private, speaks := say(language, words.everywhere), words.no, say(language, words.asker)
	if len(s.Channels) > 0 {
		channels = strings.Join(s.Channels, ", ")
	}
	if s.Private {
		private = words.yes
	}
	if s.Lang != "" {
		speaks = languageName(language, s.Lang)
	}
	return []settingLine{
		{say(language, words.channels), channels},
		{say(language, words.private), say(language, private)},
		{say(language, words.language), speaks},
		{say(language, words.perPerson), say(language, words.perHour, s.PersonPerHour)},
		{say(language, words.perServer), say(language, words.perHour, s.ServerPerHour)},
		{say(language, words.retention), say(language, words.days, s.RetentionDays)},
	}
}
