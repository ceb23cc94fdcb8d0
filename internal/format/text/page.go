package text

import (
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

// appendSection appends the title that a view stands under, if it has one.
func appendSection(dst []byte, title string, markdown bool) []byte {
	if title == "" {
		return dst
	}
	dst = append(dst, '\n')
	if markdown {
		dst = append(dst, "## "...)
	}
	return append(append(dst, title...), "\n\n"...)
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

// Styles are colours of the 256-colour palette that can be read on dark and on
// light. Colour only repeats what words, numbers or signs say.
const (
	plain = ""
	bold  = "1"
	dim   = "38;5;244"
)

// styles are how tones are shown.
var styles = [view.Tones]string{
	view.Strong:   bold,
	view.Quiet:    dim,
	view.OfX:      "38;5;33",    // blue
	view.OfY:      "38;5;166",   // orange
	view.Called:   "38;5;37",    // teal
	view.Good:     "1;38;5;35",  // green
	view.Bad:      "1;38;5;160", // red
	view.Remarked: "1;38;5;134", // purple
}

// clientStyles tell clients apart beside their numbers. Blue and orange are not
// among them: those belong to x and y.
var clientStyles = [...]string{"1;38;5;67", "1;38;5;37", "1;38;5;134", "1;38;5;100", "1;38;5;162", "1;38;5;35"}

// signs are the characters the ladder is drawn with.
type signs struct {
	line, fromLeft, toRight, fromRight, toLeft, dash, proved, bad, note string
}

var (
	unicodeSigns = signs{line: "│", fromLeft: "├", toRight: "▶", fromRight: "┤", toLeft: "◀", dash: "─", proved: "✓", bad: "✗", note: "•"}
	asciiSigns   = signs{line: "|", fromLeft: "|", toRight: ">", fromRight: "|", toLeft: "<", dash: "-", proved: "*", bad: "!", note: "-"}
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
