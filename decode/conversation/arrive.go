package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// arrives is what RFC 9293 §3.10.7 makes of a segment at the end it goes to, if
// it gets there. The sender's account has been brought up to it before.
func (h *host) arrives(ev *Event, window uint32) Reception {
	s := ev.Segment
	switch h.state {
	case Unknown:
		if s.Flags&(decode.SYN|decode.ACK|decode.RST) == decode.SYN {
			h.expect(SynReceived, s)
		}
		return NotKnown
	case Closed:
		if s.Flags&(decode.SYN|decode.ACK|decode.RST) == decode.SYN {
			h.expect(SynReceived, s) // where it listens again
		}
		return NoConnection // §3.10.7.1
	case Listen:
		return h.inListen(s)
	case SynSent:
		return h.inSynSent(ev, window)
	}
	return h.inRest(ev, window)
}

// inListen: RFC 9293 §3.10.7.2.
func (h *host) inListen(s *decode.Segment) Reception {
	switch s.Flags & (decode.SYN | decode.ACK) {
	case decode.SYN:
		h.irs, h.rcv, h.has = s.Seq, s.Seq+1, h.has|hasIRS|hasRcv|passive
		h.shift(SynReceived, s)
		return Taken
	case 0:
		return WithoutACK
	}
	h.rejects, h.has = s.Ack, h.has|hasRejects
	return WrongAcknowledgment
}

// inSynSent: RFC 9293 §3.10.7.3, for all but an RST.
func (h *host) inSynSent(ev *Event, window uint32) Reception {
	s := ev.Segment
	acks := s.Flags.Has(decode.ACK)
	switch {
	case acks && !h.acksSYN(s):
		h.rejects, h.has = s.Ack, h.has|hasRejects
		return WrongAcknowledgment
	case !s.Flags.Has(decode.SYN):
		return StrayAcknowledgment
	case h.is(signs) && !s.Options.Signed:
		return WithoutSignature
	}
	h.irs, h.rcv, h.wnd, h.has = s.Seq, s.Seq+occupied(s), window, h.has|hasIRS|hasRcv|hasWnd
	if !acks {
		h.shift(SynReceived, s)
		return Taken
	}
	h.una = s.Ack
	bad := ev.about.has(aboutBadSum)
	if h.is(doubts) && (bad || !h.is(badSum)) {
		h.expect(Established, s)
		return NotKnown
	}
	if bad {
		h.has |= badSum
	}
	h.shift(Established, s)
	return Taken
}

// acksSYN reports whether a segment acknowledges a SYN, and nothing that was not
// sent.
func (h *host) acksSYN(s *decode.Segment) bool { return later(s.Ack, h.iss) && notLater(s.Ack, h.nxt) }

// inRest: RFC 9293 §3.10.7.4, for all but an RST: its checks in their order.
func (h *host) inRest(ev *Event, window uint32) Reception {
	s := ev.Segment
	crosses := s.Flags.Has(decode.SYN|decode.ACK) && h.state == SynReceived && !h.is(passive) && h.is(hasIRS) && s.Seq == h.irs
	if !crosses {
		if r := h.acceptable(s); r != Taken {
			return r
		}
		if s.Flags.Has(decode.SYN) {
			return SYNInConnection
		}
	}
	if !s.Flags.Has(decode.ACK) {
		return WithoutACK
	}
	if r := h.acknowledged(ev, window); r != Taken {
		return r
	}
	if h.is(doubts) && h.is(sentFIN) {
		return h.mayTake(ev, window)
	}
	if !crosses {
		h.text(s)
	}
	if to := h.goal(); to != h.state {
		h.shift(to, s)
	}
	return Taken
}

