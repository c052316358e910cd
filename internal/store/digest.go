package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"policybot/corpus"
)

// digestOf names a version of an article: hex SHA-256 over what the article says and how it is dated.
func digestOf(a *corpus.Article) string {
	h := sha256.New()
	var size [8]byte
	for _, s := range [...]string{a.ID, a.Title, a.Publisher, a.Author, a.Published.String(), a.Updated.String(), a.URL, a.Lang,
		string(a.Kind), marshal(a.Tags, len(a.Tags)), a.Text, encodeStatements(a.Statements)} {
		binary.LittleEndian.PutUint64(size[:], uint64(len(s)))
		h.Write(size[:])
		h.Write(view(s))
	}
	return hex.EncodeToString(h.Sum(nil))
}
