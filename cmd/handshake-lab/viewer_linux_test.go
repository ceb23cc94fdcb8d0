package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal/terminaltest"
)

const lecture = "../../testdata/trouble/synack-lost-server.pcapng"

// inTerminal starts the command in a terminal that needs not be asked for its ground.
func inTerminal(t *testing.T, args ...string) *terminaltest.Console {
	t.Helper()
	t.Parallel()
	c := labCommand(t.Context(), args...)
	c.Env = append(os.Environ(), "TERM=xterm-256color", "COLORFGBG=15;0", "LANG=C.UTF-8", "NO_COLOR=")
	return terminaltest.Start(t, c)
}

// story is what a command writes into a pipe.
func storyOf(t *testing.T, args ...string) string {
	t.Helper()
	c := labCommand(t.Context(), args...)
	c.Env = append(os.Environ(), "COLUMNS=80", "LANG=C.UTF-8")
	text, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantBegin wants of everything on the screen that it is the begin of the story, in
// whole entries: none of what the program has put on the screen besides is left.
func wantBegin(t *testing.T, c *terminaltest.Console, story string) {
	t.Helper()
	if all := c.All(); !strings.HasPrefix(story, all+"\n") || all == "" {
		t.Errorf("not the begin of the story: %q", all)
	}
	if c.IsAlternate() || !c.Echoes() {
		t.Errorf("the terminal is left in its alternate screen (%t) or without echo (%t)", c.IsAlternate(), !c.Echoes())
	}
}

// However a showing ends, the screen keeps what was shown and nothing else, and the
// terminal is as it was.
func TestEndsOnTerminal(t *testing.T) {
	story := storyOf(t, "replay", lecture, "--speed", "max")
	signal := func(s syscall.Signal) func(c *terminaltest.Console) {
		return func(c *terminaltest.Console) { _ = c.Program.Process.Signal(s) }
	}
	typed := func(keys string) func(c *terminaltest.Console) {
		return func(c *terminaltest.Console) { c.Type(keys) }
	}
	for _, end := range []struct {
		name string
		act  func(c *terminaltest.Console)
		code int
		dies bool // with words of its own
	}{
		{name: "q", act: typed("q"), code: 0},
		{name: "^D", act: typed("\x04"), code: 0},
		{name: "q and more", act: typed("q q\x1b[Axb\n"), code: 0},
		{name: "^C", act: typed("\x03"), code: 130},
		{name: "SIGTERM", act: signal(syscall.SIGTERM), code: 143},
		{name: "SIGHUP", act: signal(syscall.SIGHUP), code: 143},
		{name: `^\`, act: typed("\x1c"), code: 2, dies: true},
	} {
		for _, pace := range [][]string{{"--step"}, {"--pace", "1s"}, {"--speed", "0.01"}} {
			for _, where := range []string{"story", "pager"} {
				t.Run(fmt.Sprintf("%s/%s/%s", end.name, pace[0], where), func(t *testing.T) {
					c := inTerminal(t, append([]string{"replay", lecture}, pace...)...)
					c.Expect("SYN-SENT")
					if c.Echoes() {
						t.Error("keys would be seen")
					}
					c.Type("xyz ") // a second moment, or a pause
					if where == "pager" {
						c.Type("b")
						c.Until("the pager opens", c.IsAlternate)
						if strings.HasPrefix(end.name, "q") || end.name == "^D" {
							c.Type("q") // leaves the pager
						}
					}
					end.act(c)
					if code := c.Ended(); code != end.code {
						t.Errorf("exit code %d, want %d", code, end.code)
					}
					if end.dies {
						if c.IsAlternate() || !c.Echoes() {
							t.Error("the terminal is not as it was")
						}
						return
					}
					wantBegin(t, c, story)
				})
			}
		}
	}
}

// A stepped story is the same text as any other.
func TestStepToTheEnd(t *testing.T) {
	story := storyOf(t, "replay", lecture, "--speed", "max")
	c := inTerminal(t, "replay", lecture, "--step")
	c.Expect("space next · b back · ? keys · q end · 1 of 13")
	for i := 2; i <= 12; i++ {
		c.Type(" ")
		c.Expect(fmt.Sprintf("%d of 13", i))
	}
	c.Type("?")
	c.Expect("The keys")
	c.Type("xb")
	c.Until("it is back", func() bool { return !c.IsAlternate() })
	c.Type(" ")
	if code := c.Ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if want := story + "handshake-lab: 12 packets, 12 TCP segments in 1 conversation"; c.All() != want {
		t.Errorf("%q, want %q", c.All(), want)
	}
}

// What goes to a file or a pipe is completed.
func TestQuitCompletesFile(t *testing.T) {
	story := storyOf(t, "replay", lecture, "--speed", "max")
	path := filepath.Join(t.TempDir(), "story.txt")
	c := inTerminal(t, "replay", lecture, "--step", "-o", path)
	c.Expect("space: the next moment; q: the end")
	c.Type(" q")
	if code := c.Ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if text, _ := os.ReadFile(path); string(text) != story {
		t.Errorf("the file holds %q", text)
	}
}

// A dumb terminal gets the text alone.
func TestStepOnDumbTerminal(t *testing.T) {
	c := labCommand(t.Context(), "replay", lecture, "--step")
	c.Env = append(os.Environ(), "TERM=dumb", "LANG=C.UTF-8")
	console := terminaltest.Start(t, c)
	console.Expect("space: the next moment; q: the end")
	console.Expect("SYN-SENT")
	console.Type("b? ")
	console.Expect("SYN+ACK")
	console.Type("q")
	if code := console.Ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if raw := console.Raw(); strings.ContainsRune(raw, 0x1b) || !strings.Contains(raw, "SYN+ACK") {
		t.Errorf("%q", raw)
	}
}

// As long as the program is stopped the terminal is the shell's.
func TestStoppedShowing(t *testing.T) {
	c := inTerminal(t, "replay", lecture, "--step")
	c.Expect("1 of 13")
	for _, where := range []string{"story", "pager"} {
		if where == "pager" {
			c.Type("b")
			c.Until("the pager opens", c.IsAlternate)
		}
		_ = c.Program.Process.Signal(syscall.SIGTSTP) // ^Z does not stop the leader of a session
		c.Until("the terminal is the shell's", c.Echoes)
		c.Until("the status line is gone", func() bool { return !strings.Contains(c.Seen(), "q end") && !c.IsAlternate() })
		_ = c.Program.Process.Signal(syscall.SIGCONT)
		c.Until("it goes on", func() bool { return !c.Echoes() && c.IsAlternate() == (where == "pager") })
	}
	c.Expect("lines 1 to")
	c.Type("q")
	c.Expect("1 of 13")
	c.Type("q")
	if code := c.Ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// The story goes on at the width that the terminal has.
func TestResizedShowing(t *testing.T) {
	c := inTerminal(t, "replay", lecture, "--step")
	c.Expect("1 of 13")
	c.Resize(120, 30)
	time.Sleep(100 * time.Millisecond)
	c.Type(" ")
	c.Expect("2 of 13")
	c.Expect("RFC 9293") // the sentence, for which there is room now
	c.Type("q")
	c.Ended()
}

// The lab itself: nothing typed is seen, and tables come where they belong.
func TestLabOnTerminal(t *testing.T) {
	if !haveLibpcap() || !havePrivate() {
		t.Skip("needs libpcap and private network namespaces")
	}
	const table = "The header of each step"
	for _, test := range []struct {
		args   []string
		keys   string
		code   int
		tables bool
		story  bool // to its end
	}{
		{args: nil, tables: true, story: true},
		{args: []string{"--stay"}, keys: "abc\n\x03", tables: true},
		{args: []string{"--tables=false"}, story: true},
		{args: []string{"--pace", "50ms"}, keys: "abc\x1b\n", tables: true, story: true},
		{args: []string{"--pace", "1s"}, keys: " q"},
		{args: []string{"--pace", "1s", "--tables"}, keys: " q", tables: true},
		{args: []string{"--step"}, keys: "   \x03", code: 130},
		{args: []string{"--step"}, keys: "   q"},
		{args: []string{"--until", "handshake"}},
		{args: []string{"--until", "handshake", "--tables"}, tables: true},
		{args: []string{"--interactive"}, keys: "", code: 130},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			c := inTerminal(t, append([]string{"run", "--net", "private"}, test.args...)...)
			c.Until("it begins", func() bool { return strings.Contains(c.All(), "SOCK_STREAM") })
			switch strings.Join(test.args, " ") {
			case "--interactive":
				c.Expect("Please input your name:")
				_ = c.Program.Process.Signal(syscall.SIGINT)
			case "--stay": // what is ended earlier has no tables
				c.Until("the first dialogue is over", func() bool { return strings.Contains(c.All(), "LAST-ACK") })
			}
			if c.Type(test.keys); strings.HasPrefix(strings.Join(test.args, ""), "--pace50ms") {
				c.Until("the pager opens", c.IsAlternate)
				c.Type("\x1b")
			}
			if code := c.Ended(); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			all := c.All()
			if got := strings.Contains(all, table); got != test.tables {
				t.Errorf("tables: %t, want %t", got, test.tables)
			}
			if got := strings.Contains(all, "LAST-ACK"); got != test.story && test.story {
				t.Errorf("the whole story: %t, want %t", got, test.story)
			}
			for _, not := range []string{"abc", "^C", "^[", "q end"} {
				if strings.Contains(all, not) {
					t.Errorf("%q is seen", not)
				}
			}
			if c.IsAlternate() || !c.Echoes() {
				t.Error("the terminal is not as it was")
			}
		})
	}
}

// A job in the background does not touch the terminal, which would stop it.
func TestBackgroundJob(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("bash", "-c", `set -m; exec -a handshake-lab "$0" replay `+lecture+` --pace 10ms & wait; echo "ended with $?"; exit`, self)
	c.Env = append(os.Environ(), "TERM=xterm-256color", "COLORFGBG=15;0", "LANG=C.UTF-8")
	console := terminaltest.Start(t, c)
	console.Expect("ended with 0")
}

// Who is the client of a story that has a pace does one after the other.
func TestTakesTurns(t *testing.T) {
	if !haveLibpcap() || !havePrivate() {
		t.Skip("needs libpcap and private network namespaces")
	}
	for _, pace := range []string{"--step", "--pace=20ms"} {
		t.Run(pace, func(t *testing.T) {
			c := inTerminal(t, "run", "--net", "private", "--interactive", pace)
			toPrompt := func() {
				c.Until("it is the client's turn", func() bool {
					if strings.HasSuffix(strings.TrimRight(c.Seen(), " "), "Please input your name:") {
						return true
					}
					if pace == "--step" {
						c.Type(" ")
					}
					time.Sleep(20 * time.Millisecond)
					return false
				})
			}
			toPrompt()
			c.Until("what is typed at the prompt is seen", c.Echoes)
			c.Type("Ada\n")
			c.Expect("Please input your name: Ada")
			c.Until("the keys are the story's", func() bool { return !c.Echoes() })
			toPrompt()
			if all := c.All(); !strings.Contains(all, "Hello") || strings.Contains(all, "q end") {
				t.Errorf("%s", all)
			}
			c.Type("\x03")
			if code := c.Ended(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			if all := c.All(); !c.Echoes() || !strings.Contains(all, "^C\n") {
				t.Errorf("echo %t; %s", c.Echoes(), all)
			}
		})
	}
}
