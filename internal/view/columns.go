package view

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// Columns that several views share.
var (
	colFrame = KeyColumn{"frame.number", Number, "", "number of the frame in the capture, from 1, TCP or not", IsSegment,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Number)) }}
	colTime = KeyColumn{"frame.time_epoch", Word, "seconds", "when it was captured, since 1970-01-01 UTC, decimal with all digits of the capture; a string in ndjson, since most readers keep only 16 digits of a number", isTimed,
		func(dst []byte, r *Row) []byte { return r.Segment.Time.AppendEpoch(dst) }}
	colIPSrc   = KeyColumn{"ip.src", Word, "", "IPv4 address of the sender", isIPv4, func(dst []byte, r *Row) []byte { return appendAddr(dst, r.Segment.Src) }}
	colIPDst   = KeyColumn{"ip.dst", Word, "", "IPv4 address of the receiver", isIPv4, func(dst []byte, r *Row) []byte { return appendAddr(dst, r.Segment.Dst) }}
	colIP6Src  = KeyColumn{"ipv6.src", Word, "", "IPv6 address of the sender", isIPv6, func(dst []byte, r *Row) []byte { return appendAddr(dst, r.Segment.Src) }}
	colIP6Dst  = KeyColumn{"ipv6.dst", Word, "", "IPv6 address of the receiver", isIPv6, func(dst []byte, r *Row) []byte { return appendAddr(dst, r.Segment.Dst) }}
	colSrcPort = KeyColumn{"tcp.srcport", Number, "", "port of the sender", IsSegment, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.SrcPort)) }}
	colDstPort = KeyColumn{"tcp.dstport", Number, "", "port of the receiver", IsSegment, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.DstPort)) }}
	colStream  = KeyColumn{"tcp.stream", Number, "", "number of the conversation, from 0, in the order of their first segments", inStream,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Conversation.Stream)) }}
	colClient = KeyColumn{"lab.client", Number, "", "number of the client it belongs to, from 1, C1 in text: in a lab in the order of connect(), else in the order of their first segments", 0,
		positive(func(r *Row) int64 { return int64(r.Client()) })}
	colLen = KeyColumn{"tcp.len", Number, "bytes", "payload, captured or not", isFollowed | isSized,
		func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, int64(r.Segment.PayloadLen)) }}
	colSeqRaw = KeyColumn{"tcp.seq_raw", Number, "", "sequence number as in the header, bits 32-63", isFollowed,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Seq)) }}
	colAckRaw = KeyColumn{"tcp.ack_raw", Number, "", "acknowledgment number as in the header, bits 64-95", isWhole,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Ack)) }}
	colFlags  = KeyColumn{"tcp.flags", Word, "", "bits 100-111 as a hexadecimal number", isWhole, func(dst []byte, r *Row) []byte { return appendHex16(dst, uint16(r.Segment.Flags)) }}
	colWindow = KeyColumn{"tcp.window_size_value", Number, "", "window as in the header, bits 112-127", isWhole,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Window)) }}
	colMSS = KeyColumn{"tcp.options.mss_val", Number, "bytes", "maximum segment size", hasMSS,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Options.MSS)) }}
	colShift = KeyColumn{"tcp.options.wscale.shift", Number, "bits", "window scale: how far the window is shifted", hasShift,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Options.Scale)) }}
	colSACKOK = KeyColumn{"tcp.options.sack_perm", Boolean, "", "selective acknowledgments are permitted", hasSACKOK, func(dst []byte, _ *Row) []byte { return append(dst, "true"...) }}
	colStep   = KeyColumn{"lab.step", Word, "", "the part the segment plays: SYN, SYN+ACK, ACK, data, ack, FIN, ACK of FIN, RST, other", IsSegment,
		func(dst []byte, r *Row) []byte { return append(dst, r.Event.Step.String()...) }}
	colBits         = KeyColumn{"lab.flags_bits", Word, "", "the flags byte, bits 104-111, CWR first", isWhole, func(dst []byte, r *Row) []byte { return r.Segment.Flags.AppendBits(dst) }}
	colClientState  = KeyColumn{"lab.client_state", Word, "", "state of the client once the segment has arrived, derived (RFC 9293 §3.3.2)", clientKnown, state(conversation.Client)}
	colServerState  = KeyColumn{"lab.server_state", Word, "", "state of the server once the segment has arrived, derived (RFC 9293 §3.3.2)", serverKnown, state(conversation.Server)}
	colClientProved = KeyColumn{"lab.client_proved", Boolean, "", "true where a segment of the client, or a call, has shown that state; false where it is assumed", clientKnown, proved(conversation.Client)}
	colServerProved = KeyColumn{"lab.server_proved", Boolean, "", "true where a segment of the server, or a call, has shown that state; false where it is assumed", serverKnown, proved(conversation.Server)}
	colRule         = KeyColumn{"lab.rule", Word, "", "the arithmetic of sequence and acknowledgment number, with the frames that prove it", isWhole, appendRules}
	colFrom         = KeyColumn{"lab.from", Word, "", "who sent it: client or server", IsSegment, func(dst []byte, r *Row) []byte { return append(dst, r.Event.From.String()...) }}
)

