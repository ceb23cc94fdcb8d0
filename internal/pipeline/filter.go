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
	Frames  []int                      // of these frames only
	Steps   bool                       // the steps of handshakes only: SYN, SYN+ACK and what completes them
	Port    uint16                     // with this port at either end only; 0 for any
	Matches func(*capture.Packet) bool // packets that a BPF expression matches only; nil for any

	shown  map[int]struct{} // where not all segments are shown: streams of which something was shown
	chosen map[int]struct{} // Streams, once they were asked for
	frames map[int]struct{} // Frames
}

func (f *Filter) stream(n int) bool { return isAmong(n, f.Streams, &f.chosen) }

func (f *Filter) frame(n int) bool { return isAmong(n, f.Frames, &f.frames) }

// isAmong reports whether n is one of a list, or the list is empty.
func isAmong(n int, list []int, set *map[int]struct{}) bool {
	if len(list) == 0 {
		return true
	}
	if *set == nil {
		*set = make(map[int]struct{}, len(list))
		for _, one := range list {
			(*set)[one] = struct{}{}
		}
	}
	_, ok := (*set)[n]
	return ok
}

// choosesSegments reports whether not all segments of a stream are shown.
func (f *Filter) choosesSegments() bool { return f.Matches != nil || f.Steps || len(f.Frames) > 0 }

// isStep reports whether a segment is a step of a handshake.
func isStep(e *conversation.Event) bool {
	switch e.Step {
	case conversation.StepSYN, conversation.StepSYNACK, conversation.StepACK:
		return true
	}
	h := &e.Conversation.Handshake
	return h.Complete && h.ACKFrame == e.Segment.Number
}

func (f *Filter) port(a, b uint16) bool { return f.Port == 0 || a == f.Port || b == f.Port }

func (f *Filter) matches(p *capture.Packet) bool { return f.Matches == nil || f.Matches(p) }

func (f *Filter) segment(matches bool, e *conversation.Event) bool {
	stream := e.Conversation.Stream
	if !f.frame(e.Segment.Number) || f.Steps && !isStep(e) || !f.stream(stream) || !f.port(e.Segment.SrcPort, e.Segment.DstPort) || !matches {
		return false
	}
	if f.choosesSegments() {
		if f.shown == nil {
			f.shown = make(map[int]struct{})
		}
		f.shown[stream] = struct{}{}
	}
	return true
}

func (f *Filter) quote(frame int, matches bool, quoted *decode.Segment, c *conversation.Conversation) bool {
	if f.Steps || !f.frame(frame) {
		return false
	}
	if len(f.Streams) > 0 && (c == nil || !f.stream(c.Stream)) {
		return false
	}
	return f.port(quoted.SrcPort, quoted.DstPort) && matches
}

// undecoded packets belong to no stream and have no port.
func (f *Filter) undecoded(frame int, matches bool) bool {
	return !f.Steps && f.frame(frame) && len(f.Streams) == 0 && f.Port == 0 && matches
}

// conversation is asked once for each, at its end.
func (f *Filter) conversation(c *conversation.Conversation) bool {
	if f.choosesSegments() {
		_, shown := f.shown[c.Stream]
		delete(f.shown, c.Stream)
		if !shown {
			return false
		}
	}
	return f.stream(c.Stream) && f.port(c.Ends[conversation.Client].Port, c.Ends[conversation.Server].Port)
}
