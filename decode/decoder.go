// Package decode turns the bytes of a captured frame into a Segment.
package decode

import "github.com/handshake-lab/handshake-lab/capture"

// Decoder decodes packets one after another; it remembers IP fragments.
type Decoder struct{}

// New returns a decoder.
func New() *Decoder { return &Decoder{} }

// Decode reads one packet into s.
func (d *Decoder) Decode(p *capture.Packet, s *Segment) Result { panic("to be written") }
