package answer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

var errBusy = errors.New("answer: too many requests to the model at once")

// call makes one request to the model, within the budget and within ctx, whatever the model does: it
// returns when ctx is done though Stream does not, and a panic of Stream is an error. It calls line for
// each line in the goroutine of the caller; line ends the request without failing it by returning
// errEnough.
func (g *generator) call(ctx context.Context, who payer, purpose string, r ModelRequest, line func(string) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	start := time.Now()
	defer func() { g.meter.Called(purpose, outcome(ctx, err), time.Since(start)) }()
	held, err := g.budget.reserve(ctx, who, estimate(r))
	if err != nil {
		return err
	}
	select {
	case g.slots <- struct{}{}:
	default:
		g.budget.release(held)
		return errBusy
	}
	sctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines, ended := make(chan string), make(chan ending, 1)
	go func() {
		defer func() { <-g.slots }()
		ended <- g.stream(sctx, r, lines)
	}()
	got := 0
	for {
		select {
		case s := <-lines:
			got += len(s) + 1
			if err := line(s); err != nil {
				cancel()
				g.settleLater(ctx, held, purpose, r, got, ended)
				if errors.Is(err, errEnough) {
					return nil
				}
				return err
			}
		case end := <-ended:
			settled := make(chan struct{})
			g.settling.Go(func() {
				defer close(settled)
				g.settle(ctx, held, purpose, g.cost(r, end, got))
			})
			select {
			case <-settled:
			case <-ctx.Done():
			}
			return end.err
		case <-ctx.Done():
			g.settleLater(ctx, held, purpose, r, got, ended)
			return ctx.Err()
		}
	}
}

// outcome is how a request ended, in the words of a Meter.
func outcome(ctx context.Context, err error) Outcome {
	switch {
	case err == nil:
		return Finished
	case errors.Is(err, errOverBudget):
		return Unaffordable
	case errors.Is(err, errBusy):
		return Busy
	case ctx.Err() != nil:
		return Left
	}
	return Failed
}

// ending is how a request ended.
type ending struct {
	usage Usage
	err   error
}

// stream runs the model and passes its lines on, none longer than a value may be.
func (g *generator) stream(ctx context.Context, r ModelRequest, lines chan<- string) (end ending) {
	defer func() {
		if p := recover(); p != nil {
			g.log.Error("the model panicked", "model", g.model.Name(), "panic", p)
			end.err = errors.New("answer: the model panicked")
		}
	}()
	total := 0
	usage, err := g.model.Stream(ctx, r, func(s string) error {
		total += len(s) + 1
		if len(s) > maxValue {
			s = s[:maxValue]
		}
		if total > 2*maxReply {
			return errTooMuch
		}
		select {
		case lines <- s:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err != nil {
		err = fmt.Errorf("answer: model: %w", err)
	}
	return ending{usage, err}
}

// cost is what a request is charged: what the endpoint says, else what can be counted.
func (g *generator) cost(r ModelRequest, end ending, got int) Usage {
	u := end.usage
	if u.Prompt > 0 || u.Completion > 0 {
		return u
	}
	if end.err != nil && got == 0 {
		return Usage{} // refused before it cost anything
	}
	u = estimate(r)
	u.Completion = min((got+2)/3, max(u.Completion, 1))
	return u
}

// settleLater settles a request that nobody waits for any more: at what the model says when it stops
// soon, else at what can be counted of it.
func (g *generator) settleLater(ctx context.Context, held *reservation, purpose string, r ModelRequest, got int, ended <-chan ending) {
	g.settling.Go(func() {
		timer := time.NewTimer(settleWait)
		defer timer.Stop()
		end := ending{}
		select {
		case end = <-ended:
			end.err = nil // it was sent and stopped by us: the prompt was read
		case <-timer.C:
		}
		g.settle(ctx, held, purpose, g.cost(r, end, got))
	})
}

func (g *generator) settle(ctx context.Context, held *reservation, purpose string, u Usage) {
	if u.Prompt > 0 || u.Completion > 0 {
		g.meter.Spent(purpose, u, g.budget.price.Micros(u))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	if err := g.budget.settle(ctx, held, g.model.Name(), purpose, u); err != nil {
		g.log.Error("what the model cost could not be recorded", "purpose", purpose, "prompt", u.Prompt, "completion", u.Completion, "err", err)
	}
}

// judged asks the model which claims their quotes do not bear out and drops those. A judge that fails or
// talks nonsense rejects nothing: the claims have passed Verify.
func (g *generator) judged(ctx context.Context, who payer, claims []Claim) []Claim {
	if !timeLeft(ctx, repairTime) {
		return claims
	}
	var b strings.Builder
	for i, c := range claims {
		fmt.Fprintf(&b, "<claim n=\"%d\">\n%s\n</claim>\n", i+1, asData(c.Text))
		for _, ct := range c.Citations {
			fmt.Fprintf(&b, "<quote>\n%s\n</quote>\n", asData(ct.Quote))
		}
	}
	r := ModelRequest{System: g.prompts.system["judge.md"], Messages: []Message{{Role: "user", Text: b.String()}}, MaxTokens: g.replyTokens / 2, JSON: true}
	var rep reply
	if err := g.call(ctx, who, "judge", r, rep.line); err != nil {
		g.log.Warn("no judgement", "err", err)
		return claims
	}
	var v struct {
		Reject []struct {
			N looseInt `json:"n"`
		} `json:"reject"`
	}
	if err := rep.read(&v); err != nil {
		g.log.Warn("no judgement", "err", err)
		return claims
	}
	out := make([]Claim, 0, len(claims))
next:
	for i, c := range claims {
		for _, rej := range v.Reject {
			if int(rej.N) == i+1 {
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

func asJSON(d drafted) string {
	d.Text = clip(asData(d.Text), maxClaimText)
	d.Cites = append([]cited{}, d.Cites...)
	for i := range d.Cites {
		d.Cites[i].Quote = clip(asData(d.Cites[i].Quote), maxQuote)
	}
	d.Cites = d.Cites[:min(len(d.Cites), maxCites)]
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(d) != nil {
		return "{}" // unreachable: strings and numbers
	}
	return strings.TrimSpace(b.String())
}

// Close waits until what the model cost is recorded, for a few seconds at most beyond the last answer.
// The engine must not be asked meanwhile or afterwards.
func (e *Engine) Close() {
	if e.generator != nil {
		e.generator.flights.running.Wait() // who asked may have left before the request was
		e.generator.settling.Wait()
	}
}

// Check reports what is wrong with the options together, nil when nothing is.
func (o Options) Check() error {
	var errs []error
	if o.Model == nil {
		return nil
	}
	_, priced := o.Prices[o.Model.Name()]
	for _, l := range []struct {
		name string
		Limit
	}{{"person", o.Limits.Person}, {"server", o.Limits.Guild}, {"day", o.Limits.Day}} {
		if l.Micros > 0 && !priced {
			errs = append(errs, fmt.Errorf("the limit of money per %s needs a price of the model %q", l.name, o.Model.Name()))
		}
		if l.Tokens < 0 || l.Micros < 0 {
			errs = append(errs, fmt.Errorf("the limit per %s is negative", l.name))
		}
	}
	for name, p := range o.Prices {
		if p.Input < 0 || p.Output < 0 || p.Cached < 0 {
			errs = append(errs, fmt.Errorf("the price of the model %q is negative", name))
		}
	}
	return errors.Join(errs...)
}
