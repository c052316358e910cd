package retrieval

import (
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"policybot/lang"
)

// Bounds on what is read of a question. Nobody asks in more words; a pasted book must not cost a minute.
const (
	maxQuestion      = 32 << 10 // bytes
	maxQuestionWords = 400      // content words
)

// Word is one content word or name of a question, with every index term that counts as it.
type Word struct {
	Text       string
	Start, End int // byte offsets into the question
	// Forms begins with the word's own stem. A name of several words has the concept's term first and no
	// stem; its words stand in Parts.
	Forms  []Form
	Parts  []Word
	Like   []Form  // of an unknown name: known ones spelt much like it, to search by. What is said of them is not of it
	IDF    float64 // of the first form that occurs in the index, by passages; that of an absent term if none does
	Known  bool    // some form occurs in the index
	Name   bool    // a proper name: a capital inside the question, or nearly always a capital in the index
	Number bool
	Type   string  // type of the concept it names, or ""
	at     int     // number among the question's tokens
	share  float64 // of its weight that it keeps: less than 1 for words that only frame a question
}

// Form is an index term that counts as a word of a question.
type Form struct {
	Term   string
	Weight float64 // 1 for the word itself, less for what only resembles it
	Why    string  // "stem", "concept", "translation", "cognate", "spelling", "synonym" or "related"
}

// same reports whether the form is the word itself in another dress, not merely akin to it.
func (f Form) same() bool { return f.Why != "synonym" && f.Why != "related" }

// Weights of the kinds of form. They say how sure the analysis is, and are not tuned.
const (
	weightTranslation = 0.9
	weightCognate     = 0.9
	weightSpelling    = 0.8
	weightSynonym     = 0.5
	weightRelated     = 0.25
)

// A question word and what stands closely after it say what kind of answer is wanted ("how many", "what
// kind of", "cuál es el nombre de"), not what it is about.
const frameReach = 3

var asks = map[string]map[string]bool{
	lang.English: words("what which how who whom whose where when why"),
	lang.Spanish: words("que cual cuales como quien quienes donde adonde cuando cuanto cuanta cuantos cuantas"),
}

