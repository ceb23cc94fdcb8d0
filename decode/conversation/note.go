package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// traces is what the verdict needs besides the marks.
type traces struct {
	heard           [2]int  // the latest frame of each end
	quickest        int64   // the server's quickest acknowledgment after the handshake; nanoseconds
	firstData       int32   // the client's first segment with data
	said            [2]bool // whether the latest frame of each end had data
	large           [2]large
	shut            [2]bool // the end's window is 0
	counted         bool    // among the server's unfinished handshakes
	waits           bool    // open, and the server has not said a word yet
	clocked         bool    // lag is known
	bare            bool    // the RST that counted had no ACK
	resetBy         Side    // who sent the RST that counted
	resetTTL        uint8   // its TTL
	synTS, synackTS uint32  // timestamps of the first SYN and SYN+ACK; 0 for none
	synShape        uint32  // what the first SYN asked for
	answer          uint32  // the number of the SYN+ACK that Handshake.SYNACKFrame is
	lastSeq         uint32  // of the segment before, as its header said
	lastWindow      uint16
	lastID          uint16 // its IPv4 identification
	queued          int32  // how many waited for the server's first word when the SYN was sent
	part            int32  // 1 + the stream that it goes on from; 0 for none
	refusedReset    int32  // an RST that was refused, with nothing from its receiver since
	refusedSYN      int32  // the same of a SYN in an open connection
	resetAt         int    // the RST that counted
	resetTime       capture.Time
	resetBehind     int32 // the segment before it, of the other end
	synackAt        int32 // the server's first SYN+ACK
	synackAfter     int64 // when the first SYN+ACK came, while unfinished; nanoseconds from the first segment
	lag             int64 // by how many ms the SYN+ACK's timestamp stood before the server's clock
}

// large is the largest payload of an end that is known to have arrived, and a
// larger one that is on its way.
type large struct {
	passed, n int32
	to        uint32 // where the one on its way ends
}

// note marks what the verdict will want to know.
func (c *Conversation) note(ev *Event) {
	s := ev.Segment
	if ev.CopyOf != 0 {
		c.mark(markCopy, s.Number)
		if ev.Step == StepSYN {
			c.room.copiedSYN = s.Number
		}
		return
	}
	c.tick(s)
	switch ev.Step {
	case StepSYN:
		if r := ev.Reception; (r == OldNumbers || r == SYNInConnection) && c.hosts[ev.From.Other()].state >= Established {
			c.refusedSYN = int32(s.Number)
		}
	case StepSYNACK:
		if ev.From == Server && c.Handshake.SYNs > 1 && c.server != nil && c.queued >= 2 && c.server.waiting < int(c.queued) {
			c.mark(markQueueFull, s.Number)
		}
	case StepRST:
		c.noteReset(ev)
	default:
		c.noteRest(ev)
	}
	if c.has(markElsewhere) {
		c.tellPartner(ev)
	}
	c.hear(ev)
	c.lastWindow, c.lastID, c.lastSeq = s.Window, s.ID, s.Seq
}

// tick notes that the file is not in order of time.
func (c *Conversation) tick(s *decode.Segment) {
	if s.Time.Known && c.Latest.Known && s.Time.Before(c.Latest) {
		c.mark(markDisorder, s.Number)
	}
}

// hear remembers the latest segment of an end.
func (c *Conversation) hear(ev *Event) {
	c.heard[ev.From], c.said[ev.From] = ev.Segment.Number, ev.Segment.PayloadLen > 0
}

func (c *Conversation) noteRest(ev *Event) {
	s := ev.Segment
	other := ev.From.Other()
	if ev.Opens && !s.Flags.Has(decode.ACK) {
		c.mark(markAckless, s.Number)
	}
	c.noteSender(ev)
	c.noteReception(ev)
	if s.PayloadLen > 0 && c.Flows[ev.From].FINFrame == 0 && c.hosts[other].is(sentFIN) && later(s.Ack, c.hosts[other].fin) {
		c.mark(markHalfCloseData, s.Number)
	}
	if c.has(markBigAgain) && ev.From != c.room.bigFrom && later(s.Ack, c.room.bigSeq) {
		c.unmark(markBigAgain) // it has arrived
	}
	if h := &c.hosts[other]; ev.Step == StepFIN && c.Flows[ev.From].FINFrame == s.Number && h.is(sentFIN) && notLater(s.Ack, h.fin) {
		c.mark(markSimultaneousClose, s.Number)
	}
	if c.has(markAgain) && c.room.againFrom[other] != 0 && s.Flags.Has(decode.ACK) && later(c.hosts[other].una, c.room.againSeq[other]) {
		c.room.againFrom[other], c.room.againTo[other] = 0, 0
	}
	if c.shut != [2]bool{} {
		c.noteWindow(ev)
	}
	if s.Options.SACKCount > 0 || c.has(markMissing) {
		c.noteMissing(ev)
	}
	if c.Ending == ClosedByFIN && ev.Step == StepFIN {
		c.mark(markLateFIN, s.Number)
	}
	if ev.Analysis != 0 {
		c.noteWords(ev)
	}
	switch {
	case !ev.sentAgain():
	case c.at(markDataNotTaken).count == 1 && ev.From == Client && s.Seq == c.hosts[Client].una:
		c.mark(markDataNotTaken, s.Number)
		ev.about |= aboutNotTaken
	default:
		c.noteAgain(ev)
	}
}

