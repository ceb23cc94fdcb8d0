package conversation

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/capture"
)

// strays are segments that begin no connection, and answers to them.
var strays = []diagnosis{
	{name: Probe, needs: of(markAckless), when: func(c *Conversation, _ capture.Time) bool { return c.isStray() },
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			const what = "a probe, or a broken stack: no connection has segments without SYN, ACK and RST"
			if n := c.Flows[c.asks().Other()].RSTFrame; n != 0 {
				return what + "; it was answered by an RST, as from a port on which nobody listens (RFC 9293 §3.10.7.1)", []int{c.FirstFrame, n}
			}
			return what + "; it was not answered: a listening port drops it (RFC 9293 §3.10.7.2), and so does a filter", []int{c.FirstFrame}
		}},
	{name: Backscatter, when: func(c *Conversation, _ capture.Time) bool {
		return c.Handshake.FirstSYNFrame == 0 && c.Handshake.SYNACKFrame != 0 && c.Handshake.ACKFrame == 0 && c.elsewhereOf() == nil &&
			c.Flows[Client].RSTFrame != 0 && c.Flows[Client].Segments == resets(c, Client)
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "a SYN+ACK without a SYN in the capture, and its addressee rejects it by an RST: it did not ask for the connection, so the SYN was sent in its name by another, or it has forgotten it (RFC 9293 §3.5.1), or the SYN+ACK is a probe",
				[]int{c.Handshake.SYNACKFrame, c.Flows[Client].RSTFrame}
		}},
	{name: Backscatter, when: func(c *Conversation, _ capture.Time) bool {
		return c.Handshake.FirstSYNFrame == 0 && c.Handshake.SYNACKFrame != 0 && c.Flows[Client].Segments == 0 && c.elsewhereOf() == nil &&
			c.Flows[Server].Segments == c.Handshake.SYNACKs
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return fmt.Sprintf("only the server's SYN+ACK was captured, %s: either the client's direction is missing, or the SYN was sent in the client's name by another", times(c.Handshake.SYNACKs)),
				[]int{c.Handshake.SYNACKFrame, c.LastFrame}
		}},
	{name: Probe, when: func(c *Conversation, _ capture.Time) bool {
		me := c.asks()
		return c.isStray() && resets(c, me) < c.Flows[me].Segments && c.Flows[me.Other()].RSTFrame > c.FirstFrame
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "a segment of no connection that the other end knows, and so answered by an RST: a probe, or a rest of a connection that is over (RFC 9293 §3.10.7.1)",
				[]int{c.FirstFrame, c.Flows[c.asks().Other()].RSTFrame}
		}},
	{name: Probe, when: func(c *Conversation, _ capture.Time) bool {
		me := c.asks()
		return c.isStray() && c.Flows[me.Other()].Segments == 0 && c.Flows[me].Segments == 1 && c.Flows[me].DataSegments == 0 &&
			c.Flows[me].RSTFrame == 0
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "a single segment without data that nothing answered: a probe, or the only one captured of a connection that was open before", []int{c.FirstFrame}
		}},
	{name: OneDirection, when: func(c *Conversation, _ capture.Time) bool {
		return c.Handshake.FirstSYNFrame == 0 && c.Handshake.SYNACKFrame == 0 && (c.Flows[Client].Segments == 0 || c.Flows[Server].Segments == 0) &&
			resets(c, Client)+resets(c, Server) == c.Flows[Client].Segments+c.Flows[Server].Segments
	},
		tell: func(c *Conversation, _ capture.Time) (string, []int) {
			return "nothing but " + countOf(resets(c, Client)+resets(c, Server), "RST") + " was captured: a stray, or one direction of a connection whose rest is missing", []int{c.FirstFrame, c.LastFrame}
		}},
}

// asks is the end that has sent something else than RSTs, the client where both
// or none has.
func (c *Conversation) asks() Side {
	if c.Flows[Client].Segments == resets(c, Client) && c.Flows[Server].Segments > resets(c, Server) {
		return Server
	}
	return Client
}

// isStray reports whether the conversation is what one end sent out of the blue,
// and at most one answer to it.
func (c *Conversation) isStray() bool {
	return c.Handshake.FirstSYNFrame == 0 && c.Handshake.SYNACKFrame == 0 && c.elsewhereOf() == nil &&
		c.Flows[Client].Bytes+c.Flows[Server].Bytes == 0 && c.Flows[Client].Segments <= 3 && c.Flows[Server].Segments <= 3 &&
		(c.Flows[Server].Segments == 0 || c.Flows[Client].Segments == 0 || c.Flows[Server].Segments == resets(c, Server) ||
			c.Flows[Client].Segments == resets(c, Client))
}

// resets is how many of an end's segments were RSTs.
func resets(c *Conversation, side Side) int { return c.Flows[side].RSTs }

// elsewhereOf is what belongs to the conversation and came from another address.
func (c *Conversation) elsewhereOf() *elsewhere {
	if !c.has(markElsewhere) {
		return nil
	}
	return c.room.elsewhere
}
