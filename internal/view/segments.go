package view

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// fillSegment makes a row of every segment.
func fillSegment(r *Row, m *timeline.Moment, start capture.Time, _ *accounts) bool {
	if m.Kind != timeline.Segment {
		return false
	}
	*r = segmentRow(m, start)
	return true
}

var segmentColumns = []KeyColumn{
	colFrame,
	colTime,
	{"frame.len", Number, "bytes", "the frame on the wire", IsSegment, func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, int64(r.Segment.Length)) }},
	colIPSrc, colIPDst, colIP6Src, colIP6Dst,
	colSrcPort, colDstPort,
	colStream,
	colLen,
	colSeqRaw, colAckRaw,
	{"tcp.seq", Number, "", "sequence number relative to the sender's SYN (0); where none was captured the first is 1", isFollowed,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Event.Seq)) }},
	{"tcp.ack", Number, "", "acknowledgment number relative to the receiver's SYN; stands also where ACK is not set", isWhole,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Event.Ack)) }},
	{"tcp.nxtseq", Number, "", "relative number that the sender's next byte has", isWhole | isSized, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Event.Next)) }},
	{"tcp.hdr_len", Number, "bytes", "the header with its options, from the data offset in bits 96-99", isFollowed,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.HeaderLen)) }},
	colFlags,
	{"tcp.flags.str", Word, "", "bits 100-111 as letters, a middle dot (U+00B7) where a bit is 0", isWhole,
		func(dst []byte, r *Row) []byte { return r.Segment.Flags.AppendWireshark(dst) }},
	colWindow,
	{"tcp.window_size", Number, "bytes", "window with its scale", isWhole, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Event.WindowSize)) }},
	{"tcp.window_size_scalefactor", Number, "", "what the window is multiplied by; -1 not known, -2 not used; left out on SYN and SYN+ACK", hasScaleFactor,
		func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, int64(r.Event.WindowScale)) }},
	{"tcp.checksum", Word, "", "as in the header, bits 128-143, hexadecimal", hasChecksum, func(dst []byte, r *Row) []byte { return appendHex16(dst, r.Segment.Checksum) }},
	{"tcp.urgent_pointer", Number, "", "as in the header, bits 144-159", hasUrgent, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Urgent)) }},
	colMSS, colShift, colSACKOK,
	{"tcp.options.sack_le", Numbers, "", "left edges of the blocks received out of order, relative", hasSACK, edges(func(b decode.Block) uint32 { return b.Left })},
	{"tcp.options.sack_re", Numbers, "", "right edges of the same blocks, relative", hasSACK, edges(func(b decode.Block) uint32 { return b.Right })},
	{"tcp.options.timestamp.tsval", Number, "", "the sender's timestamp", hasTimestamps, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Options.TSVal)) }},
	{"tcp.options.timestamp.tsecr", Number, "", "the timestamp it echoes", hasTimestamps, func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Segment.Options.TSEcr)) }},
	{"tcp.completeness", Number, "", "SYN 1, SYN+ACK 2, ACK 4, DATA 8, FIN 16, RST 32, summed over what was seen, this segment included", isFollowed,
		func(dst []byte, r *Row) []byte { return decimal.Append(dst, uint64(r.Event.Completeness)) }},
	{"tcp.analysis.initial_rtt", Number, "seconds", "from the last SYN to the first pure ACK, on segments with some other analysis", hasInitialRTT,
		func(dst []byte, r *Row) []byte { return appendSeconds(dst, r.Event.InitialRTT) }},
	{"tcp.analysis.acks_frame", Number, "", "the frame whose data this one acknowledges", acksFrame, func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, int64(r.Event.AcksFrame)) }},
	{"tcp.analysis.ack_rtt", Number, "seconds", "since that frame", hasAckRTT, func(dst []byte, r *Row) []byte { return appendSeconds(dst, r.Event.AckRTT) }},
	{"tcp.analysis.rto", Number, "seconds", "since the frame that this one repeats", repeatsFrame,
		func(dst []byte, r *Row) []byte { return appendSeconds(dst, r.Event.RTO) }},
	{"tcp.analysis.flags", Words, "", "Wireshark's words for it: retransmission, duplicate_ack, zero_window and so on", isAnalyzed,
		func(dst []byte, r *Row) []byte {
			return appendAnalysis(dst, r.Event.Analysis, conversation.AnalysisWords[:], r.Between.Words)
		}},
	colStep, colBits, colClientState, colClientProved, colServerState, colServerProved, colRule,
	{"lab.note", Text, "", "what is wrong with the header or its options, and the packet's comment in the capture", isNoted, appendNote},
}

var segmentCells = []ReaderColumn{
	cellFrame, cellMs, cellWho, cellFlags, cellBits, cellSeq, cellAck,
	{"len", 6, Figures, 4, func(dst []byte, r *Row) []byte { return colLen.value(dst, r) }, nil},
	{"window", 8, Figures, 6, func(dst []byte, r *Row) []byte {
		if !r.whole() {
			return dst
		}
		return decimal.Append(dst, uint64(r.Event.WindowSize))
	}, nil},
	{"why", 26, Prose, 5, func(dst []byte, r *Row) []byte {
		if dst = appendAnalysis(dst, r.Event.Analysis, analysisTexts[:], ", "); len(dst) > 0 {
			dst = append(dst, "; "...)
		}
		if note := appendNote(nil, r); len(note) > 0 {
			dst = append(append(dst, note...), "; "...)
		}
		return appendRules(dst, r)
	}, nil},
	{"from", 21, Terms, 8, func(dst []byte, r *Row) []byte { return appendEndpoint(dst, r.Segment, false, r.Manner) }, nil},
	{"to", 21, Terms, 8, func(dst []byte, r *Row) []byte { return appendEndpoint(dst, r.Segment, true, r.Manner) }, nil},
}
