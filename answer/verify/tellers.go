package verify

import (
	"slices"
	"strings"

	"policybot/lang"
	"policybot/retrieval"
)

// speakers returns, for each word that gives something as somebody's, the names that may be theirs: Vera for "300" in
// "Vera counted 300".
func (s *statement) speakers() [][]int {
	var out [][]int
	for i := range s.words {
		if s.words[i].cue&attributed == 0 || s.words[i].inside {
			continue
		}
		who := s.speakersOf(i)
		if len(who) > 0 && (len(out) == 0 || !slices.Equal(out[len(out)-1], who)) {
			out = append(out, who)
		}
	}
	return out
}

// speakersOf returns the names that may be of those who say what the word of saying at token i introduces:
// the nearest before it that no preposition makes something else of, and those joined or apposed to it.
func (s *statement) speakersOf(i int) []int {
	var who []int
	if fold := s.toks[i].Fold; fold == "according" || fold == "segun" {
		for k := i + 1; k < len(s.words) && k <= i+8 && s.words[k].sentence == s.words[i].sentence; k++ {
			if len(who) > 0 && s.comma(k) && !s.apposed(who[len(who)-1], max(s.words[k].name, 1)-1) && s.toks[k].Fold != "and" {
				break // "according to Vera, it was Rio"
			}
			if n := s.words[k].name; n > 0 && s.names[n-1].actor {
				who = append(who, n-1)
			}
			if k > i+2 && s.words[k].clause != s.words[i+1].clause {
				break
			}
		}
		return who
	}
	if !s.verbal(i) || s.passive(i) && s.words[i].cue&cueClaim == 0 {
		return nil
	}
	if s.reduced(i) && (s.toks[i+1].Fold == "by" || s.toks[i+1].Fold == "por") { // "the figure cited by Vera"
		for k := i + 2; k < len(s.words) && k <= i+4 && !s.comma(k); k++ {
			if n := s.words[k].name; n > 0 && s.names[n-1].actor {
				return s.ofWhich(n - 1)
			}
		}
	}
	if s.comma(i) && i+2 < len(s.toks) && determinate.Has(s.toks[i+1].Fold) && s.speaks(i+2) {
		return s.inverted(i) // "…, recordó el secretario del ayuntamiento, Vera"
	}
	if s.comma(i) { // "…, informó Deutsche Welle"
		for k := i + 1; k < len(s.words) && k <= i+2; k++ {
			if n := s.words[k].name; n > 0 && s.names[n-1].actor && !s.comma(k) && !s.acts(s.names[n-1].last+1) {
				return s.ofWhich(n - 1)
			}
		}
	}
	if i > 1 && data.Has(s.toks[i-1].Fold) && s.words[i-2].name > 0 { // "Vera figures show"
		return []int{s.words[i-2].name - 1}
	}
	if s.otherPhrase(i) || i > 0 && s.toks[i-1].Fold == "se" && s.lang == lang.Spanish { // "se habló de ello"
		return nil
	}
	and := false
	for k := i - 1; k >= 0 && k >= i-14 && s.words[k].sentence == s.words[i].sentence; k-- {
		n := s.words[k].name
		if n == 0 || !s.names[n-1].actor || len(who) > 0 && who[len(who)-1] == n-1 || s.modifies(n-1) || s.received(n-1) || s.whereabouts(n-1) {
			continue
		}
		if len(who) > 0 {
			last := s.names[who[len(who)-1]]
			by := s.joined(n-1, who[len(who)-1])
			and = and || by == "and"
			if (by == "" || by == "," && !and) && !s.apposed(n-1, who[len(who)-1]) &&
				(last.first-k > 2 || s.comma(last.first)) && s.placeOf(last.first, last.last).prep == "" {
				break
			}
		}
		who = append(who, n-1)
	}
	if s.comma(i) {
		who = append(who, s.beforeAside(i)...)
	}
	if len(who) == 0 && i+1 < len(s.words) && (i == 0 || s.gap(i) != " ") { // "…, said Trump"
		if n := s.words[i+1].name; n > 0 && s.names[n-1].actor {
			who = append(who, n-1)
		}
	}
	return who
}

