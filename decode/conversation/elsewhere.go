package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// elsewhere is what belongs to a conversation and stands in another, as it came
// from another address: a translation that works one way only.
type elsewhere struct {
	at      Endpoint // that address
	stream  int      // the other conversation
	frames  []int
	partner *Conversation

	fromClient bool // it is the client that comes from there
}

const (
	// searchDepth is how many conversations are looked through for one that a
	// stray segment may belong to, and searchBudget how many in all.
	searchDepth  = 1 << 10
	searchBudget = 1 << 24
)

// place looks whether the first segment of a conversation without a SYN
// belongs to another one.
func (t *Tracker) place(c *Conversation, ev *Event) {
	s := ev.Segment
	if s.Flags&(decode.SYN|decode.ACK) == decode.SYN || s.Flags.Has(decode.RST) || !s.Flags.Has(decode.ACK) {
		return
	}
	q := &t.going
	if ev.Step == StepSYNACK {
		q = &t.attempts
	}
	for other, n := q.last, 0; other != nil && n < searchDepth && t.searched < searchBudget; other, n = other.prev, n+1 {
		t.searched++
		if other != c && other.continues(s) {
			other.join(c, s)
			return
		}
	}
}

// continues reports whether a segment from an address that is not of this
// conversation carries on from what one of its ends has sent to the other.
func (c *Conversation) continues(s *decode.Segment) bool {
	src, dst := Endpoint{s.Src, s.SrcPort}, Endpoint{s.Final(), s.DstPort}
	for side := range c.Ends {
		me, peer := &c.hosts[side], &c.hosts[1-side]
		if c.Ends[1-side] != dst || c.Ends[side] == src {
			continue
		}
		if s.Flags.Has(decode.SYN) {
			return peer.is(hasISS) && peer.state == SynSent && s.Ack == peer.iss+1
		}
		if me.is(sent) && s.Seq == me.nxt && peer.is(sent) && notLater(peer.una, s.Ack) && notLater(s.Ack, peer.nxt) {
			return true
		}
	}
	return false
}

// join notes in both conversations that the other one has what belongs here.
func (c *Conversation) join(stray *Conversation, s *decode.Segment) {
	at := Endpoint{s.Src, s.SrcPort}
	fromClient := c.Ends[Server] == Endpoint{s.Final(), s.DstPort}
	if !c.has(markElsewhere) {
		c.mark(markElsewhere, s.Number)
		c.room.elsewhere = &elsewhere{at: at, stream: stray.Stream, frames: []int{s.Number}, partner: stray, fromClient: fromClient}
		c.judged = false
	}
	stray.mark(markElsewhere, s.Number)
	own := c.Ends[Server]
	if own.Port == s.DstPort && own.Addr == s.Final() {
		own = c.Ends[Client]
	}
	stray.room.elsewhere = &elsewhere{at: own, stream: c.Stream, partner: c, fromClient: fromClient}
}

// tellPartner lets the conversation that a stray one belongs to know of its
// RSTs.
func (c *Conversation) tellPartner(ev *Event) {
	p := c.room.elsewhere.partner
	if ev.Step == StepRST && p.Stream == c.room.elsewhere.stream && p.has(markElsewhere) && len(p.room.elsewhere.frames) < 2 {
		p.room.elsewhere.frames = append(p.room.elsewhere.frames, ev.Segment.Number)
		p.judged = false
	}
}
