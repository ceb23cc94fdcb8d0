package present

import (
	"bufio"
	"fmt"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// align is how a column of a table for readers stands.
type align uint8

const (
	left  align = iota
	right       // numbers
	grow        // left, and takes the room that is left
)

// cell is one column of a table for readers.
type cell struct {
	title string
	width int // columns of a terminal; the least of one that grows
	align align
	drop  int // where room is short, the highest goes first; 0 stays
	text  func(dst []byte, r *row, set visible.Charset) []byte
	style func(r *row) string // colour; nil for none
}

// gap is how many blanks stand between two columns.
const gap = 2

// choose takes the columns that fit, and gives the room that is left to those
// that grow.
func choose(cells []cell, width int) []cell {
	chosen := append([]cell(nil), cells...)
	for len(chosen) > 1 && room(chosen, width) < 0 {
		worst := -1
		for i, c := range chosen {
			if c.drop > 0 && (worst < 0 || c.drop > chosen[worst].drop) {
				worst = i
			}
		}
		if worst < 0 { // nothing to leave out: the widest shrinks
			worst = 0
			for i, c := range chosen {
				if c.width > chosen[worst].width {
					worst = i
				}
			}
			if chosen[worst].width += room(chosen, width); chosen[worst].width < 4 {
				chosen[worst].width = 4
				chosen = chosen[:len(chosen)-1]
			}
			continue
		}
		chosen = append(chosen[:worst], chosen[worst+1:]...)
	}
	for i := range chosen {
		if chosen[i].align == grow {
			chosen[i].width += max(room(chosen, width), 0)
		}
	}
	return chosen
}

// room is how many columns are left; negative where they do not fit.
func room(cells []cell, width int) int {
	for _, c := range cells {
		width -= c.width + gap
	}
	return width + gap
}

// table shows rows as they come, in the columns that tablewriter lays out.
type table struct {
	rows     rower
	cells    []cell
	options  Options
	markdown bool
	out      *bufio.Writer
	page     *page // nil before the first row
	headed   bool  // the head is written
	line     line
	scratch  []byte
	m        timeline.Moment
	emit     func(*row) error // add

	legend  string                          // what stands above all
	led     bool                            // it is written
	remark  func(dst []byte, r *row) []byte // what stands below a row, in text; may be nil
	section func(dst []byte, r *row) []byte // title of the table that begins with the row; nothing where none does
}

func openTable(rows func() rower, cells []cell) func(*View, io.Writer, Options) Presenter {
	return func(_ *View, w io.Writer, o Options) Presenter { return newTable(rows(), cells, w, o) }
}

func openMarkdown(rows func() rower, cells []cell) func(*View, io.Writer, Options) Presenter {
	return func(_ *View, w io.Writer, o Options) Presenter { return newMarkdown(rows(), cells, w, o) }
}

func newTable(rows rower, cells []cell, w io.Writer, o Options) *table {
	t := &table{rows: rows, cells: choose(cells, o.width()), options: o, out: bufio.NewWriter(w)}
	t.emit = t.add
	t.line = line{color: o.Color, set: o.charset()}
	for _, c := range t.cells {
		t.line.width += c.width + gap
	}
	return t
}

func newMarkdown(rows rower, cells []cell, w io.Writer, o Options) *table {
	t := &table{rows: rows, cells: cells, options: o, markdown: true, out: bufio.NewWriter(w)}
	t.emit = t.add
	return t
}

// Moment implements Presenter.
func (t *table) Moment(m timeline.Moment) error {
	t.m = m
	return t.rows.moment(&t.m, t.emit)
}

// Close implements Presenter.
func (t *table) Close() error {
	if err := t.rows.close(t.emit); err != nil {
		return err
	}
	return t.out.Flush()
}

// add writes one row, below a head where there is none yet.
func (t *table) add(r *row) error {
	if !t.led {
		t.led = true
		t.lead()
	}
	if t.section != nil {
		t.begin(t.section(t.scratch[:0], r))
	}
	if t.page == nil {
		var err error
		if t.page, err = t.layOut(); err != nil {
			return err
		}
	}
	if !t.headed {
		t.headed = true
		t.out.Write(t.page.head)
	}
	if _, err := t.out.Write(t.below(r)); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	if t.remark != nil {
		t.scratch = t.remark(t.scratch[:0], r)
		t.wrapped(string(t.scratch), remarkIndent)
	}
	if t.options.Live {
		return t.out.Flush()
	}
	return nil
}

// below is a row in the columns of the page. tablewriter itself takes some
// thirty microseconds and two hundred allocations for one.
func (t *table) below(r *row) []byte {
	if t.markdown {
		return t.markdownRow(r)
	}
	l := &t.line
	l.drop()
	at := 0
	for i := range t.cells {
		c := &t.cells[i]
		text, columns := t.show(c, r)
		if c.align == right {
			l.to(at + c.width - columns)
		}
		l.to(at)
		style := plain
		if l.color && c.style != nil {
			style = c.style(r)
		}
		add(l, style, text, columns)
		at += c.width + gap
	}
	l.finish()
	return l.buf
}

func (t *table) markdownRow(r *row) []byte {
	l := &t.line
	l.buf = append(l.buf[:0], '|')
	for i := range t.cells {
		c := &t.cells[i]
		l.seen = appendMarkdown(l.seen[:0], t.text(c, r))
		before, behind := 1, max(t.page.widths[i]-1-width(l.seen), 1)
		if c.align == right {
			before, behind = behind, before
		}
		l.buf = append(appendBlanks(l.buf, before), l.seen...)
		l.buf = append(appendBlanks(l.buf, behind), '|')
	}
	l.buf = append(l.buf, '\n')
	return l.buf
}

// lead writes what stands above all.
func (t *table) lead() {
	switch {
	case t.legend == "":
	case t.markdown:
		text := visible.Append(nil, t.legend, t.options.charset())
		t.out.Write(append(appendMarkdown(nil, text), "\n\n"...))
	default:
		t.wrapped(t.legend, 0)
		t.out.WriteByte('\n')
	}
}

const remarkIndent = 9

// wrapped writes a text over as many lines as it needs.
func (t *table) wrapped(text string, indent int) {
	text = string(visible.Append(nil, text, t.options.charset()))
	l := line{width: t.options.width(), color: t.options.Color, set: t.options.charset()}
	for _, part := range wrap(text, l.width-indent) {
		l.drop()
		l.to(indent)
		l.raw(dim, part)
		l.finish()
		t.out.Write(l.buf)
	}
}

// begin ends the table before and writes the title of the next one.
func (t *table) begin(title []byte) {
	if len(title) == 0 {
		return
	}
	if t.headed {
		t.headed = false
		t.out.WriteByte('\n')
	}
	if t.markdown {
		t.out.WriteString("### ")
		t.out.Write(appendMarkdown(nil, title))
		t.out.WriteString("\n\n")
		return
	}
	l := line{width: t.options.width(), color: t.options.Color, set: t.options.charset()}
	put(&l, bold, title)
	l.finish()
	t.out.Write(l.buf)
}

// text is what a cell says of a row, until the next one is asked for.
func (t *table) text(c *cell, r *row) []byte {
	set := t.options.charset()
	t.scratch = c.text(t.scratch[:0], r, set)
	if set == visible.ASCII && !visible.IsPlain(t.scratch) {
		t.scratch = visible.Append(nil, t.scratch, visible.ASCII)
	}
	return t.scratch
}

// show is the text of a cell, fit for its place, and its width.
func (t *table) show(c *cell, r *row) (text []byte, columns int) {
	text = front(t.text(c, r), c.width)
	if columns = width(text); columns > c.width {
		t.line.seen = appendCut(t.line.seen[:0], text, c.width, t.line.set)
		text = t.line.seen
		columns = width(text)
	}
	return text, columns
}
