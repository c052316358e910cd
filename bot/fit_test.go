package bot

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

func TestCutMarkdown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		limit    int
		want     string
	}{
		{"fits", "as it is [1]", 12, "as it is [1]"},
		{"at a word", "one two three four", 12, "one two…"},
		{"in a word without end", "abcdefghijklmnop", 6, "abcde…"},
		{"marker is whole or gone", "claim [12] more", 9, "claim…"},
		{"marker is whole or gone, kept", "claim [12] more", 11, "claim [12]…"},
		{"escape is whole or gone", `abcde\*f`, 7, "abcde…"},
		{"link is whole or gone", "see [a](<https://news.example/>) now", 20, "see…"},
		{"bold is closed", "**bold text that goes on**", 14, "**bold text…**"},
		{"fence is closed", "```\ncode that goes on for long\n```", 20, "```\ncode that…\n```"},
		{"nothing else opens in code", "```\n** a b c d e f g h\n```", 16, "```\n** a b…\n```"},
		{"emoji is whole or gone", "ab😀😀", 4, "ab…"},
		{"accent stays on its letter", "abe\u0301xyz", 4, "ab…"},
		{"a broken mention stays broken", "abc @" + zwsp + "everyone", 6, "abc…"},
		{"hardly any room", "abcdef", 1, "…"},
		{"no room", "abcdef", 0, ""},
	} {
		got := cutMarkdown(c.in, c.limit)
		if got != c.want || width(got) > c.limit {
			t.Errorf("%s: cutMarkdown(%q, %d) = %q, want %q", c.name, c.in, c.limit, got, c.want)
		}
	}
}

// numbersListed and citedIn are the numbers of the sources in the list and in the text above it.
func numbersListed(content string) (ns []string) {
	for _, l := range strings.Split(content, "\n") {
		if m := sourceLine().FindStringSubmatch(l); m != nil {
			ns = append(ns, m[1])
		}
	}
	return ns
}

func citedIn(content string) (ns []string) {
	body, _ := parts(content)
	for _, a := range atoms(strings.Join(body, "\n")) {
		if n := strings.Trim(a, "[]"); isMarker(a) && !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns
}

func TestFitContent(t *testing.T) {
	t.Parallel()
	tail := "\n\n" + warning + "Old.\n-# As of 2018\n-# [1] Coast Wire, 2018 — [One](<https://news.example/1>)\n-# [2] El Faro, 2018 — [Two](<https://news.example/2>)\n-# [3] Herald, 2018"
	for _, c := range []struct {
		name, in string
		cited    string
		holds    []string
		not      []string
	}{
		{"last claims go with their sources", "> **Question?**\n\n" + times(300, "word ") + "[1]\n\n" + times(60, "more ") + "[2]\n\n" + times(60, "last ") + "[3]" + tail,
			"1", []string{"> **Question?**", "-# [1] Coast", "✂️", "Old."}, []string{"-# [2]", "-# [3]", "last"}},
		{"one long claim keeps its markers", "> **Question?**\n\n" + times(600, "word ") + "[1] [3]" + tail,
			"1 3", []string{"> **Question?**", "… [1] [3]\n", "-# [3] Herald", "✂️"}, []string{"-# [2]"}},
		{"a list below that is too long loses its links", times(60, "word ") + "[1] [2] [3]\n\n-# [1] [" + times(10, "x") + "](<https://news.example/" + times(400, "a") + ">)\n-# [2] [" +
			times(10, "x") + "](<https://news.example/" + times(450, "b") + ">)\n-# [3] [" + times(10, "x") + "](<https://news.example/" + times(450, "c") + ">)\n-# " + times(500, "n"),
			"1 2 3", []string{"-# [1] xxxxxxxxxx\n"}, []string{"https"}},
	} {
		got := fit(Outgoing{Content: c.in, lang: "en"}).Content
		if err := Lint(Outgoing{Content: got}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if s := strings.Join(citedIn(got), " "); s != c.cited || strings.Join(numbersListed(got), " ") != c.cited {
			t.Errorf("%s: cites %s, lists %s\n%s", c.name, s, numbersListed(got), got)
		}
		for _, s := range c.holds {
			if !strings.Contains(got, s) {
				t.Errorf("%s: %q is not in\n%s", c.name, s, got)
			}
		}
		for _, s := range c.not {
			if strings.Contains(got, s) {
				t.Errorf("%s: %q is in\n%s", c.name, s, got)
			}
		}
	}
}

var halfMarker = regexp.MustCompile(`\[\d+…`)

// FuzzFit holds that any message fits once fitted, that fitting again changes nothing, and that a list
// of sources never names what is not cited.
func FuzzFit(f *testing.F) {
	f.Add("claim [1]\n\n-# [1] Coast Wire, 2018", "title", "https://news.example/", "label", "v1:src:1", 1)
	f.Add("**bold [1]\n```", "[x](y)", "javascript:x", "", "x", 700)
	f.Add("> q\n\na \\* [1] [2]\n⚠️ w\n-# [1] [t](<https://a.example/>)\n-# [2] x", "@everyone", "https://a.example/(x)", "\u202e", "v1:src:1:2", 90)
	f.Add("@every\u202eone <@\u200b1> </x:1>", "a://b", "//x", "é", "v1:why:3", 3)
	f.Add("\xff[1](<https://a.example/>)](<x", "```", "https://a.example/#:~:text=x", "😀", "", 400)
	f.Fuzz(func(t *testing.T, content, title, address, text, id string, n int) {
		n = max(0, n%900)
		m := Outgoing{lang: "es", ReplyTo: id, Nonce: text}
		m.Content = content + "\n\n" + strings.Repeat(content+" ", n/max(1, len(content)/8+1))
		for range n % 13 {
			m.Embeds = append(m.Embeds, &discordgo.MessageEmbed{Title: title, URL: address, Description: strings.Repeat(content, n%40),
				Fields: []*discordgo.MessageEmbedField{{Name: title, Value: content}, nil}, Footer: &discordgo.MessageEmbedFooter{Text: text}})
		}
		for range n % 7 {
			m.Rows = append(m.Rows, Row{{Type: kindButton, Style: n % 6, Label: text, CustomID: id, URL: address},
				{Type: kindButton, Style: 2, Label: strings.Repeat(text, n), CustomID: "v1:src:7"}, {Type: kindSelect, CustomID: "v1:why:7", Options: []SelectOption{{Label: title, Value: id}}}})
		}
		got := fit(m)
		if err := Lint(got); err != nil {
			t.Fatalf("%v\n%q", err, drawn(got))
		}
		if again := fit(got); drawn(again) != drawn(got) {
			t.Fatalf("fit again gives\n%s\nafter\n%s", drawn(again), drawn(got))
		}
		if halfMarker.MatchString(got.Content) && !halfMarker.MatchString(m.Content) {
			t.Fatalf("a marker is cut in\n%s", got.Content)
		}
	})
}
