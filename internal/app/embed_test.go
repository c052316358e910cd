package app

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"policybot/internal/discordtest"
	"policybot/internal/openaitest"
)

const embedKey = "sk-embed-very-secret"

// embedHome is a data directory with a settings file that names an embedder.
type embedHome struct {
	t      *testing.T
	dir    string
	stdin  string
	config string
}

// newEmbedHome makes one; settings are those of embeddings, without the braces.
func newEmbedHome(t *testing.T, s *openaitest.Server, settings string) *embedHome {
	t.Helper()
	h := &embedHome{t: t, dir: t.TempDir()}
	h.set(s.BaseURL(), settings)
	return h
}

// set writes the settings anew.
func (h *embedHome) set(url, settings string) {
	h.t.Helper()
	h.config = filepath.Join(h.dir, "config.yaml")
	text := fmt.Sprintf("data_dir: %q\nembeddings: {base_url: %q, question_prefix: \"q: \", passage_prefix: \"p: \", %s}\n",
		h.dir, url, settings)
	if err := os.WriteFile(h.config, []byte(text), 0o666); err != nil {
		h.t.Fatal(err)
	}
}

// run runs the program and returns its exit status and what it wrote.
func (h *embedHome) run(ctx context.Context, args ...string) (status int, out, errs string) {
	h.t.Helper()
	var stdout, stderr bytes.Buffer
	w := World{Args: append([]string{args[0], "-config", h.config}, args[1:]...),
		Getenv: func(name string) string { return map[string]string{"EMBEDDINGS_API_KEY": embedKey}[name] },
		Stdin:  strings.NewReader(h.stdin), Stdout: &stdout, Stderr: &stderr, Now: scriptDay}
	status = Main(ctx, w)
	if strings.Contains(stdout.String()+stderr.String(), embedKey) {
		h.t.Errorf("%s shows the key", args[0])
	}
	return status, stdout.String(), stderr.String()
}

// ok is run for what must go well.
func (h *embedHome) ok(args ...string) (out, errs string) {
	h.t.Helper()
	status, out, errs := h.run(h.t.Context(), args...)
	if status != 0 {
		h.t.Fatalf("%q: exit status %d: %s", args, status, errs)
	}
	return out, errs
}

// sent counts the texts that an endpoint has been sent by their prefix, "p" or "q".
func sent(s *openaitest.Server, prefix string) map[string]int {
	texts := map[string]int{}
	for _, r := range s.Requests() {
		if r.Embedding == nil {
			continue
		}
		for _, text := range r.Embedding.Input {
			if text, ok := strings.CutPrefix(text, prefix+": "); ok && text != "length" { // which is asked to see how long vectors are
				texts[text]++
			}
		}
	}
	return texts
}

// once checks that no passage was sent, and paid for, twice.
func once(t *testing.T, s *openaitest.Server) {
	t.Helper()
	texts := sent(s, "p")
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		if n := texts[text]; n != 1 {
			t.Errorf("sent %d times: %.60q", n, text)
		}
	}
}

var toEmbed = regexp.MustCompile(`^(\d+) of (\d+) passages are to be embedded by (\S+) at \S+: about \d+ tokens, about 0\.\d+ at 0\.02 per million\n`)

