package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Signing changes how a request to the endpoint is signed.
type Signing func(*signing)

type signing struct {
	at        time.Time
	forged    bool
	none      bool
	malformed bool
}

// Forged signs with another key, as Discord does deliberately to see whether the endpoint looks.
func Forged() Signing { return func(s *signing) { s.forged = true } }

// Unsigned leaves the headers out.
func Unsigned() Signing { return func(s *signing) { s.none = true } }

// Malformed sends a signature that is not hexadecimal.
func Malformed() Signing { return func(s *signing) { s.malformed = true } }

// SignedAt signs, truly, with another time.
func SignedAt(at time.Time) Signing { return func(s *signing) { s.at = at } }

// Signed makes a request as Discord sends it to an interactions endpoint.
func (s *Server) Signed(ctx context.Context, url string, body []byte, how ...Signing) (*http.Request, error) {
	sg := signing{at: s.Now()}
	for _, h := range how {
		h(&sg)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("discordtest: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	if sg.none {
		return req, nil
	}
	stamp := strconv.FormatInt(sg.at.Unix(), 10)
	key := s.key
	if sg.forged {
		key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	}
	sig := hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), body...)))
	if sg.malformed {
		sig = "zz" + sig[2:]
	}
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", sig)
	return req, nil
}

// Ping returns the payload of a PING, with which Discord tries an endpoint.
func (s *Server) Ping() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.id()
	raw, _ := json.Marshal(map[string]any{"id": id, "application_id": s.AppID, "type": kindPing, "token": newToken(id), "version": 1,
		"user": map[string]any{"id": "643945264868098049", "username": "discord", "discriminator": "0", "avatar": nil}, "entitlements": []any{},
		"authorizing_integration_owners": map[string]any{}})
	return raw
}

// SetEndpoint gives the application an interactions endpoint: from now on interactions are delivered there
// and not over the gateway. As Discord does, it first sends a PING, which has to be answered, and requests with
// a wrong and without a signature, which have to be answered 401. An empty URL goes back to the gateway.
func (s *Server) SetEndpoint(ctx context.Context, url string) error {
	if url != "" {
		for _, try := range []struct {
			what string
			how  []Signing
			want int
		}{
			{"PING", nil, 200},
			{"PING with a wrong signature", []Signing{Forged()}, 401},
			{"PING without a signature", []Signing{Unsigned()}, 401},
		} {
			req, err := s.Signed(ctx, url, s.Ping(), try.how...)
			if err != nil {
				return err
			}
			res, err := s.out.Do(req)
			if err != nil {
				return fmt.Errorf("discordtest: %s: %w", try.what, err)
			}
			body, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
			_ = res.Body.Close()
			if err != nil {
				return fmt.Errorf("discordtest: %s: %w", try.what, err)
			}
			if res.StatusCode != try.want {
				return fmt.Errorf("discordtest: %s was answered %s, not %d", try.what, res.Status, try.want)
			}
			var pong struct {
				Type int `json:"type"`
			}
			kind := res.Header.Get("Content-Type")
			if try.want == 200 && (json.Unmarshal(body, &pong) != nil || pong.Type != 1 || !strings.HasPrefix(kind, "application/json")) {
				return fmt.Errorf("discordtest: %s was answered %q of %q, not {\"type\":1} of application/json", try.what, body, kind)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = url
	return nil
}
