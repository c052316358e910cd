package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"policybot/answer"
	"policybot/bot"
	"policybot/corpus"
	"policybot/internal/openai"
)

// Config is what the settings file says; config.example.yaml explains each setting and holds the
// defaults.
type Config struct {
	DataDir string
	Library struct {
		Shipped         bool
		MaxArticleBytes int64
		Lexicon         string
		LexiconReplace  bool
	}
	Ask struct {
		Lang string
	}
	Discord struct {
		APIURL     string
		Transport  string // "gateway" or "http"
		PublicKey  string
		ShardID    int64
		ShardCount int64
		Mentions   bool
	}
	Serve struct {
		Listen   string
		Log      string // "text" or "json"
		Workers  int64
		Queue    int64
		Deadline time.Duration
		Shutdown time.Duration
	}
	Model struct {
		Name       string
		BaseURL    string
		APIType    string
		APIVersion string
		Effort     string
		Judge      bool
		Reach      bool
		Rewrite    bool
		Deadline   time.Duration

		PersonTokens, ServerTokens, DayTokens int64
		PersonCost, ServerCost, DayCost       float64
		Prices                                map[string]answer.Price
	}
	Embeddings struct {
		Model          string
		BaseURL        string
		APIType        string
		APIVersion     string
		Dimensions     int64
		QuestionPrefix string
		PassagePrefix  string
		Price          float64
	}
}

// DefaultConfig returns the settings in force where the file says nothing.
func DefaultConfig() Config {
	var c Config
	c.Library.Shipped = true
	c.Library.MaxArticleBytes = corpus.DefaultMaxBytes
	c.Ask.Lang = "auto"
	c.Discord.APIURL = "https://discord.com/api/v10"
	c.Discord.Transport = "gateway"
	c.Discord.Mentions = true
	c.Serve.Listen = "127.0.0.1:8080"
	c.Serve.Log = "text"
	c.Serve.Deadline = time.Minute
	c.Serve.Shutdown = 20 * time.Second
	c.Model.BaseURL = openai.DefaultBaseURL
	c.Model.APIType = openai.TypeOpenAI
	c.Model.Reach = true
	c.Model.Rewrite = true
	c.Model.Deadline = answer.DefaultDeadline
	c.Model.Prices = map[string]answer.Price{}
	c.Embeddings.BaseURL = openai.DefaultBaseURL
	c.Embeddings.APIType = openai.TypeOpenAI
	c.Embeddings.QuestionPrefix = "auto"
	c.Embeddings.PassagePrefix = "auto"
	return c
}

// setting is one line of the settings file: its key, the place its value goes to, a *string, *bool, *int64,
// *float64, *time.Duration or *map[string]answer.Price, and what makes a value wrong.
type setting struct {
	key   string
	value any
	check func() string
}

