package discordtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// The limits are those of Discord's reference that its OpenAPI description does not express, and a few that
// it does, so that they are checked without the description too
// (https://discord.com/developers/docs/resources/message, /components/reference, /interactions).
// The house rules are this project's own: nothing pings, nothing links but to sources, nothing of a person's
// text is in an id.

// length counts as Discord's clients do, in UTF-16 units, which are never fewer than code points.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// linter collects what is wrong with one body.
type linter struct {
	hosts      []string
	hard, soft []string
}

func (l *linter) limit(format string, args ...any) {
	l.hard = append(l.hard, fmt.Sprintf(format, args...))
}
func (l *linter) rule(format string, args ...any) {
	l.soft = append(l.soft, fmt.Sprintf(format, args...))
}

func (l *linter) within(what, s string, least, most int) {
	if n := length(s); n < least || n > most {
		l.limit("%s has %d characters; %d to %d are allowed", what, n, least, most)
	}
}

// lintBody checks the body of a request to a route: hard is what Discord refuses, soft what the house rules
// forbid. Hosts are those that may be linked to, nil for any.
func lintBody(route string, body []byte, files int, hosts []string) (hard, soft []string) {
	l := &linter{hosts: hosts}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return []string{err.Error()}, nil
	}
	o := object(v)
	switch {
	case strings.HasSuffix(route, "/callback"):
		data := object(o["data"])
		switch number(o["type"]) {
		case 4, 7:
			l.message(data, 2000)
		case 5, 6:
			if text(data["content"]) != "" || len(list(data["embeds"])) > 0 || len(list(data["components"])) > 0 {
				l.rule("a deferral with a message: only its flags count")
			}
		case 8:
			l.choices("choices", list(data["choices"]))
		case 9:
			l.modal(data)
		}
	case strings.HasPrefix(route, "POST /webhooks/"), strings.HasPrefix(route, "PATCH /webhooks/"):
		l.message(o, 2000)
	case strings.HasSuffix(route, "/messages"), strings.HasPrefix(route, "PATCH /channels/"):
		l.message(o, 2000)
		if number(o["flags"])&flagEphemeral != 0 {
			l.rule("a message in a channel cannot be ephemeral: everyone sees it")
		}
		if n, ok := o["nonce"].(string); ok {
			l.within("nonce", n, 1, 25)
		}
	case strings.HasSuffix(route, "/commands"):
		l.commands(list(v))
	}
	if files > 10 {
		l.limit("%d files; 10 are allowed", files)
	}
	return l.hard, l.soft
}

func (l *linter) message(o map[string]any, most int) {
	if o == nil {
		return
	}
	l.within("content", text(o["content"]), 0, most)
	l.text("content", text(o["content"]))
	l.mentions(o)
	embeds := list(o["embeds"])
	if len(embeds) > 10 {
		l.limit("%d embeds; 10 are allowed", len(embeds))
	}
	sum := 0
	urls := make(map[string]bool)
	for n, e := range embeds {
		sum += l.embed(fmt.Sprintf("embeds[%d]", n), object(e), urls)
	}
	if sum > 6000 {
		l.limit("embeds have %d characters in all; 6000 are allowed", sum)
	}
	parts := list(o["components"])
	v2 := number(o["flags"])&flagV2 != 0
	if v2 && (text(o["content"]) != "" || len(embeds) > 0) {
		l.limit("a message of components V2 has no content and no embeds")
	}
	l.components(parts, v2)
}

// mentions asks for allowed_mentions that allow none: every message, and every edit, which parses anew.
func (l *linter) mentions(o map[string]any) {
	m, ok := o["allowed_mentions"].(map[string]any)
	if !ok {
		l.rule("no allowed_mentions: {\"parse\":[]} belongs into every message and edit")
		return
	}
	parse, ok := m["parse"].([]any)
	if !ok || len(parse) > 0 {
		l.rule("allowed_mentions.parse is %v, not []", m["parse"])
	}
	if len(list(m["users"])) > 0 || len(list(m["roles"])) > 0 || yes(m["replied_user"]) {
		l.rule("allowed_mentions lets somebody be pinged: %v", m)
	}
}

