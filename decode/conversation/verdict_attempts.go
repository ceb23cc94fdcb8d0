package conversation

import (
	"fmt"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// attempts tell why a connection was never made, or only in another way than by
// three steps.
var attempts = []diagnosis{
	{name: SYNIgnored, needs: of(markSurvived), when: func(c *Conversation, _ capture.Time) bool { return c.Reused && c.Handshake.SYNACKFrame == 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := "this SYN changed nothing: the connection that was already open on these ports went on"
			if c.has(markChallenge) {
				text += "; the server answered the SYN by a challenge ACK (RFC 5961 §4.2)"
			}
			if c.Ending == ClosedByFIN {
				text += ", and was closed by FINs later"
			}
			return text + "; the SYN was forged, or an old one, or another host's behind the same address", []int{c.FirstFrame, c.first(markChallenge), c.first(markSurvived)}
		}},
	{name: SYNIgnored, needs: of(markSurvived, markReplaced),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "a SYN with another number came on these ports and changed nothing: the connection went on; Wireshark counts what follows as the next stream",
				[]int{c.LastFrame, c.first(markReplaced), c.first(markSurvived)}
		}},
	{name: SplitHandshake, needs: of(markGoesOn),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the server answers the SYN in two parts, an ACK and a SYN of its own, where a SYN+ACK is usual; Wireshark counts what follows as the next stream",
				[]int{c.Handshake.FirstSYNFrame, c.first(markAckedSYN), c.first(markGoesOn)}
		}},
	{name: SimultaneousOpen, needs: of(markSplit), when: func(c *Conversation, _ capture.Time) bool { return c.crossedInTime() },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			gap, trip := c.crossing()
			return fmt.Sprintf("both ends sent a SYN, and the SYNs crossed (RFC 9293 §3.5): the server's came %s after the client's, where an answer of the server takes %s; its own SYN+ACK is not in the capture, or the client's SYN did not reach it", seconds(gap), seconds(trip)),
				[]int{c.Handshake.FirstSYNFrame, c.first(markServerSYN), c.Handshake.SYNACKFrame, c.first(markSplit)}
		}},
	{name: SplitHandshake, needs: of(markSplit),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the server answered the SYN by a SYN of its own, so the SYN+ACK is the client's and the last ACK the server's: a split handshake, which is no crossing of SYNs, as the server's SYN was the answer",
				[]int{c.Handshake.FirstSYNFrame, c.first(markServerSYN), c.Handshake.SYNACKFrame, c.first(markSplit)}
		}},
	{name: Aborted, needs: of(markServerSYN), lacks: of(markSimultaneousOpen), when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.resetAt != 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the server sent a SYN of its own, as when both open at once, or in answer to the client's; before anything was acknowledged the %s aborted with an RST", c.resetBy),
				[]int{c.Handshake.FirstSYNFrame, c.first(markServerSYN), c.resetAt}
		}},
	{name: SplitHandshake, needs: of(markServerSYN), lacks: of(markSimultaneousOpen), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := "the server sent a SYN of its own and no SYN+ACK: in answer to the client's, or the SYNs crossed"
			if n := int(c.room.crossAt); n != 0 {
				return text + "; the client's SYN+ACK was not acknowledged", []int{c.Handshake.FirstSYNFrame, c.first(markServerSYN), n, c.heard[Client]}
			}
			return text, []int{c.Handshake.FirstSYNFrame, c.first(markServerSYN)}
		}},
	{name: AnsweredElsewhere, needs: of(markElsewhere), when: func(c *Conversation, _ capture.Time) bool { return c.Handshake.FirstSYNFrame != 0 },
		tell: tellElsewhere},
	{name: AnsweredElsewhere, needs: of(markElsewhere),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			e := c.room.elsewhere
			what := "this"
			if c.Handshake.SYNACKFrame != 0 {
				what = "this SYN+ACK"
			}
			if e.fromClient {
				return fmt.Sprintf("this belongs to stream %d, which the client, %s, began: its address or port was translated in another way since; for the server it is no connection that it knows", e.stream, e.at.AddrPort()),
					append([]int{c.FirstFrame, c.Flows[Server].RSTFrame}, e.frames...)
			}
			text := fmt.Sprintf(what+" belongs to stream %d, between the same client port and another address, %s: its source was probably not translated back", e.stream, e.at.AddrPort())
			if n := c.Flows[Client].RSTFrame; n != 0 {
				text += "; the client rejects it by an RST"
			}
			return text, append([]int{c.FirstFrame, c.Flows[Client].RSTFrame}, e.frames...)
		}},
	{name: ResetByAnother, when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByRefusal && c.refusedInAnothersName() != ""
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := "refused by an RST that was probably forged: " + c.refusedInAnothersName()
			if c.Flows[Client].RSTFrame > c.Handshake.SYNACKFrame && c.Handshake.SYNACKFrame != 0 {
				text += "; the client believed the RST and rejected the SYN+ACK"
			}
			return text, []int{c.Handshake.FirstSYNFrame, c.resetAt, c.firstSYNACK(), c.Flows[Client].RSTFrame}
		}},
	{name: Refused, when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByRefusal && !c.Handshake.Complete && c.Handshake.SYNACKs > 0 && c.has(markSYNAgain)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the first SYN was answered by a SYN+ACK that the client did not get or did not take; its SYN came again, and that was answered by an RST: refused on a later try",
				[]int{c.Handshake.FirstSYNFrame, c.Handshake.SYNACKFrame, c.first(markSYNAgain), c.resetAt}
		}},
	{name: Refused, when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByRefusal && c.server != nil && c.server.opened > 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text, frames := c.refusedHow(" although it accepted others in this capture: its queue for accept() may have been full, or nobody listened at that moment, or a firewall counts connections")
			return text, append(frames, int(c.server.openedAt))
		}},
	{name: Refused, when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == ClosedByRefusal && !c.Handshake.Complete
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return c.refusedHow(": nobody listens there, or a firewall refuses it")
		}},
	{name: AnsweredTwice, needs: of(markSecondISN), lacks: of(markWrongAck),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "one SYN was answered by two SYN+ACKs with different numbers y: two machines, or two TCP stacks on one, answer for this address",
				[]int{c.Handshake.SYNFrame, c.firstSYNACK(), c.first(markSecondISN)}
		}},
	{name: OlderConnection, needs: of(markChallenge), lacks: of(markSurvived), when: func(c *Conversation, _ capture.Time) bool {
		return c.older != nil && c.older.hosts[Server].state == TimeWait
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return tellOlder(c, fmt.Sprintf(" (stream %d) in TIME-WAIT", c.older.stream))
		}},
	{name: HalfOpen, needs: of(markChallenge), lacks: of(markSurvived), when: func(c *Conversation, _ capture.Time) bool { return c.older != nil },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return tellOlder(c, fmt.Sprintf(" (stream %d)", c.older.stream))
		}},
	{name: OlderConnection, needs: of(markChallenge),
		tell: func(c *Conversation, _ capture.Time) (string, []int) { return tellOlder(c, "") }},
	{name: SYNACKNotTaken, needs: of(markWrongAck), when: func(c *Conversation, _ capture.Time) bool {
		return !c.Handshake.Complete && c.room.wrongBy > 0 && c.room.wrongBy < 16
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the SYN+ACK acknowledges x + %d instead of x + 1, more than the SYN asked for: the server's fault, or that of a device on the way; the client does not take it", c.room.wrongBy+1),
				[]int{c.Handshake.FirstSYNFrame, c.first(markWrongAck), c.first(markDisowned)}
		}},
	{name: SYNACKNotTaken, needs: of(markWrongAck), when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.room.wrongBy == -1
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN+ACK acknowledges x, the SYN's own number, instead of x + 1, and so nothing at all: the server's fault, or that of a device on the way; the client does not take it (RFC 9293 §3.10.7.3)",
				[]int{c.Handshake.FirstSYNFrame, c.first(markWrongAck), c.first(markDisowned)}
		}},
	{name: OldDuplicateSYN, needs: of(markWrongAck, markDisowned), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN+ACK acknowledges a number that the client did not send, and the client rejected it by an RST: it seems to answer another SYN, as an old duplicate (RFC 9293 §3.5)",
				[]int{c.Handshake.SYNFrame, c.first(markWrongAck), c.first(markDisowned)}
		}},
	{name: SYNACKNotTaken, needs: of(markWrongAck), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN+ACK acknowledges a number that the client did not send, so the client does not take it (RFC 9293 §3.10.7.3)",
				[]int{c.Handshake.SYNFrame, c.first(markWrongAck)}
		}},
	{name: OldDuplicateSYN, needs: of(markReplaced), when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.resetAt != 0 && c.resetBy == Client && c.room.replacedAfter < 2e8
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the client rejected the answer to this SYN by an RST and opened by another SYN at once: this one was probably an old duplicate (RFC 9293 §3.5)",
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.resetAt, c.first(markReplaced)}
		}},
	{name: SignatureMismatch, needs: of(markUnsigned), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN carries a signature (TCP MD5, RFC 2385, or TCP-AO) and the SYN+ACK carries none, so the client has to drop it: it repeats its SYN",
				[]int{c.Handshake.SYNFrame, c.first(markUnsigned), c.first(markSYNAgain)}
		}},
	{name: SYNACKNotTaken, needs: of(markBadSum), when: func(c *Conversation, _ capture.Time) bool {
		return !c.Handshake.Complete && c.resetAt == 0 && (c.has(markSYNNotTaken) || c.has(markSYNACKAgain))
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the checksum of the SYN+ACK is wrong, so the client's TCP drops it (RFC 9293 §3.1): the client stays in SYN-SENT and repeats its SYN",
				[]int{c.Handshake.FirstSYNFrame, c.first(markBadSum), c.first(markSYNNotTaken)}
		}},
	{name: SYNACKNotTaken, needs: of(markSYNNotTaken), when: func(c *Conversation, _ capture.Time) bool {
		return !c.Handshake.Complete && c.hosts[Client].state == SynSent
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := fmt.Sprintf("the client sent its SYN again although the server had answered: the SYN+ACK (%s) did not reach it, or it did not take it; the client stayed in SYN-SENT", times(c.Handshake.SYNACKs))
			if c.has(markSigned) {
				text += "; both are signed (TCP MD5, RFC 2385, or TCP-AO), and a signature that does not verify, as with another key, is dropped without a word"
			}
			if c.Flows[Server].RSTFrame != 0 {
				text += "; the server gave up by an RST"
			}
			return text, []int{c.Handshake.FirstSYNFrame, c.Handshake.SYNACKFrame, c.first(markSYNNotTaken), c.Flows[Server].RSTFrame}
		}},
	{name: HalfOpen, needs: of(markWrongThird), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			what := fmt.Sprintf("y %s, which the server never sent, instead of y + 1", signed(int64(c.room.wrongBy)+1))
			if c.room.wrongBy == -1 {
				what = "y, and so nothing of the server's, instead of y + 1"
			}
			return "the client's ACK acknowledges " + what + ": the server does not take it and stays in SYN-RECEIVED (RFC 9293 §3.10.7.4)" + c.resetTold(),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.first(markWrongThird), c.last(markSYNACKAgain), c.resetAt}
		}},
	{name: HalfOpen, needs: of(markOldThird), when: incomplete,
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			what := "x " + signed(int64(c.room.oldBy))
			if c.room.oldBy == 0 {
				what = "x"
			}
			return "the client's ACK has the sequence number " + what + " instead of x + 1, where the server's window begins: the server does not take it, answers by an ACK and stays in SYN-RECEIVED (RFC 9293 §3.10.7.4, first check)" + c.resetTold(),
				[]int{c.Handshake.SYNFrame, c.Handshake.SYNACKFrame, c.first(markOldThird), c.last(markSYNACKAgain), c.resetAt}
		}},
	{name: Aborted, when: func(c *Conversation, _ capture.Time) bool {
		return c.isIncomplete() && c.resetAt != 0 && c.resetBy == Client && (c.firstSYNACK() == 0 || c.firstSYNACK() > c.resetAt)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := fmt.Sprintf("the client gave up: it waited %s for an answer and sent an RST", seconds(c.resetTime.Since(c.FirstSYNTime()).Nanoseconds()))
			if n := c.Flows[Server].Segments; n > 0 && c.firstSYNACK() == 0 {
				return fmt.Sprintf("aborted by the client: no SYN+ACK came in answer to its SYN, but %s without SYN, and it sent an RST", countOf(n, "segment")),
					[]int{c.Handshake.FirstSYNFrame, c.heard[Server], c.resetAt}
			}
			if n := c.firstSYNACK(); n != 0 {
				return text + "; the SYN+ACK came too late, and it rejected that by another RST", []int{c.Handshake.FirstSYNFrame, c.resetAt, n, c.lastReset()}
			}
			return text, []int{c.Handshake.FirstSYNFrame, c.resetAt}
		}},
	{name: OlderConnection, needs: of(markResetElse, markResetOfOlder), when: func(c *Conversation, _ capture.Time) bool { return c.isIncomplete() && c.firstSYNACK() == 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the server answered the SYN by an RST that has the numbers of stream %d, the connection that was open on these ports: so stacks that do not follow RFC 5961 end a connection into which a SYN comes (RFC 9293 §3.10.7.4); for the SYN it means nothing (RFC 9293 §3.10.7.3)", c.room.answersOf),
				[]int{c.FirstFrame, c.first(markResetOfOlder)}
		}},
	{name: Refused, needs: of(markResetElse), when: func(c *Conversation, _ capture.Time) bool { return c.isIncomplete() && c.firstSYNACK() == 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			what := "x " + signed(int64(c.room.elseBy)+1)
			if c.room.elseBy == -1 {
				what = "x"
			}
			return "the SYN was answered by an RST that acknowledges " + what + " instead of x + 1; a client in SYN-SENT must ignore that (RFC 9293 §3.10.7.3): whoever sent it, a broken stack or a device on the way, miscounts, or it answers another SYN",
				[]int{c.Handshake.FirstSYNFrame, c.first(markResetElse), c.Handshake.SYNFrame, c.last(markResetElse)}
		}},
	{name: Refused, needs: of(markResetWithoutACK), when: func(c *Conversation, _ capture.Time) bool { return c.isIncomplete() && c.firstSYNACK() == 0 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "the SYN was answered by an RST without ACK, which a client in SYN-SENT must ignore (RFC 9293 §3.10.7.3): whoever sent it, a broken stack or a device on the way, does not keep to TCP",
				[]int{c.Handshake.FirstSYNFrame, c.first(markResetWithoutACK), c.Handshake.SYNFrame, c.last(markResetWithoutACK)}
		}},
}