// speaks reports whether the noun at token k is of somebody who may say something: "secretary", "union".
func (s *statement) speaks(k int) bool {
	f := s.toks[k].Fold
	return people.Has(f) || titles.Has(f) || groups[f] > 0 || bodyNouns[f] > 0 || vicarious.Has(f) || onlookers.Has(f)
}

// inverted returns the names of who says what came before the word of saying at token i, which a noun follows: Vera of "…, said
// the director of the port, Vera".
func (s *statement) inverted(i int) []int {
	var who []int
	for k := i + 1; k < len(s.words) && k <= i+12 && s.words[k].sentence == s.words[i].sentence && !s.verbal(k); k++ {
		if n := s.words[k].name; n > 0 && (len(who) == 0 || who[len(who)-1] != n-1) {
			who = append(who, n-1)
		}
	}
	return who
}

// ofWhich returns a name with those that the same phrase has after it: "the Research Service of Vera's ministry", "el
// Servicio de Estudios del Ministerio".
func (s *statement) ofWhich(n int) []int {
	out := []int{n}
	for k := s.names[n].last + 1; k < len(s.toks) && k <= s.names[n].last+6 && s.gap(k) == " " && !s.verbal(k); k++ {
		if m := s.words[k].name; m > 0 && m-1 != out[len(out)-1] {
			out = append(out, m-1)
		} else if f := s.toks[k].Fold; m == 0 && !s.toks[k].Upper && f != "of" && f != "de" && f != "del" && !determinate.Has(f) {
			break
		}
	}
	return out
}

// received reports whether "to" or "al" stands just before a name, "the rule that replaced Vera's", or "with" after a
// verb: "said it had signed with Vera a pact".
func (s *statement) received(n int) bool {
	k := s.names[n].first - 1
	if k > 0 && (s.toks[k].Fold == "with" || s.toks[k].Fold == "con") {
		return s.verbal(k - 1)
	}
	return k >= 0 && (s.toks[k].Fold == "al" || s.toks[k].Fold == "to" && (k == 0 || s.toks[k-1].Fold != "according"))
}

// whereabouts reports whether a name is of the place where who speaks is: "a court in Vera ruled".
func (s *statement) whereabouts(n int) bool {
	k := s.names[n].first - 1
	kind := s.lib.ConceptType(s.names[n].id)
	if f := s.toks[max(k, 0)].Fold; k <= 0 || kind != "place" && (kind != "" || f != "in" && f != "en") {
		return false
	}
	switch s.toks[k].Fold {
	case "in", "en":
		return s.words[k-1].name == 0 && s.words[k-1].content
	case "of", "de":
		for d := k - 1; d >= 0 && d >= k-3 && !s.comma(d+1); d-- {
			if seated.Has(s.toks[d].Fold) {
				return true
			}
		}
	}
	return false
}

// seated are those of whom a place says only where they sit: "a court of Vera".
var seated = lang.SetOf(`court judge jury tribunal juez jueza jurado corte juzgado magistrado magistrada fiscal prosecutor hospital school escuela
	university universidad newspaper diario periodico church iglesia resident vecino vecina residente`)

// modifies reports whether a name only says of what, or where, something else is: "the Mexico City meeting".
func (s *statement) modifies(n int) bool {
	k := s.names[n].last + 1
	return s.names[n].named && k < len(s.toks) && s.words[k].content && !s.verbal(k) &&
		s.words[k].name == 0 && !people.Has(s.toks[k].Fold) && !bodies.Has(s.toks[k].Fold) &&
		s.gap(k) == " " && s.lang != lang.Spanish
}

