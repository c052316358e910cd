package openaitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// SpecPath is where the OpenAI description lies, beside the repository; "" when it does not.
func SpecPath() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			p := filepath.Join(dir, "..", "shared", "specs", "openai-openapi.json")
			if _, err := os.Stat(p); err == nil {
				return p
			}
			return ""
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// The schemas that are compiled, of several thousand.
const (
	schemaChat        = "CreateChatCompletionRequest"
	schemaChunk       = "CreateChatCompletionStreamResponse"
	schemaEmbeddings  = "CreateEmbeddingRequest"
	schemaEmbedded    = "CreateEmbeddingResponse"
	schemaErrorAnswer = "ErrorResponse"
	schemaModels      = "ListModelsResponse"
)

// description holds the compiled schemas by name, read once for all servers of a test binary; nil when
// there is no description.
var description = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	path := SpecPath()
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	nullable(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	const at = "https://openai.test/openapi.json"
	if err := c.AddResource(at, doc); err != nil {
		return nil, err
	}
	schemas := make(map[string]*jsonschema.Schema)
	for _, name := range []string{schemaChat, schemaChunk, schemaEmbeddings, schemaEmbedded, schemaErrorAnswer, schemaModels} {
		if schemas[name], err = c.Compile(at + "#/components/schemas/" + name); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
	}
	return schemas, nil
})

// nullable turns the keyword of OpenAPI 3.0, which the description still uses, into JSON Schema: a
// nullable type may be null.
func nullable(v any) {
	switch v := v.(type) {
	case map[string]any:
		if yes, _ := v["nullable"].(bool); yes {
			if t, ok := v["type"].(string); ok {
				v["type"] = []any{t, "null"}
			}
			if e, ok := v["enum"].([]any); ok && !slices.Contains(e, nil) {
				v["enum"] = append(e, nil)
			}
		}
		for _, w := range v {
			nullable(w)
		}
	case []any:
		for _, w := range v {
			nullable(w)
		}
	}
}

// conform checks a document against a schema of the description; nil when there is none.
func conform(schema string, body []byte) error {
	schemas, err := description()
	if err != nil || schemas == nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	err = schemas[schema].Validate(v)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		return fmt.Errorf("not a %s: %s", schema, strings.Join(leaves(invalid, nil), "; "))
	}
	return err
}

// leaves are the causes that have no cause, a dozen at most.
func leaves(e *jsonschema.ValidationError, to []string) []string {
	if len(e.Causes) == 0 && len(to) < 12 {
		return append(to, fmt.Sprintf("/%s: %s", strings.Join(e.InstanceLocation, "/"), strings.Join(e.ErrorKind.KeywordPath(), "/")))
	}
	for _, c := range e.Causes {
		to = leaves(c, to)
	}
	return to
}

// Limits of OpenAI's embedding endpoint, which its schema does not state or states in prose.
const (
	maxInputs      = 2048
	maxInputTokens = 300_000
)

var (
	reasoningModel = regexp.MustCompile(`^(o\d|gpt-([5-9]|\d\d))`)
	chatFields     = fields("model messages stream stream_options temperature max_tokens max_completion_tokens reasoning_effort")
	embedFields    = fields("model input encoding_format dimensions")
	secretShape    = regexp.MustCompile(`sk-[A-Za-z0-9_-]{16,}`)
)

func fields(s string) map[string]bool {
	m := make(map[string]bool)
	for _, f := range strings.Fields(s) {
		m[f] = true
	}
	return m
}

