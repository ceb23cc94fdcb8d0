package present

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// everything makes a row of every moment.
type everything struct {
	clock
	row row
}

func momentRows() rower { return new(everything) }

func (a *everything) moment(m *timeline.Moment, emit func(*row) error) error {
	a.see(m)
	a.row = row{m: m, start: a.start, c: m.Conversation}
	switch m.Kind {
	case timeline.Segment:
		a.row.e, a.row.s, a.row.c = m.Event, m.Event.Segment, m.Event.Conversation
		a.row.text = fresh(m)
	case timeline.Quote:
		a.row.s = m.Quoted
	}
	return emit(&a.row)
}

func (*everything) close(func(*row) error) error { return nil }

var storyColumns = storyTable()

func storyTable() []Column {
	columns := []Column{
		{"lab.kind", Word, "", "what the moment tells of: segment, call, ended, icmp, undecoded, note",
			func(dst []byte, r *row) []byte {
				return append(dst, [...]string{"segment", "call", "ended", "icmp", "undecoded", "note"}[r.m.Kind]...)
			}},
		{"lab.time", Number, "seconds", "since the first moment", func(dst []byte, r *row) []byte {
			if r.m.At == 0 || r.start == 0 {
				return dst
			}
			return appendSeconds(dst, r.m.At-r.start)
		}},
		{"lab.client", Number, "", "which client of the lab it belongs to, from 1", positive(func(r *row) int64 { return int64(r.m.Client) })},
	}
	for _, c := range segmentColumns {
		switch value := c.append; c.Key {
		case "tcp.stream": // of an ended conversation too
			c.append = if_(func(r *row) bool { return r.c != nil }, number(func(r *row) int64 { return int64(r.c.Stream) }))
		case "frame.number":
			c.append = func(dst []byte, r *row) []byte {
				if r.e == nil {
					return positive(func(r *row) int64 { return int64(r.m.Frame) })(dst, r)
				}
				return value(dst, r)
			}
		default:
			c.append = if_(func(r *row) bool { return r.e != nil }, value)
		}
		columns = append(columns, c)
	}
	columns = append(columns,
		Column{"lab.text", Text, "", `payload not seen before, or the bytes of a call, as text: control characters as \n and \x1b`,
			func(dst []byte, r *row) []byte {
				if r.m.Call != nil {
					return append(dst, r.m.Call.Data...)
				}
				return append(dst, r.text...)
			}},
		Column{"lab.sentence", Text, "", "what the segment means, in one sentence",
			ofSegment(func(dst []byte, r *row) []byte { return append(dst, r.e.Sentence()...) })},
		Column{"lab.section", Word, "", "the text the sentence rests on",
			ofSegment(func(dst []byte, r *row) []byte { return append(dst, r.e.Section()...) })})
	columns = append(columns, callColumns...)
	return append(columns, restColumns...)
}

func ofSegment(value appendFunc) appendFunc {
	return if_(func(r *row) bool { return r.e != nil && r.c != nil }, value)
}

func ofCall(value appendFunc) appendFunc {
	return if_(func(r *row) bool { return r.m.Call != nil }, value)
}

var callColumns = []Column{
	{"lab.call", Word, "", "name of the socket call", ofCall(func(dst []byte, r *row) []byte { return append(dst, r.m.Call.Name...) })},
	{"lab.call_id", Number, "", "the same in the begin and the end of a call", ofCall(func(dst []byte, r *row) []byte {
		return strconv.AppendUint(dst, r.m.Call.ID, 10)
	})},
	{"lab.phase", Word, "", "begin or end of the call", ofCall(func(dst []byte, r *row) []byte {
		if r.m.Call.Phase == dialogue.End {
			return append(dst, "end"...)
		}
		return append(dst, "begin"...)
	})},
	{"lab.role", Word, "", "who calls: client or server", ofCall(func(dst []byte, r *row) []byte { return append(dst, r.m.Call.Role.String()...) })},
	{"lab.args", Text, "", "arguments of the call", ofCall(func(dst []byte, r *row) []byte { return append(dst, r.m.Call.Args...) })},
	{"lab.local", Word, "", "address of the socket", ofCall(func(dst []byte, r *row) []byte {
		if !r.m.Call.Local.IsValid() {
			return dst
		}
		return r.m.Call.Local.AppendTo(dst)
	})},
	{"lab.remote", Word, "", "address of its peer", ofCall(func(dst []byte, r *row) []byte {
		if !r.m.Call.Remote.IsValid() {
			return dst
		}
		return r.m.Call.Remote.AppendTo(dst)
	})},
	{"lab.result", Number, "bytes", "what send or recv returned", ofCall(func(dst []byte, r *row) []byte {
		if c := r.m.Call; c.Phase == dialogue.End && (c.Name == "send" || c.Name == "recv") && (c.Err == nil || c.N > 0) {
			return strconv.AppendInt(dst, int64(c.N), 10)
		}
		return dst
	})},
	{"lab.error", Text, "", "what the call failed with; EOF is the end of the stream", ofCall(func(dst []byte, r *row) []byte {
		if r.m.Call.Err == nil {
			return dst
		}
		return append(dst, r.m.Call.Err.Error()...)
	})},
}

var restColumns = []Column{
	{"lab.verdict", Word, "", "what happened to the conversation that is over, in a word or a few",
		ofEnded(func(dst []byte, r *row) []byte { return append(dst, r.c.Verdict.Name...) })},
	{"lab.verdict_text", Text, "", "the same as a sentence",
		ofEnded(func(dst []byte, r *row) []byte { return append(dst, r.c.Verdict.Text...) })},
	{"lab.completeness", Word, "", "the name Wireshark gives what was seen of the conversation",
		ofEnded(func(dst []byte, r *row) []byte { return append(dst, r.c.Seen.Text()...) })},
	{"lab.icmp", Text, "", "the ICMP error, its sender, and the segment it quotes", func(dst []byte, r *row) []byte {
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
	{"lab.problem", Text, "", "why a frame was not decoded", func(dst []byte, r *row) []byte {
		if r.m.Kind != timeline.Undecoded || r.m.Problem == nil {
			return dst
		}
		return appendProblem(dst, r.m.Problem)
	}},
	{"lab.remark", Text, "", "a note of the program", func(dst []byte, r *row) []byte { return append(dst, r.m.Text...) }},
}

func ofEnded(value appendFunc) appendFunc {
	return if_(func(r *row) bool { return r.m.Kind == timeline.Ended && r.c != nil }, value)
}
