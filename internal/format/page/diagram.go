// Package page writes what stands on a page: diagrams and typeset tables, one
// format a file.
package page

import (
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// arrow is a segment as diagrams draw it.
type arrow struct {
	from  conversation.Side
	title string
	under []labelled // flags, numbers, data
}

// labelled is a text with what it means.
type labelled struct {
	tone view.Tone
	text string
}

const (
	reasonRoom = 40 // characters for why a number is what it is
	dataRoom   = 60 // bytes of data that a diagram shows
)

// arrowOf is how a segment is drawn.
func arrowOf(e *view.Entry) arrow {
	title, _ := e.AppendTitle(nil)
	a := arrow{from: e.Event.From, title: string(title)}
	if n := e.FrameNumber(); n > 0 {
		a.title = "#" + strconv.Itoa(n) + " " + a.title
	}
	for d := range e.Details() {
		a.under = append(a.under, labelled{d.Tone, detailText(&d)})
	}
	return a
}

// detailText is a part of a segment in one line: "seq 32-63: 2252298013 = x (ISN)".
func detailText(d *view.Detail) string {
	value := d.AppendValue(nil)
	if d.Part == view.Data {
		if len(value) > dataRoom {
			value = append(value[:dataRoom:dataRoom], "…"...)
		}
		return "data: " + string(value)
	}
	text := d.Part.String() + " " + string(d.Bits().Append(nil)) + ": " + string(value)
	switch reason := string(d.AppendReason(nil, reasonRoom)); {
	case reason == "":
	case d.Sum:
		text += " = " + strings.ReplaceAll(reason, "  ", " ")
	default:
		text += " (" + reason + ")"
	}
	return text
}

// statesText are the states that a segment has led to, client first.
func statesText(states view.States) (texts [2]string) {
	for side, state := range states {
		if state == conversation.Unknown {
			continue
		}
		texts[side] = (state &^ view.Assumed).String()
		if state&view.Assumed != 0 {
			texts[side] += "?"
		}
	}
	return texts
}

// titleOf is what an entry without an arrow says, with its remarks.
func titleOf(e *view.Entry) (lines []labelled) {
	title, tone := e.AppendTitle(nil)
	lines = append(lines, labelled{tone, string(title)})
	return append(lines, remarksOf(e)...)
}

// remarksOf are the remarks of an entry, and what a handshake proves.
func remarksOf(e *view.Entry) (lines []labelled) {
	for tone, text := range e.Remarks() {
		lines = append(lines, labelled{tone, string(text)})
	}
	if e.Kind == timeline.Segment && e.Proves {
		for line := range strings.SplitSeq(string(e.AppendProof(nil, false)), "\n") {
			lines = append(lines, labelled{view.Good, line})
		}
	}
	return lines
}

// piece is what one row of 32 bits shows of a field; a field of options may stand
// in several rows.
type piece struct {
	first, last int // bits, from 0 at the header's first
	name, value string
	tone        view.Tone
	continued   bool // the field began in a row before
}

// gridOf are the pieces of a header, from its first bit to the last captured one
// without a gap, where rows have so many bits.
func gridOf(fields []view.Field, row int) (pieces []piece) {
	next := 0
	for i := range fields {
		f := &fields[i]
		if f.First > next {
			pieces = appendPieces(pieces, piece{first: next, last: f.First - 1, name: "padding"}, row)
		}
		p := piece{first: f.First, last: f.Last, name: strings.TrimSuffix(f.Name, " Number"), value: string(f.Value), tone: f.Tone}
		pieces = appendPieces(pieces, p, row)
		next = f.Last + 1
	}
	if rest := next % 32; next > 0 && rest > 0 {
		pieces = appendPieces(pieces, piece{first: next, last: next + 31 - rest, name: "padding"}, row)
	}
	return pieces
}

// appendPieces splits a field where its rows end.
func appendPieces(pieces []piece, p piece, row int) []piece {
	for last := p.last; p.first <= last; {
		p.last = min(last, p.first-p.first%row+row-1)
		pieces = append(pieces, p)
		p.first, p.continued = p.last+1, true
	}
	return pieces
}

// fieldsOf are the fields of the header that a row is of, and the title above
// them. What changed since the segment before is not known here.
func fieldsOf(r *view.Row) (fields []view.Field) {
	_ = view.Named("header").Rows().Moment(r.Moment(), func(r *view.Row) error {
		fields = append(fields, keepField(r.Field()))
		return nil
	})
	return fields
}

// keepField copies what of a field is valid only as long as its row.
func keepField(f view.Field) view.Field {
	f.Bits, f.Value, f.Meaning = append([]byte(nil), f.Bits...), append([]byte(nil), f.Value...), append([]byte(nil), f.Meaning...)
	return f
}
