package openai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	api "github.com/sashabaranov/go-openai"

	"policybot/answer"
)

// ChatOptions choose the model that writes.
type ChatOptions struct {
	Model string // as the endpoint names it; on Azure the deployment

	// Effort is how long a model that reasons may think: "minimal", "low", "medium" or "high"; "" is low,
	// since an answer is waited for. It is left out for models that do not reason or do not take it.
	Effort string
}

// Chat is a model of the endpoint as an answer.Model.
//
// A stream is believed to be whole only when it says why the model stopped, and that it was done: without
// a reason it is Cut, at the limit of tokens Length, withheld Filtered. Lines that came before are the
// model's all the same and have been handed on; the piece of a line that an unfinished stream ends with is
// not. A request that fails before any line was handed on may be sent once more.
type Chat struct {
	c       *Client
	model   string
	effort  string
	learned learned
}

var _ answer.Model = (*Chat)(nil)

// Chat returns the model of that name. It asks nothing of the endpoint.
func (c *Client) Chat(o ChatOptions) (*Chat, error) {
	if err := c.checkModel("configure", o.Model); err != nil {
		return nil, err
	}
	switch o.Effort {
	case "":
		o.Effort = api.ReasoningEffortLow
	case api.ReasoningEffortMinimal, api.ReasoningEffortLow, api.ReasoningEffortMedium, api.ReasoningEffortHigh:
	default:
		return nil, &Error{Kind: Misconfigured, Op: "configure", Model: o.Model, Detail: "reasoning effort " + clean(o.Effort, 20) + " is unknown",
			Hint: "write minimal, low, medium or high"}
	}
	return &Chat{c: c, model: o.Model, effort: o.Effort}, nil
}

// Name is the model's name, as it was given.
func (m *Chat) Name() string { return m.model }

// lineError is what the caller's function returned, on its way out.
type lineError struct{ err error }

func (e lineError) Error() string { return e.err.Error() }

// Stream implements answer.Model. What it returns is an *Error, or the error of line as it is.
//
// r.JSON is not passed on: the JSON mode of the protocol makes a model write one object and stop, and
// there is none for one value per line.
func (m *Chat) Stream(ctx context.Context, r answer.ModelRequest, line func(string) error) (answer.Usage, error) {
	ctx, cancel := withLimit(ctx, m.c.o.Limits.Total, errTotal) // for all that is sent on its account
	defer cancel()
	var total answer.Usage
	p := m.learned.get(m.model, paramsFor(m.model, m.c.hosted, m.c.o.APIType == TypeAzure || m.c.o.APIType == TypeAzureAD))
	again := m.c.o.Limits.Retries > 0
	first := p
	var refusal, broken *Error // what the first correction and the second try set out from
	for corrections := 0; ; {
		u, handed, err := m.stream(ctx, r, p, line)
		total.Prompt += u.Prompt
		total.Completion += u.Completion
		total.Cached += u.Cached
		total.Estimated = total.Estimated || u.Estimated
		if err == nil {
			if p != first {
				m.learned.set(m.model, p)
			}
			return total, nil
		}
		var own lineError
		if errors.As(err, &own) {
			return total, own.err
		}
		e := m.c.fail(ctx, "chat", m.model, err)
		if handed || ctx.Err() != nil {
			return total, e
		}
		if q, ok := p.refused(e, r.MaxTokens > 0); ok && corrections < 5 {
			if refusal == nil {
				refusal = e
			}
			p, corrections = q, corrections+1
			continue
		}
		// A stream that broke off before it gave anything is tried once more, as the transport does with
		// requests that were not answered.
		if again && e.Attempts == 0 && (e.Kind == Cut || e.Kind == Unavailable) {
			again, broken = false, e
			continue
		}
		switch {
		case refusal != nil && e.Kind == BadRequest:
			e = refusal // nothing that was left out helped, so the first complaint is the one to show
		case broken != nil && e.Kind == Open:
			e = broken // the breaker opened in between
		}
		return total, e
	}
}

// stream sends the request once. handed says whether a line was handed on.
func (m *Chat) stream(ctx context.Context, r answer.ModelRequest, p params, line func(string) error) (u answer.Usage, handed bool, err error) {
	q, prompt := m.request(r, p)
	var body grip
	ctx = context.WithValue(ctx, gripKey{}, &body)
	s, err := m.c.api.CreateChatCompletionStream(ctx, q)
	if err != nil {
		return u, false, err
	}
	defer s.Close()
	var (
		lines   = splitter{max: m.c.o.Limits.MaxLine, line: line}
		thought int // tokens the model wrote for itself, as far as it showed them
		known   *api.Usage
		reason  string
		refusal bool
		empty   int // events without text, in a row
	)
	for {
		var part api.ChatCompletionStreamResponse
		part, err = s.Recv()
		if err != nil {
			break
		}
		if part.Usage != nil && sane(part.Usage) {
			known = part.Usage
		}
		if empty++; empty > maxEmpty {
			err = &Error{Kind: BadResponse, Detail: "nothing but empty events"}
			break
		}
		if reason != "" {
			continue // only the usage is waited for
		}
		for _, c := range part.Choices {
			if c.Index != 0 {
				continue // one was asked for
			}
			if c.Delta.ReasoningContent != "" {
				thought += Tokens(c.Delta.ReasoningContent)
				empty = 0
			}
			refusal = refusal || c.Delta.Refusal != ""
			if c.Delta.Content != "" {
				empty = 0
				if err = lines.write(c.Delta.Content); err != nil {
					return m.usage(known, prompt, lines.tokens+thought), lines.handed, err
				}
			}
			if c.FinishReason != "" && c.FinishReason != api.FinishReasonNull {
				reason = strings.ToLower(string(c.FinishReason))
			}
		}
		if reason == "" {
			continue
		}
		// The model is done, so its last line need not wait for what the stream may still say. What does
		// not come soon after is not waited for.
		if stopWords[reason] && !refusal {
			if err = lines.flush(); err != nil {
				return m.usage(known, prompt, lines.tokens+thought), lines.handed, err
			}
		}
		body.hurry()
	}
	u = m.usage(known, prompt, lines.tokens+thought)
	switch {
	case refusal:
		return u, lines.handed, &Error{Kind: Filtered, Detail: "the model refused"}
	case stopWords[reason]:
		return u, lines.handed, nil // whatever happened to the stream after that
	case lengthWords[reason]:
		return u, lines.handed, &Error{Kind: Length}
	case filterWords[reason]:
		return u, lines.handed, &Error{Kind: Filtered}
	case reason != "":
		e := &Error{Kind: BadResponse, Detail: "the model stopped for an unknown reason"}
		if plainWord.MatchString(reason) {
			e.Code = reason
		}
		return u, lines.handed, e
	case errors.Is(err, io.EOF):
		return u, lines.handed, &Error{Kind: Cut, Detail: "the stream ended without saying that the model had finished"}
	}
	return u, lines.handed, err
}

