package corpus

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// TestClean reads the pages in testdata/clean, written after the manner of many sites, and compares what
// is left of them, and what was taken away and why, with the files beside them.
func TestClean(t *testing.T) {
	files, err := filepath.Glob("testdata/clean/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test pages", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, err := Parse(filepath.Base(file), data, nil)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			fmt.Fprintf(&b, "title: %s\nauthor: %s\npublished: %s\nlang: %s\n\n", a.Title, a.Author, a.Published, a.Lang)
			for p := range strings.SplitSeq(a.Text, paragraphBreak) {
				fmt.Fprintf(&b, "= %s\n", p)
			}
			b.WriteString("\n")
			for _, r := range a.Removed {
				fmt.Fprintf(&b, "- %s: %s\n", r.Reason, strings.ReplaceAll(a.Raw[r.Start:r.End], "\n", " ⏎ "))
			}
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
			}
		})
	}
}

// TestCleanTwice puts lines of the test pages together at random: what is left of a page is always clean.
func TestCleanTwice(t *testing.T) {
	files, err := filepath.Glob("testdata/clean/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test pages", err)
	}
	var lines []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.Split(string(data), "\n")...)
	}
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range rounds {
		var b strings.Builder
		for range 2 + r.IntN(14) {
			line := lines[r.IntN(len(lines))]
			switch r.IntN(12) {
			case 0:
				line = line[:cutPoint(line+" .")%(len(line)+1)]
			case 1:
				line += " " + lines[r.IntN(len(lines))]
			case 2:
				line += lines[r.IntN(len(lines))]
			}
			b.WriteString(strings.ToValidUTF8(line, ""))
			b.WriteString([]string{"\n", "\n\n", "\n"}[r.IntN(3)])
		}
		meta := &Meta{Lang: "en"}
		if r.IntN(2) == 0 {
			meta.Title = lines[r.IntN(len(lines))]
		}
		a, err := Parse("x.txt", []byte(b.String()), meta)
		if err != nil {
			continue // nothing but white space
		}
		checkArticle(t, a)
		again, err := Parse("x.txt", []byte(a.Text), meta)
		if err != nil {
			t.Fatal(err)
		}
		if again.Text != a.Text {
			t.Fatalf("of\n%s\nis left\n%s\nand of that\n%s", b.String(), a.Text, again.Text)
		}
	}
}
