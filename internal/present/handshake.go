package present

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// steps makes three rows of every connection: the last SYN and SYN+ACK before
// the ACK, and the ACK. They come once the handshake is complete; of one that
// never is, what there was of it comes with its end.
type steps struct {
	clock
	open map[int]*attempt // by stream
}

// attempt is what there is so far of a handshake.
type attempt struct {
	have [2]bool
	kept [2]keptStep
}

// keptStep is a copy of a SYN or SYN+ACK.
type keptStep struct {
	event   conversation.Event
	segment decode.Segment
	client  int
	at      int64
	bytes   []byte
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
	switch {
	case e.Step == conversation.StepSYN, e.Step == conversation.StepSYNACK:
		a := h.open[e.Conversation.Stream]
		if a == nil {
			a = new(attempt)
			h.open[e.Conversation.Stream] = a
		}
		i := int(e.Step - conversation.StepSYN)
		a.have[i] = true
		a.kept[i].keep(m)
	case completes(e):
		if err := h.finish(e.Conversation, emit); err != nil {
			return err
		}
		r := segmentRow(m, h.start)
		return emit(&r)
	}
	return nil
}

// completes tells that the segment is the handshake's third: a pure ACK, or
// the first data where that was lost.
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
	for i := range a.kept {
		if !a.have[i] {
			continue
		}
		k := &a.kept[i]
		m := timeline.Moment{Kind: timeline.Segment, At: k.at, Event: &k.event, Client: k.client}
		k.event.Segment, k.event.Conversation = &k.segment, c
		r := segmentRow(&m, h.start)
		if err := emit(&r); err != nil {
			return err
		}
	}
	return nil
}

func (h *steps) close(emit func(*row) error) error { return nil }

var handshakeColumns = []Column{
	colStream, colStep, colFrame, colTime,
	{"lab.since_syn", Number, "seconds", "since the connection's last SYN", 0, func(dst []byte, r *row) []byte {
		if t := r.c.Handshake.SYNTime; t.Known && r.s.Time.Known {
			return appendSeconds(dst, r.s.Time.UnixNano()-t.UnixNano())
		}
		return dst
	}},
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
