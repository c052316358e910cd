package corpus

import (
	"slices"
	"strings"
	"testing"
)

// Each case is written with "¦" where one sentence ends and the next begins.
func TestSentences(t *testing.T) {
	for _, c := range []struct{ name, lang, text string }{
		{"plain", "en", "The talks ended late.¦ Nobody spoke to the press.¦ Was there a deal?¦ Yes!"},
		{"no stop at the end", "en", "The talks ended late.¦ More to follow"},
		{"line breaks end sentences", "en", "A headline without a stop¦\nThe text begins.¦\n\nA new paragraph¦\nand a wrapped line"},

		{"acronym before a name", "en", "The U.S. Army sent troops to the U.S.-Mexico border.¦ They stayed."},
		{"acronym ends a sentence", "en", "He moved to the U.S.¦ The rest of them stayed.¦ She did not."},
		{"acronym, then a word that begins", "en", "Nobody came from the U.N.¦ But the E.U. sent aid.¦ In Washington, D.C. they waited."},
		{"acronym, then a quotation", "en", "He went back to the U.S.¦ “We are home,” he said."},
		{"acronym before a lower-case word", "en", "Many U.S. officials agreed."},
		{"spaced acronym", "en", "The U. S. Senate met.¦ It rained."},
		{"titles", "en", "Mr. Smith met Mrs. Jones, Dr. Rao and Gov. Hill.¦ Sen. Diaz did not."},
		{"titles with initials", "en", "Rep. J. D. Moore, Sgt. A. Bell and St. John wrote.¦ Nobody answered."},
		{"initials", "en", "Maria G. Solis Vega spoke.¦ John F. Kelly listened.¦ T. S. Eliot wrote."},
		{"initial at the end", "en", "They chose plan B.¦ The others left."},
		{"times of day", "en", "It was updated at 5:45 p.m. on Monday.¦ It began at 9 a.m.¦ The end was late."},
		{"time before a weekday", "en", "They met at 5 p.m. Wednesday in the hall.¦ At 6 p.m. EST they left."},
		{"months", "en", "It closed on Dec. 5 and opened on Jan. 4.¦ It was cold in Feb.¦ The snow stayed."},
		{"numbers", "en", "About 3.5 million came, 11.2% more.¦ No. 5 was first.¦ He said no.¦ That was all."},
		{"number begins a sentence", "en", "Few stayed.¦ 25,000 left."},
		{"companies", "en", "Acme Inc. Chairman Lee resigned.¦ He worked at Acme Inc.¦ The board agreed."},
		{"states", "en", "In Nogales, Ariz., the gate closed.¦ He lives in Reno, Nev.¦ The others do not."},
		{"junior", "en", "Robert Doe Jr. Foundation gave.¦ We met Robert Doe Jr.¦ He smiled."},
		{"latin", "en", "Some goods, e.g. Avocados, rose.¦ Smith et al. found more.¦ They sold fruit, wine, etc.¦ The rest spoiled."},
		{"against", "en", "The case is Roe vs. Wade.¦ It was heard."},
		{"list numbers", "en", "1. The first point.¦ 2. The second."},

		{"quotation with a tail", "en", "“The talks are good,” he said.¦ “They go on.”"},
		{"question with a tail", "en", "“Why not?” he asked.¦ “Who knows!” she said."},
		{"question with a named tail", "en", "“Is it over?” María López asked.¦ “It is!” Deputy Minister Hill said."},
		{"question in quotation marks, then a new sentence", "en", "He asked, “Is it over?”¦ María López left early."},
		{"closing marks stay", "en", "He called it \"a start.\"¦ \"Then what?\"¦ Nobody knew.¦ (They never asked.)¦ It ended."},
		{"single marks", "en", "They call it ‘the wall.’¦ It is a fence."},
		{"sentence inside brackets", "en", "The rule (see p. 4) stands.¦ It was new [sic].¦ Nobody minded."},
		{"ellipsis goes on", "en", "It has grown … but slowly, he said.¦ It goes on..."},
		{"ellipsis ends", "en", "It went on and on...¦ Then it stopped.¦ And so…¦ They left."},
		{"spaced ellipsis", "en", "We came . . . and we left.¦ All of us."},
		{"marks alone", "en", "It grew in recent years. ...¦ The reason is plain."},
		{"several marks", "en", "Really?!¦ Yes!!¦ Good."},
		{"stray stop", "en", "He spoke in a statement. to the press on Friday.¦ They came near the post. in the south. the far one."},
		{"missing space", "en", "They waited at the border.¦He said so.¦ See example.com for more.¦ It is Node.js code."},
		{"missing space before a quotation", "en", "He left.¦“We stay,” she said."},
		{"footnotes", "en", "It is the oldest.[3]¦ It stands.[citation needed]¦ It fell."},
		{"web address", "en", "See www.example.org.¦ It has more.¦ Write to a.b@example.org."},
		{"dash before the next", "en", "That was all.¦ — Nobody else came."},
		{"no capitals", "en", strings.Repeat("the gates were closed for a week . the trains stood still in the yard .", 2)},

		{"spanish marks", "es", "¿Quién pidió la reunión?¦ El presidente.¦ ¡No es cierto!¦ Sí lo es."},
		{"spanish question inside", "es", "Preguntó: ¿cuándo vuelven?¦ Nadie respondió."},
		{"spanish tail", "es", "“¿Por qué no?”, preguntó.¦ «Es justo.»¦ Así terminó.¦ “¡Nunca!” dijo ella."},
		{"spanish titles", "es", "La Sra. Ruiz y el Dr. Peña hablaron con el Lic. Soto.¦ El Ing. Mora no fue.¦ Ud. decide."},
		{"EE. UU.", "es", "Viven en EE. UU. desde 2010.¦ Volvió a EE. UU.¦ El resto se quedó.¦ Salió de EE.UU.¦ La regla sigue."},
		{"doubled letters", "es", "Las FF. AA. mexicanas ayudaron.¦ Los JJ. OO. empezaron."},
		{"spanish numbers", "es", "Fueron 1.600 km y 3,5 millones.¦ El art. 33 y el núm. 5 siguen.¦ Véase la pág. 12."},
		{"spanish months", "es", "Cerró el 5 dic. 2018.¦ Abrió en ene.¦ El frío siguió."},
		{"por ejemplo", "es", "Algunos bienes, p. ej. Aguacates, subieron.¦ Otros no."},
		{"a.m.", "es", "Salió a las 9 a.m. de Tapachula.¦ Llegó a las 5 p.m.¦ Nadie esperaba."},
		{"company", "es", "Trenes S.A. de C.V. cerró.¦ La firma pagó."},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.ReplaceAll(c.text, "¦", "")
			var want []string
			for part := range strings.SplitSeq(c.text, "¦") {
				want = append(want, strings.TrimSpace(part))
			}
			if c.name == "no capitals" {
				want = []string{"the gates were closed for a week .", "the trains stood still in the yard .the gates were closed for a week .", "the trains stood still in the yard ."}
			}
			var got []string
			for _, s := range Sentences(text, c.lang) {
				got = append(got, text[s.Start:s.End])
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
		})
	}
}
