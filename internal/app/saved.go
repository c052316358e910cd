package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"policybot/internal/store"
	"policybot/retrieval"
)

// savedIndex is the file of the data directory that spares a start most of the work of analysing the
// articles. It is no part of the record: without it a start takes longer, nothing else.
const savedIndex = "index.cache"

// savedTag names what a saved index depends on beside the articles: this program's file, which says how
// text is cut into words, the vocabulary, and the embedder.
func (l *library) savedTag() string {
	return fmt.Sprintf("%s %s %s", programDigest(), l.vocabulary, l.embedder.Model())
}

// readSaved returns what the last start worked out, or nil.
func (e *env) readSaved(l *library) *retrieval.Saved {
	f, err := os.Open(filepath.Join(e.config.DataDir, savedIndex))
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	s, err := retrieval.ReadSaved(f, info.Size(), l.savedTag())
	if err != nil {
		return nil // it will be written anew
	}
	return s
}

// save keeps what the index has worked out for the next start, if that is worth the time: more than a
// hundredth of the articles were new to it.
func (l *library) save() error {
	if l.store == nil || l.store.ReadOnly() || l.dir == "" {
		return nil
	}
	made := l.index.Analysed()
	if made <= l.saved+len(l.index.Articles())/100 {
		return nil
	}
	l.saved = made
	tmp, err := os.CreateTemp(l.dir, savedIndex+".*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // after the renaming there is nothing to remove
	err = l.index.Save(tmp, l.savedTag())
	// A crash may leave a file that is whole in name only; its checksum tells.
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(l.dir, savedIndex))
}

// largeImport is from how many added articles on an import also prepares the next start.
const largeImport = 1000

// prepare indexes what is stored, so that the next start finds it saved.
func (e *env) prepare(ctx context.Context, s *store.Store, stored *store.Library) error {
	l, err := e.newLibrary()
	if err != nil {
		return err
	}
	l.store, l.dir = s, e.config.DataDir
	filled := false
	if e.wanted().Model != "" {
		if filled, err = e.fillRemote(ctx, l); err != nil {
			return err
		}
	}
	if !filled {
		if err := e.fill(ctx, l, stored, e.readSaved(l)); err != nil {
			return err
		}
	}
	_ = l.save()
	return nil
}

// changed says that the index has another embedder now: what is saved of it is of no use any more.
func (l *library) changed(embedder retrieval.Embedder) {
	l.embedder, l.embedded, l.notice = embedder, true, nil
	l.saved = -len(l.index.Articles()) - 1
}
