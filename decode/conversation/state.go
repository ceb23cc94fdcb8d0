package conversation

import "github.com/handshake-lab/handshake-lab/decode"

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

// progress moves the states of both ends (RFC 9293 §3.3.2): first the
// sender's, as it sends, then the receiver's, as the segment arrives. The
// states are derived: a capture shows segments, not kernels. highest is the
// sender's next number before this segment.
func (c *Conversation) progress(ev *Event, fwd, rev *end, highest uint32) {
	if ev.Opens {
		c.States = initial(ev.Step)
	}
	ev.Before = c.States
	accepted := false
	switch ev.Step {
	case StepRST:
		accepted = c.abort(ev, rev, highest)
	case StepSYN, StepSYNACK:
		c.synchronize(ev, rev)
	default:
		c.exchange(ev, fwd, rev)
	}
	ev.After = c.States
	c.note(ev)
	c.finish(ev, accepted)
}

// initial is where both ends must have been when a conversation's first
// captured segment was sent.
func initial(first Step) [2]State {
	switch first {
	case StepSYN:
		return [2]State{Closed, Listen}
	case StepSYNACK:
		return [2]State{SynSent, SynReceived}
	}
	return [2]State{}
}

// synchronize follows SYN and SYN+ACK (RFC 9293 §3.5).
func (c *Conversation) synchronize(ev *Event, rev *end) {
	s, h := ev.Segment, &c.Handshake
	me, peer := &c.States[ev.From], &c.States[ev.From.Other()]
	c.noteSYN(ev)
	if ev.Step == StepSYN {
		if ev.From == Client && !h.Complete {
			h.SYN, h.SYNTime = s.Number, s.Time
			h.SYNs++
		}
		c.active(ev, me, peer)
		return
	}
	if !h.Complete {
		h.SYNACK, h.SYNACKTime = s.Number, s.Time
		h.SYNACKs++
	}
	switch *me {
	case Listen, Closed, SynSent, Unknown:
		*me = SynReceived
	}
	if !rev.hasBase || s.Ack != rev.base+1 && later(s.Ack, rev.next) {
		c.mark(markWrongAck, s.Number)
		return
	}
	if !later(s.Ack, rev.base) {
		c.mark(markWrongAck, s.Number)
		return
	}
	switch *peer {
	case SynSent, SynReceived, Unknown:
		*peer = Established
	}
	if *me == Established && *peer == Established && c.has(markSimultaneousOpen) && !h.Complete {
		h.Complete, h.ACK, h.ACKTime = true, s.Number, s.Time
	}
}

// active follows a SYN without ACK.
func (c *Conversation) active(ev *Event, me, peer *State) {
	switch *me {
	case Closed, Unknown:
		*me = SynSent
	case Listen, SynReceived:
		if ev.From == Server { // both ends open: their SYNs cross
			*me = SynSent
			c.mark(markSimultaneousOpen, ev.Segment.Number)
		}
	}
	switch *peer {
	case Listen, Unknown:
		*peer = SynReceived
	case SynSent:
		if ev.From == Server {
			*peer = SynReceived
		}
	}
}

// exchange follows everything after the SYNs: acknowledgments first, then a FIN.
func (c *Conversation) exchange(ev *Event, fwd, rev *end) {
	s := ev.Segment
	me, peer := &c.States[ev.From], &c.States[ev.From.Other()]
	if s.Flags.Has(decode.ACK) {
		c.assume(me, peer)
	}
	if *me == SynReceived && !c.Flows[ev.From].HasISN && *peer == SynSent {
		*me = Established // it answers the SYN by an ACK: it still holds an older connection
	}
	if s.Flags.Has(decode.ACK) {
		c.acknowledged(ev, peer, rev)
	}
	if !s.Flags.Has(decode.FIN) {
		return
	}
	if !fwd.hasFIN {
		fwd.hasFIN, fwd.fin = true, s.Seq+uint32(s.PayloadLen)
		c.Flows[ev.From].FINFrame = s.Number
	}
	switch *me {
	case Established, SynReceived, Unknown:
		*me = FinWait1
	case CloseWait:
		*me = LastAck
	}
	switch *peer {
	case Established, SynReceived, Unknown:
		*peer = CloseWait
	case FinWait1:
		*peer = Closing
		c.mark(markSimultaneousClose, s.Number)
	case FinWait2:
		*peer = TimeWait
	}
}

