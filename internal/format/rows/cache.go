package rows

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// A cache of columns whose values recur: with the cache of shapes it buys a sixth of
// the time of segments. So many runs of columns are cached for a basis, all powers of two. Those of ends
// are few at first: what is close together is at hand in the processor's caches.
const (
	fewEnds    = 1 << 7
	mostEnds   = 1 << 11
	packedBits = 6
)

// textRoom is bytes of columns: enough for two IPv6 addresses with their ports.
const textRoom = 192

// cached is what columns look like on a basis, which is a value of K and tells the
// parts of the row too, so that none is zero.
type cached[K comparable] struct {
	basis K
	size  uint8
	bytes [textRoom]byte
}

// place is what onEnds means.
type place struct {
	stream   int
	ports    [2]uint16
	parts    view.Need
	src, dst netip.Addr
}

// packed is what the others mean.
type packed [2]uint64

// cache is what columns of segments looked like.
type cache struct {
	ends   []cached[place]
	asked  int // for ends, and
	missed int // not found, since the last look whether there is room for enough of them
	window [1 << packedBits]cached[packed]
	states [1 << packedBits]cached[packed]
}

func newCache() *cache { return &cache{ends: make([]cached[place], fewEnds)} }

// append appends a run of columns that have one basis.
func (c *cache) append(v *values, buf []byte, run *run, r *view.Row) []byte {
	s := r.Segment
	switch run.basis {
	case onEnds:
		is := place{src: s.Src, dst: s.Dst, ports: [2]uint16{s.SrcPort, s.DstPort}, parts: run.parts}
		if r.Conversation != nil {
			is.stream = r.Conversation.Stream
		}
		at, known := c.end(&is, r.Event.From)
		return recall(at, known, is, v, buf, run, r)
	case onWindow:
		is := packed{uint64(s.Flags) | uint64(s.Window)<<16 | uint64(r.Event.WindowSize)<<32,
			uint64(run.parts) | uint64(uint16(r.Event.WindowScale))<<32 | uint64(s.HeaderLen)<<48}
		at := &c.window[is.slot()]
		return recall(at, at.basis == is, is, v, buf, run, r)
	default: // onStates
		is := packed{uint64(s.Flags) | uint64(r.Event.Step)<<16 | packStates(r.Event), uint64(run.parts)}
		at := &c.states[is.slot()]
		return recall(at, at.basis == is, is, v, buf, run, r)
	}
}

// packStates packs the states of both ends, and whether they are proved.
func packStates(e *conversation.Event) (bits uint64) {
	for side := range e.After {
		bits |= uint64(e.After[side]) << (32 + 16*side)
		if e.Proved[side] {
			bits |= 1 << (40 + 16*side)
		}
	}
	return bits
}

// end returns where an end is looked for, and whether it is there.
// Conversations of the same time have streams close to each other; where more
// than a quarter is not found, more of them are open than there are places.
func (c *cache) end(is *place, from conversation.Side) (at *cached[place], known bool) {
	number := is.stream<<1 | int(from)
	c.asked++
	if at = &c.ends[number&(len(c.ends)-1)]; at.basis == *is {
		return at, true
	}
	if c.missed++; c.missed == 2*len(c.ends) { // twice, as all are missed once at first
		if c.asked < 4*c.missed && len(c.ends) < mostEnds {
			c.ends = make([]cached[place], 2*len(c.ends))
		}
		c.asked, c.missed = 0, 0
	}
	return &c.ends[number&(len(c.ends)-1)], false
}

// slot is where a packed basis is looked for.
func (p packed) slot() uint64 { return slotOf(p[0]^p[1]>>1, packedBits) }

// recall appends what is cached for a basis, or makes it anew and caches it, unless
// it is too long.
func recall[K comparable](c *cached[K], known bool, is K, v *values, buf []byte, run *run, r *view.Row) []byte {
	start := len(buf)
	if known {
		buf = decimal.Extend(buf, textRoom)
		*(*[textRoom]byte)(buf[start:]) = c.bytes // copied whole, which is quicker than measured
		return buf[:start+int(c.size)]
	}
	buf = v.append(buf, run.columns, r)
	if made := buf[start:]; len(made) <= textRoom {
		c.basis, c.size = is, uint8(copy(c.bytes[:], made))
	}
	return buf
}
