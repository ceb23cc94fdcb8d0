// Package page draws for slides, papers and notes: one format a file. What a picture
// shows it holds until its end, as its size stands at its beginning; so each format
// here has a bound, and says so where there is more.
package page

import (
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// appendEscaped appends text, which may be captured, made visible and fit to stand in
// an element or an attribute's value of XML and of HTML.
func appendEscaped[T visible.Text](dst []byte, text T) []byte {
	if visible.IsPlain(text) {
		return appendMarkup(dst, text)
	}
	return appendMarkup(dst, visible.Append(nil, text, visible.Screen))
}

// Escape is a text, which may be captured, made visible and fit to stand in an element or
// an attribute's value of XML and of HTML.
func Escape(text string) string { return string(appendEscaped(nil, text)) }

// appendMarkup appends visible text without what is markup.
func appendMarkup[T visible.Text](dst []byte, text T) []byte {
	for i := range len(text) {
		switch c := text[i]; c {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&#34;"...)
		case '\'':
			dst = append(dst, "&#39;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// references writes what is not ASCII as references to characters, for a reader that
// takes nothing else.
type references struct{ w io.Writer }

// writerFor is where a page or a picture is written to.
func writerFor(w io.Writer, o present.Options) io.Writer {
	if o.ASCII {
		return references{w}
	}
	return w
}

// Write implements io.Writer, of whole characters.
func (r references) Write(text []byte) (int, error) {
	out := make([]byte, 0, len(text)+len(text)/8)
	for _, c := range string(text) {
		if c < utf8.RuneSelf {
			out = append(out, byte(c))
			continue
		}
		out = append(strconv.AppendInt(append(out, "&#"...), int64(c), 10), ';')
	}
	if _, err := r.w.Write(out); err != nil {
		return 0, err
	}
	return len(text), nil
}
