package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test binary is also the program in the terminal: with a role as its
// first argument.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "keys", "keys-panic":
			os.Exit(pressed(os.Args[1] == "keys-panic"))
		case "keys-gone":
			os.Exit(gone())
		case "width":
			width()
		case "theme":
			os.Exit(theme(os.Args[2]))
		}
	}
	os.Exit(m.Run())
}

// pressed says which keys were pressed, until the last.
func pressed(panics bool) int {
	signal.Ignore(unix.SIGHUP) // the end of the terminal is to be read
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGTERM, unix.SIGINT)
	defer stop()
	k, err := OpenKeys(os.Stdin)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer k.Close()
	fmt.Println("open")
	if panics {
		go func() {
			defer RestoreOnPanic()
			panic("elsewhere")
		}()
	}
	for {
		key, err := k.Next(ctx)
		if err != nil {
			fmt.Println(err)
			return 2
		}
		fmt.Println("key", int(key))
		if key == Quit {
			return 0
		}
	}
}

// gone reads a key that has been thrown away after a poll promised it.
func gone() int {
	k, err := OpenKeys(os.Stdin)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer k.Close()
	fmt.Println("open")
	if _, err := unix.Poll([]unix.PollFd{{Fd: int32(k.fd()), Events: unix.POLLIN}}, -1); err != nil {
		fmt.Println(err)
		return 1
	}
	flushInput(k.fd())
	_, came, err := k.take(false)
	fmt.Println("came", came, err)
	return 0
}

func width() {
	fmt.Println("width", Width(os.Stdout))
	FollowWidth(context.Background(), os.Stdout, func(columns int) { fmt.Println("width", columns) })
	fmt.Println("open")
	select {}
}

// console is a terminal with a program in it.
type console struct {
	t       *testing.T
	master  *os.File
	slave   *os.File
	program *exec.Cmd
	seen    string
	skipped string // before what was expected last
}

func newConsole(t *testing.T, stdin *os.File, role ...string) *console {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("needs a pseudo-terminal: %v", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, master: os.NewFile(uintptr(fd), "ptmx")}
	c.slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 100})
	c.program = exec.Command("/proc/self/exe", role...)
	c.program.Stdin, c.program.Stdout, c.program.Stderr = c.slave, c.slave, c.slave
	if stdin != nil {
		c.program.Stdin = stdin
	}
	c.program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	if err := c.program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.program.Process.Kill()
		c.master.Close()
		c.slave.Close()
	})
	c.expect("open")
	return c
}

// expect reads until the program has written text.
func (c *console) expect(text string) {
	c.t.Helper()
	_ = c.master.SetReadDeadline(time.Now().Add(30 * time.Second))
	for {
		if i := strings.Index(c.seen, text); i >= 0 {
			c.skipped, c.seen = c.seen[:i], c.seen[i+len(text):]
			return
		}
		b := make([]byte, 1000)
		n, err := c.master.Read(b)
		if err != nil {
			c.t.Fatalf("waiting for %q: %v; seen %q", text, err, c.seen)
		}
		c.seen += string(b[:n])
	}
}

// single reports whether the terminal gives single keys without echo.
func (c *console) single() bool {
	c.t.Helper()
	// The flags are read through the test's own descriptor of the terminal.
	t, err := unix.IoctlGetTermios(int(c.slave.Fd()), unix.TCGETS)
	if err != nil {
		c.t.Fatal(err)
	}
	return t.Lflag&(unix.ICANON|unix.ECHO) == 0 && t.Oflag&unix.OPOST != 0 && t.Lflag&unix.ISIG != 0
}

func (c *console) wantSingle(want bool) {
	c.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if c.single() == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.t.Fatalf("single keys: %t, want %t", !want, want)
}

// ended waits for the program and says how it ended.
func (c *console) ended() int {
	c.t.Helper()
	_ = c.program.Wait()
	return c.program.ProcessState.ExitCode()
}

