package corpus

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"policybot/lang"
)

// Meta is what is known about an article besides its text. A zero field is unknown.
type Meta struct {
	Title     string
	Publisher string
	Author    string
	Published Date
	Updated   Date
	URL       string
	Lang      string
	Kind      Kind
	Tags      []string
}

// fill sets the fields of m that are unknown from o.
func (m *Meta) fill(o Meta) {
	set := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	set(&m.Title, o.Title)
	set(&m.Publisher, o.Publisher)
	set(&m.Author, o.Author)
	set(&m.URL, o.URL)
	set(&m.Lang, o.Lang)
	if m.Published.IsZero() {
		m.Published = o.Published
	}
	if m.Updated.IsZero() {
		m.Updated = o.Updated
	}
	if m.Kind == "" {
		m.Kind = o.Kind
	}
	if m.Tags == nil {
		m.Tags = o.Tags
	}
}

// The bounds of what describes an article.
const (
	maxFront = 64 << 10 // bytes of front matter
	maxList  = 32 << 20 // bytes of an articles.yaml
	maxField = 2000     // bytes of a field
	maxTags  = 100
)

// lineError is an error at a line of a file; line 0 is unknown.
type lineError struct {
	line   int
	reason string
	hint   string
}

func (e *lineError) Error() string { return e.reason }

func atLine(line int, format string, args ...any) *lineError {
	return &lineError{line: line, reason: fmt.Sprintf(format, args...)}
}

// shown quotes a value for an error message, cut short.
func shown(s string) string {
	const most = 60
	if len(s) > most {
		cut := most
		for cut > 0 && s[cut]&0xC0 == 0x80 {
			cut--
		}
		s = s[:cut] + "…"
	}
	return fmt.Sprintf("%q", s)
}

// splitFront separates YAML front matter from the text that follows. Body is where the text begins. A
// front matter that is never closed is an error.
func splitFront(s string) (front string, body int, err *lineError) {
	rest, ok := cutLine(s, "---")
	if !ok {
		return "", 0, nil
	}
	start := len(s) - len(rest)
	for at := start; at < len(s); {
		if _, ok := cutLine(s[at:], "---"); ok {
			end, _ := cutLine(s[at:], "---")
			if at-start > maxFront {
				return "", 0, atLine(1, "the front matter is over %d KiB", maxFront>>10)
			}
			return s[start:at], len(s) - len(end), nil
		}
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 || at-start > maxFront {
			break
		}
		at += i + 1
	}
	return "", 0, &lineError{1, "the front matter is not closed", "End it with a line of three hyphens."}
}

// cutLine removes the first line of s if it is exactly the given one, but for white space behind it.
func cutLine(s, line string) (rest string, ok bool) {
	first, rest, _ := strings.Cut(s, "\n")
	return rest, strings.TrimRight(first, " \t\r") == line
}

// parseFront reads front matter that begins behind line 1 of a file.
func parseFront(front string) (Meta, *lineError) {
	var f fields
	if !f.flat(front) {
		f = fields{}
		if err := decodeYAML([]byte("\n"+front), &f); err != nil { // lines as in the file
			return Meta{}, err
		}
	}
	if f.File.line > 0 {
		return Meta{}, &lineError{f.File.line, `unknown key "file"`, "The keys are " + metaKeys + "."}
	}
	return f.meta()
}

