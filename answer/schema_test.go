package answer

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"policybot/corpus"
)

func TestDraftReader(t *testing.T) {
	t.Parallel()
	const one, two = `{"text":"A.","cites":[{"p":1,"quote":"a"}]}`, `{"text":"B.","cites":[{"p":2,"quote":"b"},{"p":"3","quote":"c"}]}`
	for _, c := range []struct {
		name string
		in   string
		want string // texts of the claims
		none bool
	}{
		{"lines", one + "\n" + two, "A. B.", false},
		{"one line", one + two, "A. B.", false},
		{"one line with commas", one + ", " + two + ",", "A. B.", false},
		{"array", "[" + one + ",\n" + two + "]", "A. B.", false},
		{"array over lines", "[\n  " + one + ",\n  " + two + "\n]", "A. B.", false},
		{"fence", "```json\n" + one + "\n```\n", "A.", false},
		{"byte order mark", "\ufeff" + one, "A.", false},
		{"list", "- " + one + "\n2. " + two, "A. B.", false},
		{"indented", "{\n \"text\": \"A.\",\n \"cites\": [\n  {\"p\": 1, \"quote\": \"a\"}\n ]\n}\n" + two, "A. B.", false},
		{"wrapped", `{"claims": [` + one + "," + two + "]}", "A. B.", false},
		{"line broken in a string", "{\"text\":\"A\nb.\",\"cites\":[]}", "A b.", false},
		{"brackets in a string", `{"text":"A } ] { [ \" \\","cites":[]}`, `A } ] { [ " \`, false},
		{"cut off, then whole", `{"text":"Cut` + "\n" + one, "A.", false},
		{"cut off", `{"text":"Cut`, "", false},
		{"prose", "Sure!\n" + one + "\nThat is all {really}.", "A.", false},
		{"prose before on the line", "Answer: " + one, "", false},
		{"none", `{"none":true}`, "", true},
		{"not none", `{"none":false}`, "", false},
		{"unknown keys", `{"text":"A.","cites":[],"lang":"en","sure":0.9}`, "A.", false},
		{"wrong types", `{"text":5}` + "\n" + `{"text":"A.","cites":{"p":1}}` + "\n" + `{"text":"A.","cites":[{"p":1.5,"quote":"a"}]}` + "\n" + two, "B.", false},
		{"too deep", `{"a":[[[[[[1]]]]]]}` + "\n" + one, "A.", false},
		{"closes what it did not open", "{]\n" + one, "A.", false},
		{"empty object", "{}\n" + one, "A.", false},
	} {
		var r draftReader
		var got []string
		for l := range strings.Lines(c.in) {
			ds, err := r.line(l)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			for _, d := range ds {
				got = append(got, d.Text)
			}
		}
		if s := strings.Join(got, " "); s != c.want || r.none != c.none {
			t.Errorf("%s: %q, none %v; want %q, %v", c.name, s, r.none, c.want, c.none)
		}
	}
}

// TestDraftReaderBounds: a model that does not stop is stopped, and what it wrote until then is bounded.
func TestDraftReaderBounds(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"claims":       `{"text":"A.","cites":[]}`,
		"blank":        "",
		"long":         `{"text":"` + strings.Repeat("a", 7000) + `"}`,
		"never closed": "{",
		"words":        strings.Repeat("and so on ", 50),
	} {
		var r draftReader
		claims := 0
		for i := range 10_000 {
			ds, err := r.line(line)
			claims += len(ds)
			if errors.Is(err, errTooMuch) {
				break
			}
			if i == 9999 {
				t.Errorf("%s: never stopped", name)
			}
		}
		if claims > maxDrafts || cap(r.open) > 4*maxValue {
			t.Errorf("%s: %d claims, %d bytes held", name, claims, cap(r.open))
		}
	}
}

// TestClaimSchema: what the schema allows the reader reads, and what the prompt shows is what the schema
// allows. The three change together.
func TestClaimSchema(t *testing.T) {
	t.Parallel()
	data, err := promptFiles.ReadFile("prompt/claim.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("claim.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("claim.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(line string) bool {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		return err == nil && schema.Validate(v) == nil
	}
	shown := 0
	for l := range strings.Lines(newPrompts().write("draft.md", promptBounds)) {
		i := strings.IndexByte(l, '{')
		if i < 0 {
			continue
		}
		shown++
		if !valid(l[i:]) {
			t.Errorf("the prompt shows what the schema refuses: %s", l)
		}
		var r draftReader
		if ds, err := r.line(l[i:]); err != nil || len(ds) == 0 && !r.none {
			t.Errorf("the prompt shows what the reader does not read: %s", l)
		}
	}
	if shown < 2 {
		t.Errorf("the prompt shows %d of the two forms", shown)
	}
	for _, bad := range []string{`{"text":"","cites":[]}`, `{"text":"A."}`, `{"none":false}`, `[]`, `{"text":"A.","cites":[{"p":0,"quote":"a"}]}`} {
		if valid(bad) {
			t.Errorf("the schema allows %s", bad)
		}
	}
}

func FuzzDraftReader(f *testing.F) {
	for _, s := range []string{
		`{"text":"A.","cites":[{"p":1,"quote":"a"}]}`, "[{\n\"text\":\"A\"},", "```json\n{}\n```", `{"claims":[{"text":"x"}]}`, "{\"none\":true}{", `{"a":"\"}{"}`, "\xff{\"text\":\"\xfe\"}", strings.Repeat("[", 50),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var r draftReader
		n := 0
		for l := range strings.Lines(s) {
			ds, err := r.line(l)
			n += len(ds)
			for _, d := range ds {
				if !utf8.ValidString(d.Text) {
					t.Errorf("text is not UTF-8: %q", d.Text)
				}
				// What was read is read again as the same from how we write it.
				var again draftReader
				back, err := again.line(asJSON(drafted{Text: d.Text, Cites: slices.Clone(d.Cites)}))
				if tidy := asData(d.Text); err != nil || tidy != "" && (len(back) != 1 || back[0].Text != clip(tidy, maxClaimText)) {
					t.Errorf("%q comes back as %+v, %v", d.Text, back, err)
				}
			}
			if err != nil {
				break
			}
		}
		if n > maxDrafts || len(r.open) > maxValue+len(s) {
			t.Errorf("%d claims, %d bytes held", n, len(r.open))
		}
	})
}

// TestFormed: what a model's claim may look like.
func TestFormed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want bool
	}{
		{"The strike cost $2 million, or 1.5 % of the budget.", true},
		{"“We will stay,” she said on 3 May 2021.", true},
		{"¿Quién pagó? El ayuntamiento, dijo la alcaldesa.", true},
		{"The U.S. and Mexico's ministers met at 10 a.m. on Dec. 5, 2018.", true},
		{"EE.UU. ofreció 5.800 millones de dólares.", true},
		{"Visas H-2A rose by 3–5 percent; the rest fell.", true},
		{"It was 40 °C.", true},
		{"See gob.mx for more.", false},
		{"See https://x for more.", false},
		{"Write to a@b.example now.", false},
		{"Go to www.example and pay.", false},
		{"Connect to 10.0.0.1 and pay.", false},
		{"Ask # general about it.", false},
		{"It is `rm -rf` that did it.", false},
		{"It is ||hidden|| here.", false},
		{"- The strike cost much.", false},
		{"> The strike cost much.", false},
		{"The strike [1] cost much.", false},
		{"The strike cost much :smile: for all.", false},
		{"The strike cost much 😀.", false},
		{"The str\u200dike cost much.", false},
		{"The strikе cost much.", false}, // a Cyrillic е
		{"Z\u0335\u0335\u0335a strike cost much.", false},
		{"See ｅｖｉｌ．ｅｘａｍｐｌｅ for the strike.", false},
		{"The strike cost much", false},
		{"Strike.", false},
		{"", false},
		{"\xff\xfe is it.", false},
		{strings.Repeat("Word ", 90) + "end.", false},
	} {
		if got := formed(c.text) && !linked(c.text, nil); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
	named := []*passage{{article: &corpus.Article{Publisher: "Welcome.US"}}, {article: &corpus.Article{Publisher: "https://evil.example"}}}
	for text, want := range map[string]bool{
		"More than 500,000 came, according to Welcome.US.":  false,
		"More than 500,000 came, according to Welcome.com.": true,
		"More than 500,000 came, see https://evil.example.": true,
		"More than 500,000 came, see Welcome.US/pay.":       true,
	} {
		if got := linked(text, named); got != want {
			t.Errorf("%q: linked %v", text, got)
		}
	}
	for in, want := range map[string]string{
		" The strike\n cost much [1] [2]": "The strike cost much.",
		"The strike cost much. [3]":       "The strike cost much.",
		"The strike cost much [1, 2].":    "The strike cost much.",
		"The strike cost 5%":              "The strike cost 5%.",
		"It cost “much”":                  "It cost “much”",
		"An\u0303os despue\u0301s":        "Años después.",
		"":                                "",
	} {
		if got := tidied(in); got != want {
			t.Errorf("tidied(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLooseInt(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{`3`: 3, `"3"`: 3, `-1`: -1, `0`: 0} {
		var n looseInt
		if err := json.Unmarshal([]byte(in), &n); err != nil || int(n) != want {
			t.Errorf("%s: %d, %v", in, n, err)
		}
	}
	for _, in := range []string{`1.5`, `"a"`, `[1]`, `{}`, `99999999999999999999`} {
		var n looseInt
		if err := json.Unmarshal([]byte(in), &n); err == nil {
			t.Errorf("%s gives %d", in, n)
		}
	}
}
