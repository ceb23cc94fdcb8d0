package view

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// momentRows makes a row of every moment.
type momentRows struct {
	clock
	row      Row
	accounts accounts
}

func newMomentRows() RowMaker { return new(momentRows) }

func (a *momentRows) Moment(m *timeline.Moment, emit func(*Row) error) error {
	a.see(m)
	if m.Kind == timeline.Segment {
		a.row = segmentRow(m, a.start)
		a.row.text = fresh(m)
		if a.row.Conversation != nil {
			a.row.account(&a.accounts)
		}
		return emit(&a.row)
	}
	a.row = Row{moment: m, start: a.start, Conversation: m.Conversation, Segment: m.Quoted}
	if m.Conversation != nil {
		a.row.Has = inStream
	}
	return emit(&a.row)
}

func (*momentRows) Close(func(*Row) error) error { return nil }

var storyColumns = storyTable()

func storyTable() []KeyColumn {
	columns := []KeyColumn{
		{"lab.kind", Word, "", "what the moment tells of: segment, call, ended, icmp, undecoded, note", 0,
			func(dst []byte, r *Row) []byte {
				return append(dst, [...]string{"segment", "call", "ended", "icmp", "undecoded", "note"}[r.moment.Kind]...)
			}},
		{"lab.time", Number, "seconds", "since the first moment", 0, func(dst []byte, r *Row) []byte {
			if !r.moment.At.Known || !r.start.Known {
				return dst
			}
			return appendSeconds(dst, r.moment.At.Since(r.start))
		}},
		{"lab.client", Number, "", "which client of the lab it belongs to, from 1", 0, positive(func(r *Row) int64 { return int64(r.moment.Client) })},
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
		KeyColumn{"lab.sentence", Text, "", "what the segment means, in one sentence", 0,
			ofSegment(func(dst []byte, r *Row) []byte { return r.Event.AppendSentence(dst) })},
		KeyColumn{"lab.section", Word, "", "the text the sentence rests on", 0,
			ofSegment(func(dst []byte, r *Row) []byte { return append(dst, r.Event.Section()...) })})
	columns = append(columns, callColumns...)
	return append(columns, restColumns...)
}

var frameOfMoment = positive(func(r *Row) int64 { return int64(r.moment.Frame) })

func ofSegment(value AppendFunc) AppendFunc {
	return when(func(r *Row) bool { return r.Event != nil && r.Conversation != nil }, value)
}

func ofCall(value AppendFunc) AppendFunc {
	return when(func(r *Row) bool { return r.moment.Call != nil }, value)
}

var callColumns = []KeyColumn{
	{"lab.call", Word, "", "name of the socket call", 0, ofCall(func(dst []byte, r *Row) []byte { return append(dst, r.moment.Call.Name...) })},
	{"lab.call_id", Number, "", "the same in the begin and the end of a call", 0, ofCall(func(dst []byte, r *Row) []byte {
		return decimal.Append(dst, r.moment.Call.ID)
	})},
	{"lab.phase", Word, "", "begin or end of the call", 0, ofCall(func(dst []byte, r *Row) []byte {
		if r.moment.Call.Phase == dialogue.End {
			return append(dst, "end"...)
		}
		return append(dst, "begin"...)
	})},
	{"lab.role", Word, "", "who calls: client or server", 0, ofCall(func(dst []byte, r *Row) []byte { return append(dst, r.moment.Call.Role.String()...) })},
	{"lab.args", Text, "", "arguments of the call", 0, ofCall(func(dst []byte, r *Row) []byte { return append(dst, r.moment.Call.Args...) })},
	{"lab.local", Word, "", "address of the socket", 0, ofCall(func(dst []byte, r *Row) []byte {
		if !r.moment.Call.Local.IsValid() {
			return dst
		}
		return r.moment.Call.Local.AppendTo(dst)
	})},
	{"lab.remote", Word, "", "address of its peer", 0, ofCall(func(dst []byte, r *Row) []byte {
		if !r.moment.Call.Remote.IsValid() {
			return dst
		}
		return r.moment.Call.Remote.AppendTo(dst)
	})},
	{"lab.result", Number, "bytes", "what send or recv returned", 0, ofCall(func(dst []byte, r *Row) []byte {
		if c := r.moment.Call; c.Phase == dialogue.End && (c.Name == "send" || c.Name == "recv") && (c.Err == nil || c.N > 0) {
			return decimal.AppendInt(dst, int64(c.N))
		}
		return dst
	})},
	{"lab.error", Text, "", "what the call failed with; EOF is the end of the stream", 0, ofCall(func(dst []byte, r *Row) []byte {
		if r.moment.Call.Err == nil {
			return dst
		}
		return append(dst, r.moment.Call.Err.Error()...)
	})},
}

var restColumns = []KeyColumn{
	{"lab.verdict", Word, "", "what happened to the conversation that is over, in a word or a few", 0,
		ofEnded(func(dst []byte, r *Row) []byte { return append(dst, r.Conversation.Verdict.Name...) })},
	{"lab.verdict_text", Text, "", "the same as a sentence", 0,
		ofEnded(func(dst []byte, r *Row) []byte { return append(dst, r.Conversation.Verdict.Text...) })},
	{"lab.completeness", Word, "", "the name Wireshark gives what was seen of the conversation", 0,
		ofEnded(func(dst []byte, r *Row) []byte { return append(dst, r.Conversation.Seen.Text()...) })},
	{"lab.icmp", Text, "", "the ICMP error, its sender, and the segment it quotes", 0, func(dst []byte, r *Row) []byte {
		q := r.moment.Quote
		if q == nil {
			return dst
		}
		dst = append(append(q.Src.AppendTo(dst), ": "...), q.Text...)
		if r.moment.Quoted == nil {
			return dst
		}
		dst = appendEndpoint(append(dst, "; quotes "...), r.moment.Quoted, false)
		return appendEndpoint(append(dst, " to "...), r.moment.Quoted, true)
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
