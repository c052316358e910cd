package answer

import (
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
)

// TestVerifyNumbers holds what is said of numbers, parts, times, dates and names to made-up passages.
func TestVerifyNumbers(t *testing.T) {
	t.Parallel()
	ix, err := shippedIndex()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ quote, text, want string }{
		// parts of a whole
		{"The harbour fund spends three quarters of its money on dredging.", "The harbour fund spends 75 percent of its money on dredging.", ""},
		{"The harbour fund spends three quarters of its money on dredging.", "The harbour fund spends two thirds of its money on dredging.", "number"},
		{"Some 90 percent of the pilots are trained abroad.", "About nine in ten pilots are trained abroad.", ""},
		{"Some 90 percent of the pilots are trained abroad.", "About seven in ten pilots are trained abroad.", "number"},
		{"Of 240 pilots, 184 were trained abroad.", "Over three quarters of the 240 pilots were trained abroad.", ""},
		{"Of 240 pilots, 184 were trained abroad.", "Under a third of the 240 pilots were trained abroad.", "number"},
		{"The strike cut ferry traffic by a third because crews stayed home.", "La huelga redujo el tráfico en un tercio.", ""},
		// rounding and powers
		{"The lock cost 986.8 million pesos.", "The lock cost nearly 987 million pesos.", ""},
		{"The lock cost 986.8 million pesos.", "The lock cost nearly 978 million pesos.", "number"},
		{"The school trained 11,184 pilots.", "La escuela formó a más de 11.000 pilotos.", ""},
		{"The school trained 11,184 pilots.", "La escuela formó a más de 12.000 pilotos.", "number"},
		{"The plan costs 10.5 billion dollars with 4.7 billion of new money.", "El plan cuesta 10.500 millones de dólares, 4.700 de ellos nuevos.", ""},
		{"The plan costs 10.5 billion dollars with 4.7 billion of new money.", "El plan cuesta 10.500 millones de dólares, 5.700 de ellos nuevos.", "number"},
		{"Dozens of sailors waited at the gate.", "Miles de marineros esperaban en la puerta.", "number"},
		// sums and what is counted besides
		{"Ten Danish captains and 10 Dutch captains will dine aboard.", "Twenty captains, ten from each side, will dine aboard.", ""},
		{"Ten Danish captains and 10 Dutch captains will dine aboard.", "Twenty captains from each side will dine aboard.", "number"},
		{"Four countries – Honduras, Cuba, Panama and Mexico – asked for the study.", "Mexico and the three other countries asked for the study.", ""},
		// times
		{"The crews struck a decade ago.", "The crews struck ten years ago.", ""},
		{"The crews struck a decade ago.", "The crews struck twelve years ago.", "number"},
		{"The gate opens at 6:00 and the lock at 10:00.", "The gate opens at six in the evening.", "number"},
		{"Trainees get 180 dollars a month.", "Los aprendices cobran 180 dólares a la semana.", "number"},
		// quantities by numbers
		{"The port saw 5,200 boats in 2023, compared with 2,480 in 2022.", "The port saw 5,200 boats in 2023, more than double the 2,480 of 2022.", ""},
		{"The port saw 5,200 boats in 2023, compared with 3,480 in 2022.", "The port saw 5,200 boats in 2023, more than double the 3,480 of 2022.", "quantifier"},
		{"Nearly 250 boats came, over 150 of them from Panama.", "Nearly 250 boats came, most of them from Panama.", ""},
		{"Nearly 250 boats came, over 150 of them from Panama.", "Nearly 250 boats came, all of them from Panama.", "quantifier"},
		{"Crossings have been limited to freight since March.", "Only freight has been allowed to cross since March.", ""},
		{"Freight has crossed since March.", "Only freight has crossed since March.", "quantifier"},
		{"The plan covers trade and environmental care.", "El plan abarca comercio y medio ambiente.", ""},
		{"Panama was third among the countries that send pilots.", "Panama was the third-largest source of pilots.", ""},
		{"Panama was third among the countries that send pilots.", "Panama was the largest source of pilots.", "quantifier"},
		// again, every, bounds of one unit
		{"In 2019 the port was for the first time the largest of the coast.", "Once more the port was the largest of the coast in 2019.", "quantifier"},
		{"In most years 80 crews went on strike.", "In every year 80 crews went on strike.", "quantifier"},
		{"The licence covers work lasting under one year.", "The licence covers work of more than a year.", "quantifier"},
		{"The licence covers work lasting under one year.", "The licence covers work of less than a year.", ""},
		{"In 2021 the port saw 133 boats, half as many as in 2022.", "The port saw 133 boats in 2021, double the figure of 2022.", "quantifier"},
		{"In 2021 the port saw 133 boats, half as many as in 2022.", "In 2022 the port saw double the 133 boats of 2021.", ""},
		{"The plan costs 10 billion dollars a year, the port said.", "The plan costs 10 billion dollars in total, the port said.", "number"},
		// dates
		{"In 2023 the port saw 782 boats, 77 percent more than the year before.", "The port saw 782 boats in 2023, 77 percent more than in 2022.", ""},
		{"In 2023 the port saw 782 boats, 77 percent more than the year before.", "The port saw 782 boats in 2023, 77 percent more than in 2020.", "date"},
		{"The share grew from 9 percent in 2012 to 16 percent in 2019 and 20 percent in 2023.", "The share was 20 percent in 2023, up from 9 percent in 2012.", ""},
		{"The share grew from 9 percent in 2012 to 16 percent in 2019 and 20 percent in 2023.", "The share was 20 percent in 2023, up from 9 percent in 2019.", "date"},
		{"The lock was shut until about midnight leading into Saturday 23 September 2023.", "The lock was shut until the night from Friday to Saturday.", ""},
		{"The lock was shut on Thursday 11 May 2023 before midnight.", "The lock was shut on Thursday 18 May before midnight.", "date"},
		// names and places
		{"Honduras's foreign ministry called for a study of the lock.", "The defence ministry of Honduras called for a study of the lock.", "name"},
		{"The incoming interior secretary of Honduras denied a deal.", "La futura secretaria de Gobernación de Honduras negó un acuerdo.", ""},
		{"The ferry stopped 60 northbound boats.", "The ferry stopped 60 boats that went south.", "name"},
		{"The ferry stopped 60 northbound boats.", "The ferry stopped 60 boats that went north.", ""},
		{"The crossings at Nogales in Arizona and Eagle Pass in Texas reopened.", "The crossings at Nogales, Texas, and Eagle Pass reopened.", "name"},
		{"The crossings at Nogales in Arizona and Eagle Pass in Texas reopened.", "The crossings at Nogales, Arizona, and Eagle Pass reopened.", ""},
		{"The Harbour Pilots Union objected to the visit.", "The Harbour Divers Union objected to the visit.", "name"},
	} {
		a := &corpus.Article{ID: "a", Lang: "en", Text: c.quote, Published: corpus.Date{Year: 2021, Month: 5, Day: 9}}
		v := Check(library{ix, a}, Claim{Text: c.text, Citations: []Citation{{Article: "a", End: len(c.quote), Quote: c.quote}}}, "", "")
		if got := strings.Join(v.Failed, " "); got != c.want && (c.want == "" || !slices.Contains(v.Failed, c.want)) {
			t.Errorf("%s | %s: failed %q, want %q: %v", c.quote, c.text, got, c.want, v.Why)
		}
	}
}
