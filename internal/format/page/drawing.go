package page

import (
	"math"
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// drawing is a picture in SVG under way, in pixels from its upper left corner. All that
// it looks like stands in attributes, which every reader of SVG knows.
type drawing struct{ buf []byte }

// Sizes of letters, and how far lines of the ordinary one stand apart.
const (
	small    = 13.0
	ordinary = 16.0
	large    = 18.0
	leading  = 22.0
)

// Colours beside those of tones, on the white ground that pictures have.
const (
	ink    = "#1f2328"
	ground = "#ffffff"
	shade  = "#f3f4f6"
	rail   = "#8c959f"
)

// colors are those of tones.
var colors = func() (list [view.Tones]string) {
	for tone := range list {
		if list[tone] = palette.Hex(view.Tone(tone), true); list[tone] == "" {
			list[tone] = ink
		}
	}
	return list
}()

// colorOfClient is that of a client's name.
func colorOfClient(number int) string { return palette.Hex(palette.Client(number), true) }

// anchor is which part of a text stands at its place.
type anchor string

const (
	atStart  anchor = ""
	atMiddle anchor = "middle"
	atEnd    anchor = "end"
)

// face is how a text is set.
type face struct {
	size  float64
	color string
	bold  bool
	at    anchor
}

// tag appends markup of our own, with a number in the place of each %.
func (d *drawing) tag(markup string, numbers ...float64) {
	for i := range len(markup) {
		if markup[i] != '%' {
			d.buf = append(d.buf, markup[i])
			continue
		}
		d.buf = strconv.AppendFloat(d.buf, math.Round(10*numbers[0])/10, 'f', -1, 64)
		numbers = numbers[1:]
	}
}

// text sets a line of visible text. It is not set where there is none.
func (d *drawing) text(x, y float64, f face, text string) {
	if text == "" {
		return
	}
	d.openText(x, y, f)
	d.buf = appendEscaped(d.buf, text)
	d.tag("</text>\n")
}

func (d *drawing) openText(x, y float64, f face) {
	d.tag(`<text x="%" y="%"`, x, y)
	if f.size != ordinary {
		d.tag(` font-size="%"`, f.size)
	}
	if f.color != ink {
		d.tag(` fill="` + f.color + `"`)
	}
	if f.bold {
		d.tag(` font-weight="bold"`)
	}
	if f.at != atStart {
		d.tag(` text-anchor="` + string(f.at) + `"`)
	}
	d.tag(` xml:space="preserve">`)
}

// bits sets bits, those that are set in bold.
func (d *drawing) bits(x, y float64, f face, bits string) {
	d.openText(x, y, f)
	for len(bits) > 0 {
		n := 1
		for n < len(bits) && bits[n] == bits[0] {
			n++
		}
		if bits[0] == '1' {
			d.tag(`<tspan font-weight="bold">` + bits[:n] + `</tspan>`)
		} else {
			d.tag(`<tspan fill="` + colors[view.Quiet] + `">` + bits[:n] + `</tspan>`)
		}
		bits = bits[n:]
	}
	d.tag("</text>\n")
}

func (d *drawing) box(x, y, width, height float64, fill, stroke string) {
	d.tag(`<rect x="%" y="%" width="%" height="%" rx="5" fill="`+fill+`"`, x, y, width, height)
	if stroke != "" {
		d.tag(` stroke="` + stroke + `"`)
	}
	d.tag("/>\n")
}

// line draws a line; more are attributes.
func (d *drawing) line(x1, y1, x2, y2, width float64, color, more string) {
	d.tag(`<line x1="%" y1="%" x2="%" y2="%" stroke="`+color+`" stroke-width="%"`+more+"/>\n", x1, y1, x2, y2, width)
}

// head draws the head of an arrow that comes from another point.
func (d *drawing) head(x1, y1, x, y float64, color string) {
	const length, half = 14, 5.5
	way := math.Hypot(x-x1, y-y1)
	dx, dy := (x-x1)/way, (y-y1)/way
	bx, by := x-length*dx, y-length*dy
	d.tag(`<polygon points="%,% %,% %,%" fill="`+color+"\"/>\n", x, y, bx-half*dy, by+half*dx, bx+half*dy, by-half*dx)
}

// cross draws what ends the way of a lost segment.
func (d *drawing) cross(x, y float64, color string) {
	const half = 8
	d.tag(`<path d="M % %L% %M% %L% %" stroke="`+color+"\" stroke-width=\"3.5\" stroke-linecap=\"round\"/>\n",
		x-half, y-half, x+half, y+half, x-half, y+half, x+half, y-half)
}

// tallest is of how many pixels a picture is at most: rsvg-convert draws no more than
// 32767. One with more content is to be looked at enlarged.
const tallest = 32000

// opened appends what stands before a picture's content, on a white ground.
func opened(width, height float64, title, description string) []byte {
	var d drawing
	scale := min(1, tallest/height)
	d.tag(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<svg xmlns="http://www.w3.org/2000/svg" width="%" height="%" viewBox="0 0 % %" role="img"`+
		` aria-labelledby="title description" font-family="Menlo, Consolas, &quot;DejaVu Sans Mono&quot;, monospace" font-size="%" fill="`+ink+"\">\n",
		scale*width, scale*height, width, height, ordinary)
	d.tag(`<title id="title">`)
	d.buf = appendEscaped(d.buf, title)
	d.tag("</title>\n" + `<desc id="description">`)
	d.buf = appendEscaped(d.buf, description)
	d.tag("</desc>\n")
	d.tag(`<rect width="%" height="%" fill="`+ground+"\"/>\n", width, height)
	return d.buf
}
