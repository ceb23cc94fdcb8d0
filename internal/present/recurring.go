package present

import (
	"net/netip"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// basis is all that a column's value depends on, beside the parts that a row
// has. Neighbours of one basis, half of a row of segments, are written
// once and copied where their basis is the same again.
type basis uint8

const (
	anything basis = iota
	onEnds
	onWindow
	onStates
	bases
)

// columnsOn are the columns of each basis. What they are made of must be part
// of what recur compares.
var columnsOn = [bases][]string{
	onEnds:   {"ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.stream"},
	onWindow: {"tcp.hdr_len", "tcp.flags", "tcp.flags.str", "tcp.window_size_value", "tcp.window_size", "tcp.window_size_scalefactor"},
	onStates: {"lab.step", "lab.flags_bits", "lab.client_state", "lab.client_proved", "lab.server_state", "lab.server_proved"},
}

// basesOf returns the basis of each column of a view. A basis is given to the
// longest run of its columns alone, if that is more than one, so that what is
// remembered for it is always the same columns.
func basesOf(columns []Column) []basis {
	of := make([]basis, len(columns))
	for b := onEnds; b < bases; b++ {
		first, behind, from := 0, 1, 0 // the longest run so far; the last one
		for i, c := range columns {
			if c.needs == 0 || !slices.Contains(columnsOn[b], c.Key) { // what needs nothing is not of segments alone
				from = i + 1
			} else if i+1-from > behind-first {
				first, behind = from, i+1
			}
		}
		for i := first; i < behind && behind-first > 1; i++ {
			of[i] = b
		}
	}
	return of
}

// So many texts of a basis are remembered, all powers of two. Those of ends are
// few at first: what is close together is at hand in the processor's caches.
const (
	fewEnds    = 1 << 7
	mostEnds   = 1 << 11
	packedBits = 6
)

// textRoom is bytes of columns: enough for two IPv6 addresses with their ports.
const textRoom = 192

// text is what columns look like on a basis, which is a value of K and tells the
// parts of the row too, so that none is zero.
type text[K comparable] struct {
	basis K
	size  uint8
	text  [textRoom]byte
}

// place is what onEnds means.
type place struct {
	stream   int
	ports    [2]uint16
	parts    need
	src, dst netip.Addr
}

// packed is what the others mean.
type packed [2]uint64

// recurring is what an encoder remembers.
type recurring struct {
	ends   []text[place]
	asked  int // for ends, and
	missed int // not found, since the last look whether there is room for enough of them
	window [1 << packedBits]text[packed]
	states [1 << packedBits]text[packed]
}

// recur appends a run of columns that have one basis.
func (e *encoder) recur(buf []byte, run *run, r *row) []byte {
	if e.recurring == nil { // made by the first row that has some
		e.recurring = &recurring{ends: make([]text[place], fewEnds)}
	}
	s := r.s
	switch run.basis {
	case onEnds:
		is := place{src: s.Src, dst: s.Dst, ports: [2]uint16{s.SrcPort, s.DstPort}, parts: run.parts}
		if r.c != nil {
			is.stream = r.c.Stream
		}
		t, known := e.recurring.end(&is, r.e.From)
		return recall(t, known, is, e, buf, run, r)
	case onWindow:
		is := packed{uint64(s.Flags) | uint64(s.Window)<<16 | uint64(r.e.WindowSize)<<32,
			uint64(run.parts) | uint64(uint16(r.e.WindowScale))<<32 | uint64(s.HeaderLen)<<48}
		t := &e.recurring.window[is.slot()]
		return recall(t, t.basis == is, is, e, buf, run, r)
	default: // onStates
		is := packed{uint64(s.Flags) | uint64(r.e.Step)<<16 | packStates(r.e), uint64(run.parts)}
		t := &e.recurring.states[is.slot()]
		return recall(t, t.basis == is, is, e, buf, run, r)
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
func (t *recurring) end(is *place, from conversation.Side) (at *text[place], known bool) {
	number := is.stream<<1 | int(from)
	t.asked++
	if at = &t.ends[number&(len(t.ends)-1)]; at.basis == *is {
		return at, true
	}
	if t.missed++; t.missed == 2*len(t.ends) { // twice, as all are missed once at first
		if t.asked < 4*t.missed && len(t.ends) < mostEnds {
			t.ends = make([]text[place], 2*len(t.ends))
		}
		t.asked, t.missed = 0, 0
	}
	return &t.ends[number&(len(t.ends)-1)], false
}

// slot is where a packed basis is looked for.
func (p packed) slot() uint64 { return slotOf(p[0]^p[1]>>1, packedBits) }

// slotOf is where something is looked for that is remembered in a table of
// 2^bits slots.
func slotOf(what uint64, bits int) uint64 {
	const golden = 0x9e3779b97f4a7c15 // Knuth's multiplicative hashing
	return what * golden >> (64 - bits)
}

// recall appends what is remembered for a basis, or makes it anew and remembers
// it, unless it is too long.
func recall[K comparable](t *text[K], known bool, is K, e *encoder, buf []byte, run *run, r *row) []byte {
	start := len(buf)
	if known {
		buf = decimal.Extend(buf, textRoom)
		*(*[textRoom]byte)(buf[start:]) = t.text // copied whole, which is quicker than measured
		return buf[:start+int(t.size)]
	}
	buf = e.values(buf, run.columns, r)
	if made := buf[start:]; len(made) <= textRoom {
		t.basis, t.size = is, uint8(copy(t.text[:], made))
	}
	return buf
}
