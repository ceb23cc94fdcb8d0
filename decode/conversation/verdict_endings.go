package conversation

import (
	"fmt"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
)

// endings tell of an end that is not the ordinary exchange of FINs.
var endings = []diagnosis{
	{name: PortReused, when: func(c *Conversation, _ capture.Time) bool { return c.Ending == ReplacedByReuse },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "a new SYN with another number came on these ports before this connection was closed: for Wireshark the next stream begins with it", []int{c.LastFrame, c.first(markReplaced)}
		}},
	{name: ResetByAnother, when: func(c *Conversation, _ capture.Time) bool {
		return (c.Ending == ClosedByReset || c.Ending == ClosedThenReset) && c.inAnothersName() != ""
	},
		tell: tellForeignReset},
	{name: Aborted, needs: of(markResetAsked, markResetIgnored, markChallengeACK), when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByReset || c.Ending == ClosedThenReset
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by, asked := c.resetBy, c.last(markChallengeACK)
			return fmt.Sprintf("aborted by the %s: the number of its RST #%d was not exactly the one that the %s expected, so the %s refused it and asked by a challenge ACK (#%d), and the RST came again with the exact number (RFC 5961 §3.2)", by, c.last(markResetIgnored), by.Other(), by.Other(), asked),
				[]int{c.first(markResetIgnored), c.last(markResetIgnored), asked, c.resetAt}
		}},
	{name: HalfOpen, needs: of(markUnknown), when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByReset && c.hosts[c.resetBy].is(synchronized)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by := c.resetBy
			return fmt.Sprintf("the %s answered as one that knows nothing of the connection, by an RST without ACK: it may have lost it, as in a crash, while the %s still held it; or its program closed it with data unread (RFC 9293 §3.5.1, §3.6.1)", by, by.Other()),
				[]int{c.beforeReset(), c.resetAt}
		}},
	{name: HalfOpen, needs: of(markUnknown), when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByReset && c.resetBy == Server && c.Handshake.SYNACKFrame != 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by := c.resetBy
			text := fmt.Sprintf("the %s, which had said nothing since the handshake, answered by an RST without ACK, as one that knows nothing of the connection (RFC 9293 §3.5.1): perhaps it never took the third step, as its queue was full or a device on the way answered the SYN for it; or it has lost the connection, as in a crash", by)
			if wait := c.Handshake.ACKTime.Since(c.Handshake.SYNACKTime).Nanoseconds(); wait > patience {
				text += fmt.Sprintf("; or it had given up waiting, as the client's ACK came %s after the SYN+ACK", seconds(wait))
			}
			return text, []int{c.Handshake.SYNACKFrame, c.Handshake.ACKFrame, c.beforeReset(), c.resetAt}
		}},
	{name: Aborted, needs: of(markUnanswered), when: func(c *Conversation, _ capture.Time) bool { return c.Ending == ClosedByReset },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("aborted by the %s: its keep-alives stayed without an answer", c.resetBy), []int{c.last(markKeepAlive), c.resetAt}
		}},
	{name: NotAcknowledged, needs: of(markAgain), when: func(c *Conversation, _ capture.Time) bool {
		by := c.resetBy
		return c.Ending == ClosedByReset && c.room.againTo[by] != 0 && earlier(c.hosts[by].una, c.hosts[by].nxt)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by := c.resetBy
			text := fmt.Sprintf("the %s gave up by an RST: what it had sent was never acknowledged, though it sent it again up to #%d", by, c.room.againTo[by])
			if c.heard[by.Other()] < c.room.againFrom[by] {
				text += fmt.Sprintf("; the %s, or the path, is silent", by.Other())
			}
			return text, []int{c.room.againFrom[by], c.room.againTo[by], c.resetAt}
		}},
	{name: Aborted, needs: of(markAgain), when: func(c *Conversation, _ capture.Time) bool {
		other := c.resetBy.Other()
		return c.Ending == ClosedByReset && c.room.againTo[other] != 0 && earlier(c.hosts[other].una, c.hosts[other].nxt)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			other := c.resetBy.Other()
			return fmt.Sprintf("aborted by the %s with an RST: it had not acknowledged what the %s sent, though that came again up to #%d", c.resetBy, other, c.room.againTo[other]),
				[]int{c.room.againFrom[other], c.room.againTo[other], c.resetAt}
		}},
	{name: Aborted, needs: of(markResetOnData), when: func(c *Conversation, _ capture.Time) bool { return c.Ending == ClosedByReset },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("aborted by the %s: its RST came right behind data from the %s", c.resetBy, c.resetBy.Other()), []int{c.beforeReset(), c.resetAt}
		}},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool { return c.Ending == ClosedByReset },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("aborted by the %s with an RST", c.resetBy), []int{c.resetAt}
		}},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedThenReset && c.ClosedBy == c.resetBy
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("aborted by the %s: it sent a FIN, then an RST, as it would not take what still came, or not wait any longer", c.ClosedBy), []int{c.Flows[c.ClosedBy].FINFrame, c.resetAt}
		}},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool { return c.Ending == ClosedThenReset },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the %s closed its direction by a FIN, then the %s aborted with an RST", c.ClosedBy, c.resetBy), []int{c.Flows[c.ClosedBy].FINFrame, c.resetAt}
		}},
	{name: NotAcknowledged, when: isDangling,
		tell: tellDangling},
	{name: NotAcknowledged, needs: of(markKeepAlive), when: func(c *Conversation, now capture.Time) bool {
		a := &c.room.alive
		return !c.closed && c.Ending != ReplacedByReuse && a[1] > c.heard[c.room.aliveBy.Other()] && (a[2] > 1 || now.Since(c.Latest).Nanoseconds() > max(c.flight(), 1e9))
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by, a := c.room.aliveBy, &c.room.alive
			return fmt.Sprintf("the %s asked by %s whether the %s is still there, and got no answer: the %s, or the path, is silent", by, countOf(a[2], "keep-alive"), by.Other(), by.Other()),
				[]int{a[0], a[1], c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.Handshake.ACKFrame}
		}},
	{name: PathMTUFound, needs: of(markQuoteTooBig), when: func(c *Conversation, _ capture.Time) bool { return c.gotSmaller() },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%s; the %s sent the data again in smaller segments, which were acknowledged: path MTU discovery worked (RFC 1191, RFC 8201)", c.narrower(), c.room.quotedFrom),
				[]int{c.first(markQuoteTooBig), c.first(markSmaller)}
		}},
	{name: SimultaneousClose, needs: of(markSimultaneousClose),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			client, server := &c.Flows[Client], &c.Flows[Server]
			return "both ends sent a FIN before they saw the other's (RFC 9293 §3.6)", []int{client.FINFrame, server.FINFrame, client.FINAcked, server.FINAcked}
		}},
	{name: HalfClose, needs: of(markHalfCloseData),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by := c.ClosedBy
			return fmt.Sprintf("the %s closed its direction first and went on receiving (RFC 9293 §3.6.1)", by), []int{c.Flows[by].FINFrame, c.first(markHalfCloseData)}
		}},
	{name: PortReused, when: func(c *Conversation, _ capture.Time) bool {
		return c.Reused && (c.older == nil || c.older.opened) && c.part == 0 && c.Handshake.Complete && c.Ending == ClosedByFIN
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			v := c.plainVerdict()
			return "its SYN took over the ports of an earlier connection; " + v.Text, append([]int(nil), v.Frames...)
		}},
}

