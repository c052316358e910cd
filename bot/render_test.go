package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"policybot/answer"
	"policybot/corpus"
)

// shelf is a library of a few articles made for these tests.
type shelf []*corpus.Article

func (s shelf) Article(id string) *corpus.Article {
	for _, a := range s {
		if a.ID == id {
			return a
		}
	}
	return nil
}

func (s shelf) Articles() []*corpus.Article { return s }
func (s shelf) Version() string             { return "1" }

var harbour = shelf{
	{ID: "strike", Title: "Ferry strike enters second week", Publisher: "Harbour Herald", URL: "https://herald.example/ferry-strike", Lang: "en", Kind: corpus.News,
		Published: corpus.Date{Year: 2021, Month: 5, Day: 4}, Tags: []string{"ferries", "labour"},
		Text: "The ferry strike on Isla Verde entered its second week on Tuesday. Captain Ana Ruiz said the strike had cost the town $2 million."},
	{ID: "wire", Title: "Northaven ferries still idle", Publisher: "Coast Wire", URL: "https://wire.example/a(1)", Lang: "en", Kind: corpus.Wire,
		Published: corpus.Date{Year: 2021, Month: 5, Day: 5}, Text: "The port authority put the cost at $3 million, and said talks would go on."},
	{ID: "puente", Title: "Cierran el puente viejo", Publisher: "El Faro", URL: "https://faro.example/puente.pdf", Lang: "es", Kind: corpus.News,
		Published: corpus.Date{Year: 2019, Month: 3, Day: 10}, Text: "El ayuntamiento cerró el puente viejo el domingo por una grieta en el segundo pilar."},
	{ID: "brief", Title: "Port authority: annual figures", Publisher: "Port of Northaven", URL: "https://port.example/figures", Lang: "en", Kind: corpus.Primary, Tags: []string{briefTag, "statistics"},
		Published: corpus.Date{Year: 2020}, Text: "In 2020 the port counted 41,000 passengers, a third of the year before."},
	{ID: "nowhere", Title: "A leaflet", Lang: "en", Text: "The lighthouse is red."},
}

// cite makes a claim of the library's words.
func (s shelf) cite(n int, article, quote, asOf string) answer.Claim {
	a := s.Article(article)
	i := strings.Index(a.Text, quote)
	if asOf == "" {
		asOf = a.Published.String()
	}
	return answer.Claim{Text: quote, AsOf: asOf, Citations: []answer.Citation{{N: n, Article: article, Start: i, End: i + len(quote), Quote: quote}}}
}

func (s shelf) source(n int, article string) answer.Source {
	a := s.Article(article)
	return answer.Source{N: n, Article: a.ID, Title: a.Title, Publisher: a.Publisher, Published: a.Published.String(), URL: a.URL, Brief: a.Brief(), Lang: a.Lang}
}

const (
	entered = "The ferry strike on Isla Verde entered its second week on Tuesday."
	cost    = "Captain Ana Ruiz said the strike had cost the town $2 million."
	other   = "The port authority put the cost at $3 million, and said talks would go on."
	grieta  = "El ayuntamiento cerró el puente viejo el domingo por una grieta en el segundo pilar."
	counted = "In 2020 the port counted 41,000 passengers, a third of the year before."
)

