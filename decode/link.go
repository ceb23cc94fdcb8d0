package decode

import (
	"encoding/binary"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Link types that have no name in package capture
// (https://www.tcpdump.org/linktypes.html).
const (
	linkTokenRing    capture.LinkType = 6
	linkArcnet       capture.LinkType = 7
	linkPPP          capture.LinkType = 9
	linkFDDI         capture.LinkType = 10
	linkATM          capture.LinkType = 11
	linkPPPSerial    capture.LinkType = 50
	linkPPPEther     capture.LinkType = 51
	linkHDLC         capture.LinkType = 104
	linkWLAN         capture.LinkType = 105
	linkCLIP16       capture.LinkType = 16 // Linux's classical IP over ATM has had four numbers
	linkCLIP18       capture.LinkType = 18
	linkCLIP19       capture.LinkType = 19
	linkCLIP         capture.LinkType = 106
	linkFrameRelay   capture.LinkType = 107
	linkEnc          capture.LinkType = 109
	linkPFLog        capture.LinkType = 117
	linkPrism        capture.LinkType = 119
	linkIPOverFC     capture.LinkType = 122
	linkSunATM       capture.LinkType = 123
	linkRadiotap     capture.LinkType = 127
	linkArcnetLinux  capture.LinkType = 129
	linkPktapUser    capture.LinkType = 149 // Apple's PKTAP under the number it had first
	linkAVS          capture.LinkType = 163
	linkPPPD         capture.LinkType = 166
	linkPPI          capture.LinkType = 192
	linkPPPDir       capture.LinkType = 204
	linkHDLCDir      capture.LinkType = 205
	linkFrameDir     capture.LinkType = 206
	linkMPLS         capture.LinkType = 219
	linkNFLog        capture.LinkType = 239
	linkNetAnalyzer  capture.LinkType = 240
	linkNetAnalyzerT capture.LinkType = 241
	linkIPoIB        capture.LinkType = 242
	linkPktap        capture.LinkType = 258
	linkMPacket      capture.LinkType = 274
)

// link goes past what the capture put in front of the first layer that a
// network knows; without a decoder for it the packet holds nothing of ours.
func (w *walk) link(t capture.LinkType) {
	switch t {
	case capture.LinkEthernet:
		if w.fcs > 0 {
			w.clip(w.n - int(w.fcs))
		}
		w.next = layerEthernet
	case capture.LinkNull:
		w.loopback()
	case capture.LinkLoop:
		if len(w.b) >= 4 {
			w.family(4, binary.BigEndian.Uint32(w.b))
		}
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpen:
		w.next = layerIP
	case capture.LinkIPv4:
		w.next = layerIPv4
	case capture.LinkIPv6:
		w.next = layerIPv6
	case capture.LinkSLL:
		w.cooked(14, 2, 16)
	case capture.LinkSLL2:
		w.cooked(0, 8, 20)
	default:
		w.rareLink(t)
	}
}

// loopback reads BSD's four bytes: an address family in the byte order of the
// host that captured, or an EtherType.
func (w *walk) loopback() {
	if len(w.b) < 4 {
		w.end()
		return
	}
	if w.b[0] == 0xff && w.b[1] == 3 {
		w.then(2, layerPPP, 0)
		return
	}
	family := binary.LittleEndian.Uint32(w.b)
	if family&0xffff0000 != 0 {
		family = binary.BigEndian.Uint32(w.b)
	}
	if family > maxLLC && family <= 0xffff {
		w.then(4, layerEtherType, uint16(family))
		return
	}
	w.family(4, family)
}

// family goes on with the IP version that an address family of any system
// stands for: 2 everywhere IPv4; IPv6 is 24 (NetBSD, OpenBSD), 28 (FreeBSD),
// 30 (Darwin).
func (w *walk) family(size int, family uint32) {
	switch family {
	case 2:
		w.then(size, layerIPv4, 0)
	case 24, 28, 30:
		w.then(size, layerIPv6, 0)
	default:
		w.end()
	}
}

// cooked reads a header of Linux's cooked capture: where its protocol and its
// ARPHRD type stand, and how long it is.
func (w *walk) cooked(protocolAt, hardwareAt, size int) {
	const ipgre, radiotap, ipgre6, netlink = 778, 803, 823, 824 // hardware types
	const llc, ppp = 4, 7                                       // protocols that are no EtherTypes
	if len(w.b) < size {
		w.short("Linux cooked", size)
		return
	}
	number := binary.BigEndian.Uint16(w.b[protocolAt:])
	hardware := binary.BigEndian.Uint16(w.b[hardwareAt:])
	w.skip(size)
	switch {
	case hardware == netlink:
		w.end()
	case hardware == ipgre || hardware == ipgre6:
		w.greType(number)
	case number == llc && hardware == radiotap:
		w.radiotap()
	case number == llc:
		w.next = layerLLC
	case number == ppp:
		w.next = layerHDLCPPP
	case number > maxLLC:
		w.next, w.number = layerEtherType, number
	default:
		w.end()
	}
}

// linkInside goes on with a link type that another one's header names.
func (w *walk) linkInside(t uint32) {
	if t == uint32(linkPPI) || t == uint32(linkPktap) || t == uint32(linkPktapUser) || t > 0xffff {
		return
	}
	w.link(capture.LinkType(t))
}
