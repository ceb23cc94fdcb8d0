package conversation

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// AppendSentence appends one plain sentence that explains the segment, in
// printable ASCII.
func (e *Event) AppendSentence(dst []byte) []byte {
	if remark := tellWords(e); remark != "" {
		return e.fill(dst, remark)
	}
	dst = e.fill(dst, tellStep(e))
	if e.Step == StepSYN && e.Segment.PayloadLen > 0 {
		dst = append(dst, " It carries data already (Fast Open)."...)
	}
	return dst
}

// Sentence returns what AppendSentence appends.
func (e *Event) Sentence() string { return string(e.AppendSentence(nil)) }

// fill appends a sentence, with something of the segment for each % and the
// letter behind it.
func (e *Event) fill(dst []byte, sentence string) []byte {
	for {
		at := strings.IndexByte(sentence, '%')
		if at < 0 {
			return append(dst, sentence...)
		}
		dst = append(dst, sentence[:at]...)
		switch sentence[at+1] {
		case 'm': // me
			dst = append(dst, e.From.String()...)
		case 'p': // my peer
			dst = append(dst, e.From.Other().String()...)
		case 'l': // payload, the bare number
			dst = decimal.AppendInt(dst, int64(e.Segment.PayloadLen))
		case 'b': // payload with its unit
			dst = decimal.AppendBytes(dst, uint64(e.Segment.PayloadLen))
		case 'w': // window, scaled
			dst = decimal.Append(dst, uint64(e.WindowSize))
		case 'n': // the next number
			dst = e.appendFollowing(dst)
		case 'a': // the frame that is acknowledged
			dst = decimal.AppendInt(dst, int64(e.AcksFrame))
		case 'd': // which duplicate ACK it is
			dst = decimal.AppendInt(dst, int64(e.DupAckNum))
		case 'f': // the frame that it duplicates
			dst = decimal.AppendInt(dst, int64(e.DupAckFrame))
		case 'o': // the server's port
			dst = decimal.Append(dst, uint64(e.Conversation.Ends[Server].Port))
		default:
			dst = append(dst, sentence[at:at+2]...) // a mistake that is to be seen
		}
		sentence = sentence[at+2:]
	}
}

// Section names the text that the sentence rests on.
func (e *Event) Section() string {
	switch {
	case e.Analysis&(FastRetransmission) != 0:
		return "RFC 5681 §3.2"
	case e.Analysis&(Retransmission|SpuriousRetransmission) != 0:
		return "RFC 6298 §5"
	case e.Analysis&(ZeroWindow|ZeroWindowProbe|ZeroWindowProbeAck) != 0:
		return "RFC 9293 §3.8.6.1"
	case e.Analysis&(KeepAlive|KeepAliveAck) != 0:
		return "RFC 9293 §3.8.4"
	case e.Analysis&DuplicateAck != 0:
		return "RFC 5681 §3.2"
	}
	switch e.Step {
	case StepSYN, StepSYNACK, StepACK:
		return "RFC 9293 §3.5"
	case StepRST:
		return "RFC 9293 §3.5.2"
	case StepFIN, StepFINACK:
		return "RFC 9293 §3.6"
	}
	return "RFC 9293 §3.4"
}

