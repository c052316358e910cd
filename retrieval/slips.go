package retrieval

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"policybot/lang"
)

// A word that the library does not hold may be a slip in one that it does hold, or another word. For common
// words the former is a safe guess. A name that differs by a letter is as often another name: Zambia is no
// slip in Gambia. So a name is taken for a known one only when what differs is what writers get wrong, when
// little of it differs, and when no other known name is nearly as close.

// What an edit costs, in tenths of a letter. Slips of hand and ear cost half as much as letters that stand
// for another sound, by which names are told apart. They are set by hand, not fitted.
const (
	costDouble  = 5  // a letter doubled, or half of a pair left out: Tapachulla
	costSwap    = 5  // two neighbours that changed places: Gautemala
	costSound   = 5  // a letter that sounds much the same: Fernandes, Sheinbaun
	costVowel   = 6  // another vowel inside the word, or one left out there: Guatemela, Mexco
	costMissing = 10 // a letter left out or put in: Tapachua, Obrado
	costKey     = 12 // the next key: Tapachuka
	costLetter  = 15 // another letter
	costFinal   = 20 // another vowel at the end, or one more or less: it tells Mario from María, Martín from Martina
	costFirst   = 5  // more, when it is the first letter
	costFar     = 1 << 10
)

// maxEdits is how many edits are looked at: more of them, cheap as they may be, make another word.
const maxEdits = 3

// allowed is what may differ between a name of so many letters and the known name that it is taken for.
// vouched tells that there is reason to expect the known name.
func allowed(letters int, vouched bool) int {
	switch {
	case letters < 5:
		return 0
	case letters < 7 && !vouched:
		return costVowel
	case letters < 7:
		return costMissing
	case letters < 10 && !vouched:
		return costKey
	}
	return costLetter
}

// soundsAlike are pairs of letters that one sound is written with, in Spanish or English.
var soundsAlike = func() map[[2]byte]bool {
	m := map[[2]byte]bool{}
	for _, p := range strings.Fields("bv sz cz cs ck kq cq gj hj iy mn gh ly xj xs jx") {
		m[[2]byte{p[0], p[1]}], m[[2]byte{p[1], p[0]}] = true, true
	}
	return m
}()

var rowsOfKeys = [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// replaced is what it costs that y stands for x.
func replaced(x, y byte, first, last bool) int {
	cost := costLetter
	switch {
	case x == y:
		return 0
	case soundsAlike[[2]byte{x, y}]:
		cost = costSound
	case vowel(x) && vowel(y) && last:
		cost = costFinal
	case vowel(x) && vowel(y):
		cost = costVowel
	default:
		for _, row := range rowsOfKeys {
			i, j := strings.IndexByte(row, x), strings.IndexByte(row, y)
			if i >= 0 && j >= 0 && (i-j == 1 || j-i == 1) {
				cost = costKey
			}
		}
	}
	if first {
		cost += costFirst
	}
	return cost
}

// extra is what it costs that s has the letter at i, which the other word lacks.
func extra(s string, i int) int {
	c := s[i]
	switch {
	case i > 0 && s[i-1] == c || i+1 < len(s) && s[i+1] == c:
		return costDouble
	case c == 'h': // mute in Spanish
		return costSound
	case i == 0:
		return costMissing + costFirst
	case i == len(s)-1 && vowel(c):
		return costFinal
	}
	return costMissing
}

// letterless are the letters without a mark that could be taken off, with what they are written as without them.
var letterless = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i")

// plain returns a folded word in plain letters.
func plain(fold string) string {
	for i := 0; i < len(fold); i++ {
		if fold[i] >= utf8.RuneSelf {
			return letterless.Replace(fold)
		}
	}
	return fold
}

// lacking is what it costs that a word lacks the letter of s at i.
func lacking(s string, i int) int {
	if cost := extra(s, i); cost != costMissing || !vowel(s[i]) {
		return cost
	}
	return costVowel
}

// slip is the least cost of the edits that make the word a of the known word b, costFar if it takes more than
// so many: see distance.
func slip(a, b string, edits int) int {
	a, b = plain(a), plain(b)
	if distance(a, b, edits) > edits {
		return costFar
	}
	var rows [4][65]int
	prev3, prev2, prev, row := &rows[0], &rows[1], &rows[2], &rows[3]
	for j := range len(b) {
		prev[j+1] = prev[j] + lacking(b, j)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = prev[0] + extra(a, i-1)
		for j := 1; j <= len(b); j++ {
			first, last := i == 1 && j == 1, i == len(a) && j == len(b)
			d := min(prev[j]+extra(a, i-1), row[j-1]+lacking(b, j-1), prev[j-1]+replaced(a[i-1], b[j-1], first, last))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				d = min(d, prev2[j-2]+costSwap)
			}
			if i > 2 && j > 2 && a[i-1] == b[j-1] && a[i-3] == b[j-3] && (a[i-2] == a[i-3] && b[j-2] == b[j-1] || a[i-2] == a[i-1] && b[j-2] == b[j-3]) {
				d = min(d, prev3[j-3]+costDouble) // the wrong one of two doubled: Issac
			}
			row[j] = d
		}
		prev3, prev2, prev, row = prev2, prev, row, prev3
	}
	return prev[len(b)]
}

