package text

import (
	"bytes"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// drawProof says that the handshake is complete, and how that is known, each line
// in the middle.
func drawProof(c *canvas, e *view.Entry) {
	separate := c.ladder.inside() < 32 // there is no room for two things beside each other
	c.why = e.AppendProof(append(append(c.why[:0], c.sign.proved...), ' '), separate)
	for text := range bytes.Lines(c.why) {
		text = bytes.TrimSuffix(text, []byte{'\n'})
		if c.line.set == visible.ASCII {
			c.value = visible.Append(c.value[:0], text, visible.ASCII)
			text = c.value
		}
		c.beginDetail()
		columns := width(text)
		if free := c.ladder.inside() - columns; free > 0 {
			c.line.to(c.line.col + free/2)
		}
		c.putInside(view.Good, text, columns)
		c.endDetail()
	}
}

// With Options.Endpoints the story says below each segment what has changed of
// the numbers of both ends: the client's at the left, the server's at the right.

const endpointsNote = "below a segment: what changed of SND.UNA, SND.NXT and RCV.NXT, the client's at the left, the server's at the right; ? is assumed"

// piece is text of a tone.
type piece struct {
	name, text string
	tone       view.Tone
}

func (p *piece) columns() int { return len(p.name) + len(" ") + width(p.text) }

// drawChanges writes what a segment has changed of the numbers of both ends.
func drawChanges(c *canvas, e *view.Entry) {
	left, right := piecesOf(c, e, conversation.Client), piecesOf(c, e, conversation.Server)
	const apart = 2
	if len(left) > 0 && len(right) > 0 && 1+columnsOf(left)+apart+columnsOf(right)+1 <= c.ladder.inside() {
		drawPieces(c, left, right)
		return
	}
	for _, p := range linesOf(left, c.ladder.inside()) {
		drawPieces(c, p, nil)
	}
	for _, p := range linesOf(right, c.ladder.inside()) {
		drawPieces(c, nil, p)
	}
}

func piecesOf(c *canvas, e *view.Entry, side conversation.Side) (list []piece) {
	const room = len("x+1+12345678+1?")
	for _, change := range e.Changes(side) {
		list = append(list, piece{change.Name, string(visible.Append(nil, change.AppendTo(nil, room), c.line.set)), change.Tone})
	}
	return list
}

func columnsOf(list []piece) (columns int) {
	for i := range list {
		columns += list[i].columns() + len("  ")
	}
	return columns - len("  ")
}

// linesOf breaks a list into such as fit between the lifelines.
func linesOf(list []piece, inside int) (lines [][]piece) {
	for len(list) > 0 {
		n := len(list)
		for n > 1 && columnsOf(list[:n])+len("  ") > inside {
			n--
		}
		lines, list = append(lines, list[:n]), list[n:]
	}
	return lines
}

// drawPieces writes a line of what has changed at the left and at the right.
func drawPieces(c *canvas, left, right []piece) {
	c.beginDetail()
	put := func(list []piece) {
		for i := range list {
			if i > 0 {
				c.line.raw(plain, "  ")
			}
			c.line.raw(dim, list[i].name+" ")
			c.putInside(list[i].tone, []byte(list[i].text), width(list[i].text))
		}
	}
	c.line.raw(plain, " ")
	put(left)
	if len(right) > 0 {
		c.line.to(c.ladder.right - 1 - columnsOf(right))
		put(right)
	}
	c.endDetail()
}
