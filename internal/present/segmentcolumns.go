package present

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// How much of a header Wireshark needs, in bytes: below the first it shows the
// ports only; checksum and urgent pointer stand behind it.
const (
	headerToWindow   = 16
	headerToChecksum = 18
	headerToUrgent   = 20
)

// need is what a row must have for a column to apply: a set of bits, so that
// the columns that do not apply cost next to nothing.
type need uint32

const (
	isSegment  need = 1 << iota // the row is of a segment
	inStream                    // it belongs to a conversation
	isFollowed                  // … and enough of its header was captured for numbers
	isWhole                     // … and what stands behind its data offset can be believed
	isSized                     // its length is known
	isIPv4
	isIPv6
	isTimed
	hasChecksum
	hasUrgent
	hasScaleFactor
	hasMSS
	hasShift
	hasSACKOK
	hasSACK
	hasTimestamps
	acksFrame
	hasAckRTT
	repeatsFrame
	hasInitialRTT
	isAnalyzed
	clientKnown
	serverKnown
	isNoted
	hasAccounts // of both ends
)

// segmentRow makes the row of a segment's moment.
func segmentRow(m *timeline.Moment, start capture.Time) row {
	e, s, c := m.Event, m.Event.Segment, m.Event.Conversation
	has := isSegment
	set := func(bit need, holds bool) {
		if holds {
			has |= bit
		}
	}
	set(inStream, c != nil)
	set(isSized, e.Sized)
	set(isIPv6, s.Src.IsValid() && s.IPVersion == 6)
	set(isIPv4, s.Src.IsValid() && s.IPVersion != 6)
	set(isTimed, s.Time.Known)
	if c != nil && len(s.Header) >= headerToWindow {
		has |= isFollowed
		if !s.Stunted() {
			has |= isWhole
			set(hasChecksum, len(s.Header) >= headerToChecksum)
			set(hasUrgent, len(s.Header) >= headerToUrgent)
			set(hasScaleFactor, e.WindowScale != 0)
		}
	}
	if len(s.Options.Raw) > 0 {
		set(hasMSS, s.Options.HasMSS)
		set(hasShift, s.Options.HasScale)
		set(hasSACKOK, s.Options.SACKPermitted)
		set(hasSACK, s.Options.SACKCount > 0)
		set(hasTimestamps, s.Options.HasTimestamps)
	}
	set(acksFrame, e.AcksFrame > 0)
	set(hasAckRTT, e.AckRTT != (capture.Span{}))
	set(repeatsFrame, e.RTO != (capture.Span{}))
	set(hasInitialRTT, e.InitialRTT != (capture.Span{}))
	set(isAnalyzed, e.Analysis != 0)
	set(clientKnown, e.After[conversation.Client] != conversation.Unknown)
	set(serverKnown, e.After[conversation.Server] != conversation.Unknown)
	set(isNoted, s.Problem != nil || s.Comment != "")
	return row{m: m, e: e, s: s, c: c, start: start, has: has}
}

// whole tells that what stands behind the data offset can be believed.
func (r *row) whole() bool { return r.has&isWhole != 0 }

