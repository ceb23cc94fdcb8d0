package hosts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// marker is the environment variable that tells the child what it is:
// "DESCRIPTOR NAMESPACE", the descriptor of its line to the parent and the
// parent's network namespace as /proc names it.
const marker = "HANDSHAKE_LAB_PRIVATE"

// patience is how long a child that was told to end may take.
const patience = 3 * time.Second

// Private runs this program again in a network namespace of its own and
// returns its exit code, 128 + the signal where a signal ended it. The error
// is an *Unavailable where the namespace, or the loopback in it, cannot be
// had; the child has then done nothing.
//
// SIGINT, SIGTERM and SIGHUP are handed on until the child has ended, and a
// cancelled ctx is a SIGTERM; so ctx should not itself come from those
// signals. Where the parent dies, however it dies, the child gets SIGTERM.
func Private(ctx context.Context, c Command) (int, error) {
	child, line, err := start(ctx, c)
	if err != nil {
		return 0, err
	}
	stop := forward(child.Process)
	report := make(chan error, 1)
	go func() { report <- readReport(line) }()
	err = child.Wait()
	stop()
	refusal := <-report // the child's end of the line is closed by now
	line.Close()        // only now: to the child a closed line is a dead parent
	if refusal != nil && !errors.Is(refusal, errNoWord) {
		return 0, refusal
	}
	if refusal != nil && exitCode(child.ProcessState) < 128 { // not stopped by a signal
		return 0, refusal
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		return 0, fmt.Errorf("wait for the private namespace: %w", err)
	}
	return exitCode(child.ProcessState), nil
}

// start starts the child by the first way that works, and returns the
// parent's end of the line between both.
func start(ctx context.Context, c Command) (*exec.Cmd, *os.File, error) {
	var last error
	for _, flags := range ways() {
		child, line, err := startWith(ctx, c, flags)
		if err == nil {
			return child, line, nil
		}
		last = err
	}
	return nil, nil, thisSystem().explain(starting, last)
}

// ways are the clone flags to try: root needs no user namespace, unless it
// sits in a container that keeps CAP_SYS_ADMIN from it.
func ways() []uintptr {
	const ordinary = unix.CLONE_NEWUSER | unix.CLONE_NEWNET
	if effective(unix.CAP_SYS_ADMIN) {
		return []uintptr{unix.CLONE_NEWNET, ordinary}
	}
	return []uintptr{ordinary}
}

func startWith(ctx context.Context, c Command, flags uintptr) (*exec.Cmd, *os.File, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	line, theirs := os.NewFile(uintptr(pair[0]), "line"), os.NewFile(uintptr(pair[1]), "line")
	defer theirs.Close()

	child := exec.CommandContext(ctx, "/proc/self/exe", c.Args...)
	child.Args[0] = os.Args[0]
	child.Cancel = func() error { return child.Process.Signal(unix.SIGTERM) }
	child.WaitDelay = patience
	child.ExtraFiles = append(append(child.ExtraFiles, c.Extra...), theirs)
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", marker, firstExtra+len(c.Extra), namespace()))
	child.SysProcAttr = attributes(flags)
	// A nil *os.File in one of these would be an io.Reader that is not nil.
	if c.Stdin != nil {
		child.Stdin = c.Stdin
	}
	if c.Stdout != nil {
		child.Stdout = c.Stdout
	}
	if c.Stderr != nil {
		child.Stderr = c.Stderr
	}
	if flags&unix.CLONE_NEWUSER != 0 && hasFileCapabilities() {
		copied, err := withoutFileCapabilities()
		if err != nil {
			line.Close()
			return nil, nil, err
		}
		defer copied.Close()
		child.ExtraFiles = append(child.ExtraFiles, copied)
		child.Path = fmt.Sprintf("/proc/self/fd/%d", firstExtra+len(child.ExtraFiles)-1)
	}
	defer dumpable()()
	if err := child.Start(); err != nil {
		line.Close()
		return nil, nil, err
	}
	return child, line, nil
}

// attributes are those of a process in new namespaces. In a user namespace its
// ids map to themselves, so that files look as they do outside, and the
// capabilities that the lab needs are ambient: they outlive the exec.
func attributes(flags uintptr) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Cloneflags: flags}
	if flags&unix.CLONE_NEWUSER != 0 {
		uid, gid := os.Geteuid(), os.Getegid()
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
		a.AmbientCaps = []uintptr{unix.CAP_NET_ADMIN, unix.CAP_NET_RAW, unix.CAP_SYS_ADMIN}
	}
	return a
}

// dumpable lets this process write the id maps of its child: a program with
// file capabilities is not dumpable, so its children's /proc files are root's
// and the maps fail with EACCES. The function returned puts back what was.
func dumpable() (restore func()) {
	if was, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || was == 1 {
		return func() {}
	}
	// 2 (dumpable by root only) cannot be set by hand; 0 is as strict.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0)
	return func() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
}

func hasFileCapabilities() bool {
	n, err := unix.Getxattr("/proc/self/exe", "security.capability", nil)
	return err == nil && n > 0
}

// withoutFileCapabilities copies this program into memory. The exec of a file
// that has capabilities clears the ambient ones, and the child could not bring
// its loopback up.
func withoutFileCapabilities() (*os.File, error) {
	fd, err := unix.MemfdCreate("handshake-lab", unix.MFD_CLOEXEC|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // MFD_EXEC is of Linux 6.3
		fd, err = unix.MemfdCreate("handshake-lab", unix.MFD_CLOEXEC)
	}
	if err != nil {
		return nil, fmt.Errorf("copy the program: %w", err)
	}
	memory := os.NewFile(uintptr(fd), "handshake-lab")
	program, err := os.Open("/proc/self/exe")
	if err == nil {
		_, err = io.Copy(memory, program)
		program.Close()
	}
	if err != nil {
		memory.Close()
		return nil, fmt.Errorf("copy the program: %w", err)
	}
	// A file open for writing cannot be executed: hand over a reading one.
	defer memory.Close()
	return os.Open(fmt.Sprintf("/proc/self/fd/%d", fd))
}

// readReport waits for the child's word on its loopback: nil once it is up.
func readReport(line *os.File) error {
	text, err := io.ReadAll(line)
	if err != nil && len(text) == 0 {
		return fmt.Errorf("private network namespace: no word from inside: %w", err)
	}
	word, why, _ := strings.Cut(string(text), " ")
	switch word {
	case "up":
		return nil
	case "errno":
		var errno int
		fmt.Sscan(why, &errno)
		return thisSystem().explain(loopback, syscall.Errno(errno))
	case "error":
		return &Unavailable{Detail: why}
	}
	return errNoWord
}

var errNoWord = &Unavailable{Detail: "the program ended in it before its loopback was up"}

// exitCode is the child's, in the shell's way.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// effective says whether the calling thread has the capability.
func effective(capability uint) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if unix.Capget(&header, &data[0]) != nil {
		return false
	}
	return data[capability/32].Effective&(1<<(capability%32)) != 0
}

// namespace names the network namespace of the calling thread, "net:[4026531840]".
func namespace() string {
	name, err := os.Readlink("/proc/thread-self/ns/net")
	if err != nil {
		return "unknown"
	}
	return name
}
