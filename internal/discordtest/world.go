package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Permission bits that the fake looks at (https://discord.com/developers/docs/topics/permissions).
const (
	Administrator      = 1 << 3
	ManageGuild        = 1 << 5
	ViewChannel        = 1 << 10
	SendMessages       = 1 << 11
	EmbedLinks         = 1 << 14
	AttachFiles        = 1 << 15
	ReadMessageHistory = 1 << 16
	UseCommands        = 1 << 31
	SendInThreads      = 1 << 38

	// everyone is what a member may do, and what the bot is given, unless a test says otherwise.
	everyone = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | UseCommands | SendInThreads
)

// User is a person on Discord.
type User struct {
	s      *Server
	ID     string
	Name   string
	bot    bool
	locale string
	perms  uint64
}

// UserOption is a property of a person.
type UserOption func(*User)

// Locale is the language that a person's client is in, "en-US" by default.
func Locale(locale string) UserOption { return func(u *User) { u.locale = locale } }

// Permissions are what a person may do in servers besides what everyone may.
func Permissions(bits uint64) UserOption { return func(u *User) { u.perms |= bits } }

// ManageServer is a person who may change a server's settings.
func ManageServer() UserOption { return Permissions(ManageGuild) }

// User returns the person of that name, made when first asked for. Options are applied each time.
func (s *Server) User(name string, opts ...UserOption) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ok := s.users[name]
	if !ok {
		u = &User{s: s, ID: s.id(), Name: name, locale: "en-US"}
		s.users[name] = u
		s.people[u.ID] = u
	}
	for _, o := range opts {
		o(u)
	}
	return u
}

// Guild is a Discord server.
type Guild struct {
	s      *Server
	ID     string
	Name   string
	locale string
	away   bool // the bot is not a member
}

// GuildOption is a property of a guild.
type GuildOption func(*Guild)

// GuildLocale is the preferred language of a guild, "en-US" by default.
func GuildLocale(locale string) GuildOption { return func(g *Guild) { g.locale = locale } }

// GuildID sets the id, which decides on the shard.
func GuildID(id string) GuildOption { return func(g *Guild) { g.ID = id } }

// NotInstalled is a guild that the bot is not in: its commands are there for persons who installed it for
// themselves.
func NotInstalled() GuildOption { return func(g *Guild) { g.away = true } }

// Guild makes a guild with the bot in it. Guilds made one after another lie on successive shards.
func (s *Server) Guild(name string, opts ...GuildOption) *Guild {
	s.mu.Lock()
	g := &Guild{s: s, Name: name, locale: "en-US"}
	g.ID = strconv.FormatInt((s.start.Add(-24*time.Hour).UnixMilli()/1000*1000-epoch+int64(len(s.guilds)))<<22, 10)
	for _, o := range opts {
		o(g)
	}
	s.guilds = append(s.guilds, g)
	raw, _ := json.Marshal(s.guildJSON(g))
	s.mu.Unlock()
	if !g.away {
		s.dispatch(g.ID, intentGuilds, "GUILD_CREATE", raw)
	}
	return g
}

func (s *Server) guildJSON(g *Guild) map[string]any {
	chans := []any{}
	for _, c := range s.channels {
		if c.guild == g {
			chans = append(chans, c.json())
		}
	}
	slices.SortFunc(chans, func(a, b any) int {
		return strings.Compare(a.(map[string]any)["id"].(string), b.(map[string]any)["id"].(string))
	})
	return map[string]any{"id": g.ID, "name": g.Name, "preferred_locale": g.locale, "unavailable": false, "large": false, "member_count": 3,
		"channels": chans, "members": []any{}, "roles": []any{}, "emojis": []any{}, "threads": []any{}, "joined_at": stamp(s.start)}
}

// Shard is the shard of n that gets the events of the guild.
func (g *Guild) Shard(n int) int { return shardOf(g.ID, n) }

func shardOf(guild string, n int) int {
	if guild == "" {
		return 0
	}
	id, _ := strconv.ParseUint(guild, 10, 64)
	return int((id >> 22) % uint64(max(n, 1)))
}

// Channel is a place where messages are: a channel of a guild, the direct messages of a person with the bot,
// or a private channel of persons where the bot is not.
type Channel struct {
	s       *Server
	ID      string
	Name    string
	guild   *Guild // nil in direct messages and private channels
	person  *User  // of direct messages
	private bool   // a group of persons
	perms   uint64 // of the bot
	log     []*message
	nonces  map[string]*message
}

