package decode

import "encoding/binary"

// pppSerial reads a PPP frame in HDLC-like framing (RFC 1662 §3.1), where
// some captures hold Cisco's instead, and some leave address and control out.
func (w *walk) pppSerial() {
	switch {
	case len(w.b) >= 2 && (w.b[0] == 0x0f || w.b[0] == 0x8f):
		w.next = layerHDLC
	case len(w.b) >= 2 && w.b[0] == 0xff:
		w.then(2, layerPPP, 0)
	default:
		w.next = layerPPP
	}
}

// ppp reads the protocol field, which may be compressed to a byte (RFC 1661
// §6.5).
func (w *walk) ppp() {
	const ipv4, ipv6, bridging, mpls, mplsMulticast = 0x21, 0x57, 0x31, 0x281, 0x283
	if len(w.b) < 2 {
		w.end()
		return
	}
	number, size := binary.BigEndian.Uint16(w.b), 2
	if w.b[0]&1 == 1 {
		number, size = uint16(w.b[0]), 1
	}
	switch number {
	case ipv4:
		w.then(size, layerIPv4, 0)
	case ipv6:
		w.then(size, layerIPv6, 0)
	case mpls, mplsMulticast:
		w.then(size, layerMPLS, 0)
	case bridging:
		w.then(size, layerNone, 0)
		w.pppBridged()
	case typeIPv4, typeIPv6:
		w.then(size, layerEtherType, number)
	default:
		w.end()
	}
}

// pppBridged reads PPP's bridging header (RFC 3518 §4.2): flags with the
// count of padding, the MAC type, a LAN identifier where a flag announces it.
func (w *walk) pppBridged() {
	const withLAN, ethernet = 0x40, 1
	if len(w.b) < 2 || w.b[1] != ethernet {
		return
	}
	size := 2
	if w.b[0]&withLAN != 0 {
		size += 4
	}
	w.clip(w.n - int(w.b[0]&15))
	w.then(size, layerEthernet, 0)
}

// pppoe reads a session's header (RFC 2516 §4); its length leaves Ethernet's
// padding out.
func (w *walk) pppoe() {
	if len(w.b) < 6 {
		w.end()
		return
	}
	size := int(binary.BigEndian.Uint16(w.b[4:]))
	w.skip(6)
	w.clip(size)
	w.next = layerPPP
}

// hdlc reads Cisco's HDLC: address, control, EtherType.
func (w *walk) hdlc() {
	if len(w.b) < 4 {
		w.end()
		return
	}
	number := binary.BigEndian.Uint16(w.b[2:])
	if number == 0xfefe { // ISO protocols: LLC whose addresses stand where the type is
		if w.skip(5) {
			w.nlpid(false)
		}
		return
	}
	w.then(4, layerEtherType, number)
}

// frameRelay reads a Q.922 address of two to four bytes, then multiprotocol
// encapsulation (RFC 2427 §2) or Cisco's EtherType.
func (w *walk) frameRelay() {
	size := 0
	for size < 4 && size < len(w.b) && w.b[size]&1 == 0 {
		size++
	}
	size++
	if !w.skip(size) || len(w.b) < 2 {
		w.end()
		return
	}
	if w.b[0] != 3 {
		w.then(2, layerEtherType, binary.BigEndian.Uint16(w.b))
		return
	}
	w.skip(1)
	if w.b[0] == 0 { // padding
		w.skip(1)
	}
	w.nlpid(true)
}
