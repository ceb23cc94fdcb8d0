package view

import (
	"bytes"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// headerRows makes a row of every field and option of every segment.
type headerRows struct {
	clock
	before map[direction]*oldHeader
	row    Row
	field  fieldRow
}

// oldHeader is the header before, in the same direction.
type oldHeader struct {
	frame, length int
	bytes         [60]byte
	clock         uint32 // its TSval, where it has timestamps
	hasClock      bool
}

type direction struct {
	stream int
	side   conversation.Side
}

func newHeaderRows() RowMaker { return &headerRows{before: map[direction]*oldHeader{}} }

func (h *headerRows) Moment(m *timeline.Moment, emit func(*Row) error) error {
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
	if h.row.Conversation != nil {
		d = direction{h.row.Conversation.Stream, m.Event.From}
		if b := h.before[d]; b != nil {
			old, h.row.before = b.bytes[:b.length], b.frame
		}
		h.row.echoes = h.echoed(m)
	}
	if err := h.fields(old, emit); err != nil {
		return err
	}
	if err := h.options(old, emit); err != nil {
		return err
	}
	if h.row.Conversation != nil {
		b := h.before[d]
		if b == nil {
			b = new(oldHeader)
			h.before[d] = b
		}
		b.frame, b.length = h.row.Segment.Number, copy(b.bytes[:], h.row.Segment.Header)
		b.clock, b.hasClock = h.row.Segment.Options.TSVal, h.row.Segment.Options.HasTimestamps
	}
	return nil
}

// echoed is the other end's latest frame, if its timestamp is what comes back here.
func (h *headerRows) echoed(m *timeline.Moment) int {
	s := m.Event.Segment
	b := h.before[direction{m.Event.Conversation.Stream, m.Event.From.Other()}]
	if b == nil || !b.hasClock || !s.Options.HasTimestamps || !s.Flags.Has(decode.ACK) || s.Options.TSEcr != b.clock {
		return 0
	}
	return b.frame
}

// fields emits the fields of the header as far as it was captured.
func (h *headerRows) fields(old []byte, emit func(*Row) error) error {
	f := &h.field
	for field, v := range decode.Values(h.row.Segment.Header) {
		*f = fieldRow{key: field.Key, name: field.Name, ref: field.Ref, help: field.Help,
			first: field.Offset, last: field.End(), bits: field.AppendBits(f.bits[:0], h.row.Segment.Header),
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
func (h *headerRows) options(old []byte, emit func(*Row) error) error {
	f := &h.field
	had := decode.Options{}
	if len(old) > optionsBit/8 {
		had.Raw = old[optionsBit/8:]
	}
	for opt := range h.row.Segment.Options.All() {
		n := max(opt.Length, 1)
		at := (opt.Bit - optionsBit) / 8
		raw := h.row.Segment.Options.Raw[at:min(at+n, len(h.row.Segment.Options.Raw))]
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

var headerColumns = []KeyColumn{
	colFrame, colStream, colFrom,
	{"lab.field", Word, "", "key of the field; tcp.options for an option", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.key...) }},
	{"lab.name", Word, "", "name of the field or option", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.name...) }},
	{"lab.first_bit", Number, "bits", "its first bit, from 0 at the header's first", 0, number(func(r *Row) int64 { return int64(r.field.first) })},
	{"lab.last_bit", Number, "bits", "its last bit", 0, number(func(r *Row) int64 { return int64(r.field.last) })},
	{"lab.bits", Word, "", "the bits, the first one first", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.bits...) }},
	{"lab.value", Word, "", "the value; an option in tcpdump's words", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.value...) }},
	{"lab.meaning", Word, "", "what the value means in this segment", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.meaning...) }},
	{"lab.changed", Boolean, "", "differs from the segment before in the same direction; left out where it does not", 0, truth(func(r *Row) bool { return r.field.changed })},
	{"lab.ref", Word, "", "where the field is defined", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.ref...) }},
	{"lab.help", Word, "", "what the field is for", 0, func(dst []byte, r *Row) []byte { return append(dst, r.field.help...) }},
}

