package bot

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"policybot/answer"
	"policybot/corpus"
	"policybot/lang"
)

// Everything here is plain content, without embeds. Looked at as people meet it: an embed is narrower on
// a phone than the text around it; a notification shows the content and nothing of an embed; the search
// of a server finds content; an embed is hidden from whoever turned previews off, and from a channel
// where the bot may not embed. What an embed has for it, 4096 characters, an answer of short claims does
// not need, and what is longer belongs behind the Sources button.

// renderOptions say how an answer is shown.
type renderOptions struct {
	// Question shows the question above its answer: Discord says who used a command, not what was asked.
	Question bool
	// More says that the answer is not whole yet.
	More bool
}

// renderAnswer shows an answer: each claim a short paragraph with its [n], warnings, the date, the
// sources cited and no others, and the buttons. The text is in the language of the answer, the buttons
// in that of the record. A record without number gets no buttons, as they would lead nowhere.
func renderAnswer(r AnswerRecord, o renderOptions) Outgoing {
	a := r.Answer
	if a.Lang == "" {
		a.Lang = r.Lang
	}
	var head []string
	if o.Question && a.Question != "" {
		head = append(head, quoting+"**"+Escape(label(a.Question, 300))+"**")
	}
	paragraphs := claimsOf(a)
	var tail []string
	if len(paragraphs) == 0 {
		paragraphs = append(paragraphs, Escape(a.Text))
		if len(a.Related) > 0 && r.No > 0 { // the buttons below name it
			paragraphs = append(paragraphs, say(a.Lang, words.near))
		} else if len(a.Related) > 0 {
			paragraphs = append(paragraphs, nearby(a))
		}
	} else if a.Status == answer.NotCovered {
		paragraphs = append([]string{say(a.Lang, words.premise)}, paragraphs...)
	}
	for _, n := range a.Notes {
		if !isQuotesNote(a, n) {
			tail = append(tail, warning+Escape(n))
		}
	}
	for _, n := range a.Notes {
		if isQuotesNote(a, n) { // nothing to beware of
			tail = append(tail, small+Escape(n))
		}
	}
	if a.AsOf != "" {
		tail = append(tail, small+say(a.Lang, words.asOf, longDate(a.Lang, a.AsOf))+" · "+say(a.Lang, words.legal))
	}
	if o.More {
		tail = append(tail, small+"⏳ "+say(a.Lang, words.more))
	}
	compose := func(titles bool) string {
		s := strings.Join(append(slices.Clone(head), paragraphs...), "\n\n")
		lines := slices.Clone(tail)
		for _, src := range citedSources(a) {
			lines = append(lines, small+"["+strconv.Itoa(src.N)+"] "+sourceText(a.Lang, src, titles))
		}
		if len(lines) > 0 {
			s += "\n\n" + strings.Join(lines, "\n")
		}
		return s
	}
	m := Outgoing{Content: compose(true), lang: a.Lang}
	if width(m.Content) > maxContent-margin {
		m.Content = compose(false)
	}
	if r.No > 0 {
		m.Rows = answerRows(r)
	}
	return fit(m)
}

// isQuotesNote reports whether a note says only that quotes are in another language.
func isQuotesNote(a answer.Answer, note string) bool {
	return slices.ContainsFunc(a.Sources, func(s answer.Source) bool { return s.Lang != "" && note == answer.QuotesNote(a.Lang, s.Lang) })
}

// claimsOf writes the claims as paragraphs, each with the numbers of its sources. Where they speak of
// different times or sources, or in another language than the asker's, each stands under a line with its
// date and, where there are several, its publisher, so that versions that differ stand side by side.
func claimsOf(a answer.Answer) []string {
	sources := map[int]answer.Source{}
	for _, s := range a.Sources {
		sources[s.N] = s
	}
	apart, publishers := map[string]bool{}, map[string]bool{}
	for _, c := range a.Claims {
		if len(c.Citations) > 0 {
			apart[c.AsOf+" "+c.Citations[0].Article] = true
			publishers[publisher(sources[c.Citations[0].N])] = true
		}
	}
	var out []string
	last := ""
	for _, c := range a.Claims {
		ns := numbersOf(c, sources)
		if len(ns) == 0 {
			continue // nothing is shown without its proof
		}
		src := sources[ns[0]]
		foreign := src.Lang != "" && src.Lang != a.Lang && a.Quotes()
		text := Escape(c.Text)
		if foreign {
			text = quoted(a.Lang, text)
		}
		if foreign || len(apart) > 1 {
			over := attribution(a.Lang, src, c.AsOf, foreign, foreign || len(publishers) > 1)
			if over != last {
				text = over + "\n" + text
			}
			last = over
		}
		for _, n := range ns {
			text += " [" + strconv.Itoa(n) + "]"
		}
		out = append(out, text)
	}
	return out
}

