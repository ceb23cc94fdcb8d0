package decode

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// sflow32 is a datagram whose first sample has a record that says it has so
// many bytes.
func sflow32(kind, sample, record, frame, kept uint32) *capture.Packet {
	b := make([]byte, 124)
	copy(b, []byte{0x45, 0, 0, 124, 0, 0, 0, 0, 64, protoUDP, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1, 24, 199, 24, 199, 0, 104})
	put := func(at int, v uint32) { binary.BigEndian.PutUint32(b[28+at:], v) }
	put(0, 5)
	put(4, 1)
	put(28, kind)
	put(32, sample)
	put(36+32, 1)
	put(36+36, record)
	put(36+40, 1)
	put(36+44, frame)
	put(36+52, kept)
	return rawPacket(b)
}

// Lengths with the uppermost bit mean the same where an int has 32 bits.
func TestLengthsOf32Bits(t *testing.T) {
	large := []uint32{0, 1, 16, 64, 1 << 30, 1<<31 - 9, 1<<31 - 8, 1<<31 - 1, 1 << 31, 1<<31 + 36, 1<<32 - 8, 1<<32 - 1}
	done := make(chan bool)
	go func() {
		defer close(done)
		for _, sample := range large {
			for _, record := range large {
				for _, kept := range large {
					for kind := range uint32(4) {
						New().Decode(sflow32(kind, sample, record, kept, kept), new(Segment))
					}
				}
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
	b := []byte{0, 0, 0, 0}
	for _, v := range large {
		binary.BigEndian.PutUint32(b, v)
		if got := length32(b); got < 0 || uint64(got) != min(uint64(v), 1<<31-1) {
			t.Errorf("length32(%d) = %d", v, got)
		}
	}
}
