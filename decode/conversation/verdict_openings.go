package conversation

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/capture"
)

// openings tell of a handshake that was completed with trouble.
var openings = []diagnosis{
	{name: OneDirection, when: func(c *Conversation, _ capture.Time) bool {
		return c.Handshake.FirstSYNFrame != 0 && (c.Flows[Client].Segments == 0 || c.Flows[Server].Segments == 0)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "only the client's segments were captured", []int{c.FirstFrame, c.LastFrame}
		}},
	{name: OneDirection, when: func(c *Conversation, _ capture.Time) bool {
		return c.Flows[Client].Segments == 0 || c.Flows[Server].Segments == 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			if c.Handshake.SYNACKFrame != 0 {
				return "only the server's segments were captured", []int{c.FirstFrame, c.LastFrame}
			}
			return "only one direction was captured, and not its beginning", []int{c.FirstFrame, c.LastFrame}
		}},
	{name: SimultaneousOpen, needs: of(markSimultaneousOpen),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "both ends sent a SYN, and the SYNs crossed: each was answered by a SYN+ACK (RFC 9293 §3.5)",
				[]int{c.FirstFrame, c.first(markServerSYN), c.room0().crossAt, c.Handshake.SYNACKFrame, c.first(markSimultaneousOpen)}
		}},
	{name: OldDuplicateSYN, needs: of(markWrongAck, markDisowned, markAnswersOlder), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the server answered the SYN before, that of stream %d, when the client had sent this one with another number; the client rejected that answer by an RST, and its own SYN was answered then (RFC 9293 §3.5)", c.room.answersOf),
				[]int{c.FirstFrame, c.first(markAnswersOlder), c.first(markDisowned), c.Handshake.SYNACKFrame}
		}},
	{name: OldDuplicateSYN, needs: of(markWrongAck, markDisowned), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "another SYN than the client's, an old duplicate, was answered first; the client rejected that answer by an RST, and its own SYN was answered then (RFC 9293 §3.5)",
				[]int{c.first(markWrongAck), c.first(markDisowned), c.Handshake.SYNACKFrame}
		}},
	{name: SYNACKNotTaken, needs: of(markBadSum, markSYNNotTaken), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the checksum of a SYN+ACK was wrong and the client dropped it (RFC 9293 §3.1); its SYN came again, and was answered once more",
				[]int{c.Handshake.FirstSYNFrame, c.first(markBadSum), c.first(markSYNNotTaken), c.Handshake.ACKFrame}
		}},
	{name: AcceptQueueFull, when: func(c *Conversation, _ capture.Time) bool {
		return c.isOpened() && c.Ending == ClosedByReset && c.resetBy == Server && c.bare && c.Flows[Server].Segments == c.Handshake.SYNACKs+c.Flows[Server].RSTs+c.copies() &&
			c.server != nil && c.server.waiting > 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the server answered the client's ACK by an RST, while %s for accept(): its queue was probably full", waited(c.server.waiting)),
				[]int{c.Handshake.SYNACKFrame, c.Handshake.ACKFrame, c.resetAt}
		}},
	{name: AcceptQueueFull, needs: of(markACKBeforeAgain), lacks: of(markNoStamp, markNoSignature), when: func(c *Conversation, _ capture.Time) bool {
		return c.has(markAgainOnData) || c.queued > 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := fmt.Sprintf("the server repeated its SYN+ACK although the client had acknowledged it, while %s for accept(): its queue was probably full, so it dropped the ACK", waited(int(c.queued)))
			if c.has(markAgainOnData) {
				text = "the server answered data by its SYN+ACK again, so the data arrived: it had dropped the handshake's ACK, probably as its queue for accept() was full"
			}
			return text + c.resetTold(), []int{c.Handshake.SYNACKFrame, c.Handshake.ACKFrame, c.first(markACKBeforeAgain), c.last(markACKBeforeAgain), c.resetAt}
		}},
	{name: LastACKLost, needs: of(markACKBeforeAgain), lacks: of(markNoSignature), when: func(c *Conversation, _ capture.Time) bool {
		return c.isOpened() && c.at(markACKBeforeAgain).count == 1 && c.queued == 0 && c.first(markACKBeforeAgain) < c.heardFrom(Server) &&
			(c.firstData == 0 || int(c.firstData) > c.first(markACKBeforeAgain))
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := "the server repeated its SYN+ACK: the client had acknowledged it, and that ACK was lost on the way, or the server did not take it"
			if c.has(markBadThird) {
				text = "the server repeated its SYN+ACK: the client had acknowledged it by an ACK whose checksum is wrong, so the server drops it (RFC 9293 §3.1)"
			}
			return text, []int{c.FirstFrame, c.first(markSYNACKAgain), c.Handshake.ACKFrame}
		}},
	{name: LastACKNotTaken, needs: of(markACKBeforeAgain), when: func(c *Conversation, _ capture.Time) bool { return c.Handshake.SYNACKFrame != 0 },
		tell: tellLastACK},
	{name: AcceptQueueFull, needs: of(markQueueFull), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN was answered only when it came again, after the server had served those that waited for accept(): the queue was probably full",
				[]int{c.FirstFrame, c.first(markSYNAgain), c.Handshake.SYNACKFrame}
		}},
	{name: SYNFlood, needs: of(markSYNAgain), when: func(c *Conversation, now capture.Time) bool { return c.isOpened() && c.flooded(now) },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("opened only after %s sent, while %d handshakes with port %d were left unfinished (RFC 4987 §2)", were(c.Handshake.SYNs, "SYN"), c.server.unfinished, c.Ends[Server].Port),
				[]int{c.FirstFrame, c.last(markSYNAgain)}
		}},
	{name: SYNCookies, when: func(c *Conversation, now capture.Time) bool { return c.isOpened() && c.cookie(now) },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("opened while %d handshakes with port %d were left unfinished, by a SYN+ACK that looks like a cookie (RFC 4987 §3.6)", c.server.unfinished, c.Ends[Server].Port),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.Handshake.ACKFrame}
		}},
	{name: LastACKLost, needs: of(markACKLost), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the server repeated its SYN+ACK: by its timestamps the client had acknowledged the first one, and that ACK was lost",
				[]int{c.FirstFrame, c.first(markSYNACKAgain), c.Handshake.ACKFrame}
		}},
	{name: PortReused, needs: of(markSYNAgain), when: func(c *Conversation, _ capture.Time) bool {
		return c.isOpened() && c.older.isHeld() && c.firstSYNACK() > c.last(markSYNAgain)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("its ports are those of stream %d, which was not closed: %s sent before one was answered, probably because the server still held the older connection", c.older.stream, were(c.Handshake.SYNs, "SYN")),
				[]int{c.FirstFrame, c.last(markSYNAgain), c.Handshake.SYNACKFrame}
		}},
	{name: SlowPath, needs: of(markSYNAgain, markOwnAnswer), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("an answer takes %s, longer than the client waits, so it sent its SYN again, and each SYN got an answer of its own: the path is slow, or the server, and nothing was lost", seconds(c.Handshake.SYNACKTime.Since(c.FirstSYNTime()).Nanoseconds())),
				[]int{c.Handshake.FirstSYNFrame, c.last(markSYNAgain), c.Handshake.SYNACKFrame, c.first(markOwnAnswer)}
		}},
	{name: Refused, needs: of(markRefused), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := "the first SYN was refused by an RST"
			if c.has(markSYNChanged) {
				text += ", and the one that was answered differs from it by " + c.difference() + ": something on the way, or the server, refuses a SYN with that"
			} else {
				text += ", and the client tried once more and was let in: somebody listens there; its queue may have been full, or its program was not ready"
			}
			return text, []int{c.Handshake.FirstSYNFrame, c.first(markRefused), c.first(markSYNAgain), c.Handshake.SYNACKFrame}
		}},
	{name: SYNLost, needs: of(markSYNChanged), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%s sent before one was answered, and the one that was differs from the first by %s: something on the way, or the server, seems to drop a SYN with that", were(c.Handshake.SYNs, "SYN"), c.difference()),
				[]int{c.FirstFrame, c.first(markSYNChanged), c.first(markSYNAgain)}
		}},
	{name: RejectedOnTheWay, needs: of(markSYNAgain), when: func(c *Conversation, _ capture.Time) bool {
		return c.isOpened() && c.isQuoted() && c.firstQuote() < c.Handshake.SYNACKFrame
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the first SYN was answered by an ICMP error of " + c.quoter() + " " + c.room.quoted + "; the SYN was sent again, and answered", []int{c.FirstFrame, c.firstQuote(), c.last(markSYNAgain)}
		}},
	{name: SYNACKLost, needs: of(markSYNAgain), when: func(c *Conversation, _ capture.Time) bool {
		return c.isOpened() && (c.has(markSYNNotTaken) || c.has(markSYNArrived) || c.has(markSYNACKAgain))
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN was repeated although the server had answered it: the SYN+ACK was lost on the way to the client, or the client did not take it",
				[]int{c.FirstFrame, c.first(markSYNAgain), c.first(markSYNACKAgain)}
		}},
	{name: SYNLost, needs: of(markSYNAgain), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return were(c.Handshake.SYNs, "SYN") + " sent before an answer came: a SYN was lost, or its answer, or the server let it drop",
				[]int{c.FirstFrame, c.last(markSYNAgain)}
		}},
	{name: SYNACKLost, needs: of(markSYNACKAgain), when: func(c *Conversation, _ capture.Time) bool { return c.isOpened() && c.synackTS != 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the server repeated its SYN+ACK, and the client answered the repeated one: the first was probably lost",
				[]int{c.Handshake.SYNFrame, c.first(markSYNACKAgain), c.Handshake.ACKFrame}
		}},
	{name: SYNACKLost, needs: of(markSYNACKAgain), when: opened,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the server repeated its SYN+ACK: the first was lost, or the client's ACK",
				[]int{c.Handshake.SYNFrame, c.first(markSYNACKAgain), c.Handshake.ACKFrame}
		}},
	{name: SYNACKLost, when: func(c *Conversation, _ capture.Time) bool { return c.isOpened() && c.late() },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN+ACK came as late as one that is sent again, while the server's later answers were quick: the first was probably lost",
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame}
		}},
}

