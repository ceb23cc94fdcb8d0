package view

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// Where there are several clients, the letters of the arithmetic carry the number of
// the one whose connection it is: x₁, y₁.

// letters is that number; 0 where the letters stand alone.
type letters int

// digits is how many characters it takes.
func (l letters) digits() int {
	if l <= 0 {
		return 0
	}
	return decimal.Digits(uint64(l))
}

// mark puts the number behind the letter that the arithmetic in dst[start:] begins
// with, if it does.
func (l letters) mark(dst []byte, start int) []byte {
	if l <= 0 || len(dst) == start || !isLetter(dst[start]) || len(dst) > start+1 && isWordy(dst[start+1]) {
		return dst
	}
	return l.insert(dst, start+1)
}

// markAll puts it behind each x and y that stands alone in a text of our own.
func (l letters) markAll(dst []byte, start int) []byte {
	if l <= 0 {
		return dst
	}
	for at := start; at < len(dst); at++ {
		if c := dst[at]; c != 'x' && c != 'y' ||
			at > start && dst[at-1] != ' ' && dst[at-1] != '(' || at+1 < len(dst) && isWordy(dst[at+1]) {
			continue
		}
		dst = l.insert(dst, at+1)
	}
	return dst
}

// insert writes the number into dst.
func (l letters) insert(dst []byte, at int) []byte {
	const size = len("₁")
	var room [20 * size]byte // for as many digits as a number may have
	from := len(room)
	for rest := int(l); from == len(room) || rest > 0; rest /= 10 {
		from -= size
		copy(room[from:from+size:from+size], "₀")
		room[from+size-1] += byte(rest % 10) // they follow one another
	}
	digits := room[from:]
	end := len(dst)
	dst = append(dst, digits...)
	copy(dst[at+len(digits):], dst[at:end])
	copy(dst[at:], digits)
	return dst
}

// isLetter reports whether a character stands for a number: x and y, the initial
// sequence numbers, c and s, the first numbers seen.
func isLetter(c byte) bool { return c == 'x' || c == 'y' || c == 'c' || c == 's' }

// isWordy reports whether a character goes on a word or an address.
func isWordy(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 || c == '\'' || c == '-' || c == '_'
}

// append appends the arithmetic of a number: x₁ + 1.
func (l letters) append(dst []byte, rule *conversation.Rule) []byte {
	return l.mark(rule.Append(dst), len(dst))
}

// appendProved appends it with the frame that proves it.
func (l letters) appendProved(dst []byte, rule *conversation.Rule) []byte {
	return l.mark(rule.AppendProved(dst), len(dst))
}

// Company knows whether a client is the only one, as far as that is known when its
// rows are written.
type Company struct {
	expected func() int // nil once it was asked
	several  bool
}

// NewCompany is for so many clients; nil where nobody knows.
func NewCompany(clients func() int) Company { return Company{expected: clients} }

// Meet takes notice of a client before the first row is written.
func (c *Company) Meet(client int) { c.several = c.several || client > 1 }

// IsAlone reports whether a row is of the only client.
func (c *Company) IsAlone(r *Row) bool {
	if c.expected != nil {
		c.Meet(c.expected())
		c.expected = nil
	}
	return !c.several && r.Client() <= 1
}
