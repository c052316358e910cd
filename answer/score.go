package answer

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"policybot/answer/verify"
	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// Index is the library as the engine uses it. *retrieval.Index is one.
type Index interface {
	verify.Library
	// Version changes whenever the articles do.
	Version() string
	Search(ctx context.Context, q retrieval.Query) ([]retrieval.Hit, error)
	// Words analyses a question against the vocabulary of the library.
	Words(text, language string) []retrieval.Word
	// DF returns in how many passages a term occurs, and how many there are.
	DF(term string) (df, n int)
	// ConceptType returns what a concept of the lexicon is ("person", "place", …), "" for other terms.
	ConceptType(term string) string
}

// A sentence is scored by a weighted sum of features, each between 0 and 1, that say how it meets the
// question. The weights are fitted
// by internal/fit, on questions of SQuAD and XQuAD whose answers are marked and on the project's own cases.
const (
	fCover     = iota // idf-weighted share of the question's words that the sentence holds, by the weight of the form
	fExact            // the same, by the question's own stems alone
	fNames            // share of the question's names that the sentence holds
	fNear             // share held by the sentences around it and not by itself
	fDoc              // share held by title, publisher or date of its article and by nothing nearer
	fPairs            // share of neighbouring question words that stand together here too
	fTight            // how closely the matched words stand together
	fWant             // it holds what the question asks for: a person, a number, a date, a reason …
	fPassage          // score of its passage relative to the best passage
	fRank             // 1/(1+rank) of its passage
	fShort            // the sentence is too short to say anything
	fLong             // the sentence is long
	fNumbers          // share of the question's numbers that the sentence holds
	fFresh            // its date is the newest of the candidates', when the newest is wanted
	fCommon           // share of the question's words other than names that the sentence holds
	fTop              // it holds the question's rarest word that the library knows and that is no name
	fFocus            // it holds the noun after "which", "what" or "how many"
	fMods             // share of the question's "not", "first", "least", "without" … that the sentence holds too
	fTopic            // share held by title or lead of its article and by nothing nearer: what the article is about
	fRest             // share that the sentence holds of the words that title and lead do not
	fRestNear         // the same for the sentences around it
	fLead             // it stands at the very beginning of its article
	fHeld             // share held by the sentence, or by title and lead
	fLikeness         // score of its passage relative to the best of its own article
	fYears            // it is of a year that the question names; 1 when the question names none
	fNearNum          // a number stands by the noun that "how many" counts; 0.5 when nothing is counted
	fReach            // its coverage relative to the best among the candidates
	fReachHeld        // the same for what it, its title and its lead hold
	fReachRest        // the same for what it and its surroundings hold
	nFeatures
)

// candidate is a sentence that may answer, with what speaks for it.
type candidate struct {
	article  *corpus.Article
	span     corpus.Span
	prev     corpus.Span // the sentence before it in the same paragraph run; empty when there is none
	asOf     corpus.Period
	hit      int       // index of the passage it came from
	match    []float64 // per question word: weight of the best form held by the sentence, 0 to 1
	near     []float64 // the same for the sentences around it
	doc      []float64 // the same for title, publisher and date
	topic    []float64 // the same for title and lead
	features [nFeatures]float64
	score    float64
	text     string
	facts    *facts
	numbers  []lang.Number
	terms    []retrieval.Occurrence // of the sentence, at their places in the article
	// mislabelled tells that it speaks of another of those that go by number, such as Title 42, than the question.
	mislabelled bool
}

// query is a question's words ready for matching.
type query struct {
	words  []retrieval.Word
	weight []float64       // idf times what the word counts for
	forms  map[string][]at // term → words it stands for
	total  float64
	own    int // words before this index are the question's, the rest its context's
	told   int // words before this index say what is asked about: own, or more where the focus only points ("What are they?")
	top    int // the rarest known word that is no name, -1 without
	focus  int // the word after "which", "what" or "how many", -1 without
	mods   uint32
	folds  map[string]bool // folded tokens of the words
	// stranger tells the words that the library never uses itself, only others of their sense at most.
	stranger []bool
}

