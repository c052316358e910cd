package retrieval

import "strings"

// ConceptType returns the type that the lexicon gives a concept's term ("concept:" and its id): person,
// organization, place and so on. It is "" for every other term.
func (ix *Index) ConceptType(term string) string {
	id, ok := strings.CutPrefix(term, conceptPrefix)
	if !ok {
		return ""
	}
	return ix.snap.Load().analyzer.types[id]
}
