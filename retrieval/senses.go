package retrieval

import (
	"strings"
	"sync"
	"sync/atomic"

	"policybot/lang"
)

// senseMemo remembers the senses of words that were asked for. A lexicon is looked up by stem, which a verifier does for
// every word that it meets.
type senseMemo struct {
	words sync.Map // folded word → *senseEntry
	size  atomic.Int32
}

type senseEntry struct{ synonyms, translations []string }

// maxSenses and maxSense bound what a senseMemo remembers, whatever is asked for: words, and bytes of a word.
const (
	maxSenses = 1 << 15
	maxSense  = 64
)

// Senses returns what the lexicon says of a folded word of a language: words and phrases of that language
// that mean about the same, and folded ones of the other language that translate it. Both lists are in
// the order of the lexicon and must not be changed. An unknown language is taken for English.
func (ix *Index) Senses(fold, language string) (synonyms, translations []string) {
	if language != lang.Spanish {
		language = lang.English
	}
	a := ix.snap.Load().analyzer
	memo := a.senses[language]
	if e, ok := memo.words.Load(fold); ok {
		e := e.(*senseEntry)
		return e.synonyms, e.translations
	}
	stem := lang.Stem(fold, language)
	e := &senseEntry{a.synonyms(language, stem), a.translations(language, fold, stem)}
	if len(fold) <= maxSense && memo.size.Add(1) <= maxSenses {
		memo.words.Store(strings.Clone(fold), e) // not the text that the word is part of
	}
	return e.synonyms, e.translations
}

// Concepts returns the names of the lexicon's concepts in a text of those tokens: those of Occurrences,
// without the stems.
func (ix *Index) Concepts(text string, toks []lang.Token) []Occurrence {
	a := ix.snap.Load().analyzer
	mixed := hasLower(text)
	var out []Occurrence
	for i := 0; i < len(toks); {
		n, k := a.match(toks, i, false, mixed)
		if k == 0 {
			i++
			continue
		}
		out = append(out, Occurrence{n.term, toks[i].Start, toks[i+k-1].End, i})
		i += k
	}
	return out
}
