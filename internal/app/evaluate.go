package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"policybot/answer"
	"policybot/corpus"
	"policybot/internal/eval"
	"policybot/retrieval"
)

const evalUsage = `policybot eval measures answers, or the search beneath them, on questions whose answers are known.

usage: policybot eval [options]           the shipped cases over the shipped library
       policybot eval -in CASES.jsonl     cases of your own over your library, or over -articles
       policybot eval -ir DIR             the ranking of a test collection in the form of BEIR
       policybot eval -abstain DIR        answering against declining, on one that has an unanswerable.jsonl

  -articles PATH   with -in: answer from exactly these files; may be repeated
  -json            print JSON
  -report FILE     write the report, as text, to FILE too; not with -ir
  -run FILE        with -ir: write query, document and score, separated by tabs, 100 documents a query
  -model           have the model of the settings draft the answers; the report says what it cost
  -record FILE     with -model: write each exchange with the model to FILE
  -replay FILE     have the model say what was recorded, without a network or a key

The report has a line per case, so that the difference of two reports shows which questions a change
helped and which it hurt. That of -abstain says how many questions without an answer are declined for so
many with one that are answered, beside a threshold on the score of BM25. Nothing needs a key or a network. The exit status is 1 if an answer breaks a
promise: a claim without proof, a quote that is not verbatim, sources that are numbered wrongly.
`

func evaluate(ctx context.Context, e *env, args []string) (failed error) {
	var (
		articles         list
		in, dir, abstain string
		report, run      string
		asJSON, model    bool
		record, replay   string
		refused, problem error
	)
	fs := e.flags("eval")
	fs.Var(&articles, "articles", "")
	fs.StringVar(&in, "in", "", "")
	fs.StringVar(&dir, "ir", "", "")
	fs.StringVar(&abstain, "abstain", "", "")
	fs.StringVar(&report, "report", "", "")
	fs.StringVar(&run, "run", "", "")
	fs.BoolVar(&asJSON, "json", false, "")
	fs.BoolVar(&model, "model", false, "")
	fs.StringVar(&record, "record", "", "")
	fs.StringVar(&replay, "replay", "", "")
	rest, err := e.parse(fs, args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return usagef("eval takes no argument %q", rest[0])
	case dir != "" && (in != "" || len(articles) > 0 || report != ""):
		return usagef("-ir goes with neither -in nor -articles nor -report")
	case abstain != "" && (in != "" || len(articles) > 0 || dir != ""):
		return usagef("-abstain goes with neither -in nor -articles nor -ir")
	case run != "" && dir == "":
		return usagef("-run needs -ir")
	case (model || replay != "") && (dir != "" || abstain != ""):
		return usagef("-model and -replay go with neither -ir nor -abstain")
	case model && replay != "":
		return usagef("-model and -replay exclude each other")
	case record != "" && !model:
		return usagef("-record needs -model")
	case len(articles) > 0 && in == "":
		return &usageError{"-articles needs -in", "the shipped cases are about the shipped library"}
	}
	if dir != "" {
		return e.evaluateIR(ctx, dir, run, asJSON)
	}
	if abstain != "" {
		return e.evaluateAbstain(ctx, abstain, report, asJSON)
	}
	var cases []eval.Case
	if in == "" {
		cases, err = eval.Shipped()
	} else {
		cases, refused, err = e.readCases(in)
	}
	if err != nil {
		return err
	}
	l, err := e.evalLibrary(ctx, in == "", articles)
	if err != nil {
		return err
	}
	defer l.Close()
	engine := l.offline(e)
	var meter *eval.Meter
	if model || replay != "" {
		m, closing, err := e.evalModel(record, replay)
		if err != nil {
			return err
		}
		defer func() {
			if err := closing(); err != nil {
				failed = errors.Join(failed, err)
			}
		}()
		meter = eval.NewMeter(m, e.config.Model.Prices[m.Name()])
		engine = answer.NewEngine(l.index, e.drafting(meter, nil))
	}
	bar := e.progress("asking")
	r, err := eval.Run(ctx, engine, l.index.Articles(), cases, bar.set)
	bar.done()
	if err != nil {
		return err
	}
	if meter != nil {
		use := meter.Use()
		r.Model = &use
	}
	if report != "" {
		if err := writeFile(report, r.WriteText); err != nil {
			return err
		}
	}
	if asJSON {
		err = writeJSON(e.Stdout, r)
	} else {
		err = r.WriteText(e.Stdout)
	}
	if err != nil {
		return err
	}
	if r.Total.Broken > 0 {
		problem = &hinted{fmt.Errorf("%d promises broken", r.Total.Broken), "the lines of the report marked BROKEN say which"}
	}
	if err := errors.Join(refused, problem); err != nil {
		return err
	}
	return l.err()
}

