package lang

import "strings"

// Detect returns the language of a text by its function words and letters: "en", "es", or "" when
// nothing tells. It reads at most the first 4 KiB.
func Detect(text string) string {
	if len(text) > 4<<10 {
		text = text[:4<<10]
	}
	en, es := 0.0, 0.0
	if strings.ContainsAny(text, "¿¡") {
		es += 3
	}
	for _, t := range Tokens(text) {
		inEN, inES := stopEN.Has(t.Fold), stopES.Has(t.Fold)
		switch {
		case inEN && !inES:
			en++
		case inES && !inEN:
			es++
		case !inEN && !inES && !t.Upper:
			// The shape of content words, for questions that have hardly any function word.
			w := text[t.Start:t.End]
			switch {
			case strings.ContainsAny(w, "ñáéíóú"):
				es += 0.7
			case hasAnySuffix(t.Fold, "cion", "ciones", "dad", "mente", "ado", "ados", "aron", "ieron", "ista"):
				es += 0.5
			case strings.ContainsAny(t.Fold, "kw") || hasAnySuffix(t.Fold, "ing", "tion", "tions", "ed", "ly", "ght", "ty", "th"):
				en += 0.5
			}
		}
	}
	switch {
	case es > en:
		return Spanish
	case en > es:
		return English
	}
	return ""
}

func hasAnySuffix(s string, ends ...string) bool {
	for _, e := range ends {
		if len(s) > len(e) && strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}
