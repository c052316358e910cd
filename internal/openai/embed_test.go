package openai

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"policybot/internal/openaitest"
	"policybot/retrieval"
)

func newEmbedder(t *testing.T, o Options, eo EmbedOptions) *Embedder {
	t.Helper()
	e, err := newClient(t, o).Embedder(t.Context(), eo)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The embedder keeps what retrieval.Embedder promises, whatever order the endpoint answers in.
func TestEmbedderPromises(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		behave openaitest.Behavior
		o      EmbedOptions
	}{
		"plain":      {openaitest.Vectors(48), EmbedOptions{Model: "m"}},
		"shuffled":   {openaitest.Shuffled(48), EmbedOptions{Model: "m"}},
		"prefixes":   {openaitest.Vectors(48), EmbedOptions{Model: "multilingual-e5-small"}},
		"in twos":    {openaitest.Shuffled(48), EmbedOptions{Model: "m", Batch: 2, Parallel: 3}},
		"one by one": {openaitest.AtMost(1, 413, openaitest.Vectors(48)), EmbedOptions{Model: "m"}},
		"shortened":  {openaitest.Vectors(48), EmbedOptions{Model: "text-embedding-3-small", Dimensions: 16}},
		"unscaled": {func(x *openaitest.Exchange) {
			vecs := openaitest.Vector(48, x.Embedding.Input...)
			for _, v := range vecs {
				for i := range v {
					v[i] *= 37
				}
			}
			x.Vectors(vecs)
		}, EmbedOptions{Model: "m"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, c.behave, func(t *testing.T, _ *openaitest.Server, o Options) {
				e := newEmbedder(t, o, c.o)
				if err := retrieval.CheckEmbedder(t.Context(), e); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func texts(n int) []string {
	l := make([]string, n)
	for i := range l {
		l[i] = fmt.Sprintf("passage number %d about orchards", i)
	}
	return l
}

// Vectors that cannot be right are an error of which none is returned.
func TestEmbedFaults(t *testing.T) {
	t.Parallel()
	const dim = 8
	for _, c := range []struct {
		name     string
		behave   openaitest.Behavior
		kind     Kind
		requests int
	}{
		{"one too few", openaitest.Fewer(dim), BadResponse, 1},
		{"one too many", openaitest.More(dim), BadResponse, 1},
		{"none", func(x *openaitest.Exchange) { x.Vectors(nil) }, BadResponse, 1},
		{"all of index 0", openaitest.SameIndex(dim), BadResponse, 1},
		{"counted from one", openaitest.OutOfRange(dim), BadResponse, 1},
		{"one shorter", openaitest.Ragged(dim), BadResponse, 1},
		{"all of another length", openaitest.Vectors(dim + 1), BadResponse, 1},
		{"empty", func(x *openaitest.Exchange) { x.Vectors(make([][]float32, len(x.Embedding.Input))) }, BadResponse, 1},
		{"zeros", openaitest.Zeros(dim), BadResponse, 1},
		{"NaN", openaitest.Literal(dim, "NaN"), BadResponse, 1},
		{"null", openaitest.Literal(dim, "null"), BadResponse, 1},
		{"null after a space", openaitest.Literal(dim, " \n null"), BadResponse, 1},
		{"Infinity", openaitest.Literal(dim, "-Infinity"), BadResponse, 1},
		{"beyond float32", openaitest.Literal(dim, "1e39"), BadResponse, 1},
		{"a string", openaitest.Literal(dim, `"0.5"`), BadResponse, 1},
		{"base64", func(x *openaitest.Exchange) {
			x.JSON(200, map[string]any{"object": "list", "data": []any{map[string]any{"index": 0, "embedding": "AACAPw=="}}})
		}, BadResponse, 1},
		{"a page", openaitest.NotAStream(), BadResponse, 1},
		{"not JSON", func(x *openaitest.Exchange) { x.Reply("application/json", 200, []byte(`{"data":[`)) }, Cut, 1},
		{"an error as an answer", func(x *openaitest.Exchange) { x.Error(200, openaitest.Problem{Message: "busy"}) }, Unavailable, 3},
		{"megabytes", func(x *openaitest.Exchange) {
			x.Reply("application/json", 200, []byte(`{"data":[`+strings.Repeat(" ", 40<<20)+`]}`))
		}, BadResponse, 1},
		{"cut", openaitest.CutAfter(""), Cut, 1},
		{"cut before headers", openaitest.CutBeforeHeaders(), Unavailable, 3},
		{"hang before headers", openaitest.HangBeforeHeaders(), Timeout, 1},
		{"hang after headers", openaitest.HangAfter(), Timeout, 1},
		{"401", openaitest.Status(401), Unauthorized, 1},
		{"404", openaitest.Status(404), NotFound, 1},
		{"429", openaitest.Status(429), RateLimited, 3},
		{"503", openaitest.Status(503), Unavailable, 3},
		{"400", openaitest.Status(400), BadRequest, 3}, // four texts, two, one
		{"400 with a reason", openaitest.Fails(400, openaitest.Problem{Message: "no", Code: "unsupported_dimensions"}), BadRequest, 1},
		{"always too large", openaitest.AtMost(0, 413, openaitest.Vectors(dim)), TooLarge, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, c.behave, func(t *testing.T, s *openaitest.Server, o Options) {
				var j journal
				o.Log = j.logger()
				e := newEmbedder(t, o, EmbedOptions{Model: "m", Dim: dim})
				vecs, err := e.Embed(t.Context(), retrieval.Passage, texts(4))
				if vecs != nil {
					t.Errorf("%d vectors beside an error", len(vecs))
				}
				f := asError(t, err)
				if f.Kind != c.kind || f.Op != "embed" || f.Model != "m" {
					t.Errorf("error %v of kind %q, want %q", err, f.Kind, c.kind)
				}
				if n := len(s.Requests()); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
				mustNotLeak(t, "error", err.Error()+f.Hint)
				mustNotLeak(t, "log", j.String())
			})
		})
	}
}

// A batch that is refused as too large is halved, every text gets its own vector, and the next call begins
// with what the endpoint takes.
func TestHalving(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"413": 413, "400": 400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, openaitest.AtMost(5, status, openaitest.Shuffled(16)), func(t *testing.T, s *openaitest.Server, o Options) {
				e := newEmbedder(t, o, EmbedOptions{Model: "m", Dim: 16, Parallel: 1})
				in := texts(37)
				vecs, err := e.Embed(t.Context(), retrieval.Passage, in)
				if err != nil {
					t.Fatal(err)
				}
				for i, want := range openaitest.Vector(16, in...) {
					if !near(vecs[i], want) {
						t.Errorf("text %d has another's vector", i)
					}
				}
				before := len(s.Requests())
				if _, err := e.Embed(t.Context(), retrieval.Passage, in); err != nil {
					t.Fatal(err)
				}
				refused := 0
				for _, q := range s.Requests()[before:] {
					if len(q.Embedding.Input) > 5 {
						refused++
					}
				}
				if refused != 0 {
					t.Errorf("%d batches were too large again", refused)
				}
			})
		})
	}
	// llama.cpp says it with a 500, which is not tried again as a failure of the server.
	t.Run("500", func(t *testing.T) {
		t.Parallel()
		tight := func(x *openaitest.Exchange) {
			if n := len(x.Embedding.Input[0]); n > 200 {
				x.Error(500, openaitest.Problem{Message: "input is too large to process. increase the physical batch size", Type: "server_error"})
				return
			}
			openaitest.Vectors(16)(x)
		}
		bubble(t, tight, func(t *testing.T, s *openaitest.Server, o Options) {
			e := newEmbedder(t, o, EmbedOptions{Model: "m", Dim: 16})
			long := strings.Repeat("maize and beans ", 40)
			vecs, err := e.Embed(t.Context(), retrieval.Passage, []string{long})
			if err != nil || len(vecs) != 1 {
				t.Fatalf("%d vectors, %v", len(vecs), err)
			}
			q := s.Requests()
			if last := q[len(q)-1].Embedding.Input[0]; !strings.HasPrefix(long, last) || len(q) != 3 {
				t.Errorf("%d requests, the last for %d bytes", len(q), len(last))
			}
		})
	})
}

