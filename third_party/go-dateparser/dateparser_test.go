package dateparser

import "testing"

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Published December 5, 2018 at 5:45 p.m.", "2018-12-05"},
		{"Wed 5 Dec 2018 17:45 EST", "2018-12-05"},
		{"May 3rd, 2020", "2020-05-03"},
		{"Publicado el 5 de diciembre de 2018", "2018-12-05"},
		{"1 de marzo del 2021", "2021-03-01"},
		{"February 30, 2018", ""},
		{"March 2018", ""},
		{"5 December", ""},
		{"they may 5 times 2018", ""},
		{"", ""},
	} {
		got := ""
		d, err := (&Parser{}).Parse(nil, c.in)
		if err == nil {
			got = d.Time.Format("2006-01-02")
		}
		if got != c.want {
			t.Errorf("Parse(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
