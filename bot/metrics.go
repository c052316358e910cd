package bot

import (
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts what the bot does. A label never holds text, an id or a token, and each has a small
// fixed set of values, so the number of series is bounded whatever people do. A nil *Metrics counts
// nothing.
type Metrics struct {
	questions    *prometheus.CounterVec
	interactions *prometheus.CounterVec
	stages       *prometheus.HistogramVec
	queued       *prometheus.GaugeVec
	running      *prometheus.GaugeVec
	dropped      *prometheus.CounterVec
	panics       prometheus.Counter
	requests     *prometheus.CounterVec
	limits       *prometheus.CounterVec
	shards       *prometheus.GaugeVec
	reconnects   *prometheus.CounterVec
	identifies   prometheus.Counter
	endpoint     *prometheus.CounterVec
	refused      prometheus.Gauge
}

// The stages of an answer, whose times are measured.
const (
	stageAck    = "ack"    // from the arrival of an interaction to Discord's word that it is acknowledged
	stageAnswer = "answer" // search, drafting and verification
	stageRender = "render"
	stageEdit   = "edit"  // the answer's way to Discord
	stageTotal  = "total" // from arrival to the answer being shown
)

// NewMetrics makes the bot's collectors and registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "policybot", Subsystem: "discord", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "policybot", Subsystem: "discord", Name: name, Help: help}, labels)
	}
	one := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "policybot", Subsystem: "discord", Name: name, Help: help})
	}
	m := &Metrics{
		questions:    counter("questions_total", "Questions by surface, language and what became of them.", "surface", "lang", "status"),
		interactions: counter("interactions_total", "Interactions that arrived, by type.", "type"),
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "policybot", Subsystem: "discord", Name: "stage_seconds",
			Help:    "Time taken by each stage of an answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .15, .25, .5, 1, 2, 3, 5, 10, 30}}, []string{"stage"}),
		queued:     gauge("queued", "Jobs that wait for a worker, by pool.", "pool"),
		running:    gauge("in_flight", "Jobs at work, by pool.", "pool"),
		dropped:    counter("dropped_total", "Work that was refused, by reason.", "reason"),
		panics:     one("panics_total", "Panics that were caught."),
		requests:   counter("rest_requests_total", "Requests to Discord by route and status class.", "route", "status"),
		limits:     counter("rate_limited_total", "Answers 429 of Discord by scope.", "scope"),
		shards:     gauge("gateway_up", "1 for a shard that is connected and alive, else 0.", "shard"),
		reconnects: counter("gateway_reconnects_total", "Gateway connections that ended and were made anew, by cause.", "cause"),
		identifies: one("gateway_identifies_total", "IDENTIFYs sent; Discord allows 1000 a day."),
		endpoint:   counter("endpoint_requests_total", "Requests to the interactions endpoint by HTTP status.", "status"),
	}
	m.refused = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "policybot", Subsystem: "discord", Name: "token_refused",
		Help: "1 when Discord did not accept the bot token the last time it was used, else 0."})
	reg.MustRegister(m.refused, m.questions, m.interactions, m.stages, m.queued, m.running, m.dropped, m.panics, m.requests, m.limits,
		m.shards, m.reconnects, m.identifies, m.endpoint)
	return m
}

// question counts a question: where it was asked ("ask", "mention", "dm", "menu", …), the language of its
// answer and what became of it ("answered", "not_covered", "limited", "failed", …). The caller passes
// constants; a language other than en and es is counted as "other".
func (m *Metrics) question(surface, lang, status string) {
	if m == nil {
		return
	}
	if lang != "en" && lang != "es" {
		lang = "other"
	}
	m.questions.WithLabelValues(surface, lang, status).Inc()
}

// stage records how long one of the stage… constants took.
func (m *Metrics) stage(stage string, took time.Duration) {
	if m != nil {
		m.stages.WithLabelValues(stage).Observe(took.Seconds())
	}
}

// drop counts work that was refused. The reason is a constant: "queue", "ack_queue", "limit", ….
func (m *Metrics) drop(reason string) {
	if m != nil {
		m.dropped.WithLabelValues(reason).Inc()
	}
}

func (m *Metrics) interaction(kind int) {
	if m == nil {
		return
	}
	name := "other"
	if names := []string{"", "ping", "command", "component", "autocomplete", "modal"}; kind > 0 && kind < len(names) {
		name = names[kind]
	}
	m.interactions.WithLabelValues(name).Inc()
}

func (m *Metrics) panicked() {
	if m != nil {
		m.panics.Inc()
	}
}

// pool records the state of a pool.
func (m *Metrics) pool(name string, queued, running int) {
	if m != nil {
		m.queued.WithLabelValues(name).Set(float64(queued))
		m.running.WithLabelValues(name).Set(float64(running))
	}
}

// request counts a request by its route's name and the class of its answer; status 0 is a network error.
func (m *Metrics) request(route string, status int) {
	if m == nil {
		return
	}
	class := "network"
	if status >= 100 && status < 600 {
		class = strconv.Itoa(status/100) + "xx"
	}
	m.requests.WithLabelValues(route, class).Inc()
}

// limited counts a 429. The scope comes from outside, so one that is unknown counts as "other".
func (m *Metrics) limited(scope string) {
	if m == nil {
		return
	}
	if !slices.Contains([]string{"user", "global", "shared", "cloudflare"}, scope) {
		scope = "other"
	}
	m.limits.WithLabelValues(scope).Inc()
}

func (m *Metrics) shard(id int, up bool) {
	if m == nil {
		return
	}
	v := 0.0
	if up {
		v = 1
	}
	m.shards.WithLabelValues(strconv.Itoa(id)).Set(v)
}

func (m *Metrics) reconnect(cause string) {
	if m != nil {
		m.reconnects.WithLabelValues(cause).Inc()
	}
}

func (m *Metrics) identify() {
	if m != nil {
		m.identifies.Inc()
	}
}

func (m *Metrics) token(refused bool) {
	if m == nil {
		return
	}
	v := 0.0
	if refused {
		v = 1
	}
	m.refused.Set(v)
}

func (m *Metrics) served(status int) {
	if m != nil {
		m.endpoint.WithLabelValues(strconv.Itoa(status)).Inc()
	}
}
