package explain

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The two programs of the reference, in both languages, talk to each other: what is
// run is what is printed.
func TestProgramsTalk(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is missing")
	}
	dir := t.TempDir()
	for _, p := range programs {
		for i, lines := range p.whole().bodies {
			text := strings.Join(lines, "\n") + "\n"
			if i == 1 {
				gofmt := exec.Command("gofmt")
				gofmt.Stdin = strings.NewReader(text)
				if formatted, err := gofmt.Output(); err != nil || string(formatted) != text {
					t.Errorf("%s.go is not as gofmt writes it: %v\n%s", p.name, err, formatted)
				}
			}
			name := filepath.Join(dir, p.whole().heads[i])
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	// A port of our own in place of 6000, in a copy that is otherwise the same.
	run := map[string][]string{}
	port := freePort(t)
	for _, name := range []string{"server", "client"} {
		for _, kind := range []string{"py", "go"} {
			path := filepath.Join(dir, name+"."+kind)
			text, err := os.ReadFile(path)
			if err != nil || bytes.Count(text, []byte("6000")) != 1 {
				t.Fatalf("%s: %v: want one 6000", path, err)
			}
			os.WriteFile(path, bytes.Replace(text, []byte("6000"), []byte(port), 1), 0o600)
			run[name+kind] = []string{python, path}
			if kind == "go" {
				binary := filepath.Join(dir, name)
				build := exec.Command("go", "build", "-pgo=off", "-o", binary, path)
				if out, err := build.CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", path, err, out)
				}
				run[name+kind] = []string{binary}
			}
		}
	}
	for _, server := range []string{"py", "go"} {
		s := exec.Command(run["server"+server][0], run["server"+server][1:]...)
		var said bytes.Buffer
		s.Stderr = &said
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		// A client that says nothing keeps its own thread only.
		idle := welcomed(t, port)
		for _, client := range []string{"py", "go"} {
			out, err := exec.Command(run["client"+client][0], run["client"+client][1:]...).CombinedOutput()
			if want := "Welcome!\nHello Alice!\n"; err != nil || string(out) != want {
				t.Errorf("client.%s at server.%s: %q, %v; want %q", client, server, out, err, want)
			}
		}
		idle.Close()
		s.Process.Kill()
		s.Wait()
		if said.Len() > 0 {
			t.Errorf("server.%s: %s", server, &said)
		}
	}
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// welcomed is a client that has read Welcome!, once somebody listens.
func welcomed(t *testing.T, port string) net.Conn {
	for range 200 {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			if _, err := c.Read(make([]byte, 1024)); err != nil {
				t.Error(err)
			}
			return c
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("nobody listens on " + port)
	return nil
}

// Every line of a program stands on the page of a call or between two of them, and
// every call has a form in both languages.
func TestEveryCallHasItsForms(t *testing.T) {
	for _, c := range calls {
		found := false
		for _, p := range programs {
			forms, ok := p.forms(c.name)
			if found = found || ok; ok && (len(forms.bodies[0]) == 0 || len(forms.bodies[1]) == 0) {
				t.Errorf("%s in the %s has no form in one of the languages: %q", c.name, p.name, forms.bodies)
			}
		}
		if !found {
			t.Errorf("%s has no form", c.name)
		}
		if c.parameters == nil || c.returns == "" || c.segments == "" || c.errors == nil {
			t.Errorf("%s lacks something", c.name)
		}
	}
}

// The kernel gives each error for the cause that the reference names, Python calls it
// what the reference says, and each flag does what it is said to do.
func TestErrorsAndFlagsAsTheKernelHasThem(t *testing.T) {
	script, err := os.ReadFile("testdata/provoke.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"python3", "unshare", "ip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is missing")
		}
	}
	c := exec.Command("unshare", "-rn", "sh", "-c", "ip link set lo up && exec timeout 60 python3 -")
	if os.Getuid() == 0 {
		c.Args[1] = "-n"
	}
	c.Stdin = bytes.NewReader(script)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if len(out) == 0 && strings.Contains(said.String(), "unshare") {
		t.Skip("no network namespace: " + said.String())
	}
	if err != nil || said.Len() > 0 {
		t.Fatalf("%v: %s\n%s", err, out, &said)
	}
	shown := string(out)
	for line := range strings.Lines(shown) {
		word := strings.Fields(line)
		switch {
		case word[0] == "cannot":
			t.Logf("not tried here: %s", line)
		case word[0] == "error" && !has(word[1], word[2]):
			t.Errorf("%s: the reference does not name it", line)
		case word[0] == "error" && !strings.HasPrefix(words[word[2]][0]+",", word[3]+","):
			t.Errorf("%s: the reference says %s", line, words[word[2]][0])
		}
	}
	untried := map[string]bool{ // these need another network, or no memory
		"connect ETIMEDOUT": true, "connect EHOSTUNREACH": true, "connect EADDRNOTAVAIL": true, "bind EACCES": true,
		"send ETIMEDOUT": true, "recv ETIMEDOUT": true, "thread EAGAIN": true, "accept ECONNABORTED": true,
	}
	if !strings.Contains(shown, "settimeout TimeoutError timed out\n") {
		t.Error("settimeout() does not end in a TimeoutError")
	}
	if !strings.Contains(shown, "aborted is accepted") {
		t.Error("Linux does not hand out connections that were aborted")
	}
	for _, c := range calls {
		for _, e := range c.errors {
			if key := c.name + " " + e.name; !strings.Contains(shown, "error "+key+" ") && !untried[key] {
				t.Errorf("%s does not occur", key)
			}
		}
		for _, f := range c.flags {
			if !strings.Contains(shown, "flag "+c.name+" "+f[0]+"\n") {
				t.Errorf("%s of %s does not do what it should", f[0], c.name)
			}
		}
	}
}

func has(call, name string) bool {
	for _, c := range calls {
		for _, e := range c.errors {
			if c.name == call && e.name == name {
				return true
			}
		}
	}
	return false
}

// Go's texts of the errors are those of its library.
func TestGoWords(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the texts are those of Linux")
	}
	for name, number := range map[string]syscall.Errno{
		"EACCES": syscall.EACCES, "EADDRINUSE": syscall.EADDRINUSE, "EADDRNOTAVAIL": syscall.EADDRNOTAVAIL,
		"EAFNOSUPPORT": syscall.EAFNOSUPPORT, "ECONNABORTED": syscall.ECONNABORTED, "ECONNREFUSED": syscall.ECONNREFUSED,
		"ECONNRESET": syscall.ECONNRESET, "EHOSTUNREACH": syscall.EHOSTUNREACH, "EINVAL": syscall.EINVAL,
		"EISCONN": syscall.EISCONN, "EMFILE": syscall.EMFILE, "ENETUNREACH": syscall.ENETUNREACH, "ENOTCONN": syscall.ENOTCONN,
		"EOPNOTSUPP": syscall.EOPNOTSUPP, "EPIPE": syscall.EPIPE, "ETIMEDOUT": syscall.ETIMEDOUT,
	} {
		if words[name][1] != number.Error() {
			t.Errorf("%s: %q, want %q", name, words[name][1], number.Error())
		}
	}
	if !strings.HasPrefix(words["EAGAIN"][1], os.ErrDeadlineExceeded.Error()+",") {
		t.Errorf("EAGAIN: %q, want %q", words["EAGAIN"][1], os.ErrDeadlineExceeded)
	}
	if words["EBADF"][1] != net.ErrClosed.Error() {
		t.Errorf("EBADF: %q, want %q", words["EBADF"][1], net.ErrClosed)
	}
}

// A socket of TCP and one of UDP have one number; all connections of a server have
// its port, and differ in the other end.
func TestWhatIdentifiesASocket(t *testing.T) {
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp4", tcp.Addr().String())
	if err != nil {
		t.Fatalf("UDP cannot have the port of TCP: %v", err)
	}
	defer udp.Close()
	if udp.LocalAddr().String() != tcp.Addr().String() {
		t.Errorf("UDP has %s, TCP %s", udp.LocalAddr(), tcp.Addr())
	}
	ends := map[string]bool{}
	for range 2 {
		c, err := net.Dial("tcp4", tcp.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		a, err := tcp.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if a.LocalAddr().String() != tcp.Addr().String() {
			t.Errorf("accepted at %s, not at %s", a.LocalAddr(), tcp.Addr())
		}
		ends[a.RemoteAddr().String()] = true
		// The same five a second time are refused.
		again := net.Dialer{LocalAddr: c.LocalAddr()}
		if twice, err := again.Dial("tcp4", tcp.Addr().String()); err == nil {
			twice.Close()
			t.Errorf("%s has two connections to %s", c.LocalAddr(), tcp.Addr())
		}
	}
	if len(ends) != 2 {
		t.Errorf("the other ends are %v", ends)
	}
}
