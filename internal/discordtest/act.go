package discordtest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Types of interactions.
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindModal        = 5
)

// Interaction is something that a person did with the bot, and what came of it.
type Interaction struct {
	ID string

	s         *Server
	token     string
	kind      int
	person    *User
	channel   *Channel
	name      string // of the command
	target    *message
	source    *message // that the component is part of
	modalOf   *Modal   // that was submitted
	forced    bool     // external apps are not allowed: replies are private
	payload   []byte
	made      time.Time // by the server's clock
	delivered time.Time // real
	reached   int       // sessions, or 1 for the endpoint
	entry     *entry

	// Guarded by the server's lock.
	notice    notice
	ack       int
	acked     time.Time // real
	finished  time.Time // real
	ackOver   bool
	tokenOver bool
	over401   bool
	original  *message
	followUps []*message
	choices   []Choice
	modal     *Modal
	statuses  []int // of deliveries to the endpoint
	failed    error // of the delivery
}

// String says who does what, for reports.
func (i *Interaction) String() string {
	return i.person.Name + " " + orElse(i.entry.action, "does something")
}

// Modal is a form that the bot has opened for a person.
type Modal struct {
	CustomID, Title string
	Rows            [][]Component // one text input each
	i               *Interaction
}

// Inputs are the text inputs of the form.
func (m *Modal) Inputs() []Component { return slices.Concat(m.Rows...) }

// Ack is how an interaction was acknowledged.
type Ack struct {
	Type    int      // Discord's interaction callback type
	Message *Message // of types 4, 5, 6 and 7
	Choices []Choice // of type 8
	Modal   *Modal   // of type 9
}

// answered is the message that @original stands for.
func (i *Interaction) answered() *message {
	switch i.ack {
	case 4, 5:
		return i.original
	case 6, 7:
		return i.source
	}
	return nil
}

// forcedPrivate says that Discord shows the reply to the person alone whatever the bot wants.
func (i *Interaction) forcedPrivate() bool { return i.forced }

// owners tells who installed the application.
func (i *Interaction) owners() map[string]any {
	if i.channel.guild != nil && !i.channel.guild.away {
		return map[string]any{"0": i.channel.guild.ID}
	}
	if i.channel.person != nil {
		return map[string]any{"0": "0", "1": i.person.ID}
	}
	return map[string]any{"1": i.person.ID}
}

// refuses says why Discord refuses a response of that type, "" if it does not.
func (i *Interaction) refuses(kind int, data map[string]any, files []file) string {
	switch {
	case kind < 1 || kind > 9 || kind == 2 || kind == 3:
		return "there is no such type"
	case kind == 1:
		return "only a PING is answered with PONG"
	case (kind == 8) != (i.kind == kindAutocomplete):
		return "choices are the only answer to an autocompletion, and to nothing else"
	case (kind == 6 || kind == 7) && i.source == nil:
		return "there is no message to update"
	case kind == 9 && i.kind == kindModal:
		return "a submitted modal cannot open another"
	case kind == 5 && number(data["flags"])&^flagEphemeral != 0:
		return "a deferral can have the flag EPHEMERAL alone"
	case (kind == 4 || kind == 7) && data == nil:
		return "no data"
	}
	if kind == 4 {
		m := &message{}
		if m.apply(data, files); m.empty() {
			return "the message is empty"
		}
	}
	if kind == 7 {
		m := *i.source
		if m.apply(data, files); m.empty() {
			return "the message would be empty"
		}
	}
	return ""
}

// Place is a person in a channel.
type Place struct {
	user    *User
	channel *Channel
}

// In is the person in the channel.
func (u *User) In(c *Channel) Place { return Place{u, c} }

// InDirect is the person in the direct messages with the bot.
func (u *User) InDirect() Place { return Place{u, u.Direct()} }

// Arg adds something to an act: an option of a command, or a change of what is sent.
type Arg func(*act)

// act is an interaction being made.
type act struct {
	options  []any
	shown    []string       // in the transcript
	channels map[string]any // that options name
	changes  []func(map[string]any)
	labels   bool
	force    bool
	private  bool
	silent   bool
}

