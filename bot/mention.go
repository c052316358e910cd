package bot

import (
	"context"
	"strings"
	"time"
)

// Message types of Discord that people write; others tell of pins, boosts and the like.
const (
	messageDefault = 0
	messageReply   = 19
)

// HandleMessage returns the work that a message gives: nil for one that is not for the bot. It is for the
// bot when a person writes it in a direct message, or mentions the bot in its text; a reply that merely
// notifies the bot is talk among people. What is returned waits for the state as it needs.
func (b *Bot) HandleMessage(_ context.Context, m *Message) func(context.Context) {
	if m == nil || m.Author == nil || m.Author.ID == "" || m.Author.Bot || m.WebhookID != "" || !snowflake(m.ID) || !snowflake(m.ChannelID) ||
		m.Type != messageDefault && m.Type != messageReply {
		return nil
	}
	self := b.selfID()
	if m.Author.ID == self {
		return nil
	}
	if m.GuildID != "" && (self == "" || !strings.Contains(m.Content, "<@"+self+">") && !strings.Contains(m.Content, "<@!"+self+">")) {
		return nil
	}
	text := unmentioned(m.Content, self)
	if !spoken(text) {
		return nil
	}
	arrived := b.now()
	language := spokenIn(text)
	return func(ctx context.Context) {
		b.do(ctx, m.ID, "msg:", language, true, func(ctx context.Context) error { return b.message(ctx, m, text, language, arrived) },
			func(ctx context.Context, o Outgoing) error { return b.send(ctx, m, o) })
	}
}

// message answers a message.
func (b *Bot) message(ctx context.Context, m *Message, text, language string, arrived time.Time) error {
	s := b.settings.of(ctx, m.GuildID)
	if s.Lang != "" {
		language = s.Lang
	}
	if !s.allows(m.GuildID, m.ChannelID, "") {
		return nil // here its managers want to hear nothing of the bot, not even that
	}
	p := place{person: b.persons.name(m.Author.ID), guild: m.GuildID, channel: m.ChannelID, lang: language, settings: s, id: m.ID,
		surface: "mention", arrived: arrived}
	if m.GuildID == "" {
		p.surface = "dm"
	}
	ok, refusal, first := b.allow(p)
	if !ok {
		if !first {
			return nil // said once; who goes on writing is not answered each time
		}
		return b.send(ctx, m, refusal)
	}
	if s.Private {
		return b.send(ctx, m, notice(language, words.privateHere))
	}
	q, no := b.question(text, language)
	if no != nil {
		return b.send(ctx, m, *no)
	}
	q.History = b.history(ctx, p.person, p.channel)
	rec, err := b.asked(ctx, p, q)
	if err != nil {
		return err
	}
	out, start := b.kept(ctx, p, rec), b.now()
	if err := b.send(ctx, m, out); err != nil {
		return err
	}
	b.metrics.stage(stageEdit, b.now().Sub(start))
	b.metrics.stage(stageTotal, b.now().Sub(arrived))
	return nil
}

// SetSelf tells the bot its own user id, by which it knows mentions of it. Run asks Discord for it.
func (b *Bot) SetSelf(id string) {
	if snowflake(id) {
		b.self.Store(&id)
	}
}

func (b *Bot) selfID() string {
	if id := b.self.Load(); id != nil {
		return *id
	}
	return ""
}