// Channel makes a channel of the guild.
func (g *Guild) Channel(name string) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.channel(&Channel{Name: name, guild: g})
}

// PrivateChannel makes a group of persons where the bot is not, but commands of persons who installed it are.
func (s *Server) PrivateChannel(name string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channel(&Channel{Name: name, private: true})
}

// Direct returns the channel of the person's direct messages with the bot.
func (u *User) Direct() *Channel {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.direct()
}

func (u *User) direct() *Channel {
	for _, c := range u.s.channels {
		if c.person == u {
			return c
		}
	}
	return u.s.channel(&Channel{Name: u.Name, person: u})
}

func (s *Server) channel(c *Channel) *Channel {
	c.s, c.ID, c.perms, c.nonces = s, s.id(), everyone, make(map[string]*message)
	s.channels[c.ID] = c
	return c
}

// Allow sets what the bot may do in the channel, a set of permission bits.
func (c *Channel) Allow(bits uint64) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.perms = bits
}

// Deny takes permissions from the bot in the channel.
func (c *Channel) Deny(bits uint64) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.perms &^= bits
}

func (c *Channel) label() string {
	switch {
	case c.person != nil:
		return "direct messages"
	case c.private:
		return c.Name + " (private channel)"
	}
	return "#" + c.Name
}

func (c *Channel) guildID() string {
	if c.guild == nil {
		return ""
	}
	return c.guild.ID
}

// context is Discord's interaction context type.
func (c *Channel) context() int {
	switch {
	case c.guild != nil:
		return 0
	case c.person != nil:
		return 1
	}
	return 2
}

func (c *Channel) json() map[string]any {
	out := map[string]any{"id": c.ID, "name": c.Name, "type": 0}
	switch {
	case c.guild != nil:
		out["guild_id"] = c.guild.ID
		out["permissions"] = strconv.FormatUint(everyone, 10)
		out["nsfw"], out["position"], out["parent_id"], out["topic"], out["last_message_id"] = false, 0, nil, nil, nil
	case c.person != nil:
		delete(out, "name")
		out["type"], out["flags"] = 1, 0
	default:
		out["type"] = 3
	}
	return out
}

func (u *User) json() map[string]any {
	out := map[string]any{"id": u.ID, "username": u.Name, "global_name": nil, "avatar": nil, "discriminator": "0", "public_flags": 0}
	if u.bot {
		out["bot"], out["discriminator"] = true, "0042"
	} else {
		out["global_name"] = u.Name
	}
	return out
}

func (u *User) member(c *Channel) map[string]any {
	return map[string]any{"user": u.json(), "roles": []any{}, "permissions": strconv.FormatUint(everyone|u.perms, 10),
		"nick": nil, "avatar": nil, "joined_at": "2024-02-01T12:00:00.000000+00:00", "premium_since": nil,
		"deaf": false, "mute": false, "pending": false, "flags": 0}
}

// message is a message as the server holds it.
type message struct {
	id       string
	channel  *Channel
	author   *User
	content  string
	embeds   []any
	parts    []any // components
	flags    int
	kind     int
	onlyFor  *User // of an ephemeral message
	made     time.Time
	edited   time.Time
	files    []file
	by       *Interaction // that it answers
	original bool         // the @original of by
	replyTo  *message
	mentions []*User
	deleted  bool
	version  int // of its content: 1 and one more for each edit
	entry    *entry
	alter    func(map[string]any) // of what the gateway is told
}

