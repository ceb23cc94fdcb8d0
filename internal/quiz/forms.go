package quiz

import (
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Forms are the ways to write an answer that a platform which compares texts should
// take; the first is the one to show.
func Forms(a Answer) []string {
	switch a := a.(type) {
	case number:
		forms := []string{strconv.FormatUint(uint64(a.raw), 10)}
		if a.hasRelative && a.relative != a.raw {
			forms = append(forms, strconv.FormatUint(uint64(a.relative), 10))
		}
		return forms
	case length:
		return Forms(a.count)
	case count:
		return []string{strconv.FormatUint(a.n, 10)}
	case span:
		return []string{strconv.FormatFloat(float64(a)/1e6, 'f', -1, 64)}
	case flags:
		of := decode.Flags(a)
		name := of.String()
		return slices.Compact([]string{name, strings.ReplaceAll(name, "+", ", "), strings.ReplaceAll(name, "+", " "), of.Tcpdump(),
			"0x" + strconv.FormatUint(0x1000|uint64(of), 16)[1:], of.Bits(), strconv.FormatUint(uint64(of), 10)})
	case side:
		return []string{a.name(), "the " + a.name()}
	case frames:
		plain := strings.ReplaceAll(a.String(), "#", "")
		return slices.Compact([]string{a.String(), plain, strings.ReplaceAll(plain, ",", "")})
	case sequence:
		return []string{a.String(), strings.ReplaceAll(a.String(), " ", "")}
	}
	return []string{a.String()}
}

// Right is the place of the right one among the choices; -1 where there are none.
func (q *Question) Right() int {
	if c, ok := q.Answer.(choice); ok {
		return c.at
	}
	return -1
}

// Order are the places of the items as shown, in the right order; nil where there is
// nothing to put in order.
func (q *Question) Order() []int {
	s, _ := q.Answer.(sequence)
	return s
}

// Tolerance is by how much a number that counts as right may differ, in the unit
// of the first form; isNumber reports whether the answer is a number at all.
func Tolerance(a Answer) (by float64, isNumber bool) {
	switch a := a.(type) {
	case number, count, length:
		return 0, true
	case span:
		return max(float64(a)/100, 1000) / 1e6, true
	}
	return 0, false
}
