package bot

import (
	"strconv"
	"testing"
	"time"
)

// BenchmarkHandle is the time from a decoded question to its acknowledgement, by ever new people.
func BenchmarkHandle(b *testing.B) {
	d := newDesk(b)
	s := DefaultSettings()
	s.ServerPerHour = maxPerServer
	d.state.settings["500"] = s
	i := d.ask(ana, "How many crowns did the council of Saltby pay in 2021?")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		i.Member.User.ID = strconv.Itoa(n)
		d.clock.move(50 * time.Millisecond)
		if _, later := d.bot.Handle(b.Context(), i); later == nil {
			b.Fatal("refused")
		}
	}
	b.ReportMetric(float64(d.bot.questions.size()), "buckets")
}

// BenchmarkSuggest is an autocompletion over five thousand articles.
func BenchmarkSuggest(b *testing.B) {
	c := &catalog{lib: many(5000)}
	b.ReportAllocs()
	for b.Loop() {
		if len(c.suggest("report 49", "en")) == 0 {
			b.Fatal("nothing found")
		}
	}
}

// BenchmarkListing is the first look at a library of five thousand articles.
func BenchmarkListing(b *testing.B) {
	l := many(5000)
	b.ReportAllocs()
	for b.Loop() {
		if n := len((&catalog{lib: l}).listing().entries); n != 5000 {
			b.Fatal(n)
		}
	}
}