// denier returns the last word of somebody who says something in a claim without a denial and of whom the source says
// only that they deny something, or -1: "Vera said it paid" for "Vera denied that it paid".
func (e *evidence) denier() int {
	c, s := e.claim, e.source
	if c.cued(cueNot|cueDeny) || !s.cued(cueDeny) {
		return -1
	}
	for i := range c.words {
		if c.words[i].cue&attributed == 0 || c.words[i].inside || !c.verbal(i) || c.passive(i) {
			continue
		}
		k := i - 1
		for k >= 0 && !c.comma(k+1) && c.helps(k) {
			k--
		}
		if k < 0 || c.comma(k+1) || c.words[k].name == 0 && !c.words[k].content {
			continue
		}
		denies, says := false, false
		for j := range s.words {
			if !e.says(k, j) || s.words[j].name > 0 && j != s.names[s.words[j].name-1].last {
				continue
			}
			d := j + 1
			for d < len(s.words) && s.helps(d) && s.words[d].cue&(cueNot|cueDeny) == 0 {
				d++
			}
			if d < len(s.words) && s.words[d].sentence == s.words[j].sentence && (s.acting(d) || s.words[d].cue&cueDeny != 0 && s.comma(d)) {
				deny := s.words[d].cue&cueDeny != 0
				denies, says = denies || deny, says || !deny || e.andSays(i, d)
			}
		}
		if denies && !says {
			return k
		}
	}
	return -1
}

// andSays reports whether what the claim has said by the word at token i is what one who denies at token d of the source
// says beside: "denied the charge and said that it pays".
func (e *evidence) andSays(i, d int) bool {
	s := e.source
	at := d + 1
	for at < len(s.words) && s.words[at].sentence == s.words[d].sentence && !s.saysToo(at) {
		at++
	}
	if at == len(s.words) || s.words[at].sentence != s.words[d].sentence {
		return false
	}
	denied, said := 0, 0
	for k := i + 1; k < len(e.claim.words); k++ {
		switch list := e.links.to[k]; {
		case len(list) == 0 || !e.claim.words[k].content && e.claim.words[k].name == 0:
		case slices.ContainsFunc(list, func(j int) bool { return j > at+1 && s.words[j].sentence == s.words[d].sentence }):
			said++
		case slices.ContainsFunc(list, func(j int) bool { return j > d && j < at }):
			denied++
		}
	}
	return said > denied
}

// strangeBody returns which of some names of the claim is a body that the lexicon knows by a common noun ("the foreign
// ministry") and that the source does not have by any word, or -1.
func (e *evidence) strangeBody(names []int) int {
	for _, n := range names {
		m := e.claim.names[n]
		if e.lib.ConceptType(m.id) != "organization" || slices.Contains(e.source.concepts, m.id) || e.press(m) {
			continue
		}
		head := m.last
		if e.claim.lang == lang.Spanish {
			head = m.first
		}
		if !e.claim.toks[head].Upper && len(e.links.to[head]) == 0 && !e.source.hasBody(bodyNouns[e.claim.toks[head].Fold]) {
			return n
		}
	}
	return -1
}

// hasBody reports whether a text has a noun for a body of kind n, of bodyNouns: "Cancillería" for "the foreign ministry".
func (s *statement) hasBody(n int) bool {
	return n > 0 && slices.ContainsFunc(s.toks, func(t lang.Token) bool { return bodyNouns[t.Fold] == n })
}

// groups are those who speak together, by the word for them; a claim that gives what one of them says to another is
// wrong.
var groups = func() map[string]int {
	m := map[string]int{}
	for n, words := range [...]string{
		`republican republicans republicano republicanos gop`,
		`democrat democrats democrata democratas`,
		`company companies firm firms businesses employers employer railways carriers growers farmers manufacturers
			exporters importers shippers retailers
			empresas empresa companias compania empleadores empresarios patronal ferroviarias
			agricultores exportadores importadores fabricantes transportistas`,
		`workers unions union labourers laborers employees sindicatos sindicato trabajadores obreros empleados jornaleros`,
		`authorities officials police agents soldiers troops prosecutors autoridades funcionarios policia agentes soldados fiscales militares`,
		`migrants refugees deportees migrantes refugiados deportados`,
		`residents neighbours neighbors locals villagers residentes vecinos pobladores lugarenos`,
		`bishops priests church churches obispos sacerdotes iglesia iglesias`,
		`lawmakers senators congressmen representatives legislators deputies legisladores senadores diputados congresistas`,
		`judges courts judge court jueces tribunales juez tribunal`,
		`doctors nurses medicos enfermeras`,
	} {
		for _, w := range strings.Fields(words) {
			m[w] = n + 1
		}
	}
	return m
}()

