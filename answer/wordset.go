package answer

import "strings"

// wordset is a set of words that is mostly asked for words that are not in it: a filter over a word's
// length and three of its bytes answers before a word is hashed (Bloom 1970, with one function).
type wordset struct {
	filter [4]uint64
	words  map[string]struct{}
}

// set returns the set of the words of a list.
func set(list string) *wordset {
	s := &wordset{words: map[string]struct{}{}}
	for _, w := range strings.Fields(list) {
		s.words[w] = struct{}{}
		i, bit := s.slot(w)
		s.filter[i] |= bit
	}
	return s
}

// has reports whether the set holds a word. It holds no empty one.
func (s *wordset) has(word string) bool {
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
func (*wordset) slot(word string) (int, uint64) {
	n := len(word)
	h := uint8(n)*3 + word[0]*31 + word[n-1]*7 + word[n/2]*13
	return int(h >> 6), 1 << (h & 63)
}
