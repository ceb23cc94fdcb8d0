package decode

import (
	"encoding/binary"
	"net/netip"
)

// IP protocol numbers (IANA protocol-numbers).
const (
	protoHopByHop  = 0
	protoICMP      = 1
	protoIPIP      = 4
	protoTCP       = 6
	protoUDP       = 17
	protoIPv6      = 41
	protoRouting   = 43
	protoFragment  = 44
	protoGRE       = 47
	protoAH        = 51
	protoICMPv6    = 58
	protoDstOpts   = 60
	protoEtherIP   = 97
	protoIPComp    = 108
	protoMPLS      = 137
	protoShim6     = 140
	protoEthernet  = 143
	ipv4Header     = 20 // bytes without options
	ipv6Header     = 40 // bytes
	moreFragments  = 0x2000
	fragmentOffset = 0x1fff
)

// ip chooses IPv4 or IPv6 by the version nibble.
func (w *walk) ip() {
	if len(w.b) == 0 {
		w.short("IP", ipv4Header)
		return
	}
	switch v := w.b[0] >> 4; v {
	case 4:
		w.next = layerIPv4
	case 6:
		w.next = layerIPv6
	default:
		w.fail("IP", 0, "version %d at bits 0-3, it should be 4 or 6", v)
	}
}

// ipv4 reads an IPv4 header (RFC 791 §3.1). Where IPv4 was announced and the
// version says 6, the version is believed.
func (w *walk) ipv4() {
	b := w.b
	if len(b) > 0 && b[0]>>4 != 4 {
		if b[0]>>4 == 6 {
			w.next = layerIPv6
			return
		}
		w.fail("IPv4", 0, "version %d at bits 0-3, it should be 4 (RFC 791 §3.1)", b[0]>>4)
		return
	}
	if len(b) < ipv4Header {
		w.short("IPv4", ipv4Header)
		return
	}
	size := int(b[0]&15) * 4
	if size < ipv4Header {
		w.fail("IPv4", 4, "header length %d words, the minimum is 5 (RFC 791 §3.1)", size/4)
		return
	}
	total := int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 { // segmentation offload, BIG TCP: the frame tells the length
		total = w.n
	}
	if total < size {
		w.fail("IPv4", 16, "total length %d bytes, less than the header's %d", total, size)
		return
	}
	exceeds := total > w.n
	w.clip(total)
	if len(w.b) < size {
		w.short("IPv4", size)
		return
	}
	s := w.s
	s.fixedIPv4((*[ipv4Header]byte)(b))
	if size > ipv4Header {
		if final, ok := sourceRoute(b[ipv4Header:size]); ok {
			s.Dst = final
		}
	}
	fragment := binary.BigEndian.Uint16(b[6:])
	id := binary.BigEndian.Uint16(b[4:])
	number := uint16(b[9])
	w.then(size, layerProtocol, number)
	if fragment&(moreFragments|fragmentOffset) != 0 {
		w.fragment(piece{
			key:   fragmentKey{src: s.Src, dst: s.Dst, id: uint32(id), number: number, vlan: w.vlan},
			at:    int(fragment&fragmentOffset) * 8,
			more:  fragment&moreFragments != 0,
			whole: !exceeds && len(w.b) == w.n && w.n > 0,
		})
	}
}

// fixedIPv4 keeps what a segment tells of the header's first 20 bytes.
func (s *Segment) fixedIPv4(b *[ipv4Header]byte) {
	s.IPVersion, s.ECN, s.TTL, s.ID = 4, b[1]&3, b[8], binary.BigEndian.Uint16(b[4:])
	s.IPHeader, s.IPLength = b[0]&15*4, binary.BigEndian.Uint16(b[2:])
	s.Src = netip.AddrFrom4([4]byte(b[12:16]))
	s.Dst, s.final = netip.AddrFrom4([4]byte(b[16:20])), nil
}

// sourceRoute finds the final hop in a strict or loose source route (RFC 791
// §3.1). Where the route is used up the header's own destination is final.
func sourceRoute(options []byte) (netip.Addr, bool) {
	const end, nop, loose, strict = 0, 1, 131, 137
	for len(options) > 0 && options[0] != end {
		if options[0] == nop {
			options = options[1:]
			continue
		}
		if len(options) < 2 || options[1] < 2 || int(options[1]) > len(options) {
			break
		}
		size := int(options[1])
		if options[0] == loose || options[0] == strict {
			if pointer := int(options[2]); size < 7 || size%4 != 3 || pointer < 4 || pointer%4 != 0 || pointer > size {
				break
			}
			return netip.AddrFrom4([4]byte(options[size-4 : size])), true
		}
		options = options[size:]
	}
	return netip.Addr{}, false
}