// middles tell that the beginning is missing, or a part of it.
var middles = []diagnosis{
	{name: Incomplete, when: isGap,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			h, server := &c.Handshake, c.heard[Server]
			if h.SYNACKFrame == 0 {
				return "the SYN+ACK is not in the capture, though the client acknowledged it: packets are missing; " + c.closeTold(), []int{h.SYNFrame, c.first(markEarlyACK), server}
			}
			return "the third step is not in the capture, though the server goes on as if it had come: packets are missing, or one direction; " + c.closeTold(), []int{h.SYNFrame, h.SYNACKFrame, server}
		}},
	{name: CaptureBeganLate, when: func(c *Conversation, _ capture.Time) bool {
		return c.Handshake.FirstSYNFrame == 0 && c.Handshake.SYNACKFrame == 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the connection was open already when the capture began, or its beginning was not captured", []int{c.FirstFrame}
		}},
	{name: CaptureBeganLate, when: func(c *Conversation, _ capture.Time) bool { return c.Handshake.FirstSYNFrame == 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN was not captured: the capture began behind it, or lacks it", []int{c.FirstFrame}
		}},
	{name: SplitHandshake, when: func(c *Conversation, _ capture.Time) bool { return c.part != 0 && c.Handshake.Complete },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			v := c.plainVerdict()
			return fmt.Sprintf("it goes on from stream %d: the server answered the SYN by an ACK and a SYN of its own; %s", c.part-1, v.Text), append([]int(nil), v.Frames...)
		}},
}

// patience is how long a server waits for the third step at least: the quickest
// hosts forget a SYN after 20 seconds or so; nanoseconds.
const patience = 15e9