type at struct {
	word   int
	weight float64
	exact  bool
}

// dullWeight is what a word counts for that questions about articles carry without being about it.
const (
	dullWeight    = 0.15
	contextWeight = 0.45
)

// thinFocus is how many words of substance a question needs to say what it is about.
const thinFocus = 3

// strangerBoost raises what synonyms count for when the library never uses the word itself: whoever wrote
// of it used another.
const strangerBoost = 1.6

// ownKnown reports whether the word itself, in some language or spelling, occurs in the library.
func ownKnown(ix Index, w retrieval.Word) bool {
	for _, f := range w.Forms {
		if f.Why != "synonym" && f.Why != "related" {
			if df, _ := ix.DF(f.Term); df > 0 {
				return true
			}
		}
	}
	return false
}

func newQuery(ix Index, p plan) query {
	q := query{forms: map[string][]at{}}
	add := func(text string, scale float64) {
		for _, w := range ix.Words(text, p.lang) {
			if !w.Name && len(w.Forms) == 0 && lang.Stop(lang.Fold(w.Text), p.lang) {
				continue
			}
			k := scale * w.IDF
			if dull.Has(lang.Fold(w.Text)) {
				k *= dullWeight
			}
			if w.Number && w.Text[0] > '9' {
				k *= 0.4 // "two" in words is seldom what a question turns on
			}
			dup := false
			for _, h := range q.words {
				dup = dup || strings.EqualFold(h.Text, w.Text)
			}
			if dup {
				continue
			}
			i := len(q.words)
			q.words, q.weight = append(q.words, w), append(q.weight, k)
			boost := 1.0
			q.stranger = append(q.stranger, !ownKnown(ix, w))
			if q.stranger[i] {
				boost = strangerBoost
			}
			for _, f := range w.Forms {
				weight := f.Weight
				if f.Why == "synonym" || f.Why == "related" {
					weight = min(0.9, weight*boost)
				}
				q.forms[f.Term] = append(q.forms[f.Term], at{i, weight, f.Why == "stem" || f.Why == "concept"})
			}
			q.total += k
		}
	}
	add(p.focus, 1)
	q.own = len(q.words)
	q.top, q.focus = -1, -1
	q.folds = map[string]bool{}
	for i, w := range q.words {
		if w.Known && !w.Name && !w.Number && (q.top < 0 || w.IDF > q.words[q.top].IDF) {
			q.top = i
		}
		if q.focus < 0 && !w.Name && asksFor(p.focus[:min(w.Start, len(p.focus))]) {
			q.focus = i
		}
	}
	q.mods = modifiers(lang.Tokens(p.focus))
	q.told = q.own
	if p.text != p.focus {
		add(p.text, contextWeight)
		if content(p.focus, p.lang) < thinFocus {
			q.told = len(q.words)
		}
	}
	if p.context != "" {
		add(p.context, contextWeight)
	}
	for _, w := range q.words {
		for _, t := range lang.Tokens(w.Text) {
			q.folds[t.Fold] = true
		}
	}
	return q
}

// asksFor reports whether the words before a noun ask for it: "which", "what", "how many", "qué".
func asksFor(before string) bool {
	ws := words(before)
	if len(ws) == 0 {
		return false
	}
	switch ws[len(ws)-1] {
	case "which", "what", "wat", "whose", "many", "much", "que", "cual", "cuales", "cuantos", "cuantas", "cuanto", "cuanta":
		return true
	}
	return false
}

// modifierClass groups words that turn a statement into another one and that coverage of content words
// does not see.
var modifierClass = func() map[string]uint32 {
	m := map[string]uint32{}
	for i, group := range []string{
		"not no never nor neither none cannot cant dont didnt doesnt isnt wasnt werent wont without nunca jamas tampoco ningun ninguna sin",
		"least fewest lowest smallest minimum menor minimo", "most largest biggest highest greatest maximum mayor maximo",
		"first primer primera primero", "last final ultimo ultima", "only solely solo solamente unico unica",
		"before prior antes previo", "after following despues tras", "all every todos todas todo toda cada", "other else besides another otro otra otros otras ademas",
		"former previous anterior", "less fewer menos", "more mas", "except excepto salvo", "against contra",
	} {
		for _, w := range strings.Fields(group) {
			m[w] = 1 << i
		}
	}
	return m
}()

