package answer

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/lang"
	"policybot/retrieval"
)

// Bounds of what is kept read.
const (
	keptArticles = 512      // articles kept; one more and all are forgotten, since which to keep hardly matters
	keptText     = 64 << 10 // bytes of an article that are analysed as a whole
)

// readings keeps what of an article does not depend on the question: its terms, and the tokens, numbers
// and dates of its sentences. It is safe for concurrent use.
type readings struct {
	mu  sync.Mutex
	all map[*corpus.Article]*reading
}

// reading is an article read once.
type reading struct {
	terms []retrieval.Occurrence // of the first keptText bytes of Text
	upTo  int                    // how far terms go
	about []retrieval.Occurrence // of title, publisher and author
	lead  []retrieval.Occurrence // of title and the beginning of Text

	mu    sync.Mutex
	facts map[corpus.Span]*facts
}

// facts is what a sentence holds whatever is asked.
type facts struct {
	toks    []lang.Token
	words   string // folded, a space between and around them
	numbers []lang.Number
	dates   []lang.When
	mods    uint32
	orders  bool // it tells a machine that reads it what to do, and says nothing
}

func (r *readings) of(ix Index, a *corpus.Article) *reading {
	r.mu.Lock()
	have := r.all[a]
	r.mu.Unlock()
	if have != nil {
		return have
	}
	n := &reading{upTo: whole(a.Text, keptText), facts: map[corpus.Span]*facts{}}
	n.terms = ix.Occurrences(a.Text[:n.upTo], a.Lang)
	slices.SortStableFunc(n.terms, func(x, y retrieval.Occurrence) int { return x.Start - y.Start })
	n.about = ix.Occurrences(a.Title+". "+a.Publisher+". "+a.Author, a.Lang)
	n.lead = ix.Occurrences(a.Title+". "+a.Text[:whole(a.Text, leadBytes)], a.Lang)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil || len(r.all) >= keptArticles {
		r.all = map[*corpus.Article]*reading{}
	}
	r.all[a] = n
	return n
}

// whole returns the most bytes of s, at most n, that do not cut a word or a character.
func whole(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	if i := strings.LastIndexByte(s[:n], ' '); i > 0 {
		return i
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// in returns the terms that lie in a span of the article's Text. Start and End are those of Text.
func (r *reading) in(ix Index, a *corpus.Article, sp corpus.Span) []retrieval.Occurrence {
	if sp.End > r.upTo {
		out := ix.Occurrences(a.Text[sp.Start:sp.End], a.Lang)
		for i := range out {
			out[i].Start += sp.Start
			out[i].End += sp.Start
		}
		return out
	}
	lo := sort.Search(len(r.terms), func(i int) bool { return r.terms[i].Start >= sp.Start })
	hi := lo + sort.Search(len(r.terms)-lo, func(i int) bool { return r.terms[lo+i].Start >= sp.End })
	return r.terms[lo:hi]
}

func (r *reading) sentence(a *corpus.Article, sp corpus.Span) *facts {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.facts[sp]; f != nil {
		return f
	}
	text := a.Text[sp.Start:sp.End]
	f := &facts{toks: lang.Tokens(text), dates: lang.Dates(text)}
	f.words = spaced(f.toks)
	f.mods = modifiers(f.toks)
	f.orders = instructs(text)
	// The day of a date is no figure.
	f.numbers = slices.DeleteFunc(lang.Numbers(text), func(n lang.Number) bool { return !n.Year && inDate(f.dates, n) })
	r.facts[sp] = f
	return f
}
