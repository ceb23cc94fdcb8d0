package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// prove finds the arithmetic of a segment's two numbers. highest is the
// sender's next number before this segment, reached the frame that moved it
// there.
func (c *Conversation) prove(ev *Event, fwd, rev *end, highest uint32, reached int) {
	s := ev.Segment
	if s.Flags.Has(decode.SYN) {
		fwd.syn = uint32(s.Number)
	}
	c.rule(&ev.SeqRule, ev.From, s.Seq)
	switch {
	case ev.Step == StepRST && s.Seq == 0 && !c.Flows[ev.From].HasISN:
		ev.SeqRule = Rule{Base: Zero} // nobody is there who would count (RFC 9293 §3.5.2)
	case s.Seq == highest && s.Seq != fwd.base:
		ev.SeqRule.Frame, ev.SeqRule.OfSYN = reached, uint32(reached) == fwd.syn
	}
	if reach := fwd.place(s.Seq) + int64(ev.Next-ev.Seq); reach > fwd.span {
		fwd.span = reach
	}
	switch {
	case !s.Flags.Has(decode.ACK) && s.Ack == 0:
		ev.AckRule = Rule{Base: Zero}
	case s.Flags.Has(decode.ACK):
		c.rule(&ev.AckRule, ev.From.Other(), s.Ack)
		if rev.hasAcked && s.Ack == rev.ackedAt {
			ev.AckRule.Frame, ev.AckRule.Again, ev.AckRule.OfSYN = rev.ackedFrame, int(rev.ackedAgain), rev.ackedSYN
		}
	}
}

// place is a number of this end counted from its base in 64 bits, so that
// streams over 4 GiB keep their arithmetic.
func (e *end) place(number uint32) int64 {
	relative := number - e.base
	return e.span + int64(int32(relative-uint32(e.span)))
}

// rule fills the arithmetic of a number of one side's stream (RFC 9293 §3.4):
// the SYN takes the first, every byte one, the FIN the last. r is empty before.
func (c *Conversation) rule(r *Rule, side Side, number uint32) {
	e := &c.ends[side]
	at := e.place(number)
	known := c.Flows[side].HasISN
	switch {
	case !e.hasBase || at < 0 || at == 0 && !known:
		return
	case known:
		r.Base, r.SYN = X+Base(side), at > 0
	default:
		r.Base = ClientAt + Base(side)
	}
	if at == 0 {
		return
	}
	r.Bytes = uint64(at - 1)
	if h := &c.hosts[side]; h.is(sentFIN) && later(number, h.fin) {
		r.FIN = true
		r.Bytes -= min(r.Bytes, 1)
	}
}