// sentAgain reports whether a segment is a repetition of data or a FIN, and no
// probe.
func (e *Event) sentAgain() bool {
	return e.Repeats && e.Fresh == 0 && e.CopyOf == 0 && e.Analysis&KeepAlive == 0 &&
		!e.Conversation.shut[e.From.Other()] && e.Step != StepSYN && e.Step != StepSYNACK
}

// noteReception marks what a segment does at its receiver, where that is
// remarkable.
func (c *Conversation) noteReception(ev *Event) {
	s := ev.Segment
	switch r := ev.Reception; {
	case r == WrongAcknowledgment && ev.From == Client && ev.Before[Server] == SynReceived:
		c.mark(markWrongThird, s.Number)
		c.room.wrongBy = int32(s.Ack - c.hosts[Server].iss - 1)
	case r == WrongAcknowledgment && ev.From == Server && c.Handshake.SYNACKFrame == 0 && ev.Before[Client] == SynSent:
		ev.about |= aboutOlder
		ev.AckRule = Rule{} // it counts from an x that is over
		c.mark(markChallenge, s.Number)
	case r == StrayAcknowledgment && ev.From == Server:
		c.mark(markAckedSYN, s.Number)
	case (r == OldNumbers || r == BeyondWindow) && ev.From == Client && ev.Before[Server] == SynReceived:
		c.mark(markOldThird, s.Number)
		c.room.oldBy = int32(s.Seq - c.hosts[Client].iss)
	}
	if c.refusedReset != 0 && ev.Step == StepAck && s.Number > int(c.refusedReset) && c.heard[ev.From] < int(c.refusedReset) &&
		s.Ack == c.hosts[ev.From].rcv {
		c.mark(markChallengeACK, s.Number)
		ev.about |= aboutChallenge
	}
	if n := int(c.refusedSYN); n != 0 && ev.Step == StepAck && c.heard[ev.From] < n && c.heard[ev.From.Other()] == n && s.Ack == c.hosts[ev.From].rcv {
		ev.about |= aboutChallenge
	}
	c.refusedReset, c.refusedSYN = 0, 0
	if c.shut[ev.From.Other()] {
		ev.about |= aboutProbe
	}
	if c.ends[ev.From.Other()].dupAcks >= 3 {
		ev.about |= aboutThrice
	}
}

// noteSender looks at what an end shows of itself once the SYNs are through.
func (c *Conversation) noteSender(ev *Event) {
	if l, s := &c.large[ev.From], ev.Segment; s.PayloadLen >= fullSize && l.n == 0 && int(l.passed) < s.PayloadLen {
		l.n, l.to = int32(s.PayloadLen), s.Seq+uint32(s.PayloadLen)
	}
	if other := ev.From.Other(); c.large[other].n != 0 && notLater(c.large[other].to, c.hosts[other].una) {
		c.large[other] = large{passed: c.large[other].n}
	}
	if ev.From == Server {
		c.noteServer(ev)
	} else if ev.Segment.PayloadLen > 0 && c.firstData == 0 {
		c.firstData = int32(ev.Segment.Number)
	}
}

// noteServer looks at what a server shows of itself after its SYN+ACK.
func (c *Conversation) noteServer(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	if !h.Complete {
		return
	}
	if !c.clocked && s.Options.HasTimestamps {
		c.clocked = true
		c.lag = int64(s.Options.TSVal-c.synackTS) - (s.Time.Since(h.SYNACKTime).Nanoseconds())/1e6
	}
	if rtt := ev.AckRTT.Nanoseconds(); rtt > 0 && (c.quickest == 0 || rtt < c.quickest) {
		c.quickest = rtt
	}
}

// noteWindow follows a window that is 0.
func (c *Conversation) noteWindow(ev *Event) {
	s := ev.Segment
	if c.shut[ev.From] && s.Window > 0 {
		c.shut[ev.From] = false
		c.room.longest = max(c.room.longest, s.Time.Since(c.room.shutAt).Nanoseconds())
		c.mark(markWindowOpen, s.Number)
	}
	if c.shut[ev.From] && c.last(markProbe) > c.last(markProbeAnswered) {
		c.mark(markProbeAnswered, s.Number)
	}
	if c.shut[ev.From.Other()] && (ev.Analysis&(ZeroWindowProbe|KeepAlive) != 0 || ev.Repeats && s.PayloadLen > 0 || ev.Reception == WithoutACK) {
		c.mark(markProbe, s.Number)
	}
}

