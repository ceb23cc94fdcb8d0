package format

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// fateSink finds out what becomes of segments.
type fateSink struct {
	teller *view.Teller
	fates  *view.Fates
	frames []int
}

func (s *fateSink) Moment(m timeline.Moment) error {
	e := s.teller.Tell(&m)
	if e == nil {
		return nil
	}
	s.fates.See(e)
	if m.Kind == timeline.Segment {
		s.frames = append(s.frames, e.FrameNumber())
	}
	return nil
}

// fatesOf are the fates of a recording's segments, by frame, in words.
func fatesOf(t *testing.T, file string) map[int]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *capture.File {
		f, err := capture.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	known, err := pipeline.Foreknow(t.Context(), open())
	if err != nil {
		t.Fatal(err)
	}
	s := &fateSink{teller: view.NewTeller(nil), fates: view.NewFates()}
	flow := pipeline.Flow{Source: open(), Sink: s, Foreknown: known, Conclude: true}
	if _, err := flow.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := map[int]string{}
	for _, frame := range s.frames {
		if text := string(s.fates.Of(frame).AppendText(nil)); text != "" {
			list[frame] = text
		}
	}
	return list
}

// TestFates: what is told of a segment's way is what its recording proves, and no more.
func TestFates(t *testing.T) {
	const again = "sent again as #%d, as no answer had come"
	for name, want := range map[string]map[int]string{
		"syn-lost":             {1: fmt.Sprintf(again, 2)},
		"data-lost":            {6: fmt.Sprintf(again, 7)},
		"filtered":             {1: fmt.Sprintf(again, 2), 2: fmt.Sprintf(again, 3)},
		"last-ack-lost-client": {3: "lost, or not taken: the server shows later that it did not have it"},
		"accept-overflow":      {6: "lost, or not taken: the server shows later that it did not have it"},
		"fast-retransmit":      {5: "lost: the server had what came after it, and still asked for it; sent again as #15"},
		"prohibited":           {1: "discarded on its way, says the ICMP error #2"},
		"path-mtu":             {4: "discarded on its way, says the ICMP error #7", 5: "discarded on its way, says the ICMP error #12"},
		// What comes out of order, twice, or is answered by something else has arrived.
		"reorder": {}, "duplicate-data": {}, "duplicate-syn": {}, "keepalive": {}, "zero-window-probe": {}, "half-open-reconnect": {},
		"old-duplicate-client": {}, "port-unreachable": {}, "refused": {}, "blind-rst": {},
	} {
		got := fatesOf(t, filepath.Join("..", "..", "testdata", "trouble", name+".pcapng"))
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := fatesOf(t, filepath.Join("..", "..", "testdata", "greeting.pcapng")); len(got) > 0 {
		t.Errorf("greeting: %v", got)
	}
}
