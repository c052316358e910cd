package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"policybot/internal/discordtest"
	"policybot/internal/openaitest"
)

// doctorSays runs doctor with settings, over the shipped library, and returns its exit status and words.
func doctorSays(t *testing.T, env map[string]string, now time.Time, settings string, args ...string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "data_dir: %q\n%s", dir, settings), 0o666); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := World{Args: append([]string{"doctor", "-config", config}, args...), Getenv: func(name string) string { return env[name] },
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: func() time.Time { return now }}
	return Main(t.Context(), w), out.String()
}

func TestDoctorOnline(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		prepare  func(t *testing.T, s *discordtest.Server)
		settings string
		skew     time.Duration
		status   int
		want     []string
	}{
		{name: "all well", want: []string{"ok    token ", "ok    application ", "ok    gateway ", "ok    intents         none privileged is needed", "are not registered yet",
			"ok    permissions     add the bot with those it needs: https://discord.com/oauth2/authorize?client_id=", "ok    clock           agrees with Discord's"}},
		{name: "token revoked", prepare: func(_ *testing.T, s *discordtest.Server) { s.Revoke() }, status: 1,
			want: []string{"FAIL  token ", "hint: make a new token in the developer portal"}},
		{name: "clock wrong", skew: 10 * time.Minute, status: 1, want: []string{"FAIL  clock           our clock and Discord's differ by ", "hint: set the clock"}},
		{name: "no endpoint for http", settings: "discord: {transport: http, api_url: \"API\"}\n", status: 1,
			want: []string{"FAIL  transport       the application has no interactions endpoint URL", "https://YOUR-HOST/interactions"}},
		{name: "another key", settings: "discord: {transport: http, api_url: \"API\", public_key: " + strings.Repeat("ab", 32) + "}\n",
			prepare: endpointOf, status: 1, want: []string{"FAIL  transport       discord.public_key is not the application's public key"}},
		{name: "endpoint for the gateway", prepare: endpointOf, status: 1, want: []string{"FAIL  transport       the application has an interactions endpoint URL"}},
		{name: "unreachable", settings: "discord: {api_url: \"http://127.0.0.1:1/api/v10\"}\n", status: 1, want: []string{"FAIL  discord ", "is http://127.0.0.1:1/api/v10 reachable from here?"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.NewServer(t, discordtest.Options{Now: botDay})
			if tt.prepare != nil {
				tt.prepare(t, s)
			}
			settings := tt.settings
			if settings == "" {
				settings = "discord: {api_url: \"API\"}\n"
			}
			status, said := doctorSays(t, map[string]string{"DISCORD_TOKEN": s.Token}, time.Now().Add(tt.skew), strings.ReplaceAll(settings, "API", s.API))
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			for _, w := range tt.want {
				if !strings.Contains(said, w) {
					t.Errorf("does not say %q:\n%s", w, said)
				}
			}
			if strings.Contains(said, s.Token) {
				t.Error("shows the token")
			}
		})
	}
}

// endpointOf gives the application an interactions endpoint that answers as Discord asks.
func endpointOf(t *testing.T, s *discordtest.Server) {
	r := &running{Server: s, t: t, dir: t.TempDir(), log: &lockedBuffer{}}
	r.start("discord: {transport: http, api_url: \"API\"}\nserve: {listen: \"127.0.0.1:0\"}\n")
	t.Cleanup(func() { r.end(0) })
	if err := s.SetEndpoint(t.Context(), "http://"+r.address()+"/interactions"); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorEndpoints(t *testing.T) {
	t.Parallel()
	s := openaitest.NewServer(t, openaitest.Good())
	settings := fmt.Sprintf("model: {name: no-such-model, base_url: %q}\n", s.BaseURL())
	status, said := doctorSays(t, map[string]string{"OPENAI_API_KEY": "sk-very-secret"}, time.Now(), settings)
	if status != 1 || !strings.Contains(said, "does not offer no-such-model") || !strings.Contains(said, "hint: it offers: ") {
		t.Errorf("exit status %d:\n%s", status, said)
	}
	settings = "model: {name: any, base_url: \"http://127.0.0.1:1/v1\"}\n"
	status, said = doctorSays(t, map[string]string{"OPENAI_API_KEY": "sk-very-secret"}, time.Now(), settings)
	if status != 1 || !strings.Contains(said, "FAIL  model ") || strings.Contains(said, "sk-very-secret") {
		t.Errorf("exit status %d:\n%s", status, said)
	}
	if status, said = doctorSays(t, nil, time.Now(), settings, "-offline"); status != 0 {
		t.Errorf("-offline: exit status %d:\n%s", status, said)
	}
}

func TestDoctorServing(t *testing.T) {
	t.Parallel()
	r := serveBot(t, discordtest.Options{}, "")
	r.waitLog("connected to discord", 1) // READY sent is not yet READY read
	settings := fmt.Sprintf("serve: {listen: %q}\n", r.address())
	if status, said := doctorSays(t, nil, time.Now(), settings, "-serving"); status != 0 || !strings.Contains(said, "is ready") {
		t.Errorf("exit status %d:\n%s", status, said)
	}
	r.end(0)
	if status, said := doctorSays(t, nil, time.Now(), settings, "-serving"); status != 1 || !strings.Contains(said, "hint: is policybot serve running here?") {
		t.Errorf("stopped: exit status %d:\n%s", status, said)
	}
}

func TestLackingPermissions(t *testing.T) {
	for in, want := range map[string]string{
		``:   "",
		`{}`: "",
		`{"oauth2_install_params":{"permissions":"8"}}`:            "",
		`{"oauth2_install_params":{"permissions":"274878024704"}}`: "",
		`{"oauth2_install_params":{"permissions":"274878008320"}}`: "Embed Links",
	} {
		if got := lackingPermissions([]byte(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
