package verify

import (
	"slices"
	"testing"

	"policybot/corpus"
	"policybot/lang"
)

// TestVerifyHedges holds how far something has come in a claim to how far it has come in its source.
func TestVerifyHedges(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	const (
		ferry  = "The harbour board will buy three ferries in June, and the mayor promised to pay half of their price if she is elected."
		school = "The teachers want two things from the ministry before the new term in autumn: " +
			"smaller classes in primary schools, and repairs to the roof started."
		vow    = "The paper reported investment pledges by the harbour board, one million for the pier and another for the lighthouse."
		docks  = "The docks have a new crane, and its drivers are allowed to work at night."
		strike = "The dockers lifted their blockade of the quay on Friday after the port offered to raise their pay by 5 percent."
		brewer = "A brewer was charged on Monday with watering its beer; the owner nearly lost her licence over it. " +
			"She hopes the trial will start before Easter."
		shifts = "The clinic said there was no evidence that the milk had spoiled. " +
			"Whether the porters will be paid for Sundays remains open."
		boats  = "The governor offered to buy 40 boats. The offer must still be approved by the council."
		calves = "The office had planned to weigh 900 calves by May; it has weighed 610 so far."
		toll   = "The ferry union pressed the harbour board to lift the night toll, and warned that a strike would cost the town millions."
		deal   = "The mayor told the union on Friday that both boards had agreed to keep the ramps open at night."
		ramps  = "From May trucks could use the northern ramp again, after the storm had shut it."
		rule   = "The new rule would end the old custom of mooring at the quay, whether or not the owners paid."
		wish   = "The paper supposed that the union might request a ferry pass for its members; no such request was made."
		trial  = "The night ferry started on 2 May as a pilot between the two harbours."
		sums   = "By June the shops had pledged over 3 million dollars for the new pier, and the council credited them with 40 jobs."
		join   = "The club had enrolled 300 sailors by May, a tenth of its target of 3,000."
		camp   = "The school board and its aid office announced a summer camp; it was planned to help 60 children learn to sail."
		notice = "The harbour board notified the owners that it would tow away boats without a permit."
		shut   = "The mayor dropped her threat to shut the market at once: the stalls were given a month, and fines would come first."
		goal   = "By May the club had enrolled 300 sailors, which was a tenth of its target of 3,000, the coach reported."
		ask    = "The coach listed two requests to the club: a new boathouse, and an end to the winter fees."
		need   = "“It is important for us that we reach a mooring accord between owners and shops, to save the quay,” she said."
		like   = "A second ramp could be something the ferry captains would like to see."
		idea   = "The coach proposed free lessons for children who have sailed for two summers; it was only his idea."
		fund   = "The reef fund opened in 2020 and has paid for 35 buoys since then; another 15 are planned."
		route  = "The islanders asked the ferry line to reopen the summer route, but it has given no answer."
		wages  = "The captains said that the contract could raise wages by 8 percent."
		shared = "The north pier accepted 20 extra boats a day, and the south pier is still negotiating a like arrangement; " +
			"a vote is expected in May."
		slower = "Sailors believe that the buoys have slowed the ferries, but the line has published no figures."
		visit  = "The mayor visited the lighthouse in April and paid for a new lamp."
		fee    = "The panel recommended lowering the mooring fee to 20 dollars, but the council has kept it at 35."
		lane   = "The line expects to resume the night crossing once the lane is dredged."
		depot  = "The tram company plans a depot in Oldmarket and is studying whether to buy the old brewery."
		crane  = "The harbour froze its plan for four cranes because the river had silted up."
		permit = "The average wait for a mooring licence had reached 40 days, the harbour master told reporters."
		club   = "Only residents of the island qualify for the sailing club."
		staff  = "The dockers accused the board of hiring abroad to keep wages low, and said the board had signed 40 contracts."
		split  = "The cooks voted on Monday to strike. The waiters will decide in May."
		cargo  = "The mill has begun sending flour by barge, which could take 20 tonnes a week."
		tolls  = "Tolls for lorries would rise from 20 to 30 dollars once the second bridge opens."
		tunnel = "The council will widen the tunnel, and a footbridge may be built beside it next year."
		relief = "The council said the dam would not be raised as long as the village was inhabited."
		quota  = "The councillor had proposed that 12 percent of the berths be kept for fishermen, but the motion failed."
		visit2 = "In a letter the mayor urged the bishop to sell the orchard to the town."
		pact   = "The outline foresaw talks on a lasting truce between the two guilds."
		steps  = "Getting a stall takes two steps: a form from the market office and a check by a vet."
		route2 = "The airline plans to drop its Rome route in October, citing fuel costs, and may return in the spring."
		press  = "The chair renewed her calls for a new boathouse, saying she would raise it with the mayor in May."
		ramp2  = "The two towns agreed to keep the ramps open, and said that the northern one was already being widened."
		guard  = "The fee was put off for a month after the bishop had promised to send 40 masons to the dam."
		ward   = "The clinic hopes to reopen the ward in May, provided that the inspectors approve."
		tender = "The line agreed last week to sell two of its barges to the mill."
		stand  = "The council voted to demolish the grandstand; work is due to start in August."
		puerto = "El puerto espera abrir el muelle norte antes de mayo, y la alcaldesa podría visitarlo."
	)
	for _, c := range []struct {
		quote, text string
		drop        bool
	}{
		{ferry, "Three ferries will be bought by the harbour board in June.", false},
		{ferry, "The harbour board might buy three ferries in June.", true},
		{ferry, "The harbour board has already bought three ferries.", true},
		{ferry, "La junta del puerto ya ha comprado tres transbordadores.", true},
		{ferry, "The mayor promised to pay half of the price of the ferries if elected.", false},
		{ferry, "The mayor is weighing whether to pay half of the price of the ferries.", true},
		{school, "The teachers wanted smaller classes in primary schools and repairs to the roof.", false},
		{school, "The teachers got smaller classes in primary schools and repairs to the roof started.", true},
		{vow, "The harbour board invested one million in the pier.", true},
		{docks, "The drivers of the new crane may work at night.", false},
		{toll, "The union urged the harbour board to lift the night toll.", false},
		{toll, "The harbour board agreed to lift the night toll.", true},
		{toll, "The union warned that a strike had cost the town millions.", true},
		{deal, "The mayor told the union that both boards had agreed to keep the ramps open.", false},
		{deal, "The mayor told the union that both boards might agree to keep the ramps open.", true},
		{ramps, "Desde mayo los camiones pudieron usar de nuevo la rampa del norte.", false},
		{rule, "The established custom of mooring at the quay, whether or not owners paid, would be ended by the new rule.", false},
		{rule, "The old custom of mooring at the quay, whether or not owners paid, has been ended by the new rule.", true},
		{wish, "The union asked for a ferry pass for its members.", true},
		{wish, "The union might ask for a ferry pass for its members, the paper supposed.", false},
		{trial, "The night ferry between the two harbours started as a pilot on 2 May.", false},
		{sums, "The shops had pledged more than 3 million dollars for the new pier by June.", false},
		{sums, "The shops' completed payments for the new pier had passed 3 million dollars by June.", true},
		{join, "By May the club had signed up 300 sailors, a tenth of the 3,000 target.", false},
		{camp, "The summer camp was to help 60 children learn to sail.", false},
		{camp, "El campamento de verano ayudó a 60 niños a aprender a navegar.", true},
		{sums, "By June spending by the shops on the new pier exceeded 3 million dollars.", true},
		{strike, "The dockers ended their blockade of the quay on Friday after the port offered to raise their pay by 5 percent.", false},
		{strike, "The port raised the pay of the dockers by 5 percent.", true},
		{brewer, "A brewer was charged on Monday with watering its beer.", false},
		{brewer, "A brewer was convicted on Monday of watering its beer.", true},
		{brewer, "The brewer's owner nearly lost her licence over it.", false},
		{brewer, "The brewer's owner lost her licence over it.", true},
		{brewer, "The owner hopes that the trial will start before Easter.", false},
		{brewer, "The trial of the brewer will start before Easter.", true},
		{shifts, "The clinic said it had been proved that the milk had not spoiled.", true},
		{shifts, "The porters will be paid for Sundays.", true},
		{boats, "The governor will buy 40 boats.", true},
		{boats, "El concejo ya aprobó la compra de los 40 barcos.", true},
		{calves, "The office has weighed 610 calves so far.", false},
		{notice, "The harbour board told the owners that it would tow away boats without a permit.", false},
		{notice, "The harbour board proposed to the owners that boats without a permit be towed away.", true},
		{shut, "The mayor backed down from shutting the market at once.", false},
		{goal, "The club's 300 sailors were a tenth of its target by May.", false},
		{goal, "By May the club had reached its target of 3,000 sailors.", true},
		{ask, "Among the coach's requests were a new boathouse and an end to the winter fees.", false},
		{ask, "Among the club's promises were a new boathouse and an end to the winter fees.", true},
		{need, "She stressed the importance of a mooring accord between owners and shops.", false},
		{need, "Owners and shops signed a mooring accord to save the quay.", true},
		{like, "The ferry captains have demanded a second ramp.", true},
		{idea, "The coach won a promise that children who sail for two summers will get free lessons.", true},
		{fund, "Since 2020 the reef fund has paid for 35 buoys.", false},
		{fund, "The reef fund plans to pay for 35 buoys.", true},
		{fund, "El fondo propone pagar 35 boyas.", true},
		{route, "The islanders have asked the ferry line to reopen the summer route.", false},
		{route, "The ferry line reopened the summer route after the islanders asked.", true},
		{wages, "The contract could raise wages by 8 percent, the captains said.", false},
		{wages, "The contract will raise wages by 8 percent, the captains said.", true},
		{shared, "The south pier is negotiating a like arrangement.", false},
		{shared, "The south pier reached a like arrangement.", true},
		{shared, "The north pier is negotiating 20 extra boats a day.", true},
		{slower, "Sailors believe that the buoys have slowed the ferries.", false},
		{slower, "The line confirmed that the buoys have slowed the ferries.", true},
		{visit, "In April the mayor visited the lighthouse.", false},
		{visit, "The mayor planned to visit the lighthouse in April.", true},
		{fee, "The panel advised lowering the mooring fee to 20 dollars.", false},
		{fee, "The council lowered the mooring fee to 20 dollars.", true},
		{lane, "The night crossing should resume after the lane has been dredged.", false},
		{lane, "The line resumed the night crossing once the lane was dredged.", true},
		{depot, "La empresa de tranvías proyecta un depósito en Oldmarket y analiza comprar la vieja cervecería.", false},
		{depot, "The tram company has bought the old brewery.", true},
		{crane, "The harbour's plan for four cranes was frozen because the river had silted up.", false},
		{crane, "The harbour bought four cranes because the river had silted up.", true},
		{permit, "People seeking a mooring licence had to wait 40 days on average, the harbour master said.", false},
		{permit, "The wait for a mooring licence is expected to reach 40 days.", true},
		{club, "The sailing club is open to residents of the island only.", false},
		{staff, "The dockers alleged that the hiring abroad was meant to keep wages low.", false},
		{staff, "The board plans to sign 40 contracts, the dockers said.", true},
		{split, "The cooks decided on Monday to strike.", false},
		{split, "The waiters decided to strike.", true},
		{cargo, "Flour from the mill is already being sent by barge.", false},
		{cargo, "The barges have already taken 20 tonnes of flour a week.", false},
		{tolls, "Lorries now pay tolls of 30 dollars instead of 20.", true},
		{tolls, "Lorry tolls would go up from 20 to 30 dollars once there is a second bridge.", false},
		{tunnel, "The council will widen the tunnel and may build a footbridge next year.", false},
		{tunnel, "A footbridge will be built beside the tunnel next year.", true},
		{relief, "The council promised that the dam would not be raised while the village was inhabited.", false},
		{quota, "The motion to keep 12 percent of the berths for fishermen failed.", false},
		{visit2, "The mayor got the bishop to agree to sell the orchard to the town.", true},
		{pact, "The outline looked ahead to talks on a lasting truce between the guilds.", false},
		{pact, "The guilds put a lasting truce into force.", true},
		{steps, "Conseguir un puesto exige dos pasos: un formulario de la oficina del mercado y la revisión de un veterinario.", false},
		{puerto, "The port hopes to open the north quay before May.", false},
		{puerto, "El puerto abrió el muelle norte antes de mayo.", true},
		{puerto, "La alcaldesa visitará el muelle norte.", true},
		{puerto, "La alcaldesa podría visitar el muelle norte.", false},
		{route2, "Because of fuel costs the airline intends to end its Rome flights in October.", false},
		{route2, "The airline will return in the spring.", true},
		{press, "La presidenta dijo que quizá lo trataría con el alcalde en mayo.", true},
		{ramp2, "The two towns said the northern ramp was already being widened.", false},
		{guard, "La tasa se aplazó un mes después de que el obispo enviara 40 albañiles a la presa.", true},
		{ward, "The clinic will reopen the ward in May, the inspectors having approved.", true},
		{ward, "The clinic hopes to reopen the ward in May if the inspectors approve.", false},
		{tender, "The line agreed to sell two barges to the mill.", false},
		{tender, "The line was still weighing whether to sell two barges to the mill.", true},
		{stand, "The council decided to demolish the grandstand.", false},
		{stand, "The grandstand was demolished in August.", true},
	} {
		a := &corpus.Article{ID: "a", Lang: lang.Detect(c.quote), Text: c.quote, Published: corpus.Date{Year: 2021, Month: 5, Day: 9}}
		claim := Claim{Text: c.text, Citations: []Citation{{Article: "a", End: len(c.quote), Quote: c.quote}}}
		if v := Check(library{ix, a}, claim, "", ""); slices.Contains(v.Failed, "hedge") != c.drop || !c.drop && len(v.Failed) > 0 {
			t.Errorf("%s: %v", c.text, v.Why)
		}
	}
}