const (
	flagSuppress  = 1 << 2
	flagEphemeral = 1 << 6
	flagLoading   = 1 << 7
	flagV2        = 1 << 15
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// json is the message as Discord gives it to the bot. Its content is left out where the bot must not see it
// without the privileged intent.
func (m *message) json(s *Server, full bool) map[string]any {
	out := map[string]any{"id": m.id, "channel_id": m.channel.ID, "author": m.author.json(), "content": m.content, "timestamp": stamp(m.made),
		"edited_timestamp": nil, "tts": false, "mention_everyone": false, "mentions": []any{}, "mention_roles": []any{}, "attachments": []any{},
		"embeds": orEmpty(m.embeds), "components": orEmpty(m.parts), "pinned": false, "type": m.kind, "flags": m.flags}
	if !m.edited.IsZero() {
		out["edited_timestamp"] = stamp(m.edited)
	}
	var ms []any
	for _, u := range m.mentions {
		ms = append(ms, u.json())
	}
	out["mentions"] = orEmpty(ms)
	var files []any
	for n, f := range m.files {
		files = append(files, map[string]any{"id": strconv.Itoa(n), "filename": f.name, "size": len(f.body), "content_type": f.kind,
			"url":       "https://cdn.discordapp.com/attachments/" + m.channel.ID + "/" + m.id + "/" + f.name,
			"proxy_url": "https://media.discordapp.net/" + f.name})
	}
	out["attachments"] = orEmpty(files)
	if m.author.bot {
		out["application_id"] = s.AppID
	}
	if m.by != nil {
		out["webhook_id"] = s.AppID
		meta := map[string]any{"id": m.by.ID, "type": m.by.kind, "user": m.by.person.json(), "authorizing_integration_owners": m.by.owners()}
		out["interaction_metadata"] = meta
		if m.by.kind == kindCommand {
			meta["name"] = m.by.name
			out["interaction"] = map[string]any{"id": m.by.ID, "type": m.by.kind, "name": m.by.name, "user": m.by.person.json()}
		}
	}
	if m.replyTo != nil {
		ref := map[string]any{"type": 0, "message_id": m.replyTo.id, "channel_id": m.channel.ID}
		if m.channel.guild != nil {
			ref["guild_id"] = m.channel.guild.ID
		}
		out["message_reference"] = ref
	}
	if !full && !s.visible(m) {
		out["content"], out["embeds"], out["components"], out["attachments"] = "", []any{}, []any{}, []any{}
	}
	return out
}

// visible says whether the bot sees a message's content without MESSAGE_CONTENT: its own, direct messages,
// and where it is mentioned.
func (s *Server) visible(m *message) bool {
	return m.author == s.bot || m.channel.person != nil || slices.Contains(m.mentions, s.bot) || s.opt.Privileged&intentContent != 0
}

func orEmpty(v []any) []any {
	if v == nil {
		return []any{}
	}
	return v
}

// numbered gives components the ids that Discord gives them, and returns them.
func numbered(parts []any) []any {
	next := 1.0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, p := range v {
				walk(p)
			}
		case map[string]any:
			if _, ok := v["type"]; ok {
				v["id"] = next
				next++
			}
			walk(v["components"])
			walk(v["accessory"])
			walk(v["component"])
		}
	}
	walk(parts)
	return parts
}

// Message is a message as it stood when it was looked at.
type Message struct {
	ID      string
	Author  string // name
	Content string
	Embeds  []Embed
	Rows    [][]Component
	Flags   int
	// Ephemeral: seen by OnlyFor alone.
	Ephemeral bool
	OnlyFor   string
	Edits     int // how often its content was replaced, the first content after a deferral included
	Deleted   bool
	Files     map[string]string // attachments by name
	ReplyTo   string            // id of the message answered
	Raw       json.RawMessage   // as Discord gives it to the bot

	m *message
}

// Embed is a card of a message.
type Embed struct {
	Title, URL, Description string
	Color                   int
	Fields                  []Field
	Footer, Author          string
}

// Field is a field of a card.
type Field struct {
	Name, Value string
	Inline      bool
}

// Component is a button, a select or a text input; a component of another type has its Type alone.
type Component struct {
	Type, Style                 int
	Label, CustomID, URL, Emoji string
	Placeholder, Value          string
	Disabled, Required          bool
	Options                     []Choice
	MinLength, MaxLength        int
	MinValues, MaxValues        int
}

// Choice is an option of a select, or a suggestion of an autocompletion.
type Choice struct {
	Label, Value, Description string
}

