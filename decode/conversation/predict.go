package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// Many segments of an open conversation are just what had to come: they begin
// where their sender's last one ended, and bring data or acknowledge some. They
// move no state and deserve none of Wireshark's words, so that little is to be
// done for them. Looking for them first is what TCP itself does, as header
// prediction (V. Jacobson, "4BSD Header Prediction", ACM Computer Communication
// Review, April 1990).

// isSteady tells that the conversation is open and nothing of it is pending that
// a predicted segment could settle.
func (c *Conversation) isSteady() bool {
	return c.States == [2]State{Established, Established} && !c.counted && !c.waits &&
		c.shut == [2]bool{} && !c.has(markBigAgain) && (c.InitialRTT != capture.Span{} || c.lastSYN == stamp{}) &&
		c.ends[Client].isSteady() && c.ends[Server].isSteady()
}

func (e *end) isSteady() bool { return e.hasBase && !e.hasFIN && !e.unscaled }

// predicted tells that a segment of a steady conversation is what had to come.
// What is in doubt is not predicted: follow finds the same, only more slowly.
func predicted(s *decode.Segment, fwd, rev *end) bool {
	const flags = decode.SYN | decode.FIN | decode.RST | decode.ACK
	if s.Flags&flags != decode.ACK || s.Seq != fwd.next || s.Seq != fwd.ackable ||
		s.Window == 0 || rev.window == 0 || later(s.Ack, rev.ackable) ||
		s.Excerpt || s.Stunted() || s.Options.HasScale || s.Options.MPTCP {
		return false
	}
	next := s.Seq + uint32(s.PayloadLen)
	if next == s.Seq {
		return s.Ack != fwd.lastAck
	}
	return later(next, rev.lastAck) && next != rev.lastAck+rev.announced()
}

// goOn does for a predicted segment what follow does for any.
func (t *Tracker) goOn(c *Conversation, ev *Event, fwd, rev *end) {
	s := ev.Segment
	highest, reached := fwd.next, fwd.nextFrame
	c.keep(ev, fwd, rev, stampOf(s.Time), &t.room)
	if ev.analyzed {
		ev.InitialRTT = c.InitialRTT
	}
	ev.Before, ev.After = c.States, c.States
	c.noteSender(ev)
	c.hear(ev)
	if !t.config.Brief {
		relate(ev, fwd, rev)
		c.prove(ev, fwd, rev, highest, reached)
		scaleWindow(ev, fwd)
	}
	c.account(ev, fwd)
	t.listen(s, ev)
	c.complete(s, false)
	ev.Completeness = c.Seen
	c.used = true
}