// closeTold says how far the close came.
func (c *Conversation) closeTold() string {
	switch c.Ending {
	case ClosedByFIN:
		return fmt.Sprintf("closed by the %s first, every FIN acknowledged", c.ClosedBy)
	case HalfClosed, ClosedUnacked:
		return "being closed when the capture ended"
	}
	return "still open when the capture ended"
}

// beforeReset is the last segment of the end that the RST went to, before it.
func (c *Conversation) beforeReset() int { return int(c.resetBehind) }

// inAnothersName is why an RST was probably not sent by the end whose name it
// carries; empty where nothing speaks against that.
func (c *Conversation) inAnothersName() (why string) {
	h := &c.hosts[c.resetBy]
	if h.differs(c.resetTTL) {
		why = fmt.Sprintf("its TTL is %d, that of the %s's other segments %d", c.resetTTL, c.resetBy, h.ttl)
	}
	if n := c.first(markWentOn); n != 0 {
		if why != "" {
			why += ", and "
		}
		why += fmt.Sprintf("the %s itself went on behind it (#%d)", c.resetBy, n)
	}
	if c.has(markEarlyReset) && c.first(markEarlyReset) == c.resetAt {
		if why != "" {
			why += ", and "
		}
		why += fmt.Sprintf("it acknowledges what was sent %s before, where an answer of the %s takes %s", seconds(c.room.early[0]), c.resetBy, seconds(c.room.early[1]))
	}
	if c.has(markResetCopied) && c.first(markResetCopied) == c.resetAt {
		if why != "" {
			why += ", and "
		}
		why += "it repeats the IP identification and the window of the segment that it answers"
	}
	return why
}

// ttlDoubt is what else an RST's TTL may come from, where that alone says that
// another has made it; empty for nothing.
func (c *Conversation) ttlDoubt() string {
	h := &c.hosts[c.resetBy]
	switch off := int(h.ttl) - int(c.resetTTL); {
	case off == 0 || h.is(variesTTL) || c.has(markWentOn) || c.first(markEarlyReset) == c.resetAt || c.first(markResetCopied) == c.resetAt:
		return ""
	case hops(h.ttl) == hops(c.resetTTL):
		return fmt.Sprintf("; both may have come over as many hops, so the %s itself may have sent it, if its RSTs begin with another TTL", c.resetBy)
	case off >= -2 && off <= 2:
		return "; a route that has changed since would do as well"
	}
	return ""
}

// hops is how many routers a segment has passed, by the numbers that most hosts
// begin with.
func hops(ttl uint8) int {
	for _, first := range [...]int{64, 128, 255} {
		if int(ttl) <= first {
			return first - int(ttl)
		}
	}
	return 0
}

func tellForeignReset(c *Conversation, _ capture.Time) (string, []int) {
	text := fmt.Sprintf("reset by an RST in the %s's name that was probably made by a device on the way: %s%s", c.resetBy, c.inAnothersName(), c.ttlDoubt())
	if f := &c.Flows[Server]; c.resetBy == Server && f.Segments == c.Handshake.SYNACKs+f.RSTs && c.hosts[Server].ttl != c.resetTTL && !c.has(markEarlyReset) {
		text += "; or the SYN+ACK was, as by a proxy that answers for a server and then finds it closed"
	}
	return text, []int{c.Handshake.SYNACKFrame, c.beforeReset(), c.resetAt, c.first(markWentOn)}
}

// isDangling reports whether something was sent to the end and never
// acknowledged, and not merely as the capture ended.
func isDangling(c *Conversation, now capture.Time) bool {
	if c.Ending == ClosedByFIN || incomplete(c, now) {
		return false
	}
	return c.dangles(Client, now) || c.dangles(Server, now)
}

// dangles reports whether what an end sent last stayed without an
// acknowledgment.
func (c *Conversation) dangles(side Side, now capture.Time) bool {
	h := &c.hosts[side]
	if !h.is(hasNxt) || !earlier(h.una, h.nxt) || c.shut[side.Other()] {
		return false
	}
	if c.has(markAgain) && c.room.againTo[side] != 0 {
		return true
	}
	return now.Since(c.Latest).Nanoseconds() > max(c.flight(), 1e9)
}

