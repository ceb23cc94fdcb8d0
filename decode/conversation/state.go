package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// stepOf is the part a segment plays by its flags and length alone.
func stepOf(s *decode.Segment) Step {
	switch {
	case s.Flags.Has(decode.RST):
		return StepRST
	case s.Flags.Has(decode.SYN | decode.ACK):
		return StepSYNACK
	case s.Flags.Has(decode.SYN):
		return StepSYN
	case s.Flags.Has(decode.FIN):
		return StepFIN
	case s.PayloadLen > 0:
		return StepData
	case s.Flags.Has(decode.ACK):
		return StepAck
	}
	return StepOther
}

// progress brings the accounts of both ends up to date (RFC 9293 §3.3.2,
// §3.10.7): first the sender's, then the receiver's, as the segment is assumed
// to arrive.
func (c *Conversation) progress(ev *Event) {
	me, peer := &c.hosts[ev.From], &c.hosts[ev.From.Other()]
	ev.Before = c.States
	if ev.Reception != IsCopy {
		shown := c.claims(ev, peer)
		c.outlives(ev)
		c.pass(ev, me, peer, shown)
	}
	c.publish(ev)
	reset := ev.Step == StepRST && !c.closed && c.breaks(ev)
	if reset && c.resetAt == 0 {
		c.resetAt, c.resetBy, c.resetTime = ev.Segment.Number, ev.From, ev.Segment.Time
		c.resetBehind = int32(c.heard[ev.From.Other()])
		c.resetTTL = ev.Segment.TTL
	}
	c.note(ev)
	c.finish(ev, reset)
	if ev.sentAgain() || ev.Repeats && (ev.Step == StepSYN || ev.Step == StepSYNACK && !c.isFirstSYNACK(ev)) {
		c.Flows[ev.From].Retransmitted++
	}
	c.LastFrame = ev.Segment.Number
	c.stretch(ev.Segment.Time)
}

// isFirstSYNACK reports whether a SYN+ACK is the first of its sender's. Where the
// sender had sent a SYN before, it has the number of that.
func (c *Conversation) isFirstSYNACK(ev *Event) bool {
	if ev.From == Server {
		return int(c.synackAt) == ev.Segment.Number
	}
	return c.room0().crossAt == ev.Segment.Number
}

// pass takes a segment from its sender to its receiver. Where the sender stands
// is held against shown, nearly always the receiver.
func (c *Conversation) pass(ev *Event, me, peer, shown *host) {
	s := ev.Segment
	if c.resetAt != 0 && peer.state == Closed && me.state == Closed && s.Flags&(decode.SYN|decode.RST) == 0 {
		ev.Reception = NoConnection // on its way when the connection was reset
		return
	}
	if s.Flags.Has(decode.RST) {
		f := &c.Flows[ev.From]
		if f.RSTFrame == 0 {
			f.RSTFrame = s.Number
		}
		f.LastRST = s.Number
		f.RSTs++
		if me.is(goodSum) && s.VerifyChecksum() == decode.SumBad {
			c.mark(markBadReset, s.Number)
			ev.Reception = BadChecksum
			return
		}
		ev.Reception = c.reset(ev, me, peer)
		return
	}
	if me.is(hasNxt) && later(s.Seq, me.nxt) && !s.Flags.Has(decode.SYN) {
		ev.about |= aboutGap
	}
	if peer.is(hasShown) && notLater(s.Seq+occupied(s), peer.shown) && occupied(s) > 0 {
		ev.about |= aboutAcked
	}
	ev.Before[ev.From] = c.sent(ev, me, shown)
	ev.Before[ev.From.Other()] = peer.state // what the sender shows may take back what was assumed of it
	if s.Flags.Has(decode.SYN) {
		switch s.VerifyChecksum() {
		case decode.SumBad:
			ev.about |= aboutBadSum
		case decode.SumGood:
			me.has |= goodSum
		}
	}
	ev.Reception = peer.arrives(ev, c.windowOf(ev))
	switch ev.Step {
	case StepSYN:
		c.meetSYN(ev)
	case StepSYNACK:
		c.meetSYNACK(ev)
	default:
		c.meetACK(ev)
	}
}

