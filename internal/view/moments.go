package view

import (
	"encoding/hex"
	"net/netip"
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// fillMoment makes a row of every moment.
func fillMoment(r *Row, m *timeline.Moment, start capture.Time, room *accounts) bool {
	if m.Kind == timeline.Segment || m.Kind == timeline.Arrival {
		*r = segmentRow(m, start)
		if r.text = nil; m.Kind == timeline.Segment {
			r.text = fresh(m)
		}
		if r.Conversation != nil {
			r.account(room)
		}
		return true
	}
	*r = Row{moment: m, start: start, Conversation: m.Conversation, Segment: m.Quoted}
	if m.Conversation != nil {
		r.Has = inStream
	}
	return true
}

var storyColumns = storyTable()

func storyTable() []KeyColumn {
	columns := []KeyColumn{
		{"lab.kind", Word, "", "what the moment tells of: segment, call, ended, icmp, undecoded, note, arrival (of a segment, where both ends of its way are known)", 0,
			func(dst []byte, r *Row) []byte {
				return append(dst, [...]string{"segment", "call", "ended", "icmp", "undecoded", "note", "arrival"}[r.moment.Kind]...)
			}},
		{"lab.time", Number, "seconds", "since the first moment", 0, func(dst []byte, r *Row) []byte {
			if !r.moment.At.Known || !r.start.Known {
				return dst
			}
			return appendSeconds(dst, r.moment.At.Since(r.start))
		}},
		colClient,
	}
	for _, c := range segmentColumns {
		if c.Key == "frame.number" { // of other frames too
			c.Needs, c.Append = 0, func(dst []byte, r *Row) []byte {
				if r.Has&IsSegment != 0 {
					return colFrame.Append(dst, r)
				}
				return frameOfMoment(dst, r)
			}
		}
		columns = append(columns, c)
	}
	columns = append(columns, colReception)
	for _, side := range ends {
		columns = append(columns, accountColumns(side)...)
	}
	columns = append(columns,
		KeyColumn{"lab.text", Text, "", `payload not seen before, or the bytes of a call, as text: control characters as \n and \x1b`, 0,
			func(dst []byte, r *Row) []byte {
				if r.moment.Call != nil {
					return append(dst, r.moment.Call.Data...)
				}
				return append(dst, r.text...)
			}},
		KeyColumn{"lab.from", Word, "", "who sent the segment: client or server", 0,
			ofSegment(func(dst []byte, r *Row) []byte { return append(dst, r.Event.From.String()...) })},
		KeyColumn{"lab.again_of", Number, "", "of a segment that was sent again: the latest frame that brought its first byte", 0,
			ofSegment(func(dst []byte, r *Row) []byte {
				if r.Event.AgainOf == 0 {
					return dst
				}
				return decimal.AppendInt(dst, int64(r.Event.AgainOf))
			})},
		KeyColumn{"lab.header", Word, "", "the TCP header with its options, as far as captured, in hexadecimal", 0,
			ofSegment(func(dst []byte, r *Row) []byte { return hex.AppendEncode(dst, r.Segment.Header) })},
		KeyColumn{"lab.sentence", Text, "", "what the segment means, in one sentence", 0, ofSegment(appendRowSentence)},
		KeyColumn{"lab.section", Word, "", "the text the sentence rests on", 0,
			ofSegment(func(dst []byte, r *Row) []byte { return append(dst, r.Event.Section()...) })})
	columns = append(columns, passageColumns...)
	columns = append(columns, KeyColumn{"lab.arrives_apart", Boolean, "", "true where the arrival of the segment is a moment of its own; left out where it is not", hasPassage,
		truth(func(r *Row) bool { return r.moment.Passage.Later })})
	for _, side := range ends {
		columns = append(columns, kernelColumns(side, func(r *Row) bool { return isToldNow(r.moment, side) })...)
	}
	columns = append(columns, callColumns...)
	return append(columns, restColumns...)
}

// isToldNow reports whether what an end's kernel says belongs to a moment: to that of
// the sending at the sender, to that of the arrival at the receiver.
func isToldNow(m *timeline.Moment, side conversation.Side) bool {
	if side == m.Event.From {
		return m.Kind == timeline.Segment
	}
	return m.Kind == timeline.Arrival || !m.Passage.Later
}

var frameOfMoment = positive(func(r *Row) int64 { return int64(r.moment.Frame) })

func ofSegment(value AppendFunc) AppendFunc {
	return when(func(r *Row) bool { return r.Event != nil && r.Conversation != nil }, value)
}

// ofCall appends what a call has to say, if it has.
func ofCall(text func(*dialogue.Call) string) AppendFunc {
	return func(dst []byte, r *Row) []byte {
		if r.moment.Call == nil {
			return dst
		}
		return append(dst, text(r.moment.Call)...)
	}
}

var callColumns = []KeyColumn{
	{"lab.call", Word, "", "name of the socket call", 0, ofCall(func(c *dialogue.Call) string { return c.Name })},
	{"lab.call_id", Number, "", "the same in the begin and the end of a call", 0, ofCall(func(c *dialogue.Call) string { return strconv.FormatUint(c.ID, 10) })},
	{"lab.phase", Word, "", "begin or end of the call", 0, ofCall(func(c *dialogue.Call) string {
		return [...]string{dialogue.Begin: "begin", dialogue.End: "end"}[c.Phase]
	})},
	{"lab.role", Word, "", "who calls: client or server", 0, ofCall(func(c *dialogue.Call) string { return c.Role.String() })},
	{"lab.args", Text, "", "arguments of the call", 0, ofCall(func(c *dialogue.Call) string { return c.Args })},
	{"lab.local", Word, "", "address of the socket", 0, ofCall(func(c *dialogue.Call) string { return addressText(c.Local) })},
	{"lab.remote", Word, "", "address of its peer", 0, ofCall(func(c *dialogue.Call) string { return addressText(c.Remote) })},
	{"lab.result", Number, "bytes", "what send or recv returned", 0, ofCall(func(c *dialogue.Call) string {
		if c.Phase == dialogue.End && (c.Name == "send" || c.Name == "recv") && (c.Err == nil || c.N > 0) {
			return strconv.Itoa(c.N)
		}
		return ""
	})},
	{"lab.error", Text, "", "what the call failed with; EOF is the end of the stream", 0, ofCall(func(c *dialogue.Call) string {
		if c.Err == nil {
			return ""
		}
		return c.Err.Error()
	})},
}

func addressText(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

var restColumns = []KeyColumn{
	{"lab.verdict", Word, "", "what happened to the conversation that is over, in a word or a few", 0, ofEnded(word(func(c *conv) string { return c.Verdict.Name }))},
	{"lab.verdict_text", Text, "", "the same as a sentence", 0, ofEnded(word(func(c *conv) string { return c.Verdict.Text }))},
	{"lab.completeness", Word, "", "the name Wireshark gives what was seen of the conversation", 0, ofEnded(word(func(c *conv) string { return c.Seen.Text() }))},
	{"lab.icmp", Text, "", "the ICMP error, its sender, and the segment it quotes", 0, func(dst []byte, r *Row) []byte {
		q := r.moment.Quote
		if q == nil {
			return dst
		}
		dst = append(append(q.Src.AppendTo(dst), ": "...), q.Text...)
		if r.moment.Quoted == nil {
			return dst
		}
		dst = appendEndpoint(append(dst, "; quotes "...), r.moment.Quoted, false, nil)
		return appendEndpoint(append(dst, " to "...), r.moment.Quoted, true, nil)
	}},
	{"lab.problem", Text, "", "why a frame was not decoded", 0, func(dst []byte, r *Row) []byte {
		if r.moment.Kind != timeline.Undecoded || r.moment.Problem == nil {
			return dst
		}
		return appendProblem(dst, r.moment.Problem)
	}},
	{"lab.remark", Text, "", "a note of the program", 0, func(dst []byte, r *Row) []byte { return append(dst, r.moment.Text...) }},
}

func ofEnded(value AppendFunc) AppendFunc {
	return when(func(r *Row) bool { return r.moment.Kind == timeline.Ended && r.Conversation != nil }, value)
}
