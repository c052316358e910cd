package retrieval

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"policybot/lang"
)

// hashDim is the dimension of Hash. hashVersion changes with anything below that changes a vector, so that
// stored vectors of the old kind are not mixed with new ones.
const (
	hashDim     = 512
	hashVersion = 1
)

// Hash is the Embedder that works offline: no model, no statistics of any collection, the same vector for
// the same text on every machine. It hashes what a text is made of into a fixed number of dimensions
// (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009):
//
//	stems               inflected forms meet
//	letter 3–5-grams    misspelt words, compounds and unknown names meet
//	lexicon concepts    different names of one thing meet, in either language
//	translations        a Spanish word meets the English words the lexicon gives for it
//	cognate forms       "inmigración" meets "immigration" without any dictionary
//
// A word is a unit vector of its features; a text is the sum of its different words, each weighted by the
// logarithm of its frequency and by how much a word of its shape tells. Function words count only where
// there is nothing else. The result is a weak judge of relevance and a good net: use it beside a lexical
// index with a small weight.
type Hash struct {
	model   string
	hashers sync.Pool // they remember words
}

// NewHash returns the offline embedder that knows the analyzer's concepts and translations. Its model's
// name contains a digest of them: another lexicon makes other vectors.
func NewHash(a *Analyzer) *Hash {
	return &Hash{
		model:   fmt.Sprintf("hash-v%d-%d-%s", hashVersion, hashDim, vocabularyDigest(a)),
		hashers: sync.Pool{New: func() any { return newHasher(a) }},
	}
}