func opened(c *Conversation, _ capture.Time) bool { return c.isOpened() }

// isOpened reports whether the handshake is complete, with its SYN.
func (c *Conversation) isOpened() bool { return c.Handshake.FirstSYNFrame != 0 && c.Handshake.Complete }

// heardFrom is the latest frame of an end.
func (c *Conversation) heardFrom(side Side) int { return c.heard[side] }

// tellLastACK: the server goes on asking for an ACK that the client has sent.
// Two or three explanations remain.
func tellLastACK(c *Conversation, _ capture.Time) (string, []int) {
	frames := []int{c.Handshake.SYNACKFrame, c.Handshake.ACKFrame, c.first(markACKBeforeAgain), c.last(markACKBeforeAgain)}
	text := fmt.Sprintf("the server repeated its SYN+ACK (%s) although the client had acknowledged it: ", times(int(c.at(markSYNACKAgain).count)))
	switch {
	case c.has(markBadThird):
		text += "the checksum of the first of its ACKs is wrong, so the server drops that (RFC 9293 §3.1)"
	case c.has(markNoSignature):
		text += "the ACKs carry no signature, though both SYNs did (TCP MD5, RFC 2385, or TCP-AO), so the server has to drop them"
		frames = append(frames, c.first(markNoSignature))
	case c.has(markNoStamp):
		text += "the ACKs carry no timestamp, though both ends had agreed on timestamps, so the server may have dropped them (RFC 7323 §3.2); or they were lost on the way, or its queue for accept() was full"
		frames = append(frames, c.first(markNoStamp))
	case c.nearServer():
		text += "the ACKs reached the server, as the capture was made near it; its queue for accept() was full, or it waits for data first (TCP_DEFER_ACCEPT)"
	case c.nearClient():
		text += "whether the ACKs reached it cannot be known, as the capture was made near the client: they were lost or dropped on the way, or its queue for accept() was full, or it waits for data first (TCP_DEFER_ACCEPT)"
	default:
		text += "the ACKs were lost on the way, or its queue for accept() was full, or it waits for data first (TCP_DEFER_ACCEPT)"
	}
	if again := c.at(markAgain); again.count > 0 && c.hosts[Client].una != c.hosts[Client].nxt && c.Flows[Client].DataSegments > 0 {
		text += "; the client's data was never acknowledged"
		frames = append(frames, again.firstFrame(), again.lastFrame())
	}
	if c.resetAt != 0 && c.resetBy == Server && c.firstData != 0 {
		return text + "; the first data was answered by an RST", append(frames, c.heard[Client], c.resetAt)
	}
	return text + c.resetTold(), append(frames, c.resetAt)
}

