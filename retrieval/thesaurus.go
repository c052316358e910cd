package retrieval

import (
	"slices"
	"strings"
	"sync"

	"policybot/lang"
)

// What the lexicon says of a word is found by the word's stem. Stemming all of a lexicon takes longer
// than a program that answers one question may take to start, so its phrases are put on shelves by the
// first two letters of their words, which stemming leaves alone, and stemmed when a question asks for
// those letters.

// shelf holds the phrases of a lexicon in one language, one reference for each word of each phrase.
type shelf struct {
	language string
	refs     []ref
	start    [slots + 1]uint32 // the references of slot i are refs[start[i]:start[i+1]]
	slots    [slots]slot
}

// slots is the number of slots of a shelf, for two times five bits.
const slots = 1 << 10

// slotOf returns the slot of a folded word, of its stem, and of a phrase that begins with either. A
// stemmer keeps the first two letters, except that it may write one as "y" or "i" ("dying", "die").
func slotOf(fold string) int {
	if fold == "" {
		return 0
	}
	second := byte(0)
	if len(fold) > 1 {
		second = fold[1]
	}
	if second == 'y' {
		second = 'i'
	}
	return int(fold[0]&31)<<5 | int(second&31) // a space counts as nothing
}

// ref is a word of a phrase of the lexicon.
type ref struct {
	kind  uint8
	word  uint16 // number of the word in the phrase
	group uint32
	item  uint32 // number of the phrase in its group
}

// equivalent is an entry of Lexicon.Words.
type equivalent struct {
	es string
	en []string
}

// The kinds of phrases, which are also the kinds of what a word leads to.
const (
	synonyms    uint8 = iota // a group of Lexicon.Synonyms
	relations                // From of a Relation
	equivalents              // Spanish: a key of Lexicon.Words; English: one of its values
	kinds
)

// slot is where stemmed phrases are found.
type slot struct {
	once     sync.Once
	headings map[string]*heading // by fold, by stem, by all stems of a phrase
}

// heading is what a shelf has on a word or phrase.
type heading struct {
	to      [kinds]*meaning
	phrases []name // whose first content word has this stem, longest first
	idioms  []name // Spanish phrases to be translated whole that begin with this word, longest first
	word    bool   // a word of the lexicon has this fold or stem
}

// meaning is a list of phrases, made when it is asked for.
type meaning struct {
	refs   []ref
	once   sync.Once
	values []string
}

// phrases calls f with every phrase of the shelf's language.
func (s *shelf) phrases(a *Analyzer, f func(phrase string, kind uint8, group, item int)) {
	for g, group := range a.lexicon.Synonyms[s.language] {
		for i, p := range group {
			f(p, synonyms, g, i)
		}
	}
	for g, r := range a.lexicon.Related {
		for i, p := range r.From {
			f(p, relations, g, i)
		}
	}
	for g, w := range a.words {
		if s.language == lang.Spanish {
			f(w.es, equivalents, g, 0)
			continue
		}
		for i, p := range w.en {
			f(p, equivalents, g, i)
		}
	}
}

// phrase returns the phrase that a reference is to; an equivalent is folded.
func (s *shelf) phrase(a *Analyzer, r ref) string {
	switch {
	case r.kind == synonyms:
		return a.lexicon.Synonyms[s.language][r.group][r.item]
	case r.kind == relations:
		return a.lexicon.Related[r.group].From[r.item]
	case s.language == lang.Spanish:
		return lang.Fold(a.words[r.group].es)
	}
	return lang.Fold(a.words[r.group].en[r.item])
}

// fill puts the phrases on the shelf: a counting sort by slot, which keeps their order.
func (s *shelf) fill(a *Analyzer) {
	n := 2 * len(a.words)
	for _, g := range a.lexicon.Synonyms[s.language] {
		n += len(g)
	}
	n += n / 2 // a guess
	var (
		refs = make([]ref, 0, n)
		at   = make([]uint16, 0, n) // slot of each
		buf  []uint16
		size [slots]uint32
	)
	s.phrases(a, func(phrase string, kind uint8, group, item int) {
		if strings.HasPrefix(phrase, conceptPrefix) {
			return
		}
		var plain bool
		if buf, plain = slotsOf(buf[:0], phrase); !plain {
			if kind == equivalents {
				phrase = lang.Fold(phrase)
			}
			buf = buf[:0]
			for _, t := range lang.Tokens(phrase) {
				buf = append(buf, uint16(slotOf(t.Fold)))
			}
		}
		for w, k := range buf[:min(len(buf), maxPhrase)] {
			refs = append(refs, ref{kind, uint16(w), uint32(group), uint32(item)})
			at = append(at, k)
			size[k]++
		}
	})
	for k, n := range size {
		s.start[k+1] = s.start[k] + n
	}
	next := s.start
	s.refs = make([]ref, len(refs))
	for i, r := range refs {
		s.refs[next[at[i]]] = r
		next[at[i]]++
	}
}

