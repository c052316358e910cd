package corpus

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"policybot/lang"
)

// Lexicon is the vocabulary of a library: what lets a question meet a passage that says the same thing in
// other words or in the other language. Names and words are given once, in the spelling of a careful
// editor; case, accents and inflection are the reader's business. A Lexicon is not changed once made.
type Lexicon struct {
	Concepts []Concept
	Related  []Relation
	// Synonyms are groups of everyday words of about the same sense, by language.
	Synonyms map[string][][]string
	// Words gives the English equivalents, most usual first, of Spanish words and short phrases.
	Words map[string][]string
}

// Concept is a thing or person with all its names. A name belongs to one concept.
type Concept struct {
	ID, Type    string
	Any, EN, ES []string // names in both languages, in English, in Spanish
}

// Relation says that a question with a word of From may be answered by a passage with a word of To.
type Relation struct{ From, To []string }

// lexiconVersion is the version of the file format.
const lexiconVersion = "1"

const lexiconKeys = "version, concepts (id, type, any, en, es), related (from, to), synonyms (en, es) and words"

// lexiconFile is the form of a lexicon file, with lines for messages.
type lexiconFile struct {
	Version  scalar         `yaml:"version"`
	Concepts []conceptEntry `yaml:"concepts"`
	Related  []relatedEntry `yaml:"related"`
	Synonyms struct {
		EN []strList `yaml:"en"`
		ES []strList `yaml:"es"`
	} `yaml:"synonyms"`
	Words wordList `yaml:"words"`
}

type conceptEntry struct {
	ID   scalar  `yaml:"id"`
	Type scalar  `yaml:"type"`
	Any  strList `yaml:"any"`
	EN   strList `yaml:"en"`
	ES   strList `yaml:"es"`
}

type relatedEntry struct {
	From strList `yaml:"from"`
	To   strList `yaml:"to"`
}

// wordList is a mapping from a word to a list, in the order of the file.
type wordList struct {
	keys   []scalar
	values []strList
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (w *wordList) UnmarshalYAML(n ast.Node) error {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return nil
	default:
		return atLine(nodeLine(n), "a mapping from a word to a list is expected, not %s", nodeKind(n))
	}
	for _, p := range pairs {
		var key scalar
		if err := key.UnmarshalYAML(p.Key); err != nil {
			return err
		}
		var value strList
		if err := value.UnmarshalYAML(p.Value); err != nil {
			return err
		}
		w.keys = append(w.keys, key)
		w.values = append(w.values, value)
	}
	return nil
}

// ParseLexicon reads a lexicon file (YAML; the shipped lexicon.yaml explains the form). Name is for
// messages. Unknown and doubled keys, doubled concept ids, empty names and a name of two concepts are
// errors; an error is always a *Refused.
func ParseLexicon(name string, data []byte) (*Lexicon, error) {
	return parseLexicon(name, string(data))
}

func parseLexicon(name, text string) (*Lexicon, error) {
	text, e := plainText(text)
	if e == nil {
		var f lexiconFile
		if !f.flat(text) {
			f = lexiconFile{}
			e = decodeYAML([]byte(text), &f)
		}
		if e == nil {
			var lex *Lexicon
			if lex, e = f.lexicon(); e == nil {
				return lex, nil
			}
		}
	}
	return nil, &Refused{File: name, Line: e.line, Reason: e.reason, Hint: e.hint}
}

