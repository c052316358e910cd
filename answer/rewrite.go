package answer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"

	"policybot/lang"
	"policybot/retrieval"
)

// more searches for the question in other words too, and returns all that was found, best first. What the
// extractive drafter found comes before what only other words find.
func (e *Engine) more(ctx context.Context, p plan, q Question, f found) ([]retrieval.Hit, error) {
	queries := e.generator.otherQueries(ctx, p, q, f.answer.Status == Answered)
	lists := make([][]retrieval.Hit, len(queries))
	var wg sync.WaitGroup
	for i, text := range queries {
		wg.Go(func() {
			sub := p
			sub.text, sub.focus, sub.context = text, text, ""
			hits, err := e.search(ctx, sub, q, nil)
			if err == nil { // the question itself has been searched for; these are help
				lists[i] = hits
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return fuse(f.hits, lists), nil
}

// fuse merges lists of hits by reciprocal rank (Cormack, Clarke and Büttcher 2009, with their constant of
// 60), the first counting twice. Ties are broken by the passage.
func fuse(first []retrieval.Hit, others [][]retrieval.Hit) []retrieval.Hit {
	score := map[string]float64{}
	var all []retrieval.Hit
	for i, list := range append([][]retrieval.Hit{first}, others...) {
		weight := 1.0
		if i == 0 {
			weight = 2
		}
		for rank, h := range list {
			id := h.Chunk.ID()
			if _, ok := score[id]; !ok {
				all = append(all, h)
			}
			score[id] += weight / float64(60+rank+1)
		}
	}
	slices.SortStableFunc(all, func(a, b retrieval.Hit) int {
		return cmp.Or(cmp.Compare(score[b.Chunk.ID()], score[a.Chunk.ID()]), cmp.Compare(a.Chunk.ID(), b.Chunk.ID()))
	})
	return all
}

// otherQueries returns up to maxQueries other wordings of a question that needs them: it leans on earlier
// ones, asks several things, or nothing was found that answers it. They are the model's when it is allowed
// to rewrite and the question does not stand alone, else those that rules give.
func (g *generator) otherQueries(ctx context.Context, p plan, q Question, answered bool) []string {
	if answered && !p.followUp && len(p.parts()) < 2 {
		return nil
	}
	if g.rewrite && (p.followUp || !answered) {
		if qs := g.rewritten(ctx, p, q); len(qs) > 0 {
			return qs
		}
	}
	return alternatives(p)
}

// rewritten asks the model for other wordings, within a part of the time there is; none when it fails.
func (g *generator) rewritten(ctx context.Context, p plan, q Question) []string {
	h := sha256.New()
	for _, s := range append([]string{g.model.Name(), g.prompts.version, p.lang, normalised(p.text)}, earlier(q.History)...) {
		h.Write([]byte(s + "\x00"))
	}
	key := hex.EncodeToString(h.Sum(nil))
	if qs, ok := g.queries.get(key); ok {
		return qs
	}
	limit := askTime
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(end)/4)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ask := struct {
		History        []string
		Lang, Question string
	}{earlier(q.History), p.lang, asData(p.text)}
	r := ModelRequest{System: g.prompts.system["rewrite.md"],
		Messages: []Message{{Role: "user", Text: g.prompts.write("question.txt", ask)}}, MaxTokens: 300, JSON: true}
	var rep reply
	if err := g.call(ctx, payer{q.Person, q.Guild}, "rewrite", r, rep.line); err != nil {
		g.log.Info("no other queries", "err", err)
		return nil
	}
	var v struct {
		Question string   `json:"question"`
		Queries  []string `json:"queries"`
	}
	if err := rep.read(&v); err != nil {
		g.log.Info("no other queries", "err", err)
		return nil
	}
	qs := distinct(p, append([]string{v.Question}, v.Queries...))
	if len(qs) > 0 {
		g.queries.put(key, qs)
	}
	return qs
}

// alternatives are other wordings by rules: without what it leans on, its words of substance alone, and
// each thing that it asks.
func alternatives(p plan) []string {
	var keywords []string
	for _, t := range lang.Tokens(p.focus) {
		if !lang.Stop(t.Fold, p.lang) && !dull.Has(t.Fold) && !asks.Has(t.Fold) {
			keywords = append(keywords, p.focus[t.Start:t.End])
		}
	}
	if p.context != "" {
		for _, t := range lang.Tokens(p.context) {
			if !lang.Stop(t.Fold, p.lang) && !dull.Has(t.Fold) && !asks.Has(t.Fold) {
				keywords = append(keywords, p.context[t.Start:t.End])
			}
		}
	}
	all := []string{strings.Join(keywords, " ")}
	for _, pt := range p.parts() {
		all = append(all, pt.text)
	}
	return distinct(p, all)
}

// maxQuery is the most bytes of another wording.
const maxQuery = 200

// distinct cleans queries and drops those that are empty, too long, or the question again.
func distinct(p plan, queries []string) []string {
	seen := map[string]bool{normalised(p.focus): true, normalised(p.text): true}
	var out []string
	for _, s := range queries {
		s = strings.TrimSpace(Clean(s))
		n := normalised(s)
		if len(out) == maxQueries || s == "" || len(s) > maxQuery || seen[n] || len(lang.Tokens(s)) == 0 {
			continue
		}
		seen[n] = true
		out = append(out, s)
	}
	return out
}
