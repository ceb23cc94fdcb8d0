package conversation

import (
	"encoding/binary"

	"github.com/handshake-lab/handshake-lab/decode"
)

// key4 and key6 name a pair of sockets, whoever speaks: the smaller socket
// stands first. Two kinds, because IPv4's fits two machine words.
type (
	key4 struct{ a, b uint64 } // address << 16 | port
	key6 struct {
		aHi, aLo, bHi, bLo uint64
		ports              uint32
	}
)

// pair4 returns the key of an IPv4 segment.
func pair4(s *decode.Segment) key4 {
	src, dst := s.Src.As4(), s.Final().As4()
	a := uint64(binary.BigEndian.Uint32(src[:]))<<16 | uint64(s.SrcPort)
	b := uint64(binary.BigEndian.Uint32(dst[:]))<<16 | uint64(s.DstPort)
	if a > b {
		a, b = b, a
	}
	return key4{a, b}
}

// pair6 returns the key of an IPv6 segment.
func pair6(s *decode.Segment) key6 {
	src, dst := s.Src.As16(), s.Final().As16()
	k := key6{
		binary.BigEndian.Uint64(src[:8]), binary.BigEndian.Uint64(src[8:]),
		binary.BigEndian.Uint64(dst[:8]), binary.BigEndian.Uint64(dst[8:]),
		uint32(s.SrcPort)<<16 | uint32(s.DstPort),
	}
	swap := k.aHi > k.bHi || k.aHi == k.bHi && (k.aLo > k.bLo || k.aLo == k.bLo && s.SrcPort > s.DstPort)
	if swap {
		k.aHi, k.aLo, k.bHi, k.bLo = k.bHi, k.bLo, k.aHi, k.aLo
		k.ports = k.ports<<16 | k.ports>>16
	}
	return k
}

// table finds the latest conversation between two sockets.
type table struct {
	v4 map[key4]*Conversation
	v6 map[key6]*Conversation
}

func newTable() table {
	return table{v4: make(map[key4]*Conversation), v6: make(map[key6]*Conversation)}
}

func (t *table) find(s *decode.Segment) *Conversation {
	if s.Src.Is4() && s.Final().Is4() {
		return t.v4[pair4(s)]
	}
	return t.v6[pair6(s)]
}

func (t *table) put(s *decode.Segment, c *Conversation) {
	if s.Src.Is4() && s.Final().Is4() {
		c.key4, c.is4 = pair4(s), true
		t.v4[c.key4] = c
		return
	}
	c.key6, c.is4 = pair6(s), false
	t.v6[c.key6] = c
}

// drop removes c, unless another conversation has taken its place.
func (t *table) drop(c *Conversation) {
	if c.is4 {
		if t.v4[c.key4] == c {
			delete(t.v4, c.key4)
		}
	} else if t.v6[c.key6] == c {
		delete(t.v6, c.key6)
	}
}
