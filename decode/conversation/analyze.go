package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// Thresholds of the analysis (Wireshark User's Guide, "TCP Analysis"), in
// nanoseconds.
const (
	fastWithin    = 20e6 // a fast retransmission follows the last duplicate ACK this closely
	reorderWithin = 3e6  // out of order rather than sent again, where the initial RTT is unknown
)

// bare reports whether none of SYN, FIN and RST is set.
func bare(f decode.Flags) bool { return f&(decode.SYN|decode.FIN|decode.RST) == 0 }

// analyze gives the segment Wireshark's words (User's Guide, "TCP Analysis")
// and brings what is remembered of both ends up to date. It is called for
// segments whose length is known. room is what all ends use to remember.
func (c *Conversation) analyze(ev *Event, fwd, rev *end, now stamp, room *int) {
	s := ev.Segment
	n := uint32(s.PayloadLen)
	probe := n == 1 && s.Seq == fwd.next && rev.window == 0
	if probe {
		ev.Analysis |= ZeroWindowProbe
	} else {
		ev.Analysis |= plainWords(s, fwd, rev, n)
		if n == 0 && repeats(s, fwd) {
			c.sameAck(ev, fwd, rev)
		}
	}
	word, unseen := unseenWord(s, rev)
	ev.Analysis |= word
	if n > 0 || s.Flags&(decode.SYN|decode.FIN) != 0 {
		c.repeatWords(ev, fwd, rev, n, now)
	}
	c.keep(ev, fwd, rev, now, room)
	ev.analyzed = ev.analyzed || ev.Analysis != 0 || unseen
}

// keep brings what is remembered of both ends up to date, once the segment has
// its words.
func (c *Conversation) keep(ev *Event, fwd, rev *end, now stamp, room *int) {
	s := ev.Segment
	n := uint32(s.PayloadLen)
	if s.Ack != fwd.lastAck {
		fwd.nonDup, fwd.dupAcks = uint32(s.Number), 0
	}
	advance(ev, fwd, n, now, room)
	settle(ev, rev, now, room)
	fwd.subtypes = c.subtypes
	c.subtypes.add(&s.Options)
	if s.Flags.Has(decode.ACK) {
		rev.inFlightOK = true
	}
	ev.analyzed = ev.AcksFrame != 0 || n != 0 && fwd.inFlightOK && !fwd.waiting.isEmpty()
}

// plainWords are those that depend on nothing but the two windows and the
// numbers seen so far.
func plainWords(s *decode.Segment, fwd, rev *end, n uint32) (words Analysis) {
	window := uint32(s.Window)
	plain := bare(s.Flags)
	if window == 0 && plain {
		words |= ZeroWindow
	}
	if fwd.next != 0 && later(s.Seq, fwd.next) && !s.Flags.Has(decode.RST) {
		words |= LostSegment
		fwd.inFlightOK = false
	}
	if n <= 1 && s.Seq == fwd.next-1 && plain {
		words |= KeepAlive
	}
	if n == 0 && window != 0 && window != fwd.window && s.Seq == fwd.next && s.Ack == fwd.lastAck && plain {
		words |= WindowUpdate
	}
	if n > 0 && rev.scale != ScaleUnknown && plain && s.Seq+n == rev.lastAck+rev.announced() {
		words |= WindowFull
	}
	return words
}

// announced is the window an end has last announced, in bytes.
func (e *end) announced() uint32 {
	if e.unscaled || e.scale < 0 {
		return e.window
	}
	return e.window << uint(e.scale)
}

// repeats reports whether acknowledgment number, window and sequence number are as
// in the sender's segment before.
func repeats(s *decode.Segment, fwd *end) bool {
	return s.Ack == fwd.lastAck && uint32(s.Window) == fwd.window && s.Seq == fwd.next && bare(s.Flags)
}

// sameAck tells what a segment without data is for that repeats the one
// before: the answer to a keep-alive or to a zero window probe, else a
// duplicate acknowledgment.
func (c *Conversation) sameAck(ev *Event, fwd, rev *end) {
	open := ev.Segment.Window != 0
	switch {
	case open && rev.lastWords&KeepAlive != 0:
		ev.Analysis |= KeepAliveAck
	case !open && rev.lastWords&ZeroWindowProbe != 0:
		ev.Analysis |= ZeroWindowProbeAck
	case open && c.subtypes == fwd.subtypes:
		fwd.dupAcks = max(fwd.dupAcks, 0) + 1
		ev.Analysis |= DuplicateAck
		ev.DupAckNum, ev.DupAckFrame = int(fwd.dupAcks), int(fwd.nonDup)
	}
}

