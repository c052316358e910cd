package bot

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Interaction types, Discord's "Interaction Type".
const (
	typePing         = 1
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5
)

// Interaction is what somebody did, decoded with tolerance: a part that this version does not know is
// left raw, so a new kind of component cannot make the whole unreadable, as it does in discordgo
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object).
type Interaction struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	Type          int             `json:"type"`
	Data          InteractionData `json:"data"`
	GuildID       string          `json:"guild_id"` // "" in direct messages and private channels
	ChannelID     string          `json:"channel_id"`
	Channel       *Channel        `json:"channel"` // the same, with what a thread hangs from
	Member        *Member         `json:"member"`  // in a server
	User          *User           `json:"user"`    // elsewhere
	Token         string          `json:"token"`   // good for 15 minutes; a secret while it is
	Message       *Message        `json:"message"` // that the component pressed is part of
	Locale        string          `json:"locale"`
	GuildLocale   string          `json:"guild_locale"`
	// Permissions of the application here, a bit set written in decimal.
	AppPermissions string `json:"app_permissions"`
	// Owners tells who installed the application: key "0" a server, "1" a person.
	Owners map[string]string `json:"authorizing_integration_owners"`
}

// InteractionData is the data of any type of interaction; what a type does not have is zero.
type InteractionData struct {
	// Of a command, or of its autocompletion.
	Name     string   `json:"name"`
	Kind     int      `json:"type"` // 1 slash command, 2 user menu, 3 message menu
	Options  []Option `json:"options"`
	TargetID string   `json:"target_id"`
	Resolved struct {
		Messages map[string]*Message `json:"messages"`
	} `json:"resolved"`
	// Of a component or a modal.
	CustomID string   `json:"custom_id"`
	Values   []string `json:"values"` // of a select
	// Components of a submitted modal, as they came; Inputs reads them.
	Components json.RawMessage `json:"components"`
}

// Option is an argument of a command, or a subcommand with arguments of its own.
type Option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []Option        `json:"options"`
	Focused bool            `json:"focused"` // being typed, in an autocompletion
}

// String returns the value of a text option, "" for another type.
func (o Option) String() string {
	var s string
	if json.Unmarshal(o.Value, &s) != nil {
		return ""
	}
	return s
}

// Bool returns the value of a yes-or-no option, false for another type.
func (o Option) Bool() bool {
	var b bool
	return json.Unmarshal(o.Value, &b) == nil && b
}

// Int returns the value of a number option; ok is false for another type.
func (o Option) Int() (n int64, ok bool) {
	return n, json.Unmarshal(o.Value, &n) == nil
}

// option returns the argument of that name and whether it was given.
func (d InteractionData) option(name string) (Option, bool) {
	for _, o := range d.Options {
		if o.Name == name {
			return o, true
		}
	}
	return Option{}, false
}

// Inputs returns the texts of a submitted modal by custom_id, whether its components came in action rows
// or in labels.
func (d InteractionData) Inputs() map[string]string {
	type part struct {
		CustomID   json.RawMessage `json:"custom_id"`
		Value      json.RawMessage `json:"value"`
		Components json.RawMessage `json:"components"`
		Component  json.RawMessage `json:"component"`
	}
	texts := make(map[string]string)
	var walk func(raw json.RawMessage, depth int)
	walk = func(raw json.RawMessage, depth int) {
		if len(raw) == 0 || depth > 4 {
			return
		}
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			list = []json.RawMessage{raw}
		}
		for _, raw := range list { // each for itself: one that cannot be read takes nothing from the others
			var p part
			if json.Unmarshal(raw, &p) != nil {
				continue
			}
			var id, s string
			if json.Unmarshal(p.CustomID, &id) == nil && id != "" && json.Unmarshal(p.Value, &s) == nil {
				texts[id] = s
			}
			walk(p.Components, depth+1)
			walk(p.Component, depth+1)
		}
	}
	walk(d.Components, 0)
	return texts
}

// Channel is where something happened.
type Channel struct {
	ID       string `json:"id"`
	ParentID string `json:"parent_id"` // of a thread: the channel it was started in
}

// User is a person or an application.
type User struct {
	ID     string `json:"id"`
	Bot    bool   `json:"bot"`
	Locale string `json:"locale"`
}

// Member is a person in a server.
type Member struct {
	User        *User  `json:"user"`
	Permissions string `json:"permissions"` // in this channel, a bit set written in decimal
}

