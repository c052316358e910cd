package retrieval

import "policybot/lang"

// Senses returns what the lexicon says of a folded word of a language: words and phrases of that language
// that mean about the same, and folded ones of the other language that translate it. Both lists are in
// the order of the lexicon and must not be changed. An unknown language is taken for English.
func (ix *Index) Senses(fold, language string) (synonyms, translations []string) {
	if language != lang.Spanish {
		language = lang.English
	}
	a := ix.snap.Load().analyzer
	stem := lang.Stem(fold, language)
	return a.synonyms(language, stem), a.translations(language, fold, stem)
}
