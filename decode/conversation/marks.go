package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// mark remembers that something happened: in which frame first and last, and
// how often.
type mark struct{ first, last, count int }

// What is marked while a conversation goes on, for its verdict.
const (
	markSYNAgain          = iota // the SYN was sent again
	markSYNACKAgain              // the SYN+ACK was sent again
	markACKBeforeAgain           // the client's ACK stood before a repeated SYN+ACK
	markWrongAck                 // a SYN+ACK that does not acknowledge the SYN
	markChallenge                // an ACK in answer to a SYN that an existing connection got
	markSimultaneousOpen         // SYNs crossed
	markSimultaneousClose        // FINs crossed
	markResetIgnored             // an RST that does not count
	markResetOnData              // an RST that answers data
	markReplaced                 // a new SYN took the ports
	markZeroWindow               // an end announced a window of 0
	markWindowOpen               // the window opened again after that
	markProbe                    // a zero window probe
	markKeepAlive                // a keep-alive
	markAgain                    // data or FIN sent again
	markBigAgain                 // a segment of full size sent again
	markHalfCloseData            // data from one end after the other's FIN
	markQuoteUnreachable         // ICMP: destination unreachable
	markQuoteProhibited          // ICMP: administratively prohibited
	markQuoteTooBig              // ICMP: fragmentation needed, packet too big
	markLost                     // a gap: segments that were not captured
	markFlood                    // one of many SYNs to the same server that came no further
	markCount
)

func (c *Conversation) mark(kind, frame int) {
	m := &c.marks[kind]
	if m.count == 0 {
		m.first = frame
	}
	m.last = frame
	m.count++
}

// fullSize is the least payload, in bytes, that a path of a small MTU may
// refuse (RFC 1191 §7: 576 - 40).
const fullSize = 536

// note marks what the verdict will want to know.
func (c *Conversation) note(ev *Event) {
	s, h := ev.Segment, &c.Handshake
	switch ev.Step {
	case StepSYN:
		if h.SYNs > 1 && ev.From == Client {
			c.mark(markSYNAgain, s.Number)
		}
		return
	case StepSYNACK:
		if h.SYNACKs > 1 || h.Complete {
			c.mark(markSYNACKAgain, s.Number)
			if c.Flows[Client].Segments > h.SYNs {
				c.mark(markACKBeforeAgain, s.Number)
			}
		}
		return
	case StepRST:
		if c.ends[ev.From.Other()].counted == s.Seq || c.Flows[ev.From.Other()].Bytes > 0 && ev.From == Server {
			c.mark(markResetOnData, s.Number)
		}
		return
	}
	if ev.From == Server && ev.Before[Client] == SynSent && s.Flags.Has(decode.ACK) {
		c.mark(markChallenge, s.Number)
	}
	if s.PayloadLen > 0 && c.Flows[ev.From.Other()].FINFrame != 0 && c.Flows[ev.From].FINFrame == 0 {
		c.mark(markHalfCloseData, s.Number)
	}
	if ev.Analysis != 0 {
		c.noteWords(ev)
	}
}

func (c *Conversation) noteWords(ev *Event) {
	s := ev.Segment
	for _, w := range [...]struct {
		words Analysis
		kind  int
	}{
		{ZeroWindow, markZeroWindow}, {ZeroWindowProbe, markProbe},
		{KeepAlive, markKeepAlive}, {again, markAgain}, {LostSegment | AckLostSegment, markLost},
	} {
		if ev.Analysis&w.words != 0 {
			c.mark(w.kind, s.Number)
		}
	}
	if ev.Analysis&again != 0 && s.PayloadLen >= fullSize {
		c.mark(markBigAgain, s.Number)
	}
	if ev.Analysis&WindowUpdate != 0 && c.marks[markZeroWindow].count > 0 {
		c.mark(markWindowOpen, s.Number)
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
	if kind >= 0 {
		c.mark(kind, frame)
	}
}
