package bot

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"policybot/corpus"
)

var placeholder = regexp.MustCompile(`%.`)

// TestWords holds that everything is said in both languages, with the same placeholders in the same
// order, and as text that may be sent as it is.
func TestWords(t *testing.T) {
	t.Parallel()
	v := reflect.ValueOf(words)
	seen := map[string]string{}
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		en, es := v.Field(i).Field(0).String(), v.Field(i).Field(1).String()
		if en == "" || es == "" {
			t.Errorf("%s: en %q, es %q", name, en, es)
		}
		if a, b := placeholder.FindAllString(en, -1), placeholder.FindAllString(es, -1); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %q in English, %q in Spanish", name, a, b)
		}
		for _, s := range []string{en, es} {
			if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
				t.Errorf("%s: blanks in %q", name, s)
			}
			var f faults
			if f.markdown(name, s); len(f) > 0 {
				t.Error(f.err())
			}
		}
		if other := seen[en]; other != "" {
			t.Errorf("%s says the same as %s: %q", name, other, en)
		}
		seen[en] = name
		for _, tu := range []string{" tu ", " tus ", " te ", "puedes", "prueba ", "escribe ", "inténtalo", "pregunta de nuevo", "vuelve a", "tienes", "ustedes", " vos "} {
			if strings.Contains(" "+strings.ToLower(es)+" ", tu) {
				t.Errorf("%s: %q says tú, vos or ustedes where all else says usted", name, es)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"es-ES": "es", "es-419": "es", "es": "es", "en-US": "en", "en-GB": "en", "de": "en", "": "en", "est": "en"} {
		if got := language(locale); got != want {
			t.Errorf("language(%q) = %q, want %q", locale, got, want)
		}
	}
}

func TestLongDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, iso, want string }{
		{"en", "2018-12-05", "5 December 2018"},
		{"en", "2018-12", "December 2018"},
		{"en", "2018", "2018"},
		{"es", "2018-12-05", "5 de diciembre de 2018"},
		{"es", "2018-12", "diciembre de 2018"},
		{"es", "2018-10/2018-12", "octubre de 2018 – diciembre de 2018"},
		{"en", "2018-10/2018-12", "October 2018 – December 2018"},
		{"en", "", "undated"},
		{"es", "someday", "sin fecha"},
	} {
		if got := longDate(c.lang, c.iso); got != c.want {
			t.Errorf("longDate(%s, %q) = %q, want %q", c.lang, c.iso, got, c.want)
		}
	}
}

// TestTopics holds that each topic of the shipped library has a Spanish name.
func TestTopics(t *testing.T) {
	t.Parallel()
	articles, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if kindName("en", a.Kind) == "" || kindName("es", a.Kind) == "" {
			t.Errorf("%s: no name for a source of kind %q", a.ID, a.Kind)
		}
		for _, tag := range a.Tags {
			if tag != briefTag && topics[tag] == "" {
				t.Errorf("%s: the topic %q has no Spanish name", a.ID, tag)
			}
		}
	}
}
