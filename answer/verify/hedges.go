package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// checkHedges compares what is settled with what is proposed, planned, wanted, asked for or possible: "closed the
// bridge" for "proposed to close the bridge".
func (e *evidence) checkHedges(v *Verdict) {
	open := e.source.cued(unreal) || slices.ContainsFunc(e.source.words, func(w word) bool { return w.under != 0 })
	for _, rule := range hedgeRules {
		if open && !rule.open || !open && !rule.closed {
			continue
		}
		if k := rule.find(e); k >= 0 {
			v.fail("hedge", e.claim.show(k, k)+rule.why)
			return
		}
	}
}

// hedgeRules each find a word of the claim that says how something stands otherwise than the source, or -1. They are
// for a source in which something is open, for one in which all is settled, or for both.
var hedgeRules = []struct {
	find         func(*evidence) int
	why          string
	open, closed bool
}{
	{(*evidence).early, ", of what is to come there", true, true},
	{(*evidence).otherStage, ", which is another stage than there", true, true},
	{(*evidence).undone, ", which is done there", true, true},
	{(*evidence).confirmed, ", which is only believed there", true, true},
	{(*evidence).judged, ", which is only charged there", true, true},
	{(*evidence).nearlySo, ", which only nearly came about there", true, true},
	{(*evidence).hopedFor, ", which is only hoped for, asked for or offered there", true, false},
	{(*evidence).loosened, ", which the source does not say", false, true},
	{(*evidence).talkedOf, ", of which the source only has talks", false, true},
	{(*evidence).settledHere, ", which the source only puts forward", true, false},
	{(*evidence).unconditional, ", which is open there", true, false},
	{(*evidence).otherStanding, ", which is not how it stands there", true, false},
	{(*evidence).fulfilled, " here, a condition there", true, false},
	{(*evidence).kept, ", which there is not yet so", true, false},
	{(*evidence).deed, " as a fact, which the source only puts forward", true, false},
	{(*evidence).drift, " as a fact, which the source only puts forward", true, false},
}

// hedged reports whether something in the claim is open.
func (e *evidence) hedged() bool {
	for i, t := range e.claim.toks {
		if announcing.Has(t.Fold) && !e.claim.clauseFollows(i) ||
			(t.Fold == "spoke" || t.Fold == "hablo") && i+1 < len(e.claim.toks) && (e.claim.toks[i+1].Fold == "of" || e.claim.toks[i+1].Fold == "de") {
			return true
		}
		if i > 0 && t.Fold == "que" && e.claim.lang == lang.Spanish && owing.Has(e.claim.toks[i-1].Fold) {
			return true // "hay que convencer"
		}
	}
	return e.claim.undecided() || e.claim.cued(unreal) ||
		slices.ContainsFunc(e.claim.toks, func(t lang.Token) bool { return duties.Has(t.Fold) })
}

// undecided reports whether a text says that nothing has been decided: "no decision has been taken on", "is undecided".
func (s *statement) undecided() bool {
	for i, t := range s.toks {
		if t.Fold == "undecided" || beginsWith(t.Fold, "decision", "decid") && (s.words[i].not > 0 || s.words[i].deny > 0) {
			return true
		}
	}
	return false
}

// clauseFollows reports whether a "that" comes soon after the verb at token i: "announced on Monday that it had".
func (s *statement) clauseFollows(i int) bool {
	for k := i + 1; k < len(s.toks) && k <= i+9; k++ {
		if f := s.toks[k].Fold; f == "that" || f == "que" {
			return true
		}
	}
	return false
}

// announcing tell of what is to come, when it is a thing: "announced a new pier".
var announcing = lang.SetOf(`announced announces announcing unveiled unveils anuncio anuncia anunciaron anuncian anunciado`)

// owing say, before "que", what has to be.
var owing = lang.SetOf(`hay habia habra hubo tiene tienen tenia tenian tuvo`)

// duties are words of what is to be done or may be.
var duties = lang.SetOf(`scheduled programo programado allows allow lets permite permiten must deben debe debia debian pudo pudieron
		obligaba obligaban`)

// talkedOf returns a word of settling something where the source only has talks about it, or -1: "signed" for "discussed".
func (e *evidence) talkedOf() int {
	c, s := e.claim, e.source
	if !s.talks() || s.cued(cueDone) || s.hasWord("outcome", "outcomes", "result", "results", "resultado", "resultados") {
		return -1
	}
	for i := range c.words {
		if w := &c.words[i]; w.cue&cueDone != 0 && !w.inside && w.not == 0 && w.deny == 0 && len(e.links.direct[i]) == 0 && c.verbal(i) {
			return i
		}
	}
	return -1
}

