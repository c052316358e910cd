package eval

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	in := strings.Join([]string{
		"\uFEFF" + `{"id":"1","question":"Who?","lang":"en","type":"factoid","answerable":true,"gold":[{"source":"a","quote":"Ana did."}],"must_include":[["ana"]]}`,
		``,
		`{"id":"2","question":"Why?","answerable":false,"junk":["Read more"],"extra":1}` + "\r",
		`{"id":"1","question":"Again?","answerable":false}`,
		`{"id":"3",`,
		`{"id":"4","question":" ","answerable":false}`,
		`{"question":"No id?"}`,
		`{"id":"5","question":"Quoi?","lang":"fr"}`,
		`{"id":"6","question":"Gold?","answerable":true}`,
		`{"id":"7","question":"Slot?","answerable":true,"gold":[{"source":"a","quote":"x"}],"gold_alt":[{"slot":1,"source":"a","quote":"y"}]}`,
		`{"id":"8","question":"Words?","answerable":true,"gold":[{"source":"a","quote":" … "}]}`,
		`{"id":"9","question":"Group?","answerable":false,"must_include":[[]]}`,
		"{\"id\":\"10\",\"question\":\"\xff\"}",
		`{"id":"11","question":"Last?","answerable":false}`,
	}, "\n")
	cases, err := Load("c.jsonl", strings.NewReader(in))
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	if got := strings.Join(ids, " "); got != "1 2 11" {
		t.Errorf("loaded %q", got)
	}
	if q := cases[1].Junk[0]; q != (Passage{"", "Read more"}) {
		t.Errorf("junk = %+v", q)
	}
	want := []string{
		`c.jsonl:4: id "1" is that of line 1`,
		`c.jsonl:5: not a case: unexpected end of JSON input`,
		`c.jsonl:6: no question`,
		`c.jsonl:7: no id`,
		`c.jsonl:8: lang "fr" is neither en nor es`,
		`c.jsonl:9: answerable, but no gold passage`,
		`c.jsonl:10: gold_alt names slot 1; there are 1`,
		`c.jsonl:11: a gold or junk passage without a word`,
		`c.jsonl:12: an empty group in must_include`,
		`c.jsonl:13: not UTF-8`,
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("error\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
}

func TestSlots(t *testing.T) {
	a, b, c := Passage{"s", "a"}, Passage{"s", "b"}, Passage{"s", "c"}
	any := Case{Gold: []Passage{a, b}, GoldAlt: []Alternate{{1, c}}}
	if got := any.slots(); len(got) != 1 || len(got[0]) != 3 {
		t.Errorf("any suffices: %v", got)
	}
	all := Case{Gold: []Passage{a, b}, GoldAlt: []Alternate{{1, c}}, AllRequired: true}
	if got := all.slots(); len(got) != 2 || len(got[0]) != 1 || len(got[1]) != 2 || got[1][1] != c {
		t.Errorf("all required: %v", got)
	}
}

// The shipped cases have no key that the program does not know.
func TestShippedKeys(t *testing.T) {
	names, err := fs.Glob(shipped, "testdata/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	known := make(map[string]bool)
	for _, k := range strings.Fields("id question lang type answerable history gold gold_alt all_required must_include must_not_include premise_correction junk notes") {
		known[k] = true
	}
	for _, name := range names {
		data, err := shipped.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
			var m map[string]any
			if err := json.Unmarshal(line, &m); err != nil {
				t.Fatalf("%s:%d: %v", name, i+1, err)
			}
			for k := range m {
				if !known[k] {
					t.Errorf("%s:%d: unknown key %q", name, i+1, k)
				}
			}
		}
	}
}
