package wire

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
)

// A OneEnd reads a capture file. Of a recording of both ends it hands out what one end
// saw, the client's unless the recording says that it is to be told from the server's, with the numbers that the packets have in the file: whoever takes
// both for what one place saw finds each packet twice, and what was lost in between
// answered. Of any other file it hands out all.
type OneEnd struct {
	*capture.File
	End            End // which, where it is one
	isKnown, isOne bool
}

// AtOneEnd reads one end of a file.
func AtOneEnd(file *capture.File) *OneEnd { return &OneEnd{File: file} }

// IsOne reports whether packets of the other end were left out. It is known once a
// packet has been read.
func (o *OneEnd) IsOne() bool { return o.isOne }

// Next implements capture.Source.
func (o *OneEnd) Next(p *capture.Packet) error {
	for {
		if err := o.File.Next(p); err != nil {
			return err
		}
		if !o.isKnown {
			section := o.File.Section()
			if o.isKnown, o.isOne = true, IsOfBothEnds(section); strings.Contains(section.Comment, "\nend: server") {
				o.End = Server
			}
		}
		if !o.isOne || p.Interface != int(o.End.Other()) {
			return nil
		}
	}
}

// Section is what the file says of itself, but not that it is of both ends where it
// no longer is.
func (o *OneEnd) Section() capture.Section {
	section := o.File.Section()
	if o.isOne {
		section.Comment = "the " + endNames[o.End] + " of a cable"
	}
	return section
}