// settledHere returns a word of settling something, "agreed" or "signed", that the source has not, or has only as
// something that is put forward, as it does what is settled; or -1.
func (e *evidence) settledHere() int {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		if i > 1 && (c.toks[i-1].Fold == "before" || c.toks[i-2].Fold == "before" || c.toks[i-1].Fold == "de" && c.toks[i-2].Fold == "antes") {
			continue
		}
		if w.cue&cueDone == 0 || w.inside || w.not > 0 || w.deny > 0 || w.cue&unreal != 0 || w.under&unreal != 0 ||
			i > 0 && (duties.Has(c.toks[i-1].Fold) || c.toks[i-1].Fold == "be" || c.toks[i-1].Fold == "ser") {
			continue // "still has to be won over"
		}
		only := len(e.links.to[i]) > 0 // linked, but only with what is put forward
		settled := false
		for _, j := range e.links.to[i] {
			only = only && !s.settled(j) && !s.agreedTo(j) && !s.words[j].pledge
			settled = settled || s.settled(j) && s.words[j].cue&cueDone != 0
		}
		if only && e.sharesMost(i) || len(e.links.direct[i]) == 0 && !settled && (!s.cued(cueDone) || c.verbal(i)) && e.putForward(i) {
			return i
		}
	}
	return -1
}

// sharesMost reports whether a word that token i of the claim is linked with stands in a sentence of the source that is about
// what stands before it in the claim, or next to it after it: "decided" of "The cooks voted to strike. The waiters have yet to decide" is not the cooks'.
func (e *evidence) sharesMost(i int) bool {
	c, s := e.claim, e.source
	linked := false
	for k := range c.words {
		if k == i || c.words[k].sentence != c.words[i].sentence || k > i && c.words[k].clause != c.words[i].clause ||
			!c.words[k].content && c.words[k].name == 0 || len(e.links.to[k]) == 0 {
			continue
		}
		linked = true
		if slices.ContainsFunc(e.links.to[k], func(a int) bool {
			return slices.ContainsFunc(e.links.to[i], func(b int) bool { return s.words[a].sentence == s.words[b].sentence })
		}) {
			return true
		}
	}
	return !linked
}

// deed returns a verb of the claim that tells as done what the source only puts forward, or -1: "closed the bridge" for
// "proposed to close the bridge".
func (e *evidence) deed() int {
	c, s := e.claim, e.source
	if c.forsakes() {
		return -1
	}
	hedged := e.hedged()
	for i := range c.words {
		w, f := &c.words[i], c.toks[i].Fold
		past := c.participle(i)
		switch {
		case !c.verbal(i) && !past && !spending.Has(f) && !c.afterwards(i), auxiliaries.Has(f), able.Has(f), duties.Has(f), requiring.Has(f), viewing.Has(f), slight.Has(f) && !transfers.Has(f):
			continue
		case w.under != 0, w.inside, w.cue&(attributed|unreal|cueDeny) != 0, w.not > 0, w.deny > 0:
			continue
		case c.lang == lang.Spanish && i > 0 && c.toks[i-1].Fold == "que" && c.verblike(i) && !c.verbal(i): // "hay que convencer"
			continue
		case i > 1 && c.toks[i-1].Fold == "be" && (c.toks[i-2].Fold == "to" || modals.Has(c.toks[i-2].Fold)): // "had to be moved"
			continue
		case c.meanwhile(i): // "while the claims are processed"
			continue
		case hedged && past && c.until(i): // "should start when the road has been built"
			continue
		case beginsWith(f, "puso", "pusieron") && i+1 < len(c.toks) && c.toks[i+1].Fold == "fin":
			continue // ended it
		case i+2 < len(c.toks) && c.toks[i+1].Fold == "in" && c.toks[i+2].Fold == "for": // "put in for a berth"
			continue
		case e.countedSo(i, e.links.to[i]):
			continue
		case c.offers(i), c.attributive(i): // turned an offer down, an established practice
			continue
		}
		if len(e.links.to[i]) == 0 && !slight.Has(f) || transfers.Has(f) {
			if e.putForward(i) {
				return i
			}
			continue
		}
		to := e.links.direct[i]
		if len(to) == 0 {
			to = s.verbsOf(e.links.to[i])
		}
		free := func(j int) bool {
			return s.settled(j) || w.cue&cueDone != 0 && (s.agreedTo(j) || s.words[j].pledge)
		}
		if len(to) > 0 && !slices.ContainsFunc(to, free) && (!hedged || past || !c.openFor(i) && s.infinitives(to)) && e.sharesMost(i) &&
			!e.objectApart(i, to) {
			return i
		}
	}
	return -1
}

