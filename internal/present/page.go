package present

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/visible"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// page is how tablewriter lays out a table.
type page struct {
	head   []byte // with the line under it
	widths []int  // of Markdown: columns between two bars
}

// layOut has tablewriter draw the head, over an empty row: no row changes where
// the columns stand.
func (t *table) layOut() (*page, error) {
	drawn, err := t.draw(make([]string, len(t.cells)))
	if err != nil {
		return nil, err
	}
	titles, rest, _ := bytes.Cut(drawn, []byte{'\n'})
	rule, _, _ := bytes.Cut(rest, []byte{'\n'})
	p := &page{head: drawn[:len(titles)+len(rule)+2]}
	if t.markdown {
		for _, bar := range strings.Split(strings.Trim(string(rule), "|"), "|") {
			p.widths = append(p.widths, len(bar))
		}
	}
	return p, nil
}

// draw has tablewriter draw a table.
func (t *table) draw(rows ...[]string) ([]byte, error) {
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
		titles[i] = cut(string(visible.Append(nil, c.title, t.options.charset())), c.width, t.options.charset())
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
	var out bytes.Buffer
	table := tablewriter.NewTable(&out, options...)
	if err := table.Start(); err != nil {
		return nil, fmt.Errorf("start table: %w", err)
	}
	table.Header(titles)
	for _, row := range rows {
		if err := table.Append(row); err != nil {
			return nil, fmt.Errorf("draw table: %w", err)
		}
	}
	if err := table.Close(); err != nil {
		return nil, fmt.Errorf("draw table: %w", err)
	}
	if t.markdown {
		return out.Bytes(), nil
	}
	return trimBlanks(out.Bytes()), nil
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

// trimBlanks takes the blanks off the ends of lines.
func trimBlanks(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		out = append(append(out, bytes.TrimRight(line, " \n")...), '\n')
	}
	return out
}