// crossing is how long after the client's SYN the server's came, and how long an
// answer of the server takes; nanoseconds.
func (c *Conversation) crossing() (gap, trip int64) {
	return c.room.serverSYN.Since(c.FirstSYNTime()).Nanoseconds(), c.Handshake.ACKTime.Since(c.room.crossTime).Nanoseconds()
}

// crossedInTime reports whether the server's SYN came sooner than an answer to the
// client's can.
func (c *Conversation) crossedInTime() bool {
	gap, trip := c.crossing()
	return trip > 4e6 && gap < trip/4
}

// refusedHow says that the SYN was refused, how often, and how many SYNs stayed
// without an answer; why stands behind the first of it.
func (c *Conversation) refusedHow(why string) (string, []int) {
	refused := int(c.at(markRefused).count) + 1
	text := fmt.Sprintf("port %d answered the SYN by an RST", c.Ends[Server].Port)
	if refused > 1 {
		text = fmt.Sprintf("port %d answered the SYN by an RST, and each of the client's further tries with the same x: %d RSTs in all", c.Ends[Server].Port, refused)
	}
	if text += why; c.Handshake.SYNs > refused {
		text += fmt.Sprintf("; %s before that stayed without an answer", countOf(c.Handshake.SYNs-refused, "SYN"))
	}
	return text, []int{c.FirstFrame, c.first(markRefused), c.Handshake.SYNFrame, c.resetAt}
}

