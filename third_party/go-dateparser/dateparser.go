// Package dateparser stands in for github.com/markusmobius/go-dateparser, which go-trafilatura reaches
// through go-htmldate. The original builds the tables of 200 languages at every start of a program that
// links it, 78 MB and a quarter of a second or more, whether a web page is read or not. This package has
// the part of its interface that go-htmldate calls and reads dates written out in English and Spanish,
// the two languages of this program. It shares no code with the original.
package dateparser

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// ParserType names a way of parsing. It is accepted and not used.
type ParserType uint8

// The ways of parsing that go-htmldate asks for.
const (
	CustomFormat ParserType = iota
	AbsoluteTime
)

// PreferredDateSource says where an incomplete date lies. It is accepted and not used: incomplete dates
// are not read.
type PreferredDateSource uint8

// Past prefers past dates.
const Past PreferredDateSource = 1

// Configuration configures Parse. It is accepted and not used.
type Configuration struct {
	PreferredDateSource PreferredDateSource
	StrictParsing       bool
}

// Parser parses dates. The zero value is ready to use.
type Parser struct{ ParserTypes []ParserType }

// Date is a parsed date.
type Date struct{ Time time.Time }

// errNoDate says that a text holds no complete date.
var errNoDate = errors.New("dateparser: no date with day, month and year")

// Parse reads the first complete date in s with a month written out: "December 5, 2018",
// "5 de diciembre de 2018", "Wed 5 Dec 2018 17:45 EST". The time of day is dropped.
func (p *Parser) Parse(cfg *Configuration, s string) (Date, error) {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		m := month(w)
		if m == 0 {
			continue
		}
		// Day before or after the month; year after both.
		next := i + 1
		day := 0
		if i > 0 {
			day = number(words[i-1], 31)
		}
		if day == 0 && i > 1 && words[i-1] == "de" {
			day = number(words[i-2], 31)
		}
		if day == 0 && next < len(words) {
			if day = number(words[next], 31); day > 0 {
				next++
			}
		}
		for next < len(words) && (words[next] == "de" || words[next] == "del") {
			next++
		}
		if day == 0 || next >= len(words) || len(words[next]) != 4 {
			continue
		}
		year, err := strconv.Atoi(words[next])
		if err != nil || year < 1000 {
			continue
		}
		t := time.Date(year, m, day, 0, 0, 0, 0, time.UTC)
		if t.Day() == day {
			return Date{t}, nil
		}
	}
	return Date{}, errNoDate
}

// number reads a day of the month, with an English ordinal ending or not; 0 if s is none.
func number(s string, most int) int {
	for _, end := range [...]string{"st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, end)
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0
	}
	return n
}

// month reads the English or Spanish name of a month or its abbreviation; 0 if s is none.
func month(s string) time.Month {
	switch s {
	case "january", "jan", "enero", "ene":
		return time.January
	case "february", "feb", "febrero":
		return time.February
	case "march", "mar", "marzo":
		return time.March
	case "april", "apr", "abril", "abr":
		return time.April
	case "may", "mayo":
		return time.May
	case "june", "jun", "junio":
		return time.June
	case "july", "jul", "julio":
		return time.July
	case "august", "aug", "agosto", "ago":
		return time.August
	case "september", "sept", "sep", "septiembre", "setiembre":
		return time.September
	case "october", "oct", "octubre":
		return time.October
	case "november", "nov", "noviembre":
		return time.November
	case "december", "dec", "diciembre", "dic":
		return time.December
	}
	return 0
}
