package present

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// The two ends, as the columns name them.
var ends = [2]conversation.Side{conversation.Client, conversation.Server}

var conversationColumns = conversationTable()

func conversationTable() []Column {
	columns := []Column{
		{"tcp.stream", Number, "", "number of the conversation, from 0, in the order of their first segments", 0,
			number(func(r *row) int64 { return int64(r.c.Stream) })},
		{"ip.src", Word, "", "IPv4 address of the client", 0, endAddress(4, conversation.Client)},
		{"ip.dst", Word, "", "IPv4 address of the server", 0, endAddress(4, conversation.Server)},
		{"ipv6.src", Word, "", "IPv6 address of the client", 0, endAddress(6, conversation.Client)},
		{"ipv6.dst", Word, "", "IPv6 address of the server", 0, endAddress(6, conversation.Server)},
		{"tcp.srcport", Number, "", "port of the client", 0, number(func(r *row) int64 { return int64(r.c.Ends[conversation.Client].Port) })},
		{"tcp.dstport", Number, "", "port of the server", 0, number(func(r *row) int64 { return int64(r.c.Ends[conversation.Server].Port) })},
		{"lab.guessed", Boolean, "", "no SYN was captured, so who is the client is a guess; left out where it is none", 0,
			truth(func(r *row) bool { return r.c.Guessed })},
		{"frame.time_epoch", Word, "seconds", "when its first segment was captured, since 1970-01-01 UTC, decimal; a string in ndjson", 0,
			func(dst []byte, r *row) []byte {
				if !r.c.First.Known {
					return dst
				}
				return r.c.First.AppendEpoch(dst)
			}},
		{"lab.duration", Number, "seconds", "from its earliest segment to its latest", 0, span(
			func(r *row) (capture.Time, capture.Time) { return r.c.Earliest, r.c.Latest })},
		{"lab.first_frame", Number, "", "its first frame", 0, number(func(r *row) int64 { return int64(r.c.FirstFrame) })},
		{"lab.last_frame", Number, "", "its last frame", 0, number(func(r *row) int64 { return int64(r.c.LastFrame) })},
		{"lab.handshake", Word, "", "how far the three-way handshake came: complete, SYN+ACK, SYN, not captured", 0,
			func(dst []byte, r *row) []byte { return append(dst, handshakeWord(r.c)...) }},
		{"lab.syn_frame", Number, "", "the SYN (the last before the SYN+ACK)", 0, positive(func(r *row) int64 { return int64(r.c.Handshake.SYN) })},
		{"lab.first_syn_frame", Number, "", "the first SYN", 0, positive(func(r *row) int64 { return int64(r.c.Handshake.FirstSYN) })},
		{"lab.synack_frame", Number, "", "the SYN+ACK (the first that acknowledges the SYN)", 0, positive(func(r *row) int64 { return int64(r.c.Handshake.SYNACK) })},
		{"lab.ack_frame", Number, "", "the handshake's ACK", 0, positive(func(r *row) int64 { return int64(r.c.Handshake.ACK) })},
		{"lab.syns", Number, "", "how often the SYN was sent", 0, positive(func(r *row) int64 { return int64(r.c.Handshake.SYNs) })},
		{"lab.synacks", Number, "", "how often the SYN+ACK was sent", 0, positive(func(r *row) int64 { return int64(r.c.Handshake.SYNACKs) })},
		{"lab.syn_to_synack", Number, "seconds", "from that SYN to the SYN+ACK", 0, span(func(r *row) (capture.Time, capture.Time) {
			return r.c.Handshake.SYNTime, r.c.Handshake.SYNACKTime
		})},
		{"lab.synack_to_ack", Number, "seconds", "from the SYN+ACK to the ACK", 0, if_(func(r *row) bool {
			return r.c.Handshake.ACK != r.c.Handshake.SYNACK // as where SYNs cross
		}, span(func(r *row) (capture.Time, capture.Time) { return r.c.Handshake.SYNACKTime, r.c.Handshake.ACKTime }))},
		{"lab.handshake_duration", Number, "seconds", "of a complete handshake, from the last SYN before the SYN+ACK on", 0, if_(isComplete,
			span(func(r *row) (capture.Time, capture.Time) { return r.c.Handshake.SYNTime, r.c.Handshake.ACKTime }))},
		{"lab.handshake_duration_first", Number, "seconds", "the same from the first SYN on: what connect() has waited", 0, if_(isComplete,
			span(func(r *row) (capture.Time, capture.Time) { return r.c.FirstSYNTime(), r.c.Handshake.ACKTime }))},
		{"tcp.analysis.initial_rtt", Number, "seconds", "from the last SYN to the first pure ACK", 0,
			func(dst []byte, r *row) []byte {
				if r.c.InitialRTT == (capture.Span{}) {
					return dst
				}
				return appendSeconds(dst, r.c.InitialRTT)
			}},
		{"lab.agreed", Words, "", "options that both sides agreed on: window_scale, sack, timestamps, fast_open, mptcp, ecn", 0,
			func(dst []byte, r *row) []byte { return appendAgreed(dst, r.c, r.between.words) }},
	}
	for _, side := range ends {
		columns = append(columns, endColumns(side)...)
	}
	return append(columns,
		Column{"lab.ending", Word, "", "how it ended: open, half closed, FIN, FIN not acknowledged, reset, refused, FIN then reset, ports reused", 0,
			func(dst []byte, r *row) []byte { return append(dst, endingWord(r.c.Ending)...) }},
		Column{"lab.closed_by", Word, "", "who sent the first FIN or RST: client or server", 0,
			func(dst []byte, r *row) []byte {
				if r.c.Ending == conversation.StillOpen || r.c.Ending == conversation.ReplacedByReuse {
					return dst
				}
				return append(dst, r.c.ClosedBy.String()...)
			}},
		Column{"lab.end_frame", Number, "", "the frame that ended it: the RST that counted, or the one that acknowledges the last FIN", 0,
			positive(func(r *row) int64 { return int64(r.c.EndFrame()) })},
		Column{"tcp.completeness", Number, "", "SYN 1, SYN+ACK 2, ACK 4, DATA 8, FIN 16, RST 32, summed over what was seen", 0,
			number(func(r *row) int64 { return int64(r.c.Seen) })},
		Column{"lab.completeness", Word, "", "the name Wireshark gives the sum", 0,
			func(dst []byte, r *row) []byte { return append(dst, r.c.Seen.Text()...) }},
		Column{"lab.completeness_sum", Word, "", "which of the bits were seen, and how they add up", 0,
			func(dst []byte, r *row) []byte { return append(dst, r.c.Seen.Sum()...) }},
		Column{"lab.icmp_quotes", Number, "", "ICMP errors that quoted it", 0, positive(func(r *row) int64 { return int64(r.c.Quotes) })},
		Column{"lab.verdict", Word, "", "what happened to it, in a word or a few: fine, refused, filtered and so on", 0,
			func(dst []byte, r *row) []byte { return append(dst, r.c.Verdict.Name...) }},
		Column{"lab.verdict_text", Text, "", "the same as a sentence", 0,
			func(dst []byte, r *row) []byte { return append(dst, r.c.Verdict.Text...) }},
		Column{"lab.verdict_frames", Numbers, "", "the frames that prove it", 0,
			func(dst []byte, r *row) []byte {
				for i, n := range r.c.Verdict.Frames {
					if i > 0 {
						dst = append(dst, r.between.numbers...)
					}
					dst = decimal.AppendInt(dst, int64(n))
				}
				return dst
			}},
	)
}