// Message is a message as it came. Its text is there where Discord gives it without a privileged intent:
// in direct messages, where the bot is mentioned, and as the target of a message menu.
type Message struct {
	ID        string          `json:"id"`
	ChannelID string          `json:"channel_id"`
	GuildID   string          `json:"guild_id"`
	Author    *User           `json:"author"`
	Content   string          `json:"content"`
	Flags     int             `json:"flags"`
	Type      int             `json:"type"`
	Mentions  []*User         `json:"mentions"`
	WebhookID string          `json:"webhook_id"`
	Embeds    []Embed         `json:"embeds"`
	Snapshots []Snapshot      `json:"message_snapshots"` // of messages forwarded
	Raw       json.RawMessage `json:"components"`
	Reference *Reference      `json:"message_reference"`
}

// Embed is a card of a message that came; only its texts are read.
type Embed struct {
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Fields      []EmbedField `json:"fields"`
}

// EmbedField is a part of a card with a heading of its own.
type EmbedField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Snapshot is what a message held when it was forwarded.
type Snapshot struct {
	Message *Message `json:"message"`
}

// Reference names a message that another answers.
type Reference struct {
	MessageID string `json:"message_id"`
	ChannelID string `json:"channel_id"`
	GuildID   string `json:"guild_id"`
}

// Person returns who did it; ok is false when the payload names nobody.
func (i *Interaction) Person() (u User, ok bool) {
	switch {
	case i.Member != nil && i.Member.User != nil && i.Member.User.ID != "":
		return *i.Member.User, true
	case i.User != nil && i.User.ID != "":
		return *i.User, true
	}
	return User{}, false
}

// Permission bits, https://discord.com/developers/docs/topics/permissions.
const (
	permAdministrator = 1 << 3
	permManageServer  = 1 << 5
)

// ManagesServer reports whether Discord says that the person may manage the server. It is looked at for
// every change of settings, whatever the command's default permissions are.
func (i *Interaction) ManagesServer() bool {
	if i.GuildID == "" || i.Member == nil {
		return false
	}
	bits, err := strconv.ParseUint(i.Member.Permissions, 10, 64)
	return err == nil && bits&(permAdministrator|permManageServer) != 0
}

// decodeInteraction reads an interaction. Data that is of an unexpected shape is left out, not an error:
// whoever pressed gets an answer as long as id and token are there.
func decodeInteraction(raw []byte) (*Interaction, error) {
	var i Interaction
	err := json.Unmarshal(raw, &i)
	if err == nil && i.ID != "" {
		return &i, nil
	}
	// Something inside has another shape than documented: keep what is needed to say so.
	var core struct {
		ID            string          `json:"id"`
		ApplicationID string          `json:"application_id"`
		Type          int             `json:"type"`
		Token         string          `json:"token"`
		GuildID       string          `json:"guild_id"`
		ChannelID     string          `json:"channel_id"`
		Locale        string          `json:"locale"`
		GuildLocale   string          `json:"guild_locale"`
		Member        json.RawMessage `json:"member"`
		User          json.RawMessage `json:"user"`
	}
	if err2 := json.Unmarshal(raw, &core); err2 != nil || core.ID == "" || core.Token == "" && core.Type != typePing {
		if err == nil {
			err = fmt.Errorf("no id")
		}
		return nil, fmt.Errorf("interaction cannot be read: %w", err)
	}
	i = Interaction{ID: core.ID, ApplicationID: core.ApplicationID, Type: core.Type, Token: core.Token, GuildID: core.GuildID,
		ChannelID: core.ChannelID, Locale: core.Locale, GuildLocale: core.GuildLocale}
	_ = json.Unmarshal(core.Member, &i.Member)
	_ = json.Unmarshal(core.User, &i.User)
	return &i, nil
}

// Response types, Discord's "Interaction Callback Type".
const (
	ackPong         = 1
	ackMessage      = 4
	ackDeferMessage = 5
	ackDeferUpdate  = 6
	ackUpdate       = 7
	ackChoices      = 8
	ackModal        = 9
)

// Ack is the first response to an interaction: Discord waits 3 seconds for it.
type Ack struct {
	Type    int
	Message *Outgoing // of ackMessage and ackUpdate; of ackDeferMessage only its Flags count
	Choices []Choice  // of ackChoices, at most 25
	Modal   *Modal    // of ackModal
}

