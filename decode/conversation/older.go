package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// older is the account of a connection whose ports a new SYN has taken, as far
// as Wireshark goes, which begins a new stream there. The ends may see it in
// another way: a SYN in an open connection changes nothing (RFC 5961 §4.2).
type older struct {
	hosts  [2]host // as the ends of the new stream
	stream int
	opened bool          // it was a connection, and no mere attempt
	over   bool          // it had come to its end
	frame  int           // the SYN
	before *Conversation // its stream; nil once it has been handed on
}

// inherit links a conversation to the one whose ports its SYN has taken.
func (c *Conversation) inherit(from *Conversation, s *decode.Segment) {
	o := &older{hosts: from.hosts, stream: from.Stream, frame: s.Number, before: from, over: from.Ending != ReplacedByReuse && from.Ending != ClosedUnacked,
		opened: from.hosts[Client].is(synchronized) || from.hosts[Server].is(synchronized)}
	if from.Ends[Client] != c.Ends[Client] {
		o.hosts[Client], o.hosts[Server] = o.hosts[Server], o.hosts[Client]
		o.hosts[Client].changes, o.hosts[Server].changes = 0, 0 // of frames where each is the other side
	}
	c.older = o
	for side := range c.hosts {
		c.hosts[side].ttl, c.hosts[side].id, c.hosts[side].has = o.hosts[side].ttl, o.hosts[side].id, o.hosts[side].has&(variesTTL|variesID|goodSum)
	}
}

// isHeld reports whether the server may hold the older connection still, by what
// was captured of it.
func (o *older) isHeld() bool {
	return o != nil && !o.over && (o.opened || o.hosts[Server].is(sentSYNACK))
}

// reopen begins anew with a SYN of the same number after the end: a host that
// does not choose its numbers as RFC 9293 §3.4.1 asks for. For Wireshark it is the
// same stream.
func (c *Conversation) reopen(ev *Event) {
	me := &c.hosts[ev.From]
	if c.Ending == ClosedByRefusal || ev.From != Client || !me.is(hasISS) || me.iss != ev.Segment.Seq {
		return
	}
	c.mark(markReopened, ev.Segment.Number)
	if !c.Handshake.Complete && c.resetAt != 0 && c.resetBy == Client && c.synackAt != 0 {
		c.room.rejected = [2]int{int(c.synackAt), c.resetAt}
	}
	for side := range c.hosts {
		h, f := &c.hosts[side], &c.Flows[side]
		c.settle(h, Side(side), h.state)
		h.restart()
		f.FINFrame, f.FINAcked = 0, 0
	}
	if server := &c.hosts[Server]; server.state != Listen {
		server.state, c.States[Server] = Unknown, Unknown // it may be in TIME-WAIT, or listen again
	}
	c.Handshake, c.synackAt, c.answer, c.firstData, c.quickest = Handshake{}, 0, 0, 0, 0
	c.Ending, c.resetAt = StillOpen, 0
	c.closed, c.ended, c.judged = false, false, false
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
// that one and not of the new. It returns the account of the sender's peer by
// which the segment is to be read: the older one's where the new one's end is
// in SYN-SENT still.
func (c *Conversation) claims(ev *Event, newer *host) *host {
	s, o := ev.Segment, c.older
	if o == nil || s.Flags.Has(decode.SYN) || !s.Flags.Has(decode.ACK) || s.Flags.Has(decode.RST) {
		return newer
	}
	me, peer := &o.hosts[ev.From], &o.hosts[ev.From.Other()]
	if c.fits(s, ev.From) || !me.fits(s, peer) {
		return newer
	}
	if ev.From == Server {
		if now := &c.hosts[Server]; now.is(hasISS) && now.iss != me.iss {
			return newer
		}
		if !c.has(markChallenge) {
			c.mark(markChallenge, s.Number)
		}
		if !c.hosts[Server].is(synchronized) {
			c.hosts[Server] = *me
		}
		return peer
	}
	c.hosts[Server] = *peer
	c.hosts[Client] = *me
	c.hosts[Client].repeats(ev)
	c.survives(s.Number)
	return newer
}

// answersOlder notes that a SYN+ACK is the answer to the SYN before, whose ports
// another one has taken meanwhile.
func (c *Conversation) answersOlder(s *decode.Segment) {
	if o := c.older; o != nil && o.before != nil && o.before.Stream == o.stream && o.hosts[Client].is(hasISS) && !o.opened && s.Ack == o.hosts[Client].iss+1 {
		c.mark(markAnswersOlder, s.Number)
		c.room.answersOf = o.stream
		if o.before.synackAt != 0 {
			return
		}
		o.before.mark(markAnswerThere, s.Number)
		o.before.room.answerThere = c.Stream
		o.before.judged = false
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
