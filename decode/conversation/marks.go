package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// mark remembers that something happened: in which frame first and last, and
// how often.
type mark struct{ first, last, count uint32 }

// marks are one mark of each kind. Most conversations have none, and room for
// them only once there is something to remark.
type marks struct {
	set  uint32 // a bit for each kind that has happened
	room *[markCount]mark
}

func (m mark) firstFrame() int { return int(m.first) }
func (m mark) lastFrame() int  { return int(m.last) }

// What is marked while a conversation goes on, for its verdict.
const (
	markSYNAgain          = iota // the SYN was sent again
	markSYNACKAgain              // the SYN+ACK was sent again
	markACKBeforeAgain           // the client's ACK stood before a repeated SYN+ACK
	markACKLost                  // the ACK that completes echoes a SYN+ACK that had been answered before
	markSYNArrived               // the SYN+ACK echoes a SYN that was repeated since
	markQueueFull                // the server took no connection until it had served others
	markWrongAck                 // a SYN+ACK that does not acknowledge the SYN
	markChallenge                // an ACK in answer to a SYN that an existing connection got
	markDisowned                 // the client's RST to an answer that is not to its SYN
	markSimultaneousOpen         // SYNs crossed
	markSimultaneousClose        // FINs crossed
	markResetIgnored             // an RST that does not count
	markResetOnData              // an RST that answers data
	markUnknown                  // an RST as it comes from an end that knows nothing of the connection
	markUnanswered               // an RST after keep-alives that nobody answered
	markReplaced                 // a new SYN took the ports
	markZeroWindow               // an end announced a window of 0
	markWindowOpen               // the window opened again after that
	markProbe                    // a closed window was probed
	markKeepAlive                // a keep-alive
	markAgain                    // data or FIN sent again
	markBigAgain                 // the same segment of full size sent again
	markSmaller                  // data sent again after ICMP had refused its size
	markHalfCloseData            // data from one end after it had acknowledged the other's FIN
	markQuoteUnreachable         // ICMP: destination unreachable
	markQuoteProhibited          // ICMP: administratively prohibited
	markQuoteTooBig              // ICMP: fragmentation needed, packet too big
	markLost                     // a gap: segments that were not captured
	markCount
)

// traces is what the verdict needs besides the marks.
type traces struct {
	heard           [2]int  // the latest frame of each end
	quickest        int64   // the server's quickest acknowledgment after the handshake; nanoseconds
	firstData       int     // the client's first segment with data
	said            [2]bool // whether the latest frame of each end had data
	shut            [2]bool // the end's window is 0
	counted         bool    // among the server's unfinished handshakes
	waits           bool    // open, and the server has not said a word yet
	clocked         bool    // lag is known
	bare            bool    // the RST that counted had no ACK
	resetBy         Side    // who sent the RST that counted
	stalled         Side    // who announced a window of 0 first
	bigFrom         Side    // who sent what markBigAgain counts
	alone           bool    // and nothing came from the peer since it was first sent
	bigSeq          uint32  // and its sequence number
	synTS, synackTS uint32  // timestamps of the first SYN and SYN+ACK; 0 for none
	resetAt         int     // the RST that counted
	lag             int64   // by how many ms the SYN+ACK's timestamp stood before the server's clock
	synackAfter     int64   // when the first SYN+ACK came, while unfinished; nanoseconds from the first segment
	replacedAfter   int64   // nanoseconds from the last segment to the SYN that took the ports
	longest         int64   // the longest time that a window was 0; nanoseconds
	queued          int32   // how many waited for the server's first word when the SYN was sent
	quotedMTU       uint32  // bytes
	quoted          string  // what the first ICMP error said

	shutAt capture.Time // since when a window is 0
}

func (m *marks) mark(kind, frame int) {
	if m.room == nil {
		m.room = new([markCount]mark)
	}
	at := &m.room[kind]
	if !m.has(kind) {
		m.set |= 1 << kind
		*at = mark{first: uint32(frame)}
	}
	at.last = uint32(frame)
	at.count++
}

func (m *marks) unmark(kind int) { m.set &^= 1 << kind }

func (m *marks) has(kind int) bool { return m.set>>kind&1 != 0 }

// at is the mark of a kind: all 0 where it has not happened.
func (m *marks) at(kind int) mark {
	if !m.has(kind) {
		return mark{}
	}
	return m.room[kind]
}

