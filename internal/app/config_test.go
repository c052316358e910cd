package app

import (
	"os"
	"strings"
	"testing"
)

// The example must be what it says it is: complete, and equal to the defaults.
func TestExampleConfig(t *testing.T) {
	data, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseConfig("config.example.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if want := DefaultConfig(); got != want {
		t.Errorf("config.example.yaml = %+v, defaults are %+v", got, want)
	}
	for _, s := range got.settings() {
		last := s.key[strings.LastIndexByte(s.key, '.')+1:]
		if !strings.Contains(string(data), "\n"+strings.Repeat("  ", strings.Count(s.key, "."))+last+": ") {
			t.Errorf("config.example.yaml does not set %s", s.key)
		}
	}
}

func TestParseConfig(t *testing.T) {
	changed := DefaultConfig()
	changed.DataDir = "/srv/policybot"
	changed.Library.Shipped = false
	changed.Library.MaxArticleBytes = 2_000_000
	changed.Library.Lexicon = "words.yaml"
	changed.Library.LexiconReplace = true
	changed.Ask.Lang = "es"
	for _, tt := range []struct {
		name, in string
		want     Config
		errs     []string
	}{
		{name: "empty", in: "", want: DefaultConfig()},
		{name: "comment", in: "# nothing set\n", want: DefaultConfig()},
		{name: "open section", in: "library:\n  # shipped: false\n", want: DefaultConfig()},
		{name: "open key", in: "data_dir:\n", want: DefaultConfig()},
		{name: "all", want: changed, in: "data_dir: /srv/policybot\nlibrary:\n  shipped: false\n  max_article_bytes: 2_000_000\n  lexicon: \"words.yaml\"\n  lexicon_replace: true\nask: {lang: es}\n"},
		{name: "one key in a section", in: "ask:\n  lang: auto\n", want: DefaultConfig()},
		{name: "unknown keys", in: "datadir: x\nshipped: false\nlibrary:\n  size: 3\n", errs: []string{
			`c.yaml:1: there is no setting "datadir"`,
			`c.yaml:2: there is no setting "shipped"; library.shipped is one`,
			`c.yaml:4: there is no setting "library.size"`}},
		{name: "every problem at once", in: "data_dir: [a]\nlibrary:\n  shipped: maybe\n  max_article_bytes: 12\n  lexicon_replace: true\nask:\n  lang: fr\n", errs: []string{
			"c.yaml:1: data_dir must be text",
			"c.yaml:3: library.shipped must be true or false",
			"c.yaml:4: library.max_article_bytes must lie between 1024 and 1073741824",
			"c.yaml:5: library.lexicon_replace needs library.lexicon, the vocabulary to use instead",
			`c.yaml:7: ask.lang "fr" is none of auto, en, es`}},
		{name: "huge number", in: "library:\n  max_article_bytes: 99999999999999999999\n", errs: []string{
			"c.yaml:2: library.max_article_bytes must be a whole number"}},
		{name: "twice", in: "ask:\n  lang: en\n  lang: es\n", errs: []string{
			`c.yaml: not YAML: [3:3] mapping key "lang" already defined at [2:3]`}},
		{name: "a list", in: "- data_dir\n", errs: []string{"c.yaml:1: the file must be settings, key: value"}},
		{name: "a scalar for a section", in: "ask: es\n", errs: []string{"c.yaml:1: ask must be settings, key: value"}},
		{name: "not YAML", in: "data_dir: \"x\n", errs: []string{"c.yaml: not YAML: [1:11] could not find end character of double-quoted text"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseConfig("c.yaml", []byte(tt.in))
			if len(tt.errs) > 0 {
				if err == nil || err.Error() != strings.Join(tt.errs, "\n") {
					t.Fatalf("error\n%v\nwant\n%v", err, strings.Join(tt.errs, "\n"))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte("data_dir: \"\"\nlibrary:\n  shipped: true\n"))
	f.Add([]byte("? [a, b]\n: c\n"))
	f.Add([]byte("a: &x 1\n<<: *x\n"))
	f.Add([]byte("---\n---\nask: {lang: es}\n...\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseConfig("c.yaml", data)
		if err != nil {
			return
		}
		for _, s := range c.settings() {
			if s.check != nil && s.check() != "" {
				t.Errorf("%s accepted with a bad value", s.key)
			}
		}
	})
}