// The first time: what it costs is said before anything is asked for; then every passage is embedded once,
// kept, paid for in the books, and searched with.
func TestEmbed(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]string{"own length": "", "reduced": "dimensions: 24, "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openaitest.NewServer(t, openaitest.Vectors(48))
			h := newEmbedHome(t, s, settings+"model: meaning-1, price: 0.02")
			dry, _ := h.ok("sources", "embed", "-dry-run")
			found := toEmbed.FindStringSubmatch(dry)
			if found == nil || found[1] != found[2] || found[3] != "meaning-1" {
				t.Fatalf("the estimate is %q", dry)
			}
			if _, errs := h.ok("ask", visasQuestion); !strings.Contains(errs, found[1]+" passages are not embedded by meaning-1 yet") {
				t.Errorf("ask says %q", errs)
			}
			if n := len(s.Requests()); n != 0 {
				t.Fatalf("%d requests before anybody wanted to embed", n)
			}
			out, _ := h.ok("sources", "embed")
			if want := dry + "embedded " + found[1] + " passages\n"; out != want {
				t.Errorf("embedding says %q, want %q", out, want)
			}
			once(t, s)
			embedded := len(sent(s, "p"))
			if embedded < 100 {
				t.Errorf("%d passages sent", embedded)
			}
			requests := len(s.Requests())
			if out, _ = h.ok("sources", "embed"); !strings.HasPrefix(out, "all "+found[1]+" passages are embedded by meaning-1 at ") {
				t.Errorf("embedding again says %q", out)
			}
			if len(s.Requests()) != requests {
				t.Error("embedding again asks the endpoint")
			}
			out, errs := h.ok("ask", visasQuestion)
			if errs != "" || !strings.Contains(out, "[1]") || strings.Contains(out, "search by meaning") {
				t.Errorf("ask says %q, %q", out, errs)
			}
			if got := sent(s, "q"); len(got) == 0 || len(sent(s, "p")) != embedded {
				t.Errorf("%d questions, %d passages sent", len(got), len(sent(s, "p")))
			}
			out, _ = h.ok("usage", "-json")
			if !strings.Contains(out, `"model":"meaning-1"`) || strings.Contains(out, `"cost":0,`) || strings.Contains(out, `"prompt_tokens":0}`) {
				t.Errorf("usage says %q", out)
			}
			out, _ = h.ok("doctor", "-offline")
			if !regexp.MustCompile(`ok    passages        `+found[1]+` of `+found[1]+` embedded by openai:meaning-1:\d+-[0-9a-f]{8}, in use\n`).MatchString(out) ||
				!strings.Contains(out, found[1]+" embedded by hash-") {
				t.Errorf("doctor says\n%s", out)
			}
			h.ok("config")
			files, err := filepath.Glob(filepath.Join(h.dir, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if data, err := os.ReadFile(f); err != nil || bytes.Contains(data, []byte(embedKey)) {
					t.Errorf("%s holds the key, or %v", filepath.Base(f), err)
				}
			}
			for _, r := range s.Requests() {
				if got := r.Header.Get("Authorization"); got != "Bearer "+embedKey {
					t.Errorf("authorization %q", got)
				}
			}
		})
	}
}

// Whatever ends a run, the next one does what is left and pays for nothing twice.
func TestEmbedResumes(t *testing.T) {
	t.Parallel()
	vectors := openaitest.Vectors(32)
	for _, tt := range []struct {
		name string
		// fault answers the third request, and all that come after it before the run has ended.
		fault   func(interrupt func()) openaitest.Behavior
		refused bool   // the endpoint has not embedded what the fault answers
		says    string // what the program says
	}{
		{"interrupted", func(interrupt func()) openaitest.Behavior {
			return func(x *openaitest.Exchange) { interrupt(); vectors(x) }
		}, false, "interrupted"},
		{"another length", func(func()) openaitest.Behavior { return openaitest.Vectors(31) }, true, "a vector has 31 numbers where 32 belong"},
		{"fewer", func(func()) openaitest.Behavior { return openaitest.Fewer(32) }, true, "vectors came for"},
		{"unauthorized", func(func()) openaitest.Behavior { return openaitest.Status(401) }, true, "key refused (status 401"},
		{"no credit", func(func()) openaitest.Behavior {
			return openaitest.Fails(429, openaitest.Problem{Message: "You have no credit.", Type: "insufficient_quota", Code: "insufficient_quota"})
		}, true, "quota"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			var bad atomic.Bool
			var n atomic.Int64
			var mu sync.Mutex
			refused := map[string]int{}
			fault := tt.fault(interrupt)
			s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
				if x.Embedding.Input[0] == "p: length" || n.Add(1) <= 2 || !bad.Load() {
					vectors(x)
					return
				}
				if tt.refused {
					mu.Lock()
					for _, text := range x.Embedding.Input {
						refused[strings.TrimPrefix(text, "p: ")]++
					}
					mu.Unlock()
				}
				fault(x)
			})
			bad.Store(true)
			h := newEmbedHome(t, s, "model: meaning-1")
			status, _, errs := h.run(ctx, "sources", "embed")
			if status != 1 || !strings.Contains(errs, tt.says) {
				t.Errorf("exit status %d, says %q, want %q", status, errs, tt.says)
			}
			bad.Store(false)
			if _, errs := h.ok("ask", visasQuestion); !strings.Contains(errs, "the offline embedder searches meanwhile") {
				t.Errorf("with half of the vectors, ask says %q", errs)
			}
			before := len(s.Requests())
			out, _ := h.ok("sources", "embed")
			if !regexp.MustCompile(`^\d+ of \d+ passages are to be embedded`).MatchString(out) || len(s.Requests()) == before {
				t.Errorf("the next run says %q", out)
			}
			texts := sent(s, "p")
			for text, n := range texts {
				if n -= refused[text]; n != 1 {
					t.Errorf("embedded %d times: %.60q", n, text)
				}
			}
			if _, errs := h.ok("ask", visasQuestion); errs != "" {
				t.Errorf("ask says %q", errs)
			}
		})
	}
}

