package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"policybot/answer/verify"
	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// Standing is how a statement stands to the library.
type Standing string

// The standings of a statement.
const (
	Supported    Standing = "supported"    // a passage says it
	Contradicted Standing = "contradicted" // a passage says of the same thing something else
	NotHeld      Standing = "not_held"     // the library does not speak of it, or not clearly
)

// Finding is what the library holds about one statement of a text.
type Finding struct {
	Sentence  string     `json:"sentence"` // as it stands in the text, without markup
	Standing  Standing   `json:"standing"`
	Citations []Citation `json:"citations"` // one, or none when not held; N counts over all findings of a text
	Sources   []Source   `json:"sources"`   // of the citations
	Why       []string   `json:"why"`       // when contradicted, the check that failed: number, date, name or polarity
	AsOf      string     `json:"as_of"`     // of what is cited
}

// Bounds of a check.
const (
	MaxStatements = 8        // statements checked of one text
	maxCheckText  = 16 << 10 // bytes of a text that are read
	maxStatement  = 600      // bytes of a statement; a longer sentence says too much to be one
	checkPassages = 12       // passages looked at for a statement
	checkPairs    = 24       // sentences of them that it is held against
)

// Check finds for each statement of a text what the library holds of it: the first MaxStatements of them,
// in order. Questions, greetings and opinions are no statements. The language is that of a sentence that
// does not show its own; "" is told from the text.
//
// A statement is supported when a sentence of the library covers what it says and, as its citation, passes
// Verify. It is contradicted when such a sentence fails in one thing only: it gives another number of the
// same kind, another date, another name in a place of the same kind, or says the opposite. Anything
// between is not held, also where one sentence has the number or date and another a different one: Check
// would rather say too little. The same text and library give the same findings.
func (e *Engine) Check(ctx context.Context, text, language string) ([]Finding, error) {
	if len(text) > maxCheckText {
		text = strings.ToValidUTF8(text[:maxCheckText], "")
	}
	if language != lang.English && language != lang.Spanish {
		language = cmp.Or(lang.Detect(text), lang.English)
	}
	var out []Finding
	numbered := map[string]int{}
	for _, s := range e.statements(text, language) {
		f, err := e.checkStatement(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("answer: check: %w", err)
		}
		for i := range f.Citations {
			c := &f.Citations[i]
			if numbered[c.Article] == 0 {
				numbered[c.Article] = len(numbered) + 1
			}
			c.N = numbered[c.Article]
			f.Sources = append(f.Sources, sourceOf(e.index.Article(c.Article), c.N))
		}
		out = append(out, f)
	}
	return out, nil
}

// sourceOf describes an article as the source of that number.
func sourceOf(a *corpus.Article, n int) Source {
	return Source{N: n, Article: a.ID, Title: a.Title, Publisher: a.Publisher, Published: a.Published.String(), URL: a.URL,
		Brief: a.Brief(), Lang: a.Lang}
}

// claimed is a statement of a text.
type claimed struct {
	text    string // as it is shown
	says    string // without the words that only introduce it
	lang    string
	context string // the statement before it, when it leans on that one
}

