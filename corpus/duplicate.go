package corpus

import (
	"cmp"
	"slices"
	"sort"

	"policybot/lang"
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
	sampled := make([]int, n) // how many shingles of each are looked up
	size := make([]int, n)
	postings := make(map[uint64][]int32, 8*n)
	shared := make([]int32, n) // shared sampled shingles with the current article
	type pair struct{ small, large int }
	var excerpts []pair
	for i, a := range d.articles {
		of[i] = -1
		set := shingles(a.Text)
		size[i] = len(set)
		if len(set) < fewShingles {
			continue
		}
		var near []int
		for _, h := range set {
			if len(set) > allShingles && h%sampleRate != 0 {
				continue
			}
			sampled[i]++
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
		sort.Ints(near)
		for _, j := range near {
			// Of a pair of a short and a long text only the long one's sample can meet.
			expect := min(sampled[i], sampled[j])
			if (size[i] <= allShingles) != (size[j] <= allShingles) {
				expect = min(size[i], size[j]) / sampleRate
			}
			if of[i] < 0 && int(shared[j])*3 >= expect {
				common := intersection(d.shingles(i, set), d.shingles(j, nil))
				small := min(size[i], size[j])
				switch {
				case float64(common) >= copyJaccard*float64(size[i]+size[j]-common):
					if of[j] < 0 {
						of[i] = j
					}
				case float64(common) < copyContained*float64(small):
				case size[i] < size[j]:
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

// shingles returns the full set of article i, kept for the next comparison; set is it, if known.
func (d *duplicates) shingles(i int, set []uint64) []uint64 {
	if have, ok := d.full[i]; ok {
		return have
	}
	if set == nil {
		set = shingles(d.articles[i].Text)
	}
	d.full[i] = set
	return set
}

// shingles returns the hashes of all runs of five words of text, sorted, each once.
func shingles(text string) []uint64 {
	toks := lang.Tokens(text)
	if len(toks) < shingleWords {
		return nil
	}
	words := make([]uint64, len(toks))
	for i, t := range toks {
		h := uint64(14695981039346656037) // FNV-1a
		for k := range len(t.Fold) {
			h = (h ^ uint64(t.Fold[k])) * 1099511628211
		}
		words[i] = h
	}
	set := make([]uint64, 0, len(words)-shingleWords+1)
	for i := range len(words) - shingleWords + 1 {
		var h uint64
		for _, w := range words[i : i+shingleWords] {
			h = (h ^ w) * 0x9E3779B97F4A7C15
			h ^= h >> 29
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Compact(set)
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
