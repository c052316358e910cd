// Package openai speaks to any endpoint that speaks OpenAI's protocol: OpenAI and Azure, and the servers
// people run themselves (Ollama, llama.cpp, vLLM, LM Studio, LocalAI). A [Client] has the endpoint's
// address and key; [Client.Chat] makes an answer.Model of it and [Client.Embedder] a retrieval.Embedder.
//
// Requests are made and answers decoded by go-openai. What it leaves open is settled below it, in a
// transport of ours, and above it:
//
//	chat.go embed.go     a stream must end with a reason to be believed; vectors are placed by their index,
//	                     and counted, measured and brought to length one
//	params.go            what each family of models is sent, and what is left out once an endpoint refuses it
//	transport.go         deadlines for every stage, retries, circuit breaker, size limits
//	sse.go               a stream of events reduced to its data; errors found in whatever shape they come
//	errors.go            one error type, that says what to do and never repeats a key or a request
//
// Whatever the endpoint does, a call ends: within its context, and a chat or a single batch of texts to embed
// within Limits.Total.
package openai

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	api "github.com/sashabaranov/go-openai"
)

// DefaultBaseURL is OpenAI's own endpoint.
const DefaultBaseURL = "https://api.openai.com/v1"

// Kinds of endpoint, for Options.APIType.
const (
	TypeOpenAI  = "openai"   // a bearer key; every server that speaks OpenAI's protocol
	TypeAzure   = "azure"    // an Azure OpenAI resource: api-key header, api-version, a deployment's name as model
	TypeAzureAD = "azure_ad" // the same with a bearer token of Entra ID
)

// defaultAzureVersion is the newest general version of Azure's data plane that has stream_options.
const defaultAzureVersion = "2024-10-21"

// Options say where the endpoint is and how patient to be. The zero value is OpenAI without a key.
type Options struct {
	BaseURL    string // up to and including /v1; for Azure the resource, https://NAME.openai.azure.com; "" is DefaultBaseURL
	APIKey     string // "" for servers that want none
	APIType    string // TypeOpenAI when empty
	APIVersion string // of Azure only; "" is one that is known to do

	// HTTP carries the requests: its Transport is used, and nothing else of it. Redirects are never
	// followed, since a request carries a key and people's questions. Nil is a transport of the client's own.
	HTTP *http.Client

	Limits Limits
	Now    func() time.Time // for HTTP dates in Retry-After; nil is time.Now
	Log    *slog.Logger     // attempts and their outcome, never a key, a question or an answer; nil is silence
}

// Limits bound what a call may take. A zero field is the default; a negative duration or count is none.
type Limits struct {
	Connect   time.Duration // name, connection and TLS of one attempt (5 s)
	FirstByte time.Duration // from the request sent to the headers of the answer (30 s)
	Idle      time.Duration // between two pieces of an answer (15 s)
	Total     time.Duration // a chat, or a batch of texts to embed, with all its attempts and waits (2 min)

	Retries  int           // attempts after the first, for what may pass: no connection, 408, 409, 429, 5xx (2)
	Backoff  time.Duration // wait before the first retry, doubled before each further one, less a random part up to half (250 ms)
	MaxWait  time.Duration // the longest wait before a retry; a longer Retry-After is not waited for (10 s)
	MaxBytes int64         // of an answer's body (32 MiB; of a stream 8 MiB)
	MaxLine  int           // of one line of text (64 KiB)

	Failures uint32        // calls in a row that must fail for the breaker to open (5)
	Pause    time.Duration // that an open breaker lets nothing through before it tries one call (30 s)
}

const (
	defaultConnect   = 5 * time.Second
	defaultFirstByte = 30 * time.Second
	defaultIdle      = 15 * time.Second
	defaultTotal     = 2 * time.Minute
	defaultRetries   = 2
	defaultBackoff   = 250 * time.Millisecond
	defaultMaxWait   = 10 * time.Second
	defaultMaxBytes  = 32 << 20
	defaultMaxStream = 8 << 20
	defaultMaxLine   = 64 << 10
	defaultFailures  = 5
	defaultPause     = 30 * time.Second
)

// noLimit stands for a duration that never passes.
const noLimit = time.Duration(1<<63 - 1)

func (l Limits) withDefaults() Limits {
	duration := func(d *time.Duration, def time.Duration) {
		switch {
		case *d == 0:
			*d = def
		case *d < 0:
			*d = noLimit
		}
	}
	duration(&l.Connect, defaultConnect)
	duration(&l.FirstByte, defaultFirstByte)
	duration(&l.Idle, defaultIdle)
	duration(&l.Total, defaultTotal)
	duration(&l.Backoff, defaultBackoff)
	duration(&l.MaxWait, defaultMaxWait)
	duration(&l.Pause, defaultPause)
	switch {
	case l.Retries == 0:
		l.Retries = defaultRetries
	case l.Retries < 0:
		l.Retries = 0
	}
	if l.MaxLine <= 0 {
		l.MaxLine = defaultMaxLine
	}
	if l.Failures == 0 {
		l.Failures = defaultFailures
	}
	return l
}