// Opt gives an option of a command: a string, bool, int, float64 or *Channel.
func Opt(name string, value any) Arg {
	return func(a *act) {
		kind, value, shown := 3, value, fmt.Sprint(value)
		switch v := value.(type) {
		case *Channel:
			kind, value, shown = 7, v.ID, "#"+v.Name
			if a.channels == nil {
				a.channels = make(map[string]any)
			}
			a.channels[v.ID] = v.json()
		case bool:
			kind = 5
		case int, int64:
			kind = 4
		case float64:
			kind = 10
		}
		a.options = append(a.options, map[string]any{"name": name, "type": kind, "value": value})
		a.shown = append(a.shown, name+": "+shown)
	}
}

// Mutate changes the payload before it is sent.
func Mutate(change func(payload map[string]any)) Arg {
	return func(a *act) { a.changes = append(a.changes, change) }
}

// Without leaves a part out of the payload, "member" or "message.author".
func Without(path string) Arg {
	return Mutate(func(p map[string]any) {
		keys := strings.Split(path, ".")
		for _, k := range keys[:len(keys)-1] {
			p, _ = p[k].(map[string]any)
		}
		delete(p, keys[len(keys)-1])
	})
}

// With puts a value into the payload, replacing what was there: With("data.components", …).
func With(path string, value any) Arg {
	return Mutate(func(p map[string]any) {
		keys := strings.Split(path, ".")
		for _, k := range keys[:len(keys)-1] {
			next, ok := p[k].(map[string]any)
			if !ok {
				next = make(map[string]any)
				p[k] = next
			}
			p = next
		}
		p[keys[len(keys)-1]] = value
	})
}

// AsLabels submits a modal's inputs in components of type 18 (Label), as newer clients may.
func AsLabels() Arg { return func(a *act) { a.labels = true } }

// Force lets the person do what the client would not offer: a command hidden by permissions or context, an
// unknown option, a disabled button, a message that cannot be seen.
func Force() Arg { return func(a *act) { a.force = true } }

// Silent keeps an act and what comes of it out of the transcript.
func Silent() Arg { return func(a *act) { a.silent = true } }

// ForcedPrivate is a guild that denies USE_EXTERNAL_APPS: Discord shows every reply to the person alone.
func ForcedPrivate() Arg { return func(a *act) { a.private = true } }

// entryAction is an act in words.
func (a *act) words(verb string) string {
	return strings.Join(append([]string{verb}, a.shown...), " ")
}

// Slash calls a command, "ask", a subcommand, "privacy forget-me", or one of a group, "settings channels add".
// If commands are registered it has to be one of them and the person has to be offered it.
func (p Place) Slash(command string, args ...Arg) *Interaction {
	s := p.user.s
	if s.tb != nil {
		s.tb.Helper()
	}
	a, i := p.begin(kindCommand, args)
	name, options := nest(command, a.options)
	i.name = name
	id, shown, err := p.offered(1, command, a)
	if err != nil {
		return i.refuse(fmt.Errorf("%s cannot use /%s in %s: %w", p.user.Name, command, p.channel.label(), err))
	}
	data := map[string]any{"id": id, "name": name, "type": 1}
	if len(options) > 0 {
		data["options"] = options
	}
	if len(a.channels) > 0 {
		data["resolved"] = map[string]any{"channels": a.channels}
	}
	i.entry.action = a.words("uses /" + shown)
	i.entry.header = "/" + shown
	return p.act(i, a, data)
}

// nest puts the options of a subcommand, or of one of a group, where they belong.
func nest(command string, options []any) (name string, nested []any) {
	path := strings.Fields(command)
	for n := len(path) - 1; n > 0; n-- {
		kind := 1 // a subcommand
		if n < len(path)-1 {
			kind = 2 // a group
		}
		options = []any{map[string]any{"name": path[n], "type": kind, "options": orEmpty(options)}}
	}
	return path[0], options
}

// Autocomplete types into an option of a command.
func (p Place) Autocomplete(command, option, typed string, args ...Arg) *Interaction {
	s := p.user.s
	if s.tb != nil {
		s.tb.Helper()
	}
	a, i := p.begin(kindAutocomplete, args)
	focused := map[string]any{"name": option, "type": 3, "value": typed, "focused": true}
	a.options = append(a.options, focused)
	name, options := nest(command, a.options)
	i.name = name
	a.shown = append(a.shown, option+": "+typed)
	id, shown, err := p.offered(1, command, a)
	if err != nil {
		return i.refuse(fmt.Errorf("%s cannot use /%s in %s: %w", p.user.Name, command, p.channel.label(), err))
	}
	i.entry.action = a.words("types /" + shown)
	return p.act(i, a, map[string]any{"id": id, "name": name, "type": 1, "options": options})
}

