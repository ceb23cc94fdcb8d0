package present

import (
	"io"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// flushAt is how many bytes of rows are gathered before they are written.
const (
	flushAt = 64 << 10
	rowRoom = 4 << 10 // for the row that goes beyond that
)

// encoder writes rows for programs. Appending to one buffer, it allocates
// nothing a row.
type encoder struct {
	w         io.Writer
	rows      rower
	columns   []Column     // csv
	keyed     []jsonColumn // ndjson
	layouts   *[layouts]layout
	recurring *recurring // made by the first row that has some
	live      bool
	buf       []byte
	scratch   []byte
	m         timeline.Moment
	row       func(*row) error // bound once
}

func openNDJSON(rows func() rower) func(*View, io.Writer, Options) Presenter {
	return func(v *View, w io.Writer, o Options) Presenter {
		e := &encoder{w: w, rows: rows(), keyed: jsonColumns(v.Columns), layouts: new([layouts]layout), live: o.Live && !o.Held, buf: make([]byte, 0, flushAt+rowRoom)}
		e.row = e.json
		return e
	}
}

func openCSV(rows func() rower) func(*View, io.Writer, Options) Presenter {
	return func(v *View, w io.Writer, o Options) Presenter {
		e := &encoder{w: w, rows: rows(), columns: v.Columns, live: o.Live && !o.Held, buf: make([]byte, 0, flushAt+rowRoom)}
		for i, c := range v.Columns {
			if i > 0 {
				e.buf = append(e.buf, ',')
			}
			e.buf = append(e.buf, c.Key...)
		}
		e.buf = append(e.buf, '\n')
		e.row = e.csv
		return e
	}
}

// Moment implements Presenter.
func (e *encoder) Moment(m timeline.Moment) error {
	e.m = m // not the parameter: its address would make it escape
	return e.rows.moment(&e.m, e.row)
}

// Close implements Presenter.
func (e *encoder) Close() error {
	if err := e.rows.close(e.row); err != nil {
		return err
	}
	return e.Flush()
}

// Flush implements Flusher.
func (e *encoder) Flush() error {
	if len(e.buf) == 0 {
		return nil
	}
	_, err := e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return err
}

// finish ends a row.
func (e *encoder) finish() error {
	if e.live || len(e.buf) >= flushAt {
		return e.Flush()
	}
	return nil
}

// What stands around a value in JSON, by its type.
var (
	jsonOpen  = [...]string{Number: "", Boolean: "", Word: `"`, Text: `"`, Numbers: "[", Words: `["`}
	jsonClose = [...]string{Number: "", Boolean: "", Word: `"`, Text: `"`, Numbers: "]", Words: `"]`}
)

// stampSize is room for every key with what stands around it.
const stampSize = 48

// jsonColumn is a column as ndjson wants it.
type jsonColumn struct {
	needs  need
	t      Type
	basis  basis
	size   uint8 // bytes of stamp that count
	append appendFunc
	stamp  [stampSize]byte // what stands before the value: `,"key":`; copied whole, which is quicker than measured
}

func jsonColumns(columns []Column) []jsonColumn {
	on := basesOf(columns)
	made := make([]jsonColumn, len(columns))
	for i, c := range columns {
		before := `,"` + c.Key + `":` + jsonOpen[c.Type]
		if len(before) > stampSize {
			panic("stampSize is too small for " + c.Key)
		}
		made[i] = jsonColumn{needs: c.needs, t: c.Type, basis: on[i], append: c.append, size: uint8(len(before))}
		copy(made[i].stamp[:], before)
	}
	return made
}

// json writes a row as an object on one line; a key whose value does not apply
// is left out.
func (e *encoder) json(r *row) error {
	r.between = &inJSON
	buf := e.buf
	start := len(buf)
	l := e.fitting(r.has)
	for i := range l.runs {
		if run := &l.runs[i]; run.basis == anything {
			buf = e.values(buf, run.columns, r)
		} else {
			buf = e.recur(buf, run, r)
		}
	}
	if len(buf) == start {
		buf = append(buf, '{')
	}
	buf[start] = '{' // the first key's comma
	e.buf = append(buf, '}', '\n')
	return e.finish()
}

// values appends the columns that apply to a row.
func (e *encoder) values(buf []byte, columns []*jsonColumn, r *row) []byte {
	for _, c := range columns {
		before := len(buf)
		buf = decimal.Extend(buf, stampSize)
		*(*[stampSize]byte)(buf[before:]) = c.stamp
		at := before + int(c.size)
		buf = c.append(buf[:at], r)
		switch {
		case len(buf) == at:
			buf = buf[:before]
		case c.t == Word:
			buf = append(buf, '"')
		case c.t >= Text:
			if c.t == Text {
				buf = e.jsonText(buf, at)
			}
			buf = append(buf, jsonClose[c.t]...)
		}
	}
	return buf
}

// jsonText makes the text from at on visible and fit for a JSON string.
func (e *encoder) jsonText(buf []byte, at int) []byte {
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
