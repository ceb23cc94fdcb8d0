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

// line is one line of the story while it is written. It never grows beyond
// its width: what does not fit is cut, and the cut is marked.
type line struct {
	buf   []byte
	col   int // columns written
	width int
	color bool
	set   charset
	cut   bool
}

func (l *line) reset() { l.buf, l.col, l.cut = l.buf[:0], 0, false }

// put appends text in a style; text that is not plain is made visible first.
func (l *line) put(style, text string) {
	if !isPlain(text) {
		text = string(appendVisible(nil, text, l.set))
	}
	l.raw(style, text)
}

// raw appends text that is fit to be shown.
func (l *line) raw(style, text string) {
	if l.cut || text == "" {
		return
	}
	w := cells.StringWidth(text)
	if l.col >= l.width {
		l.cut = true
		return
	}
	if l.col+w > l.width {
		text = cells.Truncate(text, l.width-l.col, l.more())
		w = cells.StringWidth(text)
		if l.cut = true; w == 0 {
			return
		}
	}
	if l.color && style != plain {
		l.buf = append(append(append(l.buf, "\x1b["...), style...), 'm')
		l.buf = append(append(l.buf, text...), "\x1b[0m"...)
	} else {
		l.buf = append(l.buf, text...)
	}
	l.col += w
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
	for l.col < col && l.col < l.width {
		l.buf = append(l.buf, ' ')
		l.col++
	}
}

// number appends a number right-aligned so that it ends before column end.
func (l *line) number(style string, n int64, end int) {
	var a [20]byte
	text := decimal.AppendInt(a[:0], n)
	l.to(end - len(text))
	l.raw(style, string(text))
}

// appendTo appends the finished line, without blanks at its end, to dst.
func (l *line) appendTo(dst []byte) []byte {
	end := len(l.buf)
	for end > 0 && l.buf[end-1] == ' ' {
		end--
	}
	return append(append(dst, l.buf[:end]...), '\n')
}

// cut shortens text to a number of columns.
func cut(text string, width int, set charset) string {
	if cells.StringWidth(text) <= width {
		return text
	}
	if set == ascii {
		return cells.Truncate(text, width, "~")
	}
	return cells.Truncate(text, width, "…")
}

// front is as much of a text as can matter in so many columns, and some more:
// measuring the rest of a long payload costs time.
func front[T string | []byte](text T, width int) T {
	most := 8*utf8.UTFMax*width + utf8.UTFMax
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// wrap breaks text into lines of at most width columns, at blanks.
func wrap(text string, width int) []string {
	var lines []string
	for text != "" {
		head, rest := breakAt(text, width)
		lines = append(lines, head)
		text = rest
	}
	return lines
}

func breakAt(text string, width int) (head, rest string) {
	near := front(text, max(width, 1)) // measuring all that follows for each line would cost its square
	if len(near) == len(text) && cells.StringWidth(text) <= width {
		return text, ""
	}
	head = cells.Truncate(near, max(width, 1), "")
	if head == "" { // not even one character fits
		return text, ""
	}
	for i := len(head); i > 0; i-- {
		if text[i] == ' ' {
			return text[:i], text[i+1:]
		}
	}
	return head, text[len(head):]
}