// MessageMenu uses a command of a message's menu.
func (p Place) MessageMenu(command string, target *Message, args ...Arg) *Interaction {
	s := p.user.s
	if s.tb != nil {
		s.tb.Helper()
	}
	a, i := p.begin(kindCommand, args)
	i.name, i.target = command, target.m
	id, shown, err := p.offered(3, command, a)
	if err == nil && !a.force && target.m.onlyFor != nil && target.m.onlyFor != p.user {
		err = errors.New("the message is not visible")
	}
	if err != nil {
		return i.refuse(fmt.Errorf("%s cannot use the menu %q in %s: %w", p.user.Name, command, p.channel.label(), err))
	}
	s.mu.Lock()
	m := target.m.json(s, true)
	s.mu.Unlock()
	i.entry.action = a.words(fmt.Sprintf("uses the menu “%s” on a message of %s", shown, target.Author))
	i.entry.about = target.m
	return p.act(i, a, map[string]any{"id": id, "name": command, "type": 3, "target_id": target.ID,
		"resolved": map[string]any{"messages": map[string]any{target.ID: m}}})
}

// Press presses a button, named by its label, emoji or custom_id.
func (p Place) Press(m *Message, what string, args ...Arg) *Interaction {
	if p.user.s.tb != nil {
		p.user.s.tb.Helper()
	}
	return p.component(m, what, 2, nil, args)
}

// Select chooses from a select menu, named by its placeholder or custom_id; the choices are labels or values.
func (p Place) Select(m *Message, what string, choices []string, args ...Arg) *Interaction {
	if p.user.s.tb != nil {
		p.user.s.tb.Helper()
	}
	return p.component(m, what, 3, choices, args)
}

func (p Place) component(m *Message, what string, kind int, choices []string, args []Arg) *Interaction {
	s := p.user.s
	if s.tb != nil {
		s.tb.Helper()
	}
	a, i := p.begin(kindComponent, args)
	i.source = m.m
	s.mu.Lock()
	now := s.view(m.m)
	raw := m.m.json(s, true)
	s.mu.Unlock()
	comp, found := now.Find(what)
	var values []any
	var labels []string
	err := func() error {
		switch {
		case a.force:
			if !found {
				comp = Component{Type: kind, CustomID: what}
			}
			return nil
		case now.Deleted:
			return errors.New("the message was deleted")
		case now.Ephemeral && m.m.onlyFor != p.user:
			return fmt.Errorf("only %s sees the message", now.OnlyFor)
		case !found:
			return fmt.Errorf("there is none; the message has %q", now.Labels())
		case comp.Type != kind:
			return fmt.Errorf("it is a component of type %d", comp.Type)
		case comp.URL != "":
			return fmt.Errorf("it is a link to %s", comp.URL)
		case comp.Disabled:
			return errors.New("it is disabled")
		}
		return nil
	}()
	if err == nil && kind == 3 {
		for _, want := range choices {
			n := slices.IndexFunc(comp.Options, func(c Choice) bool { return c.Label == want || c.Value == want })
			if n < 0 {
				if !a.force {
					err = fmt.Errorf("there is no choice %q among %v", want, comp.Options)
					break
				}
				values, labels = append(values, want), append(labels, want)
				continue
			}
			values, labels = append(values, comp.Options[n].Value), append(labels, comp.Options[n].Label)
		}
		if err == nil && !a.force && (len(values) < comp.MinValues || len(values) > comp.MaxValues) {
			err = fmt.Errorf("%d choices; %d to %d are allowed", len(values), comp.MinValues, comp.MaxValues)
		}
	}
	if err != nil {
		return i.refuse(fmt.Errorf("%s cannot use %q: %w", p.user.Name, what, err))
	}
	data := map[string]any{"custom_id": comp.CustomID, "component_type": kind}
	if kind == 2 {
		i.entry.action = "presses [" + shownLabel(comp, what) + "]"
	} else {
		data["values"] = orEmpty(values)
		i.entry.action = fmt.Sprintf("chooses “%s” in “%s”", strings.Join(labels, "”, “"), shownLabel(comp, what))
	}
	i.entry.about = m.m
	a.changes = slices.Insert(a.changes, 0, func(payload map[string]any) { payload["message"] = raw })
	return p.act(i, a, data)
}

