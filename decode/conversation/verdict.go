package conversation

import (
	"fmt"
	"slices"
)

// Names of verdicts.
const (
	Fine              = "fine"
	Refused           = "refused"
	Filtered          = "filtered"
	HalfOpen          = "half-open"
	Incomplete        = "incomplete"
	CaptureBeganLate  = "capture began late"
	OneDirection      = "one direction only"
	SYNLost           = "SYN lost"
	SYNACKLost        = "SYN+ACK lost"
	LastACKLost       = "last ACK lost"
	AcceptQueueFull   = "accept queue full"
	SYNFlood          = "SYN flood suspected"
	SimultaneousOpen  = "simultaneous open"
	SimultaneousClose = "simultaneous close"
	HalfClose         = "half close"
	Aborted           = "aborted"
	OldDuplicateSYN   = "old duplicate SYN"
	PortReused        = "port reused"
	PathMTU           = "path MTU trouble"
	WindowStalled     = "window stalled"
	StillGoing        = "open"
)

// judge sums the conversation up: the most telling finding first.
func (c *Conversation) judge() {
	for _, find := range [...]func(*Conversation) (Verdict, bool){
		judgeAttempt, judgeMiddle, judgeOpening, judgeTransfer, judgeEnding,
	} {
		if v, ok := find(c); ok {
			v.Frames = slices.DeleteFunc(v.Frames, func(n int) bool { return n == 0 })
			slices.Sort(v.Frames)
			v.Frames = slices.Compact(v.Frames)
			c.Verdict = v
			return
		}
	}
	c.Verdict = c.plainVerdict()
}

func (c *Conversation) has(kind int) bool { return c.marks[kind].count > 0 }

func (c *Conversation) say(name string, frames []int, format string, args ...any) (Verdict, bool) {
	return Verdict{Name: name, Text: fmt.Sprintf(format, args...), Frames: frames}, true
}

// judgeAttempt tells why a connection was never made.
func judgeAttempt(c *Conversation) (Verdict, bool) {
	h := &c.Handshake
	switch {
	case c.Ending == ClosedByRefusal:
		return c.say(Refused, []int{h.SYN, c.Flows[Server].RSTFrame},
			"nobody listens on port %d: the SYN was answered by an RST", c.Ends[Server].Port)
	case c.has(markChallenge) && !h.Complete:
		return c.say(HalfOpen, []int{h.SYN, c.marks[markChallenge].first, c.Flows[Client].RSTFrame},
			"the server still holds an older connection on these ports: it answered the SYN by an ACK")
	case h.SYN == 0 || h.Complete:
		return Verdict{}, false
	case c.has(markWrongAck) && c.Flows[Client].RSTFrame != 0:
		return c.say(OldDuplicateSYN, []int{h.SYN, c.marks[markWrongAck].first, c.Flows[Client].RSTFrame},
			"the SYN+ACK acknowledges a number that the client did not send; the client reset that attempt")
	case c.has(markFlood):
		return c.say(SYNFlood, []int{h.SYN, h.SYNACK},
			"one of many SYNs to port %d from many sockets that were never followed by an ACK", c.Ends[Server].Port)
	case c.has(markQuoteProhibited), c.has(markQuoteUnreachable):
		return c.say(Filtered, []int{h.SYN, c.marks[markQuoteProhibited].first, c.marks[markQuoteUnreachable].first},
			"a router or host answered the SYN by an ICMP error")
	case h.SYNACK == 0 && c.Flows[Server].Segments == 0:
		return c.say(Filtered, []int{c.FirstFrame, h.SYN},
			"%s sent and nothing came back: filtered on the way, or nobody has the address", times(h.SYNs, "SYN"))
	case h.SYNACK != 0 && c.Ending == ClosedByReset && c.ClosedBy == Client:
		return c.say(HalfOpen, []int{h.SYN, h.SYNACK, c.Flows[Client].RSTFrame},
			"the client answered the SYN+ACK by an RST: a half-open scan, or a client that gave up")
	case h.SYNACK != 0:
		return c.say(Incomplete, []int{h.SYN, h.SYNACK},
			"the handshake stopped after %s: the last ACK was not captured", times(h.SYNACKs, "SYN+ACK"))
	}
	return c.say(Incomplete, []int{h.SYN}, "the handshake was not completed")
}

// judgeMiddle tells that part of the conversation is missing.
func judgeMiddle(c *Conversation) (Verdict, bool) {
	if c.Handshake.SYN != 0 {
		return Verdict{}, false
	}
	if c.Flows[Client].Segments == 0 || c.Flows[Server].Segments == 0 {
		return c.say(OneDirection, []int{c.FirstFrame, c.LastFrame},
			"only one direction was captured, and not its beginning")
	}
	return c.say(CaptureBeganLate, []int{c.FirstFrame},
		"the connection was open already when the capture began")
}