// settings lists every setting of c, in the order of config.example.yaml.
func (c *Config) settings() []setting {
	return []setting{
		{"data_dir", &c.DataDir, nil},
		{"library.shipped", &c.Library.Shipped, nil},
		{"library.max_article_bytes", &c.Library.MaxArticleBytes, func() string {
			if n := c.Library.MaxArticleBytes; n < 1<<10 || n > 1<<30 {
				return "must lie between 1024 and 1073741824"
			}
			return ""
		}},
		{"library.lexicon", &c.Library.Lexicon, nil},
		{"library.lexicon_replace", &c.Library.LexiconReplace, func() string {
			if c.Library.LexiconReplace && c.Library.Lexicon == "" {
				return "needs library.lexicon, the vocabulary to use instead"
			}
			return ""
		}},
		{"ask.lang", &c.Ask.Lang, func() string {
			if l := c.Ask.Lang; l != "auto" && l != "en" && l != "es" {
				return fmt.Sprintf("%q is none of auto, en, es", l)
			}
			return ""
		}},
		{"discord.api_url", &c.Discord.APIURL, httpURL(&c.Discord.APIURL, "the interface of Discord, such as https://discord.com/api/v10")},
		{"discord.transport", &c.Discord.Transport, oneOf(&c.Discord.Transport, "gateway", "http")},
		{"discord.public_key", &c.Discord.PublicKey, func() string {
			if c.Discord.PublicKey != "" {
				if _, err := bot.ParsePublicKey(c.Discord.PublicKey); err != nil {
					return "must be 64 hexadecimal digits, as the developer portal shows them"
				}
			}
			return ""
		}},
		{"discord.shard_id", &c.Discord.ShardID, func() string {
			if c.Discord.ShardID < 0 || c.Discord.ShardID > 0 && c.Discord.ShardID >= c.Discord.ShardCount {
				return "must be less than discord.shard_count"
			}
			return ""
		}},
		{"discord.shard_count", &c.Discord.ShardCount, between(&c.Discord.ShardCount, 0, 1<<16)},
		{"discord.mentions", &c.Discord.Mentions, nil},
		{"serve.listen", &c.Serve.Listen, func() string {
			if c.Serve.Listen == "" {
				if c.Discord.Transport == "http" {
					return "must be an address, host:port: with discord.transport http, Discord calls us there"
				}
				return ""
			}
			if _, _, err := net.SplitHostPort(c.Serve.Listen); err != nil {
				return "must be an address, host:port, or empty"
			}
			return ""
		}},
		{"serve.log", &c.Serve.Log, oneOf(&c.Serve.Log, "text", "json")},
		{"serve.workers", &c.Serve.Workers, between(&c.Serve.Workers, 0, 1<<16)},
		{"serve.queue", &c.Serve.Queue, between(&c.Serve.Queue, 0, 1<<20)},
		{"serve.deadline", &c.Serve.Deadline, lasting(&c.Serve.Deadline, time.Second, 14*time.Minute)},
		{"serve.shutdown", &c.Serve.Shutdown, lasting(&c.Serve.Shutdown, 0, 10*time.Minute)},
		{"model.name", &c.Model.Name, nil},
		{"model.base_url", &c.Model.BaseURL, httpURL(&c.Model.BaseURL, "an endpoint, such as https://api.openai.com/v1")},
		{"model.api_type", &c.Model.APIType, oneOf(&c.Model.APIType, openai.TypeOpenAI, openai.TypeAzure, openai.TypeAzureAD)},
		{"model.api_version", &c.Model.APIVersion, nil},
		{"model.effort", &c.Model.Effort, oneOf(&c.Model.Effort, "", "minimal", "low", "medium", "high")},
		{"model.judge", &c.Model.Judge, nil},
		{"model.reach", &c.Model.Reach, nil},
		{"model.rewrite", &c.Model.Rewrite, nil},
		{"model.deadline", &c.Model.Deadline, lasting(&c.Model.Deadline, time.Second, 10*time.Minute)},
		{"model.person_tokens_per_day", &c.Model.PersonTokens, between(&c.Model.PersonTokens, 0, 1<<50)},
		{"model.server_tokens_per_day", &c.Model.ServerTokens, between(&c.Model.ServerTokens, 0, 1<<50)},
		{"model.tokens_per_day", &c.Model.DayTokens, between(&c.Model.DayTokens, 0, 1<<50)},
		{"model.person_cost_per_day", &c.Model.PersonCost, amount(&c.Model.PersonCost)},
		{"model.server_cost_per_day", &c.Model.ServerCost, amount(&c.Model.ServerCost)},
		{"model.cost_per_day", &c.Model.DayCost, func() string {
			if c.Model.PersonCost+c.Model.ServerCost+c.Model.DayCost > 0 {
				if _, ok := c.Model.Prices[c.Model.Name]; !ok && c.Model.Name != "" {
					return fmt.Sprintf("needs the price of %s in model.prices: without it, nothing is known to cost anything", c.Model.Name)
				}
			}
			return amount(&c.Model.DayCost)()
		}},
		{"model.prices", &c.Model.Prices, nil},
		{"embeddings.model", &c.Embeddings.Model, nil},
		{"embeddings.base_url", &c.Embeddings.BaseURL, httpURL(&c.Embeddings.BaseURL, "an endpoint, such as https://api.openai.com/v1")},
		{"embeddings.api_type", &c.Embeddings.APIType, oneOf(&c.Embeddings.APIType, openai.TypeOpenAI, openai.TypeAzure, openai.TypeAzureAD)},
		{"embeddings.api_version", &c.Embeddings.APIVersion, nil},
		{"embeddings.dimensions", &c.Embeddings.Dimensions, between(&c.Embeddings.Dimensions, 0, 1<<14)},
		{"embeddings.question_prefix", &c.Embeddings.QuestionPrefix, nil},
		{"embeddings.passage_prefix", &c.Embeddings.PassagePrefix, nil},
		{"embeddings.price", &c.Embeddings.Price, amount(&c.Embeddings.Price)},
	}
}

