package conversation

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"unsafe"

	"github.com/handshake-lab/handshake-lab/decode"
)

// TestTable enters and drops thousands of keys, as a map would.
func TestTable(t *testing.T) {
	table, peer := newTable(), make(map[uint32]*Conversation)
	segment := func(n uint32) *decode.Segment {
		s := &decode.Segment{Src: netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}),
			Dst: netip.AddrFrom4([4]byte{192, 0, 2, 1}), SrcPort: 1000, DstPort: 6000}
		if n%3 == 0 {
			s.Src, s.Dst = netip.AddrFrom16([16]byte{1, 15: byte(n), 14: byte(n >> 8)}), netip.AddrFrom16([16]byte{2})
		}
		if n%2 == 0 { // from the other end
			s.Src, s.Dst, s.SrcPort, s.DstPort = s.Dst, s.Src, s.DstPort, s.SrcPort
		}
		return s
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		n := random.Uint32N(4000)
		var k Pair
		k.Of(segment(n))
		got := table.find(&k)
		if got != peer[n] {
			t.Fatalf("key %d: %p, want %p", n, got, peer[n])
		}
		switch {
		case got == nil:
			c := new(Conversation)
			table.put(&k, c)
			peer[n] = c
		case random.Uint32N(2) == 0:
			table.drop(got)
			delete(peer, n)
			table.drop(got) // again: nothing happens
		}
	}
	if table.count != len(peer) {
		t.Errorf("%d entries, want %d", table.count, len(peer))
	}
}

func TestPairIsTheSameFromBothEnds(t *testing.T) {
	for _, pair := range [][2]string{{"192.0.2.1", "192.0.2.1"}, {"192.0.2.1", "10.0.0.1"}, {"2001:db8::1", "2001:db8::2"}, {"::1", "::1"}} {
		a, b := netip.MustParseAddr(pair[0]), netip.MustParseAddr(pair[1])
		var there, back Pair
		there.Of(&decode.Segment{Src: a, Dst: b, SrcPort: 1, DstPort: 2})
		back.Of(&decode.Segment{Src: b, Dst: a, SrcPort: 2, DstPort: 1})
		if !there.flipped && !back.flipped || there.flipped && back.flipped {
			t.Errorf("%s: flipped %v and %v", pair, there.flipped, back.flipped)
		}
		if !there.is(&back) || there.hash != back.hash {
			t.Errorf("%s: %+v and %+v", pair, there, back)
		}
	}
}

// A conversation has to fit 1,280 bytes, for which the allocator has a size; the
// next is 1,408, and a capture may hold tens of thousands.
func TestConversationFitsItsSize(t *testing.T) {
	if size := unsafe.Sizeof(Conversation{}); size > 1280 {
		t.Errorf("a conversation has %d bytes, over 1,280", size)
	}
}