// vocabularyDigest names what of the analyzer's lexicon goes into vectors: the concepts' names, the
// synonyms and the translations, as they were given.
func vocabularyDigest(a *Analyzer) string {
	h := sha256.New()
	b := make([]byte, 0, 4<<10)
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	add := func(list ...string) {
		number(len(list))
		for _, s := range list {
			number(len(s))
			b = append(b, s...)
			if len(b) > 3<<10 {
				h.Write(b)
				b = b[:0]
			}
		}
	}
	number(len(a.lexicon.Concepts))
	for _, c := range a.lexicon.Concepts {
		add(c.ID)
		add(c.Any...)
		add(c.EN...)
		add(c.ES...)
	}
	for _, l := range []string{lang.English, lang.Spanish} {
		number(len(a.lexicon.Synonyms[l]))
		for _, g := range a.lexicon.Synonyms[l] {
			add(g...)
		}
	}
	for _, w := range a.words {
		add(w.es)
		add(w.en...)
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// Model returns "hash-v1-512-" and eight digits for the lexicon.
func (h *Hash) Model() string { return h.model }

// Dim returns the dimension.
func (h *Hash) Dim() int { return hashDim }

// Embed implements Embedder. Passages and questions are embedded alike. A large batch is shared out over
// the processors.
func (h *Hash) Embed(ctx context.Context, _ Purpose, texts []string) ([][]float32, error) {
	const share = 32 // texts taken at a time
	vecs := make([][]float32, len(texts))
	var (
		mu   sync.Mutex
		next int
		wg   sync.WaitGroup
	)
	work := func() {
		e := h.hashers.Get().(*hasher)
		defer h.hashers.Put(e)
		for ctx.Err() == nil {
			mu.Lock()
			from := next
			next = min(from+share, len(texts))
			to := next
			mu.Unlock()
			if from == to {
				return
			}
			block := make([]float32, (to-from)*hashDim)
			for i := from; i < to; i++ {
				vec := block[:hashDim:hashDim]
				block = block[hashDim:]
				e.embed(texts[i], vec)
				vecs[i] = vec
			}
		}
	}
	for range min(runtime.GOMAXPROCS(0), len(texts)/share) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("retrieval: embed %d texts: %w", len(texts), err)
	}
	return vecs, nil
}

// hasher embeds text after text and remembers words. One goroutine uses it.
type hasher struct {
	*Analyzer
	known map[string]map[string]*word // by language, by fold or concept term
	text  int                         // number of the text in hand
	words []*word                     // its words, each once
}

func newHasher(a *Analyzer) *hasher {
	return &hasher{
		Analyzer: a,
		known:    map[string]map[string]*word{lang.English: {}, lang.Spanish: {}},
	}
}

// maxWords bounds the words a hasher remembers of each language.
const maxWords = 1 << 16

// word is the unit vector of a word, sparse, and how much it tells.
type word struct {
	features []feature
	weight   float32
	function bool // a function word

	text, count int // how often it is in which text
}

type feature struct {
	dim    int32
	weight float32
}

func (e *hasher) embed(text string, vec []float32) {
	toks := lang.Tokens(text)
	language := languageOf(text, toks)
	known := e.known[language]
	if len(known) > maxWords {
		clear(known)
	}
	e.text++
	e.words = e.words[:0]

	mixed := hasLower(text)
	end := 0
	for i, t := range toks {
		if i >= end && len(e.names) > 0 {
			if n, k := e.match(toks, i, false, mixed); k > 0 {
				e.count(e.lookup(known, n.term, language))
				end = i + k
			}
		}
		if w := e.lookup(known, t.Fold, language); !w.function {
			e.count(w)
		}
	}
	if len(e.words) == 0 {
		for _, t := range toks {
			e.count(e.lookup(known, t.Fold, language))
		}
	}

	for _, w := range e.words {
		weight := w.weight
		if w.count > 1 {
			weight *= float32(1 + math.Log(float64(w.count)))
		}
		for _, f := range w.features {
			vec[f.dim] += float32(weight * f.weight)
		}
	}
	n, err := norm(vec, len(vec))
	if err != nil { // no word at all, or words that cancel out
		clear(vec)
		vec[0], n = 1, 1
	}
	for i := range vec {
		vec[i] = float32(float64(vec[i]) / n)
	}
}

// lookup returns the word or concept called key.
func (e *hasher) lookup(known map[string]*word, key, language string) *word {
	w := known[key]
	if w == nil {
		w = e.word(key, language)
		known[strings.Clone(key)] = w // key may be a piece of the text
	}
	return w
}

// count adds an occurrence of a word to the text in hand.
func (e *hasher) count(w *word) {
	if w.text != e.text {
		w.text, w.count = e.text, 0
		e.words = append(e.words, w)
	}
	w.count++
}

// languageOf tells the language of a text by the function words among its first tokens.
func languageOf(text string, toks []lang.Token) string {
	en, es := 0, 0
	for _, t := range toks[:min(len(toks), 100)] {
		if lang.Stop(t.Fold, lang.English) {
			en++
		}
		if lang.Stop(t.Fold, lang.Spanish) {
			es++
		}
	}
	switch {
	case en > es+1:
		return lang.English
	case es > en+1:
		return lang.Spanish
	}
	return cmp.Or(lang.Detect(text), lang.English)
}

// What a word is made of, and with which weight (the vector of a word is scaled to unit length after).
// Measured with several seeds on collections of abstracts, news and encyclopaedia paragraphs, in English
// and from Spanish; none of them is worth much more than its neighbours.
const (
	stemWeight        = 1.0
	translationWeight = 1.0 // shared by all translations
	synonymWeight     = 0.5 // shared by all synonyms
	gramWeight        = 1.2 // shared by all n-grams
	conceptWeight     = 2.0
	everydayWeight    = 0.8 // of a word that the dictionary lists
)

// word makes the vector of a folded word of the language, or of a concept.
func (e *hasher) word(fold, language string) *word {
	if strings.HasPrefix(fold, conceptPrefix) {
		var b builder
		b.add('c', fold, 1)
		return b.word(conceptWeight)
	}
	var b builder
	stem := lang.Stem(fold, language)
	b.add('s', stem, stemWeight)
	form := fold
	translations := e.translations(language, fold, stem)
	everyday := len(translations) > 0
	if language == lang.Spanish {
		b.stems(translations, lang.English, translationWeight)
		form = cognate(fold)
	}
	b.stems(e.synonyms(language, stem), language, synonymWeight)

	grams := "^" + spelling(form) + "$"
	count := 0
	for n := 3; n <= 5; n++ {
		count += max(0, len(grams)-n+1)
	}
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(grams); i++ {
			b.add('g', grams[i:i+n], gramWeight/math.Sqrt(float64(count)))
		}
	}

	// Long words are rarer than short ones; beyond that, a word's shape does not tell how much it says.
	weight := math.Sqrt(math.Sqrt(float64(min(max(len(fold), 2), 12))))
	if everyday {
		weight *= everydayWeight
	}
	w := b.word(weight)
	w.function = lang.Stop(fold, language)
	return w
}

// builder sums the features of a word.
type builder struct {
	features []feature
}

