package conversation

import (
	"encoding/binary"

	"github.com/handshake-lab/handshake-lab/decode"
)

// of makes k the key of a segment's two sockets. It tells whether the sender's
// is the second one.
func (k *key) of(s *decode.Segment) (flipped bool) {
	dst := s.Final()
	if s.Src.Is4() && dst.Is4() {
		a, b := s.Src.As4(), dst.As4()
		k.a = uint64(binary.BigEndian.Uint32(a[:]))<<16 | uint64(s.SrcPort)
		k.b = uint64(binary.BigEndian.Uint32(b[:]))<<16 | uint64(s.DstPort)
		if flipped = k.a > k.b; flipped {
			k.a, k.b = k.b, k.a
		}
		k.family = 4
		return flipped
	}
	a, b := s.Src.As16(), dst.As16()
	k.a, k.lo[0] = binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(a[8:])
	k.b, k.lo[1] = binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	k.ports = uint32(s.SrcPort)<<16 | uint32(s.DstPort)
	k.family = 6
	if k.a > k.b || k.a == k.b && (k.lo[0] > k.lo[1] || k.lo[0] == k.lo[1] && s.SrcPort > s.DstPort) {
		k.a, k.b, k.lo[0], k.lo[1] = k.b, k.a, k.lo[1], k.lo[0]
		k.ports = k.ports<<16 | k.ports>>16
		return true
	}
	return false
}
