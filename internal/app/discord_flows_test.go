package app

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"policybot/corpus"
	"policybot/internal/discordtest"
)

var pictures = flag.String("html", "", "write each conversation of the Discord flows as a page to look at into this directory")

// flow is a conversation with the bot that people have in either language. What happens in it, and who sees
// what, stands in testdata/discord; whoever changes a word or the layout of a message reads the change there.
type flow struct {
	name string
	// gateway: without an endpoint for interactions, as messages come over the gateway alone.
	gateway bool
	// library: articles to answer from instead of the shipped ones, by the name of their file.
	library func(es bool) map[string]string
	play    func(s *stage)
}

// stage is a running bot, a server with a channel, and people who speak one language.
type stage struct {
	*running
	es    bool
	guild *discordtest.Guild
	help  *discordtest.Channel
	asker *discordtest.User // who asks
	other *discordtest.User // who looks on
	boss  *discordtest.User // who manages the server
}

// in picks the words of the language.
func (s *stage) in(en, es string) string {
	if s.es {
		return es
	}
	return en
}

// here is the asker in the channel.
func (s *stage) here() discordtest.Place { return s.asker.In(s.help) }

func (s *stage) ask(en, es string, args ...discordtest.Arg) *discordtest.Message {
	s.t.Helper()
	return s.here().Slash("ask", append([]discordtest.Arg{discordtest.Opt("question", s.in(en, es))}, args...)...).WaitReply()
}

// has holds a message against texts that must stand on it.
func (s *stage) has(m *discordtest.Message, texts ...string) {
	s.t.Helper()
	for _, want := range texts {
		if !strings.Contains(m.Text(), want) {
			s.t.Errorf("%q does not hold %q", m.Text(), want)
		}
	}
}

// private checks who sees a message: one person, or with "" all.
func (s *stage) private(m *discordtest.Message, who *discordtest.User) {
	s.t.Helper()
	want := ""
	if who != nil {
		want = who.Name
	}
	if m.OnlyFor != want {
		s.t.Errorf("seen by %q alone, want %q: %q", m.OnlyFor, want, m.Text())
	}
}

// buttons checks what can be pressed on a message.
func (s *stage) buttons(m *discordtest.Message, want ...string) {
	s.t.Helper()
	if got := m.Labels(); !slices.Equal(got, want) {
		s.t.Errorf("buttons %q, want %q", got, want)
	}
}

func (s *stage) sources() string { return s.in("Sources", "Fuentes") }
func (s *stage) follow() string  { return s.in("Follow up", "Preguntar") }
func (s *stage) share() string   { return s.in("Share", "Compartir") }

// Questions with an answer that does not change with every weight of the search.
const (
	visasEN = "What did López Obrador propose about work visas?"
	visasES = "¿Qué propuso López Obrador sobre las visas de trabajo?"
	countEN = "How many encounters were there in fiscal year 2022?"
	countES = "¿Cuántos encuentros hubo en el año fiscal 2022?"
)