func near(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-4 {
			return false
		}
	}
	return true
}

// Requests stay within the bounds of number and tokens, and only a text that is itself beyond them stands
// alone. Whatever the bounds, each text gets its own vector.
func TestBatches(t *testing.T) {
	t.Parallel()
	for _, c := range []EmbedOptions{
		{Batch: 10}, {Batch: 1}, {BatchTokens: 40}, {Batch: 7, BatchTokens: 50, Parallel: 5}, {MaxTokens: 3, Batch: 10}, {Batch: 5000},
	} {
		c.Model, c.Dim = "m", 16
		bubble(t, openaitest.Vectors(16), func(t *testing.T, s *openaitest.Server, o Options) {
			var mu sync.Mutex
			used, estimated := 0, false
			c.Used = func(n int, guess bool) {
				mu.Lock()
				defer mu.Unlock()
				used += n
				estimated = estimated || guess
			}
			e := newEmbedder(t, o, c)
			in := texts(95)
			in[50] = strings.Repeat("long ", 60)
			vecs, err := e.Embed(t.Context(), retrieval.Passage, in)
			if err != nil {
				t.Errorf("%+v: %v", c, err)
				return
			}
			if n := e.Tokens(retrieval.Passage, in); n*2 < used || n > used*2 {
				t.Errorf("estimated at %d, it cost %d", n, used)
			}
			sent := 0
			for _, q := range s.Requests() {
				l := q.Embedding.Input
				sent += len(l)
				tokens := 0
				for _, text := range l {
					tokens += Tokens(text)
				}
				if len(l) > e.o.Batch || len(l) > 1 && tokens > e.o.BatchTokens {
					t.Errorf("batch %d, tokens %d: a request of %d texts and %d tokens", c.Batch, c.BatchTokens, len(l), tokens)
				}
			}
			if sent != len(in) {
				t.Errorf("%d texts sent of %d", sent, len(in))
			}
			for i := range in {
				if !near(vecs[i], openaitest.Vector(16, e.text(retrieval.Passage, in[i]))[0]) {
					t.Errorf("text %d has another's vector", i)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if used == 0 || estimated {
				t.Errorf("used %d, estimated %t", used, estimated)
			}
		})
	}
}

// The name tells apart what makes other vectors, and nothing else.
func TestEmbedderName(t *testing.T) {
	t.Parallel()
	empty, other := "", "search: "
	c := newClient(t, Options{})
	name := func(o EmbedOptions) string {
		t.Helper()
		e, err := c.Embedder(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return e.Model()
	}
	base := EmbedOptions{Model: "nomic-embed-text", Dim: 768}
	same := base
	same.Batch, same.BatchTokens, same.Parallel = 3, 500, 1
	if a, b := name(base), name(same); a != b || !strings.Contains(a, "nomic-embed-text") || !strings.Contains(a, "768") {
		t.Errorf("names %q and %q", a, b)
	}
	seen := map[string]string{}
	for what, change := range map[string]func(*EmbedOptions){
		"nothing": func(*EmbedOptions) {}, "model": func(o *EmbedOptions) { o.Model = "nomic-embed-text-v2" },
		"length":     func(o *EmbedOptions) { o.Dim = 512 },
		"dimensions": func(o *EmbedOptions) { o.Dimensions = 768 }, "version": func(o *EmbedOptions) { o.Version = "q4" },
		"no prefix": func(o *EmbedOptions) { o.PassagePrefix = &empty }, "question prefix": func(o *EmbedOptions) { o.QuestionPrefix = &other },
		"cut": func(o *EmbedOptions) { o.MaxTokens = 100 },
	} {
		o := base
		change(&o)
		n := name(o)
		if was, ok := seen[n]; ok {
			t.Errorf("%s and %s have one name, %q", what, was, n)
		}
		seen[n] = what
	}
	if _, err := c.Embedder(t.Context(), EmbedOptions{Model: "m", Dim: -1}); KindOf(err) != Misconfigured {
		t.Errorf("a negative length: %v", err)
	}
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		model, question, passage string
		dim                      int
	}{
		{"text-embedding-3-small", "", "", 1536},
		{"text-embedding-3-large", "", "", 3072},
		{"text-embedding-ada-002", "", "", 1536},
		{"intfloat/multilingual-e5-large", "query: ", "passage: ", 0},
		{"intfloat/e5-base-v2", "query: ", "passage: ", 0},
		{"multilingual-e5-large-instruct", instructSearch, "", 0},
		{"nomic-embed-text:latest", "search_query: ", "search_document: ", 0},
		{"BAAI/bge-m3", "", "", 0},
		{"BAAI/bge-small-en-v1.5", representSearch, "", 0},
		{"mxbai-embed-large", representSearch, "", 0},
		{"snowflake-arctic-embed:335m", representSearch, "", 0},
		{"snowflake-arctic-embed2", "query: ", "", 0},
		{"Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", "", 0},
		{"qwen3-embedding:0.6b", instructSearch, "", 0},
		{"embeddinggemma", "task: search result | query: ", "title: none | text: ", 0},
		{"all-minilm", "", "", 0},
		{"whatever", "", "", 0},
		{"movie5-lens", "", "", 0},
	} {
		if got := traitsOf(c.model); got.question != c.question || got.passage != c.passage || got.dim != c.dim {
			t.Errorf("%s: %+v", c.model, got)
		}
	}
	bubble(t, openaitest.Vectors(16), func(t *testing.T, s *openaitest.Server, o Options) {
		none := ""
		e := newEmbedder(t, o, EmbedOptions{Model: "nomic-embed-text", Dim: 16})
		plain := newEmbedder(t, o, EmbedOptions{Model: "nomic-embed-text", Dim: 16, QuestionPrefix: &none})
		var got []string
		for _, f := range []func() ([][]float32, error){
			func() ([][]float32, error) { return e.Embed(t.Context(), retrieval.Question, []string{"who?"}) },
			func() ([][]float32, error) { return e.Embed(t.Context(), retrieval.Passage, []string{"they", " "}) },
			func() ([][]float32, error) { return plain.Embed(t.Context(), retrieval.Question, []string{"who?"}) },
		} {
			if _, err := f(); err != nil {
				t.Fatal(err)
			}
		}
		for _, q := range s.Requests() {
			got = append(got, q.Embedding.Input...)
		}
		if want := []string{"search_query: who?", "search_document: they", "search_document: -", "who?"}; !slices.Equal(got, want) {
			t.Errorf("sent %q, want %q", got, want)
		}
	})
}

// The length of a model's vectors is asked for only when nothing says it, and holds from then on.
func TestDimension(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o        EmbedOptions
		dim      int // 0 is an error
		requests int
	}{
		{EmbedOptions{Model: "m"}, 12, 1},
		{EmbedOptions{Model: "m", Dim: 12}, 12, 0},
		{EmbedOptions{Model: "m", Dimensions: 6}, 6, 0},
		{EmbedOptions{Model: "text-embedding-3-large"}, 3072, 0},
		{EmbedOptions{Model: "text-embedding-3-large", Dimensions: 256}, 256, 0},
	} {
		bubble(t, openaitest.Vectors(12), func(t *testing.T, s *openaitest.Server, o Options) {
			e := newEmbedder(t, o, c.o)
			if e.Dim() != c.dim || len(s.Requests()) != c.requests {
				t.Errorf("%+v: dimension %d after %d requests", c.o, e.Dim(), len(s.Requests()))
			}
			if c.o.Dimensions > 0 {
				if vecs, err := e.Embed(t.Context(), retrieval.Passage, []string{"a"}); err != nil || len(vecs[0]) != c.dim {
					t.Errorf("%+v: %v", c.o, err)
				}
				if q := s.Requests(); q[len(q)-1].Embedding.Dimensions != c.o.Dimensions {
					t.Errorf("%+v: asked for %d", c.o, q[len(q)-1].Embedding.Dimensions)
				}
			}
		})
	}
	bubble(t, openaitest.Status(503), func(t *testing.T, _ *openaitest.Server, o Options) {
		if e, err := newClient(t, o).Embedder(t.Context(), EmbedOptions{Model: "m"}); e != nil || KindOf(err) != Unavailable {
			t.Errorf("with the endpoint down: %v, %v", e, err)
		}
	})
}

// Long texts are cut to what the model takes, at words, within runes never.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", strings.Repeat("word ", 500), strings.Repeat("x", 5000), strings.Repeat("España, México. ", 200),
		strings.Repeat("移民政策", 400), strings.Repeat("🙂", 300), strings.Repeat("1,234.5 ", 100), "\n\n" + strings.Repeat("ñ", 900)} {
		for _, n := range []int{-3, 0, 1, 2, 7, 64, 1000} {
			got := cut(text, n)
			switch {
			case !strings.HasPrefix(text, got) || !utf8.ValidString(got):
				t.Errorf("cut(%.20q, %d) is %.40q", text, n, got)
			case text != "" && got == "":
				t.Errorf("cut(%.20q, %d) left nothing", text, n)
			case utf8.RuneCountInString(got) > 1 && Tokens(got) > n:
				t.Errorf("cut(%.20q, %d) has %d tokens", text, n, Tokens(got))
			case Tokens(text) <= n && got != text:
				t.Errorf("cut(%.20q, %d) cut what fits", text, n)
			}
		}
	}
}

