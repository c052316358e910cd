package eval

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"policybot/answer"
)

// marker is a citation marker in an answer's text.
var marker = regexp.MustCompile(` ?\[(\d{1,4})\]`)

func withoutMarkers(text string) string { return marker.ReplaceAllString(text, "") }

// check returns the promises of the design that an answer breaks, in words; none is what is promised.
func (l *library) check(c Case, a answer.Answer) []string {
	var broken []string
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }

	if a.Status == answer.Answered && len(a.Claims) == 0 {
		say("answered without a claim")
	}
	if strings.TrimSpace(a.Text) == "" {
		say("no text")
	}
	if len(a.Claims) > 0 && a.AsOf == "" {
		say("no date")
	}

	// Every claim with its proof, verbatim, and sources numbered in the order of first use.
	asked := c.Question
	for _, t := range c.History {
		asked += "\n" + t.Q + "\n" + t.A
	}
	number := make(map[string]int)
	var order []string
	for i, claim := range a.Claims {
		if len(claim.Citations) == 0 {
			say("claim %d is not cited", i+1)
		}
		proof := asked
		for _, cite := range claim.Citations {
			article := l.articles[cite.Article]
			switch {
			case article == nil:
				say("claim %d cites %q, which is no article", i+1, cite.Article)
			case cite.Start < 0 || cite.Start >= cite.End || cite.End > len(article.Text):
				say("claim %d cites [%d, %d) of %s, which is %d long", i+1, cite.Start, cite.End, cite.Article, len(article.Text))
			case article.Text[cite.Start:cite.End] != cite.Quote:
				say("claim %d quotes %s otherwise than it stands", i+1, cite.Article)
			case !utf8.ValidString(cite.Quote):
				say("claim %d cuts a character of %s", i+1, cite.Article)
			}
			proof += "\n" + cite.Quote
			if number[cite.Article] == 0 {
				order = append(order, cite.Article)
				number[cite.Article] = len(order)
			}
			if cite.N != number[cite.Article] {
				say("claim %d numbers %s %d, the order of first use says %d", i+1, cite.Article, cite.N, number[cite.Article])
			}
		}
		for _, thing := range unproven(claim.Text, proof) {
			say("claim %d: %q stands neither in what it cites nor in the question", i+1, thing)
		}
		if !strings.Contains(plain(withoutMarkers(a.Text)), plain(withoutMarkers(claim.Text))) {
			say("claim %d is not in the text", i+1)
		}
	}
	var listed []string
	for i, s := range a.Sources {
		if s.N != i+1 {
			say("source %d of the list is numbered %d", i+1, s.N)
		}
		listed = append(listed, s.Article)
	}
	if !slices.Equal(listed, order) {
		say("the list of sources is %v, cited are %v", listed, order)
	}
	var marked []int
	for _, m := range marker.FindAllStringSubmatch(a.Text, -1) {
		n, _ := strconv.Atoi(m[1]) // at most four digits
		if !slices.Contains(marked, n) {
			marked = append(marked, n)
		}
	}
	for i, n := range marked {
		if n != i+1 {
			say("markers of the text come in the order %v", marked)
			break
		}
	}
	if len(marked) != len(order) {
		say("the text marks %d sources, %d are cited", len(marked), len(order))
	}
	return broken
}

// digits is a number as written, with its separators.
var digits = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// unproven returns the numbers and proper names (months and weekdays among them) of a claim that do
// not stand in its proof. A word counts as a name if it has a capital letter and does not open a
// sentence.
func unproven(claim, proof string) []string {
	var missing []string
	numbers := digits.FindAllString(proof, -1)
	for _, n := range digits.FindAllString(claim, -1) {
		if !slices.Contains(numbers, n) {
			missing = append(missing, n)
		}
	}
	known := make(map[string]bool)
	for _, w := range words(plain(proof)) {
		known[w] = true
	}
	end := 0 // of the word before
	for i, p := range places(claim) {
		r, _ := utf8.DecodeRuneInString(claim[p.start:])
		opens := i == 0 || strings.ContainsAny(claim[end:p.start], ".!?:;\"“”«»¿¡‘'’(\n—")
		end = p.end
		if unicode.IsUpper(r) && !opens && !known[plain(p.word)] {
			missing = append(missing, claim[p.start:p.end])
		}
	}
	return missing
}