func modifiers(toks []lang.Token) uint32 {
	var m uint32
	for _, t := range toks {
		m |= modifierClass[t.Fold]
	}
	return m
}

// share returns the weighted share of the words for which f is set.
func (q *query) share(f func(i int) float64) float64 {
	if q.total == 0 {
		return 0
	}
	s := 0.0
	for i := range q.words {
		s += q.weight[i] * f(i)
	}
	return s / q.total
}

// freshBonus is what the newest date is worth to a question about the present, over what the weights give
// it: hardly a question that they were fitted on is about the present.
const freshBonus = 1.0

// window is how much of an article around a passage is read for context, in bytes.
const window = 500

// candidates returns the sentences of the hits, scored, best first.
func (e *Engine) candidates(p plan, q query, hits []retrieval.Hit) []candidate {
	var out []candidate
	seen := map[string]bool{}
	docs := map[string]about{}
	best, bestIn := 0.0, map[string]float64{}
	for _, h := range hits {
		best = math.Max(best, h.Score)
		bestIn[h.Chunk.Article.ID] = math.Max(bestIn[h.Chunk.Article.ID], h.Score)
	}
	for rank, h := range hits {
		a := h.Chunk.Article
		lo, hi := max(0, h.Chunk.Start-window), min(len(a.Text), h.Chunk.End+window)
		for lo > 0 && lo < h.Chunk.Start && !utf8.RuneStart(a.Text[lo]) {
			lo++
		}
		for hi < len(a.Text) && !utf8.RuneStart(a.Text[hi]) {
			hi++
		}
		r := e.readings.of(e.index, a)
		dm, ok := docs[a.ID]
		if !ok {
			dm = e.readAbout(q, a, r)
			docs[a.ID] = dm
		}
		var around []sentence
		for _, part := range [3]corpus.Span{{Start: lo, End: h.Chunk.Start}, {Start: h.Chunk.Start, End: h.Chunk.End}, {Start: h.Chunk.End, End: hi}} {
			for _, s := range corpus.Sentences(a.Text[part.Start:part.End], a.Lang) {
				sp := corpus.Span{Start: part.Start + s.Start, End: part.Start + s.End}
				around = append(around, e.read(q, a, r, dm.roles, sp, sp.Start >= h.Chunk.Start && sp.End <= h.Chunk.End))
			}
		}
		for i := range around {
			s := &around[i]
			if !s.inside {
				continue
			}
			key := a.Text[s.span.Start:s.span.End]
			if seen[key] {
				continue
			}
			seen[key] = true
			c := candidate{article: a, span: s.span, asOf: a.AsOf(s.span), hit: rank, match: s.match, doc: dm.doc, topic: dm.topic, text: key}
			c.facts, c.terms = r.sentence(a, s.span), r.in(e.index, a, s.span)
			c.numbers = c.facts.numbers
			c.near = make([]float64, len(q.words))
			for j := max(0, i-2); j <= min(len(around)-1, i+1); j++ {
				if j == i || a.AsOf(around[j].span) != c.asOf {
					continue
				}
				for w, m := range around[j].match {
					c.near[w] = math.Max(c.near[w], m)
				}
			}
			if i > 0 && a.AsOf(around[i-1].span) == c.asOf && around[i-1].span.Start > lo {
				c.prev = around[i-1].span
			}
			e.features(&c, p, q, *s, h.Score/math.Max(best, 1e-9))
			c.features[fLikeness] = h.Score / math.Max(bestIn[a.ID], 1e-9)
			out = append(out, c)
		}
	}
	freshest(out)
	relative(out, q)
	for i := range out {
		if !p.latest && !p.present {
			out[i].features[fFresh] = 0
		}
		out[i].score = freshBonus * out[i].features[fFresh]
		for f, w := range sentenceWeights {
			out[i].score += w * out[i].features[f]
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].score > out[j].score })
	return out
}

