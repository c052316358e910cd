package retrieval

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

// eager is the plain way to do what shelves do late: every word of a lexicon stemmed, every list made.
type eager struct {
	near, related, to map[string]map[string][]string // by language
	phrases           map[string]map[string][]name
	idioms            map[string][]name
	ordinary          map[string]bool
}

func newEager(a *Analyzer, lex *corpus.Lexicon) *eager {
	two := func() map[string]map[string][]string {
		return map[string]map[string][]string{lang.English: {}, lang.Spanish: {}}
	}
	e := &eager{two(), two(), two(), map[string]map[string][]name{lang.English: {}, lang.Spanish: {}}, map[string][]name{}, map[string]bool{}}
	add := func(m map[string][]string, k, v string) {
		if !slices.Contains(m[k], v) {
			m[k] = append(m[k], v)
		}
	}
	folds := func(phrase string) (folds []string) {
		for _, t := range lang.Tokens(phrase) {
			folds = append(folds, t.Fold)
		}
		return folds
	}
	know := func(phrase, l string) {
		for _, t := range lang.Tokens(phrase) {
			e.ordinary[t.Fold] = true
			e.ordinary[lang.Stem(t.Fold, l)] = true
		}
	}
	link := func(m map[string][]string, l, from, to string) {
		if strings.HasPrefix(from, conceptPrefix) {
			add(m, from, to)
			return
		}
		know(from, l)
		p := name{}
		for _, t := range lang.Tokens(from) {
			if p.lead == len(p.words) && lang.Stop(t.Fold, l) {
				p.lead++
			}
			p.words = append(p.words, lang.Stem(t.Fold, l))
		}
		if len(p.words) == 0 {
			return
		}
		p.lead = min(p.lead, len(p.words)-1)
		p.term = strings.Join(p.words, " ")
		add(m, p.term, to)
		first := p.words[p.lead]
		if len(p.words) > 1 && !slices.ContainsFunc(e.phrases[l][first], func(n name) bool { return n.term == p.term }) {
			e.phrases[l][first] = append(e.phrases[l][first], p)
		}
	}
	for _, list := range a.names {
		for _, n := range list {
			for _, w := range n.words {
				e.ordinary[w] = true
			}
		}
	}
	for l, groups := range lex.Synonyms {
		if e.near[l] == nil {
			continue
		}
		for _, g := range groups {
			for i, from := range g {
				for j, to := range g {
					if i != j {
						link(e.near[l], l, from, to)
					}
				}
			}
		}
	}
	for _, r := range lex.Related {
		for _, from := range r.From {
			for _, to := range r.To {
				for l, m := range e.related {
					link(m, l, from, to)
					if toks := lang.Tokens(from); len(toks) > 0 {
						if n, k := a.match(toks, 0, false, true); k == len(toks) {
							add(m, n.term, to)
						}
					}
				}
			}
		}
	}
	for _, w := range slices.Sorted(maps.Keys(lex.Words)) {
		f := lang.Fold(w)
		know(f, lang.Spanish)
		p := name{words: folds(f)}
		key := strings.Join(p.words, " ")
		if len(p.words) > 1 && !slices.ContainsFunc(e.idioms[p.words[0]], func(n name) bool { return n.term == key }) {
			p.term = key
			e.idioms[p.words[0]] = append(e.idioms[p.words[0]], p)
		}
		for _, x := range lex.Words[w] {
			x = lang.Fold(x)
			know(x, lang.English)
			both := func(l, from, to string) {
				add(e.to[l], from, to)
				if s := lang.Stem(from, l); s != from && !strings.Contains(from, " ") {
					add(e.to[l], s, to)
				}
			}
			both(lang.Spanish, key, x)
			both(lang.English, strings.Join(folds(x), " "), f)
		}
	}
	for _, m := range []map[string][]name{e.phrases[lang.English], e.phrases[lang.Spanish], e.idioms} {
		for _, list := range m {
			sortNames(list)
		}
	}
	return e
}

