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

// TestBatchesKeepTheirBytes: what is read into memory that comes round again and again is
// shown as it was, be a packet small or larger than a batch.
func TestBatchesKeepTheirBytes(t *testing.T) {
	packets := greetings(t, 600)
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
	if len(file) < (batches+2)*aheadSize.bytes {
		t.Fatalf("a capture of %d bytes does not go round through the batches", len(file))
	}
	source := func() capture.Source {
		f, err := capture.NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for view, w := range map[string]way{"story": {ahead: true}, "segments": {ahead: true, behind: true}, "conversations": {ahead: true, behind: true}} {
		if written(t, source(), view, "ndjson", w) != written(t, source(), view, "ndjson", way{}) {
			t.Errorf("%s shows something else with %+v", view, w)
		}
	}
}
