package present

import (
	"io"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// steps makes a row of every step of a handshake: the last SYN before the SYN+ACK,
// the first SYN+ACK that acknowledges it, and the ACK; where both ends sent a SYN,
// those and what answers them. They come once the handshake is complete; of one
// that never is, what there was of it comes with its end.
type steps struct {
	clock
	open map[int]*attempt // by stream
}

// attempt is what there is so far of a handshake.
type attempt struct{ kept []keptStep }

// keptStep is a copy of a SYN or SYN+ACK.
type keptStep struct {
	event   conversation.Event
	segment decode.Segment
	client  int
	at      capture.Time
	bytes   []byte
	first   sighting // of those that it repeats, or itself
}

// sighting is when something was captured, and in which frame.
type sighting struct {
	frame int
	time  capture.Time
}

func handshakeRows() rower { return &steps{open: map[int]*attempt{}} }

func (h *steps) moment(m *timeline.Moment, emit func(*row) error) error {
	h.see(m)
	if m.Kind == timeline.Ended {
		return h.finish(m.Conversation, emit)
	}
	if m.Kind != timeline.Segment || m.Event.Conversation == nil {
		return nil
	}
	e := m.Event
	isSYN := e.Step == conversation.StepSYN || e.Step == conversation.StepSYNACK
	if isSYN && e.CopyOf == 0 {
		h.keep(m)
	}
	if !completes(e) {
		return nil
	}
	if err := h.finish(e.Conversation, emit); err != nil || isSYN {
		return err
	}
	r := segmentRow(m, h.start)
	return emit(&r)
}

// keep keeps a SYN or SYN+ACK, in the place of one that it repeats and that is no
// step of the handshake any more.
func (h *steps) keep(m *timeline.Moment) {
	c := m.Event.Conversation
	list := c.Steps(nil)
	is := stepOf(list, m.Event.Segment.Number) != nil
	if c.Handshake.Complete && !is {
		return // it comes again after all that was told
	}
	a := h.open[c.Stream]
	if a == nil {
		a = new(attempt)
		h.open[c.Stream] = a
	}
	for i := range a.kept {
		k := &a.kept[i]
		if k.event.From == m.Event.From && k.event.Step == m.Event.Step {
			if is && stepOf(list, k.segment.Number) == nil {
				k.keep(m)
			}
			return
		}
	}
	a.kept = append(a.kept, keptStep{first: sighting{m.Event.Segment.Number, m.Event.Segment.Time}})
	a.kept[len(a.kept)-1].keep(m)
}

// stepOf is the step that a frame is; nil for none.
func stepOf(list []conversation.HandshakeStep, frame int) *conversation.HandshakeStep {
	for i := range list {
		if list[i].Frame == frame {
			return &list[i]
		}
	}
	return nil
}

// completes reports whether the segment completes the handshake: a pure ACK, the
// first data where that was lost, or the SYN+ACK of SYNs that crossed.
func completes(e *conversation.Event) bool {
	h := &e.Conversation.Handshake
	return h.Complete && h.ACK == e.Segment.Number
}

func (k *keptStep) keep(m *timeline.Moment) {
	k.event, k.segment, k.client, k.at = *m.Event, *m.Event.Segment, m.Client, m.At
	k.bytes = k.segment.Keep(k.bytes)
}

// finish emits what was kept of a conversation and forgets it.
func (h *steps) finish(c *conversation.Conversation, emit func(*row) error) error {
	a := h.open[c.Stream]
	if a == nil {
		return nil
	}
	delete(h.open, c.Stream)
	list := c.Steps(nil)
	for i := range a.kept {
		k := &a.kept[i]
		m := timeline.Moment{Kind: timeline.Segment, At: k.at, Event: &k.event, Client: k.client}
		k.event.Segment, k.event.Conversation = &k.segment, c
		r := segmentRow(&m, h.start)
		if s := stepOf(list, k.segment.Number); s != nil {
			r.sent, r.first = s.Sent, k.first
		}
		if err := emit(&r); err != nil {
			return err
		}
	}
	return nil
}

func (h *steps) close(emit func(*row) error) error { return nil }

var handshakeColumns = []Column{
	colStream, colStep, colFrame, colTime,
	{"lab.sent", Number, "", "how often a SYN or SYN+ACK has been sent so far, this one included", 0, positive(func(r *row) int64 { return int64(r.sent) })},
	{"lab.since_syn", Number, "seconds", "since the last SYN before the SYN+ACK", 0,
		span(func(r *row) (capture.Time, capture.Time) { return r.c.Handshake.SYNTime, r.s.Time })},
	colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
	colFlags, colBits, colSeqRaw, colAckRaw, colRule,
	{"lab.seq_rule", Word, "", "the arithmetic of the sequence number, bits 32-63", 0,
		func(dst []byte, r *row) []byte { return r.e.SeqRule.Append(dst) }},
	{"lab.ack_rule", Word, "", "the arithmetic of the acknowledgment number, bits 64-95", 0,
		func(dst []byte, r *row) []byte { return r.e.AckRule.Append(dst) }},
	{"lab.proof_frame", Number, "", "the frame whose number the acknowledgment counts on from", 0,
		positive(func(r *row) int64 { return int64(r.e.AckRule.Frame) })},
	colWindow, colMSS, colShift, colSACKOK,
	colClientState, colClientProved, colServerState, colServerProved,
}

func openHandshake(_ *View, w io.Writer, o Options) Presenter {
	t := newTable(handshakeRows(), handshakeCells, w, o)
	t.remark = appendTimesSent
	return t
}

// cellSent is how often a step was sent, for Markdown, where nothing can stand below
// a row.
var cellSent = cell{"sent", 8, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
	if r.sent < 2 {
		return dst
	}
	return append(decimal.AppendInt(dst, int64(r.sent)), " times"...)
}, nil}

// appendTimesSent appends, below a SYN or SYN+ACK that was sent more than once,
// which of them it is.
func appendTimesSent(dst []byte, r *row) []byte {
	if r.sent < 2 {
		return dst
	}
	dst = append(decimal.AppendInt(append(dst, "sent "...), int64(r.sent)), " times; "...)
	if r.first.frame == r.s.Number {
		return append(dst, "this is the first"...)
	}
	dst = decimal.AppendInt(append(dst, "the first is #"...), int64(r.first.frame))
	if took, known := between(r.first.time, r.s.Time); known {
		dst = append(appendMs(append(dst, ", "...), took), " ms before"...)
	}
	return dst
}
