package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"policybot/answer"
	"policybot/corpus"
	"policybot/lang"
)

// component acknowledges a press of a button or a choice in a select. Buttons outlive what they speak
// of: a version or a verb that is not known, or an answer that is gone, gets a kind word.
func (b *Bot) component(e *event) func(context.Context) {
	id, ok := parseCustomID(e.Data.CustomID)
	if !ok {
		return e.tell(notice(e.lang, words.expired))
	}
	e.name = id.Verb
	if refusal := b.press(e); refusal != nil {
		return e.tell(*refusal)
	}
	switch id.Verb {
	case verbSources:
		return b.sources(e, id)
	case verbFollow:
		return b.followUp(e, id)
	case verbShare:
		return b.share(e, id)
	case verbUp:
		e.deferred(true)
		return b.vote(e, Vote{Answer: id.No, Up: true}, words.thanks)
	case verbDown:
		return e.tell(renderReasons(id.No, e.lang))
	case verbReason:
		e.deferredUpdate()
		return b.vote(e, Vote{Answer: id.No, Reason: reason(e.Data.Values)}, words.thanksReason)
	case verbNear:
		return b.near(e, id)
	case verbList:
		m := b.sourceList("", id.Page(), e.lang)
		if !e.ephemeral() {
			return e.tell(m)
		}
		e.ack = Ack{Type: ackUpdate, Message: &m}
		return nil
	case verbForget:
		return b.forget(e)
	}
	return e.tell(notice(e.lang, words.expired))
}

// press takes from the bucket of presses, which is there to stop a machine.
func (b *Bot) press(e *event) *Outgoing {
	if e.person == "" {
		return nil
	}
	now := b.now()
	if ok, retry, _, _ := b.presses.take(now, rateKey{e.person, pressesPerHour}); !ok {
		m := notice(e.lang, words.pressed, wait(e.lang, retry.Sub(now)))
		return &m
	}
	return nil
}

// sources shows the passages behind an answer to whoever may see the answer. The first press opens a
// message of the presser's own, which turning the page changes.
func (b *Bot) sources(e *event, id customID) func(context.Context) {
	turning := e.ephemeral() && id.Arg != ""
	if turning {
		e.deferredUpdate()
	} else {
		e.deferred(true)
	}
	return b.work(e, false, func(ctx context.Context) error {
		rec, refusal, err := b.record(ctx, e, id.No)
		if err != nil {
			return err
		}
		if refusal != nil {
			return b.reply(ctx, e, *refusal)
		}
		rec.Lang = e.lang // of who looks, which need not be the asker
		m := renderSources(rec, b.library, id.Page())
		if turning {
			return b.update(ctx, e, m)
		}
		return b.reply(ctx, e, m)
	})
}

// argPrivate marks the form of a follow-up whose answer is for the asker alone.
const argPrivate = "private"

// followUp opens the form for a further question.
func (b *Bot) followUp(e *event, id customID) func(context.Context) {
	id.Arg = ""
	if e.ephemeral() {
		id.Arg = argPrivate
	}
	m := renderFollowUp(id, e.lang)
	e.ack = Ack{Type: ackModal, Modal: &m}
	return nil
}

// form acknowledges a submitted form: a follow-up is answered with what was asked before.
func (b *Bot) form(e *event) func(context.Context) {
	id, ok := parseCustomID(e.Data.CustomID)
	if !ok || id.Verb != verbFollow {
		return e.tell(notice(e.lang, words.expired))
	}
	e.name = "follow-up"
	p := e.venue("follow_up", e.settings.Private || id.Arg == argPrivate || e.ephemeral())
	q, refusal := b.question(e.Data.Inputs()[inputQuestion], e.lang)
	if refusal == nil {
		refusal = b.admit(e, p)
	}
	if refusal != nil {
		return e.tell(*refusal)
	}
	e.deferred(p.private)
	return b.work(e, true, func(ctx context.Context) error {
		q.History = b.history(ctx, e.person, e.ChannelID)
		// The answer under which the button was pressed is what the question leans on first.
		rec, refusal, err := b.record(ctx, e, id.No)
		switch {
		case err != nil:
			b.log.Error("cannot read the answer followed up; answering without it", "id", e.ID, "err", err)
		case refusal == nil:
			q.History = leaning(q.History, answer.Turn{Q: rec.Answer.Question, A: rec.Answer.Text})
		}
		return b.deliver(ctx, e, p, q)
	})
}

