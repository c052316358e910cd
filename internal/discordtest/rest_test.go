package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// strange is a server whose problems are looked at by the test instead of failing it.
func strange(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// answer is what a raw request got.
type answer struct {
	status int
	code   int
	header http.Header
	body   map[string]any
	list   []any
}

// do makes a request with the bot's token unless the route has one in its path.
func do(t *testing.T, s *Server, method, path, body string) answer {
	t.Helper()
	a, err := try(s, method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, maskPath(path), err)
	}
	return a
}

func try(s *Server, method, path, body string) (answer, error) {
	req, err := http.NewRequest(method, s.API+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if !strings.Contains(path, tokenPrefix) {
		req.Header.Set("Authorization", "Bot "+s.Token)
	}
	return send(req)
}

func send(req *http.Request) (answer, error) {
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: res.StatusCode, header: res.Header}
	_ = json.Unmarshal(raw, &a.body)
	_ = json.Unmarshal(raw, &a.list)
	a.code = number(a.body["code"])
	return a, nil
}

// asked is a server with a question that waits for an answer, over a gateway that nobody listens to: the test
// answers with raw requests.
func asked(t *testing.T, o Options) (*Server, *Interaction) {
	t.Helper()
	s := strange(t, o)
	return s, s.User("alice").In(s.Guild("Clinic").Channel("help")).Slash("ask", Opt("question", "why?"))
}

func (i *Interaction) callbackPath() string {
	return "/interactions/" + i.ID + "/" + i.token + "/callback"
}
func (i *Interaction) hookPath() string { return "/webhooks/" + i.s.AppID + "/" + i.token }

const quiet = `"allowed_mentions":{"parse":[]}`