var (
	linkMarkup    = regexp.MustCompile(`\[([^\]\n]*)\]\(<?[^)\s]*>?\)`)
	addressMarkup = regexp.MustCompile(`<?\b[a-z][a-z0-9+.-]*://[^\s>]*>?|<[@#/:ta][^>\n]{0,80}>`)
	citeMarkup    = regexp.MustCompile(`\s?\[\d{1,3}\]`)
	lineMarkup    = regexp.MustCompile(`^(?:\s*(?:>+|#{1,3}|[-*+•]|\d{1,2}[.)])\s+)+`)
	inlineMarkup  = strings.NewReplacer("**", "", "__", "", "~~", "", "||", "", "`", "", `\`, "")
)

// statements cuts a text into what can be checked.
func (e *Engine) statements(text, language string) []claimed {
	var out []claimed
	seen := map[string]bool{}
	last := ""
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "-# ") {
			continue // small text: sources and notes of an answer
		}
		line = lineMarkup.ReplaceAllString(line, "")
		line = linkMarkup.ReplaceAllString(line, "$1")
		line = addressMarkup.ReplaceAllString(line, "")
		line = citeMarkup.ReplaceAllString(line, "")
		line = Clean(inlineMarkup.Replace(line))
		for _, sp := range corpus.Sentences(line, language) {
			s := line[sp.Start:sp.End]
			c := claimed{text: s, says: introduced(s), lang: cmp.Or(lang.Detect(s), language)}
			key := lang.Fold(s)
			if seen[key] || !e.checkable(c) {
				continue
			}
			seen[key] = true
			if leans(c.says) {
				c.context = last
			}
			last = c.says
			if out = append(out, c); len(out) == MaxStatements {
				return out
			}
		}
	}
	return out
}

// openings introduce a statement without being part of what it says.
var openings = regexp.MustCompile(`(?i)^(?:(?:i (?:think|believe|guess|heard|read|know|bet)|` +
	`(?:as )?(?:far as )?i know|(?:creo|pienso|opino|se|sé|dicen|oí|he oído|he leído|leí))(?: that| que)?|` +
	`fun fact|fact|fyi|btw|actually|well|so|ok|okay|look|yes|no|hey|hi|hello|` +
	`dato|bueno|pues|oye|oigan|miren|hola|sí|en realidad|por cierto|la verdad es que)\b[,:!]?\s+`)

// introduced takes from a statement what only introduces it: "I think that", "por cierto,".
func introduced(s string) string {
	for range 3 {
		m := openings.FindString(s)
		if m == "" || len(m) == len(s) {
			break
		}
		s = s[len(m):]
	}
	return s
}

// leaning words at the start of a statement stand for something in the one before.
var leaning = lang.SetOf(`it they he she this that these those its their his her there
	esto eso ello ellos ellas este esta estos estas ese esa esos esas su sus`)

func leans(s string) bool {
	toks := lang.Tokens(s)
	return len(toks) > 0 && leaning.Has(toks[0].Fold)
}

// valuing words make a sentence an opinion when little else stands in it.
var valuing = lang.SetOf(`should must ought love hate like terrible great awful good bad best worst
	stupid smart wrong right sad happy nice cool unfair fair shame disgrace hope wish prefer
	deberia deberian debe deben amo odio gusta encanta terrible genial horrible bueno buena malo mala
	mejor peor estupido triste feliz injusto justo verguenza ojala espero prefiero`)

// checkable reports whether a sentence states something that a source could hold: it asks nothing, is not
// overlong, and has two words of substance at least, besides those of praise and blame, that the library
// or anybody could have written about.
func (e *Engine) checkable(c claimed) bool {
	if len(c.says) > maxStatement || !utf8.ValidString(c.says) || strings.ContainsAny(c.says, "?¿") {
		return false
	}
	toks := lang.Tokens(c.says)
	substance, anchors, values := 0, 0, 0
	for i, t := range toks {
		switch {
		case valuing.Has(t.Fold):
			values++
		case lang.Stop(t.Fold, c.lang) || len(t.Fold) < 2 && !t.Digit:
		default:
			substance++
			if t.Digit || t.Caps || t.Upper && i > 0 {
				anchors++
			}
		}
	}
	if len(toks) < 4 || substance < 2 || values > 0 && (anchors == 0 || substance < 4) {
		return false
	}
	known := 0
	for _, w := range e.index.Words(c.says, c.lang) {
		if w.Known && !w.Number && (w.Name || !lang.Stop(lang.Fold(w.Text), c.lang)) {
			known++
		}
	}
	return anchors > 0 || known >= 2
}

// What a sentence must cover of a statement, as a share of its words by their rarity; a number counts
// apart, since Verify holds it to the exact one.
const (
	supportCover  = 0.72 // to support it
	contradictAll = 0.80 // to contradict it: all else must be the same
	abroad        = 0.10 // less of both when they are in two languages: the lexicon has not every word
	likeHeld      = 0.60 // of a word, at least, that the sentence holds in another form or as a relative
	leastCover    = 0.50 // to be looked at at all
	nearCover     = 0.60 // to count as speaking of the same, when it holds the number or date that another has otherwise
	leanCover     = 0.50 // of the statement before, by the sentence and the one before it, for one that leans on it
)

func (e *Engine) checkStatement(ctx context.Context, s claimed) (Finding, error) {
	f := Finding{Sentence: s.text, Standing: NotHeld}
	text := s.says
	if s.context != "" {
		text = s.context + " " + s.says
	}
	hits, err := e.index.Search(ctx, retrieval.Query{Text: text, Lang: s.lang, Limit: checkPassages})
	if err != nil {
		return f, err
	}
	p := plan{text: s.says, focus: s.says, lang: s.lang}
	q := newQuery(e.index, p)
	e.readStatement(&q, s)
	type pair struct {
		candidate
		cover float64
	}
	var all []pair
	for _, c := range e.candidates(p, q, hits) {
		h := pair{c, covered(q, c, nil)}
		if h.cover >= leastCover && c.speaks(q, s.lang) && (s.context == "" || e.speaksOf(s, c)) {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return cmp.Compare(b.cover, a.cover) })
	all = all[:min(len(all), checkPairs)]
	best := -1.0
	held := map[string]bool{} // checks that a sentence which speaks of it passes
	for _, h := range all {
		claim := claimOf(h.candidate)
		claim.Text = s.says
		failed := verify.Check(e.index, claim, "", "").Failed
		if len(failed) == 0 && h.cover >= h.need(supportCover, s.lang) && sameCounts(q, h.candidate, s.says) {
			return findingOf(f, Supported, claim, h.candidate, nil), nil
		}
		for _, check := range []string{"number", "date"} {
			held[check] = held[check] || h.cover >= nearCover && !slices.Contains(failed, check)
		}
		if len(failed) == 1 && h.cover > best && e.otherwise(q, h.candidate, s, failed[0]) {
			best = h.cover
			f = findingOf(f, Contradicted, claim, h.candidate, failed)
		}
	}
	if f.Standing == Contradicted && held[f.Why[0]] { // one sentence has another figure, one has this
		return Finding{Sentence: s.text, Standing: NotHeld}, nil
	}
	return f, nil
}

// units are words of a number's unit: Verify holds them to the source with the number.
var units = lang.SetOf(`dollar dollars usd dolar dolares peso pesos percent percentage ciento porcentaje`)

// readStatement fits the words of a statement to being compared rather than asked about.
func (e *Engine) readStatement(q *query, s claimed) {
	numbers := lang.Numbers(s.says)
	for i, w := range q.words[:q.own] {
		fold := lang.Fold(w.Text)
		if slices.ContainsFunc(numbers, func(n lang.Number) bool { return n.Start <= w.Start && w.End <= n.End }) || len(numbers) > 0 && units.Has(fold) {
			q.words[i].Number = true // "mil millones de dólares" is one number
			continue
		}
		// Folding takes the accent that tells "cerró" from "cerro": say what the verb means as well.
		if verb, ok := strings.CutSuffix(strings.ToLower(w.Text), "ó"); ok && s.lang == lang.Spanish && !w.Name {
			verb = lang.Fold(verb)
			for _, infinitive := range []string{verb + "ar", strings.TrimSuffix(verb, "i") + "er", strings.TrimSuffix(verb, "i") + "ir"} {
				_, translations := e.index.Senses(infinitive, lang.Spanish)
				for _, t := range translations {
					term := lang.Stem(t, lang.English)
					q.forms[term] = append(q.forms[term], at{i, 0.9, false})
				}
			}
		}
	}
}

func findingOf(f Finding, standing Standing, claim Claim, c candidate, why []string) Finding {
	f.Standing, f.Why = standing, why
	f.Citations, f.AsOf = claim.Citations, c.asOf.String()
	return f
}

// need is how much of a statement in that language a sentence has to cover.
func (c candidate) need(cover float64, language string) float64 {
	if c.article.Lang != language {
		return cover - abroad
	}
	return cover
}

// sayingWords tell who says a thing, or that it was said: Verify holds them to the source, and a
// statement without them says the same.
var sayingWords = lang.SetOf(`say says said tell told announce announced announces declare declared report reported
	reports according claim claimed claims state stated states show shows
	showed found find finds note noted add added want wanted wants plan planned plans intend intended allow allowed
	dice dijo dicen dijeron anuncio anunciaron anuncia declaro declara informo informa
	reporto reporta segun afirmo afirma senalo senala indico indica encontro queria quiere quiso
	planea planeaba permitio permite muestra mostro`)

// covered is the share of a statement's words that a sentence holds, by their rarity; what stands around
// it, in its title or date counts for a part. Numbers, months, the words that skip names, and most of
// what words of reporting weigh are left out.
func covered(q query, c candidate, skip func(w retrieval.Word) bool) float64 {
	total, have := 0.0, 0.0
	for i := range q.own {
		w, weight := q.words[i], q.weight[i]
		fold := lang.Fold(w.Text)
		if w.Number || lang.Month(fold) > 0 || skip != nil && skip(w) {
			continue
		}
		if sayingWords.Has(fold) {
			weight *= 0.25
		}
		match := min(1, 1.25*c.match[i])
		if match > 0 {
			match = max(match, likeHeld)
		} else {
			match = c.partly(w) // the name in another form
		}
		total += weight
		have += weight * max(match, 0.6*c.near[i], 0.7*c.doc[i])
	}
	if total == 0 {
		return 0
	}
	return have / total
}

// speaks reports whether a sentence itself holds the word of a statement that says most, names and numbers
// apart: what the statement is about may stand in the title, what it says of that may not.
func (c candidate) speaks(q query, language string) bool {
	heaviest := -1
	for i := range q.own {
		w := q.words[i]
		fold := lang.Fold(w.Text)
		if w.Name || w.Number || lang.Month(fold) > 0 || sayingWords.Has(fold) || !w.Known && c.article.Lang != language {
			continue // of a word of the other language that leads nowhere nothing can be told
		}
		if heaviest < 0 || q.weight[i] > q.weight[heaviest] {
			heaviest = i
		}
	}
	return heaviest < 0 || c.match[heaviest] > 0 || c.partly(q.words[heaviest]) > 0
}

// partly is the share of the words of a name that a sentence holds.
func (c candidate) partly(w retrieval.Word) float64 {
	have := 0.0
	for _, part := range w.Parts {
		if slices.ContainsFunc(c.terms, func(o retrieval.Occurrence) bool {
			return slices.ContainsFunc(part.Forms, func(f retrieval.Form) bool { return f.Term == o.Term })
		}) {
			have += 1 / float64(len(w.Parts))
		}
	}
	return have
}

// speaksOf reports whether a sentence, or the one before it, speaks of what the statement before was about.
func (e *Engine) speaksOf(s claimed, c candidate) bool {
	terms := map[string]bool{}
	for _, sp := range []corpus.Span{c.prev, c.span} {
		for _, o := range e.index.Occurrences(c.article.Text[sp.Start:sp.End], c.article.Lang) {
			terms[o.Term] = true
		}
	}
	total, have := 0.0, 0.0
	for _, w := range e.index.Words(s.context, s.lang) {
		if w.Number || !w.Name && lang.Stop(lang.Fold(w.Text), s.lang) {
			continue
		}
		total += w.IDF
		for _, f := range w.Forms {
			if terms[f.Term] {
				have += w.IDF * f.Weight
				break
			}
		}
	}
	return total == 0 || have/total >= leanCover
}

// otherwise reports whether a sentence that fails one check says otherwise of the same thing, rather than
// something of another thing.
func (e *Engine) otherwise(q query, c candidate, s claimed, failed string) bool {
	for i := range q.own {
		w := q.words[i]
		held := max(c.match[i], c.doc[i], c.partly(w)) > 0 || lang.Month(lang.Fold(w.Text)) > 0
		if failed != "name" && w.Name && !w.Number && !held {
			return false // something of somebody else
		}
	}
	switch failed {
	case "number":
		return covered(q, c, nil) >= c.need(contradictAll, s.lang) && otherNumber(q, c, s.says)
	case "date":
		return covered(q, c, nil) >= c.need(contradictAll, s.lang) && otherDate(s.says, c)
	case "polarity":
		return covered(q, c, nil) >= c.need(contradictAll, s.lang) && e.opposite(s, c)
	case "name":
		return e.otherName(q, c)
	}
	return false
}

// otherNumber reports whether a sentence gives, for a number of a statement that it does not hold, another
// of the same kind: in the same unit, or counting the same thing.
func otherNumber(q query, c candidate, statement string) bool {
	mine, theirs := lang.Numbers(statement), lang.Numbers(c.text)
	free := func(n lang.Number, among []lang.Number) bool {
		return !slices.ContainsFunc(among, n.Same)
	}
	for _, n := range mine {
		if n.Year || partOfDate(n, statement) || !free(n, theirs) {
			continue
		}
		for _, m := range theirs {
			if m.Year || partOfDate(m, c.text) || !free(m, mine) || n.Unit != m.Unit {
				continue
			}
			if n.Unit != "" || counts(q, c, m, counted(q, n)) {
				return true
			}
		}
	}
	return false
}

// opposite reports whether just one of a statement and a sentence says no in so many words, or each has a
// side of a pair such as rise and fall.
func (e *Engine) opposite(s claimed, c candidate) bool {
	const no = 1 // the class of "not", "never", "sin"
	if modifiers(lang.Tokens(s.says))&no != modifiers(lang.Tokens(c.text))&no {
		return true
	}
	return verify.Opposed(e.index, s.says, s.lang, c.text, c.article.Lang)
}

// sameCounts reports whether each plain number of a statement counts in the sentence what it counts in the
// statement, where both hold it: 12 trains are not a dozen people.
func sameCounts(q query, c candidate, statement string) bool {
	theirs := lang.Numbers(c.text)
	for _, n := range lang.Numbers(statement) {
		if n.Year || n.Unit != "" || partOfDate(n, statement) {
			continue
		}
		held, same := false, false
		for _, m := range theirs {
			if n.Same(m) && !partOfDate(m, c.text) {
				held = true
				same = same || counts(q, c, m, counted(q, n))
			}
		}
		if held && !same {
			return false
		}
	}
	return true
}

// Distances, in bytes, between a number and what it counts.
const (
	countedWithin = 30 // in a statement
	countsWithin  = 60 // in a sentence of the library, which may be more wordy
)

// counted returns the words of a statement that a number of it may count: the two soon after it.
func counted(q query, n lang.Number) []int {
	var out []int
	for i := range q.own {
		if w := q.words[i]; !w.Number && w.Start >= n.End && w.Start-n.End < countedWithin && len(out) < 2 {
			out = append(out, i)
		}
	}
	return out
}

// ofThem follows a number that counts what was named before.
var ofThem = regexp.MustCompile(`^ (?:of (?:them|those|whom|which)|de (?:ell[oa]s|l[oa]s cuales|quienes))\b`)

// counts reports whether a number of a sentence counts one of the words of the statement: that stands soon
// after it, or before it when nothing else does ("the number of people was 302,203").
func counts(q query, c candidate, m lang.Number, words []int) bool {
	if len(words) == 0 {
		return true
	}
	end := c.span.Start + m.End
	if ofThem.MatchString(c.text[m.End:]) {
		return true
	}
	before, after := false, false
	for _, o := range c.terms {
		if !slices.ContainsFunc(q.forms[o.Term], func(f at) bool { return slices.Contains(words, f.word) }) {
			continue
		}
		after = after || o.Start >= end && o.Start-end < countsWithin
		before = before || o.Start < end
	}
	if after {
		return true
	}
	rest := c.text[m.End:]
	toks := lang.Tokens(rest[:min(len(rest), countsWithin)])
	alone := len(toks) == 0 || strings.ContainsAny(rest[:toks[0].Start], ",.;:)")
	return before && alone
}

func partOfDate(n lang.Number, text string) bool {
	return slices.ContainsFunc(lang.Dates(text), func(d lang.When) bool { return d.Start <= n.Start && n.End <= d.End })
}

// otherDate reports whether a sentence names a date of the same precision as one of the statement that it
// does not agree with. Its article's date alone does not count: a thing may well happen twice.
func otherDate(statement string, c candidate) bool {
	apart := func(a, b int) bool { return a > 0 && b > 0 && a != b }
	theirs := lang.Dates(c.text)
	if c.asOf.From == c.asOf.To && c.asOf.From != c.article.Published {
		d := c.asOf.From
		theirs = append(theirs, lang.When{Year: d.Year, Month: d.Month, Day: d.Day})
	}
	for _, d := range lang.Dates(statement) {
		for _, o := range theirs {
			if apart(d.Year, o.Year) || apart(d.Month, o.Month) || apart(d.Day, o.Day) {
				return true
			}
		}
	}
	return false
}

// otherName reports whether a sentence holds all of a statement but one name, and has a name of the same
// kind in that place.
func (e *Engine) otherName(q query, c candidate) bool {
	missing, words := -1, 0
	for i := range q.own {
		switch w := q.words[i]; {
		case w.Number:
		case w.Name && c.match[i] < 0.2:
			if missing >= 0 {
				return false
			}
			missing = i
		case !w.Name:
			words++
		}
	}
	if missing < 0 || words < 3 || q.words[missing].Type == "" {
		return false
	}
	rest := covered(q, c, func(w retrieval.Word) bool { return w.Text == q.words[missing].Text })
	if rest < contradictAll {
		return false
	}
	for _, t := range c.terms {
		if strings.HasPrefix(t.Term, "concept:") && len(q.forms[t.Term]) == 0 && e.index.ConceptType(t.Term) == q.words[missing].Type {
			return true
		}
	}
	return false
}
