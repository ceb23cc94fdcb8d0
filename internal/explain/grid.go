package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// grid draws the header 32 bits to a row, as RFC 9293 §3.1 does, with the
// fields that overlap the marked bits shaded, and the bits themselves
// underlined.
type grid struct {
	first, last int // marked bits; last < first marks none
}

// noBits draws the header with nothing marked.
var noBits = grid{0, -1}

const (
	gridBits   = 32
	gridMargin = 4                           // columns for the number of a row's first bit
	gridWidth  = gridMargin + 2*gridBits + 1 // a bit is two columns, a border included
)

func (g grid) marks(f decode.Field) bool { return f.Offset <= g.last && g.first <= f.End() }

// holds reports whether one bit is marked.
func (g grid) holds(bit int) bool { return g.first <= bit && bit <= g.last }

// Names that do not fit their cells.
var shortNames = map[string]string{"Reserved": "Rsrvd"}

func (g grid) render(p *page) {
	if p.width < gridWidth {
		g.list(p)
		return
	}
	tens, ones := strings.Repeat(" ", gridMargin+1), strings.Repeat(" ", gridMargin+1)
	for bit := range gridBits {
		digit := " "
		if bit%10 == 0 {
			digit = fmt.Sprint(bit / 10)
		}
		tens += digit + " "
		ones += fmt.Sprint(bit%10) + " "
	}
	p.line(view.Quiet, tens)
	p.line(view.Quiet, ones)
	var above []decode.Field
	for at := 0; at < len(decode.Fields); {
		var row []decode.Field
		for width := 0; width < gridBits && at < len(decode.Fields); at++ {
			row = append(row, decode.Fields[at])
			width += decode.Fields[at].Width
		}
		g.border(p, above, row)
		g.row(p, row)
		above = row
	}
	g.border(p, above, nil)
	optionsAt := decode.Fields[len(decode.Fields)-1].End() + 1
	note := fmt.Sprintf("%*d options and padding, up to 40 bytes, then the data", gridMargin-1, optionsAt)
	if g.last >= optionsAt {
		note += "  ░░░"
	}
	p.line(view.Plain, note)
}

// row writes the cells of one row, as many lines as the highest needs.
func (g grid) row(p *page, row []decode.Field) {
	cells := make([][]string, len(row))
	height := 0
	for i, f := range row {
		cells[i] = cell(f)
		height = max(height, len(cells[i]))
	}
	bar := "│"
	if p.style.ASCII {
		bar = "|"
	}
	for y := range height {
		margin := strings.Repeat(" ", gridMargin)
		if y == (height-1)/2 {
			margin = fmt.Sprintf("%*d ", gridMargin-1, row[0].Offset)
		}
		p.dst = append(p.dst, margin...)
		p.dst = append(p.dst, bar...)
		for i, f := range row {
			lines, room := cells[i], 2*f.Width-1
			text := ""
			if at := y - (height-len(lines))/2; at >= 0 && at < len(lines) {
				text = lines[at]
			}
			left := (room - len(text)) / 2
			if g.marks(f) {
				p.dst = p.paint(p.dst, palette.Marked, p.text(fill(text, left, room)))
			} else {
				p.dst = append(p.dst, strings.Repeat(" ", left)+text+strings.Repeat(" ", room-left-len(text))...)
			}
			p.dst = append(p.dst, bar...)
		}
		p.dst = append(p.dst, '\n')
	}
}

// fill shades a marked cell around its text, so that it stands out without
// colour too.
func fill(text string, left, room int) string {
	right := room - left - len(text)
	if text == "" {
		return strings.Repeat("░", room)
	}
	shade := func(n int) string { return strings.Repeat("░", max(n, 0)) }
	pad := func(n int) string { return strings.Repeat(" ", min(n, 1)) }
	return shade(left-1) + pad(left) + text + pad(right) + shade(right-1)
}

// cell breaks a field's name into lines that fit it; a single bit's name
// stands upright.
func cell(f decode.Field) []string {
	if f.Width == 1 {
		return strings.Split(f.Name, "")
	}
	name := f.Name
	if short, ok := shortNames[name]; ok {
		name = short
	}
	return wrap(name, 2*f.Width-1)
}

// border writes the line between two rows. In ASCII it marks every bit, as
// the RFC does.
func (g grid) border(p *page, above, below []decode.Field) {
	edges := func(row []decode.Field) (at []int) {
		for _, f := range row {
			at = append(at, f.Offset%gridBits+f.Width)
		}
		return append(at, 0)
	}
	up, down := edges(above), edges(below)
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", gridMargin))
	for bit := range gridBits + 1 {
		if p.style.ASCII {
			b.WriteString("+")
		} else {
			b.WriteRune(junction(above != nil && slices.Contains(up, bit), below != nil && slices.Contains(down, bit),
				bit > 0, bit < gridBits))
		}
		if bit == gridBits {
			break
		}
		line := "─-"
		if above != nil && g.holds(above[0].Offset+bit) {
			line = "━="
		}
		if p.style.ASCII {
			b.WriteByte(line[len(line)-1])
		} else {
			b.WriteString(line[:len(line)-1])
		}
	}
	p.line(view.Plain, b.String())
}

// junction is the box-drawing character with the given arms.
func junction(up, down, left, right bool) rune {
	index := 0
	for i, arm := range [...]bool{up, down, left, right} {
		if arm {
			index |= 1 << i
		}
	}
	return []rune(" ╵╷│╴┘┐┤╶└┌├─┴┬┼")[index]
}

// list stands for the grid where the page is too narrow for it.
func (g grid) list(p *page) {
	var r rows
	for _, f := range decode.Fields {
		name := f.Name
		if g.marks(f) {
			name += " ░"
		}
		r = append(r, [2]string{bitRange(f), name})
	}
	r.render(p)
}

// picture are the lines of the grid as it stands on a page of its own width.
func (g grid) picture() []string {
	p := &page{width: gridWidth}
	g.render(p)
	return strings.Split(strings.TrimRight(string(p.dst), "\n"), "\n")
}
