package capture

import (
	"fmt"
	"io"
	"math"
)

// The magic numbers of classic pcap, draft-ietf-opsawg-pcap, and of those who
// changed it.
const (
	magicMicro    = 0xa1b2c3d4 // seconds and microseconds
	magicNano     = 0xa1b23c4d // seconds and nanoseconds
	magicModified = 0xa1b2cd34 // microseconds, and 8 or 12 bytes more a record (Kuznetzov's)
	magicIxiaHard = 0x1c0001ac // Ixia's hardware: nanoseconds (microseconds to Wireshark 4.0), and 4 bytes more in the file header
	magicIxiaSoft = 0x1c0001ab // Ixia's software: the same with microseconds
)

const pcapHeader = 24 // bytes of the file header

// pcap reads the classic format: a file header, then records of a header and
// the packet's bytes.
type pcap struct {
	in      *input
	order   order
	number  int // of the last packet
	iface   Interface
	fcs     int8
	header  int    // bytes of a record header
	second  uint32 // units of a second: 10^6 or 10^9
	nanos   uint32 // nanoseconds of a unit: 1000 or 1
	digits  uint8
	swapped func(captured, length uint32) bool // whether the two lengths stand in the other order; nil: never
	amend   func(*Packet)                      // for what is not as its record says; nil: all is
}

func newPcap(in *input, o order) (*pcap, error) {
	size := pcapHeader
	head := in.peek(4)
	magic := o.u32(head)
	if magic == magicIxiaHard || magic == magicIxiaSoft {
		size += 4 // how many bytes of records follow
	}
	if head = in.peek(size); len(head) < size {
		return nil, &Damage{Frame: 1, Reason: fmt.Sprintf("the file ends in its header: %d of %d bytes", len(head), size), Err: in.readError()}
	}
	r := &pcap{in: in, order: o, second: 1e6, nanos: 1000, digits: 6, fcs: -1}
	if magic == magicNano || magic == magicIxiaHard {
		r.nanoseconds()
	}
	if err := r.version(o.u16(head[4:]), o.u16(head[6:])); err != nil {
		return nil, err
	}
	link := o.u32(head[20:])
	if magic == magicMicro && o.u16(head[4:]) == 2 && o.u16(head[6:]) == 2 {
		link = r.aix(link)
	}
	if link&0x03ff0000 != 0 {
		return nil, &Damage{Frame: 1, Offset: 20, Reason: fmt.Sprintf("the link type is %#x: bits 16 to 25 are reserved and must be 0", link)}
	}
	if link&(1<<26) != 0 { // the top four bits are the length of the FCS, in units of 16 bits
		r.fcs = int8(link >> 28 * 2)
	}
	r.iface = Interface{Link: LinkType(link), Snaplen: snaplen(o.u32(head[16:])), Digits: r.digits}
	if r.iface.Link == LinkERF {
		r.iface.Digits, r.amend = 9, (*Packet).erfTime
	}
	in.take(size)
	r.settle(magic)
	return r, nil
}

func (r *pcap) nanoseconds() { r.second, r.nanos, r.digits = 1e9, 1, 9 }

// version takes every version from 2.0 on. The lengths of a record stood in
// the other order before 2.3 (and in DG/UX's 543); in 2.3 some programs wrote
// them so, and the smaller one is what was captured.
func (r *pcap) version(major, minor uint16) error {
	switch {
	case major < 2:
		return &Damage{Frame: 1, Offset: 4, Reason: fmt.Sprintf("pcap version %d.%d is unknown: 2.0 to 2.4 are in use", major, minor)}
	case major == 2 && minor < 3, major == 543:
		r.swapped = func(_, _ uint32) bool { return true }
	case major == 2 && minor == 3:
		r.swapped = func(captured, length uint32) bool { return captured > length }
	}
	return nil
}

func (r *pcap) interfaces() []Interface { return []Interface{r.iface} }

func (r *pcap) next(p *Packet) error {
	b := r.in.all(r.header)
	if len(b) < r.header {
		if len(b) == 0 && r.in.readError() == nil {
			return io.EOF
		}
		return r.damage(r.cut(r.header, len(b)), r.in.readError())
	}
	head := (*[16]byte)(b) // at known places in an array no index is to be checked
	captured, length := r.lengths(head)
	if captured > MaxCaptured {
		return r.damage(tooLong(captured), nil)
	}
	sec, frac := r.order.u32(head[:]), r.order.u32(head[4:])
	all := r.header + int(captured)
	if len(b) < all {
		if b = r.in.all(all); len(b) < all {
			return r.damage(r.cut(all, len(b)), r.in.readError())
		}
	}
	r.in.take(all)
	r.number++
	p.Number = r.number
	p.Time = Time{Sec: int64(sec), Nsec: int32(frac * r.nanos), Digits: r.digits, Known: true}
	if frac >= r.second { // damaged; what wraps around shows all its digits, as in Wireshark
		p.Time.Digits = 9
	}
	p.Link, p.Interface, p.Comment = r.iface.Link, 0, ""
	p.FCS = r.fcs
	p.Length = wireLength(length)
	p.Data = b[r.header:all:all]
	if r.amend != nil {
		r.amend(p)
	}
	return nil
}

// lengths are those of a record: bytes captured, and bytes on the wire.
func (r *pcap) lengths(head *[16]byte) (captured, length uint32) {
	captured, length = r.order.u32(head[8:]), r.order.u32(head[12:])
	if r.swapped != nil && r.swapped(captured, length) {
		captured, length = length, captured
	}
	return captured, length
}

func (r *pcap) damage(reason string, err error) error {
	return &Damage{Frame: r.number + 1, Offset: r.in.offset(), Reason: reason, Err: err}
}

func (r *pcap) cut(need, have int) string {
	return fmt.Sprintf("the file ends in this packet: %d bytes of %d are there", have, need)
}

// wireLength is the length on the wire as Wireshark has it: at most 2^31-1.
func wireLength(length uint32) int { return int(min(length, math.MaxInt32)) }

// snaplen is a snaplen as it stands, the most an int holds where that is less.
func snaplen(n uint32) int { return int(min(uint64(n), math.MaxInt)) }

func tooLong(captured uint32) string {
	return fmt.Sprintf("it claims %d captured bytes; a packet has at most %d", captured, MaxCaptured)
}