func tellDangling(c *Conversation, now capture.Time) (text string, frames []int) {
	for _, side := range [...]Side{Client, Server} {
		if !c.dangles(side, now) {
			continue
		}
		if text != "" {
			text += "; "
		}
		what := "last data"
		if c.hosts[side].is(sentFIN) {
			what = "FIN"
			frames = append(frames, c.Flows[side].FINFrame)
		}
		text += fmt.Sprintf("the %s's %s was never acknowledged", side, what)
		if c.has(markAgain) && c.room.againTo[side] != 0 {
			frames = append(frames, c.room.againFrom[side], c.room.againTo[side])
			text += ", though it was sent again up to #" + fmt.Sprint(c.room.againTo[side])
		}
		if c.has(markOldStamp) && c.room.oldStampBy == side {
			text += fmt.Sprintf("; the %s's timestamps had gone back (#%d), and what has an older one is rejected (PAWS, RFC 7323 §5.3)", side, c.first(markOldStamp))
			frames = append(frames, c.first(markOldStamp))
		}
	}
	switch {
	case c.dangles(Client, now) && c.dangles(Server, now):
		text = "both ends closed or sent without an acknowledgment: " + text
	default:
		side := Client
		if c.dangles(Server, now) {
			side = Server
		}
		if from := c.room0().againFrom[side]; from != 0 && c.heard[side.Other()] < from || from == 0 && c.heard[side.Other()] < c.heard[side] {
			text += fmt.Sprintf(": the %s, or the path, is silent", side.Other())
		}
	}
	if c.largeLost(Client) || c.largeLost(Server) {
		text += "; the segment is a large one, and none as large is known to have arrived: a router may drop large packets (path MTU, RFC 2923 §2.1)"
	}
	if c.has(markSimultaneousClose) {
		text += "; both had sent a FIN before they saw the other's (RFC 9293 §3.6)"
		frames = append(frames, c.Flows[Client].FINFrame, c.Flows[Server].FINFrame)
	}
	return text, append(frames, c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.Handshake.ACKFrame)
}

var noRemarks remarks

// room0 is the remarks, empty where there are none.
func (c *Conversation) room0() *remarks {
	if c.room == nil {
		return &noRemarks
	}
	return c.room
}

