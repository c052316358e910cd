package app

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the README's transcript and the scripts' expected output anew")

// The transcripts in the README are what the program prints.
func TestReadme(t *testing.T) {
	const name = "../../README.md"
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	var now strings.Builder
	commands := 0
	in := false // a console block
	for line := range strings.Lines(string(old)) {
		if in {
			command, isCommand := strings.CutPrefix(line, "$ go run . ")
			switch {
			case line == "```\n":
				in = false
			case !isCommand:
				continue // output, of an earlier day perhaps
			default:
				if commands++; !strings.HasSuffix(now.String(), "```console\n") {
					now.WriteString("\n")
				}
				now.WriteString(line)
				w := World{Args: words(command), Now: scriptDay, Stdin: strings.NewReader(""),
					Getenv: func(name string) string { return map[string]string{"XDG_DATA_HOME": data}[name] }}
				var out, errs bytes.Buffer
				w.Stdout, w.Stderr = &out, &errs
				if code := Main(t.Context(), w); code != 0 || errs.Len() > 0 {
					t.Errorf("%s: exit status %d, errors %q", command, code, errs.String())
				}
				now.Write(out.Bytes())
				continue
			}
		}
		in = in || line == "```console\n"
		now.WriteString(line)
	}
	if commands == 0 {
		t.Fatal("no transcript in the README")
	}
	if *update {
		if err := os.WriteFile(name, []byte(now.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now.String() != string(old) {
		t.Errorf("the transcript in the README is not what the program prints; -update writes it anew:\n%s", now.String()[:strings.Index(now.String(), "## Start")])
	}
}

// scriptDay is the day on which scripts and transcripts are run: answers speak of how old sources are.
func scriptDay() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// words splits a command line at spaces; double quotes hold words together.
func words(line string) (words []string) {
	for i, part := range strings.Split(strings.TrimSpace(line), `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// The settings that the README shows are settings.
func TestReadmeSettings(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(readme), "```yaml\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("no settings in the README")
	}
	for _, b := range blocks {
		b, _, _ = strings.Cut(b, "```")
		if _, err := ParseConfig("README.md", []byte(b)); err != nil {
			t.Errorf("%s\n%v", b, err)
		}
	}
}
