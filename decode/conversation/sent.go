package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// sent brings the sender's account to where its segment shows it to be:
// whatever was assumed of the end is confirmed, or taken back. It returns the
// state in which it sent the segment. Resets are another matter: see reset.
func (c *Conversation) sent(ev *Event, me, peer *host) State {
	s := ev.Segment
	before, after := me.state, Unknown
	switch s.Flags & (decode.SYN | decode.ACK) {
	case decode.SYN:
		before, after = me.bySYN(ev)
	case decode.SYN | decode.ACK:
		if (me.state == Listen || me.state == Closed) && !(me.is(sentSYNACK) && s.Seq == me.iss) && me.changes > 0 && me.pending[me.changes-1].after == me.state {
			c.settle(me, ev.From, me.state) // it answers a SYN again, so it had been there
		}
		if peer.is(hasISS) && !peer.acksSYN(s) {
			me.changes = 0 // what it answers is not what was captured
		} else if me.is(hasISS) && s.Seq != me.iss {
			me.forget() // it has begun anew
		}
		if before, after = me.bySYNACK(ev, peer); ev.about.has(aboutSecond) {
			return before
		}
	case decode.ACK:
		c.turn(ev, me, peer)
		before, after = c.byRest(ev, me, peer)
	default:
		return before // no connection has such segments (RFC 9293 §3.10.7.4)
	}
	c.refute(ev, me)
	c.noteStamp(ev, me)
	me.counts(s)
	c.sees(ev, me, peer)
	if after == Unknown {
		return before
	}
	if ev.Step == StepSYNACK && peer.is(hasISS) && !peer.acksSYN(s) {
		me.changes = 0 // it was another SYN that led here
	}
	flying := me.changes > 0 && c.isFlying(me, s, before)
	if me.state != after || !me.proved || me.changes > 0 {
		c.settle(me, ev.From, before)
	}
	me.state = after
	me.proved = (!me.is(gotFINACK) || me.is(provedFINACK)) && (me.is(hasISS) || peer.is(hasISS) || me.is(spoke) && peer.is(spoke))
	if flying {
		me.catch(s, peer)
	}
	return before
}

// isFlying reports whether the latest segment that an end was assumed to have
// was only on its way when the end sent s: it comes within two round trips, or
// it is the peer's SYN+ACK in a crossing of SYNs.
func (c *Conversation) isFlying(h *host, s *decode.Segment, before State) bool {
	last := h.pending[h.changes-1]
	if last.after == before {
		return false
	}
	crossing := s.Flags.Has(decode.SYN|decode.ACK) && last.after == Established && h.has&(passive|repeatedSYNACK) == 0
	return crossing || h.is(synchronized) && s.Time.UnixNano()-h.since <= c.flight()
}

// flight is the time in which an answer comes, in nanoseconds.
func (c *Conversation) flight() int64 { return 2*c.InitialRTT.Nanoseconds() + answerWithin }

// bySYN: whoever sends a SYN, or sends it again, is in SYN-SENT (RFC 9293
// §3.10.1).
func (h *host) bySYN(ev *Event) (before, after State) {
	s := ev.Segment
	again := h.is(hasISS) && s.Seq == h.iss
	switch {
	case h.is(synchronized) && (again || !h.is(hasISS)), again && h.is(sentSYNACK),
		again && s.Options.HasTimestamps && earlier(s.Options.TSVal, h.ts):
		h.iss, h.has = s.Seq, h.has|hasISS
		ev.about |= aboutLate
		return h.state, h.state
	case again:
		before = SynSent
		if h.changes > 0 {
			if h.is(synAgain) {
				h.has |= doubts
			}
			h.has |= synAgain
		}
	default:
		before = Closed
		h.restart()
	}
	h.begin(s)
	h.has &^= hasIRS | hasRcv | passive
	return before, SynSent
}

// bySYNACK: whoever sends a SYN+ACK is in SYN-RECEIVED.
func (h *host) bySYNACK(ev *Event, peer *host) (before, after State) {
	s := ev.Segment
	again := h.is(hasISS) && s.Seq == h.iss
	switch {
	case h.is(synchronized) && h.proved && (again || !h.is(hasISS)):
		if again && h.is(sentSYNACK) {
			ev.about |= aboutAgain | aboutLate
		}
		h.iss, h.has = s.Seq, h.has|hasISS
		return h.state, h.state
	case again && h.is(sentSYNACK):
		ev.about |= aboutAgain
		h.has = h.has&^(synchronized|tookACK) | repeatedSYNACK
		peer.doubt()
	case again:
	case h.isTaken(peer) && peer.acksSYN(s):
		ev.about |= aboutSecond // another one's, who answers for this address: see turn
		return h.state, h.state
	case h.is(hasISS), h.is(sent):
		h.restart() // it has begun anew, with another number
		h.has |= passive
	default:
		h.has |= passive
	}
	h.begin(s)
	if h.is(hasRcv) && later(h.rcv, s.Ack) {
		h.has |= unsure
	}
	h.irs, h.rcv, h.has = s.Ack-1, s.Ack, h.has|hasIRS|hasRcv|sentSYNACK
	if peer.is(hasISS) && peer.acksSYN(s) {
		h.irs = peer.iss // and some of the data in it
	}
	return SynReceived, SynReceived
}

