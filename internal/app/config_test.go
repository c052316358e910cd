package app

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"policybot/answer"
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
	if want := DefaultConfig(); !reflect.DeepEqual(got, want) {
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
	serving := DefaultConfig()
	serving.Serve.Deadline = 90 * time.Second
	serving.Serve.Workers = 4
	serving.Model.DayCost = 2.5
	serving.Model.Prices["gpt-4.1-mini"] = answer.Price{Input: 0.4, Output: 2}
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
		{name: "numbers, times and prices", want: serving, in: "serve: {deadline: 90s, workers: 4}\nmodel:\n  cost_per_day: 2.5\n  prices:\n    gpt-4.1-mini: {input: 0.4, output: 2}\n"},
		{name: "wrong numbers, times and prices", in: "serve:\n  deadline: 90\n  shutdown: soon\n  listen: here\nmodel:\n  cost_per_day: much\n  effort: huge\n  base_url: ftp://x\n  prices: {m: {inputs: 1}}\ndiscord:\n  shard_id: 3\n  public_key: abc\n", errs: []string{
			"c.yaml:2: serve.deadline must be a time with its unit, such as 20s or 2m",
			"c.yaml:3: serve.shutdown must be a time with its unit, such as 20s or 2m",
			"c.yaml:6: model.cost_per_day must be a number",
			`c.yaml:9: model.prices of m: "inputs" is none of input, output, cached`,
			"c.yaml:12: discord.public_key must be 64 hexadecimal digits, as the developer portal shows them",
			"c.yaml:11: discord.shard_id must be less than discord.shard_count",
			"c.yaml:4: serve.listen must be an address, host:port, or empty",
			"c.yaml:8: model.base_url must be the address of an endpoint, such as https://api.openai.com/v1",
			`c.yaml:7: model.effort "huge" is none of minimal, low, medium, high`}},
		{name: "a limit without a price", in: "model:\n  name: m\n  cost_per_day: 1\n", errs: []string{
			"c.yaml:3: model.cost_per_day needs the price of m in model.prices: without it, nothing is known to cost anything"}},
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
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// What `policybot config` prints is a settings file with the same effect.
func TestShownConfigIsTheSame(t *testing.T) {
	c := DefaultConfig()
	c.DataDir = "/srv/a \"quoted\" place"
	c.Serve.Shutdown = 1500 * time.Millisecond
	c.Model.PersonCost = 0.25
	c.Model.Prices["a:model.v2"] = answer.Price{Input: 0.1, Output: 3, Cached: 0.025}
	again, err := ParseConfig("shown", []byte(c.show()))
	if err != nil || !reflect.DeepEqual(again, c) {
		t.Errorf("shown as\n%s\nand read as %+v, %v", c.show(), again, err)
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