// numbersOf returns the numbers of the sources that a claim cites, ascending, each once.
func numbersOf(c answer.Claim, sources map[int]answer.Source) []int {
	var ns []int
	for _, ct := range c.Citations {
		if _, ok := sources[ct.N]; ok && ct.N > 0 {
			ns = append(ns, ct.N)
		}
	}
	slices.Sort(ns)
	return slices.Compact(ns)
}

// citedSources returns the sources that a claim cites, by number.
func citedSources(a answer.Answer) []answer.Source {
	sources := map[int]answer.Source{}
	for _, s := range a.Sources {
		sources[s.N] = s
	}
	var ns []int
	for _, c := range a.Claims {
		ns = append(ns, numbersOf(c, sources)...)
	}
	slices.Sort(ns)
	var out []answer.Source
	for _, n := range slices.Compact(ns) {
		out = append(out, sources[n])
	}
	return out
}

// attribution is "**5 December 2018** · Reuters": what claims differ in goes first. What is put in quotation
// marks and is not the publisher's words says so. Without by it is the date alone.
func attribution(language string, s answer.Source, asOf string, quotes, by bool) string {
	text := "**" + longDate(language, asOf) + "**"
	if name := Escape(label(cmp.Or(s.Publisher, s.Title), 60)); by && name != "" {
		text += " · " + name
	}
	if s.Brief && quotes {
		text += " (" + say(language, words.briefMark) + ")"
	}
	return text
}

// publisher names who published a source, its title if that is unknown.
func publisher(s answer.Source) string {
	return Escape(label(cmp.Or(s.Publisher, s.Title), 80))
}

func quoted(language, s string) string {
	if language == lang.Spanish {
		return "«" + s + "»"
	}
	return "“" + s + "”"
}

// sourceText is "Reuters, 5 December 2018 — Title", the title linked to the publisher's page where the
// library knows its address.
func sourceText(language string, s answer.Source, titles bool) string {
	text := publisher(s)
	if s.Brief {
		text += " (" + say(language, words.briefMark) + ")"
	}
	if text != "" {
		text += ", "
	}
	text += longDate(language, s.Published)
	if titles && s.Title != "" && s.Publisher != "" {
		text += " — " + masked(s.Title, s.URL)
	}
	return text
}

// nearby lists what the library holds near a question that it does not answer.
func nearby(a answer.Answer) string {
	lines := []string{say(a.Lang, words.near)}
	for _, t := range a.Related[:min(len(a.Related), maxButtons)] {
		lines = append(lines, "- "+Escape(label(t, 150)))
	}
	return strings.Join(lines, "\n")
}

// answerRows are the buttons below an answer.
func answerRows(r AnswerRecord) []Row {
	var rows []Row
	var near, row Row
	if len(r.Answer.Claims) == 0 {
		for i, t := range r.Answer.Related[:min(len(r.Answer.Related), maxButtons)] {
			// Discord shows what looks like a mention in a label as it stands; it is parted for who copies it.
			t = liveMention().ReplaceAllStringFunc(label(t, maxLabel), func(m string) string { return m[:1] + " " + m[1:] })
			t = strings.ReplaceAll(t, "<#", "< #")
			if t = label(t, maxLabel); t != "" { // a phone shows about 38 characters of it, and cuts by itself
				id := button(verbNear, r.No, strconv.Itoa(i))
				near = append(near, Component{Type: kindButton, Style: stylePrimary, Label: t, CustomID: id})
			}
		}
	}
	plainButton := func(verb string, p phrase) {
		row = append(row, Component{Type: kindButton, Style: styleSecondary, Label: say(r.Lang, p), CustomID: button(verb, r.No, "")})
	}
	if len(citedSources(r.Answer)) > 0 {
		plainButton(verbSources, words.sources)
	}
	plainButton(verbFollow, words.follow)
	if !r.Public && r.Guild != "" {
		plainButton(verbShare, words.share)
	}
	row = append(row,
		Component{Type: kindButton, Style: styleSecondary, Emoji: &Emoji{"👍"}, CustomID: button(verbUp, r.No, "")},
		Component{Type: kindButton, Style: styleSecondary, Emoji: &Emoji{"👎"}, CustomID: button(verbDown, r.No, "")})
	if len(near) > 0 {
		rows = append(rows, near)
	}
	return append(rows, row)
}

