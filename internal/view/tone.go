package view

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// Tone is what a text means, so that each format may show it in its own way: a
// colour, a class, a macro. It only repeats what words, numbers and states say.
type Tone uint8

// The tones.
const (
	Plain    Tone = iota
	Strong        // what a segment is called; a bit that is set
	Quiet         // what is beside the point, or assumed
	OfX           // counts from x, the client's number
	OfY           // counts from y, the server's
	Called        // socket calls
	Good          // what was proved; a state that was reached
	Neutral       // what is neither good nor bad
	Bad           // resets, damage
	Remarked      // Wireshark's sequence analysis
	Tones         // how many there are
)

// toneOf is that of a number by what it counts from.
func toneOf(base conversation.Base) Tone {
	switch base {
	case conversation.X, conversation.ClientAt:
		return OfX
	case conversation.Y, conversation.ServerAt:
		return OfY
	}
	return Plain
}

// toneOfEvent is that of a segment's flags.
func toneOfEvent(e *conversation.Event) Tone {
	switch {
	case e.Segment.Flags.Has(decode.RST):
		return Bad
	case e.Analysis&^(conversation.WindowUpdate|conversation.KeepAliveAck) != 0:
		return Remarked
	}
	return Strong
}

// toneOfVerdict is good only for what is fine, and bad only for what went wrong.
func toneOfVerdict(v *conversation.Verdict) Tone {
	switch v.Mood() {
	case conversation.Good:
		return Good
	case conversation.Neutral:
		return Neutral
	}
	return Bad
}

// toneOfState is good for a state that was shown, and quiet for one that is
// assumed.
func toneOfState(proved bool) Tone {
	if proved {
		return Good
	}
	return Quiet
}

func toneOfFlags(r *Row) Tone { return toneOfEvent(r.Event) }

func toneOfEnd(r *Row) Tone { return toneOfVerdict(&r.Conversation.Verdict) }
