package verify

import (
	"strings"
	"sync"

	"policybot/corpus"
)

// checker checks claims in one language for one question.
type checker struct {
	lib      Library
	question string
	language string
}

// evidence is what one claim is checked against.
type evidence struct {
	lib      Library
	cites    []Citation
	claim    *statement
	source   *statement // the quotes, one after the other
	links    *links
	articles []*corpus.Article
	asOf     []corpus.Period
	quotes   []string
	question string
	stories  []*statement // of story, once asked for
}

// desk is the space in which one claim is checked, used again for others.
type desk struct {
	e             evidence
	claim, source statement
	links         links
}

var desks = sync.Pool{New: func() any { return new(desk) }}

// check checks a text against the citations taken together.
func (c *checker) check(text string, cites []Citation) Verdict {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	e := &d.e
	*e = evidence{lib: c.lib, cites: cites, question: c.question, articles: e.articles[:0], asOf: e.asOf[:0],
		quotes: e.quotes[:0], claim: &d.claim, source: &d.source, links: &d.links}
	for _, ct := range cites {
		a := c.lib.Article(ct.Article)
		e.articles = append(e.articles, a)
		e.asOf = append(e.asOf, a.AsOf(corpus.Span{Start: ct.Start, End: ct.End}))
		e.quotes = append(e.quotes, ct.Quote)
	}
	quotes := e.quotes[0]
	if len(e.quotes) > 1 {
		quotes = strings.Join(e.quotes, "\n")
	}
	e.claim.read(c.lib, text, c.language)
	e.source.read(c.lib, quotes, e.articles[0].Lang)
	var v Verdict
	if len(e.claim.toks) == 0 || len(e.source.toks) == 0 {
		v.fail("support", "no word to compare")
		return v
	}
	e.links.link(c.lib, e.claim, e.source)
	e.checkNumbers(&v)
	e.checkTimes(&v)
	e.checkDates(&v)
	e.checkNames(&v)
	e.checkPolarity(&v)
	e.checkHedges(&v)
	e.checkAttribution(&v)
	e.checkQuantities(&v)
	e.checkRoles(&v)
	e.checkSupport(&v)
	return v
}

// gap returns what stands between token i and the one before it: " ", or ", " after a comma.
func (s *statement) gap(i int) string { return s.text[s.toks[i-1].End:s.toks[i].Start] }

// show returns the words of tokens i to j of a claim.
func (s *statement) show(i, j int) string { return s.text[s.toks[i].Start:s.toks[j].End] }