// An endpoint that asks for a pause gets it, and the run goes on.
func TestEmbedRateLimited(t *testing.T) {
	t.Parallel()
	vectors := openaitest.Vectors(16)
	s := openaitest.NewServer(t, openaitest.Sequence(vectors, vectors, openaitest.RetryAfter(429, "1"), vectors))
	h := newEmbedHome(t, s, "model: meaning-1")
	h.ok("sources", "embed")
	twice := 0
	for _, n := range sent(s, "p") {
		if n > 1 {
			twice++
		}
	}
	if twice == 0 || twice > embedTexts {
		t.Errorf("%d passages were sent again, want those of the one request refused", twice)
	}
	if out, _ := h.ok("sources", "embed"); !strings.HasPrefix(out, "all ") {
		t.Errorf("after it: %q", out)
	}
}

// What is added is embedded with its adding, and nothing else; where the endpoint fails, what is added stays.
func TestEmbedAdded(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	vectors := openaitest.Vectors(16)
	s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		if down.Load() {
			openaitest.Status(401)(x)
			return
		}
		vectors(x)
	})
	h := newEmbedHome(t, s, "model: meaning-1")
	article := func(name, text string) string {
		file := filepath.Join(h.dir, name+".md")
		if err := os.WriteFile(file, []byte("---\ntitle: The lighthouse of Cabo "+name+"\npublished: 2024-05-02\nlang: en\n---\n\n"+text+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	_, errs := h.ok("sources", "add", article("Sur", "The keeper of Cabo Sur painted the lighthouse green in 2024."))
	if !strings.Contains(errs, "1 of 1 passages are to be embedded by meaning-1") {
		t.Errorf("adding says %q", errs)
	}
	if got := sent(s, "p"); len(got) != 1 {
		t.Errorf("%d passages sent", len(got))
	}
	h.ok("sources", "embed")
	down.Store(true)
	status, out, errs := h.run(t.Context(), "sources", "add", article("Norte", "The keeper of Cabo Norte painted the lighthouse blue in 2023."))
	if status != 1 || !strings.Contains(out, "1 added") || !strings.Contains(errs, "the articles are stored, but not all of their passages embedded") {
		t.Errorf("exit status %d, %q, %q", status, out, errs)
	}
	out, errs = h.ok("ask", "What did the keeper of Cabo Norte paint?")
	if !strings.Contains(out, "blue") || !strings.Contains(errs, "1 passage is not embedded") {
		t.Errorf("ask says %q, %q", out, errs)
	}
	down.Store(false)
	before := len(sent(s, "p"))
	h.ok("sources", "embed")
	if n := len(sent(s, "p")); n != before {
		t.Errorf("%d passages sent that had not been sent before, want the refused one again", n-before)
	}
}

// When the endpoint is down as a question comes, the answer comes all the same, found by words, and says so
// in the language of the question; a second question does not wait for it again.
func TestEmbedQuestionFails(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]openaitest.Behavior{
		"cut": openaitest.CutBeforeHeaders(), "error": openaitest.Status(500),
		"hang": openaitest.HangBeforeHeaders(), "zeros": openaitest.Zeros(16),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var down atomic.Bool
			vectors := openaitest.Vectors(16)
			s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
				if down.Load() {
					fault(x)
					return
				}
				vectors(x)
			})
			h := newEmbedHome(t, s, "model: meaning-1")
			h.ok("sources", "embed")
			down.Store(true)
			before := len(s.Requests())
			h.stdin = visasQuestion + "\n¿Qué propuso López Obrador sobre las visas de trabajo?\n"
			out, errs := h.ok("ask")
			if errs != "" || strings.Count(out, "[1] ") < 2 {
				t.Errorf("no two answers: %q, %q", out, errs)
			}
			for _, note := range []string{lexicalNote, "La búsqueda por significado no está disponible ahora"} {
				if strings.Count(out, note) != 1 {
					t.Errorf("%q is said %d times:\n%s", note, strings.Count(out, note), out)
				}
			}
			if name != "zeros" { // an answer that makes no sense is one nevertheless
				if n := len(s.Requests()) - before; n > 2 {
					t.Errorf("%d requests, want two attempts for the first question and none for the second", n)
				}
			}
		})
	}
}

