package conversation

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/capture"
)

// transfers tell of trouble while data flowed.
var transfers = []diagnosis{
	{name: ChallengeACKLoop, needs: of(markResetIgnored, markChallengeACK), when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending == StillOpen && c.at(markResetIgnored).count > 3 && c.at(markChallengeACK).count > 3 &&
			max(c.last(markResetIgnored), c.last(markChallengeACK)) == c.LastFrame
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("%d RSTs came with a number that is in the window and not the expected one; each was ignored and answered by a challenge ACK (RFC 5961 §3.2), and that by the next RST: neither end gets any further", c.at(markResetIgnored).count),
				[]int{c.first(markResetIgnored), c.first(markChallengeACK), c.last(markResetIgnored), c.last(markChallengeACK)}
		}},
	{name: ACKLoop, needs: of(markUnsentAck), when: func(c *Conversation, _ capture.Time) bool { return c.at(markUnsentAck).count > 1 },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("an ACK acknowledges what its addressee never sent, as the other's own numbers show; each is answered by an ACK (RFC 9293 §3.10.7.4), and that by the same wrong one, over and over (%s): the ends disagree, as after data forged in one's name", times(int(c.at(markUnsentAck).count))),
				[]int{c.first(markUnsentAck), c.last(markUnsentAck), c.heard[Client], c.heard[Server]}
		}},
	{name: PathMTU, needs: of(markQuoteTooBig), when: func(c *Conversation, _ capture.Time) bool {
		return !c.gotSmaller() && (!c.gotThrough() || c.has(markBigAgain))
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			text := c.narrower() + " (RFC 1191, RFC 8201)"
			switch by := c.room.quotedFrom; {
			case c.has(markSmaller):
				text += fmt.Sprintf("; the %s sent the data again in smaller segments, and they were not acknowledged either", by)
			case c.has(markBigAgain):
				text += fmt.Sprintf("; the %s sent the data again as large as before: the message did not reach it, or it did not heed it", by)
			}
			return text, []int{c.first(markQuoteTooBig), c.first(markSmaller), c.first(markBigAgain)}
		}},
	{name: RejectedOnTheWay, when: func(c *Conversation, _ capture.Time) bool {
		return c.isQuoted() && c.Handshake.Complete && c.firstQuote() > c.Handshake.ACKFrame && c.Ending != ClosedByFIN && !c.gotThrough()
	},
		tell: func(c *Conversation, now capture.Time) (string, []int) {
			by := c.room.quotedFrom
			text := fmt.Sprintf("what the %s sent behind the handshake was rejected on the way: an ICMP error of %s %s (%s)%s", by, c.quoter(), c.room.quoted, times(int(c.Quotes)), c.causes())
			frames := []int{c.Handshake.ACKFrame, c.firstQuote(), c.first(markAgain)}
			if c.resetAt != 0 {
				return text + c.resetTold(), append(frames, c.resetAt)
			}
			if c.dangles(by, now) {
				text += "; it was never acknowledged"
			}
			return text, frames
		}},
	{name: PathMTU, needs: of(markBigAgain), when: func(c *Conversation, _ capture.Time) bool {
		return c.at(markBigAgain).count >= 2 && c.largeLost(c.room.bigFrom) && c.heard[c.room.bigFrom.Other()] > c.room.bigFrame
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the %s repeated a large segment and never got it through, while small ones passed: a router is likely to drop large packets without a word (RFC 2923 §2.1)", c.room.bigFrom),
				[]int{c.first(markBigAgain), c.last(markBigAgain)}
		}},
	{name: DataNeverArrived, needs: of(markMissing), when: func(c *Conversation, now capture.Time) bool {
		return c.Ending != ClosedByFIN && now.Since(c.room.lacksSince).Nanoseconds() > max(c.flight(), 1e9) // and was not merely on its way
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			h := &c.hosts[c.room.lacks]
			n := c.room.lacksTo - h.shown
			from := c.room.lacks.Other()
			text := fmt.Sprintf("%d bytes from the %s never arrived, while later ones did, as the %s's SACK says to the end: segments are lost on the way", n, from, c.room.lacks)
			if c.large[from].passed == 0 {
				text += "; where large ones are and small ones are not, a router is likely to drop large packets (path MTU, RFC 2923 §2.1)"
			}
			frames := []int{c.first(markMissing), c.last(markLost), c.heard[c.room.lacks]}
			if c.has(markAgain) && c.room.againTo[from] != 0 {
				text += fmt.Sprintf("; they were sent again up to #%d", c.room.againTo[from])
				frames = append(frames, c.room.againTo[from])
			}
			return text, frames
		}},
	{name: DataNeverArrived, needs: of(markLost), lacks: of(markMissing), when: func(c *Conversation, _ capture.Time) bool {
		return c.Ending != ClosedByFIN && (c.lacksData(Client) || c.lacksData(Server))
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			by := Client
			if !c.lacksData(by) {
				by = Server
			}
			return fmt.Sprintf("something that the %s sent never arrived, nor is it in the capture, while what came behind it did: the %s repeats its ACK of what it had before; segments are lost on the way, and where large ones are and small ones are not, a router is likely to drop large packets (path MTU, RFC 2923 §2.1)", by.Other(), by),
				[]int{c.first(markLost), c.last(markLost), c.first(markAgain), c.last(markAgain), c.heard[by]}
		}},
	{name: WindowStalled, needs: of(markZeroWindow), when: func(c *Conversation, _ capture.Time) bool { return c.shut[c.room.stalled] },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			until := "when the capture ended"
			if c.resetAt != 0 {
				until = "when the " + c.resetBy.String() + " aborted with an RST"
				if why := c.inAnothersName(); why != "" {
					until = fmt.Sprintf("when an RST in the %s's name came, that was probably made by a device on the way: %s", c.resetBy, why)
				}
			}
			text := fmt.Sprintf("the %s announced a window of 0, %s, and had not opened it again %s", c.room.stalled, c.whyShut(), until)
			frames := []int{c.first(markZeroWindow), c.first(markProbe), c.resetAt}
			if n := c.last(markProbe); n > c.heard[c.room.stalled] {
				text += fmt.Sprintf("; %s sent and not answered: that end, or the path to it, is silent", were(c.probesSince(), "probe"))
				frames = append(frames, n)
			}
			return text, frames
		}},
	{name: WindowStalled, needs: of(markZeroWindow),
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("the %s announced a window of 0, %s, for up to %s", c.room.stalled, c.whyShut(), seconds(c.room.longest)),
				[]int{c.first(markZeroWindow), c.first(markProbe), c.last(markWindowOpen)}
		}},
}

// whyShut says what a window of 0 may come from.
func (c *Conversation) whyShut() string {
	if c.first(markZeroWindow) == c.firstSYNACK() {
		return "in its SYN+ACK already, as a proxy does that answers for a server until it has reached it"
	}
	return "as when its program does not read"
}

// lacksData reports whether an end has repeated its ACK to the end though there is
// a gap behind what it has.
func (c *Conversation) lacksData(side Side) bool {
	h, peer := &c.hosts[side], &c.hosts[side.Other()]
	return h.is(hasShown) && h.is(unsure) && earlier(h.shown, peer.nxt) && c.ends[side].dupAcks >= 2
}

// probesSince is how many probes stayed without an answer.
func (c *Conversation) probesSince() int {
	return int(c.at(markProbe).count - c.at(markProbeAnswered).count)
}