// A page of passages holds at most that many sources, and fits a message.
const (
	sourcesPerPage = 5
	passageUnits   = 1200 // of one block quote; a longer passage goes on in another
)

// passage is a piece of a cited passage, ready to show, with its source.
type passage struct {
	source answer.Source
	head   string // title, publisher, date, kind
	body   string // the quotation and its link
}

// renderSources shows the exact passages that an answer cites, source by source, to the person alone:
// page counts from 0, and one that does not exist shows the nearest. A brief is the library's own account
// of what was published, so it is introduced as that, and its link leads to the page, not to words that
// do not stand there. The library, which may be nil, tells what became of a source since.
func renderSources(r AnswerRecord, lib Library, page int) Outgoing {
	pages := packPassages(passagesOf(r, lib))
	if len(pages) == 0 {
		return notice(r.Lang, words.noSources)
	}
	page = max(0, min(page, len(pages)-1))
	title := words.sourcesTitle
	if len(pages) == 1 && len(pages[0]) == 1 {
		title = words.sourcesOne
	}
	blocks := []string{"**" + say(r.Lang, title) + "**"}
	if len(pages) > 1 {
		blocks[0] += " · " + say(r.Lang, words.page, page+1, len(pages))
	}
	last := 0
	for _, p := range pages[page] {
		if p.source.N != last {
			blocks = append(blocks, p.head+"\n"+p.body)
		} else {
			blocks[len(blocks)-1] += "\n" + p.body
		}
		last = p.source.N
	}
	m := Outgoing{Content: strings.Join(blocks, "\n\n"), Ephemeral: true, lang: r.Lang}
	m.Rows = pager(r.Lang, verbSources, r.No, page, len(pages))
	return fit(m)
}

// passagesOf lists the passages of an answer by source, each once, in order of first use.
func passagesOf(r AnswerRecord, lib Library) []passage {
	type place struct {
		article    string
		start, end int
	}
	var out []passage
	for _, s := range citedSources(r.Answer) {
		seen := map[place]bool{}
		head := sourceHead(r.Lang, s, lib)
		for _, c := range r.Answer.Claims {
			for _, ct := range c.Citations {
				at := place{ct.Article, ct.Start, ct.End}
				if ct.N != s.N || seen[at] {
					continue
				}
				seen[at] = true
				for _, body := range quotation(r.Lang, s, ct, c.AsOf, lib) {
					out = append(out, passage{s, head, body})
				}
			}
		}
	}
	return out
}

// sourceHead is the title of a source, and below it who published it when, and what kind of source it is.
func sourceHead(language string, s answer.Source, lib Library) string {
	about := []string{}
	if s.Title != "" && s.Publisher != "" {
		about = append(about, publisher(s))
	}
	about = append(about, longDate(language, s.Published))
	if lib != nil {
		if a := lib.Article(s.Article); a != nil && kindName(language, a.Kind) != "" {
			about = append(about, kindName(language, a.Kind))
		}
	}
	if s.Lang != "" && s.Lang != language {
		about = append(about, say(language, words.foreign, languageName(language, s.Lang)))
	}
	if address := safeURL(s.URL); s.Brief && address != "" { // to the page, not to words that do not stand there
		about = append(about, masked(say(language, words.openPage), address))
	}
	head := fmt.Sprintf("**[%d] %s**\n%s%s", s.N, Escape(label(cmp.Or(s.Title, s.Publisher, s.Article), 200)), small, strings.Join(about, " · "))
	if s.Brief {
		head += "\n" + small + say(language, words.briefNote)
	}
	return head
}

