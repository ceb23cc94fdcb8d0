package view

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// accountColumns are the numbers of an end's account.
func accountColumns(side conversation.Side) []KeyColumn {
	who := side.String()
	column := func(name, unit, help string, value func(*conversation.Account) (n uint32, known bool)) KeyColumn {
		return KeyColumn{"lab." + who + "_" + name, Number, unit, help, hasAccounts, func(dst []byte, r *Row) []byte {
			if n, known := value(&r.accounts[side]); known {
				return decimal.Append(dst, uint64(n))
			}
			return dst
		}}
	}
	const behind = " once the segment has arrived"
	return []KeyColumn{
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