// flat reads front matter of the usual plain kind, one key and value a line, as the YAML decoder would,
// in a small part of its time: a library is parsed at every start. It reports false on everything else.
func (f *fields) flat(front string) bool {
	if loneReturn(front) {
		return false
	}
	line := 1 // the fence
	for len(front) > 0 {
		line++
		var s string
		s, front, _ = strings.Cut(front, "\n")
		s = strings.TrimRight(s, " \r")
		if s == "" || s[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(s, ": ")
		if !ok {
			return false
		}
		value = strings.TrimLeft(value, " ")
		if key == "tags" {
			items, ok := flatList(nil, value)
			if !ok || f.Tags.line > 0 {
				return false
			}
			f.Tags = strList{items, line}
			continue
		}
		var p *scalar
		switch key {
		case "title":
			p = &f.Title
		case "publisher":
			p = &f.Publisher
		case "author":
			p = &f.Author
		case "published":
			p = &f.Published
		case "updated":
			p = &f.Updated
		case "url":
			p = &f.URL
		case "lang":
			p = &f.Lang
		case "kind":
			p = &f.Kind
		default:
			return false
		}
		v, ok := flatScalar(value)
		if !ok || p.line > 0 {
			return false
		}
		*p = scalar{v, line}
	}
	return true
}

// loneReturn reports whether s has a carriage return that is not part of a line's end; YAML ends a line there.
func loneReturn(s string) bool {
	return strings.Count(s, "\r") != strings.Count(s, "\r\n")
}

// flatScalar reads a plain scalar, or one in double quotes without escapes. It reports false on
// whatever YAML might read otherwise.
func flatScalar(s string) (string, bool) {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
		return s, !strings.ContainsAny(s, "\"\\\t")
	}
	if s == "" || !plainStart(s[0]) || strings.HasSuffix(s, ":") || strings.HasSuffix(s, " ") || strings.Contains(s, ": ") || strings.Contains(s, " #") ||
		strings.ContainsAny(s, "\t") || strings.EqualFold(s, "null") {
		return "", false
	}
	return s, true
}

// plainStart reports whether c is a letter or digit: other bytes may begin something else than a scalar.
func plainStart(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c >= 0xC3
}

// flatList appends to items the scalars of a list in brackets, read as flatScalar reads them.
func flatList(items []string, s string) ([]string, bool) {
	if len(s) < 2 || s[0] != '[' || s[len(s)-1] != ']' {
		return items, false
	}
	s = s[1 : len(s)-1]
	for i := 0; ; {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		if i == len(s) {
			return items, false // an empty list, or a comma at the end
		}
		start := i
		if s[i] == '"' {
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' || s[i] == '\t' {
					return items, false
				}
			}
			if i == len(s) {
				return items, false
			}
			items = append(items, s[start+1:i])
			for i++; i < len(s) && s[i] == ' '; i++ {
			}
		} else {
			if !plainStart(s[i]) {
				return items, false
			}
			for ; i < len(s) && s[i] != ','; i++ {
				switch s[i] {
				case '[', ']', '{', '}', '"', '\t':
					return items, false
				case ':':
					if i+1 == len(s) || s[i+1] == ' ' || s[i+1] == ',' {
						return items, false
					}
				case '#':
					if s[i-1] == ' ' {
						return items, false
					}
				}
			}
			item := strings.TrimRight(s[start:i], " ")
			if len(item) == 4 && strings.EqualFold(item, "null") {
				return items, false
			}
			items = append(items, item)
		}
		if i == len(s) {
			return items, true
		}
		if s[i] != ',' {
			return items, false
		}
		i++
	}
}

// fields is the YAML form of Meta, in front matter and in articles.yaml.
type fields struct {
	File      scalar  `yaml:"file"`
	Title     scalar  `yaml:"title"`
	Publisher scalar  `yaml:"publisher"`
	Author    scalar  `yaml:"author"`
	Published scalar  `yaml:"published"`
	Updated   scalar  `yaml:"updated"`
	URL       scalar  `yaml:"url"`
	Lang      scalar  `yaml:"lang"`
	Kind      scalar  `yaml:"kind"`
	Tags      strList `yaml:"tags"`
}

// scalar is a YAML scalar as it is written, whatever type YAML would give it, with its line.
type scalar struct {
	value string
	line  int
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *scalar) UnmarshalYAML(n ast.Node) error {
	v, err := scalarText(n)
	if err != nil {
		return err
	}
	*s = scalar{v, nodeLine(n)}
	return nil
}

// scalarText returns the text of a scalar node. Aliases and tags are refused: articles need none.
func scalarText(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.NullNode:
		return "", nil
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, nil
	}
	return "", atLine(nodeLine(n), "a plain value is expected, not %s", nodeKind(n))
}

func nodeKind(n ast.Node) string {
	switch n.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.AliasNode, *ast.AnchorNode:
		return "an anchor or alias"
	case *ast.TagNode:
		return "a tag"
	case *ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return "a plain value"
	}
	return "a " + strings.ToLower(n.Type().String())
}

