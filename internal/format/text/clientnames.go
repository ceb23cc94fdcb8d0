package text

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/palette"
)

// clientName is a client's name as it stands in the column for that, with the
// blanks after it.
type clientName struct {
	client int
	end    int // column
	cut    bool
	size   uint8 // bytes
	text   [38]byte
}

// clientNames caches the names of those clients that came last.
type clientNames [64]clientName

// find finds how a client's name stands between two columns of a line.
func (c *clientNames) find(client, from, to int, l *line) *clientName {
	n := &c[client%len(c)]
	if n.client == client {
		return n
	}
	made := line{buf: n.text[:0], col: from, width: l.width, ink: l.ink}
	putName(&made, client)
	made.to(to)
	*n = clientName{client: client, end: made.col, cut: made.cut, size: uint8(len(made.buf)), text: n.text}
	return n
}

// appendName appends a client's name: C1.
func appendName(dst []byte, client int) []byte {
	return decimal.AppendInt(append(dst, 'C'), int64(client))
}

// putName writes it in the client's colour.
func putName(l *line, client int) {
	var room [24]byte
	name := appendName(room[:0], client)
	add(l, palette.Client(client), name, len(name))
}