var colReception = KeyColumn{"lab.reception", Word, "",
	"what becomes of the segment at the end it goes to (RFC 9293 §3.10.7), if it gets there: taken, copy, refused, not known; the last two with the reason behind a colon", IsSegment | inStream,
	func(dst []byte, r *Row) []byte { return append(dst, r.Event.Reception.String()...) }}

func state(side conversation.Side) AppendFunc {
	return func(dst []byte, r *Row) []byte { return append(dst, r.Event.After[side].String()...) }
}

func proved(side conversation.Side) AppendFunc {
	return func(dst []byte, r *Row) []byte { return strconv.AppendBool(dst, r.Event.Proved[side]) }
}

func edges(of func(decode.Block) uint32) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		for i, b := range r.Segment.Options.SACK[:r.Segment.Options.SACKCount] {
			if i > 0 {
				dst = append(dst, r.Between.Numbers...)
			}
			dst = decimal.Append(dst, uint64(of(b)-r.Event.AckBase))
		}
		return dst
	}
}

// appendRules appends "seq = x + 1 (SYN of #1), ack = y + 1 (SYN of #2)".
func appendRules(dst []byte, r *Row) []byte {
	start := len(dst)
	if r.Event.SeqRule.Base != conversation.NoBase {
		dst = r.letters().appendProved(append(dst, "seq = "...), &r.Event.SeqRule)
	}
	if r.Event.AckRule.Base != conversation.NoBase {
		dst = r.letters().appendProved(append(appendBetween(dst, start, ", "), "ack = "...), &r.Event.AckRule)
	}
	return dst
}

func appendNote(dst []byte, r *Row) []byte {
	start := len(dst)
	if r.Segment.Problem != nil {
		dst = appendProblem(dst, r.Segment.Problem)
	}
	if r.Segment.Comment != "" {
		dst = append(appendBetween(dst, start, "; "), r.Segment.Comment...)
	}
	return dst
}

// Kind is what the texts of a reader's column are.
type Kind uint8

// The kinds of columns.
const (
	Terms Kind = iota
	Figures
	Prose   // as long as there is to say
	Flagged // bits: digits, or flags' letters
	Wrapped // goes on in the next line where it is too long, from its last blank on
	Chunked // goes on there after so many characters
)

// ReaderColumn is one column of a view's rows as people read them.
type ReaderColumn struct {
	Title string
	Size  int // characters that its texts have as a rule; of prose at least
	Kind  Kind
	Drop  int                             // where room is short, the highest goes first; 0 stays
	Text  func(dst []byte, r *Row) []byte // as it stands: it may be captured, and has to be made visible
	Tone  func(r *Row) Tone               // nil for Plain
}

// Cells that several tables share.
var (
	cellClient = ReaderColumn{"C (stream)", 10, Terms, 0, func(dst []byte, r *Row) []byte { return appendClient(dst, r) }, nil}
	cellFrame  = ReaderColumn{"#", 5, Figures, 0, func(dst []byte, r *Row) []byte {
		return decimal.AppendInt(dst, int64(r.Segment.Number))
	}, nil}
	cellMs = ReaderColumn{"ms", msSize, Figures, 3, func(dst []byte, r *Row) []byte {
		return appendTime(dst, r)
	}, func(*Row) Tone { return Quiet }}
	cellWho = ReaderColumn{"stream", 7, Terms, 0, func(dst []byte, r *Row) []byte {
		if r.Conversation == nil {
			return dst
		}
		dst = decimal.AppendInt(dst, int64(r.Conversation.Stream))
		return append(dst, [...]string{" c→s", " s→c"}[r.Event.From]...)
	}, nil}
	cellFlags = ReaderColumn{"flags", 11, Terms, 0, func(dst []byte, r *Row) []byte {
		dst = r.Segment.Flags.Append(dst)
		if r.Event.Analysis != 0 {
			dst = append(dst, '!')
		}
		return dst
	}, toneOfFlags}
	cellBits = ReaderColumn{"104-111", 8, Flagged, 0, func(dst []byte, r *Row) []byte {
		return colBits.value(dst, r)
	}, nil}
	cellLetters = ReaderColumn{"CEUAPRSF", 8, Flagged, 7, func(dst []byte, r *Row) []byte {
		if !r.whole() {
			return dst
		}
		return r.Segment.Flags.AppendLetters(dst)
	}, nil}
	cellSeq = ReaderColumn{"seq 32-63", 10, Figures, 0, func(dst []byte, r *Row) []byte {
		return appendSeq(dst, r)
	}, func(r *Row) Tone { return toneOf(r.Event.SeqRule.Base) }}
	cellAck = ReaderColumn{"ack 64-95", 10, Figures, 0, func(dst []byte, r *Row) []byte {
		return appendAck(dst, r)
	}, func(r *Row) Tone { return toneOf(r.Event.AckRule.Base) }}
)

// appendClient appends whose a row is: "C1 (0)", with the number of the stream.
func appendClient(dst []byte, r *Row) []byte {
	dst = decimal.AppendInt(append(dst, 'C'), int64(r.Client()))
	return append(decimal.AppendInt(append(dst, " ("...), int64(r.Conversation.Stream)), ')')
}

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
