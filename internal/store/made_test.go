package store

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"policybot/corpus"
)

// made returns an article made from its id and revision, with sentences, chunks and vectors that differ
// between any two of them.
func made(id string, rev, chunks, dim int) Item {
	seed := uint64(rev)
	for _, c := range id {
		seed = seed*131 + uint64(c)
	}
	r := rand.New(rand.NewPCG(seed, 7))
	words := strings.Fields("permit quota border season worker harvest office consul ferry tariff ledger camp council señal cupo frontera trámite 1,600 2019 U.S.")
	var text strings.Builder
	var spans []corpus.Span
	for i := range chunks {
		if i > 0 {
			text.WriteString("\n\n")
		}
		start := text.Len()
		fmt.Fprintf(&text, "Passage %d of %s, revision %d:", i, id, rev)
		for range 150 {
			text.WriteByte(' ')
			text.WriteString(words[r.IntN(len(words))])
		}
		text.WriteByte('.')
		spans = append(spans, corpus.Span{Start: start, End: text.Len()})
	}
	a := &corpus.Article{
		ID: id, Title: fmt.Sprintf("Title of %s (%d)", id, rev), Publisher: fmt.Sprintf("Publisher %d", r.IntN(5)), Author: "Nobody",
		Published: corpus.Date{Year: 2015 + r.IntN(10), Month: 1 + r.IntN(12), Day: 1 + r.IntN(28)}, Updated: corpus.Date{Year: 2024, Month: 3},
		URL: "https://example.org/" + id, Lang: "en", Kind: corpus.News, Text: text.String(),
	}
	a.Raw = "ADVERTISEMENT\n" + a.Text + "\nRead more: nothing"
	a.Removed = []corpus.Removal{{Span: corpus.Span{Start: 0, End: 13}, Reason: "boilerplate"}}
	if rev%2 == 1 {
		a.Tags = []string{"brief", `odd "tag"`}
		a.Statements = []corpus.Statement{{Span: spans[0], AsOf: corpus.Period{From: corpus.Date{Year: 2018, Month: 10}, To: corpus.Date{Year: 2018, Month: 12}}}}
	}
	it := Item{Article: a}
	for _, s := range spans {
		it.Chunks = append(it.Chunks, corpus.Chunk{Article: a, Span: s})
		if dim > 0 {
			v := make([]float32, dim)
			for i := range v {
				v[i] = float32(r.NormFloat64())
			}
			it.Vectors = append(it.Vectors, v)
		}
	}
	return it
}
