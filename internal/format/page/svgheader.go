package page

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// headersMost is how many headers a picture shows.
const headersMost = 250

// svgHeaders draws headers as grids of 32 bits a row, with the values that they have.
type svgHeaders struct {
	*headers
	w       io.Writer
	options present.Options
	section string
}

// Section implements Presenter.
func (s *svgHeaders) Section(title string) error {
	s.section = title
	return nil
}

// Moment implements Presenter.
func (s *svgHeaders) Moment(m timeline.Moment) error {
	if err := s.see(m); err != nil || len(s.list) <= headersMost {
		return err
	}
	return &present.TooMuch{Format: "svg", Most: headersMost, What: "headers"}
}

// Close implements Presenter.
func (s *svgHeaders) Close() error {
	if len(s.list) > headersMost {
		return nil
	}
	g := grid{y: 20}
	title := pictureTitle(s.section, "TCP headers", s.options.Source, nil)
	for _, line := range wrap(title, large, gridWidth-2*margin, 3) {
		g.y += leading
		g.text(margin, g.y, face{large, ink, true, atStart}, line)
	}
	var words []string
	for i := range s.list {
		g.header(&s.list[i])
		words = append(words, inWords(&s.list[i]))
	}
	for _, line := range wrap(view.HeaderKey, small, gridWidth-2*margin, 6) {
		g.y += leading - 4
		g.text(margin, g.y, face{small, colors[view.Quiet], false, atStart}, line)
	}
	out := opened(gridWidth, g.y+20, title, strings.Join(words, " "))
	out = append(append(out, g.buf...), "</svg>\n"...)
	_, err := s.w.Write(out)
	return err
}

// inWords tells a header to those who do not see it.
func inWords(h *header) string {
	var b strings.Builder
	b.WriteString(h.title + ":")
	for i := range h.fields {
		if f := &h.fields[i]; len(f.bits) > 1 || f.isSet() {
			fmt.Fprintf(&b, " %s %s,", f.name, f.value)
		}
	}
	return strings.TrimSuffix(b.String(), ",") + "."
}

// grid draws headers below one another.
type grid struct {
	drawing
	y float64
}

// The measures of a grid.
const (
	perRow    = 32   // bits
	bitWidth  = 30.0 // room of one
	rowHeight = 78.0
	gridLeft  = margin + 40
	gridWidth = gridLeft + perRow*bitWidth + margin
	lit       = "#fff1c9" // the ground of what is set
)

// header draws one of them.
func (g *grid) header(h *header) {
	g.y += leading + 8
	g.text(margin, g.y, face{ordinary, ink, true, atStart}, fit(h.title, ordinary, gridWidth-2*margin))
	g.y += leading
	quiet := face{small - 1, colors[view.Quiet], false, atMiddle}
	for bit := range perRow {
		g.text(gridLeft+(float64(bit)+0.5)*bitWidth, g.y, quiet, strconv.Itoa(bit))
	}
	g.y += 6
	last := 0
	for i := range h.fields {
		last = max(last, h.fields[i].last)
		g.field(&h.fields[i])
	}
	quiet.at = atEnd
	rows := last/perRow + 1
	for row := range rows {
		g.text(gridLeft-8, g.y+(float64(row)+0.5)*rowHeight+5, quiet, strconv.Itoa(row*perRow))
	}
	g.y += float64(rows) * rowHeight
	if h.size > 0 {
		g.y += leading
		text := fmt.Sprintf("data, bits %d-%d: ", 8*len(h.bytes), 8*(len(h.bytes)+h.size)-1)
		g.text(gridLeft, g.y, face{ordinary, colors[view.Quiet], false, atStart}, text)
		at := gridLeft + widthOf(text, ordinary)
		g.text(at, g.y, face{ordinary, ink, false, atStart}, `"`+fit(h.data, ordinary, gridWidth-margin-at-3*ordinary)+`"`)
	}
	g.y += 10
}

// field draws a field or an option: in each row that it has bits in, a box with them;
// its name and value in the largest.
func (g *grid) field(f *field) {
	named := false
	longest := 0
	for from := f.first; from <= f.last; from = rowEnd(from) {
		longest = max(longest, min(rowEnd(from), f.last+1)-from)
	}
	for from := f.first; from <= f.last; from = rowEnd(from) {
		to := min(rowEnd(from), f.last+1)
		x, y := gridLeft+float64(from%perRow)*bitWidth, g.y+float64(from/perRow)*rowHeight
		g.cell(f, x, y, float64(to-from)*bitWidth)
		if !named && to-from == longest {
			named = true
			g.name(f, x, y, float64(to-from)*bitWidth)
		}
		for bit := from; bit < to && bit-f.first < len(f.bits); bit++ {
			g.bit(f, f.bits[bit-f.first], x+(float64(bit-from)+0.5)*bitWidth, y)
		}
	}
}

// rowEnd is the first bit of the next row.
func rowEnd(bit int) int { return (bit/perRow + 1) * perRow }

// cell draws the box of some bits.
func (g *grid) cell(f *field, x, y, width float64) {
	fill := ground
	if f.isSet() {
		fill = lit
	}
	g.tag(`<rect x="%" y="%" width="%" height="%" fill="`+fill+`" stroke="`+rail+"\"/>\n", x, y, width, rowHeight)
}

// name writes a field's name and value, as far as there is room.
func (g *grid) name(f *field, x, y, width float64) {
	mark := ""
	if f.changed {
		mark = " *"
	}
	quiet := face{small, colors[view.Quiet], false, atStart}
	if len(f.bits) == 1 {
		quiet.at, quiet.size, quiet.bold = atMiddle, small-1, f.isSet()
		if quiet.bold {
			quiet.color = ink
		}
		g.text(x+width/2, y+19, quiet, fit(f.name, quiet.size, width))
		if f.changed {
			g.text(x+width/2, y+38, face{small, colors[view.Good], true, atMiddle}, "*")
		}
		return
	}
	const inner = 7
	g.text(x+inner, y+19, quiet, fit(f.name+mark, quiet.size, width-inner))
	value := face{ordinary, colors[f.tone], true, atStart}
	room := width - 2*inner
	text := fit(f.value, ordinary, room)
	g.text(x+inner, y+41, value, text)
	room -= widthOf(text, ordinary) + gap
	if widthOf(f.meaning, small) <= room {
		g.text(x+inner+widthOf(text, ordinary)+gap, y+41, quiet, fit(f.meaning, small, room))
	}
}

// bit writes a bit into its column.
func (g *grid) bit(f *field, bit byte, x, y float64) {
	is := face{ordinary, colors[view.Quiet], false, atMiddle}
	if bit == '1' {
		is.color, is.bold = ink, true
		if f.tone == view.OfX || f.tone == view.OfY {
			is.color = colors[f.tone]
		}
	}
	g.text(x, y+66, is, string(rune(bit)))
}
