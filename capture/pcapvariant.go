package capture

import "math"

// Many have changed classic pcap without asking. Some gave their files a magic
// number of their own; those of others are told by what their records look
// like, or by a version that nobody else writes any more. What is read here is
// what Wireshark's reader opens.

// layout is how the header of a record goes on behind time and lengths, which
// all have in front.
type layout struct {
	header int                             // bytes of it, all in all
	fits   func(o order, more []byte) bool // whether what stands there can be; nil: anything can
}

const nokiaHeader = 20

// The layouts of a magic number, the likeliest first. Where few can have more
// than the standard, what they have is looked at closely.
var (
	layouts = []layout{
		{header: 16},
		{24, fitsKuznetzov}, // his patch of 1999-04-17, as in Red Hat 6.1
		{nokiaHeader, fitsNokia},
	}
	modifiedLayouts = []layout{
		{header: 24}, // of 1999-10-29; FRITZ!Box to this day
		{header: 28}, // of 1999-09-15, as in SuSE 6.3
	}
)

// fitsKuznetzov knows A. Kuznetzov's fields: the interface's index, the
// EtherType or Linux's own number below it, and whom the packet was for.
func fitsKuznetzov(o order, more []byte) bool {
	const manyInterfaces, ownNumbers, etherTypes, outgoing = 10000, 0x17, 0x600, 4
	protocol := o.u16(more[4:])
	known := protocol <= ownNumbers || protocol == 0x60 || protocol == 0x200 || protocol == 0x400 || protocol >= etherTypes
	return known && o.u32(more) <= manyInterfaces && more[6] <= outgoing
}

// fitsNokia knows the four bytes as Nokia's devices write them, 9fbfb601 and the
// like; others write 0.
func fitsNokia(o order, more []byte) bool {
	stuff := o.u32(more)
	either := func(at int, a, b uint32) bool { n := stuff >> at & 0xf; return n == a || n == b }
	return stuff == 0 || stuff&0x0fff00f0 == 0x0fbf0000 &&
		either(28, 0x9, 0xb) && either(12, 0xb, 0xd) && either(8, 0x6, 0x9) && either(0, 1, 2)
}

// aix sets what AIX's tcpdump does in its own way, and returns the link type.
// It writes version 2.2, as nobody else has since 1994, the interface's type
// (RFC 1573) in place of the link type, and nanoseconds.
func (r *pcap) aix(link uint32) uint32 {
	const ethernet, tokenRing, fddi, loopback = 6, 9, 15, 24
	switch link {
	case ethernet:
		link = uint32(LinkEthernet)
	case tokenRing:
		link = 6
	case fddi:
		link = 10
		r.amend = func(p *Packet) { p.drop(3) } // padding
	case loopback:
		link = uint32(LinkNull)
	default:
		return link // of an old libpcap after all
	}
	r.nanoseconds()
	return link
}

// settle finds the layout of the records' headers, where the magic number leaves
// a choice.
func (r *pcap) settle(magic uint32) {
	switch {
	case magic == magicModified:
		r.header = r.choose(modifiedLayouts)
	case magic == magicMicro && r.nanos != 1: // AIX has no other
		r.header = r.choose(layouts)
	default:
		r.header = layouts[0].header
	}
	if r.header == nokiaHeader && r.iface.Link == 13 { // ATM, behind a pseudo-header
		r.iface.Link = LinkRFC1483
		r.amend = func(p *Packet) { p.drop(4) }
	}
}

// drop takes n bytes off the front of a packet.
func (p *Packet) drop(n int) {
	p.Data = p.Data[min(n, len(p.Data)):]
	p.Length = max(p.Length-n, 0)
}

// choose takes the layout that the first records speak least against.
func (r *pcap) choose(among []layout) (header int) {
	least := math.MaxInt
	for i := range among {
		if n := r.doubts(&among[i]); n < least {
			header, least = among[i].header, n
		}
	}
	return header
}

// doubts counts what is odd about the first record that is not as it should be,
// if records are laid out so. All layouts being equal in front, what is odd about
// the first record of all makes no difference.
func (r *pcap) doubts(l *layout) int {
	const records = 3
	for at, left := 0, records; left > 0; left-- {
		b, ended := r.in.ahead(at + l.header)
		if len(b) == at && ended {
			return 0
		}
		if len(b) < at+l.header {
			return cutDoubt(ended)
		}
		b = b[at:]
		if l.fits != nil && !l.fits(r.order, b[16:]) {
			return math.MaxInt
		}
		captured, length := r.lengths((*[16]byte)(b))
		if n := r.odd(r.order.u32(b[4:]), captured, length); n > 0 {
			return n
		}
		at += l.header + int(captured)
		if b, ended = r.in.ahead(at); len(b) < at {
			return cutDoubt(ended)
		}
	}
	return 0
}

// cutDoubt is for a record that is not all there: that is odd only where no
// more will come.
func cutDoubt(ended bool) int {
	if ended {
		return 1
	}
	return 0
}

// odd counts what is odd about a record.
func (r *pcap) odd(frac, captured, length uint32) (n int) {
	const hugePacket = 128 << 20
	for _, is := range [...]bool{
		frac >= r.second,
		captured > MaxCaptured,
		captured > uint32(r.iface.Snaplen),
		length > hugePacket,
		captured > length,
	} {
		if is {
			n++
		}
	}
	return n
}