// relative sets the features that compare a candidate's coverage with the best coverage there is: where a
// question's words are not the library's, all coverage is low and still tells.
func relative(cs []candidate, q query) {
	var cover, held, around float64
	wide := func(c candidate) float64 {
		return q.share(func(i int) float64 { return math.Max(c.match[i], 0.7*c.near[i]) })
	}
	for _, c := range cs {
		cover, held, around = math.Max(cover, c.features[fCover]), math.Max(held, c.features[fHeld]), math.Max(around, wide(c))
	}
	for i := range cs {
		f := &cs[i].features
		if cover > 0 {
			f[fReach] = f[fCover] / cover
		}
		if held > 0 {
			f[fReachHeld] = f[fHeld] / held
		}
		if around > 0 {
			f[fReachRest] = wide(cs[i]) / around
		}
	}
}

// freshest sets fFresh on the candidates by date.
func freshest(cs []candidate) {
	lo, hi := math.Inf(1), math.Inf(-1)
	day := func(c candidate) float64 {
		d := c.asOf.To
		if d.IsZero() {
			d = c.asOf.From
		}
		return float64(d.Year)*372 + float64(d.Month)*31 + float64(d.Day)
	}
	for _, c := range cs {
		if d := day(c); d > 0 {
			lo, hi = math.Min(lo, d), math.Max(hi, d)
		}
	}
	for i := range cs {
		if d := day(cs[i]); d > 0 && hi > lo {
			cs[i].features[fFresh] = (d - lo) / (hi - lo)
		}
	}
}

// sentence is a sentence read against a query.
type sentence struct {
	span   corpus.Span
	inside bool // lies in the passage that was found
	match  []float64
	exact  []bool
	pos    []int // position of the best match of each word, -1 without
}

func (e *Engine) read(q query, a *corpus.Article, r *reading, roles map[string][]int, sp corpus.Span, inside bool) sentence {
	s := sentence{span: sp, inside: inside, match: make([]float64, len(q.words)), exact: make([]bool, len(q.words)), pos: make([]int, len(q.words))}
	for i := range s.pos {
		s.pos[i] = -1
	}
	for _, o := range r.in(e.index, a, sp) {
		for _, f := range q.forms[o.Term] {
			if f.weight > s.match[f.word] {
				s.match[f.word], s.pos[f.word], s.exact[f.word] = math.Min(1, f.weight), o.Pos, f.exact
			}
		}
		for _, w := range roles[o.Term] {
			if s.match[w] < roleWeight {
				s.match[w], s.pos[w] = roleWeight, o.Pos
			}
		}
	}
	asOf := a.AsOf(sp)
	for i, w := range q.words {
		if s.match[i] == 0 && dateMatches(w, asOf) {
			s.match[i] = 0.8
		}
	}
	return s
}

// dateMatches reports whether a word of the question names the year or month of a period.
func dateMatches(w retrieval.Word, p corpus.Period) bool {
	f := lang.Fold(w.Text)
	for _, d := range [2]corpus.Date{p.From, p.To} {
		if d.Year > 0 && len(f) == 4 && f == itoa(d.Year) {
			return true
		}
		if m := lang.Month(f); m > 0 && m == d.Month {
			return true
		}
	}
	return false
}

func itoa(n int) string {
	b := [8]byte{}
	i := len(b)
	for n > 0 {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[i:])
}

// readAbout matches the words against what is known of an article besides its text.
func (e *Engine) readAbout(q query, a *corpus.Article, r *reading) about {
	m, topic := make([]float64, len(q.words)), make([]float64, len(q.words))
	for _, o := range r.lead {
		for _, f := range q.forms[o.Term] {
			topic[f.word] = math.Max(topic[f.word], math.Min(1, f.weight))
		}
	}
	for _, o := range r.about {
		for _, f := range q.forms[o.Term] {
			m[f.word] = math.Max(m[f.word], math.Min(1, f.weight))
		}
	}
	pub := corpus.Period{From: a.Published, To: a.Published}
	for i, w := range q.words {
		if dateMatches(w, pub) {
			m[i] = math.Max(m[i], 0.8)
		}
	}
	return about{m, topic, rolesIn(q, a, r)}
}