func nodeLine(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// strList is a YAML list of scalars; a single scalar counts as a list of one.
type strList struct {
	values []string
	line   int
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (l *strList) UnmarshalYAML(n ast.Node) error {
	l.line = nodeLine(n)
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		v, err := scalarText(n)
		if err != nil {
			return err
		}
		if v != "" {
			l.values = []string{v}
		}
		return nil
	}
	for _, item := range seq.Values {
		v, err := scalarText(item)
		if err != nil {
			return err
		}
		l.values = append(l.values, v)
	}
	return nil
}

// decodeYAML decodes data into v; unknown and doubled keys are errors. The decoder is kept from
// panicking the program whatever it is given.
func decodeYAML(data []byte, v any) (err *lineError) {
	defer func() {
		if p := recover(); p != nil {
			err = atLine(0, "the YAML cannot be read")
		}
	}()
	return yamlError(yaml.UnmarshalWithOptions(data, v, yaml.Strict()), v)
}

// yamlError brings an error of the YAML decoder, met when decoding into v, to our form.
func yamlError(e error, v any) *lineError {
	if e == nil {
		return nil
	}
	var le *lineError
	if errors.As(e, &le) {
		return le
	}
	var ye yaml.Error
	if !errors.As(e, &ye) {
		return atLine(0, "the YAML cannot be read: %s", firstLine(e.Error()))
	}
	line := 0
	if t := ye.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	msg := ye.GetMessage()
	var unknown *yaml.UnknownFieldError
	var double *yaml.DuplicateKeyError
	var form *yaml.UnexpectedNodeTypeError
	switch {
	case errors.As(e, &form):
		return atLine(line, "a %s is expected, not a %s", nodeNames.Replace(strings.ToLower(form.Expected.String())), nodeNames.Replace(strings.ToLower(form.Actual.String())))
	case errors.As(e, &unknown):
		key := ""
		if unknown.Token != nil {
			key = unknown.Token.Value
		}
		return &lineError{line, fmt.Sprintf("unknown key %s", shown(key)), "The keys are " + knownKeys(v) + "."}
	case errors.As(e, &double) || strings.Contains(msg, " already defined at ["):
		// mapping key "a" already defined at [3:3]
		key, at, _ := strings.Cut(strings.TrimPrefix(msg, "mapping key "), " already defined at [")
		first, _, _ := strings.Cut(at, ":")
		return atLine(line, "key %s is given twice, first on line %s", key, first)
	}
	return &lineError{line, "the YAML is broken: " + firstLine(msg), "Quote a value that holds a colon or begins with a special character."}
}

// nodeNames puts the YAML decoder's terms into plain words.
var nodeNames = strings.NewReplacer("sequence", "list", "mappingvalue", "mapping", "string", "plain value")

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func knownKeys(v any) string {
	switch v.(type) {
	case *fields:
		return metaKeys
	}
	return lexiconKeys
}

const metaKeys = "title, publisher, author, published, updated, url, lang, kind, tags"

// meta checks the fields.
func (f *fields) meta() (Meta, *lineError) {
	m := Meta{Title: f.Title.value, Publisher: f.Publisher.value, Author: f.Author.value, URL: f.URL.value,
		Lang: strings.ToLower(f.Lang.value), Kind: Kind(strings.ToLower(f.Kind.value))}
	for _, s := range []*scalar{&f.Title, &f.Publisher, &f.Author, &f.URL} {
		if len(s.value) > maxField {
			return Meta{}, atLine(s.line, "the value is over %d bytes", maxField)
		}
	}
	m.Title, m.Publisher, m.Author = oneLine(m.Title), oneLine(m.Publisher), oneLine(m.Author)
	var err error
	if f.Published.value != "" {
		if m.Published, err = ParseDate(f.Published.value); err != nil {
			return Meta{}, dateField("published", f.Published, err)
		}
	}
	if f.Updated.value != "" {
		if m.Updated, err = ParseDate(f.Updated.value); err != nil {
			return Meta{}, dateField("updated", f.Updated, err)
		}
	}
	switch m.Kind {
	case "", Primary, Wire, News, Analysis, Reference, Mirror:
	default:
		return Meta{}, &lineError{f.Kind.line, fmt.Sprintf("unknown kind %s", shown(f.Kind.value)),
			"The kinds are primary, wire, news, analysis, reference and mirror."}
	}
	switch m.Lang {
	case "", lang.English, lang.Spanish:
	default:
		return Meta{}, &lineError{f.Lang.line, fmt.Sprintf("unknown language %s", shown(f.Lang.value)), `The languages are "en" and "es".`}
	}
	if m.URL != "" && !webAddress(m.URL) {
		return Meta{}, &lineError{f.URL.line, fmt.Sprintf("%s is no web address", shown(m.URL)), "An address begins with https:// or http://."}
	}
	if len(f.Tags.values) > maxTags {
		return Meta{}, atLine(f.Tags.line, "there are over %d tags", maxTags)
	}
	for _, t := range f.Tags.values {
		if t = oneLine(t); t == "" || len(t) > 100 {
			return Meta{}, atLine(f.Tags.line, "a tag is empty or over 100 bytes")
		}
		m.Tags = append(m.Tags, t)
	}
	return m, nil
}

func dateField(name string, s scalar, err error) *lineError {
	return &lineError{s.line, fmt.Sprintf("%s: %v", name, err), "Write a day that exists as 2018-12-05, or a month as 2018-12, or a year."}
}

// webAddress reports whether s is an http or https address with a host and without a password.
func webAddress(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '"' || r == '<' || r == '>' || r == '`' || invisible(r) }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// oneLine brings a field to its normal form (see normalize), on one line.
func oneLine(s string) string { return normalize(mapped{text: s}, nil).text }

// parseList reads an articles.yaml: the fields of each file beside it. An entry that is wrong in itself
// keeps its error for the file that it names, so that the others stay usable.
func parseList(data []byte) (map[string]listed, *lineError) {
	if len(data) > maxList {
		return nil, atLine(0, "the file is over %d MiB", maxList>>20)
	}
	var nodes []rawNode
	if err := decodeYAML(data, &nodes); err != nil {
		return nil, err
	}
	out := make(map[string]listed, len(nodes))
	for i, n := range nodes {
		var name struct {
			File scalar `yaml:"file"`
		}
		line := nodeLine(n.node)
		if err := decodeNode(n.node, &name, false); err != nil {
			return nil, err
		}
		file := name.File.value
		if name.File.line > 0 {
			line = name.File.line
		}
		if file == "" {
			return nil, &lineError{line, fmt.Sprintf("entry %d has no file", i+1), "Each entry names its article: file: NAME."}
		}
		if file != path.Base(file) || strings.Contains(file, `\`) {
			return nil, &lineError{line, fmt.Sprintf("file %s is not beside this list", shown(file)), "Give the file's name without a folder."}
		}
		if other, ok := out[file]; ok {
			return nil, atLine(line, "file %s is listed twice, first on line %d", shown(file), other.line)
		}
		var f fields
		l := listed{line: line}
		if l.err = decodeNode(n.node, &f, true); l.err == nil {
			l.meta, l.err = f.meta()
		}
		out[file] = l
	}
	return out, nil
}

// rawNode keeps a YAML node for later.
type rawNode struct{ node ast.Node }

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (r *rawNode) UnmarshalYAML(n ast.Node) error {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		r.node = n
		return nil
	}
	return atLine(nodeLine(n), "an entry with the key file is expected, not %s", nodeKind(n))
}

// decodeNode decodes a YAML node into v; when strict, unknown keys are errors.
func decodeNode(n ast.Node, v any, strict bool) (err *lineError) {
	defer func() {
		if p := recover(); p != nil {
			err = atLine(nodeLine(n), "the YAML cannot be read")
		}
	}()
	if strict {
		return yamlError(yaml.NodeToValue(n, v, yaml.Strict()), v)
	}
	return yamlError(yaml.NodeToValue(n, v), v)
}

// listed is an entry of an articles.yaml.
type listed struct {
	meta Meta
	line int
	err  *lineError
}
