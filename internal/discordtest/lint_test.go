package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func FuzzLint(f *testing.F) {
	for _, body := range []string{`{"type":4,"data":{"content":"x"}}`, `[{"name":"a","options":[{"options":[null]}]}]`, `{"components":[{"type":17,"components":[{"type":9,"accessory":{}}]}]}`, `null`, `[]`, `{"embeds":[1]}`} {
		for r := range 4 {
			f.Add(r, body)
		}
	}
	names := []string{"POST /interactions/{i}/{t}/callback", "PATCH /webhooks/{a}/{t}/messages/{m}", "POST /channels/{c}/messages", "PUT /applications/{a}/commands"}
	f.Fuzz(func(t *testing.T, route int, body string) {
		hosts := []string{"example.org"}
		name := names[uint(route)%uint(len(names))]
		hard, soft := lintBody(name, []byte(body), 0, hosts)
		hard2, soft2 := lintBody(name, []byte(body), 0, hosts)
		if !slices.Equal(hard, hard2) || !slices.Equal(soft, soft2) {
			t.Errorf("two looks at %s gave %q %q and %q %q", body, hard, soft, hard2, soft2)
		}
	})
}

// TestLint has a body for each limit and rule, one step over it, and what is just within.
func TestLint(t *testing.T) {
	t.Parallel()
	const (
		callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
		edit     = "PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}"
		follow   = "POST /webhooks/{application_id}/{interaction_token}"
		channel  = "POST /channels/{channel_id}/messages"
		commands = "PUT /applications/{application_id}/commands"
	)
	x := func(n int) string { return strings.Repeat("x", n) }
	many := func(n int, each string) string {
		var out []string
		for k := range n {
			out = append(out, strings.ReplaceAll(each, "#", fmt.Sprint(k)))
		}
		return strings.Join(out, ",")
	}
	content := func(s string) string {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return `{"content":` + string(raw) + `,` + quiet + `}`
	}
	embeds := func(s string) string { return `{"embeds":[` + s + `],` + quiet + `}` }
	row := func(s string) string { return `{"type":1,"components":[` + s + `]}` }
	parts := func(s string) string { return `{"content":"x","components":[` + s + `],` + quiet + `}` }
	modal := func(s string) string {
		return `{"type":9,"data":{"custom_id":"m","title":"T","components":[` + s + `]}}`
	}
	const button, input = `{"type":2,"style":2,"label":"L","custom_id":"b#"}`, `{"type":4,"style":1,"custom_id":"i#","label":"L"}`
	for _, test := range []struct{ route, body, want string }{
		{edit, content(x(2000)), ""},
		{edit, content(x(2001)), "content has 2001"},
		{edit, content(strings.Repeat("😀", 1000)), ""},
		{edit, content(strings.Repeat("😀", 1000) + "x"), "content has 2001"},
		{channel, content(x(2001)), "content has 2001"},
		{callback, `{"type":4,"data":` + content(x(2001)) + `}`, "content has 2001"},
		{callback, `{"type":7,"data":` + content(x(2001)) + `}`, "content has 2001"},

		{edit, `{"content":"x"}`, "no allowed_mentions"},
		{edit, `{"content":"x","allowed_mentions":null}`, "no allowed_mentions"},
		{edit, `{"content":"x","allowed_mentions":{}}`, "parse is <nil>"},
		{edit, `{"content":"x","allowed_mentions":{"parse":null}}`, "parse is <nil>"},
		{follow, `{"content":"x","allowed_mentions":{"parse":["users"]}}`, "parse is [users]"},
		{follow, `{"content":"x","allowed_mentions":{"parse":[],"users":["1"]}}`, "lets somebody be pinged"},
		{channel, `{"content":"x","allowed_mentions":{"parse":[],"replied_user":true}}`, "lets somebody be pinged"},
		{callback, `{"type":5}`, ""},
		{callback, `{"type":5,"data":{"flags":64}}`, ""},
		{callback, `{"type":5,"data":{"content":"x"}}`, "a deferral with a message"},
		{callback, `{"type":6}`, ""},

		{edit, content("hi @everyone"), "mention \"@everyone\""},
		{edit, content("hi \\\\@here!"), "mention \"@here\""},
		{edit, content("<@123>"), "mention"},
		{edit, content("<@!123>"), "mention"},
		{edit, content("<@&123>"), "mention"},
		{edit, embeds(`{"description":"<@123>"}`), "mention"},
		{edit, content("@\u200beveryone <\u200b@123> a@hereford"), ""},
		{edit, parts(row(`{"type":2,"style":2,"label":"@here","custom_id":"b"}`)), "mention"},

		{edit, content("see https://example.org/a and <https://EXAMPLE.org:443/b>."), ""},
		{edit, content("see https://evil.example/a"), "links to evil.example"},
		{edit, content("see HTTP://evil.example"), "links to evil.example"},
		{edit, content("[x](https://evil.example)"), "links to evil.example"},
		{edit, content("[x](<https://example.org@evil.example/>)"), "links to evil.example"},
		{edit, content("[x](https://example.org.evil.example/)"), "links to example.org.evil.example"},
		{edit, content("[x](javascript:alert)"), "scheme \"javascript\""},
		{edit, content("[x](discord://x)"), "scheme \"discord\""},
		{edit, content(`[x\](javascript:alert)`), ""},
		{edit, content(`[x\\](javascript:alert)`), "scheme"},
		{edit, embeds(`{"title":"x","url":"https://evil.example"}`), "links to evil.example"},
		{edit, embeds(`{"fields":[{"name":"n","value":"https://evil.example"}]}`), "links to evil.example"},
		{edit, embeds(`{"title":"[x](https://example.org)"}`), "masked link"},
		{edit, parts(row(`{"type":2,"style":5,"label":"L","url":"https://evil.example"}`)), "links to evil.example"},
		{edit, parts(row(`{"type":2,"style":5,"label":"L","url":"https://example.org/"}`)), ""},
		{edit, content("abc\u202edef"), "U+202E"},
		{edit, content("abc\u2066def"), "U+2066"},
		{edit, content("abc\u0085def"), "U+0085"},
		{edit, `{"content":"abc\u0007def",` + quiet + `}`, "U+0007"},
		{edit, content("abc\n\tdef ñ 👩\u200d🏫"), ""},

		{edit, embeds(many(10, `{"title":"#"}`)), ""},
		{edit, embeds(many(11, `{"title":"#"}`)), "11 embeds"},
		{edit, embeds(`{"title":"` + x(256) + `","description":"` + x(4096) + `"}`), ""},
		{edit, embeds(`{"title":"` + x(257) + `"}`), "title has 257"},
		{edit, embeds(`{"description":"` + x(4097) + `"}`), "description has 4097"},
		{edit, embeds(`{"footer":{"text":"` + x(2049) + `"}}`), "footer has 2049"},
		{edit, embeds(`{"author":{"name":"` + x(257) + `"}}`), "author has 257"},
		{edit, embeds(`{"fields":[` + many(25, `{"name":"n","value":"v"}`) + `]}`), ""},
		{edit, embeds(`{"fields":[` + many(26, `{"name":"n","value":"v"}`) + `]}`), "26 fields"},
		{edit, embeds(`{"fields":[{"name":"` + x(257) + `","value":"v"}]}`), "name has 257"},
		{edit, embeds(`{"fields":[{"name":"n","value":"` + x(1025) + `"}]}`), "value has 1025"},
		{edit, embeds(`{"fields":[{"name":"n","value":" "}]}`), "value is empty"},
		{edit, embeds(`{"description":"` + x(3000) + `"},{"description":"` + x(3001) + `"}`), "6001 characters in all"},
		{edit, embeds(`{"title":"a","url":"https://example.org"},{"title":"b","url":"https://example.org"}`), "url of another embed"},

		{edit, parts(many(5, row(button))), ""},
		{edit, parts(many(6, row(button))), "6 action rows"},
		{edit, parts(row(many(5, button))), ""},
		{edit, parts(row(many(6, button))), "6 buttons"},
		{edit, parts(row("")), "empty row"},
		{edit, parts(row(`{"type":2,"style":2,"label":"L","custom_id":"a"},{"type":2,"style":2,"label":"L","custom_id":"a"}`)), "there twice"},
		{edit, parts(row(`{"type":2,"style":2,"label":"L"}`)), "custom_id has 0"},
		{edit, parts(row(`{"type":2,"style":2,"label":"L","custom_id":"` + x(101) + `"}`)), "custom_id has 101"},
		{edit, parts(row(`{"type":2,"style":2,"label":"L","custom_id":"why did it rise?"}`)), "more than ids"},
		{edit, parts(row(`{"type":2,"style":2,"label":"` + x(81) + `","custom_id":"a"}`)), "label has 81"},
		{edit, parts(row(`{"type":2,"style":2,"custom_id":"a"}`)), "neither label nor emoji"},
		{edit, parts(row(`{"type":2,"style":9,"label":"L","custom_id":"a"}`)), "style 9"},
		{edit, parts(row(`{"type":2,"style":5,"label":"L","url":"https://example.org/` + x(500) + `"}`)), "url has 520"},
		{edit, parts(row(`{"type":2,"style":5,"label":"L","url":"https://example.org","custom_id":"a"}`)), "link with a custom_id"},
		{edit, parts(row(`{"type":2,"style":2,"label":"L","url":"https://example.org","custom_id":"a"}`)), "is no link"},
		{edit, parts(row(`{"type":3,"custom_id":"s","options":[` + many(25, `{"label":"l","value":"#"}`) + `]}`)), ""},
		{edit, parts(row(`{"type":3,"custom_id":"s","options":[` + many(26, `{"label":"l","value":"#"}`) + `]}`)), "26 options"},
		{edit, parts(row(`{"type":3,"custom_id":"s","options":[]}`)), "0 options"},
		{edit, parts(row(`{"type":3,"custom_id":"s","options":[{"label":"l","value":"1"},{"label":"m","value":"1"}]}`)), "there twice"},
		{edit, parts(row(`{"type":3,"custom_id":"s","placeholder":"` + x(151) + `","options":[{"label":"l","value":"1"}]}`)), "placeholder has 151"},
		{edit, parts(row(`{"type":3,"custom_id":"s","options":[{"label":"` + x(101) + `","value":"1"}]}`)), "label has 101"},
		{edit, parts(row(button + `,{"type":3,"custom_id":"s","options":[{"label":"l","value":"1"}]}`)), "1 buttons and 1 selects"},
		{edit, parts(row(input)), "belongs into a modal"},
		{edit, parts(`{"type":10,"content":"x"}`), "needs the flag"},
		{edit, `{"flags":32768,"components":[{"type":10,"content":"x"}],` + quiet + `}`, ""},
		{edit, `{"flags":32768,"content":"x","components":[{"type":10,"content":"x"}],` + quiet + `}`, "no content and no embeds"},
		{edit, `{"flags":32768,"components":[` + many(2, `{"type":10,"content":"`+x(2001)+`"}`) + `],` + quiet + `}`, "4002 characters in all"},

		{channel, `{"content":"x","flags":64,` + quiet + `}`, "cannot be ephemeral"},
		{channel, `{"content":"x","nonce":"` + x(26) + `",` + quiet + `}`, "nonce has 26"},

		{callback, `{"type":8,"data":{"choices":[` + many(25, `{"name":"n","value":"v"}`) + `]}}`, ""},
		{callback, `{"type":8,"data":{"choices":[` + many(26, `{"name":"n","value":"v"}`) + `]}}`, "26 choices"},
		{callback, `{"type":8,"data":{"choices":[{"name":"` + x(101) + `","value":"v"}]}}`, "name has 101"},
		{callback, `{"type":8,"data":{"choices":[{"name":"n","value":"` + x(101) + `"}]}}`, "value has 101"},

		{callback, modal(many(5, row(input))), ""},
		{callback, modal(many(6, row(input))), "6 components"},
		{callback, modal(row(many(2, input))), "2 components"},
		{callback, `{"type":9,"data":{"custom_id":"m","title":"` + x(46) + `","components":[` + row(input) + `]}}`, "title has 46"},
		{callback, modal(row(`{"type":4,"style":1,"custom_id":"i","label":"` + x(46) + `"}`)), "label has 46"},
		{callback, modal(row(`{"type":4,"style":3,"custom_id":"i","label":"l"}`)), "style 3"},
		{callback, modal(row(`{"type":4,"style":1,"custom_id":"i","label":"l","placeholder":"` + x(101) + `"}`)), "placeholder has 101"},
		{callback, modal(row(`{"type":4,"style":1,"custom_id":"i","label":"l","max_length":4001}`)), "max_length 4001"},
		{callback, modal(row(`{"type":4,"style":1,"custom_id":"i","label":"l","value":"abc","max_length":2}`)), "longer than its max_length"},
		{callback, modal(many(2, row(strings.ReplaceAll(input, "#", "")))), "there twice"},

		{commands, `[{"name":"ask","description":"d"},{"name":"Check this","type":3}]`, ""},
		{commands, `[{"name":"Ask","description":"d"}]`, "is no name"},
		{commands, `[{"name":"a b","description":"d"}]`, "is no name"},
		{commands, `[{"name":"ask"}]`, "description has 0"},
		{commands, `[{"name":"ask","description":"` + x(101) + `"}]`, "description has 101"},
		{commands, `[{"name":"ask","description":"d"},{"name":"ask","description":"d"}]`, "there twice"},
		{commands, `[{"name":"Check","type":3,"description":"d"}]`, "no description"},
		{commands, `[{"name":"ask","description":"d","name_localizations":{"es-MX":"p"}}]`, "no locale \"es-MX\""},
		{commands, `[{"name":"ask","description":"d","name_localizations":{"es-ES":"Preguntar"}}]`, "is no name"},
		{commands, `[{"name":"ask","description":"d","options":[{"type":3,"name":"a","description":"d"},{"type":3,"name":"b","description":"d","required":true}]}]`, "required after"},
		{commands, `[{"name":"ask","description":"d","options":[{"type":3,"name":"a","description":"d","name_localizations":{"es-ES":"x"}},{"type":3,"name":"b","description":"d","name_localizations":{"es-ES":"x"}}]}]`, "stands for two options"},
		{commands, `[{"name":"ask","description":"d","options":[` + many(26, `{"type":3,"name":"o#","description":"d"}`) + `]}]`, "26 options"},
		{commands, `[{"name":"ask","description":"d","options":[{"type":3,"name":"a","description":"d","max_length":6001}]}]`, "max_length 6001"},
		{commands, `[{"name":"ask","description":"d","options":[` + many(25, `{"type":3,"name":"o#","description":"`+x(100)+`","choices":[{"name":"`+x(100)+`","value":"`+x(100)+`"},{"name":"`+x(50)+`","value":"v"}]}`) + `]}]`, "8000 are allowed"},
		{commands, `[` + many(101, `{"name":"c#","description":"d"}`) + `]`, "101 commands of type 1"},
		{commands, `[` + many(16, `{"name":"C#","type":3}`) + `]`, "16 commands of type 3"},
	} {
		hard, soft := lintBody(test.route, []byte(test.body), 0, []string{"example.org"})
		got := strings.Join(slices.Concat(hard, soft), "; ")
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s %.300s:\n got %q\nwant %q", test.route, test.body, got, test.want)
		}
	}
}

