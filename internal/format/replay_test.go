package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// replay presents a source of packets.
func replay(t testing.TB, src capture.Source, p present.Presenter) {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	tracker := conversation.NewTracker(conversation.Config{OnEnd: func(c *conversation.Conversation) {
		check(p.Moment(timeline.Moment{Kind: timeline.Ended, At: c.Latest, Conversation: c}))
	}})
	decoder := decode.New()
	var s decode.Segment
	var e conversation.Event
	for {
		var packet capture.Packet
		err := src.Next(&packet)
		if err != nil {
			if damage := new(capture.Damage); err != io.EOF && !errors.As(err, &damage) {
				t.Fatal(err)
			}
			break
		}
		at := packet.Time
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
func show(t testing.TB, path, view, format string, o present.Options) string {
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

// TestRecordings presents what the program itself recorded: every view and
// format is written, valid, and no wider than the page.
func TestRecordings(t *testing.T) {
	for _, name := range []string{"greeting.pcapng", "three-clients.pcapng", "ipv6.pcapng", "refused.pcapng", "abort.pcapng"} {
		path := filepath.Join("..", "..", "testdata", name)
		for _, v := range view.Views {
			for _, format := range Of(&v) {
				out := show(t, path, v.Name, format, present.Options{Width: 80})
				if out == "" && !v.Both && (v.Name != "dialogue" || name == "greeting.pcapng") {
					t.Errorf("%s: %s %s is empty", name, v.Name, format)
				}
				for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
					if format == "text" && columns.StringWidth(line) > 80 {
						t.Errorf("%s: %s has a line of %d columns: %s", name, v.Name, columns.StringWidth(line), line)
					}
					if format == "ndjson" && line != "" && !json.Valid([]byte(line)) {
						t.Errorf("%s: %s has a line that is no JSON: %s", name, v.Name, line)
					}
				}
			}
		}
	}
}