func shownLabel(c Component, what string) string {
	label := strings.TrimSpace(c.Emoji + " " + c.Label)
	return orElse(orElse(label, c.Placeholder), what)
}

// SubmitModal sends a form; the texts are by custom_id or label of the inputs.
func (p Place) SubmitModal(m *Modal, texts map[string]string, args ...Arg) *Interaction {
	s := p.user.s
	if s.tb != nil {
		s.tb.Helper()
	}
	a, i := p.begin(kindModal, args)
	i.source, i.modalOf = m.i.source, m
	var rows []any
	var shown []string
	left := maps.Clone(texts)
	for n, in := range m.Inputs() {
		value := in.Value
		for _, key := range []string{in.CustomID, in.Label} {
			if v, ok := texts[key]; ok {
				value = v
				delete(left, key)
			}
		}
		if !a.force {
			var err error
			switch size := length(value); {
			case m.i.person != p.user:
				err = fmt.Errorf("it was opened for %s", m.i.person.Name)
			case in.Required && size == 0:
				err = fmt.Errorf("%q is required", in.Label)
			case size > 0 && size < in.MinLength, in.MaxLength > 0 && size > in.MaxLength, size > 4000:
				err = fmt.Errorf("%q has %d characters; %d to %d are allowed", in.Label, size, in.MinLength, orElse(in.MaxLength, 4000))
			}
			if err != nil {
				return i.refuse(fmt.Errorf("%s cannot submit %q: %w", p.user.Name, m.Title, err))
			}
		}
		input := map[string]any{"type": 4, "id": 2*n + 2, "custom_id": in.CustomID, "value": value}
		if a.labels {
			rows = append(rows, map[string]any{"type": 18, "id": 2*n + 1, "component": input})
		} else {
			rows = append(rows, map[string]any{"type": 1, "id": 2*n + 1, "components": []any{input}})
		}
		shown = append(shown, orElse(in.Label, in.CustomID)+": "+value)
	}
	if len(left) > 0 && !a.force {
		return i.refuse(fmt.Errorf("%s cannot submit %q: it has no input %q", p.user.Name, m.Title, sortedKeys(left)))
	}
	i.entry.action = fmt.Sprintf("submits “%s” with %s", m.Title, strings.Join(shown, ", "))
	if i.source != nil {
		s.mu.Lock()
		raw := i.source.json(s, true)
		s.mu.Unlock()
		a.changes = slices.Insert(a.changes, 0, func(payload map[string]any) { payload["message"] = raw })
	}
	i.entry.about = i.source
	return p.act(i, a, map[string]any{"custom_id": m.CustomID, "components": orEmpty(rows)})
}

// refuse ends the test, since the person's client would not let her; outside tests the interaction is not sent,
// and waiting for what comes of it fails.
func (i *Interaction) refuse(err error) *Interaction {
	if i.s.tb != nil {
		i.s.tb.Helper()
	}
	i.failed = err
	i.s.fatal(err)
	return i
}

// begin makes an interaction that is not sent yet.
func (p Place) begin(kind int, args []Arg) (*act, *Interaction) {
	a := &act{}
	for _, arg := range args {
		arg(a)
	}
	s := p.user.s
	i := &Interaction{s: s, kind: kind, person: p.user, channel: p.channel, forced: a.private}
	i.entry = &entry{person: p.user, channel: p.channel, silent: a.silent}
	return a, i
}

