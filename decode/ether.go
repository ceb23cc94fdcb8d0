package decode

import "encoding/binary"

// EtherTypes (IEEE registration authority).
const (
	typeIPv4       = 0x0800
	typeTRILL      = 0x22f3
	typeBridging   = 0x6558
	typeFrameRelay = 0x6559
	typeVLAN       = 0x8100
	typeMPLS       = 0x8847
	typeMPLSUp     = 0x8848
	typePPPoE      = 0x8864
	typeJumboLLC   = 0x8870
	typeQinQ       = 0x88a8
	typePBB        = 0x88e7
	typeMACsec     = 0x88e5
	typeFabricPath = 0x8903
	typeCMD        = 0x8909
	typeVNTag      = 0x8926
	typeETag       = 0x893f
	typeNSH        = 0x894f
	typeQinQOld    = 0x9100
	typeIPv6       = 0x86dd

	ethernetHeader = 14 // bytes of two addresses and a type or length

	maxLLC = 1500 // a type field up to this is a length (IEEE 802.3 §3.2.6)
)

// ethernet reads two addresses and a type or length.
func (w *walk) ethernet() {
	b := w.b
	if len(b) < ethernetHeader {
		w.end()
		return
	}
	number := binary.BigEndian.Uint16(b[12:])
	if number > maxLLC {
		w.b, w.n = b[ethernetHeader:], w.n-ethernetHeader
		w.next, w.number = layerEtherType, number
		return
	}
	if b[2] == 0x0c && b[1] == 0 && (b[0] == 1 || b[0] == 3) && b[3] == 0 && b[4] == 0 && len(b) > 26 && b[14] == 0xaa {
		w.then(26, layerEthernet, 0) // Cisco ISL: another frame behind its 26 bytes
		return
	}
	w.skip(ethernetHeader)
	w.clip(int(number))
	w.next = layerLLC
}

// etherType goes on with what the EtherType stands for.
func (w *walk) etherType() {
	switch w.number {
	case typeIPv4:
		w.next = layerIPv4
	case typeIPv6:
		w.next = layerIPv6
	case typeVLAN, typeQinQ, typeQinQOld:
		w.tagged()
	case typeMPLS, typeMPLSUp:
		w.next = layerMPLS
	case typePPPoE:
		w.pppoe()
	case typeBridging:
		w.next = layerEthernet
	case typeFrameRelay:
		w.next = layerFrameRelay
	case typeJumboLLC:
		w.next = layerLLC
	case typePBB: // flags and service identifier, then the customer's frame
		w.then(4, layerEthernet, 0)
	case typeFabricPath:
		w.then(2, layerEthernet, 0)
	case typeTRILL:
		if len(w.b) >= 6 {
			options := int(binary.BigEndian.Uint16(w.b)>>6&31) * 4
			w.then(6+options, layerEthernet, 0)
			return
		}
		w.end()
	case typeNSH:
		w.nsh()
	case typeVNTag:
		w.typeBehind(4)
	case typeCMD, typeETag:
		w.typeBehind(6)
	case typeMACsec:
		w.macsec()
	default:
		w.end()
	}
}

// typeBehind goes on with the type that stands behind a tag of size bytes.
func (w *walk) typeBehind(size int) {
	if len(w.b) < size+2 {
		w.end()
		return
	}
	number := binary.BigEndian.Uint16(w.b[size:])
	if number > maxLLC {
		w.then(size+2, layerEtherType, number)
		return
	}
	w.skip(size + 2)
	w.clip(int(number))
	w.next = layerLLC
}

// tagged reads a VLAN tag (IEEE 802.1Q): two bytes, then a type or length.
func (w *walk) tagged() {
	if len(w.b) >= 2 {
		w.vlan = binary.BigEndian.Uint16(w.b) & 0xfff
	}
	w.typeBehind(2)
}

