package conversation

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Pair names the two sockets that a segment goes between, whoever speaks: the
// smaller socket stands first. An IPv4 pair fits the first two words.
type Pair struct {
	a, b    uint64    // IPv4: address << 16 | port; IPv6: the high halves of the addresses
	hash    uint32    // of all the others but flipped
	family  uint8     // 4 or 6
	flipped bool      // the sender's socket is the second one
	ports   uint32    // IPv6
	lo      [2]uint64 // IPv6: the low halves
}

// seed is random, so that no capture can be made to collide.
var seed = [2]uint64{rand.Uint64(), rand.Uint64()}

// Of makes p the pair of a segment. It may be called on any goroutine, ahead
// of following the segment.
func (p *Pair) Of(s *decode.Segment) {
	p.sockets(s)
	hi, lo := bits.Mul64(p.a^seed[0], p.b^seed[1])
	h := hi ^ lo
	if p.family != 4 {
		hi, lo = bits.Mul64(p.lo[0]^h, p.lo[1]^uint64(p.ports)^seed[0])
		h = hi ^ lo
	}
	// Ports follow one another, and a product follows them: without a second one
	// the entries of a table stand in long rows, for some seeds very long ones.
	const golden = 0x9e3779b97f4a7c15 // Knuth's multiplicative hashing
	p.hash = uint32(h * golden >> 32)
}

func (p *Pair) sockets(s *decode.Segment) {
	dst := s.Final()
	if s.Src.Is4() && dst.Is4() {
		a, b := s.Src.As4(), dst.As4()
		p.a = uint64(binary.BigEndian.Uint32(a[:]))<<16 | uint64(s.SrcPort)
		p.b = uint64(binary.BigEndian.Uint32(b[:]))<<16 | uint64(s.DstPort)
		p.family = 4
		if p.flipped = p.a > p.b; p.flipped {
			p.a, p.b = p.b, p.a
		}
		return
	}
	a, b := s.Src.As16(), dst.As16()
	p.a, p.lo[0] = binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(a[8:])
	p.b, p.lo[1] = binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	p.ports = uint32(s.SrcPort)<<16 | uint32(s.DstPort)
	p.family = 6
	p.flipped = p.a > p.b || p.a == p.b && (p.lo[0] > p.lo[1] || p.lo[0] == p.lo[1] && s.SrcPort > s.DstPort)
	if p.flipped {
		p.a, p.b, p.lo[0], p.lo[1] = p.b, p.a, p.lo[1], p.lo[0]
		p.ports = p.ports<<16 | p.ports>>16
	}
}

// is reports whether both name the same sockets, word by word: the compiler
// would call memequal.
func (p *Pair) is(other *Pair) bool {
	return p.a == other.a && p.b == other.b && p.family == other.family &&
		(p.family == 4 || p.lo == other.lo && p.ports == other.ports)
}