// repeats finds whether the end has sent all that the segment occupies before.
func (h *host) repeats(ev *Event) {
	s := ev.Segment
	n := occupied(s)
	if s.Flags.Has(decode.SYN) {
		first := hasISS
		if s.Flags.Has(decode.ACK) {
			first = sentSYNACK
		}
		ev.Repeats = ev.CopyOf == 0 && h.is(first) && s.Seq == h.iss
		return
	}
	ev.Repeats = n > 0 && ev.CopyOf == 0 && h.is(hasNxt) && notLater(s.Seq+n, h.nxt) && !s.Flags.Has(decode.RST)
}

// publish tells the states that both ends are in now.
func (c *Conversation) publish(ev *Event) {
	for side := range c.hosts {
		h := &c.hosts[side]
		c.States[side], ev.Proved[side] = h.state, h.proved
		if known := c.reading.known; known != nil {
			if state, proved, ok := known(ev.Segment.Number, Side(side)); ok {
				h.correct(state)
				c.States[side] = state
				ev.Learn(Side(side), state, proved)
			}
		}
	}
	ev.After, ev.Settled = c.States, nil
	if found := c.reading.found; len(found) > 0 {
		ev.Settled, c.reading.found = found, found[:0]
	}
}

// correct puts a host where it was by what became known later. Where nothing was
// assumed of it there is nothing to be corrected.
func (h *host) correct(state State) {
	if h.state == state || h.state == Unknown {
		return
	}
	switch h.state {
	case CloseWait, Closing:
		h.has &^= gotFIN
	case TimeWait:
		if state != Closing {
			h.has &^= gotFIN
		}
		if state == Closing || state == FinWait1 {
			h.unacked()
		}
	case FinWait2, Closed:
		h.unacked()
	}
	h.state, h.proved = state, false
}

// unacked takes back that the acknowledgment of its FIN has got to an end.
func (h *host) unacked() {
	if !h.is(gotFINACK) {
		return
	}
	if h.has &^= gotFINACK; h.is(finAgain) {
		h.has |= doubts
	}
	h.has |= finAgain
}

// meetSYN keeps the handshake's first step.
func (c *Conversation) meetSYN(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	c.noteSYN(ev)
	if ev.From != Client {
		return
	}
	if h.FirstSYNFrame == 0 {
		h.FirstSYNFrame = s.Number
	}
	if h.SYNACKFrame == 0 || h.SYNFrame == 0 {
		h.SYNFrame, h.SYNTime = s.Number, s.Time
	}
	h.SYNs++
	h.Complete = h.SYNFrame != 0 && h.SYNACKFrame != 0 && h.ACKFrame != 0
}

// meetSYNACK keeps its second step: the first SYN+ACK that acknowledges the SYN.
func (c *Conversation) meetSYNACK(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	c.noteSYN(ev)
	if ev.From != Server {
		if c.has(markServerSYN) && c.room.crossAt == 0 {
			c.room.crossAt, c.room.crossTime = s.Number, s.Time
		}
		c.crossed(ev)
		return
	}
	if c.has(markServerSYN) && !c.hosts[Server].is(passive) {
		c.mark(markSimultaneousOpen, s.Number)
	}
	if client := &c.hosts[Client]; ev.Reception == Taken && client.is(hasISS) && client.acksSYN(s) && client.nxt != s.Ack && c.Flows[Client].Bytes > 0 && !c.has(markDataNotTaken) {
		c.mark(markDataNotTaken, s.Number)
		c.room.tookOfSYN = s.Ack - client.iss - 1
	}
	if h.SYNACKs++; c.synackAt == 0 {
		c.synackAt = int32(s.Number)
	}
	switch {
	case ev.about.has(aboutSecond):
		c.mark(markSecondISN, s.Number)
		c.room.otherISS, c.room.otherTime = s.Seq, s.Time
		return
	case h.Complete:
		return
	case ev.Reception == WrongAcknowledgment:
		c.mark(markWrongAck, s.Number)
		c.room.wrongBy = int32(s.Ack - c.hosts[Client].iss - 1)
		c.answersOlder(s)
		if h.SYNACKFrame != 0 {
			return
		}
	case h.SYNACKFrame != 0 && s.Seq == c.answer && !c.has(markWrongAck):
		return
	}
	if h.SYNACKFrame == 0 || c.answer != s.Seq {
		h.SYNACKFrame, h.SYNACKTime = s.Number, s.Time
	}
	c.answer = s.Seq
	c.crossed(ev)
	if c.has(markEarlyACK) && c.room.earlyACK == s.Seq+1 && !h.Complete && notAfter(s.Time, c.room.earlyTime) {
		h.ACKFrame, h.ACKTime, h.Complete = c.first(markEarlyACK), c.room.earlyTime, true
		c.hosts[Server].has |= tookACK
		c.hosts[Server].shift(Established, s)
	}
}

