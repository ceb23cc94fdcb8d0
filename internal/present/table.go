package present

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	early "github.com/handshake-lab/handshake-lab/internal/early/tables"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
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
	text  func(dst []byte, r *row, set charset) []byte
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

// table shows rows through tablewriter, row by row as they come.
type table struct {
	rows     rower
	cells    []cell
	options  Options
	markdown bool
	out      *bufio.Writer
	page     *tablewriter.Table // nil before the first row
	headed   bool               // the head and the first row are written
	texts    []string
	line     line
	scratch  []byte
	m        timeline.Moment

	section func(dst []byte, r *row) []byte // title of the table that begins with the row; nothing where none does
}

func openTable(rows func() rower, cells []cell) func(*View, io.Writer, Options) Presenter {
	return func(_ *View, w io.Writer, o Options) Presenter { return newTable(rows(), cells, w, o) }
}

func openMarkdown(rows func() rower, cells []cell) func(*View, io.Writer, Options) Presenter {
	return func(_ *View, w io.Writer, o Options) Presenter {
		return &table{rows: rows(), cells: cells, options: o, markdown: true, out: bufio.NewWriter(w)}
	}
}

func newTable(rows rower, cells []cell, w io.Writer, o Options) *table {
	t := &table{rows: rows, cells: choose(cells, o.width()), options: o, out: bufio.NewWriter(trimmer{w})}
	t.line = line{color: o.Color, set: o.charset()}
	for _, c := range t.cells {
		t.line.width += c.width + gap
	}
	return t
}

// Moment implements Presenter.
func (t *table) Moment(m timeline.Moment) error {
	t.m = m
	return t.rows.moment(&t.m, t.add)
}

// Close implements Presenter.
func (t *table) Close() error {
	if err := t.rows.close(t.add); err != nil {
		return err
	}
	return t.end()
}

// end writes the end of the table; a row after that begins a new one.
func (t *table) end() error {
	if t.page != nil {
		if err := t.page.Close(); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
		t.page, t.headed = nil, false
	}
	return t.out.Flush()
}

// start writes the head of the table.
func (t *table) start() error {
	early.Initialize()
	widths := tw.NewMapper[int, int]()
	aligns := make([]tw.Align, len(t.cells))
	titles := make([]string, len(t.cells))
	pads := make([]tw.Padding, len(t.cells))
	for i, c := range t.cells {
		pads[i] = tw.Padding{Left: tw.Empty, Right: strings.Repeat(tw.Space, gap), Overwrite: true}
		if i == len(t.cells)-1 {
			pads[i].Right = tw.Empty
		}
		widths.Set(i, c.width+len(pads[i].Right))
		aligns[i] = tw.AlignLeft
		if c.align == right {
			aligns[i] = tw.AlignRight
		}
		titles[i] = cut(string(appendVisible(nil, c.title, t.options.charset())), c.width, t.options.charset())
		if t.options.Color && !t.markdown {
			titles[i] = "\x1b[" + bold + "m" + titles[i] + "\x1b[0m"
		}
	}
	options := []tablewriter.Option{
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true}),
		// tablewriter's own ideas of how text should look are all switched off:
		// it would turn tcp.seq_raw into TCP . SEQ RAW, and trim and wrap.
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithTrimSpace(tw.Off), tablewriter.WithTrimLine(tw.Off), tablewriter.WithTrimTab(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
		tablewriter.WithEastAsian(tw.Off),
	}
	if t.markdown {
		options = append(options, tablewriter.WithRenderer(renderer.NewMarkdown()))
	} else {
		options = append(options, tablewriter.WithRenderer(t.plainRenderer()),
			tablewriter.WithHeaderPaddingPerColumn(pads), tablewriter.WithRowPaddingPerColumn(pads),
			tablewriter.WithColumnWidths(widths))
	}
	t.page = tablewriter.NewTable(t.out, options...)
	if err := t.page.Start(); err != nil {
		return fmt.Errorf("start table: %w", err)
	}
	t.page.Header(titles)
	return nil
}

