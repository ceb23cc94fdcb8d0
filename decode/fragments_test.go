package decode

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// fragment4 is the part of an IPv4 datagram from a byte on.
func fragment4(id, from int, more bool, data []byte) []byte {
	word := from / 8
	if more {
		word |= moreFragments
	}
	head := bytesOf(fmt.Sprintf("4500 %04x %04x %04x 40 06 0000 c0000201 c0000202", 20+len(data), id, word))
	return append(head, data...)
}

// fragment6 is the same for IPv6.
func fragment6(id, from int, more bool, data []byte) []byte {
	word := from
	if more {
		word |= 1
	}
	head := bytesOf(fmt.Sprintf("60000000 %04x 2c 40 %s 06 00 %04x %08x", 8+len(data), both6, word, id))
	return append(head, data...)
}

func TestFragments(t *testing.T) {
	segment := bytesOf(syn)
	for i := range 1000 {
		segment = append(segment, byte(i))
	}
	for name, make := range map[string]func(id, from int, more bool, data []byte) []byte{"IPv4": fragment4, "IPv6": fragment6} {
		cut := func(id, size int) (list [][]byte) {
			for from := 0; from < len(segment); from += size {
				to := min(from+size, len(segment))
				list = append(list, make(id, from, to < len(segment), segment[from:to]))
			}
			return list
		}
		backwards := cut(3, 200)
		slices.Reverse(backwards)
		twice := cut(4, 200)
		twice = append([][]byte{twice[0], twice[0], twice[1]}, twice[1:]...)
		missing := cut(5, 200)
		overlap := cut(6, 200)
		overlap = slices.Insert(overlap, 2, make(6, 160, true, segment[160:480]))
		for _, row := range []struct {
			name   string
			frames [][]byte
			at     int // frame that completes it; -1 for none
		}{
			{"in order", cut(1, 200), 5},
			{"eight bytes each", cut(2, 8), 127},
			{"last first", backwards, 5},
			{"some twice", twice, 7},
			{"one missing", append(missing[:2], missing[3:]...), -1},
			{"overlapping", overlap, 6},
		} {
			d := New()
			for i, frame := range row.frames {
				var s Segment
				r := d.Decode(rawPacket(frame), &s)
				if want := i == row.at; (r.Kind == TCP) != want {
					t.Errorf("%s, %s: frame %d has kind %d", name, row.name, i, r.Kind)
				}
				if r.Kind == TCP && (!s.Fragmented || s.PayloadLen != 1000 || !slices.Equal(s.Payload, segment[20:])) {
					t.Errorf("%s, %s: %d bytes of payload, fragmented %v", name, row.name, s.PayloadLen, s.Fragmented)
				}
			}
			if d.fragments.bytes != 0 && row.at >= 0 {
				t.Errorf("%s, %s: %d bytes are kept of a complete datagram", name, row.name, d.fragments.bytes)
			}
		}
	}
}

func TestFirstFragmentCutByTheCapture(t *testing.T) {
	b := fragment4(1, 0, true, append(bytesOf(syn), make([]byte, 100)...))
	var s Segment
	r := New().Decode(&capture.Packet{Link: capture.LinkRaw, FCS: -1, Length: len(b), Data: b[:60]}, &s)
	if r.Kind != TCP || !s.Excerpt || s.SrcPort != 1234 || s.PayloadLen != 0 || s.VerifyChecksum() != SumUnchecked {
		t.Errorf("kind %d, segment %+v", r.Kind, s)
	}
}

func TestFragmentsAreBounded(t *testing.T) {
	d := New()
	data := make([]byte, 1480)
	var s Segment
	for id := range 10_000 { // 15 MB that never become whole
		b := fragment4(id, 0, true, data)
		binary.BigEndian.PutUint32(b[12:], uint32(id))
		d.Decode(rawPacket(b), &s)
		if d.fragments.bytes > maxFragmentBytes {
			t.Fatalf("%d bytes kept", d.fragments.bytes)
		}
	}
	if n := len(d.fragments.open); n == 0 || n != d.fragments.order.Len() || n > maxFragmentBytes/len(data) {
		t.Errorf("%d datagrams open, %d in order", n, d.fragments.order.Len())
	}
}
