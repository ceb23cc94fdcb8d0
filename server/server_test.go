package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// start serves on loopback until the test ends.
func start(t testing.TB, c Config) *Server {
	t.Helper()
	if c.Address == "" {
		c.Address = "127.0.0.1:0"
	}
	s, err := Listen(c)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		s.Shutdown(time.Second)
		if err := <-served; err != nil {
			t.Errorf("Serve returned %v", err)
		}
	})
	return s
}

func dial(t testing.TB, s *Server) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	return conn.(*net.TCPConn)
}

// expect reads exactly the given words.
func expect(t testing.TB, conn net.Conn, words string) {
	t.Helper()
	got := make([]byte, len(words))
	n, err := io.ReadFull(conn, got)
	if err != nil || string(got) != words {
		t.Fatalf("read %.80q, %v; want %.80q", got[:n], err, words)
	}
}

// expectEnd reads the end of the stream.
func expectEnd(t testing.TB, conn net.Conn) {
	t.Helper()
	if rest, err := io.ReadAll(conn); err != nil || len(rest) > 0 {
		t.Fatalf("read %.80q, %v; want the end of the stream", rest, err)
	}
}

const opening = dialogue.Welcome + dialogue.Question

// hello is the answer to a name and the question after it.
func hello(name string) string { return "Hello " + name + "!\n" + dialogue.Question }

func TestDialogue(t *testing.T) {
	received := newReceived()
	s := start(t, Config{Backlog: DefaultBacklog, Observer: received.observe})
	full := strings.Repeat("n", dialogue.ReadSize)
	for _, test := range []struct {
		what   string
		writes []string // each is received before the next
		want   string
	}{
		{"two names and exit", []string{"Alice", "Bob", "exit"}, hello("Alice") + hello("Bob") + dialogue.GoodBye},
		{"nc", []string{"Alice\n", "exit\n"}, hello("Alice") + dialogue.GoodBye},
		{"telnet", []string{"Alice\r\n", "exit\r\n"}, hello("Alice") + dialogue.GoodBye},
		{"old Macintosh", []string{"Alice\rexit\r"}, hello("Alice") + dialogue.GoodBye},
		{"CR and LF apart", []string{"Alice\r", "\n", "exit"}, hello("Alice") + dialogue.GoodBye},
		{"all lines in one read", []string{"Alice\nBob\r\n\r\nexit\n"}, hello("Alice") + hello("Bob") + dialogue.GoodBye},
		{"nothing is said after exit", []string{"exit\nAlice\n"}, dialogue.GoodBye},
		{"empty lines get no answer", []string{"\n", "\r\n", "Alice\n\n", "exit"}, hello("Alice") + dialogue.GoodBye},
		{"one byte", []string{"A", "exit"}, hello("A") + dialogue.GoodBye},
		{"1024 bytes", []string{full, "exit"}, hello(full) + dialogue.GoodBye},
		{"1024 bytes and a line end", []string{full + "\n", "exit"}, hello(full) + dialogue.GoodBye},
		{"1025 bytes are two names", []string{full + "x", "exit"}, hello(full) + hello("x") + dialogue.GoodBye},
		{"binary", []string{"\x00\xff\xfe\x1b", "exit"}, hello("\x00\xff\xfe\x1b") + dialogue.GoodBye},
		{"UTF-8 cut within a character", []string{"J\xc3", "\xbcrgen", "exit"}, hello("J\xc3") + hello("\xbcrgen") + dialogue.GoodBye},
		{"exit is only exit", []string{"exit ", "EXIT", "exits", "exit"}, hello("exit ") + hello("EXIT") + hello("exits") + dialogue.GoodBye},
		{"end of stream is no exit", []string{"Alice"}, hello("Alice")},
		{"an instant end", nil, ""},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, s)
			expect(t, conn, opening)
			written := 0
			for _, w := range test.writes {
				received.await(t, conn, written)
				if _, err := io.WriteString(conn, w); err != nil {
					t.Fatal(err)
				}
				written += len(w)
			}
			if !strings.HasSuffix(test.want, dialogue.GoodBye) {
				conn.CloseWrite()
			}
			expect(t, conn, test.want)
			expectEnd(t, conn)
		})
	}
}

// received counts what a server has read from each client.
type received struct {
	mu    sync.Mutex
	bytes map[netip.AddrPort]int
}

