package answer

import (
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
}

// Verify checks a claim against the articles it cites and returns the names of the checks that failed,
// none when the claim may be shown:
//
//	citation  there is one, and each is Text[Start:End] of a stored article, whole characters, not blank
//	number    every number stands in a cited span or in the question, equal in value and unit
//	date      every date agrees with one there, or with the date of what is cited
//	name      every proper name stands there, under this name or another that the lexicon knows
//
// It is pure: the same claim and library give the same result, and it trusts nothing of how the claim
// was made.
func Verify(lib Library, claim Claim, question string) []string {
	return Check(lib, claim, question, "").Failed
}

// Verdict is the outcome of checking a claim.
type Verdict struct {
	Failed []string // names of the checks that failed, in the order of Verify's list
	Why    []string // for each, what stands in the claim that does not stand in what it cites
}

// Check is Verify with the reasons. The language of the claim is detected when it is "".
func Check(lib Library, claim Claim, question, language string) Verdict {
	var v Verdict
	if !citationsHold(lib, claim) || strings.TrimSpace(claim.Text) == "" || !utf8.ValidString(claim.Text) {
		v.fail("citation", "no text, or a citation that is no span of a stored article")
		return v
	}
	proof := evidenceOf(lib, claim, question)
	if !proof.numbers(claim.Text) {
		v.fail("number", "a number")
	}
	if !proof.dates(claim.Text) {
		v.fail("date", "a date")
	}
	if !proof.names(lib, claim.Text) {
		v.fail("name", "a name")
	}
	return v
}

func (v *Verdict) fail(check, why string) {
	v.Failed, v.Why = append(v.Failed, check), append(v.Why, why)
}

// evidence is all that a claim may draw its numbers, dates and names from.
type evidence struct {
	texts []string // the quotes, then the question
	langs []string
	asOf  []corpus.Period
}

func evidenceOf(lib Library, claim Claim, question string) evidence {
	var e evidence
	for _, c := range claim.Citations {
		a := lib.Article(c.Article)
		e.texts, e.langs = append(e.texts, c.Quote), append(e.langs, a.Lang)
		e.asOf = append(e.asOf, a.AsOf(corpus.Span{Start: c.Start, End: c.End}))
	}
	e.texts, e.langs = append(e.texts, question), append(e.langs, lang.Detect(question))
	return e
}

func (e evidence) numbers(text string) bool {
	var have []lang.Number
	for _, t := range e.texts {
		have = append(have, lang.Numbers(t)...)
	}
	dates := lang.Dates(text)
next:
	for _, n := range lang.Numbers(text) {
		for _, d := range dates {
			if d.Start <= n.Start && n.End <= d.End {
				continue next // part of a date: dates checks it
			}
		}
		for _, h := range have {
			if n.Same(h) {
				continue next
			}
		}
		return false
	}
	return true
}

func (e evidence) dates(text string) bool {
	var have []lang.When
	for _, t := range e.texts {
		have = append(have, lang.Dates(t)...)
	}
	for _, p := range e.asOf {
		for _, d := range []corpus.Date{p.From, p.To} {
			have = append(have, lang.When{Year: d.Year, Month: d.Month, Day: d.Day})
		}
	}
	agree := func(claimed, known int) bool { return claimed == 0 || claimed == known }
next:
	for _, d := range lang.Dates(text) {
		for _, h := range have {
			if agree(d.Year, h.Year) && agree(d.Month, h.Month) && agree(d.Day, h.Day) {
				continue next
			}
		}
		// A year may stand in one span and the month in another, or a range be named by its first year.
		if d.Month == 0 && d.Day == 0 {
			for _, h := range have {
				if h.Year == d.Year {
					continue next
				}
			}
		}
		return false
	}
	return true
}

func (e evidence) names(lib Library, text string) bool {
	words := map[string]bool{}
	for _, t := range e.texts {
		for _, tok := range lang.Tokens(t) {
			words[tok.Fold] = true
		}
	}
	toks := lang.Tokens(text)
	stands := true
	for _, t := range toks {
		stands = stands && (!t.Upper || words[t.Fold])
	}
	if stands {
		return true // each capitalised word stands there as it is
	}
	concepts := map[string]bool{}
	for i, t := range e.texts {
		for _, tok := range lang.Tokens(t) {
			words[lang.Stem(tok.Fold, lang.English)] = true
		}
		for _, o := range lib.Occurrences(t, e.langs[i]) {
			if strings.HasPrefix(o.Term, "concept:") {
				concepts[o.Term] = true
			}
		}
	}
	var known []retrieval.Occurrence // names of the lexicon in the claim
	for _, o := range lib.Occurrences(text, lang.Detect(text)) {
		if strings.HasPrefix(o.Term, "concept:") {
			known = append(known, o)
		}
	}
	for i, t := range toks {
		if !t.Upper || words[t.Fold] || words[lang.Stem(t.Fold, lang.English)] {
			continue
		}
		if lang.Month(t.Fold) > 0 || weekdays[t.Fold] {
			continue // a date's business
		}
		covered, named := false, false
		for _, o := range known {
			if o.Start <= t.Start && t.End <= o.End {
				named = true
				covered = covered || concepts[o.Term]
			}
		}
		if covered {
			continue
		}
		if initial(text, t.Start) && !named && !(i+1 < len(toks) && toks[i+1].Upper && text[t.End:toks[i+1].Start] == " ") {
			continue // a sentence begins with a capital; alone that does not make a name
		}
		if lang.Stop(t.Fold, lang.English) || lang.Stop(t.Fold, lang.Spanish) {
			continue
		}
		return false
	}
	return true
}

var weekdays = map[string]bool{
	"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
	"lunes": true, "martes": true, "miercoles": true, "jueves": true, "viernes": true, "sabado": true, "domingo": true,
}

// initial reports whether a sentence or quotation begins at byte i of text.
func initial(text string, i int) bool {
	head := strings.TrimRight(text[:i], " \u00a0\n\t“\"'‘«¿¡([—–-")
	if head == "" {
		return true
	}
	if len(head) < len(text[:i]) && strings.ContainsAny(text[len(head):i], "“\"‘«") {
		return true
	}
	switch head[len(head)-1] {
	case '.', '!', '?', ':', ';':
		return true
	}
	return false
}
