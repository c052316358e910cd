package retrieval

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"

	"policybot/corpus"
	"policybot/lang"
)

// conceptPrefix begins the index term of a lexicon concept, whatever name the text gives it.
const conceptPrefix = "concept:"

// Analyzer turns text into index terms: stems of content words, and one term per lexicon concept for
// every name that the concept has. Questions, articles and sentences go through the same one, so that
// what matches in the index matches everywhere. To its users it is immutable; it is safe for concurrent
// use.
type Analyzer struct {
	names   map[string][]name // by the folded first word, longest name first
	types   map[string]string // concept id → type
	lexicon *corpus.Lexicon
	words   []equivalent               // lexicon.Words, sorted by the Spanish
	shelves map[string]*shelf          // by language
	goes    func() map[string][]string // concept term → phrases of the lexicon going with it
	named   func() map[string]bool     // folded words of the concepts' names
	senses  map[string]*senseMemo      // by language
}

// name is one name of a concept, or a phrase of the lexicon: its words, folded (phrases: stemmed).
type name struct {
	words []string
	term  string
	caps  bool // an abbreviation: in an article it must stand in capitals
	lead  int  // of a phrase: function words before its first content word
}

// Occurrence is an index term at its place in a text.
type Occurrence struct {
	Term       string // a stem, or "concept:" and the concept's id
	Start, End int    // byte offsets of the word, or of the whole name of a concept
	Pos        int    // number of the word in the text, function words counted
}

// NewAnalyzer returns an analyzer that knows the lexicon's concepts, synonyms and translations. A nil
// lexicon is an empty one. The lexicon must not change afterwards.
func NewAnalyzer(lex *corpus.Lexicon) *Analyzer {
	if lex == nil {
		lex = &corpus.Lexicon{}
	}
	a := &Analyzer{
		names:   map[string][]name{},
		types:   make(map[string]string, len(lex.Concepts)),
		lexicon: lex,
		shelves: map[string]*shelf{lang.English: {language: lang.English}, lang.Spanish: {language: lang.Spanish}},
		senses:  map[string]*senseMemo{lang.English: {}, lang.Spanish: {}},
	}
	a.goes = sync.OnceValue(a.goesWithConcepts)
	a.named = sync.OnceValue(a.wordsOfNames)
	var wg sync.WaitGroup
	wg.Go(func() {
		a.words = make([]equivalent, 0, len(lex.Words))
		for es, en := range lex.Words {
			a.words = append(a.words, equivalent{es, en})
		}
		slices.SortFunc(a.words, func(x, y equivalent) int { return strings.Compare(x.es, y.es) })
		for _, s := range a.shelves {
			wg.Go(func() { s.fill(a) })
		}
	})
	for _, c := range lex.Concepts {
		a.types[c.ID] = c.Type
		for _, names := range [][]string{c.Any, c.EN, c.ES} {
			for _, n := range names {
				a.addName(n, conceptPrefix+c.ID)
			}
		}
	}
	for _, list := range a.names {
		sortNames(list)
	}
	wg.Wait()
	return a
}

func sortNames(list []name) {
	sort.Slice(list, func(i, j int) bool {
		if len(list[i].words) != len(list[j].words) {
			return len(list[i].words) > len(list[j].words)
		}
		return list[i].term < list[j].term
	})
}

func (a *Analyzer) addName(text, term string) {
	toks := lang.Tokens(text)
	if len(toks) == 0 {
		return
	}
	n := name{term: term, caps: len(toks) == 1 && toks[0].Caps && len(toks[0].Fold) <= 5}
	for _, t := range toks {
		n.words = append(n.words, t.Fold)
	}
	for _, have := range a.names[n.words[0]] {
		if have.term == term && slices.Equal(have.words, n.words) {
			return
		}
	}
	a.names[n.words[0]] = append(a.names[n.words[0]], n)
}

// match returns the longest name that begins at toks[i], and how many tokens it takes.
func (a *Analyzer) match(toks []lang.Token, i int, question, mixed bool) (name, int) {
	for _, n := range a.names[toks[i].Fold] {
		if len(n.words) > len(toks)-i {
			continue
		}
		ok := true
		for k := 1; k < len(n.words) && ok; k++ {
			ok = toks[i+k].Fold == n.words[k]
		}
		if !ok {
			continue
		}
		if n.caps && !toks[i].Caps && mixed {
			if !question || lang.Stop(toks[i].Fold, lang.English) || lang.Stop(toks[i].Fold, lang.Spanish) {
				continue
			}
		}
		return n, len(n.words)
	}
	return name{}, 0
}

// nameOf returns the name of a concept that is one word, by its fold.
func (a *Analyzer) nameOf(fold string) (name, bool) {
	for _, n := range a.names[fold] {
		if len(n.words) == 1 {
			return n, true
		}
	}
	return name{}, false
}

// Occurrences returns the terms of a text in order. Function words are left out but count in Pos. The
// term of a concept stands at the Pos of the first word of its name, before that word. An unknown
// language is taken for English.
func (a *Analyzer) Occurrences(text, language string) []Occurrence {
	toks := lang.Tokens(text)
	mixed := hasLower(text)
	out := make([]Occurrence, 0, len(toks))
	end := 0 // tokens before it belong to the last concept
	for i, t := range toks {
		if i >= end && len(a.names) > 0 {
			if n, k := a.match(toks, i, false, mixed); k > 0 {
				out = append(out, Occurrence{n.term, t.Start, toks[i+k-1].End, i})
				end = i + k
			}
		}
		if !lang.Stop(t.Fold, language) {
			out = append(out, Occurrence{lang.Stem(t.Fold, language), t.Start, t.End, i})
		}
	}
	return out
}

func hasLower(s string) bool { return strings.IndexFunc(s, unicode.IsLower) >= 0 }
