package answer

import (
	"fmt"
	"strings"

	"policybot/corpus"
	"policybot/lang"
)

// phrase is a sentence of the product's own, in both languages.
type phrase struct{ en, es string }

var (
	notCovered  = phrase{"The library does not say.", "La biblioteca no lo dice."}
	outOfScope  = phrase{"That is outside what the library covers.", "Eso queda fuera de lo que cubre la biblioteca."}
	noAdvice    = phrase{"I cannot advise on a person's own case. For that, ask an accredited lawyer or representative, or the official agency itself: uscis.gov and justice.gov/eoir in the United States, gob.mx/inm and gob.mx/comar in Mexico.", "No puedo aconsejar sobre el caso de una persona. Para eso, acuda a un abogado o representante acreditado, o a la propia autoridad: uscis.gov y justice.gov/eoir en Estados Unidos, gob.mx/inm y gob.mx/comar en México."}
	premise     = phrase{"The library does not say so; what it does say:", "La biblioteca no dice eso; lo que sí dice:"}
	premiseNote = phrase{"The question takes something for granted that this source gives otherwise.", "La pregunta da por hecho algo que esta fuente dice de otro modo."}
	differ      = phrase{"The sources differ; each version stands with its source and date.", "Las fuentes difieren; cada versión va con su fuente y su fecha."}
	stale       = phrase{"The newest evidence here is from %s; things may have changed since.", "La información más reciente aquí tiene fecha de %s; puede haber cambiado desde entonces."}
	shortened   = phrase{"Shortened: the library holds more on this; ask about a single year, or for each side.", "Abreviado: la biblioteca tiene más sobre esto; pregunte por un solo año, o por cada parte."}
	readAs      = phrase{"“%s” was read as “%s”.", "«%s» se leyó como «%s»."}
	original    = phrase{"Quotes stand in their original language (%s).", "Las citas van en su idioma original (%s)."}
	lexicalOnly = phrase{"The search by meaning is out of reach just now; these passages were found by their words alone.", "La búsqueda por significado no está disponible ahora; estos pasajes se hallaron solo por sus palabras."}
	asOfLabel   = phrase{"As of %s", "Con fecha de %s"}
	nearLabel   = phrase{"Nearby, the library covers:", "Cerca de esto, la biblioteca cubre:"}
	sourceLabel = phrase{"Sources", "Fuentes"}
	briefLabel  = phrase{"our brief", "resumen propio"}
	undated     = phrase{"undated", "sin fecha"}
)

// QuotesNote is the note of an answer whose quotes are in another language than the answer.
func QuotesNote(language, quoted string) string {
	return say(language, original, say(language, languageNames[quoted]))
}

func say(language string, p phrase, args ...any) string {
	s := p.en
	if language == lang.Spanish {
		s = p.es
	}
	if len(args) > 0 {
		return fmt.Sprintf(s, args...)
	}
	return s
}

var monthNames = [2][12]string{
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
}

// longDate writes an ISO date, month, year or range as a person would: "5 December 2018",
// "5 de diciembre de 2018".
func longDate(language, iso string) string {
	if from, to, ok := strings.Cut(iso, "/"); ok {
		return longDate(language, from) + " – " + longDate(language, to)
	}
	d, err := corpus.ParseDate(iso)
	if err != nil || d.IsZero() {
		return say(language, undated)
	}
	if language == lang.Spanish {
		switch {
		case d.Month == 0:
			return fmt.Sprint(d.Year)
		case d.Day == 0:
			return fmt.Sprintf("%s de %d", monthNames[1][d.Month-1], d.Year)
		}
		return fmt.Sprintf("%d de %s de %d", d.Day, monthNames[1][d.Month-1], d.Year)
	}
	switch {
	case d.Month == 0:
		return fmt.Sprint(d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%s %d", monthNames[0][d.Month-1], d.Year)
	}
	return fmt.Sprintf("%d %s %d", d.Day, monthNames[0][d.Month-1], d.Year)
}

var languageNames = map[string]phrase{
	lang.English: {"English", "inglés"},
	lang.Spanish: {"Spanish", "español"},
}