// TestSchema: the description finds what it says, in words; what it is known to be wrong about is let pass.
func TestSchema(t *testing.T) {
	t.Parallel()
	sp, err := openSpec("")
	if err != nil {
		t.Fatal(err)
	}
	if sp == nil {
		t.Skip("Discord's description is not beside this checkout")
	}
	const (
		callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
		commands = "PUT /applications/{application_id}/commands"
	)
	for _, test := range []struct{ route, body, want string }{
		{callback, `{"type":4,"data":{"content":"x","components":[{"type":1,"components":[{"type":2,"style":2,"label":"L","custom_id":"a"}]}]}}`, ""},
		{callback, `{"type":4,"data":{"content":7}}`, "content"},
		{callback, `{"type":4,"data":{"components":[{"type":1,"components":[{"type":2,"style":2,"label":"` + strings.Repeat("x", 81) + `","custom_id":"a"}]}]}}`, "label"},
		{callback, `{"type":4,"data":{"embeds":[{"title":"` + strings.Repeat("x", 257) + `"}]}}`, "title"},
		{callback, `{"type":5}`, ""},
		{callback, `{"type":8,"data":{"choices":[]}}`, ""},
		{callback, `{"type":9,"data":{"title":"T","components":[]}}`, "custom_id"},
		{callback, `{"type":77}`, "no callback of type"},
		{commands, `[{"name":"ask","description":"d","default_member_permissions":"32","contexts":[0,1]}]`, ""},
		{commands, `[{"name":"ask","description":"d","contexts":[]}]`, "contexts"},
		{commands, `[{"description":"d"}]`, "name"},
		{"PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}", `{"embeds":[{"url":"not a url"}]}`, "url"},
		{"POST /channels/{channel_id}/messages", `{"content":"x","nonce":"1","enforce_nonce":"yes"}`, "enforce_nonce"},
	} {
		got := ""
		if err := sp.validate(test.route, []byte(test.body)); err != nil {
			got = err.Error()
		}
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s %.200s:\n got %q\nwant %q", test.route, test.body, got, test.want)
		}
	}
}
