package wire

import "net/netip"

// Routers are who complains about packets on the way, by IPv4 and by IPv6: further
// addresses that are set apart for documentation (RFC 5737, RFC 3849).
var (
	Router  = netip.AddrFrom4([4]byte{203, 0, 113, 1})
	Router6 = netip.MustParseAddr("2001:db8:3::1")
)

const (
	protocolICMP   = 1
	protocolICMPv6 = 58
	icmpHeader     = 8
	// How much an ICMP error holds at most, its headers included: what RFC 1812
	// §4.3.2.3 allows, and the least that every link of IPv6 carries (RFC 8200 §5).
	icmpMost   = 576
	icmpv6Most = 1280
)

// icmpv6 says by ICMPv6 what an ICMP error of type 3 says.
var icmpv6 = map[uint8][2]byte{0: {1, 0}, 1: {1, 3}, 3: {1, 4}, 4: {2, 0}, 9: {1, 1}, 10: {1, 1}, 13: {1, 1}}

// icmpError is what a router on the way says about a packet: with its header and
// as much behind it as there is room for. Of IPv6 it is the error that says the same.
func icmpError(kind, code byte, mtu uint16, about []byte) []byte {
	if isV6(about) {
		said, known := icmpv6[code]
		if kind != 3 || !known {
			said = [2]byte{kind, code}
		}
		message := icmpMessage(said, uint32(mtu), about, icmpv6Most-v6Header)
		p := ipPacket(Router6, sourceOf(about), protocolICMPv6, message)
		be.PutUint16(p[v6Header+2:], ^onesSum(uint32(pseudoSum(p, protocolICMPv6, len(message))), message))
		return p
	}
	message := icmpMessage([2]byte{kind, code}, uint32(mtu), about, icmpMost-v4Header)
	be.PutUint16(message[2:], ^onesSum(0, message))
	return ipPacket(Router, sourceOf(about), protocolICMP, message)
}

// icmpMessage is such a message without its checksum, with the packet that it is about.
func icmpMessage(said [2]byte, mtu uint32, about []byte, most int) []byte {
	message := make([]byte, icmpHeader, most)
	message[0], message[1] = said[0], said[1]
	be.PutUint32(message[4:], mtu)
	return append(message, about[:min(len(about), most-icmpHeader)]...)
}