// turn makes the second of two answers to one SYN the server's, where it is the
// one that the client acknowledges.
func (c *Conversation) turn(ev *Event, client, server *host) {
	s := ev.Segment
	if !c.has(markSecondISN) || ev.From != Client || client.is(synchronized) || s.Ack != c.room.otherISS+1 || s.Ack == server.iss+1 {
		return
	}
	c.Handshake.SYNACKFrame, c.Handshake.SYNACKTime = c.first(markSecondISN), c.room.otherTime
	c.room.otherISS = server.iss
	server.restart()
	server.changes = 0
	server.iss, server.una, server.nxt, server.irs, server.rcv = s.Ack-1, s.Ack-1, s.Ack, client.iss, client.nxt
	server.has |= hasISS | hasNxt | sent | sentSYNACK | hasIRS | hasRcv | passive
	server.state, client.irs, client.rcv = SynReceived, s.Ack-1, s.Ack
}

// isTaken reports whether the peer has got the SYN of an end, if what was captured
// got there, and has not asked again since.
func (h *host) isTaken(peer *host) bool {
	return h.is(hasISS) && peer.is(hasIRS) && peer.irs == h.iss
}

// doubt takes back what was assumed of an end: its peer says again what it
// should have.
func (h *host) doubt() {
	if h.changes == 0 || h.proved {
		return
	}
	h.state, h.proved, h.has = h.pending[0].before, false, h.has|doubts
}

// forget leaves of what was assumed but that SYNs have arrived.
func (h *host) forget() {
	kept := h.pending[:0]
	for _, p := range h.pending[:h.changes] {
		if p.after == SynReceived {
			kept = append(kept, p)
		}
	}
	h.changes = uint8(len(kept))
}

// restart forgets an account that is over.
func (h *host) restart() {
	*h = host{ttl: h.ttl, id: h.id, has: h.has & (variesTTL | variesID | goodSum), pending: h.pending, changes: h.changes, state: h.state}
}

// begin counts from the initial sequence number.
func (h *host) begin(s *decode.Segment) {
	h.iss, h.una, h.has = s.Seq, s.Seq, h.has|hasISS|hasNxt|sent
	h.nxt = s.Seq + occupied(s)
	if s.Options.Signed {
		h.has |= signs
	}
}

// byRest: after the SYNs it is what an end has acknowledged and sent so far
// that says where it is (RFC 9293 §3.3.2).
func (c *Conversation) byRest(ev *Event, me, peer *host) (before, after State) {
	s := ev.Segment
	if !c.isSynchronized(s, me, peer) {
		return me.state, me.state
	}
	if me.is(gotFINACK) && !me.is(provedFINACK) && s.Flags.Has(decode.FIN) && s.Seq+uint32(s.PayloadLen) == me.fin {
		me.unacked() // it sends its FIN again
	}
	if !me.is(synchronized) {
		me.has &^= doubts
	}
	me.has = me.has&^gotFIN | synchronized
	if peer.is(sentFIN) && later(s.Ack, peer.fin) {
		me.has |= gotFIN
		if !me.is(ackedFIN) {
			me.ackedFrom, me.has = s.Seq, me.has|ackedFIN
		}
	}
	if me.is(sentFIN) && peer.is(ackedFIN) && later(s.Ack, peer.ackedFrom) {
		me.has = me.has&^doubts | gotFINACK | provedFINACK
	}
	before = me.place()
	if s.Flags.Has(decode.FIN) && !me.is(sentFIN) && me.mayEnd(s, peer) {
		me.fin, me.has = s.Seq+uint32(s.PayloadLen), me.has|sentFIN
		if me.is(gotFIN) {
			me.has |= closedSecond
		}
	}
	return before, me.place()
}

// mayEnd reports whether an end can close with a segment: a FIN whose number it
// has left behind, or that lies beyond the peer's window, is not its own.
func (h *host) mayEnd(s *decode.Segment, peer *host) bool {
	return !(h.is(sent) && earlier(s.Seq, h.una)) && !(peer.is(hasShown) && later(s.Seq, peer.edge))
}

