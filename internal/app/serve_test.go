package app

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"policybot/corpus"
	"policybot/internal/discordtest"
)

// running is policybot serve in this process, against a fake Discord.
type running struct {
	*discordtest.Server
	t    testing.TB
	dir  string // data directory and settings
	log  *lockedBuffer
	stop context.CancelFunc
	exit chan int
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // closed by the next Write
	seen int
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
	return l.b.Write(p)
}

// written returns a channel that is closed when more has been written than was there at the last String.
func (l *lockedBuffer) written() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.b.Len() > l.seen {
		ready := make(chan struct{})
		close(ready)
		return ready
	}
	if l.more == nil {
		l.more = make(chan struct{})
	}
	return l.more
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = l.b.Len()
	return l.b.String()
}

// botDay is the day on which the bot of the tests runs.
func botDay() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// serveBot starts the bot with these lines added to its settings, and stops it with the test.
func serveBot(t testing.TB, o discordtest.Options, settings string) *running {
	t.Helper()
	articles, err := corpus.Load(t.Context(), corpus.Briefs(), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles { // the only ones that messages may link to
		if u, err := url.Parse(a.URL); err == nil && u.Host != "" {
			o.Hosts = append(o.Hosts, u.Host)
		}
	}
	if o.Now == nil {
		o.Now = botDay // signed requests are good for five minutes
	}
	r := &running{Server: discordtest.NewServer(t, o), t: t, dir: t.TempDir(), log: &lockedBuffer{}}
	r.start(settings)
	t.Cleanup(func() {
		if r.stop != nil {
			r.end(0)
		}
		if found := r.Leaked(r.log.String()); len(found) > 0 {
			t.Errorf("secrets in the log: %q", found)
		}
	})
	return r
}

// configure writes the settings file and returns its name.
func (r *running) configure(settings string) string {
	r.t.Helper()
	config := filepath.Join(r.dir, "config.yaml")
	text := fmt.Sprintf("data_dir: %q\nserve: {listen: \"127.0.0.1:0\"}\ndiscord: {api_url: %q}\n", r.dir, r.API)
	if settings != "" {
		text = fmt.Sprintf("data_dir: %q\n", r.dir) + strings.ReplaceAll(settings, "API", r.API)
	}
	if err := os.WriteFile(config, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
	return config
}

// start runs the program, in a world that may be changed; it may be called again after end.
func (r *running) start(settings string, changes ...func(*World)) {
	r.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	w := World{
		Args:   []string{"serve", "-config", r.configure(settings)},
		Getenv: func(name string) string { return map[string]string{"DISCORD_TOKEN": r.Token}[name] },
		Stdin:  strings.NewReader(""), Stdout: r.log, Stderr: r.log, Now: botDay,
	}
	for _, change := range changes {
		change(&w)
	}
	r.stop, r.exit = stop, make(chan int, 1)
	exit := r.exit
	go func() { exit <- Main(ctx, w) }()
}

// end stops the program as a signal would and checks its exit status.
func (r *running) end(want int) {
	r.t.Helper()
	r.stop()
	r.exited(want)
}

// exited waits for the program to end by itself.
func (r *running) exited(want int) {
	r.t.Helper()
	if got := <-r.exit; got != want {
		r.t.Errorf("exit status %d, want %d; log:\n%s", got, want, r.log)
	}
	r.stop = nil
}

func TestServeAsk(t *testing.T) {
	t.Parallel()
	r := serveBot(t, discordtest.Options{}, "")
	r.WaitReady(1)
	guild := r.Guild("Clinic")
	help := guild.Channel("help")
	alice := r.User("alice", discordtest.Locale("en-US"))
	reply := alice.In(help).Slash("ask", discordtest.Opt("question", "What did López Obrador propose about work visas?")).WaitReply()
	if !strings.Contains(reply.Text(), "[1]") {
		t.Errorf("no citation in %q", reply.Text())
	}
	t.Log(r.Transcript())
}

// address waits until the program listens and returns where.
func (r *running) address() string {
	r.t.Helper()
	for {
		if _, rest, ok := strings.Cut(r.log.String(), "msg=listening address="); ok {
			address, _, ok := strings.Cut(rest, "\n")
			if ok {
				return address
			}
		}
		select {
		case <-r.log.written():
		case code := <-r.exit:
			r.t.Fatalf("exit status %d before listening:\n%s", code, r.log)
		}
	}
}
