package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"policybot/corpus"
)

// Origin says how an article came into the library.
type Origin string

const (
	Shipped Origin = "shipped" // with the program
	User    Origin = "user"    // added by the operator; wins over a shipped article of the same id
)

// Item is an article to store, with its chunks in the order of its text.
type Item struct {
	Article *corpus.Article
	Chunks  []corpus.Chunk
	// Vectors holds one vector per chunk, or nil for a chunk that has none yet; nil for none at all.
	// A text has one vector per model: the last one stored.
	Vectors [][]float32
	// Why is recorded with the version that this one takes the place of; "" is "replaced".
	Why string
}

// Change is what storing an item did.
type Change uint8

const (
	Unchanged Change = iota // the very same article was there; missing vectors were added
	Added
	Replaced  // the former version was kept
	Rechunked // the same article in other chunks, or with another raw text
)

func (c Change) String() string {
	return [...]string{"unchanged", "added", "replaced", "rechunked"}[c]
}

// BatchSize is how many articles are well stored by one Put: enough that the cost of syncing a commit
// does not matter, and few enough that another process waits for less than a second.
const BatchSize = 256

// Put stores the items in one transaction, with their vectors made by the embedder called model (which
// does not matter where there are none). They become the user's articles. When it returns nil all of
// them are durable, and the changes tell what happened to each; otherwise none is stored.
func (s *Store) Put(ctx context.Context, model string, items ...Item) ([]Change, error) {
	for i := range items {
		if err := items[i].check(); err != nil {
			return nil, err
		}
	}
	changes := make([]Change, len(items))
	err := s.tx(ctx, func(tx *sql.Tx) error {
		p := s.newPutter(ctx, tx, model)
		defer p.close()
		for i := range items {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if changes[i], err = p.put(&items[i], User); err != nil {
				return s.fail("put", items[i].Article.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.fail("put", "", err)
	}
	return changes, nil
}

// check refuses what could not be read back as it is.
func (it *Item) check() error {
	a := it.Article
	if a == nil {
		return invalid("put", "", "no article")
	}
	bad := func(format string, args ...any) error { return invalid("put", a.ID, format, args...) }
	if a.ID == "" {
		return bad("an article without an id")
	}
	for _, f := range [...]struct{ name, value string }{{"id", a.ID}, {"title", a.Title}, {"publisher", a.Publisher},
		{"author", a.Author}, {"url", a.URL}, {"lang", a.Lang}, {"kind", string(a.Kind)}, {"text", a.Text}} {
		if !utf8.ValidString(f.value) {
			return bad("%s is not valid UTF-8", f.name)
		}
	}
	for _, t := range a.Tags {
		if !utf8.ValidString(t) {
			return bad("tag %q is not valid UTF-8", t)
		}
	}
	if !storable(a.Published) || !storable(a.Updated) {
		return bad("impossible date %+v or %+v", a.Published, a.Updated)
	}
	for _, st := range a.Statements {
		if !within(st.Span, a.Text) || !storable(st.AsOf.From) || !storable(st.AsOf.To) {
			return bad("statement %+v does not fit the text of %d bytes", st, len(a.Text))
		}
	}
	for _, r := range a.Removed {
		if !within(r.Span, a.Raw) || !utf8.ValidString(r.Reason) {
			return bad("removal %+v does not fit the raw text of %d bytes", r, len(a.Raw))
		}
	}
	for i, c := range it.Chunks {
		if c.Article != a {
			return bad("chunk %d is of another article", i)
		}
		if !within(c.Span, a.Text) || c.Start == c.End {
			return bad("chunk %d is [%d, %d) in a text of %d bytes", i, c.Start, c.End, len(a.Text))
		}
	}
	if it.Vectors != nil && len(it.Vectors) != len(it.Chunks) {
		return bad("%d vectors for %d chunks", len(it.Vectors), len(it.Chunks))
	}
	return nil
}

func within(s corpus.Span, text string) bool {
	return 0 <= s.Start && s.Start <= s.End && s.End <= len(text)
}

// putter stores articles within one transaction.
type putter struct {
	s       *Store
	ctx     context.Context // of the transaction, which the putter does not outlive
	tx      *sql.Tx
	stmts   map[string]*sql.Stmt
	ahead   *ahead // may be nil
	vectors *vectorWriter
	pack    packer
	revised bool // the transaction has given the library another revision
}

func (s *Store) newPutter(ctx context.Context, tx *sql.Tx, model string) *putter {
	p := &putter{s: s, ctx: ctx, tx: tx, stmts: map[string]*sql.Stmt{}}
	p.vectors = &vectorWriter{p: p, model: model}
	return p
}

func (p *putter) close() {
	for _, st := range p.stmts {
		st.Close()
	}
}

// stmt prepares each text once.
func (p *putter) stmt(query string) (*sql.Stmt, error) {
	if st := p.stmts[query]; st != nil {
		return st, nil
	}
	if p.ahead != nil {
		if st := p.ahead.stmt(p.ctx, p.tx, query); st != nil {
			p.stmts[query] = st
			return st, nil
		}
	}
	st, err := p.tx.PrepareContext(p.ctx, query)
	if err == nil {
		p.stmts[query] = st
	}
	return st, err
}

// exec runs a statement. The transaction's context is looked at between articles rather than in each
// statement: watching it costs more than most statements take.
func (p *putter) exec(query string, args ...any) (sql.Result, error) {
	st, err := p.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.Exec(args...)
}

func (p *putter) row(query string, args []any, dest ...any) error {
	st, err := p.stmt(query)
	if err != nil {
		return err
	}
	return st.QueryRow(args...).Scan(dest...)
}

const (
	// articleColumns are the columns that articles and versions share, as articleRow scans them.
	articleColumns = `id, origin, digest, stored_at, title, publisher, author, published, updated, url, lang, kind, tags, statements, text, sum`

	// keepVersion copies the current state of article number $1 to versions.
	keepVersion = `INSERT INTO versions (ended_at, why, ` + articleColumns + `, raw_sum, form, raw, raw_bytes, removed)
		SELECT $2, $3, ` + articleColumns + `, raw_sum, coalesce(form, ''), coalesce(raw, ''), coalesce(r.bytes, 0), coalesce(removed, '')
		FROM articles LEFT JOIN raws AS r ON r.article_no = articles.no WHERE articles.no = $1`
)

// put stores one item that has passed its check.
func (p *putter) put(it *Item, origin Origin) (Change, error) {
	a := it.Article
	row := encodeArticle(a, origin)
	raw := p.pack.pack(a)
	keys := make([][16]byte, len(it.Chunks))
	var chunkSum uint32
	for i, c := range it.Chunks {
		keys[i] = Key(c)
		chunkSum = sumChunk(chunkSum, c.Span, keys[i][:])
	}

	var no int64
	var digest, oldOrigin string
	var sum, oldChunkSum, oldRawSum uint32
	var chunks int
	change := Added
	err := p.row(`SELECT no, digest, origin, sum, chunk_sum, raw_sum, chunks FROM articles WHERE id = $1`, []any{a.ID},
		&no, &digest, &oldOrigin, &sum, &oldChunkSum, &oldRawSum, &chunks)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return 0, err
	case digest != row.digest || sum != row.sum || Origin(oldOrigin) != origin:
		change = Replaced
	case oldChunkSum != chunkSum || chunks != len(it.Chunks) || oldRawSum != raw.sum():
		change = Rechunked
	default:
		return Unchanged, p.vectors.put(keys, it.Vectors)
	}

	if err := p.revise(); err != nil {
		return 0, err
	}
	now := p.s.now().UnixMilli()
	if change == Replaced {
		why := it.Why
		if why == "" {
			why = "replaced"
		}
		if _, err := p.exec(keepVersion, no, now, why); err != nil {
			return 0, err
		}
	}
	var old [][16]byte // keys that may have lost their last chunk
	if change != Added {
		if old, err = p.keys(no); err != nil {
			return 0, err
		}
		for _, q := range []string{`DELETE FROM chunks WHERE article_no = $1`, `DELETE FROM raws WHERE article_no = $1`} {
			if _, err := p.exec(q, no); err != nil {
				return 0, err
			}
		}
	}
	args := []any{a.ID, string(origin), row.digest, now, a.Title, a.Publisher, a.Author, row.published, row.updated, a.URL, a.Lang,
		string(a.Kind), row.tags, row.statements, a.Text, row.sum, len(a.Text), len(it.Chunks), chunkSum, raw.sum()}
	if change == Added {
		err = p.row(`INSERT INTO articles (`+articleColumns+`, bytes, chunks, chunk_sum, raw_sum)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) RETURNING no`, args, &no)
	} else {
		_, err = p.exec(`UPDATE articles SET (`+articleColumns+`, bytes, chunks, chunk_sum, raw_sum) =
			($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) WHERE no = $21`, append(args, no)...)
	}
	if err != nil {
		return 0, err
	}
	if raw.form != "" {
		if raw.raw == nil {
			raw.raw = []byte{}
		}
		if _, err := p.exec(`INSERT INTO raws (article_no, form, raw, bytes, removed) VALUES ($1, $2, $3, $4, $5)`,
			no, raw.form, raw.raw, raw.bytes, raw.removed); err != nil {
			return 0, err
		}
	}
	for i, c := range it.Chunks {
		if _, err := p.exec(`INSERT INTO chunks (article_no, ord, start_at, end_at, hash) VALUES ($1, $2, $3, $4, $5)`,
			no, i, c.Start, c.End, keys[i][:]); err != nil {
			return 0, err
		}
	}
	if err := p.vectors.put(keys, it.Vectors); err != nil {
		return 0, err
	}
	return change, p.collect(old)
}

// keys lists the keys of an article's chunks.
func (p *putter) keys(no int64) (keys [][16]byte, err error) {
	st, err := p.stmt(`SELECT hash FROM chunks WHERE article_no = $1 ORDER BY ord`)
	if err != nil {
		return nil, err
	}
	rows, err := st.Query(no)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b sql.RawBytes
		if err := rows.Scan(&b); err != nil {
			return nil, err
		}
		if len(b) != 16 {
			return nil, fmt.Errorf("%w: a chunk's key has %d bytes", ErrCorrupt, len(b))
		}
		keys = append(keys, [16]byte(b))
	}
	return keys, rows.Err()
}

// collect deletes the vectors, of whatever model, of those keys that no chunk has any more.
func (p *putter) collect(keys [][16]byte) error {
	for _, k := range keys {
		if _, err := p.exec(`DELETE FROM vectors WHERE hash = $1 AND model_no IN (SELECT no FROM models)
			AND NOT EXISTS (SELECT 1 FROM chunks WHERE chunks.hash = $1)`, k[:]); err != nil {
			return err
		}
	}
	return nil
}

// articleRow is what the columns of an article hold beside its plain strings.
type articleRow struct {
	digest, published, updated, tags, statements string
	sum                                          uint32
}

func encodeArticle(a *corpus.Article, origin Origin) articleRow {
	r := articleRow{digest: a.Digest(), published: a.Published.String(), updated: a.Updated.String(),
		tags: marshal(a.Tags, len(a.Tags)), statements: encodeStatements(a.Statements)}
	r.sum = r.checksum(a, string(origin))
	return r
}

// checksum is over the columns as stored, which damage would change.
func (r *articleRow) checksum(a *corpus.Article, origin string) uint32 {
	return sumStrings(a.ID, origin, r.digest, a.Title, a.Publisher, a.Author, r.published, r.updated, a.URL, a.Lang,
		string(a.Kind), r.tags, r.statements, a.Text)
}

// decode fills a from the row, given that a's plain strings are filled, after verifying the checksum.
func (r *articleRow) decode(a *corpus.Article, origin string) (err error) {
	if sum := r.checksum(a, origin); sum != r.sum {
		return fmt.Errorf("checksum is %08x, recorded was %08x", sum, r.sum)
	}
	if a.Published, err = parseDate(r.published); err != nil {
		return err
	}
	if a.Updated, err = parseDate(r.updated); err != nil {
		return err
	}
	if a.Tags, err = decodeTags(r.tags); err != nil {
		return err
	}
	a.Statements, err = decodeStatements(r.statements)
	return err
}

// Info describes a stored article without its text.
type Info struct {
	ID, Title, Publisher, URL, Lang string
	Published, Updated              corpus.Date
	Kind                            corpus.Kind
	Origin                          Origin
	Digest                          string
	Stored                          time.Time // when this version became current
	Bytes                           int       // of its text
	Chunks                          int
}

// List describes the current articles, ordered by id.
func (s *Store) List(ctx context.Context) ([]Info, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT id, title, publisher, url, lang, published, updated, kind, origin, digest, stored_at, bytes, chunks
		FROM articles ORDER BY id`)
	if err != nil {
		return nil, s.fail("list", "", err)
	}
	defer rows.Close()
	var list []Info
	for rows.Next() {
		var i Info
		var published, updated string
		var stored int64
		if err := rows.Scan(&i.ID, &i.Title, &i.Publisher, &i.URL, &i.Lang, &published, &updated, &i.Kind, &i.Origin, &i.Digest,
			&stored, &i.Bytes, &i.Chunks); err != nil {
			return nil, s.fail("list", "", err)
		}
		var err1, err2 error
		i.Published, err1 = parseDate(published)
		i.Updated, err2 = parseDate(updated)
		if err := errors.Join(err1, err2); err != nil {
			return nil, s.corrupt("list", i.ID, "%w", err)
		}
		i.Stored = time.UnixMilli(stored).UTC()
		list = append(list, i)
	}
	return list, s.fail("list", "", rows.Err())
}

// Get returns the current article of that id whole, with Raw and Removed, and its chunks.
func (s *Store) Get(ctx context.Context, id string) (*corpus.Article, []corpus.Chunk, error) {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state for both queries
	if err != nil {
		return nil, nil, s.fail("get", id, err)
	}
	defer tx.Rollback()
	return s.get(ctx, tx, id)
}

func (s *Store) get(ctx context.Context, tx *sql.Tx, id string) (*corpus.Article, []corpus.Chunk, error) {
	var no int64
	var chunks int
	var chunkSum uint32
	a, err := s.scanWhole("get", id, tx.QueryRowContext(ctx, `SELECT `+articleColumns+`, raw_sum, coalesce(form, ''), coalesce(raw, ''), coalesce(r.bytes, 0),
		coalesce(removed, ''), no, chunks, chunk_sum FROM articles LEFT JOIN raws AS r ON r.article_no = articles.no WHERE id = $1`, id), &no, &chunks, &chunkSum)
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT start_at, end_at, hash FROM chunks WHERE article_no = $1 ORDER BY ord`, no)
	if err != nil {
		return nil, nil, s.fail("get", id, err)
	}
	defer rows.Close()
	cs := make([]corpus.Chunk, 0, max(0, min(chunks, 1<<16)))
	var sum uint32
	for rows.Next() {
		c := corpus.Chunk{Article: a}
		var hash sql.RawBytes
		if err := rows.Scan(&c.Start, &c.End, &hash); err != nil {
			return nil, nil, s.fail("get", id, err)
		}
		sum = sumChunk(sum, c.Span, hash)
		cs = append(cs, c)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, s.fail("get", id, err)
	}
	if len(cs) != chunks || sum != chunkSum {
		return nil, nil, s.corrupt("get", id, "its %d chunks are not the %d recorded", len(cs), chunks)
	}
	return a, cs, nil
}

// scanWhole reads articleColumns, raw_sum, form, raw, its length, removed, and then more.
func (s *Store) scanWhole(op, id string, row *sql.Row, more ...any) (*corpus.Article, error) {
	var a corpus.Article
	var r articleRow
	var raw rawRow
	var origin string
	var stored int64
	var rawSum uint32
	err := row.Scan(append([]any{&a.ID, &origin, &r.digest, &stored, &a.Title, &a.Publisher, &a.Author, &r.published, &r.updated, &a.URL, &a.Lang,
		&a.Kind, &r.tags, &r.statements, &a.Text, &r.sum, &rawSum, &raw.form, &raw.raw, &raw.bytes, &raw.removed}, more...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &Error{Op: op, What: id, Kind: ErrNotFound}
	}
	if err != nil {
		return nil, s.fail(op, id, err)
	}
	if err := r.decode(&a, origin); err != nil {
		return nil, s.corrupt(op, id, "%w", err)
	}
	if raw.sum() != rawSum {
		return nil, s.corrupt(op, id, "the checksum of its raw text is %08x, recorded was %08x", raw.sum(), rawSum)
	}
	if a.Raw, a.Removed, err = raw.unpack(a.Text); err != nil {
		return nil, s.corrupt(op, id, "%w", err)
	}
	return &a, nil
}

// Remove takes the article out of the library. It is kept as a version, with why ("" is "removed").
// A shipped one leaves a tombstone, so that no later SyncShipped brings it back (see Restore); where it
// hid a shipped one of the same id, the next SyncShipped brings that one in. Vectors that no other
// article needs are deleted. Without such an article the error is ErrNotFound.
func (s *Store) Remove(ctx context.Context, id, why string) error {
	if why == "" {
		why = "removed"
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		p := s.newPutter(ctx, tx, "")
		defer p.close()
		origin, err := p.remove(id, why)
		if err != nil {
			return err
		}
		if origin == Shipped {
			_, err = p.exec(`INSERT INTO tombstones (id, removed_at, why) VALUES ($1, $2, $3)
				ON CONFLICT (id) DO UPDATE SET removed_at = excluded.removed_at, why = excluded.why`, id, s.now().UnixMilli(), why)
			return err
		}
		return p.forgetShipped()
	})
	return s.fail("remove", id, err)
}

// remove deletes the article, keeping a version.
func (p *putter) remove(id, why string) (origin Origin, err error) {
	var no int64
	err = p.row(`SELECT no, origin FROM articles WHERE id = $1`, []any{id}, &no, &origin)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &Error{Op: "remove", What: id, Kind: ErrNotFound}
	}
	if err != nil {
		return "", err
	}
	if err := p.revise(); err != nil {
		return "", err
	}
	keys, err := p.keys(no)
	if err != nil {
		return "", err
	}
	if _, err := p.exec(keepVersion, no, p.s.now().UnixMilli(), why); err != nil {
		return "", err
	}
	if _, err := p.exec(`DELETE FROM articles WHERE no = $1`, no); err != nil { // chunks and raws follow it
		return "", err
	}
	return origin, p.collect(keys)
}

