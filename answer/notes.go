package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"policybot/answer/verify"
	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// staleAfter is how old, in days, the newest evidence may be before a question about the present is
// answered with a warning.
const staleAfter = 180

// notes returns what a reader must know besides the claims.
func (e *Engine) notes(p plan, q query, a Answer, chosen []candidate) []string {
	var out []string
	for _, w := range q.words[:q.told] {
		if name := e.readName(w, a); name != "" {
			out = append(out, say(p.lang, readAs, bare(w.Text), bare(name)))
		}
	}
	if (p.want == wantNumber || p.versions) && differing(chosen) {
		out = append(out, say(p.lang, differ))
	}
	if p.present || p.latest {
		if d, err := corpus.ParseDate(a.AsOf); err == nil && !d.IsZero() && e.now().Sub(d.Last()).Hours() > 24*staleAfter {
			out = append(out, say(p.lang, stale, longDate(p.lang, a.AsOf)))
		}
	}
	for _, s := range a.Sources {
		if s.Lang != p.lang && s.Lang != "" {
			out = append(out, QuotesNote(p.lang, s.Lang))
			break
		}
	}
	return out
}

// bare returns a name without the ending that says whose something is.
func bare(name string) string {
	if n := len(name) - len("s"); n > 0 && (name[n] == 's' || name[n] == 'S') {
		for _, mark := range []string{"'", "’"} {
			if s, ok := strings.CutSuffix(name[:n], mark); ok {
				return s
			}
		}
	}
	return name
}

// readName returns the name that a misspelt one was taken for, as the sources that are cited write it; "" when
// it is spelt as it is there, or they do not hold it.
func (e *Engine) readName(w retrieval.Word, a Answer) string {
	if !w.Name {
		return ""
	}
	find := func(text, language string) string {
		for _, o := range e.index.Occurrences(text, language) {
			for _, f := range w.Forms {
				if first, _ := utf8.DecodeRuneInString(text[o.Start:]); f.Why == "spelling" && f.Term == o.Term && unicode.IsUpper(first) && !strings.HasPrefix(o.Term, "concept:") {
					return text[o.Start:o.End]
				}
			}
		}
		return ""
	}
	if !slices.ContainsFunc(w.Forms, func(f retrieval.Form) bool { return f.Why == "spelling" }) {
		return ""
	}
	for _, c := range a.Claims {
		for _, ct := range c.Citations {
			art := e.index.Article(ct.Article)
			if art == nil {
				continue // removed since it was verified
			}
			for _, text := range []string{ct.Quote, art.Title, art.Text[:whole(art.Text, leadBytes)]} {
				if name := find(text, art.Lang); name != "" {
					return name
				}
			}
		}
	}
	return ""
}

// Quotes reports whether the claims are sentences of the library, word for word. Else a model wrote them, in
// the asker's language, and they must not stand in quotation marks.
func (a Answer) Quotes() bool { return a.Drafter == "" || a.Drafter == extractive }

// differing reports whether two claims of different sources give different numbers in one unit about
// the same time.
func differing(cs []candidate) bool {
	for i, a := range cs {
		for _, b := range cs[i+1:] {
			if a.article.ID == b.article.ID || a.asOf.From.Year != b.asOf.From.Year {
				continue
			}
			other, same := false, false
			for _, n := range a.numbers {
				for _, m := range b.numbers {
					if n.Year || m.Year || n.Unit != m.Unit {
						continue
					}
					same = same || n.Same(m)
					other = other || !n.Same(m)
				}
			}
			if other && !same {
				return true
			}
		}
	}
	return false
}

// compose writes the claims of a numbered answer as one text, each followed by its markers. Where
// claims speak of different dates or the quote is in the other language, source and date go before it.
// A claim that a model wrote is in the asker's language, and is no quote; where it gives its year itself,
// nothing goes before it. Where all that would be too long for an answer, the date alone goes before: the
// markers still lead to the source.
func compose(lib verify.Library, a Answer, p plan) string {
	s := composed(lib, a, p, attribution)
	if utf8.RuneCountInString(s) > maxAnswer {
		s = composed(lib, a, p, dateOnly)
	}
	return s
}

func composed(lib verify.Library, a Answer, p plan, attribution func(language string, art *corpus.Article, asOf string) string) string {
	dated := map[string]bool{}
	for _, c := range a.Claims {
		dated[c.AsOf+c.Citations[0].Article] = true
	}
	var b strings.Builder
	for i, c := range a.Claims {
		if i > 0 {
			b.WriteByte(' ')
		}
		art := lib.Article(c.Citations[0].Article)
		if art == nil {
			continue // removed since it was verified
		}
		written := !a.Quotes()
		foreign := art.Lang != p.lang && !written
		if len(dated) > 1 && !(written && saysYear(c)) || foreign {
			b.WriteString(attribution(p.lang, art, c.AsOf))
		}
		if foreign {
			b.WriteString(quoted(p.lang, c.Text))
		} else {
			b.WriteString(c.Text)
		}
		b.WriteString(markers(c))
	}
	return b.String()
}

// saysYear reports whether a claim's text gives the year that it is as of.
func saysYear(c Claim) bool {
	for _, d := range lang.Dates(c.Text) {
		if d.Year > 0 && strings.Contains(c.AsOf, itoa(d.Year)) {
			return true
		}
	}
	return false
}

// dateOnly is "5 December 2018: ".
func dateOnly(language string, _ *corpus.Article, asOf string) string {
	s := []rune(longDate(language, asOf))
	return strings.ToUpper(string(s[:1])) + string(s[1:]) + ": "
}

// attribution is "Reuters, 5 December 2018: ".
func attribution(language string, art *corpus.Article, asOf string) string {
	name := art.Publisher
	if name == "" {
		name = art.Title
	}
	s := longDate(language, asOf)
	if name == "" {
		return s + ": "
	}
	if language == lang.Spanish {
		return "Según " + name + " (" + s + "): "
	}
	return name + ", " + s + ": "
}

func quoted(language, s string) string {
	if language == lang.Spanish {
		return "«" + s + "»"
	}
	return "“" + s + "”"
}

// markers returns " [1] [2]" for a claim's sources, each once, ascending.
func markers(c Claim) string {
	var b strings.Builder
	last := 0
	for {
		next := 0
		for _, ct := range c.Citations {
			if ct.N > last && (next == 0 || ct.N < next) {
				next = ct.N
			}
		}
		if next == 0 {
			return b.String()
		}
		b.WriteString(" [" + itoa(next) + "]")
		last = next
	}
}
