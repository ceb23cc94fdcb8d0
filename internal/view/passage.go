package view

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
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

// appendPassageSentence appends what a segment means whose way is known at both ends,
// where that is not what it means to a capture: it was lost, or no host has sent it.
// It reports whether it has.
func appendPassageSentence(dst []byte, m *timeline.Moment) ([]byte, bool) {
	p := m.Passage
	switch {
	case p == nil:
		return dst, false
	case p.CopyOf != 0:
		dst = decimal.AppendInt(append(dst, "A copy of #"...), int64(p.CopyOf))
		return append(dst, ", made on the way: its sender knows nothing of it."...), true
	case p.Forged:
		dst = append(append(dst, "No host has sent it: it was made on the way, in the "...), m.Event.From.String()...)
		return append(dst, "'s name."...), true
	case p.Lost && m.Event.Step == conversation.StepACK:
		return append(dst, "The client acknowledges y by y + 1, and its end is open; this ACK is lost, so the server does not learn of it."...), true
	case p.Lost:
		dst = m.Event.AppendSentence(dst)
		return append(append(append(dst, " It is lost: the "...), m.Event.From.Other().String()...), " does not learn of it."...), true
	}
	return dst, false
}

// appendRowSentence appends what the segment of a row means.
func appendRowSentence(dst []byte, r *Row) []byte {
	if said, is := appendPassageSentence(dst, r.moment); is {
		return said
	}
	return r.Event.AppendSentence(dst)
}
