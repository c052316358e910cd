package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Names of the commands and their options: Discord always sends the default ones, whatever the language
// in which they were shown.
const (
	cmdAsk      = "ask"
	cmdSources  = "sources"
	cmdAbout    = "about"
	cmdPrivacy  = "privacy"
	cmdSettings = "settings"
	cmdCheck    = "Check against the sources" // of a message's menu

	optQuestion = "question"
	optPrivate  = "private"
	optFrom     = "from"
	optTo       = "to"
	optQuery    = "query"

	subForget   = "forget-me"
	subShow     = "show"
	subSet      = "set"
	subChannels = "channels" // a group of add and remove
	subAdd      = "add"
	subRemove   = "remove"

	optChannel   = "channel"
	optLanguage  = "language"
	optPerPerson = "per-person"
	optPerServer = "per-server"
	optRetention = "retention"
)

// Values of the language option.
const (
	langAsker   = "asker"
	langEnglish = "en"
	langSpanish = "es"
)

// Bounds of the settings, held by Discord in the options and by the core again.
const (
	minPerHour    = 1
	maxPerPerson  = 1000
	maxPerServer  = 100000
	minRetention  = 1
	maxRetention  = 730 // days
	maxChannels   = 50
	maxQuestion   = 1000 // characters of a question
	maxQueryInput = 100
)

// Kinds of commands, types of options, contexts and installations, as Discord numbers them.
const (
	kindChat    = 1
	kindMessage = 3

	optionSub     = 1
	optionGroup   = 2
	optionString  = 3
	optionInteger = 4
	optionBoolean = 5
	optionChannel = 7

	inGuild   = 0
	inBotDM   = 1
	inPrivate = 2

	installGuild = 0
	installUser  = 1
)

// Command is a command as it is registered.
type Command struct {
	Kind              int               `json:"type"`
	Name              string            `json:"name"`
	Names             map[string]string `json:"name_localizations,omitempty"`
	Description       string            `json:"description,omitempty"`
	Descriptions      map[string]string `json:"description_localizations,omitempty"`
	Options           []CommandOption   `json:"options,omitempty"`
	DefaultPermission string            `json:"default_member_permissions,omitempty"` // a bit set written in decimal; "" is everybody
	Contexts          []int             `json:"contexts"`
	Installs          []int             `json:"integration_types"`
}