// unseenWord tells an acknowledgment of data that was never seen. It is said
// once for each gap; unseen reports whether it would be said again.
func unseenWord(s *decode.Segment, rev *end) (word Analysis, unseen bool) {
	if rev.ackable == 0 || !later(s.Ack, rev.ackable) || !s.Flags.Has(decode.ACK) {
		return 0, false
	}
	if earlier(rev.ackable, rev.next) {
		rev.ackable = rev.next
		return AckLostSegment, true
	}
	if rev.dupAcks == 0 {
		word = AckLostSegment
	}
	rev.dupAcks = -1
	return word, true
}

// repeatWords reports whether a segment that occupies sequence numbers was sent
// before, or comes late. Wireshark calls fast and spurious retransmissions
// retransmissions as well.
func (c *Conversation) repeatWords(ev *Event, fwd, rev *end, n uint32, now stamp) {
	s := ev.Segment
	if ev.Analysis&KeepAlive != 0 {
		return
	}
	old := fwd.next != 0 && earlier(s.Seq, fwd.next)
	if n > 1 && fwd.next-1 == s.Seq {
		old = false // the byte in common was a zero window probe
	}
	if n > 0 && rev.lastAck != 0 && notLater(s.Seq+n, rev.lastAck) {
		ev.Analysis |= SpuriousRetransmission | Retransmission
		return
	}
	if !old {
		return
	}
	if rev.dupAcks >= 2 && rev.lastAck == s.Seq && now.within(fastWithin, rev.lastTime) {
		ev.Analysis |= FastRetransmission | Retransmission
		ev.againOf(fwd, now)
		return
	}
	limit := uint64(reorderWithin)
	if c.InitialRTT != (capture.Span{}) {
		limit = uint64(c.InitialRTT.Nanoseconds())
	}
	occupied := n
	if s.Flags&(decode.SYN|decode.FIN) != 0 {
		occupied++
	}
	if now.within(limit, fwd.nextTime) && fwd.next != s.Seq+occupied {
		ev.Analysis |= OutOfOrder
		return
	}
	ev.Analysis |= Retransmission
	ev.againOf(fwd, now)
	ev.RTO, ev.RTOFrame = now.since(fwd.nextTime), fwd.nextFrame
	if !fwd.waiting.isEmpty() {
		first := fwd.waiting.oldest()
		ev.RTO, ev.RTOFrame = now.since(first.time), int(first.frame)
	}
}

// againOf finds which segment a retransmission repeats.
func (e *Event) againOf(fwd *end, now stamp) {
	if u := fwd.waiting.covering(e.Segment.Seq); u != nil {
		e.AgainOf, e.AgainAfter = int(u.frame), now.since(u.time)
	}
}

// advance moves the sender's numbers on.
func advance(ev *Event, fwd *end, n uint32, now stamp, room *int) {
	s := ev.Segment
	next := s.Seq + n
	counts := s.Flags&(decode.SYN|decode.FIN) != 0
	if n > 0 || counts {
		if counts {
			next++
		}
		fwd.waiting.remember(unacked{s.Seq, next, int32(s.Number), ev.CopyOf != 0, now}, room)
	}
	probe := ev.Analysis&ZeroWindowProbe != 0
	if (fwd.next == 0 || later(next, fwd.next)) && !probe {
		fwd.next, fwd.nextFrame, fwd.nextTime = next, s.Number, now
	}
	if (fwd.ackable == 0 || s.Seq == fwd.ackable) && !probe {
		fwd.ackable = fwd.next
	}
	fwd.window = uint32(s.Window)
	fwd.lastAck, fwd.lastTime = s.Ack, now
	fwd.lastWords = ev.Analysis
}

// settle takes from the receiver's list what the segment acknowledges.
func settle(ev *Event, rev *end, now stamp, room *int) {
	s := ev.Segment
	exact, found, partial := rev.waiting.acknowledge(s.Ack, room)
	if found {
		ev.AcksFrame, ev.AckRTT = int(exact.frame), now.since(exact.time)
	}
	if !s.Flags.Has(decode.ACK) || rev.hasAcked && notLater(s.Ack, rev.ackedAt) {
		return
	}
	rev.ackedAt, rev.hasAcked = s.Ack, true
	rev.ackedFrame, rev.ackedAgain, rev.ackedSYN = partial, 0, false
	if found {
		rev.ackedFrame, rev.ackedSYN = int(exact.frame), rev.hasBase && exact.seq == rev.base
		rev.ackedAgain = int32(rev.waiting.sentAgain(int(exact.frame)))
		ev.AcksAgain = int(rev.ackedAgain)
	}
}
