package bot

import (
	"fmt"
	"strings"

	"policybot/corpus"
	"policybot/lang"
)

// phrase is a sentence of the bot's own in both languages. Spanish speaks to people with "usted" forms
// that also read as neutral on both sides of the Atlantic. Placeholders are the same and in the same
// order in both.
type phrase struct{ en, es string }

// words are all that the bot itself says. Text of articles, questions and the engine is not here.
var words = struct {
	// Of an answer.
	premise, asOf, between, near, shortened, legal, briefMark, undated phrase
	noText, more, onlySince, onlyUntil, onlyBetween                    phrase
	// Buttons.
	sources, follow, share, previous, next phrase
	// Sources and passages.
	sourcesTitle, sourcesOne, page, openPassage, openPage, briefNote, briefIs, briefsAre                   phrase
	articleGone, articleChanged, continued, foreign, noSources, inLibrary, kindPrimary, kindWire, kindNews phrase
	kindAnalysis, kindReference, kindMirror                                                                phrase
	// Check against the sources.
	checkTitle, supported, contradicted, notHeld, checkNothing, checkMore, checkTally, checkLegend phrase
	whyNumber, whyDate, whyName, whyPolarity, whyOther                                             phrase
	// About.
	aboutTitle, aboutWhat, aboutHolds, aboutNewest, aboutHow, aboutLegal, aboutPrivacy, aboutVersion phrase
	aboutCommands                                                                                    phrase
	// List of sources.
	listTitle, listFound, listNone, listMore, listTopics phrase
	// Settings.
	settingsTitle, settingsSame, channels, everywhere, private, language, asker, perPerson phrase
	perServer, retention, perHour, days, settingsSaved, changes, yes, no                   phrase
	english, spanish                                                                       phrase
	// Follow up.
	followTitle, followLabel, followHint phrase
	// Votes.
	reasonAsk, reasonOutdated, reasonSource, reasonQuote, reasonBiased, reasonOther, thanks, thanksReason phrase
	// Notices.
	busy, failed, forgetAsk, forgetDo, privateHere, pressed, tooManyChannels, expired, unreadable, limited, limitedServer, channelOff, notAllowed phrase
	guildOnly, badDate, badRange, empty, tooLong, forgotten, forgottenNone                                                                        phrase
	alreadyShared, notYours, unknownCommand, stopping, badChannel, badNumber, minutes, minute                                                     phrase
}{
	premise:   phrase{"The library does not say so. What it does say:", "La biblioteca no dice eso. Lo que sí dice:"},
	asOf:      phrase{"As of %s", "Fecha de la información: %s"},
	between:   phrase{"%s – %s", "%s – %s"},
	near:      phrase{"Nearby, the library covers:", "Sobre temas cercanos, la biblioteca tiene:"},
	shortened: phrase{"Shortened to fit here. “Sources” shows every passage in full.", "Abreviado para que quepa aquí. «Fuentes» muestra cada pasaje completo."},
	legal:     phrase{"not legal advice", "no es asesoría legal"},
	briefMark: phrase{"our summary", "resumen nuestro"},
	undated:   phrase{"undated", "sin fecha"},
	noText:    phrase{"There is nothing to show.", "No hay nada que mostrar."},
	more:      phrase{"The rest of the answer is still being checked…", "El resto de la respuesta aún se está comprobando…"},

	onlySince:   phrase{"Only what is dated from %s on was looked at.", "Solo se buscó en lo fechado a partir de %s."},
	onlyUntil:   phrase{"Only what is dated up to %s was looked at.", "Solo se buscó en lo fechado hasta %s."},
	onlyBetween: phrase{"Only what is dated from %s to %s was looked at.", "Solo se buscó en lo fechado entre %s y %s."},

	sources:  phrase{"Sources", "Fuentes"},
	follow:   phrase{"Follow up", "Preguntar"}, // on a phone a longer one breaks the row of buttons
	share:    phrase{"Share", "Compartir"},
	previous: phrase{"Previous", "Anterior"},
	next:     phrase{"Next", "Siguiente"},

	sourcesTitle:   phrase{"The passages behind this answer", "Los pasajes en que se basa esta respuesta"},
	sourcesOne:     phrase{"The passage behind this answer", "El pasaje en que se basa esta respuesta"},
	page:           phrase{"Page %d of %d", "Página %d de %d"},
	openPassage:    phrase{"Open at this passage", "Abrir en este pasaje"},
	openPage:       phrase{"Open the publisher's page", "Abrir la página original"},
	briefNote:      phrase{"The library's own account of this source, not the publisher's words:", "Resumen propio de la biblioteca sobre esta fuente, no sus palabras textuales:"},
	briefIs:        phrase{"What the library holds of it is its own account, not the publisher's words.", "Lo que la biblioteca tiene de ella es un resumen propio, no sus palabras textuales."},
	briefsAre:      phrase{"What the library holds of these is its own summary of each.", "Lo que la biblioteca tiene de ellas es un resumen propio de cada una."},
	articleGone:    phrase{"This source has left the library since; the passage is as it was when cited.", "Esta fuente ya no está en la biblioteca; el pasaje es el que se citó entonces."},
	articleChanged: phrase{"This source has changed in the library since; the passage is as it was when cited.", "Esta fuente ha cambiado en la biblioteca; el pasaje es el que se citó entonces."},
	continued:      phrase{"continued", "continúa"},
	foreign:        phrase{"in %s", "en %s"},
	noSources:      phrase{"This answer cites nothing, so there are no passages to show.", "Esta respuesta no cita nada, así que no hay pasajes que mostrar."},
	inLibrary:      phrase{"as of %s", "fecha del dato: %s"},
	kindPrimary:    phrase{"official or first-hand source", "fuente oficial o directa"},
	kindWire:       phrase{"news agency", "agencia de noticias"},
	kindNews:       phrase{"news", "prensa"},
	kindAnalysis:   phrase{"analysis", "análisis"},
	kindReference:  phrase{"reference work", "obra de referencia"},
	kindMirror:     phrase{"copy of another's text", "copia de un texto ajeno"},

	checkTitle:   phrase{"Checked against the sources", "Comprobado con las fuentes"},
	supported:    phrase{"Supported", "Respaldada"},
	contradicted: phrase{"Contradicted", "Contradicha"},
	notHeld:      phrase{"Not in the library", "No está en la biblioteca"},
	checkNothing: phrase{"There is no statement in this message that could be checked. Questions, greetings and opinions are left out.", "En este mensaje no hay ninguna afirmación que se pueda comprobar. Las preguntas, los saludos y las opiniones no se comprueban."},
	checkMore:    phrase{"At most %d statements of a message are checked.", "De un mensaje se comprueban como máximo %d afirmaciones."},
	checkTally:   phrase{"Supported: %d · contradicted: %d · not in the library: %d", "Respaldadas: %d · contradichas: %d · no están en la biblioteca: %d"},
	checkLegend:  phrase{"“Not in the library” does not mean false: the sources here do not speak of it.", "«No está en la biblioteca» no significa que sea falso: las fuentes de aquí no hablan de ello."},
	whyNumber:    phrase{"the figure differs", "la cifra es otra"},
	whyDate:      phrase{"the date differs", "la fecha es otra"},
	whyName:      phrase{"another name stands there", "ahí figura otro nombre"},
	whyPolarity:  phrase{"the source says the opposite", "la fuente dice lo contrario"},
	whyOther:     phrase{"the source says otherwise", "la fuente dice otra cosa"},

	aboutTitle:    phrase{"About this library", "Acerca de esta biblioteca"},
	aboutWhat:     phrase{"I answer questions from a collection of published sources and show the passage behind every statement. When the sources do not say, I say so.", "Respondo preguntas a partir de una colección de fuentes publicadas y muestro el pasaje que respalda cada afirmación. Cuando las fuentes no lo dicen, lo aviso."},
	aboutHolds:    phrase{"Sources: %d, the oldest: %s", "Fuentes: %d, la más antigua: %s"},
	aboutNewest:   phrase{"Newest source: %s", "Fuente más reciente: %s"},
	aboutHow:      phrase{"Each number in brackets leads to a source. **Sources** below an answer shows the exact passages. Sources marked “our summary” are the library's own accounts of what was published.", "Cada número entre corchetes remite a una fuente. **Fuentes**, debajo de la respuesta, muestra los pasajes exactos. Las fuentes con la nota «resumen nuestro» son relatos propios de la biblioteca sobre lo publicado."},
	aboutLegal:    phrase{"**No legal advice.** For a person's own case ask an accredited lawyer or representative, or the official agency itself: uscis.gov and justice.gov/eoir in the United States, gob.mx/inm and gob.mx/comar in Mexico.", "**Sin asesoría legal.** Para el caso de una persona, acuda a un abogado o representante acreditado, o a la propia autoridad: uscis.gov y justice.gov/eoir en Estados Unidos, gob.mx/inm y gob.mx/comar en México."},
	aboutPrivacy:  phrase{"**Privacy.** Questions and answers are kept for %d days so that the buttons and follow-up questions work; people are kept only as a keyed code, never by name or id. `/privacy forget-me` removes what is kept of you at once.", "**Privacidad.** Las preguntas y respuestas se guardan %d días para que funcionen los botones y las preguntas de seguimiento; de las personas solo se guarda un código cifrado, nunca el nombre ni el identificador. Con `/privacidad borrar-mis-datos` se borra de inmediato lo que se guarda de usted."},
	aboutVersion:  phrase{"Version %s", "Versión %s"},
	aboutCommands: phrase{"- `/ask`: ask a question\n- `/sources`: see what the library holds\n- on a message, Apps → Check against the sources: see whether its claims hold", "- `/preguntar`: hacer una pregunta\n- `/fuentes`: ver qué contiene la biblioteca\n- en un mensaje, Aplicaciones → Comprobar con las fuentes: ver si lo que afirma tiene respaldo"},

	listTitle:  phrase{"Sources in the library: %d", "Fuentes en la biblioteca: %d"},
	listFound:  phrase{"Sources for “%s”: %d", "Fuentes para «%s»: %d"},
	listNone:   phrase{"No source matches “%s”. Try a topic or a publisher; suggestions appear while you type.", "Ninguna fuente coincide con «%s». Pruebe con un tema o un medio; al escribir aparecen sugerencias."},
	listMore:   phrase{"and %d more: narrow it down with a topic, a publisher or a word of the title", "y %d más: acote la búsqueda con un tema, un medio o una palabra del título"},
	listTopics: phrase{"Topics", "Temas"},

	settingsTitle: phrase{"Settings of this server", "Ajustes de este servidor"},
	settingsSame:  phrase{"Nothing to change: it was already so.", "No hay nada que cambiar: ya estaba así."},
	channels:      phrase{"Channels", "Canales"},
	everywhere:    phrase{"all channels", "todos los canales"},
	private:       phrase{"Private answers by default", "Respuestas privadas de forma predeterminada"},
	language:      phrase{"Language", "Idioma"},
	asker:         phrase{"the asker's", "el de quien pregunta"},
	perPerson:     phrase{"Questions per person", "Preguntas por persona"},
	perServer:     phrase{"Questions in the whole server", "Preguntas en todo el servidor"},
	retention:     phrase{"Kept for", "Se guarda durante"},
	perHour:       phrase{"%d per hour", "%d por hora"},
	days:          phrase{"%d days", "%d días"},
	settingsSaved: phrase{"Saved", "Guardado"},
	changes:       phrase{"Latest changes", "Últimos cambios"},
	yes:           phrase{"yes", "sí"},
	no:            phrase{"no", "no"},
	english:       phrase{"English", "inglés"},
	spanish:       phrase{"Spanish", "español"},

	followTitle: phrase{"Ask a follow-up question", "Seguir preguntando"},
	followLabel: phrase{"Your next question", "Su siguiente pregunta"},
	followHint:  phrase{"For example: and in 2023?", "Por ejemplo: ¿y en 2023?"},

	reasonAsk:      phrase{"What was wrong with the answer?", "¿Qué falló en la respuesta?"},
	reasonOutdated: phrase{"Outdated", "Está desactualizada"},
	reasonSource:   phrase{"Wrong source", "La fuente no es la adecuada"},
	reasonQuote:    phrase{"The quote does not support it", "La cita no la respalda"},
	reasonBiased:   phrase{"Biased", "Es parcial"},
	reasonOther:    phrase{"Something else", "Otro motivo"},
	thanks:         phrase{"Thank you. That was noted.", "Gracias. Quedó anotado."},
	thanksReason:   phrase{"Thank you. The reason was noted.", "Gracias. El motivo quedó anotado."},

	busy:            phrase{"Many questions are being answered right now. Please try again in a minute.", "Ahora mismo hay muchas preguntas en curso. Inténtelo de nuevo en un minuto."},
	failed:          phrase{"Something went wrong on our side. Please try again; if it stays, tell the people who run this bot the reference %s.", "Algo falló de nuestro lado. Inténtelo de nuevo; si el problema sigue, indique a quien administra este bot la referencia %s."},
	expired:         phrase{"That answer is no longer kept. Please ask again.", "Esa respuesta ya no se conserva. Por favor, pregunte de nuevo."},
	unreadable:      phrase{"This message holds something that cannot be read here, so it cannot be checked.", "Este mensaje contiene algo que aquí no se puede leer, así que no se puede comprobar."},
	limited:         phrase{"You have reached your limit of questions per hour (%d). You can ask again in %s.", "Llegó a su máximo de preguntas por hora (%d). Podrá volver a preguntar en %s."},
	limitedServer:   phrase{"This server has reached its limit of questions per hour (%d). You can ask again in %s.", "Este servidor llegó a su máximo de preguntas por hora (%d). Se podrá volver a preguntar en %s."},
	channelOff:      phrase{"In this server I answer in %s.", "En este servidor respondo en %s."},
	notAllowed:      phrase{"Only members who may manage the server can change that.", "Solo pueden cambiarlo los miembros con permiso para administrar el servidor."},
	guildOnly:       phrase{"That works in a server only.", "Eso solo funciona en un servidor."},
	badDate:         phrase{"“%s” is not a date I can read. Write a year, a month or a day: 2023, 2023-12 or 2023-12-27.", "No puedo leer «%s» como fecha. Escriba un año, un mes o un día: 2023, 2023-12 o 2023-12-27."},
	badRange:        phrase{"“from” lies after “to”. Please swap the two dates.", "La fecha inicial es posterior a la final. Por favor, intercámbielas."},
	empty:           phrase{"There is no question in there. Try for example: what did the US pledge for Central America in 2018?", "Ahí no hay ninguna pregunta. Pruebe, por ejemplo: ¿qué prometió Estados Unidos para Centroamérica en 2018?"},
	tooLong:         phrase{"That is longer than %d characters. Please ask about one thing at a time.", "Eso supera los %d caracteres. Por favor, pregunte una cosa a la vez."},
	forgetAsk:       phrase{"This removes every question, answer, conversation and vote of yours that is kept, everywhere, for good. Messages in channels stay where they are.", "Esto borra para siempre y en todas partes sus preguntas, respuestas, conversaciones y valoraciones que se guardan. Los mensajes de los canales siguen donde están."},
	forgetDo:        phrase{"Forget me", "Borrar mis datos"},
	privateHere:     phrase{"In this server answers are private, so please ask with `/ask`: a message here would show the answer to all.", "En este servidor las respuestas son privadas; por favor, pregunte con `/preguntar`: un mensaje aquí mostraría la respuesta a todos."},
	pressed:         phrase{"That is a lot of pressing. Please try again in %s.", "Son demasiadas pulsaciones. Inténtelo de nuevo en %s."},
	tooManyChannels: phrase{"The list holds %d channels at most. Remove one first.", "La lista admite %d canales como máximo. Quite antes alguno."},
	forgotten:       phrase{"Done: all that was kept of you is removed (entries: %d). Messages already in a channel stay until somebody deletes them there.", "Listo: se borró todo lo que se guardaba de usted (registros: %d). Los mensajes que ya están en un canal permanecen hasta que alguien los elimine allí."},
	forgottenNone:   phrase{"Nothing was kept of you.", "No se guardaba nada de usted."},
	alreadyShared:   phrase{"This answer has been shared already.", "Esta respuesta ya se compartió."},
	notYours:        phrase{"Only the person who asked can do that.", "Solo puede hacerlo quien hizo la pregunta."},
	unknownCommand:  phrase{"I do not know that command. It may have been renamed; try again in a moment.", "No conozco ese comando. Puede que haya cambiado de nombre; inténtelo de nuevo en un momento."},
	stopping:        phrase{"I am restarting. Please ask again in a moment.", "Me estoy reiniciando. Por favor, pregunte de nuevo en un momento."},
	badChannel:      phrase{"That channel is not on the list.", "Ese canal no está en la lista."},
	badNumber:       phrase{"That number must lie between %d and %d.", "Ese número debe estar entre %d y %d."},
	minutes:         phrase{"%d minutes", "%d minutos"},
	minute:          phrase{"a minute", "un minuto"},
}

