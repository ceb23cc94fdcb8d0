// Package conversation follows TCP conversations: it takes segments in
// capture order and says what each one means - its step, its arithmetic, the
// state of both ends, Wireshark's sequence analysis - and sums a conversation
// up in a verdict. It reads and prints nothing.
package conversation

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// State is a connection state of RFC 9293 §3.3.2.
type State uint8

// The eleven states, and Unknown for an end whose past was not captured.
const (
	Unknown State = iota
	Closed
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait
)

// String returns the state's name as RFC 9293 writes it.
func (s State) String() string {
	return [...]string{"?", "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
		"FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"}[s]
}

// Side is one end of a conversation.
type Side uint8

// The client is the end that sent the first SYN; where none was seen, the one
// that is likelier to have (the higher port).
const (
	Client Side = iota
	Server
)

// Other returns the opposite side.
func (s Side) Other() Side { return 1 - s }

// String returns "client" or "server".
func (s Side) String() string { return [...]string{"client", "server"}[s] }

// Step is the part a segment plays.
type Step uint8

// The steps. StepACK is the handshake's third; StepAck acknowledges data or
// nothing new.
const (
	StepOther Step = iota
	StepSYN
	StepSYNACK
	StepACK
	StepData
	StepAck
	StepFIN
	StepFINACK // acknowledges the peer's FIN
	StepRST
)

// String returns SYN, SYN+ACK, ACK, data, ack, FIN, ACK of FIN, RST or other.
func (s Step) String() string {
	return [...]string{"other", "SYN", "SYN+ACK", "ACK", "data", "ack", "FIN", "ACK of FIN", "RST"}[s]
}

// Analysis is a set of Wireshark's tcp.analysis words.
type Analysis uint32

// The words, in the order in which they are listed.
const (
	Retransmission Analysis = 1 << iota
	FastRetransmission
	SpuriousRetransmission
	OutOfOrder
	LostSegment
	AckLostSegment
	DuplicateAck
	KeepAlive
	KeepAliveAck
	ZeroWindow
	ZeroWindowProbe
	ZeroWindowProbeAck
	WindowUpdate
	WindowFull
	ReusedPorts
)

// AnalysisWords are the words behind tcp.analysis., by bit number.
var AnalysisWords = [...]string{"retransmission", "fast_retransmission", "spurious_retransmission",
	"out_of_order", "lost_segment", "ack_lost_segment", "duplicate_ack", "keep_alive", "keep_alive_ack",
	"zero_window", "zero_window_probe", "zero_window_probe_ack", "window_update", "window_full", "reused_ports"}

// Window scale factors that are no factor (Wireshark's numbers).
const (
	ScaleUnknown = -1 // the handshake was not captured
	ScaleUnused  = -2 // one side or both did not offer it
)

// Event is what one segment means. It and what it points to are valid until
// the next segment is added.
type Event struct {
	Segment      *decode.Segment
	Conversation *Conversation
	From         Side     // who sent it
	Step         Step     // the part it plays
	Before       [2]State // of client and server when it was sent, derived from what was captured
	After        [2]State // once it has arrived, as is assumed where it is not proved
	Proved       [2]bool  // whether After has been shown by a segment of that end, or by a call
	Reception    Reception
	Settled      []Settled // states of earlier frames that became known by this one
	CopyOf       int       // the frame that it is a second copy of; 0 for none
	Repeats      bool      // its sender has sent all of it before
	AcksAgain    int       // the repetition of AcksFrame, which may be what is acknowledged; 0 for none
	about        abouts    // what its sentence needs to know besides

	Seq, Ack, Next uint32 // relative numbers: tcp.seq, tcp.ack, tcp.nxtseq
	AckBase        uint32 // what SACK edges are relative to: the number the peer's relative numbers count from
	Sized          bool   // the segment's length is known: Next, scaled window and analysis apply
	SeqRule        Rule   // the arithmetic of the sequence number
	AckRule        Rule   // the arithmetic of the acknowledgment number

	WindowScale int32  // factor, or ScaleUnknown, ScaleUnused; 0 on SYN and SYN+ACK, where it is left out
	WindowSize  uint32 // bytes, scaled

	Analysis    Analysis // Wireshark's words
	AcksFrame   int      // frame that this one acknowledges; 0 for none
	RTOFrame    int      // the oldest frame not acknowledged, from which Wireshark counts RTO; 0 for none
	AgainOf     int      // of a retransmission: the latest frame that brought its first byte; 0 where that is not known
	DupAckFrame int      // the acknowledgment that this one duplicates; 0 for none
	DupAckNum   int      // how many duplicates of it there have been, this one included

	AckRTT     capture.Span // since AcksFrame
	RTO        capture.Span // since RTOFrame; 0 for none
	AgainAfter capture.Span // since AgainOf
	InitialRTT capture.Span // from the last SYN to the first pure ACK; 0 while unknown and on segments without other analysis

	Completeness Completeness // so far, this segment included
	Fresh        int          // how many payload bytes at the end of the payload were not seen before
	Opens        bool         // this segment begins its conversation
	analyzed     bool         // Wireshark has an analysis for it
	Closes       bool         // with this segment the conversation is over: both FINs acknowledged, or reset
}

// Learn takes up what became known of an end after this segment. An end that is
// shown to have taken a SYN was in LISTEN before; one that was not moved by it
// was where it is.
func (e *Event) Learn(side Side, state State, proved bool) {
	e.After[side], e.Proved[side] = state, proved
	if e.Opens && e.Step == StepSYN && side == Server && e.Before[side] == Unknown {
		if e.Before[side] = state; state == SynReceived {
			e.Before[side] = Listen
		}
	}
}

// abouts are what was true of a segment when it passed.
type abouts uint32

const (
	aboutGap       abouts = 1 << iota // something that its sender sent before was not captured
	aboutUnsent                       // it acknowledges what was not captured
	aboutSmaller                      // data that ICMP has refused the size of
	aboutBusy                         // an RST to a SYN from a port that has accepted others
	aboutForeign                      // an RST whose TTL is not that of the end's other segments
	aboutProbe                        // to an end whose window is 0
	aboutChallenge                    // an ACK right after something that its sender had to refuse
	aboutLate                         // it stands later than it was sent
	aboutThrice                       // data after three duplicate ACKs for it
	aboutAcked                        // all of it was acknowledged before
	aboutAnswered                     // a SYN that a SYN+ACK has answered before
	aboutSecond                       // a SYN+ACK with another number than the one before
	aboutOlder                        // an ACK of an older connection
	aboutBadSum                       // a SYN or SYN+ACK whose checksum is wrong
	aboutSplit                        // the server's part of a split handshake
	aboutAgain                        // a SYN+ACK that was sent before
	aboutGone                         // an RST that answers what was on its way when its sender closed
	aboutBehind                       // an RST with a number that its receiver has left behind, if what came before has got there
	aboutRefused                      // a SYN that comes again although an RST refused it
	aboutAsked                        // an RST that answers a challenge ACK
	aboutNotTaken                     // the data that was in the SYN, and was not acknowledged with it
)

func (a abouts) has(what abouts) bool { return a&what != 0 }

// Endpoint is one end's socket.
type Endpoint struct {
	Addr netip.Addr
	Port uint16
}

// AddrPort returns the endpoint as netip has it.
func (e Endpoint) AddrPort() netip.AddrPort { return netip.AddrPortFrom(e.Addr, e.Port) }
