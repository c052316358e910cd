package discordtest

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

var page = flag.String("html", "", "write the sample page to this file, to look at it")

func TestMarkdown(t *testing.T) {
	t.Parallel()
	md := markup{name: func(kind byte, id string) string { return string(kind) + "name" + id }}
	for _, test := range []struct{ in, want string }{
		{"plain", "<div>plain</div>"},
		{"a\n\nb", `<div>a</div><div class="gap"></div><div>b</div>`},
		{"**bold** *it* _it_ __u__ ~~s~~ ***both*** ||sp||", `<div><b>bold</b> <i>it</i> <i>it</i> <u>u</u> <s>s</s> <b><i>both</i></b> <span class="spoiler">sp</span></div>`},
		{"**bold *and it* there**", "<div><b>bold <i>and it</i> there</b></div>"},
		{"2 * 3 * 4 snake_case_name **open", "<div>2 * 3 * 4 snake_case_name **open</div>"},
		{`\*no\* \_no\_ \[1\] \\`, `<div>*no* _no_ [1] \</div>`},
		{"# One\n## Two\n### Three\n#no\n-# small", `<h1>One</h1><h2>Two</h2><h3>Three</h3><div>#no</div><div class="small">small</div>`},
		{"- one\n  - two\n3. three", `<div class="item"><span class="mark">•</span><span>one</span></div><div class="item deeper"><span class="mark">•</span><span>two</span></div><div class="item"><span class="mark">3.</span><span>three</span></div>`},
		{"> quoted\n> more\nafter", "<blockquote><div>quoted</div><div>more</div></blockquote><div>after</div>"},
		{">>> all\nthe rest", "<blockquote><div>all</div><div>the rest</div></blockquote>"},
		{"`code *x*` ``a`b``", "<div><code>code *x*</code> <code>a`b</code></div>"},
		{"```go\nx := 1\n*y*\n```\nafter", "<pre>x := 1\n*y*</pre><div>after</div>"},
		{"```open", "<div>```open</div>"},
		{"[1](https://example.org/a_(b)) [t](<https://example.org>)", `<div><a href="https://example.org/a_(b)">1</a> <a href="https://example.org">t</a></div>`},
		{"[x](javascript:alert(1)) [https://a.example](<https://b.example>)", `<div>[x](javascript:alert(1)) [<a href="https://a.example](">https://a.example](</a><a href="https://b.example">https://b.example</a>)</div>`},
		{"https://example.org/a_b_c. <https://example.org>", `<div><a href="https://example.org/a_b_c">https://example.org/a_b_c</a>. <a href="https://example.org">https://example.org</a></div>`},
		{"<@12> <#34> <t:0:D>", `<div><span class="mention">@name12</span> <span class="mention">#name34</span> <span class="mention">1 January 1970 00:00</span></div>`},
		{`<script>"&'`, "<div>&lt;script&gt;&#34;&amp;&#39;</div>"},
	} {
		if got := md.block(test.in); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.in, got, test.want)
		}
	}
	if got := (markup{noMasked: true}).inline("[a](https://example.org)", 0); !strings.HasPrefix(got, "[a](") {
		t.Errorf("a title with a masked link: %s", got)
	}
	if got := (markup{noHeadings: true}).block("# a"); got != "<div># a</div>" {
		t.Errorf("a field with a heading: %s", got)
	}
}

// balanced says what is wrong with a piece of HTML: tags that do not match or that nobody meant to be there,
// and links to elsewhere than the web.
func balanced(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return "left open: " + strings.Join(open, " ")
			}
			return ""
		case html.StartTagToken:
			tok := z.Token()
			if !slices.Contains([]string{"a", "b", "blockquote", "code", "div", "h1", "h2", "h3", "i", "pre", "s", "span", "u"}, tok.Data) {
				return "tag " + tok.Data
			}
			for _, a := range tok.Attr {
				web := strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "http://")
				if a.Key != "class" && (a.Key != "href" || !web) {
					return "attribute " + a.Key + "=" + a.Val
				}
			}
			open = append(open, tok.Data)
		case html.EndTagToken:
			tok := z.Token()
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				return "closes " + tok.Data
			}
			open = open[:len(open)-1]
		case html.CommentToken, html.DoctypeToken, html.SelfClosingTagToken:
			return "a comment or the like"
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"**a *b* c**", "```x\ny```z", "[a](https://b)", "> - # x", "\\", "`", "<!--", "||**", "[[](https://x)](https://y)", ">>> > ```", "***_~~||", "<t:99999999999999>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4000 {
			t.Skip()
		}
		if why := balanced(markup{}.block(s)); why != "" {
			t.Errorf("%q became %q: %s", s, markup{}.block(s), why)
		}
	})
}

