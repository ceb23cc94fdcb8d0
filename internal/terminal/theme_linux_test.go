package terminal

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// theme says which ground the terminal has, once it gets SIGUSR1; then it reads a
// line, where reads says so.
func theme(reads string) int {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, unix.SIGUSR1)
	fmt.Println("open")
	<-asked
	if reads == "beside" {
		go io.Copy(io.Discard, os.Stdin)
	}
	began := time.Now()
	light := ThemeAuto.Light(os.Stdin, os.Stdout, func(name string) string {
		return map[string]string{"TERM": "xterm-256color"}[name]
	})
	fmt.Printf("light %t in time %t\n", light, time.Since(began) < askFor+900*time.Millisecond)
	Settle()
	fmt.Println("settled")
	if reads == "line" {
		typed := string(Typed(100))
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Printf("line %q %v\n", typed+line, err)
	}
	return 0
}

func (c *console) ask() { _ = c.program.Process.Signal(unix.SIGUSR1) }

func (c *console) press(text string) { fmt.Fprint(c.master, text) }

func TestAskGround(t *testing.T) {
	const white, black = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "\x1b]11;rgb:1e1e/1e1e/1e1e\x07"
	const is = "\x1b[?62;22c"
	tests := []struct {
		name string
		act  func(c *console)
	}{
		{"white", func(c *console) {
			c.expect(question)
			c.wantSingle(true)
			c.press(white + is)
			c.expect("light true in time true\r\nsettled")
		}},
		{"black", func(c *console) {
			c.expect(question)
			c.press(black + is)
			c.expect("light false in time true\r\nsettled")
		}},
		{"tells only what it is", func(c *console) {
			c.expect(question)
			c.press(is)
			c.expect("light false in time true\r\nsettled")
		}},
		{"silent", func(c *console) {
			c.expect(question)
			c.expect("light false in time true\r\n")
			c.expect("settled")
		}},
		{"late", func(c *console) {
			c.expect(question)
			c.expect("light false in time true\r\n")
			c.press(white + is)
			c.expect("settled")
		}},
		{"keys before", func(c *console) { c.expect("light false in time true\r\nsettled") }},
		{"keys in between", func(c *console) {
			c.expect(question)
			c.press("ab" + white + "c" + is)
			c.expect("light true in time true\r\nsettled")
			if c.skipped != "" {
				t.Errorf("shown: %q", c.skipped)
			}
			c.press("d\n")
			c.expect(`line "abcd\n" <nil>`)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reads := ""
			if strings.HasPrefix(test.name, "keys") {
				reads = "line"
			}
			c := newConsole(t, nil, "theme", reads)
			if test.name == "keys before" {
				c.press("ahead")
				c.expect("ahead") // the echo
			}
			c.ask()
			test.act(c)
			if test.name == "keys before" {
				if strings.Contains(c.seen, "\x1b") {
					t.Errorf("asked while keys waited: %q", c.seen)
				}
				c.press("\n")
				c.expect(`line "ahead\n" <nil>`)
			}
			if code := c.ended(); code != 0 {
				t.Errorf("exit %d", code)
			}
			c.wantSingle(false)
			if left := c.left(); left != "" {
				t.Errorf("left in the input: %q", left)
			}
			if strings.Contains(c.seen, "rgb") {
				t.Errorf("the answer was shown: %q", c.seen)
			}
		})
	}
}

// Where somebody else takes the answer, nobody waits for it for ever.
func TestAnswerTakenByAnother(t *testing.T) {
	c := newConsole(t, nil, "theme", "beside")
	c.ask()
	c.expect(question)
	for range 50 {
		c.press("\x1b]11;rgb:ffff/ffff/ffff\x1b\\")
	}
	c.expect("in time true\r\nsettled")
	if code := c.ended(); code != 0 {
		t.Errorf("exit %d", code)
	}
	c.wantSingle(false)
}

// left is what waits in the terminal's input for whoever reads next.
func (c *console) left() string {
	n, err := unix.IoctlGetInt(int(c.slave.Fd()), unix.TIOCINQ)
	if err != nil || n == 0 {
		return ""
	}
	b := make([]byte, n)
	n, _ = c.slave.Read(b)
	return string(b[:max(n, 0)])
}

// Nobody is asked where the answer could reach somebody else, or could not be read.
func TestNobodyIsAsked(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	t.Run("stdin is a pipe", func(t *testing.T) {
		c := newConsole(t, r, "theme", "")
		c.ask()
		c.expect("light false in time true\r\nsettled")
		if strings.Contains(c.seen, "\x1b") {
			t.Errorf("asked: %q", c.seen)
		}
	})
	t.Run("stdout is a pipe", func(t *testing.T) {
		c := newConsole(t, nil, "keys")
		inner := exec.Command("/proc/self/exe", "theme", "")
		inner.Stdin = c.slave
		out, err := inner.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := inner.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		if line, _ := lines.ReadString('\n'); line != "open\n" {
			t.Fatalf("%q", line)
		}
		_ = inner.Process.Signal(unix.SIGUSR1)
		if line, _ := lines.ReadString('\n'); line != "light false in time true\n" {
			t.Errorf("%q", line)
		}
		_ = inner.Wait()
	})
	// In another session the terminal is not the process's to read from, as it is not
	// in the background: the group in its foreground is another one.
	t.Run("background", func(t *testing.T) {
		c := newConsole(t, nil, "keys")
		inner := exec.Command("/proc/self/exe", "theme", "")
		inner.Stdin, inner.Stdout = c.slave, c.slave
		inner.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := inner.Start(); err != nil {
			t.Fatal(err)
		}
		c.expect("open")
		_ = inner.Process.Signal(unix.SIGUSR1)
		c.expect("light false in time true\r\nsettled")
		if strings.Contains(c.seen, "\x1b") {
			t.Errorf("asked: %q", c.seen)
		}
		_ = inner.Wait()
	})
	for _, term := range []string{"", "dumb", "linux", "eterm-color"} {
		if answers(term) {
			t.Errorf("TERM=%q is asked", term)
		}
	}
}
