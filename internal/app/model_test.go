package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"policybot/internal/openaitest"
)

// askModel runs ask against a fake endpoint and returns what was printed.
func askModel(t *testing.T, s *openaitest.Server, data string, args ...string) (out, errs string) {
	t.Helper()
	config := filepath.Join(data, "config.yaml")
	settings := fmt.Sprintf("data_dir: %q\nmodel: {name: drafter, base_url: %q, deadline: 5s, prices: {drafter: {input: 1, output: 4}}}\n", data, s.BaseURL())
	if err := os.WriteFile(config, []byte(settings), 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	w := World{Args: append([]string{args[0], "-config", config}, args[1:]...),
		Getenv: func(name string) string { return map[string]string{"OPENAI_API_KEY": "sk-very-secret"}[name] },
		Stdin:  strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: scriptDay}
	if code := Main(t.Context(), w); code != 0 {
		t.Fatalf("exit status %d: %s", code, stderr.String())
	}
	if strings.Contains(stdout.String()+stderr.String(), "sk-very-secret") {
		t.Error("the key is shown")
	}
	return stdout.String(), stderr.String()
}

const visasQuestion = "What did López Obrador propose about work visas?"

// A claim with its proof is shown, one without is not, and what it cost is known.
func TestAskModel(t *testing.T) {
	t.Parallel()
	s := openaitest.NewServer(t, openaitest.Say(func(c *openaitest.Chat) []string {
		return []string{
			proven(t, c, "In April 2021 López Obrador proposed US temporary work visas for people who have planted trees.",
				"López Obrador proposed US temporary work visas for people who have planted trees"),
			`{"text":"López Obrador signed a treaty on a million visas.","cites":[{"p":1,"quote":"signed a treaty on a million visas"}]}`,
		}
	}))
	data := t.TempDir()
	out, _ := askModel(t, s, data, "ask", visasQuestion)
	first, _, _ := strings.Cut(out, "\n")
	if want := "In April 2021 López Obrador proposed US temporary work visas for people who have planted trees. [1]"; first != want {
		t.Errorf("first line %q, want %q", first, want)
	}
	if strings.Contains(out, "treaty") {
		t.Errorf("an unproven claim is shown:\n%s", out)
	}
	if !strings.Contains(out, "Sources\n[1] ") {
		t.Errorf("no sources:\n%s", out)
	}
	out, _ = askModel(t, s, data, "usage")
	if !strings.Contains(out, "drafter") || strings.Contains(out, "     0 calls") {
		t.Errorf("usage says\n%s", out)
	}
	if out, _ = askModel(t, s, data, "ask", "-json", visasQuestion); !strings.Contains(out, `"drafter":"model:drafter"`) {
		t.Errorf("the drafter is not named:\n%s", out)
	}
}

// proven is a line that cites the passage of the prompt which holds the quote.
func proven(t *testing.T, c *openaitest.Chat, text, quote string) string {
	t.Helper()
	n := 0
	for _, m := range c.Messages {
		before, _, ok := strings.Cut(m.Content, quote)
		if at := strings.LastIndex(before, "<passage n=\""); ok && at >= 0 {
			fmt.Sscanf(before[at:], "<passage n=\"%d\"", &n)
		}
	}
	if n == 0 {
		t.Errorf("no passage of the prompt holds %q", quote)
	}
	return fmt.Sprintf(`{"text":%q,"cites":[{"p":%d,"quote":%q}]}`, text, n, quote)
}

// Whatever is wrong with the endpoint, there is an answer.
func TestAskModelFails(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]openaitest.Behavior{
		"unauthorized": openaitest.Status(401),
		"cut":          openaitest.CutBeforeHeaders(),
		"nonsense":     openaitest.Lines("Sure! Here are the claims:", "- nothing"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _ := askModel(t, openaitest.NewServer(t, b), t.TempDir(), "ask", visasQuestion)
			if !strings.Contains(out, "[1]") || !strings.Contains(out, "Sources") {
				t.Errorf("no answer:\n%s", out)
			}
		})
	}
}

// A run with a model is recorded, and replayed without it, to the same report; the recording has no key.
func TestEvalModel(t *testing.T) {
	t.Parallel()
	s := openaitest.NewServer(t, openaitest.Say(func(c *openaitest.Chat) []string {
		return []string{proven(t, c, "In April 2021 López Obrador proposed US temporary work visas for people who have planted trees.",
			"López Obrador proposed US temporary work visas for people who have planted trees")}
	}))
	data := t.TempDir()
	cases, recording := filepath.Join(data, "cases.jsonl"), filepath.Join(data, "recording.jsonl")
	line := fmt.Sprintf(`{"id":"q1","question":%q,"lang":"en","type":"factoid","answerable":true,"gold":[{"source":"reuters-2021-trees-for-visas","quote":"temporary work visas"}],"must_include":[["visas"]]}`, visasQuestion)
	if err := os.WriteFile(cases, []byte(line+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	want, _ := askModel(t, s, data, "eval", "-in", cases, "-model", "-record", recording)
	if !strings.Contains(want, "model                        drafter: ") || !strings.Contains(want, "drafted by it                1 of 1 answered") {
		t.Errorf("the report does not speak of the model:\n%s", want)
	}
	recorded, err := os.ReadFile(recording)
	if err != nil {
		t.Fatal(err)
	}
	if len(recorded) == 0 || bytes.Contains(recorded, []byte("sk-very-secret")) || bytes.Contains(recorded, []byte(s.URL())) {
		t.Errorf("recorded: %s", recorded)
	}
	asked := len(s.Requests())
	got, _ := askModel(t, s, data, "eval", "-in", cases, "-replay", recording)
	if got != want {
		t.Errorf("replayed to\n%s\nwas\n%s", got, want)
	}
	if len(s.Requests()) != asked {
		t.Error("a replay asked the endpoint")
	}
}