// Columns that several views share.
var (
	colFrame = Column{"frame.number", Number, "", "number of the frame in the capture, from 1, TCP or not", isSegment,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Number)) }}
	colTime = Column{"frame.time_epoch", Word, "seconds", "when it was captured, since 1970-01-01 UTC, decimal with all digits of the capture; a string in ndjson, since most readers keep only 16 digits of a number", isTimed,
		func(dst []byte, r *row) []byte { return r.s.Time.AppendEpoch(dst) }}
	colIPSrc   = Column{"ip.src", Word, "", "IPv4 address of the sender", isIPv4, func(dst []byte, r *row) []byte { return appendAddr(dst, r.s.Src) }}
	colIPDst   = Column{"ip.dst", Word, "", "IPv4 address of the receiver", isIPv4, func(dst []byte, r *row) []byte { return appendAddr(dst, r.s.Dst) }}
	colIP6Src  = Column{"ipv6.src", Word, "", "IPv6 address of the sender", isIPv6, func(dst []byte, r *row) []byte { return appendAddr(dst, r.s.Src) }}
	colIP6Dst  = Column{"ipv6.dst", Word, "", "IPv6 address of the receiver", isIPv6, func(dst []byte, r *row) []byte { return appendAddr(dst, r.s.Dst) }}
	colSrcPort = Column{"tcp.srcport", Number, "", "port of the sender", isSegment, func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.SrcPort)) }}
	colDstPort = Column{"tcp.dstport", Number, "", "port of the receiver", isSegment, func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.DstPort)) }}
	colStream  = Column{"tcp.stream", Number, "", "number of the conversation, from 0, in the order of their first segments", inStream,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.c.Stream)) }}
	colLen = Column{"tcp.len", Number, "bytes", "payload, captured or not", isFollowed | isSized,
		func(dst []byte, r *row) []byte { return decimal.AppendInt(dst, int64(r.s.PayloadLen)) }}
	colSeqRaw = Column{"tcp.seq_raw", Number, "", "sequence number as in the header, bits 32-63", isFollowed,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Seq)) }}
	colAckRaw = Column{"tcp.ack_raw", Number, "", "acknowledgment number as in the header, bits 64-95", isWhole,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Ack)) }}
	colFlags = Column{"tcp.flags", Word, "", "bits 100-111 as a hexadecimal number", isWhole,
		func(dst []byte, r *row) []byte { return appendHex16(dst, uint16(r.s.Flags)) }}
	colWindow = Column{"tcp.window_size_value", Number, "", "window as in the header, bits 112-127", isWhole,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Window)) }}
	colMSS = Column{"tcp.options.mss_val", Number, "bytes", "maximum segment size", hasMSS,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Options.MSS)) }}
	colShift = Column{"tcp.options.wscale.shift", Number, "bits", "window scale: how far the window is shifted", hasShift,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Options.Scale)) }}
	colSACKOK = Column{"tcp.options.sack_perm", Boolean, "", "selective acknowledgments are permitted", hasSACKOK,
		func(dst []byte, _ *row) []byte { return append(dst, "true"...) }}
	colStep = Column{"lab.step", Word, "", "the part the segment plays: SYN, SYN+ACK, ACK, data, ack, FIN, ACK of FIN, RST, other", isSegment,
		func(dst []byte, r *row) []byte { return append(dst, r.e.Step.String()...) }}
	colBits = Column{"lab.flags_bits", Word, "", "the flags byte, bits 104-111, CWR first", isWhole,
		func(dst []byte, r *row) []byte { return r.s.Flags.AppendBits(dst) }}
	colClientState  = Column{"lab.client_state", Word, "", "state of the client once the segment has arrived, derived (RFC 9293 §3.3.2)", clientKnown, state(conversation.Client)}
	colServerState  = Column{"lab.server_state", Word, "", "state of the server once the segment has arrived, derived (RFC 9293 §3.3.2)", serverKnown, state(conversation.Server)}
	colClientProved = Column{"lab.client_proved", Boolean, "", "true where a segment of the client, or a call, has shown that state; false where it is assumed", clientKnown, proved(conversation.Client)}
	colServerProved = Column{"lab.server_proved", Boolean, "", "true where a segment of the server, or a call, has shown that state; false where it is assumed", serverKnown, proved(conversation.Server)}
	colRule         = Column{"lab.rule", Word, "", "the arithmetic of sequence and acknowledgment number, with the frames that prove it", isWhole, appendRules}
	colFrom         = Column{"lab.from", Word, "", "who sent it: client or server", isSegment,
		func(dst []byte, r *row) []byte { return append(dst, r.e.From.String()...) }}
)

