package hosts

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// inside is set by Enter, which takes the marker out of the environment.
var inside bool

// Inside reports whether this process was started by Private.
func Inside() bool { return inside || os.Getenv(marker) != "" }

// Enter is the child's first act: it brings the loopback up, tries it, and
// tells the parent. Where it fails the parent has been told why; the child
// then ends without a word of its own. Until the program catches SIGINT, SIGTERM
// and SIGHUP they end it, as nothing has begun yet; once it does it calls Heard
// for each.
func Enter() error {
	line, outside, err := mark()
	if err != nil {
		return err
	}
	inside = true
	if err := loopbackUp(outside); err != nil {
		report(line, err)
		line.Close()
		return err
	}
	if _, err := io.WriteString(line, "up\n"); err != nil {
		return fmt.Errorf("private network namespace: tell the parent: %w", err)
	}
	heardOn.Store(line)
	go endWith(line)
	return nil
}

// mark takes the marker: the line to the parent, and the parent's namespace.
func mark() (line *os.File, outside string, err error) {
	text := os.Getenv(marker)
	number, outside, _ := strings.Cut(text, " ")
	fd, err := strconv.Atoi(number)
	if err == nil && fd < firstOfOurs {
		err = errors.New("no descriptor of ours")
	}
	if err == nil {
		_, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	}
	if err != nil {
		return nil, "", fmt.Errorf("environment variable %s=%q was not set by this program: %w", marker, text, err)
	}
	os.Unsetenv(marker)
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "line"), outside, nil
}

// loopbackUp brings lo up and makes sure that it serves.
func loopbackUp(outside string) error {
	if here := namespace(); here == outside {
		return fmt.Errorf("still in the host's network namespace %s", here)
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("find the loopback: %w", err)
	}
	if err := netlink.LinkSetUp(lo); err != nil {
		return fmt.Errorf("bring the loopback up: %w", err)
	}
	probe, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return fmt.Errorf("use the loopback: %w", err)
	}
	return probe.Close()
}

// report tells the parent why, by number where there is one: the parent knows
// the remedies.
func report(line io.Writer, err error) {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		fmt.Fprintf(line, "errno %d\n", int(errno))
		return
	}
	fmt.Fprintf(line, "error %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
}

// patience is how long a child that was told to end may take.
const patience = 3 * time.Second

// endWith ends this process when the parent is gone: by SIGTERM, so that its
// output is complete; by SIGKILL, should that not be enough. (The kernel's own
// parent-death signal is lost where root is given up.)
func endWith(line *os.File) {
	_, _ = line.Read(make([]byte, 1))
	_ = unix.Kill(os.Getpid(), unix.SIGTERM)
	time.Sleep(patience)
	_ = unix.Kill(os.Getpid(), unix.SIGKILL)
}
