package hosts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The test binary is also the program that Private starts again: with a role
// as its first argument it plays that instead of running tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "parent":
			os.Exit(parent(os.Args[2:]))
		case "child":
			os.Exit(child(os.Args[2:]))
		case "probe":
			os.Exit(say(Probe()))
		case "seccomp": // as in a container, then the role that follows
			os.Exit(say(forbidNamespaces(os.Args[2:])))
		case "no-namespaces-left":
			os.Exit(say(useUpNamespaces(os.Args[2:])))
		}
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector would keep each helper for a second
	openCoverage()
	os.Exit(m.Run())
}

// openCoverage lets helpers that are another user write what go test -cover gathers.
func openCoverage() {
	if folder := os.Getenv("GOCOVERDIR"); folder != "" {
		_ = os.Chmod(folder, 0o777)
		_ = os.Chmod(filepath.Dir(filepath.Dir(folder)), 0o711) // go's own folder for the build
	}
}

// say prints what an error is to the reader; 7 is "not available here".
func say(err error) int {
	var u *Unavailable
	if errors.As(err, &u) {
		fmt.Printf("cause %d: %v (unavailable %t, %d remedies)\n", u.Cause, err, errors.Is(err, ErrUnavailable), len(u.Remedy()))
		return 7
	}
	if err != nil {
		fmt.Println("error:", err)
		return 70
	}
	return 0
}

func parent(args []string) int {
	c := Command{Args: append([]string{"child"}, args...), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	ctx := context.Background()
	if args[len(args)-1] == "cancel" {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
	}
	code, err := Private(ctx, c)
	if err != nil {
		return say(err)
	}
	return code
}

func child(args []string) int {
	if args[0] == "weak" { // as AppArmor leaves it: inside, without its rights
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		for range 50 { // the main goroutine may wander from thread to thread
			var data [2]unix.CapUserData
			if err := unix.Capset(&header, &data[0]); err != nil {
				return say(err)
			}
		}
	}
	if args[0] == "mute" {
		return 3
	}
	if !Inside() {
		fmt.Println("not inside")
		return 1
	}
	if err := Enter(); err != nil {
		return 7
	}
	switch args[0] {
	case "handshake":
		return say(handshake())
	case "pair":
		return say(pair())
	case "exit":
		code, _ := strconv.Atoi(args[1])
		return code
	case "die":
		_ = unix.Kill(os.Getpid(), unix.SIGKILL)
		select {}
	case "echo":
		_, err := io.Copy(os.Stdout, os.Stdin)
		return say(err)
	case "wait":
		caught := make(chan os.Signal, 8)
		signal.Notify(caught, unix.SIGINT, unix.SIGTERM, unix.SIGHUP)
		fmt.Println("ready", os.Getpid())
		s := (<-caught).(syscall.Signal)
		Heard(s)
		time.Sleep(200 * time.Millisecond)
		fmt.Println("caught", s, "and", len(caught), "more")
		return 128 + int(s)
	}
	return 1
}

// handshake is a TCP connection over this namespace's own loopback, with the
// port of the lab, seen by a packet socket.
func handshake() error {
	sniffer, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("packet socket: %w", err)
	}
	defer unix.Close(sniffer)
	for _, address := range []string{"127.0.0.1:6000", "[::1]:6000"} {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		c, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		fmt.Println("connected to", c.RemoteAddr(), "as uid", os.Getuid())
		c.Close()
		l.Close()
	}
	if os.Getenv(marker) != "" {
		return errors.New("the marker is still in the environment")
	}
	return nil
}

// forbidNamespaces puts a seccomp filter like Docker's over this program: clone
// with CLONE_NEWUSER or CLONE_NEWNET is EPERM.
func forbidNamespaces(args []string) error {
	const allow, eperm = 0x7fff0000, 0x00050000 | uint32(unix.EPERM)
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},                      // the call's number
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_CLONE, Jf: 3}, //
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 16},                     // its flags
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.CLONE_NEWUSER | unix.CLONE_NEWNET, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: eperm},
		{Code: unix.BPF_RET | unix.BPF_K, K: allow},
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	// With TSYNC, over all threads.
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, 1, 1, uintptr(unsafe.Pointer(&filter))); errno != 0 {
		return errno
	}
	return unix.Exec("/proc/self/exe", append([]string{os.Args[0]}, args...), os.Environ())
}

// useUpNamespaces sets the limits of the user namespace it runs in to 0.
func useUpNamespaces(args []string) error {
	for _, path := range []string{sysctlUser, sysctlNet} {
		if err := os.WriteFile(path, []byte("0"), 0); err != nil {
			return err
		}
	}
	return unix.Exec("/proc/self/exe", append([]string{os.Args[0]}, args...), os.Environ())
}