func flows() []flow {
	return []flow{
		{name: "ask", play: func(s *stage) {
			reply := s.ask(visasEN, visasES)
			s.private(reply, nil)
			s.has(reply, "[1]")
			s.buttons(reply, s.sources(), s.follow(), "👍", "👎")
			s.private(s.other.In(s.help).Press(reply, s.sources()).WaitReply(), s.other)
		}},
		{name: "private-and-share", play: func(s *stage) {
			reply := s.ask(visasEN, visasES, discordtest.Opt("private", true))
			s.private(reply, s.asker)
			s.buttons(reply, s.sources(), s.follow(), s.share(), "👍", "👎")
			press := s.here().Press(reply, s.share())
			shared := press.WaitFollowUp(1)
			s.private(shared, nil)
			s.buttons(press.WaitEdit(2), s.sources(), s.follow(), "👍", "👎")
			s.private(s.other.In(s.help).Press(shared, s.sources()).WaitReply(), s.other)
		}},
		{name: "dates", play: func(s *stage) {
			en, es := "What was promised for Central America?", "¿Qué se prometió para Centroamérica?"
			s.has(s.ask(en, es, discordtest.Opt("from", "2018"), discordtest.Opt("to", "2018-12")),
				s.in("from 2018 to December 2018", "entre 2018 y diciembre de 2018"))
			s.has(s.ask(en, es, discordtest.Opt("from", "2022")), s.in("from 2022 on", "a partir de 2022"))
			bad := s.in("yesterday", "ayer")
			s.has(s.ask(visasEN, visasES, discordtest.Opt("from", bad)), bad, "2023-12-27")
			s.private(s.ask(visasEN, visasES, discordtest.Opt("from", "2023"), discordtest.Opt("to", "2018")), s.asker)
		}},
		{name: "not-covered", play: func(s *stage) {
			reply := s.ask("How many asylum applications did Canada receive in 2022?", "¿Cuántas solicitudes de asilo recibió Canadá en 2022?")
			near := reply.Labels()[0]
			s.here().Press(reply, near).WaitReply()
		}},
		{name: "no-advice", play: func(s *stage) {
			s.has(s.ask("Should I apply for asylum?", "¿Debería solicitar asilo?"), "uscis.gov", "gob.mx/comar")
		}},
		{name: "compare", play: func(s *stage) {
			s.ask("How many H-2A visas were issued in 2022?", "¿Cuántas visas H-2A se emitieron en 2022?")
			s.ask("Compare migrant encounters in 2020 and 2023", "Compare los encuentros con migrantes en 2020 y 2023")
			reply := s.ask("How did encounters at the US southwest border develop from 2020 to 2023?",
				"¿Cómo evolucionaron los encuentros en la frontera suroeste de Estados Unidos de 2020 a 2023?")
			s.here().Press(reply, s.sources()).WaitReply()
		}},
		{name: "own-articles", library: ferries, play: func(s *stage) {
			reply := s.ask("Trace the ferry fare of Port Alder from 2018 to 2022",
				"¿Cómo evolucionó la tarifa del transbordador de Puerto Aliso de 2018 a 2022?")
			shown := s.here().Press(reply, s.sources()).WaitReply()
			s.has(shown, "#:~:text=")
			next := s.in("Next ▶", "Siguiente ▶")
			if _, more := shown.Find(next); !more {
				s.t.Errorf("all sources stand on one page: %q", shown.Text())
			}
			shown = s.here().Press(shown, next).WaitEdit(2)
			s.here().Press(shown, s.in("◀ Previous", "◀ Anterior")).WaitEdit(3)
			s.has(s.ask("How much was the ferry fare in Port Alder in 2021?", "¿Cuánto era la tarifa del transbordador en Puerto Aliso en 2021?"),
				"[1]", "[2]", s.in("differ", "difieren"))
		}},
		{name: "follow-up", play: func(s *stage) {
			reply := s.ask(countEN, countES)
			form := s.here().Press(reply, s.follow()).WaitModal()
			next := s.here().SubmitModal(form, map[string]string{"question": s.in("and in 2023?", "¿y en 2023?")}).WaitReply()
			s.has(next, "2023", "2,475,669")
			s.private(next, nil)
			form = s.other.In(s.help).Press(next, s.follow()).WaitModal()
			s.has(s.other.In(s.help).SubmitModal(form, map[string]string{"question": s.in("and in 2022?", "¿y en 2022?")}).WaitReply(), "2,378,944")
		}},
		{name: "votes", play: func(s *stage) {
			reply := s.ask(visasEN, visasES)
			s.private(s.here().Press(reply, "👍").WaitReply(), s.asker)
			for n, reason := range []string{
				s.in("Outdated", "Está desactualizada"), s.in("Wrong source", "La fuente no es la adecuada"),
				s.in("The quote does not support it", "La cita no la respalda"), s.in("Biased", "Es parcial"), s.in("Something else", "Otro motivo"),
			} {
				voter := s.User(s.in("voter", "votante") + fmt.Sprint(n+1))
				if s.es {
					discordtest.Locale("es-ES")(voter)
				}
				menu := voter.In(s.help).Press(reply, "👎").WaitReply()
				s.private(menu, voter)
				question := s.in("What was wrong with the answer?", "¿Qué falló en la respuesta?")
				s.private(voter.In(s.help).Select(menu, question, []string{reason}).WaitEdit(1), voter)
			}
		}},
		{name: "sources", play: func(s *stage) {
			for _, typed := range []string{"reut", s.in("asyl", "asilo"), s.in("tree", "trees"), "zzz", ""} {
				s.here().Autocomplete("sources", "query", typed).WaitChoices()
			}
			choice := s.here().Autocomplete("sources", "query", "Trees for visas").WaitChoices()[0]
			for _, query := range []string{choice.Value, "Reuters", s.in("asylum", "asilo"), s.in("weather", "clima")} {
				s.private(s.here().Slash("sources", discordtest.Opt("query", query)).WaitReply(), s.asker)
			}
			all := s.here().Slash("sources").WaitReply()
			s.here().Press(all, s.in("Next ▶", "Siguiente ▶")).WaitEdit(1)
		}},
		{name: "about", play: func(s *stage) {
			s.private(s.here().Slash("about").WaitReply(), s.asker)
		}},
		{name: "forget-me", play: forgetMe},
		{name: "check", play: func(s *stage) {
			post := s.other.In(s.help).Say(s.in(
				"In fiscal year 2022 there were 2,378,944 encounters at the US southwest border. "+
					"In fiscal year 2023 there were 1,100,000 encounters at the southwest border. Canada issued 90,000 seasonal visas in 2019.",
				"En el año fiscal 2022 hubo 2,378,944 encuentros en la frontera suroeste de Estados Unidos. "+
					"En el año fiscal 2023 hubo 1,100,000 encuentros en la frontera suroeste. Canadá emitió 90,000 visas de temporada en 2019."))
			s.private(s.here().MessageMenu("Check against the sources", post.Message).WaitReply(), s.asker)
			picture := s.other.In(s.help).Say("🙂")
			s.private(s.here().MessageMenu("Check against the sources", picture.Message).WaitReply(), s.asker)
		}},
		{name: "mention", gateway: true, play: func(s *stage) {
			s.private(s.here().Mention(s.in(visasEN, visasES)).WaitAnswer(), nil)
			reply := s.here().Mention(s.in(countEN, countES)).WaitAnswer()
			s.has(s.here().Reply(reply, "<@"+s.BotID+"> "+s.in("and in 2023?", "¿y en 2023?")).WaitAnswer(), "2,475,669")
			s.private(s.here().Press(reply, s.sources()).WaitReply(), s.asker)
		}},
		{name: "direct-message", gateway: true, play: func(s *stage) {
			reply := s.asker.DM(s.in(countEN, countES)).WaitAnswer()
			s.buttons(reply, s.sources(), s.follow(), "👍", "👎")
			s.has(s.asker.DM(s.in("and in 2023?", "¿y en 2023?")).WaitAnswer(), "2,475,669")
			s.asker.InDirect().Press(reply, s.sources()).WaitReply()
		}},
		{name: "settings", play: func(s *stage) {
			boss := s.boss.In(s.help)
			s.private(boss.Slash("settings show").WaitReply(), s.boss)
			boss.Slash("settings set", discordtest.Opt("private", true), discordtest.Opt("language", s.in("en", "es")),
				discordtest.Opt("per-person", 5), discordtest.Opt("per-server", 200), discordtest.Opt("retention", 30)).WaitReply()
			boss.Slash("settings set", discordtest.Opt("per-person", 5)).WaitReply()
			boss.Slash("settings set", discordtest.Opt("per-person", 0), discordtest.Force()).WaitReply()
			refused := s.here().Slash("settings set", discordtest.Opt("private", false), discordtest.Force()).WaitReply()
			s.private(refused, s.asker)
			s.has(refused, s.in("Only members who may manage the server", "permiso para administrar el servidor"))
			s.has(boss.Slash("settings show").WaitReply(), s.in("Private answers by default: yes", "Respuestas privadas de forma predeterminada: sí"))
		}},
		{name: "allowed-channels", play: func(s *stage) {
			boss, off := s.boss.In(s.help), s.guild.Channel(s.in("off-topic", "charla"))
			boss.Slash("settings channels add", discordtest.Opt("channel", s.help)).WaitReply()
			elsewhere := s.asker.In(off).Slash("ask", discordtest.Opt("question", s.in(visasEN, visasES))).WaitReply()
			s.private(elsewhere, s.asker)
			s.has(elsewhere, "<#"+s.help.ID+">")
			s.private(s.ask(visasEN, visasES), nil)
			boss.Slash("settings channels remove", discordtest.Opt("channel", s.help)).WaitReply()
			s.private(s.asker.In(off).Slash("ask", discordtest.Opt("question", s.in(visasEN, visasES))).WaitReply(), nil)
		}},
		{name: "private-by-default", play: func(s *stage) {
			s.boss.In(s.help).Slash("settings set", discordtest.Opt("private", true)).WaitReply()
			reply := s.ask(countEN, countES)
			s.private(reply, s.asker)
			form := s.here().Press(reply, s.follow()).WaitModal()
			s.private(s.here().SubmitModal(form, map[string]string{"question": s.in("and in 2023?", "¿y en 2023?")}).WaitReply(), s.asker)
			s.private(s.ask(countEN, countES, discordtest.Opt("private", false)), nil)
		}},
		{name: "private-mention", gateway: true, play: func(s *stage) {
			s.boss.In(s.help).Slash("settings set", discordtest.Opt("private", true)).WaitReply()
			s.has(s.here().Mention(s.in(countEN, countES)).WaitAnswer(), s.in("/ask", "/preguntar"))
		}},
		{name: "limits", play: func(s *stage) {
			boss := s.boss.In(s.help)
			boss.Slash("settings set", discordtest.Opt("per-person", 1), discordtest.Opt("per-server", 2)).WaitReply()
			s.ask(countEN, countES)
			refused := s.ask(visasEN, visasES)
			s.private(refused, s.asker)
			s.has(refused, s.in("limit of questions per hour (1)", "máximo de preguntas por hora (1)"))
			q := discordtest.Opt("question", s.in(visasEN, visasES))
			s.private(s.other.In(s.help).Slash("ask", q).WaitReply(), nil)
			s.private(boss.Slash("ask", q).WaitReply(), s.boss)
		}},
		{name: "user-install", play: func(s *stage) {
			group := s.PrivateChannel(s.in("study group", "grupo de estudio"))
			q := discordtest.Opt("question", s.in(countEN, countES))
			reply := s.asker.In(group).Slash("ask", q).WaitReply()
			s.private(reply, nil)
			s.asker.In(group).Press(reply, s.sources()).WaitReply()
			away := s.Guild(s.in("Elsewhere", "Otro servidor"), discordtest.NotInstalled()).Channel("general")
			s.private(s.asker.In(away).Slash("ask", q).WaitReply(), nil)
			s.private(s.asker.In(away).Slash("ask", q, discordtest.ForcedPrivate()).WaitReply(), s.asker)
		}},
	}
}

