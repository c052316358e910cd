package store

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strconv"
	"strings"
	"unsafe"

	"policybot/corpus"
)

// Key names everything of a chunk that an embedder may look at: the chunk's text and what it can take
// from the article as context (title, publisher, date, language). Two chunks with one key have one vector.
func Key(c corpus.Chunk) [16]byte {
	a := c.Article
	h := sha256.New()
	var size [8]byte
	for _, s := range [...]string{a.Title, a.Publisher, a.Published.String(), a.Lang, c.Text()} {
		binary.LittleEndian.PutUint64(size[:], uint64(len(s)))
		h.Write(size[:])
		h.Write(view(s))
	}
	var sum [sha256.Size]byte
	return [16]byte(h.Sum(sum[:0]))
}

// view lends the bytes of s, which must not be written to.
func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli) // read-only

// sumStrings is a CRC-32C over the strings, each with its length.
func sumStrings(strs ...string) uint32 {
	var crc uint32
	var size [8]byte
	for _, s := range strs {
		binary.LittleEndian.PutUint64(size[:], uint64(len(s)))
		crc = crc32.Update(crc, castagnoli, size[:])
		crc = crc32.Update(crc, castagnoli, view(s))
	}
	return crc
}

// sumChunk extends crc by one row of chunks.
func sumChunk(crc uint32, span corpus.Span, hash []byte) uint32 {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], uint64(span.Start))
	binary.LittleEndian.PutUint64(b[8:], uint64(span.End))
	crc = crc32.Update(crc, castagnoli, b[:])
	return crc32.Update(crc, castagnoli, hash)
}

func sumVector(hash, vector []byte) uint32 {
	return crc32.Update(crc32.Checksum(hash, castagnoli), castagnoli, vector)
}

// appendVector appends v in its stored form.
func appendVector(b []byte, v []float32) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// decodeVector fills v from its stored form, which must be 4*len(v) bytes long.
func decodeVector(v []float32, b []byte) {
	b = b[:4*len(v)]
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
}

func finite(v []float32) bool {
	for _, x := range v {
		if math.Float32bits(x)&0x7f800000 == 0x7f800000 { // infinite or not a number
			return false
		}
	}
	return true
}

// parseDate reads exactly what corpus.Date.String writes.
func parseDate(s string) (corpus.Date, error) {
	var d corpus.Date
	if s == "" {
		return d, nil
	}
	ok := true
	number := func(s string) int {
		n, err := strconv.ParseUint(s, 10, 32)
		ok = ok && err == nil
		return int(n)
	}
	year, rest, more := strings.Cut(s, "-")
	d.Year = number(year)
	if more {
		month, day, more := strings.Cut(rest, "-")
		d.Month = number(month)
		if more {
			d.Day = number(day)
		}
	}
	if !ok {
		return corpus.Date{}, fmt.Errorf("date %q", s)
	}
	return d, nil
}

// storable reports whether d comes back from its text as it is.
func storable(d corpus.Date) bool {
	back, err := parseDate(d.String())
	return err == nil && back == d
}

type statementJSON struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

type removalJSON struct {
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Reason string `json:"reason"`
}

// marshal gives v as JSON; n is its length, and nothing is stored as ”.
func marshal(v any, n int) string {
	if n == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // unreachable: plain structs of strings and numbers
	}
	return string(b)
}

func encodeStatements(ss []corpus.Statement) string {
	js := make([]statementJSON, len(ss))
	for i, s := range ss {
		js[i] = statementJSON{s.Start, s.End, s.AsOf.From.String(), s.AsOf.To.String()}
	}
	return marshal(js, len(js))
}

