package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"policybot/answer"
	"policybot/bot"
)

const serveUsage = `policybot serve is the Discord bot. It runs until it is told to stop (SIGINT or SIGTERM), and then finishes
the answers in hand.

usage: policybot serve [-config FILE] [-data DIR]

It needs the environment variable DISCORD_TOKEN, the bot's token from Discord's developer portal. README.md
says how to add the bot to a server; policybot doctor checks that everything is in place.

At serve.listen of the settings it also answers

  /healthz        200 while the process lives
  /readyz         200 while it can answer, else 503 and why not
  /metrics        figures in the form of Prometheus
  /interactions   what Discord sends, with discord.transport http
`

func serve(ctx context.Context, e *env, args []string) error {
	rest, err := e.parse(e.flags("serve"), args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("serve takes no argument %q", rest[0])
	}
	token := e.Getenv("DISCORD_TOKEN")
	if token == "" {
		return &hinted{errors.New("DISCORD_TOKEN is not set"), "the token is in Discord's developer portal, under Bot; README.md shows the steps"}
	}
	var handler slog.Handler = slog.NewTextHandler(e.Stderr, nil)
	if e.config.Serve.Log == "json" {
		handler = slog.NewJSONHandler(e.Stderr, nil)
	}
	log := slog.New(handler)

	l, err := e.newLibrary()
	if err != nil {
		return err
	}
	l.log = log
	if err := e.openStore(ctx, l); err != nil {
		return err
	}
	defer l.Close()
	if l.notice != nil {
		log.Warn(l.notice.Error())
	}
	if l.store.ReadOnly() {
		return &hinted{fmt.Errorf("%s cannot be written: the bot keeps settings, conversations and votes there", e.config.DataDir),
			"give write permission, or name another directory with -data DIR or data_dir in the settings"}
	}
	if err := l.save(); err != nil {
		log.Warn("the index is not kept for the next start", "err", err)
	}
	registry := prometheus.NewRegistry()
	var meter answer.Meter
	if e.config.Model.Name != "" {
		meter = newModelMetrics(registry)
	}
	engine, err := l.engine(e, false, log, meter)
	if err != nil {
		return err
	}
	if e.Getenv("GOGC") == "" {
		spareCollector()
	}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge(registry, "articles", "Articles in the library.", func() int { return len(l.index.Articles()) })
	gauge(registry, "passages", "Passages in the library.", l.index.Chunks)
	metrics := bot.NewMetrics(registry)
	base, err := url.Parse(e.config.Discord.APIURL)
	if err != nil {
		return err
	}
	api := bot.NewREST(base, bot.NewHTTPClient(), token, log, metrics)
	b, err := bot.New(ctx, bot.Options{
		Engine: engine, Library: l.index, State: l.store.Bot(), REST: api, Metrics: metrics, Log: log, Now: e.Now, Version: version(),
		Workers: int(e.config.Serve.Workers), Queue: int(e.config.Serve.Queue), Deadline: e.config.Serve.Deadline, Drain: e.config.Serve.Shutdown,
	})
	if err != nil {
		return err
	}

	defer e.embedBeside(ctx, l, log)()
	defer e.follow(ctx, l, log)()

	mux := http.NewServeMux()
	ready := []func(context.Context) error{l.store.Ping}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		var problems []error
		for _, check := range ready {
			problems = append(problems, check(r.Context()))
		}
		if err := errors.Join(problems...); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
		if api.TokenRefused() { // over HTTP answers need no token: what is missing is what else the bot would do
			fmt.Fprintln(w, "but Discord does not accept the bot token: commands cannot be registered")
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))

	var transport func(context.Context) error
	if e.config.Discord.Transport == "http" {
		endpoint, err := e.endpoint(ctx, api, b, log, metrics)
		if err != nil {
			return err
		}
		mux.Handle("/interactions", endpoint)
		transport = func(ctx context.Context) error { <-ctx.Done(); return nil }
	} else {
		intents := 0
		if e.config.Discord.Mentions {
			intents = bot.IntentGuildMessages | bot.IntentDirectMessages
		}
		g := bot.NewGateway(bot.GatewayOptions{
			Token: token, REST: api, ShardID: int(e.config.Discord.ShardID), ShardCount: int(e.config.Discord.ShardCount), Intents: intents,
			Log: log, Metrics: metrics, OnMessage: b.DispatchMessage, OnSelf: b.SetSelf,
			OnInteraction: func(ctx context.Context, i *bot.Interaction) {
				if err := b.Dispatch(ctx, i); err != nil {
					log.Warn("interaction could not be acknowledged", "interaction", i.ID, "error", err)
				}
			},
		})
		ready = append(ready, func(context.Context) error {
			if !g.Healthy() {
				return errors.New("not connected to Discord's gateway")
			}
			return nil
		})
		transport = g.Run
	}
	if e.config.Serve.Listen == "" {
		return hintFatal(b.Run(ctx, transport))
	}
	listener, err := net.Listen("tcp", e.config.Serve.Listen)
	if err != nil {
		return &hinted{fmt.Errorf("serve.listen: %w", err), "another program may use the address: name another one in the settings, or none"}
	}
	server := bot.NewServer(e.config.Serve.Listen, mux, log)
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	log.Info("listening", "address", listener.Addr().String())
	err = b.Run(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- transport(ctx) }()
		select {
		case err := <-done:
			if e.config.Discord.Transport == "http" {
				// No more comes in; what has come in is acknowledged. The work on it is finished after that.
				ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.config.Serve.Shutdown)
				defer cancel()
				return errors.Join(err, server.Shutdown(ctx))
			}
			return err
		case err := <-stopped:
			cancel()
			return errors.Join(fmt.Errorf("the server at %s: %w", e.config.Serve.Listen, err), <-done)
		}
	})
	return errors.Join(hintFatal(err), server.Close())
}

