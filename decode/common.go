package decode

import (
	"encoding/binary"

	"github.com/handshake-lab/handshake-lab/capture"
)

// common reads what nearly all frames are, in one go: Ethernet, an IPv4 header
// without options or an IPv6 header, and a TCP header that is all there. It
// returns false for any other frame, and for one with anything odd about it;
// the walk begins anew then. In a frame that is common the walk finds the same,
// only more slowly.
func (s *Segment) common(p *capture.Packet) bool {
	b := p.Data
	if len(b) < ethernetHeader+ipv4Header+headerBytes || p.FCS > 0 {
		return false
	}
	n := max(p.Length, len(b)) - ethernetHeader
	switch b = b[ethernetHeader:]; binary.BigEndian.Uint16(p.Data[12:]) {
	case typeIPv4:
		if n = s.commonIPv4(b, n); n == 0 {
			return false
		}
		b = b[ipv4Header:]
	case typeIPv6:
		if n = s.commonIPv6(b, n); n == 0 {
			return false
		}
		b = b[ipv6Header:]
	default:
		return false
	}
	if len(b) > n {
		b = b[:n] // the rest is padding
	}
	if len(b) < headerBytes {
		return false
	}
	s.fixed(b)
	size := s.HeaderLen
	if size < headerBytes || size > len(b) {
		return false
	}
	s.Header, s.Payload, s.PayloadLen = b[:size], b[size:], n-size
	if size > headerBytes {
		s.Problem = s.Options.read(s.Header[headerBytes:])
	}
	s.whole = len(b) == n
	return true
}

// commonIPv4 reads a header of 20 bytes in a packet of at most n, and returns
// the bytes behind it, 0 where the packet is not common.
func (s *Segment) commonIPv4(b []byte, n int) int {
	const version4Words5 = 0x45
	total := int(binary.BigEndian.Uint16(b[2:]))
	if b[0] != version4Words5 || b[9] != protoTCP || total > n || total < ipv4Header+headerBytes ||
		binary.BigEndian.Uint16(b[6:])&(moreFragments|fragmentOffset) != 0 {
		return 0
	}
	s.fixedIPv4(b)
	return total - ipv4Header
}

// commonIPv6 does the same for IPv6 without extension headers.
func (s *Segment) commonIPv6(b []byte, n int) int {
	if len(b) < ipv6Header {
		return 0
	}
	size := int(binary.BigEndian.Uint16(b[4:]))
	if b[0]>>4 != 6 || b[6] != protoTCP || size > n-ipv6Header || size < headerBytes {
		return 0
	}
	s.fixedIPv6(b)
	return size
}
