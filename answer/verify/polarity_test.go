package verify

import (
	"slices"
	"testing"

	"policybot/corpus"
)

// TestVerifyPolarity has sentences made up for the rules of denial and of opposites, each with a claim that is true to it
// and one that says the contrary.
func TestVerifyPolarity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ source, faithful, contrary, lang string }{
		{"The union welcomed the new timetable.", "The union applauded the new timetable.", "The union objected to the new timetable.", "en"},
		{"The port authority extended the permit in May.", "The port authority renewed the permit in May.",
			"The port authority terminated the permit in May.", "en"},
		{"The harbour office cancelled the bookings.", "The harbour office called off the bookings.",
			"The harbour office honoured the bookings.", "en"},
		{"The harbour office cancelled the bookings.", "La oficina del puerto anuló las reservas.",
			"La oficina del puerto mantuvo las reservas.", "es"},
		{"The council restored the subsidy for ferries.", "The council reinstated the subsidy for ferries.",
			"The council halted the subsidy for ferries.", "en"},
		{"The boats were shelved before they were launched.", "The boats were shelved before being launched.",
			"The boats were shelved and they were launched.", "en"},
		{"Ferry traffic was 30 percent lower than in the year before.", "Ferry traffic was down 30 percent on the year before.",
			"Ferry traffic was up 30 percent on the year before.", "en"},
		{"Sailings went from 40 to 60 a day.", "Sailings rose from 40 to 60 a day.", "Sailings fell from 40 to 60 a day.", "en"},
		{"Unused tickets pass to June, but none carry over to July.", "Unused tickets pass to June but do not carry over to July.",
			"Unused tickets pass to June, and some carry over to July.", "en"},
		{"Only crew may board; guests of the crew do not.", "Guests of the crew may not board.",
			"Guests of the crew board like the crew.", "en"},
		{"No ferry has ever crossed the 900 miles.", "Not one ferry has ever crossed the 900 miles.",
			"Several ferries have crossed the 900 miles.", "en"},
		{"The mayor asked for more boats instead of building bridges.", "The mayor wanted more boats rather than bridges built.",
			"The mayor asked for bridges to be built.", "en"},
		{"The minister announced cuts without saying when.", "The minister announced cuts but gave no date.",
			"The minister announced cuts and specified when.", "en"},
		{"Unregistered boats are ineligible for the grant.", "Boats that are not registered have no right to the grant.",
			"Unregistered boats are eligible for the grant.", "en"},
		{"The captain would not agree to a second run.", "The captain would not consent to a second run.",
			"The captain consented to a second run.", "en"},
		{"The crew found no passengers.", "The crew could not find passengers.", "The crew found passengers.", "en"},
	} {
		lib := shelf{"a": {ID: "a", Lang: "en", Text: c.source, Published: corpus.Date{Year: 2021, Month: 5, Day: 4}}}
		ct := cite(lib, "a", c.source)
		if v := Check(lib, Claim{Text: c.faithful, Citations: []Citation{ct}}, "", c.lang); len(v.Failed) > 0 {
			t.Errorf("%s\n  faithful: %s\n  fails: %q", c.source, c.faithful, v.Why)
		}
		if v := Check(lib, Claim{Text: c.contrary, Citations: []Citation{ct}}, "", c.lang); !slices.Contains(v.Failed, "polarity") {
			t.Errorf("%s\n  contrary: %s\n  fails only: %q", c.source, c.contrary, v.Why)
		}
	}
}