// countedSo reports whether a number by the verb at token i of the claim stands for a fact in the source: "40 boats were moored" of
// "it planned to moor 90; it has moored 40".
func (e *evidence) countedSo(i int, to []int) bool {
	c, s := e.claim, e.source
	if !slices.ContainsFunc(s.figures(), func(f figure) bool {
		return slices.ContainsFunc(to, func(j int) bool { return f.first > j && f.first < j+4 })
	}) {
		return false
	}
	for k := max(0, i-6); k < len(c.toks) && k <= i+4; k++ {
		if c.toks[k].Digit && c.words[k].clause == c.words[i].clause && !c.inDate(k) {
			for j := range s.toks {
				if s.toks[j].Fold == c.toks[k].Fold && s.settled(j) {
					return true
				}
			}
		}
	}
	return false
}

// objectApart reports whether what follows the verb at token i of the claim stands in the source away from all that the verb may
// stand for: "lifted the ban after the mayor agreed to end the search" has nothing of "they ended the ban" only agreed to.
func (e *evidence) objectApart(i int, to []int) bool {
	c, s := e.claim, e.source
	for k := i + 1; k < len(c.words) && c.words[k].clause == c.words[i].clause; k++ {
		if !c.words[k].content || slight.Has(c.toks[k].Fold) || len(e.links.to[k]) == 0 || prepositions[c.toks[k].Fold] != "" {
			continue
		}
		return !slices.ContainsFunc(e.links.to[k], func(a int) bool {
			return slices.ContainsFunc(to, func(b int) bool {
				apart := s.words[a].clause - s.words[b].clause
				return s.words[a].sentence == s.words[b].sentence && apart <= 1 && apart >= -1 && a-b < 8 && b-a < 8
			})
		})
	}
	return false
}

// forsakes reports whether a text is about giving up something that was to come: "retreated from", "put on hold".
func (s *statement) forsakes() bool {
	for i, t := range s.toks {
		if forsaking.Has(t.Fold) ||
			i > 0 && (t.Fold == "hold" || t.Fold == "ice") && s.toks[i-1].Fold == "on" ||
			i > 0 && t.Fold == "down" && strings.HasPrefix(s.toks[i-1].Fold, "back") {
			return true
		}
	}
	return false
}

// forsaking say that something that was to come was given up.
var forsaking = lang.SetOf(`retreated retreats backtracked backtracks relented desisted climbed renounced reconsidered desistio recapacito
		recule reculo renuncio renuncia renunciaron renunciado desiste desistieron desistido reculado retracto retractaron retracted
		abandoned abandons scrapped shelved ditched`)

// afterwards reports whether the word at token i is a Spanish subjunctive of what came before something else: "después de
// que enviara".
func (s *statement) afterwards(i int) bool {
	if s.lang != lang.Spanish || !s.subjunctive(i) {
		return false
	}
	for k := i - 1; k > 0 && k >= i-5 && !s.comma(k+1); k-- {
		if s.toks[k].Fold == "que" {
			f := s.toks[k-1].Fold
			return f == "tras" || f == "luego" || f == "despues" || f == "de" && k > 1 && (s.toks[k-2].Fold == "despues" || s.toks[k-2].Fold == "luego")
		}
	}
	return false
}

// until reports whether the verb at token i tells when something is to be: "after the road has been built".
func (s *statement) until(i int) bool {
	for k := i - 1; k >= 0 && k >= i-7; k-- {
		switch s.toks[k].Fold {
		case "after", "once", "when", "until", "before", "cuando", "tras", "hasta", "vez":
			return true
		}
	}
	return false
}

// meanwhile reports whether the verb at token i tells of what goes on beside what the sentence is about.
func (s *statement) meanwhile(i int) bool {
	for k := i - 1; k >= 0 && k >= i-6 && !s.comma(k+1); k-- {
		if f := s.toks[k].Fold; f == "while" || f == "mientras" {
			return k > 0 && !s.comma(k)
		}
	}
	return false
}

// openFor reports whether a hedge of the claim may be about its verb at token i: one before it, a modal verb, or one in
// the passive: "a road built by the town was proposed". In "reopened the road when asked" there is none.
func (s *statement) openFor(i int) bool {
	for k := range s.words {
		if s.words[k].sentence != s.words[i].sentence || s.words[k].cue&unreal == 0 && !duties.Has(s.toks[k].Fold) {
			continue
		}
		before := s.words[max(0, k-1)].cue | s.words[max(0, k-2)].cue
		if k < i || s.words[k].cue&(cueMay|cueWill) != 0 || before&cuePassive != 0 {
			return true
		}
	}
	return false
}

