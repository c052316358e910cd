package answer

import (
	"context"
	"errors"
	"slices"
	"testing"

	"policybot/corpus"
	"policybot/retrieval"
)

// unreachable embeds passages and, while it is down, no question.
type unreachable struct {
	retrieval.Embedder
	down bool
}

func (u *unreachable) Embed(ctx context.Context, p retrieval.Purpose, texts []string) ([][]float32, error) {
	if u.down && p == retrieval.Question {
		return nil, errors.New("no connection")
	}
	return u.Embedder.Embed(ctx, p, texts)
}

// When the question cannot be embedded the answer says so in the asker's language, whoever drafts, and a
// draft made of such a search does not stand in for one made of a whole search.
func TestLexicalAlone(t *testing.T) {
	t.Parallel()
	an := retrieval.NewAnalyzer(nil)
	u := &unreachable{Embedder: retrieval.NewHash(an), down: true}
	ix := retrieval.New(retrieval.Options{Analyzer: an, Embedder: u})
	var entries []retrieval.Entry
	for _, a := range town {
		entries = append(entries, retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)})
	}
	if err := ix.Update(t.Context(), entries, nil); err != nil {
		t.Fatal(err)
	}
	draft := lines(claimLine(costText, costQuote))
	model := writes(draft, draft)
	drafting := NewEngine(ix, Options{Model: model})
	t.Cleanup(drafting.Close)
	offline := NewEngine(ix, Options{})
	for _, tt := range []struct {
		e    *Engine
		q    Question
		want string
	}{
		{offline, Question{Text: "How much did the strike cost the town?"}, lexicalOnly.en},
		{offline, Question{Text: "¿Por qué cerraron el puente viejo?"}, lexicalOnly.es},
		{offline, Question{Text: "Who painted the observatory in Zubiri?"}, lexicalOnly.en},
		{drafting, Question{Text: costQ}, lexicalOnly.en},
	} {
		for _, down := range []bool{true, false} {
			u.down = down
			a := ask(t, tt.e, tt.q)
			if got := slices.Contains(a.Notes, tt.want); got != down {
				t.Errorf("%q, down %t: notes %q", tt.q.Text, down, a.Notes)
			}
		}
	}
	if n := len(model.asked()); n != 2 {
		t.Errorf("the model was asked %d times, want once for each search", n)
	}
	before := len(model.asked())
	ask(t, drafting, Question{Text: costQ})
	if len(model.asked()) != before {
		t.Error("the draft of a whole search was not kept")
	}
}
