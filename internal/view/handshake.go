package view

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// handshakeRows makes a row of every step of a handshake: the last SYN before the SYN+ACK,
// the first SYN+ACK that acknowledges it, and the ACK; where both ends sent a SYN,
// those and what answers them. They come once the handshake is complete; of one
// that never is, what there was of it comes with its end.
type handshakeRows struct {
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

func newHandshakeRows() RowMaker { return &handshakeRows{open: map[int]*attempt{}} }

func (h *handshakeRows) Moment(m *timeline.Moment, emit func(*Row) error) error {
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
	if !CompletesHandshake(e) {
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
func (h *handshakeRows) keep(m *timeline.Moment) {
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

func (k *keptStep) keep(m *timeline.Moment) {
	k.event, k.segment, k.client, k.at = *m.Event, *m.Event.Segment, m.Client, m.At
	k.bytes = k.segment.Keep(k.bytes)
}

// finish emits what was kept of a conversation and forgets it.
func (h *handshakeRows) finish(c *conversation.Conversation, emit func(*Row) error) error {
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

var handshakeColumns = []KeyColumn{
	colStream, colClient, colStep, colFrame, colTime,
	{"lab.sent", Number, "", "how often a SYN or SYN+ACK has been sent so far, this one included", 0, positive(func(r *Row) int64 { return int64(r.sent) })},
	{"lab.since_syn", Number, "seconds", "since the last SYN before the SYN+ACK", 0,
		func(dst []byte, r *Row) []byte {
			return appendTook(dst, r.Conversation.Handshake.SYNTime, r.Segment.Time)
		}},
	colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
	colFlags, colBits, colSeqRaw, colAckRaw, colRule,
	{"lab.seq_rule", Word, "", "the arithmetic of the sequence number, bits 32-63", 0, func(dst []byte, r *Row) []byte { return r.Event.SeqRule.Append(dst) }},
	{"lab.ack_rule", Word, "", "the arithmetic of the acknowledgment number, bits 64-95", 0, func(dst []byte, r *Row) []byte { return r.Event.AckRule.Append(dst) }},
	{"lab.proof_frame", Number, "", "the frame whose number the acknowledgment counts on from", 0, positive(func(r *Row) int64 { return int64(r.Event.AckRule.Frame) })},
	colWindow, colMSS, colShift, colSACKOK,
	colClientState, colClientProved, colServerState, colServerProved,
}

var stepCells = []ReaderColumn{
	{"step", 7, Terms, 0, func(dst []byte, r *Row) []byte { return append(dst, r.Event.Step.String()...) }, toneOfFlags},
	{"#", 4, Figures, 0, cellFrame.Text, nil},
	cellMs,
	cellBits, cellLetters,
	{"seq 32-63", 18, Terms, 0, func(dst []byte, r *Row) []byte {
		return r.appendWithRule(appendSeq(dst, r), &r.Event.SeqRule)
	}, cellSeq.Tone},
	{"ack 64-95", 18, Terms, 0, func(dst []byte, r *Row) []byte {
		return r.appendWithRule(appendAck(dst, r), &r.Event.AckRule)
	}, cellAck.Tone},
	{cellClient.Title, cellClient.Size, cellClient.Kind, 2, cellClient.Text, nil},
	{"proved by", 14, Terms, 4, func(dst []byte, r *Row) []byte {
		rule := r.Event.AckRule
		if rule.Frame == 0 {
			return dst
		}
		if rule.OfSYN {
			dst = append(dst, "SYN of "...)
		}
		return decimal.AppendInt(append(dst, '#'), int64(rule.Frame))
	}, nil},
	{"options", 24, Prose, 8, func(dst []byte, r *Row) []byte {
		return append(dst, r.Segment.Options.AppendText(nil)...)
	}, nil},
}

// handshakeCells are the columns on a page of so many characters; 0 is no limit.
func handshakeCells(room int) []ReaderColumn {
	if room == 0 {
		return append(stepCells[:len(stepCells):len(stepCells)], cellSent)
	}
	return stepCells
}

// cellSent is how often a step was sent, where nothing can stand below a row.
var cellSent = ReaderColumn{"sent", 8, Terms, 0, func(dst []byte, r *Row) []byte {
	if r.sent < 2 {
		return dst
	}
	return append(decimal.AppendInt(dst, int64(r.sent)), " times"...)
}, nil}

// appendTimesSent appends, below a SYN or SYN+ACK that was sent more than once,
// which of them it is.
func appendTimesSent(dst []byte, r *Row) []byte {
	if r.sent < 2 {
		return dst
	}
	dst = append(decimal.AppendInt(append(dst, "sent "...), int64(r.sent)), " times; "...)
	if r.first.frame == r.Segment.Number {
		return append(dst, "this is the first"...)
	}
	dst = decimal.AppendInt(append(dst, "the first is #"...), int64(r.first.frame))
	if took, known := between(r.first.time, r.Segment.Time); known {
		dst = append(appendMs(append(dst, ", "...), took), " ms before"...)
	}
	return dst
}
