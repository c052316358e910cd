package eval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"policybot/corpus"
)

// Gold passages were copied from a source before cleaning, or by hand. They are found in the stored
// text by their words alone: case, accents written two ways, kinds of space and quotation mark, and
// punctuation make no difference.

// place is a word of a text and its byte range.
type place struct {
	word       string
	start, end int
}

func places(text string) []place {
	var out []place
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, place{strings.ToLower(norm.NFC.String(text[start:end])), start, end})
			start = -1
		}
	}
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
	}
	flush(len(text))
	return out
}

func words(text string) []string {
	var out []string
	for _, p := range places(text) {
		out = append(out, p.word)
	}
	return out
}

// library finds passages in the articles that answers cite.
type library struct {
	articles map[string]*corpus.Article
	places   map[string][]place
}

func newLibrary(articles []*corpus.Article) *library {
	l := &library{make(map[string]*corpus.Article), make(map[string][]place)}
	for _, a := range articles {
		l.articles[a.ID] = a
		l.places[a.ID] = places(a.Text)
	}
	return l
}

// where is a passage found in an article.
type where struct {
	article string
	corpus.Span
}

// covers reports whether the cited span [start, end) shows the passage: what they share is at least
// half of the shorter of the two.
func (w where) covers(article string, start, end int) bool {
	if article != w.article {
		return false
	}
	shared := min(end, w.End) - max(start, w.Start)
	return shared > 0 && 2*shared >= min(end-start, w.End-w.Start)
}

// locate returns every place where p stands. A passage that cleaning has cut through is found by its
// longest stretch, if that is at least half of its words. None means that the library lacks it.
func (l *library) locate(p Passage) []where {
	var found []where
	ids := []string{p.Source}
	if p.Source == "" {
		ids = ids[:0]
		for id := range l.articles {
			ids = append(ids, id)
		}
		slices.Sort(ids)
	}
	want := words(p.Quote)
	for _, id := range ids {
		have := l.places[id]
		best, at := 0, []int(nil)
		for i := range have {
			for j := range want {
				if len(want)-j < max(best, (len(want)+1)/2) {
					break // what is left of the passage is too short
				}
				n := 0
				for i+n < len(have) && j+n < len(want) && have[i+n].word == want[j+n] {
					n++
				}
				if n > best {
					best, at = n, at[:0]
				}
				if n == best && n > 0 && (len(at) == 0 || at[len(at)-1] != i) {
					at = append(at, i)
				}
			}
		}
		if 2*best < len(want) {
			continue
		}
		for _, i := range at {
			found = append(found, where{id, corpus.Span{Start: have[i].start, End: have[i+best-1].end}})
		}
	}
	return found
}

// plain brings an answer's text and what is looked for in it into one form: lower case, without
// accents, spaces of one kind, straight quotation marks.
func plain(s string) string {
	var b strings.Builder
	space := true
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == utf8.RuneError || r == '\u00AD' || r == '\u200B':
			continue
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case r == '‘' || r == '’':
			r = '\''
		case r == '“' || r == '”' || r == '«' || r == '»':
			r = '"'
		case r == '–' || r == '—' || r == '‑':
			r = '-'
		}
		b.WriteRune(unicode.ToLower(r))
		space = false
	}
	return strings.TrimRight(b.String(), " ")
}
