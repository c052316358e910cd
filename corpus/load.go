package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"policybot/lang"
)

// DefaultMaxBytes is the size above which an article file is refused unless Options say otherwise.
const DefaultMaxBytes = 20 << 20

// Options say how Load reads. The zero value is ready to use.
type Options struct {
	// MaxBytes is the size in bytes above which a file is refused, unread; 0 means DefaultMaxBytes.
	MaxBytes int64
	// Progress, if not nil, is told after each file how many of how many are done. Calls do not overlap.
	Progress func(done, total int)
}

// Refused says why a file, or a folder, is not part of the library.
type Refused struct {
	File   string // slash-separated, relative to the folder read
	Line   int    // 0 if the fault has no line
	Reason string
	Hint   string // what to do, or ""
	Err    error  // the cause, or nil
}

// Error gives "FILE:LINE: REASON".
func (r *Refused) Error() string {
	if r.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Reason)
	}
	return r.File + ": " + r.Reason
}

// Unwrap returns the cause.
func (r *Refused) Unwrap() error { return r.Err }

// listName is the file that describes the articles beside it.
const listName = "articles.yaml"

// Load reads every article file (.md, .txt, .html, .htm, .pdf) of fsys and its folders, whose names do
// not begin with a dot, and returns the articles ordered by id. Other files are left alone.
//
// A file that cannot be an article is refused and the others are loaded all the same: the error then
// joins one *Refused for each (see errors.Join), in the order of their names. Of two files with one id
// the second by path is refused. If ctx ends, Load returns no articles and ctx's error.
func Load(ctx context.Context, fsys fs.FS, o Options) ([]*Article, error) {
	limit := o.MaxBytes
	if limit <= 0 {
		limit = DefaultMaxBytes
	}
	l := loader{fsys: fsys, limit: limit, lists: map[string]map[string]listed{}}
	if err := l.walk(ctx); err != nil {
		return nil, err
	}
	articles, err := l.parse(ctx, o.Progress)
	if err != nil {
		return nil, err
	}
	first := make(map[string]string, len(articles)) // id → file
	kept := articles[:0]
	for i, a := range articles {
		if a == nil {
			continue
		}
		if other, ok := first[a.ID]; ok {
			l.refuse(&Refused{File: l.files[i], Reason: fmt.Sprintf("has the id %s, which %s has already", shown(a.ID), other),
				Hint: "An article's id is its file name without the ending; rename one of the two."})
			continue
		}
		first[a.ID] = l.files[i]
		kept = append(kept, a)
	}
	sort.Slice(kept, func(i, j int) bool { return kept[i].ID < kept[j].ID })
	sort.SliceStable(l.refused, func(i, j int) bool { return l.refused[i].File < l.refused[j].File })
	errs := make([]error, len(l.refused))
	for i, r := range l.refused {
		errs[i] = r
	}
	return kept, errors.Join(errs...)
}

// loader is one call of Load.
type loader struct {
	fsys    fs.FS
	limit   int64
	files   []string                     // article files in order of path
	lists   map[string]map[string]listed // folder → file name → what its articles.yaml says
	refused []*Refused
}

func (l *loader) refuse(r *Refused) { l.refused = append(l.refused, r) }

