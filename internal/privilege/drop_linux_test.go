package privilege

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// As the command does: a goroutine that ends locked to the main thread would
// leave it standing with every signal blocked.
func init() { runtime.LockOSThread() }

// Rights cannot be got back, so each drop happens in a process of its own: the
// test binary again, with a role as its first argument.
func TestMain(m *testing.M) {
	if code, is := Keep(); is {
		os.Exit(code)
	}
	if len(os.Args) > 2 && os.Args[1] == "drop" {
		os.Exit(drop(os.Args[2]))
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

// drop opens what the lab has open, gives everything up with many threads
// about, and tells what is left.
func drop(path string) int {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	sniffer, sniffing := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0x0300) // ETH_P_ALL, big endian
	stop := make(chan struct{})
	busyThreads(stop)
	defer close(stop)

	o, err := Drop()
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println(o)
	list, err := threads()
	if err != nil || len(list) < 20 {
		fmt.Println("only", len(list), "threads", err)
	}
	for _, t := range list {
		if !t.bare(o) {
			fmt.Printf("not bare: %+v\n", t)
		}
	}
	newThreads()

	if _, err := file.WriteString("still writable"); err != nil {
		fmt.Println("open file:", err)
	}
	if sniffing == nil {
		fmt.Println("open capture:", sniffs(sniffer))
	}
	if can, _ := CanCapture(); can {
		fmt.Println("could capture anew")
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, 0, 0, 0); errno == 0 && os.Getuid() != 0 {
		fmt.Println("became root again")
	}
	fmt.Println("signal:", catches(unix.SIGTERM))
	lines := "^(Uid|CapPrm|CapEff|NoNewPrivs):"
	if o.Changed {
		lines = "^(Uid|CapPrm|CapEff|NoNewPrivs|Groups):"
	}
	out, _ := exec.Command("/bin/grep", "-E", lines, "/proc/self/status").Output()
	fmt.Print("child: ", strings.Join(strings.Fields(string(out)), " "), "\n")
	return 0
}

// busyThreads are threads as a running lab has them: locked, blocked in a
// call, and coming and going.
func busyThreads(stop chan struct{}) {
	for range 20 {
		ready := make(chan struct{})
		go func() {
			runtime.LockOSThread()
			close(ready)
			<-stop
		}()
		<-ready
	}
	pipe := make([]int, 2)
	_ = unix.Pipe(pipe)
	for range 4 {
		go func() { _, _ = unix.Read(pipe[0], make([]byte, 1)) }()
	}
	go func() {
		for {
			ended := make(chan struct{})
			go func() {
				runtime.LockOSThread() // and never unlocked: the thread ends with it
				close(ended)
			}()
			<-ended
		}
	}()
	go func() {
		for {
			runtime.Gosched() // a thread that is never idle
		}
	}()
}

// newThreads looks at threads made after the drop.
func newThreads() {
	for range 50 {
		said := make(chan thread)
		go func() {
			runtime.LockOSThread()
			t, _ := readThread("self")
			said <- t
		}()
		if t := <-said; t.capabilities() || !t.noNewPrivs {
			fmt.Printf("a new thread is not bare: %+v\n", t)
		}
	}
}

// sniffs sends a datagram and says what the packet socket makes of it.
func sniffs(fd int) string {
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1})
	c, err := net.Dial("udp", "127.0.0.1:9")
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	_, _ = c.Write([]byte("a word"))
	if _, err := unix.Read(fd, make([]byte, 2000)); err != nil {
		return err.Error()
	}
	if stats, err := unix.GetsockoptTpacketStats(fd, unix.SOL_PACKET, unix.PACKET_STATISTICS); err != nil || stats.Packets == 0 {
		return fmt.Sprint("no statistics ", stats, err)
	}
	return "reads and counts"
}

// catches sends a signal to this process.
func catches(s syscall.Signal) string {
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, s)
	_ = unix.Kill(os.Getpid(), s)
	select {
	case <-caught:
		return "caught"
	case <-time.After(30 * time.Second):
		return "lost"
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
}

func TestDrop(t *testing.T) {
	needRoot(t)
	if can, why := CanCapture(); !can {
		t.Skip("needs cap_net_raw: " + why)
	}
	t.Setenv("SUDO_UID", "") // the tests themselves may run through sudo
	const open = "open capture: reads and counts\nsignal: caught\n"
	none := " CapPrm: 0000000000000000 CapEff: 0000000000000000 NoNewPrivs: 1\n"
	tests := []struct {
		name string
		env  []string
		attr syscall.SysProcAttr
		want string
	}{
		{"sudo, a user without an entry", []string{"SUDO_UID=12345", "SUDO_GID=54321"}, syscall.SysProcAttr{},
			"root given up, now uid 12345\n" + open + "child: Uid: 12345 12345 12345 12345 Groups: 54321" + none},
		{"sudo, a user of the system", []string{"SUDO_UID=1", "SUDO_GID=1"}, syscall.SysProcAttr{},
			"root given up, now daemon\n" + open + "child: Uid: 1 1 1 1 Groups: 1" + none},
		{"root without sudo", nil, syscall.SysProcAttr{},
			"root given up, now nobody\n" + open + "child: Uid: 65534 65534 65534 65534 Groups:" + none},
		{"root behind sudo", []string{"SUDO_UID=0", "SUDO_GID=0"}, syscall.SysProcAttr{},
			"root given up, now nobody\n" + open + "child: Uid: 65534 65534 65534 65534 Groups:" + none},
		{"setcap cap_net_raw", []string{"SUDO_UID=12345", "SUDO_GID=54321"},
			syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}, AmbientCaps: []uintptr{unix.CAP_NET_RAW}},
			"all capabilities given up, still uid 65534\n" + open + "child: Uid: 65534 65534 65534 65534" + none},
		{"an ordinary user", nil,
			syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}},
			"nothing to give up, still uid 65534\nsignal: caught\nchild: Uid: 65534 65534 65534 65534" + none},
		{"root of a user namespace that has only root", nil,
			syscall.SysProcAttr{
				Cloneflags:  unix.CLONE_NEWUSER,
				UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}},
				GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}},
			},
			"all capabilities given up, still uid 0 (set the groups of 65534: operation not permitted)\nsignal: caught\nchild: Uid: 0 0 0 0" + none},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "out")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if test.attr.Credential != nil {
				path = os.DevNull // nobody cannot open root's
			}
			c := exec.Command("/proc/self/exe", "drop", path)
			c.Env = append(os.Environ(), test.env...)
			c.SysProcAttr = &test.attr
			out, err := c.CombinedOutput()
			if errors.Is(err, syscall.EPERM) && test.attr.Cloneflags != 0 {
				t.Skip("needs the right to make user namespaces")
			}
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if string(out) != test.want {
				t.Errorf("output\n%s\nwant\n%s", out, test.want)
			}
			if text, _ := os.ReadFile(path); test.attr.Credential == nil && string(text) != "still writable" {
				t.Errorf("the open file holds %q", text)
			}
		})
	}
}

func TestDropRefusesWhatIsNoUser(t *testing.T) {
	needRoot(t)
	c := exec.Command("/proc/self/exe", "drop", os.DevNull)
	c.Env = append(os.Environ(), "SUDO_UID=alice", "SUDO_GID=1")
	out, err := c.CombinedOutput()
	if want := `error: give up root: environment variable SUDO_UID="alice" is no id`; err == nil || !strings.HasPrefix(string(out), want) {
		t.Errorf("%v: %q, want an error %q", err, out, want)
	}
}
