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

// Ports that follow one another, as those of clients do, must not stand in
// long rows, whatever the seed.
func TestTableSpreadsPorts(t *testing.T) {
	defer func(s [2]uint64) { seed = s }(seed)
	random := rand.New(rand.NewPCG(1, 2))
	conversations := make([]Conversation, 12_000)
	for _, addresses := range [][2]string{{"127.0.0.1", "127.0.0.1"}, {"2001:db8::1", "2001:db8::2"}} {
		s := &decode.Segment{Src: netip.MustParseAddr(addresses[0]), Dst: netip.MustParseAddr(addresses[1]), DstPort: 6000}
		for range 300 {
			seed = [2]uint64{random.Uint64(), random.Uint64()}
			table := newTable()
			var k Pair
			for i := range conversations {
				s.SrcPort = uint16(32768 + 2*i)
				k.Of(s)
				table.put(&k, &conversations[i])
			}
			if mean := table.looks() / float64(table.count); mean > 3.2 { // 2.4 where every slot is as likely
				t.Errorf("%s: %.1f looks to find one, with the seed %x", addresses[0], mean, seed)
			}
		}
	}
}

// looks is how many slots are looked at to find each of the entries.
func (t *table) looks() (sum float64) {
	mask := uint32(len(t.slots) - 1)
	for i := range t.slots {
		if at := &t.slots[i]; at.c != nil {
			sum += float64((uint32(i)-at.hash)&mask + 1)
		}
	}
	return sum
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

// A capture may hold tens of thousands of conversations, whose size is most of
// the memory that it takes.
func TestConversationFitsItsSize(t *testing.T) {
	if size := unsafe.Sizeof(Conversation{}); size > 1600 {
		t.Errorf("a conversation has %d bytes, over 1,600", size)
	}
}