const (
	// fullSize is the least payload, in bytes, that a path of a small MTU may
	// refuse (RFC 1191 §7: 576 - 40).
	fullSize = 536
	// A SYN or SYN+ACK that follows the one before more closely than any timer
	// (RFC 6298 §2.1: 1 s; some stacks wait half of it) is a copy that was made
	// on the way, or by the capture. Nanoseconds.
	copyWithin = 2e8
	// Longer than any timer of a first repetition: the server chose to wait for
	// data before it counts the connection as open. Nanoseconds.
	deferAfter = 8e9
	// An RST counts as an answer if it comes this soon, in addition to two
	// round trips. Nanoseconds.
	answerWithin = 1e7
)

// note marks what the verdict will want to know.
func (c *Conversation) note(ev *Event) {
	s := ev.Segment
	switch ev.Step {
	case StepSYN:
	case StepSYNACK:
		if ev.From == Server && c.Handshake.SYNs > 1 && c.server != nil && c.queued >= 2 && c.server.waiting < int(c.queued) {
			c.mark(markQueueFull, s.Number)
		}
	case StepRST:
		c.noteReset(ev)
	default:
		c.noteRest(ev)
	}
	c.hear(ev)
}

// hear remembers the latest segment of an end.
func (c *Conversation) hear(ev *Event) {
	c.heard[ev.From], c.said[ev.From] = ev.Segment.Number, ev.Segment.PayloadLen > 0
}

func (c *Conversation) noteRest(ev *Event) {
	s := ev.Segment
	other := ev.From.Other()
	c.noteSender(ev)
	if s.PayloadLen > 0 && c.Flows[ev.From].FINFrame == 0 && c.ends[other].hasFIN && later(s.Ack, c.ends[other].fin) {
		c.mark(markHalfCloseData, s.Number)
	}
	if c.has(markBigAgain) && ev.From != c.bigFrom && later(s.Ack, c.bigSeq) {
		c.unmark(markBigAgain) // it has arrived
	}
	if c.shut != [2]bool{} {
		c.noteWindow(ev)
	}
	if ev.Analysis != 0 {
		c.noteWords(ev)
	}
}

// noteSender looks at what an end shows of itself once the SYNs are through.
func (c *Conversation) noteSender(ev *Event) {
	if ev.From == Server {
		c.noteServer(ev)
	} else if ev.Segment.PayloadLen > 0 && c.firstData == 0 {
		c.firstData = ev.Segment.Number
	}
}

// noteServer looks at what a server shows of itself after its SYN+ACK.
func (c *Conversation) noteServer(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	if ev.Before[Client] == SynSent && s.Flags.Has(decode.ACK) && h.SYNACK == 0 {
		c.mark(markChallenge, s.Number)
	}
	if !h.Complete {
		return
	}
	if !c.clocked && s.Options.HasTimestamps {
		c.clocked = true
		c.lag = int64(s.Options.TSVal-c.synackTS) - s.Time.Since(h.SYNACKTime).Nanoseconds()/1e6
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
		c.longest = max(c.longest, s.Time.Since(c.shutAt).Nanoseconds())
		c.mark(markWindowOpen, s.Number)
	}
	if c.shut[ev.From.Other()] && (ev.Analysis&(ZeroWindowProbe|KeepAlive) != 0 || ev.Analysis&again != 0 && s.PayloadLen > 0) {
		c.mark(markProbe, s.Number)
	}
}

func (c *Conversation) noteWords(ev *Event) {
	s := ev.Segment
	for _, w := range [...]struct {
		words Analysis
		kind  int
	}{
		{KeepAlive, markKeepAlive}, {again, markAgain}, {LostSegment | AckLostSegment, markLost},
	} {
		if ev.Analysis&w.words != 0 {
			c.mark(w.kind, s.Number)
		}
	}
	other := ev.From.Other()
	if ev.Analysis&ZeroWindow != 0 && c.Flows[other].FINFrame == 0 { // with nothing to come, no one waits
		if !c.has(markZeroWindow) {
			c.stalled = ev.From
		}
		if !c.shut[ev.From] {
			c.shut[ev.From], c.shutAt = true, s.Time
		}
		c.mark(markZeroWindow, s.Number)
	}
	if ev.Analysis&(again|OutOfOrder) != 0 && s.PayloadLen > 0 && c.has(markQuoteTooBig) {
		c.mark(markSmaller, s.Number)
	}
	if ev.Analysis&again == 0 || ev.Analysis&SpuriousRetransmission != 0 || s.PayloadLen < fullSize {
		return
	}
	if !c.has(markBigAgain) || c.bigFrom != ev.From || c.bigSeq != s.Seq {
		c.unmark(markBigAgain)
		c.bigFrom, c.bigSeq = ev.From, s.Seq
		c.alone = c.heard[other] < ev.RTOFrame
	}
	c.mark(markBigAgain, s.Number)
}

