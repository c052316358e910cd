package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	if err := lintCommands(Commands()); err != nil {
		t.Error(err)
	}
	for _, c := range Commands() {
		for _, locale := range []string{"en-GB", "es-ES", "es-419"} {
			if c.Names[locale] == "" || c.Description != "" && c.Descriptions[locale] == "" {
				t.Errorf("%s has no name or description in %s", c.Name, locale)
			}
		}
		eachOption(c.Options, func(o CommandOption) {
			for _, locale := range []string{"en-GB", "es-ES", "es-419"} {
				if o.Names[locale] == "" || o.Descriptions[locale] == "" {
					t.Errorf("%s %s has no name or description in %s", c.Name, o.Name, locale)
				}
			}
		})
		if c.Name == cmdSettings {
			if c.DefaultPermission != strconv.Itoa(permManageServer) || fmt.Sprint(c.Contexts, c.Installs) != "[0] [0]" {
				t.Errorf("settings are for those who manage a server, in that server: %+v", c)
			}
		} else if c.DefaultPermission != "" || fmt.Sprint(c.Contexts, c.Installs) != "[0 1 2] [0 1]" {
			t.Errorf("%s is for everybody everywhere: %+v", c.Name, c)
		}
	}
}

func eachOption(options []CommandOption, f func(CommandOption)) {
	for _, o := range options {
		f(o)
		eachOption(o.Options, f)
	}
}

// TestCommandsGolden shows the commands as people read them, in both languages.
func TestCommandsGolden(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, locale := range []string{"en-GB", "es-419"} {
		fmt.Fprintf(&b, "── %s ──\n", locale)
		var list func(options []CommandOption, depth int)
		list = func(options []CommandOption, depth int) {
			for _, o := range options {
				name := o.Names[locale]
				if !o.Required && o.Type != optionSub && o.Type != optionGroup {
					name = "[" + name + "]"
				}
				fmt.Fprintf(&b, "%s%s  %s\n", strings.Repeat("    ", depth), name, o.Descriptions[locale])
				for _, c := range o.Choices {
					fmt.Fprintf(&b, "%s= %s\n", strings.Repeat("    ", depth+1), c.Names[locale])
				}
				list(o.Options, depth+1)
			}
		}
		for _, c := range Commands() {
			if c.Kind == kindMessage {
				fmt.Fprintf(&b, "(message menu) %s\n", c.Names[locale])
				continue
			}
			fmt.Fprintf(&b, "/%s  %s\n", c.Names[locale], c.Descriptions[locale])
			list(c.Options, 1)
		}
	}
	golden(t, "commands.golden", b.String())
}

func TestCommandsSchema(t *testing.T) {
	t.Parallel()
	s := schema(t, "/components/schemas/ApplicationCommandUpdateRequest")
	for _, c := range Commands() {
		body, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatal(err)
		}
		// The document wants a number where the reference, and the service, have a string.
		if p, ok := v["default_member_permissions"].(string); ok {
			n, err := strconv.Atoi(p)
			if err != nil {
				t.Errorf("%s: permissions %q", c.Name, p)
			}
			v["default_member_permissions"] = n
		}
		conforms(t, s, c.Name, v)
	}
}

func TestCommandsJSON(t *testing.T) {
	t.Parallel()
	body, hash, err := commandsJSON(Commands())
	if err != nil {
		t.Fatal(err)
	}
	again, same, err := commandsJSON(Commands())
	if err != nil || !bytes.Equal(body, again) || hash != same || len(hash) != 64 {
		t.Errorf("the same commands give %s and %s, %v", hash, same, err)
	}
	other := Commands()
	other[0].Options[0].MaxLength++
	if _, h, err := commandsJSON(other); err != nil || h == hash {
		t.Errorf("other commands give the same hash, %v", err)
	}
}

func TestLintCommands(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func([]Command)
		want   string
	}{
		{"upper case", func(c []Command) { c[0].Name = "Ask" }, "no name of a command"},
		{"blank in a name", func(c []Command) { c[0].Options[0].Name = "my question" }, "no name of an option"},
		{"two names in a locale", func(c []Command) { c[0].Options[1].Names = both("private", "pregunta") }, "stands twice in es-"},
		{"two commands", func(c []Command) { c[1].Name = c[0].Name }, "stands twice"},
		{"no description", func(c []Command) { c[0].Description = "" }, "description of 0"},
		{"long description", func(c []Command) { c[0].Options[0].Descriptions["es-ES"] = strings.Repeat("ñ", 101) }, "description of 101"},
		{"order", func(c []Command) { c[0].Options[3].Required = true }, "required after an optional"},
		{"menu", func(c []Command) { c[4].Description = "x" }, "a menu has neither"},
		{"too much text", func(c []Command) {
			for i := range 20 {
				for j := range 5 {
					o := textOption(fmt.Sprintf("o%d-%d", i, j), fmt.Sprintf("p%d-%d", i, j), strings.Repeat("x", 100), "y", 10)
					if j == 0 {
						c[3].Options = append(c[3].Options, newOption(optionSub, fmt.Sprint("s", i), fmt.Sprint("t", i), "x", "y"))
					}
					sub := &c[3].Options[len(c[3].Options)-1]
					sub.Options = append(sub.Options, o)
				}
			}
		}, "8000 are allowed"},
	} {
		commands := Commands()
		c.change(commands)
		if err := lintCommands(commands); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
