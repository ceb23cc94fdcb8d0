// Package timeline brings what the program learns from its sources - events
// from the capture, calls from the server and the client - into one order by
// one clock.
package timeline

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// Kind is what a Moment tells of.
type Kind uint8

// The kinds of moment.
const (
	Segment   Kind = iota // Event is set
	Call                  // Call is set
	Ended                 // Conversation is set: it is over, or the capture is
	Quote                 // Quote and Quoted are set: an ICMP error; Conversation too where it is known
	Undecoded             // Frame and Problem are set
	Note                  // Text is set
	Arrival               // Event and Passage are set: a segment has got to its receiver, some time after it was sent
)

// Kinds is a set of kinds.
type Kinds uint8

// AllKinds are all that there are.
const AllKinds = Kinds(1<<(Arrival+1) - 1)

// These is the set of some kinds.
func These(kinds ...Kind) (set Kinds) {
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// Has reports whether a kind is in the set.
func (s Kinds) Has(k Kind) bool { return s>>k&1 != 0 }

// Moment is one thing that happened. It and what it points to are valid until
// the Presenter's Moment method returns.
type Moment struct {
	Kind         Kind
	At           capture.Time // Known is false where it is not known
	Event        *conversation.Event
	Call         *dialogue.Call
	Conversation *conversation.Conversation
	Quote        *decode.Quote
	Quoted       *decode.Segment
	Frame        int // frame number of Quote and Undecoded
	Problem      *decode.Problem
	Text         string
	Passage      *Passage // of a segment's way over a cable that is known at both ends; nil where it is not
	Client       int      // number of the client it belongs to, from 1; 0 for none
}

// Of is the moment of a segment's event, with the time of its capture.
func Of(e *conversation.Event) Moment {
	return Moment{Kind: Segment, At: e.Segment.Time, Event: e, Client: ClientOf(e.Conversation)}
}

// ClientOf is the number that a conversation's client has where no call tells
// another one: clients are numbered in the order of their first segments, in the
// whole capture. 0 where there is no conversation.
func ClientOf(c *conversation.Conversation) int {
	if c == nil {
		return 0
	}
	return c.Stream + 1
}

// Keep is a copy of a moment with copies of all that it points to.
func Keep(m Moment) Moment {
	it := &item{seen: new(seen)}
	if m.Call != nil {
		it.holdCall(m.Call)
	} else {
		it.hold(&m)
	}
	return it.held
}
