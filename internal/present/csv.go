package present

import (
	"bytes"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// csv writes a row as RFC 4180 has it, with empty cells where a key does not
// apply.
func (e *encoder) csv(r *row) error {
	r.between = &inCSV
	buf := e.buf
	for i := range e.columns {
		c := &e.columns[i]
		if i > 0 {
			buf = append(buf, ',')
		}
		if c.needs&^r.has != 0 {
			continue
		}
		at := len(buf)
		buf = c.append(buf, r)
		switch {
		case len(buf) == at:
		case c.Type == Text:
			e.scratch = visible.Append(e.scratch[:0], buf[at:], visible.Machine)
			buf = appendCell(buf[:at], e.scratch)
		case c.Type == Word && bytes.IndexByte(buf[at:], ',') >= 0:
			e.scratch = append(e.scratch[:0], buf[at:]...)
			buf = appendCell(buf[:at], e.scratch)
		}
	}
	e.buf = append(buf, '\n')
	return e.finish()
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
