package answer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// maxClaimText is the most characters of a model's claim.
const maxClaimText = 400

// What a claim of a model is checked for before Verify sees it, besides the checks of Verify itself.
// These are about how it is said and whether it is the quotes that it says again:
//
//	form         a plain sentence: no address, mention, markup, marker, control or invisible character, not too long
//	language     in the language of the asker
//	prompt       it repeats what the model was told
//	instruction  it, or what it cites, gives instructions
//	support      hardly a word of it stands in its quotes, in any form or language
//	question     it has no word in common with the question
//
// A claim that the extractive drafter makes needs none of them: it is its quote.

var (
	markerEnd = regexp.MustCompile(`(\s*\[\s*\d{1,3}(\s*,\s*\d{1,3})*\s*\])+(\s*[.!]?)$`)
	address   = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:|\b[a-z0-9-]{2,}(\.[a-z0-9-]+)*\.[a-z]{2,24}\b|\b\d{1,3}(\.\d{1,3}){3}\b|\b[a-z0-9]+\.[a-z]{2,}/`)
	shortcode = regexp.MustCompile(`:[a-zA-Z0-9_+-]{2,}:`)
)

// addressed reports whether a text holds an address on the web. "EE.UU." is none.
func addressed(s string) bool {
	for _, m := range address.FindAllString(s, -1) {
		m = strings.ToLower(m)
		if len(m) != 5 || m[0] != m[1] || m[2] != '.' || m[3] != m[4] {
			return true
		}
	}
	return false
}

// linked reports whether a text holds an address other than the bare name of a publisher that it cites, as
// some are named by theirs ("according to example.org").
func linked(s string, cited []*passage) bool {
	if !addressed(s) {
		return false
	}
	for _, p := range cited {
		if name := p.article.Publisher; name != "" && !strings.ContainsAny(name, "/:@") {
			s = strings.ReplaceAll(s, name, "\x00")
		}
	}
	return addressed(s) || strings.Contains(s, "\x00/")
}

// tidied returns a model's sentence on one line, without the reference numbers that some models put at its
// end and with a full stop there.
func tidied(s string) string {
	if !utf8.ValidString(s) {
		return s // for form to refuse
	}
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if m := markerEnd.FindStringSubmatchIndex(s); m != nil {
		s = strings.TrimRight(s[:m[0]], " ") + strings.TrimSpace(s[m[6]:m[7]])
	}
	if r, _ := utf8.DecodeLastRuneInString(s); unicode.IsLetter(r) || unicode.IsDigit(r) || r == '%' {
		s += "."
	}
	return s
}

// formed reports whether a tidied text is a plain sentence; linked tells of addresses.
func formed(s string) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxClaimText || Clean(s) != s {
		return false
	}
	if strings.ContainsAny(s, "@<>`*_~|\\[]{}#^=\ufffd\u200b") || shortcode.MatchString(s) {
		return false
	}
	for _, r := range s {
		if r >= 0xFF00 && r <= 0xFFEF || unicode.Is(unicode.Mn, r) {
			return false // wide forms, and accents that belong to no letter of English or Spanish
		}
		if r > unicode.MaxASCII && (unicode.In(r, unicode.So, unicode.Sk, unicode.Co, unicode.Cn, unicode.Cf, unicode.Me) && r != '°' && r != '´' && r != '©' && r != '®' && r != '™') {
			return false
		}
		if r > unicode.MaxASCII && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && r != 'º' && r != 'ª' {
			return false // a letter that looks like another is not the letter of a plain sentence
		}
	}
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) && !unicode.IsDigit(first) && !strings.ContainsRune("“\"«'‘¿¡$€£", first) {
		return false // "- ", "1) ", "> ", "> "
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	if !strings.ContainsRune(".!)”\"»’…", last) {
		return false
	}
	return len(lang.Tokens(s)) >= 2
}

// repeats reports whether a text repeats a run of words of the prompts that its quotes do not hold.
func (p prompts) repeats(text string, cites []Citation) bool {
	for _, run := range runs(text) {
		if p.own[run] {
			held := false
			for _, c := range cites {
				held = held || strings.Contains(strings.Join(words(c.Quote), " "), run)
			}
			if !held {
				return true
			}
		}
	}
	return false
}

// minSupport is the share of a claim's words, weighted by how rare they are, that its evidence has to
// hold in some form or language. Numbers, dates and names are Verify's business in any case; this is for
// the sentence that has none of them, or has them all and says something else.
// Of 363 faithful paraphrases over the shipped library, in both languages, none lies below; of claims set
// beside the quote of another, nearly nine of ten do.
const minSupport = 0.24

