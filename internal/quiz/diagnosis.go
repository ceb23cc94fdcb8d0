package quiz

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// A diagnosis is what a verdict comes to as one of the choices.
type diagnosis struct {
	sentence string
	evidence string // what would have to be seen for it
	section  string
	isShown  func(x *Exchange, list []*Frame) bool // reports whether the segments show it
	others   [3]string                             // the verdicts that it is taken for
}

// diagnoses are they, by verdict. A choice must say what the segments show, and no
// more: that a SYN got no answer, not that it was lost. Verdicts that more than the
// segments of the one connection prove, as a full accept queue or an ICMP error, are
// not asked for.
var diagnoses = map[string]diagnosis{
	conversation.Refused: {"the server refused: it answered the SYN by an RST",
		"That takes an RST in answer to the SYN.", "RFC 9293 §3.5.2", isRefused,
		[3]string{conversation.Filtered, conversation.Aborted, conversation.HalfOpen}},
	conversation.Filtered: {"the SYN got no answer from the server's TCP",
		"That takes a SYN to which no segment came back.", "RFC 9293 §3.8.3", isUnanswered,
		[3]string{conversation.Refused, conversation.Aborted, conversation.HalfOpen}},
	conversation.HalfOpen: {"an end answered by an RST without ACK, as one that knows nothing of the connection",
		"That takes an RST without ACK whose seq is the ack of the segment that it answers.", "RFC 9293 §3.5.1", isDisowned,
		[3]string{conversation.Refused, conversation.HalfClose, conversation.Fine}},
	conversation.Aborted: {"the connection was open, and an end broke it off by an RST",
		"That takes a whole handshake, and an RST of an end that holds the connection.", "RFC 9293 §3.10.5", isBrokenOff,
		[3]string{conversation.Refused, conversation.HalfClose, conversation.Fine}},
	conversation.SYNLost: {"the first SYN got no answer, and was sent again",
		"That takes a second SYN before the first SYN+ACK.", "RFC 9293 §3.8.1", isSYNRepeated,
		[3]string{conversation.SYNACKLost, conversation.LastACKLost, conversation.Refused}},
	conversation.SYNACKLost: {"the SYN was sent again although a SYN+ACK had answered it",
		"That takes a SYN after a SYN+ACK.", "RFC 9293 §3.8.1", isSYNRepeatedLate,
		[3]string{conversation.SYNLost, conversation.LastACKLost, conversation.Refused}},
	conversation.LastACKLost: {"the SYN+ACK was sent again although an ACK had answered it",
		"That takes a SYN+ACK after the client's ACK.", "RFC 9293 §3.8.1", isSYNACKRepeatedLate,
		[3]string{conversation.SYNLost, conversation.SYNACKLost, conversation.Refused}},
	conversation.HalfClose: {"one end closed its direction, and the other went on sending data",
		"That takes new data of the end that has acknowledged the other one's FIN.", "RFC 9293 §3.6.1", isHalfClosed,
		[3]string{conversation.SimultaneousClose, conversation.Aborted, conversation.HalfOpen}},
	conversation.Fine: {"it was opened in three steps, and closed by one end after the other",
		"That takes a SYN, a SYN+ACK and an ACK, and a FIN of each end, the second of which acknowledges the first.", "RFC 9293 §3.5 and §3.6", isClosedInTurn,
		[3]string{conversation.HalfClose, conversation.SimultaneousClose, conversation.Aborted}},
	conversation.SimultaneousOpen: {"both ends opened at once: their SYNs crossed",
		"That takes a SYN without ACK, and a SYN+ACK, from each end.", "RFC 9293 §3.5", isOpenedAtOnce,
		[3]string{conversation.SplitHandshake, conversation.SYNLost, conversation.Fine}},
	conversation.SplitHandshake: {"the server answered by a SYN without ACK, and the SYN+ACK is the client's",
		"That takes a SYN without ACK from the server, and no SYN+ACK of its.", "RFC 9293 §3.5", isSplit,
		[3]string{conversation.SimultaneousOpen, conversation.SYNLost, conversation.Fine}},
	conversation.SimultaneousClose: {"both ends closed at once: their FINs crossed",
		"That takes two FINs neither of which acknowledges the other.", "RFC 9293 §3.6", isClosedAtOnce,
		[3]string{conversation.Fine, conversation.HalfClose, conversation.Aborted}},
	conversation.WindowStalled: {"the receiver's window was closed, and the sender had to wait",
		"That takes a window of 0.", "RFC 9293 §3.8.6", isStalled,
		[3]string{conversation.Fine, conversation.HalfClose, conversation.Aborted}},
}

// unique are the segments without second copies of them.
func (x *Exchange) unique() []*Frame {
	return slices.DeleteFunc(slices.Clone(x.Frames), func(f *Frame) bool { return f.Reception == conversation.IsCopy || f.CopyOf != 0 })
}

// after is where the first segment of an end with exactly these of SYN, ACK, RST and
// FIN stands at or after a place; -1 where there is none.
func after(list []*Frame, from int, of conversation.Side, is decode.Flags) int {
	for i := max(from, 0); i < len(list); i++ {
		if f := list[i]; f.Event.From == of && f.Flags&(synFlag|ackFlag|rstFlag|finFlag) == is {
			return i
		}
	}
	return -1
}

