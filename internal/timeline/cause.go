package timeline

import (
	"errors"
	"io"
	"net/netip"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// slack is how far the clocks of call and capture may disagree: within it a
// cause is put before its effect.
const slack = int64(time.Millisecond)

// first is the index of the moment that comes next: the oldest, unless
// something that waits with it must have happened before.
func (m *Merge) first() int {
	if head := m.pending[0]; head.isCall && !m.waitsFor(head) {
		return 0
	}
	// The capture's own order is never changed: its oldest moment comes first.
	i := slices.IndexFunc(m.pending, func(it *item) bool { return !it.isCall })
	if cause := m.causeOf(m.pending[i]); cause >= 0 {
		return cause
	}
	return i
}

// waitsFor reports whether a segment must come before the end of a call.
func (m *Merge) waitsFor(c *item) bool {
	for _, it := range m.pending {
		if it.key-c.key > slack {
			break
		}
		if !it.isCall && it.held.Kind == Segment && m.streams.arrivesBefore(&it.event, &c.call) {
			return true
		}
	}
	return false
}

// causeOf finds the first call that must come before a segment, or an earlier
// one of the same socket; -1 where there is none.
func (m *Merge) causeOf(e *item) int {
	if e.held.Kind != Segment {
		return -1
	}
	var offset uint64 // bytes of sends that wait before the one looked at
	for i, it := range m.pending {
		if it.key-e.key > slack {
			break
		}
		if !it.isCall {
			continue
		}
		if m.streams.madeBefore(&it.call, &e.event, offset) {
			i = m.firstOfCaller(&it.call, i)
			if at := &m.pending[i].held.At; e.key < at.UnixNano() {
				*at = capture.At(e.key)
			}
			return i
		}
		if isBegin(&it.call, "send") && of(&it.call) == sender(&e.event) {
			offset += uint64(len(it.call.Data))
		}
	}
	return -1
}

// firstOfCaller is the index of the first waiting call by the one who made
// the call at index i: a goroutine's calls keep their order.
func (m *Merge) firstOfCaller(c *dialogue.Call, i int) int {
	return slices.IndexFunc(m.pending[:i+1], func(it *item) bool {
		return it.isCall && it.call.Role == c.Role && it.call.Number == c.Number
	})
}

func of(c *dialogue.Call) pair { return pair{c.Local, c.Remote} }

func isBegin(c *dialogue.Call, name string) bool {
	return c.Phase == dialogue.Begin && c.Name == name
}

// streams knows how far each socket's calls have come.
type streams struct {
	sent, received map[pair]uint64                // bytes, by the socket's own view
	shown          map[pair][2]conversation.State // what calls have shown of both ends, by the client's view
}

func newStreams() streams {
	return streams{map[pair]uint64{}, map[pair]uint64{}, map[pair][2]conversation.State{}}
}

// bound forgets everything where connections were never closed by anyone; the
// order is then the clocks' alone.
func (s *streams) bound() {
	if len(s.shown) > limit || len(s.sent) > limit || len(s.received) > limit {
		*s = newStreams()
	}
}

// count keeps what is needed of a moment that is handed on.
func (s *streams) count(it *item) {
	if it.held.Kind == Ended {
		delete(s.sent, ends(it.held.Conversation))
		delete(s.sent, ends(it.held.Conversation).turned())
		delete(s.received, ends(it.held.Conversation))
		delete(s.received, ends(it.held.Conversation).turned())
	}
	if !it.isCall {
		return
	}
	switch c := &it.call; {
	case isBegin(c, "send"):
		s.sent[of(c)] += uint64(len(c.Data))
	case c.Phase == dialogue.End && c.Name == "recv":
		s.received[of(c)] += uint64(c.N)
	case isBegin(c, "connect"), c.Phase == dialogue.End && (c.Name == "accept" || c.Name == "close"):
		delete(s.sent, of(c))
		delete(s.received, of(c))
	}
}

// client is the number of the client that a moment belongs to; 0 for none.
func (m *Merge) client(it *item) int {
	switch {
	case it.isCall:
		return m.numbers.ofCall(&it.call)
	case it.held.Kind == Ended:
		number := m.numbers.ofConversation(it.held.Conversation)
		m.numbers.end(it.held.Conversation)
		delete(m.streams.shown, ends(it.held.Conversation))
		return number
	case it.held.Event != nil && it.held.Event.Conversation != nil:
		return m.numbers.ofConversation(it.held.Event.Conversation)
	case it.held.Conversation != nil:
		return m.numbers.ofConversation(it.held.Conversation)
	}
	return 0
}

// ends is a conversation as its client sees it.
func ends(c *conversation.Conversation) pair {
	return pair{c.Ends[conversation.Client].AddrPort(), c.Ends[conversation.Server].AddrPort()}
}

// madeBefore reports whether a call's begin is what the segment was sent for.
// Offset is how many bytes wait in sends before it.
func (s *streams) madeBefore(c *dialogue.Call, e *conversation.Event, offset uint64) bool {
	if c.Phase != dialogue.Begin {
		return false
	}
	from := sender(e)
	own := of(c) == from
	switch c.Name {
	case "connect":
		return e.Step == conversation.StepSYN && c.Remote == from.remote && (own || c.Local == netip.AddrPort{})
	case "send":
		_, end, known := span(e)
		return own && known && e.Segment.PayloadLen > 0 && s.sent[from]+offset < end
	case "shutdown", "close":
		return own && e.Segment.Flags&(decode.FIN|decode.RST) != 0
	}
	return false
}

// arrivesBefore reports whether a call could only end as it did because the
// segment had arrived.
func (s *streams) arrivesBefore(e *conversation.Event, c *dialogue.Call) bool {
	if c.Phase != dialogue.End || sender(e) != of(c).turned() {
		return false
	}
	flags := e.Segment.Flags
	switch c.Name {
	case "connect":
		return e.Step == conversation.StepSYNACK && c.Err == nil || flags.Has(decode.RST) && c.Err != nil
	case "accept":
		return e.Step == conversation.StepACK
	case "recv":
		if errors.Is(c.Err, io.EOF) {
			return flags.Has(decode.FIN)
		}
		if c.Err != nil {
			return flags.Has(decode.RST)
		}
		start, _, known := span(e)
		return known && e.Segment.PayloadLen > 0 && start < s.received[of(c)]+uint64(c.N)
	}
	return false
}

// span is where a segment's payload lies in its direction's byte stream, from
// 0; not known where the SYN was not captured.
func span(e *conversation.Event) (start, end uint64, known bool) {
	if b := e.SeqRule.Base; b != conversation.X && b != conversation.Y || e.Seq == 0 {
		return 0, 0, false
	}
	start = uint64(e.Seq) - 1
	return start, start + uint64(e.Segment.PayloadLen), true
}
