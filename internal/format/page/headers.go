package page

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// header is the header of a segment as it is kept until it is drawn. Its texts may be
// captured, and are as they came.
type header struct {
	filters []view.Fact // that find the segment
	frame   int
	title   string
	step    bool // of a handshake
	fields  []field
	bytes   []byte // as far as captured
	data    string
	size    int // bytes of data, captured or not
}

// field is a field or an option.
type field struct {
	key, name            string
	first, last          int // bits
	bits, value, meaning string
	tone                 view.Tone
	changed              bool
}

// isSet reports whether it is a flag that is 1.
func (f *field) isSet() bool { return f.bits == "1" }

// range is "104", or "104-111".
func (f *field) bitRange() string {
	if f.first == f.last {
		return strconv.Itoa(f.first)
	}
	return strconv.Itoa(f.first) + "-" + strconv.Itoa(f.last)
}

// headers collects the headers of segments.
type headers struct {
	view   *view.View
	rows   view.RowMaker
	manner *view.Manner
	list   []header
	emit   func(*view.Row) error
	m      timeline.Moment
}

func newHeaders(o present.Options) *headers {
	v := view.Named("header")
	h := &headers{view: v, manner: o.Manner, rows: v.ReaderRows(false, o.Clients)}
	h.emit = h.add
	return h
}

// see takes up a moment.
func (h *headers) see(m timeline.Moment) error {
	h.m = m
	return h.rows.Moment(&h.m, h.emit)
}

// add takes up a row: one field.
func (h *headers) add(r *view.Row) error {
	r.Manner = h.manner
	f := r.Field()
	if f.First == 0 {
		s := r.Segment
		h.list = append(h.list, header{frame: s.Number, title: string(h.view.Title(nil, r)), step: isStep(r.Event), bytes: append([]byte(nil), s.Header...),
			filters: h.view.Foot(r), data: keep(s.Payload), size: max(s.PayloadLen, len(s.Payload))})
	}
	if len(h.list) == 0 {
		return nil
	}
	is := &h.list[len(h.list)-1]
	is.fields = append(is.fields, field{f.Key, f.Name, f.First, f.Last, string(f.Bits), keep(f.Value), keep(f.Meaning), f.Tone, f.Changed})
	return nil
}
