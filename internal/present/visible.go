package present

import (
	"unicode"
	"unicode/utf8"
)

// charset is what a reader's place can show.
type charset uint8

const (
	screen  charset = iota // Unicode on a screen: control characters as pictures, ⏎ for a line feed
	ascii                  // nothing beyond ASCII: \n, \x1b, \u00e9
	machine                // Unicode in csv and ndjson: \n, \x1b, and \\ so that it can be undone
)

// appendVisible appends text that nobody vouches for - payload, comments,
// names - so that no terminal, table or parser takes it for anything but text:
// control characters, escapes, marks that turn the direction of writing,
// invisible characters and invalid UTF-8 are made visible.
func appendVisible[T texts](dst []byte, text T, set charset) []byte {
	for i := 0; i < len(text); {
		if len(text)-i >= 8 && !harms(eightOf(text[i:])) {
			dst = append(dst, text[i:i+8]...)
			i += 8
			continue
		}
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			if c >= ' ' && c < 0x7f && (c != '\\' || set != machine) {
				dst = append(dst, c)
			} else {
				dst = appendControl(dst, c, set)
			}
			continue
		}
		r, n := decodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			dst = appendHexByte(dst, c)
			n = 1
		case set == ascii:
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

func decodeRune[T texts](text T) (rune, int) {
	return utf8.DecodeRuneInString(string(text[:min(len(text), utf8.UTFMax)]))
}

// appendControl appends a control character or a backslash.
func appendControl(dst []byte, c byte, set charset) []byte {
	if set == screen {
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
	return appendHexByte(dst, c)
}

// plainFor are words for what our own sentences use beyond ASCII.
var plainFor = map[rune]string{'§': "section ", '·': ".", '→': "->", '←': "<-", '…': "...", '×': "x", '–': "-",
	'—': "-", '’': "'", '≥': ">=", '≤': "<=", '“': `"`, '”': `"`, '⏎': `\n`, '✓': "OK", '─': "-"}

func appendPlain(dst []byte, r rune) []byte {
	if word, ok := plainFor[r]; ok {
		return append(dst, word...)
	}
	return appendCode(dst, r)
}

const hexDigits = "0123456789abcdef"

func appendHexByte(dst []byte, c byte) []byte {
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
