package conversation

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/capture"
)

// unanswered tell of a SYN or SYN+ACK that nothing followed.
var unanswered = []diagnosis{
	{name: Filtered, needs: of(markQuoteProhibited), when: rejectedSYN, tell: tellRejectedSYN},
	{name: Unreachable, when: rejectedSYN, tell: tellRejectedSYN},
	{name: PathMTU, needs: of(markQuoteTooBig), when: isSilent,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN was not answered; " + c.narrower() + " (RFC 1191, RFC 8201), though a SYN is hardly that large: the path is broken there, or the message is forged",
				[]int{c.FirstFrame, c.first(markQuoteTooBig), c.last(markSYNAgain)}
		}},
	{name: OneDirection, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Flows[Server].Segments == 0 && c.Flows[Client].Segments > c.Handshake.SYNs+c.Flows[Client].RSTs+c.copies()
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "only the client's segments were captured", []int{c.FirstFrame, c.LastFrame}
		}},
	{name: SYNCookies, when: func(c *Conversation, now capture.Time) bool {
		return c.isIncomplete() && c.resetAt == 0 && c.cookie(now)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("one of %d SYNs to port %d that were never followed by an ACK%s; the server seems to have kept nothing of this one but a cookie in its number y (RFC 4987 §3.6)", c.server.unfinished, c.Ends[Server].Port, c.server.answers()),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame}
		}},
	{name: SYNFlood, when: func(c *Conversation, now capture.Time) bool {
		return c.isIncomplete() && c.resetAt == 0 && c.Handshake.SYNACKFrame == 0 && c.flooded(now)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("sent while %d handshakes with port %d were left unfinished, and not answered: the server's queue for SYNs may be full (RFC 4987 §2)", c.server.unfinished, c.Ends[Server].Port),
				[]int{c.FirstFrame, c.Handshake.SYNFrame}
		}},
	{name: SYNFlood, when: func(c *Conversation, now capture.Time) bool {
		return c.isIncomplete() && c.resetAt == 0 && c.flooded(now)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("one of %d SYNs to port %d that were never followed by an ACK%s (RFC 4987 §2)", c.server.unfinished, c.Ends[Server].Port, c.server.answers()),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame}
		}},
	{name: Incomplete, when: func(c *Conversation, now capture.Time) bool {
		return c.isSilent() && c.Handshake.SYNs == 1 && now.Since(c.Handshake.SYNTime).Nanoseconds() < 1e9
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the capture ended within a second of the SYN: too soon to miss an answer", []int{c.Handshake.SYNFrame}
		}},
	{name: OldDuplicateSYN, needs: of(markAnswerThere), when: isSilent,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the client sent another SYN with another number before an answer to this one came; the SYN+ACK that acknowledges this one came then, and stands in stream %d: too late (RFC 9293 §3.5)", c.room.answerThere),
				[]int{c.FirstFrame, c.first(markReplaced), c.first(markAnswerThere)}
		}},
	{name: PortReused, when: func(c *Conversation, now capture.Time) bool { return c.isSilent() && c.older.isHeld() },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%s sent and nothing came back; its ports are those of stream %d, which was not closed: the server may ignore the SYN as it still holds that connection, or the path is silent", were(c.Handshake.SYNs, "SYN"), c.older.stream),
				[]int{c.FirstFrame, c.Handshake.SYNFrame}
		}},
	{name: Unanswered, when: func(c *Conversation, now capture.Time) bool {
		return c.isSilent() && c.server != nil && c.server.opened > 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := fmt.Sprintf("%s sent and not answered, while the same address and port answered others in this capture (as in #%d): the server dropped it, or the path did", were(c.Handshake.SYNs, "SYN"), c.server.openedAt)
			switch {
			case c.has(markSigned):
				text += "; this SYN carries a signature (TCP MD5, RFC 2385, or TCP-AO), and one that does not verify is dropped without a word"
			case c.server.okTS != 0 && c.synTS != 0 && c.server.okFrom == c.Ends[Client].Addr && earlier(c.synTS, c.server.okTS):
				text += fmt.Sprintf("; its timestamp (TSval %d) is lower than that of those answered (%d), as of another host behind one address, for which some servers drop a SYN", c.synTS, c.server.okTS)
			}
			return text, []int{c.FirstFrame, c.Handshake.SYNFrame, int(c.server.openedAt)}
		}},
	{name: Unanswered, needs: of(markSigned), when: isSilent,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%s sent and nothing came back: the SYN carries a signature (TCP MD5, RFC 2385, or TCP-AO), and a server whose key differs, or that has none, drops it without a word; or it was filtered on the way", were(c.Handshake.SYNs, "SYN")),
				[]int{c.FirstFrame, c.Handshake.SYNFrame}
		}},
	{name: Filtered, when: func(c *Conversation, now capture.Time) bool {
		return c.isSilent() && c.server != nil && c.server.host != nil && c.server.host.heardAt != 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%s sent and nothing came back, though the address is alive (#%d): port %d seems to be filtered, there or on the way", were(c.Handshake.SYNs, "SYN"), c.server.host.heardAt, c.Ends[Server].Port),
				[]int{c.FirstFrame, c.Handshake.SYNFrame, int(c.server.host.heardAt)}
		}},
	{name: Filtered, when: isSilent,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%s sent and nothing came back: filtered or lost on the way, dropped by the server, or nobody has the address", were(c.Handshake.SYNs, "SYN")),
				[]int{c.FirstFrame, c.Handshake.SYNFrame}
		}},
	{name: Backscatter, needs: of(markNotItsSYN), when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.first(markNotItsSYN) == c.resetAt
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the client's address rejected the SYN+ACK by an RST whose TTL, %d, is not that of the SYN, %d: one of the two was sent by another machine; where it was the SYN, forged or an old duplicate, the RST is the answer of a host that has not asked (RFC 9293 §3.5, figure 11)", c.resetTTL, c.hosts[Client].ttl),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.resetAt}
		}},
	{name: ResetByAnother, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && c.resetAt != 0 && c.inAnothersName() != ""
	},
		tell: tellForeignReset},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && c.resetAt != 0 && c.resetBy == Client &&
			c.Flows[Client].Segments > c.Handshake.SYNs+c.Flows[Client].RSTs+c.copies()
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the client's address rejected the SYN+ACK by an RST, and yet went on with the connection: two TCPs share the address, as a program with one of its own beside the kernel, which knew nothing of the SYN, or a device on the way sent the RST; it ended the connection",
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.resetAt}
		}},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && c.resetAt != 0 && c.resetBy == Client
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := "aborted by the client: it answered the SYN+ACK by an RST, as a port scan does, a look whether the port is open, or a client that gave up"
			if wait := c.Handshake.SYNACKTime.Since(c.FirstSYNTime()).Nanoseconds(); wait > 1e9 {
				text = fmt.Sprintf("aborted by the client: it answered the SYN+ACK by an RST; that had come %s after its SYN, so it had probably given up waiting", seconds(wait))
			}
			return text,
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.resetAt}
		}},
	{name: HalfOpen, when: func(c *Conversation, now capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKs > 1 && c.Flows[Client].Segments == c.Handshake.SYNs+c.copies()
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := were(c.Handshake.SYNACKs, "SYN+ACK") + " sent and no ACK came: the server was left half-open, "
			if c.Flows[Server].RSTFrame != 0 {
				return text + "and gave up by an RST at last", []int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.heard[Server]}
			}
			return text + "in SYN-RECEIVED", []int{c.Handshake.SYNFrame, c.heard[Server]}
		}},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && c.resetAt != 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "aborted by the server before the handshake was complete",
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.resetAt}
		}},
	{name: Incomplete, needs: of(markReplaced), when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && c.Ending == ReplacedByReuse
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "no ACK followed the SYN+ACK: the client sent another SYN with another number instead, which begins the next stream; it had not got the SYN+ACK, or did not take it, or began anew", []int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.first(markReplaced)}
		}},
	{name: RejectedOnTheWay, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && c.room0().quotedServer != 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("no ACK followed the SYN+ACK, which was answered by an ICMP error of %s %s", c.quoter(), c.room.quoted),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.room.quotedServer}
		}},
	{name: Incomplete, when: func(c *Conversation, now capture.Time) bool {
		return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 && now.Since(c.Handshake.SYNACKTime).Nanoseconds() < 1e9
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the capture ended within a second of the SYN+ACK: too soon to miss the last ACK", []int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame}
		}},
	{name: Incomplete, when: func(c *Conversation, _ capture.Time) bool { return c.isIncomplete() && c.Handshake.SYNACKFrame != 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "no ACK followed the SYN+ACK: it was not captured, or not sent", []int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame}
		}},
	{name: Incomplete, needs: of(markAckedSYN), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the server acknowledged the SYN by a segment without a SYN of its own, which a client in SYN-SENT drops (RFC 9293 §3.10.7.3): no SYN+ACK was captured, and the handshake was not completed",
				[]int{c.Handshake.FirstSYNFrame, c.first(markAckedSYN), c.last(markSYNAgain)}
		}},
	{name: Incomplete, when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the handshake was not completed", []int{c.Handshake.FirstSYNFrame, c.LastFrame}
		}},
}

// isSilent reports whether the server never said a word to the client's SYNs.
func isSilent(c *Conversation, _ capture.Time) bool { return c.isSilent() }

func (c *Conversation) isSilent() bool { return c.isIncomplete() && c.Flows[Server].Segments == 0 }

// rejectedSYN reports whether a SYN got ICMP errors and nothing else.
func rejectedSYN(c *Conversation, _ capture.Time) bool {
	return c.isIncomplete() && c.firstSYNACK() == 0 && c.Flows[Server].Segments == 0 && c.isQuoted()
}

func tellRejectedSYN(c *Conversation, _ capture.Time) (string, []int) {
	return "the SYN was answered by an ICMP error of " + c.quoter() + " " + c.room.quoted + c.causes(), []int{c.FirstFrame, c.firstQuote()}
}

// copies is how many segments of the conversation are second copies.
func (c *Conversation) copies() int { return int(c.at(markCopy).count) }
