package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"policybot/answer"
)

// What is counted says what became of questions, and never who asked or what.
func TestMetrics(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	d := newDesk(t, func(o *Options) { o.Metrics = NewMetrics(registry) })
	s := DefaultSettings()
	s.PersonPerHour = 3
	d.state.settings["500"] = s
	if err := d.bot.Dispatch(t.Context(), d.ask(ana, "How high is the wall?")); err != nil {
		t.Fatal(err)
	}
	if err := d.bot.pool.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.hear(mention(ana, "<@42> how high is the wall?"))
	d.do(d.menu(ana, map[string]any{"content": harbourQuote}))
	d.do(d.ask(ana, "And once more?"))
	d.hear(mention(dora, "how high is the wall?"))
	d.engine.ask = func(_ context.Context, q answer.Question) (answer.Answer, error) { return uncovered(q), nil }
	d.do(d.filled(bruno, button(verbFollow, 1, ""), "¿Quién pintó el techo de la capilla?"))
	d.do(d.pressed(bruno, button(verbNear, 4, "0")))
	d.engine.ask = func(context.Context, answer.Question) (answer.Answer, error) {
		return answer.Answer{}, errors.New("broken")
	}
	d.do(d.ask(bruno, "Who painted the ceiling?"))

	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	stages := map[string]uint64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			switch f.GetName() {
			case "policybot_discord_questions_total": // labels come sorted: lang, status, surface
				got = append(got, strings.Join(labels, " "))
			case "policybot_discord_stage_seconds":
				stages[labels[0]] = m.GetHistogram().GetSampleCount()
			}
			for _, l := range labels {
				if strings.Contains(l, "wall") || strings.Contains(l, ana.id) || strings.Contains(l, d.bot.persons.name(ana.id)) {
					t.Errorf("%s is labelled %q", f.GetName(), l)
				}
			}
		}
	}
	slices.Sort(got)
	want := []string{"en answered ask", "en answered check", "en answered dm", "en answered mention", "en limited ask", "en not_covered follow_up",
		"en not_covered topic", "es failed ask"}
	if !slices.Equal(got, want) {
		t.Errorf("counted %q, want %q", got, want)
	}
	for stage, least := range map[string]uint64{stageAck: 1, stageAnswer: 5, stageRender: 4, stageEdit: 4, stageTotal: 4} {
		if stages[stage] < least {
			t.Errorf("stage %s was timed %d times, want at least %d", stage, stages[stage], least)
		}
	}
}