// acceptable is the first check: does the segment occupy anything that the end
// waits for (table 6)?
func (h *host) acceptable(s *decode.Segment) Reception {
	if !h.is(hasRcv) {
		return Taken
	}
	n := occupied(s)
	end := s.Seq + n
	switch {
	case s.Flags.Has(decode.SYN) && h.is(hasIRS) && s.Seq == h.irs:
		return h.old(end)
	case n == 0 && earlier(s.Seq, h.rcv), n > 0 && notLater(end, h.rcv):
		if s.Flags.Has(decode.SYN) {
			return SYNInConnection
		}
		return h.old(s.Seq + max(n, 1))
	case !h.is(hasShown) || h.is(unsure):
		return Taken
	case n == 0 && later(s.Seq, h.edge), n > 0 && notLater(h.edge, s.Seq):
		if s.Flags.Has(decode.SYN) {
			return SYNInConnection
		}
		return BeyondWindow
	}
	return Taken
}

// old is what becomes of a segment that lies before RCV.NXT and ends at a number.
// As long as the end has not acknowledged that, it may lack it.
func (h *host) old(end uint32) Reception {
	if h.is(hasShown) && notLater(end, h.shown) {
		return OldNumbers
	}
	return OldIfArrived
}

// acknowledged is the fifth check, and what an acknowledgment does.
func (h *host) acknowledged(ev *Event, window uint32) Reception {
	s := ev.Segment
	if h.state == SynReceived && (!later(s.Ack, h.iss) || later(s.Ack, h.nxt)) && h.is(hasISS) {
		h.rejects, h.has = s.Ack, h.has|hasRejects
		return WrongAcknowledgment
	}
	if h.is(hasNxt) && later(s.Ack, h.nxt) {
		ev.about |= aboutUnsent
		h.claim, h.has = s.Ack, h.has|claimed // it was sent and not captured, or nobody sent it
	}
	if !h.is(hasNxt) {
		h.una, h.nxt, h.has = s.Ack, s.Ack, h.has|hasNxt
	} else if later(s.Ack, h.una) && notLater(s.Ack, h.nxt) {
		h.una = s.Ack
	}
	if s.Ack == h.una { // an older acknowledgment announces an older window
		h.wnd, h.has = window, h.has|hasWnd
	}
	if h.state == SynReceived {
		h.has |= tookACK
	}
	if h.is(sentFIN) && later(s.Ack, h.fin) && !h.is(doubts) {
		h.has |= gotFINACK
	}
	return Taken
}

// text takes data and a FIN that stand in order.
func (h *host) text(s *decode.Segment) {
	end := s.Seq + uint32(s.PayloadLen)
	if !h.is(hasRcv) {
		h.rcv, h.has = s.Seq, h.has|hasRcv|unsure
	}
	if later(s.Seq, h.rcv) {
		if occupied(s) > 0 {
			h.has |= unsure
		}
		return
	}
	if later(end, h.rcv) {
		h.rcv = end
	}
	if s.Flags.Has(decode.FIN) && end == h.rcv {
		h.rcv++
		h.has |= gotFIN
	}
}

// mayTake is for an end that has shown more than once that what was
// acknowledged has not got to it: where this leads, if it does, it will show.
func (h *host) mayTake(ev *Event, window uint32) Reception {
	then := *h
	then.has &^= doubts
	then.acknowledged(ev, window)
	then.text(ev.Segment)
	if to := then.goal(); to != h.state {
		h.expect(to, ev.Segment)
	}
	return NotKnown
}

// goal is where an end goes when it has taken a segment with ACK.
func (h *host) goal() State {
	if h.state == TimeWait || h.state == Closed {
		return h.state
	}
	return h.place()
}

// catch assumes once more that what was on its way arrives.
func (h *host) catch(s *decode.Segment, peer *host) {
	if peer.is(hasShown) && later(peer.shown, h.una) && notLater(peer.shown, h.nxt) {
		h.una = peer.shown
	}
	if h.state == SynReceived {
		h.shift(Established, s)
		return
	}
	if peer.is(sentFIN) {
		h.has |= gotFIN
	}
	if h.is(sentFIN) && peer.is(ackedFIN) {
		h.has |= gotFINACK
	}
	h.shift(h.place(), s)
}
