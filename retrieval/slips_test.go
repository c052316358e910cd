package retrieval

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"policybot/corpus"
)

func TestSlip(t *testing.T) {
	for _, test := range []struct {
		asked, known string
		want         int
	}{
		{"sanchez", "sanchez", 0},
		{"tapachulla", "tapachula", costDouble},
		{"tapachula", "tapachulla", costDouble},
		{"gautemala", "guatemala", costSwap},
		{"fernandes", "fernandez", costSound},
		{"onduras", "honduras", costSound},
		{"guatemela", "guatemala", costVowel},
		{"mexco", "mexico", costVowel},
		{"mexiico", "mexico", costDouble},
		{"tapachua", "tapachula", costMissing},
		{"tapachuka", "tapachula", costKey},
		{"tapachuba", "tapachula", costLetter},
		{"issac", "isaac", costDouble},
		{"isaac", "issac", costDouble},
		{"boleslaw", "bolesław", 0},
		{"zambia", "gambia", costLetter + costFirst},
		{"maria", "mario", costFinal},
		{"martina", "martin", costFinal},
		{"martin", "martina", costFinal},
		{"shienbuam", "sheinbaum", 2 * costSwap},
		{"slovenia", "slovakia", costVowel + costLetter},
		{"abcdefgh", "ijklmnop", costFar},
		{strings.Repeat("a", 80), strings.Repeat("a", 79), costFar},
	} {
		if got := slip(test.asked, test.known, maxEdits); got != test.want {
			t.Errorf("slip(%q, %q) = %d, want %d", test.asked, test.known, got, test.want)
		}
	}
}

// Any words have a cost: none for the word itself, costFar for whatever takes more edits than looked at.
func TestSlipBounds(t *testing.T) {
	word := rapid.StringMatching(`[a-z]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, edits := word.Draw(t, "a"), word.Draw(t, "b"), rapid.IntRange(0, maxEdits).Draw(t, "edits")
		got, far := slip(a, b, edits), distance(a, b, edits)
		switch {
		case (got == costFar) != (far > edits):
			t.Fatalf("%d for %d edits of %d", got, far, edits)
		case (got == 0) != (a == b): // no other word is written in the same plain letters
			t.Fatalf("%d", got)
		case got != costFar && got > far*(costFinal+costFirst):
			t.Fatalf("%d for %d edits", got, far)
		}
	})
}

func TestKin(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"guatemala", "guatemaltecos", true}, {"guatemala", "guatemalans", true}, {"honduras", "hondurenos", true}, {"honduran", "hondurenas", true},
		{"haiti", "haitianos", true}, {"mexico", "mexicans", true}, {"canadienses", "canadian", true},
		{"fernando", "fernandez", false}, {"fernando", "fernandes", false}, {"maria", "mario", false}, {"port", "ports", true}, {"gonzalo", "gonzalez", false}, {"martin", "martinez", false}, {"villaabdtepec", "villaafgtepec", false}, {"", "", false},
	} {
		if kin(test.a, test.b) != test.want || kin(test.b, test.a) != test.want {
			t.Errorf("kin(%q, %q) is not %v", test.a, test.b, test.want)
		}
	}
}

func TestRespell(t *testing.T) {
	ix := indexOf(t, Options{},
		article("a", "", "In Villaabdtepec and in Villaafgtepec the ferries of Tapachula, Guatemala, wait. Guatemalans asked Ana Marden for ferries."),
		article("b", "", "The clerk Lucas Fernández met Sheinbaum, and Fernando Perera met Norberta Quintanilla. The market was covered by a barber."),
		&corpus.Article{ID: "c", Lang: "es", Text: "La alcaldesa Lucía Gonzalo habló con los hondureños de Izúcar."})
	for _, test := range []struct {
		name, text, lang string
		as, like         string // terms
		isName           bool
	}{
		{"as written", "the mayor of Tapachula", "en", "", "", true},
		{"doubled letter", "the mayor of Tapachulla", "en", "tapachula", "", true},
		{"without capitals", "the mayor of tapachulla", "en", "tapachula", "", true},
		{"its people are no other name", "the mayor of Guatemela", "en", "guatemala", "", true},
		{"between two", "the mayor of Villaafdtepec", "en", "", "villaabdtepec villaafgtepec", true},
		{"between two, without capitals", "the mayor of villaafdtepec", "en", "", "villaabdtepec villaafgtepec", true},
		{"another letter of a short name", "the mayor Marsen", "en", "", "marden", true},
		{"another first letter", "the mayor Warden", "en", "", "", true},
		{"two names and a slip in one", "the mayor Fernandes", "en", "fernandez", "", true},
		{"one letter of a long name", "the mayor Quintamilla", "en", "quintanilla", "", true},
		{"two letters of a long name", "the mayor Quirtasilla", "en", "", "quintanilla", true},
		{"a common word that is written as a name", "the mayor Barter", "en", "", "barber", true},
		{"a common word", "the coverd market", "en", "cover", "", false},
		{"a letter left out of a short name", "the mayor Mardn", "en", "marden", "", true},
		{"another letter left out of it", "the mayor Maren", "en", "", "marden", true},
		{"the same, beside her first name", "the mayor Ana Maren", "en", "marden", "", true},
		{"the same, beside another's", "the mayor Norberta Maren", "en", "", "marden", true},
		{"another name in the other language", "the mayor Gonzaga", "en", "", "", true},
	} {
		words := ix.Words(test.text, test.lang)
		w := words[len(words)-1]
		if test.name == "a common word" {
			w = words[0]
		}
		var as, like []string
		for _, f := range w.Forms[1:] {
			if f.Why == "spelling" || f.Why == "cognate" {
				as = append(as, f.Term)
			}
		}
		for _, f := range w.Like {
			like = append(like, f.Term)
		}
		slices.Sort(like)
		if strings.Join(as, " ") != test.as || strings.Join(like, " ") != test.like || w.Name != test.isName {
			t.Errorf("%s: %q is read as %q, like %q, a name: %v", test.name, w.Text, as, like, w.Name)
		}
		if w.Known != (test.as != "" || test.name == "as written") {
			t.Errorf("%s: %q is known: %v", test.name, w.Text, w.Known)
		}
	}
}
