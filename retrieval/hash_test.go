package retrieval

import (
	"testing"
)

func TestHashIsAnEmbedder(t *testing.T) {
	if err := CheckEmbedder(t.Context(), NewHash(NewAnalyzer(nil))); err != nil {
		t.Error(err)
	}
}