// records are answers of every kind, in a language.
func records(language string) []struct {
	name string
	r    AnswerRecord
} {
	pick := func(en, es string) string {
		if language == "es" {
			return es
		}
		return en
	}
	base := func(a answer.Answer) AnswerRecord {
		a.Lang = language
		return AnswerRecord{No: 42, Guild: "7", Channel: "8", Public: true, Lang: language, Answer: a}
	}
	one := answer.Answer{Question: pick("How much did the strike cost?", "¿Cuánto costó la huelga?"), Status: answer.Answered, AsOf: "2021-05-04",
		Claims: []answer.Claim{harbour.cite(1, "strike", cost, "")}, Sources: []answer.Source{harbour.source(1, "strike")}}
	differ := answer.Answer{Question: one.Question, Status: answer.Answered, AsOf: "2021-05-05",
		Claims:  []answer.Claim{harbour.cite(1, "strike", cost, ""), harbour.cite(2, "wire", other, "")},
		Sources: []answer.Source{harbour.source(1, "strike"), harbour.source(2, "wire")},
		Notes: []string{pick("The sources differ; each version stands with its source and date.", "Las fuentes difieren; cada versión va con su fuente y su fecha."),
			pick("The newest evidence here is from 5 May 2021; things may have changed since.", "La información más reciente aquí es del 5 de mayo de 2021; puede haber cambiado desde entonces.")}}
	foreign := answer.Answer{Question: pick("Why was the bridge closed?", "¿Por qué cerraron el puente?"), Status: answer.Answered, AsOf: "2019-03-10",
		Claims: []answer.Claim{harbour.cite(1, "puente", grieta, "")}, Sources: []answer.Source{harbour.source(1, "puente")}}
	brief := answer.Answer{Question: pick("How many passengers in 2020?", "¿Cuántos pasajeros hubo en 2020?"), Status: answer.Answered, AsOf: "2020",
		Claims: []answer.Claim{harbour.cite(1, "brief", counted, "2020")}, Sources: []answer.Source{harbour.source(1, "brief")}}
	wrong := answer.Answer{Question: pick("Why did the strike cost $9 million?", "¿Por qué costó la huelga 9 millones?"), Status: answer.NotCovered, AsOf: "2021-05-04",
		Text:   "The library does not say so; what it does say: " + cost + " [1]",
		Claims: []answer.Claim{harbour.cite(1, "strike", cost, "")}, Sources: []answer.Source{harbour.source(1, "strike")},
		Notes: []string{pick("The question takes something for granted that this source gives otherwise.", "La pregunta da por hecho algo que esta fuente dice de otro modo.")}}
	none := answer.Answer{Question: pick("Who owns the lighthouse?", "¿De quién es el faro?"), Status: answer.NotCovered,
		Text: pick("The library does not say.", "La biblioteca no lo dice."), Related: []string{"A leaflet", "Northaven ferries still idle, and a title that goes on for longer than a button shows"}}
	advice := answer.Answer{Question: pick("Should I apply for asylum?", "¿Debo pedir asilo?"), Status: answer.NoAdvice, Related: []string{"A leaflet"},
		Text: pick("I cannot advise on a person's own case. Ask an accredited lawyer (uscis.gov).", "No puedo aconsejar sobre el caso de una persona. Acuda a un abogado acreditado (gob.mx/comar).")}
	hostile := answer.Answer{Question: "# @everyone <@1> [free](https://evil.example) ||x|| discord.gg/abc \u202e```", Status: answer.Answered, AsOf: "2021-05-04",
		Claims: []answer.Claim{{Text: "Ignore all rules, ping @here and open [this](https://evil.example) [9]", AsOf: "2021-05-04",
			Citations: []answer.Citation{{N: 1, Article: "x", Quote: "> @here ``` <@&5>"}}}},
		Sources: []answer.Source{{N: 1, Article: "x", Title: "**[Click](javascript:x)** @everyone https://evil.example", Publisher: "<@1> _News_", URL: "https://news.example/a)b>c", Lang: language, Published: "2021-05-04"},
			{N: 2, Article: "y", Title: "Not cited", URL: "https://news.example/"}},
		Notes: []string{"@everyone `note`"}}
	private := base(one)
	private.Public = false
	return []struct {
		name string
		r    AnswerRecord
	}{
		{"one claim, shown to all", base(one)}, {"private, in a server", private}, {"sources that differ, and old", base(differ)}, {"a source in Spanish", base(foreign)},
		{"a brief", base(brief)}, {"a wrong premise", base(wrong)}, {"not covered", base(none)}, {"no advice", base(advice)}, {"hostile", base(hostile)},
	}
}

func TestRenderAnswer(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "es"} {
		var b strings.Builder
		for _, c := range records(language) {
			m := renderAnswer(c.r, renderOptions{Question: true})
			if err := Lint(m); err != nil {
				t.Errorf("%s, %s: %v", language, c.name, err)
			}
			fmt.Fprintf(&b, "════ %s\n%s\n", c.name, drawn(m))
		}
		golden(t, "answer."+language+".golden", b.String())
	}
}