// offered finds the command among those registered and says whether the person's client offers it.
func (p Place) offered(kind int, command string, a *act) (id, shown string, err error) {
	s := p.user.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.commands) == 0 {
		return "1200000000000000001", command, nil
	}
	name, path := command, []string(nil)
	if kind == 1 {
		path = strings.Fields(command)
		name, path = path[0], path[1:]
	}
	cmd := s.command(p.channel.guildID(), name)
	if cmd == nil {
		cmd = s.command("", name)
	}
	if cmd == nil || max(number(cmd["type"]), 1) != kind {
		if a.force {
			return "1200000000000000001", command, nil
		}
		return "", "", errors.New("no such command is registered")
	}
	id = text(cmd["id"])
	shown = p.localName(cmd)
	options := list(cmd["options"])
	for _, sub := range path {
		n := slices.IndexFunc(options, func(o any) bool { return text(object(o)["name"]) == sub && number(object(o)["type"]) <= 2 })
		if n < 0 {
			return "", "", errors.New("no such subcommand is registered")
		}
		shown += " " + p.localName(object(options[n]))
		options = list(object(options[n])["options"])
	}
	for n, words := range a.shown {
		given, value, _ := strings.Cut(words, ": ")
		for _, o := range options {
			if o := object(o); text(o["name"]) == given {
				a.shown[n] = p.localName(o) + ": " + value
			}
		}
	}
	if a.force {
		return id, shown, nil
	}
	if perms := text(cmd["default_member_permissions"]); perms != "" && p.channel.guild != nil {
		want, _ := strconv.ParseUint(perms, 10, 64)
		if have := p.user.perms | everyone; have&Administrator == 0 && (want == 0 || have&want != want) {
			return "", "", errors.New("it is hidden by its default permissions (Force shows what happens all the same)")
		}
	}
	contexts, types := list(cmd["contexts"]), list(cmd["integration_types"])
	if contexts != nil && !slices.Contains(contexts, any(float64(p.channel.context()))) {
		return "", "", fmt.Errorf("its contexts %v do not hold %d", contexts, p.channel.context())
	}
	if (p.channel.private || p.channel.guild != nil && p.channel.guild.away) && !slices.Contains(types, any(1.0)) {
		return "", "", fmt.Errorf("its integration types %v do not hold 1 (user install)", types)
	}
	for _, o := range options {
		o := object(o)
		n := slices.IndexFunc(a.options, func(x any) bool { return x.(map[string]any)["name"] == o["name"] })
		if n < 0 {
			if yes(o["required"]) && !slices.ContainsFunc(a.options, func(x any) bool { return yes(x.(map[string]any)["focused"]) }) {
				return "", "", fmt.Errorf("option %q is required", o["name"])
			}
			continue
		}
		given := a.options[n].(map[string]any)
		if v, isText := given["value"].(string); isText {
			if most := number(o["max_length"]); most > 0 && length(v) > most {
				return "", "", fmt.Errorf("option %q has %d characters; %d are allowed", o["name"], length(v), most)
			}
			if least := number(o["min_length"]); length(v) < least {
				return "", "", fmt.Errorf("option %q has %d characters; %d are needed", o["name"], length(v), least)
			}
			same := func(c any) bool { return object(c)["value"] == v }
			if choices := list(o["choices"]); len(choices) > 0 && !slices.ContainsFunc(choices, same) {
				return "", "", fmt.Errorf("option %q has no choice %q", o["name"], v)
			}
		}
		if fmt.Sprint(given["type"]) != fmt.Sprint(o["type"]) {
			return "", "", fmt.Errorf("option %q is of type %v, not %v", o["name"], o["type"], given["type"])
		}
		if yes(given["focused"]) && !yes(o["autocomplete"]) {
			return "", "", fmt.Errorf("option %q has no autocompletion", o["name"])
		}
	}
	for _, g := range a.options {
		if !slices.ContainsFunc(options, func(o any) bool { return object(o)["name"] == g.(map[string]any)["name"] }) {
			return "", "", fmt.Errorf("there is no option %q", g.(map[string]any)["name"])
		}
	}
	return id, shown, nil
}

// localName is the name of a command or option that the person's client shows.
func (p Place) localName(o map[string]any) string {
	return orElse(text(object(o["name_localizations"])[p.user.locale]), text(o["name"]))
}

// act sends the interaction.
func (p Place) act(i *Interaction, a *act, data map[string]any) *Interaction {
	s := p.user.s
	s.mu.Lock()
	i.ID = s.id()
	i.token = newToken(i.ID)
	i.made = s.now()
	payload := map[string]any{
		"id": i.ID, "application_id": s.AppID, "type": i.kind, "token": i.token, "version": 1, "data": data, "channel_id": p.channel.ID,
		"channel": p.channel.json(), "locale": p.user.locale, "context": p.channel.context(),
		"entitlements": []any{}, "entitlement_sku_ids": []any{},
		"authorizing_integration_owners": i.owners(), "attachment_size_limit": 10 << 20,
		"app_permissions": strconv.FormatUint(p.channel.perms|1<<50, 10),
	}
	if g := p.channel.guild; g != nil {
		payload["guild_id"], payload["guild_locale"] = g.ID, g.locale
		payload["guild"] = map[string]any{"id": g.ID, "locale": g.locale, "features": []any{}}
		payload["member"] = p.user.member(p.channel)
	} else {
		payload["user"] = p.user.json()
	}
	s.mu.Unlock()
	for _, change := range a.changes {
		change(payload)
	}
	i.payload, _ = json.Marshal(payload)
	s.mu.Lock()
	s.interactions[i.ID] = i
	s.ring = append(s.ring, i.ID)
	if sc := s.opt.Scale; sc != nil {
		for len(s.ring) > sc.Keep {
			delete(s.interactions, s.ring[0])
			s.ring = s.ring[1:]
		}
	} else {
		s.story = append(s.story, i.entry)
	}
	s.mu.Unlock()
	s.deliver(i)
	return i
}

