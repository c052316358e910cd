package openai

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"policybot/internal/openaitest"
	"policybot/retrieval"
)

// canned answers every request with the same bytes, at once.
type canned struct {
	contentType string
	body        []byte
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {c.contentType}},
		Body: io.NopCloser(bytes.NewReader(c.body)), Request: r}, nil
}

// claims is an answer of eight claims, some 900 bytes.
func claims() []string {
	l := make([]string, 8)
	for i := range l {
		l[i] = fmt.Sprintf(`{"text":"The town received %d seasonal visas in 2021.","cites":[{"n":%d,"quote":"received %d seasonal visas"}]}`,
			400+i, i+1, 400+i)
	}
	return l
}

// BenchmarkStream is one whole answer of eight claims. "canned" is our overhead alone, above the
// connection; "memory" and "loopback" have the fake server, its checks, and a connection beneath it.
func BenchmarkStream(b *testing.B) {
	var stream strings.Builder
	for _, line := range claims() {
		for line += "\n"; line != ""; {
			n := min(len(line), 24)
			fmt.Fprintf(&stream, `data: {"id":"chatcmpl-test","object":"chat.completion.chunk","created":1700000000,"model":"m",`+
				`"choices":[{"index":0,"delta":{"content":%q},"finish_reason":null}]}`+"\n\n", line[:n])
			line = line[n:]
		}
	}
	stream.WriteString(`data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n")
	stream.WriteString(`data: {"choices":[],"usage":{"prompt_tokens":2000,"completion_tokens":300,"total_tokens":2300}}` + "\n\ndata: [DONE]\n\n")
	run := func(name string, o Options) {
		b.Run(name, func(b *testing.B) {
			c, err := New(o)
			if err != nil {
				b.Fatal(err)
			}
			m, err := c.Chat(ChatOptions{Model: "m"})
			if err != nil {
				b.Fatal(err)
			}
			r := question()
			r.Messages[0].Text = strings.Repeat("A passage of some length, as there are many in a prompt. ", 140) // 8 KB
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				if _, err := m.Stream(b.Context(), r, func(string) error { n++; return nil }); err != nil || n != 8 {
					b.Fatal(n, err)
				}
			}
		})
	}
	run("canned", Options{BaseURL: "http://openai.test/v1", HTTP: &http.Client{Transport: canned{"text/event-stream", []byte(stream.String())}}})
	memory := openaitest.NewMemory(b, openaitest.Lines(claims()...))
	run("memory", Options{BaseURL: memory.BaseURL(), HTTP: memory.Client()})
	loopback := openaitest.NewServer(b, openaitest.Lines(claims()...))
	run("loopback", Options{BaseURL: loopback.BaseURL()})
}

// BenchmarkEmbed is one question, and a batch of 96 passages, as vectors of 1,536 numbers.
func BenchmarkEmbed(b *testing.B) {
	for _, n := range []int{1, 96} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := texts(n)
			var body bytes.Buffer
			body.WriteString(`{"object":"list","data":[`)
			for i, v := range openaitest.Vector(1536, in...) {
				if i > 0 {
					body.WriteByte(',')
				}
				fmt.Fprintf(&body, `{"object":"embedding","index":%d,"embedding":[%s]}`, i,
					strings.Trim(strings.ReplaceAll(fmt.Sprint(v), " ", ","), "[]"))
			}
			body.WriteString(`],"model":"m","usage":{"prompt_tokens":5,"total_tokens":5}}`)
			c, err := New(Options{BaseURL: "http://openai.test/v1", HTTP: &http.Client{Transport: canned{"application/json", body.Bytes()}}})
			if err != nil {
				b.Fatal(err)
			}
			e, err := c.Embedder(b.Context(), EmbedOptions{Model: "m", Dim: 1536})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Embed(b.Context(), retrieval.Passage, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTokens(b *testing.B) {
	text := strings.Repeat("La frontera se cerró: 1.234 personas esperaban in the town of Matamoros. ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Tokens(text)
	}
}