// support returns the weighted share of a claim's words of substance that its quotes hold, themselves or
// as a synonym, a translation or another name; the title they stand under and who published them when count
// too. The question's own words do not: a model that says them back has said nothing.
func support(ix Index, claim Claim, language string) float64 {
	have := map[string]bool{}
	add := func(text, language string) {
		for _, o := range ix.Occurrences(text, language) {
			have[o.Term] = true
		}
	}
	var asOf []corpus.Period
	for _, c := range claim.Citations {
		a := ix.Article(c.Article)
		if a == nil {
			continue
		}
		add(c.Quote, a.Lang)
		add(a.Title+". "+a.Publisher+". "+a.Author, a.Lang)
		asOf = append(asOf, a.AsOf(corpus.Span{Start: c.Start, End: c.End}))
	}
	total, held := 0.0, 0.0
	for _, w := range ix.Words(claim.Text, language) {
		fold := lang.Fold(w.Text)
		if w.Number || dull.Has(fold) || len(w.Forms) == 0 || lang.Stop(fold, language) || reporting.Has(fold) {
			continue
		}
		best := holds(w, have, 0.35)
		for _, p := range asOf {
			if dateMatches(w, p) {
				best = 1
			}
		}
		weight := min(w.IDF, 6)
		total += weight
		held += weight * best
	}
	if total == 0 {
		return 1
	}
	return held / total
}

// holds returns 1 when a form of the word that is no guess at its spelling is among the terms, or all of
// its parts are; else 0.
func holds(w retrieval.Word, terms map[string]bool, least float64) float64 {
	for _, f := range w.Forms {
		if f.Why != "spelling" && f.Weight >= least && terms[f.Term] {
			return 1
		}
	}
	if len(w.Parts) == 0 {
		return 0
	}
	for _, p := range w.Parts {
		if holds(p, terms, least) == 0 {
			return 0
		}
	}
	return 1
}

// reporting are words with which a claim names where it comes from, whatever it says.
var reporting = lang.SetOf(`according reported report reports said says stated announced told source agency news date dated
segun informo informa dijo dice senalo afirmo anuncio indico fuente agencia`)

// touches reports whether the quotes of a claim or the titles they stand under hold a word of the question
// that the library knows. A question without such a word is touched by anything.
func touches(ix Index, claim Claim, q query) bool {
	known := false
	for i := 0; i < len(q.words); i++ {
		known = known || q.words[i].Known && !dull.Has(lang.Fold(q.words[i].Text))
	}
	if !known {
		return true
	}
	for _, t := range termsAround(ix, claim) {
		for _, at := range q.forms[t] {
			if !dull.Has(lang.Fold(q.words[at.word].Text)) {
				return true
			}
		}
	}
	return false
}

// holdsNames reports whether the passages that a claim cites, their titles or dates hold every name of the
// question that tells it apart: what is said of another is no answer.
func holdsNames(ix Index, cited []*passage, q query) bool {
	held := make([]bool, len(q.words))
	for _, p := range cited {
		a := p.article
		for _, text := range []string{a.Text[p.span.Start:p.span.End], a.Title + ". " + a.Publisher} {
			for _, o := range ix.Occurrences(text, a.Lang) {
				for _, at := range q.forms[o.Term] {
					held[at.word] = true
				}
			}
		}
		for i, w := range q.words {
			held[i] = held[i] || dateMatches(w, p.asOf)
		}
	}
	for i := 0; i < q.own; i++ {
		w := q.words[i]
		if first, _ := utf8.DecodeRuneInString(w.Text); !w.Name || held[i] || !unicode.IsUpper(first) || dull.Has(lang.Fold(w.Text)) {
			continue
		}
		if telling(w) || !w.Known {
			return false
		}
	}
	return true
}

// termsAround returns the index terms of a claim's quotes and of the titles they stand under.
func termsAround(ix Index, claim Claim) []string {
	var out []string
	add := func(text, language string) {
		for _, o := range ix.Occurrences(text, language) {
			out = append(out, o.Term)
		}
	}
	for _, c := range claim.Citations {
		if a := ix.Article(c.Article); a != nil {
			add(c.Quote, a.Lang)
			add(a.Title+". "+a.Publisher, a.Lang)
		}
	}
	return out
}

// strange reports whether a question names somebody, something or a figure that the library has never
// seen: it is not answered from something similar.
func strange(q query) bool {
	for i := 0; i < q.told; i++ {
		if w := q.words[i]; (w.Name || w.Number && i < q.own) && !w.Known && !dull.Has(lang.Fold(w.Text)) {
			return true
		}
	}
	return false
}