// deliver hands an interaction to whoever listens: the endpoint, or else the gateway.
func (s *Server) deliver(i *Interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i.delivered.IsZero() {
		i.delivered = time.Now()
	}
	if s.endpoint != "" {
		i.reached++
		url := s.endpoint
		s.work.Go(func() { s.post(url, i) })
		return
	}
	guild := i.channel.guildID()
	n := s.dispatchLocked(guild, 0, "INTERACTION_CREATE", i.payload)
	i.reached += n
	if n == 0 {
		i.failed = fmt.Errorf("nobody listens on the gateway for %s; wait for the bot with WaitReady", i.channel.label())
	}
	i.notice.wake()
}

// Redeliver sends the same interaction once more, as Discord may.
func (i *Interaction) Redeliver() { i.s.deliver(i) }

// Payload returns what was sent.
func (i *Interaction) Payload() []byte { return bytes.Clone(i.payload) }

// Token returns the interaction's token, for requests that a test makes itself.
func (i *Interaction) Token() string { return i.token }

// ExpireAck ends the time for the first response: later ones are refused as Discord refuses them, 10062.
func (i *Interaction) ExpireAck() {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.ackOver = true
}

// ExpireToken ends the life of the token: edits and follow-ups are answered 404 with code 10015.
func (i *Interaction) ExpireToken() {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.tokenOver = true
}

// ExpireTokenUnauthorized ends the life of the token in the other way that Discord has been seen to: edits
// and follow-ups are answered 401 with code 50027, which does not mean the bot's own token.
func (i *Interaction) ExpireTokenUnauthorized() {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.tokenOver, i.over401 = true, true
}

// Ack waits for the acknowledgement.
func (i *Interaction) Ack(ctx context.Context) (Ack, error) {
	var out Ack
	err := i.wait(ctx, "its acknowledgement", func() bool {
		if i.ack == 0 {
			return false
		}
		out = Ack{Type: i.ack, Message: i.s.view(i.answered()), Choices: slices.Clone(i.choices), Modal: i.modal}
		return true
	})
	return out, err
}

// Reply waits for the message that answers: for a deferred one, until it has its content.
func (i *Interaction) Reply(ctx context.Context) (*Message, error) {
	var out *Message
	err := i.wait(ctx, "its answer", func() bool {
		m := i.answered()
		if m == nil || m.flags&flagLoading != 0 || i.ack == 6 && i.finished.IsZero() {
			return false
		}
		out = i.s.view(m)
		return true
	})
	return out, err
}

// FollowUp waits for the nth follow-up, from 1.
func (i *Interaction) FollowUp(ctx context.Context, n int) (*Message, error) {
	var out *Message
	err := i.wait(ctx, fmt.Sprintf("follow-up %d", n), func() bool {
		if len(i.followUps) < n {
			return false
		}
		out = i.s.view(i.followUps[n-1])
		return true
	})
	return out, err
}

func (i *Interaction) wait(ctx context.Context, what string, ok func() bool) error {
	var failed error
	got := false
	err := i.s.await(ctx, &i.notice, func() bool {
		got = ok()
		if !got && i.ack == 0 {
			failed = i.failed
		}
		return got || failed != nil
	})
	if got {
		return nil
	}
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("%s: waiting for %s: %w", i, what, err)
	}
	return nil
}

// WaitAck waits for the acknowledgement; the test ends if none comes.
func (i *Interaction) WaitAck() Ack {
	return waitFor(i.s, i.Ack)
}

// WaitReply waits for the message that answers: for a deferred one, until it has its content. The test ends
// if none comes.
func (i *Interaction) WaitReply() *Message {
	return waitFor(i.s, i.Reply)
}