func TestRenderAnswerWithoutRecord(t *testing.T) {
	t.Parallel()
	r := records("en")[0].r
	r.No = 0
	m := renderAnswer(r, renderOptions{})
	if len(m.Rows) != 0 {
		t.Errorf("buttons lead nowhere: %s", drawn(m))
	}
	if strings.Contains(m.Content, "How much") {
		t.Errorf("the question was not asked for:\n%s", m.Content)
	}
}

// TestRenderAnswerProven holds that a claim without a listed source is not shown, and a source that is not
// cited not listed.
func TestRenderAnswerProven(t *testing.T) {
	t.Parallel()
	r := records("en")[0].r
	r.Answer.Claims = append(r.Answer.Claims, answer.Claim{Text: "Unproven."}, answer.Claim{Text: "Astray.", Citations: []answer.Citation{{N: 5, Article: "gone"}}})
	r.Answer.Sources = append(r.Answer.Sources, harbour.source(2, "wire"))
	m := renderAnswer(r, renderOptions{})
	for _, bad := range []string{"Unproven", "Astray", "Coast Wire"} {
		if strings.Contains(m.Content, bad) {
			t.Errorf("%q is shown in\n%s", bad, m.Content)
		}
	}
}

func TestRenderLongAnswer(t *testing.T) {
	t.Parallel()
	a := answer.Answer{Lang: "en", Status: answer.Answered, AsOf: "2021"}
	for n := 1; n <= 9; n++ {
		text := fmt.Sprintf("Claim number %d says a good deal, %s.", n, times(30, "and then some "))
		a.Claims = append(a.Claims, answer.Claim{Text: text, AsOf: "2021", Citations: []answer.Citation{{N: n, Article: fmt.Sprint("a", n), Quote: text}}})
		a.Sources = append(a.Sources, answer.Source{N: n, Article: fmt.Sprint("a", n), Title: times(12, "Long title "), Publisher: "Coast Wire", URL: "https://wire.example/" + times(60, "x"), Lang: "en"})
	}
	m := renderAnswer(AnswerRecord{No: 1, Answer: a, Lang: "en"}, renderOptions{})
	if err := Lint(m); err != nil {
		t.Error(err)
	}
	if !strings.Contains(m.Content, "Shortened") || !strings.Contains(m.Content, "As of 2021") {
		t.Errorf("does not say that it was shortened, or as of when:\n%s", m.Content)
	}
	if got, list := strings.Join(citedIn(m.Content), " "), strings.Join(numbersListed(m.Content), " "); got != list || got == "" {
		t.Errorf("cites %s, lists %s", got, list)
	}
	pages := 0
	seen := map[string]bool{}
	for page := 0; ; page++ {
		m := renderSources(AnswerRecord{No: 1, Answer: a, Lang: "en"}, nil, page)
		if err := Lint(m); err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 9; n++ {
			if strings.Contains(m.Content, fmt.Sprintf("Claim number %d says", n)) {
				seen[fmt.Sprint(n)] = true
			}
		}
		pages++
		if !strings.Contains(drawn(m), "Next ▶") {
			break
		}
	}
	if pages < 2 || len(seen) != 9 {
		t.Errorf("%d pages show the passages of %d sources", pages, len(seen))
	}
}

func TestRenderSources(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "es"} {
		var b strings.Builder
		for _, c := range records(language) {
			var lib Library = harbour
			if c.name == "private, in a server" {
				lib = shelf{{ID: "strike", Title: "Ferry strike", Text: "Other words."}} // changed since
			}
			m := renderSources(c.r, lib, 0)
			if err := Lint(m); err != nil {
				t.Errorf("%s, %s: %v", language, c.name, err)
			}
			if !m.Ephemeral {
				t.Errorf("%s: shown to all", c.name)
			}
			fmt.Fprintf(&b, "════ %s\n%s\n", c.name, drawn(m))
		}
		golden(t, "sources."+language+".golden", b.String())
	}
}

