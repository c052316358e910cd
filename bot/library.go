package bot

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"policybot/corpus"
	"policybot/lang"
)

// Library is what the bot shows of the sources; *retrieval.Index is one. Articles are immutable.
type Library interface {
	// Article returns the article of that id, or nil.
	Article(id string) *corpus.Article
	// Articles returns all articles by id; the slice is the caller's.
	Articles() []*corpus.Article
	// Version changes whenever an article does.
	Version() string
}

// catalog finds articles by what people type: words of titles, publishers and topics (in both languages),
// whatever their case and accents. It follows a library that changes.
type catalog struct {
	lib    Library
	now    atomic.Pointer[listing]
	making sync.Mutex
}

// listing is a catalog's view of one version of the library; nothing in it changes.
type listing struct {
	version string
	entries []entry   // newest first, ties by id
	names   []heading // publishers and topics with how many articles they have, largest first, ties by name
	// Dates of the oldest and the newest article that has one.
	oldest, newest corpus.Date
}

type entry struct {
	article *corpus.Article
	title   string   // folded words of the title
	words   []string // folded words of title, publisher and tags
}

type heading struct {
	name  string // of the publisher, or the tag
	topic bool
	folds []string // its folded words, of a topic in each language
	words []string
	count int
}

// listing returns the view of the library as it is now, or, while another is making that, as it was.
func (c *catalog) listing() *listing {
	version := c.lib.Version()
	last := c.now.Load()
	if last != nil && last.version == version {
		return last
	}
	if !c.making.TryLock() {
		if last != nil {
			return last
		}
		c.making.Lock()
	}
	defer c.making.Unlock()
	if l := c.now.Load(); l != nil && l.version == version {
		return l
	}
	l := &listing{version: version}
	names := make(map[string]*heading)
	add := func(name string, topic bool, spoken ...string) {
		h := names[name]
		if h == nil {
			h = &heading{name: name, topic: topic, words: foldWords(spoken...)}
			for _, s := range spoken {
				h.folds = append(h.folds, strings.Join(foldWords(s), " "))
			}
			names[name] = h
		}
		h.count++
	}
	for _, a := range c.lib.Articles() {
		texts := []string{a.Title, a.Publisher}
		if a.Publisher != "" {
			add(a.Publisher, false, a.Publisher)
		}
		for _, tag := range a.Tags {
			if tag != briefTag {
				spoken := []string{topicName(lang.English, tag), topicName(lang.Spanish, tag)}
				add(tag, true, spoken...)
				texts = append(texts, spoken...)
			}
		}
		l.entries = append(l.entries, entry{article: a, title: strings.Join(foldWords(a.Title), " "), words: foldWords(texts...)})
		if a.Published.Compare(l.newest) > 0 {
			l.newest = a.Published
		}
		if !a.Published.IsZero() && (l.oldest.IsZero() || a.Published.Compare(l.oldest) < 0) {
			l.oldest = a.Published
		}
	}
	slices.SortFunc(l.entries, func(a, b entry) int {
		return cmp.Or(b.article.Published.Compare(a.article.Published), cmp.Compare(a.article.ID, b.article.ID))
	})
	for _, h := range names {
		l.names = append(l.names, *h)
	}
	slices.SortFunc(l.names, func(a, b heading) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name)) })
	c.now.Store(l)
	return l
}

// briefTag marks an article that is the library's own account; it is no topic.
const briefTag = "brief"

// articlePrefix begins the value of a suggestion that names one article.
const articlePrefix = "article:"

// named returns the article that a suggestion's value names, or nil.
func (c *catalog) named(value string) *corpus.Article {
	if id, ok := strings.CutPrefix(value, articlePrefix); ok {
		return c.lib.Article(id)
	}
	return nil
}

// find returns the articles that a text names, newest first: the one of a suggestion, else those whose
// title, publisher and tags hold every word of the text, as its beginning. An empty text names all.
func (c *catalog) find(text string) []*corpus.Article {
	if a := c.named(text); a != nil {
		return []*corpus.Article{a}
	}
	want := foldWords(text)
	var out []*corpus.Article
	for _, e := range c.listing().entries {
		if holds(e.words, want) {
			out = append(out, e.article)
		}
	}
	return out
}

// suggest returns up to 25 completions of what is being typed, named in a language: publishers and topics
// first, then titles; what begins with the text goes before what merely holds its words.
func (c *catalog) suggest(text, language string) []Choice {
	want := foldWords(text)
	typed := strings.Join(want, " ")
	l := c.listing()
	var ranked [4][]int // indexes into the names, then into the entries after them
	rank := func(i, otherwise int, words []string, folds ...string) {
		switch {
		case typed != "" && slices.ContainsFunc(folds, func(s string) bool { return strings.HasPrefix(s, typed) }):
			ranked[otherwise] = append(ranked[otherwise], i)
		case holds(words, want):
			ranked[otherwise+2] = append(ranked[otherwise+2], i)
		}
	}
	for i, h := range l.names {
		rank(i, 0, h.words, h.folds...)
	}
	for i, e := range l.entries {
		rank(len(l.names)+i, 1, e.words, e.title)
	}
	out := make([]Choice, 0, maxChoices)
	seen := make(map[string]bool)
	for _, i := range slices.Concat(ranked[:]...) {
		if len(out) == maxChoices {
			break
		}
		var ch Choice
		if i < len(l.names) {
			h := l.names[i]
			ch = Choice{label(h.name, maxChoice), label(h.name, maxChoice)}
			if h.topic {
				ch.Name = label(topicName(language, h.name), maxChoice)
			}
		} else {
			a := l.entries[i-len(l.names)].article
			ch = Choice{label(a.Title, maxChoice), articlePrefix + a.ID}
			if width(ch.Value) > maxChoice {
				ch.Value = label(a.Title, maxChoice)
			}
		}
		if ch.Name != "" && ch.Value != "" && !seen[ch.Value] {
			seen[ch.Value] = true
			out = append(out, ch)
		}
	}
	return out
}

// Limits of an autocompletion.
const (
	maxChoices = 25
	maxChoice  = 100 // UTF-16 units of a choice's name and of its value
)

// holds reports whether every wanted word begins one of the words.
func holds(words, want []string) bool {
	for _, w := range want {
		if !slices.ContainsFunc(words, func(s string) bool { return strings.HasPrefix(s, w) }) {
			return false
		}
	}
	return true
}

// foldWords returns the words of texts, folded; "U.S." is "us", as it is typed.
func foldWords(texts ...string) []string {
	var out []string
	for _, t := range texts {
		for _, tok := range lang.Tokens(t) {
			out = append(out, strings.ReplaceAll(tok.Fold, ".", ""))
		}
	}
	return out
}