var headerCells = []ReaderColumn{
	{" ", 1, Terms, 0, func(dst []byte, r *Row) []byte {
		if r.field.problem {
			return append(dst, '!')
		}
		if r.field.changed {
			return append(dst, '*')
		}
		return dst
	}, changeTone},
	{"bits", 7, Terms, 0, func(dst []byte, r *Row) []byte {
		dst = decimal.AppendInt(dst, int64(r.field.first))
		if r.field.last > r.field.first {
			dst = decimal.AppendInt(append(dst, '-'), int64(r.field.last))
		}
		return dst
	}, zeroTone},
	{"field", 16, Wrapped, 0, func(dst []byte, r *Row) []byte {
		return append(dst, strings.TrimSuffix(r.field.name, " Number")...)
	}, zeroTone},
	{"bits as sent", 32, Chunked, 1, func(dst []byte, r *Row) []byte {
		if r.symbolic() != nil {
			return append(dst, "32 bits"...)
		}
		return append(dst, r.field.bits...)
	}, fieldTone},
	{"value", 16, Wrapped, 0, func(dst []byte, r *Row) []byte {
		if rule := r.symbolic(); rule != nil {
			return r.letters().mark(rule.AppendShort(dst), len(dst))
		}
		if r.field.key == "tcp.window_size_value" && r.Event.WindowScale > 0 {
			return appendScaled(dst, r)
		}
		dst = append(dst, bytes.TrimPrefix(r.field.value, []byte("TS "))...) // the name says that already
		if r.echoes > 0 && r.field.name == "timestamps" {
			dst = append(decimal.AppendInt(append(dst, " (val of #"...), int64(r.echoes)), ')')
		}
		return dst
	}, fieldTone},
	{"meaning", 24, Prose, 2, func(dst []byte, r *Row) []byte {
		return append(dst, r.field.meaning...)
	}, zeroTone},
}

// A Field is a field or an option of a header, for formats that draw one. It is valid
// until the next row.
type Field struct {
	Key, Name      string // of an option "tcp.options" and its name
	First, Last    int    // bits
	Bits           []byte // as sent, 0 and 1
	Value, Meaning []byte // may be captured, and have to be made visible
	Tone           Tone   // of the value
	Changed        bool   // since the header before in the same direction
}

// Field is that of a row of the header view.
func (r *Row) Field() Field {
	f := r.field
	value := f.value
	if rule := r.symbolic(); rule != nil {
		value = rule.AppendShort(nil)
	}
	return Field{Key: f.key, Name: f.name, First: f.first, Last: f.last, Bits: f.bits, Value: value, Meaning: f.meaning,
		Tone: fieldTone(r), Changed: f.changed}
}

// symbolic is the arithmetic of the number that a row of a header is of, where it is
// told in place of the number; nil elsewhere.
func (r *Row) symbolic() (rule *conversation.Rule) {
	switch {
	case r.Manner == nil || !r.Manner.Stable:
		return nil
	case r.field.key == "tcp.seq_raw":
		rule = &r.Event.SeqRule
	case r.field.key == "tcp.ack_raw":
		rule = &r.Event.AckRule
	default:
		return nil
	}
	if !r.Manner.isSymbolic(rule) {
		return nil
	}
	return rule
}

// changeTone is that of the sign of a change.
func changeTone(r *Row) Tone {
	if r.field.problem {
		return Bad
	}
	return Good
}

// fieldTone is that of a number that counts from x or y; else it marks what changed,
// and a flag that is set.
func fieldTone(r *Row) Tone {
	switch {
	case r.field.problem:
		return Bad
	case isZero(r):
		return Quiet
	case r.field.key == "tcp.seq_raw":
		return toneOf(r.Event.SeqRule.Base)
	case r.field.key == "tcp.ack_raw":
		return toneOf(r.Event.AckRule.Base)
	case r.field.changed:
		return Good
	case len(r.field.bits) == 1 && r.field.bits[0] == '1':
		return Strong
	}
	return Plain
}

// zeroTone is that of what belongs to a field: quiet where that is 0, as most are.
func zeroTone(r *Row) Tone {
	if isZero(r) {
		return Quiet
	}
	return Plain
}

// isZero reports whether a field is 0, and was before.
func isZero(r *Row) bool {
	return !r.field.problem && !r.field.changed && bytes.IndexByte(r.field.bits, '1') < 0
}

// headerTitle is the title above the first field of a segment: "#4 PSH+ACK,
// server to client, C1 (stream 0); * changed since #2".
func headerTitle(dst []byte, r *Row) []byte {
	if r.field.first != 0 {
		return dst
	}
	dst = decimal.AppendInt(append(dst, '#'), int64(r.Segment.Number))
	dst = r.Segment.Flags.Append(append(dst, ' '))
	if r.Conversation == nil {
		return dst
	}
	dst = append(append(append(append(dst, ", "...), r.Event.From.String()...), " to "...), r.Event.From.Other().String()...)
	dst = decimal.AppendInt(append(dst, ", C"...), int64(r.Client()))
	dst = append(decimal.AppendInt(append(dst, " (stream "...), int64(r.Conversation.Stream)), ')')
	if r.before == 0 {
		return dst
	}
	return decimal.AppendInt(append(dst, "; * changed since #"...), int64(r.before))
}
