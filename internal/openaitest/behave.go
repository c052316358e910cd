package openaitest

import (
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Behavior answers one request.
type Behavior func(x *Exchange)

// Good answers every chat with one line and every embedding with a vector of 64 numbers.
func Good() Behavior { return Both(Lines("OK"), Vectors(64)) }

// Both answers chats with one behaviour and embeddings with another.
func Both(chats, embeds Behavior) Behavior {
	return func(x *Exchange) {
		if x.Embedding != nil {
			embeds(x)
			return
		}
		chats(x)
	}
}

// Sequence answers the first request with the first behaviour, the second with the second, and all that
// come after the last with the last.
func Sequence(steps ...Behavior) Behavior {
	var n atomic.Int64
	return func(x *Exchange) { steps[min(int(n.Add(1)), len(steps))-1](x) }
}

// Lines answers a chat well, with the given lines.
func Lines(lines ...string) Behavior { return Say(func(*Chat) []string { return lines }) }

// Say answers a chat well, with the lines that say gives for it.
func Say(say func(*Chat) []string) Behavior {
	return func(x *Exchange) {
		x.Lines(say(x.Chat)...)
		x.Finish("stop")
		x.Usage()
		x.Done()
	}
}

// Text answers a chat well, with a text that is sent in one piece.
func Text(text string) Behavior {
	return func(x *Exchange) {
		x.Text(text)
		x.Finish("stop")
		x.Usage()
		x.Done()
	}
}

// Many answers a chat with n lines, line(0) to line(n-1).
func Many(n int, line func(i int) string) Behavior {
	return func(x *Exchange) {
		for i := range n {
			x.Text(line(i) + "\n")
		}
		x.Finish("stop")
		x.Usage()
		x.Done()
	}
}

// NoUsage is Lines from an endpoint that never says what a stream cost.
func NoUsage(lines ...string) Behavior {
	return func(x *Exchange) {
		x.Lines(lines...)
		x.Finish("stop")
		x.Done()
	}
}

// Finishing sends the lines and a part of another, and finishes for the given reason ("length",
// "content_filter", …).
func Finishing(reason, part string, lines ...string) Behavior {
	return func(x *Exchange) {
		x.Lines(lines...)
		if part != "" {
			x.Text(part)
		}
		x.Finish(reason)
		x.Usage()
		x.Done()
	}
}

// NoDone sends the lines and a finish reason, and ends without the mark that ends a stream.
func NoDone(lines ...string) Behavior {
	return func(x *Exchange) {
		x.Lines(lines...)
		x.Finish("stop")
	}
}

// NoFinish sends the lines and ends the stream in good order, but never says that the model had finished.
func NoFinish(lines ...string) Behavior {
	return func(x *Exchange) {
		x.Lines(lines...)
		x.Done()
	}
}

// CutAfter sends the lines and the part of another, and breaks the connection off.
func CutAfter(part string, lines ...string) Behavior {
	return func(x *Exchange) {
		x.Raw("")
		x.Lines(lines...)
		if part != "" {
			x.Text(part)
		}
		x.Cut()
	}
}

// CutBeforeHeaders breaks the connection off without an answer.
func CutBeforeHeaders() Behavior { return func(x *Exchange) { x.Cut() } }

// EndAfter sends the lines and ends the body in good order, as a proxy does that lost its upstream.
func EndAfter(part string, lines ...string) Behavior {
	return func(x *Exchange) {
		x.Raw("")
		x.Lines(lines...)
		if part != "" {
			x.Text(part)
		}
	}
}

// HangBeforeHeaders never answers.
func HangBeforeHeaders() Behavior { return func(x *Exchange) { x.Hang() } }

// HangAfter sends the headers and the lines, then nothing more.
func HangAfter(lines ...string) Behavior {
	return func(x *Exchange) {
		x.Raw("")
		x.Lines(lines...)
		x.Hang()
	}
}

// HangAfterFinish sends a whole answer and leaves the stream open.
func HangAfterFinish(lines ...string) Behavior {
	return func(x *Exchange) {
		x.Lines(lines...)
		x.Finish("stop")
		x.Hang()
	}
}

// EmptyChoices sends n chunks without a choice, and the mark that ends a stream.
func EmptyChoices(n int) Behavior {
	return func(x *Exchange) {
		for range n {
			x.Data(x.chunk([]any{}, nil))
		}
		x.Done()
	}
}

// StreamErrors are the shapes that errors take within a stream; each is what is sent.
func StreamErrors() map[string]string {
	return map[string]string{
		"object":         `data: {"error":{"message":"the server had an error","type":"server_error","code":null,"param":null}}` + "\n\n",
		"spaced":         `data: { "error" : {"message":"overloaded","type":"overloaded_error"}}` + "\n\n",
		"numeric code":   `data: {"error":{"code":500,"message":"compute error","type":"server_error"}}` + "\n\n",
		"text":           `data: {"error":"model runner has stopped"}` + "\n\n",
		"flat":           `data: {"object":"error","message":"engine died","type":"InternalServerError","param":null,"code":500}` + "\n\n",
		"typed":          `data: {"type":"error","message":"try again"}` + "\n\n",
		"detail":         `data: {"detail":"Internal Server Error"}` + "\n\n",
		"beside choices": `data: {"id":"x","choices":[],"error":{"message":"upstream failed","code":502}}` + "\n\n",
		"error field":    `error: {"code":500,"message":"slot unavailable","type":"server_error"}` + "\n\ndata: [DONE]\n\n",
		"bare":           `{"error":{"message":"bad gateway","type":"server_error","code":null,"param":null}}` + "\n",
		"event":          "event: error\ndata: {\"message\":\"stream failed\"}\n\n",
		"over lines":     "data: {\"error\":\ndata: {\"message\":\"two lines\"}}\n\n",
	}
}

// StreamError sends the lines and then an error, as raw as given.
func StreamError(raw string, lines ...string) Behavior {
	return func(x *Exchange) {
		x.Lines(lines...)
		x.Raw(raw)
	}
}

// KeepAlives sends the lines with n comments before each.
func KeepAlives(n int, lines ...string) Behavior {
	return func(x *Exchange) {
		for _, line := range lines {
			x.Raw(strings.Repeat(": keep-alive\n\n", n))
			x.Lines(line)
		}
		x.Finish("stop")
		x.Usage()
		x.Done()
	}
}

// Flood sends s over and over until the client has gone or n bytes are sent.
func Flood(s string, n int) Behavior {
	return func(x *Exchange) {
		piece := strings.Repeat(s, max(1, 32<<10/len(s)))
		for sent := 0; sent < n; sent += len(piece) {
			select {
			case <-x.Gone():
				return
			case <-x.Closing():
				return
			default:
				x.Raw(piece)
			}
		}
	}
}

// Megabytes sends one line of n bytes of text.
func Megabytes(n int) Behavior {
	return func(x *Exchange) {
		piece := strings.Repeat("a", 32<<10)
		for sent := 0; sent < n; sent += len(piece) {
			select {
			case <-x.Gone():
				return
			case <-x.Closing():
				return
			default:
				x.Text(piece)
			}
		}
		x.Finish("stop")
		x.Done()
	}
}

// ByteByByte sends the lines one byte of text in each event, pausing every so long before each: in a
// bubble a slow endpoint costs no time.
func ByteByByte(every time.Duration, lines ...string) Behavior {
	return func(x *Exchange) {
		for _, line := range lines {
			for _, b := range []byte(line + "\n") {
				if !x.Pause(every) {
					return
				}
				x.Data(`{"choices":[{"index":0,"delta":{"content":` + quoteByte(b) + `},"finish_reason":null}]}`)
			}
		}
		x.Finish("stop")
		x.Done()
	}
}

func quoteByte(b byte) string {
	if b == '\n' {
		return `"\n"`
	}
	if b == '"' || b == '\\' {
		return `"\` + string(rune(b)) + `"`
	}
	return string([]byte{'"', b, '"'}) // halves of runes go out as they are
}

// Dribble sends one byte of the stream itself every so long, never a whole event, until the client has gone.
func Dribble(every time.Duration) Behavior {
	return func(x *Exchange) {
		x.Raw("data: ")
		for x.Pause(every) {
			x.Raw(" ")
		}
	}
}

// Pause waits; false when the client has gone or the test ends.
func (x *Exchange) Pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-x.Gone():
	case <-x.Closing():
	}
	return false
}

