package corpus

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Two articles are copies when they share this part of their shingles, the runs of five words in them.
const (
	shingleWords  = 5
	copyJaccard   = 0.6 // of all they have: one text, edited
	copyContained = 0.9 // of the smaller one: an excerpt
	fewShingles   = 16  // a shorter text is no copy of anything
	allShingles   = 128 // up to here all shingles are looked up, beyond it
	sampleRate    = 8   // one in so many
	maxPostings   = 64  // a shingle in more articles than this is a formula
)

// Duplicates finds near-copies, such as one agency report on several sites, and returns for each copy the
// id of the article to keep instead. Two articles are copies when they share most of their text; an
// article that stands nearly whole in a longer one is a copy of that, unless its source is closer. The
// one kept is primary before wire, news, analysis, reference and mirror, then the earlier (an unknown
// date last), then the lesser id; it is never itself a copy. Briefs, and articles of fewer than 20
// words, are never copies.
//
// Candidates are found by a sample of the shingles and then compared in full, so the time is near linear
// in the text as long as copies are few.
func Duplicates(articles []*Article) map[string]string {
	order := make([]*Article, 0, len(articles))
	for _, a := range articles {
		if !a.Brief() {
			order = append(order, a)
		}
	}
	slices.SortFunc(order, prefer)
	d := duplicates{articles: order, full: map[int][]uint64{}}
	copies := d.copies()
	out := make(map[string]string, len(copies))
	for i, k := range copies {
		if k >= 0 {
			for copies[k] >= 0 {
				k = copies[k]
			}
			out[order[i].ID] = order[k].ID
		}
	}
	return out
}

// prefer orders articles from the one to keep.
func prefer(a, b *Article) int {
	unknown := func(d Date) int {
		if d.IsZero() {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(unknown(a.Published), unknown(b.Published)),
		a.Published.Compare(b.Published), cmp.Compare(a.ID, b.ID))
}

// rank is 0 for the most preferred kind; an unknown kind counts as news.
func (k Kind) rank() int {
	switch k {
	case Primary:
		return 0
	case Wire:
		return 1
	case Analysis:
		return 3
	case Reference:
		return 4
	case Mirror:
		return 5
	}
	return 2
}

// duplicates is one call of Duplicates; articles stand in order of preference.
type duplicates struct {
	articles []*Article
	full     map[int][]uint64 // shingles of articles that were candidates
}

// copies returns for each article the one it is a copy of, or -1. That one comes earlier or is longer, so
// there is no circle.
func (d *duplicates) copies() []int {
	n := len(d.articles)
	of := make([]int, n)
	size := make([]int, n)         // how many shingles each has
	samples := make([][]uint64, n) // those that are looked up
	var set, all []uint64
	var once, twice seen
	for i, a := range d.articles {
		of[i] = -1
		set = shingles(set[:0], a.Text)
		size[i] = len(set)
		if len(set) < fewShingles {
			continue
		}
		start := len(all)
		for _, h := range set {
			if len(set) <= allShingles || h%sampleRate == 0 {
				all = append(all, h)
			}
		}
		sample := all[start:]
		slices.Sort(sample)
		sample = slices.Compact(sample)
		all = all[:start+len(sample)]
		for _, h := range sample {
			if !once.add(h) {
				twice.add(h)
			}
		}
		samples[i] = sample
	}
	postings := make(map[uint64][]int32) // of shingles that more than one article has
	shared := make([]int32, n)           // how many of them each shares with the current article
	type pair struct{ small, large int }
	var excerpts []pair
	for i, sample := range samples {
		var near []int
		for _, h := range sample {
			if !twice.has(h) {
				continue
			}
			p := postings[h]
			for _, j := range p {
				if shared[j] == 0 {
					near = append(near, int(j))
				}
				shared[j]++
			}
			if len(p) < maxPostings {
				postings[h] = append(p, int32(i))
			}
		}
		slices.Sort(near)
		for _, j := range near {
			// Of a pair of a short and a long text only the long one's sample can meet.
			expect := min(len(samples[i]), len(samples[j]))
			if (size[i] <= allShingles) != (size[j] <= allShingles) {
				expect = min(size[i], size[j]) / sampleRate
			}
			if of[i] < 0 && int(shared[j])*3 >= expect {
				x, y := d.shingles(i), d.shingles(j)
				common := intersection(x, y)
				small := min(len(x), len(y))
				switch {
				case float64(common) >= copyJaccard*float64(len(x)+len(y)-common):
					if of[j] < 0 {
						of[i] = j
					}
				case float64(common) < copyContained*float64(small):
				case len(x) < len(y):
					excerpts = append(excerpts, pair{i, j})
				default:
					excerpts = append(excerpts, pair{j, i})
				}
			}
			shared[j] = 0
		}
	}
	// An excerpt gives way to the whole, unless its source is closer.
	for _, p := range excerpts {
		if of[p.small] < 0 && of[p.large] < 0 && d.articles[p.small].Kind.rank() >= d.articles[p.large].Kind.rank() {
			of[p.small] = p.large
		}
	}
	return of
}

// seen is a set of hashes that may also hold others: a filter of 2 MiB.
type seen struct{ bits []uint64 }

// add adds h and reports whether it was missing.
func (s *seen) add(h uint64) bool {
	if s.bits == nil {
		s.bits = make([]uint64, 1<<18)
	}
	word, bit := h>>46, uint64(1)<<(h>>40&63)
	missing := s.bits[word]&bit == 0
	s.bits[word] |= bit
	return missing
}

// has reports whether h may have been added.
func (s *seen) has(h uint64) bool {
	return s.bits != nil && s.bits[h>>46]&(1<<(h>>40&63)) != 0
}

// shingles returns the set of article i, sorted, and keeps it for the next comparison.
func (d *duplicates) shingles(i int) []uint64 {
	set, ok := d.full[i]
	if !ok {
		set = shingles(nil, d.articles[i].Text)
		slices.Sort(set)
		set = slices.Compact(set)
		d.full[i] = set
	}
	return set
}

// shingles appends the hashes of all runs of five words of text, in order. A word is letters and digits;
// case does not count, in ASCII.
func shingles(set []uint64, text string) []uint64 {
	const basis, prime = 14695981039346656037, 1099511628211 // FNV-1a
	var last [shingleWords]uint64
	words := 0
	h := uint64(basis)
	for i := 0; i <= len(text); i++ {
		c := byte(' ')
		if i < len(text) {
			c = text[i]
		}
		switch {
		case 'A' <= c && c <= 'Z':
			h = (h ^ uint64(c|0x20)) * prime
			continue
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			h = (h ^ uint64(c)) * prime
			continue
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(text[i:])
			i += n - 1
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				h = (h ^ uint64(unicode.ToLower(r))) * prime
				continue
			}
		}
		if h == basis {
			continue // no word ends here
		}
		last[words%shingleWords] = h
		words++
		h = basis
		if words < shingleWords {
			continue
		}
		var all uint64
		for k := range shingleWords {
			all = (all ^ last[(words+k)%shingleWords]) * 0x9E3779B97F4A7C15
			all ^= all >> 29
		}
		set = append(set, all)
	}
	return set
}

// intersection counts what two sorted sets have in common.
func intersection(a, b []uint64) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}
