package lang

import "strings"

// Set is a set of words that is mostly asked for words that are not in it: a filter over a word's
// length and three of its bytes answers before a word is hashed (Bloom 1970, with one function).
type Set struct {
	filter [4]uint64
	words  map[string]struct{}
}

// SetOf returns the set of the words of a list.
func SetOf(list string) *Set {
	s := &Set{words: map[string]struct{}{}}
	for _, w := range strings.Fields(list) {
		s.words[w] = struct{}{}
		i, bit := s.slot(w)
		s.filter[i] |= bit
	}
	return s
}

// Has reports whether the set holds a word. It holds no empty one.
func (s *Set) Has(word string) bool {
	if word == "" {
		return false
	}
	if i, bit := s.slot(word); s.filter[i]&bit == 0 {
		return false
	}
	_, ok := s.words[word]
	return ok
}

// slot is the place of a word in the filter.
func (*Set) slot(word string) (int, uint64) {
	n := len(word)
	h := uint8(n)*3 + word[0]*31 + word[n-1]*7 + word[n/2]*13
	return int(h >> 6), 1 << (h & 63)
}
