package terminaltest

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Console is a terminal of 80 columns and 24 lines with a program in it.
type Console struct {
	Master, Slave *os.File
	Program       *exec.Cmd

	t    *testing.T
	mu   sync.Mutex
	page *Page
	raw  []byte
	done chan struct{}
}

// Start starts a program in a terminal of its own, or skips the test where there is
// none to be had. The program's files are the terminal where they are nil.
func Start(t *testing.T, program *exec.Cmd) *Console {
	t.Helper()
	return start(t, program, NewPage(80, 24))
}

// StartUnseen is Start for a program that draws with more control functions than a Page
// obeys: nothing is seen of it but Raw.
func StartUnseen(t *testing.T, program *exec.Cmd) *Console {
	t.Helper()
	return start(t, program, nil)
}

var hangUps sync.Once

func start(t *testing.T, program *exec.Cmd, page *Page) *Console {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("needs a pseudo-terminal: %v", err)
	}
	c := &Console{t: t, Master: os.NewFile(uintptr(fd), "ptmx"), Program: program, page: page, done: make(chan struct{})}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if c.Slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	_ = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	if program.Stdin == nil {
		program.Stdin = c.Slave
	}
	if program.Stdout == nil {
		program.Stdout = c.Slave
	}
	if program.Stderr == nil {
		program.Stderr = c.Slave
	}
	program.ExtraFiles = []*os.File{c.Slave} // descriptor 3: the terminal, whatever the others are
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	hangUps.Do(func() {
		if signal.Ignored(unix.SIGHUP) { // by nohup: the program would ignore it too
			signal.Notify(make(chan os.Signal, 1), unix.SIGHUP)
		}
	})
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read()
	t.Cleanup(func() {
		_ = program.Process.Kill()
		c.Slave.Close()
		c.Master.Close()
		<-c.done
	})
	return c
}

func (c *Console) read() {
	defer close(c.done)
	b := make([]byte, 4096)
	for {
		n, err := c.Master.Read(b)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.raw = append(c.raw, b[:n]...)
		if c.page != nil {
			_, _ = c.page.Write(b[:n])
		}
		c.mu.Unlock()
	}
}

// Type types keys.
func (c *Console) Type(keys string) {
	c.t.Helper()
	if _, err := c.Master.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// Resize gives the terminal another size.
func (c *Console) Resize(columns, lines int) {
	c.t.Helper()
	if err := unix.IoctlSetWinsize(int(c.Slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(lines), Col: uint16(columns)}); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.page != nil {
		c.page.Resize(columns, lines)
	}
}

// Raw is all that the program has written, as it did.
func (c *Console) Raw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.raw)
}

// Seen is what is on the screen.
func (c *Console) Seen() string { return c.of((*Page).Seen) }

// All is what is on the screen, and what has scrolled up.
func (c *Console) All() string { return c.of((*Page).All) }

// IsAlternate reports whether the alternate screen is shown.
func (c *Console) IsAlternate() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.page.IsAlternate()
}

func (c *Console) of(what func(*Page) string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.page == nil {
		return "(not seen)"
	}
	return what(c.page)
}

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// Until waits until something is so.
func (c *Console) Until(what string, is func() bool) {
	c.t.Helper()
	for until := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			c.t.Fatalf("waited in vain until %s; the screen:\n%s", what, c.Seen())
		}
	}
}

// Expect waits until text is on the screen.
func (c *Console) Expect(text string) {
	c.t.Helper()
	c.Until(fmt.Sprintf("%q is seen", text), func() bool { return strings.Contains(c.Seen(), text) })
}

// Ended waits for the end of the program, and says how it ended: as shells do.
func (c *Console) Ended() int {
	c.t.Helper()
	ended := make(chan struct{})
	go func() { _ = c.Program.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
		c.t.Fatalf("the program does not end; the screen:\n%s", c.Seen())
	}
	c.drain()
	if status, ok := c.Program.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return c.Program.ProcessState.ExitCode()
}

// drain waits until what the program has written last is seen.
func (c *Console) drain() {
	for {
		unread, err := unix.IoctlGetInt(int(c.Master.Fd()), unix.TIOCINQ)
		before := len(c.Raw())
		time.Sleep(20 * time.Millisecond)
		if (err != nil || unread == 0) && len(c.Raw()) == before {
			return
		}
	}
}

// Echoes reports whether the terminal shows what is typed, and gives whole lines, as
// a shell finds it.
func (c *Console) Echoes() bool {
	c.t.Helper()
	t, err := unix.IoctlGetTermios(int(c.Slave.Fd()), unix.TCGETS)
	if err != nil {
		c.t.Fatal(err)
	}
	const both = unix.ICANON | unix.ECHO
	return t.Lflag&both == both
}
