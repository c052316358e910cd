package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which of our packages each package may import. The top-level ones tell the story in
// order and never look into internal/; what hangs from app never looks at app or at its neighbours.
var arrows = map[string][]string{
	".":                         {"internal/app"},
	"lang":                      {},
	"corpus":                    {"lang"},
	"retrieval":                 {"lang", "corpus"},
	"answer/verify":             {"lang", "corpus", "retrieval"},
	"answer":                    {"lang", "corpus", "retrieval", "answer/verify"},
	"bot":                       {"lang", "corpus", "retrieval", "answer"},
	"internal/store":            {"bot", "corpus", "retrieval", "answer"},
	"internal/openai":           {"corpus", "retrieval", "answer"},
	"internal/openaitest":       {},
	"internal/discordtest/load": {"internal/discordtest", "internal/eval"}, // a program of its own
	"internal/discordtest":      {},
	"internal/eval":             {"lang", "corpus", "retrieval", "answer"},
	"internal/app":              {"internal/openai", "lang", "corpus", "retrieval", "answer", "answer/verify", "bot", "internal/store", "internal/eval"},
	"internal/fit":              {"lang", "corpus", "retrieval", "answer", "internal/eval"}, // a program of its own
}

// owners says which packages may import each module from elsewhere, outside their tests.
var owners = map[string][]string{
	"github.com/blevesearch/snowballstem":    {"lang"},
	"github.com/bwmarrin/discordgo":          {"bot"},
	"github.com/clipperhouse/uax29":          {"lang", "corpus"},
	"github.com/goccy/go-yaml":               {"corpus", "internal/app"},
	"github.com/gorilla/websocket":           {"bot", "internal/discordtest"},
	"github.com/ledongthuc/pdf":              {"corpus"},
	"github.com/markusmobius/go-trafilatura": {"corpus"},
	"github.com/philippgille/chromem-go":     {"retrieval"},
	"github.com/prometheus/client_golang":    {"bot", "internal/app"},
	"github.com/santhosh-tekuri/jsonschema":  {"internal/discordtest", "internal/openaitest"},
	"github.com/sashabaranov/go-openai":      {"internal/openai"},
	"github.com/schollz/progressbar":         {"internal/app"},
	"github.com/sony/gobreaker":              {"internal/openai"},
	"golang.org/x/net":                       {"corpus"},
	"golang.org/x/sync":                      {"answer", "internal/app"},
	"golang.org/x/sys":                       {"retrieval"},
	"golang.org/x/term":                      {"internal/app"},
	"golang.org/x/text":                      {"lang", "corpus", "retrieval", "answer", "answer/verify", "internal/eval"},
	"golang.org/x/time":                      {"bot", "internal/openai"},
	"modernc.org/sqlite":                     {"internal/store"},
}

// fakes are the servers, named like httptest, that the tests of any package may start.
var fakes = []string{"internal/discordtest", "internal/openaitest"}

// inTests are the modules that only tests may import.
var inTests = []string{"github.com/prometheus/common", "pgregory.net/rapid", "github.com/rogpeppe/go-internal"}

func TestImports(t *testing.T) {
	seen := make(map[string]bool)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "third_party") {
			return filepath.SkipDir // third_party holds modules of their own
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(name))
		allowed, ok := arrows[pkg]
		if !ok {
			t.Errorf("%s: package %s is not in the table of arrows", name, pkg)
			return nil
		}
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		test := strings.HasSuffix(name, "_test.go")
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if imp == "C" {
				t.Errorf("%s uses cgo: the program must build without it", name)
				continue
			}
			if ours, ok := strings.CutPrefix(imp, "policybot/"); ok {
				if test && slices.Contains(fakes, ours) {
					continue
				}
				if ours != pkg && !slices.Contains(allowed, ours) {
					t.Errorf("%s imports %s, against the arrows", name, ours)
				}
				continue
			}
			if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
				continue // the standard library
			}
			in := func(module string) bool { return imp == module || strings.HasPrefix(imp, module+"/") }
			if slices.ContainsFunc(inTests, in) {
				if !test {
					t.Errorf("%s imports %s, which is for tests", name, imp)
				}
				continue
			}
			owned := false
			for module, pkgs := range owners {
				if in(module) {
					owned = true
					if !test && !slices.Contains(pkgs, pkg) {
						t.Errorf("%s imports %s, which belongs to %v", name, imp, pkgs)
					}
				}
			}
			if !owned {
				t.Errorf("%s imports %s, which the table of owners does not know", name, imp)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range arrows {
		if !seen[pkg] {
			t.Errorf("the table of arrows names %s, which has no Go file", pkg)
		}
		if !strings.HasPrefix(pkg, "internal/") && pkg != "." {
			for _, to := range arrows[pkg] {
				if strings.HasPrefix(to, "internal/") {
					t.Errorf("%s may not import %s: top-level packages never import internal/", pkg, to)
				}
			}
		}
	}
}