func (l *linter) embed(at string, e map[string]any, urls map[string]bool) (sum int) {
	part := func(what, s string, most int) {
		trimmed := strings.TrimSpace(s)
		l.within(at+"."+what, trimmed, 0, most)
		l.text(at+"."+what, s)
		sum += length(trimmed)
	}
	part("title", text(e["title"]), 256)
	part("description", text(e["description"]), 4096)
	part("footer", text(object(e["footer"])["text"]), 2048)
	part("author", text(object(e["author"])["name"]), 256)
	fields := list(e["fields"])
	if len(fields) > 25 {
		l.limit("%s has %d fields; 25 are allowed", at, len(fields))
	}
	for n, f := range fields {
		f := object(f)
		part(fmt.Sprintf("fields[%d].name", n), text(f["name"]), 256)
		part(fmt.Sprintf("fields[%d].value", n), text(f["value"]), 1024)
		for _, k := range []string{"name", "value"} {
			if strings.TrimSpace(text(f[k])) == "" {
				l.limit("%s.fields[%d].%s is empty", at, n, k)
			}
		}
	}
	if strings.Contains(text(e["title"]), "](") {
		l.rule("%s.title holds a masked link, which is not shown as one there", at)
	}
	addresses := []string{text(e["url"])}
	for _, k := range []string{"author", "image", "thumbnail"} {
		addresses = append(addresses, text(object(e[k])["url"]))
	}
	for _, u := range addresses {
		if u != "" {
			l.within(at+".url", u, 1, 2048)
			l.link(at+".url", u)
		}
	}
	if u := text(e["url"]); u != "" {
		if urls[u] {
			l.rule("%s has the url of another embed: only the first is shown", at)
		}
		urls[u] = true
	}
	return sum
}

var (
	pings    = regexp.MustCompile(`@(?:everyone|here)\b|<@[!&]?[0-9]+>`)
	bareLink = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"` + "`" + `]+`)
	masked   = regexp.MustCompile(`\]\(\s*<?([^\s()<>]*)`)
	customID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9:_.=~-]*$`)
)

// text checks what a person reads: no live mention, no link but to the hosts allowed, no character that
// turns the direction of writing or is a control.
func (l *linter) text(what, s string) {
	if m := pings.FindString(s); m != "" {
		l.rule("%s holds the mention %q", what, m)
	}
	for _, u := range bareLink.FindAllString(s, -1) {
		l.link(what, strings.TrimRight(u, ".,;:!?'*_~|)]"))
	}
	for _, m := range masked.FindAllStringSubmatchIndex(s, -1) {
		if escaped(s, m[0]) {
			continue
		}
		target := s[m[2]:m[3]]
		if strings.Contains(target, ":") && !strings.HasPrefix(strings.ToLower(target), "http") {
			l.link(what, target)
		}
	}
	l.visible(what, s)
}

// visible checks that a text holds no character that turns the direction of writing or is a control.
func (l *linter) visible(what, s string) {
	for _, r := range s {
		switch {
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			l.rule("%s holds U+%04X, which turns the direction of writing", what, r)
			return
		case r < 0x20 && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0:
			l.rule("%s holds the control character U+%04X", what, r)
			return
		}
	}
}

