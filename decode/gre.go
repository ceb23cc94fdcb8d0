package decode

import "encoding/binary"

// gre reads generic routing encapsulation: version 0 with checksum, routing,
// key and sequence number (RFC 2784 §2, RFC 2890 §2, RFC 1701), and version 1
// of PPTP (RFC 2637 §4.1).
func (w *walk) gre() {
	const checksum, routing, key, sequence, acknowledged, version = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080, 7
	b := w.b
	w.end()
	if len(b) < 4 {
		return
	}
	flags, number := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	size := 4
	if flags&(checksum|routing) != 0 {
		size += 4
	}
	if flags&key != 0 {
		size += 4
	}
	if flags&sequence != 0 {
		size += 4
	}
	if flags&version == 1 && flags&acknowledged != 0 {
		size += 4
	}
	if flags&routing != 0 { // entries: family, offset, length; the last is all zero
		for {
			if size+4 > len(b) {
				return
			}
			family, length := binary.BigEndian.Uint16(b[size:]), int(b[size+3])
			size += 4
			if family == 0 || length == 0 {
				break
			}
			size += length
		}
	}
	if !w.skip(size) || len(w.b) == 0 {
		return
	}
	if number == greERSPAN && flags&sequence == 0 {
		w.next = layerEthernet // type I has no header of its own
		return
	}
	w.greType(number)
}

// Protocol types that are GRE's own, beside EtherTypes.
const (
	greWCCP    = 0x883e
	greERSPAN  = 0x88be
	greERSPAN3 = 0x22eb
	grePPP     = 0x880b
	greAruba   = 0x8200 // and 0x8210 to 0x8370: 802.11 frames
)

// greType goes on with GRE's protocol type.
func (w *walk) greType(number uint16) {
	switch {
	case number == greWCCP:
		if len(w.b) > 0 && w.b[0]>>4 != 4 { // a redirect header (draft-wilson-wrec-wccp-v2)
			w.then(4, layerIPv4, 0)
			return
		}
		w.next = layerIPv4
	case number == greERSPAN:
		w.then(8, layerEthernet, 0)
	case number == greERSPAN3:
		w.erspan3()
	case number >= greAruba && number <= greAruba+0x170 && number&0xf == 0:
		w.guessed = true
		w.next = layerWLAN
	case number == grePPP:
		w.next = layerHDLCPPP
	case number == typeIPv4, number == typeIPv6, number == typeBridging, number == typeMPLS,
		number == typeMPLSUp, number == typeNSH, number == typeFrameRelay:
		w.next, w.number = layerEtherType, number
	default:
		w.end()
	}
}

// erspan3 reads the header of ERSPAN type III, whose last bit announces eight
// bytes more.
func (w *walk) erspan3() {
	if len(w.b) < 12 {
		w.end()
		return
	}
	size := 12
	if w.b[11]&1 != 0 {
		size += 8
	}
	w.then(size, layerEthernet, 0)
}
