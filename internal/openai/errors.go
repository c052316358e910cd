package openai

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// Kind is what went wrong, for callers that act on it.
type Kind int

// Kinds of failure.
const (
	Misconfigured Kind = iota + 1 // our settings cannot be right; nothing was sent
	Unauthorized                  // the key is missing, wrong or not allowed this (401, 403)
	OutOfQuota                    // the account has no credit left (429 or 402); waiting does not help
	RateLimited                   // too many requests for now (429)
	BadRequest                    // the endpoint will not take the request as it is (400, 422)
	TooLarge                      // the input is more than the model or the server takes (413, or 400 that says so)
	NotFound                      // no such model or path (404)
	Unavailable                   // no connection, or the server failed (5xx)
	Timeout                       // one of the limits or the context's deadline passed
	Cut                           // the answer broke off
	Length                        // the model stopped at its limit of tokens
	Filtered                      // the endpoint withheld the answer, or the model refused
	BadResponse                   // the answer is not what the protocol promises, or beyond our limits
	Open                          // not sent: the breaker is open after failures
	Canceled                      // the caller gave up
)

var kindNames = [...]string{
	Misconfigured: "misconfigured", Unauthorized: "key refused", OutOfQuota: "out of credit", RateLimited: "rate limited",
	BadRequest: "request refused", TooLarge: "too large", NotFound: "not found", Unavailable: "unavailable", Timeout: "timed out",
	Cut: "answer broke off", Length: "answer too long", Filtered: "answer withheld", BadResponse: "bad answer", Open: "resting after failures",
	Canceled: "canceled",
}

// String is a few words for logs and metrics.
func (k Kind) String() string {
	if k <= 0 || int(k) >= len(kindNames) {
		return "failed"
	}
	return kindNames[k]
}

var kindHints = [...]string{
	Unauthorized: "check OPENAI_API_KEY, and that it may use this model",
	OutOfQuota:   "add credit to the account, or set another endpoint",
	RateLimited:  "lower the load or raise the account's limits; answers are drafted offline meanwhile",
	TooLarge:     "use a model with a longer context, or fewer and shorter passages",
	NotFound:     "check the model's name, and that base_url ends as the provider says (usually in /v1)",
	Unavailable:  "check base_url and that the server runs; answers are drafted offline meanwhile",
	Timeout:      "the endpoint is slow: use a smaller model or raise its time limits",
	Length:       "raise the limit of tokens for an answer",
	Open:         "it is tried again by itself",
	BadResponse:  "check that base_url is an OpenAI-compatible endpoint that can stream",
}

// Error is a failed call. Its text is short and safe to show: it has no key, nothing of the request, and
// of the endpoint's own words only what repeats neither.
type Error struct {
	Kind       Kind
	Op         string        // "chat", "embed", "list models", "configure"
	Model      string        // may be empty
	Status     int           // of HTTP; 0 when there was none
	Code       string        // the endpoint's own name for it, or the parameter it refuses; may be empty
	Detail     string        // what is known beyond the kind; may be empty
	Hint       string        // what to do; may be empty
	RetryAfter time.Duration // what the endpoint asked to wait, or how long the breaker stays open; 0 when unknown
	Attempts   int           // requests sent
	Err        error         // the cause, for errors.Is; may be nil

	param string // the parameter that the endpoint refuses, in its own words
	final bool   // the endpoint says not to try again
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("openai: ")
	b.WriteString(e.Op)
	if e.Model != "" {
		fmt.Fprintf(&b, " with %s", e.Model)
	}
	b.WriteString(": ")
	b.WriteString(e.Kind.String())
	var more []string
	if e.Status != 0 {
		more = append(more, "status "+strconv.Itoa(e.Status))
	}
	if e.Code != "" {
		more = append(more, e.Code)
	}
	if e.Attempts > 1 {
		more = append(more, strconv.Itoa(e.Attempts)+" attempts")
	}
	if e.RetryAfter > 0 {
		more = append(more, "retry after "+e.RetryAfter.Round(time.Second).String())
	}
	if len(more) > 0 {
		b.WriteString(" (" + strings.Join(more, ", ") + ")")
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	return b.String()
}

// Unwrap gives the cause: a context's error, above all.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain, 0 when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// HintOf says what an operator can do about err; "" when nothing is known.
func HintOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// fail makes an *Error of whatever a call returned: one of the transport's as it is, a decoder's complaint
// as a bad answer.
func (c *Client) fail(ctx context.Context, op, model string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		f := *e
		f.Op, f.Model = op, model
		e = &f
	} else {
		e = &Error{Op: op, Model: model}
		switch cause := ctx.Err(); {
		case cause != nil:
			e.Kind, e.Err = stopped(cause), cause
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			e.Kind = Cut
		default:
			// A decoder may quote the answer, and go-openai its own request: neither is passed on.
			e.Kind, e.Detail = BadResponse, "it cannot be decoded"
		}
	}
	if e.Hint == "" && int(e.Kind) < len(kindHints) {
		e.Hint = kindHints[e.Kind]
	}
	return e
}

