package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"policybot/answer"
	"policybot/bot"
)

// Bot is the part of a store that the Discord bot remembers by; it implements bot.State, whose promises
// are its own. Writes that come at the same time share a commit (see Store.write). Times are kept to the
// millisecond, what an answer took to the microsecond; a zero time to be stored is now.
type Bot struct{ s *Store }

var _ bot.State = (*Bot)(nil)

// Bot returns the part of the store that the Discord bot remembers by.
func (s *Store) Bot() *Bot { return &Bot{s} }

const (
	botPrefix = "bot." // of the settings that hold the bot's values
	day       = 24 * time.Hour
	// maxText bounds what is stored of the texts that name or describe something.
	maxText = 4000
)

const (
	// claimOnce claims $1 until $2, if nobody has it at $3.
	claimOnce = `INSERT INTO claims (key, expires_at) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE claims.expires_at <= $3`
	// dropClaims deletes $2 of the claims that have run out at $1.
	dropClaims = `DELETE FROM claims WHERE key IN (SELECT key FROM claims WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`
)

// Once implements bot.State. Claims that have run out are deleted as new ones come, so that their number
// stays that of the claims in force.
func (b *Bot) Once(ctx context.Context, key string, keep time.Duration) (first bool, err error) {
	const op = "claim"
	if err := checkText(op, key); err != nil {
		return false, err
	}
	if keep < time.Millisecond {
		return false, invalid(op, key, "it would run out at once")
	}
	err = b.s.write(ctx, func(p *putter) error {
		now := b.s.now().UnixMilli()
		n, err := affected(p.exec(claimOnce, key, now+keep.Milliseconds(), now))
		if first = n > 0; err != nil || !first {
			return err
		}
		_, err = p.exec(dropClaims, now, 2)
		return err
	})
	return first && err == nil, b.s.fail(op, key, err)
}

// Settings implements bot.State.
func (b *Bot) Settings(ctx context.Context, guild string) (bot.Settings, error) {
	const op = "read settings"
	var text string
	err := b.s.r.QueryRowContext(ctx, `SELECT settings FROM guilds WHERE id = $1`, guild).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return bot.DefaultSettings(), nil
	}
	if err != nil {
		return bot.Settings{}, b.s.fail(op, guild, err)
	}
	s, err := decodeSettings(text)
	if err != nil {
		return bot.Settings{}, b.s.corrupt(op, guild, "%w", err)
	}
	return s, nil
}

// decodeSettings starts from the defaults, for what a version that knew fewer settings has stored.
func decodeSettings(text string) (bot.Settings, error) {
	s := bot.DefaultSettings()
	err := json.Unmarshal([]byte(text), &s)
	if err == nil {
		err = s.Check()
	}
	return s, err
}