// Checks that several settings have in common. They look at the value when they are called.

func oneOf(v *string, values ...string) func() string {
	return func() string {
		if slices.Contains(values, *v) {
			return ""
		}
		return fmt.Sprintf("%q is none of %s", *v, strings.TrimPrefix(strings.Join(values, ", "), ", "))
	}
}

func between(v *int64, least, most int64) func() string {
	return func() string {
		if least <= *v && *v <= most {
			return ""
		}
		return fmt.Sprintf("must lie between %d and %d", least, most)
	}
}

func lasting(v *time.Duration, least, most time.Duration) func() string {
	return func() string {
		if least <= *v && *v <= most {
			return ""
		}
		return fmt.Sprintf("must lie between %s and %s", least, most)
	}
}

func amount(v *float64) func() string {
	return func() string {
		if 0 <= *v && *v <= 1e9 {
			return ""
		}
		return "must be a number that is not negative"
	}
}

func httpURL(v *string, what string) func() string {
	return func() string {
		u, err := url.Parse(*v)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return "must be the address of " + what
		}
		return ""
	}
}

// secrets are the environment variables that hold what must not stand in a file.
var secrets = [...]string{"DISCORD_TOKEN", "OPENAI_API_KEY", "EMBEDDINGS_API_KEY", "DATABASE_URL"}

// ParseConfig reads a settings file over the defaults. The error joins everything that is wrong with
// it, each problem with its line. A file without settings is good.
func ParseConfig(name string, data []byte) (Config, error) {
	c := DefaultConfig()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		// The parser's message ends with a drawing of the place, which a one-line error has no room for.
		msg, _, _ := strings.Cut(err.Error(), "\n")
		return c, &hinted{fmt.Errorf("%s: not YAML: %s", name, msg), "config.example.yaml shows the form"}
	}
	settings := make(map[string]setting)
	for _, s := range c.settings() {
		settings[s.key] = s
	}
	var problems []error
	line := make(map[string]int)
	problem := func(n ast.Node, format string, args ...any) {
		at := name
		if t := n.GetToken(); t != nil && t.Position != nil {
			at = fmt.Sprintf("%s:%d", name, t.Position.Line)
		}
		problems = append(problems, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
	}
	var walk func(prefix string, n ast.Node)
	walk = func(prefix string, n ast.Node) {
		m, ok := n.(*ast.MappingNode)
		if !ok {
			problem(n, "%s must be settings, key: value", cmp.Or(strings.TrimSuffix(prefix, "."), "the file"))
			return
		}
		for _, kv := range m.Values {
			key := prefix + kv.Key.GetToken().Value
			s, known := settings[key]
			switch {
			case known:
				line[key] = kv.Key.GetToken().Position.Line
				if msg := s.set(kv.Value); msg != "" {
					problem(kv.Value, "%s %s", key, msg)
				}
			case section(settings, key):
				if _, null := kv.Value.(*ast.NullNode); !null { // a section whose settings are all commented out
					walk(key+".", kv.Value)
				}
			default:
				problem(kv.Key, "there is no setting %q%s", key, suggest(settings, key))
			}
		}
	}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			if _, comment := doc.Body.(*ast.CommentGroupNode); !comment {
				walk("", doc.Body)
			}
		}
	}
	for _, s := range c.settings() {
		if s.check == nil {
			continue
		}
		if msg := s.check(); msg != "" {
			problems = append(problems, fmt.Errorf("%s:%d: %s %s", name, line[s.key], s.key, msg))
		}
	}
	return c, errors.Join(problems...)
}

