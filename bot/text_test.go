package bot

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain words", "The ferry costs 5 pesos.", "The ferry costs 5 pesos."},
		{"spanish", "¿Cuántas visas, según el señor Núñez?", "¿Cuántas visas, según el señor Núñez?"},
		{"bold and more", "a *b* __c__ ~~d~~ ||e|| `f`", `a \*b\* \_\_c\_\_ \~\~d\~\~ \|\|e\|\| ` + "\\`f\\`"},
		{"backslash", `a\*b`, `a\\\*b`},
		{"masked link", "[free](https://evil.example)", `\[free\]\(https:` + zwsp + `//evil.example\)`},
		{"what looks like a citation", "so it says [2]", `so it says \[2\]`},
		{"heading", "# big", `\# big`},
		{"number sign within", "highway #5", "highway #5"},
		{"list", "- item", `\- item`},
		{"plus list", "+ item", `\+ item`},
		{"small text", "-# tiny", `\-# tiny`},
		{"numbered list", "12. item", `12\. item`},
		{"a decimal at the start", "3.5 million", `3\.5 million`},
		{"a decimal within", "about 3.5 million", "about 3.5 million"},
		{"quotation", "> said", `\> said`},
		{"a fence and its lines", "```go\nrm -rf\n```", "\\`\\`\\`go rm -rf \\`\\`\\`"},
		{"everyone", "@everyone @here", "@" + zwsp + "everyone @" + zwsp + "here"},
		{"a person", "<@123> <@!123> <@&9>", "<" + zwsp + "@" + zwsp + "123\\> <" + zwsp + "@" + zwsp + "!123\\> <" + zwsp + "@" + zwsp + "&9\\>"},
		{"channel, command, time, guide, emoji", "<#1></ask:2><t:3:R><id:home><:e:4><a:e:5>",
			"<" + zwsp + "#1\\><" + zwsp + "/ask:2\\><" + zwsp + "t:3:R\\><" + zwsp + "id:home\\><" + zwsp + ":e:4\\><" + zwsp + "a:e:5\\>"},
		{"a hidden character in a mention", "@\u200beveryone <\u2060@1>", "@" + zwsp + "everyone <" + zwsp + "@" + zwsp + "1\\>"},
		{"bare address", "see http://evil.example/a_b", "see http:" + zwsp + `//evil.example/a\_b`},
		{"another scheme", "discord://-/x steam://run", "discord:" + zwsp + "//-/x steam:" + zwsp + "//run"},
		{"invitation", "join Discord.gg/abc or discordapp.com/invite/x", "join Discord." + zwsp + "gg/abc or discordapp." + zwsp + "com/invite/x"},
		{"bidi", "pay \u202etxt.exe\u202c \u2066x\u2069", "pay txt.exe x"},
		{"zero width and fillers", "a\u200b\u200d\ufeffb\u3164\u2800\ufe0f", "ab"},
		{"control", "a\x00\x1b[31mb\tc\u0085d", `a\[31mb c d`},
		{"a pile of marks", "e" + strings.Repeat("\u0301", 40), "e" + strings.Repeat("\u0301", maxMarks)},
		{"not UTF-8", "a\xffb", "a b"},
		{"nothing", " \n\t ", ""},
	} {
		if got := Escape(c.in); got != c.want {
			t.Errorf("%s: Escape(%q)\n got %q\nwant %q", c.name, c.in, got, c.want)
		}
	}
}

// shows undoes what Escape does, as a client does when it shows the text.
func shows(escaped string) string {
	var b strings.Builder
	skip := false
	for _, r := range strings.ReplaceAll(escaped, zwsp, "") {
		if r == '\\' && !skip {
			skip = true
			continue
		}
		skip = false
		b.WriteRune(r)
	}
	return b.String()
}

var invitation = regexp.MustCompile(`(?i)discord(app)?\.\w`)

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a *b*", "@everyone", "<@1> <@&2> <#3> </a:4> <t:5> <id:6> <:e:7> <a:e:8>", "[a](https://b.example)", "```", "\\", "\\\\`", "1. a", "-# x",
		"> x", "||x||", "discord.gg/x", "\u202e\u200b\u3164", "e\u0301\u0301\u0301\u0301\u0301", "\xff\xfe", "a\r\nb", "<https://x.example>", "[1](x) [2][3] [4]: y", "<\ufe0f@1>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := Escape(s)
		if !utf8.ValidString(e) || strings.ContainsAny(e, "\n\r") {
			t.Fatalf("Escape(%q) = %q: not one line of UTF-8", s, e)
		}
		if shows(e) != plain(s) {
			t.Fatalf("Escape(%q) shows %q, not %q", s, shows(e), plain(s))
		}
		if liveMention().MatchString(e) || strings.Contains(e, "<@") || strings.Contains(e, "<#") || strings.Contains(e, "</") || strings.Contains(e, "<:") {
			t.Fatalf("Escape(%q) = %q: a mention", s, e)
		}
		if strings.Contains(e, "://") || invitation.MatchString(e) {
			t.Fatalf("Escape(%q) = %q: an address", s, e)
		}
		for i, r := range e {
			if strings.ContainsRune("*_~|`>[]()", r) && !escaped(e, i) {
				t.Fatalf("Escape(%q) = %q: markup at %d", s, e, i)
			}
			if string(r) != zwsp && (unicode.In(r, unicode.Cf, unicode.Cc) || invisible(r)) {
				t.Fatalf("Escape(%q) = %q: %U cannot be seen", s, e, r)
			}
		}
		if strings.HasPrefix(e, "#") || strings.HasPrefix(e, "-") || strings.HasPrefix(e, "+") {
			t.Fatalf("Escape(%q) = %q: markup at the start of the line", s, e)
		}
		if again := Escape(shows(e)); again != e {
			t.Fatalf("Escape of what is shown: %q, then %q", e, again)
		}
		var lint faults
		for _, ctx := range []string{e, small + "[1] " + e, quoting + "“" + e + "”", "**" + e + "**"} {
			if lint.markdown("text", ctx); len(lint) > 0 {
				t.Fatalf("Escape(%q) = %q: %v", s, e, lint.err())
			}
		}
	})
}

