package conversation

import (
	"github.com/handshake-lab/handshake-lab/decode"
)

// noteSYN looks at a SYN or SYN+ACK before it is counted.
func (c *Conversation) noteSYN(ev *Event) {
	s := ev.Segment
	switch {
	case ev.Step == StepSYN && ev.From == Server:
		if c.mark(markServerSYN, s.Number); c.at(markServerSYN).count == 1 {
			c.room.serverSYN = s.Time
		}
	case ev.Step == StepSYN:
		c.noteClientSYN(ev)
	case ev.From == Server:
		c.noteSYNACK(ev)
	}
}

func (c *Conversation) noteClientSYN(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	if ev.about.has(aboutBadSum) {
		c.mark(markBadSYN, s.Number)
	}
	if h.SYNs == 0 {
		c.synTS, c.synShape = s.Options.TSVal, shapeOf(s)
		if s.Options.Signed {
			c.mark(markSigned, s.Number)
		}
		return
	}
	if h.Complete || c.hosts[Client].state != SynSent {
		return
	}
	c.mark(markSYNAgain, s.Number)
	c.room.againTS = s.Options.TSVal
	if h.SYNACKs > 0 && !c.has(markWrongAck) {
		ev.about |= aboutAnswered
		c.mark(markSYNNotTaken, s.Number)
	} else if differs := c.synShape &^ shapeOf(s); differs != 0 && !c.has(markSYNChanged) {
		c.mark(markSYNChanged, s.Number)
		c.room.changed = differs
	}
}

func (c *Conversation) noteSYNACK(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	if ev.about.has(aboutBadSum) {
		c.mark(markBadSum, s.Number)
	}
	if ev.Reception == WithoutSignature {
		c.mark(markUnsigned, s.Number)
	}
	if s.Window == 0 {
		c.shuts(ev)
	}
	if h.SYNACKs == 0 {
		c.synackTS = s.Options.TSVal
		if c.has(markSYNAgain) && c.synTS != 0 && s.Options.TSEcr == c.synTS {
			c.mark(markSYNArrived, s.Number)
		}
		return
	}
	if c.has(markCopy) && c.room.copiedSYN > c.heard[Server] {
		return // it answers the second copy
	}
	if c.answersSecond(s) {
		c.mark(markOwnAnswer, s.Number)
		return
	}
	onData := h.ACKFrame != 0 && c.said[Client] && c.heard[Client] > c.heard[Server] && s.Time.Since(c.Latest).Nanoseconds() <= c.flight()
	if !onData && h.SYNACKTime.Known && c.answer == s.Seq && s.Time.Since(h.SYNACKTime).Nanoseconds() < timerAtLeast {
		return // no timer is that quick: it answers another SYN, which was on its way with the first
	}
	c.mark(markSYNACKAgain, s.Number)
	if h.ACKFrame == 0 {
		return
	}
	c.mark(markACKBeforeAgain, s.Number)
	if onData {
		c.mark(markAgainOnData, s.Number)
	}
}

// timerAtLeast is what the timer that repeats a SYN+ACK takes at least, in nanoseconds:
// RFC 6298 §2 begins with a second, and the quickest hosts with a fifth of that.
const timerAtLeast = 200e6

// answersSecond reports whether a SYN+ACK that comes after the client's ACK is
// the answer to the client's second SYN, as its timestamp says or the time
// between them.
func (c *Conversation) answersSecond(s *decode.Segment) bool {
	h := &c.Handshake
	if h.ACKFrame == 0 || !c.has(markSYNAgain) || c.has(markSYNNotTaken) || h.SYNACKs >= h.SYNs {
		return false
	}
	if c.room.againTS != 0 && s.Options.HasTimestamps {
		return s.Options.TSEcr == c.room.againTS
	}
	apart := h.SYNTime.Since(c.FirstSYNTime()).Nanoseconds()
	off := s.Time.Since(h.SYNACKTime).Nanoseconds() - apart
	return off > -apart/4 && off < apart/4
}

// shapeOf is the set of what a SYN asks for, a bit for each of shapeNames.
func shapeOf(s *decode.Segment) (shape uint32) {
	o := &s.Options
	for bit, asked := range [...]bool{s.Flags&(decode.ECE|decode.CWR) != 0, o.HasScale, o.SACKPermitted, o.HasTimestamps,
		o.FastOpen, o.MPTCP, o.HasMSS, o.Signed, s.PayloadLen > 0} {
		if asked {
			shape |= 1 << bit
		}
	}
	return shape
}

// shapeNames name the bits of a shape.
var shapeNames = [...]string{"ECN (ECE and CWR)", "the window scale option", "SACK", "timestamps", "Fast Open", "MPTCP",
	"the MSS option", "the signature", "data"}

// noteACK looks at the segment that completes the handshake. An ACK that
// echoes the first SYN+ACK after that was repeated shows that the first one
// had arrived.
func (c *Conversation) noteACK(s *decode.Segment) {
	if s.VerifyChecksum() == decode.SumBad {
		c.mark(markBadThird, s.Number)
	}
	if c.Agreed().Timestamps && !s.Options.HasTimestamps && len(s.Header) == s.HeaderLen {
		c.mark(markNoStamp, s.Number)
	}
	if c.hosts[Client].is(signs) && c.hosts[Server].is(signs) && !s.Options.Signed && len(s.Header) == s.HeaderLen {
		c.mark(markNoSignature, s.Number)
	}
	if c.has(markSYNACKAgain) && c.synackTS != 0 && s.Options.HasTimestamps && s.Options.TSEcr == c.synackTS {
		c.mark(markACKLost, s.Number)
	}
}
