package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Answer is an answer as it was given.
type Answer struct {
	No        int64     // given by SaveAnswer; larger is later
	Asked     time.Time // the zero time is now; kept to the millisecond
	Question  string
	Lang      string
	Status    string // "answered", "not_covered", "out_of_scope", "no_advice"
	Drafter   string
	Took      time.Duration // kept to the microsecond
	Library   string        // version of the library it was answered from
	Body      []byte        // the whole answer as JSON, claims among it
	Citations []Citation    // in the order of the answer
}

// Citation is one passage that an answer cited.
type Citation struct {
	N          int    // the number shown
	Article    string // id
	Digest     string // the version cited, for GetVersion; SaveAnswer fills "" with the current one
	Start, End int    // bytes into its text
	Quote      string
}

// QuestionHash is equal for questions that differ in case and white space alone.
func QuestionHash(question string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(strings.ToLower(question)), " ")))
	return hex.EncodeToString(sum[:16])
}

// SaveAnswer records an answer with what it cited and returns its number.
func (s *Store) SaveAnswer(ctx context.Context, a Answer) (no int64, err error) {
	row := answerRow{Answer: a}
	if err := row.check("save answer"); err != nil {
		return 0, err
	}
	if row.Asked.IsZero() {
		row.Asked = s.now()
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		p := s.newPutter(ctx, tx, "")
		defer p.close()
		no, err = p.answer(&row)
		return err
	})
	return no, s.fail("save answer", "", err)
}

// answerRow is a row of answers, with the columns that only those of the Discord bot have.
type answerRow struct {
	Answer
	person, guild, channel, locale string
	public                         bool
	recorded                       sql.Null[uint32] // the checksum read
}

// answerColumns are the columns of answers as scanAnswer reads them.
const answerColumns = `no, asked_at, question, lang, status, drafter, took_us, library, person, guild, channel, ui_lang, public, sum, body`

func scanAnswer(row interface{ Scan(...any) error }) (a answerRow, err error) {
	var asked, took int64
	err = row.Scan(&a.No, &asked, &a.Question, &a.Lang, &a.Status, &a.Drafter, &took, &a.Library, &a.person, &a.guild, &a.channel, &a.locale, &a.public,
		&a.recorded, &a.Body)
	a.Asked, a.Took = time.UnixMilli(asked).UTC(), time.Duration(took)*time.Microsecond
	return a, err
}

// check refuses what cannot be stored.
func (a *answerRow) check(op string) error {
	if !json.Valid(a.Body) {
		return invalid(op, "", "its body is not JSON")
	}
	for _, t := range [...]string{a.Question, a.Lang, a.Status, a.Drafter, a.Library, a.person, a.guild, a.channel, a.locale} {
		if !utf8.ValidString(t) {
			return invalid(op, "", "text that is not valid UTF-8")
		}
	}
	for _, c := range a.Citations {
		if !utf8.ValidString(c.Article) || !utf8.ValidString(c.Digest) || !utf8.ValidString(c.Quote) {
			return invalid(op, "", "a citation that is not valid UTF-8")
		}
	}
	return nil
}

// sum is a checksum over all that does not change.
func (a *answerRow) sum() uint32 {
	return sumStrings(strconv.FormatInt(a.Asked.UnixMilli(), 10), a.Question, a.Lang, a.Status, a.Drafter, strconv.FormatInt(a.Took.Microseconds(), 10),
		a.Library, a.person, a.guild, a.channel, a.locale, string(a.Body))
}

// verify compares a row with its checksum. Rows of before there were checksums pass.
func (a *answerRow) verify() error {
	if sum := a.sum(); a.recorded.Valid && sum != a.recorded.V {
		return fmt.Errorf("its checksum is %08x, recorded was %08x", sum, a.recorded.V)
	}
	return nil
}

