package hosts

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const nobody = 65534

// play runs the test binary in a role, as this user or as nobody.
func play(uid int, role ...string) *exec.Cmd {
	c := exec.Command("/proc/self/exe", role...)
	c.SysProcAttr = &syscall.SysProcAttr{}
	if uid != os.Getuid() {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	}
	return c
}

// users are whom a test can be: this one, and behind root an ordinary one.
func users() []int {
	if os.Getuid() == 0 {
		return []int{0, nobody}
	}
	return []int{os.Getuid()}
}

func needNamespaces(t *testing.T) {
	t.Helper()
	if err := Probe(); err != nil {
		t.Skipf("needs the right to make user and network namespaces: %v", err)
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
}

func TestPrivate(t *testing.T) {
	needNamespaces(t)
	busy, err := net.Listen("tcp", "127.0.0.1:6000") // a busy port out here does not matter in there
	if err == nil {
		defer busy.Close()
	}
	tests := []struct {
		role string
		in   string
		code int
		out  string
	}{
		{"handshake", "", 0, "connected to 127.0.0.1:6000 as uid UID\nconnected to [::1]:6000 as uid UID\n"},
		{"exit 0", "", 0, ""},
		{"exit 5", "", 5, ""},
		{"die", "", 137, ""},
		{"echo", "Alice\nBob\n", 0, "Alice\nBob\n"},
		{"mute", "", 7, "cause 0: private network namespace: the program ended in it before its loopback was up (unavailable true, 0 remedies)\n"},
	}
	for _, uid := range users() {
		for _, test := range tests {
			t.Run(fmt.Sprintf("uid %d %s", uid, test.role), func(t *testing.T) {
				c := play(uid, append([]string{"parent"}, strings.Fields(test.role)...)...)
				c.Stdin = strings.NewReader(test.in)
				out, _ := c.CombinedOutput()
				want := strings.ReplaceAll(test.out, "UID", fmt.Sprint(uid))
				if code := c.ProcessState.ExitCode(); code != test.code || string(out) != want {
					t.Errorf("exit %d, output %q; want %d, %q", code, out, test.code, want)
				}
			})
		}
	}
}

// waiting starts a pair that waits for a signal and returns the child's pid.
func waiting(t *testing.T, uid int) (c *exec.Cmd, out *bufio.Reader, pid int) {
	t.Helper()
	c = play(uid, "parent", "wait")
	c.SysProcAttr.Setpgid = true
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	out = bufio.NewReader(pipe)
	if _, err := fmt.Fscanf(out, "ready %d\n", &pid); err != nil {
		t.Fatal(err)
	}
	return c, out, pid
}

// However a signal comes, it reaches the child once.
func TestPrivateSignals(t *testing.T) {
	needNamespaces(t)
	toParent := func(parent, _ int, s syscall.Signal) { _ = unix.Kill(parent, s) }
	toBoth := func(parent, child int, s syscall.Signal) { _ = unix.Kill(-parent, s) }
	tests := []struct {
		name string
		send func(parent, child int, s syscall.Signal)
	}{
		{"kill", toParent},
		{"kill twice", func(parent, child int, s syscall.Signal) {
			toParent(parent, child, s)
			time.Sleep(20 * time.Millisecond)
			toParent(parent, child, s)
		}},
		{"^C", toBoth},
		{"timeout(1)", func(parent, child int, s syscall.Signal) {
			toParent(parent, child, s)
			toBoth(parent, child, s)
		}},
		{"to the child", func(_, child int, s syscall.Signal) { _ = unix.Kill(child, s) }},
	}
	uid := users()[len(users())-1]
	for _, s := range []syscall.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP} {
		for _, test := range tests {
			t.Run(fmt.Sprintf("%v by %s", s, test.name), func(t *testing.T) {
				t.Parallel()
				c, out, pid := waiting(t, uid)
				test.send(c.Process.Pid, pid, s)
				line, _ := out.ReadString('\n')
				_ = c.Wait()
				if want := fmt.Sprintf("caught %v and 0 more\n", s); line != want {
					t.Errorf("child says %q, want %q", line, want)
				}
				if code, want := c.ProcessState.ExitCode(), 128+int(s); code != want {
					t.Errorf("exit %d, want %d", code, want)
				}
			})
		}
	}
}

// The context of the command ends by the same signal: the child gets that one
// alone. Where it ends by itself, the child gets SIGTERM.
func TestForwarder(t *testing.T) {
	at := func(ms int) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }
	var f forwarder
	f.caught(unix.SIGTERM, at(0)) // the context was quicker
	f.caught(unix.SIGINT, at(1))
	if f.timer == nil || f.pending != unix.SIGINT {
		t.Errorf("pending %v, want %v", f.pending, unix.SIGINT)
	}
	f.heard(unix.SIGINT, at(2))
	f.caught(unix.SIGTERM, at(3)) // the context was slower
	if f.timer != nil {
		t.Error("the same stop is handed on again")
	}
	f.caught(unix.SIGINT, at(1500))
	if f.timer == nil || f.pending != unix.SIGINT {
		t.Error("a second, later signal is held back")
	}
}