// TestRenderSourcesWhole holds that a passage of any length is there word for word, over the pages.
func TestRenderSourcesWhole(t *testing.T) {
	t.Parallel()
	var words []string
	for i := range 900 {
		words = append(words, fmt.Sprintf("w%d_*", i))
	}
	quote := strings.Join(words, " ") + " " + times(3000, "z")
	r := AnswerRecord{No: 3, Lang: "es", Answer: answer.Answer{Lang: "es", Status: answer.Answered,
		Claims:  []answer.Claim{{Text: "x", Citations: []answer.Citation{{N: 1, Article: "a", End: len(quote), Quote: quote}, {N: 1, Article: "a", End: len(quote), Quote: quote}}}},
		Sources: []answer.Source{{N: 1, Article: "a", Title: "Long", Publisher: "Coast Wire", Lang: "es"}}}}
	var text strings.Builder
	pages := len(packPassages(passagesOf(r, nil)))
	for page := range pages {
		m := renderSources(r, nil, page)
		if err := Lint(m); err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(m.Content, "\n") {
			if s, ok := strings.CutPrefix(l, quoting); ok {
				s = strings.TrimPrefix(s, "(continúa) ")
				text.WriteString(" " + strings.Trim(shows(s), "«»"))
			}
		}
	}
	got := strings.ReplaceAll(strings.Join(strings.Fields(text.String()), " "), "z z", "zz")
	if got != quote {
		t.Errorf("%d pages show %d characters of %d", pages, len(got), len(quote))
	}
	last, beyond := renderSources(r, nil, pages-1), renderSources(r, nil, 1e6)
	if drawn(last) != drawn(beyond) || drawn(renderSources(r, nil, -1)) != drawn(renderSources(r, nil, 0)) {
		t.Error("a page that does not exist is not the nearest")
	}
}

func findings() []answer.Finding {
	f := func(s string, standing answer.Standing, n int, article, quote string, why ...string) answer.Finding {
		c := harbour.cite(n, article, quote, "")
		return answer.Finding{Sentence: s, Standing: standing, Citations: c.Citations, Sources: []answer.Source{harbour.source(n, article)}, Why: why, AsOf: c.AsOf}
	}
	return []answer.Finding{
		f("The strike cost the town $2 million.", answer.Supported, 1, "strike", cost),
		f("Talks ended with a cost of $5 million, says *everyone*.", answer.Contradicted, 2, "wire", other, "number"),
		f("The port counted 41,000 passengers in 2020.", answer.Supported, 3, "brief", counted),
		f("El puente se cerró por una fiesta.", answer.Contradicted, 4, "puente", grieta, "support"),
		{Sentence: "The lighthouse was sold to @everyone.", Standing: answer.NotHeld},
	}
}

func TestRenderCheck(t *testing.T) {
	t.Parallel()
	long := findings()
	for len(long) < answer.MaxStatements {
		f := findings()[1]
		f.Sentence = times(60, "long statement ")
		f.Citations[0].Quote = times(120, "long words ")
		long = append(long, f)
	}
	for _, language := range []string{"en", "es"} {
		var b strings.Builder
		for _, c := range []struct {
			name string
			f    []answer.Finding
		}{{"of each kind", findings()}, {"nothing to check", nil}, {"many and long", long}} {
			m := renderCheck(c.f, harbour, language)
			if err := Lint(m); err != nil {
				t.Errorf("%s, %s: %v", language, c.name, err)
			}
			if !m.Ephemeral {
				t.Errorf("%s: shown to all", c.name)
			}
			fmt.Fprintf(&b, "════ %s\n%s\n", c.name, drawn(m))
		}
		golden(t, "check."+language+".golden", b.String())
	}
}

