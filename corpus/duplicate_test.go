package corpus

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

// story returns a text of n sentences that depends on seed alone.
func story(seed uint64, n int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	syllables := []string{"ka", "lo", "mi", "ru", "te", "sa", "vo", "ne", "pi", "du"}
	var out []string
	for range n {
		var words []string
		for range 8 + r.IntN(12) {
			w := ""
			for range 2 + r.IntN(3) {
				w += syllables[r.IntN(len(syllables))]
			}
			words = append(words, w)
		}
		out = append(out, strings.Join(words, " ")+".")
	}
	return out
}

func TestDuplicates(t *testing.T) {
	wire := story(1, 30)
	edited := append([]string{"Another headline over the same report"}, wire[:28]...)
	edited[5] = "One sentence was written anew by the site."
	join := func(s []string) string { return strings.Join(s, " ") }
	art := func(id string, kind Kind, year int, text string) *Article {
		return &Article{ID: id, Kind: kind, Published: Date{Year: year}, Text: text}
	}
	brief := art("brief", Primary, 2010, join(wire))
	brief.Tags = []string{"brief"}
	for _, c := range []struct {
		name string
		in   []*Article
		want map[string]string
	}{
		{"none", []*Article{art("a", News, 2018, join(story(2, 30))), art("b", News, 2018, join(wire))}, map[string]string{}},
		{"the wire is kept", []*Article{art("a", News, 2018, join(edited)), art("b", Wire, 2019, join(wire)), art("c", Mirror, 2017, join(wire))}, map[string]string{"a": "b", "c": "b"}},
		{"primary before wire", []*Article{art("a", Wire, 2018, join(edited)), art("b", Primary, 2019, join(wire))}, map[string]string{"a": "b"}},
		{"the earlier", []*Article{art("a", News, 2019, join(wire)), art("b", News, 2018, join(edited))}, map[string]string{"a": "b"}},
		{"an unknown date is last", []*Article{art("a", News, 0, join(wire)), art("b", News, 2018, join(edited))}, map[string]string{"a": "b"}},
		{"the lesser id", []*Article{art("b", News, 2018, join(wire)), art("a", News, 2018, join(wire))}, map[string]string{"b": "a"}},
		{"an excerpt", []*Article{art("a", News, 2017, join(wire[:8])), art("b", News, 2018, join(wire))}, map[string]string{"a": "b"}},
		{"an excerpt from a closer source is no copy", []*Article{art("a", Primary, 2017, join(wire[:8])), art("b", News, 2018, join(wire))}, map[string]string{}},
		{"half in common", []*Article{art("a", News, 2017, join(wire[:15])+" "+join(story(3, 15))), art("b", News, 2018, join(wire))}, map[string]string{}},
		{"a quotation in common", []*Article{art("a", News, 2017, join(wire[:2])+" "+join(story(3, 20))), art("b", News, 2018, join(wire[:2])+" "+join(story(4, 20)))}, map[string]string{}},
		{"other case and marks", []*Article{art("a", News, 2017, strings.ToUpper(join(wire))), art("b", News, 2018, strings.ReplaceAll(join(wire), ".", "!"))}, map[string]string{"b": "a"}},
		{"short texts", []*Article{art("a", News, 2017, "The same few words."), art("b", News, 2018, "The same few words.")}, map[string]string{}},
		{"briefs", []*Article{brief, art("b", News, 2018, join(wire))}, map[string]string{}},
		{"a copy of a copied excerpt", []*Article{art("a", Mirror, 2017, join(wire[:8])), art("b", News, 2016, join(wire[:8])), art("c", News, 2018, join(wire))}, map[string]string{"a": "c", "b": "c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Duplicates(c.in); !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// Among many articles each copy is found, whatever their order.
func TestDuplicatesMany(t *testing.T) {
	var all []*Article
	want := map[string]string{}
	for i := range 400 {
		n := 3 + i%20
		s := story(uint64(100+i), n)
		a := &Article{ID: fmt.Sprintf("a%03d", i), Kind: Wire, Text: strings.Join(s, " ")}
		all = append(all, a)
		if i%4 == 0 {
			s = append([]string{"By our own correspondent in the capital."}, s...)
			b := &Article{ID: fmt.Sprintf("b%03d", i), Kind: Mirror, Text: strings.Join(s, "\n\n")}
			all = append(all, b)
			want[b.ID] = a.ID
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		if got := Duplicates(all); !maps.Equal(got, want) {
			t.Fatalf("got %d copies, want %d", len(got), len(want))
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
}