// roleWeight is what a name counts for as the role that its article gives it.
const roleWeight = 0.75

// rolesIn finds which of the question's words an article gives as the role of somebody: "Foreign Minister
// Alicia Bárcena" makes "Bárcena" stand for the minister in the sentences that follow. It returns the
// words by the term of the last name.
func rolesIn(q query, a *corpus.Article, r *reading) map[string][]int {
	text := a.Text[:r.upTo]
	var out map[string][]int
	for _, o := range r.terms {
		for _, f := range q.forms[o.Term] {
			if !f.exact || f.word >= q.own || f.weight < 1 {
				continue
			}
			if o.End+1 >= len(text) || text[o.End] != ' ' || text[o.End+1] >= 'a' && text[o.End+1] <= 'z' {
				continue
			}
			tail := text[o.End:min(len(text), o.End+80)]
			last, end := "", 0
			for _, t := range lang.Tokens(strings.ToValidUTF8(tail, " ")) {
				gap := tail[end:min(t.Start, len(tail))]
				if !t.Upper || strings.Trim(gap, " .") != "" || last == "" && gap != " " {
					break
				}
				last, end = t.Fold, t.End
			}
			if last == "" || q.folds[last] || len(last) < 3 {
				continue
			}
			if out == nil {
				out = map[string][]int{}
			}
			term := lang.Stem(last, a.Lang)
			if !slices.Contains(out[term], f.word) {
				out[term] = append(out[term], f.word)
			}
		}
	}
	return out
}

// about is how far title, publisher and date of an article (doc), and its title and lead (topic), hold
// the words of a question.
// roles tells which words a name of the article stands for.
type about struct {
	doc, topic []float64
	roles      map[string][]int
}

// leadBytes is how much of an article's beginning says what it is about.
const leadBytes = 400

