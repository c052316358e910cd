package bot

import (
	"math"
	"strings"
	"testing"
)

func TestCustomID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		want customID
		ok   bool
	}{
		{"v1:src:42", customID{verbSources, 42, ""}, true},
		{"v1:src:42:1", customID{verbSources, 42, "1"}, true},
		{"v1:ask:7:private", customID{verbFollow, 7, "private"}, true},
		{"v1:list:0:3", customID{verbList, 0, "3"}, true},
		{"v1:up:9223372036854775807", customID{verbUp, math.MaxInt64, ""}, true},
		{"v1:up:9223372036854775808", customID{}, false},
		{"v1:up:-1", customID{}, false},
		{"v1:up:01", customID{}, false},
		{"v1:up:+1", customID{}, false},
		{"v1:up:", customID{}, false},
		{"v1:up", customID{}, false},
		{"v2:up:1", customID{}, false},
		{"v1:drop:1", customID{}, false},
		{"v1:src:1:", customID{}, false},
		{"v1:src:1:A", customID{}, false},
		{"v1:src:1:a:b", customID{}, false},
		{"v1:src:1: ", customID{}, false},
		{"v1:src:1:" + strings.Repeat("1", 33), customID{}, false},
		{" v1:src:1", customID{}, false},
		{"", customID{}, false},
	} {
		got, ok := parseCustomID(c.s)
		if got != c.want || ok != c.ok {
			t.Errorf("parseCustomID(%q) = %v, %t", c.s, got, ok)
		}
	}
}

func TestCustomIDPage(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]int{"": 0, "0": 0, "3": 3, "-1": 0, "x": 0, "99999999999999999999": 0} {
		if got := (customID{Arg: arg}).Page(); got != want {
			t.Errorf("page of %q is %d, want %d", arg, got, want)
		}
	}
}

func FuzzCustomID(f *testing.F) {
	for _, s := range []string{"v1:src:42:1", "v1:ask:0", "v1:near:1:0", "v1::", ":::", "v1:src:1:a-b", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := parseCustomID(s)
		if !ok {
			if id != (customID{}) {
				t.Fatalf("%q gives %v though it is none", s, id)
			}
			return
		}
		if id.String() != s || len(s) > maxCustomID || !verbs[id.Verb] || id.No < 0 {
			t.Fatalf("%q is read as %v", s, id)
		}
	})
}
