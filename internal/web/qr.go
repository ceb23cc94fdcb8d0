package web

import (
	"bytes"
	"fmt"
	"strings"

	"rsc.io/qr"
)

// border is the white around a code, in modules, that readers need.
const border = 4

// QR draws a text as a QR code, an SVG picture.
func QR(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	var b bytes.Buffer
	size := code.Size + 2*border
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, size, size, size, size)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+border, y+border)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}

// TerminalQR draws a text as a QR code of half blocks, black on white, two modules a
// character high.
func TerminalQR(text string) (string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	const margin = 2
	var b strings.Builder
	for y := -margin; y < code.Size+margin; y += 2 {
		b.WriteString("\x1b[30;107m")
		for x := -margin; x < code.Size+margin; x++ {
			top, bottom := code.Black(x, y), code.Black(x, y+1)
			b.WriteString([...]string{" ", "▄", "▀", "█"}[index(top, bottom)])
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String(), nil
}

func index(top, bottom bool) (at int) {
	if top {
		at += 2
	}
	if bottom {
		at++
	}
	return at
}
