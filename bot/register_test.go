package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"testing"
)

// values is a State of which only the values are there.
type values struct {
	State
	m           map[string]string
	read, write error
}

func (v *values) Value(_ context.Context, key string) (string, error) { return v.m[key], v.read }

func (v *values) SetValue(_ context.Context, key, value string) error {
	if v.write == nil {
		v.m[key] = value
	}
	return v.write
}

func TestRegister(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	r, s := newScript(t, replies(200, "[]"))
	state := &values{m: map[string]string{}}
	commands := Commands()
	step := func(what string, app string, commands []Command, want bool) {
		t.Helper()
		before := len(s.got)
		registered, err := Register(ctx, r, state, app, commands)
		if err != nil || registered != want || len(s.got)-before != map[bool]int{true: 1}[want] {
			t.Errorf("%s: registered %v with %d requests, %v", what, registered, len(s.got)-before, err)
		}
	}
	step("first", "77", commands, true)
	var sent []struct{ Name string }
	if err := json.Unmarshal([]byte(s.got[0].body), &sent); err != nil || len(sent) != len(commands) {
		t.Errorf("sent %d commands of %d, %v", len(sent), len(commands), err)
	}
	step("again", "77", commands, false)
	step("another application", "78", commands, true)
	step("a command less", "77", commands[1:], true)
	step("the same", "77", commands[1:], false)
	r.base = &url.URL{Scheme: "https", Host: "elsewhere.test"}
	step("another address", "77", commands[1:], true)

	state.write = errors.New("disk full")
	if registered, err := Register(ctx, r, state, "77", commands); !registered || !errors.Is(err, state.write) {
		t.Errorf("not remembered: registered %v, %v", registered, err)
	}
	state.write = nil
	step("after that", "77", commands, true)
	state.read = errors.New("locked")
	if registered, err := Register(ctx, r, state, "77", commands); registered || !errors.Is(err, state.read) {
		t.Errorf("not readable: registered %v, %v", registered, err)
	}
	state.read = nil
	refusing, _ := newScript(t, replies(401, "{}"))
	if registered, err := Register(ctx, refusing, state, "77", commands); registered || !errors.Is(err, ErrUnauthorized) {
		t.Errorf("refused: registered %v, %v", registered, err)
	}
}
