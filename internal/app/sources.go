package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"policybot/corpus"
	"policybot/internal/store"
)

const sourcesUsage = `policybot sources keeps the articles that answers come from.

usage: policybot sources list [-json]             the articles with kind, date and publisher
       policybot sources show ID [-raw]           an article: its text, or what was read and what cleaning took away
       policybot sources show ID -versions        its former versions
       policybot sources show ID -version DIGEST  one of them
       policybot sources add PATH...              read files, or all articles of directories, into the library
       policybot sources remove ID...             take articles out of the library; their text is kept as a version
       policybot sources restore ID...            bring removed articles of the shipped library back
       policybot sources embed [-dry-run|-anew]   embed what the model of embeddings.model has not embedded yet

  -articles PATH   with list and show: these files, not the library; may be repeated
  -json            print JSON
  -dry-run         say how many passages there are to embed, and what that costs, and leave it at that
  -anew            forget what that model has embedded and embed all of it again: another model is behind its name

Articles are files ending in .md (with YAML front matter), .txt, .html or .pdf; an articles.yaml beside
them may give title, publisher, author, published, updated, url, lang, kind and tags per file. An article
added under the id of a shipped one takes its place. A running policybot serve sees within seconds what is
added and removed.
`

func sources(ctx context.Context, e *env, args []string) error {
	fs := e.flags("sources")
	c := &sourcesCommand{env: e}
	fs.BoolVar(&c.json, "json", false, "")
	fs.BoolVar(&c.raw, "raw", false, "")
	fs.BoolVar(&c.versions, "versions", false, "")
	fs.StringVar(&c.version, "version", "", "")
	fs.BoolVar(&c.dryRun, "dry-run", false, "")
	fs.BoolVar(&c.anew, "anew", false, "")
	fs.Var(&c.articles, "articles", "")
	rest, err := e.parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return &usageError{"sources: list, show, add, remove, restore or embed?", "policybot sources -h explains them"}
	}
	verb, rest := rest[0], rest[1:]
	if len(c.articles) > 0 && verb != "list" && verb != "show" {
		return usagef("-articles does not go with sources %s", verb)
	}
	switch {
	case (c.dryRun || c.anew) && verb != "embed":
		return usagef("-dry-run and -anew do not go with sources %s", verb)
	case c.dryRun && c.anew:
		return usagef("-dry-run and -anew exclude each other")
	}
	if verb != "list" && verb != "embed" && len(rest) == 0 {
		return usagef("sources %s: which?", verb)
	}
	switch verb {
	case "list":
		if len(rest) > 0 {
			return usagef("sources list takes no argument %q", rest[0])
		}
		return c.list(ctx)
	case "show":
		if len(rest) > 1 {
			return usagef("sources show takes one id")
		}
		if c.raw && c.versions || c.versions && c.version != "" {
			return usagef("-versions goes with neither -raw nor -version")
		}
		return c.show(ctx, rest[0])
	case "add":
		return c.add(ctx, rest)
	case "remove":
		return c.remove(ctx, rest)
	case "restore":
		return c.restore(ctx, rest)
	case "embed":
		if len(rest) > 0 {
			return usagef("sources embed takes no argument %q", rest[0])
		}
		return c.embed(ctx)
	}
	return &usageError{fmt.Sprintf("there is no sources %q", verb), "policybot sources -h lists what there is"}
}

type sourcesCommand struct {
	*env
	json, raw, versions bool
	dryRun, anew        bool // of embed
	version             string
	articles            list
}

