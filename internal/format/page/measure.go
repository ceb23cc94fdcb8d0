package page

import (
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// How wide text becomes is up to the fonts of whoever draws a picture. All of it is
// set in a monospaced font, whose characters are 0.60 em wide nearly everywhere; what
// such a font does not have comes from another one, and is taken to be wide.
const advance = 0.61 // em, of one character

// columnsOf is how many characters wide a character may become.
func columnsOf(r rune) float64 {
	switch {
	case r < 0x300:
		return 1
	case r >= '₀' && r <= '₉', r >= '␀' && r <= '␡', r == '…', r == '•', r == '·', r == '–', r == '→', r == '←', r == '✓', r == '✗', r == '⏎', r == '⇥', r == '×':
		return 1.7
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 1
	case r >= 0xfdf0 && r <= 0xfdff, r >= 0x12000 && r <= 0x12fff, r >= 0xa980 && r <= 0xa9df: // ligatures of whole sentences, cuneiform
		return 14
	case r < 0x1100:
		return 2.2
	}
	return 2.6
}

// widthOf is how wide text becomes at most, at a size.
func widthOf(text string, size float64) (width float64) {
	for _, r := range text {
		width += columnsOf(r)
	}
	return width * advance * size
}

// fit makes text visible, and shortens it to a width.
func fit(text string, size, room float64) string {
	text = string(visible.Append(nil, text, visible.Screen))
	if widthOf(text, size) <= room {
		return text
	}
	room -= widthOf("…", size)
	end := 0
	for i, r := range text {
		if room -= columnsOf(r) * advance * size; room < 0 {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return text[:end] + "…"
}

// wrap makes text visible, and breaks it into lines of a width; there are no more than
// so many of them, and what is left is cut.
func wrap(text string, size, room float64, most int) (lines []string) {
	text = string(visible.Append(nil, text, visible.Screen))
	for text != "" && len(lines) < most-1 && widthOf(text, size) > room {
		end, blank, width := 0, 0, 0.0
		for i, r := range text {
			if width += columnsOf(r) * advance * size; width > room && i > 0 {
				break
			}
			if end = i + utf8.RuneLen(r); r == ' ' && i > 0 {
				blank = i
			}
		}
		if blank > 0 && text[end:] != "" {
			lines, text = append(lines, text[:blank]), text[blank+1:]
			continue
		}
		lines, text = append(lines, text[:end]), text[end:]
	}
	if text != "" {
		lines = append(lines, fit(text, size, room))
	}
	return lines
}
