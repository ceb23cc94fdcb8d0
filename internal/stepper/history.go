package stepper

import (
	"bytes"
	"unicode/utf8"
)

// history are the lines that have been drawn, or the last of them.
type history struct {
	lines []string
	bytes int
}

// historyMost is how much is kept, in bytes.
const historyMost = 4 << 20

func (h *history) add(p []byte) {
	for line := range bytes.Lines(p) {
		h.lines = append(h.lines, string(bytes.TrimRight(line, "\r\n")))
		h.bytes += len(line)
	}
	if h.bytes <= historyMost {
		return
	}
	gone := 0
	for ; h.bytes > historyMost*3/4; gone++ {
		h.bytes -= len(h.lines[gone]) + 1
	}
	h.lines = append([]string(nil), h.lines[gone:]...)
}

// all are the lines that are kept, none of which changes any more.
func (h *history) all() []string { return h.lines[:len(h.lines):len(h.lines)] }

// cutLine is a line as far as so many columns: a page may be narrower than it was
// when the line was drawn. Colours take no column.
func cutLine(line string, columns int) string {
	used := 0
	for i := 0; i < len(line); {
		if n := styleAt(line[i:]); n > 0 {
			i += n
			continue
		}
		r, size := rune(line[i]), 1
		if r >= 0x80 {
			r, size = utf8.DecodeRuneInString(line[i:])
		}
		if used += widths.RuneWidth(r); used > columns {
			return line[:i]
		}
		i += size
	}
	return line
}

// styleAt is the size of the style, ESC [ … m, that text begins with; 0 for none.
func styleAt(text string) int {
	if len(text) < 3 || text[:2] != "\x1b[" {
		return 0
	}
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