// plainRenderer draws nothing but a line under the head.
func (t *table) plainRenderer() tw.Renderer {
	symbols := tw.NewSymbols(tw.StyleLight)
	if t.options.ASCII {
		symbols = tw.NewSymbols(tw.StyleASCII)
	}
	return renderer.NewBlueprint(tw.Rendition{
		Symbols: symbols,
		Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
		Settings: tw.Settings{Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
			Lines: tw.Lines{ShowHeaderLine: tw.On}},
	})
}

// add writes one row.
func (t *table) add(r *row) error {
	if t.section != nil {
		if err := t.begin(t.section(nil, r)); err != nil {
			return err
		}
	}
	if t.page == nil {
		if err := t.start(); err != nil {
			return err
		}
	}
	if err := t.write(r); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	if t.options.Live {
		return t.out.Flush()
	}
	return nil
}

// write writes a row through tablewriter. Of a live table on a screen only the
// first takes that way, with the head: it costs some thirty microseconds and
// two hundred allocations a row, and a busy wire leaves less than that.
func (t *table) write(r *row) error {
	if t.options.Live && !t.markdown && t.headed {
		_, err := t.out.Write(t.below(r))
		return err
	}
	t.headed = true
	t.texts = t.texts[:0]
	for i := range t.cells {
		text, style := t.show(&t.cells[i], r)
		if style != plain {
			text = "\x1b[" + style + "m" + text + "\x1b[0m"
		}
		t.texts = append(t.texts, text)
	}
	return t.page.Append(t.texts)
}

// below is a row laid out as tablewriter does it.
func (t *table) below(r *row) []byte {
	l := &t.line
	l.reset()
	at := 0
	for i := range t.cells {
		c := &t.cells[i]
		text, style := t.show(c, r)
		if c.align == right {
			l.to(at + c.width - cells.StringWidth(text))
		}
		l.to(at)
		l.raw(style, text)
		at += c.width + gap
	}
	t.scratch = l.appendTo(t.scratch[:0])
	return t.scratch
}

// begin ends the table before and writes the title of the next one.
func (t *table) begin(title []byte) error {
	if len(title) == 0 {
		return nil
	}
	if t.page != nil {
		if err := t.end(); err != nil {
			return err
		}
		t.out.WriteByte('\n')
	}
	if t.markdown {
		t.out.WriteString("### ")
		t.out.Write(appendMarkdown(nil, title))
		t.out.WriteString("\n\n")
		return nil
	}
	l := line{width: t.options.width(), color: t.options.Color, set: t.options.charset()}
	l.put(bold, string(title))
	_, err := t.out.Write(l.appendTo(nil))
	return err
}

// show is the text of a cell, fit for its place, and its colour.
func (t *table) show(c *cell, r *row) (text, style string) {
	set := t.options.charset()
	t.scratch = c.text(t.scratch[:0], r, set)
	if set == ascii && !isPlain(t.scratch) {
		t.scratch = appendVisible(nil, t.scratch, ascii)
	}
	if t.markdown {
		return string(appendMarkdown(nil, t.scratch)), plain
	}
	text = cut(string(front(t.scratch, c.width)), c.width, set)
	if t.options.Color && c.style != nil && text != "" {
		style = c.style(r)
	}
	return text, style
}

// trimmer takes the blanks off the ends of lines; what it is given ends with
// the line.
type trimmer struct{ w io.Writer }

func (t trimmer) Write(p []byte) (int, error) {
	out := make([]byte, 0, len(p))
	for rest := p; len(rest) > 0; {
		text, after, found := bytes.Cut(rest, []byte{'\n'})
		if !found {
			out = append(out, text...)
			break
		}
		out = append(append(out, bytes.TrimRight(text, " ")...), '\n')
		rest = after
	}
	_, err := t.w.Write(out)
	return len(p), err
}