// shuts notes that an end has announced a window of 0.
func (c *Conversation) shuts(ev *Event) {
	c.mark(markZeroWindow, ev.Segment.Number)
	if c.at(markZeroWindow).count == 1 {
		c.room.stalled = ev.From
	}
	if !c.shut[ev.From] {
		c.shut[ev.From], c.room.shutAt = true, ev.Segment.Time
	}
}

// noteMissing follows what an end lacks, as its SACK blocks tell.
func (c *Conversation) noteMissing(ev *Event) {
	s := ev.Segment
	if c.has(markMissing) && ev.From == c.room.lacks && s.Flags.Has(decode.ACK) && notLater(c.room.lacksTo, s.Ack) {
		c.unmark(markMissing)
	}
	for _, b := range s.Options.SACK[:s.Options.SACKCount] {
		if later(b.Left, s.Ack) { // and no duplicate (RFC 2883)
			if !c.has(markMissing) {
				c.mark(markMissing, s.Number)
				c.room.lacksSince = s.Time
			}
			c.room.lacks, c.room.lacksTo = ev.From, b.Left
		}
	}
}

func (c *Conversation) noteWords(ev *Event) {
	s := ev.Segment
	if ev.Analysis&KeepAlive != 0 {
		c.noteKeepAlive(ev)
	}
	if ev.Analysis&AckLostSegment != 0 && ev.about.has(aboutUnsent) {
		c.mark(markUncaptured, s.Number)
		c.room.uncapturedOf, c.room.uncapturedTo = ev.From.Other(), s.Ack
	}
	if ev.Analysis&(LostSegment|AckLostSegment) != 0 && c.numbersLost(ev) {
		c.mark(markLost, s.Number)
	}
	if ev.Analysis&ZeroWindow != 0 && c.Flows[ev.From.Other()].FINFrame == 0 { // with nothing to come, no one waits
		c.shuts(ev)
	}
}

// noteStamp marks new data whose timestamp is older than what its sender has
// sent before: a receiver rejects it (PAWS, RFC 7323 §5.3).
func (c *Conversation) noteStamp(ev *Event, h *host) {
	if s := ev.Segment; h.is(stamps) && s.Options.HasTimestamps && earlier(s.Options.TSVal, h.ts) && s.PayloadLen > 0 && s.Seq == h.nxt {
		c.mark(markOldStamp, s.Number)
		c.room.oldStampBy = ev.From
	}
}

// noteKeepAlive counts those that stay without an answer.
func (c *Conversation) noteKeepAlive(ev *Event) {
	n := ev.Segment.Number
	c.mark(markKeepAlive, n)
	if r := c.room; r.aliveBy != ev.From || r.alive[1] < c.heard[ev.From.Other()] || r.alive[2] == 0 {
		r.aliveBy, r.alive = ev.From, [3]int{n, n, 1}
	} else {
		r.alive[1], r.alive[2] = n, r.alive[2]+1
	}
}

// numbersLost reports whether numbers are missing by the account of the two
// hosts, too.
func (c *Conversation) numbersLost(ev *Event) bool {
	return later(ev.Segment.Seq, c.hosts[ev.From.Other()].rcv) || ev.Analysis&AckLostSegment != 0
}

// fits reports whether a segment is as small as a router has asked for by ICMP, as
// far as it has said how small that is.
func (r *remarks) fits(s *decode.Segment) bool {
	size := 20 + s.HeaderLen + s.PayloadLen
	if s.IPVersion == 6 {
		size += 20
	}
	return r.quotedMTU == 0 || size <= int(r.quotedMTU)
}

// noteAgain follows what is sent again.
func (c *Conversation) noteAgain(ev *Event) {
	s, from := ev.Segment, ev.From
	c.mark(markAgain, s.Number)
	if c.room.againFrom[from] == 0 {
		if c.room.againFrom[from] = ev.RTOFrame; ev.RTOFrame == 0 {
			c.room.againFrom[from] = s.Number
		}
	}
	c.room.againTo[from], c.room.againSeq[from] = s.Number, s.Seq
	if s.PayloadLen > 0 && c.has(markQuoteTooBig) && c.room.quotedFrom == from && c.room.fits(s) {
		if !c.has(markSmaller) {
			c.room.smallerTo = s.Seq + uint32(s.PayloadLen)
		}
		c.mark(markSmaller, s.Number)
		ev.about |= aboutSmaller
	}
	if ev.Analysis&SpuriousRetransmission != 0 || s.PayloadLen < fullSize {
		return
	}
	if !c.has(markBigAgain) || c.room.bigFrom != from || c.room.bigSeq != s.Seq {
		c.unmark(markBigAgain)
		c.room.bigFrom, c.room.bigSeq = from, s.Seq
		c.room.bigFrame, c.room.bigSize = ev.RTOFrame, s.PayloadLen
	}
	c.mark(markBigAgain, s.Number)
}

