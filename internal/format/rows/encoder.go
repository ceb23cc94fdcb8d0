// Package rows writes rows for programs: one format a file.
package rows

import (
	"fmt"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// encoder makes the rows of a moment in one buffer, so that a row allocates nothing,
// and writes them. A format is an encoder with a function that appends a row.
type encoder struct {
	w       io.Writer
	view    *view.View
	rows    view.RowMaker
	between view.Separators
	manner  *view.Manner
	appends func(buf []byte, r *view.Row) []byte // appends a row
	buf     []byte
	m       timeline.Moment
	emit    func(*view.Row) error // bound once
}

func newEncoder(v *view.View, w io.Writer, o present.Options) *encoder {
	e := &encoder{w: w, view: v, rows: v.RowsFor(o.Sorted), manner: o.Manner, buf: make([]byte, 0, 4<<10)}
	e.emit = e.row
	return e
}

// row appends a row.
func (e *encoder) row(r *view.Row) error {
	r.Between, r.Alone, r.Manner = &e.between, true, e.manner
	e.buf = e.appends(e.buf, r)
	return nil
}

// Moment implements Presenter.
func (e *encoder) Moment(m timeline.Moment) error {
	e.m = m // not the parameter: its address would make it escape
	if err := e.rows.Moment(&e.m, e.emit); err != nil {
		return err
	}
	return e.write()
}

// Wants implements timeline.Chooser.
func (e *encoder) Wants() timeline.Wants { return e.view.Wants }

// Section implements Presenter: a table for programs has none.
func (e *encoder) Section(title string) error {
	return fmt.Errorf("%s: rows for programs have no sections", title)
}

// Close implements Presenter: where there was no row, what stands above them is
// still to be written.
func (e *encoder) Close() error {
	if err := view.Finish(e.rows, e.emit); err != nil {
		return err
	}
	return e.write()
}

func (e *encoder) write() error {
	if len(e.buf) == 0 {
		return nil
	}
	_, err := e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return err
}
