package view

import (
	"slices"
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// fillConversation makes a row of every conversation that is over.
func fillConversation(r *Row, m *timeline.Moment, start capture.Time, _ *accounts) bool {
	*r = Row{moment: m, Conversation: m.Conversation, start: start}
	return m.Kind == timeline.Ended
}

// conv is what these columns are about.
type conv = conversation.Conversation

var conversationColumns = slices.Concat([]KeyColumn{
	{"tcp.stream", Number, "", "number of the conversation, from 0, in the order of their first segments", 0, figure(func(c *conv) int64 { return int64(c.Stream) })},
	colClient,
	{"ip.src", Word, "", "IPv4 address of the client", 0, endAddress(4, conversation.Client)},
	{"ip.dst", Word, "", "IPv4 address of the server", 0, endAddress(4, conversation.Server)},
	{"ipv6.src", Word, "", "IPv6 address of the client", 0, endAddress(6, conversation.Client)},
	{"ipv6.dst", Word, "", "IPv6 address of the server", 0, endAddress(6, conversation.Server)},
	{"tcp.srcport", Number, "", "port of the client", 0, figure(func(c *conv) int64 { return int64(c.Ends[conversation.Client].Port) })},
	{"tcp.dstport", Number, "", "port of the server", 0, figure(func(c *conv) int64 { return int64(c.Ends[conversation.Server].Port) })},
	{"lab.guessed", Boolean, "", "no SYN was captured, so who is the client is a guess; left out where it is none", 0, truth(func(r *Row) bool { return r.Conversation.Guessed })},
	{"frame.time_epoch", Word, "seconds", "when its first segment was captured, since 1970-01-01 UTC, decimal; a string in ndjson", 0,
		when(func(r *Row) bool { return r.Conversation.First.Known }, func(dst []byte, r *Row) []byte { return r.Conversation.First.AppendEpoch(dst) })},
	{"lab.duration", Number, "seconds", "from its earliest segment to its latest", 0, span(func(c *conv) (from, to capture.Time) { return c.Earliest, c.Latest })},
	{"lab.first_frame", Number, "", "its first frame", 0, figure(func(c *conv) int64 { return int64(c.FirstFrame) })},
	{"lab.last_frame", Number, "", "its last frame", 0, figure(func(c *conv) int64 { return int64(c.LastFrame) })},
	{"lab.handshake", Word, "", "how far the three-way handshake came: complete, SYN+ACK, SYN, not captured", 0, word(handshakeWord)},
	{"lab.syn_frame", Number, "", "the SYN (the last before the SYN+ACK)", 0, count(func(c *conv) int { return c.Handshake.SYNFrame })},
	{"lab.first_syn_frame", Number, "", "the first SYN", 0, count(func(c *conv) int { return c.Handshake.FirstSYNFrame })},
	{"lab.synack_frame", Number, "", "the SYN+ACK (the first that acknowledges the SYN)", 0, count(func(c *conv) int { return c.Handshake.SYNACKFrame })},
	{"lab.ack_frame", Number, "", "the handshake's ACK", 0, count(func(c *conv) int { return c.Handshake.ACKFrame })},
	{"lab.syns", Number, "", "how often the SYN was sent", 0, count(func(c *conv) int { return c.Handshake.SYNs })},
	{"lab.synacks", Number, "", "how often the SYN+ACK was sent", 0, count(func(c *conv) int { return c.Handshake.SYNACKs })},
	{"lab.syn_to_synack", Number, "seconds", "from that SYN to the SYN+ACK", 0, span(func(c *conv) (from, to capture.Time) { return c.Handshake.SYNTime, c.Handshake.SYNACKTime })},
	{"lab.synack_to_ack", Number, "seconds", "from the SYN+ACK to the ACK", 0,
		when(func(r *Row) bool { return r.Conversation.Handshake.ACKFrame != r.Conversation.Handshake.SYNACKFrame }, // as where SYNs cross
			span(func(c *conv) (from, to capture.Time) { return c.Handshake.SYNACKTime, c.Handshake.ACKTime }))},
	{"lab.handshake_duration", Number, "seconds", "of a complete handshake, from the last SYN before the SYN+ACK on", 0,
		when(isComplete, span(func(c *conv) (from, to capture.Time) { return c.Handshake.SYNTime, c.Handshake.ACKTime }))},
	{"lab.handshake_duration_first", Number, "seconds", "the same from the first SYN on: what connect() has waited", 0,
		when(isComplete, span(func(c *conv) (from, to capture.Time) { return c.FirstSYNTime(), c.Handshake.ACKTime }))},
	{"tcp.analysis.initial_rtt", Number, "seconds", "from the last SYN to the first pure ACK", 0,
		when(func(r *Row) bool { return r.Conversation.InitialRTT != capture.Span{} }, func(dst []byte, r *Row) []byte { return appendSeconds(dst, r.Conversation.InitialRTT) })},
	{"lab.agreed", Words, "", "options that both sides agreed on: window_scale, sack, timestamps, fast_open, mptcp, ecn", 0,
		func(dst []byte, r *Row) []byte { return appendAgreed(dst, r.Conversation, r.Between.Words) }},
}, endColumns(conversation.Client), endColumns(conversation.Server), []KeyColumn{
	{"lab.ending", Word, "", "how it ended: open, half closed, FIN, FIN not acknowledged, reset, refused, FIN then reset, ports reused", 0,
		word(func(c *conv) string { return endingWord(c.Ending) })},
	{"lab.closed_by", Word, "", "who sent the first FIN or RST: client or server", 0,
		when(func(r *Row) bool { return isClosed(r.Conversation) }, word(func(c *conv) string { return c.ClosedBy.String() }))},
	{"lab.end_frame", Number, "", "the frame that ended it: the RST that counted, or the one that acknowledges the last FIN", 0, count((*conv).EndFrame)},
	{"tcp.completeness", Number, "", "SYN 1, SYN+ACK 2, ACK 4, DATA 8, FIN 16, RST 32, summed over what was seen", 0, figure(func(c *conv) int64 { return int64(c.Seen) })},
	{"lab.completeness", Word, "", "the name Wireshark gives the sum", 0, word(func(c *conv) string { return c.Seen.Text() })},
	{"lab.completeness_sum", Word, "", "which of the bits were seen, and how they add up", 0, word(func(c *conv) string { return c.Seen.Sum() })},
	{"lab.icmp_quotes", Number, "", "ICMP errors that quoted it", 0, count(func(c *conv) int { return int(c.Quotes) })},
	{"lab.verdict", Word, "", "what happened to it, in a word or a few: fine, refused, filtered and so on", 0, word(func(c *conv) string { return c.Verdict.Name })},
	{"lab.verdict_text", Text, "", "the same as a sentence", 0, word(func(c *conv) string { return c.Verdict.Text })},
	{"lab.verdict_frames", Numbers, "", "the frames that prove it", 0, func(dst []byte, r *Row) []byte {
		start := len(dst)
		for _, n := range r.Conversation.Verdict.Frames {
			dst = decimal.AppendInt(appendBetween(dst, start, r.Between.Numbers), int64(n))
		}
		return dst
	}},
})

// endColumns are the columns of one end.
func endColumns(side conversation.Side) []KeyColumn {
	who := side.String()
	key := "lab." + who + "_"
	flow := func(value func(*conversation.Flow) int64) AppendFunc {
		return figure(func(c *conv) int64 { return value(&c.Flows[side]) })
	}
	state := func(value AppendFunc) AppendFunc {
		return when(func(r *Row) bool { return r.Conversation.States[side] != conversation.Unknown }, value)
	}
	return []KeyColumn{
		{key + "isn", Number, "", "initial sequence number of the " + who, 0,
			when(func(r *Row) bool { return r.Conversation.Flows[side].HasISN }, flow(func(f *conversation.Flow) int64 { return int64(f.ISN) }))},
		{key + "mss", Number, "bytes", "maximum segment size that the " + who + " offered", 0,
			when(func(r *Row) bool { return r.Conversation.Offers[side].Seen }, count(func(c *conv) int { return int(c.Offers[side].MSS) }))},
		{key + "wscale", Number, "bits", "window scale that the " + who + " offered", 0,
			when(func(r *Row) bool {
				return r.Conversation.Offers[side].Seen && r.Conversation.Offers[side].WindowScale >= 0
			},
				figure(func(c *conv) int64 { return int64(c.Offers[side].WindowScale) }))},
		{key + "segments", Number, "", "segments from the " + who, 0, flow(func(f *conversation.Flow) int64 { return int64(f.Segments) })},
		{key + "data_segments", Number, "", "those of them that carry payload", 0, flow(func(f *conversation.Flow) int64 { return int64(f.DataSegments) })},
		{key + "bytes", Number, "bytes", "payload from the " + who + ", each byte once", 0, flow(func(f *conversation.Flow) int64 { return int64(f.Bytes) })},
		{key + "wire_bytes", Number, "bytes", "frames from the " + who, 0, flow(func(f *conversation.Flow) int64 { return int64(f.Wire) })},
		{key + "retransmitted", Number, "", "segments that the " + who + " sent again", 0, flow(func(f *conversation.Flow) int64 { return int64(f.Retransmitted) })},
		{key + "fin_frame", Number, "", "first FIN of the " + who, 0, count(func(c *conv) int { return c.Flows[side].FINFrame })},
		{key + "fin_acked_frame", Number, "", "the frame that acknowledged it", 0, count(func(c *conv) int { return c.Flows[side].FINAcked })},
		{key + "rst_frame", Number, "", "first RST of the " + who, 0, count(func(c *conv) int { return c.Flows[side].RSTFrame })},
		{key + "state", Word, "", "state of the " + who + " at last, derived (RFC 9293 §3.3.2)", 0, state(word(func(c *conv) string { return c.States[side].String() }))},
		{key + "proved", Boolean, "", "true where a segment of the " + who + ", or a call, has shown that state; false where it is assumed", 0,
			state(func(dst []byte, r *Row) []byte { return strconv.AppendBool(dst, r.Conversation.Account(side).Proved) })},
	}
}

func endAddress(version int, side conversation.Side) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		a := r.Conversation.Ends[side].Addr
		if !a.IsValid() || a.Is4() != (version == 4) {
			return dst
		}
		return appendAddr(dst, a)
	}
}

