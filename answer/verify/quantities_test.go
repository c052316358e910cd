package verify

import (
	"slices"
	"testing"

	"policybot/corpus"
)

// TestVerifyNewsNumbers holds numbers and quantifiers as running news tells them: ages, rests, times apart, shares, limits.
func TestVerifyNewsNumbers(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, quote, text, want string }{
		// numbers made of others, marks of decimals, what does not come to a number
		{"en", "The dock has 34 clerks, four fewer than in 2021.", "The dock had 38 clerks in 2021.", ""},
		{"en", "The dock has 34 clerks, four fewer than in 2021.", "The dock had 39 clerks in 2021.", "number"},
		{"en", "The port gave 120 million pesos. Captains had asked for three times as much.", "Captains had asked for 360 million pesos.", ""},
		{"en", "The port gave 120 million pesos. Captains had asked for three times as much.", "Captains had asked for 240 million pesos.", "number"},
		{"en", "The court counted 34 wrecks, twice the number in 2019.", "In 2019 the court counted 17 wrecks.", ""},
		{"en", "The court counted 34 wrecks, twice the number in 2019.", "In 2019 the court counted 68 wrecks.", "number"},
		{"es", "El puerto ingresó 4.061 millones de pesos, un 1,9 % más.", "The port took in 4,061 million pesos, 1.9 percent more.", ""},
		{"es", "El puerto ingresó 4.061 millones de pesos, un 1,9 % más.", "The port took in 4.061 million pesos, 1.9 percent more.", "number"},
		{"es", "Los fletes ya no llegan al 3 % del total.", "Freight is less than 3 percent of the total.", ""},
		{"es", "Los fletes ya no llegan al 3 % del total.", "Freight is more than 3 percent of the total.", "quantifier"},
		{"en", "Tugs resume under a 120 million peso contract with a broker.", "Tugs resume under a contract worth 120 million pesos.", ""},
		{"en", "The law sets 45 working days; the wait is now seven months.", "La espera es ya de unas siete semanas.", "number"},
		{"en", "Pilots spend 82 of every 100 pesos on fuel.", "Pilots spend on fuel 82 of every 100 pesos received.", ""},
		{"en", "Buses pass every three days.", "Buses pass every third day.", ""},
		// all, most, some, one, and what is excepted
		{"en", "Meetings were held in all but one of the river towns.", "Meetings were held in every river town except one.", ""},
		{"en", "Meetings were held in all but one of the river towns.", "Meetings were held in every river town.", "quantifier"},
		{"en", "Vera bought more boats than any other port except Lund.", "Vera bought more boats than any other port.", "quantifier"},
		{"en", "Vera bought more boats than any port but Lund.", "Vera's purchases of boats were exceeded only by Lund.", ""},
		{"en", "The guild shares many, not all, of the aims of the port.", "El gremio comparte todos los fines del puerto.", "quantifier"},
		{"en", "Four in ten of the ferry's passengers come from Vera, most of them at night.", "Most of the ferry's passengers come from Vera.", "quantifier"},
		{"en", "Boats must be certified by both countries.", "Boats must be certified by at least one of the countries.", "quantifier"},
		{"en", "It goes to those who held a permit in one of the past three years.",
			"It goes to those who held a permit in each of the past three years.", "quantifier"},
		{"en", "The pilots demanded both years in full.", "The pilots demanded both years in part.", "quantifier"},
		{"en", "The port opened two of its five gates to cattle.", "The port opened to cattle at all five gates.", "quantifier"},
		{"en", "Single men are no longer let in.", "Men travelling alone are no longer let in.", ""},
		{"en", "Pilots start on 2,300 pesos and move to 2,800 later.", "Pilots get 2,300 pesos at first, rising to 2,800.", ""},
		{"en", "The strongest opposition came from Vera.", "Vera was the most opposed.", ""},
		// times
		{"en", "Mothers will be taken in until the end of the month.", "Mothers will be taken in until the end of the year.", "date"},
		{"en", "The port will sell the ferry next year.", "The port will sell the ferry this year.", "date"},
		{"en", "The guild asked to wait until after Easter.", "El gremio pidió esperar hasta después de Navidad.", "date"},
		{"en", "Some 4,820 boats came in 2023, against 3,095 in 2022.", "The port counted 4,820 boats in 2022, up from 3,095 the year before.", "date"},
		{"en", "Some 4,820 boats came in 2023, against 3,095 in 2022.", "The port counted 4,820 boats in 2023, up from 3,095 the year before.", ""},
		{"en", "Work on the first lock would begin in October 2023.", "Work on the first lock would start in October 2023.", ""},
		{"en", "The firm never kept money overnight.", "La empresa nunca guardó dinero de un día para otro.", ""},
		// places and peoples
		{"es", "San Lucas fue el departamento que más dinero recibió.", "La Unión was the department that received most money.", "name"},
		{"en", "Lessons will be given with support in Mixtec.", "Las clases se darán con apoyo en zapoteco.", "name"},
		{"en", "Lessons will be given with support in Mixtec.", "Las clases se darán con apoyo en mixteco.", ""},
		{"en", "It will be the first such school in the state.", "It will be the first such school in the country.", "name"},
		{"en", "The town weighs a shelter at the old fairground.", "The town weighs a shelter at the old airport.", "name"},
		{"es", "Sor Inés habló con los vecinos.", "Sister Inés talked with the neighbours.", ""},
		{"en", "Some 9,300 Jamaicans came.", "Llegaron unos 9,300 jamaiquinos.", ""},
		// figures grouped by spaces, in the Mexican manner, in words; elided powers and units
		{"en", "Some 302,203 boats passed the lock in 2024.", "En 2024 pasaron la esclusa unos 302 203 barcos.", ""},
		{"en", "Some 302,203 boats passed the lock in 2024.", "En 2024 pasaron la esclusa unos 320 203 barcos.", "number"},
		{"es", "Se invertirán mil 200 millones de pesos y vigilarán 3 mil 500 pilotos.",
			"They will invest 1.2 billion pesos, and 3,500 pilots will keep watch.", ""},
		{"es", "Se invertirán mil 200 millones de pesos.", "They will invest 200 million pesos.", "number"},
		{"es", "Fue el primer descenso en once años.", "It was the first drop in eleven years.", ""},
		{"es", "Fue el primer descenso en once años.", "It was the first drop in twelve years.", "number"},
		{"en", "The work costs 86 million dollars, of which the bank gives 50 million and the port the rest.",
			"El banco pone 50 de los 86 millones de dólares de la obra, y el puerto los 36 restantes.", ""},
		{"en", "The work costs 86 million dollars, of which the bank gives 50 million and the port the rest.",
			"El banco pone 60 de los 86 millones de dólares de la obra.", "number"},
		{"en", "The judge gave the pilot 10 years, of a maximum of 20.", "The pilot could have got up to 20 years.", ""},
		{"en", "The trip lasts nearly 90 minutes.", "El viaje dura casi hora y media.", ""},
		{"en", "The crew stayed 15 months in Tuxtla.", "The crew stayed in Tuxtla for more than a year before sailing.", ""},
		{"en", "The crew stayed 15 months in Tuxtla.", "La tripulación estuvo en Tuxtla un año y tres meses.", ""},
		{"en", "The crew stayed 15 months in Tuxtla.", "La tripulación estuvo en Tuxtla un año y cuatro meses.", "number"},
		{"en", "It was the captain's third trip in as many months.", "It was the captain's third trip in three months.", ""},
		{"en", "It was the captain's third trip in as many months.", "It was the captain's third trip in as many years.", "number"},
		// ages, days, times apart, what is left, changes
		{"en", "Ana Ruiz, 34, waited with two daughters, ages 6 and 9.", "Ana Ruiz, de 34 años, esperó con dos hijas de 6 y 9 años.", ""},
		{"en", "Ana Ruiz, 34, waited with two daughters, ages 6 and 9.", "Ana Ruiz, 43, waited with two daughters.", "number"},
		{"en", "In May 2019 the port signed two pacts, with Panama on the 20th and with Honduras on the 25th.",
			"The port signed a pact with Panama on 20 May 2019 and one with Honduras five days later.", ""},
		{"en", "In May 2019 the port signed two pacts, with Panama on the 20th and with Honduras on the 25th.",
			"The port signed a pact with Panama on 20 May 2019 and one with Honduras eight days later.", "number"},
		{"en", "All but two of the 14 captains voted for the dam.", "Twelve of the 14 captains voted for the dam.", ""},
		{"en", "All but two of the 14 captains voted for the dam.", "All 14 captains voted for the dam.", "quantifier"},
		{"en", "Boats fell from 124,200 in May to 83,500 in June.", "The number of boats dropped by about a third, to 83,500, in June.", ""},
		{"en", "Boats fell from 124,200 in May to 83,500 in June.", "The number of boats dropped by about a half, to 83,500, in June.", "quantifier"},
		{"en", "Of the crews 58 percent were for it, 35 percent opposed and the rest undecided.", "Seven percent of the crews were undecided.", ""},
		// other units and rates, persons counted once
		{"en", "The fund pledged 1.2 billion dollars.", "The fund pledged 1.2 billion lempiras.", "number"},
		{"en", "The mill bought 15 million tons of corn.", "El molino compró 15 millones de bushels de maíz.", "number"},
		{"en", "Gas costs $3.47 a gallon.", "Gas costs $3.47 a liter.", "number"},
		{"en", "The lock counted 2.8 million passages.", "The lock counted 2.8 million different people.", "number"},
		{"en", "The lock counted 2.8 million passages by 900,000 different people.", "Some 900,000 different people passed the lock.", ""},
		// bounds
		{"en", "The largest class had 27 pupils.", "No class has more than 27 pupils.", ""},
		{"en", "The smallest class had 27 pupils.", "No class has more than 27 pupils.", "quantifier"},
		{"en", "The port has a cap of 60 ships.", "El puerto tiene un tope de 60 barcos.", ""},
		{"en", "The port saw as many as 60 ships a day.", "Ships in the port peaked at 60 a day.", ""},
		{"en", "The port must pay at least 19 dollars an hour.", "The minimum wage in the port is 19 dollars an hour.", ""},
		{"en", "The crews had grown past 200 by May.", "There were over 200 crews by May.", ""},
		{"en", "The crews had grown past 200 by May.", "There were fewer than 200 crews by May.", "quantifier"},
		{"en", "The yard is short of 18,000 builders.", "The yard lacks 18,000 builders.", ""},
		{"es", "Los barcos superan los 300.", "There are more than 300 boats.", ""},
		{"en", "About 2,300 crews came.", "More than 2,000 crews came.", ""},
		{"en", "About 2,300 crews came.", "More than 3,000 crews came.", "number"},
		{"en", "Fines range from $150 to $900.", "Fines are at least $150 and at most $900.", ""},
		// parts of a whole, sizes, what an ordinal brings it to
		{"en", "Nine of the 12 captains were women.", "Six of the 12 captains were women.", "number"},
		{"en", "Of the 31 boats raised, 22 have been named.", "The port said 31 of the boats have been named.", "number"},
		{"en", "The ferry will add a third daily trip to Tuxtla.", "El ferry hará tres viajes diarios a Tuxtla.", ""},
		{"en", "The ferry will add a third daily trip to Tuxtla.", "El ferry hará cuatro viajes diarios a Tuxtla.", "number"},
		{"en", "The pilots cover 2,800 square miles.", "The pilots cover some 7,250 square kilometers.", ""},
		{"en", "The pilots cover 2,800 square miles.", "The pilots cover 2,800 square kilometers.", "number"},
		{"en", "The crew lost up to 900 pounds of fish.", "La tripulación perdió hasta 400 kilos de pescado.", ""},
		{"es", "El litro de diésel subió 1.20 pesos.", "A gallon of diesel went up 1.20 pesos.", "number"},
		{"en", "The catch was 210 tons, against 300 the year before.", "The catch was 90 tons smaller than the year before.", ""},
		{"en", "The catch was 210 tons, against 300 the year before.", "The catch was 80 tons smaller than the year before.", "number"},
		// quantifiers
		{"en", "Every captain from the valley except one signed.", "Every captain from the valley signed.", "quantifier"},
		{"en", "The captain has never before shut the lock.", "It is the first time the captain has shut the lock.", ""},
		{"en", "The captain has shut the lock.", "It is the first time the captain has shut the lock.", "quantifier"},
		{"en", "The port has filled 9 of 10 berths.", "Nearly all of the berths of the port have been filled.", ""},
		{"en", "The port has filled 6 of 10 berths.", "Nearly all of the berths of the port have been filled.", "quantifier"},
		{"en", "Catches reached 28 tons in May, surpassing the previous high of 27 tons.", "Catches hit a record 28 tons in May.", ""},
		{"en", "Catches reached 28 tons in May, more than the 27 of April.", "Catches hit a record 28 tons in May.", "quantifier"},
		{"en", "Guards searched one of the two boats; the other was let go.", "Guards searched only one of the two boats.", ""},
		{"en", "The pilot spent barely a third of the 90,000 dollars.", "El piloto gastó apenas un tercio de los 90.000 dólares.", ""},
		{"en", "Two in every five calls come from abroad.", "Two fifths of the calls come from abroad.", ""},
		{"en", "Two in every five calls come from abroad.", "Three fifths of the calls come from abroad.", "number"},
		{"en", "Traffic quadrupled in a year.", "Traffic tripled in a year.", "quantifier"},
		{"en", "The fee is 15 dollars, more than triple the 4 of the ferry.", "The fee is over three times that of the ferry.", ""},
		{"en", "The fee is 15 dollars, more than triple the 4 of the ferry.", "The fee is over five times that of the ferry.", "number"},
		{"en", "The ferry is usually late.", "El ferry llega casi siempre tarde.", ""},
		{"en", "The ferry is usually late.", "El ferry llega siempre tarde.", "quantifier"},
		{"en", "Every captain from the valley except one signed.", "Todos los capitanes del valle, salvo uno, firmaron.", ""},
		{"en", "One in eight berths is empty, up from one in 20.", "The share of empty berths has more than doubled.", ""},
		{"en", "Whoever wants to work here will get a permit.", "Todo el que quiera trabajar aquí tendrá un permiso.", ""},
		{"en", "Whoever wants to work here will get a permit.", "Solo algunos de quienes quieran trabajar aquí tendrán un permiso.", "quantifier"},
		{"es", "Siete de cada diez pilotos gastan el dinero en comida.", "Todos los pilotos gastan el dinero en comida.", "quantifier"},
		{"en", "Some farmers lost their harvests.", "Most farmers lost their harvests.", "quantifier"},
		{"en", "Few of the crews had radios.", "Many of the crews had radios.", "quantifier"},
		{"en", "Half the town's wells ran dry, said the mayor.", "Most of the town's wells ran dry, said the mayor.", "quantifier"},
		{"en", "Seven of the port's nine locks are shut.", "Most of the port's locks are shut.", ""},
		{"en", "Usually a working visit has no dinner.", "A working visit never has a dinner.", "quantifier"},
		{"en", "The ferry often runs late.", "The ferry rarely runs late.", "quantifier"},
		{"en", "The ferry often runs late.", "The ferry frequently runs late.", ""},
		{"en", "The pass began in May as a pilot at the lock.", "The pass was first tried at the lock in May.", ""},
		{"en", "The office issued a memo in May and a second memo in July.", "The office issued a first memo in May and another in July.", ""},
		{"en", "The tariff is 5 percent, rising to 10 percent in July.", "The initial tariff is 5 percent.", ""},
		{"en", "More staff is needed before the lock can open.", "The lock can open only with more staff.", ""},
		{"en", "The lock can open with the new staff.", "The lock can open only with the new staff.", "quantifier"},
		{"en", "The guards stand above all near the lock.", "The guards stand chiefly near the lock.", ""},
		{"en", "The guards stand near the lock.", "The guards stand chiefly near the lock.", "quantifier"},
		{"es", "El banco rechazó la petición en dos ocasiones.", "The bank has twice rejected the request.", ""},
		{"en", "Traffic hit a record 15 million tons.", "Traffic hit an all-time high of 15 million tons.", ""},
		{"en", "Traffic hit 15 million tons.", "Traffic hit an all-time high of 15 million tons.", "quantifier"},
	} {
		a := &corpus.Article{ID: "a", Lang: c.lang, Text: c.quote, Published: corpus.Date{Year: 2024, Month: 6, Day: 9}}
		claim := Claim{Text: c.text, Citations: []Citation{{Article: "a", End: len(c.quote), Quote: c.quote}}}
		v := Check(library{ix, a}, claim, "", "")
		if len(v.Failed) == 0 && c.want != "" || c.want == "" && len(v.Failed) > 0 || c.want != "" && !slices.Contains(v.Failed, c.want) {
			t.Errorf("%s\n\tof %s\n\tfailed %v, want %q", c.text, c.quote, v.Why, c.want)
		}
	}
}