var segmentColumns = []Column{
	colFrame,
	colTime,
	{"frame.len", Number, "bytes", "the frame on the wire", isSegment, func(dst []byte, r *row) []byte { return decimal.AppendInt(dst, int64(r.s.Length)) }},
	colIPSrc, colIPDst, colIP6Src, colIP6Dst,
	colSrcPort, colDstPort,
	colStream,
	colLen,
	colSeqRaw, colAckRaw,
	{"tcp.seq", Number, "", "sequence number relative to the sender's SYN (0); where none was captured the first is 1", isFollowed,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.e.Seq)) }},
	{"tcp.ack", Number, "", "acknowledgment number relative to the receiver's SYN; stands also where ACK is not set", isWhole,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.e.Ack)) }},
	{"tcp.nxtseq", Number, "", "relative number that the sender's next byte has", isWhole | isSized,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.e.Next)) }},
	{"tcp.hdr_len", Number, "bytes", "the header with its options, from the data offset in bits 96-99", isFollowed,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.HeaderLen)) }},
	colFlags,
	{"tcp.flags.str", Word, "", "bits 100-111 as letters, a middle dot (U+00B7) where a bit is 0", isWhole,
		func(dst []byte, r *row) []byte { return r.s.Flags.AppendWireshark(dst) }},
	colWindow,
	{"tcp.window_size", Number, "bytes", "window with its scale", isWhole,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.e.WindowSize)) }},
	{"tcp.window_size_scalefactor", Number, "", "what the window is multiplied by; -1 not known, -2 not used; left out on SYN and SYN+ACK", hasScaleFactor,
		func(dst []byte, r *row) []byte { return decimal.AppendInt(dst, int64(r.e.WindowScale)) }},
	{"tcp.checksum", Word, "", "as in the header, bits 128-143, hexadecimal", hasChecksum,
		func(dst []byte, r *row) []byte { return appendHex16(dst, r.s.Checksum) }},
	{"tcp.urgent_pointer", Number, "", "as in the header, bits 144-159", hasUrgent,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Urgent)) }},
	colMSS, colShift, colSACKOK,
	{"tcp.options.sack_le", Numbers, "", "left edges of the blocks received out of order, relative", hasSACK,
		edges(func(b decode.Block) uint32 { return b.Left })},
	{"tcp.options.sack_re", Numbers, "", "right edges of the same blocks, relative", hasSACK,
		edges(func(b decode.Block) uint32 { return b.Right })},
	{"tcp.options.timestamp.tsval", Number, "", "the sender's timestamp", hasTimestamps,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Options.TSVal)) }},
	{"tcp.options.timestamp.tsecr", Number, "", "the timestamp it echoes", hasTimestamps,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.s.Options.TSEcr)) }},
	{"tcp.completeness", Number, "", "SYN 1, SYN+ACK 2, ACK 4, DATA 8, FIN 16, RST 32, summed over what was seen, this segment included", isFollowed,
		func(dst []byte, r *row) []byte { return decimal.Append(dst, uint64(r.e.Completeness)) }},
	{"tcp.analysis.initial_rtt", Number, "seconds", "from the last SYN to the first pure ACK, on segments with some other analysis", hasInitialRTT,
		func(dst []byte, r *row) []byte { return appendSeconds(dst, r.e.InitialRTT) }},
	{"tcp.analysis.acks_frame", Number, "", "the frame whose data this one acknowledges", acksFrame, func(dst []byte, r *row) []byte { return decimal.AppendInt(dst, int64(r.e.AcksFrame)) }},
	{"tcp.analysis.ack_rtt", Number, "seconds", "since that frame", hasAckRTT,
		func(dst []byte, r *row) []byte { return appendSeconds(dst, r.e.AckRTT) }},
	{"tcp.analysis.rto", Number, "seconds", "since the frame that this one repeats", repeatsFrame,
		func(dst []byte, r *row) []byte { return appendSeconds(dst, r.e.RTO) }},
	{"tcp.analysis.flags", Words, "", "Wireshark's words for it: retransmission, duplicate_ack, zero_window and so on", isAnalyzed, appendAnalysis},
	colStep, colBits, colClientState, colClientProved, colServerState, colServerProved, colRule,
	{"lab.note", Text, "", "what is wrong with the header or its options, and the packet's comment in the capture", isNoted, appendNote},
}

func state(side conversation.Side) appendFunc {
	return func(dst []byte, r *row) []byte { return append(dst, r.e.After[side].String()...) }
}

func proved(side conversation.Side) appendFunc {
	return func(dst []byte, r *row) []byte { return strconv.AppendBool(dst, r.e.Proved[side]) }
}

func edges(of func(decode.Block) uint32) appendFunc {
	return func(dst []byte, r *row) []byte {
		for i, b := range r.s.Options.SACK[:r.s.Options.SACKCount] {
			if i > 0 {
				dst = append(dst, r.between.numbers...)
			}
			dst = decimal.Append(dst, uint64(of(b)-r.e.AckBase))
		}
		return dst
	}
}

// appendRules appends "seq = x + 1 (SYN of #1), ack = y + 1 (SYN of #2)".
func appendRules(dst []byte, r *row) []byte {
	start := len(dst)
	if r.e.SeqRule.Base != conversation.NoBase {
		dst = r.e.SeqRule.AppendProved(append(dst, "seq = "...))
	}
	if r.e.AckRule.Base != conversation.NoBase {
		if len(dst) > start {
			dst = append(dst, ", "...)
		}
		dst = r.e.AckRule.AppendProved(append(dst, "ack = "...))
	}
	return dst
}

func appendAnalysis(dst []byte, r *row) []byte {
	start := len(dst)
	for i, word := range conversation.AnalysisWords {
		if r.e.Analysis>>i&1 == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, r.between.words...)
		}
		dst = append(dst, word...)
	}
	return dst
}

func appendNote(dst []byte, r *row) []byte {
	start := len(dst)
	if r.s.Problem != nil {
		dst = appendProblem(dst, r.s.Problem)
	}
	if r.s.Comment != "" {
		if len(dst) > start {
			dst = append(dst, "; "...)
		}
		dst = append(dst, r.s.Comment...)
	}
	return dst
}

// appendProblem appends "TCP option, bit 160: …".
func appendProblem(dst []byte, p *decode.Problem) []byte {
	dst = append(dst, p.Layer...)
	if p.Bit >= 0 {
		dst = decimal.AppendInt(append(dst, ", bit "...), int64(p.Bit))
	}
	return append(append(dst, ": "...), p.Reason...)
}
