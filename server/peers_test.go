package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/client"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// What both sides have said once Alice, Bob and exit are through.
var wholeDialogue = opening + hello("Alice") + hello("Bob") + dialogue.GoodBye

// tool returns the path of a program or skips the test.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("needs %s", name)
	}
	return path
}

// command runs a program until the test ends, at most 20 s.
func command(t testing.TB, name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cmd := exec.CommandContext(ctx, tool(t, name), args...)
	t.Cleanup(func() {
		cancel()
		if cmd.Process != nil && cmd.ProcessState == nil {
			cmd.Wait()
		}
	})
	return cmd
}

// converse starts a program that talks to s, types the lines one after
// another, each once what stands before it has been printed, and returns all
// it printed.
func converse(t *testing.T, cmd *exec.Cmd, lineEnd string) string {
	t.Helper()
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
	var printed bytes.Buffer
	await := func(ends ...string) {
		for buffer := make([]byte, 1024); ; {
			n, err := out.Read(buffer)
			printed.Write(buffer[:n])
			for _, end := range ends {
				if strings.HasSuffix(printed.String(), end) {
					return
				}
			}
			if err != nil {
				t.Fatalf("%v after %q", err, printed.String())
			}
		}
	}
	for _, name := range []string{"Alice", "Bob", "exit"} {
		await(dialogue.Question, dialogue.Prompt)
		if _, err := io.WriteString(in, name+lineEnd); err != nil {
			t.Fatal(err)
		}
	}
	await(dialogue.GoodBye)
	in.Close() // nc waits for both ends of stream
	cmd.Wait() // telnet exits with 1 when the server closes
	return printed.String()
}

func TestOurServerWithNetcat(t *testing.T) {
	s := start(t, Config{Backlog: 5})
	nc := command(t, "nc", s.Addr().Addr().String(), fmt.Sprint(s.Addr().Port()))
	if got := converse(t, nc, "\n"); got != wholeDialogue {
		t.Errorf("nc printed %q, want %q", got, wholeDialogue)
	}
}

func TestOurServerWithTelnet(t *testing.T) {
	s := start(t, Config{Backlog: 5})
	telnet := command(t, "telnet", s.Addr().Addr().String(), fmt.Sprint(s.Addr().Port()))
	if got := converse(t, telnet, "\n"); !strings.HasSuffix(got, wholeDialogue) {
		t.Errorf("telnet printed %q, want %q at the end", got, wholeDialogue)
	}
}

func TestOurServerWithAPythonClient(t *testing.T) {
	s := start(t, Config{Backlog: 5})
	python := command(t, "python3", "-u", "testdata/greeting_client.py", fmt.Sprint(s.Addr().Port()))
	got := strings.ReplaceAll(converse(t, python, "\n"), dialogue.Prompt, "")
	if got != wholeDialogue {
		t.Errorf("the Python client printed %q, want %q", got, wholeDialogue)
	}
}

func TestOurServerWithOurClient(t *testing.T) {
	s := start(t, Config{Backlog: 5})
	talk(t, s.Addr().String())
	long := strings.Repeat("n", 1024)
	for _, name := range []string{"A", long, long + long + "x", "a\nb\r\nc", dialogue.Question, "\x00\xff", "exit\n", " "} {
		if err := script(t, s.Addr().String(), nil, name, "Bob"); err != nil {
			t.Errorf("name %.40q of %d bytes: %v", name, len(name), err)
		}
	}
}

func TestAPythonServerWithOurClient(t *testing.T) {
	address := pythonServer(t, "5")
	talk(t, address)
	long := strings.Repeat("n", 1024)
	for _, name := range []string{"A", long, long + long + "x", "a\nb\r\nc", dialogue.Question, "\x00\xff", "exit\n", " "} {
		if err := script(t, address, nil, name, "Bob"); err != nil {
			t.Errorf("name %.40q of %d bytes: %v", name, len(name), err)
		}
	}
}

func TestAPythonServerWithNetcat(t *testing.T) {
	host, port, _ := net.SplitHostPort(pythonServer(t, "5"))
	nc := command(t, "nc", host, port)
	if got := converse(t, nc, ""); got != wholeDialogue {
		t.Errorf("nc printed %q, want %q", got, wholeDialogue)
	}
}

// nc as the server says its part without waiting to be asked.
func TestNetcatAsServerWithOurClient(t *testing.T) {
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	host, port, _ := net.SplitHostPort(address)
	nc := command(t, "nc", "-N", "-l", host, port)
	nc.Stdin = strings.NewReader(wholeDialogue)
	var heard bytes.Buffer
	nc.Stdout = &heard
	if err := nc.Start(); err != nil {
		t.Fatal(err)
	}
	var dialError error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if dialError = script(t, address, nil, "Alice", "", "Bob"); dialError == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if dialError != nil {
		t.Fatal(dialError)
	}
	nc.Wait()
	if got := heard.String(); got != "AliceBobexit" {
		t.Errorf("nc heard %q", got)
	}
}

// pythonServer starts the textbook's server and returns its address.
func pythonServer(t testing.TB, args ...string) string {
	t.Helper()
	python := command(t, "python3", append([]string{"-u", "testdata/greeting_server.py", "0"}, args...)...)
	out, err := python.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := python.Start(); err != nil {
		t.Fatal(err)
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "127.0.0.1:" + strings.TrimSpace(port)
}

// script runs our client.
func script(t *testing.T, address string, out io.Writer, lines ...string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c, err := client.Dial(ctx, client.Config{Address: address})
	if err != nil {
		return err
	}
	return c.Script(lines, out)
}

// talk has our client hold the whole dialogue and compares what a person sees.
func talk(t *testing.T, address string) {
	t.Helper()
	var out bytes.Buffer
	if err := script(t, address, &out, "Alice", "", "Bob"); err != nil {
		t.Error(err)
	}
	want := "Welcome!\nWhat's your name?\n" +
		"Please input your name:Alice\nHello Alice!\nWhat's your name?\n" +
		"Please input your name:\nPlease input your name:Bob\nHello Bob!\nWhat's your name?\n" +
		"Please input your name:\nGood bye!\n"
	if out.String() != want {
		t.Errorf("our client printed\n%s\nwant\n%s", out.String(), want)
	}
}
