package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"policybot/answer"
)

// Asker answers questions and checks texts; *answer.Engine is one.
type Asker interface {
	Ask(ctx context.Context, q answer.Question) (answer.Answer, error)
	// Check says of each claim of a text whether the library supports it, contradicts it or does not hold it.
	Check(ctx context.Context, text, language string) ([]answer.Finding, error)
}

// Options are what a Bot is made of. Engine, Library, State and REST are needed; the rest has useful zeros.
type Options struct {
	Engine  Asker
	Library Library
	State   State
	REST    *REST
	Metrics *Metrics     // nil counts nothing
	Log     *slog.Logger // nil is silent; it never gets a question, a token or who asked

	Now  func() time.Time // nil is time.Now
	Rand io.Reader        // for the key that people are named by, once; nil is crypto/rand

	Version string // of the program, shown by /about

	Workers  int           // answers worked on at the same time; 0 is 32 for each processor
	Queue    int           // answers waiting for that; 0 is 16 for each worker. Beyond it the bot says that it is busy
	Deadline time.Duration // for one answer, the search and the sending; 0 is a minute
	Drain    time.Duration // for the answers in hand when Run is to end; 0 is 20 seconds

	// Expire gives the moments at which what is too old is removed; nil is each hour, and once at start.
	Expire <-chan time.Time
}

// Bot is policybot on Discord, whatever the transport. It is safe for concurrent use.
type Bot struct {
	engine  Asker
	library Library
	catalog *catalog
	state   State
	rest    *REST
	metrics *Metrics
	log     *slog.Logger
	now     func() time.Time
	version string

	deadline time.Duration
	drain    time.Duration
	typing   time.Duration // after which a mention shows that an answer is being worked on
	interim  time.Duration // after its first claim, at which an answer that is not whole is shown
	expire   <-chan time.Time

	persons   persons
	questions *limiter
	presses   *limiter
	forgets   *limiter
	settings  settingsCache
	threads   threads
	pool      *pool
	notices   *pool
	self      atomic.Pointer[string] // user id of the bot, once known
	stopping  atomic.Bool
}

// Bounds of what is done beside the answer itself.
const (
	noticeDeadline  = 10 * time.Second // to say that something went wrong
	stateDeadline   = 3 * time.Second  // to read or write one thing
	claimed         = time.Hour        // a claim outlives every redelivery and the token of 15 minutes
	pressesPerHour  = 600              // buttons and menus per person
	forgetsPerHour  = 60               // buckets forgotten at once by forget-me; see forgetMe
	conversationAge = time.Hour        // of the turns that a follow-up may lean on
	maxTurns        = 10
	typingAfter     = time.Second
	interimAfter    = 1500 * time.Millisecond
	interimDeadline = 3 * time.Second // the answer may be waiting behind it
	noticeWorkers   = 8
	noticeQueue     = 1024
)

// New returns a bot. It reads from the state the key that people are named by, or makes it.
func New(ctx context.Context, o Options) (*Bot, error) {
	if o.Engine == nil || o.Library == nil || o.State == nil || o.REST == nil {
		return nil, errors.New("bot: an engine, a library, a state and a REST client are needed")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Workers <= 0 {
		o.Workers = 32 * runtime.GOMAXPROCS(0)
	}
	if o.Queue <= 0 {
		o.Queue = 16 * o.Workers
	}
	if o.Deadline <= 0 {
		o.Deadline = time.Minute
	}
	if o.Drain <= 0 {
		o.Drain = 20 * time.Second
	}
	p, err := readPersons(ctx, o.State, o.Rand)
	if err != nil {
		return nil, err
	}
	b := &Bot{
		engine: o.Engine, library: o.Library, catalog: &catalog{lib: o.Library}, state: o.State, rest: o.REST, metrics: o.Metrics, log: o.Log,
		now: o.Now, version: o.Version, deadline: o.Deadline, drain: o.Drain, typing: typingAfter, interim: interimAfter, expire: o.Expire,
		persons: p, questions: newLimiter(maxCells), presses: newLimiter(maxCells), forgets: newLimiter(1),
		pool: newPool(o.Workers, o.Queue, o.Log, o.Metrics), notices: newPool(noticeWorkers, noticeQueue, o.Log, o.Metrics),
	}
	b.notices.name = "notices"
	b.settings.init(o.State, o.Now)
	b.threads.init(o.REST, o.Now)
	b.catalog.listing() // so that nobody's typing waits for it
	return b, nil
}

// Run registers the commands if they have changed, removes from time to time what is kept too long, and
// runs the transport (the Run of a Gateway, or of whatever serves the endpoint) until that returns, which
// it does when ctx is done. The answers in hand are then finished, within Options.Drain. What the
// transport returns is returned.
//
// Neither an unreachable Discord nor a failing state at start ends Run: both are tried again.
func (b *Bot) Run(ctx context.Context, transport func(context.Context) error) error {
	var wg sync.WaitGroup
	background, stop := context.WithCancel(ctx)
	wg.Go(func() { b.prepare(background) })
	wg.Go(func() { b.expiry(background) })
	err := transport(ctx)
	stop()
	wg.Wait()
	b.stopping.Store(true)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.drain)
	defer cancel()
	for _, p := range []*pool{b.pool, b.notices} {
		if derr := p.Drain(drain); derr != nil {
			err = errors.Join(err, fmt.Errorf("bot: answers in hand were not finished: %w", derr))
		}
	}
	return err
}

