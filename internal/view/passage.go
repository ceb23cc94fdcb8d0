package view

import (
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// What became of a segment on a cable that is known at both ends.

// Way is how a segment went from one end to the other, as a picture shows it.
type Way uint8

// The ways. What was captured at one place has the first.
const (
	Straight Way = iota
	Lost         // it ends on the way
	Slanted      // its arrival is an entry of its own
	Inserted     // it begins on the way
)

// Way is how the entry's segment went.
func (e *Entry) Way() Way {
	switch p := e.Passage; {
	case p == nil:
		return Straight
	case p.Lost:
		return Lost
	case p.Forged:
		return Inserted
	case p.Later:
		return Slanted
	}
	return Straight
}

// ofPassage says what the cable did with a segment.
func (e *Entry) ofPassage(yield func(Tone, []byte) bool) bool {
	p := e.Passage
	text := e.room
	tone := Remarked
	switch {
	case p.Lost:
		text, tone = append(text, "lost on the way"...), Bad
	case p.CopyOf != 0:
		text = decimal.AppendInt(append(text, "a copy of #"...), int64(p.CopyOf))
		text = append(text, ", made on the way"...)
	case p.Forged:
		text = append(text, "no host has sent it"...)
	case p.Why == "":
		return true
	}
	if p.Why != "" {
		text = append(append(appendBetween(text, len(e.room), ": "), "by the cable: "...), p.Why...)
	}
	return yield(tone, e.say(text))
}

// IsOfKernel reports whether the kernel was asked at either end.
func IsOfKernel(p *timeline.Passage) bool {
	return p != nil && (p.Kernel[0].Known || p.Kernel[1].Known)
}
