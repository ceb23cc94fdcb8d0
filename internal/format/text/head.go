package text

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// tableHead is how tablewriter lays out a table.
type tableHead struct {
	text   []byte // with the line under it
	widths []int  // of Markdown: columns between two bars
}

// newTableHead has tablewriter draw the head, over an empty row: no row changes
// where the columns stand.
func newTableHead(cells []view.ReaderColumn, o present.Options, markdown bool) (*tableHead, error) {
	drawn, err := drawTable(cells, o, markdown, make([]string, len(cells)))
	if err != nil {
		return nil, err
	}
	titles, rest, _ := bytes.Cut(drawn, []byte{'\n'})
	rule, _, _ := bytes.Cut(rest, []byte{'\n'})
	head := &tableHead{text: drawn[:len(titles)+len(rule)+2]}
	if markdown {
		for _, bar := range strings.Split(strings.Trim(string(rule), "|"), "|") {
			head.widths = append(head.widths, len(bar))
		}
	}
	return head, nil
}

// drawTable has tablewriter draw a table.
func drawTable(cells []view.ReaderColumn, o present.Options, markdown bool, rows ...[]string) ([]byte, error) {
	var out bytes.Buffer
	table := tablewriter.NewTable(&out, optionsOf(cells, o, markdown)...)
	if err := table.Start(); err != nil {
		return nil, fmt.Errorf("start table: %w", err)
	}
	table.Header(titlesOf(cells, o, markdown))
	for _, row := range rows {
		if err := table.Append(row); err != nil {
			return nil, fmt.Errorf("draw table: %w", err)
		}
	}
	if err := table.Close(); err != nil {
		return nil, fmt.Errorf("draw table: %w", err)
	}
	if markdown {
		return out.Bytes(), nil
	}
	return trimBlanks(out.Bytes()), nil
}

func titlesOf(cells []view.ReaderColumn, o present.Options, markdown bool) []string {
	titles, set := make([]string, len(cells)), charsetOf(o)
	for i, c := range cells {
		titles[i] = cut(string(visible.Append(nil, c.Title, set)), c.Size, set)
		if ink := inkOf(o); ink != nil && !markdown {
			titles[i] = ink[bold] + titles[i] + palette.Off
		}
	}
	return titles
}

// gap is how many blanks stand between two columns.
const gap = view.ColumnGap

func optionsOf(cells []view.ReaderColumn, o present.Options, markdown bool) []tablewriter.Option {
	widths := tw.NewMapper[int, int]()
	aligns := make([]tw.Align, len(cells))
	pads := make([]tw.Padding, len(cells))
	for i, c := range cells {
		pads[i] = tw.Padding{Left: tw.Empty, Right: strings.Repeat(tw.Space, gap), Overwrite: true}
		if i == len(cells)-1 {
			pads[i].Right = tw.Empty
		}
		widths.Set(i, c.Size+len(pads[i].Right))
		aligns[i] = tw.AlignLeft
		if c.Kind == view.Figures {
			aligns[i] = tw.AlignRight
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
	if markdown {
		return append(options, tablewriter.WithRenderer(renderer.NewMarkdown()))
	}
	return append(options, tablewriter.WithRenderer(plainRenderer(o)),
		tablewriter.WithHeaderPaddingPerColumn(pads), tablewriter.WithRowPaddingPerColumn(pads),
		tablewriter.WithColumnWidths(widths))
}

// plainRenderer draws nothing but a line under the head.
func plainRenderer(o present.Options) tw.Renderer {
	symbols := tw.NewSymbols(tw.StyleLight)
	if o.ASCII {
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