// maxPhrase bounds the words by which a phrase is found.
const maxPhrase = 1 << 10

// slotsOf appends the slots of the words of a phrase in small letters and spaces. It reports false for
// every other phrase, which takes lang.Tokens.
func slotsOf(buf []uint16, phrase string) ([]uint16, bool) {
	for i := 0; i < len(phrase); i++ {
		var two [2]byte
		letters, begin := 0, i
		for ; i < len(phrase) && phrase[i] != ' '; i++ {
			c := phrase[i]
			if c == 0xC3 && i+1 < len(phrase) { // of two bytes, in UTF-8
				i++
				c = latin(phrase[i])
			}
			if c < 'a' || c > 'z' || i-begin > 60 {
				return buf, false
			}
			if letters < len(two) {
				two[letters] = c
			}
			letters++
		}
		if letters > 0 {
			buf = append(buf, uint16(slotOf(string(two[:min(letters, len(two))]))))
		}
	}
	return buf, true
}

// latin returns the letter under the accent of U+00C0 and the low six bits of b, or 0.
func latin(b byte) byte {
	switch b {
	case 0xA1:
		return 'a'
	case 0xA9:
		return 'e'
	case 0xAD:
		return 'i'
	case 0xB1:
		return 'n'
	case 0xB3:
		return 'o'
	case 0xBA, 0xBC:
		return 'u'
	}
	return 0
}

// heading returns what the shelf has on a folded word, a stem, or the stems of a phrase; nil if nothing.
func (s *shelf) heading(a *Analyzer, key string) *heading {
	if s == nil || len(s.refs) == 0 {
		return nil
	}
	k := slotOf(key)
	s.slots[k].once.Do(func() { s.slots[k].headings = s.stem(a, s.refs[s.start[k]:s.start[k+1]]) })
	return s.slots[k].headings[key]
}

// stem finds the headings of a slot.
func (s *shelf) stem(a *Analyzer, refs []ref) map[string]*heading {
	headings := map[string]*heading{}
	under := func(key string) *heading {
		h := headings[key]
		if h == nil {
			h = &heading{}
			headings[key] = h
		}
		return h
	}
	stems := map[string]string{}
	stem := func(fold string) string {
		st, ok := stems[fold]
		if !ok {
			st = lang.Stem(fold, s.language)
			stems[fold] = st
		}
		return st
	}
	var folds []string
	for _, r := range refs {
		phrase := s.phrase(a, r)
		folds = foldsOf(folds[:0], phrase)
		fold := folds[r.word]
		st := stem(fold)
		under(fold).word = true
		h := under(st)
		h.word = true
		if r.kind == equivalents {
			if r.word > 0 {
				continue
			}
			key := strings.Join(folds, " ")
			under(key).add(r)
			if len(folds) == 1 {
				if st != key {
					h.add(r)
				}
			} else if s.language == lang.Spanish {
				first := under(fold)
				if slices.ContainsFunc(first.idioms, func(n name) bool { return n.term == key }) {
					continue
				}
				first.idioms = append(first.idioms, name{words: slices.Clone(folds), term: key})
			}
			continue
		}
		if len(folds) == 1 {
			h.add(r)
			continue
		}
		lead := 0
		for lead < len(folds)-1 && lang.Stop(folds[lead], s.language) {
			lead++
		}
		if r.word != 0 && int(r.word) != lead {
			continue
		}
		words := make([]string, len(folds))
		for i, f := range folds {
			words[i] = stem(f)
		}
		key := strings.Join(words, " ")
		if r.word == 0 {
			under(key).add(r)
		}
		if int(r.word) == lead && !slices.ContainsFunc(h.phrases, func(n name) bool { return n.term == key }) {
			h.phrases = append(h.phrases, name{words: words, term: key, lead: lead})
		}
	}
	for _, h := range headings {
		sortNames(h.phrases)
		sortNames(h.idioms)
	}
	return headings
}

// foldsOf appends the folded words of a phrase: those of lang.Tokens.
func foldsOf(folds []string, phrase string) []string {
	n, begin := len(folds), 0
	for i := 0; i <= len(phrase) && len(phrase) <= 60; i++ { // most are of plain letters
		switch {
		case i == len(phrase) || phrase[i] == ' ':
			if i > begin {
				folds = append(folds, phrase[begin:i])
			}
			if i == len(phrase) {
				return folds
			}
			begin = i + 1
		case phrase[i] < 'a' || phrase[i] > 'z':
			i = len(phrase)
		}
	}
	folds = folds[:n]
	for _, t := range lang.Tokens(phrase) {
		folds = append(folds, t.Fold)
	}
	return folds
}

