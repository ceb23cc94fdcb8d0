package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// account adds the segment to what its sender has sent.
func (c *Conversation) account(ev *Event, fwd *end) {
	s := ev.Segment
	f := &c.Flows[ev.From]
	f.Segments++
	f.Wire += uint64(s.Length)
	if s.PayloadLen > len(s.Payload) {
		c.Cuts++
	}
	if s.Flags.Has(decode.SYN) && f.DataSegments == 0 {
		fwd.countFrom(s.Seq + 1)
	}
	if s.PayloadLen <= 0 || ev.Step == StepRST || ev.Analysis&KeepAlive != 0 {
		return
	}
	from := s.Seq
	if s.Flags.Has(decode.SYN) {
		from++
	}
	ev.Fresh = fwd.count(from, s.PayloadLen)
	f.Bytes += uint64(ev.Fresh)
	f.DataSegments++
}

// stretch lets the conversation reach as far as a segment's time. A file need not
// be in the order of time.
func (c *Conversation) stretch(at capture.Time) {
	switch {
	case !at.Known:
	case !c.Earliest.Known:
		c.Earliest, c.Latest = at, at
	case c.Latest.Before(at):
		c.Latest = at
	case at.Before(c.Earliest):
		c.Earliest = at
	}
}

// learnOffer keeps what a SYN or SYN+ACK offers.
func (c *Conversation) learnOffer(ev *Event) {
	s := ev.Segment
	if !s.Flags.Has(decode.SYN) {
		return
	}
	o := &s.Options
	offer := Offer{Seen: true, WindowScale: -1, SACK: o.SACKPermitted, Timestamps: o.HasTimestamps,
		FastOpen: o.FastOpen, MPTCP: o.MPTCP}
	if o.HasMSS {
		offer.MSS = o.MSS
	}
	if o.HasScale {
		offer.WindowScale = int8(min(o.Scale, maxShift))
	}
	const ecn = decode.ECE | decode.CWR // RFC 3168 §6.1.1
	offer.ECN = s.Flags&ecn == ecn || s.Flags.Has(decode.ACK) && s.Flags&ecn == decode.ECE
	c.Offers[ev.From] = offer
}

// Agreed returns the options that both ends offered: those in force. Each
// end's MSS and window scale shift apply on their own; the scale is in force
// only when both offered one (RFC 7323 §2.2).
func (c *Conversation) Agreed() (o Offer) {
	a, b := c.Offers[Client], c.Offers[Server]
	o.Seen = a.Seen && b.Seen
	o.WindowScale = -1
	if !o.Seen {
		return o
	}
	if a.WindowScale >= 0 && b.WindowScale >= 0 {
		o.WindowScale = max(a.WindowScale, b.WindowScale)
	}
	o.SACK = a.SACK && b.SACK
	o.Timestamps = a.Timestamps && b.Timestamps
	o.FastOpen = a.FastOpen && b.FastOpen
	o.MPTCP = a.MPTCP && b.MPTCP
	o.ECN = a.ECN && b.ECN
	o.MSS = min(a.MSS, b.MSS)
	return o
}