// endColumns are the columns of one end.
func endColumns(side conversation.Side) []Column {
	who := side.String()
	key := "lab." + who + "_"
	flow := func(value func(*conversation.Flow) int64) appendFunc {
		return number(func(r *row) int64 { return value(&r.c.Flows[side]) })
	}
	offered := func(value appendFunc) appendFunc {
		return if_(func(r *row) bool { return r.c.Offers[side].Seen }, value)
	}
	return []Column{
		{key + "isn", Number, "", "initial sequence number of the " + who, 0,
			if_(func(r *row) bool { return r.c.Flows[side].HasISN }, flow(func(f *conversation.Flow) int64 { return int64(f.ISN) }))},
		{key + "mss", Number, "bytes", "maximum segment size that the " + who + " offered", 0,
			offered(positive(func(r *row) int64 { return int64(r.c.Offers[side].MSS) }))},
		{key + "wscale", Number, "bits", "window scale that the " + who + " offered", 0,
			offered(func(dst []byte, r *row) []byte {
				if r.c.Offers[side].WindowScale < 0 {
					return dst
				}
				return decimal.AppendInt(dst, int64(r.c.Offers[side].WindowScale))
			})},
		{key + "segments", Number, "", "segments from the " + who, 0, flow(func(f *conversation.Flow) int64 { return int64(f.Segments) })},
		{key + "data_segments", Number, "", "those of them that carry payload", 0, flow(func(f *conversation.Flow) int64 { return int64(f.DataSegments) })},
		{key + "bytes", Number, "bytes", "payload from the " + who + ", each byte once", 0, flow(func(f *conversation.Flow) int64 { return int64(f.Bytes) })},
		{key + "wire_bytes", Number, "bytes", "frames from the " + who, 0, flow(func(f *conversation.Flow) int64 { return int64(f.Wire) })},
		{key + "retransmitted", Number, "", "segments that the " + who + " sent again", 0, flow(func(f *conversation.Flow) int64 { return int64(f.Retransmitted) })},
		{key + "fin_frame", Number, "", "first FIN of the " + who, 0, positive(func(r *row) int64 { return int64(r.c.Flows[side].FINFrame) })},
		{key + "fin_acked_frame", Number, "", "the frame that acknowledged it", 0, positive(func(r *row) int64 { return int64(r.c.Flows[side].FINAcked) })},
		{key + "rst_frame", Number, "", "first RST of the " + who, 0, positive(func(r *row) int64 { return int64(r.c.Flows[side].RSTFrame) })},
		{key + "state", Word, "", "state of the " + who + " at last, derived (RFC 9293 §3.3.2)", 0,
			func(dst []byte, r *row) []byte {
				if r.c.States[side] == conversation.Unknown {
					return dst
				}
				return append(dst, r.c.States[side].String()...)
			}},
		{key + "proved", Boolean, "", "true where a segment of the " + who + ", or a call, has shown that state; false where it is assumed", 0,
			func(dst []byte, r *row) []byte {
				if r.c.States[side] == conversation.Unknown {
					return dst
				}
				a := r.c.Account(side)
				return strconv.AppendBool(dst, a.Proved)
			}},
	}
}

