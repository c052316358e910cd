package verify

import (
	"strings"
	"testing"

	"policybot/lang"
)

func TestScalesAreSound(t *testing.T) {
	list := scales()
	if len(list) < 1000 {
		t.Fatalf("%d scales", len(list))
	}
	for _, s := range list {
		if s.name == "" || len(s.poles[0]) == 0 {
			t.Errorf("scale %q has no words on its + side", s.name)
		}
		for _, language := range []string{lang.English, lang.Spanish} {
			side := map[string]int{}
			for k, pole := range s.poles {
				for _, phrase := range pole[language] {
					stems := strings.Split(lang.Fold(phrase), "_")
					for i, w := range stems {
						stems[i] = lang.Stem(w, language)
					}
					key := strings.Join(stems, " ")
					if was, ok := side[key]; ok && was != k {
						t.Errorf("scale %q: %s stands on both sides", s.name, phrase)
					}
					side[key] = k
				}
			}
		}
	}
}

func TestParseScales(t *testing.T) {
	list, err := parseScales("# a comment\nscale door\nen + open ajar\nen + unlocked\nen - shut\nes - cerrado\n" +
		"\nscale vehicle\nen + car van\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || !list[0].opposed() || list[1].opposed() ||
		len(list[0].poles[0][lang.English]) != 3 || list[0].poles[1][lang.Spanish][0] != "cerrado" {
		t.Errorf("got %+v", list)
	}
	for name, text := range map[string]string{
		"words before a scale": "en + open\n",
		"no side":              "scale door\nen open\n",
		"other language":       "scale door\nfr + ouvert\n",
		"no words":             "scale door\nen +\n",
	} {
		if _, err := parseScales(text); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestVerbsOnOneScale holds that a claim may say a thing by another verb, and not by one that says the contrary.
func TestVerbsOnOneScale(t *testing.T) {
	v := verifyWords()
	kin := func(word, language string) []uint16 { return v.find(word, language).kin }
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"welcomed", "objected", -1}, {"restored", "halted", -1}, {"cancelled", "honoured", -1}, {"praised", "applauded", 1},
		{"extended", "terminated", -1}, {"halted", "suspended", 1}, {"deployed", "withdrew", -1},
	} {
		if got := v.compare(kin(c.a, lang.English), kin(c.b, lang.English)); got*c.want <= 0 {
			t.Errorf("compare(%s, %s) = %d", c.a, c.b, got)
		}
	}
	if got := v.compare(kin("prorrogo", lang.Spanish), kin("terminated", lang.English)); got >= 0 {
		t.Errorf("compare(prorrogó, terminated) = %d", got)
	}
}