// lexicon checks the file.
func (f *lexiconFile) lexicon() (*Lexicon, *lineError) {
	if f.Version.value != lexiconVersion {
		if f.Version.value == "" {
			return nil, &lineError{0, "the version is missing", "Begin the file with the line: version: " + lexiconVersion}
		}
		return nil, &lineError{f.Version.line, fmt.Sprintf("the lexicon has version %s, this program reads version %s", shown(f.Version.value), lexiconVersion), "Use a newer program, or rewrite the file."}
	}
	lex := &Lexicon{
		Concepts: make([]Concept, 0, len(f.Concepts)),
		Related:  make([]Relation, 0, len(f.Related)),
		Synonyms: make(map[string][][]string, 2),
		Words:    make(map[string][]string, len(f.Words.keys)),
	}
	var err *lineError
	list := func(what string, l *strList) []string {
		for _, v := range l.values {
			switch {
			case err != nil:
			case strings.TrimSpace(v) == "":
				err = atLine(l.line, "%s: a name is empty", what)
			case len(v) > 200:
				err = atLine(l.line, "%s: the name %s is over 200 bytes", what, shown(v))
			}
		}
		return l.values
	}
	ids := make(map[string]int, len(f.Concepts))
	owner := make(map[string]string, 4*len(f.Concepts)) // language and name → concept
	for i := range f.Concepts {
		e := &f.Concepts[i]
		line := max(e.ID.line, e.Type.line, e.Any.line, e.EN.line, e.ES.line)
		id := e.ID.value
		if id == "" {
			return nil, atLine(line, "a concept has no id")
		}
		if other, ok := ids[id]; ok {
			return nil, atLine(e.ID.line, "concept %s is given twice, first on line %d", shown(id), other)
		}
		ids[id] = e.ID.line
		what := "concept " + id
		c := Concept{ID: id, Type: e.Type.value, Any: list(what, &e.Any), EN: list(what, &e.EN), ES: list(what, &e.ES)}
		if err == nil && len(c.Any)+len(c.EN)+len(c.ES) == 0 {
			err = atLine(line, "%s has no names", what)
		}
		if err != nil {
			return nil, err
		}
		claim := func(language string, names []string) {
			for _, n := range names {
				key := language + nameKey(n)
				if other, ok := owner[key]; ok && other != id && err == nil {
					err = atLine(line, "%s: the name %s belongs to concept %s already", what, shown(n), other)
				}
				owner[key] = id
			}
		}
		claim("en ", c.Any)
		claim("es ", c.Any)
		claim("en ", c.EN)
		claim("es ", c.ES)
		if err != nil {
			return nil, err
		}
		lex.Concepts = append(lex.Concepts, c)
	}
	for i := range f.Related {
		e := &f.Related[i]
		r := Relation{list("related", &e.From), list("related", &e.To)}
		if err == nil && (len(r.From) == 0 || len(r.To) == 0) {
			err = atLine(max(e.From.line, e.To.line), "a relation needs both from and to")
		}
		lex.Related = append(lex.Related, r)
	}
	for language, groups := range map[string][]strList{lang.English: f.Synonyms.EN, lang.Spanish: f.Synonyms.ES} {
		for i := range groups {
			g := list("synonyms", &groups[i])
			if err == nil && len(g) < 2 {
				err = atLine(groups[i].line, "a group of synonyms needs two words or more")
			}
			lex.Synonyms[language] = append(lex.Synonyms[language], g)
		}
	}
	for i, k := range f.Words.keys {
		v := list("words", &f.Words.values[i])
		if err == nil && (k.value == "" || len(v) == 0) {
			err = atLine(k.line, "words: %s has no equivalent", shown(k.value))
		}
		if _, ok := lex.Words[k.value]; ok && err == nil {
			for _, first := range f.Words.keys {
				if first.value == k.value {
					err = atLine(k.line, "key %s is given twice, first on line %d", shown(k.value), first.line)
					break
				}
			}
		}
		lex.Words[k.value] = v
	}
	if err != nil {
		return nil, err
	}
	return lex, nil
}

// nameKey is the form in which two names of different concepts may not be equal: capitals count in an
// abbreviation ("ICE") only.
func nameKey(name string) string {
	if strings.IndexFunc(name, unicode.IsLower) < 0 {
		return name
	}
	return lang.Fold(name)
}