// leaning returns a history whose last turn is a given one.
func leaning(history []answer.Turn, last answer.Turn) []answer.Turn {
	if last.Q == "" {
		return history
	}
	history = slices.DeleteFunc(slices.Clone(history), func(t answer.Turn) bool { return t.Q == last.Q })
	return append(history[max(0, len(history)-maxTurns+1):], last)
}

// share publishes a private answer, for the person who asked and once. It is acknowledged as a change of
// the private message: a message sent right after a deferred reply would take its place and stay private.
func (b *Bot) share(e *event, id customID) func(context.Context) {
	if !e.settings.allows(e.GuildID, e.ChannelID, e.parent()) {
		return e.tell(elsewhere(e))
	}
	e.deferredUpdate()
	return b.work(e, true, func(ctx context.Context) error {
		rec, refusal, err := b.record(ctx, e, id.No)
		switch {
		case err != nil:
			return err
		case refusal != nil:
			return b.reply(ctx, e, *refusal)
		case !e.asked(rec):
			return b.reply(ctx, e, notice(e.lang, words.notYours))
		case rec.Public:
			return b.reply(ctx, e, notice(e.lang, words.alreadyShared))
		}
		// Two presses at once: the claim lets one through; when sending fails it runs out soon.
		key := "share:" + strconv.FormatInt(rec.No, 10)
		sctx, cancel := context.WithTimeout(ctx, stateDeadline)
		first, err := b.state.Once(sctx, key, 2*time.Minute)
		cancel()
		if err != nil {
			return fmt.Errorf("claim the sharing of an answer: %w", err)
		}
		if !first {
			return b.reply(ctx, e, notice(e.lang, words.alreadyShared))
		}
		rec.Public = true
		m := b.fitted(renderAnswer(rec, renderOptions{Question: true}), e.lang, e.ID)
		m.Ephemeral = false
		if _, err := b.rest.FollowUp(ctx, e.Interaction, m); err != nil {
			return fmt.Errorf("share an answer: %w", err)
		}
		sctx, cancel = context.WithTimeout(ctx, stateDeadline)
		defer cancel()
		if err := b.state.Publish(sctx, rec.No); err != nil {
			b.log.Error("cannot note that an answer was shared; its buttons work for the asker alone", "id", e.ID, "err", err)
		}
		// The private message no longer offers to share. That it still would is no failure of the sharing.
		if err := b.update(ctx, e, renderAnswer(rec, renderOptions{Question: true})); err != nil {
			b.log.Warn("cannot take the button away from an answer that was shared", "id", e.ID, "err", err)
		}
		return nil
	})
}

// vote records what a person thinks of an answer that she can see.
func (b *Bot) vote(e *event, v Vote, thanks phrase) func(context.Context) {
	return b.work(e, false, func(ctx context.Context) error {
		_, refusal, err := b.record(ctx, e, v.Answer)
		if err != nil {
			return err
		}
		m := notice(e.lang, thanks)
		switch {
		case refusal != nil:
			m = *refusal
		case e.person == "":
			return errors.New("a vote of nobody: the payload names no user")
		default:
			v.Person, v.At = e.person, b.now()
			vctx, cancel := context.WithTimeout(ctx, stateDeadline)
			defer cancel()
			err := b.state.Vote(vctx, v)
			if errors.Is(err, ErrNotFound) { // it went meanwhile
				m = notice(e.lang, words.expired)
			} else if err != nil {
				return fmt.Errorf("record a vote: %w", err)
			}
		}
		if e.ack.Type == ackDeferUpdate && e.ephemeral() {
			return b.update(ctx, e, m) // the select has done its work
		}
		return b.reply(ctx, e, m)
	})
}

