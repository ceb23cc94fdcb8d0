package view

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// An Entry is one moment as the story tells it: what every format shows, and
// nothing of how. What it knows is here; what it says can be asked for. It is
// valid until the next one.
type Entry struct {
	*timeline.Moment
	Since capture.Span // the first moment; Timed reports whether that is known
	Timed bool

	Client  int      // number of the client it is about; 0 for none
	Opens   *Sockets // its connection, where it is the first entry of it
	Before  States   // where both ends were before anything happened between them
	Reached States   // the states that are new
	Proves  bool     // with it the three-way handshake is complete

	talk *talk  // of its conversation; nil for none
	room []byte // for texts
}

// Sockets is a connection as its client sees it.
type Sockets struct{ Client, Server netip.AddrPort }

// States are where the two ends are, client first: each with Assumed where no
// segment of that end has shown it yet; Unknown where there is nothing to tell.
type States [2]conversation.State

// Assumed is part of a state that is not proved.
const Assumed conversation.State = 1 << 7

// statesOf are the states after a segment.
func statesOf(e *conversation.Event) (states States) {
	for side, state := range e.After {
		if states[side] = state; state != conversation.Unknown && !e.Proved[side] {
			states[side] |= Assumed
		}
	}
	return states
}

// FrameNumber is that of the frame the entry is about; 0 for none.
func (e *Entry) FrameNumber() int {
	if e.Event != nil {
		return e.Event.Segment.Number
	}
	return e.Frame
}

// IsGuess reports whether the entry opens a connection of which no SYN was
// captured.
func (e *Entry) IsGuess() bool {
	return e.Opens != nil && e.Event != nil && e.Event.Conversation.Guessed
}

// GuessNote says what that means.
const GuessNote = "capture began late: no SYN was seen, so who is the client is a guess; c and s are the first numbers seen of client and server"

// talk is what the story knows of a conversation.
type talk struct {
	stream  int
	client  int // its number
	shown   States
	sockets Sockets
	proved  bool
	over    bool // its number is free again

	accounts *accounts // those that were shown last; nil for none
}

// change takes the new states of both ends and returns those that changed.
func (t *talk) change(after States) (changed States) {
	for side, state := range after {
		if state != t.shown[side] {
			changed[side] = state
		}
	}
	t.shown = after
	return changed
}
