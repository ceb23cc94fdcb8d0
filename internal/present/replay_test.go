package present

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// replay presents a source of packets.
func replay(t testing.TB, src capture.Source, p Presenter) {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	tracker := conversation.NewTracker(conversation.Config{OnEnd: func(c *conversation.Conversation) {
		check(p.Moment(timeline.Moment{Kind: timeline.Ended, At: c.Last.UnixNano(), Conversation: c}))
	}})
	decoder := decode.New()
	var s decode.Segment
	var e conversation.Event
	for {
		packet, err := src.Next()
		if err != nil {
			if damage := new(capture.Damage); err != io.EOF && !errors.As(err, &damage) {
				t.Fatal(err)
			}
			break
		}
		at := packet.Time.UnixNano()
		switch r := decoder.Decode(&packet, &s); r.Kind {
		case decode.TCP:
			if tracker.Add(&s, &e) {
				check(p.Moment(timeline.Of(&e)))
			} else {
				check(p.Moment(timeline.Moment{Kind: timeline.Undecoded, At: at, Frame: packet.Number, Problem: s.Problem}))
			}
		case decode.Quoted:
			check(p.Moment(timeline.Moment{Kind: timeline.Quote, At: at, Frame: packet.Number, Quote: r.Quote, Quoted: &s,
				Conversation: tracker.Quote(r.Quote, &s)}))
		case decode.Undecoded:
			check(p.Moment(timeline.Moment{Kind: timeline.Undecoded, At: at, Frame: packet.Number, Problem: r.Problem}))
		}
	}
	tracker.Finish()
	check(p.Close())
}

// show presents a capture file and returns what is written.
func show(t testing.TB, path, view, format string, o Options) string {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	p, err := Open(view, format, &out, o)
	if err != nil {
		t.Fatal(err)
	}
	replay(t, f, p)
	return out.String()
}

// TestLook prints any view of any capture, for the eye:
// LOOK="FILE VIEW FORMAT WIDTH" go test -run TestLook ./internal/present
func TestLook(t *testing.T) {
	var path, view, format string
	var o Options
	if os.Getenv("LOOK") == "" {
		t.Skip("LOOK names no capture")
	}
	if n, _ := fmt.Sscan(os.Getenv("LOOK"), &path, &view, &format, &o.Width); n < 4 {
		t.Fatal("want LOOK=\"FILE VIEW FORMAT WIDTH\"")
	}
	o.Color, o.ASCII = os.Getenv("COLOR") != "", os.Getenv("ASCII") != ""
	os.Stdout.WriteString(show(t, path, view, format, o))
}
