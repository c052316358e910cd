package answer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"policybot/corpus"
	"policybot/retrieval"
)

// alike is a small library whose names resemble one another, written for these tests.
var alike = func() []*corpus.Article {
	var out []*corpus.Article
	add := func(id, language, title, text string) {
		out = append(out, &corpus.Article{ID: id, Lang: language, Title: title, Publisher: "Border Gazette", Kind: corpus.News,
			Published: corpus.Date{Year: 2022, Month: 6, Day: 1 + len(out)%28}, Text: text})
	}
	for i, town := range []string{"Villaabdtepec", "Villaafgtepec", "Villaacetepec"} {
		add(strings.ToLower(town), "en", "Shelter in "+town,
			"The town of "+town+" opened a shelter with "+[]string{"112", "240", "75"}[i]+" beds for migrants in March. The shelter in "+town+" was closed in May.")
	}
	for i, town := range []string{"Santa Quilnora", "Santa Quilmora"} {
		add("quil"+string(rune('n'-i)), "es", "Un albergue en "+town,
			"El municipio de "+town+" abrió un comedor para "+[]string{"310", "95"}[i]+" migrantes en abril. El alcalde de "+town+" pidió ayuda al estado.")
	}
	add("tapachula", "en", "Waiting in Tapachula", "In Tapachula 4,300 asylum seekers waited for their papers. The mayor of Tapachula asked for tents.")
	add("obrador", "en", "López Obrador on jobs", "President Andrés Manuel López Obrador said the tree-planting programme would hire 20,000 farm workers in Guatemala.")
	add("sheinbaum", "en", "Sheinbaum on the caravan", "President Claudia Sheinbaum said the caravan of 2,700 people had been dissolved near Oaxaca.")
	add("guatemala", "en", "Pledge to Guatemala", "The United States pledged $52 million to Guatemala for coffee growers.")
	add("fernandez", "es", "El padrón de Fernández", "La comisionada Lucía Fernández entregó 880 credenciales en Huixtla. Fernández dijo que faltaban 40.")
	add("oneil", "en", "Sheriff Marden counts", "Sheriff Dana Marden counted 61 crossings at the ford in June. Marden asked for two boats.")
	add("h2a", "en", "Farm visas", "The consulate issued 5,100 H-2A visas to farm workers in 2021. The H-2A fee was $190.")
	add("hr", "en", "The farm bill of the House", "The House passed HR 1603 by 247 votes. HR 1603 would give legal status to farm workers. Some 1608 people watched.")
	add("title", "en", "Expulsions", "Title 42 let agents expel 9,400 people in one week. Title 42 was a health order. About 43 buses were used.")
	add("articulo", "es", "La ley", "El artículo 3 de la ley de refugio fija un plazo de 45 días. El artículo 3 se aplica a 4 delegaciones.")
	add("market", "en", "The market", "The covered market of Huixtla has 90 stalls. A barber and a baker keep two of them. The immigration officers pass at noon.")
	return out
}()

func alikeEngine(t testing.TB) *Engine {
	t.Helper()
	lex, err := corpus.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	an := retrieval.NewAnalyzer(lex)
	ix := retrieval.New(retrieval.Options{Analyzer: an, Embedder: retrieval.NewHash(an)})
	var entries []retrieval.Entry
	for _, a := range alike {
		entries = append(entries, retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)})
	}
	if err := ix.Update(t.Context(), entries, nil); err != nil {
		t.Fatal(err)
	}
	return NewEngine(ix, Options{Now: func() time.Time { return time.Date(2022, 8, 1, 0, 0, 0, 0, time.UTC) }})
}