// group returns the word for a group that is the subject of the verb at token i, or -1: "rail companies argued", "los
// vecinos, entre otros, pidieron".
func (s *statement) group(i int) int {
	if !s.verbal(i) || s.passive(i) {
		return -1
	}
	k := i - 1
	for k >= 0 && s.words[k].sentence == s.words[i].sentence && !s.comma(k+1) && s.helps(k) {
		k--
	}
	if s.comma(k + 1) {
		for k--; k > 0 && k >= i-6 && !s.comma(k+1); k-- {
		}
	}
	for d := k; d >= 0 && d >= k-2 && s.words[d].sentence == s.words[i].sentence; d-- {
		if d < k && s.comma(d+1) {
			return -1
		}
		if groups[s.toks[d].Fold] > 0 {
			if d > 0 && (prepositions[s.toks[d-1].Fold] != "" || d > 1 && prepositions[s.toks[d-2].Fold] != "" && !s.words[d-1].content) {
				return -1
			}
			return d
		}
		if f := s.toks[d].Fold; f != "and" && f != "y" && f != "others" && f != "otros" &&
			(s.words[d].name > 0 || s.lang != lang.Spanish || !s.words[d].content) {
			return -1
		}
	}
	return -1
}

// heading returns the last word of the noun phrase before the verb at token i, without whom it is of: "a spokesman for
// Vera told".
func (s *statement) heading(i int) int {
	n := 0
	if i > 0 {
		n = s.words[i-1].name
	}
	if n == 0 || s.comma(i) {
		return i - 1
	}
	k := s.names[n-1].first - 1
	for k > 0 && determinate.Has(s.toks[k].Fold) {
		k--
	}
	if k > 0 {
		switch s.toks[k].Fold {
		case "for", "of", "de", "del":
			return k - 1
		}
	}
	return i - 1
}

// headNoun is heading without the adjective that may follow a noun in Spanish: "los activistas locales dicen".
func (s *statement) headNoun(i int) int {
	k := s.heading(i)
	if s.lang == lang.Spanish && k > 0 && onlookers.Has(s.toks[k-1].Fold) && s.words[k].content && s.gap(k) == " " {
		return k - 1
	}
	return k
}

// teller returns the names of who says what the verb of saying at token j introduces, and whether it is instead somebody
// told by a noun alone: "the city argues", "but analysts said".
func (s *statement) teller(j int) (who []int, noun bool) {
	if who = s.speakersOf(j); len(who) > 0 {
		if slices.ContainsFunc(who, func(n int) bool { return s.names[n].named }) {
			return who, false
		}
		return nil, true
	}
	if f := s.toks[j].Fold; f == "according" || f == "segun" { // "according to the insurer"
		for k := j + 1; k < len(s.words) && k <= j+3; k++ {
			if s.words[k].content {
				return nil, true
			}
		}
	}
	k := j - 1
	for k >= 0 && s.words[k].sentence == s.words[j].sentence && !s.comma(k+1) && s.helps(k) {
		k--
	}
	if k > 0 && (s.toks[k].Fold == "and" || s.toks[k].Fold == "y") && s.words[k].sentence == s.words[j].sentence {
		for k--; k > 0 && s.words[k].sentence == s.words[j].sentence; k-- {
			if s.words[k].cue&(attributed|cueDeny) != 0 && s.words[k-1].cue&cueNot == 0 {
				return s.teller(k) // "the city denies it and argues"
			}
		}
		return nil, false
	}
	if !s.verbal(j) && s.words[j].cue&cueDeny == 0 || k < 0 || s.words[k].sentence != s.words[j].sentence || s.comma(k+1) {
		return nil, false
	}
	return nil, s.words[k].content && !s.verbal(k)
}

