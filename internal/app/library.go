package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"policybot/answer"
	"policybot/corpus"
	"policybot/internal/store"
	"policybot/retrieval"
)

// library is what a run answers from.
type library struct {
	index    *retrieval.Index
	analyzer *retrieval.Analyzer
	embedder retrieval.Embedder // of the index
	hash     retrieval.Embedder // the offline one: every stored passage has its vector, so that it can always stand in
	embedded bool               // the index uses the embedder of the settings, an endpoint's
	notice   error              // why it does not; nil when it does or they name none
	log      *slog.Logger       // of what talks to an endpoint; nil is silence
	store    *store.Store       // nil: the library is in memory only
	dir      string             // the data directory, where a saved index may be
	saved    int                // articles analysed when the index was last saved

	recorded  recorded              // of the store before the index was filled
	marks     map[string]store.Mark // of the stored articles that it was filled with
	embedding sync.Mutex            // held while the index gets stored vectors, so that it changes to no other embedder meanwhile

	vocabulary string // names the lexicon
	failed     bool   // something was refused, and reported: the exit status must say so

	drafting *answer.Engine // the engine that has a model, nil without one
}

// Close waits until what the model cost is recorded, keeps what is worth keeping for the next start, and
// closes the store. That it could not be kept costs time alone, and is no error.
func (l *library) Close() error {
	if l.drafting != nil {
		l.drafting.Close()
	}
	if l.store == nil {
		return nil
	}
	_ = l.save()
	return l.store.Close()
}

// offline returns the engine that answers without a model, whatever the settings say.
func (l *library) offline(e *env) *answer.Engine {
	return answer.NewEngine(l.index, answer.Options{Now: e.Now})
}

// err returns what a subcommand that did its work returns.
func (l *library) err() error {
	if l.failed {
		return errReported
	}
	return nil
}

// newLibrary returns an empty library with the vocabulary of the settings.
func (e *env) newLibrary() (*library, error) {
	lexicon, err := corpus.DefaultLexicon()
	if err != nil {
		return nil, err
	}
	if name := e.config.Library.Lexicon; name != "" {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("library.lexicon: %w", err)
		}
		own, err := corpus.ParseLexicon(name, data)
		if err != nil {
			return nil, err
		}
		if e.config.Library.LexiconReplace {
			lexicon = own
		} else {
			lexicon = lexicon.Extend(own)
		}
	}
	analyzer := retrieval.NewAnalyzer(lexicon)
	embedder := retrieval.NewHash(analyzer)
	return &library{
		index:    retrieval.New(retrieval.Options{Analyzer: analyzer, Embedder: embedder}),
		analyzer: analyzer,
		embedder: embedder,
		hash:     embedder,

		vocabulary: embedder.Model(),
	}, nil
}

// openLibrary returns the library to answer from: exactly the articles of the paths, in memory, or, if
// there are none, that of the data directory. Where the data directory cannot serve, that is reported
// and the shipped library answers from memory.
func (e *env) openLibrary(ctx context.Context, paths []string) (*library, error) {
	l, err := e.newLibrary()
	if err != nil {
		return nil, err
	}
	if len(paths) > 0 {
		articles, refused := e.readFiles(ctx, paths)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if refused != nil {
			report(e.Stderr, refused)
			l.failed = true
		}
		if len(articles) == 0 {
			if refused != nil {
				return nil, errReported
			}
			return nil, &hinted{fmt.Errorf("no article in %s", strings.Join(paths, ", ")), "articles are files ending in .md, .txt, .html or .pdf"}
		}
		if e.wanted().Model != "" {
			report(e.Stderr, errors.New("files are searched with the offline embedder; embeddings are kept for the library alone"))
		}
		return l, l.add(ctx, articles)
	}
	if err := e.openStore(ctx, l); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !e.config.Library.Shipped {
			return nil, err
		}
		report(e.Stderr, fmt.Errorf("%w; answering from the shipped library alone", err))
		// A directory that cannot be written is a fact of life, in a container say; a record that cannot
		// be read is a failure.
		l.failed = !errors.Is(err, store.ErrReadOnly) && !errors.Is(err, store.ErrFull)
		articles, err := corpus.Load(ctx, corpus.Briefs(), corpus.Options{})
		if err != nil {
			return nil, err
		}
		return l, l.add(ctx, articles)
	}
	if l.notice != nil {
		report(e.Stderr, l.notice)
	}
	return l, nil
}