// Client is an endpoint. It is safe for concurrent use.
type Client struct {
	api    *api.Client
	tr     *transport
	o      Options
	host   string
	hosted bool // by OpenAI itself: its models are known to follow its rules
}

// deployment is what Azure allows as a deployment's name; it becomes part of a path.
var deployment = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// New checks the options and returns a client. It connects to nothing.
func New(o Options) (*Client, error) {
	if o.BaseURL == "" && o.APIType != TypeAzure && o.APIType != TypeAzureAD {
		o.BaseURL = DefaultBaseURL
	}
	bad := func(hint, format string, args ...any) (*Client, error) {
		return nil, &Error{Kind: Misconfigured, Op: "configure", Detail: fmt.Sprintf(format, args...), Hint: hint}
	}
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return bad("write it like "+DefaultBaseURL, "base_url is not a URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return bad("write it like "+DefaultBaseURL, "base_url has to begin with http:// or https:// and name a host")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return bad("the key goes into OPENAI_API_KEY, Azure's version into api_version", "base_url may hold no user, query or fragment")
	}
	if strings.ContainsAny(o.APIKey, " \t\r\n") {
		return bad("set it again, without spaces or line ends", "the API key holds white space")
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Limits = o.Limits.withDefaults()

	var cfg api.ClientConfig
	switch o.APIType {
	case "", TypeOpenAI:
		cfg = api.DefaultConfig(o.APIKey)
		cfg.BaseURL = o.BaseURL
	case TypeAzure, TypeAzureAD:
		if strings.HasSuffix(o.BaseURL, "/openai/v1") {
			return bad("leave api_type out: /openai/v1 is spoken to as OpenAI is", "base_url and api_type do not fit together")
		}
		if o.BaseURL == "" {
			return bad("write it like https://NAME.openai.azure.com", "base_url has to name the Azure resource")
		}
		cfg = api.DefaultAzureConfig(o.APIKey, strings.TrimSuffix(o.BaseURL, "/openai"))
		if o.APIType == TypeAzureAD {
			cfg.APIType = api.APITypeAzureAD
		}
		cfg.APIVersion = o.APIVersion
		if cfg.APIVersion == "" {
			cfg.APIVersion = defaultAzureVersion
		}
		cfg.AzureModelMapperFunc = func(model string) string { return model } // a deployment is named as it is named
	default:
		return bad("write openai, azure or azure_ad", "api_type %q is unknown", o.APIType)
	}
	c := &Client{o: o, host: u.Host, hosted: u.Hostname() == "api.openai.com"}
	c.tr = newTransport(o, u.Host)
	cfg.HTTPClient = c.tr
	// The transport hands on nothing but data, so this many messages without any never come. Were it to be
	// wrong, the size of a stream would still bound them.
	cfg.EmptyMessagesLimit = 1 << 20
	c.api = api.NewClientWithConfig(cfg)
	if u.Scheme == "http" && o.APIKey != "" && !local(u.Hostname()) {
		o.Log.Warn("the API key is sent unencrypted", "host", u.Host)
	}
	return c, nil
}

// local tells the machine itself and private networks from the internet.
func local(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	return host == "localhost" || !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

// checkModel says whether a name can be sent as a model's.
func (c *Client) checkModel(op, model string) error {
	hint := "set the model's name, as `ollama list` or the provider's page shows it"
	azure := c.o.APIType == TypeAzure || c.o.APIType == TypeAzureAD
	switch {
	case model == "":
		return &Error{Kind: Misconfigured, Op: op, Detail: "no model is named", Hint: hint}
	case azure && !deployment.MatchString(model):
		return &Error{Kind: Misconfigured, Op: op, Detail: fmt.Sprintf("%.60q is no name of a deployment", model),
			Hint: "on Azure the model is the deployment's name"}
	case len(model) > 200 || strings.ContainsFunc(model, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfffd }):
		return &Error{Kind: Misconfigured, Op: op, Detail: fmt.Sprintf("%.60q is no name of a model", model), Hint: hint}
	}
	return nil
}

// Host is the endpoint's host and port, for people to see where things are sent.
func (c *Client) Host() string { return c.host }

// Ready is false while a breaker keeps requests from an endpoint that failed; when it is true again, the
// next request is the one that tries. It asks nothing.
func (c *Client) Ready() bool { return c.tr.ready() }

// Models lists the models that the endpoint offers, in order of their names: the cheapest way to see
// whether address and key are right. Azure lists base models, not deployments.
func (c *Client) Models(ctx context.Context) ([]string, error) {
	list, err := c.api.ListModels(ctx)
	if err != nil {
		return nil, c.fail(ctx, "list models", "", err)
	}
	names := make([]string, 0, len(list.Models))
	for _, m := range list.Models {
		names = append(names, clean(m.ID, 200))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