func TestPrivateContext(t *testing.T) {
	needNamespaces(t)
	c := play(os.Getuid(), "parent", "wait", "cancel")
	out, _ := c.Output()
	if _, rest, _ := strings.Cut(string(out), "\n"); rest != "caught terminated and 0 more\n" || c.ProcessState.ExitCode() != 143 {
		t.Errorf("exit %d, %q", c.ProcessState.ExitCode(), out)
	}
}

func TestPrivateParentDies(t *testing.T) {
	needNamespaces(t)
	for _, uid := range users() {
		t.Run(fmt.Sprintf("uid %d", uid), func(t *testing.T) {
			c, out, pid := waiting(t, uid)
			_ = c.Process.Kill()
			line, _ := out.ReadString('\n')
			if want := "caught terminated and 0 more\n"; line != want {
				t.Errorf("child says %q, want %q", line, want)
			}
			_ = c.Wait()
			for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
				if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err != nil || bytes.Contains(state, []byte(") Z ")) {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Errorf("child %d outlives its parent", pid)
		})
	}
}

// A program that has file capabilities is not dumpable, and its exec clears
// the ambient ones.
func TestPrivateWithFileCapabilities(t *testing.T) {
	needNamespaces(t)
	needRoot(t)
	dir, err := os.MkdirTemp("", "hosts")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "handshake-lab")
	program, err := os.ReadFile("/proc/self/exe")
	if err == nil {
		err = os.WriteFile(path, program, 0o755)
	}
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	// cap_net_raw=ep, revision 2, little endian
	capability := []byte{1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if err := unix.Setxattr(path, "security.capability", capability, 0); err != nil {
		t.Skipf("needs a file system with capabilities and the right to set them: %v", err)
	}
	for _, role := range []string{"probe", "parent handshake"} {
		c := play(nobody, strings.Fields(role)...)
		c.Path = path
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", role, err, out)
		}
	}
}

func TestPrivateUnavailable(t *testing.T) {
	needNamespaces(t)
	inUserNamespace := &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	tests := []struct {
		role string
		attr *syscall.SysProcAttr
		want string
	}{
		{"seccomp parent handshake", nil, "cause 1: private network namespace: a seccomp filter forbids new namespaces, as it does in containers: fork/exec /proc/self/exe: operation not permitted (unavailable true, 3 remedies)\n"},
		{"seccomp probe", nil, "cause 1: private network namespace: a seccomp filter forbids new namespaces, as it does in containers: operation not permitted (unavailable true, 3 remedies)\n"},
		{"no-namespaces-left parent handshake", inUserNamespace, "cause 2: private network namespace: user.max_user_namespaces is 0, no namespace may be made: fork/exec /proc/self/exe: no space left on device (unavailable true, 3 remedies)\n"},
		{"no-namespaces-left probe", inUserNamespace, "cause 2: private network namespace: user.max_user_namespaces is 0, no namespace may be made: no space left on device (unavailable true, 3 remedies)\n"},
		{"parent weak", nil, "cause 0: private network namespace: the namespace was made, but its loopback may not be brought up: a security module takes its rights away: operation not permitted (unavailable true, 2 remedies)\n"},
	}
	for _, test := range tests {
		t.Run(test.role, func(t *testing.T) {
			c := exec.Command("/proc/self/exe", strings.Fields(test.role)...)
			c.SysProcAttr = test.attr
			out, _ := c.CombinedOutput()
			if code := c.ProcessState.ExitCode(); code != 7 || string(out) != test.want {
				t.Errorf("exit %d, output\n%s\nwant 7,\n%s", code, out, test.want)
			}
		})
	}
}

// A marker set by hand does not get anybody anywhere.
func TestEnterForged(t *testing.T) {
	for _, value := range []string{"1", "nonsense", "99 net:[1]", "0 net:[1]"} {
		c := exec.Command("/proc/self/exe", "child", "exit", "0")
		c.Env = append(os.Environ(), marker+"="+value)
		_ = c.Run()
		if code := c.ProcessState.ExitCode(); code != 7 {
			t.Errorf("%s=%q: exit %d, want 7", marker, value, code)
		}
	}
}

func TestProbeIsQuick(t *testing.T) {
	needNamespaces(t)
	began := time.Now()
	for range 5 {
		if err := Probe(); err != nil {
			t.Fatal(err)
		}
	}
	if each := time.Since(began) / 5; each > 200*time.Millisecond {
		t.Errorf("a probe takes %v", each)
	}
}
