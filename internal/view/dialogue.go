package view

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// fillSaid makes a row of every segment that brings bytes not seen before.
func fillSaid(r *Row, m *timeline.Moment, start capture.Time, _ *accounts) bool {
	if m.Kind != timeline.Segment || m.Event.Fresh <= 0 || m.Event.Conversation == nil {
		return false
	}
	*r = segmentRow(m, start)
	r.text = fresh(m)
	return true
}

var dialogueColumns = []KeyColumn{
	colStream, colFrame, colTime, colFrom,
	colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
	{"lab.bytes", Number, "bytes", "payload not seen before", 0, number(func(r *Row) int64 { return int64(r.Event.Fresh) })},
	{"lab.offset", Number, "bytes", "where it stands in what this end says, from 0; where the SYN was not captured, from the first byte captured", 0,
		number(func(r *Row) int64 { return int64(r.Event.Seq) - 1 + int64(r.Segment.PayloadLen-r.Event.Fresh) })},
	{"lab.text", Text, "", `the bytes as text: control characters as \n and \x1b, invalid UTF-8 as \xff, a backslash as \\`, 0,
		func(dst []byte, r *Row) []byte { return append(dst, r.text...) }},
	{"lab.missing", Number, "bytes", "of these bytes the capture kept none", 0, positive(func(r *Row) int64 { return int64(r.Event.Fresh - len(r.text)) })},
}

var dialogueCells = []ReaderColumn{
	cellMs, cellFrame, cellWho,
	{"says", 6, Terms, 0, func(dst []byte, r *Row) []byte { return append(dst, r.Event.From.String()...) }, nil},
	{"bytes", 5, Figures, 0, func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, int64(r.Event.Fresh)) }, nil},
	{"text", 20, Prose, 0, func(dst []byte, r *Row) []byte {
		dst = append(dst, r.text...)
		if missing := r.Event.Fresh - len(r.text); missing > 0 {
			dst = decimal.AppendInt(append(dst, " ["...), int64(missing))
			dst = append(dst, " bytes not captured]"...)
		}
		return dst
	}, nil},
}