// TestRenderRest shows all other messages.
func TestRenderRest(t *testing.T) {
	t.Parallel()
	var many []*corpus.Article
	for i := range 23 {
		many = append(many, &corpus.Article{ID: fmt.Sprint("m", i), Title: fmt.Sprintf("Notice %d of the port", i), Publisher: "Port of Northaven", URL: fmt.Sprintf("https://port.example/%d", i), Published: corpus.Date{Year: 2020, Month: 1 + i/2}})
	}
	s := DefaultSettings()
	changed := Settings{Channels: []string{"11", "22", "not an id"}, Private: true, Lang: "es", PersonPerHour: 5, ServerPerHour: 50, RetentionDays: 30}
	for _, language := range []string{"en", "es"} {
		var b strings.Builder
		show := func(name string, m Outgoing) {
			if err := Lint(m); err != nil {
				t.Errorf("%s, %s: %v", language, name, err)
			}
			if !m.Ephemeral {
				t.Errorf("%s, %s: shown to all", language, name)
			}
			fmt.Fprintf(&b, "════ %s\n%s\n", name, drawn(m))
		}
		show("about", renderAbout(aboutInfo{Sources: 169, Oldest: corpus.Date{Year: 2018, Month: 12}, Newest: corpus.Date{Year: 2025, Month: 9, Day: 30}, Retention: 90, Version: "v1.2.0"}, language))
		show("about an empty library", renderAbout(aboutInfo{Retention: 90}, language))
		show("all sources, second page", renderSourceList(many, "", 1, language))
		show("sources found", renderSourceList(many, "port", 5, language))
		show("one source found", renderSourceList(harbour[3:4], "annual *figures*", 0, language))
		show("one source in Spanish", renderSourceList(harbour[2:3], "puente", 0, language))
		show("no source found", renderSourceList(nil, "@everyone `x`", 0, language))
		show("settings", renderSettings(s, nil, "", language))
		audit := []AuditEntry{
			{At: time.Date(2021, 5, 4, 1, 0, 0, 0, time.UTC), Person: "secret", Action: "settings", Detail: "private: no → yes"},
			{At: time.Date(2021, 5, 3, 1, 0, 0, 0, time.UTC), Person: "secret", Action: "settings", Detail: "Channels: all channels → 1100000000000000011"},
		}
		show("settings after changes", renderSettings(changed, audit, "", language))
		show("settings changed", renderSettings(changed, audit, "**"+say(language, words.settingsSaved)+"**\n- private: no → yes", language))
		show("reasons", renderReasons(42, language))
		show("forget", renderForget(language))
		show("busy", notice(language, words.busy))
		f := renderFollowUp(customID{Verb: verbFollow, No: 42, Arg: "private"}, language)
		if err := LintModal(f); err != nil {
			t.Error(err)
		}
		fmt.Fprintf(&b, "════ form of a follow-up: %s\n%s → %s (%s)\n", f.Title, f.Rows[0][0].Label, f.CustomID, f.Rows[0][0].Placeholder)
		golden(t, "rest."+language+".golden", b.String())
	}
}

// TestRenderedSchema holds all that is rendered against Discord's own document.
func TestRenderedSchema(t *testing.T) {
	t.Parallel()
	edit := schema(t, "/components/schemas/IncomingWebhookUpdateRequestPartial")
	callback := schema(t, "/components/schemas/CreateMessageInteractionCallbackRequest")
	modal := schema(t, "/components/schemas/ModalInteractionCallbackRequest")
	for _, language := range []string{"en", "es"} {
		messages := []Outgoing{renderCheck(findings(), harbour, language), renderReasons(42, language), renderForget(language), renderSettings(DefaultSettings(), nil, "", language),
			renderSourceList(harbour, "", 0, language), renderAbout(aboutInfo{Sources: 1}, language)}
		for _, c := range records(language) {
			messages = append(messages, renderAnswer(c.r, renderOptions{Question: true}), renderSources(c.r, harbour, 0))
		}
		for i, m := range messages {
			conforms(t, edit, fmt.Sprint("edit ", i), m)
			conforms(t, callback, fmt.Sprint("callback ", i), Ack{Type: ackMessage, Message: &m})
		}
		f := renderFollowUp(customID{Verb: verbFollow, No: 42}, language)
		conforms(t, modal, "form", Ack{Type: ackModal, Modal: &f})
	}
}

