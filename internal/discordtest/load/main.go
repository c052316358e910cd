// Load measures policybot serve under load: it plays Discord, and many persons who ask, against a binary of
// its own, and prints how long acknowledgements and answers took and what the process grew to.
//
//	go build -o policybot . && go run ./internal/discordtest/load -bin ./policybot -transport gateway -rate 200 -for 60s
//	go run ./internal/discordtest/load -bin ./policybot -transport http -rate 0 -n 100000
//
// A rate of 0 asks as fast as answers come, a fixed number at a time. Questions are those of the shipped cases.
// The exit status is 1 when an interaction was lost or answered twice, or a request broke Discord's rules.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"policybot/internal/discordtest"
	"policybot/internal/eval"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// persons and guilds are so many that nobody meets the limits of a server's settings.
const (
	persons = 5000
	guilds  = 300
	atOnce  = 64 // interactions in hand, at a rate of 0
)

func run() error {
	bin := flag.String("bin", "./policybot", "the program to load")
	transport := flag.String("transport", "gateway", "gateway or http")
	rate := flag.Float64("rate", 200, "interactions a second; 0: as fast as they are answered")
	lasting := flag.Duration("for", 60*time.Second, "how long, at a rate")
	count := flag.Int("n", 0, "how many, instead of how long")
	flag.Parse()
	n := *count
	if n == 0 {
		n = int(*rate * lasting.Seconds())
	}
	if n <= 0 {
		return errors.New("nothing to do: give -n, or a -rate and -for")
	}

	var m measured
	m.answered = make(chan struct{}, n)
	var problems atomic.Int64
	s, err := discordtest.New(discordtest.Options{Now: time.Now, Scale: &discordtest.Scale{
		Keep: 50_000, SampleEvery: 100,
		OnAck:   func(_ *discordtest.Interaction, took time.Duration) { m.add(&m.acks, took) },
		OnFinal: func(_ *discordtest.Interaction, took time.Duration) { m.add(&m.finals, took); m.answered <- struct{}{} },
		OnExtra: func(*discordtest.Interaction, string) { m.extra.Add(1) },
	}, Report: func(p string) {
		if problems.Add(1) <= 10 {
			fmt.Fprintln(os.Stderr, "problem:", p)
		}
	}})
	if err != nil {
		return err
	}
	defer s.Close()
	dir, err := os.MkdirTemp("", "policybot-load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := start(*bin, dir, *transport, s)
	if err != nil {
		return err
	}
	defer b.stop()
	if *transport == "http" {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		err := s.SetEndpoint(ctx, "http://"+b.address+"/interactions")
		cancel()
		if err != nil {
			return err
		}
	} else {
		s.WaitReady(1)
	}

	cases, err := eval.Shipped()
	if err != nil {
		return err
	}
	var places []discordtest.Place
	var channels []*discordtest.Channel
	for g := range guilds {
		channels = append(channels, s.Guild(fmt.Sprintf("guild %d", g)).Channel("help"))
	}
	for p := range persons {
		places = append(places, s.User(fmt.Sprintf("person %d", p)).In(channels[p%guilds]))
	}
	ask := func(i int) {
		places[i%persons].Slash("ask", discordtest.Opt("question", cases[i%len(cases)].Question), discordtest.Silent())
	}
	// What a start costs is not what is measured.
	for i := range 200 {
		ask(i)
	}
	for range 200 {
		<-m.answered
	}
	m.reset()
	before := b.figures()
	fmt.Printf("%s, %d interactions, %.0f a second (0: %d at once)\n%s\n", *transport, n, *rate, atOnce, header)
	fmt.Println(before.line(0))

	begin := time.Now()
	lost := 0
	if *rate > 0 {
		var wg sync.WaitGroup
		for i := range n {
			// An interaction is due when it is due, however long others take.
			time.Sleep(time.Until(begin.Add(time.Duration(float64(i) / *rate * float64(time.Second)))))
			wg.Go(func() { ask(200 + i) })
			if (i+1)%max(n/4, 1) == 0 {
				fmt.Println(b.figures().line(i + 1))
			}
		}
		wg.Wait()
		lost = m.wait(n, 30*time.Second)
	} else {
		hand := make(chan struct{}, atOnce)
		go func() {
			for i := range n {
				hand <- struct{}{}
				go ask(200 + i)
			}
		}()
		for i := range n {
			select {
			case <-m.answered:
				<-hand
			case <-time.After(60 * time.Second):
				return fmt.Errorf("no answer for a minute after %d", i)
			}
			if (i+1)%max(n/10, 1) == 0 {
				fmt.Println(b.figures().line(i + 1))
			}
		}
	}
	took := time.Since(begin)
	fmt.Printf("\n%-10s %8s %10s %10s %10s %10s\n", "", "count", "p50 ms", "p95 ms", "p99 ms", "most ms")
	fmt.Println(m.row("ack", m.acks))
	fmt.Println(m.row("answer", m.finals))
	fmt.Printf("\nin the program, mean ms by stage: %s\n", b.stages())
	fmt.Printf("\n%.0f a second over %s; lost %d, double %d, rules broken %d\n", float64(n)/took.Seconds(), took.Round(time.Millisecond), lost, m.extra.Load(), problems.Load())
	if lost > 0 || m.extra.Load() > 0 || problems.Load() > 0 {
		return errors.New("not every interaction was answered once, by the rules")
	}
	return nil
}

// measured are the times seen.
type measured struct {
	mu           sync.Mutex
	acks, finals []time.Duration
	extra        atomic.Int64
	answered     chan struct{}
}

func (m *measured) add(to *[]time.Duration, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	*to = append(*to, took)
}

func (m *measured) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.acks, m.finals = nil, nil
	m.extra.Store(0)
}