// prepare tells Discord of the commands, if they have changed, and asks it who the bot is. What fails is
// tried again, ever more rarely: the bot works with the commands that are registered.
func (b *Bot) prepare(ctx context.Context) {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := b.prepared(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		b.log.Error("cannot register the commands or learn who the bot is; tried again", "in", wait, "err", err)
		if sleep(ctx, wait) != nil {
			return
		}
	}
}

const (
	firstRetry = 15 * time.Second
	lastRetry  = 30 * time.Minute
)

func (b *Bot) prepared(ctx context.Context) error {
	if b.selfID() == "" {
		me, err := b.rest.Me(ctx)
		if err != nil {
			return err
		}
		b.SetSelf(me.ID)
	}
	app, err := b.rest.Application(ctx)
	if err != nil {
		return err
	}
	registered, err := Register(ctx, b.rest, b.state, app.ID, Commands())
	if registered {
		b.log.Info("commands registered", "application", app.ID)
	}
	return err
}

// expiry removes what is kept too long, whenever it is told to.
func (b *Bot) expiry(ctx context.Context) {
	ticks := b.expire
	if ticks == nil {
		t := time.NewTicker(time.Hour)
		defer t.Stop()
		ticks = t.C
		b.expireNow(ctx)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			b.expireNow(ctx)
		}
	}
}

func (b *Bot) expireNow(ctx context.Context) {
	rows, err := b.state.Expire(ctx, b.now())
	switch {
	case err != nil && ctx.Err() == nil:
		b.log.Error("cannot remove what is too old; tried again in an hour", "err", err)
	case rows > 0:
		b.log.Info("removed what is too old", "rows", rows)
	}
}

// Dispatch acknowledges an interaction, at once, and has the work done by the pool. An error is one of
// the acknowledgement. Of several replicas that get the same interaction the one whose acknowledgement
// came first does the work. ctx is for the acknowledgement alone: when it ends, the work goes on.
func (b *Bot) Dispatch(ctx context.Context, i *Interaction) error {
	b.metrics.interaction(i.Type)
	e := b.event(ctx, i)
	later := b.handle(e)
	if err := b.rest.Callback(ctx, i, e.ack); err != nil {
		if errors.Is(err, ErrAcknowledged) {
			b.log.Info("acknowledged elsewhere", "id", i.ID)
			return nil
		}
		return fmt.Errorf("acknowledge an interaction: %w", err)
	}
	b.metrics.stage(stageAck, b.now().Sub(e.arrived))
	if later != nil && !b.pool.Go(ctx, e.name, later) {
		b.busy(ctx, e.ID, e.lang, func(ctx context.Context, m Outgoing) error { return b.reply(ctx, e, m) })
	}
	return nil
}

// DispatchMessage has a message that is for the bot answered by the pool; others it leaves alone.
func (b *Bot) DispatchMessage(ctx context.Context, m *Message) {
	later := b.HandleMessage(ctx, m)
	if later == nil || b.pool.Go(ctx, "message", later) {
		return
	}
	b.busy(ctx, m.ID, spokenIn(m.Content), func(ctx context.Context, o Outgoing) error {
		p, ok := b.heard(ctx, m, b.now())
		if !ok {
			return nil
		}
		if ok, _, _ := b.allow(p); !ok {
			return nil // a crowd of mentions is not answered by a crowd of excuses
		}
		return b.send(ctx, m, o)
	})
}