// verbsOf returns those of some words that are infinitives, when there are any, else all: "planned to help with aid"
// is one of helping.
func (s *statement) verbsOf(list []int) []int {
	verbs := slices.DeleteFunc(slices.Clone(list), func(j int) bool { return !s.infinitive(j) })
	if len(verbs) == 0 {
		return list
	}
	return verbs
}

// infinitives reports whether all words are infinitives.
func (s *statement) infinitives(list []int) bool {
	return !slices.ContainsFunc(list, func(j int) bool { return !s.infinitive(j) })
}

// infinitive reports whether a "to" or a modal verb stands before token i.
func (s *statement) infinitive(i int) bool {
	return i > 0 && (s.toks[i-1].Fold == "to" || s.words[i-1].cue&(cueMay|cueWill) != 0)
}

// spending are nouns of what has been done with money.
var spending = lang.SetOf(`spending payments payment disbursements disbursement outlays deliveries gasto gastos desembolso desembolsos
		pagos entregas`)

// drift returns the first word that the source only puts forward when most of a claim without any hedge is such, or -1.
func (e *evidence) drift() int {
	c, s := e.claim, e.source
	if e.hedged() || c.forsakes() || c.founders() {
		return -1
	}
	under, settled, first := 0, 0, -1
	for i := range c.words {
		w := &c.words[i]
		if !w.content && !c.toks[i].Digit || w.inside || c.inDate(i) || w.cue&(attributed|unreal) != 0 || slight.Has(c.toks[i].Fold) {
			continue
		}
		free, linked := false, false
		for _, j := range e.links.to[i] {
			free, linked = free || s.settled(j) || s.words[j].pledge && c.cued(cueDone), true
		}
		if c.toks[i].Digit {
			for j := range s.toks {
				if s.toks[j].Fold == c.toks[i].Fold {
					free, linked = free || s.settled(j), true
				}
			}
		}
		switch {
		case !linked:
		case free || w.under != 0:
			settled++
		case w.deny != 0: // "the plan for three ferries failed"
		default:
			under++
			if first < 0 {
				first = i
			}
		}
	}
	if under >= 2 && under > settled {
		return first
	}
	return -1
}

// founders reports whether a text says of what comes before it that it came to nothing: "the motion to open it failed".
func (s *statement) founders() bool {
	for i := range s.words {
		if s.words[i].cue&cueDeny == 0 || s.words[i].not > 0 || !s.verbal(i) {
			continue
		}
		if i+1 == len(s.words) || s.passive(i) || s.comma(i+1) || s.words[i+1].sentence != s.words[i].sentence {
			return true
		}
	}
	return false
}

// loosened returns a word of the claim that leaves open, or puts into the future, what the source, which has nothing
// of the kind, says for a fact: "expected to close" for "closed". It returns -1 when there is none.
func (e *evidence) loosened() int {
	c, s := e.claim, e.source
	if e.claimed() {
		return -1
	}
	for i := range c.words {
		w, f := &c.words[i], c.toks[i].Fold
		switch {
		case w.cue&unreal == 0 || len(e.links.to[i]) > 0:
		case able.Has(f) || c.lang == lang.Spanish && (strings.HasSuffix(f, "ria") || strings.HasSuffix(f, "rian")):
			// able to; what was to come
		case w.cue&cueMay != 0 && i+1 < len(c.toks) && c.words[i+1].cue&cueNot != 0: // "may not work" is not allowed to
		case w.cue&cueMay != 0 && slices.ContainsFunc(s.toks, func(t lang.Token) bool { return allowing.Has(t.Fold) }) && !s.cued(cueNot|cueDeny):
		case (f == "is" || f == "are") && i+1 < len(c.toks) && c.toks[i+1].Fold == "to": // a duty
		case w.cue&cueAsk != 0 && s.hasWord("told", "tell", "pidio"):
		case w.cue&cueWish != 0 && (c.describes(i) || c.openToAll(i) && !e.contrary(i)):
		case w.cue&cueAsk != 0 && e.needed(i):
		case f == "pending": // until then
		case w.cue&unreal == cueWill && i+1 < len(c.toks) && c.words[i+1].cue&cueNot != 0 && s.cued(cueDeny): // "will not" for "refuses to"
		case beginsWith(f, "meant", "destin") && i+1 < len(c.toks) && (c.toks[i+1].Fold == "for" || c.toks[i+1].Fold == "a"): // "meant for 350"
		case beginsWith(f, "offer", "ofrec") && !c.offersTo(i): // "offered good wages"
		case (f == "if" || f == "si" || f == "unless") && s.demands(): // a condition
		default:
			return i
		}
	}
	return -1
}