// ferries are articles of a town that does not exist, whose passages link to where they stand.
func ferries(es bool) map[string]string {
	out := make(map[string]string)
	add := func(name, title, publisher, date, text string) {
		language := "en"
		if es {
			language = "es"
		}
		address := "https://news.example/archive/town-council/harbour-and-ferries/what-was-decided-and-why-it-was-decided/full-report/" + name
		out[name+".md"] = fmt.Sprintf("---\ntitle: %q\npublisher: %q\npublished: %s\nlang: %s\nurl: %s\n---\n\n%s\n",
			title, publisher, date, language, address, text)
	}
	for n, why := range []struct{ en, es string }{
		{"after a winter in which the boats had sailed half empty", "tras un invierno en el que los barcos navegaron medio vacíos"},
		{"because diesel had become dearer by a third since the summer", "porque el gasóleo se había encarecido un tercio desde el verano"},
		{"when the pier at the northern landing had to be mended", "cuando hubo que reparar el muelle del desembarcadero norte"},
		{"once the second boat was back from the yard with a new engine", "cuando el segundo barco volvió del astillero con motor nuevo"},
		{"against the votes of four councillors of the other shore", "contra los votos de cuatro concejales de la otra orilla"},
	} {
		year := 2018 + n
		if es {
			add(fmt.Sprint("tarifa-", year), fmt.Sprint("La tarifa del transbordador de Puerto Aliso en ", year), "La Gaceta de Aliso",
				fmt.Sprintf("%d-03-04", year),
				fmt.Sprintf("El concejo de Puerto Aliso subió la tarifa del transbordador a %d dólares el 4 de marzo de %d, %s.", n+3, year, why.es))
			continue
		}
		add(fmt.Sprint("fare-", year), fmt.Sprint("The ferry fare of Port Alder in ", year), "Alder Gazette", fmt.Sprintf("%d-03-04", year),
			fmt.Sprintf("The council of Port Alder raised the ferry fare to %d dollars on 4 March %d, %s.", n+3, year, why.en))
	}
	if es {
		add("encuesta", "Lo que cuesta cruzar", "El Tiempo de la Bahía", "2021-06-01",
			"En 2021 la tarifa del transbordador en Puerto Aliso era de 7 dólares, según la encuesta de El Tiempo de la Bahía entre los pasajeros.")
	} else {
		add("survey", "What it costs to cross", "Bay Times", "2021-06-01",
			"In 2021 the ferry fare in Port Alder was 7 dollars, according to a survey of passengers by the Bay Times.")
	}
	return out
}

