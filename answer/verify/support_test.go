package verify

import (
	"slices"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

// TestVerifySupport holds checkSupport to claims whose parts the source bears out in other words, and to others of which
// a part stands nowhere.
func TestVerifySupport(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	const repairs = "Harbour engineers expect the crane to be repaired by June, though it could take them longer, they told Tijuana Radio."
	for _, c := range []struct {
		quote, text string
		drop        bool
	}{
		{repairs, "The crane should be repaired by June, though perhaps later than planned.", false},
		{repairs, "The crane should be repaired by June, though fishermen prefer oars.", true},
		{"Tijuana closed two piers for 20 days in May, the harbour office said.",
			"Two piers were closed for 20 days in May, as the harbour office of Tijuana said.", false},
		{"Tijuana closed two piers for 20 days in May, the harbour office said.",
			"Two piers were closed for 20 days in May, though Tijuana fishermen kept painting their huts.", true},
		{"Canada will build a pier for 30 barges near Laredo, the harbour office said on Thursday.",
			"Canada will build a pier near Laredo, designed for 30 barges.", false},
		{"Canada will build a pier for 30 barges near Laredo, the harbour office said on Thursday.",
			"Canada will build a pier near Laredo, designed by a sculptor fond of marble.", true},
		{"Ana Ruiz, sworn in on Monday as harbour minister, wants more ferries.",
			"Ana Ruiz, inaugurated on Monday, wants more ferries as harbour minister.", false},
	} {
		a := &corpus.Article{ID: "a", Lang: lang.Detect(c.quote), Text: c.quote, Published: corpus.Date{Year: 2021, Month: 5, Day: 9}}
		v := Check(library{ix, a}, Claim{Text: c.text, Citations: []Citation{{Article: "a", End: len(c.quote), Quote: c.quote}}}, "", "")
		if drop := slices.Contains(v.Failed, "support"); drop != c.drop || !c.drop && len(v.Failed) > 0 {
			t.Errorf("%s\n(%s): failed %v", c.text, c.quote, v.Why)
		}
	}
}
