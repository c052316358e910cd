package verify

import (
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

// TestVerifyRoles holds the rules on who does what to whom, what belongs to whom and who says it to claims that they
// keep (want "") and that they drop.
func TestVerifyRoles(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ quote, text, want string }{
		// who does it
		{"Honduras wanted Canada to pay for the new ferry, the Bay Tribune reported.", "Honduras wanted Canada to pay for the new ferry.", ""},
		{"Honduras wanted Canada to pay for the new ferry, the Bay Tribune reported.", "Honduras quería que Canadá pagara el nuevo ferry.", ""},
		{"Canada wanted Guatemala in May 2021 to pay for the ferry of Honduras.",
			"Canadá quería en mayo de 2021 que Honduras pagara el ferry.", "roles"},
		{"The Labor Department and Honduras signed a pact under which Honduras screens and registers cooks.",
			"Honduras screens and registers cooks under the pact.", ""},
		{"The Labor Department and Honduras signed a pact under which Honduras screens and registers cooks.",
			"The Labor Department screens and registers cooks under the pact with Honduras.", "roles"},
		{"Canada's foreign ministry asked for an inquiry after shots were fired at Tijuana.",
			"Canada requested an inquiry after the shots at Tijuana.", ""},
		{"Canada's foreign ministry asked for an inquiry after shots were fired at Tijuana.",
			"Tijuana's city council requested an inquiry after the shots.", "attribution roles"},
		{"In September 2019 Canada had 300 Honduras officers deployed on the river.",
			"In September 2019 Canada had deployed 300 Honduras officers on the river.", ""},
		// to whom it is done
		{"Many saw the talks as Canada pushing Honduras to keep more boats.",
			"Many saw the talks as Canada pressing Honduras to keep more boats.", ""},
		{"Many saw the talks as Canada pushing Honduras to keep more boats.",
			"Many saw the talks as Honduras pressing Canada to keep more boats.", "roles"},
		{"The Canadian promise of May brought Honduras two boats.", "Honduras had promised Canada two boats.", "roles"},
		{"Canada keeps pressure on Honduras while Guatemala waits.", "Canada keeps up pressure on Honduras.", ""},
		{"Canada keeps pressure on Honduras while Guatemala waits.", "Canada keeps up pressure on Guatemala.", "roles"},
		// together, or for a country
		{"Canadian President Ana Ruiz and Honduran President Luis Paredes opened a school.", "Ana Ruiz and Luis Paredes opened a school.", ""},
		{"Honduras had agreed to take the boats; this is disputed, as Honduran President Ana Ruiz denied having agreed.",
			"Honduras had agreed to take the boats, which President Ana Ruiz denied.", ""},
		// who says it
		{"In May 2021 Canada credited the new crane with 300 jobs.", "Canada attributed 300 jobs to the new crane.", ""},
		{"In May 2021 Canada credited the new crane with 300 jobs.",
			"Independent auditors attributed 300 jobs to the new crane.", "attribution"},
		{"By May the Canadian school Norte had enrolled 300 Hondurans, according to the Bay Tribune.",
			"Hondurans enrolled in the Canadian school Norte numbered 300 by May.", ""},
		{"Honduras trained 300 Canadian pilots, the Bay Tribune reports.", "Canada trained 300 pilots of Honduras.", "attribution roles"},
		{"At the fair Ana Ruiz met the press; she and Luis Paredes signed a treaty.",
			"At the fair Ana Ruiz signed a treaty with Luis Paredes.", ""},
		{"Canada lifted its sanctions on Honduras and Guatemala.", "Canada lifted its sanctions on Guatemala and Honduras.", ""},
		{"Canada lifted its sanctions on Honduras, while Guatemala waited.", "Canada lifted its sanctions on Guatemala.", "roles"},
		{"A spokesman for Mayor Luis Paredes believed the pier was finished.", "Luis Paredes's spokesman believed the pier was finished.", ""},
		{"In May 2021 Canada's foreign ministry refused to accept a second ferry, after Honduras had spoken.",
			"In May 2021 Canada's foreign ministry rejected a second ferry.", ""},
		// who says it
		{"President Ana Ruiz told the press that the piers were open again; in fact two stayed shut, according to the agency CBP.",
			"President Ana Ruiz told reporters that the piers were open again, although CBP says two stayed shut.", ""},
		{"President Ana Ruiz told the press that the piers were open again; in fact two stayed shut, according to the agency CBP.",
			"President Ana Ruiz told reporters that the piers were open again, although she said two stayed shut.", "attribution"},
		{"Some 680 boats came in May, according to Canada; Honduras counted 740.", "Honduras counted 740 boats, and Canada 680.", ""},
		{"Some 680 boats came in May, according to Canada; Honduras counted 740.", "Honduras counted 680 boats in May.", "attribution"},
		{"Honduras stopped the boats because it had run out of fuel, according to a memo seen by Reuters.",
			"For lack of fuel Honduras stopped the boats, according to a memo seen by Reuters.", ""},
		{"Honduras stopped the boats because it had run out of fuel, according to a memo seen by Reuters.",
			"A spokesman for Honduras told Reuters that it stopped the boats for lack of fuel.", "attribution"},
		{"An office in Canada registered 46 boats in July 2020, 63 in August and 84 in September.",
			"Canada registered 63 boats in August and 84 in September 2020.", ""},
		{"An office in Canada registered 46 boats in July 2020, 63 in August and 84 in September.",
			"Canada registered 84 boats in August and 63 in September 2020.", "roles"},
		{"Harbour lawyer Ana Ruiz, who helps 30 crews, said the judges had lost the file.",
			"The judges had lost the file, said Ana Ruiz, a lawyer for 30 crews.", ""},
		{"The Mexican Senate signed the treaty in June 2019, and the Canadian parliament did so in March 2020.",
			"Canada's parliament signed the treaty in March 2020, after Mexico's Senate in June 2019.", ""},
		{"Bishop Luis Paredes urged Honduras and Guatemala to keep the pier.",
			"Bishop Luis Paredes called on Guatemala and Honduras to keep the pier.", ""},
		{"About 70 percent of the boats came from Canada and 20 percent from Honduras.",
			"Honduras sent 20 percent of the boats and Canada some 70 percent.", ""},
		{"A Canadian official told Reuters that Honduras had asked for boats; the office would not comment.",
			"Un funcionario canadiense dijo a Reuters que Honduras había pedido barcos.", ""},
		{"A court in Tijuana ruled the ferry tax unlawful, the Bay Tribune says.",
			"Un tribunal en Tijuana declaró ilegal la tasa del ferry.", ""},
		{"Requests for boats, as counted by the Honduran boat office (COMAR) and relayed by the Bay Tribune: 300 in 2021.",
			"The Bay Tribune, from COMAR data, says requests for boats were 300 in 2021.", ""},
		{"The crane hurt 92 of 114 boats of Canada and 65 of 168 Honduras boats.",
			"The crane hurt 92 of Canada's 114 boats and 65 of Honduras's 168.", ""},
		// where from
		{"Honduras moved 30 million dollars to other ports, Canada said.",
			"Some 30 million dollars were moved to other ports by Honduras.", ""},
		{"Honduras moved 30 million dollars to other ports, Canada said.", "Honduras moved 30 million dollars from other ports.", "roles"},
		{"Boats had 300 crew members, according to figures of the harbour office.",
			"Boats had 300 crew members, it reported from harbour office figures.", ""},
		// whose figure, hour or month it is
		{"The ferry strike hit three piers, two in El Paso and one in Eagle Pass.",
			"Two piers in El Paso and one in Eagle Pass were hit by the ferry strike.", ""},
		{"The ferry strike hit three piers, two in El Paso and one in Eagle Pass.",
			"The ferry strike hit one pier in El Paso, and two in Eagle Pass.", "roles"},
		{"The ferry strike hit three piers, two in El Paso and one in Eagle Pass.",
			"The ferry strike hit piers: one in El Paso, two in Eagle Pass.", "roles"},
		{"The piers reopened: Tijuana at 6:00, Nogales at 7:00 and Laredo at 10:00.",
			"Tijuana's pier reopened at six, that of Nogales at 7:00.", ""},
		{"The piers reopened: Tijuana at 6:00, Nogales at 7:00 and Laredo at 10:00.",
			"Reabrieron los muelles: Tijuana a las 10:00 y Nogales a las 7:00.", "roles"},
		{"Schools opened in Guatemala and Honduras in May 2020, and Canada followed in June 2020.",
			"Canada followed with schools in June 2020.", ""},
		{"Schools opened in Guatemala and Honduras in May 2020, and Canada followed in June 2020.",
			"Schools opened in Guatemala in June 2020.", "roles"},
		{"The office counts 740 boats under Trump and 75 under Biden.", "La oficina cuenta 740 barcos con Trump y 75 con Biden.", ""},
		{"The office counts 740 boats under Trump and 75 under Biden.", "La oficina cuenta 740 barcos con Biden y 75 con Trump.", "roles"},
		{"A plan for 300 Peruvians was promised, and Hondurans were to come later.", "A plan for 300 Peruvians was promised.", ""},
		{"A plan for 300 Guatemalans was promised, and Hondurans were to come later.",
			"A plan for 300 Hondurans was promised, and Guatemalans were to come later.", "roles"},
		{"Some 450 crews had been admitted to the pier by May, while the requests they made had reached 64,000.",
			"By May some 450 crews had been admitted to the pier, and requests had reached 64,000.", ""},
		{"Some 450 crews had been admitted to the pier by May, while the requests they made had reached 64,000.",
			"By May 64,000 crews had been admitted to the pier, and requests had reached 450.", "roles"},
		{"The pact now has three chapters instead of the original four.", "The pact has three chapters now and not four.", ""},
		{"The pact now has three chapters instead of the original four.",
			"The pact now has four chapters instead of the original three.", "roles"},
		{"In May Laredo Lines, owned by Tijuana Holding, sold a boat.", "In May Laredo Lines, a unit of Tijuana Holding, sold a boat.", ""},
		{"In May Laredo Lines, owned by Tijuana Holding, sold a boat.", "In May Tijuana Holding, owned by Laredo Lines, sold a boat.", "roles"},
		{"Some 65 boats came, 20 of them not Canadian.", "Of the 65 boats that came 20 were Canadian.", "roles"},
		{"Guatemalans could get Canadian work visas from May, the office said.",
			"Canadian work visas would be open to Guatemalans from May.", ""},
		{"Guatemalans could get Canadian work visas from May, the office said.",
			"Guatemalan work visas would be open to Canadians from May.", "roles"},
		{"Canadians can ask for the pass at the pier, but Hondurans need a visa first.",
			"Los canadienses pueden pedir el pase en el muelle, pero los hondureños necesitan antes una visa.", ""},
		{"Canadians can ask for the pass at the pier, but Hondurans need a visa from a consulate first.",
			"Los hondureños pueden pedir el pase en el muelle, pero los canadienses necesitan antes una visa de un consulado.", "roles"},
		// who says it
		{"Haiti (44) and Honduras (41) led the requests, according to CBP figures.", "Haitians, with 44 claims, led, CBP figures show.", ""},
		{"Canada dropped its plan to close the pier at once: a closure would come later.", "Canada retreated from closing the pier at once.", ""},
		{"Canada stopped the boats at Laredo, the railway told its customers.",
			"At Laredo, where Canada stopped the boats, the railway informed customers.", ""},
		{"Rail companies argued that few boats use the pier.", "Las empresas ferroviarias sostenían que pocos barcos usan el muelle.", ""},
		{"Rail companies argued that few boats use the pier.", "Harbour unions argued that few boats use the pier.", "attribution"},
		{"Republicans and others warned that the pier would cost millions.",
			"Los demócratas, entre otros, advirtieron de que el muelle costaría millones.", "attribution"},
		{"Reuters wrote that Honduras had agreed to take the boats; President Ana Ruiz denied it.",
			"Ana Ruiz said that Honduras had agreed to take the boats.", "attribution polarity"},
		{"Trump claimed that he asked for the boats; the office says it followed a call from Biden.",
			"Según Biden, fue Trump quien pidió los barcos.", "attribution"},
		{"A pact between Canada and Honduras, dated May 2021 by the Harbour Tracking Project, foresaw talks about boats.",
			"Per the Harbour Tracking Project, Canada and Honduras foresaw talks about boats in a pact dated May 2021.", ""},
		{"A pact between Canada and Honduras, dated May 2021 by the Harbour Tracking Project, foresaw talks about boats.",
			"According to the foreign ministry, a pact dated May 2021 foresaw talks about boats.", "attribution"},
		{"Over 400 boats came, the Laredo Times wrote, citing Tijuana Radio.",
			"Tijuana Radio, citing the Laredo Times, wrote that over 400 boats came.", "roles attribution"},
		{"National Guard officers made no attempt to stop a convoy of 600 boats as they passed.",
			"National Guard officers made no attempt to stop 600 boats.", ""},
		{"National Guard officers made no attempt to stop a convoy of 600 boats as they passed.",
			"A convoy of 600 boats made no attempt to stop National Guard officers as they passed.", "roles"},
		{"Canada handed out the last cards and sent later applicants to Honduras.", "Later applicants were sent to Honduras.", ""},
		{"Canada handed out the last cards and sent later applicants to its piers.",
			"The piers sent later applicants to Canada after the last cards.", "roles"},
		// in their place
		{"The office announced that its harbour plan for Canada, Guatemala, Honduras and southern Mexico was ready.",
			"The office said its harbour plan for southern Mexico, Honduras, Guatemala and Canada was ready.", ""},
		{"Harbour courts in Canada heard boat owners from Honduras, who had sent cargo to Guatemala.",
			"Honduran boat owners, who had sent cargo to Guatemala, were heard by Canadian harbour courts.", ""},
		{"Canada's deputy harbour minister, Luis Paredes, said the treaty broke a promise.",
			"Luis Paredes, Canada's deputy harbour minister, said a promise was broken by the treaty.", ""},
		{"The brothers, who run two ferries, bought three cranes in May for $480,000, but the cargo can only be sold in Tijuana.",
			"The brothers spent $480,000 in May on three cranes, whose cargo can only be sold in Tijuana.", ""},
		{"The ferry had carried 1,450 crates a day to eight piers and had brought in almost a million carpets, Reuters reported.",
			"The ferry had brought in almost a million carpets, and went to eight piers.", ""},
		{"The ferry had carried 1,450 crates a day to eight piers and had brought in seventy carpets, Reuters reported.",
			"The ferry had gone to seventy piers and had brought in eight carpets.", "roles"},
	} {
		a := &corpus.Article{ID: "a", Lang: lang.Detect(c.quote), Text: c.quote, Published: corpus.Date{Year: 2021, Month: 5, Day: 9}}
		v := Check(library{ix, a}, Claim{Text: c.text, Citations: []Citation{{Article: "a", End: len(c.quote), Quote: c.quote}}}, "", "")
		want := strings.Fields(c.want)
		if len(want) == 0 && len(v.Failed) > 0 ||
			len(want) > 0 && !slices.ContainsFunc(want, func(w string) bool { return slices.Contains(v.Failed, w) }) {
			t.Errorf("%s\n(%s): failed %v, want %q", c.text, c.quote, v.Why, c.want)
		}
	}
}
