package verify

import (
	"slices"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

// TestVerifyAttribution holds who says what in a claim to who says it in its source.
func TestVerifyAttribution(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	const (
		fog    = "The pilots' leader, Nora Feld, blamed the radar, but clerks at the harbour bank said fog had played the larger part."
		bakers = "Dario Lunt, who owns two bakeries, welcomed the fair. “It fills our tills,” he said. " +
			"Neighbours said it kept them awake until dawn."
		mill   = "Silver Creek Mill rejected the charge that it drains the pond and insisted that it returns nine tenths of the water."
		city   = "The town denies that prices would climb and argues that longer piers will mean shorter queues."
		line   = "Bluewater Ferry Lines will build a pier worth $40 million near Oldmarket, the company said on Thursday."
		court  = "In July a court in Texas ruled the night toll unlawful; the Harbour Law Centre says that the toll stayed in force."
		signed = "Honduras said on Monday it had signed with Canada two pacts on ferries, without saying which."
		cited  = "At the end of June the harbour board would not confirm the figure of 300 boats that Honduras's fishing minister had given, " +
			"the Bay Tribune reported."
		scheme   = "Ana Ruiz wanted the bank to pay for the new orchard in May, and claimed that it would bring 120 jobs."
		ministra = "La ministra de Pesca, Ana Ruiz, atribuyó la caída a la lluvia y al precio del hielo."
		accused  = "The opposition accused the mayor of wanting to use the harbour fund for her campaign, which her office denies."
		parents  = "Parents complained that classes at the school exceed 30 pupils. Headmistress Vera Holt said the largest class had 27."
		report   = "The council bought 30 lamps in May; they cost more than planned, the blog Quay Notes wrote."
		survey   = "Fishing boats landed 302 tonnes, according to the port office; President Luis Prado spoke of a fall of 41 percent."
		siren    = "Residents complained that the siren could not be heard; the fire chief, Paul Renner, insisted it worked."
		demand   = "Walter Osei, who runs the shelter, said demand had doubled since the winter; the city disputes that."
		boards   = "Over 900 boats had docked in May, according to the Harbour Law Centre; others speak of 1,200 (Quay Notes)."
		posts    = "She welcomed the plan. " +
			"Holt replied that those with a diploma may apply for the posts in May, though she guaranteed none."
		count    = "Thefts in the market fell by a third in May, according to the police. Stallholders were surprised."
		director = "The permit of the shelter ends in March and its renewal depends on Harbour Inspection, the town clerk, Ana Ruiz, said."
		quay     = "The fishermen accuse the cannery of dumping oil in the bay, which its manager, Marta Quiles, denies."
	)
	for _, c := range []struct {
		quote, text string
		drop        bool
	}{
		{fog, "Nora Feld, who leads the pilots, blamed the radar.", false},
		{fog, "Fog played the larger part, clerks at the harbour bank said.", false},
		{fog, "Nora Feld said that fog had played the larger part.", true},
		{bakers, "Dario Lunt said the fair filled the tills of his bakeries.", false},
		{bakers, "Neighbours said the fair kept them awake until dawn.", false},
		{bakers, "Dario Lunt said the fair kept neighbours awake until dawn.", true},
		{mill, "Silver Creek Mill insisted that it returns nine tenths of the water.", false},
		{mill, "The anglers' club says that Silver Creek Mill returns nine tenths of the water.", true},
		{city, "The town argues that longer piers will shorten queues.", false},
		{city, "Los activistas locales sostienen que los muelles más largos acortarán las colas.", true},
		{city, "Local activists argue that longer piers will mean shorter queues.", true},
		{line, "Bluewater Ferry Lines announced a pier worth $40 million near Oldmarket.", false},
		{court, "Un tribunal de Texas declaró ilegal el peaje nocturno en julio, según el Harbour Law Centre.", false},
		{signed, "Honduras dijo el lunes haber firmado con Canadá dos pactos sobre ferries, que no precisó.", false},
		{cited, "The Bay Tribune reported that the harbour board would not confirm the 300 boats cited by Honduras's fishing minister.", false},
		{scheme, "Ana Ruiz sought money from the bank for the new orchard, which by her account would bring 120 jobs.", false},
		{scheme, "The new orchard of Ana Ruiz will bring 120 jobs.", true},
		{ministra, "Fishing minister Ana Ruiz put the fall down to rain and the price of ice.", false},
		{accused, "The opposition alleged that the mayor wanted the harbour fund for her campaign; her office denies it.", false},
		{accused, "The mayor wants to use the harbour fund for her campaign, although her office denies it.", true},
		{parents, "Headmistress Vera Holt said the largest class had 27 pupils.", false},
		{parents, "Vera Holt said that classes at the school exceed 30 pupils.", true},
		{report, "The council bought 30 lamps in May, Quay Notes wrote.", false},
		{survey, "Fishing boats landed 302 tonnes; President Luis Prado spoke of a fall of 41 percent.", false},
		{siren, "Fire chief Paul Renner insisted that the siren worked.", false},
		{siren, "Fire chief Paul Renner complained that the siren could not be heard.", true},
		{demand, "Demand has doubled since the winter, says Walter Osei, who runs the shelter.", false},
		{demand, "The city says demand at the shelter has doubled since the winter.", true},
		{boards, "Over 900 boats docked in May, the Harbour Law Centre said.", false},
		{boards, "Over 900 boats docked in May, Quay Notes said.", true},
		{posts, "Those with a diploma may apply for the posts in May, Holt said.", false},
		{posts, "Marta Quiles said that those with a diploma may apply for the posts in May.", true},
		{count, "The police said that thefts in the market fell by a third in May.", false},
		{count, "Thefts in the market fell by a third in May, according to the bank.", true},
		{director, "The permit ends in March and its renewal depends on Harbour Inspection, said the town clerk, Ana Ruiz.", false},
		{quay, "The fishermen accuse the cannery of dumping oil in the bay.", false},
		{quay, "Marta Quiles accuses the fishermen of dumping oil in the bay.", true},
	} {
		a := &corpus.Article{ID: "a", Lang: lang.Detect(c.quote), Text: c.quote, Published: corpus.Date{Year: 2021, Month: 5, Day: 9}}
		claim := Claim{Text: c.text, Citations: []Citation{{Article: "a", End: len(c.quote), Quote: c.quote}}}
		if v := Check(library{ix, a}, claim, "", ""); slices.Contains(v.Failed, "attribution") != c.drop || !c.drop && len(v.Failed) > 0 {
			t.Errorf("%s: %v", c.text, v.Why)
		}
	}
}