// flat reads a lexicon file written one entry a line, as the YAML decoder would, in a small part of its
// time: the shipped lexicon is read at every start. It reports false on everything else.
func (f *lexiconFile) flat(text string) bool {
	if loneReturn(text) {
		return false
	}
	section, language := "", ""
	seen := map[string]bool{}
	line := 0
	names := flatNames{make([]string, 0, strings.Count(text, ",")+strings.Count(text, "["))}
	for text != "" {
		line++
		var s string
		s, text, _ = strings.Cut(text, "\n")
		s = strings.TrimRight(s, " \r")
		body := strings.TrimLeft(s, " ")
		if body == "" || body[0] == '#' {
			continue
		}
		switch indent := len(s) - len(body); {
		case indent == 0:
			key, value, ok := strings.Cut(body+" ", ": ")
			value = strings.TrimRight(value, " ")
			if !ok || seen[key] {
				return false
			}
			seen[key] = true
			section, language = key, ""
			if key == "words" {
				n := strings.Count(text, "\n") + 1
				f.Words = wordList{make([]scalar, 0, n), make([]strList, 0, n)}
			}
			switch value = strings.TrimLeft(value, " "); {
			case key == "version":
				v, ok := flatScalar(value)
				if !ok {
					return false
				}
				f.Version = scalar{v, line}
			case value != "" || key != "concepts" && key != "related" && key != "synonyms" && key != "words":
				return false
			}
		case indent == 2 && section == "concepts":
			m, ok := names.mapping(body, line)
			if !ok {
				return false
			}
			var e conceptEntry
			for _, p := range m {
				switch {
				case p.key == "id" && !p.isList:
					e.ID = scalar{p.value, line}
				case p.key == "type" && !p.isList:
					e.Type = scalar{p.value, line}
				case p.key == "any" && p.isList:
					e.Any = p.list
				case p.key == "en" && p.isList:
					e.EN = p.list
				case p.key == "es" && p.isList:
					e.ES = p.list
				default:
					return false
				}
			}
			f.Concepts = append(f.Concepts, e)
		case indent == 2 && section == "related":
			m, ok := names.mapping(body, line)
			if !ok {
				return false
			}
			var e relatedEntry
			for _, p := range m {
				switch {
				case p.key == "from" && p.isList:
					e.From = p.list
				case p.key == "to" && p.isList:
					e.To = p.list
				default:
					return false
				}
			}
			f.Related = append(f.Related, e)
		case indent == 2 && section == "synonyms":
			if body != "en:" && body != "es:" || seen["synonyms "+body] {
				return false
			}
			seen["synonyms "+body] = true
			language = body[:2]
		case indent == 4 && section == "synonyms" && language != "" && strings.HasPrefix(body, "- "):
			items, ok := names.list(strings.TrimLeft(body[2:], " "))
			if !ok {
				return false
			}
			if language == lang.English {
				f.Synonyms.EN = append(f.Synonyms.EN, strList{items, line})
			} else {
				f.Synonyms.ES = append(f.Synonyms.ES, strList{items, line})
			}
		case indent == 2 && section == "words":
			key, value, ok := strings.Cut(body, ": ")
			if !ok {
				return false
			}
			k, ok := flatScalar(key)
			if !ok || strings.ContainsAny(k, ":,[]{}\"") {
				return false
			}
			items, ok := names.list(strings.TrimLeft(value, " "))
			if !ok {
				return false
			}
			f.Words.keys = append(f.Words.keys, scalar{k, line})
			f.Words.values = append(f.Words.values, strList{items, line})
		default:
			return false
		}
	}
	return true
}

// flatPair is one key of a mapping in braces, its value a scalar or a list.
type flatPair struct {
	key    string
	value  string
	list   strList
	isList bool
}

// flatNames holds the names of a file in one piece of memory.
type flatNames struct{ all []string }

// list reads a list in brackets.
func (n *flatNames) list(s string) ([]string, bool) {
	start := len(n.all)
	all, ok := flatList(n.all, s)
	n.all = all
	return all[start:len(all):len(all)], ok
}