// offersTo reports whether the offer at token i is one to do something: "offered to pay".
func (s *statement) offersTo(i int) bool {
	if i+1 == len(s.toks) {
		return false
	}
	f := s.toks[i+1].Fold
	return f == "to" || s.lang == lang.Spanish && endsIn(f, "ar", "er", "ir", "arse", "erse", "irse")
}

// describes reports whether the verb at token i only tells who is meant: "people seeking a licence", "quienes buscan casa".
func (s *statement) describes(i int) bool {
	if i == 0 || s.comma(i) {
		return false
	}
	f := s.toks[i-1].Fold
	return tellers.Has(f) || strings.HasSuffix(s.toks[i].Fold, "ing") && (s.words[i-1].content || s.words[i-1].name > 0)
}

// contrary reports whether the source has an opposite of the word at token i of the claim.
func (e *evidence) contrary(i int) bool {
	return slices.ContainsFunc(e.claim.words[i].pairs, func(p int16) bool {
		return slices.ContainsFunc(e.source.words, func(w word) bool { return slices.Contains(w.pairs, -p) })
	})
}

// openToAll reports whether the "open" at token i tells who may come in, and not what somebody is ready to do: "open to
// members", but "open to lending".
func (s *statement) openToAll(i int) bool {
	if f := s.toks[i].Fold; f != "open" && !strings.HasPrefix(f, "abiert") || i+2 >= len(s.toks) {
		return false
	}
	f := s.toks[i+2].Fold
	return !strings.HasSuffix(f, "ing") && !(s.lang == lang.Spanish && endsIn(f, "ar", "er", "ir"))
}

// demands reports whether a text says what has to be.
func (s *statement) demands() bool {
	for i, t := range s.toks {
		if requiring.Has(t.Fold) || (t.Fold == "had" || t.Fold == "has" || t.Fold == "have") && i+1 < len(s.toks) && s.toks[i+1].Fold == "to" {
			return true
		}
	}
	return false
}

// able are words of being able or allowed to, and of what was to come.
var able = lang.SetOf(`could can would puede pueden pudo pudieron podia podian able`)

// unconditional returns a verb of the claim that says that something will be, or is, while the source has it only on
// a condition or asks whether, or -1.
func (e *evidence) unconditional() int {
	c, s := e.claim, e.source
	if c.cued(cueMay|cueWeigh|cueAsk|cueThreat|cueVow|cueOffer|cueWish) ||
		c.hasWord("if", "unless", "whether", "si", "depends", "depend", "condition", "condicion", "cuando", "when", "once") {
		return -1
	}
	for j := range s.toks {
		f := s.toks[j].Fold
		whether := f == "whether"
		if !whether && f != "if" && f != "unless" {
			continue
		}
		first, last := 0, j-1
		if whether {
			first, last = j+1, len(s.toks)-1
		}
		linked, verb := 0, -1
		for i := range c.words {
			if !c.words[i].content && c.words[i].name == 0 || c.words[i].not > 0 || c.words[i].cue&attributed != 0 {
				continue
			}
			in := slices.ContainsFunc(e.links.to[i], func(k int) bool {
				return k >= first && k <= last && s.words[k].sentence == s.words[j].sentence && (whether || s.words[k].clause >= s.words[j].clause-1)
			})
			if !in {
				continue
			}
			linked++
			if verb < 0 && c.words[i].content && (c.verbal(i) || c.words[i].cue&cueWill != 0) {
				verb = i
			}
		}
		if linked >= 3 && verb >= 0 {
			return verb
		}
		if whether {
			if verb = e.answered(first, last); verb >= 0 {
				return verb
			}
		}
	}
	return -1
}

// answered returns the verb of a clause of the claim that has two or more words, itself or others, of what the source asks whether
// it is so, its
// tokens first to last, and none of anything else there: "the towns will pay" for "whether the towns will pay is open". Otherwise
// it returns -1.
func (e *evidence) answered(first, last int) int {
	c := e.claim
	for i := range c.words {
		if !c.verbal(i) || c.words[i].not > 0 || c.words[i].deny > 0 || c.words[i].cue&(attributed|cueDeny) != 0 {
			continue
		}
		in, out := 0, 0
		for k := range c.words {
			if c.words[k].clause != c.words[i].clause || len(e.links.to[k]) == 0 || !c.words[k].content && c.words[k].name == 0 {
				continue
			}
			if slices.ContainsFunc(e.links.to[k], func(j int) bool {
				return j >= first && j <= last && e.source.words[j].sentence == e.source.words[first].sentence
			}) {
				in++
			} else if k != i {
				out++
			}
		}
		if in >= 2 && out == 0 {
			return i
		}
	}
	return -1
}