// WaitEdit waits until the message that answers was edited at least n times, the first content of a deferred
// one counted as an edit.
func (i *Interaction) WaitEdit(n int) *Message {
	return waitFor(i.s, func(ctx context.Context) (out *Message, err error) {
		err = i.wait(ctx, fmt.Sprintf("edit %d", n), func() bool {
			m := i.answered()
			if m == nil || m.version-1 < n {
				return false
			}
			out = i.s.view(m)
			return true
		})
		return out, err
	})
}

// WaitFollowUp waits for the nth follow-up, from 1; the test ends if it does not come.
func (i *Interaction) WaitFollowUp(n int) *Message {
	return waitFor(i.s, func(ctx context.Context) (*Message, error) { return i.FollowUp(ctx, n) })
}

// WaitModal waits for the form that the bot opens; the test ends if the acknowledgement is another.
func (i *Interaction) WaitModal() *Modal {
	a := i.WaitAck()
	if a.Modal == nil {
		i.s.fatal(fmt.Errorf("%s: acknowledged with type %d, not with a modal", i, a.Type))
	}
	return a.Modal
}

// WaitChoices waits for the suggestions of an autocompletion.
func (i *Interaction) WaitChoices() []Choice { return i.WaitAck().Choices }

// WaitStatus waits until the nth delivery to the endpoint was answered, and returns the HTTP status, 0 if the
// connection failed.
func (i *Interaction) WaitStatus(n int) int {
	return waitFor(i.s, func(ctx context.Context) (status int, err error) {
		err = i.s.await(ctx, &i.notice, func() bool {
			if len(i.statuses) < n {
				return false
			}
			status = i.statuses[n-1]
			return true
		})
		return status, err
	})
}

// FollowUps returns the follow-ups so far.
func (i *Interaction) FollowUps() []*Message {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	var out []*Message
	for _, m := range i.followUps {
		out = append(out, i.s.view(m))
	}
	return out
}

// Acknowledged returns the callback type so far, 0 for none.
func (i *Interaction) Acknowledged() int {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.ack
}

func waitFor[T any](s *Server, f func(context.Context) (T, error)) T {
	if s.tb != nil {
		s.tb.Helper()
	}
	ctx, cancel := s.patience()
	defer cancel()
	v, err := f(ctx)
	if err != nil {
		if s.opt.Scale == nil {
			err = fmt.Errorf("%w\nso far:\n%s", err, s.Transcript())
		}
		s.fatal(err)
	}
	return v
}

// interactionOf reads the id out of a token.
func interactionOf(token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return ""
	}
	rest, ok := strings.CutPrefix(string(raw), "interaction:")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, ":")
	return id
}

// Post is a message that a person wrote.
type Post struct {
	*Message
	s     *Server
	entry *entry
}

// Say writes a message in the channel. Mentions are written <@id>; Mention does it for the bot.
func (p Place) Say(text string, args ...Arg) *Post { return p.write(text, nil, args) }

// Mention writes a message that begins with a mention of the bot.
func (p Place) Mention(text string, args ...Arg) *Post {
	return p.write("<@"+p.user.s.BotID+"> "+text, nil, args)
}

// Reply writes a message that answers another; a reply to the bot mentions it, as the client does by default,
// unless it was the answer to an interaction.
func (p Place) Reply(to *Message, text string, args ...Arg) *Post { return p.write(text, to.m, args) }

// DM writes to the bot in direct messages.
func (u *User) DM(text string, args ...Arg) *Post { return u.InDirect().Say(text, args...) }

var userMention = regexp.MustCompile(`<@!?([0-9]+)>`)

