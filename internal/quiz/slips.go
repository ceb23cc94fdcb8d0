package quiz

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// A slipper is an answer that can tell from a wrong one how it came about, whatever was
// asked: a unit, digits of another base, one too many. "" where it cannot.
type slipper interface{ slip(given string) string }

func (n number) slip(given string) string {
	read, ok := readNumber(given)
	if !ok {
		return ""
	}
	if hex, err := strconv.ParseUint(strings.TrimSpace(given), 16, 32); err == nil && uint32(hex) == n.raw {
		return "Those are hexadecimal digits: write 0x in front of them."
	}
	switch read {
	case uint64(bits.ReverseBytes32(n.raw)):
		return "You read the bytes from the right. The header is big-endian: the first byte counts most."
	case uint64(n.raw + 1):
		return "That is one too many. Count what took a number: a SYN and a FIN take one each, data its bytes, an ACK none."
	case uint64(n.raw - 1):
		return "That is one too few. Count what took a number: a SYN and a FIN take one each, data its bytes, an ACK none."
	case 0:
		return "0 is the relative number of a SYN, or the ack where ACK is not set. This number is another."
	}
	if n.hasRelative && (read == uint64(n.relative)+1 || read+1 == uint64(n.relative)) {
		return "As a relative number that is one off: the SYN has the relative number 0, so the first byte of data has 1."
	}
	return ""
}

func (l length) slip(given string) string {
	n, ok := l.read(given)
	switch {
	case ok && (n == 4*l.n || 4*n == l.n):
		return "That is wrong by a factor of 4: words of 32 bits are 4 bytes each."
	case ok && (n == 8*l.n || 8*n == l.n):
		return "That is wrong by a factor of 8: a byte has 8 bits."
	case ok && n == l.n+20 && l.unit == "bytes":
		return "That is 20 bytes too many, as many as a header without options has."
	case ok && n+20 == l.n && l.unit == "bytes":
		return "That is 20 bytes too few, as many as a header without options has."
	}
	return l.count.slip(given)
}

func (c count) slip(given string) string {
	n, ok := c.read(given)
	if !ok {
		return ""
	}
	switch {
	case n == c.n+1:
		return "That is one too many."
	case n+1 == c.n:
		return "That is one too few."
	}
	return ""
}

func (s span) slip(given string) string {
	read, _, ok := s.read(given)
	if !ok {
		return ""
	}
	if read <= 0 {
		return "Time has passed between the two: take the earlier from the later."
	}
	near := func(factor float64) bool { return math.Abs(read/(float64(s)*factor)-1) < 0.02 }
	const units = " 1 s is 1000 ms, 1 ms is 1000 µs; a number without a unit is taken for ms."
	switch {
	case near(1e-3), near(1e-6):
		return "The digits are right, the unit is not: that is too short." + units
	case near(1e3), near(1e6):
		return "The digits are right, the unit is not: that is too long." + units
	}
	return ""
}

func (f flags) slip(given string) string {
	read, _, ok := readFlags(given)
	if !ok {
		return ""
	}
	if hex, err := strconv.ParseUint(strings.TrimSpace(given), 16, 12); err == nil && decode.Flags(hex) == decode.Flags(f) {
		return "Those are hexadecimal digits: write 0x in front of them."
	}
	if read&0xff == mirrored(decode.Flags(f)&0xff) {
		return "You read the byte from the wrong end: bit 104 (CWR) is the first digit, bit 111 (FIN) the last."
	}
	var wrong []string
	if missing := decode.Flags(f) &^ read; missing != 0 {
		wrong = append(wrong, missing.String()+areOrIs(missing)+"set too")
	}
	if more := read &^ decode.Flags(f); more != 0 {
		wrong = append(wrong, more.String()+areOrIs(more)+"not set")
	}
	return capitalSentence(wrong)
}

// areOrIs is the verb for so many flags.
func areOrIs(set decode.Flags) string {
	if bits.OnesCount16(uint16(set)) > 1 {
		return " are "
	}
	return " is "
}

func (s sequence) slip(given string) string {
	read, ok := s.read(given)
	if !ok {
		return ""
	}
	turned := slices.Clone(s)
	slices.Reverse(turned)
	if slices.Equal(read, turned) {
		return "You have turned the order round: the first that was sent comes first."
	}
	at := 0
	for at < len(s) && read[at] == s[at] {
		at++
	}
	return fmt.Sprintf("It goes wrong at place %d. An ack names the number that is expected next: look which segment each of them acknowledges.", at+1)
}

func (f frames) slip(given string) string {
	read, ok := f.read(given)
	if !ok {
		return ""
	}
	var wrong []string
	if more := without(read, f); len(more) > 0 {
		wrong = append(wrong, more.String()+" should not be there")
	}
	if missing := without(f, read); len(missing) > 0 {
		wrong = append(wrong, counted(len(missing), "frame")+" missing")
	}
	return capitalSentence(wrong)
}

func (s socket) slip(given string) string {
	address, port, ok := readSocket(given)
	switch {
	case ok && address == s.address:
		return "The address is right, the port is not."
	case ok && port == s.port:
		return "The port is right, the address is not."
	}
	return ""
}

func (s optionSet) slip(given string) string {
	read, ok := s.read(given)
	if !ok {
		return ""
	}
	var wrong []string
	if more := without(read, s); len(more) > 0 {
		wrong = append(wrong, "there is no "+more.String())
	}
	if missing := without(s, read); len(missing) > 0 {
		wrong = append(wrong, counted(len(missing), "option")+" missing")
	}
	return capitalSentence(wrong)
}

// without is what is in one list and not in another.
func without[L ~[]T, T comparable](list, other L) (rest L) {
	for _, one := range list {
		if !slices.Contains(other, one) {
			rest = append(rest, one)
		}
	}
	return rest
}

func counted(n int, of string) string {
	if n == 1 {
		return "1 " + of + " is"
	}
	return fmt.Sprintf("%d %ss are", n, of)
}

// capitalSentence makes one sentence of what is wrong.
func capitalSentence(wrong []string) string {
	text := strings.Join(wrong, ", and ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
