package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// older is the account of a connection whose ports a new SYN has taken, as far
// as Wireshark goes, which begins a new stream there. The ends may see it in
// another way: a SYN in an open connection changes nothing (RFC 5961 §4.2).
type older struct {
	hosts  [2]host // as the ends of the new stream
	stream int
	opened bool          // it was a connection, and no mere attempt
	frame  int           // the SYN
	before *Conversation // its stream; nil once it has been handed on
}

// inherit links a conversation to the one whose ports its SYN has taken.
func (c *Conversation) inherit(from *Conversation, s *decode.Segment) {
	o := &older{hosts: from.hosts, stream: from.Stream, frame: s.Number, before: from,
		opened: from.hosts[Client].is(synchronized) || from.hosts[Server].is(synchronized)}
	if from.Ends[Client] != c.Ends[Client] {
		o.hosts[Client], o.hosts[Server] = o.hosts[Server], o.hosts[Client]
	}
	c.older = o
	for side := range c.hosts {
		c.hosts[side].ttl, c.hosts[side].has = o.hosts[side].ttl, o.hosts[side].has&variesTTL
	}
}

// goOnFrom continues the attempt of an earlier stream that the server answers by a
// SYN of its own: Wireshark begins a new stream, the two ends do not.
func (c *Conversation) goOnFrom(from *Conversation) {
	c.hosts, c.Handshake, c.part = from.hosts, from.Handshake, int32(from.Stream+1)
	c.States = from.States
	from.mark(markGoesOn, c.FirstFrame)
	from.judged = false
}

// isOpening reports whether the client of a conversation still waits for the
// answer to its SYN.
func (c *Conversation) isOpening() bool {
	return c.hosts[Client].state == SynSent && c.hosts[Client].proved && !c.hosts[Server].is(hasISS)
}

// claims brings back the account of the older connection where a segment is of
// that one and not of the new.
func (c *Conversation) claims(ev *Event) {
	s, o := ev.Segment, c.older
	if o == nil || s.Flags.Has(decode.SYN) || !s.Flags.Has(decode.ACK) || s.Flags.Has(decode.RST) {
		return
	}
	me, peer := &o.hosts[ev.From], &o.hosts[ev.From.Other()]
	if c.fits(s, ev.From) || !me.fits(s, peer) {
		return
	}
	if ev.From == Server {
		if c.hosts[Server].is(hasISS) {
			return
		}
		if !c.has(markChallenge) {
			c.mark(markChallenge, s.Number)
		}
		c.hosts[Server] = *me
		if occupied(s) == 0 {
			return
		}
	}
	if ev.From == Client {
		c.hosts[Server] = *peer
		c.hosts[Client] = *me
		c.survives(s.Number)
	}
}

// survives notes that the older connection goes on: this SYN has changed
// nothing.
func (c *Conversation) survives(frame int) {
	c.mark(markSurvived, frame)
	if b := c.older.before; b != nil && b.Stream == c.older.stream {
		b.mark(markSurvived, frame)
		b.judged = false
	}
	c.older = nil
}

// fits reports whether a segment belongs to the connection that the new SYN
// asks for.
func (c *Conversation) fits(s *decode.Segment, from Side) bool {
	me, peer := &c.hosts[from], &c.hosts[from.Other()]
	if me.is(hasISS) && s.Seq-me.iss > me.nxt-me.iss+1<<16 {
		return false
	}
	return peer.is(hasISS) && later(s.Ack, peer.iss) && notLater(s.Ack, peer.nxt) || !peer.is(hasISS) && me.is(hasISS)
}

// fits reports whether a segment carries on from where an account stands.
func (h *host) fits(s *decode.Segment, peer *host) bool {
	const far = 1 << 16
	return h.is(hasNxt) && s.Seq-h.nxt+far < 2*far && peer.is(hasNxt) && s.Ack-peer.nxt+far <= far
}
