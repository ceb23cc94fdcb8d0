//go:build unix

package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// endsWithin is generous: a busy machine may need longer than endMost, and what
// hangs does so for ever.
const endsWithin = 30 * time.Second

// started is a real process, with its standard output in a pipe.
type started struct {
	*exec.Cmd
	out *os.File // our end; when the last process that holds the other one has gone it is at its end
}

// start runs the command. It is killed with the test.
func start(t *testing.T, args ...string) *started {
	t.Helper()
	if !haveLibpcap() || !havePrivate() {
		t.Skip("needs libpcap and private network namespaces")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p := &started{labCommand(ctx, args...), r}
	p.Stdout = w
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return p
}

// end waits for the exit code.
func (p *started) end(t *testing.T, what string) int {
	t.Helper()
	ended := make(chan struct{})
	go func() { p.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(endsWithin):
		p.Process.Kill()
		t.Fatalf("%s: still there after %v", what, endsWithin)
	}
	return p.ProcessState.ExitCode()
}

// gone waits until no process holds the pipe, the child in its namespace neither.
func (p *started) gone(t *testing.T, what string) {
	t.Helper()
	p.out.SetReadDeadline(time.Now().Add(endsWithin))
	if _, err := io.Copy(io.Discard, p.out); err != nil {
		t.Fatalf("%s: somebody is left behind: %v", what, err)
	}
}

// readable makes sure that a capture file can be read to its end.
func readable(t *testing.T, path string) {
	t.Helper()
	out, err := labCommand(t.Context(), "export", path, "--view", "conversations", "--format", "csv").CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", path, err, out)
	}
}

// TestEndsWithItsReader: a reader that goes away early is an end, even while
// clients are still on their way.
func TestEndsWithItsReader(t *testing.T) {
	for range 5 {
		p := start(t, "run", "--net", "private", "--clients", "300")
		bufio.NewReaderSize(p.out, 16).ReadString('\n')
		p.out.Close()
		if code := p.end(t, "closed pipe"); code != exitFine {
			t.Fatalf("exit code %d", code)
		}
	}
}

// TestEndsWithAQuietReader: the reader has gone while there is nothing to say.
func TestEndsWithAQuietReader(t *testing.T) {
	p := start(t, "run", "--net", "private", "--stay")
	p.out.SetReadDeadline(time.Now().Add(3 * time.Second))
	io.Copy(io.Discard, p.out) // all of the story
	p.out.Close()
	if code := p.end(t, "closed pipe"); code != exitFine {
		t.Fatalf("exit code %d", code)
	}
}

// TestEndsUnread: nobody reads, and nobody closes the pipe. What is saved is
// complete all the same.
func TestEndsUnread(t *testing.T) {
	for _, more := range [][]string{nil, {"--stay"}, {"--stay", "--pace", "400ms"}} {
		path := filepath.Join(t.TempDir(), "unread.pcapng")
		args := []string{"run", "--net", "private", "--clients", "20", "--repeat", "5000", "-w", path}
		p := start(t, append(args, more...)...)
		time.Sleep(1500 * time.Millisecond)
		p.Process.Signal(syscall.SIGTERM)
		if code := p.end(t, "SIGTERM with a pipe that nobody reads"); code != exitSIGTERM {
			t.Errorf("%v: exit code %d", more, code)
		}
		readable(t, path)
	}
}

// TestHearsSignalsAtAnyMoment: from its start on no signal is lost on the way
// into the namespace.
func TestHearsSignalsAtAnyMoment(t *testing.T) {
	for i := range 12 {
		p := start(t, "run", "--net", "private", "--stay")
		time.Sleep(time.Duration(20+i*15) * time.Millisecond)
		p.Process.Signal(syscall.SIGINT)
		p.end(t, "SIGINT")
		p.gone(t, "SIGINT")
	}
}

// TestEndsWithItsParent: the parent is killed, and the child in its namespace
// ends too, with a capture that can be read.
func TestEndsWithItsParent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orphan.pcapng")
	p := start(t, "run", "--net", "private", "--clients", "5", "--repeat", "20000", "-w", path)
	if _, err := io.CopyN(io.Discard, p.out, 1<<16); err != nil { // and then no more
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond)
	p.Process.Kill()
	p.end(t, "SIGKILL")
	p.gone(t, "SIGKILL of the parent")
	readable(t, path)
}

// TestEndsWithItsOutput: an output that fails ends the run even where nothing
// happens after it.
func TestEndsWithItsOutput(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	for _, flag := range []string{"-o", "-w"} {
		p := start(t, "run", "--net", "private", "--stay", flag, "/dev/full")
		if code := p.end(t, flag+" /dev/full"); code != exitOutput {
			t.Errorf("%s /dev/full: exit code %d", flag, code)
		}
	}
}

// TestEndsBeforeAPipeIsOpen: a pipe without the other end is waited for, but not
// against a signal.
func TestEndsBeforeAPipeIsOpen(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"export", pipe}, {"run", "--net", "private", "-w", pipe}, {"replay", "../../testdata/greeting.pcap", "-o", pipe}} {
		p := start(t, args...)
		time.Sleep(time.Second)
		p.Process.Signal(syscall.SIGINT)
		if code := p.end(t, args[0]); code != exitSIGINT && code != -1 {
			t.Errorf("%v: exit code %d", args, code)
		}
	}
}
