package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"policybot/answer"
)

// maxChecked is how much of a message is checked, in bytes: a message of the longest kind with an embed.
const maxChecked = 12 << 10

// checkMessage acknowledges the message menu: what the library holds of each statement of a message, shown
// to the person alone.
func (b *Bot) checkMessage(e *event) func(context.Context) {
	e.name = "check"
	text := ""
	if m := e.Data.Resolved.Messages[e.Data.TargetID]; m != nil {
		text = messageText(m)
	}
	switch {
	case text == "":
		return e.tell(notice(e.lang, words.unreadable))
	case !spoken(text):
		return e.tell(notice(e.lang, words.checkNothing))
	}
	if refusal := b.admit(e, e.venue("check", true)); refusal != nil {
		return e.tell(*refusal)
	}
	e.deferred(true)
	return b.work(e, true, func(ctx context.Context) error {
		start := b.now()
		findings, err := b.engine.Check(ctx, text, e.settings.Lang)
		if err != nil {
			b.metrics.question("check", e.lang, "failed")
			return fmt.Errorf("check a message: %w", err)
		}
		b.metrics.stage(stageAnswer, b.now().Sub(start))
		b.metrics.question("check", e.lang, "answered")
		return b.reply(ctx, e, renderCheck(findings, b.library, e.lang))
	})
}

// messageText returns all that a message says, a paragraph for each part: its content, the texts of its
// cards, of its components and of messages forwarded in it. "" is a message that cannot be read: a
// picture, a sticker, or parts that this version does not know.
func messageText(m *Message) string {
	var parts []string
	n := 0
	add := func(s string) {
		if s = strings.TrimSpace(s); s == "" || n+len(s) > maxChecked {
			return
		}
		n += len(s)
		parts = append(parts, s)
	}
	var read func(m *Message, depth int)
	read = func(m *Message, depth int) {
		if m == nil || depth > 2 {
			return
		}
		add(m.Content)
		for _, card := range m.Embeds {
			add(card.Title)
			add(card.Description)
			for _, f := range card.Fields {
				add(f.Name)
				add(f.Value)
			}
		}
		for _, s := range displayed(m.Raw, 0) {
			add(s)
		}
		for _, s := range m.Snapshots {
			read(s.Message, depth+1)
		}
	}
	read(m, 0)
	return strings.Join(parts, "\n\n")
}

// kindText is the type of a component that is a text, in messages of Discord's second generation.
const kindText = 10

// displayed returns the texts among components, in order, wherever they are nested.
func displayed(raw json.RawMessage, depth int) []string {
	if len(raw) == 0 || depth > 4 {
		return nil
	}
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return nil
	}
	var out []string
	for _, p := range parts {
		var c struct {
			Type       int             `json:"type"`
			Content    string          `json:"content"`
			Components json.RawMessage `json:"components"`
		}
		if json.Unmarshal(p, &c) != nil {
			continue
		}
		if c.Type == kindText {
			out = append(out, c.Content)
		}
		out = append(out, displayed(c.Components, depth+1)...)
	}
	return out
}

// unmentioned returns what a message says to the bot: its text without the mentions of it.
func unmentioned(text, self string) string {
	if self != "" {
		text = strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(text)
	}
	return answer.Clean(text)
}
