package discordtest_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"policybot/internal/discordtest"
)

// A bot behind an interactions endpoint, spoken to by two persons. Outside tests a server is made by New.
func Example() {
	s, err := discordtest.New(discordtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	// The bot verifies, answers a PING, and everything else in the body of its answer.
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sig, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if !ed25519.Verify(s.PublicKey, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), sig) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(string(body), `"type":1,"user"`) {
			_, _ = io.WriteString(w, `{"type":1}`)
			return
		}
		_, _ = io.WriteString(w, `{"type":4,"data":{"content":"It depends.","flags":64,"allowed_mentions":{"parse":[]},"components":[
			{"type":1,"components":[{"type":2,"style":2,"label":"On what?","custom_id":"v1:more:1"}]}]}}`)
	}))
	defer bot.Close()

	ctx := context.Background()
	if err := s.SetEndpoint(ctx, bot.URL); err != nil {
		log.Fatal(err)
	}
	help := s.Guild("Clinic").Channel("help")
	alice, bob := s.User("alice"), s.User("bob", discordtest.Locale("es-ES"))
	bob.In(help).Say("Ask the bot!")
	reply, err := alice.In(help).Slash("ask", discordtest.Opt("question", "Is it so?")).Reply(ctx)
	if err != nil {
		log.Fatal(err)
	}
	bob.In(help).Press(reply, "On what?") // which he cannot see
	fmt.Println(s.Problems())
	fmt.Println(s.Transcript())
	// Output:
	// [bob cannot use "On what?": only alice sees the message]
	// ══ #help of Clinic ══
	//
	// bob [es-ES] says (1):
	//   Ask the bot!
	//
	// alice uses /ask question: Is it so?
	//   policybot (2), only alice sees this:
	//     It depends.
	//     [On what?]
}