// answer stores an answer with what it cited and returns its number.
func (p *putter) answer(a *answerRow) (no int64, err error) {
	err = p.row(`INSERT INTO answers (asked_at, hash, question, lang, status, drafter, took_us, library,
			person, guild, channel, ui_lang, public, sum, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING no`,
		[]any{a.Asked.UnixMilli(), QuestionHash(a.Question), a.Question,
			a.Lang, a.Status, a.Drafter, a.Took.Microseconds(), a.Library, a.person, a.guild, a.channel, a.locale, number(a.public), a.sum(),
			string(a.Body)}, &no)
	if err != nil {
		return 0, err
	}
	for i, c := range a.Citations {
		if _, err := p.exec(`INSERT INTO citations (answer_no, ord, n, article, digest, start_at, end_at, quote) VALUES ($1, $2, $3, $4,
			CASE WHEN $5 <> '' THEN $5 ELSE coalesce((SELECT digest FROM articles WHERE id = $4), '') END, $6, $7, $8)`,
			no, i, c.N, c.Article, c.Digest, c.Start, c.End, c.Quote); err != nil {
			return 0, err
		}
	}
	return no, nil
}

// AnswerFilter chooses answers; a zero field chooses all.
type AnswerFilter struct {
	No       int64     // this one
	Since    time.Time // asked then or later
	Question string    // asked in these words, give or take case and white space
	Status   string
	Article  string // that cited this article
	Limit    int    // at most so many, the latest
}

// Answers returns the recorded answers that pass the filter, latest first. None is no error.
func (s *Store) Answers(ctx context.Context, f AnswerFilter) ([]Answer, error) {
	const op = "read answers"
	where, args := []string{"1 = 1"}, []any{}
	add := func(cond string, arg any) {
		args = append(args, arg)
		where = append(where, strings.Replace(cond, "?", "$"+strconv.Itoa(len(args)), 1))
	}
	if f.No != 0 {
		add("no = ?", f.No)
	}
	if !f.Since.IsZero() {
		add("asked_at >= ?", f.Since.UnixMilli())
	}
	if f.Question != "" {
		add("hash = ?", QuestionHash(f.Question))
	}
	if f.Status != "" {
		add("status = ?", f.Status)
	}
	if f.Article != "" {
		add("no IN (SELECT answer_no FROM citations WHERE article = ?)", f.Article)
	}
	query := `SELECT ` + answerColumns + ` FROM answers WHERE ` +
		strings.Join(where, " AND ") + ` ORDER BY asked_at DESC, no DESC`
	if f.Limit > 0 {
		args = append(args, f.Limit)
		query += ` LIMIT $` + strconv.Itoa(len(args))
	}
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state for all queries
	if err != nil {
		return nil, s.fail(op, "", err)
	}
	defer tx.Rollback()
	list, err := s.scanAnswers(tx.QueryContext(ctx, query, args...))
	if err != nil {
		return nil, s.fail(op, "", err)
	}
	cites, err := tx.PrepareContext(ctx, `SELECT n, article, digest, start_at, end_at, quote FROM citations WHERE answer_no = $1 ORDER BY ord`)
	if err != nil {
		return nil, s.fail(op, "", err)
	}
	defer cites.Close()
	for i := range list {
		if list[i].Citations, err = scanCitations(cites.QueryContext(ctx, list[i].No)); err != nil {
			return nil, s.fail(op, "", err)
		}
	}
	return list, nil
}

func (s *Store) scanAnswers(rows *sql.Rows, err error) (list []Answer, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAnswer(rows)
		if err != nil {
			return nil, err
		}
		if err := a.verify(); err != nil {
			return nil, s.corrupt("read answers", strconv.FormatInt(a.No, 10), "%w", err)
		}
		list = append(list, a.Answer)
	}
	return list, rows.Err()
}

func scanCitations(rows *sql.Rows, err error) (list []Citation, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Citation
		if err := rows.Scan(&c.N, &c.Article, &c.Digest, &c.Start, &c.End, &c.Quote); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// PruneAnswers deletes the answers asked before that time, with their citations, and says how many.
func (s *Store) PruneAnswers(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM answers WHERE asked_at < $1`, before.UnixMilli())
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, s.fail("prune answers", "", err)
}