// BrokenUTF8 sends lines that are not valid UTF-8: a lone continuation byte, half a rune at the end of one
// event and the other half in the next, an overlong form, an escaped half of a surrogate pair.
func BrokenUTF8() Behavior {
	return func(x *Exchange) {
		for _, s := range []string{"a\x80b\\n", "M\xc3", "\xa9xico\\n", "\xc0\xaf\\n", `\ud83d\n`, "end\\n"} {
			x.Data(`{"choices":[{"index":0,"delta":{"content":"` + s + `"},"finish_reason":null}]}`)
		}
		x.Finish("stop")
		x.Done()
	}
}

// NotAStream answers with a page, as a portal or a wrong base URL does.
func NotAStream() Behavior {
	return func(x *Exchange) {
		x.Reply("text/html; charset=utf-8", http.StatusOK, []byte("<!doctype html><title>Sign in</title>"))
	}
}

// Whole answers a chat with one JSON document, as an endpoint does that cannot stream.
func Whole(text string) Behavior {
	return func(x *Exchange) {
		x.JSON(http.StatusOK, map[string]any{"id": "chatcmpl-test", "object": "chat.completion", "created": 1700000000, "model": x.Model,
			"choices": []any{map[string]any{"index": 0, "message": map[string]any{"role": "assistant", "content": text}, "finish_reason": "stop"}},
			"usage":   map[string]any{"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}})
	}
}

// Status answers with an error of the given status, as OpenAI words it.
func Status(status int) Behavior {
	return func(x *Exchange) { x.Error(status, problem(x, status)) }
}

// RetryAfter is Status with that header: seconds or an HTTP date.
func RetryAfter(status int, value string) Behavior {
	return func(x *Exchange) {
		x.Set("Retry-After", value)
		x.Error(status, problem(x, status))
	}
}

// Fails answers with the given error.
func Fails(status int, p Problem) Behavior { return func(x *Exchange) { x.Error(status, p) } }

// Refuses answers 400 to every request whose body has one of the given parameters, naming it, and lets
// next answer the rest.
func Refuses(next Behavior, params ...string) Behavior {
	return func(x *Exchange) {
		for _, p := range params {
			if strings.Contains(string(x.Body), strconv.Quote(p)+":") {
				x.Error(http.StatusBadRequest, Problem{Message: "Unsupported parameter: '" + p + "' is not supported with this model.",
					Type: "invalid_request_error", Param: &p, Code: "unsupported_parameter"})
				return
			}
		}
		next(x)
	}
}

func problem(x *Exchange, status int) Problem {
	switch status {
	case http.StatusUnauthorized:
		key := strings.TrimPrefix(x.Header.Get("Authorization"), "Bearer ")
		return Problem{Message: "Incorrect API key provided: " + key + ".", Type: "invalid_request_error", Code: "invalid_api_key"}
	case http.StatusNotFound:
		return Problem{Message: "The model `" + x.Model + "` does not exist or you do not have access to it.", Type: "invalid_request_error",
			Code: "model_not_found"}
	case http.StatusTooManyRequests:
		return Problem{Message: "Rate limit reached for requests", Type: "requests", Code: "rate_limit_exceeded"}
	case http.StatusBadRequest:
		return Problem{Message: "Invalid request.", Type: "invalid_request_error"}
	}
	return Problem{Message: "The server had an error while processing your request.", Type: "server_error"}
}

// Vectors answers embeddings well: of the dimension asked for, or of dim when none is. A text's vector
// depends on its words alone, so texts that share words are alike; every vector has length one.
func Vectors(dim int) Behavior {
	return func(x *Exchange) {
		d := dim
		if x.Embedding.Dimensions > 0 {
			d = x.Embedding.Dimensions
		}
		x.Vectors(Vector(d, x.Embedding.Input...))
	}
}

// Vectors answers with these vectors in order.
func (x *Exchange) Vectors(vecs [][]float32) {
	index := make([]int, len(vecs))
	for i := range index {
		index[i] = i
	}
	x.Indexed(vecs, index)
}

// Indexed answers with these vectors in this order, each under its index.
func (x *Exchange) Indexed(vecs [][]float32, index []int) {
	data := make([]any, len(vecs))
	for i, v := range vecs {
		data[i] = map[string]any{"object": "embedding", "index": index[i], "embedding": v}
	}
	n := 0
	for _, t := range x.Embedding.Input {
		n += (len(t) + 3) / 4
	}
	x.JSON(http.StatusOK, map[string]any{"object": "list", "model": x.Model, "data": data,
		"usage": map[string]any{"prompt_tokens": n, "total_tokens": n}})
}

// Vector is what Vectors answers for the texts.
func Vector(dim int, texts ...string) [][]float32 {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		v := make([]float64, dim)
		for _, word := range append(strings.Fields(strings.ToLower(text)), "•"+text) {
			h := fnv.New64a()
			_, _ = h.Write([]byte(word))
			for state, n := h.Sum64(), 0; n < 8; n++ {
				state = state*6364136223846793005 + 1442695040888963407
				v[int(state>>33)%dim] += float64(int(state>>20&1)*2 - 1)
			}
		}
		norm := 0.0
		for _, f := range v {
			norm += f * f
		}
		if norm == 0 {
			v[0], norm = 1, 1
		}
		out[i] = make([]float32, dim)
		for j, f := range v {
			out[i][j] = float32(f / math.Sqrt(norm))
		}
	}
	return out
}

// Shuffled answers embeddings well, in reverse order: each still under its own index.
func Shuffled(dim int) Behavior {
	return func(x *Exchange) {
		vecs := Vector(dim, x.Embedding.Input...)
		slices.Reverse(vecs)
		index := make([]int, len(vecs))
		for i := range index {
			index[i] = len(vecs) - 1 - i
		}
		x.Indexed(vecs, index)
	}
}

// SameIndex answers embeddings with every index 0.
func SameIndex(dim int) Behavior {
	return func(x *Exchange) { x.Indexed(Vector(dim, x.Embedding.Input...), make([]int, len(x.Embedding.Input))) }
}

// OutOfRange answers embeddings with indexes that count from one.
func OutOfRange(dim int) Behavior {
	return func(x *Exchange) {
		index := make([]int, len(x.Embedding.Input))
		for i := range index {
			index[i] = i + 1
		}
		x.Indexed(Vector(dim, x.Embedding.Input...), index)
	}
}

// Fewer answers embeddings with one vector less than asked for.
func Fewer(dim int) Behavior {
	return func(x *Exchange) { x.Vectors(Vector(dim, x.Embedding.Input...)[1:]) }
}

// More answers embeddings with one vector more than asked for.
func More(dim int) Behavior {
	return func(x *Exchange) { x.Vectors(Vector(dim, append(slices.Clone(x.Embedding.Input), "one more")...)) }
}

// Ragged answers embeddings with a last vector that is one number short.
func Ragged(dim int) Behavior {
	return func(x *Exchange) {
		vecs := Vector(dim, x.Embedding.Input...)
		vecs[len(vecs)-1] = vecs[len(vecs)-1][:dim-1]
		x.Vectors(vecs)
	}
}

// Zeros answers embeddings with vectors of nothing but zeros.
func Zeros(dim int) Behavior {
	return func(x *Exchange) {
		vecs := make([][]float32, len(x.Embedding.Input))
		for i := range vecs {
			vecs[i] = make([]float32, dim)
		}
		x.Vectors(vecs)
	}
}

// Literal answers embeddings with vectors that hold the given JSON, or what passes for it in some
// languages ("NaN", "null", "1e39"), in place of one number.
func Literal(dim int, literal string) Behavior {
	return func(x *Exchange) {
		var b strings.Builder
		b.WriteString(`{"object":"list","model":"m","usage":{"prompt_tokens":1,"total_tokens":1},"data":[`)
		for i := range x.Embedding.Input {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"object":"embedding","index":%d,"embedding":[%s%s]}`, i, strings.Repeat("0.5,", dim-1), literal)
		}
		b.WriteString("]}")
		x.Reply("application/json", http.StatusOK, []byte(b.String()))
	}
}

// AtMost refuses embeddings of more than n texts with the given status, as too large, and lets next answer
// the rest.
func AtMost(n, status int, next Behavior) Behavior {
	return func(x *Exchange) {
		if len(x.Embedding.Input) > n {
			x.Error(status, Problem{Message: "batch size is too large", Type: "invalid_request_error"})
			return
		}
		next(x)
	}
}
