package corpus

import (
	"slices"
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{ // paragraphs with "|" between
		{"paragraphs", "One\ngoes on\nhere.\n\nTwo.", "One goes on here.|Two."},
		{"headings", "# One #\n## Two\n\nThree\n=====\nFour\n----\n#No heading\n####### Nor this", "One|Two|Three|Four|#No heading ####### Nor this"},
		{"list", "- One\n- Two\n  goes on\n\n  and has a second paragraph\n* Three\n+ Four\n1. Five\n2) Six", "One|Two goes on|and has a second paragraph|Three|Four|Five|Six"},
		{"nested list", "- One\n  - Two\n    1. Three\n- Four", "One|Two|Three|Four"},
		{"number in a paragraph", "It was in\n2018. A year ago.", "It was in 2018. A year ago."},
		{"quote", "> One\n> two\n\n> > Three", "One two|Three"},
		{"rules", "One\n\n---\n\n***\n_ _ _\nTwo", "One|Two"},
		{"emphasis", "*One* **two** ***three*** _four_ __five__ ~~six~~", "One two three four five six"},
		{"emphasis inside words", "un*frigging*believable, snake_case_name and 2*3*4", "unfriggingbelievable, snake_case_name and 234"},
		{"no emphasis", "2 * 3 * 4, * alone, a_ b _c, **open", "2 * 3 * 4, * alone, a_ b _c, **open"},
		{"nested emphasis", "**One *two* three** *a **b** c*", "One two three a b c"},
		{"links", "See [the *rule*](https://example.org/a_(b) \"T\"), [that][1] and <https://example.org>.\n\n[1]: https://example.org/x", "See the rule, that and https://example.org."},
		{"brackets that are no link", "He said [we] agreed [sic]. A [b] (c).", "He said [we] agreed [sic]. A [b] (c)."},
		{"image", "One ![a picture](p.png) two.", "One two."},
		{"code", "Run `go *test*` and ``a ` b``. A ` alone.", "Run go *test* and a ` b. A ` alone."},
		{"fence", "One\n```go\nx := *y\n\nz\n```\nTwo", "One|x := *y z|Two"},
		{"escapes", `\*not\* \_this\_ \# a \[b\](c) \\`, `*not* _this_ # a [b](c) \`},
		{"entities", "a &amp; b &lt;c&gt; &eacute;&#8212;&#x2014; &nope; &#0;", "a & b <c> é—— &nope; �"},
		{"html", "a <b class=\"x\">b</b><br>c <!-- hidden --> d < e > f", "a b c d < e > f"},
		{"comment of several lines", "One\n\n<!--\nhidden\n-->\nTwo", "One|Two"},
		{"hard breaks", "One  \ntwo\\\nthree", "One two three"},
		{"footnotes", "One.[^1] Two.\n\n[^1]: A note.", "One. Two.|A note."},
		{"table", "| a | b |\n|---|:-:|\n| c | *d* |", "a | b|c | d"},
		{"colon definitions stay", "[Editor]: we agree.", "[Editor]: we agree."},
		{"windows lines", "# One\r\n\r\nTwo\r\nthree\r\n- Four\r\n", "One|Two three|Four"},
		{"empty items", "-\n- \n- One\n*", "One"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := Parse("x.md", []byte(c.in), nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for p := range strings.SplitSeq(a.Text, paragraphBreak) {
				got = append(got, p)
			}
			// A table's cells are told apart by bars, too.
			if strings.Join(got, "|") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, "|"), c.want)
			}
		})
	}
}

func TestStatements(t *testing.T) {
	const in = `# A timeline

An introduction of several words stands here.

- [2018-12-05] **Signed** on [Wednesday](https://example.org).
- [2018] A year.
  It goes on.

  And has a second paragraph.
  - A point of it.
  - [2019-01] A later point.
- [2018-10/2018-12] A range.
- Not dated.
- [x] A task.
- [2018](https://example.org) is a link.
- [12] is a note.
1. [2020-02-29] A leap day.

[2018-12-05] A paragraph is not dated.
`
	a, err := Parse("x.md", []byte(in), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range a.Statements {
		got = append(got, s.AsOf.String()+": "+strings.ReplaceAll(a.Quote(s.Span), paragraphBreak, " / "))
	}
	want := []string{
		"2018-12-05: Signed on Wednesday.",
		"2018: A year. It goes on. / And has a second paragraph. / A point of it.",
		"2019-01: A later point.",
		"2018-10/2018-12: A range.",
		"2020-02-29: A leap day.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, s := range []string{"Not dated.", "[x] A task.", "2018 is a link.", "[12] is a note.", "[2018-12-05] A paragraph is not dated."} {
		if !strings.Contains(a.Text, s) {
			t.Errorf("%q is missing in %q", s, a.Text)
		}
	}
	checkArticle(t, a)
	for _, c := range Chunks(a) {
		t.Logf("%q", c.Text())
	}
}

// What is removed is a range of the source.
func TestRemovedPlaces(t *testing.T) {
	const in = "*Intro* of\u00a0the text with caf\u0065\u0301.\n\n- **Sign up** for our newsletter.\n- It ended well. (Reporting by Jane\u00a0Doe; editing by [Ann](x))\n"
	a, err := Parse("x.md", []byte(in), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Intro of the text with caf\u00e9.\n\nIt ended well."; a.Text != want {
		t.Errorf("text %q, want %q", a.Text, want)
	}
	var got []string
	for _, r := range a.Removed {
		got = append(got, r.Reason+": "+a.Raw[r.Start:r.End])
	}
	if want := []string{"boilerplate: **Sign up** for our newsletter.", "credit: (Reporting by Jane\u00a0Doe; editing by [Ann](x))"}; !slices.Equal(got, want) {
		t.Errorf("removed %q, want %q", got, want)
	}
}