// forgetMe asks, votes, takes a setting's change, forgets, and looks for what is left, to the last byte.
func forgetMe(s *stage) {
	question := s.in(visasEN, visasES)
	reply := s.ask(visasEN, visasES)
	s.here().Press(reply, "👍").WaitReply()
	hash := s.person(question)
	sure := s.here().Slash("privacy forget-me").WaitReply()
	s.private(sure, s.asker)
	s.here().Press(sure, s.in("Forget me", "Borrar mis datos")).WaitEdit(1)
	for _, what := range []string{s.sources(), "👍"} {
		s.has(s.here().Press(reply, what).WaitReply(), s.in("no longer kept", "ya no se conserva"))
	}
	again := s.here().Slash("privacy forget-me").WaitReply()
	s.has(s.here().Press(again, s.in("Forget me", "Borrar mis datos")).WaitEdit(1), s.in("Nothing was kept", "No se guardaba nada"))
	s.end(0)
	files := s.files()
	if !strings.Contains(files["policybot.db"], "The Hill") {
		s.t.Error("the database is not where it is looked for")
	}
	for file, text := range files {
		for _, trace := range []string{question, hash, s.asker.ID, s.asker.Name} {
			if strings.Contains(text, trace) {
				s.t.Errorf("%s still holds %q", file, trace)
			}
		}
	}
}

