package openai

import (
	"math"
	"regexp"
	"strings"
	"sync"

	api "github.com/sashabaranov/go-openai"
)

// params are what a model is sent beside the conversation.
type params struct {
	temperature bool // it takes one
	newLimit    bool // max_completion_tokens, not max_tokens
	unbounded   bool // neither
	reasons     bool // before it writes, within its limit
	effort      bool // reasoning_effort
	usage       bool // stream_options
}

// The families, by the beginning of a model's name without the provider before it. OpenAI's models that
// reason take no temperature but their own and count what they think within max_completion_tokens; o and
// gpt from 5 on do, and what comes after them is taken to, since a limit under the old name is an error
// with those and one under the new name works with all of OpenAI's.
var (
	reasons = regexp.MustCompile(`^(o[1-9]|gpt-([5-9]|[1-9]\d)|codex|gpt-oss)`)
	older   = regexp.MustCompile(`^(gpt-(3|4)|chatgpt-4)`)
	open    = regexp.MustCompile(`^gpt-oss`) // reasons too, but is served by other people's servers
)

// paramsFor is what a model is sent at first; an endpoint's refusals then correct it.
func paramsFor(model string, hosted, azure bool) params {
	name := strings.ToLower(model)
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:] // "openai/gpt-5" as a router names it
	}
	switch {
	case open.MatchString(name):
		return params{temperature: true, usage: true}
	case reasons.MatchString(name):
		return params{newLimit: true, reasons: true, effort: true, usage: true}
	case older.MatchString(name):
		return params{temperature: true, usage: true}
	case hosted:
		return params{newLimit: true, usage: true} // of a family we do not know yet
	case azure:
		return params{newLimit: true, usage: true} // a deployment's name says nothing about the model
	}
	return params{temperature: true, usage: true}
}

// apply fills in what a request says about its model.
func (p params) apply(q *api.ChatCompletionRequest, limit int, temperature float32, effort string) {
	switch {
	case limit <= 0 || p.unbounded:
	case p.reasons:
		q.MaxCompletionTokens = limit + thinking
	case p.newLimit:
		q.MaxCompletionTokens = limit
	default:
		//lint:ignore SA1019 servers that people run themselves know this one, and some no other
		q.MaxTokens = limit
	}
	if p.temperature {
		q.Temperature = max(temperature, 0)
		if q.Temperature == 0 {
			q.Temperature = math.SmallestNonzeroFloat32 // go-openai leaves out 0; the transport makes it 0 again
		}
	}
	if p.effort {
		q.ReasoningEffort = effort
	}
	if p.usage {
		q.StreamOptions = &api.StreamOptions{IncludeUsage: true}
	}
}

// thinking is what a model that reasons may use up before it writes, in tokens, beyond the limit for what
// it writes: its limit counts both, and without an allowance it could stop before the first word.
const thinking = 4096

// refused is the parameters without the one that the endpoint's error names, and whether there was one. An
// error that names none is put down to stream_options, the one that servers of their own most often lack.
func (p params) refused(e *Error, limited bool) (params, bool) {
	if e.Kind != BadRequest && e.Kind != Unavailable || e.Status < 400 {
		return p, false
	}
	said := strings.ToLower(e.param)
	names := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(said, w) {
				return true
			}
		}
		return false
	}
	switch {
	case p.temperature && names("temperature"):
		p.temperature = false
	case p.effort && names("reasoning_effort", "reasoning.effort"):
		p.effort = false
	case p.usage && names("stream_options", "include_usage"):
		p.usage = false
	case limited && !p.newLimit && !p.unbounded && names("max_tokens"):
		p.newLimit = true
	case limited && p.reasons && !p.unbounded && names("max_completion_tokens"):
		p.unbounded = true // go-openai sends such a model no other
	case limited && p.newLimit && !p.reasons && names("max_completion_tokens"):
		p.newLimit = false
	case p.usage && e.Status == 400 && e.Code != "invalid_prompt":
		p.usage = false
	default:
		return p, false
	}
	return p, true
}

// learned remembers what endpoints refused, by model.
type learned struct {
	mu sync.Mutex
	by map[string]params
}

func (l *learned) get(model string, first params) params {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.by[model]; ok {
		return p
	}
	return first
}

func (l *learned) set(model string, p params) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = make(map[string]params)
	}
	l.by[model] = p
}
