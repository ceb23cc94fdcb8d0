package timeline

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// item is a moment that waits, with its own copy of all it points to. Items
// are used again, and their buffers with them: calls for calls, what was
// captured for what was captured, which is many times as large.
type item struct {
	key     int64 // nanoseconds; what the order goes by
	arrived int64 // nanoseconds of the merge's clock
	isCall  bool
	held    Moment
	call    dialogue.Call
	*seen   // nil for a call
}

// seen is what a moment of the capture points to.
type seen struct {
	event        conversation.Event
	segment      decode.Segment
	problem      decode.Problem
	conversation conversation.Conversation
	quote        decode.Quote
	bytes        []byte
}

func (it *item) holdCall(c *dialogue.Call) {
	it.isCall = true
	it.call = *c
	it.held = Moment{Kind: Call, At: capture.At(c.At), Call: &it.call}
}

func (it *item) hold(m *Moment) {
	it.isCall = false
	it.held = *m
	if m.Event != nil {
		it.event = *m.Event
		it.event.Settled = nil // the tracker's own
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

func (c *seen) holdSegment(s *decode.Segment) *decode.Segment {
	c.segment = *s
	c.bytes = c.segment.Keep(c.bytes)
	if s.Problem != nil {
		c.problem = *s.Problem
		c.segment.Problem = &c.problem
	}
	return &c.segment
}

func (c *seen) holdConversation(from *conversation.Conversation) *conversation.Conversation {
	if from == nil {
		return nil
	}
	c.conversation.Keep(from)
	return &c.conversation
}

// pool are items to be used again.
type pool struct{ calls, seen []*item }

func (p *pool) call() *item {
	if it := pop(&p.calls); it != nil {
		return it
	}
	return new(item)
}

func (p *pool) capture() *item {
	if it := pop(&p.seen); it != nil {
		return it
	}
	return &item{seen: new(seen)}
}

func (p *pool) put(it *item) {
	if it.isCall {
		p.calls = append(p.calls, it)
	} else {
		p.seen = append(p.seen, it)
	}
}

// pop takes the last item; nil where there is none.
func pop(list *[]*item) *item {
	last := len(*list) - 1
	if last < 0 {
		return nil
	}
	it := (*list)[last]
	*list = (*list)[:last]
	return it
}
