package bot

import (
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Labels are of fixed sets: whatever comes from outside adds no series.
func TestMetricsLabels(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	m := NewMetrics(reg)
	for _, s := range []string{"en", "es", "fr", "an id 123456", "global", "user", "what somebody asked"} {
		m.question("ask", s, "answered")
		m.limited(s)
	}
	for n := -3; n < 1000; n += 7 {
		m.interaction(n)
		m.request("GET /gateway/bot", n)
	}
	m.stage(stageAck, time.Millisecond)
	m.drop("answers")
	m.panicked()
	m.pool("answers", 3, 4)
	m.shard(0, true)
	m.reconnect("lost")
	m.identify()
	m.served(202)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"ask", "answered", "en", "es", "other", "global", "user", "ping", "command", "component", "autocomplete", "modal",
		"GET /gateway/bot", "network", "1xx", "2xx", "3xx", "4xx", "5xx", "ack", "answers", "0", "lost", "202"}
	names := 0
	for _, f := range families {
		names++
		for _, metric := range f.GetMetric() {
			for _, label := range metric.GetLabel() {
				if !slices.Contains(allowed, label.GetValue()) {
					t.Errorf("%s has the label %s=%q", f.GetName(), label.GetName(), label.GetValue())
				}
			}
		}
	}
	if names != 14 {
		t.Errorf("%d families of metrics", names)
	}
}

// Without metrics everything works.
func TestMetricsNil(t *testing.T) {
	t.Parallel()
	var m *Metrics
	m.question("ask", "en", "answered")
	m.stage(stageAck, 0)
	m.drop("")
	m.interaction(1)
	m.panicked()
	m.pool("", 0, 0)
	m.request("", 200)
	m.limited("")
	m.shard(0, true)
	m.reconnect("")
	m.identify()
	m.served(200)
}
