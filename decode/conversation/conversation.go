package conversation

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Handshake is how far a three-way handshake came.
type Handshake struct {
	// Frames of the three steps, 0 for those not seen: the last SYN before the
	// SYN+ACK, the first SYN+ACK that acknowledges it, the first ACK of that.
	SYNFrame, SYNACKFrame, ACKFrame int
	FirstSYNFrame                   int
	SYNs, SYNACKs                   int  // how often each was sent
	Complete                        bool // all three were seen
	SYNTime, SYNACKTime, ACKTime    capture.Time
}

// Offer is what one end said in the options of its SYN or SYN+ACK.
type Offer struct {
	Seen        bool   // its SYN was captured
	MSS         uint16 // bytes; 0 where not offered
	WindowScale int8   // shift; -1 where not offered
	SACK        bool
	Timestamps  bool
	FastOpen    bool
	MPTCP       bool
	ECN         bool // asked for (SYN with ECE and CWR) or agreed (SYN+ACK with ECE)
}

// Flow is what one end sent.
type Flow struct {
	Segments      int
	Bytes         uint64 // payload bytes, each sequence number counted once
	Wire          uint64 // frame bytes
	ISN           uint32 // initial sequence number
	HasISN        bool
	FINFrame      int // first FIN; 0 for none
	FINAcked      int // frame that acknowledged it
	RSTFrame      int // first RST
	LastRST       int // last RST
	RSTs          int // how many, copies left out
	Retransmitted int // segments sent again, copies left out
	DataSegments  int // segments that carried payload
}

// Ending says how a conversation ended.
type Ending uint8

// The ways to end.
const (
	StillOpen       Ending = iota // no FIN, no RST so far
	HalfClosed                    // one FIN only
	ClosedByFIN                   // both FINs, both acknowledged
	ClosedUnacked                 // both FINs, the last not acknowledged
	ClosedByReset                 // an RST while data could still flow
	ClosedByRefusal               // an RST in answer to the SYN
	ClosedThenReset               // FIN first, then an RST
	ReplacedByReuse               // a new SYN took over the ports
)

// Verdict names what happened to a conversation.
type Verdict struct {
	Name   string // one word or a few, stable: "fine", "refused", "filtered", …
	Text   string // one plain sentence
	Frames []int  // the frames that prove it
}

// Conversation is one TCP connection as far as captured. What every segment
// needs stands in front and close together.
type Conversation struct {
	pair     Pair
	server   *server // nil where too many are watched
	queue    *queue  // that it waits in; nil before its first segment has been followed
	used     bool    // has had a segment since the queue was last looked at
	judged   bool    // there is nothing to remark so far, and Verdict says so
	answered bool    // its server's SYN+ACK has been counted
	ends     [2]end  // what Wireshark's analysis keeps of each end
	lasting
	marks

	Ends       [2]Endpoint // client first
	Offers     [2]Offer    // client first
	lent       bool        // to OnEnd, and not released yet
	gone       bool        // no longer known to the tracker
	expected   bool        // announced before its first segment
	First      capture.Time
	FirstFrame int
	Verdict    Verdict
	Quotes     int32 // ICMP errors that quoted it
	Cuts       int32 // segments whose data was not fully captured

	endedAt int64    // nanoseconds from its first segment
	reading *reading // what the segment under way tells of others
	older   *older   // an earlier connection on the same ports, that may go on; nil for none
	frames  [5]int   // storage of a plain verdict's frames
	links
}

// lasting is what a conversation's remainder keeps, too: see remainder.
type lasting struct {
	States    [2]State     // client first; derived
	Seen      Completeness // so far
	firstBits Completeness // bits of the first segment that count once a second one follows
	flipped   bool         // the client's socket is the second one of the pair
	closed    bool         // over: both FINs acknowledged, or reset
	steady    bool         // open, with nothing pending: the next segment may be predicted
	subtypes  subtypes     // MPTCP's, so far
	hosts     [2]host      // what the ends themselves keep
	Flows     [2]Flow      // client first
	Handshake Handshake

	InitialRTT capture.Span // 0 while unknown
	Earliest   capture.Time // of its segments; the first one's, where the capture is in the order of time
	Latest     capture.Time
	LastFrame  int
	lastSYN    stamp // of the last SYN without ACK
	traces

	Stream   int  // tcp.stream, from 0
	Guessed  bool // no SYN was seen, so who is client is a guess
	Reused   bool // its SYN took over the ports of an earlier conversation
	Ending   Ending
	ClosedBy Side // who sent the first FIN or RST; see Ending
	ended    bool // handed to OnEnd
}

// Keep makes c a copy of a conversation as it is now, that stays so when the other
// one goes on or is used again.
func (c *Conversation) Keep(from *Conversation) {
	room := c.room
	*c = *from
	c.Verdict.Frames = slices.Clone(from.Verdict.Frames)
	if c.room = room; from.marks.set == (kinds{}) {
		return
	}
	if c.room == nil {
		c.room = new(remarks)
	}
	*c.room = *from.room
}

// after is when it is in the conversation: nanoseconds from its first segment.
func (c *Conversation) after(at capture.Time) int64 { return at.Since(c.First).Nanoseconds() }

// empty clears c but for the storage that it has.
func (c *Conversation) empty() {
	client, server := c.ends[Client].waiting, c.ends[Server].waiting
	clientHoles, serverHoles := c.ends[Client].holes[:0], c.ends[Server].holes[:0]
	if c.room != nil {
		*c.room = remarks{}
	}
	*c = Conversation{marks: marks{room: c.room}}
	c.ends[Client].waiting, c.ends[Client].holes = client, clientHoles
	c.ends[Server].waiting, c.ends[Server].holes = server, serverHoles
}

// begin makes an empty c ready for its first segment.
func (c *Conversation) begin() {
	c.ends[Client].begin()
	c.ends[Server].begin()
	c.Offers[Client].WindowScale, c.Offers[Server].WindowScale = -1, -1
}

// FirstSYNTime is when the client's first SYN was captured; not Known where none
// was.
func (c *Conversation) FirstSYNTime() capture.Time {
	if c.Handshake.FirstSYNFrame == c.FirstFrame {
		return c.First
	}
	return c.Handshake.SYNTime
}