func hasReset(list []*Frame) bool {
	return slices.ContainsFunc(list, func(f *Frame) bool { return f.Flags.Has(rstFlag) })
}

func hasFrom(list []*Frame, of conversation.Side) bool {
	return slices.ContainsFunc(list, func(f *Frame) bool { return f.Event.From == of })
}

func isRefused(_ *Exchange, list []*Frame) bool {
	syn, rst := after(list, 0, conversation.Client, synFlag), after(list, 0, conversation.Server, rstFlag|ackFlag)
	return syn >= 0 && rst > syn && list[rst].Segment.Ack == list[syn].Segment.Seq+1+uint32(list[syn].PayloadLen) &&
		after(list, 0, conversation.Server, synFlag|ackFlag) < 0
}

func isUnanswered(_ *Exchange, list []*Frame) bool {
	return after(list, 0, conversation.Client, synFlag) >= 0 && !hasFrom(list, conversation.Server)
}

// isDisowned: an RST whose seq is the ack of a segment before it.
func isDisowned(_ *Exchange, list []*Frame) bool {
	for i, f := range list {
		if !f.Flags.Has(rstFlag) || f.Flags.Has(ackFlag) {
			continue
		}
		if slices.ContainsFunc(list[:i], func(g *Frame) bool {
			return g.Event.From != f.Event.From && g.Flags.Has(ackFlag) && g.Segment.Ack == f.Segment.Seq
		}) {
			return true
		}
	}
	return false
}

func isBrokenOff(x *Exchange, list []*Frame) bool {
	return x.Conversation.Handshake.Complete && hasReset(list)
}

func isSYNRepeated(_ *Exchange, list []*Frame) bool {
	first := after(list, 0, conversation.Client, synFlag)
	second := after(list, first+1, conversation.Client, synFlag)
	return first >= 0 && second >= 0 && !hasFrom(list[:second], conversation.Server) && hasFrom(list, conversation.Server)
}

func isSYNRepeatedLate(_ *Exchange, list []*Frame) bool {
	synack := after(list, 0, conversation.Server, synFlag|ackFlag)
	return synack >= 0 && after(list, synack, conversation.Client, synFlag) >= 0
}

func isSYNACKRepeatedLate(_ *Exchange, list []*Frame) bool {
	ack := after(list, 0, conversation.Client, ackFlag)
	return ack >= 0 && after(list, 0, conversation.Server, synFlag|ackFlag) < ack && after(list, ack, conversation.Server, synFlag|ackFlag) >= 0
}

// closes are where the first FIN of each end stands, the earlier first; -1 for none.
func closes(list []*Frame) (first, second int) {
	first = slices.IndexFunc(list, func(f *Frame) bool { return f.Flags.Has(finFlag) })
	if first < 0 {
		return -1, -1
	}
	for i := first + 1; i < len(list); i++ {
		if list[i].Flags.Has(finFlag) && list[i].Event.From != list[first].Event.From {
			return first, i
		}
	}
	return first, -1
}

// covers reports whether a segment acknowledges all of another one, which has a FIN.
func (f *Frame) covers(fin *Frame) bool {
	return f.Event.From != fin.Event.From && f.Flags.Has(ackFlag) && int32(f.Segment.Ack-(fin.Segment.Seq+uint32(fin.PayloadLen)+1)) >= 0
}

func isHalfClosed(_ *Exchange, list []*Frame) bool {
	first, _ := closes(list)
	return first >= 0 && slices.ContainsFunc(list[first:], func(f *Frame) bool { return f.PayloadLen > 0 && !f.Repeats && f.covers(list[first]) })
}

func isClosedInTurn(x *Exchange, list []*Frame) bool {
	first, second := closes(list)
	return x.Conversation.Handshake.Complete && second >= 0 && list[second].covers(list[first]) && !hasReset(list) &&
		!isOpenedAtOnce(x, list) && !isSplit(x, list)
}

func isClosedAtOnce(_ *Exchange, list []*Frame) bool {
	first, second := closes(list)
	return second >= 0 && !list[second].covers(list[first])
}

func isOpenedAtOnce(_ *Exchange, list []*Frame) bool {
	return after(list, 0, conversation.Client, synFlag) >= 0 && after(list, 0, conversation.Server, synFlag) >= 0 &&
		after(list, 0, conversation.Client, synFlag|ackFlag) >= 0 && after(list, 0, conversation.Server, synFlag|ackFlag) >= 0
}

func isSplit(_ *Exchange, list []*Frame) bool {
	return after(list, 0, conversation.Server, synFlag) >= 0 && after(list, 0, conversation.Client, synFlag|ackFlag) >= 0 &&
		after(list, 0, conversation.Server, synFlag|ackFlag) < 0
}

func isStalled(_ *Exchange, list []*Frame) bool {
	return slices.ContainsFunc(list, func(f *Frame) bool { return f.Segment.Window == 0 && !f.Flags.Has(rstFlag) && !f.Flags.Has(synFlag) })
}
