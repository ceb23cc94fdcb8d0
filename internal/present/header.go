package present

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// fieldRow is one field or option of a header.
type fieldRow struct {
	key, name   string
	ref, help   string
	first, last int // bits
	bits        []byte
	value       []byte
	meaning     []byte
	changed     bool
	problem     bool
}

// optionsBit is where the options begin: behind the last field.
var optionsBit = decode.Fields[len(decode.Fields)-1].End() + 1

// headers makes a row of every field and option of every segment.
type headers struct {
	clock
	before map[direction]*oldHeader
	row    row
	field  fieldRow
}

// oldHeader is the header before, in the same direction.
type oldHeader struct {
	frame, length int
	bytes         [60]byte
}

type direction struct {
	stream int
	side   conversation.Side
}

func newHeaders() *headers {
	return &headers{before: map[direction]*oldHeader{}}
}

func headerRows() rower { return newHeaders() }

func (h *headers) moment(m *timeline.Moment, emit func(*row) error) error {
	h.see(m)
	if m.Kind == timeline.Ended {
		for _, side := range ends {
			delete(h.before, direction{m.Conversation.Stream, side})
		}
	}
	if m.Kind != timeline.Segment {
		return nil
	}
	h.row = segmentRow(m, h.start)
	h.row.field = &h.field
	var old []byte
	var d direction
	if h.row.c != nil {
		d = direction{h.row.c.Stream, m.Event.From}
		if b := h.before[d]; b != nil {
			old, h.row.before = b.bytes[:b.length], b.frame
		}
	}
	if err := h.fields(old, emit); err != nil {
		return err
	}
	if err := h.options(old, emit); err != nil {
		return err
	}
	if h.row.c != nil {
		b := h.before[d]
		if b == nil {
			b = new(oldHeader)
			h.before[d] = b
		}
		b.frame, b.length = h.row.s.Number, copy(b.bytes[:], h.row.s.Header)
	}
	return nil
}

func (*headers) close(func(*row) error) error { return nil }

// fields emits the fields of the header as far as it was captured.
func (h *headers) fields(old []byte, emit func(*row) error) error {
	f := &h.field
	for field, v := range decode.Values(h.row.s.Header) {
		*f = fieldRow{key: field.Key, name: field.Name, ref: field.Ref, help: field.Help,
			first: field.Offset, last: field.End(), bits: field.AppendBits(f.bits[:0], h.row.s.Header),
			value: f.value[:0], meaning: f.meaning[:0]}
		f.value = appendFieldValue(f.value, field, v)
		f.meaning = appendFieldMeaning(f.meaning, field, v, &h.row)
		if was, ok := field.Value(old); ok {
			f.changed = was != v
		}
		if err := emit(&h.row); err != nil {
			return err
		}
	}
	return nil
}

// options emits the options, with their bits.
func (h *headers) options(old []byte, emit func(*row) error) error {
	f := &h.field
	had := decode.Options{}
	if len(old) > optionsBit/8 {
		had.Raw = old[optionsBit/8:]
	}
	for opt := range h.row.s.Options.All() {
		n := max(opt.Length, 1)
		at := (opt.Bit - optionsBit) / 8
		raw := h.row.s.Options.Raw[at:min(at+n, len(h.row.s.Options.Raw))]
		*f = fieldRow{key: "tcp.options", name: opt.Name(), first: opt.Bit, last: opt.Bit + 8*len(raw) - 1,
			bits: f.bits[:0], value: f.value[:0], meaning: f.meaning[:0], problem: opt.Problem != nil}
		for _, b := range raw {
			for shift := 7; shift >= 0; shift-- {
				f.bits = append(f.bits, '0'+b>>shift&1)
			}
		}
		f.value = opt.AppendText(f.value)
		f.meaning = appendOptionMeaning(f.meaning, opt, &h.row)
		for was := range had.All() {
			if was.Kind == opt.Kind {
				f.changed = !bytes.Equal(was.Data, opt.Data)
				break
			}
		}
		if err := emit(&h.row); err != nil {
			return err
		}
	}
	return nil
}