func endAddress(version int, side conversation.Side) appendFunc {
	return func(dst []byte, r *row) []byte {
		a := r.c.Ends[side].Addr
		if !a.IsValid() || a.Is4() != (version == 4) {
			return dst
		}
		return appendAddr(dst, a)
	}
}

func isComplete(r *row) bool { return r.c.Handshake.Complete }

// between is the time from one moment to another; not known where one of them is
// not, or where they stand the wrong way round, as in a file that is not in the
// order of time.
func between(from, to capture.Time) (took capture.Span, known bool) {
	took = to.Since(from)
	return took, from.Known && to.Known && took.Sec >= 0 && took.Nsec >= 0
}

// span appends the seconds between two times, where that is known.
func span(times func(*row) (from, to capture.Time)) appendFunc {
	return func(dst []byte, r *row) []byte {
		from, to := times(r)
		if took, known := between(from, to); known {
			return appendSeconds(dst, took)
		}
		return dst
	}
}

func handshakeWord(c *conversation.Conversation) string {
	switch h := &c.Handshake; {
	case h.Complete:
		return "complete"
	case h.SYNACK != 0:
		return "SYN+ACK"
	case h.SYN != 0:
		return "SYN"
	}
	return "not captured"
}

func endingWord(e conversation.Ending) string {
	words := [...]string{"open", "half closed", "FIN", "FIN not acknowledged", "reset", "refused", "FIN then reset", "ports reused"}
	if int(e) < len(words) {
		return words[e]
	}
	return ""
}

// appendAgreed appends the options that both ends offered.
func appendAgreed(dst []byte, c *conversation.Conversation, between string) []byte {
	a, b := &c.Offers[conversation.Client], &c.Offers[conversation.Server]
	start := len(dst)
	for _, o := range [...]struct {
		word string
		both bool
	}{
		{"window_scale", a.WindowScale >= 0 && b.WindowScale >= 0},
		{"sack", a.SACK && b.SACK},
		{"timestamps", a.Timestamps && b.Timestamps},
		{"fast_open", a.FastOpen && b.FastOpen},
		{"mptcp", a.MPTCP && b.MPTCP},
		{"ecn", a.ECN && b.ECN},
	} {
		if !o.both || !a.Seen || !b.Seen {
			continue
		}
		if len(dst) > start {
			dst = append(dst, between...)
		}
		dst = append(dst, o.word...)
	}
	return dst
}