// walk finds the article files and reads the lists.
func (l *loader) walk(ctx context.Context) error {
	var lists []string
	err := fs.WalkDir(l.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			what := "cannot be read"
			if d != nil && d.IsDir() || d == nil {
				what = "the folder cannot be read"
			}
			l.refuse(&Refused{File: name, Reason: what + ": " + cause(err), Hint: "Check that it exists and that its permissions let you read it.", Err: err})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		base := path.Base(name)
		if name != "." && strings.HasPrefix(base, ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case d.IsDir():
		case base == listName:
			lists = append(lists, name)
		case readable(base):
			l.files = append(l.files, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(l.files))
	for _, f := range l.files {
		have[f] = true
	}
	for _, name := range lists {
		data, r := l.read(name, maxList)
		if r != nil {
			l.refuse(r)
			continue
		}
		entries, e := parseList(data)
		if e != nil {
			l.refuse(&Refused{File: name, Line: e.line, Reason: e.reason, Hint: e.hint})
			continue
		}
		dir := path.Dir(name)
		l.lists[dir] = entries
		for file, entry := range entries {
			if full := path.Join(dir, file); !have[full] {
				r := &Refused{File: name, Line: entry.line, Reason: fmt.Sprintf("lists %s, which is not there", shown(file)), Hint: "Correct the name or take the entry out."}
				if !readable(file) {
					r.Reason = fmt.Sprintf("lists %s, which is no article file", shown(file))
					r.Hint = "Article files end in .md, .txt, .html, .htm or .pdf."
				}
				l.refuse(r)
			}
		}
	}
	sort.SliceStable(l.refused, func(i, j int) bool { return l.refused[i].Line < l.refused[j].Line })
	return nil
}

// parse reads the files, several at a time. The article of file i is at index i, nil if it is refused.
func (l *loader) parse(ctx context.Context, progress func(done, total int)) ([]*Article, error) {
	articles := make([]*Article, len(l.files))
	refused := make([]*Refused, len(l.files))
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex // guards next and done, and the calls of progress
		next int
		done int
	)
	work := func() {
		defer wg.Done()
		for {
			mu.Lock()
			i := next
			next++
			mu.Unlock()
			if i >= len(l.files) || ctx.Err() != nil {
				return
			}
			articles[i], refused[i] = l.article(l.files[i])
			mu.Lock()
			done++
			if progress != nil {
				progress(done, len(l.files))
			}
			mu.Unlock()
		}
	}
	for range min(runtime.GOMAXPROCS(0), len(l.files)) {
		wg.Add(1)
		go work()
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, r := range refused {
		if r != nil {
			l.refuse(r)
		}
	}
	return articles, nil
}

// article reads one file.
func (l *loader) article(name string) (*Article, *Refused) {
	var meta *Meta
	if entry, ok := l.lists[path.Dir(name)][path.Base(name)]; ok {
		if entry.err != nil {
			return nil, &Refused{File: path.Join(path.Dir(name), listName), Line: entry.err.line,
				Reason: fmt.Sprintf("%s: %s", path.Base(name), entry.err.reason), Hint: entry.err.hint}
		}
		meta = &entry.meta
	}
	data, r := l.read(name, l.limit)
	if r != nil {
		return nil, r
	}
	a, err := Parse(name, data, meta)
	if err != nil {
		if r, ok := errors.AsType[*Refused](err); ok {
			return nil, r
		}
		return nil, &Refused{File: name, Reason: err.Error(), Err: err}
	}
	return a, nil
}

// read returns the content of a file of at most limit bytes.
func (l *loader) read(name string, limit int64) ([]byte, *Refused) {
	fail := func(err error) ([]byte, *Refused) {
		return nil, &Refused{File: name, Reason: "cannot be read: " + cause(err), Hint: "Check that its permissions let you read it.", Err: err}
	}
	info, err := fs.Stat(l.fsys, name)
	if err != nil {
		return fail(err)
	}
	if !info.Mode().IsRegular() {
		return nil, &Refused{File: name, Reason: "is not a regular file"}
	}
	if info.Size() > limit {
		return nil, tooLarge(name, info.Size(), limit)
	}
	f, err := l.fsys.Open(name)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return fail(err)
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(name, int64(len(data)), limit)
	}
	return data, nil
}

func tooLarge(name string, size, limit int64) *Refused {
	return &Refused{File: name, Reason: fmt.Sprintf("has %s, the limit is %s", bytesText(size), bytesText(limit)),
		Hint: "Split it into articles, or raise the limit."}
}

func bytesText(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d bytes", n)
}

// cause returns the message of err without the operation and path that a PathError puts before it.
func cause(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// readable reports whether a file of that name can be an article.
func readable(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".txt", ".html", ".htm", ".pdf":
		return true
	}
	return false
}

// Parse reads one article file, given its name and content. The name's ending decides how it is read;
// without its folder and ending it is the article's id. Meta, which may be nil, says what is known from
// elsewhere; a file's own front matter goes before it, and it goes before what a page or text gives away.
// An error is always a *Refused.
func Parse(name string, data []byte, meta *Meta) (*Article, error) {
	refuse := func(line int, reason, hint string) (*Article, error) {
		return nil, &Refused{File: name, Line: line, Reason: reason, Hint: hint}
	}
	base := path.Base(name)
	ext := strings.ToLower(path.Ext(base))
	id := base[:len(base)-len(ext)]
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return unicode.IsControl(r) || invisible(r) || r == utf8.RuneError }) {
		return refuse(0, "the file's name cannot be an article's id", "Rename the file.")
	}
	var m Meta
	if meta != nil {
		m = *meta
	}
	var d draft
	switch ext {
	case ".md", ".txt":
		text, r := plainText(string(data))
		if r != nil {
			return refuse(r.line, r.reason, r.hint)
		}
		line := 0 // lines of front matter
		if front, body, e := splitFront(text); e != nil {
			if ext == ".md" {
				return refuse(e.line, e.reason, e.hint)
			}
		} else if body > 0 {
			own, e := parseFront(front)
			if e != nil {
				return refuse(e.line, e.reason, e.hint)
			}
			own.fill(m)
			m = own
			line = strings.Count(text[:body], "\n")
			text = text[body:]
		}
		d.raw = strings.TrimRightFunc(text, unicode.IsSpace)
		if ext == ".md" {
			var e *lineError
			d.blocks = markdown(d.raw, func(at int, err error) {
				if e == nil {
					e = &lineError{line + strings.Count(d.raw[:at], "\n") + 1, err.Error(), "Write a day that exists as [2018-12-05], or a month as [2018-12], or a year; a range with /."}
				}
			})
			if e != nil {
				return refuse(e.line, e.reason, e.hint)
			}
		} else {
			d.blocks = paragraphs(d.raw)
		}
	case ".html", ".htm":
		page, e := readHTML(data, m.URL)
		if e != nil {
			return refuse(0, e.reason, e.hint)
		}
		m.fill(page.meta)
		d.raw = page.text
		d.blocks = paragraphs(d.raw)
	case ".pdf":
		doc, e := readPDF(data)
		if e != nil {
			return refuse(0, e.reason, e.hint)
		}
		m.fill(doc.meta)
		d.raw = doc.text
		d.blocks = paragraphs(d.raw)
	default:
		return refuse(0, "is no article file", "Article files end in .md, .txt, .html, .htm or .pdf.")
	}
	a := d.article(id, m)
	if a.Text == "" {
		return refuse(0, "there is no text in it", "")
	}
	return a, nil
}

