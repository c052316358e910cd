package answer

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"  a\tb\n c ", "a b c"},
		{"a\u202eb\u200b\u2066c", "abc"},
		{"a\x00\x1b[31mb", "a[31mb"},
		{"\xff\xfea", "a"},
		{"", ""},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		q    string
		lang string
		want want
	}{
		{"How many visas were issued?", "en", wantNumber},
		{"¿Cuántas visas se emitieron?", "es", wantNumber},
		{"When did it close?", "en", wantDate},
		{"Which month did the programme start?", "en", wantDate},
		{"¿Cuándo cerró?", "es", wantDate},
		{"Why did ranchers complain?", "en", wantReason},
		{"y did they leave", "en", wantReason},
		{"¿Por qué se quejaron?", "es", wantReason},
		{"Who led the talks?", "en", wantPerson},
		{"¿Quién encabezó la delegación?", "es", wantPerson},
		{"Where were they taken?", "en", wantPlace},
		{"Did Mexico agree?", "en", wantTruth},
		{"¿Aceptó México el acuerdo?", "es", wantTruth},
		{"What did the letter suggest?", "en", wantAny},
		{"Hi mods! Quick one: who led the talks?", "en", wantPerson},
	} {
		p := planFor(Question{Text: c.q})
		if p.lang != c.lang || p.want != c.want {
			t.Errorf("%q: lang %s want %d, expected %s %d", c.q, p.lang, p.want, c.lang, c.want)
		}
	}
}

func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		q    string
		want bool
	}{
		{"Can I apply for an H-2A visa if my brother is there?", true},
		{"My cousin overstayed, should he turn himself in? My lawyer is away", true},
		{"¿Puedo pedir asilo si ya me deportaron?", true},
		{"¿Debo pedir asilo?", true},
		{"¿Debería solicitar asilo o una visa de trabajo?", true},
		{"¿Por qué México debería pedir más visas?", false},
		{"What did my senator say about visas?", false},
		{"Can Guatemalans apply for H-2B visas?", false},
		{"¿Qué visas puede dar México?", false},
		{"How many of my countrymen crossed?", false},
	} {
		if got := planFor(Question{Text: c.q}).advice; got != c.want {
			t.Errorf("advice(%q) = %v", c.q, got)
		}
	}
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	h := []Turn{{Q: "How many caravans did the Guard stop in 2018?"}}
	p := planFor(Question{Text: "and in 2023?", History: h})
	if !p.followUp || p.want != wantNumber || !strings.Contains(p.context, "caravans") {
		t.Errorf("and in 2023?: %+v", p)
	}
	p = planFor(Question{Text: "What did Union Pacific tell its customers in December?", History: h})
	if p.followUp {
		t.Errorf("a question that stands alone leans on its history: %+v", p)
	}
	p = planFor(Question{Text: "How many encounters were there in fiscal year 2022?", History: h})
	if p.followUp {
		t.Errorf("a question that stands alone leans on its history: %+v", p)
	}
	p = planFor(Question{Text: "How many were sent there?", History: h})
	if !p.followUp {
		t.Errorf("there is no place that this points to: %+v", p)
	}
	// Somebody else goes on from a follow-up: the questions before that were not hers.
	p = planFor(Question{Text: "and in 2022?", History: []Turn{{Q: "and in 2023?", A: "The Guard stopped 12 caravans. [1]"}}})
	if !strings.Contains(p.context, "caravans") {
		t.Errorf("what was said before is lost: %q", p.context)
	}
}

func FuzzPlan(f *testing.F) {
	for _, s := range []string{"Who led: what?", "¿y en 2023?", "a: b: c?", "\xff\x00", "how many 1,000.5 km?", strings.Repeat("why ", 50)} {
		f.Add(s, "earlier?")
	}
	f.Fuzz(func(t *testing.T, s, h string) {
		p := planFor(Question{Text: s, History: []Turn{{Q: h}}})
		if p.lang != "en" && p.lang != "es" {
			t.Fatalf("language %q", p.lang)
		}
		if p.text != Clean(p.text) {
			t.Fatalf("not clean: %q", p.text)
		}
	})
}