// Cancelling ends the call and all its requests; what fails first is what is told.
func TestEmbedStops(t *testing.T) {
	t.Parallel()
	bubble(t, openaitest.HangBeforeHeaders(), func(t *testing.T, s *openaitest.Server, o Options) {
		e := newEmbedder(t, o, EmbedOptions{Model: "m", Dim: 16, Batch: 2, Parallel: 4})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := e.Embed(ctx, retrieval.Passage, texts(50))
			done <- err
		}()
		s.AwaitHang(4)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) || KindOf(err) != Canceled {
			t.Errorf("error %v", err)
		}
		if n := len(s.Requests()); n != 4 {
			t.Errorf("%d requests", n)
		}
	})
	var n int
	var mu sync.Mutex
	bad := func(x *openaitest.Exchange) {
		mu.Lock()
		n++
		k := n
		mu.Unlock()
		if k == 2 {
			x.Error(401, openaitest.Problem{Message: "no"})
			return
		}
		x.Hang()
	}
	bubble(t, bad, func(t *testing.T, _ *openaitest.Server, o Options) {
		e := newEmbedder(t, o, EmbedOptions{Model: "m", Dim: 16, Batch: 2, Parallel: 3})
		began := time.Now()
		if _, err := e.Embed(t.Context(), retrieval.Passage, texts(50)); KindOf(err) != Unauthorized || time.Since(began) > time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

// Tokens grows with the text, is within reason for prose, and is at most the number of bytes.
func TestTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		"":                              {0, 0},
		"a":                             {1, 1},
		"The border was closed again.":  {6, 7},  // 6 by cl100k_base
		"La frontera se cerró de nuevo": {7, 9},  // 8
		"1,234,567":                     {5, 5},  // 5
		"antidisestablishmentarianism":  {5, 8},  // 6
		"移民政策":                          {4, 5},  // 5
		"{\"claim\": \"x\"}":            {8, 11}, // 5: marks often share a token
	} {
		if n := Tokens(text); n < want[0] || n > want[1] {
			t.Errorf("Tokens(%q) = %d, want %d to %d", text, n, want[0], want[1])
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "abc def", "a1b2", "ñandú", "移民 42%", "\xff\xfe", strings.Repeat("x", 99)} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, at int) {
		n := Tokens(s)
		if blank := strings.IndexFunc(s, func(r rune) bool { return r > ' ' }) < 0; n < 0 || n > len(s) || n == 0 && !blank {
			t.Fatalf("Tokens(%q) = %d", s, n)
		}
		if at >= 0 && at <= len(s) && Tokens(s[:at]) > n+1 {
			t.Fatalf("Tokens(%q) = %d, of its beginning %d", s, n, Tokens(s[:at]))
		}
		if v := strings.ToValidUTF8(s, "\uFFFD"); v != "" && at > 0 && at < 1<<20 {
			if c := cut(v, at); !strings.HasPrefix(v, c) || c == "" || !utf8.ValidString(c) {
				t.Fatalf("cut(%q, %d) = %q", v, at, c)
			}
		}
	})
}

func TestUnit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want []float32
	}{
		{[]float32{3, 4}, []float32{0.6, 0.8}}, {[]float32{0, -2}, []float32{0, -1}}, {[]float32{0, 0}, nil}, {nil, nil},
		{[]float32{float32(math.NaN()), 1}, nil}, {[]float32{float32(math.Inf(1)), 1}, nil}, {[]float32{1e-13, 0}, nil},
		{[]float32{1e30, 0}, []float32{1, 0}},
	} {
		if got, err := unit(slices.Clone(c.in)); !reflect.DeepEqual(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("unit(%v) = %v, %v", c.in, got, err)
		}
	}
}
