package lang

import (
	"math/bits"
	"strings"
)

// Set is a set of words that is mostly asked for words that are not in it: a filter over a word's length
// and four of its bytes answers before a word is hashed (Bloom 1970, with one function and some eight
// bits a word).
type Set struct {
	filter []uint64
	mask   uint32 // of the bits of the filter
	words  map[string]struct{}
}

// SetOf returns the set of the words of a list.
func SetOf(list string) *Set {
	words := strings.Fields(list)
	size := max(256, 1<<bits.Len(uint(8*len(words))))
	s := &Set{filter: make([]uint64, size/64), mask: uint32(size - 1), words: make(map[string]struct{}, len(words))}
	for _, w := range words {
		s.words[w] = struct{}{}
		h := s.slot(w)
		s.filter[h/64] |= 1 << (h % 64)
	}
	return s
}

// Has reports whether the set holds a word. It holds no empty one.
func (s *Set) Has(word string) bool {
	if word == "" {
		return false
	}
	if h := s.slot(word); s.filter[h/64]&(1<<(h%64)) == 0 {
		return false
	}
	_, ok := s.words[word]
	return ok
}

// slot is the bit of a word in the filter.
func (s *Set) slot(word string) uint32 {
	n := len(word)
	h := uint32(n)*3 + uint32(word[0])*31 + uint32(word[n-1])*7 + uint32(word[n/2])*13 + uint32(word[n/4])*101
	return h & s.mask
}
