package eval

import (
	"context"
	"sync"

	"policybot/answer"
)

// Use is what a run asked of a language model.
type Use struct {
	Name       string  `json:"name"`
	Requests   int     `json:"requests"`
	Prompt     int     `json:"prompt_tokens"`
	Completion int     `json:"completion_tokens"`
	Cost       float64 `json:"cost"` // in the currency of the price
}

// Meter is a Model that counts what another is asked. It is safe for concurrent use.
type Meter struct {
	answer.Model
	price answer.Price

	mu     sync.Mutex
	use    Use
	micros int64
}

// NewMeter returns a model that does what m does and counts it at a price.
func NewMeter(m answer.Model, price answer.Price) *Meter {
	return &Meter{Model: m, price: price, use: Use{Name: m.Name()}}
}

// Stream asks the model.
func (m *Meter) Stream(ctx context.Context, r answer.ModelRequest, line func(string) error) (answer.Usage, error) {
	u, err := m.Model.Stream(ctx, r, line)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.use.Requests++
	m.use.Prompt += u.Prompt
	m.use.Completion += u.Completion
	m.micros += m.price.Micros(u)
	return u, err
}

// Use returns what was asked so far.
func (m *Meter) Use() Use {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.use
	u.Cost = float64(m.micros) / 1e6
	return u
}
