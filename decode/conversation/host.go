package conversation

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// A host is one end's own account of the connection: what RFC 9293 §3.3.1 has it
// keep, as far as the segments tell. It is apart from Wireshark's sequence
// analysis (see end), which counts what was captured; here counts what the end
// has sent, and what has arrived there and was taken.
//
// Captured is not received: what a segment does to the end it goes to is assumed
// until that end shows it by a segment of its own, and is taken back where it
// shows the contrary.
type host struct {
	iss, irs  uint32 // initial send and receive sequence numbers
	una, nxt  uint32 // SND.UNA, SND.NXT
	wnd       uint32 // SND.WND, in bytes: what the peer last announced
	rcv       uint32 // RCV.NXT, if what was captured has arrived
	shown     uint32 // RCV.NXT as its own latest segment said
	edge      uint32 // the first number beyond the windows that it has announced so far
	told      uint32 // the window in its latest segment, in bytes
	fin       uint32 // the number that its FIN occupies
	ackedFrom uint32 // SEG.SEQ of the first segment by which it acknowledged the peer's FIN
	ts        uint32 // its latest timestamp
	claim     uint32 // what the peer has acknowledged beyond nxt
	rejects   uint32 // the acknowledgment number that it has to answer by an RST
	changes   uint8  // how many of pending are in use
	state     State
	proved    bool // a segment of its own has shown the state, or a call
	ttl       uint8
	id        uint16 // the IPv4 identification of its first segment
	has       facts
	pending   [4]change
	since     int64 // when the latest of them came; nanoseconds
}

// facts are what is known of a host.
type facts uint32

const (
	hasISS         facts = 1 << iota // iss: its SYN was captured
	hasIRS                           // irs: the peer's SYN has arrived
	hasNxt                           // una, nxt
	hasRcv                           // rcv
	hasShown                         // shown, edge, told
	sentFIN                          // fin
	gotFIN                           // the peer's FIN has arrived
	gotFINACK                        // the acknowledgment of its own FIN has
	provedFINACK                     // and it has shown that
	closedSecond                     // it had the peer's FIN when it sent its own
	ackedFIN                         // ackedFrom
	passive                          // it came from LISTEN
	synchronized                     // it has acknowledged the peer's SYN by a segment other than SYN+ACK
	signs                            // its SYN carried a signature
	hasRejects                       // rejects
	spoke                            // it has sent data
	claimed                          // the peer has acknowledged what it is not known to have sent: claim
	badSum                           // the SYN+ACK that came to it had a wrong checksum
	doubts                           // it has shown that an answer did not get to it, or was not taken
	unsure                           // of rcv: something on the way to it came out of order, or was not captured
	sentSYNACK                       // it has sent a SYN+ACK
	repeatedSYNACK                   // it has sent its SYN+ACK again
	tookACK                          // an acknowledgment of its SYN has come that it could take
	sent                             // it has sent something: nxt is no mere acknowledgment of the peer's
	stamps                           // ts
	synAgain                         // it has sent its SYN again although that was answered
	finAgain                         // it has sent its FIN again although that was acknowledged
	variesTTL                        // its segments do not all have the same TTL
	hasWnd                           // wnd
	variesID                         // nor the same IPv4 identification
	goodSum                          // a SYN of its own was captured with a right checksum
)

func (h *host) is(f facts) bool { return h.has&f != 0 }

// change is a state that an end is assumed to be in since a segment has arrived.
type change struct {
	frame         int32
	before, after State
}

// Reception is what becomes of a segment at the end it goes to, by RFC 9293
// §3.10.7 and what is known of that end.
type Reception uint8

// The receptions.
const (
	NotKnown            Reception = iota // too little is known of the end
	Taken                                // accepted, or assumed to be
	IsCopy                               // a second copy of a segment, made by the capture or on the way
	OldNumbers                           // lies before RCV.NXT: an acknowledgment answers it (§3.10.7.4, first check)
	OldIfArrived                         // repeats what the end has not acknowledged so far: the same, if that has arrived
	BeyondWindow                         // begins beyond the window
	ResetInWindow                        // an RST in the window with another number than RCV.NXT: a challenge ACK answers it (RFC 5961 §3.2)
	ResetOutside                         // an RST outside of the window: dropped
	ResetWithoutACK                      // an RST in SYN-SENT that does not acknowledge the SYN (§3.10.7.3)
	ResetIdle                            // an RST to an end that holds no connection (§3.10.7.1, §3.10.7.2)
	SYNInConnection                      // a SYN in a synchronized state: a challenge ACK answers it (RFC 5961 §4.2)
	WithoutACK                           // no ACK bit (§3.10.7.4, fifth check)
	AcknowledgesUnsent                   // acknowledges what was never sent
	WrongAcknowledgment                  // in SYN-SENT or SYN-RECEIVED: an RST answers it (§3.5.2)
	StrayAcknowledgment                  // in SYN-SENT: the right number, but neither SYN nor RST (§3.10.7.3, fifth)
	WithoutSignature                     // a SYN+ACK without the signature that the SYN had (RFC 2385, RFC 5925)
	NoConnection                         // the end holds no connection (§3.10.7.1): an RST answers it
	BadChecksum                          // its checksum is wrong, where others of its sender are right (§3.1)
	NotOfThis                            // an earlier connection's: see older
)