func newReceived() *received { return &received{bytes: make(map[netip.AddrPort]int)} }

func (r *received) observe(c Call) {
	if c.Name == "recv" && c.Phase == dialogue.End {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bytes[c.Remote] += c.N
	}
}

// await waits until all that was written has been read.
func (r *received) await(t *testing.T, conn *net.TCPConn, written int) {
	t.Helper()
	from := conn.LocalAddr().(*net.TCPAddr).AddrPort()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		r.mu.Lock()
		read := r.bytes[netip.AddrPortFrom(from.Addr().Unmap(), from.Port())]
		r.mu.Unlock()
		if read >= written {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d bytes were read", read, written)
		}
	}
}

func TestWhatIsPrinted(t *testing.T) {
	var printed []string
	closed := make(chan struct{}, 2)
	s := start(t, Config{Log: func(line string) {
		if printed = append(printed, line); strings.HasSuffix(line, " is closed") {
			closed <- struct{}{}
		}
	}})
	var want = []string{"Waiting for connection..."}
	for range 2 {
		conn := dial(t, s)
		expect(t, conn, opening)
		io.WriteString(conn, "exit")
		expect(t, conn, "Good bye!\n")
		expectEnd(t, conn)
		want = append(want, "Accept new connection from "+conn.LocalAddr().String(),
			"Connection from "+conn.LocalAddr().String()+" is closed")
		select {
		case <-closed:
		case <-time.After(30 * time.Second):
			t.Fatal("it is not said that the connection is closed")
		}
	}
	s.Shutdown(time.Second)
	if got := strings.Join(printed, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("printed\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestAddresses(t *testing.T) {
	for _, test := range []struct{ network, address, dial string }{
		{"", "127.0.0.1:0", "127.0.0.1"},
		{"tcp4", "localhost:0", "127.0.0.1"},
		{"tcp4", ":0", "127.0.0.1"},
		{"", "[::1]:0", "::1"},
		{"tcp6", ":0", "::1"},
		{"", ":0", "127.0.0.1"},
		{"", ":0", "::1"},
		{"", "[::ffff:127.0.0.1]:0", "127.0.0.1"},
	} {
		if strings.Contains(test.address+test.dial, "::1") {
			l, err := net.Listen("tcp6", "[::1]:0")
			if err != nil {
				t.Logf("no IPv6 here: %v", err)
				continue
			}
			l.Close()
		}
		accepted := make(chan Call, 10)
		s := start(t, Config{Network: test.network, Address: test.address, Backlog: 5, Observer: func(c Call) {
			if c.Name == "accept" && c.Phase == dialogue.End && c.Err == nil {
				accepted <- c
			}
		}})
		conn, err := net.Dial("tcp", net.JoinHostPort(test.dial, fmt.Sprint(s.Addr().Port())))
		if err != nil {
			t.Errorf("%s %s: %v", test.network, test.address, err)
			continue
		}
		expect(t, conn, opening)
		if c := <-accepted; c.Remote.String() != conn.LocalAddr().String() {
			t.Errorf("%s %s: accepted %v, want %v", test.network, test.address, c.Remote, conn.LocalAddr())
		}
		conn.Close()
	}
}

func TestIPv6Only(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skipf("needs IPv6 on loopback: %v", err)
	}
	l.Close()
	s := start(t, Config{Network: "tcp6", Address: ":0"})
	if conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", s.Addr().Port())); err == nil {
		conn.Close()
		t.Error("a tcp6 server took an IPv4 client")
	}
}

func TestListenFails(t *testing.T) {
	s := start(t, Config{})
	var last Call
	_, err := Listen(Config{Address: s.Addr().String(), Observer: func(c Call) { last = c }})
	if !errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), s.Addr().String()) {
		t.Errorf("port taken: %v", err)
	}
	if !errors.Is(last.Err, syscall.EADDRINUSE) || last.Phase != dialogue.End {
		t.Errorf("port taken: the last report is %+v", last)
	}
	if _, err := Listen(Config{Address: "192.0.2.1:0"}); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("foreign address: %v", err)
	}
	if _, err := Listen(Config{Address: "127.0.0.1"}); err == nil {
		t.Error("an address without a port was taken")
	}
}