// wait waits for n answers and returns how many have not come when none has for that long.
func (m *measured) wait(n int, patience time.Duration) (lost int) {
	for i := range n {
		select {
		case <-m.answered:
		case <-time.After(patience):
			return n - i
		}
	}
	return 0
}

func (m *measured) row(name string, took []time.Duration) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.Sort(took)
	at := func(q float64) float64 {
		if len(took) == 0 {
			return 0
		}
		return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000
	}
	return fmt.Sprintf("%-10s %8d %10.1f %10.1f %10.1f %10.1f", name, len(took), at(.5), at(.95), at(.99), at(1))
}

// program is the bot under load.
type program struct {
	cmd     *exec.Cmd
	address string
}

// start runs the binary against the server and waits until it listens.
func start(bin, dir, transport string, s *discordtest.Server) (*program, error) {
	config := filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf("data_dir: %q\nserve: {listen: \"127.0.0.1:0\"}\ndiscord: {api_url: %q, transport: %s}\n", dir, s.API, transport)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(bin)
	if err != nil {
		return nil, err
	}
	p := &program{cmd: exec.Command(path, "serve", "-config", config)}
	p.cmd.Env = append(os.Environ(), "DISCORD_TOKEN="+s.Token)
	log, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "msg=listening address="); ok {
			p.address = address
			go func() {
				for lines.Scan() {
					if strings.Contains(lines.Text(), "level=ERROR") {
						fmt.Fprintln(os.Stderr, lines.Text())
					}
				}
			}()
			return p, nil
		}
		fmt.Fprintln(os.Stderr, lines.Text())
	}
	return nil, fmt.Errorf("%s did not start: %w", bin, p.cmd.Wait())
}

func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// figures are those of /metrics that would grow with a leak.
type figures struct{ goroutines, heap, rss, cpu float64 }

const header = "       done  goroutines    heap MiB     RSS MiB       CPU s"

func (f figures) line(done int) string {
	return fmt.Sprintf("%11d %11.0f %11.1f %11.1f %11.1f", done, f.goroutines, f.heap/(1<<20), f.rss/(1<<20), f.cpu)
}

var figure = regexp.MustCompile(`(?m)^(go_goroutines|go_memstats_heap_inuse_bytes|process_resident_memory_bytes|process_cpu_seconds_total) (\S+)$`)

// metrics returns what the program tells of itself, "" if it does not.
func (p *program) metrics() string {
	res, err := http.Get("http://" + p.address + "/metrics")
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return string(body)
}

var stage = regexp.MustCompile(`(?m)^policybot_discord_stage_seconds_(sum|count)\{stage="(\w+)"\} (\S+)$`)

// stages says where the time of an answer goes, by the program's own measure since its start.
func (p *program) stages() string {
	sum, count := map[string]float64{}, map[string]float64{}
	for _, m := range stage.FindAllStringSubmatch(p.metrics(), -1) {
		v, _ := strconv.ParseFloat(m[3], 64)
		if m[1] == "sum" {
			sum[m[2]] = v
		} else {
			count[m[2]] = v
		}
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(sum)) {
		parts = append(parts, fmt.Sprintf("%s %.1f", name, 1000*sum[name]/max(count[name], 1)))
	}
	return strings.Join(parts, ", ")
}

func (p *program) figures() (f figures) {
	for _, m := range figure.FindAllStringSubmatch(p.metrics(), -1) {
		v, _ := strconv.ParseFloat(m[2], 64)
		switch m[1] {
		case "go_goroutines":
			f.goroutines = v
		case "go_memstats_heap_inuse_bytes":
			f.heap = v
		case "process_resident_memory_bytes":
			f.rss = v
		default:
			f.cpu = v
		}
	}
	return f
}
