package present

import (
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// cells measures text as a terminal shows it. It does not look at the
// environment: line drawing is one column wide everywhere.
var cells = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

// Colours of the 256-colour palette that can be read on dark and on light.
// Colour only repeats what words, numbers or signs say.
const (
	plain  = ""
	bold   = "1"
	dim    = "38;5;244"
	blue   = "38;5;33"    // what counts from x, the client's number
	orange = "38;5;166"   // what counts from y, the server's
	teal   = "38;5;37"    // socket calls
	green  = "1;38;5;35"  // what was proved; a state that was reached
	red    = "1;38;5;160" // resets, damage
	purple = "1;38;5;134" // Wireshark's sequence analysis
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
	set   charset
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

// texts are what a line takes: text that stands somewhere, or was just made.
type texts interface{ string | []byte }

// put appends text in a style; text that is not plain is made visible first.
func (l *line) put(style, text string) { put(l, style, text) }

// raw appends text that is fit to be shown.
func (l *line) raw(style, text string) { add(l, style, text, width(text)) }

// drawn appends signs of our own, whose width in columns is known.
func (l *line) drawn(style, signs string, width int) { add(l, style, signs, width) }

// bytes appends text that is fit to be shown.
func (l *line) bytes(style string, text []byte) { add(l, style, text, width(text)) }

func put[T texts](l *line, style string, text T) {
	if isPlain(text) {
		add(l, style, text, len(text))
		return
	}
	l.seen = appendVisible(l.seen[:0], text, l.set)
	l.bytes(style, l.seen)
}

// add appends text of a known width in columns.
func add[T texts](l *line, style string, text T, columns int) {
	switch {
	case l.cut || len(text) == 0:
		return
	case l.col >= l.width:
		l.cut = true
		return
	case l.col+columns > l.width:
		short := cells.Truncate(string(text), l.width-l.col, l.more())
		if columns = cells.StringWidth(short); columns > 0 {
			add(l, style, short, columns)
		}
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

// width is how many columns a text has. Most consists of ASCII and signs of our
// own, and need not become a string for that.
func width[T texts](text T) int {
	if isPlain(text) {
		return len(text)
	}
	if end, columns := narrow(text, len(text)); end == len(text) {
		return columns
	}
	return cells.StringWidth(string(text))
}

// narrow goes over text, as far as one character is one column and there are
// no more than most: where it ends, and how many columns that are.
func narrow[T texts](text T, most int) (end, columns int) {
	for end < len(text) && columns < most {
		if c := text[end]; c >= ' ' && c < 0x7f {
			end++
		} else if r, size := decodeRune(text[end:]); isNarrow(r) {
			end += size
		} else {
			break
		}
		columns++
	}
	return end, columns
}

// isNarrow tells that a character is a column wide and joins no other: the signs
// that this package writes, and the letters of most of Europe.
func isNarrow(r rune) bool {
	switch r {
	case '…', '→', '⏎', '─', '│', '✓', '§', '·', '–', '’', '“', '”':
		return true
	}
	return r >= 'À' && r <= 'ſ' || r >= '␀' && r <= '␡' // pictures of control characters
}

// more is the sign of a cut.
func (l *line) more() string {
	if l.set == ascii {
		return "~"
	}
	return "…"
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

// cut shortens text to a number of columns.
func cut(text string, columns int, set charset) string {
	if width(text) <= columns {
		return text
	}
	return string(appendCut(nil, text, columns, set))
}

// appendCut appends text that is too wide, shortened to a number of columns.
func appendCut[T texts](dst []byte, text T, columns int, set charset) []byte {
	mark := "…"
	if set == ascii {
		mark = "~"
	}
	if end := fitting(text, columns-1); end >= 0 {
		return append(append(dst, text[:end]...), mark...)
	}
	return append(dst, cells.Truncate(string(text), columns, mark)...)
}

// fitting is how much of text that is too wide fits into so many columns; -1
// where that takes a closer look.
func fitting[T texts](text T, columns int) int {
	end, n := narrow(text, columns)
	if next, _ := narrow(text[end:], 1); n < columns || next == 0 { // which may belong to what stands before it
		return -1
	}
	return end
}

// front is as much of a text as can matter in so many columns, and some more:
// measuring the rest of a long payload costs time.
func front[T texts](text T, columns int) T {
	most := 8*utf8.UTFMax*columns + utf8.UTFMax
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// wrap breaks text into lines of at most so many columns, at blanks.
func wrap(text string, columns int) []string {
	var lines []string
	for text != "" {
		head, rest := breakAt(text, columns)
		lines = append(lines, head)
		text = rest
	}
	return lines
}

// breakAt takes the first line of a text.
func breakAt[T texts](text T, columns int) (head, rest T) {
	columns = max(columns, 1)
	near := front(text, columns) // measuring all that follows for each line would cost its square
	if len(near) == len(text) && width(text) <= columns {
		return text, text[len(text):]
	}
	end := fitting(near, columns)
	if end < 0 {
		end = len(cells.Truncate(string(near), columns, ""))
	}
	if end == 0 { // not even one character fits
		return text, text[len(text):]
	}
	for i := end; i > 0; i-- {
		if text[i] == ' ' {
			return text[:i], text[i+1:]
		}
	}
	return text[:end], text[end:]
}
