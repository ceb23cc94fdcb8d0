package view

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// optionsBit is where the options begin: after the last field.
var optionsBit = decode.Fields[len(decode.Fields)-1].End() + 1

func appendFieldValue(dst []byte, f decode.Field, v uint32) []byte {
	if f.Key == "tcp.checksum" {
		return appendHex16(dst, uint16(v))
	}
	return decimal.Append(dst, uint64(v))
}

// appendFieldMeaning says what a field's value means in this segment.
func appendFieldMeaning(dst []byte, f decode.Field, v uint32, r *Row) []byte {
	switch f.Key {
	case "tcp.srcport", "tcp.dstport":
		if r.Conversation == nil {
			return dst
		}
		side := r.Event.From
		if f.Key == "tcp.dstport" {
			side = side.Other()
		}
		return append(append(dst, side.String()...), "'s port"...)
	case "tcp.seq_raw":
		return appendNumberMeaning(dst, &r.Event.SeqRule, r.Event.Seq, r)
	case "tcp.ack_raw":
		if !r.Segment.Flags.Has(decode.ACK) {
			return append(dst, "means nothing: ACK is 0"...)
		}
		return appendNumberMeaning(dst, &r.Event.AckRule, r.Event.Ack, r)
	case "tcp.hdr_len":
		dst = append(decimal.Append(append(dst, "× 4 = "...), 4*uint64(v)), " bytes"...)
		if v > 5 {
			dst = append(decimal.Append(append(dst, ", "...), 4*uint64(v)-uint64(optionsBit/8)), " of options"...)
		}
		return dst
	case "tcp.flags.res":
		return append(dst, "kept for later use"...)
	case "tcp.window_size_value":
		return appendWindowMeaning(dst, v, r)
	case "tcp.checksum":
		return append(dst, sumMeanings[r.Segment.VerifyChecksum()&3]...)
	case "tcp.urgent_pointer":
		if !r.Segment.Flags.Has(decode.URG) {
			return append(dst, "means nothing: URG is 0"...)
		}
		return decimal.Append(append(dst, "urgent data ends before seq + "...), uint64(v))
	}
	if f.Width == 1 && v == 1 {
		if r.Segment.Flags.Has(decode.SYN) && (f.Key == "tcp.flags.ece" || f.Key == "tcp.flags.cwr") {
			return append(dst, ecnMeaning(f.Key, r.Segment.Flags)...)
		}
		return append(dst, flagMeaning[f.Key]...)
	}
	return dst
}

var sumMeanings = [...]string{decode.SumUnchecked: "not checked: not all bytes are here", decode.SumGood: "good",

	decode.SumPartial: "partial: left to the device (offload)", decode.SumBad: "BAD"}

// flagMeaning says in a few words what a set flag means.
var flagMeaning = map[string]string{
	"tcp.flags.ae":    "Accurate ECN",
	"tcp.flags.cwr":   "sender has slowed down",
	"tcp.flags.ece":   "ECN: congestion was marked",
	"tcp.flags.urg":   "the urgent pointer counts",
	"tcp.flags.ack":   "the acknowledgment number counts",
	"tcp.flags.push":  "hand the data on at once",
	"tcp.flags.reset": "the connection is over at once",
	"tcp.flags.syn":   "opens: here begin my numbers",
	"tcp.flags.fin":   "closes: no more data from me",
}

// ecnMeaning says what ECE or CWR means beside a SYN (RFC 3168 §6.1.1, RFC 9768
// §3.1.1).
func ecnMeaning(key string, f decode.Flags) string {
	switch {
	case !f.Has(decode.ACK):
		return "offers ECN"
	case key == "tcp.flags.ece":
		return "agrees to ECN"
	}
	return "answers Accurate ECN"
}

// appendNumberMeaning appends "x + 1 (SYN of #1), relative 1".
func appendNumberMeaning(dst []byte, rule *conversation.Rule, relative uint32, r *Row) []byte {
	if r.Conversation == nil {
		return dst
	}
	start := len(dst)
	if why := whyZero(r.Event, rule); why != "" {
		dst = append(append(dst, why...), " (RFC 9293 §3.5.2)"...)
	} else {
		dst = r.letters().appendProved(dst, rule)
	}
	if len(dst) > start {
		dst = append(dst, ", "...)
	}
	return decimal.Append(append(dst, "relative "...), uint64(relative))
}

// isUnanswered reports whether a SYN was captured, and no SYN+ACK.
func isUnanswered(c *conversation.Conversation) bool {
	return c.Handshake.FirstSYNFrame != 0 && c.Handshake.SYNACKFrame == 0
}

func appendWindowMeaning(dst []byte, v uint32, r *Row) []byte {
	switch {
	case r.Conversation == nil:
	case r.Event.WindowScale > 0:
		dst = decimal.AppendInt(append(dst, "× "...), int64(r.Event.WindowScale))
		dst = append(decimal.Append(append(dst, " = "...), uint64(r.Event.WindowSize)), " bytes"...)
	case r.Event.WindowScale == conversation.ScaleUnknown && r.Segment.Flags.Has(decode.RST) && isUnanswered(r.Conversation):
		dst = append(decimal.Append(dst, uint64(v)), " bytes: without a handshake there is no scale"...)
	case r.Event.WindowScale == conversation.ScaleUnknown:
		dst = append(dst, "bytes; its scale was not captured"...)
	default:
		dst = append(decimal.Append(dst, uint64(v)), " bytes, not scaled"...)
	}
	return dst
}

func appendOptionMeaning(dst []byte, o decode.Option, r *Row) []byte {
	switch {
	case o.Problem != nil:
		return append(dst, o.Problem.Reason...)
	case r.Segment.Options.HasScale && o.Kind == 3:
		dst = decimal.AppendInt(append(dst, "my windows count times "...), 1<<min(r.Segment.Options.Scale, 14))
	case o.Kind == 2:
		dst = append(dst, "largest payload I take"...)
	case o.Kind == 4:
		dst = append(dst, "you may tell me of gaps"...)
	case o.Kind == 8:
		dst = append(dst, "my clock, and yours echoed"...)
	case o.Kind == 1:
		dst = append(dst, "fills up to 32 bits"...)
	}
	return dst
}
