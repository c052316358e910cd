package app

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// A signal ends the program though it waits for a question that does not come.
func TestInterrupted(t *testing.T) {
	in, typed := io.Pipe()
	defer typed.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs strings.Builder
	done := make(chan int)
	go func() {
		done <- Main(ctx, World{Args: []string{"ask"}, Getenv: func(string) string { return "" }, Stdin: in, Stdout: &out, Stderr: &errs, Now: time.Now})
	}()
	typed.Write([]byte("\n")) // it is reading
	cancel()
	if code := <-done; code != 1 || errs.String() != "policybot: interrupted\n" || out.Len() > 0 {
		t.Errorf("exit status %d, output %q, errors %q", code, out.String(), errs.String())
	}
}