func TestInteractionLife(t *testing.T) {
	t.Parallel()
	deferral, private := `{"type":5}`, `{"type":5,"data":{"flags":64}}`
	now := `{"type":4,"data":{"content":"now",` + quiet + `}}`
	said := `{"content":"said",` + quiet + `}`
	type step struct {
		do       func(*Server, *Interaction)
		method   string
		path     string // "callback", or below the webhook
		body     string
		status   int
		code     int
		problems int
	}
	for _, test := range []struct {
		name  string
		steps []step
		want  string // of the transcript after its first line
	}{
		{"deferred", []step{
			{method: "GET", path: "/messages/@original", status: 404, code: 10015},
			{method: "PATCH", path: "/messages/@original", body: said, status: 404, code: 10015},
			{method: "POST", path: "", body: said, status: 404, code: 10015},
			{method: "POST", path: "callback", body: deferral, status: 204},
			{method: "POST", path: "callback", body: deferral, status: 400, code: 40060},
			{method: "POST", path: "callback", body: now, status: 400, code: 40060},
			{method: "GET", path: "/messages/@original", status: 200},
			{method: "PATCH", path: "/messages/@original", body: said, status: 200},
			{method: "PATCH", path: "/messages/@original", body: `{"content":"",` + quiet + `}`, status: 400, code: 50006, problems: 1},
			{method: "POST", path: "", body: `{"content":"more","flags":64,` + quiet + `}`, status: 200},
			{method: "DELETE", path: "/messages/@original", status: 204},
			{method: "GET", path: "/messages/@original", status: 404, code: 10008},
		}, "  policybot (1) is thinking…\n  policybot (1) answers:\n    said\n  policybot (2), only alice sees this:\n    more\n  (1) is deleted\n"},
		{"private", []step{
			{method: "POST", path: "callback", body: private, status: 204},
			{method: "PATCH", path: "/messages/@original", body: said, status: 200},
		}, "  policybot (1) is thinking…, only alice sees this\n  policybot (1) answers, only alice sees this:\n    said\n"},
		{"private asked for too late", []step{
			{method: "POST", path: "callback", body: deferral, status: 204},
			{method: "PATCH", path: "/messages/@original", body: `{"content":"said","flags":64,` + quiet + `}`, status: 200, problems: 1},
		}, "  policybot (1) is thinking…\n  policybot (1) answers:\n    said\n"},
		{"follow-up instead of the edit", []step{
			{method: "POST", path: "callback", body: deferral, status: 204},
			{method: "POST", path: "", body: said, status: 200},
			{method: "POST", path: "", body: said, status: 200},
		}, "  policybot (1) is thinking…\n  policybot (1) answers:\n    said\n  policybot (2):\n    said\n"},
		{"at once, then edited", []step{
			{method: "POST", path: "callback", body: now, status: 204},
			{method: "PATCH", path: "/messages/@original", body: said, status: 200},
		}, "  policybot (1):\n    now\n  policybot (1) now reads:\n    said\n"},
		{"with the response", []step{
			{method: "POST", path: "callback?with_response=true", body: now, status: 200},
		}, "  policybot (1):\n    now\n"},
		{"too late", []step{
			{do: func(s *Server, _ *Interaction) { s.Advance(ackTime + time.Millisecond) }, method: "POST", path: "callback", body: deferral, status: 404, code: 10062},
		}, ""},
		{"not quite too late", []step{
			{do: func(s *Server, _ *Interaction) { s.Advance(ackTime) }, method: "POST", path: "callback", body: deferral, status: 204},
			{do: func(s *Server, _ *Interaction) { s.Advance(tokenTime - ackTime) }, method: "PATCH", path: "/messages/@original", body: said, status: 200},
			{do: func(s *Server, _ *Interaction) { s.Advance(1) }, method: "PATCH", path: "/messages/@original", body: said, status: 404, code: 10015},
			{method: "POST", path: "", body: said, status: 404, code: 10015},
		}, "  policybot (1) is thinking…\n  policybot (1) answers:\n    said\n"},
		{"acknowledgement expired", []step{
			{do: func(_ *Server, i *Interaction) { i.ExpireAck() }, method: "POST", path: "callback", body: deferral, status: 404, code: 10062},
		}, ""},
		{"token expired", []step{
			{method: "POST", path: "callback", body: deferral, status: 204},
			{do: func(_ *Server, i *Interaction) { i.ExpireToken() }, method: "PATCH", path: "/messages/@original", body: said, status: 404, code: 10015},
			{do: func(_ *Server, i *Interaction) { i.ExpireTokenUnauthorized() }, method: "PATCH", path: "/messages/@original", body: said, status: 401, code: 50027},
		}, "  policybot (1) is thinking…\n"},
		{"wrong types", []step{
			{method: "POST", path: "callback", body: `{"type":7,"data":{"content":"x",` + quiet + `}}`, status: 400, code: 50035, problems: 1},
			{method: "POST", path: "callback", body: `{"type":8,"data":{"choices":[]}}`, status: 400, code: 50035, problems: 1},
			{method: "POST", path: "callback", body: `{"type":1}`, status: 400, code: 50035, problems: 1},
			{method: "POST", path: "callback", body: `{"type":4,"data":{"content":"",` + quiet + `}}`, status: 400, code: 50035, problems: 1},
			{method: "POST", path: "callback", body: `{"type":5,"data":{"flags":4}}`, status: 400, code: 50035, problems: 1},
			{method: "POST", path: "callback", body: `not JSON`, status: 400, code: 50109, problems: 1},
			{method: "POST", path: "callback", body: deferral, status: 204},
		}, "  policybot (1) is thinking…\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, i := asked(t, Options{})
			for n, st := range test.steps {
				if st.do != nil {
					st.do(s, i)
				}
				path := i.hookPath() + st.path
				if tail, ok := strings.CutPrefix(st.path, "callback"); ok {
					path = i.callbackPath() + tail
				}
				before := len(s.Problems())
				a := do(t, s, st.method, path, st.body)
				if a.status != st.status || a.code != st.code {
					t.Errorf("step %d: %s %s gave %d (%d), want %d (%d)", n, st.method, st.path, a.status, a.code, st.status, st.code)
				}
				if got := s.Problems()[before:]; len(got) != st.problems {
					t.Errorf("step %d: problems %q, want %d", n, got, st.problems)
				}
				if strings.Contains(st.path, "with_response") {
					if id := text(object(object(a.body["resource"])["message"])["id"]); s.Message(id) == nil || id != object(a.body["interaction"])["response_message_id"] {
						t.Errorf("response names message %q: %v", id, a.body)
					}
				}
			}
			_, got, _ := strings.Cut(s.Transcript(), "why?\n")
			if got != test.want {
				t.Errorf("transcript:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

func TestUnknownInteraction(t *testing.T) {
	t.Parallel()
	s, i := asked(t, Options{})
	for _, path := range []string{
		"/interactions/1/" + i.token + "/callback",
		"/interactions/" + i.ID + "/" + newToken(i.ID) + "/callback",
	} {
		if a := do(t, s, "POST", path, `{"type":5}`); a.status != 404 || a.code != 10062 {
			t.Errorf("POST %s: %d (%d)", maskPath(path), a.status, a.code)
		}
	}
	i.ExpireAck()
	if a := do(t, s, "POST", "/webhooks/1/"+i.token, `{"content":"x",`+quiet+`}`); a.status != 404 || a.code != 10015 {
		t.Errorf("another application's webhook: %d (%d)", a.status, a.code)
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("problems %q", p)
	}
}

// TestPersons goes through what a person can do, with a bot that answers by hand.
func TestPersons(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	help := s.Guild("Clinic", GuildLocale("es-ES")).Channel("help")
	alice, bob := s.User("alice", Locale("es-419")), s.User("bob", ManageServer())
	respond := func(i *Interaction, body string) {
		t.Helper()
		if a := do(t, s, "POST", i.callbackPath(), body); a.status != 204 {
			t.Fatalf("%s: %d %v", i, a.status, a.body)
		}
	}
	ask := alice.In(help).Slash("ask", Opt("question", "why?"), Opt("private", true), Opt("from", 2020))
	respond(ask, `{"type":4,"data":{"content":"because","flags":64,`+quiet+`,"components":[
		{"type":1,"components":[{"type":2,"style":2,"label":"Sources","custom_id":"v1:src:1"},{"type":2,"style":2,"emoji":{"name":"👎"},"custom_id":"v1:down:1"}]},
		{"type":1,"components":[{"type":3,"custom_id":"v1:why:1","placeholder":"Why?","options":[{"label":"Outdated","value":"outdated"},{"label":"Other","value":"other"}]}]}]}}`)
	reply := ask.WaitReply()
	var p struct {
		Type   int
		Member struct{ User struct{ ID, Username string } }
		Data   struct {
			Options []struct {
				Name  string
				Type  int
				Value any
			}
		}
		Locale      string
		GuildLocale string `json:"guild_locale"`
	}
	if err := json.Unmarshal(ask.Payload(), &p); err != nil || p.Type != 2 || p.Member.User.Username != "alice" || p.Locale != "es-419" || p.GuildLocale != "es-ES" ||
		fmt.Sprint(p.Data.Options) != "[{question 3 why?} {private 5 true} {from 4 2020}]" {
		t.Errorf("payload %s: %v", ask.Payload(), err)
	}

	press := alice.In(help).Press(reply, "Sources")
	respond(press, `{"type":9,"data":{"custom_id":"v1:more:1","title":"Follow up","components":[{"type":1,"components":[
		{"type":4,"custom_id":"question","label":"Question","style":2,"max_length":20}]}]}}`)
	form := press.WaitModal()
	submit := alice.In(help).SubmitModal(form, map[string]string{"Question": "and then?"})
	respond(submit, `{"type":7,"data":{"content":"changed","components":[],`+quiet+`}}`)
	if m := submit.WaitReply(); m.Content != "changed" || m.ID != reply.ID || !m.Ephemeral || len(m.Labels()) != 0 {
		t.Errorf("updated message %+v", m)
	}
	choose := alice.In(help).Select(reply, "Why?", []string{"Outdated"}, Force())
	respond(choose, `{"type":6}`)
	if a := choose.WaitAck(); a.Type != 6 || a.Message.ID != reply.ID {
		t.Errorf("acknowledgement %+v", a)
	}
	post := bob.In(help).Say("Visas rose <@" + alice.ID + ">")
	check := alice.In(help).MessageMenu("Check", post.Message)
	if !bytes.Contains(check.Payload(), []byte(`"target_id":"`+post.ID+`"`)) || !bytes.Contains(check.Payload(), []byte("Visas rose")) {
		t.Errorf("menu payload %s", check.Payload())
	}
	respond(check, `{"type":5,"data":{"flags":64}}`)
	typed := alice.In(help).Autocomplete("sources", "topic", "vi")
	respond(typed, `{"type":8,"data":{"choices":[{"name":"Visas","value":"visas"}]}}`)
	if c := typed.WaitChoices(); !slices.Equal(c, []Choice{{Label: "Visas", Value: "visas"}}) {
		t.Errorf("choices %v", c)
	}
	group := bob.In(help).Slash("settings channels add", Opt("channel", help))
	respond(group, `{"type":5}`)
	if !bytes.Contains(group.Payload(), []byte(`"options":[{"name":"channels","options":[{"name":"add","options":[{"name":"channel","type":7,"value":"`+
		help.ID+`"}],"type":1}],"type":2}],"resolved":{"channels":{"`+help.ID+`":{`)) {
		t.Errorf("payload %s", group.Payload())
	}
	private := alice.In(s.PrivateChannel("study group")).Slash("privacy forget-me")
	respond(private, `{"type":4,"data":{"content":"gone",`+quiet+`}}`)
	if !bytes.Contains(private.Payload(), []byte(`"options":[{"name":"forget-me","options":[],"type":1}]`)) || !bytes.Contains(private.Payload(), []byte(`"context":2`)) {
		t.Errorf("payload %s", private.Payload())
	}

	want := `══ #help of Clinic ══

alice [es-419] uses /ask question: why? private: true from: 2020
  policybot (1), only alice sees this:
    because
    [Sources] [👎]
    [Why? ▾]
      · Outdated
      · Other

alice [es-419] presses [Sources] (1)
  a form opens: “Follow up”
    Question: []

alice [es-419] submits “Follow up” with Question: and then? (1)
  policybot (1) now reads, only alice sees this:
    changed

alice [es-419] chooses “Outdated” in “Why?” (1)

bob says (2):
  Visas rose @alice

alice [es-419] uses the menu “Check” on a message of bob (2)
  policybot (3) is thinking…, only alice sees this

alice [es-419] types /sources topic: vi
  suggestions:
    · Visas

bob uses /settings channels add channel: #help
  policybot (4) is thinking…

══ study group (private channel) ══

alice [es-419] uses /privacy forget-me
  policybot (5):
    gone
`
	if got := s.Transcript(); got != want {
		t.Errorf("transcript:\n%s", got)
	}
}

// TestClientRefuses: a person cannot do what the client would not let her.
func TestClientRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		act  func(s *Server, alice, bob Place, m *Message, form *Modal)
		want string
	}{
		"no such button":      {func(_ *Server, alice, _ Place, m *Message, _ *Modal) { alice.Press(m, "Nothing") }, `there is none; the message has ["Go" "Off" "Link"]`},
		"disabled":            {func(_ *Server, alice, _ Place, m *Message, _ *Modal) { alice.Press(m, "Off") }, "it is disabled"},
		"link":                {func(_ *Server, alice, _ Place, m *Message, _ *Modal) { alice.Press(m, "Link") }, "it is a link to https://example.org"},
		"another's ephemeral": {func(_ *Server, _, bob Place, m *Message, _ *Modal) { bob.Press(m, "Go") }, "only alice sees the message"},
		"another's form":      {func(_ *Server, _, bob Place, _ *Message, f *Modal) { bob.SubmitModal(f, nil) }, "it was opened for alice"},
		"too long": {func(_ *Server, alice, _ Place, _ *Message, f *Modal) {
			alice.SubmitModal(f, map[string]string{"q": "123456"})
		}, "has 6 characters"},
		"no such input": {func(_ *Server, alice, _ Place, _ *Message, f *Modal) {
			alice.SubmitModal(f, map[string]string{"q": "1", "z": ""})
		}, `it has no input ["z"]`},
		"no such command": {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.Slash("other") }, "no such command is registered"},
		"option missing":  {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.Slash("ask") }, `option "question" is required`},
		"no such option": {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) {
			alice.Slash("ask", Opt("question", "a"), Opt("x", 1))
		}, `there is no option "x"`},
		"option of other type": {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.Slash("ask", Opt("question", 1)) }, "is of type 3, not 4"},
		"option too long":      {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.Slash("ask", Opt("question", "123456")) }, "has 6 characters; 5 are allowed"},
		"hidden":               {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.Slash("settings") }, "hidden by its default permissions"},
		"wrong context":        {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.user.InDirect().Slash("settings") }, "its contexts [0] do not hold 1"},
		"not installed by her": {func(s *Server, alice, _ Place, _ *Message, _ *Modal) {
			alice.user.In(s.PrivateChannel("x")).Slash("ask", Opt("question", "a"))
		}, "do not hold 1 (user install)"},
		"menu as slash command": {func(_ *Server, alice, _ Place, _ *Message, _ *Modal) { alice.Slash("Check") }, "no such command is registered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := strange(t, Options{})
			help := s.Guild("Clinic").Channel("help")
			alice, bob := s.User("alice").In(help), s.User("bob").In(help)
			if a := do(t, s, "PUT", "/applications/"+s.AppID+"/commands", `[
				{"name":"ask","description":"Ask","options":[{"type":3,"name":"question","description":"Q","required":true,"max_length":5},{"type":5,"name":"private","description":"P"}]},
				{"name":"settings","description":"S","default_member_permissions":"32","contexts":[0]},{"name":"Check","type":3}]`); a.status != 200 {
				t.Fatal(a)
			}
			ask := alice.Slash("ask", Opt("question", "why?"))
			do(t, s, "POST", ask.callbackPath(), `{"type":4,"data":{"content":"x","flags":64,`+quiet+`,"components":[{"type":1,"components":[
				{"type":2,"style":2,"label":"Go","custom_id":"go"},{"type":2,"style":2,"label":"Off","custom_id":"off","disabled":true},
				{"type":2,"style":5,"label":"Link","url":"https://example.org"}]}]}}`)
			m := ask.WaitReply()
			press := alice.Press(m, "Go")
			do(t, s, "POST", press.callbackPath(), `{"type":9,"data":{"custom_id":"f","title":"F","components":[{"type":1,"components":[{"type":4,"custom_id":"q","label":"Q","style":1,"max_length":5}]}]}}`)
			form := press.WaitModal()
			if p := s.Problems(); len(p) > 0 {
				t.Fatalf("problems before: %q", p)
			}
			test.act(s, alice, bob, m, form)
			if p := s.Problems(); len(p) == 0 || !strings.Contains(p[0], test.want) {
				t.Errorf("problems %q, want %q", p, test.want)
			}
		})
	}
}