// plainText checks that it is given text in UTF-8 and returns it without a byte order mark.
func plainText(text string) (string, *lineError) {
	text = strings.TrimPrefix(text, "\ufeff")
	const convert = "Convert the file to UTF-8 text."
	switch {
	case strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff"):
		return "", &lineError{0, "is UTF-16, not UTF-8", convert}
	case strings.HasPrefix(text, "%PDF-"):
		return "", &lineError{0, "is a PDF with another file ending", "Rename it to end in .pdf."}
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", &lineError{strings.Count(text[:i], "\n") + 1, "holds a NUL byte: this is no text file", convert}
	}
	if !utf8.ValidString(text) {
		line := 1
		for i, r := range text {
			if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
				return "", &lineError{line, "is not valid UTF-8", convert}
			}
			if r == '\n' {
				line++
			}
		}
	}
	control := 0
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			control++
		}
	}
	if control > 8 && control > len(text)/50 {
		return "", &lineError{0, "is full of control characters: this is no text file", convert}
	}
	return text, nil
}

// draft is an article between reading and cleaning.
type draft struct {
	raw    string
	blocks []block
}

// article cleans the draft and puts the article together.
func (d *draft) article(id string, m Meta) *Article {
	c := cleaner{title: plainKey(m.Title), site: plainKey(m.Publisher)}
	c.blocks = d.blocks[:0]
	for _, b := range d.blocks {
		b.mapped = normalize(b.mapped, func(s Span) {
			if len(c.removed) < maxInvisible {
				c.removed = append(c.removed, Removal{s, Invisible})
			}
		})
		if b.text != "" {
			c.blocks = append(c.blocks, b)
		}
	}
	seen := c.opening()
	c.clean()
	a := &Article{ID: id, Title: m.Title, Publisher: m.Publisher, Author: m.Author, Published: m.Published, Updated: m.Updated,
		URL: m.URL, Lang: m.Lang, Kind: m.Kind, Tags: m.Tags, Raw: d.raw, Removed: c.removed}
	a.Text, a.Statements = join(c.blocks)
	if a.Title == "" {
		a.Title = c.inferTitle(id)
	}
	if a.Author == "" {
		a.Author = seen.Author
	}
	if a.Lang == "" {
		a.Lang = detect(a.Text)
	}
	if a.Published.IsZero() {
		if a.Published = seen.Published; a.Published.IsZero() {
			a.Published = dateInName(id)
		}
	}
	if a.Updated.IsZero() && seen.Updated.Compare(a.Published) > 0 {
		a.Updated = seen.Updated
	}
	if a.Kind == "" {
		a.Kind = News
		if agencies[plainKey(a.Publisher)] {
			a.Kind = Wire
		}
	}
	return a
}