// While another model embeds, and until it has all, the one that has all serves; nothing of it is embedded
// at the time of a question.
func TestEmbedAnotherModel(t *testing.T) {
	t.Parallel()
	vectors := openaitest.Vectors(16)
	var held atomic.Bool
	reached, release := make(chan struct{}, 1), make(chan struct{})
	s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		if x.Model == "meaning-2" && held.Load() && strings.HasPrefix(x.Embedding.Input[0], "p: ") {
			select {
			case reached <- struct{}{}:
			default:
			}
			select {
			case <-release:
			case <-x.Gone():
				return
			}
		}
		vectors(x)
	})
	settings := func(model string) string {
		return embedServing(s, model)
	}
	keyed := func(w *World) {
		getenv := w.Getenv
		w.Getenv = func(name string) string {
			if name == "EMBEDDINGS_API_KEY" {
				return embedKey
			}
			return getenv(name)
		}
	}
	asked := func() (models []string) {
		for _, r := range s.Requests() {
			if r.Embedding != nil && strings.HasPrefix(r.Embedding.Input[0], "q: ") {
				models = append(models, r.Model)
			}
		}
		return models
	}
	r := serveBot(t, discordtest.Options{}, "")
	r.WaitReady(1)
	r.end(0)
	help := r.Guild("Clinic").Channel("help")
	alice := r.User("alice", discordtest.Locale("en-US"))
	question := func(text, model string) {
		t.Helper()
		before := len(asked())
		reply := alice.In(help).Slash("ask", discordtest.Opt("question", text)).WaitReply()
		if !strings.Contains(reply.Text(), "[1]") || strings.Contains(reply.Text(), "search by meaning") {
			t.Errorf("answered %q", reply.Text())
		}
		got := slices.Compact(asked()[before:])
		if model == "" && len(got) > 0 || model != "" && !slices.Equal(got, []string{model}) {
			t.Errorf("%q was embedded by %q, want %q", text, got, model)
		}
	}

	start := func(model string) {
		t.Helper()
		r.log = &lockedBuffer{}
		r.start(settings(model), keyed)
		r.WaitReady(1)
	}
	end := func() {
		t.Helper()
		r.end(0)
		if strings.Contains(r.log.String(), embedKey) {
			t.Error("the key is in the log")
		}
	}

	// From the offline embedder to the first model, beside the bot's work.
	start("meaning-1")
	r.logged("searches use another embedder now")
	question(visasQuestion, "meaning-1")
	end()

	// From one model to another: the first one serves until the second has all.
	held.Store(true)
	start("meaning-2")
	<-reached
	question("How many encounters were there in fiscal year 2022?", "meaning-1")
	// So it does for a question on the command line.
	h := &embedHome{t: t, dir: r.dir}
	h.set(s.BaseURL(), "model: meaning-2")
	before := len(asked())
	if _, errs := h.ok("ask", visasQuestion); !strings.Contains(errs, "are not embedded by meaning-2 yet; meaning-1 searches meanwhile") {
		t.Errorf("ask says %q", errs)
	}
	if got := slices.Compact(asked()[before:]); !slices.Equal(got, []string{"meaning-1"}) {
		t.Errorf("embedded by %q", got)
	}
	close(release)
	r.logged("searches use another embedder now")
	question("What happened to Remain in Mexico?", "meaning-2")
	end()

	if saved, err := os.ReadFile(filepath.Join(r.dir, savedIndex)); err != nil || !bytes.Contains(saved, []byte(" openai:meaning-2:16-")) {
		t.Errorf("the index is not saved as one of the new model: %v", err)
	}

	// The next start finds all of it, and embeds nothing, for either model.
	passages := func() (n int) {
		for _, c := range sent(s, "p") {
			n += c
		}
		return n
	}
	embedded := passages()
	for _, model := range []string{"meaning-2", "meaning-1"} {
		start(model)
		question(visasQuestion, model)
		end()
	}
	if n := passages(); n != embedded {
		t.Errorf("%d passages were embedded again", n-embedded)
	}
}