func isComplete(r *Row) bool { return r.Conversation.Handshake.Complete }

func figure(of func(c *conv) int64) AppendFunc {
	return func(dst []byte, r *Row) []byte { return decimal.AppendInt(dst, of(r.Conversation)) }
}

func count(of func(c *conv) int) AppendFunc {
	return positive(func(r *Row) int64 { return int64(of(r.Conversation)) })
}

func word(of func(c *conv) string) AppendFunc {
	return func(dst []byte, r *Row) []byte { return append(dst, of(r.Conversation)...) }
}

// span appends the seconds between two times, where that is known.
func span(times func(c *conv) (from, to capture.Time)) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		from, to := times(r.Conversation)
		return appendTook(dst, from, to)
	}
}

var conversationCells = []ReaderColumn{
	cellClient,
	{"client", 21, Terms, 0, endCell(conversation.Client), nil},
	{"server", 21, Terms, 3, endCell(conversation.Server), nil},
	{"handshake", 12, Terms, 0, func(dst []byte, r *Row) []byte {
		if took, known := handshakeTime(r.Conversation); known {
			return append(appendMs(dst, took), " ms"...)
		}
		return append(dst, handshakeWord(r.Conversation)...)
	}, nil},
	{"bytes c→s", 9, Figures, 0, bytesCell(conversation.Client), nil},
	{"s→c", 9, Figures, 0, bytesCell(conversation.Server), nil},
	{"verdict", 10, Terms, 0, func(dst []byte, r *Row) []byte { return append(dst, r.Conversation.Verdict.Name...) }, toneOfEnd},
	{"closed by", 22, Terms, 5, func(dst []byte, r *Row) []byte { return appendClosing(dst, r.Conversation) }, nil},
	{"agreed", 24, Terms, 7, func(dst []byte, r *Row) []byte { return appendAgreed(dst, r.Conversation, " ") }, nil},
	{"completeness", 24, Terms, 6, func(dst []byte, r *Row) []byte { return append(dst, r.Conversation.Seen.Text()...) }, nil},
	{"how it adds up", 30, Terms, 9, func(dst []byte, r *Row) []byte { return append(dst, r.Conversation.Seen.Sum()...) }, nil},
	{"what happened", 30, Prose, 8, func(dst []byte, r *Row) []byte {
		start := len(dst)
		return appendFrames(r.letters().markAll(append(dst, r.Conversation.Verdict.Text...), start), r.Conversation.Verdict.Frames)
	}, nil},
}

func endCell(side conversation.Side) func([]byte, *Row) []byte {
	return func(dst []byte, r *Row) []byte {
		return r.Manner.AppendSocket(dst, r.Conversation.Ends[side].AddrPort())
	}
}

func bytesCell(side conversation.Side) func([]byte, *Row) []byte {
	return func(dst []byte, r *Row) []byte { return decimal.Append(dst, r.Conversation.Flows[side].Bytes) }
}
