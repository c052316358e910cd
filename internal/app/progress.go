package app

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far a job is, on standard error if that is a terminal and nowhere else.
type bar struct {
	e     *env
	what  string
	begun time.Time
	shown *progressbar.ProgressBar
}

// patience is how long a job may take before its bar appears: most are over sooner.
const patience = 300 * time.Millisecond

func (e *env) progress(what string) *bar {
	return &bar{e: e, what: what, begun: time.Now()}
}

// set says that done of total are through.
func (b *bar) set(done, total int) {
	if b.shown == nil {
		if time.Since(b.begun) < patience || !isTerminal(b.e.Stderr) {
			return
		}
		b.shown = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(b.e.Stderr),
			progressbar.OptionSetDescription(b.what),
			progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(30))
	}
	b.shown.ChangeMax(total)
	b.shown.Set(done)
}

// done takes the bar away.
func (b *bar) done() {
	if b.shown != nil {
		b.shown.Finish()
		b.shown = nil
	}
}