// Text returns everything that can be read on the message: content, embeds and attached files.
func (m *Message) Text() string {
	parts := []string{m.Content}
	for _, e := range m.Embeds {
		parts = append(parts, e.Author, e.Title, e.Description)
		for _, f := range e.Fields {
			parts = append(parts, f.Name, f.Value)
		}
		parts = append(parts, e.Footer)
	}
	for _, name := range sortedKeys(m.Files) {
		parts = append(parts, m.Files[name])
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// Labels returns what stands on the buttons, in order.
func (m *Message) Labels() []string {
	var out []string
	for _, row := range m.Rows {
		for _, c := range row {
			if c.Type == 2 {
				out = append(out, orElse(c.Label, c.Emoji))
			}
		}
	}
	return out
}

// Find returns the component with that label, emoji, placeholder or custom_id.
func (m *Message) Find(what string) (Component, bool) { return find(m.Rows, what) }

func find(rows [][]Component, what string) (Component, bool) {
	for _, row := range rows {
		for _, c := range row {
			if c.Label == what || c.Emoji == what || c.CustomID == what || c.Placeholder == what || c.Emoji+" "+c.Label == what {
				return c, true
			}
		}
	}
	return Component{}, false
}

// view copies a message. The caller holds the lock.
func (s *Server) view(m *message) *Message {
	if m == nil {
		return nil
	}
	v := &Message{ID: m.id, Author: m.author.Name, Content: m.content, Flags: m.flags, Edits: m.version - 1, Deleted: m.deleted, m: m,
		Embeds: readEmbeds(m.embeds), Rows: readRows(m.parts)}
	if m.onlyFor != nil {
		v.Ephemeral, v.OnlyFor = true, m.onlyFor.Name
	}
	if m.replyTo != nil {
		v.ReplyTo = m.replyTo.id
	}
	for _, f := range m.files {
		if v.Files == nil {
			v.Files = make(map[string]string)
		}
		v.Files[f.name] = string(f.body)
	}
	if s.opt.Scale == nil {
		v.Raw, _ = json.Marshal(m.json(s, true))
	}
	return v
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int {
	f, _ := v.(float64)
	return int(f)
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func yes(v any) bool {
	b, _ := v.(bool)
	return b
}

func readEmbeds(raw []any) []Embed {
	var out []Embed
	for _, r := range raw {
		o := object(r)
		e := Embed{Title: text(o["title"]), URL: text(o["url"]), Description: text(o["description"]), Color: number(o["color"]),
			Footer: text(object(o["footer"])["text"]), Author: text(object(o["author"])["name"])}
		for _, f := range list(o["fields"]) {
			f := object(f)
			e.Fields = append(e.Fields, Field{text(f["name"]), text(f["value"]), yes(f["inline"])})
		}
		out = append(out, e)
	}
	return out
}

func readRows(raw []any) [][]Component {
	var out [][]Component
	for _, r := range raw {
		o := object(r)
		var row []Component
		switch number(o["type"]) {
		case 1:
			for _, c := range list(o["components"]) {
				row = append(row, readComponent(object(c)))
			}
		case 18:
			c := readComponent(object(o["component"]))
			c.Label = orElse(text(o["label"]), c.Label)
			row = append(row, c)
		default:
			row = append(row, readComponent(o))
		}
		out = append(out, row)
	}
	return out
}

func readComponent(o map[string]any) Component {
	c := Component{Type: number(o["type"]), Style: number(o["style"]), Label: text(o["label"]), CustomID: text(o["custom_id"]),
		URL: text(o["url"]), Emoji: text(object(o["emoji"])["name"]), Placeholder: text(o["placeholder"]),
		Value: text(o["value"]), Disabled: yes(o["disabled"]),
		MinLength: number(o["min_length"]), MaxLength: number(o["max_length"]), Required: true, MinValues: 1, MaxValues: 1}
	if b, ok := o["required"].(bool); ok {
		c.Required = b
	}
	if v, ok := o["min_values"]; ok {
		c.MinValues = number(v)
	}
	if v, ok := o["max_values"]; ok {
		c.MaxValues = number(v)
	}
	for _, x := range list(o["options"]) {
		x := object(x)
		c.Options = append(c.Options, Choice{text(x["label"]), text(x["value"]), text(x["description"])})
	}
	return c
}

// Message returns the message with that id as it stands, nil if there is none.
func (s *Server) Message(id string) *Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view(s.messages[id])
}

// Messages returns the messages of the channel that are not deleted, oldest first, ephemeral ones included.
func (c *Channel) Messages() []*Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []*Message
	for _, m := range c.log {
		if !m.deleted {
			out = append(out, c.s.view(m))
		}
	}
	return out
}

// Delete removes a message, as a person or moderator does.
func (s *Server) Delete(m *Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.m.deleted = true
	s.wake()
}

func (m *message) String() string { return fmt.Sprintf("message %s of %s", m.id, m.author.Name) }
