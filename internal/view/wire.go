package view

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// The view wire is of segments whose way is known at both ends: when each was sent,
// when it arrived, what the cable did with it, and what the kernels of both hosts
// say, beside what is derived.

// fillWire makes a row of every segment, once it is known what became of it.
func fillWire(r *Row, m *timeline.Moment, start capture.Time, _ *accounts) bool {
	p := m.Passage
	if p == nil || m.Kind != timeline.Arrival && (m.Kind != timeline.Segment || p.Later) {
		return false
	}
	*r = segmentRow(m, start)
	return true
}

// wireLines makes a row for the sending of a segment and one for its arrival, each
// when that happened.
type wireLines struct{ singles }

func newWireLines() RowMaker { return new(wireLines) }

func (l *wireLines) Moment(m *timeline.Moment, emit func(*Row) error) error {
	start := l.see(m)
	p := m.Passage
	if p == nil || m.Kind != timeline.Segment && m.Kind != timeline.Arrival {
		return nil
	}
	l.row = segmentRow(m, start)
	from := m.Event.From
	if l.row.end = from; m.Kind == timeline.Segment {
		if err := emit(&l.row); err != nil {
			return err
		}
	}
	if l.row.end = from.Other(); m.Kind == timeline.Arrival || !p.Later {
		return emit(&l.row)
	}
	return nil
}

// isSending reports whether a line is of the sender's end.
func (r *Row) isSending() bool { return r.end == r.Event.From }

var wireColumns = wireTable()

func wireTable() []KeyColumn {
	columns := []KeyColumn{
		colFrame, colTime, colStream, colFrom,
		colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
		colStep, colFlags, colLen, colSeqRaw, colAckRaw,
	}
	columns = append(columns, passageColumns...)
	columns = append(columns,
		colReception, colClientState, colClientProved, colServerState, colServerProved)
	for _, side := range ends {
		columns = append(columns, kernelColumns(side, func(*Row) bool { return true })...)
	}
	return columns
}

// passageColumns say how a segment went over the cable.
var passageColumns = []KeyColumn{
	{"lab.fate", Word, "", "what became of the segment: arrived, or lost on the way", hasPassage, func(dst []byte, r *Row) []byte {
		return append(dst, fateWord(r.moment.Passage)...)
	}},
	{"lab.arrival_epoch", Word, "seconds", "when it arrived, since 1970-01-01 UTC, decimal; a string in ndjson", hasPassage,
		when(hasArrived, func(dst []byte, r *Row) []byte { return r.moment.Passage.Arrival.AppendEpoch(dst) })},
	{"lab.on_the_way", Number, "seconds", "from its sending to its arrival", hasPassage,
		when(hasArrived, func(dst []byte, r *Row) []byte { return appendTook(dst, r.Segment.Time, r.moment.Passage.Arrival) })},
	{"lab.forged", Boolean, "", "true where no host has sent it; left out where one has", hasPassage, truth(func(r *Row) bool { return r.moment.Passage.Forged })},
	{"lab.copy_of", Number, "", "the frame that it is a copy of, made on the way", hasPassage, positive(func(r *Row) int64 { return int64(r.moment.Passage.CopyOf) })},
	{"lab.cable", Text, "", "what the cable did with it, by which rule", hasPassage, func(dst []byte, r *Row) []byte { return append(dst, r.moment.Passage.Why...) }},
}

// kernelColumns are what the kernel of an end says, where that is told in a row.
func kernelColumns(side conversation.Side, told func(*Row) bool) []KeyColumn {
	who := side.String()
	return []KeyColumn{
		{"lab." + who + "_kernel", Word, "", "state of the connection as the kernel of the " + who + " says it: at the sender when the segment was sent, at the receiver when it had arrived", hasPassage,
			when(func(r *Row) bool { return r.moment.Passage.Kernel[side].Known && told(r) }, func(dst []byte, r *Row) []byte {
				return append(dst, r.moment.Passage.Kernel[side].State.String()...)
			})},
		{"lab." + who + "_kernel_more", Text, "", "what else it says: the timer that runs, bytes that are not read, or not acknowledged; of TCP_INFO its RTO and round trip, the MSS it sends with, its congestion window, bytes received in order", hasPassage,
			when(told, func(dst []byte, r *Row) []byte { return append(dst, r.moment.Passage.Kernel[side].More...) })},
	}
}

func hasArrived(r *Row) bool { return r.moment.Passage.Arrival.Known }

func fateWord(p *timeline.Passage) string {
	switch {
	case p.Lost:
		return "lost"
	case p.Arrival.Known:
		return "arrived"
	}
	return "on its way"
}

const wireLegend = "A line where a segment was sent, and one where it arrived. " +
	"derived: from the packets, by RFC 9293; ? is assumed. kernel: what that host's own kernel says, which knows nothing of this program; without a connection that is CLOSED, or LISTEN where somebody listens on the port."

// wireCells are the columns on a page of so many characters; 0 is no limit.
var wireCells = []ReaderColumn{
	{"#", 4, Figures, 0, func(dst []byte, r *Row) []byte { return cellFrame.Text(dst, r) }, nil},
	{"segment", 18, Terms, 0, func(dst []byte, r *Row) []byte {
		if !r.isSending() {
			return dst
		}
		dst, _ = appendFlagsAndSize(dst, r.Event)
		return dst
	}, toneOfFlags},
	{"at", 6, Terms, 0, func(dst []byte, r *Row) []byte { return append(dst, r.end.String()...) }, nil},
	{"ms", 9, Figures, 0, func(dst []byte, r *Row) []byte {
		p := r.moment.Passage
		switch {
		case r.isSending() && p.Forged, !r.isSending() && !p.Lost && !p.Arrival.Known:
			return append(dst, '-')
		case r.isSending():
			return appendTime(dst, r)
		case p.Lost:
			return append(dst, "lost"...)
		}
		return AppendSince(dst, p.Arrival.Since(r.start), 9)
	}, func(r *Row) Tone {
		if r.moment.Passage.Lost && !r.isSending() {
			return Bad
		}
		return Quiet
	}},
	{"derived", 13, Terms, 0, func(dst []byte, r *Row) []byte {
		if r.isSending() && r.moment.Passage.Forged || !r.isSending() && !hasArrived(r) {
			return dst
		}
		return appendState(dst, r.Event, r.end)
	}, func(r *Row) Tone { return toneOfState(r.Event.Proved[r.end]) }},
	{"kernel", 12, Terms, 0, func(dst []byte, r *Row) []byte {
		if k := r.moment.Passage.Kernel[r.end]; k.Known {
			return append(dst, k.State.String()...)
		}
		return dst
	}, nil},
	{"the kernel's timers and queues", 30, Prose, 2, func(dst []byte, r *Row) []byte { return append(dst, r.moment.Passage.Kernel[r.end].More...) }, nil},
}

// appendCable appends, below the line of the sender, what the cable did.
func appendCable(dst []byte, r *Row) []byte {
	if !r.isSending() {
		return dst
	}
	return append(dst, r.moment.Passage.Why...)
}