func (p Place) write(content string, to *message, args []Arg) *Post {
	a := &act{}
	for _, arg := range args {
		arg(a)
	}
	s := p.user.s
	s.mu.Lock()
	m := &message{id: s.id(), channel: p.channel, author: p.user, content: content, made: s.now(), replyTo: to, version: 1}
	if to != nil {
		m.kind = 19
		if to.by == nil {
			m.mentions = append(m.mentions, to.author) // the answer to an interaction is not mentioned by a reply
		}
	}
	for _, found := range userMention.FindAllStringSubmatch(content, -1) {
		if u := s.people[found[1]]; u != nil && !slices.Contains(m.mentions, u) {
			m.mentions = append(m.mentions, u)
		}
	}
	if len(a.changes) > 0 {
		m.alter = func(d map[string]any) {
			for _, change := range a.changes {
				change(d)
			}
		}
		// What is stored has the changed components and embeds, so that a fetch shows them too.
		d := m.json(s, true)
		m.alter(d)
		raw, _ := json.Marshal(d)
		var back map[string]any
		_ = json.Unmarshal(raw, &back)
		m.parts, m.embeds = list(back["components"]), list(back["embeds"])
	}
	e := &entry{person: p.user, channel: p.channel, action: "says", said: m, silent: a.silent}
	m.entry = e
	if s.opt.Scale == nil {
		s.story = append(s.story, e)
		s.messages[m.id] = m
		m.channel.log = append(m.channel.log, m)
	}
	s.announce("MESSAGE_CREATE", m)
	v := s.view(m)
	s.wake()
	s.mu.Unlock()
	return &Post{Message: v, s: s, entry: e}
}

// Redeliver announces the message once more.
func (p *Post) Redeliver() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.announce("MESSAGE_CREATE", p.m)
}

// Answer waits for the nth message of the bot, from 1, in the channel after this one and not the answer to
// an interaction.
func (p *Post) Answer(ctx context.Context, n int) (*Message, error) {
	var out *Message
	err := p.s.await(ctx, &p.s.notice, func() bool {
		got := p.answers()
		if len(got) < n {
			return false
		}
		out = p.s.view(got[n-1])
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("waiting for answer %d to %q: %w", n, p.Content, err)
	}
	return out, nil
}

func (p *Post) answers() []*message {
	var out []*message
	at := slices.Index(p.m.channel.log, p.m)
	for _, m := range p.m.channel.log[at+1:] {
		if m.author == p.s.bot && m.by == nil && (m.replyTo == nil || m.replyTo == p.m) {
			out = append(out, m)
		}
	}
	return out
}

// Answers returns the messages of the bot so far that answer this one.
func (p *Post) Answers() []*Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	var out []*Message
	for _, m := range p.answers() {
		out = append(out, p.s.view(m))
	}
	return out
}

// WaitAnswer waits for the bot's answer in the channel; the test ends if none comes.
func (p *Post) WaitAnswer() *Message {
	return waitFor(p.s, func(ctx context.Context) (*Message, error) { return p.Answer(ctx, 1) })
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// post delivers an interaction to the endpoint, and takes the response that may be in the answer.
func (s *Server) post(url string, i *Interaction) {
	ctx, cancel := context.WithTimeout(context.Background(), s.opt.Patience)
	defer cancel()
	go func() {
		select {
		case <-s.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	req, err := s.Signed(ctx, url, i.payload)
	if err != nil {
		s.problem("%v", err)
		return
	}
	status, body := 0, []byte(nil)
	kind := ""
	res, err := s.out.Do(req)
	if err == nil {
		status = res.StatusCode
		kind = res.Header.Get("Content-Type")
		body, err = io.ReadAll(io.LimitReader(res.Body, maxBody))
		_ = res.Body.Close()
	}
	switch {
	case err != nil:
		err = fmt.Errorf("the endpoint: %w", err)
	case status == http.StatusOK && len(body) > 0:
		err = s.takeBody(i, kind, body)
	case status != http.StatusAccepted && status != http.StatusNoContent && status != http.StatusOK:
		err = fmt.Errorf("the endpoint answered %d %s", status, bytes.TrimSpace(body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i.statuses = append(i.statuses, status)
	i.failed = err
	i.notice.wake()
	s.wake()
}

// takeBody takes a response in the body of the endpoint's answer.
func (s *Server) takeBody(i *Interaction, kind string, body []byte) error {
	if !strings.HasPrefix(kind, "application/json") {
		s.problem("the endpoint answered with Content-Type %q", kind)
	}
	c := &call{body: body}
	c.route, _ = findRoute("POST", "/interactions/1/t/callback")
	if err := json.Unmarshal(body, &c.json); err != nil {
		s.problem("the endpoint's answer is not JSON: %v", err)
		return err
	}
	if res := s.inspect("answer of the endpoint", c); res.status != 0 {
		return errors.New("the endpoint's answer was refused")
	}
	if res := s.respond(i.ID, i.token, c.json, nil, false); res.status >= 300 {
		return fmt.Errorf("the endpoint's answer was refused: %v", res.body)
	}
	return nil
}