func decodeStatements(text string) ([]corpus.Statement, error) {
	if text == "" {
		return nil, nil
	}
	var js []statementJSON
	if err := json.Unmarshal(view(text), &js); err != nil {
		return nil, err
	}
	ss := make([]corpus.Statement, len(js))
	for i, j := range js {
		from, err1 := parseDate(j.From)
		to, err2 := parseDate(j.To)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		ss[i] = corpus.Statement{Span: corpus.Span{Start: j.Start, End: j.End}, AsOf: corpus.Period{From: from, To: to}}
	}
	return ss, nil
}

func encodeRemovals(rs []corpus.Removal) string {
	js := make([]removalJSON, len(rs))
	for i, r := range rs {
		js[i] = removalJSON{r.Start, r.End, r.Reason}
	}
	return marshal(js, len(js))
}

func decodeRemovals(text string) ([]corpus.Removal, error) {
	if text == "" {
		return nil, nil
	}
	var js []removalJSON
	if err := json.Unmarshal(view(text), &js); err != nil {
		return nil, err
	}
	rs := make([]corpus.Removal, len(js))
	for i, j := range js {
		rs[i] = corpus.Removal{Span: corpus.Span{Start: j.Start, End: j.End}, Reason: j.Reason}
	}
	return rs, nil
}

func decodeTags(text string) (tags []string, err error) {
	if text != "" {
		err = json.Unmarshal(view(text), &tags)
	}
	return tags, err
}

// rawRow is a row of raws; form is "" where there is none.
type rawRow struct {
	form    string
	raw     []byte
	bytes   int
	removed string
}

func (r *rawRow) sum() uint32 {
	if r.form == "" {
		return 0
	}
	return sumStrings(r.form, unsafe.String(unsafe.SliceData(r.raw), len(r.raw)), strconv.Itoa(r.bytes), r.removed)
}

// compressFrom is the length from which a raw text is worth compressing.
const compressFrom = 512

// packer makes rows of raws, reusing its compressor, which is a megabyte.
type packer struct {
	w   *flate.Writer
	buf bytes.Buffer
}

// pack returns the row for a. Its bytes are good until the next call.
func (p *packer) pack(a *corpus.Article) rawRow {
	row := rawRow{bytes: len(a.Raw), removed: encodeRemovals(a.Removed)}
	switch {
	case a.Raw == "" && row.removed == "":
		return rawRow{}
	case a.Raw == a.Text:
		row.form = "text"
		return row
	case len(a.Raw) >= compressFrom:
		p.buf.Reset()
		if p.w == nil {
			p.w, _ = flate.NewWriter(&p.buf, flate.BestSpeed) // fails only for an unknown level
		} else {
			p.w.Reset(&p.buf)
		}
		io.WriteString(p.w, a.Raw) // a bytes.Buffer does not fail
		p.w.Close()
		if p.buf.Len() < len(a.Raw) {
			row.form, row.raw = "deflate", p.buf.Bytes()
			return row
		}
	}
	row.form, row.raw = "plain", view(a.Raw)
	return row
}

// unpack is the inverse of pack, given the article's text.
func (r *rawRow) unpack(text string) (raw string, removed []corpus.Removal, err error) {
	switch r.form {
	case "":
		return "", nil, nil
	case "text":
		raw = text
	case "plain":
		raw = string(r.raw)
	case "deflate":
		var b strings.Builder
		b.Grow(min(r.bytes, 1<<20)) // the row's own word is not enough to take more at once
		n, err := io.Copy(&b, io.LimitReader(flate.NewReader(bytes.NewReader(r.raw)), int64(r.bytes)+1))
		if err != nil {
			return "", nil, err
		}
		if n > int64(r.bytes) {
			return "", nil, errors.New("raw text is longer than recorded")
		}
		raw = b.String()
	default:
		return "", nil, fmt.Errorf("unknown form %q of raw text", r.form)
	}
	if len(raw) != r.bytes {
		return "", nil, fmt.Errorf("raw text has %d bytes, recorded were %d", len(raw), r.bytes)
	}
	removed, err = decodeRemovals(r.removed)
	return raw, removed, err
}
