package explain

import (
	"strings"
	"unicode/utf8"
)

// Style says how to render a topic.
type Style struct {
	Width int  // columns; 0 means 80
	Color bool // ANSI colour
	ASCII bool // no UTF-8
}

// narrowest is the width below which text is not squeezed any further.
const narrowest = 20

// block is one part of a topic's body.
type block interface{ render(p *page) }

type (
	para    string      // a paragraph
	heading string      // a line over what follows
	rows    [][2]string // labels and what stands beside them
	code    []string    // lines to be typed or compared, never wrapped
)

// List is a page of names with a sentence each, for other lists than the
// reference's own.
func List(title, help string, list [][2]string) Topic {
	return Topic{Title: title, Help: help, body: []block{rows(list)}}
}

// Append appends the topic as text, every line at most Style.Width columns
// wide and ended by a line feed.
func (t Topic) Append(dst []byte, style Style) []byte {
	if style.Width == 0 {
		style.Width = 80
	}
	p := &page{style: style, width: max(style.Width, narrowest), dst: dst}
	p.wrapped(bold, 0, t.Title)
	if t.Help != "" {
		p.wrapped("", 0, t.Help)
	}
	for i, b := range t.body {
		if i == 0 || !isHeading(t.body[i-1]) {
			p.gap()
		}
		b.render(p)
	}
	if t.Ref != "" {
		p.gap()
		p.wrapped(faint, 0, "See "+t.Ref+".")
	}
	return p.dst
}

func isHeading(b block) bool {
	_, is := b.(heading)
	return is
}

// Colours; none is the only sign of anything. They are from the 256, which no
// terminal's theme bends, and can be read on black and on white: 4.5:1 on both.
const (
	bold   = "\x1b[1m"
	faint  = "\x1b[38;5;243m"
	label  = "\x1b[38;5;63m"
	marked = "\x1b[1;7m" // the ground's own colours, exchanged
	off    = "\x1b[0m"
)

// page is text in the making.
type page struct {
	style Style
	width int
	dst   []byte
}

var toASCII = strings.NewReplacer("§", "section ", "→", "->", "←", "<-", "×", "x", "≥", ">=", "≤", "<=", "·", ".",
	"░", ":", "…", "...", "µ", "u")

func (p *page) text(s string) string {
	if p.style.ASCII {
		return toASCII.Replace(s)
	}
	return s
}

// line appends one line; what does not fit is cut off.
func (p *page) line(color, s string) {
	s = p.text(s)
	for columns(s) > p.width {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	p.dst = append(p.paint(p.dst, color, strings.TrimRight(s, " ")), '\n')
}

func (p *page) paint(dst []byte, color, s string) []byte {
	if !p.style.Color || color == "" || s == "" {
		return append(dst, s...)
	}
	return append(append(append(dst, color...), s...), off...)
}

func (p *page) gap() { p.dst = append(p.dst, '\n') }

// wrapped appends text broken at blanks, indented.
func (p *page) wrapped(color string, indent int, s string) {
	for _, line := range wrap(p.text(s), p.width-indent) {
		p.line(color, strings.Repeat(" ", indent)+line)
	}
}

func (t para) render(p *page)    { p.wrapped("", 0, string(t)) }
func (h heading) render(p *page) { p.wrapped(bold, 0, string(h)) }

func (c code) render(p *page) {
	for _, line := range c {
		p.line("", "  "+line)
	}
}

// render writes label and text side by side, or the text below the label
// where there is no room for that.
func (r rows) render(p *page) {
	widest := 0
	for _, row := range r {
		widest = max(widest, columns(p.text(row[0])))
	}
	beside := widest + 4
	if p.width-beside < 24 {
		for _, row := range r {
			p.wrapped(label, 2, row[0])
			p.wrapped("", 4, row[1])
		}
		return
	}
	for _, row := range r {
		head := p.text(row[0])
		lines := wrap(p.text(row[1]), p.width-beside)
		if len(lines) == 0 {
			lines = []string{""}
		}
		for i, line := range lines {
			if i > 0 {
				head = ""
			}
			p.dst = append(p.dst, "  "...)
			p.dst = p.paint(p.dst, label, head)
			if line != "" {
				p.dst = append(p.dst, strings.Repeat(" ", beside-2-columns(head))...)
			}
			p.dst = append(append(p.dst, line...), '\n')
		}
	}
}

// columns is how wide s is on a screen; the reference has no wide characters.
func columns(s string) int { return utf8.RuneCountInString(s) }

// wrap breaks text at blanks into lines of at most width columns; a longer
// word is broken.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for columns(word) > width {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := string([]rune(word)[:width])
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
