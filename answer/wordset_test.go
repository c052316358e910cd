package answer

import "testing"

// TestWordset: a set holds the words of its list and no others, whatever the filter lets through.
func TestWordset(t *testing.T) {
	t.Parallel()
	s := set(`a at although áéí
		migrante`)
	for _, w := range []string{"a", "at", "although", "áéí", "migrante"} {
		if !s.has(w) {
			t.Errorf("%q is not held", w)
		}
	}
	for _, w := range []string{"", " ", "b", "ta", "atlhough", "migrantes", "éáí", "set"} {
		if s.has(w) {
			t.Errorf("%q is held", w)
		}
	}
}
