package app

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"policybot/internal/discordtest"
	"policybot/internal/openaitest"
)

// trees answers with a claim that is proven.
func trees(t *testing.T) openaitest.Behavior {
	return openaitest.Say(func(c *openaitest.Chat) []string {
		return []string{proven(t, c, treesClaim, "López Obrador proposed US temporary work visas for people who have planted trees")}
	})
}

// serveModel starts the bot with a model and further settings of it.
func serveModel(t *testing.T, m *openaitest.Server, more string) (*running, *discordtest.Channel) {
	t.Helper()
	r := serveBot(t, discordtest.Options{}, fmt.Sprintf("serve: {listen: \"127.0.0.1:0\"}\ndiscord: {api_url: \"API\"}\n"+
		"model: {name: drafter, base_url: %q, deadline: 15s, prices: {drafter: {input: 1, output: 4}}%s}\n", m.BaseURL(), more))
	r.WaitReady(1)
	return r, r.Guild("Clinic").Channel("help")
}

// figures returns what stands at /metrics.
func (r *running) figures() string {
	r.t.Helper()
	res, err := http.Get("http://" + r.address() + "/metrics")
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(body)
}

// holds checks that a text has these lines.
func holds(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains("\n"+text, "\n"+l+"\n") {
			t.Errorf("no line %q in\n%s", l, text)
		}
	}
}

// A claim is shown while the rest is made, once, with its source, and nothing of what is not proven.
func TestServeInterim(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	m := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		x.Lines(proven(t, x.Chat, treesClaim, "López Obrador proposed US temporary work visas for people who have planted trees"),
			`{"text":"López Obrador signed a treaty on a million visas.","cites":[{"p":1,"quote":"signed a treaty on a million visas"}]}`)
		select {
		case <-release:
		case <-x.Closing():
		}
		x.Finish("stop")
		x.Usage()
		x.Done()
	})
	r, help := serveModel(t, m, "")
	ask := r.User("alice").In(help).Slash("ask", discordtest.Opt("question", visasQuestion))
	first := ask.WaitEdit(1)
	close(release)
	last := ask.WaitEdit(2)
	for i, reply := range []*discordtest.Message{first, last} {
		text := reply.Text()
		if !strings.Contains(text, treesClaim+" [1]") || !strings.Contains(text, "-# [1] ") || strings.Contains(text, "treaty") ||
			strings.Contains(text, "still being checked") != (i == 0) || (len(reply.Labels()) > 0) != (i == 1) {
			t.Errorf("edit %d: %q, buttons %q", i+1, text, reply.Labels())
		}
	}
	r.end(0)
	if n := r.Count("PATCH", "/webhooks/{application_id}/{interaction_token}/messages/{message_id}"); n != 2 {
		t.Errorf("%d edits", n)
	}
}

// Equal questions at the same time are one request; what was answered costs nothing again; over the budget and
// without the endpoint answers go on; and what was spent is shown.
func TestServeBudget(t *testing.T) {
	t.Parallel()
	const people = 6
	arrived, release := make(chan struct{}, 100), make(chan struct{})
	m := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		arrived <- struct{}{}
		select {
		case <-release:
		case <-x.Closing():
		}
		trees(t)(x)
	})
	r, help := serveModel(t, m, ", server_tokens_per_day: 9000")
	var asks []*discordtest.Interaction
	for i := range people {
		asks = append(asks, r.User(fmt.Sprintf("person%d", i)).In(help).Slash("ask", discordtest.Opt("question", visasQuestion)))
	}
	for _, a := range asks {
		a.WaitAck()
	}
	<-arrived
	close(release)
	for _, a := range asks {
		if text := a.WaitReply().Text(); !strings.Contains(text, treesClaim) {
			t.Errorf("answered %q", text)
		}
	}
	alice := r.User("alice").In(help)
	again := alice.Slash("ask", discordtest.Opt("question", strings.ToUpper(visasQuestion)+"!"))
	if text := again.WaitReply().Text(); !strings.Contains(text, treesClaim) {
		t.Errorf("answered %q", text)
	}
	if n := len(m.Requests()); n != 1 {
		t.Errorf("%d requests for one question", n)
	}
	// Each further question costs; soon the server's budget is used up.
	const over = "The budget for the language model is used up"
	said := 0
	for i := range 12 {
		text := alice.Slash("ask", discordtest.Opt("question", visasQuestion), discordtest.Opt("from", fmt.Sprint(2001+i))).WaitReply().Text()
		if strings.Contains(text, over) {
			said++
			if strings.Contains(text, treesClaim) {
				t.Errorf("over budget, and yet of the model: %q", text)
			}
		}
		if !strings.Contains(text, "[1]") {
			t.Errorf("answered %q", text)
		}
	}
	drafted := len(m.Requests())
	if said == 0 || drafted+said < 12 {
		t.Errorf("%d requests, %d answers over budget", drafted, said)
	}
	text := r.figures()
	holds(t, text, fmt.Sprintf(`policybot_model_answers_total{by="over_budget"} %d`, said), `policybot_model_answers_total{by="fallback"} 0`,
		fmt.Sprintf(`policybot_model_requests_total{outcome="finished",purpose="draft"} %d`, drafted),
		fmt.Sprintf(`policybot_model_requests_total{outcome="over_budget",purpose="draft"} %d`, said))
	r.end(0)
	usage, _ := policybot(t, "", "usage", "-config", r.configure(""))
	if !strings.Contains(usage, fmt.Sprintf(" %d calls", drafted)) {
		t.Errorf("%d requests, and usage says\n%s", drafted, usage)
	}
}

// The model is unplugged while the bot runs, and answers go on.
func TestServeUnplugged(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	unplugged := false
	m := openaitest.NewServer(t, func(x *openaitest.Exchange) {
		mu.Lock()
		gone := unplugged
		mu.Unlock()
		if gone {
			x.Cut()
		}
		trees(t)(x)
	})
	r, help := serveModel(t, m, "")
	alice := r.User("alice").In(help)
	ask := func(from int) string {
		return alice.Slash("ask", discordtest.Opt("question", visasQuestion), discordtest.Opt("from", fmt.Sprint(from))).WaitReply().Text()
	}
	if text := ask(2001); !strings.Contains(text, treesClaim) {
		t.Errorf("answered %q", text)
	}
	mu.Lock()
	unplugged = true
	mu.Unlock()
	for i := range 7 { // after five failures in a row it is not asked any more
		if text := ask(2002 + i); !strings.Contains(text, "[1]") || strings.Contains(text, treesClaim) {
			t.Errorf("answered %q", text)
		}
	}
	if text := ask(2001); !strings.Contains(text, treesClaim) { // as it was answered before
		t.Errorf("answered %q", text)
	}
	holds(t, r.figures(), `policybot_model_answers_total{by="fallback"} 7`,
		`policybot_model_answers_total{by="model"} 1`, `policybot_model_answers_total{by="cache"} 1`)
}