func TestRestartDespiteTimeWait(t *testing.T) {
	s, err := Listen(Config{Address: "127.0.0.1:0", Backlog: 5})
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve()
	conn := dial(t, s)
	io.WriteString(conn, "exit") // the server closes first and keeps TIME-WAIT
	expect(t, conn, opening+dialogue.GoodBye)
	expectEnd(t, conn)
	conn.Close()
	s.Shutdown(time.Second)
	start(t, Config{Address: s.Addr().String(), Backlog: 5})
}

func TestOneHundredAtOnce(t *testing.T) {
	s := start(t, Config{Backlog: 4096})
	var together, done sync.WaitGroup
	together.Add(100)
	for i := range 100 {
		conn := dial(t, s)
		done.Go(func() {
			expect(t, conn, opening)
			together.Done()
			together.Wait()
			for _, name := range []string{fmt.Sprint("Client", i), "Bob"} {
				io.WriteString(conn, name)
				expect(t, conn, hello(name))
			}
			io.WriteString(conn, "exit")
			expect(t, conn, dialogue.GoodBye)
			expectEnd(t, conn)
		})
	}
	done.Wait()
}

func TestItOutlivesRudeClients(t *testing.T) {
	s := start(t, Config{Backlog: 128})
	for i := range 50 {
		conn := dial(t, s)
		switch i % 3 {
		case 0: // closed with everything unread
		case 1:
			conn.SetLinger(0)
		case 2:
			conn.Write(bytes.Repeat([]byte("name\n"), 5000))
			conn.SetLinger(0)
		}
		conn.Close()
	}
	conn := dial(t, s)
	expect(t, conn, opening)
	s.Shutdown(0)
}

func TestShutdownLetsDialoguesEnd(t *testing.T) {
	s := start(t, Config{})
	conn := dial(t, s)
	expect(t, conn, opening)
	stopped := make(chan int)
	go func() { stopped <- s.Shutdown(time.Minute) }()
	for deadline := time.Now().Add(30 * time.Second); ; { // until it has begun
		early, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			break
		}
		if early.Close(); time.Now().After(deadline) {
			t.Fatal("clients come in after Shutdown")
		}
	}
	io.WriteString(conn, "Alice")
	expect(t, conn, hello("Alice"))
	io.WriteString(conn, "exit")
	expect(t, conn, dialogue.GoodBye)
	expectEnd(t, conn)
	if cut := <-stopped; cut != 0 {
		t.Errorf("%d dialogues were cut off", cut)
	}
}

func TestShutdownCutsOffAtTheEnd(t *testing.T) {
	var mu sync.Mutex
	var ends []string
	s := start(t, Config{Observer: func(c Call) {
		if c.Phase == dialogue.End && c.Number > 0 {
			mu.Lock()
			defer mu.Unlock()
			ends = append(ends, fmt.Sprint(c.Name, " ", c.Err))
		}
	}})
	conn := dial(t, s)
	expect(t, conn, opening)
	began := time.Now()
	if cut := s.Shutdown(100 * time.Millisecond); cut != 1 {
		t.Errorf("%d dialogues were cut off, want 1", cut)
	}
	if d := time.Since(began); d < 100*time.Millisecond || d > time.Second {
		t.Errorf("it took %v, want about 100 ms", d)
	}
	expectEnd(t, conn)
	want := "accept <nil>, send <nil>, send <nil>, recv " + errShutdown.Error() + ", close <nil>"
	if got := strings.Join(ends, ", "); got != want {
		t.Errorf("calls %s, want %s", got, want)
	}
}

// Without descriptors accept fails; the server waits and goes on.
func TestAcceptErrorsPass(t *testing.T) {
	for _, err := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		wrapped := &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
		if !passing(wrapped) || cause(wrapped) != err {
			t.Errorf("%v: passing %t, cause %v", err, passing(wrapped), cause(wrapped))
		}
	}
	for _, err := range []error{syscall.EBADF, syscall.EINVAL, net.ErrClosed} {
		if passing(&net.OpError{Op: "accept", Err: err}) {
			t.Errorf("%v is waited out", err)
		}
	}
	if pause(1) != 5*time.Millisecond || pause(4) != 40*time.Millisecond || pause(1000) != time.Second {
		t.Errorf("pauses %v %v %v", pause(1), pause(4), pause(1000))
	}
}
