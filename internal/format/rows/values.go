package rows

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// What stands around a value in JSON, by its type.
var (
	jsonOpen  = [...]string{view.Number: "", view.Boolean: "", view.Word: `"`, view.Text: `"`, view.Numbers: "[", view.Words: `["`}
	jsonClose = [...]string{view.Number: "", view.Boolean: "", view.Word: `"`, view.Text: `"`, view.Numbers: "]", view.Words: `"]`}
)

// stampSize is room for every key with what stands around it.
const stampSize = 48

// jsonColumn is a column as ndjson wants it.
type jsonColumn struct {
	needs  view.Need
	t      view.Type
	basis  basis
	size   uint8 // bytes of stamp that count
	append view.AppendFunc
	stamp  [stampSize]byte // what stands before the value: `,"key":`; copied whole, which is quicker than measured
}

func jsonColumns(columns []view.KeyColumn) []jsonColumn {
	on := basesOf(columns)
	made := make([]jsonColumn, len(columns))
	for i, c := range columns {
		before := `,"` + c.Key + `":` + jsonOpen[c.Type]
		if len(before) > stampSize {
			panic("stampSize is too small for " + c.Key)
		}
		made[i] = jsonColumn{needs: c.Needs, t: c.Type, basis: on[i], append: c.Append, size: uint8(len(before))}
		copy(made[i].stamp[:], before)
	}
	return made
}

// values appends values as JSON has them.
type values struct{ scratch []byte }

// append appends the columns that apply to a row.
func (e *values) append(buf []byte, columns []*jsonColumn, r *view.Row) []byte {
	for _, c := range columns {
		before := len(buf)
		buf = decimal.Extend(buf, stampSize)
		*(*[stampSize]byte)(buf[before:]) = c.stamp
		at := before + int(c.size)
		buf = c.append(buf[:at], r)
		switch {
		case len(buf) == at:
			buf = buf[:before]
		case c.t == view.Word:
			buf = append(buf, '"')
		case c.t >= view.Text:
			if c.t == view.Text {
				buf = e.text(buf, at)
			}
			buf = append(buf, jsonClose[c.t]...)
		}
	}
	return buf
}

// text makes the text from at on visible and fit for a JSON string.
func (e *values) text(buf []byte, at int) []byte {
	if !needsEscape(buf[at:]) {
		return buf
	}
	e.scratch = visible.Append(e.scratch[:0], buf[at:], visible.Machine)
	buf = buf[:at]
	for _, c := range e.scratch {
		if c == '"' || c == '\\' {
			buf = append(buf, '\\')
		}
		buf = append(buf, c)
	}
	return buf
}

// needsEscape reports whether text is another one in a JSON string.
func needsEscape(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return true
		}
	}
	return false
}

// basis says what a column's value depends on, so that neighbours with the same
// basis can be cached together: half of a row of segments is.
type basis uint8

const (
	notCached basis = iota
	onEnds
	onWindow
	onStates
	bases
)

// columnsOn are the columns of each basis. What they are made of must be part of what is
// compared when they are looked up.
var columnsOn = [bases][]string{
	onEnds:   {"ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.stream"},
	onWindow: {"tcp.hdr_len", "tcp.flags", "tcp.flags.str", "tcp.window_size_value", "tcp.window_size", "tcp.window_size_scalefactor"},
	onStates: {"lab.step", "lab.flags_bits", "lab.client_state", "lab.client_proved", "lab.server_state", "lab.server_proved"},
}

// basesOf returns the basis of each column of a view. A basis is given to the
// longest run of its columns alone, if that is more than one, so that what is
// cached for it is always the same columns.
func basesOf(columns []view.KeyColumn) []basis {
	of := make([]basis, len(columns))
	for b := onEnds; b < bases; b++ {
		first, end, from := 0, 1, 0 // the longest run so far; the last one
		for i, c := range columns {
			if c.Needs == 0 || !slices.Contains(columnsOn[b], c.Key) { // what needs nothing is not of segments alone
				from = i + 1
			} else if i+1-from > end-first {
				first, end = from, i+1
			}
		}
		for i := first; i < end && end-first > 1; i++ {
			of[i] = b
		}
	}
	return of
}