// escaped says whether an odd number of backslashes stands before the byte.
func escaped(s string, at int) bool {
	n := 0
	for at-n > 0 && s[at-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

func (l *linter) link(what, link string) {
	u, err := url.Parse(link)
	if err != nil {
		l.rule("%s holds the link %q, which cannot be read", what, link)
		return
	}
	if u.Scheme == "attachment" {
		return // a file of the message itself
	}
	if s := strings.ToLower(u.Scheme); s != "https" && s != "http" {
		l.rule("%s holds a link of scheme %q", what, u.Scheme)
		return
	}
	if u.User != nil {
		l.rule("%s holds a link with a user name in it: %s", what, u.Host)
	}
	if l.hosts != nil && !slices.Contains(l.hosts, strings.ToLower(u.Hostname())) {
		l.rule("%s links to %s, which is no source's host", what, u.Host)
	}
}

// components checks the rows of a message.
func (l *linter) components(parts []any, v2 bool) {
	if len(parts) > 5 && !v2 {
		l.limit("%d action rows; 5 are allowed", len(parts))
	}
	ids := make(map[string]bool)
	total, shown := 0, 0
	var walk func(at string, v any, top bool)
	walk = func(at string, v any, top bool) {
		c := object(v)
		total++
		kind := number(c["type"])
		if top && !v2 && kind != 1 {
			l.limit("%s is of type %d, which needs the flag of components V2", at, kind)
		}
		switch kind {
		case 1:
			inner := list(c["components"])
			if len(inner) == 0 {
				l.limit("%s is an empty row", at)
			}
			buttons, others := 0, 0
			for n, x := range inner {
				if number(object(x)["type"]) == 2 {
					buttons++
				} else {
					others++
				}
				walk(fmt.Sprintf("%s[%d]", at, n), x, false)
			}
			if buttons > 5 || others > 1 || buttons > 0 && others > 0 {
				l.limit("%s has %d buttons and %d selects; a row is up to 5 buttons or one select", at, buttons, others)
			}
			return
		case 2:
			l.button(at, c, ids)
		case 3, 5, 6, 7, 8:
			l.selectMenu(at, c, ids)
		case 10:
			shown += length(text(c["content"]))
			l.text(at, text(c["content"]))
		case 4:
			l.limit("%s is a text input, which belongs into a modal", at)
		case 9, 17:
			for n, x := range list(c["components"]) {
				walk(fmt.Sprintf("%s[%d]", at, n), x, false)
			}
			if c["accessory"] != nil {
				walk(at+".accessory", c["accessory"], false)
			}
		}
	}
	for n, p := range parts {
		walk(fmt.Sprintf("components[%d]", n), p, true)
	}
	if total > 40 && v2 {
		l.limit("%d components; 40 are allowed", total)
	}
	if shown > 4000 {
		l.limit("text displays have %d characters in all; 4000 are allowed", shown)
	}
}

func (l *linter) id(at string, c map[string]any, ids map[string]bool) {
	id := text(c["custom_id"])
	l.within(at+".custom_id", id, 1, 100)
	if ids[id] {
		l.limit("%s.custom_id %q is there twice", at, id)
	}
	ids[id] = true
	if id != "" && !customID.MatchString(id) {
		l.rule("%s.custom_id %q holds more than ids", at, id)
	}
}

func (l *linter) button(at string, c map[string]any, ids map[string]bool) {
	label := text(c["label"])
	l.within(at+".label", label, 0, 80)
	l.text(at+".label", label)
	emoji := object(c["emoji"])
	if label == "" && emoji == nil {
		l.limit("%s has neither label nor emoji", at)
	}
	switch style := number(c["style"]); {
	case style < 1 || style > 6:
		l.limit("%s has style %d", at, style)
	case style == 5:
		l.within(at+".url", text(c["url"]), 1, 512)
		l.link(at+".url", text(c["url"]))
		if c["custom_id"] != nil {
			l.limit("%s is a link with a custom_id", at)
		}
	default:
		if c["url"] != nil {
			l.limit("%s has a url but is no link", at)
		}
		l.id(at, c, ids)
	}
}

func (l *linter) selectMenu(at string, c map[string]any, ids map[string]bool) {
	l.id(at, c, ids)
	l.within(at+".placeholder", text(c["placeholder"]), 0, 150)
	l.text(at+".placeholder", text(c["placeholder"]))
	if number(c["type"]) != 3 {
		return
	}
	options := list(c["options"])
	if len(options) < 1 || len(options) > 25 {
		l.limit("%s has %d options; 1 to 25 are allowed", at, len(options))
	}
	values := make(map[string]bool)
	for n, o := range options {
		o := object(o)
		where := fmt.Sprintf("%s.options[%d]", at, n)
		l.within(where+".label", text(o["label"]), 1, 100)
		l.within(where+".value", text(o["value"]), 1, 100)
		l.within(where+".description", text(o["description"]), 0, 100)
		l.text(where, text(o["label"])+"\n"+text(o["description"]))
		if values[text(o["value"])] {
			l.limit("%s.value %q is there twice", where, text(o["value"]))
		}
		values[text(o["value"])] = true
	}
	if most := number(c["max_values"]); most > len(options) || most < number(c["min_values"]) && c["max_values"] != nil {
		l.limit("%s has max_values %d", at, most)
	}
}

func (l *linter) choices(at string, choices []any) {
	if len(choices) > 25 {
		l.limit("%d %s; 25 are allowed", len(choices), at)
	}
	for n, c := range choices {
		c := object(c)
		where := fmt.Sprintf("%s[%d]", at, n)
		l.within(where+".name", text(c["name"]), 1, 100)
		l.visible(where+".name", text(c["name"])) // plain text for whoever types: nothing in it pings or links
		if v, ok := c["value"].(string); ok {
			l.within(where+".value", v, 1, 100)
		}
	}
}

func (l *linter) modal(o map[string]any) {
	l.within("title", text(o["title"]), 1, 45)
	l.text("title", text(o["title"]))
	l.id("modal", o, make(map[string]bool))
	rows := list(o["components"])
	if len(rows) < 1 || len(rows) > 5 {
		l.limit("a modal with %d components; 1 to 5 are allowed", len(rows))
	}
	ids := make(map[string]bool)
	for n, r := range rows {
		at := fmt.Sprintf("components[%d]", n)
		r := object(r)
		var in map[string]any
		switch number(r["type"]) {
		case 1:
			if inner := list(r["components"]); len(inner) == 1 {
				in = object(inner[0])
			} else {
				l.limit("%s of a modal has %d components; it has one text input", at, len(inner))
			}
			if in != nil && text(in["label"]) == "" {
				l.limit("%s has no label", at)
			}
		case 18:
			in = object(r["component"])
			l.within(at+".label", text(r["label"]), 1, 45)
			l.within(at+".description", text(r["description"]), 0, 100)
		case 10:
			continue
		default:
			l.limit("%s of a modal is of type %d", at, number(r["type"]))
		}
		if in == nil {
			continue
		}
		l.id(at, in, ids)
		if number(in["type"]) != 4 {
			continue
		}
		l.within(at+".label", text(in["label"]), 0, 45)
		l.within(at+".placeholder", text(in["placeholder"]), 0, 100)
		l.within(at+".value", text(in["value"]), 0, 4000)
		if s := number(in["style"]); s != 1 && s != 2 {
			l.limit("%s has style %d", at, s)
		}
		least, most := number(in["min_length"]), number(in["max_length"])
		if least < 0 || least > 4000 || in["max_length"] != nil && (most < 1 || most > 4000 || most < least) {
			l.limit("%s has min_length %d and max_length %d", at, least, most)
		}
		if most > 0 && length(text(in["value"])) > most {
			l.limit("%s has a value longer than its max_length", at)
		}
	}
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// commands checks a set of commands as it is put.
func (l *linter) commands(cmds []any) {
	count := make(map[int]int)
	names := make(map[string]bool)
	for _, c := range cmds {
		c := object(c)
		name, kind := text(c["name"]), max(number(c["type"]), 1)
		at := "command " + name
		count[kind]++
		key := fmt.Sprint(kind, " ", name)
		if names[key] {
			l.limit("%s is there twice", at)
		}
		names[key] = true
		if kind != 1 {
			l.within(at, name, 1, 32)
			if text(c["description"]) != "" || len(list(c["options"])) > 0 {
				l.limit("%s is of a menu: it has no description and no options", at)
			}
			continue
		}
		l.named(at, c)
		if n := commandSize(c); n > 8000 {
			l.limit("%s has %d characters in all; 8000 are allowed", at, n)
		}
		l.options(at, list(c["options"]), 0)
	}
	for kind, most := range map[int]int{1: 100, 2: 15, 3: 15} {
		if count[kind] > most {
			l.limit("%d commands of type %d; %d are allowed", count[kind], kind, most)
		}
	}
}

func (l *linter) named(at string, o map[string]any) {
	names := []string{text(o["name"])}
	descriptions := []string{text(o["description"])}
	for _, locale := range sortedKeys(object(o["name_localizations"])) {
		names = append(names, text(object(o["name_localizations"])[locale]))
		l.locale(at, locale)
	}
	for _, locale := range sortedKeys(object(o["description_localizations"])) {
		descriptions = append(descriptions, text(object(o["description_localizations"])[locale]))
		l.locale(at, locale)
	}
	for _, n := range names {
		if !commandName.MatchString(n) || strings.ToLower(n) != n {
			l.limit("%s: %q is no name of a command", at, n)
		}
	}
	for _, d := range descriptions {
		l.within(at+": description", d, 1, 100)
	}
}

// locales are those of https://discord.com/developers/docs/reference#locales.
const locales = " id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko "

func (l *linter) locale(at, locale string) {
	if !strings.Contains(locales, " "+locale+" ") {
		l.limit("%s: there is no locale %q", at, locale)
	}
}

func (l *linter) options(at string, options []any, depth int) {
	if len(options) > 25 {
		l.limit("%s has %d options; 25 are allowed", at, len(options))
	}
	optional := false
	names := make(map[string]bool)
	inLocale := make(map[string]bool)
	for _, o := range options {
		o := object(o)
		where := at + " " + text(o["name"])
		l.named(where, o)
		if names[text(o["name"])] {
			l.limit("%s is there twice", where)
		}
		names[text(o["name"])] = true
		for locale, n := range object(o["name_localizations"]) {
			key := locale + " " + text(n)
			if inLocale[key] {
				l.limit("%s: %q stands for two options in %s", where, n, locale)
			}
			inLocale[key] = true
		}
		kind := number(o["type"])
		if kind < 1 || kind > 11 {
			l.limit("%s is of type %d", where, kind)
		}
		if kind <= 2 {
			if depth > 1 {
				l.limit("%s lies too deep", where)
			}
			l.options(where, list(o["options"]), depth+1)
			continue
		}
		if yes(o["required"]) && optional {
			l.limit("%s is required after one that is not", where)
		}
		optional = optional || !yes(o["required"])
		l.choices(where+" choices", list(o["choices"]))
		if yes(o["autocomplete"]) && len(list(o["choices"])) > 0 {
			l.limit("%s has choices and autocompletion", where)
		}
		if n := number(o["max_length"]); o["max_length"] != nil && (n < 1 || n > 6000) {
			l.limit("%s has max_length %d", where, n)
		}
	}
}

// commandSize counts the text of a command; of each field the longest localisation counts.
func commandSize(o map[string]any) int {
	longest := func(field string) int {
		n := length(text(o[field]))
		for _, v := range object(o[field+"_localizations"]) {
			n = max(n, length(text(v)))
		}
		return n
	}
	n := longest("name") + longest("description")
	for _, c := range list(o["choices"]) {
		c := object(c)
		n += length(text(c["name"])) + length(fmt.Sprint(c["value"]))
	}
	for _, x := range list(o["options"]) {
		n += commandSize(object(x))
	}
	return n
}
