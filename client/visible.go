package client

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible is text fit for a terminal: what a server sends may hold escape
// sequences, and bytes that are no UTF-8. Line feeds stay.
func visible(text []byte) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '\n', r != utf8.RuneError && unicode.IsPrint(r):
			b.Write(text[:size])
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		text = text[size:]
	}
	return b.String()
}
