// Package palette is the one table of colours: what each tone looks like on a dark
// ground and on a light one. Whoever writes for a terminal takes them from here.
//
// Colour only repeats what words, numbers and signs say. Every colour has a contrast
// of at least 4.5:1 with its ground (WCAG 2.2, success criterion 1.4.3), and x and y
// can be told apart by people who see few colours; the tests compute both.
package palette

import "github.com/handshake-lab/handshake-lab/internal/view"

// Screen is what the colours are to be read on. The zero Screen is dark and has 256
// colours.
type Screen struct {
	Light bool // its ground is white, not black
	Few   bool // it has 16 colours, not 256
}

// Inks beside the tones of what is told.
const (
	Title  = view.Tones + iota // of a part of the page
	Label                      // what stands before an explanation
	Marked                     // what a picture is about
	firstClient
	inks = firstClient + clients
)

const clients = 6

// Client is the ink of a client's name, to tell clients apart beside their numbers.
// Blue and orange are not among them: those belong to x and y.
func Client(number int) view.Tone { return firstClient + view.Tone(number%clients) }

// Palette is the escape sequence of each ink; empty where it is the screen's own.
type Palette [inks]string

// Off ends an ink.
const Off = "\x1b[0m"

// For is the palette for a screen.
func For(s Screen) *Palette {
	switch s {
	case Screen{Light: true}:
		return &light
	case Screen{Few: true}:
		return &fewOnDark
	case Screen{Light: true, Few: true}:
		return &fewOnLight
	}
	return &dark
}

// The palettes, as parameters of SGR (ECMA-48 §8.3.117). The 256 colours are those
// that no terminal's settings bend; of the 16 a terminal chooses the shades, and what
// none of them can be read in has the screen's own.
var (
	dark = palette([inks]string{
		view.Strong:   "1",
		view.Quiet:    "38;5;244",
		view.OfX:      "38;5;33",    // blue
		view.OfY:      "38;5;166",   // orange
		view.Called:   "38;5;37",    // teal
		view.Good:     "1;38;5;35",  // green
		view.Bad:      "1;38;5;196", // red
		view.Remarked: "1;38;5;134", // purple
		Title:         "1",
		Label:         "38;5;37",
		Marked:        "1;7",
	}, "1;38;5;67", "1;38;5;37", "1;38;5;134", "1;38;5;100", "1;38;5;168", "1;38;5;35")

	light = palette([inks]string{
		view.Strong:   "1",
		view.Quiet:    "38;5;241",
		view.OfX:      "38;5;26",
		view.OfY:      "38;5;130",
		view.Called:   "38;5;23",
		view.Good:     "1;38;5;28",
		view.Bad:      "1;38;5;160",
		view.Remarked: "1;38;5;91",
		Title:         "1",
		Label:         "38;5;23",
		Marked:        "1;7",
	}, "1;38;5;60", "1;38;5;23", "1;38;5;91", "1;38;5;58", "1;38;5;125", "1;38;5;28")

	fewOnDark = palette([inks]string{
		view.Strong:   "1",
		view.OfX:      "36", // cyan
		view.OfY:      "93", // yellow
		view.Good:     "1;32",
		view.Bad:      "1;91",
		view.Remarked: "1;95",
		Title:         "1",
		Marked:        "1;7",
	}, "1;95", "1;92", "1", "1;95", "1;92", "1")

	// Many terminals show a bold colour in its bright shade, which is lost on white.
	fewOnLight = palette([inks]string{
		view.Strong:   "1",
		view.OfX:      "34", // blue
		view.OfY:      "31", // red
		view.Good:     "1",
		view.Bad:      "4;31",
		view.Remarked: "35",
		Title:         "1",
		Marked:        "1;7",
	}, "35", "1", "35", "1", "35", "1")
)

func palette(of [inks]string, ofClients ...string) (p Palette) {
	copy(of[firstClient:], ofClients)
	for i, parameters := range of {
		if parameters != "" {
			p[i] = "\x1b[" + parameters + "m"
		}
	}
	return p
}
