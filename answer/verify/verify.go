// Package verify decides whether a claim is borne out by the passages of articles that it cites.
//
// A claim is kept when none of these checks fails:
//
//	citation     there is one, and each is Text[Start:End] of a stored article, whole characters, not blank
//	number       every number stands in the source, equal in value and unit, and belongs to the same thing
//	date         every date and weekday agrees with one there, relative ones resolved by the source's date
//	name         every proper name stands there, under this name or another that the lexicon knows
//	polarity     nothing is denied that the source affirms, nor affirmed that it denies; no antonym of its words
//	hedge        what is proposed, planned, asked for or possible there is not a fact here, nor the reverse
//	attribution  what somebody said is still theirs, and nobody else's
//	quantifier   all, most, only, first, record, more than, at most, double and the like stand there too
//	roles        who does what to whom, and which number belongs to whom, is as it is there
//	support      hardly a word of substance stands in the claim that nothing there says
//	merged       of several sources each part of the claim is borne out by one alone
//
// The source of a claim is what it cites; numbers, dates and names may also stand in the question. A claim
// that is a whole sentence of what it cites is not looked at further. It reads words, their order, the
// lexicon of the library and a vocabulary of its own (words/); it does not understand. docs/verify.md says
// how often it errs.
//
//	Check → read the claim and what it cites (read.go) → link their words (groups.go, scales.go) → the checks
//
// Each check has files of its own: numbers.go with figures.go and derived.go, dates.go, names.go with anaphora.go and
// nations.go, polarity.go with denials.go, hedges.go with stages.go, attribution.go with tellers.go, quantities.go,
// roles.go with agents.go, pairs.go, crossed.go, segments.go, phrases.go and halves.go, and support.go.
package verify

