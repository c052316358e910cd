package discordtest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// redirect sends what discordgo asks of discord.com to the fake.
type redirect struct{ base *url.URL }

func (t redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "discord.com" {
		return nil, fmt.Errorf("blocked host %s", r.URL.Host)
	}
	r2 := r.Clone(r.Context())
	r2.URL.Scheme, r2.URL.Host, r2.Host = t.base.Scheme, t.base.Host, t.base.Host
	return http.DefaultTransport.RoundTrip(r2)
}

func session0(t *testing.T, s *Server, intents discordgo.Intent) *discordgo.Session {
	t.Helper()
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	dg, err := discordgo.New("Bot " + s.Token)
	if err != nil {
		t.Fatal(err)
	}
	dg.Client = &http.Client{Transport: redirect{base}, Timeout: 10 * time.Second}
	dg.Dialer = &websocket.Dialer{HandshakeTimeout: 5 * time.Second}
	dg.StateEnabled = false
	dg.Identify.Intents = intents
	return dg
}

// open starts a session that is closed with the test.
func open(t *testing.T, dg *discordgo.Session) {
	t.Helper()
	if err := dg.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		dg.ShouldReconnectOnError = false
		_ = dg.Close()
	})
}

var noMentions = &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}

// TestDiscordgo drives the fake with the library that the bot uses: it connects, defers, edits, follows up,
// and comes back after op 7 with RESUME and the events that it missed.
func TestDiscordgo(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	help := s.Guild("Clinic").Channel("help")
	alice := s.User("alice", Locale("es-ES"))

	dg := session0(t, s, discordgo.IntentsNone)
	errs := make(chan error, 10)
	dg.AddHandler(func(dg *discordgo.Session, i *discordgo.InteractionCreate) {
		errs <- func() error {
			if i.Member.User.Username != "alice" || i.Locale != discordgo.SpanishES || i.GuildLocale == nil || *i.GuildLocale != discordgo.EnglishUS {
				return fmt.Errorf("interaction came as %+v", i.Interaction)
			}
			if err := dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource,
				Data: &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral}}); err != nil {
				return err
			}
			text := "You asked: " + i.ApplicationCommandData().Options[0].StringValue()
			m, err := dg.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &text, AllowedMentions: noMentions,
				Components: &[]discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.Button{Label: "Sources", Style: discordgo.SecondaryButton, CustomID: "v1:src:1"}}}}})
			if err != nil {
				return err
			}
			if m.Flags&discordgo.MessageFlagsEphemeral == 0 || m.Author.ID != s.BotID || len(m.Components) != 1 {
				return fmt.Errorf("edited message came back as %+v", m)
			}
			_, err = dg.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "and more", AllowedMentions: noMentions})
			return err
		}()
	})
	open(t, dg)
	s.WaitReady(1)

	ask := alice.In(help).Slash("ask", Opt("question", "why?"))
	reply := ask.WaitReply()
	if reply.Content != "You asked: why?" || !reply.Ephemeral || reply.OnlyFor != "alice" || !slices.Equal(reply.Labels(), []string{"Sources"}) {
		t.Errorf("reply %+v", reply)
	}
	if f := ask.WaitFollowUp(1); f.Content != "and more" || f.Ephemeral {
		t.Errorf("follow-up %+v", f)
	}
	if err := <-errs; err != nil {
		t.Fatal(err)
	}

	s.Reconnect(-1)
	s.WaitGateway("the connection to close", func(st GatewayState) bool { return len(st.Closes) == 1 })
	missed := alice.In(help).Slash("ask", Opt("question", "missed?")) // while nobody is connected
	if m := missed.WaitReply(); m.Content != "You asked: missed?" {
		t.Errorf("replayed interaction was answered %q", m.Content)
	}
	if err := <-errs; err != nil {
		t.Fatal(err)
	}
	st := s.Gateway()
	if len(st.Identifies) != 1 || st.Resumed != 1 || !slices.Equal(st.Closes, []int{websocket.CloseServiceRestart}) || len(st.Breaches) > 0 {
		t.Errorf("gateway saw %+v", st)
	}
	if leaks := s.Leaked("POST /interactions/" + ask.ID + "/" + ask.Token() + "/callback by Bot " + s.Token); len(leaks) != 2 {
		t.Errorf("leaks found: %q", leaks)
	}
	want := `══ #help of Clinic ══

alice [es-ES] uses /ask question: why?
  policybot (1) is thinking…, only alice sees this
  policybot (1) answers, only alice sees this:
    You asked: why?
    [Sources]
  policybot (2):
    and more

alice [es-ES] uses /ask question: missed?
  policybot (3) is thinking…, only alice sees this
  policybot (3) answers, only alice sees this:
    You asked: missed?
    [Sources]
  policybot (4):
    and more
`
	missed.WaitFollowUp(1)
	if got := s.Transcript(); got != want {
		t.Errorf("transcript:\n%s", got)
	}
}

