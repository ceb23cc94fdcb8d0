package decode

import (
	"encoding/binary"
	"strings"
	"testing"
)

// packed4 is an IPv4 datagram whose payload, of a protocol, is packed by IPComp.
func packed4(t *testing.T, protocol byte, payload []byte) []byte {
	t.Helper()
	b := append([]byte{protocol, 0, 0, 2}, deflate(t, payload, 9)...)
	head := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, protoIPComp, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1}
	binary.BigEndian.PutUint16(head[2:], uint16(len(head)+len(b)))
	return append(head, b...)
}

// segmentOf is a TCP segment with so many bytes of payload.
func segmentOf(payload int) []byte {
	return append([]byte{0, 7, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 16, 0, 9, 0, 0, 0, 0}, make([]byte, payload)...)
}

func TestUnpack(t *testing.T) {
	d, s := New(), new(Segment)
	if got := d.Decode(rawPacket(packed4(t, protoTCP, segmentOf(1000))), s); got.Kind != TCP || s.PayloadLen != 1000 || s.DstPort != 8 || d.Made() != 1020 {
		t.Errorf("%+v %+v, %d bytes made", got, s, d.Made())
	}
	if d.Decode(rawPacket([]byte{0x45}), s); d.Made() != 0 {
		t.Errorf("%d bytes made of nothing", d.Made())
	}
	if got := d.Decode(rawPacket(packed4(t, protoTCP, nil)), s); got.Kind != Other {
		t.Errorf("nothing packed: %+v", got)
	}
}

// One frame is unpacked to no more than a datagram, whatever is packed into what.
func TestUnpackingAFrameIsBounded(t *testing.T) {
	if got := New().Decode(rawPacket(packed4(t, protoTCP, segmentOf(1<<16-20))), new(Segment)); got.Kind != Undecoded || !got.LeftPacked {
		t.Errorf("more than a datagram: %+v", got)
	}
	nested := segmentOf(30000)
	protocol := byte(protoTCP)
	for range 4 {
		nested = append([]byte{protocol, 0, 0, 2}, deflate(t, nested, 0)...)
		protocol = protoIPComp
	}
	d := New()
	got := d.Decode(rawPacket(packed4(t, protocol, nested)), new(Segment))
	if got.Kind != Undecoded || !strings.Contains(got.Problem.Reason, "65,535") || d.Made() > maxUnpacked {
		t.Errorf("packed five times: %+v, %d bytes made", got.Problem, d.Made())
	}
}

// A capture is unpacked in proportion to its size; then packets are left packed,
// and others go on being read.
func TestUnpackingACaptureIsBounded(t *testing.T) {
	large := rawPacket(packed4(t, protoTCP, segmentOf(60000)))
	costly := rawPacket(append(packed4(t, protoTCP, nil)[:24], blocksOfNothing(5)...))
	costly.Data[3] = byte(len(costly.Data))
	d, s := New(), new(Segment)
	made, left, captured := 0, 0, 0
	for n := range 20000 {
		p := large
		if n%2 == 1 {
			p = costly
		}
		captured += len(p.Data)
		if got := d.Decode(p, s); got.Kind == Undecoded && got.LeftPacked {
			left++
		}
		made += d.Made()
	}
	if left < 15000 || made > unpackedFirst+unpackedShare*captured {
		t.Errorf("%d left packed, %d bytes made of %d", left, made, captured)
	}
	plain := segmentOf(100)
	datagram := append([]byte{0x45, 0, 0, byte(20 + len(plain)), 0, 0, 0, 0, 64, protoTCP, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1}, plain...)
	if got := d.Decode(rawPacket(datagram), s); got.Kind != TCP {
		t.Errorf("a plain packet after that: %+v", got)
	}
	// What is packed no tighter than the share always has room.
	for range 100 {
		if got := d.Decode(rawPacket(packed4(t, protoTCP, incompressible(300))), s); got.Kind != TCP {
			t.Fatalf("%+v %+v", got, got.Problem)
		}
	}
}

// incompressible is a segment of noise.
func incompressible(n int) []byte {
	b, x := segmentOf(n), uint32(1)
	for i := 20; i < len(b); i++ {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}
