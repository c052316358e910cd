package corpus

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
)

//go:embed briefs/*.md
var briefs embed.FS

//go:embed lexicon.yaml
var lexicon string

// Briefs returns the shipped library: one Markdown brief for each source, in our own words.
func Briefs() fs.FS {
	sub, err := fs.Sub(briefs, "briefs")
	if err != nil {
		panic(err) // unreachable: the path is valid
	}
	return sub
}

// BriefsDigest names the state of the shipped library: hex SHA-256 over its file names and contents.
func BriefsDigest() string {
	h := newDigest()
	entries, _ := briefs.ReadDir("briefs") // sorted by name
	for _, e := range entries {
		data, _ := briefs.ReadFile("briefs/" + e.Name())
		h.bytes([]byte(e.Name()))
		h.bytes(data)
	}
	return h.hex()
}

// DefaultLexicon returns the shipped vocabulary. It reads it anew at each call, in a few milliseconds.
func DefaultLexicon() (*Lexicon, error) { return parseLexicon("lexicon.yaml", lexicon) }

// digest hashes a sequence of values, each with its length, so that no two sequences look alike.
type digest struct {
	h interface {
		Write([]byte) (int, error)
		Sum([]byte) []byte
	}
}

func newDigest() digest { return digest{sha256.New()} }

func (d digest) int(n int) {
	var b [8]byte
	for i := range b {
		b[i] = byte(uint64(n) >> (8 * i))
	}
	d.h.Write(b[:])
}

func (d digest) bytes(b []byte) {
	d.int(len(b))
	d.h.Write(b)
}

func (d digest) string(s string) { d.bytes([]byte(s)) }

func (d digest) date(v Date) {
	d.int(v.Year)
	d.int(v.Month)
	d.int(v.Day)
}

func (d digest) hex() string { return hex.EncodeToString(d.h.Sum(nil)) }