// evalModel returns the model of the settings, recorded to a file if there is one, or what a file has
// recorded of a model. closing says whether all of that went well.
func (e *env) evalModel(record, replay string) (m answer.Model, closing func() error, err error) {
	if replay != "" {
		f, err := os.Open(replay)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		r, err := eval.LoadReplay(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", replay, err)
		}
		return r, func() error {
			if _, missed := r.Unused(); len(missed) > 0 {
				return &hinted{fmt.Errorf("%s does not hold %d of the requests", replay, len(missed)), "the questions, the library or the prompts have changed: record again"}
			}
			return nil
		}, nil
	}
	if m, err = e.model(nil); err != nil {
		return nil, nil, err
	}
	if m == nil {
		return nil, nil, &hinted{errors.New("-model: the settings name no model"), "set model.name"}
	}
	if record == "" {
		return m, func() error { return nil }, nil
	}
	f, err := os.Create(record)
	if err != nil {
		return nil, nil, err
	}
	r := eval.NewRecorder(m, f)
	return r, func() error { return errors.Join(r.Err(), f.Close()) }, nil
}

// evalLibrary returns the library that the cases are about: the shipped one in memory, whatever the data
// directory holds, or the one that ask would use.
func (e *env) evalLibrary(ctx context.Context, shipped bool, paths []string) (*library, error) {
	if !shipped {
		return e.openLibrary(ctx, paths)
	}
	l, err := e.newLibrary()
	if err != nil {
		return nil, err
	}
	articles, err := corpus.Load(ctx, corpus.Briefs(), corpus.Options{})
	if err != nil {
		return nil, err
	}
	return l, l.add(ctx, articles)
}

// readCases reads a cases file; refused joins what is wrong with single lines.
func (e *env) readCases(name string) (cases []eval.Case, refused, err error) {
	in := e.Stdin
	if name == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		in = f
	}
	cases, refused = eval.Load(name, in)
	if len(cases) == 0 {
		if refused == nil {
			refused = fmt.Errorf("%s: no case", name)
		}
		return nil, nil, refused
	}
	return cases, refused, nil
}

func (e *env) evaluateIR(ctx context.Context, dir, run string, asJSON bool) error {
	l, err := e.newLibrary()
	if err != nil {
		return err
	}
	r, err := eval.RunIR(ctx, dir, retrieval.Options{Analyzer: l.analyzer, Embedder: l.embedder})
	if err != nil {
		return err
	}
	if run != "" {
		if err := writeFile(run, r.WriteRun); err != nil {
			return err
		}
	}
	if asJSON {
		return writeJSON(e.Stdout, r)
	}
	_, err = fmt.Fprintf(e.Stdout, "%d documents, %d judged queries\nndcg@10     %.4f\nmrr@10      %.4f\nrecall@10   %.4f\nrecall@100  %.4f\n",
		r.Documents, r.Queries, r.NDCG10, r.MRR10, r.Recall10, r.Recall100)
	return err
}

func (e *env) evaluateAbstain(ctx context.Context, dir, report string, asJSON bool) error {
	l, err := e.newLibrary()
	if err != nil {
		return err
	}
	bar := e.progress("asking")
	r, err := eval.RunAbstain(ctx, dir, retrieval.Options{Analyzer: l.analyzer, Embedder: l.embedder}, answer.Options{Now: e.Now}, bar.set)
	bar.done()
	if err != nil {
		return err
	}
	if report != "" {
		if err := writeFile(report, r.WriteText); err != nil {
			return err
		}
	}
	if asJSON {
		return writeJSON(e.Stdout, r)
	}
	return r.WriteText(e.Stdout)
}

// writeFile writes a file and reports what goes wrong up to its closing.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.Close()
}
