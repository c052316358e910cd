package verify

import (
	"testing"

	"policybot/corpus"
)

// TestVerifyRunningDates holds dates of claims to what running prose calls "next spring", "the first half" or "the end of
// May".
func TestVerifyRunningDates(t *testing.T) {
	t.Parallel()
	articles := []*corpus.Article{
		{ID: "a", Lang: "en", Title: "A new pier", Published: corpus.Date{Year: 2022, Month: 3, Day: 8},
			Text: "The old pier will reopen by the end of May, the board said on Tuesday. " +
				"A second pier opens next spring if the storms allow. " +
				"Swimmers have used the north ramp since last fall. " +
				"The lighthouse is to be painted in the fall of 2023. " +
				"In the first half of the year the ferry carried 9,000 sailors. " +
				"The fall of the tower surprised nobody. The club meets on the second Tuesday of June. " +
				"The buoys lie off North Lund, and the boats off South Chile."},
		{ID: "a", Lang: "es", Title: "Un muelle nuevo", Published: corpus.Date{Year: 2022, Month: 8, Day: 9},
			Text: "El transbordador llevó 9,000 marineros en el segundo trimestre. El puerto costó 2000 millones de pesos."},
	}
	const (
		reopen, tuesday   = "The old pier", "on Tuesday."
		second, allow     = "A second pier", "allow."
		swimmers, fall    = "Swimmers", "last fall."
		painted, of2023   = "The lighthouse", "fall of 2023."
		half, sailors     = "In the first half", "9,000 sailors."
		tower, nobody     = "The fall of", "nobody."
		ferry, trimestre  = "El transbordador", "segundo trimestre."
		cost, pesos       = "El puerto costó", "pesos."
		club, june        = "The club", "of June."
		buoys, southChile = "The buoys", "South Chile."
	)
	checkRunning(t, "date", articles, []running{
		{0, reopen, tuesday, "The old pier is to reopen by the end of May, the board said.", false},
		{0, reopen, tuesday, "The old pier is to reopen by the end of March, the board said.", true},
		{0, second, allow, "A second pier opens in spring 2023 if the storms allow.", false},
		{0, second, allow, "A second pier opens in spring 2024 if the storms allow.", true},
		{0, second, allow, "A second pier opens in the fall of 2023 if the storms allow.", true},
		{0, swimmers, fall, "Swimmers have used the north ramp since autumn 2021.", false},
		{0, swimmers, fall, "Swimmers have used the north ramp since spring 2021.", true},
		{0, painted, of2023, "The lighthouse is to be painted in autumn 2023.", false},
		{0, painted, of2023, "The lighthouse is to be painted in the spring of 2023.", true},
		{0, half, sailors, "Between January and June 2022 the ferry carried 9,000 sailors.", false},
		{0, half, sailors, "Between July and December 2022 the ferry carried 9,000 sailors.", true},
		{0, tower, nobody, "The fall of the tower was no surprise to anybody.", false},
		{0, club, june, "The club meets on 14 June 2022.", false},
		{0, club, june, "The club meets on 21 June 2022.", true},
		{1, ferry, trimestre, "The ferry carried 9,000 sailors from April to June 2022.", false},
		{1, ferry, trimestre, "The ferry carried 9,000 sailors from October to December 2022.", true},
		{1, cost, pesos, "El puerto costó dos mil millones de pesos.", false},
	})
	checkRunning(t, "name", articles, []running{
		{0, buoys, southChile, "The boats lie off the south of Chile.", false},
		{0, buoys, southChile, "The boats lie off the north of Chile.", true},
	})
}
