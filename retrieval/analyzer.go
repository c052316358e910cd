package retrieval

import (
	"sort"
	"strings"
	"unicode"

	"policybot/corpus"
	"policybot/lang"
)

// conceptPrefix begins the index term of a lexicon concept, whatever name the text gives it.
const conceptPrefix = "concept:"

// Analyzer turns text into index terms: stems of content words, and one term per lexicon concept for
// every name that the concept has. Questions, articles and sentences go through the same one, so that
// what matches in the index matches everywhere. It is immutable and safe for concurrent use.
type Analyzer struct {
	names    map[string][]name              // by the folded first word, longest name first
	types    map[string]string              // concept id → type
	near     map[string]map[string][]string // language → stem or phrase → folded words meaning the same
	related  map[string]map[string][]string // language → stem, phrase or concept term → folded words going with it
	phrases  map[string]map[string][]name   // language → stem of the first content word → phrases of near and related
	toEN     map[string][]string            // Spanish fold and stem → folded English words
	toES     map[string][]string            // English fold and stem → folded Spanish words
	idioms   map[string][]name              // by first word: Spanish phrases that toEN translates whole
	ordinary map[string]bool                // folds and stems of the words the lexicon uses: no slips of the keyboard
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
// lexicon is an empty one.
func NewAnalyzer(lex *corpus.Lexicon) *Analyzer {
	a := &Analyzer{
		names:   map[string][]name{},
		types:   map[string]string{},
		near:    map[string]map[string][]string{lang.English: {}, lang.Spanish: {}},
		related: map[string]map[string][]string{lang.English: {}, lang.Spanish: {}},
		phrases: map[string]map[string][]name{lang.English: {}, lang.Spanish: {}},
		toEN:    map[string][]string{},
		toES:    map[string][]string{},

		idioms:   map[string][]name{},
		ordinary: map[string]bool{},
	}
	if lex == nil {
		return a
	}
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
	for l, groups := range lex.Synonyms {
		if a.near[l] == nil {
			continue
		}
		for _, g := range groups {
			for i, from := range g {
				for j, to := range g {
					if i != j {
						a.link(a.near[l], l, from, to)
					}
				}
			}
		}
	}
	for _, r := range lex.Related {
		for _, from := range r.From {
			for _, to := range r.To {
				for _, l := range []string{lang.English, lang.Spanish} {
					a.link(a.related[l], l, from, to)
				}
				if toks := lang.Tokens(from); len(toks) > 0 {
					if n, k := a.match(toks, 0, false, true); k == len(toks) {
						add(a.related[lang.English], n.term, to)
						add(a.related[lang.Spanish], n.term, to)
					}
				}
			}
		}
	}
	es := make([]string, 0, len(lex.Words))
	for w := range lex.Words {
		es = append(es, w)
	}
	sort.Strings(es)
	for _, w := range es {
		f := lang.Fold(w)
		a.know(f, lang.Spanish)
		if toks := lang.Tokens(f); len(toks) > 1 {
			p := name{term: f}
			for _, t := range toks {
				p.words = append(p.words, t.Fold)
			}
			a.idioms[p.words[0]] = append(a.idioms[p.words[0]], p)
		}
		for _, e := range lex.Words[w] {
			e = lang.Fold(e)
			a.know(e, lang.English)
			add(a.toEN, f, e)
			if s := lang.Stem(f, lang.Spanish); s != f {
				add(a.toEN, s, e)
			}
			add(a.toES, e, f)
			if s := lang.Stem(e, lang.English); s != e {
				add(a.toES, s, f)
			}
		}
	}
	for _, m := range []map[string][]name{a.phrases[lang.English], a.phrases[lang.Spanish], a.idioms} {
		for _, list := range m {
			sortNames(list)
		}
	}
	return a
}

// know marks the words of a phrase as spelt right.
func (a *Analyzer) know(phrase, language string) {
	for _, t := range lang.Tokens(phrase) {
		a.ordinary[t.Fold] = true
		a.ordinary[lang.Stem(t.Fold, language)] = true
	}
}

func sortNames(list []name) {
	sort.Slice(list, func(i, j int) bool {
		if len(list[i].words) != len(list[j].words) {
			return len(list[i].words) > len(list[j].words)
		}
		return list[i].term < list[j].term
	})
}

// add appends v to m[k] unless it is there.
func add(m map[string][]string, k, v string) {
	for _, x := range m[k] {
		if x == v {
			return
		}
	}
	m[k] = append(m[k], v)
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
		if have.term == term && equal(have.words, n.words) {
			return
		}
	}
	a.names[n.words[0]] = append(a.names[n.words[0]], n)
	for _, w := range n.words {
		a.ordinary[w] = true
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// link records that a question with from may also look for to.
func (a *Analyzer) link(m map[string][]string, l, from, to string) {
	key := from
	if !strings.HasPrefix(from, conceptPrefix) {
		var stems, folds []string
		for _, t := range lang.Tokens(from) {
			stems = append(stems, lang.Stem(t.Fold, l))
			folds = append(folds, t.Fold)
		}
		a.know(from, l)
		if len(stems) == 0 {
			return
		}
		key = strings.Join(stems, " ")
		if len(stems) > 1 {
			p := name{words: stems, term: key}
			for p.lead < len(stems)-1 && lang.Stop(folds[p.lead], l) {
				p.lead++
			}
			first := stems[p.lead]
			known := false
			for _, have := range a.phrases[l][first] {
				known = known || have.term == key
			}
			if !known {
				a.phrases[l][first] = append(a.phrases[l][first], p)
			}
		}
	}
	add(m, key, to)
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
