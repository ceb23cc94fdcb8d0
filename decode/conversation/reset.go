package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// reset follows an RST: what it does at the end that it goes to (RFC 9293
// §3.5.3, §3.10.7; RFC 5961 §3.2), and what it says of the end in whose name it
// was sent.
func (c *Conversation) reset(ev *Event, me, peer *host) Reception {
	s := ev.Segment
	foreign := me.differs(s.TTL)
	if foreign {
		ev.about |= aboutForeign
	}
	if foreign && !me.is(synchronized) && peer.is(sentSYNACK) && !s.Flags.Has(decode.ACK) && s.Seq == peer.rcv {
		foreign = false // so a host rejects the answer to a SYN that it has not sent (RFC 9293 §3.5, figure 11)
		c.mark(markNotItsSYN, s.Number)
	}
	was := peer.state
	r := peer.resets(s)
	if c.closed && r == Taken {
		c.mark(markResetToo, s.Number)
		c.room.lateTo, c.room.lateFrom = ev.From.Other(), was
	}
	if r == ResetOutside && peer.is(hasShown) && notLater(peer.shown, s.Seq) && earlier(s.Seq, peer.rcv) {
		ev.about |= aboutBehind
	}
	if o := c.older; r == ResetWithoutACK && o != nil && o.opened && s.Seq == o.hosts[ev.From].nxt && s.Ack == o.hosts[ev.From.Other()].nxt {
		c.mark(markResetOfOlder, s.Number)
		c.room.answersOf = o.stream
	}
	if was == SynSent && r == Taken && c.server != nil && c.server.opened > 0 {
		ev.about |= aboutBusy
	}
	switch {
	case me.is(hasRejects) && !s.Flags.Has(decode.ACK) && s.Seq == me.rejects:
		c.mark(markDisowned, s.Number)
		me.has &^= hasRejects // it rejects what it did not ask for, and stays where it is (§3.5.2)
		c.settle(me, ev.From, me.state)
		me.proved = true
	case foreign:
	case me.state == Unknown && was == SynSent:
		if r == Taken {
			c.isClosed(me, ev.From, Closed)
		}
	case me.state == SynSent && me.proved:
		c.isClosed(me, ev.From, SynSent) // it gives up
	case me.state == SynReceived && r == ResetWithoutACK && (s.Seq == me.iss || s.Seq == me.nxt):
		c.isClosed(me, ev.From, SynReceived)
	case r == ResetOutside && me.is(sentFIN) && peer.is(gotFIN) && s.Seq == peer.shown && s.Seq+1 == peer.rcv && !s.Flags.Has(decode.ACK):
		ev.about |= aboutGone
		c.isClosed(me, ev.From, me.state) // what was sent before its FIN had come, it answers as one who holds no connection (§3.10.7.1)
	case r == Taken || r == ResetIdle || r == NotKnown || me.is(hasNxt) && me.proved && s.Seq == me.nxt && s.Flags.Has(decode.ACK):
		before := me.state
		if !s.Flags.Has(decode.ACK) && !me.is(synchronized) && !me.proved {
			before = Closed // so answers who knows of no connection (§3.10.7.1)
		}
		c.isClosed(me, ev.From, before)
	}
	return r
}

// differs reports whether an RST with a TTL was sent by another machine than the
// end whose name it bears, as far as the TTL tells. That of a SYN that is made to
// go so far and no further, as a traceroute does, tells nothing.
func (h *host) differs(ttl uint8) bool {
	return h.ttl != 0 && h.ttl != ttl && !h.is(variesTTL) && (h.ttl > probingTTL || h.is(synchronized))
}

// isClosed: an end has shown that it holds the connection no more, and in which
// state it had been before.
func (c *Conversation) isClosed(h *host, side Side, before State) {
	if before == Closed {
		h.forgetOlder(int(c.heard[side.Other()]))
	}
	c.settle(h, side, before)
	h.state, h.proved = Closed, true
}

// forgetOlder leaves of what was assumed but what the latest segment has led to, and
// that SYNs have arrived: an end that answers the latest as one who knows of no
// connection may have had it before, and have lost it since (RFC 9293 §3.5.1).
func (h *host) forgetOlder(latest int) {
	kept := h.pending[:0]
	for _, p := range h.pending[:h.changes] {
		if p.after == SynReceived || int(p.frame) >= latest {
			kept = append(kept, p)
		}
	}
	h.changes = uint8(len(kept))
}

