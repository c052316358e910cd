package bot

import (
	"context"
	"strings"
	"sync"
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
	return func(ctx context.Context) {
		b.do(ctx, m.ID, "msg:", spokenIn(m.Content), true, func(ctx context.Context) error { return b.message(ctx, m, text, arrived) },
			func(ctx context.Context, o Outgoing) error { return b.send(ctx, m, o) })
	}
}

// heard says where a message is answered and for whom; ok is false where its managers want to hear nothing
// of the bot, not even that.
func (b *Bot) heard(ctx context.Context, m *Message, arrived time.Time) (p venue, ok bool) {
	p = venue{id: m.ID, surface: "mention", person: b.persons.name(m.Author.ID), guild: m.GuildID, channel: m.ChannelID,
		lang: spokenIn(m.Content), settings: b.settings.of(ctx, m.GuildID), arrived: arrived}
	if m.GuildID == "" {
		p.surface = "dm"
	}
	if p.settings.Lang != "" {
		p.lang = p.settings.Lang
	}
	ok = p.settings.allows(m.GuildID, m.ChannelID, "") || p.settings.allows(m.GuildID, m.ChannelID, b.threads.parent(ctx, m.ChannelID))
	return p, ok
}

// message answers a message.
func (b *Bot) message(ctx context.Context, m *Message, text string, arrived time.Time) error {
	p, here := b.heard(ctx, m, arrived)
	if !here {
		return nil
	}
	ok, refusal, first := b.allow(p)
	if !ok {
		if !first {
			return nil // said once; who goes on writing is not answered each time
		}
		return b.send(ctx, m, refusal)
	}
	if p.settings.Private {
		return b.send(ctx, m, notice(p.lang, words.privateHere))
	}
	q, no := b.question(text, p.lang)
	if no != nil {
		return b.send(ctx, m, *no)
	}
	q.History = b.history(ctx, p.person, p.channel)
	typing := time.AfterFunc(b.typing, func() { _ = b.rest.Typing(ctx, m.ChannelID) }) // a courtesy: no matter if it fails
	rec, err := b.asked(ctx, p, q)
	typing.Stop()
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

// SetSelf tells the bot its own user id, by which it knows mentions of it. The gateway says it before any message comes;
// Run asks Discord for it as well.
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

// threads knows which channel a thread hangs from. The gateway does not say that of a message, so Discord
// is asked, where it matters: in a server whose managers chose channels.
type threads struct {
	rest *REST
	now  func() time.Time

	mu    sync.Mutex
	known map[string]thread
}

type thread struct {
	parent string
	until  time.Time
}

const (
	threadFresh = 10 * time.Minute
	maxThreads  = 1 << 12 // in memory
)

func (t *threads) init(rest *REST, now func() time.Time) {
	t.rest, t.now, t.known = rest, now, make(map[string]thread)
}

// parent returns the channel or category that a channel hangs from; "" when there is none, or when Discord
// does not say.
func (t *threads) parent(ctx context.Context, channel string) string {
	now := t.now()
	t.mu.Lock()
	known, ok := t.known[channel]
	t.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.parent
	}
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	var got Channel
	err := t.rest.do(ctx, request{route: "GET /channels/{channel}", path: "/channels/" + channel, key: channel, bot: true}, &got)
	if err != nil {
		got = Channel{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= maxThreads {
		clear(t.known)
	}
	t.known[channel] = thread{got.ParentID, now.Add(threadFresh)}
	return got.ParentID
}
