// Policybot answers questions about a collection of articles and shows the proof of every claim.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"policybot/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(app.Main(ctx, app.OS()))
}
