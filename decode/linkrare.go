package decode

import (
	"encoding/binary"

	"github.com/handshake-lab/handshake-lab/capture"
)

// rareLink is link for the types that few captures have.
func (w *walk) rareLink(t capture.LinkType) {
	switch t {
	case linkPPP, linkPPPSerial:
		w.next = layerHDLCPPP
	case linkPPPEther:
		w.pppoe()
	case linkPPPD:
		w.then(2, layerPPP, 0)
	case linkPPPDir:
		w.pseudo(1)
		w.next = layerHDLCPPP
	case linkHDLC:
		w.next = layerHDLC
	case linkHDLCDir:
		w.then(1, layerHDLC, 0)
	case linkFrameRelay:
		w.next = layerFrameRelay
	case linkFrameDir:
		w.then(1, layerFrameRelay, 0)
	case linkMPLS:
		w.next = layerMPLS
	case linkATM, capture.LinkRFC1483:
		w.next = layerLLC
	case linkSunATM:
		const llc = 2
		if len(w.b) >= 4 && w.b[0]&0xf == llc {
			w.pseudo(4)
			w.next = layerLLC
		}
	case linkCLIP, linkCLIP16, linkCLIP18, linkCLIP19:
		w.next = layerIP
	case linkIPOverFC:
		w.then(16, layerLLC, 0)
	case linkFDDI:
		w.fddi()
	case linkTokenRing:
		w.tokenRing()
	case linkArcnet:
		w.arcnet(2, true)
	case linkArcnetLinux:
		w.arcnet(4, false)
	case linkWLAN:
		w.next = layerWLAN
	case linkPrism:
		w.prism()
	case linkAVS:
		w.avs()
	case linkRadiotap:
		w.radiotap()
	case linkPPI:
		w.ppi()
	case linkNFLog:
		w.nflog()
	case linkPFLog:
		if len(w.b) > 1 {
			w.family((int(w.b[0])+3)&^3, uint32(w.b[1]))
		}
	case linkEnc:
		w.enc()
	case linkIPoIB:
		w.ipoib()
	case capture.LinkERF:
		w.erf()
	case linkPktap, linkPktapUser:
		w.pktap()
	case linkNetAnalyzer:
		w.then(4, layerEthernet, 0)
	case linkNetAnalyzerT:
		w.then(12, layerEthernet, 0)
	case linkMPacket:
		w.then(8, layerEthernet, 0)
	default:
		w.juniper(t)
	}
}

// pseudo goes past n bytes that the capture library put there and that
// Wireshark does not count as part of the frame.
func (w *walk) pseudo(n int) {
	if w.skip(n) {
		w.s.Length -= n
	}
}

// fddi reads the frame control and two addresses; data frames hold LLC.
func (w *walk) fddi() {
	if len(w.b) > 0 && w.b[0]&0xf0 == 0x50 {
		w.then(13, layerLLC, 0)
	}
}

// tokenRing reads access and frame control, two addresses and the source
// route, which the first bit of the source address announces.
func (w *walk) tokenRing() {
	if len(w.b) < 15 || w.b[1]>>6 != 1 {
		return
	}
	size := 14
	if w.b[8]&0x80 != 0 {
		size += int(w.b[14] & 0x1f)
	}
	w.then(size, layerLLC, 0)
}

// arcnet reads an ARCNET header, whose protocol stands at a byte that BSD and
// Linux disagree about. RFC 1051 has nothing behind it, RFC 1201 a split flag
// and a sequence number, with four bytes more in BSD's exception frames.
func (w *walk) arcnet(protocolAt int, exceptions bool) {
	const ip1051, ip1201, ipv61201, exception = 0xf0, 0xd4, 0xc4, 0xff
	if !w.skip(protocolAt) || len(w.b) < 4 {
		w.end()
		return
	}
	size := 4
	if exceptions && w.b[1] == exception {
		size = 8
	}
	switch w.b[0] {
	case ip1051:
		w.then(1, layerIPv4, 0)
	case ip1201:
		w.then(size, layerIPv4, 0)
	case ipv61201:
		w.then(size, layerIPv6, 0)
	}
}