// add puts articles into a library in memory. Of copies of one text the preferred one answers.
func (l *library) add(ctx context.Context, articles []*corpus.Article) error {
	copies := corpus.Duplicates(articles)
	var entries []retrieval.Entry
	for _, a := range articles {
		if _, copied := copies[a.ID]; !copied {
			entries = append(entries, retrieval.Entry{Article: a, Chunks: corpus.Chunks(a)})
		}
	}
	return l.index.Update(ctx, entries, nil)
}

// copiesSetting is where the store keeps which articles are copies of which: finding that out takes
// longer than a start may. Empty or missing, it is not known, and every article answers.
const copiesSetting = "library.copies"

// copies returns the id of each stored copy with that of the article to prefer.
func copies(ctx context.Context, s *store.Store) (map[string]string, error) {
	value, _, err := s.Setting(ctx, copiesSetting)
	if err != nil {
		return nil, err
	}
	return parseCopies(value)
}

func parseCopies(value string) (map[string]string, error) {
	if value == "" {
		return nil, nil
	}
	var m map[string]string
	if err := json.Unmarshal([]byte(value), &m); err != nil {
		return nil, fmt.Errorf("setting %s: %w", copiesSetting, err)
	}
	return m, nil
}

// findCopies looks for copies among all stored articles and keeps what it finds.
func findCopies(ctx context.Context, s *store.Store, stored *store.Library) (map[string]string, error) {
	articles := make([]*corpus.Article, len(stored.Entries))
	for i, e := range stored.Entries {
		articles[i] = e.Article
	}
	m := corpus.Duplicates(articles)
	value, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return m, s.SetSetting(ctx, copiesSetting, string(value))
}

// openStore opens the data directory, brings its shipped articles up to date and fills the index. What
// it has once embedded it does not embed again, and it has no endpoint embed anything.
func (e *env) openStore(ctx context.Context, l *library) (err error) {
	l.store, err = e.store(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			l.store.Close()
			l.store = nil
			l.embedder, l.embedded, l.notice = l.hash, false, nil
			l.index = retrieval.New(retrieval.Options{Analyzer: l.analyzer, Embedder: l.hash})
		}
	}()
	if err := e.syncShipped(ctx, l); err != nil {
		return err
	}
	if l.recorded, err = readRecorded(ctx, l.store); err != nil {
		return err
	}
	l.dir = e.config.DataDir
	if e.wanted().Model != "" {
		if filled, err := e.fillRemote(ctx, l); filled || err != nil {
			return err
		}
	}
	if info, err := os.Stat(filepath.Join(l.dir, "policybot.db")); err == nil && info.Size() > largeRecord && e.Getenv("GOGC") == "" {
		debug.SetGCPercent(largeGCPercent)
	}
	saved := make(chan *retrieval.Saved, 1)
	go func() { saved <- e.readSaved(l) }()
	stored, err := e.load(ctx, l.store, l.embedder.Model())
	if err != nil {
		return err
	}
	return e.fill(ctx, l, stored, <-saved)
}

// A heap of hundreds of megabytes that lives as long as the program may grow by this much, in percent, before it is
// collected; by default it would double, and questions leave too little garbage to need that.
const (
	largeRecord    = 64 << 20 // bytes
	largeGCPercent = 60
)

// load reads what is stored, with the vectors of a model.
func (e *env) load(ctx context.Context, s *store.Store, model string) (*store.Library, error) {
	bar := e.progress("reading the library")
	defer bar.done()
	return s.Load(ctx, model, bar.set)
}

// fill puts what is stored into the empty index.
func (e *env) fill(ctx context.Context, l *library, stored *store.Library, saved *retrieval.Saved) error {
	entries, err := e.answering(ctx, l.store, stored.Entries)
	if err != nil {
		return err
	}
	if stored.Missing > 0 {
		if err := e.complete(ctx, l.store, l.hash, entries); err != nil {
			return err
		}
	}
	return e.put(ctx, l, entries, saved)
}

