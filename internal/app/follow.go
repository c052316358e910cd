package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"policybot/internal/store"
	"policybot/retrieval"
)

const (
	// followEvery is how long a running bot may take to see that another process has changed the library.
	// Looking costs two rows read.
	followEvery = 2 * time.Second
	// followMost is how long it waits after it has failed again and again, and followLacking while passages
	// wait for their vectors: what has changed is read anew then.
	followMost    = time.Minute
	followLacking = 15 * time.Second
	// settling is for how long something half done is left to the process that is doing it. Where nothing has
	// come of it for so long, that process has ended, and what there is counts.
	settling = time.Minute
)

// follower makes the index follow the library of the data directory, which other processes may change. What
// has not changed is not read, cut or embedded again, and searches go on meanwhile, on the library as it was.
// It is for one goroutine.
type follower struct {
	e      *env
	l      *library
	embeds bool // may have an endpoint embed what others have added and left without vectors

	marks   map[string]store.Mark // of the articles in the index
	last    recorded              // of the record when it was last looked through
	known   bool                  // and the index is as the record was then
	copying pending
	lacking pending
	failed  string // the error that was last reported
	wait    time.Duration
}

// recorded tells one state of the recorded library from another.
type recorded struct {
	revision string
	copies   string // which articles are copies, as it stands there
	open     bool   // somebody adds or removes articles, and says at the end which of them are copies
}

func readRecorded(ctx context.Context, s *store.Store) (r recorded, err error) {
	if r.revision, err = s.Revision(ctx); err != nil {
		return r, err
	}
	copies, there, err := s.Setting(ctx, copiesSetting)
	r.copies, r.open = copies, there && copies == ""
	return r, err
}

// pending is something half done by another process.
type pending struct {
	state string // that it has got to
	since time.Time
}

// over reports whether it has stood at a state for so long that it will not get any further.
func (p *pending) over(state string, now time.Time) bool {
	if p.since.IsZero() || p.state != state {
		p.state, p.since = state, now
		return false
	}
	return now.Sub(p.since) >= settling
}

// changes counts what a check has changed in the index.
type changes struct{ added, replaced, removed int }

// newFollower follows the record of an opened library from what the index was filled with.
func (e *env) newFollower(l *library, embeds bool) *follower {
	return &follower{e: e, l: l, embeds: embeds, marks: l.marks, last: l.recorded, known: true, wait: followEvery}
}

// check brings the index up to date if the record has changed. What fails leaves the index as it was, but for
// articles that could not be embedded: they wait, and the others are taken in.
func (f *follower) check(ctx context.Context) (done changes, err error) {
	now, err := readRecorded(ctx, f.l.store)
	if err != nil || f.known && now == f.last {
		return done, err
	}
	if now.open && !f.copying.over(now.revision, f.e.Now()) {
		return done, nil
	}
	copyOf, err := parseCopies(now.copies)
	if err != nil {
		return done, err
	}
	marks, revision, err := f.l.store.Marks(ctx)
	if err != nil || revision != now.revision {
		return done, err // what is being written this moment is looked at the next time
	}
	var ids, gone []string
	for id, m := range marks {
		if !f.e.answers(id, m.Origin, copyOf) {
			delete(marks, id)
		} else if f.marks[id] != m {
			ids = append(ids, id)
		}
	}
	for id := range f.marks {
		if _, there := marks[id]; !there {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	done, all, err := f.apply(ctx, ids, gone)
	// While some articles wait for their vectors the record is looked through each time.
	f.last, f.known = now, err == nil && all
	return done, err
}

// apply takes articles of the record into the index and others out of it, at once. all is false where some
// have no vectors yet.
func (f *follower) apply(ctx context.Context, ids, gone []string) (done changes, all bool, err error) {
	if len(ids)+len(gone) == 0 {
		f.lacking = pending{}
		return done, true, nil
	}
	f.l.embedding.Lock() // the vectors are those of the embedder that the index has then
	defer f.l.embedding.Unlock()
	embedder := f.l.index.Embedder()
	stored, err := f.l.store.LoadSome(ctx, embedder.Model(), ids)
	if err != nil {
		return done, false, err
	}
	entries, failed := f.embedded(ctx, embedder, stored)
	put := make([]retrieval.Entry, len(entries))
	for i, s := range entries {
		put[i] = retrieval.Entry{Article: s.Article, Chunks: s.Chunks, Vectors: s.Vectors}
	}
	if len(put)+len(gone) > 0 {
		if err := f.l.index.Update(ctx, put, gone); err != nil {
			return done, false, errors.Join(failed, err)
		}
	}
	for _, s := range entries {
		if _, before := f.marks[s.Article.ID]; before {
			done.replaced++
		} else {
			done.added++
		}
		f.marks[s.Article.ID] = s.Mark
	}
	for _, id := range gone {
		delete(f.marks, id)
	}
	done.removed = len(gone)
	return done, len(entries) == len(stored.Entries), failed
}

// embedded returns the articles that have all their vectors. The offline embedder makes those that are
// missing; those of an endpoint are left to the process that has added the articles, as long as it gets on
// with them, and for good where f.embeds is false.
func (f *follower) embedded(ctx context.Context, embedder retrieval.Embedder, stored *store.Library) ([]store.Entry, error) {
	if stored.Missing == 0 {
		f.lacking = pending{}
		return stored.Entries, nil
	}
	var err error
	offline := embedder.Model() == f.l.hash.Model()
	if offline || f.embeds && f.lacking.over(fmt.Sprint(stored.Missing), f.e.Now()) {
		if err = f.e.complete(ctx, f.l.store, embedder, stored.Entries); err == nil {
			f.lacking = pending{}
			return stored.Entries, nil
		}
		err = fmt.Errorf("embed what was added to the library: %w", err)
		if !offline {
			err = &hinted{err, cmp.Or(f.e.embedHint(err), "policybot sources embed does it as well")}
		}
	}
	var entries []store.Entry
	for i, s := range stored.Entries {
		if lacking(stored.Entries[i:i+1]) == 0 {
			entries = append(entries, s)
		}
	}
	return entries, err
}

// step checks once, says what has changed or, once, what is wrong, and returns how long to wait before the
// next time.
func (f *follower) step(ctx context.Context, log *slog.Logger) time.Duration {
	done, err := f.check(ctx)
	if done != (changes{}) {
		log.Info("library changed", "added", done.added, "replaced", done.replaced, "removed", done.removed, "articles", len(f.marks))
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		if f.failed != err.Error() {
			f.failed = err.Error()
			log.Warn("changes of the library are not seen", "err", err,
				"hint", cmp.Or(hintOf(err), "policybot doctor looks for the cause; meanwhile answers come from the library as it was"))
		}
		f.wait = min(2*f.wait, followMost)
	default:
		if f.failed != "" {
			log.Info("changes of the library are seen again")
		}
		f.failed = ""
		if f.lacking == (pending{}) {
			f.wait = followEvery
		} else {
			f.wait = min(2*f.wait, followLacking)
		}
	}
	return f.wait
}

// follow makes the index follow the library until stop, which waits until nothing is under way any more.
func (e *env) follow(ctx context.Context, l *library, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	f := e.newFollower(l, true)
	var wg sync.WaitGroup
	wg.Go(func() {
		timer := time.NewTimer(followEvery)
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
				timer.Reset(f.step(ctx, log))
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}