// roomForGarbage is how much memory a server may let garbage take before it is collected. Each question
// leaves a few hundred kilobytes; beside a small library, collecting whenever the heap has doubled would take
// a sixth of the processor's time.
const roomForGarbage = 192 << 20

// spareCollector has garbage collected less often where the heap is small.
func spareCollector() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if percent := int(roomForGarbage * 100 / max(m.HeapAlloc, 1)); percent > 100 {
		debug.SetGCPercent(min(percent, 400))
	}
}

// endpoint makes the handler of what Discord sends.
func (e *env) endpoint(ctx context.Context, api *bot.REST, b *bot.Bot, log *slog.Logger, metrics *bot.Metrics) (http.Handler, error) {
	hex := e.config.Discord.PublicKey
	if hex == "" {
		app, err := api.Application(ctx)
		if err != nil {
			err = fmt.Errorf("ask Discord for the application's public key: %w", err)
			if errors.Is(err, bot.ErrUnauthorized) {
				return nil, hintFatal(err)
			}
			return nil, &hinted{err, "or set discord.public_key, from the developer portal"}
		}
		hex = app.VerifyKey
	}
	key, err := bot.ParsePublicKey(hex)
	if err != nil {
		return nil, err
	}
	return bot.NewEndpoint(key, bot.EndpointOptions{Now: e.Now, Dispatch: b.Dispatch, Log: log, Metrics: metrics})
}

func gauge(r prometheus.Registerer, name, help string, value func() int) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "policybot", Subsystem: "library", Name: name, Help: help},
		func() float64 { return float64(value()) }))
}

// hintFatal adds what to do to the error that ended the connection to Discord.
func hintFatal(err error) error {
	var fatal *bot.FatalError
	if errors.As(err, &fatal) {
		return &hinted{err, fatal.Hint}
	}
	if errors.Is(err, bot.ErrUnauthorized) {
		return &hinted{err, "make a new token in the developer portal, under Bot, and set DISCORD_TOKEN to it"}
	}
	return err
}

// version names this build: a release, else the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if v := info.Main.Version; v != "" && v != "(devel)" && !strings.HasPrefix(v, "v0.0.0-") {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return ""
}
