package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sentence returns a sentence of n words.
func sentence(n int) string {
	return "The" + strings.Repeat(" word", n-2) + " ends."
}

func TestChunks(t *testing.T) {
	for _, c := range []struct {
		name  string
		paras []string // sentences by their numbers of words
		want  string   // words of each chunk
	}{
		{"one short sentence", []string{"5"}, "5"},
		{"a short article", []string{"20 10", "15"}, "45"},
		{"short paragraphs are packed", []string{"30", "35", "20", "45", "40 30"}, "65 65 70"},
		{"a long paragraph is cut", []string{"50 50 50 50 50 50"}, "100 100 100"},
		{"no sentence is cut", []string{"30 200 30"}, "30 200 30"},
		{"a small rest joins", []string{"40 40", "10"}, "90"},
		{"a rest that would make too much stays alone", []string{"60 60", "26"}, "120 26"},
		{"the headline goes with the text", []string{"9", "30 30", "60"}, "69 60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var paras []string
			for _, p := range c.paras {
				var sentences []string
				for f := range strings.FieldsSeq(p) {
					var n int
					fmt.Sscan(f, &n)
					sentences = append(sentences, sentence(n))
				}
				paras = append(paras, strings.Join(sentences, " "))
			}
			a := &Article{ID: "x", Text: strings.Join(paras, paragraphBreak), Lang: "en"}
			var got []string
			for _, ch := range Chunks(a) {
				got = append(got, fmt.Sprint(len(strings.Fields(ch.Text()))))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got chunks of %v words, want %v", got, c.want)
			}
			checkChunks(t, a)
		})
	}
}

func TestStatementChunks(t *testing.T) {
	a, err := Parse("x.md", []byte("# The title of it\n\nBefore.\n\n- [2018] One. More of one.\n- [2019] Two.\n\nBetween.\n\n- [2020] Three.\n\nAfter. The end."), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range Chunks(a) {
		got = append(got, strings.ReplaceAll(c.Text(), "\n\n", " / "))
	}
	want := []string{"The title of it / Before.", "One. More of one.", "Two.", "Between.", "Three.", "After. The end."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if id := Chunks(a)[1].ID(); id != "x#26-43" {
		t.Errorf("id %q", id)
	}
}

func TestChunksProperty(t *testing.T) {
	words := []string{"The", "talks", "U.S.", "Dr.", "ended", "“Yes,”", "he", "said.", "EE. UU.", "3.5", "¿No?", "etc.", "No. 5", "López", "…", "Inc."}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		paras := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(words), 1, 200), 1, 12).Draw(t, "paragraphs")
		dated := rapid.Bool().Draw(t, "dated")
		for _, p := range paras {
			if dated && len(p)%2 == 0 {
				b.WriteString("- [2018-12] ")
			}
			b.WriteString(strings.Join(p, " "))
			b.WriteString("\n\n")
		}
		a, err := Parse("x.md", []byte(b.String()), nil)
		if err != nil {
			t.Skip()
		}
		sentences := Sentences(a.Text, a.Lang)
		next := 0
		for _, c := range Chunks(a) {
			if c.Start != sentences[next].Start {
				t.Fatalf("chunk %v does not begin with sentence %v", c.Span, sentences[next])
			}
			n := 0
			for next < len(sentences) && sentences[next].End <= c.End {
				next++
				n++
			}
			if sentences[next-1].End != c.End {
				t.Fatalf("chunk %v ends inside a sentence", c.Span)
			}
			if size := len(strings.Fields(c.Text())); n > 1 && size > chunkFull+chunkRest && len(a.Statements) == 0 {
				t.Fatalf("a chunk of %d sentences has %d words", n, size)
			}
		}
		if next != len(sentences) {
			t.Fatalf("%d of %d sentences are in chunks", next, len(sentences))
		}
	})
}
