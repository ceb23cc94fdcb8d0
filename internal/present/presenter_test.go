package present

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

func TestOpen(t *testing.T) {
	for _, c := range []struct{ view, format, want string }{
		{"storm", "text", `unknown view "storm": want story, segments, handshake, endpoints, header, conversations, dialogue`},
		{"story", "csv", "view story has no format csv: want text, markdown, ndjson"},
		{"segments", "xml", `unknown format "xml": view segments has text, markdown, csv, ndjson`},
	} {
		if _, err := Open(c.view, c.format, io.Discard, Options{}); err == nil || err.Error() != c.want {
			t.Errorf("Open(%s, %s): %v, want %s", c.view, c.format, err, c.want)
		}
	}
	for _, v := range Views {
		for _, format := range v.Formats() {
			if _, err := Open(v.Name, format, io.Discard, Options{}); err != nil {
				t.Errorf("Open(%s, %s): %v", v.Name, format, err)
			}
		}
	}
}

// writes counts calls of Write.
type writes struct {
	bytes.Buffer
	n    int
	fail error
}

func (w *writes) Write(p []byte) (int, error) {
	if w.fail != nil {
		return 0, w.fail
	}
	w.n++
	return w.Buffer.Write(p)
}

// TestOneWrite: each moment of the story is one Write, as it happens.
func TestOneWrite(t *testing.T) {
	var w writes
	p, err := Open("story", "text", &w, Options{Live: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range recorded(t) {
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
		if w.n != i+1 {
			t.Fatalf("after %d moments there were %d writes", i+1, w.n)
		}
	}
}

// TestBrokenPipe: an output that fails is reported by every view and format,
// at the latest by Close.
func TestBrokenPipe(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, v := range Views {
		for _, format := range v.Formats() {
			p, err := Open(v.Name, format, &writes{fail: broken}, Options{Live: true})
			if err != nil {
				t.Fatal(err)
			}
			var failed error
			keep := func(err error) {
				if err != nil && failed == nil {
					failed = err
				}
			}
			moments := recorded(t)
			for _, m := range moments {
				keep(p.Moment(m))
			}
			keep(p.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: moments[0].Event.Conversation}))
			keep(p.Close())
			if !errors.Is(failed, broken) {
				t.Errorf("%s %s: %v, want %v", v.Name, format, failed, broken)
			}
		}
	}
}

// TestPaced waits before all that is seen but the first, and not before a call
// that the story leaves out.
func TestPaced(t *testing.T) {
	waits := 0
	p, _ := Open("story", "text", io.Discard, Options{})
	p = Paced(p, func() error { waits++; return nil })
	for _, m := range []timeline.Moment{
		{Kind: timeline.Note, Text: "first"},
		{Kind: timeline.Call, Call: &dialogue.Call{Name: "recv"}},
		{Kind: timeline.Note, Text: "second"},
		{Kind: timeline.Call, Call: &dialogue.Call{Name: "recv", Phase: dialogue.End}},
	} {
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
	}
	if waits != 2 {
		t.Errorf("waited %d times, want 2", waits)
	}
	stop := errors.New("q pressed")
	p = Paced(Tee(), func() error { return stop })
	p.Moment(timeline.Moment{})
	if err := p.Moment(timeline.Moment{}); err != stop {
		t.Errorf("%v, want %v", err, stop)
	}
}

// However little room a narrow page and many clients leave, the story goes on.
func TestNarrowStoryOfManyClients(t *testing.T) {
	for _, last := range []int{1, 1000, 100_000_000, 1 << 60} {
		for _, ascii := range []bool{false, true} {
			var out strings.Builder
			s := newStory(&out, Options{Width: 1, ASCII: ascii})
			s.lastLabel = last
			tell(t, s, greeting(100, 42101, 0))
			if !strings.Contains(out.String(), "stream") && !strings.Contains(out.String(), "C") {
				t.Errorf("after %d clients: %q", last, out.String())
			}
		}
	}
}
