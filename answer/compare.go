package answer

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"policybot/corpus"
	"policybot/lang"
)

// part is one of the things that a question asks at once: a side of a comparison, or a question joined
// to another by "and".
type part struct {
	text     string // the question reduced to this part
	side     string // the words that name the side, which evidence has to hold; "" for none
	when     lang.When
	question bool // a question of its own: what it asks for is read from its text
}

// parts cuts a question into what it asks: per date when it names several, per party when it sets
// parties side by side, per question when two are joined. One part or none means that it asks one thing.
func (p plan) parts() []part {
	if ps := p.byDate(); len(ps) > 1 {
		return ps
	}
	if ps := p.byQuestion(); len(ps) > 1 {
		return ps
	}
	return p.byParty()
}

// byDate makes a part of each date of a different year or month, in order of time; of a stretch of up to
// five years ("from 2022 to 2024"), one of each year. The dates are taken out of the text of the parts:
// the search is bounded by them instead.
func (p plan) byDate() []part {
	dates := lang.Dates(p.focus)
	var kept []lang.When
	var rest strings.Builder
	end := 0
	for i, d := range dates {
		rest.WriteString(p.focus[end:d.Start])
		end = d.End
		dup := d.Year == 0
		for _, o := range dates[:i] {
			dup = dup || o.Year == d.Year && (o.Month == d.Month || o.Month == 0 || d.Month == 0)
		}
		if !dup {
			kept = append(kept, d)
		}
	}
	rest.WriteString(p.focus[end:])
	slices.SortStableFunc(kept, func(a, b lang.When) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month))
	})
	if len(kept) == 2 && kept[0].Month == 0 && kept[1].Month == 0 && kept[0].Start < kept[1].Start && kept[1].Year-kept[0].Year < 5 {
		switch strings.Join(words(p.focus[kept[0].End:kept[1].Start]), " ") {
		case "to", "until", "through", "a", "hasta", "al", "":
			last := kept[1]
			kept = kept[:1]
			for y := kept[0].Year + 1; y <= last.Year; y++ {
				kept = append(kept, lang.When{Year: y})
			}
		}
	}
	var out []part
	for _, d := range kept {
		out = append(out, part{text: rest.String(), when: d})
	}
	return out
}

// joins are the words that open a second question after "and".
var joins = lang.SetOf(`what who whom when where why how which que quien quienes cuando donde cuanto cuantos cuanta cuantas cual cuales como did was were is are`)

// byQuestion cuts "how many came, and when did they leave?" in two.
func (p plan) byQuestion() []part {
	toks := lang.Tokens(p.focus)
	start := 0
	var out []part
	for i := 2; i+2 < len(toks); i++ {
		f := toks[i].Fold
		if f != "and" && f != "y" && f != "e" {
			continue
		}
		j := i + 1
		if toks[j].Fold == "por" || toks[j].Fold == "para" || toks[j].Fold == "in" || toks[j].Fold == "en" || toks[j].Fold == "by" {
			j++
		}
		if joins.Has(toks[j].Fold) && content(p.focus[start:toks[i].Start], p.lang) > 0 && content(p.focus[toks[j].End:], p.lang) > 0 {
			out = append(out, part{text: p.focus[start:toks[i].Start], question: true})
			start = toks[i].End
		}
	}
	if len(out) > 0 {
		out = append(out, part{text: p.focus[start:], question: true})
	}
	return out
}

// content counts the words of substance in a text.
func content(s, language string) int {
	n := 0
	for _, t := range lang.Tokens(s) {
		if !lang.Stop(t.Fold, language) && !dull.Has(t.Fold) {
			n++
		}
	}
	return n
}

