package staged

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/bothends"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

var (
	only   = flag.String("only", "", "this scenario alone")
	ipv6   = flag.Bool("ipv6", false, "each over IPv6")
	record = flag.String("record", "", "record all scenarios again into this folder (make testdata)")
)

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

// TestStagedOverIPv6 stages all that are not about IPv4 once more, between two hosts
// that speak IPv6.
func TestStagedOverIPv6(t *testing.T) {
	users := users()
	privately(t, users[len(users)-1], "TestInside", "-test.parallel=8", "-ipv6", "-only="+*only)
}

// tries are how often a scenario is staged until it goes as expected.
const tries = 4

func TestInside(t *testing.T) {
	if !hosts.Inside() {
		return // TestStaged runs it
	}
	for _, s := range All() {
		if *only != "" && *only != s.Name {
			continue
		}
		if *ipv6 {
			over, possible := s.OverIPv6()
			if !possible {
				continue
			}
			s = &over
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			// Timers decide what is sent; where every core is busy one may be late, and the
			// scenario is staged again. No kernel may contradict what is told, ever.
			for try := 1; ; try++ {
				r, err := Run(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				if wrong := differences(t, s, r); wrong == nil || try == tries {
					judge(t, s, r)
					return
				} else {
					t.Logf("try %d: %q", try, wrong)
				}
				contradicted(t, r)
			}
		})
	}
}

// TestRecord records every scenario again (make testdata): both ends in one file, which
// says of itself what it is a recording of.
func TestRecord(t *testing.T) {
	if *record == "" {
		return // nothing to test: this is make testdata
	}
	if !hosts.Inside() {
		privately(t, os.Getuid(), "TestRecord", "-record="+*record, "-only="+*only)
		return
	}
	for _, s := range All() {
		if *only != "" && *only != s.Name || loopbackRecords[s.Name] {
			continue
		}
		r, err := Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if judge(t, s, r); t.Failed() {
			t.Fatalf("%s has not gone as it should", s.Name)
		}
		stream := -1
		ended, err := bothends.Ended(t.Context(), r.Records, s.End)
		if err != nil {
			t.Fatal(err)
		}
		for i := range ended {
			if stream < 0 && isOneOf(ended[i].Conversation.Verdict.Name, s.Verdicts[s.End]) {
				stream = i
			}
		}
		if stream < 0 {
			t.Fatalf("%s: the %s's end shows nothing of it", s.Name, s.End)
		}
		title := fmt.Sprintf("scenario: %s\nsentence: %s\nend: %s\nverdict: %s\nstream: %d", s.Name, s.Sentence, s.End,
			ended[stream].Conversation.Verdict.Name, stream)
		file, err := os.Create(filepath.Join(*record, s.Name+".pcapng"))
		if err != nil {
			t.Fatal(err)
		}
		if err := wire.SaveNamed(file, r.Records, wire.BothEnds, title); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
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