// stopped is the kind of a context's error.
func stopped(err error) Kind {
	if errors.Is(err, context.Canceled) {
		return Canceled
	}
	return Timeout
}

// connectError makes an *Error of a request that got no answer.
func connectError(err error) *Error {
	e := &Error{Kind: Unavailable}
	var (
		dns      *net.DNSError
		verify   *tls.CertificateVerificationError
		record   tls.RecordHeaderError
		alert    tls.AlertError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		timeout  net.Error
	)
	switch {
	case errors.As(err, &dns):
		e.Code, e.Detail, e.Hint = "dns", "the host's name cannot be resolved", "check the host in base_url, and the network"
	case errors.As(err, &verify), errors.As(err, &unknown), errors.As(err, &hostname), errors.As(err, &invalid), errors.As(err, &alert):
		e.Code, e.Detail, e.Hint = "tls", "the server's certificate is not trusted", "check base_url, the machine's clock and its certificates"
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		e.Code, e.Detail, e.Hint = "tls", "the server does not speak TLS", "write http:// in base_url if the server is a local one"
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Code, e.Detail = "refused", "nothing listens there"
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Kind, e.Detail = Timeout, detailConnect
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		e.Code, e.Detail = "closed", "the server closed the connection without an answer"
	default:
		e.Detail = "the connection failed"
	}
	return e
}

// passing says whether a failure may be gone at the next attempt.
func (e *Error) passing() bool {
	switch {
	case e.final:
		return false
	case e.Kind == RateLimited:
		return true
	case e.Kind == Unavailable:
		return e.Code != "tls" && e.Code != "dns" && e.Status != http.StatusNotImplemented
	case e.Kind == Timeout:
		return e.Status != 0 || e.Err == nil && e.Detail == detailConnect
	}
	return false
}

// problem is what an endpoint says of a failure, in any of the shapes met.
type problem struct {
	message, kind, param string
	code                 string
	number               int // a code that is a number: an HTTP status
}