// assume is for ends whose past was not captured: whoever acknowledges takes
// the connection as open.
func (c *Conversation) assume(me, peer *State) {
	if *me == Unknown {
		*me = Established
	}
	if *peer == Unknown {
		*peer = Established
	}
	if *me == SynSent { // the SYN+ACK was not captured
		*me = Established
		if *peer == SynReceived && c.Handshake.SYNACK == 0 {
			*peer = Established
		}
	}
}

// acknowledged follows what an ACK does to the end it arrives at.
func (c *Conversation) acknowledged(ev *Event, peer *State, rev *end) {
	s, h := ev.Segment, &c.Handshake
	if *peer == SynReceived && later(s.Ack, rev.base) && notLater(s.Ack, rev.next) {
		*peer = Established
		if !h.Complete {
			h.Complete = h.SYN != 0 && h.SYNACK != 0 || c.has(markSimultaneousOpen)
			h.ACK, h.ACKTime = s.Number, s.Time
			c.noteACK(s)
			if ev.Step == StepAck {
				ev.Step = StepACK
			}
		}
	}
	if !rev.hasFIN || !later(s.Ack, rev.fin) {
		return
	}
	flow := &c.Flows[ev.From.Other()]
	if flow.FINAcked == 0 {
		flow.FINAcked = s.Number
		if ev.Step == StepAck {
			ev.Step = StepFINACK
		}
	}
	switch *peer {
	case FinWait1:
		*peer = FinWait2
	case Closing:
		*peer = TimeWait
	case LastAck:
		*peer = Closed
	}
}

// abort follows an RST (RFC 9293 §3.5.2, §3.5.3; RFC 5961 §3.2): it counts
// when its number is exactly what the receiver waits for, or, in SYN-SENT,
// when it acknowledges the SYN. It reports whether the RST counts.
func (c *Conversation) abort(ev *Event, rev *end, highest uint32) bool {
	s := ev.Segment
	me, peer := &c.States[ev.From], &c.States[ev.From.Other()]
	if c.Flows[ev.From].RSTFrame == 0 {
		c.Flows[ev.From].RSTFrame = s.Number
	}
	valid := highest == 0 || s.Seq == highest || s.Seq == rev.lastAck
	if *peer == SynSent {
		valid = s.Flags.Has(decode.ACK) && s.Ack == rev.next
	}
	if !valid {
		c.mark(markResetIgnored, s.Number)
		return false
	}
	if *me == SynSent && ev.From == Client && c.heard[Server] != 0 {
		// The client disowns an answer that was not to its SYN, and goes on
		// waiting for one that is (RFC 9293 §3.5.2, §3.10.7.3).
		*peer = Listen
		c.mark(markDisowned, s.Number)
		return false
	}
	*me, c.resetAt, c.resetBy = Closed, s.Number, ev.From
	if *peer == SynReceived && ev.From == Client && c.Handshake.SYN != 0 {
		*peer = Listen // a passive open waits for the next (RFC 9293 §3.10.7.4)
	} else {
		*peer = Closed
	}
	return true
}

// finish notes how the conversation ends, if it does.
func (c *Conversation) finish(ev *Event, reset bool) {
	client, server := &c.Flows[Client], &c.Flows[Server]
	fins := client.FINFrame != 0 || server.FINFrame != 0
	if ev.Step == StepFIN && c.Ending == StillOpen {
		c.Ending, c.ClosedBy = HalfClosed, ev.From
	}
	switch {
	case c.closed:
		return
	case reset && fins:
		c.Ending = ClosedThenReset
	case reset:
		c.Ending, c.ClosedBy = ClosedByReset, ev.From
		if ev.From == Server && ev.Before[Client] == SynSent {
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
