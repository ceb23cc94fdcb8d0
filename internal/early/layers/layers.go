//go:build cgo && linux && go1.26 && !go1.27

// Package layers puts off the initialization of gopacket/layers, which
// gopacket/pcap brings along, until something is captured live. It fills two
// tables of 65,536 entries, a third of the time in which the program starts,
// and reading a file needs none of it.
package layers

import (
	_ "unsafe" // for linkname

	"github.com/handshake-lab/handshake-lab/internal/early"
)

//go:linkname task github.com/google/gopacket/layers..inittask
var task early.Task

var later = early.PutOff(&task)

// Initialize initializes gopacket/layers if that was put off; nothing of it but
// its types may be used before. It may be called more than once.
func Initialize() { later.Do() }