// person returns the name under which the database keeps who asked a question.
func (r *running) person(question string) (hash string) {
	r.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(r.dir, "policybot.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(r.t.Context(), `SELECT person FROM answers WHERE question = ?`, question).Scan(&hash); err != nil || len(hash) < 16 {
		r.t.Fatalf("person %q, %v", hash, err)
	}
	return hash
}

// files reads all files of the data directory but the settings.
func (r *running) files() map[string]string {
	out := make(map[string]string)
	names, err := filepath.Glob(filepath.Join(r.dir, "*"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, name := range names {
		if filepath.Base(name) == "config.yaml" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			r.t.Fatal(err)
		}
		out[filepath.Base(name)] = string(text)
	}
	return out
}

// own replaces the shipped library by articles: it adds them as an operator would, before the bot starts.
func (r *running) own(articles map[string]string) {
	r.t.Helper()
	dir := r.t.TempDir()
	for name, text := range articles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			r.t.Fatal(err)
		}
	}
	w := World{Args: []string{"sources", "add", "-data", r.dir, dir}, Getenv: func(string) string { return "" },
		Stdin: strings.NewReader(""), Stdout: r.log, Stderr: r.log, Now: botDay}
	if code := Main(r.t.Context(), w); code != 0 {
		r.t.Fatalf("exit status %d:\n%s", code, r.log)
	}
}

const httpSettings = "discord: {transport: http, api_url: \"API\"}\nserve: {listen: \"127.0.0.1:0\"}\n"

