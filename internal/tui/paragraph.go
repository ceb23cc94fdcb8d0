package tui

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// paragraph is text of several tones that is broken into lines at its blanks.
type paragraph struct {
	words  []words
	indent int // of its second line and later ones
}

func (p *paragraph) add(list ...words) { p.words = append(p.words, list...) }

func say(tone view.Tone, text string) paragraph {
	return paragraph{words: []words{{tone: tone, text: text}}}
}

// lines are the lines of the paragraph, at most so many columns wide.
func (p *paragraph) lines(ink *palette.Palette, width int) []string {
	var list []string
	var line []byte
	column := 0
	next := func() {
		list = append(list, string(line))
		column = min(p.indent, width/3)
		line = append(line[:0], strings.Repeat(" ", column)...)
	}
	for _, w := range p.words {
		for _, part := range strings.SplitAfter(w.text, " ") {
			size := stepper.Width(strings.TrimRight(part, " "))
			if column+size > width && column > p.indent {
				next()
			}
			for stepper.Width(part) > width-column && size > width-column { // longer than a line
				head := stepper.Cut(part, width-column)
				if head == "" {
					break
				}
				line = ink.Append(line, w.tone, []byte(head))
				part = part[len(head):]
				size = stepper.Width(part)
				next()
			}
			if w.bits {
				line = ink.AppendBits(line, w.tone, []byte(part))
			} else {
				line = ink.Append(line, w.tone, []byte(part))
			}
			column += stepper.Width(part)
		}
	}
	return append(list, string(line))
}