func TestLabel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"words are not cut in two here", 20, "words are not cut…"},
		{"Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"},
		{"one\ntwo\tthree", 80, "one two three"},
		{"😀😀😀😀😀", 6, "😀😀…"},
		{"cafe\u0301s", 5, "caf…"}, // not between a letter and its accent
		{"", 5, ""},
	} {
		got := label(c.in, c.limit)
		if got != c.want {
			t.Errorf("label(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
		if width(got) > c.limit {
			t.Errorf("label(%q, %d) = %q has %d units", c.in, c.limit, got, width(got))
		}
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "año": 3, "😀": 2, "e\u0301": 2, "\xff": 1} {
		if got := width(s); got != want {
			t.Errorf("width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"https://news.example/a?b=c&d=e#f", "https://news.example/a?b=c&d=e#f"},
		{"http://news.example/", "http://news.example/"},
		{" https://news.example/a ", "https://news.example/a"},
		{"https://news.example/a(b)", "https://news.example/a%28b%29"},
		{"https://news.example/a b", "https://news.example/a%20b"},
		{"https://news.example/<>\"", "https://news.example/%3C%3E%22"},
		{"https://news.example/año", "https://news.example/a%C3%B1o"},
		{"javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"ftp://news.example/", ""},
		{"//news.example/a", ""},
		{"https://", ""},
		{"https://user:pw@news.example/", ""},
		{"https://news.example/" + strings.Repeat("a", maxURL), ""},
		{"not an address", ""},
		{"", ""},
	} {
		if got := safeURL(c.in); got != c.want {
			t.Errorf("safeURL(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFragmentURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, address, quote, want string }{
		{"short", "https://news.example/a", "The strike cost $2 million.", "https://news.example/a#:~:text=The%20strike%20cost%20%242%20million."},
		{"what has a meaning there", "https://news.example/a", "well-known, red & blue", "https://news.example/a#:~:text=well%2Dknown%2C%20red%20%26%20blue"},
		{"long", "https://news.example/a", "one two three four five six seven eight nine ten eleven", "https://news.example/a#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven"},
		{"a fragment is there", "https://news.example/a#top", "red", "https://news.example/a#top:~:text=red"},
		{"accents", "https://news.example/a", "el pilar número dos", "https://news.example/a#:~:text=el%20pilar%20n%C3%BAmero%20dos"},
		{"markup", "https://news.example/a", "a_b ~ (c) *d*", "https://news.example/a#:~:text=a%5Fb%20%7E%20%28c%29%20%2Ad%2A"},
		{"a document that is no page", "https://news.example/a.PDF", "red", "https://news.example/a.PDF"},
		{"no words", "https://news.example/a", " ", "https://news.example/a"},
		{"words without end", "https://news.example/a", strings.Repeat("x", 400), "https://news.example/a"},
		{"no address", "javascript:x", "red", ""},
	} {
		got := fragmentURL(c.address, c.quote)
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if safeLink(got) != got {
			t.Errorf("%s: as a link %s becomes %s", c.name, got, safeLink(got))
		}
		if _, err := url.Parse(got); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, address, want string }{
		{"Ferry strike", "https://news.example/a", "[Ferry strike](<https://news.example/a>)"},
		{"A [fine] (title) *with* `marks` ~ | \\ _ < >", "https://news.example/a", "[A fine title with marks](<https://news.example/a>)"},
		{"See https://evil.example/x now", "https://news.example/a", "[See https evil example/x now](<https://news.example/a>)"},
		{"@everyone read #rules 😀 ★", "https://news.example/a", "[everyone read rules](<https://news.example/a>)"},
		{"The U.S. and 3.5 percent", "https://news.example/a", "[The U.S. and 3.5 percent](<https://news.example/a>)"},
		{"Ferry strike", "javascript:x", "Ferry strike"},
		{"***", "https://news.example/a", ""},
		{strings.Repeat("long title ", 20), "https://news.example/a", "[" + label(strings.Repeat("long title ", 20), maxLinkText) + "](<https://news.example/a>)"},
	} {
		if got := masked(c.text, c.address); got != c.want {
			t.Errorf("masked(%q, %q) = %q, want %q", c.text, c.address, got, c.want)
		}
	}
}

func FuzzMasked(f *testing.F) {
	f.Add("Ferry strike", "https://news.example/a", "one two three")
	f.Add("[x](y)", "https://news.example/a>)b", ">) <")
	f.Add("x\ny", "HTTPS://[::1]/", "a-b,c&d")
	f.Add("\\", "https://news.example/#:~:text=a", "\xff")
	f.Fuzz(func(t *testing.T, text, address, quote string) {
		for _, a := range []string{address, fragmentURL(address, quote)} {
			l := masked(text, a)
			var lint faults
			if lint.markdown("link", small+"[1] "+l+" after"); len(lint) > 0 {
				t.Fatalf("masked(%q, %q) = %q: %v", text, a, l, lint.err())
			}
			if n := len(linkTarget().FindAllString(l, -1)); n > 1 || n == 1 && safeLink(a) == "" {
				t.Fatalf("masked(%q, %q) = %q", text, a, l)
			}
			if got := atoms(l); strings.HasPrefix(l, "[") && len(got) != 1 {
				t.Fatalf("masked(%q, %q) = %q is read as %q", text, a, l, got)
			}
		}
	})
}