func TestKeys(t *testing.T) {
	c := newConsole(t, nil, "keys")
	c.wantSingle(true)
	fmt.Fprint(c.master, " ")
	c.expect("key 1\r\n") // CR LF: output is processed as always
	fmt.Fprint(c.master, "x\r")
	c.expect("key 2\r\n")
	for _, key := range []struct {
		bytes string
		want  Key
	}{{"\x1b[A", Up}, {"\x1bOB", Down}, {"\x1b[5~", Back}, {"\x1b[6~", Forward}, {"\x1b[H", First}, {"\x1b[4~", Last},
		{"\x1b[1;5C", Forward}, {"\x1bx\x1b[200~b", Back}, {"\x1b", Escape}} {
		fmt.Fprint(c.master, key.bytes)
		c.expect(fmt.Sprintf("key %d\r\n", key.want))
	}
	if strings.Contains(c.seen, "x") {
		t.Errorf("keys are echoed: %q", c.seen)
	}
	fmt.Fprint(c.master, "q")
	c.expect("key 3\r\n")
	if code := c.ended(); code != 0 {
		t.Errorf("exit %d", code)
	}
	c.wantSingle(false)
}

// Typed before ^C, a key may be gone once it is to be read: nobody waits for it.
func TestKeysThrownAway(t *testing.T) {
	c := newConsole(t, nil, "keys-gone")
	fmt.Fprint(c.master, "x")
	c.expect("came false <nil>")
}

// Where the terminal goes away, that is the end.
func TestKeysHungUp(t *testing.T) {
	c := newConsole(t, nil, "keys")
	c.wantSingle(true)
	c.slave.Close()
	c.master.Close()
	if code := c.ended(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// Keys come from the terminal also where stdin is a pipe.
func TestKeysBesidesAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c := newConsole(t, r, "keys")
	fmt.Fprint(c.master, "n")
	c.expect("key 2")
	fmt.Fprint(c.master, "q")
	c.expect("key 3")
}

func TestKeysRestore(t *testing.T) {
	tests := []struct {
		name string
		role string
		act  func(c *console)
		code int
	}{
		{"^C", "keys", func(c *console) { fmt.Fprint(c.master, "\x03") }, 2},
		{"SIGTERM", "keys", func(c *console) { _ = c.program.Process.Signal(unix.SIGTERM) }, 2},
		{"a panic elsewhere", "keys-panic", func(*console) {}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newConsole(t, nil, test.role)
			if test.role == "keys" {
				c.wantSingle(true)
			}
			test.act(c)
			if code := c.ended(); code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			c.wantSingle(false)
		})
	}
}

// As long as the program is stopped the terminal is the shell's.
func TestKeysStop(t *testing.T) {
	c := newConsole(t, nil, "keys")
	c.wantSingle(true)
	// The group of a session's leader is orphaned and does not stop for ^Z
	// itself, so the signal is sent.
	_ = c.program.Process.Signal(unix.SIGTSTP)
	c.wantSingle(false)
	var status unix.WaitStatus
	if _, err := unix.Wait4(c.program.Process.Pid, &status, unix.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("not stopped: %v, %v", status, err)
	}
	_ = c.program.Process.Signal(unix.SIGCONT)
	c.wantSingle(true)
	fmt.Fprint(c.master, "q")
	c.expect("key 3")
}

func TestNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c := exec.Command("/proc/self/exe", "keys")
	c.Stdin = r
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := c.Output()
	if string(out) != ErrNoTerminal.Error()+"\n" {
		t.Errorf("%v: %q, want %q", err, out, ErrNoTerminal)
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("%v, want exit 1", err)
	}
}

func TestFollowWidth(t *testing.T) {
	c := newConsole(t, nil, "width")
	for _, columns := range []uint16{140, 80} {
		_ = unix.IoctlSetWinsize(int(c.slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
		c.expect(fmt.Sprintf("width %d\r\n", columns))
	}
}