// sample is a story with every kind of thing that is pictured.
func sample(t *testing.T) *Server {
	t.Helper()
	s := NewServer(t, Options{Hosts: []string{"example.org"}})
	help := s.Guild("Clinic").Channel("help")
	alice, bob := s.User("alice").In(help), s.User("bob", Locale("es-ES")).In(help)
	say := func(i *Interaction, path, body string) {
		t.Helper()
		method := "PATCH"
		if path == "" {
			method, path = "POST", i.callbackPath()
		} else {
			path = i.hookPath() + path
		}
		if a := do(t, s, method, path, body); a.status >= 300 {
			t.Fatalf("%s: %d %v", i, a.status, a.body)
		}
	}
	ask := alice.Slash("ask", Opt("question", "How many permits were given in 2023?"))
	say(ask, "", `{"type":5}`)
	s.Advance(2 * time.Minute)
	say(ask, "/messages/@original", `{`+quiet+`,"embeds":[{"color":3447003,"description":"The ministry gave **41,250** seasonal permits in 2023 [1], up from 38,900 the year before [2].\n\n-# As of 27 December 2023",
		"fields":[{"name":"Sources","value":"[1] Example Gazette, 2023-12-27 — [Permits reach a new height](https://example.org/a)\n[2] Example Wire, 2022-12-30 — [The year in permits](https://example.org/b)"},
			{"name":"Year","value":"2023","inline":true},{"name":"Language","value":"English","inline":true}],"footer":{"text":"Not legal advice"}}],
		"components":[{"type":1,"components":[{"type":2,"style":2,"label":"Sources","custom_id":"s"},{"type":2,"style":1,"label":"Follow up","custom_id":"f"},
			{"type":2,"style":2,"emoji":{"name":"👍"},"custom_id":"u"},{"type":2,"style":2,"emoji":{"name":"👎"},"custom_id":"d"}]},
			{"type":1,"components":[{"type":2,"style":5,"label":"Open [1]","url":"https://example.org/a"},{"type":2,"style":3,"label":"Share","custom_id":"x","disabled":true}]}]}`)
	m := ask.WaitReply()
	src := bob.Press(m, "Sources")
	say(src, "", `{"type":4,"data":{"content":"**[1] Permits reach a new height**\n> The ministry gave 41,250 seasonal permits.\n-# Example Gazette · 27 December 2023 · [open](<https://example.org/a>)\n\n`+"`code`"+`\n1. one\n- two\n  - three","flags":64,`+quiet+`}}`)
	down := alice.Press(m, "👎")
	say(down, "", `{"type":4,"data":{"content":"What is wrong with it?","flags":64,`+quiet+`,"components":[{"type":1,"components":[{"type":3,"custom_id":"w","placeholder":"Reason","options":[
		{"label":"Outdated","value":"o","description":"There is newer evidence"},{"label":"Another reason","value":"x"}]}]}]}}`)
	form := alice.Press(m, "Follow up")
	say(form, "", `{"type":9,"data":{"custom_id":"q","title":"Ask a follow-up","components":[{"type":1,"components":[{"type":4,"style":2,"custom_id":"q","label":"Your question","placeholder":"and in 2022?"}]}]}}`)
	form.WaitModal()
	pick := bob.Autocomplete("sources", "topic", "per")
	say(pick, "", `{"type":8,"data":{"choices":[{"name":"Permits","value":"p"},{"name":"Permisos","value":"q"}]}}`)
	post := bob.Mention("¿cuántos **permisos**?")
	if a := do(t, s, "POST", "/channels/"+help.ID+"/messages", `{"content":"Ese año fueron 41.250 [1].",`+quiet+`,"message_reference":{"message_id":"`+post.ID+`"}}`); a.status != 200 {
		t.Fatal(a)
	}
	post.WaitAnswer()
	thinking := alice.Slash("about")
	say(thinking, "", `{"type":5,"data":{"flags":64}}`)
	return s
}

// TestHTML renders a sample. go test -run TestHTML -html FILE writes it, to be looked at.
func TestHTML(t *testing.T) {
	t.Parallel()
	var pages [2]bytes.Buffer
	for n := range pages {
		if err := sample(t).HTML(&pages[n]); err != nil {
			t.Fatal(err)
		}
	}
	got := pages[0].String()
	if got != pages[1].String() {
		t.Error("two renderings of the same story differ")
	}
	if *page != "" {
		if err := os.WriteFile(*page, pages[0].Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		`<main class="dark phone" style="width:390px">`, `<main class="light desktop" style="width:900px">`, "<header>#help · Clinic</header>",
		`<b>alice</b> used <span class="command">/ask</span>`, "<b>41,250</b>", `<div class="small">As of 27 December 2023</div>`, `border-left-color:#3498db`,
		`<a href="https://example.org/a">Permits reach a new height</a>`, `<div class="field inline">`, `<span class="button primary">Follow up</span>`,
		`<span class="button success off">Share</span>`, `Open [1] <span class="out">↗</span>`, "Only you can see this", "<small>There is newer evidence</small>",
		"<h2>Ask a follow-up</h2>", `<div class="popup"><div>Permits</div>`, `<span class="mention">@policybot</span>`, "policybot is thinking…", `<time>12:02</time>`,
	} {
		if n := strings.Count(got, want); n == 0 {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, no := range []string{"<script", "src=", "url(", "@import"} {
		if strings.Contains(got, no) {
			t.Errorf("the page holds %s", no)
		}
	}
	if n := strings.Count(got, "<main"); n != 4 {
		t.Errorf("%d frames", n)
	}
	doc, err := html.Parse(strings.NewReader(got))
	if err != nil || doc == nil {
		t.Errorf("page: %v", err)
	}
	var one bytes.Buffer
	if err := sample(t).HTML(&one, Look{"light", 390}); err != nil || strings.Count(one.String(), "<main") != 1 {
		t.Errorf("one look: %v, %d frames", err, strings.Count(one.String(), "<main"))
	}
}
