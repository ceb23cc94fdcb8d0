package text

import (
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/visible"
	"github.com/mattn/go-runewidth"
)

// runeWidths measures text as a terminal shows it. It does not look at the
// environment: line drawing is one column wide everywhere.
var runeWidths = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

// width is how many columns a text has. Most consists of ASCII and signs of our
// own, and need not become a string for that.
func width[T visible.Text](text T) int {
	if end, columns := narrow(text, len(text)); end == len(text) {
		return columns
	}
	return runeWidths.StringWidth(string(text))
}

// narrow goes over text, as far as one character is one column and there are
// no more than most: where it ends, and how many columns that are.
func narrow[T visible.Text](text T, most int) (end, columns int) {
	for end < len(text) && columns < most {
		if c := text[end]; c >= ' ' && c < 0x7f {
			end++
		} else if isSubscript(text[end:]) { // the number of a client, in every line of the story
			end += len("₀")
		} else if r, size := visible.DecodeRune(text[end:]); isNarrow(r) {
			end += size
		} else {
			break
		}
		columns++
	}
	return end, columns
}

// isSubscript reports whether a text begins with one of ₀ to ₉.
func isSubscript[T visible.Text](text T) bool {
	return len(text) >= len("₀") && text[0] == "₀"[0] && text[1] == "₀"[1] && text[2] >= "₀"[2] && text[2] <= "₉"[2]
}

// isNarrow reports whether a character is a column wide and joins no other: the signs
// that this package writes, and the letters of most of Europe.
func isNarrow(r rune) bool {
	switch r {
	case '…', '→', '⏎', '─', '│', '✓', '§', '·', '–', '’', '“', '”':
		return true
	}
	return r >= 'À' && r <= 'ſ' || r >= '␀' && r <= '␡' // pictures of control characters
}

// cut shortens text to a number of columns.
func cut(text string, columns int, set visible.Charset) string {
	if width(text) <= columns {
		return text
	}
	return string(appendCut(nil, text, columns, set))
}

// appendCut appends text that is too wide, shortened to a number of columns.
func appendCut[T visible.Text](dst []byte, text T, columns int, set visible.Charset) []byte {
	mark := "…" // of a cut
	if set == visible.ASCII {
		mark = "~"
	}
	if end, sure := fitting(text, columns-1); sure {
		return append(append(dst, text[:end]...), mark...)
	}
	return append(dst, runeWidths.Truncate(string(text), columns, mark)...)
}

// fitting is how much of text fits into so many columns; not sure where that
// takes a closer look, as what comes next may belong to what stands before it.
func fitting[T visible.Text](text T, columns int) (end int, sure bool) {
	end, _ = narrow(text, columns)
	next, _ := narrow(text[end:], 1)
	return end, next > 0 || end == len(text)
}

// front is as much of a text as can matter in so many columns, and some more:
// measuring the rest of a long payload costs time.
func front[T visible.Text](text T, columns int) T {
	most := 8*utf8.UTFMax*columns + utf8.UTFMax
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// wrap breaks text into lines of at most so many columns, at blanks.
func wrap(text string, columns int) []string {
	var lines []string
	for text != "" {
		head, rest := breakAt(text, columns)
		lines = append(lines, head)
		text = rest
	}
	return lines
}

// breakAt takes the first line of a text.
func breakAt[T visible.Text](text T, columns int) (head, rest T) {
	columns = max(columns, 1)
	if visible.IsPlain(text[:min(len(text), columns+1)]) {
		return breakPlain(text, columns)
	}
	near := front(text, columns) // measuring all that follows for each line would cost its square
	end, sure := fitting(near, columns)
	if !sure {
		if len(near) == len(text) && runeWidths.StringWidth(string(text)) <= columns {
			return text, text[len(text):]
		}
		end = len(runeWidths.Truncate(string(near), columns, ""))
	}
	if end == 0 || end == len(text) { // not even one character fits, or all do
		return text, text[len(text):]
	}
	return breakBlank(text, end)
}

// breakPlain is breakAt for text whose bytes are columns, as far as it matters.
func breakPlain[T visible.Text](text T, columns int) (head, rest T) {
	if len(text) <= columns {
		return text, text[len(text):]
	}
	return breakBlank(text, columns)
}

// breakBlank breaks a text at the last blank that is no further than at; there
// where none is.
func breakBlank[T visible.Text](text T, at int) (head, rest T) {
	for i := at; i > 0; i-- {
		if text[i] == ' ' {
			return text[:i], text[i+1:]
		}
	}
	return text[:at], text[at:]
}
