package server

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// recorder keeps what an observer was told.
type recorder struct {
	mu    sync.Mutex
	calls []Call
}

func (r *recorder) observe(c Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
}

// of lists the ends of the calls of one socket, 0 for the listening one.
func (r *recorder) of(number int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for _, c := range r.calls {
		if c.Phase == dialogue.End && c.Number == number {
			line := fmt.Sprintf("%s(%s) %d %q", c.Name, c.Args, c.N, c.Data)
			if c.Err != nil {
				line += " " + c.Err.Error()
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestCallsAreReported(t *testing.T) {
	var r recorder
	s := start(t, Config{Backlog: 5, Observer: r.observe})
	addr := s.Addr().String()
	if got, want := r.of(0), "socket(AF_INET, SOCK_STREAM) 0 \"\"\nbind(127.0.0.1:0) 0 \"\"\nlisten(5) 0 \"\""; got != want {
		t.Errorf("once Listen has returned:\n%s\nwant\n%s", got, want)
	}
	conn := dial(t, s)
	expect(t, conn, opening)
	io.WriteString(conn, "Alice")
	expect(t, conn, hello("Alice"))
	io.WriteString(conn, "exit")
	expect(t, conn, dialogue.GoodBye)
	expectEnd(t, conn)
	s.Shutdown(time.Second)

	want := strings.Join([]string{
		`accept() 0 ""`,
		`send(9) 9 "Welcome!\n"`,
		`send(17) 17 "What's your name?"`,
		`recv(1024) 5 "Alice"`,
		`send(13) 13 "Hello Alice!\n"`,
		`send(17) 17 "What's your name?"`,
		`recv(1024) 4 "exit"`,
		`send(10) 10 "Good bye!\n"`,
		`close() 0 ""`,
	}, "\n")
	if got := r.of(1); got != want {
		t.Errorf("the dialogue's calls\n%s\nwant\n%s", got, want)
	}
	begun := map[uint64]Call{}
	for _, c := range r.calls {
		if c.Role != dialogue.Server {
			t.Errorf("%s by the %s", c.Name, c.Role)
		}
		if c.Phase == dialogue.Begin {
			if _, twice := begun[c.ID]; twice {
				t.Errorf("%s: id %d twice", c.Name, c.ID)
			}
			begun[c.ID] = c
			continue
		}
		begin, ok := begun[c.ID]
		if !ok || begin.Name != c.Name || begin.Args != c.Args || begin.At > c.At {
			t.Errorf("%s ends without its begin: %+v %+v", c.Name, begin, c)
		}
		if c.Name == "send" && string(begin.Data) != string(c.Data) {
			t.Errorf("send begins with %q and ends with %q", begin.Data, c.Data)
		}
		if c.Name != "socket" && c.Local.String() != addr {
			t.Errorf("%s: local address %v, want %v", c.Name, c.Local, addr)
		}
		if c.Number == 1 && c.Remote.String() != conn.LocalAddr().String() {
			t.Errorf("%s: remote address %v, want %v", c.Name, c.Remote, conn.LocalAddr())
		}
	}
}

func TestHowAConnectionEndedIsReported(t *testing.T) {
	var r recorder
	s := start(t, Config{Backlog: 5, Observer: r.observe})
	for number, test := range []struct {
		end  func()
		want string
	}{
		{func() {
			conn := dial(t, s)
			expect(t, conn, opening)
			conn.Close()
		}, "recv(1024) 0 \"\" EOF\nclose() 0 \"\""},
		{func() {
			conn := dial(t, s)
			expect(t, conn, opening)
			conn.SetLinger(0)
			conn.Close()
		}, "recv(1024) 0 \"\" " + syscall.ECONNRESET.Error() + "\nclose() 0 \"\""},
	} {
		test.end()
		for deadline := time.Now().Add(30 * time.Second); !strings.HasSuffix(r.of(number+1), test.want); {
			if time.Now().After(deadline) {
				t.Fatalf("calls\n%s\nwant at the end\n%s", r.of(number+1), test.want)
			}
			time.Sleep(time.Millisecond)
		}
	}
}
