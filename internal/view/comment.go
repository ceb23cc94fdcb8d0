package view

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// AppendComment appends what is told of a frame in one line, for the frame's comment
// in a capture: "#2 SYN+ACK: ack = x + 1 (SYN of #1), seq = y"; nothing for a moment
// of no frame. What a conversation comes to is said of its last one.
func AppendComment(dst []byte, m *timeline.Moment) []byte {
	e := Entry{Moment: m}
	switch m.Kind {
	case timeline.Segment:
		dst = append(decimal.AppendInt(append(dst, '#'), int64(m.Event.Segment.Number)), ' ')
		dst, _ = e.AppendTitle(dst)
		dst = appendNumbers(dst, m.Event)
		for tone, text := range e.Remarks() {
			if tone != Quiet { // the comment that the packet has already
				dst = append(append(dst, "; "...), text...)
			}
		}
	case timeline.Quote, timeline.Undecoded:
		dst = append(decimal.AppendInt(append(dst, '#'), int64(m.Frame)), ' ')
		dst, _ = e.AppendTitle(dst)
	case timeline.Ended:
		c := m.Conversation
		dst = decimal.AppendInt(append(dst, "stream "...), int64(c.Stream))
		dst = c.Ends[conversation.Client].AddrPort().AppendTo(append(dst, ", client "...))
		dst = c.Ends[conversation.Server].AddrPort().AppendTo(append(dst, ", server "...))
		dst = appendVerdict(append(dst, ": "...), c)
	}
	return dst
}

// appendNumbers appends the arithmetic of both numbers, that of the acknowledgment
// first: it says what the segment answers.
func appendNumbers(dst []byte, e *conversation.Event) []byte {
	if e.Conversation == nil || len(e.Segment.Header) < headerToWindow || e.Segment.Stunted() {
		return dst
	}
	between := ": "
	if base := e.AckRule.Base; base != conversation.NoBase && base != conversation.Zero {
		dst = e.AckRule.AppendProved(append(append(dst, between...), "ack = "...))
		between = ", "
	}
	if base := e.SeqRule.Base; base != conversation.NoBase && base != conversation.Zero {
		dst = e.SeqRule.AppendProved(append(append(dst, between...), "seq = "...))
	}
	return dst
}
