package text

import (
	"bytes"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// table shows rows as they come, in the columns that tablewriter lays out.
type table struct {
	view     *view.View
	rows     view.RowMaker
	cells    []view.ReaderColumn
	options  present.Options
	set      visible.Charset
	markdown bool
	last     *view.Row                            // of the present moment
	section  string                               // its title
	picture  func(dst []byte, r *view.Row) []byte // of the table that begins with the row; nil for none
	w        io.Writer
	out      bytes.Buffer // what the present moment adds
	led      bool         // what stands above all is written
	head     *tableHead   // nil before the first row
	headed   bool         // it is written
	line     line
	scratch  []byte
	seen     []byte // room for text that was made visible
	m        timeline.Moment
	emit     func(*view.Row) error // add

	waits   bool      // rows wait until it is known how wide their texts are
	waiting []waiting // those
	from    []int     // which of the view's columns the columns are; nil where nothing waited
	rests   [][]byte  // of texts that go on in the next line
}

// Markdown opens a view's rows as a table of Markdown.
func Markdown(v *view.View, w io.Writer, o present.Options) present.Presenter {
	o.Color = false
	t := newTable(v, v.Cells(0), w, o)
	t.markdown = true
	return t
}

// Illustrated is Markdown with a picture below the title of each table.
func Illustrated(v *view.View, w io.Writer, o present.Options, picture func(dst []byte, r *view.Row) []byte) present.Presenter {
	t := Markdown(v, w, o).(*table)
	t.picture = picture
	return t
}

func newTable(v *view.View, cells []view.ReaderColumn, w io.Writer, o present.Options) *table {
	t := &table{view: v, rows: v.ReaderRows(o.Sorted, o.Clients), cells: cells, options: o, set: charsetOf(o), w: w}
	t.emit = t.add
	t.line = line{ink: inkOf(o), set: t.set}
	return t
}

// Section implements Presenter.
func (t *table) Section(title string) error {
	t.section = title
	return nil
}

// Moment implements Presenter.
func (t *table) Moment(m timeline.Moment) error {
	t.m = m
	t.last = nil
	if err := t.rows.Moment(&t.m, t.emit); err != nil {
		return err
	}
	if t.view.Foot != nil && t.last != nil && t.section == "" {
		foot := t.view.Foot(t.last)
		if t.waits {
			t.waiting[len(t.waiting)-1].foot = foot
		} else {
			t.foot(foot)
		}
	}
	return t.write()
}

// Wants implements timeline.Chooser.
func (t *table) Wants() timeline.Wants { return t.view.Wants }

// Close implements Presenter.
func (t *table) Close() error {
	if err := view.Finish(t.rows, t.emit); err != nil {
		return err
	}
	if t.waits {
		if err := t.settle(false); err != nil {
			return err
		}
	}
	return t.write()
}

func (t *table) write() error {
	if t.out.Len() == 0 {
		return nil
	}
	_, err := t.out.WriteTo(t.w)
	return err
}

// add writes one row, below a head where there is none yet.
func (t *table) add(r *view.Row) error {
	t.last = r
	r.Manner = t.options.Manner
	if t.waits {
		return t.wait(r)
	}
	if !t.led {
		t.led = true
		t.lead()
	}
	var title []byte
	if t.view.Title != nil {
		title = t.view.Title(t.scratch[:0], r)
		t.begin(title)
		if len(title) > 0 && t.picture != nil {
			t.out.Write(t.picture(nil, r))
		}
	}
	if err := t.columns(); err != nil {
		return err
	}
	if t.markdown {
		r.Loose = true
		t.out.Write(t.markdownRow(r))
		return nil
	}
	t.row(func(c *view.ReaderColumn, _ int) ([]byte, view.Tone) {
		t.scratch = c.Text(t.scratch[:0], r)
		if t.line.ink == nil || c.Tone == nil {
			return t.scratch, plain
		}
		return t.scratch, c.Tone(r)
	})
	if t.view.Below != nil {
		t.scratch = t.view.Below(t.scratch[:0], r)
		t.wrapped(string(t.scratch), remarkIndent)
	}
	return nil
}

// lay takes columns for the page, which are those of the view.
func (t *table) lay(cells []view.ReaderColumn, from []int) {
	t.cells, t.from, t.rests = cells, from, make([][]byte, len(cells))
	t.line.width = 0
	for _, c := range cells {
		t.line.width += c.Size + gap
	}
}

// columns writes the titles of the columns where they do not stand above already.
func (t *table) columns() (err error) {
	if t.head == nil {
		if t.head, err = newTableHead(t.cells, t.options, t.markdown); err != nil {
			return err
		}
	}
	if !t.headed {
		t.headed = true
		t.out.Write(t.head.text)
	}
	return nil
}

// row writes a row in the columns of the page, and as many lines more as its texts
// need. tablewriter itself takes some thirty microseconds and two hundred allocations
// for one.
func (t *table) row(cell func(c *view.ReaderColumn, i int) ([]byte, view.Tone)) {
	l := &t.line
	l.drop()
	at, goesOn := 0, false
	for i := range t.cells {
		c := &t.cells[i]
		raw, tone := cell(c, i)
		var text []byte
		var columns int
		if c.Kind == view.Wrapped || c.Kind == view.Chunked {
			text, columns = t.breakCell(i, raw)
			goesOn = goesOn || len(t.rests[i]) > 0
		} else {
			text, columns = t.show(c, raw, at > 0)
		}
		if c.Kind == view.Figures {
			l.to(at + c.Size - columns)
		}
		l.to(min(at, at+c.Size-columns))
		if tone == plain && len(text) == 1 && text[0] == '0' {
			tone = dim
		}
		if c.Kind == view.Flagged {
			l.bits(view.Strong, text, columns)
		} else {
			add(l, tone, text, columns)
		}
		at += c.Size + gap
	}
	l.finish()
	t.out.Write(l.buf)
	for goesOn {
		goesOn = t.continued(cell)
	}
}

// breakCell is the first line of a text that goes on in the next ones.
func (t *table) breakCell(i int, raw []byte) (text []byte, columns int) {
	c := &t.cells[i]
	text, rest := breakAt(t.visible(c, raw), c.Size)
	t.rests[i] = append(t.rests[i][:0], rest...)
	return text, width(text)
}

// continued writes the next line of a row whose texts go on, and reports whether
// there is more.
func (t *table) continued(cell func(c *view.ReaderColumn, i int) ([]byte, view.Tone)) (goesOn bool) {
	l := &t.line
	l.drop()
	at := 0
	for i := range t.cells {
		c := &t.cells[i]
		if rest := t.rests[i]; len(rest) > 0 {
			_, tone := cell(c, i)
			text, after := breakAt(rest, c.Size)
			l.to(at)
			add(l, tone, text, width(text))
			t.rests[i] = append(rest[:0], after...)
			goesOn = goesOn || len(after) > 0
		}
		at += c.Size + gap
	}
	l.finish()
	t.out.Write(l.buf)
	return goesOn
}

func (t *table) markdownRow(r *view.Row) []byte {
	l := &t.line
	l.buf = append(l.buf[:0], '|')
	for i := range t.cells {
		c := &t.cells[i]
		l.seen = appendMarkdown(l.seen[:0], t.text(c, r))
		before, after := 1, max(t.head.widths[i]-1-width(l.seen), 1)
		if c.Kind == view.Figures {
			before, after = after, before
		}
		l.buf = append(appendBlanks(l.buf, before), l.seen...)
		l.buf = append(appendBlanks(l.buf, after), '|')
	}
	l.buf = append(l.buf, '\n')
	return l.buf
}

// text is what a cell says of a row, fit to be shown, until the next one is asked
// for.
func (t *table) text(c *view.ReaderColumn, r *view.Row) []byte {
	t.scratch = c.Text(t.scratch[:0], r)
	return t.visible(c, t.scratch)
}

// visible makes text fit to be shown.
func (t *table) visible(c *view.ReaderColumn, text []byte) []byte {
	if visible.IsPlain(text) {
		return text
	}
	if t.set == visible.ASCII && c.Kind != view.Prose { // c→s takes no more room than it has
		text = bytes.ReplaceAll(text, []byte("→"), []byte(">"))
		text = bytes.ReplaceAll(text, []byte("·"), []byte("."))
	}
	t.seen = visible.Append(t.seen[:0], text, t.set)
	return t.seen
}

// show is the text of a cell, fit for its place, and its width.
func (t *table) show(c *view.ReaderColumn, text []byte, behind bool) (shown []byte, columns int) {
	end, columns := narrow(text, len(text))
	if end < len(text) || t.set == visible.ASCII && columns < len(text) { // there is more than what is known to be harmless
		text = front(t.visible(c, text), c.Size)
		columns = width(text)
	}
	if columns == c.Size+1 && c.Kind == view.Figures && behind {
		return text, columns // it takes one of the blanks before it
	}
	if columns > c.Size {
		t.line.seen = appendCut(t.line.seen[:0], front(text, c.Size), c.Size, t.line.set)
		text = t.line.seen
		columns = width(text)
	}
	return text, columns
}