// standings are the cues of verbs that say how something stands, each with those that may stand in for it.
var standings = []struct{ is, also cue }{
	{cueWish, cueWish | cueAsk | cueOffer | cueVow | cueWill | cueWeigh},
	{cueAsk, cueAsk | cueWish | cueOffer},
	{cueOffer, cueOffer | cueAsk | cueWish | cueVow | cueWill | cueWeigh | cueMay},
	{cueVow, cueVow | cueWill | cueDone},
	{cueThreat, cueThreat | cueVow | cueWill},
	{cueWeigh, cueWeigh | cueMay | cueOffer},
}

// otherStanding returns a verb of the claim by which something is asked for, offered, promised and the like, when
// nothing there is, or when it only may be there. It returns -1 when there is none.
func (e *evidence) otherStanding() int {
	c, s := e.claim, e.source
	for i := range c.words {
		w := &c.words[i]
		if w.inside || w.not > 0 || w.deny > 0 || !c.verbal(i) && w.cue&unreal != cueVow || len(e.links.direct[i]) > 0 {
			continue
		}
		for _, st := range standings {
			if w.cue&st.is == 0 || w.under != 0 || w.cue&(cueDone|attributed)&^st.is != 0 {
				continue
			}
			if s.stands(st.also) || st.is == cueVow && s.hasOffer() {
				continue
			}
			if st.is == cueAsk && strings.HasPrefix(c.toks[i].Fold, "call") && s.cued(cueWill) {
				continue // what a text calls for, it provides for
			}
			if st.is == cueAsk && strings.HasPrefix(c.toks[i].Fold, "solicit") {
				continue // applies
			}
			if st.is == cueAsk && s.hasWord("told", "tell", "pidio", "should", "deberia", "deberian", "must") {
				continue
			}
			return i
		}
		if w.cue&(cueAsk|cueOffer|cueVow|cueThreat) == 0 || w.cue&attributed != 0 || w.under != 0 || len(e.links.to[i]) == 0 ||
			c.cued(cueMay) {
			continue
		}
		may := true
		for _, j := range e.links.to[i] {
			may = may && s.words[j].under&(cueMay|cueWeigh) != 0
		}
		if may {
			return i
		}
	}
	return -1
}

// hasOffer reports whether a text tells of an offer, which may be a promise, as a proposal may not.
func (s *statement) hasOffer() bool {
	return slices.ContainsFunc(s.toks, func(t lang.Token) bool {
		return beginsWith(t.Fold, "offer", "ofrec", "ofert")
	})
}

// stands reports whether a cue stands anywhere in the text, not denied and not itself only possible: "might request".
// What would be is not put forward.
func (s *statement) stands(c cue) bool {
	for i := range s.words {
		w := &s.words[i]
		if w.cue&c == 0 || w.not > 0 && w.cue&cueWill == 0 { // what will not be is promised as well as what will
			continue
		}
		if c&cueMay != 0 && s.toks[i].Fold != "would" || c&cueMay == 0 && w.under&(cueWeigh|cueMay) == 0 {
			return true
		}
	}
	return false
}

// kept returns a word of the claim by which a goal is reached or a promise kept where the source has the goal or
// promise and nothing that reaches or keeps one; or -1.
func (e *evidence) kept() int {
	c, s := e.claim, e.source
	for i, t := range c.toks {
		if !keeping.Has(t.Fold) || c.words[i].not > 0 || c.words[i].deny > 0 || c.words[i].under != 0 {
			continue
		}
		for k := i + 1; k < len(c.toks) && k <= i+5; k++ {
			if aims.Has(c.toks[k].Fold) && slices.ContainsFunc(e.links.to[k], func(j int) bool { return s.words[j].cue&unreal != 0 }) &&
				!s.cued(cueDone) && !slices.ContainsFunc(s.toks, func(t lang.Token) bool { return keeping.Has(t.Fold) }) {
				return i
			}
		}
	}
	return -1
}

