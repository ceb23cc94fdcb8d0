package wire

import (
	"net/netip"
	"slices"
)

// Offsets in the headers of IPv4 (RFC 791 §3.1) and IPv6 (RFC 8200 §3), in bytes. The
// hosts send neither options nor extension headers.
const (
	v4Header   = 20
	v4TOS      = 1
	v4Length   = 2
	v4Flags    = 6
	v4TTL      = 8
	v4Protocol = 9
	v4Sum      = 10
	v4Source   = 12
	v4Target   = 16

	v6Header   = 40
	v6Class    = 1 // its lower half and the flow label's beginning
	v6Length   = 4
	v6Next     = 6
	v6HopLimit = 7
	v6Source   = 8
	v6Target   = 24
)

// isV6 reports whether a packet is of IPv6.
func isV6(p []byte) bool { return len(p) > 0 && p[0]>>4 == 6 }

// headerSize is how long the IP header of a packet is.
func headerSize(p []byte) int {
	if isV6(p) {
		return v6Header
	}
	return v4Header
}

// sourceOf is the address that a packet comes from.
func sourceOf(p []byte) (a netip.Addr) {
	if isV6(p) {
		a, _ = netip.AddrFromSlice(p[v6Source:v6Target])
	} else {
		a, _ = netip.AddrFromSlice(p[v4Source:v4Target])
	}
	return a
}

// ipPacket puts an IP header in front of a payload.
func ipPacket(from, to netip.Addr, protocol byte, payload []byte) []byte {
	if from.Is6() {
		p := make([]byte, v6Header, v6Header+len(payload))
		p[0] = 6 << 4
		be.PutUint16(p[v6Length:], uint16(len(payload)))
		p[v6Next], p[v6HopLimit] = protocol, 64
		copy(p[v6Source:], from.AsSlice())
		copy(p[v6Target:], to.AsSlice())
		return append(p, payload...)
	}
	p := make([]byte, v4Header, v4Header+len(payload))
	p[0] = 4<<4 | v4Header/4
	be.PutUint16(p[v4Length:], uint16(v4Header+len(payload)))
	be.PutUint16(p[v4Flags:], 1<<14) // not to be fragmented
	p[v4TTL], p[v4Protocol] = 64, protocol
	copy(p[v4Source:], from.AsSlice())
	copy(p[v4Target:], to.AsSlice())
	sumIP(p)
	return append(p, payload...)
}

// sumIP fills in the checksum of the IP header; IPv6 has none.
func sumIP(p []byte) {
	if isV6(p) {
		return
	}
	be.PutUint16(p[v4Sum:], 0)
	be.PutUint16(p[v4Sum:], ^onesSum(0, p[:v4Header]))
}

// pseudoSum is the sum of the pseudo-header of a packet: its addresses, its protocol
// and how long its payload is (RFC 9293 §3.1).
func pseudoSum(p []byte, protocol byte, length int) uint16 {
	addresses := p[v4Source:v4Header]
	if isV6(p) {
		addresses = p[v6Source:v6Header]
	}
	return onesSum(uint32(protocol)+uint32(length), addresses)
}

// congested is a packet with the mark of a congested router, CE (RFC 3168 §5), and
// the checksum that goes with it.
func congested(p []byte) []byte {
	changed := slices.Clone(p)
	if isV6(p) {
		changed[v6Class] |= 3 << 4
		return changed
	}
	changed[v4TOS] |= 3
	sumIP(changed)
	return changed
}

// isNeighbourTalk reports whether a packet is of IPv6 and neither TCP nor an ICMPv6
// error: what a host says to its neighbours (of whom there are none) as its device
// comes up. It is no part of any connection.
func isNeighbourTalk(p []byte) bool {
	if !isV6(p) || len(p) <= v6Header {
		return false
	}
	isError := p[v6Next] == protocolICMPv6 && p[v6Header] < 128
	return p[v6Next] != protocolTCP && !isError
}
