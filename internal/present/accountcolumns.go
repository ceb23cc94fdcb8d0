package present

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// accounted makes a row of every segment, with the account of each end behind
// it.
type accounted struct {
	clock
	row      row
	accounts accounts
	twice    bool // for readers: a line for each end
}

// accounts are those of both ends, client first.
type accounts [2]conversation.Account

func endpointRows() rower { return new(accounted) }

func endpointLines() rower { return &accounted{twice: true} }

func (a *accounted) moment(m *timeline.Moment, emit func(*row) error) error {
	a.see(m)
	if m.Kind != timeline.Segment || m.Event.Conversation == nil {
		return nil
	}
	a.row = segmentRow(m, a.start)
	a.row.account(&a.accounts)
	if !a.twice {
		return emit(&a.row)
	}
	for _, a.row.end = range ends {
		if err := emit(&a.row); err != nil {
			return err
		}
	}
	return nil
}

func (*accounted) close(func(*row) error) error { return nil }

// account gives a segment's row the accounts of both ends.
func (r *row) account(room *accounts) {
	for _, side := range ends {
		room[side] = r.c.Account(side)
	}
	r.accounts = room
	r.has |= hasAccounts
}

var colReception = Column{"lab.reception", Word, "",
	"what becomes of the segment at the end it goes to (RFC 9293 §3.10.7), if it gets there: taken, copy, refused, not known; the last two with the reason behind a colon", isSegment | inStream,
	func(dst []byte, r *row) []byte { return append(dst, r.e.Reception.String()...) }}

var endpointColumns = endpointTable()

func endpointTable() []Column {
	columns := []Column{
		colFrame, colTime, colStream, colFrom,
		colIPSrc, colIPDst, colIP6Src, colIP6Dst, colSrcPort, colDstPort,
		colStep, colFlags, colBits, colLen, colSeqRaw, colAckRaw, colReception,
		colClientState, colClientProved,
	}
	columns = append(columns, accountColumns(conversation.Client)...)
	columns = append(columns, colServerState, colServerProved)
	return append(columns, accountColumns(conversation.Server)...)
}

// accountColumns are the numbers of an end's account.
func accountColumns(side conversation.Side) []Column {
	who := side.String()
	column := func(name, unit, help string, value func(*conversation.Account) (n uint32, known bool)) Column {
		return Column{"lab." + who + "_" + name, Number, unit, help, hasAccounts, func(dst []byte, r *row) []byte {
			if n, known := value(&r.accounts[side]); known {
				return decimal.Append(dst, uint64(n))
			}
			return dst
		}}
	}
	const behind = " once the segment has arrived"
	return []Column{
		column("snd_una", "", "SND.UNA of the "+who+behind+": the first number that is not acknowledged",
			func(a *conversation.Account) (uint32, bool) { return a.UNA, a.HasSent }),
		column("snd_nxt", "", "SND.NXT of the "+who+": the number that it sends next",
			func(a *conversation.Account) (uint32, bool) { return a.NXT, a.HasSent }),
		column("snd_wnd", "bytes", "SND.WND of the "+who+behind+": the window that its peer has announced",
			func(a *conversation.Account) (uint32, bool) { return a.SendWnd, a.HasSendWnd }),
		column("rcv_nxt", "", "RCV.NXT of the "+who+behind+": the number that it expects next, if what was captured has reached it",
			func(a *conversation.Account) (uint32, bool) { return a.RCV, a.HasReceived }),
		column("rcv_wnd", "bytes", "RCV.WND of the "+who+behind+": what is left of the window that it has announced",
			func(a *conversation.Account) (uint32, bool) { return a.Room, a.HasRoom }),
		column("rcv_acked", "", "RCV.NXT as the latest acknowledgment of the "+who+" said; what lies between that and RCV.NXT is assumed",
			func(a *conversation.Account) (uint32, bool) { return a.Confirmed, a.HasConfirmed }),
	}
}
