package decode

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

const (
	timestamps = "8010 2000 0000 0000 0101 080a 00000001 00000002 " // 8 words, ACK, window, sums; NOP NOP TS
	ackTS      = "04d2 0050  000003e8 000007d0 " + timestamps
	payload9   = "57656c636f6d65210a " // Welcome!
	synOptions = "04d2 0050  000003e8 00000000 a002 2000 0000 0000 " + "0204ffd7 0402080a 00000001 00000000 01030307 "
	sackTS     = "04d2 0050  000003e8 000007d0 b010 2000 0000 0000 " + "0101080a 00000001 00000002 0101050a 00000bb8 00000fa0 "
)

// commonStacks are the packets that a capture is made of.
var commonStacks = []struct {
	name string
	link capture.LinkType
	data []byte
}{
	{"EthernetIPv4Timestamps", 1, bytesOf(macs + "0800 " + ip4of("06", 41) + ackTS + payload9)},
	{"EthernetIPv4SYN", 1, bytesOf(macs + "0800 " + ip4of("06", 40) + synOptions)},
	{"EthernetIPv4SACK", 1, bytesOf(macs + "0800 " + ip4of("06", 44) + sackTS)},
	{"EthernetIPv6Timestamps", 1, bytesOf(macs + "86dd " + "60000000 0029 06 40 " + both6 + ackTS + payload9)},
	{"EthernetVLAN", 1, bytesOf(macs + "8100 0005 0800 " + ip4of("06", 41) + ackTS + payload9)},
	{"LinuxCooked", 113, bytesOf("0000 0001 0006 0200000000010000 0800 " + ip4of("06", 41) + ackTS + payload9)},
	{"Null", 0, bytesOf("02000000 " + ip4of("06", 41) + ackTS + payload9)},
	{"Raw", 101, bytesOf(ip4of("06", 41) + ackTS + payload9)},
	{"UDP", 1, bytesOf(macs + "0800 " + udpOf(53, 12) + strings.Repeat("00", 12))},
	{"VXLAN", 1, bytesOf(macs + "0800 " + udpOf(4789, 62) + "08000000 00000500 " + eth4)},
}

func BenchmarkDecode(b *testing.B) {
	for _, stack := range commonStacks {
		b.Run(stack.name, func(b *testing.B) {
			d := New()
			p := &capture.Packet{Link: stack.link, FCS: -1, Length: len(stack.data), Data: stack.data}
			var s Segment
			b.ReportAllocs()
			for b.Loop() {
				d.Decode(p, &s)
			}
		})
	}
}

func BenchmarkVerifyChecksum(b *testing.B) {
	data := append(bytesOf(macs+"0800 "+ip4of("06", 32)+ackTS), make([]byte, 1448)...)
	binary.BigEndian.PutUint16(data[16:], uint16(len(data)-14))
	var s Segment
	New().Decode(&capture.Packet{Link: 1, FCS: -1, Length: len(data), Data: data}, &s)
	for b.Loop() {
		if s.VerifyChecksum() == SumUnchecked {
			b.Fatal("not checked")
		}
	}
}

func TestDecodeWithoutAllocation(t *testing.T) {
	for _, stack := range commonStacks {
		d := New()
		p := &capture.Packet{Link: stack.link, FCS: -1, Length: len(stack.data), Data: stack.data}
		var s Segment
		if n := testing.AllocsPerRun(100, func() {
			d.Decode(p, &s)
			s.VerifyChecksum()
		}); n != 0 {
			t.Errorf("%s: %v allocations", stack.name, n)
		}
	}
}