// stems adds the stems of words, which share a weight.
func (b *builder) stems(words []string, language string, weight float64) {
	for _, w := range words {
		b.add('s', lang.Stem(w, language), weight/math.Sqrt(float64(len(words))))
	}
}

// add adds a feature: a dimension and a sign by its hash (FNV-1a, then mixed).
func (b *builder) add(kind byte, s string, weight float64) {
	x := uint64(14695981039346656037)
	x = (x ^ uint64(kind)) * 1099511628211
	for i := range len(s) {
		x = (x ^ uint64(s[i])) * 1099511628211
	}
	_, x = splitmix(x)
	if x>>63 != 0 {
		weight = -weight
	}
	b.features = append(b.features, feature{int32(x % hashDim), float32(weight)})
}

// word scales what was added to unit length.
func (b *builder) word(weight float64) *word {
	slices.SortStableFunc(b.features, func(x, y feature) int { return cmp.Compare(x.dim, y.dim) })
	out := b.features[:0]
	for _, f := range b.features {
		if n := len(out); n > 0 && out[n-1].dim == f.dim {
			out[n-1].weight += f.weight
		} else {
			out = append(out, f)
		}
	}
	sum := 0.0
	for _, f := range out {
		sum += float64(f.weight) * float64(f.weight)
	}
	if sum > 0 {
		for i := range out {
			out[i].weight = float32(float64(out[i].weight) / math.Sqrt(sum))
		}
	}
	return &word{features: slices.Clip(out), weight: float32(weight)}
}

// cognate rewrites a folded Spanish word as the English word of the same Latin or Greek root would be
// spelt.
func cognate(fold string) string {
	for _, r := range spanishEndings {
		if root, ok := strings.CutSuffix(fold, r.from); ok && len(root) >= 3 {
			fold = root + r.to
			break
		}
	}
	if len(fold) > 3 && strings.HasPrefix(fold, "es") && !strings.ContainsRune("aeiou", rune(fold[2])) {
		fold = fold[1:]
	}
	return fold
}

// spelling levels out how the two languages spell one root: "immigration" and "inmigración", "theory"
// and "teoría". The result is for comparing only.
func spelling(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if i > 0 {
			before := s[i-1]
			switch {
			case c == before && 'a' <= c && c <= 'z':
				continue
			case c == 'h' && before == 'p':
				b[len(b)-1] = 'f'
				continue
			case c == 'h' && (before == 't' || before == 'c' || before == 'r'):
				continue
			case c == 'n' && i+1 < len(s) && s[i+1] == 'm':
				continue
			case c == 'y':
				c = 'i'
			}
		}
		if c == 'k' {
			c = 'c'
		}
		b = append(b, c)
	}
	return string(b)
}

// spanishEndings in the order they are tried.
var spanishEndings = []struct{ from, to string }{
	{"aciones", "ations"}, {"iciones", "itions"}, {"cciones", "ctions"}, {"ciones", "tions"}, {"siones", "sions"},
	{"cion", "tion"}, {"sion", "sion"},
	{"idades", "ities"}, {"idad", "ity"}, {"dad", "ty"}, {"tad", "ty"},
	{"mente", "ly"},
	{"ismo", "ism"}, {"ista", "ist"}, {"istas", "ists"},
	{"encias", "ences"}, {"encia", "ence"}, {"ancias", "ances"}, {"ancia", "ance"},
	{"arios", "aries"}, {"ario", "ary"}, {"aria", "ary"}, {"orio", "ory"}, {"oria", "ory"},
	{"icos", "ic"}, {"icas", "ic"}, {"ico", "ic"}, {"ica", "ic"},
	{"ivos", "ive"}, {"ivas", "ive"}, {"ivo", "ive"}, {"iva", "ive"},
	{"osos", "ous"}, {"osas", "ous"}, {"oso", "ous"}, {"osa", "ous"},
	{"ables", "able"}, {"ados", "ated"}, {"adas", "ated"}, {"ado", "ated"}, {"ada", "ated"}, {"izar", "ize"},
	{"logias", "logies"}, {"logia", "logy"}, {"grafia", "graphy"}, {"ias", "ies"}, {"ia", "y"},
	{"mentos", "ments"}, {"mento", "ment"}, {"entes", "ents"}, {"ente", "ent"}, {"antes", "ants"}, {"ante", "ant"},
	{"ales", "als"}, {"res", "rs"}, {"os", "s"}, {"as", "s"}, {"ar", "ate"}, {"o", ""}, {"a", ""},
}
