package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"policybot/answer"
	"policybot/corpus"
	"policybot/lang"
)

// command acknowledges a slash command or a message's menu.
func (b *Bot) command(e *event) func(context.Context) {
	switch {
	case e.Data.Kind == kindMessage:
		return b.checkMessage(e)
	case e.Data.Name == cmdAsk:
		return b.ask(e)
	case e.Data.Name == cmdSources:
		e.name = cmdSources
		query, _ := e.Data.option(optQuery)
		return e.tell(b.sourceList(query.String(), 0, e.lang))
	case e.Data.Name == cmdAbout:
		e.name = cmdAbout
		return e.tell(b.about(e))
	case e.Data.Name == cmdPrivacy:
		return b.privacy(e)
	case e.Data.Name == cmdSettings:
		return b.manage(e)
	}
	return e.tell(notice(e.lang, words.unknownCommand))
}

// about tells what the library covers and what the bot does not do.
func (b *Bot) about(e *event) Outgoing {
	l := b.catalog.listing()
	info := aboutInfo{Sources: len(l.entries), Oldest: l.oldest, Newest: l.newest, Retention: e.settings.RetentionDays, Version: b.version}
	return renderAbout(info, e.lang)
}

// autocomplete completes what is being typed after /sources; nothing else is completed.
func (b *Bot) autocomplete(e *event) {
	if e.Data.Name != cmdSources {
		return
	}
	for _, o := range e.Data.Options {
		if o.Focused {
			e.ack.Choices = b.catalog.suggest(o.String(), e.lang)
		}
	}
}

// venue is where an answer appears, and for whom.
type venue struct {
	id                     string // of the interaction or message, for logs
	surface                string // for metrics: "ask", "follow_up", "topic", "mention", "dm"
	person, guild, channel string
	lang                   string // of the interface
	settings               Settings
	private                bool
	question               bool // shown above the answer: nothing else on the screen says what was asked
	arrived                time.Time
}

func (e *event) venue(surface string, private bool) venue {
	return venue{id: e.ID, surface: surface, person: e.person, guild: e.GuildID, channel: e.ChannelID, lang: e.lang, settings: e.settings,
		private: private, question: true, arrived: e.arrived}
}

// ask acknowledges /ask.
func (b *Bot) ask(e *event) func(context.Context) {
	e.name = "ask"
	typed, _ := e.Data.option(optQuestion)
	q, refusal := b.question(typed.String(), e.lang)
	if refusal != nil {
		return e.tell(*refusal)
	}
	for _, bound := range []struct {
		name string
		date *corpus.Date
	}{{optFrom, &q.From}, {optTo, &q.To}} {
		o, _ := e.Data.option(bound.name)
		text := strings.TrimSpace(o.String())
		if text == "" {
			continue
		}
		d, err := corpus.ParseDate(text)
		if err != nil {
			return e.tell(notice(e.lang, words.badDate, Escape(label(text, 40))))
		}
		*bound.date = d
	}
	if !q.From.IsZero() && !q.To.IsZero() && q.To.Last().Before(q.From.First()) {
		return e.tell(notice(e.lang, words.badRange))
	}
	private := e.settings.Private
	if o, ok := e.Data.option(optPrivate); ok {
		private = string(o.Value) != "false" // and when it is neither
	}
	p := e.venue("ask", private)
	if refusal := b.admit(e, p); refusal != nil {
		return e.tell(*refusal)
	}
	e.deferred(private)
	return b.work(e, true, func(ctx context.Context) error { return b.deliver(ctx, e, p, q) })
}

// deliver answers a question as the reply that was promised. What a model has proven so far is shown once
// on the way, if the rest takes long.
func (b *Bot) deliver(ctx context.Context, e *event, p venue, q answer.Question) error {
	s := &soFar{b: b, ctx: ctx, e: e, p: p, question: q.Text}
	q.OnClaim = s.claim
	rec, err := b.asked(ctx, p, q)
	s.end()
	if err != nil {
		return err
	}
	if n := bounded(rec.Answer.Lang, q.From, q.To); n != "" { // else nobody who reads the answer knows
		rec.Answer.Notes = append([]string{n}, rec.Answer.Notes...)
	}
	return b.show(ctx, e, p, rec)
}

// soFar shows the first claims of an answer while the others are being made: once, some time after the
// first. What it shows has been proven, and stays in the answer.
type soFar struct {
	b        *Bot
	ctx      context.Context
	e        *event
	p        venue
	question string

	mu     sync.Mutex
	claims []answer.Claim
	timer  *time.Timer
	shown  chan struct{} // closed when the edit is over, nil while there is none
	over   bool
}