// say returns a phrase in the language, English unless it is Spanish.
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

// language returns the language to speak in a client of that locale: Spanish for es-ES and es-419,
// otherwise English.
func language(locale string) string {
	if locale == lang.Spanish || strings.HasPrefix(locale, "es-") {
		return lang.Spanish
	}
	return lang.English
}

var monthNames = [2][12]string{
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
}

// longDate writes an ISO date, month, year or range in words, which read the same in every country:
// "5 December 2018", "5 de diciembre de 2018". Dates are text and never Discord's timestamps: those show
// the day before to readers west of Greenwich.
func longDate(language, iso string) string {
	if from, to, ok := strings.Cut(iso, "/"); ok {
		return say(language, words.between, longDate(language, from), longDate(language, to))
	}
	d, err := corpus.ParseDate(iso)
	if err != nil || d.IsZero() {
		return say(language, words.undated)
	}
	names, link := monthNames[0], " "
	if language == lang.Spanish {
		names, link = monthNames[1], " de "
	}
	s := fmt.Sprint(d.Year)
	if d.Month > 0 {
		s = names[d.Month-1] + link + s
	}
	if d.Day > 0 {
		s = fmt.Sprint(d.Day) + link + s
	}
	return s
}

// languageName names a language in another: "Spanish", "inglés".
func languageName(language, named string) string {
	switch named {
	case lang.Spanish:
		return say(language, words.spanish)
	case lang.English:
		return say(language, words.english)
	}
	return plain(named)
}

