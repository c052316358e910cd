package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"policybot/answer"
	"policybot/internal/openai"
)

// model returns the language model of the settings, nil when there is none. One that cannot be used is an
// error, not a silent fallback: it was asked for.
func (e *env) model(log *slog.Logger) (answer.Model, error) {
	m := &e.config.Model
	if m.Name == "" {
		return nil, nil
	}
	client, err := openai.New(openai.Options{BaseURL: m.BaseURL, APIKey: e.Getenv("OPENAI_API_KEY"), APIType: m.APIType,
		APIVersion: m.APIVersion, Now: e.Now, Log: log})
	if err != nil {
		return nil, &hinted{fmt.Errorf("model: %w", err), openai.HintOf(err)}
	}
	chat, err := client.Chat(openai.ChatOptions{Model: m.Name, Effort: m.Effort})
	if err != nil {
		return nil, &hinted{fmt.Errorf("model: %w", err), openai.HintOf(err)}
	}
	return chat, nil
}

// drafting are the options of an engine that has the model draft its answers.
func (e *env) drafting(model answer.Model, log *slog.Logger) answer.Options {
	m := &e.config.Model
	return answer.Options{Now: e.Now, Model: model, Judge: m.Judge, Reach: m.Reach, Rewrite: m.Rewrite, Deadline: m.Deadline, Prices: m.Prices, Log: log}
}

// engine returns the engine that answers from the library: with a model where the settings name one, and
// within the limits on what it may cost. Closing the library closes it.
func (l *library) engine(e *env, explain bool, log *slog.Logger, meter answer.Meter) (*answer.Engine, error) {
	model, err := e.model(log)
	if err != nil {
		return nil, err
	}
	if model == nil {
		return answer.NewEngine(l.index, answer.Options{Now: e.Now, Explain: explain, Parallel: e.parallel()}), nil
	}
	o := e.drafting(model, log)
	o.Explain, o.Meter, o.Parallel = explain, meter, e.parallel()
	m := &e.config.Model
	o.Limits = answer.Limits{
		Person: limit(m.PersonTokens, m.PersonCost),
		Guild:  limit(m.ServerTokens, m.ServerCost),
		Day:    limit(m.DayTokens, m.DayCost),
	}
	if l.store != nil && !l.store.ReadOnly() {
		o.Ledger = l.store.Ledger()
	}
	if err := o.Check(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	l.drafting = answer.NewEngine(l.index, o)
	return l.drafting, nil
}

// parallel is how many questions are worth weighing at once: as many as there are processors, unless
// questions are embedded by an endpoint, which is waited for.
func (e *env) parallel() int {
	if e.config.Embeddings.Model != "" {
		return 0
	}
	return runtime.GOMAXPROCS(0)
}

func limit(tokens int64, cost float64) answer.Limit {
	return answer.Limit{Tokens: tokens, Micros: int64(cost * 1e6)}
}

// modelMetrics are the figures of the model at /metrics. Labels are constants of package answer, so the
// number of series is bounded.
type modelMetrics struct {
	requests *prometheus.CounterVec
	took     prometheus.Histogram
	tokens   *prometheus.CounterVec
	cost     prometheus.Counter
	answers  *prometheus.CounterVec
}

func newModelMetrics(r prometheus.Registerer) *modelMetrics {
	named := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "policybot", Subsystem: "model", Name: name, Help: help}
	}
	m := &modelMetrics{
		requests: prometheus.NewCounterVec(named("requests_total", "Requests to the language model, by what for and how they ended."), []string{"purpose", "outcome"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "policybot", Subsystem: "model", Name: "request_seconds",
			Help: "Time taken by requests to the language model.", Buckets: []float64{.1, .25, .5, 1, 2, 3, 5, 8, 12, 20, 30}}),
		tokens:  prometheus.NewCounterVec(named("tokens_total", "Tokens that the language model read and wrote."), []string{"kind"}),
		cost:    prometheus.NewCounter(named("cost_total", "Cost of the language model, in the currency of the table of prices.")),
		answers: prometheus.NewCounterVec(named("answers_total", "Questions for the language model, by what answered them."), []string{"by"}),
	}
	r.MustRegister(m.requests, m.took, m.tokens, m.cost, m.answers)
	for _, kind := range []string{"prompt", "completion"} {
		m.tokens.WithLabelValues(kind)
	}
	for _, by := range []answer.By{answer.ByModel, answer.ByCache, answer.BySources, answer.ByFallback, answer.OverBudget} {
		m.answers.WithLabelValues(string(by))
	}
	return m
}

func (m *modelMetrics) Called(purpose string, how answer.Outcome, took time.Duration) {
	m.requests.WithLabelValues(purpose, string(how)).Inc()
	if how != answer.Busy && how != answer.Unaffordable {
		m.took.Observe(took.Seconds())
	}
}

func (m *modelMetrics) Spent(_ string, u answer.Usage, micros int64) {
	m.tokens.WithLabelValues("prompt").Add(float64(max(u.Prompt, 0)))
	m.tokens.WithLabelValues("completion").Add(float64(max(u.Completion, 0)))
	m.cost.Add(float64(micros) / 1e6)
}

func (m *modelMetrics) Answered(by answer.By) { m.answers.WithLabelValues(string(by)).Inc() }

const usageUsage = `policybot usage shows what the language model has cost.

usage: policybot usage [-days N] [-json]

  -days N   of the last N days (default 30), by day in UTC and by model
  -json     print one JSON object per day and model
`

func usageCommand(ctx context.Context, e *env, args []string) error {
	fs := e.flags("usage")
	days := fs.Int("days", 30, "")
	asJSON := fs.Bool("json", false, "")
	rest, err := e.parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("usage takes no argument %q", rest[0])
	}
	if *days < 1 || *days > 10_000 {
		return usagef("-days must lie between 1 and 10000")
	}
	s, err := e.store(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	costs, err := s.Ledger().Costs(ctx, e.Now().AddDate(0, 0, 1-*days))
	if err != nil {
		return err
	}
	var total answer.Spend
	for _, c := range costs {
		total.Prompt += c.Prompt
		total.Completion += c.Completion
		total.Micros += c.Micros
		total.Calls += c.Calls
		if *asJSON {
			err = writeJSON(e.Stdout, map[string]any{"day": c.Day.Format("2006-01-02"), "model": c.Model, "calls": c.Calls,
				"prompt_tokens": c.Prompt, "completion_tokens": c.Completion, "cost": float64(c.Micros) / 1e6})
		} else {
			err = usageLine(e, c.Day.Format("2006-01-02"), c.Model, c.Spend)
		}
		if err != nil {
			return err
		}
	}
	if *asJSON {
		return nil
	}
	if len(costs) == 0 {
		_, err := fmt.Fprintf(e.Stdout, "nothing spent in the last %d days\n", *days)
		return err
	}
	return usageLine(e, "in all", "", total)
}

func usageLine(e *env, day, model string, s answer.Spend) error {
	_, err := fmt.Fprintf(e.Stdout, "%-10s  %-24s  %6d calls  %10d tokens in  %9d out  %10.4f\n",
		day, printable(model), s.Calls, s.Prompt, s.Completion, float64(s.Micros)/1e6)
	return err
}
