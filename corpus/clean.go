package corpus

import (
	"slices"
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
	Caption     = "caption"     // captions of file photos and those marked as such
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
	behind  bool   // furniture was removed just before it
	gone    string // reason of removal; "" while the block stays

	cachedKey       string   // of text, when known
	cachedSentences []string // the same of its sentences
}

// key returns the block's plainKey.
func (b *block) key() string {
	if b.cachedKey == "" {
		b.cachedKey = plainKey(b.text)
	}
	return b.cachedKey
}

// sentenceKeys returns the plainKeys of the block's sentences.
func (b *block) sentenceKeys() []string {
	if b.cachedSentences == nil {
		spans := Sentences(b.text, "")
		if len(spans) == 1 {
			b.cachedSentences = []string{b.key()}
		} else {
			b.cachedSentences = make([]string, len(spans))
			for i, s := range spans {
				b.cachedSentences[i] = plainKey(b.text[s.Start:s.End])
			}
		}
	}
	return b.cachedSentences
}

// cleaner takes what is not reporting out of blocks. It removes conservatively: a paragraph goes when it
// is recognised as something else, never because it looks odd.
type cleaner struct {
	title    string // plainKey of the article's title, or ""
	site     string // plainKey of its publisher, or ""
	capitals bool   // the text is in capitals throughout
	blocks   []block
	removed  []Removal
}

