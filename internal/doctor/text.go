package doctor

import (
	"io"
	"strings"
	"unicode"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/mattn/go-runewidth"
)

// Options say how a report is written.
type Options struct {
	Width  int            // columns; 0: 80
	Color  bool           // ANSI colour for the marks, which are never told apart by it alone
	ASCII  bool           // no UTF-8
	Screen palette.Screen // what the colours are to be read on
}

// marks stand before each check: in UTF-8, in ASCII, and what they mean.
var marks = [...]struct {
	utf8, ascii string
	tone        view.Tone
}{
	OK:   {"✓", "ok  ", view.Good},
	Info: {"·", "    ", view.Plain},
	Warn: {"!", "warn", view.Remarked},
	Fail: {"✗", "FAIL", view.Bad},
}

// WriteText writes the report for a reader: a line or more a check, then the
// verdict.
func (r Report) WriteText(w io.Writer, o Options) error {
	if o.Width <= 0 {
		o.Width = 80
	}
	names := 0
	for _, c := range r.Checks {
		names = max(names, runewidth.StringWidth(c.Name))
	}
	var b strings.Builder
	for _, c := range r.Checks {
		b.WriteString(o.mark(c.Level) + " " + runewidth.FillRight(c.Name, names) + "  ")
		indent := o.markWidth() + 1 + names + 2
		o.wrap(&b, c.Found, indent)
		if c.Level != OK { // what is well needs no remedy
			o.list(&b, c.Remedy, indent)
		}
	}
	b.WriteString("\n")
	o.wrap(&b, r.Verdict, 0)
	o.list(&b, r.Advice, 0)
	_, err := io.WriteString(w, b.String())
	return err
}

func (o Options) mark(l Level) string {
	m := marks[l]
	text := m.utf8
	if o.ASCII {
		text = m.ascii
	}
	if ink := palette.For(o.Screen)[m.tone]; o.Color && ink != "" {
		return ink + text + palette.Off
	}
	return text
}

func (o Options) markWidth() int {
	if o.ASCII {
		return 4
	}
	return 1
}

// list writes remedies, each behind an arrow. Lines that begin with a blank
// are text to copy and are left as they are.
func (o Options) list(b *strings.Builder, lines []string, indent int) {
	arrow := "→ "
	if o.ASCII {
		arrow = "-> "
	}
	for _, line := range lines {
		b.WriteString(strings.Repeat(" ", indent))
		if strings.HasPrefix(line, " ") {
			b.WriteString("  " + o.clean(line) + "\n")
			continue
		}
		b.WriteString(arrow)
		o.wrap(b, line, indent+runewidth.StringWidth(arrow))
	}
}

// wrap writes text from column indent on, its further lines indented as much.
// A word that is longer than a line stays whole, so that it can be copied.
func (o Options) wrap(b *strings.Builder, text string, indent int) {
	column := indent
	for i, word := range strings.Fields(o.clean(text)) {
		width := runewidth.StringWidth(word)
		switch {
		case i == 0:
		case column+1+width > o.Width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += width
	}
	b.WriteByte('\n')
}

// clean takes out what a terminal would obey, and what it could not show.
func (o Options) clean(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || o.ASCII && r > unicode.MaxASCII {
			return '?'
		}
		return r
	}, text)
}
