package conversation

import (
	"cmp"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
)

// HandshakeStep is a segment of a handshake.
type HandshakeStep struct {
	Step  Step // StepSYN, StepSYNACK or StepACK
	From  Side
	Frame int
	Time  capture.Time
	Sent  int // how often the end has sent it; 0 where that was not counted
}

// Steps appends the segments of the handshake to a list: three as a rule. Where
// both ends have sent a SYN there are four, in the order of the capture.
func (c *Conversation) Steps(list []HandshakeStep) []HandshakeStep {
	h := &c.Handshake
	first := len(list)
	add := func(s HandshakeStep) {
		if s.Frame != 0 && !slices.ContainsFunc(list[first:], func(o HandshakeStep) bool { return o.Frame == s.Frame }) {
			list = append(list, s)
		}
	}
	add(HandshakeStep{StepSYN, Client, h.SYNFrame, h.SYNTime, h.SYNs})
	if !c.HasTwoSYNs() {
		add(HandshakeStep{StepSYNACK, Server, h.SYNACKFrame, h.SYNACKTime, h.SYNACKs})
		add(HandshakeStep{StepACK, Client, h.ACKFrame, h.ACKTime, 0})
		return list
	}
	add(HandshakeStep{StepSYN, Server, c.first(markServerSYN), c.room.serverSYN, int(c.at(markServerSYN).count)})
	add(HandshakeStep{StepSYNACK, Client, c.room.crossAt, c.room.crossTime, 0})
	last := Server
	if !c.has(markSplit) {
		add(HandshakeStep{StepSYNACK, Server, h.SYNACKFrame, h.SYNACKTime, h.SYNACKs})
		last = Client
	}
	add(HandshakeStep{StepACK, last, h.ACKFrame, h.ACKTime, 0})
	slices.SortStableFunc(list[first:], func(a, b HandshakeStep) int { return cmp.Compare(a.Frame, b.Frame) })
	return list
}

// HasTwoSYNs reports whether the handshake is, or was to be, one in which both
// ends send a SYN: a simultaneous open, or a split handshake.
func (c *Conversation) HasTwoSYNs() bool {
	return c.has(markSimultaneousOpen) || c.has(markSplit) || c.has(markServerSYN) && c.Handshake.SYNACKFrame == 0
}

// IsSplit reports whether the server has answered the SYN by one of its own.
func (c *Conversation) IsSplit() bool { return c.has(markSplit) }

// EndFrame is the frame that ended the conversation: the RST that counted, or the
// one that acknowledges the last FIN; 0 while it is not over.
func (c *Conversation) EndFrame() int {
	switch c.Ending {
	case ClosedByReset, ClosedByRefusal, ClosedThenReset:
		return c.resetAt
	case ClosedByFIN:
		return max(c.Flows[Client].FINAcked, c.Flows[Server].FINAcked)
	}
	return 0
}

// ResetBy is who sent the RST that counted.
func (c *Conversation) ResetBy() Side { return c.resetBy }
