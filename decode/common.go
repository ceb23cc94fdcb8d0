package decode

import (
	"encoding/binary"

	"github.com/handshake-lab/handshake-lab/capture"
)

// common buys 15 % of the conversations' time. It reads what nearly all frames are, in
// one go: Ethernet, an IPv4 header
// without options or an IPv6 header, and a TCP header that is all there. It
// returns false for any other frame, and for one with anything odd about it;
// the walk begins anew then. In a frame that is common the walk finds the same,
// only more slowly.
func (s *Segment) common(p *capture.Packet) bool {
	const (
		ip   = ethernetHeader
		tcp4 = ip + ipv4Header
		tcp6 = ip + ipv6Header
	)
	b := p.Data
	if len(b) < tcp4+headerBytes || p.FCS > 0 {
		return false
	}
	var at, end int // where the TCP header begins and the packet ends, in bytes of the frame
	var tcp *[headerBytes]byte
	wire := max(p.Length, len(b))
	switch front := (*[tcp4 + headerBytes]byte)(b); binary.BigEndian.Uint16(front[12:]) {
	case typeIPv4:
		at, end = tcp4, ip+s.commonIPv4((*[ipv4Header]byte)(front[ip:]), wire-ip)
		tcp = (*[headerBytes]byte)(front[tcp4:])
	case typeIPv6:
		if len(b) < tcp6+headerBytes {
			return false
		}
		front := (*[tcp6 + headerBytes]byte)(b)
		at, end = tcp6, ip+s.commonIPv6((*[ipv6Header]byte)(front[ip:]), wire-ip)
		tcp = (*[headerBytes]byte)(front[tcp6:])
	default:
		return false
	}
	captured := min(end, len(b)) // the rest is padding
	if captured < at+headerBytes {
		return false
	}
	s.fixed(tcp)
	payload := at + s.HeaderLen
	if s.HeaderLen < headerBytes || payload > captured {
		return false
	}
	s.Header, s.Payload, s.PayloadLen = b[at:payload], b[payload:captured], end-payload
	if s.HeaderLen > headerBytes {
		s.Problem = s.Options.read(b[at+headerBytes : payload])
	}
	s.whole, s.Bare = captured == end, true
	return true
}

// commonIPv4 reads a header in a packet of at most n bytes, and returns how
// many the packet has; 0 where it is not common.
func (s *Segment) commonIPv4(b *[ipv4Header]byte, n int) int {
	const version4Words5 = 0x45
	total := int(binary.BigEndian.Uint16(b[2:]))
	if b[0] != version4Words5 || b[9] != protoTCP || total > n ||
		binary.BigEndian.Uint16(b[6:])&(moreFragments|fragmentOffset) != 0 {
		return 0
	}
	s.fixedIPv4(b)
	return total
}

// commonIPv6 does the same for IPv6 without extension headers.
func (s *Segment) commonIPv6(b *[ipv6Header]byte, n int) int {
	size := int(binary.BigEndian.Uint16(b[4:]))
	if b[0]>>4 != 6 || b[6] != protoTCP || size == 0 || size > n-ipv6Header {
		return 0
	}
	s.fixedIPv6(b)
	return ipv6Header + size
}