// parseProblem reads an error out of a JSON document: {"error": {…} or "…"}, {"object":"error", …},
// {"type":"error", …}, {"detail": …}, {"message": …}. It is false when the document is none.
func parseProblem(doc []byte) (problem, bool) {
	var top struct {
		Error   json.RawMessage `json:"error"`
		Object  json.RawMessage `json:"object"`
		Type    json.RawMessage `json:"type"`
		Detail  json.RawMessage `json:"detail"`
		Message json.RawMessage `json:"message"`
		Code    json.RawMessage `json:"code"`
		Param   json.RawMessage `json:"param"`
		Choices json.RawMessage `json:"choices"`
	}
	if json.Unmarshal(doc, &top) != nil {
		return problem{}, false
	}
	text := func(raw json.RawMessage) string {
		var s string
		_ = json.Unmarshal(raw, &s) // not a string: nothing to say
		return s
	}
	set := func(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
	var p problem
	code := func(raw json.RawMessage) {
		if json.Unmarshal(raw, &p.number) != nil {
			p.code = text(raw)
			if n, err := strconv.Atoi(p.code); err == nil {
				p.number, p.code = n, ""
			}
		}
	}
	switch {
	case set(top.Error):
		var in struct {
			Message, Type, Param, Code json.RawMessage
		}
		if json.Unmarshal(top.Error, &in) != nil {
			p.message = text(top.Error)
			return p, true
		}
		p.message, p.kind, p.param = text(in.Message), text(in.Type), text(in.Param)
		code(in.Code)
		return p, true
	case text(top.Object) == "error", text(top.Type) == "error", set(top.Detail) && !set(top.Choices), set(top.Message) && !set(top.Choices):
		p.message, p.kind, p.param = text(top.Message), text(top.Type), text(top.Param)
		if p.message == "" {
			p.message = text(top.Detail)
		}
		code(top.Code)
		return p, true
	}
	return p, false
}

// Words by which endpoints say that an input is too large: OpenAI's codes, then how llama.cpp, vLLM,
// Ollama, Text Embeddings Inference and LocalAI put it.
var tooLarge = regexp.MustCompile(`(?i)context_length_exceeded|string_above_max|array_above_max|max_tokens_per_request|` +
	`too[ _](large|long|many (inputs|tokens))|` +
	`(maximum|exceed\w*|beyond)\b.{0,40}\b(context|length|tokens|batch|sequence|inputs?)\b|(context|batch|input)\b.{0,30}\bexceed`)

// errorFor makes an *Error of an answer that is a failure. The body is at most a few KiB of it.
func errorFor(status int, h http.Header, body []byte, now time.Time) *Error {
	e := &Error{Status: status, RetryAfter: retryAfter(h, now)}
	p, ok := parseProblem(body)
	if !ok {
		p = problem{}
	}
	e.describe(p)
	all := p.message + " " + p.code + " " + p.kind
	if !ok {
		all = string(body)
	}
	e.Kind = kindFor(status, p, all)
	if e.Kind == BadRequest && e.param == "" {
		e.param = all // it may name the parameter in prose
	}
	if status >= 300 && status < 400 {
		e.Detail, e.Hint = "the endpoint redirects", "set base_url to where it redirects to"
		if loc := h.Get("Location"); loc != "" {
			e.Detail = "the endpoint redirects to " + clean(loc, 100)
		}
	}
	return e
}

// describe takes over the endpoint's words, which the transport then looks through.
func (e *Error) describe(p problem) {
	e.Code = p.code
	if e.Code == "" {
		e.Code = p.kind
	}
	if !identifier.MatchString(e.Code) {
		e.Code = ""
	}
	e.param = p.param
	e.Detail = p.message
}

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,59}$`)

func kindFor(status int, p problem, all string) Kind {
	lower := strings.ToLower(all)
	switch {
	case status == http.StatusPaymentRequired, strings.Contains(lower, "insufficient_quota"), p.code == "billing_hard_limit_reached":
		return OutOfQuota
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Unauthorized
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status == http.StatusRequestEntityTooLarge:
		return TooLarge
	case p.code == "content_filter", p.code == "content_policy_violation":
		return Filtered
	case status == http.StatusNotFound, p.code == "model_not_found", p.code == "DeploymentNotFound":
		return NotFound
	case status == http.StatusRequestTimeout:
		return Timeout
	case (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusInternalServerError) &&
		tooLarge.MatchString(all):
		return TooLarge
	case status == http.StatusConflict, status >= 500:
		return Unavailable
	case status >= 400:
		return BadRequest
	}
	return BadResponse
}

// streamError makes an *Error of an error that comes within a stream.
func streamError(p problem) *Error {
	e := &Error{Kind: Unavailable}
	e.describe(p)
	all := p.message + " " + p.code + " " + p.kind
	lower := strings.ToLower(p.code + " " + p.kind)
	switch {
	case p.number >= 400 && p.number < 600:
		e.Kind = kindFor(p.number, p, all)
	case tooLarge.MatchString(all):
		e.Kind = TooLarge
	case strings.Contains(lower, "quota"):
		e.Kind = OutOfQuota
	case strings.Contains(lower, "rate_limit"):
		e.Kind = RateLimited
	case strings.Contains(lower, "content_filter"):
		e.Kind = Filtered
	case strings.Contains(lower, "invalid_request"):
		e.Kind = BadRequest
	}
	return e
}

// retryAfter reads how long to wait: retry-after-ms, then Retry-After in seconds or as an HTTP date. 0 when
// there is nothing, or nothing sensible, to read.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Retry-After-Ms")), 64); err == nil && ms > 0 && ms < float64(most.Milliseconds()) {
		return time.Duration(ms * float64(time.Millisecond))
	}
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if s > 0 && s <= most.Seconds() {
			return time.Duration(s * float64(time.Second))
		}
		return 0
	}
	if at, err := http.ParseTime(v); err == nil {
		if d := at.Sub(now); d > 0 {
			return min(d, most)
		}
	}
	return 0
}

var (
	keyShape    = regexp.MustCompile(`(?i)(bearer\s+\S+|\b(sk|pk|key|sess|gsk|xai)-[A-Za-z0-9*_.…-]{6,}|\b[A-Fa-f0-9]{32,}\b)`)
	wordsOfJSON = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\[a-z]`)
)