// theatre is what the stages of a test have in common: worked out once.
type theatre struct {
	hosts []string // that messages may link to
	index []byte   // of the shipped library
}

// newTheatre indexes the shipped library.
func newTheatre(t *testing.T) *theatre {
	t.Helper()
	articles, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	th := &theatre{hosts: []string{"news.example"}}
	for _, a := range articles {
		if u, err := url.Parse(a.URL); err == nil && u.Host != "" {
			th.hosts = append(th.hosts, u.Host)
		}
	}
	dir := t.TempDir()
	w := World{Args: []string{"ask", "-data", dir, "asylum"}, Getenv: func(string) string { return "" },
		Stdin: strings.NewReader(""), Stdout: t.Output(), Stderr: t.Output(), Now: botDay}
	if code := Main(t.Context(), w); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	if th.index, err = os.ReadFile(filepath.Join(dir, savedIndex)); err != nil {
		t.Fatal(err)
	}
	return th
}

// stage starts a bot that is ready, with its commands registered, and the people.
func (th *theatre) stage(t testing.TB, overHTTP, es bool, library ...func(es bool) map[string]string) *stage {
	t.Helper()
	r := &running{Server: discordtest.NewServer(t, discordtest.Options{Hosts: th.hosts, Now: botDay}), t: t, dir: t.TempDir(), log: &lockedBuffer{}}
	if err := os.WriteFile(filepath.Join(r.dir, savedIndex), th.index, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &stage{running: r, es: es}
	settings := ""
	if len(library) > 0 && library[0] != nil {
		r.own(library[0](es))
		settings = "library: {shipped: false}\n"
	}
	s.up(overHTTP, settings)
	t.Cleanup(func() {
		if r.stop != nil {
			r.end(0)
		}
		if found := r.Leaked(r.log.String()); len(found) > 0 {
			t.Errorf("secrets in the log: %q", found)
		}
	})
	s.guild = s.Guild(s.in("Border clinic", "Clínica de la frontera"))
	s.help = s.guild.Channel(s.in("help", "ayuda"))
	s.asker = s.User(s.in("alice", "itzel"), discordtest.Locale(s.in("en-US", "es-419")))
	s.other = s.User(s.in("bob", "benito"), discordtest.Locale(s.in("en-GB", "es-ES")))
	s.boss = s.User(s.in("mia", "marta"), discordtest.Locale(s.in("en-US", "es-ES")), discordtest.ManageServer())
	// The settings of a server are in memory from now on: an answer is private where they cannot be read in a
	// quarter of a second, as may happen once where many tests run at the same time.
	for range 3 {
		s.boss.In(s.help).Slash("about", discordtest.Silent()).WaitReply()
	}
	return s
}

// up starts the program on a transport and waits until all of it is up.
func (r *running) up(overHTTP bool, settings string) {
	r.t.Helper()
	if !overHTTP {
		r.start("discord: {api_url: \"API\"}\nserve: {listen: \"\"}\n" + settings)
		r.WaitReady(1)
	} else {
		r.start(httpSettings + settings)
		if err := r.SetEndpoint(context.Background(), "http://"+r.address()+"/interactions"); err != nil {
			r.t.Fatal(err)
		}
	}
	r.logged("commands registered")
}

// logged waits until a text stands in the log.
func (r *running) logged(text string) {
	r.t.Helper()
	for !strings.Contains(r.log.String(), text) {
		select {
		case <-r.log.written():
		case code := <-r.exit:
			r.t.Fatalf("exit status %d before %q was logged:\n%s", code, text, r.log)
		}
	}
}

// TestDiscordFlows plays each conversation in both languages and over both transports, where it must not
// make a difference which one carries it.
func TestDiscordFlows(t *testing.T) {
	t.Parallel()
	th := newTheatre(t)
	for _, f := range flows() {
		for _, language := range []string{"en", "es"} {
			t.Run(f.name+"/"+language, func(t *testing.T) {
				t.Parallel()
				var told string
				t.Run("gateway", func(t *testing.T) {
					s := th.stage(t, false, language == "es", f.library)
					f.play(s)
					told = s.Transcript()
					picture(t, s.Server, f.name+"."+language)
				})
				if !f.gateway && !testing.Short() {
					t.Run("http", func(t *testing.T) {
						s := th.stage(t, true, language == "es", f.library)
						f.play(s)
						if got := s.Transcript(); got != told {
							t.Errorf("over HTTP the conversation is another:\n%s\nand over the gateway:\n%s", got, told)
						}
					})
				}
				if !t.Failed() {
					goldenText(t, filepath.Join("testdata", "discord", f.name+"."+language+".txt"), told)
				}
			})
		}
	}
}

// picture writes a page to look at, a phone and a desktop side by side. Of all of them, and one as an image:
//
//	go test ./internal/app -run Flows -html DIR
//	chromium --headless --screenshot=ask.es.png --window-size=1360,1400 file://DIR/ask.es.html
func picture(t *testing.T, s *discordtest.Server, name string) {
	t.Helper()
	if *pictures == "" {
		return
	}
	f, err := os.Create(filepath.Join(*pictures, name+".html"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := s.HTML(f, discordtest.Look{Theme: "dark", Width: 390}, discordtest.Look{Theme: "light", Width: 900}); err != nil {
		t.Fatal(err)
	}
}

// goldenText compares a text with a file that a person can read.
func goldenText(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what happens now; look at the difference, and if it is meant, run go test ./internal/app -run Flows -update:\n%s",
			file, got)
	}
}

// TestDiscordOnce delivers events more than once, as Discord may, to one process and to two replicas with one
// data directory: they are answered once.
func TestDiscordOnce(t *testing.T) {
	t.Parallel()
	th := newTheatre(t)
	question := discordtest.Opt("question", countEN)

	t.Run("gateway", func(t *testing.T) {
		t.Parallel()
		s := th.stage(t, false, false)
		ask := s.here().Slash("ask", question)
		ask.Redeliver()
		ask.WaitReply()
		s.logged("acknowledged elsewhere")
		ask.Redeliver()
		s.loggedTimes("acknowledged elsewhere", 2)
		post := s.here().Mention(countEN)
		post.Redeliver()
		post.WaitAnswer()
		s.logged("done elsewhere")
		s.end(0) // whatever is being done is finished by then
		s.once(ask, post)
	})

	t.Run("http", func(t *testing.T) {
		t.Parallel()
		s := th.stage(t, true, false)
		ask := s.here().Slash("ask", question)
		ask.Redeliver()
		ask.WaitReply()
		ask.Redeliver()
		for n := range 3 {
			if status := ask.WaitStatus(n + 1); status != http.StatusAccepted {
				t.Errorf("delivery %d: status %d", n+1, status)
			}
		}
		s.end(0)
		s.once(ask, nil)
	})

	t.Run("two on the gateway", func(t *testing.T) {
		t.Parallel()
		s := th.stage(t, false, false)
		second := s.replica("")
		s.WaitReady(2)
		var asks []*discordtest.Interaction
		for range 5 {
			asks = append(asks, s.here().Slash("ask", question))
		}
		for _, ask := range asks {
			ask.WaitReply()
		}
		post := s.here().Mention(countEN)
		post.WaitAnswer()
		s.end(0)
		second.end(0)
		for n, text := range map[int]string{5: "acknowledged elsewhere", 1: "done elsewhere"} {
			if got := strings.Count(s.log.String()+second.log.String(), text); got != n {
				t.Errorf("%q is logged %d times, want %d", text, got, n)
			}
		}
		for _, ask := range asks {
			s.once(ask, post)
		}
	})

	t.Run("two over http", func(t *testing.T) {
		t.Parallel()
		s := th.stage(t, true, false)
		second := s.replica(httpSettings)
		address := "http://" + second.address() + "/interactions"
		for range 5 {
			ask := s.here().Slash("ask", question)
			if status, body := s.post(address, ask.Payload()); status != http.StatusAccepted {
				t.Errorf("status %d %s of the second replica", status, body)
			}
			ask.WaitReply()
			if status := ask.WaitStatus(1); status != http.StatusAccepted {
				t.Errorf("status %d of the first replica", status)
			}
			s.once(ask, nil)
		}
		s.end(0)
		second.end(0)
		if got := strings.Count(s.log.String()+second.log.String(), "acknowledged elsewhere"); got != 5 {
			t.Errorf("one of two was too late %d times, want 5", got)
		}
	})
}

// replica starts another program over the same data directory.
func (r *running) replica(settings string) *running {
	r.t.Helper()
	second := &running{Server: r.Server, t: r.t, dir: r.dir, log: &lockedBuffer{}}
	second.start(settings)
	r.t.Cleanup(func() {
		if second.stop != nil {
			second.end(0)
		}
		if found := r.Leaked(second.log.String()); len(found) > 0 {
			r.t.Errorf("secrets in the log: %q", found)
		}
	})
	return second
}

// once checks that what was asked and said was answered once.
func (s *stage) once(ask *discordtest.Interaction, post *discordtest.Post) {
	s.t.Helper()
	if reply := ask.WaitReply(); reply.Edits != 1 || len(ask.FollowUps()) > 0 {
		s.t.Errorf("answered %d times and %d times more", reply.Edits, len(ask.FollowUps()))
	}
	if post != nil && len(post.Answers()) != 1 {
		s.t.Errorf("%d answers to a mention", len(post.Answers()))
	}
}

// loggedTimes waits until a text stands in the log so many times.
func (r *running) loggedTimes(text string, n int) {
	r.t.Helper()
	for strings.Count(r.log.String(), text) < n {
		select {
		case <-r.log.written():
		case code := <-r.exit:
			r.t.Fatalf("exit status %d before %q was logged %d times:\n%s", code, text, n, r.log)
		}
	}
}

// post sends an endpoint what Discord would, and returns what it says.
func (r *running) post(address string, body []byte, how ...discordtest.Signing) (status int, text string) {
	r.t.Helper()
	req, err := r.Signed(r.t.Context(), address, body, how...)
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(bytes.TrimSpace(said))
}

// TestDiscordSignatures sends the endpoint what Discord sends, and what others would.
func TestDiscordSignatures(t *testing.T) {
	t.Parallel()
	s := newTheatre(t).stage(t, true, false)
	address := "http://" + s.address() + "/interactions"
	ask := s.here().Slash("ask", discordtest.Opt("question", countEN))
	ask.WaitReply()
	now := botDay()
	for _, tt := range []struct {
		name   string
		body   []byte
		how    []discordtest.Signing
		status int
		says   string
	}{
		{"a ping", s.Ping(), nil, 200, `{"type":1}`},
		{"a ping, five minutes late", s.Ping(), []discordtest.Signing{discordtest.SignedAt(now.Add(-5 * time.Minute))}, 200, `{"type":1}`},
		{"Discord's probe", s.Ping(), []discordtest.Signing{discordtest.Forged()}, 401, "invalid request signature"},
		{"no signature", s.Ping(), []discordtest.Signing{discordtest.Unsigned()}, 401, "invalid request signature"},
		{"no hexadecimal signature", s.Ping(), []discordtest.Signing{discordtest.Malformed()}, 401, "invalid request signature"},
		{"old", s.Ping(), []discordtest.Signing{discordtest.SignedAt(now.Add(-6 * time.Minute))}, 401, "invalid request signature"},
		{"of tomorrow", s.Ping(), []discordtest.Signing{discordtest.SignedAt(now.Add(24 * time.Hour))}, 401, "invalid request signature"},
		{"replayed", ask.Payload(), nil, 202, ""},
		{"replayed later, with the old time", ask.Payload(), []discordtest.Signing{discordtest.SignedAt(now.Add(-time.Hour))}, 401, "invalid request signature"},
		{"signed, but no JSON", []byte("{"), nil, 400, "interaction cannot be read"},
		{"signed, but too much", bytes.Repeat([]byte(" "), 1<<20+1), nil, 413, "request of more than 1 MiB"},
	} {
		if status, text := s.post(address, tt.body, tt.how...); status != tt.status || text != tt.says {
			t.Errorf("%s: %d %q, want %d %q", tt.name, status, text, tt.status, tt.says)
		}
	}
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if _ = res.Body.Close(); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %s", res.Status)
	}
	s.end(0)
	s.once(ask, nil)
}
