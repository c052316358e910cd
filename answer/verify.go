package answer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

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

// Verify checks a claim against the articles it cites and returns the names of the checks that failed,
// none when the claim may be shown:
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
// that is a whole sentence of what it cites is not looked at further. Verify is pure: the same claim and
// library give the same result, and it trusts nothing of how the claim was made. It reads words, their
// order and the lexicon; it does not understand. docs/verify.md says how often it errs.
func Verify(lib Library, claim Claim, question string) []string {
	return Check(lib, claim, question, "").Failed
}

// Verdict is the outcome of checking a claim.
type Verdict struct {
	Failed []string // names of the checks that failed, in the order of Verify's list
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

// Check is Verify with the reasons. The language of the claim is detected when it is "".
func Check(lib Library, claim Claim, question, language string) Verdict {
	var v Verdict
	size := len(claim.Text)
	for _, c := range claim.Citations {
		size += len(c.Quote)
	}
	switch {
	case !citationsHold(lib, claim):
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
		if (i == 0 || strings.ContainsAny(quote[max(0, i-2):i], ".!?") && initial(quote, i)) &&
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
		case strings.ContainsAny(gap, ";!?\n") || strings.Contains(gap, ".") && toks[i].Upper && !beforeStop.has(toks[i-1].Fold):
			cut(toks[i].Start, toks[i].Start)
		case strings.Contains(gap, ",") && joiners.has(toks[i].Fold) && len(toks)-i > 3:
			cut(toks[i].Start, toks[i].End)
		}
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		out = append(out, s)
	}
	return out
}

// joiners begin another part of a sentence after a comma: "The bridge closed, but the ferry ran."
var joiners = set(`while whereas but although though and mientras pero aunque y`)

// weekdays are the folded names of the days of the week.
var weekdays = set(`monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado domingo`)

// festive are words for days that have a name.
var festive = set(`nochebuena nochevieja navidad christmas`)

// initial reports whether a sentence or quotation begins at byte i of text: "The" of "… he said. The ferry …".
func initial(text string, i int) bool {
	head := strings.TrimRight(text[:i], " \u00a0\n\t“\"'‘«¿¡([—–-")
	if head == "" {
		return true
	}
	if strings.ContainsAny(text[len(head):i], "“‘«") || strings.HasSuffix(text[:i], "\"") { // before a space it ends a quotation
		return true
	}
	switch head[len(head)-1] {
	case '.', '!', '?', ':', ';':
		return true
	}
	return false
}
