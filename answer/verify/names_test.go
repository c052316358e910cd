package verify

import (
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
)

// checkRunning checks claims about sentences of running articles: only the check of that name may fail, and must when drop
// is set. Each case is the number of the article, the beginning and the end of what is quoted, and the claim.
func checkRunning(t *testing.T, check string, articles []*corpus.Article, cases []running) {
	t.Helper()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		a := articles[c.article]
		start := strings.Index(a.Text, c.from)
		end := strings.Index(a.Text, c.to) + len(c.to)
		if start < 0 || end < start {
			t.Fatalf("no such quote: %s … %s", c.from, c.to)
		}
		claim := Claim{Text: c.text, Citations: []Citation{{Article: "a", Start: start, End: end, Quote: a.Text[start:end]}}}
		if v := Check(library{ix, a}, claim, "", ""); slices.Contains(v.Failed, check) != c.drop || !c.drop && len(v.Failed) > 0 {
			t.Errorf("%s: %v", c.text, v.Why)
		}
	}
}

type running struct {
	article        int
	from, to, text string
	drop           bool
}

// TestVerifyRunningNames holds names of claims to what running prose calls "the city", "the department" or "it".
func TestVerifyRunningNames(t *testing.T) {
	t.Parallel()
	articles := []*corpus.Article{
		{ID: "a", Lang: "en", Title: "Tarnmouth votes on its fish market", Published: corpus.Date{Year: 2021, Month: 5, Day: 9},
			Text: "Tarnmouth will close its fish market for repairs, Mayor Olga Brandt said on Friday. " +
				"The Lund Harbour Department had fined traders there twice. " +
				"The department said the drains were broken. " +
				"Traders in the city fear a long summer without customers. " +
				"Brandt told them that stalls would cost nothing for a month. " +
				"The Saltmarsh Ferry Company wants to rent the hall in Tarnmouth. It offered 40 dollars a day for the rooms. " +
				"The company also runs two boats to Eastholm. " +
				"Nurses from the Philippines and Kenya opened a clinic beside the hall."},
		{ID: "a", Lang: "es", Title: "Tarnmouth cierra su lonja", Published: corpus.Date{Year: 2021, Month: 5, Day: 9},
			Text: "La alcaldesa de Tarnmouth, Olga Brandt, cerró la lonja el viernes. " +
				"Los vendedores de esa ciudad temen un verano sin clientes. " +
				"La empresa Puerto Lund quiere alquilar la nave. La empresa dijo que pagará 40 dólares. " +
				"El Comité Nacional de Pesca avisó ayer. El organismo pide una tregua."},
		{ID: "a", Lang: "en", Title: "Sailors train at St. Hilda", Published: corpus.Date{Year: 2021, Month: 5, Day: 9},
			Text: "St. Hilda College in Eastholm trains sailors, said Nora Falk, its director. " +
				"She hopes for 40 pupils. " +
				"Dr. Emil Stroud, a Swedish teacher, doubts that. The college has two boats. " +
				"The Eastholm Rowers' Club met the teachers, and divers came too. Falk smiled. " +
				"He said the boats were old. " +
				"In Norwick the mayor wept. Streets in the town were empty."},
	}
	const (
		drains, broken    = "The department said", "were broken."
		traders, clients  = "Traders in the city", "without customers."
		brandt, month     = "Brandt told them", "for a month."
		offered, rooms    = "It offered", "the rooms."
		also, eastholm    = "The company also", "to Eastholm."
		nurses, hall      = "Nurses from", "beside the hall."
		vendors, verano   = "Los vendedores", "sin clientes."
		empresa, nave     = "La empresa", "la nave."
		mayor, onFriday   = "Tarnmouth will", "on Friday."
		alcaldesa, lonjas = "La alcaldesa", "el viernes."
		dijo, cuarenta    = "La empresa dijo", "40 dólares."
		organismo, tregua = "El organismo", "tregua."
		streets, empty    = "Streets in", "were empty."
		hopes, pupils     = "She hopes", "40 pupils."
		stroud, boats     = "Dr. Emil", "two boats."
		rowers, smiled    = "The Eastholm Rowers", "came too."
	)
	checkRunning(t, "name", articles, []running{
		{0, drains, broken, "The drains were broken, the Lund Harbour Department said.", false},
		{0, drains, broken, "The drains were broken, the Lund Health Department said.", true},
		{0, drains, broken, "The drains were broken, the Saltmarsh Ferry Company said.", true},
		{0, traders, clients, "Traders in Tarnmouth fear a long summer without customers.", false},
		{0, traders, clients, "Traders in Eastholm fear a long summer without customers.", true},
		{0, traders, clients, "Traders in Canada fear a long summer without customers.", true},
		{0, brandt, month, "Olga Brandt told the traders that stalls would cost nothing for a month.", false},
		{0, brandt, month, "Irma Brandt told the traders that stalls would cost nothing for a month.", true},
		{0, offered, rooms, "The Saltmarsh Ferry Company offered 40 dollars a day for the rooms.", false},
		{0, offered, rooms, "The Northmarsh Ferry Company offered 40 dollars a day for the rooms.", true},
		{0, also, eastholm, "The Saltmarsh Ferry Company also runs two boats to Eastholm.", false},
		{0, also, eastholm, "The company also runs two boats to Tarnmouth.", true},
		{0, nurses, hall, "Filipino and Kenyan nurses opened a clinic beside the hall.", false},
		{0, nurses, hall, "Vietnamese and Kenyan nurses opened a clinic beside the hall.", true},
		{0, mayor, onFriday, "Mayor Olga Brandt said on Friday that Tarnmouth will close its fish market for repairs.", false},
		{0, mayor, onFriday, "Mayor Olga Brandes said on Friday that Tarnmouth will close its fish market for repairs.", true},
		{1, vendors, verano, "Traders in Tarnmouth fear a summer without customers.", false},
		{1, vendors, verano, "Traders in Eastholm fear a summer without customers.", true},
		{1, empresa, nave, "La empresa Puerto Lund quiere alquilar la nave.", false},
		{1, empresa, nave, "La empresa Puerto Marsk quiere alquilar la nave.", true},
		{1, empresa, nave, "The company Puerto Marsk wants to rent the hall.", true},
		{1, dijo, cuarenta, "Puerto Lund said that it will pay 40 dollars.", false},
		{1, dijo, cuarenta, "Puerto Marsk said that it will pay 40 dollars.", true},
		{1, organismo, tregua, "The National Fishing Committee asks for a truce.", false},
		{1, organismo, tregua, "The National Harbour Committee asks for a truce.", true},
		{2, hopes, pupils, "Nora Falk hopes for 40 pupils.", false},
		{2, hopes, pupils, "Nora Folkes hopes for 40 pupils.", true},
		{2, hopes, pupils, "Emil Stroud hopes for 40 pupils.", true},
		{2, stroud, boats, "St. Hilda has two boats.", false},
		{2, stroud, boats, "St. Helen has two boats.", true},
		{2, stroud, boats, "Emil Stroud, a teacher from Sweden, doubts that.", false},
		{2, stroud, boats, "Emil Stroud, a teacher from Norway, doubts that.", true},
		{2, rowers, smiled, "The Eastholm Rowers' Club met the teachers.", false},
		{2, rowers, smiled, "The Eastholm Divers' Club met the teachers.", true},
		{2, streets, empty, "Streets in Norwick were empty.", false},
		{2, streets, empty, "Streets in Eastholm were empty.", true},
		{1, alcaldesa, lonjas, "Mayor Olga Brandes closed the fish market on Friday.", true},
	})
}