// CommandOption is an argument of a command, a subcommand or a group of them.
type CommandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	Choices      []CommandChoice   `json:"choices,omitempty"`
	Options      []CommandOption   `json:"options,omitempty"`
	ChannelTypes []int             `json:"channel_types,omitempty"`
	MinValue     *int              `json:"min_value,omitempty"`
	MaxValue     *int              `json:"max_value,omitempty"`
	MinLength    int               `json:"min_length,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
}

// CommandChoice is a value to pick.
type CommandChoice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

// Commands are all commands of the bot, as they are registered. Names are in English, the default that
// Discord shows in all other languages, and in Spanish for Spain and Latin America.
func Commands() []Command {
	everywhere, installs := []int{inGuild, inBotDM, inPrivate}, []int{installGuild, installUser}
	chat := func(name, es, description, descriptionES string, options ...CommandOption) Command {
		return Command{Kind: kindChat, Name: name, Names: both(name, es), Description: description,
			Descriptions: both(description, descriptionES), Options: options, Contexts: everywhere, Installs: installs}
	}
	settings := chat(cmdSettings, "ajustes", "How the bot answers in this server (for members who manage it)",
		"Cómo responde el bot en este servidor (para quienes lo administran)",
		newOption(optionSub, subShow, "mostrar", "Show the settings of this server", "Mostrar los ajustes de este servidor"),
		newOption(optionSub, subSet, "cambiar", "Change settings; what you leave out stays as it is",
			"Cambiar ajustes; lo que se omite queda igual",
			newOption(optionBoolean, optPrivate, "privado", "Answers are for the asker alone unless they say otherwise",
				"Las respuestas son solo para quien pregunta, salvo que indique lo contrario"),
			CommandOption{Type: optionString, Name: optLanguage, Names: both(optLanguage, "idioma"), Description: "The language of answers",
				Descriptions: both("The language of answers", "El idioma de las respuestas"),
				Choices: []CommandChoice{
					{"The asker's", both("The asker's", "El de quien pregunta"), langAsker},
					{"English", both("English", "Inglés"), langEnglish},
					{"Spanish", both("Spanish", "Español"), langSpanish},
				}},
			numberOption(optPerPerson, "por-persona", "Questions per person and hour", "Preguntas por persona y hora", minPerHour, maxPerPerson),
			numberOption(optPerServer, "por-servidor", "Questions per hour in the whole server",
				"Preguntas por hora en todo el servidor", minPerHour, maxPerServer),
			numberOption(optRetention, "conservar", "Days that questions and answers are kept",
				"Días que se guardan las preguntas y respuestas", minRetention, maxRetention),
		),
		newOption(optionGroup, subChannels, "canales", "The channels in which the bot answers; with none on the list, all of them",
			"Los canales en los que responde el bot; si no hay ninguno en la lista, todos",
			newOption(optionSub, subAdd, "agregar", "Answer in this channel", "Responder en este canal", channelOption()),
			newOption(optionSub, subRemove, "quitar", "No longer answer in this channel", "Dejar de responder en este canal", channelOption()),
		))
	settings.DefaultPermission = "32" // Manage Server; the core looks again
	settings.Contexts, settings.Installs = []int{inGuild}, []int{installGuild}

	return []Command{
		chat(cmdAsk, "preguntar", "Ask the library; every statement comes with its source",
			"Preguntar a la biblioteca; cada afirmación lleva su fuente",
			CommandOption{Type: optionString, Name: optQuestion, Names: both(optQuestion, "pregunta"),
				Required: true, MinLength: 2, MaxLength: maxQuestion,
				Description:  "Your question, in English or Spanish",
				Descriptions: both("Your question, in English or Spanish", "Su pregunta, en español o en inglés")},
			newOption(optionBoolean, optPrivate, "privado", "Only you see the answer; you can share it afterwards",
				"Solo usted ve la respuesta; después puede compartirla"),
			textOption(optFrom, "desde", "Only what is dated from here on: 2018, 2018-12 or 2018-12-05",
				"Solo lo fechado a partir de aquí: 2018, 2018-12 o 2018-12-05", 10),
			textOption(optTo, "hasta", "Only what is dated up to here: 2023, 2023-12 or 2023-12-27",
				"Solo lo fechado hasta aquí: 2023, 2023-12 o 2023-12-27", 10),
		),
		chat(cmdSources, "fuentes", "What the library holds: sources by topic, publisher or title",
			"Qué contiene la biblioteca: fuentes por tema, medio o título",
			CommandOption{Type: optionString, Name: optQuery, Names: both(optQuery, "consulta"), Autocomplete: true, MaxLength: maxQueryInput,
				Description:  "A topic, a publisher or words of a title",
				Descriptions: both("A topic, a publisher or words of a title", "Un tema, un medio o palabras de un título")}),
		chat(cmdAbout, "acerca-de", "What the library covers, how new it is, and what the bot does not do",
			"Qué cubre la biblioteca, hasta qué fecha llega y qué no hace el bot"),
		chat(cmdPrivacy, "privacidad", "What is kept of you", "Qué se guarda de usted",
			newOption(optionSub, subForget, "borrar-mis-datos", "Remove everything that is kept of you, at once",
				"Borrar de inmediato todo lo que se guarda de usted")),
		{Kind: kindMessage, Name: cmdCheck, Names: both(cmdCheck, "Comprobar con las fuentes"), Contexts: everywhere, Installs: installs},
		settings,
	}
}

// both gives a text in the languages that the bot speaks, by Discord's locales.
func both(en, es string) map[string]string {
	return map[string]string{"en-GB": en, "es-ES": es, "es-419": es}
}

func newOption(kind int, name, es, description, descriptionES string, options ...CommandOption) CommandOption {
	return CommandOption{Type: kind, Name: name, Names: both(name, es), Description: description,
		Descriptions: both(description, descriptionES), Options: options}
}

func textOption(name, es, description, descriptionES string, most int) CommandOption {
	o := newOption(optionString, name, es, description, descriptionES)
	o.MaxLength = most
	return o
}

func numberOption(name, es, description, descriptionES string, least, most int) CommandOption {
	o := newOption(optionInteger, name, es, description, descriptionES)
	o.MinValue, o.MaxValue = &least, &most
	return o
}

// channelOption is a channel of text: announcements, threads and forums are among them.
func channelOption() CommandOption {
	o := newOption(optionChannel, optChannel, "canal", "The channel", "El canal")
	o.Required, o.ChannelTypes = true, []int{0, 5, 10, 11, 12, 15}
	return o
}

// commandsJSON is the canonical JSON of commands, what is registered: fields in a fixed order, keys of
// maps sorted. hash names it, so that the same commands are not registered twice.
func commandsJSON(commands []Command) (body []byte, hash string, err error) {
	body, err = json.Marshal(commands)
	if err != nil {
		return nil, "", fmt.Errorf("bot: commands: %w", err)
	}
	sum := sha256.Sum256(body)
	return body, hex.EncodeToString(sum[:]), nil
}

var commandName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`) })

