//go:build linux && go1.26 && !go1.27

// Package tables puts off the initialization of what tablewriter brings along
// until a table is made: tablewriter/pkg/twwidth makes room to remember how wide
// 8,192 texts are, 660 kB, and olekukonko/errors a stock of errors. Together
// they are an eighth of the time in which the program starts.
package tables

import (
	_ "unsafe" // for linkname

	"github.com/handshake-lab/handshake-lab/internal/early"
)

//go:linkname errors github.com/olekukonko/errors..inittask
var errors early.Task

//go:linkname widths github.com/olekukonko/tablewriter/pkg/twwidth..inittask
var widths early.Task

var later = [...]*early.Later{early.PutOff(&errors), early.PutOff(&widths)}

// Initialize initializes what was put off; nothing of tablewriter may be used
// before. It may be called more than once.
func Initialize() {
	for _, l := range later {
		l.Do()
	}
}
