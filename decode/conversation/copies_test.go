package conversation

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// What counts as a copy does not change from run to run, though each run has a
// seed of its own and more segments look at the cache than it has places.
func TestCopiesWhateverTheSeed(t *testing.T) {
	defer func(s [2]uint64) { seed = s }(seed)
	for _, addresses := range [][2]string{{"192.0.2.1", "198.51.100.1"}, {"2001:db8::1", "2001:db8::2"}} {
		var first []int
		for run := range 20 {
			if run > 0 {
				seed = [2]uint64{rand.Uint64(), rand.Uint64()}
			}
			copies := copiesOf(netip.MustParseAddr(addresses[0]), netip.MustParseAddr(addresses[1]))
			if first == nil {
				first = copies
			}
			if !slices.Equal(copies, first) {
				t.Fatalf("%s: with the seed %x other segments are copies than with the first", addresses[0], seed)
			}
		}
		forgotten := slices.Index(first, 0)
		if forgotten < 0 || slices.Max(first) == 0 {
			t.Errorf("%s: some of the looks should have been forgotten, others not", addresses[0])
		}
	}
}

// copiesOf sends 3,000 SYNs, then their copies, and returns what frame each of
// these was found to be a copy of, 0 for none.
func copiesOf(from, to netip.Addr) (of []int) {
	tr := NewTracker(Config{})
	var ev Event
	header := make([]byte, 20)
	for again := range 2 {
		for i := range 3000 {
			s := &decode.Segment{Number: 3000*again + i + 1, Src: from, Dst: to, SrcPort: uint16(20000 + i), DstPort: 80,
				Flags: decode.SYN, Seq: uint32(i) * 77, ID: 7, TTL: uint8(64 - again), HeaderLen: 20, Header: header}
			tr.Add(s, &ev)
			if again == 1 {
				of = append(of, ev.CopyOf)
			}
		}
	}
	return of
}
