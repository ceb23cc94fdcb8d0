package timeline

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// item is a moment that waits, with its own copy of all it points to. Items
// are used again, and their buffers with them.
type item struct {
	key     int64 // nanoseconds; what the order goes by
	arrived int64 // nanoseconds of the merge's clock
	isCall  bool
	held    Moment

	event        conversation.Event
	segment      decode.Segment
	problem      decode.Problem
	conversation conversation.Conversation
	quote        decode.Quote
	call         dialogue.Call
	bytes        []byte
}

func (it *item) holdCall(c *dialogue.Call) {
	it.isCall = true
	it.call = *c
	it.held = Moment{Kind: Call, At: c.At, Call: &it.call}
}

func (it *item) hold(m *Moment) {
	it.isCall = false
	it.held = *m
	if m.Event != nil {
		it.event = *m.Event
		it.event.Segment = it.holdSegment(m.Event.Segment)
		it.event.Conversation = it.holdConversation(m.Event.Conversation)
		it.held.Event = &it.event
	}
	if m.Quoted != nil {
		it.held.Quoted = it.holdSegment(m.Quoted)
	}
	if m.Conversation != nil {
		it.held.Conversation = it.holdConversation(m.Conversation)
	}
	if m.Quote != nil {
		it.quote = *m.Quote
		it.held.Quote = &it.quote
	}
	if m.Problem != nil {
		it.problem = *m.Problem
		it.held.Problem = &it.problem
	}
}

func (it *item) holdSegment(s *decode.Segment) *decode.Segment {
	it.segment = *s
	it.bytes = it.segment.Keep(it.bytes)
	if s.Problem != nil {
		it.problem = *s.Problem
		it.segment.Problem = &it.problem
	}
	return &it.segment
}

func (it *item) holdConversation(c *conversation.Conversation) *conversation.Conversation {
	if c == nil {
		return nil
	}
	it.conversation = *c
	it.conversation.Verdict.Frames = slices.Clone(c.Verdict.Frames)
	return &it.conversation
}
