package hosts

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// marker is the environment variable that tells the child what it is:
// "DESCRIPTOR NAMESPACE", the descriptor of its line to the parent and the
// parent's network namespace as /proc names it.
const marker = "HANDSHAKE_LAB_PRIVATE"

// Private runs this program again in a network namespace of its own and
// returns its exit code, 128 + the signal where a signal ended it. The error
// is an *Unavailable where the namespace, or the loopback in it, cannot be
// had; the child has then done nothing.
//
// SIGINT, SIGTERM and SIGHUP reach the child once, whether they were sent to
// this process, to both or to their group, and the end of ctx is a SIGTERM.
// Where the parent dies, however it dies, the child gets SIGTERM.
func Private(ctx context.Context, c Command) (int, error) {
	caught := c.Signals
	if caught == nil {
		ours := catch() // before there is a child that could be left alone
		defer signal.Stop(ours)
		caught = ours
	}
	child, line, err := start(c)
	if err != nil {
		return 0, err
	}
	heard := make(chan syscall.Signal, 8)
	report := make(chan error, 1)
	go listen(line, report, heard)
	stop := forward(ctx, child.Process, caught, heard)
	err = child.Wait()
	stop()
	refusal := <-report
	line.Close() // only now: to the child a closed line is a dead parent
	code := exitCode(child.ProcessState)
	switch {
	case errors.Is(refusal, errNoWord) && code > 128: // stopped by a signal before its word
		return code, nil
	case refusal != nil:
		return 0, refusal
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, fmt.Errorf("wait for the private namespace: %w", err)
	}
	return code, nil
}

// start starts the child by the first way that works, and returns the
// parent's end of the line between both.
func start(c Command) (*exec.Cmd, *os.File, error) {
	var last error
	for _, flags := range ways() {
		child, line, err := startWith(c, flags)
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

func startWith(c Command, flags uintptr) (*exec.Cmd, *os.File, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	line, theirs := os.NewFile(uintptr(pair[0]), "line"), os.NewFile(uintptr(pair[1]), "line")
	defer theirs.Close()

	child := exec.Command("/proc/self/exe", c.Args...)
	child.Args[0] = os.Args[0]
	child.ExtraFiles = append(child.ExtraFiles, theirs)
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", marker, firstOfOurs, namespace()))
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
		child.Path = fmt.Sprintf("/proc/self/fd/%d", firstOfOurs+len(child.ExtraFiles)-1)
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

// listen takes the child's word on its loopback, a line, and from then on the
// signals that have reached it, a byte each, until its end.
func listen(line *os.File, report chan<- error, heard chan<- syscall.Signal) {
	in := bufio.NewReader(line)
	word, err := in.ReadString('\n')
	if err != nil {
		report <- errNoWord
		return
	}
	report <- reported(strings.TrimSuffix(word, "\n"))
	for {
		s, err := in.ReadByte()
		if err != nil {
			return
		}
		select {
		case heard <- syscall.Signal(s):
		default: // nobody waits for it any more
		}
	}
}

// reported is what the child's word means: nil once its loopback is up.
func reported(text string) error {
	word, why, _ := strings.Cut(text, " ")
	switch word {
	case "up":
		return nil
	case "errno":
		errno, _ := strconv.Atoi(why)
		return thisSystem().explain(loopback, syscall.Errno(errno))
	}
	return &Unavailable{Detail: why}
}

// errNoWord is a child that has ended without a word.
var errNoWord = &Unavailable{Detail: "the program ended in it before its loopback was up"}

// exitCode is the child's, in the shell's way.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// effective reports whether the calling thread has the capability.
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