// answering returns the stored articles that answer.
func (e *env) answering(ctx context.Context, s *store.Store, entries []store.Entry) ([]store.Entry, error) {
	copyOf, err := copies(ctx, s)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(entries, func(entry store.Entry) bool {
		return !e.answers(entry.Article.ID, entry.Origin, copyOf)
	}), nil
}

// answers reports whether a stored article answers: shipped ones do unless they are switched off, and of
// copies the preferred one.
func (e *env) answers(id string, origin store.Origin, copyOf map[string]string) bool {
	_, copied := copyOf[id]
	return !copied && (e.config.Library.Shipped || origin != store.Shipped)
}

// put puts articles with all their vectors into the empty index.
func (e *env) put(ctx context.Context, l *library, entries []store.Entry, saved *retrieval.Saved) error {
	put := make([]retrieval.Entry, len(entries))
	l.marks = make(map[string]store.Mark, len(entries))
	for i, s := range entries {
		put[i] = retrieval.Entry{Article: s.Article, Chunks: s.Chunks, Vectors: s.Vectors}
		l.marks[s.Article.ID] = s.Mark
	}
	l.index.Resume(saved)
	return l.index.Update(ctx, put, nil)
}

// store opens the data directory, read-only if it cannot be written.
func (e *env) store(ctx context.Context) (*store.Store, error) {
	dir := e.config.DataDir
	if dir == "" {
		return nil, &store.Error{Op: "open", Kind: store.ErrReadOnly, Err: errors.New("no data directory: HOME is not set"),
			Hint: "name one with -data DIR or data_dir in the settings"}
	}
	s, err := store.Open(ctx, dir, store.Options{Now: e.Now})
	if !errors.Is(err, store.ErrReadOnly) && !errors.Is(err, store.ErrFull) {
		return s, err
	}
	if ro, roErr := store.Open(ctx, dir, store.Options{Now: e.Now, ReadOnly: true}); roErr == nil {
		return ro, nil
	}
	return nil, err
}

// syncShipped brings the shipped articles of the store up to date. A store that cannot be written keeps
// those it has, if it has any.
func (e *env) syncShipped(ctx context.Context, l *library) error {
	if !e.config.Library.Shipped {
		return nil
	}
	_, err := l.store.SyncShipped(ctx, shippedDigest(), func() (string, []store.Item, error) {
		articles, err := corpus.Load(ctx, corpus.Briefs(), corpus.Options{})
		if err != nil {
			return "", nil, err
		}
		items, err := e.items(ctx, l.hash, articles)
		return l.hash.Model(), items, err
	})
	if !errors.Is(err, store.ErrReadOnly) && !errors.Is(err, store.ErrFull) {
		return err
	}
	list, listErr := l.store.List(ctx)
	if listErr == nil && slices.ContainsFunc(list, func(i store.Info) bool { return i.Origin == store.Shipped }) {
		return nil
	}
	return err
}

// shippedDigest names what this program makes of the shipped library. How files are cleaned and cut into
// passages changes with the program, so its file stands in for that; looking anew at the library after
// an update costs less than a second.
func shippedDigest() string {
	return corpus.BriefsDigest() + " " + programDigest()
}

// programDigest names the file of this program: another one may read texts in another way.
func programDigest() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}

// embedBatch is how many passages are embedded at a time.
const embedBatch = 512

// items cuts articles into chunks and embeds them.
func (e *env) items(ctx context.Context, embedder retrieval.Embedder, articles []*corpus.Article) ([]store.Item, error) {
	items := make([]store.Item, len(articles))
	var chunks []corpus.Chunk
	for i, a := range articles {
		items[i] = store.Item{Article: a, Chunks: corpus.Chunks(a)}
		chunks = append(chunks, items[i].Chunks...)
	}
	vectors, err := embed(ctx, embedder, chunks)
	if err != nil {
		return nil, err
	}
	for i := range items {
		n := len(items[i].Chunks)
		items[i].Vectors, vectors = vectors[:n:n], vectors[n:]
	}
	return items, nil
}