// surnameBefore reports whether a capitalised word, the last of somebody's name, stands before token j in its sentence: "Ruiz, a
// sailor, said".
func (s *statement) surnameBefore(fold string, j int) bool {
	for k := j - 1; k >= 0 && s.words[k].sentence == s.words[j].sentence && k >= j-8; k-- {
		if s.toks[k].Upper && s.toks[k].Fold == fold {
			return true
		}
	}
	return false
}

// tellerKinds sorts nouns for those of whom one is not called by the word for another: a court is no police, a hospital no bank.
// Words for officials and governments, which may stand for many, are not among them.
var tellerKinds = func() map[string]int {
	m := map[string]int{}
	for n, words := range [...]string{
		`police policia`,
		`prosecutors prosecutor fiscales fiscal fiscalia`,
		`court courts judge judges tribunal juez jueza jueces juzgado corte`,
		`lawyer lawyers attorney attorneys abogado abogada abogados`,
		`mayor alcalde alcaldesa alcaldia ayuntamiento edil`,
		`embassy consulate consul embajada consulado`,
		`bank banco`,
		`union unions sindicato sindicatos gremio`,
		`hospital hospitals clinic doctors nurses medicos enfermeras clinica`,
		`priest bishop church diocese sacerdote obispo iglesia diocesis parroquia`,
		`school university teachers escuela universidad maestros docentes`,
		`company firm employers companies empresa empresas compania patronal`,
		`newspaper magazine periodico diario revista`,
		`institute instituto`,
		`customs aduana aduanas`,
		`consumer consumers consumidores`,
		`insurer insurers aseguradora aseguradoras`,
	} {
		for _, w := range strings.Fields(words) {
			m[w] = n + 1
		}
	}
	return m
}()

// kindBy returns a noun of tellerKinds in the phrase of who says what the word at token i introduces, or -1:
// the two or three words before a verb, or after "according to".
func (s *statement) kindBy(i int) int {
	if f := s.toks[i].Fold; f == "according" || f == "segun" {
		for k := i + 1; k < len(s.words) && k <= i+6 && !s.comma(k) && s.words[k].sentence == s.words[i].sentence; k++ {
			if tellerKinds[s.toks[k].Fold] > 0 {
				return k
			}
		}
		return -1
	}
	if !s.verbal(i) || s.passive(i) {
		return -1
	}
	for k := i - 1; k >= 0 && k >= i-4 && s.words[k].sentence == s.words[i].sentence; k-- {
		if tellerKinds[s.toks[k].Fold] > 0 {
			return k
		}
		if s.verbal(k) || s.comma(k+1) && !tellers.Has(s.toks[k+1].Fold) {
			return -1
		}
	}
	return -1
}

// trails reports whether the word of saying at token j only comes after what is said: "…, Vera wrote."
func (s *statement) trails(j int) bool {
	for k := j + 1; k < len(s.words) && s.words[k].sentence == s.words[j].sentence; k++ {
		if k > j+5 || s.verbal(k) {
			return false
		}
	}
	for k := j - 1; k > 0 && k >= j-6 && s.words[k].sentence == s.words[j].sentence; k-- {
		if s.comma(k) {
			return true
		}
	}
	return false
}

// vicarious stand for others: what a spokeswoman or an official says is said by whom they speak for, and "the company" is one
// that was named before.
var vicarious = lang.SetOf(`spokesman spokeswoman spokesperson spokesmen spokespeople official officials statement report study document paper
	company firm group agency body board department office ministry organization organisation leader leaders chief head director manager
	president aide aides he she they it we i man woman portavoz portavoces vocero vocera funcionario funcionarios comunicado
	informe estudio documento empresa compania firma grupo agencia organismo oficina ministerio secretaria jefe jefa directora gerente
	presidente presidenta el ella ellos hombre mujer`)