import (
	"slices"
	"strings"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// Citation is a verbatim span of a stored article: Quote is Text[Start:End], byte offsets.
type Citation struct {
	N       int    `json:"n"` // number of the source, counted in order of first use
	Article string `json:"article"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Quote   string `json:"quote"`
}

// Claim is one statement, with the passages that it cites.
type Claim struct {
	Text      string     `json:"text"` // without citation markers
	Citations []Citation `json:"citations"`
	AsOf      string     `json:"as_of"` // ISO date, month, year or range of what is cited
}

// Library is what verifying needs to know of the articles. *retrieval.Index is one.
type Library interface {
	// Article returns the article of that id, or nil.
	Article(id string) *corpus.Article
	// Occurrences returns the index terms of a text, names of the lexicon among them.
	Occurrences(text, language string) []retrieval.Occurrence
	// ConceptType returns the type that the lexicon gives the term of a concept, "" for any other term.
	ConceptType(term string) string
	// Senses returns the synonyms and the translations that the lexicon has for a folded word.
	Senses(fold, language string) (synonyms, translations []string)
}

// conceptsIn returns the names of the lexicon in a text.
func conceptsIn(lib Library, text string) []retrieval.Occurrence {
	return conceptsOf(lib, text, lang.Tokens(text))
}

// conceptsOf is conceptsIn for a text whose tokens are at hand. A library that can tell the names without
// stemming the rest, as *retrieval.Index can, is asked for that.
func conceptsOf(lib Library, text string, toks []lang.Token) []retrieval.Occurrence {
	if l, ok := lib.(interface {
		Concepts(text string, toks []lang.Token) []retrieval.Occurrence
	}); ok {
		return l.Concepts(text, toks)
	}
	return slices.DeleteFunc(lib.Occurrences(text, lang.English), func(o retrieval.Occurrence) bool {
		return !strings.HasPrefix(o.Term, conceptMark)
	})
}

// Verdict is the outcome of checking a claim.
type Verdict struct {
	Failed []string // names of the checks that failed, in the order of the list of the package
	Why    []string // for each, the check and what it found wanting: "number: 4 dollars"
}

// fail adds a check that failed, and why. The first reason of a check stands; later ones are left out.
func (v *Verdict) fail(check, why string) {
	for _, f := range v.Failed {
		if f == check {
			return
		}
	}
	v.Failed, v.Why = append(v.Failed, check), append(v.Why, check+": "+why)
}

// maxClaim bounds the bytes of a claim and of what it cites: a longer one is no claim.
const maxClaim = 16 << 10

// Check checks a claim against the articles that it cites, and says which checks failed and why. The
// language of the claim is detected when it is "". Check is pure: the same claim and library give the same
// verdict, and it trusts nothing of how the claim was made.
func Check(lib Library, claim Claim, question, language string) Verdict {
	var v Verdict
	size := len(claim.Text)
	for _, c := range claim.Citations {
		size += len(c.Quote)
	}
	switch {
	case !CitationsHold(lib, claim):
		v.fail("citation", "none, or one that is no span of a stored article")
		return v
	case strings.TrimSpace(claim.Text) == "" || !utf8.ValidString(claim.Text):
		v.fail("citation", "a claim without text")
		return v
	case verbatim(claim):
		return v
	case size > maxClaim:
		v.fail("support", "too long to be a claim")
		return v
	}
	if language == "" {
		language = lang.Detect(claim.Text)
	}
	c := &checker{lib: lib, question: question, language: language}
	if len(claim.Citations) == 1 {
		return c.check(claim.Text, claim.Citations)
	}
	return c.checkParts(claim)
}

// Opposed reports whether two texts have words that say the contrary of one another, such as "rise" and "fall".
func Opposed(lib Library, a, aLang, b, bLang string) bool {
	other := read(lib, b, bLang)
	for _, w := range read(lib, a, aLang).words {
		for _, p := range w.pairs {
			if slices.ContainsFunc(other.words, func(o word) bool { return slices.Contains(o.pairs, -p) }) {
				return true
			}
		}
	}
	return false
}

// verbatim reports whether a claim is one or more whole sentences of a quote.
func verbatim(claim Claim) bool {
	text := strings.Join(strings.Fields(claim.Text), " ")
	for _, c := range claim.Citations {
		quote := c.Quote
		if len(quote) != len(text) || quote != text {
			quote = strings.Join(strings.Fields(quote), " ")
		}
		i := strings.Index(quote, text)
		if i < 0 {
			continue
		}
		end := i + len(text)
		if (i == 0 || strings.ContainsAny(quote[max(0, i-2):i], ".!?") && lang.Opens(quote, i)) &&
			(end == len(quote) || strings.ContainsAny(text[len(text)-1:], ".!?")) {
			return true
		}
	}
	return false
}

// checkParts checks a claim of several citations: each of its parts must be borne out by one of them.
func (c *checker) checkParts(claim Claim) Verdict {
	var all Verdict
	for _, part := range clauses(claim.Text) {
		var first Verdict
		ok := false
		for i, ct := range claim.Citations {
			v := c.check(part, []Citation{ct})
			if len(v.Failed) == 0 {
				ok = true
				break
			}
			if i == 0 || len(v.Failed) < len(first.Failed) {
				first = v
			}
		}
		if ok {
			continue
		}
		if v := c.check(part, claim.Citations); len(v.Failed) == 0 {
			all.fail("merged", "no one source says: "+part)
			continue
		}
		for i, f := range first.Failed {
			all.fail(f, strings.TrimPrefix(first.Why[i], f+": "))
		}
	}
	return all
}

// clauses cuts a claim where one source may give way to another: between sentences, at semicolons, and
// before "while", "but" and the like.
func clauses(text string) []string {
	var out []string
	toks := lang.Tokens(text)
	start := 0
	cut := func(end, next int) {
		if s := strings.Trim(text[start:end], " \t\n,;"); len(strings.Fields(s)) > 2 {
			out = append(out, s)
			start = next
		}
	}
	for i := 1; i < len(toks); i++ {
		gap := text[toks[i-1].End:toks[i].Start]
		switch {
		case strings.ContainsAny(gap, ";!?\n") || strings.Contains(gap, ".") && toks[i].Upper && !beforeStop.Has(toks[i-1].Fold):
			cut(toks[i].Start, toks[i].Start)
		case strings.Contains(gap, ",") && joiners.Has(toks[i].Fold) && len(toks)-i > 3:
			cut(toks[i].Start, toks[i].End)
		}
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		out = append(out, s)
	}
	return out
}

// joiners begin another part of a sentence after a comma: "The bridge closed, but the ferry ran."
var joiners = lang.SetOf(`while whereas but although though and mientras pero aunque y`)

// festive are words for days that have a name.
var festive = lang.SetOf(`nochebuena nochevieja navidad christmas`)