// judgeOpening tells of a handshake that was completed with trouble.
func judgeOpening(c *Conversation) (Verdict, bool) {
	h := &c.Handshake
	switch {
	case c.has(markSimultaneousOpen):
		return c.say(SimultaneousOpen, []int{c.FirstFrame, c.marks[markSimultaneousOpen].first, h.SYNACK},
			"both ends sent a SYN, and the SYNs crossed (RFC 9293 §3.5)")
	case c.has(markWrongAck):
		return c.say(OldDuplicateSYN, []int{c.marks[markWrongAck].first, h.SYNACK},
			"an old SYN was answered before the new one (RFC 9293 §3.5)")
	case c.has(markACKBeforeAgain) && c.marks[markACKBeforeAgain].count > 1:
		return c.say(AcceptQueueFull, []int{h.SYNACK, c.marks[markACKBeforeAgain].first, c.marks[markACKBeforeAgain].last},
			"the server repeated its SYN+ACK although it had been acknowledged: the queue that accept() empties was full")
	case c.has(markACKBeforeAgain):
		return c.say(LastACKLost, []int{h.SYNACK, c.marks[markACKBeforeAgain].first, h.ACK},
			"the server repeated its SYN+ACK: the client's ACK did not reach it")
	case c.has(markSYNAgain) && c.has(markSYNACKAgain):
		return c.say(SYNACKLost, []int{c.FirstFrame, c.marks[markSYNAgain].first, c.marks[markSYNACKAgain].first},
			"SYN and SYN+ACK were both repeated: the SYN+ACK was lost")
	case c.has(markSYNAgain):
		return c.say(SYNLost, []int{c.FirstFrame, c.marks[markSYNAgain].last},
			"%s sent before an answer came: a SYN was lost, or the server's queue was full", times(h.SYNs, "SYN"))
	case c.has(markSYNACKAgain):
		return c.say(SYNACKLost, []int{h.SYN, c.marks[markSYNACKAgain].first},
			"the SYN+ACK was repeated: it or the client's ACK was lost")
	case c.Flows[Server].Segments == 0:
		return c.say(OneDirection, []int{c.FirstFrame, c.LastFrame}, "only the client's segments were captured")
	}
	return Verdict{}, false
}

// judgeTransfer tells of trouble while data flowed.
func judgeTransfer(c *Conversation) (Verdict, bool) {
	zero := c.marks[markZeroWindow]
	switch {
	case c.has(markQuoteTooBig):
		return c.say(PathMTU, []int{c.marks[markQuoteTooBig].first, c.marks[markBigAgain].first},
			"a router could not forward a segment of this size and said so by ICMP (RFC 1191, RFC 8201)")
	case c.marks[markBigAgain].count > 2 && c.Flows[Client].FINAcked == 0 && c.Flows[Server].FINAcked == 0 && c.Ending != ClosedByFIN:
		return c.say(PathMTU, []int{c.marks[markBigAgain].first, c.marks[markBigAgain].last},
			"full-size segments were repeated without success: a black hole for large packets is likely")
	case zero.count > 0 && (c.has(markProbe) || c.marks[markKeepAlive].first > zero.first || !c.has(markWindowOpen)):
		return c.say(WindowStalled, []int{zero.first, c.marks[markProbe].first, c.marks[markWindowOpen].last},
			"a receiver announced a window of 0: its program read too slowly")
	}
	return Verdict{}, false
}

// judgeEnding tells of an end that is not the ordinary exchange of FINs.
func judgeEnding(c *Conversation) (Verdict, bool) {
	if c.Ending == ClosedByFIN && !c.has(markSimultaneousClose) && !c.has(markHalfCloseData) {
		return Verdict{}, false
	}
	rst := []int{c.Flows[Client].RSTFrame, c.Flows[Server].RSTFrame}
	switch {
	case c.Ending == ReplacedByReuse:
		return c.say(PortReused, []int{c.LastFrame, c.marks[markReplaced].first},
			"a new SYN took over the ports before this connection was closed")
	case c.Ending == ClosedByReset && c.has(markResetOnData) && c.ClosedBy == Server:
		return c.say(Aborted, rst, "aborted by the server: it answered data by an RST")
	case c.Ending == ClosedByReset:
		return c.say(Aborted, rst, "aborted by the %s with an RST", c.ClosedBy)
	case c.Ending == ClosedThenReset:
		return c.say(Aborted, append(rst, c.Flows[c.ClosedBy].FINFrame),
			"the %s sent a FIN, then the connection was reset", c.ClosedBy)
	case c.has(markSimultaneousClose):
		return c.say(SimultaneousClose, []int{c.Flows[Client].FINFrame, c.Flows[Server].FINFrame},
			"both ends sent a FIN before they saw the other's (RFC 9293 §3.6)")
	case c.has(markHalfCloseData):
		return c.say(HalfClose, []int{c.Flows[c.ClosedBy].FINFrame, c.marks[markHalfCloseData].first},
			"the %s closed its direction first and went on receiving (RFC 9293 §3.6)", c.ClosedBy)
	}
	return Verdict{}, false
}

// plainVerdict is for a conversation with nothing to remark. It allocates
// nothing: most conversations come here.
func (c *Conversation) plainVerdict() Verdict {
	h := &c.Handshake
	c.frames = [5]int{h.SYN, h.SYNACK, h.ACK, c.Flows[Client].FINAcked, c.Flows[Server].FINAcked}
	switch c.Ending {
	case ClosedByFIN:
		slices.Sort(c.frames[3:])
		return Verdict{Fine, fineText[c.ClosedBy], c.frames[:]}
	case HalfClosed, ClosedUnacked:
		return Verdict{StillGoing, "fine so far: being closed when the capture ended", c.frames[:3]}
	}
	return Verdict{StillGoing, "fine so far: opened in three steps and still open when the capture ended", c.frames[:3]}
}

var fineText = [2]string{
	Client: "fine: opened in three steps, closed by the client first, every FIN acknowledged",
	Server: "fine: opened in three steps, closed by the server first, every FIN acknowledged",
}

func times(n int, what string) string {
	if n == 1 {
		return "one " + what + " was"
	}
	return fmt.Sprintf("%d %ss were", n, what)
}
