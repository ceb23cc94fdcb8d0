package text

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// line is one line of text while it is written. It never grows beyond its
// width: what does not fit is cut, and the cut is marked. Lines that are
// finished stand before it.
type line struct {
	buf   []byte
	start int // in buf
	col   int // columns written
	width int
	color bool
	set   visible.Charset
	cut   bool
	seen  []byte // room for text that was made visible
}

// reset begins the line anew.
func (l *line) reset() { l.buf, l.col, l.cut = l.buf[:l.start], 0, false }

// finish ends the line, without blanks at its end, and begins the next one.
func (l *line) finish() {
	end := len(l.buf)
	for end > l.start && l.buf[end-1] == ' ' {
		end--
	}
	l.buf = append(l.buf[:end], '\n')
	l.start, l.col, l.cut = len(l.buf), 0, false
}

// drop forgets all lines.
func (l *line) drop() { l.buf, l.start, l.col, l.cut = l.buf[:0], 0, 0, false }

// put appends text in a style; text that is not plain is made visible first.
func (l *line) put(style, text string) { put(l, style, text) }

// raw appends text that is fit to be shown.
func (l *line) raw(style, text string) { add(l, style, text, width(text)) }

// drawn appends signs of our own, whose width in columns is known.
func (l *line) drawn(style, signs string, width int) { add(l, style, signs, width) }

// bytes appends text that is fit to be shown.
func (l *line) bytes(style string, text []byte) { add(l, style, text, width(text)) }

func put[T visible.Text](l *line, style string, text T) {
	if visible.IsPlain(text) {
		add(l, style, text, len(text))
		return
	}
	l.seen = visible.Append(l.seen[:0], text, l.set)
	l.bytes(style, l.seen)
}

// add appends text of a known width in columns.
func add[T visible.Text](l *line, style string, text T, columns int) {
	switch {
	case l.cut || len(text) == 0:
		return
	case l.col >= l.width:
		l.cut = true
		return
	case l.col+columns > l.width:
		l.seen = appendCut(l.seen[:0], string(text), l.width-l.col, l.set)
		l.bytes(style, l.seen)
		l.cut = true
		return
	}
	if l.color && style != plain {
		l.buf = append(append(append(l.buf, "\x1b["...), style...), 'm')
		l.buf = append(append(l.buf, text...), "\x1b[0m"...)
	} else {
		l.buf = append(l.buf, text...)
	}
	l.col += columns
}

// to goes on at a column; where the line is already there, nothing happens.
func (l *line) to(col int) {
	if n := min(col, l.width) - l.col; n > 0 {
		l.buf = appendBlanks(l.buf, n)
		l.col += n
	}
}

func appendBlanks(dst []byte, n int) []byte {
	for ; n > len(blanks); n -= len(blanks) {
		dst = append(dst, blanks...)
	}
	return append(dst, blanks[:n]...)
}

const blanks = "                                                                "

// number appends a number right-aligned so that it ends before column end.
func (l *line) number(style string, n int64, end int) {
	var a [20]byte
	text := decimal.AppendInt(a[:0], n)
	l.to(end - len(text))
	add(l, style, text, len(text))
}