var frames = map[string]map[string]bool{
	lang.English: words("many long often far old big large kind kinds type types sort sorts name names named called call happen happened happens mean means exactly"),
	lang.Spanish: words("tipo tipos clase clases nombre nombres llama llamo llamaba llaman llamado llamada paso pasa ocurrio ocurre sucedio significa exactamente cantidad"),
}

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// cut returns the part of a question that is read.
func cut(text string) string {
	if len(text) <= maxQuestion {
		return text
	}
	text = text[:maxQuestion]
	for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// Words analyses a question against the index as it is now: its content words and names in order, each
// with the terms that count as it. The language is detected when it is "". At most the first 32 KiB and
// 400 words are read. What is returned is shared with searches for the same text, and is not to be changed.
func (ix *Index) Words(text, language string) []Word {
	return ix.snap.Load().question(text, language)
}

func (s *snapshot) question(text, language string) []Word {
	if words, ok := s.recent.get(text, language); ok {
		return words
	}
	words := s.analyse(text, language)
	s.recent.put(text, language, words)
	return words
}

// recent remembers the words of the last few questions: whoever searches for a text also weighs what was
// found by its words.
type recent struct {
	mu   sync.Mutex
	next int
	ring [16]struct {
		text, language string
		words          []Word
	}
}

func (r *recent) get(text, language string) ([]Word, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.ring {
		if e := &r.ring[i]; e.words != nil && e.text == text && e.language == language {
			return e.words, true
		}
	}
	return nil, false
}

func (r *recent) put(text, language string, words []Word) {
	if len(text) > 1<<10 || words == nil {
		return // not worth its memory
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e := &r.ring[r.next%len(r.ring)]
	r.next++
	e.text, e.language, e.words = text, language, words
}

func (s *snapshot) analyse(text, language string) []Word {
	text = cut(text)
	if language != lang.English && language != lang.Spanish {
		if language = lang.Detect(text); language == "" {
			language = lang.English
		}
	}
	a := s.analyzer
	toks := lang.Tokens(text)
	mixed := hasLower(text)
	capitals := slices.ContainsFunc(toks, func(t lang.Token) bool { return t.Upper })
	// as tells how token i is written.
	as := func(i int, first bool) written {
		w := written{capital: mixed && toks[i].Upper && !first, capitals: capitals}
		if i > 0 {
			w.beside[0] = toks[i-1].Fold
		}
		if i+1 < len(toks) {
			w.beside[1] = toks[i+1].Fold
		}
		return w
	}
	start := true // of a sentence
	var words []Word
	idioms := s.idioms(toks, language)
	asked := -frameReach - 1 // the last question word
	for i := 0; i < len(toks) && len(words) < maxQuestionWords; {
		if asks[language][toks[i].Fold] {
			asked = i
		}
		if i > 0 && !start {
			start = strings.ContainsAny(text[toks[i-1].End:toks[i].Start], ".?!¿¡:\n")
		}
		if n, k := a.match(toks, i, true, mixed); k > 0 {
			w := Word{Text: text[toks[i].Start:toks[i+k-1].End], Start: toks[i].Start, End: toks[i+k-1].End, share: 1}
			id := strings.TrimPrefix(n.term, conceptPrefix)
			w.Type = a.types[id]
			w.at = i
			var name bool
			for j := i; j < i+k; j++ {
				if lang.Stop(toks[j].Fold, language) && k > 1 {
					continue
				}
				p := s.word(text, toks[j], language, as(j, start && j == i))
				p.at = j
				p.Name = p.Name || s.isName(p, toks[j], mixed, start && j == i)
				name = name || p.Name
				w.Parts = append(w.Parts, p)
			}
			concept := Form{n.term, 1, "concept"}
			if k == 1 && len(w.Parts) == 1 {
				p := w.Parts[0]
				p.Type = w.Type
				// The concept stands in for translations: it has its names in both languages.
				forms := []Form{p.Forms[0], concept}
				if s.df(p.Forms[0].Term) == 0 {
					forms = []Form{concept, p.Forms[0]}
				}
				for _, f := range p.Forms[1:] {
					if !f.same() {
						forms = append(forms, f)
					}
				}
				p.Forms, p.Parts = forms, nil
				w = p
			} else {
				w.Forms = []Form{concept}
				w.Name = name
			}
			a.relate(&w, n.term, language, s)
			s.rate(&w)
			words = append(words, w)
			i += k
			start = false
			continue
		}
		t := toks[i]
		if !lang.Stop(t.Fold, language) {
			w := s.word(text, t, language, as(i, start))
			w.at = i
			for _, x := range idioms[i] {
				s.addTerms(&w, x, lang.English, weightTranslation, "translation")
			}
			if len(idioms[i]) > 0 {
				s.rate(&w)
			}
			if i-asked <= frameReach && frames[language][t.Fold] {
				w.share = s.settings.Frame
			}
			w.Name = w.Name || s.isName(w, t, mixed, start)
			words = append(words, w)
		}
		start = false
		i++
	}
	s.phrases(words, toks, language)
	return words
}

// idioms returns the English for the Spanish phrases of a question, by the last content word of each.
func (s *snapshot) idioms(toks []lang.Token, language string) map[int][]string {
	if language != lang.Spanish || s.post.langs[lang.English] == 0 {
		return nil
	}
	var out map[int][]string
	for i := range toks {
		for _, p := range s.analyzer.idioms(toks[i].Fold) {
			if len(p.words) > len(toks)-i {
				continue
			}
			ok, last := true, -1
			for k := 0; k < len(p.words) && ok; k++ {
				ok = toks[i+k].Fold == p.words[k]
				if !lang.Stop(toks[i+k].Fold, language) {
					last = i + k
				}
			}
			if ok && last >= 0 {
				if out == nil {
					out = map[int][]string{}
				}
				out[last] = append(out[last], s.analyzer.translations(language, p.term, p.term)...)
				break
			}
		}
	}
	return out
}

// isName reports whether a word of a question is a proper name.
func (s *snapshot) isName(w Word, t lang.Token, mixed, first bool) bool {
	if t.Digit {
		return false
	}
	if t.Caps && mixed || t.Upper && mixed && !first {
		return true
	}
	id, ok := s.vocab.ids[w.Forms[0].Term]
	if !ok {
		return t.Upper && mixed && !first
	}
	n := s.post.names[id]
	return n > 0 && s.post.upper[id]*10 >= n*9
}

// written tells how a word of a question is written.
type written struct {
	capital  bool      // with a capital, and not because a sentence begins
	capitals bool      // in a question that has capitals
	beside   [2]string // the folded words before and after it, "" without
}

// word gives a word its forms. Name is set only if it is one by what it is spelt like.
func (s *snapshot) word(text string, t lang.Token, language string, as written) Word {
	w := Word{Text: text[t.Start:t.End], Start: t.Start, End: t.End, Number: t.Digit, share: 1}
	own := lang.Stem(t.Fold, language)
	w.Forms = append(w.Forms, Form{own, 1, "stem"})
	if t.Digit {
		s.rate(&w)
		return w
	}
	other := lang.Spanish
	if language == lang.Spanish {
		other = lang.English
	}
	kindred := true
	if s.post.langs[other] > 0 {
		kindred = s.translate(&w, t, own, language, other, as)
	}
	known := false
	for _, f := range w.Forms {
		known = known || s.df(f.Term) > 0
	}
	// That another language has a word somewhat like it says little of a word that is written as a name.
	guessed := known && as.capital && !kindred && s.df(own) == 0
	if (!known || guessed) && !s.analyzer.ordinary(t.Fold) && !s.analyzer.ordinary(own) {
		slips, others, named := s.respell(t.Fold, language, as)
		if guessed && named {
			w.Forms = slices.DeleteFunc(w.Forms, func(f Form) bool { return f.Why == "cognate" })
		}
		for _, c := range slips {
			w.add(Form{c.term, weightSpelling * c.alike, "spelling"})
			if n, ok := s.analyzer.nameOf(c.fold); ok && named {
				w.add(Form{n.term, weightSpelling * c.alike, "spelling"})
				w.Type = s.analyzer.types[strings.TrimPrefix(n.term, conceptPrefix)]
			}
		}
		for _, c := range others {
			w.Like = append(w.Like, Form{c.term, weightSpelling * c.alike, "spelling"})
		}
		w.Name = named
	}
	for _, x := range s.analyzer.synonyms(language, own) {
		s.addTerms(&w, x, language, weightSynonym, "synonym")
	}
	s.analyzer.relate(&w, own, language, s)
	s.rate(&w)
	return w
}

// translate adds the forms that a word has in articles of the other language. It reports whether they are more
// than guesses by letters that the words have in common.
func (s *snapshot) translate(w *Word, t lang.Token, own, language, other string, as written) (kindred bool) {
	// A name is spelt alike in both languages but stemmed by the rules of each.
	names := lang.Stem(t.Fold, other)
	to := s.analyzer.translations(language, t.Fold, own)
	if names != own && (t.Upper || len(to) == 0) {
		w.add(Form{names, 1, "stem"})
	}
	found := false
	for _, x := range to {
		found = s.addTerms(w, x, other, weightTranslation, "translation") || found
	}
	if found {
		return true
	}
	if s.dfIn(names) > 0 {
		return true
	}
	if other == lang.English {
		for _, x := range cognates(t.Fold) {
			term := lang.Stem(x, other)
			if s.df(term) > 0 {
				w.add(Form{term, weightCognate, "cognate"})
				found = true
			}
		}
	}
	if found {
		return true
	}
	for _, c := range s.alike(t.Fold, 3) {
		if s.anotherName(t, as, c) {
			continue
		}
		w.add(Form{c.term, 0.7 * c.alike, "cognate"})
		kindred = kindred || kin(t.Fold, c.fold)
	}
	return kindred
}

func (w *Word) add(f Form) {
	for i, have := range w.Forms {
		if have.Term == f.Term {
			if f.Weight > have.Weight {
				w.Forms[i].Weight = f.Weight
			}
			return
		}
	}
	if len(w.Forms) < 24 {
		w.Forms = append(w.Forms, f)
	}
}

// addTerms adds the terms of a phrase of the lexicon as forms: the concept it names, or each of its
// content words with its share of the weight. It reports whether one of them occurs in the index.
func (s *snapshot) addTerms(w *Word, phrase, language string, weight float64, why string) bool {
	toks := lang.Tokens(phrase)
	if len(toks) == 0 {
		return false
	}
	if n, k := s.analyzer.match(toks, 0, false, true); k == len(toks) && (k > 1 || why == "related") {
		if s.df(n.term) > 0 {
			w.add(Form{n.term, weight, why})
			return true
		}
	}
	var stems []string
	for _, t := range toks {
		if !lang.Stop(t.Fold, language) || len(toks) == 1 {
			stems = append(stems, lang.Stem(t.Fold, language))
		}
	}
	found := false
	for _, st := range stems {
		if s.df(st) > 0 {
			w.add(Form{st, weight / float64(len(stems)), why})
			found = true
		}
	}
	return found
}

// relate adds what the lexicon says goes with a term.
func (a *Analyzer) relate(w *Word, term, language string, s *snapshot) {
	for _, x := range a.related(language, term) {
		s.addTerms(w, x, language, weightRelated, "related")
	}
}

// phrases adds what is akin to phrases to their first content words.
func (s *snapshot) phrases(words []Word, toks []lang.Token, language string) {
	for i := range words {
		w := &words[i]
		for _, p := range s.analyzer.phrases(language, w.stem()) {
			from := w.at - p.lead
			if from < 0 || len(p.words) > len(toks)-from {
				continue
			}
			ok := true
			for k := 0; k < len(p.words) && ok; k++ {
				ok = lang.Stem(toks[from+k].Fold, language) == p.words[k]
			}
			if !ok {
				continue
			}
			for _, x := range s.analyzer.synonyms(language, p.term) {
				s.addTerms(w, x, language, weightSynonym, "synonym")
			}
			s.analyzer.relate(w, p.term, language, s)
			break
		}
	}
}

// stem returns the word's own stem, or "" for a name of several words.
func (w Word) stem() string {
	for _, f := range w.Forms {
		if f.Why == "stem" {
			return f.Term
		}
	}
	return ""
}

// rate sets Known and IDF.
func (s *snapshot) rate(w *Word) {
	w.IDF, w.Known = idf(0, s.post.nchunk), false
	for _, f := range w.Forms {
		if df := s.df(f.Term); df > 0 && f.same() {
			w.IDF, w.Known = idf(df, s.post.nchunk), true
			return
		}
	}
	known := len(w.Parts) > 0
	for _, p := range w.Parts {
		known = known && p.Known
	}
	w.Known = known
}

// idf is BM25's weight of a term that occurs in df of n documents; never negative.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5))
}

// df returns in how many chunks a term occurs; a term that occurs in titles only counts as in one.
func (s *snapshot) df(term string) int {
	id, ok := s.vocab.ids[term]
	if !ok || int(id) >= len(s.post.chunks) {
		return 0
	}
	if n := s.post.chunks[id]; n > 0 {
		return int(n)
	}
	return int(min(s.post.start[id+1]-s.post.start[id], 1))
}

func (s *snapshot) dfIn(term string) int { return s.df(term) }

// likeness is a term whose spelling in the index is like a word, 0 to 1.
type likeness struct {
	term  string
	fold  string // that spelling
	alike float64
}

// spellings returns at most n terms that an unknown word may be a slip of the keyboard for: one edit
// away with the same first letter, or two away for words of eight letters or more; the commoner one first
// among equals.
func (s *snapshot) spellings(fold string, n int) []likeness {
	if len(fold) < 5 || strings.ContainsAny(fold, "0123456789.") {
		return nil
	}
	limit := 1
	if len(fold) >= 8 {
		limit = 2
	}
	type candidate struct {
		id   uint32
		dist int
		fold string
	}
	best := map[uint32]candidate{}
	mask := letters(fold)
	for _, f := range s.vocab.surfaces {
		if d := len(f.fold) - len(fold); d > limit || -d > limit || bits.OnesCount32(f.mask^mask) > 2*limit {
			continue
		}
		if limit == 1 && f.fold[0] != fold[0] || s.post.start[f.id+1] == s.post.start[f.id] {
			continue
		}
		if d := distance(fold, f.fold, limit); d <= limit {
			if have, ok := best[f.id]; !ok || d < have.dist {
				best[f.id] = candidate{f.id, d, f.fold}
			}
		}
	}
	list := make([]candidate, 0, len(best))
	for _, c := range best {
		list = append(list, c)
	}
	freq := func(id uint32) uint32 { return s.post.start[id+1] - s.post.start[id] }
	sort.Slice(list, func(i, j int) bool {
		x, y := list[i], list[j]
		if x.dist != y.dist {
			return x.dist < y.dist
		}
		if a, b := freq(x.id), freq(y.id); a != b {
			return a > b
		}
		return s.vocab.terms[x.id] < s.vocab.terms[y.id]
	})
	var out []likeness
	for _, c := range list {
		if len(out) == n || c.dist > list[0].dist {
			break
		}
		out = append(out, likeness{s.vocab.terms[c.id], c.fold, 1 - float64(c.dist)/float64(max(len(fold), 5))})
	}
	return out
}

// distance is the number of edits (insert, delete, replace, swap neighbours) from a to b, or limit+1 if
// that is more than limit.
func distance(a, b string, limit int) int {
	if len(a) > 64 || len(b) > 64 {
		return limit + 1
	}
	var rows [3][65]uint8
	prev2, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = uint8(i)
		least := row[0]
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if int(least) > limit {
			return limit + 1
		}
		prev2, prev, row = prev, row, prev2
	}
	return int(prev[len(b)])
}