// Version is a former state of an article.
type Version struct {
	No            int64 // larger is later
	Digest, Title string
	Published     corpus.Date
	Origin        Origin
	Stored, Ended time.Time // from when to when it was current
	Why           string    // why it ended: "replaced", "removed", or what the caller said
}

// Versions lists the former states of an article, latest first; none is no error.
func (s *Store) Versions(ctx context.Context, id string) ([]Version, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT no, digest, title, published, origin, stored_at, ended_at, why FROM versions WHERE id = $1 ORDER BY no DESC`, id)
	if err != nil {
		return nil, s.fail("versions", id, err)
	}
	defer rows.Close()
	var list []Version
	for rows.Next() {
		var v Version
		var published string
		var stored, ended int64
		if err := rows.Scan(&v.No, &v.Digest, &v.Title, &published, &v.Origin, &stored, &ended, &v.Why); err != nil {
			return nil, s.fail("versions", id, err)
		}
		if v.Published, err = parseDate(published); err != nil {
			return nil, s.corrupt("versions", id, "version %s: %w", strconv.FormatInt(v.No, 10), err)
		}
		v.Stored, v.Ended = time.UnixMilli(stored).UTC(), time.UnixMilli(ended).UTC()
		list = append(list, v)
	}
	return list, s.fail("versions", id, rows.Err())
}

// GetVersion returns the article of that id as it was in the version with that digest, current or former,
// so that an old answer's quotes can still be shown in place.
func (s *Store) GetVersion(ctx context.Context, id, digest string) (*corpus.Article, error) {
	return s.scanWhole("get", id, s.r.QueryRowContext(ctx, `SELECT * FROM (
		SELECT `+articleColumns+`, raw_sum, form, raw, raw_bytes, removed FROM versions WHERE id = $1 AND digest = $2
		UNION ALL
		SELECT `+articleColumns+`, raw_sum, coalesce(form, ''), coalesce(raw, ''), coalesce(r.bytes, 0), coalesce(removed, '')
		FROM articles LEFT JOIN raws AS r ON r.article_no = articles.no WHERE id = $1 AND digest = $2) AS v LIMIT 1`, id, digest))
}