// notAfter reports whether one time is not after another.
func notAfter(a, b capture.Time) bool { return !b.Before(a) }

// crossed completes a handshake of SYNs that crossed: with the SYN+ACK by which
// both ends are open.
func (c *Conversation) crossed(ev *Event) {
	h := &c.Handshake
	if c.has(markSimultaneousOpen) && !h.Complete && h.SYNACKFrame != 0 &&
		c.hosts[Client].state == Established && c.hosts[Server].state == Established {
		h.Complete, h.ACKFrame, h.ACKTime = true, ev.Segment.Number, ev.Segment.Time
	}
}

// meetACK keeps the third step, and the acknowledgment of a FIN.
func (c *Conversation) meetACK(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	other := ev.From.Other()
	peer := &c.hosts[other]
	if me := &c.hosts[ev.From]; ev.Step == StepFIN && c.Flows[ev.From].FINFrame == 0 && me.is(sentFIN) && s.Seq+uint32(s.PayloadLen) == me.fin {
		c.Flows[ev.From].FINFrame = s.Number
	}
	if ev.From == Client && h.SYNFrame != 0 && h.SYNACKFrame == 0 && c.hosts[Client].is(synchronized) && !c.has(markEarlyACK) {
		c.mark(markEarlyACK, s.Number)
		c.room.earlyACK, c.room.earlyTime = s.Ack, s.Time
	}
	if ev.Reception != Taken || !s.Flags.Has(decode.ACK) {
		return
	}
	if ev.From == Server && c.has(markServerSYN) && !c.has(markSimultaneousOpen) && later(s.Ack, peer.iss) && h.ACKFrame == 0 {
		c.mark(markSplit, s.Number)
		ev.about |= aboutSplit
		h.SYNACKFrame, h.SYNACKTime = c.room.crossAt, c.room.crossTime
	}
	if h.ACKFrame == 0 && !c.has(markSurvived) && peer.acksSYN(s) && peer.state != SynReceived && (ev.Before[other] == SynReceived || peer.is(passive|tookACK)) {
		h.ACKFrame, h.ACKTime = s.Number, s.Time
		h.Complete = h.SYNFrame != 0 && h.SYNACKFrame != 0 || c.has(markSimultaneousOpen) || c.has(markSplit)
		c.noteACK(s)
		if ev.Step == StepAck && s.Ack == peer.iss+1 {
			ev.Step = StepACK
		}
	}
	if flow := &c.Flows[other]; peer.is(sentFIN) && later(s.Ack, peer.fin) && flow.FINAcked == 0 {
		flow.FINAcked = s.Number
		if ev.Step == StepAck {
			ev.Step = StepFINACK
		}
	}
}

// finish notes how the conversation ends, if it does.
func (c *Conversation) finish(ev *Event, reset bool) {
	client, server := &c.Flows[Client], &c.Flows[Server]
	fins := client.FINFrame != 0 || server.FINFrame != 0
	if ev.Step == StepFIN && c.Ending == StillOpen && c.Flows[ev.From].FINFrame == ev.Segment.Number {
		c.Ending, c.ClosedBy = HalfClosed, ev.From
	}
	switch {
	case c.closed:
		return
	case reset && fins:
		c.Ending = ClosedThenReset
	case reset:
		c.Ending, c.ClosedBy = ClosedByReset, ev.From
		if ev.From == Server && ev.Before[Client] == SynSent && (c.Handshake.SYNACKs == 0 || c.has(markSYNAgain)) {
			c.Ending = ClosedByRefusal
		}
	case client.FINAcked != 0 && server.FINAcked != 0:
		c.Ending = ClosedByFIN
	case client.FINFrame != 0 && server.FINFrame != 0:
		c.Ending = ClosedUnacked
		return
	default:
		return
	}
	ev.Closes = true
}
