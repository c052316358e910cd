package lang

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/spanish"
)

// Stem returns the Snowball stem (https://snowballstem.org/algorithms/) of a folded word in the
// language: Porter2 for English, the Spanish stemmer otherwise. Words with digits or points in them are
// their own stems. It allocates; callers that stem whole libraries keep a cache.
func Stem(fold, language string) string {
	if len(fold) < 3 || strings.ContainsAny(fold, "0123456789.") {
		return fold
	}
	if language == Spanish {
		w := fold
		// Folding took the accent by which the stemmer knows these endings.
		if strings.HasSuffix(w, "cion") || strings.HasSuffix(w, "sion") {
			w = w[:len(w)-2] + "ón"
		}
		env := snowballstem.NewEnv(w)
		spanish.Stem(env)
		return Fold(env.Current())
	}
	env := snowballstem.NewEnv(fold)
	english.Stem(env)
	return env.Current()
}
