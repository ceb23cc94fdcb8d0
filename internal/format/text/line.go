package text

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
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
	ink   *palette.Palette // nil for no colour
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

// put appends text of a tone; text that is not plain is made visible first.
func (l *line) put(tone view.Tone, text string) { put(l, tone, text) }

// raw appends text that is fit to be shown.
func (l *line) raw(tone view.Tone, text string) { add(l, tone, text, width(text)) }

// drawn appends signs of our own, whose width in columns is known.
func (l *line) drawn(tone view.Tone, signs string, width int) { add(l, tone, signs, width) }

// bytes appends text that is fit to be shown.
func (l *line) bytes(tone view.Tone, text []byte) { add(l, tone, text, width(text)) }

// bits appends bits, or flags' letters, of a known width: those that are set in a tone.
func (l *line) bits(set view.Tone, bits []byte, columns int) {
	if l.cut || l.col+columns > l.width {
		add(l, set, bits, columns)
		return
	}
	l.buf = l.ink.AppendBits(l.buf, set, bits)
	l.col += columns
}

func put[T visible.Text](l *line, tone view.Tone, text T) {
	if visible.IsPlain(text) {
		add(l, tone, text, len(text))
		return
	}
	l.seen = visible.Append(l.seen[:0], text, l.set)
	l.bytes(tone, l.seen)
}

// add appends text of a known width in columns.
func add[T visible.Text](l *line, tone view.Tone, text T, columns int) {
	switch {
	case l.cut || len(text) == 0:
		return
	case l.col >= l.width:
		l.cut = true
		return
	case l.col+columns > l.width:
		l.seen = appendCut(l.seen[:0], string(text), l.width-l.col, l.set)
		l.bytes(tone, l.seen)
		l.cut = true
		return
	}
	if l.ink != nil && l.ink[tone] != "" {
		l.buf = append(append(append(l.buf, l.ink[tone]...), text...), palette.Off...)
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
func (l *line) number(tone view.Tone, n int64, end int) {
	var a [20]byte
	text := decimal.AppendInt(a[:0], n)
	l.to(end - len(text))
	add(l, tone, text, len(text))
}
