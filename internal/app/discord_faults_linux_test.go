package app

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"policybot/internal/discordtest"
)

// TestFaultsFull: with the disk full the bot answers, without what it would have to remember, and says so in
// its log; with room again all is as before. The disk is a small one in memory, which a process may have in a
// namespace of its own.
func TestFaultsFull(t *testing.T) {
	t.Parallel()
	c := newClinic(t, discordtest.Options{}, "later")
	dir := filepath.Join(c.dir, "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	// The first run makes the database and closes it, so that no room is set aside in its log.
	cmd := exec.Command("sh", "-c", `mount -t tmpfs -o size=64m none "$2" && "$1" sources list -data "$2" >/dev/null && exec "$1" serve -config "$3" -data "$2"`,
		"sh", program(t), dir, c.configure("discord: {api_url: \"API\"}\nserve: {listen: \"127.0.0.1:0\"}\n"))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	p := c.run(t, cmd)
	c.exit = make(chan int, 1)
	go func() { c.exit <- p.wait() }()
	select {
	case <-c.exit:
		t.Skipf("no disk of its own for a process here: %s", c.log)
	case <-c.written("msg=listening"):
	}
	c.WaitReady(1)
	c.waitLog("commands registered", 1)
	c.answered(c.ask("alice"))

	filler := filepath.Join("/proc", fmt.Sprint(p.Process.Pid), "root", dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; { // to the last byte
		if n, err := f.Write(make([]byte, size)); err != nil || n < size {
			size /= 2
		}
	}
	full := 0
	for n := 0; full < 3; n++ {
		if n == 400 {
			t.Fatalf("the disk is not full:\n%s", c.log)
		}
		m := c.ask(fmt.Sprint("person", n)).WaitReply()
		if !strings.Contains(m.Text(), "[1]") {
			t.Fatalf("%q", m.Text())
		}
		if len(m.Labels()) == 0 {
			full++
		}
	}
	if m := c.User("bob").In(c.help).Mention(asked).WaitAnswer(); !strings.Contains(m.Text(), "[1]") || len(m.Labels()) > 0 {
		t.Errorf("%q with the buttons %q", m.Text(), m.Labels())
	}
	if log := c.log.String(); !strings.Contains(log, "cannot record an answer") || !strings.Contains(log, "disk is full") {
		t.Errorf("log:\n%s", log)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	f.Close()
	c.answered(c.ask("alice"))
	c.calm()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := <-c.exit; got != 0 {
		t.Errorf("exit status %d:\n%s", got, c.log)
	}
}

// written returns a channel that is closed when a text stands in the log.
func (r *running) written(text string) <-chan struct{} {
	found := make(chan struct{})
	go func() {
		for !strings.Contains(r.log.String(), text) {
			select {
			case <-r.log.written():
			case <-r.t.Context().Done():
				return
			}
		}
		close(found)
	}()
	return found
}
