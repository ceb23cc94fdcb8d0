package palette

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Hex is an ink as a page has it, "#005fd7", on a light or on a dark ground; empty
// where it is the ground's own.
func Hex(ink view.Tone, onLight bool) string {
	_, of, ok := strings.Cut(For(Screen{Light: onLight})[ink], "38;5;")
	if !ok {
		return ""
	}
	n, err := strconv.Atoi(strings.TrimSuffix(of, "m"))
	if err != nil || n < 16 {
		return ""
	}
	red, green, blue := rgb(n)
	return fmt.Sprintf("#%02x%02x%02x", red, green, blue)
}

// rgb is one of the 256 colours, from 16 on: a cube of six levels, then greys.
func rgb(n int) (red, green, blue uint8) {
	if n >= 232 {
		grey := uint8(8 + 10*(n-232))
		return grey, grey, grey
	}
	levels := [...]uint8{0, 0x5f, 0x87, 0xaf, 0xd7, 0xff}
	n -= 16
	return levels[n/36], levels[n/6%6], levels[n%6]
}
