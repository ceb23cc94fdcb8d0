package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// Header prediction buys 5 to 7 % of the conversations' time. Many segments of an open
// conversation are just what had to come: they begin
// where their sender's last one ended, and bring data or acknowledge some. They
// move no state and deserve none of Wireshark's words, so that little is to be
// done for them. Looking for them first is what TCP itself does, as header
// prediction (V. Jacobson, "4BSD Header Prediction", ACM Computer Communication
// Review, April 1990).

// isSteady reports whether the conversation is open and nothing of it is pending that
// a predicted segment could settle.
func (c *Conversation) isSteady() bool {
	return c.areOpen() && !c.counted && !c.waits &&
		c.shut == [2]bool{} && !c.marks.set.hasAny(pending) && (!c.has(markAgain) || c.room.againFrom == [2]int{}) &&
		(c.Handshake.ACKFrame != 0 || c.Handshake.FirstSYNFrame == 0 && c.Handshake.SYNACKFrame == 0) && c.resetAt == 0 && c.refusedReset == 0 && c.refusedSYN == 0 && c.older == nil && (c.InitialRTT != capture.Span{} || c.lastSYN == stamp{}) &&
		c.ends[Client].isSteady() && c.ends[Server].isSteady()
}

// pending are the marks that a predicted segment could still take back.
var pending = of(markBigAgain, markMissing, markServerSYN)

func (e *end) isSteady() bool { return e.hasBase && !e.unscaled }

// areOpen reports whether both ends have shown that they are in ESTABLISHED, and
// their accounts stand where the analysis does.
func (c *Conversation) areOpen() bool {
	a, b := &c.hosts[Client], &c.hosts[Server]
	return c.States == [2]State{Established, Established} && a.proved && b.proved && a.changes == 0 && b.changes == 0 &&
		a.isLevel(&c.ends[Client], b) && b.isLevel(&c.ends[Server], a)
}

// isLevel reports whether an end's numbers are those of the analysis, and the
// peer has all that was sent.
func (h *host) isLevel(e *end, peer *host) bool {
	return h.is(hasNxt) && h.nxt == e.next && peer.is(hasRcv) && !peer.is(unsure) && peer.rcv == h.nxt
}

// predicted reports whether a segment of a steady conversation is what had to come.
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

// followPredicted does for a predicted segment what follow does for any.
func (t *Tracker) followPredicted(c *Conversation, ev *Event, fwd, rev *end) {
	s := ev.Segment
	highest, reached := fwd.next, fwd.nextFrame
	c.keep(ev, fwd, rev, stampOf(s.Time), &t.room)
	if ev.analyzed {
		ev.InitialRTT = c.InitialRTT
	}
	ev.Before, ev.After, ev.Proved, ev.Reception = c.States, c.States, [2]bool{true, true}, Taken
	c.carryOn(ev)
	c.noteSender(ev)
	c.hear(ev)
	if !t.config.WithoutText {
		relate(ev, fwd, rev)
		c.prove(ev, fwd, rev, highest, reached)
		scaleWindow(ev, fwd)
	}
	c.account(ev, fwd)
	c.LastFrame = s.Number
	c.stretch(s.Time)
	t.listen(s, ev)
	c.complete(s, false)
	ev.Completeness = c.Seen
	c.used = true
}

// carryOn brings both accounts up to a predicted segment.
func (c *Conversation) carryOn(ev *Event) {
	s, me, peer := ev.Segment, &c.hosts[ev.From], &c.hosts[ev.From.Other()]
	c.noteStamp(ev, me)
	me.counts(s)
	window := c.windowOf(ev)
	peer.rcv, me.shown, me.told = me.nxt, s.Ack, window
	if edge := s.Ack + window; later(edge, me.edge) {
		me.edge = edge
	}
	if later(s.Ack, peer.una) {
		peer.una = s.Ack
	}
	if s.Ack == peer.una {
		peer.wnd, peer.has = window, peer.has|hasWnd
	}
	c.lastWindow, c.lastID, c.lastSeq = s.Window, s.ID, s.Seq
	c.tick(s)
}

// admits reports whether a predicted segment begins within the window that its
// receiver has announced.
func (h *host) admits(s *decode.Segment) bool {
	return later(h.edge, s.Seq) || s.PayloadLen == 0 && h.edge == s.Seq
}
