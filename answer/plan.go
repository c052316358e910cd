package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/lang"
)

// MaxQuestion is the most bytes of a question that are read; a longer one is refused by the surfaces.
const MaxQuestion = 8 << 10

// want is the kind of thing a question asks for.
type want int

const (
	wantAny want = iota
	wantPerson
	wantNumber
	wantDate
	wantPlace
	wantReason
	wantTruth // yes or no
	wantName  // the name of something: "which towns", "what is the railroad called"
)

// plan is what a question asks, read once.
type plan struct {
	text     string // cleaned of controls, spaces collapsed
	focus    string // the part that asks
	lang     string
	want     want
	list     bool // asks for several ("name the", "which countries")
	present  bool // about how things stand now
	latest   bool // wants the newest
	compare  bool // asks to set things side by side, in time or between parties
	versions bool // asks where sources differ
	summary  bool
	advice   bool // about the asker's own case
	years    []int
	dates    []lang.When
	numbers  []lang.Number
	labels   []label // of what the focus gives by number
	context  string  // earlier questions that this one leans on
	followUp bool
	bounds   corpus.Period // of what may be cited; open where a date is zero
}

// Clean makes any bytes a question: invalid UTF-8, control, bidi and zero-width characters are dropped
// and spaces are collapsed.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	space := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == utf8.RuneError && n == 1:
			space = true
		case unicode.IsSpace(r):
			space = true
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
		default:
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isClean reports whether a text is of single-spaced printable ASCII, which Clean leaves as it is.
func isClean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && (i == 0 || i+1 == len(s) || s[i+1] == ' ') {
			return false
		}
	}
	return true
}

// planFor reads a question and what it leans on in its history.
func planFor(q Question) plan {
	p := plan{text: lang.Spell(Clean(q.Text)), lang: q.Lang, bounds: corpus.Period{From: q.From, To: q.To}}
	if p.lang != lang.English && p.lang != lang.Spanish {
		p.lang = lang.Detect(p.text)
		for i := len(q.History) - 1; i >= 0 && p.lang == ""; i-- {
			p.lang = lang.Detect(q.History[i].Q)
		}
		if p.lang == "" {
			p.lang = lang.English
		}
	}
	chatty := p.text != Clean(q.Text) || p.text == strings.ToLower(p.text) && !strings.ContainsAny(p.text, "?¿")
	p.focus = focusOf(p.text)
	p.readShape(p.focus)
	whole := words(p.text)
	p.advice = isAdvice(whole)
	p.dates = lang.Dates(p.text)
	seen := map[int]bool{}
	for _, d := range p.dates {
		if d.Year > 0 && !seen[d.Year] {
			seen[d.Year] = true
			p.years = append(p.years, d.Year)
		}
	}
	for _, n := range lang.Numbers(p.focus) {
		// A small number in words ("the two of them", "the first ten months") is no figure that a source
		// must give, and in chat "2" and "4" are words.
		spelled := p.focus[n.Start] > '9'
		if !n.Year && !inDate(lang.Dates(p.focus), n) && !(spelled && n.Value <= 12 && n.Unit != "$" && n.Unit != "%") && !(chatty && n.Value < 10) {
			p.numbers = append(p.numbers, n)
		}
	}
	p.labels = labels(p.focus, lang.Tokens(p.focus))
	w := " " + strings.Join(whole, " ") + " "
	p.present = hasAny(w, " now ", " today ", " currently ", " current ", " nowadays ", " these days ", " at the moment ", " right now ", " still ",
		" hoy ", " ahora ", " actualmente ", " actual ", " hoy en dia ", " todavia ", " aun ", " sigue ", " siguen ")
	p.latest = hasAny(w, " latest ", " newest ", " most recent ", " recently ", " last update ", " ultimo dato ", " ultima cifra ", " mas reciente ", " recientemente ", " ultimas noticias ", " lo ultimo ")
	p.compare = len(p.years) > 1 || hasAny(w, " compare ", " compared ", " versus ", " vs ", " differ ", " difference ", " differences ", " each ", " trace ", " timeline ",
		" evolve ", " evolved ", " over time ", " over the years ", " change over ", " changed over ", " changed from ", " conflicting ", " contradict ", " disagree ", " disagreed ", " both ",
		" compara ", " comparar ", " comparado ", " diferencia ", " diferencias ", " cada uno ", " cada una ", " cronologia ", " evolucion ", " evoluciono ", " cambio con el tiempo ", " a lo largo ", " ambos ", " ambas ", " contradicen ", " discrepan ")
	p.versions = hasAny(w, " sources ", " reports ", " versions ", " every version ", " different numbers ", " different figures ", " different counts ", " different lengths ", " different answers ", " side by side ",
		" disagree ", " agree ", " conflicting ", " contradict ", " differ ", " two answers ", " two versions ", " accounts ", " according to ", " discrepan ", " coinciden ", " difieren ", " versiones ", " fuentes ", " contradicen ") &&
		hasAny(w, " agree ", " disagree ", " dont agree ", " differ ", " different ", " versions ", " every version ", " each ", " both ", " compare ", " side by side ", " together ", " two ", " conflicting ", " contradict ", " what do ", " counts ", " coinciden ", " discrepan ",
			" difieren ", " compara ", " juntos ", " cada ", " versiones ", " dicen ", " ambos ", " ambas ", " contradicen ")
	if strings.Contains(w, " according to ") && strings.Count(w, " according ")+strings.Count(w, " and ") > 1 || hasAny(w, " telling ", " respectively ", " respectivamente ") || strings.Contains(w, " segun ") && strings.Contains(w, " y ") {
		p.compare = true
	}
	p.summary = hasAny(w, " summary ", " summarize ", " summarise ", " overview ", " recap of ", " resumen ", " resume ", " resumir ", " panorama ")
	p.lean(q.History)
	return p
}