// quotation is a passage as block quotes of bounded length, and the link to it.
func quotation(language string, s answer.Source, ct answer.Citation, asOf string, lib Library) []string {
	var out []string
	pieces := splitText(ct.Quote, passageUnits)
	for i, piece := range pieces {
		text := Escape(piece)
		if !s.Brief {
			open, shut := "“", "”"
			if s.Lang == lang.Spanish {
				open, shut = "«", "»"
			}
			text = open + text + shut
		}
		if i > 0 {
			text = "(" + say(language, words.continued) + ") " + text
		}
		text = quoting + text
		if i < len(pieces)-1 {
			out = append(out, text)
			continue
		}
		var below []string
		if asOf != "" && asOf != s.Published {
			below = append(below, say(language, words.inLibrary, longDate(language, asOf)))
		}
		address, where := fragmentURL(s.URL, ct.Quote), words.openPassage
		if address == safeURL(s.URL) {
			where = words.openPage
		}
		if address != "" && !s.Brief {
			below = append(below, masked(say(language, where), address))
		}
		if lib != nil {
			switch a := lib.Article(ct.Article); {
			case a == nil:
				below = append(below, say(language, words.articleGone))
			case ct.End > len(a.Text) || ct.Start < 0 || ct.Start > ct.End || a.Text[ct.Start:ct.End] != ct.Quote:
				below = append(below, say(language, words.articleChanged))
			}
		}
		if len(below) > 0 {
			text += "\n" + small + strings.Join(below, " · ")
		}
		out = append(out, text)
	}
	return out
}

