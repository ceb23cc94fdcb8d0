package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The page of a command's story is served until Ctrl-C, with all its moments.
func TestWeb(t *testing.T) {
	for _, args := range [][]string{
		{"replay", "../../testdata/greeting.pcapng", "--web", "tcp port 6000"},
		{"run", "--net", "private", "--web"},
		{"run", "--scenario", "normal", "--web"},
	} {
		t.Run(args[0], func(t *testing.T) {
			if args[0] == "run" && !(haveLibpcap() && havePrivate()) {
				t.Skip("needs libpcap and private network namespaces")
			}
			c, address, _ := serving(t, args...)
			if feed := feedOf(t, address); strings.Count(feed, `"lab.kind":"segment"`) < 10 || !strings.Contains(feed, `"lab.verdict":"fine"`) {
				t.Errorf("the feed: %.2000s", feed)
			}
			c.Process.Signal(os.Interrupt)
			if err := c.Wait(); err != nil {
				t.Errorf("after Ctrl-C: %v", err)
			}
		})
	}
}

// serving starts a command that serves its page, and returns the page's address and that
// of the class.
func serving(t *testing.T, args ...string) (c *exec.Cmd, address, class string) {
	t.Helper()
	c = labCommand(t.Context(), args...)
	said, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	shared := slices.Contains(args, "--share")
	lines := bufio.NewScanner(said)
	for (address == "" || shared && class == "") && lines.Scan() {
		if found := regexp.MustCompile(`(the page:|follows at) (\S+)`).FindStringSubmatch(lines.Text()); found != nil {
			if address == "" {
				address = found[2]
			} else {
				class = found[2]
			}
		}
	}
	go io.Copy(io.Discard, said)
	return c, address, class
}

// A class of 300 follows one process: the teacher's step reaches them all at once, and
// they cost it little memory.
func TestClassOf300(t *testing.T) {
	if testing.Short() {
		t.Skip("300 connections")
	}
	const phones, steps = 300, 5
	c, address, class := serving(t, "replay", "../../testdata/greeting.pcapng", "--web", "--share")
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	type news struct {
		step int
		at   time.Time
	}
	told := make(chan news, phones*steps)
	var joined sync.WaitGroup
	joined.Add(phones)
	for range phones {
		go func() {
			r, _ := http.NewRequestWithContext(ctx, "GET", class+"feed", nil)
			answer, err := (&http.Client{Transport: &http.Transport{}}).Do(r)
			if err != nil {
				t.Error(err)
				joined.Done()
				return
			}
			defer answer.Body.Close()
			lines := bufio.NewScanner(answer.Body)
			lines.Buffer(nil, 4<<20)
			here := false
			for lines.Scan() {
				if !here && lines.Text() == "event: class" {
					here = true
					joined.Done()
				}
				if found := regexp.MustCompile(`^data: \{"at":(\d+)`).FindStringSubmatch(lines.Text()); found != nil {
					step, _ := strconv.Atoi(found[1])
					told <- news{step, time.Now()}
				}
			}
		}()
	}
	joined.Wait()
	var slowest time.Duration
	for step := range steps {
		begin := time.Now()
		answer, err := http.Post(address+"step", "application/json", strings.NewReader(fmt.Sprintf(`{"At":%d}`, step+1)))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		for reached := 0; reached < phones; {
			select {
			case n := <-told:
				if n.step == step+1 {
					reached++
					slowest = max(slowest, n.at.Sub(begin))
				}
			case <-ctx.Done():
				t.Fatalf("step %d has reached %d of %d", step+1, reached, phones)
			}
		}
	}
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	kB := 0
	if found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); found != nil {
		kB, _ = strconv.Atoi(string(found[1]))
	}
	t.Logf("the last of %d phones was told after %v; the process had %d MB at most", phones, slowest, kB/1000)
	if slowest > 10*time.Second { // a machine with every core busy
		t.Errorf("the last of %d phones was told after %v", phones, slowest)
	}
	if kB > 300_000 {
		t.Errorf("%d kB of memory", kB)
	}
	c.Process.Signal(os.Interrupt)
	if err := c.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

// feedOf reads a page's feed up to its end.
func feedOf(t *testing.T, address string) (feed string) {
	t.Helper()
	ctx, end := context.WithTimeout(t.Context(), 30*time.Second)
	defer end()
	r, err := http.NewRequestWithContext(ctx, "GET", address+"feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		if feed += lines.Text() + "\n"; lines.Text() == "event: end" {
			return feed
		}
	}
	t.Errorf("the feed has no end: %v", lines.Err())
	return feed
}

// What has no place beside the page is refused.
func TestWebUse(t *testing.T) {
	for _, args := range [][]string{{"run", "--share"}, {"run", "--web", "--step"}, {"run", "--web", "--view", "header"}, {"run", "--web=here"}, {"run", "--web", "-w", "-"}} {
		if out, err := labCommand(t.Context(), args...).CombinedOutput(); err == nil || !strings.Contains(string(out), "hint:") {
			t.Errorf("%q: %v, %s", args, err, out)
		}
	}
}