// claim takes the next claim.
func (s *soFar) claim(c answer.Claim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims = append(s.claims, c)
	if s.timer == nil {
		s.timer = time.AfterFunc(s.b.interim, s.show)
	}
}

// show edits the reply. That it cannot is no matter: the answer follows.
func (s *soFar) show() {
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.shown = make(chan struct{})
	claims := slices.Clone(s.claims)
	s.mu.Unlock()
	defer close(s.shown)
	ctx, cancel := context.WithTimeout(s.ctx, interimDeadline)
	defer cancel()
	err := guard(func() error {
		a := answer.Answer{Question: s.question, Status: answer.Answered, Claims: claims}
		a.Lang = cmp.Or(lang.Detect(claims[0].Text), s.p.lang)
		a.Sources = s.b.sourcesOf(claims)
		return s.b.reply(ctx, s.e, renderAnswer(AnswerRecord{Lang: s.p.lang, Answer: a}, renderOptions{Question: s.p.question, More: true}))
	})
	if err != nil {
		s.b.log.Info("the first part of an answer was not shown", "id", s.e.ID, "err", err)
	}
}

// end is called when the answer is there. It returns when nothing more will be shown before that.
func (s *soFar) end() {
	s.mu.Lock()
	s.over = true
	shown := s.shown
	s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	if shown != nil {
		<-shown
	}
}

// sourcesOf returns the sources that claims cite, as they are numbered there; one that has left the library
// is not among them.
func (b *Bot) sourcesOf(claims []answer.Claim) []answer.Source {
	var out []answer.Source
	for _, c := range claims {
		for _, ct := range c.Citations {
			art := b.library.Article(ct.Article)
			if art == nil || slices.ContainsFunc(out, func(s answer.Source) bool { return s.N == ct.N }) {
				continue
			}
			out = append(out, answer.Source{N: ct.N, Article: art.ID, Title: art.Title, Publisher: art.Publisher,
				Published: art.Published.String(), URL: art.URL, Brief: art.Brief(), Lang: art.Lang})
		}
	}
	return out
}

// bounded says from when to when sources were looked at, "" for all of them.
func bounded(language string, from, to corpus.Date) string {
	since, until := longDate(language, from.String()), longDate(language, to.String())
	switch {
	case from.IsZero() && to.IsZero():
		return ""
	case to.IsZero():
		return say(language, words.onlySince, since)
	case from.IsZero():
		return say(language, words.onlyUntil, until)
	}
	return say(language, words.onlyBetween, since, until)
}

// show shows an answer as the reply that was promised.
func (b *Bot) show(ctx context.Context, e *event, p venue, rec AnswerRecord) error {
	m := b.kept(ctx, p, rec)
	start := b.now()
	if err := b.reply(ctx, e, m); err != nil {
		return err
	}
	b.metrics.stage(stageEdit, b.now().Sub(start))
	b.metrics.stage(stageTotal, b.now().Sub(p.arrived))
	return nil
}

// question reads what somebody asks, or says why it is no question.
func (b *Bot) question(text, lang string) (answer.Question, *Outgoing) {
	text = answer.Clean(text)
	var m Outgoing
	switch {
	case !spoken(text):
		m = notice(lang, words.empty)
	case utf8.RuneCountInString(text) > maxQuestion:
		m = notice(lang, words.tooLong, maxQuestion)
	default:
		return answer.Question{Text: text}, nil
	}
	return answer.Question{}, &m
}

// spoken reports whether a text has a word in it.
func spoken(text string) bool { return len(lang.Tokens(text)) > 0 }

// admit says why something may not be asked here and now: not in this channel, or too much was asked.
// nil admits it.
func (b *Bot) admit(e *event, p venue) *Outgoing {
	if !e.settings.allows(e.GuildID, e.ChannelID, e.parent()) {
		m := elsewhere(e)
		return &m
	}
	ok, m, _ := b.allow(p)
	if ok {
		return nil
	}
	return &m
}

// elsewhere says in which channels the bot answers.
func elsewhere(e *event) Outgoing {
	return notice(e.lang, words.channelOff, channelsText(e.settings.Channels, e.lang))
}

// parent returns the channel that a thread was started in, "" when it is none or that is not known.
func (e *event) parent() string {
	if e.Channel == nil {
		return ""
	}
	return e.Channel.ParentID
}

