package present

import "net/netip"

// So many pairs of ends are remembered.
const (
	placeBits = 11
	placeRoom = 176 // bytes of the columns: enough for two IPv6 addresses
)

// places remembers what the columns look like that are the same for all
// segments from one end of a conversation. They are a sixth of a row of segments,
// and addresses are what takes longest in it.
type places [1 << placeBits]struct {
	place
	size uint8 // 0: empty
	text [placeRoom]byte
}

// place is all that those columns depend on.
type place struct {
	src, dst netip.Addr
	ports    [2]uint16
	stream   int
	has      need
}

// of returns where the columns of a row are remembered, and whether they are.
func (p *places) of(r *row) (at place, slot int, known bool) {
	at = place{src: r.s.Src, dst: r.s.Dst, ports: [2]uint16{r.s.SrcPort, r.s.DstPort}, has: r.has & placing}
	if r.c != nil {
		at.stream = r.c.Stream
	}
	slot = (at.stream<<1 | int(r.e.From)) & (1<<placeBits - 1)
	return at, slot, p[slot].size != 0 && p[slot].place == at
}

// keep remembers the columns of a place, unless they are too long.
func (p *places) keep(at place, slot int, text []byte) {
	if len(text) <= placeRoom {
		p[slot].place, p[slot].size = at, uint8(copy(p[slot].text[:], text))
	}
}

// place appends columns that are the same for all segments from one end.
func (e *encoder) place(buf []byte, columns []*jsonColumn, r *row) []byte {
	if e.places == nil {
		e.places = new(places)
	}
	at, slot, known := e.places.of(r)
	if known {
		p := &e.places[slot]
		return append(buf, p.text[:p.size]...)
	}
	start := len(buf)
	buf = e.values(buf, columns, r)
	e.places.keep(at, slot, buf[start:])
	return buf
}