// What the names of places end in, and those of their people, and plurals.
var (
	placeEndings  = words("a o e i as es os is")
	peopleEndings = words("n ns an ans ian ians ano anos ana anas eno enos ena enas ense enses teco tecos teca tecas ese eses")
)

// kin reports whether two folded words differ in nothing but such an ending: Guatemala and guatemaltecos.
func kin(a, b string) bool {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for k := n; k >= 4 && k >= n-2; k-- {
		x, y := a[k:], b[k:]
		if len(x) > len(y) {
			x, y = y, x
		}
		if y == x || y == x+"s" || y == x+"es" || peopleEndings[y] && (x == "" || placeEndings[x] || peopleEndings[x]) || peopleEndings[x] && placeEndings[y] {
			return true
		}
	}
	return false
}

// proper reports whether a term is nearly always written with a capital in the index.
func (s *snapshot) proper(id uint32) bool {
	n := s.post.names[id]
	return n > 0 && s.post.upper[id]*10 >= n*9
}

// respell looks for the known words that an unknown word of a question may be a slip for. slips are those
// that it is taken for. others are known names that it is too unlike, or as like as it is to others, to be
// taken for. named reports whether it is looked upon as a name, because it is written as one or because all that
// is like it are names.
func (s *snapshot) respell(fold, language string, as written) (slips, others []likeness, named bool) {
	near := s.spellings(fold, 3)
	if len(near) == 0 {
		return nil, nil, false
	}
	named = true
	for _, c := range near {
		named = named && s.proper(s.vocab.ids[c.term])
	}
	if !named && !as.capital {
		return near, nil, false
	}
	best, cost := likeness{}, costFar
	for _, c := range near {
		if d := slip(fold, c.fold, maxEdits); d < cost {
			best, cost = c, d
		}
	}
	if cost > allowed(max(len(fold), len(best.fold)), s.expected(best) || s.vouched(best.term, language, as)) || s.proper(s.vocab.ids[best.term]) && s.rivalled(fold, best, cost) {
		return nil, near, true
	}
	return []likeness{best}, nil, s.proper(s.vocab.ids[best.term])
}

// How common a word has to be to be expected.
const (
	expectedShare = 20 // one passage of so many has it
	expectedLeast = 5  // and so many passages
)

// expected reports whether a word is one that the library is about: the lexicon has it for a name, or many passages
// hold it.
func (s *snapshot) expected(c likeness) bool {
	if _, ok := s.analyzer.nameOf(c.fold); ok {
		return true
	}
	df := s.df(c.term)
	return df >= expectedLeast && df*expectedShare >= s.post.nchunk
}

// vouched reports whether a word next to one that is taken for the term is a name that stands beside the term in half of the articles that hold
// the name: Marcelo does for Ebrard, where no other Marcelo is known.
func (s *snapshot) vouched(term, language string, as written) bool {
	own := s.of(s.vocab.ids[term])
	for _, b := range as.beside {
		id, ok := s.vocab.ids[lang.Stem(b, language)]
		if !ok || len(b) < 3 || s.vocab.terms[id] == term || !s.proper(id) {
			continue
		}
		other := s.of(id)
		together := 0
		for i, j, pi, pj := 0, 0, 0, 0; i < len(own.docs) && j < len(other.docs); {
			switch {
			case own.docs[i] < other.docs[j]:
				pi += int(own.n[i])
				i++
			case own.docs[i] > other.docs[j]:
				pj += int(other.n[j])
				j++
			default:
				x, y := own.pos[pi:pi+int(own.n[i])], other.pos[pj:pj+int(other.n[j])]
				if _, near := adjacent(x, y, 2); near > 0 {
					together++
				}
				pi += int(own.n[i])
				pj += int(other.n[j])
				i++
				j++
			}
		}
		if together > 0 && 2*together >= len(other.docs) {
			return true
		}
	}
	return false
}

// rivalled reports whether another known name is hardly less like a word than the nearest, or the nearest is
// told from another known name by no more than from the word.
func (s *snapshot) rivalled(fold string, nearest likeness, cost int) bool {
	// No edit costs less than costSound, and each changes two of the letters that occur at most.
	near, twin := min(2*cost/costSound, maxEdits), min(cost/costSound, maxEdits)
	mask, of := letters(fold), letters(nearest.fold)
	for _, f := range s.vocab.surfaces {
		close := bits.OnesCount32(f.mask^mask) <= 2*near
		if !close && bits.OnesCount32(f.mask^of) > 2*twin {
			continue
		}
		if !s.proper(f.id) || s.vocab.terms[f.id] == nearest.term || s.post.start[f.id+1] == s.post.start[f.id] || kin(f.fold, nearest.fold) {
			continue
		}
		if close && slip(fold, f.fold, near) <= 2*cost || slip(nearest.fold, f.fold, twin) <= cost {
			return true
		}
	}
	return false
}

// anotherName reports whether a term that is spelt somewhat like a word of a question is the name of somebody
// or something else. A question without capitals may write names without.
func (s *snapshot) anotherName(t lang.Token, as written, c likeness) bool {
	return (as.capital || !as.capitals) && s.proper(s.vocab.ids[c.term]) && !kin(t.Fold, c.fold)
}