// allows reports whether the bot answers in a channel: one on the list, or a thread of one. Outside of
// servers it always does.
func (s Settings) allows(guild, channel, parent string) bool {
	return guild == "" || len(s.Channels) == 0 || slices.Contains(s.Channels, channel) || parent != "" && slices.Contains(s.Channels, parent)
}

// allow takes a question from the person's and the server's bucket, or says when there is one again;
// first is true for the first refusal since there was one.
func (b *Bot) allow(p venue) (ok bool, m Outgoing, first bool) {
	person := p.person
	if person == "" {
		person = "?" // whom the payload does not name share a bucket
	}
	keys := []rateKey{{p.guild + "/" + person, p.settings.PersonPerHour}}
	if p.guild != "" {
		keys = append(keys, rateKey{p.guild, p.settings.ServerPerHour})
	}
	now := b.now()
	ok, retry, which, first := b.questions.take(now, keys...)
	if ok {
		return true, Outgoing{}, false
	}
	b.metrics.question(p.surface, p.lang, "limited")
	text := words.limited
	if which == 1 {
		text = words.limitedServer
	}
	return false, notice(p.lang, text, keys[which].perHour, wait(p.lang, retry.Sub(now))), first
}

// wait writes a time to wait, in whole minutes rounded up.
func wait(language string, d time.Duration) string {
	if n := int((d + time.Minute - 1) / time.Minute); n > 1 {
		return say(language, words.minutes, n)
	}
	return say(language, words.minute)
}

// asked asks the engine.
func (b *Bot) asked(ctx context.Context, p venue, q answer.Question) (AnswerRecord, error) {
	if p.settings.Lang != "" {
		q.Lang = p.settings.Lang
	} else if q.Lang == "" && lang.Detect(q.Text) == "" && len(q.History) == 0 {
		q.Lang = p.lang // nothing in the question tells; the client does
	}
	q.Person, q.Guild = p.person, p.guild
	start := b.now()
	a, err := b.engine.Ask(ctx, q)
	if err != nil {
		b.metrics.question(p.surface, p.lang, "failed")
		return AnswerRecord{}, fmt.Errorf("ask the engine: %w", err)
	}
	b.metrics.stage(stageAnswer, b.now().Sub(start))
	b.metrics.question(p.surface, a.Lang, string(a.Status))
	return AnswerRecord{At: b.now(), Person: p.person, Guild: p.guild, Channel: p.channel, Public: !p.private, Lang: p.lang,
		Library: b.library.Version(), Answer: a}, nil
}

// kept records an answer and renders it. When it cannot be recorded it has no buttons, which would lead
// nowhere.
func (b *Bot) kept(ctx context.Context, p venue, rec AnswerRecord) Outgoing {
	record := rec
	record.Answer.Hits = nil // what was found and not cited is nobody's proof
	kctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	no, err := b.state.KeepAnswer(kctx, record)
	if err != nil {
		b.log.Error("cannot record an answer; shown without buttons", "id", p.id, "err", err)
		no = 0
	}
	rec.No = no
	start := b.now()
	m := renderAnswer(rec, renderOptions{Question: p.question})
	b.metrics.stage(stageRender, b.now().Sub(start))
	return m
}

// history returns what a person has asked in a channel of late, oldest first; without a person or with a
// failing state there is none.
func (b *Bot) history(ctx context.Context, person, channel string) []answer.Turn {
	if person == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	turns, err := b.state.Conversation(ctx, person, channel, b.now().Add(-conversationAge), maxTurns)
	if err != nil {
		b.log.Error("cannot read a conversation; answering without it", "err", err)
		return nil
	}
	return turns
}

// record reads an answer for somebody who pressed a button on it: the asker, or anybody where it is shown
// to all. refusal says why there is none for her.
func (b *Bot) record(ctx context.Context, e *event, no int64) (rec AnswerRecord, refusal *Outgoing, err error) {
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	rec, err = b.state.AnswerRecord(ctx, no)
	switch {
	case errors.Is(err, ErrNotFound):
		m := notice(e.lang, words.expired)
		return AnswerRecord{}, &m, nil
	case err != nil:
		return AnswerRecord{}, nil, fmt.Errorf("read an answer: %w", err)
	case !e.asked(rec) && (!rec.Public || rec.Guild != e.GuildID || rec.Channel != e.ChannelID):
		m := notice(e.lang, words.notYours)
		return AnswerRecord{}, &m, nil
	}
	return rec, nil, nil
}

// asked reports whether it was this person who asked.
func (e *event) asked(rec AnswerRecord) bool { return e.person != "" && e.person == rec.Person }
