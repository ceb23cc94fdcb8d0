package rows

import (
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