// Settings that cannot be right cost the search by meaning, not the library; what they say about it is
// where it is seen.
func TestEmbedMisconfigured(t *testing.T) {
	t.Parallel()
	s := openaitest.NewServer(t, nil)
	h := newEmbedHome(t, s, `model: "no name"`)
	out, errs := h.ok("ask", visasQuestion)
	if !strings.Contains(out, "[1]") || !strings.Contains(errs, `"no name" is no name of a model; the offline embedder searches meanwhile`) {
		t.Errorf("ask says %q, %q", out, errs)
	}
	if status, _, errs := h.run(t.Context(), "sources", "embed"); status != 1 || !strings.Contains(errs, "is no name of a model") {
		t.Errorf("exit status %d, %q", status, errs)
	}
	h.set(s.BaseURL(), "")
	if status, _, errs := h.run(t.Context(), "sources", "embed"); status != 1 || !strings.Contains(errs, "embeddings.model is not set") {
		t.Errorf("exit status %d, %q", status, errs)
	}
	for _, args := range [][]string{{"embed", "all"}, {"embed", "-anew", "-dry-run"}, {"list", "-dry-run"}, {"show", "x", "-anew"}} {
		if status, _, _ := h.run(t.Context(), append([]string{"sources"}, args...)...); status != 2 {
			t.Errorf("sources %q: exit status %d, want 2", args, status)
		}
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A model that is another one under its old name is found out, by the length of its vectors, and can be
// embedded with anew.
func TestEmbedAnew(t *testing.T) {
	t.Parallel()
	var length atomic.Int64
	length.Store(16)
	s := openaitest.NewServer(t, func(x *openaitest.Exchange) { openaitest.Vectors(int(length.Load()))(x) })
	h := newEmbedHome(t, s, "model: meaning-1")
	h.ok("sources", "embed")
	length.Store(20)
	if out, _ := h.ok("ask", visasQuestion); !strings.Contains(out, lexicalNote) {
		t.Errorf("ask says %q", out)
	}
	h.ok("sources", "embed", "-anew")
	if out, errs := h.ok("ask", visasQuestion); errs != "" || strings.Contains(out, lexicalNote) {
		t.Errorf("ask says %q, %q", out, errs)
	}
	if out, _ := h.ok("doctor", "-offline"); strings.Contains(out, "openai:meaning-1:16-") || !strings.Contains(out, "openai:meaning-1:20-") {
		t.Errorf("doctor says\n%s", out)
	}
}

const lexicalNote = "The search by meaning is out of reach just now"

// Embedding is in the books, and does not use up what the language model may cost.
func TestEmbedBudget(t *testing.T) {
	t.Parallel()
	s := openaitest.NewServer(t, openaitest.Both(openaitest.Say(func(c *openaitest.Chat) []string {
		return []string{proven(t, c, "In April 2021 López Obrador proposed US temporary work visas for people who have planted trees.",
			"López Obrador proposed US temporary work visas for people who have planted trees")}
	}), openaitest.Vectors(16)))
	h := newEmbedHome(t, s, "model: meaning-1")
	f, err := os.OpenFile(h.config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(f, "model: {name: drafter, base_url: %q, tokens_per_day: 20000}\n", s.BaseURL())
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	h.ok("sources", "embed")
	out, _ := h.ok("usage", "-json")
	var tokens int
	if _, rest, ok := strings.Cut(out, `"prompt_tokens":`); !ok {
		t.Fatalf("usage says %q", out)
	} else if _, err := fmt.Sscanf(rest, "%d", &tokens); err != nil || tokens <= 20000 {
		t.Fatalf("%d tokens, %v: too few to tell", tokens, err)
	}
	if out, _ := h.ok("ask", "-json", visasQuestion); !strings.Contains(out, `"drafter":"model:drafter"`) {
		t.Errorf("the model did not draft: %s", out)
	}
}

// After kill -9 the next run sends again what was under way at that moment and nothing else.
func TestEmbedKilled(t *testing.T) {
	t.Parallel()
	vectors := openaitest.Vectors(16)
	started := make(chan *os.Process, 1)
	var n atomic.Int64
	s := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		if x.Embedding.Input[0] != "p: length" && n.Add(1) == 5 {
			// Two requests go out at once, each when what came of one before is stored: three are.
			if err := (<-started).Kill(); err != nil {
				t.Error(err)
			}
			x.Hang()
			return
		}
		vectors(x)
	})
	h := newEmbedHome(t, s, "model: meaning-1")
	h.ok("sources", "list")
	cmd := exec.Command(program(t), "sources", "embed", "-config", h.config)
	cmd.Env = append(os.Environ(), "EMBEDDINGS_API_KEY="+embedKey)
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	started <- cmd.Process
	if err := cmd.Wait(); err == nil {
		t.Fatal("the run was not killed")
	}
	h.ok("sources", "embed")
	again := 0
	for text, n := range sent(s, "p") {
		if n > 2 {
			t.Errorf("sent %d times: %.60q", n, text)
		}
		if n == 2 {
			again++
		}
	}
	if again == 0 || again > embedParallel*embedTexts {
		t.Errorf("%d passages were sent again, want those of the requests under way", again)
	}
	if _, errs := h.ok("ask", visasQuestion); errs != "" {
		t.Errorf("ask says %q", errs)
	}
}

// Prefixes are those that the model's family wants, unless the settings say otherwise.
func TestEmbedPrefixes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ settings, passage, question string }{
		{"", "search_document: ", "search_query: "},
		{`passage_prefix: "", question_prefix: "? ", `, "The lighthouse", "? What"},
	} {
		s := openaitest.NewServer(t, openaitest.Vectors(16))
		h := &embedHome{t: t, dir: t.TempDir()}
		h.config = filepath.Join(h.dir, "config.yaml")
		text := fmt.Sprintf("data_dir: %q\nlibrary: {shipped: false}\nembeddings: {model: nomic-embed-text, %sbase_url: %q}\n",
			h.dir, tt.settings, s.BaseURL())
		article := "---\ntitle: The lighthouse of Cabo Sur\npublished: 2024-05-02\nlang: en\n---\n\nThe keeper painted the lighthouse green.\n"
		for name, content := range map[string]string{h.config: text, filepath.Join(h.dir, "lighthouse.md"): article} {
			if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		h.ok("sources", "add", filepath.Join(h.dir, "lighthouse.md"))
		h.ok("ask", "What did the keeper paint?")
		var inputs []string
		for _, r := range s.Requests() {
			inputs = append(inputs, r.Embedding.Input...)
		}
		last := inputs[len(inputs)-1]
		if n := len(inputs); n != 3 || !strings.HasPrefix(inputs[1], tt.passage) || !strings.HasPrefix(last, tt.question) {
			t.Errorf("%q: sent %q", tt.settings, inputs)
		}
	}
}