// section reports whether key is the first part of some setting's key.
func section(settings map[string]setting, key string) bool {
	for k := range settings {
		if strings.HasPrefix(k, key+".") {
			return true
		}
	}
	return false
}

// suggest names the setting that ends in the same word as an unknown key, if there is one.
func suggest(settings map[string]setting, key string) string {
	last := key[strings.LastIndexByte(key, '.')+1:]
	for k := range settings {
		if k[strings.LastIndexByte(k, '.')+1:] == last {
			return "; " + k + " is one"
		}
	}
	return ""
}

// set stores a scalar of the file, and says what is wrong if it has another type than the setting.
func (s setting) set(n ast.Node) (problem string) {
	switch p := s.value.(type) {
	case *string:
		switch n := n.(type) {
		case *ast.StringNode:
			*p = n.Value
			return ""
		case *ast.LiteralNode:
			*p = strings.TrimSuffix(n.Value.Value, "\n")
			return ""
		case *ast.NullNode: // "key:" with nothing after it
			*p = ""
			return ""
		}
		return "must be text"
	case *bool:
		if b, ok := n.(*ast.BoolNode); ok {
			*p = b.Value
			return ""
		}
		return "must be true or false"
	case *int64:
		if i, ok := n.(*ast.IntegerNode); ok {
			v, err := strconv.ParseInt(strings.ReplaceAll(i.GetToken().Value, "_", ""), 0, 64)
			if err == nil {
				*p = v
				return ""
			}
		}
		return "must be a whole number"
	case *float64:
		if f, ok := number(n); ok {
			*p = f
			return ""
		}
		return "must be a number"
	case *time.Duration:
		if t, ok := n.(*ast.StringNode); ok {
			if d, err := time.ParseDuration(t.Value); err == nil {
				*p = d
				return ""
			}
		}
		return "must be a time with its unit, such as 20s or 2m"
	case *map[string]answer.Price:
		return setPrices(p, n)
	}
	panic(fmt.Sprintf("setting %s: no way to set a %T", s.key, s.value))
}

func number(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.FloatNode:
		return n.Value, true
	case *ast.IntegerNode:
		f, err := strconv.ParseFloat(strings.ReplaceAll(n.GetToken().Value, "_", ""), 64)
		return f, err == nil
	}
	return 0, false
}

// setPrices reads a table of models: NAME: {input: 0.40, output: 1.60, cached: 0.10}.
func setPrices(prices *map[string]answer.Price, n ast.Node) (problem string) {
	const form = "must be lines of the form NAME: {input: 0.40, output: 1.60, cached: 0.10}"
	if _, ok := n.(*ast.NullNode); ok {
		return ""
	}
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return form
	}
	*prices = make(map[string]answer.Price, len(m.Values))
	for _, kv := range m.Values {
		name := kv.Key.GetToken().Value
		parts, ok := kv.Value.(*ast.MappingNode)
		if !ok {
			return form
		}
		var p answer.Price
		to := map[string]*float64{"input": &p.Input, "output": &p.Output, "cached": &p.Cached}
		for _, part := range parts.Values {
			v, known := to[part.Key.GetToken().Value]
			if !known {
				return fmt.Sprintf("of %s: %q is none of input, output, cached", name, part.Key.GetToken().Value)
			}
			if f, ok := number(part.Value); ok && f >= 0 {
				*v = f
			} else {
				return fmt.Sprintf("of %s: %s must be a number that is not negative", name, part.Key.GetToken().Value)
			}
		}
		(*prices)[name] = p
	}
	return ""
}