// byParty makes a part of each of two parties joined by "and" in a question that sets them side by side.
func (p plan) byParty() []part {
	if !p.compare && !p.versions {
		return nil
	}
	text := p.focus
	if p.text != p.focus {
		text = p.text // "Put the Reuters and AP reports together" may be the other sentence
	}
	toks := lang.Tokens(text)
	plain := func(i int) bool {
		f := toks[i].Fold
		return !lang.Stop(f, p.lang) && f != "according" && f != "segun" && f != "say" && f != "said"
	}
	for i := 1; i+1 < len(toks); i++ {
		f := toks[i].Fold
		if f != "and" && f != "y" && f != "versus" && f != "vs" && f != "or" && f != "o" {
			continue
		}
		lo := i
		for lo > 0 && i-lo < 4 && plain(lo-1) && gapIsSpace(text, toks[lo-1], toks[lo]) {
			lo--
		}
		from := i + 1
		for from < len(toks) && from-i <= 4 && !plain(from) {
			from++
		}
		to := from
		for to < len(toks) && to-from < 3 && plain(to) && (to == from || gapIsSpace(text, toks[to-1], toks[to])) {
			to++
		}
		if lo == i || to == from || from >= len(toks) {
			continue
		}
		l, r := text[toks[lo].Start:toks[i-1].End], text[toks[from].Start:toks[to-1].End]
		if content(l, p.lang) == 0 || content(r, p.lang) == 0 {
			continue
		}
		if text != p.focus && !strings.Contains(p.focus, text[toks[lo].Start:toks[to-1].End]) {
			return []part{{text: p.focus, side: l}, {text: p.focus, side: r}}
		}
		return []part{
			{text: text[:toks[i].Start] + text[toks[to-1].End:], side: l},
			{text: text[:toks[lo].Start] + text[toks[from].Start:], side: r},
		}
	}
	return nil
}

func gapIsSpace(text string, a, b lang.Token) bool {
	return strings.TrimLeft(text[a.End:b.Start], " -'’s") == ""
}

