package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"policybot/corpus"
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
}

// DefaultConfig returns the settings in force where the file says nothing.
func DefaultConfig() Config {
	var c Config
	c.Library.Shipped = true
	c.Library.MaxArticleBytes = corpus.DefaultMaxBytes
	c.Ask.Lang = "auto"
	return c
}

// setting is one line of the settings file: its key, the place its value goes to, a *string, *bool or
// *int64, and what makes a value wrong.
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
	}
}

// secrets are the environment variables that hold what must not stand in a file.
var secrets = [...]string{"DISCORD_TOKEN", "OPENAI_API_KEY", "DATABASE_URL"}

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
	}
	panic(fmt.Sprintf("setting %s: no way to set a %T", s.key, s.value))
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
	open := ""
	for _, s := range e.config.settings() {
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
		}
	}
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