var headerColumns = []Column{
	colFrame, colStream, colFrom,
	{"lab.field", Word, "", "key of the field; tcp.options for an option", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.key...) }},
	{"lab.name", Word, "", "name of the field or option", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.name...) }},
	{"lab.first_bit", Number, "bits", "its first bit, from 0 at the header's first", 0, number(func(r *row) int64 { return int64(r.field.first) })},
	{"lab.last_bit", Number, "bits", "its last bit", 0, number(func(r *row) int64 { return int64(r.field.last) })},
	{"lab.bits", Word, "", "the bits, the first one first", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.bits...) }},
	{"lab.value", Word, "", "the value; an option in tcpdump's words", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.value...) }},
	{"lab.meaning", Word, "", "what the value means in this segment", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.meaning...) }},
	{"lab.changed", Boolean, "", "differs from the segment before in the same direction; left out where it does not", 0, truth(func(r *row) bool { return r.field.changed })},
	{"lab.ref", Word, "", "where the field is defined", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.ref...) }},
	{"lab.help", Word, "", "what the field is for", 0, func(dst []byte, r *row) []byte { return append(dst, r.field.help...) }},
}

var headerCells = []cell{
	{" ", 1, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		if r.field.problem {
			return append(dst, '!')
		}
		if r.field.changed {
			return append(dst, '*')
		}
		return dst
	}, fieldStyle},
	{"bits", 7, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		dst = decimal.AppendInt(dst, int64(r.field.first))
		if r.field.last > r.field.first {
			dst = decimal.AppendInt(append(dst, '-'), int64(r.field.last))
		}
		return dst
	}, nil},
	{"field", 16, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		return append(dst, strings.TrimSuffix(r.field.name, " Number")...)
	}, nil},
	{"bits as sent", 32, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		if len(r.field.bits) <= 32 {
			return append(dst, r.field.bits...)
		}
		return append(dst, r.field.value...)
	}, fieldStyle},
	{"value", 16, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		if len(r.field.bits) <= 32 {
			return append(dst, r.field.value...)
		}
		return append(decimal.AppendInt(dst, int64(len(r.field.bits)/8)), " bytes"...)
	}, fieldStyle},
	{"meaning", 24, grow, 1, func(dst []byte, r *row, set visible.Charset) []byte {
		return visible.Append(dst, r.field.meaning, set)
	}, nil},
}

// fieldStyle makes what changed green and a flag that is set bold.
func fieldStyle(r *row) string {
	switch {
	case r.field.problem:
		return red
	case r.field.changed:
		return green
	case len(r.field.bits) == 1 && r.field.bits[0] == '1':
		return bold
	}
	return plain
}

func openHeader(_ *View, w io.Writer, o Options) Presenter {
	t := newTable(newHeaders(), headerCells, w, o)
	t.section = headerTitle
	return t
}

func openHeaderMarkdown(_ *View, w io.Writer, o Options) Presenter {
	t := newMarkdown(newHeaders(), headerCells, w, o)
	t.section = headerTitle
	return t
}

// headerTitle is the title above the first field of a segment: "#4 PSH+ACK,
// server to client (stream 0); * changed since #2".
func headerTitle(dst []byte, r *row) []byte {
	if r.field.first != 0 {
		return dst
	}
	dst = decimal.AppendInt(append(dst, '#'), int64(r.s.Number))
	dst = r.s.Flags.Append(append(dst, ' '))
	if r.c == nil {
		return dst
	}
	dst = append(append(append(append(dst, ", "...), r.e.From.String()...), " to "...), r.e.From.Other().String()...)
	dst = append(strconv.AppendInt(append(dst, " (stream "...), int64(r.c.Stream), 10), ')')
	if r.before == 0 {
		return dst
	}
	return decimal.AppendInt(append(dst, "; * changed since #"...), int64(r.before))
}
