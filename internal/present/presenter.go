// Package present shows moments: views (what is told) in formats (how it is
// written).
package present

import (
	"io"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A Presenter is given moments in order and shows them.
type Presenter interface {
	Moment(timeline.Moment) error
	Close() error // writes what must come last
}

// Options say how to write.
type Options struct {
	Width int  // columns of the terminal or page; 0 means 80
	Color bool // ANSI colour
	ASCII bool // the terminal has no UTF-8
	Live  bool // flush after every moment
}

// Open makes the presenter for a view in a format. An unknown name, or a pair
// that makes no sense, is an error that lists what does.
func Open(view, format string, w io.Writer, o Options) (Presenter, error) { panic("to be written") }