// tellWords explains what Wireshark remarks on, as a sentence to be filled; empty
// where it remarks on nothing.
func tellWords(e *Event) string {
	switch a := e.Analysis; {
	case a&ZeroWindowProbe != 0:
		return "The %m tries one byte to learn whether the %p's window is still closed."
	case a&ZeroWindowProbeAck != 0:
		return "The %m answers the probe: its window is still 0."
	case a&FastRetransmission != 0:
		return "The %m sends this again at once: duplicate ACKs told it that the segment was missing."
	case a&SpuriousRetransmission != 0:
		return "The %m sends again what the %p has already acknowledged."
	case a&Retransmission != 0 && e.Step == StepSYN:
		return "No answer came: the client sends its SYN again, with the same x."
	case a&Retransmission != 0 && e.Step == StepSYNACK:
		return "The server sends its SYN+ACK again, with the same y."
	case a&Retransmission != 0:
		return "The %m sends this again: its timer ran out before an ACK came."
	case a&OutOfOrder != 0:
		return "This segment comes later than one that was sent after it."
	case a&LostSegment != 0:
		return "Something the %m sent before this is not in the capture."
	case a&AckLostSegment != 0:
		return "This acknowledges something of the %p that is not in the capture."
	case a&ZeroWindow != 0:
		return "The %m's receive buffer is full: it asks the %p to stop."
	case a&WindowUpdate != 0:
		return "The %m has room for %w bytes now."
	case a&KeepAlive != 0:
		return "The %m asks whether the %p is still there."
	case a&KeepAliveAck != 0:
		return "The %m is still there."
	case a&DuplicateAck != 0:
		return "The %m repeats its ACK: number %d of those that repeat frame %f."
	case a&WindowFull != 0:
		return "With these %l bytes the %p's window is used up."
	}
	return ""
}

// tellStep explains the part the segment plays, as a sentence to be filled.
func tellStep(e *Event) string {
	switch e.Step {
	case StepSYN:
		return tellSYN(e)
	case StepSYNACK:
		if e.AckRule.Base == NoBase || e.AckRule.Base == X && !e.AckRule.SYN {
			return "The server answers, but not to this SYN: the acknowledgment number does not fit x."
		}
		return "The server acknowledges x by x + 1 and asks for a connection of its own, with its own random number y."
	case StepACK:
		return "The client acknowledges y by y + 1: both ends are sure of each other's number now."
	case StepData:
		if e.Conversation.Handshake.ACK == e.Segment.Number {
			return "%b of data; their ACK bit completes the handshake as well."
		}
		return "The %m sends %b; the next byte will have the number %n."
	case StepFIN:
		return tellFIN(e)
	case StepFINACK:
		return "The %m acknowledges the FIN, which takes one sequence number like the SYN."
	case StepRST:
		return tellRST(e)
	case StepAck:
		if e.AcksFrame != 0 {
			return "The %m has received everything up to frame %a."
		}
		return "The %m tells the %p which byte it expects next."
	}
	return "A segment without ACK in the middle of a connection: it says nothing a receiver may use."
}

func tellSYN(e *Event) string {
	switch {
	case e.From == Server:
		return "This end asks for a connection too: the SYNs cross, a simultaneous open."
	case e.Conversation.Reused:
		return "A new connection on ports that were in use before, with a new x."
	}
	return "The client asks for a connection and names its first sequence number, the random x."
}

func tellFIN(e *Event) string {
	if e.Conversation.Flows[e.From.Other()].FINFrame != 0 {
		return "The %m closes its direction too: nothing more will come from it."
	}
	return "The %m has nothing more to send and closes its direction."
}

func tellRST(e *Event) string {
	me, peer := e.From, e.From.Other()
	switch {
	case e.Before[me] == SynSent && e.After[me] == SynSent && me == Client:
		return "The client did not ask for what this answers: it rejects the answer by an RST and waits on."
	case e.Before == e.After && e.After[peer] != Closed:
		return "An RST whose number the %p does not expect: it is ignored."
	case e.Conversation.Ending == ClosedByRefusal:
		return "Nobody listens on port %o: the connection is refused."
	case e.Segment.Flags.Has(decode.ACK):
		return "The %m aborts: the connection is gone at once, and data on the way is lost."
	}
	return "The %m resets the connection: it knows nothing of it, or wants no more."
}

// appendFollowing appends the arithmetic of the number after the segment.
func (e *Event) appendFollowing(dst []byte) []byte {
	r := e.SeqRule
	if r.Base == NoBase || r.Base == Zero {
		return decimal.Append(dst, uint64(e.Segment.Seq+uint32(e.Segment.PayloadLen)))
	}
	r.Bytes += uint64(e.Segment.PayloadLen)
	return r.Append(dst)
}
