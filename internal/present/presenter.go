// Package present is the contract between moments and those who show them.
package present

import (
	"fmt"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// A Presenter is given moments in order and shows them. It writes what a moment
// adds in one Write, before Moment returns: when that goes out to the screen or the
// file is decided by the writer, and nowhere else.
type Presenter interface {
	Moment(timeline.Moment) error
	Section(title string) error // what is shown from now on, if there is anything, stands under a title
	Close() error               // writes what must come last
}

// A Resizer can go on at another width: that of its terminal is another one now.
type Resizer interface{ Resize(width int) }

// Options say how to write.
type Options struct {
	Width  int            // columns of the terminal or page; 0 means 80
	Color  bool           // ANSI colour
	Screen palette.Screen // what the colours are to be read on
	ASCII  bool           // the terminal has no UTF-8
	Live   bool           // moments come as they happen: nothing that is shown waits for what comes later

	Endpoints bool // the story says below each segment what has changed of the numbers of both ends

	Diagram bool          // Markdown has a diagram of Mermaid with what it tells
	Pace    time.Duration // a recording of the story shows a moment every so often; 0: as it happened
	Tell    func(string)  // is told what a format leaves out; may be nil

	Manner  *view.Manner // how readers are told numbers and addresses; nil as the header has them
	Columns []string     // keys of the columns that are written; nil for those of the view

	Source string // where the moments come from, as a title has it: the name of a file

	Sorted bool // rows of conversations wait for the end, and are sorted by their clients, unless there are too many

	Clients func() int // how many clients there are, asked when the first moment comes; above 1 all that is told says whose it is from the first on. Nil: nobody knows
}

// TooMuch is the error of a format that holds all that it shows before it writes, as a
// picture does: there is more than it shows at most.
type TooMuch struct {
	Format, What string
	Most         int
}

func (t *TooMuch) Error() string {
	return fmt.Sprintf("%s shows %d %s at most, and there are more", t.Format, t.Most, t.What)
}
