package present

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// everything makes a row of every moment.
type everything struct {
	clock
	row      row
	accounts accounts
}

func momentRows() rower { return new(everything) }

func (a *everything) moment(m *timeline.Moment, emit func(*row) error) error {
	a.see(m)
	if m.Kind == timeline.Segment {
		a.row = segmentRow(m, a.start)
		a.row.text = fresh(m)
		if a.row.c != nil {
			a.row.account(&a.accounts)
		}
		return emit(&a.row)
	}
	a.row = row{m: m, start: a.start, c: m.Conversation, s: m.Quoted}
	if m.Conversation != nil {
		a.row.has = inStream
	}
	return emit(&a.row)
}

func (*everything) close(func(*row) error) error { return nil }

var storyColumns = storyTable()

func storyTable() []Column {
	columns := []Column{
		{"lab.kind", Word, "", "what the moment tells of: segment, call, ended, icmp, undecoded, note", 0,
			func(dst []byte, r *row) []byte {
				return append(dst, [...]string{"segment", "call", "ended", "icmp", "undecoded", "note"}[r.m.Kind]...)
			}},
		{"lab.time", Number, "seconds", "since the first moment", 0, func(dst []byte, r *row) []byte {
			if !r.m.At.Known || !r.start.Known {
				return dst
			}
			return appendSeconds(dst, r.m.At.Since(r.start))
		}},
		{"lab.client", Number, "", "which client of the lab it belongs to, from 1", 0, positive(func(r *row) int64 { return int64(r.m.Client) })},
	}
	for _, c := range segmentColumns {
		if c.Key == "frame.number" { // of other frames too
			c.needs, c.append = 0, func(dst []byte, r *row) []byte {
				if r.has&isSegment != 0 {
					return colFrame.append(dst, r)
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
		Column{"lab.text", Text, "", `payload not seen before, or the bytes of a call, as text: control characters as \n and \x1b`, 0,
			func(dst []byte, r *row) []byte {
				if r.m.Call != nil {
					return append(dst, r.m.Call.Data...)
				}
				return append(dst, r.text...)
			}},
		Column{"lab.sentence", Text, "", "what the segment means, in one sentence", 0,
			ofSegment(func(dst []byte, r *row) []byte { return r.e.AppendSentence(dst) })},
		Column{"lab.section", Word, "", "the text the sentence rests on", 0,
			ofSegment(func(dst []byte, r *row) []byte { return append(dst, r.e.Section()...) })})
	columns = append(columns, callColumns...)
	return append(columns, restColumns...)
}

var frameOfMoment = positive(func(r *row) int64 { return int64(r.m.Frame) })

func ofSegment(value appendFunc) appendFunc {
	return if_(func(r *row) bool { return r.e != nil && r.c != nil }, value)
}

func ofCall(value appendFunc) appendFunc {
	return if_(func(r *row) bool { return r.m.Call != nil }, value)
}

var callColumns = []Column{
	{"lab.call", Word, "", "name of the socket call", 0, ofCall(func(dst []byte, r *row) []byte { return append(dst, r.m.Call.Name...) })},
	{"lab.call_id", Number, "", "the same in the begin and the end of a call", 0, ofCall(func(dst []byte, r *row) []byte {
		return decimal.Append(dst, r.m.Call.ID)
	})},
	{"lab.phase", Word, "", "begin or end of the call", 0, ofCall(func(dst []byte, r *row) []byte {
		if r.m.Call.Phase == dialogue.End {
			return append(dst, "end"...)
		}
		return append(dst, "begin"...)
	})},
	{"lab.role", Word, "", "who calls: client or server", 0, ofCall(func(dst []byte, r *row) []byte { return append(dst, r.m.Call.Role.String()...) })},
	{"lab.args", Text, "", "arguments of the call", 0, ofCall(func(dst []byte, r *row) []byte { return append(dst, r.m.Call.Args...) })},
	{"lab.local", Word, "", "address of the socket", 0, ofCall(func(dst []byte, r *row) []byte {
		if !r.m.Call.Local.IsValid() {
			return dst
		}
		return r.m.Call.Local.AppendTo(dst)
	})},
	{"lab.remote", Word, "", "address of its peer", 0, ofCall(func(dst []byte, r *row) []byte {
		if !r.m.Call.Remote.IsValid() {
			return dst
		}
		return r.m.Call.Remote.AppendTo(dst)
	})},
	{"lab.result", Number, "bytes", "what send or recv returned", 0, ofCall(func(dst []byte, r *row) []byte {
		if c := r.m.Call; c.Phase == dialogue.End && (c.Name == "send" || c.Name == "recv") && (c.Err == nil || c.N > 0) {
			return decimal.AppendInt(dst, int64(c.N))
		}
		return dst
	})},
	{"lab.error", Text, "", "what the call failed with; EOF is the end of the stream", 0, ofCall(func(dst []byte, r *row) []byte {
		if r.m.Call.Err == nil {
			return dst
		}
		return append(dst, r.m.Call.Err.Error()...)
	})},
}

var restColumns = []Column{
	{"lab.verdict", Word, "", "what happened to the conversation that is over, in a word or a few", 0,
		ofEnded(func(dst []byte, r *row) []byte { return append(dst, r.c.Verdict.Name...) })},
	{"lab.verdict_text", Text, "", "the same as a sentence", 0,
		ofEnded(func(dst []byte, r *row) []byte { return append(dst, r.c.Verdict.Text...) })},
	{"lab.completeness", Word, "", "the name Wireshark gives what was seen of the conversation", 0,
		ofEnded(func(dst []byte, r *row) []byte { return append(dst, r.c.Seen.Text()...) })},
	{"lab.icmp", Text, "", "the ICMP error, its sender, and the segment it quotes", 0, func(dst []byte, r *row) []byte {
		q := r.m.Quote
		if q == nil {
			return dst
		}
		dst = append(append(q.Src.AppendTo(dst), ": "...), q.Text...)
		if r.m.Quoted == nil {
			return dst
		}
		dst = appendEndpoint(append(dst, "; quotes "...), r.m.Quoted, false)
		return appendEndpoint(append(dst, " to "...), r.m.Quoted, true)
	}},
	{"lab.problem", Text, "", "why a frame was not decoded", 0, func(dst []byte, r *row) []byte {
		if r.m.Kind != timeline.Undecoded || r.m.Problem == nil {
			return dst
		}
		return appendProblem(dst, r.m.Problem)
	}},
	{"lab.remark", Text, "", "a note of the program", 0, func(dst []byte, r *row) []byte { return append(dst, r.m.Text...) }},
}

func ofEnded(value appendFunc) appendFunc {
	return if_(func(r *row) bool { return r.m.Kind == timeline.Ended && r.c != nil }, value)
}
