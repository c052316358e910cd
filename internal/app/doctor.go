package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"policybot/answer"
	"policybot/corpus"
)

const doctorUsage = `policybot doctor checks that everything works, and says what to do where it does not.

usage: policybot doctor [-offline] [-config FILE] [-data DIR]
       policybot doctor -serving [-config FILE]

Checked are the settings, the data directory and the room in it, the record, the library, the clock, and
that a question gets an answer; with DISCORD_TOKEN set, what Discord says of the token, the application, the
gateway, the commands and our clock; with a model or embeddings in the settings, whether their endpoint knows
them. The exit status is 1 if a check fails.

  -offline   ask nobody: neither Discord nor an endpoint
  -serving   ask only the policybot serve that runs here whether it is ready, in milliseconds: a health check
`

// examination is one run of doctor.
type examination struct {
	*env
	failed bool
}

func (x *examination) ok(what, format string, args ...any) {
	fmt.Fprintf(x.Stdout, "ok    %-15s %s\n", what, printable(fmt.Sprintf(format, args...)))
}

func (x *examination) fail(what string, err error, hint string) {
	x.failed = true
	if h := hintOf(err); h != "" {
		hint = h
	}
	fmt.Fprintf(x.Stdout, "FAIL  %-15s %s\n", what, printable(err.Error()))
	if hint != "" {
		fmt.Fprintf(x.Stdout, "      hint: %s\n", printable(hint))
	}
}

// doctorQuestion has an answer in the shipped library.
const doctorQuestion = "What did López Obrador propose about work visas?"

// minFree is how much room the data directory should have: an import writes its log first.
const minFree = 64 << 20

func doctor(ctx context.Context, e *env, args []string) error {
	fs := e.flags("doctor")
	offline := fs.Bool("offline", false, "")
	serving := fs.Bool("serving", false, "")
	rest, err := e.parse(fs, args)
	x := &examination{env: e}
	var wrong *usageError
	switch {
	case errors.Is(err, errHelp) || errors.As(err, &wrong):
		return err
	case len(rest) > 0:
		return usagef("doctor takes no argument %q", rest[0])
	case err != nil:
		x.fail("settings", err, "mend the settings file, or name another with -config")
		return errReported // nothing else is certain without them
	case *serving:
		return x.serving(ctx)
	case e.configFile == "":
		x.ok("settings", "defaults; no settings file")
	default:
		x.ok("settings", "%s", e.configFile)
	}

	l, err := e.newLibrary()
	if err != nil {
		x.fail("vocabulary", err, "mend the file that library.lexicon names")
		return errReported
	}
	stored := x.record(ctx, l)
	defer l.Close()
	if !stored {
		// Answers come from the shipped library all the same; say whether they do.
		articles, err := corpus.Load(ctx, corpus.Briefs(), corpus.Options{})
		if err == nil {
			err = l.add(ctx, articles)
		}
		if err != nil {
			x.fail("library", err, "")
			return errReported
		}
	}
	articles := l.index.Articles()
	if len(articles) == 0 {
		x.fail("library", errors.New("no article"), "policybot sources add PATH, or set library.shipped to true")
		return errReported
	}
	from := e.config.DataDir
	if !stored {
		from = "the shipped library, in memory"
	}
	x.ok("library", "%d articles, %d passages, from %s", len(articles), l.index.Chunks(), from)
	if stored {
		x.embedded(ctx, l)
	}
	x.clock(articles)
	x.answer(ctx, l)
	if !*offline {
		if token := e.Getenv("DISCORD_TOKEN"); token != "" {
			x.discord(ctx, token)
		}
		x.endpoints(ctx)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if x.failed {
		return errReported
	}
	return nil
}

// record checks the data directory and fills the index from it, and reports whether it could.
func (x *examination) record(ctx context.Context, l *library) bool {
	dir := x.config.DataDir
	if err := x.openStore(ctx, l); err != nil {
		x.fail("data directory", err, "name another with -data DIR or data_dir in the settings")
		return false
	}
	if l.store.ReadOnly() {
		x.fail("data directory", fmt.Errorf("%s can be read, but not written", dir), "give write permission, or name another one; questions are answered, nothing is kept")
	} else {
		x.ok("data directory", "%s, can be written", dir)
	}
	if free, err := freeSpace(dir); err != nil {
		x.fail("room", fmt.Errorf("%s: %w", dir, err), "")
	} else if free < minFree {
		x.fail("room", fmt.Errorf("%s has %d MiB left", dir, free>>20), fmt.Sprintf("free some space; %d MiB should be left", minFree>>20))
	} else {
		x.ok("room", "%d MiB free", free>>20)
	}
	found, err := l.store.Check(ctx)
	if err == nil {
		err = found.Err()
	}
	if err != nil {
		x.fail("record", err, "restore "+l.store.Path()+" from a backup")
	} else {
		x.ok("record", "%.1f MiB, sound: %d articles, %d former versions, %d vectors, %d answers",
			float64(found.Bytes)/(1<<20), found.Articles, found.Versions, found.Vectors, found.Answers)
	}
	return true
}

// clock checks the time of day against the newest article: dates of answers, and warnings about their
// age, come from it.
func (x *examination) clock(articles []*corpus.Article) {
	var newest time.Time
	for _, a := range articles {
		if !a.Published.IsZero() && a.Published.First().After(newest) {
			newest = a.Published.First()
		}
	}
	now := x.Now()
	switch {
	case now.Before(newest.Add(-24 * time.Hour)): // some zone is ahead of ours
		x.fail("clock", fmt.Errorf("it is %s, but an article is of %s", now.Format(time.DateOnly), newest.Format(time.DateOnly)), "set the clock; answers about the present would mislead")
	case now.Year() > 2200:
		x.fail("clock", fmt.Errorf("it is %s", now.Format(time.DateOnly)), "set the clock; answers about the present would mislead")
	default:
		x.ok("clock", "%s", now.Format(time.DateTime))
	}
}

// answer checks that a question gets one. Over the shipped library it must be answered; of another
// library nothing is known but that it must not fail.
func (x *examination) answer(ctx context.Context, l *library) {
	start := time.Now()
	a, err := l.offline(x.env).Ask(ctx, answer.Question{Text: doctorQuestion})
	took := time.Since(start)
	switch {
	case err != nil:
		x.fail("answer", err, "")
	case x.config.Library.Shipped && a.Status != answer.Answered:
		x.fail("answer", fmt.Errorf("%q: %s", doctorQuestion, a.Status), "were shipped articles removed? policybot sources restore brings them back")
	default:
		x.ok("answer", "in %.1f ms, %d sources: %s", float64(took.Microseconds())/1000, len(a.Sources), strings.Join(strings.Fields(a.Text), " "))
	}
}
