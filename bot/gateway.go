package bot

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"
)

// GatewayOptions are what a Gateway needs.
type GatewayOptions struct {
	Token string
	REST  *REST // asks where the gateway is, and how many IDENTIFYs are left
	// ShardCount 0 means automatic: as many shards as Discord recommends, all in this process. Otherwise
	// this process is shard ShardID of ShardCount.
	ShardID, ShardCount int
	Intents             int // none of the privileged; INTERACTION_CREATE needs none at all
	Log                 *slog.Logger
	Metrics             *Metrics
	// OnInteraction and OnMessage are called from goroutines of a bounded pool. Their context outlives
	// the one of Run, by at most a minute.
	OnInteraction func(context.Context, *Interaction)
	OnMessage     func(context.Context, *Message) // nil when Intents ask for no messages

	Dial func(ctx context.Context, network, address string) (net.Conn, error) // nil means a net.Dialer
	TLS  *tls.Config                                                          // nil means Go's defaults
	Idle time.Duration                                                        // silence that ends a connection; 0 means 90 s
	Open time.Duration                                                        // from dialling to READY; 0 means 20 s
}

// Gateway holds the connections over which Discord tells what happens.
type Gateway struct {
	o GatewayOptions
}

// FatalError ends a Gateway for good: trying again would fail alike, or use up Discord's patience.
type FatalError struct {
	Code   int    // of the closed connection, 0 when it is another cause
	Reason string // what is wrong
	Hint   string // what to do
}

func (e *FatalError) Error() string { return "discord gateway: " + e.Reason }

// NewGateway returns a gateway that is not connected yet.
func NewGateway(o GatewayOptions) *Gateway { return &Gateway{o: o} }

// Run connects and stays connected until ctx is done; then it closes the connections, waits a bounded time
// for what its handlers have in hand, and returns nil. It returns early only with a *FatalError.
func (g *Gateway) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Healthy reports whether every shard is connected and alive.
func (g *Gateway) Healthy() bool { return false }
