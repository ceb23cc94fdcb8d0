package pipeline

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
)

// filed is packets as a pcap file.
func filed(t *testing.T, packets []capture.Packet) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := savefile.NewWriter(&file, capture.PCAP, capture.Section{}, []capture.Interface{{Link: packets[0].Link}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range packets {
		if err := w.Write(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}

// TestWindows: what is read into memory that comes round again and again is
// shown as it was, be a packet small or larger than a window.
func TestWindows(t *testing.T) {
	packets := greetings(t, 300)
	for i := range packets {
		p := &packets[i]
		if i%1000 == 500 { // more is captured than the wire had: padding
			p.Data = append(bytes.Clone(p.Data), make([]byte, 260_000)...)
			p.Length = len(p.Data)
		}
		binary.BigEndian.PutUint16(p.Data[18:], uint16(i)) // the identification of IPv4
		p.Data[len(p.Data)-1] = byte(i)
	}
	file := filed(t, packets)
	if len(file) < 6*capture.WindowSize {
		t.Fatalf("a capture of %d bytes does not go through the windows", len(file))
	}
	source := func() capture.Source {
		f, err := capture.NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for view, w := range map[string]way{"story": {ahead: true}, "segments": {ahead: true, apart: true}, "conversations": {ahead: true, apart: true}} {
		if written(t, source(), view, "ndjson", w) != written(t, source(), view, "ndjson", way{}) {
			t.Errorf("%s shows something else with %+v", view, w)
		}
	}
}

// TestWindowsComeRound: a window is free again when no batch has a packet in it.
func TestWindowsComeRound(t *testing.T) {
	w := newWindows()
	all := len(w.free)
	var one, two batch
	w.begin(&one)
	first := w.fresh(100)
	w.hold(&one)
	w.hold(&one)
	w.begin(&two)
	w.hold(&two)
	second := w.fresh(100)
	if &first[0] == &second[0] {
		t.Fatal("a window that two batches have is used again")
	}
	w.fresh(100) // nothing lies in the second one
	if len(w.free) != all-2 {
		t.Errorf("%d windows are free, want all %d but the one that is held and the one that is read into", len(w.free), all)
	}
	w.begin(&one)
	if len(w.free) != all-2 {
		t.Error("a window that another batch has is free")
	}
	w.begin(&two)
	if len(w.free) != all-1 {
		t.Errorf("%d windows are free, want %d", len(w.free), all-1)
	}
	if large := w.fresh(3 * capture.WindowSize); len(large) < 3*capture.WindowSize {
		t.Errorf("a window of %d bytes, want %d", len(large), 3*capture.WindowSize)
	}
}
