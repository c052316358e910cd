package lang

import "testing"

// TestSet: a set holds the words of its list and no others, whatever the filter lets through.
func TestSet(t *testing.T) {
	t.Parallel()
	s := SetOf(`a at although áéí
		migrante`)
	for _, w := range []string{"a", "at", "although", "áéí", "migrante"} {
		if !s.Has(w) {
			t.Errorf("%q is not held", w)
		}
	}
	for _, w := range []string{"", " ", "b", "ta", "atlhough", "migrantes", "éáí", "set"} {
		if s.Has(w) {
			t.Errorf("%q is held", w)
		}
	}
}
