package text

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// appendMarkdown appends visible text so that Markdown takes none of it for
// its own signs, in a table's cell too.
func appendMarkdown(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '\\', '`', '*', '_', '[', ']', '|', '~', '$':
			dst = append(dst, '\\', c)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// EscapeMarkdown is a text, which may be captured, made visible, of which Markdown takes
// nothing for its own signs.
func EscapeMarkdown(text string) string {
	return string(appendMarkdown(nil, visible.Append(nil, text, visible.Screen)))
}

// appendSection appends the title that a view stands under, if it has one: in a rule as
// wide as the page, which no other line has, so that it is found from afar.
func appendSection(dst []byte, title string, o present.Options, markdown bool) []byte {
	switch {
	case title == "":
		return dst
	case markdown:
		return append(append(append(dst, "\n## "...), title...), "\n\n"...)
	}
	l := line{width: widthOf(o), ink: inkOf(o), set: charsetOf(o)}
	rule := signsFor(o).rule
	l.raw(palette.Title, strings.Repeat(rule, 2)+" "+title+" ")
	l.raw(palette.Title, strings.Repeat(rule, max(l.width-l.col, 0)))
	l.finish()
	return append(append(append(dst, '\n'), l.buf...), '\n')
}

// widthOf is how many columns the page has.
func widthOf(o present.Options) int {
	if o.Width <= 0 {
		return 80
	}
	return max(o.Width, 24)
}

func charsetOf(o present.Options) visible.Charset {
	if o.ASCII {
		return visible.ASCII
	}
	return visible.Screen
}

// Short names of the tones that are used most.
const (
	plain = view.Plain
	bold  = view.Strong
	dim   = view.Quiet
)

// inkOf are the colours to write with; nil for none.
func inkOf(o present.Options) *palette.Palette {
	if !o.Color {
		return nil
	}
	return palette.For(o.Screen)
}

// signs are the characters the ladder is drawn with.
type signs struct {
	line, fromLeft, toRight, fromRight, toLeft, dash, rule, bendDown, landRight, bendUp, landLeft, begins, proved, bad, note string
}

var (
	unicodeSigns = signs{line: "│", fromLeft: "├", toRight: "▶", fromRight: "┤", toLeft: "◀", dash: "─", rule: "━", bendDown: "╮", landRight: "╰", bendUp: "╭", landLeft: "╯", begins: "*", proved: "✓", bad: "✗", note: "•"}
	asciiSigns   = signs{line: "|", fromLeft: "|", toRight: ">", fromRight: "|", toLeft: "<", dash: "-", rule: "=", bendDown: ".", landRight: "'", bendUp: ".", landLeft: "'", begins: "*", proved: "*", bad: "!", note: "-"}
)

// of is the sign that stands before a text of a tone.
func (s *signs) of(tone view.Tone) string {
	switch tone {
	case view.Good:
		return s.proved
	case view.Bad:
		return s.bad
	case view.Remarked:
		return "!"
	}
	return s.note
}

// signsFor are those that there are characters for.
func signsFor(o present.Options) *signs {
	if o.ASCII {
		return &asciiSigns
	}
	return &unicodeSigns
}