// splitText cuts a text at words into pieces of at most limit units when escaped.
func splitText(s string, limit int) []string {
	var out []string
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(plain(s)) {
		for len(w) > limit/4 { // a word without end; Escape makes at most three units of a byte
			k := limit / 4
			for !utf8.RuneStart(w[k]) {
				k--
			}
			if n > 0 {
				out = append(out, b.String())
				b.Reset()
				n = 0
			}
			out = append(out, w[:k])
			w = w[k:]
		}
		k := width(Escape(w)) + 1
		if n+k > limit && n > 0 {
			out = append(out, b.String())
			b.Reset()
			n = 0
		}
		if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		n += k
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// packPassages fills pages with passages in order.
func packPassages(all []passage) [][]passage {
	const limit = maxContent - margin - 150 // for the title
	var pages [][]passage
	used, sources, last := math.MaxInt/2, 0, 0
	for _, p := range all {
		n := width(p.body) + 2
		fresh := p.source.N != last
		if fresh {
			n += width(p.head) + 2
		}
		if used+n > limit || fresh && sources == sourcesPerPage {
			pages = append(pages, nil)
			used, sources = 0, 0
			if !fresh { // its head stands on the new page again
				n += width(p.head) + 2
				fresh = true
			}
		}
		if fresh {
			sources++
		}
		used += n
		last = p.source.N
		pages[len(pages)-1] = append(pages[len(pages)-1], p)
	}
	return pages
}

// pager is the row of buttons that turn pages, none for a single page.
func pager(language, verb string, no int64, page, pages int) []Row {
	var row Row
	turn := func(text string, to int) {
		row = append(row, Component{Type: kindButton, Style: styleSecondary, Label: text, CustomID: button(verb, no, strconv.Itoa(to))})
	}
	if page > 0 {
		turn("◀ "+say(language, words.previous), page-1)
	}
	if page < pages-1 {
		turn(say(language, words.next)+" ▶", page+1)
	}
	if row == nil {
		return nil
	}
	return []Row{row}
}

// renderCheck shows what the library holds about the statements of a message, each with its proof, to the
// person who asked alone. It is the one message that may need an embed: eight statements with their
// quotations are longer than a content may be, and nobody is notified of it or searches for it. What the
// tally says stands in the content all the same.
func renderCheck(findings []answer.Finding, lib Library, language string) Outgoing {
	if len(findings) == 0 {
		return notice(language, words.checkNothing)
	}
	tally := map[answer.Standing]int{}
	for _, f := range findings {
		tally[f.Standing]++
	}
	m := Outgoing{Ephemeral: true, lang: language, Content: "**" + say(language, words.checkTitle) + "**\n" + small +
		say(language, words.checkTally, tally[answer.Supported], tally[answer.Contradicted], tally[answer.NotHeld])}
	if tally[answer.NotHeld] > 0 {
		m.Content += "\n" + small + say(language, words.checkLegend)
	}
	if len(findings) >= answer.MaxStatements {
		m.Content += "\n" + small + say(language, words.checkMore, len(findings))
	}
	for _, size := range []struct{ sentence, quote int }{{280, 500}, {200, 300}, {140, 180}} {
		var blocks []string
		for _, f := range findings {
			blocks = append(blocks, findingText(f, lib, language, size.sentence, size.quote))
		}
		text := strings.Join(blocks, "\n\n")
		if width(m.Content)+2+width(text) <= maxContent-margin {
			m.Content += "\n\n" + text
			return fit(m)
		}
		m.Embeds = packEmbeds(blocks)
		if len(m.Embeds) <= 2 && Lint(m) == nil {
			return m
		}
	}
	return fit(m)
}

// packEmbeds puts blocks in as few embeds as hold them.
func packEmbeds(blocks []string) []*discordgo.MessageEmbed {
	var out []*discordgo.MessageEmbed
	for _, b := range blocks {
		if k := len(out); k > 0 && width(out[k-1].Description)+2+width(b) <= maxDescription-margin {
			out[k-1].Description += "\n\n" + b
			continue
		}
		out = append(out, &discordgo.MessageEmbed{Description: b})
	}
	return out
}

func findingText(f answer.Finding, lib Library, language string, sentence, quotation int) string {
	mark, what := "🔍", words.notHeld
	switch f.Standing {
	case answer.Supported:
		mark, what = "✅", words.supported
	case answer.Contradicted:
		mark, what = "❌", words.contradicted
	}
	text := mark + " **" + say(language, what) + "**"
	if f.Standing == answer.Contradicted {
		var why []string
		for _, w := range f.Why {
			if s := say(language, whyPhrase(w)); !slices.Contains(why, s) {
				why = append(why, s)
			}
		}
		if len(why) > 0 {
			text += " (" + strings.Join(why, ", ") + ")"
		}
	}
	text += ": " + Escape(label(f.Sentence, sentence))
	sources := map[int]answer.Source{}
	for _, s := range f.Sources {
		sources[s.N] = s
	}
	for _, ct := range f.Citations {
		s, ok := sources[ct.N]
		if !ok {
			continue
		}
		quote := Escape(label(ct.Quote, quotation))
		address := safeURL(s.URL)
		if !s.Brief {
			quote = quoted(s.Lang, quote)
			address = fragmentURL(s.URL, ct.Quote)
		}
		by := publisher(s)
		if s.Brief {
			by += " (" + say(language, words.briefMark) + ")"
		}
		line := by + ", " + longDate(language, s.Published)
		asOf := f.AsOf
		if lib != nil {
			if a := lib.Article(ct.Article); a != nil {
				asOf = a.AsOf(corpus.Span{Start: ct.Start, End: ct.End}).String()
			}
		}
		if asOf != "" && asOf != s.Published {
			line += " (" + say(language, words.inLibrary, longDate(language, asOf)) + ")"
		}
		if s.Title != "" && s.Publisher != "" {
			line += " — " + masked(s.Title, address)
		}
		text += "\n" + quoting + quote + "\n" + small + line
	}
	return text
}

func whyPhrase(check string) phrase {
	switch check {
	case "number":
		return words.whyNumber
	case "date":
		return words.whyDate
	case "name":
		return words.whyName
	case "polarity":
		return words.whyPolarity
	}
	return words.whyOther
}

// aboutInfo is what /about tells.
type aboutInfo struct {
	Sources        int
	Oldest, Newest corpus.Date
	Retention      int // days
	Version        string
}

// renderAbout tells what the library covers, what the bot does not do, and what is kept of people.
func renderAbout(info aboutInfo, language string) Outgoing {
	lines := []string{"**" + say(language, words.aboutTitle) + "**", say(language, words.aboutWhat), ""}
	if info.Sources > 0 {
		oldest, newest := longDate(language, info.Oldest.String()), longDate(language, info.Newest.String())
		lines = append(lines, "- "+say(language, words.aboutHolds, info.Sources, oldest), "- "+say(language, words.aboutNewest, newest), "")
	}
	lines = append(lines, say(language, words.aboutCommands), "", say(language, words.aboutHow), "",
		say(language, words.aboutLegal), "", say(language, words.aboutPrivacy, info.Retention))
	if info.Version != "" {
		lines = append(lines, "", small+say(language, words.aboutVersion, Escape(info.Version)))
	}
	return fit(Outgoing{Content: strings.Join(lines, "\n"), Ephemeral: true, lang: language})
}

const listPerPage = 10

// renderSourceList shows the sources found for what somebody typed, in the order given, or all of them
// for "". All can be paged through, from page 0; what was typed is not kept, so of many sources found the
// first are shown, and how many more there are.
func renderSourceList(found []*corpus.Article, query string, page int, language string) Outgoing {
	query = label(query, 80)
	if len(found) == 0 {
		return notice(language, words.listNone, Escape(query))
	}
	if len(found) == 1 && query != "" {
		return renderArticle(found[0], language)
	}
	pages := (len(found) + listPerPage - 1) / listPerPage
	if query != "" {
		page = 0
	}
	page = max(0, min(page, pages-1))
	head := say(language, words.listTitle, len(found))
	if query != "" {
		head = say(language, words.listFound, Escape(query), len(found))
	}
	lines := []string{"**" + head + "**"}
	if query == "" && pages > 1 {
		lines[0] += " · " + say(language, words.page, page+1, pages)
	}
	from := page * listPerPage
	shown := found[from:min(from+listPerPage, len(found))]
	briefs := 0
	for _, a := range shown {
		if a.Brief() {
			briefs++
		}
	}
	alike := briefs == len(shown) && briefs > 1 // said once for all
	compose := func(most int) string {          // with the links to addresses of at most that length
		out := slices.Clone(lines)
		for _, a := range shown {
			address := a.URL
			if len(address) > most {
				address = ""
			}
			out = append(out, "- "+masked(label(cmp.Or(a.Title, a.ID), maxLinkText), address)+" — "+articleBy(a, !alike, language))
		}
		if alike {
			out = append(out, small+say(language, words.briefsAre))
		}
		if rest := len(found) - len(shown); query != "" && rest > 0 {
			out = append(out, small+say(language, words.listMore, rest))
		}
		return strings.Join(out, "\n")
	}
	// The longest addresses are left out until the list fits.
	lengths := []int{math.MaxInt}
	for _, a := range shown {
		lengths = append(lengths, len(a.URL)-1)
	}
	slices.Sort(lengths)
	content := ""
	for _, most := range slices.Backward(lengths) {
		if content = compose(most); width(content) <= maxContent-margin {
			break
		}
	}
	m := Outgoing{Content: content, Ephemeral: true, lang: language}
	if query == "" {
		m.Rows = pager(language, verbList, 0, page, pages)
	}
	return fit(m)
}

// articleBy is "Reuters, 5 December 2018"; mark says of a brief that it is one.
func articleBy(a *corpus.Article, mark bool, language string) string {
	by := Escape(label(a.Publisher, 60))
	if mark && a.Brief() {
		by += " (" + say(language, words.briefMark) + ")"
	}
	if by != "" {
		by += ", "
	}
	return by + longDate(language, a.Published.String())
}

// renderArticle shows what one source is.
func renderArticle(a *corpus.Article, language string) Outgoing {
	lines := []string{"**" + Escape(label(cmp.Or(a.Title, a.ID), 200)) + "**", small + articleBy(a, true, language)}
	var about []string
	if k := kindName(language, a.Kind); k != "" {
		about = append(about, k)
	}
	if a.Lang != "" && a.Lang != language {
		about = append(about, say(language, words.foreign, languageName(language, a.Lang)))
	}
	if len(about) > 0 {
		lines[1] += " · " + strings.Join(about, " · ")
	}
	var names []string
	for _, t := range a.Tags {
		if t != briefTag {
			names = append(names, Escape(topicName(language, t)))
		}
	}
	if len(names) > 0 {
		lines = append(lines, say(language, words.listTopics)+": "+strings.Join(names, ", "))
	}
	if a.Brief() {
		lines = append(lines, small+say(language, words.briefIs))
	}
	if u := safeURL(a.URL); u != "" {
		lines = append(lines, masked(say(language, words.openPage), u))
	}
	return fit(Outgoing{Content: strings.Join(lines, "\n"), Ephemeral: true, lang: language})
}

// renderSettings shows the settings of a server below a line that says what was just done; that line comes
// escaped. If there is none, the latest changes follow, newest first.
func renderSettings(s Settings, changes []AuditEntry, head, language string) Outgoing {
	lines := []string{"**" + say(language, words.settingsTitle) + "**"}
	if head != "" {
		lines = append([]string{head, ""}, lines...)
	}
	speaks, private := say(language, words.asker), words.no
	if s.Lang != "" {
		speaks = languageName(language, s.Lang)
	}
	if s.Private {
		private = words.yes
	}
	for _, l := range []struct {
		name  phrase
		value string
	}{
		{words.channels, channelsText(s.Channels, language)},
		{words.private, say(language, private)},
		{words.language, speaks},
		{words.perPerson, say(language, words.perHour, s.PersonPerHour)},
		{words.perServer, say(language, words.perHour, s.ServerPerHour)},
		{words.retention, say(language, words.days, s.RetentionDays)},
	} {
		lines = append(lines, "- "+say(language, l.name)+": "+l.value)
	}
	if head != "" {
		changes = nil
	}
	if len(changes) > 0 {
		lines = append(lines, "", "**"+say(language, words.changes)+"**")
	}
	for _, c := range changes[:min(len(changes), 5)] {
		lines = append(lines, small+longDate(language, corpus.DateOf(c.At.UTC()).String())+": "+linkChannels(Escape(label(change(c.Detail, language), 300))))
	}
	return fit(Outgoing{Content: strings.Join(lines, "\n"), Ephemeral: true, lang: language})
}

var snowflakes = regexp.MustCompile(`\b[0-9]{17,20}\b`)

// linkChannels makes the ids of channels in a text of settings what Discord shows by name.
func linkChannels(text string) string { return snowflakes.ReplaceAllString(text, "<#$0>") }

// channelsText shows channels as Discord does, each a link to itself; that calls nobody.
func channelsText(channels []string, language string) string {
	var out []string
	for _, c := range channels {
		if snowflake(c) {
			out = append(out, "<#"+c+">")
		}
	}
	if len(out) == 0 {
		return say(language, words.everywhere)
	}
	const most = 20
	if rest := len(out) - most; rest > 0 {
		out = append(out[:most], "+"+strconv.Itoa(rest))
	}
	return strings.Join(out, ", ")
}

// Reasons for a vote against an answer, as Vote keeps them.
const (
	reasonOutdated = "outdated"
	reasonSource   = "wrong_source"
	reasonQuote    = "quote"
	reasonBiased   = "biased"
	reasonOther    = "other"
)

// renderReasons asks why an answer was no good.
func renderReasons(no int64, language string) Outgoing {
	return fit(Outgoing{Content: say(language, words.reasonAsk), Ephemeral: true, lang: language, Rows: []Row{{{
		Type: kindSelect, CustomID: button(verbReason, no, ""), Placeholder: say(language, words.reasonAsk), Options: []SelectOption{
			{Label: say(language, words.reasonOutdated), Value: reasonOutdated},
			{Label: say(language, words.reasonSource), Value: reasonSource},
			{Label: say(language, words.reasonQuote), Value: reasonQuote},
			{Label: say(language, words.reasonBiased), Value: reasonBiased},
			{Label: say(language, words.reasonOther), Value: reasonOther},
		}}}}})
}

// inputQuestion is the custom id of the text input of a follow-up.
const inputQuestion = "question"

// renderFollowUp is the form for a further question on an answer; id is what comes back with it.
func renderFollowUp(id customID, language string) Modal {
	required := true
	return Modal{CustomID: id.String(), Title: say(language, words.followTitle), Rows: []Row{{{
		Type: kindInput, Style: 2, CustomID: inputQuestion, Label: say(language, words.followLabel),
		Placeholder: say(language, words.followHint),
		MinLength:   2, MaxLength: maxQuestion, Required: &required,
	}}}}
}

// renderForget says what forgetting removes, and asks once more: it cannot be undone.
func renderForget(language string) Outgoing {
	return fit(Outgoing{Content: say(language, words.forgetAsk), Ephemeral: true, lang: language, Rows: []Row{{{
		Type: kindButton, Style: styleDanger, Label: say(language, words.forgetDo), CustomID: button(verbForget, 0, "")}}}})
}

// notice is a short message of the bot's own for the person alone. Texts among the arguments come escaped.
func notice(language string, p phrase, args ...any) Outgoing {
	return fit(Outgoing{Content: say(language, p, args...), Ephemeral: true, lang: language})
}