// incomplete reports whether the handshake that a SYN began came to no end.
func incomplete(c *Conversation, _ capture.Time) bool { return c.isIncomplete() }

func (c *Conversation) isIncomplete() bool {
	return c.Handshake.FirstSYNFrame != 0 && !c.Handshake.Complete && !c.isGap()
}

// isGap reports whether a step of the handshake is not in the capture, though
// its end shows by what it sends that it came.
func isGap(c *Conversation, _ capture.Time) bool { return c.isGap() }

func (c *Conversation) isGap() bool {
	h := &c.Handshake
	return h.FirstSYNFrame != 0 && !h.Complete && (h.SYNACKFrame == 0 && c.hosts[Client].is(synchronized) || h.SYNACKFrame != 0 && c.hosts[Server].is(synchronized)) &&
		c.hosts[Server].is(passive|sent)
}

// firstSYNACK is the server's first SYN+ACK, whatever it acknowledges.
func (c *Conversation) firstSYNACK() int { return int(c.synackAt) }

// lastReset is the client's last RST after the SYN+ACK.
func (c *Conversation) lastReset() int { return c.Flows[Client].LastRST }

func tellOlder(c *Conversation, which string) (string, []int) {
	frames := []int{c.FirstFrame, c.first(markChallenge), c.first(markDisowned)}
	switch {
	case c.Handshake.SYNACKFrame != 0 && c.has(markDisowned):
		return held(which) + ": it answered the SYN by an ACK, the client's RST cleared that away, and the SYN was sent again (RFC 9293 §3.5.1)",
			append(frames, c.Handshake.SYNACKFrame)
	case c.has(markDisowned) && c.last(markChallenge) > c.first(markDisowned):
		return held(which) + ": it answers the SYN by an ACK, and the client's RST should clear that away (RFC 9293 §3.5.1), but the next SYN gets the same answer: the RST does not arrive, or TIME-WAIT ignores it (RFC 1337 §3)",
			append(frames, c.last(markChallenge), c.last(markDisowned))
	case c.has(markDisowned):
		return held(which) + ": it answered the SYN by an ACK, and the client's RST asks it to clear that away (RFC 9293 §3.5.1)", frames
	case c.Handshake.SYNACKFrame != 0:
		return held(which) + ": it answered the SYN by an ACK at first", append(frames, c.Handshake.SYNACKFrame)
	}
	return held(which) + ": it answers the SYN by an ACK of that (RFC 9293 §3.5.1); the client should reject it by an RST (§3.10.7.3), and none came", frames
}

