package corpus

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The reasons of a Removal.
const (
	Boilerplate = "boilerplate" // sign-up and comment prompts, advertisement marks, notices
	LinkList    = "links"       // read-more, most-read and related lists, with the headlines in them
	Repeated    = "repeated"    // a paragraph that stands elsewhere too, in its proper place
	Widget      = "widget"      // text of a page element run together with the article's
	Credit      = "credit"      // photo and agency credits, bylines and contributors' notes
	Stamp       = "stamp"       // publication and update times, reading times
	Separator   = "separator"   // rules, bullets and end marks
	Invisible   = "invisible"   // control, bidirectional and hidden characters
)

// block is one paragraph, heading or list item on its way into an article's text.
type block struct {
	mapped
	span    Span // of Raw, the whole of it
	heading bool
	asOf    Period // of a dated list item
	item    int    // which dated list item it belongs to; 0 for none
	gone    string // reason of removal; "" while the block stays
}

// cleaner takes what is not reporting out of blocks. It removes conservatively: a paragraph goes when it
// is recognised as something else, never because it looks odd.
type cleaner struct {
	title   string // plainKey of the article's title, or ""
	blocks  []block
	removed []Removal
}

// clean removes boilerplate, widgets, credits and repetitions. If nothing would be left, nothing is removed.
func (c *cleaner) clean() {
	before := append([]block(nil), c.blocks...)
	n := len(c.removed)
	// A removal can uncover another (a list behind a repeated paragraph), rarely more than once.
	for range 4 {
		changed := c.lines()
		changed = c.lists() || changed
		changed = c.misplaced() || changed
		changed = c.repeated() || changed
		if !changed {
			break
		}
		c.sweep()
	}
	if len(c.blocks) == 0 {
		c.blocks, c.removed = before, c.removed[:n]
	}
	sort.SliceStable(c.removed, func(i, j int) bool { return c.removed[i].Start < c.removed[j].Start })
	c.merge()
}

// sweep moves the blocks that are gone to removed.
func (c *cleaner) sweep() {
	kept := c.blocks[:0]
	for _, b := range c.blocks {
		if b.gone != "" {
			c.removed = append(c.removed, Removal{b.span, b.gone})
		} else {
			kept = append(kept, b)
		}
	}
	c.blocks = kept
}

// merge joins removals of one reason that touch, but for white space they are told as one.
func (c *cleaner) merge() {
	out := c.removed[:0]
	for _, r := range c.removed {
		if n := len(out); n > 0 && r.Reason == out[n-1].Reason && r.Start <= out[n-1].End+2 {
			out[n-1].End = max(out[n-1].End, r.End)
			continue
		}
		out = append(out, r)
	}
	c.removed = out
}

// lines looks at each block by itself: widgets and credits are cut out of it, and sentences that are
// known furniture go; when nothing is left, the block goes.
func (c *cleaner) lines() bool {
	changed := false
	for i := range c.blocks {
		b := &c.blocks[i]
		for range 8 {
			span, reason := c.furniture(i)
			if reason == "" {
				break
			}
			changed = true
			if span.Start == 0 && span.End == len(b.text) {
				b.gone = reason
				break
			}
			c.removed = append(c.removed, Removal{b.raw(span.Start, span.End), reason})
			b.mapped = b.without(span.Start, span.End)
			if b.text == "" {
				b.gone = reason
				break
			}
		}
	}
	if changed {
		c.sweep()
	}
	return changed
}

// furniture finds the first piece of block i that is not reporting.
func (c *cleaner) furniture(i int) (Span, string) {
	b := &c.blocks[i]
	text := b.text
	whole := Span{0, len(text)}
	dated := !b.asOf.IsZero()
	if c.title != "" && len(text) < 300 && plainKey(text) == c.title {
		return Span{}, ""
	}
	if s, ok := gluedWidget(text); ok {
		return s, Widget
	}
	if s, ok := parentheticalCredit(text); ok {
		return s, Credit
	}
	if dated {
		return Span{}, ""
	}
	if !hasLetter(text) {
		if strings.ContainsFunc(text, unicode.IsDigit) {
			return Span{}, ""
		}
		return whole, Separator
	}
	if len(text) <= 240 {
		if reason := furnitureLine(text); reason != "" {
			return whole, reason
		}
		if !b.heading && (i < 8 || i >= len(c.blocks)-6) {
			if byline(text) {
				return whole, Credit
			}
			if timestamp(text) {
				return whole, Stamp
			}
		}
	}
	if s, ok := inlineLink(text); ok {
		return s, LinkList
	}
	if len(text) < 30 || !mayHoldNotice(text) {
		return Span{}, ""
	}
	for _, s := range Sentences(text, "") {
		if reason := notice(text[s.Start:s.End]); reason != "" {
			return s, reason
		}
	}
	return Span{}, ""
}

// lists removes lists of links: an opener such as "Read more:" and the headlines under it. After the
// last sentence of the article, everything behind the first piece of furniture is a list.
func (c *cleaner) lists() bool {
	changed := false
	n := len(c.blocks)
	last := n // first block after the last sentence
	for last > 0 && !c.sentenceLike(last-1) {
		last--
	}
	for i := 0; i < n; i++ {
		b := &c.blocks[i]
		if b.gone != "" || !b.asOf.IsZero() || len(b.text) > 80 || !listOpener(b.text) {
			continue
		}
		b.gone = LinkList
		changed = true
		j := i + 1
		for j < n && j-i <= 16 && c.linkLike(j) {
			j++
		}
		if i == 0 || !c.anySentence(i) {
			// Nothing was reported yet: the last line before the text is its headline.
			if j < n && j-1 > i {
				j--
			}
		}
		for k := i + 1; k < j; k++ {
			c.blocks[k].gone = LinkList
		}
		i = j - 1
	}
	return changed
}