// lintCommands holds commands against the rules of Discord's reference that its schema does not state.
func lintCommands(commands []Command) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	perKind := map[int]int{}
	names := map[string]bool{}
	for _, c := range commands {
		perKind[c.Kind]++
		for locale, name := range withDefault(c.Name, c.Names) {
			key := fmt.Sprint(c.Kind, locale, name)
			if names[key] {
				bad("command %s: the name %q stands twice in %s", c.Name, name, locale)
			}
			names[key] = true
			if c.Kind == kindChat && (!commandName().MatchString(name) || name != strings.ToLower(name)) {
				bad("command %s: %q is no name of a command", c.Name, name)
			}
			if n := width(name); n < 1 || n > 32 {
				bad("command %s: a name of %d characters", c.Name, n)
			}
		}
		if c.Kind != kindChat {
			if c.Description != "" || len(c.Options) > 0 {
				bad("command %s: a menu has neither description nor options", c.Name)
			}
			continue
		}
		lintDescription(bad, c.Name, c.Description, c.Descriptions)
		lintOptions(bad, c.Name, c.Options)
		if n := textOf(c.Name, c.Names) + textOf(c.Description, c.Descriptions) + textOfOptions(c.Options); n > 8000 {
			bad("command %s: %d characters of text, 8000 are allowed", c.Name, n)
		}
	}
	if perKind[kindChat] > 100 || perKind[kindMessage] > 15 {
		bad("too many commands: %v", perKind)
	}
	return errors.Join(errs...)
}

func lintDescription(bad func(string, ...any), where, text string, texts map[string]string) {
	for locale, d := range withDefault(text, texts) {
		if n := width(d); n < 1 || n > 100 {
			bad("%s: a description of %d characters in %s", where, n, locale)
		}
	}
}

func lintOptions(bad func(string, ...any), where string, options []CommandOption) {
	if len(options) > 25 {
		bad("%s: %d options", where, len(options))
	}
	names := map[string]bool{}
	optional := false
	for _, o := range options {
		at := where + " " + o.Name
		for locale, name := range withDefault(o.Name, o.Names) {
			if names[locale+" "+name] {
				bad("%s: the name %q stands twice in %s", at, name, locale)
			}
			names[locale+" "+name] = true
			if !commandName().MatchString(name) || name != strings.ToLower(name) {
				bad("%s: %q is no name of an option", at, name)
			}
		}
		lintDescription(bad, at, o.Description, o.Descriptions)
		if o.Required && optional {
			bad("%s: required after an optional one", at)
		}
		optional = optional || !o.Required
		if len(o.Choices) > 25 || len(o.Choices) > 0 && o.Autocomplete {
			bad("%s: too many choices, or choices and autocompletion", at)
		}
		for _, c := range o.Choices {
			for _, name := range withDefault(c.Name, c.Names) {
				if n := width(name); n < 1 || n > 100 || width(c.Value) > 100 {
					bad("%s: choice %q is too long or empty", at, name)
				}
			}
		}
		if o.MaxLength > 6000 || o.MinLength > 6000 {
			bad("%s: a length above 6000", at)
		}
		lintOptions(bad, at, o.Options)
	}
}

// withDefault gives the texts by locale with the default under "".
func withDefault(text string, texts map[string]string) map[string]string {
	all := map[string]string{"": text}
	for locale, t := range texts {
		all[locale] = t
	}
	return all
}

// textOf is the length of the longest of a text's languages, which is what Discord counts.
func textOf(text string, texts map[string]string) int {
	n := 0
	for _, t := range withDefault(text, texts) {
		n = max(n, width(t))
	}
	return n
}

func textOfOptions(options []CommandOption) int {
	n := 0
	for _, o := range options {
		n += textOf(o.Name, o.Names) + textOf(o.Description, o.Descriptions) + textOfOptions(o.Options)
		for _, c := range o.Choices {
			n += textOf(c.Name, c.Names) + width(c.Value)
		}
	}
	return n
}