// keeping reach an aim, and aims are what is reached or kept.
var (
	keeping = lang.SetOf(`reached met hit fulfilled achieved kept honoured honored delivered attained surpassed exceeded completed cumplio
		cumplieron cumplido alcanzo alcanzaron alcanzado logro lograron logrado supero superaron superado`)
	aims = lang.SetOf(`goal goals target targets promise promises pledge pledges commitment commitments aim aims plan plans meta metas
		objetivo objetivos promesa promesas compromiso compromisos plan planes`)
)

// fulfilled returns a word of the claim that gives a reason or a time where the source has a condition: "because
// Mexico had helped" for "if Mexico helped". It returns -1 when there is none.
func (e *evidence) fulfilled() int {
	c, s := e.claim, e.source
	if c.hasWord("if", "unless", "si", "whether", "condition", "condicion", "siempre") {
		return -1
	}
	for i := range c.toks {
		if !factual.Has(c.toks[i].Fold) {
			continue
		}
		for j := range s.toks {
			if f := s.toks[j].Fold; f != "if" && f != "unless" && (f != "si" || s.lang != lang.Spanish) && !s.proviso(j) {
				continue
			}
			n, first := 0, i+1
			if f := c.toks[i].Fold; f == "having" || f == "habiendo" {
				first = max(0, i-2) // "inspectors having agreed"
			}
			for k := first; k < len(c.toks) && k <= i+6 && c.words[k].sentence == c.words[i].sentence; k++ {
				if (c.words[k].content || c.words[k].name > 0) && slices.ContainsFunc(e.links.to[k], func(m int) bool { return m > j && m <= j+6 }) {
					n++
				}
			}
			if n >= 2 {
				return i
			}
		}
	}
	return -1
}

// proviso reports whether a condition begins at token j without an "if": "provided that it rains", "siempre que llueva".
func (s *statement) proviso(j int) bool {
	if j+1 >= len(s.toks) {
		return false
	}
	switch next := s.toks[j+1].Fold; s.toks[j].Fold {
	case "provided", "providing":
		return next == "that" || s.comma(j)
	case "siempre":
		return next == "que" || next == "y"
	case "condition", "condicion":
		return next == "that" || next == "de"
	case "cuando":
		return next == "y"
	}
	return false
}

// factual begin what is so.
var factual = lang.SetOf(`because since after as having now porque ya pues tras despues habiendo luego`)

// confirmed returns a word by which something is confirmed or shown in the claim that the source has as what somebody
// believes or estimates; or -1: "the report confirmed" for "analysts believe".
func (e *evidence) confirmed() int {
	c, s := e.claim, e.source
	for i, t := range c.toks {
		w := &c.words[i]
		if !confirming.Has(t.Fold) || w.not > 0 || w.deny > 0 || w.under != 0 {
			continue
		}
		if s.noEvidence() && (i == 0 || c.words[i-1].cue&cueNot == 0) && !c.noEvidence() {
			return i
		}
		if len(e.links.to[i]) > 0 {
			continue
		}
		believed := slices.ContainsFunc(s.toks, func(t lang.Token) bool { return believing.Has(t.Fold) })
		if believed && !slices.ContainsFunc(s.toks, func(t lang.Token) bool { return confirming.Has(t.Fold) }) {
			return i
		}
	}
	return -1
}

// noEvidence reports whether a text says that there is no evidence of something.
func (s *statement) noEvidence() bool {
	for i, t := range s.toks {
		if evidences.Has(t.Fold) && s.words[i].not > 0 {
			return true
		}
	}
	return false
}

// evidences are words for what shows that something is so.
var evidences = lang.SetOf(`evidence proof indication indications prueba pruebas evidencia evidencias indicio indicios constancia`)

// confirming make a fact of something, believing leave it somebody's belief.
var (
	confirming = lang.SetOf(`confirmed confirms confirm proved proves prove proven showed shows show shown demonstrated demonstrates
		verified confirmo confirma confirmaron demostro demuestra demostraron probo comprobo verifico muestran mostro`)
	believing = lang.SetOf(`believe believes believed think thinks thought suspect suspects suspected suppose supposes supposed guess
		guessed assume assumed alleged allege alleges claimed contended contends cree creen creia creian supone suponen sospecha
		sospechan alego alega`)
)

// claimed reports whether the source gives something as somebody's belief or estimate.
func (e *evidence) claimed() bool {
	for i := range e.source.words {
		if f := e.source.toks[i].Fold; e.source.words[i].cue&cueClaim != 0 && f != "according" && f != "segun" {
			return true
		}
	}
	return false
}

// talks reports whether the text speaks of something under discussion.
func (s *statement) talks() bool {
	for _, t := range s.toks {
		if beginsWith(t.Fold, "talk", "discuss", "negotiat", "debat", "consider", "conversa", "negocia", "discut") {
			return true
		}
	}
	return false
}