func embed(ctx context.Context, embedder retrieval.Embedder, chunks []corpus.Chunk) ([][]float32, error) {
	var vectors [][]float32
	for batch := range slices.Chunk(chunks, embedBatch) {
		texts := make([]string, len(batch))
		for i, c := range batch {
			texts[i] = retrieval.PassageText(c)
		}
		v, err := embedder.Embed(ctx, retrieval.Passage, texts)
		if err != nil {
			return nil, fmt.Errorf("embed %d passages: %w", len(texts), err)
		}
		vectors = append(vectors, v...)
	}
	return vectors, nil
}

// complete embeds the passages that have no vector, and stores what it made, so that the next start finds it.
func (e *env) complete(ctx context.Context, s *store.Store, embedder retrieval.Embedder, entries []store.Entry) error {
	var missing []*[]float32
	var chunks []corpus.Chunk
	for i := range entries {
		for k := range entries[i].Vectors {
			if entries[i].Vectors[k] == nil {
				missing = append(missing, &entries[i].Vectors[k])
				chunks = append(chunks, entries[i].Chunks[k])
			}
		}
	}
	bar := e.progress("embedding passages")
	defer bar.done()
	const batch = 8 * embedBatch
	for from := 0; from < len(chunks); from += batch {
		to := min(from+batch, len(chunks))
		vectors, err := embed(ctx, embedder, chunks[from:to])
		if err != nil {
			return err
		}
		for i, v := range vectors {
			*missing[from+i] = v
		}
		if !s.ReadOnly() {
			if err := s.PutVectors(ctx, embedder.Model(), chunks[from:to], vectors); err != nil {
				return err
			}
		}
		bar.set(to, len(chunks))
	}
	return nil
}

// readFiles reads the articles of files and directories. The error joins one for each that was refused;
// the others are returned all the same. Of two with one id the first counts.
func (e *env) readFiles(ctx context.Context, paths []string) ([]*corpus.Article, error) {
	var (
		articles []*corpus.Article
		errs     []error
		from     = make(map[string]string)
	)
	bar := e.progress("reading articles")
	defer bar.done()
	for _, path := range paths {
		fsys, dir, only, err := openPath(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		read, err := corpus.Load(ctx, fsys, corpus.Options{MaxBytes: e.config.Library.MaxArticleBytes, Progress: bar.set})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		errs = append(errs, refusals(err, dir, only)...)
		for _, a := range read {
			if first, twice := from[a.ID]; twice {
				errs = append(errs, &hinted{fmt.Errorf("%s: a second article with the id %s; the first is in %s", path, a.ID, first),
					"an article's id is its file name without the ending; rename one"})
				continue
			}
			from[a.ID] = path
			articles = append(articles, a)
		}
	}
	return articles, errors.Join(errs...)
}

// openPath opens a directory, or the directory of a file in such a way that nothing else of it, but the
// articles.yaml that may describe the file, can be read. name is "" or that of the file.
func openPath(path string) (fsys fs.FS, dir, name string, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, "", "", err
	case info.IsDir():
		return os.DirFS(path), path, "", nil
	case !info.Mode().IsRegular():
		return nil, "", "", fmt.Errorf("%s: neither a file nor a directory", path)
	}
	dir, name = filepath.Dir(path), filepath.Base(path)
	return oneFile{os.DirFS(dir), name}, dir, name, nil
}

// oneFile lists the files of a directory, but opens only one of them and its articles.yaml.
type oneFile struct {
	fs.FS
	name string
}

// metaFile describes the files beside it.
const metaFile = "articles.yaml"

func (f oneFile) Open(name string) (fs.File, error) {
	if name != "." && name != f.name && name != metaFile {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.FS.Open(name)
}

func (f oneFile) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.FS, name)
	return slices.DeleteFunc(entries, fs.DirEntry.IsDir), err
}

// refusals returns what of a loading error counts: all of it, or what concerns the one file wanted. File
// names get their directory in front.
func refusals(err error, dir, only string) (kept []error) {
	if err == nil {
		return nil
	}
	parts := joined(err)
	if parts == nil {
		parts = []error{err}
	}
	for _, p := range parts {
		var r *corpus.Refused
		if errors.As(p, &r) {
			if only != "" && r.File != only && r.File != metaFile {
				continue
			}
			named := *r
			named.File = filepath.Join(dir, r.File)
			p = &named
		}
		kept = append(kept, p)
	}
	return kept
}
