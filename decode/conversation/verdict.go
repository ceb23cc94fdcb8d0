package conversation

import (
	"fmt"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
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
	SYNCookies        = "SYN cookies suspected"
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

// judge sums the conversation up: the most telling finding first. now is the
// time of the capture's latest segment.
func (c *Conversation) judge(now capture.Time) {
	if c.judged {
		return
	}
	if c.unremarkable() {
		c.Verdict = c.plainVerdict()
		return
	}
	for _, find := range judges {
		if v, ok := find(c, now); ok {
			v.Frames = slices.DeleteFunc(v.Frames, func(n int) bool { return n == 0 })
			slices.Sort(v.Frames)
			v.Frames = slices.Compact(v.Frames)
			c.Verdict = v
			return
		}
	}
	c.Verdict = c.plainVerdict()
}

// judges each look for one kind of trouble, the most telling first.
var judges = [...]func(c *Conversation, now capture.Time) (Verdict, bool){
	judgeAttempt, judgeOneWay, judgeOpening, judgeTransfer, judgeEnding, judgeMiddle,
}

// unremarkable tells at a glance what most conversations are: no judge has
// anything to say of them.
func (c *Conversation) unremarkable() bool {
	return c.marks.set == 0 && c.Ending == ClosedByFIN && c.Handshake.Complete && c.Handshake.SYN != 0 &&
		c.Flows[Client].Segments != 0 && c.Flows[Server].Segments != 0 && !c.late() && !c.forgetful() && !c.lags()
}

// prejudge finds the verdict of a conversation that closes while all of it is
// still in the processor's cache; nearly always it stays the verdict.
func (c *Conversation) prejudge() {
	if c.judged = c.unremarkable(); c.judged {
		c.Verdict = c.plainVerdict()
	}
}

func (c *Conversation) say(name string, frames []int, format string, args ...any) (Verdict, bool) {
	return Verdict{Name: name, Text: fmt.Sprintf(format, args...), Frames: frames}, true
}

// judgeAttempt tells why a connection was never made, or only after an older
// one had been cleared away.
func judgeAttempt(c *Conversation, now capture.Time) (Verdict, bool) {
	h := &c.Handshake
	switch {
	case c.Ending == ClosedByRefusal && !h.Complete:
		return c.say(Refused, []int{c.FirstFrame, c.Flows[Server].RSTFrame},
			"port %d answered the SYN by an RST: nobody listens there, or a firewall refuses it", c.Ends[Server].Port)
	case c.has(markChallenge) && h.Complete:
		return c.say(HalfOpen, []int{c.FirstFrame, c.at(markChallenge).firstFrame(), c.at(markDisowned).firstFrame(), h.SYNACK},
			"the server still held an older connection on these ports: it answered the SYN by an ACK, the client's RST cleared that away, and the SYN was sent again (RFC 9293 §3.5.1)")
	case c.has(markChallenge):
		return c.say(HalfOpen, []int{c.FirstFrame, c.at(markChallenge).firstFrame(), c.Flows[Client].RSTFrame},
			"the server still holds an older connection on these ports: it answered the SYN by an ACK (RFC 9293 §3.5.1)")
	case h.SYN == 0 || h.Complete:
		return Verdict{}, false
	case c.has(markWrongAck) && c.has(markDisowned):
		return c.say(OldDuplicateSYN, []int{h.SYN, c.at(markWrongAck).firstFrame(), c.at(markDisowned).firstFrame()},
			"the SYN+ACK acknowledges a number that the client did not send: it answers an old SYN, and the client rejected it by an RST (RFC 9293 §3.5)")
	case c.resetAt != 0 && c.ClosedBy == Client && c.has(markReplaced) && c.replacedAfter < 1e9:
		return c.say(OldDuplicateSYN, []int{h.SYN, h.SYNACK, c.resetAt, c.at(markReplaced).firstFrame()},
			"the client rejected the answer to this SYN by an RST and opened by another SYN: this one was an old duplicate (RFC 9293 §3.5)")
	case h.SYNACK == 0 && (c.has(markQuoteProhibited) || c.has(markQuoteUnreachable)):
		return c.say(Filtered, []int{h.SYN, c.at(markQuoteProhibited).firstFrame(), c.at(markQuoteUnreachable).firstFrame()},
			"the SYN was answered by an ICMP error: %s", c.quoted)
	}
	return judgeUnanswered(c, now)
}

// judgeUnanswered tells of a SYN or SYN+ACK that nothing followed.
func judgeUnanswered(c *Conversation, now capture.Time) (Verdict, bool) {
	h := &c.Handshake
	port := c.Ends[Server].Port
	switch {
	case c.Flows[Server].Segments == 0 && c.Flows[Client].Segments > h.SYNs:
		return c.say(OneDirection, []int{c.FirstFrame, c.LastFrame}, "only the client's segments were captured")
	case c.resetAt == 0 && c.cookie(now):
		return c.say(SYNCookies, []int{h.SYN, h.SYNACK},
			"one of %d SYNs to port %d that were never followed by an ACK; the server seems to have kept nothing of it but a cookie in its number y (RFC 4987 §3.6)", c.server.unfinished, port)
	case c.resetAt == 0 && c.flooded(now) && h.SYNACK == 0:
		return c.say(SYNFlood, []int{c.FirstFrame, h.SYN},
			"sent while %d handshakes with port %d were left unfinished, and not answered: the server's queue for SYNs is full (RFC 4987 §2)", c.server.unfinished, port)
	case c.resetAt == 0 && c.flooded(now):
		return c.say(SYNFlood, []int{h.SYN, h.SYNACK},
			"one of %d SYNs to port %d that were never followed by an ACK (RFC 4987 §2)", c.server.unfinished, port)
	case c.Flows[Server].Segments == 0 && h.SYNs == 1 && now.Since(h.SYNTime).Nanoseconds() < 1e9:
		return c.say(Incomplete, []int{h.SYN}, "the capture ended within a second of the SYN: too soon to miss an answer")
	case c.Flows[Server].Segments == 0:
		return c.say(Filtered, []int{c.FirstFrame, h.SYN},
			"%s sent and nothing came back: filtered on the way, or nobody has the address", were(h.SYNs, "SYN"))
	case h.SYNACK != 0 && c.resetAt != 0 && c.ClosedBy == Client:
		return c.say(Aborted, []int{h.SYN, h.SYNACK, c.resetAt},
			"aborted by the client: it answered the SYN+ACK by an RST, as a port scan does, or a client that gave up")
	case h.SYNACK != 0 && c.has(markSYNACKAgain):
		return c.say(HalfOpen, []int{h.SYN, h.SYNACK},
			"%s sent and no ACK came: the server was left half-open, in SYN-RECEIVED", were(h.SYNACKs, "SYN+ACK"))
	case h.SYNACK != 0:
		return c.say(Incomplete, []int{h.SYN, h.SYNACK}, "the last ACK of the handshake was not captured")
	}
	return c.say(Incomplete, []int{h.SYN}, "the handshake was not completed")
}

// judgeOneWay tells that one end was never heard.
func judgeOneWay(c *Conversation, _ capture.Time) (Verdict, bool) {
	if c.Flows[Client].Segments != 0 && c.Flows[Server].Segments != 0 {
		return Verdict{}, false
	}
	if c.Handshake.SYN != 0 {
		return c.say(OneDirection, []int{c.FirstFrame, c.LastFrame}, "only the client's segments were captured")
	}
	if c.Handshake.SYNACK != 0 {
		return c.say(OneDirection, []int{c.FirstFrame, c.LastFrame}, "only the server's segments were captured")
	}
	return c.say(OneDirection, []int{c.FirstFrame, c.LastFrame}, "only one direction was captured, and not its beginning")
}

// judgeMiddle tells that the beginning is missing.
func judgeMiddle(c *Conversation, _ capture.Time) (Verdict, bool) {
	if c.Handshake.SYN != 0 {
		return Verdict{}, false
	}
	return c.say(CaptureBeganLate, []int{c.FirstFrame}, "the connection was open already when the capture began")
}

// judgeOpening tells of a handshake that was completed with trouble.
func judgeOpening(c *Conversation, now capture.Time) (Verdict, bool) {
	h := &c.Handshake
	again, before := c.at(markSYNACKAgain), c.at(markACKBeforeAgain)
	switch {
	case h.SYN == 0:
		return Verdict{}, false
	case c.has(markSimultaneousOpen):
		return c.say(SimultaneousOpen, []int{c.FirstFrame, c.at(markSimultaneousOpen).firstFrame(), h.SYNACK},
			"both ends sent a SYN, and the SYNs crossed (RFC 9293 §3.5)")
	case c.has(markWrongAck):
		return c.say(OldDuplicateSYN, []int{c.at(markWrongAck).firstFrame(), c.at(markDisowned).firstFrame(), h.SYNACK},
			"an old SYN was answered first; the client rejected that answer by an RST, and its own SYN was answered then (RFC 9293 §3.5)")
	case c.Ending == ClosedByReset && c.ClosedBy == Server && c.bare && c.Flows[Server].Segments == h.SYNACKs+1 && c.server != nil && c.server.waiting > 0:
		return c.say(AcceptQueueFull, []int{h.SYNACK, h.ACK, c.resetAt},
			"the server answered the client's ACK by an RST, while %s for accept(): its queue was full", waited(c.server.waiting))
	case before.count > 0 && (before.count > 1 || c.queued > 0 || c.at(markACKBeforeAgain).firstFrame() > c.firstData && c.firstData != 0):
		return c.say(AcceptQueueFull, []int{h.SYNACK, h.ACK, before.firstFrame(), before.lastFrame()},
			"the server repeated its SYN+ACK although the client had acknowledged it: the queue that accept() empties was full")
	case c.has(markQueueFull):
		return c.say(AcceptQueueFull, []int{c.FirstFrame, c.at(markSYNAgain).firstFrame(), h.SYNACK},
			"the SYN was answered only when it came again, after the server had served those that waited for accept(): the queue was full")
	case c.has(markSYNAgain) && c.flooded(now):
		return c.say(SYNFlood, []int{c.FirstFrame, c.at(markSYNAgain).lastFrame()},
			"opened only after %s sent, while %d handshakes with port %d were left unfinished (RFC 4987 §2)", were(h.SYNs, "SYN"), c.server.unfinished, c.Ends[Server].Port)
	case c.cookie(now):
		return c.say(SYNCookies, []int{h.SYN, h.SYNACK, h.ACK},
			"opened while %d handshakes with port %d were left unfinished, by a SYN+ACK that looks like a cookie (RFC 4987 §3.6)", c.server.unfinished, c.Ends[Server].Port)
	case before.count > 0, c.has(markACKLost):
		return c.say(LastACKLost, []int{c.FirstFrame, again.firstFrame(), h.ACK},
			"the server repeated its SYN+ACK: the client had acknowledged it, and that ACK was lost")
	case c.has(markSYNAgain) && (again.count > 0 || c.has(markSYNArrived)):
		return c.say(SYNACKLost, []int{c.FirstFrame, c.at(markSYNAgain).firstFrame(), again.firstFrame(), h.SYNACK},
			"the SYN was repeated although the server had answered it: the SYN+ACK was lost")
	case c.has(markSYNAgain):
		return c.say(SYNLost, []int{c.FirstFrame, c.at(markSYNAgain).lastFrame()},
			"%s sent before an answer came: a SYN was lost, or the server let it drop", were(h.SYNs, "SYN"))
	case again.count > 0 && c.synackTS != 0:
		return c.say(SYNACKLost, []int{h.SYN, again.firstFrame(), h.ACK},
			"the server repeated its SYN+ACK, and the client answered the repeated one: the first was lost")
	case again.count > 0:
		return c.say(SYNACKLost, []int{h.SYN, again.firstFrame(), h.ACK},
			"the server repeated its SYN+ACK: the first was lost, or the client's ACK")
	case c.late():
		return c.say(SYNACKLost, []int{h.SYN, h.SYNACK},
			"the SYN+ACK came as late as one that is sent again, while the server's later answers were quick: the first was probably lost")
	}
	return Verdict{}, false
}

// late tells that a SYN+ACK came when a server repeats it (RFC 6298 §2.1),
// far later than its other answers.
func (c *Conversation) late() bool {
	h := &c.Handshake
	wait := h.SYNACKTime.Since(h.SYNTime).Nanoseconds()
	return h.SYNs == 1 && wait > 9e8 && wait < 4e9 && c.quickest != 0 && c.quickest < wait/10
}

// judgeTransfer tells of trouble while data flowed.
func judgeTransfer(c *Conversation, _ capture.Time) (Verdict, bool) {
	zero, big := c.at(markZeroWindow), c.at(markBigAgain)
	switch {
	case c.has(markQuoteTooBig) && c.quotedMTU > 0:
		return c.say(PathMTU, []int{c.at(markQuoteTooBig).firstFrame(), c.at(markSmaller).firstFrame()},
			"a router could not forward a packet of this size and said so by ICMP: the next link takes %d bytes (RFC 1191, RFC 8201)", c.quotedMTU)
	case c.has(markQuoteTooBig):
		return c.say(PathMTU, []int{c.at(markQuoteTooBig).firstFrame(), c.at(markSmaller).firstFrame()},
			"a router could not forward a packet of this size and said so by ICMP (RFC 1191, RFC 8201)")
	case big.count >= 2 && !c.alone:
		return c.say(PathMTU, []int{big.firstFrame(), big.lastFrame()},
			"the %s repeated a large segment and never got it through, while small ones passed: a router is likely to drop large packets without a word (RFC 2923 §2.1)", c.bigFrom)
	case zero.count > 0 && c.shut[c.stalled]:
		return c.say(WindowStalled, []int{zero.firstFrame(), c.at(markProbe).firstFrame()},
			"the %s announced a window of 0, as its program did not read, and had not opened it again when the capture ended", c.stalled)
	case zero.count > 0:
		return c.say(WindowStalled, []int{zero.firstFrame(), c.at(markProbe).firstFrame(), c.at(markWindowOpen).lastFrame()},
			"the %s announced a window of 0, as its program did not read, for up to %s", c.stalled, time.Duration(c.longest).Round(10*time.Microsecond))
	}
	return Verdict{}, false
}

// judgeEnding tells of an end that is not the ordinary exchange of FINs.
func judgeEnding(c *Conversation, _ capture.Time) (Verdict, bool) {
	client, server := &c.Flows[Client], &c.Flows[Server]
	by := c.ClosedBy
	switch {
	case c.Ending == ReplacedByReuse:
		return c.say(PortReused, []int{c.LastFrame, c.at(markReplaced).firstFrame()},
			"a new SYN took over the ports before this connection was closed")
	case c.Ending == ClosedByReset && c.has(markUnknown):
		return c.say(HalfOpen, []int{c.heard[by.Other()], c.resetAt},
			"the %s answered as one that knows nothing of the connection, by an RST without ACK: it had lost it, as after a crash, while the %s still held it (RFC 9293 §3.5.1)", by, by.Other())
	case c.Ending == ClosedByReset && c.has(markUnanswered):
		return c.say(Aborted, []int{c.at(markKeepAlive).lastFrame(), c.resetAt},
			"aborted by the %s: its keep-alives stayed without an answer", by)
	case c.Ending == ClosedByReset && c.has(markResetIgnored):
		return c.say(Aborted, []int{c.at(markResetIgnored).firstFrame(), c.resetAt},
			"aborted by an RST in the %s's name; one with another number came before and was ignored: they may be forged (RFC 5961 §3)", by)
	case c.Ending == ClosedByReset && c.has(markResetOnData):
		return c.say(Aborted, []int{c.heard[by.Other()], c.resetAt}, "aborted by the %s: it answered data by an RST", by)
	case c.Ending == ClosedByReset:
		return c.say(Aborted, []int{c.resetAt}, "aborted by the %s with an RST", by)
	case c.Ending == ClosedThenReset && by == c.resetBy:
		return c.say(Aborted, []int{c.Flows[by].FINFrame, c.resetAt},
			"aborted by the %s: it sent a FIN, then an RST, as it would not take what still came", by)
	case c.Ending == ClosedThenReset:
		return c.say(Aborted, []int{c.Flows[by].FINFrame, c.resetAt},
			"the %s closed its direction by a FIN, then the %s aborted with an RST", by, c.resetBy)
	case c.has(markSimultaneousClose):
		return c.say(SimultaneousClose, []int{client.FINFrame, server.FINFrame, client.FINAcked, server.FINAcked},
			"both ends sent a FIN before they saw the other's (RFC 9293 §3.6)")
	case c.has(markHalfCloseData):
		return c.say(HalfClose, []int{c.Flows[by].FINFrame, c.at(markHalfCloseData).firstFrame()},
			"the %s closed its direction first and went on receiving (RFC 9293 §3.6)", by)
	}
	return Verdict{}, false
}

// plainVerdict is for a conversation with nothing to remark. It allocates
// nothing where nothing was sent again: most conversations are such.
func (c *Conversation) plainVerdict() Verdict {
	h := &c.Handshake
	c.frames = [5]int{h.SYN, h.SYNACK, h.ACK, c.Flows[Client].FINAcked, c.Flows[Server].FINAcked}
	slices.Sort(c.frames[:3])
	slices.Sort(c.frames[3:])
	v := Verdict{Fine, fineText[c.ClosedBy], c.frames[:]}
	switch c.Ending {
	case ClosedByFIN:
	case HalfClosed, ClosedUnacked:
		v = Verdict{StillGoing, "fine so far: being closed when the capture ended", c.frames[:3]}
	default:
		v = Verdict{StillGoing, "fine so far: opened in three steps and still open when the capture ended", c.frames[:3]}
	}
	switch again := c.at(markAgain); {
	case again.lastFrame() > max(c.heard[Client], c.heard[Server])-1 && again.count > 1 && c.Ending == StillOpen:
		v.Text = fmt.Sprintf("%s repeated, the last without an answer: the path or the other end is silent", were(int(again.count), "segment"))
		v.Frames = append(slices.Clone(v.Frames), again.firstFrame(), again.lastFrame())
	case again.count > 0:
		v.Text += fmt.Sprintf("; %s repeated", were(int(again.count), "segment"))
	}
	if c.has(markResetIgnored) {
		v.Text += "; an RST that did not fit was ignored (RFC 5961 §3)"
		v.Frames = append(slices.Clone(v.Frames), c.at(markResetIgnored).firstFrame())
	}
	if c.Reused && c.Ending == ClosedByFIN {
		v.Name, v.Text = PortReused, "its SYN took over the ports of an earlier connection; "+v.Text
	}
	return v
}

var fineText = [2]string{
	Client: "fine: opened in three steps, closed by the client first, every FIN acknowledged",
	Server: "fine: opened in three steps, closed by the server first, every FIN acknowledged",
}

// were says how many there were: "1 SYN was", "3 SYNs were".
func were(n int, what string) string {
	if n == 1 {
		return "one " + what + " was"
	}
	return fmt.Sprintf("%d %ss were", n, what)
}

func waited(n int) string {
	if n == 1 {
		return "another waited"
	}
	return fmt.Sprintf("%d others waited", n)
}