// nflog reads the attributes of Linux's netfilter log; the payload is one of
// them. Their lengths are in the byte order of the host that captured.
func (w *walk) nflog() {
	const payload = 9
	if len(w.b) < 4 {
		return
	}
	attributes := w.b[4:]
	var order binary.ByteOrder = binary.LittleEndian
	if len(attributes) >= 2 && attributes[0] == 0 && attributes[1] != 0 {
		order = binary.BigEndian
	}
	for at := 0; at+4 <= len(attributes); {
		size := int(order.Uint16(attributes[at:]))
		if size < 4 {
			return
		}
		if order.Uint16(attributes[at+2:])&0x7fff == payload {
			w.skip(4 + at)
			w.clip(size)
			w.then(4, layerIP, 0)
			return
		}
		at += (size + 3) &^ 3
	}
}

// enc reads OpenBSD's header of decapsulated IPsec: address family in the
// host's byte order, index and flags.
func (w *walk) enc() {
	if len(w.b) < 12 {
		return
	}
	family := binary.LittleEndian.Uint32(w.b)
	if family > 0xffff {
		family = binary.BigEndian.Uint32(w.b)
	}
	w.family(12, family)
}

// ipoib reads the 40 bytes of global routing header in front of the four of
// IP over InfiniBand (RFC 4391 §6).
func (w *walk) ipoib() {
	if len(w.b) >= 44 {
		w.then(44, layerEtherType, binary.BigEndian.Uint16(w.b[40:]))
	}
}

// erf reads Endace's record header with its extensions. Types that say on which
// channel, by which color or hash a frame came hold the same frames.
func (w *walk) erf() {
	const hdlc, colorHDLC, dsmHDLC, hashHDLC = 1, 10, 15, 19
	const channelHDLC, colorChannelHDLC = 5, 17
	const ethernet, colorEthernet, dsmEthernet, hashEthernet = 2, 11, 16, 20
	const aal5, ipv4, ipv6 = 4, 22, 23
	if len(w.b) < 16 {
		return
	}
	kind, size := w.b[8], 16
	w.s.Length = int(binary.BigEndian.Uint16(w.b[14:])) // as Wireshark has it, without the record's header
	for more := kind & 0x80; more != 0; size += 8 {
		if size+8 > len(w.b) {
			return
		}
		more = w.b[size] & 0x80
	}
	switch kind & 0x7f {
	case ethernet, colorEthernet, dsmEthernet, hashEthernet:
		w.then(size+2, layerEthernet, 0)
	case hdlc, colorHDLC, dsmHDLC, hashHDLC:
		w.then(size, layerHDLCPPP, 0)
	case channelHDLC, colorChannelHDLC:
		w.then(size+4, layerHDLCPPP, 0)
	case aal5:
		w.then(size+4, layerLLC, 0)
	case ipv4:
		w.then(size, layerIPv4, 0)
	case ipv6:
		w.then(size, layerIPv6, 0)
	}
}

// pktap reads Apple's header: its own length, and the link type behind it.
func (w *walk) pktap() {
	if len(w.b) < 12 {
		return
	}
	size, inner := binary.LittleEndian.Uint32(w.b), binary.LittleEndian.Uint32(w.b[8:])
	if size < 12 || size > uint32(len(w.b)) {
		return
	}
	w.skip(int(size))
	w.linkInside(inner)
}

// juniper reads the header that Juniper's routers put in front: a magic
// number, flags, extensions that may be left out, and then what the link type
// says, or the bare protocol where the flags say that the link layer is gone.
// What has no such header is of a type that nothing is known of.
func (w *walk) juniper(t capture.LinkType) {
	const magic = 0x4d4743
	const extensions, noLink = 0x80, 0x02
	const pppoe, ether, ppp, frame, chdlc = 167, 178, 179, 180, 181
	if len(w.b) < 6 || binary.BigEndian.Uint32(w.b)>>8 != magic {
		w.result.Kind = Foreign
		return
	}
	flags, size := w.b[3], 4
	if flags&extensions != 0 {
		size += 2 + int(binary.BigEndian.Uint16(w.b[4:]))
	}
	if flags&noLink != 0 {
		if len(w.b) >= size+4 {
			family := binary.LittleEndian.Uint32(w.b[size:])
			w.family(size+4, family)
		}
		return
	}
	switch t {
	case ether:
		w.then(size, layerEthernet, 0)
	case ppp:
		w.then(size, layerHDLCPPP, 0)
	case frame:
		w.then(size, layerFrameRelay, 0)
	case chdlc:
		w.then(size, layerHDLC, 0)
	case pppoe:
		w.then(size, layerEthernet, 0)
	}
}