// embedServing are settings of a bot whose passages are embedded.
func embedServing(s *openaitest.Server, model string) string {
	return fmt.Sprintf("serve: {listen: \"\"}\ndiscord: {api_url: \"API\"}\n"+
		"embeddings: {model: %s, base_url: %q, question_prefix: \"q: \", passage_prefix: \"p: \"}\n", model, s.BaseURL())
}

// A bot whose endpoint fails as it starts serves with what it has, and tries again.
func TestEmbedServeFails(t *testing.T) {
	t.Parallel()
	vectors := openaitest.Vectors(16)
	s := openaitest.NewServer(t, openaitest.Sequence(vectors, vectors, openaitest.Status(401), vectors))
	r := serveBot(t, discordtest.Options{}, embedServing(s, "meaning-1"))
	r.WaitReady(1)
	r.logged("not all passages are embedded")
	here := r.User("alice", discordtest.Locale("en-US")).In(r.Guild("Clinic").Channel("help"))
	reply := here.Slash("ask", discordtest.Opt("question", visasQuestion)).WaitReply()
	if !strings.Contains(reply.Text(), "[1]") {
		t.Errorf("answered %q", reply.Text())
	}
	r.logged("searches use another embedder now")
	twice := 0
	for _, n := range sent(s, "p") {
		if n > 1 {
			twice++
		}
	}
	if twice > embedTexts {
		t.Errorf("%d passages were sent again, want no more than those of the request refused", twice)
	}
}
