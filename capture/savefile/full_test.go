package savefile

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// disk is a file on a disk that is full after some bytes.
type disk struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("no space left on device")

func (d *disk) Write(p []byte) (int, error) {
	n := min(len(p), d.room-d.Len())
	d.Buffer.Write(p[:n])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func (d *disk) Truncate(size int64) error {
	d.Buffer.Truncate(int(size))
	return nil
}

// A full disk leaves whole records, wherever it fills up.
func TestFullDiskLeavesWholeRecords(t *testing.T) {
	for _, format := range []capture.Format{capture.PCAP, capture.PCAPNG} {
		for _, batched := range []bool{false, true} {
			for room := 200; room < 900; room += 7 {
				to := &disk{room: room}
				w, err := NewWriter(to, format, capture.Section{}, []capture.Interface{{Link: capture.LinkRaw}})
				if err != nil {
					t.Fatal(err)
				}
				for n := 1; err == nil; n++ {
					p := &capture.Packet{Number: n, Link: capture.LinkRaw, Data: make([]byte, 50), Length: 50}
					if err = w.Append(p); err == nil && (!batched || n%5 == 0) {
						err = w.Flush()
					}
				}
				if !errors.Is(err, errFull) {
					t.Fatal(err)
				}
				file, err := capture.NewReader(&to.Buffer)
				if err != nil {
					t.Fatal(err)
				}
				packets := 0
				for ; err == nil; packets++ {
					err = file.Next(new(capture.Packet))
				}
				if packets--; err != io.EOF || packets < (room-200)/100 {
					t.Errorf("%s, %d bytes of room: %d packets, then %v", format, room, packets, err)
				}
			}
		}
	}
}