// mapping reads "- {key: value, key: [value, value]}".
func (n *flatNames) mapping(s string, line int) ([]flatPair, bool) {
	s, ok := strings.CutPrefix(s, "- {")
	if !ok || !strings.HasSuffix(s, "}") {
		return nil, false
	}
	s = strings.TrimSpace(s[:len(s)-1])
	var pairs []flatPair
	for s != "" {
		key, rest, ok := strings.Cut(s, ": ")
		if !ok || strings.ContainsAny(key, " ,[]{}\"'") {
			return nil, false
		}
		for _, p := range pairs {
			if p.key == key {
				return nil, false
			}
		}
		p := flatPair{key: key}
		s = strings.TrimLeft(rest, " ")
		end := 0
		if strings.HasPrefix(s, "[") {
			if end = closingBracket(s); end < 0 {
				return nil, false
			}
			items, ok := n.list(s[:end+1])
			if !ok {
				return nil, false
			}
			p.list, p.isList = strList{items, line}, true
			s = strings.TrimLeft(s[end+1:], " ")
		} else {
			if end = strings.IndexByte(s, ','); end < 0 {
				end = len(s)
			}
			v, ok := flatScalar(strings.TrimRight(s[:end], " "))
			if !ok || strings.ContainsAny(v, "[]{}\"'") {
				return nil, false
			}
			p.list.line, p.value = line, v
			s = s[end:]
		}
		pairs = append(pairs, p)
		if s == "" {
			break
		}
		if s[0] != ',' || strings.TrimSpace(s[1:]) == "" {
			return nil, false
		}
		s = strings.TrimLeft(s[1:], " ")
	}
	return pairs, len(pairs) > 0
}

// closingBracket returns the place of the "]" that closes the list at the head of s, or -1.
func closingBracket(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '[':
			if !quoted {
				return -1
			}
		case ']':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

// Extend returns the lexicon l with what other adds; neither is changed. A concept of other adds its
// names to the concept of the same id and takes a name away from any other concept; the equivalents of
// a word in other come before those in l; relations and synonyms are added.
func (l *Lexicon) Extend(other *Lexicon) *Lexicon {
	out := &Lexicon{
		Related:  append(append([]Relation(nil), l.Related...), other.Related...),
		Synonyms: make(map[string][][]string),
		Words:    make(map[string][]string, len(l.Words)+len(other.Words)),
	}
	owner := make(map[string]string) // language and name → concept of other
	byID := make(map[string]Concept, len(other.Concepts))
	for _, c := range other.Concepts {
		byID[c.ID] = c
		for _, n := range c.Any {
			owner["en "+nameKey(n)] = c.ID
			owner["es "+nameKey(n)] = c.ID
		}
		for _, n := range c.EN {
			owner["en "+nameKey(n)] = c.ID
		}
		for _, n := range c.ES {
			owner["es "+nameKey(n)] = c.ID
		}
	}
	keep := func(id, language string, names []string) []string {
		var kept []string
		for _, n := range names {
			if o, ok := owner[language+nameKey(n)]; !ok || o == id {
				kept = append(kept, n)
			}
		}
		return kept
	}
	for _, c := range l.Concepts {
		any := keep(c.ID, "en ", c.Any)
		merged := Concept{ID: c.ID, Type: c.Type, Any: keep(c.ID, "es ", any), EN: keep(c.ID, "en ", c.EN), ES: keep(c.ID, "es ", c.ES)}
		if add, ok := byID[c.ID]; ok {
			if add.Type != "" {
				merged.Type = add.Type
			}
			merged.Any = union(merged.Any, add.Any)
			merged.EN = union(merged.EN, add.EN)
			merged.ES = union(merged.ES, add.ES)
			delete(byID, c.ID)
		}
		if len(merged.Any)+len(merged.EN)+len(merged.ES) > 0 {
			out.Concepts = append(out.Concepts, merged)
		}
	}
	for _, c := range other.Concepts {
		if _, ok := byID[c.ID]; ok {
			out.Concepts = append(out.Concepts, c)
		}
	}
	for _, lex := range []*Lexicon{l, other} {
		for language, groups := range lex.Synonyms {
			out.Synonyms[language] = append(out.Synonyms[language], groups...)
		}
	}
	for k, v := range l.Words {
		out.Words[k] = v
	}
	for k, v := range other.Words {
		out.Words[k] = union(v, out.Words[k])
	}
	return out
}

// union returns a new list of a and what b adds, in order.
func union(a, b []string) []string {
	out := append([]string(nil), a...)
	seen := make(map[string]bool, len(a)+len(b))
	for _, v := range a {
		seen[v] = true
	}
	for _, v := range b {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