// open opens the data directory with the shipped library in it, up to date.
func (c *sourcesCommand) open(ctx context.Context) (*library, error) {
	l, err := c.newLibrary()
	if err != nil {
		return nil, err
	}
	if l.store, err = c.store(ctx); err != nil {
		return nil, err
	}
	if err := c.syncShipped(ctx, l); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// listed is a line of sources list.
type listed struct {
	ID        string      `json:"id"`
	Kind      corpus.Kind `json:"kind"`
	Published string      `json:"published"`
	Publisher string      `json:"publisher"`
	Title     string      `json:"title"`
	URL       string      `json:"url"`
	Lang      string      `json:"lang"`
	Origin    string      `json:"origin"`            // "shipped", "user", or "file" with -articles
	CopyOf    string      `json:"copy_of,omitempty"` // the id of the article that answers in its place
}

func (c *sourcesCommand) list(ctx context.Context) error {
	var rows []listed
	var failed error
	if len(c.articles) > 0 {
		articles, refused := c.readFiles(ctx, c.articles)
		if refused != nil {
			report(c.Stderr, refused)
			failed = errReported
		}
		copyOf := corpus.Duplicates(articles)
		for _, a := range articles {
			rows = append(rows, listed{a.ID, a.Kind, a.Published.String(), a.Publisher, a.Title, a.URL, a.Lang, "file", copyOf[a.ID]})
		}
		slices.SortFunc(rows, func(a, b listed) int { return strings.Compare(a.ID, b.ID) })
	} else {
		l, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer l.Close()
		infos, err := l.store.List(ctx)
		if err != nil {
			return err
		}
		copyOf, err := copies(ctx, l.store)
		if err != nil {
			return err
		}
		for _, i := range infos {
			if i.Origin == store.Shipped && !c.config.Library.Shipped {
				continue
			}
			rows = append(rows, listed{i.ID, i.Kind, i.Published.String(), i.Publisher, i.Title, i.URL, i.Lang, string(i.Origin), copyOf[i.ID]})
		}
	}
	if c.json {
		if rows == nil {
			rows = []listed{}
		}
		if err := writeJSON(c.Stdout, rows); err != nil {
			return err
		}
		return failed
	}
	width := [...]int{2, 4, 9, 9} // of the headings
	for _, r := range rows {
		for i, s := range [...]string{r.ID, string(r.Kind), r.Published, r.Publisher} {
			width[i] = max(width[i], min(40, utf8.RuneCountInString(printable(s))))
		}
	}
	var b strings.Builder
	for _, r := range slices.Concat([]listed{{ID: "id", Kind: "kind", Published: "published", Publisher: "publisher", Title: "title"}}, rows) {
		for i, s := range [...]string{r.ID, string(r.Kind), r.Published, r.Publisher} {
			b.WriteString(cell(printable(s), width[i]) + "  ")
		}
		b.WriteString(printable(r.Title))
		if r.CopyOf != "" {
			b.WriteString(" (copy of " + printable(r.CopyOf) + ")")
		}
		b.WriteByte('\n')
	}
	if _, err := io.WriteString(c.Stdout, b.String()); err != nil {
		return err
	}
	return failed
}

// cell pads s to a width in characters. A longer s stays whole: an id that is cut is no id.
func cell(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func (c *sourcesCommand) show(ctx context.Context, id string) error {
	if len(c.articles) > 0 {
		if c.versions || c.version != "" {
			return usagef("files have no versions")
		}
		articles, refused := c.readFiles(ctx, c.articles)
		for _, a := range articles {
			if a.ID == id {
				return c.print(a)
			}
		}
		return errors.Join(refused, fmt.Errorf("there is no article %s in %s", id, strings.Join(c.articles, ", ")))
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	if c.versions {
		return c.printVersions(ctx, l.store, id)
	}
	var a *corpus.Article
	if c.version != "" {
		a, err = l.store.GetVersion(ctx, id, c.version)
	} else {
		a, _, err = l.store.Get(ctx, id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return &hinted{fmt.Errorf("there is no article %s", id), "policybot sources list shows the ids; -versions what there was"}
	}
	if err != nil {
		return err
	}
	return c.print(a)
}

func (c *sourcesCommand) printVersions(ctx context.Context, s *store.Store, id string) error {
	versions, err := s.Versions(ctx, id)
	if err != nil {
		return err
	}
	if c.json {
		type version struct {
			Digest string    `json:"digest"`
			Title  string    `json:"title"`
			Origin string    `json:"origin"`
			From   time.Time `json:"from"`
			To     time.Time `json:"to"`
			Why    string    `json:"why"`
		}
		out := []version{}
		for _, v := range versions {
			out = append(out, version{v.Digest, v.Title, string(v.Origin), v.Stored, v.Ended, v.Why})
		}
		return writeJSON(c.Stdout, out)
	}
	if len(versions) == 0 {
		_, err := fmt.Fprintf(c.Stdout, "no former version of %s\n", printable(id))
		return err
	}
	for _, v := range versions {
		if _, err := fmt.Fprintf(c.Stdout, "%s  %s to %s  %s  %s\n", v.Digest, v.Stored.Format(time.DateTime), v.Ended.Format(time.DateTime),
			printable(v.Why), printable(v.Title)); err != nil {
			return err
		}
	}
	return nil
}

func (c *sourcesCommand) print(a *corpus.Article) error {
	if c.json {
		return writeJSON(c.Stdout, map[string]any{"id": a.ID, "title": a.Title, "publisher": a.Publisher, "author": a.Author,
			"published": a.Published.String(), "updated": a.Updated.String(), "url": a.URL, "lang": a.Lang, "kind": a.Kind, "tags": a.Tags,
			"text": a.Text, "raw": a.Raw, "removed": removals(a)})
	}
	var b strings.Builder
	for _, f := range [...]struct{ name, value string }{{"id", a.ID}, {"title", a.Title}, {"publisher", a.Publisher}, {"author", a.Author},
		{"published", a.Published.String()}, {"updated", a.Updated.String()}, {"url", a.URL}, {"lang", a.Lang}, {"kind", string(a.Kind)},
		{"tags", strings.Join(a.Tags, ", ")}} {
		if f.value != "" {
			fmt.Fprintf(&b, "%-10s %s\n", f.name+":", printable(f.value))
		}
	}
	b.WriteByte('\n')
	switch {
	case !c.raw && len(a.Statements) > 0:
		at := 0
		for _, s := range a.Statements {
			b.WriteString(lines(a.Text[at:s.Start]))
			fmt.Fprintf(&b, "[%s] %s", s.AsOf, lines(a.Text[s.Start:s.End]))
			at = s.End
		}
		b.WriteString(lines(a.Text[at:]))
	case !c.raw:
		b.WriteString(lines(a.Text))
	default:
		// What was taken away stands between double brackets, with the reason.
		at := 0
		for _, r := range a.Removed {
			if r.Start < at {
				continue // lies in the one before
			}
			b.WriteString(lines(a.Raw[at:r.Start]))
			fmt.Fprintf(&b, "⟦%s: %s⟧", printable(r.Reason), lines(a.Raw[r.Start:r.End]))
			at = r.End
		}
		b.WriteString(lines(a.Raw[at:]))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(c.Stdout, b.String())
	return err
}

// lines makes text of several lines safe to show on a terminal.
func lines(s string) string {
	parts := strings.Split(s, "\n")
	for i, p := range parts {
		parts[i] = printable(strings.TrimSuffix(p, "\r"))
	}
	return strings.Join(parts, "\n")
}

type removal struct {
	Reason string `json:"reason"`
	Text   string `json:"text"`
}

func removals(a *corpus.Article) []removal {
	out := []removal{}
	for _, r := range a.Removed {
		out = append(out, removal{r.Reason, a.Raw[r.Start:r.End]})
	}
	return out
}

// batch is some articles ready to be stored, or why they are not.
type batch struct {
	items []store.Item
	err   error
}

// prepared yields the articles in batches, cut and embedded while the batch before is being stored.
func (c *sourcesCommand) prepared(ctx context.Context, l *library, articles []*corpus.Article) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		ready := make(chan batch, 1)
		go func() {
			defer close(ready)
			for part := range slices.Chunk(articles, store.BatchSize) {
				items, err := c.items(ctx, l.embedder, part)
				select {
				case ready <- batch{items, err}:
				case <-ctx.Done():
					return
				}
			}
		}()
		for b := range ready {
			if !yield(b) {
				return
			}
		}
	}
}

// spelledOut is up to how many added articles are named one by one.
const spelledOut = 20

func (c *sourcesCommand) add(ctx context.Context, paths []string) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	articles, refused := c.readFiles(ctx, paths)
	if err := ctx.Err(); err != nil {
		return err
	}
	if refused != nil {
		report(c.Stderr, refused)
	}
	if len(articles) == 0 {
		if refused != nil {
			return errReported
		}
		return &hinted{fmt.Errorf("no article in %s", strings.Join(paths, ", ")), "articles are files ending in .md, .txt, .html or .pdf"}
	}
	// What is known about copies holds no longer; a crash meanwhile must not leave it standing.
	if err := l.store.SetSetting(ctx, copiesSetting, ""); err != nil {
		return err
	}
	counts := make(map[store.Change]int)
	bar := c.progress("adding articles")
	defer bar.done()
	done := 0
	for b := range c.prepared(ctx, l, articles) {
		err := b.err
		var changes []store.Change
		if err == nil {
			changes, err = l.store.Put(ctx, l.embedder.Model(), b.items...)
		}
		if err != nil {
			if done > 0 {
				err = fmt.Errorf("after %d of %d articles, which are stored: %w", done, len(articles), err)
			}
			return err
		}
		done += len(b.items)
		bar.set(done, len(articles))
		for i, change := range changes {
			counts[change]++
			if len(articles) <= spelledOut {
				fmt.Fprintf(c.Stdout, "%-9s  %s\n", change, printable(b.items[i].Article.ID))
			}
		}
	}
	bar.done()
	large := counts[store.Added]+counts[store.Replaced]+counts[store.Rechunked] >= largeImport
	model := ""
	if large {
		model = l.embedder.Model()
	}
	stored, err := c.load(ctx, l.store, model)
	if err != nil {
		return err
	}
	copyOf, err := findCopies(ctx, l.store, stored)
	if err != nil {
		return err
	}
	embedErr := c.embedAdded(ctx, l.store, articles)
	if large {
		if err := c.prepare(ctx, l.store, stored); err != nil {
			return err
		}
	}
	copied := 0
	for _, a := range articles {
		if copyOf[a.ID] != "" {
			copied++
		}
	}
	var summary []string
	for _, change := range []store.Change{store.Added, store.Replaced, store.Rechunked, store.Unchanged} {
		if n := counts[change]; n > 0 {
			summary = append(summary, fmt.Sprintf("%d %s", n, change))
		}
	}
	if copied > 0 {
		summary = append(summary, fmt.Sprintf("%d of them copies of other articles, which answer in their place", copied))
	}
	if _, err := fmt.Fprintln(c.Stdout, strings.Join(summary, ", ")); err != nil {
		return err
	}
	if embedErr != nil {
		return embedErr // the exit status is the same where files were refused
	}
	if refused != nil {
		return errReported
	}
	return nil
}

func (c *sourcesCommand) remove(ctx context.Context, ids []string) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	shipped := make(map[string]bool)
	if infos, err := l.store.List(ctx); err == nil {
		for _, i := range infos {
			shipped[i.ID] = i.Origin == store.Shipped
		}
	}
	if err := l.store.SetSetting(ctx, copiesSetting, ""); err != nil {
		return err
	}
	var errs []error
	for _, id := range ids {
		err := l.store.Remove(ctx, id, "")
		switch {
		case errors.Is(err, store.ErrNotFound):
			errs = append(errs, &hinted{fmt.Errorf("there is no article %s", id), "policybot sources list shows the ids"})
		case err != nil:
			errs = append(errs, err)
		case shipped[id]:
			fmt.Fprintf(c.Stdout, "removed  %s (policybot sources restore %s brings it back)\n", printable(id), printable(id))
		default:
			fmt.Fprintf(c.Stdout, "removed  %s\n", printable(id))
		}
	}
	if err := c.syncShipped(ctx, l); err != nil { // a shipped article that one of them had taken the place of
		errs = append(errs, err)
	}
	stored, err := c.load(ctx, l.store, "")
	if err == nil {
		_, err = findCopies(ctx, l.store, stored)
	}
	if err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (c *sourcesCommand) restore(ctx context.Context, ids []string) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	var errs []error
	for _, id := range ids {
		err := l.store.Restore(ctx, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			errs = append(errs, fmt.Errorf("no shipped article %s was removed", id))
		case err != nil:
			errs = append(errs, err)
		default:
			fmt.Fprintf(c.Stdout, "restored  %s\n", printable(id))
		}
	}
	return errors.Join(append(errs, c.syncShipped(ctx, l))...)
}
