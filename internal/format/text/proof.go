package text

import "github.com/handshake-lab/handshake-lab/internal/view"

// drawProof says that the handshake is complete, and how that is known.
func drawProof(c *canvas, e *view.Entry) {
	separate := c.ladder.inside() < 32 // there is no room for two things beside each other
	c.why = append(append(c.why[:0], c.sign.proved...), ' ')
	begun := false
	for joint, text := range e.Proof(separate) {
		switch {
		case begun && (joint == "" || separate):
			drawProofLine(c)
		case begun:
			c.why = append(c.why, joint...)
		}
		begun = true
		c.why = append(c.why, text...)
	}
	drawProofLine(c)
}

// drawProofLine writes a line of the proof, in the middle.
func drawProofLine(c *canvas) {
	c.beginDetail()
	columns := width(c.why)
	if free := c.ladder.inside() - columns; free > 0 {
		c.line.to(c.line.col + free/2)
	}
	c.putInside(styles[view.Good], c.why, columns)
	c.endDetail()
	c.why = c.why[:0]
}
