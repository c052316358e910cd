package lang

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"The U.S.-Mexico border, in the U.S.", "the u.s mexico border in the u.s"},
		{"Give us the US rule", "give us the u.s rule"},
		{"GIVE US BREAD", "give us bread"},
		{"H-2A and H2B, MS-13", "h2a and h2b ms13"},
		{"h-2b visas", "h2b visas"},
		{"1,600 km or 1.234.567 or 4,5 or 1,234.5 or 1.234,5", "1600 km or 1234567 or 4.5 or 1234.5 or 1234.5"},
		{"725km in the 1990s, the 20th", "725 km in the 1990s the 20"},
		{"Trump's don't López’s", "trump dont lopez"},
		{"co-operation long-term", "cooperation long term"},
		{"Migración ñandú ÁRBOL", "migracion nandu arbol"},
		{"U.N. y D.C.", "u.n y dc"},
		{"FY2023, fy2024", "fy 2023 fy 2024"},
		{"", ""},
		{"\xff\xfe a\x80b", "a b"},
		{"a.m. I am", "am i am"},
		{"end.A start", "end a start"},
	} {
		var got []string
		for _, tok := range Tokens(c.in) {
			got = append(got, tok.Fold)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("Tokens(%q) = %q, want %q", c.in, g, c.want)
		}
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, a, b string }{
		{English, "closures", "closure"},
		{English, "migrants", "migrant"},
		{Spanish, "migracion", "migraciones"},
		{Spanish, "mexicanos", "mexicana"},
		{Spanish, "cerraron", "cerrar"},
	} {
		if a, b := Stem(c.a, c.lang), Stem(c.b, c.lang); a != b {
			t.Errorf("%s: Stem(%q) = %q, Stem(%q) = %q", c.lang, c.a, a, c.b, b)
		}
	}
	if got := Stem("h2a", English); got != "h2a" {
		t.Errorf("Stem(h2a) = %q", got)
	}
}

func TestSpell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"hw many ppl came b4 it ended", "how many people came before it ended"},
		{"wats AMLO and PPL", "whats AMLO and PPL"},
		{"xq cerraron", "porque cerraron"},
		{"nothing to do", "nothing to do"},
		{"", ""},
	} {
		if got := Spell(c.in); got != c.want {
			t.Errorf("Spell(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"What did AMLO propose about work visas?", English},
		{"¿Qué propuso AMLO sobre las visas de trabajo?", Spanish},
		{"que propuso amlo sobre las visas", Spanish},
		{"visas de trabajo", Spanish},
		{"work visas", English},
		{"H-2A", ""},
		{"", ""},
	} {
		if got := Detect(c.in); got != c.want {
			t.Errorf("Detect(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"U.S.-Mexico", "H-2A 1,600.5", "don’t", "\xff.1,", "co-", "a.b.c.d", "1.2.3.4.5.6.7.8.9.10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, tok := range Tokens(s) {
			if tok.Start < end || tok.End <= tok.Start || tok.End > len(s) {
				t.Fatalf("token [%d,%d) after %d in %q", tok.Start, tok.End, end, s)
			}
			end = tok.End
			if tok.Fold == "" || len(tok.Fold) > maxFold+8 || !utf8.ValidString(tok.Fold) {
				t.Fatalf("fold %q of %q", tok.Fold, s[tok.Start:tok.End])
			}
			Stem(tok.Fold, English)
			Stem(tok.Fold, Spanish)
		}
		Detect(s)
	})
}

func BenchmarkTokens(b *testing.B) {
	text := strings.Repeat("Mexican officials said on Wednesday that 1,600 people had crossed the U.S. border. ", 200)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Tokens(text)
	}
}