const (
	// fullSize is the least payload, in bytes, that a path of a small MTU may
	// refuse (RFC 1191 §7: 576 - 40).
	fullSize = 536
	// answerWithin is how soon an RST comes as an answer, in addition to two
	// round trips; nanoseconds.
	answerWithin = 1e7
)

// tripTo is the time from the place of the capture to an end and back, as far as
// its answers tell; nanoseconds, 0 where it is not known.
func (c *Conversation) tripTo(side Side) int64 {
	h := &c.Handshake
	switch {
	case side == Server && h.SYNs == 1 && h.SYNACKs == 1 && c.quickest != 0:
		return min(c.quickest, h.SYNACKTime.Since(h.SYNTime).Nanoseconds())
	case side == Server && h.SYNs == 1 && h.SYNACKs == 1:
		return h.SYNACKTime.Since(h.SYNTime).Nanoseconds()
	case side == Client && h.SYNACKs == 1 && h.ACKFrame != 0:
		return h.ACKTime.Since(h.SYNACKTime).Nanoseconds()
	}
	return 0
}

// noteReset tells what an RST follows; it is called when the states have
// moved on.
func (c *Conversation) noteReset(ev *Event) {
	s := ev.Segment
	other := ev.From.Other()
	if c.lastID != 0 && s.ID == c.lastID && s.Window == c.lastWindow && s.Flags.Has(decode.ACK) && s.Ack == c.lastSeq {
		c.mark(markResetCopied, s.Number)
	}
	if c.closed {
		if ev.Reception != Taken {
			c.mark(markLateReset, s.Number)
		}
		if ev.From != c.resetBy && c.resetAt != 0 && c.heard[c.resetBy] == c.resetAt && s.Time.Since(c.resetTime).Nanoseconds() <= c.flight() {
			c.mark(markResetCrossed, s.Number)
		}
		return
	}
	switch ev.Reception {
	case ResetInWindow, ResetOutside:
		if ev.about.has(aboutGone) {
			break
		}
		c.mark(markResetIgnored, s.Number)
		if ev.about.has(aboutBehind) {
			c.mark(markResetBehind, s.Number)
		}
		c.refusedReset = int32(s.Number)
	case ResetWithoutACK:
		if s.Flags.Has(decode.ACK) {
			c.mark(markResetElse, s.Number)
			c.room.elseBy = int32(s.Ack - c.hosts[other].iss - 1)
		} else {
			c.mark(markResetWithoutACK, s.Number)
		}
	}
	if c.resetAt != s.Number { // it does not count
		return
	}
	c.bare = !s.Flags.Has(decode.ACK)
	if c.last(markKeepAlive) > c.heard[other] && c.heard[ev.From] > c.heard[other] {
		c.mark(markUnanswered, s.Number)
	}
	prompt := s.Time.Since(c.Latest).Nanoseconds() <= c.flight()
	if c.isAsked(ev) && prompt {
		c.mark(markResetAsked, s.Number)
		ev.about |= aboutAsked
		return
	}
	if c.heard[other] <= c.heard[ev.From] || !prompt {
		return
	}
	// Without ACK, with the number that the other end waits for: so answers
	// an end that holds no such connection (RFC 9293 §3.5.2).
	if c.bare && s.Seq == c.hosts[other].shown && c.hosts[other].is(synchronized) {
		c.mark(markUnknown, s.Number)
	}
	if c.said[other] {
		c.mark(markResetOnData, s.Number)
	}
	behind, trip := s.Time.Since(c.Latest).Nanoseconds(), c.tripTo(ev.From)
	if h := &c.hosts[other]; !c.bare && s.Ack == h.nxt && h.una != h.nxt && trip > 4e6 && behind < trip/4 {
		c.mark(markEarlyReset, s.Number)
		c.room.early = [2]int64{behind, trip}
	}
}

// isAsked reports whether an RST is the answer to a challenge ACK, by which its
// sender's RST before had been answered: so answers an end that is closed (RFC 5961
// §3.2). The challenge ACK says which number is exact.
func (c *Conversation) isAsked(ev *Event) bool {
	other := ev.From.Other()
	return c.has(markChallengeACK) && c.heard[other] == c.last(markChallengeACK) && c.heard[ev.From] == c.last(markResetIgnored) &&
		c.heard[ev.From] < c.heard[other] && ev.Segment.Seq == c.hosts[other].shown
}