// noteReset tells what an RST follows; it is called when the states have
// moved on.
func (c *Conversation) noteReset(ev *Event) {
	s := ev.Segment
	other := ev.From.Other()
	if c.resetAt != s.Number { // it does not count
		return
	}
	c.bare = !s.Flags.Has(decode.ACK)
	if c.at(markKeepAlive).lastFrame() > c.heard[other] && c.heard[ev.From] > c.heard[other] {
		c.mark(markUnanswered, s.Number)
	}
	prompt := s.Time.Since(c.Latest).Nanoseconds() <= 2*c.InitialRTT.Nanoseconds()+answerWithin
	if c.heard[other] <= c.heard[ev.From] || s.Seq != c.ends[other].lastAck || !prompt {
		return
	}
	// Without ACK, with the number that the other end waits for: so answers
	// an end that holds no such connection (RFC 9293 §3.5.2).
	if c.bare && ev.Before[ev.From] == Established && ev.Before[other] == Established {
		c.mark(markUnknown, s.Number)
	}
	if c.said[other] {
		c.mark(markResetOnData, s.Number)
	}
}

// noteSYN looks at a SYN or SYN+ACK before it is counted.
func (c *Conversation) noteSYN(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	switch {
	case ev.Step == StepSYN && ev.From == Client && h.SYNs > 0:
		if !h.Complete && s.Time.Since(h.SYNTime).Nanoseconds() > copyWithin {
			c.mark(markSYNAgain, s.Number)
		}
	case ev.Step == StepSYN && ev.From == Client:
		c.synTS = s.Options.TSVal
	case ev.Step == StepSYNACK && ev.From == Server && h.SYNACKs == 0:
		c.synackTS = s.Options.TSVal
		if c.has(markSYNAgain) && c.synTS != 0 && s.Options.TSEcr == c.synTS {
			c.mark(markSYNArrived, s.Number)
		}
	case ev.Step == StepSYNACK && ev.From == Server:
		since := s.Time.Since(h.SYNACKTime).Nanoseconds()
		if since <= copyWithin || h.ACK != 0 && since > deferAfter && !c.has(markACKBeforeAgain) {
			return
		}
		c.mark(markSYNACKAgain, s.Number)
		if h.ACK != 0 {
			c.mark(markACKBeforeAgain, s.Number)
		}
	}
}

// noteACK looks at the segment that completes the handshake. An ACK that
// echoes the first SYN+ACK after that was repeated shows that the first one
// had arrived.
func (c *Conversation) noteACK(s *decode.Segment) {
	if c.has(markSYNACKAgain) && c.synackTS != 0 && s.Options.HasTimestamps && s.Options.TSEcr == c.synackTS {
		c.mark(markACKLost, s.Number)
	}
}

// quote marks an ICMP error (RFC 792, RFC 4443 §3, RFC 1812 §5.2.7.1).
func (c *Conversation) quote(q *decode.Quote, frame int) {
	kind := -1
	switch {
	case q.Version == 4 && q.Type == 3 && q.Code == 4, q.Version == 6 && q.Type == 2:
		kind = markQuoteTooBig
	case q.Version == 4 && q.Type == 3 && (q.Code == 9 || q.Code == 10 || q.Code == 13), q.Version == 6 && q.Type == 1 && q.Code == 1:
		kind = markQuoteProhibited
	case q.Version == 4 && q.Type == 3, q.Version == 6 && q.Type == 1:
		kind = markQuoteUnreachable
	}
	if kind < 0 {
		return
	}
	if c.quoted == "" {
		c.quoted = q.Text
	}
	if kind == markQuoteTooBig && c.quotedMTU == 0 {
		c.quotedMTU = uint32(q.MTU)
	}
	c.mark(kind, frame)
}
