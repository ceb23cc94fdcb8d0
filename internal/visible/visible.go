// Package visible makes text that nobody vouches for harmless - payload,
// comments, names of files, what a server sends -, so that no terminal, table or
// parser takes it for anything but text.
package visible

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Charset is what the reader's place can show.
type Charset uint8

// The character sets.
const (
	Screen  Charset = iota // Unicode on a screen: control characters as pictures, ⏎ for a line feed
	ASCII                  // nothing beyond ASCII: \n, \x1b, \u00e9
	Machine                // Unicode for programs: \n, \x1b, and \\ so that it can be undone
	Message                // Unicode in a message: \n, \x1b
)

// Text is text that stands somewhere, or was just made.
type Text interface{ string | []byte }

// IsPlain reports whether text is printable ASCII as it stands.
func IsPlain[T Text](text T) bool {
	for i := range len(text) {
		if !isPrintable(text[i]) {
			return false
		}
	}
	return true
}

func isPrintable(c byte) bool { return c-' ' <= '~'-' ' }

// String is text fit for a message on a terminal.
func String(text string) string {
	if IsPlain(text) {
		return text
	}
	return string(Append(nil, text, Message))
}

// Lines is text fit for a terminal on which its line feeds stay.
func Lines(text []byte) string {
	var dst []byte
	for line := range bytes.Lines(text) {
		content := bytes.TrimSuffix(line, []byte{'\n'})
		dst = Append(dst, content, Message)
		dst = append(dst, line[len(content):]...)
	}
	return string(dst)
}

// Append appends text in which control characters, escapes, marks that turn the
// direction of writing, invisible characters and invalid UTF-8 are made visible.
func Append[T Text](dst []byte, text T, set Charset) []byte {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && isPrintable(text[i]) && (text[i] != '\\' || set != Machine) {
			i++
		}
		if dst = append(dst, text[start:i]...); i == len(text) {
			break
		}
		if c := text[i]; c < utf8.RuneSelf {
			dst = appendControl(dst, c, set)
			i++
			continue
		}
		r, n := DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			dst = appendByte(dst, text[i])
			n = 1
		case set == ASCII:
			dst = appendPlain(dst, r)
		case unicode.IsPrint(r) && !unicode.Is(unicode.Variation_Selector, r):
			dst = append(dst, text[i:i+n]...)
		default:
			dst = appendCode(dst, r)
		}
		i += n
	}
	return dst
}

// DecodeRune is the first character of a text, and its size in bytes.
func DecodeRune[T Text](text T) (rune, int) {
	return utf8.DecodeRuneInString(string(text[:min(len(text), utf8.UTFMax)]))
}

// appendControl appends a control character or a backslash.
func appendControl(dst []byte, c byte, set Charset) []byte {
	if set == Screen {
		switch c {
		case '\n':
			return append(dst, "⏎"...)
		case '\t':
			return append(dst, "⇥"...)
		case 0x7f:
			return append(dst, "␡"...)
		}
		return utf8.AppendRune(dst, '␀'+rune(c)) // the picture of the character, Unicode block 2400
	}
	switch c {
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\\':
		return append(dst, `\\`...)
	}
	return appendByte(dst, c)
}

// plainFor are words for what our own sentences use beyond ASCII.
var plainFor = map[rune]string{'§': "section ", '·': ".", '→': "->", '←': "<-", '…': "...", '×': "x", '–': "-",
	'—': "-", '’': "'", '≥': ">=", '≤': "<=", '“': `"`, '”': `"`, '⏎': `\n`, '✓': "OK", '─': "-",
	'₀': "0", '₁': "1", '₂': "2", '₃': "3", '₄': "4", '₅': "5", '₆': "6", '₇': "7", '₈': "8", '₉': "9"}

func appendPlain(dst []byte, r rune) []byte {
	if word, ok := plainFor[r]; ok {
		return append(dst, word...)
	}
	return appendCode(dst, r)
}

const hexDigits = "0123456789abcdef"

// appendByte appends \x1b.
func appendByte(dst []byte, c byte) []byte {
	return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}

// appendCode appends \u202e, or \U0001f600 beyond sixteen bits.
func appendCode(dst []byte, r rune) []byte {
	digits, letter := 4, byte('u')
	if r > 0xffff {
		digits, letter = 8, 'U'
	}
	dst = append(dst, '\\', letter)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[r>>shift&15])
	}
	return dst
}
