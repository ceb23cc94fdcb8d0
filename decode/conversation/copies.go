package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// A capture at two places, or at one that a packet passes twice, holds a packet
// twice; so does one behind a path that made a copy. Nothing was sent again
// then. What tells is the TTL, which is lower further on, and IPv4's
// identification, which most hosts give each packet anew (RFC 6864 §4 lets it be
// anything where nothing is fragmented); and else time: no timer is so short.

// copyCache remembers what segments looked like, whichever conversation they
// are of: a direct-mapped cache, so that its size is fixed.
type copyCache struct{ entries []look }

// look is a segment as a copy of it looks: hash is of its sockets, numbers,
// flags, length, window and identification.
type look struct {
	hash     uint64
	time     int64 // microseconds since 1970
	frame    int32
	checksum uint16
	ttl      uint8
}

const (
	copyEntries = 1 << 12 // a power of two
	// copyWithin is how soon a copy follows where no identification tells it from
	// a repetition, in microseconds: far below the shortest of timers (Linux waits
	// 200 ms, or 10 ms at the least for a loss probe).
	copyWithin = 1e3
	// copyWithinID is the same where the identification is that of the first, though
	// its sender may give all packets that one: below the shortest timer that
	// sends a segment again.
	copyWithinID = 1e5
)

func newCopyCache() copyCache { return copyCache{make([]look, copyEntries)} }

// lookOf is how a segment of a pair looks. It is hashed without the seed: two
// looks that share a place forget one another, and what is told of a capture
// must not change from run to run.
func lookOf(p *Pair, s *decode.Segment) uint64 {
	const golden = 0x9e3779b97f4a7c15
	h := (p.a*golden ^ p.b) * golden
	if p.family != 4 {
		h = ((h^p.lo[0])*golden ^ p.lo[1] ^ uint64(p.ports)) * golden
	}
	h ^= h >> 32
	h = (h ^ uint64(s.ID)) * golden
	h ^= h >> 29
	h = (h ^ uint64(s.Seq)<<32 ^ uint64(s.Ack)) * golden
	h ^= h >> 29
	h = (h ^ uint64(s.Flags)<<48 ^ uint64(s.Window)<<32 ^ uint64(uint32(s.PayloadLen)) ^ uint64(s.Options.TSVal)<<8) * golden
	if p.flipped {
		h = ^h
	}
	return h ^ h>>32
}

// place is where such a segment is remembered.
func (c *copyCache) place(hash uint64) *look { return &c.entries[hash%copyEntries] }

// find returns the frame that s is a copy of, 0 where it is none. variesID says
// that its sender gives packets different identifications. asked is the frame of
// the SYN that came again and that s may answer, 0 for none.
func (c *copyCache) find(hash uint64, s *decode.Segment, variesID bool, asked int) int {
	at := c.place(hash)
	if at.hash != hash || at.frame == 0 {
		return 0
	}
	isCopy := false
	apart := microseconds(s) - at.time
	switch apart = max(apart, -apart); {
	case at.checksum != s.Checksum: // a router may change a SYN's options on the way
		isCopy = s.ID != 0 && at.ttl != s.TTL && s.Flags.Has(decode.SYN)
	case at.ttl != s.TTL:
		isCopy = true
	case apart <= copyWithin: // but two SYN+ACKs that Linux gives the same identification, 0, may answer a SYN each
		isCopy = s.ID != 0 || int(at.frame) > asked
	case s.Flags&(decode.SYN|decode.ACK) == decode.SYN && s.Options.HasTimestamps && apart < copyWithinID:
		isCopy = true // a SYN's timer waits for a second: IPv6 has no identification, but the timestamp is the same
	case s.ID != 0:
		isCopy = variesID || s.Options.HasTimestamps || apart < copyWithinID
	}
	if !isCopy {
		return 0
	}
	return int(at.frame)
}

// keep remembers s.
func (c *copyCache) keep(hash uint64, s *decode.Segment) {
	*c.place(hash) = look{hash, microseconds(s), int32(s.Number), s.Checksum, s.TTL}
}

// asked is the last frame in which the client has sent its SYN again, where s is a
// SYN+ACK: it may answer that. 0 for none.
func (c *Conversation) asked(s *decode.Segment) int {
	if !s.Flags.Has(decode.SYN | decode.ACK) {
		return 0
	}
	return c.last(markSYNAgain)
}

func microseconds(s *decode.Segment) int64 { return s.Time.Sec*1e6 + int64(s.Time.Nsec)/1e3 }
