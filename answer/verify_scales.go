package answer

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
		if !c.verbal(i) || auxiliaries[c.toks[i].Fold] || w.inside || !w.content || slight[c.toks[i].Fold] || len(e.links.direct[i]) > 0 ||
			w.cue&(attributed|unreal|quantities&^(cueDouble|cueTriple|cueHalf)|cueDone|cueNot|cueDeny) != 0 || w.cue&bounds != 0 && i+1 < len(c.toks) && c.toks[i+1].Digit {
			continue
		}
		if slices.ContainsFunc(e.links.to[i], func(j int) bool { return e.source.verbal(j) && e.together(i, j) }) {
			continue
		}
		out = append(out, i)
	}
	return out
}

// contradicted reports whether verbs of the source that are about the same as token i of the claim stand on the
// other side of scales that both are near to, rather than on its own.
func (e *evidence) contradicted(i int) bool {
	c, s, vocab := e.claim, e.source, verifyWords()
	sum := 0
	for j := range s.words {
		u := &s.words[j]
		if u.inside || (light[u.base] || light[u.means.stem]) && len(u.kin) > 0 && len(u.means.kin) > 0 && u.kin[0] == u.means.kin[0] || !s.verbal(j) || !e.together(i, j) || e.taken(i, j) {
			continue
		}
		side := vocab.compare(c.words[i].kin, u.kin)
		if u.not > 0 && u.not <= 2 {
			side = -side
		}
		sum += side
	}
	return sum <= -2
}

// light are verbs that mean little by themselves, and much of them.
var light = set(`come go bring take make give put get keep have hold let pay receive question swear run set send leave stay become move pass last say tell hacer dar poner llevar traer pasar
	quedar dejar llegar ir venir leav becom receiv qued dej lleg ven hac pas`)
