package lang

import "strings"

// Read-only after initialisation.
var chat = map[string]string{
	"ppl": "people", "peeps": "people", "govt": "government", "gov": "government", "pres": "president", "prez": "president", "b4": "before",
	"bday": "birthday", "thru": "through", "tho": "though", "thx": "thanks", "mtg": "meeting", "apt": "appointment", "appt": "appointment",
	"yr": "year", "yrs": "years", "mo": "month", "wk": "week", "wks": "weeks", "hrs": "hours", "mins": "minutes", "info": "information",
	"bc": "because", "cuz": "because", "coz": "because", "u": "you", "ur": "your", "r": "are", "n": "and", "w": "with",
	"w/o": "without", "hw": "how", "wat": "what", "wats": "whats", "wich": "which", "wch": "which", "wit": "with", "wen": "when",
	"wher": "where", "wy": "why", "dey": "they", "dat": "that", "dis": "this", "abt": "about", "bout": "about", "msg": "message",
	"diff": "different", "esp": "especially", "max": "maximum", "approx": "approximately", "btwn": "between", "btw": "between",
	"rn": "now", "tmrw": "tomorrow", "2day": "today", "2morrow": "tomorrow", "gr8": "great", "sum1": "someone", "any1": "anyone", "every1": "everyone",
	"xq": "porque", "pq": "porque", "tmb": "tambien", "tb": "tambien", "q": "que", "k": "que", "d": "de", "dnd": "donde", "cdo": "cuando",
	"cuant": "cuanto", "msj": "mensaje", "finde": "fin de semana",
}

// Spell writes out the chat spellings of a question ("ppl", "b4", "hw", "xq"). Words in capitals are left
// as they are: they are abbreviations of something else.
func Spell(text string) string {
	var b strings.Builder
	end := 0
	for _, t := range Tokens(text) {
		full, ok := chat[t.Fold]
		if !ok || t.Upper || t.Digit && len(t.Fold) == 1 {
			continue
		}
		b.WriteString(text[end:t.Start])
		b.WriteString(full)
		end = t.End
	}
	if end == 0 {
		return text
	}
	b.WriteString(text[end:])
	return b.String()
}
