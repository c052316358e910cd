// Package corpus turns files into clean, dated articles and articles into chunks that can be cited.
//
//	files (.md .txt .html .pdf) → Article{Text, Statements, Removed} → Chunk{Start, End}
//
// An Article's Text is what may be quoted: NFC, without boilerplate, every paragraph once. All offsets
// of this package and its importers are byte offsets into Text, so a citation is Text[start:end] and
// nothing else. What cleaning took away stays in Raw and Removed, with the reason.
//
// The shipped library is embedded from briefs/, the vocabulary from lexicon.yaml.
package corpus

import (
	"fmt"
	"strings"
)

// Kind says how close a source stands to what it reports.
type Kind string

// The kinds of source, in falling order of preference between copies of one text.
const (
	Primary   Kind = "primary"   // the government, court, company or person itself
	Wire      Kind = "wire"      // a news agency
	News      Kind = "news"      // a newspaper, broadcaster or site
	Analysis  Kind = "analysis"  // research, law firms, advocacy, opinion
	Reference Kind = "reference" // encyclopaedias, guides
	Mirror    Kind = "mirror"    // somebody else's copy or rewrite
)

// Date is a day, a month (Day zero) or a year (Month and Day zero). The zero Date is unknown.
type Date struct{ Year, Month, Day int }

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// String gives the ISO 8601 form at the date's own precision: "2018-12-05", "2018-12", "2018" or "".
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Period is the time a statement speaks of: one date (To equal to From) or a range.
type Period struct{ From, To Date }

// IsZero reports whether the period is unknown.
func (p Period) IsZero() bool { return p == Period{} }

// String gives "2018-12-05", or "2018-10/2018-12" for a range.
func (p Period) String() string {
	if p.From == p.To || p.To.IsZero() {
		return p.From.String()
	}
	return p.From.String() + "/" + p.To.String()
}

// Span is a half-open byte range [Start, End) of an article's Text.
type Span struct{ Start, End int }

// Statement is a passage of a Text that carries a date of its own.
type Statement struct {
	Span
	AsOf Period
}

// Removal is a passage of Raw that cleaning took away.
type Removal struct {
	Span          // in Raw
	Reason string // one of a few fixed words: "boilerplate", "repeated", "widget", "credit", …
}

// Article is one source text. It is immutable once made: indexes and answers share it.
type Article struct {
	ID        string // file name without its ending; unique in a library
	Title     string
	Publisher string
	Author    string
	Published Date
	Updated   Date
	URL       string
	Lang      string // "en" or "es": the language of Text
	Kind      Kind
	Tags      []string
	Text      string
	// Statements are the dated passages of Text in order, without overlap. A passage outside all of
	// them is as of Published.
	Statements []Statement
	Raw        string // the text as read, before cleaning
	Removed    []Removal
}

// AsOf returns the date of the passage span: that of the statement it lies in, else the article's own.
func (a *Article) AsOf(span Span) Period {
	for _, s := range a.Statements {
		if span.Start < s.End && s.Start < span.End {
			return s.AsOf
		}
	}
	return Period{a.Published, a.Published}
}

// Quote returns Text[span]. It panics if span does not lie in Text.
func (a *Article) Quote(span Span) string { return a.Text[span.Start:span.End] }

// Brief reports whether the text is the library's own short account of the source rather than the
// source's words, so that a surface can say so beside the publisher's name.
func (a *Article) Brief() bool {
	for _, t := range a.Tags {
		if t == "brief" {
			return true
		}
	}
	return false
}

// Chunk is a run of whole sentences of one article, the unit of retrieval.
type Chunk struct {
	Article *Article
	Span
}

// Text returns the chunk's citable text.
func (c Chunk) Text() string { return c.Article.Text[c.Start:c.End] }

// ID names the chunk within a library: article id and byte range.
func (c Chunk) ID() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s#%d-%d", c.Article.ID, c.Start, c.End)
	return b.String()
}

// Digest returns the hex SHA-256 of all that an answer can show of the article or depend on: two articles
// with one digest are the same. What cleaning removed does not count.
func (a *Article) Digest() string {
	h := newDigest()
	for _, s := range []string{a.ID, a.Title, a.Publisher, a.Author, a.URL, a.Lang, string(a.Kind), a.Text} {
		h.string(s)
	}
	h.date(a.Published)
	h.date(a.Updated)
	h.int(len(a.Tags))
	for _, t := range a.Tags {
		h.string(t)
	}
	h.int(len(a.Statements))
	for _, s := range a.Statements {
		h.int(s.Start)
		h.int(s.End)
		h.date(s.AsOf.From)
		h.date(s.AsOf.To)
	}
	return h.hex()
}