// calledBy reports whether the source has a name of the claim for its subject and then, without another name, only "the
// company", "the union" and the like for who says so.
func (e *evidence) calledBy(m mention) bool {
	s := e.source
	first := slices.IndexFunc(s.names, func(k mention) bool {
		return k.id == m.id && k.named && k.last+1 < len(s.toks) && (s.verbal(k.last+1) || s.helps(k.last+1))
	})
	if first < 0 {
		return false
	}
	for j := s.names[first].last + 1; j < len(s.words); j++ {
		if s.words[j].cue&attributed == 0 || s.words[j].inside {
			continue
		}
		for _, n := range s.speakersOf(j) {
			k := s.names[n].first
			if s.nameless(n) && k > s.names[first].last && (s.toks[k-1].Fold == "the" || s.toks[k-1].Fold == "la" || s.toks[k-1].Fold == "el") {
				return true
			}
		}
	}
	return false
}

// tellings cuts a statement where one teller gives way to another: at the ends of sentences, at semicolons, and at a comma
// before "while" and the like. It returns the part of each token.
func (s *statement) tellings() []int {
	out := make([]int, len(s.toks))
	for k := 1; k < len(s.toks); k++ {
		gap := s.gap(k)
		out[k] = out[k-1]
		if s.words[k].sentence != s.words[k-1].sentence || strings.Contains(gap, ";") ||
			strings.Contains(gap, ",") && contrasting.Has(s.toks[k].Fold) {
			out[k]++
		}
	}
	return out
}

// contrasting begin a part of a sentence that another may say: "…, while Vera put it at 40".
var contrasting = lang.SetOf(`while whereas but although though mientras pero aunque`)

// tellers returns, for each part of a statement, the names of who alone says, or gives the figures of, what stands there:
// of one with whom it is, and in what office.
func (s *statement) tellers(parts []int) [][]int {
	out := make([][]int, parts[len(parts)-1]+1)
	various := make([]bool, len(out))
	for i := range s.toks {
		if s.words[i].inside || s.words[i].name > 0 {
			continue
		}
		var who []int
		switch {
		case s.words[i].cue&attributed != 0:
			if who = s.speakersOf(i); len(who) == 0 && s.verbal(i) && s.hasPronoun(i) {
				who = s.lastPerson(i)
			}
		case giving.Has(s.toks[i].Fold):
			who = s.subject(i)
		}
		p := parts[i]
		if len(out[p]) > 0 && len(who) > 0 && !slices.ContainsFunc(who, func(n int) bool { return s.tells(out[p], s.names[n].id) }) {
			various[p] = true
		}
		out[p] = append(out[p], who...)
	}
	for p := range out {
		if various[p] || !slices.ContainsFunc(out[p], func(n int) bool { return s.names[n].named }) {
			out[p] = nil
		}
	}
	return out
}

// hasPronoun reports whether "he" or "she" stands before the verb at token i: "she herself said".
func (s *statement) hasPronoun(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3 && s.words[k].sentence == s.words[i].sentence && !s.comma(k+1); k-- {
		if f := s.toks[k].Fold; f == "he" || f == "she" {
			return true
		}
	}
	return false
}

// tells reports whether one of some names has the id, or stands for it.
func (s *statement) tells(names []int, id string) bool {
	return slices.ContainsFunc(names, func(n int) bool { return s.names[n].id == id || akinPlaces(s.names[n].id, id) })
}

// namesIn reports whether some names of another statement stand in part p of this one.
func (s *statement) namesIn(parts []int, p int, other *statement, names []int) bool {
	return slices.ContainsFunc(s.names, func(m mention) bool { return parts[m.first] == p && other.tells(names, m.id) })
}

// press reports whether a name of the claim is that of who published or wrote what it cites: "Reuters" of its own
// report.
func (e *evidence) press(m mention) bool {
	for _, a := range e.articles {
		for _, t := range [...]string{a.Publisher, a.Author} {
			toks := lang.Tokens(t)
			if slices.ContainsFunc(toks, func(u lang.Token) bool { return u.Fold == e.claim.toks[m.first].Fold }) ||
				slices.ContainsFunc(conceptsOf(e.lib, t, toks), func(o retrieval.Occurrence) bool { return o.Term == m.id }) {
				return true
			}
		}
	}
	return false
}
