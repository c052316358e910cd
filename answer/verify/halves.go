package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// layout is how a statement falls into clauses.
type layout struct {
	clause []int  // by token
	side   []side // by token
	credit []bool // by token: it only says who says it
	beside []bool // by clause: it stands beside the one before it, and not under it
}

// side is where a word stands in its clause.
type side int8

const (
	unsided  side = iota // in a clause whose verb is not plain
	ahead                // of the verb
	within               // the verb
	behind               // the verb
	verbless             // in a clause that has none: "against 30 for cooks"
)

// layOut returns how a statement falls into clauses.
func (s *statement) layOut() layout {
	l := layout{clause: make([]int, len(s.toks)), side: make([]side, len(s.toks)), credit: s.credits()}
	from, verb := 0, false
	for k := range s.toks {
		if k > 0 && (verb || s.words[k].sentence != s.words[k-1].sentence) && s.clauseAt(k) {
			l.close(s, from, k)
			from, verb = k, false
		}
		l.clause[k] = len(l.beside)
		verb = verb || s.toks[k].Digit || auxiliaries.Has(s.toks[k].Fold) || s.acting(k) || s.verbal(k)
	}
	l.close(s, from, len(s.toks))
	return l
}

// clauseAt reports whether a clause begins at token k: at a sentence, a semicolon, at "while", "which", ", against" and the
// like, and at an "and" that joins two verbs.
func (s *statement) clauseAt(k int) bool {
	f := s.toks[k].Fold
	switch {
	case s.words[k].sentence != s.words[k-1].sentence:
		return !anaphors.Has(f)
	case strings.ContainsAny(s.gap(k), ";—:"):
		return true
	case f == "and" || f == "y" || f == "e":
		for d := k + 1; d < len(s.toks) && d <= k+8 && s.words[d].sentence == s.words[k].sentence; d++ {
			switch g := s.toks[d].Fold; {
			case s.comma(d) && d > k+1:
				return relatives.Has(g) || g == "who"
			case s.verbal(d) || auxiliaries.Has(g) || modals.Has(g):
				return true
			case g == "and" || g == "y" || g == "that" || g == "que":
				return false
			}
		}
		return false
	}
	return subordinate.Has(f) || adversative.Has(f) || s.comma(k) && measuring.Has(f)
}

// Words at the beginning of a sentence about what the one before it is about; of a clause that is part of another; of one
// that is not; of what something is measured by, after a comma; and words that take up all that was said before.
var (
	anaphors    = lang.SetOf(`he she it they his her its their su sus ellos ellas`)
	subordinate = lang.SetOf(`that because which who where when porque que quien quienes donde cuando`)
	adversative = lang.SetOf(`but while whereas although though pero mientras aunque sino`)
	measuring   = lang.SetOf(`against compared versus frente contra with con up down as unlike`)
	summing     = lang.SetOf(`this esto ello eso`)
)

// close ends the clause of tokens from to to, and tells the sides of its words.
func (l *layout) close(s *statement, from, to int) {
	f := s.toks[from].Fold
	l.beside = append(l.beside, !subordinate.Has(f) && !relatives.Has(f) && (from+1 == to || !summing.Has(s.toks[from+1].Fold)))
	verb, helper := -1, -1
	for k := from; k < to && verb < 0; k++ {
		switch aux := auxiliaries.Has(s.toks[k].Fold); {
		case l.credit[k]:
		case aux && helper < 0:
			helper = k
		case !aux && (s.acting(k) || s.verbal(k)):
			verb = k
		}
	}
	if verb < 0 {
		verb = helper
	}
	if verb < 0 {
		verb = s.beforeObject(from, to)
	}
	for k := from; k < to; k++ {
		switch {
		case measuring.Has(f) || verb < 0 && to-from <= 6 && l.beside[len(l.beside)-1]:
			l.side[k] = verbless
		case verb < 0:
		case k < verb:
			l.side[k] = ahead
		case k == verb:
			l.side[k] = within
		default:
			l.side[k] = behind
		}
	}
}

// beforeObject returns the word of tokens from to to that a subject precedes and an object follows, as they do a verb in
// the present, or -1: "Vera mills take the larger part".
func (s *statement) beforeObject(from, to int) int {
	before := subordinate.Has(s.toks[from].Fold)
	for k := from; k+1 < to; k++ {
		f := s.toks[k].Fold
		if before && len(f) > 2 && prepositions[f] == "" && s.words[k].name == 0 && !determinate.Has(f) && !s.toks[k].Digit &&
			s.gap(k+1) == " " && (determinate.Has(s.toks[k+1].Fold) || s.toks[k+1].Fold == "it" || s.toks[k+1].Fold == "them" ||
			s.toks[k+1].Digit || s.words[k+1].means.number) {
			return k
		}
		before = before || s.words[k].content || s.words[k].name > 0
	}
	return -1
}

// credits tells which tokens only say who says it, in passing: "according to the port of Vera", ", Vera said".
func (s *statement) credits() []bool {
	out := make([]bool, len(s.toks))
	for i := range s.toks {
		switch f := s.toks[i].Fold; {
		case f == "according" || f == "segun":
			for k := i; k < len(s.toks) && s.words[k].sentence == s.words[i].sentence &&
				(k == i || !s.comma(k) && !subordinate.Has(s.toks[k].Fold) && !adversative.Has(s.toks[k].Fold)); k++ {
				out[k] = true
			}
		case s.words[i].cue&(cueSay|cueClaim) != 0:
			from, to := i, i+1
			for from > 0 && !s.comma(from) && s.words[from-1].sentence == s.words[i].sentence {
				from--
			}
			for to < len(s.toks) && !s.comma(to) && s.words[to].sentence == s.words[i].sentence {
				to++
			}
			if f := s.toks[from].Fold; s.comma(from) && !adversative.Has(f) && f != "and" && f != "y" && to-from < 16 &&
				s.words[from-1].sentence == s.words[i].sentence &&
				(to == len(s.toks) || s.words[to].sentence != s.words[i].sentence) {
				for ; from < to; from++ {
					out[from] = !s.toks[from].Digit
				}
			}
		}
	}
	return out
}

