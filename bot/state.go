package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"policybot/answer"
)

// ErrNotFound is returned by a State for what it does not hold.
var ErrNotFound = errors.New("not found")

// State is what the bot must remember over a restart and share between replicas. Persons are named by a
// keyed hash that the bot makes (see persons): a State never sees the id of a person. Servers and
// channels are named by their ids. A zero guild "" stands for direct messages.
type State interface {
	// Once claims an event by its key; first is true for exactly one caller, in any process. A claim is
	// forgotten after keep.
	Once(ctx context.Context, key string, keep time.Duration) (first bool, err error)

	// Settings returns the settings of a server, DefaultSettings if none were made.
	Settings(ctx context.Context, guild string) (Settings, error)
	// SetSettings stores the settings and, in the same transaction, the line of the audit log.
	SetSettings(ctx context.Context, guild string, s Settings, entry AuditEntry) error
	// Audit returns the latest lines of a server's audit log, newest first.
	Audit(ctx context.Context, guild string, limit int) ([]AuditEntry, error)

	// KeepAnswer records an answer with what it cited and for whom it was, and returns its number, which
	// the buttons carry.
	KeepAnswer(ctx context.Context, r AnswerRecord) (no int64, err error)
	// AnswerRecord returns a recorded answer, ErrNotFound if it is gone.
	AnswerRecord(ctx context.Context, no int64) (AnswerRecord, error)
	// Publish marks an answer as shown to all of its channel.
	Publish(ctx context.Context, no int64) error

	// Conversation returns the turns of a person in a channel since a time, oldest first, at most limit.
	Conversation(ctx context.Context, person, channel string, since time.Time, limit int) ([]answer.Turn, error)

	// Vote records what a person thinks of an answer; a later vote of the same person replaces it.
	Vote(ctx context.Context, v Vote) error

	// Forget removes everything that is kept of a person, and says how many rows that were.
	Forget(ctx context.Context, person string) (rows int, err error)
	// Expire removes what is older than each server's retention, and claims that have run out.
	Expire(ctx context.Context, now time.Time) (rows int, err error)

	// Value and SetValue keep small values of the program, such as the hash of the registered commands.
	// A missing one is "".
	Value(ctx context.Context, key string) (string, error)
	SetValue(ctx context.Context, key, value string) error
}

// Settings are what a server's managers decide.
type Settings struct {
	Channels      []string `json:"channels"`        // where the bot answers; none means everywhere
	Private       bool     `json:"private"`         // answers are for the asker alone unless she says otherwise
	Lang          string   `json:"lang"`            // "en", "es", or "" for the asker's
	PersonPerHour int      `json:"person_per_hour"` // questions
	ServerPerHour int      `json:"server_per_hour"`
	RetentionDays int      `json:"retention_days"` // of questions, answers, conversations and feedback
}

// DefaultSettings are in force where nobody has decided otherwise.
func DefaultSettings() Settings {
	return Settings{PersonPerHour: 30, ServerPerHour: 600, RetentionDays: 90}
}

// Check reports what of the settings is out of bounds, those that the options of /settings state; a State
// stores none that it reports.
func (s Settings) Check() error {
	within := func(name string, n, limit int) error {
		if n < 1 || n > limit {
			return fmt.Errorf("%s: %d is not between 1 and %d", name, n, limit)
		}
		return nil
	}
	err := errors.Join(within("questions per person and hour", s.PersonPerHour, 1000),
		within("questions per server and hour", s.ServerPerHour, 100_000), within("days of retention", s.RetentionDays, 730))
	if s.Lang != "" && s.Lang != "en" && s.Lang != "es" {
		err = errors.Join(err, fmt.Errorf("language %q is neither en nor es", s.Lang))
	}
	if len(s.Channels) > 50 {
		err = errors.Join(err, fmt.Errorf("%d channels, no more than 50 can be chosen", len(s.Channels)))
	}
	for i, c := range s.Channels {
		if c == "" || len(c) > 20 || slices.ContainsFunc([]byte(c), func(b byte) bool { return b < '0' || b > '9' }) || slices.Contains(s.Channels[:i], c) {
			err = errors.Join(err, fmt.Errorf("channel %q is no id, or named twice", c))
		}
	}
	return err
}

// AuditEntry is one change that somebody with the right to make it made.
type AuditEntry struct {
	At     time.Time
	Person string // keyed hash
	Action string // "settings"
	Detail string // the change in words: "private: no → yes"
}

// AnswerRecord is an answer as it was given on Discord.
type AnswerRecord struct {
	No      int64
	At      time.Time
	Person  string // keyed hash of the asker
	Guild   string
	Channel string
	Public  bool   // shown to all of the channel
	Lang    string // of the interface: "en" or "es"
	Library string // version of the library it was answered from
	Answer  answer.Answer
}

// Vote is feedback on an answer.
type Vote struct {
	Answer int64
	Person string // keyed hash
	Up     bool
	Reason string // "", "outdated", "wrong_source", "quote", "biased", "other"
	At     time.Time
}
