package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// greeting is the whole of what the server says to Alice, Bob and exit.
const greeting = "Welcome!\nWhat's your name?" +
	"Hello Alice!\nWhat's your name?" + "Hello Bob!\nWhat's your name?" + "Good bye!\n"

// peer accepts one connection and plays a server.
func peer(t *testing.T, play func(*net.TCPConn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		play(conn.(*net.TCPConn))
		conn.Close()
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return listener.Addr().String()
}

// session runs a script and returns what a person would have seen.
func session(t *testing.T, config Config, lines ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c, err := Dial(ctx, config)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = c.Script(lines, &out)
	return out.String(), err
}

const aliceAndBob = "Welcome!\nWhat's your name?\n" +
	"Please input your name:Alice\nHello Alice!\nWhat's your name?\n" +
	"Please input your name:\nPlease input your name:Bob\nHello Bob!\nWhat's your name?\n" +
	"Please input your name:\nGood bye!\n"

// The server's words are written in two parts, cut at every place there is,
// with enough time between them to arrive as two; they must make the same
// dialogue. The server here says everything without waiting to be asked, so
// that also all of it joined is among the cases.
func TestEverySplitOfTheDialogue(t *testing.T) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 16)
	for cut := 0; cut <= len(greeting); cut++ {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			address := peer(t, func(conn *net.TCPConn) {
				io.WriteString(conn, greeting[:cut])
				time.Sleep(2 * time.Millisecond)
				io.WriteString(conn, greeting[cut:])
				conn.CloseWrite()
				io.Copy(io.Discard, conn)
			})
			out, err := session(t, Config{Address: address}, "Alice", "", "Bob")
			if err != nil || out != aliceAndBob {
				t.Errorf("cut at %d: %v\n%s", cut, err, out)
			}
		})
	}
	wg.Wait()
}