// busy says that there is too much to do, or that the bot is about to stop.
func (b *Bot) busy(ctx context.Context, id, language string, say func(context.Context, Outgoing) error) {
	why, text := "the queue is full", words.busy
	if b.stopping.Load() {
		why, text = "stopping", words.stopping
	}
	b.log.Warn("not answered", "id", id, "why", why)
	told := b.notices.Go(ctx, "busy", func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, noticeDeadline)
		defer cancel()
		if err := say(ctx, notice(language, text)); err != nil {
			b.log.Warn("cannot say so", "id", id, "err", err)
		}
	})
	if !told {
		b.log.Error("cannot say so", "id", id, "why", "too many to tell")
	}
}

// Handle decides what becomes of an interaction: the acknowledgement, which needs no work, and what is to
// be done after it, nil for nothing. It waits for nothing but, at most a quarter of a second, the settings
// of a server that it has not seen lately. Whatever the interaction holds, there is an acknowledgement.
func (b *Bot) Handle(ctx context.Context, i *Interaction) (Ack, func(context.Context)) {
	e := b.event(ctx, i)
	later := b.handle(e)
	return e.ack, later
}

// event is an interaction with what is derived from it, and what becomes of it.
type event struct {
	*Interaction
	person   string // "" when the payload names nobody
	lang     string // of the interface
	settings Settings
	name     string // of what is done, for logs and metrics
	arrived  time.Time
	ack      Ack
}

func (b *Bot) event(ctx context.Context, i *Interaction) *event {
	e := &event{Interaction: i, name: "unknown", settings: DefaultSettings(), arrived: b.now()}
	if i.Type != typePing {
		e.settings = b.settings.of(ctx, i.GuildID)
	}
	if u, ok := i.Person(); ok {
		e.person = b.persons.name(u.ID)
	}
	locale := i.Locale
	if locale == "" {
		locale = i.GuildLocale
	}
	e.lang = language(locale)
	if e.settings.Lang != "" {
		e.lang = e.settings.Lang
	}
	return e
}

// ephemeral says whether the message on which a component was pressed is seen by the presser alone.
func (e *event) ephemeral() bool { return e.Message != nil && e.Message.Flags&flagEphemeral != 0 }

// flagEphemeral marks a message that one person sees.
const flagEphemeral = 1 << 6

// tell acknowledges with a message for the person alone.
func (e *event) tell(m Outgoing) func(context.Context) {
	m.Ephemeral = true
	e.ack = Ack{Type: ackMessage, Message: &m}
	return nil
}

// deferred acknowledges with the promise of a message.
func (e *event) deferred(private bool) {
	e.ack = Ack{Type: ackDeferMessage, Message: &Outgoing{Ephemeral: private}}
}

// deferredUpdate acknowledges with the promise of a change, possibly none, of the message pressed.
func (e *event) deferredUpdate() { e.ack = Ack{Type: ackDeferUpdate} }

// handle fills in e.ack and returns the work.
func (b *Bot) handle(e *event) (later func(context.Context)) {
	err := guard(func() error {
		later = b.decide(e)
		return b.check(e)
	})
	if err == nil {
		return later
	}
	m := b.failure(e.lang, e.ID, err)
	if e.Type == typeAutocomplete { // of what is being typed nothing else can be said
		e.ack = Ack{Type: ackChoices, Choices: []Choice{}}
	} else {
		e.tell(m)
	}
	return nil
}

func (b *Bot) decide(e *event) func(context.Context) {
	switch e.Type {
	case typePing:
		e.ack = Ack{Type: ackPong}
		return nil
	case typeAutocomplete:
		e.name, e.ack = "autocomplete", Ack{Type: ackChoices, Choices: []Choice{}}
		b.autocomplete(e)
		return nil
	case typeCommand:
		return b.command(e)
	case typeComponent:
		return b.component(e)
	case typeModal:
		return b.form(e)
	}
	return e.tell(notice(e.lang, words.unknownCommand))
}

// check makes sure that the acknowledgement is one that Discord takes.
func (b *Bot) check(e *event) error {
	if e.ack.Message != nil && e.ack.Type != ackDeferMessage {
		m := b.fitted(*e.ack.Message, e.lang, e.ID)
		e.ack.Message = &m
	}
	if err := LintAck(e.ack); err != nil {
		return fmt.Errorf("an acknowledgement does not pass: %w", err)
	}
	return nil
}

// fitted makes a message fit Discord's limits, and stands in for one that cannot be made to.
func (b *Bot) fitted(m Outgoing, lang, id string) Outgoing {
	out := fit(m)
	err := Lint(out)
	if err == nil {
		return out
	}
	f := b.failure(lang, id, fmt.Errorf("a message does not pass: %w", err))
	f.Ephemeral, f.ReplyTo, f.Nonce = m.Ephemeral, m.ReplyTo, m.Nonce
	return f
}

