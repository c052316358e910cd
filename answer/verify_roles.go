package answer

import (
	"strings"

	"policybot/lang"
)

// place is where a name or number stands: the words before and after it, up to the next one.
type place struct {
	before, after []int // tokens
	prep          string
}

// actors returns the names of a statement with their places, passives turned round.
func (s *statement) actors() []actor {
	var out []actor
	for i, m := range s.names {
		if !m.actor {
			continue
		}
		out = append(out, actor{i, m.id, s.placeOf(m.first, m.last)})
	}
	return out
}

type actor struct {
	name int
	id   string
	at   place
}

const contextReach = 5

func (s *statement) placeOf(first, last int) place {
	var p place
	sentence := s.words[first].sentence
	take := func(k int) bool {
		w := &s.words[k]
		return w.content || w.cue&(attributed|unreal|cueDone|cueDeny) != 0 && !w.inside
	}
	for k, n := first-1, 0; k >= 0 && n < contextReach && s.words[k].sentence == sentence; k-- {
		if w := s.words[k].name; w > 0 && s.names[w-1].actor {
			break
		}
		if take(k) {
			p.before = append(p.before, k)
			n++
		}
	}
	for k, n := last+1, 0; k < len(s.words) && n < contextReach && s.words[k].sentence == sentence; k++ {
		if w := s.words[k].name; w > 0 && s.names[w-1].actor {
			break
		}
		if take(k) {
			p.after = append(p.after, k)
			n++
		}
	}
	for k := first - 1; k >= 0 && k >= first-3; k-- {
		f := s.toks[k].Fold
		if strings.ContainsAny(s.text[s.toks[k].End:s.toks[k+1].Start], ",;:") {
			break
		}
		if q := prepositions[f]; q != "" {
			p.prep = q
			break
		}
		if !lang.Stop(f, s.lang) && s.words[k].name == 0 || s.words[k].name > 0 && !s.names[s.words[k].name-1].actor && k < first-1 {
			break
		}
	}
	return p
}

// prepositions that give what they stand before a part in what happens, or take it out of it.
var prepositions = map[string]string{"from": "from", "desde": "from", "to": "to", "into": "to", "toward": "to", "towards": "to", "hacia": "to",
	"by": "by", "por": "by", "against": "against", "contra": "against", "a": "to", "al": "to",
	"of": "of", "de": "of", "del": "of", "in": "in", "en": "in", "on": "in", "at": "in", "for": "for", "para": "for", "with": "with", "con": "with",
	"between": "with", "entre": "with", "over": "in", "through": "in", "along": "in", "near": "in", "under": "in", "about": "in", "sobre": "in",
	"than": "than", "including": "in", "as": "as", "como": "as", "among": "with", "via": "in", "before": "in", "after": "in", "within": "in"}

// doer returns the word that a name does, by the simplest of grammar: the verb close after a name that no
// preposition makes something else of; after "by" the one before it.
func (s *statement) doer(a actor) []int {
	m := s.names[a.name]
	if a.at.prep == "by" {
		for k := m.first - 1; k >= 0 && k >= m.first-4; k-- {
			if s.verbal(k) {
				return []int{k}
			}
		}
		return nil
	}
	if a.at.prep != "" || m.last+1 < len(s.toks) && s.words[m.last+1].name > 0 {
		return nil
	}
	for k, n := m.last+1, 0; k < len(s.toks) && n < 3; k++ {
		if s.words[k].name > 0 && s.names[s.words[k].name-1].actor && s.names[s.words[k].name-1].id != a.id {
			return nil
		}
		if s.verbal(k) && !auxiliaries[s.toks[k].Fold] {
			if s.passive(k) {
				return nil
			}
			return []int{k}
		}
		if s.words[k].content {
			n++
		}
	}
	return nil
}

// passive reports whether the word at token k is a participle after a form of "to be".
func (s *statement) passive(k int) bool {
	for d := k - 1; d >= 0 && d >= k-2; d-- {
		if s.words[d].cue&cuePassive != 0 {
			f := s.toks[k].Fold
			return strings.HasSuffix(f, "ed") || strings.HasSuffix(f, "en") || strings.HasSuffix(f, "ado") || strings.HasSuffix(f, "ados") ||
				strings.HasSuffix(f, "ada") || strings.HasSuffix(f, "adas") || strings.HasSuffix(f, "ido") || strings.HasSuffix(f, "idos") || irregular[f] != ""
		}
	}
	return false
}