func (h *heading) add(r ref) {
	m := h.to[r.kind]
	if m == nil {
		m = &meaning{}
		h.to[r.kind] = m
	}
	m.refs = append(m.refs, r)
}

// to returns the phrases that a word or phrase leads to, each once, in the order of the lexicon.
func (s *shelf) to(a *Analyzer, kind uint8, key string) []string {
	h := s.heading(a, key)
	if h == nil || h.to[kind] == nil {
		return nil
	}
	m := h.to[kind]
	m.once.Do(func() {
		var u unique
		for _, r := range m.refs {
			switch {
			case kind == synonyms:
				for i, p := range a.lexicon.Synonyms[s.language][r.group] {
					if i != int(r.item) {
						u.add(p)
					}
				}
			case kind == relations:
				for _, p := range a.lexicon.Related[r.group].To {
					u.add(p)
				}
			case s.language == lang.Spanish:
				for _, e := range a.words[r.group].en {
					u.add(lang.Fold(e))
				}
			default:
				u.add(lang.Fold(a.words[r.group].es))
			}
		}
		m.values = slices.Clip(u.list)
	})
	return m.values
}

// unique is a list of different strings.
type unique struct {
	list []string
	have map[string]bool // for long lists
}

func (u *unique) add(s string) {
	if u.have == nil {
		if slices.Contains(u.list, s) {
			return
		}
		if len(u.list) == 16 {
			u.have = make(map[string]bool, 64)
			for _, x := range u.list {
				u.have[x] = true
			}
		}
	}
	if u.have != nil {
		if u.have[s] {
			return
		}
		u.have[s] = true
	}
	u.list = append(u.list, s)
}

// synonyms returns the phrases that mean about the same as a stem, or as the stems of a phrase.
func (a *Analyzer) synonyms(language, stem string) []string {
	return a.shelves[language].to(a, synonyms, stem)
}

// related returns the phrases that go with a stem, the stems of a phrase, or the term of a concept.
func (a *Analyzer) related(language, term string) []string {
	if strings.HasPrefix(term, conceptPrefix) {
		return a.goes()[term]
	}
	return a.shelves[language].to(a, relations, term)
}

// translations returns the folded words and phrases of the other language that a folded word, or else
// its stem, is given in the lexicon.
func (a *Analyzer) translations(language, fold, stem string) []string {
	s := a.shelves[language]
	if to := s.to(a, equivalents, fold); len(to) > 0 {
		return to
	}
	return s.to(a, equivalents, stem)
}

// phrases returns the phrases with synonyms or relations whose first content word has the stem.
func (a *Analyzer) phrases(language, stem string) []name {
	if h := a.shelves[language].heading(a, stem); h != nil {
		return h.phrases
	}
	return nil
}

// idioms returns the Spanish phrases to be translated whole that begin with a folded word.
func (a *Analyzer) idioms(fold string) []name {
	if h := a.shelves[lang.Spanish].heading(a, fold); h != nil {
		return h.idioms
	}
	return nil
}

// ordinary reports whether a fold or stem is that of a word the lexicon uses in either language: no slip
// of the keyboard.
func (a *Analyzer) ordinary(word string) bool {
	if a.named()[word] {
		return true
	}
	for _, s := range a.shelves {
		if h := s.heading(a, word); h != nil && h.word {
			return true
		}
	}
	return false
}

// wordsOfNames returns the folded words of the concepts' names.
func (a *Analyzer) wordsOfNames() map[string]bool {
	words := map[string]bool{}
	for _, list := range a.names {
		for _, n := range list {
			for _, w := range n.words {
				words[w] = true
			}
		}
	}
	return words
}

// goesWithConcepts returns what the lexicon relates to concepts, by their terms or by one of their names.
func (a *Analyzer) goesWithConcepts() map[string][]string {
	lists := map[string]*unique{}
	goes := func(term string, to []string) {
		u := lists[term]
		if u == nil {
			u = &unique{}
			lists[term] = u
		}
		for _, p := range to {
			u.add(p)
		}
	}
	for _, r := range a.lexicon.Related {
		for _, from := range r.From {
			if strings.HasPrefix(from, conceptPrefix) {
				goes(from, r.To)
			}
			if toks := lang.Tokens(from); len(toks) > 0 {
				if n, k := a.match(toks, 0, false, true); k == len(toks) {
					goes(n.term, r.To)
				}
			}
		}
	}
	out := make(map[string][]string, len(lists))
	for term, u := range lists {
		out[term] = u.list
	}
	return out
}
