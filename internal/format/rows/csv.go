package rows

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// csv writes a row as RFC 4180 has it, with empty cells where a key does not
// apply.
type csv struct {
	*encoder
	columns []view.KeyColumn
	scratch []byte
}

// CSV opens a view's rows as comma-separated values.
func CSV(v *view.View, w io.Writer, o present.Options) present.Presenter {
	c := &csv{encoder: newEncoder(v, w, o), columns: v.Columns}
	c.between, c.appends = view.Separators{Numbers: ";", Words: ";"}, c.line
	for i, column := range v.Columns {
		if i > 0 {
			c.buf = append(c.buf, ',')
		}
		c.buf = append(c.buf, column.Key...)
	}
	c.buf = append(c.buf, '\n')
	return c
}

// line appends a row.
func (c *csv) line(buf []byte, r *view.Row) []byte {
	for i := range c.columns {
		column := &c.columns[i]
		if i > 0 {
			buf = append(buf, ',')
		}
		if column.Needs&^r.Has != 0 {
			continue
		}
		at := len(buf)
		buf = column.Append(buf, r)
		switch {
		case len(buf) == at:
		case column.Type == view.Text:
			c.scratch = visible.Append(c.scratch[:0], buf[at:], visible.Machine)
			buf = appendCell(buf[:at], c.scratch)
		case column.Type == view.Word && bytes.IndexByte(buf[at:], ',') >= 0:
			c.scratch = append(c.scratch[:0], buf[at:]...)
			buf = appendCell(buf[:at], c.scratch)
		}
	}
	return append(buf, '\n')
}

// appendCell appends visible text as a cell. A spreadsheet takes a cell that
// begins with one of = + - @ for a formula, so a quote goes before it.
func appendCell(dst, text []byte) []byte {
	quote := bytes.ContainsAny(text, "\",")
	if quote {
		dst = append(dst, '"')
	}
	if c, _ := utf8.DecodeRune(text); isFormula(c) {
		dst = append(dst, '\'')
	}
	for _, c := range text {
		if c == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, c)
	}
	if quote {
		dst = append(dst, '"')
	}
	return dst
}

// isFormula knows the full-width signs too, which some spreadsheets take for
// the plain ones.
func isFormula(c rune) bool {
	switch c {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		return true
	}
	return false
}
