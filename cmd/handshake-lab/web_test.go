package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The page of a command's story is served until Ctrl-C, with all its moments.
func TestWeb(t *testing.T) {
	for _, args := range [][]string{
		{"replay", "../../testdata/greeting.pcapng", "--web", "tcp port 6000"},
		{"run", "--net", "private", "--web"},
	} {
		t.Run(args[0], func(t *testing.T) {
			if args[0] == "run" && !(haveLibpcap() && havePrivate()) {
				t.Skip("needs libpcap and private network namespaces")
			}
			c := labCommand(t.Context(), args...)
			said, err := c.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			address := ""
			lines := bufio.NewScanner(said)
			for address == "" && lines.Scan() {
				if found := regexp.MustCompile(`the page: (\S+)`).FindStringSubmatch(lines.Text()); found != nil {
					address = found[1]
				}
			}
			go io.Copy(io.Discard, said)
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