// alike returns at most n terms whose spelling begins with the same four letters and shares at least
// 0.6 of its letter pairs (Dice) with the word: cognates, and inflections the stemmer does not know.
func (s *snapshot) alike(fold string, n int) []likeness {
	if len(fold) < 4 || strings.ContainsAny(fold, "0123456789.") {
		return nil
	}
	head := fold[:4]
	lo := sort.Search(len(s.vocab.surfaces), func(i int) bool { return s.vocab.surfaces[i].fold >= head })
	best := map[uint32]likeness{}
	for _, f := range s.vocab.surfaces[lo:] {
		if !strings.HasPrefix(f.fold, head) {
			break
		}
		if s.post.start[f.id+1] == s.post.start[f.id] {
			continue
		}
		if d := dice(fold, f.fold); d >= 0.6 && d > best[f.id].alike {
			best[f.id] = likeness{s.vocab.terms[f.id], f.fold, d}
		}
	}
	out := make([]likeness, 0, len(best))
	for _, c := range best {
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y likeness) int {
		if x.alike != y.alike {
			if x.alike > y.alike {
				return -1
			}
			return 1
		}
		return strings.Compare(x.term, y.term)
	})
	if len(out) > n {
		out = out[:n]
	}
	return out
}

// dice is twice the number of letter pairs that a and b share over the number they have.
func dice(a, b string) float64 {
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	used := make([]bool, len(b)-1)
	shared := 0
	for i := range len(a) - 1 {
		for j := range len(b) - 1 {
			if !used[j] && a[i] == b[j] && a[i+1] == b[j+1] {
				used[j] = true
				shared++
				break
			}
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b)-2)
}

