package text

import (
	"bytes"

	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// details draws what stands below a segment's arrow.
type details struct {
	*canvas
	seq, ack equation
	numbers  bool      // there are such, and flags
	data     view.Bits // of data; none where it ends with bit 0
	bits     []byte    // room for those of a detail
}

// take takes the details of an entry, and finds what there is room for.
func (d *details) take(e *view.Entry) {
	var seq, ack view.Detail
	if seq, d.numbers = e.Detail(view.Seq); d.numbers {
		ack, _ = e.Detail(view.Ack)
		d.equate(&d.seq, &seq)
		d.equate(&d.ack, &ack)
	}
	d.data = view.Bits{}
	if len(e.Event.Segment.Payload) > 0 {
		data, _ := e.Detail(view.Data)
		d.data = data.Bits()
	}
}

// equation is a number and why it is so; the latter, where it is known, begins with
// a blank.
type equation struct {
	text    []byte
	value   int // bytes of text, the number
	columns int // of the text
	tone    view.Tone
	broken  bool // into two lines, as one has no room for both
}

// equate finds a number and its arithmetic.
func (d *details) equate(q *equation, n *view.Detail) {
	q.text, q.tone = n.AppendValue(q.text[:0]), n.Tone
	if n.Sum {
		for !d.ladder.isNarrow() && len(q.text) < 10 {
			q.text = append(q.text, ' ') // so that the signs of equality stand below one another
		}
		q.value = len(q.text)
		q.text = append(q.text, " = "...)
	} else {
		q.value = len(q.text)
		q.text = append(q.text, "  "...)
	}
	before := len(q.text)
	if q.text = n.AppendReason(q.text, d.ladder.inside()-openingWidth-before); len(q.text) == before {
		before = q.value
		q.text = q.text[:before]
	}
	if q.columns = len(q.text); !visible.IsPlain(q.text[before:]) {
		if d.line.set == visible.ASCII {
			d.value = append(d.value[:0], q.text[before:]...)
			q.text = visible.Append(q.text[:before], d.value, visible.ASCII)
		}
		q.columns = width(q.text)
	}
	q.broken = q.value < len(q.text) && d.ladder.right-d.ladder.value() < q.columns
}

// drawEquation writes a number, and why it is so if that stands in the same line.
func (d *details) drawEquation(q *equation) {
	if q.broken {
		d.putASCIIInside(q.tone, q.text[:q.value])
		return
	}
	d.putInside(q.tone, q.text, q.columns)
}

// drawReason writes why a number is so, on a line of its own.
func (d *details) drawReason(q *equation) {
	before := q.value + len(" ")
	d.putInside(q.tone, q.text[before:], q.columns-before)
}

// draw draws flags, numbers and data, as far as there are such.
func (d *details) draw() {
	if d.numbers {
		d.flags()
		d.number(" seq", view.Seq, &d.seq, seqBlank, seqWhyBlank)
		d.number(" ack", view.Ack, &d.ack, ackBlank, ackWhyBlank)
	}
	if d.data != (view.Bits{}) {
		d.begin(" data", d.data)
		d.forms.blank(dataBlank, d.ladder.right)
		d.endDetail()
	}
}

// flags writes the flags, and beside them their letters where there is room.
func (d *details) flags() {
	flags, _ := d.entry.Detail(view.Flags)
	d.begin(" flags", flags.Bits())
	const (
		apart = 2
		size  = 8 // columns of the bits, and of the letters
	)
	if d.value = flags.AppendValue(d.value[:0]); d.ladder.right-d.line.col >= size {
		d.line.bits(flags.Tone, d.value, size)
	} else {
		d.putASCIIInside(flags.Tone, d.value)
	}
	if d.ladder.right-d.line.col > apart+size {
		d.line.to(d.line.col + apart)
		if d.value = flags.AppendLetters(d.value[:0]); d.line.set == visible.ASCII {
			d.value = bytes.ReplaceAll(d.value, []byte("·"), []byte("."))
		}
		d.line.bits(flags.Tone, d.value, size)
	}
	if before := flags.BeforeBits(); d.ladder.right-d.line.col > apart+len(before) {
		d.line.to(d.line.col + apart)
		d.line.drawn(flags.Tone, before, len(before))
	}
	d.endDetail()
}

// number writes a number: what it is, where in the header, its value, and why it
// is so.
func (d *details) number(name string, part view.Part, q *equation, value, why blankKind) {
	detail, _ := d.entry.Detail(part)
	start := d.begin(name, detail.Bits())
	d.forms.blank(value, d.ladder.right)
	if q.broken {
		d.endDetail()
		d.beginDetail()
		d.line.to(start + 4)
		d.forms.blank(why, d.ladder.right)
	}
	d.endDetail()
}

// begin begins the line of a detail: what it is, and where in the header. It
// returns the column where that stands.
func (d *details) begin(name string, bits view.Bits) (start int) {
	d.beginDetail()
	l := &d.line
	start = l.col
	d.bits = bits.Append(d.bits[:0])
	if d.ladder.isNarrow() {
		l.raw(dim, name[1:]+" "+string(d.bits)+" ")
		return start
	}
	add(l, dim, name, len(name))
	l.to(start + 7)
	add(l, dim, d.bits, len(d.bits))
	l.to(start + openingWidth)
	if l.buf[len(l.buf)-1] != ' ' {
		l.raw(plain, " ")
	}
	return start
}

// drawData writes what the data say.
func (d *details) drawData() {
	text, columns := d.quoted(d.entry.Event.Segment.Payload)
	d.putInside(plain, text, columns)
}

// quoted is data as text in quotes, with control characters made visible, no
// longer than the room between the lifelines, and its width in columns.
func (d *details) quoted(data []byte) (text []byte, columns int) {
	room := max(d.ladder.inside()-16, 12)
	const most = 4 // bytes of one character
	d.value = append(visible.Append(append(d.value[:0], '"'), data[:min(len(data), most*room)], d.line.set), '"')
	text = d.value[1 : len(d.value)-1]
	if columns = width(text); columns > room-1 {
		d.value = appendCut(d.value[:1], text, room-1, d.line.set)
		return d.value, width(d.value)
	}
	return d.value, columns + len(`""`)
}