// ipv6 reads an IPv6 header (RFC 8200 §3).
func (w *walk) ipv6() {
	b := w.b
	if len(b) > 0 && b[0]>>4 != 6 {
		w.fail("IPv6", 0, "version %d at bits 0-3, it should be 6 (RFC 8200 §3)", b[0]>>4)
		return
	}
	if len(b) < ipv6Header {
		w.short("IPv6", ipv6Header)
		return
	}
	s := w.s
	s.fixedIPv6((*[ipv6Header]byte)(b))
	size := int(binary.BigEndian.Uint16(b[4:]))
	w.then(ipv6Header, layerProtocol, uint16(b[6]))
	if size > 0 { // 0: a jumbogram or segmentation offload, the frame tells the length
		w.clip(size)
	}
}

// fixedIPv6 keeps what a segment tells of the header's 40 bytes.
func (s *Segment) fixedIPv6(b *[ipv6Header]byte) {
	s.IPVersion, s.ECN, s.TTL, s.ID = 6, b[1]>>4&3, b[7], 0
	s.IPHeader, s.IPLength = ipv6Header, binary.BigEndian.Uint16(b[4:])
	s.Src = netip.AddrFrom16([16]byte(b[8:24]))
	s.Dst, s.final = netip.AddrFrom16([16]byte(b[24:40])), nil
}

// extension reads an IPv6 extension header that is 8 bytes and a multiple
// long (RFC 8200 §4).
func (w *walk) extension() {
	if len(w.b) < 8 {
		w.short("IPv6 extension header", 8)
		return
	}
	size := 8 + int(w.b[1])*8
	if len(w.b) < size {
		w.short("IPv6 extension header", size)
		return
	}
	switch w.number {
	case protoHopByHop:
		if jumbo := jumboLength(w.b[2:size]); jumbo > 0 {
			w.clip(jumbo)
		}
	case protoRouting:
		if final, ok := routingEnd(w.b[:size]); ok && w.s.IPVersion == 6 {
			w.s.final = &final
		}
	}
	w.then(size, layerProtocol, uint16(w.b[0]))
}

// jumboLength finds the jumbo payload option among hop-by-hop options
// (RFC 2675 §2); 0 where there is none.
func jumboLength(options []byte) int {
	const pad1, jumbo = 0, 0xc2
	for len(options) > 0 {
		if options[0] == pad1 {
			options = options[1:]
			continue
		}
		if len(options) < 2 || 2+int(options[1]) > len(options) {
			break
		}
		if options[0] == jumbo && options[1] == 4 {
			return length32(options[2:])
		}
		options = options[2+int(options[1]):]
	}
	return 0
}

// routingEnd finds the final destination in a routing header with segments
// left: the last address of types 0 and 2 (RFC 6275 §6.4), the first in the
// list of type 4 (RFC 8754 §2).
func routingEnd(b []byte) (netip.Addr, bool) {
	if b[3] == 0 || len(b) < 24 {
		return netip.Addr{}, false
	}
	switch b[2] {
	case 0, 2:
		last := (len(b)-8)/16*16 - 8 // 8 + 16 (n - 1)
		return netip.AddrFrom16([16]byte(b[last : last+16])), true
	case 4:
		return netip.AddrFrom16([16]byte(b[8:24])), true
	}
	return netip.Addr{}, false
}

// fragmentHeader reads IPv6's fragment header (RFC 8200 §4.5).
func (w *walk) fragmentHeader() {
	if len(w.b) < 8 {
		w.short("IPv6 fragment header", 8)
		return
	}
	word := binary.BigEndian.Uint16(w.b[2:])
	id := binary.BigEndian.Uint32(w.b[4:])
	number := uint16(w.b[0])
	w.then(8, layerProtocol, number)
	if word&0xfff9 == 0 {
		return // a fragment that is whole (RFC 6946)
	}
	w.fragment(piece{
		key:   fragmentKey{src: w.s.Src, dst: w.s.Dst, id: id, number: number, vlan: w.vlan},
		at:    int(word &^ 7),
		more:  word&1 != 0,
		whole: len(w.b) == w.n && w.n > 0,
	})
}

// protocol goes on with what the IP protocol number stands for.
func (w *walk) protocol() {
	switch w.number {
	case protoTCP:
		w.tcp()
	case protoUDP:
		w.udp()
	case protoICMP:
		w.icmp(4)
	case protoICMPv6:
		w.icmp(6)
	case protoIPIP:
		w.next = layerIPv4
	case protoIPv6:
		w.next = layerIPv6
	case protoGRE:
		w.gre()
	case protoAH:
		w.authentication()
	case protoHopByHop, protoRouting, protoDstOpts, protoShim6:
		w.extension()
	case protoFragment:
		w.fragmentHeader()
	case protoEtherIP:
		w.then(2, layerEthernet, 0)
	case protoEthernet:
		w.next = layerEthernet
	case protoMPLS:
		w.next = layerMPLS
	case protoIPComp:
		w.compressed()
	default:
		w.end()
	}
}
