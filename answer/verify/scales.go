package verify

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"policybot/lang"
)

// wordFiles hold the scales: words that news uses for one another, and their opposites.
//
//go:embed words/*.txt
var wordFiles embed.FS

// scale is a group of words that stand for one another, and of those that say the contrary. Files of words
// have a block for each:
//
//	scale attitude to a measure
//	en + welcome applaud come_out_for
//	en - oppose decry
//	es + acoger aplaudir
//	es - oponerse objetar
//
// Words are lemmas and found by their stems; an underscore joins a phrase, whose first word may be inflected.
// Without a "-" line the block has no opposites.
type scale struct {
	name  string
	poles [2]map[string][]string // by language
}

// opposed reports whether a block of words has opposites.
func (s *scale) opposed() bool { return len(s.poles[0]) > 0 && len(s.poles[1]) > 0 }

// scales reads all files of words, in the order of their names. They are part of the program: a fault panics.
func scales() []scale {
	var out []scale
	names, err := fs.Glob(wordFiles, "words/*.txt")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if name == "words/standing.txt" {
			continue
		}
		b, err := wordFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		list, err := parseScales(string(b))
		if err != nil {
			panic(fmt.Sprintf("answer: %s: %v", name, err))
		}
		out = append(out, list...)
	}
	return out
}

// scaleLine is a line of words: language, pole and the words.
var scaleLine = regexp.MustCompile(`^(en|es) ([+-]) (\S.*)$`)

// parseScales reads a file of words.
func parseScales(text string) ([]scale, error) {
	var out []scale
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "scale "); ok {
			out = append(out, scale{name: name, poles: [2]map[string][]string{{}, {}}})
			continue
		}
		m := scaleLine.FindStringSubmatch(line)
		if m == nil || len(out) == 0 {
			return nil, fmt.Errorf("line %d: want \"scale NAME\", or a language, + or -, and words", n)
		}
		language, side := lang.English, 0
		if m[1] == "es" {
			language = lang.Spanish
		}
		if m[2] == "-" {
			side = 1
		}
		pole := out[len(out)-1].poles[side]
		pole[language] = append(pole[language], strings.Fields(m[3])...)
	}
	return out, nil
}

// unborne returns the verbs of the claim that nothing about the same in the source bears out.
func (e *evidence) unborne() []int {
	var out []int
	c := e.claim
	for i := range c.words {
		w := &c.words[i]
		if !c.verblike(i) || auxiliaries.Has(c.toks[i].Fold) || w.inside || !w.content || slight.Has(c.toks[i].Fold) || len(e.links.direct[i]) > 0 ||
			w.cue&(attributed|unreal|quantities&^(cueDouble|cueTriple|cueHalf)|cueDone|cueNot|cueDeny) != 0 ||
			w.cue&bounds != 0 && i+1 < len(c.toks) && c.toks[i+1].Digit {
			continue
		}
		if slices.ContainsFunc(e.links.to[i], func(j int) bool { return e.source.verblike(j) && e.together(i, j) }) {
			continue
		}
		out = append(out, i)
	}
	return out
}

// contradicted returns the verb of the source, about the same as token i of the claim, that is the most contrary to it
// when the verbs there stand on the other side of scales that both are near to rather than on its own; else -1.
func (e *evidence) contradicted(i int) (by int) {
	c, s, vocab := e.claim, e.source, verifyWords()
	sum, least := 0, 0
	by = -1
	if c.lang != s.lang {
		return -1 // words of two languages seldom share all their senses
	}
	for j := range s.words {
		u := &s.words[j]
		if u.inside || u.un || u.light() || u.cue&cueWeigh != 0 && c.awaited(i) || !u.content && len(u.kin) == 0 || e.taken(i, j) {
			continue
		}
		side := vocab.compare(c.words[i].kin, u.kin)
		if side < 0 && !s.verblike(j) {
			continue // what a noun says the contrary of may be about something else
		}
		if side > -5 && !(side <= -3 && s.pronominal(j)) && !e.together(i, j) {
			continue // only a plain contrary may stand far from it
		}
		if u.not > 0 && u.not <= 2 {
			side = -side
		}
		if sum += side; side < least {
			least, by = side, j
		}
	}
	if sum > -2 {
		return -1
	}
	return by
}

// awaited reports whether the verb at token i tells of what is waited for: "while the appeal is decided", "hasta que se resuelva".
func (s *statement) awaited(i int) bool {
	for k := i - 1; k >= 0 && k >= i-5 && s.words[k].sentence == s.words[i].sentence; k-- {
		switch s.toks[k].Fold {
		case "while", "until", "mientras", "hasta":
			return true
		}
	}
	return false
}

// pronominal reports whether the subject of the verb at token j is a pronoun: "it was shelved".
func (s *statement) pronominal(j int) bool {
	for k := j - 1; k >= 0 && k >= j-3; k-- {
		switch s.toks[k].Fold {
		case "it", "they", "this", "which":
			return true
		}
	}
	return false
}

// light reports whether a word is a verb that means little by itself, outside of a phrase.
func (w *word) light() bool {
	return (light.Has(w.base) || light.Has(w.means.stem)) && slices.Equal(w.kin, w.means.kin)
}

// verblike reports whether the word at token i has the look of a verb, infinitives among them: "pay" of "to pay".
func (s *statement) verblike(i int) bool {
	if s.verbal(i) {
		return true
	}
	if !s.words[i].content || i == 0 {
		return false
	}
	if s.lang != lang.Spanish {
		return s.toks[i-1].Fold == "to" || beforeVerb.Has(s.toks[i-1].Fold)
	}
	f := strings.TrimSuffix(strings.TrimSuffix(s.toks[i].Fold, "se"), "lo")
	return len(f) > 4 && endsIn(f, "ar", "er", "ir") && s.toks[i-1].Fold != "el" && s.toks[i-1].Fold != "un"
}

// beforeVerb are modals that the base of a verb follows.
var beforeVerb = lang.SetOf(`will would may might could can should must shall`)

// light are verbs that mean little by themselves, and much of them.
var light = lang.SetOf(`come go bring take make give put get keep have hold let pay receive question swear run set send leave stay become move
	pass last say tell hacer dar poner llevar traer pasar quedar dejar llegar ir venir tratar trat issu leav becom receiv qued dej lleg ven
	hac pas volver volv`)