// isSynchronized reports whether a segment after the SYNs shows that its
// sender has a connection.
func (c *Conversation) isSynchronized(s *decode.Segment, me, peer *host) bool {
	switch {
	case me.is(synchronized):
		return true
	case me.state == SynSent || me.state == SynReceived && !me.is(passive): // by what it acknowledges
		return !peer.is(hasISS) && s.Seq != me.iss || peer.is(hasISS) && later(s.Ack, peer.iss)
	case me.state == Unknown && peer.state == SynSent:
		return false // it answers a SYN, but not by a SYN+ACK
	case me.state != SynReceived || later(s.Ack, me.rcv): // the second: what led here was not captured
		return true
	case occupied(s) == 0, later(me.rcv, me.irs+1) && !s.Flags.Has(decode.FIN):
		return me.is(tookACK) // an acknowledgment can be sent there as well, and data in answer to data in the SYN (RFC 7413 §4.2)
	}
	return true
}

// place is the synchronized state that an end is in by the FINs.
func (h *host) place() State {
	switch {
	case !h.is(sentFIN) && !h.is(gotFIN):
		return Established
	case !h.is(sentFIN):
		return CloseWait
	case h.is(closedSecond) && h.is(gotFINACK):
		return Closed
	case h.is(closedSecond):
		return LastAck
	case !h.is(gotFIN) && h.is(gotFINACK):
		return FinWait2
	case !h.is(gotFIN):
		return FinWait1
	case h.is(gotFINACK):
		return TimeWait
	}
	return Closing
}

// counts moves SND.NXT on.
func (h *host) counts(s *decode.Segment) {
	end := s.Seq + occupied(s)
	if !h.is(hasNxt) {
		h.una, h.nxt, h.has = s.Seq, end, h.has|hasNxt
	} else if later(end, h.nxt) {
		h.nxt = end
	}
	h.has |= sent
	if s.PayloadLen > 0 {
		h.has |= spoke
	}
	if s.Options.HasTimestamps {
		h.ts, h.has = s.Options.TSVal, h.has|stamps
	}
	switch {
	case h.ttl == 0:
		h.ttl, h.id = s.TTL, s.ID
	case h.ttl != s.TTL:
		h.has |= variesTTL
	}
	if h.id != s.ID {
		h.has |= variesID
	}
}

// refute finds that an end has not sent what its peer has acknowledged: it goes
// on with a lower number.
func (c *Conversation) refute(ev *Event, h *host) {
	if !h.is(claimed) {
		return
	}
	h.has &^= claimed
	if s := ev.Segment; s.Seq == h.nxt && earlier(s.Seq+occupied(s), h.claim) {
		c.mark(markUnsentAck, c.heard[ev.From.Other()])
	}
}

// sees takes up what the end says that it has received, and for how much more
// it has room.
func (c *Conversation) sees(ev *Event, me, peer *host) {
	s := ev.Segment
	if !s.Flags.Has(decode.ACK) {
		return
	}
	me.shown, me.told = s.Ack, c.windowOf(ev)
	edge := s.Ack + me.told
	if !me.is(hasShown) || later(edge, me.edge) {
		me.edge, me.has = edge, me.has|hasShown
	}
	if peer.state == SynReceived && peer.is(hasNxt) && later(s.Ack, peer.nxt) {
		return // nothing like that was sent
	}
	if !me.is(hasRcv) || later(s.Ack, me.rcv) || s.Ack == me.rcv && !s.Flags.Has(decode.SYN) {
		me.rcv, me.has = s.Ack, me.has&^unsure|hasRcv
	}
}

// windowOf is the window that a segment announces, in bytes; as much as there
// can be where the handshake that scaled it was not captured.
func (c *Conversation) windowOf(ev *Event) uint32 {
	s, e := ev.Segment, &c.ends[ev.From]
	switch {
	case s.Flags.Has(decode.SYN) || e.scale == ScaleUnused:
		return uint32(s.Window)
	case e.scale >= 0:
		return uint32(s.Window) << uint(e.scale)
	}
	return uint32(s.Window) << maxShift
}

// settle holds what was assumed of an end against the state in which it has
// sent a segment: what led there has arrived, and what leads beyond had not, by
// then.
func (c *Conversation) settle(h *host, side Side, before State) {
	last := int(h.changes) - 1
	for last >= 0 && h.pending[last].after != before {
		last--
	}
	if last < 0 && h.changes > 0 && before != h.pending[0].before && before != Closed && before != SynReceived {
		h.changes = 0 // it came there in a way that was not captured
	}
	for i, p := range h.pending[:h.changes] {
		switch {
		case i > last:
			c.reading.found = append(c.reading.found, Settled{int(p.frame), side, before, true})
		case i == last || p.after != before:
			c.reading.found = append(c.reading.found, Settled{int(p.frame), side, p.after, true})
		}
	}
	h.changes = 0
}
