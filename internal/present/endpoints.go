package present

import (
	"io"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// The view of both ends has two lines a segment, one for each.

const endpointsLegend = "Where each end stands once the segment has arrived (RFC 9293 §3.3.1). " +
	"x, y: initial sequence numbers of client and server; c, s: their first numbers captured, where no SYN was. " +
	"?: assumed, not shown by a segment of that end so far. SND.UNA, SND.WND: as the peer has said, if that has arrived."

func openEndpoints(_ *View, w io.Writer, o Options) Presenter {
	digits := 10
	if o.width() >= 120 {
		digits = 16
	}
	t := newTable(endpointLines(), endpointCells(digits), w, o)
	t.legend, t.remark = endpointsLegend, appendRefused
	return t
}

func openEndpointsMarkdown(_ *View, w io.Writer, o Options) Presenter {
	cells := append([]cell{cellFrame, cellMs, cellWho, cellFlags}, endCells(1<<10)...)
	cells = append(cells, cell{"at the receiver", 24, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		if r.end == r.e.From {
			return dst
		}
		return append(dst, r.e.Reception.String()...)
	}, nil})
	t := newMarkdown(endpointLines(), cells, w, o)
	t.legend = endpointsLegend
	return t
}

// endpointCells are the columns where a number has room for so many digits: what
// is of the segment itself stands in the lines of both ends.
func endpointCells(digits int) []cell {
	return append([]cell{
		{"#", 7, right, 0, func(dst []byte, r *row, set visible.Charset) []byte {
			if r.end == conversation.Client {
				return cellFrame.text(dst, r, set)
			}
			return cellWho.text(dst, r, set)
		}, secondLineDim(nil)},
		{"flags, ms", 11, left, 0, func(dst []byte, r *row, set visible.Charset) []byte {
			if r.end == conversation.Client {
				return cellFlags.text(dst, r, set)
			}
			return cellMs.text(dst, r, set)
		}, secondLineDim(flagStyle)},
	}, endCells(digits)...)
}

// secondLineDim is the style of what stands in the line of the server.
func secondLineDim(first func(*row) string) func(*row) string {
	return func(r *row) string {
		switch {
		case r.end == conversation.Server:
			return dim
		case first != nil:
			return first(r)
		}
		return plain
	}
}

// endCells are the columns of an end.
func endCells(digits int) []cell {
	return []cell{
		{"end", 6, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return append(dst, r.end.String()...) }, nil},
		{"state", 13, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return appendState(dst, r.e, r.end) }, func(r *row) string {
			if r.e.Proved[r.end] {
				return green
			}
			return dim
		}},
		numberCell("SND.UNA", digits, 3, func(a *conversation.Account) (uint32, bool) { return a.UNA, a.HasSent }, ofOwn),
		numberCell("SND.NXT", digits, 1, func(a *conversation.Account) (uint32, bool) { return a.NXT, a.HasSent }, ofOwn),
		{"SND.WND", 8, right, 6, func(dst []byte, r *row, _ visible.Charset) []byte {
			a := r.own()
			return appendWindow(dst, a.SendWnd, a.HasSendWnd, false)
		}, nil},
		numberCell("RCV.NXT", digits+1, 2, func(a *conversation.Account) (uint32, bool) { return a.RCV, a.HasReceived }, ofPeer),
		{"RCV.WND", 9, right, 5, func(dst []byte, r *row, _ visible.Charset) []byte {
			a := r.own()
			return appendWindow(dst, a.Room, a.HasRoom, a.Assumed())
		}, nil},
	}
}

// own is the account that the line is about.
func (r *row) own() *conversation.Account { return &r.accounts[r.end] }

// Whose stream a number counts: one's own, or the peer's.
const ofOwn, ofPeer = false, true

// numberCell is a column of sequence numbers, as arithmetic.
func numberCell(title string, width, drop int, value func(*conversation.Account) (n uint32, known bool), peer bool) cell {
	rule := func(r *row, n uint32) conversation.Rule {
		if side := r.end; !peer {
			return r.c.RuleOf(side, n)
		}
		return r.c.RuleOf(r.end.Other(), n)
	}
	return cell{title, width, left, drop, func(dst []byte, r *row, _ visible.Charset) []byte {
		n, known := value(r.own())
		if !known {
			return dst
		}
		assumed := peer && r.own().Assumed()
		return appendCounted(dst, n, rule(r, n), assumed, width)
	}, func(r *row) string {
		n, _ := value(r.own())
		return ruleStyle(rule(r, n).Base)
	}}
}

// appendCounted appends a number as arithmetic, as fully as there is room for,
// with a ? where it is assumed: x + 1 + 9, or as appendTightly has it.
func appendCounted(dst []byte, n uint32, rule conversation.Rule, assumed bool, room int) []byte {
	start := len(dst)
	dst = rule.AppendShort(dst)
	if assumed && len(dst) > start {
		dst = append(dst, '?')
	}
	if len(dst) == start || len(dst)-start > room {
		return appendTightly(dst[:start], n, rule, assumed, room)
	}
	return dst
}

// appendTightly does it without blanks: x+1+9, x+10 where that is too long, or
// as the header has it.
func appendTightly(dst []byte, n uint32, rule conversation.Rule, assumed bool, room int) []byte {
	if assumed {
		return append(appendTightly(dst, n, rule, false, room-len("?")), '?')
	}
	start := len(dst)
	dst = rule.AppendTight(dst)
	if len(dst)-start > room {
		sum := conversation.Rule{Base: rule.Base, Bytes: rule.Bytes}
		for _, one := range [...]bool{rule.SYN, rule.FIN} {
			if one {
				sum.Bytes++
			}
		}
		dst = sum.AppendTight(dst[:start])
	}
	if len(dst) == start || len(dst)-start > room {
		dst = decimal.Append(dst[:start], uint64(n))
	}
	return dst
}

// appendState appends the state of an end behind a segment, with a ? where it is
// assumed.
func appendState(dst []byte, e *conversation.Event, end conversation.Side) []byte {
	state := e.After[end]
	switch {
	case state == conversation.Unknown:
		return append(dst, "not known"...)
	case e.Proved[end]:
		return append(dst, state.String()...)
	}
	return append(append(dst, state.String()...), '?')
}

func appendWindow(dst []byte, bytes uint32, known, assumed bool) []byte {
	if !known {
		return dst
	}
	dst = decimal.Append(dst, uint64(bytes))
	if assumed {
		dst = append(dst, '?')
	}
	return dst
}

// appendRefused appends, below the lines of a segment, that its receiver has no
// use for it.
func appendRefused(dst []byte, r *row) []byte {
	if r.end == conversation.Client || r.e.Reception == conversation.Taken || r.e.Reception == conversation.NotKnown {
		return dst
	}
	return append(dst, r.e.Reception.String()...)
}
