package discordtest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// TestTranscript holds the sample's conversation as a file.
func TestTranscript(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("testdata", "sample.txt")
	got := sample(t).Transcript()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("transcript differs from %s (-update writes it):\n%s", golden, got)
	}
	if again := sample(t).Transcript(); again != got {
		t.Errorf("the same story told twice:\n%s", again)
	}
}

// TestConversation: replies, redelivered messages, what belongs to which message, and ids by their names.
func TestConversation(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	help := s.Guild("Clinic").Channel("help")
	alice := s.User("alice")
	c := dial(t, s)
	c.want("op 10")
	c.send(2, identity(s, 0, 1, intentGuildMessages|intentDirectMessages))
	c.want("READY")

	ask := alice.In(help).Slash("ask", Opt("question", "why?"))
	c.want("INTERACTION_CREATE")
	do(t, s, "POST", ask.callbackPath(), `{"type":4,"data":{"content":"because, as `+help.ID+` shows; not 99999999999999999",`+quiet+`}}`)
	c.want("MESSAGE_CREATE")
	do(t, s, "PATCH", ask.hookPath()+"/messages/@original", `{"content":"because\u200b so","attachments":[],`+quiet+`}`)
	c.want("MESSAGE_UPDATE")
	if m := ask.WaitEdit(1); m.Content != "because\u200b so" || m.Edits != 1 {
		t.Errorf("edited %+v", m)
	}
	hidden := alice.In(help).Slash("ask", Opt("question", "unseen"), Silent())
	c.want("INTERACTION_CREATE")
	do(t, s, "POST", hidden.callbackPath(), `{"type":4,"data":{"content":"unseen",`+quiet+`}}`)
	c.want("MESSAGE_CREATE")

	// A reply to an interaction's answer does not mention the bot, one to its message does.
	alice.In(help).Reply(ask.WaitReply(), "and then?")
	if e := c.want("MESSAGE_CREATE"); strings.Contains(string(e.D), "and then?") {
		t.Errorf("a reply to an interaction's answer is readable: %s", e.D)
	}
	post := alice.In(help).Mention("hello")
	c.want("MESSAGE_CREATE")
	path := "/channels/" + help.ID + "/messages"
	do(t, s, "POST", path, `{"content":"hi",`+quiet+`}`)
	c.want("MESSAGE_CREATE")
	hi := post.WaitAnswer()
	alice.In(help).Reply(hi, "thanks")
	if e := c.want("MESSAGE_CREATE"); !strings.Contains(string(e.D), "thanks") {
		t.Errorf("a reply to the bot's message is not readable: %s", e.D)
	}
	post.Redeliver()
	if e := c.want("MESSAGE_CREATE"); !strings.Contains(string(e.D), post.ID) {
		t.Errorf("redelivered %s", e.D)
	}
	if n := len(post.Answers()); n != 1 {
		t.Errorf("%d answers", n)
	}
	s.Delete(hi)
	if a := do(t, s, "GET", path+"/"+hi.ID, ""); a.code != 10008 || !s.Message(hi.ID).Deleted {
		t.Errorf("a deleted message: %d", a.code)
	}
	direct := do(t, s, "POST", "/users/@me/channels", `{"recipient_id":"`+alice.ID+`"}`)
	if id := text(direct.body["id"]); id != alice.Direct().ID {
		t.Errorf("direct messages of alice: %v", direct.body)
	}
	if a := do(t, s, "POST", path[:len(path)-len("messages")]+"typing", ""); a.status != 204 {
		t.Errorf("typing: %d", a.status)
	}
	if a := do(t, s, "GET", "/channels/"+help.ID, ""); a.body["name"] != "help" {
		t.Errorf("channel: %v", a.body)
	}
	want := `══ #help of Clinic ══

alice uses /ask question: why?
  policybot (1):
    because, as #help shows; not 99999999999999999
  policybot (1) now reads:
    because⟨200B⟩ so

alice says (2) in reply to (1):
  and then?

alice says (3):
  @policybot hello
  policybot (4):
    hi

alice says (5) in reply to (4):
  thanks
`
	if got := s.Transcript(); got != want {
		t.Errorf("transcript:\n%s", got)
	}
}

// TestSessionEnds: a refused resume, a session closed for good, a heartbeat that is asked for.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	s := strange(t, Options{})
	start := func() (*client, map[string]any) {
		c := dial(t, s)
		c.want("op 10")
		c.send(2, identity(s, 0, 1, 0))
		e := c.want("READY")
		_, id, _ := strings.Cut(string(e.D), `"session_id":"`)
		return c, map[string]any{"token": s.Token, "session_id": id[:32], "seq": 1}
	}
	resume := func(d map[string]any, want string) {
		t.Helper()
		s.WaitGateway("the connection to end", func(st GatewayState) bool { return st.Open == 0 })
		c := dial(t, s)
		c.want("op 10")
		c.send(6, d)
		c.want(want)
		_ = c.ws.Close()
		s.WaitGateway("the connection to end", func(st GatewayState) bool { return st.Open == 0 })
	}
	c, d := start()
	s.RequestHeartbeat(0)
	c.want("op 1")
	c.send(1, 99)
	c.want("op 11")
	if p := s.Problems(); len(p) != 1 || !strings.Contains(p[0], "not sent yet") {
		t.Errorf("problems %q", p)
	}
	s.CloseGateway(0, 4000)
	c.want("close 4000")
	resume(d, "RESUMED")
	d["seq"] = 77
	resume(d, "close 4007")
	resume(d, "op 9")

	c, d = start()
	s.CloseGateway(-1, 4009)
	c.want("close 4009")
	resume(d, "op 9")

	c, d = start()
	_ = c.ws.Close()
	s.RefuseResumes(1)
	resume(d, "op 9")

	c, d = start()
	s.Revoke()
	c.want("close 4004")
	d["token"] = s.Token
	resume(d, "close 4004")
}

// TestWaitCount waits for requests and for a fault, and ends the fault.
func TestWaitCount(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	f := s.Fault("GET", "/users/@me", Fault{Status: 500, Times: -1})
	go func() {
		for range 3 {
			_, _ = try(s, "GET", "/users/@me", "")
		}
	}()
	s.WaitCount("GET", "/users/@me", 3)
	f.WaitHits(3)
	f.Remove()
	if a := do(t, s, "GET", "/users/@me", ""); a.status != 200 {
		t.Errorf("after the fault: %d", a.status)
	}
}