// offers reports whether one of the words after token i is itself an offer, a plan or a threat.
func (s *statement) offers(i int) bool {
	for k := i + 1; k < len(s.words) && k <= i+4; k++ {
		if s.words[k].cue&unreal != 0 && !s.verbal(k) {
			return true
		}
	}
	return false
}

// agreedTo reports whether a settled word of agreeing stands just before token j: "agreed to accept".
func (s *statement) agreedTo(j int) bool {
	for d := max(0, j-3); d < j; d++ {
		if s.words[d].cue&cueDone != 0 && s.settled(d) {
			return true
		}
	}
	return false
}

// settled reports whether a word stands for a fact: nothing unreal covers it, nor is it itself of that kind.
func (s *statement) settled(j int) bool { return s.words[j].under == 0 && s.words[j].cue&unreal == 0 }

// transfers are verbs of giving and getting, said of what was done.
var transfers = lang.SetOf(`disbursed financed funded invested put puso pusieron built delivered desembolso desembolsaron financio financiaron invirtio
		invirtieron construyo construyeron entrego entregaron otorgo otorgaron concedio concedieron levanto gave got given spent
		spend paid took charged collected cobro cobraron gasto gastaron dio dieron obtuvo recibio recibieron received won granted`)

// attributive reports whether the participle at token i only describes the thing named after it: "an established practice".
func (s *statement) attributive(i int) bool {
	return i > 0 && i+1 < len(s.toks) && determinate.Has(s.toks[i-1].Fold) && s.words[i+1].content &&
		s.gap(i+1) == " "
}

// participle reports whether token i ends a verb in the perfect.
func (s *statement) participle(i int) bool {
	for k := i - 1; k > 0 && k >= i-3; k-- {
		if s.perfect(k) == i {
			return true
		}
	}
	return false
}

// viewing say how something looks to somebody, which is no deed.
var viewing = lang.SetOf(`pensaba pensaban saw see sees seen view viewed regard regarded understood understand perceived vio vieron ven
		visto considero consideran consideraron interpretaron`)

// putForward reports whether most of what follows token i of the claim stands in the source only under something
// unreal, the nearest of it above all.
func (e *evidence) putForward(i int) bool {
	c, s := e.claim, e.source
	n, balance := 0, 0
	for k := i + 1; k < len(c.words) && n < 3 && c.words[k].sentence == c.words[i].sentence; k++ {
		w := &c.words[k]
		if turns.Has(c.toks[k].Fold) && c.comma(k) || c.saysToo(k) || c.reason(k) {
			break // "…, and the mayor said"
		}
		if n > 0 && circumstances.Has(c.toks[k].Fold) {
			break // "lifted the ban after …"
		}
		if !w.content && !c.toks[k].Digit && !(w.name > 0 && !c.names[w.name-1].named) || slight.Has(c.toks[k].Fold) || c.inDate(k) ||
			w.under != 0 && !w.pledge || w.cue&(attributed|bounds) != 0 {
			continue
		}
		free, linked := false, false
		for _, j := range e.links.to[k] {
			if s.words[j].cue&unreal == 0 || n == 0 && c.words[i].cue&cueDone != 0 && !s.cued(cueDone) { // "accepted the plan"
				free, linked = free || s.settled(j) || s.words[j].pledge && c.words[i].cue&cueDone != 0, true
			}
		}
		for j := range s.toks {
			if c.toks[k].Digit && s.toks[j].Fold == c.toks[k].Fold {
				free, linked = free || s.settled(j), true
			}
		}
		switch {
		case !linked:
			continue
		case free:
			balance -= 2
		default:
			balance += 2
		}
		if n == 0 {
			balance /= 2
			balance *= 3
		}
		n++
	}
	return balance > 0
}

// circumstances begin what only tells when or why something was done.
var circumstances = lang.SetOf(`after before when while because since once although though until tras despues antes cuando mientras porque pues
	aunque luego hasta`)

// inDate reports whether token i is part of a date.
func (s *statement) inDate(i int) bool {
	if !s.words[i].date {
		return false
	}
	return slices.ContainsFunc(s.dates(), func(d lang.When) bool { return d.Start <= s.toks[i].Start && s.toks[i].End <= d.End })
}

// hasWord reports whether one of the folded words stands in the text.
func (s *statement) hasWord(folds ...string) bool {
	for _, t := range s.toks {
		if slices.Contains(folds, t.Fold) {
			return true
		}
	}
	return false
}
