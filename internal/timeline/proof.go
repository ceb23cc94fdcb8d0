package timeline

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// A call's return is evidence, as a segment is: connect() and accept() return
// when their end is in ESTABLISHED, and a connect() that fails leaves it CLOSED.

// returned takes up what a call's return shows of its end, and tells the
// segments that still wait.
func (m *Merge) returned(c *dialogue.Call) {
	if c.Phase != dialogue.End || !c.Local.IsValid() || !c.Remote.IsValid() {
		return
	}
	side, key := conversation.Client, of(c)
	state := conversation.Established
	switch {
	case c.Name == "connect" && c.Err != nil:
		state = conversation.Closed
	case c.Name == "connect":
	case c.Name == "accept" && c.Err == nil:
		side, key = conversation.Server, key.turned()
	default:
		return
	}
	m.streams.bound()
	shown := m.streams.shown[key]
	shown[side] = state
	m.streams.shown[key] = shown
	for _, it := range m.pending {
		if !it.isCall && it.held.Event != nil {
			m.streams.prove(&it.event)
		}
	}
}

// prove tells an event what calls have shown of the states after it.
func (s *streams) prove(e *conversation.Event) {
	if len(s.shown) == 0 || e.Conversation == nil {
		return
	}
	for side, state := range s.shown[ends(e.Conversation)] {
		if state != conversation.Unknown && e.After[side] == state {
			e.Proved[side] = true
		}
	}
}