// aside adds what is true besides the verdict.
func (c *Conversation) aside(d *diagnosis, text string, frames []int) (string, []int) {
	add := func(kind int, format string, args ...any) {
		text += "; " + fmt.Sprintf(format, args...)
		frames = append(frames, c.first(kind))
	}
	if c.resetAt != 0 && (c.Ending == ClosedByReset || c.Ending == ClosedThenReset) && !slices.Contains(frames, c.resetAt) {
		text, frames = text+c.resetTold(), append(frames, c.resetAt)
	}
	if n := c.copies(); n > 0 {
		all := c.Flows[Client].Segments + c.Flows[Server].Segments
		if 2*n >= all-1 {
			add(markCopy, "the capture holds copies: each packet %s", times((all+(all-n)/2)/max(all-n, 1)))
		} else {
			add(markCopy, "%d of %d segments came twice, the same in every bit: a second copy made on the way or by the capture, or sent twice at once", n, all)
		}
	}
	if c.has(markDisorder) {
		add(markDisorder, "the file is not in order of time: #%d is earlier than a frame before it", c.first(markDisorder))
	}
	if again := c.at(markAgain); again.count > 0 && (d == nil || d.needs == kinds{} && d.name != NotAcknowledged) && c.repeatsTold() {
		add(markAgain, "%s repeated", were(int(again.count), "segment"))
	}
	if n := c.first(markBadSYN); n != 0 && (c.firstSYNACK() == 0 || n < c.Handshake.SYNFrame) {
		add(markBadSYN, "the checksum of a SYN (#%d) is wrong: who gets it so drops it (RFC 9293 §3.1)", n)
	}
	if c.has(markBadReset) {
		add(markBadReset, "an RST (#%d) has a wrong checksum, so the %s drops it (RFC 9293 §3.1)", c.first(markBadReset), c.badResetTo())
	}
	if n := c.at(markDataNotTaken); n.count > 0 {
		what := "the data"
		if took := c.room.tookOfSYN; took == 0 {
			add(markDataNotTaken, "the SYN carried data and the server did not take it: its SYN+ACK acknowledges x + 1 alone (RFC 7413)")
		} else {
			add(markDataNotTaken, "the SYN carried data and the server took %d bytes of it, by what its SYN+ACK acknowledges (RFC 7413)", took)
			what = "the rest"
		}
		if n.count > 1 {
			text += ", so the client sent " + what + " again"
			frames = append(frames, n.lastFrame())
		}
	}
	if n := c.at(markResetIgnored); n.count > 0 && (d == nil || !d.needs.hasAny(of(markResetIgnored))) {
		if n.count == 1 {
			add(markResetIgnored, "an RST (#%d) whose number did not fit %s (RFC 5961 §3)", n.firstFrame(), c.ignored("was"))
		} else {
			add(markResetIgnored, "%d RSTs (from #%d on) whose number did not fit %s (RFC 5961 §3)", n.count, n.firstFrame(), c.ignored("were"))
		}
		frames = append(frames, n.lastFrame(), c.first(markChallengeACK))
		switch {
		case c.Ending != ClosedByReset:
		case c.has(markResetAsked):
			text += ": the challenge ACK asked for the exact one, and the RST came again with that"
		default:
			text += ": the one that counted may be forged too"
		}
	}
	if c.has(markOutlived) {
		add(markOutlived, "an RST (#%d) was not taken, or not sent by the end whose name it bears: the connection went on", c.first(markOutlived))
		if h := &c.hosts[c.resetBy]; c.resetAt == 0 && h.ttl != 0 && h.ttl != c.resetTTL && !h.is(variesTTL) {
			text += fmt.Sprintf("; its TTL is %d, that of the %s's other segments %d", c.resetTTL, c.resetBy, h.ttl)
		}
	}
	for _, side := range [...]Side{Client, Server} {
		if n := c.ends[side].missing(c.hosts[side].una); n > 0 && c.has(markLost) {
			add(markLost, "%s that the %s sent, and the %s acknowledged, are not in the capture", countOf(n, "byte"), side, side.Other())
		}
	}
	if c.has(markUncaptured) && !c.has(markUnsentAck) && c.lacksUncaptured() {
		add(markUncaptured, "something that is acknowledged (#%d) is not in the capture, or was never sent", c.first(markUncaptured))
	}
	if c.has(markLateFIN) {
		add(markLateFIN, "the FIN came once more (#%d) after the close", c.first(markLateFIN))
	}
	if c.has(markResetCrossed) {
		n := c.first(markResetCrossed)
		add(markResetCrossed, "the %s's RST (#%d) came right with it, though none is answered by another (RFC 9293 §3.10.7.1): both aborted at once, or a device on the way reset both", c.resetBy.Other(), n)
	} else if c.has(markLateReset) && c.Handshake.FirstSYNFrame != 0 {
		add(markLateReset, "an RST (#%d) came after the end", c.first(markLateReset))
	}
	if c.has(markResetToo) && c.room.lateFrom == TimeWait {
		add(markResetToo, "an RST (#%d) took the %s out of TIME-WAIT", c.first(markResetToo), c.room.lateTo)
	} else if c.has(markResetToo) && c.first(markResetToo) != c.first(markResetCrossed) {
		add(markResetToo, "an RST (#%d) ended it at the %s's end, too", c.first(markResetToo), c.room.lateTo)
	}
	if c.has(markReopened) && c.room.rejected != [2]int{} {
		add(markReopened, "its SYN (#%d) is one that came before; the client had rejected the SYN+ACK (#%d) to that by an RST (#%d)", c.first(markReopened), c.room.rejected[0], c.room.rejected[1])
		frames = append(frames, c.room.rejected[:]...)
	} else if c.has(markReopened) {
		add(markReopened, "its SYN (#%d) has the number and the ports of a connection that was over", c.first(markReopened))
	}
	if n := max(c.first(markResetWithoutACK), c.first(markResetElse)); n != 0 && (c.Handshake.Complete || c.Ending == ClosedByRefusal) {
		add(markResetWithoutACK, "an RST (#%d) that does not acknowledge the SYN was ignored (RFC 9293 §3.10.7.3)", n)
		frames = append(frames, n)
	}
	frames = append(frames, c.asideICMP(d, add)...)
	return text, frames
}

// badResetTo is the end that an RST with a wrong checksum went to.
func (c *Conversation) badResetTo() Side {
	if n := c.first(markBadReset); n == c.Flows[Client].RSTFrame || c.Flows[Server].RSTs == 0 {
		return Server
	}
	return Client
}

// lacksUncaptured reports whether what markUncaptured acknowledges has not come
// later in the file.
func (c *Conversation) lacksUncaptured() bool {
	side, to := c.room.uncapturedOf, c.room.uncapturedTo
	e := &c.ends[side]
	seen := e.counted
	if c.Flows[side].FINFrame != 0 {
		seen++
	}
	return !e.begun || later(to, seen) && e.missing(to) == 0
}

// ignored says that an RST was ignored, where there is something after it that
// can show it.
func (c *Conversation) ignored(were string) string {
	if n := c.last(markResetIgnored); n == c.LastFrame {
		if c.last(markResetBehind) == n {
			return "should be ignored, if what was sent before it has arrived"
		}
		return "should be ignored"
	}
	return were + " ignored"
}

// repeatsTold reports whether it is worth saying that segments were repeated.
func (c *Conversation) repeatsTold() bool {
	return c.Handshake.FirstSYNFrame == 0 || c.Handshake.Complete
}
