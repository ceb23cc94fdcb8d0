package present

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// proof says that the handshake is complete, and how that is known.
func (s *story) proof(e *conversation.Event) {
	c := e.Conversation
	separate := s.ladder.inside() < 32 // there is no room for two things beside each other
	between := func(blank string) {
		if separate {
			s.proofLine()
		} else {
			s.why = append(s.why, blank...)
		}
	}
	took, known := handshakeTime(c)
	s.why = append(append(s.why[:0], s.sign.proved...), ' ')
	s.why = append(s.why, handshakeName(c, known && separate)...)
	if known {
		s.why = append(appendMs(append(s.why, ": "...), took), " ms"...)
	} else {
		s.why = append(s.why, " complete"...)
	}
	s.proofLine()
	if took, known := sinceFirst(c); known { // the SYN was repeated
		s.why = decimal.AppendInt(append(s.why, "since SYN #"...), int64(c.Handshake.SYN))
		between("; ")
		s.why = append(appendMs(s.why, took), " ms since #"...)
		s.why = decimal.AppendInt(s.why, int64(c.Handshake.FirstSYN))
		s.proofLine()
	}
	f := &c.Flows
	if !f[0].HasISN || !f[1].HasISN {
		return
	}
	s.why = decimal.Append(append(s.why, "x = "...), uint64(f[0].ISN))
	between("  ")
	s.why = decimal.Append(append(s.why, "y = "...), uint64(f[1].ISN))
	s.proofLine()
	for i, acked := range s.acknowledged(e) {
		if i > 0 {
			between(", ")
		}
		s.why = append(decimal.AppendInt(append(s.why, '#'), int64(acked.frame)), " acks "...)
		s.why = acked.rule.Append(s.why)
	}
	s.proofLine()
}

// handshakeName is what kind of handshake it was.
func handshakeName(c *conversation.Conversation, short bool) string {
	switch {
	case c.IsSplit():
		return "split handshake"
	case c.HasTwoSYNs():
		return "simultaneous open"
	case short:
		return "handshake"
	}
	return "three-way handshake"
}

// acking is a frame, and the arithmetic of what it acknowledges.
type acking struct {
	frame int
	rule  conversation.Rule
}

// acknowledged are the two segments by which each end has acknowledged the other's
// number, in the order of the capture. e is the last of them.
func (s *story) acknowledged(e *conversation.Event) [2]acking {
	c, other := e.Conversation, e.From.Other()
	last := acking{e.Segment.Number, e.AckRule}
	first := acking{c.Handshake.SYNACK, conversation.Rule{Base: conversation.X + conversation.Base(e.From), SYN: true}}
	for _, step := range c.Steps(nil) {
		if step.Step == conversation.StepSYNACK && step.From == other {
			first.frame = step.Frame
		}
	}
	if rule := c.RuleOf(e.From, c.Account(e.From).UNA); rule.SYN { // with data of the SYN's
		first.rule = rule
	}
	return [2]acking{first, last}
}

// proofLine writes a line of the proof, in the middle.
func (s *story) proofLine() {
	s.rail()
	columns := width(s.why)
	if free := s.ladder.inside() - columns; free > 0 {
		s.line.to(s.line.col + free/2)
	}
	s.within(green, s.why, columns)
	s.endLine(false, conversation.Unknown)
	s.why = s.why[:0]
}