// Check says what of a request breaks the contract: the OpenAI description, when it is there, and always:
//
//   - the path, method and content type are those of a known operation, and Azure's carry a version;
//   - the body is valid UTF-8, has no field that the client has no reason to send, and holds no key;
//   - a chat streams, names a model, begins with the system's or a user's turn, and has no empty turn;
//   - a model that reasons is sent neither a temperature nor max_tokens, and none is sent both limits;
//   - embeddings are asked for as floats, in batches within OpenAI's limits, none of an empty text.
func (s *Server) Check(q Request) []string {
	var broken []string
	complain := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	op := operation(q.Method, q.Path)
	if op == "" {
		complain("%s %s is no operation of the API", q.Method, q.Path)
		return broken
	}
	azure := strings.HasPrefix(q.Path, "/openai/")
	if azure && !strings.Contains(q.Query, "api-version=") {
		complain("an Azure request without api-version")
	}
	if azure && q.Header.Get("Api-Key") == "" && q.Header.Get("Authorization") == "" {
		complain("an Azure request without a key")
	}
	for _, h := range []string{"Cookie", "Referer"} {
		if q.Header.Get(h) != "" {
			complain("header %s is sent", h)
		}
	}
	if op == models {
		if len(q.Body) > 0 {
			complain("GET %s has a body", q.Path)
		}
		return broken
	}
	if ct := q.Header.Get("Content-Type"); ct != "application/json" {
		complain("Content-Type is %q", ct)
	}
	if !utf8.Valid(q.Body) {
		complain("the body is not valid UTF-8")
	}
	if secretShape.Match(q.Body) {
		complain("the body holds what looks like a key")
	}
	for _, secret := range []string{strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer "), q.Header.Get("Api-Key")} {
		if len(secret) >= 8 && bytes.Contains(q.Body, []byte(secret)) {
			complain("the body holds the key")
		}
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(q.Body, &top); err != nil {
		complain("the body is not a JSON object: %v", err)
		return broken
	}
	schema, known := schemaChat, chatFields
	if op == embeddings {
		schema, known = schemaEmbeddings, embedFields
	}
	for name := range top {
		if !known[name] {
			complain("field %q is not one we send", name)
		}
	}
	if err := conform(schema, q.Body); err != nil {
		complain("%v", err)
	}
	if q.Model == "" {
		complain("no model is named")
	}
	if q.Chat != nil {
		checkChat(q, complain)
	}
	if q.Embedding != nil {
		checkEmbedding(q, complain)
	}
	slices.Sort(broken)
	return broken
}

func checkChat(q Request, complain func(string, ...any)) {
	c := q.Chat
	if !c.Stream {
		complain("the chat does not stream")
	}
	if accept := q.Header.Get("Accept"); c.Stream && accept != "text/event-stream" {
		complain("a stream is asked for with Accept %q", accept)
	}
	for i, m := range c.Messages {
		if m.Content == "" {
			complain("message %d is empty", i)
		}
		switch m.Role {
		case "user", "assistant":
		case "system":
			if i > 0 {
				complain("message %d is the system's, which speaks first", i)
			}
		default:
			complain("message %d has role %q", i, m.Role)
		}
	}
	if n := len(c.Messages); n == 0 || c.Messages[n-1].Role == "system" {
		complain("the chat has no turn to answer")
	}
	if c.MaxTokens != nil && c.MaxCompletionTokens != nil {
		complain("both max_tokens and max_completion_tokens are set")
	}
	for _, n := range []*int{c.MaxTokens, c.MaxCompletionTokens} {
		if n != nil && *n <= 0 {
			complain("a limit of %d tokens", *n)
		}
	}
	if reasoningModel.MatchString(c.Model) {
		if c.Temperature != nil {
			complain("%s is sent a temperature", c.Model)
		}
		if c.MaxTokens != nil {
			complain("%s is sent max_tokens", c.Model)
		}
	}
}

func checkEmbedding(q Request, complain func(string, ...any)) {
	e := q.Embedding
	if e.EncodingFormat != "float" {
		complain("encoding_format is %q", e.EncodingFormat)
	}
	if n := len(e.Input); n == 0 || n > maxInputs {
		complain("%d inputs", n)
	}
	tokens := 0
	for i, t := range e.Input {
		if strings.TrimSpace(t) == "" {
			complain("input %d is empty", i)
		}
		tokens += len(t) / 5 // certainly not more than there are
	}
	if tokens > maxInputTokens {
		complain("at least %d tokens in one request", tokens)
	}
	if q.Header.Get("Accept") == "" {
		complain("no Accept header")
	}
	if q.Method != http.MethodPost {
		complain("method %s", q.Method)
	}
}