// Reasons why a model stops, as the protocol and some who follow it loosely name them.
var (
	stopWords   = map[string]bool{"stop": true, "eos": true, "eos_token": true, "end_turn": true, "stop_sequence": true}
	lengthWords = map[string]bool{"length": true, "max_tokens": true, "model_length": true}
	filterWords = map[string]bool{"content_filter": true, "safety": true, "refusal": true}
)

// maxEmpty bounds events without text in a row. A model that thinks in silence may have its server send
// one every now and then.
const maxEmpty = 5000

var plainWord = regexp.MustCompile(`^[a-z_]{1,24}$`)

// request is the request in go-openai's terms, and an estimate of its tokens.
func (m *Chat) request(r answer.ModelRequest, p params) (api.ChatCompletionRequest, int) {
	q := api.ChatCompletionRequest{Model: m.model}
	tokens := 3
	add := func(role, text string) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		if strings.TrimSpace(text) == "" {
			return // go-openai would leave out the content, and servers refuse a turn without
		}
		tokens += 4 + Tokens(text)
		q.Messages = append(q.Messages, api.ChatCompletionMessage{Role: role, Content: text})
	}
	add(api.ChatMessageRoleSystem, r.System)
	for _, t := range r.Messages {
		role := api.ChatMessageRoleUser
		if t.Role == api.ChatMessageRoleAssistant {
			role = t.Role
		}
		add(role, t.Text)
	}
	p.apply(&q, r.MaxTokens, r.Temperature, m.effort)
	return q, tokens
}

// sane says whether a count of tokens can be true; an endpoint's word is not taken for every number.
func sane(u *api.Usage) bool {
	const most = 10_000_000
	return u.PromptTokens >= 0 && u.CompletionTokens >= 0 && u.PromptTokens+u.CompletionTokens > 0 &&
		u.PromptTokens < most && u.CompletionTokens < most
}

// usage is what a stream cost: what the endpoint says, else our estimate.
func (m *Chat) usage(known *api.Usage, prompt, completion int) answer.Usage {
	if known == nil {
		return answer.Usage{Prompt: prompt, Completion: completion, Estimated: true}
	}
	u := answer.Usage{Prompt: known.PromptTokens, Completion: known.CompletionTokens}
	if d := known.PromptTokensDetails; d != nil {
		u.Cached = min(max(d.CachedTokens, 0), u.Prompt)
	}
	return u
}

// splitter makes lines of pieces of text.
type splitter struct {
	max    int
	line   func(string) error
	rest   bytes.Buffer
	handed bool
	tokens int

	begun, thinking bool
}

func (s *splitter) write(text string) error {
	s.tokens += Tokens(text)
	for {
		before, after, found := strings.Cut(text, "\n")
		if s.rest.Len()+len(before) > s.max {
			return &Error{Kind: BadResponse, Detail: "a line of the answer is longer than we take"}
		}
		s.rest.WriteString(before)
		if !found {
			return nil
		}
		if err := s.hand(); err != nil {
			return err
		}
		text = after
	}
}

// flush hands on what stands after the last line end.
func (s *splitter) flush() error {
	if s.rest.Len() == 0 {
		return nil
	}
	return s.hand()
}

// thought says whether a line is what a model wrote to itself before its answer, as servers that do not
// know better pass on: <think> at the very beginning, up to </think>. What follows on that line is left in
// text.
func (s *splitter) thought(text *string) bool {
	if !s.begun && !s.thinking {
		first := strings.TrimSpace(*text)
		s.thinking = strings.HasPrefix(first, "<think>")
		s.begun = first != "" && !s.thinking
	}
	if !s.thinking {
		return false
	}
	_, after, found := strings.Cut(*text, "</think>")
	if !found {
		return true
	}
	s.thinking, s.begun = false, true
	*text = strings.TrimSpace(after)
	return *text == ""
}

func (s *splitter) hand() error {
	text := strings.TrimSuffix(s.rest.String(), "\r")
	s.rest.Reset()
	if s.thought(&text) {
		return nil
	}
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	s.handed = true
	if err := s.line(text); err != nil {
		return lineError{err}
	}
	return nil
}
