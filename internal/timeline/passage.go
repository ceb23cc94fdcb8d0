package timeline

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// Passage is how a segment went over a cable that is known at both ends.
type Passage struct {
	Lost    bool         // it has not got to its receiver
	Forged  bool         // no host has sent it: the cable, or somebody at it, made it
	CopyOf  int          // the frame that it is a copy of, made on the way; 0 for none
	Why     string       // what the cable did with it, by which rule; "" for nothing
	Arrival capture.Time // when it got to its receiver; not known where it has not
	Later   bool         // its arrival is a moment of its own
	Kernel  [2]Testimony // what the kernel says of the connection: at the sender when it was sent, at the receiver when it had arrived
}

// Testimony is what a host's own kernel says of a connection: not derived from any
// packet.
type Testimony struct {
	Known bool
	State conversation.State
	More  string // what else there is to say: the timer that runs, what is not read or not acknowledged; "" for nothing
}
