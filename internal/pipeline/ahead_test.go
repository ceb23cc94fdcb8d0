package pipeline

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/present"
)

// shown is what a flow over a file writes: story, segments and conversations.
func shown(t *testing.T, path string, ahead bool) string {
	t.Helper()
	var all bytes.Buffer
	for _, view := range []string{"story", "segments", "header", "conversations", "dialogue"} {
		file, err := capture.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := present.Open(view, "text", &all, present.Options{Width: 100})
		if err != nil {
			t.Fatal(err)
		}
		f := Flow{Source: file, Sink: p, Ahead: ahead}
		counts, err := f.Run(context.Background())
		if err != nil || counts.Packets == 0 {
			t.Fatalf("%d packets, %v", counts.Packets, err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return all.String()
}

func TestAheadShowsTheSame(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	if len(files) < 5 {
		t.Fatalf("%d recordings", len(files))
	}
	for _, path := range files {
		if one, two := shown(t, path, false), shown(t, path, true); one != two {
			t.Errorf("%s: reading ahead shows something else", path)
		}
	}
}

// TestAheadEnds: an error of the source comes behind all packets before it,
// one of the sink ends everything, and a cancelled context too.
func TestAheadEnds(t *testing.T) {
	file := open(t, "greeting.pcapng")
	slice := &capture.Slice{Err: errors.New("broken off")}
	for range 40 * batchPackets {
		p, err := file.Next()
		if err != nil {
			file = open(t, "greeting.pcapng")
			continue
		}
		p.Data = bytes.Clone(p.Data)
		slice.Packets = append(slice.Packets, p)
	}
	var sink counter
	f := Flow{Source: slice, Sink: &sink, Ahead: true}
	counts, err := f.Run(context.Background())
	if err != slice.Err || counts.Packets != len(slice.Packets) {
		t.Errorf("%d of %d packets, error %v", counts.Packets, len(slice.Packets), err)
	}
	again := &capture.Slice{Packets: slice.Packets}
	full := counter{after: 300, err: errors.New("no space left")}
	f = Flow{Source: again, Sink: &full, Ahead: true}
	if _, err := f.Run(context.Background()); err != full.err {
		t.Errorf("error %v, want the sink's", err)
	}
	if len(full.frames) != 300 {
		t.Errorf("%d segments, want none behind the error", len(full.frames))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f = Flow{Source: again, Sink: &sink, Ahead: true}
	if _, err := f.Run(ctx); err != nil {
		t.Errorf("cancelled: %v", err)
	}
}

// faulty is a source with a fault of its own.
type faulty struct{}

func (faulty) Next() (capture.Packet, error) { panic("a fault") }

func TestAheadPassesAFaultOn(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.HasPrefix(text, "a fault") {
			t.Errorf("recovered %q", text)
		}
	}()
	f := Flow{Source: faulty{}, Sink: &counter{}, Ahead: true}
	f.Run(context.Background())
	t.Error("the fault was lost")
}