// checkRoles compares who does what, and which number belongs to what.
func (e *evidence) checkRoles(v *Verdict) {
	c, s := e.claim, e.source
	mine, theirs := c.actors(), s.actors()
	for x := range mine {
		for y := range mine {
			a, b := mine[x], mine[y]
			if x == y || a.id == b.id {
				continue
			}
			// a does here what there only b does, and b does not.
			doing := c.doer(a)
			if len(doing) == 0 {
				continue
			}
			own, other := 0, 0
			ownThere, otherThere := false, false
			for _, t := range theirs {
				if t.id != a.id && t.id != b.id {
					continue
				}
				n := e.overlap(doing, s.doer(t))
				if t.id == a.id {
					ownThere = true
					own = max(own, n)
				} else {
					otherThere = true
					other = max(other, n)
				}
			}
			if ownThere && otherThere && other > 0 && own == 0 {
				v.fail("roles", c.show(c.names[a.name].first, c.names[a.name].last)+" does here what "+c.show(c.names[b.name].first, c.names[b.name].last)+" does there")
				return
			}
		}
	}
	e.checkFromTo(v, mine, theirs)
	e.checkShares(v)
}

// checkFromTo looks for two names whose prepositions are exchanged.
func (e *evidence) checkFromTo(v *Verdict, mine, theirs []actor) {
	preps := func(list []actor, id string) map[string]bool {
		m := map[string]bool{}
		for _, a := range list {
			if a.id == id {
				m[a.at.prep] = true
			}
		}
		return m
	}
	for _, a := range mine {
		for _, b := range mine {
			if a.id == b.id || a.at.prep == "" || a.at.prep == b.at.prep {
				continue
			}
			pa, pb := preps(theirs, a.id), preps(theirs, b.id)
			if pb[a.at.prep] && !pa[a.at.prep] && pa[b.at.prep] && !pb[b.at.prep] {
				v.fail("roles", a.at.prep+" "+e.claim.show(e.claim.names[a.name].first, e.claim.names[a.name].last))
				return
			}
		}
	}
}

// checkShares looks for two numbers of the claim that have changed places.
func (e *evidence) checkShares(v *Verdict) {
	mine := e.claim.figures()
	if len(mine) < 2 {
		return
	}
	theirs := e.source.figures()
	for x := range mine {
		for y := x + 1; y < len(mine); y++ {
			m, n := one(mine[x], theirs), one(mine[y], theirs)
			if m < 0 || n < 0 || m == n {
				continue
			}
			straight := e.company(mine, x, theirs, m) + e.company(mine, y, theirs, n)
			crossed := e.company(mine, x, theirs, n) + e.company(mine, y, theirs, m)
			if crossed >= 2 && straight == 0 || crossed >= straight+3 && straight <= 1 {
				v.fail("roles", e.claim.show(mine[x].first, mine[x].last)+" and "+e.claim.show(mine[y].first, mine[y].last)+" have changed places")
				return
			}
		}
	}
}

// one returns the only figure with the value of f, or -1.
func one(f figure, list []figure) int {
	at := -1
	for i, g := range list {
		if f.same(g) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// company counts the words that stand after both of two figures, up to the next figure.
func (e *evidence) company(mine []figure, x int, theirs []figure, m int) int {
	words := func(s *statement, list []figure, i int) []int {
		end := len(s.toks)
		if i+1 < len(list) {
			end = list[i+1].first
		}
		var out []int
		for k := list[i].last + 1; k < end && len(out) < 5 && s.words[k].sentence == s.words[list[i].first].sentence; k++ {
			if s.words[k].content && moreUnits[s.toks[k].Fold] == "" && !slight[s.toks[k].Fold] || s.words[k].name > 0 {
				out = append(out, k)
			}
		}
		return out
	}
	return e.overlap(words(e.claim, mine, x), words(e.source, theirs, m))
}

// overlap counts the words of the claim that are linked with one of those of the source.
func (e *evidence) overlap(mine, theirs []int) int {
	n := 0
	for _, i := range mine {
		for _, j := range theirs {
			if has(e.links.to[i], j) {
				n++
				break
			}
		}
	}
	return n
}

func has(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