// reason reads the choice of a reason; anything else than what was offered is another reason.
func reason(values []string) string {
	offered := []string{reasonOutdated, reasonSource, reasonQuote, reasonBiased, reasonOther}
	if len(values) == 1 && slices.Contains(offered, values[0]) {
		return values[0]
	}
	return reasonOther
}

// near asks about one of the topics that an answer named as covered nearby. What the engine does not
// answer from a title alone is shown as the source that it is.
func (b *Bot) near(e *event, id customID) func(context.Context) {
	p := e.venue("topic", e.settings.Private || e.ephemeral())
	if refusal := b.admit(e, p); refusal != nil {
		return e.tell(*refusal)
	}
	e.deferred(p.private)
	return b.work(e, true, func(ctx context.Context) error {
		rec, refusal, err := b.record(ctx, e, id.No)
		if err != nil {
			return err
		}
		if refusal == nil && id.Page() >= len(rec.Answer.Related) {
			m := notice(e.lang, words.expired)
			refusal = &m
		}
		if refusal != nil {
			return b.reply(ctx, e, *refusal)
		}
		title := rec.Answer.Related[id.Page()]
		got, err := b.asked(ctx, p, answer.Question{Text: title, Lang: rec.Answer.Lang})
		if err != nil {
			return err
		}
		if got.Answer.Status == answer.Answered {
			return b.show(ctx, e, p, got)
		}
		var found []*corpus.Article
		for _, entry := range b.catalog.listing().entries {
			if entry.article.Title == title {
				found = append(found, entry.article)
			}
		}
		return b.reply(ctx, e, renderSourceList(found, title, 0, e.lang))
	})
}

// sourceList shows a page of the sources that a text names, all of them for none.
func (b *Bot) sourceList(query string, page int, language string) Outgoing {
	found := b.catalog.find(query)
	if a := b.catalog.named(query); a != nil {
		query = cmp.Or(a.Title, a.ID)
	}
	return renderSourceList(found, answer.Clean(query), page, language)
}

// privacy acknowledges /privacy forget-me: what it does cannot be undone, so it is asked for twice.
func (b *Bot) privacy(e *event) func(context.Context) {
	e.name = "forget"
	if len(e.Data.Options) == 0 || e.Data.Options[0].Name != subForget {
		return e.tell(notice(e.lang, words.unknownCommand))
	}
	return e.tell(renderForget(e.lang))
}

// forget removes everything that is kept of the person who pressed, in the state and in memory.
func (b *Bot) forget(e *event) func(context.Context) {
	e.deferredUpdate()
	return b.work(e, false, func(ctx context.Context) error {
		if e.person == "" {
			return errors.New("nobody to forget: the payload names no user")
		}
		rows, err := b.state.Forget(ctx, e.person)
		if err != nil {
			return fmt.Errorf("forget a person: %w", err)
		}
		b.forgetMe(e.person)
		m := notice(e.lang, words.forgotten, rows)
		if rows == 0 {
			m = notice(e.lang, words.forgottenNone)
		}
		b.log.Info("a person was forgotten", "rows", rows)
		if e.ephemeral() {
			return b.update(ctx, e, m)
		}
		return b.reply(ctx, e, m)
	})
}

// forgetMe drops the person's buckets: all that memory holds of anybody. Since that also gives her a new
// allowance, no more than forgetsPerHour people are forgotten so at once; the buckets of others say
// nothing but how many questions somebody asked, and are gone within the hour.
func (b *Bot) forgetMe(person string) {
	if ok, _, _, _ := b.forgets.take(b.now(), rateKey{"", forgetsPerHour}); !ok {
		return
	}
	hers := func(key string) bool { return key == person || strings.HasSuffix(key, "/"+person) }
	b.questions.forget(hers)
	b.presses.forget(hers)
}

// spokenIn returns the language to speak to the author of a message in: that of the message.
func spokenIn(text string) string {
	if lang.Detect(text) == lang.Spanish {
		return lang.Spanish
	}
	return lang.English
}
