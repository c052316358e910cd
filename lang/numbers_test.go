package lang

import (
	"fmt"
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"more than half a million migrants", "500000"},
		{"half a dozen, half-dozen, a dozen, two dozen, media docena, dos docenas", "6 6 12 24 6 24"},
		{"500 mil personas", "500000"},
		{"$2 billion and 2.000 millones de dólares", "2e+09$ 2e+06|2e+09$"},
		{"725km of 3,200 km", "725km 3200km"},
		{"11% or 11 percent or 11 por ciento", "11% 11% 11%"},
		{"five days, twenty-five years, two decades", "5day 25year 2decade"},
		{"in 2023 there were 2023 people", "2023y 2023y"},
		{"1.600 km", "1.6|1600km"},
		{"1,000 miles (1,600 kilometers)", "1000mile 1600km"},
		{"one of the things", "1"},
		{"a dozen; medio", "12"},
		{"302 203 personas, 1 200 000 dólares", "302203 1200000$"},
		{"in 2023 500 people, May 5 300 boats, 12 34 567", "2023y 500 5 300 12 34567"},
		{"3 mil 500 pesos, 2 millones 200 mil", "3500 2200000"},
		{"12 mil 430 y 10 mil, 500 de ellos", "12430 10000 500"},
		{"treinta y cinco días; veintidós horas; treinta y una", "35day 22hour 31"},
		{"ciento veinte mil; 5 por ciento; trescientas", "120000 5% 300"},
		{"one hundred and twenty miles, two hundred fifty thousand, twenty and five", "120mile 250000 20 5"},
		{"once años; once mil; once again; once a year; once day broke", "11year 11000"},
		{"", ""},
	} {
		var got []string
		for _, n := range Numbers(c.in) {
			s := fmt.Sprint(n.Value)
			if n.Value >= 1000 && n.Value < 1e9 {
				s = fmt.Sprintf("%.0f", n.Value)
			}
			if n.Value == 2e6 {
				s = "2e+06"
			}
			if n.Alt != 0 {
				s += "|" + strings.TrimSuffix(fmt.Sprint(n.Alt), ".0")
			}
			s += n.Unit
			if n.Year {
				s += "y"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("Numbers(%q) = %q, want %q", c.in, g, c.want)
		}
	}
}

func TestNumberSame(t *testing.T) {
	t.Parallel()
	one := func(s string) Number { return Numbers(s)[0] }
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"half a million", "500,000", true},
		{"2.000 millones", "2 billion", true},
		{"1.600 km", "1,600 km", true},
		{"725 km", "725 miles", false},
		{"five days", "5 days", true},
		{"11%", "12%", false},
		{"2", "20", false},
	} {
		if got := one(c.a).Same(one(c.b)); got != c.want {
			t.Errorf("%q same as %q: %v", c.a, c.b, got)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"on 5 December 2018", "2018-12-5"},
		{"December 5, 2018 and Dec. 5", "2018-12-5 0-12-5"},
		{"el 5 de diciembre de 2018", "2018-12-5"},
		{"mayo de 2023; in May 2023; in May", "2023-5-0 2023-5-0 0-5-0"},
		{"they may march", ""},
		{"2018-12-05", "2018-12-5"},
		{"in 2020, FY2023", "2020-0-0 2023-0-0f"},
		{"1,600 or 20 people", ""},
		{"2000 millones de pesos; en 2021 millones de peces", "2021-0-0"},
	} {
		var got []string
		for _, d := range Dates(c.in) {
			s := fmt.Sprintf("%d-%d-%d", d.Year, d.Month, d.Day)
			if d.Fiscal {
				s += "f"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("Dates(%q) = %q, want %q", c.in, g, c.want)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"half a million", "2.000 millones de dólares", "twenty-five percent", "2018-12-05", "5 de mayo de", "1.1.1.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, n := range Numbers(s) {
			if n.Start < 0 || n.End > len(s) || n.Start >= n.End {
				t.Fatalf("number [%d,%d) of %q", n.Start, n.End, s)
			}
			if !n.Same(n) {
				t.Fatalf("%v is not itself", n)
			}
		}
		for _, d := range Dates(s) {
			if d.Start < 0 || d.End > len(s) || d.Start >= d.End {
				t.Fatalf("date [%d,%d) of %q", d.Start, d.End, s)
			}
		}
	})
}