// kindName says what kind of source a kind is, "" for an unknown one.
func kindName(language string, k corpus.Kind) string {
	switch k {
	case corpus.Primary:
		return say(language, words.kindPrimary)
	case corpus.Wire:
		return say(language, words.kindWire)
	case corpus.News:
		return say(language, words.kindNews)
	case corpus.Analysis:
		return say(language, words.kindAnalysis)
	case corpus.Reference:
		return say(language, words.kindReference)
	case corpus.Mirror:
		return say(language, words.kindMirror)
	}
	return ""
}

// topics are the shipped library's tags in Spanish; another library's tags stand as they are written.
var topics = map[string]string{
	"asylum": "asilo", "barriers": "barreras fronterizas", "border-closures": "cierres de la frontera", "caravans": "caravanas",
	"diplomacy": "diplomacia", "encounters": "detenciones en la frontera", "enforcement": "control migratorio",
	"legal-pathways": "vías legales", "mexico-permits": "permisos de México", "politics": "política", "root-causes": "causas de raíz",
	"statistics": "estadísticas", "trade": "comercio", "transit-routes": "rutas de tránsito", "work-visas": "visas de trabajo",
}

// topicName writes a tag as words.
func topicName(language, tag string) string {
	if t := topics[tag]; t != "" && language == lang.Spanish {
		return t
	}
	return strings.ReplaceAll(plain(tag), "-", " ")
}