// endings rewrites Spanish word endings to the English ones of the same Latin or Greek origin.
var endings = []struct{ es, en string }{
	{"aciones", "ations"}, {"uciones", "utions"}, {"ciones", "tions"}, {"siones", "sions"}, {"cion", "tion"}, {"sion", "sion"},
	{"idades", "ities"}, {"idad", "ity"}, {"dades", "ties"}, {"dad", "ty"}, {"tades", "ties"}, {"tad", "ty"},
	{"amente", "ly"}, {"amente", "ally"}, {"mente", "ly"}, {"ismos", "isms"}, {"ismo", "ism"}, {"istas", "ists"}, {"ista", "ist"},
	{"encias", "ences"}, {"encia", "ence"}, {"encia", "ency"}, {"ancias", "ances"}, {"ancia", "ance"}, {"ancia", "ancy"},
	{"orios", "ories"}, {"orio", "ory"}, {"arios", "aries"}, {"ario", "ary"}, {"aria", "ary"}, {"icos", "ic"}, {"icas", "ic"}, {"ico", "ic"}, {"ica", "ic"},
	{"icos", "ical"}, {"icas", "ical"}, {"ico", "ical"}, {"ica", "ical"}, {"ica", "ics"},
	{"osos", "ous"}, {"osas", "ous"}, {"oso", "ous"}, {"osa", "ous"}, {"ivos", "ive"}, {"ivas", "ive"}, {"ivo", "ive"}, {"iva", "ive"},
	{"ogias", "ogies"}, {"ogia", "ogy"}, {"afias", "aphies"}, {"afia", "aphy"}, {"ias", "ies"}, {"ia", "y"}, {"io", "y"}, {"io", "e"},
	{"antes", "ants"}, {"ante", "ant"}, {"entes", "ents"}, {"ente", "ent"}, {"ables", "able"}, {"ibles", "ible"},
	{"izar", "ize"}, {"izado", "ized"}, {"izada", "ized"}, {"ificar", "ify"}, {"ar", "e"}, {"ar", "ate"}, {"ar", ""}, {"ir", "e"}, {"ir", ""}, {"er", ""}, {"er", "e"},
	{"ados", "ated"}, {"adas", "ated"}, {"ado", "ated"}, {"ada", "ated"}, {"ado", "ed"}, {"ada", "ed"}, {"ado", "ate"}, {"idos", "ed"}, {"ido", "ed"}, {"ida", "ed"}, {"ado", ""},
	{"adores", "ators"}, {"ador", "ator"}, {"ores", "ors"}, {"uras", "ures"}, {"ura", "ure"}, {"itos", "its"},
	{"os", ""}, {"as", ""}, {"os", "e"}, {"as", "e"}, {"es", ""}, {"o", ""}, {"a", ""}, {"e", ""}, {"o", "e"}, {"a", "e"}, {"o", "us"}, {"o", "um"}, {"", "e"}, {"", ""},
}

