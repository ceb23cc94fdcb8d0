// Package text writes for people: in a terminal, and as Markdown.
package text

import (
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

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