// TestDiscordgoInvalidSession: after op 9 discordgo identifies anew on the same connection.
func TestDiscordgoInvalidSession(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	s.NextOpenings(OpenInvalid(false))
	dg := session0(t, s, discordgo.IntentsNone)
	open(t, dg)
	s.WaitReady(1)
	s.InvalidateSession(0, false)
	s.WaitGateway("the third IDENTIFY", func(st GatewayState) bool { return len(st.Identifies) == 3 && st.Live == 1 })
	if b := s.Gateway().Breaches; len(b) == 0 || !strings.Contains(b[0], "max_concurrency") {
		t.Errorf("IDENTIFYs at once were not noticed: %q", b)
	}
}

// TestDiscordgoRefused: a close code in place of READY is what Open returns.
func TestDiscordgoRefused(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	dg := session0(t, s, discordgo.IntentMessageContent)
	err := dg.Open()
	if !websocket.IsCloseError(err, 4014) {
		t.Errorf("Open with a privileged intent: %v", err)
	}
	dg = session0(t, s, discordgo.IntentsNone)
	s.Revoke()
	if err = dg.Open(); !websocket.IsCloseError(err, 4004) {
		t.Errorf("Open with a revoked token: %v", err)
	}
	if _, err = dg.User("@me"); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("GET /users/@me with a revoked token: %v", err)
	}
}

// TestDiscordgoMessages: what a person writes is there where Discord shows it without the privileged intent.
func TestDiscordgoMessages(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	help := s.Guild("Clinic").Channel("help")
	alice := s.User("alice")
	dg := session0(t, s, discordgo.IntentGuildMessages|discordgo.IntentDirectMessages)
	got := make(chan *discordgo.Message, 20)
	dg.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { got <- m.Message })
	open(t, dg)
	s.WaitReady(1)

	contents := map[string]string{"secret": "", "<@" + s.BotID + "> hello": "<@" + s.BotID + "> hello", "direct": "direct"}
	alice.In(help).Say("secret")
	post := alice.In(help).Mention("hello")
	alice.DM("direct")
	for range 3 {
		m := <-got
		want, ok := contents[s.Message(m.ID).Content]
		if !ok || m.Content != want || m.Author.Username != "alice" {
			t.Errorf("message %q came with content %q", s.Message(m.ID).Content, m.Content)
		}
	}
	for _, m := range help.Messages() {
		seen, err := dg.ChannelMessage(help.ID, m.ID)
		if err != nil || seen.Content != contents[m.Content] {
			t.Errorf("fetching %q gave %q, %v", m.Content, seen.Content, err)
		}
	}
	if _, err := dg.ChannelMessageSendComplex(help.ID, &discordgo.MessageSend{Content: "hi", AllowedMentions: noMentions,
		Reference: &discordgo.MessageReference{MessageID: post.ID}}); err != nil {
		t.Fatal(err)
	}
	if m := post.WaitAnswer(); m.Content != "hi" || m.ReplyTo != post.ID {
		t.Errorf("answer %+v", m)
	}
}
