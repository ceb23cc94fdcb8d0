// Package rows writes rows for programs: one format a file.
package rows

import (
	"fmt"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// flushAt is how many bytes of rows are gathered before they are written.
const (
	flushAt = 64 << 10
	rowRoom = 4 << 10 // for the row that goes beyond that
)

// encoder gathers rows in one buffer, so that a row allocates nothing. A format is
// an encoder with a function that appends a row.
type encoder struct {
	w       io.Writer
	rows    view.RowMaker
	between view.Separators
	appends func(buf []byte, r *view.Row) []byte // appends a row
	live    bool
	buf     []byte
	m       timeline.Moment
	emit    func(*view.Row) error // bound once
}

func newEncoder(v *view.View, w io.Writer, o present.Options) *encoder {
	e := &encoder{w: w, rows: v.Rows(), live: o.Live && !o.Held, buf: make([]byte, 0, flushAt+rowRoom)}
	e.emit = e.row
	return e
}

// row appends a row.
func (e *encoder) row(r *view.Row) error {
	r.Between = &e.between
	e.buf = e.appends(e.buf, r)
	if e.live || len(e.buf) >= flushAt {
		return e.Flush()
	}
	return nil
}

// Moment implements Presenter.
func (e *encoder) Moment(m timeline.Moment) error {
	e.m = m // not the parameter: its address would make it escape
	return e.rows.Moment(&e.m, e.emit)
}

// Section implements Presenter: a table for programs has none.
func (e *encoder) Section(title string) error {
	return fmt.Errorf("%s: rows for programs have no sections", title)
}

// Close implements Presenter.
func (e *encoder) Close() error { return e.Flush() }

// Flush implements Flusher.
func (e *encoder) Flush() error {
	if len(e.buf) == 0 {
		return nil
	}
	_, err := e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return err
}