// perPart answers each part by its own best sentence, and a second that is likely too, searching for
// each part at the same time.
func (e *Engine) perPart(ctx context.Context, p plan, asked Question, cands []candidate, parts []part) ([]candidate, error) {
	found := make([]weighed, len(parts))
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	for i, pt := range parts {
		wg.Go(func() { found[i], errs[i] = e.weighPart(ctx, p, asked, pt) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var out []candidate
	size := 0
	for i, pt := range parts {
		if len(out) == maxClaims {
			break
		}
		best := e.bestOf(found[i], pt, out, maxText-size, cands)
		if len(parts) > 2 && len(best) > 1 {
			best = best[:1]
		}
		for _, c := range best {
			out = append(out, c)
			size += len(c.text)
		}
	}
	return out, nil
}

// weighed are the candidates for a part, best first, with the query they were weighed by.
type weighed struct {
	query query
	cands []candidate
}

func (e *Engine) weighPart(ctx context.Context, p plan, asked Question, pt part) (weighed, error) {
	sub := p
	sub.text, sub.focus = Clean(pt.text), Clean(pt.text)
	if pt.question {
		sub.want, sub.list = wantAny, false
		sub.readShape(sub.focus)
		sub.context = strings.TrimSpace(p.context + " " + p.focus)
	}
	sub.dates, sub.numbers = lang.Dates(sub.text), nil
	w := weighed{query: newQuery(e.index, sub)}
	weigh := func(q Question) error {
		hits, err := e.search(ctx, sub, q, nil)
		if err == nil {
			w.cands = answering(sub, e.candidates(sub, w.query, hits))
		}
		return err
	}
	if pt.when.Year == 0 {
		return w, weigh(asked)
	}
	narrowed := asked
	at := corpus.Date{Year: pt.when.Year, Month: pt.when.Month}
	narrowed.From, narrowed.To = at, at
	if err := weigh(narrowed); err != nil {
		return w, err
	}
	for i := range w.cands {
		if e.holds(pt, w.query, &w.cands[i]) {
			return w, nil
		}
	}
	return w, weigh(asked) // nothing dated then: a text of another date may speak of it
}

// bestOf returns the best sentence for a part, and a second that is likely too; none when what was taken
// already answers it or nothing does.
func (e *Engine) bestOf(w weighed, pt part, out []candidate, room int, whole []candidate) []candidate {
	own := w.cands
	var best []candidate
	for _, c := range own {
		if c.score < 0.6*own[0].score || c.score < 0.4*whole[0].score || len(best) > 0 && chance(own, c) < alsoLikely {
			break
		}
		if !e.holds(pt, w.query, &c) || len(c.text) > room || taken(best, c) {
			continue
		}
		if taken(out, c) {
			if pt.question {
				break // the sentence taken before answers this part too
			}
			continue
		}
		best = append(best, c)
		room -= len(c.text)
		if len(best) == 2 {
			break
		}
	}
	return best
}

// holds reports whether a sentence speaks of the part: of its time, or of the side it names.
func (e *Engine) holds(pt part, q query, c *candidate) bool {
	if y := pt.when.Year; y > 0 {
		from, to := c.asOf.From, c.asOf.To
		if to.IsZero() {
			to = from
		}
		if from.Year <= y && y <= to.Year {
			return true
		}
		for _, d := range c.facts.dates {
			if d.Year == y {
				return true
			}
		}
		return false
	}
	if pt.side == "" {
		return true
	}
	side := map[string]bool{}
	for _, t := range lang.Tokens(pt.side) {
		side[t.Fold] = true
	}
	for _, t := range lang.Tokens(c.article.Publisher) {
		if side[t.Fold] && !lang.Stop(t.Fold, c.article.Lang) {
			return true
		}
	}
	// The word of the side that tells most has to be held: of "Mexican foreign minister" not the country.
	most := -1
	for i, w := range q.words {
		for _, t := range lang.Tokens(w.Text) {
			if side[t.Fold] && (most < 0 || q.weight[i] > q.weight[most]) {
				most = i
			}
		}
	}
	if most >= 0 && (c.match[most] >= 0.35 || c.doc[most] >= 0.35) {
		return true
	}
	// A publisher may be named by its initials.
	if s := initials(c.article.Publisher); s != "" && side[lang.Fold(s)] {
		return true
	}
	return false
}

// initials returns the capitals of a name of several words: "The Associated Press" gives "AP".
func initials(name string) string {
	var b strings.Builder
	name, _, _ = strings.Cut(name, ",")
	for _, w := range strings.Fields(strings.TrimPrefix(name, "The ")) {
		if c := w[0]; c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		}
	}
	if b.Len() < 2 {
		return ""
	}
	return b.String()
}

// versions returns what different sources say to one question: the best sentence and those of other
// articles, or of another number in the same one, that cover it nearly as well.
func versions(q query, cands []candidate) []candidate {
	out := []candidate{cands[0]}
	size := len(cands[0].text)
	for _, c := range cands[1:min(len(cands), 20)] {
		if len(out) == 3 || c.score < 0.7*cands[0].score {
			break
		}
		if taken(out, c) || size+len(c.text) > maxText {
			continue
		}
		near := func(a candidate) float64 {
			return q.share(func(i int) float64 { return max(a.match[i], 0.5*a.near[i], 0.5*a.doc[i]) })
		}
		if near(c) < 0.6*near(cands[0]) {
			continue
		}
		other := true
		for _, o := range out {
			if o.article.ID == c.article.ID && sameNumbers(o.numbers, c.numbers) {
				other = false
			}
		}
		if other {
			out = append(out, c)
			size += len(c.text)
		}
	}
	return out
}

// sameNumbers reports whether b gives no number that a does not.
func sameNumbers(a, b []lang.Number) bool {
	for _, m := range b {
		found := false
		for _, n := range a {
			found = found || n.Same(m)
		}
		if !found {
			return false
		}
	}
	return true
}