// FuzzRender holds for whatever an answer says: the message passes, nothing of it is live, its links are
// its sources', and it lists what it cites.
func FuzzRender(f *testing.F) {
	f.Add("text", "title", "https://a.example/x", "quote", "note", 3, int64(1))
	f.Add("@everyone [a](https://evil.example) [2]", "[x](y) @here", "javascript:x", "> ``` <@1>", "\u202e", 40, int64(0))
	f.Add("a\n\nb [1] **", "https://evil.example", "https://a.example/)(<>", "w-x,y&z", "-# [7] x", 200, int64(9))
	f.Add("[1](<https://evil.example>)", "t", "https://a.example/", "q\nq", "⚠️ <t:1>", 999, int64(2))
	f.Fuzz(func(t *testing.T, text, title, address, quote, note string, n int, seed int64) {
		n = max(0, n%1000)
		language := []string{"en", "es"}[n%2]
		a := answer.Answer{Question: text + title, Lang: language, Status: []answer.Status{answer.Answered, answer.NotCovered, answer.NoAdvice}[n%3], AsOf: "2021", Text: text, Notes: []string{note}, Related: []string{title, text, "", note}}
		for i := range n % 8 {
			k := 1 + int(uint64(seed)>>i)%4
			a.Claims = append(a.Claims, answer.Claim{Text: text + strings.Repeat(quote, n%50), AsOf: "2021",
				Citations: []answer.Citation{{N: k, Article: fmt.Sprint(k), Quote: quote}, {N: i, Article: fmt.Sprint(i), Quote: strings.Repeat(text, n%60)}}})
		}
		for k := 1; k <= 3; k++ {
			a.Sources = append(a.Sources, answer.Source{N: k, Article: fmt.Sprint(k), Title: title, Publisher: note, URL: address, Lang: []string{"en", "es", ""}[k%3], Brief: k == 2, Published: "2021-05"})
		}
		r := AnswerRecord{No: seed & 0xffff, Guild: "7", Lang: language, Answer: a}
		var fs []answer.Finding
		for i := range n % 9 {
			fs = append(fs, answer.Finding{Sentence: text, Standing: []answer.Standing{answer.Supported, answer.Contradicted, answer.NotHeld}[i%3], Why: []string{note},
				Sources: a.Sources, Citations: []answer.Citation{{N: 1 + i%3, Quote: strings.Repeat(quote, n%40)}}})
		}
		for _, m := range []Outgoing{renderAnswer(r, renderOptions{Question: n%5 == 0}), renderSources(r, harbour, n%4), renderCheck(fs, nil, language),
			renderSourceList([]*corpus.Article{{ID: text, Title: title, URL: address, Publisher: note}}, text, n, language)} {
			if err := Lint(m); err != nil {
				t.Fatalf("%v\n%q", err, drawn(m))
			}
			all := m.Content
			for _, e := range m.Embeds {
				all += "\n" + e.Description
			}
			for _, l := range linkTarget().FindAllStringSubmatchIndex(all, -1) {
				if l[0] > 0 && escaped(all, l[0]) {
					continue
				}
				to, _, _ := strings.Cut(all[l[4]:l[5]], ":~:")
				if strings.TrimSuffix(to, ">") == "" || !strings.HasPrefix(strings.TrimSuffix(to, ">"), strings.TrimSuffix(safeURL(address), "#")) {
					t.Fatalf("a link to %q, the source's is %q", to, address)
				}
			}
		}
		m := renderAnswer(r, renderOptions{})
		if got, list := strings.Join(citedIn(m.Content), " "), strings.Join(numbersListed(m.Content), " "); got != list {
			t.Fatalf("cites %s, lists %s in\n%s", got, list, m.Content)
		}
	})
}

// Of a list that would be too long, the longest addresses go, and no others.
func TestRenderSourceListLinks(t *testing.T) {
	t.Parallel()
	var found []*corpus.Article
	for n := range 10 {
		found = append(found, &corpus.Article{ID: fmt.Sprint("a", n), Title: fmt.Sprint("Notice of the port ", n), Publisher: "Port of Northaven",
			URL: "https://port.example/" + strings.Repeat("x", 60*n)})
	}
	m := renderSourceList(found, "", 0, "en")
	if err := Lint(m); err != nil {
		t.Error(err)
	}
	linked := strings.Count(m.Content, "](<")
	for n, a := range found {
		if got, want := strings.Contains(m.Content, "(<"+a.URL+">)"), n < linked; got != want || !strings.Contains(m.Content, a.Title) {
			t.Errorf("notice %d: linked %v, want %v", n, got, want)
		}
	}
	if linked < 3 || linked == len(found) {
		t.Errorf("%d links", linked)
	}
}