// macsec goes past a security tag whose data is only signed, not encrypted.
func (w *walk) macsec() {
	const encrypted, withSCI, signature = 0x0c, 0x20, 16
	if len(w.b) < 6 || w.b[0]&encrypted != 0 {
		w.end()
		return
	}
	size := 6
	if w.b[0]&withSCI != 0 {
		size += 8
	}
	w.clip(w.n - signature)
	w.typeBehind(size)
}

// mpls reads a label stack (RFC 3032 §2.1). Nothing says what is below it:
// the first nibble does (RFC 4928 §3), and 0 is the control word of a
// pseudowire that carries frames (RFC 4385 §3).
func (w *walk) mpls() {
	for bottom := false; !bottom; {
		if len(w.b) < 5 {
			w.end()
			return
		}
		bottom = w.b[2]&1 == 1
		w.skip(4)
	}
	switch w.b[0] >> 4 {
	case 4:
		w.next = layerIPv4
	case 6:
		w.next = layerIPv6
	case 0:
		w.guessed = true
		if len(w.b) >= 4 && binary.BigEndian.Uint16(w.b) == 0 && likelyFrame(w.b[4:]) {
			w.then(4, layerEthernet, 0)
			return
		}
		w.next = layerEthernet
	default:
		w.guessed = true
		w.next = layerEthernet
	}
}

// likelyFrame reports whether the bytes may be an Ethernet frame that holds IP
// or a tag.
func likelyFrame(b []byte) bool {
	if len(b) < 14 {
		return false
	}
	switch binary.BigEndian.Uint16(b[12:]) {
	case typeIPv4, typeIPv6, typeVLAN, typeQinQ, typeMPLS, typePPPoE:
		return true
	}
	return false
}

// llc reads an IEEE 802.2 header, and SNAP behind it (RFC 1042).
func (w *walk) llc() {
	const snap, ip, osi = 0xaa, 0x06, 0xfe
	b := w.b
	if len(b) < 3 {
		w.end()
		return
	}
	size := 4
	if b[2]&3 == 3 { // unnumbered: a control field of one byte
		size = 3
	}
	switch b[0] &^ 1 {
	case snap:
		w.snap(size, 2)
	case ip:
		w.then(size, layerIPv4, 0)
	case osi:
		if w.skip(size) {
			w.nlpid(false)
		}
	default:
		w.end()
	}
}

// snap reads an organization and its protocol; padding is what stands before
// bridged frames, to align them.
func (w *walk) snap(at, padding int) {
	if len(w.b) < at+5 {
		w.end()
		return
	}
	organization := binary.BigEndian.Uint32(w.b[at:]) >> 8
	number := binary.BigEndian.Uint16(w.b[at+3:])
	switch organization {
	case 0, 0x0000f8: // encapsulated Ethernet, Cisco's
		w.then(at+5, layerEtherType, number)
	case 0x0080c2: // bridged frames (RFC 2427 §4.2, RFC 2684 §5.2)
		const withChecksum, without = 1, 7
		if number == withChecksum || number == without {
			w.then(at+5+padding, layerEthernet, 0)
			return
		}
		w.end()
	default:
		w.end()
	}
}

// nlpid goes on with an ISO network layer protocol identifier; SNAP and PPP
// stand behind one in Frame Relay only (RFC 2427 §2, RFC 1973).
func (w *walk) nlpid(frameRelay bool) {
	const ipv4, ipv6, snap, ppp = 0xcc, 0x8e, 0x80, 0xcf
	if len(w.b) == 0 {
		w.end()
		return
	}
	switch id := w.b[0]; {
	case id == ipv4:
		w.then(1, layerIPv4, 0)
	case id == ipv6:
		w.then(1, layerIPv6, 0)
	case id == snap && frameRelay:
		w.snap(1, 0)
	case id == ppp && frameRelay:
		w.then(1, layerPPP, 0)
	default:
		w.end()
	}
}