// anySentence reports whether a sentence stands before block i.
func (c *cleaner) anySentence(i int) bool {
	for k := range i {
		if c.blocks[k].gone == "" && c.sentenceLike(k) {
			return true
		}
	}
	return false
}

// sentenceLike reports whether block i reads as prose: it ends as sentences do, or is long.
func (c *cleaner) sentenceLike(i int) bool {
	b := &c.blocks[i]
	return !b.asOf.IsZero() || endsSentence(b.text) || wordCount(b.text) > 30
}

// linkLike reports whether block i can be the headline of a link.
func (c *cleaner) linkLike(i int) bool {
	b := &c.blocks[i]
	t := b.text
	if b.gone != "" || b.heading || !b.asOf.IsZero() || wordCount(t) > 25 || len(t) > 200 {
		return false
	}
	if c.title != "" && plainKey(t) == c.title || listOpener(t) {
		return false
	}
	if endsSentence(t) && !strings.HasSuffix(t, "?") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t)
	return !unicode.IsLower(r)
}

// endsSentence reports whether t ends with a full stop, mark or colon, and the closing quotation marks
// that may follow one.
func endsSentence(t string) bool {
	t = strings.TrimRightFunc(t, closer)
	if t == "" {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(t)
	return strings.ContainsRune(".!?…:;", r)
}

// misplaced removes what stands before the article's own headline and comes again after it. The headline
// is the title's place, or a line like one such that all before it comes again.
func (c *cleaner) misplaced() bool {
	n := len(c.blocks)
	if n < 3 {
		return false
	}
	keys := make([]string, n)
	last := make(map[string]int, n)
	twice := false
	for i := range c.blocks {
		keys[i] = plainKey(c.blocks[i].text)
		if _, ok := last[keys[i]]; ok {
			twice = true
		}
		last[keys[i]] = i
	}
	if !twice {
		return false
	}
	// The headline: the last place of the title, else the first line like one behind repeated blocks.
	head := -1
	if at, ok := last[c.title]; ok && c.title != "" {
		head = at
	}
	if head < 0 {
		for i := 1; i < n; i++ {
			if last[keys[i-1]] < i && !c.blocks[i-1].heading {
				break // a paragraph that does not come again: the text has begun
			}
			if !endsSentence(c.blocks[i].text) && last[keys[i]] == i && wordCount(c.blocks[i].text) <= 25 {
				head = i
				break
			}
		}
	}
	changed := false
	for i := range max(head, 0) {
		if last[keys[i]] > head && c.blocks[i].asOf.IsZero() || keys[i] == c.title && c.title != "" {
			c.blocks[i].gone = Repeated
			changed = true
		}
	}
	if changed {
		c.sweep()
	}
	return changed
}

// repeated removes all but the first of equal paragraphs, teasers cut short with an ellipsis, and
// paragraphs each sentence of which stands in another one.
func (c *cleaner) repeated() bool {
	if len(c.blocks) < 2 {
		return false
	}
	changed := false
	seen := make(map[string]Period, len(c.blocks))
	for i := range c.blocks {
		b := &c.blocks[i]
		key := plainKey(b.text)
		if strings.IndexByte(key, ' ') < 0 {
			continue // single words are table cells, names, headings
		}
		if when, ok := seen[key]; ok && when == b.asOf && (strings.Count(key, " ") >= 3 || !b.heading) {
			b.gone = Repeated
			changed = true
			continue
		}
		seen[key] = b.asOf
	}
	if changed {
		c.sweep()
	}
	return c.contained() || changed
}

// contained removes undated paragraphs, of eight words or more, whose sentences all stand in one other,
// longer paragraph (pull quotes), and teasers: beginnings of another paragraph that end with an ellipsis.
func (c *cleaner) contained() bool {
	type place struct{ block, sentences int }
	var where map[string]place // sentence → first longest block that holds it
	keys := make([][]string, len(c.blocks))
	count := 0
	for i := range c.blocks {
		b := &c.blocks[i]
		if !b.asOf.IsZero() {
			continue
		}
		for _, s := range Sentences(b.text, "") {
			keys[i] = append(keys[i], plainKey(b.text[s.Start:s.End]))
			count++
		}
	}
	where = make(map[string]place, count)
	for i, ks := range keys {
		for _, k := range ks {
			if p, ok := where[k]; !ok || len(ks) > p.sentences {
				where[k] = place{i, len(ks)}
			}
		}
	}
	changed := false
	for i, ks := range keys {
		b := &c.blocks[i]
		if len(ks) == 0 || b.heading || wordCount(b.text) < 8 || plainKey(b.text) == c.title {
			continue
		}
		p := where[ks[0]]
		if p.block == i || p.sentences <= len(ks) {
			continue
		}
		all := true
		for _, k := range ks {
			if where[k] != p {
				all = false
			}
		}
		if all {
			b.gone = Repeated
			changed = true
		}
	}
	for i := range c.blocks {
		b := &c.blocks[i]
		if b.gone != "" || !b.asOf.IsZero() || !strings.HasSuffix(b.text, "...") && !strings.HasSuffix(b.text, "…") {
			continue
		}
		stem := plainKey(b.text)
		if wordCount(stem) < 6 {
			continue
		}
		for j := range c.blocks {
			if o := &c.blocks[j]; j != i && o.gone == "" && len(o.text) > len(b.text) && strings.HasPrefix(plainKey(o.text[:min(len(o.text), len(b.text)+16)]), stem) {
				b.gone = Repeated
				changed = true
				break
			}
		}
	}
	if changed {
		c.sweep()
	}
	return changed
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
