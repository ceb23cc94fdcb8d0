package stepper

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/terminal/terminaltest"
)

// keyboard are keys that are pressed by a test.
type keyboard chan terminal.Key

func (k keyboard) Within(ctx context.Context, wait time.Duration) (terminal.Key, error) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case key := <-k:
		return key, nil
	case <-t.C:
		return terminal.None, nil
	case <-ctx.Done():
		return terminal.None, ctx.Err()
	}
}

// crlf is the terminal's own treatment of the end of a line.
type crlf struct{ *terminaltest.Page }

func (c crlf) Write(p []byte) (int, error) {
	_, err := c.Page.Write([]byte(strings.ReplaceAll(string(p), "\n", "\r\n")))
	return len(p), err
}

func newScreen(columns, lines int) (*Screen, *terminaltest.Page) {
	page := terminaltest.NewPage(columns, lines)
	return NewScreen(Terminal{Writer: crlf{page}, Size: func() (int, int) { return page.Columns, page.Lines }, Obeys: true, Alternate: true, Dim: "\x1b[2m"}), page
}

func lines(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, "line %d\n", i)
	}
	return b.String()
}

func TestStatus(t *testing.T) {
	s, page := newScreen(40, 5)
	s.Status(" space next")
	for i := 1; i <= 9; i++ {
		fmt.Fprint(s, lines(i, i))
	}
	if got, want := page.Seen(), "line 6\nline 7\nline 8\nline 9\n space next"; got != want {
		t.Errorf("with a status line %q, want %q", got, want)
	}
	fmt.Fprint(s.Aside(crlf{page}), "a message\n")
	s.Status(strings.Repeat("long ", 20))
	s.Fit()
	if got, want := page.Seen(), "line 7\nline 8\nline 9\na message\n"+strings.Repeat("long ", 20)[:39]; got != want {
		t.Errorf("a long one %q, want %q", got, want)
	}
	s.Leave()
	if got, want := page.All(), lines(1, 9)+"a message"; got != want {
		t.Errorf("for the shell %q, want %q", got, want)
	}
	s.Return()
	if !strings.HasSuffix(page.Seen(), "long long") && !strings.Contains(page.Seen(), "long") {
		t.Errorf("after the shell %q", page.Seen())
	}
	s.Stop()
	fmt.Fprint(s, "what was left\n")
	if got, want := page.All(), lines(1, 9)+"a message"; got != want {
		t.Errorf("in the end %q, want %q", got, want)
	}
	s.Resume()
	fmt.Fprint(s, "tables\n")
	if got, want := page.All(), lines(1, 9)+"a message\ntables"; got != want {
		t.Errorf("with tables %q, want %q", got, want)
	}
}

// Without escape sequences there is nothing but the text.
func TestDumb(t *testing.T) {
	var b strings.Builder
	s := NewScreen(Terminal{Writer: &b, Size: func() (int, int) { return 80, 24 }})
	s.Status("space next")
	fmt.Fprint(s, "one\n")
	s.Fit()
	if s.enterPager(nil) {
		t.Error("a pager opens")
	}
	s.Leave()
	s.Return()
	s.Stop()
	if b.String() != "one\n" {
		t.Errorf("%q", b.String())
	}
}

func TestPager(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, page := newScreen(60, 6)
		keys := make(keyboard)
		p := New(t.Context(), Config{Keys: keys, Screen: s, Step: true, Quit: func() {}})
		defer p.Close()
		fmt.Fprint(s, lines(1, 20))
		press := func(key terminal.Key, want string) {
			t.Helper()
			keys <- key
			synctest.Wait()
			if got := page.Seen(); !strings.HasPrefix(got, want) {
				t.Errorf("after key %d %q, want %q", key, got, want)
			}
		}
		press(terminal.Back, "line 11\nline 12\nline 13\nline 14\nline 15\n lines 11 to 15 of 20")
		press(terminal.Back, "line 6\n")
		press(terminal.Up, "line 5\n")
		press(terminal.First, "line 1\n")
		press(terminal.Back, "line 1\n")
		press(terminal.Down, "line 2\n")
		press(terminal.Forward, "line 7\n")
		fmt.Fprint(s, lines(21, 21)) // waits
		press(terminal.None, "line 7\n")
		page.Lines = 5 // a smaller window
		press(terminal.Last, "line 17\nline 18\nline 19\nline 20\n lines 17 to 20")
		page.Lines = 6
		keys <- terminal.Escape
		synctest.Wait()
		if got, want := page.All(), lines(1, 21)+" space next"; page.IsAlternate() || !strings.HasPrefix(got, want) {
			t.Errorf("back in the story %q, want %q", got, want)
		}
		press(terminal.Help, "\n  The keys")
		press(terminal.Quit, "line 1")
		if strings.Contains(page.All(), "The keys") {
			t.Errorf("help stays: %q", page.All())
		}
		press(terminal.Back, "line 12\n")
		press(terminal.Space, "line 17\n")
		press(terminal.Forward, "line 1") // at the end: leaves
		if page.IsAlternate() {
			t.Error("the pager does not end")
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	var h history
	line := strings.Repeat("x", 1000) + "\n"
	for i := range 3 * historyMost / len(line) {
		h.add([]byte(fmt.Sprint(i, line)))
	}
	if h.bytes > historyMost || len(h.lines) < historyMost/2/len(line) {
		t.Errorf("%d bytes, %d lines", h.bytes, len(h.lines))
	}
	if last := h.lines[len(h.lines)-1]; !strings.HasPrefix(last, fmt.Sprint(3*historyMost/len(line)-1)) {
		t.Errorf("the last is %.20q", last)
	}
}

func TestCutLine(t *testing.T) {
	for _, test := range []struct {
		line    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "abc"},
		{"\x1b[1;38;5;33mab\x1b[0mcd", 3, "\x1b[1;38;5;33mab\x1b[0mc"},
		{"├──▶│", 3, "├──"},
		{"日本", 3, "日"},
		{"abc", 0, ""},
		{"", 5, ""},
		{"\x1b[3", 2, "\x1b[3"[:3]},
	} {
		if got := cutLine(test.line, test.columns); got != test.want {
			t.Errorf("%q at %d: %q, want %q", test.line, test.columns, got, test.want)
		}
	}
}