// redact makes what the endpoint said fit to be shown.
func (e *Error) redact(key string, request []byte) {
	e.Detail = redact(e.Detail, key, request)
	if redact(e.Code, key, request) != e.Code {
		e.Code = ""
	}
}

// redact leaves of an endpoint's words what can be shown: one line, not long, without the key or anything
// shaped like one, and nothing at all when it repeats part of the request.
func redact(words, key string, request []byte) string {
	if words == "" {
		return ""
	}
	if key != "" {
		words = strings.ReplaceAll(words, key, "[key]")
	}
	words = clean(keyShape.ReplaceAllString(words, "[key]"), 240)
	if echoes(words, request) {
		return ""
	}
	return words
}

// echoes says whether words have a run of sixteen letters and digits that the texts of the request have
// too, or quote the whole of a short one. What is not letters or digits is left out on both sides, so
// escapes and spacing hide nothing.
func echoes(words string, request []byte) bool {
	const run = 16
	texts := requestTexts(request)
	have := letters(words)
	var all strings.Builder
	for _, t := range texts {
		l := letters(t)
		if n := len(l); n >= 3 && n < run && strings.Contains(have, l) {
			return true
		}
		all.WriteString(l)
		all.WriteByte(' ')
	}
	in := all.String()
	for i := 0; i+run <= len(have); i++ {
		if strings.Contains(in, have[i:i+run]) {
			return true
		}
	}
	return false
}

// requestTexts are the texts that people and articles put into a request: turns of a chat, inputs to embed.
func requestTexts(request []byte) []string {
	var q struct {
		Messages []struct {
			Content string `json:"content"`
		} `json:"messages"`
		Input []string `json:"input"`
	}
	if len(request) == 0 || json.Unmarshal(request, &q) != nil {
		return nil
	}
	texts := q.Input
	for _, m := range q.Messages {
		texts = append(texts, m.Content)
	}
	return texts
}

// letters are the letters and digits of s, in lower case, joined; escapes as JSON and URLs write them fall
// away with the rest.
func letters(s string) string {
	s = wordsOfJSON.ReplaceAllString(s, "")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// clean makes one printable line of s, of at most n bytes.
func clean(s string, n int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// holdsNaN finds in an answer of embeddings what JSON has no number for: NaN and null, which Go would
// decode as 0.
func holdsNaN(body []byte) bool {
	return bytes.Contains(body, []byte("NaN")) || bytes.Contains(body, []byte("Infinity")) ||
		bytes.Contains(body, []byte("null")) && nullNumber.Match(body)
}

var nullNumber = regexp.MustCompile(`[\[,]\s*null\b`)