// words returns the folded words of a text.
func words(s string) []string {
	toks := lang.Tokens(s)
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.Fold
	}
	return out
}

func inDate(dates []lang.When, n lang.Number) bool {
	for _, d := range dates {
		if d.Start <= n.Start && n.End <= d.End {
			return true
		}
	}
	return false
}

func hasAny(s string, subs ...string) bool {
	for _, x := range subs {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}

// asks are the words with which a sentence asks.
var asks = lang.SetOf(`who whos whom whose what whats wat wats which when whens where wheres why whys how hows did does do is are was were has have
had can could will would should name list trace compare explain describe summarize tell give y
quien quienes que cual cuales cuando donde adonde por como cuanto cuantos cuanta cuantas nombra enumera compara explica describe resume dime`)

// focusOf returns the part of a question that asks: a greeting or an errand before a colon and
// sentences that only set the scene are not it.
func focusOf(s string) string {
	var parts []string
	for _, sp := range corpus.Sentences(s, "") {
		parts = append(parts, s[sp.Start:sp.End])
	}
	var asking []string
	for _, p := range parts {
		if i := strings.IndexByte(p, ':'); i > 0 && i+1 < len(p) {
			if w := words(p[i+1:]); len(w) > 2 && asks.Has(w[0]) {
				p = strings.TrimSpace(p[i+1:])
			}
		}
		w := words(p)
		if strings.Contains(p, "?") || len(w) > 0 && asks.Has(w[0]) {
			asking = append(asking, p)
		}
	}
	// "Give every version you have", "Do the sources agree?": said of the question, not asked of the library.
	if proper := slices.DeleteFunc(slices.Clone(asking), func(p string) bool {
		return content(p, lang.English) == 0 || content(p, lang.Spanish) == 0
	}); len(proper) > 0 {
		asking = proper
	}
	if len(asking) == 0 {
		return s
	}
	return strings.Join(asking, " ")
}

// readShape finds what the focus asks for.
func (p *plan) readShape(focus string) {
	ws := words(focus)
	w := " " + strings.Join(ws, " ") + " "
	if len(ws) == 0 {
		return
	}
	begins := func(xs ...string) bool {
		for _, x := range xs {
			if strings.HasPrefix(w, " "+x+" ") {
				return true
			}
		}
		return false
	}
	switch {
	case hasAny(w, " how many ", " how much ", " how long ", " how far ", " how big ", " how large ", " how high ", " how often ", " how old ", " what number ",
		" what percentage ", " what percent ", " what share ", " what proportion ", " what fraction ", " how tall ", " what amount ",
		" cuanto ", " cuantos ", " cuanta ", " cuantas ", " que porcentaje ", " que proporcion ", " que cantidad ", " que numero ", " que cifra "):
		p.want = wantNumber
		if hasAny(w, " how far back ", " how long ago ", " hace cuanto ") {
			p.want = wantDate
		}
	case hasAny(w, " when ", " what year ", " which year ", " what month ", " which month ", " what date ", " what day ", " which day ", " since when ", " how far back ",
		" cuando ", " en que ano ", " en que mes ", " que ano ", " que mes ", " que dia ", " que fecha ", " desde cuando ") && !begins("what did", "who", "que dijo"):
		p.want = wantDate
	case hasAny(w, " why ", " what reason ", " what reasons ", " how come ", " what for ", " por que ", " para que ", " cual fue la razon ", " motivo ") || begins("y", "xq", "pq"):
		p.want = wantReason
	case hasAny(w, " where ", " wheres ", " donde ", " adonde "):
		p.want = wantPlace
	case asksName(ws):
		p.want = wantName
	case hasAny(w, " who ", " whos ", " whom ", " whose ", " quien ", " quienes ", " a quien ") || begins("name the", "name two", "name three"):
		p.want = wantPerson
	case begins("did", "does", "do", "is", "are", "was", "were", "has", "have", "had", "can", "could", "will", "would", "should") ||
		p.lang == lang.Spanish && strings.HasPrefix(strings.TrimLeft(focus, " "), "¿") && !asksOpen(ws):
		p.want = wantTruth
	}
	p.list = begins("name the", "list", "which countries", "what countries", "which", "nombra", "enumera", "que paises", "cuales")
}

// named are the nouns of which "which" and "what" ask for names.
var named = lang.SetOf(`town towns city cities state states country countries province provinces county counties region regions village villages place places port ports bridge bridges
crossing crossings company companies firm firms railroad railroads railway railways bank banks newspaper newspapers paper outlet agency agencies organisation organization organisations
organizations ministry river airport court judge law act party parties team club nationality nationalities name names
ciudad ciudades pueblo pueblos estado estados pais paises provincia provincias region regiones municipio municipios lugar lugares puerto puertos puente puentes empresa empresas
compania companias ferrocarril banco bancos periodico diario agencia agencias organizacion organizaciones ministerio secretaria rio aeropuerto tribunal juez ley partido partidos
equipo club nacionalidad nacionalidades nombre nombres`)

// asksName reports whether a question asks for the name of something.
func asksName(ws []string) bool {
	for i, w := range ws {
		switch w {
		case "which", "what", "que", "cual", "cuales", "whats":
		default:
			continue
		}
		for j := i + 1; j < len(ws) && j <= i+4; j++ {
			switch ws[j] {
			case "did", "does", "do", "has", "have", "had", "will", "can", "could", "about", "of", "happened", "kind", "percentage", "part", "paso", "dijo":
				j = len(ws)
				continue
			}
			if named.Has(ws[j]) {
				return true
			}
		}
	}
	return len(ws) > 2 && (ws[len(ws)-1] == "called" || ws[len(ws)-1] == "named") || len(ws) > 2 && ws[0] == "como" && ws[1] == "se" && (ws[2] == "llama" || ws[2] == "llamaba")
}

// asksOpen reports whether a Spanish question holds an interrogative.
func asksOpen(ws []string) bool {
	for _, w := range ws {
		switch w {
		case "que", "quien", "quienes", "cual", "cuales", "cuando", "donde", "adonde", "como", "cuanto", "cuantos", "cuanta", "cuantas":
			return true
		}
	}
	return false
}

// isAdvice reports whether somebody asks what to do in their own case, which needs a lawyer and not a
// library.
func isAdvice(ws []string) bool {
	w := " " + strings.Join(ws, " ") + " "
	own := hasAny(w, " my visa ", " my case ", " my asylum ", " my application ", " my status ", " my green card ", " my husband ", " my wife ", " my son ", " my daughter ",
		" my mother ", " my father ", " my brother ", " my sister ", " my cousin ", " my family ", " my employer ", " my boss ", " my lawyer ", " my hearing ", " my court ", " my petition ", " my work permit ",
		" i am undocumented ", " im undocumented ", " i overstayed ", " i was deported ", " i got deported ", " i entered ", " i crossed ", " i was put ", " i have a visa ", " my passport ", " my permit ",
		" mi visa ", " mi caso ", " mi asilo ", " mi solicitud ", " mi esposo ", " mi esposa ", " mi hijo ", " mi hija ", " mi mama ", " mi papa ", " mi hermano ", " mi hermana ", " mi primo ",
		" mi familia ", " mi patron ", " mi abogado ", " mi audiencia ", " mi permiso ", " mi pasaporte ", " me deportaron ", " soy indocumentado ", " soy indocumentada ", " entre sin papeles ", " cruce la frontera ", " mi estatus ")
	act := hasAny(w, " can i ", " could i ", " should i ", " do i ", " am i ", " will i ", " would i ", " may i ", " how do i ", " how can i ", " what should i ", " what do i do ", " help me ",
		" puedo ", " podria ", " debo ", " deberia ", " me conviene ", " califico ", " que hago ", " tengo derecho ", " me pueden ", " me van a ", " me dan ", " nos pueden ", " necesito ", " can he ", " can she ", " can they ", " should he ", " should she ", " puede ")
	direct := strings.HasPrefix(w, " deberia solicitar ") || strings.HasPrefix(w, " deberia pedir ") || hasAny(w, " can i apply ", " should i apply ", " am i eligible ", " do i qualify ", " can i get a ", " can i get an ", " can i cross ", " should i cross ", " how do i apply ", " how can i apply ", " can i work in ",
		" can i bring ", " can i stay ", " will i be deported ", " should i go to the border ", " can i still apply ", " do i need a visa ", " how do i get a visa ", " help me apply ", " should i turn myself in ",
		" puedo solicitar ", " puedo pedir ", " debo solicitar ", " debo pedir ", " me conviene solicitar ", " me conviene pedir ", " puedo cruzar ", " debo cruzar ", " puedo trabajar ", " califico para ", " como solicito ", " como puedo solicitar ", " como pido ", " me conviene cruzar ", " puedo quedarme ",
		" me van a deportar ", " me pueden deportar ", " puedo entrar ", " necesito visa ", " como saco ", " como consigo ")
	return direct || own && act
}

// pronouns point back at an earlier turn.
var pronouns = lang.SetOf(`he she they it this that these those him her them his hers their theirs its there then one ones both
el ella ellos ellas eso esto esos esas aquello lo la los las le les su sus ahi alli entonces ambos ambas ese esa`)

// beingThere are the words after which "there" points nowhere: "how many were there in 2022?"
var beingThere = lang.SetOf(`is are was were has have had will would can could been be did isnt arent wasnt werent`)

// lean decides whether the question needs its history to be understood, and takes what it needs.
func (p *plan) lean(history []Turn) {
	if len(history) == 0 {
		return
	}
	toks := lang.Tokens(p.text)
	content, points, names := 0, false, 0
	for i, t := range toks {
		if pronouns.Has(t.Fold) && !(t.Fold == "there" && i > 0 && beingThere.Has(toks[i-1].Fold)) {
			points = true
		}
		if lang.Stop(t.Fold, p.lang) || dull.Has(t.Fold) {
			continue
		}
		content++
		if t.Upper && i > 0 {
			names++
		}
	}
	first := ""
	if len(toks) > 0 {
		first = toks[0].Fold
	}
	begins := first == "and" || first == "y" || first == "but" || first == "pero" || first == "also" || first == "so" || first == "then" || first == "entonces" || first == "what" && len(toks) > 1 && toks[1].Fold == "about"
	p.followUp = begins || points && names < 2 || content <= 2
	if !p.followUp {
		return
	}
	last := lang.Spell(Clean(history[len(history)-1].Q))
	p.context = last
	if len(history) > 1 && len(words(last)) < 6 {
		p.context = Clean(history[len(history)-2].Q) + " " + last
	} else if a := history[0].A; len(words(last)) < 6 && strings.Contains(a, "[1]") {
		// What it leaned on itself is not known, but what was said to it is.
		p.context = clip(Clean(a), 300) + " " + last
	}
	if content == 0 || content <= 1 && len(p.dates) > 0 { // "and in 2023?": the earlier question, at another time
		prev := planFor(Question{Text: last, Lang: p.lang})
		if p.want == wantAny || p.want == wantTruth {
			p.want, p.list = prev.want, prev.list
		}
	}
}

// dull are content words that a question about articles carries without being about them.
var dull = lang.SetOf(`make makes made making take takes took taken put puts go goes going went get gets give gives gave given let lets poner puso dar dio tomar tomo like today now currently nowadays back way ways ever still yet already just also hoy ahora actualmente manera modo ya todavia article articles report reports reported reporting according source sources story piece news text say says said saying mention mentions mentioned
tell explain explains explained describe describes described name list trace compare summarize summary recap quick question please thanks hi hello hey put together happen happened thing things kind sort
version versions figure figures number numbers count counts agree disagree differ differs different difference answer answers side sides compare compared conflicting account accounts
exactly actually really mean anyone someone something anything know give give each both comes come
describio describieron explico articulo articulos nota notas segun fuente fuentes noticia noticias dice dicen dijo dijeron menciona mencionan cuenta cuentan explica describe nombra enumera compara
version versiones cifra cifras numero numeros coinciden discrepan difieren diferentes distintas distintos diferencia respuesta respuestas lado
resume resumen pregunta favor gracias hola paso pasa pasar cosa cosas tipo exactamente saber sabe`)