// resets is what an RST does at the end it goes to.
func (h *host) resets(s *decode.Segment) Reception {
	switch h.state {
	case Unknown:
		return NotKnown
	case Closed, Listen:
		return ResetIdle
	case SynSent:
		if !s.Flags.Has(decode.ACK) || !h.acksSYN(s) {
			return ResetWithoutACK
		}
	default:
		if r := h.exact(s); r != Taken {
			return r
		}
	}
	if h.state == SynReceived && h.is(passive) {
		h.shift(Listen, s) // it waits for the next (§3.10.7.4)
	} else {
		h.shift(Closed, s)
	}
	return Taken
}

// exact validates the number of an RST: only one that is just RCV.NXT counts
// (RFC 5961 §3.2).
func (h *host) exact(s *decode.Segment) Reception {
	switch {
	case !h.is(hasRcv) || s.Seq == h.rcv:
		return Taken
	case h.is(unsure) && notLater(h.shown, s.Seq) && h.is(hasShown) && earlier(s.Seq, h.edge):
		return Taken // as far as can be told
	case earlier(s.Seq, h.rcv), h.is(hasShown) && notLater(h.edge, s.Seq):
		return ResetOutside
	}
	return ResetInWindow
}

// breaks reports whether an RST ends the connection: where it was taken, or
// where nothing is known of the end that it went to and its sender is gone.
func (c *Conversation) breaks(ev *Event) bool {
	if c.last(markDisowned) == ev.Segment.Number {
		return false
	}
	gone := ev.After[ev.From] == Closed
	return ev.Reception == Taken || gone && (ev.Reception == NotKnown || c.hosts[ev.From].is(synchronized))
}

// outlives takes an RST back where the ends go on after it: the one in whose
// name it was sent has not sent it, or the other has not taken it. What comes
// within two round trips may have been on its way.
func (c *Conversation) outlives(ev *Event) {
	s := ev.Segment
	if c.Ending == ClosedByRefusal && ev.Step == StepSYN && ev.From == Client && c.resetAt != 0 {
		c.mark(markRefused, c.resetAt)
		ev.about |= aboutRefused
		c.resetAt, c.Ending = 0, StillOpen
		c.closed, c.ended, c.judged = false, false, false
		return
	}
	if c.Ending == ClosedByRefusal && ev.From == Client && c.resetAt != 0 && s.Flags&(decode.SYN|decode.RST|decode.ACK) == decode.ACK &&
		c.hosts[Server].is(hasISS) && s.Ack == c.hosts[Server].iss+1 {
		c.resume() // it took the SYN+ACK, so it had not taken the RST
		return
	}
	if c.resetAt == 0 || c.Ending != ClosedByReset && c.Ending != ClosedThenReset ||
		s.Flags&(decode.RST|decode.SYN) != 0 || !s.Flags.Has(decode.ACK) {
		return
	}
	flight := c.flight()
	if c.InitialRTT == (capture.Span{}) {
		flight = max(flight, 1e9) // how long a round trip takes is not known
	}
	if s.Time.Since(c.resetTime).Nanoseconds() <= flight {
		return
	}
	if to := c.hosts[c.resetBy.Other()].state; ev.From == c.resetBy && (to == Closed || to == Listen) {
		c.mark(markWentOn, s.Number)
		c.revive(ev.From)
		return // what it was at the other end, that has to show
	}
	c.resume()
}

// resume takes back that an RST has ended the connection.
func (c *Conversation) resume() {
	c.mark(markOutlived, c.resetAt)
	c.unmark(markLateReset)
	c.revive(Client)
	c.revive(Server)
	c.resetAt, c.Ending, c.ClosedBy = 0, StillOpen, Client
	for side := range c.Flows {
		if n := c.Flows[side].FINFrame; n != 0 && (c.Ending == StillOpen || n < c.Flows[c.ClosedBy].FINFrame) {
			c.Ending, c.ClosedBy = HalfClosed, Side(side)
		}
	}
	c.closed, c.ended, c.judged = false, false, false
}

// revive puts an end back to where the RST had found it.
func (c *Conversation) revive(side Side) {
	h := &c.hosts[side]
	if h.state != Closed && h.state != Listen {
		return
	}
	frame := c.resetAt
	for _, p := range h.pending[:h.changes] {
		if p.after == h.state {
			frame = int(p.frame)
		}
	}
	h.changes = 0
	if h.state, h.proved = h.place(), false; !h.is(synchronized) {
		h.state = Unknown
		return
	}
	c.reading.found = append(c.reading.found, Settled{frame, side, h.state, false})
}