func (e *Engine) features(c *candidate, p plan, q query, s sentence, passage float64) {
	f := &c.features
	f[fCover] = q.share(func(i int) float64 { return s.match[i] })
	f[fExact] = q.share(func(i int) float64 {
		if s.exact[i] {
			return s.match[i]
		}
		return 0
	})
	f[fNear] = q.share(func(i int) float64 { return math.Max(0, c.near[i]-s.match[i]) })
	f[fDoc] = q.share(func(i int) float64 { return math.Max(0, c.doc[i]-math.Max(c.near[i], s.match[i])) })
	names, held := 0.0, 0.0
	for i, w := range q.words {
		if w.Name && i < q.own {
			names += q.weight[i]
			held += q.weight[i] * s.match[i]
		}
	}
	f[fNames] = 1
	if names > 0 {
		f[fNames] = held / names
	}
	pairs, met := 0, 0.0
	lo, hi, placed := math.MaxInt, -1, 0
	for i := range q.words {
		if s.pos[i] >= 0 {
			lo, hi, placed = min(lo, s.pos[i]), max(hi, s.pos[i]), placed+1
		}
		if i+1 < len(q.words) && i+1 != q.own {
			pairs++
			if s.pos[i] >= 0 && s.pos[i+1] >= 0 {
				switch d := s.pos[i+1] - s.pos[i]; {
				case d > 0 && d <= 3:
					met++
				case d != 0 && d >= -6 && d <= 8:
					met += 0.5
				}
			}
		}
	}
	if pairs > 0 {
		f[fPairs] = met / float64(pairs)
	}
	if placed > 1 {
		f[fTight] = float64(placed) / float64(placed+hi-lo)
	}
	toks := c.facts.toks
	f[fWant] = wanted(e.index, p, q, c, toks)
	f[fMods] = 1
	if q.mods != 0 {
		f[fMods] = float64(bits.OnesCount32(q.mods&c.facts.mods)) / float64(bits.OnesCount32(q.mods))
	}
	common, commonHeld := 0.0, 0.0
	for i := 0; i < q.own; i++ {
		if !q.words[i].Name {
			common += q.weight[i]
			commonHeld += q.weight[i] * s.match[i]
		}
	}
	f[fCommon] = 0.5
	if common > 0 {
		f[fCommon] = commonHeld / common
	}
	rest, restHeld, restNear := 0.0, 0.0, 0.0
	for i := range q.words {
		if c.topic[i] >= 0.5 {
			continue
		}
		rest += q.weight[i]
		restHeld += q.weight[i] * s.match[i]
		restNear += q.weight[i] * math.Max(0, c.near[i]-s.match[i])
	}
	f[fRest] = 0.5
	if rest > 0 {
		f[fRest], f[fRestNear] = restHeld/rest, restNear/rest
	}
	f[fYears] = ofYears(p, c)
	f[fNearNum] = 0.5
	if p.want == wantNumber && q.focus >= 0 {
		f[fNearNum] = 0
		if s.pos[q.focus] >= 0 {
			at, seen := s.pos[q.focus], -10
			for i, t := range toks {
				if t.Digit || lang.IsNumber(t.Fold) {
					seen = i
				}
				if i == at {
					break
				}
			}
			if at-seen <= 3 {
				f[fNearNum] = 1
			}
		}
	}
	if s.span.Start < leadBytes/2 {
		f[fLead] = 1
	}
	f[fHeld] = q.share(func(i int) float64 { return math.Max(s.match[i], 0.9*c.topic[i]) })
	f[fTopic] = q.share(func(i int) float64 { return math.Max(0, c.topic[i]-math.Max(c.near[i], s.match[i])) })
	f[fTop], f[fFocus] = 0.5, 0.5
	if q.top >= 0 {
		f[fTop] = s.match[q.top]
	}
	if q.focus >= 0 {
		f[fFocus] = s.match[q.focus]
	}
	f[fPassage] = passage
	f[fRank] = 1 / float64(1+c.hit)
	n := len(strings.Fields(c.text))
	if n < 6 {
		f[fShort] = float64(6-n) / 6
	}
	f[fLong] = math.Min(1, float64(n)/60)
	f[fNumbers] = 1
	if len(p.numbers) > 0 {
		got := 0
		for _, want := range p.numbers {
			for _, have := range c.numbers {
				if want.Same(have) {
					got++
					break
				}
			}
		}
		f[fNumbers] = float64(got) / float64(len(p.numbers))
	}
}

// wanted says how well a sentence holds the kind of thing asked for: 1 it does, 0 it does not, 0.5 when
// any sentence may.
func wanted(ix Index, p plan, q query, c *candidate, toks []lang.Token) float64 {
	yes := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	switch p.want {
	case wantNumber:
		for _, n := range c.numbers {
			if n.Year {
				continue
			}
			asked := false
			for _, m := range p.numbers {
				asked = asked || n.Same(m)
			}
			if !asked && !(n.Value == 1 && n.Unit == "") {
				return 1
			}
		}
		return yes(hasAny(c.facts.words, " half ", " third ", " thirds ", " quarter ", " quarters ", " tenth ", " fifth ", " double ", " doubled ", " twice ", " tripled ", " triple ", " fivefold ",
			" tenfold ", " majority ", " dozens ", " hundreds ", " thousands ", " millions ", " several ", " none ", " mitad ", " tercio ", " cuarto ", " decima ", " doble ", " triple ", " mayoria ", " cientos ", " miles ", " millones ", " decenas "))
	case wantDate:
		for _, d := range c.facts.dates {
			asked := false
			for _, m := range p.dates {
				asked = asked || m.Year == d.Year && m.Month == d.Month && m.Day == d.Day
			}
			if !asked {
				return 1
			}
		}
		w := c.facts.words
		return 0.7 * yes(hasAny(w, " ago ", " week ", " month ", " yesterday ", " monday ", " tuesday ", " wednesday ", " thursday ", " friday ", " saturday ", " sunday ",
			" year ", " years ", " decade ", " since ", " semana ", " mes ", " ano ", " anos ", " hace ", " desde ", " lunes ", " martes ", " miercoles ", " jueves ", " viernes ", " sabado ", " domingo ", " day "))
	case wantPerson:
		person, other := newNames(ix, q, c, toks)
		return max(yes(person), 0.6*yes(other), 0.2)
	case wantName:
		person, other := newNames(ix, q, c, toks)
		return yes(person || other)
	case wantPlace:
		person, other := newNames(ix, q, c, toks)
		return 0.5 + 0.5*yes(person || other)
	case wantReason:
		w := c.facts.words
		return yes(hasAny(w, " because ", " due to ", " in order to ", " so that ", " citing ", " reason ", " reasons ", " since ", " aimed at ", " hoping to ", " cause ", " caused ", " causes ",
			" owing to ", " as a result ", " therefore ", " to ", " over ", " driven by ", " fleeing ", " arguing ", " argued ", " for fear ", " thanks to ",
			" porque ", " debido ", " por ", " para ", " a fin de ", " ya que ", " pues ", " causa ", " motivo ", " alegando "))
	}
	return 0.5
}

