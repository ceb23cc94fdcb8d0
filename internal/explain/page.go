package explain

import (
	"strings"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Style says how to render a topic.
type Style struct {
	Width  int            // columns; 0 means 80
	Color  bool           // ANSI colour
	ASCII  bool           // no UTF-8
	Screen palette.Screen // what the colours are to be read on
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

// Lesson is a page about one thing that was shown: what happened, the rule behind
// it, and a question.
func Lesson(title string, happened []string, rule, question string) Topic {
	t := Topic{Title: title, body: []block{heading("What happened")}}
	for _, text := range happened {
		t.body = append(t.body, para(text))
	}
	t.body = append(t.body, heading("The rule"), para(rule), heading("A question for the class"), para(question))
	return t
}

// Before puts a sentence and labelled facts in front of a page.
func (t Topic) Before(help string, facts [][2]string) Topic {
	t.Help = help
	t.body = append([]block{rows(facts)}, t.body...)
	return t
}

// Append appends the topic as text, every line at most Style.Width columns
// wide and ended by a line feed.
func (t Topic) Append(dst []byte, style Style) []byte {
	if style.Width == 0 {
		style.Width = 80
	}
	p := &page{style: style, ink: style.Ink(), width: max(style.Width, narrowest), dst: dst}
	p.wrapped(view.Strong, 0, t.Title)
	if t.Help != "" {
		p.wrapped(view.Plain, 0, t.Help)
	}
	for i, b := range t.body {
		if i == 0 || !isHeading(t.body[i-1]) {
			p.gap()
		}
		b.render(p)
	}
	if t.Ref != "" {
		p.gap()
		p.wrapped(view.Quiet, 0, "See "+t.Ref+".")
	}
	return p.dst
}

func isHeading(b block) bool {
	_, is := b.(heading)
	return is
}

// Ink are the colours to write with; nil for none.
func (s Style) Ink() *palette.Palette {
	if !s.Color {
		return nil
	}
	return palette.For(s.Screen)
}

// page is text in the making.
type page struct {
	style Style
	ink   *palette.Palette // nil for no colour
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
func (p *page) line(tone view.Tone, s string) {
	s = p.text(s)
	for columns(s) > p.width {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	p.dst = append(p.paint(p.dst, tone, strings.TrimRight(s, " ")), '\n')
}

func (p *page) gap() { p.dst = append(p.dst, '\n') }

// wrapped appends text broken at blanks, indented.
func (p *page) wrapped(tone view.Tone, indent int, s string) {
	for _, line := range wrap(p.text(s), p.width-indent) {
		p.line(tone, strings.Repeat(" ", indent)+line)
	}
}

func (t para) render(p *page)    { p.wrapped(view.Plain, 0, string(t)) }
func (h heading) render(p *page) { p.wrapped(view.Strong, 0, string(h)) }

func (c code) render(p *page) {
	for _, line := range c {
		p.line(view.Plain, "  "+line)
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
			p.wrapped(palette.Label, 2, row[0])
			p.wrapped(view.Plain, 4, row[1])
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
			p.dst = p.paint(p.dst, palette.Label, head)
			if line != "" {
				p.dst = append(p.dst, strings.Repeat(" ", beside-2-columns(head))...)
			}
			p.dst = append(p.paint(p.dst, view.Plain, line), '\n')
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