// MarshalJSON writes the form of an interaction callback.
func (a Ack) MarshalJSON() ([]byte, error) {
	out := struct {
		Type int `json:"type"`
		Data any `json:"data,omitempty"`
	}{Type: a.Type}
	switch {
	case a.Type == ackDeferMessage && a.Message != nil && a.Message.Ephemeral:
		out.Data = map[string]int{"flags": int(discordgo.MessageFlagsEphemeral)}
	case a.Type == ackMessage || a.Type == ackUpdate:
		out.Data = a.Message
	case a.Type == ackChoices:
		out.Data = map[string][]Choice{"choices": append([]Choice{}, a.Choices...)}
	case a.Type == ackModal:
		out.Data = a.Modal
	}
	return json.Marshal(out)
}

// Choice is a suggestion while an option is being typed; Name and Value have at most 100 characters.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Outgoing is a message to send, in a callback, a follow-up, an edit or a channel. It has embeds and
// buttons of the first generation, which every client shows.
type Outgoing struct {
	Content    string                    // markdown, at most 2000
	Embeds     []*discordgo.MessageEmbed // 6000 characters in all
	Rows       []Row                     // at most 5
	Ephemeral  bool                      // seen by the person alone; only in a callback or a follow-up
	ReplyTo    string                    // id of the message answered, in a channel
	Nonce      string                    // in a channel: Discord sends one nonce once
	Attachment *File                     // a text that is too long for a message

	lang string // in which fit says that it shortened
}

// File is a text sent along.
type File struct {
	Name string
	Body []byte
}

// MarshalJSON writes the message with allowed_mentions that allow none, whatever its text holds. Content,
// embeds and components are always written, so that an edit replaces all that was there.
func (m Outgoing) MarshalJSON() ([]byte, error) {
	type mentions struct {
		Parse       []string `json:"parse"`
		RepliedUser bool     `json:"replied_user"`
	}
	type reference struct {
		MessageID       string `json:"message_id"`
		FailIfNotExists bool   `json:"fail_if_not_exists"`
	}
	out := struct {
		Content         string                    `json:"content"`
		Embeds          []*discordgo.MessageEmbed `json:"embeds"`
		Components      []Row                     `json:"components"`
		Flags           int                       `json:"flags,omitempty"`
		AllowedMentions mentions                  `json:"allowed_mentions"`
		Reference       *reference                `json:"message_reference,omitempty"`
		Nonce           string                    `json:"nonce,omitempty"`
		EnforceNonce    bool                      `json:"enforce_nonce,omitempty"`
	}{
		Content: m.Content, Embeds: append([]*discordgo.MessageEmbed{}, m.Embeds...), Components: append([]Row{}, m.Rows...),
		AllowedMentions: mentions{Parse: []string{}}, Nonce: m.Nonce, EnforceNonce: m.Nonce != "",
	}
	if m.Ephemeral {
		out.Flags |= int(discordgo.MessageFlagsEphemeral)
	}
	if m.ReplyTo != "" {
		out.Reference = &reference{MessageID: m.ReplyTo}
	}
	return json.Marshal(out)
}

// Row is a line of up to five buttons, or one select.
type Row []Component

// MarshalJSON writes an action row.
func (r Row) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type       int         `json:"type"`
		Components []Component `json:"components"`
	}{1, r})
}

// Component types and button styles.
const (
	kindButton = 2
	kindSelect = 3
	kindInput  = 4

	stylePrimary   = 1
	styleSecondary = 2
	styleDanger    = 4
	styleLink      = 5
)

// Component is a button, a select or, in a modal, a text input.
type Component struct {
	Type        int            `json:"type"`
	Style       int            `json:"style,omitempty"`
	Label       string         `json:"label,omitempty"`
	Emoji       *Emoji         `json:"emoji,omitempty"`
	CustomID    string         `json:"custom_id,omitempty"` // at most 100, unique in the message; ids only, never text of a person
	URL         string         `json:"url,omitempty"`       // of a link button, at most 512
	Disabled    bool           `json:"disabled,omitempty"`
	Placeholder string         `json:"placeholder,omitempty"`
	Options     []SelectOption `json:"options,omitempty"` // at most 25
	MinLength   int            `json:"min_length,omitempty"`
	MaxLength   int            `json:"max_length,omitempty"`
	Required    *bool          `json:"required,omitempty"`
	Value       string         `json:"value,omitempty"`
}

// Emoji is a Unicode emoji on a button.
type Emoji struct {
	Name string `json:"name"`
}

// SelectOption is one line of a select.
type SelectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
}

// Modal is a form of up to five rows with one text input each.
type Modal struct {
	CustomID string `json:"custom_id"`
	Title    string `json:"title"` // at most 45
	Rows     []Row  `json:"components"`
}

// snowflake reports whether s is an id of Discord: digits, at most 20.
func snowflake(s string) bool {
	return len(s) > 0 && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}