// TestNamesAlike: a slip in the one name that the library holds is understood, and said; what is said of
// one name answers no question about another that only looks like it.
func TestNamesAlike(t *testing.T) {
	t.Parallel()
	e := alikeEngine(t)
	for _, c := range []struct {
		q     string
		cites string // "" : it must not be answered
		as    string // how the name was read, where it was not found as written
	}{
		{"How many beds did the shelter in Villaafgtepec have?", "villaafgtepec", ""},
		{"How many beds did the shelter in Villaafdtepec have?", "", ""},
		{"how many beds did the shelter in villaafdtepec have", "", ""},
		{"When was the shelter in Villaabctepec closed?", "", ""},
		{"¿Cuántas camas tenía el albergue de Villaafdtepec?", "", ""},
		{"¿Cuántas camas tenía el albergue de Villaafgtepec?", "villaafgtepec", ""},
		{"¿Cuántos migrantes recibe el comedor de Santa Quilnora?", "quiln", ""},
		{"¿Cuántos migrantes recibe el comedor de Santa Quildora?", "", ""},
		{"¿Cuántos migrantes recibe el comedor de Santa Quilvora?", "", ""},

		{"There was a shelter in Villaafdtepec. How many beds did it have?", "", ""},
		{"There was a shelter in Villaafgtepec. How many beds did it have?", "villaafgtepec", ""},

		{"How many asylum seekers waited in Tapachulla?", "tapachula", "Tapachula"},
		{"how many asylum seekers waited in tapachulla", "tapachula", "Tapachula"},
		{"How many asylum seekers waited in Tapachua?", "tapachula", "Tapachula"},
		{"¿Cuántos solicitantes de asilo esperaban en Tapachulla?", "tapachula", "Tapachula"},
		{"How many farm workers would Lopez Obrado hire?", "obrador", "Obrador"},
		{"¿A cuántos campesinos contrataría López Obrado en Guatemala?", "obrador", "Obrador"},
		{"How much did the United States pledge to Guatemela?", "guatemala", "Guatemala"},
		{"How much did the United States pledge to Gautemala?", "guatemala", "Guatemala"},
		{"What did Claudia Sheinbaun say about the caravan?", "sheinbaum", "Sheinbaum"},
		{"What did Shienbaum say about the caravan?", "sheinbaum", "Sheinbaum"},
		{"What was Sheinbaun's statement about the caravan of 2,700 people?", "sheinbaum", "Sheinbaum"},
		{"what did sheinbuam say about the caravan", "sheinbaum", "Sheinbaum"},
		{"¿Qué dijo Cheinbaum sobre la caravana?", "sheinbaum", "Sheinbaum"},
		{"¿Cuántas credenciales entregó Fernandes?", "fernandez", "Fernández"},
		{"¿Cuántas credenciales entregó Fernández?", "fernandez", ""},
		{"¿Cuántas credenciales entregó Fernando?", "", ""},
		{"How many credentials did Fernando hand out?", "", ""},
		{"How many crossings did Sheriff Marden count?", "oneil", ""},
		{"How many crossings did Sheriff Marsen count?", "", ""},
		{"How many crossings did Sheriff Warden count?", "", ""},
		{"How many crossings did Sheriff Harden count?", "", ""},
		{"How many crossings did Sheriff Dana Maren count?", "oneil", "Marden"},
		{"How many crossings did Sheriff Anna Maren count?", "", ""},
		{"How many stalls does the covered market of Governor Barter have?", "", ""},
		{"How many stalls does the coverd markt of Huixtla have?", "market", ""},
		{"When do Imigration officers pass the market?", "market", ""},

		{"How many H-2A visas were issued to farm workers?", "h2a", ""},
		{"How many H-2B visas were issued to farm workers?", "", ""},
		{"¿Cuántas visas H-2B se emitieron para trabajadores agrícolas?", "", ""},
		{"How many votes did HR 1603 get in the House?", "hr", ""},
		{"How many votes did HR 1608 get in the House?", "", ""},
		{"How many votes did HR 1606 get in the House?", "", ""},
		{"How many people did agents expel under Title 42?", "title", ""},
		{"How many people did agents expel under Title 43?", "", ""},
		{"how many people did agents expel under title 43", "", ""},
		{"¿A cuántas personas expulsaron los agentes con el Título 43?", "", ""},
		{"¿Qué plazo fija el artículo 3 de la ley de refugio?", "articulo", ""},
		{"¿Qué plazo fija el artículo 4 de la ley de refugio?", "", ""},
		{"¿Qué plazo fija el artículo 5 de la ley de refugio?", "", ""},
		{"What time limit does article 4 of the refuge law set?", "", ""},
		{"que plazo fija el articulo 4 de la ley de refugio", "", ""},
	} {
		a := ask(t, e, Question{Text: c.q})
		checkPromises(t, e, a)
		if c.cites == "" {
			if a.Status == Answered || len(a.Claims) > 0 {
				t.Errorf("%s\n\tanswered from something similar: %s", c.q, a.Text)
			}
			continue
		}
		if a.Status != Answered || !slices.ContainsFunc(a.Sources, func(s Source) bool { return s.Article == c.cites }) {
			t.Errorf("%s\n\t%s, must cite %s: %s", c.q, a.Status, c.cites, a.Text)
			continue
		}
		notes := strings.Join(a.Notes, " ")
		if c.as != "" && !strings.Contains(notes, "“"+c.as+"”") && !strings.Contains(notes, "«"+c.as+"»") {
			t.Errorf("%s\n\tno note that it was read as %s: %q", c.q, c.as, notes)
		}
		if c.as == "" && (strings.Contains(notes, "read as") || strings.Contains(notes, "se leyó")) {
			t.Errorf("%s\n\tnothing was read otherwise, but: %q", c.q, notes)
		}
	}
}
