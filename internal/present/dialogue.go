package present

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// said makes a row of every segment that brings bytes not seen before.
type said struct {
	clock
	row row
}

func dialogueRows() rower { return new(said) }

func (d *said) moment(m *timeline.Moment, emit func(*row) error) error {
	d.see(m)
	if m.Kind != timeline.Segment || m.Event.Fresh <= 0 || m.Event.Conversation == nil {
		return nil
	}
	d.row = segmentRow(m, d.start)
	d.row.text = fresh(m)
	return emit(&d.row)
}

func (*said) close(func(*row) error) error { return nil }

// fresh is the payload that was not seen before, as far as captured.
func fresh(m *timeline.Moment) []byte {
	s := m.Event.Segment
	old := max(s.PayloadLen-m.Event.Fresh, 0)
	return s.Payload[min(old, len(s.Payload)):min(len(s.Payload), max(s.PayloadLen, 0))]
}

var dialogueColumns = []Column{
	colStream, colFrame, colTime, colFrom,
	colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
	{"lab.bytes", Number, "bytes", "payload not seen before", 0, number(func(r *row) int64 { return int64(r.e.Fresh) })},
	{"lab.offset", Number, "bytes", "where it stands in what this end says, from 0; where the SYN was not captured, from the first byte captured", 0,
		number(func(r *row) int64 { return int64(r.e.Seq) - 1 + int64(r.s.PayloadLen-r.e.Fresh) })},
	{"lab.text", Text, "", `the bytes as text: control characters as \n and \x1b, invalid UTF-8 as \xff, a backslash as \\`, 0,
		func(dst []byte, r *row) []byte { return append(dst, r.text...) }},
	{"lab.missing", Number, "bytes", "of these bytes the capture kept none", 0,
		positive(func(r *row) int64 { return int64(r.e.Fresh - len(r.text)) })},
}

var dialogueCells = []cell{
	cellMs, cellFrame, cellWho,
	{"says", 6, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return append(dst, r.e.From.String()...) }, nil},
	{"bytes", 5, right, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return decimal.AppendInt(dst, int64(r.e.Fresh)) }, nil},
	{"text", 20, grow, 0, func(dst []byte, r *row, set visible.Charset) []byte {
		dst = visible.Append(dst, r.text, set)
		if missing := r.e.Fresh - len(r.text); missing > 0 {
			dst = decimal.AppendInt(append(dst, " ["...), int64(missing))
			dst = append(dst, " bytes not captured]"...)
		}
		return dst
	}, nil},
}