// resetTold says who aborted in the end; empty where nobody did.
func (c *Conversation) resetTold() string {
	if c.resetAt == 0 {
		return ""
	}
	if why := c.inAnothersName(); why != "" {
		return fmt.Sprintf("; at last an RST in the %s's name ended it, that was probably made by a device on the way: %s", c.resetBy, why)
	}
	if c.has(markUnknown) && c.first(markUnknown) == c.resetAt {
		return fmt.Sprintf("; at last the %s answered by an RST without ACK, as one that knows nothing of the connection", c.resetBy)
	}
	return fmt.Sprintf("; at last the %s aborted with an RST", c.resetBy)
}

// difference names what the SYN that was answered lacks, or has, against the
// first.
func (c *Conversation) difference() (text string) {
	for bit, name := range shapeNames {
		if c.room.changed>>bit&1 == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		if c.synShape>>bit&1 != 0 {
			text += "lacking "
		} else {
			text += "having "
		}
		text += name
	}
	return text
}

// nearClient and nearServer report whether the capture was made near an end, as
// the delays of the handshake tell: what is near answers at once.
func (c *Conversation) nearClient() bool { return c.lopsided(Client) }
func (c *Conversation) nearServer() bool { return c.lopsided(Server) }

func (c *Conversation) lopsided(near Side) bool {
	h := &c.Handshake
	if h.SYNFrame == 0 || h.SYNACKFrame == 0 || h.ACKFrame == 0 {
		return false
	}
	there, back := h.SYNACKTime.Since(h.SYNTime).Nanoseconds(), h.ACKTime.Since(h.SYNACKTime).Nanoseconds()
	if near == Server {
		there, back = back, there
	}
	return there > 1e6 && there > 5*back
}

// late reports whether a SYN+ACK came when a server repeats it (RFC 6298 §2.1),
// far later than its other answers.
func (c *Conversation) late() bool {
	h := &c.Handshake
	wait := h.SYNACKTime.Since(h.SYNTime).Nanoseconds()
	return h.SYNs == 1 && h.SYNACKs == 1 && wait > 9e8 && wait < 4e9 && c.quickest != 0 && c.quickest < wait/10
}

func waited(n int) string {
	if n == 1 {
		return "another waited"
	}
	return fmt.Sprintf("%d others waited", n)
}
