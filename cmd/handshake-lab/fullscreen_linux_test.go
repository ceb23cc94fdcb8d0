package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal/terminaltest"
)

// However the whole screen is left, the terminal is as it was, and in time.
func TestFullScreenEnds(t *testing.T) {
	signal := func(s syscall.Signal) func(c *terminaltest.Console) {
		return func(c *terminaltest.Console) { _ = c.Program.Process.Signal(s) }
	}
	typed := func(keys string) func(c *terminaltest.Console) {
		return func(c *terminaltest.Console) { c.Type(keys) }
	}
	shows := [][]string{{"replay", lecture}, {"replay", lecture, "--predict"}}
	if haveLibpcap() && havePrivate() {
		shows = append(shows, []string{"run", "--net", "private"}, []string{"run", "--net", "private", "--stay", "--clients", "2"})
	}
	for _, what := range shows {
		for _, end := range []struct {
			name string
			act  func(c *terminaltest.Console)
			code int
		}{
			{"q", typed("bq"), 0},
			{"^D", typed("\x04"), 0},
			{"^C", typed("n\x03"), 130},
			{"^C at a prompt", typed("/SYN\x03"), 130},
			{"SIGTERM", signal(syscall.SIGTERM), 143},
			{"SIGHUP", signal(syscall.SIGHUP), 143},
		} {
			t.Run(fmt.Sprintf("%s/%s", strings.Join(what, " "), end.name), func(t *testing.T) {
				t.Parallel()
				if slices.Contains(what, "--stay") && end.code == exitSIGINT {
					end.code = exitFine // its normal end
				}
				program := labCommand(t.Context(), append(what, "--tui")...)
				program.Env = append(os.Environ(), "TERM=xterm-256color", "COLORFGBG=15;0", "LANG=C.UTF-8", "NO_COLOR=")
				c := terminaltest.StartUnseen(t, program)
				c.Until("it is drawn", func() bool { return strings.Contains(c.Raw(), "\x1b[?1049h") })
				for drawn := 0; drawn < len(c.Raw()); time.Sleep(300 * time.Millisecond) {
					drawn = len(c.Raw())
				}
				if c.Echoes() {
					t.Error("keys would be seen")
				}
				began := time.Now()
				end.act(c)
				if code := c.Ended(); code != end.code {
					t.Errorf("exit code %d, want %d", code, end.code)
				}
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("the end takes %v", took)
				}
				if raw := c.Raw(); !c.Echoes() || strings.LastIndex(raw, "\x1b[?1049l") < strings.LastIndex(raw, "\x1b[?1049h") || !strings.Contains(raw, "\x1b[?25h") {
					t.Error("the terminal is not as it was")
				}
			})
		}
	}
}

// What goes wrong before anything is shown is said where it can be read.
func TestFullScreenFails(t *testing.T) {
	for _, what := range [][]string{{"nowhere.pcapng"}, {lecture, "--stream", "99"}} {
		program := labCommand(t.Context(), append([]string{"replay", "--tui"}, what...)...)
		program.Env = append(os.Environ(), "TERM=xterm-256color", "COLORFGBG=15;0", "LANG=C.UTF-8")
		c := terminaltest.StartUnseen(t, program)
		wantCode, wantText := exitFile, "no such file"
		if len(what) > 1 {
			wantCode, wantText = 0, "nothing matches"
			c.Until("nothing is shown", func() bool { return strings.Contains(c.Raw(), "There is nothing to show.") })
			c.Type("q")
		}
		if code := c.Ended(); code != wantCode {
			t.Errorf("%s: exit code %d, want %d", what, code, wantCode)
		}
		raw := c.Raw()
		if after := raw[strings.LastIndex(raw, "\x1b[?1049l")+1:]; !strings.Contains(after, wantText) || !c.Echoes() || strings.LastIndex(raw, "\x1b[?1049l") < strings.LastIndex(raw, "\x1b[?1049h") {
			t.Errorf("%s: not said, or the terminal is not as it was: %q", what, after)
		}
	}
}

// tmux is a real terminal with a program in it.
type tmux struct {
	t      *testing.T
	socket string
}

func startTmux(t *testing.T, columns, lines int, arguments string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("needs tmux")
	}
	folder, err := os.MkdirTemp("", "tmux") // a socket's name has to be short
	if err != nil {
		t.Fatal(err)
	}
	s := &tmux{t, filepath.Join(folder, "s")}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", s.socket, "kill-server").Run()
		os.RemoveAll(folder)
	})
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(folder, program)) // a test is the command where it has its name
	}
	if err != nil {
		t.Fatal(err)
	}
	s.run("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(columns), "-y", fmt.Sprint(lines), "env LANG=C.UTF-8 "+filepath.Join(folder, program)+" "+arguments+"; echo ended with $?; exec sleep 60")
	return s
}

func (s *tmux) run(args ...string) string {
	s.t.Helper()
	c := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...)
	c.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "SHELL=/bin/sh") // nobody's own shell ends at once
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %s: %v: %s", args, err, out)
	}
	return string(out)
}

// see waits until a text is seen, and returns the screen.
func (s *tmux) see(text string) (screen string) {
	s.t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if screen = s.run("capture-pane", "-p"); strings.Contains(screen, text) {
			return screen
		}
		if time.Now().After(until) {
			s.t.Fatalf("%q is not seen:\n%s", text, screen)
		}
	}
}

func (s *tmux) keys(keys ...string) { s.run(append([]string{"send-keys"}, keys...)...) }

// The whole screen in a real terminal: forward, back, search, predict, another size.
func TestFullScreenInTmux(t *testing.T) {
	greeting, _ := filepath.Abs("../../testdata/greeting.pcapng")
	for _, size := range [][2]int{{80, 24}, {60, 15}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			s := startTmux(t, size[0], size[1], fmt.Sprintf("replay %s --tui", greeting))
			s.see("1 of 22")
			s.keys("n")
			s.see("#2 SYN+ACK, server to client")
			s.keys("Down", "Space")
			s.see("4 of 22")
			s.keys("b")
			s.see("3 of 22")
			s.keys("/", "Alice", "Enter")
			s.see(`"alice"`)
			s.keys("p")
			s.keys("Space", "[.]", "Enter")
			s.see("right (tcpdump's letters)")
			s.keys("Escape")
			s.see("1 of 1 right")
			s.run("resize-window", "-x", "100", "-y", "30")
			s.keys("1", "2", "Enter")
			if screen := s.see("12 of 22"); !strings.Contains(screen, "#12 ") || strings.Count(screen, "\n") != 30 {
				t.Errorf("after a resize:\n%s", screen)
			}
			s.keys("q")
			if screen := s.see("ended with 0"); strings.Contains(screen, "of 22 ·") {
				t.Errorf("the screen is left behind:\n%s", screen)
			}
		})
	}
}