// clean removes boilerplate, widgets, credits and repetitions. If nothing would be left, nothing is removed.
func (c *cleaner) clean() {
	before := append([]block(nil), c.blocks...)
	n := len(c.removed)
	c.capitals = c.inCapitals()
	// A removal can uncover another (a list behind a repeated paragraph), rarely more than once.
	for range 4 {
		changed := c.lines()
		changed = c.lists() || changed
		changed = c.edges() || changed
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
	behind := false
	for _, b := range c.blocks {
		if b.gone != "" {
			c.removed = append(c.removed, Removal{b.span, b.gone})
			behind = behind || b.gone == Boilerplate || b.gone == LinkList || b.gone == Widget
			continue
		}
		b.behind = b.behind || behind
		behind = false
		kept = append(kept, b)
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

// maxCut is the size of a paragraph beyond which nothing is cut out of it: no article has such.
const maxCut = 64 << 10

// piece is a part of a block's text that is not reporting.
type piece struct {
	Span
	reason string
}

// lines looks at each block by itself: widgets, credits and sentences that are known furniture are cut
// out of it, until there are none; when nothing is left, the block goes.
func (c *cleaner) lines() bool {
	changed := false
	for i := range c.blocks {
		b := &c.blocks[i]
		for range 8 {
			pieces := c.furniture(i)
			if len(pieces) == 0 {
				break
			}
			changed = true
			for k := len(pieces) - 1; k >= 0; k-- {
				p := pieces[k]
				if p.Start == 0 && p.End == len(b.text) {
					b.gone = p.reason
					break
				}
				c.removed = append(c.removed, Removal{b.raw(p.Start, p.End), p.reason})
				b.mapped = b.without(p.Start, p.End)
				b.cachedKey, b.cachedSentences = "", nil
				if b.text == "" {
					b.gone = p.reason
				}
			}
			if b.gone != "" {
				break
			}
		}
	}
	if changed {
		c.sweep()
	}
	return changed
}

// furniture finds pieces of block i that are not reporting, in order, without overlap.
func (c *cleaner) furniture(i int) []piece {
	b := &c.blocks[i]
	text := b.text
	if len(text) > maxCut {
		return nil
	}
	all := func(reason string) []piece { return []piece{{Span{0, len(text)}, reason}} }
	if c.title != "" && len(text) < 300 && b.key() == c.title {
		return nil
	}
	if b.asOf.IsZero() && fileCaption(text) {
		return all(Caption)
	}
	if s, ok := gluedWidget(text); ok {
		return []piece{{s, Widget}}
	}
	if s, ok := parentheticalCredit(text); ok {
		return []piece{{s, Credit}}
	}
	if !b.asOf.IsZero() {
		return nil
	}
	if !hasLetter(text) {
		if strings.ContainsFunc(text, unicode.IsDigit) {
			return nil
		}
		return all(Separator)
	}
	if n := gluedLabel(text); n > 0 {
		return []piece{{Span{0, n}, Widget}}
	}
	if c.site != "" && len(text) < 100 && b.key() == c.site {
		return all(Credit)
	}
	if len(text) <= 240 {
		if reason := furnitureLine(text); reason != "" {
			return all(reason)
		}
		if !b.heading && (i < 8 || i >= len(c.blocks)-6) {
			switch {
			case byline(text):
				return all(Credit)
			case timestamp(text):
				return all(Stamp)
			case i == len(c.blocks)-1 && initials(text):
				return all(Credit)
			}
		}
		if i > 0 && !b.heading && !c.capitals && shouted(text) {
			return all(LinkList)
		}
	}
	if s, ok := inlineLink(text); ok {
		return []piece{{s, LinkList}}
	}
	if len(text) < 30 || !mayHoldNotice(text) {
		return nil
	}
	var pieces []piece
	sentences := Sentences(text, "")
	for k, s := range sentences {
		part := text[s.Start:s.End]
		reason := notice(part)
		if reason == "" && k > 0 {
			switch {
			case creditLine(part) || agencyLine(part):
				reason = Credit
			case k == len(sentences)-1 && !endsSentence(part) && (labels[plainKey(part)] || openers[plainKey(part)]):
				reason = Boilerplate
			}
		}
		if reason == "" {
			continue
		}
		if n := len(pieces); n > 0 && pieces[n-1].reason == reason && pieces[n-1].End+1 >= s.Start {
			pieces[n-1].End = s.End
		} else {
			pieces = append(pieces, piece{s, reason})
		}
	}
	return pieces
}

// lists removes lists of links: an opener such as "Read more:" and the headlines under it.
func (c *cleaner) lists() bool {
	changed := false
	n := len(c.blocks)
	begun := false // a sentence was seen
	for i := 0; i < n; i++ {
		b := &c.blocks[i]
		begun = begun || b.gone == "" && c.sentenceLike(i)
		if b.gone != "" || !b.asOf.IsZero() || len(b.text) > 80 || !listOpener(b.text) {
			continue
		}
		b.gone = LinkList
		changed = true
		j := i + 1
		for j < n && j-i <= 16 && c.linkLike(j) {
			j++
		}
		if !begun {
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
	if changed {
		c.sweep()
	}
	return changed
}

// edges removes what surrounds the article: lines of a few words above its headline, and after its last
// sentence all lines behind a piece of furniture. Neither is a sentence.
func (c *cleaner) edges() bool {
	changed := false
	head, most := c.headline()
	for i := range head {
		if b := &c.blocks[i]; !b.heading && wordCount(b.text) <= most && !c.sentenceLike(i) {
			b.gone = Boilerplate
			changed = true
		}
	}
	tail := len(c.blocks)
	for tail > 0 && !c.sentenceLike(tail-1) {
		tail--
	}
	if tail > 0 {
		for tail < len(c.blocks) && !c.blocks[tail].behind {
			tail++
		}
		for ; tail < len(c.blocks); tail++ {
			if c.linkLike(tail) {
				c.blocks[tail].gone = LinkList
				changed = true
			}
		}
	}
	if changed {
		c.sweep()
	}
	return changed
}

// headline returns the block of the article's headline and how many words a line above it may have to be
// taken for the page's navigation: 8 above the title; 3 above a line that only looks like a headline, if
// furniture was found there. Without either the block is 0.
func (c *cleaner) headline() (head, words int) {
	behind := false
	best := 0
	for i := 0; i < len(c.blocks) && i < 80; i++ {
		b := &c.blocks[i]
		switch {
		case c.title != "":
			if b.key() == c.title {
				return i, 8
			}
		case c.sentenceLike(i):
			if behind {
				return best, 3
			}
			return 0, 0
		case wordCount(b.text) > max(3, wordCount(c.blocks[best].text)):
			best = i
		}
		behind = behind || b.behind
	}
	return 0, 0
}

// inCapitals reports whether the text as a whole is written in capitals.
func (c *cleaner) inCapitals() bool {
	upper, lower := 0, 0
	for i := range c.blocks {
		for k := range len(c.blocks[i].text) {
			switch ch := c.blocks[i].text[k]; {
			case 'a' <= ch && ch <= 'z':
				lower++
			case 'A' <= ch && ch <= 'Z':
				upper++
			}
		}
		if upper+lower > 4000 {
			break
		}
	}
	return upper > 2*lower
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
	if c.title != "" && b.key() == c.title || listOpener(t) {
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

// misplaced removes what stands before the article's own headline and comes again after it, by paragraphs
// or by sentences. The headline is the title's place, or a line like one such that all before it comes
// again.
func (c *cleaner) misplaced() bool {
	n := len(c.blocks)
	if n < 3 {
		return false
	}
	keys, last := c.sentences()
	again := func(i, head int) bool {
		if !c.blocks[i].asOf.IsZero() {
			return false
		}
		for _, k := range keys[i] {
			if last[k] <= head {
				return false
			}
		}
		return true
	}
	head := -1
	if c.title != "" {
		for i := range c.blocks {
			if c.blocks[i].key() == c.title {
				head = i
			}
		}
	}
	if head < 0 {
		for i := 1; i < n; i++ {
			if !endsSentence(c.blocks[i].text) && wordCount(c.blocks[i].text) <= 25 && wordCount(c.blocks[i].text) >= 3 && !again(i, i) {
				all := true
				for k := range i {
					all = all && again(k, i)
				}
				if all {
					head = i
				}
				break
			}
			if !again(i-1, i-1) && !again(i-1, i) {
				break // a paragraph that does not come again: the text has begun
			}
		}
	}
	changed := false
	for i := range max(head, 0) {
		if again(i, head) || c.title != "" && c.blocks[i].key() == c.title {
			c.blocks[i].gone = Repeated
			changed = true
		}
	}
	if changed {
		c.sweep()
	}
	return changed
}

// sentences returns the plainKeys of each block's sentences, and for each key the last block with it.
func (c *cleaner) sentences() (keys [][]string, last map[string]int) {
	keys = make([][]string, len(c.blocks))
	last = make(map[string]int, 4*len(c.blocks))
	for i := range c.blocks {
		keys[i] = c.blocks[i].sentenceKeys()
		for _, k := range keys[i] {
			last[k] = i
		}
	}
	return keys, last
}

// The shortest repetition that counts, in words. Shorter ones ("“No,” he said.") can be meant.
const (
	repeatedWords  = 6
	containedWords = 8
)

// repeated removes all but the first of equal paragraphs, and paragraphs that say nothing of their own:
// pull quotes and passages broken into paragraphs in another way, all of whose sentences stand elsewhere,
// and teasers, which are the beginning of another paragraph with an ellipsis.
func (c *cleaner) repeated() bool {
	if len(c.blocks) < 2 {
		return false
	}
	changed := false
	first := make(map[string]int, len(c.blocks))
	keys := make([]string, len(c.blocks))
	original := -1 // the block that the one before repeats
	for i := range c.blocks {
		b := &c.blocks[i]
		keys[i] = b.key()
		at, ok := first[keys[i]]
		switch {
		case !ok:
			first[keys[i]] = i
			original = -1
		case b.asOf == c.blocks[at].asOf && (wordCount(keys[i]) >= repeatedWords || original >= 0 && original+1 == at):
			b.gone = Repeated
			changed = true
			original = at
		default:
			original = -1
		}
	}
	if changed {
		c.sweep()
	}
	return c.contained() || changed
}

// contained removes undated paragraphs all of whose sentences stand in others, the later first, and
// teasers.
func (c *cleaner) contained() bool {
	keys, _ := c.sentences()
	holders := make(map[string]int) // sentence → blocks that stay and hold it
	for i, ks := range keys {
		if c.blocks[i].asOf.IsZero() {
			for _, k := range distinct(ks) {
				holders[k]++
			}
		}
	}
	changed := false
	for i := len(keys) - 1; i >= 0; i-- {
		b := &c.blocks[i]
		if !b.asOf.IsZero() || b.heading || wordCount(b.text) < containedWords || b.key() == c.title {
			continue
		}
		ks := distinct(keys[i])
		all := len(ks) > 0
		for _, k := range ks {
			all = all && holders[k] > 1
		}
		if !all {
			continue
		}
		for _, k := range ks {
			holders[k]--
		}
		b.gone = Repeated
		changed = true
	}
	// Teasers, by the first six words.
	var starts map[string][]int
	for i := range c.blocks {
		b := &c.blocks[i]
		if b.gone != "" || !b.asOf.IsZero() || !strings.HasSuffix(b.text, "...") && !strings.HasSuffix(b.text, "…") {
			continue
		}
		stem := b.key()
		six := firstWords(stem, repeatedWords)
		if six == "" {
			continue
		}
		if starts == nil {
			starts = make(map[string][]int)
			for j := range c.blocks {
				o := &c.blocks[j]
				if w := firstWords(plainKey(o.text[:min(len(o.text), 160)]), repeatedWords); w != "" && len(starts[w]) < 16 {
					starts[w] = append(starts[w], j)
				}
			}
		}
		for _, j := range starts[six] {
			o := &c.blocks[j]
			if j != i && o.gone == "" && len(o.text) > len(b.text) && strings.HasPrefix(plainKey(o.text[:min(len(o.text), len(b.text)+16)]), stem) {
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

// firstWords returns the first n words of a plainKey, or "" if there are fewer.
func firstWords(key string, n int) string {
	for i := range len(key) {
		if key[i] == ' ' {
			if n--; n == 0 {
				return key[:i]
			}
		}
	}
	return ""
}

// distinct returns the strings of s, each once.
func distinct(s []string) []string {
	if len(s) < 2 {
		return s
	}
	out := s[:0:0]
	for i, v := range s {
		if !slices.Contains(s[:min(i, 200)], v) {
			out = append(out, v)
		}
	}
	return out
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