// detect returns the language of a text. The first hundred words nearly always tell it.
func detect(text string) string {
	if len(text) > 1000 {
		if l := lang.Detect(text[:strings.LastIndexByte(text[:600], ' ')+1]); l != "" {
			return l
		}
	}
	if l := lang.Detect(text); l != "" {
		return l
	}
	return lang.English
}

// join puts blocks together to a text, and tells the dated statements in it.
func join(blocks []block) (string, []Statement) {
	if len(blocks) == 1 && blocks[0].item == 0 {
		return blocks[0].text, nil // shares its memory with Raw
	}
	n := 0
	for i := range blocks {
		n += len(blocks[i].text) + len(paragraphBreak)
	}
	var text strings.Builder
	text.Grow(n)
	var statements []Statement
	for i := range blocks {
		b := &blocks[i]
		if i > 0 {
			text.WriteString(paragraphBreak)
		}
		start := text.Len()
		text.WriteString(b.text)
		switch {
		case b.item == 0:
		case i > 0 && blocks[i-1].item == b.item:
			statements[len(statements)-1].End = text.Len()
		default:
			statements = append(statements, Statement{Span{start, text.Len()}, b.asOf})
		}
	}
	return text.String(), statements
}

// maxInvisible bounds how many hidden characters of an article are recorded one by one.
const maxInvisible = 1000

// paragraphBreak stands between the paragraphs of a Text; there is no line break inside one.
const paragraphBreak = "\n\n"

// inferTitle takes the first heading for the title, else a first line like one, else the file's name.
func (c *cleaner) inferTitle(id string) string {
	for i := range c.blocks {
		if c.blocks[i].heading {
			return c.blocks[i].text
		}
	}
	if len(c.blocks) > 1 {
		if t := c.blocks[0].text; c.blocks[0].item == 0 && wordCount(t) <= 25 && len(t) <= 200 && (!endsSentence(t) || strings.HasSuffix(t, "?")) {
			return t
		}
	}
	name := id
	if !dateInName(id).IsZero() {
		name = strings.TrimLeft(id[len("2006-01-02"):], "-_ ")
	}
	if t := strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(name)); t != "" {
		return t
	}
	return id
}

// opening reads the byline and the times of publication among the first lines of a text.
func (c *cleaner) opening() Meta {
	var m Meta
	for i := 0; i < len(c.blocks) && i < 8; i++ {
		t := c.blocks[i].text
		if len(t) > 200 || c.blocks[i].item > 0 {
			continue
		}
		if m.Author == "" && byline(t) {
			_, names, _ := strings.Cut(t, " ")
			names, _, _ = strings.Cut(names, "|")
			m.Author = strings.TrimSpace(names)
			continue
		}
		if c.blocks[i].heading || !timestamp(t) {
			continue
		}
		for _, w := range lang.Dates(t) {
			if w.Day == 0 || w.Year == 0 {
				continue
			}
			d, err := ParseDate(Date{w.Year, w.Month, w.Day}.String())
			if err != nil {
				continue
			}
			key := plainKey(t)
			if strings.Contains(key, "updated") || strings.Contains(key, "modified") || strings.Contains(key, "actualiza") {
				m.Updated = d
			} else if m.Published.IsZero() {
				m.Published = d
			}
			break
		}
	}
	return m
}

// dateInName returns the date that a file name begins with.
func dateInName(id string) Date {
	if len(id) < len("2006-01-02") {
		return Date{}
	}
	d, err := ParseDate(id[:len("2006-01-02")])
	if err != nil || d.Day == 0 {
		return Date{}
	}
	return d
}