// receptionTexts say what becomes of a segment, and why it is refused.
var receptionTexts = [...]string{
	NotKnown:            "not known",
	Taken:               "taken",
	IsCopy:              "copy",
	OldNumbers:          "refused: old numbers",
	OldIfArrived:        "not known: taken, or refused for old numbers",
	BeyondWindow:        "refused: beyond the window",
	ResetInWindow:       "refused: RST in the window, answered by a challenge ACK",
	ResetOutside:        "refused: RST outside of the window",
	ResetWithoutACK:     "refused: RST that does not acknowledge the SYN",
	ResetIdle:           "refused: RST to an end without a connection",
	SYNInConnection:     "refused: SYN in a connection, answered by a challenge ACK",
	WithoutACK:          "refused: no ACK bit",
	AcknowledgesUnsent:  "refused: acknowledges what was never sent",
	WrongAcknowledgment: "refused: wrong acknowledgment number, answered by an RST",
	StrayAcknowledgment: "refused: acknowledges the SYN without a SYN",
	WithoutSignature:    "refused: no signature",
	NoConnection:        "refused: no connection",
	BadChecksum:         "refused: wrong checksum",
	NotOfThis:           "refused: of an earlier connection",
}

// String returns taken, copy, refused or not known, the last two with the reason.
func (r Reception) String() string { return receptionTexts[r] }

// shift brings a host into a state that a segment leads to, as is assumed.
func (h *host) shift(to State, s *decode.Segment) {
	if h.state == to {
		return
	}
	h.expect(to, s)
	h.state, h.proved = to, false
}

// expect notes a change that the host has still to show.
func (h *host) expect(to State, s *decode.Segment) {
	if int(h.changes) == len(h.pending) {
		copy(h.pending[:], h.pending[1:])
		h.changes--
	}
	h.pending[h.changes] = change{int32(s.Number), h.state, to}
	h.changes++
	h.since = s.Time.UnixNano()
}

// occupied is how many sequence numbers a segment takes (SEG.LEN, RFC 9293
// §3.4).
func occupied(s *decode.Segment) uint32 {
	n := uint32(s.PayloadLen)
	if s.Flags.Has(decode.SYN) {
		n++
	}
	if s.Flags.Has(decode.FIN) {
		n++
	}
	return n
}

// Settled is a state that became known only after its frame: that an end was in
// it once the frame's segment had passed.
type Settled struct {
	Frame  int
	Side   Side
	State  State // Unknown: nothing is known
	Proved bool
}

// reading is what is known of a capture beyond the segment under way.
type reading struct {
	found []Settled // by the present segment
	known func(frame int, side Side) (state State, proved, ok bool)
}

// expire takes back what an end would have answered at once, had it got there:
// by now it has had the time.
func (c *Conversation) expire(at capture.Time) {
	now := at.UnixNano()
	for side := range c.hosts {
		h := &c.hosts[side]
		if h.changes == 0 || h.proved || now-h.since <= max(c.flight(), 1e9) || !h.owesAnswer() {
			continue
		}
		before, n := h.pending[0].before, len(c.reading.found)
		c.settle(h, Side(side), before)
		for i := range c.reading.found[n:] {
			c.reading.found[n+i].Proved = false
		}
		h.correct(before)
		c.States[side] = before
	}
}

// owesAnswer reports whether the segment that led an end to its state is one
// that it has to acknowledge: a SYN+ACK or a FIN.
func (h *host) owesAnswer() bool {
	switch h.state {
	case Established, CloseWait, Closing, TimeWait:
		return h.pending[h.changes-1].after == h.state && (h.state != Established || h.pending[0].before == SynSent) &&
			(h.state != TimeWait || h.pending[h.changes-1].before == FinWait2 || h.pending[h.changes-1].before == FinWait1)
	}
	return false
}
