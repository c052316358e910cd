package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// spec is the request bodies of Discord's OpenAPI description that the fake's routes take.
type spec struct {
	bodies  map[string]*jsonschema.Schema // by "POST /template"
	answers map[int]*jsonschema.Schema    // callbacks by type
}

// specFile is where the description lies below a parent of the working directory.
const specFile = "shared/specs/discord-openapi.json"

// specs holds compiled descriptions by file: compiling takes as long as a small test.
var specs sync.Map

// openSpec compiles the description in a file; without a name it looks for specFile upward, and returns nil
// if there is none.
func openSpec(name string) (*spec, error) {
	if name == "" {
		dir, err := os.Getwd()
		if err != nil {
			return nil, nil
		}
		for {
			try := filepath.Join(dir, specFile)
			if _, err := os.Stat(try); err == nil {
				name = try
				break
			}
			up := filepath.Dir(dir)
			if up == dir {
				return nil, nil
			}
			dir = up
		}
	}
	load, _ := specs.LoadOrStore(name, sync.OnceValues(func() (*spec, error) { return readSpec(name) }))
	return load.(func() (*spec, error))()
}

func readSpec(name string) (*spec, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("discordtest: %w", err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		return nil, fmt.Errorf("discordtest: %s: %w", name, err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("discord.json", doc); err != nil {
		return nil, fmt.Errorf("discordtest: %s: %w", name, err)
	}
	sp := &spec{bodies: make(map[string]*jsonschema.Schema), answers: make(map[int]*jsonschema.Schema)}
	for types, schema := range map[[2]int]string{
		{4, 5}: "CreateMessageInteractionCallbackRequest", {6, 7}: "UpdateMessageInteractionCallbackRequest",
		{8, 8}: "ApplicationCommandAutocompleteCallbackRequest", {9, 9}: "ModalInteractionCallbackRequest",
		{1, 1}: "PongInteractionCallbackRequest",
	} {
		compiled, err := c.Compile("discord.json#/components/schemas/" + schema)
		if err != nil {
			return nil, fmt.Errorf("discordtest: %s: %w", name, err)
		}
		sp.answers[types[0]], sp.answers[types[1]] = compiled, compiled
	}
	const commands, guildCommands = "/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands"
	for ours, theirs := range map[string]string{
		"POST /webhooks/{application_id}/{interaction_token}":                        "#/components/schemas/IncomingWebhookRequestPartial",
		"PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}": "#/components/schemas/IncomingWebhookUpdateRequestPartial",
		"POST /channels/{channel_id}/messages":                                       "#/components/schemas/MessageCreateRequest",
		"PATCH /channels/{channel_id}/messages/{message_id}":                         "#/components/schemas/MessageEditRequestPartial",
		"POST /users/@me/channels":                                                   "#/components/schemas/CreatePrivateChannelRequest",
		"PUT " + commands:                                                            bodyOf("put", commands),
		"PUT " + guildCommands:                                                       bodyOf("put", guildCommands),
	} {
		compiled, err := c.Compile("discord.json" + theirs)
		if err != nil {
			return nil, fmt.Errorf("discordtest: %s: %w", name, err)
		}
		sp.bodies[ours] = compiled
	}
	return sp, nil
}

// bodyOf is the pointer to the schema of a route's JSON body.
func bodyOf(method, path string) string {
	path = strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path)
	return "#/paths/" + path + "/" + method + "/requestBody/content/application~1json/schema"
}

// validate checks a body against the description of its route.
func (sp *spec) validate(route string, body []byte) error {
	var doc any
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	schema := sp.bodies[route]
	if strings.HasSuffix(route, "/callback") {
		m, _ := doc.(map[string]any)
		n, _ := m["type"].(json.Number)
		t, _ := strconv.Atoi(n.String())
		if schema = sp.answers[t]; schema == nil {
			return fmt.Errorf("there is no callback of type %q", n)
		}
	}
	if schema == nil {
		return nil
	}
	if list, ok := doc.([]any); ok {
		for _, c := range list {
			// The documentation says a string, the description a number; its own README lets both stand.
			if m, ok := c.(map[string]any); ok {
				if perms, ok := m["default_member_permissions"].(string); ok {
					m["default_member_permissions"] = json.Number(perms)
				}
			}
		}
	}
	err = schema.Validate(doc)
	var v *jsonschema.ValidationError
	if errors.As(err, &v) {
		return errors.New("against Discord's description: " + strings.Join(leaves(v), "; "))
	}
	return err
}

// leaves are the causes that say something: of alternatives, the limits and patterns that were broken, and
// not that a button is no select.
func leaves(v *jsonschema.ValidationError) []string {
	var limits, all []string
	var walk func(v *jsonschema.ValidationError)
	walk = func(v *jsonschema.ValidationError) {
		for _, c := range v.Causes {
			walk(c)
		}
		if len(v.Causes) > 0 {
			return
		}
		one := jsonschema.ValidationError{ErrorKind: &kind.Group{}, Causes: []*jsonschema.ValidationError{v}}
		_, text, _ := strings.Cut(one.Error(), "- at ") // a first line would name the schema
		all = append(all, text)
		switch v.ErrorKind.(type) {
		case *kind.MaxLength, *kind.MinLength, *kind.MaxItems, *kind.MinItems, *kind.Maximum, *kind.Minimum,
			*kind.Pattern, *kind.Format, *kind.Required:
			limits = append(limits, text)
		}
	}
	walk(v)
	if len(limits) > 0 {
		all = limits
	}
	return all[:min(len(all), 6)]
}

// checker checks what the bot sends.
type checker struct {
	spec  *spec
	hosts []string
	turn  atomic.Int64
}

// SchemaChecked says whether bodies are checked against Discord's description, which lies beside a full
// checkout only.
func (s *Server) SchemaChecked() bool { return s.check.spec != nil }

// examine returns what is wrong with a body: hard is what Discord refuses, soft what our own rules forbid.
func (s *Server) examine(c *call) (hard, soft []string) {
	name := c.route.method + " " + c.route.template
	if sp := s.check.spec; sp != nil {
		every := int64(1)
		if sc := s.opt.Scale; sc != nil {
			every = int64(sc.SampleEvery)
		}
		if s.check.turn.Add(1)%every == 0 {
			if err := sp.validate(name, c.body); err != nil {
				hard = append(hard, err.Error())
			}
		}
	}
	h, f := lintBody(name, c.body, len(c.files), s.check.hosts)
	hard, soft = append(hard, h...), append(soft, f...)
	for _, leak := range s.Leaked(string(c.body)) {
		soft = append(soft, "the body holds a secret: "+leak)
	}
	if s.opt.Lint != nil {
		if err := s.opt.Lint(name, c.body); err != nil {
			soft = append(soft, err.Error())
		}
	}
	return hard, soft
}