// loadConfig reads the settings file that -config or POLICYBOT_CONFIG names, or the one at its usual
// place if it is there, and lays the command line over it.
func (e *env) loadConfig() error {
	e.config = DefaultConfig()
	name, must := e.configFile, true
	if name == "" {
		name = e.Getenv("POLICYBOT_CONFIG")
	}
	if name == "" {
		name, must = e.userDir("XDG_CONFIG_HOME", ".config", "config.yaml"), false
	}
	if name != "" {
		data, err := os.ReadFile(name)
		switch {
		case err == nil:
			e.configFile = name
			if e.config, err = ParseConfig(name, data); err != nil {
				return err
			}
		case must || !errors.Is(err, fs.ErrNotExist):
			return &hinted{fmt.Errorf("settings: %w", err), "-config FILE or POLICYBOT_CONFIG names the settings file; without either, policybot runs on its defaults"}
		}
	}
	if e.dataDir != "" {
		e.config.DataDir = e.dataDir
	}
	if e.config.DataDir == "" {
		e.config.DataDir = e.userDir("XDG_DATA_HOME", ".local/share", "")
	}
	return nil
}

// userDir returns the path of elem in policybot's folder of one of the user's directories (XDG Base
// Directory Specification), or "" if there is no home to look in.
func (e *env) userDir(variable, inHome, elem string) string {
	base := e.Getenv(variable)
	if !filepath.IsAbs(base) { // the specification: relative paths are to be ignored
		home := e.Getenv("HOME")
		if home == "" {
			return ""
		}
		base = filepath.Join(home, inHome)
	}
	return filepath.Join(base, "policybot", elem)
}

const configUsage = `policybot config shows the settings in force, in the form of a settings file.

usage: policybot config [-config FILE] [-data DIR]

config.example.yaml explains every setting. Secrets come from the environment only; whether one is
set is shown, its value never.
`

func showConfig(_ context.Context, e *env, args []string) error {
	rest, err := e.parse(e.flags("config"), args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("config takes no argument %q", rest[0])
	}
	from := e.configFile
	if from == "" {
		from = "none read, these are the defaults"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# settings file: %s\n", printable(from))
	b.WriteString(e.config.show())
	b.WriteString("# secrets, from the environment\n")
	for _, name := range secrets {
		state := "not set"
		if e.Getenv(name) != "" {
			state = "set (hidden)"
		}
		fmt.Fprintf(&b, "# %s: %s\n", name, state)
	}
	_, err = io.WriteString(e.Stdout, b.String())
	return err
}

// show writes the settings in the form of a settings file.
func (c *Config) show() string {
	var b strings.Builder
	open := ""
	for _, s := range c.settings() {
		group, key, ok := strings.Cut(s.key, ".")
		if !ok {
			group, key = "", s.key
		}
		if group != open {
			fmt.Fprintf(&b, "%s:\n", group)
			open = group
		}
		if group != "" {
			b.WriteString("  ")
		}
		switch p := s.value.(type) {
		case *string:
			fmt.Fprintf(&b, "%s: %q\n", key, *p)
		case *bool:
			fmt.Fprintf(&b, "%s: %t\n", key, *p)
		case *int64:
			fmt.Fprintf(&b, "%s: %d\n", key, *p)
		case *float64:
			fmt.Fprintf(&b, "%s: %s\n", key, strconv.FormatFloat(*p, 'f', -1, 64))
		case *time.Duration:
			fmt.Fprintf(&b, "%s: %s\n", key, *p)
		case *map[string]answer.Price:
			if len(*p) == 0 {
				fmt.Fprintf(&b, "%s: {}\n", key)
				break
			}
			fmt.Fprintf(&b, "%s:\n", key)
			for _, name := range slices.Sorted(maps.Keys(*p)) {
				price := (*p)[name]
				fmt.Fprintf(&b, "    %q: {input: %v, output: %v, cached: %v}\n", name, price.Input, price.Output, price.Cached)
			}
		}
	}
	return b.String()
}