// failure logs what went wrong under a reference and returns the notice that carries it.
func (b *Bot) failure(lang, id string, err error) Outgoing {
	ref := reference(id)
	attrs := []any{"ref", ref, "err", err}
	var p *panicError
	if errors.As(err, &p) {
		attrs = append(attrs, "stack", string(p.stack))
		b.metrics.panicked()
	}
	b.log.Error("failed", attrs...)
	return notice(lang, words.failed, ref)
}

// reference is a short name for what happened, by its id: what a person can read out and an operator
// can find in the log.
func reference(id string) string {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return "0"
	}
	s := strings.ToUpper(strconv.FormatUint(n, 36))
	return s[max(0, len(s)-8):]
}

// panicError is a recovered panic. Its text is the kind of the panic alone unless the runtime raised it:
// what else a panic carries may be somebody's words.
type panicError struct {
	what  string
	stack []byte
}

func (e *panicError) Error() string { return "panic: " + e.what }

func panicked(p any) error {
	what := fmt.Sprintf("%T", p)
	if r, ok := p.(runtime.Error); ok {
		what = r.Error()
	}
	return &panicError{what, debug.Stack()}
}

// guard runs f and returns a panic as an error.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return f()
}

// work is what is done after an acknowledgement: within the deadline, at most once when once is set, and
// never in silence: an error or a panic becomes a notice with a reference.
func (b *Bot) work(e *event, once bool, f func(context.Context) error) func(context.Context) {
	return func(ctx context.Context) {
		b.do(ctx, e.ID, "ix:", e.lang, once, f, func(ctx context.Context, m Outgoing) error { return b.reply(ctx, e, m) })
	}
}

// do is work for an event of any kind; say is how to tell whoever caused it.
func (b *Bot) do(ctx context.Context, id, kind, lang string, once bool, f func(context.Context) error,
	say func(context.Context, Outgoing) error) {
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, b.deadline)
	defer cancel()
	err := guard(func() error {
		if once && !b.claim(ctx, kind+id) {
			b.log.Info("done elsewhere", "id", id)
			return nil
		}
		return f(ctx)
	})
	if err == nil {
		return
	}
	if errors.Is(err, ErrExpired) || errors.Is(err, ErrForbidden) {
		b.log.Warn("cannot reply there any more", "id", id, "err", err)
		return
	}
	m := b.failure(lang, id, err)
	m.Ephemeral = true
	ctx, cancel = context.WithTimeout(context.WithoutCancel(outer), noticeDeadline)
	defer cancel()
	if err := guard(func() error { return say(ctx, m) }); err != nil {
		b.log.Error("cannot say that it failed", "id", id, "err", err)
	}
}

// claim reports whether an event is this process's to work on. A state that fails is no reason to leave
// somebody without an answer: the acknowledgement, or the nonce of a message, keeps doubles out as well.
func (b *Bot) claim(ctx context.Context, key string) bool {
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	first, err := b.state.Once(ctx, key, claimed)
	if err != nil {
		b.log.Error("cannot claim an event; working on it all the same", "err", err)
		return true
	}
	return first
}

// reply shows a message in the way that the acknowledgement promised: as the reply, or, where only a
// change of the message pressed was promised, beside it and for the person alone.
func (b *Bot) reply(ctx context.Context, e *event, m Outgoing) error {
	if e.ack.Type != ackDeferMessage {
		return b.beside(ctx, e, m)
	}
	return b.update(ctx, e, m)
}

// beside shows a message after the reply, for the person alone.
func (b *Bot) beside(ctx context.Context, e *event, m Outgoing) error {
	m = b.fitted(m, e.lang, e.ID)
	m.Ephemeral = true
	_, err := b.rest.FollowUp(ctx, e.Interaction, m)
	return err
}

// update changes the reply, or after a press the message on which something was pressed. Who sees it is
// settled by then.
func (b *Bot) update(ctx context.Context, e *event, m Outgoing) error {
	m.Ephemeral = false
	_, err := b.rest.EditOriginal(ctx, e.Interaction, b.fitted(m, e.lang, e.ID))
	return err
}

// send answers a message in its channel. The nonce is the message's, so that Discord takes one answer to
// it even if two replicas send one.
func (b *Bot) send(ctx context.Context, to *Message, m Outgoing) error {
	m.Ephemeral, m.ReplyTo, m.Nonce = false, to.ID, "m"+to.ID
	_, err := b.rest.Send(ctx, to.ChannelID, b.fitted(m, spokenIn(to.Content), to.ID))
	return err
}