func TestChannelMessages(t *testing.T) {
	t.Parallel()
	s := strange(t, Options{})
	g := s.Guild("Clinic")
	help := g.Channel("help")
	alice := s.User("alice")
	post := alice.In(help).Say("hello")
	path := "/channels/" + help.ID + "/messages"
	once := `{"content":"hi","nonce":"a1","enforce_nonce":true,` + quiet + `,"message_reference":{"message_id":"` + post.ID + `"}}`
	first, second := do(t, s, "POST", path, once), do(t, s, "POST", path, once)
	if first.status != 200 || second.status != 200 || first.body["id"] != second.body["id"] || len(help.Messages()) != 2 {
		t.Errorf("one nonce made messages %v and %v, %d in the channel", first.body["id"], second.body["id"], len(help.Messages()))
	}
	s.Advance(10 * time.Minute)
	if a := do(t, s, "POST", path, once); a.body["id"] == first.body["id"] {
		t.Error("a nonce is remembered for longer than a few minutes")
	}
	if a := do(t, s, "GET", path+"?limit=2", ""); len(a.list) != 2 || text(object(a.list[0])["content"]) != "hi" {
		t.Errorf("messages, newest first: %v", a.list)
	}
	id := text(first.body["id"])
	if a := do(t, s, "PATCH", path+"/"+id, `{"content":"changed",`+quiet+`}`); a.status != 200 || s.Message(id).Content != "changed" || s.Message(id).Edits != 1 {
		t.Errorf("edit: %+v", a)
	}
	for _, test := range []struct {
		prepare            func()
		method, path, body string
		status, code       int
	}{
		{nil, "PATCH", path + "/" + post.ID, `{"content":"mine now",` + quiet + `}`, 403, 50005},
		{nil, "DELETE", path + "/" + post.ID, "", 403, 50013},
		{nil, "DELETE", path + "/" + id, "", 204, 0},
		{nil, "GET", path + "/" + id, "", 404, 10008},
		{nil, "POST", "/channels/1/messages", once, 404, 10003},
		{nil, "POST", path, `{"content":"hi",` + quiet + `,"message_reference":{"message_id":"1"}}`, 400, 50035},
		{nil, "POST", path, `{"content":"hi",` + quiet + `,"message_reference":{"message_id":"1","fail_if_not_exists":false}}`, 200, 0},
		{func() { help.Deny(SendMessages) }, "POST", path, `{"content":"hi",` + quiet + `}`, 403, 50013},
		{func() { help.Deny(ReadMessageHistory) }, "GET", path + "/" + post.ID, "", 403, 50013},
		{func() { help.Deny(ViewChannel) }, "POST", path, `{"content":"hi",` + quiet + `}`, 403, 50001},
		{func() { alice.Direct().Deny(SendMessages) }, "POST", "/channels/" + alice.Direct().ID + "/messages", `{"content":"hi",` + quiet + `}`, 403, 50007},
	} {
		if test.prepare != nil {
			test.prepare()
		}
		if a := do(t, s, test.method, test.path, test.body); a.status != test.status || a.code != test.code {
			t.Errorf("%s %s %s: %d (%d), want %d (%d)", test.method, test.path, test.body, a.status, a.code, test.status, test.code)
		}
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("problems %q", p)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	path := "/applications/" + s.AppID + "/commands"
	set := `[{"name":"ask","description":"Ask","name_localizations":{"es-ES":"preguntar"},"default_member_permissions":"32",
		"options":[{"type":3,"name":"question","description":"Q","name_localizations":{"es-ES":"pregunta"}}]},{"name":"Check this","type":3}]`
	put := do(t, s, "PUT", path, set)
	again := do(t, s, "PUT", path, set)
	if put.status != 200 || len(put.list) != 2 || object(put.list[0])["id"] != object(again.list[0])["id"] || s.CommandCreates() != 2 {
		t.Errorf("two puts of two commands: %v, %v, %d creates", put.list, again.list, s.CommandCreates())
	}
	if !slices.Equal(s.Commands(""), []string{"ask", "Check this"}) || s.Command("ask") == nil {
		t.Errorf("commands %q", s.Commands(""))
	}
	short, full := do(t, s, "GET", path, ""), do(t, s, "GET", path+"?with_localizations=true", "")
	if c := object(short.list[0]); c["name_localizations"] != nil || object(list(c["options"])[0])["name_localizations"] != nil {
		t.Errorf("without localisations: %v", c)
	}
	if c := object(full.list[0]); object(c["name_localizations"])["es-ES"] != "preguntar" || object(object(list(c["options"])[0])["name_localizations"])["es-ES"] != "pregunta" {
		t.Errorf("with localisations: %v", c)
	}
	ask := s.User("ana", Locale("es-ES"), ManageServer()).In(s.Guild("Clinic").Channel("help")).Slash("ask", Opt("question", "¿por qué?"))
	if got := s.Transcript(); !strings.Contains(got, "ana [es-ES] uses /preguntar pregunta: ¿por qué?") {
		t.Errorf("transcript %s", got)
	}
	if !bytes.Contains(ask.Payload(), []byte(`"name":"question"`)) {
		t.Errorf("a handler gets the default names: %s", ask.Payload())
	}
	if a := do(t, s, "PUT", "/applications/1/commands", set); a.status != 403 {
		t.Errorf("another application's commands: %d", a.status)
	}
	for n := range 4 {
		var cmds []string
		for c := range 60 {
			cmds = append(cmds, fmt.Sprintf(`{"name":"c%d-%d","description":"d"}`, n, c))
		}
		if a := do(t, s, "PUT", path, "["+strings.Join(cmds, ",")+"]"); (a.status != 200) != (n == 3) {
			t.Errorf("set %d of 60 new commands: %d (%d)", n, a.status, a.code)
		}
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{Shards: 4, MaxConcurrency: 2})
	s.Guild("Clinic")
	s.Guild("Elsewhere", NotInstalled())
	for path, want := range map[string]func(answer) bool{
		"/users/@me":               func(a answer) bool { return a.body["id"] == s.BotID && yes(a.body["bot"]) },
		"/applications/@me":        func(a answer) bool { return a.body["id"] == s.AppID && number(a.body["flags"]) == 0 },
		"/oauth2/applications/@me": func(a answer) bool { return a.body["verify_key"] == fmt.Sprintf("%x", []byte(s.PublicKey)) },
		"/users/@me/guilds":        func(a answer) bool { return len(a.list) == 1 },
		"/gateway":                 func(a answer) bool { return strings.HasPrefix(text(a.body["url"]), "ws://127.0.0.1:") },
		"/gateway/bot": func(a answer) bool {
			return number(a.body["shards"]) == 4 && number(object(a.body["session_start_limit"])["max_concurrency"]) == 2
		},
	} {
		if a := do(t, s, "GET", path, ""); a.status != 200 || !want(a) {
			t.Errorf("GET %s: %d %v %v", path, a.status, a.body, a.list)
		}
	}
	for _, prefix := range []string{"/api/v9", "/api/v10", "/api", "/v9", ""} {
		req, _ := http.NewRequest("GET", s.URL+prefix+"/gateway", nil)
		if a, err := send(req); err != nil || a.status != 200 {
			t.Errorf("GET %s/gateway: %d %v", prefix, a.status, err)
		}
	}
	s.Revoke()
	if a := do(t, s, "GET", "/users/@me", ""); a.status != 401 {
		t.Errorf("with a revoked token: %d", a.status)
	}
	if s.Invalid() != 1 {
		t.Errorf("%d invalid requests", s.Invalid())
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s, i := asked(t, Options{})
	const callback = "/interactions/{id}/{token}/callback"
	cut := s.Fault("POST", callback, Fault{Cut: true})
	if _, err := try(s, "POST", i.callbackPath(), `{"type":5}`); err == nil || i.Acknowledged() != 0 {
		t.Errorf("cut before: %v, acknowledged %d", err, i.Acknowledged())
	}
	after := s.Fault("POST", callback, Fault{Cut: true, After: true, Skip: 0})
	if _, err := try(s, "POST", i.callbackPath(), `{"type":5}`); err == nil || i.Acknowledged() != 5 {
		t.Errorf("cut after: %v, acknowledged %d", err, i.Acknowledged())
	}
	if cut.Hits() != 1 || after.Hits() != 1 {
		t.Errorf("hits %d and %d", cut.Hits(), after.Hits())
	}

	edit := `{"content":"x",` + quiet + `}`
	s.Fault("PATCH", "/webhooks/{app}/{token}/messages/@original", Fault{Status: 503, Times: 2, Skip: 1})
	var got []int
	for range 4 {
		got = append(got, do(t, s, "PATCH", i.hookPath()+"/messages/@original", edit).status)
	}
	if !slices.Equal(got, []int{200, 503, 503, 200}) {
		t.Errorf("503 twice after one: %v", got)
	}
	s.Fault("", "", Fault{Status: 429, RetryAfter: 30 * time.Millisecond, Scope: "global"})
	a := do(t, s, "GET", "/users/@me", "")
	if a.status != 429 || a.body["retry_after"] != 0.03 || !yes(a.body["global"]) || a.header.Get("X-RateLimit-Global") != "true" ||
		a.header.Get("Retry-After") != "1" || a.header.Get("X-RateLimit-Reset-After") != "" {
		t.Errorf("global 429: %v %v", a.header, a.body)
	}
	s.Fault("GET", "/users/@me", Fault{Status: 502, Body: "<html>bad gateway</html>"})
	if a := do(t, s, "GET", "/users/@me", ""); a.status != 502 || a.header.Get("Content-Type") != "text/html" {
		t.Errorf("502 of a proxy: %d %v", a.status, a.header)
	}
	release := make(chan struct{})
	hung := s.Fault("GET", "/users/@me", Fault{Hang: release})
	done := make(chan error, 1)
	go func() {
		a, err := try(s, "GET", "/users/@me", "")
		if err == nil && a.status != 200 {
			err = errors.New("status of a request that had hung")
		}
		done <- err
	}()
	hung.WaitHits(1)
	select {
	case err := <-done:
		t.Errorf("a hanging request came back: %v", err)
	default:
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("problems %q", p)
	}
	if n := s.Count("PATCH", "/webhooks/{a}/{b}/messages/{c}"); n != 4 {
		t.Errorf("%d edits counted", n)
	}
	last := s.Requests()[len(s.Requests())-1]
	if last.Status != 200 || !last.Auth || last.Template != "/users/@me" {
		t.Errorf("last request %+v", last)
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	s, i := asked(t, Options{})
	other := i.person.In(i.channel).Slash("ask", Opt("question", "two?"))
	for _, i := range []*Interaction{i, other} {
		do(t, s, "POST", i.callbackPath(), `{"type":5}`)
	}
	edit := `{"content":"x",` + quiet + `}`
	s.Limit("PATCH", "/webhooks/{app}/{token}/messages/{id}", 1, time.Hour, "")
	first := do(t, s, "PATCH", i.hookPath()+"/messages/@original", edit)
	second := do(t, s, "PATCH", i.hookPath()+"/messages/@original", edit)
	third := do(t, s, "PATCH", other.hookPath()+"/messages/@original", edit)
	if first.status != 200 || first.header.Get("X-RateLimit-Remaining") != "0" || first.header.Get("X-RateLimit-Limit") != "1" ||
		second.status != 429 || second.header.Get("X-RateLimit-Scope") != "user" || third.status != 200 ||
		first.header.Get("X-RateLimit-Bucket") == third.header.Get("X-RateLimit-Bucket") {
		t.Errorf("a bucket for each interaction: %d %v, %d %v, %d", first.status, first.header, second.status, second.header, third.status)
	}
	s.Limit("POST", "/webhooks/{app}/{token}", 1, time.Hour, "shared")
	first, second = do(t, s, "POST", i.hookPath(), edit), do(t, s, "POST", other.hookPath(), edit)
	if first.status != 200 || second.status != 429 || second.header.Get("X-RateLimit-Scope") != "shared" {
		t.Errorf("a shared bucket: %d, %d %v", first.status, second.status, second.header)
	}
	s.LimitGlobal(1, time.Hour)
	first, second = do(t, s, "GET", "/users/@me", ""), do(t, s, "GET", "/applications/@me", "")
	if first.status != 200 || second.status != 429 || !yes(second.body["global"]) {
		t.Errorf("the global limit: %d, %d", first.status, second.status)
	}
}

func TestUserInstallFollowUps(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	i := s.User("alice").In(s.Guild("Elsewhere", NotInstalled()).Channel("x")).Slash("ask", Opt("question", "?"), ForcedPrivate())
	if !bytes.Contains(i.Payload(), []byte(`"authorizing_integration_owners":{"1":"`+i.person.ID+`"}`)) {
		t.Errorf("payload %s", i.Payload())
	}
	do(t, s, "POST", i.callbackPath(), `{"type":4,"data":{"content":"x",`+quiet+`}}`)
	if m := i.WaitReply(); !m.Ephemeral {
		t.Error("a guild that denies external apps shows everyone the reply")
	}
	for n := range 6 {
		a := do(t, s, "POST", i.hookPath(), `{"content":"more",`+quiet+`}`)
		if n < 5 && a.status != 200 || n == 5 && a.code != 40094 {
			t.Errorf("follow-up %d: %d (%d)", n+1, a.status, a.code)
		}
	}
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	s, i := asked(t, Options{})
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("payload_json", `{"type":4,"data":{"content":"see the file",`+quiet+`}}`)
	f, _ := w.CreateFormFile("files[0]", "answer.md")
	_, _ = f.Write([]byte("long text"))
	_ = w.Close()
	req, _ := http.NewRequest("POST", s.API+i.callbackPath(), &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	if a, err := send(req); err != nil || a.status != 204 {
		t.Fatalf("%d %v: %v", a.status, a.body, err)
	}
	if m := i.WaitReply(); m.Files["answer.md"] != "long text" || !strings.Contains(m.Text(), "long text") {
		t.Errorf("message %+v", m)
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("problems %q", p)
	}
}

// TestReported: whatever a program does that it must not is reported.
func TestReported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(t *testing.T, s *Server, i *Interaction)
		want string
	}{
		"unknown route": {func(t *testing.T, s *Server, i *Interaction) {
			if a := do(t, s, "POST", "/webhooks/"+s.AppID+"/"+i.token+"/slack", "{}"); a.status != 404 {
				t.Errorf("%d", a.status)
			}
		}, "no such route"},
		"user agent": {func(t *testing.T, s *Server, _ *Interaction) {
			res, err := http.Get(s.API + "/gateway")
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
		}, "User-Agent"},
		"no body": {func(t *testing.T, s *Server, i *Interaction) { do(t, s, "POST", i.callbackPath(), "") }, "no body"},
		"token in the text": {func(t *testing.T, s *Server, i *Interaction) {
			do(t, s, "POST", i.callbackPath(), `{"type":4,"data":{"content":"`+s.Token+`",`+quiet+`}}`)
		}, "secret"},
		"lint of the test": {func(t *testing.T, s *Server, i *Interaction) {
			do(t, s, "POST", i.callbackPath(), `{"type":4,"data":{"content":"forbidden",`+quiet+`}}`)
		}, "no such word"},
		"over a limit": {func(t *testing.T, s *Server, i *Interaction) {
			a := do(t, s, "POST", i.callbackPath(), `{"type":4,"data":{"content":"`+strings.Repeat("x", 2001)+`",`+quiet+`}}`)
			if a.code != 50035 || i.Acknowledged() != 0 {
				t.Errorf("%+v", a)
			}
		}, "content has 2001 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reported := make(chan string, 10)
			s, i := asked(t, Options{
				Report: func(p string) { reported <- p },
				Lint: func(route string, body []byte) error {
					if bytes.Contains(body, []byte("forbidden")) {
						return errors.New("no such word")
					}
					return nil
				}})
			test.do(t, s, i)
			<-reported
			got := strings.Join(s.Problems(), "\n")
			if !strings.Contains(got, test.want) {
				t.Errorf("reported %q, want %q", got, test.want)
			}
			if strings.Contains(got, s.Token) || strings.Contains(got, i.token) {
				t.Errorf("a report holds a token: %s", got)
			}
		})
	}
}
