package pipeline

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// Filter chooses what is shown of a capture, after tracking, so that frame
// and stream numbers stay. All of its parts must agree; the zero Filter shows
// everything.
type Filter struct {
	Streams []int                      // of these streams only
	Port    uint16                     // with this port at either end only; 0 for any
	Matches func(*capture.Packet) bool // packets that a BPF expression matches only; nil for any

	shown  map[int]struct{} // with Matches: streams of which something was shown
	chosen map[int]struct{} // Streams, once they were asked for
}

func (f *Filter) stream(n int) bool {
	if len(f.Streams) == 0 {
		return true
	}
	if f.chosen == nil {
		f.chosen = make(map[int]struct{}, len(f.Streams))
		for _, s := range f.Streams {
			f.chosen[s] = struct{}{}
		}
	}
	_, ok := f.chosen[n]
	return ok
}

func (f *Filter) port(a, b uint16) bool { return f.Port == 0 || a == f.Port || b == f.Port }

func (f *Filter) matches(p *capture.Packet) bool { return f.Matches == nil || f.Matches(p) }

func (f *Filter) segment(matches bool, e *conversation.Event) bool {
	stream := e.Conversation.Stream
	if !f.stream(stream) || !f.port(e.Segment.SrcPort, e.Segment.DstPort) || !matches {
		return false
	}
	if f.Matches != nil {
		if f.shown == nil {
			f.shown = make(map[int]struct{})
		}
		f.shown[stream] = struct{}{}
	}
	return true
}

func (f *Filter) quote(matches bool, quoted *decode.Segment, c *conversation.Conversation) bool {
	if len(f.Streams) > 0 && (c == nil || !f.stream(c.Stream)) {
		return false
	}
	return f.port(quoted.SrcPort, quoted.DstPort) && matches
}

// undecoded packets belong to no stream and have no port.
func (f *Filter) undecoded(matches bool) bool {
	return len(f.Streams) == 0 && f.Port == 0 && matches
}

// conversation is asked once for each, at its end.
func (f *Filter) conversation(c *conversation.Conversation) bool {
	if f.Matches != nil {
		_, shown := f.shown[c.Stream]
		delete(f.shown, c.Stream)
		if !shown {
			return false
		}
	}
	return f.stream(c.Stream) && f.port(c.Ends[conversation.Client].Port, c.Ends[conversation.Server].Port)
}
