package staged

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

var only = flag.String("only", "", "this scenario alone")

// The tests of what is staged run in a private namespace: the test binary is started
// in one again, as this user, and as root also as an ordinary one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "private" {
		if !hosts.Inside() {
			code, err := hosts.Private(context.Background(), hosts.Command{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
			if err != nil {
				fmt.Println(err)
			}
			os.Exit(code)
		}
		if err := hosts.Enter(); err != nil {
			os.Exit(7)
		}
		os.Args = append(os.Args[:1], os.Args[2:]...)
	}
	os.Exit(m.Run())
}

// privately runs tests of this file in a private namespace, as a user.
func privately(t *testing.T, uid int, pattern string, args ...string) {
	t.Helper()
	if err := hosts.Probe(); err != nil {
		t.Skipf("needs the right to make user and network namespaces: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	all := append([]string{"private", "-test.run=^" + pattern + "$", "-test.v", "-test.timeout=4m"}, args...)
	c := exec.CommandContext(ctx, "/proc/self/exe", all...)
	if uid != os.Getuid() {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	for line := range strings.Lines(out.String()) {
		if err != nil || testing.Verbose() {
			t.Log(strings.TrimRight(line, "\n"))
		}
	}
	if err != nil || !strings.Contains(out.String(), "PASS") {
		t.Fatalf("as uid %d: %v", uid, err)
	}
}

func users() []int {
	if os.Getuid() == 0 {
		return []int{0, 65534}
	}
	return []int{os.Getuid()}
}

// TestStaged stages every scenario, as root and as an ordinary user, eight at a time:
// what each end sends is what is expected, the verdicts are what was staged, and no
// kernel contradicts a state that is told as proved.
func TestStaged(t *testing.T) {
	times := "1"
	if !testing.Short() {
		times = "3"
	}
	for _, uid := range users() {
		start := time.Now()
		privately(t, uid, "TestInside", "-test.count="+times, "-test.parallel=8", "-only="+*only)
		t.Logf("as uid %d, %s times: %v", uid, times, time.Since(start))
	}
}

func TestInside(t *testing.T) {
	if !hosts.Inside() {
		return // TestStaged runs it
	}
	for _, s := range All() {
		if *only != "" && *only != s.Name {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			r, err := Run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			judge(t, s, r)
		})
	}
}

// judge holds a run against its scenario.
func judge(t *testing.T, s *Scenario, r *Recording) {
	t.Helper()
	for end, want := range s.Expected {
		if got := Sequence(r.Records, wire.End(end)); !isOneOf(got, want) {
			t.Errorf("the %s has sent\n%s, want\n%s", wire.End(end), got, want)
		}
	}
	for end, want := range s.Verdicts {
		if want == "" {
			continue
		}
		if got := verdicts(t, r, wire.End(end)); !slices.ContainsFunc(got, func(name string) bool { return isOneOf(name, want) }) {
			t.Errorf("a capture at the %s's end has the verdicts %q, want %q among them", wire.End(end), got, want)
		}
	}
	contradictions, err := r.Contradictions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range contradictions {
		t.Error(text)
	}
	if t.Failed() {
		for _, x := range r.Records {
			t.Log(x.Number, x.From, x.Fate, x.Took(), x.Why, x.Kernel[0].State, x.Kernel[1].State)
		}
	}
}

// verdicts are what the conversations come to in a capture of one end alone.
func verdicts(t *testing.T, r *Recording, end wire.End) (names []string) {
	e, err := followEnd(t.Context(), r.Records, end)
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range e.threads {
		if c := thread.ended.Conversation; c != nil {
			names = append(names, c.Verdict.Name)
		}
	}
	return names
}

// TestRows: each scenario says all that the list and the lesson need.
func TestRows(t *testing.T) {
	names := map[string]bool{}
	for _, s := range All() {
		if names[s.Name] || s.Name == "" {
			t.Errorf("%q stands twice", s.Name)
		}
		names[s.Name] = true
		if !strings.HasSuffix(s.Sentence, ".") || len(s.Sentence) > 110 {
			t.Errorf("%s: the sentence %q", s.Name, s.Sentence)
		}
		if s.Look == "" || len(s.Lesson) == 0 || !strings.HasPrefix(s.Rule, "RFC ") || !strings.HasSuffix(s.Question, "?") || s.Takes == 0 || s.Script == nil {
			t.Errorf("%s: something is missing", s.Name)
		}
		if s.Expected == [2]string{} || s.Verdicts == [2]string{} {
			t.Errorf("%s: it expects nothing", s.Name)
		}
		for _, text := range s.Rules {
			if _, err := wire.ParseRule(text); err != nil {
				t.Error(err)
			}
		}
	}
}