// Whatever is asked of the shelves, they answer as if everything had been stemmed beforehand.
func TestShelvesAgreeWithEagerLists(t *testing.T) {
	shipped, err := corpus.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	odd := &corpus.Lexicon{
		Concepts: []corpus.Concept{{ID: "tariff", Any: []string{"Harbour Tariff", "HT"}, EN: []string{"the tariff"}}},
		Related: []corpus.Relation{
			{From: []string{"harbour tariff", "concept:tariff", "dying"}, To: []string{"customs", "duty"}},
			{From: []string{"Harbour Tariff", "a.m.", "", "¿?"}, To: []string{"duty", "levy"}},
		},
		Synonyms: map[string][][]string{
			"en": {{"die", "perish", "dying"}, {"H-2A", "U.S. visa", "US", "us"}, {"the whole of it", "all"}, {"of the", "by"}, {"concept:tariff", "sky", "skies"},
				{"day to day", "daily"}, {"y'all", "l’été"}, {"Ünder way", "cafe\u0301 noir"}, {strings.Repeat("long", 30), "длинный путь"}},
			"es": {{"ñandú", "avestruz"}, {"a menudo", "muchas veces"}, {"educación", "enseñanza"}, {"Él", "ese"}},
			"fr": {{"mer", "ocean"}},
		},
		Words: map[string][]string{"a menudo": {"often", "many a time"}, "EE. UU.": {"US", "U.S."}, "árbol": {"tree"}, "arbol": {"Trees", "mast"}, "¡ay!": {"alas"}, "ir": nil},
	}
	for name, lex := range map[string]*corpus.Lexicon{"shipped": shipped, "odd": odd, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			a := NewAnalyzer(lex)
			e := newEager(a, lex)
			missing := []string{"", "z", "zz", "zzz top", "x y", "concept:zz", "1492"}
			for _, l := range []string{lang.English, lang.Spanish} {
				for what, c := range map[string]struct {
					want map[string][]string
					got  func(key string) []string
				}{
					"synonyms": {e.near[l], func(k string) []string {
						if strings.HasPrefix(k, conceptPrefix) {
							return e.near[l][k] // never asked for
						}
						return a.synonyms(l, k)
					}},
					"related":      {e.related[l], func(k string) []string { return a.related(l, k) }},
					"translations": {e.to[l], func(k string) []string { return a.translations(l, k, k) }},
				} {
					for _, k := range append(slices.Collect(maps.Keys(c.want)), missing...) {
						if got := c.got(k); !slices.Equal(got, c.want[k]) {
							t.Fatalf("%s, %s of %q: %q, want %q", l, what, k, got, c.want[k])
						}
					}
				}
				for _, k := range append(slices.Collect(maps.Keys(e.phrases[l])), missing...) {
					if got, want := a.phrases(l, k), e.phrases[l][k]; !slices.EqualFunc(got, want, sameName) {
						t.Fatalf("%s, phrases at %q: %v, want %v", l, k, got, want)
					}
				}
			}
			for _, k := range append(slices.Collect(maps.Keys(e.idioms)), missing...) {
				if got, want := a.idioms(k), e.idioms[k]; !slices.EqualFunc(got, want, sameName) {
					t.Fatalf("idioms at %q: %v, want %v", k, got, want)
				}
			}
			for _, k := range append(slices.Collect(maps.Keys(e.ordinary)), missing...) {
				if got := a.ordinary(k); got != e.ordinary[k] {
					t.Fatalf("ordinary(%q) = %t", k, got)
				}
			}
		})
	}
}

func sameName(a, b name) bool {
	return a.term == b.term && a.lead == b.lead && slices.Equal(a.words, b.words)
}

// Shelves are filled while they are read.
func TestShelvesAreSafeForConcurrentUse(t *testing.T) {
	lex := &corpus.Lexicon{Synonyms: map[string][][]string{"en": {{"strike", "walkout", "stoppage"}, {"strikes", "protest"}}}}
	a := NewAnalyzer(lex)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := a.synonyms("en", "strike"); len(got) != 3 {
				t.Errorf("%q", got)
			}
		})
	}
	wg.Wait()
}

// The shelves rest on it.
func FuzzStemsKeepTheirSlot(f *testing.F) {
	for _, w := range strings.Fields("dying die lying ties tie skies sky using use y yes yy nación educación ñandú fly flies 2nd u.s añó ag aging aged") {
		f.Add(w)
	}
	f.Add("a la vez que los niños")
	f.Fuzz(func(t *testing.T, text string) {
		for _, tok := range lang.Tokens(text) {
			for _, l := range []string{lang.English, lang.Spanish} {
				if st := lang.Stem(tok.Fold, l); len(st) > 1 && slotOf(st) != slotOf(tok.Fold) {
					t.Errorf("%s: %q has the stem %q", l, tok.Fold, st)
				}
			}
		}
		if slots, plain := slotsOf(nil, text); plain {
			toks := lang.Tokens(text)
			if len(slots) != len(toks) {
				t.Fatalf("%q: %d words, want %d", text, len(slots), len(toks))
			}
			folds := foldsOf(nil, text)
			for i, tok := range toks {
				if folds[i] != tok.Fold {
					t.Fatalf("%q, word %d: %q, want %q", text, i, folds[i], tok.Fold)
				}
				if int(slots[i]) != slotOf(tok.Fold) {
					t.Fatalf("%q, word %d: %q", text, i, tok.Fold)
				}
			}
		}
	})
}
