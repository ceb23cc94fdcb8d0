// Package present is the contract between moments and those who show them.
package present

import (
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A Presenter is given moments in order and shows them.
type Presenter interface {
	Moment(timeline.Moment) error
	Section(title string) error // what is shown from now on, if there is anything, stands under a title
	Close() error               // writes what must come last
}

// A Flusher holds rows back, where Options.Held lets it, until Flush or until
// there are enough for a write.
type Flusher interface {
	Presenter
	Flush() error
}

// Options say how to write.
type Options struct {
	Width  int            // columns of the terminal or page; 0 means 80
	Color  bool           // ANSI colour
	Screen palette.Screen // what the colours are to be read on
	ASCII  bool           // the terminal has no UTF-8
	Live   bool           // write after every moment
	Held   bool           // … or not before Flush, where the presenter is a Flusher

	Endpoints bool // the story says below each segment what has changed of the numbers of both ends

	Clients int // how many clients are expected at once; above 1 every line of the story says whose it is from the first on
}