// held says that the server had an older connection: which one, where it was
// captured.
func held(which string) string {
	if which == "" {
		return "the server seems to hold an older connection on these ports"
	}
	return "the server still held an older connection on these ports" + which
}

func tellElsewhere(c *Conversation, _ capture.Time) (string, []int) {
	e := c.room.elsewhere
	if c.Handshake.SYNACKFrame == 0 {
		return fmt.Sprintf("the SYN was answered from another address, %s (stream %d), whose SYN+ACK acknowledges x + 1: its source was probably not translated back, and the client does not know it", e.at.AddrPort(), e.stream),
			append([]int{c.FirstFrame}, e.frames...)
	}
	if e.fromClient {
		return fmt.Sprintf("a segment that carries on from what the client sent came from another address or port, %s (stream %d): it was translated in another way since", e.at.AddrPort(), e.stream), e.frames
	}
	text := fmt.Sprintf("a segment that carries on from what the server sent came from another address, %s (stream %d): its source was probably not translated back", e.at.AddrPort(), e.stream)
	if c.resetAt != 0 {
		text += fmt.Sprintf("; the client's RST to that address ended the connection at the %s's end too", c.resetBy)
	}
	return text, append([]int{c.resetAt}, e.frames...)
}

// refusedInAnothersName is why an RST that refused the SYN is not the server's;
// empty where nothing speaks against it.
func (c *Conversation) refusedInAnothersName() string {
	var why []string
	server := &c.hosts[Server]
	synack := c.firstSYNACK() > c.resetAt
	if synack {
		why = append(why, "the server's own SYN+ACK came behind it, so the port is open")
	}
	if server.ttl != 0 && server.ttl != c.resetTTL && !server.is(variesTTL) {
		why = append(why, fmt.Sprintf("its TTL is %d, that of the server's other segments %d", c.resetTTL, server.ttl))
	}
	asked := c.Handshake.SYNTime
	wait, answer := c.resetTime.Since(asked).Nanoseconds(), c.Handshake.SYNACKTime.Since(asked).Nanoseconds()
	if synack && answer > 4*wait && answer > 2e6 {
		why = append(why, fmt.Sprintf("and it came within %s where the server's answer took %s", seconds(wait), seconds(answer)))
	}
	return strings.Join(why, ", ")
}

// seconds writes a time for readers, as the views do: "0.244 ms", "1.03 s".
func seconds(ns int64) string {
	switch d := time.Duration(ns); {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%.3f ms", float64(ns)/1e6)
}

// signed writes a number with its sign apart: "+ 5", "- 3".
func signed(n int64) string {
	if n < 0 {
		return fmt.Sprintf("- %d", -n)
	}
	return fmt.Sprintf("+ %d", n)
}
