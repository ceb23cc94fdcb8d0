package view

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// fillEndpoints makes a row of every segment, with the account of each end after
// it.
func fillEndpoints(r *Row, m *timeline.Moment, start capture.Time, room *accounts) bool {
	if m.Kind != timeline.Segment || m.Event.Conversation == nil {
		return false
	}
	*r = segmentRow(m, start)
	r.account(room)
	return true
}

// endpointLines makes a row for each end of that.
type endpointLines struct{ singles }

func newEndpointLines() RowMaker { return new(endpointLines) }

func (l *endpointLines) Moment(m *timeline.Moment, emit func(*Row) error) error {
	if !fillEndpoints(&l.row, m, l.see(m), &l.accounts) {
		return nil
	}
	for _, l.row.end = range ends {
		if err := emit(&l.row); err != nil {
			return err
		}
	}
	return nil
}

var endpointColumns = endpointTable()

func endpointTable() []KeyColumn {
	columns := []KeyColumn{
		colFrame, colTime, colStream, colFrom,
		colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
		colStep, colFlags, colBits, colLen, colSeqRaw, colAckRaw, colReception,
		colClientState, colClientProved,
	}
	columns = append(columns, accountColumns(conversation.Client)...)
	columns = append(columns, colServerState, colServerProved)
	return append(columns, accountColumns(conversation.Server)...)
}

const endpointsLegend = "Where each end stands once the segment has arrived (RFC 9293 §3.3.1). " +
	"x, y: initial sequence numbers of client and server; c, s: their first numbers captured, where no SYN was. " +
	"?: assumed, not shown by a segment of that end so far. SND.UNA, SND.WND: as the peer has said, if that has arrived."

// endpointCells are the columns on a page of so many characters; 0 is no limit.
func endpointCells(room int) []ReaderColumn {
	switch {
	case room == 0:
		return slices.Concat([]ReaderColumn{cellFrame, cellMs, cellWho, cellFlags}, endCells(1<<10), []ReaderColumn{cellReception})
	case room >= 120:
		return foldedCells(16)
	}
	return foldedCells(10)
}

var cellReception = ReaderColumn{"at the receiver", 24, Terms, 0, func(dst []byte, r *Row) []byte {
	if r.end == r.Event.From {
		return dst
	}
	return append(dst, r.Event.Reception.String()...)
}, nil}

// foldedCells are the columns where a number has room for so many digits: what is
// of the segment itself stands in the lines of both ends.
func foldedCells(digits int) []ReaderColumn {
	return append([]ReaderColumn{
		{"#", 7, Figures, 0, func(dst []byte, r *Row) []byte {
			if r.end == conversation.Client {
				return cellFrame.Text(dst, r)
			}
			return cellWho.Text(dst, r)
		}, secondLineQuiet(nil)},
		{"flags, ms", 11, Terms, 0, func(dst []byte, r *Row) []byte {
			if r.end == conversation.Client {
				return cellFlags.Text(dst, r)
			}
			return cellMs.Text(dst, r)
		}, secondLineQuiet(toneOfFlags)},
	}, endCells(digits)...)
}

// secondLineQuiet is the tone of what stands in the line of the server.
func secondLineQuiet(first func(*Row) Tone) func(*Row) Tone {
	return func(r *Row) Tone {
		switch {
		case r.end == conversation.Server:
			return Quiet
		case first != nil:
			return first(r)
		}
		return Plain
	}
}

// endCells are the columns of an end.
func endCells(digits int) []ReaderColumn {
	return []ReaderColumn{
		{"end", 6, Terms, 0, func(dst []byte, r *Row) []byte { return append(dst, r.end.String()...) }, nil},
		{"state", 13, Terms, 0, func(dst []byte, r *Row) []byte { return appendState(dst, r.Event, r.end) }, func(r *Row) Tone { return toneOfState(r.Event.Proved[r.end]) }},
		accountNumbers[0].cell(digits, 3),
		accountNumbers[1].cell(digits, 1),
		{"SND.WND", 8, Figures, 6, func(dst []byte, r *Row) []byte {
			a := r.own()
			return appendWindow(dst, a.SendWnd, a.HasSendWnd, false)
		}, nil},
		accountNumbers[2].cell(digits+1, 2),
		{"RCV.WND", 9, Figures, 5, func(dst []byte, r *Row) []byte {
			a := r.own()
			return appendWindow(dst, a.Room, a.HasRoom, a.Assumed())
		}, nil},
	}
}

// own is the account that the line is about.
func (r *Row) own() *conversation.Account { return &r.accounts[r.end] }

// accountNumber is a number of an end's account.
type accountNumber struct {
	name string
	peer bool // it counts the peer's stream
	of   func(a *conversation.Account) (n uint32, known, assumed bool)
}

var accountNumbers = [...]accountNumber{
	{"SND.UNA", false, func(a *conversation.Account) (uint32, bool, bool) { return a.UNA, a.HasSent, false }},
	{"SND.NXT", false, func(a *conversation.Account) (uint32, bool, bool) { return a.NXT, a.HasSent, false }},
	{"RCV.NXT", true, func(a *conversation.Account) (uint32, bool, bool) { return a.RCV, a.HasReceived, a.Assumed() }},
}

// ruleOf is the arithmetic of the number of an end.
func (number *accountNumber) ruleOf(c *conversation.Conversation, side conversation.Side, n uint32) conversation.Rule {
	if number.peer {
		side = side.Other()
	}
	return c.RuleOf(side, n)
}

// cell is a column of the numbers, as arithmetic.
func (number *accountNumber) cell(size, drop int) ReaderColumn {
	return ReaderColumn{number.name, size, Terms, drop, func(dst []byte, r *Row) []byte {
		n, known, assumed := number.of(r.own())
		if !known {
			return dst
		}
		letters := r.letters()
		return letters.mark(appendCounted(dst, n, number.ruleOf(r.Conversation, r.end, n), assumed, size-letters.digits()), len(dst))
	}, func(r *Row) Tone {
		n, _, _ := number.of(r.own())
		return toneOf(number.ruleOf(r.Conversation, r.end, n).Base)
	}}
}

// appendState appends the state of an end after a segment, with a ? where it is
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
func appendRefused(dst []byte, r *Row) []byte {
	if r.end == conversation.Client || r.Event.Reception == conversation.Taken || r.Event.Reception == conversation.NotKnown {
		return dst
	}
	return append(dst, r.Event.Reception.String()...)
}

// AppendState appends the state of an end once the segment that an entry is about has
// arrived, with a ? where it is assumed.
func (e *Entry) AppendState(dst []byte, end conversation.Side) ([]byte, Tone) {
	return appendState(dst, e.Event, end), toneOfState(e.Event.Proved[end])
}
