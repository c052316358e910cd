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
		{"The island clinics received 40 nurses, 12 of them not islanders.", "The clinics of the island got 40 nurses, of whom 12 were not islanders.",
			"The clinics of the island got 40 nurses, of whom 12 were islanders.", "en"},
		{"The mayor did not reply when asked if the pier was for sale.", "Asked if the pier was for sale, the mayor gave no reply.",
			"Asked if the pier was for sale, the mayor confirmed it.", "en"},
		{"The pilots voted not to handle freight from the canal.", "The pilots voted against handling freight from the canal.",
			"The pilots voted not to turn away freight from the canal.", "en"},
		{"La isla no registró ninguna caída de las ventas.", "La isla no tuvo caída de las ventas.", "La isla no se libró de la caída de las ventas.", "es"},
		{"The council has not yet approved the pier.", "The council has yet to approve the pier.", "The council has approved the pier.", "en"},
		{"The fleet's nets arrived late or not at all.", "The nets of the fleet came late or never came.",
			"The nets of the fleet came early.", "en"},
		{"The fee excludes the harbour's four old piers.", "The fee does not apply to the harbour's four old piers.",
			"None of the harbour's four old piers is excluded from the fee.", "en"},
		{"Two small piers, Ane and Osk, have owners of their own and remain open.", "Ane and Osk, which have owners of their own, are open.",
			"Ane and Osk, which have owners of their own, are closed.", "en"},
		{"The pilot was glad but did not know how to moor the barge.", "The pilot was glad but unsure how to moor the barge.",
			"The pilot was glad and knew how to moor the barge.", "en"},
		{"The owner disputes the bill and has promised to mend the pier.", "The owner contests the bill but has pledged to mend the pier.",
			"The owner has paid the bill and has not promised to mend the pier.", "en"},
		{"The skipper said the work gives islanders reason to stay rather than leave.",
			"El patrón dijo que el trabajo da a los isleños motivos para quedarse en vez de irse.",
			"El patrón dijo que el trabajo no da a los isleños motivos para quedarse en vez de irse.", "es"},
		{"\"I have the boats and I do not have the crews,\" the owner said.", "The owner said he had boats but no crews.",
			"The owner said he had boats and crews.", "en"},
		{"The bank would not confirm the loan to the port.", "The bank declined to confirm the loan to the port.", "The bank confirmed the loan to the port.", "en"},
		{"The captain would not let Ruiz steer the ferry.", "The captain did not let Ruiz steer the ferry.", "Ruiz steered the ferry.", "en"},
		{"The senator refused to back the bill.", "The senator would not support the bill.", "The senator backed the bill.", "en"},
		{"Ortega is not expected to attend the summit.", "Ortega is expected to miss the summit.", "Ortega is expected to attend the summit.", "en"},
		{"Nobody was hurt in the fire, which destroyed two barns.", "The fire destroyed two barns but hurt no one.",
			"Several people were hurt in the fire.", "en"},
		{"El juez retuvo el pasaporte del piloto.", "The judge kept the pilot's passport.", "The judge gave back the pilot's passport.", "en"},
		{"The growers said that the harvest was overstated.", "The growers said that the harvest was exaggerated.",
			"The growers said that the harvest was understated.", "en"},
		{"The port said it would not raise its fees before June.", "Fees at the port stay as they are until June.",
			"The port said it would raise its fees before June.", "en"},
		{"The port stopped taking bookings when it lost its crews.", "The port no longer took bookings once it had lost its crews.",
			"The port did not stop taking bookings when it lost its crews.", "en"},
		{"The port no longer takes bookings for Vera.", "The port has stopped taking bookings for Vera.", "The port takes bookings for Vera.", "en"},
		{"The owner denied the charges through his lawyer.", "The owner rejects the charges, his lawyer said.", "The owner admitted the charges.", "en"},
		{"The pier opened only after a donor had paid for it.", "The pier did not open until a donor had paid for it.",
			"The pier never opened.", "en"},
		{"No one maintained the pumps of the barge.", "The pumps of the barge were not looked after.", "Somebody maintained the pumps of the barge.", "en"},
		{"Divers do not believe that the boat was sunk deliberately.", "Divers think that the boat was not sunk deliberately.",
			"Divers believe that the boat was sunk deliberately.", "en"},
		{"The port may have to drop two pilots unless fees rise.", "The port may have to drop two pilots if fees do not rise.",
			"The port does not have to drop two pilots.", "en"},
		{"Nearly 900 boats put in during June, 40 percent fewer than in May.", "Almost 900 boats put in during June, 40 percent below May.",
			"In June the boats that put in were not 40 percent below those of May.", "en"},
		{"The share fell to less than a third of the boats.", "The share was not even a third of the boats.",
			"The share did not fall to less than a third of the boats.", "en"},
		{"The mayor wanted a treaty for the harbour; the paper called it a wish, not a plan.", "La alcaldesa quería un tratado para el puerto.",
			"La alcaldesa no quería un tratado para el puerto.", "es"},
		{"In May the port took in 60 sailors, 5 of them not islanders, according to the mayor.",
			"The mayor said that the port took in 60 sailors in May.", "The mayor did not say that the port took in 60 sailors in May.", "en"},
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
