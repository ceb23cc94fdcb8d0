package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	manyClients = 10_000
	manyMiB     = 100
	servesAlone = "HANDSHAKE_LAB_TEST_SERVER" // set in the process that only serves
)

// TestMain lets the test binary be a server process of its own, so that its
// memory and descriptors can be told from the load's.
func TestMain(m *testing.M) {
	if os.Getenv(servesAlone) == "" {
		os.Exit(m.Run())
	}
	s, err := Listen(Config{Address: "127.0.0.1:0", Backlog: 4096})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.Addr())
	go s.Serve()
	io.Copy(io.Discard, os.Stdin)
}

func TestTenThousandClientsInOneHundredMiB(t *testing.T) {
	if testing.Short() || race() {
		t.Skip("needs seconds, and a build without the race detector, which multiplies memory")
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < manyClients+100 {
		t.Skipf("needs %d file descriptors a process, has %d", manyClients+100, limit.Cur)
	}
	address, pid := serverProcess(t)
	idle := residentKiB(t, pid)
	conns := make([]net.Conn, manyClients)
	for i := range conns {
		conn, err := net.Dial("tcp4", address)
		if err != nil {
			t.Fatalf("client %d: %v", i, err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		conns[i] = conn
	}
	for _, name := range []string{"Alice", "Bob"} {
		for i, conn := range conns {
			if name == "Alice" {
				expect(t, conn, opening)
			}
			if _, err := io.WriteString(conn, name); err != nil {
				t.Fatalf("client %d: %v", i, err)
			}
		}
		for _, conn := range conns {
			expect(t, conn, hello(name))
		}
	}
	full := residentKiB(t, pid)
	t.Logf("%d clients: %.1f MiB, %.1f MiB before them, %.1f KiB each",
		manyClients, float64(full)/1024, float64(idle)/1024, float64(full-idle)/manyClients)
	if full > manyMiB*1024 {
		t.Errorf("the server takes %d MiB, want at most %d", full/1024, manyMiB)
	}
}

// serverProcess starts a server in a process of its own.
func serverProcess(t *testing.T) (address string, pid int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), servesAlone+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	address, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address), cmd.Process.Pid
}

// residentKiB is how much memory a process holds at the most so far.
func residentKiB(t *testing.T, pid int) (kib int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Fatal(err)
	}
	return kib
}