// cognates returns the English spellings that a folded Spanish word would have if both came from one
// word of Latin or Greek; most of them do not exist.
func cognates(fold string) []string {
	if len(fold) < 4 {
		return nil
	}
	var out []string
	for _, e := range endings {
		if len(fold)-len(e.es) < 3-len(e.es)/4 || !strings.HasSuffix(fold, e.es) {
			continue
		}
		base := fold[:len(fold)-len(e.es)]
		for _, b := range bases(base) {
			if x := b + e.en; !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

// bases returns the English spellings of the beginning of a Spanish word.
func bases(base string) []string {
	out := []string{base}
	vary := func(from func(string) (string, bool)) {
		for _, b := range out {
			if x, ok := from(b); ok && len(out) < 12 {
				out = append(out, x)
			}
		}
	}
	vary(func(b string) (string, bool) { // escuela → scuela, estado → stado
		return strings.TrimPrefix(b, "e"), len(b) > 3 && b[0] == 'e' && b[1] == 's' && !strings.ContainsRune("aeiou", rune(b[2]))
	})
	vary(func(b string) (string, bool) { return strings.ReplaceAll(b, "f", "ph"), strings.Contains(b, "f") })
	vary(func(b string) (string, bool) { return strings.ReplaceAll(b, "cu", "qu"), strings.Contains(b, "cu") })
	vary(func(b string) (string, bool) { return strings.ReplaceAll(b, "t", "th"), strings.Count(b, "t") == 1 })
	vary(func(b string) (string, bool) { // inmigracion → immigration
		return strings.ReplaceAll(b, "nm", "mm"), strings.Contains(b, "nm")
	})
	vary(func(b string) (string, bool) { return strings.ReplaceAll(b, "i", "y"), strings.Count(b, "i") == 1 })
	vary(func(b string) (string, bool) { // comercial → commercial, acuerdo → accuerdo
		for _, c := range "cfmnpst" {
			if k := strings.IndexRune(b, c); k > 0 && k+1 < len(b) && strings.ContainsRune("aeiou", rune(b[k-1])) && strings.ContainsRune("aeiou", rune(b[k+1])) {
				return b[:k] + string(c) + b[k:], true
			}
		}
		return "", false
	})
	return out
}