func TestOneByteAtATime(t *testing.T) {
	address := peer(t, func(conn *net.TCPConn) {
		for i := range greeting {
			io.WriteString(conn, greeting[i:i+1])
		}
		conn.CloseWrite()
		io.Copy(io.Discard, conn)
	})
	out, err := session(t, Config{Address: address}, "Alice", "", "Bob")
	if err != nil || out != aliceAndBob {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestWhatIsSent(t *testing.T) {
	for _, test := range []struct {
		what  string
		lines []string
		want  string
	}{
		{"names, then exit by itself", []string{"A", "B"}, "A|B|exit"},
		{"empty lines send nothing", []string{"", "\n", "A", "\r\n", ""}, "A|exit"},
		{"nothing comes after exit", []string{"A", "exit", "B"}, "A|exit"},
		{"a blank is a name", []string{" "}, " |exit"},
		{"no script", nil, "exit"},
	} {
		var got []string
		address := peer(t, func(conn *net.TCPConn) {
			io.WriteString(conn, dialogue.Welcome+dialogue.Question)
			buffer := make([]byte, 1024)
			for {
				n, err := conn.Read(buffer)
				if err != nil {
					return
				}
				got = append(got, string(buffer[:n]))
				if string(buffer[:n]) == "exit" {
					io.WriteString(conn, dialogue.GoodBye)
					return
				}
				io.WriteString(conn, "Hello "+string(buffer[:n])+"!\n"+dialogue.Question)
			}
		})
		if _, err := session(t, Config{Address: address}, test.lines...); err != nil {
			t.Errorf("%s: %v", test.what, err)
		}
		if s := strings.Join(got, "|"); s != test.want {
			t.Errorf("%s: sent %q, want %q", test.what, s, test.want)
		}
	}
}

func TestInteract(t *testing.T) {
	for _, test := range []struct{ what, typed, want string }{
		{"exit", "Alice\n\nBob\nexit\n", strings.NewReplacer("name:Alice\n", "name:", "name:Bob\n", "name:",
			"name:\nGood", "name:Good", "name:\nPlease", "name:Please").Replace(aliceAndBob)},
		{"end of input", "Alice\r\n\r\nBob", strings.NewReplacer("name:Alice\n", "name:", "name:Bob\n", "name:",
			"name:\nPlease", "name:Please").Replace(aliceAndBob)},
	} {
		address := peer(t, func(conn *net.TCPConn) {
			io.WriteString(conn, greeting)
			conn.CloseWrite()
			io.Copy(io.Discard, conn)
		})
		c, err := Dial(t.Context(), Config{Address: address})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := c.Interact(strings.NewReader(test.typed), &out); err != nil || out.String() != test.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", test.what, err, out.String(), test.want)
		}
	}
}

func TestWhatGoesWrongIsNamed(t *testing.T) {
	refused, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused.Close()
	for _, test := range []struct {
		what    string
		address string
		want    error
		says    string
	}{
		{"nobody listens", refused.Addr().String(), syscall.ECONNREFUSED, "connect to 127.0.0.1:"},
		{"closed at once", peer(t, func(conn *net.TCPConn) {}), ErrClosedEarly, `waiting for "What's your name?"`},
		{"closed after the welcome", peer(t, func(conn *net.TCPConn) {
			io.WriteString(conn, dialogue.Welcome)
		}), ErrClosedEarly, `waiting for "What's your name?"`},
		{"closed instead of an answer", peer(t, func(conn *net.TCPConn) {
			io.WriteString(conn, dialogue.Welcome+dialogue.Question)
			conn.Read(make([]byte, 100))
		}), ErrClosedEarly, `waiting for "What's your name?"`},
		{"no good bye", peer(t, func(conn *net.TCPConn) {
			io.WriteString(conn, greeting[:strings.Index(greeting, "Hello Bob")])
			io.ReadFull(conn, make([]byte, len("Aliceexit")))
		}), ErrClosedEarly, `waiting for "Good bye!\n"`},
		{"reset", peer(t, func(conn *net.TCPConn) {
			io.WriteString(conn, dialogue.Welcome)
			time.Sleep(20 * time.Millisecond)
			conn.SetLinger(0)
		}), syscall.ECONNRESET, "connection reset by peer"},
	} {
		_, err := session(t, Config{Address: test.address}, "Alice")
		if !errors.Is(err, test.want) || !strings.Contains(fmt.Sprint(err), test.says) {
			t.Errorf("%s: error %v, want %v that says %s", test.what, err, test.want, test.says)
		}
	}
}

func TestConnectTimeout(t *testing.T) {
	// A listener whose queue is full drops SYNs.
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	sa, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", sa.(*syscall.SockaddrInet4).Port)
	for range 4 {
		c, err := Dial(t.Context(), Config{Address: address, Timeout: 100 * time.Millisecond})
		if err == nil {
			defer c.Close()
			continue
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.HasPrefix(err.Error(), "connect to "+address) {
			t.Errorf("error %v, want a timeout of connect", err)
		}
		return
	}
	t.Skip("this system's accept queue has no bound")
}

func TestCancel(t *testing.T) {
	hold := make(chan struct{})
	address := peer(t, func(conn *net.TCPConn) {
		io.WriteString(conn, dialogue.Welcome)
		<-hold
	})
	defer close(hold)
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	c, err := Dial(ctx, Config{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
	if err := c.Script(nil, nil); !errors.Is(err, cause) {
		t.Errorf("error %v, want the context's cause", err)
	}
	if _, err := Dial(ctx, Config{Address: address}); !errors.Is(err, cause) {
		t.Errorf("dial error %v, want the context's cause", err)
	}
}

func TestCancelAtThePrompt(t *testing.T) {
	hold := make(chan struct{})
	address := peer(t, func(conn *net.TCPConn) {
		io.WriteString(conn, dialogue.Welcome+dialogue.Question)
		<-hold
	})
	defer close(hold)
	ctx, cancel := context.WithCancel(t.Context())
	c, err := Dial(ctx, Config{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	in, w := io.Pipe()
	defer w.Close()
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := c.Interact(in, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
}

func TestCallsAreReported(t *testing.T) {
	address := peer(t, func(conn *net.TCPConn) {
		buffer := make([]byte, 100)
		io.WriteString(conn, dialogue.Welcome+dialogue.Question)
		conn.Read(buffer)
		io.WriteString(conn, dialogue.GoodBye)
	})
	var got []string
	var at int64
	observer := func(c Call) {
		if c.At < at {
			t.Errorf("%s goes back in time", c.Name)
		}
		at = c.At
		if c.Number != 7 || c.Role != dialogue.Client || c.Remote.String() != address {
			t.Errorf("%+v", c)
		}
		phase := "begin"
		if c.Phase == dialogue.End {
			phase = "end"
			if c.Name != "socket" && !c.Local.IsValid() {
				t.Errorf("%s has no local address", c.Name)
			}
		}
		s := fmt.Sprintf("%s %s(%s) %d %q", phase, c.Name, strings.ReplaceAll(c.Args, address, "ADDR"), c.N, c.Data)
		if c.Err != nil {
			s += " " + c.Err.Error()
		}
		got = append(got, s)
	}
	if _, err := session(t, Config{Address: address, Number: 7, Observer: observer}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`begin socket(AF_INET, SOCK_STREAM) 0 ""`, `end socket(AF_INET, SOCK_STREAM) 0 ""`,
		`begin connect(ADDR) 0 ""`, `begin getsockname() 0 ""`, `end getsockname() 0 ""`, `end connect(ADDR) 0 ""`,
		`begin recv(1024) 0 ""`, `end recv(1024) 26 "Welcome!\nWhat's your name?"`,
		`begin send(4) 0 "exit"`, `end send(4) 4 "exit"`,
		`begin recv(1024) 0 ""`, `end recv(1024) 10 "Good bye!\n"`,
		`begin recv(1024) 0 ""`, `end recv(1024) 0 "" EOF`,
		`begin close() 0 ""`, `end close() 0 ""`,
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("calls\n%s\nwant\n%s", g, w)
	}
}

func TestAFailedConnectIsReported(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	var last Call
	Dial(t.Context(), Config{Address: listener.Addr().String(), Observer: func(c Call) { last = c }})
	if last.Name != "connect" || last.Phase != dialogue.End || last.Err != syscall.ECONNREFUSED {
		t.Errorf("last call is %+v, want connect that was refused", last)
	}
}

func TestAbortResets(t *testing.T) {
	result := make(chan error, 1)
	address := peer(t, func(conn *net.TCPConn) {
		_, err := conn.Read(make([]byte, 1))
		result <- err
	})
	c, err := Dial(t.Context(), Config{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Abort(); err != nil {
		t.Fatal(err)
	}
	if err := <-result; !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the server's recv gave %v, want a reset", err)
	}
}