// ofYears says how well the time of a sentence meets the years that the question names: 1 when its text
// or its own date gives one of them or the question names none, 0.6 when it names no year and only its
// article is of that year, 0 when it is of another.
func ofYears(p plan, c *candidate) float64 {
	if len(p.years) == 0 {
		return 1
	}
	other := false
	for _, d := range c.facts.dates {
		if d.Year == 0 {
			continue
		}
		if slices.Contains(p.years, d.Year) {
			return 1
		}
		other = true
	}
	from, to := c.asOf.From.Year, max(c.asOf.To.Year, c.asOf.From.Year)
	for _, y := range p.years {
		if from > 0 && from <= y && y <= to {
			if other {
				return 0.3
			}
			return 1
		}
	}
	if !other && slices.Contains(p.years, c.article.Published.Year) {
		return 0.6
	}
	return 0
}

func spaced(toks []lang.Token) string {
	var b strings.Builder
	for _, t := range toks {
		b.WriteByte(' ')
		b.WriteString(t.Fold)
	}
	b.WriteByte(' ')
	return b.String()
}

// newNames reports whether the sentence holds a person's name, or another proper name, that the question
// does not. A capitalised word that the lexicon does not know may be a person's.
func newNames(ix Index, q query, c *candidate, toks []lang.Token) (person, other bool) {
	var known []retrieval.Occurrence
	for _, o := range c.terms {
		if strings.HasPrefix(o.Term, "concept:") {
			o.Start, o.End = o.Start-c.span.Start, o.End-c.span.Start
			known = append(known, o)
		}
	}
	for i, t := range toks {
		if !t.Upper || q.folds[t.Fold] || lang.Month(t.Fold) > 0 || lang.Weekday(t.Fold) >= 0 || lang.Stop(t.Fold, lang.English) || lang.Stop(t.Fold, lang.Spanish) {
			continue
		}
		concept := ""
		for _, o := range known {
			if o.Start <= t.Start && t.End <= o.End {
				concept = o.Term
			}
		}
		if _, asked := q.forms[concept]; concept != "" && asked {
			continue
		}
		switch {
		case concept != "" && ix.ConceptType(concept) == "person":
			person = true
		case concept != "":
			other = true
		case !lang.Opens(c.text, t.Start) && !t.Caps:
			// "Cabinet" alone is no person; two capitalised words together may be.
			if i+1 < len(toks) && toks[i+1].Upper && c.text[t.End:toks[i+1].Start] == " " || i > 0 && toks[i-1].Upper && c.text[toks[i-1].End:t.Start] == " " {
				person = true
			} else {
				other = true
			}
		case i+1 < len(toks) && toks[i+1].Upper:
			person = true
		}
	}
	return person, other
}
