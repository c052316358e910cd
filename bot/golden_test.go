package bot

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// golden compares with a file in testdata that a person can read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is made now; look at the difference and run go test -update:\n%s", file, got)
	}
}

// drawn writes a message as somebody sees it, with where its buttons lead. What cannot be seen is
// written out.
func drawn(m Outgoing) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if m.Ephemeral {
		line("(only you can see this)")
	}
	if m.Content != "" {
		line("%s", strings.ReplaceAll(m.Content, zwsp, "{zwsp}"))
	}
	for _, e := range m.Embeds {
		line("┌ %s", e.Title)
		line("│ %s", strings.ReplaceAll(strings.ReplaceAll(e.Description, zwsp, "{zwsp}"), "\n", "\n│ "))
		line("└")
	}
	for _, r := range m.Rows {
		var parts []string
		for _, c := range r {
			s := c.Label
			if c.Emoji != nil {
				s = c.Emoji.Name + s
			}
			if c.Type == kindSelect {
				s = c.Placeholder + " ▾"
				for _, o := range c.Options {
					s += "\n    " + o.Label + " = " + o.Value
				}
			}
			parts = append(parts, fmt.Sprintf("[ %s → %s ]", s, c.CustomID))
		}
		line("%s", strings.Join(parts, "  "))
	}
	return b.String()
}

// specification is Discord's OpenAPI document in a full checkout.
const specification = "../../shared/specs/discord-openapi.json"

// schema compiles one schema of Discord's document; without the document the test is skipped.
func schema(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open(specification)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no OpenAPI document of Discord beside the checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("discord.json#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// conforms holds a value's JSON against a schema.
func conforms(t *testing.T, s *jsonschema.Schema, what string, v any) {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s: %v\n%s", what, err, body)
	}
}
