package conversation

import (
	"fmt"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode"
)

// quote marks an ICMP error, and what of the conversation it quotes.
func (c *Conversation) quote(q *decode.Quote, s *decode.Segment) {
	from := Client
	if s.Src == c.Ends[Server].Addr && s.SrcPort == c.Ends[Server].Port {
		from = Server
	}
	kind := kindOf(q)
	if h := &c.hosts[from]; kind != markQuoteAdvice && len(s.Header) >= 8 && h.is(hasNxt) && later(s.Seq, h.nxt) {
		c.mark(markQuoteUnsent, s.Number) // believed of nothing else (RFC 5927 §4.1)
		return
	}
	if kind != markQuoteAdvice && c.hasOnly(markQuoteAdvice) {
		c.room.quoted = "" // an error says more
	}
	c.mark(kind, s.Number)
	c.room.quotedFrom, c.room.quotedSeq = from, s.Seq
	if from == Server && kind != markQuoteAdvice && c.room.quotedServer == 0 {
		c.room.quotedServer = s.Number
	}
	if c.room.quoted == "" {
		c.room.quoted, c.room.quotedBy = q.Text, q.Src
	}
	if kind == markQuoteTooBig && c.room.quotedMTU == 0 {
		c.room.quotedMTU = uint32(q.MTU)
	}
}

// kindOf is what an ICMP error says of the way (RFC 792, RFC 1812 §5.2.7.1,
// RFC 4443 §3). A port unreachable is a firewall's word: a host answers a segment
// to a closed port by an RST (RFC 9293 §3.10.7.1).
func kindOf(q *decode.Quote) int {
	type message struct{ version, kind uint8 }
	switch (message{q.Version, q.Type}) {
	case message{4, 3}:
		switch q.Code {
		case 4:
			return markQuoteTooBig
		case 3, 9, 10, 13:
			return markQuoteProhibited
		}
		return markQuoteUnreachable
	case message{6, 1}:
		switch q.Code {
		case 1, 4, 5, 6:
			return markQuoteProhibited
		}
		return markQuoteUnreachable
	case message{6, 2}:
		return markQuoteTooBig
	case message{4, 11}, message{6, 3}:
		if q.Code == 0 {
			return markQuoteExpired
		}
	case message{4, 4}, message{4, 5}:
		return markQuoteAdvice
	}
	return markQuoteOther
}

// errorsQuoted are the kinds of ICMP errors but for those about the size of a
// packet.
var errorsQuoted = of(markQuoteProhibited, markQuoteUnreachable, markQuoteExpired, markQuoteOther)

// hasOnly reports whether of all that ICMP says of the conversation there is one
// kind alone.
func (c *Conversation) hasOnly(kind int) bool {
	return c.has(kind) && !c.marks.set.hasAny(errorsQuoted) && (kind == markQuoteTooBig || !c.has(markQuoteTooBig))
}

// isQuoted reports whether an ICMP error quoted the conversation, other than for
// the size of a packet.
func (c *Conversation) isQuoted() bool { return c.marks.set.hasAny(errorsQuoted) }

// firstQuote is the frame of the first such error.
func (c *Conversation) firstQuote() (frame int) {
	for _, kind := range [...]int{markQuoteProhibited, markQuoteUnreachable, markQuoteExpired, markQuoteOther} {
		if n := c.first(kind); n != 0 && (frame == 0 || n < frame) {
			frame = n
		}
	}
	return frame
}

// gotThrough reports whether what the latest ICMP error quotes was acknowledged
// since.
func (c *Conversation) gotThrough() bool {
	return later(c.hosts[c.room.quotedFrom].una, c.room.quotedSeq)
}

// gotSmaller reports whether what was sent again in the size that a router had
// asked for was acknowledged.
func (c *Conversation) gotSmaller() bool {
	return c.has(markSmaller) && notLater(c.room.smallerTo, c.hosts[c.room.quotedFrom].una)
}

// largeLost reports whether an end repeats a large segment in vain, and none as
// large is known to have arrived.
func (c *Conversation) largeLost(from Side) bool {
	return c.has(markBigAgain) && c.room.bigFrom == from && int(c.large[from].passed) < c.room.bigSize
}

// quoter names the sender of the first ICMP error.
func (c *Conversation) quoter() string {
	by := c.room.quotedBy
	for _, side := range [...]Side{Client, Server} {
		if by == c.Ends[side].Addr {
			return fmt.Sprintf("%s (the %s's own address):", by, side)
		}
	}
	return by.String() + ":"
}

// causes says what lies behind the first ICMP error, as far as that tells; empty
// where its own words are enough.
func (c *Conversation) causes() string {
	ttl := c.hosts[c.room.quotedFrom].ttl
	switch c.firstQuote() {
	case c.first(markQuoteExpired):
		if ttl != 0 && ttl <= probingTTL {
			return fmt.Sprintf(": its TTL, %d where it was captured, was used up there: the way is longer, as when a traceroute looks at it hop by hop", ttl)
		}
		return ": its TTL was used up there, in a loop of routers as a rule, or it was too small for the way, as a traceroute chooses it"
	case c.first(markQuoteUnreachable):
		return ": there is no way to it, or nobody answers for the address, as far as the message is true: a firewall can send it, too"
	case c.first(markQuoteProhibited):
		return ": a filter there refuses it, as by a firewall's rule"
	}
	return ""
}

// probingTTL is the highest TTL that a traceroute has a use for: longer ways there
// are hardly any. Hosts begin with 64 or more, some with 32.
const probingTTL = 30

// narrower says what a router asked for that could not pass a packet on.
func (c *Conversation) narrower() string {
	text := "a router could not forward a packet of this size and said so by ICMP"
	if c.room.quotedMTU > 0 {
		text += fmt.Sprintf(": the next link takes %d bytes", c.room.quotedMTU)
	}
	return text
}

// asideICMP adds what ICMP says besides the verdict.
func (c *Conversation) asideICMP(d *diagnosis, add func(kind int, format string, args ...any)) (frames []int) {
	is := func(names ...string) bool { return d != nil && slices.Contains(names, d.name) }
	if c.isQuoted() && !is(RejectedOnTheWay, Filtered, Unreachable) {
		text := fmt.Sprintf("an ICMP error came from %s %s", c.quoter(), c.room.quoted)
		if c.firstQuote() > c.Handshake.ACKFrame && c.Handshake.Complete && c.gotThrough() {
			text += ", and what it quotes was acknowledged in the end (a soft error, RFC 1122 §4.2.3.9)"
		}
		add(markQuoteUnreachable, "%s", text)
		frames = append(frames, c.firstQuote())
	}
	if c.has(markQuoteTooBig) && !is(PathMTU, PathMTUFound) {
		add(markQuoteTooBig, "%s", c.narrower())
	}
	if c.hasOnly(markQuoteAdvice) {
		add(markQuoteAdvice, "ICMP from %s %s, which is no error: the packet was passed on", c.quoter(), c.room.quoted)
	}
	if c.has(markQuoteUnsent) {
		add(markQuoteUnsent, "an ICMP error (#%d) quotes a sequence number that had not been sent: it is forged, or the segment is not in the capture", c.first(markQuoteUnsent))
	}
	return frames
}