// said is a word or figure of the claim and the one that says it in the source, with their clauses.
type said struct{ here, there, mine, theirs int }

// sayings returns the words and figures of the claim that only one clause of the source has.
func (e *evidence) sayings(mine, theirs *layout) []said {
	c, s := e.claim, e.source
	var out []said
	add := func(i, j int) { out = append(out, said{i, j, mine.clause[i], theirs.clause[j]}) }
	for i := range c.toks {
		w := &c.words[i]
		if mine.credit[i] || w.inside || w.date || !c.weighty(i) || w.name > 0 && c.names[w.name-1].first != i {
			continue
		}
		take := func(j int) {
			if !theirs.credit[j] && !slices.ContainsFunc(out, func(w said) bool { return w.here == i && w.theirs == theirs.clause[j] }) {
				add(i, j)
			}
		}
		for _, j := range e.links.to[i] {
			take(j)
		}
		for j := range s.toks {
			if (w.pairs != nil && s.words[j].pairs != nil || w.name > 0 && s.words[j].name > 0) && e.says(i, j) {
				take(j)
			}
		}
	}
	list := s.figures()
	for _, f := range c.figures() {
		if f.Year || spans[f.unit].n > 0 || mine.credit[f.first] {
			continue
		}
		if n := one(f, list); n >= 0 && !theirs.credit[list[n].first] {
			add(f.first, list[n].first)
		}
	}
	return out
}

// checkHalves looks for two clauses of the claim, one beside the other, of which each says what the source says in one
// clause of what it has in another: "Vera closed its piers, but Rio opened a school" for "Vera opened a school, but Rio
// closed its piers".
func (e *evidence) checkHalves(v *Verdict) {
	mine := e.claim.layOut()
	if len(mine.beside) < 2 || !slices.Contains(mine.beside[1:], true) {
		return
	}
	theirs := e.source.layOut()
	list := e.sayings(&mine, &theirs)
	in := func(i, clause int) bool {
		return slices.ContainsFunc(list, func(w said) bool { return w.here == i && w.theirs == clause })
	}
	akin := func(w said, clause int) bool { // "firms" of the one clause are "companies" in the other
		for j := range e.source.words {
			if theirs.clause[j] == clause && sharesKin(&e.source.words[w.there], &e.source.words[j]) {
				return true
			}
		}
		return false
	}
	for _, a := range list {
		for _, b := range list {
			// a and b are of clauses side by side here, and the other way round of clauses near one another there.
			d, there := b.mine-a.mine, max(a.theirs-b.theirs, b.theirs-a.theirs)
			if d < 1 || d > 2 || there < 1 || there > 2 || !mine.beside[b.mine] || in(a.here, b.theirs) || in(b.here, a.theirs) ||
				!e.exchangeable(a, b) || !sameSide(mine.side[a.here], mine.side[b.here]) || !sameSide(theirs.side[a.there], theirs.side[b.there]) {
				continue
			}
			// Something else of each clause is where it should be, on the other side of a verb.
			left, right, apart := false, false, false
			for _, w := range list {
				stays := false
				switch {
				case w.mine == a.mine && w.theirs == b.theirs && !in(w.here, a.theirs) && !akin(w, a.theirs):
					left, stays = true, mine.side[w.here] != mine.side[a.here]
				case w.mine == b.mine && w.theirs == a.theirs && !in(w.here, b.theirs) && !akin(w, b.theirs):
					right, stays = true, mine.side[w.here] != mine.side[b.here]
				default:
					continue
				}
				apart = apart || stays || mine.side[w.here] == verbless
			}
			if left && right && apart {
				v.fail("roles", e.claim.show(a.here, a.here)+" and "+e.claim.show(b.here, b.here)+" have changed places")
				return
			}
		}
	}
}

// sameSide reports whether two words stand on one side of their verbs.
func sameSide(a, b side) bool {
	return a == b && (a == ahead || a == behind) || a == verbless && b != within || b == verbless && a != within
}

// exchangeable reports whether two words can change places: two figures, two names, or two nouns that do not mean the same.
func (e *evidence) exchangeable(a, b said) bool {
	c, s := e.claim, e.source
	kind := func(w said) int {
		switch f := c.toks[w.here].Fold; {
		case c.toks[w.here].Digit || c.words[w.here].means.number:
			return 1
		case c.words[w.here].name > 0 && c.names[c.words[w.here].name-1].named:
			return 2
		case c.verbal(w.here) || s.verbal(w.there) || adverbs.Has(f) || endsIn(f, "ly", "mente"):
			return 0
		}
		return 3
	}
	return kind(a) > 0 && kind(a) == kind(b) && !e.says(a.here, b.there) && !sharesKin(&s.words[a.there], &s.words[b.there])
}

// sharesKin reports whether two words are words for one another.
func sharesKin(a, b *word) bool {
	return slices.ContainsFunc(a.kin, func(k uint16) bool { return slices.Contains(b.kin, k) })
}
