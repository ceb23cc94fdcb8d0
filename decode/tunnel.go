package decode

import "encoding/binary"

// UDP ports whose payload may be a tunnel (IANA service names; 8472 is what
// Linux used for VXLAN, and OTV, which looks the same).
const (
	portL2TP     = 1701
	portGTP      = 2152
	portGTPOld   = 3386
	portTeredo   = 3544
	portLISP     = 4341
	portGRE      = 4754 // 4755 is the same inside DTLS
	portVXLAN    = 4789
	portVXLANGPE = 4790
	portAYIYA    = 5072
	portCAPWAP   = 5247
	portGeneve   = 6081
	portSFlow    = 6343
	portMPLS     = 6635
	portOTV      = 8472
	portLWAPP    = 12222
	portTZSP     = 37008
)

// udp reads a UDP header (RFC 768). A tunnel is guessed from either port, so
// what cannot be read behind it is no fault.
func (w *walk) udp() {
	const size = 8
	b := w.b
	w.end()
	if len(b) < size {
		return
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	if length < size {
		return
	}
	src, dst := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	w.clip(length)
	w.skip(size)
	w.guessed = true
	if !w.udpPort(min(src, dst)) {
		w.udpPort(max(src, dst))
	}
}

// udpPort goes on in the tunnel behind a port; false where there is none.
func (w *walk) udpPort(port uint16) bool {
	switch port {
	case portVXLAN, portOTV:
		w.then(8, layerEthernet, 0)
	case portVXLANGPE:
		if len(w.b) >= 8 {
			w.overlay(8, w.b[3])
		}
	case portGeneve:
		w.geneve()
	case portGTP, portGTPOld:
		w.gtp()
	case portTeredo:
		w.teredo()
	case portL2TP:
		w.l2tp()
	case portGRE: // RFC 8086 §3
		w.gre()
	case portLISP:
		w.then(8, layerIP, 0)
	case portMPLS:
		w.next = layerMPLS
	case portAYIYA:
		w.ayiya()
	case portCAPWAP:
		w.capwap()
	case portLWAPP:
		w.lwapp()
	case portTZSP:
		w.tzsp()
	case portSFlow:
		w.sflow()
	default:
		return false
	}
	return true
}

// overlay goes on with a next-protocol number of VXLAN-GPE and NSH.
func (w *walk) overlay(size int, number uint8) {
	const ipv4, ipv6, ethernet, nsh, mpls = 1, 2, 3, 4, 5
	switch number {
	case ipv4:
		w.then(size, layerIPv4, 0)
	case ipv6:
		w.then(size, layerIPv6, 0)
	case ethernet:
		w.then(size, layerEthernet, 0)
	case nsh:
		w.then(size, layerEtherType, typeNSH)
	case mpls:
		w.then(size, layerMPLS, 0)
	default:
		w.end()
	}
}

// nsh reads a network service header (RFC 8300 §2.2): its length in words in
// the second byte's low six bits, the next protocol in the fourth byte.
func (w *walk) nsh() {
	if len(w.b) < 8 {
		w.end()
		return
	}
	w.overlay(int(w.b[1]&0x3f)*4, w.b[3])
}

// geneve reads RFC 8926 §3.4's header, options and all.
func (w *walk) geneve() {
	if len(w.b) >= 8 {
		w.then(8+int(w.b[0]&0x3f)*4, layerEtherType, binary.BigEndian.Uint16(w.b[2:]))
	}
}

// gtp reads a user plane header (3GPP TS 29.281 §5.1) with its extensions, or
// the 20 bytes of version 0 (GSM 09.60).
func (w *walk) gtp() {
	const packet, anyOptional, withExtension = 0xff, 0x07, 0x04
	b := w.b
	if len(b) < 8 || b[1] != packet {
		return
	}
	if b[0]>>5 == 0 {
		w.then(20, layerIP, 0)
		return
	}
	w.clip(8 + int(binary.BigEndian.Uint16(b[2:])))
	b = w.b
	size := 8
	if b[0]&anyOptional != 0 {
		if len(b) < 12 {
			return
		}
		size = 12
		for next := b[11]; b[0]&withExtension != 0 && next != 0; {
			if size >= len(b) || b[size] == 0 {
				return
			}
			size += int(b[size]) * 4
			if size > len(b) {
				return
			}
			next = b[size-1]
		}
	}
	if !w.skip(size) {
		return
	}
	w.next = layerIP
	if likelyFrame(w.b) && w.b[0]>>4 != 4 && w.b[0]>>4 != 6 {
		w.next = layerEthernet
	}
}

// teredo goes past authentication and origin (RFC 4380 §5.1.1) to IPv6.
func (w *walk) teredo() {
	for len(w.b) >= 4 && w.b[0] == 0 {
		size := 8
		if w.b[1] == 1 {
			size = 13 + int(w.b[2]) + int(w.b[3])
		}
		if !w.skip(size) {
			return
		}
	}
	w.next = layerIPv6
}

// l2tp reads a data message of version 2 (RFC 2661 §3.1), which carries PPP.
func (w *walk) l2tp() {
	const control, withLength, withSequence, withOffset = 0x8000, 0x4000, 0x0800, 0x0200
	if len(w.b) < 6 {
		return
	}
	flags := binary.BigEndian.Uint16(w.b)
	if flags&control != 0 || flags&0xf != 2 {
		return
	}
	size := 6
	if flags&withLength != 0 {
		w.clip(int(binary.BigEndian.Uint16(w.b[2:])))
		size += 2
	}
	if flags&withSequence != 0 {
		size += 4
	}
	if flags&withOffset != 0 {
		if len(w.b) < size+2 {
			return
		}
		size += 2 + int(binary.BigEndian.Uint16(w.b[size:]))
	}
	w.then(size, layerHDLCPPP, 0)
}

// ayiya reads the header of SixXS's tunnels: identity of 2^n bytes, signature
// in words, then what IP protocol is inside.
func (w *walk) ayiya() {
	if len(w.b) >= 8 {
		w.then(8+1<<(w.b[0]>>4)+int(w.b[1]>>4)*4, layerProtocol, uint16(w.b[3]))
	}
}

// capwap reads a data header (RFC 5415 §4.3): 802.11 or 802.3 inside.
func (w *walk) capwap() {
	if len(w.b) < 8 || w.b[0] != 0 { // 1 is DTLS
		return
	}
	word := binary.BigEndian.Uint32(w.b)
	size, native, fragment := int(word>>19&31)*4, word&(1<<8) != 0, word&(1<<7) != 0
	if fragment || !w.skip(size) {
		return
	}
	if native {
		w.wlanFrame(true, false)
		return
	}
	w.next = layerEthernet
}

// lwapp reads a data header (RFC 5412): 802.11 inside.
func (w *walk) lwapp() {
	const control = 0x04
	if len(w.b) < 6 || w.b[0]&control != 0 || !w.skip(6) {
		return
	}
	w.next = layerWLAN
}

// tzsp reads TaZmen's sniffer header with its tags.
func (w *walk) tzsp() {
	const padding, end, ethernet, wlan = 0, 1, 1, 18
	if len(w.b) < 4 {
		return
	}
	inner, at := binary.BigEndian.Uint16(w.b[2:]), 4
	for at < len(w.b) && w.b[at] != end {
		if w.b[at] == padding {
			at++
			continue
		}
		if at+1 >= len(w.b) {
			return
		}
		at += 2 + int(w.b[at+1])
	}
	switch inner {
	case ethernet:
		w.then(at+1, layerEthernet, 0)
	case wlan:
		w.then(at+1, layerWLAN, 0)
	}
}

// authentication goes past IPsec's authentication header (RFC 4302 §2).
func (w *walk) authentication() {
	if len(w.b) < 2 {
		w.end()
		return
	}
	w.then((int(w.b[1])+2)*4, layerProtocol, uint16(w.b[0]))
}
