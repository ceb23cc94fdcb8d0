package conversation

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Sentence explains the segment in one plain sentence.
func (e *Event) Sentence() string {
	for _, tell := range [...]func(*Event) string{tellWords, tellStep} {
		if text := tell(e); text != "" {
			return text
		}
	}
	return ""
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

func (e *Event) who() (me, peer Side) { return e.From, e.From.Other() }

// tellWords explains what Wireshark remarks on.
func tellWords(e *Event) string {
	me, peer := e.who()
	s := e.Segment
	switch a := e.Analysis; {
	case a&ZeroWindowProbe != 0:
		return fmt.Sprintf("The %s tries one byte to learn whether the %s's window is still closed.", me, peer)
	case a&ZeroWindowProbeAck != 0:
		return fmt.Sprintf("The %s answers the probe: its window is still 0.", me)
	case a&FastRetransmission != 0:
		return fmt.Sprintf("The %s sends this again at once: duplicate ACKs told it that the segment was missing.", me)
	case a&SpuriousRetransmission != 0:
		return fmt.Sprintf("The %s sends again what the %s has already acknowledged.", me, peer)
	case a&Retransmission != 0 && e.Step == StepSYN:
		return "No answer came: the client sends its SYN again, with the same x."
	case a&Retransmission != 0 && e.Step == StepSYNACK:
		return "The server sends its SYN+ACK again, with the same y."
	case a&Retransmission != 0:
		return fmt.Sprintf("The %s sends this again: its timer ran out before an ACK came.", me)
	case a&OutOfOrder != 0:
		return "This segment comes later than one that was sent after it."
	case a&LostSegment != 0:
		return fmt.Sprintf("Something the %s sent before this is not in the capture.", me)
	case a&AckLostSegment != 0:
		return fmt.Sprintf("This acknowledges something of the %s that is not in the capture.", peer)
	case a&ZeroWindow != 0:
		return fmt.Sprintf("The %s's receive buffer is full: it asks the %s to stop.", me, peer)
	case a&WindowUpdate != 0:
		return fmt.Sprintf("The %s has room for %d bytes now.", me, e.WindowSize)
	case a&KeepAlive != 0:
		return fmt.Sprintf("The %s asks whether the %s is still there.", me, peer)
	case a&KeepAliveAck != 0:
		return fmt.Sprintf("The %s is still there.", me)
	case a&DuplicateAck != 0:
		return fmt.Sprintf("The %s repeats its ACK: number %d of those that repeat frame %d.", me, e.DupAckNum, e.DupAckFrame)
	case a&WindowFull != 0:
		return fmt.Sprintf("With these %d bytes the %s's window is used up.", s.PayloadLen, peer)
	}
	return ""
}

// tellStep explains the part the segment plays.
func tellStep(e *Event) string {
	me, peer := e.who()
	s := e.Segment
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
		if e.Conversation.Handshake.ACK == s.Number {
			return fmt.Sprintf("%s of data; their ACK bit completes the handshake as well.", bytes(s.PayloadLen))
		}
		return fmt.Sprintf("The %s sends %s; the next byte will have the number %s.", me, bytes(s.PayloadLen), following(e))
	case StepFIN:
		return tellFIN(e)
	case StepFINACK:
		return fmt.Sprintf("The %s acknowledges the FIN, which takes one sequence number like the SYN.", me)
	case StepRST:
		return tellRST(e)
	case StepAck:
		if e.AcksFrame != 0 {
			return fmt.Sprintf("The %s has received everything up to frame %d.", me, e.AcksFrame)
		}
		return fmt.Sprintf("The %s tells the %s which byte it expects next.", me, peer)
	}
	return "A segment without ACK in the middle of a connection: it says nothing a receiver may use."
}

func tellSYN(e *Event) string {
	text := "The client asks for a connection and names its first sequence number, the random x."
	switch {
	case e.From == Server:
		text = "This end asks for a connection too: the SYNs cross, a simultaneous open."
	case e.Conversation.Reused:
		text = "A new connection on ports that were in use before, with a new x."
	}
	if e.Segment.PayloadLen > 0 {
		text += " It carries data already (Fast Open)."
	}
	return text
}

func tellFIN(e *Event) string {
	me, peer := e.who()
	if e.Conversation.Flows[peer].FINFrame != 0 {
		return fmt.Sprintf("The %s closes its direction too: nothing more will come from it.", me)
	}
	return fmt.Sprintf("The %s has nothing more to send and closes its direction.", me)
}

func tellRST(e *Event) string {
	me, peer := e.who()
	switch {
	case e.Before[me] == SynSent && e.After[me] == SynSent && me == Client:
		return "The client did not ask for what this answers: it rejects the answer by an RST and waits on."
	case e.Before == e.After && e.After[peer] != Closed:
		return fmt.Sprintf("An RST whose number the %s does not expect: it is ignored.", peer)
	case e.Conversation.Ending == ClosedByRefusal:
		return fmt.Sprintf("Nobody listens on port %d: the connection is refused.", e.Conversation.Ends[Server].Port)
	case e.Segment.Flags.Has(decode.ACK):
		return fmt.Sprintf("The %s aborts: the connection is gone at once, and data on the way is lost.", me)
	}
	return fmt.Sprintf("The %s resets the connection: it knows nothing of it, or wants no more.", me)
}

// following is the arithmetic of the number after the segment.
func following(e *Event) string {
	r := e.SeqRule
	if r.Base == NoBase || r.Base == Zero {
		return fmt.Sprint(e.Segment.Seq + uint32(e.Segment.PayloadLen))
	}
	r.Bytes += uint64(e.Segment.PayloadLen)
	return r.String()
}

func bytes(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}