// SetSettings implements bot.State. Settings that Check finds fault with are ErrInvalid, and so are those
// of direct messages, which have none.
func (b *Bot) SetSettings(ctx context.Context, guild string, s bot.Settings, e bot.AuditEntry) error {
	const op = "store settings"
	if err := s.Check(); err != nil {
		return invalid(op, guild, "%w", err)
	}
	if err := checkText(op, guild, e.Person, e.Action); err != nil {
		return err
	}
	if !utf8.ValidString(e.Detail) {
		return invalid(op, guild, "text that is not valid UTF-8")
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if e.At.IsZero() {
		e.At = b.s.now()
	}
	return b.s.fail(op, guild, b.s.write(ctx, func(p *putter) error {
		_, err := p.exec(`INSERT INTO guilds (id, settings, retention_days) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, retention_days = excluded.retention_days`, guild, string(text), s.RetentionDays)
		if err == nil {
			_, err = p.exec(`INSERT INTO audit (made_at, guild, person, action, detail) VALUES ($1, $2, $3, $4, $5)`,
				e.At.UnixMilli(), guild, e.Person, e.Action, e.Detail)
		}
		return err
	}))
}

// Audit implements bot.State. Lines of persons who had themselves forgotten have no person.
func (b *Bot) Audit(ctx context.Context, guild string, limit int) ([]bot.AuditEntry, error) {
	const op = "read audit log"
	rows, err := b.s.r.QueryContext(ctx, `SELECT made_at, person, action, detail FROM audit WHERE guild = $1 ORDER BY no DESC LIMIT $2`,
		guild, max(limit, 0))
	if err != nil {
		return nil, b.s.fail(op, guild, err)
	}
	defer rows.Close()
	var list []bot.AuditEntry
	for rows.Next() {
		var e bot.AuditEntry
		var at int64
		if err := rows.Scan(&at, &e.Person, &e.Action, &e.Detail); err != nil {
			return nil, b.s.fail(op, guild, err)
		}
		e.At = time.UnixMilli(at).UTC()
		list = append(list, e)
	}
	return list, b.s.fail(op, guild, rows.Err())
}

// KeepAnswer implements bot.State. The answer is among those that Store.Answers lists.
func (b *Bot) KeepAnswer(ctx context.Context, r bot.AnswerRecord) (no int64, err error) {
	const op = "keep answer"
	if err := checkText(op, r.Person); err != nil {
		return 0, err
	}
	body, err := json.Marshal(r.Answer)
	if err != nil {
		return 0, invalid(op, "", "%w", err)
	}
	a := answerRow{Answer: Answer{Asked: r.At, Question: r.Answer.Question, Lang: r.Answer.Lang, Status: string(r.Answer.Status),
		Drafter: r.Answer.Drafter,
		Took:    r.Answer.Took, Library: r.Library, Body: body}, person: r.Person, guild: r.Guild, channel: r.Channel, public: r.Public, locale: r.Lang}
	for _, claim := range r.Answer.Claims {
		for _, c := range claim.Citations {
			a.Citations = append(a.Citations, Citation{N: c.N, Article: c.Article, Start: c.Start, End: c.End, Quote: c.Quote})
		}
	}
	if err := a.check(op); err != nil {
		return 0, err
	}
	if a.Asked.IsZero() {
		a.Asked = b.s.now()
	}
	err = b.s.write(ctx, func(p *putter) (err error) {
		no, err = p.answer(&a)
		return err
	})
	return no, b.s.fail(op, "", err)
}

// AnswerRecord implements bot.State. An answer of the terminal is not found, as nobody on Discord has
// seen it; one whose row is not what was written is ErrCorrupt.
func (b *Bot) AnswerRecord(ctx context.Context, no int64) (bot.AnswerRecord, error) {
	const op = "read answer"
	what := strconv.FormatInt(no, 10)
	r, err := scanAnswer(b.s.r.QueryRowContext(ctx, `SELECT `+answerColumns+` FROM answers WHERE no = $1 AND person <> ''`, no))
	if errors.Is(err, sql.ErrNoRows) {
		return bot.AnswerRecord{}, &Error{Op: op, What: what, Kind: ErrNotFound}
	}
	if err != nil {
		return bot.AnswerRecord{}, b.s.fail(op, what, err)
	}
	record := bot.AnswerRecord{No: r.No, At: r.Asked, Person: r.person, Guild: r.guild, Channel: r.channel, Public: r.public,
		Lang: r.locale, Library: r.Library}
	if err := r.verify(); err != nil {
		return bot.AnswerRecord{}, b.s.corrupt(op, what, "%w", err)
	}
	if err := json.Unmarshal(r.Body, &record.Answer); err != nil {
		return bot.AnswerRecord{}, b.s.corrupt(op, what, "%w", err)
	}
	return record, nil
}

// Publish implements bot.State; ErrNotFound if the answer is gone.
func (b *Bot) Publish(ctx context.Context, no int64) error {
	return b.found(ctx, "publish answer", no, func(p *putter) (int, error) {
		return affected(p.exec(`UPDATE answers SET public = 1 WHERE no = $1 AND person <> ''`, no))
	})
}

// Vote implements bot.State; ErrNotFound if the answer is gone.
func (b *Bot) Vote(ctx context.Context, v bot.Vote) error {
	const op = "vote"
	if err := checkText(op, v.Person); err != nil {
		return err
	}
	if v.Up && v.Reason != "" || !slices.Contains([]string{"", "outdated", "wrong_source", "quote", "biased", "other"}, v.Reason) {
		return invalid(op, strconv.FormatInt(v.Answer, 10), "reason %q", v.Reason)
	}
	if v.At.IsZero() {
		v.At = b.s.now()
	}
	return b.found(ctx, op, v.Answer, func(p *putter) (int, error) {
		return affected(p.exec(`INSERT INTO votes (answer_no, person, up, reason, voted_at)
			SELECT no, $2, $3, $4, $5 FROM answers WHERE no = $1 AND person <> ''
			ON CONFLICT (answer_no, person) DO UPDATE SET up = excluded.up, reason = excluded.reason, voted_at = excluded.voted_at`,
			v.Answer, v.Person, number(v.Up), v.Reason, v.At.UnixMilli()))
	})
}

// found writes what f does to the answer of that number, and is ErrNotFound if f affects no row. That is
// no failure of the write, so that it does not undo those of others.
func (b *Bot) found(ctx context.Context, op string, no int64, f func(p *putter) (int, error)) error {
	var n int
	err := b.s.write(ctx, func(p *putter) (err error) {
		n, err = f(p)
		return err
	})
	what := strconv.FormatInt(no, 10)
	if err == nil && n == 0 {
		return &Error{Op: op, What: what, Kind: ErrNotFound}
	}
	return b.s.fail(op, what, err)
}

// Conversation implements bot.State: the turns are the answers kept for the person in that channel. A row
// that is not what was written is passed over; Check reports it.
func (b *Bot) Conversation(ctx context.Context, person, channel string, since time.Time, limit int) ([]answer.Turn, error) {
	const op = "read conversation"
	rows, err := b.s.r.QueryContext(ctx, `SELECT `+answerColumns+` FROM answers WHERE person = $1 AND person <> '' AND channel = $2 AND asked_at >= $3
		ORDER BY asked_at DESC, no DESC LIMIT $4`, person, channel, since.UnixMilli(), max(limit, 0))
	if err != nil {
		return nil, b.s.fail(op, "", err)
	}
	defer rows.Close()
	var turns []answer.Turn
	for rows.Next() {
		r, err := scanAnswer(rows)
		if err != nil {
			return nil, b.s.fail(op, "", err)
		}
		var said struct {
			Text string `json:"text"`
		}
		if r.verify() == nil && json.Unmarshal(r.Body, &said) == nil {
			turns = append(turns, answer.Turn{Q: r.Question, A: said.Text})
		}
	}
	slices.Reverse(turns)
	return turns, b.s.fail(op, "", rows.Err())
}

// Value implements bot.State.
func (b *Bot) Value(ctx context.Context, key string) (string, error) {
	v, _, err := b.s.Setting(ctx, botPrefix+key)
	return v, err
}

// SetValue implements bot.State.
func (b *Bot) SetValue(ctx context.Context, key, value string) error {
	const op = "store value"
	if err := checkText(op, key); err != nil {
		return err
	}
	if !utf8.ValidString(value) {
		return invalid(op, key, "text that is not valid UTF-8")
	}
	return b.s.fail(op, key, b.s.write(ctx, func(p *putter) error { return p.set(botPrefix+key, value) }))
}

// Forget implements bot.State. Answers that the person asked go with what they cited and the votes on
// them, and so do the person's own votes; changes of settings and costs of models stay, but nothing tells
// any more whose they were. All of these rows count, but for those of citations and of others' votes.
//
// What is deleted is also wiped from the database file and its log. Should that fail when the rows are
// gone, or another process be reading an older state at that moment, Forget succeeds all the same, and
// the next Forget or Expire of any process wipes. Nothing reaches copies that others made of the files.
func (b *Bot) Forget(ctx context.Context, person string) (rows int, err error) {
	const op = "forget"
	if err := checkText(op, person); err != nil {
		return 0, err
	}
	err = b.s.write(ctx, func(p *putter) error {
		rows = 0
		for _, query := range [...]string{
			`DELETE FROM votes WHERE person = $1`,
			`DELETE FROM answers WHERE person = $1 AND person <> ''`,
			`UPDATE audit SET person = '' WHERE person = $1 AND person <> ''`,
			`UPDATE spend SET person = '' WHERE person = $1 AND person <> ''`,
		} {
			n, err := affected(p.exec(query, person))
			if err != nil {
				return err
			}
			rows += n
		}
		if rows == 0 {
			return nil
		}
		return p.wipeLater()
	})
	if err != nil {
		return 0, b.s.fail(op, "", err) // not naming the person
	}
	_ = b.s.wipe(ctx) // stays due
	return rows, nil
}

// expireBatch is how many rows Expire deletes in one transaction, so that others can write in between.
const expireBatch = 200

// Expire implements bot.State. It also sums up, by day, the costs of models of more than a month ago,
// naming no person, and wipes what is gone as Forget does.
func (b *Bot) Expire(ctx context.Context, now time.Time) (rows int, err error) {
	const op = "expire"
	shortest, err := b.shortestRetention(ctx)
	if err != nil {
		return 0, b.s.fail(op, "", err)
	}
	gone, err := column[int64](ctx, b.s.r, `SELECT no FROM answers LEFT JOIN guilds ON guilds.id = answers.guild
		WHERE person <> '' AND asked_at < $1 AND asked_at < $2 - $3 * coalesce(retention_days, $4) ORDER BY no`,
		now.Add(-day*time.Duration(shortest)).UnixMilli(), now.UnixMilli(), day.Milliseconds(), bot.DefaultSettings().RetentionDays)
	if err != nil {
		return 0, b.s.fail(op, "", err)
	}
	for batch := range slices.Chunk(gone, expireBatch) {
		n := 0
		err := b.s.write(ctx, func(p *putter) error {
			n = 0
			for _, no := range batch {
				one, err := affected(p.exec(`DELETE FROM answers WHERE no = $1`, no))
				if err != nil {
					return err
				}
				n += one
			}
			return p.wipeLater()
		})
		if err != nil {
			return rows, b.s.fail(op, "", err)
		}
		rows += n
	}
	for n := expireBatch; n == expireBatch; {
		err := b.s.write(ctx, func(p *putter) (err error) {
			n, err = affected(p.exec(dropClaims, now.UnixMilli(), expireBatch))
			return err
		})
		if err != nil {
			return rows, b.s.fail(op, "", err)
		}
		rows += n
	}
	if err := b.s.sumUp(ctx, now); err != nil {
		return rows, b.s.fail(op, "", err)
	}
	return rows, b.s.fail(op, "", b.s.wipe(ctx))
}

// shortestRetention returns the fewest days for which any server keeps answers.
func (b *Bot) shortestRetention(ctx context.Context) (days int, err error) {
	err = b.s.r.QueryRowContext(ctx, `SELECT coalesce(min(retention_days), $1) FROM guilds`, bot.DefaultSettings().RetentionDays).Scan(&days)
	return min(days, bot.DefaultSettings().RetentionDays), err
}

// checkText refuses names that are empty, too long or not text. It does not repeat them: they may be hashes
// of persons.
func checkText(op string, names ...string) error {
	for _, n := range names {
		if n == "" || len(n) > maxText || !utf8.ValidString(n) || strings.ContainsRune(n, 0) {
			return invalid(op, "", "a name of %d bytes that is empty, longer than %d or not text", len(n), maxText)
		}
	}
	return nil
}

// affected is how many rows a statement affected.
func affected(res sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// number is how a truth value is stored.
func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
